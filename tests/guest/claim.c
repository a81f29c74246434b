// SPDX-License-Identifier: GPL-2.0
/*
 * Claims: what the first access to a BAR takes and turns on, how long it lasts,
 * and that the last close gives all of it back. The witnesses are /proc/iomem,
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

	for (i = 0; i < n; i++)
		before[i] = command(all[i]);
	for (i = 0; i < n; i++)
		fd[i] = open_node(all[i], O_RDWR);
	for (i = 0; i < n; i++)
		changed += command(all[i]) != before[i];
	is(changed, 0, "opening every node changes no command register");
	is(claims(), 0, "opening every node claims nothing");
	for (i = 0; i < n; i++)
		close(fd[i]);
	for (i = 0; i < n; i++)
		changed += command(all[i]) != before[i];
	is(changed, 0, "closing them changes none, either");
}

static void refusing(void)
{
	int fd = open_pci(O_RDWR);
	uint32_t value;

	set_command(testdev, 0);
	try_read(fd, testdev, 0, 4096, 1, &value);
	try_read(fd, testdev, 0, 2, 4, &value);
	try_read(fd, testdev, 0, 0, 3, &value);
	try_read(fd, testdev, 1, 0, 8, &value);
	try_read(fd, testdev, 6, 0, 1, &value);
	config_read(fd, testdev, 0, 4, &value);
	is(claims(), 0, "what is refused claims nothing, nor does READ");
	is(command(testdev), 0, "and turns nothing on");
	close(fd);
}

static void one_bar(void)
{
	int fd = open_pci(O_RDWR);

	set_command(testdev, 0);
	get(fd, testdev, 0, 0, 1);
	ok(claimed(testdev, 0), "memory: the BAR is in /proc/iomem as bario");
	ok(!claimed(testdev, 1) && !claimed(testdev, 2), "and no other");
	is(claims(), 1, "nothing else of the system is");
	is(command(testdev) & ~IO, MEMORY, "memory decoding is on");
	get(fd, testdev, 1, 0, 1);
	ok(claimed(testdev, 1), "ports: the BAR is in /proc/ioports as bario");
	is(command(testdev), IO | MEMORY, "port decoding is on");
	get(fd, testdev, 2, 0, 4);
	ok(claimed(testdev, 2), "64-bit memory: that BAR is, too");
	get(fd, ivshmem, 2, 0, 4);
	is(claims(), 4, "one file holds BARs of two functions");
	close(fd);
	is(claims(), 0, "the last close gives all back");
	is(command(testdev), 0, "decoding is off, as it was");
	fd = open_pci(O_RDWR);
	get(fd, testdev, 1, 0, 1);
	is(command(testdev) & ~MEMORY, IO, "ports alone: port decoding is on");
	put(fd, testdev, 0, 0x800, 1, 0);
	ok(claimed(testdev, 0), "a write claims, too");
	close(fd);
	is(command(testdev), 0, "and all is off again");
}

static void sharing(void)
{
	int one = open_pci(O_RDWR), two = open_node(edu, O_RDWR), copy;
	uint32_t was = command(edu);

	set_command(edu, 0);
	is(get(one, edu, 0, 0, 4), 0x010000ed, "one file claims");
	is(get(two, edu, 0, 0, 4), 0x010000ed, "another shares the claim");
	is(claims(), 1, "it is one claim");
	close(one);
	ok(claimed(edu, 0), "it outlives the one that made it");
	is(get(two, edu, 0, 0, 4), 0x010000ed, "the other goes on");
	is(command(edu) & MEMORY, MEMORY, "decoding stays on");
	copy = dup(two);
	close(two);
	ok(claimed(edu, 0), "a duplicate keeps it");
	is(get(copy, edu, 0, 0, 4), 0x010000ed, "and works");
	close(copy);
	ok(!claimed(edu, 0), "the last close gives it back");
	is(command(edu) & ~NO_INTX, 0, "decoding is off, as it was");
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

	set_command(edu2, MASTER);
	pid = fork();
	if (!pid)
		holding(NULL);
	ok(wait_for(edu2_claimed, edu2), "a process holds a BAR");
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	ok(wait_for(edu2_free, edu2), "killed, it holds it no more");
	is(command(edu2), MASTER, "and decoding is as it was");
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
	   "/dev/pci: a claim turns on decoding and nothing else");
	is(good, ARRAY_SIZE(before),
	   "/dev/pci: the last close restores the command register");
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
	   "a node's claim turns bus mastering and the interrupt line off");
	is(good, ARRAY_SIZE(node),
	   "and off they stay, while decoding is as it was");
	set_command(edu, MASTER);
	fd = open_node(edu, O_RDWR);
	if (ok(map_bar(fd, edu, 0, 0, &map), "a node maps"))
		munmap(map.pbm_map_base, map.pbm_map_length);
	is(command(edu), MEMORY | NO_INTX, "both are off then, too");
	close(fd);
	set_command(edu, MEMORY | MASTER);
	pci = open_pci(O_RDWR);
	get(pci, edu, 0, 0, 4);
	is(command(edu), MEMORY | MASTER, "/dev/pci leaves both on");
	fd = open_node(edu, O_RDWR);
	get(fd, edu, 0, 0, 4);
	is(command(edu), MEMORY | NO_INTX,
	   "a node that joins the claim turns them off");
	close(fd);
	is(command(edu), MEMORY | NO_INTX, "its close does not turn them on");
	close(pci);
	is(command(edu), MEMORY | NO_INTX, "nor does the last one");
	set_command(edu, was);
}

/* A bridge's bits are about what lies behind it. */
static void bridges(void)
{
	uint32_t was = command(bridge);
	int fd;

	set_command(bridge, IO | MEMORY | MASTER);
	fd = open_node(bridge, O_RDWR);
	get(fd, bridge, 0, 4, 4);
	ok(claimed(bridge, 0), "a bridge's node claims its BAR");
	is(command(bridge), IO | MEMORY | MASTER, "and turns nothing off");
	close(fd);
	is(command(bridge), IO | MEMORY | MASTER, "nor does the last close");
	set_command(bridge, was);
}

