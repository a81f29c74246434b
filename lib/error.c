// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Errors: what failed, where, why, and what would help. */
#include <stdarg.h>
#include <stdio.h>
#include "internal.h"

/* What errnos mean: of a system call, and of an access to a device. The rest: SYSTEM. */
static const struct {
	int		code;
	uint32_t	call;
	uint32_t	access;
} causes[] = {
	{ EPERM, BARIO_CAUSE_PERMISSION, BARIO_CAUSE_PERMISSION },
	{ EACCES, BARIO_CAUSE_PERMISSION, BARIO_CAUSE_GRANT },
	{ ENODEV, BARIO_CAUSE_REMOVED, BARIO_CAUSE_REMOVED },
	{ EIO, BARIO_CAUSE_SYSTEM, BARIO_CAUSE_NO_RESPONSE },
	{ EBUSY, BARIO_CAUSE_CLAIMED, BARIO_CAUSE_CLAIMED },
	{ EINTR, BARIO_CAUSE_SIGNAL, BARIO_CAUSE_SIGNAL },
	{ ETIMEDOUT, BARIO_CAUSE_TIMEOUT, BARIO_CAUSE_TIMEOUT },
	{ EOPNOTSUPP, BARIO_CAUSE_UNSUPPORTED, BARIO_CAUSE_UNSUPPORTED },
	{ ENOTTY, BARIO_CAUSE_BACKEND, BARIO_CAUSE_BACKEND },
};

/* The texts of the last error. */
static _Thread_local struct error_texts texts;

static _Thread_local struct bario_error last;

/*
 * Kept apart from the text, because most accesses never fail and formatting costs
 * more than an access.
 */
static _Thread_local struct {
	enum { NOWHERE, FUNCTION, BAR, ACCESS } kind;
	const char		*backend;
	char			device[ERROR_DEVICE];
	struct access		access;
} where;

/* A thread that has had no error yet has no pointers to texts. */
BARIO_API const struct bario_error *bario_last_error(void)
{
	if (!last.message) {
		last.message = texts.message;
		last.hint = texts.hint;
		last.backend = "";
		last.device = texts.device;
		last.space = BARIO_NONE;
		last.index = BARIO_NONE;
	}
	return &last;
}

BARIO_API const char *bario_cause_name(uint32_t cause)
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
		[BARIO_CAUSE_OVERFLOW] = "overflow",
	};

	return cause < COUNT(names) ? names[cause] : "unknown";
}

void error_at_nothing(void)
{
	where.kind = NOWHERE;
}

void error_at_address(const char *backend, const struct bario_address *address)
{
	where.kind = FUNCTION;
	where.backend = backend;
	bario_address_text(address, where.device);
}

void error_at_function(const struct bario *dev)
{
	where.kind = FUNCTION;
	where.backend = dev->backend->name;
	strcpy(where.device, dev->label[0] ? dev->label : dev->name);
}

void error_at_bar(const struct bario *dev, unsigned int bar)
{
	error_at_function(dev);
	where.kind = BAR;
	where.access = (struct access){ .space = bar };
}

void error_at_access(const struct bario *dev, const struct access *access)
{
	error_at_function(dev);
	where.kind = ACCESS;
	where.access = *access;
}

static void put_text(char *text, size_t capacity, const char *format, ...) PRINTS(3);

/* Adds to a text; what does not fit is left out. */
static void put_text(char *text, size_t capacity, const char *format, ...)
{
	const size_t len = strlen(text);
	va_list args;

	va_start(args, format);
	vsnprintf(text + len, capacity - len, format, args);
	va_end(args);
}

/* The notation of the tool: DEVICE BAR+OFFSET.WIDTH. */
static void put_where(char *text, size_t capacity)
{
	text[0] = '\0';
	if (where.kind == NOWHERE)
		return;
	put_text(text, capacity, "%s", where.device);
	if (where.kind == BAR)
		put_text(text, capacity, " BAR %u", where.access.space);
	if (where.kind == ACCESS && where.access.space == BARIO_SPACE_CONFIG)
		put_text(text, capacity, " config+%#llx.%u",
			 (unsigned long long)where.access.offset, where.access.width);
	else if (where.kind == ACCESS)
		put_text(text, capacity, " BAR %u+%#llx.%u", where.access.space,
			 (unsigned long long)where.access.offset, where.access.width);
	put_text(text, capacity, ": ");
}

/*
 * How many bytes the character there has: 1 of ASCII, more of UTF-8, or 0 for a control
 * character, and for a byte of neither, which a terminal may take for one.
 */
