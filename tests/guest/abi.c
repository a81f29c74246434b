// SPDX-License-Identifier: GPL-2.0
/*
 * Tests barioc(4): BARIOC_LIMITS. Also what holds for all of its requests: a structure
 * that was answered can be used for another request.
 */
#define _GNU_SOURCE
#include "program.h"

static int pci;

/* Asked with the answer, the answer is the same. */
static void twice(int fd, unsigned long cmd, void *arg, const char *name)
{
	char first[256];
	size_t size = _IOC_SIZE(cmd);

	is_errno(ioctl(fd, cmd, arg), 0, "%s succeeds", name);
	memcpy(first, arg, size);
	is_errno(ioctl(fd, cmd, arg), 0, "%s succeeds again", name);
	ok(!memcmp(first, arg, size), "%s has the same answer", name);
}

static void again(void)
{
	static const struct barioc_op ops[] = {
		OP(READ, 0, 4), OP(EXPECT, 0, 4, .mask = 1, .value = 0),
		OP(XOR, 4, 4, .value = 0),
	};
	struct barioc_op copy[ARRAY_SIZE(ops)];
	struct barioc_rule rules[8], one = rule(edu, 0, R | W, 0, TO_END);
	int node = open_node(edu, O_RDWR), some = derive(pci, &one, 1, NULL);
	struct barioc_grant grant = { .rules = (uintptr_t)rules, .capacity = 8 };
	struct barioc_derive child = asking_for(&one, 1);
	struct barioc_holder holder = { .dev = edu.pc_dev };
	struct barioc_limits limits;
	struct barioc_run run;

	about("a request asked with its answer");
	memcpy(copy, ops, sizeof(copy));
	run = a_run(edu, copy, ARRAY_SIZE(copy), 0);
	memset(&limits, 0xa5, sizeof(limits));
	twice(pci, BARIOC_GRANT, &grant, "BARIOC_GRANT on /dev/pci");
	twice(node, BARIOC_GRANT, &grant, "BARIOC_GRANT on a node");
	twice(some, BARIOC_GRANT, &grant, "BARIOC_GRANT on a derived file");
	grant.attributes = ~0u;
	twice(some, BARIOC_GRANT, &grant, "BARIOC_GRANT with any attributes");
	is(grant.attributes, 0, "BARIOC_GRANT: a derived file has no attributes");
	is_errno(ioctl(some, BARIOC_DERIVE, &child), 0, "BARIOC_DERIVE succeeds");
	close(child.fd);
	is_errno(ioctl(some, BARIOC_DERIVE, &child), 0,
		 "BARIOC_DERIVE succeeds again");
	close(child.fd);
	twice(some, BARIOC_HOLDER, &holder, "BARIOC_HOLDER of a BAR");
	holder.space = BARIOC_SPACE_CONFIG;
	twice(some, BARIOC_HOLDER, &holder, "BARIOC_HOLDER of a function");
	twice(some, BARIOC_RUN, &run, "BARIOC_RUN");
	is(run.ran << 8 | run.stop, 1 << 8 | BARIOC_STOP_EXPECT, "BARIOC_RUN stops where it stopped");
	twice(some, BARIOC_LIMITS, &limits, "BARIOC_LIMITS");
	twice(some, BARIOC_REVOKE, &(struct barioc_revoke){ 0 }, "BARIOC_REVOKE");
	close(some);
	close(node);
}

/* Does any request have this number, whatever its structure? */
static bool answered(unsigned int number)
{
	unsigned int direction, size;

	for (direction = 0; direction < 4; direction++)
		for (size = 0; size < 128; size++)
			if (ioctl(pci, _IOC(direction, BARIOC_IOC_TYPE, number,
					    size), NULL) != -1 ||
			    errno != ENOTTY)
				return true;
	return false;
}

/* Is it an operation? Then one of these is right for it. */
static bool runs(unsigned int number)
{
	static const struct barioc_op shapes[] = {
		{ .width = 4 }, { .width = 4, .mask = 1 }, { .timeout = 1 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(shapes); i++) {
		struct barioc_op op = shapes[i];
		struct barioc_run run = a_run(edu, &op, 1, 0);

		op.op = number;
		if (!ioctl(pci, BARIOC_RUN, &run))
			return true;
	}
	return false;
}

static void features(void)
{
	struct barioc_op op = OP(READ, 0, 4);
	struct barioc_rule one = rule(edu, 0, R, 0, 4);
	struct barioc_derive child = asking_for(&one, 1);
	struct barioc_limits limits = { 0 };
	unsigned int i, bit, bad = 0;

	about("BARIOC_LIMITS");
	is_errno(ioctl(pci, BARIOC_LIMITS, &limits), 0, "it succeeds");
	for (i = 0; i < 24; i++)
		if (answered(i) != !!(limits.features & BARIOC_FEATURE_REQUEST(i))) {
			note("request %u", i);
			bad++;
		}
	is(bad, 0, "a request has its feature, or fails: ENOTTY");
	ok(limits.features & BARIOC_FEATURE_REQUEST(BARIOC_RUN), "BARIOC_RUN has its feature");
	for (i = 0; i < 256; i++)
		if (runs(i) != (i < 32 && (limits.features &
					   BARIOC_FEATURE_OP(i)))) {
			note("operation %u", i);
			bad++;
		}
	is(bad, 0, "an operation has its feature, or is refused");
	for (bit = 0; bit < 32; bit++) {
		struct barioc_run run = a_run(edu, &op, 1, 1u << bit);

		if (!ioctl(pci, BARIOC_RUN, &run) !=
		    (bit == 0 && (limits.features & BARIOC_FEATURE_RUN_ATOMIC)))
			bad++;
	}
	is(bad, 0, "a flag of BARIOC_RUN has its feature, or is refused");
	child.flags = BARIOC_DERIVE_SHARED;
	ok(limits.features & BARIOC_FEATURE_PUBLISH_OWNER,
	   "PUBLISH's flag OWNER has its feature");
	is_errno(ioctl(pci, BARIOC_DERIVE, &child),
		 limits.features & BARIOC_FEATURE_DERIVE_SHARED ? 0 : EPERM,
		 "BARIOC_DERIVE with SHARED does what its feature says");
	if (child.fd >= 0)
		close(child.fd);
	is(limits.features >> 59, 0, "no other feature is set");
}

static void load(const char *parameter)
{
	char command[80];

	snprintf(command, sizeof(command),
		 "rmmod bario && insmod /lib/modules/bario.ko %s", parameter);
	close(pci);
	if (system(command))
		bail("bario can't be loaded, %s", parameter);
	pci = open_pci(O_RDWR);
}

int main(void)
{
	tap_begin();
	pci = open_pci(O_RDWR);
	again();
	features();
	load("allow_shared=1");
	features();
	load("");
	close(pci);
	return tap_end();
}
