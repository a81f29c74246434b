// SPDX-License-Identifier: GPL-2.0
#include <linux/delay.h>
#include "function.h"
#include "slot.h"

/**
 * bario_slot_guard() - keep resets, and writers in user space, out of
 *	configuration space
 * @function: the function; none of its configuration space's locks is held
 *
 * Whoever finds it locked under slot.guard finds somebody else's lock: one of
 * a reset, as a rule.
 *
 * Return: whether they are kept out; false: one of them was first.
 */
bool bario_slot_guard(struct bario_function *function)
{
	spin_lock(&function->slot.guard);
	if (pci_cfg_access_trylock(function->pdev)) {
		/* For sparse, which does not follow a result. */
		__release(&function->slot.guard);
		return true;
	}
	spin_unlock(&function->slot.guard);
	return false;
}

/**
 * bario_slot_unguard() - let them in again
 * @function: the function, that bario_slot_guard() has guarded
 */
void bario_slot_unguard(struct bario_function *function)
{
	__acquire(&function->slot.guard);
	pci_cfg_access_unlock(function->pdev);
	spin_unlock(&function->slot.guard);
}

/**
 * bario_slot_command() - change bits of the command register
 * @function: the function; function->lock is held
 * @clear: bits to clear
 * @set: bits to set
 * @old: out: what the register was
 *
 * A register that has these bits already is not written.
 *
 * Return: 0 or -EIO: the function does not respond.
 */
int bario_slot_command(struct bario_function *function, u16 clear, u16 set,
		       u16 *old)
{
	struct pci_dev *pdev = function->pdev;
	u16 command;
	int ret;

	/* A read in user space's way waits until a reset has ended. */
	while (!bario_slot_guard(function))
		pci_user_read_config_word(pdev, PCI_COMMAND, &command);
	ret = pci_read_config_word(pdev, PCI_COMMAND, &command);
	if (!ret && command == U16_MAX)
		ret = -EIO;
	if (!ret && ((command & ~clear) | set) != command)
		ret = pci_write_config_word(pdev, PCI_COMMAND,
					    (command & ~clear) | set);
	/* Otherwise the PCI core sets it again when the system resumes. */
	if (!ret && (clear & PCI_COMMAND_MASTER))
		pci_clear_master(pdev);
	bario_slot_unguard(function);
	*old = command;
	return ret ? -EIO : 0;
}

/*
 * Bridges stay enabled, as after any driver. One that can't be enabled as a
 * whole may still pass on what this function decodes; it is not tried again,
 * for the PCI core puts a failure in the log.
 */
static void bridge_enable(struct bario_function *function)
{
	struct pci_dev *bridge = pci_upstream_bridge(function->pdev);

	if (bridge && !function->slot.bridge_tried &&
	    !pci_is_enabled(bridge) && pci_enable_device(bridge))
		function->slot.bridge_tried = true;
}

static bool low_power(pci_power_t state)
{
	return state == PCI_D1 || state == PCI_D2 || state == PCI_D3hot;
}

/*
 * What the function says, not the PCI core, which does not see what others
 * write to the register. PCI_UNKNOWN: there is none, or nobody answers.
 */
static pci_power_t power_state(struct pci_dev *pdev)
{
	u16 pm;

	if (!pdev->pm_cap ||
	    pci_user_read_config_word(pdev, pdev->pm_cap + PCI_PM_CTRL, &pm) ||
	    pm == U16_MAX)
		return PCI_UNKNOWN;
	return (__force pci_power_t)(pm & PCI_PM_CTRL_STATE_MASK);
}

/**
 * bario_slot_note_power() - before the first claim, and before the function is
 *	resumed for it: what to return to
 * @function: the function; function->lock is held
 */
void bario_slot_note_power(struct bario_function *function)
{
	struct bario_slot *slot = &function->slot;

	slot->power = power_state(function->pdev);
	slot->enabled = pci_is_enabled(function->pdev);
	if (pci_user_read_config_word(function->pdev, PCI_COMMAND,
				      &slot->command) ||
	    slot->command == U16_MAX)
		slot->command = 0;
}

/**
 * bario_slot_power_on() - before the first claim: power, and a way to it
 * @function: the function; function->lock is held
 *
 * Return: 0 or -EIO.
 */
int bario_slot_power_on(struct bario_function *function)
{
	struct bario_slot *slot = &function->slot;
	struct pci_dev *pdev = function->pdev;
	pci_power_t state = power_state(pdev);
	u16 command;

	/* Asked for D0, what does not answer makes the PCI core complain. */
	if (pci_user_read_config_word(pdev, PCI_COMMAND, &command) ||
	    command == U16_MAX)
		return -EIO;
	/* What the PCI core takes to be in D0 it does not wake. */
	if (low_power(state) && pdev->current_state == PCI_D0)
		pci_set_power_state(pdev, state);
	pci_set_power_state(pdev, PCI_D0);
	if (!bario_slot_awake(pdev) || low_power(power_state(pdev)))
		return -EIO;
	/* Leaving D3hot resets most functions. */
	if (low_power(slot->power) &&
	    bario_slot_command(function, 0, slot->command &
			   (PCI_COMMAND_IO | PCI_COMMAND_MEMORY), &command))
		return -EIO;
	bridge_enable(function);
	return 0;
}

