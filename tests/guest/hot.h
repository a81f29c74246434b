/* SPDX-License-Identifier: GPL-2.0 */
/* The device that is plugged into rp0 and pulled out again. */
#ifndef BARIO_HOT_H
#define BARIO_HOT_H

#include "guest.h"

extern struct pcisel hot;

/* To call first: finds out where that is. */
void hot_begin(void);

/* Is it so within five minutes? */
bool until(bool (*so)(void));

/* It has a node; its BARs have addresses, too; it has gone. */
bool there(void);
bool ready(void);
bool away(void);

/* qemu has it; the kernel has it as well, and it is ready; both have released it. */
bool add(const char *device);
bool plug(const char *device);
bool unplug(void);

#endif /* BARIO_HOT_H */
