// SPDX-License-Identifier: GPL-2.0
/* Tests pciio(4): PCIOCGETCONF. The witness is sysfs. list15.c is for FreeBSD 15's. */
#define _GNU_SOURCE
#include <sys/mman.h>
#include "guest.h"

#define ROOM	64

static int pci;
static struct pcisel all[ROOM];
static unsigned int total;

static struct pci_conf found[ROOM];

static struct pci_conf_io ask(struct pci_match_conf *patterns, unsigned int n)
{
	struct pci_conf_io io;

	memset(&io, 0, sizeof(io));
	memset(found, 0xaa, sizeof(found));
	io.patterns = patterns;
	io.num_patterns = n;
	io.pat_buf_len = n * sizeof(*patterns);
	io.matches = found;
	io.match_buf_len = sizeof(found);
	io.num_matches = 0x5a5a;
	io.status = 0x77;
	return io;
}

/* How many match; the first is found[0]. */
static unsigned int matching(struct pci_match_conf *patterns, unsigned int n)
{
	struct pci_conf_io io = ask(patterns, n);

	if (ioctl(pci, PCIOCGETCONF, &io)) {
		note("%s", errno_name(errno));
		return ~0u;
	}
	if (io.status != PCI_GETCONF_LAST_DEVICE)
		note("status %u", io.status);
	return io.num_matches;
}

static void one_function(const struct pci_conf *conf, struct pcisel sel)
{
	unsigned long class = attribute_value(sel, "class");
	char driver[PCI_MAXNAMELEN + 1] = "";

	snprintf(driver, sizeof(driver), "%.*s", PCI_MAXNAMELEN, driver_of(sel));
	ok(same_sel(conf->pc_sel, sel) &&
	   conf->pc_vendor == attribute_value(sel, "vendor") &&
	   conf->pc_device == attribute_value(sel, "device") &&
	   conf->pc_subvendor == attribute_value(sel, "subsystem_vendor") &&
	   conf->pc_subdevice == attribute_value(sel, "subsystem_device") &&
	   conf->pc_class == class >> 16 &&
	   conf->pc_subclass == (class >> 8 & 0xff) &&
	   conf->pc_progif == (class & 0xff) &&
	   conf->pc_revid == attribute_value(sel, "revision") &&
	   conf->pc_hdr == (cfg(sel, 0x0e, 1) & 0x7f) &&
	   !strncmp(conf->pd_name, driver, sizeof(conf->pd_name)),
	   "the record of %s is what sysfs says", sysfs_name(sel));
}

#ifdef PCIIO_FREEBSD15
static void longer_record(const struct pci_conf *conf)
{
	unsigned long secondary = 0, subordinate = 0, bad = 0;
	long node = -1;
	size_t i;

	/* A kernel without NUMA has no such file. */
	if (!access(attribute_path(conf->pc_sel, "numa_node"), F_OK))
		node = attribute_value(conf->pc_sel, "numa_node");
	if (conf->pc_hdr == 1) {
		secondary = attribute_value(conf->pc_sel, "secondary_bus_number");
		subordinate = attribute_value(conf->pc_sel, "subordinate_bus_number");
	}
	ok(conf->pd_numa_domain == (node < 0 ? 0 : node) &&
	   conf->pc_secbus == secondary && conf->pc_subbus == subordinate,
	   "the record has the NUMA node and the buses %lu to %lu",
	   secondary, subordinate);
	is(conf->pc_reported_len, offsetof(struct pci_conf, pc_spare),
	   "pc_reported_len is the length of the record without its spare part");
	for (i = 0; i < sizeof(conf->pc_spare); i++)
		bad += conf->pc_spare[i] != 0;
	for (i = offsetof(struct pci_conf, pd_numa_domain) + sizeof(int);
	     i < offsetof(struct pci_conf, pc_reported_len); i++)
		bad += ((const char *)conf)[i] != 0;
	is(bad, 0, "the spare part of the record is 0");
}
#endif

/* Nothing of the kernel's memory may come along in the gaps. */
static bool gaps_are_zero(const struct pci_conf *conf)
{
	const char *at = (const char *)conf;
	size_t name = strlen(conf->pd_name), i, bad = 0;

	bad += at[7] != 0 || at[9] != 0;
	for (i = offsetof(struct pci_conf, pd_name) + name;
	     i < offsetof(struct pci_conf, pd_unit); i++)
		bad += at[i] != 0;
	return !bad;
}

