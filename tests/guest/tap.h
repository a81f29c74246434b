/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The test programs' output: TAP, one line for each promise, with what was
 * expected and what came where they differ. The count is shared with children,
 * so that a check may be made in a child as in the program itself.
 */
#ifndef BARIO_TAP_H
#define BARIO_TAP_H

#include <stdbool.h>
#include <stdint.h>

#define PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/* Is it so? */
bool ok(bool good, const char *name, ...) PRINTF(2, 3);

/* Are the two numbers equal? */
bool is(uint64_t got, uint64_t want, const char *name, ...) PRINTF(3, 4);

/* Are the two strings equal? */
bool is_str(const char *got, const char *want, const char *name, ...)
	PRINTF(3, 4);

/* Did a system call that returned @rc fail with @want (0: not fail)? */
bool is_errno(long rc, int want, const char *name, ...) PRINTF(3, 4);

/* What is not there to be tested; @why is for the one who reads it. */
void skip(const char *why, const char *name, ...) PRINTF(2, 3);

/* A line for whoever reads the output. */
void note(const char *format, ...) PRINTF(1, 2);

/* A precondition failed: nothing that follows would mean anything. */
void bail(const char *format, ...) PRINTF(1, 2) __attribute__((noreturn));

/* To call first, and last: the latter prints the plan; returns exit status. */
void tap_begin(void);
int tap_end(void);

/* "EINVAL" for EINVAL. */
const char *errno_name(int number);

#endif /* BARIO_TAP_H */
