// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* What is wrong with the text of a place or of a value. */
#include <stdarg.h>
#include <stdio.h>
#include "place.h"

int place_fail(const char *format, ...)
{
	char message[300];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	error_at_nothing();
	return fail(EINVAL, BARIO_CAUSE_TEXT, "%s", message);
}

int place_number(const char *text, const char *what, uint64_t *number)
{
	char message[TEXT_MESSAGE];

	if (text_to_number(text, number))
		return 0;
	text_not_number(text, what, message);
	return place_fail("%s", message);
}
