// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <grp.h>
#include <linux/capability.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include "barioc.h"
#include "guest.h"

static uint32_t (*watched)(void);

/* ---- requests ---- */
int open_pci(int flags)
{
	int fd = open("/dev/pci", flags | O_CLOEXEC);

	if (fd < 0)
		bail("open /dev/pci");
	return fd;
}

const char *node_path(struct pcisel sel)
{
	static char path[2][64];
	static unsigned int turn;
	char *at = path[turn++ % 2];

	snprintf(at, sizeof(path[0]), "/dev/bario/%04x-%02x-%02x.%x",
		 sel.pc_domain, sel.pc_bus, sel.pc_dev, sel.pc_func);
	return at;
}

int open_node(struct pcisel sel, int flags)
{
	int fd = open(node_path(sel), flags | O_CLOEXEC);

	if (fd < 0)
		bail("open %s", node_path(sel));
	return fd;
}

struct pci_bar_ioreq request(struct pcisel sel, int op, uint32_t bar,
			     uint32_t offset, uint32_t width, uint32_t value)
{
	struct pci_bar_ioreq req;

	memset(&req, 0, sizeof(req));
	req.pbi_sel = sel;
	req.pbi_op = op;
	req.pbi_bar = bar;
	req.pbi_offset = offset;
	req.pbi_width = width;
	req.pbi_value = value;
	return req;
}

int try_read(int fd, struct pcisel sel, uint32_t bar, uint32_t offset,
	     uint32_t width, uint32_t *value)
{
	struct pci_bar_ioreq req = request(sel, PCIBARIO_READ, bar, offset,
					   width, 0x5ca1ab1e);
	int error = ioctl(fd, PCIOCBARIO, &req) ? errno : 0;

	*value = req.pbi_value;
	return error;
}

int try_write(int fd, struct pcisel sel, uint32_t bar, uint32_t offset,
	      uint32_t width, uint32_t value)
{
	struct pci_bar_ioreq req = request(sel, PCIBARIO_WRITE, bar, offset,
					   width, value);

	return ioctl(fd, PCIOCBARIO, &req) ? errno : 0;
}

uint32_t get(int fd, struct pcisel sel, uint32_t bar, uint32_t offset,
	     uint32_t width)
{
	uint32_t value;
	int error = try_read(fd, sel, bar, offset, width, &value);

	if (error)
		ok(false, "read %s BAR%u + %#x, %u bytes: %s", sysfs_name(sel),
		   bar, offset, width, errno_name(error));
	return value;
}

void put(int fd, struct pcisel sel, uint32_t bar, uint32_t offset,
	 uint32_t width, uint32_t value)
{
	int error = try_write(fd, sel, bar, offset, width, value);

	if (error)
		ok(false, "write %s BAR%u + %#x, %u bytes: %s", sysfs_name(sel),
		   bar, offset, width, errno_name(error));
}

int read_at(int fd, struct pcisel sel, uint32_t bar, uint32_t offset,
	    uint32_t width)
{
	uint32_t value;

	return try_read(fd, sel, bar, offset, width, &value);
}

int read_errno(int fd, struct pcisel sel, uint32_t bar)
{
	return read_at(fd, sel, bar, 0, 4);
}

int config_read(int fd, struct pcisel sel, int reg, int width, uint32_t *value)
{
	struct pci_io io = { sel, reg, width, 0x5ca1ab1e };
	int error = ioctl(fd, PCIOCREAD, &io) ? errno : 0;

	*value = io.pi_data;
	return error;
}

int config_write(int fd, struct pcisel sel, int reg, int width, uint32_t value)
{
	struct pci_io io = { sel, reg, width, value };

	return ioctl(fd, PCIOCWRITE, &io) ? errno : 0;
}

void *map_bar(int fd, struct pcisel sel, unsigned int bar, int flags,
	      struct pci_bar_mmap *result)
{
	struct pci_bar_mmap map;

	memset(&map, 0, sizeof(map));
	map.pbm_sel = sel;
	map.pbm_reg = 0x10 + 4 * bar;
	map.pbm_flags = flags;
	if (ioctl(fd, PCIOCBARMMAP, &map))
		return NULL;
	if (result)
		*result = map;
	return (char *)map.pbm_map_base + map.pbm_bar_off;
}

void watch(uint32_t (*witness)(void))
{
	watched = witness;
}

