// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The files of a function in /sys. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "sysfs.h"
#include "system.h"

/* Of a bridge's name in its file "uevent". */
#define SLOT_NAME	"PCI_SLOT_NAME="

int sysfs_gone(void)
{
	return fail(ENODEV, BARIO_CAUSE_REMOVED, "the function has gone");
}

int sysfs_fail_file(const char *file, int code)
{
	if (code == ENOENT || code == ENODEV)
		return sysfs_gone();
	if (code == EACCES || code == EPERM)
		return system_fail_denied(file, code);
	errno = code;
	return fail_system("the file %s", file);
}

int sysfs_fail_open(const struct sysfs *fn, const char *file, int code)
{
	if (code == ENOENT && !faccessat(fn->directory, "vendor", F_OK, 0))
		return system_hint_backend(fail(EOPNOTSUPP, BARIO_CAUSE_UNSUPPORTED,
						"this kernel gives no access to BARs in /sys: there is no file %s",
						file));
	return sysfs_fail_file(file, code);
}

/* ---- a function ---- */

static void set_directory(struct sysfs *fn, int directory)
{
	unsigned int i;

	*fn = (struct sysfs){ .directory = directory };
	for (i = 0; i < SYSFS_FILES; i++)
		fn->files[i] = -1;
}

int sysfs_begin(struct sysfs *fn, const struct bario_address *address)
{
	char path[sizeof(SYSFS_DEVICES) + BARIO_ADDRESS_TEXT];
	char name[BARIO_ADDRESS_TEXT];
	int directory;

	bario_address_text(address, name);
	snprintf(path, sizeof(path), SYSFS_DEVICES "/%s", name);
	directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (directory >= 0) {
		set_directory(fn, directory);
		return 0;
	}
	if (errno == ENOENT)
		return error_hint(fail(ENODEV, BARIO_CAUSE_NO_DEVICE,
				       "there is no such function"),
				  "bario list shows those that there are");
	return fail_system("%s", path);
}

static void end_related(struct sysfs *fn)
{
	if (fn)
		sysfs_end(fn);
	free(fn);
}

void sysfs_end(struct sysfs *fn)
{
	unsigned int i;

	for (i = 0; i < SYSFS_FILES; i++)
		if (fn->files[i] >= 0)
			close(fn->files[i]);
	close(fn->directory);
	end_related(fn->above);
	end_related(fn->physical);
}

/* The address that a directory has; a root bus has none. */
static bool get_address(struct sysfs *fn)
{
	char text[512], *name;

	if (sysfs_text(fn, "uevent", text, sizeof(text)) <= 0)
		return false;
	name = strstr(text, SLOT_NAME);
	if (!name)
		return false;
	name += strlen(SLOT_NAME);
	name[strcspn(name, "\n")] = '\0';
	return address_parse(name, &fn->address);
}

