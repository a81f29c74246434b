/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An attachment is what one file does with one function: above all which claims
 * it shares, and what its grant allows there. file.h has what takes the file, too.
 */
#ifndef BARIO_ATTACHMENT_H
#define BARIO_ATTACHMENT_H

#include <linux/list.h>
#include <linux/llist.h>
#include "core.h"
#include "function.h"

/**
 * struct bario_attachment - what one file does with one function
 * @sel: the function's selector
 * @function: the function, referenced
 * @file: the file
 * @bars: claims that the file shares, a bit each; writing takes function->lock and
 *	the claim's lock, reading either
 * @link: in function->attachments, while @bars is not 0 (function->lock)
 * @hash: in file->attachments
 * @dead_link: in the list of those to be freed
 * @may_bus_master: may let the device reach memory; false: bus mastering is turned off
 * @allowed: what the file's grant allows here
 */
struct bario_attachment {
	u64				sel;
	struct bario_function		*function;
	struct bario_file		*file;
	unsigned long			bars;
	struct list_head		link;
	struct hlist_node		hash;
	struct llist_node		dead_link;
	bool				may_bus_master;
	struct bario_allowed		allowed;
};

/*
 * The file has written to the function: addresses for interrupts, say, or a
 * window into a BAR.
 */
static __always_inline void
bario_attachment_written(const struct bario_attachment *att)
{
	if (!att->may_bus_master)
		WRITE_ONCE(att->function->slot.needs_reset, true);
}

int bario_attachments_enter(struct bario_file *file);
void bario_attachments_leave(struct bario_file *file, int index);
void bario_attachments_exit(void);
struct bario_attachment *bario_attachment_get(struct bario_file *file, u64 sel);
struct bario_attachment *bario_attachment_by_minor(struct bario_file *file,
						   u32 minor);
void bario_attachment_free(struct bario_attachment *att);

#endif /* BARIO_ATTACHMENT_H */
