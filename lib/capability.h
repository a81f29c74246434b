/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Capabilities of anything whose configuration space can be read. */
#ifndef BARIO_LIB_CAPABILITY_H
#define BARIO_LIB_CAPABILITY_H

#include <stdint.h>

#define CAPABILITY_POWER	0x01
#define CAPABILITY_SRIOV	(BARIO_CAPABILITY_EXTENDED | 0x10)

/* Reads a register of configuration space; returns 0 or the error. */
typedef int config_reader(void *arg, unsigned int offset, unsigned int width,
			  uint32_t *value);

/**
 * capability_find() - find where a capability begins
 * @read: how to read configuration space
 * @arg: passed to @read
 * @size: of configuration space
 * @id: as for bario_capability()
 * @index: likewise
 * @offset: out: where it is; 0 if there is none
 *
 * Return: 0, or what @read returned.
 */
int capability_find(config_reader *read, void *arg, unsigned int size,
		    unsigned int id, unsigned int index, unsigned int *offset);

#endif /* BARIO_LIB_CAPABILITY_H */
