/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The checks on an access once more, as the table in the design has them: one
 * line for each row, and whole numbers that cannot wrap.
 */
#ifndef BARIO_ACCESS_MODEL_H
#define BARIO_ACCESS_MODEL_H

#include "core.h"

__extension__ typedef unsigned __int128 wide;

#if defined(__x86_64__) || defined(__i386__)
#define MODEL_X86	1
#else
#define MODEL_X86	0
#endif

static inline int model_access(const struct bario_bar *bar, int op,
			       uint32_t width, uint64_t offset)
{
	const bool port = bar->kind == BARIO_BAR_PORT;
	const bool power = width == 1 || width == 2 || width == 4 || width == 8;
	const struct {
		bool	fault;
		int	error;
	} rows[] = {
		{ !(op == 1 || op == 2), -EINVAL },
		{ !power, -EINVAL },
		{ bar->kind == BARIO_BAR_NONE, -EINVAL },
		{ !bar->assigned, -ENXIO },
		{ width == 8 && port, -EINVAL },
		{ (wide)offset + width > bar->size, -EINVAL },
		{ power && (wide)offset / width * width != offset &&
		  !(port && MODEL_X86), -EINVAL },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].fault)
			return rows[i].error;
	return 0;
}

/* Walks all registers from the first on, as sizing BARs does. */
static inline enum bario_bar_kind
model_kind(const uint32_t regs[BARIO_BARS], unsigned int count,
	   unsigned int index)
{
	bool upper = false;
	unsigned int i;

	for (i = 0; i < count; i++) {
		bool this_is_upper = upper;

		upper = !upper && !(regs[i] & 1) && (regs[i] & 6) == 4;
		if (i != index)
			continue;
		if (this_is_upper || regs[i] == 0)
			return BARIO_BAR_NONE;
		return (regs[i] & 1) ? BARIO_BAR_PORT : BARIO_BAR_MEM;
	}
	return BARIO_BAR_NONE;
}

#endif /* BARIO_ACCESS_MODEL_H */
