// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/xarray.h>
#include "internal.h"

/* Functions in order of their selectors, and how often that list changed. */
static DEFINE_MUTEX(functions_lock);
static LIST_HEAD(functions);
static u32 functions_count;
static u32 generation = 1;
static DEFINE_XARRAY_ALLOC1(minors);
static u32 next_minor;

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

static void function_release(struct kref *ref)
{
	struct bario_function *function =
		container_of(ref, struct bario_function, ref);

	mutex_destroy(&function->lock);
	pci_dev_put(function->pdev);
	kfree(function);
}

void bario_function_put(struct bario_function *function)
{
	kref_put(&function->ref, function_release);
}

/**
 * bario_function_find() - find a function by its selector
 * @sel: the selector as a number
 *
 * Return: the function, to be put, or NULL.
 */
struct bario_function *bario_function_find(u64 sel)
{
	struct bario_function *function, *found = NULL;

	mutex_lock(&functions_lock);
	list_for_each_entry(function, &functions, link) {
		if (function->sel == sel) {
			kref_get(&function->ref);
			found = function;
			break;
		}
	}
	mutex_unlock(&functions_lock);
	return found;
}

/**
 * bario_function_by_minor() - find a function by its node
 * @minor: the node's minor number
 *
 * Return: the function, to be put, or NULL.
 */
struct bario_function *bario_function_by_minor(u32 minor)
{
	struct bario_function *function;

	mutex_lock(&functions_lock);
	function = xa_load(&minors, minor);
	if (function)
		kref_get(&function->ref);
	mutex_unlock(&functions_lock);
	return function;
}

static struct bario_function *find_device(struct pci_dev *pdev)
{
	struct bario_function *function;

	lockdep_assert_held(&functions_lock);
	list_for_each_entry(function, &functions, link)
		if (function->pdev == pdev)
			return function;
	return NULL;
}

/* As FreeBSD does it: the lowest number that is free for this driver. */
static unsigned int free_unit(const char *driver)
{
	struct bario_function *function;
	unsigned int unit = 0;

again:
	list_for_each_entry(function, &functions, link) {
		if (function->unit == unit &&
		    !strcmp(function->driver, driver)) {
			unit++;
			goto again;
		}
	}
	return unit;
}

/* The driver is bound (or, with NULL, no driver is); device_lock is held. */
static void set_driver(struct bario_function *function, const char *name)
{
	char driver[sizeof(function->driver)] = "";
	unsigned int unit = 0;

	lockdep_assert_held(&functions_lock);
	if (name) {
		strscpy(driver, name, sizeof(driver));
		unit = free_unit(driver);
	}
	mutex_lock(&function->lock);
	strscpy(function->driver, driver, sizeof(function->driver));
	function->unit = unit;
	function->binding = false;
	function->claims_driver = name && !is_stub(name);
	mutex_unlock(&function->lock);
}

/*
 * From here until the driver is bound, or has failed to, nobody gets a claim:
 * a busy client would take its BAR back before the driver can. Likewise until
 * it is unbound: what was beside it ends before it goes. device_lock is held.
 */
static void driver_changes(struct bario_function *function)
{
	mutex_lock(&function->lock);
	function->binding = true;
	bario_claims_drop(function);
	mutex_unlock(&function->lock);
}

/* A driver turns bus mastering on: no address of a client's may be left. */
static void reset_before_driver(struct bario_function *function)
{
	struct pci_dev *pdev = function->pdev;
	int ret;

	if (!function->written)
		return;
	pci_cfg_access_lock(pdev);
	ret = pci_reset_function_locked(pdev);
	pci_cfg_access_unlock(pdev);
	if (ret)
		pci_warn(pdev, "bario: a client has written to it, and it can't be reset before its driver\n");
	else
		pci_info(pdev, "bario: reset, since a client has written to it\n");
	function->written = false;
}

