// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* bario info: what a function is, and what can be done with it. */
#include "tool.h"

static const struct {
	unsigned int	bit;
	const char	*name;
	const char	*yes;
	const char	*no;
} abilities[] = {
	{ BARIO_CAN_WIDE, "wide", "8-byte accesses of 64-bit values",
	  "no 8-byte accesses" },
	{ BARIO_CAN_ATOMIC, "atomic", "read-modify-write is atomic",
	  "others may access between the read and the write" },
	{ BARIO_CAN_CLAIM, "claim", "a driver cannot bind between the check and the access",
	  "a driver may bind between the check and the access" },
	{ BARIO_CAN_WAKE, "wake", "the function is woken up for an access",
	  "a function that is asleep is an error" },
	{ BARIO_CAN_DECODE, "decode", "decoding is turned on for an access",
	  "decoding that is off is an error" },
	{ BARIO_CAN_MAP, "map", "memory BARs can be mapped", "nothing can be mapped" },
	{ BARIO_CAN_DERIVE, "derive", "grants can be derived and handed over",
	  "no grants" },
};

static void show_holder(const struct bario_held *held)
{
	switch (held->by) {
	case BARIO_HELD_NONE:
		puts("held by nobody");
		break;
	case BARIO_HELD_FILES:
		puts("held by files of bario");
		break;
	case BARIO_HELD_DRIVER:
		if (held->name[0])
			printf("held by the driver %s\n", held->name);
		else
			puts("held by a driver that is being bound");
		break;
	case BARIO_HELD_OTHER:
		printf("held by another part of the kernel%s%s\n",
		       held->name[0] ? ": " : "", held->name);
		break;
	default:
		puts("holder unknown");
	}
}

static void show_bar(struct bario *dev, unsigned int index,
		     const struct bario_bar_info *bar)
{
	const struct bario_held held = get_holder(dev, index);
	char size[SIZE_TEXT];

	if (!bar->kind)
		return;
	size_text(bar->size, size);
	printf("BAR %u      %s, %s bytes", index,
	       bar->kind == BARIO_KIND_PORT ? "ports" :
	       bar->wide ? "64-bit memory" : "32-bit memory", size);
	if (bar->prefetch)
		printf(", prefetchable");
	if (bar->assigned)
		printf(", at %#llx", (unsigned long long)bar->address);
	else
		printf(", no address");
	printf(", %s, ", bar->decoded ? "decoded" : "not decoded");
	show_holder(&held);
}

static void show_info(struct bario *dev, const struct bario_info *info)
{
	const char *name = device_name(info), *class;
	char parent[BARIO_ADDRESS_TEXT];
	unsigned int i;

	printf("device     %s\n", bario_name(dev));
	printf("id         %04x:%04x%s%s\n", info->vendor, info->device,
	       name[0] ? "  " : "", name);
	if (info->subvendor)
		printf("subsystem  %04x:%04x\n", info->subvendor,
		       info->subdevice);
	class = class_name(info);
	printf("class      %02x%02x%02x%s%s\n", info->base_class,
	       info->subclass, info->progif, class[0] ? "  " : "", class);
	printf("revision   0x%02x\n", info->revision);
	parent_text(dev, info, parent);
	if (parent[0])
		printf("parent     %s\n", parent);
	printf("driver     %s\n", info->driver[0] ? info->driver : "none");
	for (i = 0; i < BARIO_BARS_MAX; i++)
		show_bar(dev, i, &info->bars[i]);
	printf("back end   %s\n", bario_backend(dev));
	for (i = 0; i < COUNT(abilities); i++)
		printf("  %s\n", bario_can(dev) & abilities[i].bit ?
		       abilities[i].yes : abilities[i].no);
}

static void show_json(struct bario *dev, const struct bario_info *info)
{
	struct json_object *object = json_info(dev, info);
	struct json_object *can = json_object_new_object();
	size_t i;

	for (i = 0; i < COUNT(abilities); i++)
		json_object_object_add(can, abilities[i].name,
			json_object_new_boolean(!!(bario_can(dev) &
						   abilities[i].bit)));
	json_object_object_add(object, "backend",
			       json_object_new_string(bario_backend(dev)));
	json_object_object_add(object, "can", can);
	put_json(object);
}

int run_info(int argc, char **argv)
{
	struct bario_info info;
	struct options opt;
	struct bario *dev;
	int status = 0;

	argv = options(argc, argv, OPTION_JSON, 1, 1, &opt);
	dev = device_or_die(argv[0], BARIO_OPEN_INFO);
	if (bario_get_info(dev, &info, sizeof(info)))
		status = failed();
	else if (opt.json)
		show_json(dev, &info);
	else
		show_info(dev, &info);
	bario_close(dev);
	return status;
}
