// SPDX-License-Identifier: GPL-2.0
/*
 * Tests bario(4): CLAIMS. What the first access to a BAR takes and turns on, how long
 * that lasts, and that the last close gives it back. The witnesses are /proc/iomem,
 * /proc/ioports and the command register in sysfs.
 */
#define _GNU_SOURCE
#include <linux/serial.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include "guest.h"

#define IO	COMMAND_IO
#define MEMORY	COMMAND_MEMORY
#define MASTER	COMMAND_MASTER
#define NO_INTX	0x400

static uint32_t command(struct pcisel sel)
{
	return cfg(sel, COMMAND, 2);
}

static void set_command(struct pcisel sel, uint32_t value)
{
	set_cfg(sel, COMMAND, 2, value);
	if (command(sel) != value)
		bail("the command register does not take %#x", value);
}

/* ---- what claims, and what does not ---- */
static void opening(void)
{
	struct pcisel all[64];
	unsigned int i, n = all_functions(all, ARRAY_SIZE(all)), changed = 0;
	uint32_t before[64];
	int fd[64];

	about("open");
	for (i = 0; i < n; i++)
		before[i] = command(all[i]);
	for (i = 0; i < n; i++)
		fd[i] = open_node(all[i], O_RDWR);
	for (i = 0; i < n; i++)
		changed += command(all[i]) != before[i];
	is(changed, 0, "of every node changes no command register");
	is(claims(), 0, "of every node claims nothing");
	for (i = 0; i < n; i++)
		close(fd[i]);
	for (i = 0; i < n; i++)
		changed += command(all[i]) != before[i];
	is(changed, 0, "and close of every node change no command register");
}

static void refusing(void)
{
	int fd = open_pci(O_RDWR);
	uint32_t value;

	about("a refused request");
	set_command(testdev, 0);
	try_read(fd, testdev, 0, 4096, 1, &value);
	try_read(fd, testdev, 0, 2, 4, &value);
	try_read(fd, testdev, 0, 0, 3, &value);
	try_read(fd, testdev, 1, 0, 8, &value);
	try_read(fd, testdev, 6, 0, 1, &value);
	config_read(fd, testdev, 0, 4, &value);
	is(claims(), 0, "claims nothing, and PCIOCREAD claims nothing");
	is(command(testdev), 0, "turns no decoding on");
	close(fd);
}

static void one_bar(void)
{
	int fd = open_pci(O_RDWR);

	about("a claim");
	set_command(testdev, 0);
	get(fd, testdev, 0, 0, 1);
	ok(claimed(testdev, 0), "memory: /proc/iomem has the BAR as bario");
	ok(!claimed(testdev, 1) && !claimed(testdev, 2), "memory: /proc/iomem has no other BAR as bario");
	is(claims(), 1, "nothing else is claimed");
	is(command(testdev) & ~IO, MEMORY, "memory: decoding is on");
	get(fd, testdev, 1, 0, 1);
	ok(claimed(testdev, 1), "ports: /proc/ioports has the BAR as bario");
	is(command(testdev), IO | MEMORY, "ports: decoding is on");
	get(fd, testdev, 2, 0, 4);
	ok(claimed(testdev, 2), "64-bit memory: /proc/iomem has the BAR as bario");
	get(fd, ivshmem, 2, 0, 4);
	is(claims(), 4, "one file holds BARs of two functions");
	close(fd);
	is(claims(), 0, "the last close ends all claims");
	is(command(testdev), 0, "the last close turns decoding off again");
	fd = open_pci(O_RDWR);
	get(fd, testdev, 1, 0, 1);
	is(command(testdev) & ~MEMORY, IO, "ports alone: decoding of ports is on");
	put(fd, testdev, 0, 0x800, 1, 0);
	ok(claimed(testdev, 0), "a write claims the BAR");
	close(fd);
	is(command(testdev), 0, "the close after a write turns decoding off again");
}

static void sharing(void)
{
	int one = open_pci(O_RDWR), two = open_node(edu, O_RDWR), copy;
	uint32_t was = command(edu);

	about("a shared claim");
	set_command(edu, 0);
	is(get(one, edu, 0, 0, 4), 0x010000ed, "the first file claims the BAR");
	is(get(two, edu, 0, 0, 4), 0x010000ed, "the second file reads the BAR");
	is(claims(), 1, "two files have one claim");
	close(one);
	ok(claimed(edu, 0), "the claim stays when the first file is closed");
	is(get(two, edu, 0, 0, 4), 0x010000ed, "the second file reads when the first is closed");
	is(command(edu) & MEMORY, MEMORY, "decoding stays on when the first file is closed");
	copy = dup(two);
	close(two);
	ok(claimed(edu, 0), "a duplicate of the descriptor keeps the claim");
	is(get(copy, edu, 0, 0, 4), 0x010000ed, "a duplicate of the descriptor reads");
	close(copy);
	ok(!claimed(edu, 0), "the last close ends the claim");
	is(command(edu) & ~NO_INTX, 0, "the last close turns decoding off again");
	set_command(edu, was);
}