static void function_link(struct bario_function *function)
{
	struct bario_function *other;

	list_for_each_entry(other, &functions, link)
		if (other->sel > function->sel)
			break;
	/* Before that one; at the end, before the head. */
	list_add_tail(&function->link, &other->link);
	functions_count++;
	generation++;
}

static void function_unlink(struct bario_function *function)
{
	xa_erase(&minors, function->minor);
	list_del(&function->link);
	functions_count--;
	generation++;
}

static int function_add(struct pci_dev *pdev)
{
	const struct pcisel sel = {
		.pc_domain = pci_domain_nr(pdev->bus),
		.pc_bus = pdev->bus->number,
		.pc_dev = PCI_SLOT(pdev->devfn),
		.pc_func = PCI_FUNC(pdev->devfn),
	};
	struct bario_function *function;
	int ret;

	function = kzalloc(sizeof(*function), GFP_KERNEL);
	if (!function)
		return -ENOMEM;
	kref_init(&function->ref);
	function->pdev = pci_dev_get(pdev);
	function->sel = bario_sel(&sel);
	mutex_init(&function->lock);
	INIT_LIST_HEAD(&function->uses);
	bario_claims_init(function);
	bario_grant_init(function);

	mutex_lock(&functions_lock);
	ret = find_device(pdev) ? -EEXIST : 0;
	if (ret)
		goto err_put;
	ret = xa_alloc_cyclic(&minors, &function->minor, function,
			      XA_LIMIT(1, BARIO_MINOR_NAMES - 1), &next_minor,
			      GFP_KERNEL);
	if (ret < 0)
		goto err_put;
	function_link(function);
	if (pdev->dev.driver)
		set_driver(function, pdev->dev.driver->name);
	ret = bario_chardev_add(function);
	if (ret)
		goto err_link;
	mutex_unlock(&functions_lock);
	return 0;

err_link:
	function_unlink(function);
err_put:
	mutex_unlock(&functions_lock);
	bario_function_put(function);
	return ret;
}

/* Ends everything that files do with the function; their uses stay. */
static void function_remove(struct bario_function *function)
{
	lockdep_assert_held(&functions_lock);
	function_unlink(function);
	bario_chardev_remove(function->minor);
	mutex_lock(&function->lock);
	WRITE_ONCE(function->gone, true);
	bario_claims_drop(function);
	mutex_unlock(&function->lock);
	bario_function_put(function);
}

static int bus_event(struct notifier_block *nb, unsigned long event, void *data)
{
	struct device *dev = data;
	struct pci_dev *pdev = to_pci_dev(dev);
	struct bario_function *function;
	int ret;

	if (event == BUS_NOTIFY_ADD_DEVICE) {
		ret = function_add(pdev);
		if (ret && ret != -EEXIST)
			pci_err(pdev, "bario: no node for it: %pe\n",
				ERR_PTR(ret));
		return NOTIFY_DONE;
	}

	mutex_lock(&functions_lock);
	function = find_device(pdev);
	if (function) {
		kref_get(&function->ref);
		switch (event) {
		case BUS_NOTIFY_DEL_DEVICE:
			function_remove(function);
			break;
		case BUS_NOTIFY_BIND_DRIVER:
		case BUS_NOTIFY_UNBIND_DRIVER:
			driver_changes(function);
			break;
		case BUS_NOTIFY_BOUND_DRIVER:
			set_driver(function, dev->driver->name);
			break;
		case BUS_NOTIFY_DRIVER_NOT_BOUND:
		case BUS_NOTIFY_UNBOUND_DRIVER:
			set_driver(function, NULL);
			break;
		}
	}
	mutex_unlock(&functions_lock);
	if (!function)
		return NOTIFY_DONE;
	/* Takes up to a second: not with the lock held. */
	if (event == BUS_NOTIFY_BIND_DRIVER)
		reset_before_driver(function);
	bario_function_put(function);
	return NOTIFY_DONE;
}

static struct notifier_block bus_events = {
	.notifier_call = bus_event,
};

