// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * unittest: what a driver does with its device's registers, tested with cmocka on a
 * simulated device. It takes no hardware, no module and no rights: bario-sim(5).
 *
 *	cc unittest.c $(pkg-config --cflags --libs bario cmocka) -o unittest
 *	./unittest
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <bario.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>

/* ---- the driver, of an analog-to-digital converter ---- */

/* Registers of 4 bytes in BAR 0. */
#define CHANNEL		0	/* written: this one is converted */
#define STATUS		4
#define STATUS_BUSY	1
#define SAMPLE		8
#define TIMEOUT		1000000	/* in ns */

static int convert(struct bario *dev, uint64_t channel, uint64_t *sample)
{
	struct bario_op steps[] = {
		{ .op = BARIO_OP_WRITE, .width = 4, .offset = CHANNEL, .value = channel },
		{ .op = BARIO_OP_POLL, .width = 4, .offset = STATUS,
		  .mask = STATUS_BUSY, .value = 0, .timeout = TIMEOUT },
		{ .op = BARIO_OP_READ, .width = 4, .offset = SAMPLE },
	};
	int error = bario_run(dev, steps, 3, 0, NULL, 0);

	if (!error)
		*sample = steps[2].result;
	return error;
}

/* ---- its tests ---- */

/* What the status register does, and what a conversion then comes to. */
struct situation {
	const char	*status;
	int		error;
	const char	*accesses;	/* read or write, register, value; polls count once */
};

static void conversion(void **state)
{
	const struct situation *now = *state;
	char device[100], happened[200] = "";
	struct bario_access record[20];
	uint64_t sample = 0;
	size_t count, len = 0;
	struct bario *dev;

	snprintf(device, sizeof(device), "bar 0 mem 4K\nreg 0 0 4 rw 0\n"
		 "reg 0 4 4 %s\nreg 0 8 4 ro 0x2a5\n", now->status);
	if (bario_open_sim(device, "converter", 0, &dev))
		fail_msg("%s", bario_last_error()->message);
	assert_int_equal(convert(dev, 3, &sample), now->error);
	assert_int_equal(sample, now->error ? 0 : 0x2a5);
	assert_int_equal(bario_sim_record(dev, record, 20, &count), 0);
	for (size_t i = 0; i < count && len < sizeof(happened); i++) {
		if (i && record[i].offset == record[i - 1].offset &&
		    record[i].value == record[i - 1].value)
			continue;	/* polled once more */
		len += snprintf(happened + len, sizeof(happened) - len, "%c%x=%x ",
				"rw"[record[i].write], (unsigned int)record[i].offset,
				(unsigned int)record[i].value);
	}
	assert_string_equal(happened, now->accesses);
	bario_close(dev);
}

#define TEST(name, ...)	{ name, conversion, NULL, NULL, &(struct situation){ __VA_ARGS__ } }

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("it waits for the sample", "busy 2 1 0", 0, "w0=3 r4=1 r4=0 r8=2a5 "),
		TEST("a register fails", "fail", -EIO, "w0=3 "),
		TEST("the device is unplugged", "unplug", -ENODEV, "w0=3 "),
		TEST("it is never ready", "ro 1", -ETIMEDOUT, "w0=3 r4=1 "),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
