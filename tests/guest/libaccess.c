// SPDX-License-Identifier: GPL-2.0
/* libbario's cases: accesses and programs. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "libbario.h"

void widths(void)
{
	struct bario *dev = need(SHMEM, 0), *uart = need(UART, 0);

	works(bario_write(dev, 2, 8, 4, 0x04030201), "4 bytes");
	is(get(dev, 2, 8, 4), 0x04030201, "are read");
	is(get(dev, 2, 8, 2), 0x0201, "the first 2 of them");
	is(get(dev, 2, 11, 1), 0x04, "and the last");
	works(bario_write(dev, 2, 9, 1, 0xff), "1 byte");
	works(bario_write(dev, 2, 10, 2, 0xaabb), "2 bytes");
	is(get(dev, 2, 8, 4), 0xaabbff01, "are what they are");
	/* Of all ones, a look at configuration space says that they are meant. */
	works(bario_write(dev, 2, 8, 4, 0xffffffff), "all ones");
	is(get(dev, 2, 8, 4), 0xffffffff, "are a value");
	works(bario_write(uart, 0, 7, 1, 0x5a), "a port");
	is(get(uart, 0, 7, 1), 0x5a, "keeps what is written");
	works(bario_write(uart, 0, 7, 1, 0xff), "all ones");
	is(get(uart, 0, 7, 1), 0xff, "are a value there, too");
	bario_close(uart);
	bario_close(dev);
}

void wide(void)
{
	struct bario *dev = need(SHMEM, 0);

	works(bario_write(dev, 2, 16, 8, 0x1122334455667788), "8 bytes");
	is(get(dev, 2, 16, 8), 0x1122334455667788, "are read");
	is(get(dev, 2, 20, 4), 0x11223344, "as they are");
	bario_close(dev);
}

void not_wide(void)
{
	struct bario *dev = need(SHMEM, 0);
	uint64_t value;

	fails(bario_read(dev, 2, 16, 8, &value), EOPNOTSUPP,
	      BARIO_CAUSE_UNSUPPORTED, "8 bytes");
	fails(bario_write(dev, 2, 16, 8, 1), EOPNOTSUPP,
	      BARIO_CAUSE_UNSUPPORTED, "8 bytes to write");
	bario_close(dev);
}

/* In a BAR above 4 GB, and at offsets above 4 GB. */
void far(void)
{
	const uint64_t at = 5ULL << 30;
	struct bario *dev = need(LARGE, 0);
	struct bario_info info;
	uint64_t value;

	works(bario_get_info(dev, &info, sizeof(info)), "a large BAR");
	is(info.bars[2].size, 8ULL << 30, "of 8 GB");
	ok(info.bars[2].address > UINT32_MAX, "above 4 GB");
	works(bario_write(dev, 2, (uint32_t)at, 4, 0x11111111), "one of 1 GB");
	works(bario_write(dev, 2, 0xfffffffc, 4, 0x33333333), "up to 4 GB");
	is(get(dev, 2, 0xfffffffc, 4), 0x33333333, "it is read");
	works(bario_write(dev, 2, at, 4, 0x22222222), "an offset of 5 GB");
	is(get(dev, 2, at, 4), 0x22222222, "is read");
	is(get(dev, 2, (uint32_t)at, 4), 0x11111111,
	   "and is not what 32 bits make of it");
	works(bario_write(dev, 2, (8ULL << 30) - 8, 8, at), "its end");
	is(get(dev, 2, (8ULL << 30) - 4, 4), at >> 32, "is read");
	works(bario_or(dev, 2, at, 4, 1, NULL), "a program");
	is(get(dev, 2, at, 4), 0x22222223, "there, too");
	fails(bario_read(dev, 2, 8ULL << 30, 1, &value), EINVAL,
	      BARIO_CAUSE_RANGE, "past the end");
	bario_close(dev);
}

