// SPDX-License-Identifier: GPL-2.0
/*
 * BARIOC_DERIVE and BARIOC_GRANT: what a derived file may do, and that it may
 * do no more. ivshmem's memory shows each byte that was written, and the
 * program looks at it through sysfs once all files are closed; the other
 * witnesses are edu's liveness register, pci-testdev's counter and sysfs.
 */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include "derive.h"

#define AREA		0x80000u	/* of ivshmem's BAR2, for this program */
#define AREA_SIZE	0x1000u
#define PATTERN		0xa5u

#define MSIX_CAP	0x11
#define CAP_LIST	0x34

static int pci;		/* /dev/pci, open for both */
static int readonly;

static uint32_t count(void)
{
	return testdev_count(testdev);
}

static uint32_t liveness(void)
{
	return get(pci, edu, 0, 4, 4);
}

static int read_errno(int fd, struct pcisel sel, uint32_t bar, uint32_t offset,
		      uint32_t width)
{
	uint32_t value;

	return try_read(fd, sel, bar, offset, width, &value);
}

static void may_read(int fd, uint32_t offset, int want, const char *name)
{
	errno_is(read_errno(fd, ivshmem, 2, offset, 4), want, "%s", name);
}

static unsigned int descriptors(void)
{
	unsigned int n = 0;
	int fd;

	for (fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static struct bario_derive asking_for(const void *rules, uint32_t n)
{
	struct bario_derive derive;

	memset(&derive, 0, sizeof(derive));
	derive.rules = (uintptr_t)rules;
	derive.count = n;
	derive.fd = -77;
	derive.id = 0x7777;
	return derive;
}

static uint32_t open_files(void)
{
	return descriptors();
}

/* ---- deriving ---- */
static void from_node(void)
{
	int node = open_node(edu, O_RDWR), fd, deep, i;
	struct bario_rule one = rule(edu, 0, R, 4, 4);

	put(pci, edu, 0, 4, 4, 0x11112222);
	fd = derive_one(node, edu, 0, R, 4, 4);
	is(get(fd, edu, 0, 4, 4), ~0x11112222u, "from a node: a register read");
	watch(liveness);
	bario_refused(fd, request(edu, PCIBARIO_WRITE, 0, 4, 4, 1), EACCES,
		      "from a node, to read only: a write");
	bario_refused(fd, request(edu, PCIBARIO_READ, 0, 0, 4, 1), EACCES,
		      "the register before");
	bario_refused(fd, request(edu, PCIBARIO_READ, 0, 8, 4, 1), EACCES,
		      "the register behind");
	bario_refused(fd, request(edu, PCIBARIO_READ, 0, 0, 8, 1), EACCES,
		      "8 bytes that end with it");
	for (i = 0, deep = fd; i < 20; i++) {
		int next = derive_one(deep, edu, 0, R | W | M, 0, TO_END);

		if (deep != fd)
			close(deep);
		deep = next;
	}
	is(get(deep, edu, 0, 4, 4), ~0x11112222u, "20 levels deep: it reads");
	bario_refused(deep, request(edu, PCIBARIO_WRITE, 0, 4, 4, 1), EACCES,
		      "20 levels deep, asking for all each time: a write");
	bario_refused(deep, request(edu, PCIBARIO_READ, 0, 8, 4, 1), EACCES,
		      "20 levels deep: the register behind");
	close(deep);
	close(fd);
	fd = derive_one(node, edu, 0, W, 4, 4);
	bario_refused(fd, request(edu, PCIBARIO_READ, 0, 4, 4, 1), EACCES,
		      "to write only: a read");
	put(fd, edu, 0, 4, 4, 0x33334444);
	is(liveness(), ~0x33334444u, "to write only: a write");
	bario_refused(fd, request(edu, PCIBARIO_WRITE, 0, 0, 8, 1), EACCES,
		      "to write only: 8 bytes that end with it");
	errno_is(derive(fd, &one, 1, NULL) < 0 ? errno : 0, EACCES,
		 "reading, derived from writing");
	one.rights |= W;
	deep = derive(fd, &one, 1, NULL);
	bario_refused(deep, request(edu, PCIBARIO_READ, 0, 4, 4, 1), EACCES,
		      "both, derived from writing: a read");
	errno_is(try_write(deep, edu, 0, 4, 4, 0x33334444), 0,
		 "both, derived from writing: a write");
	close(deep);
	close(fd);
	fd = derive_one(node, edu, 0, M, 0, TO_END);
	bario_refused(fd, request(edu, PCIBARIO_READ, 0, 4, 4, 1), EACCES,
		      "to map only: a read");
	bario_refused(fd, request(edu, PCIBARIO_WRITE, 0, 4, 4, 1), EACCES,
		      "to map only: a write");
	watch(NULL);
	errno_is(try_map(fd, 0, 0, 1, PROT_READ), EACCES, "to map only: reading");
	errno_is(try_map(fd, 0, 0, 1, PROT_NONE), EACCES, "to map only: nothing");
	close(fd);
	fd = derive_one(node, edu, 0, R | W, 0, TO_END);
	is(get(fd, edu, 0, 0, 4), 0x010000ed, "a whole BAR");
	errno_is(try_map(fd, 0, 0, 1, PROT_READ), EACCES,
		 "a whole BAR without the right to map: mmap");
	close(fd);
	close(node);
}

static void several(void)
{
	const struct bario_rule rules[] = {
		rule(ivshmem, 2, R, AREA, 4),
		rule(edu, 0, R | W, 4, 4),
		rule(testdev, 1, R, 0, 16),
		rule(edu, 0, R, 0, 4),
	};
	int fd = derive(pci, rules, ARRAY_SIZE(rules), NULL);
	struct pci_conf found[8];
	uint32_t value;

	is(listed(fd, found, 8), 3, "several functions: GETCONF lists three");
	ok(same_sel(found[0].pc_sel, testdev) && same_sel(found[1].pc_sel, edu) &&
	   same_sel(found[2].pc_sel, ivshmem), "in order");
	is(get(fd, edu, 0, 0, 4), 0x010000ed, "the first");
	is(get(fd, ivshmem, 2, AREA, 4), PATTERN * 0x01010101, "the second");
	is(get(fd, testdev, 1, TESTDEV_DATA, 1), TARGET_DATA, "the third");
	watch(count);
	bario_refused(fd, request(testdev, PCIBARIO_WRITE, 1, PORT_TARGET, 1, TARGET_DATA),
		      EACCES, "a port outside");
	bario_refused(fd, request(testdev, PCIBARIO_WRITE, 1, 0, 1, 0), EACCES,
		      "writing a port to be read");
	bario_refused(fd, request(testdev, PCIBARIO_READ, 1, 14, 4, 0), EACCES,
		      "a port's read over the end");
	bario_refused(fd, request(testdev, PCIBARIO_READ, 0, 0, 4, 0), EACCES,
		      "another BAR");
	bario_refused(fd, request(e1000, PCIBARIO_READ, 0, 0, 4, 0), ENODEV,
		      "another function");
	bario_refused(fd, request(absent, PCIBARIO_READ, 0, 0, 4, 0), ENODEV,
		      "no function");
	watch(NULL);
	errno_is(config_read(fd, e1000, 0, 4, &value), ENODEV,
		 "another function's configuration space");
	errno_is(config_read(fd, edu, 0, 4, &value), 0, "its own, read");
	is(value, cfg(edu, 0, 4), "as it is");
	close(fd);
}

static void outside(void)
{
	const struct bario_rule rules[] = {
		rule(edu, 0, R, 0, 4), rule(e1000, 0, R, 0, 4),
	};
	struct bario_rule one = rule(absent, 0, R, 0, 4);
	int node = open_node(edu, O_RDWR), fd = derive_one(pci, edu, 0, R, 0, 4);

	errno_is(derive(node, rules, 2, NULL) < 0 ? errno : 0, ENODEV,
		 "a node, a rule for another function");
	errno_is(derive(fd, rules, 2, NULL) < 0 ? errno : 0, ENODEV,
		 "a derived file, a rule for another function");
	errno_is(derive(pci, &one, 1, NULL) < 0 ? errno : 0, ENODEV,
		 "/dev/pci, a rule for no function");
	one = rule(edu, 0, R, 0, 4);
	one.domain = 0x10000;
	errno_is(derive(node, &one, 1, NULL) < 0 ? errno : 0, ENODEV,
		 "another domain");
	one.domain = 0;
	one.bus = 1;
	errno_is(derive(node, &one, 1, NULL) < 0 ? errno : 0, ENODEV,
		 "another bus");
	one.bus = 0;
	one.func = 1;
	errno_is(derive(node, &one, 1, NULL) < 0 ? errno : 0, ENODEV,
		 "another function of the device");
	close(node);
	close(fd);
}

/* ---- asking ---- */
static void asking(void)
{
	const struct bario_rule rules[] = {
		rule(ivshmem, 2, R, 0x30, 8), rule(ivshmem, 2, R | W, 0x10, 0x10),
		rule(edu, 0, R, 8, 8), rule(ivshmem, 2, R, 0x20, 0x10),
		rule(ivshmem, 2, W, 0x34, 0x100), rule(ivshmem, 6, W, 0x3c, 1),
		rule(ivshmem, 2, M, ~0ull, 1), rule(edu, 0, R, 16, 8),
	};
	const struct bario_rule want[] = {
		rule(edu, 0, R, 8, 16),
		rule(ivshmem, 2, R | W, 0x10, 0x10), rule(ivshmem, 2, R, 0x20, 0x14),
		rule(ivshmem, 2, R | W, 0x34, 4), rule(ivshmem, 2, W, 0x38, 0xfc),
		rule(ivshmem, 2, M, ~0ull, TO_END), rule(ivshmem, 6, W, 0x3c, 1),
	};
	int fd = derive(pci, rules, ARRAY_SIZE(rules), NULL), again;
	struct bario_rule got[16], none[16];
	struct bario_grant grant = { 0 };
	unsigned int room;

	GRANT_IS(fd, want, "rules come back sorted, put together and split");
	memset(none, 0x5a, sizeof(none));
	for (room = 0; room <= ARRAY_SIZE(want) + 2; room++) {
		unsigned int n = room < ARRAY_SIZE(want) ? room : ARRAY_SIZE(want);

		memset(got, 0x5a, sizeof(got));
		is(ask_grant(fd, got, room), ARRAY_SIZE(want),
		   "room for %u: how many there are", room);
		ok(!memcmp(got, want, n * sizeof(*got)) &&
		   !memcmp(got + n, none, (16 - n) * sizeof(*got)),
		   "room for %u: that many, and nothing behind", room);
	}
	is(ask_grant(fd, NULL, 0), ARRAY_SIZE(want), "no room and no address");
	again = derive(fd, want, ARRAY_SIZE(want), NULL);
	GRANT_IS(again, want, "derived from what was asked: the same");
	close(again);
	close(fd);

	is_errno(ioctl(pci, BARIOC_GRANT, &grant), 0, "asking /dev/pci");
	is(grant.flags, BARIO_GRANT_ALL, "it may do everything");
	is(grant.count, 0, "and has no rules");
}

static void asking_node(void)
{
	const struct bario_rule plain[] = {
		rule(edu, 0, R | W | M, 0, TO_END), rule(edu, 1, R | W | M, 0, TO_END),
		rule(edu, 2, R | W | M, 0, TO_END), rule(edu, 3, R | W | M, 0, TO_END),
		rule(edu, 4, R | W | M, 0, TO_END), rule(edu, 5, R | W | M, 0, TO_END),
		rule(edu, CONFIG, R, 0, TO_END),
	};
	int node = open_node(edu, O_RDWR), fd;
	struct bario_rule got[32];
	unsigned int n;

	GRANT_IS(node, plain, "a node: all BARs, and configuration space not to be written");
	fd = derive(node, plain, ARRAY_SIZE(plain), NULL);
	GRANT_IS(fd, plain, "derived from that: the same");
	close(fd);
	close(node);
	node = open_node(e1000e, O_RDWR);
	n = ask_grant(node, got, ARRAY_SIZE(got));
	fd = derive(node, got, n, NULL);
	grant_is(fd, got, n, "the same of a node with an MSI-X table");
	close(fd);
	close(node);
}

/* A right that the file has not is left out, and so is a function without any. */
static void left_out(void)
{
	const struct bario_rule rules[] = {
		rule(edu, CONFIG, W, 0, TO_END), rule(edu, 0, R, 0, 8),
	};
	const struct bario_rule want[] = { rule(edu, 0, R, 0, 8) };
	const struct bario_rule two[] = {
		rule(edu, 0, R, 4, 4), rule(edu2, 0, W, 0, TO_END),
		rule(ivshmem, 2, R, 0, 8),
	};
	const struct bario_rule one[] = { rule(ivshmem, 2, R, 0, 8) };
	int node = open_node(edu, O_RDWR), fd = derive(node, rules, 2, NULL);
	struct bario_derive request = asking_for(rules, 1);
	struct bario_rule other = rule(edu2, 0, R, 0, 4);
	struct pci_conf found[4];
	uint32_t value;
	int child;

	ok(fd >= 0, "a node, a rule that it can't give: the rest is derived");
	GRANT_IS(fd, want, "without that rule");
	close(fd);
	watch(open_files);
	refused(node, BARIOC_DERIVE, &request, EACCES,
		"a node, no rule that it can give");
	watch(NULL);
	close(node);
	fd = derive(pci, (struct bario_rule[]){
		    rule(edu, 0, W, 0, 8), rule(edu2, 0, R, 0, 4),
		    rule(ivshmem, 2, R, 0, 8) }, 3, NULL);
	child = derive(fd, two, 3, NULL);
	GRANT_IS(child, one, "three functions, and of two nothing is left");
	is(listed(child, found, 4), 1, "GETCONF lists the third alone");
	errno_is(read_errno(child, edu, 0, 4, 4), ENODEV, "the first is not seen");
	errno_is(config_read(child, edu2, 0, 4, &value), ENODEV,
		 "nor the configuration space of the second");
	errno_is(derive(child, &other, 1, NULL) < 0 ? errno : 0, ENODEV,
		 "nor can it be derived");
	errno_is(read_errno(child, ivshmem, 2, 0, 4), 0, "the third is");
	close(child);
	close(fd);
}

/* ---- each access at each edge ---- */
static uint8_t allowed[64];

static bool covered(unsigned int offset, unsigned int width, unsigned int right)
{
	unsigned int i;

	for (i = 0; i < width; i++)
		if (!(allowed[offset + i] & right))
			return false;
	return true;
}

static uint32_t sum_of_area(void)
{
	uint32_t sum = 0, i;

	for (i = 0; i < 64; i += 4)
		sum = 31 * sum + get(pci, ivshmem, 2, AREA + i, 4);
	return sum;
}

static void all_accesses(int fd, const char *what)
{
	unsigned int width, offset;

	for (width = 1; width <= 8; width *= 2) {
		unsigned int tried = 0, bad = 0, touched = 0;

		for (offset = 0; offset < 64; offset += width) {
			int want = covered(offset, width, R) ? 0 : EACCES;
			int got = read_errno(fd, ivshmem, 2, AREA + offset, width);
			uint32_t sum = sum_of_area();

			/* Of 8 bytes the upper half is not 0. */
			if (got == EOVERFLOW && width == 8)
				got = 0;
			bad += got != want;
			if (got != want)
				note("read of %u at %#x: %s", width, offset,
				     errno_name(got));
			want = covered(offset, width, W) ? 0 : EACCES;
			got = try_write(fd, ivshmem, 2, AREA + offset, width, 0);
			bad += got != want;
			if (got != want)
				note("write of %u at %#x: %s", width, offset,
				     errno_name(got));
			touched += got && sum_of_area() != sum;
			if (!got && width < 8)
				put(pci, ivshmem, 2, AREA + offset, width,
				    PATTERN * 0x01010101);
			else if (!got) {
				put(pci, ivshmem, 2, AREA + offset, 4,
				    PATTERN * 0x01010101);
				put(pci, ivshmem, 2, AREA + offset + 4, 4,
				    PATTERN * 0x01010101);
			}
			tried += 2;
		}
		is(bad, 0, "%s: %u accesses of %u at every place", what, tried,
		   width);
		is(touched, 0, "%s: none that was refused has written", what);
	}
}

static void allow(const struct bario_rule *rules, unsigned int count)
{
	unsigned int i;
	uint64_t at;

	memset(allowed, 0, sizeof(allowed));
	for (i = 0; i < count; i++)
		for (at = 0; at < rules[i].length; at++)
			allowed[rules[i].offset - AREA + at] |= rules[i].rights;
}

static void edges(void)
{
	const struct bario_rule rules[] = {
		rule(ivshmem, 2, R | W, AREA + 0x08, 8),
		rule(ivshmem, 2, R | W, AREA + 0x10, 3),
		rule(ivshmem, 2, R, AREA + 0x13, 5),
		rule(ivshmem, 2, W, AREA + 0x18, 8),
		rule(ivshmem, 2, R, AREA + 0x21, 2),
		rule(ivshmem, 2, W, AREA + 0x22, 2),
		rule(ivshmem, 2, R | W | M, AREA + 0x31, 1),
	};
	const struct bario_rule narrow[] = {
		rule(ivshmem, 2, R | W, AREA + 0x0c, 8),
		rule(ivshmem, 2, R, AREA + 0x1c, 0x16),
	};
	int fd = derive(pci, rules, ARRAY_SIZE(rules), NULL), child, copy;
	unsigned int i;

	allow(rules, ARRAY_SIZE(rules));
	all_accesses(fd, "seven rules");
	child = derive(fd, narrow, ARRAY_SIZE(narrow), NULL);
	for (i = 0; i < 64; i++) {
		unsigned int mask = 0;

		if (i >= 0x0c && i < 0x14)
			mask = R | W;
		else if (i >= 0x1c && i < 0x32)
			mask = R;
		allowed[i] &= mask;
	}
	copy = dup(child);
	close(child);
	all_accesses(copy, "two rules of a file with seven, in a dup");
	close(copy);
	close(fd);
}

static void named_edges(void)
{
	const struct bario_rule rules[] = {
		rule(ivshmem, 2, R, AREA + 0x100, 0x10),
		rule(ivshmem, 2, R, AREA + 0x110, 0x10),
		rule(ivshmem, 2, R | W, AREA + 0x120, 0x10),
	};
	int fd = derive(pci, rules, ARRAY_SIZE(rules), NULL);
	int last = derive_one(pci, ivshmem, 2, R, (1 << 20) - 4, TO_END);
	int past = derive_one(pci, ivshmem, 2, R | W | M, 1ull << 32, TO_END);

	may_read(fd, AREA + 0xfc, EACCES, "the 4 bytes before");
	may_read(fd, AREA + 0x100, 0, "the first 4 bytes");
	may_read(fd, AREA + 0x12c, 0, "the last 4 bytes");
	may_read(fd, AREA + 0x130, EACCES, "the 4 bytes behind");
	errno_is(read_errno(fd, ivshmem, 2, AREA + 0xff, 1), EACCES,
		 "the byte before");
	errno_is(read_errno(fd, ivshmem, 2, AREA + 0x130, 1), EACCES,
		 "the byte behind");
	errno_is(read_errno(fd, ivshmem, 2, AREA + 0x118, 8), EOVERFLOW,
		 "8 bytes that end at a border between rights");
	errno_is(try_write(fd, ivshmem, 2, AREA + 0x118, 8, 0), EACCES,
		 "writing them");
	errno_is(try_write(fd, ivshmem, 2, AREA + 0x11c, 4, 0), EACCES,
		 "writing the last 4 to be read");
	may_read(last, (1 << 20) - 4, 0, "the last 4 bytes of a BAR");
	may_read(last, (1 << 20) - 8, EACCES, "the 4 before");
	may_read(last, 1 << 20, EINVAL, "the 4 behind are none");
	/* Offsets are not cut to the 32 bits that requests have. */
	may_read(past, 0, EACCES, "a rule for 4 GB and on: offset 0");
	may_read(past, AREA, EACCES, "a rule for 4 GB and on: another");
	errno_is(try_map(past, 2, 0, 1, PROT_READ), EACCES,
		 "a rule for 4 GB and on: a mapping");
	close(past);
	close(last);
	close(fd);
}

/* ---- order of errors ---- */
static void order(void)
{
	int fd = derive_one(pci, edu, 0, R, 4, 4), file;
	struct pci_bar_mmap map = { .pbm_sel = edu, .pbm_reg = 0x14 };
	struct pci_io io = { edu, 0x3d, 4, 0 };

	watch(liveness);
	bario_refused(fd, request(edu, PCIBARIO_READ, 0, 1 << 20, 4, 0), EINVAL,
		      "past the BAR and the grant");
	bario_refused(fd, request(edu, PCIBARIO_WRITE, 0, 0x11, 4, 0), EINVAL,
		      "misaligned and outside");
	bario_refused(fd, request(edu, PCIBARIO_WRITE, 0, 0x10, 3, 0), EINVAL,
		      "a bad width and outside");
	bario_refused(fd, request(edu, 3, 0, 0x10, 4, 0), EINVAL,
		      "a bad operation and outside");
	bario_refused(fd, request(edu, PCIBARIO_WRITE, 1, 0x10, 4, 0), EINVAL,
		      "no such BAR");
	bario_refused(fd, request(edu, PCIBARIO_WRITE, 6, 0, 4, 0), EINVAL,
		      "configuration space's number as a BAR");
	bario_refused(fd, request(edu, PCIBARIO_WRITE, ~0u, 0, 4, 0), EINVAL,
		      "a BAR of all ones");
	refused(fd, PCIOCBARMMAP, &map, EINVAL, "mapping no BAR");
	map.pbm_reg = 0x10;
	refused(fd, PCIOCBARMMAP, &map, EACCES, "mapping a BAR");
	map.pbm_flags = 0x80;
	refused(fd, PCIOCBARMMAP, &map, EINVAL, "mapping with a bad flag");
	refused(fd, PCIOCWRITE, &io, EINVAL, "PCIOCWRITE misaligned");
	io.pi_reg = 0x10000;
	refused(fd, PCIOCWRITE, &io, EINVAL, "PCIOCWRITE past the end");
	io.pi_reg = 0x3c;
	refused(fd, PCIOCWRITE, &io, EACCES, "PCIOCWRITE");
	close(fd);
	fd = derive_one(pci, serial, 0, R, 1, 2);
	bario_refused(fd, request(serial, PCIBARIO_READ, 0, 0, 1, 0), EACCES,
		      "a driver is bound, and outside");
	bario_refused(fd, request(serial, PCIBARIO_WRITE, 0, 1, 1, 0), EACCES,
		      "a driver is bound, and to be read only");
	bario_refused(fd, request(serial, PCIBARIO_READ, 0, 8, 1, 0), EINVAL,
		      "a driver is bound, and past the end");
	bario_refused(fd, request(serial, PCIBARIO_READ, 0, 1, 1, 0), EBUSY,
		      "a driver is bound, and within");
	map = (struct pci_bar_mmap){ .pbm_sel = serial, .pbm_reg = 0x10 };
	refused(fd, PCIOCBARMMAP, &map, EIO, "mapping ports");
	close(fd);
	fd = derive_one(pci, unplaced, 0, R, 0, 4);
	bario_refused(fd, request(unplaced, PCIBARIO_READ, 2, 0, 4, 0), ENXIO,
		      "a BAR without an address, and outside");
	map = (struct pci_bar_mmap){ .pbm_sel = unplaced, .pbm_reg = 0x18 };
	refused(fd, PCIOCBARMMAP, &map, ENXIO, "mapping it");
	close(fd);
	file = open_pci(O_WRONLY);
	fd = derive_one(file, edu, 0, W, 4, 4);
	map = (struct pci_bar_mmap){ .pbm_sel = edu, .pbm_reg = 0x10 };
	bario_refused(fd, request(edu, PCIBARIO_WRITE, 0, 8, 4, 0), EACCES,
		      "from a file open for writing: outside");
	refused(fd, PCIOCBARMMAP, &map, EACCES, "from one: mapping");
	close(fd);
	close(file);
	watch(NULL);
}

/* ---- files that are not open for writing ---- */
static void only_to_read(void)
{
	int node = open_node(edu, O_RDONLY), any = open("/dev/pci", 3);
	int from[] = { readonly, node, any }, fd, i;
	static const char *const names[] = { "/dev/pci", "a node", "access mode 3" };
	struct pci_conf found[4];
	struct pci_bar_io base = { .pbi_sel = edu, .pbi_reg = 0x10 };
	struct pci_bar_mmap map = { .pbm_sel = edu, .pbm_reg = 0x10 };
	struct pci_io io = { edu, 4, 2, 0 };

	for (i = 0; i < 3; i++) {
		fd = derive_one(from[i], edu, 0, R | W | M, 0, TO_END);
		is(fcntl(fd, F_GETFL) & O_ACCMODE, fcntl(from[i], F_GETFL) & O_ACCMODE,
		   "from %s, to read: open as that is", names[i]);
		fcntl(fd, F_SETFL, O_RDWR);
		watch(liveness);
		bario_refused(fd, request(edu, PCIBARIO_READ, 0, 4, 4, 0), EPERM,
			      "BARIO, read");
		bario_refused(fd, request(edu, PCIBARIO_WRITE, 0, 4, 4, 0), EPERM,
			      "BARIO, write");
		refused(fd, PCIOCBARMMAP, &map, EPERM, "BARMMAP");
		refused(fd, PCIOCREAD, &io, EPERM, "PCIOCREAD");
		refused(fd, PCIOCWRITE, &io, EPERM, "PCIOCWRITE");
		refused(fd, PCIOCATTACHED, &io, EPERM, "PCIOCATTACHED");
		watch(NULL);
		ok(try_map(fd, 0, 0, 1, PROT_READ), "mmap to read fails");
		ok(try_map(fd, 0, 0, 1, PROT_READ | PROT_WRITE),
		   "mmap to write fails");
		is(listed(fd, found, 4), 1, "GETCONF lists its function alone");
		is_errno(ioctl(fd, PCIOCGETBAR, &base), 0, "GETBAR works");
		close(fd);
	}
	close(any);
	close(node);
}

/* ---- configuration space ---- */
static unsigned char config_before[4096], config_after[4096];

static int whole_config(struct pcisel sel, unsigned char *to)
{
	int fd = open(attribute_path(sel, "config"), O_RDONLY);
	int n = pread(fd, to, 4096, 0);

	close(fd);
	return n;
}

static void writes_config(int fd, struct pcisel sel, const unsigned char *may,
			  const char *what)
{
	int size = whole_config(sel, config_before), reg, width, i;
	unsigned int tried = 0, bad = 0, passed = 0;

	for (width = 1; width <= 4; width *= 2) {
		for (reg = 0; reg < size; reg += width) {
			bool want = true;
			int got;
			uint32_t value = 0;

			for (i = 0; i < width; i++)
				want = want && may && may[reg + i];
			/* What may be written gets what it holds. */
			memcpy(&value, config_before + reg, width);
			got = config_write(fd, sel, reg, width,
					   want ? value : ~value);
			tried++;
			passed += !got;
			bad += got != (want ? 0 : EACCES);
			if (got != (want ? 0 : EACCES))
				note("%d bytes at %#x: %s", width, reg,
				     errno_name(got));
		}
	}
	whole_config(sel, config_after);
	is(bad, 0, "%s: %u writes at every place, %u are allowed", what, tried,
	   passed);
	ok(!memcmp(config_before, config_after, size),
	   "%s: sysfs sees configuration space unchanged", what);
}

static void config(void)
{
	static unsigned char may[4096];
	const struct bario_rule rules[] = {
		rule(edu2, CONFIG, W, 0x3c, 1), rule(edu2, CONFIG, R | W, 0x0c, 2),
		rule(edu2, 0, R | W, 0, TO_END),
	};
	int node = open_node(edu2, O_RDWR), fd;
	uint32_t was = cfg(edu2, 0x3c, 1), value;

	writes_config(node, edu2, NULL, "a node");
	fd = derive_one(node, edu2, CONFIG, R | W, 0, TO_END);
	writes_config(fd, edu2, NULL, "from a node, asking for configuration space");
	close(fd);
	close(node);
	node = open_node(e1000e, O_RDWR);
	writes_config(node, e1000e, NULL, "a node with 4096 bytes of it");
	close(node);
	fd = derive_one(pci, edu2, 0, R | W | M, 0, TO_END);
	writes_config(fd, edu2, NULL, "from /dev/pci, one BAR");
	errno_is(config_read(fd, edu2, 0x3c, 1, &value), 0, "and reading it");
	close(fd);
	fd = derive_one(pci, edu2, CONFIG, R, 0, TO_END);
	writes_config(fd, edu2, NULL, "from /dev/pci, configuration space to be read");
	close(fd);
	/* A BAR's rules are not configuration space's. */
	fd = derive_one(pci, edu2, 5, R | W, 0, TO_END);
	writes_config(fd, edu2, NULL, "from /dev/pci, BAR5");
	close(fd);
	fd = derive(pci, rules, ARRAY_SIZE(rules), NULL);
	may[0x3c] = may[0x0c] = may[0x0d] = 1;
	writes_config(fd, edu2, may, "from /dev/pci, three bytes");
	errno_is(config_write(fd, edu2, 0x3c, 1, was ^ 0x0f), 0, "one of them");
	is(cfg(edu2, 0x3c, 1), was ^ 0x0f, "sysfs sees it changed");
	set_cfg(edu2, 0x3c, 1, was);
	errno_is(config_write(fd, edu, 0x3c, 1, 7), ENODEV, "another function's");
	node = derive_one(fd, edu2, CONFIG, R | W, 0x0d, 0x100);
	memset(may, 0, sizeof(may));
	may[0x0d] = may[0x3c] = 1;
	writes_config(node, edu2, may, "from that, what begins in the middle");
	close(node);
	close(fd);
}

static uint32_t mastering(struct pcisel sel)
{
	return cfg(sel, COMMAND, 2) & COMMAND_MASTER;
}

static void with_master(int fd, uint32_t want, const char *what)
{
	uint32_t was = cfg(edu2, COMMAND, 2);

	set_cfg(edu2, COMMAND, 2, was | COMMAND_MASTER);
	errno_is(read_errno(fd, edu2, 0, 0x10, 4), EACCES, "%s: outside", what);
	is(mastering(edu2), COMMAND_MASTER, "%s: which leaves bus mastering on", what);
	is(get(fd, edu2, 0, 0, 4), 0x010000ed, "%s: within", what);
	is(mastering(edu2), want, "%s: bus mastering is %s", what,
	   want ? "left on" : "turned off");
	close(fd);
	is(mastering(edu2), want, "%s: after the close, too", what);
	set_cfg(edu2, COMMAND, 2, was);
}

static int with_command(unsigned int rights, uint64_t reg, uint64_t size)
{
	const struct bario_rule rules[] = {
		rule(edu2, 0, R, 0, 4), rule(edu2, CONFIG, rights, reg, size),
	};

	return derive(pci, rules, 2, NULL);
}

static void master(void)
{
	int fd, child;
	uint32_t was = cfg(edu2, COMMAND, 2);

	with_master(derive_one(pci, edu2, 0, R, 0, 4), 0, "one BAR");
	with_master(with_command(R, 0, 0x100), 0, "configuration space to be read");
	with_master(with_command(W, 6, 0xfa), 0, "all behind the command register");
	with_master(with_command(W, 0, 4), 0, "all before it");
	with_master(with_command(W, 5, 1), 0, "its upper half");
	with_master(with_command(R, 4, 2), 0, "the command register to be read");
	with_master(with_command(W, 4, 1), COMMAND_MASTER, "its lower half");
	with_master(with_command(W, 4, 2), COMMAND_MASTER, "the command register");
	with_master(with_command(R | W, 0, TO_END), COMMAND_MASTER,
		    "configuration space");
	fd = with_command(W, 4, 2);
	child = derive_one(fd, edu2, 0, R, 0, 4);
	close(fd);
	with_master(child, 0, "one BAR of a file with the command register");

	/* A mapping is a claim, too. */
	set_cfg(edu2, COMMAND, 2, was | COMMAND_MASTER);
	fd = derive_one(pci, edu2, 0, R | M, 0, TO_END);
	child = derive_one(fd, edu2, 0, R | W | M, 0, PAGE);
	errno_is(try_map(child, 0, 0, 1, PROT_READ | PROT_WRITE), EACCES,
		 "a mapping that is refused");
	is(mastering(edu2), COMMAND_MASTER, "leaves bus mastering on");
	errno_is(try_map(child, 0, 0, 1, PROT_READ), 0, "a mapping");
	is(mastering(edu2), 0, "turns it off");
	close(child);
	close(fd);
	set_cfg(edu2, COMMAND, 2, was);

	fd = with_command(W, 4, 2);
	errno_is(config_write(fd, edu2, COMMAND, 2, was | COMMAND_MASTER), 0,
		 "who may, turns bus mastering on");
	is(mastering(edu2), COMMAND_MASTER, "it is on");
	errno_is(config_write(fd, edu2, COMMAND, 4, was), EACCES,
		 "but not with the status register beside it");
	errno_is(config_write(fd, edu2, COMMAND, 2, was), 0, "and off");
	close(fd);
}

/* ---- the MSI-X table ---- */
static struct {
	unsigned int	bar;
	uint32_t	table;
	uint32_t	table_size;
	uint32_t	pba_bar;
	uint32_t	pba;
	uint32_t	pba_size;
} msix;

static void find_msix(void)
{
	uint32_t at = cfg(e1000e, CAP_LIST, 1), vectors;

	while (at && cfg(e1000e, at, 1) != MSIX_CAP)
		at = cfg(e1000e, at + 1, 1);
	if (!at)
		bail("no MSI-X");
	vectors = (cfg(e1000e, at + 2, 2) & 0x7ff) + 1;
	msix.bar = cfg(e1000e, at + 4, 4) & 7;
	msix.table = cfg(e1000e, at + 4, 4) & ~7u;
	msix.table_size = 16 * vectors;
	msix.pba_bar = cfg(e1000e, at + 8, 4) & 7;
	msix.pba = cfg(e1000e, at + 8, 4) & ~7u;
	msix.pba_size = (vectors + 63) / 64 * 8;
	if (msix.bar != 3 || msix.pba_bar != 3 || msix.table / PAGE == msix.pba / PAGE)
		bail("another MSI-X table");
}

static uint32_t sum_of_table(void)
{
	uint32_t sum = 0, i;

	for (i = 0; i < msix.table_size; i += 4)
		sum = 31 * sum + get(pci, e1000e, 3, msix.table + i, 4);
	for (i = 0; i < msix.pba_size; i += 4)
		sum = 31 * sum + get(pci, e1000e, 3, msix.pba + i, 4);
	return sum;
}

static void guarded(int fd, const char *who)
{
	unsigned int i, bad = 0, width;
	unsigned long free = 0;

	watch(sum_of_table);
	for (i = 0; i < msix.table_size; i += 4)
		bad += read_errno(fd, e1000e, 3, msix.table + i, 4) != 0;
	for (i = 0; i < msix.pba_size; i += 4)
		bad += read_errno(fd, e1000e, 3, msix.pba + i, 4) != 0;
	is(bad, 0, "%s: the MSI-X table and pending bits can be read", who);
	for (width = 1; width <= 8; width *= 2) {
		uint32_t sum = sum_of_table();

		for (i = bad = 0; i < msix.table_size; i += width)
			bad += try_write(fd, e1000e, 3, msix.table + i, width,
					 0xfee00000) != EACCES;
		for (i = 0; i < msix.pba_size; i += width)
			bad += try_write(fd, e1000e, 3, msix.pba + i, width,
					 ~0u) != EACCES;
		is(bad, 0, "%s: EACCES for every write of %u", who, width);
		is(sum_of_table(), sum, "%s: and none has come through", who);
	}
	bario_refused(fd, request(e1000e, PCIBARIO_WRITE, 3, msix.table, 4,
				  0xfee00000), EACCES, "%s: a vector's address", who);
	watch(NULL);
	errno_is(try_write(fd, e1000e, 3, msix.table + msix.table_size, 4, 0), 0,
		 "%s: behind the table", who);
	errno_is(try_write(fd, e1000e, 3, msix.pba - 4, 4, 0), 0,
		 "%s: before the pending bits", who);
	errno_is(try_map(fd, 3, msix.table / PAGE, 1, PROT_READ), EACCES,
		 "%s: mapping the table's page to read", who);
	errno_is(try_map(fd, 3, msix.table / PAGE, 1, PROT_READ | PROT_WRITE),
		 EACCES, "%s: to write", who);
	errno_is(try_map(fd, 3, msix.pba / PAGE, 1, PROT_READ), EACCES,
		 "%s: mapping the pending bits' page to read", who);
	errno_is(try_map(fd, 3, msix.pba / PAGE, 1, PROT_READ | PROT_WRITE),
		 EACCES, "%s: to write", who);
	while (free == msix.table / PAGE || free == msix.pba / PAGE)
		free++;
	errno_is(try_map(fd, 3, free, 1, PROT_READ | PROT_WRITE), 0,
		 "%s: mapping the page without them", who);
	errno_is(try_map(fd, 3, 0, 4, PROT_READ), EACCES,
		 "%s: mapping all pages", who);
	ok(!map_bar(fd, e1000e, 3, 0, NULL) && errno == EACCES,
	   "%s: PCIOCBARMMAP: EACCES", who);
}

static void vectors(void)
{
	const struct bario_rule all[] = {
		rule(e1000e, 3, R | W | M, 0, TO_END),
		rule(e1000e, CONFIG, R | W, 5, TO_END),
		rule(e1000e, CONFIG, R | W, 0, 4),
		rule(e1000e, CONFIG, R, 4, 1),
	};
	const struct bario_rule with[] = {
		rule(e1000e, 3, R | W | M, 0, TO_END),
		rule(e1000e, CONFIG, W, COMMAND, 2),
	};
	int node, fd, child;
	struct pci_bar_mmap map;
	uint32_t was;

	find_msix();
	node = open_node(e1000e, O_RDWR);
	guarded(node, "a node");
	fd = derive_one(node, e1000e, 3, R | W | M, 0, TO_END);
	guarded(fd, "from a node");
	close(fd);
	fd = derive_one(node, e1000e, 3, R | W | M, msix.table, msix.table_size);
	errno_is(try_write(fd, e1000e, 3, msix.table, 4, 0xfee00000), EACCES,
		 "from a node, a rule for just the table: a write");
	close(fd);
	close(node);
	fd = derive_one(pci, e1000e, 3, R | W | M, 0, TO_END);
	guarded(fd, "from /dev/pci");
	close(fd);
	fd = derive(pci, all, ARRAY_SIZE(all), NULL);
	guarded(fd, "from /dev/pci, all but the command register");
	close(fd);

	fd = derive(pci, with, ARRAY_SIZE(with), NULL);
	was = get(fd, e1000e, 3, msix.table, 4);
	errno_is(try_write(fd, e1000e, 3, msix.table, 4, 0xfee01000), 0,
		 "with the command register: a vector's address");
	is(get(pci, e1000e, 3, msix.table, 4), 0xfee01000, "was written");
	put(fd, e1000e, 3, msix.table, 4, was);
	if (ok(map_bar(fd, e1000e, 3, PCIIO_BAR_MMAP_RW, &map), "it can be mapped"))
		munmap(map.pbm_map_base, map.pbm_map_length);
	child = derive_one(fd, e1000e, 3, R | W | M, 0, TO_END);
	guarded(child, "from that, without the command register");
	close(child);
	close(fd);
}

/* ---- strictness ---- */
static void bad_rule(struct bario_rule one, int want, const char *what)
{
	const struct bario_rule rules[] = { rule(edu, 0, R, 0, 4), one };
	struct bario_derive request = asking_for(&one, 1);

	refused(pci, BARIOC_DERIVE, &request, want, "a rule: %s", what);
	request = asking_for(rules, 2);
	refused(pci, BARIOC_DERIVE, &request, want, "behind a good one: %s", what);
}

static void bad_rules(void)
{
	struct bario_rule one = rule(edu, 0, R, 0, 4), r;
	unsigned int bit;

	r = one, r.dev = 32, bad_rule(r, EINVAL, "device 32");
	r = one, r.dev = 0xff, bad_rule(r, EINVAL, "device 255");
	r = one, r.func = 8, bad_rule(r, EINVAL, "function 8");
	r = one, r.space = 7, bad_rule(r, EINVAL, "space 7");
	r = one, r.space = 0xff, bad_rule(r, EINVAL, "space 255");
	r = one, r.rights = 0, bad_rule(r, EINVAL, "no rights");
	for (bit = 3; bit < 32; bit += 7)
		r = one, r.rights |= 1u << bit, bad_rule(r, EINVAL, "unknown rights");
	r = rule(edu, CONFIG, M, 0, 4), bad_rule(r, EINVAL, "to map config");
	r = rule(edu, CONFIG, R | M, 0, 4), bad_rule(r, EINVAL, "to map config, too");
	r = one, r.reserved = 1, bad_rule(r, EINVAL, "reserved");
	r = one, r.reserved = 1u << 31, bad_rule(r, EINVAL, "reserved's sign");
	r = rule(edu, 0, R, 0, 0), bad_rule(r, EINVAL, "length 0");
	r = rule(edu, 0, R, 2, ~0ull - 1), bad_rule(rule(edu, 0, R, 3, ~0ull - 1),
						    EINVAL, "past 2^64");
	bad_rule(rule(edu, 0, R, ~0ull, 2), EINVAL, "past 2^64 by one");
	/* EINVAL goes before ENODEV, whichever rule it is. */
	bad_rule(rule(absent, 0, R, 0, 0), EINVAL, "bad, for no function");
	bad_rule(rule(absent, 0, R, 0, 1), ENODEV, "good, for no function");
	close(derive(pci, &r, 1, NULL));
}

static void strict(void)
{
	static struct bario_rule many[BARIO_RULES_MAX + 1];
	struct bario_derive request;
	struct bario_grant grant;
	struct bario_revoke end;
	unsigned int i, bit, bad = 0;

	for (i = 0; i < ARRAY_SIZE(many); i++)
		many[i] = rule(edu, 0, R, 8 * i, 4);
	watch(open_files);
	for (bit = 0; bit < 32; bit++) {
		request = asking_for(many, 1);
		request.flags = 1u << bit;
		bad += ioctl(pci, BARIOC_DERIVE, &request) != -1 ||
		       errno != (bit ? EINVAL : EPERM);
		memset(&grant, 0, sizeof(grant));
		grant.flags = 1u << bit;
		bad += ioctl(pci, BARIOC_GRANT, &grant) != -1 || errno != EINVAL;
		memset(&grant, 0, sizeof(grant));
		grant.reserved = 1u << bit;
		bad += ioctl(pci, BARIOC_GRANT, &grant) != -1 || errno != EINVAL;
		end = (struct bario_revoke){ 0, 1u << bit };
		bad += ioctl(pci, BARIOC_REVOKE, &end) != -1 || errno != EINVAL;
	}
	is(bad, 0, "EINVAL for each unknown bit of flags and of reserved fields");
	request = asking_for(many, 1);
	request.flags = BARIO_DERIVE_BESIDE;
	refused(pci, BARIOC_DERIVE, &request, EPERM, "beside a driver");
	request.flags |= 1u << 31;
	refused(pci, BARIOC_DERIVE, &request, EINVAL, "and with an unknown flag");
	request = asking_for(many, 0);
	refused(pci, BARIOC_DERIVE, &request, EINVAL, "no rules");
	request = asking_for(NULL, 0);
	refused(pci, BARIOC_DERIVE, &request, EINVAL, "no rules, and no address");
	request = asking_for(many, BARIO_RULES_MAX + 1);
	refused(pci, BARIOC_DERIVE, &request, EINVAL, "1025 rules");
	request = asking_for(many, ~0u);
	refused(pci, BARIOC_DERIVE, &request, EINVAL, "2^32 - 1 rules");
	request = asking_for(many, 0x8000000);
	refused(pci, BARIOC_DERIVE, &request, EINVAL, "2^32 bytes of rules");
	request = asking_for(many, 0x8000001);
	refused(pci, BARIOC_DERIVE, &request, EINVAL, "and one rule more");
	request = asking_for(NULL, ~0u);
	request.flags = 2;
	refused(pci, BARIOC_DERIVE, &request, EINVAL, "EINVAL goes before EFAULT");
	bad_rules();
	for (i = 0; i < 256; i++)
		if (i < 1 || i > 15)
			bad += ioctl(pci, _IOC(_IOC_READ | _IOC_WRITE, 0xBA, i, 24),
				     &request) != -1 || errno != ENOTTY;
	bad += ioctl(pci, _IOWR(0xBA, 1, struct bario_grant[2]), &request) != -1 ||
	       errno != ENOTTY;
	bad += ioctl(pci, _IOW(0xBA, 1, struct bario_derive), &request) != -1 ||
	       errno != ENOTTY;
	is(bad, 0, "ENOTTY for other numbers, sizes and directions");
	watch(NULL);
}

static void pointers(void)
{
	char *two = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct bario_rule *rules = (void *)(two + PAGE - 2 * sizeof(*rules));
	static const uintptr_t bad[] = { 0, 1, PAGE, (uintptr_t)-64, (uintptr_t)-1 };
	struct bario_derive request;
	struct bario_grant grant;
	unsigned int i;
	int fd;

	munmap(two + PAGE, PAGE);
	rules[0] = rules[1] = rule(edu, 0, R, 0, 4);
	watch(open_files);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		request = asking_for((void *)bad[i], 1);
		refused(pci, BARIOC_DERIVE, &request, EFAULT, "rules at %#lx",
			(unsigned long)bad[i]);
	}
	request = asking_for(rules, 1);
	request.rules = 0xffff888000000000;
	refused(pci, BARIOC_DERIVE, &request, EFAULT, "rules of the kernel");
	request = asking_for(rules, 3);
	refused(pci, BARIOC_DERIVE, &request, EFAULT, "rules into unmapped memory");
	request = asking_for((char *)rules + 1, 2);
	refused(pci, BARIOC_DERIVE, &request, EFAULT, "rules that miss a byte");
	fd = derive(pci, rules, 2, NULL);
	ok(fd >= 0, "rules that end with their page");
	memset(&grant, 0, sizeof(grant));
	grant.room = 1;
	refused(fd, BARIOC_GRANT, &grant, EFAULT, "room at NULL");
	grant.rules = (uintptr_t)two + PAGE - 31;
	refused(fd, BARIOC_GRANT, &grant, EFAULT, "room that lacks a byte");
	grant.rules = 0xffff888000000000;
	refused(fd, BARIOC_GRANT, &grant, EFAULT, "room in the kernel");
	close(fd);
	/* The answer can't be stored: no descriptor may be left behind. */
	memcpy(two, &request, sizeof(request));
	((struct bario_derive *)two)->rules = (uintptr_t)rules;
	((struct bario_derive *)two)->count = 1;
	mprotect(two, PAGE, PROT_READ);
	refused(pci, BARIOC_DERIVE, two, EFAULT, "an answer to read-only memory");
	mprotect(two, PAGE, PROT_READ | PROT_WRITE);
	watch(NULL);
	munmap(two, PAGE);
	grant = (struct bario_grant){ 0 };
	bad_pointers(pci, BARIOC_GRANT, &grant, "BARIOC_GRANT");
	bad_pointers(pci, BARIOC_REVOKE, &(struct bario_revoke){ 0 },
		     "BARIOC_REVOKE");
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

static void sizes(void)
{
	static struct bario_rule many[BARIO_RULES_MAX], got[BARIO_RULES_MAX];
	struct bario_derive request;
	double begin;
	unsigned int i, bad = 0;
	int fd, child;

	for (i = 0; i < ARRAY_SIZE(many); i++)
		many[i] = rule(ivshmem, 2, R, AREA + 8ull * (1023 - i), 4);
	fd = derive(pci, many, ARRAY_SIZE(many), NULL);
	ok(fd >= 0, "1024 rules apart");
	is(ask_grant(fd, got, 1024), 1024, "are 1024 rules");
	for (i = 0; i < 1024; i += 33)
		bad += read_errno(fd, ivshmem, 2, AREA + 8 * i, 4) != 0 ||
		       read_errno(fd, ivshmem, 2, AREA + 8 * i + 4, 4) != EACCES;
	is(bad, 0, "each read, and the gaps are not");
	child = derive(fd, got, 1024, NULL);
	grant_is(child, got, 1024, "1024 derived from 1024");
	close(child);

	/* One rule that splits all others: 2047. */
	many[0] = rule(ivshmem, 2, W, 0, TO_END);
	request = asking_for(many, 1024);
	watch(open_files);
	refused(pci, BARIOC_DERIVE, &request, E2BIG, "1024 rules that come to 2047");
	for (i = 0; i < 1024; i++)
		many[i] = rule(i % 2 ? edu : ivshmem, i / 2 % 2 ? 0 : 2, R,
			       4096 + 8ull * i, 4);
	for (i = 0; i < 8; i++)
		many[i] = rule(i % 2 ? edu : ivshmem, i / 2 % 2 ? 0 : 2, W, 0,
			       TO_END);
	request = asking_for(many, 1024);
	refused(pci, BARIOC_DERIVE, &request, E2BIG,
		"1024 rules for two functions that come to more");
	watch(NULL);
	close(fd);

	for (i = 0; i < 1024; i++)
		many[i] = rule(ivshmem, 2, i % 2 ? R : W, i, 0xffffffff00000000 - 2 * i);
	begin = seconds();
	fd = derive(pci, many, 1024, NULL);
	ok(fd >= 0 && seconds() - begin < 20, "1024 rules, each within the one before");
	is(ask_grant(fd, got, 1024), 3, "come to three");
	close(fd);
	for (i = 0; i < 1024; i++)
		many[i] = rule(ivshmem, i % 6, 1 + i % 7, i % 97, TO_END);
	begin = seconds();
	fd = derive(pci, many, 1024, NULL);
	ok(fd >= 0 && seconds() - begin < 20, "1024 that all overlap");
	close(fd);
}

static void exhausted(void *unused)
{
	struct rlimit limit = { 64, 64 };
	struct bario_rule one = rule(edu, 0, R, 0, 4);
	struct bario_derive request = asking_for(&one, 1);
	int fd, i;

	(void)unused;
	setrlimit(RLIMIT_NOFILE, &limit);
	while ((fd = dup(pci)) >= 0)
		;
	watch(open_files);
	for (i = 0; i < 1000; i++)
		ioctl(pci, BARIOC_DERIVE, &request);
	refused(pci, BARIOC_DERIVE, &request, EMFILE, "no descriptor is left");
	close(63);
	fd = derive(pci, &one, 1, NULL);
	is(fd, 63, "then one is");
	is(fcntl(fd, F_GETFD), FD_CLOEXEC, "it is closed on exec");
	is(get(fd, edu, 0, 0, 4), 0x010000ed, "and works");
	/* Of the thousand that failed no file was left: revoking finds one. */
	watch(NULL);
}

static void no_more_files(void)
{
	struct bario_rule one = rule(edu, 0, R, 0, 4);
	int fd, first = derive(pci, &one, 1, NULL);

	in_child(exhausted, NULL);
	fd = derive(pci, &one, 1, NULL);
	ok(fd >= 0 && descriptors() < 30, "afterwards all is as before");
	close(fd);
	close(first);
}

/* ---- nobody, with nothing but a descriptor ---- */
static int handed;	/* socket */

static void keep_only(int sock)
{
	dup2(sock, 3);
	syscall(SYS_close_range, 4, ~0u, 0);
	handed = 3;
}

static void hostile(void *arg)
{
	const struct bario_rule all[] = {
		rule(ivshmem, 2, R | W | M, 0, TO_END),
		rule(ivshmem, CONFIG, R | W, 0, TO_END),
	};
	struct bario_rule other = rule(edu, 0, R, 0, 4);
	struct pci_bar_ioreq unlike = request(ivshmem, PCIBARIO_READ, 2, AREA, 4, 0);
	char path[64], buffer[64];
	uint32_t value;
	int fd, more, i;

	keep_only(*(int *)arg);
	fd = receive_fd(handed);
	is(get(fd, ivshmem, 2, AREA + 0x200, 4), PATTERN * 0x01010101,
	   "nobody, with a descriptor: what was granted");
	may_read(fd, AREA + 0x1fc, EACCES, "nobody: before");
	may_read(fd, AREA + 0x210, EACCES, "nobody: behind");
	errno_is(try_write(fd, ivshmem, 2, AREA + 0x204, 4, 0), EACCES,
		 "nobody: writing");
	errno_is(config_write(fd, ivshmem, COMMAND, 2, 7), EACCES,
		 "nobody: the command register");
	errno_is(config_write(fd, ivshmem, 0x10, 4, 0xfe000000), EACCES,
		 "nobody: moving a BAR onto another");
	errno_is(config_write(fd, ivshmem, 0x3c, 1, 7), EACCES,
		 "nobody: any register");
	errno_is(read_errno(fd, edu, 0, 0, 4), ENODEV, "nobody: another function");
	errno_is(read_errno(fd, ivshmem, 0, 0, 4), EACCES, "nobody: another BAR");
	errno_is(try_map(fd, 2, AREA / PAGE, 1, PROT_READ), EACCES,
		 "nobody: mapping the page");
	errno_is(try_map(fd, 2, 0, 256, PROT_READ), EACCES, "nobody: mapping all");
	/* The padding of a selector, and fields that the request has not. */
	memset((char *)&unlike.pbi_sel + 7, 0xff, 1);
	errno_is(ioctl(fd, PCIOCBARIO, &unlike) ? errno : 0, EACCES,
		 "nobody: garbage in a selector's padding");
	more = derive(fd, all, 2, NULL);
	ok(more >= 0, "nobody derives, asking for all");
	errno_is(try_write(more, ivshmem, 2, AREA + 0x204, 4, 0), EACCES,
		 "and may not write");
	may_read(more, AREA + 0x210, EACCES, "nor read behind");
	errno_is(config_write(more, ivshmem, COMMAND, 2, 7), EACCES,
		 "nor write the command register");
	errno_is(try_map(more, 2, AREA / PAGE, 1, PROT_READ), EACCES, "nor map");
	errno_is(derive(fd, &other, 1, NULL) < 0 ? errno : 0, ENODEV,
		 "nobody derives for another function");
	errno_is(revoke_id(fd, 0), 0, "nobody revokes all that is derived from it");
	may_read(fd, AREA + 0x200, 0, "which is not the file itself");
	/* Ways back to a file that may do more. */
	errno_is(open("/dev/pci", O_RDWR) < 0 ? errno : 0, EACCES,
		 "nobody opens /dev/pci");
	errno_is(open(node_path(ivshmem), O_RDONLY) < 0 ? errno : 0, EACCES,
		 "nobody opens its node");
	for (i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		ok(open(path, i) < 0 && (errno == ENXIO || errno == EACCES),
		   "nobody opens it again, mode %d", i);
	}
	snprintf(path, sizeof(path), "/proc/%d/fd/%d", getppid(), fd);
	ok(open(path, O_RDWR) < 0 && errno == EACCES,
	   "nobody opens a descriptor of root's");
	i = open("/proc/self/fd/4", O_PATH);
	errno_is(i < 0 ? EBADF : ioctl(i, PCIOCBARIO, &unlike) ? errno : 0, EBADF,
		 "nobody has a path to it");
	i = syscall(SYS_pidfd_open, getppid(), 0);
	errno_is(syscall(SYS_pidfd_getfd, i, 3, 0) < 0 ? errno : 0, EPERM,
		 "nobody takes a descriptor of root's");
	errno_is(fcntl(fd, F_SETFL, O_RDWR | O_APPEND) < 0 ? errno : 0, 0,
		 "nobody sets its flags");
	errno_is(try_write(fd, ivshmem, 2, AREA + 0x204, 4, 0), EACCES,
		 "which gives no right");
	errno_is(read(fd, buffer, 4) < 0 ? errno : 0, EINVAL, "nobody: read(2)");
	errno_is(write(fd, buffer, 4) < 0 ? errno : 0, EINVAL, "nobody: write(2)");
	ok(pread(fd, buffer, 4, AREA) < 0 && pwrite(fd, buffer, 4, AREA) < 0 &&
	   lseek(fd, 0, SEEK_SET) < 0, "nobody: pread(2), pwrite(2), lseek(2)");
	ok(ftruncate(fd, 0) < 0 && fchmod(fd, 0666) < 0 && fchown(fd, NOBODY, -1) < 0,
	   "nobody: ftruncate(2), fchmod(2), fchown(2)");
	errno_is(config_read(fd, ivshmem, 0, 4, &value), 0,
		 "nobody reads configuration space");
	ok(fdinfo_has(fd, "bario-grant:\t0000:00:07.0 bar2 0x80200-0x8020f r--"),
	   "nobody's fdinfo tells the grant");
}

static void given_away(void)
{
	int pair[2], fd = derive_one(pci, ivshmem, 2, R, AREA + 0x200, 0x10);

	socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
	send_fd(pair[0], fd);
	close(fd);
	as_nobody(hostile, &pair[1]);
	close(pair[0]);
	close(pair[1]);
}

static void node_in_hand(void *arg)
{
	const struct bario_rule all[] = {
		rule(edu2, 0, R | W | M, 0, TO_END),
		rule(edu2, CONFIG, R | W, 0, TO_END),
	};
	const struct bario_rule want[] = {
		rule(edu2, 0, R | W | M, 0, TO_END), rule(edu2, CONFIG, R, 0, TO_END),
	};
	int fd, more;

	keep_only(*(int *)arg);
	fd = receive_fd(handed);
	more = derive(fd, all, 2, NULL);
	GRANT_IS(more, want, "nobody with a node derives: configuration space to be read");
	put(more, edu2, 0, 4, 4, 5);
	is(get(fd, edu2, 0, 4, 4), ~5u, "nobody: it works");
	ok(fork() || (_exit(read_errno(more, edu2, 0, 0, 4)), 0), "nobody forks");
	wait(&handed);
	is(handed, 0, "and the child reads");
}

static void node_given_away(void)
{
	int pair[2], fd = open_node(edu2, O_RDWR);

	socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
	send_fd(pair[0], fd);
	close(fd);
	as_nobody(node_in_hand, &pair[1]);
	close(pair[0]);
	close(pair[1]);
}

static void fill_area(unsigned int value)
{
	unsigned char *at = map_sysfs(ivshmem, 2);

	if (!at)
		bail("ivshmem can't be mapped through sysfs");
	memset(at + AREA, value, AREA_SIZE);
	unmap_sysfs(ivshmem, 2, at);
}

static void area_untouched(void)
{
	unsigned char *at = map_sysfs(ivshmem, 2);
	unsigned int i, bad = 0;

	for (i = 0; at && i < AREA_SIZE; i++)
		bad += ((volatile unsigned char *)at)[AREA + i] != PATTERN;
	ok(at && !bad, "sysfs: nothing was written to ivshmem's memory");
	if (at)
		unmap_sysfs(ivshmem, 2, at);
}

int main(void)
{
	tap_begin();
	fill_area(PATTERN);
	count_in_ports(testdev);
	pci = open_pci(O_RDWR);
	readonly = open_pci(O_RDONLY);
	from_node();
	several();
	outside();
	asking();
	asking_node();
	left_out();
	edges();
	named_edges();
	order();
	only_to_read();
	/* Its claim would keep others from being the first. */
	close(pci);
	pci = open_pci(O_RDWR);
	config();
	master();
	vectors();
	strict();
	pointers();
	sizes();
	no_more_files();
	given_away();
	node_given_away();
	close(readonly);
	close(pci);
	is(claims(), 0, "nothing stays claimed");
	area_untouched();
	return tap_end();
}
