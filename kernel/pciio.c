// SPDX-License-Identifier: GPL-2.0
/*
 * FreeBSD's requests for one function, from the caller's memory to typed arguments
 * and back. Fields that have no meaning are not checked.
 */
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/uaccess.h>
#include "config.h"
#include "mmap.h"
#include "request.h"

/* FreeBSD's names for kinds of memory; what a BAR can be mapped as. */
#define VM_MEMATTR_UNCACHEABLE		0	/* DEVICE is the same */
#define VM_MEMATTR_WEAK_UNCACHEABLE	7

/**
 * bario_pciio_config() - PCIOCREAD, PCIOCWRITE and PCIOCATTACHED
 * @filp: the file
 * @cmd: which of them
 * @arg: its structure
 */
long bario_pciio_config(struct file *filp, unsigned int cmd,
			struct pci_io __user *arg)
{
	char driver[PCI_MAXNAMELEN + 1];
	struct bario_attachment *att;
	struct pci_io io;
	u32 value;
	int ret;

	if (copy_from_user(&io, arg, sizeof(io)))
		return -EFAULT;
	if (!bario_file_writable(filp))
		return -EPERM;
	if (cmd != PCIOCATTACHED) {
		ret = bario_check_config(io.pi_reg, io.pi_width);
		if (ret)
			return ret;
	}
	att = bario_request_attachment(filp, &io.pi_sel);
	if (IS_ERR(att))
		return PTR_ERR(att);
	switch (cmd) {
	case PCIOCWRITE:
		return bario_config_write(att, io.pi_reg, io.pi_width,
					  io.pi_data);
	case PCIOCREAD:
		if (put_user(io.pi_data, &arg->pi_data))
			return -EFAULT;
		ret = bario_config_read(att, io.pi_reg, io.pi_width, &value);
		if (ret)
			return ret;
		break;
	default:
		bario_function_driver(att->function, driver, sizeof(driver));
		value = driver[0] != '\0';
		break;
	}
	return put_user(value, &arg->pi_data) ? -EFAULT : 0;
}

/**
 * bario_pciio_get_bar() - PCIOCGETBAR
 * @filp: the file
 * @arg: its structure
 */
long bario_pciio_get_bar(struct file *filp, struct pci_bar_io __user *arg)
{
	struct bario_attachment *att;
	struct pci_bar_io io;
	int ret;

	if (copy_from_user(&io, arg, sizeof(io)))
		return -EFAULT;
	att = bario_request_attachment(filp, &io.pbi_sel);
	if (IS_ERR(att))
		return PTR_ERR(att);
	ret = bario_config_get_bar(att, &io);
	if (ret)
		return ret;
	return copy_to_user(arg, &io, sizeof(io)) ? -EFAULT : 0;
}

static int map_bar(struct file *filp, struct pci_bar_mmap *map)
{
	const int known = PCIIO_BAR_MMAP_FIXED | PCIIO_BAR_MMAP_EXCL |
			  PCIIO_BAR_MMAP_RW | PCIIO_BAR_MMAP_ACTIVATE;
	struct bario_attachment *att;

	if (!bario_file_writable(filp))
		return -EPERM;
	att = bario_request_attachment(filp, &map->pbm_sel);
	if (IS_ERR(att))
		return PTR_ERR(att);
	if (map->pbm_flags & ~known)
		return -EINVAL;
	if (map->pbm_memattr != VM_MEMATTR_UNCACHEABLE &&
	    map->pbm_memattr != VM_MEMATTR_WEAK_UNCACHEABLE)
		return -EINVAL;
	if ((map->pbm_flags & PCIIO_BAR_MMAP_FIXED) &&
	    offset_in_page(map->pbm_map_base))
		return -EINVAL;
	return bario_mmap_bar(filp, att, map);
}

/**
 * bario_pciio_map_bar() - PCIOCBARMMAP
 * @filp: the file
 * @arg: its structure
 */
long bario_pciio_map_bar(struct file *filp, struct pci_bar_mmap __user *arg)
{
	struct pci_bar_mmap map;
	int ret;

	if (copy_from_user(&map, arg, sizeof(map)))
		return -EFAULT;
	ret = map_bar(filp, &map);
	if (ret)
		return ret;
	if (copy_to_user(arg, &map, sizeof(map))) {
		vm_munmap((unsigned long)map.pbm_map_base, map.pbm_map_length);
		return -EFAULT;
	}
	return 0;
}

#ifdef CONFIG_COMPAT
/**
 * bario_pciio_map_bar32() - PCIOCBARMMAP of a 32-bit caller
 * @filp: the file
 * @arg: its structure
 */
long bario_pciio_map_bar32(struct file *filp,
			   struct pci_bar_mmap32 __user *arg)
{
	struct pci_bar_mmap32 map32;
	struct pci_bar_mmap map;
	int ret;

	if (copy_from_user(&map32, arg, sizeof(map32)))
		return -EFAULT;
	map = (struct pci_bar_mmap) {
		.pbm_map_base = (void __force *)compat_ptr(map32.pbm_map_base),
		.pbm_sel = map32.pbm_sel,
		.pbm_reg = map32.pbm_reg,
		.pbm_flags = map32.pbm_flags,
		.pbm_memattr = map32.pbm_memattr,
	};
	ret = map_bar(filp, &map);
	if (ret)
		return ret;
	map32.pbm_map_base = (unsigned long)map.pbm_map_base;
	map32.pbm_map_length = map.pbm_map_length;
	map32.pbm_bar_length = map.pbm_bar_length;
	map32.pbm_bar_off = map.pbm_bar_off;
	if (copy_to_user(arg, &map32, sizeof(map32))) {
		vm_munmap((unsigned long)map.pbm_map_base, map.pbm_map_length);
		return -EFAULT;
	}
	return 0;
}

#endif /* CONFIG_COMPAT */
