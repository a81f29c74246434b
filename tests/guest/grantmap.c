// SPDX-License-Identifier: GPL-2.0
/*
 * Tests bario(4): MAPPING. Mappings under a grant: whole pages of it, with its rights,
 * and no way to more. ivshmem's memory is filled with a pattern. At the end, sysfs shows
 * whether a byte of it has changed, as grant.t does on the host.
 */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include "derive.h"

#define FIRST		0x81u		/* page of ivshmem's BAR2 */
#define PAGES		3u		/* none may be written to, but */
#define SCRATCH		0x90u		/* these two */
#define BAR_PAGES	256u

static int pci;

static int map_errno(int fd, struct pcisel sel, unsigned int bar, int flags)
{
	struct pci_bar_mmap map;

	if (!map_bar(fd, sel, bar, flags, &map))
		return errno;
	munmap(map.pbm_map_base, map.pbm_map_length);
	return 0;
}

static void whole_pages(void)
{
	static const struct {
		uint64_t	offset;
		uint64_t	length;
		unsigned int	first;
		unsigned int	pages;
		int		want;
		const char	*name;
	} tries[] = {
		{ FIRST * PAGE, PAGE, FIRST, 1, 0, "one page" },
		{ FIRST * PAGE, PAGE, FIRST - 1, 1, EACCES, "the page before" },
		{ FIRST * PAGE, PAGE, FIRST + 1, 1, EACCES, "the page behind" },
		{ FIRST * PAGE, PAGE, FIRST, 2, EACCES, "it and the page behind" },
		{ FIRST * PAGE, PAGE, FIRST - 1, 2, EACCES, "it and the page before" },
		{ FIRST * PAGE, PAGE, 0, BAR_PAGES, EACCES, "the whole BAR" },
		{ FIRST * PAGE, PAGE - 1, FIRST, 1, EACCES, "a page except its last byte" },
		{ FIRST * PAGE + 1, PAGE - 1, FIRST, 1, EACCES, "a page except its first byte" },
		{ FIRST * PAGE + 1, PAGE, FIRST, 1, EACCES, "a page's length, off by one" },
		{ FIRST * PAGE + 1, PAGE, FIRST + 1, 1, EACCES, "likewise, the other page" },
		{ FIRST * PAGE + 8, 8, FIRST, 1, EACCES, "8 bytes" },
		{ FIRST * PAGE + 1, 2 * PAGE, FIRST + 1, 1, 0, "the one page within" },
		{ FIRST * PAGE + 1, 2 * PAGE, FIRST, 2, EACCES, "the two it lies in" },
		{ FIRST * PAGE + 1, 2 * PAGE, FIRST + 1, 2, EACCES, "the last two of three" },
		{ FIRST * PAGE, TO_END, FIRST, BAR_PAGES - FIRST, 0, "all to the end" },
		{ FIRST * PAGE, TO_END, BAR_PAGES - 1, 1, 0, "the last page" },
		{ FIRST * PAGE, TO_END, FIRST, BAR_PAGES - FIRST + 1, EINVAL, "one page more" },
		{ FIRST * PAGE, TO_END, BAR_PAGES, 1, EINVAL, "the page past the end" },
		{ FIRST * PAGE, TO_END, FIRST - 1, BAR_PAGES, EINVAL, "past the end, and outside" },
		{ 0, TO_END, 0, BAR_PAGES, 0, "the whole BAR of it all" },
		{ 1, TO_END, 0, BAR_PAGES, EACCES, "the whole BAR of all but a byte" },
		{ 0, BAR_PAGES * PAGE - 1, 0, BAR_PAGES, EACCES, "likewise, the last byte" },
	};
	unsigned int i;

	about("whole pages");
	for (i = 0; i < ARRAY_SIZE(tries); i++) {
		int fd = derive_one(pci, ivshmem, 2, R | W | M, tries[i].offset,
				    tries[i].length);
		int whole = tries[i].offset == 0 && tries[i].length >= BAR_PAGES * PAGE ?
			    0 : EACCES;

		errno_is(try_map(fd, 2, tries[i].first, tries[i].pages,
				 PROT_READ | PROT_WRITE), tries[i].want,
			 "mmap of %s", tries[i].name);
		errno_is(map_errno(fd, ivshmem, 2, 0), whole,
			 "PCIOCBARMMAP of the BAR, with a grant for %s",
			 tries[i].name);
		close(fd);
	}
}

