// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * The pci(4) interface, by the requests of FreeBSD alone: of /dev/pci there, and
 * of the nodes of bario.ko. What only bario.ko has is in module.c.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <vm/vm.h>
#include "internal.h"
#include "module.h"

#define BAR_REG(index)	(0x10 + 4 * (int)(index))

/* A BAR's register. */
#define REG_PORT	0x1
#define REG_MEM_TYPE	0x7
#define REG_MEM_64	0x4
#define REG_PREFETCH	0x8

static bool present(void)
{
	return !access(PCI_NODE, F_OK);
}

static struct pcisel selector(const struct bario_address *address)
{
	return (struct pcisel){
		.pc_domain = address->domain,
		.pc_bus = address->bus,
		.pc_dev = address->dev,
		.pc_func = address->func,
	};
}

/* Why a node could not be opened. */
static int fail_node(const char *path, int code)
{
	if (code == ENOENT || code == ENXIO)
		return help_backend(fail(ENODEV, BARIO_CAUSE_BACKEND,
					 "%s: %s", path, strerror(code)));
	if (code == EPERM || code == EACCES)
		return fail_denied(path, code);
	errno = code;
	return fail_system("%s", path);
}

/* ---- facts ---- */

static int set_bars(int fd, struct bario_info *info)
{
	const unsigned int count = bario_bar_count(info->header);
	struct bario_bar_info *bar;
	struct pci_bar_io io;
	unsigned int i;

	for (i = 0; i < count; i++) {
		io = (struct pci_bar_io){
			.pbi_sel = selector(&info->address),
			.pbi_reg = BAR_REG(i),
		};
		if (ioctl(fd, PCIOCGETBAR, &io)) {
			/* No BAR there, or an upper half. */
			if (errno == EINVAL)
				continue;
			if (errno == ENODEV)
				return pci_fail_gone();
			return fail_system("PCIOCGETBAR of BAR %u", i);
		}
		bar = &info->bars[i];
		bar->decoded = io.pbi_enabled;
		bar->size = io.pbi_length;
		if (io.pbi_base & REG_PORT) {
			bar->kind = BARIO_KIND_PORT;
			bar->address = io.pbi_base & ~3ULL;
		} else {
			bar->kind = BARIO_KIND_MEM;
			bar->address = io.pbi_base & ~15ULL;
			bar->wide = (io.pbi_base & REG_MEM_TYPE) == REG_MEM_64;
			bar->prefetch = io.pbi_base & REG_PREFETCH;
		}
		/* A size that is 0 was forgotten: there was no room for it. */
		bar->assigned = bar->size && bar->address;
		if (!bar->assigned)
			bar->address = 0;
	}
	return 0;
}

/*
 * The records of FreeBSD 15, and from 15.1 on a bridge's buses in them: by their
 * places, as not every header that is longer has names for these.
 */
struct longer_conf {
	char	conf14[offsetof(struct pci_conf, pd_unit) + sizeof(unsigned long)];
	int	numa_domain;
	size_t	reported_len;
	uint8_t	secondary_bus;
	uint8_t	subordinate_bus;
};

static void set_buses(const struct pci_conf *conf, struct bario_info *info)
{
	struct longer_conf longer;

	if (sizeof(*conf) < sizeof(longer))
		return;
	memcpy(&longer, conf, sizeof(longer));
	if (longer.reported_len <= offsetof(struct longer_conf, subordinate_bus))
		return;
	info->secondary_bus = longer.secondary_bus;
	info->subordinate_bus = longer.subordinate_bus;
}

static int set_info(int fd, const struct pci_conf *conf,
		    struct bario_info *info)
{
	*info = (struct bario_info){
		.address = {
			.domain = conf->pc_sel.pc_domain,
			.bus = conf->pc_sel.pc_bus,
			.dev = conf->pc_sel.pc_dev,
			.func = conf->pc_sel.pc_func,
		},
		.vendor = conf->pc_vendor,
		.device = conf->pc_device,
		.subvendor = conf->pc_subvendor,
		.subdevice = conf->pc_subdevice,
		.base_class = conf->pc_class,
		.subclass = conf->pc_subclass,
		.progif = conf->pc_progif,
		.revision = conf->pc_revid,
		.header = conf->pc_hdr & 0x7f,
	};
	/* On FreeBSD a driver that was taken from the function may still be named. */
	if (conf->pd_name[0] && module_attached(fd, &conf->pc_sel))
		snprintf(info->driver, sizeof(info->driver), "%.*s",
			 (int)sizeof(conf->pd_name), conf->pd_name);
	module_driver(fd, info);
	set_buses(conf, info);
	return set_bars(fd, info);
}

