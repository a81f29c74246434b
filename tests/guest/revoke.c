// SPDX-License-Identifier: GPL-2.0
/*
 * Tests barioc(4): BARIOC_REVOKE. Also other ends of a grant: a file that was revoked
 * stays so, whatever a client still holds, and no other file loses anything. Witnesses:
 * /proc/iomem, fdinfo, and the accesses and mappings of the other files.
 */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include "derive.h"

#define EDU_ID	0x010000edu

static int pci;

/* Each request on a file that was revoked */
static void is_dead(int fd, struct pcisel sel, const char *who)
{
	struct barioc_rule one = rule(sel, 0, R, 0, 4);
	struct barioc_derive derive = { .rules = (uintptr_t)&one, .count = 1 };
	struct barioc_grant grant = { 0 };
	struct barioc_revoke end = { 0 };
	struct barioc_holder holder = { .dev = sel.pc_dev, .bus = sel.pc_bus };
	struct pci_bar_mmap map = { .pbm_sel = sel, .pbm_reg = 0x10 };
	struct pci_bar_io base = { .pbi_sel = sel, .pbi_reg = 0x10 };
	struct pci_list_vpd_io vpd = { .plvi_sel = sel };
	struct pci_io io = { sel, 0, 4, 0 };
	struct pci_conf_io list = { 0 };
	struct pci_conf conf;

	bario_refused(fd, request(sel, PCIBARIO_READ, 0, 0, 4, 0), ENODEV,
		      "%s: a read", who);
	bario_refused(fd, request(sel, PCIBARIO_WRITE, 0, 4, 4, 0), ENODEV,
		      "%s: a write", who);
	bario_refused(fd, request(sel, 9, 9, 1, 3, 0), ENODEV,
		      "%s: an access of which each field is wrong", who);
	refused(fd, PCIOCREAD, &io, ENODEV, "%s", who);
	refused(fd, PCIOCWRITE, &io, ENODEV, "%s", who);
	refused(fd, PCIOCATTACHED, &io, ENODEV, "%s", who);
	refused(fd, PCIOCGETBAR, &base, ENODEV, "%s", who);
	refused(fd, PCIOCLISTVPD, &vpd, ENODEV, "%s", who);
	refused(fd, PCIOCBARMMAP, &map, ENODEV, "%s", who);
	refused(fd, BARIOC_DERIVE, &derive, ENODEV, "%s", who);
	refused(fd, BARIOC_HOLDER, &holder, ENODEV, "%s", who);
	errno_is(try_map(fd, 0, 0, 1, PROT_READ), ENODEV, "%s: mmap", who);
	list.matches = &conf;
	list.match_buf_len = sizeof(conf);
	refused(fd, PCIOCGETCONF, &list, ENODEV, "%s", who);
	refused(fd, BARIOC_GRANT, &grant, ENODEV, "%s", who);
	refused(fd, BARIOC_REVOKE, &end, ENODEV, "%s", who);
}

