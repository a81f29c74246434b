// SPDX-License-Identifier: GPL-2.0
/* Tests bario(4): CLAIMS. Suspending and resuming the system, with claims. */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include "hold.h"
#include "hot.h"
#include "program.h"
#include "record.h"

#define NO_INTX		0x400
#define QUIET		(COMMAND_MASTER | NO_INTX)

static void slept(void)
{
	int fd = open_node(edu, O_RDWR), status = -1;
	volatile uint32_t *at = map_bar(fd, edu, 0, PCIIO_BAR_MMAP_RW, NULL);
	unsigned long before;
	pid_t pid;

	about("a sleep of the system");
	if (!write_file("/sys/power/pm_test", "devices")) {
		ok(true, "sleep # SKIP this kernel has no /sys/power/pm_test");
		close(fd);
		return;
	}
	write_file("/sys/module/suspend/parameters/pm_test_delay", "1");
	if (!at)
		bail("edu can't be mapped");
	get(fd, edu, 0, 0, 4);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		uint32_t value;
		int i;

		for (i = 0; i < 2000; i++) {
			if (try_read(fd, edu, 0, 0, 4, &value) ||
			    value != EDU_ID || faults(at, false) || *at != EDU_ID)
				_exit(1);
			usleep(1000);
		}
		_exit(0);
	}
	before = counter(edu, "accesses");
	ok(write_file("/sys/power/state", "freeze"), "succeeds");
	write_file("/sys/power/pm_test", "none");
	is(*at, EDU_ID, "leaves mappings");
	is(get(fd, edu, 0, 0, 4), EDU_ID, "leaves files");
	ok(claimed(edu, 0), "leaves the claim");
	is_str(holder(fd, edu, 0), "files", "leaves what BARIOC_HOLDER says");
	ok(counter(edu, "accesses") > before, "leaves the counters");
	waitpid(pid, &status, 0);
	is(status, 0, "gives no wrong value to a process that reads");
	munmap((void *)at, bar_range(edu, 0).size);
	close(fd);
	is(claims(), 0, "leaves nothing claimed in the end");
}

/* ---- the command register ---- */
/* What each kind of sleep does to devices, one of each after the other. */
static const struct kind {
	const char	*state;
	const char	*test;		/* for pm_test */
} kinds[] = {
	{ "freeze", "devices" }, { "freeze", "platform" },
	{ "mem", "devices" }, { "mem", "core" },
	{ "disk", "devices" }, { "disk", "core" },
};

/* Is this kernel built with it? */
static bool can_sleep(const struct kind *kind)
{
	FILE *file = fopen("/sys/power/state", "re");
	char states[64] = "";
	bool can = file && fgets(states, sizeof(states), file) &&
		   strstr(states, kind->state);

	if (file)
		fclose(file);
	return can;
}

static bool go_to_sleep(const struct kind *kind)
{
	return write_file("/sys/power/pm_test", kind->test) &&
	       write_file("/sys/power/state", kind->state);
}

static uint32_t command(struct pcisel sel)
{
	return cfg(sel, COMMAND, 2);
}

/* A program that sleeps all the while; how it ends is not looked at. */
static pid_t start_program(int fd, struct pcisel sel)
{
	struct barioc_op ops[] = {
		OP(READ, 0, 4),
		{ .op = BARIOC_OP_DELAY, .value = SECOND / 10 },
		OP(READ, 0, 4),
	};
	struct barioc_run run;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	while (!pid) {
		run = a_run(sel, ops, ARRAY_SIZE(ops), 0);
		if (ioctl(fd, BARIOC_RUN, &run) || run.stop == 77)
			_exit(1);
	}
	return pid;
}

/*
 * The functions of this test: the PCI core has them enabled, and remembers
 * e1000 as bus master. What it saved of pci-testdev, when that was added, has
 * no decoding.
 */
static void prepare(void)
{
	static const struct pcisel *const enabled[] = { &edu, &edu2, &e1000 };
	unsigned int i;

	if (!modprobe("e1000"))
		bail("e1000");
	for (i = 0; i < ARRAY_SIZE(enabled); i++) {
		if (*driver_of(*enabled[i]))
			unbind_driver(*enabled[i]);
		attribute(*enabled[i], "enable", "1");
	}
	if (!bind_driver(e1000, "e1000") || !unbind_driver(e1000))
		bail("e1000 does not bind");
	set_cfg(e1000, COMMAND, 2, 7);
	set_cfg(testdev, COMMAND, 2, 0);
	remove_function(testdev);
	rescan();
	set_cfg(testdev, COMMAND, 2, 0);
	hot_begin();
	if (!plug("edu"))
		bail("nothing can be plugged in");
	set_cfg(hot, COMMAND, 2, 0);
}

