// SPDX-License-Identifier: GPL-2.0
/*
 * Tests bario(4): Drivers. Drivers that come and go, removal, hot-plugging, and unloading
 * the module.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <signal.h>
#include <sys/io.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include "guest.h"


/* ---- drivers ---- */
static void bound(void)
{
	struct pci_bar_mmap map = { .pbm_sel = rootport, .pbm_reg = 0x10 };
	int fd = open_pci(O_RDWR), node = open_node(serial, O_RDWR);

	about("a driver");
	is_str(driver_of(serial), "serial", "the serial driver is bound");
	errno_is(read_errno(fd, serial, 0), EBUSY, "PCIOCBARIO of its BAR through /dev/pci");
	errno_is(read_errno(node, serial, 0), EBUSY, "PCIOCBARIO of its BAR through the node");
	errno_is(read_errno(fd, rootport1, 0), EBUSY,
		 "PCIOCBARIO of a BAR that the driver did not claim");
	refused(fd, PCIOCBARMMAP, &map, EBUSY, "a BAR of a bound driver");
	ok(held_by(serial, 0, "serial"), "holds its addresses after refused accesses");
	is(claims(), 0, "a refused access claims nothing");
	ok(unbind_driver(serial), "can be unbound");
	errno_is(read_errno(node, serial, 0), 0, "that is unbound: the file reads");
	ok(claimed(serial, 0), "that is unbound: the file claims the BAR");
	close(fd);
	/* The node's claim is idle: the driver gets the BAR. */
	ok(bind_driver(serial, "serial"), "binds over an idle claim");
	ok(held_by(serial, 0, "serial"), "that binds holds the BAR");
	is(claims(), 0, "that binds ends the claim");
	ok(!(cfg(serial, COMMAND, 2) & 0x400), "that binds has its interrupt line on");
	errno_is(read_errno(node, serial, 0), EBUSY, "that binds: PCIOCBARIO");
	ok(unbind_driver(serial), "can be unbound again");
	errno_is(read_errno(node, serial, 0), 0, "that left: the file works again");
	close(node);
	is(claims(), 0, "that left: the last close ends the claim");
	ok(bind_driver(serial, "serial"), "can be bound again");
}

static void hammer(void)
{
	int fd = open_node(serial2, O_RDWR);

	for (;;)
		read_errno(fd, serial2, 0);
}

static void under_load(void)
{
	unsigned int i, got = 0, used = 0;
	int fd = open_node(serial2, O_RDWR);
	pid_t pid[2];

	about("a driver");
	for (i = 0; i < ARRAY_SIZE(pid); i++) {
		pid[i] = fork();
		if (!pid[i])
			hammer();
	}
	for (i = 0; i < 15; i++) {
		unbind_driver(serial2);
		used += !read_errno(fd, serial2, 0);
		got += bind_driver(serial2, "serial") &&
		       held_by(serial2, 0, "serial");
	}
	for (i = 0; i < ARRAY_SIZE(pid); i++) {
		kill(pid[i], SIGKILL);
		waitpid(pid[i], NULL, 0);
	}
	is(used, 15, "a BAR in constant use each time the driver is unbound");
	is(got, 15, "gets a BAR in constant use whenever it is bound");
	close(fd);
}

/* A driver that comes as a module, with a mapping in its way. */
static void module_driver(void)
{
	int fd = open_pci(O_RDWR), node = open_node(e1000, O_RDWR);
	volatile uint32_t *at = map_bar(fd, e1000, 0, 0, NULL), status;
	volatile uint32_t *other = map_bar(node, e1000, 0, 0, NULL);

	about("a driver that is loaded");
	if (!at || !other)
		bail("e1000 can't be mapped");
	status = at[2];
	is(status, get(fd, e1000, 0, 8, 4), "e1000: the BAR is mapped and read before");
	is(other[2], status, "e1000: another file has mapped the BAR before");
	get(fd, e1000, 1, 0, 4);
	is(claims(), 2, "e1000: both BARs are claimed before");
	if (system("modprobe e1000"))
		bail("modprobe e1000");
	is_str(driver_of(e1000), "e1000", "e1000: it has bound");
	ok(held_by(e1000, 0, "e1000"), "that binds holds the BAR");
	is(claims(), 0, "e1000: no claim is left");
	is(faults(at + 2, false), 1, "the mapping gives SIGBUS");
	is(faults(other + 2, false), 1, "the other file's mapping gives SIGBUS");
	errno_is(read_errno(fd, e1000, 1), EBUSY, "that binds: PCIOCBARIO");
	errno_is(read_errno(fd, e1000, 0), EBUSY, "e1000: PCIOCBARIO of each BAR");
	ok(!map_bar(fd, e1000, 0, 0, NULL) && errno == EBUSY, "mapping: EBUSY");
	if (system("rmmod e1000"))
		bail("rmmod e1000");
	is_str(driver_of(e1000), "", "e1000: it has left");
	is(get(fd, e1000, 0, 8, 4) & 0x80000000, status & 0x80000000,
	   "that left: the file works again");
	close(fd);
	close(node);
	munmap((void *)at, bar_range(e1000, 0).size);
	munmap((void *)other, bar_range(e1000, 0).size);
	is(claims(), 0, "e1000: the last close ends all claims");
}

