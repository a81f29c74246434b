// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Linux without the module: /sys/bus/pci/devices. The functions, and what is known
 * of them.
 *
 * Nothing is kept from one access to the next but the function's folder, which
 * dies with the function: so what is said of driver, decoding and power is true
 * when it is said. What may happen between the check and the access, a driver
 * that comes, is what BARIO_CAN_CLAIM is about.
 */
#include <dirent.h>
#include <endian.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "sysfs.h"

#define HEADER_TYPE	0x0e
#define BARS		0x10
#define BUSES		0x18	/* a bridge's: primary, secondary, subordinate */

/* A BAR's register. */
#define REG_MEM_64	0x4
#define REG_PREFETCH	0x8

static bool present(void)
{
	return !access(SYSFS_DEVICES, F_OK);
}

int sysfs_gone(void)
{
	return fail(ENODEV, BARIO_CAUSE_REMOVED, "the function has gone");
}

ssize_t sysfs_text(int folder, const char *file, char *text, size_t room)
{
	const int fd = openat(folder, file, O_RDONLY | O_CLOEXEC);
	ssize_t got;

	if (fd < 0)
		return -errno;
	got = pread(fd, text, room - 1, 0);
	if (got < 0)
		got = -errno;
	else
		text[got] = '\0';
	close(fd);
	return got;
}

static int get_number(int folder, const char *file, unsigned long *number)
{
	char text[32];
	const ssize_t got = sysfs_text(folder, file, text, sizeof(text));

	if (got == -ENOENT || got == -ENODEV)
		return sysfs_gone();
	if (got < 0) {
		errno = -got;
		return fail_system("the file %s", file);
	}
	*number = strtoul(text, NULL, 16);
	return 0;
}

int sysfs_read_config(int folder, unsigned int offset, void *data, size_t len)
{
	const int fd = openat(folder, "config", O_RDONLY | O_CLOEXEC);
	ssize_t got;
	int error;

	if (fd < 0)
		return errno == ENOENT || errno == ENODEV ? sysfs_gone() :
			fail_system("configuration space can't be opened");
	got = pread(fd, data, len, offset);
	error = errno;
	close(fd);
	if (got == (ssize_t)len)
		return 0;
	if (got >= 0)
		return help_rights(fail(EACCES, BARIO_CAUSE_PERMISSION,
					"to read configuration space past its header takes CAP_SYS_ADMIN"));
	if (error == ENOENT || error == ENODEV)
		return sysfs_gone();
	errno = error;
	return fail_system("configuration space can't be read");
}

int sysfs_config_size(int folder, unsigned int *size)
{
	struct stat st;

	if (fstatat(folder, "config", &st, 0))
		return errno == ENOENT || errno == ENODEV ? sysfs_gone() :
			fail_system("the file config");
	*size = st.st_size;
	return 0;
}

int sysfs_driver(int folder, char *driver, size_t room)
{
	char link[256];
	const ssize_t len = readlinkat(folder, "driver", link, sizeof(link) - 1);
	const char *slash;

	driver[0] = '\0';
	if (len < 0) {
		/* No driver, or no function? */
		if (errno == ENOENT && !faccessat(folder, "vendor", F_OK, 0))
			return 0;
		return sysfs_gone();
	}
	link[len] = '\0';
	slash = strrchr(link, '/');
	snprintf(driver, room, "%.*s", (int)room - 1,
		 slash ? slash + 1 : link);
	return 0;
}

static bool scan_resource(const char *text, unsigned int line,
			  struct sysfs_resource *res)
{
	for (; line; line--) {
		text = strchr(text, '\n');
		if (!text++)
			return false;
	}
	return sscanf(text, "%" SCNx64 " %" SCNx64 " %" SCNx64, &res->start,
		      &res->end, &res->flags) == 3;
}

bool sysfs_resource(int folder, unsigned int line, struct sysfs_resource *res)
{
	char text[2048];

	return sysfs_text(folder, "resource", text, sizeof(text)) > 0 &&
		scan_resource(text, line, res);
}

static void set_bar(struct bario_bar_info *bar, const struct sysfs_resource *res)
{
	const uint64_t flags = res->flags;

	if (flags & RESOURCE_PORT)
		bar->kind = BARIO_KIND_PORT;
	else if (flags & RESOURCE_MEM)
		bar->kind = BARIO_KIND_MEM;
	else
		return;
	bar->size = res->end - res->start + 1;
	/* Where nothing was assigned the range begins at 0. */
	bar->assigned = res->start && !(flags & RESOURCE_UNSET);
	bar->address = bar->assigned ? res->start : 0;
	bar->wide = flags & RESOURCE_MEM_64;
	bar->prefetch = flags & RESOURCE_PREFETCH;
}

