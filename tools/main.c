// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* bario: the registers of PCI devices, from the command line. */
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include "tool.h"

static const struct command commands[] = {
	{ "list", "[--json] [--tree]", "show the functions of this machine", run_list },
	{ "info", "[--json] DEVICE", "show what a function is and what can be done with it", run_info },
	{ "read", "[--json] [--map FILE] DEVICE PLACE...", "read registers", run_read },
	{ "write", "[--json] [--map FILE] DEVICE PLACE=VALUE[:MASK]...", "write registers", run_write },
	{ "dump", "[--json] [--map FILE] DEVICE PLACE [LENGTH]", "show a stretch of registers", run_dump },
	{ "config", "[--json] DEVICE [REGISTER[=VALUE[:MASK]]]...", "show, read and write configuration space", run_config },
	{ "wait", "[--json] [--map FILE] DEVICE PLACE=VALUE[:MASK] TIME", "wait until a register has a value", run_wait },
	{ "run", "[--json] [--map FILE] [--dry-run] DEVICE SCRIPT", "run a script as one program", run_run },
	{ "diff", "[--json] OLD NEW", "compare two dumps made with --json", run_diff },
	{ "doctor", "[--json] [DEVICE]", "say what is in the way, and what mends it", run_doctor },
	{ "grant", "[--json] show DEVICE | publish NAME DEVICE RULE... [DEVICE RULE...]... | unpublish NAME | --cdi [NAME|DEVICE]...", "show, publish and unpublish what a file may do; name nodes for containers", run_grant },
#ifdef __linux__
	{ "exec", "[--user USER] [--mount] DEVICE [RULE]... -- COMMAND [ARGUMENT]...", "run a command with one device and no privileges", run_exec },
	{ "trace", "[--json] [--map FILE] DEVICE [FILE] [-- COMMAND [ARGUMENT]...]", "show or record what is done to a device", run_trace },
#endif
};

#define MESSAGE	512	/* longer than the library has them: with a text from outside */
#define LINE	400	/* how a command is used */

static const struct command *current;	/* the subcommand that runs */
static bool json_errors;

static void show_all(FILE *to)
{
	size_t i;

	fprintf(to, "usage: bario COMMAND [OPTION]... [ARGUMENT]...\n\n");
	for (i = 0; i < COUNT(commands); i++)
		fprintf(to, "  %-8s %s\n", commands[i].name, commands[i].help);
	fprintf(to, "\nDEVICE  0000:03:00.0, 03:00.0, 8086:100e, /dev/bario/NAME, fd:3, sim:FILE\n"
		"PLACE   BAR+OFFSET.WIDTH, as 0+0x40.4; config+0x4.2; or a register's name\n\n"
		"bario COMMAND --help shows the usage of one. The manual is bario(8).\n");
}

static void command_line(char line[LINE])
{
	snprintf(line, LINE, "usage: bario %s %s", current->name,
		 current->arguments);
}

static void command_help(FILE *to)
{
	char line[LINE];

	command_line(line);
	fprintf(to, "%s\n", line);
}

static int exit_status(uint32_t cause)
{
	switch (cause) {
	case BARIO_CAUSE_NAME:
	case BARIO_CAUSE_AMBIGUOUS:
	case BARIO_CAUSE_OPERATION:
	case BARIO_CAUSE_WIDTH:
	case BARIO_CAUSE_BAR:
	case BARIO_CAUSE_RANGE:
	case BARIO_CAUSE_ALIGNMENT:
	case BARIO_CAUSE_VALUE:
	case BARIO_CAUSE_TEXT:
		return EXIT_USAGE;
	case BARIO_CAUSE_NO_DEVICE:
	case BARIO_CAUSE_BACKEND:
	case BARIO_CAUSE_REMOVED:
		return EXIT_NO_DEVICE;
	case BARIO_CAUSE_PERMISSION:
	case BARIO_CAUSE_LOCKDOWN:
	case BARIO_CAUSE_GRANT:
		return EXIT_DENIED;
	case BARIO_CAUSE_DRIVER:
	case BARIO_CAUSE_CLAIMED:
		return EXIT_BUSY;
	case BARIO_CAUSE_TIMEOUT:
	case BARIO_CAUSE_EXPECT:
		return EXIT_MISMATCH;
	case BARIO_CAUSE_CAPABILITY:
		return EXIT_NO_CAP;
	case BARIO_CAUSE_UNASSIGNED:
	case BARIO_CAUSE_DECODE:
	case BARIO_CAUSE_ASLEEP:
	case BARIO_CAUSE_NO_RESPONSE:
		return EXIT_NO_RESPONSE;
	default:
		return EXIT_FAILED;
	}
}

