// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* pci(4): /dev/pci of FreeBSD, and the nodes of bario.ko, by FreeBSD's requests. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <vm/vm.h>
#include "pci.h"
#include "system.h"

#define NOT_LISTED	1

#define BAR_REG(index)	(0x10 + 4 * (int)(index))

/* A BAR's register. */
#define REG_PORT	0x1
#define REG_MEM_TYPE	0x7
#define REG_MEM_64	0x4
#define REG_PREFETCH	0x8

bool pci_present(void)
{
	return !access(PCI_NODE, F_OK);
}

struct pcisel pci_selector(const struct bario_address *address)
{
	return (struct pcisel){
		.pc_domain = address->domain,
		.pc_bus = address->bus,
		.pc_dev = address->dev,
		.pc_func = address->func,
	};
}

int pci_fail_gone(void)
{
	return fail(ENODEV, BARIO_CAUSE_REMOVED,
		    "the function has gone, or the right to it was taken back");
}

/* Why a node could not be opened. */
static int fail_node(const char *path, int code)
{
	if (code == ENOENT || code == ENXIO)
		return system_hint_backend(fail(ENODEV, BARIO_CAUSE_BACKEND,
						"%s: %s", path,
						strerror(code)));
	if (code == EPERM || code == EACCES)
		return system_fail_denied(path, code);
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
			.pbi_sel = pci_selector(&info->address),
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
		/* A size that is 0 was forgotten, because no space was free. */
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
		    struct bario_info *info, pci_refine *refine)
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
	snprintf(info->driver, sizeof(info->driver), "%.*s",
		 (int)sizeof(conf->pd_name), conf->pd_name);
	if (info->driver[0])
		refine(fd, info);
	set_buses(conf, info);
	return set_bars(fd, info);
}

/* One step of a walk through the list; for one record at least. */
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

