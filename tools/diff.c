// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* bario diff: two dumps in JSON, value by value. */
#include <stdlib.h>
#include <string.h>
#include "../lib/text.h"
#include "map.h"

/* A dump, as "bario dump --json" has made it. */
struct dump {
	struct json_object	*object;
	struct json_object	*values;
	struct place		place;	/* of the first value */
	size_t			count;
};

static void no_dump(const char *path) __attribute__((noreturn));

static void no_dump(const char *path)
{
	usage("%s is no dump that bario dump --json has made", path);
}

static struct json_object *member_or_die(struct json_object *object,
					 const char *name, json_type type,
					 const char *path)
{
	struct json_object *member;

	if (!json_object_object_get_ex(object, name, &member) ||
	    !json_object_is_type(member, type))
		no_dump(path);
	return member;
}

static struct dump dump_or_die(const char *path)
{
	struct dump dump = { 0 };
	struct json_object *place;
	const char *why;
	char *chars;

	if (text_load(path, &chars))
		exit(failed());
	dump.object = json_tokener_parse(chars);
	free(chars);
	if (!json_object_is_type(dump.object, json_type_object))
		no_dump(path);
	place = member_or_die(dump.object, "place", json_type_string, path);
	if (!parse_place(json_object_get_string(place), true, NULL, &dump.place,
			 &why))
		no_dump(path);
	dump.values = member_or_die(dump.object, "values", json_type_array, path);
	dump.count = json_object_array_length(dump.values);
	return dump;
}

/* Returns false for a value that was not read. */
static bool get_value(const struct dump *dump, size_t index, const char *path,
		      uint64_t *value)
{
	struct json_object *one = json_object_array_get_idx(dump->values, index);

	if (!one)
		return false;
	if (!json_object_is_type(one, json_type_string) ||
	    !text_to_number(json_object_get_string(one), value))
		no_dump(path);
	return true;
}

static void show(struct json_object *all, const struct place *place,
		 uint64_t old, uint64_t new)
{
	const int digits = 2 * place->width;
	struct json_object *object;
	char where[PLACE_TEXT];

	place_text(place, where);
	if (!all) {
		printf("%s %s0x%0*llx %s0x%0*llx%s\n", where, colour(RED),
		       digits, (unsigned long long)old, colour(GREEN),
		       digits, (unsigned long long)new, colour(PLAIN));
		return;
	}
	object = json_object_new_object();
	json_object_object_add(object, "place", json_object_new_string(where));
	json_object_object_add(object, "old", json_hex(old));
	json_object_object_add(object, "new", json_hex(new));
	json_object_array_add(all, object);
}

int run_diff(int argc, char **argv)
{
	struct json_object *all = NULL;
	struct dump old, new;
	struct options opt;
	struct place place;
	uint64_t was, is;
	size_t i;
	char **args;
	int status = 0;

	args = options(argc, argv, OPTION_JSON, 2, 2, &opt);
	old = dump_or_die(args[0]);
	new = dump_or_die(args[1]);
	if (old.place.space != new.place.space ||
	    old.place.offset != new.place.offset ||
	    old.place.width != new.place.width || old.count != new.count)
		usage("%s and %s are not of the same registers, at one width",
		      args[0], args[1]);
	if (opt.json)
		all = json_object_new_array();
	for (i = 0; i < old.count; i++) {
		/* What was not read in one of them can't be compared. */
		if (!get_value(&old, i, args[0], &was) ||
		    !get_value(&new, i, args[1], &is) || was == is)
			continue;
		place = old.place;
		place.offset += i * place.width;
		show(all, &place, was, is);
		status = EXIT_MISMATCH;
	}
	if (all)
		put_json(all);
	json_object_put(old.object);
	json_object_put(new.object);
	return status;
}
