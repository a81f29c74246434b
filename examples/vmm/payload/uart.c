// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * uart TEXT...: a driver for the 16550 behind BAR 0 of a PCI serial port. Sends
 * each TEXT as a line, and then tries ports that do not belong to the device.
 */
#include "payload.h"

#define LSR	5
#define LSR_THRE	0x20
#define LSR_TEMT	0x40
#define SCRATCH	7

static uint16_t base;
static uint32_t accesses;

static uint8_t get(unsigned int reg)
{
	accesses++;
	return inb(base + reg);
}

static void put(unsigned int reg, uint8_t value)
{
	accesses++;
	outb(base + reg, value);
}

static void wait_for(uint8_t bits)
{
	while ((get(LSR) & bits) != bits)
		;
}

static void send(char c)
{
	wait_for(LSR_THRE);
	put(0, c);
}

static void set_up(void)
{
	put(1, 0);		/* no interrupts */
	put(3, 0x83);		/* 8N1; 0 and 1 are the divisor */
	accesses++;
	outw(base, 1);		/* 115200 bits a second: both bytes at once */
	put(3, 0x03);
	put(2, 0x07);		/* FIFO on and empty */
	put(4, 0x03);		/* DTR, RTS */
}

/* Ports that belong neither to the function nor to the machine itself. */
static uint32_t try_ports(uint32_t from, uint32_t to, uint32_t size)
{
	uint32_t port, answers = 0;

	for (port = from; port < to; port++) {
		if ((port >= base && port < base + size) || (port >= 0xe9 && port < 0xf0))
			continue;
		outb(port, 0x9d);
		answers += inb(port) != 0xff;
	}
	return answers;
}

static uint32_t stray_ports(uint32_t size)
{
	/* A PC's; around the BAR; where firmware may have put the device itself. */
	uint32_t answers = try_ports(0, 0x400, size) +
			   try_ports(base - 64, base + size + 64, size) +
			   try_ports(0xc000, 0xc100, size);

	/* Across its ends. */
	outw(base + size - 1, 0x9d9d);
	outl(base - 2, 0x9d9d9d9d);
	answers += inw(base + size - 1) != 0xffff;
	answers += inl(base - 2) != NOTHING;
	return answers;
}

int payload(void)
{
	uint32_t address, size, answers;
	unsigned int i, sent = 0;
	const char *text;

	address = bar_address(0, &size);
	print("guest: %x, BAR 0: %u ports at %x\n", config_read(PCIR_DEVVENDOR), size, address);
	base = address;
	if (address == NOTHING || inb(base + SCRATCH) != 0xff) {
		print("guest: no ports, or they answer before COMMAND says so\n");
		return 1;
	}
	config_write(PCIR_COMMAND, PCIM_CMD_PORTEN);
	put(SCRATCH, 0xa5);
	if (get(SCRATCH) != 0xa5) {
		print("guest: no 16550 there\n");
		return 1;
	}
	set_up();
	for (i = 0; (text = argument(i)); i++) {
		for (; *text; text++, sent++)
			send(*text);
		send('\n');
		sent++;
	}
	wait_for(LSR_TEMT);
	print("guest: %u bytes sent\n", sent);
	answers = stray_ports(size);
	print("guest: ports outside the BAR: %u answers\n", answers);
	if (get(SCRATCH) != 0xa5) {
		print("guest: a write outside the BAR has reached it\n");
		return 1;
	}
	print("guest: %u accesses to the BAR\n", accesses);
	return answers != 0;
}
