// SPDX-License-Identifier: GPL-2.0
/*
 * FreeBSD's requests, from the caller's memory to typed arguments and back.
 * Structures are read field by field: what has no meaning may hold anything.
 */
#include <linux/capability.h>
#include <linux/compat.h>
#include <linux/mman.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include "access.h"

/* FreeBSD's names for kinds of memory; what a BAR can be mapped as. */
#define VM_MEMATTR_UNCACHEABLE		0	/* DEVICE is the same */
#define VM_MEMATTR_WEAK_UNCACHEABLE	7

/* Longest vital product data that there can be. */
#define VPD_SIZE	(1 << 15)

/* FreeBSD 13's and 14's, whose records are the beginning of 15's. */
#define PCIOCGETCONF14	_IOWR('p', 5, struct pci_conf_io)
#define CONF14_SIZE	offsetof(struct pci_conf, pd_numa_domain)
static_assert(CONF14_SIZE == 48);

#ifdef CONFIG_COMPAT
/* What differs for a 32-bit caller. */
struct pci_conf32 {
	struct pcisel	pc_sel;
	u8		pc_hdr;
	u16		pc_subvendor;
	u16		pc_subdevice;
	u16		pc_vendor;
	u16		pc_device;
	u8		pc_class;
	u8		pc_subclass;
	u8		pc_progif;
	u8		pc_revid;
	char		pd_name[PCI_MAXNAMELEN + 1];
	compat_ulong_t	pd_unit;
	s32		pd_numa_domain;
	compat_size_t	pc_reported_len;
	u8		pc_secbus;
	u8		pc_subbus;
	char		pc_spare[62];
};
static_assert(sizeof(struct pci_conf32) == 116);
#define CONF14_SIZE32	offsetof(struct pci_conf32, pd_numa_domain)
static_assert(CONF14_SIZE32 == 44);

struct pci_match_conf32 {
	struct pcisel	pc_sel;
	char		pd_name[PCI_MAXNAMELEN + 1];
	compat_ulong_t	pd_unit;
	u16		pc_vendor;
	u16		pc_device;
	u8		pc_class;
	s32		flags;
};
static_assert(sizeof(struct pci_match_conf32) == 44);

struct pci_conf_io32 {
	u32		pat_buf_len;
	u32		num_patterns;
	compat_uptr_t	patterns;
	u32		match_buf_len;
	u32		num_matches;
	compat_uptr_t	matches;
	u32		offset;
	u32		generation;
	s32		status;
};
static_assert(sizeof(struct pci_conf_io32) == 36);

struct pci_list_vpd_io32 {
	struct pcisel	plvi_sel;
	compat_size_t	plvi_len;
	compat_uptr_t	plvi_data;
};
static_assert(sizeof(struct pci_list_vpd_io32) == 16);

struct pci_bar_mmap32 {
	compat_uptr_t	pbm_map_base;
	compat_size_t	pbm_map_length;
	u64		pbm_bar_length;
	s32		pbm_bar_off;
	struct pcisel	pbm_sel;
	s32		pbm_reg;
	s32		pbm_flags;
	s32		pbm_memattr;
};
static_assert(sizeof(struct pci_bar_mmap32) == 40);

#define PCIOCGETCONF32	_IOWR('p', 10, struct pci_conf_io32)
#define PCIOCGETCONF14_32	_IOWR('p', 5, struct pci_conf_io32)
#define PCIOCLISTVPD32	_IOWR('p', 7, struct pci_list_vpd_io32)
#define PCIOCBARMMAP32	_IOWR('p', 8, struct pci_bar_mmap32)
#endif /* CONFIG_COMPAT */

static struct bario_attachment *get_use(struct file *filp, const struct pcisel *sel)
{
	return bario_attachment_get(filp->private_data, bario_sel(sel));
}

static long ioctl_config(struct file *filp, unsigned int cmd,
			 struct pci_io __user *arg)
{
	char driver[PCI_MAXNAMELEN + 1];
	struct bario_attachment *att;
	struct pci_io io;
	u32 value;
	int ret;

