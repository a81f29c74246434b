// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* edu: QEMU's teaching device, whose registers are in memory, behind BAR 0. */
#include "payload.h"

#define ID		0x00	/* 0xMMmm00ed */
#define INVERT		0x04	/* reads the inverse of what was written */
#define FACTORIAL	0x08
#define STATUS		0x20
#define STATUS_BUSY	0x01
#define ELSEWHERE	0xd0000000

static bool check(uint32_t base)
{
	uint32_t id = read32(base + ID);

	write32(base + INVERT, 0x12345678);
	print("guest: at %x: id %x, inverse of 12345678 %x\n", base, id, read32(base + INVERT));
	return (id & 0xffff) == 0x00ed && read32(base + INVERT) == ~0x12345678U;
}

int payload(void)
{
	uint32_t size, status, base = bar_address(0, &size);
	bool good;

	print("guest: %x, BAR 0: %u bytes at %x\n", config_read(PCIR_DEVVENDOR), size, base);
	good = base != NOTHING && read32(base + ID) == NOTHING;
	config_write(PCIR_COMMAND, PCIM_CMD_MEMEN);
	if (!good || !check(base)) {
		print("guest: no edu there\n");
		return 1;
	}

	/* Moved while it is decoded: the registers go along. */
	config_write(PCIR_BAR(0), ELSEWHERE);
	good = check(ELSEWHERE) && read32(base + ID) == NOTHING;
	write32(ELSEWHERE + FACTORIAL, 10);
	do
		status = read32(ELSEWHERE + STATUS);
	while (status != NOTHING && (status & STATUS_BUSY));
	print("guest: the factorial of 10 is %u\n", read32(ELSEWHERE + FACTORIAL));
	good = good && read32(ELSEWHERE + FACTORIAL) == 3628800;

	config_write(PCIR_COMMAND, 0);
	good = good && read32(ELSEWHERE + ID) == NOTHING;
	print("guest: %s\n", good ? "all as it should be" : "something was wrong");
	return !good;
}