/* Decoding that others have come to rely on outlives the claim. */
static void kept(void)
{
	uint32_t was = command(testdev), its = command(bridge);
	int pci = open_pci(O_RDWR), fd;

	set_command(testdev, 0);
	get(pci, testdev, 0, 0, 1);
	config_write(pci, testdev, COMMAND, 2, IO | MEMORY);
	close(pci);
	is(command(testdev), IO | MEMORY,
	   "decoding that a client has set itself stays on");
	set_command(testdev, 0);
	pci = open_pci(O_RDWR);
	get(pci, testdev, 0, 0, 1);
	config_write(pci, testdev, 0x3c, 1, cfg(testdev, 0x3c, 1));
	close(pci);
	is(command(testdev), 0, "what it writes elsewhere has no such effect");
	pci = open_pci(O_RDWR);
	get(pci, testdev, 0, 0, 1);
	attribute(testdev, "enable", "1");
	close(pci);
	is(command(testdev) & MEMORY, MEMORY,
	   "enabled meanwhile, a function goes on decoding");
	attribute(testdev, "enable", "0");
	set_command(testdev, was);

	if (attribute_value(bridge, "enable"))
		attribute(bridge, "enable", "0");
	set_command(bridge, 0);
	fd = open_node(bridge, O_RDWR);
	get(fd, bridge, 0, 4, 4);
	close(fd);
	is(command(bridge), MEMORY, "a bridge goes on decoding");
	set_command(bridge, its);
}

/* A bridge that does not decode stands between us and the device. */
static void upstream(void)
{
	uint32_t was = command(bridge), its = command(behind);
	int fd;

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
	   "a bridge that does not decode is turned on");
	close(fd);
	is(command(behind), 0, "the function behind it is as it was");
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

	attribute(e1000e, "power/control", "auto");
	if (!wait_for(suspended, e1000e))
		bail("e1000e does not go to sleep");
	fd = open_node(e1000e, O_RDWR);
	ok(suspended(e1000e), "opening a node does not wake the function");
	is(get(fd, e1000e, 0, 8, 4), status, "a function that sleeps answers");
	ok(runtime_status_is(e1000e, "active\n"),
	   "and is awake while it is claimed");
	close(fd);
	ok(wait_for(suspended, e1000e), "after the last close it sleeps again");
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

	if (tty < 0 || !unbind_driver(serial2))
		bail("ttyS7");
	port_out(serial2, 0, 7, 1, 0x17);
	set_port(tty, PORT_16550A, bar_range(serial2, 0).start);
	ok(held_by(serial2, 0, "serial"), "another holds the ports, no driver is bound");
	bario_refused(fd, req, EBUSY, "its ports");
	req.pbi_offset = 8;
	bario_refused(fd, req, EINVAL, "past the end goes before EBUSY");
	is(port_in(serial2, 0, 7, 1), 0x17, "nothing was written");
	is(claims(), 0, "nothing was claimed");
	set_port(tty, PORT_UNKNOWN, 0);
	close(tty);
	put(fd, serial2, 0, 7, 1, 0x42);
	is(port_in(serial2, 0, 7, 1), 0x42, "when it lets go, they can be written");
	close(fd);
	ok(bind_driver(serial2, "serial"), "the driver is bound again");
}

/* The kernel's rule, and the manual says so: a claim ends sysfs's mappings. */
static void beside_sysfs(void)
{
	volatile uint32_t *at = map_sysfs(edu, 0);
	int fd = open_pci(O_RDWR);
	void *late;

	if (!at)
		bail("edu can't be mapped through sysfs");
	is(at[0], 0x010000ed, "sysfs maps a BAR that nobody claims");
	get(fd, edu, 0, 0, 4);
	is(faults(at, false), 1, "a claim revokes that mapping");
	late = map_sysfs(edu, 0);
	ok(!late, "and none can be made while it lasts");
	unmap_sysfs(edu, 0, (void *)at);
	close(fd);
	late = map_sysfs(edu, 0);
	ok(late, "after it, one can");
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
	is(claims(), 0, "at the end nothing is claimed");
	return tap_end();
}
