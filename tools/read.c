// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* bario read: one access for each register that was named. */
#include <stdlib.h>
#include "map.h"

/* The value, and for a register with a name what its fields are. */
void show_value(const char *text, const struct place *place, uint64_t value)
{
	const struct field *field;
	const char *name;
	uint64_t part;

	if (!place->reg) {
		printf("0x%0*llx\n", (int)(2 * place->width),
		       (unsigned long long)value);
		return;
	}
	if (place->field) {
		part = field_value(place->field, value);
		name = field_value_name(place->field, part);
		printf("%s 0x%llx%s%s\n", text, (unsigned long long)part,
		       name ? " " : "", name ? name : "");
		return;
	}
	printf("%s 0x%0*llx\n", text, (int)(2 * place->width),
	       (unsigned long long)value);
	for (field = place->reg->fields; field; field = field->next) {
		part = field_value(field, value);
		name = field_value_name(field, part);
		printf("  %s 0x%llx%s%s\n", field->name, (unsigned long long)part,
		       name ? " " : "", name ? name : "");
	}
}

/* Of one field, where that was named, or of all. */
static struct json_object *json_fields(const struct place *place, uint64_t value)
{
	struct json_object *all = json_object_new_array(), *one;
	const struct field *field;
	const char *name;
	uint64_t part;

	for (field = place->reg->fields; field; field = field->next) {
		if (place->field && field != place->field)
			continue;
		part = field_value(field, value);
		name = field_value_name(field, part);
		one = json_object_new_object();
		json_object_object_add(one, "name",
				       json_object_new_string(field->name));
		json_object_object_add(one, "value", json_hex(part));
		json_object_object_add(one, "meaning", name ?
				       json_object_new_string(name) : NULL);
		json_object_array_add(all, one);
	}
	return all;
}

struct json_object *json_value(struct bario *dev, const char *text,
			       const struct place *place, uint64_t value)
{
	struct json_object *object = json_object_new_object();
	char where[PLACE_TEXT];

	place_text(place, where);
	json_object_object_add(object, "device",
			       json_object_new_string(bario_name(dev)));
	json_object_object_add(object, "place", json_object_new_string(where));
	json_object_object_add(object, "value", json_hex(value));
	if (place->reg) {
		json_object_object_add(object, "register",
				       json_object_new_string(text));
		json_object_object_add(object, "fields",
				       json_fields(place, value));
	}
	return object;
}

int run_read(int argc, char **argv)
{
	struct json_object *all;
	struct place *places;
	struct options opt;
	struct bario *dev;
	struct map *map;
	const char *why;
	uint64_t value;
	int i, count, status = 0;
	char **args;

	args = options(argc, argv, OPTION_JSON | OPTION_MAP, 2, -1, &opt);
	count = argc - (args - argv) - 1;
	dev = device_or_die(args[0], 0);
	map = map_for(dev, opt.map);
	/* All are looked at before the first is read. */
	places = memory_or_die(count, sizeof(*places));
	for (i = 0; i < count; i++) {
		places[i] = place_or_die(args[1 + i], true, map);
		if (!place_allows(&places[i], args[1 + i], REG_READ, &why))
			usage("%s", why);
	}
	/* The access itself tells of one alone, and is in the kernel's record. */
	for (i = 0; i < count && count > 1; i++)
		access_or_die(dev, &places[i], NULL);
	all = json_object_new_array();
	for (i = 0; i < count && !status; i++) {
		if (read_place(dev, &places[i], &value))
			status = failed();
		else if (opt.json)
			json_object_array_add(all, json_value(dev, args[1 + i],
							      &places[i],
							      value));
		else
			show_value(args[1 + i], &places[i], value);
	}
	if (opt.json)
		put_json(all);
	else
		json_object_put(all);
	free(places);
	map_free(map);
	bario_close(dev);
	return status;
}
