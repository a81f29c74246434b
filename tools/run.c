// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* bario run: a script of accesses as a program. bario-script(5) has the format. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "../lib/text.h"
#include "tool.h"

/* Where an operation came from. */
struct origin {
	struct bario_place	place;
	char			*name;	/* as it was typed */
	unsigned int		line;
};

/* The script: its operations, and where each came from. */
static struct script {
	const char	*file;
	size_t		count, capacity;
	unsigned int	flags;
	struct bario_op	*ops;
	struct origin	*origins;
	char		hint[320];	/* if it is wrong */
} script;

/* What follows an operation's name, and what it does to a whole register. */
#define WITH_READ	BARIO_REG_READ
#define WITH_WRITE	BARIO_REG_WRITE
#define WITH_PLACE	0x10
#define WITH_VALUE	0x20
#define WITH_MASK	0x40	/* the value may have a mask */
#define WITH_TIME	0x80

static const struct {
	const char	*name;
	uint8_t		op;
	unsigned int	with;
} operations[] = {
	{ "read", BARIO_OP_READ, WITH_PLACE | WITH_READ },
	{ "write", BARIO_OP_WRITE, WITH_PLACE | WITH_VALUE | WITH_MASK | WITH_WRITE },
	{ "and", BARIO_OP_AND, WITH_PLACE | WITH_VALUE | WITH_READ | WITH_WRITE },
	{ "or", BARIO_OP_OR, WITH_PLACE | WITH_VALUE | WITH_READ | WITH_WRITE },
	{ "xor", BARIO_OP_XOR, WITH_PLACE | WITH_VALUE | WITH_READ | WITH_WRITE },
	{ "poll", BARIO_OP_POLL, WITH_PLACE | WITH_VALUE | WITH_MASK | WITH_TIME | WITH_READ },
	{ "delay", BARIO_OP_DELAY, WITH_TIME },
	{ "expect", BARIO_OP_EXPECT, WITH_PLACE | WITH_VALUE | WITH_MASK | WITH_READ },
};

/* What the library says of a word of the script; its hint is kept. */
static int fail_word(const struct text *text)
{
	snprintf(script.hint, sizeof(script.hint), "%s", bario_last_error()->hint);
	return text_fail(text, "%s", bario_last_error()->message);
}

static int take_place(struct text *text, struct bario *dev,
		      const struct bario_regmap *map, struct bario_place *place,
		      struct bario_op *op)
{
	int error = text_need(text, "a place");

	if (error)
		return error;
	if (bario_place_parse(dev, map, text->word, 0, place))
		return fail_word(text);
	if (place->space == BARIO_SPACE_CONFIG)
		return text_fail(text, "a script is for registers of BARs");
	op->bar = place->space;
	op->width = place->width;
	op->offset = place->offset;
	return 0;
}

/* What the map says of the whole register that the operation is on. */
static int check_map(struct text *text, const struct bario_place *place,
		     const char *name, unsigned int with)
{
	if (bario_place_allows(place, with & WITH_READ) ||
	    bario_place_allows(place, with & (WITH_READ | WITH_WRITE)))
		return fail_word(text);
	if ((with & WITH_READ) && (with & WITH_WRITE) && place->w1c)
		return text_fail(text, "'%s' would write back the bits that are set, and so clear those that the map has as w1c: write VALUE:MASK does not",
				 name);
	return 0;
}

static int take_value(struct text *text, unsigned int with,
		      const struct bario_place *place, struct bario_op *op)
{
	const bool write = op->op == BARIO_OP_WRITE;
	uint64_t value, mask;
	int error = text_need(text, "a value");

	if (error)
		return error;
	if (bario_place_parse_value(place, text->word,
				    write ? BARIO_PLACE_WRITE : 0, &value,
				    &mask))
		return fail_word(text);
	if (!(with & WITH_MASK) && (place->field || strchr(text->word, ':')))
		return text_fail(text, "this operation is on a whole register");
	op->value = value;
	if (write && mask != UINT64_MAX >> (64 - 8 * place->width))
		op->op = BARIO_OP_REPLACE;
	if (op->op != BARIO_OP_WRITE && (with & WITH_MASK))
		op->mask = mask;
	return 0;
}

static int take_time(struct text *text, struct bario_op *op)
{
	const char *why;
	int error = text_need(text, "a time");

	if (!error && !parse_time(text->word, &op->timeout, &why))
		error = text_fail(text, "%s", why);
	return error;
}

