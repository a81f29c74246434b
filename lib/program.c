// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Programs, and read-modify-write, which is a program of one operation. */
#include <stdio.h>
#include "log.h"

_Static_assert(BARIO_OPS_MAX == BARIOC_OPS_MAX &&
	       BARIO_ATOMIC_MAX == BARIOC_ATOMIC_MAX &&
	       BARIO_TIME_MAX == BARIOC_TIME_MAX &&
	       BARIO_RUN_ATOMIC == BARIOC_RUN_ATOMIC &&
	       BARIO_OP_READ == BARIOC_OP_READ &&
	       BARIO_OP_WRITE == BARIOC_OP_WRITE &&
	       BARIO_OP_AND == BARIOC_OP_AND &&
	       BARIO_OP_OR == BARIOC_OP_OR &&
	       BARIO_OP_XOR == BARIOC_OP_XOR &&
	       BARIO_OP_REPLACE == BARIOC_OP_REPLACE &&
	       BARIO_OP_POLL == BARIOC_OP_POLL &&
	       BARIO_OP_DELAY == BARIOC_OP_DELAY &&
	       BARIO_OP_EXPECT == BARIOC_OP_EXPECT &&
	       sizeof(struct bario_op) == sizeof(struct barioc_op) &&
	       offsetof(struct bario_op, op) == offsetof(struct barioc_op, op) &&
	       offsetof(struct bario_op, bar) == offsetof(struct barioc_op, bar) &&
	       offsetof(struct bario_op, width) ==
	       offsetof(struct barioc_op, width) &&
	       offsetof(struct bario_op, error) ==
	       offsetof(struct barioc_op, reserved) &&
	       offsetof(struct bario_op, reserved) ==
	       offsetof(struct barioc_op, reserved2) &&
	       offsetof(struct bario_op, offset) ==
	       offsetof(struct barioc_op, offset) &&
	       offsetof(struct bario_op, value) ==
	       offsetof(struct barioc_op, value) &&
	       offsetof(struct bario_op, mask) ==
	       offsetof(struct barioc_op, mask) &&
	       offsetof(struct bario_op, timeout) ==
	       offsetof(struct barioc_op, timeout) &&
	       offsetof(struct bario_op, result) ==
	       offsetof(struct barioc_op, result),
	       "operations are the module's");

/* Why a program that was right did not run to its end. */
static int fail_stopped(struct bario *dev, const struct barioc_run *run,
			const struct barioc_op *ops)
{
	const struct barioc_op *op = &ops[run->ran];
	const struct access access = op_access(op, false);
	char bits[48] = "";

	error_at_access(dev, &access);
	if (op->mask != bario_all_ones(op->width ? op->width : 8))
		snprintf(bits, sizeof(bits), " in the bits %#llx",
			 (unsigned long long)op->mask);
	switch (run->stop) {
	case BARIOC_STOP_EXPECT:
		return fail(ECANCELED, BARIO_CAUSE_EXPECT,
			    "expected %#llx%s: the register is %#llx",
			    (unsigned long long)op->value, bits,
			    (unsigned long long)op->result);
	case BARIOC_STOP_TIMEOUT:
		return fail(ETIMEDOUT, BARIO_CAUSE_TIMEOUT,
			    "timed out waiting for %#llx%s: the register is %#llx",
			    (unsigned long long)op->value, bits,
			    (unsigned long long)op->result);
	case BARIOC_STOP_SIGNAL:
		if (op->op == BARIOC_OP_DELAY)
			error_at_function(dev);
		return fail(EINTR, BARIO_CAUSE_SIGNAL,
			    "interrupted by a signal, with %llu ns left",
			    (unsigned long long)run->left);
	}
	return 0;
}

/* @at: the operation that an error is about, or BARIO_NONE. */
static int run_ops(struct bario *dev, struct barioc_run *run,
		   struct barioc_op *ops, uint32_t *at)
{
	int error;

	*at = BARIO_NONE;
	if (dev->flags & BARIO_OPEN_INFO)
		return dev->backend->info_only(dev);
	if ((run->flags & BARIOC_RUN_ATOMIC) && !(dev->can & BARIO_CAN_ATOMIC))
		return fail(EOPNOTSUPP, BARIO_CAUSE_UNSUPPORTED,
			    "%s can't keep others out between two accesses",
			    dev->backend->name);
	error = dev->backend->run(dev, run, ops, at);
	if (error || run->stop == BARIOC_STOP_END)
		return error;
	*at = run->ran;
	return fail_stopped(dev, run, ops);
}

/* It ran, and ended at a READ that the device did not answer. */
static bool is_unanswered(const struct barioc_run *run, const struct bario_op *op,
			  int error)
{
	return run->stop == BARIOC_STOP_ERROR && error == -EIO &&
		op->op == BARIO_OP_READ;
}

/*
 * What follows a READ that failed is a program again: all of it was checked before the
 * first operation ran. @at is the index in the whole.
 */
