// SPDX-License-Identifier: GPL-2.0
/*
 * Tests pciio(4): PCIOCBARIO. Many callers at once, and requests of which each field is
 * extreme or random. The errno that a request must give is computed here from the page,
 * and compared. Usage: stress [SEED].
 */
#define _GNU_SOURCE
#include <limits.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include "guest.h"

#define PROCESSES	100
#define WRITES		50
#define NO_INTX		0x400	/* of the command register: a node's doing */

static uint64_t state = 88172645463325252;

static uint32_t next(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state >> 16;
}

/* ---- many callers ---- */
static int all_good(pid_t *pid, int n)
{
	int i, status, good = 0;

	for (i = 0; i < n; i++)
		good += pid[i] > 0 && waitpid(pid[i], &status, 0) == pid[i] &&
			!status;
	return good;
}

static int one_of_hundred(void)
{
	int fd = open(node_path(testdev), O_RDWR), i, bad = fd < 0;
	uint32_t value;

	for (i = 0; i < WRITES; i++) {
		bad += try_write(fd, testdev, 1, PORT_TARGET, 1, TARGET_DATA) != 0;
		bad += try_read(fd, testdev, 1, TESTDEV_OFFSET, 4, &value) ||
		       value != PORT_TARGET;
		bad += try_read(fd, testdev, 2, 65536, 4, &value) != EINVAL;
	}
	return bad ? 1 : 0;
}

static void hundred(void)
{
	pid_t pid[PROCESSES];
	int i;

	count_in_ports(testdev);
	for (i = 0; i < PROCESSES; i++) {
		pid[i] = fork();
		if (!pid[i])
			_exit(one_of_hundred());
	}
	is(all_good(pid, PROCESSES), PROCESSES,
	   "a hundred processes on one node get the right answers");
	is(testdev_count(testdev), PROCESSES * WRITES,
	   "a hundred processes on one node: each write reaches the device once");
	is(claims(), 0, "many callers leave nothing claimed");
}

static int shared_fd;

static void *thread(void *arg)
{
	uint32_t slot = 0x8000 + (uintptr_t)arg * 64, i, value;
	uintptr_t bad = 0;

	for (i = 0; i < 3000; i++) {
		uint32_t want = slot * 2654435761u + i;

		bad += try_write(shared_fd, ivshmem, 2, slot + i % 16 * 4, 4,
				 want) != 0;
		bad += try_read(shared_fd, ivshmem, 2, slot + i % 16 * 4, 4,
				&value) || value != want;
	}
	return (void *)bad;
}

static void threads(void)
{
	pthread_t id[8];
	uintptr_t i, bad = 0;
	void *result;

	shared_fd = open_node(ivshmem, O_RDWR);
	for (i = 0; i < ARRAY_SIZE(id); i++)
		if (pthread_create(&id[i], NULL, thread, (void *)i))
			bail("pthread_create");
	for (i = 0; i < ARRAY_SIZE(id); i++) {
		pthread_join(id[i], &result);
		bad += (uintptr_t)result;
	}
	is(bad, 0, "eight threads on one file read what they wrote");
	close(shared_fd);
}

/* Claims made and given back all the time, each by the first and the last. */
static int opener(int n)
{
	int i, bad = 0;

	for (i = 0; i < 150; i++) {
		int fd = n % 2 ? open("/dev/pci", O_RDWR) :
				 open(node_path(edu), O_RDWR);
		struct pci_bar_mmap map;
		uint32_t value;
		void *at;

		bad += fd < 0;
		bad += try_read(fd, edu, 0, 0, 4, &value) || value != 0x010000ed;
		at = i % 3 ? NULL : map_bar(fd, edu, 0, 0, &map);
		close(fd);
		if (i % 3)
			continue;
		bad += !at || *(volatile uint32_t *)at != 0x010000ed;
		if (at)
			munmap(map.pbm_map_base, map.pbm_map_length);
	}
	return bad ? 1 : 0;
}

