// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The public functions on a handle: checks that all back ends share, then theirs. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include "internal.h"
#include "sim.h"

static const struct backend *best_backend(void)
{
	const struct backend *const *at = backends;

	/* Where none is there, the last says so. */
	while (at[1] && !(*at)->present())
		at++;
	return *at;
}

static struct bario *new_handle(const struct backend *backend,
				unsigned int flags)
{
	struct bario *dev = calloc(1, sizeof(*dev));

	if (dev) {
		dev->backend = backend;
		dev->flags = flags;
		dev->fd = -1;
	} else {
		fail_memory();
	}
	return dev;
}

static int check_flags(unsigned int flags)
{
	error_at_nothing();
	if (flags == 0 || flags == BARIO_OPEN_INFO ||
	    flags == BARIO_OPEN_CONFIG)
		return 0;
	return fail(EINVAL, BARIO_CAUSE_OPERATION,
		    "%#x is no set of flags to open with", flags);
}

/* The handle is the caller's if it was opened, and else nobody's. */
static int opened(struct bario *dev, int error, struct bario **out)
{
	if (error) {
		free(dev);
		return error;
	}
	bario_address_text(&dev->address, dev->name);
	*out = dev;
	return 0;
}

static int open_target(struct target *target, unsigned int flags,
		       struct bario **out)
{
	const struct backend *backend = target->backend;
	const struct bario_address *address =
		target->has_address ? &target->address : NULL;
	struct bario *dev;
	int error;

	if (!backend)
		backend = best_backend();
	if (target->kind == TARGET_ID) {
		error = target_find(backend, target);
		if (error)
			return error;
	}
	dev = new_handle(backend, flags);
	if (!dev)
		return -ENOMEM;
	if (target->kind == TARGET_PATH)
		return opened(dev, backend->open_path(dev, target->path,
						      address), out);
	dev->address = target->address;
	bario_address_text(&dev->address, dev->name);
	dev->shown = !target->backend;
	error_at_function(&dev->address);
	return opened(dev, backend->open(dev), out);
}

static int open_descriptor(int fd, const struct bario_address *address,
			   unsigned int flags, struct bario **out)
{
	struct bario *dev = new_handle(&backend_pci, flags);
	int error;

	if (!dev)
		return -ENOMEM;
	dev->fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	error = dev->fd < 0 ? fail_system("descriptor %d", fd) :
		backend_pci.open_path(dev, NULL, address);
	return opened(dev, error, out);
}

BARIO_API int bario_open(const char *device, unsigned int flags,
			 struct bario **out)
{
	struct target target;
	struct bario *dev;
	int error;

	error = check_flags(flags);
	if (!error)
		error = target_parse(device, &target);
	if (error)
		return error;
	if (target.kind == TARGET_FD)
		return open_descriptor(target.fd, target.has_address ?
				       &target.address : NULL, flags, out);
	if (target.kind == TARGET_SIM) {
		dev = new_handle(&backend_sim, flags);
		if (!dev)
			return -ENOMEM;
		return opened(dev, sim_open_file(dev, target.path), out);
	}
	return open_target(&target, flags, out);
}

BARIO_API int bario_open_fd(int fd, const char *text, unsigned int flags,
			    struct bario **out)
{
	struct bario_address address;
	int error;

	error = check_flags(flags);
	if (!error && text && !address_parse(text, &address))
		error = fail(EINVAL, BARIO_CAUSE_NAME,
			     "'%.100s' is no address, as 0000:03:00.0 is", text);
	if (error)
		return error;
	return open_descriptor(fd, text ? &address : NULL, flags, out);
}

BARIO_API int bario_open_sim(const char *text, const char *name,
			     struct bario **out)
{
	struct bario *dev;

	error_at_nothing();
	dev = new_handle(&backend_sim, BARIO_OPEN_CONFIG);
	if (!dev)
		return -ENOMEM;
	return opened(dev, sim_open_text(dev, text, name), out);
}