	if (copy_from_user(&io, arg, sizeof(io)))
		return -EFAULT;
	if (!bario_writable(filp))
		return -EPERM;
	if (cmd != PCIOCATTACHED) {
		ret = bario_check_config(io.pi_reg, io.pi_width);
		if (ret)
			return ret;
	}
	att = get_use(filp, &io.pi_sel);
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

static long ioctl_get_bar(struct file *filp, struct pci_bar_io __user *arg)
{
	struct bario_attachment *att;
	struct pci_bar_io io;
	int ret;

	if (copy_from_user(&io, arg, sizeof(io)))
		return -EFAULT;
	att = get_use(filp, &io.pbi_sel);
	if (IS_ERR(att))
		return PTR_ERR(att);
	ret = bario_get_bar(att, &io);
	if (ret)
		return ret;
	return copy_to_user(arg, &io, sizeof(io)) ? -EFAULT : 0;
}

static int copy_patterns(struct pci_match_conf *to, const void __user *from,
			 u32 count, bool compat)
{
#ifdef CONFIG_COMPAT
	if (compat) {
		const struct pci_match_conf32 __user *from32 = from;
		struct pci_match_conf32 pat;
		u32 i;

		for (i = 0; i < count; i++) {
			if (copy_from_user(&pat, &from32[i], sizeof(pat)))
				return -EFAULT;
			to[i] = (struct pci_match_conf) {
				.pc_sel = pat.pc_sel,
				.pd_unit = pat.pd_unit,
				.pc_vendor = pat.pc_vendor,
				.pc_device = pat.pc_device,
				.pc_class = pat.pc_class,
				.flags = pat.flags,
			};
			memcpy(to[i].pd_name, pat.pd_name, sizeof(pat.pd_name));
		}
		return 0;
	}
#endif
	return copy_from_user(to, from, count * sizeof(*to)) ? -EFAULT : 0;
}

#ifdef CONFIG_COMPAT
static void narrow_record(struct pci_conf32 *to, const struct pci_conf *from)
{
	/* Up to pd_unit the two are alike. */
	static_assert(offsetof(struct pci_conf32, pd_name) ==
		      offsetof(struct pci_conf, pd_name));
	memset(to, 0, sizeof(*to));
	memcpy(to, from, offsetofend(struct pci_conf, pd_name));
	to->pd_unit = from->pd_unit;
	to->pd_numa_domain = from->pd_numa_domain;
	to->pc_reported_len = offsetof(struct pci_conf32, pc_spare);
	to->pc_secbus = from->pc_secbus;
	to->pc_subbus = from->pc_subbus;
}
#endif

static int copy_records(void __user *to, const struct pci_conf *from, u32 count,
			u32 conf_size, bool compat)
{
	const void *record;
	u32 i;

	for (i = 0; i < count; i++) {
#ifdef CONFIG_COMPAT
		struct pci_conf32 conf32;

		if (compat) {
			narrow_record(&conf32, &from[i]);
			record = &conf32;
		} else
#endif
			record = &from[i];
		if (copy_to_user(to + i * conf_size, record, conf_size))
			return -EFAULT;
	}
	return 0;
}

/* Outside of the walk, for the bridge may have to wake, or be in a reset. */
static void add_buses(struct file *filp, struct pci_conf *conf)
{
	int reg = conf->pc_hdr == PCI_HEADER_TYPE_BRIDGE ? PCI_SECONDARY_BUS :
							   PCI_CB_CARD_BUS;
	struct bario_attachment *att;
	u32 secondary, subordinate;

	if (conf->pc_hdr != PCI_HEADER_TYPE_BRIDGE &&
	    conf->pc_hdr != PCI_HEADER_TYPE_CARDBUS)
		return;
	att = get_use(filp, &conf->pc_sel);
	if (IS_ERR(att) || bario_config_read(att, reg, 1, &secondary) ||
	    bario_config_read(att, reg + 1, 1, &subordinate))
		return;
	conf->pc_secbus = secondary;
	conf->pc_subbus = subordinate;
}

/* The records that match, from the one at io->offset on, are moved to the front. */
static int find_matches(struct pci_conf_io *io, struct pci_conf *all, u32 count,
			struct bario_walk *walk, u32 pattern_size, bool compat)
{
	struct pci_match_conf *patterns = NULL;
	int ret;
	u32 i;

