// SPDX-License-Identifier: GPL-2.0
#include "internal.h"

/*
 * A driver turns bus mastering on: no address of a client's may be left.
 * device_lock is held. To reset a bridge would reset all that is behind it.
 */
static int reset(struct pci_dev *pdev)
{
	struct pci_dev *bridge = pci_upstream_bridge(pdev);
	int ret;

	if (pdev->hdr_type != PCI_HEADER_TYPE_NORMAL)
		return -ENOTTY;
	/*
	 * The reset may be the bridge's doing. Who has the bridge now resets it
	 * himself, and may be waiting for our device_lock.
	 */
	if (bridge && !pci_cfg_access_trylock(bridge))
		return -EBUSY;
	pci_cfg_access_lock(pdev);
	ret = pci_reset_function_locked(pdev);
	pci_cfg_access_unlock(pdev);
	if (bridge)
		pci_cfg_access_unlock(bridge);
	return ret;
}

/**
 * bario_reset() - reset a function that clients have left something in
 * @function: the function, which nobody has a claim on; its device_lock is held
 *
 * Where it can't be reset the kernel log says so.
 */
void bario_reset(struct bario_function *function)
{
	struct pci_dev *pdev = function->pdev;
	bool written;

	mutex_lock(&function->lock);
	written = function->written;
	function->written = false;
	mutex_unlock(&function->lock);
	if (!written)
		return;
	if (!reset(pdev)) {
		pci_info(pdev, "bario: reset, since a client has written to it\n");
		return;
	}
	pci_warn(pdev, "bario: a client has written to it, and it can't be reset before its driver\n");
	mutex_lock(&function->lock);
	function->written = true;
	mutex_unlock(&function->lock);
}

/**
 * bario_reset_last() - the same when the module goes
 * @function: the function, which is gone for us
 *
 * Nobody will be here to reset it before its next driver.
 */
void bario_reset_last(struct bario_function *function)
{
	struct device *dev = &function->pdev->dev;

	device_lock(dev);
	if (device_is_registered(dev) && !dev->driver)
		bario_reset(function);
	else if (device_is_registered(dev) && function->written)
		pci_warn(function->pdev, "bario: a client has written to it, and it was not reset before its driver\n");
	device_unlock(dev);
}
