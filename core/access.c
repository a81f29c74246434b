// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#include "core.h"

#define FIRST_BAR_REG	0x10
#define REG_PORT	0x1	/* bit 0 */
#define REG_MEM_TYPE	0x7	/* bit 0 and the type of memory */
#define REG_MEM_64	0x4

unsigned int bario_bar_count(unsigned int hdr_type)
{
	switch (hdr_type) {
	case 0:
		return 6;
	case 1:
		return 2;
	case 2:
		return 1;
	default:
		return 0;
	}
}

int bario_bar_index(unsigned int hdr_type, int reg)
{
	unsigned int index;

	if (reg < FIRST_BAR_REG || reg % 4)
		return -EINVAL;
	index = (reg - FIRST_BAR_REG) / 4;
	return index < bario_bar_count(hdr_type) ? (int)index : -EINVAL;
}

enum bario_bar_kind bario_bar_decode(const uint32_t *regs, unsigned int index)
{
	unsigned int i = 0;

	/* Whether a register is an upper half depends on those before it. */
	while (i < index)
		i += (regs[i] & REG_MEM_TYPE) == REG_MEM_64 ? 2 : 1;
	if (i != index || !regs[index])
		return BARIO_BAR_NONE;
	return regs[index] & REG_PORT ? BARIO_BAR_PORT : BARIO_BAR_MEM;
}

int bario_check_access(const struct bario_bar *bar, int op, uint32_t width,
		       uint64_t offset)
{
	int ret = bario_check_args(op, width);

	if (ret)
		return ret;
	if (bar->kind == BARIO_BAR_NONE)
		return -EINVAL;
	if (!bar->assigned)
		return -ENXIO;
	return bario_check_place(bar, width, offset);
}

int bario_check_config(int reg, int width)
{
	if (width != 1 && width != 2 && width != 4)
		return -EINVAL;
	if (reg < 0 || reg % width)
		return -EINVAL;
	return 0;
}
