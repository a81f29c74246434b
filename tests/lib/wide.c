// SPDX-License-Identifier: GPL-2.0
/* BARs beyond what 32 bits can say, and those whose size is not known. */
#include "check.h"

#define GB	(1ULL << 30)

/* As large as it gets, at its end and where 32 bits would wrap. */
static void offsets(void **state)
{
	struct bario *dev = make("bar 0 mem64 8G\n"
				 "bar 2 mem64 4294967296G\n"
				 "ram 0 0 16\n"
				 "ram 0 4G 16\n"
				 "reg 0 0x1fffffff8 8 rw 0\n"
				 "reg 2 0x3ffffffffffffff8 8 ro 0xfedcba9876543210\n");
	const struct bario_access *all;
	struct bario_info info;
	uint64_t value = 42;
	size_t count;

	(void)state;
	put(dev, 0, 0, 4, 1);
	put(dev, 0, 4 * GB, 4, 2);
	put(dev, 0, 4 * GB + 8, 8, 0x1122334455667788);
	assert_int_equal(get(dev, 0, 0, 4), 1);
	assert_int_equal(get(dev, 0, 8, 8), 0);
	assert_int_equal(get(dev, 0, 4 * GB, 4), 2);
	assert_int_equal(get(dev, 0, 4 * GB + 12, 4), 0x11223344);
	put(dev, 0, 8 * GB - 8, 8, UINT64_MAX);
	assert_true(get(dev, 0, 8 * GB - 8, 8) == UINT64_MAX);
	assert_true(get(dev, 2, (1ULL << 62) - 8, 8) == 0xfedcba9876543210);
	all = recorded(dev, &count);
	assert_int_equal(count, 10);
	assert_true(all[9].offset == 0x3ffffffffffffff8);

	assert_fails(bario_read(dev, 0, 8 * GB, 1, &value), EINVAL,
		     BARIO_CAUSE_RANGE);
	assert_message("sim:text BAR 0+0x200000000.1: past the end: the BAR has 0x200000000 bytes");
	assert_fails(bario_read(dev, 0, 8 * GB - 4, 8, &value), EINVAL,
		     BARIO_CAUSE_RANGE);
	assert_fails(bario_read(dev, 0, 4 * GB + 2, 4, &value), EINVAL,
		     BARIO_CAUSE_ALIGNMENT);
	assert_fails(bario_read(dev, 2, UINT64_MAX - 7, 8, &value), EINVAL,
		     BARIO_CAUSE_RANGE);
	assert_int_equal(value, 42);

	assert_int_equal(bario_get_info(dev, &info, sizeof(info)), 0);
	assert_true(info.bars[0].wide && info.bars[0].assigned);
	assert_true(info.bars[0].size == 8 * GB);
	assert_true(info.bars[0].address > UINT32_MAX);
	bario_close(dev);
}

/* Both halves of the address are in the registers. */
static void registers(void **state)
{
	struct bario *dev = make("bar 0 mem64 8G\nbar 2 mem64 4K\nbar 4 mem 2G\n");
	struct bario_info info;
	uint32_t low, high;
	unsigned int i;

	(void)state;
	assert_int_equal(bario_get_info(dev, &info, sizeof(info)), 0);
	for (i = 0; i < 4; i += 2) {
		assert_int_equal(bario_config_read(dev, 0x10 + 4 * i, 4, &low), 0);
		assert_int_equal(bario_config_read(dev, 0x14 + 4 * i, 4, &high), 0);
		assert_int_equal(low & 15, 4);
		assert_true(((uint64_t)high << 32 | (low & ~15U)) ==
			    info.bars[i].address);
	}
	assert_int_equal(bario_config_read(dev, 0x20, 4, &low), 0);
	assert_int_equal(low, info.bars[4].address);
	assert_int_equal(bario_config_read(dev, 0x24, 4, &high), 0);
	assert_int_equal(high, 0);
	bario_close(dev);
}

