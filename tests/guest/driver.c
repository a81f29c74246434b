// SPDX-License-Identifier: GPL-2.0
/*
 * Drivers that are bound or come later, functions that go and come back, and
 * the module itself unloaded and loaded.
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

	is_str(driver_of(serial), "serial", "the serial driver is bound");
	errno_is(read_errno(fd, serial, 0), EBUSY, "its BAR through /dev/pci");
	errno_is(read_errno(node, serial, 0), EBUSY, "its BAR through its node");
	errno_is(read_errno(fd, rootport1, 0), EBUSY,
		 "a BAR that its driver did not claim");
	refused(fd, PCIOCBARMMAP, &map, EBUSY, "mapping one");
	ok(held_by(serial, 0, "serial"), "the driver holds what it held");
	is(claims(), 0, "nothing was claimed");
	ok(unbind_driver(serial), "the driver is unbound");
	errno_is(read_errno(node, serial, 0), 0, "then the same file reads");
	ok(claimed(serial, 0), "the BAR is claimed");
	close(fd);
	/* The node's claim is idle: the driver gets the BAR. */
	ok(bind_driver(serial, "serial"), "a driver binds over an idle claim");
	ok(held_by(serial, 0, "serial"), "it holds the BAR");
	is(claims(), 0, "the claim has gone");
	ok(!(cfg(serial, COMMAND, 2) & 0x400), "its interrupt line is on again");
	errno_is(read_errno(node, serial, 0), EBUSY, "the next access");
	ok(unbind_driver(serial), "it is unbound again");
	errno_is(read_errno(node, serial, 0), 0, "and the file works again");
	close(node);
	is(claims(), 0, "its close gives all back");
	ok(bind_driver(serial, "serial"), "the driver is bound again");
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
	is(used, 15, "a BAR in constant use, each time its driver is unbound");
	is(got, 15, "its driver gets it whenever it is bound");
	close(fd);
}

/* A driver that comes as a module, with a mapping in its way. */
static void module_driver(void)
{
	int fd = open_pci(O_RDWR), node = open_node(e1000, O_RDWR);
	volatile uint32_t *at = map_bar(fd, e1000, 0, 0, NULL), status;
	volatile uint32_t *other = map_bar(node, e1000, 0, 0, NULL);

	if (!at || !other)
		bail("e1000 can't be mapped");
	status = at[2];
	is(status, get(fd, e1000, 0, 8, 4), "e1000, mapped and read");
	is(other[2], status, "and by another file");
	get(fd, e1000, 1, 0, 4);
	is(claims(), 2, "both its BARs are claimed");
	if (system("modprobe e1000"))
		bail("modprobe e1000");
	is_str(driver_of(e1000), "e1000", "its driver has come and bound");
	ok(held_by(e1000, 0, "e1000"), "it holds the BAR");
	is(claims(), 0, "our claims have gone");
	is(faults(at + 2, false), 1, "the mapping gives SIGBUS");
	is(faults(other + 2, false), 1, "the other file's, too");
	errno_is(read_errno(fd, e1000, 1), EBUSY, "the next access");
	errno_is(read_errno(fd, e1000, 0), EBUSY, "to each BAR");
	ok(!map_bar(fd, e1000, 0, 0, NULL) && errno == EBUSY, "mapping: EBUSY");
	if (system("rmmod e1000"))
		bail("rmmod e1000");
	is_str(driver_of(e1000), "", "the driver has left");
	is(get(fd, e1000, 0, 8, 4) & 0x80000000, status & 0x80000000,
	   "and the file works again");
	close(fd);
	close(node);
	munmap((void *)at, bar_range(e1000, 0).size);
	munmap((void *)other, bar_range(e1000, 0).size);
	is(claims(), 0, "all is given back");
}

