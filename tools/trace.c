// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* bario trace: what a command does to a device, as a simulated device. */
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

#define TRACING		"/sys/kernel/tracing"
#define BUFFER_KB	"16384"	/* some 150000 accesses */

/* An instance of the kernel's tracing, of our own; "" while there is none. */
static char instance[80];

static void end_instance(void)
{
	if (instance[0])
		rmdir(instance);
	instance[0] = '\0';
}

static void stop(const char *what) __attribute__((noreturn));

static void stop(const char *what)
{
	const int code = errno;

	fprintf(stderr, "bario: %s: %s\n", what, strerror(code));
	if (code == EACCES || code == EPERM)
		fputs("  run it as root\n", stderr);
	end_instance();
	exit(code == EACCES || code == EPERM ? EXIT_DENIED : EXIT_FAILED);
}

static void set(const char *file, const char *value)
{
	char path[200];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", instance, file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, value, strlen(value)) < 0)
		stop(path);
	close(fd);
}

static void begin_instance(void)
{
	if (access(TRACING "/instances", F_OK) &&
	    mount("tracefs", TRACING, "tracefs", MS_NOSUID | MS_NOEXEC, NULL))
		stop(TRACING);
	if (access(TRACING "/events/bario", F_OK)) {
		fputs("bario: only what goes through the module is recorded, and it is not loaded\n"
		      "  modprobe bario\n", stderr);
		exit(EXIT_NO_DEVICE);
	}
	snprintf(instance, sizeof(instance), TRACING "/instances/bario-%d",
		 (int)getpid());
	if (mkdir(instance, 0700)) {
		instance[0] = '\0';
		stop(TRACING "/instances");
	}
	set("buffer_size_kb", BUFFER_KB);
	set("events/bario/bario_access/enable", "1");
}

/* The command's exit status, or 128 and the signal that ended it. */
static int run_command(char **command)
{
	pid_t pid;
	int status;

	/* An interrupt is for the command; what was recorded is kept. */
	signal(SIGINT, SIG_IGN);
	pid = fork();
	if (pid < 0)
		stop("fork");
	if (!pid) {
		signal(SIGINT, SIG_DFL);
		execvp(command[0], command);
		fprintf(stderr, "bario: %s: %s\n", command[0], strerror(errno));
		_exit(EXIT_FAILED);
	}
	if (waitpid(pid, &status, 0) < 0)
		stop("waitpid");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
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

/* One line of the record, if it is an access to that device. */
static void put_access(FILE *out, const char *line, const char *name)
{
	const char *event = strstr(line, ": bario_access: ");
	unsigned int bar, width;
	uint64_t offset, value;
	char device[24], op[8];
	int result;

	if (!event || sscanf(event, ": bario_access: %23s %7s bar%u+%" SCNx64
			     ".%u value=%" SCNx64 " result=%d", device, op, &bar,
			     &offset, &width, &value, &result) != 7 ||
	    strcmp(device, name))
		return;
	if (result)
		fprintf(out, "# %s %u 0x%" PRIx64 " %u: %s\n", op, bar, offset,
			width, strerror(-result));
	else
		fprintf(out, "replay %s %u 0x%" PRIx64 " %u 0x%" PRIx64 "\n",
			op, bar, offset, width, value);
}

static void put_accesses(FILE *out, const char *name)
{
	unsigned long held, written;
	char path[120], line[512];
	FILE *in;

	set("tracing_on", "0");
	snprintf(path, sizeof(path), "%s/trace", instance);
	in = fopen(path, "re");
	if (!in)
		stop(path);
	while (fgets(line, sizeof(line), in)) {
		if (sscanf(line, "# entries-in-buffer/entries-written: %lu/%lu",
			   &held, &written) == 2 && held != written) {
			fprintf(stderr, "bario: %lu accesses were too many to be recorded: the first %lu are missing\n",
				written, written - held);
			end_instance();
			exit(EXIT_FAILED);
		}
		put_access(out, line, name);
	}
	fclose(in);
}

int run_trace(int argc, char **argv)
{
	struct bario_info info;
	struct options opt;
	struct bario *dev;
	char **args;
	FILE *out;
	int status;

	args = options(argc, argv, 0, 4, -1, &opt);
	if (strcmp(args[2], "--"))
		usage("a command comes behind device, file and --");
	dev = need_device(args[0], BARIO_OPEN_FACTS);
	if (bario_info(dev, &info))
		exit(failed());
	out = fopen(args[1], "we");
	if (!out)
		stop(args[1]);
	begin_instance();
	status = run_command(args + 3);
	put_facts(out, bario_name(dev), &info);
	put_accesses(out, bario_name(dev));
	end_instance();
	if (fclose(out))
		stop(args[1]);
	bario_close(dev);
	return status;
}
