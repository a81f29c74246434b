// SPDX-License-Identifier: GPL-2.0
/*
 * Tests pciio(4): PCIOCREAD. Also PCIOCWRITE and PCIOCATTACHED. The witness is sysfs,
 * which uses another way to the device.
 */
#define _GNU_SOURCE
#include <limits.h>
#include <sys/mman.h>
#include "guest.h"

#define INTERRUPT_LINE	0x3c	/* a byte that devices keep and ignore */
#define CAPABILITIES	0x34

static int pci;
static int readonly;

static uint32_t line(void)
{
	return cfg(edu, INTERRUPT_LINE & ~3, 4);
}

/* ---- reads ---- */
static void dump(struct pcisel sel, int size, const char *what)
{
	int fd = open(attribute_path(sel, "config"), O_RDONLY);
	unsigned char want[4096];
	uint32_t value;
	int width, reg;

	if (fd < 0 || pread(fd, want, sizeof(want), 0) != size)
		bail("%s does not have %d bytes of configuration", what, size);
	close(fd);
	for (width = 1; width <= 4; width *= 2) {
		int bad = 0;

		for (reg = 0; reg < size; reg += width) {
			uint32_t expected = 0;

			memcpy(&expected, want + reg, width);
			if (config_read(pci, sel, reg, width, &value) ||
			    value != expected) {
				if (!bad++)
					note("at %#x: expected %#x, got %#x",
					     reg, expected, value);
			}
		}
		is(bad, 0, "PCIOCREAD: %s: %d bytes, read by %d, are what sysfs shows",
		   what, size, width);
	}
}

static void past_the_end(void)
{
	static const struct {
		int		reg, width;
		uint32_t	want;
	} past[] = {
		{ 0x100, 1, 0xff }, { 0x100, 2, 0xffff },
		{ 0x100, 4, 0xffffffff }, { 0x1ff, 1, 0xff },
		{ 0xffc, 4, 0xffffffff }, { 0xffe, 2, 0xffff },
		{ 0xfff, 1, 0xff },
		/* Where no function has registers the width does not count. */
		{ 0x1000, 1, 0xffffffff }, { 0x1000, 2, 0xffffffff },
		{ 0x1000, 4, 0xffffffff }, { 0x7ffffffc, 4, 0xffffffff },
		{ 0x7ffffffe, 2, 0xffffffff }, { INT_MAX, 1, 0xffffffff },
	};
	uint32_t value = 0;
	size_t i;

	about("PCIOCREAD");
	for (i = 0; i < ARRAY_SIZE(past); i++) {
		int error = config_read(pci, edu, past[i].reg, past[i].width,
					&value);

		ok(!error && value == past[i].want,
		   "a %d-byte read at %#x, past the end: all ones",
		   past[i].width, past[i].reg);
		if (error || value != past[i].want)
			note("got %s, %#x", errno_name(error), value);
	}
	ok(!config_read(pci, e1000e, 0x1000, 1, &value) && value == 0xffffffff,
	   "past PCI Express's 4096 bytes: all ones");
}

/* ---- writes ---- */
static void writes(void)
{
	uint32_t was = line(), command = cfg(edu, COMMAND, 2), value;
	struct pci_io io, before;

	about("PCIOCWRITE");
	is_errno(config_write(pci, edu, INTERRUPT_LINE, 1, 0x5a) ? -1 : 0, 0,
		 "edu: a byte is written");
	is(line(), (was & ~0xffu) | 0x5a, "edu: sysfs sees that byte changed, and no other");
	config_write(pci, edu, INTERRUPT_LINE, 1, 0xabcdefa5);
	is(line(), (was & ~0xffu) | 0xa5, "edu: bits above the width are ignored");
	config_write(pci, edu, INTERRUPT_LINE, 2, 0xffff003c);
	is(cfg(edu, INTERRUPT_LINE, 1), 0x3c, "edu: a word is written");
	config_write(pci, edu, INTERRUPT_LINE, 4, 0xc3);
	is(cfg(edu, INTERRUPT_LINE, 1), 0xc3, "edu: a double word is written");
	is(config_write(pci, edu, COMMAND, 2, COMMAND_MASTER), 0,
	   "edu: /dev/pci writes the command register");
	is(cfg(edu, COMMAND, 2), COMMAND_MASTER, "edu: sysfs sees the command register changed");
	is(config_read(pci, edu, COMMAND, 2, &value), 0, "edu: the command register can be read");
	is(value, COMMAND_MASTER, "edu: the command register holds what was written");
	set_cfg(edu, COMMAND, 2, command);
	memset(&io, 0, sizeof(io));
	io.pi_sel = edu;
	((unsigned char *)&io)[7] = 0x5a;
	io.pi_reg = INTERRUPT_LINE;
	io.pi_width = 1;
	io.pi_data = 0xffffff11;
	before = io;
	is_errno(ioctl(pci, PCIOCWRITE, &io), 0, "edu: padding of the selector is ignored");
	ok(!memcmp(&io, &before, sizeof(io)), "edu: a write changes no field of its structure");
	is_errno(ioctl(pci, PCIOCREAD, &io), 0, "PCIOCREAD: edu: padding of the selector is ignored");
	before.pi_data = 0x11;
	ok(!memcmp(&io, &before, sizeof(io)), "PCIOCREAD: edu: a read changes only pi_data");
	set_cfg(edu, INTERRUPT_LINE, 4, was);
}

