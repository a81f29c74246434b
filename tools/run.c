// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* bario run: a script of accesses as a program. bario-script(5) has the format. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "../lib/text.h"
#include "map.h"

/* Where a step came from. */
struct origin {
	struct place	place;
	char		*name;	/* as it was typed */
	unsigned int	line;
};

/* The script: its steps, and where each came from. */
static struct script {
	const char	*file;
	size_t		count, room;
	unsigned int	flags;
	struct bario_op	*steps;
	struct origin	*origins;
} script;

/* What stands behind an operation, and what it does to a whole register. */
#define WITH_READ	REG_READ
#define WITH_WRITE	REG_WRITE
#define WITH_PLACE	0x10
#define WITH_VALUE	0x20
#define WITH_MASK	0x40	/* the value may have a mask */
#define WITH_TIME	0x80

static const struct {
	const char		*name;
	uint8_t		op;
	unsigned int		with;
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

static int take_place(struct text *text, const struct map *map,
		      struct place *place, struct bario_op *step)
{
	const char *why;
	int error = text_need(text, "a place");

	if (error)
		return error;
	if (!parse_place(text->word, true, map, place, &why))
		return text_fail(text, "%s", why);
	if (place->space == BARIO_SPACE_CONFIG)
		return text_fail(text, "a script is for registers of BARs");
	step->bar = place->space;
	step->width = place->width;
	step->offset = place->offset;
	return 0;
}

/* What the map says of the whole register that the operation is on. */
static int check_map(struct text *text, const struct map *map,
		     const struct place *place, const char *name,
		     unsigned int with)
{
	const char *why;

	if (!place_allows(place, name, with & WITH_READ, &why) ||
	    !place_allows(place, name, with & (WITH_READ | WITH_WRITE), &why))
		return text_fail(text, "%s", why);
	if ((with & WITH_READ) && (with & WITH_WRITE) &&
	    ((place->reg && place->reg->w1c) || map_w1c(map, place, NULL)))
		return text_fail(text, "'%s' would write back the bits that are set, and so clear those that the map has as w1c: write VALUE:MASK does not",
				 name);
	return 0;
}

static int take_value(struct text *text, unsigned int with,
		      const struct map *map, const struct place *place,
		      const char *name, struct bario_op *step)
{
	struct wanted wanted;
	const char *why;
	int error = text_need(text, "a value");

	if (error)
		return error;
	if (!(step->op == BARIO_OP_WRITE ?
	      parse_write(text->word, name, place, map_w1c(map, place, NULL),
			  &wanted, &why) :
	      parse_wanted(text->word, place, &wanted, &why)))
		return text_fail(text, "%s", why);
	if (wanted.masked && !(with & WITH_MASK))
		return text_fail(text, "this operation is on a whole register");
	step->value = wanted.value;
	if (step->op == BARIO_OP_WRITE && wanted.masked)
		step->op = BARIO_OP_REPLACE;
	if (step->op != BARIO_OP_WRITE && (with & WITH_MASK))
		step->mask = wanted.mask;
	return 0;
}

static int take_time(struct text *text, struct bario_op *step)
{
	const char *why;
	int error = text_need(text, "a time");

	if (!error && !parse_time(text->word, &step->timeout, &why))
		error = text_fail(text, "%s", why);
	return error;
}

static void add_step(void)
{
	if (script.count == script.room) {
		script.room = script.room ? 2 * script.room : 64;
		script.steps = realloc(script.steps, script.room *
				       sizeof(*script.steps));
		script.origins = realloc(script.origins, script.room *
					 sizeof(*script.origins));
		if (!script.steps || !script.origins)
			out_of_memory();
	}
	script.steps[script.count] = (struct bario_op){ 0 };
	script.origins[script.count] = (struct origin){ 0 };
	script.count++;
}

static void free_script(void)
{
	size_t i;

	for (i = 0; i < script.count; i++)
		free(script.origins[i].name);
	free(script.origins);
	free(script.steps);
}

static int take_step(struct text *text, const struct map *map)
{
	struct bario_op *step;
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
	add_step();
	step = &script.steps[script.count - 1];
	origin = &script.origins[script.count - 1];
	origin->line = text->line;
	step->op = operations[i].op;
	with = operations[i].with;
	if (with & WITH_PLACE) {
		error = take_place(text, map, &origin->place, step);
		if (error)
			return error;
		origin->name = strdup(text->word);
		if (!origin->name)
			out_of_memory();
		error = check_map(text, map, &origin->place, origin->name, with);
	}
	if (!error && (with & WITH_VALUE))
		error = take_value(text, with, map, &origin->place,
				   origin->name, step);
	if (!error && (with & WITH_TIME))
		error = take_time(text, step);
	return error;
}

static int take_script(const char *chars, const char *name,
		       const struct map *map)
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
			error = take_step(&text, map);
		if (!error)
			error = text_end(&text);
	}
	if (!error && !script.count)
		error = text_fail(&text, "there is no step in it");
	return error;
}

