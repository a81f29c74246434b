// SPDX-License-Identifier: GPL-2.0
/* Any access to any BAR, any BAR registers: the same answer as the model's. */
#include "fuzz.h"
#include "access_model.h"

struct input {
	uint64_t	size;
	uint64_t	offset;
	uint32_t	width;
	int32_t		op;
	uint32_t	regs[BARIO_BARS];
	uint8_t		kind;
	uint8_t		assigned;
	uint8_t		hdr_type;
	uint8_t		index;
	int32_t		reg;
};

static const struct input memory = {
	.size = 0x10000, .offset = 0xfffc, .width = 4, .op = PCIBARIO_READ,
	.regs = { 0xfebc0004, 0, 0xc001, 0xfebd0000, 0, 0xfebe000c },
	.kind = BARIO_BAR_MEM, .assigned = 1, .reg = 0x10,
};

static const struct input port = {
	.size = 8, .offset = 5, .width = 1, .op = PCIBARIO_WRITE,
	.regs = { 0xc001, 0xfebc0004, 0xfebc0004, 4, 4, 4 },
	.kind = BARIO_BAR_PORT, .assigned = 1, .hdr_type = 1, .index = 1,
	.reg = 0x14,
};

static const struct input edge = {
	.size = 1ull << 63, .offset = UINT64_MAX - 7, .width = 8,
	.op = PCIBARIO_WRITE, .regs = { 4, 4, 0, 4, 1, 4 },
	.kind = BARIO_BAR_MEM, .assigned = 1, .hdr_type = 2, .index = 5,
	.reg = -4,
};

const struct fuzz_seed fuzz_seeds[] = {
	{ &memory, sizeof(memory) },
	{ &port, sizeof(port) },
	{ &edge, sizeof(edge) },
	{ NULL, 0 }
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const unsigned int counts[] = { 6, 2, 1 };
	struct bario_bar bar;
	unsigned int count;
	struct input in;
	int want;

	if (size < sizeof(in))
		return 0;
	memcpy(&in, data, sizeof(in));

	bar.kind = in.kind % 3;
	bar.assigned = in.assigned & 1;
	bar.size = in.size;
	want = model_access(&bar, in.op, in.width, in.offset);
	must(bario_check_access(&bar, in.op, in.width, in.offset) == want);
	/* In two steps, as an access to a BAR that is claimed is checked. */
	if (!bario_check_args(in.op, in.width) && bar.assigned &&
	    bar.kind != BARIO_BAR_NONE)
		must(bario_check_place(&bar, in.width, in.offset) == want);
	/* An access that passes lies within the BAR. */
	must(want || (in.offset < in.size && in.width <= in.size - in.offset));

	count = in.hdr_type < 3 ? counts[in.hdr_type] : 0;
	must(bario_bar_count(in.hdr_type) == count);
	if (in.index < count) {
		uint32_t *regs = malloc(count * sizeof(*regs));

		must(regs);
		memcpy(regs, in.regs, count * sizeof(*regs));
		must(bario_bar_decode(regs, in.index) ==
		     model_kind(regs, count, in.index));
		free(regs);
	}

	want = -EINVAL;
	if (in.reg >= 0x10 && (in.reg & 3) == 0 &&
	    (unsigned int)in.reg < 0x10 + 4 * count)
		want = (in.reg - 0x10) / 4;
	must(bario_bar_index(in.hdr_type, in.reg) == want);

	want = -EINVAL;
	if ((in.width == 1 || in.width == 2 || in.width == 4) && in.reg >= 0 &&
	    (in.reg & (in.width - 1)) == 0)
		want = 0;
	must(bario_check_config(in.reg, in.width) == want);
	return 0;
}
