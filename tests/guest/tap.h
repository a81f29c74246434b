/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The test programs' output: TAP, one line for each promise, and after a failure
 * what was expected and what was found. The counters are shared with children, so
 * a child can make a test as well.
 *
 * A test's name is "SUBJECT: NAME", and ends with the errno that is expected, if
 * any: "edu: PCIOCBARMMAP: FIXED and EXCL over a mapping: EEXIST".
 */
#ifndef BARIO_TAP_H
#define BARIO_TAP_H

#include <stdbool.h>
#include <stdint.h>

#define PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/* What the tests that follow are about: the first part of their names. */
void about(const char *subject, ...) PRINTF(1, 2);

/* Does that name @what, such as a request? */
bool is_about(const char *what);

/* Is @good true? */
bool ok(bool good, const char *name, ...) PRINTF(2, 3);

/* Are the two numbers equal? */
bool is(uint64_t got, uint64_t want, const char *name, ...) PRINTF(3, 4);

/* Are the two strings equal? */
bool is_str(const char *got, const char *want, const char *name, ...)
	PRINTF(3, 4);

/* Did a system call that returned @rc fail with @want (0: not fail)? */
bool is_errno(long rc, int want, const char *name, ...) PRINTF(3, 4);

/* Is @got, an errno or 0, @want? */
bool errno_is(int got, int want, const char *name, ...) PRINTF(3, 4);

/* A test that this machine cannot make; @why says what it lacks. */
void skip(const char *why, const char *name, ...) PRINTF(2, 3);

/* A comment in the output. */
void note(const char *format, ...) PRINTF(1, 2);

/* A precondition failed, so the tests that follow would be meaningless. */
void bail(const char *format, ...) PRINTF(1, 2) __attribute__((noreturn));

/* The first call, and the last, which prints the plan and returns the exit status. */
void tap_begin(void);
int tap_end(void);

/* "EINVAL" for EINVAL. */
const char *errno_name(int number);

#endif /* BARIO_TAP_H */
