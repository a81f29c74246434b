// SPDX-License-Identifier: GPL-2.0
/*
 * Tests pciio(4): PCIOCBARIO. What an access does, compared with other ways to the
 * device. Usage: pciocbario TRACE, a file on the host in which qemu records the
 * cycles that it sees.
 */
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

/* ---- reads ---- */
static void read_ports(void)
{
	static const unsigned int widths[] = { 1, 2, 4 };
	unsigned int i, off, bad;

	about("PCIOCBARIO");
	count_in_ports(testdev);
	for (i = 0; i < ARRAY_SIZE(widths); i++) {
		unsigned int w = widths[i];

		for (off = bad = 0; off <= 64; off += w)
			bad += get(pci, testdev, 1, off, w) !=
			       port_in(testdev, 1, off, w);
		is(bad, 0, "port BAR: %u-byte reads give what the CPU's own do", w);
		for (off = 1, bad = 0; w > 1 && off <= 65; off += w)
			bad += get(pci, testdev, 1, off, w) !=
			       port_in(testdev, 1, off, w);
		is(bad, 0, "port BAR: %u-byte reads at odd offsets give what the CPU's own do", w);
	}
	is(get(pci, testdev, 1, TESTDEV_OFFSET, 4), PORT_TARGET,
	   "port BAR: a register holds the known value");
	is(get(pci, testdev, 1, TESTDEV_DATA, 1), TARGET_DATA,
	   "port BAR: a byte goes to the low end of pbi_value, the rest is 0");
}

static void read_memory(struct pcisel sel, const char *what)
{
	static const unsigned int widths[] = { 1, 2, 4 };
	unsigned int i, off, bad;

	about("PCIOCBARIO");
	fresh();
	count_in_memory(sel);
	for (i = 0; i < ARRAY_SIZE(widths); i++) {
		unsigned int w = widths[i];

		/* Both BARs show the same header. */
		for (off = bad = 0; off < 32; off += w)
			bad += get(pci, sel, 0, off, w) !=
			       port_in(sel, 1, off, w);
		is(bad, 0, "memory BAR %s: %u-byte reads", what, w);
	}
	is(get(pci, sel, 0, TESTDEV_OFFSET, 4), MEM_TARGET,
	   "memory BAR %s: a register holds the known value", what);
	for (i = 0; i < ARRAY_SIZE(widths); i++)
		is(get(pci, sel, 0, 4096 - widths[i], widths[i]), 0,
		   "memory BAR %s: the last %u bytes can be read", what, widths[i]);
}

static void read_elsewhere(void)
{
	uint32_t edu_id, status, shpc, version, liveness;

	about("PCIOCBARIO");
	fresh();
	poke(edu, 0, 4, 0x0f1e2d3c);
	edu_id = peek(edu, 0, 0);
	liveness = peek(edu, 0, 4);
	status = peek(e1000, 0, 8);
	shpc = peek(bridge, 0, 4);
	version = peek(ahci, 5, 0x10);
	is(get(pci, edu, 0, 0, 4), edu_id, "edu: its identification is what sysfs reads");
	is(edu_id, 0x010000ed, "edu: the identification is that of its manual");
	is(get(pci, edu, 0, 4, 4), liveness, "edu: the liveness register inverts what sysfs wrote");
	is(liveness, ~0x0f1e2d3cu, "edu: the liveness register holds the inverse");
	is(get(pci, e1000, 0, 8, 4), status, "e1000: its status register is what sysfs reads");
	is(get(pci, bridge, 0, 4, 4), shpc, "bridge: its own BAR is what sysfs reads");
	is(get(pci, ahci, 5, 0x10, 4), version, "ahci: its version in BAR 5 is what sysfs reads");
	is(get(pci, edu, 0, 0x100, 4), 0xffffffff,
	   "edu: a register that holds all ones is read without an error");
}

