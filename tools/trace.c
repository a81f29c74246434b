// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * bario trace: what is done to a device, shown as it happens, or kept as a
 * simulated device.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "tool.h"

#define LOOK_US		20000	/* from one look at the record to the next */
#define TRACING		"/sys/kernel/tracing"
#define BUFFER_KB	"16384"	/* some 150000 accesses */

/* An instance of the kernel's tracing, of our own; "" before it is made. */
static char instance[80];

/* The signal that ends this program, once there was one. */
static volatile sig_atomic_t ended;

/* Signals that are handled here and not in the command, which gets these back. */
static struct {
	int			number;
	struct sigaction	inherited;
} borrowed[] = {
	{ .number = SIGINT }, { .number = SIGPIPE }, { .number = SIGCHLD },
};

static void end_instance(void)
{
	if (instance[0])
		rmdir(instance);
	instance[0] = '\0';
}

static void die_errno(const char *what) __attribute__((noreturn));

static void die_errno(const char *what)
{
	const int status = failed_system(what);

	end_instance();
	exit(status);
}

static void set_file(const char *file, const char *value)
{
	char path[200];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", instance, file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, value, strlen(value)) < 0)
		die_errno(path);
	close(fd);
}

static void begin_instance(void)
{
	static const char *const events[] = {
		"access", "config", "claim", "release", "map", "deny",
	};
	char enable[80];
	size_t i;

	if (access(TRACING "/instances", F_OK) &&
	    mount("tracefs", TRACING, "tracefs", MS_NOSUID | MS_NOEXEC, NULL))
		die_errno(TRACING);
	if (access(TRACING "/events/bario", F_OK))
		exit(failed_as(BARIO_CAUSE_BACKEND, ENODEV, "modprobe bario",
			       "only what goes through the module is recorded, and it is not loaded"));
	snprintf(instance, sizeof(instance), TRACING "/instances/bario-%d",
		 (int)getpid());
	if (mkdir(instance, 0700)) {
		instance[0] = '\0';
		die_errno(TRACING "/instances");
	}
	set_file("buffer_size_kb", BUFFER_KB);
	for (i = 0; i < COUNT(events); i++) {
		snprintf(enable, sizeof(enable), "events/bario/bario_%s/enable",
			 events[i]);
		set_file(enable, "1");
	}
}

static void on_signal(int number)
{
	ended = number;
}

