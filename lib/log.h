/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What the library tells a program that wants to know how it works. */
#ifndef BARIO_LIB_LOG_H
#define BARIO_LIB_LOG_H

#include "internal.h"

/* One line, for the function of bario_set_log(), if there is one. */
void log_line(uint32_t level, const char *format, ...) PRINTS(2);

#endif /* BARIO_LIB_LOG_H */
