// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#include "core.h"

static bool match_one(const struct pci_conf *conf,
		      const struct pci_match_conf *pat)
{
	const uint32_t flags = pat->flags;

	if (flags == PCI_GETCONF_NO_MATCH)
		return false;
	if ((flags & PCI_GETCONF_MATCH_DOMAIN) &&
	    pat->pc_sel.pc_domain != conf->pc_sel.pc_domain)
		return false;
	if ((flags & PCI_GETCONF_MATCH_BUS) &&
	    pat->pc_sel.pc_bus != conf->pc_sel.pc_bus)
		return false;
	if ((flags & PCI_GETCONF_MATCH_DEV) &&
	    pat->pc_sel.pc_dev != conf->pc_sel.pc_dev)
		return false;
	if ((flags & PCI_GETCONF_MATCH_FUNC) &&
	    pat->pc_sel.pc_func != conf->pc_sel.pc_func)
		return false;
	if ((flags & PCI_GETCONF_MATCH_NAME) &&
	    strncmp(pat->pd_name, conf->pd_name, sizeof(conf->pd_name)))
		return false;
	if ((flags & PCI_GETCONF_MATCH_UNIT) && pat->pd_unit != conf->pd_unit)
		return false;
	if ((flags & PCI_GETCONF_MATCH_VENDOR) &&
	    pat->pc_vendor != conf->pc_vendor)
		return false;
	if ((flags & PCI_GETCONF_MATCH_DEVICE) &&
	    pat->pc_device != conf->pc_device)
		return false;
	if ((flags & PCI_GETCONF_MATCH_CLASS) && pat->pc_class != conf->pc_class)
		return false;
	return true;
}

bool bario_match(const struct pci_conf *conf,
		 const struct pci_match_conf *patterns, uint32_t count)
{
	uint32_t i;

	for (i = 0; i < count; i++)
		if (match_one(conf, &patterns[i]))
			return true;
	return count == 0;
}

int bario_check_patterns(uint32_t count, uint32_t bytes, uint32_t record)
{
	if (count > PCI_GETCONF_PATTERNS_MAX ||
	    (uint64_t)count * record != bytes)
		return -EINVAL;
	return 0;
}

bool bario_walk_offer(struct bario_walk *walk, uint32_t position,
		      const struct pci_conf *conf)
{
	if (walk->full || position < walk->offset)
		return false;
	if (!bario_match(conf, walk->patterns, walk->num_patterns)) {
		walk->offset = position + 1;
		return false;
	}
	if (walk->found == walk->capacity) {
		walk->full = true;
		return false;
	}
	walk->offset = position + 1;
	walk->found++;
	return true;
}
