// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Who has a BAR: bario.ko says so, and else what can be seen from outside. */
#include <inttypes.h>
#include <stdio.h>
#include "module.h"

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
 * stands behind the BAR's own entry, and within it. Only root is shown the
 * addresses; others don't find the entry.
 */
struct bario_held holder_in_list(const char *function,
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

/* By what @info says, and bario.ko or the list. */
static int find_holder(struct bario *dev, const struct bario_info *info,
		       unsigned int bar, struct bario_held *held)
{
	struct bario_held listed;
	int error;

	*held = (struct bario_held){ 0 };
	if (module_checks(dev)) {
		error = module_holder(dev, bar, held);
		if (error || held->by != BARIO_HELD_OTHER)
			return error;
		listed = holder_in_list(dev->name, &info->bars[bar]);
		if (listed.by == BARIO_HELD_OTHER)
			*held = listed;
	} else if (dev->backend == &backend_pci && info->bars[bar].assigned) {
		/* FreeBSD's drivers have single BARs, and pci(4) does not say which. */
		held->by = BARIO_HELD_UNKNOWN;
	} else if (info->driver[0] && !is_stub(info->driver)) {
		held->by = BARIO_HELD_DRIVER;
		strcpy(held->name, info->driver);
	} else if (dev->backend == &backend_sim || !info->bars[bar].assigned) {
		held->by = BARIO_HELD_NONE;
	} else {
		*held = holder_in_list(dev->name, &info->bars[bar]);
	}
	return 0;
}

int check_holder(struct bario *dev, const struct bario_info *info,
		 unsigned int bar)
{
	struct bario_held held;
	const int error = find_holder(dev, info, bar, &held);

	if (error)
		return error;
	if (held.by == BARIO_HELD_DRIVER && held.name[0])
		return fail_driver(dev, held.name);
	return held.by == BARIO_HELD_DRIVER || held.by == BARIO_HELD_OTHER ?
		fail_claimed(&held) : 0;
}

BARIO_API int bario_get_holder(struct bario *dev, uint32_t bar,
			       struct bario_held *held, size_t size)
{
	struct bario_held found;
	struct bario_info info;
	int error;

	error_at_bar(dev, bar);
	error = check_size(size);
	if (error)
		return error;
	if (bar >= BARIO_BARS_MAX)
		return fail(EINVAL, BARIO_CAUSE_BAR, "a BAR is 0 to 5");
	error = dev->backend->info(dev, &info);
	if (!error && !info.bars[bar].kind)
		error = fail(EINVAL, BARIO_CAUSE_BAR,
			     "the function has no such BAR");
	if (!error)
		error = find_holder(dev, &info, bar, &found);
	if (!error)
		copy_out(held, size, &found, sizeof(found));
	return error;
}
