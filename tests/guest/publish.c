// SPDX-License-Identifier: GPL-2.0
/*
 * Tests barioc(4): BARIOC_PUBLISH. Also BARIOC_UNPUBLISH, BARIOC_HOLDER and files that
 * share BARs with a driver.
 */
#define _GNU_SOURCE
#include <grp.h>
#include <linux/capability.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include "derive.h"

#define NAME	"/dev/bario/two-things"

static int named(int fd, unsigned long request, const char *name,
		 const struct barioc_rule *rules, unsigned int count)
{
	struct barioc_publish publish = {
		.rules = (uintptr_t)rules,
		.count = count,
	};

	memcpy(publish.name, name, strnlen(name, sizeof(publish.name)));
	return ioctl(fd, request, &publish) ? errno : 0;
}

static int unpublish(int fd, const char *name)
{
	return named(fd, BARIOC_UNPUBLISH, name, NULL, 0);
}

static bool exists(const char *path)
{
	struct stat st;

	return !stat(path, &st);
}

/* 0x100 + kind, or an errno. */
static int holder(int fd, struct pcisel sel, unsigned int bar, char *name)
{
	struct barioc_holder holder = {
		.domain = sel.pc_domain, .bus = sel.pc_bus,
		.dev = sel.pc_dev, .func = sel.pc_func, .space = bar,
	};

	memset(holder.name, 'x', sizeof(holder.name));
	if (ioctl(fd, BARIOC_HOLDER, &holder))
		return errno;
	strcpy(name, holder.name);
	return 0x100 + holder.kind;
}

/* ---- names ---- */
static void refused_names(int pci)
{
	static const char *const bad[] = {
		"", "-x", "1x", "pci", "a.b", "a/b", "a b", "../x", "\xe4x", "x\n",
		"0000-00-05.0",
	};
	struct barioc_rule one = rule(edu, 0, R, 0, 4);
	struct barioc_publish whole = { .rules = (uintptr_t)&one, .count = 1 };
	unsigned int i, good = 0;

	about("BARIOC_PUBLISH");
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		good += named(pci, BARIOC_PUBLISH, bad[i], &one, 1) == EINVAL;
	is(good, ARRAY_SIZE(bad), "names with other characters: EINVAL");
	memset(whole.name, 'a', sizeof(whole.name));
	is_errno(ioctl(pci, BARIOC_PUBLISH, &whole), EINVAL,
		 "a name without a NUL");
	whole = (struct barioc_publish) {
		.rules = (uintptr_t)&one, .count = 1, .flags = 2, .name = "x",
	};
	is_errno(ioctl(pci, BARIOC_PUBLISH, &whole), EINVAL, "an unknown flag");
	errno_is(named(pci, BARIOC_PUBLISH, "x", &one, 0), EINVAL,
		 "a count of 0");
	errno_is(named(pci, BARIOC_PUBLISH, "x", NULL, 1), EFAULT,
		 "rules at NULL");
	one = rule(absent, 0, R, 0, 4);
	errno_is(named(pci, BARIOC_PUBLISH, "x", &one, 1), ENODEV,
		 "a rule for no function");
	ok(!exists("/dev/bario/x"), "a refused name makes no node");
	errno_is(unpublish(pci, "x"), ENOENT, "BARIOC_UNPUBLISH: a name that is not published");
	one = rule(edu, 0, R, 0, 4);
	errno_is(named(pci, BARIOC_UNPUBLISH, "x", &one, 1), EINVAL,
		 "BARIOC_UNPUBLISH: with rules");
}

/* One rule that splits 1023 others, and one for no more than a write to MSI-X's table */
static void refused_grants(int pci)
{
	static struct barioc_rule many[BARIOC_RULES_MAX];
	struct barioc_rule table = rule(e1000e, 3, W | M, 0, 16);
	unsigned int i;

	about("BARIOC_PUBLISH");
	is_errno(ioctl(pci, BARIOC_PUBLISH, NULL), EFAULT, "a structure at NULL");
	is_errno(ioctl(pci, BARIOC_UNPUBLISH, NULL), EFAULT,
		 "BARIOC_UNPUBLISH: a structure at NULL");
	many[0] = rule(ivshmem, 2, W, 0, TO_END);
	for (i = 1; i < ARRAY_SIZE(many); i++)
		many[i] = rule(ivshmem, 2, R, 8 * i, 4);
	errno_is(named(pci, BARIOC_PUBLISH, "x", many, ARRAY_SIZE(many)), E2BIG,
		 "1024 rules that come to more");
	errno_is(named(pci, BARIOC_PUBLISH, "x", &table, 1), EACCES,
		 "nothing but writing and mapping the MSI-X table");
	ok(!exists("/dev/bario/x"), "a refused grant makes no node");
}

