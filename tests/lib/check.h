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
		assert_int_equal(bario_last_error()->code, number);		\
		assert_string_equal(bario_cause_name(bario_last_error()->cause),	\
				    bario_cause_name(why));		\
	} while (0)

#define assert_message(text)	assert_string_equal(bario_last_error()->message, text)

/* The mapping is refused with this errno, for this cause. */
#define assert_not_mapped(mapping, number, why)				\
	do {								\
		assert_null(mapping);					\
		assert_fails(-bario_last_error()->code, number, why);	\
	} while (0)

/* A device of this description, or the test fails. */
static inline struct bario *make(const char *text)
{
	struct bario *dev = NULL;
	const int error = bario_open_sim(text, "text", BARIO_OPEN_CONFIG, &dev);

	if (error)
		fail_msg("%s", bario_last_error()->message);
	return dev;
}

static inline uint64_t get(struct bario *dev, unsigned int bar, uint64_t offset,
			   unsigned int width)
{
	uint64_t value = 0xdeadbeefdeadbeef;

	if (bario_read(dev, bar, offset, width, &value))
		fail_msg("%s", bario_last_error()->message);
	return value;
}

static inline void put(struct bario *dev, unsigned int bar, uint64_t offset,
		       unsigned int width, uint64_t value)
{
	if (bario_write(dev, bar, offset, width, value))
		fail_msg("%s", bario_last_error()->message);
}

/* The record of a simulated device, until the next call; NULL if it is empty. */
static inline const struct bario_access *recorded(struct bario *dev, size_t *count)
{
	static struct bario_access all[4096];

	assert_int_equal(bario_sim_record(dev, all, COUNT(all), count), 0);
	assert_true(*count <= COUNT(all));
	return *count ? all : NULL;
}

#endif /* BARIO_TESTS_LIB_CHECK_H */
