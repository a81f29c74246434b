/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Register maps, inside the library: what is public of a register, field or value
 * is its first member, and so one pointer is both.
 */
#ifndef BARIO_LIB_REGMAP_H
#define BARIO_LIB_REGMAP_H

#include "internal.h"
#include "text.h"

#define REGMAP_NAME	65	/* longest name, with its NUL */
#define CONFIG_MAX	4096u	/* no function has more configuration space */

struct regmap_value {
	struct bario_field_value	value;
	struct regmap_value		*next;
	char				name[REGMAP_NAME];
};

struct regmap_field {
	struct bario_field		field;
	struct regmap_field		*next;
	struct regmap_value		*values;
	char				name[REGMAP_NAME];
};

struct regmap_reg {
	struct bario_reg		reg;
	struct regmap_reg		*next;
	struct regmap_field		*fields;
	char				name[REGMAP_NAME];
	char				capability[REGMAP_NAME];
};

/**
 * struct bario_regmap - a map
 * @name: of its file; "" for the empty map
 * @header: header type of the device
 * @regs: its registers
 * @config: the map of configuration space, where this is another one: its bits that
 *	are cleared by writing 1 count as well
 */
struct bario_regmap {
	char			*name;
	int			header;
	struct regmap_reg	*regs;
	struct bario_regmap	*config;
};

/* ---- regmapfile.c ---- */

/* What the lines "device" and "class" of a map say. */
struct regmap_match {
	bool	chosen;		/* there is such a line */
	bool	fits;		/* one is about this device */
};

/*
 * Adds the registers of a text, for a device with this @info, to a map that has
 * none. Returns 0 or the error, and then the map may have some of them.
 */
int regmap_parse(struct bario_regmap *map, const char *chars, const char *name,
		 const struct bario_info *info, struct regmap_match *match);

/* All bits of a register of that width; none for a width that is not one. */
static inline uint64_t width_bits(unsigned int width)
{
	return width && width <= 8 ? UINT64_MAX >> (64 - 8 * width) : 0;
}

/* ---- made from maps/ by the Makefile ---- */
extern const struct regmap_text {
	const char	*name;
	const char	*chars;
} regmap_texts[];
extern const size_t regmap_text_count;

#endif /* BARIO_LIB_REGMAP_H */
