// SPDX-License-Identifier: GPL-2.0
/* libbario's cases: mappings, grants, and a device that goes. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "libbario.h"

/* All of a memory BAR, or the end of the program. */
static volatile uint32_t *map(struct bario *dev, uint32_t flags, uint64_t *length,
			      const char *name)
{
	volatile void *base = bario_map(dev, 2, flags, length);

	if (!ok(base != NULL, "%s", name))
		bail("%s", bario_last_error()->message);
	return base;
}

static void not_mapped(struct bario *dev, uint32_t bar, int code, uint32_t cause,
		       const char *name)
{
	fails(bario_map(dev, bar, 0, NULL) ? 0 : -bario_last_error()->code, code,
	      cause, name);
}

void mapping(void)
{
	struct bario *dev = need(SHMEM, 0), *ports = need(TESTDEV, 0);
	struct bario *large = need(LARGE, 0);
	volatile uint32_t *words, *read_only;
	uint64_t length;

	words = map(dev, BARIO_MAP_WRITE, &length, "a BAR is mapped");
	is(length, 1 << 20, "all of it");
	words[0x40] = 0x12345678;
	is(get(dev, 2, 0x100, 4), 0x12345678, "what the mapping wrote");
	works(bario_write(dev, 2, 0xffffc, 4, 0x9abcdef0), "what is written");
	is(words[0x3ffff], 0x9abcdef0, "is in the mapping, at its end");
	read_only = map(dev, 0, NULL, "once more, to read");
	is(read_only[0x40], 0x12345678, "it reads");
	works(bario_unmap(dev, words), "the first is ended");
	fails(bario_unmap(dev, words), EINVAL, BARIO_CAUSE_OPERATION, "once");
	not_mapped(ports, 1, EOPNOTSUPP, BARIO_CAUSE_UNSUPPORTED, "a port BAR");
	not_mapped(dev, 1, EINVAL, BARIO_CAUSE_BAR, "no BAR");
	works(bario_write(large, 2, 0xfffffff0, 4, 0x44444444), "a large BAR");
	words = map(large, 0, &length, "it is mapped");
	is(length, 8ULL << 30, "with all its 8 GB");
	is(words[0x3ffffffc], 0x44444444, "it reads");
	bario_close(large);
	bario_close(ports);
	/* The second mapping goes with it. */
	bario_close(dev);
}

void no_mapping(void)
{
	struct bario *dev = need(SHMEM, 0);

	not_mapped(dev, 2, EOPNOTSUPP, BARIO_CAUSE_UNSUPPORTED, "no mapping");
	bario_close(dev);
}

static const struct bario_rule eight_bytes = {
	.dev = 5, .space = 0, .rights = BARIO_RIGHT_READ,
	.length = 8,
};

