// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* bario dump: a stretch of registers, at one width. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "tool.h"

#define LINE		16	/* bytes of a line */
#define LINE_BYTES	8	/* of one of single bytes, which is 51 columns wide */

/* One line of values; what was not read, as reading it changes something. */
struct line {
	uint64_t	values[LINE];
	bool		skipped[LINE];
	unsigned int	count;
};

/* Offsets and values are shown as they can be typed. */
static void show_offset(uint64_t offset)
{
	printf("0x%08llx", (unsigned long long)offset);
}

static void show_line(const struct bario_place *place, uint64_t offset,
		      const struct line *line)
{
	unsigned int i;

	show_offset(offset);
	putchar(' ');
	for (i = 0; i < line->count; i++) {
		if (line->skipped[i])
			printf(" %.*s", (int)(2 + 2 * place->width),
			       "------------------");
		else
			printf(" 0x%0*llx", (int)(2 * place->width),
			       (unsigned long long)line->values[i]);
	}
	putchar('\n');
}

static bool same_line(const struct line *a, const struct line *b)
{
	return a->count == b->count &&
		!memcmp(a->values, b->values, a->count * sizeof(a->values[0])) &&
		!memcmp(a->skipped, b->skipped, a->count * sizeof(a->skipped[0]));
}

/* Reads a line; what was read before an error counts. */
static int read_line(struct bario *dev, const struct bario_regmap *map,
		     struct bario_place place, uint64_t end, struct line *line)
{
	const unsigned int bytes = place.width == 1 ? LINE_BYTES : LINE;
	int error;

	*line = (struct line){ 0 };
	for (; place.offset < end && line->count < bytes / place.width;
	     place.offset += place.width) {
		if (!bario_place_safe(map, &place)) {
			line->skipped[line->count++] = true;
			continue;
		}
		error = bario_place_read(dev, &place, &line->values[line->count]);
		if (error)
			return error;
		line->count++;
	}
	return 0;
}

/* As hexdump(1) does it: "*" means more lines like the one before. */
static int dump_text(struct bario *dev, const struct bario_regmap *map,
		     struct bario_place place, uint64_t end)
{
	const uint64_t begin = place.offset;
	struct line line, last = { 0 };
	bool folded = false;
	int error = 0;

	while (place.offset < end && !error) {
		error = read_line(dev, map, place, end, &line);
		if (!isatty(STDOUT_FILENO) || folded)
			progress(place.offset - begin, end - begin);
		if (line.count && same_line(&line, &last)) {
			if (!folded)
				puts("*");
			folded = true;
		} else if (line.count) {
			progress(1, 1);
			show_line(&place, place.offset, &line);
			folded = false;
		}
		last = line;
		place.offset += (uint64_t)line.count * place.width;
	}
	progress(1, 1);
	if (error)
		return failed();
	show_offset(end);
	putchar('\n');
	return 0;
}

static int dump_json(struct bario *dev, const struct bario_regmap *map,
		     struct bario_place place, uint64_t end)
{
	struct json_object *all = json_object_new_object();
	struct json_object *values = json_object_new_array();
	const uint64_t begin = place.offset;
	char where[BARIO_PLACE_TEXT];
	struct line line;
	unsigned int i;
	int error = 0;

	bario_place_text(&place, 0, where);
	json_object_object_add(all, "device",
			       json_object_new_string(bario_name(dev)));
	json_object_object_add(all, "place", json_object_new_string(where));
	json_object_object_add(all, "width", json_object_new_int(place.width));
	json_object_object_add(all, "values", values);
	while (place.offset < end && !error) {
		error = read_line(dev, map, place, end, &line);
		progress(place.offset - begin, end - begin);
		for (i = 0; i < line.count; i++)
			json_object_array_add(values, line.skipped[i] ? NULL :
					      json_hex(line.values[i]));
		place.offset += (uint64_t)line.count * place.width;
	}
	progress(1, 1);
	put_json(all);
	return error ? failed() : 0;
}

int dump_place(struct bario *dev, const struct bario_regmap *map, struct bario_place place,
	       uint64_t length, bool json)
{
	struct bario_place last = place;

	if (place.width & (place.width - 1))
		usage("the width is 1, 2, 4 or 8");
	if (!length || length % place.width)
		usage("the length is a multiple of the width");
	if (length > UINT64_MAX - place.offset)
		usage("offset and length are past 2^64");
	/* Before the first register is read: the last one is there, too. */
	last.offset += length - place.width;
	if (last.offset != place.offset) {
		access_or_die(dev, &place, NULL);
		access_or_die(dev, &last, NULL);
	}
	return json ? dump_json(dev, map, place, place.offset + length) :
		dump_text(dev, map, place, place.offset + length);
}

/* Where the space ends. */
static uint64_t space_size(struct bario *dev, unsigned int space)
{
	struct bario_info info;
	unsigned int size;

	if (space == BARIO_SPACE_CONFIG) {
		if (bario_config_size(dev, &size))
			exit(failed());
		return size;
	}
	if (bario_get_info(dev, &info, sizeof(info)))
		exit(failed());
	return space < BARIO_BARS_MAX ? info.bars[space].size : 0;
}

/* One that has registers at that offset. */
static unsigned int fitting_width(uint64_t offset)
{
	return offset % 2 ? 1 : offset % 4 ? 2 : 4;
}

int run_dump(int argc, char **argv)
{
	struct options opt;
	struct bario_place place;
	struct bario *dev;
	struct bario_regmap *map;
	uint64_t size, length;
	int status;
	char **args;

	args = options(argc, argv, OPTION_JSON | OPTION_MAP, 2, 3, &opt);
	dev = device_or_die(args[0], 0);
	map = regmap_or_die(dev, opt.map, 0);
	place = place_or_die(dev, map, args[1], BARIO_PLACE_ANY_WIDTH, 0);
	if (!place.width)
		usage("'%.100s' has no width: %.100s.%u shows it %u byte%s at a time",
		      args[1], args[1], fitting_width(place.offset),
		      fitting_width(place.offset),
		      fitting_width(place.offset) > 1 ? "s" : "");
	size = space_size(dev, place.space);
	length = args[2] ? number_or_die(args[2], "the length") :
		place.offset < size ? size - place.offset : place.width;
	status = dump_place(dev, map, place, length, opt.json);
	bario_regmap_close(map);
	bario_close(dev);
	return status;
}
