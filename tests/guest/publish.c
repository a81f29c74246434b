// SPDX-License-Identifier: GPL-2.0
/*
 * Published names, files beside a driver, and who has a BAR.
 */
#define _GNU_SOURCE
#include <grp.h>
#include <linux/capability.h>
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

	for (i = 0; i < ARRAY_SIZE(bad); i++)
		good += named(pci, BARIOC_PUBLISH, bad[i], &one, 1) == EINVAL;
	is(good, ARRAY_SIZE(bad), "names of other letters: EINVAL");
	memset(whole.name, 'a', sizeof(whole.name));
	is_errno(ioctl(pci, BARIOC_PUBLISH, &whole), EINVAL,
		 "a name without an end: EINVAL");
	whole = (struct barioc_publish) {
		.rules = (uintptr_t)&one, .count = 1, .flags = 2, .name = "x",
	};
	is_errno(ioctl(pci, BARIOC_PUBLISH, &whole), EINVAL, "a flag: EINVAL");
	errno_is(named(pci, BARIOC_PUBLISH, "x", &one, 0), EINVAL,
		 "no rule: EINVAL");
	errno_is(named(pci, BARIOC_PUBLISH, "x", NULL, 1), EFAULT,
		 "rules nowhere: EFAULT");
	one = rule(absent, 0, R, 0, 4);
	errno_is(named(pci, BARIOC_PUBLISH, "x", &one, 1), ENODEV,
		 "a function that there is not: ENODEV");
	ok(!exists("/dev/bario/x"), "none of these made a node");
	errno_is(unpublish(pci, "x"), ENOENT, "or can be unpublished: ENOENT");
	one = rule(edu, 0, R, 0, 4);
	errno_is(named(pci, BARIOC_UNPUBLISH, "x", &one, 1), EINVAL,
		 "unpublishing with rules: EINVAL");
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

	for (bit = 9; bit < 32; bit++)
		bad += owned(pci, BARIOC_PUBLISH_OWNER, 0, 0,
			     1u << bit | 0600) != EINVAL;
	is(bad, 0, "PUBLISH with a mode that has more than 0777: EINVAL");
	errno_is(owned(pci, BARIOC_PUBLISH_OWNER, ~0u, 0, 0600), EINVAL,
		 "PUBLISH with a uid that nobody can have: EINVAL");
	errno_is(owned(pci, BARIOC_PUBLISH_OWNER, 0, ~0u, 0600), EINVAL,
		 "PUBLISH with a gid that nobody can have: EINVAL");
	errno_is(owned(pci, 0, 1, 0, 0), EINVAL,
		 "PUBLISH with a uid, without the flag: EINVAL");
	errno_is(owned(pci, 0, 0, 1, 0), EINVAL,
		 "PUBLISH with a gid, without the flag: EINVAL");
	errno_is(owned(pci, 0, 0, 0, 0600), EINVAL,
		 "PUBLISH with a mode, without the flag: EINVAL");
	for (bit = 1; bit < 32; bit++)
		bad += owned(pci, 1u << bit | BARIOC_PUBLISH_OWNER, 0, 0, 0) !=
			EINVAL;
	is(bad, 0, "PUBLISH with an unknown flag beside OWNER: EINVAL");
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
	is(bad, 0, "PUBLISH with a reserved field, UNPUBLISH with an owner: EINVAL");
	ok(!exists("/dev/bario/owned"), "a refused owner makes no node");
}

static void open_owned(void *arg)
{
	*(int *)arg = open("/dev/bario/owned", O_RDWR) < 0 ? errno : 0;
}

/* What a user without privileges gets who opens the node; 0 or an errno. */
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

	errno_is(named(*(int *)arg, BARIOC_PUBLISH, "y", &one, 1), EPERM,
		 "without CAP_SYS_RAWIO: EPERM");
	errno_is(unpublish(*(int *)arg, "two-things"), EPERM,
		 "and can't unpublish: EPERM");
}

