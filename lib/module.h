/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * What bario.ko has and FreeBSD's pci(4) has not, for the pci back end. With
 * BARIO_PLAIN_PCI nothing of it is used, and a file is taken as FreeBSD's.
 */
#ifndef BARIO_LIB_MODULE_H
#define BARIO_LIB_MODULE_H

#include "internal.h"

/* What an access needs from here, back in pci.c: the error for an errno. */
int pci_fail(struct bario *dev, const struct access *access, int code);

#ifdef BARIO_PLAIN_PCI
static inline unsigned int module_can(struct bario *dev)
{
	(void)dev;
	return 0;
}
#else
/* BARIO_CAN_* that this file has beyond pci(4); 0 if it is not bario.ko's. */
unsigned int module_can(struct bario *dev);
#endif

/* The system makes all the checks itself. */
static inline bool module_checks(const struct bario *dev)
{
	return dev->can & BARIO_CAN_CLAIM;
}

/* backend.run, for a file with BARIO_CAN_ATOMIC. */
int module_run(struct bario *dev, struct bario_run *run, struct bario_op *ops);

/* One access, as a program: with 64 bits of offset and value. */
int module_access(struct bario *dev, const struct access *access,
		  uint64_t *value);

/* bario_holder(), for a file of bario.ko's; the name is the driver's. */
int module_holder(struct bario *dev, unsigned int bar, struct bario_held *held);

/* The error where a BAR can't be had: who has it. */
int module_fail_busy(struct bario *dev, unsigned int bar, int code);

#endif /* BARIO_LIB_MODULE_H */
