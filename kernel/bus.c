// SPDX-License-Identifier: GPL-2.0
/* Functions and drivers that come and go, as the PCI bus reports them. */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include "bar.h"
#include "bus.h"
#include "config.h"
#include "debt.h"
#include "grant.h"
#include "node.h"
#include "vpd.h"

static char *stubs[8] = { "pci-stub", "vfio-pci" };
static int num_stubs = 2;
module_param_array(stubs, charp, &num_stubs, 0444);
MODULE_PARM_DESC(stubs,
		 "drivers that hold only those BARs that they have claimed");

static bool is_stub(const char *name)
{
	int i;

	for (i = 0; i < num_stubs; i++)
		if (!strcmp(stubs[i], name))
			return true;
	return false;
}

/* The driver is bound; NULL: no driver is. device_lock is held. */
static void set_driver(struct bario_function *function, const char *name)
{
	bario_function_set_driver(function, name ?: "");
	mutex_lock(&function->lock);
	function->binding = false;
	function->has_stub = name && is_stub(name);
	function->has_driver = name && !is_stub(name);
	bario_claims_recheck(function);
	mutex_unlock(&function->lock);
}

/*
 * A driver is about to be bound or unbound. Until that has succeeded or failed, no
 * file gets a claim: otherwise a busy client would claim its BAR again before the
 * driver can. Shared claims end before the driver is unbound. device_lock is held.
 */
static void driver_changes(struct bario_function *function, bool takes_over)
{
	mutex_lock(&function->lock);
	function->binding = true;
	bario_claims_drop(function);
	if (takes_over)
		function->slot.quiet = false;
	mutex_unlock(&function->lock);
}

static void stub_watch(struct work_struct *work)
{
	struct bario_function *function =
		container_of(to_delayed_work(work), struct bario_function,
			     stub_watch);

	mutex_lock(&function->lock);
	bario_claims_recheck(function);
	if (function->has_stub && !list_empty(&function->attachments))
		queue_delayed_work(system_freezable_wq, &function->stub_watch,
				   BARIO_STUB_WATCH);
	mutex_unlock(&function->lock);
}

/*
 * Ends everything that files do with the function. Returns false if it was removed
 * already.
 */
static bool function_remove(struct bario_function *function)
{
	if (!bario_function_unlink(function))
		return false;
	mutex_lock(&function->lock);
	WRITE_ONCE(function->gone, true);
	bario_claims_drop(function);
	mutex_unlock(&function->lock);
	/* Without claims, the work is not queued again. */
	cancel_delayed_work_sync(&function->stub_watch);
	bario_vpd_wait(function);
	/* Last, because it waits for a thread that others can hold up. */
	mutex_lock(&function->node_lock);
	bario_node_remove(function->minor);
	mutex_unlock(&function->node_lock);
	bario_function_put(function);
	return true;
}

/* A function in the list may be removed at any time. */
static int function_node(struct bario_function *function)
{
	int ret = 0;

	mutex_lock(&function->node_lock);
	if (!READ_ONCE(function->gone))
		ret = bario_node_add(function);
	mutex_unlock(&function->node_lock);
	return ret;
}

/*
 * Adds the function. Its node is made once it can be found, because a thread makes
 * it, and is waited for. device_lock is held, or no driver can bind yet.
 */
static void function_add(struct pci_dev *pdev)
{
	struct bario_function *function;
	unsigned int i;
	int ret = -ENOMEM;

	function = kzalloc(sizeof(*function), GFP_KERNEL);
	if (!function)
		goto err;
	kref_init(&function->ref);
	function->pdev = pci_dev_get(pdev);
	function->parent = get_device(pdev->dev.parent);
	mutex_init(&function->node_lock);
	mutex_init(&function->lock);
	mutex_init(&function->vpd_lock);
	INIT_LIST_HEAD(&function->attachments);
	init_waitqueue_head(&function->waitq);
	INIT_DELAYED_WORK(&function->stub_watch, stub_watch);
	spin_lock_init(&function->slot.guard);
	for (i = 0; i < BARIO_BARS; i++)
		spin_lock_init(&function->claims[i].lock);
	/* No file gets a claim before set_driver(). */
	function->binding = true;
	bario_config_pm_get(function);
	bario_bars_init(function);
	bario_grant_init(function);
	ret = bario_debt_init(function);
	bario_config_pm_put(function);
	if (ret)
		goto err_put;

	ret = bario_function_link(function);
	if (ret)
		goto err_park;
	set_driver(function, pdev->dev.driver ? pdev->dev.driver->name : NULL);
	ret = function_node(function);
	if (ret && function_remove(function))
		goto err_park;
	goto err_put;

err_park:
	bario_debt_park(function);
err_put:
	bario_function_put(function);
err:
	if (ret && ret != -EEXIST && ret != -ESHUTDOWN)
		pci_err(pdev, "bario: no node for it: %pe\n", ERR_PTR(ret));
}

