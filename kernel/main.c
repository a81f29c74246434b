// SPDX-License-Identifier: GPL-2.0
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
