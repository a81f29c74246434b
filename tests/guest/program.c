// SPDX-License-Identifier: GPL-2.0
/*
 * Tests barioc(4): BARIOC_RUN. What each operation does, compared with other ways to
 * the device; which programs are refused, and that none of their operations ran; how
 * programs stop. Also BARIOC_LIMITS.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sys/mman.h>
#include <time.h>
#include "program.h"
#include "record.h"

static int pci;

/* One test: the request succeeds, and stops there for that. */
static bool runs(int fd, struct pcisel sel, struct barioc_op *ops,
		 unsigned int count, unsigned int flags, unsigned int ran,
		 unsigned int stop, const char *name)
{
	struct barioc_run run = a_run(sel, ops, count, flags);
	int error = ioctl(fd, BARIOC_RUN, &run) ? errno : 0;
	bool good = !error && run.ran == ran && run.stop == stop &&
		    !run.error && !run.left;

	ok(good, "%s: %u ran, stop %u", name, ran, stop);
	if (!good)
		note("%s, ran %u, stop %u, error %d, left %llu",
		     errno_name(error), run.ran, run.stop, run.error,
		     (unsigned long long)run.left);
	return good;
}

static uint32_t count(void)
{
	return testdev_count(testdev);
}

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * SECOND + time.tv_nsec;
}

/* ---- operations ---- */
static void in_memory(void)
{
	static const uint64_t was = 0x8877665544332211, value = 0xf0e1d2c3b4a59687;
	static const uint64_t mask = 0xff00ffff00ff0ff0;
	unsigned int width, i;

	about("BARIOC_RUN in memory");
	for (width = 1; width <= 8; width *= 2) {
		uint64_t ones = ~0ULL >> (64 - 8 * width), want[6], after;
		struct barioc_op ops[8];

		memset(ops, 0, sizeof(ops));
		for (i = 0; i < ARRAY_SIZE(ops); i++) {
			ops[i].bar = 2;
			ops[i].width = width;
			ops[i].result = UNTOUCHED;
			ops[i].offset = SHARED + 8 * width + 16 * i;
			ops[i].op = i < 6 ? BARIOC_OP_READ + i : BARIOC_OP_EXPECT;
			ops[i].value = i ? value & ones : 0;
		}
		ops[5].mask = mask & ones;
		ops[5].value &= mask;
		ops[6].offset = ops[5].offset;
		ops[6].mask = mask & ones;
		ops[6].value = ops[5].value;
		ops[7].op = BARIOC_OP_POLL;
		ops[7].offset = ops[0].offset;
		ops[7].mask = ones;
		ops[7].value = was & ones;
		want[0] = was;
		want[1] = value;
		want[2] = was & value;
		want[3] = was | value;
		want[4] = was ^ value;
		want[5] = (was & ~mask) | (value & mask);
		close(pci);
		for (i = 0; i < 6; i++) {
			poke(ivshmem, 2, ops[i].offset, (uint32_t)was);
			poke(ivshmem, 2, ops[i].offset + 4, was >> 32);
		}
		pci = open_pci(O_RDWR);
		runs(pci, ivshmem, ops, 8, 0, 8, BARIOC_STOP_END,
		     "all that reads and writes, in memory");
		for (i = 0; i < 6; i++)
			is(ops[i].result, i == 1 ? UNTOUCHED : was & ones,
			   "operation %u, %u bytes: its result", i + 1, width);
		is(ops[6].result, want[5] & ones, "EXPECT sees what REPLACE wrote");
		is(ops[7].result, was & ones, "POLL has what it waited for");
		close(pci);
		for (i = 0; i < 6; i++) {
			after = peek(ivshmem, 2, ops[i].offset) |
				(uint64_t)peek(ivshmem, 2, ops[i].offset + 4) << 32;
			is(after, (was & ~ones) | (want[i] & ones),
			   "operation %u, %u bytes: sysfs sees it", i + 1, width);
		}
		pci = open_pci(O_RDWR);
	}
}

