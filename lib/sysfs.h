/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What the files of the sysfs back end share, some of it for pci on Linux, too. */
#ifndef BARIO_LIB_SYSFS_H
#define BARIO_LIB_SYSFS_H

#include <sys/types.h>
#include "internal.h"

/* The library's tests have functions of their own. */
#ifndef SYSFS_DEVICES
#define SYSFS_DEVICES	"/sys/bus/pci/devices"
#endif

/* Configuration space: the command register, and what it turns on. */
#define COMMAND		4
#define COMMAND_PORT	0x1
#define COMMAND_MEM	0x2

/* Flags in the file "resource". */
#define RESOURCE_FIXED	0x00000010	/* no register gives the address */
#define RESOURCE_PORT	0x00000100
#define RESOURCE_MEM	0x00000200
#define RESOURCE_PREFETCH 0x00002000
#define RESOURCE_MEM_64	0x00100000
#define RESOURCE_UNSET	0x20000000

/* A line of that file: addresses as the CPU has them. */
struct sysfs_resource {
	uint64_t	start;
	uint64_t	end;
	uint64_t	flags;
};

/* The text of that file, which is read once for an access. */
struct sysfs_resources {
	char	text[2048];
};

/* Files of a function that stay open; of BARs, SYSFS_BAR + the index. */
enum sysfs_file {
	SYSFS_CONFIG,
	SYSFS_RESOURCE,
	SYSFS_POWER_STATE,
	SYSFS_BAR,
	SYSFS_FILES = SYSFS_BAR + BARIO_BARS_MAX,
};

/**
 * struct sysfs - a function, by its directory
 * @directory: dies with the function
 * @files: descriptors, or -1 where a file has not been opened: what was opened once is
 *	not opened again, so that the rights to it may be given up
 * @power: of the capability for power management the offset; 1: there is none; 0: it
 *	was not looked for
 * @read_only: those that were opened only to be read, a bit each
 * @above: the bridge above the function, or NULL on a root bus
 * @physical: the physical function of a virtual one, or NULL
 * @looked: these two were looked for
 * @address: of @above and @physical
 */
struct sysfs {
	int			directory;
	int			files[SYSFS_FILES];
	unsigned int		power;
	unsigned int		read_only;
	struct sysfs		*above;
	struct sysfs		*physical;
	bool			looked;
	struct bario_address	address;
};

static inline struct sysfs *sysfs_of(const struct bario *dev)
{
	return dev->state;
}

/* ---- sysfsfile.c: the files of a function ---- */

/* ENODEV, for what was there when it was opened. */
int sysfs_gone(void);

/* The error for an errno of that file. */
int sysfs_fail_file(const char *file, int code);

/* The error where a file of the directory was not opened. */
int sysfs_fail_open(const struct sysfs *fn, const char *file, int code);

/* The function with that address, or the error; and its end. */
int sysfs_begin(struct sysfs *fn, const struct bario_address *address);
void sysfs_end(struct sysfs *fn);

/* The descriptor of a file, opened now if it was not before; or a negative errno. */
int sysfs_open_file(struct sysfs *fn, enum sysfs_file which, bool write);

/* Opening to write failed, but this user may be allowed to read, as in a container. */
bool sysfs_read_only(int error);

/* Opens all that accesses take. What this user may not open is an access's concern. */
void sysfs_open_files(struct sysfs *fn, bool config);

/* Any file of the directory, as text; bytes read or a negative errno. */
ssize_t sysfs_text(const struct sysfs *fn, const char *file, char *text,
		   size_t size);

/* What is past the end must not be asked for; -EACCES: this user is not shown it. */
int sysfs_read_config(struct sysfs *fn, unsigned int offset, void *data,
		      size_t len);
int sysfs_config_size(struct sysfs *fn, unsigned int *size);

int sysfs_read_resources(struct sysfs *fn, struct sysfs_resources *resources);

/* A line of the file "resource", from 0, or false. */
bool sysfs_resource(const struct sysfs_resources *resources, unsigned int line,
		    struct sysfs_resource *res);

/* What such a line says of a BAR. */
void sysfs_set_bar(struct bario_bar_info *bar, const struct sysfs_resource *res);

/* The name of the driver that is bound, or empty. */
int sysfs_driver(const struct sysfs *fn, char *driver, size_t size);

/* Sets @above and @physical, unless it has. */
void sysfs_look(struct sysfs *fn);

/* ---- sysfsobstacle.c: what is in the way of an access ---- */

/* The function decodes BARs of that kind, by this value of its command register. */
bool sysfs_decoded(struct sysfs *fn, uint32_t command, uint32_t kind);

/* As obstacle_check(), of a BAR that the function has. */
int sysfs_obstacle(struct bario *dev, struct sysfs *fn,
		   const struct sysfs_resources *resources, unsigned int index,
		   uint32_t kind, enum obstacle which);

/* ---- sysfsio.c: accesses, as in struct backend ---- */

int sysfs_access(struct bario *dev, const struct access *access,
		 uint64_t *value);
int sysfs_config(struct bario *dev, const struct access *access,
		 uint32_t *value);
int sysfs_rights(struct bario *dev, const struct access *access,
		 unsigned int rights);
int sysfs_map(struct bario *dev, unsigned int bar, bool write,
	      struct mapping *map, uint64_t *length);

#endif /* BARIO_LIB_SYSFS_H */