static void fill(struct pci_conf *conf, const struct bario_function *function)
{
	const struct pci_dev *pdev = function->pdev;

	memset(conf, 0, sizeof(*conf));
	conf->pc_sel.pc_domain = pci_domain_nr(pdev->bus);
	conf->pc_sel.pc_bus = pdev->bus->number;
	conf->pc_sel.pc_dev = PCI_SLOT(pdev->devfn);
	conf->pc_sel.pc_func = PCI_FUNC(pdev->devfn);
	conf->pc_hdr = pdev->hdr_type;
	conf->pc_subvendor = pdev->subsystem_vendor;
	conf->pc_subdevice = pdev->subsystem_device;
	conf->pc_vendor = pdev->vendor;
	conf->pc_device = pdev->device;
	conf->pc_class = pdev->class >> 16;
	conf->pc_subclass = pdev->class >> 8;
	conf->pc_progif = pdev->class;
	conf->pc_revid = pdev->revision;
	strscpy(conf->pd_name, function->driver, sizeof(conf->pd_name));
	conf->pd_unit = function->unit;
}

static void offer(struct bario_walk *walk, u32 position,
		  const struct bario_function *function,
		  struct pci_conf *records)
{
	struct pci_conf conf;

	fill(&conf, function);
	if (bario_walk_offer(walk, position, &conf))
		records[walk->found - 1] = conf;
}

/**
 * bario_functions_count() - how many functions a file may see
 * @file: the file
 */
u32 bario_functions_count(struct bario_file *file)
{
	return file->all ? READ_ONCE(functions_count) : file->count;
}

/**
 * bario_functions_list() - list the functions that a file may see
 * @file: the file
 * @current_generation: in: the caller's; out: the one that holds now
 * @walk: what to look for, where to begin, and room for how many
 * @records: where to put them
 *
 * Return: false where the list has changed since the caller began.
 */
bool bario_functions_list(struct bario_file *file, u32 *current_generation,
			  struct bario_walk *walk, struct pci_conf *records)
{
	struct bario_function *function;
	u32 position = 0;
	u32 now = 1;
	bool same;
	u32 i;

	mutex_lock(&functions_lock);
	/* What others come and go is only told to who may see them. */
	for (i = 0; i < file->count; i++)
		now += file->own[i].function->gone;
	if (file->all)
		now = generation;
	same = walk->offset == 0 || *current_generation == now;
	*current_generation = now;
	if (!same || file->revoked)
		goto out;
	for (i = 0; i < file->count && !walk->full; i++)
		if (!file->own[i].function->gone)
			offer(walk, position++, file->own[i].function, records);
	if (!file->all)
		goto out;
	list_for_each_entry(function, &functions, link) {
		offer(walk, position++, function, records);
		if (walk->full)
			break;
	}
out:
	mutex_unlock(&functions_lock);
	return same;
}

int bario_functions_init(void)
{
	struct pci_dev *pdev = NULL;
	int ret;

	/* Not the same again when the module is loaded again, see minor. */
	next_minor = 1 + get_random_u32() % (BARIO_MINOR_NAMES - 1);
	ret = bus_register_notifier(&pci_bus_type, &bus_events);
	if (ret)
		return ret;
	/*
	 * A device that is being removed can still be found for a while after
	 * its DEL_DEVICE event; the lock keeps removals out.
	 */
	pci_lock_rescan_remove();
	for_each_pci_dev(pdev) {
		device_lock(&pdev->dev);
		ret = function_add(pdev);
		device_unlock(&pdev->dev);
		if (ret && ret != -EEXIST)
			break;
		ret = 0;
	}
	pci_unlock_rescan_remove();
	if (ret) {
		pci_dev_put(pdev);
		bario_functions_exit();
	}
	return ret;
}

void bario_functions_exit(void)
{
	struct bario_function *function, *next;

	bus_unregister_notifier(&pci_bus_type, &bus_events);
	mutex_lock(&functions_lock);
	list_for_each_entry_safe(function, next, &functions, link)
		function_remove(function);
	mutex_unlock(&functions_lock);
}
