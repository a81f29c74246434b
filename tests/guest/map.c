// SPDX-License-Identifier: GPL-2.0
/*
 * Tests pciio(4): PCIOCBARMMAP. Witnesses: PCIOCBARIO, sysfs, the host's side of ivshmem
 * and /proc/self/maps.
 */
#define _GNU_SOURCE
#include <limits.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include "derive.h"

#define RW	PCIIO_BAR_MMAP_RW
#define FIXED	PCIIO_BAR_MMAP_FIXED
#define EXCL	PCIIO_BAR_MMAP_EXCL
#define WRITE_COMBINING		1
#define WEAK_UNCACHEABLE	7

static int pci;
static int readonly;

static struct pci_bar_mmap ask(struct pcisel sel, unsigned int bar, int flags)
{
	struct pci_bar_mmap map;

	memset(&map, 0, sizeof(map));
	map.pbm_sel = sel;
	map.pbm_reg = 0x10 + 4 * bar;
	map.pbm_flags = flags;
	return map;
}

/* Which mappings of our nodes does this process have? */
static unsigned int mappings(void)
{
	FILE *file = fopen("/proc/self/maps", "r");
	unsigned int found = 0;
	char text[512];

	while (file && fgets(text, sizeof(text), file))
		found += strstr(text, "/dev/pci") || strstr(text, "bario/");
	if (file)
		fclose(file);
	return found;
}

static uint32_t nothing_mapped(void)
{
	return mappings();
}

/* Where in its file a mapping begins. */
static uint64_t offset_of(const void *at)
{
	FILE *file = fopen("/proc/self/maps", "r");
	unsigned long long start, end, offset, found = 0;
	char text[512];

	while (file && fgets(text, sizeof(text), file))
		if (sscanf(text, "%llx-%llx %*s %llx", &start, &end,
			   &offset) == 3 && start == (uintptr_t)at)
			found = offset;
	if (file)
		fclose(file);
	return found;
}

static void unmap(struct pci_bar_mmap *map)
{
	munmap(map->pbm_map_base, map->pbm_map_length);
}

/* ---- what a mapping is ---- */
static void answer(void)
{
	struct pci_bar_mmap map, was;

	about("PCIOCBARMMAP");
	memset(&map, 0x5a, sizeof(map));
	map.pbm_sel = ivshmem;
	map.pbm_reg = 0x18;
	map.pbm_flags = 0;
	map.pbm_memattr = 0;
	was = map;
	is_errno(ioctl(pci, PCIOCBARMMAP, &map), 0,
		 "fields that are not inputs are ignored");
	is((uintptr_t)map.pbm_map_base % PAGE, 0, "the mapping begins a page");
	is(map.pbm_map_length, 1 << 20, "the result has the length of the mapping");
	is(map.pbm_bar_length, 1 << 20, "the result has the length of the BAR");
	is(map.pbm_bar_off, 0, "the result has the offset of the BAR in its page");
	was.pbm_map_base = map.pbm_map_base;
	was.pbm_map_length = map.pbm_map_length;
	was.pbm_bar_length = map.pbm_bar_length;
	was.pbm_bar_off = map.pbm_bar_off;
	ok(!memcmp(&map, &was, sizeof(map)), "no other field changes");
	is(mappings(), 1, "the process has one mapping more");
	unmap(&map);
	is(mappings(), 0, "the mapping can be unmapped");
	ok(map_bar(pci, bridge, 0, 0, &map) && map.pbm_map_length == PAGE &&
	   map.pbm_bar_length == 256 &&
	   (unsigned int)map.pbm_bar_off == bar_range(bridge, 0).start % PAGE,
	   "a BAR of 256 bytes takes a whole page");
	unmap(&map);
}

