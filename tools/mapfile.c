// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Register maps: from a text to registers and fields. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "../lib/text.h"
#include "map.h"

/* While a map is taken apart. */
struct parser {
	struct text		text;
	const struct bario_info	*info;
	struct map		*map;
	bool			chosen;	/* it says which devices it is for */
	bool			fits;	/* this device is one of them */
	int			bar;	/* of "bar", -1 before it */
	int			header;
	char			capability[MAP_NAME];
	struct reg		*reg;	/* the last, and its last parts */
	struct field		*field;
	struct map_value	*value;
};

static int take_name(struct parser *p, char name[MAP_NAME])
{
	if (strlen(p->text.word) >= MAP_NAME)
		return text_fail(&p->text, "a name has at most %d characters",
				 MAP_NAME - 1);
	strcpy(name, p->text.word);
	return 0;
}

/* A name that people type, and so one that can't be taken for a number or a place. */
static int name_or_die(struct parser *p, char name[MAP_NAME])
{
	const char *word = p->text.word;
	int error = text_need(&p->text, "a name");

	if (error)
		return error;
	if ((!isalpha((unsigned char)word[0]) && word[0] != '_') ||
	    strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") !=
	    strlen(word) || !strcmp(word, "config"))
		return text_fail(&p->text, "a name has letters, digits and _, and begins with none of the digits");
	return take_name(p, name);
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

	p->chosen = true;
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

	p->chosen = true;
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
	uint64_t bar = BARIO_SPACE_CONFIG;
	int error = text_need(&p->text, "the BAR's index, or config");

	if (error)
		return error;
	if (strcmp(p->text.word, "config") &&
	    (!text_to_number(p->text.word, &bar) || bar >= BARIO_BARS_MAX))
		return text_fail(&p->text, "'%s' is no BAR: 0 to 5, or config",
				 p->text.word);
	p->bar = bar;
	p->header = ANY_HEADER;
	p->capability[0] = '\0';
	return 0;
}

static int config_or_die(struct parser *p)
{
	return p->bar == BARIO_SPACE_CONFIG ? 0 :
		text_fail(&p->text, "this is about registers of configuration space: after bar config");
}

/* header TYPE */
static int parse_header(struct parser *p)
{
	uint64_t header = 0;
	int error = config_or_die(p);

	if (!error)
		error = text_number(&p->text, "the header type", 0x7f, &header);
	p->header = header;
	p->capability[0] = '\0';
	return error;
}

/* capability NAME */
static int parse_capability(struct parser *p)
{
	int error = config_or_die(p);

	if (!error)
		error = text_need(&p->text, "a capability's name");
	if (!error && !capability_exists(p->text.word))
		error = text_fail(&p->text, "'%s' is no name of a capability, as CAP_EXP or ECAP_AER",
				  p->text.word);
	return error ? error : take_name(p, p->capability);
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
	if (!error && !reg->stride)
		error = text_fail(&p->text, "registers of one name are at different places");
	return error;
}

