// SPDX-License-Identifier: GPL-2.0
/*
 * A PCI bus in a domain of its own, with two functions that no emulator has: slow
 * vital product data, a known list of capabilities, and two drivers whose names have
 * their first 16 characters in common.
 */
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/pci.h>

#define DOMAIN		0xfa
#define VPD_CAP		0x40	/* next: 0x58, 0x50, and then itself */
#define VPD_ADDRESS	(VPD_CAP + PCI_VPD_ADDR)
#define VPD_DATA	(VPD_CAP + PCI_VPD_DATA)

static unsigned int vpd_ms = 1;
module_param(vpd_ms, uint, 0644);
MODULE_PARM_DESC(vpd_ms, "time for a word of vital product data");

static unsigned int vpd_words;
module_param(vpd_words, uint, 0444);
MODULE_PARM_DESC(vpd_words, "words that were asked for");

static unsigned int vpd_past;
module_param(vpd_past, uint, 0444);
MODULE_PARM_DESC(vpd_past, "words past the end of the data that were asked for");

static unsigned int config_reads;
module_param(config_reads, uint, 0444);
MODULE_PARM_DESC(config_reads, "reads of what only a grant shows");

static bool silent;
module_param(silent, bool, 0644);
MODULE_PARM_DESC(silent, "no function responds in configuration space");

/* An identifier of 160 bytes; a serial number; the end. */
#define IDENT	160
static u8 vpd[IDENT + 3 + 3 + 7 + 1];

static u32 config[2][64];
static ktime_t vpd_ready;

static int fake_read(struct pci_bus *bus, unsigned int devfn, int where, int size,
		     u32 *value)
{
	u32 word = U32_MAX;

	if (silent) {
		*value = word;
		return PCIBIOS_DEVICE_NOT_FOUND;
	}
	if (devfn < 2 && where < 256) {
		word = config[devfn][where / 4];
		if (where == VPD_ADDRESS && ktime_after(ktime_get(), vpd_ready))
			word |= (u32)PCI_VPD_ADDR_F << 16;
		if (where >= 0x42 && where != 0x50 && where != 0x58)
			config_reads++;
	}
	word >>= 8 * (where % 4);
	*value = size == 4 ? word : word & ((1U << (8 * size)) - 1);
	return PCIBIOS_SUCCESSFUL;
}

static int fake_write(struct pci_bus *bus, unsigned int devfn, int where, int size,
		      u32 value)
{
	unsigned int shift = 8 * (where % 4);
	u32 mask = size == 4 ? U32_MAX : ((1U << (8 * size)) - 1) << shift;
	u32 *word;

	if (silent)
		return PCIBIOS_DEVICE_NOT_FOUND;
	if (devfn >= 2 || where >= 256)
		return PCIBIOS_SUCCESSFUL;
	word = &config[devfn][where / 4];
	if (where == PCI_COMMAND || where == PCI_INTERRUPT_LINE)
		*word = (*word & ~mask) | ((value << shift) & mask);
	/* A memory BAR of 4 KB without an address */
	if (devfn == 1 && where == PCI_BASE_ADDRESS_0)
		*word = value & PAGE_MASK;
	if (where == VPD_ADDRESS && !(value & PCI_VPD_ADDR_F)) {
		value &= PCI_VPD_ADDR_MASK;
		*word = (*word & 0xffff) | value << 16;
		vpd_words++;
		vpd_past += value >= sizeof(vpd);
		config[devfn][VPD_DATA / 4] = 0;
		if (value < sizeof(vpd))
			memcpy(&config[devfn][VPD_DATA / 4], vpd + value,
			       min_t(size_t, 4, sizeof(vpd) - value));
		vpd_ready = ktime_add_ms(ktime_get(), vpd_ms);
	}
	return PCIBIOS_SUCCESSFUL;
}

static struct pci_ops fake_ops = { .read = fake_read, .write = fake_write };
static struct pci_sysdata fake_sysdata = { .domain = DOMAIN, .node = -1 };
static struct resource fake_buses = {
	.name = "fakebus", .start = 0, .end = 0, .flags = IORESOURCE_BUS,
};
static struct pci_bus *fake_bus;

static int fake_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	return 0;
}

static void fake_remove(struct pci_dev *pdev)
{
}

static struct pci_driver fake_drivers[] = {
	{ .name = "bario-test-driver-of-a-long-name", .probe = fake_probe,
	  .remove = fake_remove },
	{ .name = "bario-test-driver-two", .probe = fake_probe,
	  .remove = fake_remove },
};

static void fill_config(void)
{
	unsigned int i, at = 0;

	for (i = 0; i < ARRAY_SIZE(config); i++) {
		u32 *regs = config[i];

		regs[0x00 / 4] = 0xbead1af5;
		regs[0x04 / 4] = PCI_STATUS_CAP_LIST << 16;
		regs[0x08 / 4] = 0xff000000;
		regs[0x0c / 4] = 0x80 << 16;	/* several functions */
		regs[PCI_CAPABILITY_LIST / 4] = VPD_CAP;
		regs[0x40 / 4] = PCI_CAP_ID_VPD | 0x58 << 8;
		regs[0x58 / 4] = PCI_CAP_ID_VNDR | 0x50 << 8 | 0x00080000;
		regs[0x50 / 4] = PCI_CAP_ID_SSVID | VPD_CAP << 8;
		regs[0x54 / 4] = 0x12345678;
		regs[0xfc / 4] = 0x5ec4e7;
	}
	vpd[at++] = 0x82;
	vpd[at++] = IDENT;
	vpd[at++] = 0;
	for (i = 0; i < IDENT; i++)
		vpd[at++] = 'a' + i % 26;
	vpd[at++] = 0x90;
	vpd[at++] = 7;
	vpd[at++] = 0;
	memcpy(vpd + at, "SN\4" "1234", 7);
	at += 7;
	vpd[at] = 0x78;
}

/* The caller has to free the bridge that the PCI core made with the bus. */
static void bus_remove(void)
{
	struct pci_host_bridge *bridge = to_pci_host_bridge(fake_bus->bridge);

	pci_lock_rescan_remove();
	pci_stop_root_bus(fake_bus);
	pci_remove_root_bus(fake_bus);
	pci_unlock_rescan_remove();
	pci_free_host_bridge(bridge);
}

static int __init fakebus_init(void)
{
	LIST_HEAD(resources);
	unsigned int i;
	int ret;

	fill_config();
	pci_add_resource(&resources, &fake_buses);
	pci_lock_rescan_remove();
	fake_bus = pci_scan_root_bus(NULL, 0, &fake_ops, &fake_sysdata, &resources);
	if (fake_bus)
		pci_bus_add_devices(fake_bus);
	pci_unlock_rescan_remove();
	if (!fake_bus) {
		pci_free_resource_list(&resources);
		return -ENODEV;
	}
	for (i = 0; i < ARRAY_SIZE(fake_drivers); i++) {
		ret = pci_register_driver(&fake_drivers[i]);
		if (ret)
			goto err;
	}
	return 0;

err:
	while (i--)
		pci_unregister_driver(&fake_drivers[i]);
	bus_remove();
	return ret;
}

static void __exit fakebus_exit(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(fake_drivers); i++)
		pci_unregister_driver(&fake_drivers[i]);
	bus_remove();
}

module_init(fakebus_init);
module_exit(fakebus_exit);

MODULE_DESCRIPTION("PCI functions for bario's tests");
MODULE_LICENSE("GPL");
