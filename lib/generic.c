// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* What a back end has that does not have something of its own. */
#include <unistd.h>
#include "generic.h"
#include "system.h"

bool generic_absent(void)
{
	return false;
}

int generic_list(list_each *each, void *arg)
{
	(void)each;
	(void)arg;
	return fail(ENODEV, BARIO_CAUSE_BACKEND, "this back end has no list");
}

bool generic_owns_fd(int fd)
{
	(void)fd;
	return false;
}

int generic_publish(struct barioc_publish *request)
{
	(void)request;
	return fail(EOPNOTSUPP, BARIO_CAUSE_UNSUPPORTED,
		    "names need bario.ko");
}

static int fail_opening(const struct bario *dev, const char *what)
{
	return fail(EOPNOTSUPP, BARIO_CAUSE_UNSUPPORTED,
		    "the back end %s opens no %s", dev->backend->name, what);
}

int generic_open_address(struct bario *dev)
{
	return fail_opening(dev, "address");
}

int generic_open_path(struct bario *dev, const char *path,
		      const struct bario_address *address)
{
	(void)path;
	(void)address;
	return fail_opening(dev, "node");
}

int generic_open_fd(struct bario *dev, int fd,
		    const struct bario_address *address)
{
	(void)address;
	close(fd);
	return fail_opening(dev, "descriptor");
}

int generic_info_only(const struct bario *dev)
{
	(void)dev;
	return fail(EPERM, BARIO_CAUSE_PERMISSION,
		    "this handle was opened for information alone");
}

int generic_holder(struct bario *dev, const struct bario_info *info,
		   unsigned int bar, struct bario_held *held)
{
	(void)dev;
	(void)bar;
	held->by = BARIO_HELD_NONE;
	if (info->driver[0] && !system_is_stub(info->driver)) {
		held->by = BARIO_HELD_DRIVER;
		memcpy(held->name, info->driver, sizeof(held->name));
	}
	return 0;
}

_Static_assert(sizeof(((struct bario_held *)0)->name) ==
	       sizeof(((struct bario_info *)0)->driver),
	       "a driver's name fits");

int generic_busy(struct bario *dev, unsigned int bar)
{
	const struct bario_held unknown = { 0 };
	struct bario_info info;
	int error = dev->backend->info(dev, &info);

	if (!error)
		error = check_holder(dev, &info, bar);
	return error ? error : fail_claimed(&unknown);
}

int generic_map(struct bario *dev, unsigned int bar, bool write,
		struct mapping *map, uint64_t *length)
{
	(void)bar;
	(void)write;
	(void)map;
	(void)length;
	return fail(EOPNOTSUPP, BARIO_CAUSE_UNSUPPORTED,
		    "the back end %s can't map BARs", dev->backend->name);
}

int generic_fd(struct bario *dev)
{
	return fail(EOPNOTSUPP, BARIO_CAUSE_UNSUPPORTED,
		    "the back end %s has no descriptor that others could use",
		    dev->backend->name);
}

static int fail_grants(const struct bario *dev)
{
	return system_hint_backend(fail(EOPNOTSUPP, BARIO_CAUSE_UNSUPPORTED,
					"grants need bario.ko, but the back end is %s",
					dev->backend->name));
}

int generic_derive(struct bario *dev, struct barioc_derive *request)
{
	(void)request;
	return fail_grants(dev);
}

int generic_revoke(struct bario *dev, struct barioc_revoke *request)
{
	(void)request;
	return fail_grants(dev);
}

int generic_grant(struct bario *dev, struct barioc_grant *request)
{
	(void)request;
	return fail_grants(dev);
}
