// SPDX-License-Identifier: GPL-2.0
/* Tests barioc(4): BARIOC_RUN. What ends a wait, and that nothing comes in between. */
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include "program.h"
#include "record.h"

#define WAIT	(9 * SECOND)

/* Shared with the children. */
static struct {
	struct barioc_run	run;
	int			error;
} *shared;

/* A child that waits, in a program whose first operation has run by then. */
static pid_t waits(int fd, struct pcisel sel, bool polls)
{
	struct barioc_op ops[2] = { OP(READ, 1, 1), OP(DELAY, 0, 0, .timeout = WAIT) };
	unsigned long before = counter(sel, "accesses");
	pid_t pid;

	if (polls)
		ops[1] = (struct barioc_op)OP(POLL, 1, 1, .mask = 0xff,
					      .value = 0x77, .timeout = WAIT);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		shared->run = a_run(sel, ops, 2, 0);
		shared->error = ioctl(fd, BARIOC_RUN, &shared->run) ? errno : 0;
		_exit(0);
	}
	wait_for_access(sel, before);
	return pid;
}

static void ended(pid_t pid, int error, const char *what)
{
	int status;

	waitpid(pid, &status, 0);
	ok(!status && !shared->error && shared->run.ran == 1 &&
	   shared->run.stop == BARIOC_STOP_ERROR && shared->run.error == error,
	   "%s ends it with an operation left, and %s", what,
	   errno_name(error));
	ok(shared->run.left && shared->run.left <= WAIT,
	   "%s: left is not more than the timeout", what);
	if (shared->error || shared->run.error != error)
		note("%s, ran %u, stop %u, error %d", errno_name(shared->error),
		     shared->run.ran, shared->run.stop, shared->run.error);
}

static void waiting(bool polls, const char *how)
{
	int node = open_node(edu2, O_RDWR), derived, status;
	struct barioc_rule all = rule(edu2, 0, R | W, 0, TO_END);
	uint32_t id;
	pid_t pid;

	about("BARIOC_RUN: a wait, %s", how);
	derived = derive(node, &all, 1, &id);
	pid = waits(derived, edu2, polls);
	errno_is(revoke_id(node, id), 0, "its file can be revoked");
	ended(pid, ENODEV, "a revocation");
	close(derived);
	pid = waits(node, edu2, polls);
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	ok(WIFSIGNALED(status), "SIGKILL ends it");
	pid = waits(node, edu2, polls);
	remove_function(edu2);
	ended(pid, ENODEV, "a removal");
	close(node);
	rescan();
	if (!wait_for(present, edu2))
		bail("edu2 does not come back");
	if (*driver_of(serial2) && !unbind_driver(serial2))
		bail("the serial driver does not let go");
	node = open_node(serial2, O_RDWR);
	pid = waits(node, serial2, polls);
	ok(bind_driver(serial2, "serial"), "a driver can bind");
	ended(pid, EBUSY, "a driver that binds");
	close(node);
}

/* Nobody else runs here until it sleeps. */
static void alone_on_cpu(int policy)
{
	struct sched_param param = { .sched_priority = policy != SCHED_OTHER };
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(0, &one);
	if (sched_setaffinity(0, sizeof(one), &one) ||
	    sched_setscheduler(0, policy, &param))
		bail("sched_setscheduler");
}

/*
 * A driver comes and goes, and the client has the BAR again, before its program
 * gets to look: what was written to the device before may be lost.
 */
static void regained(bool polls, const char *how)
{
	int node = open_node(edu2, O_RDWR);
	pid_t pid;

	about("BARIOC_RUN: a wait, %s", how);
	if (system("modprobe pci-stub"))
		bail("modprobe pci-stub");
	alone_on_cpu(SCHED_OTHER);
	pid = waits(node, edu2, polls);
	alone_on_cpu(SCHED_FIFO);
	bind_driver(edu2, "pci-stub");
	unbind_driver(edu2);
	get(node, edu2, 0, 0, 4);
	alone_on_cpu(SCHED_OTHER);
	ended(pid, EBUSY, "a claim that was lost and regained");
	close(node);
}

static void on_alarm(int number)
{
	(void)number;
}

