// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * The log of what failed, on standard error. A guest can make any number of
 * requests fail, and must not fill the log with them: the first failure of each
 * request for each cause is written out, the others are counted.
 */
#include <err.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "vmm.h"

#define CAUSES	64	/* more than requests times their errors */

static struct cause {
	const char *request;
	int error;
	unsigned long again;
} causes[CAUSES];

static const char *advice(int error)
{
	switch (error) {
	case EBUSY:
		return ": a driver has it: unbind the driver";
	case EACCES:
		return ": this node does not allow it";
	case EPERM:
		return ": this node is not open for writing";
	case ENXIO:
		return ": the BAR has no address: the firmware found no space for it";
	case EIO:
		return ": the device does not answer, or sleeps";
	case EINVAL:
		return ": no such access is forwarded: the guest reads all ones";
	case ENODEV:
		return ": it has gone: the guest reads all ones from now on";
	default:
		return "";
	}
}

/* True if this is the first of its kind. */
static bool count(const char *request, int error)
{
	struct cause *cause;

	for (cause = causes; cause < causes + CAUSES && cause->request; cause++)
		if (cause->error == error && !strcmp(cause->request, request)) {
			cause->again++;
			return false;
		}
	if (cause < causes + CAUSES)
		*cause = (struct cause){ request, error, 0 };
	return true;
}

void log_failure(const char *request, int error, const char *format, ...)
{
	char what[160];
	va_list args;

	if (!count(request, error))
		return;
	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	warnx("%s: %s: %s%s", what, request, strerror(error), advice(error));
}

void log_end(void)
{
	const struct cause *cause;

	for (cause = causes; cause < causes + CAUSES && cause->request; cause++)
		if (cause->again)
			warnx("%s: %s: %lu times more", cause->request,
			      strerror(cause->error), cause->again);
}
