// SPDX-License-Identifier: GPL-2.0
/*
 * Tests pciio(4): PCIOCBARIO. Each of its errors, and their order. Each test looks at
 * the errno, the caller's structure and the device.
 */
#define _GNU_SOURCE
#include <limits.h>
#include <sys/mman.h>
#include "guest.h"

static int pci;		/* /dev/pci, open for both; reopened by fresh() */
static int readonly;

/* Gives up every claim, so that sysfs may look at memory BARs again. */
static void fresh(void)
{
	close(pci);
	pci = open_pci(O_RDWR);
}

static uint32_t count(void)
{
	return testdev_count(testdev);
}

static struct pci_bar_ioreq on_memory(int op)
{
	return request(testdev, op, 0, MEM_TARGET, 1, TARGET_DATA);
}

static void memory_refused(size_t at, uint32_t value, int want,
			   const char *what)
{
	int op;

	for (op = PCIBARIO_READ; op <= PCIBARIO_WRITE; op++) {
		struct pci_bar_ioreq req = on_memory(op);

		memcpy((char *)&req + at, &value, 4);
		bario_refused(pci, req, want, "%s, %s %#x",
			      op == PCIBARIO_READ ? "read" : "write", what,
			      value);
	}
}

#define FIELD(name)	offsetof(struct pci_bar_ioreq, name)

static void bad_fields(void)
{
	static const int ops[] = {
		0, 3, 4, -1, 0x100 | PCIBARIO_READ, 0x100 | PCIBARIO_WRITE,
		INT_MIN | PCIBARIO_WRITE, INT_MAX, INT_MIN,
	};
	static const uint32_t widths[] = {
		0, 3, 5, 6, 7, 9, 12, 16, 0x101, 0x80000001, 0xffffffff,
	};
	/* 0x40000000: its register's offset wraps to BAR0's in 32 bits. */
	static const uint32_t bars[] = {
		3, 4, 5, 6, 7, 8, 0x100, 0x3ffffffc, 0x40000000, 0x80000000,
		0xc0000000, 0xfffffffc, 0xffffffff,
	};
	static const uint32_t ends[] = {
		4096, 4097, 0x10000 + MEM_TARGET, 0x80000000, 0xfffff000,
		0xffffffff,
	};
	size_t i;

	about("PCIOCBARIO");
	for (i = 0; i < ARRAY_SIZE(ops); i++) {
		struct pci_bar_ioreq req = on_memory(ops[i]);

		bario_refused(pci, req, EINVAL, "pbi_op %#x", ops[i]);
	}
	for (i = 0; i < ARRAY_SIZE(widths); i++)
		memory_refused(FIELD(pbi_width), widths[i], EINVAL, "pbi_width");
	for (i = 0; i < ARRAY_SIZE(bars); i++)
		memory_refused(FIELD(pbi_bar), bars[i], EINVAL, "pbi_bar");
	for (i = 0; i < ARRAY_SIZE(ends); i++)
		memory_refused(FIELD(pbi_offset), ends[i], EINVAL, "pbi_offset past the end,");
}

static void bad_selectors(void)
{
	static const struct {
		struct pcisel	sel;
		const char	*what;
	} wrong[] = {
		{ { 1, 0, 3, 0, }, "domain 1" },
		{ { 0x10000, 0, 3, 0 }, "domain 0x10000" },
		{ { 0xffffffff, 0, 3, 0 }, "domain 0xffffffff" },
		{ { 0, 0xff, 3, 0 }, "bus 255" },
		{ { 0, 5, 3, 0 }, "bus 5" },
		{ { 0, 0, 0x1e, 0 }, "device 30" },
		{ { 0, 0, 0x23, 0 }, "device 3 + 32" },
		{ { 0, 0, 0xff, 0 }, "device 255" },
		{ { 0, 0, 3, 1 }, "function 1" },
		{ { 0, 0, 3, 8 }, "function 8" },
		{ { 0, 0, 2, 8 }, "device 2, function 8" },
		{ { 0, 0, 3, 0xff }, "function 255" },
	};
	struct pci_bar_ioreq req;
	size_t i;

	about("PCIOCBARIO");
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		req = on_memory(PCIBARIO_WRITE);
		req.pbi_sel = wrong[i].sel;
		bario_refused(pci, req, ENODEV, "selector: %s", wrong[i].what);
	}
	req = on_memory(PCIBARIO_WRITE);
	((unsigned char *)&req)[7] = 0xa5;
	is_errno(ioctl(pci, PCIOCBARIO, &req), 0,
		 "padding of the selector is ignored");
}

