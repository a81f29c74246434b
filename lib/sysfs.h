/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What the files of the sysfs back end share; folders are a function's. */
#ifndef BARIO_LIB_SYSFS_H
#define BARIO_LIB_SYSFS_H

#include <sys/types.h>
#include "internal.h"

#define SYSFS_DEVICES	"/sys/bus/pci/devices"

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

/* ---- sysfs.c: functions, and what they are ---- */

/* ENODEV, for what was there when it was opened. */
int sysfs_gone(void);

/* A file of the folder, as text; bytes read or a negative errno. */
ssize_t sysfs_text(int folder, const char *file, char *text, size_t room);

/* The folder of the function with that address, or the error. */
int sysfs_folder(const struct bario_address *address);

/* What is past the end must not be asked for; -EACCES: this user is not shown it. */
int sysfs_read_config(int folder, unsigned int offset, void *data, size_t len);

int sysfs_config_size(int folder, unsigned int *size);

/* A line of the file "resource", from 0, or false. */
bool sysfs_resource(int folder, unsigned int line, struct sysfs_resource *res);

/* The name of the driver that is bound, or empty. */
int sysfs_driver(int folder, char *driver, size_t room);

/* ---- sysfsobstacle.c: what is in the way of an access ---- */

/* The function decodes BARs of that kind, by this value of its command register. */
bool sysfs_decoded(int folder, uint32_t command, uint32_t kind);

/* As obstacle_check(), of a BAR that the function has. */
int sysfs_obstacle(struct bario *dev, int folder, unsigned int index,
		   uint32_t kind, enum obstacle which);

/* ---- sysfsio.c: accesses, as in struct backend ---- */

/* The error where a file of the folder was not opened. */
int sysfs_fail_open(int folder, const char *file, int code);

int sysfs_access(struct bario *dev, const struct access *access,
		 uint64_t *value);
int sysfs_config(struct bario *dev, const struct access *access,
		 uint32_t *value);
int sysfs_rights(struct bario *dev, const struct access *access,
		 unsigned int rights);
int sysfs_map(struct bario *dev, unsigned int bar, bool write,
	      struct mapping *map, uint64_t *length);

#endif /* BARIO_LIB_SYSFS_H */
