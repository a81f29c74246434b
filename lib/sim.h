/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* A simulated device: what it is made of. */
#ifndef BARIO_LIB_SIM_H
#define BARIO_LIB_SIM_H

#include "internal.h"

#define SIM_CONFIG	256	/* bytes of configuration space */
#define SIM_COMMAND	4	/* where in it the command register is */
#define SIM_STATUS	6	/* and the status register */
#define SIM_CAPABILITIES 0x34	/* and where the first capability's place is */

/* What a register does; values[] by behaviour. */
enum sim_behaviour {
	SIM_RW,		/* value */
	SIM_RO,		/* value; writes change nothing */
	SIM_RC,		/* value; a read clears it, writes change nothing */
	SIM_W1C,	/* value; a write clears the bits that are 1 in it */
	SIM_FIFO,	/* reads take the values in turn, then 0; writes add one */
	SIM_BUSY,	/* n, a, b: n reads give a, then b; a write begins anew */
	SIM_ONES,	/* reads all ones; writes change nothing */
	SIM_FAIL,	/* no access succeeds */
	SIM_UNPLUG,	/* an access takes the device away */
};

struct sim_register {
	uint8_t			bar;
	uint8_t			width;
	enum sim_behaviour	behaviour;
	uint64_t		offset;
	uint64_t		*values;
	size_t			count;
	size_t			next;	/* FIFO: to read; BUSY: reads so far */
};

/* Plain memory, which takes any width. */
struct sim_ram {
	uint8_t			bar;
	uint64_t		offset;
	uint64_t		length;
	uint8_t			*bytes;
};

/* One access that must be the next. */
struct sim_step {
	struct bario_access	access;
	unsigned int		line;
};

struct sim {
	struct bario_info	info;
	uint8_t			config[SIM_CONFIG];
	bool			off[BARIO_KIND_PORT + 1];	/* not decoded */
	uint64_t		clock;	/* ns; moves when a program waits */
	bool			asleep;
	bool			unplugged;
	struct sim_register	*registers;
	size_t			register_count;
	struct sim_ram		*rams;
	size_t			ram_count;
	struct sim_step		*steps;
	size_t			step_count;
	size_t			next_step;
	struct bario_access	*record;
	size_t			record_count;
	size_t			record_room;
};

/* Makes the device of a file or text; sets dev->sim and dev->address. */
int sim_open_file(struct bario *dev, const char *path);
int sim_open_text(struct bario *dev, const char *chars, const char *name);

/* Takes a description apart, into a device that is all 0. */
int sim_parse(struct sim *sim, const char *chars, const char *name);

void sim_free(struct sim *sim);

#endif /* BARIO_LIB_SIM_H */
