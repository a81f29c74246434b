// SPDX-License-Identifier: GPL-2.0
/* Programs, and read-modify-write, step by step on a simulated device. */
#include <stdlib.h>
#include "check.h"

#define DEVICE	"address 0000:00:05.0\n"		\
		"bar 0 mem 4K\nbar 1 port 32\nbar 2 mem 4K none\n"	\
		"reg 0 0x00 4 rw 0xf0\n"		\
		"reg 0 0x04 4 w1c 0xff\n"		\
		"reg 0 0x08 4 busy 5 0x80 0x01\n"	\
		"reg 0 0x0c 4 fail\n"			\
		"reg 0 0x10 8 rw 0x1122334455667788\n"	\
		"reg 0 0x18 1 rc 0x0f\n"		\
		"reg 1 3 1 rw 0x55\n"

static void modify(void **state)
{
	struct bario *dev = make(DEVICE);
	const struct bario_access *all;
	uint64_t was = 42;
	size_t count;

	(void)state;
	assert_int_equal(bario_and(dev, 0, 0, 4, 0x3c, &was), 0);
	assert_int_equal(was, 0xf0);
	assert_int_equal(bario_or(dev, 0, 0, 4, 0x01, &was), 0);
	assert_int_equal(was, 0x30);
	assert_int_equal(bario_xor(dev, 0, 0, 4, 0xff, &was), 0);
	assert_int_equal(was, 0x31);
	assert_int_equal(bario_update_bits(dev, 0, 0, 4, 0x0f, 0x05, &was), 0);
	assert_int_equal(was, 0xce);
	assert_int_equal(get(dev, 0, 0, 4), 0xc5);
	/* Each is one read and one write, whatever comes of it. */
	bario_sim_forget(dev);
	assert_int_equal(bario_or(dev, 0, 4, 4, 0, NULL), 0);
	all = recorded(dev, &count);
	assert_int_equal(count, 2);
	assert_false(all[0].write);
	assert_true(all[1].write);
	assert_int_equal(all[1].value, 0xff);
	assert_int_equal(get(dev, 0, 4, 4), 0);

	was = 42;
	bario_sim_forget(dev);
	assert_fails(bario_or(dev, 0, 0, 4, 1ULL << 32, &was), EINVAL,
		     BARIO_CAUSE_VALUE);
	assert_fails(bario_update_bits(dev, 0, 0, 4, 0x0f, 0x10, &was), EINVAL,
		     BARIO_CAUSE_VALUE);
	assert_message("0000:00:05.0 BAR 0+0.4: the value 0x10 has bits outside the mask 0xf");
	assert_fails(bario_update_bits(dev, 0, 0, 1, 0x100, 0, &was), EINVAL,
		     BARIO_CAUSE_VALUE);
	assert_fails(bario_and(dev, 0, 2, 4, 0, &was), EINVAL,
		     BARIO_CAUSE_ALIGNMENT);
	assert_message("0000:00:05.0 BAR 0+0x2.4: in a memory BAR the offset is a multiple of the width");
	assert_fails(bario_xor(dev, 6, 0, 4, 0, &was), EINVAL, BARIO_CAUSE_BAR);
	assert_fails(bario_xor(dev, 256, 0, 4, 0, &was), EINVAL,
		     BARIO_CAUSE_BAR);
	assert_fails(bario_xor(dev, 0, 0, 260, 0, &was), EINVAL,
		     BARIO_CAUSE_WIDTH);
	assert_fails(bario_xor(dev, 2, 0, 4, 0, &was), ENXIO,
		     BARIO_CAUSE_UNASSIGNED);
	assert_int_equal(was, 42);
	assert_null(recorded(dev, &count));
	assert_fails(bario_xor(dev, 0, 0xc, 4, 0, &was), EIO,
		     BARIO_CAUSE_NO_RESPONSE);
	bario_close(dev);
}

