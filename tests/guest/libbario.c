// SPDX-License-Identifier: GPL-2.0
/*
 * libbario on QEMU's devices: libbario PREFIX, which is "sysfs:", "pci:" or, for
 * the library as FreeBSD would have it, "plain".
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <stdlib.h>
#include <unistd.h>
#include "../../include/bario.h"
#include "tap.h"

#define EDU	"0000:00:05.0"
#define SHMEM	"0000:00:07.0"	/* BAR 2 is 1 MB of plain memory */
#define TESTDEV	"0000:00:03.0"	/* BAR 1 is in ports */
#define SERIAL	"0000:00:04.0"	/* a driver is bound */

static const char *prefix;
static bool plain, module;

static struct bario *need(const char *device, unsigned int flags)
{
	struct bario *dev;
	char name[80];

	snprintf(name, sizeof(name), "%s%s", prefix, device);
	if (bario_open(name, flags, &dev))
		bail("%s", bario_error()->message);
	return dev;
}

/* The call failed with that errno, for that cause. */
static void fails(int error, int code, enum bario_cause cause, const char *name)
{
	if (!ok(error == -code && bario_error()->code == code &&
		bario_error()->cause == cause, "%s", name))
		note("%d, %s: %s", error, bario_cause_name(bario_error()->cause),
		     bario_error()->message);
}

static void abilities(void)
{
	struct bario *dev = need(EDU, 0);
	const unsigned int own = BARIO_CAN_CLAIM | BARIO_CAN_WAKE |
		BARIO_CAN_DECODE | BARIO_CAN_DERIVE | BARIO_CAN_ATOMIC;

	is(bario_can(dev), module ? own | BARIO_CAN_MAP | BARIO_CAN_WIDE :
	   plain ? BARIO_CAN_MAP : BARIO_CAN_MAP | BARIO_CAN_WIDE,
	   "what can be done");
	is_str(bario_name(dev), EDU, "the name");
	is_str(bario_backend(dev), strncmp(prefix, "sysfs", 5) ? "pci" : "sysfs",
	       "the back end");
	bario_close(dev);
}

/* The same of both, whichever way. */
static void facts(void)
{
	struct bario_info info, other;
	struct bario *dev = need(SHMEM, BARIO_OPEN_FACTS), *sysfs;
	uint64_t value;
	unsigned int i;

	if (bario_open("sysfs:" SHMEM, BARIO_OPEN_FACTS, &sysfs) ||
	    bario_info(dev, &info) || bario_info(sysfs, &other))
		bail("%s", bario_error()->message);
	is(info.vendor << 16 | info.device, 0x1af41110, "vendor and device");
	is(info.vendor << 16 | info.device,
	   (uint64_t)other.vendor << 16 | other.device, "as in sysfs");
	is(info.subvendor << 16 | info.subdevice,
	   (uint64_t)other.subvendor << 16 | other.subdevice, "the subsystem");
	is(info.base_class << 16 | info.subclass << 8 | info.progif,
	   other.base_class << 16 | other.subclass << 8 | other.progif,
	   "the class");
	is(info.revision, other.revision, "the revision");
	is(info.header, other.header, "the header type");
	for (i = 0; i < BARIO_BARS_MAX; i++) {
		is(info.bars[i].kind, other.bars[i].kind, "BAR %u: kind", i);
		is(info.bars[i].size, other.bars[i].size, "BAR %u: size", i);
		is(info.bars[i].address, other.bars[i].address,
		   "BAR %u: address", i);
		is(info.bars[i].wide << 1 | info.bars[i].prefetch,
		   other.bars[i].wide << 1 | other.bars[i].prefetch,
		   "BAR %u: width, and whether it is prefetchable", i);
		is(info.bars[i].assigned << 1 | info.bars[i].decoded,
		   other.bars[i].assigned << 1 | other.bars[i].decoded,
		   "BAR %u: assigned and decoded", i);
	}
	fails(bario_read(dev, 2, 0, 4, &value), EPERM, BARIO_CAUSE_PERMISSION,
	      "facts alone");
	bario_close(dev);
	bario_close(sysfs);
}

