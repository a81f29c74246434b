/* SPDX-License-Identifier: GPL-2.0 */
/* What bario and the kernel have recorded. */
#ifndef BARIO_RECORD_H
#define BARIO_RECORD_H

#include "guest.h"

/* A file of the class, beside a function's node; and a counter in one. */
const char *class_path(struct pcisel sel, const char *name);
unsigned long counter(struct pcisel sel, const char *name);

/* Waits until somebody has had more accesses than @before. */
void wait_for_access(struct pcisel sel, unsigned long before);

/* Has the kernel said both in one line since log_begin()? */
void log_begin(void);
bool logged(const char *one, const char *two);

#endif /* BARIO_RECORD_H */