static void read_shared(void)
{
	static const char text[] = "what the host has written";
	unsigned char *at = map_sysfs(ivshmem, 2);
	unsigned int i, w, bad;
	char seen[sizeof(text)];

	about("PCIOCBARIO");
	for (i = 0; i < 64; i++)
		at[0x2000 + i] = 0x80 + i;
	for (i = 0; i < 8; i++)
		at[0x2040 + i] = i < 4 ? 0x10 + i : 0;
	unmap_sysfs(ivshmem, 2, at);
	for (w = 1; w <= 4; w *= 2) {
		for (i = bad = 0; i < 64; i += w) {
			uint32_t want = 0, k;

			for (k = 0; k < w; k++)
				want |= (0x80u + i + k) << 8 * k;
			bad += get(pci, ivshmem, 2, 0x2000 + i, w) != want;
		}
		is(bad, 0, "64-bit BAR: %u-byte reads at every multiple", w);
	}
	is(get(pci, ivshmem, 2, 0x2040, 8), 0x13121110,
	   "64-bit BAR: an 8-byte read of a value that fits succeeds");
	for (i = 0; i < sizeof(text); i++)
		seen[i] = get(pci, ivshmem, 2, 0x1000 + i, 1);
	seen[sizeof(text) - 1] = '\0';
	is_str(seen, text, "64-bit BAR: the text is the one that the host wrote");
}

/* ---- writes ---- */
static void counted(unsigned int bar, unsigned int offset, unsigned int width,
		    uint32_t value, unsigned int want, const char *what)
{
	uint32_t before = count();

	put(pci, testdev, bar, offset, width, value);
	is(count() - before, want, "%s BAR: a %u-byte write %s counts %u",
	   bar ? "port" : "memory", width, what, want);
}

static void write_testdev(void)
{
	struct pci_bar_ioreq req, was;

	about("PCIOCBARIO");
	fresh();
	count_in_memory(testdev);
	counted(0, MEM_TARGET, 1, TARGET_DATA, 1, "of the byte at its place");
	counted(0, MEM_TARGET, 2, TARGET_DATA, 1, "that begins there");
	counted(0, MEM_TARGET, 4, TARGET_DATA, 1, "that begins there");
	counted(0, MEM_TARGET, 8, TARGET_DATA, 1, "that begins there");
	counted(0, MEM_TARGET - 1, 1, TARGET_DATA, 0, "of the byte before");
	counted(0, MEM_TARGET + 1, 1, TARGET_DATA, 0, "of the byte after");
	counted(0, MEM_TARGET - 4, 4, 0xfafafafa, 0, "that ends before it");
	counted(0, MEM_TARGET, 1, 0xfb, 0, "of another value");
	counted(0, MEM_TARGET, 1, 0x123456fa, 1, "with bits above the width");
	count_in_ports(testdev);
	counted(1, PORT_TARGET, 1, TARGET_DATA, 1, "of the byte at its place");
	counted(1, PORT_TARGET - 1, 2, 0xfa00, 1, "that ends with it");
	counted(1, PORT_TARGET - 3, 4, 0xfa000000, 1, "that ends with it");
	counted(1, PORT_TARGET - 1, 1, TARGET_DATA, 0, "of the byte before");
	counted(1, PORT_TARGET + 1, 1, TARGET_DATA, 0, "of the byte after");
	counted(1, PORT_TARGET, 1, 0xfb, 0, "of another value");
	counted(1, PORT_TARGET, 1, 0xfffffffa, 1, "with bits above the width");
	counted(1, PORT_TARGET - 1, 2, 0x5555fa00, 1, "with bits above the width");
	req = was = request(testdev, PCIBARIO_WRITE, 1, PORT_TARGET, 1, 0x98fa);
	is_errno(ioctl(pci, PCIOCBARIO, &req), 0, "a write with bits above the width succeeds");
	ok(!memcmp(&req, &was, sizeof(req)), "a write does not change its structure");
	req = was = request(testdev, PCIBARIO_READ, 1, TESTDEV_DATA, 1, 0x98);
	is_errno(ioctl(pci, PCIOCBARIO, &req), 0, "a read with an old value in pbi_value succeeds");
	was.pbi_value = TARGET_DATA;
	ok(!memcmp(&req, &was, sizeof(req)), "a read changes only pbi_value");
}