static void openers(void)
{
	uint32_t was = cfg(edu, COMMAND, 2);
	pid_t pid[8];
	int i;

	set_cfg(edu, COMMAND, 2, 0);
	for (i = 0; i < 8; i++) {
		pid[i] = fork();
		if (!pid[i])
			_exit(opener(i));
	}
	is(all_good(pid, 8), 8, "eight processes open, read, map and close");
	is(claims(), 0, "many callers leave nothing claimed");
	is(cfg(edu, COMMAND, 2) & ~NO_INTX, 0, "many callers leave decoding off");
	set_cfg(edu, COMMAND, 2, was);
}

/* ---- PCIOCBARIO against the table ---- */
static const struct {
	struct pcisel	sel;
	struct {
		char		kind;	/* m, p, or none */
		uint32_t	size;
	} bar[6];
} device[] = {
	{ { 0, 0, 3, 0 }, { { 'm', 4096 }, { 'p', 256 }, { 'm', 65536 } } },
	{ { 0, 0, 7, 0 }, { { 'm', 256 }, { 0, 0 }, { 'm', 1 << 20 } } },
	{ { 1, 0, 3, 0 }, { { 0, 0 } } },	/* not there */
};

static int expected(bool writable, const struct pci_bar_ioreq *req, char *kind)
{
	uint32_t w = req->pbi_width, size = 0;
	size_t i;

	*kind = 0;
	if (!writable)
		return EPERM;
	for (i = 0; i < 2; i++)
		if (same_sel(req->pbi_sel, device[i].sel))
			break;
	if (i == 2)
		return ENODEV;
	if (req->pbi_op != 1 && req->pbi_op != 2)
		return EINVAL;
	if (w != 1 && w != 2 && w != 4 && w != 8)
		return EINVAL;
	if (req->pbi_bar < 6) {
		*kind = device[i].bar[req->pbi_bar].kind;
		size = device[i].bar[req->pbi_bar].size;
	}
	if (!*kind || (w == 8 && *kind == 'p') ||
	    (uint64_t)req->pbi_offset + w > size)
		return EINVAL;
	if (*kind == 'm' && req->pbi_offset % w)
		return EINVAL;
	return 0;
}

static uint32_t extreme(void)
{
	static const uint32_t values[] = {
		0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 31, 64, 127, 128, 252, 253,
		254, 255, 256, 257, 4092, 4094, 4095, 4096, 4097, 65535, 65536,
		0x7fffffff, 0x80000000, 0xfffffff8, 0xfffffffc, 0xfffffffe,
		0xffffffff, 0x40000000, 0x3fffffff, 0xfffff, 0x100000,
	};
	uint32_t how = next() % 8;

	if (how == 0)
		return next();
	if (how == 1)
		return 1u << next() % 32;
	return values[next() % ARRAY_SIZE(values)];
}

static void table(int pci, int readonly)
{
	unsigned int i, bad = 0, unlike = 0, refusals = 0;
	uint32_t before;

	count_in_ports(testdev);
	before = testdev_count(testdev);
	for (i = 0; i < 40000; i++) {
		bool writable = next() % 32 != 0;
		struct pci_bar_ioreq req, was;
		int want, got;
		char kind;

		req = request(device[next() % 3].sel,
			      next() % 8 ? 1 + next() % 2 : extreme(),
			      next() % 4 ? next() % 4 : extreme(), extreme(),
			      next() % 4 ? 1u << next() % 4 : extreme(), next());
		((unsigned char *)&req)[7] = next();
		want = expected(writable, &req, &kind);
		/* What is allowed writes where it does no harm. */
		if (!want && req.pbi_op == PCIBARIO_WRITE &&
		    (kind == 'p' || req.pbi_bar == 0))
			req.pbi_op = PCIBARIO_READ;
		was = req;
		got = ioctl(writable ? pci : readonly, PCIOCBARIO, &req) ?
		      errno : 0;
		if (!want && req.pbi_width == 8 && got == EOVERFLOW)
			want = EOVERFLOW;
		if (!got && req.pbi_op == PCIBARIO_READ)
			was.pbi_value = req.pbi_value;
		refusals += want != 0;
		unlike += memcmp(&req, &was, sizeof(req)) != 0;
		if (got != want && bad++ < 5)
			note("op %#x bar %#x offset %#x width %#x: want %s, got %s",
			     req.pbi_op, req.pbi_bar, req.pbi_offset,
			     req.pbi_width, errno_name(want), errno_name(got));
	}
	note("%u of 40000 were to be refused", refusals);
	is(bad, 0, "40000 random requests of PCIOCBARIO get the errno of the page");
	is(unlike, 0, "40000 random requests change only the value read");
	is(testdev_count(testdev), before, "40000 random requests write nothing to pci-testdev");
}

