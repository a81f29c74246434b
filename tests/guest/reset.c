// SPDX-License-Identifier: GPL-2.0
/*
 * Tests bario(4): Drivers. What a file without the command register has left in a function
 * is gone before a driver gets it. The kernel's log tells of each reset.
 */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/io.h>
#include <sys/wait.h>
#include "hot.h"
#include "derive.h"

#define MSI_ADDRESS	(e1000e_msi + 4)
#define PCI_CAP_ID_MSI	0x05

static unsigned int e1000e_msi;

/* How often the log has this line, of one function. */
static unsigned int log_has(struct pcisel sel, const char *text)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK);
	unsigned int found = 0;
	char line[1024], head[64];
	ssize_t n;

	snprintf(head, sizeof(head), "%s: ", sysfs_name(sel));
	for (;;) {
		n = read(fd, line, sizeof(line) - 1);
		if (n < 0 && errno == EPIPE)
			continue;
		if (n <= 0)
			break;
		line[n] = '\0';
		found += strstr(line, "bario: ") && strstr(line, head) &&
			 strstr(line, text);
	}
	close(fd);
	return found;
}

/* A driver comes and goes; how often did that reset the function? */
static unsigned int resets(struct pcisel sel)
{
	unsigned int before = log_has(sel, "reset, since");

	if (!bind_driver(sel, "pci-stub") || !unbind_driver(sel))
		bail("pci-stub");
	return log_has(sel, "reset, since") - before;
}

static void before_a_driver(void)
{
	int fd = open_node(e1000e, O_RDWR);
	struct pci_bar_mmap map;
	volatile uint32_t *bar;

	get(fd, e1000e, 0, 0, 4);
	is(resets(e1000e), 0, "a function that was only read is not reset before a driver");
	put(fd, e1000e, 0, 0x3800, 4, 0x1000);
	is(resets(e1000e), 1, "a function that was written to is reset before a driver");
	is(resets(e1000e), 0, "a function that was written to is reset once");

	bar = map_bar(fd, e1000e, 0, 0, &map);
	if (!bar)
		bail("no mapping to read");
	ok(bar[0] != 1, "what was mapped to be read");
	is(resets(e1000e), 0, "a function that was mapped for reading is not reset");
	munmap((void *)bar, map.pbm_map_length);

	bar = map_bar(fd, e1000e, 0, PCIIO_BAR_MMAP_RW, &map);
	if (!bar)
		bail("no mapping to write");
	bar[0x3800 / 4] = 0x1000;
	is(resets(e1000e), 1, "a function that was written through a mapping is reset");
	is(faults(bar, true), 1, "the mapping ends with the claim");
	get(fd, e1000e, 0, 0, 4);
	bar[0x3800 / 4] = 0x1000;
	is(resets(e1000e), 1, "a function that is written through the mapping of a new claim is reset");
	munmap((void *)bar, map.pbm_map_length);
	close(fd);
}

static void after_configuration(void)
{
	int pci = open_pci(O_RDWR), fd;
	uint32_t address = cfg(e1000e, MSI_ADDRESS, 4);

	config_write(pci, e1000e, MSI_ADDRESS, 4, address);
	is(resets(e1000e), 0, "a function that /dev/pci wrote to is not reset");
	fd = derive_one(pci, e1000e, BARIOC_SPACE_CONFIG,
			BARIOC_RIGHT_WRITE, MSI_ADDRESS, 4);
	is(config_write(fd, e1000e, COMMAND, 2, 7), EACCES,
	   "a file that may write the address of interrupts alone");
	is(resets(e1000e), 0, "a refused write of the MSI address does not cause a reset");
	is(config_write(fd, e1000e, MSI_ADDRESS, 4, address), 0,
	   "a granted write of the MSI address succeeds");
	is(resets(e1000e), 1, "a granted write of the MSI address is a reason for a reset");
	close(fd);
	close(pci);
}

static void bridges(void)
{
	int fd = open_node(bridge, O_RDWR);

	put(fd, bridge, 0, 0, 1, 0);
	close(fd);
	is(resets(bridge), 0, "a bridge is not reset");
	is(log_has(bridge, "can't be reset"), 1, "the kernel log says that it cannot be reset");
}

/* ---- over removal ---- */
#define TDBAL		0x3800

static void leave_address(struct pcisel sel)
{
	int fd = open_node(sel, O_RDWR);

	put(fd, sel, 0, TDBAL, 4, 0x1000);
	close(fd);
}

static uint32_t address_left(struct pcisel sel)
{
	int fd = open_node(sel, O_RDWR);
	uint32_t value = get(fd, sel, 0, TDBAL, 4);

	close(fd);
	return value;
}

/* While the kernel does not know the port above: its secondary bus. */
static void renumber(unsigned int bus)
{
	if (iopl(3))
		bail("iopl");
	outl(0x80000018u | rootport1.pc_dev << 11, 0xcf8);
	outl(bus << 16 | bus << 8, 0xcfc);
}

