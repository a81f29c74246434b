// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Register maps: the one for a device, and what is in it. */
#include <stdlib.h>
#include "regmap.h"

#define CONFIG_NAME	"config.map"	/* of those that the library has */

/* A map with no register. */
static struct bario_regmap *new_map(const struct bario_info *info,
				    const char *name)
{
	struct bario_regmap *map = calloc(1, sizeof(*map));

	if (!map)
		return NULL;
	map->header = info->header;
	map->name = strdup(name);
	if (!map->name) {
		free(map);
		return NULL;
	}
	return map;
}

static void free_field(struct regmap_field *field)
{
	struct regmap_value *value;

	while ((value = field->values)) {
		field->values = value->next;
		free(value);
	}
	free(field);
}

static void free_register(struct regmap_reg *reg)
{
	struct regmap_field *field;

	while ((field = reg->fields)) {
		reg->fields = field->next;
		free_field(field);
	}
	free(reg);
}

BARIO_API void bario_regmap_close(struct bario_regmap *map)
{
	struct regmap_reg *reg;

	if (!map)
		return;
	while ((reg = map->regs)) {
		map->regs = reg->next;
		free_register(reg);
	}
	bario_regmap_close(map->config);
	free(map->name);
	free(map);
}

/* The map of a text, whether it is for this device or not. */
static int read_text(const char *chars, const char *name,
		     const struct bario_info *info, struct regmap_match *match,
		     struct bario_regmap **out)
{
	struct bario_regmap *map = new_map(info, name);
	int error;

	if (!map)
		return fail_memory();
	error = regmap_parse(map, chars, name, info, match);
	if (error)
		bario_regmap_close(map);
	else
		*out = map;
	return error;
}

/* The same, of a map that must be for this device. */
static int read_own_text(struct bario *dev, const char *chars, const char *name,
			 const struct bario_info *info,
			 struct bario_regmap **out)
{
	struct regmap_match match;
	struct bario_regmap *map;
	int error = read_text(chars, name, info, &match, &map);

	if (error)
		return error;
	if (match.chosen && !match.fits) {
		bario_regmap_close(map);
		error_at_nothing();
		error = fail(EINVAL, BARIO_CAUSE_TEXT,
			     "%s: the map is for other devices, and %s is %04x:%04x of class %02x%02x%02x",
			     name, dev->name, info->vendor, info->device,
			     info->base_class, info->subclass, info->progif);
		return error_hint(error, "its device and class lines say which; a map without any is for all devices");
	}
	*out = map;
	return 0;
}

static int read_file(struct bario *dev, const char *path,
		     const struct bario_info *info, struct bario_regmap **out)
{
	char *chars;
	int error = text_load(path, &chars);

	if (error)
		return error;
	error = read_own_text(dev, chars, path, info, out);
	free(chars);
	return error;
}

/* Of those that the library has, the one for this device; or the empty map. */
static int search_builtin(const struct bario_info *info,
			  struct bario_regmap **out)
{
	struct regmap_match match;
	int error;
	size_t i;

	for (i = 0; i < regmap_text_count; i++) {
		error = read_text(regmap_texts[i].chars, regmap_texts[i].name,
				  info, &match, out);
		if (error || match.fits)
			return error;
		bario_regmap_close(*out);
	}
	*out = new_map(info, "");
	return *out ? 0 : fail_memory();
}

static int read_config(const struct bario_info *info, struct bario_regmap **out)
{
	struct regmap_match match;
	size_t i = 0;

	while (strcmp(regmap_texts[i].name, CONFIG_NAME))
		i++;
	return read_text(regmap_texts[i].chars, CONFIG_NAME, info, &match, out);
}

/* Other maps know the bits of configuration space that are cleared by writing 1. */
static int add_config(const struct bario_info *info, struct bario_regmap *map,
		      struct bario_regmap **out)
{
	const int error = read_config(info, &map->config);

	if (error)
		bario_regmap_close(map);
	else
		*out = map;
	return error;
}

BARIO_API int bario_regmap_open(struct bario *dev, const char *path,
				uint32_t flags, struct bario_regmap **out)
{
	struct bario_regmap *map;
	struct bario_info info;
	int error;

	*out = NULL;
	error_at_function(dev);
	error = check_flags(flags, path ? 0 : BARIO_REGMAP_CONFIG, "open a map");
	if (!error)
		error = dev->backend->info(dev, &info);
	if (error)
		return error;
	if (flags)
		return read_config(&info, out);
	error = path ? read_file(dev, path, &info, &map) :
		search_builtin(&info, &map);
	return error ? error : add_config(&info, map, out);
}

BARIO_API int bario_regmap_open_text(struct bario *dev, const char *text,
				     const char *name, uint32_t flags,
				     struct bario_regmap **out)
{
	struct bario_regmap *map;
	struct bario_info info;
	int error;

	*out = NULL;
	error_at_function(dev);
	error = check_flags(flags, 0, "open a map");
	if (!error)
		error = dev->backend->info(dev, &info);
	if (!error)
		error = read_own_text(dev, text, name, &info, &map);
	return error ? error : add_config(&info, map, out);
}

/* ---- what is in it ---- */

BARIO_API const char *bario_regmap_name(const struct bario_regmap *map)
{
	return map->name;
}

BARIO_API const struct bario_reg *
bario_regmap_next(const struct bario_regmap *map, const struct bario_reg *reg)
{
	const struct regmap_reg *next = reg ?
		((const struct regmap_reg *)reg)->next : map->regs;

	return next ? &next->reg : NULL;
}

BARIO_API const struct bario_field *
bario_regmap_next_field(const struct bario_reg *reg,
			const struct bario_field *field)
{
	const struct regmap_field *next = field ?
		((const struct regmap_field *)field)->next :
		((const struct regmap_reg *)reg)->fields;

	return next ? &next->field : NULL;
}

BARIO_API const struct bario_field_value *
bario_regmap_next_value(const struct bario_field *field,
			const struct bario_field_value *value)
{
	const struct regmap_value *next = value ?
		((const struct regmap_value *)value)->next :
		((const struct regmap_field *)field)->values;

	return next ? &next->value : NULL;
}

BARIO_API const char *bario_regmap_decode(const struct bario_field *field,
					  uint64_t value, uint64_t *number)
{
	const uint64_t part = value >> field->low &
		UINT64_MAX >> (63 - (field->high - field->low));
	const struct bario_field_value *one = NULL;

	if (number)
		*number = part;
	while ((one = bario_regmap_next_value(field, one)))
		if (one->number == part)
			return one->name;
	return NULL;
}
