/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Texts of lines and words, as people write them: descriptions of simulated
 * devices, register maps, scripts. "#" begins a comment. Errors name the file,
 * the line and the column.
 */
#ifndef BARIO_LIB_TEXT_H
#define BARIO_LIB_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Longest word, with its NUL. */
#define TEXT_WORD	256

/* What is wrong with a word. */
#define TEXT_MESSAGE	256

struct text {
	const char	*name;		/* what errors call it */
	const char	*next;		/* the line behind this one */
	const char	*begin;		/* this line */
	const char	*at;		/* where in it the next word may begin */
	unsigned int	line;		/* from 1; 0 after the last */
	unsigned int	column;		/* of the last word, from 1 */
	char		word[TEXT_WORD];
};

/* Begins with a text, which ends with a NUL and stays the caller's. */
void text_begin(struct text *text, const char *chars, const char *name);

/* On to the next line that has a word. Returns false after the last. */
bool text_line(struct text *text);

/*
 * The next word of the line, to text->word. Returns 1; 0 if there is none; or the
 * error of a word that is too long or has characters that are not printable.
 */
int text_word(struct text *text);

/* A word that must be there: @what it is. Returns 0 or the error. */
int text_need(struct text *text, const char *what);

/* A number that must be there: 0x1f, 31, with K, M or G behind it; at most @max. */
int text_number(struct text *text, const char *what, uint64_t max,
		uint64_t *number);

/* Nothing more may stand in the line. Returns 0 or the error. */
int text_end(struct text *text);

/*
 * A word as a number, or false. A leading zero is not accepted: setpci reads 010 as
 * 16, C as 8, and others as 10.
 */
bool text_to_number(const char *word, uint64_t *number);

/*
 * Explains why @word is not accepted as the number @what. Returns true if it has a
 * leading zero, and false if it is not a number at all.
 */
bool text_not_number(const char *word, const char *what,
		     char message[TEXT_MESSAGE]);

/* Notes the error, where the last word is. Returns -EINVAL. */
int text_fail(const struct text *text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * A whole file, or standard input for "-", with a NUL behind it, that the caller
 * frees. Not more than 16 MB,
 * and with no NUL inside. Returns 0 or the error.
 */
int text_load(const char *path, char **chars);

#endif /* BARIO_LIB_TEXT_H */