static void bad_offsets(void)
{
	static const struct {
		struct pcisel	sel;
		uint32_t	bar, size;
	} bars[] = {
		{ { 0, 0, 3, 0 }, 0, 4096 },
		{ { 0, 0, 3, 0 }, 1, 256 },
		{ { 0, 0, 3, 0 }, 2, 65536 },
		{ { 0, 0, 7, 0 }, 2, 1 << 20 },
	};
	size_t i;
	uint32_t w, value;

	about("PCIOCBARIO");
	for (i = 0; i < ARRAY_SIZE(bars); i++) {
		struct pcisel sel = bars[i].sel;
		uint32_t size = bars[i].size, bar = bars[i].bar;

		is(bar_range(sel, bar).size, size, "BAR%u has %u bytes", bar, size);
		for (w = 1; w <= (bar == 1 ? 4 : 8); w *= 2) {
			int error = try_read(pci, sel, bar, size - w, w, &value);

			ok(!error || (w == 8 && error == EOVERFLOW),
			   "BAR%u of %u bytes: the last %u can be accessed (%s)", bar,
			   size, w, errno_name(error));
			bario_refused(pci, request(sel, PCIBARIO_WRITE, bar, size,
						   w, 0), EINVAL,
				      "%u bytes at the end of BAR%u", w, bar);
			bario_refused(pci, request(sel, PCIBARIO_WRITE, bar,
						   -w, w, 0), EINVAL,
				      "%u bytes at offset -%u of BAR%u", w, w, bar);
		}
	}
	for (w = 2; w <= 4; w *= 2) {
		bario_refused(pci, request(testdev, PCIBARIO_WRITE, 1, 257 - w,
					   w, 0), EINVAL,
			      "port BAR: %u bytes, one past the end", w);
		bario_refused(pci, request(testdev, PCIBARIO_READ, 1, 257 - w,
					   w, 0), EINVAL,
			      "port BAR: read %u bytes, one past the end", w);
	}
	for (w = 2; w <= 8; w *= 2) {
		uint32_t off;

		for (off = 1; off < w; off++) {
			bario_refused(pci, request(testdev, PCIBARIO_WRITE, 0,
						   MEM_TARGET - off, w,
						   0xfafafafa), EINVAL,
				      "memory BAR: misaligned write of %u bytes, by -%u",
				      w, off);
			bario_refused(pci, request(ivshmem, PCIBARIO_READ, 2,
						   0x2000 + off, w, 0), EINVAL,
				      "memory BAR: misaligned read of %u bytes, by %u",
				      w, off);
		}
	}
	bario_refused(pci, request(testdev, PCIBARIO_READ, 1, 0, 8, 0), EINVAL,
		      "port BAR: 8-byte read");
	bario_refused(pci, request(testdev, PCIBARIO_WRITE, 1, 128, 8,
				   0xfafafafa), EINVAL,
		      "port BAR: 8-byte write");
}

