// SPDX-License-Identifier: GPL-2.0
/*
 * Tests pciio(4): ERRORS. Also those of barioc(4) and bario(4): requests of which each
 * allocation and each copy of the kernel fails in turn. Then the request fails with the
 * errno of that, or succeeds. kmemleak, lockdep and unloading the module tell whether
 * everything was undone. For a kernel with fault injection. (Loading the module and
 * plugging in a device are not tried: there, the kernel itself warns in its log when
 * memory is short.)
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

/* More operations than a file has memory for; the first claims the BAR. */
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

/*
 * The errno of a copy that failed, which for the patterns of PCIOCGETCONF is EINVAL as
 * on FreeBSD, or of memory that was short.
 */
static bool expected(int (*act)(void), int error)
{
	return !error || error == ENOMEM || error == EFAULT ||
	       (error == EINVAL && act == list);
}

static void try(const char *name, void (*before)(void), int (*act)(void),
		void (*after)(void))
{
	unsigned int n = 0, failed = 0, wrong = 0;
	bool hit;

	do {
		int error;

		before();
		arm(++n);
		error = act();
		hit = disarm();
		failed += error != 0;
		if (!expected(act, error) || (error && !hit)) {
			wrong++;
			note("%s: %s when the %u. fails", name,
			     errno_name(error), n);
		}
		after();
	} while (hit && n < 20000);
	ok(!wrong && !hit,
	   "%s: %u allocations and copies fail in turn, with %u failures: ENOMEM",
	   name, n - 1, failed);
}

int main(void)
{
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
	try("open of /dev/pci", nothing, open_all, close_made);
	try("open of a node", nothing, open_function, close_made);
	try("BARIOC_PUBLISH", nothing, publish, unpublish);
	try("open of a name", have_name, open_name, close_made);
	try("PCIOCBARIO, the first", open_made, first_read, close_made);
	try("PCIOCBARMMAP", open_made, first_map, unmap);
	try("mmap", open_made, plain_map, unmap);
	try("BARIOC_DERIVE", nothing, two_rules, close_made);
	try("BARIOC_DERIVE by many rules", nothing, many_rules, close_made);
	try("BARIOC_GRANT", open_made, ask, close_made);
	try("PCIOCGETCONF", nothing, list, nothing);
	try("BARIOC_RUN", open_made, run, close_made);
	unpublish();
	is(claims(), 0, "afterwards nothing is claimed");
	return tap_end();
}
