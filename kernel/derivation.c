// SPDX-License-Identifier: GPL-2.0
/*
 * Who gave a file: which was derived from which, and how all that was derived from
 * one ends.
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
 * Return: 0, or -ENODEV: @parent was revoked, -ENOSPC: it has no id left.
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

/* The next of those that @top and all that was derived from it are, or NULL. */
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

/* From here on nothing is derived from it, and nothing new begun with it. */
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
		/* Together in front, where find_revoked() looks first. */
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

/* Out of its line of descent; a closed one has nothing else to stay for. */
static void unlink_child(struct bario_file *file, struct list_head *left)
{
	list_del_init(&file->sibling);
	file->parent = NULL;
	if (file->closed)
		list_add(&file->sibling, left);
}

/*
 * Less than two were derived from a closed file: the one takes its place. Who
 * holds derivation_lock puts all that has @left, once it has given that back.
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
static void leave_tree(struct bario_file *file)
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
 * @file: a file that nobody can reach any more, but by way of its line of descent
 */
void bario_derivation_close(struct bario_file *file)
{
	struct hlist_node *next;
	struct bario_attachment *att;
	unsigned int i;

	/* A revocation may be at these, too. */
	for (i = 0; i < file->count && file->own[i].function; i++)
		bario_claims_put(&file->own[i]);
	for (i = 0; file->all && i < ARRAY_SIZE(file->attachments); i++) {
		hlist_for_each_entry_safe(att, next, &file->attachments[i], hash) {
			bario_claims_put(att);
			bario_attachment_free(att);
		}
	}
	kvfree(file->spare);
	leave_tree(file);
}

/* It was revoked: what was derived from it goes to its parent, under its id. */
static void reparent_children(struct bario_file *file)
{
	struct bario_file *child, *next, *parent;
	LIST_HEAD(left);

	mutex_lock(&derivation_lock);
	parent = file->parent;
	/* Another revocation may have been here before. */
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
 * @id: of what was derived, or 0: all of it
 *
 * On return nobody does anything with these files, whoever else was about to
 * revoke them: a file leaves its line of descent when its claims have ended, and
 * who finds it there before ends them as well.
 *
 * Return: 0, -ENOENT: there is nothing with that id, or -ENODEV: @parent itself
 * was revoked meanwhile, and what was derived from it is for others to end.
 */
int bario_derivation_revoke(struct bario_file *parent, u32 id)
{
	struct bario_file *file;
	int ret;

	mutex_lock(&derivation_lock);
	ret = mark_revoked(parent, id) || !id ? 0 : -ENOENT;
	/* Its own come to @parent then, so that each is found in its turn. */
	while ((file = find_revoked(parent, id))) {
		kref_get(&file->ref);
		/* Claims may take long to end, and other files derive, too. */
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
