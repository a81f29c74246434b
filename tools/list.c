// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* bario list: the functions of this machine. */
#include <string.h>
#include "tool.h"

/* "0:mem/1M 2:port/32" */
static void bars_text(const struct bario_info *info, char *text, size_t room)
{
	char size[SIZE_TEXT];
	unsigned int i;
	size_t len;

	text[0] = '\0';
	for (i = 0; i < BARIO_BARS_MAX; i++) {
		const struct bario_bar_info *bar = &info->bars[i];

		if (!bar->kind)
			continue;
		len = strlen(text);
		size_text(bar->size, size);
		snprintf(text + len, room - len, "%s%u:%s/%s", len ? " " : "", i,
			 bar->kind == BARIO_KIND_PORT ? "port" : "mem",
			 bar->assigned ? size : "none");
	}
	if (!text[0])
		strcpy(text, "-");
}

static int show(const struct bario_info *info, void *arg)
{
	char address[BARIO_ADDRESS_TEXT], bars[128];
	const char *name = device_name(info);

	(void)arg;
	if (!name[0])
		name = class_name(info);
	bario_address_text(&info->address, address);
	bars_text(info, bars, sizeof(bars));
	printf("%-12s  %04x:%04x  %-14s  %-*s%s%s\n", address, info->vendor,
	       info->device, info->driver[0] ? info->driver : "-",
	       name[0] ? 24 : 0, bars, name[0] ? "  " : "", name);
	return 0;
}

static int collect(const struct bario_info *info, void *arg)
{
	json_object_array_add(arg, json_info(info));
	return 0;
}

int run_list(int argc, char **argv)
{
	struct json_object *all;
	struct options opt;

	options(argc, argv, OPTION_JSON, 0, 0, &opt);
	if (opt.json) {
		all = json_object_new_array();
		if (bario_list(NULL, collect, all)) {
			json_object_put(all);
			return failed();
		}
		put_json(all);
		return 0;
	}
	printf("%-12s  %-9s  %-14s  %-24s  %s\n", "DEVICE", "ID", "DRIVER",
	       "BARS", "NAME");
	return bario_list(NULL, show, NULL) ? failed() : 0;
}