/* PUBLISH with an owner; 0 or an errno. */
static int owned(int fd, uint32_t flags, uint32_t uid, uint32_t gid, uint32_t mode)
{
	struct barioc_rule one = rule(edu, 0, R, 0, 4);
	struct barioc_publish publish = {
		.rules = (uintptr_t)&one, .count = 1, .flags = flags,
		.uid = uid, .gid = gid, .mode = mode, .name = "owned",
	};

	return ioctl(fd, BARIOC_PUBLISH, &publish) ? errno : 0;
}

static void refused_owners(int pci)
{
	struct barioc_rule one = rule(edu, 0, R, 0, 4);
	unsigned int bit, bad = 0;

	about("BARIOC_PUBLISH");
	for (bit = 9; bit < 32; bit++)
		bad += owned(pci, BARIOC_PUBLISH_OWNER, 0, 0,
			     1u << bit | 0600) != EINVAL;
	is(bad, 0, "with a mode that has more than 0777: EINVAL");
	errno_is(owned(pci, BARIOC_PUBLISH_OWNER, ~0u, 0, 0600), EINVAL,
		 "with a uid that nobody can have");
	errno_is(owned(pci, BARIOC_PUBLISH_OWNER, 0, ~0u, 0600), EINVAL,
		 "with a gid that nobody can have");
	errno_is(owned(pci, 0, 1, 0, 0), EINVAL,
		 "with a uid, without the flag");
	errno_is(owned(pci, 0, 0, 1, 0), EINVAL,
		 "with a gid, without the flag");
	errno_is(owned(pci, 0, 0, 0, 0600), EINVAL,
		 "with a mode, without the flag");
	for (bit = 1; bit < 32; bit++)
		bad += owned(pci, 1u << bit | BARIOC_PUBLISH_OWNER, 0, 0, 0) !=
			EINVAL;
	is(bad, 0, "with an unknown flag beside OWNER: EINVAL");
	for (bit = 0; bit < 6 * 32; bit++) {
		struct barioc_publish publish = {
			.rules = (uintptr_t)&one, .count = 1, .name = "owned",
		};

		if (bit / 32 < 3) {
			publish.reserved[bit / 32] = 1u << bit % 32;
			bad += !ioctl(pci, BARIOC_PUBLISH, &publish) ||
			       errno != EINVAL;
			continue;
		}
		publish.rules = publish.count = 0;
		*(uint32_t *[]){ &publish.uid, &publish.gid, &publish.mode }
			[bit / 32 - 3] = 1u << bit % 32;
		bad += !ioctl(pci, BARIOC_UNPUBLISH, &publish) ||
		       errno != EINVAL;
	}
	is(bad, 0, "with a reserved field, UNPUBLISH with an owner: EINVAL");
	ok(!exists("/dev/bario/owned"), "a refused owner makes no node");
}

static void open_owned(void *arg)
{
	*(int *)arg = open("/dev/bario/owned", O_RDWR) < 0 ? errno : 0;
}

/* The errno of an unprivileged user that opens the node, or 0 */
static int opened_by(uid_t uid, gid_t gid)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		int error = -1;

		if (!setgroups(0, NULL) && !setresgid(gid, gid, gid) &&
		    !setresuid(uid, uid, uid))
			open_owned(&error);
		_exit(error);
	}
	waitpid(pid, &status, 0);
	return WEXITSTATUS(status);
}

