// SPDX-License-Identifier: GPL-2.0
/*
 * From the caller's memory to typed arguments and back: PCIOCBARIO and our own
 * requests, which are strict. FreeBSD's others are in pciio.c; nothing elsewhere
 * touches user memory.
 */
#include <linux/capability.h>
#include <linux/compat.h>
#include <linux/cred.h>
#include <linux/file.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/uidgid.h>
#include "access.h"
#include "program.h"

static bool allow_shared;
module_param(allow_shared, bool, 0444);
MODULE_PARM_DESC(allow_shared,
		 "let privileged callers derive files that reach BARs beside a driver");

/* An access that bario_access_fast() has left alone. */
static long access_entered(struct file *filp, struct pci_bar_ioreq __user *arg)
{
	struct pci_bar_ioreq req;
	struct bario_attachment *att;
	u64 value;
	int ret;

	if (copy_from_user(&req, arg, sizeof(req)))
		return -EFAULT;
	att = bario_attachment_get(filp->private_data, bario_sel(&req.pbi_sel));
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
 * The hot path: what is needed of the structure is read, and a result's place
 * seen to be writable, in one stretch of access to user memory. So a result
 * that can't be stored is not read from the device.
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
	/* Bus, device, function, and a byte without meaning. */
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

	att = bario_use_fast(filp->private_data, (u64)domain << 32 |
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

static struct barioc_rule *copy_rules(u64 from, u32 count)
{
	if (!count || count > BARIOC_RULES_MAX)
		return ERR_PTR(-EINVAL);
	return vmemdup_user(u64_to_user_ptr(from),
			    count * sizeof(struct barioc_rule));
}

static long ioctl_derive(struct file *filp, struct barioc_derive __user *arg)
{
	struct barioc_derive derive;
	struct bario_file *file;
	struct barioc_rule *rules;
	struct file *derived;
	int ret;

	if (copy_from_user(&derive, arg, sizeof(derive)))
		return -EFAULT;
	if (derive.flags & ~BARIOC_DERIVE_SHARED)
		return -EINVAL;
	if ((derive.flags & BARIOC_DERIVE_SHARED) &&
	    !(allow_shared && capable(CAP_SYS_RAWIO)))
		return -EPERM;
	rules = copy_rules(derive.rules, derive.count);
	if (IS_ERR(rules))
		return PTR_ERR(rules);
	file = bario_grant_derive(filp->private_data, rules, derive.count,
				  derive.flags & BARIOC_DERIVE_SHARED);
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

static long ioctl_grant(struct file *filp, struct barioc_grant __user *arg)
{
	struct bario_file *file = filp->private_data;
	struct barioc_rule *rules;
	struct barioc_grant grant;
	int ret = 0;
	u32 capacity;

	if (copy_from_user(&grant, arg, sizeof(grant)))
		return -EFAULT;
	if (grant.flags)
		return -EINVAL;
	if (file->all) {
		grant.attributes = BARIOC_GRANT_ALL;
		grant.count = 0;
		return copy_to_user(arg, &grant, sizeof(grant)) ? -EFAULT : 0;
	}
	grant.attributes = file->shared ? BARIOC_GRANT_SHARED : 0;
	capacity = min_t(u32, grant.capacity, BARIOC_RULES_MAX);
	rules = kvcalloc(capacity + !capacity, sizeof(*rules), GFP_KERNEL_ACCOUNT);
	if (!rules)
		return -ENOMEM;
	grant.count = bario_grant_rules(file, rules, capacity);
	if (copy_to_user(u64_to_user_ptr(grant.rules), rules,
			 min(capacity, grant.count) * sizeof(*rules)) ||
	    copy_to_user(arg, &grant, sizeof(grant)))
		ret = -EFAULT;
	kvfree(rules);
	return ret;
}

static long ioctl_revoke(struct file *filp,
			 const struct barioc_revoke __user *arg)
{
	struct barioc_revoke revoke;

	if (copy_from_user(&revoke, arg, sizeof(revoke)))
		return -EFAULT;
	if (revoke.reserved)
		return -EINVAL;
	return bario_grant_revoke(filp->private_data, revoke.id);
}

/* An ID that the caller's user namespace does not map is invalid. */
static int node_owner(const struct barioc_publish *publish,
		      struct bario_owner *owner)
{
	*owner = (struct bario_owner) {
		.uid = GLOBAL_ROOT_UID,
		.gid = GLOBAL_ROOT_GID,
		.mode = 0600,
	};
	if (!publish->flags)
		return publish->uid || publish->gid || publish->mode ?
			-EINVAL : 0;
	if (publish->flags != BARIOC_PUBLISH_OWNER || (publish->mode & ~0777))
		return -EINVAL;
	owner->uid = make_kuid(current_user_ns(), publish->uid);
	owner->gid = make_kgid(current_user_ns(), publish->gid);
	owner->mode = publish->mode;
	return uid_valid(owner->uid) && gid_valid(owner->gid) ? 0 : -EINVAL;
}

static long ioctl_publish(struct file *filp, unsigned int cmd,
			  const struct barioc_publish __user *arg)
{
	struct bario_file *file = filp->private_data;
	struct barioc_publish publish;
	struct barioc_rule *rules;
	struct bario_owner owner;
	int ret;

	if (!file->all || !bario_writable(filp) || !capable(CAP_SYS_RAWIO))
		return -EPERM;
	if (copy_from_user(&publish, arg, sizeof(publish)))
		return -EFAULT;
	if (publish.reserved[0] || publish.reserved[1] || publish.reserved[2] ||
	    strnlen(publish.name, sizeof(publish.name)) == sizeof(publish.name))
		return -EINVAL;
	if (cmd == BARIOC_UNPUBLISH) {
		if (publish.rules || publish.count || publish.flags ||
		    publish.uid || publish.gid || publish.mode)
			return -EINVAL;
		return bario_unpublish(publish.name);
	}
	ret = node_owner(&publish, &owner);
	if (ret)
		return ret;
	rules = copy_rules(publish.rules, publish.count);
	if (IS_ERR(rules))
		return PTR_ERR(rules);
	ret = bario_publish(file, publish.name, &owner, rules, publish.count);
	kvfree(rules);
	return ret;
}

static long ioctl_holder(struct file *filp, struct barioc_holder __user *arg)
{
	struct barioc_holder holder;
	struct bario_attachment *att;
	struct pcisel sel;
	int ret;

	if (copy_from_user(&holder, arg, sizeof(holder)))
		return -EFAULT;
	sel = (struct pcisel) {
		.pc_domain = holder.domain,
		.pc_bus = holder.bus,
		.pc_dev = holder.dev,
		.pc_func = holder.func,
	};
	att = bario_attachment_get(filp->private_data, bario_sel(&sel));
	if (IS_ERR(att))
		return PTR_ERR(att);
	if (holder.reserved)
		return -EINVAL;
	memset(holder.name, 0, sizeof(holder.name));
	ret = bario_holder(att, holder.space, &holder);
	if (ret)
		return ret;
	return copy_to_user(arg, &holder, sizeof(holder)) ? -EFAULT : 0;
}

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

/* Each page that results go to takes some now; so it will when they come. */
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
	/* Half of what a long program's operation costs here is the loop. */
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
	/* Who did not get what was expected, or not in time, is told what came. */
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

	/* Its results have a place, too, before anything runs. */
	if (copy_from_user(&run, arg, sizeof(run)) || put_run(arg, &run))
		return -EFAULT;
	att = bario_attachment_get(file, bario_sel(&(struct pcisel) {
		.pc_domain = run.domain,
		.pc_bus = run.bus,
		.pc_dev = run.dev,
		.pc_func = run.func,
	}));
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
	 * What has run tells how far, whatever became of the results. Where
	 * nothing has, ran, stop, error and left are still the caller's.
	 */
	return put_run(arg, &run) ? -EFAULT : ret;
}

/* Requests of our own, for BARIOC_LIMITS; bario_ioctl() answers them. */
#define REQUESTS (BARIOC_FEATURE_REQUEST(BARIOC_DERIVE) |	\
		  BARIOC_FEATURE_REQUEST(BARIOC_GRANT) |		\
		  BARIOC_FEATURE_REQUEST(BARIOC_REVOKE) |	\
		  BARIOC_FEATURE_REQUEST(BARIOC_PUBLISH) |	\
		  BARIOC_FEATURE_REQUEST(BARIOC_UNPUBLISH) |	\
		  BARIOC_FEATURE_REQUEST(BARIOC_HOLDER) |	\
		  BARIOC_FEATURE_REQUEST(BARIOC_RUN) |		\
		  BARIOC_FEATURE_REQUEST(BARIOC_LIMITS))

static long ioctl_limits(struct barioc_limits __user *arg)
{
	const struct barioc_limits limits = {
		.rules = BARIOC_RULES_MAX,
		.ops = BARIOC_OPS_MAX,
		.atomic = BARIOC_ATOMIC_MAX,
		.time = BARIOC_TIME_MAX,
		.features = REQUESTS | bario_program_ops() |
			    BARIOC_FEATURE_RUN_ATOMIC |
			    BARIOC_FEATURE_PUBLISH_OWNER |
			    (allow_shared ? BARIOC_FEATURE_DERIVE_SHARED : 0),
	};

	return copy_to_user(arg, &limits, sizeof(limits)) ? -EFAULT : 0;
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
	if (_IOC_TYPE(cmd) != BARIOC_IOC_TYPE)
		return bario_pciio(filp, cmd, uarg);
	if (READ_ONCE(((struct bario_file *)filp->private_data)->revoked))
		return -ENODEV;
	switch (cmd) {
	case BARIOC_DERIVE:
		return ioctl_derive(filp, uarg);
	case BARIOC_GRANT:
		return ioctl_grant(filp, uarg);
	case BARIOC_REVOKE:
		return ioctl_revoke(filp, uarg);
	case BARIOC_PUBLISH:
	case BARIOC_UNPUBLISH:
		return ioctl_publish(filp, cmd, uarg);
	case BARIOC_HOLDER:
		return ioctl_holder(filp, uarg);
	case BARIOC_RUN:
		return bario_writable(filp) ? ioctl_run(filp, uarg) : -EPERM;
	case BARIOC_LIMITS:
		return ioctl_limits(uarg);
	default:
		return -ENOTTY;
	}
}

/* Not inlined: what is on the stack here would cost each PCIOCBARIO. */
static noinline long ioctl_other(struct file *filp, unsigned int cmd,
				 void __user *uarg)
{
	int index = bario_attachments_enter(filp->private_data);
	long ret = ioctl_entered(filp, cmd, uarg);

	bario_attachments_leave(filp->private_data, index);
	return ret;
}

long bario_ioctl(struct file *filp, unsigned int cmd, unsigned long arg)
{
	void __user *uarg = (void __user *)arg;

	if (unlikely(cmd != PCIOCBARIO))
		return ioctl_other(filp, cmd, uarg);
	return bario_writable(filp) ? ioctl_bario(filp, uarg) :
				      refuse_bario(uarg);
}

#ifdef CONFIG_COMPAT
/* A request whose structure has no pointer or long is the same in both. */
long bario_compat_ioctl(struct file *filp, unsigned int cmd, unsigned long arg)
{
	int index = bario_attachments_enter(filp->private_data);
	void __user *uarg = compat_ptr(arg);
	long ret = bario_pciio32(filp, cmd, uarg);

	bario_attachments_leave(filp->private_data, index);
	return ret == -ENOIOCTLCMD ? bario_ioctl(filp, cmd, (unsigned long)uarg) :
				     ret;
}
#else
long bario_compat_ioctl(struct file *filp, unsigned int cmd, unsigned long arg)
{
	return -ENOTTY;
}
#endif /* CONFIG_COMPAT */
