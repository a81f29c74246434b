// SPDX-License-Identifier: GPL-2.0
#include <linux/capability.h>
#include <linux/cdev.h>
#include <linux/module.h>
#include <linux/security.h>
#include "chardev.h"
#include "derivation.h"
#include "grant.h"
#include "mapping.h"
#include "mmap.h"
#include "node.h"
#include "publish.h"
#include "request.h"

static struct cdev cdev;

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
	bario_mapping_file(filp);
	return nonseekable_open(inode, filp);
}

static int chardev_release(struct inode *inode, struct file *filp)
{
	bario_derivation_close(filp->private_data);
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
	.unlocked_ioctl = bario_dispatch_ioctl,
	.compat_ioctl = bario_dispatch_compat,
	.mmap = bario_mmap,
	.show_fdinfo = chardev_show,
};

/**
 * bario_chardev_init() - let nodes be opened
 *
 * The last step that can fail: if the module fails to load, its memory is freed even
 * while a file of it is open.
 */
int bario_chardev_init(void)
{
	cdev_init(&cdev, &fops);
	cdev.owner = THIS_MODULE;
	return cdev_add(&cdev, bario_node_devt(0), BARIO_MINORS);
}

/**
 * bario_chardev_exit() - stop nodes from being opened
 */
void bario_chardev_exit(void)
{
	cdev_del(&cdev);
}