static void not_from_elsewhere(int pci)
{
	struct barioc_rule one = rule(edu, 0, R, 0, 4);
	int node = open_node(edu, O_RDWR), reader = open_pci(O_RDONLY);

	errno_is(named(node, BARIOC_PUBLISH, "y", &one, 1), EPERM,
		 "on a node: EPERM");
	errno_is(named(reader, BARIOC_PUBLISH, "y", &one, 1), EPERM,
		 "on /dev/pci open to read: EPERM");
	without_capability(CAP_SYS_RAWIO, try_publish, &pci);
	ok(!exists("/dev/bario/y"), "no node came of it");
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

	errno_is(named(pci, BARIOC_PUBLISH, "two-things", rules, 2), 0,
		 "a grant for two functions gets a name");
	ok(!stat(NAME, &st) && S_ISCHR(st.st_mode) &&
	   (st.st_mode & 0777) == 0600 && !st.st_uid,
	   "its node is root's, mode 0600");
	errno_is(named(pci, BARIOC_PUBLISH, "two-things", rules, 2), EEXIST,
		 "the name is taken: EEXIST");
	refused_names(pci);
	not_from_elsewhere(pci);
	close(pci);
	ok(exists(NAME), "it stays when /dev/pci is closed");

	fd = open(NAME, O_RDWR);
	other = open(NAME, O_RDWR);
	GRANT_IS(fd, in_order, "the file has that grant");
	is(listed(fd, found, 4), 2, "and lists those two");
	is(get(fd, edu, 0, 0, 4) & 0xfff, 0xed, "a register reads");
	errno_is(try_write(fd, edu, 0, 4, 4, 1), EACCES,
		 "one that may be read only: EACCES");
	put(fd, ivshmem, 2, 0x1004, 4, 0x12345678);
	is(get(other, ivshmem, 2, 0x1004, 4), 0x12345678,
	   "another file of that name reads what it wrote");
	errno_is(try_read(fd, ivshmem, 2, 0x1010, 4, &value), EACCES,
		 "past the range: EACCES");
	errno_is(try_read(fd, testdev, 1, 0, 4, &value), ENODEV,
		 "another function: ENODEV");

	pci = open_pci(O_RDWR);
	errno_is(unpublish(pci, "two-things"), 0, "unpublished");
	ok(!exists(NAME), "the node is gone");
	errno_is(try_read(fd, edu, 0, 0, 4, &value), ENODEV,
		 "a file that was opened there: ENODEV");
	errno_is(try_read(other, ivshmem, 2, 0x1004, 4, &value), ENODEV,
		 "and the other: ENODEV");
	is(claims(), 0, "no claim is left");
	errno_is(unpublish(pci, "two-things"), ENOENT, "not twice: ENOENT");
	errno_is(named(pci, BARIOC_PUBLISH, "two-things", rules, 1), 0,
		 "the name can be given again");
	errno_is(try_read(fd, edu, 0, 0, 4, &value), ENODEV,
		 "the old files stay dead");
	close(fd);
	close(other);
	errno_is(unpublish(pci, "two-things"), 0, "and unpublished again");
	close(pci);
}

/* ---- who has a BAR ---- */
static void holders(void)
{
	struct barioc_holder strict = { .dev = edu.pc_dev, .reserved = 1 };
	int pci = open_pci(O_RDWR);
	char name[64] = "";

	is(holder(pci, edu, 0, name), 0x100 + BARIOC_HOLDER_NONE, "nobody");
	is_str(name, "", "and so no name");
	is(claims(), 0, "asking claims nothing");
	get(pci, edu, 0, 0, 4);
	is(holder(pci, edu, 0, name), 0x100 + BARIOC_HOLDER_FILES,
	   "a file of ours");
	is(holder(pci, serial, 0, name), 0x100 + BARIOC_HOLDER_DRIVER,
	   "a driver");
	is_str(name, driver_of(serial), "with its name");
	is(holder(pci, serial, CONFIG, name), 0x100 + BARIOC_HOLDER_DRIVER,
	   "a driver has the function");
	is_str(name, driver_of(serial), "by that name");
	is(holder(pci, edu, CONFIG, name), 0x100 + BARIOC_HOLDER_NONE,
	   "no driver has this one, though a file of ours has a BAR");
	is_str(name, "", "and so there is no name");
	is(holder(pci, absent, CONFIG, name), ENODEV, "no such function: ENODEV");
	if (system("modprobe pci-stub") || !bind_driver(edu2, "pci-stub"))
		bail("pci-stub does not bind");
	is(holder(pci, edu2, 0, name), 0x100 + BARIOC_HOLDER_NONE,
	   "a stub that has not claimed the BAR does not have it");
	is_str(name, "pci-stub", "and is named all the same");
	ok(unbind_driver(edu2), "it leaves");
	is(holder(pci, edu, 1, name), EINVAL, "no such BAR: EINVAL");
	is(holder(pci, edu, 6, name), EINVAL,
	   "HOLDER of the expansion ROM's space: EINVAL");
	is(holder(pci, edu, 8, name), EINVAL,
	   "HOLDER of the interrupt's space: EINVAL");
	is(holder(pci, edu, 255, name), EINVAL, "HOLDER of space 255: EINVAL");
	is(holder(pci, ivshmem, 3, name), EINVAL, "an upper half: EINVAL");
	is(holder(pci, absent, 0, name), ENODEV, "no such function: ENODEV");
	is_errno(ioctl(pci, BARIOC_HOLDER, &strict), EINVAL,
		 "a reserved field: EINVAL");
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
	errno_is(-derive_beside(*(int *)arg, serial), EPERM,
		 "beside a driver, without CAP_SYS_RAWIO: EPERM");
}

