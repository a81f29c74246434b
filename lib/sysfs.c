// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * The back end of Linux without the module: /sys/bus/pci/devices. The functions, and
 * what is known of them.
 *
 * Nothing is kept from one access to the next but the function's files, which die with
 * the function: so what is said of addresses, driver, decoding and power is true when
 * it is said. What may happen between the check and the access, such as a driver that
 * binds, is what BARIO_CAN_CLAIM is about.
 */
#include <dirent.h>
#include <endian.h>
#include <stdlib.h>
#include <unistd.h>
#include "generic.h"
#include "iomem.h"
#include "sysfs.h"
#include "system.h"

#define HEADER_TYPE	0x0e
#define BARS		0x10
#define BUSES		0x18	/* a bridge's: primary, secondary, subordinate */

/* A BAR's register. */
#define REG_MEM_64	0x4
#define REG_PREFETCH	0x8

static bool sysfs_present(void)
{
	return !access(SYSFS_DEVICES, F_OK);
}

static int get_number(const struct sysfs *fn, const char *file, unsigned long *number)
{
	char text[32];
	const ssize_t got = sysfs_text(fn, file, text, sizeof(text));

	if (got < 0)
		return sysfs_fail_file(file, -got);
	*number = strtoul(text, NULL, 16);
	return 0;
}

/*
 * For a BAR that it found no space for, the kernel keeps nothing, as if there were none:
 * but the register is there.
 */
static void set_forgotten(struct bario_bar_info *bar, const uint32_t *regs,
			  unsigned int index)
{
	switch (bario_bar_decode(regs, index)) {
	case BARIO_BAR_NONE:
		break;
	case BARIO_BAR_PORT:
		bar->kind = BARIO_KIND_PORT;
		break;
	case BARIO_BAR_MEM:
		bar->kind = BARIO_KIND_MEM;
		bar->wide = regs[index] & REG_MEM_64;
		bar->prefetch = regs[index] & REG_PREFETCH;
		break;
	}
}

static int get_bars(struct sysfs *fn, struct bario_info *info, const uint32_t *config)
{
	struct sysfs_resources resources;
	struct sysfs_resource res;
	struct bario_bar_info *bar;
	unsigned int i;
	int error;

	error = sysfs_read_resources(fn, &resources);
	if (error)
		return error;
	for (i = 0; i < bario_bar_count(info->header); i++) {
		if (!sysfs_resource(&resources, i, &res))
			return fail(EIO, BARIO_CAUSE_SYSTEM,
				    "the file resource has no line for BAR %u",
				    i);
		bar = &info->bars[i];
		sysfs_set_bar(bar, &res);
		if (!bar->kind)
			set_forgotten(bar, config + BARS / 4, i);
		bar->decoded = bar->kind &&
			sysfs_decoded(fn, config[COMMAND / 4], bar->kind);
	}
	return 0;
}

static int get_info(struct sysfs *fn, const struct bario_address *address,
		    struct bario_info *info)
{
	static const char *const files[] = {
		"vendor", "device", "subsystem_vendor", "subsystem_device",
		"class", "revision",
	};
	unsigned long numbers[COUNT(files)];
	uint32_t config[16];	/* what everybody is shown */
	int error = 0;
	size_t i;

	*info = (struct bario_info){ .address = *address };
	for (i = 0; i < COUNT(files) && !error; i++)
		error = get_number(fn, files[i], &numbers[i]);
	if (!error)
		error = sysfs_read_config(fn, 0, config, sizeof(config));
	if (!error)
		error = sysfs_driver(fn, info->driver, sizeof(info->driver));
	if (error)
		return error;
	info->vendor = numbers[0];
	info->device = numbers[1];
	info->subvendor = numbers[2];
	info->subdevice = numbers[3];
	info->base_class = numbers[4] >> 16;
	info->subclass = numbers[4] >> 8;
	info->progif = numbers[4];
	info->revision = numbers[5];
	for (i = 0; i < COUNT(config); i++)
		config[i] = le32toh(config[i]);
	info->header = config[HEADER_TYPE / 4] >> 16 & 0x7f;
	if (info->header) {
		info->secondary_bus = config[BUSES / 4] >> 8;
		info->subordinate_bus = config[BUSES / 4] >> 16;
	}
	return get_bars(fn, info, config);
}

