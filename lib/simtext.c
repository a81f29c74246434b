// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The description of a simulated device: bario-sim(5). */
#include <stdlib.h>
#include "sim.h"
#include "text.h"

#define RAM_MAX		(16 << 20)
#define SIZE_MAX_BAR	(1ULL << 62)

/* One more at the end of an array, all 0; its capacity is the next power of 2. */
static void *grow_array(void *array, size_t *count, size_t size)
{
	char *more = array;

	if (!(*count & (*count - 1)))
		more = realloc(array, (*count ? 2 * *count : 1) * size);
	if (more)
		memset(more + size * (*count)++, 0, size);
	else
		fail_memory();
	return more;
}

void sim_description_free(struct sim_description *description)
{
	free(description->registers);
	free(description->rams);
	free(description->steps);
	free(description->values);
}

static int need_address(struct text *text, struct sim_description *sim)
{
	int error = text_need(text, "an address");

	sim->addressed = true;
	if (!error && !address_parse(text->word, &sim->info.address))
		error = text_fail(text, "'%s' is not an address, as 0000:00:05.0 is",
				  text->word);
	return error;
}

static bool take_hex(const char *word, size_t digits, unsigned long *number)
{
	*number = strtoul(word, NULL, 16);
	return strlen(word) == digits &&
		strspn(word, "0123456789abcdefABCDEF") == digits;
}

/* VVVV:DDDD */
static int need_id(struct text *text, uint16_t *vendor, uint16_t *device)
{
	unsigned long first, second;
	char *colon;
	int error;

	error = text_need(text, "an ID");
	if (error)
		return error;
	colon = strchr(text->word, ':');
	if (colon)
		*colon = '\0';
	if (!colon || !take_hex(text->word, 4, &first) || !take_hex(colon + 1, 4, &second))
		return text_fail(text, "an ID is two numbers of four hexadecimal digits, as 1234:11e8");
	*vendor = first;
	*device = second;
	return 0;
}

static int parse_id(struct text *text, struct sim_description *sim)
{
	return need_id(text, &sim->info.vendor, &sim->info.device);
}

static int parse_subsystem(struct text *text, struct sim_description *sim)
{
	return need_id(text, &sim->info.subvendor, &sim->info.subdevice);
}

static int parse_class(struct text *text, struct sim_description *sim)
{
	unsigned long class;
	int error = text_need(text, "a class");

	if (error)
		return error;
	if (!take_hex(text->word, 6, &class))
		return text_fail(text, "a class is six hexadecimal digits, as 020000");
	sim->info.base_class = class >> 16;
	sim->info.subclass = class >> 8;
	sim->info.progif = class;
	return 0;
}

static int parse_revision(struct text *text, struct sim_description *sim)
{
	uint64_t revision;
	int error = text_number(text, "the revision", 0xff, &revision);

	sim->info.revision = error ? 0 : revision;
	return error;
}

static int parse_driver(struct text *text, struct sim_description *sim)
{
	int error = text_need(text, "the driver's name");

	if (!error && strlen(text->word) >= sizeof(sim->info.driver))
		error = text_fail(text, "a driver's name has at most %zu characters",
				  sizeof(sim->info.driver) - 1);
	if (!error)
		strcpy(sim->info.driver, text->word);
	return error;
}

/* One word of a list, as its number. */
static int need_choice(struct text *text, const char *what,
		       const char *const *names, size_t count)
{
	size_t i;
	int error = text_need(text, what);

	if (error)
		return error;
	for (i = 0; i < count; i++)
		if (!strcmp(text->word, names[i]))
			return i;
	return text_fail(text, "'%s' is not %s", text->word, what);
}

