// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * msix: finds the capability MSI-X, writes the table that it names, and reads it
 * back. And looks which other capabilities there are.
 */
#include "payload.h"

#define ID_MSIX		0x11
#define CONTROL		0		/* in the upper half of this dword */
#define TABLE		4

static bool try_table(uint32_t table, unsigned int entries)
{
	uint32_t last = table + 16 * (entries - 1);

	if (read32(table + 12) != 1 || read32(last + 12) != 1) {
		print("guest: a vector is not masked at first\n");
		return false;
	}
	write32(table, 0xfee00000);
	write32(table + 8, 0x4041);
	write32(last + 12, 0);
	print("guest: entry 0: address %x, data %x\n", read32(table), read32(table + 8));
	return read32(table) == 0xfee00000 && read32(table + 8) == 0x4041 &&
	       read32(table + 12) == 1 && read32(last + 12) == 0;
}

int payload(void)
{
	uint32_t at, header, bar, size, entries, base[6], i, left = 48;

	for (i = 0; i < 6; i++)
		base[i] = bar_address(i, &size);
	config_write(PCIR_COMMAND, PCIM_CMD_MEMEN | PCIM_CMD_PORTEN | PCIM_CMD_BUSMASTEREN);
	print("guest: %x, COMMAND reads %x, capabilities", config_read(PCIR_DEVVENDOR),
	      config_read(PCIR_COMMAND) & 0xffff);
	for (at = config_read(PCIR_CAP_PTR) & 0xfc, i = 0; at && left; at = header >> 8 & 0xfc) {
		header = config_read(at);
		print(" %x", header & 0xff);
		if ((header & 0xff) == ID_MSIX)
			i = at;
		left--;
	}
	print("\n");
	if (!i) {
		print("guest: no MSI-X\n");
		return 1;
	}
	entries = (config_read(i + CONTROL) >> 16 & 0x7ff) + 1;
	config_write(i + CONTROL, 0x80000000);
	bar = config_read(i + TABLE);
	print("guest: MSI-X, control %x, %u entries, BAR %u\n", config_read(i + CONTROL) >> 16,
	      entries, bar & 7);
	return !try_table(base[bar & 7] + (bar & ~7U), entries);
}
