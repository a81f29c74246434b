// SPDX-License-Identifier: GPL-2.0
/*
 * Which request goes where. PCIOCBARIO and BARIOC_RUN are copied here, as copying
 * is most of what they cost; pciio.c, getconf.c, vpd.c and barioc.c copy the others,
 * and nothing elsewhere touches user memory.
 */
#include <linux/compat.h>
#include <linux/log2.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include "access.h"
#include "getconf.h"
#include "request.h"
#include "trace.h"
#include "vpd.h"

/* An access that bario_access_fast() did not make. */
static long access_entered(struct file *filp, struct pci_bar_ioreq __user *arg)
{
	struct pci_bar_ioreq req;
	struct bario_attachment *att;
	u64 value;
	int ret;

	if (copy_from_user(&req, arg, sizeof(req)))
		return -EFAULT;
	att = bario_request_attachment(filp, &req.pbi_sel);
	if (IS_ERR(att))
		return PTR_ERR(att);
	value = req.pbi_value;
	ret = bario_access(att, req.pbi_op, req.pbi_bar, req.pbi_offset,
			   req.pbi_width, &value);
	if (ret || req.pbi_op != PCIBARIO_READ)
		return ret;
	if (value > U32_MAX)
		return -EOVERFLOW;
	return put_user((u32)value, &arg->pbi_value) ? -EFAULT : 0;
}

static noinline long access_slow(struct file *filp,
				 struct pci_bar_ioreq __user *arg)
{
	int index = bario_attachments_enter(filp->private_data);
	long ret = access_entered(filp, arg);

	bario_attachments_leave(filp->private_data, index);
	return ret;
}

/*
 * The fast path. One stretch of access to user memory reads the fields that are
 * needed and checks that pbi_value is writable, so that no register is read whose
 * value can't be stored.
 */
static __always_inline long ioctl_bario(struct file *filp,
					struct pci_bar_ioreq __user *arg)
{
	u32 domain, place, bar, offset, width, word;
	struct bario_attachment *att;
	u64 value;
	int op, ret;

	if (!user_access_begin(arg, sizeof(*arg)))
		return -EFAULT;
	/* Bus, device, function, and a byte of padding. */
	unsafe_get_user(place, (u32 __user *)&arg->pbi_sel.pc_bus, Efault);
	unsafe_get_user(domain, &arg->pbi_sel.pc_domain, Efault);
	unsafe_get_user(op, &arg->pbi_op, Efault);
	unsafe_get_user(bar, &arg->pbi_bar, Efault);
	unsafe_get_user(offset, &arg->pbi_offset, Efault);
	unsafe_get_user(width, &arg->pbi_width, Efault);
	unsafe_get_user(word, &arg->pbi_value, Efault);
	if (op == PCIBARIO_READ)
		unsafe_put_user(word, &arg->pbi_value, Efault);
	user_access_end();

	att = bario_file_find(filp->private_data, (u64)domain << 32 |
			      (be32_to_cpu((__force __be32)place) & ~0xffU));
	value = word;
	ret = att ? bario_access_fast(att, op, bar, offset, width, &value,
				      false) : -EAGAIN;
	if (unlikely(ret == -EAGAIN))
		return access_slow(filp, arg);
	if (unlikely(ret))
		return bario_access_failed(att, op, bar, offset, width, value,
					   ret);
	trace_bario_access(att->sel, op, bar, offset, width, value, 0);
	if (op != PCIBARIO_READ)
		return 0;
	if (unlikely(value > U32_MAX))
		return -EOVERFLOW;
	return put_user((u32)value, &arg->pbi_value) ? -EFAULT : 0;

Efault:
	user_access_end();
	return -EFAULT;
}
static_assert(offsetof(struct pcisel, pc_func) ==
	      offsetof(struct pcisel, pc_bus) + 2);

/* A buffer for the operations of a program, usually the last one's. */
static struct bario_ops *get_ops(struct bario_file *file, u32 count)
{
	struct bario_ops *ops = xchg(&file->spare, NULL);

