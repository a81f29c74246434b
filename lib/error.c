// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Errors: what failed, where, why, and what would help. */
#include <stdarg.h>
#include <stdio.h>
#include "internal.h"

static _Thread_local struct bario_error last;

/*
 * Kept apart from the text, because most accesses fail never and formatting
 * costs more than an access.
 */
static _Thread_local struct {
	enum { NOWHERE, FUNCTION, BAR, ACCESS } kind;
	struct bario_address	address;
	struct access		access;
} where;

BARIO_API const struct bario_error *bario_error(void)
{
	return &last;
}

BARIO_API const char *bario_cause_name(enum bario_cause cause)
{
	static const char *const names[] = {
		[BARIO_CAUSE_NONE] = "none",
		[BARIO_CAUSE_SYSTEM] = "system",
		[BARIO_CAUSE_NAME] = "name",
		[BARIO_CAUSE_NO_DEVICE] = "no-device",
		[BARIO_CAUSE_AMBIGUOUS] = "ambiguous",
		[BARIO_CAUSE_BACKEND] = "backend",
		[BARIO_CAUSE_PERMISSION] = "permission",
		[BARIO_CAUSE_LOCKDOWN] = "lockdown",
		[BARIO_CAUSE_UNSUPPORTED] = "unsupported",
		[BARIO_CAUSE_OPERATION] = "operation",
		[BARIO_CAUSE_WIDTH] = "width",
		[BARIO_CAUSE_BAR] = "bar",
		[BARIO_CAUSE_UNASSIGNED] = "unassigned",
		[BARIO_CAUSE_RANGE] = "range",
		[BARIO_CAUSE_ALIGNMENT] = "alignment",
		[BARIO_CAUSE_VALUE] = "value",
		[BARIO_CAUSE_GRANT] = "grant",
		[BARIO_CAUSE_DRIVER] = "driver",
		[BARIO_CAUSE_CLAIMED] = "claimed",
		[BARIO_CAUSE_DECODE] = "decode",
		[BARIO_CAUSE_ASLEEP] = "asleep",
		[BARIO_CAUSE_NO_RESPONSE] = "no-response",
		[BARIO_CAUSE_REMOVED] = "removed",
		[BARIO_CAUSE_TEXT] = "text",
		[BARIO_CAUSE_REPLAY] = "replay",
		[BARIO_CAUSE_TIMEOUT] = "timeout",
		[BARIO_CAUSE_EXPECT] = "expect",
		[BARIO_CAUSE_SIGNAL] = "signal",
		[BARIO_CAUSE_CAPABILITY] = "capability",
	};

	return (unsigned int)cause < COUNT(names) ? names[cause] : "unknown";
}

void error_at_nothing(void)
{
	where.kind = NOWHERE;
}

void error_at_function(const struct bario_address *address)
{
	where.kind = FUNCTION;
	where.address = *address;
}

void error_at_bar(const struct bario *dev, unsigned int bar)
{
	where.kind = BAR;
	where.address = dev->address;
	where.access.space = bar;
}

void error_at_access(const struct bario *dev, const struct access *access)
{
	where.kind = ACCESS;
	where.address = dev->address;
	where.access = *access;
}

static void put(char *text, size_t room, const char *format, ...) PRINTS(3);

/* Adds to a text; what does not fit is left out. */
static void put(char *text, size_t room, const char *format, ...)
{
	const size_t len = strlen(text);
	va_list args;

	va_start(args, format);
	vsnprintf(text + len, room - len, format, args);
	va_end(args);
}

/* The notation of the tool: DEVICE BAR+OFFSET.WIDTH. */
static void put_where(char *text, size_t room)
{
	char address[BARIO_ADDRESS_TEXT];

	text[0] = '\0';
	if (where.kind == NOWHERE)
		return;
	bario_address_text(&where.address, address);
	put(text, room, "%s", address);
	if (where.kind == BAR)
		put(text, room, " BAR %u", where.access.space);
	if (where.kind == ACCESS && where.access.space == BARIO_SPACE_CONFIG)
		put(text, room, " config+%#llx.%u",
		    (unsigned long long)where.access.offset, where.access.width);
	else if (where.kind == ACCESS)
		put(text, room, " BAR %u+%#llx.%u", where.access.space,
		    (unsigned long long)where.access.offset, where.access.width);
	put(text, room, ": ");
}

static int note(int code, enum bario_cause cause, const char *format,
		va_list args)
{
	size_t len;

	last.code = code;
	last.cause = cause;
	last.hint[0] = '\0';
	last.step = 0;
	put_where(last.message, sizeof(last.message));
	len = strlen(last.message);
	vsnprintf(last.message + len, sizeof(last.message) - len, format, args);
	return -code;
}

int fail(int code, enum bario_cause cause, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	note(code, cause, format, args);
	va_end(args);
	return -code;
}

int error_hint(int error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(last.hint, sizeof(last.hint), format, args);
	va_end(args);
	return error;
}

int fail_system(const char *format, ...)
{
	const int code = errno;
	va_list args;

	va_start(args, format);
	note(code, BARIO_CAUSE_SYSTEM, format, args);
	va_end(args);
	put(last.message, sizeof(last.message), ": %s", strerror(code));
	return -code;
}

void keep_error(const struct bario_error *error)
{
	last = *error;
}

int fail_memory(void)
{
	return fail(ENOMEM, BARIO_CAUSE_SYSTEM, "there is no memory left");
}

int in_step(int error, size_t step, bool alone)
{
	char message[sizeof(last.message)];

	last.step = step + 1;
	if (alone)
		return error;
	memcpy(message, last.message, sizeof(message));
	last.message[0] = '\0';
	put(last.message, sizeof(last.message), "step %zu: ", step + 1);
	put(last.message, sizeof(last.message), "%s", message);
	return error;
}