static void program(void **state)
{
	struct bario_op steps[] = {
		{ .op = BARIO_OP_WRITE, .width = 4, .value = 0x12 },
		{ .op = BARIO_OP_READ, .width = 4 },
		{ .op = BARIO_OP_READ, .width = 8, .offset = 0x10 },
		{ .op = BARIO_OP_OR, .width = 1, .bar = 1, .offset = 3,
		  .value = 0x80 },
		{ .op = BARIO_OP_AND, .width = 1, .bar = 1, .offset = 3,
		  .value = 0xf0 },
		{ .op = BARIO_OP_XOR, .width = 4, .value = 0xff },
		{ .op = BARIO_OP_REPLACE, .width = 4, .mask = 0xf0,
		  .value = 0x50 },
		{ .op = BARIO_OP_POLL, .width = 4, .offset = 8, .mask = 0x80,
		  .timeout = 1000000000 },
		{ .op = BARIO_OP_DELAY, .timeout = 8000000000 },
		{ .op = BARIO_OP_EXPECT, .width = 4, .mask = 0xff,
		  .value = 0x5d },
	};
	struct bario *dev = make(DEVICE);
	struct bario_run_result ran = { .ran = 42 };
	size_t count;

	(void)state;
	assert_int_equal(bario_run(dev, steps, COUNT(steps), 0, &ran, sizeof(ran)), 0);
	assert_int_equal(ran.ran, COUNT(steps));
	assert_int_equal(steps[1].result, 0x12);
	assert_true(steps[2].result == 0x1122334455667788);
	assert_int_equal(steps[3].result, 0x55);
	assert_int_equal(steps[4].result, 0xd5);
	assert_int_equal(steps[5].result, 0x12);
	assert_int_equal(steps[6].result, 0xed);
	assert_int_equal(steps[7].result, 1);
	assert_int_equal(steps[9].result, 0x5d);
	/* Three of one access, four of two, six reads that waited, one at the end. */
	recorded(dev, &count);
	assert_int_equal(count, 3 + 4 * 2 + 6 + 1);

	assert_int_equal(bario_run(dev, steps, 7, BARIO_RUN_ATOMIC, NULL, 0), 0);
	bario_close(dev);
}

/* The first that does not succeed is the last; what it read is there. */
static void stops(void **state)
{
	struct bario_op steps[] = {
		{ .op = BARIO_OP_WRITE, .width = 4, .value = 0x12 },
		{ .op = BARIO_OP_EXPECT, .width = 4, .mask = 0xf,
		  .value = 3, .result = 42 },
		{ .op = BARIO_OP_WRITE, .width = 4, .value = 0x34 },
	};
	struct bario *dev = make(DEVICE);
	struct bario_run_result ran = { .ran = 42 };

	(void)state;
	assert_fails(bario_run(dev, steps, 3, 0, &ran, sizeof(ran)), ECANCELED,
		     BARIO_CAUSE_EXPECT);
	assert_message("ops[1]: 0000:00:05.0 BAR 0+0.4: expected 0x3 in the bits 0xf: the register is 0x12");
	assert_int_equal(ran.ran, 1);
	assert_int_equal(steps[1].result, 0x12);
	assert_int_equal(get(dev, 0, 0, 4), 0x12);

	steps[1] = (struct bario_op){
		.op = BARIO_OP_POLL, .width = 4, .mask = 0xf, .value = 3,
		.timeout = 5000000,
	};
	assert_fails(bario_run(dev, steps, 3, 0, &ran, sizeof(ran)), ETIMEDOUT,
		     BARIO_CAUSE_TIMEOUT);
	assert_message("ops[1]: 0000:00:05.0 BAR 0+0.4: timed out waiting for 0x3 in the bits 0xf: the register is 0x12");
	assert_int_equal(ran.ran, 1);
	assert_int_equal(steps[1].result, 0x12);

	steps[1] = (struct bario_op){
		.op = BARIO_OP_READ, .width = 4, .offset = 0xc, .result = 42,
	};
	assert_fails(bario_run(dev, steps, 3, 0, &ran, sizeof(ran)), EIO, BARIO_CAUSE_NO_RESPONSE);
	assert_message("ops[1]: 0000:00:05.0 BAR 0+0xc.4: the function does not answer here");
	assert_int_equal(ran.ran, 1);
	assert_int_equal(steps[1].result, 42);
	assert_int_equal(get(dev, 0, 0, 4), 0x12);
	bario_close(dev);
}

