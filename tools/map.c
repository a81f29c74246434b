// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Register maps: what they say of a place. */
#include <inttypes.h>
#include <string.h>
#include "../lib/text.h"
#include "map.h"

/* "[12]", up to the ".", as 12. */
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

static bool fits_header(const struct map *map, const struct reg *reg)
{
	return reg->header == ANY_HEADER || reg->header == map->header;
}

bool map_find(const struct map *map, const char *text, struct place *place,
	      const char **why)
{
	const size_t len = strcspn(text, "[.");
	const bool indexed = text[len] == '[';
	const char *rest = text + len;
	const struct field *field = NULL;
	const struct reg *reg;
	bool other = false;
	uint64_t index = 0;

	*why = NULL;
	if (indexed && !take_index(&rest, &index))
		return false;
	for (reg = map->regs; reg; reg = reg->next) {
		if (strlen(reg->name) != len || strncmp(reg->name, text, len))
			continue;
		if (fits_header(map, reg))
			break;
		other = true;
	}
	if (!reg && other)
		return explain(why, "%.100s: a function with header type %d has no such register",
			       text, map->header);
	/* One of several is named by its number, and one of one is not. */
	if (!reg || index >= reg->count || (reg->count > 1) != indexed)
		return false;
	if (*rest == '.') {
		for (field = reg->fields; field; field = field->next)
			if (!strcmp(field->name, rest + 1))
				break;
		if (!field)
			return false;
	} else if (*rest) {
		return false;
	}
	*place = (struct place){
		.space = reg->bar, .width = reg->width, .reg = reg,
		.field = field, .offset = reg->offset + index * reg->stride,
	};
	if (reg->capability[0])
		place->offset += capability_or_die(map->dev, reg->capability);
	return true;
}

/* Is it at an offset that is known without the device, for the device's kind? */
static bool is_placed(const struct map *map, const struct reg *reg)
{
	return fits_header(map, reg) && !reg->capability[0];
}

static bool find_index(const struct reg *reg, uint64_t offset, uint64_t *index)
{
	for (*index = 0; *index < reg->count; (*index)++)
		if (reg->offset + *index * reg->stride == offset)
			return true;
	return false;
}

bool map_name(const struct map *map, const struct place *place, bool write,
	      char text[WHERE_TEXT])
{
	const unsigned int right = write ? REG_WRITE : REG_READ;
	const struct reg *reg;
	bool found = false;
	uint64_t index;

	for (reg = map ? map->regs : NULL; reg; reg = reg->next) {
		if (!is_placed(map, reg) || reg->bar != place->space ||
		    reg->width != place->width ||
		    !find_index(reg, place->offset, &index))
			continue;
		if (found && !(reg->flags & right))
			continue;
		if (reg->count > 1)
			snprintf(text, WHERE_TEXT, "%s[%" PRIu64 "]",
				 reg->name, index);
		else
			snprintf(text, WHERE_TEXT, "%s", reg->name);
		if (reg->flags & right)
			return true;
		found = true;
	}
	return found;
}

/* @bits of a register at @begin, as they are numbered from @offset on. */
static uint64_t move_bits(uint64_t bits, uint64_t begin, uint64_t offset)
{
	if (begin >= offset)
		return begin - offset < 8 ? bits << 8 * (begin - offset) : 0;
	return offset - begin < 8 ? bits >> 8 * (offset - begin) : 0;
}

/* @bits of each of the registers, as they are numbered in a place. */
static uint64_t place_bits(const struct reg *reg, uint64_t bits,
			   const struct place *place)
{
	uint64_t found = 0, i;

	for (i = 0; i < reg->count; i++)
		found |= move_bits(bits, reg->offset + i * reg->stride,
				   place->offset);
	return found & width_bits(place->width);
}

bool map_unsafe(const struct map *map, const struct place *place)
{
	uint64_t readable = 0, unreadable = 0, bits;
	const struct reg *reg;

	for (reg = map->regs; reg; reg = reg->next) {
		if (!is_placed(map, reg) || reg->bar != place->space)
			continue;
		bits = place_bits(reg, width_bits(reg->width), place);
		if (bits && (reg->flags & REG_SIDE))
			return true;
		if (reg->flags & REG_READ)
			readable |= bits;
		else
			unreadable |= bits;
	}
	return unreadable & ~readable;
}

uint64_t map_w1c(const struct map *map, const struct place *place,
		 const char *capability)
{
	const struct reg *reg;
	uint64_t bits = 0;

	for (reg = map ? map->regs : NULL; reg; reg = reg->next)
		if (reg->w1c && reg->bar == place->space &&
		    fits_header(map, reg) &&
		    !strcmp(reg->capability, capability ? capability : ""))
			bits |= place_bits(reg, reg->w1c, place);
	return bits;
}

uint64_t field_value(const struct field *field, uint64_t value)
{
	return (value >> field->low) &
		(UINT64_MAX >> (63 - (field->high - field->low)));
}

const char *field_value_name(const struct field *field, uint64_t value)
{
	const struct map_value *one;

	for (one = field->values; one; one = one->next)
		if (one->number == value)
			return one->name;
	return NULL;
}
