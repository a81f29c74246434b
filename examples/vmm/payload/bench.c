// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * bench [COUNT]: how many reads of a port the guest does in a second: of BAR 0's,
 * which the monitor forwards, and of one that nobody has, which costs the exit
 * alone.
 */
#include "payload.h"

static void reads(const char *what, uint16_t port, uint32_t count)
{
	uint32_t began = microseconds(), took, i;

	for (i = 0; i < count; i++)
		inb(port);
	took = microseconds() - began;
	/* In a thousandth of a second, lest it not fit. */
	print("bench: %s: %u exits in %u us, %u a second\n", what, count, took,
	      (uint32_t)(count * 1000 / (took / 1000 + 1)));
}

int payload(void)
{
	uint32_t count = number(0, 20000), size, base = bar_address(0, &size);

	if (base == NOTHING || !(config_read(PCIR_BAR(0)) & 1)) {
		print("bench: BAR 0 is not in ports\n");
		return 1;
	}
	config_write(PCIR_COMMAND, PCIM_CMD_PORTEN);
	reads("forwarded", base + 3, count);
	reads("null", 0x80, count);
	return 0;
}