/* bar INDEX mem|mem64|port SIZE [none] */
static int parse_bar(struct text *text, struct sim_description *sim)
{
	static const char *const kinds[] = { "mem", "mem64", "port" };
	struct bario_bar_info *bar;
	uint64_t index, size;
	int error, kind;

	error = text_number(text, "the BAR's index", 5, &index);
	if (error)
		return error;
	bar = &sim->info.bars[index];
	if (bar->kind)
		return text_fail(text, "BAR %d is here twice", (int)index);
	if (index && bar[-1].wide)
		return text_fail(text, "BAR %d is the upper half of BAR %d",
				 (int)index, (int)index - 1);
	kind = need_choice(text, "one of mem, mem64 and port", kinds,
			   COUNT(kinds));
	if (kind < 0)
		return kind;
	if (kind == 1 && index == 5)
		return text_fail(text, "BAR 5 has no register behind it for 64 bits");
	if (kind == 1 && bar[1].kind)
		return text_fail(text, "BAR %d is the upper half of BAR %d",
				 (int)index + 1, (int)index);
	error = text_number(text, "the BAR's size", SIZE_MAX_BAR, &size);
	if (error)
		return error;
	if (size && (size < 4 || size & (size - 1)))
		return text_fail(text, "a BAR's size is a power of 2, from 4 on");
	if (size > 2U << 30 && kind != 1)
		return text_fail(text, "without 64 bits a BAR has at most 2G");
	bar->kind = kind == 2 ? BARIO_KIND_PORT : BARIO_KIND_MEM;
	bar->wide = kind == 1;
	bar->size = size;
	bar->assigned = true;
	/* Somewhere: it is not reached by its address. */
	bar->address = kind == 2 ? 0xc000 + 0x400 * index :
		       size > 1 << 24 ? size : 0xf0000000 + 0x1000000 * index;
	error = text_word(text);
	if (!error && !size)
		error = text_fail(text, "a BAR that has no size has no address: none");
	if (error <= 0)
		return error;
	if (strcmp(text->word, "none"))
		return text_fail(text, "'%s' is not none, for no address",
				 text->word);
	bar->assigned = false;
	bar->address = 0;
	return 0;
}

/* BAR OFFSET, inside a BAR that there is. */
static int need_place(struct text *text, struct sim_description *sim, uint64_t *bar,
			uint64_t *offset)
{
	int error = text_number(text, "the BAR's index", 5, bar);

	if (error)
		return error;
	if (!sim->info.bars[*bar].kind)
		return text_fail(text, "BAR %d was not described before",
				 (int)*bar);
	error = text_number(text, "the offset", UINT64_MAX, offset);
	if (!error && *offset >= sim->info.bars[*bar].size)
		error = text_fail(text, "past the end of BAR %d", (int)*bar);
	return error;
}

static int need_width(struct text *text, struct sim_description *sim, uint64_t bar,
		      uint64_t offset, uint64_t *width)
{
	struct bario_bar core = core_bar(&sim->info.bars[bar]);
	int error = text_number(text, "the width", 8, width);

	if (error)
		return error;
	core.assigned = true;
	if (bario_check_access(&core, PCIBARIO_READ, *width, offset))
		return text_fail(text, "no access of %d bytes can be made there",
				 (int)*width);
	return 0;
}

/* ram BAR OFFSET LENGTH [BYTE] */
static int parse_ram(struct text *text, struct sim_description *sim)
{
	uint64_t bar, offset, length, byte = 0;
	struct sim_ram *ram;
	int error;

	error = need_place(text, sim, &bar, &offset);
	if (!error)
		error = text_number(text, "the length", RAM_MAX, &length);
	if (error)
		return error;
	if (!length || length > sim->info.bars[bar].size - offset)
		return text_fail(text, "past the end of BAR %d, or nothing",
				 (int)bar);
	error = text_word(text);
	if (error < 0)
		return error;
	if (error && (!text_to_number(text->word, &byte) || byte > 0xff))
		return text_fail(text, "'%s' is not a byte", text->word);
	ram = grow_array(sim->rams, &sim->ram_count, sizeof(*ram));
	if (!ram)
		return -ENOMEM;
	sim->rams = ram;
	ram += sim->ram_count - 1;
	ram->bar = bar;
	ram->offset = offset;
	ram->length = length;
	ram->byte = byte;
	return 0;
}