/* The host looks at these, too: see pciocbario.t. */
static void write_shared(void)
{
	unsigned char want[64], *at;
	unsigned int i, w, bad;

	about("PCIOCBARIO");
	fresh();
	at = map_sysfs(ivshmem, 2);
	memset(at + 0x3000, 0xaa, sizeof(want));
	unmap_sysfs(ivshmem, 2, at);
	memset(want, 0xaa, sizeof(want));
	for (i = 0, w = 1; w <= 8; i += 16, w *= 2) {
		put(pci, ivshmem, 2, 0x3000 + i, w, 0x44332211);
		put(pci, ivshmem, 2, 0x3008 + i, w, 0xccbbaa99);
		memset(want + i, 0, w);
		memset(want + i + 8, 0, w);
		memcpy(want + i, "\x11\x22\x33\x44", w < 4 ? w : 4);
		memcpy(want + i + 8, "\x99\xaa\xbb\xcc", w < 4 ? w : 4);
	}
	fresh();
	at = map_sysfs(ivshmem, 2);
	for (i = bad = 0; i < sizeof(want); i++)
		bad += ((volatile unsigned char *)at)[0x3000 + i] != want[i];
	unmap_sysfs(ivshmem, 2, at);
	is(bad, 0, "64-bit BAR: writes change only their bytes");
}

static void write_edu(void)
{
	uint32_t status, tries = 0;

	about("PCIOCBARIO");
	put(pci, edu, 0, 4, 4, 0x12345678);
	is(get(pci, edu, 0, 4, 4), ~0x12345678u, "edu: a read returns the inverse of the write");
	put(pci, edu, 0, 8, 4, 10);
	do {
		status = get(pci, edu, 0, 0x20, 4);
	} while (status & 1 && tries++ < 10000000);
	is(get(pci, edu, 0, 8, 4), 3628800, "edu: it computes the factorial of 10");
	put(pci, edu, 0, 0x80, 8, 0x89abcdef);
	is(get(pci, edu, 0, 0x80, 8), 0x89abcdef,
	   "edu: an 8-byte read returns what an 8-byte write wrote");
	fresh();
	is(peek(edu, 0, 4), ~0x12345678u, "edu: sysfs sees the first write");
	is(peek(edu, 0, 8), 3628800, "edu: sysfs sees the factorial");
	is(peek(edu, 0, 0x80), 0x89abcdef, "edu: sysfs sees the 8 bytes");
}

/* A whole program: the 16550 behind a port BAR, pciocbario.t looks at the other end. */
static void uart(void)
{
	static const char text[] = "sixteen fifty and five hundred\n";
	const char *at;
	bool ready = true;

	about("PCIOCBARIO");
	if (*driver_of(serial) && !unbind_driver(serial))
		bail("the serial driver does not let go");
	put(pci, serial, 0, 3, 1, 0x80);
	put(pci, serial, 0, 0, 1, 1);
	put(pci, serial, 0, 1, 1, 0);
	put(pci, serial, 0, 3, 1, 0x03);
	put(pci, serial, 0, 2, 1, 0x07);
	put(pci, serial, 0, 4, 1, 0x03);
	is(port_in(serial, 0, 3, 1), 3, "16550: line control holds what was written");
	for (at = text; *at; at++) {
		int tries = 1000000;

		while (!(get(pci, serial, 0, 5, 1) & 0x20) && tries)
			tries--;
		ready = ready && tries;
		put(pci, serial, 0, 0, 1, *at);
	}
	ok(ready, "16550: the line status was ready for each character");
}

/* ---- every cycle, as qemu sees it ---- */
static char cycles[64][96];
static unsigned int cycle_count;

static void cycle(struct pcisel sel, unsigned int bar, const char *region,
		  int op, unsigned int offset, unsigned int width,
		  uint32_t value)
{
	bool write = op == PCIBARIO_WRITE;
	uint64_t at = bar_range(sel, bar).start + offset;
	uint32_t seen = value;

	if (write)
		put(pci, sel, bar, offset, width, value);
	else
		seen = get(pci, sel, bar, offset, width);
	if (cycle_count >= ARRAY_SIZE(cycles))
		abort();
	if (offset % width)
		snprintf(cycles[cycle_count++], sizeof(cycles[0]),
			 "%s at addr 0x%X, size %u, region '%s'",
			 write ? "write" : "read", offset, width, region);
	else
		snprintf(cycles[cycle_count++], sizeof(cycles[0]),
			 "%s 0x%llx 0x%x %u %s", write ? "write" : "read",
			 (unsigned long long)at, seen, width, region);
}