static void reading(void)
{
	struct pci_bar_mmap map;
	volatile uint32_t *at = map_bar(pci, edu, 0, 0, &map);
	volatile unsigned char *byte;
	unsigned int i, bad = 0;

	about("a mapping for reading");
	if (!at)
		bail("edu can't be mapped");
	is(at[0], 0x010000ed, "edu: its identification can be read");
	put(pci, edu, 0, 4, 4, 0x600df00d);
	is(at[1], ~0x600df00du, "edu: it shows what PCIOCBARIO wrote");
	is(faults(at + 1, true), -1, "it cannot be written");
	is(get(pci, edu, 0, 4, 4), ~0x600df00du, "a write that faults does not reach the device");
	is(mprotect(map.pbm_map_base, PAGE, PROT_READ | PROT_WRITE), -1,
	   "mprotect cannot make it writable");
	errno_is(errno, EACCES, "mprotect for writing");
	is(faults(at + 1, true), -1, "it cannot be written after mprotect");
	unmap(&map);
	byte = map_bar(pci, ivshmem, 2, 0, &map);
	for (i = 0; i < 64; i++)
		put(pci, ivshmem, 2, 0x5000 + i, 1, 3 * i);
	for (i = 0; i < 64; i++)
		bad += byte[0x5000 + i] != (unsigned char)(3 * i);
	is(bad, 0, "a 64-bit BAR: it shows what PCIOCBARIO wrote");
	bad = memcmp((char *)byte + 0x1000, "what the host has written", 25);
	is(bad, 0, "a 64-bit BAR: it shows what the host wrote");
	is(byte[(1 << 20) - 1], get(pci, ivshmem, 2, (1 << 20) - 1, 1),
	   "a 64-bit BAR: it shows the last byte");
	unmap(&map);
}

static void writing(void)
{
	static const char text[] = "written through a mapping";
	struct pci_bar_mmap map;
	volatile uint32_t *at = map_bar(pci, edu, 0, RW, &map);
	char *shared;

	about("a mapping for writing");
	if (!at)
		bail("edu can't be mapped for writing");
	at[1] = 0xcafe;
	is(get(pci, edu, 0, 4, 4), ~0xcafeu, "PCIOCBARIO reads what it wrote");
	is(mprotect(map.pbm_map_base, PAGE, PROT_READ), 0,
	   "mprotect for reading only succeeds");
	is(faults(at + 1, true), -1, "it cannot be written after that");
	is(mprotect(map.pbm_map_base, PAGE, PROT_READ | PROT_WRITE), 0,
	   "mprotect for writing again succeeds");
	is(faults(at + 1, true), 0, "it can be written after that");
	unmap(&map);
	/* pciocbario.t has a look at the host's side. */
	shared = map_bar(pci, ivshmem, 2, RW | PCIIO_BAR_MMAP_ACTIVATE, &map);
	if (!shared)
		bail("ivshmem can't be mapped for writing");
	memcpy(shared + 0x4000, text, sizeof(text));
	is(get(pci, ivshmem, 2, 0x4000, 4), 0x74697277,
	   "a 64-bit BAR: PCIOCBARIO reads what it wrote");
	unmap(&map);
}

static void resizing(void)
{
	struct pci_bar_mmap map;
	volatile uint32_t *at = map_bar(pci, testdev, 0, RW, &map);
	void *moved, *area;

	about("a mapping");
	ok(mremap(map.pbm_map_base, PAGE, 2 * PAGE, MREMAP_MAYMOVE) == MAP_FAILED,
	   "mremap cannot let it grow past the BAR");
	is(at[1], port_in(testdev, 1, 4, 4), "it shows the BAR after mremap failed");
	area = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	moved = mremap(map.pbm_map_base, PAGE, PAGE,
		       MREMAP_MAYMOVE | MREMAP_FIXED, area);
	ok(moved == area, "mremap can move it");
	if (moved == area)
		is(((volatile uint32_t *)moved)[1], port_in(testdev, 1, 4, 4),
		   "it shows the BAR where it was moved");
	munmap(area, PAGE);
	is(mappings(), 0, "it can be unmapped where it was moved");
	at = map_bar(pci, ivshmem, 2, 0, &map);
	munmap((char *)map.pbm_map_base + PAGE, PAGE);
	ok(!faults(at, false) && faults(at + PAGE / 4, false) == -1 &&
	   !faults(at + PAGE / 2, false), "a page in its middle can be unmapped");
	unmap(&map);
}

