// SPDX-License-Identifier: GPL-2.0
/*
 * BARIOC_DERIVE and BARIOC_GRANT: what a derived file may do, what it says of it,
 * and that it may do no more. Witnesses: edu's liveness register, pci-testdev's
 * counter, ivshmem's memory and sysfs.
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
	const struct barioc_rule rules[] = {
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
	const struct barioc_rule rules[] = {
		rule(edu, 0, R, 0, 4), rule(e1000, 0, R, 0, 4),
	};
	struct barioc_rule one = rule(absent, 0, R, 0, 4);
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
	is(grant.attributes, BARIOC_GRANT_ALL, "it may do everything");
	is(grant.count, 0, "and has no rules");
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

	ok(fd >= 0, "a node, a rule that it can't give: the rest is derived");
	GRANT_IS(fd, want, "without that rule");
	close(fd);
	watch(descriptors);
	refused(node, BARIOC_DERIVE, &request, EACCES,
		"a node, no rule that it can give");
	watch(NULL);
	close(node);
	fd = derive(pci, (struct barioc_rule[]){
		    rule(edu, 0, W, 0, 8), rule(edu2, 0, R, 0, 4),
		    rule(ivshmem, 2, R, 0, 8) }, 3, NULL);
	child = derive(fd, two, 3, NULL);
	GRANT_IS(child, one, "three functions, and of two nothing is left");
	is(listed(child, found, 4), 1, "GETCONF lists the third alone");
	errno_is(read_at(child, edu, 0, 4, 4), ENODEV, "the first is not seen");
	errno_is(config_read(child, edu2, 0, 4, &value), ENODEV,
		 "nor the configuration space of the second");
	errno_is(derive(child, &other, 1, NULL) < 0 ? errno : 0, ENODEV,
		 "nor can it be derived");
	errno_is(read_at(child, ivshmem, 2, 0, 4), 0, "the third is");
	close(child);
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
	bario_refused(fd, request(edu, PCIBARIO_WRITE, CONFIG, 0, 4, 0),
		      EINVAL, "configuration space's number as a BAR");
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
	is(claims(), 0, "nothing stays claimed");
	area_untouched();
	return tap_end();
}