int failed_as(uint32_t cause, int code, const char *help,
	      const char *format, ...)
{
	char message[MESSAGE];
	struct json_object *all, *object;
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	/* What was read before it goes out before it. */
	fflush(stdout);
	if (json_errors) {
		object = json_object_new_object();
		json_object_object_add(object, "cause", json_object_new_string(bario_cause_name(cause)));
		json_object_object_add(object, "errno", json_object_new_int(code));
		json_object_object_add(object, "message", json_object_new_string(message));
		json_object_object_add(object, "hint", json_object_new_string(help));
		all = json_object_new_object();
		json_object_object_add(all, "error", object);
		fprintf(stderr, "%s\n", json_object_to_json_string_ext(all,
			JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
		json_object_put(all);
	} else {
		fprintf(stderr, "bario: %s\n", message);
		if (help[0])
			fprintf(stderr, "  %s\n", help);
	}
	return exit_status(cause);
}

int failed(void)
{
	const struct bario_error *error = bario_last_error();

	return failed_as(error->cause, error->code, error->hint, "%s",
			 error->message);
}

int failed_system(const char *what)
{
	const int code = errno;
	const bool denied = code == EPERM || code == EACCES;

	return failed_as(denied ? BARIO_CAUSE_PERMISSION : BARIO_CAUSE_SYSTEM,
			 code, denied ? "run it as root" : "", "%s: %s", what,
			 strerror(code));
}

static void usage_with(const char *hint, const char *message)
	__attribute__((noreturn));

/* With the hint, if there is one, and how the subcommand is used. */
static void usage_with(const char *hint, const char *message)
{
	char line[LINE] = "";

	if (current)
		command_line(line);
	if (json_errors)
		exit(failed_as(BARIO_CAUSE_OPERATION, EINVAL,
			       hint[0] ? hint : line, "%s", message));
	fprintf(stderr, "bario: %s\n", message);
	if (hint[0])
		fprintf(stderr, "  %s\n", hint);
	if (current)
		fprintf(stderr, "%s\n", line);
	exit(EXIT_USAGE);
}

void usage(const char *format, ...)
{
	char message[MESSAGE];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	usage_with("", message);
}

void usage_error(void)
{
	const struct bario_error *error = bario_last_error();

	if (error->cause != BARIO_CAUSE_TEXT &&
	    error->cause != BARIO_CAUSE_OPERATION &&
	    error->cause != BARIO_CAUSE_VALUE)
		exit(failed());
	usage_with(error->hint, error->message);
}

/* What did not reach its file must not look like success. */
static int finish_output(int status)
{
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "bario: standard output: %s\n", strerror(errno));
		return status ? status : EXIT_FAILED;
	}
	return status;
}

static const struct option all_options[] = {
	{ "help", no_argument, NULL, 'h' },
	{ "json", no_argument, NULL, 'j' },
	{ "map", required_argument, NULL, 'm' },
	{ "dry-run", no_argument, NULL, 'n' },
	{ "user", required_argument, NULL, 'u' },
	{ "mount", no_argument, NULL, 'M' },
	{ "tree", no_argument, NULL, 't' },
	{ "cdi", no_argument, NULL, 'c' },
	{ 0 },
};

