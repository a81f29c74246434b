/* SPDX-License-Identifier: GPL-2.0 */
/* Vital product data of a function: PCIOCLISTVPD. */
#ifndef BARIO_VPD_H
#define BARIO_VPD_H

#include "file.h"

long bario_vpd_ioctl(struct file *filp, struct pci_list_vpd_io __user *arg);
void bario_vpd_wait(struct bario_function *function);

#ifdef CONFIG_COMPAT
#include <linux/compat.h>

/* What differs for a 32-bit caller. */
struct pci_list_vpd_io32 {
	struct pcisel	plvi_sel;
	compat_size_t	plvi_len;
	compat_uptr_t	plvi_data;
};
static_assert(sizeof(struct pci_list_vpd_io32) == 16);

#define PCIOCLISTVPD32	_IOWR('p', 7, struct pci_list_vpd_io32)

long bario_vpd_ioctl32(struct file *filp, struct pci_list_vpd_io32 __user *arg);
#endif /* CONFIG_COMPAT */

#endif /* BARIO_VPD_H */
