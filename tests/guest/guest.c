// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <dirent.h>
#include <stdarg.h>
#include <sys/io.h>
#include <sys/mman.h>
#include "guest.h"

#define FUNCTION(bus, dev) { .pc_bus = (bus), .pc_dev = (dev) }

const struct pcisel testdev = FUNCTION(0, 0x03);
const struct pcisel serial = FUNCTION(0, 0x04);
const struct pcisel edu = FUNCTION(0, 0x05);
const struct pcisel e1000 = FUNCTION(0, 0x06);
const struct pcisel ivshmem = FUNCTION(0, 0x07);
const struct pcisel bridge = FUNCTION(0, 0x08);
const struct pcisel rootport = FUNCTION(0, 0x09);
const struct pcisel rootport1 = FUNCTION(0, 0x0a);
const struct pcisel serial2 = FUNCTION(0, 0x0b);
const struct pcisel edu2 = FUNCTION(0, 0x0c);
const struct pcisel behind = FUNCTION(1, 0x01);
const struct pcisel e1000e = FUNCTION(3, 0x00);
const struct pcisel unplaced = FUNCTION(0, 0x10);
const struct pcisel ahci = { .pc_dev = 0x1f, .pc_func = 2 };
const struct pcisel absent = FUNCTION(0, 0x1e);

bool same_sel(struct pcisel a, struct pcisel b)
{
	return a.pc_domain == b.pc_domain && a.pc_bus == b.pc_bus &&
	       a.pc_dev == b.pc_dev && a.pc_func == b.pc_func;
}

