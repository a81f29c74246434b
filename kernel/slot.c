// SPDX-License-Identifier: GPL-2.0
#include <linux/delay.h>
#include "function.h"
#include "slot.h"

/**
 * bario_slot_guard() - keep resets, and writers in user space, out of
 *	configuration space
 * @function: the function; none of its configuration space's locks is held
 *
 * If configuration access is locked although slot.guard is free, someone else holds
 * the lock, so a reset is usually in progress.
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
 * bario_slot_unguard() - admit resets and writers again
 * @function: the function that bario_slot_guard() has guarded
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

	/* The user-space accessor waits until a reset has ended. */
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
 * Bridges stay enabled, as after any driver. One that can't be enabled as a whole may
 * still forward what this function decodes; it is tried only once, because the PCI
 * core logs a failure.
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
 * The state that the function reports: the PCI core does not notice if others write to
 * the register. PCI_UNKNOWN: there is no such register, or no response.
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
 * bario_slot_note_power() - note the state to return to, before the function is
 *	resumed for its first claim
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
 * bario_slot_power_on() - turn the function, and the path to it, on for its first
 *	claim
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

	/* If it does not respond, pci_set_power_state() would log an error. */
	if (pci_user_read_config_word(pdev, PCI_COMMAND, &command) ||
	    command == U16_MAX)
		return -EIO;
	/* The PCI core does nothing if it believes that the function is in D0. */
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
	/* On a bridge it stays on: devices below may come to rely on it. */
	if (function->pdev->hdr_type == PCI_HEADER_TYPE_NORMAL)
		function->slot.decoding |= bit & ~old;
	return 0;
}

/**
 * bario_slot_quiesce() - turn bus mastering and INTx off, for a file that may not
 *	turn bus mastering on
 * @function: the function; function->lock is held
 *
 * Such a file may not let the device reach memory either, not even through addresses
 * that others left there. Nor may the device assert an interrupt line that it shares
 * with others: no handler would acknowledge it, and the kernel would disable the line
 * for all. The next driver's pci_enable_device() allows INTx again. The bits of a
 * bridge concern the devices below it, which this file has no rights to.
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
 * bario_slot_restore() - after the last claim, restore everything except bus
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
	 * If the function was enabled meanwhile, its user found it powered and
	 * decoding, and relies on that. After an error nothing is left to
	 * restore.
	 */
	if (slot->decoding && !relied_on)
		bario_slot_command(function, slot->decoding, 0, &old);
	slot->decoding = 0;
	if (low_power(slot->power) && !relied_on)
		pci_set_power_state(pdev, slot->power);
}

/*
 * A reset of the bridge may be waiting for our device_lock, so the wait has to end. All
 * other holders of this lock release it soon.
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
 * A driver is about to turn bus mastering on, so no address that a client wrote may be
 * left. device_lock is held. Resetting a bridge would reset all devices below it.
 */
static int function_reset(struct pci_dev *pdev)
{
	struct pci_dev *bridge = pci_upstream_bridge(pdev);
	int ret;

	if (pdev->hdr_type != PCI_HEADER_TYPE_NORMAL)
		return -ENOTTY;
	/* The bridge may have to perform the reset. */
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
 * bario_slot_reset() - reset a function if clients have written to it
 * @function: the function, which has no claims; its device_lock is held
 *
 * If it can't be reset, the kernel log says so.
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
 * bario_slot_reset_last() - the same when the module is unloaded
 * @function: the function, which has been removed from the list
 *
 * After that, bario can't reset it before its next driver.
 */
void bario_slot_reset_last(struct bario_function *function)
{
	struct device *dev = &function->pdev->dev;

	/* A probe that hangs holds device_lock; its function was reset before it. */
	if (!function->slot.needs_reset)
		return;
	device_lock(dev);
	if (device_is_registered(dev) && !dev->driver)
		bario_slot_reset(function);
	else if (device_is_registered(dev))
		pci_warn(function->pdev, "bario: a client has written to it, and it was not reset before its driver\n");
	device_unlock(dev);
}
