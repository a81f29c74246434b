// SPDX-License-Identifier: GPL-2.0
/*
 * The cases of libbario, which are the same for every back end: libbario WAY. What a
 * back end has not, it must say, and the case is left out with the reason.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "libbario.h"

/* The machine's devices, as far as the cases need them, for the simulator. */
static const struct {
	const char *address;
	const char *text;
} simulated[] = {
	{ TESTDEV, "bar 1 port 256\n" },
	{ SERIAL, "driver serial\nbar 0 port 8\n" },
	{ EDU, "id 1234:11e8\nclass 00ff00\nrevision 0x10\nbar 0 mem 1M\n"
	       "reg 0 0 4 ro 0x010000ed\nreg 0 0x20 4 ro 0\n" },
	{ SHMEM, "id 1af4:1110\nsubsystem 1af4:1100\nclass 050000\nrevision 1\n"
		 "bar 0 mem 256\nbar 2 mem64 1M\nram 2 0 1M\n" },
	{ UART, "bar 0 port 8\nreg 0 7 1 rw 0\n" },
	{ SECOND, "off mem\nbar 0 mem 1M\nreg 0 0 4 ro 0x010000ed\n" },
	{ UNPLACED, "bar 2 mem64 0 none\n" },
	{ LARGE, "bar 2 mem64 8G\nram 2 1G 4K\nram 2 5G 4K\n"
		 "ram 2 0xfffff000 4K\nram 2 0x1fffff000 4K\n" },
	{ "0000:02:00.0", "bar 0 mem 1M\nreg 0 0 4 ro 0x010000ed\n" },
};

#define SAME	(BARIO_CAN_MAP | BARIO_CAN_WIDE)
#define OWN	(BARIO_CAN_CLAIM | BARIO_CAN_WAKE | BARIO_CAN_DECODE |	\
		 BARIO_CAN_DERIVE | BARIO_CAN_ATOMIC)

/* What each back end can do, as the manual has it. */
static const struct way {
	const char	*name;
	const char	*prefix;
	const char	*backend;
	unsigned int	can;
} ways[] = {
	{ "node", "pci:", "pci", SAME | OWN },
	{ "module", "/dev/pci@", "pci", SAME | OWN },
	{ "sysfs", "sysfs:", "sysfs", SAME },
	{ "freebsd", "pci:", "pci", BARIO_CAN_MAP | BARIO_CAN_DECODE },
	{ "sim", "sim:/tmp/", "sim", BARIO_CAN_ATOMIC | BARIO_CAN_WIDE |
	  BARIO_CAN_DERIVE },
};

static const struct way *way;
bool sim, freebsd;

struct bario *need(const char *device, unsigned int flags)
{
	struct bario *dev;
	char name[80];

	snprintf(name, sizeof(name), "%s%s", way->prefix, device);
	if (bario_open(name, flags, &dev))
		bail("%s: %s", name, bario_last_error()->message);
	return dev;
}

void fails(int error, int code, uint32_t cause, const char *name)
{
	if (!ok(error == -code && bario_last_error()->code == code &&
		bario_last_error()->cause == cause, "%s", name))
		note("%d, %s: %s", error, bario_cause_name(bario_last_error()->cause),
		     bario_last_error()->message);
}

void works(int error, const char *name)
{
	if (!is(error, 0, "%s", name))
		note("%s", bario_last_error()->message);
}

uint64_t get(struct bario *dev, unsigned int bar, uint64_t offset,
	     unsigned int width)
{
	uint64_t value = 0xdeadbeefdeadbeef;

	if (bario_read(dev, bar, offset, width, &value))
		note("%s", bario_last_error()->message);
	return value;
}

static void abilities(void)
{
	struct bario *dev = need(EDU, 0);

	is(bario_can(dev), way->can, "what can be done");
	is_str(bario_name(dev), EDU, "the name");
	is_str(bario_backend(dev), way->backend, "the back end");
	bario_close(dev);
}

/* ---- facts; the witness is sysfs, read here ---- */

static FILE *open_file(const char *device, const char *file)
{
	char path[120];
	FILE *in;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/%s", device, file);
	in = fopen(path, "r");
	if (!in)
		bail("%s", path);
	return in;
}

static unsigned long shown(const char *device, const char *file)
{
	FILE *in = open_file(device, file);
	unsigned long number;

	if (fscanf(in, "%lx", &number) != 1)
		bail("%s", file);
	fclose(in);
	return number;
}

static void bars_are_shown(const char *device, const struct bario_info *info)
{
	FILE *in = open_file(device, "resource");
	const struct bario_bar_info *bar;
	unsigned long start, end, flags;
	unsigned int i;

	for (i = 0; i < BARIO_BARS_MAX; i++) {
		bar = &info->bars[i];
		if (fscanf(in, "%lx %lx %lx", &start, &end, &flags) != 3)
			bail("resource");
		is(bar->kind, flags & 0x100 ? BARIO_KIND_PORT :
		   flags & 0x200 ? BARIO_KIND_MEM : BARIO_KIND_NONE,
		   "BAR %u: kind", i);
		is(bar->size, start ? end - start + 1 : 0, "BAR %u: size", i);
		is(bar->address, start, "BAR %u: address", i);
		is(bar->wide << 1 | bar->prefetch,
		   !!(flags & 0x100000) << 1 | !!(flags & 0x2000),
		   "BAR %u: its bits, and whether it is prefetchable", i);
		is(bar->assigned << 1 | bar->decoded, start ? 3 : 0,
		   "BAR %u: assigned and decoded", i);
	}
	fclose(in);
}