/* ---- revoking ---- */
static void one_of_two(void)
{
	uint32_t id = 0, other_id = 0;
	int fd = derive_id(pci, edu, R | W | M, &id);
	int other = derive_id(pci, edu, R | W | M, &other_id);
	volatile uint32_t *at, *beside, *second;

	about("BARIOC_REVOKE of one of two files");
	ok(id && other_id && id != other_id, "the two files have different ids");
	at = map_pages(fd, 0, 0, 2, PROT_READ | PROT_WRITE);
	second = map_pages(fd, 0, 4, 1, PROT_READ);
	beside = map_pages(other, 0, 0, 2, PROT_READ | PROT_WRITE);
	if (!at || !beside || !second)
		bail("edu can't be mapped");
	is(at[0], EDU_ID, "the file reads through its mapping");
	is(beside[0], EDU_ID, "the other file reads through its mapping");
	ok(fdinfo_has(fd, "bario-claim:\t0000:00:05.0 bar0"),
	   "fdinfo shows the claim");
	ok(fdinfo_has(fd, "bario-grant:\t0000:00:05.0 bar0 0x0-0xffffffffffffffff rwm"),
	   "fdinfo shows the grant");
	is(fdinfo_lines(fd, "bario-grant:"), 1, "fdinfo shows the grant in one line");
	errno_is(revoke_id(pci, id), 0, "it succeeds");
	is(faults(at, false), 1, "its mapping: reading gives SIGBUS");
	is(faults(at + 1, true), 1, "its mapping: writing gives SIGBUS");
	is(faults(second, false), 1, "its other mapping, never touched: SIGBUS");
	is(faults(beside, false), 0, "the other file's mapping can be read");
	is(beside[0], EDU_ID, "the other file's mapping reads the register");
	beside[1] = 0x1234;
	is(beside[1], ~0x1234u, "the other file's mapping writes a register");
	is(get(other, edu, 0, 0, 4), EDU_ID, "the other file reads");
	ok(claimed(edu, 0), "the BAR stays claimed for the other file");
	is(fdinfo_lines(fd, "bario-claim:"), 0, "the revoked file has no claim");
	ok(fdinfo_has(fd, "bario-grant:\trevoked"), "fdinfo says that it is revoked");
	is_dead(fd, edu, "revoked");
	errno_is(revoke_id(pci, id), ENOENT, "the id of a revoked file");
	errno_is(revoke_id(pci, other_id), 0, "of the other file succeeds");
	is(faults(beside, false), 1, "the other file's mapping gives SIGBUS then");
	is(claims(), 0, "nothing is claimed");
	is(faults(at, false), 1, "the first file's mapping still gives SIGBUS");
	close(fd);
	close(other);
	munmap((void *)at, 2 * PAGE);
	munmap((void *)beside, 2 * PAGE);
	munmap((void *)second, PAGE);
	errno_is(revoke_id(pci, other_id), ENOENT, "the id of a closed file");
}

static void ids(void)
{
	uint32_t id, more, kept;
	int fd = derive_id(pci, edu, R, &id), child, node, i;

	about("BARIOC_REVOKE");
	errno_is(revoke_id(pci, ~0u), ENOENT, "an id that was never given");
	errno_is(revoke_id(pci, id + 1), ENOENT, "the id that comes next");
	child = derive_id(fd, edu, R, &more);
	errno_is(revoke_id(fd, more + 77), ENOENT, "an id that another file gave");
	close(fd);
	errno_is(read_errno(child, edu, 0), 0, "a file works when the one that it was derived from is closed");
	errno_is(revoke_id(child, id), ENOENT, "a file's own id");
	errno_is(revoke_id(child, 0), 0, "id 0 on a file from which nothing was derived succeeds");
	errno_is(read_errno(child, edu, 0), 0, "id 0 does not revoke the file itself");
	errno_is(revoke_id(pci, id), 0, "the id of a closed file, from which others were derived, succeeds");
	errno_is(read_errno(child, edu, 0), ENODEV, "of a closed file ends those derived from it: PCIOCBARIO");
	close(child);
	errno_is(revoke_id(pci, id), ENOENT, "an id that was used");

	/* Another file's ids are not this one's, though they are alike. */
	node = open_node(edu, O_RDWR);
	fd = derive_id(node, edu, R, &kept);
	for (i = 0; i < 8; i++) {
		int two = derive_id(pci, edu, R, &id);

		if (id == kept)
			break;
		close(two);
	}
	revoke_id(pci, kept);
	errno_is(revoke_id(pci, kept), ENOENT, "an id that a node gave, on /dev/pci");
	errno_is(read_errno(fd, edu, 0), 0, "a file derived from the node is not revoked by /dev/pci");
	errno_is(revoke_id(pci, 0), 0, "id 0 on /dev/pci succeeds");
	errno_is(read_errno(fd, edu, 0), 0, "a file derived from the node is not revoked by /dev/pci");
	child = open_node(edu, O_RDWR);
	errno_is(revoke_id(child, kept), ENOENT, "an id that another file of the node gave");
	errno_is(revoke_id(child, 0), 0, "id 0 on another file of the node succeeds");
	errno_is(read_errno(fd, edu, 0), 0, "a file derived from the node is not revoked by another file of the node");
	close(child);
	child = dup(node);
	errno_is(revoke_id(child, kept), 0, "on a duplicate of the descriptor succeeds");
	errno_is(read_errno(fd, edu, 0), ENODEV, "on a duplicate revokes: PCIOCBARIO");
	close(child);
	close(fd);
	close(node);
}