/* "DEVICE: REQUEST: ", without what the subject says already */
static const char *prefix(unsigned long cmd, const void *arg)
{
	/* Where the selector is, + 1; BARIOC_'s have its fields in the same order. */
	static const struct {
		const char	*name;
		unsigned long	cmd;
		size_t		sel;
	} requests[] = {
#define AT(type, field)	(offsetof(struct type, field) + 1)
		{ "PCIOCREAD", PCIOCREAD, AT(pci_io, pi_sel) },
		{ "PCIOCWRITE", PCIOCWRITE, AT(pci_io, pi_sel) },
		{ "PCIOCATTACHED", PCIOCATTACHED, AT(pci_io, pi_sel) },
		{ "PCIOCGETBAR", PCIOCGETBAR, AT(pci_bar_io, pbi_sel) },
		{ "PCIOCLISTVPD", PCIOCLISTVPD, AT(pci_list_vpd_io, plvi_sel) },
		{ "PCIOCBARMMAP", PCIOCBARMMAP, AT(pci_bar_mmap, pbm_sel) },
		{ "PCIOCBARIO", PCIOCBARIO, AT(pci_bar_ioreq, pbi_sel) },
		{ "BARIOC_HOLDER", BARIOC_HOLDER, AT(barioc_holder, domain) },
		{ "BARIOC_RUN", BARIOC_RUN, AT(barioc_run, domain) },
		{ "BARIOC_DERIVE", BARIOC_DERIVE, 0 },
		{ "BARIOC_GRANT", BARIOC_GRANT, 0 },
		{ "BARIOC_REVOKE", BARIOC_REVOKE, 0 },
		{ "BARIOC_PUBLISH", BARIOC_PUBLISH, 0 },
		{ "BARIOC_UNPUBLISH", BARIOC_UNPUBLISH, 0 },
		{ "BARIOC_LIMITS", BARIOC_LIMITS, 0 },
	};
	static char text[96];
	struct pcisel sel;
	size_t i;

	/* PCIOCGETCONF has two numbers. */
	if (_IOC_TYPE(cmd) == 'p' && (_IOC_NR(cmd) == 5 || _IOC_NR(cmd) == 10))
		return is_about("PCIOCGETCONF") ? "" : "PCIOCGETCONF: ";
	for (i = 0; i < ARRAY_SIZE(requests); i++) {
		if (requests[i].cmd != cmd)
			continue;
		*text = '\0';
		if (requests[i].sel) {
			memcpy(&sel, (const char *)arg + requests[i].sel - 1,
			       sizeof(sel));
			snprintf(text, sizeof(text), "%s: ", device_name(sel));
		}
		if (!is_about(requests[i].name)) {
			strcat(text, requests[i].name);
			strcat(text, ": ");
		}
		return text;
	}
	return "";
}

static bool vrefused(int fd, unsigned long cmd, void *arg, int want,
		     const char *name, va_list args)
{
	size_t size = _IOC_SIZE(cmd);
	uint32_t seen = watched ? watched() : 0;
	unsigned char before[128];
	char line[256];
	int rc, error;
	bool same;

	if (size > sizeof(before))
		abort();
	memcpy(before, arg, size);
	errno = 0;
	rc = ioctl(fd, cmd, arg);
	error = rc < 0 ? errno : 0;
	same = !memcmp(before, arg, size);
	if (watched)
		seen = watched() - seen;
	vsnprintf(line, sizeof(line), name, args);
	ok(rc == -1 && error == want && same && !seen, "%s%s: %s",
	   prefix(cmd, arg), line, errno_name(want));
	if (error != want)
		note("got %s", errno_name(error));
	if (!same)
		note("the caller's structure has changed");
	if (seen)
		note("the device was touched");
	return error == want && same && !seen;
}

bool refused(int fd, unsigned long cmd, void *arg, int want,
	     const char *name, ...)
{
	va_list args;
	bool good;

	va_start(args, name);
	good = vrefused(fd, cmd, arg, want, name, args);
	va_end(args);
	return good;
}

bool bario_refused(int fd, struct pci_bar_ioreq req, int want,
		   const char *name, ...)
{
	va_list args;
	bool good;

	va_start(args, name);
	good = vrefused(fd, PCIOCBARIO, &req, want, name, args);
	va_end(args);
	return good;
}

