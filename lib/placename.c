// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Places by the names of a map, and names of places. */
#include <stdio.h>
#include "place.h"

/* ---- from a name to a place ---- */

int place_capability(struct bario *dev, const char *text, size_t len,
		     uint32_t *offset)
{
	char name[64], *at;
	uint64_t index = 0;
	uint32_t id;
	int error;

	snprintf(name, sizeof(name), "%.*s", (int)len, text);
	at = strchr(name, '@');
	if (at)
		*at++ = '\0';
	error = bario_capability_id(name, &id);
	if (!error && at)
		error = place_number(at, "the capability", &index);
	if (error)
		return error;
	if (!dev) {
		error_at_nothing();
		return fail(EINVAL, BARIO_CAUSE_OPERATION,
			    "where %s begins is not known without a device",
			    name);
	}
	if (index > UINT32_MAX)
		index = UINT32_MAX;
	error = bario_capability(dev, id, index, offset);
	if (!error || bario_last_error()->cause != BARIO_CAUSE_CAPABILITY)
		return error;
	error_at_nothing();
	return fail(ENOENT, BARIO_CAUSE_CAPABILITY, "%s has no capability %.*s",
		    dev->name, (int)(len < 64 ? len : 64), text);
}

/* Names with commas between, as many as fit. */
struct names {
	char	text[280];
	size_t	len;
	bool	full;
};

static void add_name(struct names *names, const char *name, const char *index)
{
	const size_t need = strlen(name) + strlen(index) + strlen(",  ...") + 1;

	if (names->full)
		return;
	names->full = names->len + need > sizeof(names->text);
	names->len += sprintf(names->text + names->len, "%s%s%s",
			      names->len ? names->full ? " " : ", " : "",
			      names->full ? "..." : name,
			      names->full ? "" : index);
}

static bool fits_header(const struct bario_regmap *map,
			const struct bario_reg *reg)
{
	return reg->header == BARIO_HEADER_ANY || reg->header == map->header;
}

static int fail_register(const struct bario_regmap *map, const char *text,
			 uint32_t flags)
{
	const struct bario_reg *reg = NULL;
	struct names names = { .len = 0 };
	int error;

	if (flags & BARIO_PLACE_CONFIG)
		return place_fail("'%.100s' is not a register of configuration space: 0x4.2, COMMAND and CAP_EXP+8.2 are some",
				  text);
	if (!map || (!map->regs && !map->name[0]))
		return place_fail("'%.100s' is not a place, and there is no map of this device's registers",
				  text);
	error = place_fail("'%.100s' is neither a place nor a register of the map %.100s",
			   text, map->name);
	while ((reg = bario_regmap_next(map, reg)))
		if (fits_header(map, reg))
			add_name(&names, reg->name, reg->count > 1 ? "[0]" : "");
	return error_hint(error, "it has %s",
			  names.len ? names.text : "no registers");
}

static int fail_field(const struct bario_reg *reg, const char *text)
{
	const struct bario_field *field = NULL;
	struct names names = { .len = 0 };
	const int error = place_fail("%s has no field '%.100s'", reg->name,
				     text);

	while ((field = bario_regmap_next_field(reg, field)))
		add_name(&names, field->name, "");
	if (!names.len)
		return error_hint(error, "it has no fields");
	return error_hint(error, "its fields are %s", names.text);
}

/* A register of which there are several has an index, and another one has none. */
static int fail_index(const struct bario_reg *reg)
{
	if (reg->count == 1)
		return place_fail("there is one register %s, which has no index",
				  reg->name);
	return place_fail("there are several registers %s: %s[0] to %s[%llu]",
			  reg->name, reg->name, reg->name,
			  (unsigned long long)reg->count - 1);
}

/* "[12]" */
static bool take_index(const char **text, uint64_t *index)
{
	const char *end = strchr(*text, ']');
	const size_t len = end ? (size_t)(end - *text) : 0;
	char number[24];

	/* The bracket before it, and a digit. */
	if (len < 2 || len >= sizeof(number))
		return false;
	memcpy(number, *text + 1, len - 1);
	number[len - 1] = '\0';
	*text = end + 1;
	return text_to_number(number, index);
}

/* The register whose name is the first @len characters. */
static int find_register(const struct bario_regmap *map, const char *text,
			 size_t len, uint32_t flags, const struct bario_reg **out)
{
	const struct bario_reg *reg = NULL;
	bool other = false;

	while (map && (reg = bario_regmap_next(map, reg))) {
		if (strlen(reg->name) != len || strncmp(reg->name, text, len))
			continue;
		if (fits_header(map, reg)) {
			*out = reg;
			return 0;
		}
		other = true;
	}
	if (other)
		return place_fail("%.100s: a function with header type %d has no such register",
				  text, map->header);
	return fail_register(map, text, flags);
}

