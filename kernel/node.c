// SPDX-License-Identifier: GPL-2.0
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/slab.h>
#include "compat.h"
#include "counter.h"
#include "function.h"
#include "node.h"
#include "suspend.h"

static dev_t first_dev;

/*
 * Names have no colons, because container engines split the arguments of --device and
 * -v at them.
 */
static char *node_path(const struct device *dev)
{
	return kasprintf(GFP_KERNEL, "bario/%s", dev_name(dev));
}

static char *class_devnode(bario_devnode_const struct device *dev, umode_t *mode)
{
	if (MINOR(dev->devt) == 0) {
		if (mode)
			*mode = 0644;
		return NULL;
	}
	if (mode)
		*mode = 0600;
	return node_path(dev);
}

static struct class class = {
	.name = "bario",
	.devnode = class_devnode,
	.pm = &bario_suspend_ops,
};

/**
 * struct named_node - the node of a published name
 * @dev: its device, which the driver core frees
 * @owner: owner, group and mode of the node
 */
struct named_node {
	struct device		dev;
	struct bario_owner	owner;
};

static char *named_devnode(bario_devnode_const struct device *dev,
			   umode_t *mode, kuid_t *uid, kgid_t *gid)
{
	const struct bario_owner *owner =
		&container_of(dev, struct named_node, dev)->owner;

	/* devtmpfs takes 0 to mean that there is no mode, so add the file type. */
	if (mode)
		*mode = S_IFCHR | owner->mode;
	if (uid)
		*uid = owner->uid;
	if (gid)
		*gid = owner->gid;
	return node_path(dev);
}

static const struct device_type named_type = {
	.devnode = named_devnode,
};

static void named_release(struct device *dev)
{
	kfree(container_of(dev, struct named_node, dev));
}

/**
 * bario_node_add() - make the node of a function
 * @function: the function, with its minor
 */
int bario_node_add(struct bario_function *function)
{
	struct pci_dev *pdev = function->pdev;
	struct device *dev;

	dev = device_create_with_groups(&class, &pdev->dev,
					first_dev + function->minor, function,
					bario_counter_groups,
					"%04x-%02x-%02x.%x", pci_domain_nr(pdev->bus),
					pdev->bus->number, PCI_SLOT(pdev->devfn),
					PCI_FUNC(pdev->devfn));
	if (IS_ERR(dev))
		return PTR_ERR(dev);
	/* It resumes right after its function, not after all other devices. */
	device_enable_async_suspend(dev);
	return 0;
}

/**
 * bario_node_add_name() - make the node of a published name
 * @minor: its minor
 * @name: the name
 * @owner: owner, group and mode of the node
 */
int bario_node_add_name(u32 minor, const char *name,
			const struct bario_owner *owner)
{
	struct named_node *node;
	int ret;

	node = kzalloc(sizeof(*node), GFP_KERNEL);
	if (!node)
		return -ENOMEM;
	node->owner = *owner;
	device_initialize(&node->dev);
	node->dev.class = &class;
	node->dev.type = &named_type;
	node->dev.devt = first_dev + minor;
	node->dev.release = named_release;
	ret = dev_set_name(&node->dev, "%s", name);
	if (!ret)
		ret = device_add(&node->dev);
	if (ret)
		put_device(&node->dev);
	return ret;
}

/**
 * bario_node_remove() - remove a node
 * @minor: its minor; files that are open stay open
 */
void bario_node_remove(u32 minor)
{
	device_destroy(&class, first_dev + minor);
}

/**
 * bario_node_init() - make /dev/pci, which can't be opened yet
 */
int bario_node_init(void)
{
	struct device *dev;
	int ret;

	ret = class_register(&class);
	if (ret)
		return ret;
	ret = alloc_chrdev_region(&first_dev, 0, BARIO_MINORS, "bario");
	if (ret)
		goto err_class;
	dev = device_create(&class, NULL, first_dev, NULL, "pci");
	if (IS_ERR(dev)) {
		ret = PTR_ERR(dev);
		goto err_region;
	}
	return 0;

err_region:
	unregister_chrdev_region(first_dev, BARIO_MINORS);
err_class:
	class_unregister(&class);
	return ret;
}

/**
 * bario_node_exit() - remove /dev/pci, the last node
 */
void bario_node_exit(void)
{
	device_destroy(&class, first_dev);
	unregister_chrdev_region(first_dev, BARIO_MINORS);
	class_unregister(&class);
}

/**
 * bario_node_devt() - the number of a node
 * @minor: its minor
 */
dev_t bario_node_devt(u32 minor)
{
	return first_dev + minor;
}
