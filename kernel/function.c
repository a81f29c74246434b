// SPDX-License-Identifier: GPL-2.0
/* All functions, by selector and by node, and the names of their drivers. */
#include <linux/idr.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/xarray.h>
#include "debt.h"
#include "file.h"
#include "node.h"

/* Functions by list_index(), in order of their selectors; generation counts changes. */
static DEFINE_MUTEX(functions_lock);
static DEFINE_XARRAY(functions);
static u32 functions_count;
static u32 generation = 1;
static DEFINE_XARRAY_ALLOC1(minors);
static u32 next_minor;
static bool closing;

/**
 * struct driver - a driver that is bound to functions
 * @link: in the list of drivers
 * @name: as much of its name as the records of PCIOCGETCONF show, so that name
 *	and unit identify a function
 * @units: the numbers that its functions have
 * @functions: how many functions it has
 */
struct driver {
	struct list_head	link;
	char			name[PCI_MAXNAMELEN + 1];
	struct ida		units;
	unsigned int		functions;
};

static LIST_HEAD(drivers);

/* Its lowest byte is always 0. */
static unsigned long list_index(u64 sel)
{
	return sel >> 8;
}

static u64 device_sel(struct pci_dev *pdev)
{
	const struct pcisel sel = {
		.pc_domain = pci_domain_nr(pdev->bus),
		.pc_bus = pdev->bus->number,
		.pc_dev = PCI_SLOT(pdev->devfn),
		.pc_func = PCI_FUNC(pdev->devfn),
	};

	return bario_sel(&sel);
}

