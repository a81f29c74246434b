// SPDX-License-Identifier: GPL-2.0
/*
 * Tests pciio(4): PCIOCGETCONF. The cost that the module adds to a driver's bind does not
 * grow with the functions that the driver has. The guest counts instructions: see
 * --icount of tests/vm/run.
 */
#define _GNU_SOURCE
#include <sys/syscall.h>
#include <x86intrin.h>
#include "guest.h"

#define FEW		8
#define PCI_STUB	"/sys/bus/pci/drivers/pci-stub/"

struct cost {
	unsigned int	binds;
	uint64_t	first, last;	/* of the first and the last FEW, each */
};

static bool stub_device(struct pcisel sel)
{
	return sel.pc_bus == 0 && sel.pc_dev >= 0x11 && sel.pc_dev <= 0x1b;
}

/* Binds all, and unbinds them. */
static struct cost bind_all(void)
{
	struct cost cost = { 0 };
	struct pcisel all[256];
	unsigned int n = all_functions(all, ARRAY_SIZE(all)), i;
	uint64_t took[ARRAY_SIZE(all)];

	for (i = 0; i < n; i++) {
		if (!stub_device(all[i]))
			continue;
		attribute(all[i], "driver_override", "pci-stub");
		took[cost.binds] = __rdtsc();
		if (!write_file(PCI_STUB "bind", sysfs_name(all[i])))
			bail("pci-stub");
		took[cost.binds] = __rdtsc() - took[cost.binds];
		cost.binds++;
	}
	if (cost.binds < 2 * FEW)
		bail("%u functions are too few", cost.binds);
	for (i = 0; i < FEW; i++) {
		cost.first += took[i] / FEW;
		cost.last += took[cost.binds - 1 - i] / FEW;
	}
	for (i = 0; i < n; i++)
		if (stub_device(all[i]))
			unbind_driver(all[i]);
	return cost;
}

int main(void)
{
	struct cost with, without;
	int64_t first, last;

	tap_begin();
	if (system("modprobe pci-stub"))
		bail("pci-stub");
	/* Once for what is done once. */
	bind_all();
	with = bind_all();
	if (syscall(SYS_delete_module, "bario", O_NONBLOCK))
		bail("the module can't be unloaded");
	without = bind_all();
	first = with.first - without.first;
	last = with.last - without.last;
	note("the module adds %lld instructions to one of the first binds, %lld to one of the last of %u",
	     (long long)first, (long long)last, with.binds);
	ok(last < first + 5000, "binding a driver to its last function costs no more than to its first");
	return tap_end();
}