static void is_quiet(struct pcisel sel, const struct kind *kind,
		     const char *what)
{
	is(command(sel) & QUIET, NO_INTX,
	   "%s, %s: %s: bus mastering and interrupt line are off", kind->state,
	   kind->test, what);
}

/* The files are open all the while. */
static void sleeps(const struct kind *kind, int pci, int node)
{
	uint32_t value;

	if (!ok(go_to_sleep(kind), "%s, up to %s: devices sleep and wake up",
		kind->state, kind->test))
		return;
	is_quiet(edu, kind, "a node's claim and mapping");
	is_quiet(edu2, kind, "a claim shared by a node and /dev/pci");
	is_quiet(e1000, kind, "a claim ended, of a bus master");
	is_quiet(e1000e, kind, "a claim of a function that is not enabled");
	is(command(bridge) & QUIET, COMMAND_MASTER,
	   "%s, %s: a bridge passes on what it did", kind->state, kind->test);
	is(command(testdev), COMMAND_IO | COMMAND_MEMORY,
	   "%s, %s: claims have their decoding", kind->state, kind->test);
	is(command(hot) & ~NO_INTX, COMMAND_MEMORY,
	   "%s, %s: a function that was plugged in has its decoding", kind->state,
	   kind->test);
	is(try_read(pci, testdev, 0, TESTDEV_OFFSET, 4, &value), 0,
	   "%s, %s: a function that was plugged in can be read", kind->state, kind->test);
	is(try_read(node, edu, 0, 0, 4, &value), 0,
	   "%s, %s: the node's file can be read", kind->state, kind->test);
}

static void command_register(void)
{
	int pci, node, fd[4];
	volatile uint32_t *at;
	unsigned int i;
	pid_t pid;

	if (access("/sys/power/pm_test", F_OK)) {
		ok(true, "command # SKIP this kernel has no /sys/power/pm_test");
		return;
	}
	prepare();
	write_file("/sys/module/suspend/parameters/pm_test_delay", "0");
	set_cfg(bridge, COMMAND, 2, COMMAND_IO | COMMAND_MEMORY | COMMAND_MASTER);
	pci = open_pci(O_RDWR);
	node = open_node(edu, O_RDWR);
	at = map_bar(node, edu, 0, PCIIO_BAR_MMAP_RW, NULL);
	fd[0] = open_node(edu2, O_RDWR);
	fd[1] = open_node(e1000, O_RDWR);
	fd[2] = open_node(e1000e, O_RDWR);
	fd[3] = open_node(bridge, O_RDWR);
	get(pci, testdev, 0, TESTDEV_OFFSET, 4);
	get(pci, testdev, 1, 0, 1);
	get(pci, edu2, 0, 0, 4);
	get(pci, hot, 0, 0, 4);
	get(fd[0], edu2, 0, 0, 4);
	get(fd[1], e1000, 0, 8, 4);
	get(fd[2], e1000e, 0, 8, 4);
	get(fd[3], bridge, 0, 4, 4);
	close(fd[1]);
	pid = start_program(node, edu);
	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (can_sleep(&kinds[i]))
			sleeps(&kinds[i], pci, node);
		else
			skip("this kernel is built without it", "%s, up to %s",
			     kinds[i].state, kinds[i].test);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	/* The administrator wants it on, after the claim. */
	set_cfg(edu2, COMMAND, 2, command(edu2) & ~NO_INTX);
	close(fd[0]);
	set_cfg(edu2, COMMAND, 2, command(edu2) & ~NO_INTX);
	go_to_sleep(&kinds[0]);
	is(command(edu2) & NO_INTX, 0,
	   "an interrupt line turned on after the claim stays on");
	write_file("/sys/power/pm_test", "none");
	if (at)
		munmap((void *)at, bar_range(edu, 0).size);
	close(node);
	close(fd[2]);
	close(fd[3]);
	close(pci);
	is(command(testdev), 0, "after the claims decoding is off again");
	is(command(hot), 0, "after the claims decoding of a plugged-in function is off again");
	unplug();
	for (i = 0; i < 2; i++)
		attribute(i ? edu2 : edu, "enable", "0");
	attribute(e1000, "enable", "0");
	is(claims(), 0, "leaves nothing claimed in the end");
}

int main(void)
{
	tap_begin();
	slept();
	command_register();
	return tap_end();
}
