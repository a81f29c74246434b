/* SPDX-License-Identifier: GPL-2.0 */
/* What unit tests and fuzz targets share. */
#ifndef BARIO_RANDOM_H
#define BARIO_RANDOM_H

#include <stdint.h>

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))

/* The same numbers in each run, so that what fails once fails again. */
static inline uint64_t rnd(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * 0x2545f4914f6cdd1dull;
}

static inline uint32_t rnd_below(uint64_t *state, uint32_t end)
{
	return (rnd(state) >> 32) % end;
}

#endif /* BARIO_RANDOM_H */