static size_t character_length(const unsigned char *at)
{
	const size_t len = at[0] < 0x80 ? 1 : at[0] < 0xc2 ? 0 :
		at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : at[0] < 0xf5 ? 4 : 0;
	size_t i;

	if (len == 1)
		return at[0] >= ' ' && at[0] != 0x7f;
	for (i = 1; i < len; i++)
		if ((at[i] & 0xc0) != 0x80)
			return 0;
	/* The control characters above ASCII. */
	return at[0] == 0xc2 && at[1] < 0xa0 ? 0 : len;
}

/*
 * What comes from outside, such as a file's name, is part of one line of text: it
 * can't forge another one, nor move a terminal's cursor. Where the text is too long
 * its middle is left out: the device is at its beginning, the reason at its end.
 */
void error_line(char line[ERROR_TEXT], const char *text)
{
	char escaped[4 * ERROR_LONG];
	const size_t half = ERROR_TEXT / 2 - 4;
	size_t len = 0, bytes;

	while (*text) {
		bytes = character_length((const unsigned char *)text);
		if (bytes) {
			memcpy(escaped + len, text, bytes);
			len += bytes;
			text += bytes;
		} else {
			len += sprintf(escaped + len, "\\x%02x",
				       (unsigned char)*text++);
		}
	}
	escaped[len] = '\0';
	if (len < ERROR_TEXT)
		memcpy(line, escaped, len + 1);
	else
		snprintf(line, ERROR_TEXT, "%.*s ... %s", (int)half, escaped,
			 escaped + len - half);
}

static void note_place(void)
{
	last.message = texts.message;
	last.hint = texts.hint;
	last.backend = where.kind == NOWHERE ? "" : where.backend;
	last.device = texts.device;
	last.space = where.kind >= BAR ? where.access.space : BARIO_NONE;
	last.width = where.kind == ACCESS ? where.access.width : 0;
	last.offset = where.kind == ACCESS ? where.access.offset : 0;
	last.index = BARIO_NONE;
	texts.hint[0] = '\0';
	texts.device[0] = '\0';
	if (where.kind != NOWHERE)
		strcpy(texts.device, where.device);
}

/* @reason: what else to say, or NULL. */
static int note_error(int code, uint32_t cause, const char *reason,
		      const char *format, va_list args)
{
	char text[ERROR_LONG];
	size_t len;

	last.code = code;
	last.cause = cause;
	note_place();
	put_where(text, sizeof(text));
	len = strlen(text);
	vsnprintf(text + len, sizeof(text) - len, format, args);
	if (reason)
		put_text(text, sizeof(text), ": %s", reason);
	error_line(texts.message, text);
	return -code;
}

int fail(int code, uint32_t cause, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	note_error(code, cause, NULL, format, args);
	va_end(args);
	return -code;
}

int error_hint(int error, const char *format, ...)
{
	char text[ERROR_LONG];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	error_line(texts.hint, text);
	return error;
}

uint32_t error_cause(int code, bool of_access)
{
	size_t i;

	for (i = 0; i < COUNT(causes); i++)
		if (causes[i].code == code)
			return of_access ? causes[i].access : causes[i].call;
	return BARIO_CAUSE_SYSTEM;
}

int fail_system(const char *format, ...)
{
	const int code = errno;
	va_list args;

	va_start(args, format);
	note_error(code, error_cause(code, false), strerror(code), format, args);
	va_end(args);
	return -code;
}

void error_save(struct error_copy *copy)
{
	copy->error = *bario_last_error();
	strcpy(copy->texts.message, texts.message);
	strcpy(copy->texts.hint, texts.hint);
	strcpy(copy->texts.device, texts.device);
}

void error_restore(const struct error_copy *copy)
{
	last = copy->error;
	strcpy(texts.message, copy->texts.message);
	strcpy(texts.hint, copy->texts.hint);
	strcpy(texts.device, copy->texts.device);
}

int fail_memory(void)
{
	return fail(ENOMEM, BARIO_CAUSE_SYSTEM, "there is no memory left");
}

int error_at_index(int error, const char *array, size_t index, bool alone)
{
	char message[ERROR_TEXT];

	last.index = index;
	if (alone)
		return error;
	strcpy(message, texts.message);
	/* The end of a text that fills its place is the least of it. */
	snprintf(texts.message, sizeof(texts.message), "%s[%zu]: %.*s", array,
		 index, ERROR_TEXT - 40, message);
	return error;
}
