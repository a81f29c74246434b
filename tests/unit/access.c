// SPDX-License-Identifier: GPL-2.0
/* core/access.c: which accesses may be made, and what a BAR is. */
#include "unit.h"
#include "access_model.h"

struct request {
	struct bario_bar	bar;
	int			op;
	uint32_t		width;
	uint64_t		offset;
};

static int check(const struct request *req)
{
	return bario_check_access(&req->bar, req->op, req->width, req->offset);
}

static const struct request memory = {
	.bar = { BARIO_BAR_MEM, true, 0x1000 }, PCIBARIO_READ, 4, 0x10,
};

static const struct request port = {
	.bar = { BARIO_BAR_PORT, true, 0x20 }, PCIBARIO_WRITE, 2, 4,
};

/* One fault of each row of the table, in the table's order. */
static void bad_op(struct request *req)
{
	req->op = 3;
}

static void bad_width(struct request *req)
{
	req->width = 3;
}

static void no_bar(struct request *req)
{
	req->bar.kind = BARIO_BAR_NONE;
}

static void no_address(struct request *req)
{
	req->bar.assigned = false;
}

static void wide_port(struct request *req)
{
	req->bar.kind = BARIO_BAR_PORT;
	req->width = 8;
}

static void past_end(struct request *req)
{
	req->offset = req->bar.size;
}

static void unaligned(struct request *req)
{
	req->offset += 1;
}

static const struct row {
	void	(*fault)(struct request *req);
	int	error;
} rows[] = {
	{ bad_op, -EINVAL },
	{ bad_width, -EINVAL },
	{ no_bar, -EINVAL },
	{ no_address, -ENXIO },
	{ wide_port, -EINVAL },
	{ past_end, -EINVAL },
	{ unaligned, -EINVAL },
};

static void valid_passes(void **state)
{
	(void)state;
	assert_int_equal(check(&memory), 0);
	assert_int_equal(check(&port), 0);
}

static void each_row_alone(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		struct request req = memory;

		rows[i].fault(&req);
		assert_int_equal(check(&req), rows[i].error);
	}
}

/* Two faults: the upper row decides, whichever was put in first. */
static void rows_in_order(void **state)
{
	size_t i, j;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		for (j = i + 1; j < COUNT(rows); j++) {
			struct request req = memory;

			/* A wide port is a kind and a width, as others are. */
			if (rows[i].fault == wide_port) {
				rows[i].fault(&req);
				rows[j].fault(&req);
			} else {
				rows[j].fault(&req);
				rows[i].fault(&req);
			}
			assert_int_equal(check(&req), rows[i].error);
		}
	}
}

/* The one row with another errno, among all others */
static void no_address_between(void **state)
{
	struct request req = memory;

	(void)state;
	req.bar.assigned = false;
	req.bar.size = 0;
	assert_int_equal(check(&req), -ENXIO);
	req.offset = UINT64_MAX;
	assert_int_equal(check(&req), -ENXIO);
	req.width = 8;
	req.bar.kind = BARIO_BAR_PORT;
	assert_int_equal(check(&req), -ENXIO);
	req.width = 5;
	assert_int_equal(check(&req), -EINVAL);
	req.width = 8;
	req.op = 0;
	assert_int_equal(check(&req), -EINVAL);
	req.op = PCIBARIO_WRITE;
	req.bar.kind = BARIO_BAR_NONE;
	assert_int_equal(check(&req), -EINVAL);
}

static void ops(void **state)
{
	static const int bad[] = {
		0, 3, 4, -1, -2, 0x101, 0x10001, 0x10002, INT_MIN, INT_MIN + 1,
		INT_MIN + 2, INT_MAX,
	};
	struct request req = memory;
	size_t i;

	(void)state;
	req.op = 1;
	assert_int_equal(check(&req), 0);
	req.op = 2;
	assert_int_equal(check(&req), 0);
	for (i = 0; i < COUNT(bad); i++) {
		req.op = bad[i];
		assert_int_equal(check(&req), -EINVAL);
	}
}

