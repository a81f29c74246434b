// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The notation of a register: BAR+OFFSET.WIDTH. */
#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include "../lib/text.h"
#include "map.h"
#include "tool.h"

uint64_t number_or_die(const char *text, const char *what)
{
	char message[TEXT_MESSAGE];
	uint64_t number;

	if (!text_to_number(text, &number)) {
		text_not_number(text, what, message);
		usage("%s", message);
	}
	return number;
}

bool explain(const char **why, const char *format, ...)
{
	static char text[400];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	*why = text;
	return false;
}

static bool no_place(const char **why, const char *text)
{
	return explain(why, "'%.100s' is no place: BAR+OFFSET.WIDTH, as 0+0x40.4, or config+0x4.2",
		     text);
}

/* A name that is none: those that there are, as far as there is room. */
static bool unknown(const char **why, const char *text, const struct map *map)
{
	const struct reg *reg;
	char names[280] = "";
	size_t len = 0;

	for (reg = map->regs; reg; reg = reg->next) {
		if (len + strlen(reg->name) + sizeof(", [0] ...") > sizeof(names)) {
			strcpy(names + len, " ...");
			break;
		}
		len += sprintf(names + len, "%s%s%s", len ? ", " : "", reg->name,
			       reg->count > 1 ? "[0]" : "");
	}
	return explain(why, "'%.60s' is neither a place nor a register of this device's map, which has %s",
		     text, len ? names : "no register");
}

/* A name begins with a letter, and none is "config". */
static bool is_name(const char *text)
{
	const size_t len = strcspn(text, "+.");

	return (isalpha((unsigned char)text[0]) || text[0] == '_') &&
		!(len == strlen("config") && !memcmp(text, "config", len));
}

bool parse_offset(const char *text, const char *whole, struct place *place,
		  const char **why)
{
	char word[64], message[TEXT_MESSAGE], *width;
	uint64_t number;

	if (strlen(text) >= sizeof(word))
		return no_place(why, whole);
	strcpy(word, text);
	width = strchr(word, '.');
	if (width)
		*width++ = '\0';
	if (!text_to_number(word, &place->offset)) {
		if (text_not_number(word, "the offset", message))
			return explain(why, "%s", message);
		return no_place(why, whole);
	}
	if (!width)
		return true;
	if (!text_to_number(width, &number) || number < 1 || number > 8)
		return no_place(why, whole);
	place->width = number;
	return true;
}

/* "0+0x40.4", or "0.4" for a whole space, into its parts. */
static bool split(const char *text, struct place *place, const char **why)
{
	const size_t len = strcspn(text, "+.");
	char rest[80];

	if (len == strlen("config") && !memcmp(text, "config", len))
		place->space = BARIO_SPACE_CONFIG;
	else if (len == 1 && isdigit((unsigned char)text[0]))
		place->space = text[0] - '0';
	else
		return no_place(why, text);
	if (place->space >= BARIO_BARS_MAX && isdigit((unsigned char)text[0]))
		return explain(why, "'%s': a BAR is 0 to 5", text);
	snprintf(rest, sizeof(rest), "%s%s", text[len] == '+' ? "" : "0",
		 text + len + (text[len] == '+'));
	if (!parse_offset(rest, text, place, why))
		return false;
	if (place->space == BARIO_SPACE_CONFIG && place->offset >= CONFIG_SIZE)
		return explain(why, "'%s': configuration space has %u bytes at most",
			     text, CONFIG_SIZE);
	return true;
}

bool no_width(const char **why, const char *text, uint64_t offset)
{
	const unsigned int width = offset % 2 ? 1 : offset % 4 ? 2 : 4;

	return explain(why, "'%.100s' has no width: %.100s.%u is a %u-byte access there",
		     text, text, width, width);
}

bool parse_place(const char *text, bool width, const struct map *map,
		 struct place *place, const char **why)
{
	*place = (struct place){ 0 };
	if (is_name(text)) {
		if (!map)
			return explain(why, "'%.100s' is no place, and there is no map of this device's registers",
				     text);
		if (map_find(map, text, place, why))
			return true;
		return *why ? false : unknown(why, text, map);
	}
	if (!split(text, place, why))
		return false;
	if (width && !strchr(text, '+'))
		return no_place(why, text);
	if (width && !place->width)
		return no_width(why, text, place->offset);
	return true;
}

struct place place_or_die(const char *text, bool width, const struct map *map)
{
	struct place place;
	const char *why;

	if (!parse_place(text, width, map, &place, &why))
		usage("%s", why);
	return place;
}

uint64_t width_bits(unsigned int width)
{
	return UINT64_MAX >> (64 - 8 * width);
}

/* All bits of a place, as they count there. */
static uint64_t all_bits(const struct place *place)
{
	return place->field ? field_value(place->field, UINT64_MAX) :
		width_bits(place->width);
}

bool place_allows(const struct place *place, const char *name,
		  unsigned int needs, const char **why)
{
	const struct reg *reg = place->reg;

	if (!reg)
		return true;
	if (needs & REG_WRITE & ~reg->flags)
		return explain(why, "the map says that %s can't be written",
			       reg->name);
	if (!(needs & REG_READ & ~reg->flags))
		return true;
	if (needs & REG_WRITE)
		return explain(why, "%.100s: the map says that %s can't be read, so it can only be written as a whole",
			       name, reg->name);
	return explain(why, "the map says that %s can't be read", reg->name);
}

