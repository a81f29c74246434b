// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Finds the holder of a BAR in Linux's lists of addresses. */
#include <inttypes.h>
#include <stdio.h>
#include "iomem.h"

struct entry {
	uint64_t	start;
	uint64_t	end;
	char		name[128];
};

static bool next_entry(FILE *file, struct entry *entry)
{
	char line[256];

	while (fgets(line, sizeof(line), file))
		if (sscanf(line, " %" SCNx64 "-%" SCNx64 " : %127[^\n]",
			   &entry->start, &entry->end, entry->name) == 3)
			return true;
	return false;
}

/*
 * By the kernel's list of addresses, which is a tree: what somebody has of a BAR
 * comes after the BAR's own entry, and inside it. Only root is shown the
 * addresses; others don't find the entry.
 */
struct bario_held iomem_holder(const char *function,
				 const struct bario_bar_info *bar)
{
	FILE *file = fopen(bar->kind == BARIO_KIND_PORT ? "/proc/ioports" :
			   "/proc/iomem", "re");
	const uint64_t last = bar->address + bar->size - 1;
	struct bario_held held = { 0 };
	struct entry entry;

	if (!file)
		return held;
	while (held.by == BARIO_HELD_UNKNOWN && next_entry(file, &entry))
		if (entry.start == bar->address && entry.end == last &&
		    !strcmp(entry.name, function))
			held.by = BARIO_HELD_NONE;
	if (held.by == BARIO_HELD_NONE && next_entry(file, &entry) &&
	    entry.start >= bar->address && entry.end <= last) {
		held.by = strcmp(entry.name, "bario") ? BARIO_HELD_OTHER :
			BARIO_HELD_FILES;
		if (held.by == BARIO_HELD_OTHER)
			snprintf(held.name, sizeof(held.name), "%.63s",
				 entry.name);
	}
	fclose(file);
	return held;
}
