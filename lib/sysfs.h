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

/* ---- sysfs.c: functions, and what they are ---- */

/* ENODEV, for what was there when it was opened. */
int sysfs_gone(void);

/* A file of the folder, as text; bytes read or a negative errno. */
ssize_t sysfs_text(int folder, const char *file, char *text, size_t room);

int sysfs_read_config(int folder, unsigned int offset, void *data, size_t len);

/* The name of the driver that is bound, or empty. */
int sysfs_driver(int folder, char *driver, size_t room);

/* ---- sysfsio.c: accesses, as in struct backend ---- */

int sysfs_access(struct bario *dev, const struct access *access,
		 uint64_t *value);
int sysfs_config(struct bario *dev, const struct access *access,
		 uint32_t *value);
int sysfs_map(struct bario *dev, unsigned int bar, bool write,
	      struct mapping *map, uint64_t *length);

#endif /* BARIO_LIB_SYSFS_H */