/* One step of a walk through the list; room for one record at least. */
static int get_list(int fd, struct pci_conf_io *io)
{
	io->status = PCI_GETCONF_ERROR;
	if (ioctl(fd, PCIOCGETCONF, io))
		return errno == ENODEV ? pci_fail_gone() :
			fail_system("PCIOCGETCONF");
	if (io->status == PCI_GETCONF_ERROR)
		return fail(EIO, BARIO_CAUSE_SYSTEM, "PCIOCGETCONF failed");
	return 0;
}

static int get_info(int fd, const struct bario_address *address,
		    struct bario_info *info)
{
	struct pci_match_conf pattern = {
		.pc_sel = selector(address),
		.flags = PCI_GETCONF_MATCH_DOMAIN | PCI_GETCONF_MATCH_BUS |
			 PCI_GETCONF_MATCH_DEV | PCI_GETCONF_MATCH_FUNC,
	};
	struct pci_conf conf;
	struct pci_conf_io io = {
		.pat_buf_len = sizeof(pattern),
		.num_patterns = 1,
		.patterns = &pattern,
		.match_buf_len = sizeof(conf),
		.matches = &conf,
	};
	const int error = get_list(fd, &io);

	if (error)
		return error;
	if (!io.num_matches)
		return pci_fail_gone();
	return set_info(fd, &conf, info);
}

static int pci_info(struct bario *dev, struct bario_info *info)
{
	return get_info(dev->fd, &dev->address, info);
}

/* All functions, at one moment; the caller frees them. */
static int get_all(int fd, struct pci_conf **all, size_t *count)
{
	struct pci_conf_io io = { 0 };
	struct pci_conf *more;
	size_t room = 0;
	int error;

	*all = NULL;
	*count = 0;
	do {
		if (io.status == PCI_GETCONF_LIST_CHANGED) {
			io = (struct pci_conf_io){ 0 };
			*count = 0;
		}
		if (*count == room) {
			room += 64;
			more = realloc(*all, room * sizeof(**all));
			if (!more)
				return fail_memory();
			*all = more;
		}
		io.matches = *all + *count;
		io.match_buf_len = (room - *count) * sizeof(**all);
		error = get_list(fd, &io);
		if (error)
			return error;
		*count += io.num_matches;
	} while (io.status != PCI_GETCONF_LAST_DEVICE);
	return 0;
}

static int pci_list(int (*each)(const struct bario_info *info, void *arg),
		    void *arg)
{
	const int fd = open(PCI_NODE, O_RDONLY | O_CLOEXEC);
	struct pci_conf *all;
	struct bario_info info;
	size_t i, count;
	int result;

	if (fd < 0)
		return fail_node(PCI_NODE, errno);
	result = get_all(fd, &all, &count);
	for (i = 0; i < count && !result; i++) {
		result = set_info(fd, &all[i], &info);
		/* One that has gone since is none of the list. */
		if (result == -ENODEV)
			result = 0;
		else if (!result)
			result = each(&info, arg);
	}
	free(all);
	close(fd);
	return result;
}

/* ---- opening ---- */