static void bad_bars(void)
{
	static const struct {
		struct pcisel	sel;
		uint32_t	bar;
		const char	*what;
	} none[] = {
		{ { 0, 0, 3, 0 }, 3, "the upper half of a 64-bit BAR" },
		{ { 0, 0, 7, 0 }, 3, "the upper half of ivshmem's BAR2" },
		{ { 0, 0, 7, 0 }, 1, "ivshmem's BAR1, not implemented" },
		{ { 0, 0, 5, 0 }, 1, "edu's BAR1, not implemented" },
		{ { 0, 0, 0, 0 }, 0, "the host bridge, no BAR at all" },
		{ { 0, 0, 8, 0 }, 1, "a bridge: the upper half of BAR0" },
		{ { 0, 0, 8, 0 }, 2, "a bridge: bus numbers are no BAR" },
		{ { 0, 0, 8, 0 }, 3, "a bridge: I/O window is not a BAR" },
		{ { 0, 0, 8, 0 }, 4, "a bridge: memory window is not a BAR" },
		{ { 0, 0, 8, 0 }, 5, "a bridge: prefetchable window is not a BAR" },
		{ { 0, 0, 8, 0 }, 6, "a bridge: the expansion ROM's slot" },
		{ { 0, 0, 6, 0 }, 6, "e1000's expansion ROM" },
	};
	size_t i;

	about("PCIOCBARIO");
	for (i = 0; i < ARRAY_SIZE(none); i++) {
		bario_refused(pci, request(none[i].sel, PCIBARIO_READ,
					   none[i].bar, 0, 4, 0x77), EINVAL,
			      "read %s", none[i].what);
		bario_refused(pci, request(none[i].sel, PCIBARIO_WRITE,
					   none[i].bar, 0, 4, 0x77), EINVAL,
			      "write %s", none[i].what);
	}
	for (i = PCIBARIO_READ; i <= PCIBARIO_WRITE; i++)
		bario_refused(pci, request(unplaced, i, 2, 0, 4, 0), ENXIO,
			      "pbi_op %zu on a BAR without an address", i);
	is(get(pci, unplaced, 1, 0, 1), 0, "unplaced pci-testdev: the BARs with addresses work");
}

/* With decoding off, ports read as all ones here (and memory as 0). */
static void not_decoding(void)
{
	unsigned int w;

	about("PCIOCBARIO while the function does not decode");
	watch(NULL);
	count_in_ports(testdev);
	is(get(pci, testdev, 1, TESTDEV_OFFSET, 4), PORT_TARGET, "a read before that succeeds");
	set_cfg(testdev, COMMAND, 2, COMMAND_MEMORY);
	for (w = 1; w <= 4; w *= 2)
		bario_refused(pci, request(testdev, PCIBARIO_READ, 1,
					   TESTDEV_OFFSET, w, 0x77), EIO,
			      "%u-byte read of all ones", w);
	bario_refused(pci, request(testdev, PCIBARIO_READ, 1, 256, 4, 0x77),
		      EINVAL, "a read past the end");
	is(cfg(testdev, COMMAND, 2), COMMAND_MEMORY,
	   "the access does not turn decoding on again");
	set_cfg(testdev, COMMAND, 2, COMMAND_MEMORY | COMMAND_IO);
	is(get(pci, testdev, 1, TESTDEV_OFFSET, 4), PORT_TARGET,
	   "a read after decoding was turned on succeeds");
}

/* Asleep, e1000e answers here all the same: it takes all ones to ask. */
static void asleep(void)
{
	unsigned int mta = 0x5200, control = 0xcc, was = cfg(e1000e, control, 2);
	uint32_t value;

	about("PCIOCBARIO in D3hot");
	is(cfg(e1000e, 0xc8, 1), 1, "e1000e has its power management at 0xc8");
	put(pci, e1000e, 0, mta, 4, 0xffffffff);
	put(pci, e1000e, 0, mta + 4, 4, 0xffffffff);
	is(get(pci, e1000e, 0, mta, 4), 0xffffffff,
	   "a read of all ones in D0 succeeds");
	bario_refused(pci, request(e1000e, PCIBARIO_READ, 0, mta, 8, 0x77),
		      EOVERFLOW, "8 bytes of ones in D0");
	set_cfg(e1000e, control, 2, was | 3);
	is(cfg(e1000e, control, 2) & 3, 3, "setpci puts the function into D3hot");
	if (try_read(pci, e1000e, 0, mta, 4, &value) || value) {
		bario_refused(pci, request(e1000e, PCIBARIO_READ, 0, mta, 4, 0x77),
			      EIO, "a read of all ones");
		bario_refused(pci, request(e1000e, PCIBARIO_READ, 0, mta, 8, 0x77),
			      EIO, "a read of a value that does not fit");
	} else {
		skip("QEMU since 10 answers 0 for a device asleep, not all ones",
		     "a read of all ones");
	}
	set_cfg(e1000e, control, 2, was);
	put(pci, e1000e, 0, mta, 4, 0);
	put(pci, e1000e, 0, mta + 4, 4, 0);
	is(get(pci, e1000e, 0, mta, 4), 0, "a read in D0 again succeeds");
}