/* Ends are noticed between two reads of the record, so that the instance is removed. */
static void catch_signals(bool command)
{
	struct sigaction action = { .sa_handler = on_signal };
	size_t i;

	for (i = 0; i < COUNT(borrowed); i++)
		sigaction(borrowed[i].number, NULL, &borrowed[i].inherited);
	/* Where it is ignored, the end of a child cannot be waited for. */
	signal(SIGCHLD, SIG_DFL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	/* An interrupt is for the command; what was recorded is kept. */
	if (command)
		action.sa_handler = SIG_IGN;
	sigaction(SIGINT, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static pid_t start_command(char **command)
{
	pid_t pid = fork();
	size_t i;

	if (pid < 0)
		die_errno("fork");
	if (!pid) {
		for (i = 0; i < COUNT(borrowed); i++)
			sigaction(borrowed[i].number, &borrowed[i].inherited,
				  NULL);
		execvp(command[0], command);
		fprintf(stderr, "bario: %s: %s\n", command[0], strerror(errno));
		_exit(EXIT_FAILED);
	}
	return pid;
}

/*
 * Has the command ended, or if there is none (0), has somebody said so? In *status
 * its exit status, or 128 and the signal that ended it.
 */
static bool has_ended(pid_t command, int *status)
{
	if (!command) {
		*status = 0;
		return ended;
	}
	if (ended)
		kill(command, ended);
	if (waitpid(command, status, WNOHANG) != command)
		return false;
	*status = WIFEXITED(*status) ? WEXITSTATUS(*status) :
		128 + WTERMSIG(*status);
	return true;
}

static void put_bar(FILE *out, unsigned int index,
		    const struct bario_bar_info *bar)
{
	/* A size that the system has forgotten can't be described. */
	if (bar->kind && bar->size)
		fprintf(out, "bar %u %s %#llx%s\n", index,
			bar->kind == BARIO_KIND_PORT ? "port" :
			bar->wide ? "mem64" : "mem",
			(unsigned long long)bar->size,
			bar->assigned ? "" : " none");
}

static void put_facts(FILE *out, const char *name,
		      const struct bario_info *info)
{
	unsigned int i;

	fprintf(out, "address %s\nid %04x:%04x\nsubsystem %04x:%04x\n"
		"class %02x%02x%02x\nrevision %#x\n", name, info->vendor,
		info->device, info->subvendor, info->subdevice,
		info->base_class, info->subclass, info->progif, info->revision);
	for (i = 0; i < BARIO_BARS_MAX; i++)
		put_bar(out, i, &info->bars[i]);
}

/* A line of the record. */
struct event {
	char		time[24];	/* seconds, from the machine's start */
	char		task[40];	/* name and number of a thread */
	char		what[12];	/* read, write; claim, release, map, deny */
	bool		access;		/* it is one of the first two, and has: */
	struct bario_place	place;
	uint64_t	value;
	char		space[12];	/* the others have bar0, or config */
	int		result;		/* 0 or a negative errno */
};

/* "  cat-12  [001] .....  3.456: bario_": its task, and its time */
static void parse_head(const char *line, const char *end, struct event *event)
{
	const char *begin = end, *cpu;

	while (begin > line && begin[-1] != ' ')
		begin--;
	snprintf(event->time, sizeof(event->time), "%.*s", (int)(end - begin),
		 begin);
	for (cpu = begin; cpu > line && *cpu != '['; cpu--)
		;
	while (cpu > line && cpu[-1] == ' ')
		cpu--;
	line += strspn(line, " ");
	snprintf(event->task, sizeof(event->task), "%.*s",
		 cpu > line ? (int)(cpu - line) : 0, line);
}

/*
 * Where the event begins, or NULL. A task may be called anything, and is before it;
 * what follows the event's name is numbers and fixed words.
 */
static const char *find_event(const char *line)
{
	const char *at = NULL, *next = line;

	while ((next = strstr(next, ": bario_")))
		at = next++;
	return at;
}

/* Is the line about that device? */
static bool parse_event(const char *line, const char *name, struct event *event)
{
	const char *at = find_event(line), *rest;
	char device[24], op[12], space[12];

	memset(event, 0, sizeof(*event));
	if (!at || sscanf(at, ": bario_%11[a-z]: %23s ", event->what, device) != 2 ||
	    strcmp(device, name))
		return false;
	parse_head(line, at, event);
	rest = strstr(at, name) + strlen(name);
	event->access = sscanf(rest, " %11s %11[a-z0-9]+%" SCNx64
			       ".%u value=%" SCNx64 " result=%d", op, space,
			       &event->place.offset, &event->place.width,
			       &event->value, &event->result) == 6;
	if (!event->access)
		return sscanf(rest, " %11s result=%d", event->space,
			      &event->result) == 2;
	strcpy(event->what, op);
	event->place.space = strcmp(space, "config") ?
		strtoul(space + strlen("bar"), NULL, 10) : BARIO_SPACE_CONFIG;
	return true;
}

/* For the simulated device, which answers as this one did. */
static void put_access(FILE *out, const struct event *event)
{
	if (!event->access || event->place.space == BARIO_SPACE_CONFIG)
		return;
	if (event->result)
		fprintf(out, "# %s %u 0x%" PRIx64 " %u: %s\n", event->what,
			event->place.space, event->place.offset,
			event->place.width, strerror(-event->result));
	else
		fprintf(out, "replay %s %u 0x%" PRIx64 " %u 0x%" PRIx64 "\n",
			event->what, event->place.space, event->place.offset,
			event->place.width, event->value);
}

/* What is called so in the output: a register's name, a place, or a BAR. */
static void where_text(const struct event *event, const struct bario_regmap *map,
		       const struct bario_regmap *config,
		       char text[BARIO_PLACE_TEXT])
{
	struct bario_place place = event->place;

	if (!event->access) {
		snprintf(text, BARIO_PLACE_TEXT, "%s", event->space);
		return;
	}
	bario_place_find(place.space == BARIO_SPACE_CONFIG ? config : map,
			 strcmp(event->what, "write") ? BARIO_REG_READ :
			 BARIO_REG_WRITE, &place);
	bario_place_text(&place, BARIO_PLACE_NAME, text);
}

static void show_event(const struct event *event, const char *where)
{
	printf("%s %-16s %-7s %s", event->time, event->task, event->what, where);
	if (event->access && (!event->result || !strcmp(event->what, "write")))
		printf(" 0x%" PRIx64, event->value);
	if (event->result)
		printf(": %s", strerror(-event->result));
	putchar('\n');
}

static void show_json(const struct event *event, const char *where)
{
	struct json_object *object = json_object_new_object();
	char place[BARIO_PLACE_TEXT];

	json_object_object_add(object, "time", json_object_new_string(event->time));
	json_object_object_add(object, "task", json_object_new_string(event->task));
	json_object_object_add(object, "what", json_object_new_string(event->what));
	if (event->access) {
		bario_place_text(&event->place, 0, place);
		json_object_object_add(object, "place",
				       json_object_new_string(place));
		json_object_object_add(object, "register", strcmp(place, where) ?
				       json_object_new_string(where) : NULL);
		json_object_object_add(object, "value", json_hex(event->value));
	} else {
		json_object_object_add(object, "space",
				       json_object_new_string(where));
	}
	json_object_object_add(object, "errno",
			       json_object_new_int(-event->result));
	put_json(object);
}

static void put_accesses(FILE *out, const char *name)
{
	unsigned long held, written;
	char path[120], line[512];
	struct event event;
	FILE *in;

	set_file("tracing_on", "0");
	snprintf(path, sizeof(path), "%s/trace", instance);
	in = fopen(path, "re");
	if (!in)
		die_errno(path);
	while (fgets(line, sizeof(line), in)) {
		if (sscanf(line, "# entries-in-buffer/entries-written: %lu/%lu",
			   &held, &written) == 2 && held != written) {
			fprintf(stderr, "bario: %lu accesses were too many to be recorded: the first %lu are missing\n",
				written, written - held);
			end_instance();
			exit(EXIT_FAILED);
		}
		if (parse_event(line, name, &event))
			put_access(out, &event);
	}
	fclose(in);
}

static int record_events(const char *path, const char *name,
			 const struct bario_info *info, char **command)
{
	FILE *out = fopen(path, "we");
	pid_t pid;
	int status;

	if (!out)
		die_errno(path);
	begin_instance();
	pid = command ? start_command(command) : 0;
	while (!has_ended(pid, &status))
		usleep(LOOK_US);
	put_facts(out, name, info);
	put_accesses(out, name);
	if (fclose(out))
		die_errno(path);
	return status;
}

/* As it happens. */
static int show_events(struct bario *dev, const char *path, bool json, char **command)
{
	struct bario_regmap *map = regmap_or_die(dev, path, 0);
	struct bario_regmap *config = regmap_or_die(dev, NULL,
						    BARIO_REGMAP_CONFIG);
	char pipe[120], line[512], where[BARIO_PLACE_TEXT];
	struct event event;
	bool last = false;
	int fd, status;
	FILE *in;
	pid_t pid;

	begin_instance();
	snprintf(pipe, sizeof(pipe), "%s/trace_pipe", instance);
	fd = open(pipe, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	in = fd < 0 ? NULL : fdopen(fd, "r");
	if (!in)
		die_errno(pipe);
	pid = command ? start_command(command) : 0;
	do {
		/* What was recorded before the end was noticed is still shown. */
		last = has_ended(pid, &status);
		while (fgets(line, sizeof(line), in)) {
			if (strstr(line, " EVENTS]"))
				fprintf(stderr, "bario: too many to be shown: %s",
					line);
			if (!parse_event(line, bario_name(dev), &event))
				continue;
			where_text(&event, map, config, where);
			if (json)
				show_json(&event, where);
			else
				show_event(&event, where);
		}
		clearerr(in);
		if (fflush(stdout))
			break;
		if (!last)
			usleep(LOOK_US);
	} while (!last);
	/* While it is open, the instance can't be ended. */
	fclose(in);
	if (ferror(stdout))
		die_errno("standard output");
	bario_regmap_close(map);
	bario_regmap_close(config);
	return status;
}

int run_trace(int argc, char **argv)
{
	char **args, **command = NULL, *path = NULL;
	struct bario_info info;
	struct options opt;
	struct bario *dev;
	int status;

	args = options(argc, argv, OPTION_JSON | OPTION_MAP |
		       OPTION_COMMAND, 1, -1, &opt);
	if (args[1] && strcmp(args[1], "--"))
		path = args[1];
	if (args[path ? 2 : 1]) {
		command = args + (path ? 3 : 2);
		if (strcmp(command[-1], "--") || !command[0])
			usage("device and file are followed by -- and a command");
	}
	if (path && (opt.json || opt.map))
		usage("a file has the device's form: neither --json nor --map is for it");
	dev = device_or_die(args[0], BARIO_OPEN_INFO);
	if (!strcmp(bario_backend(dev), "sim"))
		usage("%s is simulated: the kernel has no record of it", args[0]);
	if (bario_get_info(dev, &info, sizeof(info)))
		exit(failed());
	catch_signals(command);
	status = path ? record_events(path, bario_name(dev), &info, command) :
		show_events(dev, opt.map, opt.json, command);
	end_instance();
	bario_close(dev);
	return status;
}