static void whole_list(void)
{
	struct pci_conf_io io = ask(NULL, 0);
	unsigned int i, gaps = 0, units = 0;
#ifdef PCIIO_FREEBSD15
	unsigned int bridges = 0;
#endif

	about("PCIOCGETCONF");
	is_errno(ioctl(pci, PCIOCGETCONF, &io), 0, "without patterns it succeeds");
	is(io.num_matches, total, "without patterns it lists every function");
	is(io.status, PCI_GETCONF_LAST_DEVICE, "without patterns the status is LAST_DEVICE");
	is(io.offset, total, "without patterns the offset is the end");
	ok(io.matches == found && io.match_buf_len == sizeof(found) &&
	   !io.patterns && !io.num_patterns && !io.pat_buf_len,
	   "the other fields stay");
	for (i = 0; i < total && i < io.num_matches; i++) {
		one_function(&found[i], all[i]);
#ifdef PCIIO_FREEBSD15
		longer_record(&found[i]);
		bridges += found[i].pc_secbus && found[i].pc_subbus;
#endif
		gaps += !gaps_are_zero(&found[i]);
		if (same_sel(all[i], serial) || same_sel(all[i], serial2))
			units |= 1 << found[i].pd_unit;
	}
#ifdef PCIIO_FREEBSD15
	ok(bridges > 1, "%u bridges have buses", bridges);
#endif
	is(gaps, 0, "gaps and the rest of pd_name are 0");
	is(units, 3, "two functions of one driver are its units 0 and 1");
	is(((unsigned char *)&found[total])[0], 0xaa,
	   "nothing is written after the last record");
	pci = open_pci(O_RDWR);
	is(matching(NULL, 0), total, "a descriptor open for writing lists every function");
	close(pci);
	pci = open_pci(O_RDONLY);
}

static struct pci_match_conf pattern(int flags)
{
	struct pci_match_conf pat;

	memset(&pat, 0x5c, sizeof(pat));
	pat.flags = flags;
	return pat;
}