/* Two rules make a page; a hole of a byte does not. */
static void pages_of_two(void)
{
	struct barioc_rule rules[] = {
		rule(ivshmem, 2, R | M, FIRST * PAGE, 0x800),
		rule(ivshmem, 2, R | W | M, FIRST * PAGE + 0x800, 0x800),
	};
	int fd = derive(pci, rules, 2, NULL);

	about("mmap of a page of two rules");
	errno_is(try_map(fd, 2, FIRST, 1, PROT_READ), 0, "half readable, half writable, for reading");
	errno_is(try_map(fd, 2, FIRST, 1, PROT_READ | PROT_WRITE), EACCES,
		 "half readable, half writable, for writing");
	close(fd);
	rules[1].length = 0x7ff;
	rules[0].rights |= W;
	fd = derive(pci, rules, 2, NULL);
	errno_is(try_map(fd, 2, FIRST, 1, PROT_READ), EACCES, "that lacks a byte");
	close(fd);
	rules[1].offset++;
	fd = derive(pci, rules, 2, NULL);
	errno_is(try_map(fd, 2, FIRST, 1, PROT_READ), EACCES,
		 "that lacks a byte in its middle");
	close(fd);
}

static void rights(void)
{
	static const int prots[] = {
		PROT_NONE, PROT_READ, PROT_WRITE, PROT_READ | PROT_WRITE,
		PROT_READ | PROT_EXEC, PROT_EXEC,
	};
	unsigned int set, i;

	about("mmap");
	for (set = 1; set < 8; set++) {
		int fd = derive_one(pci, ivshmem, 2, set, SCRATCH * PAGE, PAGE);
		unsigned int bad = 0;

		for (i = 0; i < ARRAY_SIZE(prots); i++) {
			int want = EACCES, got;

			if ((set & (R | M)) == (R | M))
				want = prots[i] & PROT_WRITE && !(set & W) ?
				       EACCES : 0;
			got = try_map(fd, 2, SCRATCH, 1, prots[i]);
			/* Linux 7 does not execute what such a file maps. */
			if (prots[i] & PROT_EXEC && got == EPERM)
				continue;
			bad += got != want;
			if (got != want)
				note("prot %d: %s", prots[i], errno_name(got));
		}
		is(bad, 0, "rights %s%s%s allow what they say", set & R ? "r" : "-",
		   set & W ? "w" : "-", set & M ? "m" : "-");
		close(fd);
	}
}

static int private_errno(int fd, int prot)
{
	void *at = mmap(NULL, PAGE, prot, MAP_PRIVATE, fd,
			BARIOC_MMAP_OFFSET(2, SCRATCH * PAGE));

	if (at == MAP_FAILED)
		return errno;
	munmap(at, PAGE);
	return 0;
}

static int poke_text(void *at)
{
	int fd = open("/proc/self/mem", O_RDWR);
	uint32_t word = 0;
	int error = pwrite(fd, &word, 4, (off_t)(uintptr_t)at) == 4 ? 0 : errno;

	close(fd);
	return error;
}

static int poke_process(void *at)
{
	uint32_t word = 0;
	struct iovec from = { &word, 4 }, to = { at, 4 };

	return process_vm_writev(getpid(), &from, 1, &to, 1, 0) == 4 ? 0 : errno;
}