static void owners(void)
{
	static const struct {
		uint32_t	uid, gid, mode;
		int		user, group, other;
	} wanted[] = {
		{ 1234, 2345, 0640, 0, EACCES, EACCES },
		{ 1234, 2345, 0660, 0, 0, EACCES },
		{ 0, 2345, 0777, 0, 0, 0 },
		{ 1234, 0, 0, EACCES, EACCES, EACCES },
		{ 0xfffffffe, 0xfffffffe, 0600, EACCES, EACCES, EACCES },
	};
	int pci = open_pci(O_RDWR);
	unsigned int i;

	about("BARIOC_PUBLISH");
	refused_owners(pci);
	for (i = 0; i < ARRAY_SIZE(wanted); i++) {
		struct stat st;

		errno_is(owned(pci, BARIOC_PUBLISH_OWNER, wanted[i].uid,
			       wanted[i].gid, wanted[i].mode), 0,
			 "PUBLISH for %u:%u, mode %#o", wanted[i].uid,
			 wanted[i].gid, wanted[i].mode);
		if (stat("/dev/bario/owned", &st))
			bail("no node was made");
		is(st.st_uid, wanted[i].uid, "the node's owner is %u",
		   wanted[i].uid);
		is(st.st_gid, wanted[i].gid, "the node's group is %u",
		   wanted[i].gid);
		is(st.st_mode, S_IFCHR | wanted[i].mode,
		   "the node's mode is %#o", wanted[i].mode);
		errno_is(opened_by(1234, 1), wanted[i].user,
			 "user 1234 opens %u:%u's node of mode %#o",
			 wanted[i].uid, wanted[i].gid, wanted[i].mode);
		errno_is(opened_by(1, 2345), wanted[i].group,
			 "group 2345 opens %u:%u's node of mode %#o",
			 wanted[i].uid, wanted[i].gid, wanted[i].mode);
		errno_is(opened_by(1, 1), wanted[i].other,
			 "another user opens %u:%u's node of mode %#o",
			 wanted[i].uid, wanted[i].gid, wanted[i].mode);
		errno_is(unpublish(pci, "owned"), 0, "UNPUBLISH takes it away");
		ok(!exists("/dev/bario/owned"), "its node is gone");
	}
	close(pci);
}

static void try_publish(void *arg)
{
	struct barioc_rule one = rule(edu, 0, R, 0, 4);

	about("BARIOC_PUBLISH");
	errno_is(named(*(int *)arg, BARIOC_PUBLISH, "y", &one, 1), EPERM,
		 "without CAP_SYS_RAWIO");
	errno_is(unpublish(*(int *)arg, "two-things"), EPERM,
		 "BARIOC_UNPUBLISH: without CAP_SYS_RAWIO");
}

static void not_from_elsewhere(int pci)
{
	struct barioc_rule one = rule(edu, 0, R, 0, 4);
	int node = open_node(edu, O_RDWR), reader = open_pci(O_RDONLY);

	about("BARIOC_PUBLISH");
	errno_is(named(node, BARIOC_PUBLISH, "y", &one, 1), EPERM,
		 "on the node of a function");
	errno_is(named(reader, BARIOC_PUBLISH, "y", &one, 1), EPERM,
		 "on /dev/pci open for reading");
	without_capability(CAP_SYS_RAWIO, try_publish, &pci);
	ok(!exists("/dev/bario/y"), "a caller without the right makes no node");
	close(node);
	close(reader);
}

static void names(void)
{
	struct barioc_rule rules[] = {
		rule(ivshmem, 2, R | W, 0x1000, 16), rule(edu, 0, R, 0, 8),
	};
	struct barioc_rule in_order[] = { rules[1], rules[0] };
	int pci = open_pci(O_RDWR), fd, other;
	struct pci_conf found[4];
	uint32_t value;
	struct stat st;

	about("BARIOC_PUBLISH");
	errno_is(named(pci, BARIOC_PUBLISH, "two-things", rules, 2), 0,
		 "a grant for two functions gets a name");
	ok(!stat(NAME, &st) && S_ISCHR(st.st_mode) &&
	   (st.st_mode & 0777) == 0600 && !st.st_uid,
	   "the node is root's, mode 0600");
	errno_is(named(pci, BARIOC_PUBLISH, "two-things", rules, 2), EEXIST,
		 "a name that is published");
	refused_names(pci);
	refused_grants(pci);
	not_from_elsewhere(pci);
	close(pci);
	ok(exists(NAME), "the node stays when /dev/pci is closed");

	fd = open(NAME, O_RDWR);
	other = open(NAME, O_RDWR);
	GRANT_IS(fd, in_order, "a file opened there has that grant");
	is(listed(fd, found, 4), 2, "a file opened there lists its two functions");
	is(get(fd, edu, 0, 0, 4) & 0xfff, 0xed, "a file opened there reads a granted register");
	errno_is(try_write(fd, edu, 0, 4, 4, 1), EACCES,
		 "PCIOCBARIO: a write to what may only be read");
	put(fd, ivshmem, 2, 0x1004, 4, 0x12345678);
	is(get(other, ivshmem, 2, 0x1004, 4), 0x12345678,
	   "another file of that name reads what it wrote");
	errno_is(try_read(fd, ivshmem, 2, 0x1010, 4, &value), EACCES,
		 "PCIOCBARIO: a read past the range");
	errno_is(try_read(fd, testdev, 1, 0, 4, &value), ENODEV,
		 "PCIOCBARIO: another function");

	pci = open_pci(O_RDWR);
	errno_is(unpublish(pci, "two-things"), 0, "BARIOC_UNPUBLISH: a published name can be unpublished");
	ok(!exists(NAME), "BARIOC_UNPUBLISH: the node is gone");
	errno_is(try_read(fd, edu, 0, 0, 4, &value), ENODEV,
		 "BARIOC_UNPUBLISH revokes a file: PCIOCBARIO");
	errno_is(try_read(other, ivshmem, 2, 0x1004, 4, &value), ENODEV,
		 "BARIOC_UNPUBLISH revokes each file: PCIOCBARIO");
	is(claims(), 0, "BARIOC_UNPUBLISH leaves no claim");
	errno_is(unpublish(pci, "two-things"), ENOENT, "BARIOC_UNPUBLISH: a name that was unpublished");
	errno_is(named(pci, BARIOC_PUBLISH, "two-things", rules, 1), 0,
		 "an unpublished name can be published again");
	errno_is(try_read(fd, edu, 0, 0, 4, &value), ENODEV,
		 "files of the old name stay revoked: PCIOCBARIO");
	close(fd);
	close(other);
	errno_is(unpublish(pci, "two-things"), 0, "BARIOC_UNPUBLISH: the name can be unpublished again");
	close(pci);
}

