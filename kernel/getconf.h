/* SPDX-License-Identifier: GPL-2.0 */
/* The list of functions: PCIOCGETCONF. */
#ifndef BARIO_GETCONF_H
#define BARIO_GETCONF_H

#include "file.h"

/* FreeBSD 13's and 14's, whose records are the beginning of 15's. */
#define PCIOCGETCONF14	_IOWR('p', 5, struct pci_conf_io)

long bario_getconf_ioctl(struct file *filp, struct pci_conf_io __user *arg,
			 bool longer);

#ifdef CONFIG_COMPAT
#include <linux/compat.h>

/* What differs for a 32-bit caller. */
struct pci_conf_io32 {
	u32		pat_buf_len;
	u32		num_patterns;
	compat_uptr_t	patterns;
	u32		match_buf_len;
	u32		num_matches;
	compat_uptr_t	matches;
	u32		offset;
	u32		generation;
	s32		status;
};
static_assert(sizeof(struct pci_conf_io32) == 36);

#define PCIOCGETCONF32	_IOWR('p', 10, struct pci_conf_io32)
#define PCIOCGETCONF14_32	_IOWR('p', 5, struct pci_conf_io32)

long bario_getconf_ioctl32(struct file *filp, struct pci_conf_io32 __user *arg,
			   bool longer);
#endif /* CONFIG_COMPAT */

#endif /* BARIO_GETCONF_H */
