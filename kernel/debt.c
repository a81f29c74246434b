// SPDX-License-Identifier: GPL-2.0
/*
 * A debt is a reset that a function needs before its next driver. While the function
 * is gone, its place and what identifies the device are kept, and the debt passes to
 * the same device when it appears there again.
 */
#include <linux/slab.h>
#include "debt.h"
#include "function.h"

#define DEPTH	16	/* functions on the path from the host bridge */

/**
 * struct bario_debt - a reset that a removed function needs
 * @link: in the list of debts, once the function has been removed
 * @domain: PCI domain of the host bridge
 * @bus: bus of the host bridge
 * @path: device and function numbers, upwards: bus numbers may change while the
 *	function is gone. (Longer paths that begin alike count as the same.)
 * @ids: what identifies the device
 * @serial: its serial number, or 0
 * @placed: its BAR registers had addresses
 * @name: its name in the log
 */
struct bario_debt {
	struct list_head	link;
	u32			domain;
	u16			bus;
	u16			path[DEPTH];
	u16			ids[5];
	u64			serial;
	bool			placed;
	char			name[24];
};

/* At most one for each place, which bounds the list. */
static DEFINE_MUTEX(debts_lock);
static LIST_HEAD(debts);

static void debt_identify(struct bario_debt *debt, struct pci_dev *pdev)
{
	struct pci_dev *bridge;
	unsigned int i;

	strscpy(debt->name, pci_name(pdev), sizeof(debt->name));
	debt->ids[0] = pdev->vendor;
	debt->ids[1] = pdev->device;
	debt->ids[2] = pdev->subsystem_vendor;
	debt->ids[3] = pdev->subsystem_device;
	debt->ids[4] = pdev->revision;
	debt->serial = pci_get_dsn(pdev);
	debt->domain = pci_domain_nr(pdev->bus);
	/* A virtual function may be on a later bus than its physical one. */
	debt->path[0] = pdev->devfn |
			(pdev->bus->number - pci_physfn(pdev)->bus->number) << 8;
	for (i = 1; (bridge = pci_upstream_bridge(pdev)); pdev = bridge, i++)
		if (i < DEPTH)
			debt->path[i] = bridge->devfn | 1 << 8;
	debt->bus = pci_physfn(pdev)->bus->number;
}

static bool same_place(const struct bario_debt *a, const struct bario_debt *b)
{
	return a->domain == b->domain && a->bus == b->bus &&
	       !memcmp(a->path, b->path, sizeof(a->path));
}

static bool same_device(const struct bario_debt *a, const struct bario_debt *b)
{
	return !memcmp(a->ids, b->ids, sizeof(a->ids)) && a->serial == b->serial;
}

/* As after a reset: the PCI core has assigned no addresses yet. */
static bool without_addresses(struct pci_dev *pdev)
{
	unsigned int i;
	u32 bar;

	for (i = 0; i < bario_bar_count(pdev->hdr_type); i++) {
		if (pci_read_config_dword(pdev, PCI_BASE_ADDRESS_0 + 4 * i,
					  &bar) || (bar & ~0xfU))
			return false;
	}
	return true;
}

static struct bario_debt *debt_find(const struct bario_debt *like)
{
	struct bario_debt *debt;

	lockdep_assert_held(&debts_lock);
	list_for_each_entry(debt, &debts, link)
		if (same_place(debt, like))
			return debt;
	return NULL;
}

/**
 * bario_debt_init() - check whether a new function was here before
 * @function: a new function, whose configuration space responds if it can
 *
 * A different device needs no reset, nor does one that was reset meanwhile: a device
 * that was unplugged comes back without addresses.
 *
 * Return: 0 or -ENOMEM.
 */
int bario_debt_init(struct bario_function *function)
{
	struct bario_debt *debt, *old;

	debt = kzalloc(sizeof(*debt), GFP_KERNEL);
	if (!debt)
		return -ENOMEM;
	debt_identify(debt, function->pdev);
	mutex_lock(&debts_lock);
	old = debt_find(debt);
	if (old) {
		list_del(&old->link);
		function->slot.needs_reset = same_device(old, debt) &&
			!(old->placed && without_addresses(function->pdev));
		kfree(old);
	}
	mutex_unlock(&debts_lock);
	function->slot.debt = debt;
	return 0;
}

/**
 * bario_debt_park() - remember the reset that a removed function needs
 * @function: the function, which was just removed
 */
void bario_debt_park(struct bario_function *function)
{
	struct pci_dev *pdev = function->pdev;
	struct bario_debt *debt = function->slot.debt;
	unsigned int i;

	if (!function->slot.needs_reset)
		return;
	/* The registers may have stopped responding, and a virtual function's are 0. */
	for (i = 0; i < bario_bar_count(pdev->hdr_type); i++)
		debt->placed |= !pdev->is_virtfn && pdev->resource[i].parent;
	function->slot.debt = NULL;
	mutex_lock(&debts_lock);
	list_add(&debt->link, &debts);
	mutex_unlock(&debts_lock);
}

/**
 * bario_debt_free() - free a function's debt with the function
 * @function: the function
 */
void bario_debt_free(struct bario_function *function)
{
	kfree(function->slot.debt);
}

/**
 * bario_debt_exit() - log the debts that are lost when the module is unloaded
 */
void bario_debt_exit(void)
{
	struct bario_debt *debt, *next;

	list_for_each_entry_safe(debt, next, &debts, link) {
		pr_warn("bario: %s: a client had written to it before it was removed, and it will not be reset before its driver\n",
			debt->name);
		kfree(debt);
	}
}

