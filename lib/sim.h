/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * A simulated device. What it is made of lies in memory that processes share, so
 * that a descriptor of it can be handed over as one of a real device can.
 */
#ifndef BARIO_LIB_SIM_H
#define BARIO_LIB_SIM_H

#include <pthread.h>
#include <sys/stat.h>
#include "internal.h"

#define SIM_CONFIG	256	/* bytes of configuration space */
#define SIM_COMMAND	4	/* where in it the command register is */
#define SIM_STATUS	6	/* and the status register */
#define SIM_CAPABILITIES 0x34	/* and the first capability's offset */
#define SIM_GRANTS	256	/* derived grants at a time */

/* What a register does; values[] by behaviour. */
enum sim_behaviour {
	SIM_RW,		/* value */
	SIM_RO,		/* value; writes change nothing */
	SIM_RC,		/* value; a read clears it, writes change nothing */
	SIM_W1C,	/* value; a write clears the bits that are 1 in it */
	SIM_FIFO,	/* reads take the values in turn, then 0; writes add one */
	SIM_BUSY,	/* n, a, b: n reads give a, then b; a write begins again */
	SIM_ONES,	/* reads all ones; writes change nothing */
	SIM_FAIL,	/* no access succeeds */
	SIM_UNPLUG,	/* an access takes the device away */
};

/**
 * struct sim_register - a register
 * @starts: BUSY: a write elsewhere starts it, at @start_offset of @start_bar
 * @values: of all behaviours but FIFO
 * @first: FIFO: where its values are: while it is described, their index; in memory,
 *	the offset of a ring of BARIO_SIM_FIFO_MAX
 * @count: FIFO: how many values it has
 * @next: FIFO: index in the ring of the next to read; BUSY: reads so far
 */
struct sim_register {
	uint8_t			bar;
	uint8_t			width;
	uint8_t			start_bar;
	bool			starts;
	enum sim_behaviour	behaviour;
	uint64_t		offset;
	uint64_t		start_offset;
	uint64_t		values[3];
	uint64_t		first;
	uint64_t		count;
	uint64_t		next;
};

/* Plain memory, which takes any width, filled with @byte; @first: its offset in memory. */
struct sim_ram {
	uint8_t		bar;
	uint8_t		byte;
	uint64_t	offset;
	uint64_t	length;
	uint64_t	first;
};

/* One access that must be the next. */
struct sim_step {
	struct bario_access	access;
	unsigned int		line;
};

/* A description taken apart, before there is a device. */
struct sim_description {
	struct bario_info	info;
	uint8_t			config[SIM_CONFIG];
	bool			off[BARIO_KIND_PORT + 1];	/* not decoded */
	bool			asleep;
	bool			addressed;
	struct sim_register	*registers;
	size_t			register_count;
	struct sim_ram		*rams;
	size_t			ram_count;
	struct sim_step		*steps;
	size_t			step_count;
	uint64_t		*values;	/* of all FIFOs */
	size_t			value_count;
};

/* A derived grant. Its ranges begin where @begin says, by space. */
struct sim_grant {
	uint32_t		id;		/* 0: not in use */
	uint32_t		parent;		/* 0: of the device itself */
	uint8_t			whole;
	uint16_t		begin[BARIO_SPACES + 1];
	struct bario_range	ranges[BARIOC_RULES_MAX];
};

/* Offsets in the memory; @data: contents of memory and FIFOs; @size: of all of it. */
struct sim_layout {
	uint64_t	registers;
	uint64_t	rams;
	uint64_t	steps;
	uint64_t	data;
	uint64_t	size;
};

/**
 * struct sim_memory - the device, in memory that processes share
 * @magic: SIM_MAGIC
 * @layout: where everything begins
 * @lock: of what follows; recursive, for what a model's callbacks may call
 * @model: it has callbacks, which are in a process's struct sim_device
 * @clock: in nanoseconds; moves when a program waits
 * @recorded: accesses since the record began, of which the first are in @record
 * @last_id: of the grants that were derived
 *
 * It holds no pointers. What is not used takes no memory: the file has holes there.
 */
struct sim_memory {
	uint64_t		magic;
	struct sim_layout	layout;
	pthread_mutex_t		lock;
	struct bario_info	info;
	bool			asleep;
	bool			unplugged;
	bool			model;
	uint64_t		clock;
	uint64_t		register_count;
	uint64_t		ram_count;
	uint64_t		step_count;
	uint64_t		next_step;
	uint64_t		recorded;
	uint32_t		last_id;
	uint8_t			config[SIM_CONFIG];
	struct sim_grant	grants[SIM_GRANTS];
	struct bario_access	record[BARIO_SIM_RECORD_MAX];
};

