// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Accesses by the files of a function's folder in /sys. */
#include <endian.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>
#include "sysfs.h"

static int fail_file(const char *file, int code)
{
	if (code == ENOENT || code == ENODEV)
		return sysfs_gone();
	if (code == EACCES || code == EPERM)
		return fail_denied(file, code);
	errno = code;
	return fail_system("%s", file);
}

static int fail_bar(const struct bario *dev, const struct bario_bar_info *bar,
		    int code)
{
	struct bario_held held;

	/* How the kernel says that somebody has the BAR exclusively. */
	if (code != EINVAL)
		return fail_file("the BAR's file", code);
	held = holder_in_list(dev->name, bar);
	return fail_claimed(&held);
}

int sysfs_fail_open(int folder, const char *file, int code)
{
	if (code == ENOENT && !faccessat(folder, "vendor", F_OK, 0))
		return error_hint(fail(EOPNOTSUPP, BARIO_CAUSE_UNSUPPORTED,
				       "this kernel gives no access to BARs in /sys: there is no file %s",
				       file), "load the module: modprobe bario");
	return fail_file(file, code);
}

/* All that is in the way of an access but for what is asked. */
static int check_function(struct bario *dev, unsigned int bar)
{
	static const enum obstacle obstacles[] = {
		OBSTACLE_ADDRESS, OBSTACLE_HOLDER, OBSTACLE_POWER,
		OBSTACLE_DECODE, OBSTACLE_BRIDGE,
	};
	int error = 0;
	size_t i;

	for (i = 0; i < COUNT(obstacles) && !error; i++)
		error = sysfs_obstacle(dev, dev->fd, bar,
				       dev->info.bars[bar].kind, obstacles[i]);
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
static void touch(volatile void *at, const struct access *access,
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
	touch((char *)pages + at % page, access, value);
	munmap(pages, page);
	return 0;
}

static int open_bar(struct bario *dev, unsigned int bar, bool write)
{
	char file[16];
	int fd;

	snprintf(file, sizeof(file), "resource%u", bar);
	/* A mapping to write is one to read, too. */
	fd = openat(dev->fd, file, (write ? O_RDWR : O_RDONLY) | O_CLOEXEC);
	return fd < 0 ? sysfs_fail_open(dev->fd, file, errno) : fd;
}

int sysfs_access(struct bario *dev, const struct access *access,
		 uint64_t *value)
{
	const struct bario_bar_info *bar = &dev->info.bars[access->space];
	int error, fd;

	error = check_bar(dev, access, bar);
	if (!error)
		error = check_function(dev, access->space);
	if (error)
		return error;
	fd = open_bar(dev, access->space, access->write);
	if (fd < 0)
		return fd;
	error = bar->kind == BARIO_KIND_PORT ? access_port(fd, access, value) :
		access_mem(fd, bar->address, access, value);
	close(fd);
	if (error)
		return fail_bar(dev, bar, -error);
	return access->write ? 0 : check_silent(dev, access, *value);
}

int sysfs_config(struct bario *dev, const struct access *access,
		 uint32_t *value)
{
	uint32_t data = htole32(*value);
	ssize_t done;
	int error, fd;

	if (!access->write) {
		data = 0;
		error = sysfs_read_config(dev->fd, access->offset, &data,
				   access->width);
		*value = le32toh(data);
		return error;
	}
	fd = openat(dev->fd, "config", O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return fail_file("the file config", errno);
	done = pwrite(fd, &data, access->width, access->offset);
	error = done < 0 ? errno : EIO;
	close(fd);
	return done == (ssize_t)access->width ? 0 :
		fail_file("the file config", error);
}

int sysfs_rights(struct bario *dev, const struct access *access,
		 unsigned int rights)
{
	const bool config = access->space == BARIO_SPACE_CONFIG;
	char file[16] = "config";

	(void)rights;
	/* How much of it this user is shown, only a read tells. */
	if (config && !access->write)
		return 0;
	if (!config)
		snprintf(file, sizeof(file), "resource%u", access->space);
	/* Other errors are those of opening it. */
	if (!faccessat(dev->fd, file, access->write ? W_OK : R_OK, AT_EACCESS) ||
	    errno != EACCES)
		return 0;
	return fail_denied(file, EACCES);
}

int sysfs_map(struct bario *dev, unsigned int bar, bool write,
	      struct mapping *map, uint64_t *length)
{
	const uint64_t page = sysconf(_SC_PAGESIZE);
	const struct bario_bar_info *info = &dev->info.bars[bar];
	const uint64_t first = info->address % page;
	int error, fd;

	error = check_function(dev, bar);
	if (error)
		return error;
	fd = open_bar(dev, bar, write);
	if (fd < 0)
		return fd;
	map->length = (first + info->size + page - 1) / page * page;
	map->pages = mmap(NULL, map->length, write ? PROT_READ | PROT_WRITE :
			  PROT_READ, MAP_SHARED, fd, 0);
	error = errno;
	close(fd);
	if (map->pages == MAP_FAILED)
		return fail_bar(dev, info, error);
	map->base = (char *)map->pages + first;
	*length = info->size;
	return 0;
}
