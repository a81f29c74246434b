// SPDX-License-Identifier: GPL-2.0
#include <linux/anon_inodes.h>
#include <linux/slab.h>
#include "file.h"
#include "mapping.h"

/**
 * bario_file_new() - make a file that may do nothing yet
 * @count: functions that its grant will name
 *
 * Return: the file, or NULL. Its attachments may be filled in one by one;
 * bario_derivation_close() stops at the first without a function.
 */
struct bario_file *bario_file_new(u32 count)
{
	struct bario_file *file;
	u32 i;

	file = kvzalloc(struct_size(file, own, count), GFP_KERNEL_ACCOUNT);
	if (!file)
		return NULL;
	kref_init(&file->ref);
	mutex_init(&file->lock);
	INIT_LIST_HEAD(&file->children);
	INIT_LIST_HEAD(&file->sibling);
	file->count = count;
	for (i = 0; i < count; i++) {
		file->own[i].file = file;
		INIT_LIST_HEAD(&file->own[i].link);
	}
	return file;
}

/**
 * bario_file_index() - make the attachments in @file->own known by selector
 * @file: a new file, of which each attachment has its function
 */
void bario_file_index(struct bario_file *file)
{
	struct bario_attachment *att;

	for (att = file->own; att < file->own + file->count; att++) {
		att->sel = att->function->sel;
		hlist_add_head(&att->hash, bario_file_bucket(file, att->sel));
	}
}

static void file_release(struct kref *ref)
{
	struct bario_file *file = container_of(ref, struct bario_file, ref);
	unsigned int i;

	for (i = 0; i < file->count && file->own[i].function; i++) {
		bario_function_put(file->own[i].function);
		kvfree(file->own[i].allowed.ranges);
	}
	mutex_destroy(&file->lock);
	kvfree(file);
}

void bario_file_put(struct bario_file *file)
{
	kref_put(&file->ref, file_release);
}

/**
 * bario_file_open() - open a file that has no node
 * @file: the file, which belongs to the new open file on success
 * @parent: an open file, whose access mode and operations the new one gets
 *
 * It can't be opened again through /proc: its inode has no open().
 */
struct file *bario_file_open(struct bario_file *file, const struct file *parent)
{
	struct file *filp = anon_inode_getfile("[bario]", parent->f_op, file,
					       parent->f_flags & O_ACCMODE);

	if (!IS_ERR(filp)) {
		bario_mapping_file(filp);
		nonseekable_open(NULL, filp);
	}
	return filp;
}
