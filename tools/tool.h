/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What the subcommands of bario share. */
#ifndef BARIO_TOOL_H
#define BARIO_TOOL_H

#include <json-c/json.h>
#include <stdio.h>
#include "../include/bario.h"

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))
#define PRINTS(at)	__attribute__((format(printf, at, (at) + 1)))

/* Exit status; bario(8) has them. */
#define EXIT_FAILED	1	/* none of the others */
#define EXIT_USAGE	2	/* what was asked for makes no sense */
#define EXIT_NO_DEVICE	3	/* there is none, or it has gone */
#define EXIT_DENIED	4	/* not to you */
#define EXIT_BUSY	5	/* a driver or something else has it */
#define EXIT_NO_RESPONSE	6	/* the device does not answer */
#define EXIT_MISMATCH	7	/* what was waited for or compared is not so */
#define EXIT_NO_CAP	8	/* the device has no such capability */

/**
 * struct command - a subcommand
 * @name: as it is typed
 * @arguments: for its usage line
 * @help: in a line
 * @run: does it: options and arguments behind the name, as for main(); returns
 *	the exit status
 */
struct command {
	const char	*name;
	const char	*arguments;
	const char	*help;
	int		(*run)(int argc, char **argv);
};

int run_list(int argc, char **argv);
int run_info(int argc, char **argv);
int run_read(int argc, char **argv);
int run_write(int argc, char **argv);
int run_dump(int argc, char **argv);
int run_config(int argc, char **argv);
int run_wait(int argc, char **argv);
int run_run(int argc, char **argv);
int run_grant(int argc, char **argv);
int run_exec(int argc, char **argv);
int run_doctor(int argc, char **argv);
int run_diff(int argc, char **argv);
int run_trace(int argc, char **argv);

/* ---- main.c ---- */

/* The options that subcommands take: bit by bit, see options(). */
#define OPTION_JSON	0x1
#define OPTION_MAP	0x2
#define OPTION_DRY	0x4
#define OPTION_USER	0x8
#define OPTION_MOUNT	0x10
#define OPTION_TREE	0x20
#define OPTION_CDI	0x40

struct options {
	bool		json;
	bool		dry;
	bool		mount;
	bool		tree;
	bool		cdi;
	const char	*map;	/* file */
	const char	*user;
};

/**
 * options() - take a subcommand's options apart
 * @argc: as main()
 * @argv: as main()
 * @which: OPTION_*
 * @least: arguments behind them, at least
 * @most: and at most
 * @options: out
 *
 * Ends the program for --help and for what is wrong.
 *
 * Return: the arguments, of which there are argc minus what is before them;
 * the last is followed by NULL.
 */
char **options(int argc, char **argv, unsigned int which, int least, int most,
	       struct options *options);

/* Ends the program: wrong usage. */
void usage(const char *format, ...) PRINTS(1) __attribute__((noreturn));

/*
 * Says what is wrong, with --json as an object, and what would help, or "". Returns
 * the exit status for the cause.
 */
int failed_as(uint32_t cause, int code, const char *help,
	      const char *format, ...) PRINTS(4);

/* The same, of what the library says. */
int failed(void);

/* The same, of a system call that failed: adds what errno says. */
int failed_system(const char *what);

/* Opens a device, or ends the program as failed() says. */
struct bario *device_or_die(const char *name, unsigned int flags);

/* Ends the program for want of memory. */
_Noreturn void out_of_memory(void);

/* Memory that is all 0, or the end of the program. */
void *memory_or_die(size_t count, size_t size);

/* Prints the object as a line, and lets go of it. */
void put_json(struct json_object *object);

/* A number as JSON has it here: text in hexadecimal, for it may have 64 bits. */
struct json_object *json_hex(uint64_t number);

/* ---- place.c ---- */

struct map;
struct reg;
struct field;

/**
 * struct place - BAR+OFFSET.WIDTH, or the name of a register, or of a field of it
 * @space: a BAR's index, or BARIO_SPACE_CONFIG
 * @offset: in bytes
 * @width: in bytes; 0 if none was given
 * @reg: the register of that name, or NULL
 * @field: the field of that name, or NULL
 */
struct place {
	unsigned int		space;
	uint64_t		offset;
	unsigned int		width;
	const struct reg	*reg;
	const struct field	*field;
};

/* What is to be written to a place, or to be seen there. */
struct wanted {
	uint64_t	value;
	uint64_t	mask;	/* which bits */
	bool		masked;	/* not all of them */
};

/*
 * Ends the program for what is no place, and if @width says so where none is
 * given. @map may be NULL: no names then.
 */
struct place place_or_die(const char *text, bool width, const struct map *map);

/*
 * The same without an end of the program: false, and in *why what is wrong, in a
 * text that lasts until the next call.
 */
bool parse_place(const char *text, bool width, const struct map *map,
		 struct place *place, const char **why);

/*
 * "OFFSET[.WIDTH]", to those members of @place. @whole is what was typed. Likewise.
 */
