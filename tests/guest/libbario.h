/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of the program libbario share. */
#ifndef BARIO_TESTS_LIBBARIO_H
#define BARIO_TESTS_LIBBARIO_H

#include "../../include/bario.h"
#include "tap.h"

#define TESTDEV	"0000:00:03.0"	/* BAR 1 is in ports */
#define SERIAL	"0000:00:04.0"	/* a driver is bound */
#define EDU	"0000:00:05.0"
#define SHMEM	"0000:00:07.0"	/* BAR 2 is 1 MB of plain memory */
#define UART	"0000:00:0b.0"	/* BAR 0 is in ports: a 16550 */
#define SECOND	"0000:00:0c.0"	/* edu, of which no other case knows */
#define UNPLACED "0000:00:10.0"	/* BAR 2 is too large for the address space */
#define LARGE	"0000:00:11.0"	/* BAR 2 is 8 GB of plain memory */

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))

/* The simulator, and the library's files for FreeBSD. */
extern bool sim, freebsd;

/* Opens a device by the way that is tested, or ends the program. */
struct bario *need(const char *device, unsigned int flags);

/* The call failed with that errno, for that cause. */
void fails(int error, int code, uint32_t cause, const char *name);

/* The call succeeded. */
void works(int error, const char *name);

/* What is read; what went wrong is noted. */
uint64_t get(struct bario *dev, unsigned int bar, uint64_t offset,
	     unsigned int width);

/* The cases, and how a back end refuses them that has no such thing. */
void widths(void);
void wide(void);
void not_wide(void);
void far(void);
void not_far(void);
void refusals(void);
void driver(void);
void coming_driver(void);
void config(void);
void decoding(void);
void programs(void);
void atomic(void);
void not_atomic(void);
void mapping(void);
void no_mapping(void);
void grants(void);
void no_grants(void);
void unplug(void);

#endif /* BARIO_TESTS_LIBBARIO_H */
