// SPDX-License-Identifier: GPL-2.0
/*
 * All mappings of all BARs are in one address space, so that one call takes away
 * those of a claim, whichever file they were made through. A place in it is
 * BARIOC_MMAP_NODE_OFFSET(), which is the offset of mmap(2) as well, except that a
 * node for one function omits the minor.
 */
#include <linux/mm.h>
#include <linux/mount.h>
#include <linux/pseudo_fs.h>
#include "function.h"
#include "mapping.h"

static struct vfsmount *mount;
static struct inode *inode;

static int init_fs_context(struct fs_context *fc)
{
	return init_pseudo(fc, 0x62617269) ? 0 : -ENOMEM;
}

/* Without .owner: the mount below must not pin the module. */
static struct file_system_type fs_type = {
	.name = "bario",
	.init_fs_context = init_fs_context,
	.kill_sb = kill_anon_super,
};

int bario_mapping_init(void)
{
	mount = kern_mount(&fs_type);
	if (IS_ERR(mount))
		return PTR_ERR(mount);
	inode = alloc_anon_inode(mount->mnt_sb);
	if (IS_ERR(inode)) {
		kern_unmount(mount);
		return PTR_ERR(inode);
	}
	return 0;
}

void bario_mapping_exit(void)
{
	iput(inode);
	kern_unmount(mount);
}

/**
 * bario_mapping_file() - give an open file our address space
 * @filp: a file being opened; nodes have inodes of their own
 */
void bario_mapping_file(struct file *filp)
{
	filp->f_mapping = inode->i_mapping;
}

/**
 * bario_mapping_place() - where a BAR is in the address space
 * @function: the function
 * @index: the BAR
 */
loff_t bario_mapping_place(const struct bario_function *function,
			   unsigned int index)
{
	return BARIOC_MMAP_NODE_OFFSET(function->minor, index, 0);
}

/**
 * bario_mapping_remove() - remove all mappings of a claim
 * @function: the function; function->lock is held, and no file shares the claim, so
 *	that a fault does not restore them
 * @index: the BAR
 */
void bario_mapping_remove(struct bario_function *function, unsigned int index)
{
	unmap_mapping_range(inode->i_mapping, bario_mapping_place(function, index),
			    1LL << BARIOC_MMAP_BAR_SHIFT, 1);
}
