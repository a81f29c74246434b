// SPDX-License-Identifier: GPL-2.0
/*
 * One mistake of each kind, to see that it would be reported: sanitizer_selftest.t builds
 * this into a copy of bario.ko. Writing a name to the module's parameter "planted"
 * makes that mistake.
 */
#include <linux/ioport.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#define SIZE	100

static DEFINE_MUTEX(one);
static DEFINE_MUTEX(other);
static DEFINE_SPINLOCK(spin);

static void nothing(void)
{
}

static void use_after_free(void)
{
	char *at = kmalloc(SIZE, GFP_KERNEL);

	kfree(at);
	OPTIMIZER_HIDE_VAR(at);
	WRITE_ONCE(at[8], 1);
}

static void out_of_bounds(void)
{
	char *at = kmalloc(SIZE, GFP_KERNEL);

	OPTIMIZER_HIDE_VAR(at);
	WRITE_ONCE(at[SIZE], 1);
	kfree(at);
}

static void leak(void)
{
	unsigned int i;

	for (i = 0; i < 10; i++) {
		void *at = kmalloc(SIZE, GFP_KERNEL);

		OPTIMIZER_HIDE_VAR(at);
	}
}

static void lock_inversion(void)
{
	mutex_lock(&one);
	mutex_lock(&other);
	mutex_unlock(&other);
	mutex_unlock(&one);
	mutex_lock(&other);
	mutex_lock(&one);
	mutex_unlock(&one);
	mutex_unlock(&other);
}

static void sleep_in_atomic(void)
{
	spin_lock(&spin);
	kfree(kmalloc(SIZE, GFP_KERNEL));
	spin_unlock(&spin);
}

static void undefined_shift(void)
{
	static int value = 1, by = 40;

	WRITE_ONCE(value, READ_ONCE(value) << READ_ONCE(by));
}

static void hang(void)
{
	schedule_timeout_uninterruptible(60 * HZ);
}

static void claim_kept(void)
{
	request_region(0x3e0, 1, "bario");
}

static void module_kept(void)
{
	__module_get(THIS_MODULE);
}

static const struct {
	const char	*name;
	void		(*make)(void);
} mistakes[] = {
	{ "nothing", nothing },
	{ "use_after_free", use_after_free },
	{ "out_of_bounds", out_of_bounds },
	{ "leak", leak },
	{ "lock_inversion", lock_inversion },
	{ "sleep_in_atomic", sleep_in_atomic },
	{ "undefined_shift", undefined_shift },
	{ "hang", hang },
	{ "claim_kept", claim_kept },
	{ "module_kept", module_kept },
};

static int set_planted(const char *name, const struct kernel_param *param)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(mistakes); i++) {
		if (sysfs_streq(name, mistakes[i].name)) {
			mistakes[i].make();
			return 0;
		}
	}
	return -EINVAL;
}

static const struct kernel_param_ops planted_ops = {
	.set = set_planted,
};
module_param_cb(planted, &planted_ops, NULL, 0200);
