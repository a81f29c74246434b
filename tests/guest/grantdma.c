// SPDX-License-Identifier: GPL-2.0
/*
 * Tests bario(4): SECURITY CONSIDERATIONS. What could make a device access memory, and
 * takes a grant of its own: configuration space, bus mastering in it, and the MSI-X
 * table. Witnesses: sysfs, and the table as /dev/pci sees it.
 */
#define _GNU_SOURCE
#include <sys/mman.h>
#include "derive.h"

#define MSIX_CAP	0x11
#define CAP_LIST	0x34

static int pci;		/* /dev/pci, open for both */

/* ---- configuration space ---- */
static unsigned char config_before[4096], config_after[4096];

static int whole_config(struct pcisel sel, unsigned char *to)
{
	int fd = open(attribute_path(sel, "config"), O_RDONLY);
	int n = pread(fd, to, 4096, 0);

	close(fd);
	return n;
}

static void writes_config(int fd, struct pcisel sel, const unsigned char *may,
			  const char *what)
{
	int size = whole_config(sel, config_before), reg, width, i;
	unsigned int tried = 0, bad = 0, passed = 0;

	for (width = 1; width <= 4; width *= 2) {
		for (reg = 0; reg < size; reg += width) {
			bool want = true;
			int got;
			uint32_t value = 0;

			for (i = 0; i < width; i++)
				want = want && may && may[reg + i];
			/* What may be written gets what it holds. */
			memcpy(&value, config_before + reg, width);
			got = config_write(fd, sel, reg, width,
					   want ? value : ~value);
			tried++;
			passed += !got;
			bad += got != (want ? 0 : EACCES);
			if (got != (want ? 0 : EACCES))
				note("%d bytes at %#x: %s", width, reg,
				     errno_name(got));
		}
	}
	whole_config(sel, config_after);
	is(bad, 0, "%s: %u writes at every place, %u are allowed", what, tried,
	   passed);
	ok(!memcmp(config_before, config_after, size),
	   "%s: sysfs sees configuration space unchanged", what);
}

static uint32_t mastering(struct pcisel sel)
{
	return cfg(sel, COMMAND, 2) & COMMAND_MASTER;
}

static void config(void)
{
	static unsigned char may[4096];
	const struct barioc_rule rules[] = {
		rule(edu2, CONFIG, W, 0x3c, 1), rule(edu2, CONFIG, R | W, 0x0c, 2),
		rule(edu2, 0, R | W, 0, TO_END),
	};
	int node = open_node(edu2, O_RDWR), fd;
	uint32_t was = cfg(edu2, 0x3c, 1), value;

	about("the right to write configuration space");
	/* Bus mastering and the interrupt line, which a write turns off, are off. */
	get(node, edu2, 0, 0, 4);
	writes_config(node, edu2, NULL, "a node");
	fd = derive_one(node, edu2, CONFIG, R | W, 0, TO_END);
	writes_config(fd, edu2, NULL, "from a node, asking for configuration space");
	close(fd);
	close(node);
	node = open_node(e1000e, O_RDWR);
	writes_config(node, e1000e, NULL, "a node with 4096 bytes of it");
	close(node);
	fd = derive_one(pci, edu2, 0, R | W | M, 0, TO_END);
	writes_config(fd, edu2, NULL, "from /dev/pci, one BAR");
	errno_is(config_read(fd, edu2, 0x3c, 1, &value), 0, "PCIOCREAD with one BAR succeeds");
	close(fd);
	fd = derive_one(pci, edu2, CONFIG, R, 0, TO_END);
	writes_config(fd, edu2, NULL, "from /dev/pci, configuration space to be read");
	close(fd);
	/* A BAR's rules are not configuration space's. */
	fd = derive_one(pci, edu2, 5, R | W, 0, TO_END);
	writes_config(fd, edu2, NULL, "from /dev/pci, BAR5");
	close(fd);
	fd = derive(pci, rules, ARRAY_SIZE(rules), NULL);
	may[0x3c] = may[0x0c] = may[0x0d] = 1;
	writes_config(fd, edu2, may, "from /dev/pci, three bytes");
	errno_is(config_write(fd, edu2, 0x3c, 1, was ^ 0x0f), 0, "PCIOCWRITE of a granted byte succeeds");
	is(cfg(edu2, 0x3c, 1), was ^ 0x0f, "PCIOCWRITE of a granted byte: sysfs sees it changed");
	set_cfg(edu2, 0x3c, 1, was);
	set_cfg(edu2, COMMAND, 2, cfg(edu2, COMMAND, 2) | COMMAND_MASTER);
	errno_is(config_write(fd, edu2, 0x10, 4, 0), EACCES, "PCIOCWRITE: a byte that is not granted");
	is(mastering(edu2), COMMAND_MASTER, "what is refused leaves bus mastering on");
	errno_is(config_write(fd, edu2, 0x3c, 1, was), 0,
		 "PCIOCWRITE of a granted byte, without a claim, succeeds");
	is(mastering(edu2), 0, "PCIOCWRITE of a granted byte turns bus mastering off");
	errno_is(config_write(fd, edu, 0x3c, 1, 7), ENODEV, "PCIOCWRITE: another function");
	node = derive_one(fd, edu2, CONFIG, R | W, 0x0d, 0x100);
	memset(may, 0, sizeof(may));
	may[0x0d] = may[0x3c] = 1;
	writes_config(node, edu2, may, "from that, what begins in the middle");
	close(node);
	close(fd);
}

