// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Values of places: what the map says of them, and how they get there. */
#include <stdio.h>
#include "place.h"

/* All bits of a place, as its values have them. */
static uint64_t all_bits(const struct bario_place *place)
{
	uint64_t all = width_bits(place->width);

	if (place->field)
		bario_regmap_decode(place->field, UINT64_MAX, &all);
	return all;
}

BARIO_API int bario_place_allows(const struct bario_place *place,
				 uint32_t rights)
{
	const struct bario_reg *reg = place->reg;
	char name[BARIO_PLACE_TEXT];

	error_at_nothing();
	if (!reg)
		return 0;
	if (rights & BARIO_REG_WRITE & ~reg->flags)
		return fail(EINVAL, BARIO_CAUSE_OPERATION,
			    "the map says that %s can't be written", reg->name);
	if (!(rights & BARIO_REG_READ & ~reg->flags))
		return 0;
	if (!(rights & BARIO_REG_WRITE))
		return fail(EINVAL, BARIO_CAUSE_OPERATION,
			    "the map says that %s can't be read", reg->name);
	bario_place_text(place, BARIO_PLACE_NAME, name);
	return fail(EINVAL, BARIO_CAUSE_OPERATION,
		    "%s: the map says that %s can't be read, so it can only be written as a whole",
		    name, reg->name);
}

static int check_write(const struct bario_place *place, uint64_t *mask)
{
	const uint64_t all = width_bits(place->width);

	/* As part of the mask they are written, with 0. */
	if (*mask != all)
		*mask |= place->w1c;
	return bario_place_allows(place, *mask == all ? BARIO_REG_WRITE :
				  BARIO_REG_READ | BARIO_REG_WRITE);
}

static int encode_bits(const struct bario_place *place, uint64_t number,
		       uint64_t bits, uint32_t flags, uint64_t *value,
		       uint64_t *mask)
{
	const unsigned int low = place->field ? place->field->low : 0;
	const uint64_t all = all_bits(place);
	uint64_t moved;
	int error = 0;

	if (number & ~all || bits & ~all)
		return fail(EINVAL, BARIO_CAUSE_VALUE,
			    "%#llx does not fit: the largest value is %#llx",
			    (unsigned long long)(number & ~all ? number : bits),
			    (unsigned long long)all);
	if (number & ~bits)
		return fail(EINVAL, BARIO_CAUSE_VALUE,
			    "the value %#llx has bits outside the mask %#llx",
			    (unsigned long long)number,
			    (unsigned long long)bits);
	moved = bits << low;
	if (flags & BARIO_PLACE_WRITE)
		error = check_write(place, &moved);
	if (error)
		return error;
	*value = number << low;
	*mask = moved;
	return 0;
}

BARIO_API int bario_place_encode(const struct bario_place *place,
				 uint64_t number, uint64_t bits, uint32_t flags,
				 uint64_t *value, uint64_t *mask)
{
	int error;

	error_at_nothing();
	error = check_flags(flags, BARIO_PLACE_WRITE, "encode");
	if (error)
		return error;
	return encode_bits(place, number,
			   bits == BARIO_TO_END ? all_bits(place) : bits, flags,
			   value, mask);
}

BARIO_API int bario_place_parse_value(const struct bario_place *place,
				      const char *text, uint32_t flags,
				      uint64_t *value, uint64_t *mask)
{
	const char *colon = strchr(text, ':');
	const size_t len = colon ? (size_t)(colon - text) : strlen(text);
	uint64_t number, bits = all_bits(place);
	char word[40];
	int error;

	error_at_nothing();
	error = check_flags(flags, BARIO_PLACE_WRITE, "encode");
	if (error)
		return error;
	if (len >= sizeof(word))
		return place_fail("'%.100s' is not a value", text);
	snprintf(word, sizeof(word), "%.*s", (int)len, text);
	error = place_number(word, "the value", &number);
	if (!error && colon)
		error = place_number(colon + 1, "the mask", &bits);
	return error ? error : encode_bits(place, number, bits, flags, value,
					   mask);
}

/* ---- accesses ---- */

/* Offsets of configuration space have 32 bits, and are not cut off. */
static int check_config(struct bario *dev, const struct bario_place *place)
{
	const struct access access = {
		.space = place->space, .width = place->width,
		.offset = place->offset,
	};

	if (place->offset <= UINT32_MAX)
		return 0;
	error_at_access(dev, &access);
	return fail(EINVAL, BARIO_CAUSE_RANGE,
		    "configuration space has %u bytes at most", CONFIG_MAX);
}

BARIO_API int bario_place_read(struct bario *dev,
			       const struct bario_place *place, uint64_t *value)
{
	uint32_t config;
	int error;

	if (place->space != BARIO_SPACE_CONFIG)
		return bario_read(dev, place->space, place->offset, place->width,
				  value);
	error = check_config(dev, place);
	if (!error)
		error = bario_config_read(dev, place->offset, place->width,
					  &config);
	if (!error)
		*value = config;
	return error;
}

static int write_whole(struct bario *dev, const struct bario_place *place,
		       uint64_t value)
{
	const struct access access = {
		.write = true, .space = place->space, .width = place->width,
		.offset = place->offset,
	};
	int error;

	if (place->space != BARIO_SPACE_CONFIG)
		return bario_write(dev, place->space, place->offset,
				   place->width, value);
	error = check_config(dev, place);
	if (error)
		return error;
	error_at_access(dev, &access);
	error = check_numbers(&access, value);
	return error ? error : bario_config_write(dev, place->offset,
						  place->width, value);
}

BARIO_API int bario_place_write(struct bario *dev,
				const struct bario_place *place, uint64_t value,
				uint64_t mask)
{
	uint64_t old;
	int error;

	if (mask == width_bits(place->width))
		return write_whole(dev, place, value);
	if (place->space != BARIO_SPACE_CONFIG)
		return bario_update_bits(dev, place->space, place->offset,
					 place->width, mask, value, NULL);
	error = bario_place_read(dev, place, &old);
	return error ? error : write_whole(dev, place,
					   (old & ~mask) | (value & mask));
}