static bool ptrace_pokes(void *at)
{
	pid_t pid = fork();
	bool poked;
	int status;

	if (!pid) {
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		raise(SIGSTOP);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	poked = !ptrace(PTRACE_POKEDATA, pid, at, 0);
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	return poked;
}

static void read_into(void *at)
{
	int pair[2];
	long got;

	if (pipe(pair) || write(pair[1], "\0\0\0\0", 4) != 4)
		bail("pipe");
	got = read(pair[0], at, 4);
	ok(got < 0 && errno == EFAULT, "the kernel does not write there for a read(2)");
	close(pair[0]);
	close(pair[1]);
}

/* A mapping to read, and everything that could make it one to write. */
static void only_to_read(void)
{
	int fd = derive_one(pci, ivshmem, 2, R | M, FIRST * PAGE, PAGE);
	uint32_t *at = map_pages(fd, 2, FIRST, 1, PROT_READ);
	char path[96];
	void *moved, *more;
	int again;

	about("a mapping for reading");
	if (!at)
		bail("a page can't be mapped");
	is(*at, PATTERN * 0x01010101, "it reads what the page holds");
	is(faults(at, true), -1, "it cannot be written");
	errno_is(mprotect(at, PAGE, PROT_READ | PROT_WRITE) ? errno : 0, EACCES,
		 "mprotect for writing");
	errno_is(mprotect(at, PAGE, PROT_WRITE) ? errno : 0, EACCES,
		 "mprotect for writing only");
	errno_is(mprotect(at, PAGE, PROT_NONE) ? errno : 0, 0, "mprotect to no access succeeds");
	errno_is(mprotect(at, PAGE, PROT_READ | PROT_WRITE) ? errno : 0, EACCES,
		 "mprotect from no access for writing");
	errno_is(mprotect(at, PAGE, PROT_READ) ? errno : 0, 0, "mprotect from no access for reading succeeds");
	is(faults(at, true), -1, "it cannot be written after mprotect");
	moved = mremap(at, PAGE, 2 * PAGE, MREMAP_MAYMOVE);
	ok(moved == MAP_FAILED, "mremap cannot let it grow");
	ok(mremap(at, 0, PAGE, MREMAP_MAYMOVE) == MAP_FAILED,
	   "mremap of length 0 cannot double it");
	ok(mremap(at, PAGE, PAGE, MREMAP_MAYMOVE | 4 /* DONTUNMAP */) == MAP_FAILED ||
	   faults(at, true), "mremap cannot leave it in two places");
	more = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	moved = mremap(at, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, more);
	if (ok(moved == more, "mremap can move it"))
		at = moved;
	errno_is(mprotect(at, PAGE, PROT_READ | PROT_WRITE) ? errno : 0, EACCES,
		 "mprotect for writing, once moved");
	is(faults(at, true), -1, "it cannot be written, once moved");
	/* Replays the mapping with another page. */
	syscall(SYS_remap_file_pages, at, PAGE, 0, (size_t)FIRST + 1, 0);
	ok(faults(at, false) || *(volatile uint32_t *)at == PATTERN * 0x01010101,
	   "remap_file_pages shows nothing else");
	munmap(at, PAGE);
	at = map_pages(fd, 2, FIRST, 1, PROT_READ);
	is(faults(at, false), 0, "the page can be mapped a second time");
	ok(poke_text(at), "/proc/self/mem does not write there");
	ok(poke_process(at), "process_vm_writev(2) does not write there");
	ok(!ptrace_pokes(at), "PTRACE_POKEDATA does not write there");
	read_into(at);
	/* The link that needs a capability: root opens the file of a mapping. */
	snprintf(path, sizeof(path), "/proc/self/map_files/%lx-%lx",
		 (unsigned long)at, (unsigned long)at + PAGE);
	again = open(path, O_RDWR);
	errno_is(again < 0 ? errno : 0, ENXIO,
		 "/proc/self/map_files does not open it again");
	madvise(at, PAGE, MADV_DONTNEED);
	madvise(at, PAGE, MADV_REMOVE);
	is(faults(at, false), 0, "MADV_DONTNEED and MADV_REMOVE leave it as it is");
	is(*(volatile uint32_t *)at, PATTERN * 0x01010101, "it reads what the page holds after that");
	munmap(at, PAGE);
	errno_is(private_errno(fd, PROT_READ), EINVAL, "mmap with MAP_PRIVATE, for reading");
	errno_is(private_errno(fd, PROT_READ | PROT_WRITE), EINVAL,
		 "mmap with MAP_PRIVATE, for writing");
	close(fd);
	/* A right to write that the mapping did not ask for. */
	fd = derive_one(pci, ivshmem, 2, R | W | M, SCRATCH * PAGE, PAGE);
	at = map_pages(fd, 2, SCRATCH, 1, PROT_READ);
	errno_is(mprotect(at, PAGE, PROT_READ | PROT_WRITE) ? errno : 0, EACCES,
		 "mprotect for writing, with a grant for writing");
	munmap(at, PAGE);
	at = map_pages(fd, 2, SCRATCH, 1, PROT_READ | PROT_WRITE);
	is(faults(at + 1, true), 0, "a mapping for writing can be written");
	is(get(pci, ivshmem, 2, SCRATCH * PAGE + 4, 4), 0, "PCIOCBARIO reads what a mapping wrote");
	ok(mremap(at, PAGE, 2 * PAGE, MREMAP_MAYMOVE) == MAP_FAILED,
	   "mremap cannot let it grow");
	munmap(at, PAGE);
	close(fd);
}

/* A mapping outlives its file, not its rights, and a fork has it as it is. */
static void inherited(void)
{
	int fd = derive_one(pci, ivshmem, 2, R | M, FIRST * PAGE, PAGE), status;
	uint32_t *at = map_pages(fd, 2, FIRST, 1, PROT_READ);
	pid_t pid;

	about("mappings");
	close(fd);
	pid = fork();
	if (!pid)
		_exit(faults(at, false) || faults(at, true) != -1 ||
		      !mprotect(at, PAGE, PROT_READ | PROT_WRITE) ||
		      *at != PATTERN * 0x01010101);
	waitpid(pid, &status, 0);
	is(status, 0, "a child has a mapping for reading, and no more");
	ok(claimed(ivshmem, 2), "a mapping holds the claim when its file is closed");
	munmap(at, PAGE);
}

static void other_places(void)
{
	int fd = derive_one(pci, ivshmem, 2, R | W | M, 0, TO_END), node, serial_fd;
	const struct barioc_rule two[] = {
		rule(ivshmem, 2, R | M, FIRST * PAGE, PAGE), rule(edu, 0, R | M, 0, PAGE),
	};
	struct pci_bar_mmap map;
	unsigned int bar;
	int both = derive(pci, two, 2, NULL);

	about("mappings elsewhere");
	for (bar = 0; bar < 8; bar++)
		if (bar != 2)
			errno_is(try_map(fd, bar, 0, 1, PROT_READ),
				 bar ? EINVAL : EACCES, "mmap of BAR %u", bar);
	serial_fd = derive_one(pci, serial2, 0, R | W | M, 0, TO_END);
	errno_is(try_map(serial_fd, 0, 0, 1, PROT_READ), EIO, "mmap of ports");
	close(serial_fd);
	errno_is(map_errno(fd, edu, 0, 0), ENODEV, "PCIOCBARMMAP of another function");
	errno_is(map_errno(fd, ivshmem, 0, 0), EACCES, "PCIOCBARMMAP of another BAR");
	errno_is(map_errno(fd, ivshmem, 2, PCIIO_BAR_MMAP_RW), 0, "PCIOCBARMMAP of the granted BAR succeeds");
	errno_is(try_map(pci, 2, FIRST, 1, PROT_READ), ENODEV,
		 "mmap of /dev/pci with an offset that names no function");
	errno_is(try_map(both, 2, FIRST, 1, PROT_READ), ENODEV,
		 "mmap of a file for two functions with an offset that names none");
	errno_is(map_errno(both, edu, 0, 0), EACCES, "PCIOCBARMMAP of a file for two functions, one page granted");
	node = derive_one(both, edu, 0, R | W | M, 0, TO_END);
	errno_is(try_map(node, 0, 0, 1, PROT_READ), 0, "mmap of a file derived from it, its page, succeeds");
	errno_is(try_map(node, 0, 1, 1, PROT_READ), EACCES, "mmap of a file derived from it, the next page");
	errno_is(map_errno(node, edu, 0, 0), EACCES, "mmap of a file derived from it, the whole BAR");
	close(node);
	close(both);
	/* An order of errors: EINVAL, EIO, EACCES, EBUSY. */
	node = derive_one(pci, rootport, 0, R, 0, 4);
	errno_is(try_map(node, 0, 0, 1, PROT_READ), EACCES,
		 "mmap with a bound driver, without the right to map");
	close(node);
	node = derive_one(pci, e1000, 0, R | M, 0, TO_END);
	errno_is(map_errno(node, e1000, 0, PCIIO_BAR_MMAP_RW), EACCES,
		 "PCIOCBARMMAP for writing, with a grant for reading");
	errno_is(map_errno(node, e1000, 0, 0), 0, "PCIOCBARMMAP for reading succeeds");
	if (map_bar(node, e1000, 0, 0, &map)) {
		is(mprotect(map.pbm_map_base, PAGE, PROT_READ | PROT_WRITE), -1,
		   "mprotect for writing of PCIOCBARMMAP's mapping");
		munmap(map.pbm_map_base, map.pbm_map_length);
	}
	close(node);
	close(fd);
}

#if UINTPTR_MAX > 0xffffffff
/* The offset of a mapping in its file has the minor of the function. */
static uint64_t minor_of(struct pcisel sel, unsigned int bar)
{
	struct pci_bar_mmap map;
	unsigned long long start, end, offset, found = 0;
	FILE *file;
	char text[512];

	if (!map_bar(pci, sel, bar, 0, &map))
		bail("%s can't be mapped", sysfs_name(sel));
	file = fopen("/proc/self/maps", "r");
	while (file && fgets(text, sizeof(text), file))
		if (sscanf(text, "%llx-%llx %*s %llx", &start, &end,
			   &offset) == 3 && start == (uintptr_t)map.pbm_map_base)
			found = offset >> BARIOC_MMAP_NODE_SHIFT;
	fclose(file);
	munmap(map.pbm_map_base, map.pbm_map_length);
	return found;
}

static int minor_errno(int fd, uint64_t minor, unsigned int bar,
		       unsigned int page)
{
	void *at = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd,
			BARIOC_MMAP_NODE_OFFSET(minor, bar, page * PAGE));

	if (at == MAP_FAILED)
		return errno;
	munmap(at, PAGE);
	return 0;
}