/* How many values each behaviour takes; -1: any number. */
static const struct {
	const char	*name;
	int		values;
} behaviours[] = {
	[SIM_RW] = { "rw", 1 },
	[SIM_RO] = { "ro", 1 },
	[SIM_RC] = { "rc", 1 },
	[SIM_W1C] = { "w1c", 1 },
	[SIM_FIFO] = { "fifo", -1 },
	[SIM_BUSY] = { "busy", 3 },
	[SIM_ONES] = { "ones", 0 },
	[SIM_FAIL] = { "fail", 0 },
	[SIM_UNPLUG] = { "unplug", 0 },
};

static int need_behaviour(struct text *text)
{
	const char *names[COUNT(behaviours)];
	size_t i;

	for (i = 0; i < COUNT(names); i++)
		names[i] = behaviours[i].name;
	return need_choice(text, "one of rw, ro, rc, w1c, fifo, busy, ones, fail and unplug",
			   names, COUNT(names));
}

/* One more value of a register. */
static int add_value(struct text *text, struct sim_description *sim,
		     struct sim_register *reg, uint64_t value)
{
	uint64_t *values;

	if (reg->behaviour != SIM_FIFO) {
		reg->values[reg->count++] = value;
		return 0;
	}
	if (reg->count == BARIO_SIM_FIFO_MAX)
		return text_fail(text, "a FIFO has at most %d values",
				 BARIO_SIM_FIFO_MAX);
	if (!reg->count)
		reg->first = sim->value_count;
	values = grow_array(sim->values, &sim->value_count, sizeof(*values));
	if (!values)
		return -ENOMEM;
	sim->values = values;
	values[sim->value_count - 1] = value;
	reg->count++;
	return 0;
}

static int take_values(struct text *text, struct sim_description *sim,
		       struct sim_register *reg)
{
	const int want = behaviours[reg->behaviour].values;
	uint64_t value, max;
	int error;

	while (want < 0 || reg->count < (size_t)want) {
		/* Of busy the first is a number of reads. */
		max = reg->behaviour == SIM_BUSY && !reg->count ? UINT32_MAX :
			bario_all_ones(reg->width);
		error = text_word(text);
		if (error < 0)
			return error;
		if (!error && want < 0)
			break;
		if (!error)
			return text_fail(text, "%s takes %d value%s",
					 behaviours[reg->behaviour].name, want,
					 want > 1 ? "s" : "");
		if (!text_to_number(text->word, &value) || value > max)
			return text_fail(text, "'%s' is not a value of %d byte%s",
					 text->word, reg->width,
					 reg->width > 1 ? "s" : "");
		error = add_value(text, sim, reg, value);
		if (error)
			return error;
	}
	return 0;
}

/* [by BAR OFFSET]: a write there starts it, and until then it is not busy. */
static int take_start(struct text *text, struct sim_description *sim,
		      struct sim_register *reg)
{
	uint64_t bar, offset;
	int error = text_word(text);

	if (error <= 0)
		return error;
	if (strcmp(text->word, "by"))
		return text_fail(text, "'%s' is not by, for the register whose write starts it",
				 text->word);
	error = need_place(text, sim, &bar, &offset);
	if (error)
		return error;
	reg->starts = true;
	reg->start_bar = bar;
	reg->start_offset = offset;
	reg->next = reg->values[0];
	return 0;
}

/* reg BAR OFFSET WIDTH BEHAVIOUR [VALUE]... [by BAR OFFSET] */
static int parse_register(struct text *text, struct sim_description *sim)
{
	uint64_t bar, offset, width;
	struct sim_register *reg;
	int error, behaviour;

	error = need_place(text, sim, &bar, &offset);
	if (!error)
		error = need_width(text, sim, bar, offset, &width);
	if (error)
		return error;
	behaviour = need_behaviour(text);
	if (behaviour < 0)
		return behaviour;
	reg = grow_array(sim->registers, &sim->register_count, sizeof(*reg));
	if (!reg)
		return -ENOMEM;
	sim->registers = reg;
	reg += sim->register_count - 1;
	reg->bar = bar;
	reg->width = width;
	reg->offset = offset;
	reg->behaviour = behaviour;
	error = take_values(text, sim, reg);
	if (!error && behaviour == SIM_BUSY)
		error = take_start(text, sim, reg);
	return error;
}

