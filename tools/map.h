/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Register maps: names for places and for bits. bario-map(5) has their format. */
#ifndef BARIO_TOOL_MAP_H
#define BARIO_TOOL_MAP_H

#include "tool.h"

#define MAP_NAME	65	/* longest name, with its NUL */
#define CONFIG_SIZE	4096u	/* no function has more configuration space */

/* A value of a field that has a name. */
struct map_value {
	struct map_value	*next;
	uint64_t		number;
	char			name[MAP_NAME];
};

/* Some bits of a register. */
struct field {
	struct field		*next;
	char			name[MAP_NAME];
	unsigned int		low, high;
	struct map_value	*values;
};

#define REG_READ	BARIO_RIGHT_READ	/* has a meaning when read */
#define REG_WRITE	BARIO_RIGHT_WRITE	/* has one when written */
#define REG_SIDE	0x8	/* reading it changes something */

#define ANY_HEADER	(-1)

/**
 * struct reg - a register, or @count of them, @stride bytes apart
 * @w1c: bits that are cleared by writing 1, and left alone by writing 0
 * @header: the header type of the functions that have it, or ANY_HEADER
 * @capability: what @offset counts from, such as "CAP_EXP"; "": the space's beginning
 */
struct reg {
	struct reg		*next;
	char			name[MAP_NAME];
	unsigned int		bar, width, flags;
	uint64_t		offset;
	uint64_t		count, stride;
	uint64_t		w1c;
	int			header;
	char			capability[MAP_NAME];
	struct field		*fields;
};

/**
 * struct map - the registers of a device
 * @dev: where capabilities are looked for
 * @header: its header type
 */
struct map {
	struct bario	*dev;
	int		header;
	struct reg	*regs;
};

/**
 * map_for() - the map for a device
 * @dev: the device, which the map uses
 * @path: a file, or NULL: the one of those inside this program that fits
 *
 * Ends the program for a file that can't be read, is no map, or is for other devices.
 *
 * Return: the map, or NULL if none fits.
 */
struct map *map_for(struct bario *dev, const char *path);

/* The map of configuration space, which all devices have. */
struct map *map_config(struct bario *dev);

void map_free(struct map *map);

/*
 * The place of "NAME", "NAME[INDEX]" or either with ".FIELD". If there is none: false,
 * and in *why the reason, or NULL where the map does not have the name. Ends the
 * program if the device does not have the register's capability.
 */
bool map_find(const struct map *map, const char *name, struct place *place,
	      const char **why);

/*
 * The name of a place, if it is just a register's: "NAME" or "NAME[INDEX]". Of several
 * registers there, one that can be read, or for @write written, comes first. @map may
 * be NULL: no names.
 */
#define WHERE_TEXT	(MAP_NAME + 24)
bool map_name(const struct map *map, const struct place *place, bool write,
	      char text[WHERE_TEXT]);

/* Would a read there change something, or is there nothing that can be read? */
bool map_unsafe(const struct map *map, const struct place *place);

/*
 * The bits of a place that are cleared by writing 1. The place's offset counts from
 * @capability, or for NULL from the beginning of its space. @map may be NULL.
 */
uint64_t map_w1c(const struct map *map, const struct place *place,
		 const char *capability);

/* The value of a field. */
uint64_t field_value(const struct field *field, uint64_t value);

/* Its name, or NULL. */
const char *field_value_name(const struct field *field, uint64_t value);

/* ---- made from maps/ by the Makefile ---- */
extern const struct map_text {
	const char	*name;
	const char	*chars;
} map_texts[];
extern const size_t map_text_count;

#endif /* BARIO_TOOL_MAP_H */