static void patterns(void)
{
	struct pci_match_conf pat, two[3];
	unsigned int i, want;

	about("PCIOCGETCONF with a pattern");
	pat = pattern(PCI_GETCONF_NO_MATCH);
	is(matching(&pat, 1), 0, "without flags matches nothing");
	pat = pattern(PCI_GETCONF_MATCH_DOMAIN);
	pat.pc_sel.pc_domain = 0;
	is(matching(&pat, 1), total, "of DOMAIN ignores the other fields");
	pat.pc_sel.pc_domain = 1;
	is(matching(&pat, 1), 0, "of a DOMAIN without functions matches nothing");
	pat = pattern(PCI_GETCONF_MATCH_BUS);
	pat.pc_sel.pc_bus = 3;
	is(matching(&pat, 1), 1, "of BUS matches one function");
	ok(same_sel(found[0].pc_sel, e1000e), "matches the right function");
	pat = pattern(PCI_GETCONF_MATCH_DEV);
	pat.pc_sel.pc_dev = 1;
	is(matching(&pat, 1), 1, "of DEV matches one function");
	ok(same_sel(found[0].pc_sel, behind), "matches the right function");
	pat = pattern(PCI_GETCONF_MATCH_FUNC);
	pat.pc_sel.pc_func = 2;
	is(matching(&pat, 1), 1, "of FUNC matches one function");
	ok(same_sel(found[0].pc_sel, ahci), "matches the right function");
	pat = pattern(PCI_GETCONF_MATCH_VENDOR);
	pat.pc_vendor = 0x1234;
	is(matching(&pat, 1), 2, "of VENDOR matches two functions");
	ok(same_sel(found[0].pc_sel, edu) && same_sel(found[1].pc_sel, edu2),
	   "of VENDOR matches the right functions, in order");
	pat = pattern(PCI_GETCONF_MATCH_DEVICE);
	pat.pc_device = 0x1110;
	is(matching(&pat, 1), 1, "of DEVICE matches one function");
	ok(same_sel(found[0].pc_sel, ivshmem), "matches the right function");
	pat = pattern(PCI_GETCONF_MATCH_CLASS);
	pat.pc_class = 0x07;
	is(matching(&pat, 1), 2, "of CLASS matches two functions");
	pat = pattern(PCI_GETCONF_MATCH_NAME);
	strcpy(pat.pd_name, "serial");
	is(matching(&pat, 1), 2, "of NAME ignores what follows the NUL");
	strcpy(pat.pd_name, "seria");
	is(matching(&pat, 1), 0, "of NAME does not match a longer name");
	memset(pat.pd_name, 's', sizeof(pat.pd_name));
	is(matching(&pat, 1), 0, "of NAME without a NUL matches nothing");
	pat = pattern(PCI_GETCONF_MATCH_UNIT | PCI_GETCONF_MATCH_NAME);
	strcpy(pat.pd_name, "serial");
	for (i = 0; i < 2; i++) {
		pat.pd_unit = i;
		is(matching(&pat, 1), 1, "of NAME and UNIT %u matches one function", i);
		is(found[0].pd_unit, i, "of NAME and UNIT matches the right unit");
	}
	pat.pd_unit = 2;
	is(matching(&pat, 1), 0, "of NAME and a UNIT without a function matches nothing");

	pat = pattern(PCI_GETCONF_MATCH_DOMAIN | PCI_GETCONF_MATCH_BUS |
		      PCI_GETCONF_MATCH_DEV | PCI_GETCONF_MATCH_FUNC |
		      PCI_GETCONF_MATCH_VENDOR | PCI_GETCONF_MATCH_DEVICE |
		      PCI_GETCONF_MATCH_CLASS);
	pat.pc_sel = edu2;
	pat.pc_vendor = 0x1234;
	pat.pc_device = 0x11e8;
	pat.pc_class = 0;
	is(matching(&pat, 1), 1, "of several flags matches what all of them match");
	ok(same_sel(found[0].pc_sel, edu2), "matches the right function");
	pat.pc_device = 0x11e9;
	is(matching(&pat, 1), 0, "of several flags does not match where one differs");

	two[0] = pattern(PCI_GETCONF_MATCH_VENDOR);
	two[0].pc_vendor = 0x1234;
	two[1] = pattern(PCI_GETCONF_MATCH_CLASS);
	two[1].pc_class = 0x07;
	two[2] = pattern(PCI_GETCONF_NO_MATCH);
	is(matching(two, 3), 4, "or several matches what one of them matches");
	ok(same_sel(found[0].pc_sel, serial) && same_sel(found[1].pc_sel, edu) &&
	   same_sel(found[2].pc_sel, serial2) && same_sel(found[3].pc_sel, edu2),
	   "or several lists in the order of selectors");
	two[1] = two[0];
	is(matching(two, 2), 2, "given twice lists each function once");
	for (i = want = 0; i < total; i++) {
		pat = pattern(PCI_GETCONF_MATCH_DOMAIN | PCI_GETCONF_MATCH_BUS |
			      PCI_GETCONF_MATCH_DEV | PCI_GETCONF_MATCH_FUNC);
		pat.pc_sel = all[i];
		want += matching(&pat, 1) == 1 && same_sel(found[0].pc_sel, all[i]);
	}
	is(want, total, "of a selector matches that function alone");
}

/* The unit in which a function's driver has it, or -1. */
static long unit_of(struct pcisel sel)
{
	struct pci_match_conf pat = pattern(PCI_GETCONF_MATCH_DEV |
					    PCI_GETCONF_MATCH_BUS);

	pat.pc_sel = sel;
	return matching(&pat, 1) == 1 && *found[0].pd_name ?
	       (long)found[0].pd_unit : -1;
}

static void units(void)
{
	long first = unit_of(serial), second = unit_of(serial2);

	about("PCIOCGETCONF");
	ok(unbind_driver(serial), "the driver can be unbound");
	is(unit_of(serial), -1, "a function without a driver has neither name nor unit");
	is(unit_of(serial2), second, "another function of the driver keeps its unit");
	ok(bind_driver(serial, "serial"), "the driver can be bound again");
	is(unit_of(serial), first, "a driver that is bound again gets the free unit");
	is(unit_of(serial2), second, "another function of the driver keeps its unit");
}