static void widths(void **state)
{
	static const uint32_t bad[] = {
		0x101, 0x102, 0x10001, 0x10004, 0x7fffffff, 0x80000000,
		0x80000001, 0x80000004, 0xfffffff8, 0xfffffffc, 0xfffffffe,
		0xffffffff,
	};
	struct request req = { { BARIO_BAR_MEM, true, 1ull << 40 }, 1, 0, 0 };
	uint32_t width;
	size_t i;

	(void)state;
	for (width = 0; width < 256; width++) {
		const bool good = width == 1 || width == 2 || width == 4 ||
				  width == 8;

		req.width = width;
		req.bar.kind = BARIO_BAR_MEM;
		assert_int_equal(check(&req), good ? 0 : -EINVAL);
		req.bar.kind = BARIO_BAR_PORT;
		assert_int_equal(check(&req),
				 good && width != 8 ? 0 : -EINVAL);
	}
	for (i = 0; i < COUNT(bad); i++) {
		req.width = bad[i];
		req.bar.kind = BARIO_BAR_MEM;
		assert_int_equal(check(&req), -EINVAL);
		req.bar.kind = BARIO_BAR_PORT;
		assert_int_equal(check(&req), -EINVAL);
	}
}

/* Each width and each size of a BAR, at the last offset and after it */
static void ends(void **state)
{
	static const enum bario_bar_kind kinds[] = {
		BARIO_BAR_MEM, BARIO_BAR_PORT,
	};
	unsigned int bit, k;
	uint32_t width;

	(void)state;
	for (bit = 0; bit < 64; bit++)
		for (k = 0; k < COUNT(kinds); k++)
			for (width = 1; width <= 4u << (k == 0); width *= 2) {
				const uint64_t size = 1ull << bit;
				struct request req = {
					{ kinds[k], true, size }, 1, width, 0,
				};
				const int fits = width <= size ? 0 : -EINVAL;

				assert_int_equal(check(&req), fits);
				req.offset = size - width;
				assert_int_equal(check(&req), fits);
				/* A multiple of the width, so the end it is. */
				req.offset = size;
				assert_int_equal(check(&req), -EINVAL);
				req.offset = size + width;
				assert_int_equal(check(&req), -EINVAL);
				req.offset = size - width + 1;
				assert_int_equal(check(&req), -EINVAL);
				/* Sums that wrap to 0 and to within the BAR. */
				req.offset = 0 - (uint64_t)width;
				assert_int_equal(check(&req), -EINVAL);
				req.offset = UINT64_MAX;
				assert_int_equal(check(&req), -EINVAL);
				req.offset = UINT64_MAX - width;
				assert_int_equal(check(&req), -EINVAL);
			}
}

/* Offsets above 32 bits are not cut off. */
static void offsets_have_64_bits(void **state)
{
	struct request req = memory;

	(void)state;
	req.offset = 1ull << 32;
	assert_int_equal(check(&req), -EINVAL);
	req.bar.size = (1ull << 32) + 4;
	assert_int_equal(check(&req), 0);
	req.offset += 4;
	assert_int_equal(check(&req), -EINVAL);
	req.offset = 0xffffffff;
	req.width = 1;
	assert_int_equal(check(&req), 0);
	req.bar.size = 0xffffffff;
	assert_int_equal(check(&req), -EINVAL);
}

static void alignment(void **state)
{
	uint64_t offset;
	uint32_t width;

	(void)state;
	for (width = 1; width <= 8; width *= 2)
		for (offset = 0; offset < 32; offset++) {
			struct request req = memory;
			const bool whole = (offset & (width - 1)) == 0;

			req.width = width;
			req.offset = offset;
			assert_int_equal(check(&req), whole ? 0 : -EINVAL);
			if (width == 8)
				continue;
			req.bar.kind = BARIO_BAR_PORT;
			assert_int_equal(check(&req),
					 whole || MODEL_X86 ? 0 : -EINVAL);
		}
}

/* In two steps, as an access to a BAR that is claimed is checked. */
static int claimed(const struct bario_bar *bar, int op, uint32_t width,
		   uint64_t offset)
{
	const int error = bario_check_args(op, width);

	if (error)
		return error;
	if (bar->kind == BARIO_BAR_NONE)
		return -EINVAL;
	return bar->assigned ? bario_check_place(bar, width, offset) : -ENXIO;
}

