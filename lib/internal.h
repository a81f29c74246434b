/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What the files of the library share. */
#ifndef BARIO_LIB_INTERNAL_H
#define BARIO_LIB_INTERNAL_H

#include "../include/bario.h"
#include "obstacle.h"
#include "program.h"	/* and core.h, with the module's bario.h */

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

/**
 * struct backend - one way to a function
 * @name: as in bario_open()'s names
 * @present: it can be used on this machine
 * @list: as bario_list(); the caller sees to the order
 * @open: the function at dev->address; sets dev->can
 * @open_path: a node or, with @path NULL, the descriptor dev->fd, which it keeps;
 *	@address is NULL for the only function there
 * @close: all but the handle itself
 * @info: as bario_info()
 * @access: one access; the values of @access were checked as far as nobody need
 *	know the device
 * @config: one access to configuration space, likewise, and not past its end
 * @config_size: as bario_config_size()
 * @obstacle: as obstacle_check(), of a BAR in @info, which was asked for just now
 * @map: fills pages, length and base of @map
 * @rights: may this user, or this file, make an access that is otherwise right?
 *
 * Members are NULL where a back end has no such thing.
 */
struct backend {
	const char *name;
	bool (*present)(void);
	int (*list)(int (*each)(const struct bario_info *info, void *arg),
		    void *arg);
	int (*open)(struct bario *dev);
	int (*open_path)(struct bario *dev, const char *path,
			 const struct bario_address *address);
	void (*close)(struct bario *dev);
	int (*info)(struct bario *dev, struct bario_info *info);
	int (*access)(struct bario *dev, const struct access *access,
		      uint64_t *value);
	int (*config)(struct bario *dev, const struct access *access,
		      uint32_t *value);
	int (*config_size)(struct bario *dev, unsigned int *size);
	int (*obstacle)(struct bario *dev, const struct bario_info *info,
			unsigned int bar, enum obstacle which);
	int (*map)(struct bario *dev, unsigned int bar, bool write,
		   struct mapping *map, uint64_t *length);
	int (*rights)(struct bario *dev, const struct access *access,
		      unsigned int rights);
};

extern const struct backend backend_pci, backend_sysfs, backend_sim;

/**
 * struct bario - a handle
 * @run: runs a program as one, of operations that are right as far as can be told;
 *	fills in results, and ran, stop and error of the struct barioc_run, or
 *	refused_op where it fails; NULL: step by step, by the back end's access
 * @fd: pci: the node; sysfs: the folder
 * @shown: the user named no back end: what the pci back end may not read of
 *	configuration space is read as the system shows it
 * @denied: pci: why the node was not opened, errno; then this is a handle for facts
 * @power: of the capability for power management the offset; 1: there is none; 0: it
 *	was not looked for
 * @info: pci, sysfs: as it was when opened
 */
struct bario {
	const struct backend	*backend;
	struct bario_address	address;
	char			name[BARIO_ADDRESS_TEXT];
	unsigned int		flags;
	unsigned int		can;
	int			(*run)(struct bario *dev, struct barioc_run *run,
				       struct barioc_op *ops);
	int			fd;
	bool			shown;
	int			denied;
	unsigned int		power;
	struct sim		*sim;
	struct mapping		*mappings;
	struct bario_info	info;
};

/* ---- error.c ---- */

/* Longest line of an error, with its NUL; and of what it is made from. */
#define ERROR_TEXT	640
#define ERROR_LONG	(4096 + ERROR_TEXT)

struct error_texts {
	char	message[ERROR_TEXT];
	char	hint[ERROR_TEXT];
	char	device[BARIO_ADDRESS_TEXT];
};

struct error_copy {
	struct bario_error	error;
	struct error_texts	texts;
};

/* What messages begin with: set by the public functions, for this thread. */
void error_at_nothing(void);
void error_at_address(const char *backend, const struct bario_address *address);
void error_at_function(const struct bario *dev);
void error_at_access(const struct bario *dev, const struct access *access);
void error_at_bar(const struct bario *dev, unsigned int bar);

/**
 * fail() - note an error
 * @code: errno, positive
 * @cause: why, BARIO_CAUSE_*
 * @format: the rest of the message, as for printf()
 *
 * Return: -@code.
 */
int fail(int code, uint32_t cause, const char *format, ...) PRINTS(3);

/**
 * error_hint() - add to the error that fail() has just noted what would help
 * @error: what fail() returned
 * @format: as for printf()
 *
 * Return: @error.
 */
int error_hint(int error, const char *format, ...) PRINTS(2);

/* fail() for a system call: adds what errno says. */
int fail_system(const char *format, ...) PRINTS(1);

/* Around what may fail, and then is no failure: the error is as it was before. */
void error_save(struct error_copy *copy);
void error_restore(const struct error_copy *copy);

/* fail() for want of memory. */
int fail_memory(void);

