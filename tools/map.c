// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Register maps. */
#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "../lib/text.h"
#include "map.h"

/* While a map is taken apart. */
struct parser {
	struct text		text;
	const struct bario_info	*info;
	struct map		*map;
	bool			fits;	/* is for this device */
	int			bar;	/* of "bar", -1 before it */
	struct reg		*reg;	/* the last, and its last parts */
	struct field		*field;
	struct map_value	*value;
};

static int need_name(struct parser *p, char name[MAP_NAME])
{
	const char *word = p->text.word;
	int error = text_need(&p->text, "a name");

	if (error)
		return error;
	if ((!isalpha((unsigned char)word[0]) && word[0] != '_') ||
	    strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") !=
	    strlen(word) || !strcmp(word, "config"))
		return text_fail(&p->text, "a name has letters, digits and _, and begins with none of the digits");
	if (strlen(word) >= MAP_NAME)
		return text_fail(&p->text, "a name has at most %d characters",
				 MAP_NAME - 1);
	strcpy(name, word);
	return 0;
}

static bool all_hex(const char *word, size_t digits)
{
	return strlen(word) == digits &&
		strspn(word, "0123456789abcdefABCDEF") == digits;
}

/* device VVVV:DDDD */
static int parse_device(struct parser *p)
{
	int error = text_need(&p->text, "an ID");
	char *colon;

	if (error)
		return error;
	colon = strchr(p->text.word, ':');
	if (colon)
		*colon++ = '\0';
	if (!colon || !all_hex(p->text.word, 4) || !all_hex(colon, 4))
		return text_fail(&p->text, "an ID is two numbers of four hexadecimal digits, as 1234:11e8");
	if (strtoul(p->text.word, NULL, 16) == p->info->vendor &&
	    strtoul(colon, NULL, 16) == p->info->device)
		p->fits = true;
	return 0;
}

/* class CC[SS[PP]] */
static int parse_class(struct parser *p)
{
	const unsigned long class = p->info->base_class << 16 |
		p->info->subclass << 8 | p->info->progif;
	int error = text_need(&p->text, "a class");
	size_t digits = strlen(p->text.word);

	if (error)
		return error;
	if (digits > 6 || digits % 2 || !all_hex(p->text.word, digits))
		return text_fail(&p->text, "a class is two, four or six hexadecimal digits, as 0106");
	if (strtoul(p->text.word, NULL, 16) == class >> 4 * (6 - digits))
		p->fits = true;
	return 0;
}

/* bar INDEX, or bar config */
static int parse_bar(struct parser *p)
{
	uint64_t bar = BARIO_CONFIG;
	int error = text_need(&p->text, "the BAR's index, or config");

	if (error)
		return error;
	if (strcmp(p->text.word, "config") &&
	    (!text_to_number(p->text.word, &bar) || bar >= BARIO_BARS_MAX))
		return text_fail(&p->text, "'%s' is no BAR: 0 to 5, or config",
				 p->text.word);
	p->bar = bar;
	return 0;
}

/* times COUNT STRIDE, behind the word "times" */
static int parse_times(struct parser *p, struct reg *reg)
{
	int error = text_number(&p->text, "how many there are", 4096,
				&reg->count);

	if (!error && !reg->count)
		error = text_fail(&p->text, "none is not a number of registers");
	if (!error)
		error = text_number(&p->text, "the bytes from one to the next",
				    UINT32_MAX, &reg->stride);
	return error;
}

static int parse_flags(struct parser *p, struct reg *reg)
{
	int error;

	while ((error = text_word(&p->text)) > 0) {
		if (!strcmp(p->text.word, "ro"))
			reg->flags &= ~REG_WRITE;
		else if (!strcmp(p->text.word, "wo"))
			reg->flags &= ~REG_READ;
		else if (!strcmp(p->text.word, "side"))
			reg->flags |= REG_SIDE;
		else if (!strcmp(p->text.word, "times"))
			error = parse_times(p, reg);
		else
			error = text_fail(&p->text, "'%s' is not one of ro, wo, side and times",
					  p->text.word);
		if (error < 0)
			return error;
	}
	if (!error && !(reg->flags & (REG_READ | REG_WRITE)))
		error = text_fail(&p->text, "a register is not both ro and wo");
	return error;
}

