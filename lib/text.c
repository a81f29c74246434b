// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Texts of lines and words, as people write them. */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include "internal.h"
#include "text.h"

#define FILE_MAX	(16 << 20)

void text_begin(struct text *text, const char *chars, const char *name)
{
	*text = (struct text){
		.name = name, .next = chars, .begin = chars, .at = chars,
		.column = 1,
	};
}

/* Behind blanks; at the end of the line's words if there is none. */
static const char *skip_blanks(const char *at)
{
	while (*at == ' ' || *at == '\t' || *at == '\r')
		at++;
	return at;
}

static bool at_end(const char *at)
{
	return !*at || *at == '\n' || *at == '#';
}

bool text_line(struct text *text)
{
	while (*text->next) {
		text->begin = text->next;
		text->at = text->next;
		text->line++;
		text->next += strcspn(text->next, "\n");
		if (*text->next)
			text->next++;
		if (!at_end(skip_blanks(text->at)))
			return true;
	}
	/* What is wrong now is wrong with the whole text. */
	text->line = 0;
	return false;
}

int text_word(struct text *text)
{
	const char *at = skip_blanks(text->at);
	size_t len = 0;

	text->column = at - text->begin + 1;
	text->word[0] = '\0';
	for (; !at_end(at) && *at != ' ' && *at != '\t' && *at != '\r'; at++) {
		if (!isprint((unsigned char)*at))
			return text_fail(text, "there is a character of code %d in this word",
					 (unsigned char)*at);
		if (len == sizeof(text->word) - 1)
			return text_fail(text, "this word is longer than %zu characters",
					 len);
		text->word[len++] = *at;
	}
	text->word[len] = '\0';
	text->at = at;
	return len > 0;
}

int text_need(struct text *text, const char *what)
{
	const int got = text_word(text);

	if (got < 0)
		return got;
	return got ? 0 : text_fail(text, "%s is missing", what);
}

/* People read 010 as octal, hexadecimal or decimal. */
static bool is_ambiguous(const char *word)
{
	const size_t digits = strspn(word, "0123456789");

	return word[0] == '0' && digits > 1 &&
		(!word[digits] || (strchr("KMG", word[digits]) && !word[digits + 1]));
}

bool text_to_number(const char *word, uint64_t *number)
{
	const bool hex = word[0] == '0' && (word[1] == 'x' || word[1] == 'X');
	unsigned int base = hex ? 16 : 10, digit, shift = 0;
	const char *at = hex ? word + 2 : word, *first = at;
	uint64_t value = 0;

	if (is_ambiguous(word))
		return false;
	for (; isxdigit((unsigned char)*at); at++) {
		digit = isdigit((unsigned char)*at) ? *at - '0' :
			tolower((unsigned char)*at) - 'a' + 10;
		if (digit >= base || value > (UINT64_MAX - digit) / base)
			return false;
		value = value * base + digit;
	}
	if (at == first)
		return false;
	if (*at == 'K')
		shift = 10;
	else if (*at == 'M')
		shift = 20;
	else if (*at == 'G')
		shift = 30;
	if (shift)
		at++;
	if (*at || value > UINT64_MAX >> shift)
		return false;
	*number = value << shift;
	return true;
}

bool text_not_number(const char *word, const char *what,
		     char message[TEXT_MESSAGE])
{
	const char *rest = word;

	if (!is_ambiguous(word)) {
		snprintf(message, TEXT_MESSAGE,
			 "'%.100s' is not a number for %s, as 0x1f, 31 or 4K is",
			 word, what);
		return false;
	}
	/* The last zero of 00 stays. */
	while (rest[0] == '0' && isdigit((unsigned char)rest[1]))
		rest++;
	snprintf(message, TEXT_MESSAGE,
		 "%s '%.40s' is ambiguous: 0x%.40s or %.40s?", what, word, rest,
		 rest);
	return true;
}

int text_number(struct text *text, const char *what, uint64_t max,
		uint64_t *number)
{
	const int error = text_need(text, what);
	char message[TEXT_MESSAGE];

	if (error)
		return error;
	if (!text_to_number(text->word, number)) {
		text_not_number(text->word, what, message);
		return text_fail(text, "%s", message);
	}
	if (*number > max)
		return text_fail(text, "%s is at most %#llx", what,
				 (unsigned long long)max);
	return 0;
}

int text_end(struct text *text)
{
	const int got = text_word(text);

	if (got < 0)
		return got;
	return got ? text_fail(text, "'%s' is one word too many", text->word) : 0;
}

int text_fail(const struct text *text, const char *format, ...)
{
	char message[TEXT_MESSAGE + 256];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	error_at_nothing();
	if (!text->line)
		return fail(EINVAL, BARIO_CAUSE_TEXT, "%s: %s", text->name,
			    message);
	return fail(EINVAL, BARIO_CAUSE_TEXT, "%s:%u:%u: %s", text->name,
		    text->line, text->column, message);
}

int text_load(const char *path, char **chars)
{
	FILE *file = strcmp(path, "-") ? fopen(path, "re") : stdin;
	char *all = NULL, *more;
	size_t len = 0, size = 0, got;
	int error = 0;

	error_at_nothing();
	if (!file)
		return fail_system("%s", path);
	do {
		if (size - len < 2) {
			size = size ? 2 * size : 4096;
			more = size <= 2 * FILE_MAX ? realloc(all, size) : NULL;
			if (!more) {
				error = fail(EFBIG, BARIO_CAUSE_TEXT,
					     "%s: more than %d bytes", path,
					     FILE_MAX);
				break;
			}
			all = more;
		}
		got = fread(all + len, 1, size - len - 1, file);
		len += got;
	} while (got);
	if (!error && ferror(file))
		error = fail_system("%s", path);
	fclose(file);
	if (!error && memchr(all, '\0', len))
		error = fail(EINVAL, BARIO_CAUSE_TEXT,
			     "%s: it contains a NUL, so it is not a text", path);
	if (error) {
		free(all);
		return error;
	}
	all[len] = '\0';
	*chars = all;
	return 0;
}