static void placing(void)
{
	char *area = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct pci_bar_mmap map = ask(testdev, 0, FIXED), was;
	static const uintptr_t ignored[] = { 1, PAGE + 1, 4096 * PAGE, -PAGE };
	unsigned int i, bad = 0;
	int node;

	about("PCIOCBARMMAP");
	for (i = 0; i < ARRAY_SIZE(ignored); i++) {
		was = ask(testdev, 0, 0);
		was.pbm_map_base = (void *)ignored[i];
		bad += ioctl(pci, PCIOCBARMMAP, &was) != 0;
		unmap(&was);
	}
	is(bad, 0, "without FIXED the address is ignored");
	strcpy(area, "taken");
	map.pbm_map_base = area + PAGE;
	is_errno(ioctl(pci, PCIOCBARMMAP, &map), 0, "FIXED over a mapping succeeds");
	ok(map.pbm_map_base == area + PAGE, "FIXED maps at the address");
	is(*(volatile uint32_t *)(area + PAGE + 4), port_in(testdev, 1, 4, 4),
	   "FIXED replaces what was mapped there");
	is_str(area, "taken", "FIXED leaves the neighbours");
	map = ask(testdev, 0, FIXED | EXCL);
	map.pbm_map_base = area;
	watch(nothing_mapped);
	refused(pci, PCIOCBARMMAP, &map, EEXIST, "FIXED and EXCL over a mapping");
	is_str(area, "taken", "FIXED and EXCL over a mapping leave it");
	node = open_node(edu2, O_RDWR);
	ok(!claimed(edu2, 0), "second edu: it is not claimed");
	was = ask(edu2, 0, FIXED | EXCL);
	was.pbm_map_base = area;
	refused(node, PCIOCBARMMAP, &was, EEXIST, "FIXED and EXCL over a mapping, through a node");
	ok(claimed(edu2, 0), "second edu: EEXIST leaves the BAR claimed");
	close(node);
	ok(!claimed(edu2, 0), "second edu: closing the file ends the claim");
	munmap(area, 3 * PAGE);
	is_errno(ioctl(pci, PCIOCBARMMAP, &map), 0, "FIXED and EXCL over nothing succeed");
	ok(map.pbm_map_base == area, "FIXED and EXCL map at the address");
	unmap(&map);
	map = ask(testdev, 0, FIXED);
	map.pbm_map_base = area + 1;
	refused(pci, PCIOCBARMMAP, &map, EINVAL, "FIXED at an address that does not begin a page");
	map.pbm_map_base = area + PAGE / 2;
	refused(pci, PCIOCBARMMAP, &map, EINVAL, "FIXED at half a page");
	map.pbm_flags |= EXCL;
	refused(pci, PCIOCBARMMAP, &map, EINVAL, "FIXED and EXCL at half a page");
	map = ask(testdev, 0, EXCL);
	is_errno(ioctl(pci, PCIOCBARMMAP, &map), 0, "EXCL without FIXED succeeds");
	ok(map.pbm_map_length == PAGE && !munmap(map.pbm_map_base, PAGE),
	   "EXCL without FIXED maps at a free address");
	map = ask(testdev, 0, FIXED);
	map.pbm_map_base = (void *)-PAGE;
	refused(pci, PCIOCBARMMAP, &map, ENOMEM, "FIXED at the end of all addresses");
}

