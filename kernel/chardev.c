// SPDX-License-Identifier: GPL-2.0
#include <linux/anon_inodes.h>
#include <linux/capability.h>
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/module.h>
#include <linux/security.h>
#include <linux/slab.h>
#include "access.h"

static dev_t first_dev;
static struct cdev cdev;

/*
 * No colons in a name: container engines split their --device and -v at them.
 */
static char *node_path(const struct device *dev)
{
	return kasprintf(GFP_KERNEL, "bario/%s", dev_name(dev));
}

static char *devnode(bario_devnode_const struct device *dev, umode_t *mode)
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
	.devnode = devnode,
	.pm = &bario_slot_pm_ops,
};

/**
 * struct named_node - the node of a published name
 * @dev: its device, which the driver core frees
 * @owner: who may open it
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

	/* Without a type, devtmpfs takes mode 0 for none. */
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
 * bario_file_new() - make a file that may do nothing yet
 * @count: functions that its grant will name
 *
 * Return: the file, or NULL. Its uses may be filled in one by one; the first
 * without a function ends them for bario_file_free().
 */
struct bario_file *bario_file_new(u32 count)
{
	struct bario_file *file;
	u32 i;

	file = kvzalloc(struct_size(file, own, count), GFP_KERNEL_ACCOUNT);
	if (!file)
		return NULL;
	kref_init(&file->ref);
	mutex_init(&file->lock);
	INIT_LIST_HEAD(&file->children);
	INIT_LIST_HEAD(&file->sibling);
	file->count = count;
	for (i = 0; i < count; i++) {
		file->own[i].file = file;
		INIT_LIST_HEAD(&file->own[i].link);
	}
	return file;
}

/**
 * bario_file_index() - make the uses in @file->own to be found
 * @file: a file that nobody knows yet; each use has its function
 */
void bario_file_index(struct bario_file *file)
{
	struct bario_attachment *att;

	for (att = file->own; att < file->own + file->count; att++) {
		att->sel = att->function->sel;
		hlist_add_head(&att->hash, bario_attachment_bucket(file, att->sel));
	}
}

static void file_release(struct kref *ref)
{
	struct bario_file *file = container_of(ref, struct bario_file, ref);
	unsigned int i;

	for (i = 0; i < file->count && file->own[i].function; i++) {
		bario_function_put(file->own[i].function);
		kvfree(file->own[i].allowed.ranges);
	}
	mutex_destroy(&file->lock);
	kvfree(file);
}

void bario_file_put(struct bario_file *file)
{
	kref_put(&file->ref, file_release);
}

/**
 * bario_file_free() - end a file, and its claims
 * @file: a file that nobody can reach any more, but by way of its line of descent
 */
void bario_file_free(struct bario_file *file)
{
	struct hlist_node *next;
	struct bario_attachment *att;
	unsigned int i;

	/* A revocation may be at these, too. */
	for (i = 0; i < file->count && file->own[i].function; i++)
		bario_claims_put(&file->own[i]);
	for (i = 0; file->all && i < ARRAY_SIZE(file->attachments); i++) {
		hlist_for_each_entry_safe(att, next, &file->attachments[i], hash) {
			bario_claims_put(att);
			bario_attachment_free(att);
		}
	}
	kvfree(file->spare);
	bario_grant_close(file);
}

static struct bario_file *open_node(u32 minor)
{
	struct bario_function *function;
	struct bario_file *file;

	if (minor == 0) {
		file = bario_file_new(0);
		if (!file)
			return ERR_PTR(-ENOMEM);
		file->all = true;
		return file;
	}
	if (minor >= BARIO_MINOR_NAMES)
		return bario_publish_open(minor);
	function = bario_function_by_minor(minor);
	if (!function)
		return ERR_PTR(-ENODEV);
	file = bario_grant_node(function);
	bario_function_put(function);
	return file;
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
	file = open_node(minor);
	if (IS_ERR(file))
		return PTR_ERR(file);
	filp->private_data = file;
	bario_mmap_file(filp);
	return nonseekable_open(inode, filp);
}

static int chardev_release(struct inode *inode, struct file *filp)
{
	bario_file_free(filp->private_data);
	return 0;
}

static void chardev_show(struct seq_file *m, struct file *filp)
{
	bario_grant_show(m, filp->private_data);
}

static const struct file_operations fops = {
	.owner = THIS_MODULE,
	.open = chardev_open,
	.release = chardev_release,
	.unlocked_ioctl = bario_ioctl,
	.compat_ioctl = bario_compat_ioctl,
	.mmap = bario_mmap,
	.show_fdinfo = chardev_show,
};

/**
 * bario_file_open() - open a file that has no node
 * @file: the file, which is the new one's on success
 * @flags: access mode, as for open(2)
 *
 * It can't be opened again through /proc: its inode has no open().
 */
struct file *bario_file_open(struct bario_file *file, unsigned int flags)
{
	struct file *filp = anon_inode_getfile("[bario]", &fops, file, flags);

	if (!IS_ERR(filp)) {
		bario_mmap_file(filp);
		nonseekable_open(NULL, filp);
	}
	return filp;
}

/**
 * bario_chardev_add() - make the node of a function
 * @function: the function, with its minor
 */
int bario_chardev_add(struct bario_function *function)
{
	struct pci_dev *pdev = function->pdev;
	struct device *dev;

	dev = device_create_with_groups(&class, &pdev->dev,
			    first_dev + function->minor, function,
			    bario_function_groups,
			    "%04x-%02x-%02x.%x", pci_domain_nr(pdev->bus),
			    pdev->bus->number, PCI_SLOT(pdev->devfn),
			    PCI_FUNC(pdev->devfn));
	if (IS_ERR(dev))
		return PTR_ERR(dev);
	/* So that it resumes as soon as the function has, not after all others. */
	device_enable_async_suspend(dev);
	return 0;
}

/**
 * bario_chardev_add_name() - make the node of a published name
 * @minor: its minor
 * @name: the name
 * @owner: who may open it
 */
int bario_chardev_add_name(u32 minor, const char *name,
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
 * bario_chardev_remove() - take a node away
 * @minor: its minor; files that are open stay open
 */
void bario_chardev_remove(u32 minor)
{
	device_destroy(&class, first_dev + minor);
}

/**
 * bario_chardev_init() - make /dev/pci, which can't be opened yet
 */
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
 * bario_chardev_start() - let nodes be opened
 *
 * The last thing that can fail: the memory of a module that does not load goes,
 * whoever has a file of it open.
 */
int bario_chardev_start(void)
{
	cdev_init(&cdev, &fops);
	cdev.owner = THIS_MODULE;
	return cdev_add(&cdev, first_dev, BARIO_MINORS);
}

void bario_chardev_exit(void)
{
	bario_unpublish_all();
	device_destroy(&class, first_dev);
	if (cdev.owner)
		cdev_del(&cdev);
	unregister_chrdev_region(first_dev, BARIO_MINORS);
	class_unregister(&class);
	bario_attachments_exit();
}