void not_far(void)
{
	struct bario *dev = need(LARGE, 0);
	uint64_t value;

	works(bario_write(dev, 2, 0xfffffff8, 4, 0x33333333), "almost up to 4 GB");
	is(get(dev, 2, 0xfffffff8, 4), 0x33333333, "it is read");
	/* There offset + width is 0 in 32 bits, and no error that tells why. */
	fails(bario_read(dev, 2, 0xfffffffc, 4, &value), EOPNOTSUPP,
	      BARIO_CAUSE_UNSUPPORTED, "the last 4 bytes below 4 GB");
	fails(bario_read(dev, 2, 0xffffffff, 1, &value), EOPNOTSUPP,
	      BARIO_CAUSE_UNSUPPORTED, "and the last one");
	fails(bario_read(dev, 2, 8ULL << 30, 4, &value), EINVAL,
	      BARIO_CAUSE_RANGE, "past the end");
	fails(bario_read(dev, 2, 1ULL << 32, 4, &value), EOPNOTSUPP,
	      BARIO_CAUSE_UNSUPPORTED, "offsets above 4 GB");
	bario_close(dev);
}

void refusals(void)
{
	struct bario *dev = need(SHMEM, 0), *ports = need(TESTDEV, 0);
	struct bario *unplaced = need(UNPLACED, 0);
	struct bario_info info;
	uint64_t value = 42;

	fails(bario_read(dev, 2, 0, 3, &value), EINVAL, BARIO_CAUSE_WIDTH,
	      "3 bytes");
	fails(bario_read(dev, 2, 1, 4, &value), EINVAL, BARIO_CAUSE_ALIGNMENT,
	      "misaligned");
	fails(bario_read(dev, 2, 1 << 20, 1, &value), EINVAL, BARIO_CAUSE_RANGE,
	      "past the end");
	fails(bario_read(dev, 2, 1ULL << 32, 4, &value), EINVAL,
	      BARIO_CAUSE_RANGE, "far past the end");
	fails(bario_read(dev, 2, UINT64_MAX, 1, &value), EINVAL,
	      BARIO_CAUSE_RANGE, "as far as can be");
	fails(bario_read(dev, 1, 0, 4, &value), EINVAL, BARIO_CAUSE_BAR, "no BAR");
	fails(bario_read(dev, 3, 0, 4, &value), EINVAL, BARIO_CAUSE_BAR,
	      "the upper half of one");
	fails(bario_read(dev, 6, 0, 4, &value), EINVAL, BARIO_CAUSE_BAR,
	      "more BARs than there are");
	fails(bario_write(dev, 2, 0, 1, 256), EINVAL, BARIO_CAUSE_VALUE,
	      "too large a value");
	fails(bario_read(ports, 1, 0, 8, &value), EINVAL, BARIO_CAUSE_WIDTH,
	      "8 bytes of ports");
	fails(bario_read(ports, 1, 256, 1, &value), EINVAL, BARIO_CAUSE_RANGE,
	      "past the ports");
	works(bario_get_info(unplaced, &info, sizeof(info)), "a BAR without an address");
	is(info.bars[2].kind, BARIO_KIND_MEM, "it is memory");
	ok(info.bars[2].wide && !info.bars[2].assigned && !info.bars[2].address,
	   "of 64 bits, and nowhere");
	is(info.bars[2].size, 0, "its size is forgotten");
	fails(bario_read(unplaced, 2, 0, 4, &value), ENXIO,
	      BARIO_CAUSE_UNASSIGNED, "no address");
	is(value, 42, "no value of what failed");
	bario_close(unplaced);
	bario_close(ports);
	bario_close(dev);
}

void driver(void)
{
	struct bario *dev = need(SERIAL, 0);
	uint64_t value = 42;

	fails(bario_read(dev, 0, 0, 1, &value), EBUSY, BARIO_CAUSE_DRIVER,
	      "a driver has it");
	ok(strstr(bario_last_error()->message, "serial"), "which is named");
	ok(strstr(bario_last_error()->hint, sim ? "driver serial" : !freebsd ?
		  "unbind" : "devctl detach pci0:0:4:0"),
	   "and how to take it from it");
	is(value, 42, "no value");
	bario_close(dev);
}

