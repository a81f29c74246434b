// SPDX-License-Identifier: GPL-2.0
/*
 * Tests pciio(4): PCIOCGETBAR. Also PCIOCLISTVPD on functions without vital product
 * data. The witness is sysfs.
 */
#define _GNU_SOURCE
#include <limits.h>
#include <linux/capability.h>
#include <sys/mman.h>
#include "guest.h"

static int pci;

static void bars_of(struct pcisel sel)
{
	int type = cfg(sel, 0x0e, 1) & 0x7f, bars = type ? 2 : 6, reg, n;
	unsigned int bad = 0;

	for (n = 0; n < 8; n++) {
		struct range range = n < bars ? bar_range(sel, n) :
				     (struct range){ 0 };
		struct pci_bar_io io, was;
		uint64_t base;
		int rc, enabled;

		/* That one exists, but sysfs does not know it. */
		if (n == 2 && same_sel(sel, unplaced))
			continue;
		reg = 0x10 + 4 * n;
		memset(&io, 0x5a, sizeof(io));
		io.pbi_sel = sel;
		io.pbi_reg = reg;
		was = io;
		rc = ioctl(pci, PCIOCGETBAR, &io);
		if (!range.size) {
			bad += rc != -1 || errno != EINVAL ||
			       memcmp(&io, &was, sizeof(io));
			continue;
		}
		base = cfg(sel, reg, 4);
		if ((base & 7) == 4)
			base |= (uint64_t)cfg(sel, reg + 4, 4) << 32;
		enabled = cfg(sel, COMMAND, 2) &
			  (range.flags & RANGE_IO ? COMMAND_IO : COMMAND_MEMORY);
		was.pbi_enabled = !!enabled;
		was.pbi_base = base;
		was.pbi_length = range.size;
		if (rc || memcmp(&io, &was, sizeof(io))) {
			note("BAR%d: %d, base %#llx, %#llx bytes, %d", n, rc,
			     (unsigned long long)io.pbi_base,
			     (unsigned long long)io.pbi_length, io.pbi_enabled);
			bad++;
		}
	}
	is(bad, 0, "PCIOCGETBAR: BARs of %s are what sysfs shows, all others fail: EINVAL",
	   sysfs_name(sel));
}

static int enabled(struct pcisel sel, unsigned int bar)
{
	struct pci_bar_io io = { .pbi_sel = sel, .pbi_reg = 0x10 + 4 * bar };

	return ioctl(pci, PCIOCGETBAR, &io) ? -1 : io.pbi_enabled;
}