bool parse_offset(const char *text, const char *whole, struct place *place,
		  const char **why);

/* Notes in *why what is wrong, until the next call. Returns false. */
bool explain(const char **why, const char *format, ...) PRINTS(2);

/* In *why that the place @text has no width, and one that fits. Returns false. */
bool no_width(const char **why, const char *text, uint64_t offset);

/* VALUE or VALUE:MASK; for a field, its value. Likewise. */
bool parse_wanted(const char *text, const struct place *place,
		  struct wanted *wanted, const char **why);

/* All bits of a register. */
uint64_t width_bits(unsigned int width);

/*
 * parse_wanted() for what is to be written to the place @name: @wanted leaves alone
 * what it should, also the bits @w1c, which are cleared by writing 1. False, too, if
 * the map says that this can't be done.
 */
bool parse_write(const char *text, const char *name, const struct place *place,
		 uint64_t w1c, struct wanted *wanted, const char **why);

/*
 * Does the map allow an access that needs these of REG_READ and REG_WRITE? A place
 * without a name is not the map's. Likewise.
 */
bool place_allows(const struct place *place, const char *name,
		  unsigned int needs, const char **why);

/* 10us, 5ms, 2s, or 100ns, in nanoseconds. Likewise. */
bool parse_time(const char *text, uint64_t *ns, const char **why);

/* "0+0x40.4" */
#define PLACE_TEXT	40
void place_text(const struct place *place, char text[PLACE_TEXT]);

/* Ends the program for what is no number. */
uint64_t number_or_die(const char *text, const char *what);

/*
 * Ends the program for an access that would be refused for its place or for rights.
 * With @wanted it is the write of that.
 */
void access_or_die(struct bario *dev, const struct place *place,
		   const struct wanted *wanted);

/* One access, to a BAR or to configuration space; as bario_read(). */
int read_place(struct bario *dev, const struct place *place, uint64_t *value);
int write_place(struct bario *dev, const struct place *place, uint64_t value);

/* With a mask what is outside it stays: one read, and one write. */
int write_wanted(struct bario *dev, const struct place *place,
		 const struct wanted *wanted);

/*
 * Prints what a stretch of registers holds, at the place's width. Returns the exit
 * status.
 */
int dump_place(struct bario *dev, const struct map *map, struct place place,
	       uint64_t length, bool json);

/* What was read: the value, and for a name, which is @text, its fields. */
void show_value(const char *text, const struct place *place, uint64_t value);
struct json_object *json_value(struct bario *dev, const char *text,
			       const struct place *place, uint64_t value);

/* ---- capability.c ---- */

/* It looks like the name of a capability: CAP_EXP, ECAP_AER. */
bool is_capability(const char *text);

/* There is a capability of that name, on some device. */
bool capability_exists(const char *name);

/*
 * Where the device has it in configuration space; ends the program for a name that
 * is none, and where the device has none.
 */
unsigned int capability_or_die(struct bario *dev, const char *name);

/* ---- rule.c ---- */

/* It looks like a rule, and not like a device. */
bool is_rule(const char *text);

/* BAR[+OFFSET[/LENGTH]]:RIGHTS; ends the program for what is none. */
struct bario_rule rule_or_die(const char *text,
			      const struct bario_address *address);

/* The function that a rule is for. */
struct bario_address rule_address(const struct bario_rule *rule);

#define RULE_TEXT	64
void rule_text(const struct bario_rule *rule, char text[RULE_TEXT]);

/* ---- cdi.c ---- */

/*
 * Prints nodes of /dev/bario, those of that name or device or all that are there, as
 * a specification for container engines. Returns the exit status.
 */
int show_cdi(char **names);

/* ---- names.c ---- */

/*
 * What pci.ids calls it; "" where it has no name. They belong to names.c, until
 * the next call.
 */
const char *device_name(const struct bario_info *info);
const char *class_name(const struct bario_info *info);

/* ---- terminal.c ---- */

enum colour { PLAIN, RED, GREEN };

/* What begins that colour on standard output; "" where that is no terminal. */
const char *colour(enum colour which);

/*
 * Shows on standard error, if that is a terminal, how much is done, and at the end
 * (@done == @all) nothing any more.
 */
void progress(uint64_t done, uint64_t all);

/* ---- show.c ---- */

/* "1M", "4K", "256": whole units only, so that nothing is lost. */
#define SIZE_TEXT	24
void size_text(uint64_t size, char text[SIZE_TEXT]);

/* Who has a BAR; UNKNOWN, too, if the function has just gone. */
struct bario_held get_holder(struct bario *dev, unsigned int bar);

/*
 * The address of the bridge that the function is behind; "" on a root bus, and where
 * this user's list has no such bridge.
 */
void parent_text(struct bario *dev, const struct bario_info *info,
		 char text[BARIO_ADDRESS_TEXT]);

/* A function's facts as JSON, for list and info. */
struct json_object *json_info(struct bario *dev, const struct bario_info *info);

#endif /* BARIO_TOOL_H */
