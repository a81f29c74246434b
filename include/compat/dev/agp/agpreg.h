/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR BSD-2-Clause */
/* <dev/agp/agpreg.h>: registers of an AGP capability. */
#ifndef _COMPAT_DEV_AGP_AGPREG_H
#define _COMPAT_DEV_AGP_AGPREG_H

#define AGP_CAPID		0x0
#define AGP_STATUS		0x4
#define AGP_COMMAND		0x8

#endif /* _COMPAT_DEV_AGP_AGPREG_H */