static void bars(void)
{
	static const int regs[] = {
		0, 4, 0xc, 0xf, 0x11, 0x12, 0x13, 0x15, 0x28, 0x2c, 0x30, 0x34,
		0x100, 0x1010, -4, -16, -0x10, INT_MIN, INT_MIN + 0x10, INT_MAX,
		0x40000010, 0x10000010,
	};
	struct pci_bar_io io = { .pbi_sel = testdev, .pbi_reg = 0x10 };
	struct pci_bar_io *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
				       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct pcisel all[64];
	unsigned int i, command, total = all_functions(all, ARRAY_SIZE(all));
	int node;

	about("PCIOCGETBAR");
	for (i = 0; i < total; i++)
		bars_of(all[i]);
	for (i = 0; i < ARRAY_SIZE(regs); i++) {
		io.pbi_reg = regs[i];
		refused(pci, PCIOCGETBAR, &io, EINVAL, "no BAR at %#x", regs[i]);
	}
	io.pbi_reg = 0x10;
	io.pbi_sel = absent;
	refused(pci, PCIOCGETBAR, &io, ENODEV, "no such function");
	io.pbi_reg = -1;
	refused(pci, PCIOCGETBAR, &io, ENODEV, "ENODEV goes before EINVAL");
	io = (struct pci_bar_io){ .pbi_sel = testdev, .pbi_reg = 0x10 };
	((unsigned char *)&io)[7] = 0x5a;
	is_errno(ioctl(pci, PCIOCGETBAR, &io), 0, "padding of the selector is ignored");
	bad_pointers(pci, PCIOCGETBAR, &io, "PCIOCGETBAR");
	*page = io;
	mprotect(page, PAGE, PROT_READ);
	is_errno(ioctl(pci, PCIOCGETBAR, page), EFAULT,
		 "a structure in a read-only page");
	munmap(page, PAGE);

	command = cfg(testdev, COMMAND, 2);
	set_cfg(testdev, COMMAND, 2, COMMAND_IO);
	ok(enabled(testdev, 0) == 0 && enabled(testdev, 1) == 1 &&
	   enabled(testdev, 2) == 0, "pbi_enabled: ports are enabled, memory is not");
	set_cfg(testdev, COMMAND, 2, COMMAND_MEMORY);
	ok(enabled(testdev, 0) == 1 && enabled(testdev, 1) == 0 &&
	   enabled(testdev, 2) == 1, "pbi_enabled: memory is enabled, ports are not");
	set_cfg(testdev, COMMAND, 2, command);
	node = open_node(testdev, O_RDONLY);
	io = (struct pci_bar_io){ .pbi_sel = testdev, .pbi_reg = 0x14 };
	is_errno(ioctl(node, PCIOCGETBAR, &io), 0, "a node open for reading answers");
	is(io.pbi_length, 256, "a node open for reading tells the length");
	io.pbi_sel = behind;
	refused(node, PCIOCGETBAR, &io, ENODEV, "another function, on a node");
	close(node);
	is(claims(), 0, "the requests claim no BAR");
}

/* ---- PCIOCLISTVPD: none of qemu's devices has any ---- */
static struct pci_list_vpd_io vpd(struct pcisel sel, size_t len, void *data)
{
	struct pci_list_vpd_io io;

	memset(&io, 0, sizeof(io));
	io.plvi_sel = sel;
	io.plvi_len = len;
	io.plvi_data = data;
	return io;
}

static void vpd_unprivileged(void *arg)
{
	struct pci_list_vpd_io io = vpd(edu, 0, NULL);
	int *node = arg;

	about("PCIOCLISTVPD");
	refused(pci, PCIOCLISTVPD, &io, EPERM,
		"a descriptor open for reading, without CAP_SYS_RAWIO");
	io.plvi_sel = absent;
	refused(pci, PCIOCLISTVPD, &io, EPERM, "EPERM goes before ENODEV");
	io.plvi_sel = edu;
	refused(*node, PCIOCLISTVPD, &io, ENXIO,
		"a descriptor open for writing, without CAP_SYS_RAWIO: no data");
}

static void vpds(void)
{
	static char buffer[256];
	struct pci_list_vpd_io io;
	int node = open_node(edu, O_RDWR);

	about("PCIOCLISTVPD");
	io = vpd(edu, 0, NULL);
	refused(pci, PCIOCLISTVPD, &io, ENXIO, "a function without data");
	io = vpd(e1000e, sizeof(buffer), buffer);
	refused(pci, PCIOCLISTVPD, &io, ENXIO, "a function without data, with a buffer");
	io = vpd(edu, SIZE_MAX, (void *)-PAGE);
	refused(pci, PCIOCLISTVPD, &io, ENXIO, "a function without data, with a bad buffer");
	io = vpd(absent, 0, NULL);
	refused(pci, PCIOCLISTVPD, &io, ENODEV, "no such function");
	io = vpd(edu2, 0, NULL);
	refused(node, PCIOCLISTVPD, &io, ENODEV, "another function, on a node");
	is_errno(ioctl(pci, PCIOCLISTVPD, NULL), EFAULT, "a structure at NULL");
	without_capability(CAP_SYS_RAWIO, vpd_unprivileged, &node);
	close(node);
}

int main(void)
{
	tap_begin();
	pci = open_pci(O_RDONLY);
	bars();
	vpds();
	return tap_end();
}
