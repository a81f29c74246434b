/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR BSD-2-Clause */
/*
 * <sys/ioccom.h>: on FreeBSD this declares ioctl() and builds request numbers.
 * Linux's _IOR, _IOW and _IOWR give the same numbers.
 */
#ifndef _COMPAT_SYS_IOCCOM_H
#define _COMPAT_SYS_IOCCOM_H

#include <sys/ioctl.h>

/* FreeBSD's <sys/cdefs.h> comes along with it, and has this. */
#ifndef __unused
#define __unused	__attribute__((__unused__))
#endif

#endif /* _COMPAT_SYS_IOCCOM_H */
