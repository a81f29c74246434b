/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Linux's lists of addresses: /proc/iomem and /proc/ioports. */
#ifndef BARIO_LIB_IOMEM_H
#define BARIO_LIB_IOMEM_H

#include "internal.h"

/*
 * The holder of the BAR of the function with that address, by these lists: UNKNOWN where
 * this user is not shown it.
 */
struct bario_held iomem_holder(const char *function,
			       const struct bario_bar_info *bar);

#endif /* BARIO_LIB_IOMEM_H */
