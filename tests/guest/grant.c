// SPDX-License-Identifier: GPL-2.0
/*
 * Tests barioc(4): BARIOC_DERIVE. Also BARIOC_GRANT: what a derived file may do, what it
 * tells of that, and that it may do no more. Witnesses: edu's liveness register,
 * pci-testdev's counter, ivshmem's memory and sysfs.
 */
#define _GNU_SOURCE
#include <sys/mman.h>
#include "derive.h"

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

/* ---- deriving ---- */
static void from_node(void)
{
	int node = open_node(edu, O_RDWR), fd, deep, i;
	struct barioc_rule one = rule(edu, 0, R, 4, 4);

	about("a file derived from a node");
	put(pci, edu, 0, 4, 4, 0x11112222);
	fd = derive_one(node, edu, 0, R, 4, 4);
	is(get(fd, edu, 0, 4, 4), ~0x11112222u, "it reads a granted register");
	watch(liveness);
	bario_refused(fd, request(edu, PCIBARIO_WRITE, 0, 4, 4, 1), EACCES,
		      "a write, with a grant for reading");
	bario_refused(fd, request(edu, PCIBARIO_READ, 0, 0, 4, 1), EACCES,
		      "a read of the register before");
	bario_refused(fd, request(edu, PCIBARIO_READ, 0, 8, 4, 1), EACCES,
		      "a read of the register after");
	bario_refused(fd, request(edu, PCIBARIO_READ, 0, 0, 8, 1), EACCES,
		      "a read of 8 bytes that end with the granted register");
	for (i = 0, deep = fd; i < 20; i++) {
		int next = derive_one(deep, edu, 0, R | W | M, 0, TO_END);

		if (deep != fd)
			close(deep);
		deep = next;
	}
	is(get(deep, edu, 0, 4, 4), ~0x11112222u, "20 levels deep it reads");
	bario_refused(deep, request(edu, PCIBARIO_WRITE, 0, 4, 4, 1), EACCES,
		      "20 levels deep, each with rules for everything: a write");
	bario_refused(deep, request(edu, PCIBARIO_READ, 0, 8, 4, 1), EACCES,
		      "20 levels deep: a read of the register after");
	close(deep);
	close(fd);
	fd = derive_one(node, edu, 0, W, 4, 4);
	bario_refused(fd, request(edu, PCIBARIO_READ, 0, 4, 4, 1), EACCES,
		      "with a grant for writing: a read");
	put(fd, edu, 0, 4, 4, 0x33334444);
	is(liveness(), ~0x33334444u, "with a grant for writing it writes");
	bario_refused(fd, request(edu, PCIBARIO_WRITE, 0, 0, 8, 1), EACCES,
		      "with a grant for writing: 8 bytes that end with the register");
	errno_is(derive(fd, &one, 1, NULL) < 0 ? errno : 0, EACCES,
		 "BARIOC_DERIVE for reading, of a grant for writing");
	one.rights |= W;
	deep = derive(fd, &one, 1, NULL);
	bario_refused(deep, request(edu, PCIBARIO_READ, 0, 4, 4, 1), EACCES,
		      "derived for both of a grant for writing: a read");
	errno_is(try_write(deep, edu, 0, 4, 4, 0x33334444), 0,
		 "derived for both of a grant for writing, it writes");
	close(deep);
	close(fd);
	fd = derive_one(node, edu, 0, M, 0, TO_END);
	bario_refused(fd, request(edu, PCIBARIO_READ, 0, 4, 4, 1), EACCES,
		      "with a grant for mapping: a read");
	bario_refused(fd, request(edu, PCIBARIO_WRITE, 0, 4, 4, 1), EACCES,
		      "with a grant for mapping: a write");
	watch(NULL);
	errno_is(try_map(fd, 0, 0, 1, PROT_READ), EACCES, "with a grant for mapping: mmap for reading");
	errno_is(try_map(fd, 0, 0, 1, PROT_NONE), EACCES, "with a grant for mapping: mmap for no access");
	close(fd);
	fd = derive_one(node, edu, 0, R | W, 0, TO_END);
	is(get(fd, edu, 0, 0, 4), 0x010000ed, "with a grant for a whole BAR it reads");
	errno_is(try_map(fd, 0, 0, 1, PROT_READ), EACCES,
		 "without the right to map: mmap");
	close(fd);
	close(node);
}