/* Another function, by its path from this one's directory; NULL: there is none. */
static struct sysfs *find_related(const struct sysfs *fn, const char *path)
{
	const int directory = openat(fn->directory, path,
				     O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct sysfs *related;

	if (directory < 0)
		return NULL;
	related = malloc(sizeof(*related));
	if (!related) {
		close(directory);
		return NULL;
	}
	set_directory(related, directory);
	if (get_address(related))
		return related;
	end_related(related);
	return NULL;
}

/* A directory's parent is the bridge's, and at last the root bus. */
void sysfs_look(struct sysfs *fn)
{
	if (fn->looked)
		return;
	fn->above = find_related(fn, "..");
	fn->physical = find_related(fn, "physfn");
	fn->looked = true;
}

/* ---- its files ---- */

static int open_file(struct sysfs *fn, enum sysfs_file which, bool write)
{
	static const char *const names[SYSFS_BAR] = {
		[SYSFS_CONFIG] = "config",
		[SYSFS_RESOURCE] = "resource",
		[SYSFS_POWER_STATE] = "power_state",
	};
	char bar[24];
	const char *name = bar;

	if (which < SYSFS_BAR)
		name = names[which];
	else
		snprintf(bar, sizeof(bar), "resource%d", which - SYSFS_BAR);
	return openat(fn->directory, name, (write ? O_RDWR : O_RDONLY) |
		      O_CLOEXEC);
}

bool sysfs_read_only(int error)
{
	return error == -EACCES || error == -EROFS;
}

int sysfs_open_file(struct sysfs *fn, enum sysfs_file which, bool write)
{
	const unsigned int bit = 1U << which;
	int *fd = &fn->files[which], opened;

	if (*fd >= 0 && !(write && (fn->read_only & bit)))
		return *fd;
	opened = open_file(fn, which, write);
	if (opened < 0)
		return -errno;
	if (*fd >= 0)
		close(*fd);
	*fd = opened;
	fn->read_only = write ? fn->read_only & ~bit : fn->read_only | bit;
	return *fd;
}

void sysfs_open_files(struct sysfs *fn, bool config)
{
	struct sysfs *above;
	unsigned int i;

	if (config)
		sysfs_open_file(fn, SYSFS_CONFIG, true);
	sysfs_open_file(fn, SYSFS_CONFIG, false);
	sysfs_open_file(fn, SYSFS_RESOURCE, false);
	sysfs_open_file(fn, SYSFS_POWER_STATE, false);
	for (i = 0; i < BARIO_BARS_MAX; i++)
		if (sysfs_read_only(sysfs_open_file(fn, SYSFS_BAR + i, true)))
			sysfs_open_file(fn, SYSFS_BAR + i, false);
	sysfs_look(fn);
	if (fn->physical) {
		sysfs_open_file(fn->physical, SYSFS_CONFIG, false);
		sysfs_open_file(fn->physical, SYSFS_RESOURCE, false);
	}
	for (above = fn->above; above; above = above->above) {
		sysfs_open_file(above, SYSFS_CONFIG, false);
		sysfs_look(above);
	}
}

ssize_t sysfs_text(const struct sysfs *fn, const char *file, char *text,
		   size_t size)
{
	const int fd = openat(fn->directory, file, O_RDONLY | O_CLOEXEC);
	ssize_t got;

	if (fd < 0)
		return -errno;
	got = pread(fd, text, size - 1, 0);
	if (got < 0)
		got = -errno;
	else
		text[got] = '\0';
	close(fd);
	return got;
}

int sysfs_read_config(struct sysfs *fn, unsigned int offset, void *data,
		      size_t len)
{
	const int fd = sysfs_open_file(fn, SYSFS_CONFIG, false);
	ssize_t got;

	if (fd < 0)
		return sysfs_fail_file("config", -fd);
	got = pread(fd, data, len, offset);
	if (got == (ssize_t)len)
		return 0;
	if (got < 0)
		return sysfs_fail_file("config", errno);
	return system_hint_rights(fail(EACCES, BARIO_CAUSE_PERMISSION,
				       "to read configuration space past its header takes CAP_SYS_ADMIN"));
}

int sysfs_config_size(struct sysfs *fn, unsigned int *size)
{
	const int fd = sysfs_open_file(fn, SYSFS_CONFIG, false);
	char byte;
	struct stat st;

	if (fd < 0)
		return sysfs_fail_file("config", -fd);
	/* An open file still has a size when its function has gone. */
	if (fstat(fd, &st) || pread(fd, &byte, 1, 0) < 0)
		return sysfs_fail_file("config", errno);
	*size = st.st_size;
	return 0;
}

int sysfs_read_resources(struct sysfs *fn, struct sysfs_resources *resources)
{
	const int fd = sysfs_open_file(fn, SYSFS_RESOURCE, false);
	ssize_t got;

	if (fd < 0)
		return sysfs_fail_file("resource", -fd);
	got = pread(fd, resources->text, sizeof(resources->text) - 1, 0);
	if (got < 0)
		return sysfs_fail_file("resource", errno);
	resources->text[got] = '\0';
	return 0;
}

bool sysfs_resource(const struct sysfs_resources *resources, unsigned int line,
		    struct sysfs_resource *res)
{
	const char *text = resources->text;

	for (; line; line--) {
		text = strchr(text, '\n');
		if (!text++)
			return false;
	}
	return sscanf(text, "%" SCNx64 " %" SCNx64 " %" SCNx64, &res->start,
		      &res->end, &res->flags) == 3;
}

void sysfs_set_bar(struct bario_bar_info *bar, const struct sysfs_resource *res)
{
	const uint64_t flags = res->flags;

	*bar = (struct bario_bar_info){ 0 };
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

int sysfs_driver(const struct sysfs *fn, char *driver, size_t size)
{
	char link[256];
	const ssize_t len = readlinkat(fn->directory, "driver", link,
				       sizeof(link) - 1);
	const char *slash;

	driver[0] = '\0';
	if (len < 0) {
		/* No driver, or no function? */
		if (errno == ENOENT &&
		    !faccessat(fn->directory, "vendor", F_OK, 0))
			return 0;
		return sysfs_fail_file("driver", errno);
	}
	link[len] = '\0';
	slash = strrchr(link, '/');
	snprintf(driver, size, "%.*s", (int)size - 1, slash ? slash + 1 : link);
	return 0;
}