static void in_ports(void)
{
	static const unsigned int at[] = { 0, PORT_TARGET, PORT_TARGET - 1, 0,
					   PORT_TARGET - 3 };
	unsigned int width;

	about("BARIOC_RUN in ports");
	for (width = 1; width <= 4; width *= 2) {
		struct barioc_op ops[] = {
			OP(READ, TESTDEV_OFFSET, width, .bar = 1),
			OP(WRITE, at[width], width, .bar = 1,
			   .value = (uint64_t)TARGET_DATA << (8 * width - 8)),
			OP(READ, TESTDEV_DATA, width, .bar = 1),
			OP(WRITE, PORT_TARGET + 1, width, .bar = 1, .value = 1),
			OP(READ, TESTDEV_COUNT, width, .bar = 1),
		};

		count_in_ports(testdev);
		runs(pci, testdev, ops, 5, 0, 5, BARIOC_STOP_END, "in ports");
		is(count(), 1, "ports, %u bytes: one write at its place", width);
		is(ops[4].result, 1, "and the program has counted it");
		is(ops[0].result, port_in(testdev, 1, TESTDEV_OFFSET, width),
		   "a read is the CPU's own");
		is(ops[2].result, port_in(testdev, 1, TESTDEV_DATA, width),
		   "and so is another");
		is(ops[1].result, UNTOUCHED, "a write has no result");
	}
}

static void factorial(void)
{
	struct barioc_op ops[] = {
		OP(WRITE, 8, 4, .value = 10),
		OP(POLL, 0x20, 4, .mask = 1, .timeout = 9 * SECOND),
		OP(READ, 8, 4),
		OP(XOR, 4, 4, .value = 0xffffffff),
		OP(READ, 0x100, 4),
		OP(DELAY, 0, 0, .timeout = SECOND / 5),
	};
	uint64_t began = now();

	about("BARIOC_RUN of edu's factorial");
	runs(pci, edu, ops, 6, 0, 6, BARIOC_STOP_END, "edu's factorial");
	is(ops[2].result, 3628800, "is that of 10");
	is(ops[4].result, 0xffffffff, "all ones in a register is not an error");
	ok(now() - began >= SECOND / 5, "DELAY lets its time pass");
	is(ops[5].result, UNTOUCHED, "and has no result");
}

static void stops(void)
{
	struct barioc_op ops[] = {
		OP(WRITE, 4, 4, .value = 0x1234),
		OP(EXPECT, 0, 4, .mask = 0xff, .value = 0xee),
		OP(WRITE, 4, 4, .value = 0x5678),
	};
	uint64_t began;

	about("BARIOC_RUN");
	runs(pci, edu, ops, 3, 0, 1, BARIOC_STOP_EXPECT, "not as expected");
	is(ops[1].result, 0x010000ed, "what it was instead");
	is(get(pci, edu, 0, 4, 4), ~0x1234u, "nothing after that ran");
	ops[1] = (struct barioc_op)OP(POLL, 0, 4, .mask = 1, .value = 0,
				      .timeout = SECOND / 4);
	began = now();
	runs(pci, edu, ops, 3, 0, 1, BARIOC_STOP_TIMEOUT, "not in time");
	ok(now() - began >= SECOND / 4, "all of its time has passed");
	is(ops[1].result, 0x010000ed, "what it read last");
	is(ops[2].result, UNTOUCHED, "nothing after that ran");
	ops[1].timeout = 0;
	runs(pci, edu, ops, 3, 0, 1, BARIOC_STOP_TIMEOUT, "no time at all");
	ops[1].value = 1;
	runs(pci, edu, ops, 3, 0, 3, BARIOC_STOP_END, "what is there at once");
}

/* ---- what is refused ---- */
#define NOT_SAID	77	/* refused_op is left alone */

static void bad(int fd, struct barioc_run run, int want, uint32_t refused_op,
		const char *name)
{
	run.refused_op = refused_op;
	refused(fd, BARIOC_RUN, &run, want, "%s", name);
	run.refused_op = NOT_SAID;
	if (ioctl(fd, BARIOC_RUN, &run) != -1)
		bail("%s is not refused the second time", name);
	is(run.refused_op, refused_op, "%s: refused_op", name);
}

