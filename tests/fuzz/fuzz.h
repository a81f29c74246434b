/* SPDX-License-Identifier: GPL-2.0 */
/* What a fuzz target has, and what it is judged by. */
#ifndef BARIO_FUZZ_H
#define BARIO_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* libFuzzer's entry point; driver.c calls it where there is no libFuzzer. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What the driver starts from; libFuzzer has its own ways. */
struct fuzz_seed {
	const void	*data;
	size_t		size;
};

extern const struct fuzz_seed fuzz_seeds[];	/* ends with a NULL */

#define must(condition)							\
	do {								\
		if (!(condition)) {					\
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__,	\
				__LINE__, #condition);			\
			abort();					\
		}							\
	} while (0)

#endif /* BARIO_FUZZ_H */