static void paging(void)
{
	struct pci_match_conf pat = pattern(PCI_GETCONF_MATCH_CLASS);
	struct pci_conf_io io = ask(NULL, 0);
	unsigned int i, good = 0;

	about("PCIOCGETCONF");
	io.match_buf_len = sizeof(found[0]);
	for (i = 0; i < total; i++) {
		if (ioctl(pci, PCIOCGETCONF, &io) || io.num_matches != 1 ||
		    !same_sel(found[0].pc_sel, all[i]) || io.offset != i + 1)
			break;
		if (io.status != (i + 1 < total ? PCI_GETCONF_MORE_DEVS :
				  PCI_GETCONF_LAST_DEVICE))
			break;
		good++;
	}
	is(good, total, "record by record, the status is MORE_DEVS until the last");
	is_errno(ioctl(pci, PCIOCGETCONF, &io), 0, "at the end of the list it succeeds");
	ok(!io.num_matches && io.status == PCI_GETCONF_LAST_DEVICE,
	   "at the end of the list there is no record, and LAST_DEVICE");
	io.offset = 0xffffffff;
	is_errno(ioctl(pci, PCIOCGETCONF, &io), 0, "at the highest offset it succeeds");
	ok(!io.num_matches && io.status == PCI_GETCONF_LAST_DEVICE,
	   "past the end of the list there is no record, and LAST_DEVICE");

	io = ask(NULL, 0);
	io.match_buf_len = 3 * sizeof(found[0]) - 1;
	is_errno(ioctl(pci, PCIOCGETCONF, &io), 0, "with a buffer for almost three records it succeeds");
	ok(io.num_matches == 2 && io.status == PCI_GETCONF_MORE_DEVS &&
	   ((unsigned char *)&found[2])[0] == 0xaa, "a buffer for almost three takes two");
	io = ask(NULL, 0);
	io.match_buf_len = sizeof(found[0]) - 1;
	is_errno(ioctl(pci, PCIOCGETCONF, &io), 0, "with a buffer for almost one record it succeeds");
	ok(!io.num_matches && io.status == PCI_GETCONF_MORE_DEVS && !io.offset &&
	   ((unsigned char *)found)[0] == 0xaa, "a buffer for almost one takes none: MORE_DEVS");
	io = ask(NULL, 0);
	io.match_buf_len = 0;
	io.matches = NULL;
	is_errno(ioctl(pci, PCIOCGETCONF, &io), 0, "without a buffer it succeeds");
	ok(!io.num_matches && io.status == PCI_GETCONF_MORE_DEVS, "with an empty buffer the status is MORE_DEVS");
	io = ask(NULL, 0);
	io.match_buf_len = total * sizeof(found[0]);
	is_errno(ioctl(pci, PCIOCGETCONF, &io), 0, "with a buffer for exactly the list it succeeds");
	ok(io.num_matches == total && io.status == PCI_GETCONF_LAST_DEVICE,
	   "a buffer for exactly the list holds it: LAST_DEVICE");
	io = ask(NULL, 0);
	io.match_buf_len = 0xffffffff;
	is_errno(ioctl(pci, PCIOCGETCONF, &io), 0, "with a buffer of 4 GB it succeeds");
	is(io.num_matches, total, "a buffer of 4 GB gets the list");

	pat.pc_class = 0x07;
	io = ask(&pat, 1);
	io.match_buf_len = sizeof(found[0]);
	ioctl(pci, PCIOCGETCONF, &io);
	ok(io.num_matches == 1 && io.status == PCI_GETCONF_MORE_DEVS &&
	   same_sel(found[0].pc_sel, serial), "the first of two matches: MORE_DEVS");
	ioctl(pci, PCIOCGETCONF, &io);
	ok(io.num_matches == 1 && io.status == PCI_GETCONF_LAST_DEVICE &&
	   same_sel(found[0].pc_sel, serial2) && io.offset == total,
	   "the last of two matches: LAST_DEVICE");
}

