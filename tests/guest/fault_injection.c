// SPDX-License-Identifier: GPL-2.0
/*
 * Requests with each of the kernel's allocations and copies failing in turn:
 * then the request fails with the errno of that, or does what it should. Whether
 * all was undone is for kmemleak, lockdep and the unloading to tell. For a kernel
 * with fault injection. (Loading the module, or a device that comes, is not among
 * them: the kernel's own code puts a warning in the log when memory is short.)
 */
#define _GNU_SOURCE
#include <sys/mman.h>
#include "derive.h"

static int fault;	/* /proc/self/fail-nth */
static int pci;		/* /dev/pci */

static bool set_nth(unsigned int n)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", n);
	return pwrite(fault, text, strlen(text), 0) > 0;
}

/* From here on, the @n-th thing that can fail fails. */
static void arm(unsigned int n)
{
	if (!set_nth(n))
		bail("fail-nth");
}

/* Did it? Nothing fails from here on; it may be the asking that does. */
static bool disarm(void)
{
	char text[16] = "1";
	bool hit = pread(fault, text, sizeof(text) - 1, 0) > 0 && !atoi(text);

	if (!set_nth(0) && !set_nth(0))
		bail("fail-nth");
	return hit;
}

/* ---- what is done; each returns 0 or an errno, and undoes it later ---- */
static int made = -1;	/* a descriptor */
static struct pci_bar_mmap map;

static int open_as(const char *path)
{
	made = open(path, O_RDWR | O_CLOEXEC);
	return made < 0 ? errno : 0;
}

static int open_all(void)
{
	return open_as("/dev/pci");
}

static int open_function(void)
{
	return open_as(node_path(edu));
}

static int open_name(void)
{
	return open_as("/dev/bario/name");
}

static int first_read(void)
{
	uint32_t value;

	return try_read(made, edu, 0, 0, 4, &value);
}

static int first_map(void)
{
	memset(&map, 0, sizeof(map));
	map.pbm_sel = edu;
	map.pbm_reg = 0x10;
	map.pbm_flags = PCIIO_BAR_MMAP_RW;
	return ioctl(made, PCIOCBARMMAP, &map) ? errno : 0;
}

static int plain_map(void)
{
	map.pbm_map_base = map_pages(made, 0, 0, 2, PROT_READ);
	map.pbm_map_length = map.pbm_map_base ? 2 * PAGE : 0;
	return map.pbm_map_base ? 0 : errno;
}

static int two_rules(void)
{
	struct barioc_rule rules[] = {
		rule(edu, 0, R | M, 0, TO_END), rule(testdev, 0, R, 8, 8),
	};

	made = derive(pci, rules, ARRAY_SIZE(rules), NULL);
	return made < 0 ? errno : 0;
}

/* Long enough for memory that is not from the slabs. */
static int many_rules(void)
{
	static struct barioc_rule rules[600];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rules); i++)
		rules[i] = rule(edu, 0, R, 8 * i, 4);
	made = derive(pci, rules, ARRAY_SIZE(rules), NULL);
	return made < 0 ? errno : 0;
}

static int ask(void)
{
	static struct barioc_rule rules[64];
	struct barioc_grant grant = {
		.rules = (uintptr_t)rules, .capacity = ARRAY_SIZE(rules),
	};

	return ioctl(made, BARIOC_GRANT, &grant) ? errno : 0;
}

static int name_request(unsigned long cmd)
{
	struct barioc_rule one = rule(edu, 0, R, 0, 8);
	struct barioc_publish request = { .name = "name" };

	if (cmd == BARIOC_PUBLISH) {
		request.rules = (uintptr_t)&one;
		request.count = 1;
	}
	return ioctl(pci, cmd, &request) ? errno : 0;
}

static int publish(void)
{
	return name_request(BARIOC_PUBLISH);
}

static int list(void)
{
	static struct pci_conf found[64];
	struct pci_match_conf pattern = {
		.pc_vendor = 0x1234, .flags = PCI_GETCONF_MATCH_VENDOR,
	};
	struct pci_conf_io io = {
		.pat_buf_len = sizeof(pattern), .num_patterns = 1,
		.patterns = &pattern,
		.match_buf_len = sizeof(found), .matches = found,
	};

	return ioctl(pci, PCIOCGETCONF, &io) ? errno : 0;
}