static void end_mapping(struct mapping *map)
{
	munmap(map->pages, map->length);
	free(map);
}

BARIO_API void bario_close(struct bario *dev)
{
	struct mapping *map, *next;

	if (!dev)
		return;
	for (map = dev->mappings; map; map = next) {
		next = map->next;
		end_mapping(map);
	}
	dev->backend->close(dev);
	free(dev);
}

/* ---- facts ---- */

BARIO_API int bario_info(struct bario *dev, struct bario_info *info)
{
	error_at_function(&dev->address);
	return dev->backend->info(dev, info);
}

BARIO_API int bario_list(const char *name,
			 int (*each)(const struct bario_info *info, void *arg),
			 void *arg)
{
	const struct backend *backend = best_backend();

	error_at_nothing();
	if (name)
		backend = backend_named(name, strlen(name));
	if (!backend)
		return fail(ENODEV, BARIO_CAUSE_BACKEND,
			    "'%.100s' is no back end of this system that has a list",
			    name);
	return backend->list(each, arg);
}

BARIO_API const char *bario_name(const struct bario *dev)
{
	return dev->name;
}

BARIO_API const char *bario_backend(const struct bario *dev)
{
	return dev->backend->name;
}

BARIO_API unsigned int bario_can(const struct bario *dev)
{
	return dev->can;
}

/* ---- accesses ---- */

static int one_access(struct bario *dev, const struct access *access,
		      uint64_t *value)
{
	int error;

	error_at_access(dev, access);
	if (access->space >= BARIO_BARS_MAX)
		return fail(EINVAL, BARIO_CAUSE_BAR, "a BAR is 0 to 5");
	error = check_args(dev, access, *value);
	return error ? error : dev->backend->access(dev, access, value);
}

BARIO_API int bario_read(struct bario *dev, unsigned int bar, uint64_t offset,
			 unsigned int width, uint64_t *value)
{
	const struct access access = {
		.space = bar, .width = width, .offset = offset,
	};
	uint64_t got = 0;
	const int error = one_access(dev, &access, &got);

	if (!error)
		*value = got;
	return error;
}

BARIO_API int bario_write(struct bario *dev, unsigned int bar, uint64_t offset,
			  unsigned int width, uint64_t value)
{
	const struct access access = {
		.write = true, .space = bar, .width = width, .offset = offset,
	};

	return one_access(dev, &access, &value);
}

/* No configuration space is smaller. */
#define CONFIG_LEAST	256

/* What is past the end is all ones for some back ends, and an error for others. */
static int check_config_end(struct bario *dev, const struct access *access)
{
	unsigned int size;
	int error;

	/* A multiple of the width, and so all of it is there or nothing. */
	if (access->offset < CONFIG_LEAST)
		return 0;
	error = dev->backend->config_size(dev, &size);
	if (!error && access->offset >= size)
		error = fail(EINVAL, BARIO_CAUSE_RANGE,
			     "past the end: configuration space has %u bytes",
			     size);
	return error;
}

static int one_config(struct bario *dev, const struct access *access,
		      uint32_t *value)
{
	int error;

	error_at_access(dev, access);
	error = check_args(dev, access, *value);
	if (!error)
		error = check_config_end(dev, access);
	return error ? error : dev->backend->config(dev, access, value);
}

BARIO_API int bario_config_size(struct bario *dev, unsigned int *size)
{
	error_at_function(&dev->address);
	return dev->backend->config_size(dev, size);
}

BARIO_API int bario_config_read(struct bario *dev, unsigned int offset,
				unsigned int width, uint32_t *value)
{
	const struct access access = {
		.space = BARIO_SPACE_CONFIG, .width = width, .offset = offset,
	};
	uint32_t got = 0;
	const int error = one_config(dev, &access, &got);

	if (!error)
		*value = got;
	return error;
}

