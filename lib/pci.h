/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * pci(4), by FreeBSD's requests alone: what the back end pci has on every system.
 * Functions are as the members of struct backend, unless they say otherwise.
 */
#ifndef BARIO_LIB_PCI_H
#define BARIO_LIB_PCI_H

#include "internal.h"

/**
 * struct pci - what a handle has
 * @fd: the node
 * @denied: why the function's node was not opened, errno; else 0
 * @info: as it was when opened
 */
struct pci {
	int			fd;
	int			denied;
	struct bario_info	info;
};

static inline struct pci *pci_of(const struct bario *dev)
{
	return dev->state;
}

struct pcisel pci_selector(const struct bario_address *address);

bool pci_present(void);
bool pci_owns_fd(int fd);

/* @refine: makes the driver's name that of a driver that is bound, and whole. */
typedef void pci_refine(int fd, struct bario_info *info);
int pci_list(list_each *each, void *arg, pci_refine *refine);
int pci_info(struct bario *dev, struct bario_info *info, pci_refine *refine);

/* Both set @dev's state and address. */
int pci_open_path(struct bario *dev, const char *path,
		  const struct bario_address *address);
int pci_open_fd(struct bario *dev, int fd, const struct bario_address *address);
void pci_close(struct bario *dev);
int pci_fd(struct bario *dev);

/* The error for an errno of an access. */
int pci_fail(struct bario *dev, const struct access *access, int code);

/* It can't be told whether the function has gone or the right to it. */
int pci_fail_gone(void);

int pci_access(struct bario *dev, const struct access *access, uint64_t *value);

/* Returns an errno, and notes no error. */
int pci_config_errno(struct bario *dev, const struct access *access,
		     uint32_t *value);

/* The error for it. */
int pci_fail_config(struct bario *dev, const struct access *access, int code);
int pci_config(struct bario *dev, const struct access *access, uint32_t *value);
int pci_config_size(struct bario *dev, unsigned int *size);
int pci_map(struct bario *dev, unsigned int bar, bool write,
	    struct mapping *map, uint64_t *length);

/* The handle's file is open for writing, or EPERM. */
int pci_check_writable(struct bario *dev, const struct access *access);

#endif /* BARIO_LIB_PCI_H */
