// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Register maps: from a text to registers, fields and values. */
#include <ctype.h>
#include <stdlib.h>
#include "regmap.h"

/* The state of the parser. */
struct parser {
	struct text		text;
	const struct bario_info	*info;
	struct bario_regmap	*map;
	struct regmap_match	match;
	int			bar;	/* of "bar", -1 before it */
	int			header;
	char			capability[REGMAP_NAME];
	struct regmap_reg	*reg;	/* the last, and its last parts */
	struct regmap_field	*field;
	struct regmap_value	*value;
};

static int take_name(struct parser *p, char name[REGMAP_NAME])
{
	if (strlen(p->text.word) >= REGMAP_NAME)
		return text_fail(&p->text, "a name has at most %d characters",
				 REGMAP_NAME - 1);
	strcpy(name, p->text.word);
	return 0;
}

/* A name that people type: it must not be mistaken for a number or a place. */
static int parse_name(struct parser *p, char name[REGMAP_NAME])
{
	const char *word = p->text.word;
	int error = text_need(&p->text, "a name");

	if (error)
		return error;
	if ((!isalpha((unsigned char)word[0]) && word[0] != '_') ||
	    strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") !=
	    strlen(word) || !strcmp(word, "config"))
		return text_fail(&p->text, "a name has letters, digits and _, and does not begin with a digit");
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

	p->match.chosen = true;
	if (error)
		return error;
	colon = strchr(p->text.word, ':');
	if (colon)
		*colon++ = '\0';
	if (!colon || !all_hex(p->text.word, 4) || !all_hex(colon, 4))
		return text_fail(&p->text, "an ID is two numbers of four hexadecimal digits, as 1234:11e8");
	if (strtoul(p->text.word, NULL, 16) == p->info->vendor &&
	    strtoul(colon, NULL, 16) == p->info->device)
		p->match.fits = true;
	return 0;
}

/* class CC[SS[PP]] */
static int parse_class(struct parser *p)
{
	const unsigned long class = p->info->base_class << 16 |
		p->info->subclass << 8 | p->info->progif;
	int error = text_need(&p->text, "a class");
	size_t digits = strlen(p->text.word);

	p->match.chosen = true;
	if (error)
		return error;
	if (digits > 6 || digits % 2 || !all_hex(p->text.word, digits))
		return text_fail(&p->text, "a class is two, four or six hexadecimal digits, as 0106");
	if (strtoul(p->text.word, NULL, 16) == class >> 4 * (6 - digits))
		p->match.fits = true;
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
		return text_fail(&p->text, "'%s' is not a BAR: 0 to 5, or config",
				 p->text.word);
	p->bar = bar;
	p->header = BARIO_HEADER_ANY;
	p->capability[0] = '\0';
	return 0;
}

static int check_bar_config(struct parser *p)
{
	return p->bar == BARIO_SPACE_CONFIG ? 0 :
		text_fail(&p->text, "this is about registers of configuration space: after bar config");
}

/* header TYPE */
static int parse_header(struct parser *p)
{
	uint64_t header = 0;
	int error = check_bar_config(p);

	if (!error)
		error = text_number(&p->text, "the header type", 0x7f, &header);
	p->header = header;
	p->capability[0] = '\0';
	return error;
}

/* capability NAME */
static int parse_capability(struct parser *p)
{
	uint32_t id;
	int error = check_bar_config(p);

	if (!error)
		error = text_need(&p->text, "a capability's name");
	if (!error && bario_capability_id(p->text.word, &id))
		error = text_fail(&p->text, "'%s' is not the name of a capability, as CAP_EXP or ECAP_AER",
				  p->text.word);
	return error ? error : take_name(p, p->capability);
}

/* times COUNT STRIDE, after the word "times" */
static int parse_times(struct parser *p, struct bario_reg *reg)
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

static int parse_flags(struct parser *p, struct bario_reg *reg)
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
		reg->flags &= ~BARIO_REG_WRITE;
	if (seen & 1u << WO)
		reg->flags &= ~BARIO_REG_READ;
	if (seen & 1u << SIDE)
		reg->flags |= BARIO_REG_SIDE_EFFECT;
	if (seen & 1u << W1C)
		reg->w1c = width_bits(reg->width);
	return 0;
}

/* All of them are places of configuration space, whose offsets are below 4096. */
static int check_end(struct parser *p, const struct bario_reg *reg)
{
	if (reg->width > 4)
		return text_fail(&p->text, "in configuration space the width is 1, 2 or 4");
	if (reg->offset + (reg->count - 1) * reg->stride >
	    CONFIG_MAX - reg->width)
		return text_fail(&p->text, "configuration space has %u bytes at most",
				 CONFIG_MAX);
	return 0;
}

/* Can one function have both? */
static bool same_function(const struct bario_reg *a, const struct bario_reg *b)
{
	return a->header == BARIO_HEADER_ANY || b->header == BARIO_HEADER_ANY ||
		a->header == b->header;
}

static int check_register_name(struct parser *p, const struct bario_reg *reg)
{
	const struct regmap_reg *other;

	for (other = p->map->regs; other != p->reg; other = other->next)
		if (!strcmp(other->name, reg->name) &&
		    same_function(&other->reg, reg))
			return text_fail(&p->text, "the register %s is here twice",
					 reg->name);
	return 0;
}

