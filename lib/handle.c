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

/* What each way to open begins with: a handle that is NULL unless it succeeds. */
static int begin_opening(uint32_t flags, struct bario **out)
{
	*out = NULL;
	error_at_nothing();
	if ((flags & BARIO_OPEN_INFO) && (flags & BARIO_OPEN_CONFIG))
		return fail(EINVAL, BARIO_CAUSE_OPERATION,
			    "%#x are flags that exclude each other", flags);
	return check_flags(flags, BARIO_OPEN_INFO | BARIO_OPEN_CONFIG, "open");
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
	error_at_function(dev);
	return opened(dev, backend->open(dev), out);
}

static int open_descriptor(int fd, const struct bario_address *address,
			   unsigned int flags, struct bario **out)
{
	struct bario *dev = new_handle(sim_is_ours(fd) ? &backend_sim :
				       &backend_pci, flags);
	int error;

	if (!dev)
		return -ENOMEM;
	dev->fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	error = dev->fd < 0 ? fail_system("descriptor %d", fd) :
		dev->backend->open_path(dev, NULL, address);
	return opened(dev, error, out);
}

BARIO_API int bario_open(const char *device, uint32_t flags,
			 struct bario **out)
{
	struct target target;
	struct bario *dev;
	int error;

	error = begin_opening(flags, out);
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

BARIO_API int bario_open_fd(int fd, const char *text, uint32_t flags,
			    struct bario **out)
{
	struct bario_address address;
	int error;

	error = begin_opening(flags, out);
	if (!error && text && !address_parse(text, &address))
		error = fail(EINVAL, BARIO_CAUSE_NAME,
			     "'%.100s' is no address, as 0000:03:00.0 is", text);
	if (error)
		return error;
	return open_descriptor(fd, text ? &address : NULL, flags, out);
}

BARIO_API int bario_open_sim(const char *text, const char *name,
			     uint32_t flags, struct bario **out)
{
	struct bario *dev;
	const int error = begin_opening(flags, out);

	if (error)
		return error;
	dev = new_handle(&backend_sim, flags);
	if (!dev)
		return -ENOMEM;
	return opened(dev, sim_open_text(dev, text, name, NULL), out);
}

BARIO_API int bario_open_model(const char *text, const char *name,
			       const struct bario_model *model, size_t size,
			       uint32_t flags, struct bario **out)
{
	struct bario_model copy;
	struct bario *dev;
	int error = begin_opening(flags, out);

	if (!error)
		error = sim_model_copy(&copy, model, size);
	if (error)
		return error;
	dev = new_handle(&backend_sim, flags);
	if (!dev)
		return -ENOMEM;
	return opened(dev, sim_open_text(dev, text, name, &copy), out);
}

static void end_mapping(struct mapping *map)
{
	munmap(map->pages, map->length);
	free(map);
}

BARIO_API int bario_fd(struct bario *dev)
{
	error_at_function(dev);
	if (dev->backend == &backend_pci || dev->backend == &backend_sim)
		return dev->fd;
	return fail(EOPNOTSUPP, BARIO_CAUSE_UNSUPPORTED,
		    "%s has no descriptor that others could use",
		    dev->backend->name);
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

int check_flags(uint32_t flags, uint32_t known, const char *what)
{
	if (!(flags & ~known))
		return 0;
	return fail(EINVAL, BARIO_CAUSE_OPERATION,
		    "%#x is not a set of flags to %s", flags, what);
}

int check_size(size_t size)
{
	return size ? 0 : fail(EINVAL, BARIO_CAUSE_OPERATION,
			       "the structure has no size");
}

void copy_out(void *to, size_t size, const void *from, size_t known)
{
	if (size > known)
		memset((char *)to + known, 0, size - known);
	memcpy(to, from, size < known ? size : known);
}

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

/* What the caller of bario_list() wants, and gets @copy of its own size. */
struct walk {
	int	(*each)(const struct bario_info *info, void *arg);
	void	*arg;
	void	*copy;
	size_t	size;
	bool	ended;
};

static int walk_one(const struct bario_info *info, void *arg)
{
	struct walk *walk = arg;

	copy_out(walk->copy, walk->size, info, sizeof(*info));
	walk->ended = walk->each(walk->copy, walk->arg);
	return walk->ended;
}

BARIO_API int bario_list(const char *name, uint32_t flags,
			 int (*each)(const struct bario_info *info, void *arg),
			 void *arg, size_t size)
{
	const struct backend *backend = best_backend();
	struct walk walk = { .each = each, .arg = arg, .size = size };
	int error;

	error_at_nothing();
	error = check_flags(flags, 0, "list");
	if (!error)
		error = check_size(size);
	if (error)
		return error;
	if (name)
		backend = backend_named(name, strlen(name));
	if (!backend)
		return fail(ENODEV, BARIO_CAUSE_BACKEND,
			    "'%.100s' is no back end of this system that has a list",
			    name);
	walk.copy = malloc(size);
	if (!walk.copy)
		return fail_memory();
	error = backend->list(walk_one, &walk);
	free(walk.copy);
	/* Whatever @each returned; it may have used the library since. */
	return walk.ended ? 1 : error;
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

/* Whatever the back end: is this BAR one that can be mapped? */
static int check_map(struct bario *dev, unsigned int bar)
{
	const struct access access = { .space = bar, .width = 1 };
	struct bario_info info;
	int error;

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