static void minors(void)
{
	uint64_t own = minor_of(ivshmem, 2), other = minor_of(edu, 0), i;
	int fd = derive_one(pci, ivshmem, 2, R | M, FIRST * PAGE, PAGE);
	int node = open_node(ivshmem, O_RDWR);
	unsigned int got = 0, bad = 0;

	errno_is(minor_errno(fd, own, 2, FIRST), 0, "mmap with the minor of its function succeeds");
	errno_is(minor_errno(fd, own, 2, FIRST + 1), EACCES, "mmap with the minor of its function, the next page");
	errno_is(minor_errno(fd, other, 0, 0), ENODEV, "mmap with another function's minor");
	errno_is(minor_errno(node, other, 0, 0), ENODEV, "mmap of a node with another function's minor");
	for (i = 0; i < 1 << 20; i += 37) {
		int error = i == own || !i ? ENODEV : minor_errno(fd, i, 0, 0);

		got += !error;
		bad += error != ENODEV && error != EOVERFLOW && error != EINVAL;
		if (error != ENODEV && error && bad < 3)
			note("minor %#llx: %s", (unsigned long long)i,
			     errno_name(error));
	}
	is(got, 0, "mmap with any other minor maps nothing");
	is(bad, 0, "mmap with any other minor: ENODEV");
	errno_is(minor_errno(pci, own, 2, FIRST), 0, "mmap of /dev/pci with a minor succeeds");
	close(node);
	close(fd);
}
#else
static void minors(void)
{
	/* An offset in pages, of 32 bits, is too short for a minor. */
}
#endif

