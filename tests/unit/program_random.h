/* SPDX-License-Identifier: GPL-2.0 */
/* BARs, and programs for them: some right, some wrong in a place or two. */
#ifndef BARIO_PROGRAM_RANDOM_H
#define BARIO_PROGRAM_RANDOM_H

#include "program_model.h"
#include "unit.h"

#define SECOND	1000000000ULL
#define MOST	BARIOC_OPS_MAX

static const struct bario_bar bars[BARIO_BARS] = {
	{ BARIO_BAR_MEM, true, 64 },
	{ BARIO_BAR_PORT, true, 16 },
	{ BARIO_BAR_MEM, false, 64 },
	{ BARIO_BAR_NONE, false, 0 },
	{ BARIO_BAR_MEM, true, 8 },
	{ BARIO_BAR_PORT, false, 16 },
};

static inline uint64_t rnd_offset(uint64_t *rng)
{
	static const uint64_t edges[] = { 64, 1ULL << 32, ~0ULL, ~0ULL - 3 };

	return rnd_below(rng, 60) ? rnd_below(rng, 16) :
				    edges[rnd_below(rng, COUNT(edges))];
}

/* Nearly right, and as in use often like one of the last. */
static inline struct barioc_op rnd_op(uint64_t *rng, const struct barioc_op *last,
			      uint32_t faults_in)
{
	static const uint8_t used[] = { 0, 0, 0, 1, 4 };
	struct barioc_op op = { .op = 1 + rnd_below(rng, 9) };
	const struct model_kind *kind = model_op_kind(op.op);
	uint64_t ones = ~0ULL;

	if (last && last->op != BARIOC_OP_DELAY && model_op_kind(last->op) &&
	    last->bar < BARIO_BARS && bars[last->bar].size && rnd_below(rng, 3)) {
		op = *last;
		kind = model_op_kind(op.op);
		op.reserved2 = 0;
		op.offset = rnd_below(rng, 4) * op.width % bars[op.bar].size;
	} else if (op.op != BARIOC_OP_DELAY) {
		op.bar = used[rnd_below(rng, COUNT(used))];
		op.width = 1 << rnd_below(rng, 4);
		if (op.bar == 1 && op.width == 8)
			op.width = 1;
		op.offset = op.bar == 4 ? 0 : rnd_offset(rng) % 8 * op.width;
		op.offset %= bars[op.bar].size;
	}
	op.result = rnd(rng);
	if (op.width == 1 || op.width == 2 || op.width == 4)
		ones = (1ULL << 8 * op.width) - 1;
	if (kind->value)
		op.value = rnd(rng) & ones;
	if (kind->mask) {
		op.mask = rnd(rng) & ones;
		op.value &= op.mask;
	}
	if (kind->timeout)
		op.timeout = rnd_below(rng, 2000000);
	if (faults_in && !rnd_below(rng, faults_in)) {
		uint64_t wild = rnd_below(rng, 2) ? rnd(rng) : rnd_below(rng, 17);

		switch (rnd_below(rng, 9)) {
		case 0:
			op.op = wild;
			break;
		case 1:
			op.bar = wild % 7;
			break;
		case 2:
			op.width = wild;
			break;
		case 3:
			op.reserved = wild;
			break;
		case 4:
			op.reserved2 = wild;
			break;
		case 5:
			op.offset = rnd_below(rng, 2) ? wild : rnd_offset(rng);
			break;
		case 6:
			op.value = wild;
			break;
		case 7:
			op.mask = wild;
			break;
		case 8:
			op.timeout = wild % (2 * BARIOC_TIME_MAX);
			break;
		}
	}
	return op;
}

static inline void rnd_program(uint64_t *rng, struct barioc_op *ops, uint32_t count,
			uint32_t faults_in)
{
	uint32_t i;

	for (i = 0; i < count; i++)
		ops[i] = rnd_op(rng, i ? &ops[i - 1 - rnd_below(rng, i < 2 ? i : 2)] :
				NULL, faults_in);
}

#endif /* BARIO_PROGRAM_RANDOM_H */
