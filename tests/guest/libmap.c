// SPDX-License-Identifier: GPL-2.0
/* libbario's cases: mappings, grants, and a device that goes. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "libbario.h"

void mapping(void)
{
	struct bario *dev = need(SHMEM, 0), *ports = need(TESTDEV, 0);
	struct bario *large = need(LARGE, 0);
	volatile void *base, *read_only;
	volatile uint32_t *words;
	uint64_t length;

	works(bario_map(dev, 2, BARIO_MAP_WRITE, &base, &length),
	      "a BAR is mapped");
	is(length, 1 << 20, "all of it");
	words = base;
	words[0x40] = 0x12345678;
	is(get(dev, 2, 0x100, 4), 0x12345678, "what the mapping wrote");
	works(bario_write(dev, 2, 0xffffc, 4, 0x9abcdef0), "what is written");
	is(words[0x3ffff], 0x9abcdef0, "is in the mapping, at its end");
	works(bario_map(dev, 2, 0, &read_only, &length), "once more, to read");
	is(((volatile uint32_t *)read_only)[0x40], 0x12345678, "it reads");
	works(bario_unmap(dev, base), "the first is ended");
	fails(bario_unmap(dev, base), EINVAL, BARIO_CAUSE_OPERATION, "once");
	fails(bario_map(ports, 1, 0, &base, &length), EOPNOTSUPP,
	      BARIO_CAUSE_UNSUPPORTED, "a port BAR");
	fails(bario_map(dev, 1, 0, &base, &length), EINVAL, BARIO_CAUSE_BAR,
	      "no BAR");
	works(bario_write(large, 2, 0xfffffff0, 4, 0x44444444), "a large BAR");
	if (bario_map(large, 2, 0, &base, &length))
		bail("it can't be mapped: %s", bario_error()->message);
	is(length, 8ULL << 30, "with all its 8 GB");
	is(((volatile uint32_t *)base)[0x3ffffffc], 0x44444444, "it reads");
	bario_close(large);
	bario_close(ports);
	/* The second mapping goes with it. */
	bario_close(dev);
}

void no_mapping(void)
{
	struct bario *dev = need(SHMEM, 0);
	volatile void *base;
	uint64_t length;

	fails(bario_map(dev, 2, 0, &base, &length), EOPNOTSUPP,
	      BARIO_CAUSE_UNSUPPORTED, "no mapping");
	bario_close(dev);
}

static const struct bario_rule eight_bytes = {
	.address = { .dev = 5 }, .space = 0, .rights = BARIO_RIGHT_READ,
	.length = 8,
};

void grants(void)
{
	struct bario *dev = need(EDU, 0), *less;
	struct bario_rule seen[8];
	uint64_t value;
	uint32_t id;
	size_t count;
	struct bario_op steps[] = {
		{ .op = BARIO_OP_READ, .width = 4 },
		{ .op = BARIO_OP_READ, .width = 4, .offset = 8 },
	};
	static const char second[] = "step 2: " EDU " BAR 0+0x8.4: ";
	bool all;
	int fd;

	works(bario_derive(dev, &eight_bytes, 1, &fd, &id), "a file is derived");
	works(bario_open_fd(fd, NULL, 0, &less), "and opened");
	close(fd);
	is_str(bario_name(less), EDU, "it has one function");
	works(bario_grant(less, seen, 8, &count, &all), "it says what it may do");
	is(count, 1, "one rule");
	ok(!all, "not everything");
	is(seen[0].rights, BARIO_RIGHT_READ, "to read");
	is(seen[0].length, 8, "8 bytes");
	works(bario_grant(less, NULL, 0, &count, &all), "how many rules");
	is(count, 1, "one");
	is(get(less, 0, 0, 4), 0x010000ed, "it reads the register");
	fails(bario_read(less, 0, 8, 4, &value), EACCES, BARIO_CAUSE_GRANT,
	      "not the next");
	fails(bario_write(less, 0, 4, 4, 0), EACCES, BARIO_CAUSE_GRANT,
	      "nor does it write");
	fails(bario_run(less, steps, 2, 0, NULL), EACCES, BARIO_CAUSE_GRANT,
	      "nor in a program");
	is(bario_error()->step, 2, "whose second step is the one");
	ok(!strncmp(bario_error()->message, second, strlen(second)),
	   "and is named: %s", bario_error()->message);
	works(bario_revoke(dev, id), "it is revoked");
	fails(bario_read(less, 0, 0, 4, &value), ENODEV, BARIO_CAUSE_REMOVED,
	      "and has ended");
	is(bario_revoke(dev, id), -ENOENT, "once");
	bario_close(less);
	bario_close(dev);
}

void no_grants(void)
{
	struct bario *dev = need(EDU, 0);
	struct bario_rule seen;
	uint32_t id;
	size_t count;
	bool all;
	int fd;

	fails(bario_derive(dev, &eight_bytes, 1, &fd, &id), EOPNOTSUPP,
	      BARIO_CAUSE_UNSUPPORTED, "nothing is derived");
	fails(bario_grant(dev, &seen, 1, &count, &all), EOPNOTSUPP,
	      BARIO_CAUSE_UNSUPPORTED, "there is no grant");
	fails(bario_revoke(dev, 1), EOPNOTSUPP, BARIO_CAUSE_UNSUPPORTED,
	      "nothing is revoked");
	/* Whoever publishes needs no handle, but a module. */
	if (freebsd) {
		fails(bario_publish("less", &eight_bytes, 1), EOPNOTSUPP,
		      BARIO_CAUSE_UNSUPPORTED, "nothing is published");
		fails(bario_unpublish("less"), EOPNOTSUPP,
		      BARIO_CAUSE_UNSUPPORTED, "nor unpublished");
	}
	bario_close(dev);
}

/* ---- the device goes ---- */

static void monitor(const char *command)
{
	char line[200];

	snprintf(line, sizeof(line), "monitor %s >/dev/null", command);
	if (system(line))
		bail("%s", command);
}

/* Two minutes at most. */
static bool until(const char *command)
{
	int tries;

	for (tries = 0; tries < 2400; tries++) {
		if (!system(command))
			return true;
		usleep(50000);
	}
	return false;
}

void unplug(void)
{
	struct bario *dev;
	struct bario_info info;
	uint64_t value;

	if (!sim) {
		monitor("device_add edu,bus=rp0,id=hot");
		if (!until("test -e /sys/bus/pci/devices/0000:02:00.0/resource0"))
			bail("device_add");
		system("echo 1 >/sys/bus/pci/devices/0000:02:00.0/enable");
	}
	dev = need("0000:02:00.0", 0);
	is(get(dev, 0, 0, 4), 0x010000ed, "a device that can be unplugged");
	if (sim) {
		bario_sim_unplug(dev);
	} else {
		monitor("device_del hot");
		if (!until("test ! -e /sys/bus/pci/devices/0000:02:00.0"))
			bail("device_del");
	}
	fails(bario_read(dev, 0, 0, 4, &value), ENODEV, BARIO_CAUSE_REMOVED,
	      "it is unplugged");
	fails(bario_info(dev, &info), ENODEV, BARIO_CAUSE_REMOVED, "and has no facts");
	bario_close(dev);
}