static void siblings(void)
{
	uint32_t a_id, b_id, id;
	int a = derive_id(pci, edu, R, &a_id), b = derive_id(pci, edu, R, &b_id);
	int child = derive_id(a, edu, R, &id);

	about("BARIOC_REVOKE");
	errno_is(revoke_id(a, b_id), b_id == id ? 0 : ENOENT, "the id of a sibling");
	errno_is(read_errno(b, edu, 0), 0, "the sibling works after that");
	errno_is(revoke_id(child, a_id), ENOENT, "the id of the parent");
	errno_is(revoke_id(child, 0), 0, "id 0 on a child succeeds");
	errno_is(read_errno(a, edu, 0), 0, "id 0 on a child does not revoke the parent");
	errno_is(revoke_id(a, 0), 0, "id 0 on a sibling succeeds");
	errno_is(read_errno(child, edu, 0), ENODEV, "id 0 on a sibling ends its child: PCIOCBARIO");
	errno_is(read_errno(b, edu, 0), 0, "id 0 on a sibling does not end another");
	errno_is(revoke_id(pci, 0), 0, "id 0 on the parent succeeds");
	errno_is(read_errno(a, edu, 0), ENODEV, "id 0 on the parent ends the first child: PCIOCBARIO");
	errno_is(read_errno(b, edu, 0), ENODEV, "id 0 on the parent ends the second child: PCIOCBARIO");
	errno_is(read_errno(pci, edu, 0), 0, "id 0 on the parent does not end the parent");
	close(a);
	close(b);
	close(child);
}

/* A long chain of derived files, of which every other one is closed. */
static void long_chain(void)
{
	int fds[60], i, alive = 0, dead = 0, stranger;
	volatile uint32_t *at;
	uint32_t id, first = 0;

	about("BARIOC_REVOKE of a line of 60 files");
	for (i = 0; i < 60; i++)
		fds[i] = derive_id(i ? fds[i - 1] : pci, edu, R | M,
				   i ? &id : &first);
	at = map_pages(fds[59], 0, 0, 1, PROT_READ);
	stranger = derive_id(pci, edu, R, &id);
	for (i = 0; i < 60; i += 2)
		close(fds[i]);
	for (i = 1; i < 60; i += 2)
		alive += !read_errno(fds[i], edu, 0);
	is(alive, 30, "with every other file closed, the rest works");
	is(at ? faults(at, false) : -2, 0, "the last file has a mapping");
	errno_is(revoke_id(pci, first), 0, "the id of the first, closed file succeeds");
	for (i = 1; i < 60; i += 2)
		dead += read_errno(fds[i], edu, 0) == ENODEV;
	is(dead, 30, "each file of the line is revoked");
	is(at ? faults(at, false) : -2, 1, "the mapping gives SIGBUS");
	errno_is(read_errno(stranger, edu, 0), 0, "a file outside the line works");
	for (i = 1; i < 60; i += 2)
		close(fds[i]);
	close(stranger);
	munmap((void *)at, PAGE);
}

/* A kernel stack would not hold as many calls. */
static void deep(void)
{
	static int fds[5000];
	unsigned int i, dead = 0;
	uint32_t id, first = 0;

	about("BARIOC_REVOKE of a line of 5000 files");
	many_descriptors(ARRAY_SIZE(fds) + 100);
	for (i = 0; i < ARRAY_SIZE(fds); i++)
		fds[i] = derive_id(i ? fds[i - 1] : pci, edu, R,
				   i ? &id : &first);
	errno_is(read_errno(fds[ARRAY_SIZE(fds) - 1], edu, 0), 0,
		 "the last file works");
	errno_is(revoke_id(pci, first), 0, "the id of the first file succeeds");
	for (i = 0; i < ARRAY_SIZE(fds); i++) {
		dead += read_errno(fds[i], edu, 0) == ENODEV;
		close(fds[i]);
	}
	is(dead, ARRAY_SIZE(fds), "each file of the line is revoked");
}

#define LEVELS	1000
#define MANY	10000