/* The user nobody has a descriptor for one page, for reading. */
static void nobody_maps(void *arg)
{
	int fd;
	uint32_t *at;

	dup2(*(int *)arg, 3);
	syscall(SYS_close_range, 4, ~0u, 0);
	fd = receive_fd(3);
	at = map_pages(fd, 2, FIRST, 1, PROT_READ);
	ok(at && *at == PATTERN * 0x01010101, "maps the page");
	is(at ? faults(at, true) : -2, -1, "cannot write the page");
	is(at ? mprotect(at, PAGE, PROT_READ | PROT_WRITE) : 0, -1,
	   "cannot make the page writable");
	errno_is(try_map(fd, 2, FIRST + 1, 1, PROT_READ), EACCES, "mmap of the next page");
	errno_is(try_map(fd, 2, FIRST, 1, PROT_READ | PROT_WRITE), EACCES,
		 "mmap for writing");
	errno_is(map_errno(fd, ivshmem, 2, 0), EACCES, "PCIOCBARMMAP of the whole BAR");
}

static void given_away(void)
{
	int pair[2], fd = derive_one(pci, ivshmem, 2, R | M, FIRST * PAGE, PAGE);

	about("nobody, with a descriptor");
	socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
	send_fd(pair[0], fd);
	close(fd);
	as_nobody(nobody_maps, &pair[1]);
	close(pair[0]);
	close(pair[1]);
}

static void fill(void)
{
	unsigned char *at = map_sysfs(ivshmem, 2);

	if (!at)
		bail("ivshmem can't be mapped through sysfs");
	memset(at + FIRST * PAGE, PATTERN, PAGES * PAGE);
	unmap_sysfs(ivshmem, 2, at);
}

static void untouched(void)
{
	unsigned char *at = map_sysfs(ivshmem, 2);
	unsigned int i, bad = 0;

	for (i = 0; at && i < PAGES * PAGE; i++)
		bad += ((volatile unsigned char *)at)[FIRST * PAGE + i] != PATTERN;
	ok(at && !bad, "sysfs: nothing was written to pages granted for reading");
	if (at)
		unmap_sysfs(ivshmem, 2, at);
}

int main(void)
{
	tap_begin();
	fill();
	pci = open_pci(O_RDWR);
	whole_pages();
	pages_of_two();
	rights();
	only_to_read();
	inherited();
	other_places();
	minors();
	given_away();
	close(pci);
	is(claims(), 0, "nothing is claimed in the end");
	untouched();
	return tap_end();
}
