// SPDX-License-Identifier: GPL-2.0
/* core/program.c: which programs may run. */
#include "program_random.h"

static int check(const struct barioc_op *ops, uint32_t count, uint32_t flags,
		 uint32_t *bad)
{
	static struct barioc_op copy[MOST];
	struct barioc_run run = { .count = count, .flags = flags };
	uint32_t used;

	memcpy(copy, ops, count * sizeof(*ops));
	return bario_program_check(&run, copy, bars, NULL, &used, bad);
}

/* ---- each rule ---- */
static const struct barioc_op samples[] = {
	{ .op = BARIOC_OP_READ, .width = 4, .offset = 60 },
	{ .op = BARIOC_OP_WRITE, .width = 4, .value = 0xffffffff },
	{ .op = BARIOC_OP_AND, .width = 2, .value = 0xffff },
	{ .op = BARIOC_OP_OR, .width = 8, .value = ~0ULL },
	{ .op = BARIOC_OP_XOR, .width = 1, .bar = 1, .offset = 15, .value = 0xff },
	{ .op = BARIOC_OP_REPLACE, .width = 1, .bar = 1, .mask = 0x81, .value = 0x80 },
	{ .op = BARIOC_OP_POLL, .width = 4, .bar = 4, .mask = ~0U, .value = 1,
	  .timeout = SECOND },
	{ .op = BARIOC_OP_DELAY, .timeout = SECOND },
	{ .op = BARIOC_OP_EXPECT, .width = 8, .bar = 4, .mask = 3, .value = 3 },
};

#define FIELD(name)	offsetof(struct barioc_op, name), sizeof(samples[0].name)

static const struct fault {
	size_t		at, size;
	uint64_t	set;
	unsigned int	ops;	/* of which it is a fault, a bit each */
	int		error;
} faults[] = {
#define BIT_OF(op)	(1u << BARIOC_OP_ ## op)
#define PLAIN_OPS	(BIT_OF(READ) | BIT_OF(DELAY))
#define MASK_OPS	(BIT_OF(REPLACE) | BIT_OF(POLL) | BIT_OF(EXPECT))
#define TIME_OPS	(BIT_OF(POLL) | BIT_OF(DELAY))
#define ALL_OPS		0x3feu
#define REG_OPS		(ALL_OPS & ~BIT_OF(DELAY))
	{ FIELD(op), 0, ALL_OPS, -EINVAL },
	{ FIELD(op), 10, ALL_OPS, -EINVAL },
	{ FIELD(op), 255, ALL_OPS, -EINVAL },
	{ FIELD(reserved), 1, ALL_OPS, -EINVAL },
	{ FIELD(reserved), 0x80, ALL_OPS, -EINVAL },
	{ FIELD(reserved2), 1, ALL_OPS, -EINVAL },
	{ FIELD(reserved2), 0x80000000, ALL_OPS, -EINVAL },
	{ FIELD(value), 1ULL << 63, PLAIN_OPS, -EINVAL },
	{ FIELD(value), 1, PLAIN_OPS, -EINVAL },
	{ FIELD(mask), 1ULL << 63, ALL_OPS & ~MASK_OPS, -EINVAL },
	{ FIELD(mask), 1, ALL_OPS & ~MASK_OPS, -EINVAL },
	{ FIELD(mask), 0, MASK_OPS, -EINVAL },
	{ FIELD(timeout), 1, ALL_OPS & ~TIME_OPS, -EINVAL },
	{ FIELD(timeout), BARIOC_TIME_MAX + 1, ALL_OPS, -EINVAL },
	{ FIELD(timeout), 1ULL << 63, ALL_OPS, -EINVAL },
	{ FIELD(timeout), ~0ULL, ALL_OPS, -EINVAL },
	{ FIELD(bar), 1, BIT_OF(DELAY), -EINVAL },
	{ FIELD(width), 1, BIT_OF(DELAY), -EINVAL },
	{ FIELD(offset), 1, BIT_OF(DELAY), -EINVAL },
	{ FIELD(bar), 2, REG_OPS & ~BIT_OF(XOR), -ENXIO },
	{ FIELD(bar), 3, REG_OPS, -EINVAL },
	{ FIELD(bar), 6, REG_OPS, -EINVAL },
	{ FIELD(bar), 255, REG_OPS, -EINVAL },
	{ FIELD(width), 0, REG_OPS, -EINVAL },
	{ FIELD(width), 3, REG_OPS, -EINVAL },
	{ FIELD(width), 16, REG_OPS, -EINVAL },
	{ FIELD(width), 8, BIT_OF(XOR) | BIT_OF(REPLACE), -EINVAL },
	{ FIELD(width), 2, BIT_OF(WRITE) | BIT_OF(POLL), -EINVAL },
	{ FIELD(offset), 64, REG_OPS, -EINVAL },
	{ FIELD(offset), ~0ULL, REG_OPS, -EINVAL },
	{ FIELD(offset), 1ULL << 32, REG_OPS, -EINVAL },
	{ FIELD(offset), 1, REG_OPS & ~(BIT_OF(XOR) | BIT_OF(REPLACE)), -EINVAL },
};

