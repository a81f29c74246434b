// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Opening a function by its name, and the list of all: which back end is it? */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include "log.h"
#include "name.h"

/* What the caller gets, and how. */
static int end_opening(struct bario *dev, int error, const char *what,
		       struct bario **out)
{
	error = handle_end(dev, error, out);
	if (error)
		return error;
	if (dev->flags != dev->asked)
		log_line(BARIO_LOG_WARNING,
			 "%s: opened as %s through %s, for information alone: its node could not be opened",
			 what, dev->name, dev->backend->name);
	else
		log_line(BARIO_LOG_INFO, "%s: opened as %s through %s", what,
			 dev->name, dev->backend->name);
	return 0;
}

static int open_descriptor(int fd, const struct bario_address *address,
			   uint32_t flags, struct bario **out)
{
	const struct backend *backend = backend_of_fd(fd);
	struct bario *dev = handle_new(backend, flags);
	int own, error;

	if (!dev)
		return -ENOMEM;
	own = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	error = own < 0 ? fail_system("descriptor %d", fd) :
		backend->open_fd(dev, own, address);
	return end_opening(dev, error, "a descriptor", out);
}

static int open_target(const char *name, struct target *target, uint32_t flags,
		       struct bario **out)
{
	const struct backend *backend = target->backend;
	const struct bario_address *address =
		target->has_address ? &target->address : NULL;
	struct bario *dev;
	int error;

	if (target->kind == TARGET_FD)
		return open_descriptor(target->fd, address, flags, out);
	if (!backend) {
		backend = backend_best();
		log_line(BARIO_LOG_DEBUG, "%s: the back end is %s", name,
			 backend->name);
	}
	if (target->kind == TARGET_ID) {
		error = target_find(backend, target);
		if (error)
			return error;
	}
	dev = handle_new(backend, flags);
	if (!dev)
		return -ENOMEM;
	dev->named = target->backend;
	if (target->kind == TARGET_PATH)
		return end_opening(dev, backend->open_path(dev, target->path,
							   address), name, out);
	dev->address = target->address;
	bario_address_text(&dev->address, dev->name);
	error_at_function(dev);
	return end_opening(dev, backend->open_address(dev), name, out);
}

BARIO_API int bario_open(const char *device, uint32_t flags, struct bario **out)
{
	struct target target;
	int error = handle_begin(flags, out);

	if (!error)
		error = target_parse(device, &target);
	return error ? error : open_target(device, &target, flags, out);
}

BARIO_API int bario_open_fd(int fd, const char *text, uint32_t flags,
			    struct bario **out)
{
	struct bario_address address;
	int error = handle_begin(flags, out);

	if (!error && text)
		error = bario_address_parse(text, &address);
	if (error)
		return error;
	return open_descriptor(fd, text ? &address : NULL, flags, out);
}

/* ---- the list ---- */

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
	const struct backend *backend = backend_best();
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
			    "'%.100s' is not a back end of this system that has a list",
			    name);
	walk.copy = malloc(size);
	if (!walk.copy)
		return fail_memory();
	error = backend->list(walk_one, &walk);
	free(walk.copy);
	/* Whatever @each returned; it may have used the library since. */
	return walk.ended ? 1 : error;
}