static void several(void)
{
	const struct barioc_rule rules[] = {
		rule(ivshmem, 2, R, AREA, 4),
		rule(edu, 0, R | W, 4, 4),
		rule(testdev, 1, R, 0, 16),
		rule(edu, 0, R, 0, 4),
	};
	int fd = derive(pci, rules, ARRAY_SIZE(rules), NULL);
	struct pci_conf found[8];
	uint32_t value;

	about("a file for several functions");
	is(listed(fd, found, 8), 3, "PCIOCGETCONF lists three");
	ok(same_sel(found[0].pc_sel, testdev) && same_sel(found[1].pc_sel, edu) &&
	   same_sel(found[2].pc_sel, ivshmem), "PCIOCGETCONF lists them in order");
	is(get(fd, edu, 0, 0, 4), 0x010000ed, "it reads the first function");
	is(get(fd, ivshmem, 2, AREA, 4), PATTERN * 0x01010101, "it reads the second function");
	is(get(fd, testdev, 1, TESTDEV_DATA, 1), TARGET_DATA, "it reads the third function");
	watch(count);
	bario_refused(fd, request(testdev, PCIBARIO_WRITE, 1, PORT_TARGET, 1, TARGET_DATA),
		      EACCES, "a write to a port that is not granted");
	bario_refused(fd, request(testdev, PCIBARIO_WRITE, 1, 0, 1, 0), EACCES,
		      "a write to a port granted for reading");
	bario_refused(fd, request(testdev, PCIBARIO_READ, 1, 14, 4, 0), EACCES,
		      "a read of ports past the granted ones");
	bario_refused(fd, request(testdev, PCIBARIO_READ, 0, 0, 4, 0), EACCES,
		      "another BAR");
	bario_refused(fd, request(e1000, PCIBARIO_READ, 0, 0, 4, 0), ENODEV,
		      "another function");
	bario_refused(fd, request(absent, PCIBARIO_READ, 0, 0, 4, 0), ENODEV,
		      "no function");
	watch(NULL);
	errno_is(config_read(fd, e1000, 0, 4, &value), ENODEV,
		 "PCIOCREAD: another function");
	errno_is(config_read(fd, edu, 0, 4, &value), 0, "PCIOCREAD of its function succeeds");
	is(value, cfg(edu, 0, 4), "PCIOCREAD of its function returns what sysfs reads");
	close(fd);
}

static void outside(void)
{
	const struct barioc_rule rules[] = {
		rule(edu, 0, R, 0, 4), rule(e1000, 0, R, 0, 4),
	};
	struct barioc_rule one = rule(absent, 0, R, 0, 4);
	int node = open_node(edu, O_RDWR), fd = derive_one(pci, edu, 0, R, 0, 4);

	about("BARIOC_DERIVE");
	errno_is(derive(node, rules, 2, NULL) < 0 ? errno : 0, ENODEV,
		 "a rule for another function, on a node");
	errno_is(derive(fd, rules, 2, NULL) < 0 ? errno : 0, ENODEV,
		 "a rule for another function, on a derived file");
	errno_is(derive(pci, &one, 1, NULL) < 0 ? errno : 0, ENODEV,
		 "a rule for no function, on /dev/pci");
	one = rule(edu, 0, R, 0, 4);
	one.domain = 0x10000;
	errno_is(derive(node, &one, 1, NULL) < 0 ? errno : 0, ENODEV,
		 "a rule for another domain, on a node");
	one.domain = 0;
	one.bus = 1;
	errno_is(derive(node, &one, 1, NULL) < 0 ? errno : 0, ENODEV,
		 "a rule for another bus, on a node");
	one.bus = 0;
	one.func = 1;
	errno_is(derive(node, &one, 1, NULL) < 0 ? errno : 0, ENODEV,
		 "a rule for another function of the device, on a node");
	close(node);
	close(fd);
}