static void stub(void)
{
	int fd = open_pci(O_RDWR);
	struct pci_bar_mmap map;

	about("a stub");
	if (system("modprobe pci-stub"))
		bail("modprobe pci-stub");
	ok(bind_driver(edu, "pci-stub"), "can be bound");
	is(get(fd, edu, 0, 0, 4), 0x010000ed, "does not keep a file from reading");
	if (ok(map_bar(fd, edu, 0, 0, &map), "does not keep a file from mapping"))
		munmap(map.pbm_map_base, map.pbm_map_length);
	ok(unbind_driver(edu), "can be unbound over a claim");
	is(get(fd, edu, 0, 0, 4), 0x010000ed, "does not end a claim");
	ok(bind_driver(edu, "pci-stub"), "can be bound over a claim");
	is(get(fd, edu, 0, 0, 4), 0x010000ed, "does not end a claim");
	unbind_driver(edu);
	close(fd);
}

/* ---- functions that go and come back ---- */
static void removed(void)
{
	int pci = open_pci(O_RDWR), node = open_node(testdev, O_RDWR);
	volatile uint32_t *at = map_bar(node, testdev, 0, 0, NULL);
	struct pci_io io = { testdev, 0, 4, 0 };
	struct pci_bar_io bar = { .pbi_sel = testdev, .pbi_reg = 0x10 };
	struct pci_bar_mmap map = { .pbm_sel = testdev, .pbm_reg = 0x10 };
	struct pci_list_vpd_io vpd = { .plvi_sel = testdev };
	struct pci_conf_io list = { 0 };
	struct pci_conf conf;
	struct stat st;

	about("a removed function");
	if (!at)
		bail("pci-testdev can't be mapped");
	get(pci, testdev, 1, 0, 1);
	get(node, testdev, 1, 0, 1);
	ok(claimed(testdev, 0) && claimed(testdev, 1), "both BARs are claimed before");
	remove_function(testdev);
	is(claims(), 0, "has no claim");
	is(stat(node_path(testdev), &st), -1, "has no node");
	errno_is(read_errno(node, testdev, 1), ENODEV, "PCIOCBARIO of the old file");
	errno_is(read_errno(node, testdev, 9), ENODEV, "PCIOCBARIO of the old file, with wrong fields");
	refused(node, PCIOCREAD, &io, ENODEV, "the old file");
	io.pi_reg = 0x10000;
	refused(node, PCIOCREAD, &io, ENODEV, "the old file, past the end");
	io.pi_reg = 3;
	refused(node, PCIOCREAD, &io, EINVAL, "the old file, misaligned");
	io.pi_reg = 0;
	refused(node, PCIOCWRITE, &io, ENODEV, "the old file");
	refused(node, PCIOCATTACHED, &io, ENODEV, "the old file");
	io.pi_reg = 0;
	refused(node, PCIOCGETBAR, &bar, ENODEV, "the old file");
	bar.pbi_reg = 1;
	refused(node, PCIOCGETBAR, &bar, ENODEV, "the old file, no BAR");
	refused(node, PCIOCLISTVPD, &vpd, ENODEV, "the old file");
	refused(node, PCIOCBARMMAP, &map, ENODEV, "the old file");
	map.pbm_flags = 0x80;
	refused(node, PCIOCBARMMAP, &map, ENODEV, "the old file, unknown flags");
	errno_is(read_errno(pci, testdev, 1), ENODEV, "PCIOCBARIO of /dev/pci");
	refused(pci, PCIOCREAD, &io, ENODEV, "/dev/pci");
	is(faults(at, false), 1, "the mapping gives SIGBUS");
	list.matches = &conf;
	list.match_buf_len = sizeof(conf);
	ok(!ioctl(node, PCIOCGETCONF, &list) ? !list.num_matches :
	   errno == ENODEV, "PCIOCGETCONF of the old file lists nothing");
	is(get(pci, edu, 0, 0, 4), 0x010000ed, "leaves other functions alone");
	rescan();
	is(stat(node_path(testdev), &st), 0, "has a node again after a rescan");
	errno_is(read_errno(node, testdev, 1), ENODEV, "PCIOCBARIO of the old file after a rescan");
	is(faults(at, false), 1, "the old mapping gives SIGBUS after a rescan");
	errno_is(read_errno(pci, testdev, 1), 0, "/dev/pci reads the new function");
	close(node);
	node = open_node(testdev, O_RDWR);
	errno_is(read_errno(node, testdev, 1), 0, "the new node reads ports");
	errno_is(read_errno(node, testdev, 0), 0, "the new node reads memory");
	close(node);
	ok(claimed(testdev, 1), "closing one file leaves the claim of another");
	close(pci);
	is(claims(), 0, "the last close ends the claims on the new function");
	munmap((void *)at, PAGE);
}