/* ---- refused ---- */
static void bad_fields(void)
{
	static const int attributes[] = { 2, 3, 4, 5, 6, 8, 0x100, -1, INT_MIN };
	static const int regs[] = {
		0, 4, 0xc, 0xf, 0x11, 0x13, 0x1c, 0x20, 0x24, 0x28, 0x30, 0x1010,
		-0x10, -1, INT_MIN, INT_MAX, 0x40000010,
	};
	struct pci_bar_mmap map;
	unsigned int i;
	int fd;

	about("PCIOCBARMMAP");
	for (i = 4; i < 32; i++) {
		map = ask(testdev, 0, RW | 1u << i);
		refused(pci, PCIOCBARMMAP, &map, EINVAL, "unknown flag %#x", 1u << i);
	}
	for (i = 0; i < ARRAY_SIZE(attributes); i++) {
		map = ask(ivshmem, 2, 0);
		map.pbm_memattr = attributes[i];
		refused(pci, PCIOCBARMMAP, &map, EINVAL, "unknown memory attribute %d",
			attributes[i]);
	}
	map.pbm_memattr = WRITE_COMBINING;
	refused(pci, PCIOCBARMMAP, &map, EINVAL, "memory attribute write-combining");
	for (i = 0; i < ARRAY_SIZE(regs); i++) {
		map = ask(testdev, 0, 0);
		map.pbm_reg = regs[i];
		refused(pci, PCIOCBARMMAP, &map, EINVAL, "no BAR at %#x", regs[i]);
	}
	map = ask(testdev, 1, 0);
	refused(pci, PCIOCBARMMAP, &map, EIO, "a port BAR");
	map = ask(absent, 0, 0x80);
	refused(pci, PCIOCBARMMAP, &map, ENODEV, "no such function");
	refused(readonly, PCIOCBARMMAP, &map, EPERM, "EPERM goes before ENODEV");
	map = ask(testdev, 0, 0);
	refused(readonly, PCIOCBARMMAP, &map, EPERM, "a descriptor open for reading");
	is_errno(ioctl(readonly, PCIOCBARMMAP, -PAGE), EFAULT,
		 "an address of the kernel on a descriptor open for reading");
	map = ask(unplaced, 2, 0);
	refused(pci, PCIOCBARMMAP, &map, ENXIO, "a BAR without an address");
	map = ask(rootport, 0, 0);
	refused(pci, PCIOCBARMMAP, &map, EBUSY, "a bound driver");
	map.pbm_flags = 0x80;
	refused(pci, PCIOCBARMMAP, &map, EINVAL, "EINVAL goes before EBUSY");
	fd = open_pci(O_WRONLY);
	map = ask(testdev, 0, 0);
	refused(fd, PCIOCBARMMAP, &map, EACCES, "a descriptor open for writing only");
	map = ask(testdev, 0, RW);
	refused(fd, PCIOCBARMMAP, &map, EACCES, "a descriptor open for writing only, with RW");
	map = ask(testdev, 3, 0);
	refused(fd, PCIOCBARMMAP, &map, EINVAL, "EINVAL goes before EACCES");
	map = ask(testdev, 1, 0);
	refused(fd, PCIOCBARMMAP, &map, EIO, "EIO goes before EACCES");
	map = ask(rootport, 0, 0);
	refused(fd, PCIOCBARMMAP, &map, EACCES, "EACCES goes before EBUSY");
	close(fd);
	map = ask(testdev, 0, 0);
	map.pbm_memattr = WEAK_UNCACHEABLE;
	is_errno(ioctl(pci, PCIOCBARMMAP, &map), 0, "memory attribute weakly uncacheable is allowed");
	unmap(&map);
}

