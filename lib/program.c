// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Programs, and read-modify-write, which is a program of one operation. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "module.h"
#include "sim.h"

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
	       offsetof(struct bario_op, reserved) ==
	       offsetof(struct barioc_op, reserved) &&
	       offsetof(struct bario_op, reserved2) ==
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

/* ---- step by step, where the back end has only single accesses ---- */

static bool op_writes(const struct barioc_op *op)
{
	return op->op != BARIOC_OP_READ && op->op != BARIOC_OP_POLL &&
		op->op != BARIOC_OP_EXPECT;
}

static uint32_t op_rights(const struct barioc_op *op)
{
	return (op->op == BARIOC_OP_WRITE ? 0 : BARIO_RIGHT_READ) |
		(op_writes(op) ? BARIO_RIGHT_WRITE : 0);
}

static struct access op_access(const struct barioc_op *op, bool write)
{
	return (struct access){
		.write = write, .space = op->bar, .width = op->width,
		.offset = op->offset,
	};
}

static int one(struct bario *dev, const struct barioc_op *op, bool write,
	       uint64_t *value)
{
	const struct access access = op_access(op, write);

	error_at_access(dev, &access);
	return dev->backend->access(dev, &access, value);
}

static int step_read(void *device, struct barioc_op *op, uint32_t count,
		     uint32_t *done)
{
	uint64_t value = 0;
	int error;

	(void)count;
	error = one(device, op, false, &value);
	*done = !error;
	if (!error)
		op->result = value;
	return error;
}

static int step_write(void *device, struct barioc_op *op, uint32_t count,
		      uint32_t *done)
{
	uint64_t value = op->value;
	int error;

	(void)count;
	error = one(device, op, true, &value);
	*done = !error;
	return error;
}

/* Other handles of a simulated device don't access it between these two. */
static void keep_others_out(struct bario *dev)
{
	if (dev->sim)
		sim_lock(dev->sim->device);
}

static void let_others_in(struct bario *dev)
{
	if (dev->sim)
		sim_unlock(dev->sim->device);
}

static int step_update(void *device, struct barioc_op *op)
{
	uint64_t was = 0, value;
	int error;

	keep_others_out(device);
	error = one(device, op, false, &was);
	if (!error) {
		value = bario_op_update(op, was);
		error = one(device, op, true, &value);
	}
	let_others_in(device);
	if (!error)
		op->result = was;
	return error;
}

/* Of what is simulated, the time is simulated, too. */
static int step_wait(void *device, uint64_t ns)
{
	const struct timespec time = {
		.tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000,
	};
	struct bario *dev = device;

	if (dev->sim)
		return sim_wait(dev, ns);
	return nanosleep(&time, NULL) ? -errno : 0;
}

static uint64_t step_now(void *device)
{
	struct bario *dev = device;
	struct timespec time;

	if (dev->sim)
		return sim_now(dev);
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000ULL + time.tv_nsec;
}

static const struct bario_target stepwise = {
	.read = step_read,
	.write = step_write,
	.update = step_update,
	.wait = step_wait,
	.now = step_now,
};

/* ---- what is wrong with a program ---- */