const char *device_name(struct pcisel sel)
{
	static const struct {
		const struct pcisel	*sel;
		const char		*name;
	} names[] = {
		{ &testdev, "pci-testdev" }, { &serial, "serial" }, { &edu, "edu" },
		{ &e1000, "e1000" }, { &ivshmem, "ivshmem" }, { &bridge, "bridge" },
		{ &rootport, "root port" }, { &rootport1, "second root port" },
		{ &serial2, "second serial" }, { &edu2, "second edu" },
		{ &behind, "pci-testdev behind the bridge" }, { &e1000e, "e1000e" },
		{ &unplaced, "unplaced pci-testdev" }, { &ahci, "ahci" },
		{ &absent, "no function" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (same_sel(*names[i].sel, sel))
			return names[i].name;
	return sysfs_name(sel);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

unsigned int all_functions(struct pcisel *list, unsigned int capacity)
{
	struct dirent **names;
	unsigned int found = 0;
	int i, n = scandir("/sys/bus/pci/devices", &names, NULL, by_name);

	for (i = 0; i < n; i++) {
		unsigned int domain, bus, dev, func;

		if (sscanf(names[i]->d_name, "%x:%x:%x.%x", &domain, &bus,
			   &dev, &func) == 4 && found < capacity) {
			list[found].pc_domain = domain;
			list[found].pc_bus = bus;
			list[found].pc_dev = dev;
			list[found].pc_func = func;
			found++;
		}
		free(names[i]);
	}
	if (n >= 0)
		free(names);
	return found;
}

/* ---- sysfs and /proc ---- */
bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	bool good = fd >= 0 && write(fd, text, strlen(text)) >= 0;
	int error = errno;

	if (fd >= 0)
		close(fd);
	errno = error;
	return good;
}

const char *attribute_path(struct pcisel sel, const char *name)
{
	static char path[4][160];
	static unsigned int turn;
	char *at = path[turn++ % ARRAY_SIZE(path)];

	snprintf(at, sizeof(path[0]),
		 "/sys/bus/pci/devices/%04x:%02x:%02x.%x/%s", sel.pc_domain,
		 sel.pc_bus, sel.pc_dev, sel.pc_func, name);
	return at;
}

bool attribute(struct pcisel sel, const char *name, const char *text)
{
	return write_file(attribute_path(sel, name), text);
}

unsigned long attribute_value(struct pcisel sel, const char *name)
{
	FILE *file = fopen(attribute_path(sel, name), "r");
	char line[64] = "";

	if (!file || !fgets(line, sizeof(line), file))
		bail("%s", attribute_path(sel, name));
	fclose(file);
	return strtoul(line, NULL, 0);
}

bool present(struct pcisel sel)
{
	return !access(attribute_path(sel, ""), F_OK);
}

const char *driver_of(struct pcisel sel)
{
	static char link[256];
	ssize_t len = readlink(attribute_path(sel, "driver"), link,
			       sizeof(link) - 1);

	if (len < 0)
		return "";
	link[len] = '\0';
	return strrchr(link, '/') + 1;
}

const char *sysfs_name(struct pcisel sel)
{
	static char name[16];

	snprintf(name, sizeof(name), "%04x:%02x:%02x.%x", sel.pc_domain & 0xffff,
		 sel.pc_bus, sel.pc_dev & 0x1f, sel.pc_func & 7);
	return name;
}

/* Through driver_override, so that a driver takes what it does not know. */
bool bind_driver(struct pcisel sel, const char *driver)
{
	char path[128];
	bool good;

	snprintf(path, sizeof(path), "/sys/bus/pci/drivers/%s/bind", driver);
	attribute(sel, "driver_override", driver);
	good = write_file(path, sysfs_name(sel));
	attribute(sel, "driver_override", "\n");
	return good && !strcmp(driver_of(sel), driver);
}

bool unbind_driver(struct pcisel sel)
{
	return attribute(sel, "driver/unbind", sysfs_name(sel)) &&
	       !*driver_of(sel);
}

void remove_function(struct pcisel sel)
{
	if (!attribute(sel, "remove", "1") || present(sel))
		bail("%s can't be removed", sysfs_name(sel));
}

void rescan(void)
{
	if (!write_file("/sys/bus/pci/rescan", "1"))
		bail("rescan");
}

bool wait_for(bool (*so)(struct pcisel), struct pcisel sel)
{
	int i;

	for (i = 0; i < 6000; i++) {
		if (so(sel))
			return true;
		usleep(50000);
	}
	return false;
}

uint32_t cfg(struct pcisel sel, int reg, int width)
{
	int fd = open(attribute_path(sel, "config"), O_RDONLY);
	uint32_t value = 0;

	if (fd < 0 || pread(fd, &value, width, reg) != width)
		bail("%s at %#x", attribute_path(sel, "config"), reg);
	close(fd);
	return value;
}

void set_cfg(struct pcisel sel, int reg, int width, uint32_t value)
{
	int fd = open(attribute_path(sel, "config"), O_WRONLY);

	if (fd < 0 || pwrite(fd, &value, width, reg) != width)
		bail("%s at %#x", attribute_path(sel, "config"), reg);
	close(fd);
}

struct range bar_range(struct pcisel sel, unsigned int bar)
{
	FILE *file = fopen(attribute_path(sel, "resource"), "r");
	unsigned long long start = 0, end = 0, flags = 0;
	struct range range = { 0 };
	unsigned int i;
	char line[128];

	if (!file)
		bail("%s", attribute_path(sel, "resource"));
	for (i = 0; i <= bar; i++)
		if (!fgets(line, sizeof(line), file) ||
		    sscanf(line, "%llx %llx %llx", &start, &end, &flags) != 3)
			bail("%s", attribute_path(sel, "resource"));
	fclose(file);
	if (flags) {
		range.start = start;
		range.size = end - start + 1;
		range.flags = flags;
	}
	return range;
}

static bool find_claim(const char *path, struct range range, const char *name)
{
	FILE *file = fopen(path, "r");
	unsigned long long start, end;
	bool found = false;
	char line[256];
	char by[64];

	if (!file)
		bail("%s", path);
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, " %llx-%llx : %63[^\n]", &start, &end, by) == 3 &&
		    start == range.start && end == start + range.size - 1 &&
		    !strcmp(by, name))
			found = true;
	fclose(file);
	return found;
}

bool held_by(struct pcisel sel, unsigned int bar, const char *name)
{
	struct range range = bar_range(sel, bar);

	return range.size &&
	       find_claim(range.flags & RANGE_IO ? "/proc/ioports" :
			  "/proc/iomem", range, name);
}

bool claimed(struct pcisel sel, unsigned int bar)
{
	return held_by(sel, bar, "bario");
}

static unsigned int count_lines(const char *path, const char *text)
{
	FILE *file = fopen(path, "r");
	unsigned int found = 0;
	char line[256];

	if (!file)
		bail("%s", path);
	while (fgets(line, sizeof(line), file))
		found += !!strstr(line, text);
	fclose(file);
	return found;
}