static void function_release(struct kref *ref)
{
	struct bario_function *function =
		container_of(ref, struct bario_function, ref);

	mutex_destroy(&function->lock);
	mutex_destroy(&function->vpd_lock);
	mutex_destroy(&function->node_lock);
	bario_debt_free(function);
	put_device(function->parent);
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
	struct bario_function *function;

	mutex_lock(&functions_lock);
	function = xa_load(&functions, list_index(sel));
	if (function)
		kref_get(&function->ref);
	mutex_unlock(&functions_lock);
	return function;
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

/**
 * bario_function_of() - find the function of a device
 * @pdev: the device, which is on its bus
 *
 * Return: the function, to be put, or NULL.
 */
struct bario_function *bario_function_of(struct pci_dev *pdev)
{
	struct bario_function *function = bario_function_find(device_sel(pdev));

	if (!function || function->pdev == pdev)
		return function;
	bario_function_put(function);
	return NULL;
}

/*
 * Drivers whose names are cut to the same pd_name count as one, so that a name and
 * a unit identify a function.
 */
static struct driver *find_driver(const char *name)
{
	struct driver *driver;

	list_for_each_entry(driver, &drivers, link)
		if (!strncmp(driver->name, name, PCI_MAXNAMELEN))
			return driver;
	/* There is no way to report that memory is short, and it is little. */
	driver = kzalloc(sizeof(*driver), GFP_KERNEL | __GFP_NOFAIL);
	strscpy(driver->name, name, sizeof(driver->name));
	ida_init(&driver->units);
	list_add(&driver->link, &drivers);
	return driver;
}

/* As on FreeBSD: the lowest number that the driver has free. */
static void unit_get(struct bario_function *function)
{
	struct driver *driver = find_driver(function->driver);

	driver->functions++;
	function->unit = ida_alloc(&driver->units, GFP_KERNEL | __GFP_NOFAIL);
}

static void unit_put(struct bario_function *function)
{
	struct driver *driver = find_driver(function->driver);

	ida_free(&driver->units, function->unit);
	function->unit = 0;
	if (--driver->functions)
		return;
	ida_destroy(&driver->units);
	list_del(&driver->link);
	kfree(driver);
}

/**
 * bario_function_set_driver() - keep the name of the driver, and number the
 *	function among those that it has
 * @function: the function, whose device_lock is held
 * @name: the name, or empty
 */
void bario_function_set_driver(struct bario_function *function,
			       const char *name)
{
	mutex_lock(&functions_lock);
	if (!function->linked)
		goto out;
	if (function->driver[0])
		unit_put(function);
	strscpy(function->driver, name, sizeof(function->driver));
	if (function->driver[0])
		unit_get(function);
out:
	mutex_unlock(&functions_lock);
}

/**
 * bario_function_driver() - get the name of the driver that is bound
 * @function: the function
 * @name: where to put the name; empty if no driver is bound
 * @size: its capacity
 */
void bario_function_driver(struct bario_function *function, char *name,
			   size_t size)
{
	mutex_lock(&functions_lock);
	strscpy(name, function->driver, size);
	mutex_unlock(&functions_lock);
}

/**
 * bario_function_link() - add a function to the list
 * @function: a new function, to which the list gets a reference
 *
 * Return: 0; -EEXIST: the device has one; -ESHUTDOWN, -ENOMEM, -EBUSY.
 */
int bario_function_link(struct bario_function *function)
{
	int ret;

	mutex_lock(&functions_lock);
	function->sel = device_sel(function->pdev);
	if (closing) {
		ret = -ESHUTDOWN;
		goto out;
	}
	if (xa_load(&functions, list_index(function->sel))) {
		ret = -EEXIST;
		goto out;
	}
	ret = xa_alloc_cyclic(&minors, &function->minor, function,
			      XA_LIMIT(1, BARIO_MINOR_NAMES - 1), &next_minor,
			      GFP_KERNEL);
	if (ret < 0)
		goto out;
	ret = xa_err(xa_store(&functions, list_index(function->sel), function,
			      GFP_KERNEL));
	if (ret) {
		xa_erase(&minors, function->minor);
		goto out;
	}
	function->linked = true;
	kref_get(&function->ref);
	functions_count++;
	generation++;
out:
	mutex_unlock(&functions_lock);
	return ret;
}

/**
 * bario_function_unlink() - remove a function from the list
 * @function: the function
 *
 * Return: whether it was in the list; then the caller puts the list's reference.
 */
bool bario_function_unlink(struct bario_function *function)
{
	bool linked;

	mutex_lock(&functions_lock);
	linked = function->linked;
	if (linked) {
		xa_erase(&minors, function->minor);
		xa_erase(&functions, list_index(function->sel));
		if (function->driver[0])
			unit_put(function);
		function->driver[0] = '\0';
		function->linked = false;
		functions_count--;
		generation++;
	}
	mutex_unlock(&functions_lock);
	return linked;
}

/**
 * bario_functions_close() - let no function be added from now on
 *
 * Return: one of the functions that are left, to be put, or NULL.
 */
struct bario_function *bario_functions_close(void)
{
	struct bario_function *function;
	unsigned long index = 0;

	mutex_lock(&functions_lock);
	closing = true;
	function = xa_find(&functions, &index, ULONG_MAX, XA_PRESENT);
	if (function)
		kref_get(&function->ref);
	mutex_unlock(&functions_lock);
	return function;
}

/* The device and its bus may be gone: what needs them was kept. */
static void record_fill(struct pci_conf *conf,
			const struct bario_function *function,
			unsigned int unit)
{
	const struct pci_dev *pdev = function->pdev;

	memset(conf, 0, sizeof(*conf));
	conf->pc_sel.pc_domain = function->sel >> 32;
	conf->pc_sel.pc_bus = function->sel >> 24;
	conf->pc_sel.pc_dev = function->sel >> 16;
	conf->pc_sel.pc_func = function->sel >> 8;
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
 * @all: buffer for @capacity records, in order; those of a file that may not do
 *	everything have no unit yet
 * @capacity: how many fit
 * @current_generation: out: the generation of these records
 *
 * Return: the number of records, or -ENOSPC: more than fit.
 */
int bario_functions_copy(struct bario_file *file, struct pci_conf *all,
			 u32 capacity, u32 *current_generation)
{
	struct bario_function *function;
	unsigned long index;
	u32 i, count = 0;

	mutex_lock(&functions_lock);
	*current_generation = 1;
	/* A file does not learn of changes among functions that it may not see. */
	for (i = 0; i < file->count; i++) {
		function = file->own[i].function;
		if (READ_ONCE(function->gone))
			++*current_generation;
		else
			record_fill(&all[count++], function, 0);
	}
	if (!file->all)
		goto out;
	*current_generation = generation;
	if (functions_count > capacity) {
		mutex_unlock(&functions_lock);
		return -ENOSPC;
	}
	xa_for_each(&functions, index, function)
		record_fill(&all[count++], function, function->unit);
out:
	mutex_unlock(&functions_lock);
	return count;
}

/**
 * bario_functions_init() - prepare for the first function
 */
void bario_functions_init(void)
{
	/* A different start after each load of the module: see minor. */
	next_minor = 1 + get_random_u32() % (BARIO_MINOR_NAMES - 1);
}