/* The function that was asked for is one of this file's; it has only one? */
static int choose(struct bario *dev, const struct bario_address *address)
{
	struct pci_conf *all;
	size_t i, count;
	int error;

	if (address) {
		dev->address = *address;
		error_at_address("pci", address);
		error = get_info(dev->fd, address, &dev->info);
		if (error == -ENODEV)
			return error_hint(fail(ENODEV, BARIO_CAUSE_NO_DEVICE,
					       "there is no such function, or not for this file"),
					  "bario list shows those that there are");
		return error;
	}
	error = get_all(dev->fd, &all, &count);
	if (!error && !count)
		error = fail(ENODEV, BARIO_CAUSE_REMOVED,
			     "this file has no function, or not any more");
	if (!error && count > 1)
		error = error_hint(fail(EEXIST, BARIO_CAUSE_AMBIGUOUS,
					"this file has %zu functions", count),
				   "name one behind it: %s@%04x:%02x:%02x.%x",
				   PCI_NODE, all->pc_sel.pc_domain,
				   all->pc_sel.pc_bus, all->pc_sel.pc_dev,
				   all->pc_sel.pc_func);
	if (!error) {
		i = 0;
		error = set_info(dev->fd, &all[i], &dev->info);
		dev->address = dev->info.address;
	}
	free(all);
	return error;
}

/* The path may be a FIFO's, or a serial line's without carrier: opening must not wait. */
static int open_node(struct bario *dev, const char *path)
{
	const bool facts = dev->flags & BARIO_OPEN_INFO;
	int flags, error;

	dev->fd = open(path, (facts ? O_RDONLY : O_RDWR) | O_NONBLOCK | O_CLOEXEC);
	if (dev->fd < 0)
		return fail_node(path, errno);
	flags = fcntl(dev->fd, F_GETFL);
	if (flags >= 0 && !fcntl(dev->fd, F_SETFL, flags & ~O_NONBLOCK))
		return 0;
	error = fail_node(path, errno);
	close(dev->fd);
	return error;
}

static int pci_open_path(struct bario *dev, const char *path,
			 const struct bario_address *address)
{
	struct pci_conf_io io = { 0 };
	int error;

	if (path) {
		error = open_node(dev, path);
		if (error)
			return error;
	}
	if (ioctl(dev->fd, PCIOCGETCONF, &io) && errno == ENOTTY)
		error = fail(ENOTTY, BARIO_CAUSE_BACKEND,
			     "%s is not pci(4)", path ? path : "the descriptor");
	else
		error = choose(dev, address);
	if (error) {
		close(dev->fd);
		return error;
	}
	dev->can = BARIO_CAN_MAP;
	module_begin(dev);
	return 0;
}

int pci_fail_denied(const struct bario *dev)
{
	char node[64];
	const char *path = module_node(&dev->address, node, sizeof(node)) ?
		node : PCI_NODE;

	return fail_denied(path, dev->denied);
}

/* A user who may not open the node is still shown facts, and configuration space. */
static int open_shown(struct bario *dev, int denied)
{
	const struct access id = { .space = BARIO_SPACE_CONFIG, .width = 4 };
	uint32_t value;

	dev->denied = -denied;
	if (shown_config(dev, &id, &value))
		return pci_fail_denied(dev);
	dev->flags |= BARIO_OPEN_INFO;
	return pci_open_path(dev, PCI_NODE, &dev->address) ?
		pci_fail_denied(dev) : 0;
}

static int pci_open(struct bario *dev)
{
	const char *path = PCI_NODE;
	char node[64];
	int error;

	if (!dev->flags && module_node(&dev->address, node, sizeof(node)))
		path = node;
	error = pci_open_path(dev, path, &dev->address);
	if (dev->shown && !dev->flags && (error == -EACCES || error == -EPERM))
		error = open_shown(dev, error);
	return error;
}

static void pci_close(struct bario *dev)
{
	close(dev->fd);
}

/* ---- accesses ---- */

/* The module or the system refused the access, before it touched the device. */
static int fail_refused(struct bario *dev, const struct access *access, int code)
{
	struct bario_bar_info *bar;
	struct bario_info info;
	int error = pci_info(dev, &info);

	if (error)
		return error;
	bar = &info.bars[access->space];
	if (code == ENXIO) {
		error = shown_obstacle(dev, access->space, bar->kind,
				       OBSTACLE_ADDRESS);
		bar->assigned = false;
	}
	if (!error)
		error = check_bar(dev, access, bar);
	return error ? error : fail(code, BARIO_CAUSE_SYSTEM,
				    "the system refused it");
}