/* ---- everything else ---- */
/* FreeBSD 15's, whose records are longer. */
#define PCIOCGETCONF15	_IOWR('p', 10, struct pci_conf_io)

static void unknown_requests(int pci)
{
	static const unsigned int dirs[] = {
		_IOC_NONE, _IOC_READ, _IOC_WRITE, _IOC_READ | _IOC_WRITE,
	};
	static const unsigned long known[] = {
		PCIOCREAD, PCIOCWRITE, PCIOCATTACHED, PCIOCGETCONF, PCIOCGETBAR,
		PCIOCLISTVPD, PCIOCBARMMAP, PCIOCBARIO, PCIOCGETCONF15,
	};
	unsigned char buffer[256], was[256];
	unsigned int nr, size, i, bad = 0, tried = 0;

	memset(buffer, 0, sizeof(buffer));
	buffer[8] = 2;		/* whatever it is, not a harmless read */
	buffer[6] = 3;
	memcpy(was, buffer, sizeof(was));
	for (nr = 0; nr < 256; nr++)
		for (size = 0; size < 68; size += 4)
			for (i = 0; i < ARRAY_SIZE(dirs); i++) {
				unsigned long cmd = _IOC(dirs[i], 'p', nr, size);
				bool ours = false;
				size_t k;

				for (k = 0; k < ARRAY_SIZE(known); k++)
					ours = ours || (cmd & 0xffffffff) ==
					       (known[k] & 0xffffffff);
				/* 32-bit callers' numbers are theirs alone. */
				if (ours)
					continue;
				tried++;
				if (ioctl(pci, cmd, buffer) != -1 ||
				    errno != ENOTTY) {
					if (!bad++)
						note("%#lx: %s", cmd,
						     errno_name(errno));
				}
			}
	is(bad, 0, "%u unknown requests: ENOTTY", tried);
	ok(!memcmp(was, buffer, sizeof(was)), "unknown requests do not change their buffer");
	is_errno(ioctl(pci, TCGETS, buffer), ENOTTY, "an unknown request: a terminal's");
	is_errno(ioctl(pci, _IOWR('P', 9, struct pci_bar_ioreq), buffer), ENOTTY,
		 "an unknown request: of another letter");
}

static bool allowed(unsigned long cmd, int error)
{
	static const int every[] = { 0, EPERM, ENODEV, EINVAL, EFAULT };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(every); i++)
		if (error == every[i])
			return true;
	switch (cmd) {
	case PCIOCWRITE:
		return error == EACCES;
	case PCIOCLISTVPD:
		return error == ENXIO || error == ENOMEM;
	case PCIOCBARMMAP:
		return error == EIO || error == EACCES || error == EBUSY ||
		       error == EEXIST || error == ENOMEM || error == ENXIO;
	case PCIOCBARIO:
		return error == ENXIO || error == EACCES || error == EBUSY ||
		       error == EIO || error == EOVERFLOW;
	}
	return false;
}

