/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* This system: its drivers, and the commands that help. systemSYSTEM.c has it. */
#ifndef BARIO_LIB_SYSTEM_H
#define BARIO_LIB_SYSTEM_H

#include "internal.h"

#define PCI_NODE	"/dev/pci"

/* A driver by this name leaves BARs that it has not claimed to others. */
bool system_is_stub(const char *driver);

/* The error where a node or file is not to be opened by this user: EPERM or EACCES. */
int system_fail_denied(const char *path, int code);

/* What helps, for error_hint(): there is no pci(4). */
int system_hint_backend(int error);

/* This user lacks the right; another user, or a node, may have it. */
int system_hint_rights(int error);

/* The function can't be reached. */
int system_hint_power(const struct bario *dev, int error);

/* As the members of struct backend. */
int system_hint_unassigned(const struct bario *dev, int error, unsigned int bar);
int system_hint_driver(const struct bario *dev, int error, const char *driver);
int system_hint_decode(const struct bario *dev, int error, uint32_t kind);

#endif /* BARIO_LIB_SYSTEM_H */