/* Everything at its edges, all combinations, against the model. */
static void all_combinations(void **state)
{
	static const int op[] = { -1, 0, 1, 2, 3, INT_MIN, INT_MAX };
	static const uint32_t width[] = {
		0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 16, 0x80000000, 0xffffffff,
	};
	uint64_t sizes[64 + 8], offset[16];
	unsigned int i, o, w, kind, assigned, at;

	(void)state;
	for (i = 0; i < 64; i++)
		sizes[i] = 1ull << i;
	sizes[i++] = 0;
	sizes[i++] = 3;
	sizes[i++] = 7;
	sizes[i++] = 0x101;
	sizes[i++] = 0xffffffff;
	sizes[i++] = 0x100000001;
	sizes[i++] = UINT64_MAX - 1;
	sizes[i++] = UINT64_MAX;
	for (i = 0; i < COUNT(sizes); i++)
	for (w = 0; w < COUNT(width); w++) {
		at = 0;
		offset[at++] = 0;
		offset[at++] = 1;
		offset[at++] = 2;
		offset[at++] = 4;
		offset[at++] = sizes[i] - width[w] - 1;
		offset[at++] = sizes[i] - width[w];
		offset[at++] = sizes[i] - width[w] + 1;
		offset[at++] = sizes[i] - 1;
		offset[at++] = sizes[i];
		offset[at++] = sizes[i] + 1;
		offset[at++] = 0xfffffffc;
		offset[at++] = 0xffffffff;
		offset[at++] = 0x100000000;
		offset[at++] = UINT64_MAX - width[w];
		offset[at++] = UINT64_MAX - width[w] + 1;
		offset[at++] = UINT64_MAX;
		assert_int_equal(at, COUNT(offset));
		for (at = 0; at < COUNT(offset); at++)
		for (o = 0; o < COUNT(op); o++)
		for (kind = BARIO_BAR_NONE; kind <= BARIO_BAR_PORT; kind++)
		for (assigned = 0; assigned < 2; assigned++) {
			const struct bario_bar bar = { kind, assigned, sizes[i] };

			assert_int_equal(bario_check_access(&bar, op[o],
							    width[w],
							    offset[at]),
					 model_access(&bar, op[o], width[w],
						      offset[at]));
			assert_int_equal(claimed(&bar, op[o], width[w],
						 offset[at]),
					 model_access(&bar, op[o], width[w],
						      offset[at]));
		}
	}
}

static void bar_counts(void **state)
{
	unsigned int type;

	(void)state;
	assert_int_equal(bario_bar_count(0), 6);
	assert_int_equal(bario_bar_count(1), 2);
	assert_int_equal(bario_bar_count(2), 1);
	for (type = 3; type < 0x200; type++)
		assert_int_equal(bario_bar_count(type), 0);
	for (type = 2; type < 32; type++) {
		assert_int_equal(bario_bar_count(1u << type), 0);
		assert_int_equal(bario_bar_count(1u << type | 1), 0);
	}
	assert_int_equal(bario_bar_count(UINT_MAX), 0);
}

static void bar_indexes(void **state)
{
	static const unsigned int bars[] = { 6, 2, 1, 0, 0 };
	static const int far[] = {
		INT_MIN, INT_MIN + 1, INT_MIN + 0x10, INT_MIN + 0x14, -0x14,
		-0x10, 0x1000, 0x10010, INT_MAX - 3, INT_MAX,
	};
	unsigned int type;
	size_t i;
	int reg;

	(void)state;
	for (type = 0; type < COUNT(bars); type++) {
		for (reg = -0x40; reg < 0x400; reg++) {
			int want = -EINVAL;

			for (i = 0; i < bars[type]; i++)
				if (reg == 0x10 + 4 * (int)i)
					want = (int)i;
			assert_int_equal(bario_bar_index(type, reg), want);
		}
		for (i = 0; i < COUNT(far); i++)
			assert_int_equal(bario_bar_index(type, far[i]),
					 -EINVAL);
	}
	assert_int_equal(bario_bar_index(0x7f, 0x10), -EINVAL);
	assert_int_equal(bario_bar_index(0x80, 0x10), -EINVAL);
}

/* On the heap, exactly as long as the header type says: the sanitizer finds a read past it. */
static enum bario_bar_kind decode(const uint32_t *regs, unsigned int count,
				  unsigned int index)
{
	uint32_t *copy = malloc(count * sizeof(*copy));
	enum bario_bar_kind kind;

	assert_non_null(copy);
	memcpy(copy, regs, count * sizeof(*copy));
	kind = bario_bar_decode(copy, index);
	free(copy);
	return kind;
}

