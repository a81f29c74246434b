// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The public functions on a handle: checks that all back ends share, then theirs. */
#include <stdlib.h>
#include <sys/mman.h>
#include "internal.h"

int handle_begin(uint32_t flags, struct bario **out)
{
	*out = NULL;
	error_at_nothing();
	if ((flags & BARIO_OPEN_INFO) && (flags & BARIO_OPEN_CONFIG))
		return fail(EINVAL, BARIO_CAUSE_OPERATION,
			    "%#x are flags that exclude each other", flags);
	return check_flags(flags, BARIO_OPEN_INFO | BARIO_OPEN_CONFIG, "open");
}

struct bario *handle_new(const struct backend *backend, uint32_t flags)
{
	struct bario *dev = calloc(1, sizeof(*dev));

	if (dev) {
		dev->backend = backend;
		dev->asked = flags;
		dev->flags = flags;
	} else {
		fail_memory();
	}
	return dev;
}

int handle_end(struct bario *dev, int error, struct bario **out)
{
	if (error) {
		free(dev);
		return error;
	}
	bario_address_text(&dev->address, dev->name);
	*out = dev;
	return 0;
}

static void end_mapping(struct mapping *map)
{
	munmap(map->pages, map->length);
	free(map);
}

BARIO_API int bario_fd(struct bario *dev)
{
	error_at_function(dev);
	return dev->backend->fd(dev);
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

/* ---- information ---- */

BARIO_API int bario_get_info(struct bario *dev, struct bario_info *info,
			     size_t size)
{
	struct bario_info now;
	int error;

	error_at_function(dev);
	error = check_size(size);
	if (!error)
		error = dev->backend->info(dev, &now);
	if (!error)
		copy_out(info, size, &now, sizeof(now));
	return error;
}

BARIO_API uint32_t bario_version(void)
{
	return BARIO_VERSION;
}

BARIO_API const char *bario_name(const struct bario *dev)
{
	return dev->name;
}

BARIO_API const char *bario_backend(const struct bario *dev)
{
	return dev->backend->name;
}

BARIO_API uint32_t bario_can(const struct bario *dev)
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

BARIO_API int bario_read(struct bario *dev, uint32_t bar, uint64_t offset,
			 uint32_t width, uint64_t *value)
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

BARIO_API int bario_write(struct bario *dev, uint32_t bar, uint64_t offset,
			  uint32_t width, uint64_t value)
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

BARIO_API int bario_config_size(struct bario *dev, uint32_t *size)
{
	error_at_function(dev);
	return dev->backend->config_size(dev, size);
}

BARIO_API int bario_config_read(struct bario *dev, uint32_t offset,
				uint32_t width, uint32_t *value)
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

BARIO_API int bario_config_write(struct bario *dev, uint32_t offset,
				 uint32_t width, uint32_t value)
{
	const struct access access = {
		.write = true, .space = BARIO_SPACE_CONFIG, .width = width,
		.offset = offset,
	};

	return one_config(dev, &access, &value);
}

BARIO_API int bario_check(struct bario *dev, uint32_t space,
			  uint64_t offset, uint32_t width,
			  uint32_t rights)
{
	const bool info_only = dev->asked & BARIO_OPEN_INFO;
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
	if (!error && !info_only)
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

/* Whatever the back end: is this BAR one that can be mapped? */
static int check_map(struct bario *dev, unsigned int bar)
{
	const struct access access = { .space = bar, .width = 1 };
	struct bario_info info;
	int error;

	if (bar >= BARIO_BARS_MAX)
		return fail(EINVAL, BARIO_CAUSE_BAR, "a BAR is 0 to 5");
	error = check_args(dev, &access, 0);
	/* A back end without mappings says so, whatever the BAR. */
	if (!error && !(dev->can & BARIO_CAN_MAP))
		error = dev->backend->map(dev, bar, false, NULL, NULL);
	if (!error)
		error = dev->backend->info(dev, &info);
	if (!error)
		error = check_bar(dev, &access, &info.bars[bar]);
	if (!error && info.bars[bar].kind == BARIO_KIND_PORT)
		error = fail(EOPNOTSUPP, BARIO_CAUSE_UNSUPPORTED,
			     "a port BAR can't be mapped");
	return error;
}

BARIO_API volatile void *bario_map(struct bario *dev, uint32_t bar,
				   uint32_t flags, uint64_t *length)
{
	struct mapping *map;
	uint64_t mapped;

	error_at_bar(dev, bar);
	if (check_flags(flags, BARIO_MAP_WRITE, "map") || check_map(dev, bar))
		return NULL;
	map = calloc(1, sizeof(*map));
	if (!map) {
		fail_memory();
		return NULL;
	}
	if (dev->backend->map(dev, bar, flags & BARIO_MAP_WRITE, map, &mapped)) {
		free(map);
		return NULL;
	}
	map->next = dev->mappings;
	dev->mappings = map;
	if (length)
		*length = mapped;
	return map->base;
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
	error_at_function(dev);
	return fail(EINVAL, BARIO_CAUSE_OPERATION,
		    "this handle has no mapping there");
}
