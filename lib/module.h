/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * What bario.ko has and FreeBSD's pci(4) has not, for the pci back end: module.c has
 * it, freebsd.c says that there is none.
 */
#ifndef BARIO_LIB_MODULE_H
#define BARIO_LIB_MODULE_H

#include "internal.h"

#define PCI_NODE	"/dev/pci"

/* What an access needs from here, back in pci.c: the error for an errno. */
int pci_fail(struct bario *dev, const struct access *access, int code);

/* There is no telling whether it is the function or the right to it that went. */
static inline int pci_fail_gone(void)
{
	return fail(ENODEV, BARIO_CAUSE_REMOVED,
		    "the function has gone, or the right to it was taken back");
}

/* A file was opened: what it has beyond pci(4) goes to dev->can and dev->run. */
void module_begin(struct bario *dev);

/* The function has a node of its own, and this is its path. */
bool module_node(const struct bario_address *address, char *path, size_t room);

/* The name of a driver whole, where the list of functions has it cut. */
void module_driver(int fd, struct bario_info *info);

/* bario_holder(), for a file of bario.ko's; the name is the driver's. */
int module_holder(struct bario *dev, unsigned int bar, struct bario_held *held);

/* The error where a BAR can't be had: who has it. */
int module_fail_busy(struct bario *dev, unsigned int bar);

/* PCIOCGETCONF names a driver for the function: is it bound? */
bool module_attached(int fd, const struct pcisel *sel);

/* The file's grant, if it has one, covers the access. Returns 0 or the error. */
int module_allows(struct bario *dev, const struct access *access,
		  unsigned int rights, bool *allowed);

/* The BAR can be had by PCIOCBARIO, where the system lets more be mapped; or an errno. */
int module_claimable(struct bario *dev, unsigned int bar);

/* The system makes all the checks itself. */
static inline bool module_checks(const struct bario *dev)
{
	return dev->can & BARIO_CAN_CLAIM;
}

#endif /* BARIO_LIB_MODULE_H */
