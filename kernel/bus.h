/* SPDX-License-Identifier: GPL-2.0 */
/* Functions and drivers that come and go. */
#ifndef BARIO_BUS_H
#define BARIO_BUS_H

int bario_bus_init(void);
void bario_bus_scan(void);
void bario_bus_exit(void);

#endif /* BARIO_BUS_H */
