// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * unittest: what a driver does with its device's registers, tested with cmocka on a
 * model of the device. It takes no hardware, no module and no rights.
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
#include <limits.h>

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

/* ---- the converter: a model of the hardware, which keeps what is written itself ---- */

#define DEVICE	"bar 0 mem 4K\n reg 0 0 4 rw 0"

struct converter {
	unsigned int	busy;		/* so many polls find it busy */
	int		fault;		/* what reading the status comes to */
	int		error;		/* and what the driver makes of it */
	size_t		accesses;	/* of the driver; 0: any number */
};

static int read_register(void *user, uint32_t bar, uint64_t offset, uint32_t width,
			 uint64_t *value)
{
	struct converter *adc = user;

	/* Too early is a mistake of the driver's, and so is another register. */
	if (bar || width != 4 || (offset == SAMPLE ? adc->busy != 0 : offset != STATUS))
		return -EIO;
	*value = offset == SAMPLE ? 0x2a5 : adc->busy && adc->busy-- ? STATUS_BUSY : 0;
	return offset == STATUS ? adc->fault : 0;
}

/* ---- the driver's tests ---- */

static void conversion(void **state)
{
	struct converter *adc = *state;
	const struct bario_model model = { .user = adc, .read = read_register };
	uint64_t sample = 0, channel;
	struct bario *dev;
	size_t count;

	if (bario_open_model(DEVICE, "converter", &model, sizeof(model), 0, &dev))
		fail_msg("%s", bario_last_error()->message);
	assert_int_equal(convert(dev, 3, &sample), adc->error);
	assert_int_equal(sample, adc->error ? 0 : 0x2a5);
	assert_int_equal(bario_sim_peek(dev, 0, CHANNEL, 4, &channel), 0);
	assert_int_equal(channel, 3);
	assert_int_equal(bario_sim_record(dev, NULL, 0, &count), 0);
	assert_true(!adc->accesses || count == adc->accesses);
	bario_close(dev);
}

#define TEST(name, ...)	{ name, conversion, NULL, NULL, &(struct converter){ __VA_ARGS__ } }

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("it waits for the sample", 2, 0, 0, 5),
		TEST("a register fails", 2, -EIO, -EIO, 1),
		TEST("the device is unplugged", 2, -ENODEV, -ENODEV, 1),
		TEST("it is never ready", UINT_MAX, 0, -ETIMEDOUT, 0),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
