// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>
#include "internal.h"

static int __init bario_init(void)
{
	int ret;

	ret = bario_mmap_init();
	if (ret)
		return ret;
	ret = bario_chardev_init();
	if (ret)
		goto err_mmap;
	ret = bario_bus_init();
	if (ret)
		goto err_chardev;
	ret = bario_chardev_start();
	if (ret)
		goto err_bus;
	/* Nodes can be opened now: from here on nothing fails. */
	bario_bus_scan();
	return 0;

err_bus:
	bario_bus_exit();
err_chardev:
	bario_chardev_exit();
err_mmap:
	bario_mmap_exit();
	return ret;
}

static void __exit bario_exit(void)
{
	bario_bus_exit();
	bario_chardev_exit();
	bario_mmap_exit();
}

module_init(bario_init);
module_exit(bario_exit);

MODULE_DESCRIPTION("FreeBSD's pci(4) userland interface, a node per function");
MODULE_AUTHOR("The bario authors");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1.0");
