/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR BSD-2-Clause */
/*
 * <sys/memrange.h>: FreeBSD's requests on /dev/mem that set an MTRR, for the
 * clients that map BARs through it. On Linux they are refused (PCIOCBARMMAP
 * takes the memory type with the mapping).
 */
#ifndef _COMPAT_SYS_MEMRANGE_H
#define _COMPAT_SYS_MEMRANGE_H

#include <stdint.h>
#include <sys/ioccom.h>

#define MDF_UNCACHEABLE		0x01
#define MDF_WRITECOMBINE	0x02
#define MDF_WRITETHROUGH	0x04
#define MDF_WRITEBACK		0x08
#define MDF_WRITEPROTECT	0x10

struct mem_range_desc {
	uint64_t	mr_base;
	uint64_t	mr_len;
	int		mr_flags;	/* MDF_* */
	char		mr_owner[8];
};

struct mem_range_op {
	struct mem_range_desc	*mo_desc;
	int			mo_arg[2];	/* [0] of SET: MEMRANGE_SET_* */
};

#define MEMRANGE_SET_UPDATE	0
#define MEMRANGE_SET_REMOVE	1

#define MEMRANGE_GET		_IOWR('m', 50, struct mem_range_op)
#define MEMRANGE_SET		_IOW('m', 51, struct mem_range_op)

#endif /* _COMPAT_SYS_MEMRANGE_H */