static void refusals(void)
{
	about("BARIOC_RUN");
	/* The first would count; the last is wrong. */
	static const struct barioc_op good =
		OP(WRITE, PORT_TARGET, 1, .bar = 1, .value = TARGET_DATA);
	static const struct {
		struct barioc_op op;
		const char	*name;
		int		error;
	} wrong[] = {
#define WRONG(name, what, at, bytes, ...) \
	{ OP(what, at, bytes, __VA_ARGS__), name, EINVAL }
		{ { 0 }, "no operation", EINVAL },
		{ { .op = 10, .width = 4 }, "one more than there are", EINVAL },
		WRONG("reserved", READ, 0, 4, .reserved = 1),
		WRONG("reserved2", READ, 0, 4, .reserved2 = 1),
		WRONG("READ with a value", READ, 0, 4, .value = 1),
		WRONG("READ with a mask", READ, 0, 4, .mask = 1),
		WRONG("WRITE with a time", WRITE, 0, 4, .timeout = 1),
		WRONG("XOR with a mask", XOR, 0, 4, .mask = 1),
		WRONG("DELAY of a BAR", DELAY, 0, 0, .bar = 1),
		WRONG("DELAY with a width", DELAY, 0, 4),
		WRONG("DELAY with an offset", DELAY, 4, 0),
		WRONG("a value above the width", WRITE, 0, 4, .value = 1ULL << 32),
		WRONG("a mask above the width", EXPECT, 0, 1, .mask = 0x100),
		WRONG("a value outside the mask", REPLACE, 0, 4, .mask = 2, .value = 1),
		WRONG("width 3", READ, 0, 3),
		WRONG("width 0", READ, 0, 0),
		WRONG("8 bytes of ports", READ, 0, 8, .bar = 1),
		WRONG("misaligned", READ, 2, 4),
		WRONG("past the end", READ, 4096, 1),
		WRONG("an offset of 2^64 - 4", READ, ~3ULL, 4),
		WRONG("the expansion ROM", READ, 0, 4, .bar = 6),
		WRONG("configuration space", READ, 0, 4, .bar = BARIOC_SPACE_CONFIG),
		WRONG("the interrupt", READ, 0, 4, .bar = 8),
		WRONG("the upper half of one", READ, 0, 4, .bar = 3),
		WRONG("a DELAY of 2^63 ns", DELAY, 0, 0, .timeout = 1ULL << 63),
		WRONG("10 s and 1 ns", POLL, 0, 4, .timeout = BARIOC_TIME_MAX + 1),
	};
	static struct barioc_op ops[BARIOC_OPS_MAX + 1], copy[3];
	static const unsigned int counts[] = { 0, BARIOC_OPS_MAX + 1, ~0u };
	struct barioc_op seconds[3] = {
		OP(DELAY, 0, 0, .timeout = 6 * SECOND),
		OP(DELAY, 0, 0, .timeout = 4 * SECOND + 1),
	};
	int readonly = open_pci(O_RDONLY), some;
	struct barioc_rule rules[2];
	struct barioc_run run;
	size_t i;

	count_in_ports(testdev);
	watch(count);
	for (i = 0; i < ARRAY_SIZE(ops); i++)
		ops[i] = good;
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		ops[2] = wrong[i].op;
		memcpy(copy, ops, sizeof(copy));
		bad(pci, a_run(testdev, ops, 3, 0), EINVAL, 2, wrong[i].name);
		if (memcmp(copy, ops, sizeof(copy)))
			ok(false, "%s: the operations have changed", wrong[i].name);
	}
	ops[2] = good;
	for (i = 0; i < ARRAY_SIZE(counts); i++)
		bad(pci, a_run(testdev, ops, counts[i], 0), EINVAL, counts[i],
		    "a count that is not 1 to 1024");
	bad(pci, a_run(testdev, ops, 1, 2), EINVAL, 1, "an unknown flag");
	bad(pci, a_run(testdev, ops, 65, BARIOC_RUN_ATOMIC), EINVAL, 65,
	    "65 operations with ATOMIC");
	bad(pci, a_run(testdev, seconds, 2, 0), EINVAL, 1,
	    "timeouts of 10 s and 1 ns");
	seconds[1].timeout = ~0ULL - 6 * SECOND + 2;
	bad(pci, a_run(testdev, seconds, 2, 0), EINVAL, 1,
	    "timeouts that wrap");
	ops[1] = (struct barioc_op)OP(DELAY, 0, 0);
	bad(pci, a_run(testdev, ops, 2, BARIOC_RUN_ATOMIC), EINVAL, 1,
	    "DELAY with ATOMIC");
	ops[1] = (struct barioc_op)OP(POLL, 0, 4);
	bad(pci, a_run(testdev, ops, 2, BARIOC_RUN_ATOMIC), EINVAL, 1,
	    "POLL with ATOMIC");
	ops[1] = good;
	run = a_run(testdev, ops, 1, 0);
	run.reserved = 1;
	bad(pci, run, EINVAL, 1, "reserved is not 0");
	for (i = 0; i < 2 * 64; i += 21) {
		run = a_run(testdev, ops, 1, 0);
		run.reserved2[i / 64] = 1ULL << i % 64;
		bad(pci, run, EINVAL, 1, "reserved2");
	}
	bad(readonly, a_run(testdev, ops, 1, 0), EPERM, NOT_SAID,
	    "a descriptor open for reading");
	bad(pci, a_run(absent, ops, 1, 0), ENODEV, NOT_SAID, "no such function");
	rules[0] = rule(testdev, 1, W, PORT_TARGET, 1);
	rules[1] = rule(testdev, 0, R, 0, 8);
	some = derive(pci, rules, 2, NULL);
	bad(some, a_run(edu, ops, 1, 0), ENODEV, NOT_SAID, "another function");
	ops[1] = (struct barioc_op)OP(WRITE, 0, 4, .value = 0);
	bad(some, a_run(testdev, ops, 2, 0), EACCES, 1,
	    "WRITE where READ is granted");
	ops[1] = (struct barioc_op)OP(OR, 0, 4, .value = 0);
	bad(some, a_run(testdev, ops, 2, 0), EACCES, 1, "OR where READ is granted");
	ops[1] = (struct barioc_op)OP(READ, PORT_TARGET, 1, .bar = 1);
	bad(some, a_run(testdev, ops, 2, 0), EACCES, 1, "READ where WRITE is granted");
	ops[1] = (struct barioc_op)OP(READ, 8, 4);
	bad(some, a_run(testdev, ops, 2, 0), EACCES, 1,
	    "READ after the granted range");
	watch(NULL);
	ops[1] = (struct barioc_op)OP(READ, 4, 4);
	runs(some, testdev, ops, 2, 0, 2, BARIOC_STOP_END, "granted operations run");
	is(count(), 1, "a granted WRITE reaches the device once");
	close(some);
	close(readonly);
}

