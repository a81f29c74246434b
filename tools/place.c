// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Arguments of the subcommands: places, values, numbers and times. */
#include <stdlib.h>
#include <string.h>
#include "../lib/text.h"
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

struct bario_regmap *regmap_or_die(struct bario *dev, const char *path,
				   uint32_t flags)
{
	struct bario_regmap *map;

	if (bario_regmap_open(dev, path, flags, &map))
		exit(failed());
	return map;
}

struct bario_place place_or_die(struct bario *dev,
				const struct bario_regmap *map,
				const char *text, uint32_t flags,
				uint32_t rights)
{
	struct bario_place place;

	if (bario_place_parse(dev, map, text, flags, &place) ||
	    (rights && bario_place_allows(&place, rights)))
		usage_error();
	return place;
}

struct wanted wanted_or_die(const struct bario_place *place, const char *text,
			    uint32_t flags)
{
	struct wanted wanted;

	if (bario_place_parse_value(place, text, flags, &wanted.value,
				    &wanted.mask))
		usage_error();
	return wanted;
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
	static char message[200];
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
	snprintf(message, sizeof(message),
		 "'%.100s' is not a time, as 100us, 5ms or 2s, and 10s at most",
		 text);
	*why = message;
	return false;
}

/* All bits of the register. */
static bool is_whole(const struct bario_place *place, uint64_t mask)
{
	return mask == UINT64_MAX >> (64 - 8 * place->width);
}

void access_or_die(struct bario *dev, const struct bario_place *place,
		   const struct wanted *wanted)
{
	unsigned int rights = wanted ? BARIO_RIGHT_WRITE : BARIO_RIGHT_READ;

	if (wanted && !is_whole(place, wanted->mask))
		rights |= BARIO_RIGHT_READ;
	if (bario_check(dev, place->space, place->offset, place->width, rights))
		exit(failed());
}