/* Each is malformed in one way and follows a good one; nothing runs. */
static const struct {
	struct bario_op		step;
	int			code;
	uint32_t		cause;
} wrong[] = {
	{ { .op = 0, .width = 4 }, EINVAL, BARIO_CAUSE_OPERATION },
	{ { .op = 10, .width = 4 }, EINVAL, BARIO_CAUSE_OPERATION },
	{ { .op = BARIO_OP_READ, .width = 3 }, EINVAL, BARIO_CAUSE_WIDTH },
	{ { .op = BARIO_OP_READ, .width = 4, .reserved = 1 }, EINVAL,
	  BARIO_CAUSE_OPERATION },
	{ { .op = BARIO_OP_READ, .width = 4, .bar = 6 }, EINVAL,
	  BARIO_CAUSE_BAR },
	{ { .op = BARIO_OP_READ, .width = 4, .bar = BARIO_SPACE_CONFIG }, EINVAL,
	  BARIO_CAUSE_BAR },
	{ { .op = BARIO_OP_READ, .width = 4, .bar = 4 }, EINVAL,
	  BARIO_CAUSE_BAR },
	{ { .op = BARIO_OP_READ, .width = 4, .bar = 2 }, ENXIO,
	  BARIO_CAUSE_UNASSIGNED },
	{ { .op = BARIO_OP_READ, .width = 4, .offset = 4096 }, EINVAL,
	  BARIO_CAUSE_RANGE },
	{ { .op = BARIO_OP_READ, .width = 4, .offset = 1 }, EINVAL,
	  BARIO_CAUSE_ALIGNMENT },
	{ { .op = BARIO_OP_READ, .width = 4, .value = 1 }, EINVAL,
	  BARIO_CAUSE_VALUE },
	{ { .op = BARIO_OP_WRITE, .width = 1, .value = 0x100 }, EINVAL,
	  BARIO_CAUSE_VALUE },
	{ { .op = BARIO_OP_WRITE, .width = 1, .mask = 1 }, EINVAL,
	  BARIO_CAUSE_OPERATION },
	{ { .op = BARIO_OP_EXPECT, .width = 1, .mask = 1, .value = 2 },
	  EINVAL, BARIO_CAUSE_VALUE },
	{ { .op = BARIO_OP_EXPECT, .width = 1, .mask = 0x100 }, EINVAL,
	  BARIO_CAUSE_OPERATION },
	{ { .op = BARIO_OP_READ, .width = 4, .timeout = 1 }, EINVAL,
	  BARIO_CAUSE_OPERATION },
	{ { .op = BARIO_OP_DELAY, .timeout = BARIO_TIME_MAX + 1 },
	  EINVAL, BARIO_CAUSE_OPERATION },
	{ { .op = BARIO_OP_DELAY, .width = 4 }, EINVAL,
	  BARIO_CAUSE_OPERATION },
};

static void refused(void **state)
{
	struct bario_op steps[BARIO_OPS_MAX + 1] = {
		{ .op = BARIO_OP_READ, .width = 1, .offset = 0x18 },
	};
	struct bario *dev = make(DEVICE);
	struct bario_run_result ran;
	size_t i, count;

	(void)state;
	for (i = 0; i < COUNT(wrong); i++) {
		steps[1] = wrong[i].step;
		ran.ran = 42;
		assert_fails(bario_run(dev, steps, 2, 0, &ran, sizeof(ran)), wrong[i].code,
			     wrong[i].cause);
		assert_int_equal(ran.ran, 0);
		assert_memory_equal(bario_last_error()->message, "ops[1]: ", 8);
		assert_int_equal(bario_last_error()->index, 1);
		assert_fails(bario_run(dev, steps + 1, 1, 0, &ran, sizeof(ran)),
			     wrong[i].code, wrong[i].cause);
		assert_int_equal(bario_last_error()->index, 0);
	}
	for (i = 0; i <= BARIO_OPS_MAX; i++)
		steps[i] = steps[0];
	assert_fails(bario_run(dev, steps, 0, 0, &ran, sizeof(ran)), EINVAL,
		     BARIO_CAUSE_OPERATION);
	assert_fails(bario_run(dev, steps, BARIO_OPS_MAX + 1, 0, &ran, sizeof(ran)), EINVAL,
		     BARIO_CAUSE_OPERATION);
	assert_fails(bario_run(dev, steps, (1ULL << 32) + 1, 0, &ran, sizeof(ran)), EINVAL,
		     BARIO_CAUSE_OPERATION);
	assert_fails(bario_run(dev, steps, 1, 4, &ran, sizeof(ran)), EINVAL,
		     BARIO_CAUSE_OPERATION);
	assert_int_equal(bario_last_error()->index, BARIO_NONE);
	assert_fails(bario_run(dev, steps, BARIO_ATOMIC_MAX + 1,
			       BARIO_RUN_ATOMIC, &ran, sizeof(ran)), EINVAL,
		     BARIO_CAUSE_OPERATION);
	steps[1] = (struct bario_op){ .op = BARIO_OP_DELAY, .timeout = 1 };
	assert_fails(bario_run(dev, steps, 2, BARIO_RUN_ATOMIC, &ran, sizeof(ran)), EINVAL,
		     BARIO_CAUSE_OPERATION);
	assert_null(recorded(dev, &count));
	assert_int_equal(get(dev, 0, 0x18, 1), 0x0f);
	assert_int_equal(bario_run(dev, steps, BARIO_OPS_MAX, 0, &ran, sizeof(ran)), 0);
	assert_int_equal(ran.ran, BARIO_OPS_MAX);
	bario_close(dev);
}

