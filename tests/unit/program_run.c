// SPDX-License-Identifier: GPL-2.0
/* core/program.h: how a program runs, on a device that keeps a record. */
#include "program_device.h"
#include "program_random.h"

/* Checks and runs a program that is right. */
static struct barioc_run go(struct device *dev, struct barioc_op *ops,
			    uint32_t count)
{
	struct barioc_run run = {
		.count = count, .ran = 77, .stop = 77, .error = 77, .left = 77,
	};
	uint32_t used, bad;

	assert_int_equal(bario_program_check(&run, ops, bars, NULL, &used, &bad),
			 0);
	bario_program_run(&target, dev, &run, ops);
	return run;
}

static void stopped(struct barioc_run run, uint32_t ran, uint32_t stop, int error)
{
	assert_int_equal(run.ran, ran);
	assert_int_equal(run.stop, stop);
	assert_int_equal(run.error, error);
}

/* ---- any program, beside a naive interpreter ---- */
static uint64_t get(uint8_t bytes[][64], const struct barioc_op *op)
{
	uint64_t value = 0;
	uint32_t i;

	for (i = op->width; i--;)
		value = value << 8 | bytes[op->bar][op->offset + i];
	return value;
}

static void set(uint8_t bytes[][64], const struct barioc_op *op, uint64_t value)
{
	uint32_t i;

	for (i = 0; i < op->width; i++)
		bytes[op->bar][op->offset + i] = value >> 8 * i;
}

static void happened(const struct device *dev, uint32_t *at, char how,
		     const struct barioc_op *op, uint64_t value)
{
	const struct entry *entry = &dev->log[*at];

	assert_true(*at < dev->entries);
	assert_int_equal(entry->how, how);
	if (op) {
		assert_int_equal(entry->bar, op->bar);
		assert_int_equal(entry->width, op->width);
		assert_int_equal(entry->offset, op->offset);
	}
	assert_int_equal(entry->value, value);
	++*at;
}

/* What the first @ran operations must have done, one by one. */
static void follow(const struct device *dev, uint8_t bytes[][64],
		   const struct barioc_op *ops, const struct barioc_op *before,
		   uint32_t ran, uint32_t *at)
{
	uint64_t old;
	uint32_t i;

	for (i = 0; i < ran; i++) {
		const struct barioc_op *op = &before[i];
		const struct model_kind *kind = model_op_kind(op->op);

		if (op->op == BARIOC_OP_DELAY) {
			happened(dev, at, 'p', NULL, op->timeout);
			assert_int_equal(ops[i].result, op->result);
			continue;
		}
		old = get(bytes, op);
		if (kind->reads) {
			happened(dev, at, 'r', op, old);
			assert_int_equal(ops[i].result, old);
		} else {
			assert_int_equal(ops[i].result, op->result);
		}
		if (kind->mask && !kind->writes)
			assert_int_equal(old & op->mask, op->value);
		if (kind->writes) {
			old = kind->reads ? model_update(op, old) : op->value;
			happened(dev, at, 'w', op, old);
			set(bytes, op, old);
		}
	}
}

/* The one that did not succeed: it may have read, and never wrote. */
static void follow_last(const struct device *dev, uint8_t bytes[][64],
			const struct barioc_op *ops, const struct barioc_op *before,
			const struct barioc_run *run, uint32_t *at)
{
	const struct barioc_op *op = &before[run->ran];
	uint32_t reads = 0, begin = *at;
	uint64_t passed = 0, old;

	if (op->op == BARIOC_OP_DELAY) {
		assert_true(run->stop >= BARIOC_STOP_SIGNAL);
		happened(dev, at, 'p', NULL, op->timeout);
	} else if (op->op == BARIOC_OP_POLL || run->stop < BARIOC_STOP_SIGNAL) {
		old = get(bytes, op);
		while (*at < dev->entries) {
			if ((*at - begin) % 2) {
				passed += dev->log[*at].value;
				happened(dev, at, 'p', NULL, dev->log[*at].value);
				continue;
			}
			happened(dev, at, 'r', op, old);
			assert_int_not_equal(old & op->mask, op->value);
			assert_int_equal(ops[run->ran].result, old);
			reads++;
		}
		if (run->stop == BARIOC_STOP_EXPECT) {
			assert_int_equal(op->op, BARIOC_OP_EXPECT);
			assert_int_equal(reads, 1);
		}
		if (run->stop == BARIOC_STOP_TIMEOUT) {
			assert_int_equal(op->op, BARIOC_OP_POLL);
			assert_int_equal(passed, op->timeout);
			assert_int_equal((*at - begin) % 2, 1);
		}
	}
}