/* ---- what is wrong with a step, by its line ---- */

static int failed_at(size_t step, uint32_t cause, int code,
		     const char *hint, const char *message)
{
	return failed_as(cause, code, hint, "%s:%u: %s", script.file,
			 script.origins[step].line, message);
}

static unsigned int step_rights(const struct bario_op *step)
{
	switch (step->op) {
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

static void step_or_die(bool right, size_t step, const char *message)
{
	if (!right)
		exit(failed_at(step, BARIO_CAUSE_TEXT, EINVAL, "", message));
}

/* An atomic script is one program; for others there is no limit. */
static void limits_or_die(void)
{
	char message[80];
	size_t i;

	if (!(script.flags & BARIO_RUN_ATOMIC))
		return;
	for (i = 0; i < script.count; i++)
		step_or_die(!script.steps[i].timeout &&
			    script.steps[i].op != BARIO_OP_POLL &&
			    script.steps[i].op != BARIO_OP_DELAY, i,
			    "an atomic script neither polls nor delays");
	snprintf(message, sizeof(message),
		 "an atomic script has at most %d steps, and this is one more",
		 BARIO_ATOMIC_MAX);
	step_or_die(script.count <= BARIO_ATOMIC_MAX, BARIO_ATOMIC_MAX, message);
}

/* All of them, before the first runs, and whether it runs or is shown. */
static void steps_or_die(struct bario *dev)
{
	const struct bario_error *error;
	const struct bario_op *step;
	size_t i;

	for (i = 0; i < script.count; i++) {
		step = &script.steps[i];
		if (step->op == BARIO_OP_DELAY ||
		    !bario_check(dev, step->bar, step->offset, step->width,
				 step_rights(step)))
			continue;
		error = bario_last_error();
		exit(failed_at(i, error->cause, error->code, error->hint,
			       error->message));
	}
}

/* What the library says of a step in the program that began with step @first. */
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

static bool reads(const struct bario_op *step)
{
	return step->op != BARIO_OP_WRITE && step->op != BARIO_OP_DELAY;
}

/* How many steps from @first on the module takes as one program. */
static size_t program_length(size_t first)
{
	uint64_t time = 0;
	size_t i;

	for (i = first; i < script.count && i - first < BARIO_OPS_MAX; i++) {
		time += script.steps[i].timeout;
		if (time > BARIO_TIME_MAX)
			break;
	}
	return i - first;
}

static const char *operation_name(const struct bario_op *step)
{
	size_t i;

	for (i = 0; i < COUNT(operations); i++)
		if (operations[i].op == step->op)
			return operations[i].name;
	/* What a write with a mask has become. */
	return "write";
}

static void show_step(size_t index)
{
	const struct bario_op *step = &script.steps[index];
	char where[PLACE_TEXT];

	fputs(operation_name(step), stdout);
	if (step->op != BARIO_OP_DELAY) {
		place_text(&script.origins[index].place, where);
		printf(" %s", where);
	}
	if (step->op != BARIO_OP_DELAY && step->op != BARIO_OP_READ)
		printf(" 0x%llx", (unsigned long long)step->value);
	if (step->mask)
		printf(":0x%llx", (unsigned long long)step->mask);
	if (step->op == BARIO_OP_DELAY || step->op == BARIO_OP_POLL)
		printf(" %lluns", (unsigned long long)step->timeout);
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
		show_step(i);
	}
}

/* What the steps have read, or with @all as JSON to there. */
static void show_results(struct bario *dev, size_t first, size_t count,
			 struct json_object *all)
{
	const struct origin *origin;
	struct json_object *one;
	size_t i;

	for (i = first; i < first + count; i++) {
		origin = &script.origins[i];
		if (!reads(&script.steps[i]))
			continue;
		if (!all) {
			show_value(origin->name, &origin->place,
				   script.steps[i].result);
			continue;
		}
		one = json_value(dev, origin->name, &origin->place,
				 script.steps[i].result);
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
		error = bario_run(dev, script.steps + first, count,
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
	struct map *map;
	char **args, *chars;
	int status = 0;

	args = options(argc, argv, OPTION_JSON | OPTION_MAP | OPTION_DRY, 2, 2,
		       &opt);
	if (text_load(args[1], &chars))
		exit(failed());
	dev = device_or_die(args[0], opt.dry ? BARIO_OPEN_INFO : 0);
	map = map_for(dev, opt.map);
	if (take_script(chars, args[1], map))
		exit(failed());
	free(chars);
	limits_or_die();
	if (opt.dry || script.count > 1)
		steps_or_die(dev);
	if (opt.dry)
		show_script();
	else
		status = run_script(dev, opt.json);
	free_script();
	map_free(map);
	bario_close(dev);
	return status;
}