/* A read that fails is noted in its operation; all else ends the program as ever. */
static void goes_on(void **state)
{
	struct bario_op ops[] = {
		{ .op = BARIO_OP_READ, .width = 4, .offset = 0xc, .error = 77 },
		{ .op = BARIO_OP_WRITE, .width = 4, .value = 0x12, .error = 77 },
		{ .op = BARIO_OP_READ, .width = 4, .offset = 0xc, .result = 42 },
		{ .op = BARIO_OP_READ, .width = 4 },
		{ .op = BARIO_OP_READ, .width = 4, .offset = 0xc },
	};
	struct bario *dev = make(DEVICE);
	struct bario_run_result ran;

	(void)state;
	assert_int_equal(bario_run(dev, ops, 5, BARIO_RUN_CONTINUE, &ran,
				   sizeof(ran)), 0);
	assert_int_equal(ran.ran, 5);
	assert_int_equal(ran.failed, 3);
	assert_int_equal(ops[0].error, EIO);
	assert_int_equal(ops[1].error, 0);
	assert_int_equal(ops[2].error, EIO);
	assert_int_equal(ops[2].result, 42);
	assert_int_equal(ops[3].error, 0);
	assert_int_equal(ops[3].result, 0x12);
	assert_int_equal(ops[4].error, EIO);

	assert_fails(bario_run(dev, ops, 5, 0, &ran, sizeof(ran)), EIO,
		     BARIO_CAUSE_NO_RESPONSE);
	assert_int_equal(ran.ran, 0);
	assert_int_equal(ops[2].error, 0);

	/* A write that fails ends it, and so does a register that is not as expected. */
	ops[3] = (struct bario_op){ .op = BARIO_OP_WRITE, .width = 4, .offset = 0xc };
	assert_fails(bario_run(dev, ops, 5, BARIO_RUN_CONTINUE, &ran,
			       sizeof(ran)), EIO, BARIO_CAUSE_NO_RESPONSE);
	assert_message("ops[3]: 0000:00:05.0 BAR 0+0xc.4: the function does not answer here");
	assert_int_equal(ran.ran, 3);
	assert_int_equal(ran.failed, 2);
	ops[3] = (struct bario_op){ .op = BARIO_OP_EXPECT, .width = 4, .mask = 1,
				    .value = 1 };
	assert_fails(bario_run(dev, ops, 5, BARIO_RUN_CONTINUE, &ran,
			       sizeof(ran)), ECANCELED, BARIO_CAUSE_EXPECT);
	assert_int_equal(bario_last_error()->index, 3);

	/* All of it is checked first, and nothing runs. */
	ops[4].offset = 2;
	bario_sim_forget(dev);
	assert_fails(bario_run(dev, ops, 5, BARIO_RUN_CONTINUE, &ran,
			       sizeof(ran)), EINVAL, BARIO_CAUSE_ALIGNMENT);
	assert_int_equal(bario_last_error()->index, 4);
	assert_int_equal(ran.ran + ran.failed, 0);
	assert_fails(bario_run(dev, ops, 1, BARIO_RUN_CONTINUE | BARIO_RUN_ATOMIC,
			       &ran, sizeof(ran)), EINVAL, BARIO_CAUSE_OPERATION);
	bario_close(dev);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(modify),
		cmocka_unit_test(program),
		cmocka_unit_test(stops),
		cmocka_unit_test(refused),
		cmocka_unit_test(goes_on),
	};

	return cmocka_run_group_tests_name("program", tests, NULL, NULL);
}
