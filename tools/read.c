// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* bario read: one access for each register that was named. */
#include <stdlib.h>
#include "tool.h"

/* "MODE 0x1 fast": a field of a register with this value */
static void show_field(const char *text, const struct bario_field *field,
		       uint64_t value)
{
	uint64_t number;
	const char *name = bario_regmap_decode(field, value, &number);

	printf("%s 0x%llx%s%s\n", text, (unsigned long long)number,
	       name ? " " : "", name ? name : "");
}

/* The value, and for a register with a name what its fields are. */
void show_value(const char *text, const struct bario_place *place,
		uint64_t value)
{
	const struct bario_field *field = NULL;

	if (place->field) {
		show_field(text, place->field, value);
		return;
	}
	if (place->reg)
		printf("%s ", text);
	printf("0x%0*llx\n", (int)(2 * place->width),
	       (unsigned long long)value);
	while (place->reg &&
	       (field = bario_regmap_next_field(place->reg, field))) {
		fputs("  ", stdout);
		show_field(field->name, field, value);
	}
}

/* Of one field, where that was named, or of all. */
static struct json_object *json_fields(const struct bario_place *place,
				       uint64_t value)
{
	struct json_object *all = json_object_new_array(), *one;
	const struct bario_field *field = NULL;
	const char *name;
	uint64_t number;

	while ((field = bario_regmap_next_field(place->reg, field))) {
		if (place->field && field != place->field)
			continue;
		name = bario_regmap_decode(field, value, &number);
		one = json_object_new_object();
		json_object_object_add(one, "name",
				       json_object_new_string(field->name));
		json_object_object_add(one, "value", json_hex(number));
		json_object_object_add(one, "meaning", name ?
				       json_object_new_string(name) : NULL);
		json_object_array_add(all, one);
	}
	return all;
}

struct json_object *json_value(struct bario *dev, const char *text,
			       const struct bario_place *place, uint64_t value)
{
	struct json_object *object = json_object_new_object();
	char where[BARIO_PLACE_TEXT];

	bario_place_text(place, 0, where);
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
	struct bario_place *places;
	struct options opt;
	struct bario *dev;
	struct bario_regmap *map;
	uint64_t value;
	int i, count, status = 0;
	char **args;

	args = options(argc, argv, OPTION_JSON | OPTION_MAP, 2, -1, &opt);
	count = argc - (args - argv) - 1;
	dev = device_or_die(args[0], 0);
	map = regmap_or_die(dev, opt.map, 0);
	/* All are looked at before the first is read. */
	places = memory_or_die(count, sizeof(*places));
	for (i = 0; i < count; i++)
		places[i] = place_or_die(dev, map, args[1 + i], 0,
					 BARIO_REG_READ);
	/* The access itself tells of one alone, and is in the kernel's record. */
	for (i = 0; i < count && count > 1; i++)
		access_or_die(dev, &places[i], NULL);
	all = json_object_new_array();
	for (i = 0; i < count && !status; i++) {
		if (bario_place_read(dev, &places[i], &value))
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
	bario_regmap_close(map);
	bario_close(dev);
	return status;
}