static volatile bool *stop;	/* shared with the children */

/* Reads until told to stop. */
static void hammer_removed(void)
{
	int fd = open_pci(O_RDWR), gone = 0;
	uint32_t value;

	while (!*stop) {
		int error = try_read(fd, edu2, 0, 0, 4, &value);

		if (error == ENODEV || error == ENXIO) {
			gone++;
		} else if (error || value != 0x010000ed) {
			note("reading: %s, %#x", errno_name(error), value);
			_exit(1);
		}
	}
	_exit(!gone);
}

/* Maps, reads until the function goes, and maps again. */
static void map_removed(void)
{
	int fd = open_pci(O_RDWR), lost = 0;

	while (!*stop) {
		struct pci_bar_mmap map;
		volatile uint32_t *at = map_bar(fd, edu2, 0, 0, &map);
		int fault = 0;

		if (!at) {
			if (errno == ENODEV || errno == ENXIO)
				continue;
			note("mapping: %s", errno_name(errno));
			_exit(1);
		}
		while (!*stop && !fault)
			fault = faults(at, false);
		if (fault < 0) {
			note("a mapping that was there is not");
			_exit(1);
		}
		lost += fault;
		munmap(map.pbm_map_base, map.pbm_map_length);
	}
	_exit(!lost);
}

/*
 * While the kernel does not know the function, its BAR goes elsewhere, so that
 * a rescan has to move it: the kernel knows the new address before the device.
 */
static void displace(struct pcisel sel, uint32_t address)
{
	if (iopl(3))
		bail("iopl");
	outl(0x80000010u | sel.pc_bus << 16 | sel.pc_dev << 11 |
	     sel.pc_func << 8, 0xcf8);
	outl(address, 0xcfc);
}

static void removed_under_load(void)
{
	uint32_t elsewhere = bar_range(edu2, 0).start;
	int i, status, good = 0, moved = 0;
	pid_t pid[3];

	about("a removed function under load");
	stop = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	for (i = 0; i < 3; i++) {
		pid[i] = fork();
		if (!pid[i])
			i < 2 ? hammer_removed() : map_removed();
	}
	for (i = 0; i < 10; i++) {
		usleep(50000);
		remove_function(edu2);
		usleep(10000);
		displace(edu2, elsewhere);
		rescan();
		moved += bar_range(edu2, 0).start != elsewhere &&
			 cfg(edu2, 0x10, 4) == bar_range(edu2, 0).start;
	}
	*stop = true;
	for (i = 0; i < 3; i++)
		good += waitpid(pid[i], &status, 0) == pid[i] && !status;
	is(moved, 10, "comes back elsewhere, ten times");
	is(good, 3, "accesses and mappings are right, or fail: ENODEV");
	is(claims(), 0, "nothing is claimed in the end");
}

static struct pcisel hot;

static bool hot_node(struct pcisel sel)
{
	return !access(node_path(sel), F_OK);
}

/* The node comes with the function, and that before its addresses. */
static bool hot_placed(struct pcisel sel)
{
	int fd = open_pci(O_RDWR), error = read_errno(fd, sel, 0);

	close(fd);
	return error != ENXIO;
}

static bool hot_gone(struct pcisel sel)
{
	return access(node_path(sel), F_OK) && !present(sel);
}