/* All of them are places of configuration space, whose offsets have no 64 bits. */
static int check_config(struct parser *p, const struct reg *reg)
{
	if (reg->width > 4)
		return text_fail(&p->text, "in configuration space the width is 1, 2 or 4");
	if (reg->offset + (reg->count - 1) * reg->stride >
	    CONFIG_SIZE - reg->width)
		return text_fail(&p->text, "configuration space has %u bytes at most",
				 CONFIG_SIZE);
	return 0;
}

/* reg NAME OFFSET WIDTH [ro|wo] [side] [times COUNT STRIDE] */
static int parse_reg(struct parser *p)
{
	struct reg *reg, *other;
	uint64_t width;
	int error;

	if (p->bar < 0)
		return text_fail(&p->text, "which BAR these registers are in comes first: bar INDEX");
	/* It belongs to the map at once, and so is let go with it. */
	reg = need_memory(1, sizeof(*reg));
	if (p->reg)
		p->reg->next = reg;
	else
		p->map->regs = reg;
	p->reg = reg;
	p->field = NULL;
	p->value = NULL;
	reg->bar = p->bar;
	reg->flags = REG_READ | REG_WRITE;
	reg->count = 1;
	error = need_name(p, reg->name);
	if (error)
		return error;
	for (other = p->map->regs; other != reg; other = other->next)
		if (!strcmp(other->name, reg->name))
			return text_fail(&p->text, "the register %s is here twice",
					 reg->name);
	error = text_number(&p->text, "the offset", UINT64_MAX >> 1,
			    &reg->offset);
	if (!error)
		error = text_number(&p->text, "the width", 8, &width);
	if (error)
		return error;
	if (!width || width & (width - 1))
		return text_fail(&p->text, "the width is 1, 2, 4 or 8");
	reg->width = width;
	error = parse_flags(p, reg);
	if (!error && reg->bar == BARIO_CONFIG)
		error = check_config(p, reg);
	return error;
}

static bool bit(const char *text, unsigned int width, unsigned int *number)
{
	uint64_t value;

	if (!text_to_number(text, &value) || value >= 8 * width)
		return false;
	*number = value;
	return true;
}

/* field NAME HIGH[:LOW] */
static int parse_field(struct parser *p)
{
	struct field *field;
	char *low;
	int error;

	if (!p->reg)
		return text_fail(&p->text, "there is no register before this field");
	field = need_memory(1, sizeof(*field));
	if (p->field)
		p->field->next = field;
	else
		p->reg->fields = field;
	p->field = field;
	p->value = NULL;
	error = need_name(p, field->name);
	if (!error)
		error = text_need(&p->text, "the field's bits");
	if (error)
		return error;
	low = strchr(p->text.word, ':');
	if (low)
		*low++ = '\0';
	if (!bit(p->text.word, p->reg->width, &field->high) ||
	    !bit(low ? low : p->text.word, p->reg->width, &field->low) ||
	    field->low > field->high)
		return text_fail(&p->text, "bits are as 7:4 or 3, the higher first, below %u",
				 8 * p->reg->width);
	return 0;
}

/* value NUMBER NAME */
static int parse_value(struct parser *p)
{
	struct map_value *value;
	uint64_t number;
	int error;

	if (!p->field)
		return text_fail(&p->text, "there is no field before this value");
	error = text_number(&p->text, "the value",
			    field_value(p->field, UINT64_MAX), &number);
	if (error)
		return error;
	value = need_memory(1, sizeof(*value));
	value->number = number;
	if (p->value)
		p->value->next = value;
	else
		p->field->values = value;
	p->value = value;
	return need_name(p, value->name);
}

static const struct {
	const char	*name;
	int		(*parse)(struct parser *p);
} lines[] = {
	{ "device", parse_device },
	{ "class", parse_class },
	{ "bar", parse_bar },
	{ "reg", parse_reg },
	{ "field", parse_field },
	{ "value", parse_value },
};

