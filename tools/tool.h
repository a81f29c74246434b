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
#define EXIT_NO_DEVICE	3	/* no such device, or it is gone */
#define EXIT_DENIED	4	/* permission denied */
#define EXIT_BUSY	5	/* a driver or something else has it */
#define EXIT_NO_RESPONSE	6	/* the device does not answer */
#define EXIT_MISMATCH	7	/* a value that was waited for did not come */
#define EXIT_NO_CAP	8	/* the device has no such capability */

/**
 * struct command - a subcommand
 * @name: as it is typed
 * @arguments: for its usage line
 * @help: in a line
 * @run: does it: options and arguments after the name, as for main(); returns
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
#define OPTION_COMMAND	0x80	/* not an option: "--" begins another command */

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
 * @least: arguments other than options, at least
 * @most: and at most
 * @options: out
 *
 * Options may be before, between and after the other arguments. Ends the program for
 * --help and for what is wrong.
 *
 * Return: the other arguments, of which there are argc minus what is before them;
 * the last is followed by NULL.
 */
char **options(int argc, char **argv, unsigned int which, int least, int most,
	       struct options *options);

/* Ends the program: wrong usage. */
void usage(const char *format, ...) PRINTS(1) __attribute__((noreturn));

/*
 * Ends the program as the library's last error says: a text that makes no sense is
 * wrong usage.
 */
void usage_error(void) __attribute__((noreturn));

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

/* What is to be written to a place, or to be seen there: of its register. */
struct wanted {
	uint64_t	value;
	uint64_t	mask;	/* which bits */
};

/* A map for the device, or the end of the program; bario_regmap_open(). */
struct bario_regmap *regmap_or_die(struct bario *dev, const char *path,
				   uint32_t flags);

/*
 * bario_place_parse(), or the end of the program. With @rights the map must allow
 * such an access.
 */
struct bario_place place_or_die(struct bario *dev,
				const struct bario_regmap *map,
				const char *text, uint32_t flags,
				uint32_t rights);

/* bario_place_parse_value(), or the end of the program. */
struct wanted wanted_or_die(const struct bario_place *place, const char *text,
			    uint32_t flags);

/*
 * 10us, 5ms, 2s, or 100ns, in nanoseconds. False: in *why what is wrong, in a text
 * that lasts until the next call.
 */
bool parse_time(const char *text, uint64_t *ns, const char **why);

/* A number, or the end of the program. */
uint64_t number_or_die(const char *text, const char *what);

/*
 * Ends the program for an access that would be refused for its place or for rights.
 * With @wanted it is the write of that.
 */
void access_or_die(struct bario *dev, const struct bario_place *place,
		   const struct wanted *wanted);

/*
 * Prints what a stretch of registers holds, at the place's width. Returns the exit
 * status.
 */
int dump_place(struct bario *dev, const struct bario_regmap *map,
	       struct bario_place place, uint64_t length, bool json);

/* What was read: the value, and for a name, which is @text, its fields. */
void show_value(const char *text, const struct bario_place *place,
		uint64_t value);
struct json_object *json_value(struct bario *dev, const char *text,
			       const struct bario_place *place, uint64_t value);

/* ---- rule.c ---- */

/* It looks like a rule, and not like a device. */
bool is_rule(const char *text);

/* BAR[+OFFSET[/LENGTH]]:RIGHTS; ends the program for anything else. */
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

/* What begins that colour on standard output; "" if that is not a terminal. */
const char *colour(enum colour which);

/*
 * Shows on standard error, if that is a terminal, how much is done, and at the end
 * (@done == @all) clears that line.
 */
void progress(uint64_t done, uint64_t all);

/* ---- show.c ---- */

/* "1M", "4K", "256": whole units only, so that nothing is lost. */
#define SIZE_TEXT	24
void size_text(uint64_t size, char text[SIZE_TEXT]);

/* The holder of a BAR; UNKNOWN also if the function has just gone. */
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