	ret = bario_check_patterns(io->num_patterns, io->pat_buf_len,
				   pattern_size);
	if (ret)
		return ret;
	if (io->num_patterns) {
		patterns = kvmalloc_array(io->num_patterns, sizeof(*patterns),
					  GFP_KERNEL_ACCOUNT);
		if (!patterns)
			return -ENOMEM;
		/* FreeBSD, too, has EINVAL here, and EFAULT for the matches. */
		if (copy_patterns(patterns, (void __user *)io->patterns,
				  io->num_patterns, compat)) {
			ret = -EINVAL;
			goto out;
		}
	}
	walk->patterns = patterns;
	walk->num_patterns = io->num_patterns;
	for (i = 0; i < count && !walk->full; i++)
		if (bario_walk_offer(walk, i, &all[i]))
			all[walk->found - 1] = all[i];
out:
	kvfree(patterns);
	return ret;
}

/*
 * Fills in num_matches, offset, generation and status of the request. @longer:
 * with what FreeBSD 15's records have more. Where the caller is in the list is
 * decided before the patterns are looked at.
 */
static int get_conf(struct file *filp, struct pci_conf_io *io, bool longer,
		    bool compat)
{
	u32 conf_size = longer ? sizeof(struct pci_conf) : CONF14_SIZE;
	u32 pattern_size = sizeof(struct pci_match_conf);
	struct bario_walk walk = { .offset = io->offset };
	u32 i, count, generation;
	struct pci_conf *all;
	int ret = 0;

#ifdef CONFIG_COMPAT
	if (compat) {
		conf_size = longer ? sizeof(struct pci_conf32) : CONF14_SIZE32;
		pattern_size = sizeof(struct pci_match_conf32);
	}
#endif
	all = bario_list_copy(filp->private_data, &count, &generation);
	if (IS_ERR(all))
		return PTR_ERR(all);
	if (io->offset && io->generation != generation) {
		io->num_matches = 0;
		io->status = PCI_GETCONF_LIST_CHANGED;
		goto out;
	}
	walk.capacity = io->match_buf_len / conf_size;
	if (io->offset < count)
		ret = find_matches(io, all, count, &walk, pattern_size, compat);
	if (ret)
		goto out;
	for (i = 0; longer && i < walk.found; i++)
		add_buses(filp, &all[i]);
	ret = copy_records((void __user *)io->matches, all, walk.found,
			   conf_size, compat);
	if (ret)
		goto out;
	io->num_matches = walk.found;
	io->offset = walk.offset;
	io->generation = generation;
	io->status = walk.full ? PCI_GETCONF_MORE_DEVS :
				 PCI_GETCONF_LAST_DEVICE;
out:
	kvfree(all);
	return ret;
}

static long ioctl_get_conf(struct file *filp, struct pci_conf_io __user *arg,
			   bool longer)
{
	struct pci_conf_io io;
	int ret;

	if (copy_from_user(&io, arg, sizeof(io)))
		return -EFAULT;
	ret = get_conf(filp, &io, longer, false);
	if (ret)
		return ret;
	return copy_to_user(arg, &io, sizeof(io)) ? -EFAULT : 0;
}

/* Fills in plvi_len: on -ENOMEM, too. */
static int list_vpd(struct file *filp, struct pci_list_vpd_io *io)
{
	struct bario_attachment *att;
	u8 *vpd, *out = NULL;
	size_t need;
	int len, ret;

	if (!bario_writable(filp) && !capable(CAP_SYS_RAWIO))
		return -EPERM;
	att = get_use(filp, &io->plvi_sel);
	if (IS_ERR(att))
		return PTR_ERR(att);
	vpd = kvmalloc(VPD_SIZE, GFP_KERNEL_ACCOUNT);
	if (!vpd)
		return -ENOMEM;
	len = bario_read_vpd(att, vpd, VPD_SIZE);
	ret = len < 0 ? len : bario_vpd_list(vpd, len, NULL, 0, &need);
	if (ret || !io->plvi_len) {
		if (!ret)
			io->plvi_len = need;
		goto out;
	}
	if (io->plvi_len < need) {
		io->plvi_len = need;
		ret = -ENOMEM;
		goto out;
	}
	out = kvmalloc(need, GFP_KERNEL_ACCOUNT);
	if (!out) {
		ret = -ENOMEM;
		goto out;
	}
	ret = bario_vpd_list(vpd, len, out, need, &need);
	if (!ret && copy_to_user((void __user *)io->plvi_data, out, need))
		ret = -EFAULT;
	if (!ret)
		io->plvi_len = need;
out:
	kvfree(out);
	kvfree(vpd);
	return ret;
}

static long ioctl_list_vpd(struct file *filp,
			   struct pci_list_vpd_io __user *arg)
{
	struct pci_list_vpd_io io;
	int ret;

