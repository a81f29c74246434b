// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * FreeBSD: pci(4) as it is there, and the commands that help. In place of linux.c,
 * module.c and sysfs's files. Linux's tests build the library so, too, and run it on
 * bario.ko's /dev/pci.
 */
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "module.h"
#include "sim.h"

const struct backend *const backends[] = { &backend_pci, NULL };

/* The one that bhyve passes devices through with. */
bool is_stub(const char *driver)
{
	return !strcmp(driver, "ppt");
}

int fail_denied(const char *path, int code)
{
	if (code == EACCES)
		return help_rights(fail(EACCES, BARIO_CAUSE_PERMISSION,
					"no permission to open %s", path));
	return error_hint(fail(EPERM, BARIO_CAUSE_PERMISSION,
			       "%s cannot be opened for writing: the securelevel is above 0",
			       path), "sysctl kern.securelevel; security(7)");
}

int help_rights(int error)
{
	return error_hint(error, "run it as root, or be given the node: devfs.rules(5)");
}

int help_backend(int error)
{
	return error_hint(error, "in a jail, show it: devfs -m JAIL/dev rule apply path pci unhide");
}

int help_unassigned(int error, unsigned int bar)
{
	(void)bar;
	return error_hint(error, "pciconf -lb shows the BARs that have one");
}

int help_driver(int error, const struct bario_address *address,
		const char *driver)
{
	(void)driver;
	return error_hint(error, "take it from the driver, and so from all that uses it: devctl detach pci%u:%u:%u:%u",
			  address->domain, address->bus, address->dev,
			  address->func);
}

int help_decode(int error, const struct bario_address *address,
		uint32_t kind)
{
	const int bit = kind == BARIO_KIND_PORT ? 1 : 2;
	char name[BARIO_ADDRESS_TEXT];

	bario_address_text(address, name);
	return error_hint(error, "turn it on: bario config %s 4.2=%d:%d", name, bit,
			  bit);
}

int help_power(int error, const struct bario_address *address)
{
	return error_hint(error, "its power state: pciconf -lc pci%u:%u:%u:%u",
			  address->domain, address->bus, address->dev,
			  address->func);
}

/* ---- beside pci(4) nothing shows a function ---- */

static int fail_shown(void)
{
	return fail(EPERM, BARIO_CAUSE_PERMISSION,
		    "the file is not open for writing");
}

int shown_config(const struct bario *dev, const struct access *access,
		 uint32_t *value)
{
	(void)dev;
	(void)access;
	(void)value;
	return fail_shown();
}

int shown_config_size(const struct bario *dev, unsigned int *size)
{
	(void)dev;
	(void)size;
	return fail_shown();
}

int shown_obstacle(struct bario *dev, unsigned int bar, uint32_t kind,
		   enum obstacle which)
{
	(void)dev;
	(void)bar;
	(void)kind;
	(void)which;
	return 0;
}

/* ---- what only bario.ko has ---- */

void module_begin(struct bario *dev)
{
	dev->can |= BARIO_CAN_DECODE;
}

/* After "devctl disable" the name is still there. */
bool module_attached(int fd, const struct pcisel *sel)
{
	struct pci_io io = { .pi_sel = *sel };
	bool asked = !ioctl(fd, PCIOCATTACHED, &io);

	if (!asked && errno == EPERM) {
		/* Only a file that may be written is told. */
		fd = open(PCI_NODE, O_RDWR | O_CLOEXEC);
		if (fd >= 0) {
			asked = !ioctl(fd, PCIOCATTACHED, &io);
			close(fd);
		}
	}
	return !asked || io.pi_data;
}

/*
 * FreeBSD maps what a driver has, and a BAR that it found no room for, which may
 * never return.  An access of a width that there is not gets as far as to allocate the
 * BAR and turn decoding on, and then is EINVAL.
 */
int module_claimable(struct bario *dev, unsigned int bar)
{
	struct pci_bar_ioreq req = {
		.pbi_sel = {
			.pc_domain = dev->address.domain,
			.pc_bus = dev->address.bus,
			.pc_dev = dev->address.dev,
			.pc_func = dev->address.func,
		},
		.pbi_op = PCIBARIO_READ,
		.pbi_bar = bar,
		.pbi_width = 3,
	};

	if (!ioctl(dev->fd, PCIOCBARIO, &req) || errno == EINVAL)
		return 0;
	return errno;
}

bool module_node(const struct bario_address *address, char *path, size_t room)
{
	(void)address;
	(void)path;
	(void)room;
	return false;
}

void module_driver(int fd, struct bario_info *info)
{
	(void)fd;
	(void)info;
}

int module_allows(struct bario *dev, const struct access *access,
		  unsigned int rights, bool *allowed)
{
	(void)dev;
	(void)access;
	(void)rights;
	*allowed = true;
	return 0;
}

int module_holder(struct bario *dev, unsigned int bar, struct bario_held *held)
{
	(void)dev;
	(void)bar;
	(void)held;
	return fail(EOPNOTSUPP, BARIO_CAUSE_UNSUPPORTED,
		    "pci(4) does not say who has a BAR");
}

int module_fail_busy(struct bario *dev, unsigned int bar)
{
	struct bario_info info;
	int error = dev->backend->info(dev, &info);

	(void)bar;
	if (error)
		return error;
	if (info.driver[0])
		return help_driver(fail(EBUSY, BARIO_CAUSE_DRIVER,
					"the driver %s has this BAR, or the system found no room for it",
					info.driver),
				   &dev->address, info.driver);
	return fail(EBUSY, BARIO_CAUSE_CLAIMED,
		    "the system found no room for this BAR, or something in the kernel has it");
}

static int fail_grants(void)
{
	return fail(EOPNOTSUPP, BARIO_CAUSE_UNSUPPORTED,
		    "grants need bario.ko, which is for Linux");
}

BARIO_API int bario_derive(struct bario *dev, const struct bario_rule *rules,
			   size_t count, uint32_t flags, int *fd, uint32_t *id)
{
	if (dev->sim)
		return sim_derive(dev, rules, count, flags, fd, id);
	error_at_function(dev);
	return fail_grants();
}

BARIO_API int bario_revoke(struct bario *dev, uint32_t id, uint32_t flags)
{
	if (dev->sim)
		return sim_revoke(dev, id, flags);
	error_at_function(dev);
	return fail_grants();
}

BARIO_API int bario_get_grant(struct bario *dev, uint32_t flags,
			      struct bario_rule *rules, size_t capacity,
			      size_t *count, uint32_t *attributes)
{
	if (dev->sim)
		return sim_get_grant(dev, flags, rules, capacity, count,
				     attributes);
	error_at_function(dev);
	return fail_grants();
}

BARIO_API int bario_publish(const char *name, const struct bario_rule *rules,
			    size_t count, uint32_t flags, uint32_t uid,
			    uint32_t gid, uint32_t mode)
{
	(void)name;
	(void)rules;
	(void)count;
	(void)flags;
	(void)uid;
	(void)gid;
	(void)mode;
	error_at_nothing();
	return fail_grants();
}

BARIO_API int bario_unpublish(const char *name, uint32_t flags)
{
	(void)name;
	(void)flags;
	error_at_nothing();
	return fail_grants();
}
