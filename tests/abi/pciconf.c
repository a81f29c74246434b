// SPDX-License-Identifier: GPL-2.0
/*
 * In the manner of pciconf: no <sys/ioctl.h>, no <stdint.h>; the list of
 * functions (-l), their BARs (-b), capabilities (-c), VPD (-V), errors (-e), and
 * the contents of a BAR (-D).
 */
#include <sys/types.h>
#include <sys/mman.h>

#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include <sys/agpio.h>
#include <sys/pciio.h>

#include <vm/vm.h>

#include <dev/agp/agpreg.h>
#include <dev/pci/pcireg.h>

static uint32_t get(int fd, struct pcisel *sel, long reg, int width)
{
	struct pci_io io;

	/* The rest of the structure stays whatever the stack held. */
	io.pi_sel = *sel;
	io.pi_reg = reg;
	io.pi_width = width;
	if (ioctl(fd, PCIOCREAD, &io) < 0)
		err(1, "PCIOCREAD");
	return io.pi_data;
}

static void bars(int fd, struct pci_conf *p)
{
	struct pci_bar_io bar;
	int i, last;

	switch (p->pc_hdr & PCIM_HDRTYPE) {
	case PCIM_HDRTYPE_NORMAL:
		last = PCIR_MAX_BAR_0;
		break;
	case PCIM_HDRTYPE_BRIDGE:
		last = PCIR_MAX_BAR_1;
		break;
	case PCIM_HDRTYPE_CARDBUS:
		last = PCIR_MAX_BAR_2;
		break;
	default:
		return;
	}
	for (i = 0; i <= last; i++) {
		bar.pbi_sel = p->pc_sel;
		bar.pbi_reg = PCIR_BAR(i);
		if (ioctl(fd, PCIOCGETBAR, &bar) < 0)
			continue;
		printf("%02x %s base %#jx size %ju %s%s\n", PCIR_BAR(i),
		       PCI_BAR_IO(bar.pbi_base) ? "port" : "memory",
		       (uintmax_t)(bar.pbi_base & ~(uint64_t)0xf),
		       (uintmax_t)bar.pbi_length,
		       bar.pbi_base & PCIM_BAR_MEM_PREFETCH ? "prefetch " : "",
		       bar.pbi_enabled ? "on" : "off");
	}
}

static void windows(int fd, struct pci_conf *p)
{
	uint64_t base, limit;
	uint32_t low;

	low = get(fd, &p->pc_sel, PCIR_IOBASEL_1, 1);
	if ((low & PCIM_BRIO_MASK) == PCIM_BRIO_32)
		base = PCI_PPBIOBASE(get(fd, &p->pc_sel, PCIR_IOBASEH_1, 2), low);
	else
		base = PCI_PPBIOBASE(0, low);
	limit = PCI_PPBIOLIMIT(0, get(fd, &p->pc_sel, PCIR_IOLIMITL_1, 1));
	printf("port %#jx-%#jx\n", (uintmax_t)base, (uintmax_t)limit);

	base = PCI_PPBMEMBASE(get(fd, &p->pc_sel, PCIR_PMBASEH_1, 4),
			      get(fd, &p->pc_sel, PCIR_PMBASEL_1, 2));
	limit = PCI_PPBMEMLIMIT(get(fd, &p->pc_sel, PCIR_PMLIMITH_1, 4),
				get(fd, &p->pc_sel, PCIR_PMLIMITL_1, 2));
	printf("memory %#jx-%#jx%s\n", (uintmax_t)base, (uintmax_t)limit,
	       get(fd, &p->pc_sel, PCIR_BRIDGECTL_1, 2) & PCIB_BCR_VGA_ENABLE ?
	       " vga" : "");
}

static void unknown(int fd __unused, struct pci_conf *p __unused,
		    uint8_t at __unused)
{
	printf("unknown\n");
}

static void capabilities(int fd, struct pci_conf *p)
{
	uint8_t at;
	uint32_t ecap;

	if (!(get(fd, &p->pc_sel, PCIR_STATUS, 2) & PCIM_STATUS_CAPPRESENT))
		return;
	at = (p->pc_hdr & PCIM_HDRTYPE) == PCIM_HDRTYPE_CARDBUS ?
	     PCIR_CAP_PTR_2 : PCIR_CAP_PTR;
	for (at = get(fd, &p->pc_sel, at, 1); at;
	     at = get(fd, &p->pc_sel, at + PCICAP_NEXTPTR, 1)) {
		switch (get(fd, &p->pc_sel, at + PCICAP_ID, 1)) {
		case PCIY_PMG:
			printf("D%d\n", (int)(PCIM_PSTAT_DMASK &
			       get(fd, &p->pc_sel, at + PCIR_POWER_STATUS, 2)));
			break;
		case PCIY_AGP:
			printf("rate %d\n", (int)AGP_MODE_GET_RATE(
			       get(fd, &p->pc_sel, at + AGP_STATUS, 4)));
			break;
		case PCIY_EXPRESS:
			printf("width %d\n", (int)(PCIEM_LINK_STA_WIDTH &
			       get(fd, &p->pc_sel, at + PCIER_LINK_STA, 2)) >> 4);
			break;
		default:
			unknown(fd, p, at);
		}
	}
	ecap = get(fd, &p->pc_sel, PCIR_EXTCAP, 4);
	while (PCI_EXTCAP_ID(ecap) && PCI_EXTCAP_NEXTPTR(ecap)) {
		if (PCI_EXTCAP_ID(ecap) == PCIZ_SERNUM)
			printf("serial number %d\n", PCI_EXTCAP_VER(ecap));
		ecap = get(fd, &p->pc_sel, PCI_EXTCAP_NEXTPTR(ecap), 4);
	}
}

