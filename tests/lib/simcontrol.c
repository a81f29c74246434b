// SPDX-License-Identifier: GPL-2.0
/* What a test does with a simulated device from outside: peek, poke, and the record. */
#include <stdlib.h>
#include <sys/stat.h>
#include "check.h"

static uint64_t peek(struct bario *dev, unsigned int space, uint64_t offset,
		     unsigned int width)
{
	uint64_t value = 0xdeadbeefdeadbeef;

	if (bario_sim_peek(dev, space, offset, width, &value))
		fail_msg("%s", bario_last_error()->message);
	return value;
}

static void poke(struct bario *dev, unsigned int space, uint64_t offset,
		 unsigned int width, uint64_t value)
{
	if (bario_sim_poke(dev, space, offset, width, value))
		fail_msg("%s", bario_last_error()->message);
}

static size_t count_accesses(struct bario *dev)
{
	size_t count = 42;

	assert_int_equal(bario_sim_record(dev, NULL, 0, &count), 0);
	return count;
}

#define REGISTERS "bar 0 mem 4K\n"			\
		  "reg 0 0x00 4 rw 1\n"			\
		  "reg 0 0x04 4 ro 2\n"			\
		  "reg 0 0x08 1 rc 0x81\n"		\
		  "reg 0 0x0a 2 w1c 0xff0f\n"		\
		  "reg 0 0x0c 1 fifo 7 8\n"		\
		  "reg 0 0x10 4 busy 2 0x80 0x1\n"	\
		  "reg 0 0x14 4 ones\n"			\
		  "reg 0 0x18 4 fail\n"			\
		  "reg 0 0x1c 4 unplug\n"		\
		  "ram 0 0x100 16 0x5a\n"

/* Twice the same: a peek changes nothing. */
static void peeks(void **state)
{
	static const struct {
		uint64_t	offset;
		unsigned int	width;
		uint64_t	value;
	} what[] = {
		{ 0x00, 4, 1 }, { 0x04, 4, 2 }, { 0x08, 1, 0x81 },
		{ 0x0a, 2, 0xff0f }, { 0x0c, 1, 7 }, { 0x10, 4, 0x80 },
		{ 0x14, 4, 0xffffffff }, { 0x100, 8, 0x5a5a5a5a5a5a5a5a },
		{ 0x10f, 1, 0x5a },
	};
	struct bario *dev = make(REGISTERS);
	unsigned int i, again;

	(void)state;
	for (i = 0; i < COUNT(what); i++)
		for (again = 0; again < 4; again++)
			assert_true(peek(dev, 0, what[i].offset, what[i].width) ==
				    what[i].value);
	assert_int_equal(count_accesses(dev), 0);
	/* The effect of an access is visible. */
	assert_int_equal(get(dev, 0, 0x08, 1), 0x81);
	assert_int_equal(peek(dev, 0, 0x08, 1), 0);
	assert_int_equal(get(dev, 0, 0x0c, 1), 7);
	assert_int_equal(peek(dev, 0, 0x0c, 1), 8);
	assert_int_equal(get(dev, 0, 0x0c, 1), 8);
	assert_int_equal(peek(dev, 0, 0x0c, 1), 0);
	get(dev, 0, 0x10, 4);
	get(dev, 0, 0x10, 4);
	assert_int_equal(peek(dev, 0, 0x10, 4), 1);
	assert_int_equal(count_accesses(dev), 5);
	bario_close(dev);
}

static void pokes(void **state)
{
	struct bario *dev = make(REGISTERS);

	(void)state;
	poke(dev, 0, 0x00, 4, 0x11);
	poke(dev, 0, 0x04, 4, 0x22);
	poke(dev, 0, 0x08, 1, 0x33);
	poke(dev, 0, 0x0a, 2, 0x44);
	poke(dev, 0, 0x0c, 1, 9);
	poke(dev, 0, 0x10, 4, 0x66);
	poke(dev, 0, 0x104, 4, 0x77777777);
	assert_int_equal(count_accesses(dev), 0);
	assert_int_equal(get(dev, 0, 0x00, 4), 0x11);
	assert_int_equal(get(dev, 0, 0x04, 4), 0x22);
	assert_int_equal(get(dev, 0, 0x08, 1), 0x33);
	assert_int_equal(get(dev, 0, 0x08, 1), 0);
	assert_int_equal(get(dev, 0, 0x0a, 2), 0x44);
	assert_int_equal(get(dev, 0, 0x0c, 1), 7);
	assert_int_equal(get(dev, 0, 0x0c, 1), 8);
	assert_int_equal(get(dev, 0, 0x0c, 1), 9);
	/* It is not busy any longer, until it is written. */
	assert_int_equal(get(dev, 0, 0x10, 4), 0x66);
	put(dev, 0, 0x10, 4, 0);
	assert_int_equal(get(dev, 0, 0x10, 4), 0x80);
	assert_true(get(dev, 0, 0x100, 8) == 0x777777775a5a5a5a);
	bario_close(dev);
}

