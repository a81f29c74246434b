// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* bario run: a script of accesses as one program. bario-script(5) has the format. */
#include <stdlib.h>
#include <string.h>
#include "../lib/text.h"
#include "map.h"

/* The script: its steps, and where each came from. */
static struct script {
	size_t			count;
	unsigned int		flags;
	struct bario_op		steps[BARIO_OPS_MAX];
	struct place		places[BARIO_OPS_MAX];
	char			names[BARIO_OPS_MAX][TEXT_WORD];
	unsigned int		lines[BARIO_OPS_MAX];
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
	enum bario_op_code	op;
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

static int take_step(struct text *text, const struct map *map)
{
	struct bario_op *step = &script.steps[script.count];
	struct place *place = &script.places[script.count];
	char *name = script.names[script.count];
	unsigned int with;
	int error = 0;
	size_t i;

	for (i = 0; i < COUNT(operations); i++)
		if (!strcmp(text->word, operations[i].name))
			break;
	if (i == COUNT(operations))
		return text_fail(text, "'%s' is not one of read, write, and, or, xor, poll, delay, expect and atomic",
				 text->word);
	if (script.count == BARIO_OPS_MAX)
		return text_fail(text, "a script has at most %d steps",
				 BARIO_OPS_MAX);
	script.lines[script.count] = text->line;
	step->op = operations[i].op;
	with = operations[i].with;
	if (with & WITH_PLACE)
		error = take_place(text, map, place, step);
	if (!error)
		strcpy(name, text->word);
	if (!error && (with & WITH_PLACE))
		error = check_map(text, map, place, name, with);
	if (!error && (with & WITH_VALUE))
		error = take_value(text, with, map, place, name, step);
	if (!error && (with & WITH_TIME))
		error = take_time(text, step);
	script.count++;
	return error;
}

static int take_script(const char *chars, const char *name,
		       const struct map *map)
{
	struct text text;
	int error = 0;

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

static bool reads(const struct bario_op *step)
{
	return step->op != BARIO_OP_WRITE && step->op != BARIO_OP_DELAY;
}

static const char *operation_name(const struct bario_op *step)
{
	size_t i;

	for (i = 0; i < COUNT(operations); i++)
		if (operations[i].op == step->op)
			return operations[i].name;
	return "replace";
}

/* The program as it would run, a line for each step. */
static void show_program(void)
{
	const struct bario_op *step;
	char where[PLACE_TEXT];
	size_t i;

	if (script.flags & BARIO_RUN_ATOMIC)
		puts("atomic");
	for (i = 0; i < script.count; i++) {
		step = &script.steps[i];
		printf("%zu %s", i + 1, operation_name(step));
		if (step->op != BARIO_OP_DELAY) {
			place_text(&script.places[i], where);
			printf(" %s", where);
		}
		if (step->op != BARIO_OP_DELAY && step->op != BARIO_OP_READ)
			printf(" 0x%llx", (unsigned long long)step->value);
		if (step->mask)
			printf(":0x%llx", (unsigned long long)step->mask);
		if (step->timeout)
			printf(" %lluns", (unsigned long long)step->timeout);
		putchar('\n');
	}
}

static void show_results(struct bario *dev, size_t ran, bool json)
{
	struct json_object *all = json_object_new_array(), *one;
	size_t i;

	for (i = 0; i < ran; i++) {
		if (!reads(&script.steps[i]))
			continue;
		if (json) {
			one = json_value(dev, script.names[i],
					 &script.places[i],
					 script.steps[i].result);
			json_object_object_add(one, "line",
				json_object_new_int(script.lines[i]));
			json_object_array_add(all, one);
		} else {
			show_value(script.names[i], &script.places[i],
				   script.steps[i].result);
		}
	}
	if (json)
		put_json(all);
	else
		json_object_put(all);
}

int run_run(int argc, char **argv)
{
	struct options opt;
	struct bario *dev;
	struct map *map;
	char **args, *chars;
	size_t ran;
	int error, status = 0;

	args = options(argc, argv, OPTION_JSON | OPTION_MAP | OPTION_DRY, 2, 2,
		       &opt);
	if (text_load(args[1], &chars))
		exit(failed());
	dev = device_or_die(args[0], opt.dry ? BARIO_OPEN_INFO : 0);
	map = map_for(dev, opt.map);
	if (take_script(chars, args[1], map))
		exit(failed());
	free(chars);
	if (opt.dry) {
		show_program();
	} else {
		error = bario_run(dev, script.steps, script.count,
				  script.flags, &ran);
		show_results(dev, ran, opt.json);
		if (error)
			status = failed();
	}
	map_free(map);
	bario_close(dev);
	return status;
}
