// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Accesses by the files of a function's folder in /sys. */
#include <endian.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>
#include "sysfs.h"

/* Who has an address, by the kernel's list; what only root is told. */
static void find_holder(const struct bario_bar_info *bar, char *name,
			size_t room)
{
	FILE *file = fopen(bar->kind == BARIO_KIND_PORT ? "/proc/ioports" :
			   "/proc/iomem", "re");
	uint64_t start, end;
	char line[256];
	int at;

	snprintf(name, room, "something else");
	if (!file)
		return;
	/* The last that covers it is the innermost. */
	while (fgets(line, sizeof(line), file)) {
		at = 0;
		if (sscanf(line, " %" SCNx64 "-%" SCNx64 " : %n", &start, &end,
			   &at) != 2 || !at)
			continue;
		line[strcspn(line, "\n")] = '\0';
		if (start && start <= bar->address && bar->address <= end)
			snprintf(name, room, "\"%s\"", line + at);
	}
	fclose(file);
}

static int fail_file(const struct bario_bar_info *bar, const char *file,
		     int code)
{
	char holder[256];

	if (code == ENOENT || code == ENODEV)
		return sysfs_gone();
	if (code == EACCES || code == EPERM)
		return fail_denied(file, code);
	/* The kernel's word for a region that somebody has for himself. */
	if (code == EINVAL) {
		find_holder(bar, holder, sizeof(holder));
		return error_hint(fail(EBUSY, BARIO_CAUSE_CLAIMED,
				       "the kernel lets nobody map this BAR, for it is claimed by %s",
				       holder),
				  "end what has it; bario.ko shares the BAR among its own users");
	}
	errno = code;
	return fail_system("%s", file);
}

static int check_power(struct bario *dev)
{
	char state[32];

	/* "unknown" for those that have no power states; older kernels: no file. */
	if (sysfs_text(dev->fd, "power_state", state, sizeof(state)) <= 0 ||
	    state[0] != 'D' || !strncmp(state, "D0", 2))
		return 0;
	state[strcspn(state, "\n")] = '\0';
	return error_hint(fail(EIO, BARIO_CAUSE_ASLEEP, "the function is in %s",
			       state),
			  "wake it up: echo on >" SYSFS_DEVICES "/%s/power/control",
			  dev->name);
}

/* All checks that concern the function and not what is asked. */
static int check_function(struct bario *dev, struct bario_bar_info *bar)
{
	unsigned char command[2];
	char driver[64];
	int error;

	error = sysfs_driver(dev->fd, driver, sizeof(driver));
	if (!error)
		error = check_driver(&dev->address, driver);
	if (!error)
		error = check_power(dev);
	if (!error)
		error = sysfs_read_config(dev->fd, COMMAND, command, sizeof(command));
	if (error)
		return error;
	if (command[0] == 0xff && command[1] == 0xff)
		return fail(EIO, BARIO_CAUSE_NO_RESPONSE,
			    "the function does not answer");
	bar->decoded = command[0] & (bar->kind == BARIO_KIND_PORT ?
				     COMMAND_PORT : COMMAND_MEM);
	return check_decoded(&dev->address, bar);
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
	if (fd < 0 && errno == ENOENT &&
	    !faccessat(dev->fd, "vendor", F_OK, 0))
		return error_hint(fail(EOPNOTSUPP, BARIO_CAUSE_UNSUPPORTED,
				       "this kernel gives no access to BARs in /sys: there is no file %s",
				       file), "load the module: modprobe bario");
	return fd < 0 ? fail_file(&dev->info.bars[bar], file, errno) : fd;
}

int sysfs_access(struct bario *dev, const struct access *access,
		 uint64_t *value)
{
	struct bario_bar_info bar = dev->info.bars[access->space];
	int error, fd;

	error = check_bar(access, &bar);
	if (!error)
		error = check_function(dev, &bar);
	if (error)
		return error;
	fd = open_bar(dev, access->space, access->write);
	if (fd < 0)
		return fd;
	error = bar.kind == BARIO_KIND_PORT ? access_port(fd, access, value) :
		access_mem(fd, bar.address, access, value);
	close(fd);
	if (error)
		return fail_file(&bar, "the BAR's file", -error);
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
		return fail_file(NULL, "the file config", errno);
	done = pwrite(fd, &data, access->width, access->offset);
	error = errno;
	close(fd);
	if (done == (ssize_t)access->width)
		return 0;
	if (done >= 0 || error == EINVAL || error == EFBIG)
		return fail(EINVAL, BARIO_CAUSE_RANGE,
			    "past the end of configuration space");
	return fail_file(NULL, "the file config", error);
}

int sysfs_map(struct bario *dev, unsigned int bar, bool write,
	      struct mapping *map, uint64_t *length)
{
	const uint64_t page = sysconf(_SC_PAGESIZE);
	struct bario_bar_info info = dev->info.bars[bar];
	const uint64_t first = info.address % page;
	int error, fd;

	error = check_function(dev, &info);
	if (error)
		return error;
	fd = open_bar(dev, bar, write);
	if (fd < 0)
		return fd;
	map->length = (first + info.size + page - 1) / page * page;
	map->pages = mmap(NULL, map->length, write ? PROT_READ | PROT_WRITE :
			  PROT_READ, MAP_SHARED, fd, 0);
	error = errno;
	close(fd);
	if (map->pages == MAP_FAILED)
		return fail_file(&info, "the BAR's file", error);
	map->base = (char *)map->pages + first;
	*length = info.size;
	return 0;
}