/* Returns NOT_LISTED where the file is there, and does not have the function. */
static int get_info(int fd, const struct bario_address *address,
		    struct bario_info *info, pci_refine *refine)
{
	struct pci_match_conf pattern = {
		.pc_sel = pci_selector(address),
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
		return NOT_LISTED;
	return set_info(fd, &conf, info, refine);
}

int pci_info(struct bario *dev, struct bario_info *info, pci_refine *refine)
{
	const int error = get_info(pci_of(dev)->fd, &dev->address, info, refine);

	return error == NOT_LISTED ? pci_fail_gone() : error;
}

/* All functions, at one moment; the caller frees them. */
static int get_all(int fd, struct pci_conf **all, size_t *count)
{
	struct pci_conf_io io = { 0 };
	struct pci_conf *more;
	size_t capacity = 0;
	int error;

	*all = NULL;
	*count = 0;
	do {
		if (io.status == PCI_GETCONF_LIST_CHANGED) {
			io = (struct pci_conf_io){ 0 };
			*count = 0;
		}
		if (*count == capacity) {
			capacity += 64;
			more = realloc(*all, capacity * sizeof(**all));
			if (!more)
				return fail_memory();
			*all = more;
		}
		io.matches = *all + *count;
		io.match_buf_len = (capacity - *count) * sizeof(**all);
		error = get_list(fd, &io);
		if (error)
			return error;
		*count += io.num_matches;
	} while (io.status != PCI_GETCONF_LAST_DEVICE);
	return 0;
}

int pci_list(list_each *each, void *arg, pci_refine *refine)
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
		result = set_info(fd, &all[i], &info, refine);
		/* A function that has gone since is not listed. */
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

/* For what only its own file wants to know when it opens. */
static void refine_nothing(int fd, struct bario_info *info)
{
	(void)fd;
	(void)info;
}

/* The only function of this file. */
static int choose_only(struct bario *dev, struct pci *pci)
{
	struct pci_conf *all;
	size_t count;
	int error = get_all(pci->fd, &all, &count);

	if (!error && !count)
		error = fail(ENODEV, BARIO_CAUSE_REMOVED,
			     "this file has no function, or no longer");
	if (!error && count > 1)
		error = error_hint(fail(EEXIST, BARIO_CAUSE_AMBIGUOUS,
					"this file has %zu functions", count),
				   "name one behind it: %s@%04x:%02x:%02x.%x",
				   PCI_NODE, all->pc_sel.pc_domain,
				   all->pc_sel.pc_bus, all->pc_sel.pc_dev,
				   all->pc_sel.pc_func);
	if (!error) {
		error = set_info(pci->fd, all, &pci->info, refine_nothing);
		dev->address = pci->info.address;
	}
	free(all);
	return error;
}

/* The function that was asked for is one of this file's; or it has only one? */
static int choose_function(struct bario *dev, struct pci *pci,
			   const struct bario_address *address)
{
	int error;

	if (!address)
		return choose_only(dev, pci);
	dev->address = *address;
	error_at_address(dev->backend->name, address);
	error = get_info(pci->fd, address, &pci->info, refine_nothing);
	if (error == NOT_LISTED)
		error = error_hint(fail(ENODEV, BARIO_CAUSE_NO_DEVICE,
					"there is no such function, or not for this file"),
				   "bario list shows those that there are");
	return error;
}

bool pci_owns_fd(int fd)
{
	struct pci_conf_io io = { 0 };

	return !ioctl(fd, PCIOCGETCONF, &io) || errno != ENOTTY;
}

/* @path: for errors; NULL for a descriptor. */
static int open_function(struct bario *dev, int fd, const char *path,
			 const struct bario_address *address)
{
	struct pci *pci = calloc(1, sizeof(*pci));
	int error;

	if (!pci) {
		error = fail_memory();
	} else {
		pci->fd = fd;
		error = pci_owns_fd(fd) ? choose_function(dev, pci, address) :
			fail(ENOTTY, BARIO_CAUSE_BACKEND, "%s is not pci(4)",
			     path ? path : "the descriptor");
	}
	if (error) {
		free(pci);
		close(fd);
		return error;
	}
	dev->state = pci;
	dev->can = BARIO_CAN_MAP;
	return 0;
}

int pci_open_fd(struct bario *dev, int fd, const struct bario_address *address)
{
	return open_function(dev, fd, NULL, address);
}

/* The path may be a FIFO's, or a serial line's without carrier: opening must not wait. */
int pci_open_path(struct bario *dev, const char *path,
		  const struct bario_address *address)
{
	const bool info_only = dev->flags & BARIO_OPEN_INFO;
	const int fd = open(path, (info_only ? O_RDONLY : O_RDWR) | O_NONBLOCK |
			    O_CLOEXEC);
	int flags, error;

	if (fd < 0)
		return fail_node(path, errno);
	flags = fcntl(fd, F_GETFL);
	if (flags >= 0 && !fcntl(fd, F_SETFL, flags & ~O_NONBLOCK))
		return open_function(dev, fd, path, address);
	error = fail_node(path, errno);
	close(fd);
	return error;
}

void pci_close(struct bario *dev)
{
	close(pci_of(dev)->fd);
	free(dev->state);
}

int pci_fd(struct bario *dev)
{
	return pci_of(dev)->fd;
}

/* ---- accesses ---- */

/* The system refused the access, before it touched the device. */
static int fail_refused(struct bario *dev, const struct access *access, int code)
{
	struct bario_bar_info *bar;
	struct bario_info info;
	int error = dev->backend->info(dev, &info);

	if (error)
		return error;
	bar = &info.bars[access->space];
	if (code == ENXIO && bar->kind) {
		error = dev->backend->obstacle(dev, &info, access->space,
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

	if (access->space < BARIO_BARS_MAX) {
		error = dev->backend->info(dev, &info);
		if (!error)
			error = dev->backend->obstacle(dev, &info, access->space,
						       OBSTACLE_BRIDGE);
	}
	if (error)
		return error;
	return system_hint_power(dev, fail(EIO, BARIO_CAUSE_NO_RESPONSE,
					   "the function can't be reached: asleep, being reset, or it does not answer"));
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
			return dev->backend->busy(dev, access->space);
		}
	}
	errno = code;
	return fail_system("the system refused it");
}

int pci_access(struct bario *dev, const struct access *access, uint64_t *value)
{
	struct pci_bar_ioreq req = {
		.pbi_sel = pci_selector(&dev->address),
		.pbi_op = access->write ? PCIBARIO_WRITE : PCIBARIO_READ,
		.pbi_bar = access->space,
		.pbi_offset = access->offset,
		.pbi_width = access->width,
		.pbi_value = *value,
	};

	if (ioctl(pci_of(dev)->fd, PCIOCBARIO, &req))
		return pci_fail(dev, access, errno);
	if (!access->write)
		*value = req.pbi_value;
	return 0;
}

int pci_check_writable(struct bario *dev, const struct access *access)
{
	if ((fcntl(pci_of(dev)->fd, F_GETFL) & O_ACCMODE) == O_RDONLY)
		return pci_fail(dev, access, EPERM);
	return 0;
}

int pci_config_errno(struct bario *dev, const struct access *access,
		     uint32_t *value)
{
	struct pci_io io = {
		.pi_sel = pci_selector(&dev->address),
		.pi_reg = access->offset,
		.pi_width = access->width,
		.pi_data = *value,
	};

	if (ioctl(pci_of(dev)->fd, access->write ? PCIOCWRITE : PCIOCREAD, &io))
		return errno;
	if (!access->write)
		*value = io.pi_data;
	return 0;
}

int pci_fail_config(struct bario *dev, const struct access *access, int code)
{
	if (code != EACCES)
		return pci_fail(dev, access, code);
	if (access->write)
		return error_hint(fail(EACCES, BARIO_CAUSE_GRANT,
				       "this file may not write it"),
				  "/dev/pci may, and so may a file that was given config:w through it");
	return error_hint(fail(EACCES, BARIO_CAUSE_GRANT,
			       "without the right to read it, a file has the header and the list of capabilities alone"),
			  "whoever gave the file can add a rule: config:r");
}

int pci_config(struct bario *dev, const struct access *access, uint32_t *value)
{
	const int code = pci_config_errno(dev, access, value);

	return code ? pci_fail_config(dev, access, code) : 0;
}

/*
 * Past the end a read is all ones, which no extended capability begins with. A file
 * that may not read there gets that error from each access.
 */
int pci_config_size(struct bario *dev, unsigned int *size)
{
	const struct access first = {
		.space = BARIO_SPACE_CONFIG, .width = 4, .offset = 256,
	};
	uint32_t value = 0;
	const int code = pci_config_errno(dev, &first, &value);

	if (code && code != EACCES)
		return pci_fail_config(dev, &first, code);
	*size = value == UINT32_MAX ? 256 : 4096;
	return 0;
}

int pci_map(struct bario *dev, unsigned int bar, bool write,
	    struct mapping *map, uint64_t *length)
{
	const struct access access = { .space = bar, .width = 1 };
	struct pci_bar_mmap mm = {
		.pbm_sel = pci_selector(&dev->address),
		.pbm_reg = BAR_REG(bar),
		.pbm_flags = write ? PCIIO_BAR_MMAP_RW : 0,
		.pbm_memattr = VM_MEMATTR_UNCACHEABLE,
	};

	if (ioctl(pci_of(dev)->fd, PCIOCBARMMAP, &mm))
		return pci_fail(dev, &access, errno);
	map->pages = mm.pbm_map_base;
	map->length = mm.pbm_map_length;
	map->base = (char *)mm.pbm_map_base + mm.pbm_bar_off;
	*length = mm.pbm_bar_length;
	return 0;
}
