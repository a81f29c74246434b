// SPDX-License-Identifier: GPL-2.0
/*
 * The model: edu as QEMU's docs/specs/edu.rst has it, except DMA, which is not run. A
 * computation takes two reads of the status.
 */
#include <stdlib.h>
#include "edu.h"

#define READS	2

struct edu {
	uint32_t	liveness;
	uint32_t	number;
	uint32_t	status;
	uint32_t	irq_status;
	unsigned int	reads;		/* until the computation has ended */
	uint64_t	dma[3];		/* source, target, count */
};

static void end_computing(struct edu *edu)
{
	uint32_t factorial = 1;

	while (edu->number)
		factorial *= edu->number--;
	edu->number = factorial;
	edu->status &= ~EDU_STATUS_COMPUTING;
	if (edu->status & EDU_STATUS_IRQ)
		edu->irq_status |= EDU_FACTORIAL_DONE;
}

static uint32_t read_status(struct edu *edu)
{
	if ((edu->status & EDU_STATUS_COMPUTING) && !edu->reads--)
		end_computing(edu);
	return edu->status;
}

static uint64_t *dma_register(struct edu *edu, uint64_t offset)
{
	if (offset < EDU_DMA_SOURCE || offset > EDU_DMA_COUNT || offset % 8)
		return NULL;
	return &edu->dma[(offset - EDU_DMA_SOURCE) / 8];
}

static uint64_t read_value(struct edu *edu, uint64_t offset, uint32_t width)
{
	const uint64_t *dma = dma_register(edu, offset);

	if (dma)
		return *dma;
	if (width != 4)
		return ~0ULL;
	switch (offset) {
	case EDU_ID:
		return 0x010000ed;
	case EDU_LIVENESS:
		return edu->liveness;
	case EDU_FACTORIAL:
		return edu->number;
	case EDU_STATUS:
		return read_status(edu);
	case EDU_IRQ_STATUS:
		return edu->irq_status;
	}
	return ~0ULL;
}

static int edu_read(void *user, uint32_t bar, uint64_t offset, uint32_t width,
		    uint64_t *value)
{
	(void)bar;
	*value = read_value(user, offset, width);
	if (width == 4)
		*value = (uint32_t)*value;
	return 0;
}

static int edu_write(void *user, uint32_t bar, uint64_t offset, uint32_t width,
		     uint64_t value)
{
	struct edu *edu = user;
	uint64_t *dma = dma_register(edu, offset);

	(void)bar;
	if (dma)
		*dma = value;
	if (dma || width != 4)
		return 0;
	switch (offset) {
	case EDU_LIVENESS:
		edu->liveness = ~value;
		break;
	case EDU_FACTORIAL:
		if (edu->status & EDU_STATUS_COMPUTING)
			break;
		edu->number = value;
		edu->reads = READS;
		edu->status |= EDU_STATUS_COMPUTING;
		break;
	case EDU_STATUS:
		edu->status &= ~EDU_STATUS_IRQ;
		edu->status |= value & EDU_STATUS_IRQ;
		break;
	case EDU_IRQ_RAISE:
		edu->irq_status |= value;
		break;
	case EDU_IRQ_ACK:
		edu->irq_status &= ~value;
		break;
	}
	return 0;
}

struct bario *edu_open_model(void)
{
	struct bario_model model = {
		.user = calloc(1, sizeof(struct edu)), .read = edu_read,
		.write = edu_write, .end = free,
	};
	struct bario *dev;

	if (!model.user)
		return NULL;
	if (bario_open_model("address 0000:00:05.0\nid 1234:11e8\nbar 0 mem 1M\n",
			     "edu", &model, sizeof(model), 0, &dev))
		free(model.user);
	return dev;
}
