/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the test programs share: the guest's devices, requests and tests of them,
 * and ways to a device that do not use bario.
 */
#ifndef BARIO_GUEST_H
#define BARIO_GUEST_H

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "pciio.h"
#include "tap.h"

#define PAGE		4096UL
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* ---- the devices of tests/vm/run ---- */
extern const struct pcisel testdev;	/* BAR0 memory, 1 ports, 2 64-bit */
extern const struct pcisel serial;	/* a 16550 in port BAR 0 */
extern const struct pcisel edu;		/* BAR0 memory, 1 MB */
extern const struct pcisel e1000;	/* BAR0 memory, BAR1 ports */
extern const struct pcisel ivshmem;	/* BAR2 memory that the host sees */
extern const struct pcisel bridge;	/* BAR0, 64-bit, 256 bytes */
extern const struct pcisel behind;	/* a testdev behind that bridge */
extern const struct pcisel rootport;	/* rp0, empty */
extern const struct pcisel rootport1;	/* rp1, above e1000e */
extern const struct pcisel e1000e;	/* MSI-X table in BAR3 */
extern const struct pcisel serial2;
extern const struct pcisel edu2;
extern const struct pcisel ahci;	/* BAR4 ports, BAR5 memory */
extern const struct pcisel unplaced;	/* testdev with a BAR2 of 2 TB */
extern const struct pcisel absent;	/* no such function */

bool same_sel(struct pcisel a, struct pcisel b);

/* "edu" for edu, "0000:00:02.0" for a function without a name of this list */
const char *device_name(struct pcisel sel);

/* All functions in sysfs, by ascending selector. */
unsigned int all_functions(struct pcisel *list, unsigned int capacity);

/* ---- sysfs and /proc, the witnesses ---- */
bool write_file(const char *path, const char *text);
const char *attribute_path(struct pcisel sel, const char *name);
bool attribute(struct pcisel sel, const char *name, const char *text);
unsigned long attribute_value(struct pcisel sel, const char *name);
bool present(struct pcisel sel);
const char *sysfs_name(struct pcisel sel);

/* Name of the driver that is bound, "" without one. */
const char *driver_of(struct pcisel sel);
bool bind_driver(struct pcisel sel, const char *driver);
bool unbind_driver(struct pcisel sel);
void remove_function(struct pcisel sel);
void rescan(void);
bool wait_for(bool (*so)(struct pcisel), struct pcisel sel);

#define COMMAND		4
#define COMMAND_IO	1
#define COMMAND_MEMORY	2
#define COMMAND_MASTER	4
uint32_t cfg(struct pcisel sel, int reg, int width);
void set_cfg(struct pcisel sel, int reg, int width, uint32_t value);

struct range {
	uint64_t	start;
	uint64_t	size;		/* 0: no BAR */
	unsigned long	flags;
};
#define RANGE_IO	0x100
struct range bar_range(struct pcisel sel, unsigned int bar);

/* Is the BAR in /proc/iomem or /proc/ioports under that name? */
bool held_by(struct pcisel sel, unsigned int bar, const char *name);
bool claimed(struct pcisel sel, unsigned int bar);

/* The number of bario's lines in both */
unsigned int claims(void);

/* ---- other ways to a BAR ---- */
/* Port BARs, by the CPU's own instructions */
uint32_t port_in(struct pcisel sel, unsigned int bar, unsigned int offset,
		 unsigned int width);
void port_out(struct pcisel sel, unsigned int bar, unsigned int offset,
	      unsigned int width, uint32_t value);

/* Memory BARs, through sysfs; the kernel refuses this while bario claims them. */
void *map_sysfs(struct pcisel sel, unsigned int bar);
void unmap_sysfs(struct pcisel sel, unsigned int bar, void *at);
uint32_t peek(struct pcisel sel, unsigned int bar, unsigned int offset);
void poke(struct pcisel sel, unsigned int bar, unsigned int offset,
	  uint32_t value);

/* One command for qemu's monitor. */
bool monitor(const char *format, ...) PRINTF(1, 2);

/* ---- pci-testdev ---- */
/*
 * Its BARs 0 and 1 have a header: test, width, offset, data, and a counter of the
 * bytes with the value data that were written at offset. A 0 that is written to
 * offset 0 of a BAR selects test 0, which counts in that BAR.
 */
#define TESTDEV_WIDTH	1
#define TESTDEV_OFFSET	4
#define TESTDEV_DATA	8
#define TESTDEV_COUNT	12
#define TESTDEV_NAME	16
#define MEM_TARGET	2048
#define PORT_TARGET	131
#define TARGET_DATA	0xfa
void count_in_memory(struct pcisel sel);
void count_in_ports(struct pcisel sel);

/* The counter, through the ports, by the CPU's own instructions */
uint32_t testdev_count(struct pcisel sel);

/* ---- requests ---- */
int open_pci(int flags);
int open_node(struct pcisel sel, int flags);
const char *node_path(struct pcisel sel);

struct pci_bar_ioreq request(struct pcisel sel, int op, uint32_t bar,
			     uint32_t offset, uint32_t width, uint32_t value);

/* One access that must succeed, or a test fails. */
uint32_t get(int fd, struct pcisel sel, uint32_t bar, uint32_t offset,
	     uint32_t width);
void put(int fd, struct pcisel sel, uint32_t bar, uint32_t offset,
	 uint32_t width, uint32_t value);

/* One access; 0 or an errno. */
int try_read(int fd, struct pcisel sel, uint32_t bar, uint32_t offset,
	     uint32_t width, uint32_t *value);
int try_write(int fd, struct pcisel sel, uint32_t bar, uint32_t offset,
	      uint32_t width, uint32_t value);

/* A read's errno, or 0; and that of a read of a BAR's first 4 bytes */
int read_at(int fd, struct pcisel sel, uint32_t bar, uint32_t offset,
	    uint32_t width);
int read_errno(int fd, struct pcisel sel, uint32_t bar);

int config_read(int fd, struct pcisel sel, int reg, int width,
		uint32_t *value);
int config_write(int fd, struct pcisel sel, int reg, int width,
		 uint32_t value);

/* PCIOCBARMMAP; NULL with errno if it failed. */
void *map_bar(int fd, struct pcisel sel, unsigned int bar, int flags,
	      struct pci_bar_mmap *result);

/*
 * One test, "DEVICE: REQUEST: NAME: ERRNO": the request fails with @want, changes no
 * byte of its structure, and does not change the value of watch()'s witness.
 */
bool refused(int fd, unsigned long cmd, void *arg, int want,
	     const char *name, ...) PRINTF(5, 6);
bool bario_refused(int fd, struct pci_bar_ioreq req, int want,
		   const char *name, ...) PRINTF(4, 5);
void watch(uint32_t (*witness)(void));

/* A witness: the number of open descriptors of this process */
uint32_t descriptors(void);

/* Raises the limit of open descriptors. */
void many_descriptors(unsigned int count);

/* Tests: EFAULT for impossible addresses; a structure may be at the end of a page. */
void bad_pointers(int fd, unsigned long cmd, const void *good,
		  const char *name);

/* ---- children ---- */
/* Runs it in a child; a child that dies is a test that failed. */
void in_child(void (*run)(void *arg), void *arg);

/* Children that run as another user */
#define NOBODY	65534
void as_nobody(void (*run)(void *arg), void *arg);
void without_capability(int capability, void (*run)(void *arg), void *arg);

/* The signal of a read, or a write, there: 0 none, 1 SIGBUS, -1 SIGSEGV */
int faults(volatile void *at, bool write);

#endif /* BARIO_GUEST_H */
