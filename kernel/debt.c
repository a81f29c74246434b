// SPDX-License-Identifier: GPL-2.0
/*
 * A debt is a reset that a function needs before its next driver. It is kept while
 * the function is gone, by the place and what tells devices apart, and given to
 * the function that appears there.
 */
#include <linux/slab.h>
#include "debt.h"
#include "function.h"

#define DEPTH	16	/* functions on the way from the host bridge */

/**
 * struct bario_debt - a reset that a function that has gone needs
 * @link: in the list of debts, once the function has gone
 * @domain: and @bus, that of the host bridge
 * @bus: see @domain
 * @path: device and function numbers, upwards: bus numbers may change while the
 *	function is gone. (A longer way is as good as another that begins like it.)
 * @ids: what there is to tell another device by
 * @serial: likewise, 0 without one
 * @placed: its BAR registers had addresses
 * @name: as the log has it
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

/* One for a place at most, so that there are never more than places. */
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

/* As after a reset: the PCI core has given no addresses yet. */
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
 * bario_debt_init() - see whether a new function has been here before
 * @function: a new function, whose configuration space answers if it can
 *
 * Another device owes nothing, nor one that has been reset since: what was
 * unplugged comes back without addresses.
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
 * bario_debt_park() - keep what is owed to a function while it is gone
 * @function: the function, which has just gone
 */
void bario_debt_park(struct bario_function *function)
{
	struct pci_dev *pdev = function->pdev;
	struct bario_debt *debt = function->slot.debt;
	unsigned int i;

	if (!function->slot.needs_reset)
		return;
	/* The registers may not answer any more, and a virtual function's never. */
	for (i = 0; i < bario_bar_count(pdev->hdr_type); i++)
		debt->placed |= !pdev->is_virtfn && pdev->resource[i].parent;
	function->slot.debt = NULL;
	mutex_lock(&debts_lock);
	list_add(&debt->link, &debts);
	mutex_unlock(&debts_lock);
}

/**
 * bario_debt_free() - nobody knows the function any more
 * @function: the function
 */
void bario_debt_free(struct bario_function *function)
{
	kfree(function->slot.debt);
}

/**
 * bario_debt_exit() - the module goes, and its debts with it
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