/* Closes a chain of derived files from its end, from which @count were derived. */
static void close_above(unsigned int count)
{
	static int line[LEVELS], fan[MANY];
	unsigned int i, alive = 0, dead = 0;
	uint32_t id, first = 0;

	for (i = 0; i < LEVELS; i++)
		line[i] = derive_id(i ? line[i - 1] : pci, edu, R,
				    i ? &id : &first);
	for (i = 0; i < count; i++)
		fan[i] = derive_id(line[LEVELS - 1], edu, R, &id);
	for (i = LEVELS; i--; )
		close(line[i]);
	for (i = 0; i < count; i++)
		alive += !read_errno(fan[i], edu, 0);
	is(alive, count, "%u files derived from the last of a line of 1000 closed files work",
	   count);
	errno_is(revoke_id(pci, first), 0, "the id of the first file of a closed line succeeds");
	for (i = 0; i < count; i++) {
		dead += read_errno(fan[i], edu, 0) == ENODEV;
		close(fan[i]);
	}
	is(dead, count, "each of %u files derived from a closed line is revoked",
	   count);
	errno_is(revoke_id(pci, first), ENOENT, "the id of a closed line that was revoked");
}

static void closed_above_many(void)
{
	about("BARIOC_REVOKE");
	many_descriptors(LEVELS + MANY + 100);
	close_above(2);
	close_above(MANY);
}

static void while_mapped_alone(void)
{
	uint32_t id;
	int fd = derive_id(pci, edu, R | M, &id), status;
	volatile uint32_t *at = map_pages(fd, 0, 0, 1, PROT_READ);
	int pair[2], ready[2];
	char byte = 0;
	pid_t pid;

	about("BARIOC_REVOKE of a mapping whose file is closed");
	close(fd);
	if (!at || pipe(pair) || pipe(ready))
		bail("edu can't be mapped");
	pid = fork();
	if (!pid) {
		if (faults(at, false) || write(ready[1], &byte, 1) != 1 ||
		    read(pair[0], &byte, 1) != 1)
			_exit(2);
		_exit(faults(at, false));
	}
	if (read(ready[0], &byte, 1) != 1)
		bail("read");
	ok(claimed(edu, 0), "the BAR is claimed");
	errno_is(revoke_id(pci, id), 0, "it succeeds");
	is(claims(), 0, "the claim has ended");
	is(faults(at, false), 1, "the mapping gives SIGBUS");
	if (write(pair[1], &byte, 1) != 1)
		bail("write");
	waitpid(pid, &status, 0);
	is(WEXITSTATUS(status), 1, "the mapping of a child gives SIGBUS");
	munmap((void *)at, PAGE);
	close(pair[0]);
	close(pair[1]);
	close(ready[0]);
	close(ready[1]);
}

/* ---- functions that go ---- */
static void removed(void)
{
	const struct barioc_rule rules[] = {
		rule(edu2, 0, R | M, 0, TO_END), rule(edu, 0, R | M, 0, TO_END),
	};
	uint32_t id;
	int fd = derive_id(pci, edu2, R | M, &id), child, both, fresh;
	volatile uint32_t *at = map_pages(fd, 0, 0, 1, PROT_READ);
	struct pci_conf found[4];

	about("a derived file and the removal of its function");
	child = derive_one(fd, edu2, 0, R, 0, 4);
	both = derive(pci, rules, 2, NULL);
	is(at ? at[0] : 0, EDU_ID, "the file reads through its mapping before");
	is(listed(both, found, 4), 2, "a file for two functions lists both before");
	remove_function(edu2);
	is(claims(), 0, "the claim ends");
	errno_is(read_errno(fd, edu2, 0), ENODEV, "PCIOCBARIO of the file");
	errno_is(read_errno(child, edu2, 0), ENODEV, "PCIOCBARIO of a file derived from it");
	errno_is(read_errno(both, edu2, 0), ENODEV, "PCIOCBARIO of a file for two functions");
	errno_is(read_errno(both, edu, 0), 0, "a file for two functions reads the other");
	is(listed(both, found, 4), 1, "a file for two functions lists the other");
	is(at ? faults(at, false) : -2, 1, "the mapping gives SIGBUS");
	rescan();
	ok(present(edu2), "another function takes its place");
	errno_is(read_errno(pci, edu2, 0), 0, "/dev/pci reads the new function");
	errno_is(read_errno(fd, edu2, 0), ENODEV, "PCIOCBARIO of the file, with a new function");
	errno_is(read_errno(child, edu2, 0), ENODEV, "PCIOCBARIO of a file derived from it, with a new function");
	errno_is(read_errno(both, edu2, 0), ENODEV, "PCIOCBARIO of a file for two functions, with a new function");
	is(at ? faults(at, false) : -2, 1, "the mapping gives SIGBUS with a new function");
	errno_is(try_map(fd, 0, 0, 1, PROT_READ), ENODEV, "mmap of the file, with a new function");
	fresh = derive(fd, rules, 1, NULL);
	errno_is(fresh < 0 ? errno : 0, ENODEV, "BARIOC_DERIVE of the file, with a new function");
	is(listed(both, found, 4), 1, "a file for two functions lists one, with a new function");
	errno_is(revoke_id(pci, id), 0, "it succeeds");
	errno_is(revoke_id(pci, id), ENOENT, "BARIOC_REVOKE of the file a second time");
	fresh = derive(pci, rules, 1, NULL);
	errno_is(read_errno(fresh, edu2, 0), 0, "a file derived after that works");
	close(fresh);
	close(fd);
	close(child);
	close(both);
	munmap((void *)at, PAGE);
	close(pci);
	pci = open_pci(O_RDWR);
	is(claims(), 0, "nothing is claimed in the end");
}