static int fail_unreached(struct bario *dev, const struct access *access)
{
	struct bario_info info;
	int error = 0;

	if (access->space < BARIO_BARS_MAX)
		error = pci_info(dev, &info);
	if (!error && access->space < BARIO_BARS_MAX)
		error = shown_obstacle(dev, access->space,
				       info.bars[access->space].kind,
				       OBSTACLE_BRIDGE);
	if (error)
		return error;
	return help_power(fail(EIO, BARIO_CAUSE_NO_RESPONSE,
			       "the function can't be reached: asleep, being reset, or it does not answer"),
			  &dev->address);
}

int pci_fail(struct bario *dev, const struct access *access, int code)
{
	switch (code) {
	case EPERM:
		return fail(EPERM, BARIO_CAUSE_PERMISSION,
			    "the file is not open for writing");
	case ENODEV:
		return pci_fail_gone();
	case EACCES:
		return error_hint(fail(EACCES, BARIO_CAUSE_GRANT,
				       "the grant of this file does not cover it"),
				  "bario grant show DEVICE lists what it covers; whoever gave the file can give more");
	case EIO:
		return fail_unreached(dev, access);
	}
	/* The rest has a reason in a BAR, which configuration space is not. */
	if (access->space < BARIO_BARS_MAX) {
		switch (code) {
		case ENXIO:
		case EINVAL:
			return fail_refused(dev, access, code);
		case ENOENT:	/* FreeBSD: has an owner, or no address */
		case EBUSY:
			return module_fail_busy(dev, access->space);
		}
	}
	errno = code;
	return fail_system("the system refused it");
}

static int pci_obstacle(struct bario *dev, const struct bario_info *info,
			unsigned int bar, enum obstacle which)
{
	const struct bario_bar_info *what = &info->bars[bar];
	int error;

	switch (which) {
	case OBSTACLE_ADDRESS:
		error = shown_obstacle(dev, bar, what->kind, which);
		if (!error && !what->assigned)
			error = fail_unassigned(dev, bar);
		return error;
	case OBSTACLE_HOLDER:
		return check_holder(dev, info, bar);
	case OBSTACLE_DECODE:
		return check_decoded(dev, what);
	case OBSTACLE_POWER:
	case OBSTACLE_BRIDGE:
		return shown_obstacle(dev, bar, what->kind, which);
	case OBSTACLE_RIGHTS:
		return dev->denied ? pci_fail_denied(dev) : 0;
	}
	return 0;
}

/* What does not fit into struct pci_bar_ioreq, as a program. */
static int access_wide(struct bario *dev, const struct access *access,
		       uint64_t *value)
{
	struct barioc_op op = {
		.op = access->write ? BARIOC_OP_WRITE : BARIOC_OP_READ,
		.bar = access->space,
		.width = access->width,
		.offset = access->offset,
		.value = access->write ? *value : 0,
	};
	struct barioc_run run = { .count = 1 };
	int error;

	if (!dev->run)
		return fail(EOPNOTSUPP, BARIO_CAUSE_UNSUPPORTED,
			    "this interface has 32 bits for a value and for offset + width");
	error = dev->run(dev, &run, &op);
	if (!error && run.stop == BARIOC_STOP_ERROR)
		error = -run.error;
	if (!error && run.stop == BARIOC_STOP_SIGNAL)
		error = -EINTR;
	if (error)
		return pci_fail(dev, access, -error);
	if (!access->write)
		*value = op.result;
	return 0;
}

static int pci_access(struct bario *dev, const struct access *access,
		      uint64_t *value)
{
	struct pci_bar_ioreq req = {
		.pbi_sel = selector(&dev->address),
		.pbi_op = access->write ? PCIBARIO_WRITE : PCIBARIO_READ,
		.pbi_bar = access->space,
		.pbi_offset = access->offset,
		.pbi_width = access->width,
		.pbi_value = *value,
	};
	int error = 0;

	/* FreeBSD leaves some of it unchecked. */
	if (!module_checks(dev))
		error = check_bar(dev, access, &dev->info.bars[access->space]);
	if (error)
		return error;
	/* On FreeBSD the sum has 32 bits, and wraps. */
	if (access->width == 8 || access->offset > UINT32_MAX - access->width)
		return access_wide(dev, access, value);
	if (ioctl(dev->fd, PCIOCBARIO, &req))
		return pci_fail(dev, access, errno);
	if (access->write)
		return 0;
	*value = req.pbi_value;
	return module_checks(dev) ? 0 : check_silent(dev, access, *value);
}

