// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* bario config: configuration space, as a whole or by registers. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "map.h"

/* One argument: REGISTER[=VALUE[:MASK]]; it is cut at the "=". */
struct one {
	const char	*text;
	struct place	place;
	bool		write;
	struct wanted	wanted;
};

/* The offset and width after a capability's name, or from the beginning. */
static struct place need_offset(const char *text, const char *whole)
{
	struct place place = { .space = BARIO_CONFIG };
	const char *why;

	if (!parse_offset(text, whole, &place, &why) ||
	    (!place.width && !no_width(&why, whole, place.offset)))
		usage("%s", why);
	return place;
}

/* OFFSET.WIDTH, CAPABILITY+OFFSET.WIDTH, a name of the map, or what read takes */
static struct place need_register(struct bario *dev, const struct map *map,
				  const char *text)
{
	const size_t len = strcspn(text, "+");
	char capability[80];
	struct place place;

	if (!strncmp(text, "config+", strlen("config+")))
		return need_place(text, true, NULL);
	if (!isalpha((unsigned char)text[0]))
		return need_offset(text, text);
	if (!is_capability(text)) {
		if (!map_find(map, text, &place))
			usage("'%.100s' is no register of configuration space: 0x4.2, COMMAND and CAP_EXP+8.2 are some",
			      text);
		return place;
	}
	if (!text[len] || len >= sizeof(capability))
		usage("'%.100s' has no offset: %.100s+2.2 is the two bytes at 2 of it",
		      text, text);
	place = need_offset(text + len + 1, text);
	memcpy(capability, text, len);
	capability[len] = '\0';
	place.offset += need_capability(dev, capability);
	return place;
}

static struct one need_one(struct bario *dev, const struct map *map, char *text)
{
	char *equals = strchr(text, '=');
	struct one one = { .text = text, .write = equals };
	const char *why;

	if (equals)
		*equals = '\0';
	one.place = need_register(dev, map, text);
	if (!one.write)
		return one;
	if (!parse_wanted(equals + 1, &one.place, &one.wanted, &why))
		usage("%s", why);
	if (one.place.reg && !(one.place.reg->flags & REG_WRITE))
		usage("%s can't be written", text);
	return one;
}

static int do_one(struct bario *dev, const struct one *one,
		  struct json_object *all)
{
	uint64_t value;

	if (one->write)
		return write_wanted(dev, &one->place, &one->wanted) ?
			failed() : 0;
	if (read_place(dev, &one->place, &value))
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
	const struct place whole = { .space = BARIO_CONFIG, .width = 1 };
	struct json_object *all = NULL;
	struct options opt;
	struct one *ones;
	struct bario *dev;
	struct map *map;
	bool write = false;
	int i, count, status = 0;
	char **args;

	args = options(argc, argv, OPTION_JSON, 1, -1, &opt);
	count = argc - (args - argv) - 1;
	for (i = 0; i < count; i++)
		write |= !!strchr(args[1 + i], '=');
	dev = need_device(args[0], write ? BARIO_OPEN_CONFIG : 0);
	map = map_config(dev);
	/* All are looked at before the first is touched. */
	ones = need_memory(count + 1, sizeof(*ones));
	for (i = 0; i < count; i++)
		ones[i] = need_one(dev, map, args[1 + i]);
	if (!count)
		status = dump_place(dev, NULL, whole, 256, opt.json);
	else if (opt.json)
		all = json_object_new_array();
	for (i = 0; i < count && !status; i++)
		status = do_one(dev, &ones[i], all);
	if (all)
		put_json(all);
	free(ones);
	map_free(map);
	bario_close(dev);
	return status;
}