static void driver_bound(void)
{
	uint32_t value;

	about("PCIOCREAD");
	is_str(driver_of(serial2), "serial", "second serial: a driver is bound");
	is(config_read(pci, serial2, 0, 4, &value), 0,
	   "second serial: configuration space can be read while a driver is bound");
	is(value, 0x00021b36, "second serial: vendor and device are those of the device");
}

/* ---- refused ---- */
static void bad_fields(unsigned long cmd, const char *what)
{
	static const struct {
		int	reg, width;
	} bad[] = {
		{ 0, 0 }, { 0, 3 }, { 0, 5 }, { 0, 8 }, { 0, -1 }, { 0, -4 },
		{ 0, INT_MIN }, { 0, INT_MAX }, { 0, 0x101 }, { 0x3d, 2 },
		{ 0x3d, 4 }, { 0x3e, 4 }, { 0x3f, 2 }, { 0x3f, 4 }, { -1, 1 },
		{ -2, 2 }, { -4, 4 }, { -4096, 4 }, { INT_MIN, 1 },
		{ INT_MIN, 4 }, { 0x101, 2 }, { 0x1002, 4 }, { INT_MAX, 2 },
		{ INT_MAX, 4 },
	};
	struct pci_io io;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		io = (struct pci_io){ edu, bad[i].reg, bad[i].width, 0x5a5a5a5a };
		refused(pci, cmd, &io, EINVAL, "%d bytes at %#x",
			bad[i].width, bad[i].reg);
	}
	io = (struct pci_io){ absent, INTERRUPT_LINE, 1, 0x5a };
	refused(pci, cmd, &io, ENODEV, "no such function");
	io.pi_sel = edu;
	io.pi_sel.pc_domain = 1;
	refused(pci, cmd, &io, ENODEV, "no such domain");
	io = (struct pci_io){ absent, INTERRUPT_LINE, 3, 0x5a };
	refused(pci, cmd, &io, EINVAL, "a bad width goes before ENODEV");
	io = (struct pci_io){ absent, 1, 2, 0x5a };
	refused(pci, cmd, &io, EINVAL, "a bad offset goes before ENODEV");
	refused(readonly, cmd, &io, EPERM, "EPERM goes before EINVAL and ENODEV");
	io = (struct pci_io){ edu, INTERRUPT_LINE, 1, 0x5a };
	refused(readonly, cmd, &io, EPERM, "a descriptor open for reading");
	bad_pointers(pci, cmd, &io, what);
	is_errno(ioctl(readonly, cmd, -PAGE), EFAULT,
		 "%s: an address of the kernel on a descriptor open for reading", what);
	set_cfg(edu, INTERRUPT_LINE, 1, 0);
}

static void writes_past_the_end(void)
{
	static const struct {
		int	reg, width;
	} past[] = {
		{ 0x100, 1 }, { 0x100, 2 }, { 0x100, 4 }, { 0xffc, 4 },
		{ 0x1000, 4 }, { 0x10000 | INTERRUPT_LINE, 1 },
		{ 0x7ffffffc, 4 }, { INT_MAX, 1 },
	};
	struct pci_io io;
	size_t i;

	about("PCIOCWRITE");
	for (i = 0; i < ARRAY_SIZE(past); i++) {
		io = (struct pci_io){ edu, past[i].reg, past[i].width, 0x5a };
		refused(pci, PCIOCWRITE, &io, EINVAL,
			"edu: a %d-byte write at %#x, past the end", past[i].width,
			past[i].reg);
	}
	io = (struct pci_io){ e1000e, 0x1000, 4, 0x5a };
	refused(pci, PCIOCWRITE, &io, EINVAL, "a write past PCI Express's 4096 bytes");
}