static void mapping(void)
{
	struct bario *dev = need(SHMEM, 0), *ports = need(TESTDEV, 0);
	volatile uint32_t *words;
	volatile void *base, *read_only;
	uint64_t length, value;

	if (!is_errno(bario_map(dev, 2, BARIO_MAP_WRITE, &base, &length), 0,
		      "a BAR is mapped"))
		note("%s", bario_error()->message);
	is(length, 1 << 20, "all of it");
	words = base;
	words[0x40] = 0x12345678;
	is(bario_read(dev, 2, 0x100, 4, &value), 0, "what the mapping wrote");
	is(value, 0x12345678, "is there");
	is(bario_write(dev, 2, 0xffffc, 4, 0x9abcdef0), 0, "what is written");
	is(words[0x3ffff], 0x9abcdef0, "is in the mapping, at its end");
	is(bario_map(dev, 2, 0, &read_only, &length), 0, "once more, to read");
	is(((volatile uint32_t *)read_only)[0x40], 0x12345678, "it reads");
	is(bario_unmap(dev, base), 0, "the first is ended");
	fails(bario_unmap(dev, base), EINVAL, BARIO_CAUSE_OPERATION, "once");
	fails(bario_map(ports, 1, 0, &base, &length), EOPNOTSUPP,
	      BARIO_CAUSE_UNSUPPORTED, "a port BAR");
	fails(bario_map(dev, 1, 0, &base, &length), EINVAL, BARIO_CAUSE_BAR,
	      "no BAR");
	bario_close(ports);
	/* The second mapping goes with it. */
	bario_close(dev);
}

static void accesses(void)
{
	struct bario *dev = need(SHMEM, 0), *serial = need(SERIAL, 0);
	struct bario_step steps[] = {
		{ .op = BARIO_STEP_WRITE, .bar = 2, .width = 4, .value = 5 },
		{ .op = BARIO_STEP_OR, .bar = 2, .width = 4, .value = 0x80 },
		{ .op = BARIO_STEP_EXPECT, .bar = 2, .width = 4, .mask = 0xff,
		  .value = 0x85 },
		{ .op = BARIO_STEP_EXPECT, .bar = 2, .width = 4, .mask = 0xff },
		{ .op = BARIO_STEP_WRITE, .bar = 2, .width = 4 },
	};
	uint64_t value = 42, was;
	size_t ran;

	is(bario_write(dev, 2, 8, 4, 0xf0), 0, "a write");
	is(bario_replace(dev, 2, 8, 4, 0x0f, 0x05, &was), 0, "bits are replaced");
	is(was, 0xf0, "of this");
	is(bario_read(dev, 2, 8, 4, &value), 0, "a read");
	is(value, 0xf5, "gives that");
	fails(bario_run(dev, steps, 5, 0, &ran), ECANCELED, BARIO_CAUSE_EXPECT,
	      "a program stops");
	is(ran, 3, "after three steps");
	is(steps[1].result, 5, "what it read on its way");
	is(steps[3].result, 0x85, "and what it did not expect");
	is(bario_read(dev, 2, 0, 4, &value), 0, "what is behind that");
	is(value, 0x85, "has not run");
	if (plain) {
		fails(bario_read(dev, 2, 16, 8, &value), EOPNOTSUPP,
		      BARIO_CAUSE_UNSUPPORTED, "8 bytes");
	} else {
		is(bario_write(dev, 2, 16, 8, 0x1122334455667788), 0, "8 bytes");
		is(bario_read(dev, 2, 16, 8, &value), 0, "are read");
		is(value, 0x1122334455667788, "as they are");
	}
	if (!module)
		fails(bario_run(dev, steps, 2, BARIO_RUN_UNDIVIDED, &ran),
		      EOPNOTSUPP, BARIO_CAUSE_UNSUPPORTED, "undivided");
	else
		is(bario_run(dev, steps, 2, BARIO_RUN_UNDIVIDED, &ran), 0,
		   "undivided");
	value = 42;
	fails(bario_read(dev, 2, 1, 4, &value), EINVAL, BARIO_CAUSE_ALIGNMENT,
	      "misaligned");
	fails(bario_read(dev, 2, 1 << 20, 1, &value), EINVAL, BARIO_CAUSE_RANGE,
	      "past the end");
	fails(bario_read(dev, 2, 1ULL << 32, 4, &value), EINVAL,
	      BARIO_CAUSE_RANGE, "far past the end");
	fails(bario_read(dev, 1, 0, 4, &value), EINVAL, BARIO_CAUSE_BAR, "no BAR");
	fails(bario_write(dev, 2, 0, 1, 256), EINVAL, BARIO_CAUSE_VALUE,
	      "too large a value");
	fails(bario_read(serial, 0, 0, 1, &value), EBUSY, BARIO_CAUSE_DRIVER,
	      "a driver has it");
	ok(strstr(bario_error()->message, "serial"), "which is named");
	is(value, 42, "no value of what failed");
	bario_close(serial);
	bario_close(dev);
}

