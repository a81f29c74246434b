/* SPDX-License-Identifier: GPL-2.0 */
/* What the library's tests share. */
#ifndef BARIO_TESTS_LIB_CHECK_H
#define BARIO_TESTS_LIB_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "bario.h"

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))

/* The call fails with this errno, for this cause. */
#define assert_fails(call, number, why)					\
	do {								\
		assert_int_equal(call, -(number));			\
		assert_int_equal(bario_error()->code, number);		\
		assert_string_equal(bario_cause_name(bario_error()->cause),	\
				    bario_cause_name(why));		\
	} while (0)

#define assert_message(text)	assert_string_equal(bario_error()->message, text)

/* A device of this description, or the test fails. */
static inline struct bario *make(const char *text)
{
	struct bario *dev = NULL;
	const int error = bario_open_sim(text, "text", &dev);

	if (error)
		fail_msg("%s", bario_error()->message);
	return dev;
}

static inline uint64_t get(struct bario *dev, unsigned int bar, uint64_t offset,
			   unsigned int width)
{
	uint64_t value = 0xdeadbeefdeadbeef;

	if (bario_read(dev, bar, offset, width, &value))
		fail_msg("%s", bario_error()->message);
	return value;
}

static inline void put(struct bario *dev, unsigned int bar, uint64_t offset,
		       unsigned int width, uint64_t value)
{
	if (bario_write(dev, bar, offset, width, value))
		fail_msg("%s", bario_error()->message);
}

#endif /* BARIO_TESTS_LIB_CHECK_H */