/* One that binds while the BAR is in use has it from then on, until it unbinds. */
void coming_driver(void)
{
	struct bario *dev = need(UART, 0);
	uint64_t value = 42;

	if (sim) {
		skip("no driver binds to a simulated device", "a driver that comes");
		bario_close(dev);
		return;
	}
	works(bario_write(dev, 0, 7, 1, 0x33), "before the driver");
	is(system("echo " UART " >/sys/bus/pci/drivers/serial/bind"), 0,
	   "it binds");
	fails(bario_read(dev, 0, 7, 1, &value), EBUSY, BARIO_CAUSE_DRIVER,
	      "then the function is the driver's");
	is(value, 42, "no value");
	is(system("echo " UART " >/sys/bus/pci/drivers/serial/unbind;"
		  "echo 1 >/sys/bus/pci/devices/" UART "/enable"), 0,
	   "it unbinds");
	works(bario_write(dev, 0, 7, 1, 0x44), "the same handle");
	is(get(dev, 0, 7, 1), 0x44, "works again");
	bario_close(dev);
}

void config(void)
{
	struct bario *dev = need(EDU, 0);
	uint32_t value = 0;

	works(bario_config_read(dev, 0, 4, &value), "configuration space");
	is(value, 0x11e81234, "4 bytes");
	works(bario_config_read(dev, 2, 2, &value), "it is read");
	is(value, 0x11e8, "2 bytes");
	works(bario_config_read(dev, 0x0a, 1, &value), "it is read");
	is(value, 0xff, "1 byte");
	value = 42;
	fails(bario_config_read(dev, 1, 2, &value), EINVAL,
	      BARIO_CAUSE_ALIGNMENT, "misaligned");
	fails(bario_config_read(dev, 0, 8, &value), EINVAL, BARIO_CAUSE_WIDTH,
	      "8 bytes");
	fails(bario_config_read(dev, 256, 4, &value), EINVAL,
	      BARIO_CAUSE_RANGE, "past its end");
	fails(bario_config_read(dev, 4096, 4, &value), EINVAL,
	      BARIO_CAUSE_RANGE, "far past its end");
	is(value, 42, "no value of what failed");
	fails(bario_config_write(dev, 4, 2, 0), EACCES, BARIO_CAUSE_GRANT,
	      "not opened to write it");
	bario_close(dev);
}

void decoding(void)
{
	struct bario *dev = need(SECOND, BARIO_OPEN_CONFIG);
	volatile uint32_t *words;
	uint64_t value;
	uint32_t command;

	works(bario_config_read(dev, 4, 2, &command), "the command register");
	works(bario_config_write(dev, 4, 2, command & ~2U), "is written");
	if (bario_can(dev) & BARIO_CAN_DECODE) {
		is(get(dev, 0, 0, 4), 0x010000ed, "decoding is turned on");
		bario_close(dev);
		dev = need(SECOND, BARIO_OPEN_CONFIG);
		works(bario_config_write(dev, 4, 2, command & ~2U), "and off");
		if (bario_can(dev) & BARIO_CAN_MAP) {
			words = bario_map(dev, 0, 0, NULL);
			if (!ok(words != NULL, "a mapping"))
				bail("%s", bario_last_error()->message);
			is(*words, 0x010000ed, "turns it on, too");
		}
	} else {
		fails(bario_read(dev, 0, 0, 4, &value), EIO, BARIO_CAUSE_DECODE,
		      "not decoded");
	}
	works(bario_config_write(dev, 4, 2, command | 2), "it is turned on");
	is(get(dev, 0, 0, 4), 0x010000ed, "and then there is an access");
	bario_close(dev);
}

/* ---- programs ---- */