/* What is left, where the record of the last operation begins at @begin. */
static uint64_t time_left(const struct device *dev, const struct barioc_op *op,
			  const struct barioc_run *run, uint32_t begin)
{
	if (run->stop < BARIOC_STOP_SIGNAL)
		return 0;
	if (op->op != BARIOC_OP_DELAY && op->op != BARIOC_OP_POLL)
		return 0;
	/* A wait that fails has let no time pass. */
	return begin == dev->entries ? op->timeout :
		op->timeout - (dev->clock - dev->log[begin].when);
}

static void any_program(void **state)
{
	static struct barioc_op ops[70], before[70];
	static uint8_t bytes[BARIO_BARS][64];
	static struct device dev;
	uint64_t rng = 20260103;
	uint32_t i, j, at, stops[5] = { 0 };

	(void)state;
	for (i = 0; i < 30000; i++) {
		uint32_t count = 1 + rnd_below(&rng, i % 8 ? 12 : 70);
		struct barioc_run run;

		dev = (struct device){ .clock = rnd(&rng), .error = -EIO };
		if (rnd_below(&rng, 2))
			dev.burst = rnd(&rng) | 1;
		if (!rnd_below(&rng, 3)) {
			dev.fails_at = 1 + rnd_below(&rng, 20);
			dev.error = rnd_below(&rng, 2) ? -EINTR : -ENODEV;
		}
		for (j = 0; j < sizeof(bytes); j++)
			bytes[j / 64][j % 64] = rnd(&rng);
		memcpy(dev.bytes, bytes, sizeof(bytes));
		rnd_program(&rng, ops, count, 0);
		/* Most of what is waited for is there. */
		for (j = 0; j < count; j++)
			if ((ops[j].op == BARIOC_OP_POLL ||
			     ops[j].op == BARIOC_OP_EXPECT) && rnd_below(&rng, 8))
				ops[j].mask = ops[j].value = 0;
		memcpy(before, ops, sizeof(ops));
		run = go(&dev, ops, count);
		assert_in_range(run.stop, 0, 4);
		stops[run.stop]++;
		at = 0;
		follow(&dev, bytes, ops, before, run.ran, &at);
		assert_int_equal(run.left, time_left(&dev, &before[run.ran],
						     &run, at));
		if (run.stop == BARIOC_STOP_END)
			assert_int_equal(run.ran, count);
		else
			follow_last(&dev, bytes, ops, before, &run, &at);
		assert_int_equal(at, dev.entries);
		assert_memory_equal(dev.bytes, bytes, sizeof(bytes));
		/* It failed where it was to fail, and nowhere else. */
		assert_int_equal(dev.fails_at && dev.calls >= dev.fails_at,
				 run.stop >= BARIOC_STOP_SIGNAL);
		assert_int_equal(run.stop == BARIOC_STOP_SIGNAL,
				 run.stop >= BARIOC_STOP_SIGNAL &&
				 dev.error == -EINTR);
		assert_int_equal(run.error, run.stop == BARIOC_STOP_ERROR ?
				 ENODEV : 0);
		for (j = run.ran + 1; j < count; j++)
			assert_int_equal(ops[j].result, before[j].result);
	}
	for (i = 0; i < COUNT(stops); i++)
		assert_in_range(stops[i], 500, 29000);
}