static int sysfs_open(struct bario *dev)
{
	struct sysfs *fn = malloc(sizeof(*fn));
	struct bario_info info;
	int error;

	if (!fn)
		return fail_memory();
	error = sysfs_begin(fn, &dev->address);
	if (error) {
		free(fn);
		return error;
	}
	if (!(dev->flags & BARIO_OPEN_INFO))
		sysfs_open_files(fn, dev->flags & BARIO_OPEN_CONFIG);
	error = get_info(fn, &dev->address, &info);
	if (error) {
		sysfs_end(fn);
		free(fn);
		return error;
	}
	dev->state = fn;
	dev->can = BARIO_CAN_MAP;
	if (sizeof(long) == 8)
		dev->can |= BARIO_CAN_WIDE;
	return 0;
}

static void sysfs_close(struct bario *dev)
{
	sysfs_end(dev->state);
	free(dev->state);
}

static int config_size(struct bario *dev, unsigned int *size)
{
	return sysfs_config_size(sysfs_of(dev), size);
}

static int sysfs_check(struct bario *dev, const struct bario_info *info,
		       unsigned int bar, enum obstacle which)
{
	struct sysfs_resources resources;
	const int error = sysfs_read_resources(sysfs_of(dev), &resources);

	return error ? error : sysfs_obstacle(dev, sysfs_of(dev), &resources,
					      bar, info->bars[bar].kind, which);
}

static int sysfs_find_holder(struct bario *dev, const struct bario_info *info,
			     unsigned int bar, struct bario_held *held)
{
	const int error = generic_holder(dev, info, bar, held);

	if (!error && held->by == BARIO_HELD_NONE && info->bars[bar].assigned)
		*held = iomem_holder(dev->name, &info->bars[bar]);
	return error;
}

static int sysfs_info(struct bario *dev, struct bario_info *info)
{
	return get_info(sysfs_of(dev), &dev->address, info);
}

static int is_address(const struct dirent *entry)
{
	struct bario_address address;

	return address_parse(entry->d_name, &address);
}

static int list_one(const char *name, list_each *each, void *arg)
{
	struct bario_address address;
	struct bario_info info;
	struct sysfs fn;
	int error;

	address_parse(name, &address);
	error_at_address("sysfs", &address);
	error = sysfs_begin(&fn, &address);
	if (!error) {
		error = get_info(&fn, &address, &info);
		sysfs_end(&fn);
	}
	/* A function that has gone since is not listed. */
	if (error)
		return error == -ENODEV ? 0 : error;
	return each(&info, arg);
}

static int sysfs_list(list_each *each, void *arg)
{
	struct dirent **names = NULL;
	int i, n, result = 0;

	n = scandir(SYSFS_DEVICES, &names, is_address, alphasort);
	if (n < 0)
		return error_hint(fail(ENODEV, BARIO_CAUSE_BACKEND,
				       SYSFS_DEVICES ": %s", strerror(errno)),
				  "mount /sys, or load the module: modprobe bario");
	for (i = 0; i < n && !result; i++)
		result = list_one(names[i]->d_name, each, arg);
	for (i = 0; i < n; i++)
		free(names[i]);
	free(names);
	return result;
}

const struct backend backend_sysfs = {
	.name = "sysfs",
	.takes_file = false,
	.present = sysfs_present,
	.list = sysfs_list,
	.owns_fd = generic_owns_fd,
	.publish = generic_publish,
	.unpublish = generic_publish,
	.open_address = sysfs_open,
	.open_path = generic_open_path,
	.open_fd = generic_open_fd,
	.close = sysfs_close,
	.info = sysfs_info,
	.info_only = generic_info_only,
	.rights = sysfs_rights,
	.obstacle = sysfs_check,
	.holder = sysfs_find_holder,
	.busy = generic_busy,
	.access = sysfs_access,
	.config = sysfs_config,
	.config_size = config_size,
	.run = generic_run,
	.wait = generic_wait,
	.now = generic_now,
	.lock = generic_lock,
	.unlock = generic_unlock,
	.allowed = generic_allowed,
	.map = sysfs_map,
	.fd = generic_fd,
	.derive = generic_derive,
	.revoke = generic_revoke,
	.grant = generic_grant,
	.hint_unassigned = system_hint_unassigned,
	.hint_driver = system_hint_driver,
	.hint_decode = system_hint_decode,
};
