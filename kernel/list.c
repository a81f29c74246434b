// SPDX-License-Identifier: GPL-2.0
/*
 * The list of functions, for PCIOCGETCONF. It is copied first, and looked through
 * after that: with many patterns this takes long, and the list is everybody's.
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
 * bario_list() - list the functions that a file may see
 * @file: the file
 * @generation: in: the caller's; out: the one that holds now
 * @walk: what to look for, where to begin, and room for how many
 * @records: where to put them
 *
 * Return: 0; -ESTALE: the list has changed since the caller began; -ENODEV: the
 * file was revoked; -ENOMEM.
 */
int bario_list(struct bario_file *file, u32 *generation,
	       struct bario_walk *walk, struct pci_conf *records)
{
	struct pci_conf *all;
	u32 room, now;
	int count, i, ret = 0;

	do {
		room = bario_functions_count(file);
		all = kvmalloc_array(room + !room, sizeof(*all),
				     GFP_KERNEL_ACCOUNT);
		if (!all)
			return -ENOMEM;
		count = bario_functions_copy(file, all, room, &now);
		if (count < 0)
			kvfree(all);
	} while (count < 0);
	if (READ_ONCE(file->revoked))
		ret = -ENODEV;
	else if (walk->offset && *generation != now)
		ret = -ESTALE;
	*generation = now;
	if (ret)
		goto out;
	if (!file->all)
		own_units(all, count);
	for (i = 0; i < count && !walk->full; i++)
		if (bario_walk_offer(walk, i, &all[i]))
			records[walk->found - 1] = all[i];
out:
	kvfree(all);
	return ret;
}