static void overflow(void)
{
	unsigned char *at;

	about("PCIOCBARIO");
	fresh();
	at = map_sysfs(ivshmem, 2);
	memset(at + 0x2100, 0, 32);
	memset(at + 0x2100, 0xff, 4);
	at[0x210c] = 1;
	at[0x2117] = 0x80;
	unmap_sysfs(ivshmem, 2, at);
	is(get(pci, ivshmem, 2, 0x2100, 8), 0xffffffff,
	   "an 8-byte read of 0xffffffff, the largest value that fits, succeeds");
	bario_refused(pci, request(ivshmem, PCIBARIO_READ, 2, 0x2108, 8, 0x77),
		      EOVERFLOW, "8-byte read of 0x100000000");
	bario_refused(pci, request(ivshmem, PCIBARIO_READ, 2, 0x2110, 8, 0x77),
		      EOVERFLOW, "8-byte read of 0x8000000000000000");
	bario_refused(pci, request(edu, PCIBARIO_READ, 0, 0x100, 8, 0x77),
		      EOVERFLOW, "8-byte read of all ones");
	is(get(pci, ivshmem, 2, 0x2108, 4), 0, "the lower half of a value that does not fit can be read");
	is(get(pci, ivshmem, 2, 0x210c, 4), 1, "the upper half of a value that does not fit can be read");
}

static void read_only_file(void)
{
	int op;

	about("PCIOCBARIO");
	for (op = 0; op <= 3; op++)
		bario_refused(readonly, on_memory(op), EPERM,
			      "pbi_op %d on a descriptor open for reading", op);
	is_errno(ioctl(readonly, PCIOCBARIO, -PAGE), EFAULT,
		 "an address of the kernel on a descriptor open for reading");
}

/* ---- the order of the table ---- */
static struct pci_bar_ioreq changed(struct pci_bar_ioreq req, size_t at,
				    uint32_t value)
{
	memcpy((char *)&req + at, &value, 4);
	return req;
}

static void order_of(const struct pci_bar_ioreq *base, int later,
		     const char *what)
{
	struct pci_bar_ioreq unknown = *base;

	unknown.pbi_sel = absent;
	bario_refused(readonly, *base, EPERM, "not writable goes before %s", what);
	bario_refused(pci, unknown, ENODEV, "no such function goes before %s",
		      what);
	if (later == EINVAL)
		return;
	bario_refused(pci, changed(*base, FIELD(pbi_op), 3), EINVAL,
		      "bad operation goes before %s", what);
	bario_refused(pci, changed(*base, FIELD(pbi_width), 3), EINVAL,
		      "bad width goes before %s", what);
	bario_refused(pci, changed(*base, FIELD(pbi_bar), 6), EINVAL,
		      "bad BAR goes before %s", what);
	bario_refused(pci, *base, later, "nothing goes before %s", what);
}

