// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * The back end pci on Linux: pci(4)'s requests, bario.ko's own, and what /sys shows of
 * a function beside them.
 */
#include <endian.h>
#include "generic.h"
#include "iomem.h"
#include "module.h"
#include "sysfs.h"
#include "system.h"

static int linux_list(list_each *each, void *arg)
{
	return pci_list(each, arg, module_refine);
}

static int linux_info(struct bario *dev, struct bario_info *info)
{
	return pci_info(dev, info, module_refine);
}

/* ---- what /sys shows ---- */

/* None in a container without /sys, say; then -EPERM. */
static int begin_shown(struct sysfs *fn, const struct bario *dev)
{
	return sysfs_begin(fn, &dev->address) ?
		fail(EPERM, BARIO_CAUSE_PERMISSION,
		     "the file is not open for writing") : 0;
}

static int shown_config(const struct bario *dev, const struct access *access,
			uint32_t *value)
{
	uint32_t data = 0;
	struct sysfs fn;
	int error = begin_shown(&fn, dev);

	if (error)
		return error;
	error = sysfs_read_config(&fn, access->offset, &data, access->width);
	*value = le32toh(data);
	sysfs_end(&fn);
	return error;
}

static int shown_config_size(const struct bario *dev, unsigned int *size)
{
	struct sysfs fn;
	int error = begin_shown(&fn, dev);

	if (error)
		return error;
	error = sysfs_config_size(&fn, size);
	sysfs_end(&fn);
	return error;
}

/* 0, too, where nothing is shown. */
static int shown_obstacle(struct bario *dev, const struct bario_info *info,
			  unsigned int bar, enum obstacle which)
{
	struct sysfs_resources resources;
	struct error_copy before;
	struct sysfs fn;
	int error = 0;

	error_save(&before);
	if (begin_shown(&fn, dev)) {
		error_restore(&before);
		return 0;
	}
	if (sysfs_read_resources(&fn, &resources))
		error_restore(&before);
	else
		error = sysfs_obstacle(dev, &fn, &resources, bar,
				       info->bars[bar].kind, which);
	sysfs_end(&fn);
	return error;
}

/* ---- opening ---- */

/* The node of the function was not to be opened: why. */
static int fail_denied(const struct bario *dev, int code)
{
	char node[BARIO_NODE_TEXT];
	const char *path = module_node(&dev->address, node) ?
		node : PCI_NODE;

	return system_fail_denied(path, code);
}

static int linux_open_path(struct bario *dev, const char *path,
			   const struct bario_address *address)
{
	const int error = pci_open_path(dev, path, address);

	if (!error)
		module_begin(dev);
	return error;
}

static int linux_open_fd(struct bario *dev, int fd,
			 const struct bario_address *address)
{
	const int error = pci_open_fd(dev, fd, address);

	if (!error)
		module_begin(dev);
	return error;
}

/* A user who may not open the node is still shown information. */
static int open_shown(struct bario *dev, int code)
{
	const struct access id = { .space = BARIO_SPACE_CONFIG, .width = 4 };
	uint32_t value;

	if (shown_config(dev, &id, &value))
		return fail_denied(dev, code);
	dev->flags |= BARIO_OPEN_INFO;
	if (linux_open_path(dev, PCI_NODE, &dev->address))
		return fail_denied(dev, code);
	pci_of(dev)->denied = code;
	return 0;
}

static int linux_open_address(struct bario *dev)
{
	const char *path = PCI_NODE;
	char node[BARIO_NODE_TEXT];
	int error;

	if (!dev->flags && module_node(&dev->address, node))
		path = node;
	error = linux_open_path(dev, path, &dev->address);
	if (!dev->named && !dev->flags && (error == -EACCES || error == -EPERM))
		error = open_shown(dev, -error);
	return error;
}

static int linux_info_only(const struct bario *dev)
{
	const int denied = pci_of(dev)->denied;

	return denied ? fail_denied(dev, denied) : generic_info_only(dev);
}

/* ---- obstacles ---- */

static int linux_obstacle(struct bario *dev, const struct bario_info *info,
			  unsigned int bar, enum obstacle which)
{
	const int denied = pci_of(dev)->denied;
	int error;

	switch (which) {
	case OBSTACLE_ADDRESS:
		error = shown_obstacle(dev, info, bar, which);
		if (!error && !info->bars[bar].assigned)
			error = fail_unassigned(dev, bar);
		return error;
	case OBSTACLE_HOLDER:
		return check_holder(dev, info, bar);
	case OBSTACLE_DECODE:
		return check_decoded(dev, &info->bars[bar]);
	case OBSTACLE_POWER:
	case OBSTACLE_BRIDGE:
		return shown_obstacle(dev, info, bar, which);
	case OBSTACLE_RIGHTS:
		return denied ? fail_denied(dev, denied) : 0;
	}
	return 0;
}

static int linux_holder(struct bario *dev, const struct bario_info *info,
			unsigned int bar, struct bario_held *held)
{
	const int error = module_holder(dev, bar, held);
	struct bario_held listed;

	if (error || held->by != BARIO_HELD_OTHER)
		return error;
	listed = iomem_holder(dev->name, &info->bars[bar]);
	if (listed.by == BARIO_HELD_OTHER)
		*held = listed;
	return 0;
}

/* ---- configuration space ---- */

/* What the node may not read is read as the system shows it, unless pci was named. */
static int linux_config(struct bario *dev, const struct access *access,
			uint32_t *value)
{
	const int code = pci_config_errno(dev, access, value);

	if (code == EPERM && !dev->named && !access->write)
		return shown_config(dev, access, value);
	return code ? pci_fail_config(dev, access, code) : 0;
}

static int linux_config_size(struct bario *dev, unsigned int *size)
{
	if (!dev->named && (dev->flags & BARIO_OPEN_INFO))
		return shown_config_size(dev, size);
	return pci_config_size(dev, size);
}

const struct backend backend_pci = {
	.name = "pci",
	.takes_file = false,
	.present = pci_present,
	.list = linux_list,
	.owns_fd = pci_owns_fd,
	.publish = module_publish,
	.unpublish = module_unpublish,
	.open_address = linux_open_address,
	.open_path = linux_open_path,
	.open_fd = linux_open_fd,
	.close = pci_close,
	.info = linux_info,
	.info_only = linux_info_only,
	.rights = module_rights,
	.obstacle = linux_obstacle,
	.holder = linux_holder,
	.busy = generic_busy,
	.access = module_access,
	.config = linux_config,
	.config_size = linux_config_size,
	.run = module_run,
	.wait = generic_wait,
	.now = generic_now,
	.lock = generic_lock,
	.unlock = generic_unlock,
	.allowed = generic_allowed,
	.map = pci_map,
	.fd = pci_fd,
	.derive = module_derive,
	.revoke = module_revoke,
	.grant = module_grant,
	.hint_unassigned = system_hint_unassigned,
	.hint_driver = system_hint_driver,
	.hint_decode = system_hint_decode,
};