/**
 * bario_slot_decode() - turn on decoding for a claim
 * @function: the function; function->lock is held
 * @kind: of the BAR
 *
 * Return: 0 or -EIO.
 */
int bario_slot_decode(struct bario_function *function,
		      enum bario_bar_kind kind)
{
	u16 bit = bario_decode_bit(kind);
	u16 old;
	int ret;

	ret = bario_slot_command(function, 0, bit, &old);
	if (ret)
		return ret;
	/* What is behind a bridge may come to count on it: that stays on. */
	if (function->pdev->hdr_type == PCI_HEADER_TYPE_NORMAL)
		function->slot.decoding |= bit & ~old;
	return 0;
}

/**
 * bario_slot_quiesce() - for the claim of a file that may not turn bus
 *	mastering on
 * @function: the function; function->lock is held
 *
 * Such a file may not let the device reach memory either, not even through
 * addresses that others left there. Nor may it pull an interrupt line that
 * other devices share: nobody here would answer, and the kernel would turn the
 * line off for all. The next driver's pci_enable_device() allows it again. On a
 * bridge the bits are about what is behind it, which is not this file's.
 *
 * Return: 0 or -EIO.
 */
int bario_slot_quiesce(struct bario_function *function)
{
	u16 old;

	if (function->pdev->hdr_type != PCI_HEADER_TYPE_NORMAL)
		return 0;
	function->slot.quiet = true;
	return bario_slot_command(function, PCI_COMMAND_MASTER,
			      PCI_COMMAND_INTX_DISABLE, &old);
}

/**
 * bario_slot_restore() - after the last claim: as it was, except for bus
 *	mastering and INTx
 * @function: the function; function->lock is held
 */
void bario_slot_restore(struct bario_function *function)
{
	struct bario_slot *slot = &function->slot;
	struct pci_dev *pdev = function->pdev;
	bool relied_on = pci_is_enabled(pdev) && !slot->enabled;
	u16 old;

	/*
	 * Anyone who has enabled the function meanwhile found it awake and
	 * decoding, and relies on that. On an error there is nothing left to
	 * restore.
	 */
	if (slot->decoding && !relied_on)
		bario_slot_command(function, slot->decoding, 0, &old);
	slot->decoding = 0;
	if (low_power(slot->power) && !relied_on)
		pci_set_power_state(pdev, slot->power);
}

/*
 * Who resets the bridge may be waiting for our device_lock, so it is not waited
 * for without an end. All others, and resets of what is beside us, are soon done.
 */
static bool bridge_lock(struct pci_dev *bridge)
{
	unsigned int tries;

	for (tries = 50; !pci_cfg_access_trylock(bridge); tries--) {
		if (!tries)
			return false;
		msleep(20);
	}
	return true;
}

/*
 * A driver turns bus mastering on: no address of a client's may be left.
 * device_lock is held. To reset a bridge would reset all that is behind it.
 */
static int function_reset(struct pci_dev *pdev)
{
	struct pci_dev *bridge = pci_upstream_bridge(pdev);
	int ret;

	if (pdev->hdr_type != PCI_HEADER_TYPE_NORMAL)
		return -ENOTTY;
	/* The reset may be the bridge's doing. */
	if (bridge && !bridge_lock(bridge))
		return -EBUSY;
	pci_cfg_access_lock(pdev);
	ret = pci_reset_function_locked(pdev);
	pci_cfg_access_unlock(pdev);
	if (bridge)
		pci_cfg_access_unlock(bridge);
	return ret;
}

/**
 * bario_slot_reset() - reset a function that clients have left something in
 * @function: the function, which nobody has a claim on; its device_lock is held
 *
 * Where it can't be reset the kernel log says so.
 */
void bario_slot_reset(struct bario_function *function)
{
	struct pci_dev *pdev = function->pdev;
	bool needs_reset;

	mutex_lock(&function->lock);
	needs_reset = function->slot.needs_reset;
	function->slot.needs_reset = false;
	mutex_unlock(&function->lock);
	if (!needs_reset)
		return;
	if (!function_reset(pdev)) {
		pci_info(pdev, "bario: reset, since a client has written to it\n");
		return;
	}
	pci_warn(pdev, "bario: a client has written to it, and it can't be reset before its driver\n");
	mutex_lock(&function->lock);
	function->slot.needs_reset = true;
	mutex_unlock(&function->lock);
}

/**
 * bario_slot_reset_last() - the same when the module goes
 * @function: the function, which is gone for us
 *
 * Nobody will be here to reset it before its next driver.
 */
void bario_slot_reset_last(struct bario_function *function)
{
	struct device *dev = &function->pdev->dev;

	/* A probe that hangs holds device_lock, and has had its reset before. */
	if (!function->slot.needs_reset)
		return;
	device_lock(dev);
	if (device_is_registered(dev) && !dev->driver)
		bario_slot_reset(function);
	else if (device_is_registered(dev))
		pci_warn(function->pdev, "bario: a client has written to it, and it was not reset before its driver\n");
	device_unlock(dev);
}