/* ---- stops ---- */
static void stops(void **state)
{
	struct barioc_op ops[3] = {
		{ .op = BARIOC_OP_WRITE, .width = 1, .value = 5 },
		{ .op = BARIOC_OP_EXPECT, .width = 1, .mask = 7, .value = 5, .result = 9 },
		{ .op = BARIOC_OP_READ, .width = 1, .result = 9 },
	};
	struct device dev = { 0 };

	(void)state;
	stopped(go(&dev, ops, 3), 3, BARIOC_STOP_END, 0);
	assert_int_equal(ops[2].result, 5);
	assert_int_equal(dev.entries, 3);
	ops[1].value = 4;
	ops[2].result = 9;
	stopped(go(&dev, ops, 3), 1, BARIOC_STOP_EXPECT, 0);
	assert_int_equal(ops[1].result, 5);
	assert_int_equal(ops[2].result, 9);
	assert_int_equal(dev.entries, 5);
	dev.error = -EIO;
	dev.fails_at = dev.calls + 2;
	stopped(go(&dev, ops, 3), 1, BARIOC_STOP_ERROR, EIO);
	assert_int_equal(dev.entries, 6);
	dev.error = -EINTR;
	dev.fails_at = dev.calls + 1;
	stopped(go(&dev, ops, 3), 0, BARIOC_STOP_SIGNAL, 0);
	assert_int_equal(dev.entries, 6);
	/* A value outside what is compared can't be, so any bit there is ignored. */
	dev.bytes[0][0] = 0xf5;
	ops[1].value = 5;
	stopped(go(&dev, ops + 1, 1), 1, BARIOC_STOP_END, 0);
	assert_int_equal(ops[1].result, 0xf5);
}

/* ---- time ---- */
static struct barioc_op poll_op(uint64_t timeout)
{
	return (struct barioc_op){ .op = BARIOC_OP_POLL, .bar = 4, .width = 4,
				  .mask = 1, .value = 1, .timeout = timeout,
				  .result = 9 };
}

/* The moments of the reads, since the first. */
static uint32_t moments(const struct device *dev, uint64_t *when)
{
	uint32_t i, count = 0;

	for (i = 0; i < dev->entries; i++)
		if (dev->log[i].how == 'r')
			when[count++] = dev->log[i].when - dev->log[0].when;
	return count;
}

static void polls_in_time(void **state)
{
	static const uint64_t timeouts[] = {
		1, 999, 1000, 1001, 5000, 4000000, 4000001, SECOND / 10, SECOND,
	};
	static uint64_t when[LOG];
	static struct device dev;
	uint32_t i, j, reads;

	(void)state;
	for (i = 0; i < COUNT(timeouts); i++) {
		struct barioc_op op = poll_op(timeouts[i]);

		/* The clock goes past its end meanwhile. */
		dev = (struct device){ .clock = 0 - 1500ULL };
		stopped(go(&dev, &op, 1), 0, BARIOC_STOP_TIMEOUT, 0);
		assert_int_equal(op.result, 0);
		reads = moments(&dev, when);
		assert_true(reads >= 2);
		assert_int_equal(when[1], timeouts[i] < 1000 ? timeouts[i] : 1000);
		assert_int_equal(when[reads - 1], timeouts[i]);
		for (j = 1; j < reads; j++) {
			assert_in_range(when[j] - when[j - 1], 1, 1000000);
			if (j > 1 && j < reads - 1)
				assert_true(when[j] - when[j - 1] >=
					    when[j - 1] - when[j - 2]);
		}
		/* Not many: that costs the device. */
		assert_true(reads <= 60 + timeouts[i] / 1000000);
	}
}

static void polls_until(void **state)
{
	static struct device dev;
	uint64_t rng = 7, took;
	uint32_t i;

	(void)state;
	for (i = 0; i < 3000; i++) {
		uint64_t ready = rnd(&rng) % (SECOND >> rnd_below(&rng, 30));
		struct barioc_op op = poll_op(i % 2 ? ready : SECOND);

		dev = (struct device){ .clock = 1000, .ready = 1000 + ready };
		/* Also if it is there at the very last moment. */
		stopped(go(&dev, &op, 1), 1, BARIOC_STOP_END, 0);
		assert_int_equal(op.result, 1);
		took = dev.clock - dev.ready;
		assert_true(took <= 1000 || took <= ready / 4);
		assert_true(took <= 1000000);
		if (i % 2)
			assert_int_equal(took, 0);
		if (!ready)
			continue;
		op = poll_op(ready - 1);
		dev = (struct device){ .clock = 1000, .ready = 1000 + ready };
		stopped(go(&dev, &op, 1), 0, BARIOC_STOP_TIMEOUT, 0);
		assert_int_equal(op.result, 0);
		assert_int_equal(dev.clock, 1000 + ready - 1);
	}
}

