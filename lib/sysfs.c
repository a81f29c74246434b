// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Linux without the module: /sys/bus/pci/devices.
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
#include <sys/mman.h>
#include <unistd.h>
#include "internal.h"

#define DEVICES		"/sys/bus/pci/devices"
#define COMMAND		4	/* offset in configuration space */
#define COMMAND_PORT	0x1
#define COMMAND_MEM	0x2
#define HEADER_TYPE	0x0e

/* Flags in the file "resource". */
#define RESOURCE_PORT	0x00000100
#define RESOURCE_MEM	0x00000200
#define RESOURCE_PREFETCH 0x00002000
#define RESOURCE_MEM_64	0x00100000
#define RESOURCE_UNSET	0x20000000

static bool present(void)
{
	return !access(DEVICES, F_OK);
}

static int fail_gone(void)
{
	return fail(ENODEV, BARIO_CAUSE_GONE, "the function has gone");
}

/* A file of the function's folder, as text; bytes read or a negative errno. */
static ssize_t get_text(int folder, const char *file, char *text, size_t room)
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
	const ssize_t got = get_text(folder, file, text, sizeof(text));

	if (got == -ENOENT || got == -ENODEV)
		return fail_gone();
	if (got < 0) {
		errno = -got;
		return fail_system("the file %s", file);
	}
	*number = strtoul(text, NULL, 16);
	return 0;
}

static int get_config(int folder, unsigned int offset, void *data, size_t len)
{
	const int fd = openat(folder, "config", O_RDONLY | O_CLOEXEC);
	ssize_t got;
	int error;

	if (fd < 0)
		return errno == ENOENT || errno == ENODEV ? fail_gone() :
			fail_system("configuration space can't be opened");
	got = pread(fd, data, len, offset);
	error = errno;
	close(fd);
	if (got == (ssize_t)len)
		return 0;
	if (got >= 0)
		return advise(fail(EINVAL, BARIO_CAUSE_RANGE,
				   "past the end of what the system shows of configuration space"),
			      "run it as root, to whom it shows all");
	if (error == ENOENT || error == ENODEV)
		return fail_gone();
	errno = error;
	return fail_system("configuration space can't be read");
}

/* The name of the driver that is bound, or empty. */
static int get_driver(int folder, char *driver, size_t room)
{
	char link[256];
	const ssize_t len = readlinkat(folder, "driver", link, sizeof(link) - 1);
	const char *slash;

	driver[0] = '\0';
	if (len < 0) {
		/* No driver, or no function? */
		if (errno == ENOENT && !faccessat(folder, "vendor", F_OK, 0))
			return 0;
		return fail_gone();
	}
	link[len] = '\0';
	slash = strrchr(link, '/');
	snprintf(driver, room, "%.*s", (int)room - 1,
		 slash ? slash + 1 : link);
	return 0;
}

static void set_bar(struct bario_bar_info *bar, uint64_t start, uint64_t end,
		    uint64_t flags, unsigned int command)
{
	*bar = (struct bario_bar_info){ 0 };
	if (flags & RESOURCE_PORT)
		bar->kind = BARIO_KIND_PORT;
	else if (flags & RESOURCE_MEM)
		bar->kind = BARIO_KIND_MEM;
	else
		return;
	bar->size = end - start + 1;
	/* Where nothing was assigned the range begins at 0. */
	bar->assigned = start && !(flags & RESOURCE_UNSET);
	bar->address = bar->assigned ? start : 0;
	bar->wide = flags & RESOURCE_MEM_64;
	bar->prefetch = flags & RESOURCE_PREFETCH;
	bar->decoded = command & (bar->kind == BARIO_KIND_PORT ?
				  COMMAND_PORT : COMMAND_MEM);
}