static void facts(void)
{
	struct bario *dev = need(SHMEM, BARIO_OPEN_INFO);
	struct bario_info info;
	uint64_t value = 42;

	works(bario_get_info(dev, &info, sizeof(info)), "facts");
	is(info.vendor << 16 | info.device, 0x1af41110, "vendor and device");
	is(info.subvendor << 16 | info.subdevice, 0x1af41100, "the subsystem");
	is(info.base_class << 16 | info.subclass << 8 | info.progif, 0x050000,
	   "the class");
	is(info.header, 0, "the header type");
	is(info.bars[2].kind, BARIO_KIND_MEM, "BAR 2 is memory");
	is(info.bars[2].size, 1 << 20, "of 1 MB");
	ok(info.bars[2].wide && info.bars[2].assigned && info.bars[2].decoded,
	   "of 64 bits, assigned and decoded");
	is(info.bars[3].kind, BARIO_KIND_NONE, "and BAR 3 its upper half");
	is_str(info.driver, "", "no driver");
	if (!sim) {
		is(info.revision, shown(SHMEM, "revision"), "the revision");
		bars_are_shown(SHMEM, &info);
	}
	fails(bario_read(dev, 2, 0, 4, &value), EPERM, BARIO_CAUSE_PERMISSION,
	      "facts alone");
	bario_close(dev);
	dev = need(SERIAL, BARIO_OPEN_INFO);
	works(bario_get_info(dev, &info, sizeof(info)), "facts");
	is_str(info.driver, "serial", "a driver");
	bario_close(dev);
}

static int count_one(const struct bario_info *info, void *arg)
{
	(void)info;
	++*(int *)arg;
	return 0;
}

static void list(void)
{
	int listed = 0, there = 0;
	struct dirent *entry;
	DIR *dir;

	if (sim) {
		fails(bario_list("sim", 0, count_one, &listed, sizeof(struct bario_info)), ENODEV,
		      BARIO_CAUSE_BACKEND, "no list");
		skip("a simulated device is in no list", "all are listed");
		return;
	}
	works(bario_list(way->backend, 0, count_one, &listed, sizeof(struct bario_info)), "all are listed");
	dir = opendir("/sys/bus/pci/devices");
	while (dir && (entry = readdir(dir)))
		there += entry->d_name[0] != '.';
	is(listed, there, "as many as in sysfs");
}

/* @needs: BARIO_CAN_*; where that is not had, @lacks sees how it is refused. */
static const struct {
	const char	*name;
	void		(*run)(void);
	unsigned int	needs;
	void		(*lacks)(void);
} cases[] = {
	{ "abilities", abilities, 0, NULL },
	{ "facts", facts, 0, NULL },
	{ "list", list, 0, NULL },
	{ "widths", widths, 0, NULL },
	{ "8 bytes", wide, BARIO_CAN_WIDE, not_wide },
	{ "offsets of 64 bits", far, BARIO_CAN_WIDE, not_far },
	{ "refusals", refusals, 0, NULL },
	{ "a driver", driver, 0, NULL },
	{ "a driver that comes", coming_driver, 0, NULL },
	{ "configuration space", config, 0, NULL },
	{ "decoding", decoding, 0, NULL },
	{ "programs", programs, 0, NULL },
	{ "atomic programs", atomic, BARIO_CAN_ATOMIC, not_atomic },
	{ "mappings", mapping, BARIO_CAN_MAP, no_mapping },
	{ "grants", grants, BARIO_CAN_DERIVE, no_grants },
	{ "unplugging", unplug, 0, NULL },
};

static void describe_simulated(void)
{
	char path[80];
	size_t i;
	FILE *out;

	for (i = 0; i < COUNT(simulated); i++) {
		snprintf(path, sizeof(path), "/tmp/%s", simulated[i].address);
		out = fopen(path, "w");
		if (!out || fprintf(out, "address %s\n%s", simulated[i].address,
				    simulated[i].text) < 0 || fclose(out))
			bail("%s", path);
	}
}

int main(int argc, char **argv)
{
	size_t i;

	for (i = 0; i < COUNT(ways) && argc == 2; i++)
		if (!strcmp(ways[i].name, argv[1]))
			way = &ways[i];
	if (!way)
		bail("usage: libbario node|module|sysfs|freebsd|sim");
	sim = !strcmp(way->name, "sim");
	freebsd = !strcmp(way->name, "freebsd");
	setvbuf(stdout, NULL, _IONBF, 0);
	tap_begin();
	system("mkdir -p /tmp; cd /sys/bus/pci/devices; for dev in 03 05 07 0b 0c 11; do"
	       " [ ! -e 0000:00:$dev.0/driver/unbind ] || echo 0000:00:$dev.0 >0000:00:$dev.0/driver/unbind;"
	       " echo 1 >0000:00:$dev.0/enable; done");
	if (sim)
		describe_simulated();
	for (i = 0; i < COUNT(cases); i++) {
		note("%s: %s", way->name, cases[i].name);
		if ((way->can & cases[i].needs) == cases[i].needs) {
			cases[i].run();
		} else {
			cases[i].lacks();
			skip(bario_last_error()->message, "%s: %s", way->name,
			     cases[i].name);
		}
	}
	return tap_end();
}