void programs(void)
{
	struct bario *dev = need(SHMEM, 0), *edu = need(EDU, 0);
	struct bario_op steps[] = {
		{ .op = BARIO_OP_WRITE, .bar = 2, .width = 4, .value = 5 },
		{ .op = BARIO_OP_OR, .bar = 2, .width = 4, .value = 0x80 },
		{ .op = BARIO_OP_EXPECT, .bar = 2, .width = 4, .mask = 0xff,
		  .value = 0x85 },
		{ .op = BARIO_OP_EXPECT, .bar = 2, .width = 4, .mask = 0xff },
		{ .op = BARIO_OP_WRITE, .bar = 2, .width = 4 },
	};
	struct bario_op poll = {
		.op = BARIO_OP_POLL, .width = 4, .mask = 0xff, .value = 1,
		.timeout = 20000000,
	};
	struct bario_op bad[] = {
		{ .op = BARIO_OP_WRITE, .bar = 2, .width = 4, .value = 9 },
		{ .op = BARIO_OP_READ, .bar = 2, .width = 4, .offset = 2 },
	};
	uint64_t was;
	struct bario_run_result ran;

	works(bario_write(dev, 2, 8, 4, 0xf0), "a write");
	works(bario_update_bits(dev, 2, 8, 4, 0x0f, 0x05, &was), "bits are replaced");
	is(was, 0xf0, "of this");
	is(get(dev, 2, 8, 4), 0xf5, "which gives that");
	works(bario_and(dev, 2, 8, 4, 0x3f, &was), "and");
	works(bario_xor(dev, 2, 8, 4, 0x81, &was), "xor");
	is(was, 0x35, "of this");
	is(get(dev, 2, 8, 4), 0xb4, "which gives that");
	fails(bario_run(dev, steps, COUNT(steps), 0, &ran, sizeof(ran)), ECANCELED,
	      BARIO_CAUSE_EXPECT, "a program stops");
	is(ran.ran, 3, "after three steps");
	is(steps[1].result, 5, "what it read on its way");
	is(steps[3].result, 0x85, "and what it did not expect");
	is(get(dev, 2, 0, 4), 0x85, "what is behind that has not run");
	fails(bario_run(dev, bad, COUNT(bad), 0, &ran, sizeof(ran)), EINVAL,
	      BARIO_CAUSE_ALIGNMENT, "a program with a wrong step");
	is(bario_last_error()->index, 1, "which is the second");
	is(ran.ran, 0, "does not begin");
	is(get(dev, 2, 0, 4), 0x85, "and has changed nothing");
	fails(bario_run(edu, &poll, 1, 0, NULL, 0), ETIMEDOUT,
	      BARIO_CAUSE_TIMEOUT, "what does not come in time");
	is(poll.result, 0x010000ed, "is not so");
	bario_close(edu);
	bario_close(dev);
}

static struct bario_op atomic_ops[] = {
	{ .op = BARIO_OP_WRITE, .bar = 2, .width = 4, .value = 5 },
	{ .op = BARIO_OP_OR, .bar = 2, .width = 4, .value = 0x80 },
};

void atomic(void)
{
	struct bario *dev = need(SHMEM, 0);
	struct bario_run_result ran;

	works(bario_run(dev, atomic_ops, 2, BARIO_RUN_ATOMIC, &ran, sizeof(ran)),
	      "an atomic program");
	is(get(dev, 2, 0, 4), 0x85, "has run");
	bario_close(dev);
}

void not_atomic(void)
{
	struct bario *dev = need(SHMEM, 0);
	struct bario_run_result ran;

	works(bario_write(dev, 2, 0, 4, 3), "a value");
	fails(bario_run(dev, atomic_ops, 2, BARIO_RUN_ATOMIC, &ran, sizeof(ran)),
	      EOPNOTSUPP, BARIO_CAUSE_UNSUPPORTED, "an atomic program");
	is(get(dev, 2, 0, 4), 3, "has not run");
	bario_close(dev);
}
