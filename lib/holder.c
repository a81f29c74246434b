// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Finds the holder of a BAR: from the back end, or from outside. */
#include "internal.h"

int check_holder(struct bario *dev, const struct bario_info *info,
		 unsigned int bar)
{
	struct bario_held held = { 0 };
	const int error = dev->backend->holder(dev, info, bar, &held);

	if (error)
		return error;
	if (held.by == BARIO_HELD_DRIVER && held.name[0])
		return fail_driver(dev, held.name);
	return held.by == BARIO_HELD_DRIVER || held.by == BARIO_HELD_OTHER ?
		fail_claimed(&held) : 0;
}

BARIO_API int bario_get_holder(struct bario *dev, uint32_t bar,
			       struct bario_held *held, size_t size)
{
	struct bario_held found = { 0 };
	struct bario_info info;
	int error;

	error_at_bar(dev, bar);
	error = check_size(size);
	if (error)
		return error;
	if (bar >= BARIO_BARS_MAX)
		return fail(EINVAL, BARIO_CAUSE_BAR, "a BAR is 0 to 5");
	error = dev->backend->info(dev, &info);
	if (!error && !info.bars[bar].kind)
		error = fail(EINVAL, BARIO_CAUSE_BAR,
			     "the function has no such BAR");
	if (!error)
		error = dev->backend->holder(dev, &info, bar, &found);
	if (!error)
		copy_out(held, size, &found, sizeof(found));
	return error;
}
