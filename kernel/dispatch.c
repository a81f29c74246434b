// SPDX-License-Identifier: GPL-2.0
/*
 * From the caller's memory to typed arguments and back; nothing else here or
 * elsewhere touches user memory. Structures are FreeBSD's and are read field by
 * field: what has no meaning may hold anything.
 */
#include <linux/capability.h>
#include <linux/compat.h>
#include <linux/file.h>
#include <linux/mman.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include "internal.h"
#include "trace.h"

/* FreeBSD's names for kinds of memory; what a BAR can be mapped as. */
#define VM_MEMATTR_UNCACHEABLE		0	/* DEVICE is the same */
#define VM_MEMATTR_WEAK_UNCACHEABLE	7

static bool allow_beside;
module_param_named(beside, allow_beside, bool, 0444);
MODULE_PARM_DESC(beside,
		 "let privileged callers derive files that reach BARs beside a driver");

/* Longest vital product data that there can be. */
#define VPD_SIZE	(1 << 15)

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
};
static_assert(sizeof(struct pci_conf32) == 44);

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

#define PCIOCGETCONF32	_IOWR('p', 5, struct pci_conf_io32)
#define PCIOCLISTVPD32	_IOWR('p', 7, struct pci_list_vpd_io32)
#define PCIOCBARMMAP32	_IOWR('p', 8, struct pci_bar_mmap32)
#endif /* CONFIG_COMPAT */

/* Not open for writing: a promise to change nothing, not even by reading. */
static bool writable(const struct file *filp)
{
	return filp->f_mode & FMODE_WRITE;
}

static struct bario_use *get_use(struct file *filp, const struct pcisel *sel)
{
	return bario_use_get(filp->private_data, bario_sel(sel));
}

/*
 * The hot path: what is needed of the structure is read, and a result's place
 * seen to be writable, in one stretch of access to user memory. So a result
 * that can't be stored is not read from the device.
 */
static long ioctl_bario(struct file *filp, struct pci_bar_ioreq __user *arg)
{
	struct bario_use *use;
	struct pcisel sel;
	u32 bar, offset, width, word;
	u64 value;
	int op, ret;

	if (!user_access_begin(arg, sizeof(*arg)))
		return -EFAULT;
	unsafe_get_user(sel.pc_domain, &arg->pbi_sel.pc_domain, Efault);
	unsafe_get_user(sel.pc_bus, &arg->pbi_sel.pc_bus, Efault);
	unsafe_get_user(sel.pc_dev, &arg->pbi_sel.pc_dev, Efault);
	unsafe_get_user(sel.pc_func, &arg->pbi_sel.pc_func, Efault);
	unsafe_get_user(op, &arg->pbi_op, Efault);
	unsafe_get_user(bar, &arg->pbi_bar, Efault);
	unsafe_get_user(offset, &arg->pbi_offset, Efault);
	unsafe_get_user(width, &arg->pbi_width, Efault);
	unsafe_get_user(word, &arg->pbi_value, Efault);
	if (op == PCIBARIO_READ)
		unsafe_put_user(word, &arg->pbi_value, Efault);
	user_access_end();

	use = get_use(filp, &sel);
	if (IS_ERR(use))
		return PTR_ERR(use);
	value = word;
	ret = bario_access(use, op, bar, offset, width, &value);
	if (ret || op != PCIBARIO_READ)
		return ret;
	if (value > U32_MAX)
		return -EOVERFLOW;
	return put_user((u32)value, &arg->pbi_value) ? -EFAULT : 0;

Efault:
	user_access_end();
	return -EFAULT;
}

static long ioctl_config(struct file *filp, unsigned int cmd,
			 struct pci_io __user *arg)
{
	char driver[PCI_MAXNAMELEN + 1];
	struct bario_use *use;
	struct pci_io io;
	u32 value;
	int ret;

	if (copy_from_user(&io, arg, sizeof(io)))
		return -EFAULT;
	use = get_use(filp, &io.pi_sel);
	if (IS_ERR(use))
		return PTR_ERR(use);
	switch (cmd) {
	case PCIOCWRITE:
		return bario_config_write(use, io.pi_reg, io.pi_width,
					  io.pi_data);
	case PCIOCREAD:
		if (put_user(io.pi_data, &arg->pi_data))
			return -EFAULT;
		ret = bario_config_read(use, io.pi_reg, io.pi_width, &value);
		if (ret)
			return ret;
		break;
	default:
		bario_function_driver(use->function, driver, sizeof(driver));
		value = driver[0] != '\0';
		break;
	}
	return put_user(value, &arg->pi_data) ? -EFAULT : 0;
}