static void generations(void)
{
	struct pci_conf_io io = ask(NULL, 0), old;
	unsigned int i;

	about("PCIOCGETCONF");
	io.match_buf_len = 2 * sizeof(found[0]);
	io.generation = 0xfeedface;
	is_errno(ioctl(pci, PCIOCGETCONF, &io), 0,
		 "at offset 0 the generation is ignored");
	is(io.num_matches, 2, "with a buffer for two records there are two");
	old = io;
	remove_function(edu2);
	is_errno(ioctl(pci, PCIOCGETCONF, &io), 0, "after a removal it succeeds");
	ok(io.status == PCI_GETCONF_LIST_CHANGED && !io.num_matches,
	   "after a removal: LIST_CHANGED, and no records");
	if (io.status != PCI_GETCONF_LIST_CHANGED)
		note("status %u, %u records", io.status, io.num_matches);
	io = ask(NULL, 0);
	ioctl(pci, PCIOCGETCONF, &io);
	is(io.num_matches, total - 1, "after a removal the list lacks the function");
	ok(io.generation != old.generation, "after a removal the generation has changed");
	old.generation = io.generation;
	rescan();
	io = ask(NULL, 0);
	ioctl(pci, PCIOCGETCONF, &io);
	is(io.num_matches, total, "after a rescan the list has the function");
	for (i = 0; i < total && same_sel(found[i].pc_sel, all[i]); i++)
		;
	is(i, total, "after a rescan the list is in order");
	ok(io.generation != old.generation, "after a rescan the generation has changed");
	old = io;
	ioctl(pci, PCIOCGETCONF, &io);
	is(io.generation, old.generation, "the generation stays when nothing happens");
	io.offset = 1;
	io.generation++;
	is_errno(ioctl(pci, PCIOCGETCONF, &io), 0, "with a wrong generation it succeeds");
	is(io.status, PCI_GETCONF_LIST_CHANGED, "with a wrong generation: LIST_CHANGED");
	is(io.generation, old.generation + 1, "a wrong generation stays as given");
}

/* Where the caller is in the list is looked at before the patterns. */
static void order_of_checks(void)
{
	struct pci_conf_io io = ask(NULL, 1), now;

	about("PCIOCGETCONF");
	now = ask(NULL, 0);
	ioctl(pci, PCIOCGETCONF, &now);
	io.offset = total;
	io.generation = now.generation;
	is_errno(ioctl(pci, PCIOCGETCONF, &io), 0, "at the end of the list patterns are not read");
	ok(!io.num_matches && io.status == PCI_GETCONF_LAST_DEVICE,
	   "at the end of the list, with bad patterns: LAST_DEVICE");
	io.generation++;
	is_errno(ioctl(pci, PCIOCGETCONF, &io), 0, "a wrong generation goes before bad patterns");
	ok(!io.num_matches && io.status == PCI_GETCONF_LIST_CHANGED &&
	   io.offset == total && io.generation == now.generation + 1,
	   "a wrong generation with bad patterns: LIST_CHANGED");
	io = ask(NULL, 1);
	io.offset = total - 1;
	io.generation = now.generation;
	refused(pci, PCIOCGETCONF, &io, EINVAL, "bad patterns before the end of the list");
}

static void bad_conf(struct pci_conf_io io, const char *what)
{
	refused(pci, PCIOCGETCONF, &io, EINVAL, "%s", what);
	is(((unsigned char *)found)[0], 0xaa, "%s: nothing is listed", what);
}