static int parse_flags(struct parser *p, struct reg *reg)
{
	static const char *const flags[] = { "ro", "wo", "w1c", "side", "times" };
	enum { RO, WO, W1C, SIDE, TIMES };
	unsigned int seen = 0, i;
	int error;

	while ((error = text_word(&p->text)) > 0) {
		for (i = 0; i < COUNT(flags); i++)
			if (!strcmp(p->text.word, flags[i]))
				break;
		if (i == COUNT(flags))
			return text_fail(&p->text, "'%s' is not one of ro, wo, w1c, side and times",
					 p->text.word);
		if (seen & 1u << i)
			return text_fail(&p->text, "%s is here twice", flags[i]);
		seen |= 1u << i;
		error = i == TIMES ? parse_times(p, reg) : 0;
		if (error)
			return error;
	}
	if (error)
		return error;
	if ((seen & 1u << RO) && (seen & (1u << WO | 1u << W1C)))
		return text_fail(&p->text, "a register that is ro is neither wo nor w1c");
	if (seen & 1u << RO)
		reg->flags &= ~REG_WRITE;
	if (seen & 1u << WO)
		reg->flags &= ~REG_READ;
	if (seen & 1u << SIDE)
		reg->flags |= REG_SIDE;
	if (seen & 1u << W1C)
		reg->w1c = width_bits(reg->width);
	return 0;
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

/* Can a function have both? */
static bool same_function(const struct reg *a, const struct reg *b)
{
	return a->header == ANY_HEADER || b->header == ANY_HEADER ||
		a->header == b->header;
}

/* reg NAME OFFSET WIDTH [ro|wo] [w1c] [side] [times COUNT STRIDE] */
static int parse_reg(struct parser *p)
{
	struct reg *reg, *other;
	uint64_t width;
	int error;

	if (p->bar < 0)
		return text_fail(&p->text, "which BAR these registers are in comes first: bar INDEX");
	/* It belongs to the map at once, and so is let go with it. */
	reg = memory_or_die(1, sizeof(*reg));
	if (p->reg)
		p->reg->next = reg;
	else
		p->map->regs = reg;
	p->reg = reg;
	p->field = NULL;
	p->value = NULL;
	reg->bar = p->bar;
	reg->header = p->header;
	strcpy(reg->capability, p->capability);
	reg->flags = REG_READ | REG_WRITE;
	reg->count = 1;
	error = name_or_die(p, reg->name);
	if (error)
		return error;
	for (other = p->map->regs; other != reg; other = other->next)
		if (!strcmp(other->name, reg->name) && same_function(other, reg))
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
	if (!error && reg->bar == BARIO_SPACE_CONFIG)
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

/* "w1c", or the end of the line */
static int parse_field_flag(struct parser *p, const struct field *field)
{
	const uint64_t all = field_value(field, UINT64_MAX);
	const int error = text_word(&p->text);

	if (error <= 0)
		return error;
	if (strcmp(p->text.word, "w1c"))
		return text_fail(&p->text, "'%s' is not w1c", p->text.word);
	if (!(p->reg->flags & REG_WRITE))
		return text_fail(&p->text, "a field of %s, which is ro, is not w1c",
				 p->reg->name);
	p->reg->w1c |= all << field->low;
	return 0;
}

/* field NAME HIGH[:LOW] [w1c] */
static int parse_field(struct parser *p)
{
	struct field *field, *other;
	char *low;
	int error;

	if (!p->reg)
		return text_fail(&p->text, "there is no register before this field");
	field = memory_or_die(1, sizeof(*field));
	if (p->field)
		p->field->next = field;
	else
		p->reg->fields = field;
	p->field = field;
	p->value = NULL;
	error = name_or_die(p, field->name);
	if (error)
		return error;
	for (other = p->reg->fields; other != field; other = other->next)
		if (!strcmp(other->name, field->name))
			return text_fail(&p->text, "the field %s is here twice",
					 field->name);
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
	return parse_field_flag(p, field);
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
	if (field_value_name(p->field, number))
		return text_fail(&p->text, "the value %#llx of %s is here twice",
				 (unsigned long long)number, p->field->name);
	error = text_need(&p->text, "a name");
	if (error)
		return error;
	value = memory_or_die(1, sizeof(*value));
	value->number = number;
	if (p->value)
		p->value->next = value;
	else
		p->field->values = value;
	p->value = value;
	/* It is shown, and never typed. */
	return take_name(p, value->name);
}

static const struct {
	const char	*name;
	int		(*parse)(struct parser *p);
} lines[] = {
	{ "device", parse_device },
	{ "class", parse_class },
	{ "bar", parse_bar },
	{ "header", parse_header },
	{ "capability", parse_capability },
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
			error = text_fail(&p->text, "'%s' is not one of device, class, bar, header, capability, reg, field and value",
					  p->text.word);
		else
			error = lines[i].parse(p);
		if (!error)
			error = text_end(&p->text);
	}
	return error;
}

/* The map of a text, whether it fits or not; ends the program if it is none. */
static struct map *need_map(struct bario *dev, const char *chars,
			    const char *name, bool *chosen, bool *fits)
{
	struct bario_info info;
	struct parser p = { .info = &info, .bar = -1, .header = ANY_HEADER };

	if (bario_get_info(dev, &info, sizeof(info)))
		exit(failed());
	p.map = memory_or_die(1, sizeof(*p.map));
	p.map->dev = dev;
	p.map->header = info.header;
	text_begin(&p.text, chars, name);
	if (parse(&p)) {
		map_free(p.map);
		exit(failed());
	}
	*chosen = p.chosen;
	*fits = p.fits;
	return p.map;
}

struct map *map_config(struct bario *dev)
{
	bool chosen, fits;
	size_t i = 0;

	while (strcmp(map_texts[i].name, "config.map"))
		i++;
	return need_map(dev, map_texts[i].chars, map_texts[i].name, &chosen,
			&fits);
}

/* The map of a file, which is for all devices if it names none. */
static struct map *need_file(struct bario *dev, const char *path)
{
	struct bario_info info;
	bool chosen, fits;
	struct map *map;
	char *chars;

	if (text_load(path, &chars))
		exit(failed());
	map = need_map(dev, chars, path, &chosen, &fits);
	free(chars);
	if (!chosen || fits)
		return map;
	map_free(map);
	if (bario_get_info(dev, &info, sizeof(info)))
		exit(failed());
	exit(failed_as(BARIO_CAUSE_TEXT, EINVAL,
		       "its device and class lines say which; a map without any is for all devices",
		       "%s: the map is for other devices, and %s is %04x:%04x of class %02x%02x%02x",
		       path, bario_name(dev), info.vendor, info.device,
		       info.base_class, info.subclass, info.progif));
}

struct map *map_for(struct bario *dev, const char *path)
{
	bool chosen, fits;
	struct map *map;
	size_t i;

	if (path)
		return need_file(dev, path);
	for (i = 0; i < map_text_count; i++) {
		map = need_map(dev, map_texts[i].chars, map_texts[i].name,
			       &chosen, &fits);
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

