// SPDX-License-Identifier: GPL-2.0
/*
 * Tests pciio(4): PCIOCGETCONF. Many functions, and several processes that list them.
 * Anyone can, with patterns that take long to compare. A process that opens a node
 * does not wait for that.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
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

/* Shared with the children: how many lists they have finished */
static volatile unsigned int *lists;

/*
 * While four processes list: during how many calls of open(2) did one of them finish?
 * An open that waits for a list sees its end. One that does not wait is done long
 * before, however slow the machine is.
 */
static unsigned int opens_that_wait(int pci)
{
	struct sched_param first = { .sched_priority = 1 }, none = { 0 };
	unsigned int i, waited = 0;
	pid_t pid[4];

	*lists = 0;
	fflush(stdout);
	for (i = 0; i < ARRAY_SIZE(pid); i++) {
		pid[i] = fork();
		while (!pid[i]) {
			list(pci, ARRAY_SIZE(many));
			__atomic_add_fetch(lists, 1, __ATOMIC_RELAXED);
		}
	}
	while (!*lists)
		usleep(1000);
	if (sched_setscheduler(0, SCHED_FIFO, &first))
		bail("sched_setscheduler");
	for (i = 0; i < OPENS; i++) {
		unsigned int before = *lists;

		close(open_node(edu, O_RDONLY));
		waited += *lists != before;
		usleep(1000);
	}
	sched_setscheduler(0, SCHED_OTHER, &none);
	for (i = 0; i < ARRAY_SIZE(pid); i++) {
		kill(pid[i], SIGKILL);
		waitpid(pid[i], NULL, 0);
	}
	return waited;
}

int main(void)
{
	int pci = open_pci(O_RDONLY);
	unsigned int i, waited;

	tap_begin();
	about("PCIOCGETCONF");
	lists = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (lists == MAP_FAILED)
		bail("no memory");
	for (i = 0; i < ARRAY_SIZE(many); i++) {
		many[i].flags = PCI_GETCONF_MATCH_DOMAIN |
				PCI_GETCONF_MATCH_CLASS;
		many[i].pc_class = 0xff;
	}
	ok(list(pci, 0) > 100, "more than 100 functions are listed");
	is(list(pci, ARRAY_SIZE(many)), 0, "4096 patterns match no function");
	waited = opens_that_wait(pci);
	for (i = 0; i < 10 && waited > OPENS / 2; i++)
		waited = opens_that_wait(pci);
	ok(waited <= OPENS / 2,
	   "a node can be opened while others list with 4096 patterns");
	note("during %u opens of %d a list was finished", waited, OPENS);
	close(pci);
	return tap_end();
}