static void beside(void)
{
	int pci = open_pci(O_RDWR), fd, child, node;
	struct barioc_grant grant = { 0 };
	char driver[32];
	uint32_t value, was;

	fd = derive_beside(pci, serial);
	errno_is(-fd, EPERM, "the parameter is off: EPERM");
	close(pci);
	if (system("rmmod bario && insmod /lib/modules/bario.ko allow_shared=1"))
		bail("bario can't be loaded with allow_shared=1");

	pci = open_pci(O_RDWR);
	without_capability(CAP_SYS_RAWIO, try_beside, &pci);
	fd = derive_beside(pci, serial);
	ok(fd >= 0, "allowed, and to a privileged caller");
	ok(!ioctl(fd, BARIOC_GRANT, &grant) &&
	   grant.attributes == BARIOC_GRANT_SHARED, "the grant says so");
	ok(!ioctl(fd, BARIOC_GRANT, &grant) &&
	   grant.attributes == BARIOC_GRANT_SHARED,
	   "and again, asked with the answer");
	ok(fdinfo_has(fd, "bario-grant:\tshared"), "fdinfo of a shared grant says shared");
	strcpy(driver, driver_of(serial));
	was = cfg(serial, COMMAND, 2);
	errno_is(try_read(fd, serial, 0, 5, 1, &value), 0,
		 "a driver's BAR reads");
	is(value & 0x60, 0x60, "and gives the line status: idle");
	is(claims(), 0, "no addresses are claimed");
	is(cfg(serial, COMMAND, 2), was, "and nothing is turned on or off");
	errno_is(try_read(pci, serial, 0, 5, 1, &value), EBUSY,
		 "any other file: EBUSY");
	child = derive_one(fd, serial, 0, R, 5, 1);
	errno_is(try_read(child, serial, 0, 5, 1, &value), 0,
		 "what is derived from it is beside, too");
	errno_is(try_write(child, serial, 0, 5, 1, 0), EACCES,
		 "but may do less: EACCES");

	ok(unbind_driver(serial), "the driver goes, from beside a busy file");
	errno_is(try_read(fd, serial, 0, 5, 1, &value), 0, "it reads on");
	ok(claimed(serial, 0), "now with a claim of its own");
	node = open_node(serial, O_RDWR);
	errno_is(try_read(node, serial, 0, 5, 1, &value), 0,
		 "which others share");
	ok(bind_driver(serial, driver), "the driver comes back");
	ok(held_by(serial, 0, "serial"), "and has its addresses");
	errno_is(try_read(node, serial, 0, 5, 1, &value), EBUSY,
		 "the others: EBUSY");
	errno_is(try_read(fd, serial, 0, 5, 1, &value), 0,
		 "the one beside it reads on");
	close(node);
	close(child);
	close(fd);
	close(pci);
	is(claims(), 0, "all closed: no claim");
	if (system("rmmod bario && insmod /lib/modules/bario.ko"))
		bail("bario can't be loaded again");
}

int main(void)
{
	tap_begin();
	names();
	owners();
	holders();
	beside();
	return tap_end();
}