static int get_bars(int folder, struct bario_info *info, unsigned int command)
{
	char text[2048], *line = text;
	const ssize_t got = get_text(folder, "resource", text, sizeof(text));
	uint64_t start, end, flags;
	unsigned int i;

	if (got < 0)
		return fail_gone();
	for (i = 0; i < bario_bar_count(info->header); i++) {
		if (sscanf(line, "%" SCNx64 " %" SCNx64 " %" SCNx64,
			   &start, &end, &flags) != 3)
			return fail(EIO, BARIO_CAUSE_SYSTEM,
				    "the file resource has no line for BAR %u",
				    i);
		set_bar(&info->bars[i], start, end, flags, command);
		line = strchr(line, '\n');
		if (!line)
			break;
		line++;
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
	unsigned char config[16];
	int error = 0;
	size_t i;

	*info = (struct bario_info){ .address = *address };
	for (i = 0; i < COUNT(files) && !error; i++)
		error = get_number(folder, files[i], &numbers[i]);
	if (!error)
		error = get_config(folder, 0, config, sizeof(config));
	if (!error)
		error = get_driver(folder, info->driver, sizeof(info->driver));
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
	info->header = config[HEADER_TYPE] & 0x7f;
	return get_bars(folder, info,
			config[COMMAND] | config[COMMAND + 1] << 8);
}

static int open_folder(const struct bario_address *address)
{
	char path[sizeof(DEVICES) + BARIO_ADDRESS_TEXT];
	char name[BARIO_ADDRESS_TEXT];
	int fd;

	bario_address_text(address, name);
	snprintf(path, sizeof(path), DEVICES "/%s", name);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0)
		return fd;
	if (errno == ENOENT)
		return advise(fail(ENODEV, BARIO_CAUSE_ABSENT,
				   "there is no such function"),
			      "bario list shows those that there are");
	return fail_system("%s", path);
}

static int sysfs_open(struct bario *dev)
{
	int error;

	dev->fd = open_folder(&dev->address);
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

	n = scandir(DEVICES, &names, is_address, alphasort);
	if (n < 0)
		return advise(fail(ENODEV, BARIO_CAUSE_BACKEND,
				   DEVICES ": %s", strerror(errno)),
			      "mount /sys, or load the module: modprobe bario");
	for (i = 0; i < n && !result; i++) {
		address_parse(names[i]->d_name, &address);
		at_function(&address);
		fd = open_folder(&address);
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

/* ---- accesses ---- */

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
		return fail_gone();
	if (code == EACCES)
		return advise(fail(EACCES, BARIO_CAUSE_PERMISSION,
				   "%s is not yours to open", file),
			      "run it as root, or load the module and be given the function's node: modprobe bario");
	if (code == EPERM && locked_down())
		return fail_locked_down();
	/* The kernel's word for a region that somebody has for himself. */
	if (code == EINVAL) {
		find_holder(bar, holder, sizeof(holder));
		return advise(fail(EBUSY, BARIO_CAUSE_CLAIMED,
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
	if (get_text(dev->fd, "power_state", state, sizeof(state)) <= 0 ||
	    state[0] != 'D' || !strncmp(state, "D0", 2))
		return 0;
	state[strcspn(state, "\n")] = '\0';
	return advise(fail(EIO, BARIO_CAUSE_ASLEEP, "the function is in %s",
			   state),
		      "wake it up: echo on >" DEVICES "/%s/power/control",
		      dev->name);
}

/* All checks that concern the function and not what is asked. */
static int check_function(struct bario *dev, struct bario_bar_info *bar)
{
	unsigned char command[2];
	char driver[64];
	int error;

	error = get_driver(dev->fd, driver, sizeof(driver));
	if (!error)
		error = check_driver(&dev->address, driver);
	if (!error)
		error = check_power(dev);
	if (!error)
		error = get_config(dev->fd, COMMAND, command, sizeof(command));
	if (error)
		return error;
	if (command[0] == 0xff && command[1] == 0xff)
		return fail(EIO, BARIO_CAUSE_SILENT,
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
		return advise(fail(EOPNOTSUPP, BARIO_CAUSE_UNSUPPORTED,
				   "this kernel gives no access to BARs in /sys: there is no file %s",
				   file), "load the module: modprobe bario");
	return fd < 0 ? fail_file(&dev->info.bars[bar], file, errno) : fd;
}

static int sysfs_access(struct bario *dev, const struct access *access,
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

static int sysfs_config(struct bario *dev, const struct access *access,
			uint32_t *value)
{
	uint32_t data = htole32(*value);
	ssize_t done;
	int error, fd;

	if (!access->write) {
		data = 0;
		error = get_config(dev->fd, access->offset, &data,
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

static int sysfs_map(struct bario *dev, unsigned int bar, bool write,
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

const struct backend backend_sysfs = {
	.name = "sysfs",
	.present = present,
	.list = sysfs_list,
	.open = sysfs_open,
	.close = sysfs_close,
	.info = sysfs_info,
	.access = sysfs_access,
	.config = sysfs_config,
	.map = sysfs_map,
};
