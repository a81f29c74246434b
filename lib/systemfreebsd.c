// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* FreeBSD: its stub driver, and the commands that help there. */
#include "system.h"

/* The one that bhyve passes devices through with. */
bool system_is_stub(const char *driver)
{
	return !strcmp(driver, "ppt");
}

int obstacle_lockdown(void)
{
	return 0;
}

int system_fail_denied(const char *path, int code)
{
	if (code == EACCES)
		return system_hint_rights(fail(EACCES, BARIO_CAUSE_PERMISSION,
					"no permission to open %s", path));
	return error_hint(fail(EPERM, BARIO_CAUSE_PERMISSION,
			       "%s cannot be opened for writing: the securelevel is above 0",
			       path), "sysctl kern.securelevel; security(7)");
}

int system_hint_rights(int error)
{
	return error_hint(error, "run it as root, or be given the node: devfs.rules(5)");
}

int system_hint_backend(int error)
{
	return error_hint(error, "in a jail, show it: devfs -m JAIL/dev rule apply path pci unhide");
}

int system_hint_unassigned(const struct bario *dev, int error, unsigned int bar)
{
	(void)dev;
	(void)bar;
	return error_hint(error, "pciconf -lb shows the BARs that have one");
}

int system_hint_driver(const struct bario *dev, int error, const char *driver)
{
	const struct bario_address *address = &dev->address;

	(void)driver;
	return error_hint(error, "take it from the driver, and so from all that uses it: devctl detach pci%u:%u:%u:%u",
			  address->domain, address->bus, address->dev,
			  address->func);
}

int system_hint_decode(const struct bario *dev, int error, uint32_t kind)
{
	const int bit = kind == BARIO_KIND_PORT ? 1 : 2;

	return error_hint(error, "turn it on: bario config %s 4.2=%d:%d", dev->name, bit,
			  bit);
}

int system_hint_power(const struct bario *dev, int error)
{
	const struct bario_address *address = &dev->address;

	return error_hint(error, "its power state: pciconf -lc pci%u:%u:%u:%u",
			  address->domain, address->bus, address->dev,
			  address->func);
}