/* Configuration space, of which a program can't write all. */
static void config(void **state)
{
	struct bario *dev = make("id 1234:11e8\nconfig 0x40 4 0x12345678\n");
	uint32_t value;

	(void)state;
	assert_int_equal(peek(dev, BARIO_SPACE_CONFIG, 0, 4), 0x11e81234);
	poke(dev, BARIO_SPACE_CONFIG, 8, 1, 0x42);
	poke(dev, BARIO_SPACE_CONFIG, 0x40, 2, 0xabcd);
	poke(dev, BARIO_SPACE_CONFIG, 0xfc, 4, 1);
	assert_int_equal(count_accesses(dev), 0);
	assert_int_equal(bario_config_read(dev, 8, 1, &value), 0);
	assert_int_equal(value, 0x42);
	assert_int_equal(bario_config_read(dev, 0x40, 4, &value), 0);
	assert_int_equal(value, 0x1234abcd);
	bario_close(dev);
}

static void not_there(void **state)
{
	struct bario *dev = make(REGISTERS);
	uint64_t value = 42;

	(void)state;
	assert_fails(bario_sim_peek(dev, 0, 0x18, 4, &value), EOPNOTSUPP,
		     BARIO_CAUSE_UNSUPPORTED);
	assert_fails(bario_sim_poke(dev, 0, 0x18, 4, 0), EOPNOTSUPP,
		     BARIO_CAUSE_UNSUPPORTED);
	assert_fails(bario_sim_peek(dev, 0, 0x1c, 4, &value), EOPNOTSUPP,
		     BARIO_CAUSE_UNSUPPORTED);
	assert_fails(bario_sim_poke(dev, 0, 0x14, 4, 0), EOPNOTSUPP,
		     BARIO_CAUSE_UNSUPPORTED);
	assert_fails(bario_sim_peek(dev, 0, 0x200, 4, &value), EOPNOTSUPP,
		     BARIO_CAUSE_UNSUPPORTED);
	assert_message("sim:text BAR 0+0x200.4: the description has no register or memory of this width there");
	assert_fails(bario_sim_peek(dev, 5, 0, 4, &value), EOPNOTSUPP,
		     BARIO_CAUSE_UNSUPPORTED);
	assert_fails(bario_sim_peek(dev, 6, 0, 4, &value), EINVAL,
		     BARIO_CAUSE_BAR);
	assert_fails(bario_sim_peek(dev, 0, 0, 3, &value), EINVAL,
		     BARIO_CAUSE_WIDTH);
	assert_fails(bario_sim_poke(dev, 0, 8, 1, 0x100), EINVAL,
		     BARIO_CAUSE_VALUE);
	assert_fails(bario_sim_peek(dev, BARIO_SPACE_CONFIG, 0, 8, &value),
		     EINVAL, BARIO_CAUSE_WIDTH);
	assert_fails(bario_sim_peek(dev, BARIO_SPACE_CONFIG, 2, 4, &value),
		     EINVAL, BARIO_CAUSE_ALIGNMENT);
	assert_fails(bario_sim_poke(dev, BARIO_SPACE_CONFIG, 256, 1, 0),
		     EINVAL, BARIO_CAUSE_RANGE);
	assert_int_equal(value, 42);
	/* A device that is gone still has its state, as it is. */
	bario_sim_unplug(dev);
	assert_int_equal(peek(dev, 0, 0, 4), 1);
	poke(dev, 0, 0, 4, 5);
	assert_int_equal(peek(dev, 0, 0, 4), 5);
	bario_close(dev);
}

/* ---- busy, by another register ---- */

