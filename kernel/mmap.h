/* SPDX-License-Identifier: GPL-2.0 */
/* BARs mapped into a process: mmap(2) and PCIOCBARMMAP. */
#ifndef BARIO_MMAP_H
#define BARIO_MMAP_H

#include "file.h"

int bario_mmap(struct file *filp, struct vm_area_struct *vma);
int bario_mmap_bar(struct file *filp, struct bario_attachment *att,
		   struct pci_bar_mmap *map);

#endif /* BARIO_MMAP_H */