/* Whatever is asked of a file that was revoked, the cause is the same. */
static void all_removed(struct bario *dev)
{
	struct bario *again = NULL;
	struct bario_info info;
	struct bario_held held;
	struct bario_op op = { .op = BARIO_OP_READ, .width = 4 };
	uint64_t value;
	uint32_t config;
	size_t count;
	int fd;

	fails(bario_read(dev, 0, 0, 4, &value), ENODEV, BARIO_CAUSE_REMOVED,
	      "a read of what was revoked");
	fails(bario_run(dev, &op, 1, 0, NULL, 0), ENODEV, BARIO_CAUSE_REMOVED,
	      "a program");
	fails(bario_config_read(dev, 0, 4, &config), ENODEV, BARIO_CAUSE_REMOVED,
	      "configuration space");
	fails(bario_config_size(dev, &config), ENODEV, BARIO_CAUSE_REMOVED,
	      "its size");
	fails(bario_get_info(dev, &info, sizeof(info)), ENODEV,
	      BARIO_CAUSE_REMOVED, "information");
	fails(bario_get_holder(dev, 0, &held, sizeof(held)), ENODEV,
	      BARIO_CAUSE_REMOVED, "a BAR's holder");
	if (bario_can(dev) & BARIO_CAN_MAP)
		fails(bario_map(dev, 0, 0, NULL) ? 0 : -bario_last_error()->code, ENODEV,
		      BARIO_CAUSE_REMOVED, "a mapping");
	fails(bario_derive(dev, &eight_bytes, 1, 0, &fd, NULL), ENODEV,
	      BARIO_CAUSE_REMOVED, "a derived file");
	fails(bario_revoke(dev, 0, 0), ENODEV, BARIO_CAUSE_REMOVED,
	      "a revocation");
	fails(bario_get_grant(dev, 0, NULL, 0, &count, NULL), ENODEV,
	      BARIO_CAUSE_REMOVED, "its grant");
	fails(bario_open_fd(bario_fd(dev), NULL, 0, &again), ENODEV,
	      BARIO_CAUSE_REMOVED, "its descriptor");
	fails(bario_open_fd(bario_fd(dev), EDU, 0, &again), ENODEV,
	      BARIO_CAUSE_REMOVED, "and with an address");
	ok(!again, "no handle");
}

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
	static const char second[] = "ops[1]: " EDU " BAR 0+0x8.4: ";
	uint32_t all;
	int fd;

	works(bario_derive(dev, &eight_bytes, 1, 0, &fd, &id), "a file is derived");
	works(bario_open_fd(fd, NULL, 0, &less), "and opened");
	close(fd);
	is_str(bario_name(less), EDU, "it has one function");
	works(bario_get_grant(less, 0, seen, 8, &count, &all), "it says what it may do");
	is(count, 1, "one rule");
	is(all, 0, "not everything");
	is(seen[0].rights, BARIO_RIGHT_READ, "to read");
	is(seen[0].length, 8, "8 bytes");
	works(bario_get_grant(less, 0, NULL, 0, &count, NULL), "how many rules");
	is(count, 1, "one");
	is(get(less, 0, 0, 4), 0x010000ed, "it reads the register");
	fails(bario_read(less, 0, 8, 4, &value), EACCES, BARIO_CAUSE_GRANT,
	      "not the next");
	fails(bario_write(less, 0, 4, 4, 0), EACCES, BARIO_CAUSE_GRANT,
	      "nor does it write");
	fails(bario_run(less, steps, 2, 0, NULL, 0), EACCES, BARIO_CAUSE_GRANT,
	      "nor in a program");
	is(bario_last_error()->index, 1, "whose second operation is the one");
	ok(!strncmp(bario_last_error()->message, second, strlen(second)),
	   "and is named: %s", bario_last_error()->message);
	works(bario_revoke(dev, id, 0), "it is revoked");
	all_removed(less);
	is(bario_revoke(dev, id, 0), -ENOENT, "once");
	bario_close(less);
	bario_close(dev);
}

void no_grants(void)
{
	struct bario *dev = need(EDU, 0);
	struct bario_rule seen;
	uint32_t id;
	size_t count;
	uint32_t all;
	int fd;

	fails(bario_derive(dev, &eight_bytes, 1, 0, &fd, &id), EOPNOTSUPP,
	      BARIO_CAUSE_UNSUPPORTED, "nothing is derived");
	fails(bario_get_grant(dev, 0, &seen, 1, &count, &all), EOPNOTSUPP,
	      BARIO_CAUSE_UNSUPPORTED, "there is no grant");
	fails(bario_revoke(dev, 1, 0), EOPNOTSUPP, BARIO_CAUSE_UNSUPPORTED,
	      "nothing is revoked");
	/* Whoever publishes needs no handle, but a module. */
	if (freebsd) {
		fails(bario_publish("less", &eight_bytes, 1, 0, 0, 0, 0600), EOPNOTSUPP,
		      BARIO_CAUSE_UNSUPPORTED, "nothing is published");
		fails(bario_unpublish("less", 0), EOPNOTSUPP,
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
	fails(bario_get_info(dev, &info, sizeof(info)), ENODEV, BARIO_CAUSE_REMOVED, "and has no facts");
	bario_close(dev);
}