/* ---- holders of BARs ---- */
static void holders(void)
{
	struct barioc_holder strict = { .dev = edu.pc_dev, .reserved = 1 };
	int pci = open_pci(O_RDWR);
	char name[64] = "";

	about("BARIOC_HOLDER");
	is(holder(pci, edu, 0, name), 0x100 + BARIOC_HOLDER_NONE, "nobody holds a BAR that is not claimed");
	is_str(name, "", "a BAR without a driver has no driver's name");
	is(claims(), 0, "the request claims nothing");
	get(pci, edu, 0, 0, 4);
	is(holder(pci, edu, 0, name), 0x100 + BARIOC_HOLDER_FILES,
	   "files of bario hold a BAR that was read");
	is(holder(pci, serial, 0, name), 0x100 + BARIOC_HOLDER_DRIVER,
	   "a bound driver holds its BAR");
	is_str(name, driver_of(serial), "the name is the driver's");
	is(holder(pci, serial, CONFIG, name), 0x100 + BARIOC_HOLDER_DRIVER,
	   "a bound driver holds the function");
	is_str(name, driver_of(serial), "the name of the function's driver is the driver's");
	is(holder(pci, edu, CONFIG, name), 0x100 + BARIOC_HOLDER_NONE,
	   "a function of which a BAR is claimed has no driver");
	is_str(name, "", "a function without a driver has no driver's name");
	errno_is(holder(pci, absent, CONFIG, name), ENODEV, "no such function, as a whole");
	if (system("modprobe pci-stub") || !bind_driver(edu2, "pci-stub"))
		bail("pci-stub does not bind");
	is(holder(pci, edu2, 0, name), 0x100 + BARIOC_HOLDER_NONE,
	   "a stub that has not claimed the BAR does not have it");
	is_str(name, "pci-stub", "a stub is named as well");
	ok(unbind_driver(edu2), "the stub can be unbound");
	errno_is(holder(pci, edu, 1, name), EINVAL, "no such BAR");
	errno_is(holder(pci, edu, 6, name), EINVAL,
		 "the space of the expansion ROM");
	errno_is(holder(pci, edu, 8, name), EINVAL,
		 "the space of the interrupt");
	errno_is(holder(pci, edu, 255, name), EINVAL, "space 255");
	errno_is(holder(pci, ivshmem, 3, name), EINVAL,
		 "the upper half of a BAR");
	errno_is(holder(pci, absent, 0, name), ENODEV, "no such function");
	is_errno(ioctl(pci, BARIOC_HOLDER, &strict), EINVAL,
		 "reserved is not 0");
	close(pci);
}