	if (copy_from_user(&io, arg, sizeof(io)))
		return -EFAULT;
	ret = list_vpd(filp, &io);
	if (ret && ret != -ENOMEM)
		return ret;
	return put_user(io.plvi_len, &arg->plvi_len) ? -EFAULT : ret;
}

static int map_bar(struct file *filp, struct pci_bar_mmap *map)
{
	const int known = PCIIO_BAR_MMAP_FIXED | PCIIO_BAR_MMAP_EXCL |
			  PCIIO_BAR_MMAP_RW | PCIIO_BAR_MMAP_ACTIVATE;
	struct bario_attachment *att;

	if (!bario_writable(filp))
		return -EPERM;
	att = get_use(filp, &map->pbm_sel);
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
	return bario_map_bar(filp, att, map);
}

static long ioctl_map_bar(struct file *filp, struct pci_bar_mmap __user *arg)
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

/**
 * bario_pciio() - answer one of FreeBSD's requests, but for PCIOCBARIO
 * @filp: the file
 * @cmd: the request
 * @arg: its structure
 *
 * Return: 0 or a negative errno; -ENOTTY: it is none of these.
 */
long bario_pciio(struct file *filp, unsigned int cmd, void __user *arg)
{
	switch (cmd) {
	case PCIOCREAD:
	case PCIOCWRITE:
	case PCIOCATTACHED:
		return ioctl_config(filp, cmd, arg);
	case PCIOCBARMMAP:
		return ioctl_map_bar(filp, arg);
	case PCIOCGETCONF:
	case PCIOCGETCONF14:
		return ioctl_get_conf(filp, arg, cmd == PCIOCGETCONF);
	case PCIOCGETBAR:
		return ioctl_get_bar(filp, arg);
	case PCIOCLISTVPD:
		return ioctl_list_vpd(filp, arg);
	default:
		return -ENOTTY;
	}
}

#ifdef CONFIG_COMPAT
static long ioctl_get_conf32(struct file *filp,
			     struct pci_conf_io32 __user *arg, bool longer)
{
	struct pci_conf_io32 io32;
	struct pci_conf_io io;
	int ret;

	if (copy_from_user(&io32, arg, sizeof(io32)))
		return -EFAULT;
	io = (struct pci_conf_io) {
		.pat_buf_len = io32.pat_buf_len,
		.num_patterns = io32.num_patterns,
		.patterns = (void __force *)compat_ptr(io32.patterns),
		.match_buf_len = io32.match_buf_len,
		.num_matches = io32.num_matches,
		.matches = (void __force *)compat_ptr(io32.matches),
		.offset = io32.offset,
		.generation = io32.generation,
	};
	ret = get_conf(filp, &io, longer, true);
	if (ret)
		return ret;
	io32.num_matches = io.num_matches;
	io32.offset = io.offset;
	io32.generation = io.generation;
	io32.status = io.status;
	return copy_to_user(arg, &io32, sizeof(io32)) ? -EFAULT : 0;
}

static long ioctl_list_vpd32(struct file *filp,
			     struct pci_list_vpd_io32 __user *arg)
{
	struct pci_list_vpd_io32 io32;
	struct pci_list_vpd_io io;
	int ret;

	if (copy_from_user(&io32, arg, sizeof(io32)))
		return -EFAULT;
	io = (struct pci_list_vpd_io) {
		.plvi_sel = io32.plvi_sel,
		.plvi_len = io32.plvi_len,
		.plvi_data = (void __force *)compat_ptr(io32.plvi_data),
	};
	ret = list_vpd(filp, &io);
	if (ret && ret != -ENOMEM)
		return ret;
	return put_user((u32)io.plvi_len, &arg->plvi_len) ? -EFAULT : ret;
}

static long ioctl_map_bar32(struct file *filp,
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

/**
 * bario_pciio32() - answer a request whose structure is a 32-bit caller's own
 * @filp: the file
 * @cmd: the request
 * @arg: its structure
 *
 * Return: 0 or a negative errno; -ENOIOCTLCMD: the structure is the same for all.
 */
long bario_pciio32(struct file *filp, unsigned int cmd, void __user *arg)
{
	switch (cmd) {
	case PCIOCGETCONF32:
	case PCIOCGETCONF14_32:
		return ioctl_get_conf32(filp, arg, cmd == PCIOCGETCONF32);
	case PCIOCLISTVPD32:
		return ioctl_list_vpd32(filp, arg);
	case PCIOCBARMMAP32:
		return ioctl_map_bar32(filp, arg);
	case PCIOCGETCONF:
	case PCIOCGETCONF14:
	case PCIOCLISTVPD:
	case PCIOCBARMMAP:
		return -ENOTTY;
	default:
		return -ENOIOCTLCMD;
	}
}
#endif /* CONFIG_COMPAT */
