/* SPDX-License-Identifier: GPL-2.0 */
/* Programs, as the tests write them down. */
#ifndef BARIO_TEST_PROGRAM_H
#define BARIO_TEST_PROGRAM_H

#include <time.h>
#include "derive.h"

#define UNTOUCHED	0x5ca1ab1e5ca1ab1eULL
#define SECOND		1000000000ULL
#define SHARED		0x6000	/* in ivshmem's memory */
#define OP(what, at, bytes, ...) \
	{ .op = BARIOC_OP_ ## what, .offset = (at), .width = (bytes), \
	  .result = UNTOUCHED, __VA_ARGS__ }

static inline struct barioc_run a_run(struct pcisel sel,
				      const struct barioc_op *ops,
				      unsigned int count, unsigned int flags)
{
	struct barioc_run run;

	memset(&run, 0, sizeof(run));
	run.domain = sel.pc_domain;
	run.bus = sel.pc_bus;
	run.dev = sel.pc_dev;
	run.func = sel.pc_func;
	run.ops = (uintptr_t)ops;
	run.count = count;
	run.flags = flags;
	run.ran = run.stop = run.error = run.left = 77;
	return run;
}

static inline uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * SECOND + now.tv_nsec;
}

/*
 * All ones that took longer than a reset are EIO: the host did not run this
 * processor meanwhile. Only that time excuses it.
 */
static inline bool stalled(int error, uint64_t since)
{
	return error == EIO && now_ns() - since > SECOND / 100;
}

#endif /* BARIO_TEST_PROGRAM_H */