static void started(void **state)
{
	struct bario *dev = make("bar 0 mem 4K\nbar 1 port 8\n"
				 "reg 0 0 4 rw 0\nram 0 0x100 16\n"
				 "reg 0 4 4 busy 2 0x81 0x80 by 0 0\n"
				 "reg 0 8 4 busy 1 1 0 by 0 0x104\n"
				 "reg 0 12 4 busy 1 1 0 by 1 3\nram 1 0 8\n");

	(void)state;
	assert_int_equal(get(dev, 0, 4, 4), 0x80);
	put(dev, 0, 0, 4, 5);
	assert_int_equal(get(dev, 0, 4, 4), 0x81);
	/* A read of the other register, or a write to itself, starts nothing. */
	get(dev, 0, 0, 4);
	assert_int_equal(get(dev, 0, 4, 4), 0x81);
	assert_int_equal(get(dev, 0, 4, 4), 0x80);
	put(dev, 0, 4, 4, 0);
	assert_int_equal(get(dev, 0, 4, 4), 0x80);
	/* A write that covers the place. */
	put(dev, 0, 0x100, 8, 0);
	assert_int_equal(get(dev, 0, 8, 4), 1);
	assert_int_equal(get(dev, 0, 8, 4), 0);
	put(dev, 0, 0x100, 4, 0);
	put(dev, 0, 0x105, 1, 0);
	assert_int_equal(get(dev, 0, 8, 4), 0);
	put(dev, 1, 2, 2, 0);
	assert_int_equal(get(dev, 0, 12, 4), 1);
	assert_int_equal(get(dev, 0, 8, 4), 0);
	/* Nor does a poke start it. */
	poke(dev, 0, 0, 4, 1);
	assert_int_equal(get(dev, 0, 4, 4), 0x80);
	bario_close(dev);
}

static void start_errors(void **state)
{
	static const struct {
		const char	*text;
		const char	*message;
	} wrong[] = {
		{ "bar 0 mem 4K\nreg 0 0 4 busy 1 1 0 on 0 4\n",
		  "text:2:22: 'on' is not by, for the register whose write starts it" },
		{ "bar 0 mem 4K\nreg 0 0 4 busy 1 1 0 by\n",
		  "text:2:24: the BAR's index is missing" },
		{ "bar 0 mem 4K\nreg 0 0 4 busy 1 1 0 by 1 4\n",
		  "text:2:25: BAR 1 was not described before" },
		{ "bar 0 mem 4K\nreg 0 0 4 busy 1 1 0 by 0 4K\n",
		  "text:2:27: past the end of BAR 0" },
		{ "bar 0 mem 4K\nreg 0 0 4 busy 1 1 0 by 0 4 4\n",
		  "text:2:29: '4' is one word too many" },
		{ "bar 0 mem 4K\nreg 0 0 4 rw 0 by 0 4\n",
		  "text:2:16: 'by' is one word too many" },
	};
	struct bario *dev;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(wrong); i++) {
		assert_fails(bario_open_sim(wrong[i].text, "text", 0, &dev),
			     EINVAL, BARIO_CAUSE_TEXT);
		assert_message(wrong[i].message);
	}
}

/* ---- how much there is ---- */

/* As firmware is uploaded: this took a minute once. */
static void fifo(void **state)
{
	struct bario *dev = make("bar 0 mem 4K\nreg 0 0 4 fifo\n");
	uint64_t i;

	(void)state;
	for (i = 0; i < 65536; i++)
		put(dev, 0, 0, 4, i ^ 0x5a5a);
	for (i = 0; i < 65536; i++)
		assert_int_equal(get(dev, 0, 0, 4), i ^ 0x5a5a);
	assert_int_equal(get(dev, 0, 0, 4), 0);
	bario_close(dev);
}

/* A description with all values that fit, or one more. */
static char *full_text(size_t count)
{
	static const char begin[] = "bar 0 mem 4K\nreg 0 0 4 fifo";
	char *text = malloc(sizeof(begin) + 2 * count + 1), *at;

	assert_non_null(text);
	strcpy(text, begin);
	for (at = text + strlen(text); count; count--)
		at = stpcpy(at, " 1");
	strcpy(at, "\n");
	return text;
}