/* Requests map at offsets of the file; another file must not use them. */
static void nodes(void)
{
	int node = open_node(e1000, O_RDWR);
	struct pci_bar_mmap map = ask(edu, 0, 0), other;
	uint64_t own, every;

	about("PCIOCBARMMAP");
	refused(node, PCIOCBARMMAP, &map, ENODEV, "another function, on a node");
	close(node);
	/* Its page may hold registers of others. */
	node = open_node(ivshmem, O_RDWR);
	map = ask(ivshmem, 0, 0);
	refused(node, PCIOCBARMMAP, &map, EACCES,
		"a BAR that does not fill its page, on a node");
	close(node);
	node = open_node(e1000e, O_RDWR);
	map = ask(e1000e, 3, 0);
	refused(node, PCIOCBARMMAP, &map, EACCES, "the BAR of the MSI-X table, on a node");
	map = ask(e1000e, 3, RW);
	refused(node, PCIOCBARMMAP, &map, EACCES, "the BAR of the MSI-X table, on a node, with RW");
	watch(NULL);
	ok(map_bar(node, e1000e, 0, RW, &other), "a node maps the other BARs");
	unmap(&other);
	ok(map_bar(pci, e1000e, 3, RW, &other), "/dev/pci maps the BAR of the MSI-X table");
	unmap(&other);
	ok(map_bar(pci, ivshmem, 0, 0, &other), "/dev/pci maps a BAR of less than a page");
	unmap(&other);
	close(node);
	node = open_node(e1000, O_RDWR);
	if (!map_bar(node, e1000, 0, RW, &map) || !map_bar(pci, e1000, 0, RW, &other))
		bail("e1000 can't be mapped");
	ok(true, "a node and /dev/pci map one BAR");
	own = offset_of(map.pbm_map_base);
	every = offset_of(other.pbm_map_base);
	/* A 32-bit caller can't even name such an offset. */
	ok(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, readonly, every) == MAP_FAILED &&
	   (sizeof(long) < 8 || errno == EPERM),
	   "a read-only file: mmap with /dev/pci's offset fails (%#llx)",
	   (unsigned long long)every);
	close(node);
	node = open_node(edu, O_RDWR);
	ok(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, node, own) == MAP_FAILED,
	   "another's node: mmap with that node's offset fails (%#llx)",
	   (unsigned long long)own);
	ok(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, node, every) == MAP_FAILED,
	   "another's node: mmap with /dev/pci's offset fails");
	unmap(&map);
	unmap(&other);
	close(node);
}

/* mmap(2) on the descriptor itself */
static void plain(void)
{
	int node = open_node(ivshmem, O_RDWR), reader = open_node(ivshmem, O_RDONLY);
	int writer = open_node(ivshmem, O_WRONLY), fd;
	struct stat st;

	about("mmap");
	is_errno(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, node,
		      BARIOC_MMAP_OFFSET(2, 0)) == MAP_FAILED ? -1 : 0, EINVAL,
		 "with MAP_PRIVATE");
	errno_is(try_map(node, 5, 0, 1, PROT_READ), EINVAL, "no such BAR");
	errno_is(try_map(node, 2, 256, 1, PROT_READ), EINVAL,
		 "past the last page of the BAR");
	errno_is(try_map(reader, 2, 0, 1, PROT_READ), EPERM,
		 "a descriptor open for reading");
	errno_is(try_map(reader, 2, 0, 1, PROT_READ | PROT_WRITE), EACCES,
		 "a descriptor open for reading, with PROT_WRITE");
	errno_is(try_map(writer, 2, 0, 1, PROT_READ), EACCES,
		 "a descriptor open for writing only");
	errno_is(try_map(node, 2, 0, 1, PROT_READ), 0, "a page of the BAR");
	close(node);
	close(reader);
	close(writer);
	fd = open_node(e1000e, O_RDWR);
	errno_is(try_map(fd, 3, 0, 1, PROT_READ), EACCES,
		 "the page of the MSI-X table, on a node");
	close(fd);
	fd = open_node(testdev, O_RDWR);
	errno_is(try_map(fd, 1, 0, 1, PROT_READ), EIO, "a port BAR");
	close(fd);
	/* Its node may not map the MSI-X table; a 32-bit caller has no such offset. */
	fd = open_node(rootport, O_RDWR);
	if (sizeof(long) == 8 && !fstat(fd, &st))
		is_errno(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, pci,
			      BARIOC_MMAP_NODE_OFFSET(minor(st.st_rdev), 0, 0)) ==
			 MAP_FAILED ? -1 : 0, EBUSY, "a bound driver");
	close(fd);
}