static void polls_once(void **state)
{
	struct barioc_op op = poll_op(0);
	static struct device dev;

	(void)state;
	dev = (struct device){ .ready = 1 };
	stopped(go(&dev, &op, 1), 0, BARIOC_STOP_TIMEOUT, 0);
	assert_int_equal(dev.entries, 1);
	assert_int_equal(op.result, 0);
	op = poll_op(SECOND);
	dev = (struct device){ .clock = 5, .ready = 5 };
	stopped(go(&dev, &op, 1), 1, BARIOC_STOP_END, 0);
	assert_int_equal(dev.entries, 1);
	/* A POLL that was delayed reads once more before it ends. */
	op = poll_op(1000);
	dev = (struct device){ .clock = 5, .ready = 5 + 50 * SECOND,
			       .late = 100 * SECOND };
	stopped(go(&dev, &op, 1), 1, BARIOC_STOP_END, 0);
	assert_int_equal(dev.entries, 3);
	op = poll_op(1000);
	dev = (struct device){ .clock = 5, .ready = ~0ULL, .late = SECOND };
	stopped(go(&dev, &op, 1), 0, BARIOC_STOP_TIMEOUT, 0);
	assert_int_equal(dev.entries, 3);
}

static void waits_end(void **state)
{
	static const struct {
		int	error;
		uint32_t stop;
		int	reported;
	} ends[] = {
		{ -EINTR, BARIOC_STOP_SIGNAL, 0 },
		{ -ENODEV, BARIOC_STOP_ERROR, ENODEV },
		{ -EBUSY, BARIOC_STOP_ERROR, EBUSY },
	};
	static struct device dev;
	uint32_t i;

	(void)state;
	for (i = 0; i < COUNT(ends); i++) {
		struct barioc_op ops[2] = {
			{ .op = BARIOC_OP_WRITE, .bar = 1, .width = 1, .value = 1 },
			{ .op = BARIOC_OP_DELAY, .timeout = SECOND, .result = 9 },
		};

		dev = (struct device){ .fails_at = 2, .error = ends[i].error };
		stopped(go(&dev, ops, 2), 1, ends[i].stop, ends[i].reported);
		assert_int_equal(ops[1].result, 9);
		assert_int_equal(dev.log[1].value, SECOND);
		/* write, read, wait, read, wait */
		ops[1] = poll_op(SECOND);
		dev = (struct device){ .fails_at = 5, .error = ends[i].error,
				       .ready = ~0ULL };
		stopped(go(&dev, ops, 2), 1, ends[i].stop, ends[i].reported);
		assert_int_equal(dev.entries, 5);
		/* and in a read */
		ops[1] = poll_op(SECOND);
		dev = (struct device){ .fails_at = 4, .error = ends[i].error,
				       .ready = ~0ULL };
		stopped(go(&dev, ops, 2), 1, ends[i].stop, ends[i].reported);
		assert_int_equal(dev.entries, 3);
	}
}

/* What a wait had taken when it ended early is no longer left of it. */
static void waits_left(void **state)
{
	static const uint64_t partly[] = {
		0, 1, SECOND / 2, SECOND - 1, SECOND, SECOND + 1, 5 * SECOND,
	};
	static struct device dev;
	uint32_t i;

	(void)state;
	for (i = 0; i < COUNT(partly); i++) {
		struct barioc_op ops[2] = {
			{ .op = BARIOC_OP_DELAY, .timeout = 7 },
			{ .op = BARIOC_OP_DELAY, .timeout = SECOND },
		};
		uint64_t left = partly[i] < SECOND ? SECOND - partly[i] : 0;

		/* The clock goes past its end meanwhile. */
		dev = (struct device){ .fails_at = 2, .error = -EINTR,
				       .partly = partly[i], .clock = 0 - 9ULL };
		assert_int_equal(go(&dev, ops, 2).left, left);
		/* wait, read, wait */
		ops[1] = poll_op(SECOND);
		dev = (struct device){ .fails_at = 3, .error = -EBUSY,
				       .partly = partly[i], .clock = 0 - 9ULL,
				       .ready = ~0ULL };
		assert_int_equal(go(&dev, ops, 2).left, left);
		dev = (struct device){ .ready = 1 };
		assert_int_equal(go(&dev, ops, 2).left, 0);
		ops[1].value = 0;
		ops[1].mask = 0;
		assert_int_equal(go(&dev, ops, 2).left, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_program),
		cmocka_unit_test(stops),
		cmocka_unit_test(polls_in_time),
		cmocka_unit_test(polls_until),
		cmocka_unit_test(polls_once),
		cmocka_unit_test(waits_end),
		cmocka_unit_test(waits_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