BARIO_API int bario_config_write(struct bario *dev, unsigned int offset,
				 unsigned int width, uint32_t value)
{
	const struct access access = {
		.write = true, .space = BARIO_SPACE_CONFIG, .width = width,
		.offset = offset,
	};

	return one_config(dev, &access, &value);
}

BARIO_API int bario_check(struct bario *dev, unsigned int space,
			  uint64_t offset, unsigned int width,
			  unsigned int rights)
{
	const bool info_only = (dev->flags & BARIO_OPEN_INFO) && !dev->denied;
	const struct access access = {
		.write = rights & BARIO_RIGHT_WRITE, .space = space,
		.width = width, .offset = offset,
	};
	struct bario_info info;
	int error;

	error_at_access(dev, &access);
	if (!rights || rights & ~(BARIO_RIGHT_READ | BARIO_RIGHT_WRITE))
		return fail(EINVAL, BARIO_CAUSE_OPERATION,
			    "%#x is not a set of rights to read and write",
			    rights);
	error = info_only ? check_numbers(&access, 0) :
		check_args(dev, &access, 0);
	if (error)
		return error;
	if (space == BARIO_SPACE_CONFIG) {
		error = check_config_end(dev, &access);
	} else {
		error = dev->backend->info(dev, &info);
		if (!error)
			error = check_bar(dev, &access, &info.bars[space]);
	}
	if (!error && !info_only && dev->backend->rights)
		error = dev->backend->rights(dev, &access, rights);
	return error;
}

/* ---- obstacles ---- */

int obstacle_check(struct bario *dev, unsigned int bar, enum obstacle which)
{
	struct bario_info info;
	int error;

	error_at_nothing();
	error = dev->backend->info(dev, &info);
	return error ? error : dev->backend->obstacle(dev, &info, bar, which);
}

/* ---- mapping ---- */

BARIO_API int bario_map(struct bario *dev, unsigned int bar, unsigned int flags,
			volatile void **base, uint64_t *length)
{
	const struct access access = { .space = bar, .width = 1 };
	struct mapping *map;
	struct bario_info info;
	int error;

	error_at_bar(dev, bar);
	if (flags & ~BARIO_MAP_WRITE)
		return fail(EINVAL, BARIO_CAUSE_OPERATION,
			    "%#x is no set of flags to map with", flags);
	if (bar >= BARIO_BARS_MAX)
		return fail(EINVAL, BARIO_CAUSE_BAR, "a BAR is 0 to 5");
	error = check_args(dev, &access, 0);
	if (!error && !dev->backend->map)
		error = fail(EOPNOTSUPP, BARIO_CAUSE_UNSUPPORTED,
			     "what is simulated can't be mapped");
	if (!error)
		error = dev->backend->info(dev, &info);
	if (!error)
		error = check_bar(dev, &access, &info.bars[bar]);
	if (!error && info.bars[bar].kind == BARIO_KIND_PORT)
		error = fail(EOPNOTSUPP, BARIO_CAUSE_UNSUPPORTED,
			     "a port BAR can't be mapped");
	if (error)
		return error;
	map = calloc(1, sizeof(*map));
	if (!map)
		return fail_memory();
	error = dev->backend->map(dev, bar, flags & BARIO_MAP_WRITE, map,
				  length);
	if (error) {
		free(map);
		return error;
	}
	map->next = dev->mappings;
	dev->mappings = map;
	*base = map->base;
	return 0;
}

BARIO_API int bario_unmap(struct bario *dev, volatile void *base)
{
	struct mapping **at, *map;

	for (at = &dev->mappings; *at; at = &(*at)->next) {
		if ((*at)->base != base)
			continue;
		map = *at;
		*at = map->next;
		end_mapping(map);
		return 0;
	}
	error_at_function(&dev->address);
	return fail(EINVAL, BARIO_CAUSE_OPERATION,
		    "this handle has no mapping there");
}
