// SPDX-License-Identifier: GPL-2.0
/*
 * What a file that may not turn bus mastering on has left in a function is
 * gone before a driver gets it: the kernel's log tells of each reset.
 */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <sys/syscall.h>
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

	snprintf(head, sizeof(head), "%s: bario: ", sysfs_name(sel));
	for (;;) {
		n = read(fd, line, sizeof(line) - 1);
		if (n < 0 && errno == EPIPE)
			continue;
		if (n <= 0)
			break;
		line[n] = '\0';
		found += strstr(line, head) && strstr(line, text);
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
	is(resets(e1000e), 0, "what was only read is not reset for a driver");
	put(fd, e1000e, 0, 0x3800, 4, 0x1000);
	is(resets(e1000e), 1, "what was written to is");
	is(resets(e1000e), 0, "once");

	bar = map_bar(fd, e1000e, 0, 0, &map);
	if (!bar)
		bail("no mapping to read");
	ok(bar[0] != 1, "what was mapped to be read");
	is(resets(e1000e), 0, "is not reset");
	munmap((void *)bar, map.pbm_map_length);

	bar = map_bar(fd, e1000e, 0, PCIIO_BAR_MMAP_RW, &map);
	if (!bar)
		bail("no mapping to write");
	bar[0x3800 / 4] = 0x1000;
	is(resets(e1000e), 1, "what was written through a mapping is reset");
	is(faults(bar, true), 1, "with the claim the mapping has gone");
	get(fd, e1000e, 0, 0, 4);
	bar[0x3800 / 4] = 0x1000;
	is(resets(e1000e), 1, "the same mapping, after a new claim: reset again");
	munmap((void *)bar, map.pbm_map_length);
	close(fd);
}

static void after_configuration(void)
{
	int pci = open_pci(O_RDWR), fd;
	uint32_t address = cfg(e1000e, MSI_ADDRESS, 4);

	config_write(pci, e1000e, MSI_ADDRESS, 4, address);
	is(resets(e1000e), 0, "/dev/pci may do anything, and so resets nothing");
	fd = derive_one(pci, e1000e, BARIOC_SPACE_CONFIG,
			BARIOC_RIGHT_WRITE, MSI_ADDRESS, 4);
	is(config_write(fd, e1000e, COMMAND, 2, 7), EACCES,
	   "a file that may write the address of interrupts alone");
	is(resets(e1000e), 0, "refused, it is no reason for a reset");
	is(config_write(fd, e1000e, MSI_ADDRESS, 4, address), 0,
	   "it writes it");
	is(resets(e1000e), 1, "and the function is reset");
	close(fd);
	close(pci);
}

static void bridges(void)
{
	int fd = open_node(bridge, O_RDWR);

	put(fd, bridge, 0, 0, 1, 0);
	close(fd);
	is(resets(bridge), 0, "a bridge is not reset, for what is behind it");
	is(log_has(bridge, "can't be reset"), 1, "and the log says so");
}

static void unloading(void)
{
	unsigned int before = log_has(e1000e, "reset, since");
	int fd = open_node(e1000e, O_RDWR);

	put(fd, e1000e, 0, 0x3800, 4, 0x1000);
	close(fd);
	ok(!syscall(SYS_delete_module, "bario", O_NONBLOCK),
	   "the module is unloaded");
	is(log_has(e1000e, "reset, since") - before, 1,
	   "what was written to is reset before");
	fd = open("/lib/modules/bario.ko", O_RDONLY);
	if (syscall(SYS_finit_module, fd, "", 0))
		bail("the module does not load");
	close(fd);
	is(resets(e1000e), 0, "and not again");
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
	unloading();
	return tap_end();
}
