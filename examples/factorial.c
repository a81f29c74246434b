// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * factorial DEVICE NUMBER: has QEMU's teaching device, edu, compute a factorial. A
 * program of accesses writes the number, waits and reads the result: one system call,
 * where the module bario is there.
 *
 *	cc factorial.c $(pkg-config --cflags --libs bario) -o factorial
 *	./factorial 0000:00:05.0 10
 */
#include <bario.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* edu: registers of 4 bytes in BAR 0. */
#define EDU_VENDOR	0x1234
#define EDU_DEVICE	0x11e8
#define FACTORIAL	0x08	/* the number, and then its factorial */
#define STATUS		0x20
#define STATUS_BUSY	0x01
#define SECOND		1000000000ULL
#define NUMBER_MAX	12	/* 13! has more than 32 bits */

static int failed(void)
{
	const struct bario_error *error = bario_last_error();

	fprintf(stderr, "factorial: %s\n", error->message);
	if (error->hint[0])
		fprintf(stderr, "factorial: %s\n", error->hint);
	return 1;
}

static int factorial(struct bario *dev, uint64_t number, uint64_t *result)
{
	struct bario_op steps[] = {
		{ .op = BARIO_OP_POLL, .width = 4, .offset = STATUS,
		  .mask = STATUS_BUSY, .value = 0, .timeout = 4 * SECOND },
		{ .op = BARIO_OP_WRITE, .width = 4, .offset = FACTORIAL,
		  .value = number },
		{ .op = BARIO_OP_POLL, .width = 4, .offset = STATUS,
		  .mask = STATUS_BUSY, .value = 0, .timeout = 4 * SECOND },
		{ .op = BARIO_OP_READ, .width = 4, .offset = FACTORIAL },
	};
	int error = bario_run(dev, steps, 4, 0, NULL, 0);

	if (!error)
		*result = steps[3].result;
	return error;
}

/* The registers of another device may do anything. */
static int check_device(struct bario *dev)
{
	struct bario_info info;

	if (bario_get_info(dev, &info, sizeof(info)))
		return failed();
	if (info.vendor == EDU_VENDOR && info.device == EDU_DEVICE)
		return 0;
	fprintf(stderr, "factorial: %s is %04x:%04x, and edu is %04x:%04x\n",
		bario_name(dev), info.vendor, info.device, EDU_VENDOR, EDU_DEVICE);
	return 1;
}

int main(int argc, char *argv[])
{
	struct bario *dev;
	unsigned long number;
	uint64_t result;
	char *end;
	int status;

	number = argc == 3 ? strtoul(argv[2], &end, 10) : 0;
	if (argc != 3 || end == argv[2] || *end || number > NUMBER_MAX) {
		fprintf(stderr, "usage: factorial DEVICE NUMBER, up to %d, as in: factorial 0000:00:05.0 10\n",
			NUMBER_MAX);
		return 2;
	}
	if (bario_open(argv[1], 0, &dev))
		return failed();
	status = check_device(dev);
	if (!status && factorial(dev, number, &result))
		status = failed();
	else if (!status)
		printf("%lu! is %llu\n", number, (unsigned long long)result);
	bario_close(dev);
	return status;
}
