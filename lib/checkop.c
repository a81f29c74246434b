// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The checks of a program. The core decides; this says in words what it found. */
#include "internal.h"

bool op_writes(const struct barioc_op *op)
{
	return op->op != BARIOC_OP_READ && op->op != BARIOC_OP_POLL &&
		op->op != BARIOC_OP_EXPECT;
}

static uint32_t op_rights(const struct barioc_op *op)
{
	return (op->op == BARIOC_OP_WRITE ? 0 : BARIO_RIGHT_READ) |
		(op_writes(op) ? BARIO_RIGHT_WRITE : 0);
}

struct access op_access(const struct barioc_op *op, bool write)
{
	return (struct access){
		.write = write, .space = op->bar, .width = op->width,
		.offset = op->offset,
	};
}

int fail_op(struct bario *dev, const struct bario_info *info,
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

int fail_program(struct bario *dev)
{
	error_at_function(dev);
	return fail(EINVAL, BARIO_CAUSE_OPERATION,
		    "a program has 1 to %d operations, or %d that are atomic, which have no times",
		    BARIO_OPS_MAX, BARIO_ATOMIC_MAX);
}
