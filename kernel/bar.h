/* SPDX-License-Identifier: GPL-2.0 */
/* BARs, as the kernel has them and as the device reports them. */
#ifndef BARIO_BAR_H
#define BARIO_BAR_H

#include "function.h"

void bario_bars_init(struct bario_function *function);
struct bario_bar bario_bar(const struct bario_function *function,
			   unsigned int index);
struct bario_bar bario_bar_ask(const struct bario_function *function,
			       unsigned int index);
int bario_bar_reach(const struct bario_function *function, unsigned int index);
bool bario_bar_responds(struct bario_function *function, unsigned int index,
			bool guarded, unsigned long since);

#endif /* BARIO_BAR_H */