/* Any bytes at all; what could hurt ourselves or the guest is taken out. */
static void any_bytes(int fd, unsigned long cmd, const char *name, char *arena)
{
	static unsigned char found[64][128];
	unsigned int i, bad = 0;
	union {
		unsigned char		byte[64];
		uint32_t		word[16];
		struct pcisel		sel;
		struct pci_io		io;
		struct pci_bar_ioreq	bar;
		struct pci_bar_mmap	map;
		struct pci_conf_io	conf;
	} u;

	for (i = 0; i < 4000; i++) {
		unsigned int k;
		int error;

		for (k = 0; k < ARRAY_SIZE(u.word); k++)
			u.word[k] = extreme();
		if (cmd == PCIOCBARMMAP && next() % 4)
			u.map.pbm_sel = ivshmem;
		else if (cmd != PCIOCBARMMAP && next() % 4)
			u.sel = ivshmem;
		if (cmd == PCIOCBARMMAP) {
			u.map.pbm_map_base = arena;
			u.map.pbm_flags = next() % 32;
			u.map.pbm_reg = 0x10 + 4 * (next() % 8);
			u.map.pbm_memattr = next() % 8 ? 0 : next();
		}
		if ((cmd == PCIOCGETCONF || cmd == PCIOCGETCONF15) && next() % 2)
			u.conf.matches = (void *)found;
		if (cmd == PCIOCBARIO)
			u.bar.pbi_op = next() % 4 ? PCIBARIO_READ : 7;
		error = ioctl(fd, cmd, &u) ? errno : 0;
		if (!allowed(cmd, error) && bad++ < 5)
			note("%s gives %s", name, errno_name(error));
		if (cmd == PCIOCBARMMAP && !error)
			munmap(u.map.pbm_map_base, u.map.pbm_map_length);
	}
	is(bad, 0, "%s with random bytes gives one of its errnos", name);
}

static void everything(int pci, int readonly, int node)
{
	static const struct {
		unsigned long	cmd;
		const char	*name;
	} all[] = {
		{ PCIOCREAD, "PCIOCREAD" }, { PCIOCWRITE, "PCIOCWRITE" },
		{ PCIOCATTACHED, "PCIOCATTACHED" },
		{ PCIOCGETCONF, "PCIOCGETCONF" },
		{ PCIOCGETCONF15, "FreeBSD 15's PCIOCGETCONF" },
		{ PCIOCGETBAR, "PCIOCGETBAR" },
		{ PCIOCLISTVPD, "PCIOCLISTVPD" },
		{ PCIOCBARMMAP, "PCIOCBARMMAP" }, { PCIOCBARIO, "PCIOCBARIO" },
	};
	char *arena = mmap(NULL, 1 << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
			   -1, 0);
	size_t i;

	munmap(arena, 1 << 20);
	for (i = 0; i < ARRAY_SIZE(all); i++) {
		if (all[i].cmd != PCIOCWRITE)
			any_bytes(pci, all[i].cmd, all[i].name, arena);
		any_bytes(node, all[i].cmd, all[i].name, arena);
		any_bytes(readonly, all[i].cmd, all[i].name, arena);
	}
}

static void other_calls(int pci, int readonly)
{
	unsigned int i, bad = 0;
	char byte = 0;

	ok(read(pci, &byte, 1) == -1 && write(pci, &byte, 1) == -1,
	   "read(2) and write(2) of a node fail");
	for (i = 0; i < 2000; i++) {
		off_t at = (off_t)(extreme() & 0x7fffffff) * PAGE;
		void *page = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, readonly, at);

		bad += page != MAP_FAILED || errno != EPERM;
		page = mmap(NULL, PAGE * (1 + extreme() % 64),
			    PROT_READ | PROT_WRITE, MAP_PRIVATE, pci, at);
		if (page != MAP_FAILED)
			munmap(page, PAGE);
	}
	is(bad, 0, "mmap of a descriptor open for reading at any offset: EPERM");
}

int main(int argc, char **argv)
{
	int pci, readonly, node;

	tap_begin();
	if (argc > 1)
		state ^= strtoull(argv[1], NULL, 0) * 0x9e3779b97f4a7c15;
	note("seed %s", argc > 1 ? argv[1] : "0");
	hundred();
	threads();
	openers();
	pci = open_pci(O_RDWR);
	readonly = open_pci(O_RDONLY);
	node = open_node(ivshmem, O_RDWR);
	table(pci, readonly);
	unknown_requests(pci);
	everything(pci, readonly, node);
	other_calls(pci, readonly);
	close(pci);
	close(node);
	is(claims(), 0, "nothing is claimed in the end");
	return tap_end();
}
