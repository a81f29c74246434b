// SPDX-License-Identifier: GPL-2.0
/*
 * Many functions, and many who list them. Anybody may, with patterns that take long
 * to look through; whoever opens a node meanwhile must not wait for that.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include "guest.h"

#define OPENS	100

static struct pci_match_conf many[PCI_GETCONF_PATTERNS_MAX];

static int list(int pci, unsigned int patterns)
{
	static struct pci_conf found[256];
	struct pci_conf_io io = {
		.pat_buf_len = patterns * sizeof(many[0]),
		.num_patterns = patterns, .patterns = many,
		.match_buf_len = sizeof(found), .matches = found,
	};

	return ioctl(pci, PCIOCGETCONF, &io) ? -1 : (int)io.num_matches;
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

/* How long opening takes who gets a processor at once, while four list. */
static double opens(int pci, unsigned int patterns)
{
	struct sched_param first = { .sched_priority = 1 }, none = { 0 };
	double took = 0;
	unsigned int i;
	pid_t pid[4];

	fflush(stdout);
	for (i = 0; i < ARRAY_SIZE(pid); i++) {
		pid[i] = fork();
		while (!pid[i])
			list(pci, patterns);
	}
	if (sched_setscheduler(0, SCHED_FIFO, &first))
		bail("sched_setscheduler");
	usleep(200000);
	for (i = 0; i < OPENS; i++) {
		double begin = seconds();

		close(open_node(edu, O_RDONLY));
		took += seconds() - begin;
		usleep(1000);
	}
	sched_setscheduler(0, SCHED_OTHER, &none);
	for (i = 0; i < ARRAY_SIZE(pid); i++) {
		kill(pid[i], SIGKILL);
		waitpid(pid[i], NULL, 0);
	}
	return took;
}

int main(void)
{
	int pci = open_pci(O_RDONLY);
	double with, without;
	unsigned int i;

	tap_begin();
	for (i = 0; i < ARRAY_SIZE(many); i++) {
		many[i].flags = PCI_GETCONF_MATCH_DOMAIN |
				PCI_GETCONF_MATCH_CLASS;
		many[i].pc_class = 0xff;
	}
	ok(list(pci, 0) > 100, "there are more than 100 functions");
	is(list(pci, ARRAY_SIZE(many)), 0, "none matches one of 4096 patterns");
	/* A busy host may take part of any one. */
	without = opens(pci, 0);
	with = opens(pci, ARRAY_SIZE(many));
	for (i = 0; i < 4 && with >= 4 * without + 0.2; i++)
		with = opens(pci, ARRAY_SIZE(many));
	ok(with < 4 * without + 0.2,
	   "opening a node takes as long while others list with those as without");
	note("%d opens: %.3f s with patterns, %.3f s without", OPENS, with, without);
	close(pci);
	return tap_end();
}
