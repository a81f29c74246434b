/* SPDX-License-Identifier: GPL-2.0 */
/* All differences between the kernels that bario supports. */
#ifndef BARIO_COMPAT_H
#define BARIO_COMPAT_H

#include <linux/mm.h>
#include <linux/version.h>

#ifndef CONFIG_64BIT
#error "bario needs a 64-bit kernel: the places of its mappings do not fit 32-bit page offsets"
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
#error "bario needs Linux 6.1 or later"
#endif

/* class.devnode takes a const device since 6.2 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
#define bario_devnode_const
#else
#define bario_devnode_const const
#endif

/* vm_flags is written through functions since 6.3 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
static inline void vm_flags_mod(struct vm_area_struct *vma,
				unsigned long set, unsigned long clear)
{
	vma->vm_flags = (vma->vm_flags | set) & ~clear;
}
#endif

/*
 * If this is false, synchronize_rcu_tasks() does not wait for every task that has not
 * slept: with PREEMPT_RT, a task that waits for a spinlock counts as asleep.
 */
#define BARIO_TASKS_ARE_WAITED_FOR \
	(!IS_ENABLED(CONFIG_PREEMPT_RT) && \
	 (IS_ENABLED(CONFIG_TASKS_RCU) || !IS_ENABLED(CONFIG_PREEMPTION)))

#endif /* BARIO_COMPAT_H */
