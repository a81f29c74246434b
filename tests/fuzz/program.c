// SPDX-License-Identifier: GPL-2.0
/* Any bytes as a program: it may run where the model says so, and is left as it was. */
#include <string.h>
#include "fuzz.h"
#include "program_model.h"

#define MOST	4	/* operations */

static const struct bario_bar bars[BARIO_BARS] = {
	{ BARIO_BAR_MEM, true, 0x1000 },
	{ BARIO_BAR_PORT, true, 32 },
	{ BARIO_BAR_MEM, true, 0x200000000 },
	{ BARIO_BAR_NONE, false, 0 },
	{ BARIO_BAR_MEM, false, 64 },
	{ BARIO_BAR_MEM, true, 4 },
};

struct input {
	uint32_t	flags;
	uint32_t	count;	/* of what follows, or some other number */
	struct barioc_op	ops[MOST];
};

static const struct input computes = {
	.count = 3, .ops = {
		{ .op = BARIOC_OP_WRITE, .width = 4, .offset = 8, .value = 5 },
		{ .op = BARIOC_OP_POLL, .width = 4, .offset = 0x20, .mask = 1,
		  .timeout = 1000 },
		{ .op = BARIOC_OP_READ, .width = 4, .offset = 8 },
	},
};

static const struct input atomic = {
	.flags = BARIOC_RUN_ATOMIC, .count = 4, .ops = {
		{ .op = BARIOC_OP_REPLACE, .bar = 1, .width = 1, .offset = 31,
		  .mask = 0x80, .value = 0x80 },
		{ .op = BARIOC_OP_EXPECT, .bar = 5, .width = 4,
		  .mask = 0xffffffff, .value = 7 },
		{ .op = BARIOC_OP_XOR, .bar = 2, .width = 8,
		  .offset = 0x1fffffff8, .value = ~0ULL },
		{ .op = BARIOC_OP_DELAY },
	},
};

const struct fuzz_seed fuzz_seeds[] = {
	{ &computes, sizeof(computes) },
	{ &atomic, sizeof(atomic) },
	{ NULL, 0 }
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct barioc_run run = { 0 };
	uint32_t used, want_used, bad, want_bad, i;
	struct barioc_op *copy;
	struct input in;
	int ret;

	if (size < sizeof(in))
		return 0;
	memcpy(&in, data, sizeof(in));
	run.flags = in.flags;
	run.count = in.count;
	/* There are never more than the count says, whatever it says. */
	if (run.count > MOST && run.count <= BARIOC_OPS_MAX)
		run.count %= MOST;
	copy = malloc((run.count < MOST ? run.count : MOST) * sizeof(*copy) + 1);
	must(copy);
	for (i = 0; i < run.count && i < MOST; i++)
		copy[i] = in.ops[i];
	ret = bario_program_check(&run, copy, bars, NULL, &used, &bad);
	must(ret == model_program(&run, in.ops, bars, NULL, &want_used, &want_bad));
	must(bad == want_bad);
	if (!ret) {
		must(used == want_used);
		must(model_alike(copy, run.count, true));
	}
	for (i = 0; i < run.count && i < MOST; i++) {
		if (!ret)
			copy[i].reserved2 = in.ops[i].reserved2;
		must(!memcmp(&copy[i], &in.ops[i], sizeof(*copy)));
	}
	free(copy);
	return 0;
}
