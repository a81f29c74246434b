// SPDX-License-Identifier: GPL-2.0
/*
 * BARIOC_REVOKE, and other ends of a grant: what was taken away stays away,
 * whatever a client holds on to, and nobody else loses anything. Witnesses:
 * /proc/iomem, fdinfo, and the other files' accesses and mappings.
 */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include "derive.h"

#define EDU_ID	0x010000edu

static int pci;

/* Every request there is, on a file that may do nothing any more. */
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
		      "%s: BARIO, read", who);
	bario_refused(fd, request(sel, PCIBARIO_WRITE, 0, 4, 4, 0), ENODEV,
		      "%s: BARIO, write", who);
	bario_refused(fd, request(sel, 9, 9, 1, 3, 0), ENODEV,
		      "%s: BARIO, all wrong", who);
	refused(fd, PCIOCREAD, &io, ENODEV, "%s: READ", who);
	refused(fd, PCIOCWRITE, &io, ENODEV, "%s: WRITE", who);
	refused(fd, PCIOCATTACHED, &io, ENODEV, "%s: ATTACHED", who);
	refused(fd, PCIOCGETBAR, &base, ENODEV, "%s: GETBAR", who);
	refused(fd, PCIOCLISTVPD, &vpd, ENODEV, "%s: LISTVPD", who);
	refused(fd, PCIOCBARMMAP, &map, ENODEV, "%s: BARMMAP", who);
	refused(fd, BARIOC_DERIVE, &derive, ENODEV, "%s: DERIVE", who);
	refused(fd, BARIOC_HOLDER, &holder, ENODEV, "%s: HOLDER", who);
	errno_is(try_map(fd, 0, 0, 1, PROT_READ), ENODEV, "%s: mmap", who);
	list.matches = &conf;
	list.match_buf_len = sizeof(conf);
	refused(fd, PCIOCGETCONF, &list, ENODEV, "%s: GETCONF", who);
	refused(fd, BARIOC_GRANT, &grant, ENODEV, "%s: GRANT", who);
	refused(fd, BARIOC_REVOKE, &end, ENODEV, "%s: REVOKE", who);
}

/* ---- revoking ---- */
static void one_of_two(void)
{
	uint32_t id = 0, other_id = 0;
	int fd = derive_id(pci, edu, R | W | M, &id);
	int other = derive_id(pci, edu, R | W | M, &other_id);
	volatile uint32_t *at, *beside, *second;

	ok(id && other_id && id != other_id, "two files, two ids");
	at = map_pages(fd, 0, 0, 2, PROT_READ | PROT_WRITE);
	second = map_pages(fd, 0, 4, 1, PROT_READ);
	beside = map_pages(other, 0, 0, 2, PROT_READ | PROT_WRITE);
	if (!at || !beside || !second)
		bail("edu can't be mapped");
	is(at[0], EDU_ID, "both have mapped the same page");
	is(beside[0], EDU_ID, "and read it");
	ok(fdinfo_has(fd, "bario-claim:\t0000:00:05.0 bar0"),
	   "fdinfo shows the claim");
	ok(fdinfo_has(fd, "bario-grant:\t0000:00:05.0 bar0 0x0-0xffffffffffffffff rwm"),
	   "and the grant");
	is(fdinfo_lines(fd, "bario-grant:"), 1, "which is one line");
	errno_is(revoke_id(pci, id), 0, "one is revoked");
	is(faults(at, false), 1, "its mapping: reading gives SIGBUS");
	is(faults(at + 1, true), 1, "its mapping: writing gives SIGBUS");
	is(faults(second, false), 1, "its other mapping, never touched: SIGBUS");
	is(faults(beside, false), 0, "the other's mapping goes on");
	is(beside[0], EDU_ID, "and reads");
	beside[1] = 0x1234;
	is(beside[1], ~0x1234u, "and writes");
	is(get(other, edu, 0, 0, 4), EDU_ID, "the other file works on");
	ok(claimed(edu, 0), "the BAR is claimed for it");
	is(fdinfo_lines(fd, "bario-claim:"), 0, "the revoked file has no claim");
	ok(fdinfo_has(fd, "bario-grant:\trevoked"), "fdinfo says that it is revoked");
	is_dead(fd, edu, "revoked");
	errno_is(revoke_id(pci, id), ENOENT, "revoked twice");
	errno_is(revoke_id(pci, other_id), 0, "the other is revoked, too");
	is(faults(beside, false), 1, "its mapping gives SIGBUS");
	is(claims(), 0, "nothing is claimed");
	is(faults(at, false), 1, "the first stays dead");
	close(fd);
	close(other);
	munmap((void *)at, 2 * PAGE);
	munmap((void *)beside, 2 * PAGE);
	munmap((void *)second, PAGE);
	errno_is(revoke_id(pci, other_id), ENOENT, "an id of a file that was closed");
}