static void each_rule_alone(void **state)
{
	struct barioc_op ops[3] = { samples[0], samples[0], samples[0] };
	unsigned int seen = 0;
	uint32_t bad;
	size_t i, j;

	(void)state;
	for (i = 0; i < COUNT(samples); i++) {
		ops[1] = samples[i];
		bad = 0;
		assert_int_equal(check(ops, 3, 0, &bad), 0);
		assert_int_equal(bad, 3);
		for (j = 0; j < COUNT(faults); j++) {
			if (!(faults[j].ops & 1u << samples[i].op))
				continue;
			ops[1] = samples[i];
			/* little-endian, as the hosts of the tests are */
			memcpy((char *)&ops[1] + faults[j].at, &faults[j].set,
			       faults[j].size);
			assert_int_equal(check(ops, 3, 0, &bad), faults[j].error);
			assert_int_equal(bad, 1);
			seen++;
		}
	}
	assert_in_range(seen, 150, 400);
}

/* It is like nothing, not even at the beginning or after what has no like. */
static void all_zero(void **state)
{
	static const struct barioc_op zero;
	struct barioc_op ops[3];
	uint32_t bad;
	size_t i;

	(void)state;
	ops[0] = zero;
	assert_int_equal(check(ops, 1, 0, &bad), -EINVAL);
	for (i = 0; i < COUNT(samples); i++) {
		ops[0] = samples[i];
		ops[1] = zero;
		ops[1].value = 0xbad;
		assert_int_equal(check(ops, 2, 0, &bad), -EINVAL);
		assert_int_equal(bad, 1);
	}
}

static void the_whole(void **state)
{
	static struct barioc_op ops[MOST + 1];
	uint32_t bad, i;

	(void)state;
	for (i = 0; i <= MOST; i++)
		ops[i] = samples[i % 2];
	assert_int_equal(check(ops, MOST, 0, &bad), 0);
	assert_int_equal(check(ops, 64, BARIOC_RUN_ATOMIC, &bad), 0);
	assert_int_equal(check(ops, 65, BARIOC_RUN_ATOMIC, &bad), -EINVAL);
	assert_int_equal(bad, 65);
	assert_int_equal(check(ops, 1, 2, &bad), -EINVAL);
	assert_int_equal(check(ops, 1, 1u << 31 | 1, &bad), -EINVAL);
	for (i = 0; i < 4; i++) {
		static const uint32_t counts[] = { 0, MOST + 1, 1u << 31, ~0u };
		struct barioc_run run = { .count = counts[i] };
		uint32_t used = 1;

		assert_int_equal(bario_program_check(&run, ops, bars, NULL,
						     &used, &bad), -EINVAL);
		assert_int_equal(bad, counts[i]);
		assert_int_equal(used, 0);
	}
	ops[7] = samples[6];
	assert_int_equal(check(ops, 8, BARIOC_RUN_ATOMIC, &bad), -EINVAL);
	assert_int_equal(bad, 7);
	ops[7].timeout = 0;
	assert_int_equal(check(ops, 8, BARIOC_RUN_ATOMIC, &bad), -EINVAL);
	ops[7] = samples[7];
	assert_int_equal(check(ops, 8, BARIOC_RUN_ATOMIC, &bad), -EINVAL);
	for (i = 0; i < MOST; i++)
		ops[i] = (struct barioc_op){ .op = BARIOC_OP_DELAY,
					    .timeout = i < 10 ? SECOND : 0 };
	assert_int_equal(check(ops, MOST, 0, &bad), 0);
	ops[MOST - 1].timeout = 1;
	assert_int_equal(check(ops, MOST, 0, &bad), -EINVAL);
	assert_int_equal(bad, MOST - 1);
	/* A sum that would be small again in 64 bits. */
	ops[1].timeout = 0 - SECOND;
	assert_int_equal(check(ops, 2, 0, &bad), -EINVAL);
	assert_int_equal(bad, 1);
}