	if (likely(ops && ops->capacity >= count))
		return ops;
	kvfree(ops);
	count = roundup_pow_of_two(max(count, 64U));
	ops = kvmalloc(struct_size(ops, op, count), GFP_KERNEL_ACCOUNT);
	if (ops)
		ops->capacity = count;
	return ops;
}

static void put_ops(struct bario_file *file, struct bario_ops *ops)
{
	ops = xchg(&file->spare, ops);
	if (unlikely(ops))
		kvfree(ops);
}

/* Write to each page that results go to before anything runs. */
static int probe_results(struct barioc_op __user *ops, u32 count)
{
	u32 i = 0, step = PAGE_SIZE / sizeof(*ops);
	u64 result;

	for (;;) {
		if (get_user(result, &ops[i].result) ||
		    put_user(result, &ops[i].result))
			return -EFAULT;
		if (i == count - 1)
			return 0;
		i = min(i + step, count - 1);
	}
}

static int put_results(struct barioc_op __user *to, const struct barioc_op *from,
		       u32 count)
{
	u32 i;

	if (!user_access_begin(to, count * sizeof(*to)))
		return -EFAULT;
	/* Without unrolling, the loop is half of the cost of each result. */
#pragma GCC unroll 4
	for (i = 0; i < count; i++)
		unsafe_put_user(from[i].result, &to[i].result, Efault);
	user_access_end();
	return 0;

Efault:
	user_access_end();
	return -EFAULT;
}

static int run_program(struct bario_attachment *att, struct barioc_run *run,
		       struct barioc_op *ops)
{
	struct barioc_op __user *from = u64_to_user_ptr(run->ops);
	int ret;

	if (copy_from_user(ops, from, run->count * sizeof(*ops)) ||
	    probe_results(from, run->count))
		return -EFAULT;
	ret = bario_program(att, run, ops);
	if (ret)
		return ret;
	/* EXPECT and POLL have a result when they do not match, too. */
	return put_results(from, ops, run->ran +
			   (run->stop == BARIOC_STOP_EXPECT ||
			    run->stop == BARIOC_STOP_TIMEOUT));
}

static int put_run(struct barioc_run __user *to, const struct barioc_run *run)
{
	if (!user_access_begin(to, sizeof(*to)))
		return -EFAULT;
	unsafe_put_user(run->refused_op, &to->refused_op, Efault);
	unsafe_put_user(run->ran, &to->ran, Efault);
	unsafe_put_user(run->stop, &to->stop, Efault);
	unsafe_put_user(run->error, &to->error, Efault);
	unsafe_put_user(run->left, &to->left, Efault);
	user_access_end();
	return 0;

Efault:
	user_access_end();
	return -EFAULT;
}

static long ioctl_run(struct file *filp, struct barioc_run __user *arg)
{
	struct bario_file *file = filp->private_data;
	struct bario_attachment *att;
	struct bario_ops *ops;
	struct barioc_run run;
	int ret;

	/* The request must be writable before anything runs. */
	if (copy_from_user(&run, arg, sizeof(run)) || put_run(arg, &run))
		return -EFAULT;
	att = bario_request_attachment(filp, &(struct pcisel) {
		.pc_domain = run.domain,
		.pc_bus = run.bus,
		.pc_dev = run.dev,
		.pc_func = run.func,
	});
	if (IS_ERR(att))
		return PTR_ERR(att);
	run.refused_op = run.count;
	if (run.reserved || run.reserved2[0] || run.reserved2[1] ||
	    (run.flags & ~BARIOC_RUN_ATOMIC) || !run.count ||
	    run.count > BARIOC_OPS_MAX) {
		ret = -EINVAL;
		goto out;
	}
	ops = get_ops(file, run.count);
	if (!ops) {
		ret = -ENOMEM;
		goto out;
	}
	ret = run_program(att, &run, ops->op);
	put_ops(file, ops);
out:
	/*
	 * The result says how far the program ran even if values were lost. If
	 * nothing ran, ran, stop, error and left are still the caller's.
	 */
	return put_run(arg, &run) ? -EFAULT : ret;
}