static void ids(void)
{
	uint32_t id, more, kept;
	int fd = derive_id(pci, edu, R, &id), child, node, i;

	errno_is(revoke_id(pci, ~0u), ENOENT, "an id that was never given");
	errno_is(revoke_id(pci, id + 1), ENOENT, "the id that comes next");
	child = derive_id(fd, edu, R, &more);
	errno_is(revoke_id(fd, more + 77), ENOENT, "a file revokes what it did not give");
	close(fd);
	errno_is(read_errno(child, edu, 0), 0, "the middle file closed: the child works");
	errno_is(revoke_id(child, id), ENOENT, "it revokes itself");
	errno_is(revoke_id(child, 0), 0, "it revokes all of its own");
	errno_is(read_errno(child, edu, 0), 0, "which it is not");
	errno_is(revoke_id(pci, id), 0, "the giver revokes the closed file's id");
	errno_is(read_errno(child, edu, 0), ENODEV, "which ends the grandchild");
	close(child);
	errno_is(revoke_id(pci, id), ENOENT, "and the id is used up");

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
	errno_is(revoke_id(pci, kept), ENOENT, "/dev/pci, a node's id");
	errno_is(read_errno(fd, edu, 0), 0, "the node's child works on");
	errno_is(revoke_id(pci, 0), 0, "/dev/pci revokes all of its own");
	errno_is(read_errno(fd, edu, 0), 0, "the node's child works on");
	child = open_node(edu, O_RDWR);
	errno_is(revoke_id(child, kept), ENOENT, "the node opened again: another file");
	errno_is(revoke_id(child, 0), 0, "it has none");
	errno_is(read_errno(fd, edu, 0), 0, "the child works on");
	close(child);
	child = dup(node);
	errno_is(revoke_id(child, kept), 0, "a dup is the same file: it revokes");
	errno_is(read_errno(fd, edu, 0), ENODEV, "the child is dead");
	close(child);
	close(fd);
	close(node);
}

static void siblings(void)
{
	uint32_t a_id, b_id, id;
	int a = derive_id(pci, edu, R, &a_id), b = derive_id(pci, edu, R, &b_id);
	int child = derive_id(a, edu, R, &id);

	errno_is(revoke_id(a, b_id), b_id == id ? 0 : ENOENT, "a sibling's id");
	errno_is(read_errno(b, edu, 0), 0, "the sibling works");
	errno_is(revoke_id(child, a_id), ENOENT, "the parent's id");
	errno_is(revoke_id(child, 0), 0, "all, by a child");
	errno_is(read_errno(a, edu, 0), 0, "the parent works");
	errno_is(revoke_id(a, 0), 0, "all, by a sibling");
	errno_is(read_errno(child, edu, 0), ENODEV, "its child is dead");
	errno_is(read_errno(b, edu, 0), 0, "the sibling is not");
	errno_is(revoke_id(pci, 0), 0, "all");
	errno_is(read_errno(a, edu, 0), ENODEV, "the first is dead");
	errno_is(read_errno(b, edu, 0), ENODEV, "the second is dead");
	errno_is(read_errno(pci, edu, 0), 0, "the giver is not");
	close(a);
	close(b);
	close(child);
}

