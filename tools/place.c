// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The notation of a register: BAR+OFFSET.WIDTH. */
#include <ctype.h>
#include <string.h>
#include "../lib/text.h"
#include "map.h"
#include "tool.h"

#define CONFIG_SIZE	4096u	/* no function has more configuration space */

uint64_t need_number(const char *text, const char *what)
{
	uint64_t number;

	if (!text_to_number(text, &number))
		usage("'%s' is no number for %s, as 0x1f, 31 or 4K is", text, what);
	return number;
}

static void no_place(const char *text) __attribute__((noreturn));

static void no_place(const char *text)
{
	usage("'%s' is no place: BAR+OFFSET.WIDTH, as 0+0x40.4, or config+0x4.2", text);
}

/* "0+0x40.4" into its parts; false if it does not even begin like one. */
static bool split(const char *text, struct place *place)
{
	char word[64], *offset, *width;
	uint64_t number;

	if (strlen(text) >= sizeof(word))
		return false;
	strcpy(word, text);
	width = strrchr(word, '.');
	if (width)
		*width++ = '\0';
	offset = strchr(word, '+');
	if (offset)
		*offset++ = '\0';
	if (!strcmp(word, "config")) {
		place->space = BARIO_CONFIG;
	} else {
		if (!isdigit((unsigned char)word[0]) || word[1])
			return false;
		place->space = word[0] - '0';
		if (place->space >= BARIO_BARS_MAX)
			usage("'%s': a BAR is 0 to 5", text);
	}
	if (offset && !text_to_number(offset, &place->offset))
		no_place(text);
	if (width) {
		if (!text_to_number(width, &number) || number < 1 || number > 8)
			no_place(text);
		place->width = number;
	}
	if (place->space == BARIO_CONFIG && place->offset >= CONFIG_SIZE)
		usage("'%s': configuration space has %u bytes at most", text,
		      CONFIG_SIZE);
	return true;
}

struct place need_place(const char *text, bool width, const struct map *map)
{
	struct place place = { 0 };

	if (!split(text, &place)) {
		if (!isalpha((unsigned char)text[0]) && text[0] != '_')
			no_place(text);
		if (!map)
			usage("'%s' is no place, and there is no map of this device's registers", text);
		if (!map_find(map, text, &place))
			usage("'%s' is no place, nor a register of this device's map", text);
		return place;
	}
	if (width && !strchr(text, '+'))
		no_place(text);
	if (width && !place.width)
		usage("'%s' has no width: %s.4 is a 4-byte access there", text, text);
	return place;
}

void place_text(const struct place *place, char text[PLACE_TEXT])
{
	char space[12] = "config";

	if (place->space != BARIO_CONFIG)
		snprintf(space, sizeof(space), "%u", place->space);
	snprintf(text, PLACE_TEXT, "%s+%#llx.%u", space,
		 (unsigned long long)place->offset, place->width);
}

int read_place(struct bario *dev, const struct place *place, uint64_t *value)
{
	uint32_t config;
	int error;

	if (place->space != BARIO_CONFIG)
		return bario_read(dev, place->space, place->offset, place->width,
				  value);
	error = bario_config_read(dev, place->offset, place->width, &config);
	if (!error)
		*value = config;
	return error;
}

int write_place(struct bario *dev, const struct place *place, uint64_t value)
{
	if (place->space != BARIO_CONFIG)
		return bario_write(dev, place->space, place->offset,
				   place->width, value);
	if (value > UINT32_MAX)
		usage("the value %#llx does not fit in 4 bytes",
		      (unsigned long long)value);
	return bario_config_write(dev, place->offset, place->width, value);
}