static void holding(void *unused)
{
	int fd = open_pci(O_RDWR);

	(void)unused;
	get(fd, edu2, 0, 0, 4);
	if (!map_bar(fd, edu2, 0, 0, NULL))
		bail("edu2 can't be mapped");
	pause();
}

static bool edu2_claimed(struct pcisel sel)
{
	return claimed(sel, 0);
}

static bool edu2_free(struct pcisel sel)
{
	return !claimed(sel, 0);
}

static void killing(void)
{
	uint32_t was = command(edu2);
	pid_t pid;

	about("a killed process");
	set_command(edu2, MASTER);
	pid = fork();
	if (!pid)
		holding(NULL);
	ok(wait_for(edu2_claimed, edu2), "the process claims a BAR");
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	ok(wait_for(edu2_free, edu2), "the claim ends with the process");
	is(command(edu2), MASTER, "decoding is off again after the process");
	set_command(edu2, was);
}

/* ---- the command register, exactly ---- */
static void restoring(void)
{
	static const unsigned int before[] = {
		0, IO, MEMORY, IO | MEMORY, MASTER, IO | MASTER,
		MEMORY | MASTER, IO | MEMORY | MASTER, 0x100, 0x507, 0x400,
	};
	unsigned int i, good = 0, through = 0;

	about("a claim");
	for (i = 0; i < ARRAY_SIZE(before); i++) {
		int fd = open_pci(O_RDWR);
		uint32_t during;

		set_command(testdev, before[i]);
		get(fd, testdev, 0, 0, 1);
		get(fd, testdev, 1, 0, 1);
		during = command(testdev);
		close(fd);
		through += during == (before[i] | IO | MEMORY);
		good += command(testdev) == before[i];
		if (command(testdev) != before[i])
			note("%#x became %#x, and %#x after", before[i], during,
			     command(testdev));
	}
	is(through, ARRAY_SIZE(before),
	   "through /dev/pci it turns on only decoding");
	is(good, ARRAY_SIZE(before),
	   "through /dev/pci: the last close restores the command register");
	set_command(testdev, IO | MEMORY);
}

static void no_dma(void)
{
	static const struct {
		unsigned int	before, after;
	} node[] = {
		{ 0, NO_INTX }, { MASTER, NO_INTX }, { MEMORY, MEMORY | NO_INTX },
		{ MEMORY | MASTER, MEMORY | NO_INTX },
		{ IO | MEMORY | MASTER, IO | MEMORY | NO_INTX },
		{ 0x507, 0x503 }, { NO_INTX, NO_INTX },
	};
	unsigned int i, good = 0, during = 0;
	uint32_t was = command(edu), value;
	struct pci_bar_mmap map;
	int fd, pci;

	about("a claim");
	for (i = 0; i < ARRAY_SIZE(node); i++) {
		set_command(edu, node[i].before);
		fd = open_node(edu, O_RDWR);
		config_read(fd, edu, 0, 4, &value);
		if (command(edu) != node[i].before)
			note("a config read changed the command register");
		get(fd, edu, 0, 0, 4);
		during += command(edu) == (node[i].after | MEMORY);
		close(fd);
		good += command(edu) == node[i].after;
		if (command(edu) != node[i].after)
			note("%#x became %#x", node[i].before, command(edu));
	}
	is(during, ARRAY_SIZE(node),
	   "through a node it turns bus mastering and the interrupt line off");
	is(good, ARRAY_SIZE(node),
	   "through a node: the last close restores only decoding");
	set_command(edu, MASTER);
	fd = open_node(edu, O_RDWR);
	if (ok(map_bar(fd, edu, 0, 0, &map), "through a node: a BAR can be mapped"))
		munmap(map.pbm_map_base, map.pbm_map_length);
	is(command(edu), MEMORY | NO_INTX, "through a node: a mapping turns bus mastering and the interrupt line off");
	close(fd);
	set_command(edu, MEMORY | MASTER);
	pci = open_pci(O_RDWR);
	get(pci, edu, 0, 0, 4);
	is(command(edu), MEMORY | MASTER, "through /dev/pci it leaves bus mastering and the interrupt line on");
	fd = open_node(edu, O_RDWR);
	get(fd, edu, 0, 0, 4);
	is(command(edu), MEMORY | NO_INTX,
	   "a node that shares it turns bus mastering and the interrupt line off");
	close(fd);
	is(command(edu), MEMORY | NO_INTX, "the close of that node does not turn them on");
	close(pci);
	is(command(edu), MEMORY | NO_INTX, "the last close does not turn them on");
	set_command(edu, was);
}

