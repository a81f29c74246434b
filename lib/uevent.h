/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The kernel's events about devices: what they say of PCI functions. */
#ifndef BARIO_LIB_UEVENT_H
#define BARIO_LIB_UEVENT_H

#include "../include/bario.h"

/* A descriptor for the kernel's events, or the error. */
int uevent_open(void);

/*
 * The next event about a PCI function. Returns 1; 0 if there is none now; or the
 * error.
 */
int uevent_read(int fd, struct bario_monitor_event *event);

/*
 * Takes an event of @length bytes apart. Returns true if it says that a PCI function
 * is there or gone.
 */
bool uevent_parse(const char *text, size_t length,
		  struct bario_monitor_event *event);

#endif /* BARIO_LIB_UEVENT_H */
