// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * serial DEVICE TEXT: sends a line through a serial port, a 16550 in BAR 0. Whether
 * that BAR has ports or memory makes no difference to the library.
 *
 *	cc serial.c $(pkg-config --cflags --libs bario) -o serial
 *	./serial 0000:00:04.0 Hello
 */
#include <bario.h>
#include <stdint.h>
#include <stdio.h>

/* The 16550's registers, of one byte each. */
#define THR		0	/* the next byte to send, or the divisor's low byte */
#define IER		1	/* which interrupts to raise, or its high byte */
#define IIR		2	/* read: what it is */
#define IIR_FIFOS	0xf0	/* what is not there at all has all ones */
#define IIR_FIFO	0xc0	/* its FIFO is on */
#define FCR		2	/* written: FIFO control */
#define FCR_ON		0x07	/* on, and emptied */
#define LCR		3	/* line control */
#define LCR_8N1		0x03	/* 8 bits, no parity, 1 stop bit */
#define LCR_DIVISOR	0x80	/* 0 and 1 are the divisor of 115200 now */
#define LSR		5	/* line status */
#define LSR_ROOM	0x20	/* the FIFO is empty */
#define LSR_SENT	0x40	/* and the last byte has left */
#define FIFO_SIZE	16
#define TIMEOUT		1000000000ULL	/* in ns; 16 bytes take 1.4 ms */

#define PUT(reg, byte)	{ .op = BARIO_OP_WRITE, .width = 1, .offset = (reg), \
			  .value = (byte) }
#define WAIT(bits)	{ .op = BARIO_OP_POLL, .width = 1, .offset = LSR, \
			  .mask = (bits), .value = (bits), .timeout = TIMEOUT }

/* No interrupts, 115200 8N1; and it has to be a 16550, not one without a FIFO. */
static int set_up(struct bario *dev)
{
	struct bario_op steps[] = {
		PUT(IER, 0), PUT(LCR, LCR_8N1 | LCR_DIVISOR), PUT(THR, 1), PUT(IER, 0),
		PUT(LCR, LCR_8N1), PUT(FCR, FCR_ON),
		{ .op = BARIO_OP_EXPECT, .width = 1, .offset = IIR,
		  .mask = IIR_FIFOS, .value = IIR_FIFO },
	};

	return bario_run(dev, steps, sizeof(steps) / sizeof(steps[0]), 0, NULL, 0);
}

/* A FIFO full in each program. */
static int send_text(struct bario *dev, const char *text)
{
	struct bario_op steps[1 + FIFO_SIZE] = { WAIT(LSR_ROOM) };
	struct bario_op last = WAIT(LSR_SENT);
	int error = 0;

	while (*text && !error) {
		size_t count = 1;

		for (; *text && count <= FIFO_SIZE; count++, text++)
			steps[count] = (struct bario_op)PUT(THR, (uint8_t)*text);
		error = bario_run(dev, steps, count, 0, NULL, 0);
	}
	return error ? error : bario_run(dev, &last, 1, 0, NULL, 0);
}

static int failed(void)
{
	const struct bario_error *error = bario_last_error();

	fprintf(stderr, "serial: %s\n", error->message);
	if (error->hint[0])
		fprintf(stderr, "serial: %s\n", error->hint);
	return 1;
}

int main(int argc, char *argv[])
{
	struct bario *dev;
	struct bario_info info;
	int status = 0;

	if (argc != 3) {
		fprintf(stderr, "usage: serial DEVICE TEXT, as in: serial 0000:00:04.0 Hello\n");
		return 2;
	}
	if (bario_open(argv[1], 0, &dev))
		return failed();
	if (bario_get_info(dev, &info, sizeof(info))) {
		status = failed();
	} else if (info.base_class != 7 || info.subclass != 0) {
		fprintf(stderr, "serial: %s is not a serial port: its class is %02x%02x, not 0700\n",
			bario_name(dev), info.base_class, info.subclass);
		status = 1;
	} else if (set_up(dev) || send_text(dev, argv[2]) || send_text(dev, "\n")) {
		status = failed();
	}
	bario_close(dev);
	return status;
}