static void removed(void)
{
	struct pcisel there = e1000e;
	int fd = open_node(e1000e, O_RDWR);

	put(fd, e1000e, 0, TDBAL, 4, 0x1000);
	remove_function(e1000e);
	rescan();
	is(address_left(e1000e), 0x1000,
	   "a register holds what was written after a removal and a rescan");
	is(resets(e1000e), 1, "a function that was removed and rescanned is reset before a driver");
	is(resets(e1000e), 0, "a function that was written to is reset once");
	close(fd);
	remove_function(e1000e);
	rescan();
	is(resets(e1000e), 0, "a removal without a write does not cause a reset");

	leave_address(e1000e);
	remove_function(e1000e);
	rescan();
	remove_function(e1000e);
	rescan();
	is(resets(e1000e), 1, "a function that was removed twice is reset");

	leave_address(e1000e);
	remove_function(rootport1);
	there.pc_bus = 0x20;
	renumber(there.pc_bus);
	rescan();
	if (!ok(present(there), "a function that was removed with its port is on another bus"))
		bail("can't go on");
	is(resets(there), 1, "a function on another bus is reset");
	leave_address(there);
	remove_function(rootport1);
	renumber(e1000e.pc_bus);
	rescan();
	if (!present(e1000e))
		bail("e1000e is not where it was");
	is(resets(e1000e), 1, "a function that is back on its bus is reset");
}

/* What is plugged in is not what was pulled out, or has been off. */
static void replaced(void)
{
	unsigned int before;

	hot_begin();
	before = log_has(hot, "has written to it");
	if (!plug("edu"))
		bail("edu can't be plugged in");
	leave_address(hot);
	if (!unplug() || !plug("edu"))
		bail("edu can't be plugged in again");
	resets(hot);
	is(log_has(hot, "has written to it") - before, 0,
	   "a function that was plugged in is not reset");
	unplug();
}

static void load(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (syscall(SYS_finit_module, fd, "", 0))
		bail("%s does not load", path);
	close(fd);
}

static void act(const char *what)
{
	if (!write_file("/sys/module/bario_test/parameters/act", what))
		bail("bario-test: %s", what);
}

/* It waits for something in the kernel, or has ended. */
static bool blocked(pid_t pid)
{
	char path[32], text[256] = "";
	const char *state;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0)
		bail("%s", path);
	close(fd);
	state = strrchr(text, ')');
	return state && strchr("DZ", state[2]);
}

/* Somebody has the port above, for a moment, when a driver is bound. */
static void port_is_busy(void)
{
	int node = open_node(e1000e, O_RDWR);
	unsigned int before = log_has(e1000e, "reset, since");
	pid_t pid;

	load("/lib/modules/bario-test.ko");

	if (!unbind_driver(rootport1) || !bind_driver(rootport1, "bario-test"))
		bail("bario-test");
	put(node, e1000e, 0, TDBAL, 4, 0x1000);
	act("lock");
	fflush(stdout);
	pid = fork();
	if (!pid)
		_exit(!bind_driver(e1000e, "pci-stub"));
	while (!blocked(pid))
		usleep(1000);
	act("unlock");
	waitpid(pid, NULL, 0);
	unbind_driver(e1000e);
	is(log_has(e1000e, "reset, since") - before, 1,
	   "a reset waits for a port that is locked");
	unbind_driver(rootport1);
	if (syscall(SYS_delete_module, "bario_test", O_NONBLOCK) ||
	    !bind_driver(rootport1, "pcieport"))
		bail("the port");
	close(node);
}

static void unloading_removed(void)
{
	unsigned int before = log_has(e1000e, "before it was removed");

	leave_address(e1000e);
	remove_function(e1000e);
	ok(!syscall(SYS_delete_module, "bario", O_NONBLOCK),
	   "the module can be unloaded while a function is away");
	is(log_has(e1000e, "before it was removed") - before, 1,
	   "the kernel log says that a function that is away will not be reset");
	load("/lib/modules/bario.ko");
	rescan();
}

static void unloading(void)
{
	unsigned int before = log_has(e1000e, "reset, since");
	int fd = open_node(e1000e, O_RDWR);

	put(fd, e1000e, 0, 0x3800, 4, 0x1000);
	close(fd);
	ok(!syscall(SYS_delete_module, "bario", O_NONBLOCK),
	   "the module can be unloaded");
	is(log_has(e1000e, "reset, since") - before, 1,
	   "a function that was written to is reset before the module goes");
	load("/lib/modules/bario.ko");
	is(resets(e1000e), 0, "a function is not reset a second time");
}

int main(void)
{
	tap_begin();
	if (system("modprobe pci-stub"))
		bail("pci-stub");
	for (e1000e_msi = cfg(e1000e, 0x34, 1);
	     e1000e_msi && cfg(e1000e, e1000e_msi, 1) != PCI_CAP_ID_MSI;
	     e1000e_msi = cfg(e1000e, e1000e_msi + 1, 1))
		;
	if (!e1000e_msi)
		bail("no MSI capability");
	before_a_driver();
	after_configuration();
	bridges();
	removed();
	replaced();
	port_is_busy();
	unloading();
	unloading_removed();
	return tap_end();
}