void bad_pointers(int fd, unsigned long cmd, const void *good,
		  const char *name)
{
	static const uintptr_t kernel[] = {
#if UINTPTR_MAX > 0xffffffff
		0xffffffff81000000, 0xffff888000000000, 0x8000000000000000,
		0x00007ffffffff000,
#else
		0xc0000000,
#endif
		(uintptr_t)-1, (uintptr_t)-32, (uintptr_t)-PAGE, PAGE - 8, 1, 0,
	};
	size_t i, bad = 0, size = _IOC_SIZE(cmd);
	uint32_t seen = watched ? watched() : 0;
	char *two = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	for (i = 0; i < ARRAY_SIZE(kernel); i++) {
		if (ioctl(fd, cmd, kernel[i]) != -1 || errno != EFAULT) {
			note("no EFAULT for address %#lx",
			     (unsigned long)kernel[i]);
			bad++;
		}
	}
	ok(!bad, "%s: %zu impossible addresses: EFAULT", name,
	   ARRAY_SIZE(kernel));
	munmap(two + PAGE, PAGE);
	bad = 0;
	for (i = 1; i < size; i++) {
		memcpy(two + PAGE - i, good, i);
		if (ioctl(fd, cmd, two + PAGE - i) != -1 || errno != EFAULT) {
			note("no EFAULT with the last %zu bytes missing",
			     size - i);
			bad++;
		}
	}
	ok(!bad, "%s: a structure that runs into unmapped memory: EFAULT", name);
	if (watched)
		is(watched(), seen, "%s: after bad pointers the device is unchanged",
		   name);
	memcpy(two + PAGE - size, good, size);
	is_errno(ioctl(fd, cmd, two + PAGE - size), 0,
		 "%s: a structure at the end of a page is read", name);
	memcpy(two + 1, good, size);
	is_errno(ioctl(fd, cmd, two + 1), 0,
		 "%s: a structure at an odd address is read", name);
	munmap(two, PAGE);
}

/* ---- children ---- */
static bool wait_child(pid_t pid, int *status)
{
	while (waitpid(pid, status, 0) < 0)
		if (errno != EINTR)
			return false;
	return WIFEXITED(*status) && !WEXITSTATUS(*status);
}

static void run_child(bool (*become)(int), int how, void (*run)(void *),
		      void *arg)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		if (become && !become(how))
			bail("can't become another user");
		run(arg);
		fflush(stdout);
		_exit(0);
	}
	if (pid < 0 || !wait_child(pid, &status))
		ok(false, "a child of the test ends well (status %#x)", status);
}

void in_child(void (*run)(void *), void *arg)
{
	run_child(NULL, 0, run, arg);
}

static bool become_nobody(int unused)
{
	(void)unused;
	return !setgroups(0, NULL) && !setresgid(NOBODY, NOBODY, NOBODY) &&
	       !setresuid(NOBODY, NOBODY, NOBODY);
}

void as_nobody(void (*run)(void *), void *arg)
{
	run_child(become_nobody, 0, run, arg);
}

static bool drop(int capability)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2];
	uint32_t mask = ~(1u << capability % 32);
	int at = capability / 32;

	if (syscall(SYS_capget, &head, data))
		return false;
	data[at].effective &= mask;
	data[at].permitted &= mask;
	data[at].inheritable &= mask;
	return !syscall(SYS_capset, &head, data);
}

void without_capability(int capability, void (*run)(void *), void *arg)
{
	run_child(drop, capability, run, arg);
}

static sigjmp_buf fault;
static volatile sig_atomic_t fault_signal;

static void on_fault(int number)
{
	fault_signal = number;
	siglongjmp(fault, 1);
}

int faults(volatile void *at, bool write)
{
	struct sigaction act = { .sa_handler = on_fault }, bus, segv;

	sigaction(SIGBUS, &act, &bus);
	sigaction(SIGSEGV, &act, &segv);
	fault_signal = 0;
	if (!sigsetjmp(fault, 1)) {
		volatile uint32_t *word = at;

		if (write)
			*word = 0;
		else
			(void)*word;
	}
	sigaction(SIGBUS, &bus, NULL);
	sigaction(SIGSEGV, &segv, NULL);
	if (!fault_signal)
		return 0;
	return fault_signal == SIGBUS ? 1 : -1;
}

uint32_t descriptors(void)
{
	uint32_t n = 0;
	int fd;

	for (fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

void many_descriptors(unsigned int count)
{
	struct rlimit limit = { count, count };

	if (setrlimit(RLIMIT_NOFILE, &limit))
		bail("setrlimit");
}