/* ---- asking ---- */
static void asking(void)
{
	const struct barioc_rule rules[] = {
		rule(ivshmem, 2, R, 0x30, 8), rule(ivshmem, 2, R | W, 0x10, 0x10),
		rule(edu, 0, R, 8, 8), rule(ivshmem, 2, R, 0x20, 0x10),
		rule(ivshmem, 2, W, 0x34, 0x100), rule(ivshmem, CONFIG, W, 0x3c, 1),
		rule(ivshmem, 2, M, ~0ull, 1), rule(edu, 0, R, 16, 8),
	};
	const struct barioc_rule want[] = {
		rule(edu, 0, R, 8, 16),
		rule(ivshmem, 2, R | W, 0x10, 0x10), rule(ivshmem, 2, R, 0x20, 0x14),
		rule(ivshmem, 2, R | W, 0x34, 4), rule(ivshmem, 2, W, 0x38, 0xfc),
		rule(ivshmem, 2, M, ~0ull, TO_END), rule(ivshmem, CONFIG, W, 0x3c, 1),
	};
	int fd = derive(pci, rules, ARRAY_SIZE(rules), NULL), again;
	struct barioc_rule got[16], none[16];
	struct barioc_grant grant = { 0 };
	unsigned int capacity;

	about("BARIOC_GRANT");
	GRANT_IS(fd, want, "rules come back sorted, put together and split");
	memset(none, 0x5a, sizeof(none));
	for (capacity = 0; capacity <= ARRAY_SIZE(want) + 2; capacity++) {
		unsigned int n = capacity < ARRAY_SIZE(want) ? capacity : ARRAY_SIZE(want);

		memset(got, 0x5a, sizeof(got));
		is(ask_grant(fd, got, capacity), ARRAY_SIZE(want),
		   "capacity %u: the result is the number of rules", capacity);
		ok(!memcmp(got, want, n * sizeof(*got)) &&
		   !memcmp(got + n, none, (16 - n) * sizeof(*got)),
		   "capacity %u: that many rules are written, and nothing after", capacity);
	}
	is(ask_grant(fd, NULL, 0), ARRAY_SIZE(want), "no capacity and no address: the result is the number of rules");
	again = derive(fd, want, ARRAY_SIZE(want), NULL);
	GRANT_IS(again, want, "a file derived from the answer has the same grant");
	close(again);
	close(fd);

	is_errno(ioctl(pci, BARIOC_GRANT, &grant), 0, "/dev/pci answers");
	is(grant.attributes, BARIOC_GRANT_ALL, "/dev/pci may do everything");
	is(grant.count, 0, "/dev/pci has no rules");
}

static void asking_node(void)
{
	const struct barioc_rule plain[] = {
		rule(edu, 0, R | W | M, 0, TO_END), rule(edu, 1, R | W | M, 0, TO_END),
		rule(edu, 2, R | W | M, 0, TO_END), rule(edu, 3, R | W | M, 0, TO_END),
		rule(edu, 4, R | W | M, 0, TO_END), rule(edu, 5, R | W | M, 0, TO_END),
		rule(edu, CONFIG, R, 0, TO_END),
	};
	int node = open_node(edu, O_RDWR), fd;
	struct barioc_rule got[32];
	unsigned int n;

	about("BARIOC_GRANT");
	GRANT_IS(node, plain, "a node has all BARs, and configuration space for reading");
	fd = derive(node, plain, ARRAY_SIZE(plain), NULL);
	GRANT_IS(fd, plain, "a file derived from a node's answer has the same grant");
	close(fd);
	close(node);
	node = open_node(e1000e, O_RDWR);
	n = ask_grant(node, got, ARRAY_SIZE(got));
	fd = derive(node, got, n, NULL);
	grant_is(fd, got, n, "a file derived from the answer of a node with MSI-X has the same grant");
	close(fd);
	close(node);
}

