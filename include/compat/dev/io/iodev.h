/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR BSD-2-Clause */
/*
 * <dev/io/iodev.h>: FreeBSD's /dev/io, for the clients that can fall back to
 * it. Linux has no such node: they build, and opening it fails.
 */
#ifndef _COMPAT_DEV_IO_IODEV_H
#define _COMPAT_DEV_IO_IODEV_H

#include <sys/ioccom.h>

#define IODEV_PIO_READ		0
#define IODEV_PIO_WRITE		1

struct iodev_pio_req {
	unsigned int	access;		/* IODEV_PIO_* */
	unsigned int	port;
	unsigned int	width;		/* in bytes */
	unsigned int	val;
};

#define IODEV_PIO		_IOWR('I', 0, struct iodev_pio_req)

#endif /* _COMPAT_DEV_IO_IODEV_H */