/* EBUSY and ENXIO are of a BAR: the first operation on it is the one. */
static void bars_refused(void)
{
	struct barioc_op ops[] = {
		OP(DELAY, 0, 0, .timeout = 1),
		OP(WRITE, 0, 1, .bar = 1, .value = 0),
		OP(READ, 0, 4, .bar = 2),
		OP(WRITE, 0, 1, .bar = 0, .value = 0),
	};

	about("BARIOC_RUN");
	bad(pci, a_run(unplaced, ops, 4, 0), ENXIO, 2, "a BAR without an address");
	ops[3] = ops[2] = ops[1];
	is_str(driver_of(serial), "serial", "a driver is bound to 00:04.0");
	ops[1].bar = ops[2].bar = ops[3].bar = 0;
	bad(pci, a_run(serial, ops, 4, 0), EBUSY, 1, "a driver is bound");
	if (system("modprobe e1000") || !*driver_of(e1000))
		bail("e1000 has no driver");
	ops[1] = (struct barioc_op)OP(READ, 0, 4, .bar = 1);
	ops[2] = ops[3] = (struct barioc_op)OP(READ, 0, 4);
	bad(pci, a_run(e1000, ops, 4, 0), EBUSY, 2,
	    "a driver is bound and claims the second BAR of the program");
	if (system("rmmod e1000"))
		bail("rmmod e1000");
}