static void order(void)
{
	struct pci_bar_ioreq req, busy, both;
	int was;

	about("PCIOCBARIO");
	both = request(absent, 7, 9, 0xffffffff, 3, 0);
	bario_refused(readonly, both, EPERM, "EPERM goes before all other errors");
	bario_refused(pci, both, ENODEV, "ENODEV goes before all errors but EPERM");
	req = on_memory(PCIBARIO_WRITE);
	order_of(&(struct pci_bar_ioreq){ testdev, 3, 0, MEM_TARGET, 1, 0xfa },
		 EINVAL, "a bad operation");
	order_of(&(struct pci_bar_ioreq){ testdev, 2, 0, MEM_TARGET, 3, 0xfa },
		 EINVAL, "a bad width");
	order_of(&(struct pci_bar_ioreq){ testdev, 2, 6, MEM_TARGET, 1, 0xfa },
		 EINVAL, "a bad BAR");
	order_of(&(struct pci_bar_ioreq){ testdev, 2, 0, 4096, 1, 0xfa },
		 EINVAL, "past the end");
	order_of(&(struct pci_bar_ioreq){ testdev, 2, 0, MEM_TARGET - 1, 2,
		 0xfafa }, EINVAL, "a misaligned offset");

	req = request(unplaced, PCIBARIO_READ, 2, 1, 4, 0);
	order_of(&req, ENXIO, "a BAR without an address, misaligned");
	bario_refused(pci, changed(req, FIELD(pbi_offset), 0xfffffffe), ENXIO,
		      "no address goes before a wrapping end");

	busy = request(serial2, PCIBARIO_READ, 0, 5, 1, 0);
	is_str(driver_of(serial2), "serial", "a driver is bound to 00:0b.0");
	order_of(&busy, EBUSY, "a bound driver");
	bario_refused(pci, changed(busy, FIELD(pbi_offset), 8), EINVAL,
		      "past the end goes before a bound driver");
	busy.pbi_offset = 0;
	bario_refused(pci, changed(busy, FIELD(pbi_width), 8), EINVAL,
		      "8 bytes of ports go before a bound driver");
	was = cfg(serial2, COMMAND, 2);
	set_cfg(serial2, COMMAND, 2, was & ~COMMAND_IO);
	bario_refused(pci, busy, EBUSY, "a bound driver goes before no decoding");
	set_cfg(serial2, COMMAND, 2, was);
	busy = request(rootport, PCIBARIO_READ, 0, 2, 4, 0);
	bario_refused(pci, busy, EINVAL, "misaligned goes before a bound driver");
	busy.pbi_offset = 0;
	bario_refused(pci, busy, EBUSY, "a bound driver that has claimed nothing");
}

/* ---- what a node's grant leaves out: where interrupts' messages go to ---- */
#define MSIX_BAR	3
#define MSIX_END	0x50	/* five vectors of 16 bytes */
#define MSIX_PENDING	0x2000

static uint32_t msix_table(void)
{
	return peek(e1000e, MSIX_BAR, 0) + peek(e1000e, MSIX_BAR, MSIX_END - 4);
}

