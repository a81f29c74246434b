// SPDX-License-Identifier: GPL-2.0
#include <linux/capability.h>
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/hash.h>
#include <linux/module.h>
#include <linux/rculist.h>
#include <linux/security.h>
#include <linux/slab.h>
#include "internal.h"

static dev_t first_dev;
static struct cdev cdev;

/*
 * No colons in a name: container engines split their --device and -v at them.
 */
static char *devnode(bario_devnode_const struct device *dev, umode_t *mode)
{
	if (MINOR(dev->devt) == 0) {
		if (mode)
			*mode = 0644;
		return NULL;
	}
	if (mode)
		*mode = 0600;
	return kasprintf(GFP_KERNEL, "bario/%s", dev_name(dev));
}

static struct class class = {
	.name = "bario",
	.devnode = devnode,
};

static struct hlist_head *bucket(struct bario_file *file, u64 sel)
{
	return &file->uses[hash_64(sel, BARIO_FILE_BITS)];
}

static struct bario_use *use_find(struct bario_file *file, u64 sel)
{
	struct bario_use *use;

	/* Uses are added in front and never removed: no read section needed. */
	hlist_for_each_entry_rcu(use, bucket(file, sel), hash, true)
		if (use->function->sel == sel &&
		    !READ_ONCE(use->function->gone))
			return use;
	return NULL;
}

/* Takes over the caller's reference to the function. */
static struct bario_use *use_new(struct bario_file *file,
				 struct bario_function *function)
{
	struct bario_use *use = kzalloc(sizeof(*use), GFP_KERNEL_ACCOUNT);

	if (!use) {
		bario_function_put(function);
		return ERR_PTR(-ENOMEM);
	}
	use->file = file;
	use->function = function;
	INIT_LIST_HEAD(&use->link);
	hlist_add_head_rcu(&use->hash, bucket(file, function->sel));
	return use;
}

/**
 * bario_use_get() - find the file's use of a function
 * @file: the file
 * @sel: the function's selector
 *
 * Return: the use, valid until the file is released, or an error pointer:
 * -ENODEV: there is no such function, or the file may not see it; -ENOMEM.
 */
struct bario_use *bario_use_get(struct bario_file *file, u64 sel)
{
	struct bario_function *function;
	struct bario_use *use;

	use = file->only;
	if (likely(use)) {
		if (use->function->sel != sel || READ_ONCE(use->function->gone))
			return ERR_PTR(-ENODEV);
		return use;
	}

	use = use_find(file, sel);
	if (use)
		return use;
	function = bario_function_find(sel);
	if (!function)
		return ERR_PTR(-ENODEV);
	mutex_lock(&file->lock);
	use = use_find(file, sel);
	if (use)
		bario_function_put(function);
	else
		use = use_new(file, function);
	mutex_unlock(&file->lock);
	return use;
}

static int chardev_open(struct inode *inode, struct file *filp)
{
	u32 minor = iminor(inode);
	struct bario_file *file;
	int ret;

	if (filp->f_mode & FMODE_WRITE) {
		if (minor == 0 && !capable(CAP_SYS_RAWIO))
			return -EPERM;
		ret = security_locked_down(LOCKDOWN_PCI_ACCESS);
		if (ret)
			return ret;
	}

	file = kzalloc(sizeof(*file), GFP_KERNEL_ACCOUNT);
	if (!file)
		return -ENOMEM;
	mutex_init(&file->lock);
	if (minor == 0) {
		file->config = true;
	} else {
		struct bario_function *function = bario_function_by_minor(minor);
		struct bario_use *use;

		if (!function) {
			ret = -ENODEV;
			goto err_file;
		}
		use = use_new(file, function);
		if (IS_ERR(use)) {
			ret = PTR_ERR(use);
			goto err_file;
		}
		file->only = use;
	}
	filp->private_data = file;
	bario_mmap_file(filp);
	return nonseekable_open(inode, filp);

err_file:
	kfree(file);
	return ret;
}

static int chardev_release(struct inode *inode, struct file *filp)
{
	struct bario_file *file = filp->private_data;
	struct hlist_node *next;
	struct bario_use *use;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(file->uses); i++) {
		hlist_for_each_entry_safe(use, next, &file->uses[i], hash) {
			bario_claims_put(use);
			bario_function_put(use->function);
			kfree(use);
		}
	}
	mutex_destroy(&file->lock);
	kfree(file);
	return 0;
}

static const struct file_operations fops = {
	.owner = THIS_MODULE,
	.open = chardev_open,
	.release = chardev_release,
	.unlocked_ioctl = bario_ioctl,
	.compat_ioctl = bario_compat_ioctl,
	.mmap = bario_mmap,
};

/**
 * bario_chardev_add() - make the node of a function
 * @function: the function, with its minor
 */
int bario_chardev_add(struct bario_function *function)
{
	struct pci_dev *pdev = function->pdev;
	struct device *dev;

	dev = device_create(&class, &pdev->dev,
			    first_dev + function->minor, NULL,
			    "%04x-%02x-%02x.%x", pci_domain_nr(pdev->bus),
			    pdev->bus->number, PCI_SLOT(pdev->devfn),
			    PCI_FUNC(pdev->devfn));
	return PTR_ERR_OR_ZERO(dev);
}

/**
 * bario_chardev_remove() - take the node of a function away
 * @function: the function; files that are open stay open
 */
void bario_chardev_remove(struct bario_function *function)
{
	device_destroy(&class, first_dev + function->minor);
}

int bario_chardev_init(void)
{
	struct device *dev;
	int ret;

	ret = class_register(&class);
	if (ret)
		return ret;
	ret = alloc_chrdev_region(&first_dev, 0, BARIO_MINORS, "bario");
	if (ret)
		goto err_class;
	cdev_init(&cdev, &fops);
	cdev.owner = THIS_MODULE;
	ret = cdev_add(&cdev, first_dev, BARIO_MINORS);
	if (ret)
		goto err_region;
	dev = device_create(&class, NULL, first_dev, NULL, "pci");
	if (IS_ERR(dev)) {
		ret = PTR_ERR(dev);
		goto err_cdev;
	}
	return 0;

err_cdev:
	cdev_del(&cdev);
err_region:
	unregister_chrdev_region(first_dev, BARIO_MINORS);
err_class:
	class_unregister(&class);
	return ret;
}

void bario_chardev_exit(void)
{
	device_destroy(&class, first_dev);
	cdev_del(&cdev);
	unregister_chrdev_region(first_dev, BARIO_MINORS);
	class_unregister(&class);
}