/* More operations than a file keeps room for; the first claims the BAR. */
static int run(void)
{
	static struct barioc_op ops[100];
	struct barioc_run request = {
		.dev = edu.pc_dev, .count = ARRAY_SIZE(ops),
		.ops = (uintptr_t)ops,
	};
	unsigned int i;

	memset(ops, 0, sizeof(ops));
	for (i = 0; i < ARRAY_SIZE(ops); i++) {
		ops[i].op = BARIOC_OP_READ;
		ops[i].width = 4;
	}
	if (ioctl(made, BARIOC_RUN, &request))
		return errno;
	return request.ran == ARRAY_SIZE(ops) ? 0 : request.error;
}

/* ---- before it, and after it ---- */
static void nothing(void)
{
}

static void close_made(void)
{
	if (made >= 0)
		close(made);
	made = -1;
}

static void open_made(void)
{
	if (open_function())
		bail("open %s", node_path(edu));
}

static void unmap(void)
{
	if (map.pbm_map_length)
		munmap(map.pbm_map_base, map.pbm_map_length);
	memset(&map, 0, sizeof(map));
	close_made();
}

static void have_name(void)
{
	if (access("/dev/bario/name", F_OK) && publish())
		bail("publish");
}

static void unpublish(void)
{
	name_request(BARIOC_UNPUBLISH);
}

static const struct attempt {
	const char	*name;
	void		(*before)(void);
	int		(*run)(void);
	void		(*after)(void);
} attempts[] = {
	{ "open /dev/pci", nothing, open_all, close_made },
	{ "open a node", nothing, open_function, close_made },
	{ "publish", nothing, publish, unpublish },
	{ "open a name", have_name, open_name, close_made },
	{ "the first access", open_made, first_read, close_made },
	{ "PCIOCBARMMAP", open_made, first_map, unmap },
	{ "mmap", open_made, plain_map, unmap },
	{ "derive", nothing, two_rules, close_made },
	{ "derive by many rules", nothing, many_rules, close_made },
	{ "ask for a grant", open_made, ask, close_made },
	{ "list", nothing, list, nothing },
	{ "run a program", open_made, run, close_made },
};

/* The errno of a copy that failed, or of memory that was short. */
static bool expected(int error)
{
	return !error || error == ENOMEM || error == EFAULT;
}

static void try(const struct attempt *attempt)
{
	unsigned int n = 0, failed = 0, wrong = 0;
	bool hit;

	do {
		int error;

		attempt->before();
		arm(++n);
		error = attempt->run();
		hit = disarm();
		failed += error != 0;
		if (!expected(error) || (error && !hit)) {
			wrong++;
			note("%s: %s when the %u. fails", attempt->name,
			     errno_name(error), n);
		}
		attempt->after();
	} while (hit && n < 20000);
	ok(!wrong && !hit, "%s: %u things fail in turn, %u times it does",
	   attempt->name, n - 1, failed);
}

int main(void)
{
	unsigned int i;

	tap_begin();
	fault = open("/proc/self/fail-nth", O_RDWR | O_CLOEXEC);
	if (fault < 0 ||
	    !write_file("/sys/kernel/debug/failslab/ignore-gfp-wait", "N") ||
	    !write_file("/sys/kernel/debug/fail_page_alloc/ignore-gfp-wait", "N") ||
	    !write_file("/sys/kernel/debug/fail_page_alloc/min-order", "0"))
		bail("this kernel has no fault injection");
	/* A stack for each would bury what the log is looked at for. */
	write_file("/sys/kernel/debug/failslab/verbose", "0");
	write_file("/sys/kernel/debug/fail_page_alloc/verbose", "0");
	write_file("/sys/kernel/debug/fail_usercopy/verbose", "0");
	pci = open_pci(O_RDWR);
	for (i = 0; i < ARRAY_SIZE(attempts); i++)
		try(&attempts[i]);
	unpublish();
	is(claims(), 0, "nothing is claimed");
	return tap_end();
}
