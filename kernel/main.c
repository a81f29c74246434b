// SPDX-License-Identifier: GPL-2.0
/*
 * bario.ko. Its parts, each a file that calls only those below it:
 *
 *   main		loads and unloads the module
 *   chardev		opens and closes nodes
 *   dispatch		finds the part that answers a request
 *   barioc		our own requests
 *   pciio, getconf	FreeBSD's requests
 *   program		many accesses in one request
 *   access		one access
 *   mmap		BARs mapped into a process
 *   publish		names that have a grant
 *   bus		functions and drivers that come and go
 *   grant		what a file may do
 *   derivation		which file was derived from which
 *   vpd		vital product data, another of FreeBSD's requests
 *   config		configuration space
 *   node		what is in /dev
 *   suspend		what a suspended machine forgets
 *   claim		BARs taken and given back
 *   bar		BARs, as the kernel has them and as the device reports them
 *   slot		what was changed in the hardware, and is undone
 *   file		open files
 *   mapping		the address space of all mappings
 *   attachment		what one file does with one function
 *   function		all functions, and their drivers
 *   debt		resets that are kept while a function is gone
 *   counter, trace	what was done, for sysfs and for tracing
 *   ../core		what can be decided without hardware
 *
 * Locks, outermost first:
 *
 *   pci_lock_rescan_remove, device_lock, mmap_lock	the kernel's
 *   publish_lock	the published names, and their nodes
 *   minors_lock	those names that can be opened
 *   function->lock	its claims, whether it is gone or a driver has it
 *   claim->lock	the claim itself; held across an access. A program holds those
 *			of several BARs, taken by ascending index
 *   slot.guard		held while bario holds pci_cfg_access_lock(), which tells our
 *			own lock from others'
 *
 * None of ours is taken while one of these is held:
 *
 *   node_lock		of a function: its node is made or removed
 *   vpd_lock		of a function: a word of its vital product data is read, for which
 *			a device may take its time
 *   derivation_lock	the derivation tree
 *   functions_lock	the list of functions; names and units of drivers
 *   file->lock		the attachments of one file
 *   debts_lock		resets owed to functions that are gone
 *
 * node_lock and vpd_lock are not taken under function->lock either.
 *
 * mmap(2) and page faults take function->lock under mmap_lock. So under
 * function->lock user memory is never touched, nothing is mapped and no driver is
 * called (runtime power management calls them). Nor is a node made or removed:
 * devtmpfs does that in a thread, which takes locks of its own and which others can
 * hold up.
 */
#include <linux/module.h>
#include "attachment.h"
#include "bus.h"
#include "chardev.h"
#include "mapping.h"
#include "node.h"
#include "publish.h"

static int __init bario_init(void)
{
	int ret;

	ret = bario_mapping_init();
	if (ret)
		return ret;
	ret = bario_node_init();
	if (ret)
		goto err_mapping;
	ret = bario_bus_init();
	if (ret)
		goto err_node;
	ret = bario_chardev_init();
	if (ret)
		goto err_bus;
	/* Nodes can be opened now: from here on nothing fails. */
	bario_bus_scan();
	return 0;

err_bus:
	bario_bus_exit();
err_node:
	bario_node_exit();
err_mapping:
	bario_mapping_exit();
	return ret;
}

static void __exit bario_exit(void)
{
	bario_bus_exit();
	bario_publish_exit();
	bario_chardev_exit();
	bario_node_exit();
	bario_attachments_exit();
	bario_mapping_exit();
}

module_init(bario_init);
module_exit(bario_exit);

MODULE_DESCRIPTION("FreeBSD's pci(4) userland interface, a node per function");
MODULE_AUTHOR("The bario authors");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1.0");