static void no_memory(void *unused)
{
	struct rlimit limit = { 64 << 20, 64 << 20 };
	struct pci_bar_mmap map = ask(ivshmem, 2, 0);

	about("PCIOCBARMMAP");
	(void)unused;
	if (setrlimit(RLIMIT_AS, &limit))
		bail("setrlimit");
	while (mmap(NULL, 1 << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		    0) != MAP_FAILED)
		;
	watch(nothing_mapped);
	refused(pci, PCIOCBARMMAP, &map, ENOMEM, "no address range is free");
}

static void pointers(void)
{
	struct pci_bar_mmap *map = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
					MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct pci_bar_mmap good = ask(testdev, 0, 0);

	about("PCIOCBARMMAP");
	*map = good;
	mprotect(map, PAGE, PROT_READ);
	is_errno(ioctl(pci, PCIOCBARMMAP, map), EFAULT,
		 "a structure in a read-only page");
	is(mappings(), 0, "a structure in a read-only page leaves no mapping");
	munmap(map, PAGE);
	watch(nothing_mapped);
	bad_pointers(pci, PCIOCBARMMAP, &good, "PCIOCBARMMAP");
	watch(NULL);
}

/* ---- how long it lasts ---- */
static void lasting(void)
{
	struct pci_bar_mmap map;
	volatile uint32_t *at;
	uint32_t was = cfg(edu2, COMMAND, 2);
	int fd = open_pci(O_RDWR);

	about("a mapping");
	set_cfg(edu2, COMMAND, 2, 0);
	at = map_bar(fd, edu2, 0, RW, &map);
	if (!at)
		bail("edu2 can't be mapped");
	ok(claimed(edu2, 0), "it claims the BAR");
	ok(cfg(edu2, COMMAND, 2) & COMMAND_MEMORY, "it turns decoding on");
	is(at[0], 0x010000ed, "it can be read");
	close(fd);
	ok(claimed(edu2, 0), "the claim stays when the file is closed");
	is(at[0], 0x010000ed, "it can be read when the file is closed");
	unmap(&map);
	ok(!claimed(edu2, 0), "the claim ends with it");
	is(cfg(edu2, COMMAND, 2), 0, "decoding is off again after it");
	set_cfg(edu2, COMMAND, 2, was);

	fd = open_pci(O_RDWR);
	at = map_bar(fd, edu2, 0, RW, &map);
	is(at[0], 0x010000ed, "it can be read before its function is removed");
	remove_function(edu2);
	is(faults(at, false), 1, "a read after the removal gives SIGBUS");
	is(faults(at + 1, true), 1, "a write after the removal gives SIGBUS");
	is(faults(at + 0x1000, false), 1, "a page not used before gives SIGBUS after the removal");
	rescan();
	ok(present(edu2), "the function is back after a rescan");
	is(faults(at, false), 1, "a read after the rescan gives SIGBUS");
	unmap(&map);
	ok(map_bar(fd, edu2, 0, 0, &map), "a new one can be made after the rescan");
	unmap(&map);
	close(fd);
}

int main(void)
{
	tap_begin();
	count_in_memory(testdev);
	pci = open_pci(O_RDWR);
	readonly = open_pci(O_RDONLY);
	answer();
	reading();
	writing();
	resizing();
	placing();
	watch(nothing_mapped);
	bad_fields();
	nodes();
	plain();
	pointers();
	in_child(no_memory, NULL);
	lasting();
	return tap_end();
}
