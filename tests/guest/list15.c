// SPDX-License-Identifier: GPL-2.0
/* Tests pciio(4): PCIOCGETCONF. FreeBSD 15's request and record. */
#define PCIIO_FREEBSD15
#include "list.c"
