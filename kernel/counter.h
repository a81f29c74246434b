/* SPDX-License-Identifier: GPL-2.0 */
/* What sysfs counts of a function. */
#ifndef BARIO_COUNTER_H
#define BARIO_COUNTER_H

#include <linux/sysfs.h>

struct bario_function;

/* In place of a BAR's index. */
#define BARIO_COUNTER_CONFIG	U32_MAX

void bario_counter_deny(struct bario_function *function, unsigned int index,
			int error);
extern const struct attribute_group *bario_counter_groups[];

#endif /* BARIO_COUNTER_H */