static void hotplugged(void)
{
	volatile uint32_t *at;
	int fd, pci;

	about("a function that is plugged in");
	hot.pc_bus = cfg(rootport, 0x19, 1);
	if (!monitor("device_add edu,bus=rp0,id=hot"))
		bail("device_add");
	ok(wait_for(hot_node, hot), "gets a node");
	ok(wait_for(hot_placed, hot), "gets an address for its BAR");
	fd = open_node(hot, O_RDWR);
	pci = open_pci(O_RDWR);
	is(get(fd, hot, 0, 0, 4), 0x010000ed, "and works");
	is(get(pci, hot, 0, 0, 4), 0x010000ed, "can be read through /dev/pci");
	at = map_bar(fd, hot, 0, 0, NULL);
	ok(at && at[0] == 0x010000ed, "can be mapped");
	if (!monitor("device_del hot"))
		bail("device_del");
	ok(wait_for(hot_gone, hot), "and unplugged loses its node");
	errno_is(read_errno(fd, hot, 0), ENODEV, "and unplugged: PCIOCBARIO of the old file");
	errno_is(read_errno(pci, hot, 0), ENODEV, "and unplugged: PCIOCBARIO of /dev/pci");
	is(at ? faults(at, false) : -2, 1, "the mapping gives SIGBUS");
	is(claims(), 0, "nothing is claimed in the end");
	close(fd);
	close(pci);
	if (at)
		munmap((void *)at, 1 << 20);
}

/* ---- the module ---- */
static int delete_module(void)
{
	return syscall(SYS_delete_module, "bario", O_NONBLOCK);
}

static void load(void)
{
	int fd = open("/lib/modules/bario.ko", O_RDONLY);

	is_errno(syscall(SYS_finit_module, fd, "", 0), 0, "afterwards it loads again");
	close(fd);
}

static void unload(void)
{
	int pci = open_pci(O_RDONLY), node, fd;
	uint32_t was = cfg(edu, COMMAND, 2);
	volatile uint32_t *at;
	struct stat st;
	DIR *dir;

	about("unloading the module");
	is_errno(delete_module(), EWOULDBLOCK, "with /dev/pci open");
	close(pci);
	node = open_node(edu, O_RDONLY);
	is_errno(delete_module(), EWOULDBLOCK, "with a node open");
	close(node);
	set_cfg(edu, COMMAND, 2, 0);
	fd = open_pci(O_RDWR);
	at = map_bar(fd, edu, 0, 0, NULL);
	close(fd);
	is_errno(delete_module(), EWOULDBLOCK, "with a mapping alone");
	is(at[0], 0x010000ed, "with a mapping alone: the mapping works");
	munmap((void *)at, bar_range(edu, 0).size);
	is(cfg(edu, COMMAND, 2), 0, "when nothing is mapped decoding is off again");
	is_errno(delete_module(), 0, "with nothing open succeeds");
	is(stat("/dev/pci", &st), -1, "/dev/pci has gone");
	dir = opendir("/dev/bario");
	if (dir) {
		struct dirent *entry;
		int left = 0;

		while ((entry = readdir(dir)))
			left += entry->d_name[0] != '.';
		closedir(dir);
		is(left, 0, "the nodes have gone");
	} else {
		is(errno, ENOENT, "the nodes have gone");
	}
	is(claims(), 0, "nothing is claimed");
	load();
	ok(!stat("/dev/pci", &st), "/dev/pci is back");
	ok(!stat(node_path(edu), &st), "the nodes are back");
	set_cfg(edu, COMMAND, 2, was);
	fd = open_node(edu, O_RDWR);
	is(get(fd, edu, 0, 0, 4), 0x010000ed, "the nodes work again");
	close(fd);
	/* Units are known of drivers that were bound before the module came. */
	is_str(driver_of(serial), "serial", "a driver stays bound");
	fd = open_pci(O_RDWR);
	errno_is(read_errno(fd, serial, 0), EBUSY, "PCIOCBARIO of a BAR whose driver stayed bound");
	close(fd);
}

static void unload_often(void)
{
	int i, good = 0;

	about("unloading the module");
	for (i = 0; i < 10; i++) {
		int file = open("/lib/modules/bario.ko", O_RDONLY), fd;
		uint32_t value;

		good += !delete_module() &&
			!syscall(SYS_finit_module, file, "", 0);
		close(file);
		fd = open("/dev/pci", O_RDWR);
		good += !try_read(fd, edu, 0, 0, 4, &value);
		close(fd);
	}
	is(good, 20, "ten times, and loading and using it, succeeds");
}

int main(void)
{
	tap_begin();
	bound();
	under_load();
	module_driver();
	stub();
	removed();
	removed_under_load();
	hotplugged();
	unload();
	unload_often();
	return tap_end();
}