/* The step that the core does not take: why? */
static int fail_step(struct bario *dev, const struct bario_info *info,
		     const struct barioc_op *op, bool atomic, int code)
{
	const bool writes = op_writes(op);
	const struct access access = op_access(op, writes);
	int error;

	error_at_access(dev, &access);
	if (op->op < BARIOC_OP_READ || op->op > BARIOC_OP_EXPECT)
		return fail(EINVAL, BARIO_CAUSE_OPERATION,
			    "there is no operation %u", op->op);
	if (atomic && (op->op == BARIOC_OP_DELAY || op->op == BARIOC_OP_POLL))
		return fail(EINVAL, BARIO_CAUSE_OPERATION,
			    "an atomic program neither polls nor delays");
	if (op->op == BARIOC_OP_DELAY)
		return fail(EINVAL, BARIO_CAUSE_OPERATION,
			    "a delay has a time, and nothing else; all times together are at most 10 s");
	if (op->bar >= BARIO_BARS_MAX)
		return fail(EINVAL, BARIO_CAUSE_BAR, "a BAR is 0 to 5");
	error = check_args(dev, &access, writes ? op->value : 0);
	if (!error)
		error = check_bar(dev, &access, &info->bars[op->bar]);
	if (!error && code == -EACCES)
		error = dev->backend->rights(dev, &access, op_rights(op));
	if (error)
		return error;
	if (op->value & ~op->mask)
		return fail(EINVAL, BARIO_CAUSE_VALUE,
			    "the value %#llx has bits outside the mask %#llx",
			    (unsigned long long)op->value,
			    (unsigned long long)op->mask);
	return fail(EINVAL, BARIO_CAUSE_OPERATION,
		    "it has something that this operation does not use, bits above the width, or too much time");
}

/* What is wrong with it as a whole. */
static int fail_program(struct bario *dev)
{
	error_at_function(dev);
	return fail(EINVAL, BARIO_CAUSE_OPERATION,
		    "a program has 1 to %d operations, or %d that are atomic, which have no times",
		    BARIO_OPS_MAX, BARIO_ATOMIC_MAX);
}

static struct bario_bar core_bar(const struct bario_bar_info *info)
{
	return (struct bario_bar){
		.kind = info->kind == BARIO_KIND_MEM ? BARIO_BAR_MEM :
			info->kind == BARIO_KIND_PORT ? BARIO_BAR_PORT :
			BARIO_BAR_NONE,
		.assigned = info->assigned,
		.size = info->size,
	};
}

/* Whether the program is right, by the core; it alters @ops. @bad: which is not. */
static int check_program(struct bario *dev, const struct barioc_run *run,
			 struct barioc_op *ops, uint32_t *bad)
{
	struct bario_bar bars[BARIO_BARS];
	struct bario_allowed allowed;
	struct bario_info info;
	uint32_t used;
	unsigned int i;
	bool limited;
	int error;

	*bad = BARIO_NONE;
	error = dev->backend->info(dev, &info);
	if (error)
		return error;
	for (i = 0; i < BARIO_BARS; i++)
		bars[i] = core_bar(&info.bars[i]);
	keep_others_out(dev);
	limited = dev->sim && sim_grant_allowed(dev, &allowed);
	error = bario_program_check(run, ops, bars, limited ? &allowed : NULL,
				    &used, bad);
	let_others_in(dev);
	if (!error)
		return 0;
	if (*bad < run->count)
		return fail_step(dev, &info, &ops[*bad],
				 run->flags & BARIOC_RUN_ATOMIC, error);
	*bad = BARIO_NONE;
	return fail_program(dev);
}

/* The module has refused all of it, and says for which step. */
static int fail_refused(struct bario *dev, const struct barioc_run *run,
			const struct barioc_op *ops, int code, uint32_t *bad)
{
	const bool whole = run->refused_op >= run->count;
	const struct barioc_op *op = &ops[whole ? 0 : run->refused_op];
	const struct access access = op_access(op, op_writes(op));
	struct bario_info info;
	int error;

	*bad = whole ? BARIO_NONE : run->refused_op;
	if (code == EINVAL && whole)
		return fail_program(dev);
	if (code == EINVAL) {
		error = dev->backend->info(dev, &info);
		return error ? error : fail_step(dev, &info, op, run->flags &
						 BARIOC_RUN_ATOMIC, -code);
	}
	if (whole)
		error_at_function(dev);
	else
		error_at_access(dev, &access);
	return pci_fail(dev, &access, code);
}

/* ---- running ---- */

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
		return fail(EINTR, BARIO_CAUSE_SIGNAL, "a signal came");
	}
	/* Step by step, the access has said why; the module gives a number. */
	if (dev->run)
		return pci_fail(dev, &access, run->error);
	return -run->error;
}