static bool asleep(pid_t pid)
{
	char path[40], state = '?';
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	file = fopen(path, "r");
	if (!file || fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
		bail("%s can't be read", path);
	fclose(file);
	return state == 'S';
}

#define SLEPT_US	100000

/* Once the parent is in its wait, lets some of that pass. */
static void send_alarm(unsigned long before)
{
	struct timespec nap = { .tv_nsec = SLEPT_US * 1000 };

	wait_for_access(edu, before);
	while (!asleep(getppid()))
		usleep(1000);
	while (nanosleep(&nap, &nap))
		;
	kill(getppid(), SIGALRM);
	_exit(0);
}

static void signalled(bool polls)
{
	struct sigaction act = { .sa_handler = on_alarm };
	struct barioc_op ops[] = {
		OP(READ, 0, 4), OP(DELAY, 0, 0, .timeout = WAIT), OP(READ, 0, 4),
	};
	const char *how = polls ? "POLL" : "DELAY";
	struct barioc_run run;
	int pci = open_pci(O_RDWR);
	unsigned long before = counter(edu, "accesses");
	pid_t pid;

	about("BARIOC_RUN: a wait, %s", how);
	sigaction(SIGALRM, &act, NULL);
	fflush(stdout);
	pid = fork();
	if (!pid)
		send_alarm(before);
	if (polls)
		ops[1] = (struct barioc_op)OP(POLL, 0, 4, .mask = 1,
					      .timeout = WAIT);
	run = a_run(edu, ops, 3, 0);
	is_errno(ioctl(pci, BARIOC_RUN, &run), 0, "a signal: the request succeeds");
	ok(run.ran == 1 && run.stop == BARIOC_STOP_SIGNAL && !run.error,
	   "a signal ends it with two operations left");
	waitpid(pid, NULL, 0);
	ok(run.left && run.left <= WAIT - SLEPT_US * 1000ULL,
	   "a signal: left is the timeout without what has passed");
	if (run.left > WAIT - SLEPT_US * 1000ULL)
		note("left %llu", (unsigned long long)run.left);
	ok(ops[0].result == 0x010000ed && ops[2].result == UNTOUCHED,
	   "a signal: what ran has its result, and nothing else");
	close(pci);
}

/* ---- nothing comes in between ---- */
#define ROUNDS	1501	/* odd */
#define WORD	0x7000

/* Each has a byte of one register, or both of an index and data register. */
static unsigned int work(unsigned int who)
{
	int fd = open_node(ivshmem, O_RDWR);
	unsigned int i, wrong = 0;
	uint64_t last = 0, byte = 0xffULL << 8 * who;

	for (i = 1; i <= ROUNDS; i++) {
		uint64_t next = (uint64_t)(i & 0xff) << 8 * who;
		struct barioc_op ops[] = {
			OP(REPLACE, WORD, 8, .bar = 2, .mask = byte, .value = next),
			OP(XOR, WORD + 8, 4, .bar = 2, .value = 1u << who),
		};
		struct barioc_op pair[] = {
			OP(READ, WORD + 16, 4, .bar = 2),
			OP(EXPECT, WORD + 20, 4, .bar = 2),
			OP(WRITE, WORD + 16, 4, .bar = 2, .value = i * 8 + who),
			OP(WRITE, WORD + 20, 4, .bar = 2, .value = i * 8 + who),
			OP(READ, WORD + 16, 4, .bar = 2),
			OP(READ, WORD + 20, 4, .bar = 2),
		};
		struct barioc_run run;

		if (who == 3) {
			/* A plain access, to a byte of the same register. */
			put(fd, ivshmem, 2, WORD + who, 1, i & 0xff);
			wrong += get(fd, ivshmem, 2, WORD + who, 1) != (i & 0xff);
		} else {
			run = a_run(ivshmem, ops, 1, 0);
			wrong += ioctl(fd, BARIOC_RUN, &run) ||
				 (ops[0].result & byte) != last;
			last = next;
		}
		run = a_run(ivshmem, ops + 1, 1, 0);
		wrong += ioctl(fd, BARIOC_RUN, &run) || run.ran != 1;
		run = a_run(ivshmem, pair, 6, BARIOC_RUN_ATOMIC);
		wrong += ioctl(fd, BARIOC_RUN, &run) || run.ran != 6 ||
			 pair[0].result != pair[1].result ||
			 pair[4].result != i * 8 + who ||
			 pair[5].result != i * 8 + who;
	}
	close(fd);
	return wrong;
}

static void atomicity(void)
{
	unsigned int i, wrong = 0;
	int status;

	about("BARIOC_RUN by four processes");
	for (i = 0; i < 6; i++)
		poke(ivshmem, 2, WORD + 4 * i, 0);
	fflush(stdout);
	for (i = 0; i < 4; i++)
		if (!fork())
			_exit(!!work(i));
	for (i = 0; i < 4; i++)
		wrong += wait(&status) < 0 || status;
	is(wrong, 0, "each finds its byte as it left it, and no pair is torn");
	is(peek(ivshmem, 2, WORD), 0x01010101u * (ROUNDS & 0xff),
	   "no byte of REPLACE and PCIOCBARIO is lost");
	is(peek(ivshmem, 2, WORD + 8), 0xf, "no XOR is lost");
}

/*
 * Registers that rightly hold all ones between the write of one and the look at
 * it, while another process writes it, too.
 */
#define ONES	0x7100
#define ONES_RUNS	3000

static unsigned int broken_into(unsigned int op, unsigned int flags)
{
	static struct barioc_op ops[BARIOC_ATOMIC_MAX];
	unsigned long before = counter(ivshmem, "accesses");
	unsigned int i, broken = 0, wrong = 0;
	int fd = open_node(ivshmem, O_RDWR), status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		for (;;)
			put(fd, ivshmem, 2, ONES + 4, 4, 2);
	}
	wait_for_access(ivshmem, before);
	for (i = 0; i < ARRAY_SIZE(ops); i++)
		ops[i] = (struct barioc_op){ .op = op, .bar = 2, .width = 4,
					    .offset = ONES };
	ops[0] = (struct barioc_op)OP(WRITE, ONES + 4, 4, .bar = 2, .value = 1);
	ops[i - 1] = (struct barioc_op)OP(EXPECT, ONES + 4, 4, .bar = 2,
					  .mask = 0xffffffff, .value = 1);
	for (i = 0; i < ONES_RUNS; i++) {
		struct barioc_run run = a_run(ivshmem, ops, ARRAY_SIZE(ops),
					      flags);
		uint64_t since = now_ns();
		int error = ioctl(fd, BARIOC_RUN, &run) ? errno : run.error;

		if (stalled(error, since))
			continue;
		wrong += error || ops[1].result != 0xffffffff ||
			 ops[62].result != 0xffffffff;
		broken += run.stop == BARIOC_STOP_EXPECT && run.ran == 63;
		wrong += run.stop == BARIOC_STOP_EXPECT && run.ran != 63;
	}
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	close(fd);
	is(wrong, 0, "each of %u programs reads all ones 62 times", ONES_RUNS);
	return broken;
}

static void all_ones(void)
{
	about("BARIOC_RUN beside a writer");
	poke(ivshmem, 2, ONES, 0xffffffff);
	is(broken_into(BARIOC_OP_READ, BARIOC_RUN_ATOMIC), 0,
	   "ATOMIC, WRITE, READs of all ones, EXPECT: no access comes in between");
	is(broken_into(BARIOC_OP_EXPECT, BARIOC_RUN_ATOMIC), 0,
	   "ATOMIC, WRITE, EXPECTs of all ones, EXPECT: no access comes in between");
	/* Each may be a device that does not answer until time has run out. */
	ok(broken_into(BARIOC_OP_EXPECT, 0) > 0,
	   "without ATOMIC accesses come in after all ones");
}

int main(void)
{
	tap_begin();
	shared = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		bail("no memory");
	signalled(false);
	signalled(true);
	waiting(false, "DELAY");
	waiting(true, "POLL");
	regained(false, "DELAY");
	regained(true, "POLL");
	atomicity();
	all_ones();
	is(claims(), 0, "nothing is claimed in the end");
	return tap_end();
}
