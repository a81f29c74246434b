/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR BSD-2-Clause */
/* <sys/agpio.h>: fields of an AGP capability's status and command registers. */
#ifndef _COMPAT_SYS_AGPIO_H
#define _COMPAT_SYS_AGPIO_H

#define AGP_MODE_GET_RATE(mode)		((mode) & 0x7)	/* AGP_MODE_V*_RATE_* */
#define AGP_MODE_GET_MODE_3(mode)	((mode) >> 3 & 1)
#define AGP_MODE_GET_AGP(mode)		((mode) >> 8 & 1)
#define AGP_MODE_GET_SBA(mode)		((mode) >> 9 & 1)

#define AGP_MODE_V2_RATE_1x		0x1
#define AGP_MODE_V2_RATE_2x		0x2
#define AGP_MODE_V2_RATE_4x		0x4
#define AGP_MODE_V3_RATE_4x		0x1
#define AGP_MODE_V3_RATE_8x		0x2

#endif /* _COMPAT_SYS_AGPIO_H */