static void stub(void)
{
	int fd = open_pci(O_RDWR);
	struct pci_bar_mmap map;

	if (system("modprobe pci-stub"))
		bail("modprobe pci-stub");
	ok(bind_driver(edu, "pci-stub"), "pci-stub is bound");
	is(get(fd, edu, 0, 0, 4), 0x010000ed, "which is in nobody's way");
	if (ok(map_bar(fd, edu, 0, 0, &map), "not in that of mappings, either"))
		munmap(map.pbm_map_base, map.pbm_map_length);
	ok(unbind_driver(edu), "it is unbound while we hold the BAR");
	is(get(fd, edu, 0, 0, 4), 0x010000ed, "which works on");
	ok(bind_driver(edu, "pci-stub"), "and bound again");
	is(get(fd, edu, 0, 0, 4), 0x010000ed, "which works on");
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

	if (!at)
		bail("pci-testdev can't be mapped");
	get(pci, testdev, 1, 0, 1);
	get(node, testdev, 1, 0, 1);
	ok(claimed(testdev, 0) && claimed(testdev, 1), "both BARs are claimed");
	remove_function(testdev);
	is(claims(), 0, "removed: its claims have gone");
	is(stat(node_path(testdev), &st), -1, "its node has gone");
	errno_is(read_errno(node, testdev, 1), ENODEV, "its old file, BARIO");
	errno_is(read_errno(node, testdev, 9), ENODEV, "even where that was wrong");
	refused(node, PCIOCREAD, &io, ENODEV, "its old file, READ");
	io.pi_reg = 0x10000;
	refused(node, PCIOCREAD, &io, ENODEV, "its old file, READ past the end");
	io.pi_reg = 3;
	refused(node, PCIOCREAD, &io, EINVAL, "its old file, READ misaligned");
	io.pi_reg = 0;
	refused(node, PCIOCWRITE, &io, ENODEV, "its old file, WRITE");
	refused(node, PCIOCATTACHED, &io, ENODEV, "its old file, ATTACHED");
	io.pi_reg = 0;
	refused(node, PCIOCGETBAR, &bar, ENODEV, "its old file, GETBAR");
	bar.pbi_reg = 1;
	refused(node, PCIOCGETBAR, &bar, ENODEV, "its old file, GETBAR of none");
	refused(node, PCIOCLISTVPD, &vpd, ENODEV, "its old file, LISTVPD");
	refused(node, PCIOCBARMMAP, &map, ENODEV, "its old file, BARMMAP");
	map.pbm_flags = 0x80;
	refused(node, PCIOCBARMMAP, &map, ENODEV, "its old file, BARMMAP, bad flags");
	errno_is(read_errno(pci, testdev, 1), ENODEV, "/dev/pci, BARIO");
	refused(pci, PCIOCREAD, &io, ENODEV, "/dev/pci, READ");
	is(faults(at, false), 1, "the mapping gives SIGBUS");
	list.matches = &conf;
	list.match_buf_len = sizeof(conf);
	ok(!ioctl(node, PCIOCGETCONF, &list) ? !list.num_matches :
	   errno == ENODEV, "its old file, GETCONF: lists nothing");
	is(get(pci, edu, 0, 0, 4), 0x010000ed, "other functions work on");
	rescan();
	is(stat(node_path(testdev), &st), 0, "rescanned: its node is back");
	errno_is(read_errno(node, testdev, 1), ENODEV, "the old file stays dead");
	is(faults(at, false), 1, "and so does the old mapping");
	errno_is(read_errno(pci, testdev, 1), 0, "/dev/pci finds the new function");
	close(node);
	node = open_node(testdev, O_RDWR);
	errno_is(read_errno(node, testdev, 1), 0, "the new node works");
	errno_is(read_errno(node, testdev, 0), 0, "for memory, too");
	close(node);
	ok(claimed(testdev, 1), "closing one file leaves the other's claim");
	close(pci);
	is(claims(), 0, "the last close gives back the new function's BARs");
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
	is(moved, 10, "removed ten times, and each time its BAR comes back elsewhere");
	is(good, 3, "accesses and mappings under way: right, or ENODEV");
	is(claims(), 0, "nothing stays claimed");
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

	hot.pc_bus = cfg(rootport, 0x19, 1);
	if (!monitor("device_add edu,bus=rp0,id=hot"))
		bail("device_add");
	ok(wait_for(hot_node, hot), "plugged in: its node appears");
	ok(wait_for(hot_placed, hot), "and its BAR gets an address");
	fd = open_node(hot, O_RDWR);
	pci = open_pci(O_RDWR);
	is(get(fd, hot, 0, 0, 4), 0x010000ed, "and works");
	is(get(pci, hot, 0, 0, 4), 0x010000ed, "through /dev/pci, too");
	at = map_bar(fd, hot, 0, 0, NULL);
	ok(at && at[0] == 0x010000ed, "it can be mapped");
	if (!monitor("device_del hot"))
		bail("device_del");
	ok(wait_for(hot_gone, hot), "unplugged: its node disappears");
	errno_is(read_errno(fd, hot, 0), ENODEV, "its old file");
	errno_is(read_errno(pci, hot, 0), ENODEV, "/dev/pci");
	is(at ? faults(at, false) : -2, 1, "the mapping gives SIGBUS");
	is(claims(), 0, "nothing stays claimed");
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

	is_errno(syscall(SYS_finit_module, fd, "", 0), 0, "the module loads again");
	close(fd);
}

static void unload(void)
{
	int pci = open_pci(O_RDONLY), node, fd;
	uint32_t was = cfg(edu, COMMAND, 2);
	volatile uint32_t *at;
	struct stat st;
	DIR *dir;

	is_errno(delete_module(), EWOULDBLOCK, "unloading with /dev/pci open");
	close(pci);
	node = open_node(edu, O_RDONLY);
	is_errno(delete_module(), EWOULDBLOCK, "unloading with a node open");
	close(node);
	set_cfg(edu, COMMAND, 2, 0);
	fd = open_pci(O_RDWR);
	at = map_bar(fd, edu, 0, 0, NULL);
	close(fd);
	is_errno(delete_module(), EWOULDBLOCK, "unloading with a mapping alone");
	is(at[0], 0x010000ed, "which goes on");
	munmap((void *)at, bar_range(edu, 0).size);
	is(cfg(edu, COMMAND, 2), 0, "unmapped, decoding is off as it was");
	is_errno(delete_module(), 0, "unloading with nothing open");
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
	is(get(fd, edu, 0, 0, 4), 0x010000ed, "and work");
	close(fd);
	/* Units are known of drivers that were bound before the module came. */
	is_str(driver_of(serial), "serial", "a driver was bound all the while");
	fd = open_pci(O_RDWR);
	errno_is(read_errno(fd, serial, 0), EBUSY, "and is known to be");
	close(fd);
}

static void unload_often(void)
{
	int i, good = 0;

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
	is(good, 20, "ten times unloaded, loaded and used");
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