unsigned int claims(void)
{
	return count_lines("/proc/iomem", "bario") +
	       count_lines("/proc/ioports", "bario");
}

/* ---- other ways to a BAR ---- */
static uint16_t port(struct pcisel sel, unsigned int bar, unsigned int offset)
{
	struct range range = bar_range(sel, bar);

	if (!(range.flags & RANGE_IO) || iopl(3))
		bail("no ports");
	return range.start + offset;
}

uint32_t port_in(struct pcisel sel, unsigned int bar, unsigned int offset,
		 unsigned int width)
{
	uint16_t at = port(sel, bar, offset);

	switch (width) {
	case 1:
		return inb(at);
	case 2:
		return inw(at);
	default:
		return inl(at);
	}
}

void port_out(struct pcisel sel, unsigned int bar, unsigned int offset,
	      unsigned int width, uint32_t value)
{
	uint16_t at = port(sel, bar, offset);

	switch (width) {
	case 1:
		outb(value, at);
		break;
	case 2:
		outw(value, at);
		break;
	default:
		outl(value, at);
	}
}

static size_t pages(uint64_t size)
{
	return (size + PAGE - 1) & ~(PAGE - 1);
}

void *map_sysfs(struct pcisel sel, unsigned int bar)
{
	struct range range = bar_range(sel, bar);
	char name[16];
	void *at;
	int fd;

	snprintf(name, sizeof(name), "resource%u", bar);
	fd = open(attribute_path(sel, name), O_RDWR);
	if (fd < 0)
		return NULL;
	at = mmap(NULL, pages(range.size), PROT_READ | PROT_WRITE, MAP_SHARED,
		  fd, 0);
	close(fd);
	return at == MAP_FAILED ? NULL : (char *)at + range.start % PAGE;
}

void unmap_sysfs(struct pcisel sel, unsigned int bar, void *at)
{
	munmap((void *)((uintptr_t)at & ~(PAGE - 1)),
	       pages(bar_range(sel, bar).size));
}

uint32_t peek(struct pcisel sel, unsigned int bar, unsigned int offset)
{
	char *at = map_sysfs(sel, bar);
	uint32_t value;

	if (!at)
		bail("BAR%u of %s can't be mapped through sysfs", bar,
		     sysfs_name(sel));
	value = *(volatile uint32_t *)(at + offset);
	unmap_sysfs(sel, bar, at);
	return value;
}

void poke(struct pcisel sel, unsigned int bar, unsigned int offset,
	  uint32_t value)
{
	char *at = map_sysfs(sel, bar);

	if (!at)
		bail("BAR%u of %s can't be mapped through sysfs", bar,
		     sysfs_name(sel));
	*(volatile uint32_t *)(at + offset) = value;
	unmap_sysfs(sel, bar, at);
}

bool monitor(const char *format, ...)
{
	char asked[256], command[300];
	va_list args;

	va_start(args, format);
	vsnprintf(asked, sizeof(asked), format, args);
	va_end(args);
	snprintf(command, sizeof(command), "monitor %s >/dev/null", asked);
	return system(command) == 0;
}

/* ---- pci-testdev ---- */
void count_in_memory(struct pcisel sel)
{
	char *at = map_sysfs(sel, 0);

	if (!at)
		bail("pci-testdev's BAR0 can't be mapped");
	*(volatile uint8_t *)at = 0;
	unmap_sysfs(sel, 0, at);
	if (port_in(sel, 1, TESTDEV_OFFSET, 4) != MEM_TARGET ||
	    port_in(sel, 1, TESTDEV_DATA, 1) != TARGET_DATA ||
	    testdev_count(sel))
		bail("pci-testdev does not count memory writes at 2048");
}

void count_in_ports(struct pcisel sel)
{
	port_out(sel, 1, 0, 1, 0);
	if (port_in(sel, 1, TESTDEV_OFFSET, 4) != PORT_TARGET ||
	    port_in(sel, 1, TESTDEV_DATA, 1) != TARGET_DATA ||
	    testdev_count(sel))
		bail("pci-testdev does not count port writes at 131");
}

uint32_t testdev_count(struct pcisel sel)
{
	return port_in(sel, 1, TESTDEV_COUNT, 4);
}