static void cycles_of(struct pcisel sel, unsigned int bar, const char *region,
		      unsigned int offset)
{
	unsigned int w;

	for (w = 1; w <= 4; w *= 2) {
		cycle(sel, bar, region, PCIBARIO_READ, offset, w, 0);
		cycle(sel, bar, region, PCIBARIO_WRITE, offset, w, 0x61);
	}
}

static void all_cycles(const char *trace)
{
	struct pci_bar_ioreq req;
	unsigned int i, w;
	uint32_t value;

	/*
	 * What qemu refuses has had a class of its own since its release 9. An older
	 * one keeps what it has if it is asked for that class, and reports no error.
	 */
	if (!monitor("logfile %s", trace) || !monitor("log guest_errors") ||
	    !monitor("log guest_errors,invalid_mem") ||
	    !monitor("trace-event memory_region_ops_read on") ||
	    !monitor("trace-event memory_region_ops_write on"))
		bail("qemu does not trace");
	cycles_of(e1000, 1, "e1000-io", 0);
	cycles_of(ahci, 5, "ahci", 0x10);
	for (w = 2; w <= 4; w += 2) {
		cycle(e1000, 1, "e1000-io", PCIBARIO_READ, 1, w, 0);
		cycle(e1000, 1, "e1000-io", PCIBARIO_WRITE, 3, w, 7);
	}
	cycle(edu, 0, "edu-mmio", PCIBARIO_READ, 0, 4, 0);
	cycle(edu, 0, "edu-mmio", PCIBARIO_WRITE, 4, 4, 0xabcdef01);
	cycle(edu, 0, "edu-mmio", PCIBARIO_WRITE, 0x80, 8, 0x13579bdf);
	cycle(edu, 0, "edu-mmio", PCIBARIO_READ, 0x80, 8, 0);
	/* All ones, but the device does decode: read once, and once only. */
	cycle(edu, 0, "edu-mmio", PCIBARIO_READ, 0x100, 4, 0);
	/* Nothing of these may be seen. */
	for (i = 0; i < 2; i++) {
		try_write(pci, edu, 0, 2, 4, 1);
		try_write(pci, edu, 0, 0x100000, 4, 1);
		try_write(pci, edu, 0, 4, 3, 1);
		try_write(pci, edu, 6, 4, 4, 1);
		try_write(readonly, edu, 0, 4, 4, 1);
		try_write(pci, e1000, 1, 0, 8, 1);
		try_read(pci, e1000, 1, 64, 1, &value);
		try_read(pci, ahci, 5, 0x11, 2, &value);
		req = request(edu, 3, 0, 4, 4, 1);
		ioctl(pci, PCIOCBARIO, &req);
	}
	/* A value that does not fit has been read, once. */
	try_read(pci, edu, 0, 0x108, 8, &value);
	snprintf(cycles[cycle_count++], sizeof(cycles[0]),
		 "read 0x%llx 0xffffffffffffffff 8 edu-mmio",
		 (unsigned long long)bar_range(edu, 0).start + 0x108);
	monitor("trace-event memory_region_ops_read off");
	monitor("trace-event memory_region_ops_write off");
	monitor("log none");
	for (i = 0; i < cycle_count; i++)
		note("cycle %s", cycles[i]);
}

int main(int argc, char **argv)
{
	tap_begin();
	if (argc != 2)
		bail("usage: pciocbario TRACE");
	pci = open_pci(O_RDWR);
	readonly = open_pci(O_RDONLY);
	read_ports();
	read_memory(testdev, "0");
	read_memory(behind, "behind a bridge");
	read_elsewhere();
	read_shared();
	write_testdev();
	write_shared();
	write_edu();
	uart();
	all_cycles(argv[1]);
	close(pci);
	ok(bind_driver(serial, "serial"), "afterwards: the serial driver is bound again");
	return tap_end();
}
