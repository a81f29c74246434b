// SPDX-License-Identifier: GPL-2.0
/*
 * Tests barioc(4): BARIOC_DERIVE. Also BARIOC_GRANT and BARIOC_REVOKE: malformed flags,
 * rules and addresses, as many rules as there can be, and a process without
 * descriptors.
 */
#define _GNU_SOURCE
#include <linux/capability.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include "derive.h"

static int pci;		/* /dev/pci, open for both */

static void bad_rule(struct barioc_rule one, int want, const char *what)
{
	const struct barioc_rule rules[] = { rule(edu, 0, R, 0, 4), one };
	struct barioc_derive request = asking_for(&one, 1);

	refused(pci, BARIOC_DERIVE, &request, want, "malformed rule: %s", what);
	request = asking_for(rules, 2);
	refused(pci, BARIOC_DERIVE, &request, want, "malformed rule after a good one: %s", what);
}

static void bad_rules(void)
{
	struct barioc_rule one = rule(edu, 0, R, 0, 4), r;
	unsigned int bit;

	about("BARIOC_DERIVE");
	r = one, r.dev = 32, bad_rule(r, EINVAL, "device 32");
	r = one, r.dev = 0xff, bad_rule(r, EINVAL, "device 255");
	r = one, r.func = 8, bad_rule(r, EINVAL, "function 8");
	r = one, r.space = 6, bad_rule(r, EINVAL, "the expansion ROM's space");
	r = one, r.space = 8, bad_rule(r, EINVAL, "the interrupt's space");
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
	static struct barioc_rule many[BARIOC_RULES_MAX + 1];
	struct barioc_derive request;
	struct barioc_grant grant;
	struct barioc_revoke end;
	unsigned int i, bit, bad = 0, bad_grant = 0, bad_revoke = 0;

	about("BARIOC_DERIVE");
	for (i = 0; i < ARRAY_SIZE(many); i++)
		many[i] = rule(edu, 0, R, 8 * i, 4);
	watch(descriptors);
	for (bit = 0; bit < 32; bit++) {
		request = asking_for(many, 1);
		request.flags = 1u << bit;
		bad += ioctl(pci, BARIOC_DERIVE, &request) != -1 ||
		       errno != (bit ? EINVAL : EPERM);
		memset(&grant, 0, sizeof(grant));
		grant.flags = 1u << bit;
		bad_grant += ioctl(pci, BARIOC_GRANT, &grant) != -1 || errno != EINVAL;
		end = (struct barioc_revoke){ 0, 1u << bit };
		bad_revoke += ioctl(pci, BARIOC_REVOKE, &end) != -1 || errno != EINVAL;
	}
	is(bad, 0, "each unknown bit of flags: EINVAL");
	about("BARIOC_GRANT");
	is(bad_grant, 0, "each bit of flags: EINVAL");
	about("BARIOC_REVOKE");
	is(bad_revoke, 0, "each bit of reserved: EINVAL");
	about("BARIOC_DERIVE");
	request = asking_for(many, 1);
	request.flags = BARIOC_DERIVE_SHARED;
	refused(pci, BARIOC_DERIVE, &request, EPERM, "SHARED without allow_shared");
	request.flags |= 1u << 31;
	refused(pci, BARIOC_DERIVE, &request, EINVAL, "an unknown flag with SHARED");
	request = asking_for(many, 0);
	refused(pci, BARIOC_DERIVE, &request, EINVAL, "a count of 0");
	request = asking_for(NULL, 0);
	refused(pci, BARIOC_DERIVE, &request, EINVAL, "a count of 0 and no address");
	request = asking_for(many, BARIOC_RULES_MAX + 1);
	refused(pci, BARIOC_DERIVE, &request, EINVAL, "a count of 1025");
	request = asking_for(many, ~0u);
	refused(pci, BARIOC_DERIVE, &request, EINVAL, "a count of 2^32 - 1");
	request = asking_for(many, 0x8000000);
	refused(pci, BARIOC_DERIVE, &request, EINVAL, "a count of 2^32 bytes");
	request = asking_for(many, 0x8000001);
	refused(pci, BARIOC_DERIVE, &request, EINVAL, "a count of 2^32 bytes and one rule");
	request = asking_for(NULL, ~0u);
	request.flags = 2;
	refused(pci, BARIOC_DERIVE, &request, EINVAL, "EINVAL goes before EFAULT");
	bad_rules();
	for (i = 0; i < 256; i++)
		if (i < 1 || i > 15)
			bad += ioctl(pci, _IOC(_IOC_READ | _IOC_WRITE, 0xBA, i, 24),
				     &request) != -1 || errno != ENOTTY;
	bad += ioctl(pci, _IOWR(0xBA, 1, struct barioc_grant[2]), &request) != -1 ||
	       errno != ENOTTY;
	bad += ioctl(pci, _IOW(0xBA, 1, struct barioc_derive), &request) != -1 ||
	       errno != ENOTTY;
	is(bad, 0, "requests with other numbers, sizes and directions are unknown: ENOTTY");
	watch(NULL);
}

