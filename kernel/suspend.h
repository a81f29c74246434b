/* SPDX-License-Identifier: GPL-2.0 */
/* What a suspended machine forgets, or turns on when it resumes. */
#ifndef BARIO_SUSPEND_H
#define BARIO_SUSPEND_H

#include <linux/pm.h>

extern const struct dev_pm_ops bario_suspend_ops;

#endif /* BARIO_SUSPEND_H */
