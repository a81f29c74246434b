/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Requests. dispatch.c finds the file that answers one: pciio.c, getconf.c and vpd.c
 * answer FreeBSD's, barioc.c answers ours, and program.c runs programs.
 */
#ifndef BARIO_REQUEST_H
#define BARIO_REQUEST_H

#include "file.h"

/* dispatch.c */
long bario_dispatch_ioctl(struct file *filp, unsigned int cmd,
			  unsigned long arg);
long bario_dispatch_compat(struct file *filp, unsigned int cmd,
			   unsigned long arg);

/* program.c */
int bario_program(struct bario_attachment *att, struct barioc_run *run,
		  struct barioc_op *ops);

/* barioc.c */
long bario_barioc_ioctl(struct file *filp, unsigned int cmd, void __user *arg);

/* pciio.c */
long bario_pciio_config(struct file *filp, unsigned int cmd,
			struct pci_io __user *arg);
long bario_pciio_get_bar(struct file *filp, struct pci_bar_io __user *arg);
long bario_pciio_map_bar(struct file *filp, struct pci_bar_mmap __user *arg);

static inline struct bario_attachment *
bario_request_attachment(struct file *filp, const struct pcisel *sel)
{
	return bario_attachment_get(filp->private_data, bario_sel(sel));
}

#ifdef CONFIG_COMPAT
#include <linux/compat.h>

/* What differs for a 32-bit caller. */
struct pci_bar_mmap32 {
	compat_uptr_t	pbm_map_base;
	compat_size_t	pbm_map_length;
	u64		pbm_bar_length;
	s32		pbm_bar_off;
	struct pcisel	pbm_sel;
	s32		pbm_reg;
	s32		pbm_flags;
	s32		pbm_memattr;
};
static_assert(sizeof(struct pci_bar_mmap32) == 40);

#define PCIOCBARMMAP32	_IOWR('p', 8, struct pci_bar_mmap32)

long bario_pciio_map_bar32(struct file *filp,
			   struct pci_bar_mmap32 __user *arg);
#endif /* CONFIG_COMPAT */

#endif /* BARIO_REQUEST_H */