/* What the check left there for the run, in the caller's array. */
static void forget_alike(struct barioc_op *ops, uint32_t count)
{
	uint32_t i;

	for (i = 0; i < count; i++)
		ops[i].reserved2 = 0;
}

/* @at: the operation that an error is about, or BARIO_NONE. */
static int run_ops(struct bario *dev, struct barioc_run *run,
		   struct barioc_op *ops, uint32_t *at)
{
	int error;

	*at = BARIO_NONE;
	if (dev->flags & BARIO_OPEN_INFO)
		return fail_facts(dev);
	if ((run->flags & BARIOC_RUN_ATOMIC) && !(dev->can & BARIO_CAN_ATOMIC))
		return fail(EOPNOTSUPP, BARIO_CAUSE_UNSUPPORTED,
			    "%s can't keep others out between two accesses",
			    dev->backend->name);
	if (dev->run) {
		error = dev->run(dev, run, ops);
		if (error)
			return fail_refused(dev, run, ops, -error, at);
	} else {
		error = check_program(dev, run, ops, at);
		if (error)
			return error;
		if (run->flags & BARIOC_RUN_ATOMIC)
			keep_others_out(dev);
		bario_program_run(&stepwise, dev, run, ops);
		if (run->flags & BARIOC_RUN_ATOMIC)
			let_others_in(dev);
		forget_alike(ops, run->count);
	}
	if (run->stop == BARIOC_STOP_END)
		return 0;
	*at = run->ran;
	return fail_stopped(dev, run, ops);
}

BARIO_API int bario_run(struct bario *dev, struct bario_op *ops, size_t count,
			uint32_t flags, struct bario_run_result *result,
			size_t size)
{
	struct barioc_run run = { .count = count, .flags = flags };
	struct bario_run_result ran = { 0 };
	uint32_t at = BARIO_NONE;
	int error;

	error_at_function(dev);
	error = result ? check_size(size) : 0;
	if (error)
		return error;
	error = check_flags(flags, BARIO_RUN_ATOMIC, "run");
	if (!error && (!count || count > BARIO_OPS_MAX))
		error = fail(EINVAL, BARIO_CAUSE_OPERATION,
			     "a program has 1 to %d operations", BARIO_OPS_MAX);
	/* The layout is the same: see above. */
	if (!error)
		error = run_ops(dev, &run, (struct barioc_op *)ops, &at);
	if (error && at != BARIO_NONE)
		error_at_index(error, "ops", at, count == 1);
	ran.ran = run.ran;
	ran.left = run.left;
	if (result)
		copy_out(result, size, &ran, sizeof(ran));
	return error;
}

/* What of an operation's BAR and width is there, before they are cut to a byte. */
static int update(struct bario *dev, uint32_t bar, uint32_t width,
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
	return update(dev, bar, width, (struct barioc_op){
		.op = BARIO_OP_AND, .offset = offset, .value = value }, was);
}

BARIO_API int bario_or(struct bario *dev, uint32_t bar, uint64_t offset,
		       uint32_t width, uint64_t value, uint64_t *was)
{
	return update(dev, bar, width, (struct barioc_op){
		.op = BARIO_OP_OR, .offset = offset, .value = value }, was);
}

BARIO_API int bario_xor(struct bario *dev, uint32_t bar, uint64_t offset,
			uint32_t width, uint64_t value, uint64_t *was)
{
	return update(dev, bar, width, (struct barioc_op){
		.op = BARIO_OP_XOR, .offset = offset, .value = value }, was);
}

BARIO_API int bario_update_bits(struct bario *dev, uint32_t bar,
				uint64_t offset, uint32_t width, uint64_t mask,
				uint64_t value, uint64_t *was)
{
	return update(dev, bar, width, (struct barioc_op){
		.op = BARIO_OP_REPLACE, .offset = offset, .mask = mask,
		.value = value }, was);
}
