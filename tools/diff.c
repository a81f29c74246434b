// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* bario diff: dumps in JSON, value by value. */
#include <stdlib.h>
#include <string.h>
#include "../lib/text.h"
#include "tool.h"

/* A dump, as "bario dump --json" has made it. */
struct dump {
	struct json_object	*object;
	struct json_object	*values;
	struct bario_place	place;	/* of the first value */
	size_t			count;
};

static void no_dump(const char *path) __attribute__((noreturn));

static void no_dump(const char *path)
{
	usage("%s is not a dump made with bario dump --json", path);
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

static struct dump dump_or_die(struct json_object *object, const char *path)
{
	struct dump dump = { .object = object };
	struct json_object *place;

	if (!json_object_is_type(object, json_type_object))
		no_dump(path);
	place = member_or_die(object, "place", json_type_string, path);
	if (bario_place_parse(NULL, NULL, json_object_get_string(place), 0,
			      &dump.place))
		no_dump(path);
	dump.values = member_or_die(object, "values", json_type_array, path);
	dump.count = json_object_array_length(dump.values);
	return dump;
}

/* The dumps of a file, of which there is one at least. */
struct dumps {
	const char	*path;
	struct dump	*all;
	size_t		count;
};

static struct dumps need_dumps(const char *path)
{
	struct json_tokener *tokener = json_tokener_new();
	struct dumps dumps = { .path = path };
	struct json_object *object;
	char *chars, *at;

	if (text_load(path, &chars))
		exit(failed());
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT |
			       JSON_TOKENER_ALLOW_TRAILING_CHARS);
	at = chars;
	do {
		object = json_tokener_parse_ex(tokener, at, strlen(at));
		if (json_tokener_get_error(tokener) != json_tokener_success)
			no_dump(path);
		at += json_tokener_get_parse_end(tokener);
		at += strspn(at, " \t\r\n");
		dumps.all = realloc(dumps.all, (dumps.count + 1) *
				    sizeof(*dumps.all));
		if (!dumps.all)
			out_of_memory();
		dumps.all[dumps.count++] = dump_or_die(object, path);
	} while (*at);
	json_tokener_free(tokener);
	free(chars);
	return dumps;
}

static void free_dumps(struct dumps *dumps)
{
	size_t i;

	for (i = 0; i < dumps->count; i++)
		json_object_put(dumps->all[i].object);
	free(dumps->all);
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

static void show_change(struct json_object *all, const struct bario_place *place,
			uint64_t old, uint64_t new)
{
	const int digits = 2 * place->width;
	struct json_object *object;
	char where[BARIO_PLACE_TEXT];

	bario_place_text(place, 0, where);
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

/* Before anything is compared. */
static void check_dumps(const struct dumps *old, const struct dumps *new)
{
	const struct dump *a, *b;
	size_t i;

	if (old->count != new->count)
		usage("%s has %zu dump%s, and %s has %zu", old->path,
		      old->count, old->count > 1 ? "s" : "", new->path,
		      new->count);
	for (i = 0; i < old->count; i++) {
		a = &old->all[i];
		b = &new->all[i];
		if (a->place.space != b->place.space ||
		    a->place.offset != b->place.offset ||
		    a->place.width != b->place.width || a->count != b->count)
			usage("%s and %s are not of the same registers, at one width",
			      old->path, new->path);
	}
}

static bool show_differences(const struct dump *old, const char *old_path,
			     const struct dump *new, const char *new_path,
			     struct json_object *all)
{
	bool differs = false;
	struct bario_place place;
	uint64_t was, is;
	size_t i;

	for (i = 0; i < old->count; i++) {
		/* What was not read in one of them can't be compared. */
		if (!get_value(old, i, old_path, &was) ||
		    !get_value(new, i, new_path, &is) || was == is)
			continue;
		place = old->place;
		place.offset += i * place.width;
		show_change(all, &place, was, is);
		differs = true;
	}
	return differs;
}

int run_diff(int argc, char **argv)
{
	struct json_object *all = NULL;
	struct dumps old, new;
	struct options opt;
	int status = 0;
	char **args;
	size_t i;

	args = options(argc, argv, OPTION_JSON, 2, 2, &opt);
	old = need_dumps(args[0]);
	new = need_dumps(args[1]);
	check_dumps(&old, &new);
	if (opt.json)
		all = json_object_new_array();
	for (i = 0; i < old.count; i++)
		if (show_differences(&old.all[i], old.path, &new.all[i],
				     new.path, all))
			status = EXIT_MISMATCH;
	if (all)
		put_json(all);
	free_dumps(&old);
	free_dumps(&new);
	return status;
}
