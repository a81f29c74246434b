// SPDX-License-Identifier: GPL-2.0
/* What sysfs counts of a function: accesses, claims, and what was refused. */
#include <linux/device.h>
#include "counter.h"
#include "function.h"
#include "trace.h"

/**
 * bario_counter_deny() - count and trace that something was refused
 * @function: the function
 * @index: the BAR, or BARIO_COUNTER_CONFIG
 * @error: why, as a negative errno
 */
void bario_counter_deny(struct bario_function *function, unsigned int index, int error)
{
	enum bario_denial denial;

	switch (error) {
	case -EACCES:
		denial = BARIO_DENIED_GRANT;
		break;
	case -EBUSY:
		denial = BARIO_DENIED_BUSY;
		break;
	case -EIO:
		denial = BARIO_DENIED_IO;
		break;
	case -EINVAL:
	case -ENXIO:
		denial = BARIO_DENIED_INVALID;
		break;
	default:
		return;
	}
	atomic64_inc(&function->denied[denial]);
	trace_bario_deny(function->sel, index, error);
}

/* A sum of counters under several locks: informative, not exact. */
static ssize_t accesses_show(struct device *dev, struct device_attribute *attr,
			     char *buf)
{
	struct bario_function *function = dev_get_drvdata(dev);
	u64 sum = 0;
	unsigned int i;

	for (i = 0; i < BARIO_BARS; i++)
		sum += READ_ONCE(function->claims[i].accesses);
	return sysfs_emit(buf, "%llu\n", sum);
}
static DEVICE_ATTR_RO(accesses);

static ssize_t claims_show(struct device *dev, struct device_attribute *attr,
			   char *buf)
{
	struct bario_function *function = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%llu\n",
			  (u64)atomic64_read(&function->claims_made));
}
static DEVICE_ATTR_RO(claims);

static ssize_t denied_show(struct device *dev, char *buf,
			   enum bario_denial denial)
{
	struct bario_function *function = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%llu\n",
			  (u64)atomic64_read(&function->denied[denial]));
}

#define DENIED(name, denial)						\
static ssize_t denied_##name##_show(struct device *dev,			\
				    struct device_attribute *attr,	\
				    char *buf)				\
{									\
	return denied_show(dev, buf, denial);				\
}									\
static DEVICE_ATTR_RO(denied_##name)

DENIED(grant, BARIO_DENIED_GRANT);
DENIED(busy, BARIO_DENIED_BUSY);
DENIED(io, BARIO_DENIED_IO);
DENIED(invalid, BARIO_DENIED_INVALID);

static struct attribute *attrs[] = {
	&dev_attr_accesses.attr,
	&dev_attr_claims.attr,
	&dev_attr_denied_grant.attr,
	&dev_attr_denied_busy.attr,
	&dev_attr_denied_io.attr,
	&dev_attr_denied_invalid.attr,
	NULL
};

static const struct attribute_group group = {
	.attrs = attrs,
};

const struct attribute_group *bario_counter_groups[] = { &group, NULL };
