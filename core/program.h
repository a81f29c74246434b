/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Programs: which are valid, and how they run. A back end provides a struct
 * bario_target, which makes the accesses. It is a constant, so that its functions are
 * compiled into the interpreter and cost no call.
 */
#ifndef BARIO_PROGRAM_H
#define BARIO_PROGRAM_H

#include "core.h"

#ifndef __always_inline
#define __always_inline	inline
#endif

/**
 * struct bario_target - how a program accesses a device
 * @read: read the registers of @count successive operations that differ only in their
 *	offset to their result; @done: out: how many of them were done
 * @write: likewise, write their value
 * @update: read the register of @op to its result, and write bario_op_update() of
 *	that, with no other access in between
 * @wait: wait for @ns
 * @now: a clock, in nanoseconds
 *
 * @read and @write do one operation at least, or return an error. An error is a
 * negative errno, and then the operation after those in @done was not done;
 * -EINTR: a signal arrived.
 */
struct bario_target {
	int		(*read)(void *device, struct barioc_op *op,
				uint32_t count, uint32_t *done);
	int		(*write)(void *device, struct barioc_op *op,
				 uint32_t count, uint32_t *done);
	int		(*update)(void *device, struct barioc_op *op);
	int		(*wait)(void *device, uint64_t ns);
	uint64_t	(*now)(void *device);
};

/**
 * bario_program_ops() - which operations exist, a bit for each BARIOC_OP_*
 */
uint32_t bario_program_ops(void);

/**
 * bario_program_check() - is a program valid and allowed?
 * @run: count and flags
 * @ops: the operations, a copy of the caller's: @reserved2 of each becomes its run
 *	length: how many reads, or writes, follow that differ only in offset and value
 * @bars: the function's BARs
 * @allowed: what may be done with them; NULL: everything
 * @used: where to put which BARs it uses, a bit each
 * @bad: where to put the index of the first invalid operation; the count if the
 *	program as a whole is invalid
 *
 * Return: 0, -EINVAL, -ENXIO or -EACCES; after an error @ops are unchanged.
 */
int bario_program_check(const struct barioc_run *run, struct barioc_op *ops,
			const struct bario_bar *bars,
			const struct bario_allowed *allowed, uint32_t *used,
			uint32_t *bad);

/**
 * bario_op_update() - the value that a read-modify-write writes
 * @op: AND, OR, XOR or REPLACE
 * @old: the value that was read
 */
static inline uint64_t bario_op_update(const struct barioc_op *op, uint64_t old)
{
	switch (op->op) {
	case BARIOC_OP_AND:
		return old & op->value;
	case BARIOC_OP_OR:
		return old | op->value;
	case BARIOC_OP_XOR:
		return old ^ op->value;
	default:
		return (old & ~op->mask) | op->value;
	}
}

/* The interval between reads grows with the time elapsed, from 1 us to 1 ms. */
static inline uint64_t bario_poll_pause(uint64_t elapsed, uint64_t timeout)
{
	uint64_t pause = elapsed / 4;

	if (pause < 1000)
		pause = 1000;
	if (pause > 1000000)
		pause = 1000000;
	return pause < timeout - elapsed ? pause : timeout - elapsed;
}

/* What is left of the time of an operation that began at @start. */
static inline uint64_t bario_time_left(const struct bario_target *target,
				       void *device, const struct barioc_op *op,
				       uint64_t start)
{
	uint64_t elapsed = target->now(device) - start;

	return elapsed < op->timeout ? op->timeout - elapsed : 0;
}

/* Returns BARIOC_STOP_END if the register matched, or another BARIOC_STOP_*. */
static inline uint32_t bario_poll(const struct bario_target *target,
				  void *device, struct barioc_op *op, int *error,
				  uint64_t *left)
{
	uint64_t start = target->now(device), elapsed;
	uint32_t done;

	for (;;) {
		/* Before the read, so that the last read comes after the timeout. */
		elapsed = target->now(device) - start;
		*error = target->read(device, op, 1, &done);
		if (*error)
			break;
		if ((op->result & op->mask) == op->value)
			return BARIOC_STOP_END;
		if (elapsed >= op->timeout)
			return BARIOC_STOP_TIMEOUT;
		*error = target->wait(device, bario_poll_pause(elapsed,
							       op->timeout));
		if (*error)
			break;
	}
	*left = bario_time_left(target, device, op, start);
	return BARIOC_STOP_ERROR;
}

static inline int bario_delay(const struct bario_target *target, void *device,
			      const struct barioc_op *op, uint64_t *left)
{
	uint64_t start = target->now(device);
	int error = target->wait(device, op->timeout);

	if (error)
		*left = bario_time_left(target, device, op, start);
	return error;
}

/**
 * bario_program_run() - run a program
 * @target: a constant, to be compiled in
 * @device: what @target's functions get
 * @run: ran, stop, error and left are filled in
 * @ops: operations that have been checked; results are filled in
 */
static __always_inline void
bario_program_run(const struct bario_target *target, void *device,
		  struct barioc_run *run, struct barioc_op *ops)
{
	struct barioc_op *op, *end = ops + run->count;
	uint32_t stop = BARIOC_STOP_END, run_length = 0, done;
	uint64_t left = 0;
	int error = 0;

	for (op = ops; op < end && !error && !stop; op += done, run_length -= done) {
		if (!run_length)
			run_length = op->reserved2 + 1;
		if (op->op == BARIOC_OP_READ) {
			error = target->read(device, op, run_length, &done);
			continue;
		}
		if (op->op == BARIOC_OP_WRITE) {
			error = target->write(device, op, run_length, &done);
			continue;
		}
		switch (op->op) {
		case BARIOC_OP_EXPECT:
			error = target->read(device, op, 1, &done);
			if (!error && (op->result & op->mask) != op->value)
				stop = BARIOC_STOP_EXPECT;
			break;
		case BARIOC_OP_POLL:
			stop = bario_poll(target, device, op, &error, &left);
			break;
		case BARIOC_OP_DELAY:
			error = bario_delay(target, device, op, &left);
			break;
		default:
			error = target->update(device, op);
			break;
		}
		done = !error && !stop;
	}
	if (error)
		stop = error == -EINTR ? BARIOC_STOP_SIGNAL : BARIOC_STOP_ERROR;
	run->ran = op - ops;
	run->stop = stop;
	run->error = stop == BARIOC_STOP_ERROR ? -error : 0;
	run->left = left;
}

#endif /* BARIO_PROGRAM_H */