/* A node shows the whole of its configuration space and lets none be written. */
static void nodes(void)
{
	int node = open_node(edu, O_RDWR), other = open_node(edu, O_RDONLY);
	struct pci_io io;
	uint32_t value;
	int reg, bad = 0;

	about("a node");
	for (reg = 0; reg < 256; reg += 4)
		bad += config_read(node, edu, reg, 4, &value) ||
		       value != cfg(edu, reg, 4);
	is(bad, 0, "PCIOCREAD reads all of configuration space");
	for (reg = 0; reg < 256; reg += 4) {
		io = (struct pci_io){ edu, reg, 4, 0x5a5a5a5a };
		bad += ioctl(node, PCIOCWRITE, &io) != -1 || errno != EACCES;
	}
	is(bad, 0, "PCIOCWRITE writes no register: EACCES");
	io = (struct pci_io){ edu, INTERRUPT_LINE, 1, 0x5a };
	refused(node, PCIOCWRITE, &io, EACCES, "a write");
	io.pi_reg = COMMAND;
	io.pi_width = 2;
	refused(node, PCIOCWRITE, &io, EACCES, "a write to the command register");
	io.pi_width = 3;
	refused(node, PCIOCWRITE, &io, EINVAL, "a bad width goes before EACCES");
	io.pi_width = 1;
	io.pi_reg = 0x100;
	refused(node, PCIOCWRITE, &io, EINVAL, "past the end goes before EACCES");
	io.pi_sel = edu2;
	refused(node, PCIOCWRITE, &io, ENODEV, "another function");
	refused(node, PCIOCREAD, &io, ENODEV, "another function");
	refused(node, PCIOCATTACHED, &io, ENODEV, "another function");
	io.pi_sel = edu;
	refused(other, PCIOCWRITE, &io, EPERM, "a descriptor open for reading");
	refused(other, PCIOCREAD, &io, EPERM, "a descriptor open for reading");
	refused(other, PCIOCATTACHED, &io, EPERM, "a descriptor open for reading");
	close(node);
	close(other);
}

static uint32_t attached(struct pcisel sel)
{
	struct pci_io io = { sel, -77, 99, 0xa5a5a5a5 };
	struct pci_io before;

	((unsigned char *)&io)[7] = 0xff;
	before = io;
	if (ioctl(pci, PCIOCATTACHED, &io)) {
		note("%s", errno_name(errno));
		return ~0u;
	}
	before.pi_data = io.pi_data;
	return memcmp(&io, &before, sizeof(io)) ? ~0u : io.pi_data;
}

static void drivers(void)
{
	about("PCIOCATTACHED");
	is(attached(serial2), 1, "second serial: 1 with its driver");
	is(attached(rootport), 1, "root port: 1 with its driver");
	is(attached(edu), 0, "edu: 0 without a driver");
	if (system("modprobe pci-stub"))
		bail("modprobe pci-stub");
	ok(bind_driver(edu, "pci-stub"), "edu: pci-stub can be bound");
	is(attached(edu), 1, "edu: 1 with pci-stub");
	ok(unbind_driver(edu), "edu: pci-stub can be unbound");
	is(attached(edu), 0, "edu: 0 after that");
	ok(unbind_driver(serial2), "second serial: its driver can be unbound");
	is(attached(serial2), 0, "second serial: 0 after that");
	ok(bind_driver(serial2, "serial"), "second serial: its driver can be bound again");
	is(attached(serial2), 1, "second serial: 1 after that");
}

/* Nothing of all that claims anything. */
static void read_only_page(void)
{
	char *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct pci_io *io = (void *)page;

	about("configuration space");
	*io = (struct pci_io){ edu, INTERRUPT_LINE, 1, 0x42 };
	mprotect(page, PAGE, PROT_READ);
	is_errno(ioctl(pci, PCIOCREAD, io), EFAULT, "PCIOCREAD: pi_data is in a read-only page");
	is_errno(ioctl(pci, PCIOCATTACHED, io), EFAULT,
		 "PCIOCATTACHED: pi_data is in a read-only page");
	is_errno(ioctl(pci, PCIOCWRITE, io), 0, "PCIOCWRITE: a structure in a read-only page is read");
	is(cfg(edu, INTERRUPT_LINE, 1), 0x42, "PCIOCWRITE: a structure in a read-only page is written to the device");
	munmap(page, PAGE);
	is(claims(), 0, "its requests claim no BAR");
}

int main(void)
{
	tap_begin();
	pci = open_pci(O_RDWR);
	readonly = open_pci(O_RDONLY);
	dump(edu, 256, "edu");
	dump(testdev, 256, "pci-testdev");
	dump(bridge, 256, "a bridge");
	dump(behind, 256, "pci-testdev behind it");
	dump(e1000e, 4096, "e1000e");
	past_the_end();
	driver_bound();
	writes();
	watch(line);
	bad_fields(PCIOCREAD, "PCIOCREAD");
	bad_fields(PCIOCWRITE, "PCIOCWRITE");
	about("PCIOCATTACHED");
	bad_pointers(pci, PCIOCATTACHED, &(struct pci_io){ .pi_sel = edu }, "PCIOCATTACHED");
	is_errno(ioctl(pci, PCIOCATTACHED, &(struct pci_io){ .pi_sel = absent }), ENODEV,
		 "no such function");
	writes_past_the_end();
	nodes();
	watch(NULL);
	drivers();
	read_only_page();
	return tap_end();
}