static void with_master(int fd, uint32_t want, const char *what)
{
	uint32_t was = cfg(edu2, COMMAND, 2);

	set_cfg(edu2, COMMAND, 2, was | COMMAND_MASTER);
	errno_is(read_at(fd, edu2, 0, 0x10, 4), EACCES, "%s: PCIOCBARIO: a read of what is not granted", what);
	is(mastering(edu2), COMMAND_MASTER, "%s: what is refused leaves bus mastering on", what);
	is(get(fd, edu2, 0, 0, 4), 0x010000ed, "%s: a granted read succeeds", what);
	is(mastering(edu2), want, "%s: bus mastering is %s", what,
	   want ? "left on" : "turned off");
	close(fd);
	is(mastering(edu2), want, "%s: the close does not change bus mastering", what);
	set_cfg(edu2, COMMAND, 2, was);
}

static int with_command(unsigned int rights, uint64_t reg, uint64_t size)
{
	const struct barioc_rule rules[] = {
		rule(edu2, 0, R, 0, 4), rule(edu2, CONFIG, rights, reg, size),
	};

	return derive(pci, rules, 2, NULL);
}

static void master(void)
{
	int fd, child;
	uint32_t was = cfg(edu2, COMMAND, 2);

	about("bus mastering");
	with_master(derive_one(pci, edu2, 0, R, 0, 4), 0, "one BAR");
	with_master(with_command(R, 0, 0x100), 0, "configuration space to be read");
	with_master(with_command(W, 6, 0xfa), 0, "all after the command register");
	with_master(with_command(W, 0, 4), 0, "all before it");
	with_master(with_command(W, 5, 1), 0, "its upper half");
	with_master(with_command(R, 4, 2), 0, "the command register to be read");
	with_master(with_command(W, 4, 1), COMMAND_MASTER, "its lower half");
	with_master(with_command(W, 4, 2), COMMAND_MASTER, "the command register");
	with_master(with_command(R | W, 0, TO_END), COMMAND_MASTER,
		    "configuration space");
	fd = with_command(W, 4, 2);
	child = derive_one(fd, edu2, 0, R, 0, 4);
	close(fd);
	with_master(child, 0, "one BAR of a file with the command register");

	/* A mapping is a claim, too. */
	set_cfg(edu2, COMMAND, 2, was | COMMAND_MASTER);
	fd = derive_one(pci, edu2, 0, R | M, 0, TO_END);
	child = derive_one(fd, edu2, 0, R | W | M, 0, PAGE);
	errno_is(try_map(child, 0, 0, 1, PROT_READ | PROT_WRITE), EACCES,
		 "mmap that the grant does not cover");
	is(mastering(edu2), COMMAND_MASTER, "what is refused leaves bus mastering on");
	errno_is(try_map(child, 0, 0, 1, PROT_READ), 0, "mmap that the grant covers succeeds");
	is(mastering(edu2), 0, "mmap turns bus mastering off");
	close(child);
	close(fd);
	set_cfg(edu2, COMMAND, 2, was);

	fd = with_command(W, 4, 2);
	errno_is(config_write(fd, edu2, COMMAND, 2, was | COMMAND_MASTER), 0,
		 "PCIOCWRITE of the command register turns it on");
	is(mastering(edu2), COMMAND_MASTER, "sysfs sees it on");
	errno_is(config_write(fd, edu2, COMMAND, 4, was), EACCES,
		 "PCIOCWRITE: the command and the status register, one granted");
	errno_is(config_write(fd, edu2, COMMAND, 2, was), 0, "PCIOCWRITE of the command register turns it off");
	close(fd);
}

