// SPDX-License-Identifier: GPL-2.0
/*
 * The driver, which knows nothing of what it runs on. Its accesses and their values
 * are the same each time, except for how often it polls.
 */
#include "edu.h"

#define SECOND	1000000000ULL

static int read_register(struct bario *dev, uint64_t offset, uint32_t width)
{
	uint64_t value;

	return bario_read(dev, 0, offset, width, &value);
}

/* Check its identity and that it responds. */
static int identify(struct bario *dev)
{
	uint32_t id;
	int error = bario_config_read(dev, 0, 4, &id);

	if (!error)
		error = read_register(dev, EDU_ID, 4);
	if (!error)
		error = bario_write(dev, 0, EDU_LIVENESS, 4, 0x12345678);
	return error ? error : read_register(dev, EDU_LIVENESS, 4);
}

/* A factorial, with an interrupt at its end or without. */
static int compute(struct bario *dev, uint64_t number, uint64_t interrupt)
{
	struct bario_op ops[] = {
		{ .op = BARIO_OP_WRITE, .width = 4, .offset = EDU_STATUS,
		  .value = interrupt },
		{ .op = BARIO_OP_WRITE, .width = 4, .offset = EDU_FACTORIAL,
		  .value = number },
		{ .op = BARIO_OP_POLL, .width = 4, .offset = EDU_STATUS,
		  .mask = EDU_STATUS_COMPUTING, .timeout = 5 * SECOND },
		{ .op = BARIO_OP_READ, .width = 4, .offset = EDU_FACTORIAL },
	};

	return bario_run(dev, ops, sizeof(ops) / sizeof(ops[0]), 0, NULL, 0);
}

/* Acknowledge what the end of a computation or a write has raised. */
static int acknowledge(struct bario *dev, uint64_t bits)
{
	struct bario_op ops[] = {
		{ .op = BARIO_OP_POLL, .width = 4, .offset = EDU_IRQ_STATUS,
		  .mask = bits, .value = bits, .timeout = 5 * SECOND },
		{ .op = BARIO_OP_WRITE, .width = 4, .offset = EDU_IRQ_ACK,
		  .value = bits },
	};
	int error = bario_run(dev, ops, sizeof(ops) / sizeof(ops[0]), 0, NULL, 0);

	return error ? error : read_register(dev, EDU_IRQ_STATUS, 4);
}

static int raise_interrupts(struct bario *dev)
{
	int error = bario_write(dev, 0, EDU_IRQ_RAISE, 4, 0x6);

	if (!error)
		error = bario_write(dev, 0, EDU_IRQ_RAISE, 4, 0x9);
	if (!error)
		error = bario_write(dev, 0, EDU_IRQ_ACK, 4, 0x5);
	return error ? error : acknowledge(dev, 0xa);
}

/* Addresses of DMA, which is not run: by 8 bytes, and by 4, which clears the rest. */
static int set_dma(struct bario *dev)
{
	int error = bario_write(dev, 0, EDU_DMA_SOURCE, 8, 0x1122334455667788);

	if (!error)
		error = read_register(dev, EDU_DMA_SOURCE, 8);
	if (!error)
		error = read_register(dev, EDU_DMA_SOURCE, 4);
	if (!error)
		error = bario_write(dev, 0, EDU_DMA_TARGET, 4, 0x40000);
	if (!error)
		error = read_register(dev, EDU_DMA_TARGET, 8);
	if (!error)
		error = bario_write(dev, 0, EDU_DMA_COUNT, 8, 0x100);
	return error ? error : read_register(dev, EDU_DMA_COUNT, 4);
}

/* Where there is nothing, and by a width that the register does not take. */
static int miss(struct bario *dev)
{
	int error = read_register(dev, 0x40, 4);

	if (!error)
		error = read_register(dev, EDU_ID, 8);
	if (!error)
		error = bario_write(dev, 0, EDU_ID, 4, 0);
	if (!error)
		error = bario_write(dev, 0, EDU_LIVENESS - 4, 8, ~0ULL);
	if (!error)
		error = read_register(dev, EDU_LIVENESS, 4);
	return error ? error : read_register(dev, EDU_ID, 4);
}

int edu_drive(struct bario *dev)
{
	uint64_t number;
	int error = identify(dev);

	/*
	 * First those with an interrupt: the device looks at that bit only after the
	 * computation, so it must not be set while one without may be ending.
	 */
	for (number = 0; !error && number < 8; number++) {
		error = compute(dev, number, EDU_STATUS_IRQ);
		if (!error)
			error = acknowledge(dev, EDU_FACTORIAL_DONE);
	}
	if (!error)
		error = raise_interrupts(dev);
	/* What a driver changes by a read and a write. */
	if (!error)
		error = bario_update_bits(dev, 0, EDU_STATUS, 4, EDU_STATUS_IRQ, 0,
					  NULL);
	/* From 13 on the factorial has more than 32 bits. */
	for (; !error && number < 16; number++)
		error = compute(dev, number, 0);
	if (!error)
		error = set_dma(dev);
	return error ? error : miss(dev);
}
