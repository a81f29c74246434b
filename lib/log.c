// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The log. */
#include <stdarg.h>
#include <stdio.h>
#include "log.h"

static struct {
	bario_log_function	log;
	void			*arg;
} current;

BARIO_API int bario_set_log(bario_log_function log, void *arg, uint32_t flags)
{
	int error;

	error_at_nothing();
	error = check_flags(flags, 0, "log");
	if (error)
		return error;
	current.log = log;
	current.arg = arg;
	return 0;
}

void log_line(uint32_t level, const char *format, ...)
{
	char text[ERROR_LONG], line[ERROR_TEXT];
	va_list args;

	if (!current.log)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	error_line(line, text);
	current.log(level, line, current.arg);
}