static int bus_event(struct notifier_block *nb, unsigned long event, void *data)
{
	struct device *dev = data;
	struct pci_dev *pdev = to_pci_dev(dev);
	struct bario_function *function;

	if (event == BUS_NOTIFY_ADD_DEVICE) {
		function_add(pdev);
		return NOTIFY_DONE;
	}

	function = bario_function_of(pdev);
	if (!function)
		return NOTIFY_DONE;

	switch (event) {
	case BUS_NOTIFY_DEL_DEVICE:
		if (function_remove(function))
			bario_debt_park(function);
		break;
	case BUS_NOTIFY_BIND_DRIVER:
		driver_changes(function, !is_stub(dev->driver->name));
		bario_slot_reset(function);
		break;
	case BUS_NOTIFY_UNBIND_DRIVER:
		driver_changes(function, false);
		break;
	case BUS_NOTIFY_BOUND_DRIVER:
		set_driver(function, dev->driver->name);
		break;
	case BUS_NOTIFY_DRIVER_NOT_BOUND:
	case BUS_NOTIFY_UNBOUND_DRIVER:
		set_driver(function, NULL);
		break;
	}
	bario_function_put(function);
	return NOTIFY_DONE;
}

static struct notifier_block bus_events = {
	.notifier_call = bus_event,
};

static bool is_known(struct pci_dev *pdev)
{
	struct bario_function *function = bario_function_of(pdev);

	if (function)
		bario_function_put(function);
	return function;
}

/*
 * A device that is being removed can still be found for a while after its
 * DEL_DEVICE event, so pci_lock_rescan_remove keeps removals out. Other code takes it
 * inside device_lock, which can therefore only be tried here.
 */
static bool scan_once(bool report)
{
	struct pci_dev *pdev = NULL;
	bool all = true;

	pci_lock_rescan_remove();
	for_each_pci_dev(pdev) {
		if (is_known(pdev))
			continue;
		if (!device_trylock(&pdev->dev)) {
			all = false;
			if (report)
				pci_notice(pdev, "bario: no node for it until its driver's probe returns\n");
			continue;
		}
		function_add(pdev);
		device_unlock(&pdev->dev);
	}
	pci_unlock_rescan_remove();
	return all;
}

static void scan_late(struct work_struct *work);
static DECLARE_DELAYED_WORK(late, scan_late);

static void scan_late(struct work_struct *work)
{
	if (!scan_once(false))
		queue_delayed_work(system_long_wq, &late, HZ);
}

/**
 * bario_bus_scan() - find the functions that exist already
 *
 * A function that can't be added is left out, as one that appears later would be. A
 * probe that hangs keeps its device locked for ever, so a device that can't be locked
 * within a second is added later, when it can be.
 */
void bario_bus_scan(void)
{
	unsigned int tries;

	for (tries = 50; tries; tries--) {
		if (scan_once(tries == 1))
			return;
		msleep(20);
	}
	queue_delayed_work(system_long_wq, &late, HZ);
}

/**
 * bario_bus_init() - start following what comes and goes
 */
int bario_bus_init(void)
{
	bario_functions_init();
	return bus_register_notifier(&pci_bus_type, &bus_events);
}

/**
 * bario_bus_exit() - end all functions
 *
 * Events of drivers still come. No device can be removed meanwhile: our node is below
 * the device in sysfs, and has to be removed first.
 */
void bario_bus_exit(void)
{
	struct bario_function *function, *next;
	LIST_HEAD(left);

	cancel_delayed_work_sync(&late);
	pci_lock_rescan_remove();
	while ((function = bario_functions_close())) {
		function_remove(function);
		list_add_tail(&function->exit_link, &left);
	}
	pci_unlock_rescan_remove();
	/* Only now: a reset takes locks that hot-plug holds while it waits for ours. */
	list_for_each_entry_safe(function, next, &left, exit_link) {
		bario_slot_reset_last(function);
		bario_function_put(function);
	}
	bus_unregister_notifier(&pci_bus_type, &bus_events);
	bario_debt_exit();
}
