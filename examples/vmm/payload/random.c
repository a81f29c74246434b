// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * random COUNT [SEED]: a hostile guest. Reads and writes at random, as often as
 * COUNT says: all ports, all configuration registers, all memory but its own.
 */
#include "payload.h"

static uint32_t state;

static uint32_t any(void)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state;
}

static void port_access(uint16_t port)
{
	uint32_t value = any();

	switch (value % 8) {
	case 0: outb(port, value >> 8); break;
	case 1: outw(port, value >> 8); break;
	case 2: outl(port, value); break;
	case 3: inb(port); break;
	case 4: inw(port); break;
	case 5: inl(port); break;
	case 6:	/* eight accesses in one instruction */
		value = 8;
		__asm__ volatile("mov $0x1000, %%esi; rep outsw"
				 : "+c" (value) : "d" (port) : "esi", "memory");
		break;
	default:
		value = 8;
		__asm__ volatile("mov $0x900, %%edi; rep insb"
				 : "+c" (value) : "d" (port) : "edi", "memory");
	}
}

static void memory_access(uint32_t address)
{
	uint32_t value = any();

	switch (value % 6) {
	case 0: *(volatile uint8_t *)address = value; break;
	case 1: *(volatile uint16_t *)address = value; break;
	case 2: *(volatile uint32_t *)address = value; break;
	case 3: *(volatile uint8_t *)address; break;
	case 4: *(volatile uint16_t *)address; break;
	default: *(volatile uint32_t *)address;
	}
}

/* Mostly our function, mostly on; any of the window's bytes, any width. */
static void config_access(void)
{
	uint32_t choice = any(), address = 0x80000800 | (choice & 0xff);

	if (choice >> 28 == 0)
		address = any();
	outl(0xcf8, address);
	port_access(0xcfc + (choice >> 8 & 3));
}

/* In or around BAR number i, where the guest has it by now. */
static void bar_access(unsigned int i)
{
	uint32_t value = config_read(PCIR_BAR(i)), offset = any();

	if (offset & 1)	/* near its beginning, and a little before */
		offset = offset >> 8 & 0xff;
	else
		offset = offset >> 8 & 0x1ffff;
	if (value & 1)
		port_access((value & ~3U) + offset - 8);
	else if ((value & ~15U) >= 0x200000 + 8)
		memory_access((value & ~15U) + offset - 8);
}

int payload(void)
{
	uint32_t count = number(0, 1000), choice, i;

	state = number(1, 1) | 1;
	for (i = 0; i < count; i++) {
		choice = any();
		switch (choice >> 4 & 7) {
		case 0:
			port_access(choice >> 16);
			break;
		case 1:
		case 2:
			config_access();
			break;
		case 3:	/* so that its BARs are there for a while */
			config_write(PCIR_COMMAND, choice >> 8 | PCIM_CMD_PORTEN | PCIM_CMD_MEMEN);
			break;
		case 4:	/* anywhere but in RAM */
			if (choice >= 0x200000)
				memory_access(choice);
			break;
		default:
			bar_access(choice % 6);
		}
	}
	print("\nguest: %u accesses at random\n", count);
	return 0;
}