/* An option that getopt_long() did not take: @code is what it returned. */
static void wrong_option(int code, const char *text) __attribute__((noreturn));

static void wrong_option(int code, const char *text)
{
	const struct option *option = all_options;
	const char *equals = strchr(text, '=');

	while (option->name && option->val != optopt)
		option++;
	if (code == ':')
		usage("--%s takes an argument", option->name);
	if (option->name && equals && !strncmp(text, "--", 2))
		usage("--%s takes no argument", option->name);
	if (optopt)
		usage("-%c is not an option of this command", optopt);
	usage("%s is not an option of this command", text);
}

static void take_option(int code, unsigned int which, struct options *options)
{
	if (code == 'h') {
		command_help(stdout);
		exit(finish_output(EXIT_SUCCESS));
	} else if (code == 'j' && (which & OPTION_JSON)) {
		options->json = true;
		json_errors = true;
	} else if (code == 'm' && (which & OPTION_MAP)) {
		options->map = optarg;
	} else if (code == 'n' && (which & OPTION_DRY)) {
		options->dry = true;
	} else if (code == 'u' && (which & OPTION_USER)) {
		options->user = optarg;
	} else if (code == 'M' && (which & OPTION_MOUNT)) {
		options->mount = true;
	} else if (code == 't' && (which & OPTION_TREE)) {
		options->tree = true;
	} else if (code == 'c' && (which & OPTION_CDI)) {
		options->cdi = true;
	} else {
		const struct option *option = all_options;

		while (option->val != code)
			option++;
		usage("--%s is not an option of this command", option->name);
	}
}

/* How many arguments there are before "--", which begins another command. */
static int count_own(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++)
		if (!strcmp(argv[i], "--"))
			break;
	return i;
}

char **options(int argc, char **argv, unsigned int which, int least, int most,
	       struct options *options)
{
	const int own = which & OPTION_COMMAND ? count_own(argc, argv) : argc;
	int code;

	*options = (struct options){ 0 };
	opterr = 0;
	/* It moves options before the operands, where they may follow them. */
	while ((code = getopt_long(own, argv, ":h", all_options, NULL)) != -1) {
		if (code == '?' || code == ':')
			wrong_option(code, argv[optind - 1]);
		take_option(code, which, options);
	}
	if (argc - optind < least)
		usage("an argument is missing");
	if (most >= 0 && argc - optind > most)
		usage("'%s' is one argument too many", argv[optind + most]);
	return argv + optind;
}

struct bario *device_or_die(const char *name, unsigned int flags)
{
	struct bario *dev;

	if (bario_open(name, flags, &dev))
		exit(failed());
	return dev;
}

void out_of_memory(void)
{
	fputs("bario: there is no memory left\n", stderr);
	exit(EXIT_FAILED);
}

void *memory_or_die(size_t count, size_t size)
{
	void *memory = calloc(count, size);

	if (!memory)
		out_of_memory();
	return memory;
}

void put_json(struct json_object *object)
{
	puts(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN |
					    JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(object);
}

struct json_object *json_hex(uint64_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "0x%llx", (unsigned long long)number);
	return json_object_new_string(text);
}

int main(int argc, char **argv)
{
	size_t i;

	if (argc < 2) {
		show_all(stderr);
		return EXIT_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
		show_all(stdout);
		return finish_output(EXIT_SUCCESS);
	}
	if (!strcmp(argv[1], "--version")) {
		puts("bario " TOOL_VERSION);
		return finish_output(EXIT_SUCCESS);
	}
	for (i = 0; i < COUNT(commands); i++) {
		if (strcmp(argv[1], commands[i].name))
			continue;
		current = &commands[i];
		return finish_output(current->run(argc - 1, argv + 1));
	}
	usage("there is no command '%s': bario --help shows all", argv[1]);
}