/* A bridge's bits are about the devices on its bus. */
static void bridges(void)
{
	uint32_t was = command(bridge);
	int fd;

	about("a claim of a bridge");
	set_command(bridge, IO | MEMORY | MASTER);
	fd = open_node(bridge, O_RDWR);
	get(fd, bridge, 0, 4, 4);
	ok(claimed(bridge, 0), "through its node it claims the BAR");
	is(command(bridge), IO | MEMORY | MASTER, "through its node it turns nothing off");
	close(fd);
	is(command(bridge), IO | MEMORY | MASTER, "the last close turns nothing off");
	set_command(bridge, was);
}

/* Decoding that others have come to rely on outlives the claim. */
static void kept(void)
{
	uint32_t was = command(testdev), its = command(bridge);
	int pci = open_pci(O_RDWR), fd;

	about("decoding");
	set_command(testdev, 0);
	get(pci, testdev, 0, 0, 1);
	config_write(pci, testdev, COMMAND, 2, IO | MEMORY);
	close(pci);
	is(command(testdev), IO | MEMORY,
	   "that a client has set stays on");
	set_command(testdev, 0);
	pci = open_pci(O_RDWR);
	get(pci, testdev, 0, 0, 1);
	config_write(pci, testdev, 0x3c, 1, cfg(testdev, 0x3c, 1));
	close(pci);
	is(command(testdev), 0, "does not stay on because of writes to other registers");
	pci = open_pci(O_RDWR);
	get(pci, testdev, 0, 0, 1);
	attribute(testdev, "enable", "1");
	close(pci);
	is(command(testdev) & MEMORY, MEMORY,
	   "of a function that was enabled meanwhile stays on");
	attribute(testdev, "enable", "0");
	set_command(testdev, was);

	if (attribute_value(bridge, "enable"))
		attribute(bridge, "enable", "0");
	set_command(bridge, 0);
	fd = open_node(bridge, O_RDWR);
	get(fd, bridge, 0, 4, 4);
	close(fd);
	is(command(bridge), MEMORY, "of a bridge stays on");
	set_command(bridge, its);
}

/* A bridge above the device does not decode. */
static void upstream(void)
{
	uint32_t was = command(bridge), its = command(behind);
	int fd;

	about("a bridge above");
	count_in_memory(behind);
	/* It is enabled where the kernel has a driver for its slots. */
	if (attribute_value(bridge, "enable"))
		attribute(bridge, "enable", "0");
	if (attribute_value(bridge, "enable"))
		bail("the bridge can't be disabled");
	set_command(bridge, 0);
	set_command(behind, 0);
	fd = open_pci(O_RDWR);
	is(get(fd, behind, 0, TESTDEV_OFFSET, 4), MEM_TARGET,
	   "that does not decode is turned on");
	close(fd);
	is(command(behind), 0, "leaves the function behind it as it was");
	set_command(behind, its);
	set_command(bridge, was);
}

static bool runtime_status_is(struct pcisel sel, const char *want)
{
	FILE *file = fopen(attribute_path(sel, "power/runtime_status"), "r");
	char state[32] = "";

	if (!file || !fgets(state, sizeof(state), file))
		bail("no runtime_status");
	fclose(file);
	return !strcmp(state, want);
}

static bool suspended(struct pcisel sel)
{
	return runtime_status_is(sel, "suspended\n");
}