static void pointers(void)
{
	char *two = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct barioc_rule *rules = (void *)(two + PAGE - 2 * sizeof(*rules));
	static const uintptr_t bad[] = { 0, 1, PAGE, (uintptr_t)-64, (uintptr_t)-1 };
	struct barioc_derive request;
	struct barioc_grant grant;
	unsigned int i;
	int fd;

	about("BARIOC_DERIVE");
	munmap(two + PAGE, PAGE);
	rules[0] = rules[1] = rule(edu, 0, R, 0, 4);
	watch(descriptors);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		request = asking_for((void *)bad[i], 1);
		refused(pci, BARIOC_DERIVE, &request, EFAULT, "rules at %#lx",
			(unsigned long)bad[i]);
	}
	request = asking_for(rules, 1);
	request.rules = 0xffff888000000000;
	refused(pci, BARIOC_DERIVE, &request, EFAULT, "rules of the kernel");
	is_errno(ioctl(pci, BARIOC_DERIVE, NULL), EFAULT, "a structure at NULL");
	request = asking_for(rules, 3);
	refused(pci, BARIOC_DERIVE, &request, EFAULT, "rules into unmapped memory");
	request = asking_for((char *)rules + 1, 2);
	refused(pci, BARIOC_DERIVE, &request, EFAULT, "rules that miss a byte");
	fd = derive(pci, rules, 2, NULL);
	ok(fd >= 0, "rules at the end of a page are read");
	about("BARIOC_GRANT");
	memset(&grant, 0, sizeof(grant));
	grant.capacity = 1;
	refused(fd, BARIOC_GRANT, &grant, EFAULT, "rules at NULL");
	grant.rules = (uintptr_t)two + PAGE - 31;
	refused(fd, BARIOC_GRANT, &grant, EFAULT, "rules that lack a byte");
	grant.rules = 0xffff888000000000;
	refused(fd, BARIOC_GRANT, &grant, EFAULT, "rules in the kernel");
	close(fd);
	about("BARIOC_DERIVE");
	/* The answer cannot be stored, so no descriptor may be left. */
	memcpy(two, &request, sizeof(request));
	((struct barioc_derive *)two)->rules = (uintptr_t)rules;
	((struct barioc_derive *)two)->count = 1;
	mprotect(two, PAGE, PROT_READ);
	refused(pci, BARIOC_DERIVE, two, EFAULT, "a structure in a read-only page");
	mprotect(two, PAGE, PROT_READ | PROT_WRITE);
	memset(two, 0, sizeof(grant));
	mprotect(two, PAGE, PROT_READ);
	about("BARIOC_GRANT");
	refused(pci, BARIOC_GRANT, two, EFAULT, "a structure in a read-only page");
	mprotect(two, PAGE, PROT_READ | PROT_WRITE);
	watch(NULL);
	munmap(two, PAGE);
	grant = (struct barioc_grant){ 0 };
	bad_pointers(pci, BARIOC_GRANT, &grant, "BARIOC_GRANT");
	bad_pointers(pci, BARIOC_REVOKE, &(struct barioc_revoke){ 0 },
		     "BARIOC_REVOKE");
}

