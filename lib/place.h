/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Places, inside the library. */
#ifndef BARIO_LIB_PLACE_H
#define BARIO_LIB_PLACE_H

#include "regmap.h"

/* Notes that a text is not a place, or not a value: -EINVAL, TEXT. */
int place_fail(const char *format, ...) PRINTS(1);

/*
 * Where the device has the capability that is called @name, "CAP_EXP" or
 * "CAP_VNDR@1", of which @len characters count. @dev may be NULL. Returns 0 or the
 * error.
 */
int place_capability(struct bario *dev, const char *name, size_t len,
		     uint32_t *offset);

/* bario_place_parse() of the name of a register or field. Returns 0 or the error. */
int place_by_name(struct bario *dev, const struct bario_regmap *map,
		  const char *text, uint32_t flags, struct bario_place *place);

/* A number, or the error. */
int place_number(const char *text, const char *what, uint64_t *number);

/*
 * The bits of a place that are cleared by writing 1. The place's offset counts from
 * @capability, or for NULL from the beginning of its space. @map may be NULL.
 */
uint64_t place_w1c(const struct bario_regmap *map,
		   const struct bario_place *place, const char *capability);

#endif /* BARIO_LIB_PLACE_H */
