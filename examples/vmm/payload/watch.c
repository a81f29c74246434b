// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * watch: reads the beginning of BAR 0, over and over, until it is all ones: for a
 * device that is taken away. Then it has to stay so, everywhere.
 */
#include "payload.h"

#define AFTERWARDS	10000

static uint32_t base;
static bool port;

static uint32_t look(void)
{
	return port ? inb(base + 3) | 0xffffff00 : read32(base);
}

int payload(void)
{
	uint32_t size, i, others = 0;

	base = bar_address(0, &size);
	port = config_read(PCIR_BAR(0)) & 1;
	config_write(PCIR_COMMAND, PCIM_CMD_PORTEN | PCIM_CMD_MEMEN);
	print("guest: at %x: %x\n", base, look());
	while (look() != NOTHING)
		;
	for (i = 0; i < AFTERWARDS; i++) {
		others += look() != NOTHING;
		if (port)
			outb(base + 7, i);
		else
			write32(base + 4, i);
	}
	print("guest: all ones, configuration space: %x; %u of %u accesses were otherwise\n",
	      config_read(PCIR_DEVVENDOR), others, AFTERWARDS);
	return others != 0;
}
