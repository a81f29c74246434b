/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Back ends: ways to a function. Each is a table, in a file of its own, and in
 * backend.c's list. The rest of the library knows none by name.
 */
#ifndef BARIO_LIB_BACKEND_H
#define BARIO_LIB_BACKEND_H

#include "../include/bario.h"
#include "obstacle.h"
#include "program.h"	/* and core.h, with barioc.h */

#define BARIO_API	__attribute__((visibility("default")))
#define PRINTS(at)	__attribute__((format(printf, at, (at) + 1)))
#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))

/* What an access is about to be: for checks, for back ends and for messages. */
struct access {
	bool		write;
	unsigned int	space;		/* a BAR's index, or BARIO_SPACE_CONFIG */
	unsigned int	width;
	uint64_t	offset;
};

struct mapping {
	struct mapping	*next;
	volatile void	*base;		/* where the BAR begins */
	void		*pages;		/* what munmap() takes */
	size_t		length;
};

/* Longest name of a device in an error, with its NUL. */
#define ERROR_DEVICE	128

/* As the callback of bario_list(). */
typedef int list_each(const struct bario_info *info, void *arg);

/**
 * struct backend - one way to a function
 * @name: as in bario_open()'s names, and what bario_backend() returns
 * @takes_file: after the name and ":" comes a file, in bario_open()'s names
 *
 * Of this machine:
 * @present: it can be used
 * @list: as bario_list(), in any order
 * @owns_fd: that descriptor is one of its own
 * @publish: as bario_publish(), of what was checked; @unpublish: likewise
 *
 * A handle begins with one of these, which set address, can and state of @dev:
 * @open_address: the function at dev->address
 * @open_path: a node or file; @address is NULL for the only function there
 * @open_fd: a descriptor, which is the handle's from now on, or closed on failure
 * @close: ends the state
 *
 * Of a handle:
 * @info: as bario_get_info()
 * @info_only: notes why a handle with BARIO_OPEN_INFO makes no accesses
 * @rights: may this user, or this file, make an access that is otherwise right?
 * @obstacle: as obstacle_check(), of a BAR in @info, which was asked for just now
 * @holder: as bario_get_holder(), likewise
 * @busy: notes why the system does not let the BAR be accessed: EBUSY
 * @access: one access; the values of @access were checked as far as nobody need
 *	know the device
 * @config: one access to configuration space, likewise, and not past its end
 * @config_size: as bario_config_size()
 * @run: runs a program whose flags and count are right. Returns 0 where it ran, to
 *	whatever end run->stop has, except for BARIOC_STOP_ERROR, which is an error.
 *	@at: the index of the operation that an error is about, or BARIO_NONE
 * @wait: lets nanoseconds pass; @now: a clock in nanoseconds
 * @lock: until @unlock, nobody gets in between who uses the same back end
 * @allowed: what the handle may do; false: everything
 * @map: fills pages, length and base of @map
 * @fd: as bario_fd()
 * @derive: as bario_derive(), of what was checked; @revoke, @grant: likewise
 *
 * What would help, added to the error by error_hint():
 * @hint_unassigned: the BAR has no address
 * @hint_driver: this driver is bound
 * @hint_decode: the function does not decode BARs of this kind
 *
 * No member is NULL: what a back end does not have is in generic.c.
 */
struct backend {
	const char *name;
	bool takes_file;
	bool (*present)(void);
	int (*list)(list_each *each, void *arg);
	bool (*owns_fd)(int fd);
	int (*publish)(struct barioc_publish *request);
	int (*unpublish)(struct barioc_publish *request);

	int (*open_address)(struct bario *dev);
	int (*open_path)(struct bario *dev, const char *path,
			 const struct bario_address *address);
	int (*open_fd)(struct bario *dev, int fd,
		       const struct bario_address *address);
	void (*close)(struct bario *dev);

	int (*info)(struct bario *dev, struct bario_info *info);
	int (*info_only)(const struct bario *dev);
	int (*rights)(struct bario *dev, const struct access *access,
		      unsigned int rights);
	int (*obstacle)(struct bario *dev, const struct bario_info *info,
			unsigned int bar, enum obstacle which);
	int (*holder)(struct bario *dev, const struct bario_info *info,
		      unsigned int bar, struct bario_held *held);
	int (*busy)(struct bario *dev, unsigned int bar);
	int (*access)(struct bario *dev, const struct access *access,
		      uint64_t *value);
	int (*config)(struct bario *dev, const struct access *access,
		      uint32_t *value);
	int (*config_size)(struct bario *dev, unsigned int *size);
	int (*run)(struct bario *dev, struct barioc_run *run,
		   struct barioc_op *ops, uint32_t *at);
	int (*wait)(struct bario *dev, uint64_t ns);
	uint64_t (*now)(struct bario *dev);
	void (*lock)(struct bario *dev);
	void (*unlock)(struct bario *dev);
	bool (*allowed)(const struct bario *dev, struct bario_allowed *allowed);
	int (*map)(struct bario *dev, unsigned int bar, bool write,
		   struct mapping *map, uint64_t *length);
	int (*fd)(struct bario *dev);
	int (*derive)(struct bario *dev, struct barioc_derive *request);
	int (*revoke)(struct bario *dev, struct barioc_revoke *request);
	int (*grant)(struct bario *dev, struct barioc_grant *request);

	int (*hint_unassigned)(const struct bario *dev, int error,
			       unsigned int bar);
	int (*hint_driver)(const struct bario *dev, int error,
			   const char *driver);
	int (*hint_decode)(const struct bario *dev, int error, uint32_t kind);
};

/**
 * struct bario - a handle
 * @name: of its function, as bario_name()
 * @label: what errors call it instead, where the address says nothing; or empty
 * @asked: the flags that the caller opened it with
 * @flags: and those that it has, as a back end may open it with fewer rights
 * @named: the caller named the back end, and wants no other way to the function
 * @state: the back end's own
 */
struct bario {
	const struct backend	*backend;
	struct bario_address	address;
	char			name[BARIO_ADDRESS_TEXT];
	char			label[ERROR_DEVICE];
	uint32_t		asked;
	uint32_t		flags;
	uint32_t		can;
	bool			named;
	void			*state;
	struct mapping		*mappings;
};

/* ---- backend.c ---- */

/* All back ends of this system, the one to be preferred first; NULL after the last. */
extern const struct backend *const backends[];

/* The one with this name, of which @text has @len characters; or NULL. */
const struct backend *backend_named(const char *text, size_t len);

/* The first that can be used on this machine; where none can, one that says so. */
const struct backend *backend_best(void);

/* The one whose descriptor it is, or the first, which says why it is not. */
const struct backend *backend_of_fd(int fd);

#endif /* BARIO_LIB_BACKEND_H */
