/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* How people name a function. */
#ifndef BARIO_LIB_NAME_H
#define BARIO_LIB_NAME_H

#include "internal.h"

/* What bario_open() was asked for. */
struct target {
	const struct backend	*backend;	/* NULL: any */
	enum {
		TARGET_ADDRESS,
		TARGET_ID,
		TARGET_PATH,
		TARGET_FD,
	} kind;
	bool			has_address;	/* PATH, FD: after "@" */
	struct bario_address	address;
	uint16_t		vendor;
	uint16_t		device;
	long			index;		/* -1: the only one */
	int			fd;
	char			path[4096];
};

/* Takes a name apart. */
int target_parse(const char *name, struct target *target);

/* Fills in where the function with this ID is. */
int target_find(const struct backend *backend, struct target *target);

#endif /* BARIO_LIB_NAME_H */