static int parse(struct parser *p)
{
	size_t i;
	int error = 0;

	while (!error && text_line(&p->text)) {
		error = text_need(&p->text, "what this line is about");
		if (error)
			break;
		for (i = 0; i < COUNT(lines); i++)
			if (!strcmp(p->text.word, lines[i].name))
				break;
		if (i == COUNT(lines))
			error = text_fail(&p->text, "'%s' is not one of device, class, bar, reg, field and value",
					  p->text.word);
		else
			error = lines[i].parse(p);
		if (!error)
			error = text_end(&p->text);
	}
	return error;
}

/* The map of a text, whether it fits or not; NULL and the error if it is none. */
static struct map *make(const struct bario_info *info, const char *chars,
			const char *name, bool *fits)
{
	struct parser p = { .info = info, .bar = -1 };

	p.map = need_memory(1, sizeof(*p.map));
	text_begin(&p.text, chars, name);
	if (parse(&p)) {
		map_free(p.map);
		return NULL;
	}
	*fits = p.fits;
	return p.map;
}

struct map *map_config(struct bario *dev)
{
	struct bario_info info;
	struct map *map = NULL;
	bool fits;
	size_t i;

	if (bario_info(dev, &info))
		exit(failed());
	for (i = 0; i < map_text_count; i++)
		if (!strcmp(map_texts[i].name, "config.map"))
			map = make(&info, map_texts[i].chars,
				   map_texts[i].name, &fits);
	if (!map)
		exit(failed());
	return map;
}

struct map *map_for(struct bario *dev, const char *path)
{
	struct bario_info info;
	struct map *map;
	bool fits;
	char *chars;
	size_t i;

	if (bario_info(dev, &info))
		exit(failed());
	if (path) {
		if (text_load(path, &chars))
			exit(failed());
		map = make(&info, chars, path, &fits);
		free(chars);
		if (!map)
			exit(failed());
		return map;
	}
	for (i = 0; i < map_text_count; i++) {
		map = make(&info, map_texts[i].chars, map_texts[i].name, &fits);
		if (!map)
			exit(failed());
		if (fits)
			return map;
		map_free(map);
	}
	return NULL;
}

void map_free(struct map *map)
{
	struct map_value *value;
	struct field *field;
	struct reg *reg;

	if (!map)
		return;
	while ((reg = map->regs)) {
		while ((field = reg->fields)) {
			while ((value = field->values)) {
				field->values = value->next;
				free(value);
			}
			reg->fields = field->next;
			free(field);
		}
		map->regs = reg->next;
		free(reg);
	}
	free(map);
}

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

bool map_find(const struct map *map, const char *text, struct place *place)
{
	const size_t len = strcspn(text, "[.");
	const bool indexed = text[len] == '[';
	const char *rest = text + len;
	const struct field *field = NULL;
	const struct reg *reg;
	uint64_t index = 0;

	if (indexed && !take_index(&rest, &index))
		return false;
	for (reg = map->regs; reg; reg = reg->next)
		if (strlen(reg->name) == len && !strncmp(reg->name, text, len))
			break;
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
	return true;
}

bool map_name(const struct map *map, const struct place *place,
	      char text[WHERE_TEXT])
{
	const struct reg *reg;
	uint64_t i;

	for (reg = map ? map->regs : NULL; reg; reg = reg->next) {
		if (reg->bar != place->space || reg->width != place->width)
			continue;
		for (i = 0; i < reg->count; i++) {
			if (reg->offset + i * reg->stride != place->offset)
				continue;
			if (reg->count > 1)
				snprintf(text, WHERE_TEXT, "%s[%" PRIu64 "]",
					 reg->name, i);
			else
				snprintf(text, WHERE_TEXT, "%s", reg->name);
			return true;
		}
	}
	return false;
}

bool map_unsafe(const struct map *map, const struct place *place)
{
	const uint64_t first = place->offset, last = first + place->width - 1;
	const struct reg *reg;
	uint64_t i, begin;

	for (reg = map->regs; reg; reg = reg->next) {
		if (reg->bar != place->space || !(reg->flags & REG_SIDE))
			continue;
		for (i = 0; i < reg->count; i++) {
			begin = reg->offset + i * reg->stride;
			if (begin <= last && begin + reg->width - 1 >= first)
				return true;
		}
	}
	return false;
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
