/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR BSD-2-Clause */
/* <osreldate.h>: the FreeBSD release whose <sys/pciio.h> this is (14.0). */
#ifndef __FreeBSD_version
#define __FreeBSD_version	1400097
#endif
