// SPDX-License-Identifier: GPL-2.0
/*
 * In the manner of bhyve's pass-through device model: the device by its
 * driver's name, its BARs, the MSI-X table mapped, port BARs by PCIOCBARIO.
 */
#include <sys/param.h>
#include <sys/types.h>
#include <sys/mman.h>
#include <sys/pciio.h>
#include <sys/ioctl.h>

#include <dev/io/iodev.h>
#include <dev/pci/pcireg.h>
#include <vm/vm.h>
#include <machine/vm.h>

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

struct bar {
	bool io, wide;
	uint64_t base, size;
};

int bhyve_open(void)
{
	return open("/dev/pci", O_RDWR, 0);
}

bool bhyve_find(int fd, const char *name, int unit, struct pcisel *sel)
{
	struct pci_match_conf pattern;
	struct pci_conf_io list;
	struct pci_conf found;

	bzero(&pattern, sizeof(pattern));
	strncpy(pattern.pd_name, name, sizeof(pattern.pd_name) - 1);
	pattern.pd_unit = unit;
	pattern.flags = PCI_GETCONF_MATCH_NAME | PCI_GETCONF_MATCH_UNIT;

	bzero(&list, sizeof(list));
	list.patterns = &pattern;
	list.num_patterns = 1;
	list.pat_buf_len = sizeof(pattern);
	list.matches = &found;
	list.match_buf_len = sizeof(found);
	if (ioctl(fd, PCIOCGETCONF, &list) < 0 || list.num_matches != 1)
		return false;
	if (list.status != PCI_GETCONF_LAST_DEVICE &&
	    list.status != PCI_GETCONF_MORE_DEVS)
		return false;
	*sel = found.pc_sel;
	return found.pc_sel.pc_domain == 0;
}

uint32_t bhyve_cfgread(int fd, const struct pcisel *sel, long reg, int width)
{
	struct pci_io io;

	bzero(&io, sizeof(io));
	io.pi_sel = *sel;
	io.pi_reg = reg;
	io.pi_width = width;
	return ioctl(fd, PCIOCREAD, &io) < 0 ? 0 : io.pi_data;
}

int bhyve_cfgwrite(int fd, const struct pcisel *sel, long reg, int width,
		   uint32_t value)
{
	struct pci_io io;

	bzero(&io, sizeof(io));
	io.pi_sel = *sel;
	io.pi_reg = reg;
	io.pi_width = width;
	io.pi_data = value;
	return ioctl(fd, PCIOCWRITE, &io);
}

int bhyve_capability(int fd, const struct pcisel *sel, int id)
{
	int at = 0;

	if (bhyve_cfgread(fd, sel, PCIR_STATUS, 2) & PCIM_STATUS_CAPPRESENT)
		at = bhyve_cfgread(fd, sel, PCIR_CAP_PTR, 1);
	while (at >= 0x40 && at <= PCI_REGMAX - 3 &&
	       bhyve_cfgread(fd, sel, at + PCICAP_ID, 1) != (uint32_t)id)
		at = bhyve_cfgread(fd, sel, at + PCICAP_NEXTPTR, 1);
	return at;
}

void bhyve_bars(int fd, const struct pcisel *sel, struct bar *bars)
{
	struct pci_bar_io bar;
	int i;

	for (i = 0; i <= PCIR_MAX_BAR_0; i++) {
		bzero(&bar, sizeof(bar));
		bar.pbi_sel = *sel;
		bar.pbi_reg = PCIR_BAR(i);
		if (ioctl(fd, PCIOCGETBAR, &bar) < 0)
			continue;
		bars[i].size = bar.pbi_length;
		bars[i].io = PCI_BAR_IO(bar.pbi_base);
		if (bars[i].io) {
			bars[i].base = bar.pbi_base & PCIM_BAR_IO_BASE;
			continue;
		}
		bars[i].base = bar.pbi_base & PCIM_BAR_MEM_BASE;
		bars[i].wide = (bar.pbi_base & PCIM_BAR_MEM_TYPE) ==
			       PCIM_BAR_MEM_64;
		i += bars[i].wide;
	}
}

uint8_t *bhyve_msix(int fd, const struct pcisel *sel, size_t *length)
{
	int at = bhyve_capability(fd, sel, PCIY_MSIX);
	struct pci_bar_mmap map;
	uint32_t table;

	if (!at)
		return NULL;
	table = bhyve_cfgread(fd, sel, at + PCIR_MSIX_TABLE, 4);
	memset(&map, 0, sizeof(map));
	map.pbm_sel = *sel;
	map.pbm_flags = PCIIO_BAR_MMAP_RW;
	map.pbm_reg = PCIR_BAR(table & PCIM_MSIX_BIR_MASK);
	map.pbm_memattr = VM_MEMATTR_DEVICE;
	if (ioctl(fd, PCIOCBARMMAP, &map) != 0 || map.pbm_bar_off != 0)
		return NULL;
	*length = map.pbm_map_length;
	if (mprotect(map.pbm_map_base, 4096, PROT_NONE) != 0)
		return NULL;
	return (uint8_t *)(uintptr_t)map.pbm_map_base +
	       (table & ~PCIM_MSIX_BIR_MASK);
}

uint64_t bhyve_read(int fd, const struct pcisel *sel, int index,
		    uint64_t offset, int size)
{
	struct pci_bar_ioreq io;

	bzero(&io, sizeof(io));
	io.pbi_sel = *sel;
	io.pbi_op = PCIBARIO_READ;
	io.pbi_bar = index;
	io.pbi_offset = (uint32_t)offset;
	io.pbi_width = size;
	(void)ioctl(fd, PCIOCBARIO, &io);
	return io.pbi_value;
}

void bhyve_write(int fd, const struct pcisel *sel, int index, uint64_t offset,
		 int size, uint64_t value)
{
	struct pci_bar_ioreq io;

	bzero(&io, sizeof(io));
	io.pbi_sel = *sel;
	io.pbi_op = PCIBARIO_WRITE;
	io.pbi_bar = index;
	io.pbi_offset = (uint32_t)offset;
	io.pbi_width = size;
	io.pbi_value = (uint32_t)value;
	(void)ioctl(fd, PCIOCBARIO, &io);
}

/* Before there was PCIOCBARIO. */
int bhyve_port(int fd, const struct bar *bar, uint64_t offset, int size)
{
	struct iodev_pio_req io;

	bzero(&io, sizeof(io));
	io.access = IODEV_PIO_READ;
	io.port = bar->base + offset;
	io.width = size;
	return ioctl(fd, IODEV_PIO, &io) < 0 ? -1 : (int)io.val;
}