static int run_on(struct bario *dev, struct barioc_run *run,
		  struct bario_op *ops, uint32_t *at, uint32_t *failed)
{
	const uint32_t count = run->count;
	uint32_t first = 0;
	int error;

	for (;;) {
		/* The layout is the same: see above. */
		error = run_ops(dev, run, (struct barioc_op *)ops + first, at);
		if (*at != BARIO_NONE)
			*at += first;
		run->ran += first;
		if (!error || !failed || *at == BARIO_NONE ||
		    !is_unanswered(run, &ops[*at], error))
			return error;
		log_line(BARIO_LOG_DEBUG, "ops[%u]: %s", *at,
			 bario_last_error()->message);
		ops[*at].error = -error;
		++*failed;
		first = *at + 1;
		if (first == count) {
			run->ran = count;
			return 0;
		}
		*run = (struct barioc_run){
			.count = count - first, .flags = run->flags,
		};
	}
}

BARIO_API int bario_run(struct bario *dev, struct bario_op *ops, size_t count,
			uint32_t flags, struct bario_run_result *result,
			size_t size)
{
	const bool goes_on = flags & BARIO_RUN_CONTINUE;
	struct barioc_run run = {
		.count = count, .flags = flags & BARIO_RUN_ATOMIC,
	};
	struct bario_run_result ran = { 0 };
	uint32_t at = BARIO_NONE;
	size_t i;
	int error;

	error_at_function(dev);
	error = result ? check_size(size) : 0;
	if (error)
		return error;
	error = check_flags(flags, BARIO_RUN_ATOMIC | BARIO_RUN_CONTINUE, "run");
	if (!error && goes_on && run.flags)
		error = fail(EINVAL, BARIO_CAUSE_OPERATION,
			     "an atomic program does not go on after a failed read");
	if (!error && (!count || count > BARIO_OPS_MAX))
		error = fail(EINVAL, BARIO_CAUSE_OPERATION,
			     "a program has 1 to %d operations", BARIO_OPS_MAX);
	for (i = 0; i < count && !error; i++)
		ops[i].error = 0;
	if (!error)
		error = run_on(dev, &run, ops, &at, goes_on ? &ran.failed : NULL);
	if (error && at != BARIO_NONE)
		error_at_index(error, "ops", at, count == 1);
	ran.ran = run.ran;
	ran.left = run.left;
	if (result)
		copy_out(result, size, &ran, sizeof(ran));
	return error;
}

/* What of an operation's BAR and width is there, before they are cut to a byte. */
static int update_register(struct bario *dev, uint32_t bar, uint32_t width,
			   struct barioc_op op, uint64_t *was)
{
	struct barioc_run run = { .count = 1 };
	uint32_t at;
	const struct access access = {
		.write = true, .space = bar, .width = width,
		.offset = op.offset,
	};
	int error;

	error_at_access(dev, &access);
	if (bar >= BARIO_BARS_MAX)
		return fail(EINVAL, BARIO_CAUSE_BAR, "a BAR is 0 to 5");
	error = check_args(dev, &access, op.value | op.mask);
	if (!error && op.op == BARIO_OP_REPLACE && (op.value & ~op.mask))
		error = fail(EINVAL, BARIO_CAUSE_VALUE,
			     "the value %#llx has bits outside the mask %#llx",
			     (unsigned long long)op.value,
			     (unsigned long long)op.mask);
	if (error)
		return error;
	op.bar = bar;
	op.width = width;
	error = run_ops(dev, &run, &op, &at);
	if (!error && was)
		*was = op.result;
	return error;
}

BARIO_API int bario_and(struct bario *dev, uint32_t bar, uint64_t offset,
			uint32_t width, uint64_t value, uint64_t *was)
{
	return update_register(dev, bar, width, (struct barioc_op){
		.op = BARIO_OP_AND, .offset = offset, .value = value }, was);
}

BARIO_API int bario_or(struct bario *dev, uint32_t bar, uint64_t offset,
		       uint32_t width, uint64_t value, uint64_t *was)
{
	return update_register(dev, bar, width, (struct barioc_op){
		.op = BARIO_OP_OR, .offset = offset, .value = value }, was);
}

BARIO_API int bario_xor(struct bario *dev, uint32_t bar, uint64_t offset,
			uint32_t width, uint64_t value, uint64_t *was)
{
	return update_register(dev, bar, width, (struct barioc_op){
		.op = BARIO_OP_XOR, .offset = offset, .value = value }, was);
}

BARIO_API int bario_update_bits(struct bario *dev, uint32_t bar,
				uint64_t offset, uint32_t width, uint64_t mask,
				uint64_t value, uint64_t *was)
{
	return update_register(dev, bar, width, (struct barioc_op){
		.op = BARIO_OP_REPLACE, .offset = offset, .mask = mask,
		.value = value }, was);
}
