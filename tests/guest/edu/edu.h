/* SPDX-License-Identifier: GPL-2.0 */
/* A driver of QEMU's teaching device, edu, and a model of it. */
#ifndef BARIO_TESTS_EDU_H
#define BARIO_TESTS_EDU_H

#include <stddef.h>
#include <stdint.h>
#include "../../../include/bario.h"

/* Registers in BAR 0, of 4 bytes; those of the DMA engine have 8. */
#define EDU_ID		0x00
#define EDU_LIVENESS	0x04	/* reads as the complement of what was written */
#define EDU_FACTORIAL	0x08	/* the number, and then its factorial */
#define EDU_STATUS	0x20
#define EDU_STATUS_COMPUTING	0x01
#define EDU_STATUS_IRQ		0x80	/* raise FACTORIAL_DONE at the end */
#define EDU_IRQ_STATUS	0x24
#define EDU_FACTORIAL_DONE	0x01
#define EDU_IRQ_RAISE	0x60
#define EDU_IRQ_ACK	0x64
#define EDU_DMA_SOURCE	0x80
#define EDU_DMA_TARGET	0x88
#define EDU_DMA_COUNT	0x90

/* driver.c: uses all of the device, except DMA. Returns 0 or the library's error. */
int edu_drive(struct bario *dev);

/* model.c: the device as its documentation has it. Returns NULL: no memory. */
struct bario *edu_open_model(void);

#endif /* BARIO_TESTS_EDU_H */