static void sizes(void)
{
	static struct barioc_rule many[BARIOC_RULES_MAX], got[BARIOC_RULES_MAX];
	struct barioc_derive request;
	unsigned int i, bad = 0;
	int fd, child;

	about("BARIOC_DERIVE");
	for (i = 0; i < ARRAY_SIZE(many); i++)
		many[i] = rule(ivshmem, 2, R, AREA + 8ull * (1023 - i), 4);
	fd = derive(pci, many, ARRAY_SIZE(many), NULL);
	ok(fd >= 0, "1024 rules without overlaps are one grant");
	is(ask_grant(fd, got, 1024), 1024, "1024 rules without overlaps stay 1024");
	for (i = 0; i < 1024; i += 33)
		bad += read_at(fd, ivshmem, 2, AREA + 8 * i, 4) != 0 ||
		       read_at(fd, ivshmem, 2, AREA + 8 * i + 4, 4) != EACCES;
	is(bad, 0, "each of 1024 rules allows its register, and nothing between them");
	child = derive(fd, got, 1024, NULL);
	grant_is(child, got, 1024, "1024 derived from 1024");
	close(child);

	/* One rule that splits all others: 2047. */
	many[0] = rule(ivshmem, 2, W, 0, TO_END);
	request = asking_for(many, 1024);
	watch(descriptors);
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
	fd = derive(pci, many, 1024, NULL);
	ok(fd >= 0, "1024 rules, each within the one before, are one grant");
	is(ask_grant(fd, got, 1024), 3, "1024 rules, each within the one before, come to three");
	close(fd);
	for (i = 0; i < 1024; i++)
		many[i] = rule(ivshmem, i % 6, 1 + i % 7, i % 97, TO_END);
	fd = derive(pci, many, 1024, NULL);
	ok(fd >= 0, "1024 rules that all overlap are one grant");
	close(fd);
}

static void exhausted(void *unused)
{
	struct rlimit limit = { 64, 64 };
	struct barioc_rule one = rule(edu, 0, R, 0, 4);
	struct barioc_derive request = asking_for(&one, 1);
	int fd, i;

	about("BARIOC_DERIVE");
	(void)unused;
	setrlimit(RLIMIT_NOFILE, &limit);
	while ((fd = dup(pci)) >= 0)
		;
	watch(descriptors);
	for (i = 0; i < 1000; i++)
		ioctl(pci, BARIOC_DERIVE, &request);
	refused(pci, BARIOC_DERIVE, &request, EMFILE, "the process has no descriptor left");
	close(63);
	fd = derive(pci, &one, 1, NULL);
	is(fd, 63, "a descriptor that was closed is given out");
	is(fcntl(fd, F_GETFD), FD_CLOEXEC, "the new descriptor is close-on-exec");
	is(get(fd, edu, 0, 0, 4), 0x010000ed, "the new descriptor works");
	/* Of the thousand that failed no file was left: revoking finds one. */
	watch(NULL);
}

/* The limit is for callers without CAP_SYS_ADMIN. */
static void no_file(void *unused)
{
	struct barioc_rule one = rule(edu, 0, R, 0, 4);
	struct barioc_derive request = asking_for(&one, 1);

	(void)unused;
	watch(descriptors);
	refused(pci, BARIOC_DERIVE, &request, ENFILE, "the system has no file left");
	watch(NULL);
}

static void system_full(void)
{
	static const char limit[] = "/proc/sys/fs/file-max";
	char was[32] = "";
	int many[400];
	unsigned int i;
	FILE *file = fopen(limit, "r");

	about("BARIOC_DERIVE");
	if (!file || !fgets(was, sizeof(was), file) || !write_file(limit, "1"))
		bail("%s", limit);
	fclose(file);
	/* The kernel counts roughly: so many are more than 1 for certain. */
	many_descriptors(500);
	for (i = 0; i < ARRAY_SIZE(many); i++)
		many[i] = open("/dev/null", O_RDONLY);
	without_capability(CAP_SYS_ADMIN, no_file, NULL);
	for (i = 0; i < ARRAY_SIZE(many); i++)
		close(many[i]);
	if (!write_file(limit, was))
		bail("%s", limit);
}

static void no_more_files(void)
{
	struct barioc_rule one = rule(edu, 0, R, 0, 4);
	int fd, first = derive(pci, &one, 1, NULL);

	about("BARIOC_DERIVE");
	in_child(exhausted, NULL);
	fd = derive(pci, &one, 1, NULL);
	ok(fd >= 0 && descriptors() < 30, "no descriptor is left over after EMFILE");
	close(fd);
	close(first);
}

int main(void)
{
	tap_begin();
	fill_area(PATTERN);
	pci = open_pci(O_RDWR);
	strict();
	pointers();
	sizes();
	no_more_files();
	system_full();
	close(pci);
	is(claims(), 0, "nothing stays claimed");
	area_untouched();
	return tap_end();
}
