// SPDX-License-Identifier: GPL-2.0
#include <linux/delay.h>
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
static bool closing;

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
	mutex_destroy(&function->node_lock);
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

	if (name)
		strscpy(driver, name, sizeof(driver));
	mutex_lock(&functions_lock);
	function->unit = name ? free_unit(driver) : 0;
	strscpy(function->driver, driver, sizeof(function->driver));
	mutex_unlock(&functions_lock);

	mutex_lock(&function->lock);
	function->binding = false;
	function->has_stub = name && is_stub(name);
	function->has_driver = name && !is_stub(name);
	bario_claims_recheck(function);
	mutex_unlock(&function->lock);
}

/**
 * bario_function_driver() - tell which driver is bound
 * @function: the function
 * @name: where to put the name; empty where none is
 * @size: room
 */
void bario_function_driver(struct bario_function *function, char *name,
			   size_t size)
{
	mutex_lock(&functions_lock);
	strscpy(name, function->driver, size);
	mutex_unlock(&functions_lock);
}

/*
 * From here until the driver is bound, or has failed to, nobody gets a claim:
 * a busy client would take its BAR back before the driver can. Likewise until
 * it is unbound: what was beside it ends before it goes. device_lock is held.
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

static int function_link(struct bario_function *function)
{
	struct bario_function *other;
	int ret;

	lockdep_assert_held(&functions_lock);
	if (closing)
		return -ESHUTDOWN;
	if (find_device(function->pdev))
		return -EEXIST;
	ret = xa_alloc_cyclic(&minors, &function->minor, function,
			      XA_LIMIT(1, BARIO_MINOR_NAMES - 1), &next_minor,
			      GFP_KERNEL);
	if (ret < 0)
		return ret;
	list_for_each_entry(other, &functions, link)
		if (other->sel > function->sel)
			break;
	/* Before that one; at the end, before the head. */
	list_add_tail(&function->link, &other->link);
	functions_count++;
	generation++;
	return 0;
}

/* Whoever takes it off the list removes it. */
static bool function_unlink(struct bario_function *function)
{
	bool linked;

	mutex_lock(&functions_lock);
	linked = !list_empty(&function->link);
	if (linked) {
		xa_erase(&minors, function->minor);
		list_del_init(&function->link);
		functions_count--;
		generation++;
	}
	mutex_unlock(&functions_lock);
	return linked;
}

/* Ends everything that files do with the function; their uses stay. */
static void function_remove(struct bario_function *function)
{
	if (!function_unlink(function))
		return;
	mutex_lock(&function->lock);
	WRITE_ONCE(function->gone, true);
	bario_claims_drop(function);
	mutex_unlock(&function->lock);
	/* Last, for it waits for a thread that others can hold up. */
	mutex_lock(&function->node_lock);
	bario_chardev_remove(function->minor);
	mutex_unlock(&function->node_lock);
	bario_function_put(function);
}

/* A function that is on the list may be taken off it at any time. */
static int function_node(struct bario_function *function)
{
	int ret = 0;

	mutex_lock(&function->node_lock);
	if (!READ_ONCE(function->gone))
		ret = bario_chardev_add(function);
	mutex_unlock(&function->node_lock);
	return ret;
}

/*
 * Adds the function; its node is made when it can be found, for that is done by
 * a thread, and waited for. device_lock is held, or no driver can bind yet.
 */