/* ---- any program ---- */
static void rnd_allowed(uint64_t *rng, struct bario_allowed *allowed,
			struct bario_range *ranges)
{
	uint32_t space, count = 0;
	uint64_t at;

	*allowed = (struct bario_allowed){ .ranges = ranges };
	for (space = 0; space < BARIO_SPACES; space++) {
		allowed->begin[space] = count;
		if (space < BARIO_BARS && !rnd_below(rng, 3)) {
			ranges[count++] = (struct bario_range){
				space, BARIOC_RIGHT_READ | BARIOC_RIGHT_WRITE, 0, ~0ULL };
			allowed->whole |= 1 << space;
			continue;
		}
		for (at = 0; at < 64; at = ranges[count - 1].last + 1) {
			ranges[count].space = space;
			ranges[count].rights = 1 + rnd_below(rng, 3);
			ranges[count].first = at + rnd_below(rng, 3) % 2;
			ranges[count].last = ranges[count].first + rnd_below(rng, 40);
			count++;
		}
	}
	allowed->begin[BARIO_SPACES] = count;
}

static void any_program(void **state)
{
	static struct barioc_op ops[80], copy[80];
	static struct bario_range ranges[64 * BARIO_SPACES];
	uint64_t rng = 20260102;
	uint32_t i, j, right = 0, denied = 0, stretches = 0;

	(void)state;
	for (i = 0; i < 60000; i++) {
		struct barioc_run run = {
			.count = 1 + rnd_below(&rng, i % 8 ? 12 : 80),
			.flags = !rnd_below(&rng, 4),
		};
		struct bario_allowed some, *allowed = NULL;
		uint32_t used, want_used, bad, want_bad;
		int ret, want;

		if (rnd_below(&rng, 2)) {
			allowed = &some;
			rnd_allowed(&rng, allowed, ranges);
		}
		rnd_program(&rng, ops, run.count, 1 + rnd_below(&rng, 100));
		memcpy(copy, ops, sizeof(ops));
		want = model_program(&run, ops, bars, allowed, &want_used,
				     &want_bad);
		ret = bario_program_check(&run, copy, bars, allowed, &used, &bad);
		assert_int_equal(ret, want);
		assert_int_equal(bad, want_bad);
		right += !ret;
		denied += ret == -EACCES;
		if (!ret) {
			assert_int_equal(used, want_used);
			assert_true(model_alike(copy, run.count, !allowed));
		}
		for (j = 0; j < run.count && !ret; j++) {
			stretches += !!copy[j].reserved2;
			copy[j].reserved2 = ops[j].reserved2;
		}
		/* Nothing else of it has changed, and on an error not even that. */
		assert_memory_equal(copy, ops, run.count * sizeof(*ops));
	}
	assert_in_range(right, 5000, 55000);
	assert_in_range(denied, 1000, 55000);
	assert_in_range(stretches, 5000, 1000000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_rule_alone),
		cmocka_unit_test(all_zero),
		cmocka_unit_test(the_whole),
		cmocka_unit_test(any_program),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
