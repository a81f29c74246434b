// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Programs where the back end has only single accesses. */
#include <time.h>
#include "generic.h"

static int one_access(struct bario *dev, const struct barioc_op *op, bool write,
		      uint64_t *value)
{
	const struct access access = op_access(op, write);

	error_at_access(dev, &access);
	return dev->backend->access(dev, &access, value);
}

static int op_read(void *device, struct barioc_op *op, uint32_t count,
		     uint32_t *done)
{
	uint64_t value = 0;
	int error;

	(void)count;
	error = one_access(device, op, false, &value);
	*done = !error;
	if (!error)
		op->result = value;
	return error;
}

static int op_write(void *device, struct barioc_op *op, uint32_t count,
		      uint32_t *done)
{
	uint64_t value = op->value;
	int error;

	(void)count;
	error = one_access(device, op, true, &value);
	*done = !error;
	return error;
}

static int op_update(void *device, struct barioc_op *op)
{
	struct bario *dev = device;
	uint64_t was = 0, value;
	int error;

	dev->backend->lock(dev);
	error = one_access(device, op, false, &was);
	if (!error) {
		value = bario_op_update(op, was);
		error = one_access(device, op, true, &value);
	}
	dev->backend->unlock(dev);
	if (!error)
		op->result = was;
	return error;
}

static int op_wait(void *device, uint64_t ns)
{
	struct bario *dev = device;

	return dev->backend->wait(dev, ns);
}

static uint64_t op_now(void *device)
{
	struct bario *dev = device;

	return dev->backend->now(dev);
}

static const struct bario_target target = {
	.read = op_read,
	.write = op_write,
	.update = op_update,
	.wait = op_wait,
	.now = op_now,
};

/* Whether the program is right, by the core; it alters @ops. @at: which is not. */
static int check_program(struct bario *dev, const struct barioc_run *run,
			 struct barioc_op *ops, uint32_t *at)
{
	const bool atomic = run->flags & BARIOC_RUN_ATOMIC;
	struct bario_bar bars[BARIO_BARS];
	struct bario_allowed allowed;
	struct bario_info info;
	uint32_t used, bad;
	unsigned int i;
	bool limited;
	int error;

	error = dev->backend->info(dev, &info);
	if (error)
		return error;
	for (i = 0; i < BARIO_BARS; i++)
		bars[i] = core_bar(&info.bars[i]);
	dev->backend->lock(dev);
	limited = dev->backend->allowed(dev, &allowed);
	error = bario_program_check(run, ops, bars, limited ? &allowed : NULL,
				    &used, &bad);
	dev->backend->unlock(dev);
	if (!error)
		return 0;
	if (bad == run->count)
		return fail_program(dev);
	*at = bad;
	return fail_op(dev, &info, &ops[bad], atomic, error);
}

/* What the check left there for the run, in the caller's array. */
static void forget_alike(struct barioc_op *ops, uint32_t count)
{
	uint32_t i;

	for (i = 0; i < count; i++)
		ops[i].reserved2 = 0;
}

int generic_run(struct bario *dev, struct barioc_run *run, struct barioc_op *ops,
		uint32_t *at)
{
	const bool atomic = run->flags & BARIOC_RUN_ATOMIC;
	int error = check_program(dev, run, ops, at);

	if (error)
		return error;
	if (atomic)
		dev->backend->lock(dev);
	bario_program_run(&target, dev, run, ops);
	if (atomic)
		dev->backend->unlock(dev);
	forget_alike(ops, run->count);
	if (run->stop != BARIOC_STOP_ERROR)
		return 0;
	/* The access has said why. */
	*at = run->ran;
	return -run->error;
}

/* ---- time, and others who use the back end ---- */

int generic_wait(struct bario *dev, uint64_t ns)
{
	const struct timespec time = {
		.tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000,
	};

	(void)dev;
	return nanosleep(&time, NULL) ? -errno : 0;
}

uint64_t generic_now(struct bario *dev)
{
	struct timespec time;

	(void)dev;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000ULL + time.tv_nsec;
}

void generic_lock(struct bario *dev)
{
	(void)dev;
}

void generic_unlock(struct bario *dev)
{
	(void)dev;
}

bool generic_allowed(const struct bario *dev, struct bario_allowed *allowed)
{
	(void)dev;
	(void)allowed;
	return false;
}