static void vpd(int fd, struct pci_conf *p)
{
	struct pci_vpd_element *e, *end;
	struct pci_list_vpd_io list;

	list.plvi_sel = p->pc_sel;
	list.plvi_len = 0;
	list.plvi_data = NULL;
	if (ioctl(fd, PCIOCLISTVPD, &list) < 0 || list.plvi_len == 0)
		return;
	list.plvi_data = malloc(list.plvi_len);
	if (ioctl(fd, PCIOCLISTVPD, &list) == 0) {
		e = list.plvi_data;
		end = (struct pci_vpd_element *)((char *)e + list.plvi_len);
		for (; e < end; e = PVE_NEXT(e))
			if (e->pve_flags == PVE_FLAG_IDENT)
				printf("'%.*s'\n", (int)e->pve_datalen,
				       e->pve_data);
			else
				printf("%s %c%c\n",
				       e->pve_flags & PVE_FLAG_RW ? "rw" : "ro",
				       e->pve_keyword[0], e->pve_keyword[1]);
	}
	free(list.plvi_data);
}

void pciconf_list(const struct pcisel *only)
{
	struct pci_match_conf pattern;
	struct pci_conf conf[255], *p;
	struct pci_conf_io list;
	int fd, none = 0;

	fd = open("/dev/pci", O_RDONLY, 0);
	if (fd < 0)
		err(1, "/dev/pci");
	bzero(&list, sizeof(list));
	list.match_buf_len = sizeof(conf);
	list.matches = conf;
	if (only) {
		bzero(&pattern, sizeof(pattern));
		pattern.pc_sel = *only;
		pattern.flags = PCI_GETCONF_MATCH_DOMAIN |
				PCI_GETCONF_MATCH_BUS | PCI_GETCONF_MATCH_DEV |
				PCI_GETCONF_MATCH_FUNC;
		list.num_patterns = 1;
		list.pat_buf_len = sizeof(pattern);
		list.patterns = &pattern;
	}
	do {
		if (ioctl(fd, PCIOCGETCONF, &list) == -1)
			err(1, "PCIOCGETCONF");
		if (list.status == PCI_GETCONF_LIST_CHANGED ||
		    list.status == PCI_GETCONF_ERROR)
			errx(1, "status %d", (int)list.status);
		for (p = conf; p < &conf[list.num_matches]; p++) {
			printf("%s%d@pci%d:%d:%d:%d class=0x%06x hdr=%02x\n",
			       *p->pd_name ? p->pd_name : "none",
			       *p->pd_name ? (int)p->pd_unit : none++,
			       p->pc_sel.pc_domain, p->pc_sel.pc_bus,
			       p->pc_sel.pc_dev, p->pc_sel.pc_func,
			       p->pc_class << 16 | p->pc_subclass << 8 |
			       p->pc_progif, p->pc_hdr);
			if (p->pc_class == PCIC_BRIDGE &&
			    p->pc_subclass == PCIS_BRIDGE_PCI)
				windows(fd, p);
			bars(fd, p);
			capabilities(fd, p);
			vpd(fd, p);
		}
	} while (list.status == PCI_GETCONF_MORE_DEVS);
	close(fd);
}

int pciconf_attached(int fd, struct pcisel *sel)
{
	struct pci_io io;

	io.pi_sel = *sel;
	if (ioctl(fd, PCIOCATTACHED, &io) < 0)
		err(1, "PCIOCATTACHED");
	return io.pi_data != 0;
}

void pciconf_dump(int fd, struct pcisel *sel, int reg)
{
	struct pci_bar_mmap map;
	uint32_t *word;
	uint64_t i;

	map.pbm_sel = *sel;
	map.pbm_reg = reg;
	map.pbm_flags = 0;
	map.pbm_memattr = VM_MEMATTR_UNCACHEABLE;
	if (ioctl(fd, PCIOCBARMMAP, &map) < 0)
		err(1, "PCIOCBARMMAP");
	fprintf(stderr, "base %p off %#x length %#jx\n", map.pbm_map_base,
		map.pbm_bar_off, (uintmax_t)map.pbm_bar_length);
	word = (uint32_t *)(uintptr_t)((uintptr_t)map.pbm_map_base +
				       map.pbm_bar_off);
	for (i = 0; i < map.pbm_bar_length / 4; i++, word++)
		if (fwrite(word, 4, 1, stdout) != 1)
			errx(1, "standard output");
	munmap((void *)map.pbm_map_base, map.pbm_map_length);
}