static void bar_kinds(void **state)
{
	static const struct {
		uint32_t		reg;
		enum bario_bar_kind	kind;
	} one[] = {
		{ 0, BARIO_BAR_NONE },
		{ 0x00000001, BARIO_BAR_PORT },		/* no address */
		{ 0x0000c001, BARIO_BAR_PORT },
		{ 0x0000c005, BARIO_BAR_PORT },		/* bit 2 is address */
		{ 0xfffffffd, BARIO_BAR_PORT },
		{ 0xfebc0000, BARIO_BAR_MEM },
		{ 0xfebc0008, BARIO_BAR_MEM },		/* prefetchable */
		{ 0xfebc0002, BARIO_BAR_MEM },		/* below 1 MB */
		{ 0xfebc0006, BARIO_BAR_MEM },		/* reserved type */
		{ 0x00000008, BARIO_BAR_MEM },		/* no address */
		{ 0x00000004, BARIO_BAR_MEM },		/* no address */
		{ 0xfebc0004, BARIO_BAR_MEM },
		{ 0xfebc000c, BARIO_BAR_MEM },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(one); i++)
		assert_int_equal(decode(&one[i].reg, 1, 0), one[i].kind);
}

static void bar_halves(void **state)
{
	/* What edu, a NIC with 64-bit BARs and a bridge have. */
	static const uint32_t nic[] = {
		0xfe00000c, 0x00000080, 0xfe80000c, 0x00000081, 0xc001, 0,
	};
	/* An upper half that looks like a BAR of each kind. */
	static const uint32_t odd[] = {
		0x00000004, 0x00000004, 0x00000001, 0xfebc0004, 0x00000001,
		0xfebc0004,
	};
	static const uint32_t bridge[] = { 0xfebd0004, 0xffffffff };

	(void)state;
	assert_int_equal(decode(nic, 6, 0), BARIO_BAR_MEM);
	assert_int_equal(decode(nic, 6, 1), BARIO_BAR_NONE);
	assert_int_equal(decode(nic, 6, 2), BARIO_BAR_MEM);
	assert_int_equal(decode(nic, 6, 3), BARIO_BAR_NONE);
	assert_int_equal(decode(nic, 6, 4), BARIO_BAR_PORT);
	assert_int_equal(decode(nic, 6, 5), BARIO_BAR_NONE);

	assert_int_equal(decode(odd, 6, 0), BARIO_BAR_MEM);
	assert_int_equal(decode(odd, 6, 1), BARIO_BAR_NONE);
	assert_int_equal(decode(odd, 6, 2), BARIO_BAR_PORT);
	assert_int_equal(decode(odd, 6, 3), BARIO_BAR_MEM);
	assert_int_equal(decode(odd, 6, 4), BARIO_BAR_NONE);
	/* Nothing follows the last one, which is complete nevertheless. */
	assert_int_equal(decode(odd, 6, 5), BARIO_BAR_MEM);

	assert_int_equal(decode(bridge, 2, 0), BARIO_BAR_MEM);
	assert_int_equal(decode(bridge, 2, 1), BARIO_BAR_NONE);
	assert_int_equal(decode(bridge + 1, 1, 0), BARIO_BAR_PORT);
}

/* Every way to fill the registers of each header type with these values. */
static void bar_all_combinations(void **state)
{
	static const uint32_t values[] = {
		0, 1, 0xc005, 0xfebc0000, 0xfebc0004, 0x0000000c, 0xfebc0006,
		0xfebc0002, 0xffffffff,
	};
	static const unsigned int counts[] = { 6, 2, 1 };
	unsigned int type, i;

	(void)state;
	for (type = 0; type < COUNT(counts); type++) {
		const unsigned int count = counts[type];
		uint32_t *regs = malloc(count * sizeof(*regs));
		unsigned int all = 1, n;

		assert_non_null(regs);
		for (i = 0; i < count; i++)
			all *= COUNT(values);
		for (n = 0; n < all; n++) {
			unsigned int rest = n;

			for (i = 0; i < count; i++, rest /= COUNT(values))
				regs[i] = values[rest % COUNT(values)];
			for (i = 0; i < count; i++)
				if (bario_bar_decode(regs, i) !=
				    model_kind(regs, count, i))
					fail_msg("combination %u, BAR %u", n, i);
		}
		free(regs);
	}
}