static void add_operation(void)
{
	if (script.count == script.capacity) {
		script.capacity = script.capacity ? 2 * script.capacity : 64;
		script.ops = realloc(script.ops, script.capacity *
				       sizeof(*script.ops));
		script.origins = realloc(script.origins, script.capacity *
					 sizeof(*script.origins));
		if (!script.ops || !script.origins)
			out_of_memory();
	}
	script.ops[script.count] = (struct bario_op){ 0 };
	script.origins[script.count] = (struct origin){ 0 };
	script.count++;
}

static void free_script(void)
{
	size_t i;

	for (i = 0; i < script.count; i++)
		free(script.origins[i].name);
	free(script.origins);
	free(script.ops);
}

static int take_operation(struct text *text, struct bario *dev,
			  const struct bario_regmap *map)
{
	struct bario_op *op;
	struct origin *origin;
	unsigned int with;
	int error = 0;
	size_t i;

	for (i = 0; i < COUNT(operations); i++)
		if (!strcmp(text->word, operations[i].name))
			break;
	if (i == COUNT(operations))
		return text_fail(text, "'%s' is not one of read, write, and, or, xor, poll, delay, expect and atomic",
				 text->word);
	add_operation();
	op = &script.ops[script.count - 1];
	origin = &script.origins[script.count - 1];
	origin->line = text->line;
	op->op = operations[i].op;
	with = operations[i].with;
	if (with & WITH_PLACE) {
		error = take_place(text, dev, map, &origin->place, op);
		if (error)
			return error;
		origin->name = strdup(text->word);
		if (!origin->name)
			out_of_memory();
		error = check_map(text, &origin->place, origin->name, with);
	}
	if (!error && (with & WITH_VALUE))
		error = take_value(text, with, &origin->place, op);
	if (!error && (with & WITH_TIME))
		error = take_time(text, op);
	return error;
}

static int take_script(const char *chars, const char *name, struct bario *dev,
		       const struct bario_regmap *map)
{
	struct text text;
	int error = 0;

	script.file = name;
	text_begin(&text, chars, name);
	while (!error && text_line(&text)) {
		error = text_need(&text, "an operation");
		if (error)
			break;
		if (!strcmp(text.word, "atomic"))
			script.flags |= BARIO_RUN_ATOMIC;
		else
			error = take_operation(&text, dev, map);
		if (!error)
			error = text_end(&text);
	}
	if (!error && !script.count)
		error = text_fail(&text, "there is no operation in it");
	return error;
}

/* ---- what is wrong with an operation, by its line ---- */

static int failed_at(size_t index, uint32_t cause, int code,
		     const char *hint, const char *message)
{
	return failed_as(cause, code, hint, "%s:%u: %s", script.file,
			 script.origins[index].line, message);
}

static unsigned int op_rights(const struct bario_op *op)
{
	switch (op->op) {
	case BARIO_OP_READ:
	case BARIO_OP_POLL:
	case BARIO_OP_EXPECT:
		return BARIO_RIGHT_READ;
	case BARIO_OP_WRITE:
		return BARIO_RIGHT_WRITE;
	default:
		return BARIO_RIGHT_READ | BARIO_RIGHT_WRITE;
	}
}

static void op_or_die(bool right, size_t index, const char *message)
{
	if (!right)
		exit(failed_at(index, BARIO_CAUSE_TEXT, EINVAL, "", message));
}

/* An atomic script is one program; for others there is no limit. */
static void limits_or_die(void)
{
	char message[80];
	size_t i;

	if (!(script.flags & BARIO_RUN_ATOMIC))
		return;
	for (i = 0; i < script.count; i++)
		op_or_die(!script.ops[i].timeout &&
			    script.ops[i].op != BARIO_OP_POLL &&
			    script.ops[i].op != BARIO_OP_DELAY, i,
			    "an atomic script neither polls nor delays");
	snprintf(message, sizeof(message),
		 "an atomic script has at most %d operations, and this is one more",
		 BARIO_ATOMIC_MAX);
	op_or_die(script.count <= BARIO_ATOMIC_MAX, BARIO_ATOMIC_MAX, message);
}

/* All of them, before the first runs, and whether it runs or is shown. */
static void ops_or_die(struct bario *dev)
{
	const struct bario_error *error;
	const struct bario_op *op;
	size_t i;

	for (i = 0; i < script.count; i++) {
		op = &script.ops[i];
		if (op->op == BARIO_OP_DELAY ||
		    !bario_check(dev, op->bar, op->offset, op->width,
				 op_rights(op)))
			continue;
		error = bario_last_error();
		exit(failed_at(i, error->cause, error->code, error->hint,
			       error->message));
	}
}

