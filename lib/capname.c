// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Capabilities by their names, as setpci has them. */
#include "internal.h"

#define EXTENDED	BARIO_CAPABILITY_EXTENDED

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
	{ "ECAP_AER", EXTENDED | 0x01 }, { "ECAP_VC", EXTENDED | 0x02 },
	{ "ECAP_DSN", EXTENDED | 0x03 }, { "ECAP_PB", EXTENDED | 0x04 },
	{ "ECAP_RCLINK", EXTENDED | 0x05 },
	{ "ECAP_RCILINK", EXTENDED | 0x06 },
	{ "ECAP_RCECOLL", EXTENDED | 0x07 },
	{ "ECAP_MFVC", EXTENDED | 0x08 }, { "ECAP_VC2", EXTENDED | 0x09 },
	{ "ECAP_RBCB", EXTENDED | 0x0a }, { "ECAP_VNDR", EXTENDED | 0x0b },
	{ "ECAP_ACS", EXTENDED | 0x0d }, { "ECAP_ARI", EXTENDED | 0x0e },
	{ "ECAP_ATS", EXTENDED | 0x0f }, { "ECAP_SRIOV", EXTENDED | 0x10 },
	{ "ECAP_MRIOV", EXTENDED | 0x11 }, { "ECAP_MCAST", EXTENDED | 0x12 },
	{ "ECAP_PRI", EXTENDED | 0x13 }, { "ECAP_REBAR", EXTENDED | 0x15 },
	{ "ECAP_DPA", EXTENDED | 0x16 }, { "ECAP_TPH", EXTENDED | 0x17 },
	{ "ECAP_LTR", EXTENDED | 0x18 }, { "ECAP_SECPCI", EXTENDED | 0x19 },
	{ "ECAP_PMUX", EXTENDED | 0x1a }, { "ECAP_PASID", EXTENDED | 0x1b },
	{ "ECAP_LNR", EXTENDED | 0x1c }, { "ECAP_DPC", EXTENDED | 0x1d },
	{ "ECAP_L1PM", EXTENDED | 0x1e }, { "ECAP_PTM", EXTENDED | 0x1f },
	{ "ECAP_DVSEC", EXTENDED | 0x23 },
};

BARIO_API const char *bario_capability_name(uint32_t id)
{
	size_t i;

	for (i = 0; i < COUNT(capabilities); i++)
		if (capabilities[i].id == id)
			return capabilities[i].name;
	return NULL;
}

BARIO_API int bario_capability_id(const char *name, uint32_t *id)
{
	size_t i;

	for (i = 0; i < COUNT(capabilities); i++)
		if (!strcmp(capabilities[i].name, name)) {
			*id = capabilities[i].id;
			return 0;
		}
	error_at_nothing();
	return fail(EINVAL, BARIO_CAUSE_TEXT,
		    "'%.100s' is not the name of a capability, as CAP_EXP or ECAP_AER",
		    name);
}