/* ---- memory of the caller's that is not as it should be ---- */
static unsigned long accesses_before;

static void *turn_readonly(void *page)
{
	wait_for_access(testdev, accesses_before);
	if (mprotect(page, PAGE, PROT_READ))
		abort();
	return NULL;
}

static void pages(void)
{
	char *two = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct barioc_op one = OP(WRITE, PORT_TARGET, 1, .bar = 1,
				  .value = TARGET_DATA);
	struct barioc_op wait = OP(DELAY, 0, 0, .timeout = 9 * SECOND);
	struct barioc_op *ops = (struct barioc_op *)(two + PAGE) - 3;
	struct barioc_op look = OP(READ, TESTDEV_DATA, 1, .bar = 1);
	struct barioc_run run;
	pthread_t thread;

	about("BARIOC_RUN");
	ops[0] = one;
	ops[1] = one;
	ops[2] = look;
	mprotect(two + PAGE, PAGE, PROT_NONE);
	count_in_ports(testdev);
	watch(count);
	bad(pci, a_run(testdev, ops, 4, 0), EFAULT, 4, "operations that run into unmapped memory");
	bad(pci, a_run(testdev, NULL, 1, 0), EFAULT, 1, "operations at NULL");
	mprotect(two, PAGE, PROT_READ);
	bad(pci, a_run(testdev, ops, 3, 0), EFAULT, 3, "operations in a read-only page");
	mprotect(two, PAGE, PROT_READ | PROT_WRITE);
	watch(NULL);
	runs(pci, testdev, ops, 3, 0, 3, BARIOC_STOP_END, "at the end of a page");
	is(count(), 2, "operations at the end of a page reach the device");
	is(ops[2].result, TARGET_DATA, "operations at the end of a page get their result");
	ops[1] = wait;
	ops[2] = look;
	run = a_run(testdev, ops, 3, 0);
	accesses_before = counter(testdev, "accesses");
	if (pthread_create(&thread, NULL, turn_readonly, two))
		bail("no thread");
	is_errno(ioctl(pci, BARIOC_RUN, &run), EFAULT,
		 "the results become unwritable while the program runs");
	pthread_join(thread, NULL);
	ok(run.ran == 3 && run.stop == BARIOC_STOP_END && !run.error && !run.left,
	   "ran, stop and error are right although the results are lost");
	is(count(), 3, "the operations ran although the results are lost");
	is(ops[2].result, UNTOUCHED, "a result that cannot be stored is lost");
	munmap(two, 2 * PAGE);
}

static void limits(void)
{
	struct barioc_limits want, got;

	about("BARIOC_LIMITS");
	memset(&want, 0, sizeof(want));
	want.rules = 1024;
	want.ops = 1024;
	want.atomic = 64;
	want.time = 10 * SECOND;
	want.features = 0x01fe | 0x0200 | 0x01fe00000000 | 1ULL << 56 | 1ULL << 58;
	memset(&got, 0xff, sizeof(got));
	is_errno(ioctl(pci, BARIOC_LIMITS, NULL), EFAULT, "a structure at NULL");
	is_errno(ioctl(pci, BARIOC_RUN, NULL), EFAULT,
		 "BARIOC_RUN: a structure at NULL");
	is_errno(ioctl(pci, BARIOC_LIMITS, &got), 0, "the request succeeds");
	ok(!memcmp(&got, &want, sizeof(got)), "the limits are those of the header");
}

int main(void)
{
	tap_begin();
	pci = open_pci(O_RDWR);
	in_memory();
	in_ports();
	factorial();
	stops();
	refusals();
	bars_refused();
	pages();
	limits();
	close(pci);
	is(claims(), 0, "at the end nothing is claimed");
	return tap_end();
}
