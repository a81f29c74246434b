/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What a payload has: the machine's ports, its PCI function, and no library. */
#ifndef PAYLOAD_H
#define PAYLOAD_H

#include <stdbool.h>
#include <stdint.h>

/* Where PCI functions are described, as in <dev/pci/pcireg.h>. */
#define PCIR_DEVVENDOR	0x00
#define PCIR_COMMAND	0x04
#define PCIM_CMD_PORTEN		0x1
#define PCIM_CMD_MEMEN		0x2
#define PCIM_CMD_BUSMASTEREN	0x4
#define PCIR_BAR(x)	(0x10 + 4 * (x))
#define PCIR_CAP_PTR	0x34

#define ARGUMENTS	((const char *)0x800)	/* strings; an empty one ends them */
#define NOTHING		(~0U)

int payload(void);

#define PORT_ACCESS(suffix, type)						\
static inline type in##suffix(uint16_t port)					\
{										\
	type value;								\
	__asm__ volatile("in" #suffix " %1, %0" : "=a" (value) : "Nd" (port));	\
	return value;								\
}										\
static inline void out##suffix(uint16_t port, type value)			\
{										\
	__asm__ volatile("out" #suffix " %0, %1" : : "a" (value), "Nd" (port));	\
}
PORT_ACCESS(b, uint8_t)
PORT_ACCESS(w, uint16_t)
PORT_ACCESS(l, uint32_t)

static inline uint32_t read32(uint32_t address)
{
	return *(volatile uint32_t *)address;
}

static inline void write32(uint32_t address, uint32_t value)
{
	*(volatile uint32_t *)address = value;
}

static inline uint32_t microseconds(void)
{
	return inl(0xec);
}

/* %u, %x and %s, each of a 32-bit word; to the monitor's standard output. */
void print(const char *format, ...);

/* The argument of that number, from 0; or NULL. */
const char *argument(unsigned int number);
/* It as a number; if it is not there, otherwise. */
uint32_t number(unsigned int argument, uint32_t otherwise);

uint32_t config_read(unsigned int reg);
void config_write(unsigned int reg, uint32_t value);

/*
 * A BAR's address, and its size, asked for as firmware does: by writing all ones.
 * Decoding must be off. NOTHING: there is no such BAR.
 */
uint32_t bar_address(unsigned int bar, uint32_t *size);

#endif
