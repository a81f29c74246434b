/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR BSD-2-Clause */
/*
 * <vm/vm.h>: the memory attributes for pci_bar_mmap.pbm_memattr, nothing else.
 * The numbers are those of FreeBSD on x86 (the CPU's own, as in the PAT
 * register), and mean the same to bario on every machine.
 */
#ifndef _COMPAT_VM_VM_H
#define _COMPAT_VM_VM_H

typedef char vm_memattr_t;

#define VM_MEMATTR_UNCACHEABLE		0
#define VM_MEMATTR_WRITE_COMBINING	1
#define VM_MEMATTR_WRITE_THROUGH	4
#define VM_MEMATTR_WRITE_PROTECTED	5
#define VM_MEMATTR_WRITE_BACK		6
#define VM_MEMATTR_WEAK_UNCACHEABLE	7	/* an MTRR may combine writes */

#define VM_MEMATTR_DEFAULT		VM_MEMATTR_WRITE_BACK
#define VM_MEMATTR_DEVICE		VM_MEMATTR_UNCACHEABLE

#endif /* _COMPAT_VM_VM_H */
