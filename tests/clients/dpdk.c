// SPDX-License-Identifier: GPL-2.0
/*
 * dpdk: the PCI functions that DPDK's bus for FreeBSD finds, each with its IDs,
 * its BARs and the first 64 bytes of its configuration space.
 */
#include <bus_pci_driver.h>
#include <rte_bus_pci.h>
#include <rte_dev.h>
#include <rte_eal.h>
#include <stdio.h>

static void print_bar(int bar, const struct rte_mem_resource *res)
{
	/* That bus keeps a port BAR's address where a mapping's belongs. */
	if (res->len && res->addr)
		printf(" bar%d=ports:%#lx+%#lx", bar, (long)res->addr,
		       (long)res->len);
	else if (res->len)
		printf(" bar%d=memory:%#lx+%#lx", bar, (long)res->phys_addr,
		       (long)res->len);
}

static void print_config(const struct rte_pci_device *dev)
{
	unsigned char config[64];
	size_t i;

	if (rte_pci_read_config(dev, config, sizeof(config), 0) !=
	    (int)sizeof(config)) {
		printf(" no config\n");
		return;
	}
	for (i = 0; i < sizeof(config); i++)
		printf(" %02x", config[i]);
	printf("\n");
}

int main(int argc, char *argv[])
{
	const struct rte_pci_device *dev;
	struct rte_dev_iterator functions;
	struct rte_device *any;
	int bar;

	if (rte_eal_init(argc, argv) < 0)
		return 1;
	RTE_DEV_FOREACH(any, "bus=pci", &functions) {
		dev = RTE_DEV_TO_PCI_CONST(any);
		printf("%s %04x:%04x %06x", dev->name, dev->id.vendor_id,
		       dev->id.device_id, dev->id.class_id);
		for (bar = 0; bar < 6; bar++)
			print_bar(bar, &dev->mem_resource[bar]);
		print_config(dev);
	}
	return 0;
}
