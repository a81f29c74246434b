// SPDX-License-Identifier: GPL-2.0
/*
 * Lists the PCI functions that this /dev/pci shows, and their BARs. A read-only
 * file is enough for it, and so any user may run it.
 */
#include <sys/types.h>
#include <sys/ioctl.h>
#include <sys/pciio.h>
#include <dev/pci/pcireg.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static int bar_count(const struct pci_conf *conf)
{
	switch (conf->pc_hdr) {
	case PCIM_HDRTYPE_NORMAL:
		return 6;
	case PCIM_HDRTYPE_BRIDGE:
		return 2;
	default:
		return 1;
	}
}

static void print_bar(int pci, const struct pci_conf *conf, int index)
{
	struct pci_bar_io bar = {
		.pbi_sel = conf->pc_sel,
		.pbi_reg = PCIR_BAR(index),
	};

	if (ioctl(pci, PCIOCGETBAR, &bar)) {
		/* No BAR there, or the upper half of the one before. */
		if (errno == EINVAL)
			return;
		err(1, "PCIOCGETBAR, BAR %d", index);
	}
	if (PCI_BAR_IO(bar.pbi_base))
		printf("    BAR %d: ports at 0x%" PRIx64, index,
		       (uint64_t)bar.pbi_base & ~(uint64_t)3);
	else
		printf("    BAR %d: memory at 0x%" PRIx64, index,
		       (uint64_t)bar.pbi_base & ~(uint64_t)15);
	printf(", %" PRIu64 " bytes%s\n", (uint64_t)bar.pbi_length,
	       bar.pbi_enabled ? "" : ", not decoded now");
}

static void print_function(int pci, const struct pci_conf *conf)
{
	int i;

	printf("%04x:%02x:%02x.%x  %04x:%04x  class %02x%02x%02x  ",
	       conf->pc_sel.pc_domain, conf->pc_sel.pc_bus, conf->pc_sel.pc_dev,
	       conf->pc_sel.pc_func, conf->pc_vendor, conf->pc_device,
	       conf->pc_class, conf->pc_subclass, conf->pc_progif);
	if (conf->pd_name[0])
		printf("%s%lu\n", conf->pd_name, (unsigned long)conf->pd_unit);
	else
		printf("no driver\n");
	for (i = 0; i < bar_count(conf); i++)
		print_bar(pci, conf, i);
}

int main(void)
{
	static struct pci_conf found[256];
	struct pci_conf_io list = {
		.match_buf_len = sizeof(found),
		.matches = found,
	};
	unsigned int i, total = 0;
	int pci = open("/dev/pci", O_RDONLY);

	if (pci < 0)
		err(1, "/dev/pci can't be opened for reading");
	do {
		if (ioctl(pci, PCIOCGETCONF, &list))
			err(1, "PCIOCGETCONF");
		if (list.status != PCI_GETCONF_LAST_DEVICE &&
		    list.status != PCI_GETCONF_MORE_DEVS)
			errx(1, "PCIOCGETCONF: the list changed: try again");
		for (i = 0; i < list.num_matches; i++)
			print_function(pci, &found[i]);
		total += list.num_matches;
	} while (list.status == PCI_GETCONF_MORE_DEVS);
	printf("%u device%s\n", total, total == 1 ? "" : "s");
	return 0;
}