/* ".NAME", or the end */
static int find_field(const struct bario_reg *reg, const char *text,
		      const struct bario_field **out)
{
	const struct bario_field *field = NULL;

	*out = NULL;
	if (!*text)
		return 0;
	while ((field = bario_regmap_next_field(reg, field)))
		if (!strcmp(field->name, text + 1)) {
			*out = field;
			return 0;
		}
	return fail_field(reg, text + 1);
}

int place_by_name(struct bario *dev, const struct bario_regmap *map,
		  const char *text, uint32_t flags, struct bario_place *place)
{
	const size_t len = strcspn(text, "[.");
	const bool indexed = text[len] == '[';
	const char *rest = text + len;
	const struct bario_reg *reg = NULL;
	uint32_t begin = 0;
	uint64_t index = 0;
	int error;

	error = find_register(map, text, len, flags, &reg);
	if (error)
		return error;
	if ((indexed && !take_index(&rest, &index)) ||
	    index >= reg->count || (reg->count > 1) != indexed)
		return fail_index(reg);
	if (*rest && *rest != '.')
		return fail_register(map, text, flags);
	error = find_field(reg, rest, &place->field);
	if (error)
		return error;
	place->space = reg->space;
	place->width = reg->width;
	place->reg = reg;
	place->index = index;
	place->offset = reg->offset + index * reg->stride;
	place->w1c = reg->w1c | place_w1c(map, place, reg->capability);
	if (reg->capability)
		error = place_capability(dev, reg->capability,
					 strlen(reg->capability), &begin);
	place->offset += begin;
	return error;
}

/* ---- from a place to names ---- */

/* Is it at an offset that is known without the device, for the device's kind? */
static bool is_placed(const struct bario_regmap *map, const struct bario_reg *reg)
{
	return fits_header(map, reg) && !reg->capability;
}

static bool find_index(const struct bario_reg *reg, uint64_t offset,
		       uint64_t *index)
{
	for (*index = 0; *index < reg->count; (*index)++)
		if (reg->offset + *index * reg->stride == offset)
			return true;
	return false;
}

BARIO_API bool bario_place_find(const struct bario_regmap *map, uint32_t rights,
				struct bario_place *place)
{
	const struct bario_reg *reg = NULL;
	bool fits = false;
	uint64_t index;

	place->reg = NULL;
	place->field = NULL;
	while (map && !fits && (reg = bario_regmap_next(map, reg))) {
		if (!is_placed(map, reg) || reg->space != place->space ||
		    reg->width != place->width ||
		    !find_index(reg, place->offset, &index))
			continue;
		fits = (reg->flags & rights) == rights;
		if (place->reg && !fits)
			continue;
		place->reg = reg;
		place->index = index;
	}
	return place->reg;
}

/* @bits of a register at @begin, as they are numbered from @offset on. */
static uint64_t move_bits(uint64_t bits, uint64_t begin, uint64_t offset)
{
	if (begin >= offset)
		return begin - offset < 8 ? bits << 8 * (begin - offset) : 0;
	return offset - begin < 8 ? bits >> 8 * (offset - begin) : 0;
}

/* @bits of each of the registers, as they are numbered in a place. */
static uint64_t place_bits(const struct bario_reg *reg, uint64_t bits,
			   const struct bario_place *place)
{
	uint64_t found = 0, i;

	for (i = 0; i < reg->count; i++)
		found |= move_bits(bits, reg->offset + i * reg->stride,
				   place->offset);
	return found & width_bits(place->width);
}

BARIO_API bool bario_place_safe(const struct bario_regmap *map,
				const struct bario_place *place)
{
	uint64_t readable = 0, unreadable = 0, bits;
	const struct bario_reg *reg = NULL;

	while (map && (reg = bario_regmap_next(map, reg))) {
		if (!is_placed(map, reg) || reg->space != place->space)
			continue;
		bits = place_bits(reg, width_bits(reg->width), place);
		if (bits && (reg->flags & BARIO_REG_SIDE_EFFECT))
			return false;
		if (reg->flags & BARIO_REG_READ)
			readable |= bits;
		else
			unreadable |= bits;
	}
	return !(unreadable & ~readable);
}

uint64_t place_w1c(const struct bario_regmap *map,
		   const struct bario_place *place, const char *capability)
{
	const char *const from = capability ? capability : "";
	const struct bario_reg *reg = NULL;
	uint64_t bits = 0;

	if (!map)
		return 0;
	while ((reg = bario_regmap_next(map, reg)))
		if (reg->w1c && reg->space == place->space &&
		    fits_header(map, reg) &&
		    !strcmp(reg->capability ? reg->capability : "", from))
			bits |= place_bits(reg, reg->w1c, place);
	return bits | place_w1c(map->config, place, capability);
}