/* ---- the MSI-X table ---- */
static struct {
	unsigned int	bar;
	uint32_t	table;
	uint32_t	table_size;
	uint32_t	pba_bar;
	uint32_t	pba;
	uint32_t	pba_size;
} msix;

static void find_msix(void)
{
	uint32_t at = cfg(e1000e, CAP_LIST, 1), vectors;

	while (at && cfg(e1000e, at, 1) != MSIX_CAP)
		at = cfg(e1000e, at + 1, 1);
	if (!at)
		bail("no MSI-X");
	vectors = (cfg(e1000e, at + 2, 2) & 0x7ff) + 1;
	msix.bar = cfg(e1000e, at + 4, 4) & 7;
	msix.table = cfg(e1000e, at + 4, 4) & ~7u;
	msix.table_size = 16 * vectors;
	msix.pba_bar = cfg(e1000e, at + 8, 4) & 7;
	msix.pba = cfg(e1000e, at + 8, 4) & ~7u;
	msix.pba_size = (vectors + 63) / 64 * 8;
	if (msix.bar != 3 || msix.pba_bar != 3 || msix.table / PAGE == msix.pba / PAGE)
		bail("another MSI-X table");
}

static uint32_t sum_of_table(void)
{
	uint32_t sum = 0, i;

	for (i = 0; i < msix.table_size; i += 4)
		sum = 31 * sum + get(pci, e1000e, 3, msix.table + i, 4);
	for (i = 0; i < msix.pba_size; i += 4)
		sum = 31 * sum + get(pci, e1000e, 3, msix.pba + i, 4);
	return sum;
}