static void grant(void)
{
	static const struct {
		unsigned int	offset, width;
	} kept[] = {
		{ 0, 1 }, { 0, 4 }, { 0, 8 }, { 14, 2 }, { MSIX_END - 4, 4 },
		{ MSIX_END - 8, 8 }, { MSIX_END - 1, 1 }, { MSIX_PENDING, 4 },
		{ MSIX_PENDING, 8 },
	};
	struct pci_bar_ioreq req = request(e1000e, PCIBARIO_WRITE, MSIX_BAR, 0, 4,
					   0x77);
	int node = open_node(e1000e, O_RDWR);
	size_t i;

	about("PCIOCBARIO and MSI-X");
	is(cfg(e1000e, 0xa0, 1), 0x11, "e1000e's MSI-X is at 0xa0");
	is(cfg(e1000e, 0xa2, 2) & 0x7ff, MSIX_END / 16 - 1, "e1000e's MSI-X table has five entries");
	is(cfg(e1000e, 0xa4, 4), MSIX_BAR, "e1000e's MSI-X table is in BAR 3");
	is(cfg(e1000e, 0xa8, 4), MSIX_PENDING | MSIX_BAR, "e1000e's pending bits are in BAR 3");
	watch(msix_table);
	for (i = 0; i < ARRAY_SIZE(kept); i++)
		bario_refused(node, request(e1000e, PCIBARIO_WRITE, MSIX_BAR,
					    kept[i].offset, kept[i].width, 0x77),
			      EACCES, "a node: a write of %u bytes of MSI-X at %#x",
			      kept[i].width, kept[i].offset);
	bario_refused(node, changed(req, FIELD(pbi_op), 3), EINVAL,
		      "a bad operation goes before the grant");
	bario_refused(node, changed(req, FIELD(pbi_width), 3), EINVAL,
		      "a bad width goes before the grant");
	bario_refused(node, changed(req, FIELD(pbi_offset), 2), EINVAL,
		      "a misaligned offset goes before the grant");
	bario_refused(node, changed(req, FIELD(pbi_offset), 0x4000), EINVAL,
		      "past the end goes before the grant");
	if (system("modprobe e1000e") || !*driver_of(e1000e))
		bail("e1000e has no driver");
	watch(NULL);
	bario_refused(node, req, EACCES, "the grant goes before a bound driver");
	bario_refused(pci, req, EBUSY, "a bound driver, with a grant that allows the write");
	if (system("rmmod e1000e"))
		bail("rmmod e1000e");
	is(claims(), 0, "an access that the grant refuses claims nothing");
	is(get(node, e1000e, MSIX_BAR, 12, 4), 1, "a node reads the MSI-X table");
	put(node, e1000e, MSIX_BAR, MSIX_END, 8, 0x77);
	put(node, e1000e, MSIX_BAR, MSIX_PENDING - 4, 4, 0x77);
	put(node, e1000e, 0, 0x5200, 4, 0x77);
	is(get(node, e1000e, 0, 0x5200, 4), 0x77, "a node writes the registers beside the MSI-X table");
	put(pci, e1000e, MSIX_BAR, 4, 4, 0x1234);
	is(get(node, e1000e, MSIX_BAR, 4, 4), 0x1234, "/dev/pci writes the MSI-X table");
	put(pci, e1000e, MSIX_BAR, 4, 4, 0);
	close(node);
}

/* ---- pointers ---- */
static void pointers(void)
{
	struct pci_bar_ioreq good = on_memory(PCIBARIO_WRITE);
	char *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct pci_bar_ioreq *req = (void *)page;
	uint32_t before;

	about("PCIOCBARIO");
	count_in_memory(testdev);
	watch(count);
	bad_pointers(pci, PCIOCBARIO, &good, "PCIOCBARIO");
	watch(NULL);
	if (*driver_of(serial) && !unbind_driver(serial))
		bail("the serial driver does not let go");
	*req = on_memory(PCIBARIO_WRITE);
	mprotect(page, PAGE, PROT_READ);
	before = count();
	is_errno(ioctl(pci, PCIOCBARIO, req), 0, "a write whose structure is in a read-only page");
	is(count() - before, 1, "the write from a read-only page reaches the device once");
	/* The receiver's buffer: a read takes the character out. */
	port_out(serial, 0, 4, 1, 0x10);
	port_out(serial, 0, 0, 1, '!');
	ok(port_in(serial, 0, 5, 1) & 1, "16550: its receiver holds a character");
	mprotect(page, PAGE, PROT_READ | PROT_WRITE);
	*req = request(serial, PCIBARIO_READ, 0, 0, 1, 0);
	mprotect(page, PAGE, PROT_READ);
	is_errno(ioctl(pci, PCIOCBARIO, req), EFAULT, "pbi_value of a read is in a read-only page");
	ok(port_in(serial, 0, 5, 1) & 1, "16550: the read that failed has not taken the character");
	is(get(pci, serial, 0, 0, 1), '!', "16550: a read returns the character");
	ok(!(port_in(serial, 0, 5, 1) & 1), "16550: that read has taken the character");
	port_out(serial, 0, 4, 1, 3);
	munmap(page, PAGE);
}

int main(void)
{
	tap_begin();
	pci = open_pci(O_RDWR);
	readonly = open_pci(O_RDONLY);
	count_in_memory(testdev);
	watch(count);
	read_only_file();
	bad_selectors();
	bad_fields();
	bad_offsets();
	bad_bars();
	overflow();
	order();
	fresh();
	grant();
	pointers();
	not_decoding();
	asleep();
	close(pci);
	ok(bind_driver(serial, "serial"), "afterwards: the serial driver is bound again");
	return tap_end();
}
