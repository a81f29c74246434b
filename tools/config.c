// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* bario config: configuration space, as a whole or by registers. */
#include <stdlib.h>
#include <string.h>
#include "tool.h"

/* One argument: OFFSET.WIDTH[=VALUE[:MASK]]; it is cut at the "=". */
struct one {
	struct place	place;
	bool		write;
	struct wanted	wanted;
};

static struct one need_one(char *text)
{
	char full[80], *equals = strchr(text, '=');
	struct one one = { 0 };
	const char *why;

	if (equals)
		*equals = '\0';
	if (snprintf(full, sizeof(full), "config+%s", text) >= (int)sizeof(full))
		usage("'%s' is no OFFSET.WIDTH, as 0x4.2", text);
	one.place = need_place(full, true, NULL);
	if (equals) {
		one.write = true;
		if (!parse_wanted(equals + 1, &one.place, &one.wanted, &why))
			usage("%s", why);
	}
	return one;
}

static int do_one(struct bario *dev, const struct one *one,
		  struct json_object *all)
{
	struct json_object *object;
	char where[PLACE_TEXT];
	uint64_t value;

	if (one->write)
		return write_wanted(dev, &one->place, &one->wanted) ?
			failed() : 0;
	if (read_place(dev, &one->place, &value))
		return failed();
	if (!all) {
		printf("0x%0*llx\n", (int)(2 * one->place.width),
		       (unsigned long long)value);
		return 0;
	}
	place_text(&one->place, where);
	object = json_object_new_object();
	json_object_object_add(object, "device",
			       json_object_new_string(bario_name(dev)));
	json_object_object_add(object, "place", json_object_new_string(where));
	json_object_object_add(object, "value", json_hex(value));
	json_object_array_add(all, object);
	return 0;
}

int run_config(int argc, char **argv)
{
	const struct place whole = { .space = BARIO_CONFIG, .width = 1 };
	struct json_object *all = NULL;
	struct options opt;
	struct one *ones;
	struct bario *dev;
	bool write = false;
	int i, count, status = 0;
	char **args;

	args = options(argc, argv, OPTION_JSON, 1, -1, &opt);
	count = argc - (args - argv) - 1;
	ones = need_memory(count + 1, sizeof(*ones));
	for (i = 0; i < count; i++) {
		ones[i] = need_one(args[1 + i]);
		write |= ones[i].write;
	}
	dev = need_device(args[0], write ? BARIO_OPEN_CONFIG : 0);
	if (!count)
		status = dump_place(dev, NULL, whole, 256, opt.json);
	else if (opt.json)
		all = json_object_new_array();
	for (i = 0; i < count && !status; i++)
		status = do_one(dev, &ones[i], all);
	if (all)
		put_json(all);
	free(ones);
	bario_close(dev);
	return status;
}