/* A right that the file lacks is left out, and so is a function without a right. */
static void left_out(void)
{
	const struct barioc_rule rules[] = {
		rule(edu, CONFIG, W, 0, TO_END), rule(edu, 0, R, 0, 8),
	};
	const struct barioc_rule want[] = { rule(edu, 0, R, 0, 8) };
	const struct barioc_rule two[] = {
		rule(edu, 0, R, 4, 4), rule(edu2, 0, W, 0, TO_END),
		rule(ivshmem, 2, R, 0, 8),
	};
	const struct barioc_rule one[] = { rule(ivshmem, 2, R, 0, 8) };
	int node = open_node(edu, O_RDWR), fd = derive(node, rules, 2, NULL);
	struct barioc_derive request = asking_for(rules, 1);
	struct barioc_rule other = rule(edu2, 0, R, 0, 4);
	struct pci_conf found[4];
	uint32_t value;
	int child;

	about("BARIOC_DERIVE");
	ok(fd >= 0, "a rule beyond the grant is left out");
	GRANT_IS(fd, want, "a rule beyond the grant is not in the new grant");
	close(fd);
	watch(descriptors);
	refused(node, BARIOC_DERIVE, &request, EACCES,
		"only rules beyond the grant");
	watch(NULL);
	close(node);
	fd = derive(pci, (struct barioc_rule[]){
		    rule(edu, 0, W, 0, 8), rule(edu2, 0, R, 0, 4),
		    rule(ivshmem, 2, R, 0, 8) }, 3, NULL);
	child = derive(fd, two, 3, NULL);
	GRANT_IS(child, one, "functions without a right are left out");
	is(listed(child, found, 4), 1, "PCIOCGETCONF lists only the function that is left");
	errno_is(read_at(child, edu, 0, 4, 4), ENODEV, "PCIOCBARIO: a function that is left out");
	errno_is(config_read(child, edu2, 0, 4, &value), ENODEV,
		 "PCIOCREAD: a function that is left out");
	errno_is(derive(child, &other, 1, NULL) < 0 ? errno : 0, ENODEV,
		 "a rule for a function that is left out");
	errno_is(read_at(child, ivshmem, 2, 0, 4), 0, "PCIOCBARIO of the function that is left succeeds");
	close(child);
	close(fd);
}

