// SPDX-License-Identifier: GPL-2.0
/*
 * The derivation tree: which file was derived from which, and how a file ends all
 * that was derived from it.
 */
#include <linux/slab.h>
#include "derivation.h"
#include "trace.h"
#include "vpd.h"

static DEFINE_MUTEX(derivation_lock);

/**
 * bario_derivation_adopt() - make a file the child of another
 * @parent: the file that may revoke it
 * @file: a new file
 * @named: the parent can also revoke it alone, by @file->id
 *
 * Return: 0; -ENODEV: @parent was revoked; -ENOSPC: it has no id left.
 */
int bario_derivation_adopt(struct bario_file *parent, struct bario_file *file,
			   bool named)
{
	int ret = 0;

	mutex_lock(&derivation_lock);
	if (parent->revoked) {
		ret = -ENODEV;
	} else if (named && parent->last_id == U32_MAX) {
		ret = -ENOSPC;
	} else {
		file->parent = parent;
		file->id = named ? ++parent->last_id : 0;
		list_add_tail(&file->sibling, &parent->children);
	}
	mutex_unlock(&derivation_lock);
	return ret;
}

static void end_claims(struct bario_file *file)
{
	u32 i;

	for (i = 0; i < file->count; i++) {
		struct bario_attachment *att = &file->own[i];

		mutex_lock(&att->function->lock);
		bario_claims_revoke(att);
		mutex_unlock(&att->function->lock);
		bario_vpd_wait(att->function);
	}
}

/* The next file of the subtree that begins at @top, or NULL. */
static struct bario_file *next_descendant(struct bario_file *top,
					  struct bario_file *file)
{
	if (!list_empty(&file->children))
		return list_first_entry(&file->children, struct bario_file,
					sibling);
	while (file != top &&
	       list_is_last(&file->sibling, &file->parent->children))
		file = file->parent;
	return file == top ? NULL : list_next_entry(file, sibling);
}

/* From now on nothing is derived from these files, and no request begins. */
static bool mark_revoked(struct bario_file *parent, u32 id)
{
	struct bario_file *child, *next, *file;
	bool found = false;

	lockdep_assert_held(&derivation_lock);
	list_for_each_entry_safe(child, next, &parent->children, sibling) {
		if (id && child->id != id)
			continue;
		for (file = child; file; file = next_descendant(child, file))
			WRITE_ONCE(file->revoked, true);
		/* To the front, where find_revoked() looks first. */
		list_move(&child->sibling, &parent->children);
		found = true;
	}
	return found;
}

static struct bario_file *find_revoked(struct bario_file *parent, u32 id)
{
	struct bario_file *child;

	lockdep_assert_held(&derivation_lock);
	list_for_each_entry(child, &parent->children, sibling)
		if (child->revoked && (!id || child->id == id))
			return child;
	return NULL;
}

/* Takes a file out of the tree; @left: closed files, which are not needed then. */
static void unlink_child(struct bario_file *file, struct list_head *left)
{
	list_del_init(&file->sibling);
	file->parent = NULL;
	if (file->closed)
		list_add(&file->sibling, left);
}

/*
 * Takes a closed file with fewer than two children out of the tree; an only child takes
 * its place. The caller puts the files in @left once it has released derivation_lock.
 */
static void prune_closed(struct bario_file *file, struct list_head *left)
{
	struct bario_file *parent, *child;

	lockdep_assert_held(&derivation_lock);
	for (; file && file->closed && list_empty(&file->children); file = parent) {
		parent = file->parent;
		unlink_child(file, left);
	}
	if (!file || !file->closed || !list_is_singular(&file->children))
		return;
	child = list_first_entry(&file->children, struct bario_file, sibling);
	list_del_init(&child->sibling);
	if (file->parent)
		list_add(&child->sibling, &file->sibling);
	child->parent = file->parent;
	child->id = file->id;
	unlink_child(file, left);
}

static void put_all(struct list_head *left)
{
	struct bario_file *file, *next;

	list_for_each_entry_safe(file, next, left, sibling)
		bario_file_put(file);
}

/*
 * A closed file from which two or more were derived stays in the tree, so that
 * these can be revoked by its id. So no close has much to do, however many files
 * there are, and there are fewer closed files in the tree than open ones.
 */
static void mark_closed(struct bario_file *file)
{
	LIST_HEAD(left);

	mutex_lock(&derivation_lock);
	file->closed = true;
	prune_closed(file, &left);
	mutex_unlock(&derivation_lock);
	put_all(&left);
}

/**
 * bario_derivation_close() - end a file, and its claims
 * @file: a file that is not open, and reachable through the derivation tree only
 */
void bario_derivation_close(struct bario_file *file)
{
	struct hlist_node *next;
	struct bario_attachment *att;
	unsigned int i;

	/* A revocation may be ending these at the same time. */
	for (i = 0; i < file->count && file->own[i].function; i++)
		bario_claims_put(&file->own[i]);
	for (i = 0; file->all && i < ARRAY_SIZE(file->attachments); i++) {
		hlist_for_each_entry_safe(att, next, &file->attachments[i], hash) {
			bario_claims_put(att);
			bario_attachment_free(att);
		}
	}
	kvfree(file->spare);
	mark_closed(file);
}

/* The file was revoked: its children become its parent's, with its id. */
static void reparent_children(struct bario_file *file)
{
	struct bario_file *child, *next, *parent;
	LIST_HEAD(left);

	mutex_lock(&derivation_lock);
	parent = file->parent;
	/* Another revocation may have done this already. */
	if (parent) {
		list_for_each_entry_safe(child, next, &file->children, sibling) {
			list_move(&child->sibling, &parent->children);
			child->parent = parent;
			child->id = file->id;
		}
		unlink_child(file, &left);
		prune_closed(parent, &left);
	}
	mutex_unlock(&derivation_lock);
	put_all(&left);
}

/**
 * bario_derivation_revoke() - end what was derived from a file
 * @parent: the file
 * @id: which derived file, or 0: all
 *
 * On return these files do nothing, even if another revocation of them is under way:
 * a file leaves the tree when its claims have ended, and until then each revocation
 * that finds it ends them.
 *
 * Return: 0; -ENOENT: no file has that id; -ENODEV: @parent itself was revoked
 * meanwhile, and that revocation ends what was derived from it.
 */
int bario_derivation_revoke(struct bario_file *parent, u32 id)
{
	struct bario_file *file;
	int ret;

	mutex_lock(&derivation_lock);
	ret = mark_revoked(parent, id) || !id ? 0 : -ENOENT;
	/* Its children become @parent's, and are found next. */
	while ((file = find_revoked(parent, id))) {
		kref_get(&file->ref);
		/* Claims may take long to end, and other files need the lock. */
		mutex_unlock(&derivation_lock);
		end_claims(file);
		reparent_children(file);
		bario_file_put(file);
		mutex_lock(&derivation_lock);
	}
	if (parent->revoked)
		ret = -ENODEV;
	mutex_unlock(&derivation_lock);
	trace_bario_revoke(id, ret);
	return ret;
}
