// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include "derive.h"


struct barioc_rule rule(struct pcisel sel, unsigned int space,
			unsigned int rights, uint64_t offset, uint64_t length)
{
	struct barioc_rule one;

	memset(&one, 0, sizeof(one));
	one.domain = sel.pc_domain;
	one.bus = sel.pc_bus;
	one.dev = sel.pc_dev;
	one.func = sel.pc_func;
	one.space = space;
	one.rights = rights;
	one.offset = offset;
	one.length = length;
	return one;
}

struct barioc_derive asking_for(const void *rules, uint32_t count)
{
	struct barioc_derive derive;

	memset(&derive, 0, sizeof(derive));
	derive.rules = (uintptr_t)rules;
	derive.count = count;
	derive.fd = -77;
	derive.id = 0x7777;
	return derive;
}

int derive(int fd, const struct barioc_rule *rules, unsigned int count,
	   uint32_t *id)
{
	struct barioc_derive request;

	memset(&request, 0, sizeof(request));
	request.rules = (uintptr_t)rules;
	request.count = count;
	request.fd = -1;
	if (ioctl(fd, BARIOC_DERIVE, &request))
		return -1;
	if (id)
		*id = request.id;
	return request.fd;
}

int derive_one(int fd, struct pcisel sel, unsigned int space,
	       unsigned int rights, uint64_t offset, uint64_t length)
{
	struct barioc_rule one = rule(sel, space, rights, offset, length);
	int made = derive(fd, &one, 1, NULL);

	if (made < 0)
		bail("derive for %s", sysfs_name(sel));
	return made;
}

int derive_id(int fd, struct pcisel sel, unsigned int rights, uint32_t *id)
{
	struct barioc_rule one = rule(sel, 0, rights, 0, TO_END);
	int made = derive(fd, &one, 1, id);

	if (made < 0)
		bail("derive for %s", sysfs_name(sel));
	return made;
}

unsigned int ask_grant(int fd, struct barioc_rule *rules, unsigned int capacity)
{
	struct barioc_grant grant;

	memset(&grant, 0, sizeof(grant));
	grant.rules = (uintptr_t)rules;
	grant.capacity = capacity;
	if (ioctl(fd, BARIOC_GRANT, &grant))
		bail("BARIOC_GRANT");
	return grant.count;
}

bool grant_is(int fd, const struct barioc_rule *want, unsigned int count,
	      const char *name, ...)
{
	static struct barioc_rule got[BARIOC_RULES_MAX];
	unsigned int n = ask_grant(fd, got, ARRAY_SIZE(got)), i;
	char line[256];
	va_list args;
	bool good;

	good = n == count && !memcmp(got, want, n * sizeof(*got));
	va_start(args, name);
	vsnprintf(line, sizeof(line), name, args);
	va_end(args);
	ok(good, "%s", line);
	for (i = 0; !good && i < n && i < 20; i++)
		note("got %02x:%02x.%x space %u rights %u, %#llx length %#llx",
		     got[i].bus, got[i].dev, got[i].func, got[i].space,
		     got[i].rights, (unsigned long long)got[i].offset,
		     (unsigned long long)got[i].length);
	if (!good)
		note("%u rules, expected %u", n, count);
	return good;
}

int revoke_id(int fd, uint32_t id)
{
	struct barioc_revoke request = { .id = id };

	return ioctl(fd, BARIOC_REVOKE, &request) ? errno : 0;
}

void *map_pages(int fd, unsigned int bar, unsigned long first,
		unsigned long pages, int prot)
{
	void *at = mmap(NULL, pages * PAGE, prot, MAP_SHARED, fd,
			BARIOC_MMAP_OFFSET(bar, first * PAGE));

	return at == MAP_FAILED ? NULL : at;
}

int try_map(int fd, unsigned int bar, unsigned long first, unsigned long pages,
	    int prot)
{
	void *at = map_pages(fd, bar, first, pages, prot);
	int error = at ? 0 : errno;

	if (at)
		munmap(at, pages * PAGE);
	return error;
}

static FILE *fdinfo(int fd)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	return fopen(path, "r");
}

bool fdinfo_has(int fd, const char *line)
{
	FILE *file = fdinfo(fd);
	bool found = false;
	char text[256];

	while (file && fgets(text, sizeof(text), file)) {
		text[strcspn(text, "\n")] = '\0';
		found = found || !strcmp(text, line);
	}
	if (file)
		fclose(file);
	return found;
}

unsigned int fdinfo_lines(int fd, const char *begin)
{
	FILE *file = fdinfo(fd);
	unsigned int found = 0;
	char text[256];

	while (file && fgets(text, sizeof(text), file))
		found += !strncmp(text, begin, strlen(begin));
	if (file)
		fclose(file);
	return found;
}

union control {
	struct cmsghdr	head;
	char		control[CMSG_SPACE(sizeof(int))];
};

void send_fd(int sock, int fd)
{
	union control control;
	struct iovec one = { .iov_base = "", .iov_len = 1 };
	struct msghdr message = {
		.msg_iov = &one, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};

	memset(&control, 0, sizeof(control));
	control.head.cmsg_level = SOL_SOCKET;
	control.head.cmsg_type = SCM_RIGHTS;
	control.head.cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(&control.head), &fd, sizeof(fd));
	if (sendmsg(sock, &message, 0) != 1)
		bail("sendmsg");
}

int receive_fd(int sock)
{
	union control control;
	char byte;
	struct iovec one = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr message = {
		.msg_iov = &one, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	int fd;

	if (recvmsg(sock, &message, MSG_CMSG_CLOEXEC) != 1 ||
	    message.msg_controllen < CMSG_LEN(sizeof(int)))
		bail("recvmsg");
	memcpy(&fd, CMSG_DATA(&control.head), sizeof(fd));
	return fd;
}

int listed(int fd, struct pci_conf *found, unsigned int capacity)
{
	struct pci_conf_io io;

	memset(&io, 0, sizeof(io));
	io.matches = found;
	io.match_buf_len = capacity * sizeof(*found);
	return ioctl(fd, PCIOCGETCONF, &io) ? -1 : (int)io.num_matches;
}

void may_read(int fd, uint32_t offset, int want, const char *name)
{
	errno_is(read_at(fd, ivshmem, 2, offset, 4), want, "%s", name);
}

void fill_area(unsigned int value)
{
	unsigned char *at = map_sysfs(ivshmem, 2);

	if (!at)
		bail("ivshmem can't be mapped through sysfs");
	memset(at + AREA, value, AREA_SIZE);
	unmap_sysfs(ivshmem, 2, at);
}

void area_untouched(void)
{
	unsigned char *at = map_sysfs(ivshmem, 2);
	unsigned int i, bad = 0;

	for (i = 0; at && i < AREA_SIZE; i++)
		bad += ((volatile unsigned char *)at)[AREA + i] != PATTERN;
	ok(at && !bad, "sysfs: nothing was written to ivshmem's memory");
	if (at)
		unmap_sysfs(ivshmem, 2, at);
}