/* The next register belongs to the map at once, and so is freed with it. */
static struct bario_reg *add_register(struct parser *p)
{
	struct regmap_reg *last = calloc(1, sizeof(*last));

	if (!last)
		return NULL;
	if (p->reg)
		p->reg->next = last;
	else
		p->map->regs = last;
	p->reg = last;
	p->field = NULL;
	p->value = NULL;
	strcpy(last->capability, p->capability);
	last->reg = (struct bario_reg){
		.name = last->name, .space = p->bar, .header = p->header,
		.capability = p->capability[0] ? last->capability : NULL,
		.flags = BARIO_REG_READ | BARIO_REG_WRITE, .count = 1,
	};
	return &last->reg;
}

/* reg NAME OFFSET WIDTH [ro|wo] [w1c] [side] [times COUNT STRIDE] */
static int parse_register(struct parser *p)
{
	struct bario_reg *reg;
	uint64_t width;
	int error;

	if (p->bar < 0)
		return text_fail(&p->text, "which BAR these registers are in comes first: bar INDEX");
	reg = add_register(p);
	if (!reg)
		return fail_memory();
	error = parse_name(p, p->reg->name);
	if (!error)
		error = check_register_name(p, reg);
	if (!error)
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
	if (!error && reg->space == BARIO_SPACE_CONFIG)
		error = check_end(p, reg);
	return error;
}

static bool take_bit(const char *text, unsigned int width, uint32_t *number)
{
	uint64_t value;

	if (!text_to_number(text, &value) || value >= 8 * width)
		return false;
	*number = value;
	return true;
}

/* All values of a field, as a number that begins with its lowest bit. */
static uint64_t field_max(const struct bario_field *field)
{
	return UINT64_MAX >> (63 - (field->high - field->low));
}

/* "w1c", or the end of the line */
static int parse_field_flag(struct parser *p, const struct bario_field *field)
{
	struct bario_reg *reg = &p->reg->reg;
	const int error = text_word(&p->text);

	if (error <= 0)
		return error;
	if (strcmp(p->text.word, "w1c"))
		return text_fail(&p->text, "'%s' is not w1c", p->text.word);
	if (!(reg->flags & BARIO_REG_WRITE))
		return text_fail(&p->text, "a field of %s, which is ro, is not w1c",
				 reg->name);
	reg->w1c |= field_max(field) << field->low;
	return 0;
}

static int check_field_name(struct parser *p)
{
	const struct regmap_field *other;

	for (other = p->reg->fields; other != p->field; other = other->next)
		if (!strcmp(other->name, p->field->name))
			return text_fail(&p->text, "the field %s is here twice",
					 other->name);
	return 0;
}

static struct bario_field *add_field(struct parser *p)
{
	struct regmap_field *last = calloc(1, sizeof(*last));

	if (!last)
		return NULL;
	if (p->field)
		p->field->next = last;
	else
		p->reg->fields = last;
	p->field = last;
	p->value = NULL;
	last->field.name = last->name;
	return &last->field;
}

/* field NAME HIGH[:LOW] [w1c] */
static int parse_field(struct parser *p)
{
	struct bario_field *field;
	unsigned int width;
	char *low;
	int error;

	if (!p->reg)
		return text_fail(&p->text, "there is no register before this field");
	field = add_field(p);
	if (!field)
		return fail_memory();
	error = parse_name(p, p->field->name);
	if (!error)
		error = check_field_name(p);
	if (!error)
		error = text_need(&p->text, "the field's bits");
	if (error)
		return error;
	low = strchr(p->text.word, ':');
	if (low)
		*low++ = '\0';
	width = p->reg->reg.width;
	if (!take_bit(p->text.word, width, &field->high) ||
	    !take_bit(low ? low : p->text.word, width, &field->low) ||
	    field->low > field->high)
		return text_fail(&p->text, "bits are as 7:4 or 3, the higher first, below %u",
				 8 * width);
	return parse_field_flag(p, field);
}

/* value NUMBER NAME */
static int parse_value(struct parser *p)
{
	struct regmap_value *value;
	uint64_t number;
	int error;

	if (!p->field)
		return text_fail(&p->text, "there is no field before this value");
	error = text_number(&p->text, "the value", field_max(&p->field->field),
			    &number);
	if (error)
		return error;
	for (value = p->field->values; value; value = value->next)
		if (value->value.number == number)
			return text_fail(&p->text, "the value %#llx of %s is here twice",
					 (unsigned long long)number,
					 p->field->name);
	error = text_need(&p->text, "a name");
	if (error)
		return error;
	value = calloc(1, sizeof(*value));
	if (!value)
		return fail_memory();
	value->value.name = value->name;
	value->value.number = number;
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
	{ "reg", parse_register },
	{ "field", parse_field },
	{ "value", parse_value },
};

static int parse_lines(struct parser *p)
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

int regmap_parse(struct bario_regmap *map, const char *chars, const char *name,
		 const struct bario_info *info, struct regmap_match *match)
{
	struct parser p = {
		.info = info, .map = map, .bar = -1,
		.header = BARIO_HEADER_ANY,
	};
	int error;

	text_begin(&p.text, chars, name);
	error = parse_lines(&p);
	*match = p.match;
	return error;
}
