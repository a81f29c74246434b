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
	uint64_t	w1c;
	bool		write;
	struct wanted	wanted;
};

/* The offset and width after a capability's name, or from the beginning. */
static struct place need_offset(const char *text, const char *whole)
{
	struct place place = { .space = BARIO_SPACE_CONFIG };
	const char *why;

	if (!parse_offset(text, whole, &place, &why) ||
	    (!place.width && !no_width(&why, whole, place.offset)))
		usage("%s", why);
	return place;
}

/* CAPABILITY+OFFSET.WIDTH */
static void need_in_capability(struct bario *dev, const struct map *map,
			       const char *text, struct one *one)
{
	const size_t len = strcspn(text, "+");
	char capability[80];

	if (!text[len] || len >= sizeof(capability))
		usage("'%.100s' has no offset: %.100s+2.2 is the two bytes at 2 of it",
		      text, text);
	one->place = need_offset(text + len + 1, text);
	memcpy(capability, text, len);
	capability[len] = '\0';
	one->w1c = map_w1c(map, &one->place, capability);
	one->place.offset += capability_or_die(dev, capability);
}

/* That, or OFFSET.WIDTH, a name of the map, or what read takes */
static void register_or_die(struct bario *dev, const struct map *map,
			    const char *text, struct one *one)
{
	const char *why;

	if (is_capability(text))
		return need_in_capability(dev, map, text, one);
	if (!strncmp(text, "config+", strlen("config+")))
		one->place = place_or_die(text, true, NULL);
	else if (!isalpha((unsigned char)text[0]))
		one->place = need_offset(text, text);
	else if (!map_find(map, text, &one->place, &why) && why)
		usage("%s", why);
	else if (!one->place.width)
		usage("'%.100s' is no register of configuration space: 0x4.2, COMMAND and CAP_EXP+8.2 are some",
		      text);
	one->w1c = map_w1c(map, &one->place, NULL);
}

static struct one one_or_die(struct bario *dev, const struct map *map, char *text)
{
	char *equals = strchr(text, '=');
	struct one one = { .text = text, .write = equals };
	const char *why;

	if (equals)
		*equals = '\0';
	register_or_die(dev, map, text, &one);
	if (one.write ? !parse_write(equals + 1, text, &one.place, one.w1c,
				     &one.wanted, &why) :
	    !place_allows(&one.place, text, REG_READ, &why))
		usage("%s", why);
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
	const struct place whole = { .space = BARIO_SPACE_CONFIG, .width = 1 };
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
	dev = device_or_die(args[0], write ? BARIO_OPEN_CONFIG : 0);
	map = map_config(dev);
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
	map_free(map);
	bario_close(dev);
	return status;
}
