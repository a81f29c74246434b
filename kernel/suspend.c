// SPDX-License-Identifier: GPL-2.0
/*
 * System suspend. When a function without a driver resumes, the PCI core may restore a
 * command register that it saved long ago, turns INTx on if the function is enabled,
 * and bus mastering if it was on when last saved. The node is a child of the function,
 * so its callbacks run before those of the function on suspend and after them on
 * resume, while tasks are frozen.
 */
#include <linux/pm.h>
#include "function.h"
#include "suspend.h"

static int suspend_call(struct device *dev, int (*act)(struct bario_function *))
{
	struct bario_function *function;
	int ret = 0;

	/* By minor: the function can be removed while its node is being suspended. */
	function = bario_function_by_minor(MINOR(dev->devt));
	if (!function)
		return 0;
	mutex_lock(&function->lock);
	if (!function->gone)
		ret = act(function);
	mutex_unlock(&function->lock);
	bario_function_put(function);
	return ret;
}

/* Returns 1 if there is nothing to do: a suspended function may stay suspended. */
static int sleep_prepare(struct bario_function *function)
{
	return !function->slot.quiet && !function->claimed;
}

static int sleep_begin(struct bario_function *function)
{
	u16 command;

	/* If it can't be read, neither is on. */
	if (pci_user_read_config_word(function->pdev, PCI_COMMAND, &command) ||
	    command == U16_MAX)
		command = PCI_COMMAND_INTX_DISABLE;
	function->slot.slept = command;
	return 0;
}

static int sleep_end(struct bario_function *function)
{
	struct bario_slot *slot = &function->slot;
	u16 clear = 0, set, old;

	bario_claims_recheck(function);
	if (function->driver_holds)
		return 0;
	set = bario_claims_decoding(function);
	/* Without claims, what the administrator has turned on stays on. */
	if (slot->quiet && (bario_claims_quiet(function) ||
			    !(slot->slept & PCI_COMMAND_MASTER)))
		clear |= PCI_COMMAND_MASTER;
	if (slot->quiet && (bario_claims_quiet(function) ||
			    (slot->slept & PCI_COMMAND_INTX_DISABLE)))
		set |= PCI_COMMAND_INTX_DISABLE;
	if ((clear || set) && bario_slot_command(function, clear, set, &old))
		pci_dbg(function->pdev, "bario: no answer after a suspend\n");
	return 0;
}

static int suspend_prepare(struct device *dev)
{
	return suspend_call(dev, sleep_prepare);
}

static int suspend_begin(struct device *dev)
{
	return suspend_call(dev, sleep_begin);
}

static int suspend_end(struct device *dev)
{
	return suspend_call(dev, sleep_end);
}

const struct dev_pm_ops bario_suspend_ops = {
	.prepare = suspend_prepare,
	SYSTEM_SLEEP_PM_OPS(suspend_begin, suspend_end)
};