/* config OFFSET WIDTH VALUE */
static int parse_config(struct text *text, struct sim_description *sim)
{
	uint64_t offset, width, value;
	int error;

	error = text_number(text, "the offset", SIM_CONFIG - 1, &offset);
	if (!error)
		error = text_number(text, "the width", 4, &width);
	if (error)
		return error;
	if (offset < 0x40 || bario_check_config(offset, width))
		return text_fail(text, "the width is 1, 2 or 4, and the offset a multiple of it from 0x40 on");
	error = text_number(text, "the value", bario_all_ones(width), &value);
	if (error)
		return error;
	for (; width; width--, value >>= 8)
		sim->config[offset++] = value;
	return 0;
}

/* capabilities OFFSET */
static int parse_capabilities(struct text *text, struct sim_description *sim)
{
	uint64_t offset;
	int error = text_number(text, "the first one's place", SIM_CONFIG - 4,
				&offset);

	if (!error && (offset < 0x40 || offset % 4))
		error = text_fail(text, "capabilities are at multiples of 4 from 0x40 on");
	if (!error)
		sim->config[SIM_CAPABILITIES] = offset;
	return error;
}

/* off mem|port */
static int parse_off(struct text *text, struct sim_description *sim)
{
	static const char *const kinds[] = { "mem", "port" };
	const int kind = need_choice(text, "one of mem and port", kinds,
				     COUNT(kinds));

	if (kind < 0)
		return kind;
	sim->off[kind ? BARIO_KIND_PORT : BARIO_KIND_MEM] = true;
	return 0;
}

static int parse_asleep(struct text *text, struct sim_description *sim)
{
	(void)text;
	sim->asleep = true;
	return 0;
}

/* replay read|write BAR OFFSET WIDTH VALUE */
static int parse_replay(struct text *text, struct sim_description *sim)
{
	static const char *const names[] = { "read", "write" };
	uint64_t bar, offset, width, value;
	struct sim_step *step;
	int error, op;

	op = need_choice(text, "one of read and write", names, COUNT(names));
	if (op < 0)
		return op;
	error = need_place(text, sim, &bar, &offset);
	if (!error)
		error = need_width(text, sim, bar, offset, &width);
	if (!error)
		error = text_number(text, "the value", bario_all_ones(width),
				    &value);
	if (error)
		return error;
	step = grow_array(sim->steps, &sim->step_count, sizeof(*step));
	if (!step)
		return -ENOMEM;
	sim->steps = step;
	step[sim->step_count - 1] = (struct sim_step){
		.access = {
			.write = op, .space = bar, .width = width,
			.offset = offset, .value = value,
		},
		.line = text->line,
	};
	return 0;
}

static const struct {
	const char	*name;
	int		(*parse)(struct text *text, struct sim_description *sim);
} lines[] = {
	{ "address", need_address },
	{ "id", parse_id },
	{ "subsystem", parse_subsystem },
	{ "class", parse_class },
	{ "revision", parse_revision },
	{ "driver", parse_driver },
	{ "bar", parse_bar },
	{ "ram", parse_ram },
	{ "reg", parse_register },
	{ "config", parse_config },
	{ "capabilities", parse_capabilities },
	{ "off", parse_off },
	{ "asleep", parse_asleep },
	{ "replay", parse_replay },
};

int sim_parse(struct sim_description *sim, const char *chars,
	      const char *name)
{
	struct text text;
	size_t i;
	int error;

	text_begin(&text, chars, name);
	while (text_line(&text)) {
		error = text_need(&text, "what this line describes");
		if (error)
			return error;
		for (i = 0; i < COUNT(lines); i++)
			if (!strcmp(text.word, lines[i].name))
				break;
		if (i == COUNT(lines))
			return text_fail(&text, "'%s' is nothing that a device is described by",
					 text.word);
		error = lines[i].parse(&text, sim);
		if (!error)
			error = text_end(&text);
		if (error)
			return error;
	}
	return 0;
}