static void holder_pointers(void)
{
	struct barioc_holder *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
					  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int pci = open_pci(O_RDWR);

	about("BARIOC_HOLDER");
	*page = (struct barioc_holder){ .dev = edu.pc_dev };
	is_errno(ioctl(pci, BARIOC_HOLDER, NULL), EFAULT, "a structure at NULL");
	mprotect(page, PAGE, PROT_READ);
	is_errno(ioctl(pci, BARIOC_HOLDER, page), EFAULT,
		 "a structure in a read-only page");
	munmap(page, PAGE);
	close(pci);
}

/* ---- beside a driver ---- */
static int derive_beside(int fd, struct pcisel sel)
{
	struct barioc_rule all = rule(sel, 0, R | W | M, 0, TO_END);
	struct barioc_derive derive = {
		.rules = (uintptr_t)&all,
		.count = 1,
		.flags = BARIOC_DERIVE_SHARED,
	};

	return ioctl(fd, BARIOC_DERIVE, &derive) ? -errno : derive.fd;
}

static void try_beside(void *arg)
{
	about("BARIOC_DERIVE");
	errno_is(-derive_beside(*(int *)arg, serial), EPERM,
		 "SHARED without CAP_SYS_RAWIO");
}

static void beside(void)
{
	int pci = open_pci(O_RDWR), fd, child, node;
	struct barioc_grant grant = { 0 };
	char driver[32];
	uint32_t value, was;

	about("SHARED");
	fd = derive_beside(pci, serial);
	errno_is(-fd, EPERM, "BARIOC_DERIVE without the parameter allow_shared");
	close(pci);
	if (system("rmmod bario && insmod /lib/modules/bario.ko allow_shared=1"))
		bail("bario can't be loaded with allow_shared=1");

	pci = open_pci(O_RDWR);
	without_capability(CAP_SYS_RAWIO, try_beside, &pci);
	fd = derive_beside(pci, serial);
	ok(fd >= 0, "BARIOC_DERIVE with allow_shared and CAP_SYS_RAWIO succeeds");
	ok(!ioctl(fd, BARIOC_GRANT, &grant) &&
	   grant.attributes == BARIOC_GRANT_SHARED, "BARIOC_GRANT says SHARED");
	ok(!ioctl(fd, BARIOC_GRANT, &grant) &&
	   grant.attributes == BARIOC_GRANT_SHARED,
	   "BARIOC_GRANT says SHARED when it is asked with its answer");
	ok(fdinfo_has(fd, "bario-grant:\tshared"), "fdinfo says shared");
	strcpy(driver, driver_of(serial));
	was = cfg(serial, COMMAND, 2);
	errno_is(try_read(fd, serial, 0, 5, 1, &value), 0,
		 "a read of the driver's BAR succeeds");
	is(value & 0x60, 0x60, "the read returns the line status: idle");
	is(claims(), 0, "no addresses are claimed");
	is(cfg(serial, COMMAND, 2), was, "decoding is neither turned on nor off");
	errno_is(try_read(pci, serial, 0, 5, 1, &value), EBUSY,
		 "PCIOCBARIO of any other file");
	child = derive_one(fd, serial, 0, R, 5, 1);
	errno_is(try_read(child, serial, 0, 5, 1, &value), 0,
		 "a file derived from it reads as well");
	errno_is(try_write(child, serial, 0, 5, 1, 0), EACCES,
		 "PCIOCBARIO: a write by a file derived for reading");

	ok(unbind_driver(serial), "the driver can be unbound");
	errno_is(try_read(fd, serial, 0, 5, 1, &value), 0, "a read without the driver succeeds");
	ok(claimed(serial, 0), "a read without the driver claims the BAR");
	node = open_node(serial, O_RDWR);
	errno_is(try_read(node, serial, 0, 5, 1, &value), 0,
		 "the node shares that claim");
	ok(bind_driver(serial, driver), "the driver can be bound again");
	ok(held_by(serial, 0, "serial"), "the driver holds the addresses again");
	errno_is(try_read(node, serial, 0, 5, 1, &value), EBUSY,
		 "PCIOCBARIO of the node, with the driver");
	errno_is(try_read(fd, serial, 0, 5, 1, &value), 0,
		 "a read with the driver bound again succeeds");
	close(node);
	close(child);
	close(fd);
	close(pci);
	is(claims(), 0, "no claim is left when all files are closed");
	if (system("rmmod bario && insmod /lib/modules/bario.ko"))
		bail("bario can't be loaded again");
}

int main(void)
{
	tap_begin();
	names();
	owners();
	holders();
	holder_pointers();
	beside();
	return tap_end();
}