/* ---- order of errors ---- */
static void order(void)
{
	int fd = derive_one(pci, edu, 0, R, 4, 4), file;
	struct pci_bar_mmap map = { .pbm_sel = edu, .pbm_reg = 0x14 };
	struct pci_io io = { edu, 0x3d, 4, 0 };

	about("a derived file");
	watch(liveness);
	bario_refused(fd, request(edu, PCIBARIO_READ, 0, 1 << 20, 4, 0), EINVAL,
		      "past the end goes before the grant");
	bario_refused(fd, request(edu, PCIBARIO_WRITE, 0, 0x11, 4, 0), EINVAL,
		      "a misaligned offset goes before the grant");
	bario_refused(fd, request(edu, PCIBARIO_WRITE, 0, 0x10, 3, 0), EINVAL,
		      "a bad width goes before the grant");
	bario_refused(fd, request(edu, 3, 0, 0x10, 4, 0), EINVAL,
		      "a bad operation goes before the grant");
	bario_refused(fd, request(edu, PCIBARIO_WRITE, 1, 0x10, 4, 0), EINVAL,
		      "no such BAR");
	bario_refused(fd, request(edu, PCIBARIO_WRITE, CONFIG, 0, 4, 0),
		      EINVAL, "configuration space as a BAR");
	bario_refused(fd, request(edu, PCIBARIO_WRITE, ~0u, 0, 4, 0), EINVAL,
		      "a BAR of all ones");
	refused(fd, PCIOCBARMMAP, &map, EINVAL, "no such BAR");
	map.pbm_reg = 0x10;
	refused(fd, PCIOCBARMMAP, &map, EACCES, "a BAR of which a register is granted");
	map.pbm_flags = 0x80;
	refused(fd, PCIOCBARMMAP, &map, EINVAL, "an unknown flag goes before the grant");
	refused(fd, PCIOCWRITE, &io, EINVAL, "a misaligned offset");
	io.pi_reg = 0x10000;
	refused(fd, PCIOCWRITE, &io, EINVAL, "past the end");
	io.pi_reg = 0x3c;
	refused(fd, PCIOCWRITE, &io, EACCES, "a register that is not granted");
	close(fd);
	fd = derive_one(pci, serial, 0, R, 1, 2);
	bario_refused(fd, request(serial, PCIBARIO_READ, 0, 0, 1, 0), EACCES,
		      "the grant goes before a bound driver");
	bario_refused(fd, request(serial, PCIBARIO_WRITE, 0, 1, 1, 0), EACCES,
		      "a grant for reading goes before a bound driver");
	bario_refused(fd, request(serial, PCIBARIO_READ, 0, 8, 1, 0), EINVAL,
		      "past the end goes before a bound driver");
	bario_refused(fd, request(serial, PCIBARIO_READ, 0, 1, 1, 0), EBUSY,
		      "a bound driver");
	map = (struct pci_bar_mmap){ .pbm_sel = serial, .pbm_reg = 0x10 };
	refused(fd, PCIOCBARMMAP, &map, EIO, "a port BAR");
	close(fd);
	fd = derive_one(pci, unplaced, 0, R, 0, 4);
	bario_refused(fd, request(unplaced, PCIBARIO_READ, 2, 0, 4, 0), ENXIO,
		      "a BAR without an address goes before the grant");
	map = (struct pci_bar_mmap){ .pbm_sel = unplaced, .pbm_reg = 0x18 };
	refused(fd, PCIOCBARMMAP, &map, ENXIO, "a BAR without an address goes before the grant");
	close(fd);
	file = open_pci(O_WRONLY);
	fd = derive_one(file, edu, 0, W, 4, 4);
	map = (struct pci_bar_mmap){ .pbm_sel = edu, .pbm_reg = 0x10 };
	bario_refused(fd, request(edu, PCIBARIO_WRITE, 0, 8, 4, 0), EACCES,
		      "derived from a file open for writing: a register that is not granted");
	refused(fd, PCIOCBARMMAP, &map, EACCES, "derived from a file open for writing");
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

	about("a derived file that is open for reading");
	for (i = 0; i < 3; i++) {
		fd = derive_one(from[i], edu, 0, R | W | M, 0, TO_END);
		is(fcntl(fd, F_GETFL) & O_ACCMODE, fcntl(from[i], F_GETFL) & O_ACCMODE,
		   "derived from %s: it is open like its parent", names[i]);
		fcntl(fd, F_SETFL, O_RDWR);
		watch(liveness);
		bario_refused(fd, request(edu, PCIBARIO_READ, 0, 4, 4, 0), EPERM,
			      "a read");
		bario_refused(fd, request(edu, PCIBARIO_WRITE, 0, 4, 4, 0), EPERM,
			      "a write");
		refused(fd, PCIOCBARMMAP, &map, EPERM, "a BAR");
		refused(fd, PCIOCREAD, &io, EPERM, "a register");
		refused(fd, PCIOCWRITE, &io, EPERM, "a register that is not granted");
		refused(fd, PCIOCATTACHED, &io, EPERM, "a function");
		watch(NULL);
		ok(try_map(fd, 0, 0, 1, PROT_READ), "mmap for reading fails");
		ok(try_map(fd, 0, 0, 1, PROT_READ | PROT_WRITE),
		   "mmap for writing fails");
		is(listed(fd, found, 4), 1, "PCIOCGETCONF lists only its function");
		is_errno(ioctl(fd, PCIOCGETBAR, &base), 0, "PCIOCGETBAR succeeds");
		close(fd);
	}
	close(any);
	close(node);
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
	order();
	only_to_read();
	close(readonly);
	close(pci);
	is(claims(), 0, "nothing is claimed in the end");
	area_untouched();
	return tap_end();
}