static long ioctl_get_bar(struct file *filp, struct pci_bar_io __user *arg)
{
	struct bario_use *use;
	struct pci_bar_io io;
	int ret;

	if (copy_from_user(&io, arg, sizeof(io)))
		return -EFAULT;
	use = get_use(filp, &io.pbi_sel);
	if (IS_ERR(use))
		return PTR_ERR(use);
	ret = bario_get_bar(use, &io);
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

static int copy_records(void __user *to, const struct pci_conf *from, u32 count,
			bool compat)
{
#ifdef CONFIG_COMPAT
	if (compat) {
		struct pci_conf32 __user *to32 = to;
		struct pci_conf32 conf;
		u32 i;

		for (i = 0; i < count; i++) {
			/* Up to pd_unit the two are alike. */
			memset(&conf, 0, sizeof(conf));
			memcpy(&conf, &from[i],
			       offsetofend(struct pci_conf, pd_name));
			conf.pd_unit = from[i].pd_unit;
			if (copy_to_user(&to32[i], &conf, sizeof(conf)))
				return -EFAULT;
		}
		return 0;
	}
	static_assert(offsetof(struct pci_conf32, pd_name) ==
		      offsetof(struct pci_conf, pd_name));
#endif
	return copy_to_user(to, from, count * sizeof(*from)) ? -EFAULT : 0;
}

/* Fills in num_matches, offset, generation and status of the request. */
static int get_conf(struct file *filp, struct pci_conf_io *io, bool compat)
{
	struct bario_file *file = filp->private_data;
	u32 conf_size = sizeof(struct pci_conf);
	u32 pattern_size = sizeof(struct pci_match_conf);
	struct pci_match_conf *patterns = NULL;
	struct pci_conf *records = NULL;
	struct bario_walk walk = {};
	int ret;

#ifdef CONFIG_COMPAT
	if (compat) {
		conf_size = sizeof(struct pci_conf32);
		pattern_size = sizeof(struct pci_match_conf32);
	}
#endif
	if (READ_ONCE(file->revoked))
		return -ENODEV;
	io->status = PCI_GETCONF_ERROR;
	ret = bario_check_patterns(io->num_patterns, io->pat_buf_len,
				   pattern_size);
	if (ret || (io->num_patterns && !io->patterns))
		return -EINVAL;
	if (io->num_patterns) {
		patterns = kvmalloc_array(io->num_patterns, sizeof(*patterns),
					  GFP_KERNEL_ACCOUNT);
		if (!patterns)
			return -ENOMEM;
		ret = copy_patterns(patterns, (void __user *)io->patterns,
				    io->num_patterns, compat);
		if (ret)
			goto out;
	}

	walk.patterns = patterns;
	walk.num_patterns = io->num_patterns;
	walk.offset = io->offset;
	walk.room = min(io->match_buf_len / conf_size,
			bario_functions_count(file));
	if (walk.room) {
		records = kvcalloc(walk.room, sizeof(*records),
				   GFP_KERNEL_ACCOUNT);
		if (!records) {
			ret = -ENOMEM;
			goto out;
		}
	}
	if (!bario_functions_list(file, &io->generation, &walk, records)) {
		io->num_matches = 0;
		io->status = PCI_GETCONF_LIST_CHANGED;
		goto out;
	}
	ret = copy_records((void __user *)io->matches, records, walk.found,
			   compat);
	if (ret)
		goto out;
	io->num_matches = walk.found;
	io->offset = walk.offset;
	io->status = walk.full ? PCI_GETCONF_MORE_DEVS :
				 PCI_GETCONF_LAST_DEVICE;
out:
	kvfree(records);
	kvfree(patterns);
	return ret;
}

static long ioctl_get_conf(struct file *filp, struct pci_conf_io __user *arg)
{
	struct pci_conf_io io;
	int ret;

	if (copy_from_user(&io, arg, sizeof(io)))
		return -EFAULT;
	ret = get_conf(filp, &io, false);
	/* The status tells of EINVAL, too; otherwise nothing has changed. */
	if (ret && ret != -EINVAL)
		return ret;
	if (copy_to_user(arg, &io, sizeof(io)))
		return -EFAULT;
	return ret;
}

/* Fills in plvi_len: on -ENOMEM, too. */
static int list_vpd(struct file *filp, struct pci_list_vpd_io *io)
{
	struct bario_use *use;
	u8 *vpd, *out = NULL;
	size_t need;
	int len, ret;

	if (!writable(filp) && !capable(CAP_SYS_RAWIO))
		return -EPERM;
	use = get_use(filp, &io->plvi_sel);
	if (IS_ERR(use))
		return PTR_ERR(use);
	vpd = kvmalloc(VPD_SIZE, GFP_KERNEL_ACCOUNT);
	if (!vpd)
		return -ENOMEM;
	len = bario_read_vpd(use, vpd, VPD_SIZE);
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
	struct bario_use *use = get_use(filp, &map->pbm_sel);

	if (IS_ERR(use))
		return PTR_ERR(use);
	if (map->pbm_flags & ~known)
		return -EINVAL;
	if (map->pbm_memattr != VM_MEMATTR_UNCACHEABLE &&
	    map->pbm_memattr != VM_MEMATTR_WEAK_UNCACHEABLE)
		return -EINVAL;
	if (map->pbm_flags & PCIIO_BAR_MMAP_FIXED) {
		if (offset_in_page(map->pbm_map_base))
			return -EINVAL;
	} else if (map->pbm_flags & PCIIO_BAR_MMAP_EXCL) {
		return -EINVAL;
	}
	return bario_map_bar(filp, use, map);
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

static struct bario_rule *copy_rules(u64 from, u32 count)
{
	if (!count || count > BARIO_RULES_MAX)
		return ERR_PTR(-EINVAL);
	return vmemdup_user(u64_to_user_ptr(from),
			    count * sizeof(struct bario_rule));
}

static long ioctl_derive(struct file *filp, struct bario_derive __user *arg)
{
	struct bario_derive derive;
	struct bario_file *file;
	struct bario_rule *rules;
	struct file *derived;
	int ret;

	if (copy_from_user(&derive, arg, sizeof(derive)))
		return -EFAULT;
	if (derive.flags & ~BARIO_DERIVE_BESIDE)
		return -EINVAL;
	if ((derive.flags & BARIO_DERIVE_BESIDE) &&
	    !(allow_beside && capable(CAP_SYS_RAWIO)))
		return -EPERM;
	rules = copy_rules(derive.rules, derive.count);
	if (IS_ERR(rules))
		return PTR_ERR(rules);
	file = bario_grant_derive(filp->private_data, rules, derive.count,
				  derive.flags & BARIO_DERIVE_BESIDE);
	kvfree(rules);
	if (IS_ERR(file))
		return PTR_ERR(file);
	ret = bario_grant_adopt(filp->private_data, file, true);
	if (ret) {
		bario_file_free(file);
		return ret;
	}
	derive.id = file->id;
	trace_bario_derive(derive.count, derive.id);
	derived = bario_file_open(file, filp->f_flags & O_ACCMODE);
	if (IS_ERR(derived)) {
		bario_file_free(file);
		return PTR_ERR(derived);
	}
	ret = get_unused_fd_flags(O_CLOEXEC);
	if (ret < 0)
		goto err_file;
	derive.fd = ret;
	if (copy_to_user(arg, &derive, sizeof(derive))) {
		ret = -EFAULT;
		goto err_fd;
	}
	fd_install(derive.fd, derived);
	return 0;

err_fd:
	put_unused_fd(derive.fd);
err_file:
	fput(derived);
	return ret;
}

static long ioctl_grant(struct file *filp, struct bario_grant __user *arg)
{
	struct bario_file *file = filp->private_data;
	struct bario_rule *rules;
	struct bario_grant grant;
	int ret = 0;
	u32 room;

	if (copy_from_user(&grant, arg, sizeof(grant)))
		return -EFAULT;
	if (grant.flags || grant.reserved)
		return -EINVAL;
	if (file->all) {
		grant.flags = BARIO_GRANT_ALL;
		grant.count = 0;
		return copy_to_user(arg, &grant, sizeof(grant)) ? -EFAULT : 0;
	}
	grant.flags = file->beside ? BARIO_GRANT_BESIDE : 0;
	room = min_t(u32, grant.room, BARIO_RULES_MAX);
	rules = kvcalloc(room + !room, sizeof(*rules), GFP_KERNEL_ACCOUNT);
	if (!rules)
		return -ENOMEM;
	grant.count = bario_grant_rules(file, rules, room);
	if (copy_to_user(u64_to_user_ptr(grant.rules), rules,
			 min(room, grant.count) * sizeof(*rules)) ||
	    copy_to_user(arg, &grant, sizeof(grant)))
		ret = -EFAULT;
	kvfree(rules);
	return ret;
}

static long ioctl_revoke(struct file *filp,
			 const struct bario_revoke __user *arg)
{
	struct bario_revoke revoke;

	if (copy_from_user(&revoke, arg, sizeof(revoke)))
		return -EFAULT;
	if (revoke.reserved)
		return -EINVAL;
	return bario_grant_revoke(filp->private_data, revoke.id);
}

static long ioctl_publish(struct file *filp, unsigned int cmd,
			  const struct bario_publish __user *arg)
{
	struct bario_file *file = filp->private_data;
	struct bario_publish publish;
	struct bario_rule *rules;
	int ret;

	if (!file->all || !writable(filp) || !capable(CAP_SYS_RAWIO))
		return -EPERM;
	if (copy_from_user(&publish, arg, sizeof(publish)))
		return -EFAULT;
	if (publish.flags ||
	    strnlen(publish.name, sizeof(publish.name)) == sizeof(publish.name))
		return -EINVAL;
	if (cmd == BARIOC_WITHDRAW) {
		if (publish.rules || publish.count)
			return -EINVAL;
		return bario_withdraw(publish.name);
	}
	rules = copy_rules(publish.rules, publish.count);
	if (IS_ERR(rules))
		return PTR_ERR(rules);
	ret = bario_publish(file, publish.name, rules, publish.count);
	kvfree(rules);
	return ret;
}

static long ioctl_holder(struct file *filp, struct bario_holder __user *arg)
{
	struct bario_holder holder;
	struct bario_use *use;
	struct pcisel sel;
	int ret;

	if (copy_from_user(&holder, arg, sizeof(holder)))
		return -EFAULT;
	if (holder.reserved)
		return -EINVAL;
	sel = (struct pcisel) {
		.pc_domain = holder.domain,
		.pc_bus = holder.bus,
		.pc_dev = holder.dev,
		.pc_func = holder.func,
	};
	use = get_use(filp, &sel);
	if (IS_ERR(use))
		return PTR_ERR(use);
	memset(holder.name, 0, sizeof(holder.name));
	ret = bario_holder(use, holder.bar, &holder);
	if (ret)
		return ret;
	return copy_to_user(arg, &holder, sizeof(holder)) ? -EFAULT : 0;
}

long bario_ioctl(struct file *filp, unsigned int cmd, unsigned long arg)
{
	void __user *uarg = (void __user *)arg;

	if (likely(cmd == PCIOCBARIO))
		return writable(filp) ? ioctl_bario(filp, uarg) : -EPERM;
	/* Requests that look up no function; the rest find none. */
	if (_IOC_TYPE(cmd) == BARIO_IOC_TYPE &&
	    READ_ONCE(((struct bario_file *)filp->private_data)->revoked))
		return -ENODEV;
	switch (cmd) {
	case PCIOCREAD:
	case PCIOCWRITE:
	case PCIOCATTACHED:
		return writable(filp) ? ioctl_config(filp, cmd, uarg) : -EPERM;
	case PCIOCBARMMAP:
		return writable(filp) ? ioctl_map_bar(filp, uarg) : -EPERM;
	case PCIOCGETCONF:
		return ioctl_get_conf(filp, uarg);
	case PCIOCGETBAR:
		return ioctl_get_bar(filp, uarg);
	case PCIOCLISTVPD:
		return ioctl_list_vpd(filp, uarg);
	case BARIOC_DERIVE:
		return ioctl_derive(filp, uarg);
	case BARIOC_GRANT:
		return ioctl_grant(filp, uarg);
	case BARIOC_REVOKE:
		return ioctl_revoke(filp, uarg);
	case BARIOC_PUBLISH:
	case BARIOC_WITHDRAW:
		return ioctl_publish(filp, cmd, uarg);
	case BARIOC_HOLDER:
		return ioctl_holder(filp, uarg);
	default:
		return -ENOTTY;
	}
}

#ifdef CONFIG_COMPAT
static long ioctl_get_conf32(struct file *filp,
			     struct pci_conf_io32 __user *arg)
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
	ret = get_conf(filp, &io, true);
	if (ret && ret != -EINVAL)
		return ret;
	io32.num_matches = io.num_matches;
	io32.offset = io.offset;
	io32.generation = io.generation;
	io32.status = io.status;
	return copy_to_user(arg, &io32, sizeof(io32)) ? -EFAULT : ret;
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

/* A request whose structure has no pointer or long is the same in both. */
long bario_compat_ioctl(struct file *filp, unsigned int cmd, unsigned long arg)
{
	void __user *uarg = compat_ptr(arg);

	switch (cmd) {
	case PCIOCGETCONF32:
		return ioctl_get_conf32(filp, uarg);
	case PCIOCLISTVPD32:
		return ioctl_list_vpd32(filp, uarg);
	case PCIOCBARMMAP32:
		return writable(filp) ? ioctl_map_bar32(filp, uarg) : -EPERM;
	case PCIOCGETCONF:
	case PCIOCLISTVPD:
	case PCIOCBARMMAP:
		return -ENOTTY;
	default:
		return bario_ioctl(filp, cmd, (unsigned long)uarg);
	}
}
#else
long bario_compat_ioctl(struct file *filp, unsigned int cmd, unsigned long arg)
{
	return -ENOTTY;
}
#endif /* CONFIG_COMPAT */