/* ---- opened again ---- */
static int reopen(const char *dir, int fd, int flags)
{
	char path[64];
	int again;

	snprintf(path, sizeof(path), "/proc/%s/fd/%d", dir, fd);
	again = open(path, flags);
	if (again < 0)
		return errno;
	close(again);
	return 0;
}

static void reopened(void)
{
	static const int modes[] = { O_RDONLY, O_WRONLY, O_RDWR, 3 };
	int fd = derive_one(pci, edu, 0, R, 0, 4), path, i;
	struct pci_bar_ioreq req = request(edu, PCIBARIO_READ, 0, 0, 4, 0);
	char name[64];
	struct stat st;

	about("open of a derived file through /proc");
	for (i = 0; i < 4; i++) {
		errno_is(reopen("self", fd, modes[i]), ENXIO,
			 "by root, mode %d", modes[i]);
		errno_is(reopen("thread-self", fd, modes[i]), ENXIO,
			 "by root, through its thread");
	}
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	path = open(name, O_PATH);
	errno_is(ioctl(path, PCIOCBARIO, &req) ? errno : 0, EBADF,
		 "with O_PATH gives no request: PCIOCBARIO");
	errno_is(reopen("self", path, O_RDWR), ENXIO, "by a descriptor of O_PATH");
	ok(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, path, 0) == MAP_FAILED &&
	   errno == EBADF, "with O_PATH gives no mapping");
	close(path);
	errno_is(truncate(name, 0) ? errno : 0, EINVAL, "truncate(2) of a derived file");
	ok(link(name, "/tmp/derived") && linkat(AT_FDCWD, name, AT_FDCWD,
	   "/tmp/derived", AT_SYMLINK_FOLLOW), "a derived file cannot be linked to a name");
	ok(!fstat(fd, &st) && !S_ISCHR(st.st_mode), "a derived file is not a node");
	close(fd);
}

static void node_again(void *arg)
{
	int fd = *(int *)arg;

	about("open of a node through /proc");
	errno_is(reopen("self", fd, O_RDWR), EACCES,
		 "by nobody, for writing");
	errno_is(reopen("self", fd, O_RDONLY), EACCES, "by nobody, for reading");
	errno_is(read_errno(fd, edu, 0), EPERM, "a node opened for reading: PCIOCBARIO");
}

static void public_again(void *arg)
{
	int fd = *(int *)arg;

	about("open of a node through /proc");
	errno_is(reopen("self", fd, O_RDONLY), 0,
		 "by nobody, for reading, where its mode allows it");
	errno_is(reopen("self", fd, O_RDWR), EACCES, "by nobody, for writing, where its mode does not allow it");
	errno_is(reopen("self", fd, 3), EACCES, "by nobody, with access mode 3, where its mode does not allow it");
}

int main(void)
{
	int fd;

	tap_begin();
	pci = open_pci(O_RDWR);
	one_of_two();
	ids();
	siblings();
	close(pci);
	pci = open_pci(O_RDWR);
	long_chain();
	deep();
	closed_above_many();
	while_mapped_alone();
	removed();
	reopened();
	fd = open_node(edu, O_RDONLY);
	as_nobody(node_again, &fd);
	chmod(node_path(edu), 0644);
	as_nobody(public_again, &fd);
	chmod(node_path(edu), 0600);
	close(fd);
	close(pci);
	is(claims(), 0, "nothing is claimed in the end");
	return tap_end();
}