static void full_fifo(void **state)
{
	char *text = full_text(BARIO_SIM_FIFO_MAX);
	struct bario *dev = make(text);
	uint64_t i;

	(void)state;
	free(text);
	assert_fails(bario_write(dev, 0, 0, 4, 2), EIO, BARIO_CAUSE_NO_RESPONSE);
	assert_message("sim:text BAR 0+0.4: the FIFO is full: it has 262144 values");
	assert_fails(bario_sim_poke(dev, 0, 0, 4, 2), EIO,
		     BARIO_CAUSE_NO_RESPONSE);
	assert_int_equal(count_accesses(dev), 0);
	/* One has gone, and one fits: at the other end of the ring. */
	assert_int_equal(get(dev, 0, 0, 4), 1);
	put(dev, 0, 0, 4, 2);
	assert_fails(bario_write(dev, 0, 0, 4, 3), EIO, BARIO_CAUSE_NO_RESPONSE);
	for (i = 1; i < BARIO_SIM_FIFO_MAX; i++)
		assert_int_equal(get(dev, 0, 0, 4), 1);
	assert_int_equal(get(dev, 0, 0, 4), 2);
	bario_close(dev);

	text = full_text(BARIO_SIM_FIFO_MAX + 1);
	assert_fails(bario_open_sim(text, "text", 0, &dev), EINVAL,
		     BARIO_CAUSE_TEXT);
	free(text);
	assert_non_null(strstr(bario_last_error()->message,
			       ": a FIFO has at most 262144 values"));
}

static uint64_t bytes_used(struct bario *dev)
{
	struct stat status;

	assert_int_equal(fstat(bario_fd(dev), &status), 0);
	return status.st_blocks * 512ULL;
}

/* Of more accesses than the record keeps, the others are counted. */
static void long_record(void **state)
{
	struct bario *dev = make("bar 0 mem 4K\nreg 0 0 4 rw 0\nreg 0 4 4 rw 5\n");
	struct bario_access *all = calloc(BARIO_SIM_RECORD_MAX + 1,
					  sizeof(*all));
	size_t count, i;
	uint64_t used;

	(void)state;
	assert_non_null(all);
	memset(&all[BARIO_SIM_RECORD_MAX], 0xee, sizeof(*all));
	put(dev, 0, 0, 4, 3);
	for (i = 1; i < BARIO_SIM_RECORD_MAX; i++)
		get(dev, 0, 0, 4);
	used = bytes_used(dev);
	for (i = 0; i < 1000; i++)
		get(dev, 0, 4, 4);
	assert_true(bytes_used(dev) == used);
	assert_true(used < 10 << 20);
	assert_int_equal(count_accesses(dev), BARIO_SIM_RECORD_MAX + 1000);
	assert_int_equal(bario_sim_record(dev, all, BARIO_SIM_RECORD_MAX + 1,
					  &count), 0);
	assert_int_equal(count, BARIO_SIM_RECORD_MAX + 1000);
	assert_true(all[0].write);
	assert_int_equal(all[BARIO_SIM_RECORD_MAX - 1].offset, 0);
	assert_int_equal(all[BARIO_SIM_RECORD_MAX - 1].value, 3);
	/* None but those that are kept were copied. */
	assert_int_equal(all[BARIO_SIM_RECORD_MAX].width, 0xee);
	bario_sim_forget(dev);
	get(dev, 0, 4, 4);
	assert_int_equal(bario_sim_record(dev, all, 1, &count), 0);
	assert_int_equal(count, 1);
	assert_int_equal(all[0].offset, 4);
	free(all);
	bario_close(dev);
}

/* A handle of what is simulated may write no more than one of a real device. */
static void flags(void **state)
{
	struct bario *dev;
	uint32_t value;

	(void)state;
	assert_int_equal(bario_open_sim("id 1234:11e8\n", "text", 0, &dev), 0);
	assert_int_equal(bario_config_read(dev, 4, 2, &value), 0);
	assert_fails(bario_config_write(dev, 4, 2, 2), EACCES,
		     BARIO_CAUSE_GRANT);
	assert_message("sim:text config+0x4.2: this handle was not opened to write configuration space");
	bario_close(dev);
	assert_int_equal(bario_open_sim("bar 0 mem 4K\nram 0 0 8\n", "text",
					BARIO_OPEN_INFO, &dev), 0);
	assert_fails(bario_write(dev, 0, 0, 4, 0), EPERM,
		     BARIO_CAUSE_PERMISSION);
	bario_close(dev);
	assert_fails(bario_open_sim("", "text", 8, &dev), EINVAL,
		     BARIO_CAUSE_OPERATION);
	assert_null(dev);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(peeks),
		cmocka_unit_test(pokes),
		cmocka_unit_test(config),
		cmocka_unit_test(not_there),
		cmocka_unit_test(started),
		cmocka_unit_test(start_errors),
		cmocka_unit_test(fifo),
		cmocka_unit_test(full_fifo),
		cmocka_unit_test(long_record),
		cmocka_unit_test(flags),
	};

	return cmocka_run_group_tests_name("simcontrol", tests, NULL, NULL);
}
