// SPDX-License-Identifier: GPL-2.0
/*
 * A file that may do everything gets an attachment to each function that a request
 * names. If a function is removed while the file is open, its attachment is freed
 * once no reader is left. There are two kinds of readers:
 *
 * The fast path finds an attachment and makes an access without sleeping. It takes
 * no lock, and synchronize_rcu_tasks() waits for it. All others are between
 * bario_attachments_enter() and _leave(), and synchronize_srcu() waits for them. The
 * fast path may enter before it sleeps, and so SRCU is waited for last.
 *
 * The attachments of other files are part of the file.
 */
#include <linux/llist.h>
#include <linux/slab.h>
#include <linux/srcu.h>
#include <linux/workqueue.h>
#include "compat.h"
#include "file.h"

DEFINE_STATIC_SRCU(users);
static LLIST_HEAD(dead);

/**
 * bario_attachments_enter() - start using the attachments of a file
 * @file: the file
 *
 * Return: what bario_attachments_leave() takes.
 */
int bario_attachments_enter(struct bario_file *file)
	__acquires(&users)
{
	if (file->all)
		return srcu_read_lock(&users);
	/* For sparse, which wants the same on each path. */
	__acquire(&users);
	return 0;
}

/**
 * bario_attachments_leave() - stop using them
 * @file: the file
 * @index: what bario_attachments_enter() returned
 */
void bario_attachments_leave(struct bario_file *file, int index)
	__releases(&users)
{
	if (file->all)
		srcu_read_unlock(&users, index);
	else
		__release(&users);
}

/**
 * bario_attachment_free() - free an attachment of a file that may do everything
 * @att: an attachment without readers and without claims
 */
void bario_attachment_free(struct bario_attachment *att)
{
	bario_function_put(att->function);
	kfree(att);
}

static void reap_dead(struct work_struct *work)
{
	struct llist_node *list = llist_del_all(&dead);
	struct bario_attachment *att, *next;

	synchronize_rcu_tasks();
	synchronize_srcu(&users);
	llist_for_each_entry_safe(att, next, list, dead_link) {
		/* The removal of the function may still be dropping its claims. */
		mutex_lock(&att->function->lock);
		mutex_unlock(&att->function->lock);
		bario_attachment_free(att);
	}
}

static DECLARE_WORK(reap, reap_dead);

/**
 * bario_attachments_exit() - the module is unloaded, and no file is open
 */
void bario_attachments_exit(void)
{
	flush_work(&reap);
}

static struct bario_attachment *attachment_find(struct bario_file *file, u64 sel)
{
	struct bario_attachment *att;

	hlist_for_each_entry_rcu(att, bario_file_bucket(file, sel), hash, true)
		if (att->sel == sel && !READ_ONCE(att->function->gone))
			return att;
	return NULL;
}

/*
 * Frees the attachments of removed functions in the bucket that gets a new one, so
 * that there are never more of them than there were functions. file->lock is held.
 */
static void attachments_prune(struct hlist_head *bucket)
{
	struct bario_attachment *att;
	struct hlist_node *next;
	bool any = false;

	if (!BARIO_TASKS_ARE_WAITED_FOR)
		return;
	hlist_for_each_entry_safe(att, next, bucket, hash) {
		if (!READ_ONCE(att->function->gone))
			continue;
		hlist_del_rcu(&att->hash);
		llist_add(&att->dead_link, &dead);
		any = true;
	}
	if (any)
		queue_work(system_long_wq, &reap);
}

/* Takes over the caller's reference to the function. */
static struct bario_attachment *attachment_new(struct bario_file *file,
					       struct bario_function *function)
{
	struct bario_attachment *att;

	attachments_prune(bario_file_bucket(file, function->sel));
	att = kzalloc(sizeof(*att), GFP_KERNEL_ACCOUNT);
	if (!att) {
		bario_function_put(function);
		return ERR_PTR(-ENOMEM);
	}
	att->file = file;
	att->function = function;
	att->sel = function->sel;
	att->may_bus_master = true;
	att->allowed.whole = U8_MAX;
	INIT_LIST_HEAD(&att->link);
	hlist_add_head_rcu(&att->hash, bario_file_bucket(file, att->sel));
	return att;
}

/**
 * bario_attachment_get() - find a file's attachment to a function
 * @file: the file
 * @sel: the function's selector
 *
 * Return: the attachment, valid until bario_attachments_leave(), or an error
 * pointer: -ENODEV: the function does not exist, or the file may not see it; -ENOMEM.
 */
struct bario_attachment *bario_attachment_get(struct bario_file *file, u64 sel)
{
	struct bario_function *function;
	struct bario_attachment *att;

	if (READ_ONCE(file->revoked))
		return ERR_PTR(-ENODEV);
	att = attachment_find(file, sel);
	if (att)
		return att;
	if (!file->all)
		return ERR_PTR(-ENODEV);
	function = bario_function_find(sel);
	if (!function)
		return ERR_PTR(-ENODEV);
	mutex_lock(&file->lock);
	att = attachment_find(file, sel);
	if (att)
		bario_function_put(function);
	else
		att = attachment_new(file, function);
	mutex_unlock(&file->lock);
	return att;
}

/**
 * bario_attachment_by_minor() - find a file's attachment by the function's node
 * @file: the file
 * @minor: the node's minor; 0: the only function that the file is for
 *
 * Takes no lock, and so finds only an attachment that exists already.
 *
 * Return: the attachment, valid until bario_attachments_leave(), or NULL.
 */
struct bario_attachment *bario_attachment_by_minor(struct bario_file *file, u32 minor)
{
	struct bario_attachment *att;
	unsigned int i;

	if (!minor)
		return file->count == 1 ? &file->own[0] : NULL;
	for (i = 0; i < ARRAY_SIZE(file->attachments); i++)
		hlist_for_each_entry_rcu(att, &file->attachments[i], hash, true)
			if (att->function->minor == minor &&
			    !READ_ONCE(att->function->gone))
				return att;
	return NULL;
}