/*
 * The error that fail() has just noted is about that element of @array, counted from
 * 0: puts "ARRAY[INDEX]: " before it, unless the array has only one (@alone). Returns
 * @error.
 */
int error_at_index(int error, const char *array, size_t index, bool alone);

/* The flags are some of @known, or the error: @what they are for. */
int check_flags(uint32_t flags, uint32_t known, const char *what);

/*
 * Gives the caller's structure of @size bytes what ours of @known bytes has: its
 * beginning, or the whole and then zeros. @size is not 0.
 */
void copy_out(void *to, size_t size, const void *from, size_t known);

/* A structure has a size, or the error. */
int check_size(size_t size);

/* ---- check.c ---- */

/* The handle is for facts alone: why. */
int fail_facts(const struct bario *dev);

/* Are these the numbers of an access, as far as can be told without the device? */
int check_numbers(const struct access *access, uint64_t value);

/* The same, and may this handle make it? */
int check_args(const struct bario *dev, const struct access *access,
	       uint64_t value);

/* May it be made of that BAR? The core decides; this tells why not. */
int check_bar(const struct bario *dev, const struct access *access,
	      const struct bario_bar_info *bar);

/* The BAR has no address. */
int fail_unassigned(const struct bario *dev, unsigned int bar);

/* This driver, if any, leaves BARs to others, or EBUSY. */
int check_driver(const struct bario *dev, const char *driver);

/* The driver has the function to itself. */
int fail_driver(const struct bario *dev, const char *driver);

/* Somebody other than a driver has the BAR. */
int fail_claimed(const struct bario_held *held);

/* The function decodes the BAR, or EIO. */
int check_decoded(const struct bario *dev, const struct bario_bar_info *bar);

/* What a read of nothing but ones means is told by configuration space. */
int check_silent(struct bario *dev, const struct access *access,
		 uint64_t value);

/* ---- pci.c ---- */

/* The function's node was not opened: dev->denied. */
int pci_fail_denied(const struct bario *dev);

/* ---- holder.c ---- */

/*
 * Who has the BAR, by the kernel's list of addresses: UNKNOWN where this user is not
 * shown it.
 */
struct bario_held holder_in_list(const char *function,
				 const struct bario_bar_info *bar);

/* A driver or another part of the kernel has the BAR: EBUSY, and who. */
int check_holder(struct bario *dev, const struct bario_info *info,
		 unsigned int bar);

/* ---- linux.c or freebsd.c: this system ---- */

/* Its ways to functions, of which the first that is there is taken; NULL behind them. */
extern const struct backend *const backends[];

/* A driver by this name leaves BARs that it has not claimed to others. */
bool is_stub(const char *driver);

/* The error where a node or file is not to be opened by this user: EPERM or EACCES. */
int fail_denied(const char *path, int code);

/* What helps, for error_hint(): there is no pci(4). */
int help_backend(int error);

/* This user lacks the right; another user, or a node, may have it. */
int help_rights(int error);

/* The BAR has no address. */
int help_unassigned(int error, unsigned int bar);

/* This driver is bound. */
int help_driver(int error, const struct bario_address *address,
		const char *driver);

/* The function can't be reached. */
int help_power(int error, const struct bario_address *address);

/* The function does not decode BARs of this kind. */
int help_decode(int error, const struct bario_address *address,
		uint32_t kind);

/*
 * For the pci back end, what the system shows beside pci(4): a register of
 * configuration space, to be read, and its size; -EPERM where it shows none.
 */
int shown_config(const struct bario *dev, const struct access *access,
		 uint32_t *value);
int shown_config_size(const struct bario *dev, unsigned int *size);

/* And as obstacle_check(); 0, too, where nothing is shown. */
int shown_obstacle(struct bario *dev, unsigned int bar, uint32_t kind,
		   enum obstacle which);

/* ---- name.c ---- */

/* What bario_open() was asked for. */
struct target {
	const struct backend	*backend;	/* NULL: any */
	enum {
		TARGET_ADDRESS,
		TARGET_ID,
		TARGET_PATH,
		TARGET_FD,
		TARGET_SIM,
	} kind;
	bool			has_address;	/* PATH, FD: after "@" */
	struct bario_address	address;
	uint16_t		vendor;
	uint16_t		device;
	long			index;		/* -1: the only one */
	int			fd;
	char			path[4096];
};

/* Takes a name apart. */
int target_parse(const char *name, struct target *target);

/* "0000:03:00.0", "03:00.0" or "pci0:3:0:0", and nothing behind it. */
bool address_parse(const char *text, struct bario_address *address);

/* The one of backends[] with this name, of which @text has @len characters; or NULL. */
const struct backend *backend_named(const char *text, size_t len);

/* Fills in where the function with this ID is. */
int target_find(const struct backend *backend, struct target *target);

#endif /* BARIO_LIB_INTERNAL_H */