static void function_add(struct pci_dev *pdev)
{
	const struct pcisel sel = {
		.pc_domain = pci_domain_nr(pdev->bus),
		.pc_bus = pdev->bus->number,
		.pc_dev = PCI_SLOT(pdev->devfn),
		.pc_func = PCI_FUNC(pdev->devfn),
	};
	struct bario_function *function;
	int ret = -ENOMEM;

	function = kzalloc(sizeof(*function), GFP_KERNEL);
	if (!function)
		goto err;
	kref_init(&function->ref);
	function->pdev = pci_dev_get(pdev);
	function->sel = bario_sel(&sel);
	INIT_LIST_HEAD(&function->link);
	mutex_init(&function->node_lock);
	mutex_init(&function->lock);
	INIT_LIST_HEAD(&function->attachments);
	init_waitqueue_head(&function->waitq);
	/* Nobody gets a claim before set_driver() */
	function->binding = true;
	bario_config_pm_get(pdev);
	bario_claims_init(function);
	bario_grant_init(function);
	bario_config_pm_put(pdev);

	mutex_lock(&functions_lock);
	ret = function_link(function);
	if (!ret)
		kref_get(&function->ref);
	mutex_unlock(&functions_lock);
	if (ret)
		goto err_put;
	set_driver(function, pdev->dev.driver ? pdev->dev.driver->name : NULL);
	ret = function_node(function);
	if (ret)
		function_remove(function);

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

	mutex_lock(&functions_lock);
	function = find_device(pdev);
	if (function)
		kref_get(&function->ref);
	mutex_unlock(&functions_lock);
	if (!function)
		return NOTIFY_DONE;

	switch (event) {
	case BUS_NOTIFY_DEL_DEVICE:
		function_remove(function);
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

static void fill(struct pci_conf *conf, const struct bario_function *function,
		 unsigned int unit)
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
	conf->pd_unit = unit;
	conf->pd_numa_domain = max(dev_to_node(&function->pdev->dev), 0);
	conf->pc_reported_len = offsetof(struct pci_conf, pc_spare);
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
 * bario_functions_copy() - copy records of all functions that a file may see
 * @file: the file
 * @all: room for @room records, in order; those of a file that may not do
 *	everything have no unit yet
 * @room: how many fit
 * @current_generation: out: the one that holds now
 *
 * Return: how many there are, or -ENOSPC: more than fit.
 */
int bario_functions_copy(struct bario_file *file, struct pci_conf *all,
			 u32 room, u32 *current_generation)
{
	struct bario_function *function;
	u32 i, count = 0;

	mutex_lock(&functions_lock);
	*current_generation = 1;
	/* What others come and go is only told to who may see them. */
	for (i = 0; i < file->count; i++) {
		function = file->own[i].function;
		if (READ_ONCE(function->gone))
			++*current_generation;
		else
			fill(&all[count++], function, 0);
	}
	if (!file->all)
		goto out;
	*current_generation = generation;
	if (functions_count > room) {
		mutex_unlock(&functions_lock);
		return -ENOSPC;
	}
	list_for_each_entry(function, &functions, link)
		fill(&all[count++], function, function->unit);
out:
	mutex_unlock(&functions_lock);
	return count;
}

/**
 * bario_functions_init() - begin to follow what comes and goes
 */
int bario_functions_init(void)
{
	/* Not the same again when the module is loaded again, see minor. */
	next_minor = 1 + get_random_u32() % (BARIO_MINOR_NAMES - 1);
	return bus_register_notifier(&pci_bus_type, &bus_events);
}

static bool known(struct pci_dev *pdev)
{
	bool found;

	mutex_lock(&functions_lock);
	found = find_device(pdev);
	mutex_unlock(&functions_lock);
	return found;
}

/*
 * A device that is being removed can still be found for a while after its
 * DEL_DEVICE event: pci_lock_rescan_remove keeps removals out. Elsewhere that is
 * taken inside device_lock, which here can only be tried.
 */
static bool scan_once(void)
{
	struct pci_dev *pdev = NULL;
	bool all = true;

	pci_lock_rescan_remove();
	for_each_pci_dev(pdev) {
		if (known(pdev))
			continue;
		if (!device_trylock(&pdev->dev)) {
			all = false;
			continue;
		}
		function_add(pdev);
		device_unlock(&pdev->dev);
	}
	pci_unlock_rescan_remove();
	return all;
}

/**
 * bario_functions_scan() - find the functions that there are
 *
 * One that can't be added is left out, as one that comes later would be.
 */
void bario_functions_scan(void)
{
	while (!scan_once())
		msleep(20);
}

/**
 * bario_functions_exit() - end all functions
 *
 * While events still come, for drivers, and no device goes: our node is below it
 * in sysfs, and has to go first.
 */
void bario_functions_exit(void)
{
	struct bario_function *function, *next;
	LIST_HEAD(left);

	pci_lock_rescan_remove();
	mutex_lock(&functions_lock);
	closing = true;
	while (!list_empty(&functions)) {
		function = list_first_entry(&functions, struct bario_function,
					    link);
		kref_get(&function->ref);
		mutex_unlock(&functions_lock);
		function_remove(function);
		list_add_tail(&function->exit_link, &left);
		mutex_lock(&functions_lock);
	}
	mutex_unlock(&functions_lock);
	pci_unlock_rescan_remove();
	/* Not before: a reset takes locks that hot-plugging holds for that one. */
	list_for_each_entry_safe(function, next, &left, exit_link) {
		bario_slot_reset_last(function);
		bario_function_put(function);
	}
	bus_unregister_notifier(&pci_bus_type, &bus_events);
}
