// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Places as text: BAR+OFFSET.WIDTH, CAPABILITY+OFFSET.WIDTH, or a name. */
#include <ctype.h>
#include <stdio.h>
#include "place.h"

static int fail_syntax(const char *text)
{
	return place_fail("'%.100s' is not a place: BAR+OFFSET.WIDTH, as 0+0x40.4, or config+0x4.2",
			  text);
}

static int fail_width(const char *text, uint64_t offset)
{
	const unsigned int width = offset % 2 ? 1 : offset % 4 ? 2 : 4;

	return place_fail("'%.80s' has no width: %.80s.%u is a %u-byte access there",
			  text, text, width, width);
}

/* "OFFSET[.WIDTH]", of @whole. */
static int parse_offset(const char *text, const char *whole,
			struct bario_place *place)
{
	char word[64], message[TEXT_MESSAGE], *width;
	uint64_t number;

	if (strlen(text) >= sizeof(word))
		return fail_syntax(whole);
	strcpy(word, text);
	width = strchr(word, '.');
	if (width)
		*width++ = '\0';
	if (!text_to_number(word, &place->offset)) {
		if (text_not_number(word, "the offset", message))
			return place_fail("%s", message);
		return fail_syntax(whole);
	}
	if (!width)
		return 0;
	if (!text_to_number(width, &number) || number < 1 || number > 8)
		return fail_syntax(whole);
	place->width = number;
	return 0;
}

/* The same where neither may be missing. */
static int parse_whole_offset(const char *text, const char *whole,
			      struct bario_place *place)
{
	const int error = parse_offset(text, whole, place);

	if (!error && !place->width)
		return fail_width(whole, place->offset);
	return error;
}

static int check_config_offset(const char *text, const struct bario_place *place)
{
	if (place->space != BARIO_SPACE_CONFIG || place->offset < CONFIG_MAX)
		return 0;
	return place_fail("'%.100s': configuration space has %u bytes at most",
			  text, CONFIG_MAX);
}

/* "0+0x40.4", or "0.4" for a whole space */
static int parse_space(const char *text, uint32_t flags,
		       struct bario_place *place)
{
	const size_t len = strcspn(text, "+.");
	const bool plus = text[len] == '+';
	char rest[80];
	int error;

	if (len == strlen("config") && !memcmp(text, "config", len))
		place->space = BARIO_SPACE_CONFIG;
	else if (len == 1 && isdigit((unsigned char)text[0]))
		place->space = text[0] - '0';
	else
		return fail_syntax(text);
	if (place->space >= BARIO_BARS_MAX && isdigit((unsigned char)text[0]))
		return place_fail("'%.100s': a BAR is 0 to 5", text);
	snprintf(rest, sizeof(rest), "%s%s", plus ? "" : "0", text + len + plus);
	error = parse_offset(rest, text, place);
	if (error || (flags & BARIO_PLACE_ANY_WIDTH))
		return error;
	if (!plus)
		return fail_syntax(text);
	return place->width ? 0 : fail_width(text, place->offset);
}

/* "CAP_EXP", "ECAP_AER": a name, which a map might have, too */
static bool is_capability(const char *text, uint32_t flags)
{
	if (strncmp(text, "CAP_", 4) && strncmp(text, "ECAP_", 5))
		return false;
	return strchr(text, '+') || (flags & BARIO_PLACE_CONFIG);
}

/* CAPABILITY+OFFSET.WIDTH */
static int parse_capability(struct bario *dev, const struct bario_regmap *map,
			    const char *text, struct bario_place *place)
{
	const size_t len = strcspn(text, "+"), name_len = strcspn(text, "@+");
	char name[40];
	uint32_t begin;
	int error;

	if (!text[len])
		return place_fail("'%.80s' has no offset: %.80s+2.2 is the two bytes at 2 of it",
				  text, text);
	place->space = BARIO_SPACE_CONFIG;
	error = parse_whole_offset(text + len + 1, text, place);
	if (!error)
		error = check_config_offset(text, place);
	if (!error)
		error = place_capability(dev, text, len, &begin);
	if (error)
		return error;
	snprintf(name, sizeof(name), "%.*s", (int)name_len, text);
	place->w1c = place_w1c(map, place, name);
	place->offset += begin;
	return check_config_offset(text, place);
}

/* A name begins with a letter, and none is "config". */
static bool is_name(const char *text)
{
	const size_t len = strcspn(text, "+.");

	return (isalpha((unsigned char)text[0]) || text[0] == '_') &&
		!(len == strlen("config") && !memcmp(text, "config", len));
}

static int parse_any(struct bario *dev, const struct bario_regmap *map,
		     const char *text, uint32_t flags, struct bario_place *place)
{
	int error;

	if (is_capability(text, flags))
		return parse_capability(dev, map, text, place);
	if (is_name(text))
		return place_by_name(dev, map, text, flags, place);
	if (!(flags & BARIO_PLACE_CONFIG) || text[0] == 'c') {
		error = parse_space(text, flags, place);
	} else {
		place->space = BARIO_SPACE_CONFIG;
		error = parse_whole_offset(text, text, place);
	}
	if (!error)
		error = check_config_offset(text, place);
	if (!error)
		place->w1c = place_w1c(map, place, NULL);
	return error;
}

BARIO_API int bario_place_parse(struct bario *dev,
				const struct bario_regmap *map,
				const char *text, uint32_t flags,
				struct bario_place *place)
{
	struct bario_place found = { 0 };
	int error;

	error_at_nothing();
	error = check_flags(flags, BARIO_PLACE_CONFIG | BARIO_PLACE_ANY_WIDTH,
			    "parse");
	if (!error)
		error = parse_any(dev, map, text, flags, &found);
	if (!error)
		*place = found;
	return error;
}

static void name_text(const struct bario_place *place,
		      char text[BARIO_PLACE_TEXT])
{
	char index[24] = "";

	if (place->reg->count > 1)
		snprintf(index, sizeof(index), "[%llu]",
			 (unsigned long long)place->index);
	snprintf(text, BARIO_PLACE_TEXT, "%.64s%s%s%.64s", place->reg->name,
		 index, place->field ? "." : "",
		 place->field ? place->field->name : "");
}

BARIO_API void bario_place_text(const struct bario_place *place, uint32_t flags,
				char text[BARIO_PLACE_TEXT])
{
	char space[12] = "config", width[12] = "";

	if ((flags & BARIO_PLACE_NAME) && place->reg) {
		name_text(place, text);
		return;
	}
	if (place->space != BARIO_SPACE_CONFIG)
		snprintf(space, sizeof(space), "%u", place->space);
	if (place->width)
		snprintf(width, sizeof(width), ".%u", place->width);
	snprintf(text, BARIO_PLACE_TEXT, "%s+%#llx%s", space,
		 (unsigned long long)place->offset, width);
}
