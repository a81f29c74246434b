// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * The back end pci on FreeBSD, in place of pcilinux.c, module.c and sysfs's files.
 * Linux's tests build the library so, too, and run it on bario.ko's /dev/pci.
 */
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "generic.h"
#include "pci.h"
#include "system.h"

/* After "devctl disable" the name is still there. */
static void refine_driver(int fd, struct bario_info *info)
{
	struct pci_io io = { .pi_sel = pci_selector(&info->address) };
	bool asked = !ioctl(fd, PCIOCATTACHED, &io);

	if (!asked && errno == EPERM) {
		/* Only a file that is open for writing gets an answer. */
		fd = open(PCI_NODE, O_RDWR | O_CLOEXEC);
		if (fd >= 0) {
			asked = !ioctl(fd, PCIOCATTACHED, &io);
			close(fd);
		}
	}
	if (asked && !io.pi_data)
		info->driver[0] = '\0';
}

static int freebsd_list(list_each *each, void *arg)
{
	return pci_list(each, arg, refine_driver);
}

static int freebsd_info(struct bario *dev, struct bario_info *info)
{
	return pci_info(dev, info, refine_driver);
}

static int freebsd_open_path(struct bario *dev, const char *path,
			     const struct bario_address *address)
{
	const int error = pci_open_path(dev, path, address);

	if (!error)
		dev->can |= BARIO_CAN_DECODE;
	return error;
}

static int freebsd_open_fd(struct bario *dev, int fd,
			   const struct bario_address *address)
{
	const int error = pci_open_fd(dev, fd, address);

	if (!error)
		dev->can |= BARIO_CAN_DECODE;
	return error;
}

static int freebsd_open_address(struct bario *dev)
{
	return freebsd_open_path(dev, PCI_NODE, &dev->address);
}

/* ---- obstacles ---- */

static int freebsd_rights(struct bario *dev, const struct access *access,
			  unsigned int rights)
{
	(void)rights;
	if (access->space == BARIO_SPACE_CONFIG && !access->write)
		return 0;
	return pci_check_writable(dev, access);
}

/* Beside pci(4) nothing shows a function. */
static int freebsd_obstacle(struct bario *dev, const struct bario_info *info,
			    unsigned int bar, enum obstacle which)
{
	switch (which) {
	case OBSTACLE_ADDRESS:
		return info->bars[bar].assigned ? 0 : fail_unassigned(dev, bar);
	case OBSTACLE_HOLDER:
		return check_holder(dev, info, bar);
	case OBSTACLE_DECODE:
		return check_decoded(dev, &info->bars[bar]);
	case OBSTACLE_POWER:
	case OBSTACLE_BRIDGE:
	case OBSTACLE_RIGHTS:
		break;
	}
	return 0;
}

/* Drivers have single BARs, and pci(4) does not say which. */
static int freebsd_holder(struct bario *dev, const struct bario_info *info,
			  unsigned int bar, struct bario_held *held)
{
	if (!info->bars[bar].assigned)
		return generic_holder(dev, info, bar, held);
	held->by = BARIO_HELD_UNKNOWN;
	return 0;
}

static int freebsd_busy(struct bario *dev, unsigned int bar)
{
	struct bario_info info;
	int error = dev->backend->info(dev, &info);

	(void)bar;
	if (error)
		return error;
	if (info.driver[0])
		return system_hint_driver(dev, fail(EBUSY, BARIO_CAUSE_DRIVER,
						    "the driver %s has this BAR, or the system found no space for it",
						    info.driver), info.driver);
	return fail(EBUSY, BARIO_CAUSE_CLAIMED,
		    "the system found no space for this BAR, or something in the kernel has it");
}

/* ---- accesses ---- */

/* FreeBSD leaves some of it unchecked, and its sum of 32 bits wraps. */
static int freebsd_access(struct bario *dev, const struct access *access,
			  uint64_t *value)
{
	int error = check_bar(dev, access,
			      &pci_of(dev)->info.bars[access->space]);

	if (!error && (access->width == 8 ||
		       access->offset > UINT32_MAX - access->width))
		error = fail(EOPNOTSUPP, BARIO_CAUSE_UNSUPPORTED,
			     "this interface has 32 bits for a value and for offset + width");
	if (!error)
		error = pci_access(dev, access, value);
	if (error || access->write)
		return error;
	return check_silent(dev, access, *value);
}

/*
 * FreeBSD maps what a driver has, and a BAR that it found no space for, which may
 * never return.  An access of a width that there is not gets as far as to allocate the
 * BAR and turn decoding on, and then is EINVAL.
 */
static int freebsd_map(struct bario *dev, unsigned int bar, bool write,
		       struct mapping *map, uint64_t *length)
{
	const struct access access = { .space = bar, .width = 1 };
	struct pci_bar_ioreq req = {
		.pbi_sel = pci_selector(&dev->address),
		.pbi_op = PCIBARIO_READ,
		.pbi_bar = bar,
		.pbi_width = 3,
	};

	if (ioctl(pci_of(dev)->fd, PCIOCBARIO, &req) && errno != EINVAL)
		return pci_fail(dev, &access, errno);
	return pci_map(dev, bar, write, map, length);
}

/* ---- grants ---- */

static int fail_grants(void)
{
	return fail(EOPNOTSUPP, BARIO_CAUSE_UNSUPPORTED,
		    "grants need bario.ko, which is for Linux");
}

static int freebsd_derive(struct bario *dev, struct barioc_derive *request)
{
	(void)dev;
	(void)request;
	return fail_grants();
}

static int freebsd_revoke(struct bario *dev, struct barioc_revoke *request)
{
	(void)dev;
	(void)request;
	return fail_grants();
}

static int freebsd_grant(struct bario *dev, struct barioc_grant *request)
{
	(void)dev;
	(void)request;
	return fail_grants();
}

static int freebsd_publish(struct barioc_publish *request)
{
	(void)request;
	return fail_grants();
}

const struct backend backend_pci = {
	.name = "pci",
	.takes_file = false,
	.present = pci_present,
	.list = freebsd_list,
	.owns_fd = pci_owns_fd,
	.publish = freebsd_publish,
	.unpublish = freebsd_publish,
	.open_address = freebsd_open_address,
	.open_path = freebsd_open_path,
	.open_fd = freebsd_open_fd,
	.close = pci_close,
	.info = freebsd_info,
	.info_only = generic_info_only,
	.rights = freebsd_rights,
	.obstacle = freebsd_obstacle,
	.holder = freebsd_holder,
	.busy = freebsd_busy,
	.access = freebsd_access,
	.config = pci_config,
	.config_size = pci_config_size,
	.run = generic_run,
	.wait = generic_wait,
	.now = generic_now,
	.lock = generic_lock,
	.unlock = generic_unlock,
	.allowed = generic_allowed,
	.map = freebsd_map,
	.fd = pci_fd,
	.derive = freebsd_derive,
	.revoke = freebsd_revoke,
	.grant = freebsd_grant,
	.hint_unassigned = system_hint_unassigned,
	.hint_driver = system_hint_driver,
	.hint_decode = system_hint_decode,
};
