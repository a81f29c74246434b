// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Accesses by the files of a function in /sys. */
#include <endian.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>
#include "iomem.h"
#include "sysfs.h"
#include "system.h"

static int fail_bar(const struct bario *dev, const struct bario_bar_info *bar,
		    int code)
{
	struct bario_held held;

	/* How the kernel says that somebody has the BAR exclusively. */
	if (code != EINVAL)
		return sysfs_fail_file("resource of the BAR", code);
	held = iomem_holder(dev->name, bar);
	return fail_claimed(&held);
}

/* What the BAR is now; all that prevents an access except what is asked. */
static int check_function(struct bario *dev, const struct access *access,
			  struct bario_bar_info *bar)
{
	static const enum obstacle obstacles[] = {
		OBSTACLE_ADDRESS, OBSTACLE_HOLDER, OBSTACLE_POWER,
		OBSTACLE_DECODE, OBSTACLE_BRIDGE,
	};
	struct sysfs *fn = sysfs_of(dev);
	struct sysfs_resources resources;
	struct sysfs_resource res;
	struct bario_info info;
	int error;
	size_t i;

	error = sysfs_read_resources(fn, &resources);
	if (error)
		return error;
	if (!sysfs_resource(&resources, access->space, &res))
		res = (struct sysfs_resource){ 0 };
	sysfs_set_bar(bar, &res);
	/* Of one that the system has forgotten, its register tells the rest. */
	if (!bar->kind) {
		error = dev->backend->info(dev, &info);
		if (error)
			return error;
		*bar = info.bars[access->space];
	}
	error = check_bar(dev, access, bar);
	for (i = 0; i < COUNT(obstacles) && !error; i++)
		error = sysfs_obstacle(dev, fn, &resources, access->space,
				       bar->kind, obstacles[i]);
	return error;
}

static int access_port(int fd, const struct access *access, uint64_t *value)
{
	/* The kernel has them in the CPU's order here. */
	uint8_t byte = *value;
	uint16_t word = *value;
	uint32_t dword = *value;
	void *data = access->width == 1 ? (void *)&byte :
		     access->width == 2 ? (void *)&word : (void *)&dword;
	ssize_t done;

	if (access->write)
		done = pwrite(fd, data, access->width, access->offset);
	else
		done = pread(fd, data, access->width, access->offset);
	if (done < 0)
		return -errno;
	if (done != (ssize_t)access->width)
		return -EIO;
	if (!access->write)
		*value = access->width == 1 ? byte :
			 access->width == 2 ? word : dword;
	return 0;
}

/* Each is one instruction, and so one cycle. */
static void touch_register(volatile void *at, const struct access *access,
			   uint64_t *value)
{
	switch (access->width) {
	case 1:
		if (access->write)
			*(volatile uint8_t *)at = *value;
		else
			*value = *(volatile uint8_t *)at;
		break;
	case 2:
		if (access->write)
			*(volatile uint16_t *)at = htole16(*value);
		else
			*value = le16toh(*(volatile uint16_t *)at);
		break;
	case 4:
		if (access->write)
			*(volatile uint32_t *)at = htole32(*value);
		else
			*value = le32toh(*(volatile uint32_t *)at);
		break;
	case 8:
		if (access->write)
			*(volatile uint64_t *)at = htole64(*value);
		else
			*value = le64toh(*(volatile uint64_t *)at);
		break;
	}
}

/* The kernel rounds a BAR that is smaller than a page up to one. */
static int access_mem(int fd, uint64_t start, const struct access *access,
		      uint64_t *value)
{
	const uint64_t page = sysconf(_SC_PAGESIZE);
	const uint64_t at = start % page + access->offset;
	void *pages = mmap(NULL, page, access->write ? PROT_READ | PROT_WRITE :
			   PROT_READ, MAP_SHARED, fd, at / page * page);

	if (pages == MAP_FAILED)
		return -errno;
	touch_register((char *)pages + at % page, access, value);
	munmap(pages, page);
	return 0;
}

/* Its file, which stays open. A mapping to write is one to read, too. */
static int open_bar(struct bario *dev, unsigned int bar, bool write)
{
	struct sysfs *fn = sysfs_of(dev);
	char file[16];
	int fd = sysfs_open_file(fn, SYSFS_BAR + bar, true);

	if (sysfs_read_only(fd) && !write)
		fd = sysfs_open_file(fn, SYSFS_BAR + bar, false);
	if (fd >= 0)
		return fd;
	snprintf(file, sizeof(file), "resource%u", bar);
	return sysfs_fail_open(fn, file, -fd);
}

int sysfs_access(struct bario *dev, const struct access *access,
		 uint64_t *value)
{
	struct bario_bar_info bar;
	int error, fd;

	error = check_function(dev, access, &bar);
	if (error)
		return error;
	fd = open_bar(dev, access->space, access->write);
	if (fd < 0)
		return fd;
	error = bar.kind == BARIO_KIND_PORT ? access_port(fd, access, value) :
		access_mem(fd, bar.address, access, value);
	if (error)
		return fail_bar(dev, &bar, -error);
	return access->write ? 0 : check_silent(dev, access, *value);
}

static int write_config(struct sysfs *fn, const struct access *access,
			uint32_t value)
{
	const int fd = sysfs_open_file(fn, SYSFS_CONFIG, true);
	const uint32_t data = htole32(value);
	ssize_t done;

	if (fd < 0)
		return sysfs_fail_file("config", -fd);
	done = pwrite(fd, &data, access->width, access->offset);
	if (done == (ssize_t)access->width)
		return 0;
	return sysfs_fail_file("config", done < 0 ? errno : EIO);
}

int sysfs_config(struct bario *dev, const struct access *access,
		 uint32_t *value)
{
	uint32_t data = 0;
	int error;

	if (access->write)
		return write_config(sysfs_of(dev), access, *value);
	error = sysfs_read_config(sysfs_of(dev), access->offset, &data,
				  access->width);
	*value = le32toh(data);
	return error;
}

int sysfs_rights(struct bario *dev, const struct access *access,
		 unsigned int rights)
{
	int fd;

	(void)rights;
	/* How much of it this user is shown, only a read tells. */
	if (access->space == BARIO_SPACE_CONFIG) {
		fd = access->write ? sysfs_open_file(sysfs_of(dev), SYSFS_CONFIG,
						     true) : 0;
		return fd == -EACCES ? sysfs_fail_file("config", EACCES) : 0;
	}
	/* Other errors are the access's. */
	fd = open_bar(dev, access->space, access->write);
	return fd == -EACCES ? fd : 0;
}

int sysfs_map(struct bario *dev, unsigned int bar, bool write,
	      struct mapping *map, uint64_t *length)
{
	const struct access access = { .space = bar, .width = 1 };
	const uint64_t page = sysconf(_SC_PAGESIZE);
	struct bario_bar_info info;
	uint64_t first;
	int error, fd;

	error = check_function(dev, &access, &info);
	if (error)
		return error;
	first = info.address % page;
	fd = open_bar(dev, bar, write);
	if (fd < 0)
		return fd;
	map->length = (first + info.size + page - 1) / page * page;
	map->pages = mmap(NULL, map->length, write ? PROT_READ | PROT_WRITE :
			  PROT_READ, MAP_SHARED, fd, 0);
	if (map->pages == MAP_FAILED)
		return fail_bar(dev, &info, errno);
	map->base = (char *)map->pages + first;
	*length = info.size;
	return 0;
}
