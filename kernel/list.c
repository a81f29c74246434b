// SPDX-License-Identifier: GPL-2.0
/*
 * The list of functions, for PCIOCGETCONF. It is copied, and searched after that:
 * with many patterns a search takes long, and the list is everybody's.
 */
#include <linux/slab.h>
#include "internal.h"

/* Units that tell nothing of functions which the file does not see. */
static void own_units(struct pci_conf *all, u32 count)
{
	u32 i, k;

	for (i = 0; i < count; i++)
		for (k = 0; all[i].pd_name[0] && k < i; k++)
			all[i].pd_unit += !strcmp(all[k].pd_name,
						  all[i].pd_name);
}

/**
 * bario_list_copy() - copy the list of the functions that a file may see
 * @file: the file
 * @count: out: how many there are
 * @generation: out: the one that holds now
 *
 * Return: the records, in ascending order of the selector, which the caller frees
 * by kvfree(); -ENODEV: the file was revoked; -ENOMEM.
 */
struct pci_conf *bario_list_copy(struct bario_file *file, u32 *count,
				 u32 *generation)
{
	struct pci_conf *all;
	int copied;
	u32 capacity;

	do {
		capacity = bario_functions_count(file);
		all = kvmalloc_array(capacity + !capacity, sizeof(*all),
				     GFP_KERNEL_ACCOUNT);
		if (!all)
			return ERR_PTR(-ENOMEM);
		copied = bario_functions_copy(file, all, capacity, generation);
		if (copied < 0)
			kvfree(all);
	} while (copied < 0);
	if (READ_ONCE(file->revoked)) {
		kvfree(all);
		return ERR_PTR(-ENODEV);
	}
	*count = copied;
	if (!file->all)
		own_units(all, *count);
	return all;
}
