/* SPDX-License-Identifier: GPL-2.0 */
/* A device of a few registers and a clock, which keeps a record. */
#ifndef BARIO_PROGRAM_DEVICE_H
#define BARIO_PROGRAM_DEVICE_H

#include "program.h"
#include "unit.h"

struct entry {
	char		how;	/* 'r', 'w', 'p' for time passing */
	uint8_t		bar;
	uint8_t		width;
	uint64_t	offset;
	uint64_t	value;
	uint64_t	when;
};

#define LOG	8192

struct device {
	uint8_t		bytes[BARIO_BARS][64];
	uint64_t	clock;
	uint64_t	late;		/* a wait takes that much more */
	uint64_t	partly;		/* a wait that fails takes that much */
	uint64_t	ready;		/* when BAR 4 becomes 1; 0: it is memory */
	uint32_t	fails_at;	/* which call of a function fails, from 1 */
	int		error;
	uint64_t	burst;		/* random: how many go at once; 0: all */
	uint32_t	calls;
	uint32_t	entries;
	struct entry	log[LOG];
};

static inline void record(struct device *dev, char how, const struct barioc_op *op,
		   uint64_t value)
{
	assert_true(dev->entries < LOG);
	dev->log[dev->entries++] = op ?
		(struct entry){ how, op->bar, op->width, op->offset, value, dev->clock } :
		(struct entry){ how, 0, 0, 0, value, dev->clock };
}

static inline uint64_t load(struct device *dev, const struct barioc_op *op)
{
	uint64_t value = 0;

	memcpy(&value, &dev->bytes[op->bar][op->offset], op->width);
	if (dev->ready && op->bar == 4)
		value = dev->clock >= dev->ready;
	record(dev, 'r', op, value);
	return value;
}

static inline void store(struct device *dev, const struct barioc_op *op, uint64_t value)
{
	memcpy(&dev->bytes[op->bar][op->offset], &value, op->width);
	record(dev, 'w', op, value);
}

static inline bool fails(struct device *dev)
{
	return ++dev->calls == dev->fails_at;
}

/* What was done before a failure may be some, or nothing. */
static inline uint32_t portion(struct device *dev, uint32_t count, bool fail)
{
	if (!dev->burst)
		return fail ? count - 1 : count;
	return fail ? rnd_below(&dev->burst, count) :
		      1 + rnd_below(&dev->burst, count);
}

static inline void alike(const struct barioc_op *op, uint32_t count)
{
	uint32_t i;

	assert_in_range(count, 1, BARIOC_OPS_MAX);
	for (i = 1; i < count; i++)
		assert_memory_equal(op, &op[i], 4);
}

static inline int device_read(void *device, struct barioc_op *op, uint32_t count,
		       uint32_t *done)
{
	struct device *dev = device;
	bool fail = fails(dev);
	uint32_t i;

	alike(op, count);
	*done = portion(dev, count, fail);
	for (i = 0; i < *done; i++)
		op[i].result = load(dev, &op[i]);
	return fail ? dev->error : 0;
}

static inline int device_write(void *device, struct barioc_op *op, uint32_t count,
			uint32_t *done)
{
	struct device *dev = device;
	bool fail = fails(dev);
	uint32_t i;

	alike(op, count);
	*done = portion(dev, count, fail);
	for (i = 0; i < *done; i++)
		store(dev, &op[i], op[i].value);
	return fail ? dev->error : 0;
}

static inline int device_update(void *device, struct barioc_op *op)
{
	struct device *dev = device;

	if (fails(dev))
		return dev->error;
	op->result = load(dev, op);
	store(dev, op, bario_op_update(op, op->result));
	return 0;
}

static inline int device_wait(void *device, uint64_t ns)
{
	struct device *dev = device;

	record(dev, 'p', NULL, ns);
	if (fails(dev)) {
		dev->clock += dev->partly;
		return dev->error;
	}
	dev->clock += ns + dev->late;
	return 0;
}

static inline uint64_t device_now(void *device)
{
	return ((struct device *)device)->clock;
}

static const struct bario_target target = {
	.read = device_read,
	.write = device_write,
	.update = device_update,
	.wait = device_wait,
	.now = device_now,
};

#endif /* BARIO_PROGRAM_DEVICE_H */