/* Steps have the same 64 bits. */
static void programs(void **state)
{
	struct bario *dev = make("bar 0 mem64 8G\nram 0 5G 16\n");
	struct bario_op steps[] = {
		{ .op = BARIO_OP_WRITE, .width = 8, .offset = 5 * GB,
		  .value = 0x8000000000000001 },
		{ .op = BARIO_OP_REPLACE, .width = 8, .offset = 5 * GB,
		  .mask = 0xff00000000000000, .value = 0x4200000000000000 },
		{ .op = BARIO_OP_EXPECT, .width = 8, .offset = 5 * GB,
		  .mask = UINT64_MAX, .value = 0x4200000000000001 },
		{ .op = BARIO_OP_READ, .width = 4, .offset = 5 * GB + 4 },
	};
	uint64_t was;
	struct bario_run_result ran;

	(void)state;
	assert_int_equal(bario_run(dev, steps, COUNT(steps),
				   BARIO_RUN_ATOMIC, &ran, sizeof(ran)), 0);
	assert_true(steps[1].result == 0x8000000000000001);
	assert_int_equal(steps[3].result, 0x42000000);
	assert_int_equal(bario_or(dev, 0, 5 * GB + 8, 8, 1ULL << 63, &was), 0);
	assert_true(get(dev, 0, 5 * GB + 8, 8) == 1ULL << 63);
	steps[3].offset = 8 * GB;
	assert_fails(bario_run(dev, steps, COUNT(steps), 0, &ran, sizeof(ran)), EINVAL,
		     BARIO_CAUSE_RANGE);
	assert_int_equal(ran.ran, 0);
	bario_close(dev);
}

/* A BAR without an address: it exists, and cannot be accessed. */
static void forgotten(void **state)
{
	static const char *const kinds[] = { "mem", "mem64", "port" };
	struct bario_op step = { .op = BARIO_OP_READ, .width = 4 };
	struct bario_info info;
	struct bario *dev;
	char text[80];
	uint64_t value = 42;
	size_t i, count;

	(void)state;
	for (i = 0; i < COUNT(kinds); i++) {
		snprintf(text, sizeof(text), "bar 0 %s 0 none\n", kinds[i]);
		dev = make(text);
		assert_int_equal(bario_get_info(dev, &info, sizeof(info)), 0);
		assert_int_equal(info.bars[0].kind, i == 2 ? BARIO_KIND_PORT :
				 BARIO_KIND_MEM);
		assert_int_equal(info.bars[0].size, 0);
		assert_int_equal(info.bars[0].address, 0);
		assert_false(info.bars[0].assigned);
		assert_fails(bario_read(dev, 0, 0, 4, &value), ENXIO,
			     BARIO_CAUSE_UNASSIGNED);
		assert_message("sim:text BAR 0+0.4: the system has given this BAR no address");
		assert_fails(bario_write(dev, 0, UINT64_MAX, 1, 0), ENXIO,
			     BARIO_CAUSE_UNASSIGNED);
		assert_fails(bario_run(dev, &step, 1, 0, NULL, 0), ENXIO,
			     BARIO_CAUSE_UNASSIGNED);
		assert_not_mapped(bario_map(dev, 0, 0, &value), EOPNOTSUPP,
				  BARIO_CAUSE_UNSUPPORTED);
		assert_null(recorded(dev, &count));
		bario_close(dev);
	}
	assert_int_equal(value, 42);
	assert_fails(bario_open_sim("bar 0 mem 0\n", "text", 0, &dev), EINVAL,
		     BARIO_CAUSE_TEXT);
	assert_message("text:1:12: a BAR that has no size has no address: none");
	assert_fails(bario_open_sim("bar 0 mem 4G\n", "text", 0, &dev), EINVAL,
		     BARIO_CAUSE_TEXT);
	assert_message("text:1:11: without 64 bits a BAR has at most 2G");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(offsets),
		cmocka_unit_test(registers),
		cmocka_unit_test(programs),
		cmocka_unit_test(forgotten),
	};

	return cmocka_run_group_tests_name("wide", tests, NULL, NULL);
}
