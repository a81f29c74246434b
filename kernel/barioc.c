// SPDX-License-Identifier: GPL-2.0
/*
 * Our own requests, from the caller's memory to typed arguments and back. They are
 * strict: what is not defined is refused.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/file.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/uidgid.h>
#include "derivation.h"
#include "grant.h"
#include "program.h"
#include "publish.h"
#include "request.h"
#include "trace.h"

static bool allow_shared;
module_param(allow_shared, bool, 0444);
MODULE_PARM_DESC(allow_shared,
		 "let privileged callers derive files that share BARs with a driver");

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
	ret = bario_derivation_adopt(filp->private_data, file, true);
	if (ret) {
		bario_derivation_close(file);
		return ret;
	}
	derive.id = file->id;
	trace_bario_derive(derive.count, derive.id);
	derived = bario_file_open(file, filp);
	if (IS_ERR(derived)) {
		bario_derivation_close(file);
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
	return bario_derivation_revoke(filp->private_data, revoke.id);
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

	if (!file->all || !bario_file_writable(filp) || !capable(CAP_SYS_RAWIO))
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
		return bario_publish_remove(publish.name);
	}
	ret = node_owner(&publish, &owner);
	if (ret)
		return ret;
	rules = copy_rules(publish.rules, publish.count);
	if (IS_ERR(rules))
		return PTR_ERR(rules);
	ret = bario_publish_add(file, publish.name, &owner, rules, publish.count);
	kvfree(rules);
	return ret;
}

static long ioctl_holder(struct file *filp, struct barioc_holder __user *arg)
{
	struct barioc_holder holder;
	struct bario_attachment *att;
	int ret;

	if (copy_from_user(&holder, arg, sizeof(holder)))
		return -EFAULT;
	att = bario_request_attachment(filp, &(struct pcisel) {
		.pc_domain = holder.domain,
		.pc_bus = holder.bus,
		.pc_dev = holder.dev,
		.pc_func = holder.func,
	});
	if (IS_ERR(att))
		return PTR_ERR(att);
	if (holder.reserved)
		return -EINVAL;
	memset(holder.name, 0, sizeof(holder.name));
	ret = bario_claim_holder(att, holder.space, &holder);
	if (ret)
		return ret;
	return copy_to_user(arg, &holder, sizeof(holder)) ? -EFAULT : 0;
}

/* Requests of our own, for BARIOC_LIMITS. */
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

/**
 * bario_barioc_ioctl() - answer one of our own requests, except for BARIOC_RUN
 * @filp: the file
 * @cmd: the request
 * @arg: its structure
 *
 * Return: 0 or a negative errno; -ENOTTY: an unknown request.
 */
long bario_barioc_ioctl(struct file *filp, unsigned int cmd, void __user *arg)
{
	switch (cmd) {
	case BARIOC_DERIVE:
		return ioctl_derive(filp, arg);
	case BARIOC_GRANT:
		return ioctl_grant(filp, arg);
	case BARIOC_REVOKE:
		return ioctl_revoke(filp, arg);
	case BARIOC_PUBLISH:
	case BARIOC_UNPUBLISH:
		return ioctl_publish(filp, cmd, arg);
	case BARIOC_HOLDER:
		return ioctl_holder(filp, arg);
	case BARIOC_LIMITS:
		return ioctl_limits(arg);
	default:
		return -ENOTTY;
	}
}
