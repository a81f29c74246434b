/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The monitor's parts: vmm.c is the machine, device.c the passed function. */
#ifndef VMM_H
#define VMM_H

#include <stdbool.h>
#include <stdint.h>

#define RAM_SIZE	0x200000ULL	/* the guest's memory, from address 0 */
#define BARS		6

/* What nobody answers: all ones, as wide as the access. */
static inline uint64_t all_ones(unsigned int width)
{
	return ~0ULL >> (64 - 8 * width);
}

/* A request has failed with that errno; the text says for whom, and what it was. */
void log_failure(const char *request, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* How often each has failed since. */
void log_end(void);

/*
 * Guest memory backed by the monitor's own address space: number is 0 for RAM
 * and 1 + index for a BAR, size 0 takes it away. False, and in the log: KVM would
 * not.
 */
bool machine_map(unsigned int number, uint64_t address, uint64_t size, void *memory);

/* Opens /dev/pci and takes the one function there; ends the program if it can't. */
void device_open(void);

/* Configuration space of that function: width 1, 2 or 4, offset a multiple of it. */
uint32_t device_config_read(unsigned int offset, unsigned int width);
void device_config_write(unsigned int offset, unsigned int width, uint32_t value);

/*
 * One access by the guest, to a port or to memory. True: it lay in a BAR, and
 * *value is what a read gave, or all ones. False: no BAR is there.
 */
bool device_access(bool port, bool write, uint64_t address, unsigned int width,
		   uint64_t *value);

/*
 * The guest has touched memory that is no longer there. True: BARs were mapped,
 * and now their accesses come to device_access(). False: it wasn't the device.
 */
bool device_unmapped(void);

#endif