static void config(void **state)
{
	static const int far[] = {
		INT_MIN, INT_MIN + 1, INT_MIN + 4, -4096, 4096, 4098, 4099,
		65536, INT_MAX - 3, INT_MAX - 1, INT_MAX,
	};
	static const int bad[] = {
		INT_MIN, INT_MIN + 1, INT_MIN + 4, -8, -4, -2, -1, 0, 3, 5, 6, 7,
		8, 16, 0x101, 0x10004, INT_MAX,
	};
	static const int good[] = { 1, 2, 4 };
	size_t i, w;
	int reg;

	(void)state;
	for (w = 0; w < COUNT(good); w++) {
		for (reg = -16; reg < 4200; reg++)
			assert_int_equal(bario_check_config(reg, good[w]),
					 reg < 0 || (reg & (good[w] - 1)) ?
					 -EINVAL : 0);
		for (i = 0; i < COUNT(far); i++)
			assert_int_equal(bario_check_config(far[i], good[w]),
					 far[i] < 0 || (far[i] & (good[w] - 1)) ?
					 -EINVAL : 0);
	}
	for (w = 0; w < COUNT(bad); w++)
		for (reg = -16; reg < 64; reg++)
			assert_int_equal(bario_check_config(reg, bad[w]),
					 -EINVAL);
}

/* A file that may read and write BAR 0, read bytes 4 to 7 of BAR 1, no more. */
static void rights(void **state)
{
	static const struct bario_range ranges[] = {
		{ 0, BARIOC_RIGHT_READ | BARIOC_RIGHT_WRITE, 0, UINT64_MAX },
		{ 1, BARIOC_RIGHT_READ, 4, 7 },
	};
	const struct bario_allowed some = {
		.ranges = ranges, .begin = { 0, 1, 2, 2, 2, 2, 2, 2 }, .whole = 1,
	}, all = { .whole = 0xff };
	uint32_t bar, width, rights;
	uint64_t at;

	(void)state;
	for (bar = 0; bar < BARIO_BARS; bar++)
		for (width = 1; width <= 8; width *= 2)
			for (at = 0; at < 16; at++)
				for (rights = 1; rights < 4; rights++) {
					const bool good = bar == 0 ||
						(bar == 1 && at >= 4 &&
						 at + width <= 8 && rights == 1);

					assert_int_equal(bario_check_right(&all,
						bar, at, width, rights), 0);
					assert_int_equal(bario_check_right(&some,
						bar, at, width, rights),
						good ? 0 : -EACCES);
				}
}

static void all_ones(void **state)
{
	uint32_t width;

	(void)state;
	for (width = 1; width <= 8; width *= 2) {
		const uint64_t ones = bario_all_ones(width);

		assert_true(bario_possible_error(ones, width));
		assert_false(bario_possible_error(ones - 1, width));
		assert_false(bario_possible_error(ones >> 1, width));
		assert_false(bario_possible_error(0, width));
	}
	assert_true(bario_all_ones(1) == 0xff);
	assert_true(bario_all_ones(2) == 0xffff);
	assert_true(bario_all_ones(4) == 0xffffffff);
	assert_true(bario_all_ones(8) == 0xffffffffffffffff);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(valid_passes),
		cmocka_unit_test(each_row_alone),
		cmocka_unit_test(rows_in_order),
		cmocka_unit_test(no_address_between),
		cmocka_unit_test(ops),
		cmocka_unit_test(widths),
		cmocka_unit_test(ends),
		cmocka_unit_test(offsets_have_64_bits),
		cmocka_unit_test(alignment),
		cmocka_unit_test(all_combinations),
		cmocka_unit_test(bar_counts),
		cmocka_unit_test(bar_indexes),
		cmocka_unit_test(bar_kinds),
		cmocka_unit_test(bar_halves),
		cmocka_unit_test(bar_all_combinations),
		cmocka_unit_test(config),
		cmocka_unit_test(rights),
		cmocka_unit_test(all_ones),
	};

	return cmocka_run_group_tests_name("access", tests, NULL, NULL);
}
