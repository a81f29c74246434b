/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR BSD-2-Clause */
/*
 * <sys/pciio.h>: the requests of /dev/pci; with ioctl() itself, as on FreeBSD,
 * and with uint32_t and the like, which FreeBSD's <sys/types.h> has and
 * Linux's has not.
 */
#ifndef _COMPAT_SYS_PCIIO_H
#define _COMPAT_SYS_PCIIO_H

#include <stdint.h>
#include <sys/ioccom.h>
#include <sys/types.h>
#include "../../uapi/pciio.h"

#endif /* _COMPAT_SYS_PCIIO_H */
