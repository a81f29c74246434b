/* SPDX-License-Identifier: GPL-2.0 */
/* What the unit tests share. */
#ifndef BARIO_UNIT_H
#define BARIO_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <limits.h>
#include <stdlib.h>
#include "core.h"
#include "random.h"

#endif /* BARIO_UNIT_H */