static void guarded(int fd, const char *who)
{
	unsigned int i, bad = 0, width;
	unsigned long free = 0;

	watch(sum_of_table);
	for (i = 0; i < msix.table_size; i += 4)
		bad += read_at(fd, e1000e, 3, msix.table + i, 4) != 0;
	for (i = 0; i < msix.pba_size; i += 4)
		bad += read_at(fd, e1000e, 3, msix.pba + i, 4) != 0;
	is(bad, 0, "%s: the MSI-X table and pending bits can be read", who);
	for (width = 1; width <= 8; width *= 2) {
		uint32_t sum = sum_of_table();

		for (i = bad = 0; i < msix.table_size; i += width)
			bad += try_write(fd, e1000e, 3, msix.table + i, width,
					 0xfee00000) != EACCES;
		for (i = 0; i < msix.pba_size; i += width)
			bad += try_write(fd, e1000e, 3, msix.pba + i, width,
					 ~0u) != EACCES;
		is(bad, 0, "%s: PCIOCBARIO: every write of %u bytes: EACCES", who, width);
		is(sum_of_table(), sum, "%s: no write of %u bytes has changed it",
		   who, width);
	}
	bario_refused(fd, request(e1000e, PCIBARIO_WRITE, 3, msix.table, 4,
				  0xfee00000), EACCES, "%s: the address of a vector", who);
	watch(NULL);
	errno_is(try_write(fd, e1000e, 3, msix.table + msix.table_size, 4, 0), 0,
		 "%s: a write after the table succeeds", who);
	errno_is(try_write(fd, e1000e, 3, msix.pba - 4, 4, 0), 0,
		 "%s: a write before the pending bits succeeds", who);
	errno_is(try_map(fd, 3, msix.table / PAGE, 1, PROT_READ), EACCES,
		 "%s: mmap of its page, for reading", who);
	errno_is(try_map(fd, 3, msix.table / PAGE, 1, PROT_READ | PROT_WRITE),
		 EACCES, "%s: mmap, for writing", who);
	errno_is(try_map(fd, 3, msix.pba / PAGE, 1, PROT_READ), EACCES,
		 "%s: mmap of the pending bits' page, for reading", who);
	errno_is(try_map(fd, 3, msix.pba / PAGE, 1, PROT_READ | PROT_WRITE),
		 EACCES, "%s: mmap, for writing", who);
	while (free == msix.table / PAGE || free == msix.pba / PAGE)
		free++;
	errno_is(try_map(fd, 3, free, 1, PROT_READ | PROT_WRITE), 0,
		 "%s: mmap of a page without it succeeds", who);
	errno_is(try_map(fd, 3, 0, 4, PROT_READ), EACCES,
		 "%s: mmap of all pages", who);
	ok(!map_bar(fd, e1000e, 3, 0, NULL) && errno == EACCES,
	   "%s: PCIOCBARMMAP: EACCES", who);
}

static void vectors(void)
{
	const struct barioc_rule all[] = {
		rule(e1000e, 3, R | W | M, 0, TO_END),
		rule(e1000e, CONFIG, R | W, 5, TO_END),
		rule(e1000e, CONFIG, R | W, 0, 4),
		rule(e1000e, CONFIG, R, 4, 1),
	};
	const struct barioc_rule with[] = {
		rule(e1000e, 3, R | W | M, 0, TO_END),
		rule(e1000e, CONFIG, W, COMMAND, 2),
	};
	int node, fd, child;
	struct pci_bar_mmap map;
	uint32_t was;

	about("the MSI-X table");
	find_msix();
	node = open_node(e1000e, O_RDWR);
	guarded(node, "a node");
	fd = derive_one(node, e1000e, 3, R | W | M, 0, TO_END);
	guarded(fd, "from a node");
	close(fd);
	fd = derive_one(node, e1000e, 3, R | W | M, msix.table, msix.table_size);
	errno_is(try_write(fd, e1000e, 3, msix.table, 4, 0xfee00000), EACCES,
		 "PCIOCBARIO: from a node, with a rule for the table");
	close(fd);
	close(node);
	fd = derive_one(pci, e1000e, 3, R | W | M, 0, TO_END);
	guarded(fd, "from /dev/pci");
	close(fd);
	fd = derive(pci, all, ARRAY_SIZE(all), NULL);
	guarded(fd, "from /dev/pci, all but the command register");
	close(fd);

	fd = derive(pci, with, ARRAY_SIZE(with), NULL);
	was = get(fd, e1000e, 3, msix.table, 4);
	errno_is(try_write(fd, e1000e, 3, msix.table, 4, 0xfee01000), 0,
		 "with the command register a write succeeds");
	is(get(pci, e1000e, 3, msix.table, 4), 0xfee01000, "with the command register a write changes it");
	put(fd, e1000e, 3, msix.table, 4, was);
	if (ok(map_bar(fd, e1000e, 3, PCIIO_BAR_MMAP_RW, &map), "with the command register it can be mapped"))
		munmap(map.pbm_map_base, map.pbm_map_length);
	child = derive_one(fd, e1000e, 3, R | W | M, 0, TO_END);
	guarded(child, "from that, without the command register");
	close(child);
	close(fd);
}

int main(void)
{
	tap_begin();
	pci = open_pci(O_RDWR);
	config();
	master();
	vectors();
	close(pci);
	is(claims(), 0, "nothing is claimed in the end");
	return tap_end();
}