/**
 * struct sim_device - a simulated device in this process
 * @next: of all that this process has
 * @handles: how many handles share it
 * @device: of the file, and @inode: which device it is
 * @model: the callbacks; all 0 without a model
 * @depth: how often the thread that has the lock has taken it
 * @calling: a callback runs, in the thread @caller
 */
struct sim_device {
	struct sim_device	*next;
	unsigned int		handles;
	dev_t			device;
	ino_t			inode;
	struct sim_memory	*memory;
	struct bario_model	model;
	unsigned int		depth;
	bool			calling;
	pthread_t		caller;
};

/**
 * struct sim - what a handle has
 * @device: its device
 * @grant: the id of its grant; 0: everything
 * @fd: the file of the device's memory
 */
struct sim {
	struct sim_device	*device;
	uint32_t		grant;
	int			fd;
};

static inline struct sim *sim_of(const struct bario *dev)
{
	return dev->state;
}

static inline struct sim_memory *sim_memory(const struct bario *dev)
{
	return sim_of(dev)->device->memory;
}

static inline uint64_t sim_align(uint64_t size)
{
	return (size + 15) & ~15ULL;
}

static inline void *sim_at(struct sim_memory *memory, uint64_t offset)
{
	return (char *)memory + offset;
}

/* ---- sim.c: the table ---- */

extern const struct backend backend_sim;

/* ---- simtext.c: descriptions ---- */

/* Takes a description apart, into one that is all 0; to be freed in any case. */
int sim_parse(struct sim_description *description, const char *chars,
	      const char *name);
void sim_description_free(struct sim_description *description);

/* ---- simmemory.c: memory, and the lock of a device ---- */

/* The descriptor is of a simulated device. */
bool sim_is_ours(int fd);

/* A new device; *fd is of it, and has all rights. */
int sim_memory_create(const struct sim_description *description,
		      const struct bario_model *model,
		      struct sim_device **device, int *fd);

/* The device that the descriptor is of. */
int sim_memory_open(int fd, struct sim_device **device);

/* Ends what one of these two has begun. */
void sim_memory_close(struct sim_device *device);

/* One access at a time, and one of whatever else. */
void sim_lock(struct sim_device *device);
void sim_unlock(struct sim_device *device);

/* ---- simregister.c: what registers do ---- */

/* One access to a BAR, as the description has it. With the lock. */
int sim_register_access(struct bario *dev, const struct access *access,
			uint64_t *value);

/* The same without side effects: @write: what it reads as from now on. */
int sim_register_look(struct bario *dev, const struct access *access,
		      uint64_t *value);

/* The bytes are read or written. */
void sim_bytes_access(uint8_t *bytes, const struct access *access,
		      uint64_t *value);

/* ---- simmodel.c: callbacks ---- */

/* Copies a program's structure of @size bytes, which may be of another version. */
int sim_model_copy(struct bario_model *copy, const struct bario_model *model,
		   size_t size);

/* Time, as programs see it. */
uint64_t sim_now(struct bario *dev);
int sim_wait(struct bario *dev, uint64_t ns);

/* An access that the description leaves to the model. With the lock. */
int sim_model_access(struct bario *dev, const struct access *access,
		     uint64_t *value);

/* A callback has asked for an access to its own device: EDEADLK. */
int sim_model_check(const struct bario *dev);

/* ---- simgrant.c: what was derived ---- */

/* The function and the right to it are there, or ENODEV. With the lock. */
int sim_check_there(const struct bario *dev);

/* The handle's grant; NULL: it was revoked. Not for a handle with all rights. */
const struct sim_grant *sim_grant_find(const struct bario *dev);

/* The handle's grant covers an access that is otherwise right, or EACCES. */
int sim_grant_check(const struct bario *dev, const struct access *access,
		    uint32_t rights);

/* bario_derive(), bario_revoke() and bario_get_grant(). */
int sim_derive(struct bario *dev, struct barioc_derive *request);
int sim_revoke(struct bario *dev, struct barioc_revoke *request);
int sim_get_grant(struct bario *dev, struct barioc_grant *request);

/* As a program's check takes it. Returns false: everything. */
bool sim_grant_allowed(const struct bario *dev, struct bario_allowed *allowed);

#endif /* BARIO_LIB_SIM_H */
