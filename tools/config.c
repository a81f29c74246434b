// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* bario config: configuration space, as a whole or by registers. */
#include <stdlib.h>
#include <string.h>
#include "tool.h"

/* One argument: REGISTER[=VALUE[:MASK]]; it is cut at the "=". */
struct one {
	const char		*text;
	struct bario_place	place;
	bool			write;
	struct wanted		wanted;
};

static struct one one_or_die(struct bario *dev, const struct bario_regmap *map,
			     char *text)
{
	char *equals = strchr(text, '=');
	struct one one = { .text = text, .write = equals };

	if (equals)
		*equals = '\0';
	one.place = place_or_die(dev, map, text, BARIO_PLACE_CONFIG,
				 one.write ? 0 : BARIO_REG_READ);
	if (one.write)
		one.wanted = wanted_or_die(&one.place, equals + 1,
					   BARIO_PLACE_WRITE);
	return one;
}

static int do_one(struct bario *dev, const struct one *one,
		  struct json_object *all)
{
	uint64_t value;

	if (one->write)
		return bario_place_write(dev, &one->place, one->wanted.value,
					 one->wanted.mask) ? failed() : 0;
	if (bario_place_read(dev, &one->place, &value))
		return failed();
	if (all)
		json_object_array_add(all, json_value(dev, one->text,
						      &one->place, value));
	else
		show_value(one->text, &one->place, value);
	return 0;
}

int run_config(int argc, char **argv)
{
	const struct bario_place whole = { .space = BARIO_SPACE_CONFIG, .width = 1 };
	struct json_object *all = NULL;
	struct options opt;
	struct one *ones;
	struct bario *dev;
	struct bario_regmap *map;
	bool write = false;
	int i, count, status = 0;
	char **args;

	args = options(argc, argv, OPTION_JSON, 1, -1, &opt);
	count = argc - (args - argv) - 1;
	for (i = 0; i < count; i++)
		write |= !!strchr(args[1 + i], '=');
	dev = device_or_die(args[0], write ? BARIO_OPEN_CONFIG : 0);
	map = regmap_or_die(dev, NULL, BARIO_REGMAP_CONFIG);
	/* All are looked at before the first is touched. */
	ones = memory_or_die(count + 1, sizeof(*ones));
	for (i = 0; i < count; i++)
		ones[i] = one_or_die(dev, map, args[1 + i]);
	for (i = 0; i < count && count > 1; i++)
		access_or_die(dev, &ones[i].place,
			      ones[i].write ? &ones[i].wanted : NULL);
	if (!count)
		status = dump_place(dev, NULL, whole, 256, opt.json);
	else if (opt.json)
		all = json_object_new_array();
	for (i = 0; i < count && !status; i++)
		status = do_one(dev, &ones[i], all);
	if (all)
		put_json(all);
	free(ones);
	bario_regmap_close(map);
	bario_close(dev);
	return status;
}
