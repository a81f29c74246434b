/* SPDX-License-Identifier: GPL-2.0 */
/* The requests of /dev/barebar, for measure.c alone. */
#ifndef BAREBAR_H
#define BAREBAR_H

#include "pciio.h"

#define BAREBAR_EMPTY	_IO(0xBB, 0)				/* nothing at all */
#define BAREBAR_ATTACH	_IOW(0xBB, 1, struct pci_bar_ioreq)	/* maps a BAR */
#define BAREBAR_KEPT	_IOWR(0xBB, 2, struct pci_bar_ioreq)	/* uses that */
#define BAREBAR_EACH	_IOWR(0xBB, 3, struct pci_bar_ioreq)	/* maps each time */

#endif
