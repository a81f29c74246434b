// SPDX-License-Identifier: GPL-2.0
#include "hot.h"

struct pcisel hot;

void hot_begin(void)
{
	hot.pc_bus = cfg(rootport, 0x19, 1);
}

bool until(bool (*so)(void))
{
	int i;

	for (i = 0; i < 6000; i++) {
		if (so())
			return true;
		usleep(50000);
	}
	return false;
}

bool there(void)
{
	return !access(node_path(hot), F_OK);
}

/*
 * The node comes first, and until there are addresses a BAR is ENXIO. The file in
 * /proc comes last; from then on a driver may bind.
 */
bool ready(void)
{
	const char *name = sysfs_name(hot);
	char path[40];

	snprintf(path, sizeof(path), "/proc/bus/pci/%02x/%02x.%u", hot.pc_bus,
		 hot.pc_dev, hot.pc_func);
	return there() && !access(path, F_OK) &&
	       (held_by(hot, 0, name) || held_by(hot, 2, name));
}

bool away(void)
{
	return access(node_path(hot), F_OK) && !present(hot);
}

/* qemu releases a name some time after the guest has released the device. */
bool add(const char *device)
{
	int i;

	for (i = 0; i < 3000; i++) {
		if (monitor("device_add %s,bus=rp0,id=hot", device))
			return true;
		usleep(100000);
	}
	return false;
}

bool plug(const char *device)
{
	return add(device) && until(ready);
}

bool unplug(void)
{
	return monitor("device_del hot") && until(away);
}
