// SPDX-License-Identifier: GPL-2.0
/*
 * The list of functions: PCIOCGETCONF. The list is copied first and searched then,
 * because a search with many patterns takes long. Fields that have no meaning are not
 * checked.
 */
#include <linux/compat.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include "config.h"
#include "getconf.h"
#include "request.h"

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
#endif /* CONFIG_COMPAT */

/* Units that tell nothing about functions which the file may not see. */
static void own_units(struct pci_conf *all, u32 count)
{
	u32 i, k;

	for (i = 0; i < count; i++)
		for (k = 0; all[i].pd_name[0] && k < i; k++)
			all[i].pd_unit += !strcmp(all[k].pd_name,
						  all[i].pd_name);
}

/*
 * Copies the records of the functions that a file may see, in ascending order of the
 * selector; the caller frees them. Returns -ENODEV: the file was revoked; -ENOMEM.
 */
static struct pci_conf *copy_list(struct bario_file *file, u32 *count,
				  u32 *generation)
{
	struct pci_conf *all;
	int copied;
	u32 capacity;

	do {
		capacity = bario_functions_count(file);
		all = kvmalloc_array(capacity + !capacity, sizeof(*all),
				     GFP_KERNEL_ACCOUNT);
		if (!all)
			return ERR_PTR(-ENOMEM);
		copied = bario_functions_copy(file, all, capacity, generation);
		if (copied < 0)
			kvfree(all);
	} while (copied < 0);
	if (READ_ONCE(file->revoked)) {
		kvfree(all);
		return ERR_PTR(-ENODEV);
	}
	*count = copied;
	if (!file->all)
		own_units(all, *count);
	return all;
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
	/* The two are the same up to pd_unit. */
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

/* After the walk, because the bridge may have to resume, or be in a reset. */
static void add_buses(struct file *filp, struct pci_conf *conf)
{
	int reg = conf->pc_hdr == PCI_HEADER_TYPE_BRIDGE ? PCI_SECONDARY_BUS :
							   PCI_CB_CARD_BUS;
	struct bario_attachment *att;
	u32 secondary, subordinate;

	if (conf->pc_hdr != PCI_HEADER_TYPE_BRIDGE &&
	    conf->pc_hdr != PCI_HEADER_TYPE_CARDBUS)
		return;
	att = bario_request_attachment(filp, &conf->pc_sel);
	if (IS_ERR(att) || bario_config_read(att, reg, 1, &secondary) ||
	    bario_config_read(att, reg + 1, 1, &subordinate))
		return;
	conf->pc_secbus = secondary;
	conf->pc_subbus = subordinate;
}

/* Moves the records that match, starting at io->offset, to the front. */
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
 * Fills in num_matches, offset, generation and status of the request. @longer: with
 * the fields that FreeBSD 15 added. The caller's position in the list is decided
 * before the patterns are read.
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
	all = copy_list(filp->private_data, &count, &generation);
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

/**
 * bario_getconf_ioctl() - PCIOCGETCONF
 * @filp: the file
 * @arg: its structure
 * @longer: with the fields that FreeBSD 15 added
 */
long bario_getconf_ioctl(struct file *filp, struct pci_conf_io __user *arg,
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

#ifdef CONFIG_COMPAT
/**
 * bario_getconf_ioctl32() - PCIOCGETCONF of a 32-bit caller
 * @filp: the file
 * @arg: its structure
 * @longer: as for bario_getconf_ioctl()
 */
long bario_getconf_ioctl32(struct file *filp, struct pci_conf_io32 __user *arg,
			   bool longer)
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
#endif /* CONFIG_COMPAT */
