// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Where a capability begins in configuration space, by the PCI Local Bus
 * Specification 3.0 (6.7) and the PCI Express Base Specification 3.0 (7.9); names
 * as setpci has them.
 */
#include <stdlib.h>
#include <string.h>
#include "tool.h"

#define HEADER_TYPE	0x0e
#define STATUS		0x06
#define STATUS_CAP_LIST	0x10
#define FIRST		0x34
#define FIRST_CARDBUS	0x14
#define EXTENDED	0x100

/* As many as there is room for: a chain that is longer goes in circles. */
#define CHAIN		((256 - 64) / 4)
#define CHAIN_EXTENDED	((4096 - 256) / 8)

static const struct {
	const char	*name;
	unsigned int	id;
} capabilities[] = {
	{ "CAP_PM", 0x01 }, { "CAP_AGP", 0x02 }, { "CAP_VPD", 0x03 },
	{ "CAP_SLOTID", 0x04 }, { "CAP_MSI", 0x05 }, { "CAP_CHSWP", 0x06 },
	{ "CAP_PCIX", 0x07 }, { "CAP_HT", 0x08 }, { "CAP_VNDR", 0x09 },
	{ "CAP_DBG", 0x0a }, { "CAP_CCRC", 0x0b }, { "CAP_HOTPLUG", 0x0c },
	{ "CAP_SSVID", 0x0d }, { "CAP_AGP3", 0x0e }, { "CAP_SECURE", 0x0f },
	{ "CAP_EXP", 0x10 }, { "CAP_MSIX", 0x11 }, { "CAP_SATA", 0x12 },
	{ "CAP_AF", 0x13 }, { "CAP_EA", 0x14 },
}, extended[] = {
	{ "ECAP_AER", 0x01 }, { "ECAP_VC", 0x02 }, { "ECAP_DSN", 0x03 },
	{ "ECAP_PB", 0x04 }, { "ECAP_RCLINK", 0x05 }, { "ECAP_RCILINK", 0x06 },
	{ "ECAP_RCECOLL", 0x07 }, { "ECAP_MFVC", 0x08 }, { "ECAP_VC2", 0x09 },
	{ "ECAP_RBCB", 0x0a }, { "ECAP_VNDR", 0x0b }, { "ECAP_ACS", 0x0d },
	{ "ECAP_ARI", 0x0e }, { "ECAP_ATS", 0x0f }, { "ECAP_SRIOV", 0x10 },
	{ "ECAP_MRIOV", 0x11 }, { "ECAP_MCAST", 0x12 }, { "ECAP_PRI", 0x13 },
	{ "ECAP_REBAR", 0x15 }, { "ECAP_DPA", 0x16 }, { "ECAP_TPH", 0x17 },
	{ "ECAP_LTR", 0x18 }, { "ECAP_SECPCI", 0x19 }, { "ECAP_PMUX", 0x1a },
	{ "ECAP_PASID", 0x1b }, { "ECAP_LNR", 0x1c }, { "ECAP_DPC", 0x1d },
	{ "ECAP_L1PM", 0x1e }, { "ECAP_PTM", 0x1f }, { "ECAP_DVSEC", 0x23 },
};

static uint32_t config_or_die(struct bario *dev, unsigned int offset,
			      unsigned int width)
{
	uint32_t value;

	if (bario_config_read(dev, offset, width, &value))
		exit(failed());
	return value;
}

/* 0 if there is none. */
static unsigned int find(struct bario *dev, unsigned int id)
{
	unsigned int at, left = CHAIN;

	if (!(config_or_die(dev, STATUS, 2) & STATUS_CAP_LIST))
		return 0;
	at = (config_or_die(dev, HEADER_TYPE, 1) & 0x7f) == 2 ? FIRST_CARDBUS :
		FIRST;
	/* Each has its ID first, and behind it where the next one is. */
	for (at = config_or_die(dev, at, 1) & ~3u; at >= 0x40 && left--;
	     at = config_or_die(dev, at + 1, 1) & ~3u)
		if (config_or_die(dev, at, 1) == id)
			return at;
	return 0;
}

static unsigned int find_extended(struct bario *dev, unsigned int id)
{
	unsigned int at = EXTENDED, left = CHAIN_EXTENDED;
	uint32_t header;

	/* Conventional functions have none, and nothing there. */
	if (!find(dev, 0x10))
		return 0;
	while (at >= EXTENDED && left--) {
		header = config_or_die(dev, at, 4);
		if (!header || header == UINT32_MAX)
			return 0;
		if ((header & 0xffff) == id)
			return at;
		at = header >> 20 & ~3u;
	}
	return 0;
}

bool is_capability(const char *text)
{
	return !strncmp(text, "CAP_", 4) || !strncmp(text, "ECAP_", 5);
}

bool capability_exists(const char *name)
{
	size_t i;

	for (i = 0; i < COUNT(capabilities); i++)
		if (!strcmp(capabilities[i].name, name))
			return true;
	for (i = 0; i < COUNT(extended); i++)
		if (!strcmp(extended[i].name, name))
			return true;
	return false;
}

unsigned int capability_or_die(struct bario *dev, const char *name)
{
	unsigned int at = 0;
	bool known = false;
	size_t i;

	for (i = 0; i < COUNT(capabilities) && !known; i++) {
		known = !strcmp(capabilities[i].name, name);
		if (known)
			at = find(dev, capabilities[i].id);
	}
	for (i = 0; i < COUNT(extended) && !known; i++) {
		known = !strcmp(extended[i].name, name);
		if (known)
			at = find_extended(dev, extended[i].id);
	}
	if (!known)
		usage("'%s' is no name of a capability, as CAP_EXP or ECAP_AER",
		      name);
	if (!at)
		usage("%s has no capability %s", bario_name(dev), name);
	return at;
}
