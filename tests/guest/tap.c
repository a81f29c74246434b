// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "tap.h"

static struct {
	unsigned int	run;
	unsigned int	failed;
} *count;

void tap_begin(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	count = mmap(NULL, sizeof(*count), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (count == MAP_FAILED)
		abort();
}

int tap_end(void)
{
	printf("1..%u\n", count->run);
	return count->failed ? 1 : 0;
}

static char subject[128];

void about(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(subject, sizeof(subject), format, args);
	va_end(args);
}

bool is_about(const char *what)
{
	return strstr(subject, what);
}

/* @want: the errno that the name ends with, or 0 */
static bool result(bool good, int want, const char *name, va_list args)
{
	unsigned int number = __atomic_add_fetch(&count->run, 1,
						 __ATOMIC_RELAXED);
	char line[512];

	if (!good)
		__atomic_add_fetch(&count->failed, 1, __ATOMIC_RELAXED);
	vsnprintf(line, sizeof(line), name, args);
	printf("%s %u - %s%s%s%s%s\n", good ? "ok" : "not ok", number, subject,
	       *subject ? ": " : "", line, want ? ": " : "",
	       want ? errno_name(want) : "");
	return good;
}

bool ok(bool good, const char *name, ...)
{
	va_list args;

	va_start(args, name);
	result(good, 0, name, args);
	va_end(args);
	return good;
}

bool is(uint64_t got, uint64_t want, const char *name, ...)
{
	va_list args;

	va_start(args, name);
	result(got == want, 0, name, args);
	va_end(args);
	if (got != want)
		note("expected %#llx, got %#llx", (unsigned long long)want,
		     (unsigned long long)got);
	return got == want;
}

bool is_str(const char *got, const char *want, const char *name, ...)
{
	bool good = !strcmp(got, want);
	va_list args;

	va_start(args, name);
	result(good, 0, name, args);
	va_end(args);
	if (!good)
		note("expected \"%s\", got \"%s\"", want, got);
	return good;
}

void skip(const char *why, const char *name, ...)
{
	char line[256];
	va_list args;

	va_start(args, name);
	vsnprintf(line, sizeof(line), name, args);
	va_end(args);
	ok(true, "%s # SKIP %s", line, why);
}

const char *errno_name(int number)
{
	const char *name = number ? strerrorname_np(number) : "success";

	return name ? name : "an unknown errno";
}

static bool verrno_is(int got, int want, const char *name, va_list args)
{
	result(got == want, want, name, args);
	if (got != want)
		note("expected %s, got %s", errno_name(want), errno_name(got));
	return got == want;
}

bool errno_is(int got, int want, const char *name, ...)
{
	va_list args;

	va_start(args, name);
	verrno_is(got, want, name, args);
	va_end(args);
	return got == want;
}

bool is_errno(long rc, int want, const char *name, ...)
{
	int got = rc < 0 ? errno : 0;
	va_list args;

	va_start(args, name);
	verrno_is(got, want, name, args);
	va_end(args);
	return got == want;
}

void note(const char *format, ...)
{
	char line[512];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	printf("# %s\n", line);
}

void bail(const char *format, ...)
{
	int error = errno;
	char line[512];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	printf("Bail out! %s (errno: %s)\n", line, errno_name(error));
	fflush(stdout);
	_Exit(2);
}
