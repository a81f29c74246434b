// SPDX-License-Identifier: GPL-2.0
/*
 * attached: the PCI functions with a driver, one a line, as libpciaccess knows
 * them; scanpci does not ask.
 */
#include <err.h>
#include <pciaccess.h>
#include <stdio.h>
#include <string.h>

int main(void)
{
	struct pci_device_iterator *functions;
	struct pci_device *dev;
	int error = pci_system_init();

	if (error)
		errx(1, "pci_system_init: %s", strerror(error));
	functions = pci_slot_match_iterator_create(NULL);
	while ((dev = pci_device_next(functions)))
		if (pci_device_has_kernel_driver(dev))
			printf("%04x:%02x:%02x.%x\n", dev->domain, dev->bus,
			       dev->dev, dev->func);
	pci_system_cleanup();
	return 0;
}
