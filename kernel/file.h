/* SPDX-License-Identifier: GPL-2.0 */
/* A file is an open node, or what was derived from one, with its grant. */
#ifndef BARIO_FILE_H
#define BARIO_FILE_H

#include <linux/fs.h>
#include <linux/hash.h>
#include <linux/kref.h>
#include <linux/rculist.h>
#include "attachment.h"

/* A buffer for the operations of a program. */
struct bario_ops {
	u32		capacity;
	struct barioc_op	op[];
};

#define BARIO_FILE_BITS	6

/**
 * struct bario_file - an open file, with its grant
 * @ref: one for those that have it open, which is kept while the derivation tree
 *	needs the file; one for a revocation under way
 * @all: may do everything; false: has @own
 * @revoked: may do nothing, for good
 * @closed: it is no longer open (derivation_lock)
 * @shared: may share BARs with a driver
 * @lock: to change @attachments
 * @attachments: by selector; found without a lock, see attachment.c
 * @parent: file that it was derived from, or NULL (derivation_lock)
 * @children: derived from this (derivation_lock)
 * @sibling: in @parent's children (derivation_lock)
 * @id: what @parent knows it by (derivation_lock)
 * @last_id: given to the last child (derivation_lock)
 * @spare: a buffer that no program under way has, or NULL
 * @count: attachments in @own
 * @own: the functions that the grant names, by ascending selector: all attachments
 *	of a file that may not do everything
 */
struct bario_file {
	struct kref		ref;
	bool			all;
	bool			revoked;
	bool			closed;
	bool			shared;
	struct mutex		lock;
	struct hlist_head	attachments[1 << BARIO_FILE_BITS];
	struct bario_file	*parent;
	struct list_head	children;
	struct list_head	sibling;
	u32			id;
	u32			last_id;
	struct bario_ops	*spare;
	u32			count;
	struct bario_attachment	own[];
};

struct bario_file *bario_file_new(u32 count);
void bario_file_index(struct bario_file *file);
void bario_file_put(struct bario_file *file);
struct file *bario_file_open(struct bario_file *file, const struct file *parent);

/* Not open for writing: a promise to change nothing, not even by reading. */
static inline bool bario_file_writable(const struct file *filp)
{
	return filp->f_mode & FMODE_WRITE;
}

static inline struct hlist_head *bario_file_bucket(struct bario_file *file,
						   u64 sel)
{
	return &file->attachments[hash_64(sel, BARIO_FILE_BITS)];
}

/* The attachment to a function, which may be gone; the newest comes first. */
static __always_inline struct bario_attachment *
bario_file_find(struct bario_file *file, u64 sel)
{
	struct bario_attachment *att;

	/* Valid until the caller sleeps, see attachment.c. */
	hlist_for_each_entry_rcu(att, bario_file_bucket(file, sel), hash, true)
		if (att->sel == sel)
			return att;
	return NULL;
}

/* Can the file still do anything with the function? function->lock is held. */
static inline bool bario_attachment_alive(const struct bario_attachment *att)
{
	lockdep_assert_held(&att->function->lock);
	return !att->function->gone && !att->file->revoked;
}

/* Why the function could not be used: it was removed, or else @error. */
static inline int bario_attachment_error(const struct bario_attachment *att,
					 int error)
{
	return READ_ONCE(att->function->gone) || READ_ONCE(att->file->revoked) ?
		-ENODEV : error;
}

#endif /* BARIO_FILE_H */