/* What the library says of an operation in the program that began with @first. */
static int failed_program(size_t first)
{
	const struct bario_error *error = bario_last_error();
	const char *message = error->message;
	int prefix = 0;

	if (error->index == BARIO_NONE)
		return failed();
	/* The index there is of the program; the script has lines. */
	if (sscanf(message, "ops[%*u]: %n", &prefix) == 0)
		message += prefix;
	return failed_at(first + error->index, error->cause, error->code,
			 error->hint, message);
}

/* ---- what it does ---- */

static bool op_reads(const struct bario_op *op)
{
	return op->op != BARIO_OP_WRITE && op->op != BARIO_OP_DELAY;
}

/* How many operations from @first on the module takes as one program. */
static size_t program_length(size_t first)
{
	uint64_t time = 0;
	size_t i;

	for (i = first; i < script.count && i - first < BARIO_OPS_MAX; i++) {
		time += script.ops[i].timeout;
		if (time > BARIO_TIME_MAX)
			break;
	}
	return i - first;
}

static const char *operation_name(const struct bario_op *op)
{
	size_t i;

	for (i = 0; i < COUNT(operations); i++)
		if (operations[i].op == op->op)
			return operations[i].name;
	/* What a write with a mask has become. */
	return "write";
}

static void show_operation(size_t index)
{
	const struct bario_op *op = &script.ops[index];
	char where[BARIO_PLACE_TEXT];

	fputs(operation_name(op), stdout);
	if (op->op != BARIO_OP_DELAY) {
		bario_place_text(&script.origins[index].place, 0, where);
		printf(" %s", where);
	}
	if (op->op != BARIO_OP_DELAY && op->op != BARIO_OP_READ)
		printf(" 0x%llx", (unsigned long long)op->value);
	if (op->mask)
		printf(":0x%llx", (unsigned long long)op->mask);
	if (op->op == BARIO_OP_DELAY || op->op == BARIO_OP_POLL)
		printf(" %lluns", (unsigned long long)op->timeout);
	putchar('\n');
}

/* As it would run, in the form of a script. */
static void show_script(void)
{
	size_t i, end = 0;

	if (script.flags & BARIO_RUN_ATOMIC)
		puts("atomic");
	for (i = 0; i < script.count; i++) {
		if (i && i == end)
			puts("# another program: others may come in between");
		if (i == end)
			end += program_length(i);
		show_operation(i);
	}
}

/* What the operations have read, or with @all as JSON to there. */
static void show_results(struct bario *dev, size_t first, size_t count,
			 struct json_object *all)
{
	const struct origin *origin;
	struct json_object *one;
	size_t i;

	for (i = first; i < first + count; i++) {
		origin = &script.origins[i];
		if (!op_reads(&script.ops[i]))
			continue;
		if (!all) {
			show_value(origin->name, &origin->place,
				   script.ops[i].result);
			continue;
		}
		one = json_value(dev, origin->name, &origin->place,
				 script.ops[i].result);
		json_object_object_add(one, "line",
				       json_object_new_int(origin->line));
		json_object_array_add(all, one);
	}
}

/* As one program, or as several where it is longer than one may be. */
static int run_script(struct bario *dev, bool json)
{
	struct json_object *all = json ? json_object_new_array() : NULL;
	struct bario_run_result ran;
	size_t first, count = 0;
	int error = 0;

	for (first = 0; first < script.count && !error; first += count) {
		count = program_length(first);
		error = bario_run(dev, script.ops + first, count,
				  script.flags, &ran, sizeof(ran));
		show_results(dev, first, ran.ran, all);
	}
	if (all)
		put_json(all);
	return error ? failed_program(first - count) : 0;
}

int run_run(int argc, char **argv)
{
	struct options opt;
	struct bario *dev;
	struct bario_regmap *map;
	char **args, *chars;
	int status = 0;

	args = options(argc, argv, OPTION_JSON | OPTION_MAP | OPTION_DRY, 2, 2,
		       &opt);
	if (text_load(args[1], &chars))
		exit(failed());
	dev = device_or_die(args[0], opt.dry ? BARIO_OPEN_INFO : 0);
	map = regmap_or_die(dev, opt.map, 0);
	if (take_script(chars, args[1], dev, map))
		exit(failed_as(bario_last_error()->cause, bario_last_error()->code,
			       script.hint, "%s", bario_last_error()->message));
	free(chars);
	limits_or_die();
	if (opt.dry || script.count > 1)
		ops_or_die(dev);
	if (opt.dry)
		show_script();
	else
		status = run_script(dev, opt.json);
	free_script();
	bario_regmap_close(map);
	bario_close(dev);
	return status;
}