/* A file that wakes it up, while runtime power management is on or off. */
static void low_power(const char *control)
{
	unsigned int pm = 0xcc;
	uint32_t was = cfg(e1000e, pm, 2) & ~3u, its = command(e1000e);
	uint32_t status = peek(e1000e, 0, 8);
	int fd;

	set_cfg(e1000e, pm, 2, was | 3);
	is(cfg(e1000e, pm, 2) & 3, 3, "%s: in D3hot", control);
	fd = open_node(e1000e, O_RDWR);
	is(cfg(e1000e, pm, 2) & 3, 3, "%s: opening a node leaves it there",
	   control);
	is(get(fd, e1000e, 0, 8, 4), status, "%s: a claim wakes it", control);
	is(cfg(e1000e, pm, 2) & 3, 0, "%s: it is in D0", control);
	get(fd, e1000e, 2, 0, 4);
	close(fd);
	is(cfg(e1000e, pm, 2) & 3, 3, "%s: after the last claim in D3hot again",
	   control);
	is(command(e1000e) & (IO | MEMORY), its & (IO | MEMORY),
	   "%s: and decodes as before", control);
	set_cfg(e1000e, pm, 2, was);
}

static void power(void)
{
	uint32_t status = peek(e1000e, 0, 8);
	int fd;

	about("a claim");
	attribute(e1000e, "power/control", "auto");
	if (!wait_for(suspended, e1000e))
		bail("e1000e does not go to sleep");
	fd = open_node(e1000e, O_RDWR);
	ok(suspended(e1000e), "is not made by open: the function stays asleep");
	is(get(fd, e1000e, 0, 8, 4), status, "wakes a sleeping function");
	ok(runtime_status_is(e1000e, "active\n"),
	   "keeps the function awake");
	close(fd);
	ok(wait_for(suspended, e1000e), "lets the function sleep after the last close");
	low_power("auto");
	attribute(e1000e, "power/control", "on");
	low_power("on");
}

/* ---- somebody else holds the addresses ---- */
static void set_port(int tty, int type, unsigned int port)
{
	struct serial_struct how;

	if (ioctl(tty, TIOCGSERIAL, &how))
		bail("TIOCGSERIAL");
	how.type = type;
	how.port = port;
	how.port_high = 0;
	how.irq = 0;
	how.baud_base = 115200;
	how.flags &= ~ASYNC_BOOT_AUTOCONF;
	if (ioctl(tty, TIOCSSERIAL, &how))
		bail("TIOCSSERIAL");
}

static void somebody_else(void)
{
	struct pci_bar_ioreq req = request(serial2, PCIBARIO_WRITE, 0, 7, 1, 0x42);
	int fd = open_pci(O_RDWR), tty = open("/dev/ttyS7", O_RDWR | O_NONBLOCK);

	about("another part of the kernel");
	if (tty < 0 || !unbind_driver(serial2))
		bail("ttyS7");
	port_out(serial2, 0, 7, 1, 0x17);
	set_port(tty, PORT_16550A, bar_range(serial2, 0).start);
	ok(held_by(serial2, 0, "serial"), "holds the ports without a driver");
	bario_refused(fd, req, EBUSY, "ports that another part of the kernel holds");
	req.pbi_offset = 8;
	bario_refused(fd, req, EINVAL, "past the end goes before EBUSY");
	is(port_in(serial2, 0, 7, 1), 0x17, "a refused write does not reach the device");
	is(claims(), 0, "a refused write claims nothing");
	set_port(tty, PORT_UNKNOWN, 0);
	close(tty);
	put(fd, serial2, 0, 7, 1, 0x42);
	is(port_in(serial2, 0, 7, 1), 0x42, "lets go, and the ports can be written");
	close(fd);
	ok(bind_driver(serial2, "serial"), "afterwards the driver is bound again");
}

/* The kernel's rule, and the manual says so: a claim ends sysfs's mappings. */
static void beside_sysfs(void)
{
	volatile uint32_t *at = map_sysfs(edu, 0);
	int fd = open_pci(O_RDWR);
	void *late;

	about("sysfs");
	if (!at)
		bail("edu can't be mapped through sysfs");
	is(at[0], 0x010000ed, "maps a BAR that is not claimed");
	get(fd, edu, 0, 0, 4);
	is(faults(at, false), 1, "loses its mapping to a claim");
	late = map_sysfs(edu, 0);
	ok(!late, "maps nothing while the claim lasts");
	unmap_sysfs(edu, 0, (void *)at);
	close(fd);
	late = map_sysfs(edu, 0);
	ok(late, "maps the BAR after the claim");
	if (late)
		unmap_sysfs(edu, 0, late);
}

int main(void)
{
	uint32_t was;

	tap_begin();
	was = command(testdev);
	opening();
	refusing();
	one_bar();
	sharing();
	killing();
	restoring();
	no_dma();
	bridges();
	kept();
	upstream();
	power();
	somebody_else();
	beside_sysfs();
	set_command(testdev, was);
	is(claims(), 0, "nothing is claimed in the end");
	return tap_end();
}