/* FreeBSD's kernel copies the structure before pci(4) looks at the file. */
static noinline long refuse_bario(const struct pci_bar_ioreq __user *arg)
{
	struct pci_bar_ioreq req;

	return copy_from_user(&req, arg, sizeof(req)) ? -EFAULT : -EPERM;
}

static long ioctl_entered(struct file *filp, unsigned int cmd,
			  void __user *uarg)
{
	switch (cmd) {
	case PCIOCREAD:
	case PCIOCWRITE:
	case PCIOCATTACHED:
		return bario_pciio_config(filp, cmd, uarg);
	case PCIOCBARMMAP:
		return bario_pciio_map_bar(filp, uarg);
	case PCIOCGETCONF:
	case PCIOCGETCONF14:
		return bario_getconf_ioctl(filp, uarg, cmd == PCIOCGETCONF);
	case PCIOCGETBAR:
		return bario_pciio_get_bar(filp, uarg);
	case PCIOCLISTVPD:
		return bario_vpd_ioctl(filp, uarg);
	}
	if (_IOC_TYPE(cmd) != BARIOC_IOC_TYPE)
		return -ENOTTY;
	if (READ_ONCE(((struct bario_file *)filp->private_data)->revoked))
		return -ENODEV;
	if (cmd != BARIOC_RUN)
		return bario_barioc_ioctl(filp, cmd, uarg);
	return bario_file_writable(filp) ? ioctl_run(filp, uarg) : -EPERM;
}

/* Not inlined: its stack frame would cost each PCIOCBARIO. */
static noinline long ioctl_other(struct file *filp, unsigned int cmd,
				 void __user *uarg)
{
	int index = bario_attachments_enter(filp->private_data);
	long ret = ioctl_entered(filp, cmd, uarg);

	bario_attachments_leave(filp->private_data, index);
	return ret;
}

long bario_dispatch_ioctl(struct file *filp, unsigned int cmd, unsigned long arg)
{
	void __user *uarg = (void __user *)arg;

	if (unlikely(cmd != PCIOCBARIO))
		return ioctl_other(filp, cmd, uarg);
	return bario_file_writable(filp) ? ioctl_bario(filp, uarg) :
				      refuse_bario(uarg);
}

#ifdef CONFIG_COMPAT
/* -ENOIOCTLCMD: the structure has no pointer or long, and is the same for all. */
static long ioctl_narrow(struct file *filp, unsigned int cmd, void __user *uarg)
{
	switch (cmd) {
	case PCIOCGETCONF32:
	case PCIOCGETCONF14_32:
		return bario_getconf_ioctl32(filp, uarg, cmd == PCIOCGETCONF32);
	case PCIOCLISTVPD32:
		return bario_vpd_ioctl32(filp, uarg);
	case PCIOCBARMMAP32:
		return bario_pciio_map_bar32(filp, uarg);
	case PCIOCGETCONF:
	case PCIOCGETCONF14:
	case PCIOCLISTVPD:
	case PCIOCBARMMAP:
		return -ENOTTY;
	default:
		return -ENOIOCTLCMD;
	}
}

long bario_dispatch_compat(struct file *filp, unsigned int cmd,
			   unsigned long arg)
{
	int index = bario_attachments_enter(filp->private_data);
	void __user *uarg = compat_ptr(arg);
	long ret = ioctl_narrow(filp, cmd, uarg);

	bario_attachments_leave(filp->private_data, index);
	return ret == -ENOIOCTLCMD ?
		bario_dispatch_ioctl(filp, cmd, (unsigned long)uarg) : ret;
}
#else
long bario_dispatch_compat(struct file *filp, unsigned int cmd,
			   unsigned long arg)
{
	return -ENOTTY;
}
#endif /* CONFIG_COMPAT */