/*
 * For a BAR that it had no room for the kernel keeps nothing, as if there were none:
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

static int get_bars(int folder, struct bario_info *info, const uint32_t *config)
{
	struct sysfs_resource res;
	struct bario_bar_info *bar;
	char text[2048];
	unsigned int i;

	if (sysfs_text(folder, "resource", text, sizeof(text)) < 0)
		return sysfs_gone();
	for (i = 0; i < bario_bar_count(info->header); i++) {
		if (!scan_resource(text, i, &res))
			return fail(EIO, BARIO_CAUSE_SYSTEM,
				    "the file resource has no line for BAR %u",
				    i);
		bar = &info->bars[i];
		set_bar(bar, &res);
		if (!bar->kind)
			set_forgotten(bar, config + BARS / 4, i);
		bar->decoded = bar->kind &&
			sysfs_decoded(folder, config[COMMAND / 4], bar->kind);
	}
	return 0;
}

static int get_info(int folder, const struct bario_address *address,
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
		error = get_number(folder, files[i], &numbers[i]);
	if (!error)
		error = sysfs_read_config(folder, 0, config, sizeof(config));
	if (!error)
		error = sysfs_driver(folder, info->driver, sizeof(info->driver));
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
	return get_bars(folder, info, config);
}

int sysfs_folder(const struct bario_address *address)
{
	char path[sizeof(SYSFS_DEVICES) + BARIO_ADDRESS_TEXT];
	char name[BARIO_ADDRESS_TEXT];
	int fd;

	bario_address_text(address, name);
	snprintf(path, sizeof(path), SYSFS_DEVICES "/%s", name);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0)
		return fd;
	if (errno == ENOENT)
		return error_hint(fail(ENODEV, BARIO_CAUSE_NO_DEVICE,
				       "there is no such function"),
				  "bario list shows those that there are");
	return fail_system("%s", path);
}

static int sysfs_open(struct bario *dev)
{
	int error;

	dev->fd = sysfs_folder(&dev->address);
	if (dev->fd < 0)
		return dev->fd;
	dev->can = BARIO_CAN_MAP;
	if (sizeof(long) == 8)
		dev->can |= BARIO_CAN_WIDE;
	error = get_info(dev->fd, &dev->address, &dev->info);
	if (error)
		close(dev->fd);
	return error;
}

static void sysfs_close(struct bario *dev)
{
	close(dev->fd);
}

static int config_size(struct bario *dev, unsigned int *size)
{
	return sysfs_config_size(dev->fd, size);
}

static int obstacle(struct bario *dev, const struct bario_info *info,
		    unsigned int bar, enum obstacle which)
{
	return sysfs_obstacle(dev, dev->fd, bar, info->bars[bar].kind, which);
}

static int sysfs_info(struct bario *dev, struct bario_info *info)
{
	return get_info(dev->fd, &dev->address, info);
}

static int is_address(const struct dirent *entry)
{
	struct bario_address address;

	return address_parse(entry->d_name, &address);
}

static int sysfs_list(int (*each)(const struct bario_info *info, void *arg),
		      void *arg)
{
	struct bario_address address;
	struct dirent **names = NULL;
	struct bario_info info;
	int i, n, fd, result = 0;

	n = scandir(SYSFS_DEVICES, &names, is_address, alphasort);
	if (n < 0)
		return error_hint(fail(ENODEV, BARIO_CAUSE_BACKEND,
				       SYSFS_DEVICES ": %s", strerror(errno)),
				  "mount /sys, or load the module: modprobe bario");
	for (i = 0; i < n && !result; i++) {
		address_parse(names[i]->d_name, &address);
		error_at_address("sysfs", &address);
		fd = sysfs_folder(&address);
		/* One that has gone since is none of the list. */
		if (fd == -ENODEV)
			continue;
		if (fd < 0) {
			result = fd;
			break;
		}
		result = get_info(fd, &address, &info);
		close(fd);
		if (result == -ENODEV)
			result = 0;
		else if (!result)
			result = each(&info, arg);
	}
	for (i = 0; i < n; i++)
		free(names[i]);
	free(names);
	return result;
}

const struct backend backend_sysfs = {
	.name = "sysfs",
	.present = present,
	.list = sysfs_list,
	.open = sysfs_open,
	.close = sysfs_close,
	.info = sysfs_info,
	.access = sysfs_access,
	.config = sysfs_config,
	.config_size = config_size,
	.obstacle = obstacle,
	.map = sysfs_map,
	.rights = sysfs_rights,
};
