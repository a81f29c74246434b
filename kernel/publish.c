// SPDX-License-Identifier: GPL-2.0
#include <linux/ctype.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/xarray.h>
#include "derivation.h"
#include "grant.h"
#include "publish.h"

/**
 * struct published - a grant with a name
 * @link: in the list
 * @minor: of its node
 * @name: the node's
 * @grant: a file that is never open; each file that is opened is a copy of it, and
 *	so its child
 */
struct published {
	struct list_head	link;
	u32			minor;
	char			name[BARIOC_NAME_MAX + 1];
	struct bario_file	*grant;
};

/* Protects the list of names; held while nodes are made and removed. */
static DEFINE_MUTEX(publish_lock);
static LIST_HEAD(names);

/* Protects the names that can be opened; never held for long. */
static DEFINE_MUTEX(minors_lock);
static DEFINE_XARRAY_ALLOC(minors);
static u32 next_minor;

/* Names have no dot, so that none is that of a function's node. */
static bool valid_name(const char *name)
{
	if (!isalpha(*name) || !strcmp(name, "pci"))
		return false;
	for (; *name; name++)
		if (!isascii(*name) ||
		    (!isalnum(*name) && *name != '-' && *name != '_'))
			return false;
	return true;
}

static struct published *find_name(const char *name)
{
	struct published *published;

	list_for_each_entry(published, &names, link)
		if (!strcmp(published->name, name))
			return published;
	return NULL;
}

/* publish_lock is held, or the module is being unloaded. */
static void remove_name(struct published *published)
{
	mutex_lock(&minors_lock);
	xa_erase(&minors, published->minor);
	mutex_unlock(&minors_lock);
	bario_derivation_revoke(published->grant, 0);
	bario_derivation_close(published->grant);
	bario_node_remove(published->minor);
	list_del(&published->link);
	kfree(published);
}

/**
 * bario_publish_add() - make a node with a grant of its own
 * @parent: a file that may do everything
 * @name: the node's name
 * @owner: owner, group and mode of the node
 * @rules: @count rules; they get sorted
 * @count: how many
 *
 * Return: 0 or as for struct barioc_publish, from EINVAL on.
 */
int bario_publish_add(struct bario_file *parent, const char *name,
		      const struct bario_owner *owner,
		      struct barioc_rule *rules, u32 count)
{
	struct published *published;
	int ret;

	if (!valid_name(name))
		return -EINVAL;
	published = kzalloc(sizeof(*published), GFP_KERNEL_ACCOUNT);
	if (!published)
		return -ENOMEM;
	strscpy(published->name, name, sizeof(published->name));
	published->grant = bario_grant_derive(parent, rules, count, false);
	if (IS_ERR(published->grant)) {
		ret = PTR_ERR(published->grant);
		goto err_published;
	}

	ret = mutex_lock_killable(&publish_lock);
	if (ret)
		goto err_grant;
	if (!next_minor)
		next_minor = BARIO_MINOR_NAMES + get_random_u32() %
			     (BARIO_MINORS - BARIO_MINOR_NAMES);
	if (find_name(name)) {
		ret = -EEXIST;
		goto err_unlock;
	}
	mutex_lock(&minors_lock);
	ret = xa_alloc_cyclic(&minors, &published->minor, published,
			      XA_LIMIT(BARIO_MINOR_NAMES, BARIO_MINORS - 1),
			      &next_minor, GFP_KERNEL);
	mutex_unlock(&minors_lock);
	if (ret < 0) {
		if (ret == -EBUSY)
			ret = -ENOSPC;
		goto err_unlock;
	}
	ret = bario_node_add_name(published->minor, name, owner);
	if (ret)
		goto err_minor;
	list_add(&published->link, &names);
	mutex_unlock(&publish_lock);
	return 0;

err_minor:
	mutex_lock(&minors_lock);
	xa_erase(&minors, published->minor);
	mutex_unlock(&minors_lock);
	bario_derivation_revoke(published->grant, 0);
err_unlock:
	mutex_unlock(&publish_lock);
err_grant:
	bario_derivation_close(published->grant);
err_published:
	kfree(published);
	return ret;
}

/**
 * bario_publish_remove() - remove a name, and revoke the files opened there
 * @name: the name
 *
 * Return: 0, -ENOENT, or -EINTR: killed.
 */
int bario_publish_remove(const char *name)
{
	struct published *published;
	int ret;

	ret = mutex_lock_killable(&publish_lock);
	if (ret)
		return ret;
	published = find_name(name);
	if (published)
		remove_name(published);
	mutex_unlock(&publish_lock);
	return published ? 0 : -ENOENT;
}

/**
 * bario_publish_exit() - remove all names when the module is unloaded
 */
void bario_publish_exit(void)
{
	struct published *published, *next;

	list_for_each_entry_safe(published, next, &names, link)
		remove_name(published);
}

/**
 * bario_publish_open() - make a file with the grant of a name
 * @minor: of the name's node
 *
 * Return: the file or an error pointer; -ENODEV: the name does not exist.
 */
struct bario_file *bario_publish_open(u32 minor)
{
	struct bario_file *file = ERR_PTR(-ENODEV);
	struct published *published;

	mutex_lock(&minors_lock);
	published = xa_load(&minors, minor);
	if (published)
		file = bario_grant_copy(published->grant);
	mutex_unlock(&minors_lock);
	return file;
}