static void bad_lists(void)
{
	static struct pci_match_conf many[PCI_GETCONF_PATTERNS_MAX + 1];
	struct pci_match_conf pat = pattern(PCI_GETCONF_MATCH_DEV);
	struct pci_conf_io io = ask(&pat, 1);
	char *page = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	about("PCIOCGETCONF");
	munmap(page + PAGE, PAGE);
	io.pat_buf_len--;
	bad_conf(io, "patterns a byte short");
	io.pat_buf_len += 2;
	bad_conf(io, "patterns a byte long");
	io.pat_buf_len = 0;
	bad_conf(io, "no length for one pattern");
	io = ask(&pat, 0);
	io.pat_buf_len = sizeof(pat);
	bad_conf(io, "no pattern, but a length");
	io = ask(NULL, 1);
	bad_conf(io, "a pattern without a buffer");
	io = ask(many, ARRAY_SIZE(many));
	bad_conf(io, "one pattern too many");
	/* In 32 bits both products wrap round to the length that is given. */
	io = ask(many, 1);
	io.num_patterns = 0x40000001;
	bad_conf(io, "a number of patterns that wraps");
	io.num_patterns = 0xffffffff;
	io.pat_buf_len = -(uint32_t)sizeof(pat);
	bad_conf(io, "the highest number of patterns");
	is(matching(many, PCI_GETCONF_PATTERNS_MAX), 0,
	   "4096 patterns are allowed");
	many[PCI_GETCONF_PATTERNS_MAX - 1] = pattern(PCI_GETCONF_MATCH_VENDOR);
	many[PCI_GETCONF_PATTERNS_MAX - 1].pc_vendor = 0x1234;
	is(matching(many, PCI_GETCONF_PATTERNS_MAX), 2, "the last of 4096 patterns counts");

	io = ask((void *)(page + PAGE - sizeof(pat) + 1), 1);
	refused(pci, PCIOCGETCONF, &io, EINVAL, "patterns that run into unmapped memory");
	io = ask((void *)-PAGE, 1);
	refused(pci, PCIOCGETCONF, &io, EINVAL, "patterns in the kernel");
	memcpy(page + PAGE - sizeof(pat), &pat, sizeof(pat));
	io = ask((void *)(page + PAGE - sizeof(pat)), 1);
	is_errno(ioctl(pci, PCIOCGETCONF, &io), 0, "patterns at the end of a page are read");
	io = ask(NULL, 0);
	io.matches = (void *)(page + PAGE - 2 * sizeof(found[0]) + 1);
	refused(pci, PCIOCGETCONF, &io, EFAULT, "records that run into unmapped memory");
	io.matches = NULL;
	refused(pci, PCIOCGETCONF, &io, EFAULT, "records at NULL");
	io.matches = (void *)-PAGE;
	refused(pci, PCIOCGETCONF, &io, EFAULT, "records at an address of the kernel");
	io.matches = (void *)(page + PAGE - 2 * sizeof(found[0]));
	io.match_buf_len = 2 * sizeof(found[0]);
	is_errno(ioctl(pci, PCIOCGETCONF, &io), 0, "records at the end of a page are written");
	is(io.num_matches, 2, "records at the end of a page fill it");
	mprotect(page, PAGE, PROT_READ);
	io = ask(NULL, 0);
	io.matches = (void *)page;
	refused(pci, PCIOCGETCONF, &io, EFAULT, "records in a read-only page");
	is_errno(ioctl(pci, PCIOCGETCONF, page), EFAULT, "a structure in a read-only page");
	munmap(page, PAGE);
	io = ask(NULL, 0);
	bad_pointers(pci, PCIOCGETCONF, &io, "PCIOCGETCONF");
}

static void node_lists(void)
{
	int node = open_node(ivshmem, O_RDONLY), keep = pci;
	struct pci_match_conf pat = pattern(PCI_GETCONF_MATCH_VENDOR);
	struct pci_conf_io io;

	about("PCIOCGETCONF on a node");
	pci = node;
	is(matching(NULL, 0), 1, "lists one function");
	ok(same_sel(found[0].pc_sel, ivshmem), "lists its own function");
	pat.pc_vendor = 0x1234;
	is(matching(&pat, 1), 0, "finds no other function");
	io = ask(NULL, 0);
	io.match_buf_len = 0;
	is_errno(ioctl(node, PCIOCGETCONF, &io), 0, "with an empty buffer it succeeds");
	is(io.status, PCI_GETCONF_MORE_DEVS, "with an empty buffer the status is MORE_DEVS");
	close(node);
	/* Of what it can't see it learns nothing from a number, either. */
	pci = node = open_node(serial2, O_RDONLY);
	pat = pattern(PCI_GETCONF_MATCH_NAME | PCI_GETCONF_MATCH_UNIT);
	strcpy(pat.pd_name, "serial");
	pat.pd_unit = 0;
	is(matching(&pat, 1), 1, "counts units among its own functions");
	is(found[0].pd_unit, 0, "tells the unit among its own functions");
	pat.pd_unit = 1;
	is(matching(&pat, 1), 0, "has no unit of other functions");
	pci = keep;
	close(node);
	is(unit_of(serial2), 1, "counts other units than /dev/pci");
}

int main(void)
{
	tap_begin();
	total = all_functions(all, ROOM);
	pci = open_pci(O_RDONLY);
	if (total < 10)
		bail("only %u functions in sysfs", total);
	whole_list();
	patterns();
	units();
	paging();
	generations();
	order_of_checks();
	bad_lists();
	node_lists();
	return tap_end();
}