static bool to_number(const char *text, const char *what, uint64_t *number,
		      const char **why)
{
	char message[TEXT_MESSAGE];

	if (text_to_number(text, number))
		return true;
	text_not_number(text, what, message);
	return explain(why, "%s", message);
}

bool parse_wanted(const char *text, const struct place *place,
		  struct wanted *wanted, const char **why)
{
	const uint64_t all = place->width <= 8 && place->width ?
		all_bits(place) : UINT64_MAX;
	char value[40];
	const char *colon = strchr(text, ':');
	const size_t len = colon ? (size_t)(colon - text) : strlen(text);

	*wanted = (struct wanted){ .mask = all };
	if (len >= sizeof(value))
		return explain(why, "'%.100s' is no value", text);
	memcpy(value, text, len);
	value[len] = '\0';
	if (!to_number(value, "the value", &wanted->value, why) ||
	    (colon && !to_number(colon + 1, "the mask", &wanted->mask, why)))
		return false;
	if (wanted->value & ~all || wanted->mask & ~all)
		return explain(why, "'%s' does not fit: the largest value is %#llx",
			     text, (unsigned long long)all);
	if (wanted->value & ~wanted->mask)
		return explain(why, "the value %#llx has bits outside the mask %#llx",
			     (unsigned long long)wanted->value,
			     (unsigned long long)wanted->mask);
	wanted->masked = colon;
	if (place->field) {
		wanted->value <<= place->field->low;
		wanted->mask <<= place->field->low;
		wanted->masked = true;
	}
	return true;
}

bool parse_write(const char *text, const char *name, const struct place *place,
		 uint64_t w1c, struct wanted *wanted, const char **why)
{
	if (!parse_wanted(text, place, wanted, why))
		return false;
	if (place->reg)
		w1c |= place->reg->w1c;
	/* As part of the mask they are written, with 0. */
	if (wanted->masked)
		wanted->mask |= w1c;
	/* Nothing is left that would have to be read. */
	if (wanted->mask == width_bits(place->width))
		wanted->masked = false;
	return place_allows(place, name, wanted->masked ? REG_READ | REG_WRITE :
			    REG_WRITE, why);
}

bool parse_time(const char *text, uint64_t *ns, const char **why)
{
	static const struct {
		const char	*name;
		uint64_t	ns;
	} units[] = {
		{ "ns", 1 }, { "us", 1000 }, { "ms", 1000000 },
		{ "s", 1000000000 },
	};
	const size_t digits = strspn(text, "0123456789");
	uint64_t number;
	char count[16];
	size_t i;

	if (digits && digits < sizeof(count)) {
		memcpy(count, text, digits);
		count[digits] = '\0';
		for (i = 0; i < COUNT(units); i++)
			if (!strcmp(text + digits, units[i].name) &&
			    text_to_number(count, &number) &&
			    number <= BARIO_TIME_MAX / units[i].ns) {
				*ns = number * units[i].ns;
				return true;
			}
	}
	return explain(why, "'%.100s' is no time, as 100us, 5ms or 2s, and 10s at most",
		     text);
}

void place_text(const struct place *place, char text[PLACE_TEXT])
{
	char space[12] = "config";

	if (place->space != BARIO_SPACE_CONFIG)
		snprintf(space, sizeof(space), "%u", place->space);
	snprintf(text, PLACE_TEXT, "%s+%#llx.%u", space,
		 (unsigned long long)place->offset, place->width);
}

void access_or_die(struct bario *dev, const struct place *place,
		   const struct wanted *wanted)
{
	unsigned int rights = wanted ? BARIO_RIGHT_WRITE : BARIO_RIGHT_READ;

	if (wanted && wanted->masked)
		rights |= BARIO_RIGHT_READ;
	if (bario_check(dev, place->space, place->offset, place->width, rights))
		exit(failed());
}

int read_place(struct bario *dev, const struct place *place, uint64_t *value)
{
	uint32_t config;
	int error;

	if (place->space != BARIO_SPACE_CONFIG)
		return bario_read(dev, place->space, place->offset, place->width,
				  value);
	error = bario_config_read(dev, place->offset, place->width, &config);
	if (!error)
		*value = config;
	return error;
}

int write_place(struct bario *dev, const struct place *place, uint64_t value)
{
	if (place->space != BARIO_SPACE_CONFIG)
		return bario_write(dev, place->space, place->offset,
				   place->width, value);
	return bario_config_write(dev, place->offset, place->width, value);
}

int write_wanted(struct bario *dev, const struct place *place,
		 const struct wanted *wanted)
{
	uint64_t old;
	int error;

	if (!wanted->masked)
		return write_place(dev, place, wanted->value);
	if (place->space != BARIO_SPACE_CONFIG)
		return bario_update_bits(dev, place->space, place->offset,
					 place->width, wanted->mask, wanted->value,
					 NULL);
	error = read_place(dev, place, &old);
	return error ? error : write_place(dev, place, (old & ~wanted->mask) |
					   wanted->value);
}