static void grants(void)
{
	struct bario *dev = need(EDU, 0), *less;
	const struct bario_allow rule = {
		.address = { .dev = 5 }, .space = 0,
		.rights = BARIO_ALLOW_READ, .length = 8,
	};
	struct bario_allow seen[8];
	uint64_t value;
	uint32_t id;
	size_t count;
	bool all;
	int fd;

	if (!module) {
		fails(bario_derive(dev, &rule, 1, &fd, &id), EOPNOTSUPP,
		      BARIO_CAUSE_UNSUPPORTED, "no grants");
		bario_close(dev);
		return;
	}
	is(bario_derive(dev, &rule, 1, &fd, &id), 0, "a file is derived");
	is(bario_open_fd(fd, NULL, 0, &less), 0, "and opened");
	close(fd);
	is_str(bario_name(less), EDU, "it has one function");
	is(bario_grant(less, seen, 8, &count, &all), 0, "it says what it may do");
	is(count, 1, "one rule");
	ok(!all, "not everything");
	is(seen[0].rights, BARIO_ALLOW_READ, "to read");
	is(seen[0].length, 8, "8 bytes");
	is(bario_grant(less, NULL, 0, &count, &all), 0, "how many rules");
	is(count, 1, "one");
	is(bario_read(less, 0, 0, 4, &value), 0, "it reads");
	is(value, 0x010000ed, "the register");
	fails(bario_read(less, 0, 8, 4, &value), EACCES, BARIO_CAUSE_GRANT,
	      "not the next");
	fails(bario_write(less, 0, 4, 4, 0), EACCES, BARIO_CAUSE_GRANT,
	      "nor does it write");
	is(bario_revoke(dev, id), 0, "it is revoked");
	fails(bario_read(less, 0, 0, 4, &value), ENODEV, BARIO_CAUSE_GONE,
	      "and has ended");
	is(bario_revoke(dev, id), -ENOENT, "once");
	bario_close(less);
	bario_close(dev);
}

static void monitor(const char *command)
{
	char line[200];

	snprintf(line, sizeof(line), "monitor %s >/dev/null", command);
	if (system(line))
		bail("%s", command);
}

/* Half a minute at most. */
static bool until(const char *command)
{
	int tries;

	for (tries = 0; tries < 600; tries++) {
		if (!system(command))
			return true;
		usleep(50000);
	}
	return false;
}

static void unplug(void)
{
	struct bario *dev;
	uint64_t value;
	struct bario_info info;

	monitor("device_add edu,bus=rp0,id=hot");
	if (!until("test -e /sys/bus/pci/devices/0000:02:00.0/resource0"))
		bail("device_add");
	system("echo 1 >/sys/bus/pci/devices/0000:02:00.0/enable");
	dev = need("0000:02:00.0", 0);
	is(bario_read(dev, 0, 0, 4, &value), 0, "a device that was plugged in");
	is(value, 0x010000ed, "is read");
	monitor("device_del hot");
	if (!until("test ! -e /sys/bus/pci/devices/0000:02:00.0"))
		bail("device_del");
	fails(bario_read(dev, 0, 0, 4, &value), ENODEV, BARIO_CAUSE_GONE,
	      "it is unplugged");
	fails(bario_info(dev, &info), ENODEV, BARIO_CAUSE_GONE, "and has no facts");
	bario_close(dev);
}

static int count_one(const struct bario_info *info, void *arg)
{
	(void)info;
	++*(int *)arg;
	return 0;
}

int main(int argc, char **argv)
{
	int ours = 0, sysfs = 0;

	if (argc != 2)
		bail("usage: libbario sysfs:|pci:|plain");
	plain = !strcmp(argv[1], "plain");
	module = !strcmp(argv[1], "pci:");
	prefix = plain ? "pci:" : argv[1];
	setvbuf(stdout, NULL, _IONBF, 0);
	tap_begin();
	system("for dev in 03 05 07; do echo 1 >/sys/bus/pci/devices/0000:00:$dev.0/enable; done");
	abilities();
	facts();
	is(bario_list(strcmp(prefix, "pci:") ? "sysfs" : "pci", count_one,
		      &ours), 0, "all are listed");
	bario_list("sysfs", count_one, &sysfs);
	is(ours, sysfs, "as many as in sysfs");
	mapping();
	accesses();
	grants();
	unplug();
	return tap_end();
}