static int fail_config_rights(void)
{
	return error_hint(fail(EACCES, BARIO_CAUSE_GRANT,
			       "this file may not write it"),
			  "/dev/pci may, and so may a file that was given config:w through it");
}

static int pci_rights(struct bario *dev, const struct access *access,
		      unsigned int rights)
{
	const bool config = access->space == BARIO_SPACE_CONFIG;
	bool allowed;
	int error;

	/* What a file shows of configuration space is more than its rules say. */
	if (config && !access->write)
		return 0;
	if ((fcntl(dev->fd, F_GETFL) & O_ACCMODE) == O_RDONLY)
		return pci_fail(dev, access, EPERM);
	error = module_allows(dev, access, rights, &allowed);
	if (error || allowed)
		return error;
	return config ? fail_config_rights() : pci_fail(dev, access, EACCES);
}

static int pci_config(struct bario *dev, const struct access *access,
		      uint32_t *value)
{
	struct pci_io io = {
		.pi_sel = selector(&dev->address),
		.pi_reg = access->offset,
		.pi_width = access->width,
		.pi_data = *value,
	};

	if (!ioctl(dev->fd, access->write ? PCIOCWRITE : PCIOCREAD, &io)) {
		if (!access->write)
			*value = io.pi_data;
		return 0;
	}
	if (errno == EPERM && dev->shown && !access->write)
		return shown_config(dev, access, value);
	if (errno == EACCES && access->write)
		return fail_config_rights();
	if (errno == EACCES)
		return error_hint(fail(EACCES, BARIO_CAUSE_GRANT,
				       "without the right to read it, a file has the header and the list of capabilities alone"),
				  "whoever gave the file can add a rule: config:r");
	return pci_fail(dev, access, errno);
}

/*
 * Past the end a read is all ones, which no extended capability begins with. A file
 * that may not read there is told so by each access.
 */
static int pci_config_size(struct bario *dev, unsigned int *size)
{
	const struct access first = {
		.space = BARIO_SPACE_CONFIG, .width = 4, .offset = 256,
	};
	uint32_t value;
	int error;

	if (dev->shown && (dev->flags & BARIO_OPEN_INFO))
		return shown_config_size(dev, size);
	error = pci_config(dev, &first, &value);
	if (error == -EACCES)
		value = 0;
	else if (error)
		return error;
	*size = value == UINT32_MAX ? 256 : 4096;
	return 0;
}

static int pci_map(struct bario *dev, unsigned int bar, bool write,
		   struct mapping *map, uint64_t *length)
{
	const struct access access = { .space = bar, .width = 1 };
	struct pci_bar_mmap mm = {
		.pbm_sel = selector(&dev->address),
		.pbm_reg = BAR_REG(bar),
		.pbm_flags = write ? PCIIO_BAR_MMAP_RW : 0,
		.pbm_memattr = VM_MEMATTR_UNCACHEABLE,
	};
	const int code = module_claimable(dev, bar);

	if (code)
		return pci_fail(dev, &access, code);
	if (ioctl(dev->fd, PCIOCBARMMAP, &mm))
		return pci_fail(dev, &access, errno);
	map->pages = mm.pbm_map_base;
	map->length = mm.pbm_map_length;
	map->base = (char *)mm.pbm_map_base + mm.pbm_bar_off;
	*length = mm.pbm_bar_length;
	return 0;
}

const struct backend backend_pci = {
	.name = "pci",
	.present = present,
	.list = pci_list,
	.open = pci_open,
	.open_path = pci_open_path,
	.close = pci_close,
	.info = pci_info,
	.access = pci_access,
	.config = pci_config,
	.config_size = pci_config_size,
	.obstacle = pci_obstacle,
	.map = pci_map,
	.rights = pci_rights,
};