/* A long line of descent, of which every other file is closed. */
static void descent(void)
{
	int fds[60], i, alive = 0, dead = 0, stranger;
	volatile uint32_t *at;
	uint32_t id, first = 0;

	for (i = 0; i < 60; i++)
		fds[i] = derive_id(i ? fds[i - 1] : pci, edu, R | M,
				   i ? &id : &first);
	at = map_pages(fds[59], 0, 0, 1, PROT_READ);
	stranger = derive_id(pci, edu, R, &id);
	for (i = 0; i < 60; i += 2)
		close(fds[i]);
	for (i = 1; i < 60; i += 2)
		alive += !read_errno(fds[i], edu, 0);
	is(alive, 30, "60 levels, every other closed: the rest works");
	is(at ? faults(at, false) : -2, 0, "the last has a mapping");
	errno_is(revoke_id(pci, first), 0, "the first, long closed, is revoked");
	for (i = 1; i < 60; i += 2)
		dead += read_errno(fds[i], edu, 0) == ENODEV;
	is(dead, 30, "all that came of it are dead");
	is(at ? faults(at, false) : -2, 1, "the mapping gives SIGBUS");
	errno_is(read_errno(stranger, edu, 0), 0, "what did not come of it lives");
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

	many_descriptors(ARRAY_SIZE(fds) + 100);
	for (i = 0; i < ARRAY_SIZE(fds); i++)
		fds[i] = derive_id(i ? fds[i - 1] : pci, edu, R,
				   i ? &id : &first);
	errno_is(read_errno(fds[ARRAY_SIZE(fds) - 1], edu, 0), 0,
		 "5000 levels, all open: the last works");
	errno_is(revoke_id(pci, first), 0, "the first is revoked");
	for (i = 0; i < ARRAY_SIZE(fds); i++) {
		dead += read_errno(fds[i], edu, 0) == ENODEV;
		close(fds[i]);
	}
	is(dead, ARRAY_SIZE(fds), "and with it all");
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

#define LEVELS	1000
#define MANY	10000

/* Closes a line of descent from its end, from which @count were derived. */
static double close_above(unsigned int count)
{
	static int line[LEVELS], fan[MANY];
	unsigned int i, alive = 0, dead = 0;
	uint32_t id, first = 0;
	double took;

	for (i = 0; i < LEVELS; i++)
		line[i] = derive_id(i ? line[i - 1] : pci, edu, R,
				    i ? &id : &first);
	for (i = 0; i < count; i++)
		fan[i] = derive_id(line[LEVELS - 1], edu, R, &id);
	took = seconds();
	for (i = LEVELS; i--; )
		close(line[i]);
	took = seconds() - took;
	for (i = 0; i < count; i++)
		alive += !read_errno(fan[i], edu, 0);
	is(alive, count, "%u derived from the last of 1000, which all are closed: they work",
	   count);
	errno_is(revoke_id(pci, first), 0, "they are revoked by the id of the first");
	for (i = 0; i < count; i++) {
		dead += read_errno(fan[i], edu, 0) == ENODEV;
		close(fan[i]);
	}
	is(dead, count, "and dead");
	errno_is(revoke_id(pci, first), ENOENT, "there is nothing with that id any more");
	return took;
}

static void closed_above_many(void)
{
	unsigned int tries;
	double few, many;

	many_descriptors(LEVELS + MANY + 100);
	few = close_above(2);
	many = close_above(MANY);
	/* A busy host may take part of any one. */
	for (tries = 0; tries < 4 && many >= 5 * few + 0.05; tries++)
		many = close_above(MANY);
	if (!ok(many < 5 * few + 0.05, "closing takes as long, however many there are"))
		note("%f s with 2, %f s with %u", few, many, MANY);
}

static void while_mapped_alone(void)
{
	uint32_t id;
	int fd = derive_id(pci, edu, R | M, &id), status;
	volatile uint32_t *at = map_pages(fd, 0, 0, 1, PROT_READ);
	int pair[2], ready[2];
	char byte = 0;
	pid_t pid;

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
	ok(claimed(edu, 0), "closed, but mapped, here and in a child");
	errno_is(revoke_id(pci, id), 0, "it can be revoked");
	is(claims(), 0, "the claim has gone");
	is(faults(at, false), 1, "SIGBUS here");
	if (write(pair[1], &byte, 1) != 1)
		bail("write");
	waitpid(pid, &status, 0);
	is(WEXITSTATUS(status), 1, "SIGBUS in the child");
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

	child = derive_one(fd, edu2, 0, R, 0, 4);
	both = derive(pci, rules, 2, NULL);
	is(at ? at[0] : 0, EDU_ID, "before its function is removed");
	is(listed(both, found, 4), 2, "a file for two functions");
	remove_function(edu2);
	is(claims(), 0, "removed: its claim has gone");
	errno_is(read_errno(fd, edu2, 0), ENODEV, "its derived file");
	errno_is(read_errno(child, edu2, 0), ENODEV, "what was derived from that");
	errno_is(read_errno(both, edu2, 0), ENODEV, "a file for two: this one");
	errno_is(read_errno(both, edu, 0), 0, "a file for two: the other");
	is(listed(both, found, 4), 1, "which alone it lists");
	is(at ? faults(at, false) : -2, 1, "the mapping gives SIGBUS");
	rescan();
	ok(present(edu2), "rescanned: another is in its place");
	errno_is(read_errno(pci, edu2, 0), 0, "/dev/pci finds it");
	errno_is(read_errno(fd, edu2, 0), ENODEV, "the derived file stays dead");
	errno_is(read_errno(child, edu2, 0), ENODEV, "its child, too");
	errno_is(read_errno(both, edu2, 0), ENODEV, "the file for two, too");
	is(at ? faults(at, false) : -2, 1, "the mapping, too");
	errno_is(try_map(fd, 0, 0, 1, PROT_READ), ENODEV, "nor can it be mapped");
	fresh = derive(fd, rules, 1, NULL);
	errno_is(fresh < 0 ? errno : 0, ENODEV, "nor derived from");
	is(listed(both, found, 4), 1, "the file for two lists one");
	errno_is(revoke_id(pci, id), 0, "it can be revoked");
	errno_is(revoke_id(pci, id), ENOENT, "once");
	fresh = derive(pci, rules, 1, NULL);
	errno_is(read_errno(fresh, edu2, 0), 0, "a new one works");
	close(fresh);
	close(fd);
	close(child);
	close(both);
	munmap((void *)at, PAGE);
	close(pci);
	pci = open_pci(O_RDWR);
	is(claims(), 0, "nothing stays claimed");
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

	for (i = 0; i < 4; i++) {
		errno_is(reopen("self", fd, modes[i]), ENXIO,
			 "root opens a derived file again, mode %d", modes[i]);
		errno_is(reopen("thread-self", fd, modes[i]), ENXIO,
			 "through its thread");
	}
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	path = open(name, O_PATH);
	errno_is(ioctl(path, PCIOCBARIO, &req) ? errno : 0, EBADF,
		 "O_PATH: no requests");
	errno_is(reopen("self", path, O_RDWR), ENXIO, "nor a way round it");
	ok(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, path, 0) == MAP_FAILED &&
	   errno == EBADF, "nor a mapping");
	close(path);
	errno_is(truncate(name, 0) ? errno : 0, EINVAL, "truncate(2) of it");
	ok(link(name, "/tmp/derived") && linkat(AT_FDCWD, name, AT_FDCWD,
	   "/tmp/derived", AT_SYMLINK_FOLLOW), "it can't be linked to a name");
	ok(!fstat(fd, &st) && !S_ISCHR(st.st_mode), "it is no node");
	close(fd);
}

static void node_again(void *arg)
{
	int fd = *(int *)arg;

	errno_is(reopen("self", fd, O_RDWR), EACCES,
		 "nobody opens a node's descriptor again, to write");
	errno_is(reopen("self", fd, O_RDONLY), EACCES, "and to read");
	errno_is(read_errno(fd, edu, 0), EPERM, "with which it may only list");
}

static void public_again(void *arg)
{
	int fd = *(int *)arg;

	errno_is(reopen("self", fd, O_RDONLY), 0,
		 "a node that all may read: opened again to read");
	errno_is(reopen("self", fd, O_RDWR), EACCES, "and not to write");
	errno_is(reopen("self", fd, 3), EACCES, "nor for requests alone");
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
	descent();
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
	is(claims(), 0, "nothing stays claimed");
	return tap_end();
}
