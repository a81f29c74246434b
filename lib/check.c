// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The checks of an access. The core decides; this says in words what it found. */
#include <stdio.h>
#include "internal.h"
#include "system.h"

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

/* Before anything is known of the device: what no back end can do. */
int check_numbers(const struct access *access, uint64_t value)
{
	const unsigned int width = access->width;
	const bool config = access->space == BARIO_SPACE_CONFIG;

	if (width != 1 && width != 2 && width != 4 && (width != 8 || config))
		return fail(EINVAL, BARIO_CAUSE_WIDTH, "the width is 1, 2%s",
			    config ? " or 4" : ", 4 or 8");
	if (access->space >= BARIO_BARS_MAX && !config)
		return fail(EINVAL, BARIO_CAUSE_BAR, "a BAR is 0 to 5");
	if (access->write && value & ~bario_all_ones(width))
		return fail(EINVAL, BARIO_CAUSE_VALUE,
			    "the value %#llx does not fit in %u byte%s",
			    (unsigned long long)value, width,
			    width > 1 ? "s" : "");
	if (config && access->offset % width)
		return fail(EINVAL, BARIO_CAUSE_ALIGNMENT,
			    "the offset is not a multiple of the width");
	return 0;
}

int check_args(const struct bario *dev, const struct access *access,
	       uint64_t value)
{
	const bool config = access->space == BARIO_SPACE_CONFIG;
	int error;

	if ((dev->flags & BARIO_OPEN_INFO) && (!config || access->write))
		return dev->backend->info_only(dev);
	error = check_numbers(access, value);
	if (!error && config && access->write &&
	    !(dev->flags & BARIO_OPEN_CONFIG))
		error = fail(EACCES, BARIO_CAUSE_GRANT,
			     "this handle was not opened to write configuration space");
	return error;
}

struct bario_bar core_bar(const struct bario_bar_info *info)
{
	return (struct bario_bar){
		.kind = info->kind == BARIO_KIND_MEM ? BARIO_BAR_MEM :
			info->kind == BARIO_KIND_PORT ? BARIO_BAR_PORT :
			BARIO_BAR_NONE,
		.assigned = info->assigned,
		.size = info->size,
	};
}

int fail_unassigned(const struct bario *dev, unsigned int bar)
{
	const int error = fail(ENXIO, BARIO_CAUSE_UNASSIGNED,
			       "the system has given this BAR no address");

	return dev->backend->hint_unassigned(dev, error, bar);
}

int check_bar(const struct bario *dev, const struct access *access,
	      const struct bario_bar_info *bar)
{
	const struct bario_bar core = core_bar(bar);
	const int op = access->write ? PCIBARIO_WRITE : PCIBARIO_READ;
	const char *what = bar->kind == BARIO_KIND_PORT ? "port" : "memory";
	const int error = bario_check_access(&core, op, access->width,
					     access->offset);

	if (!error)
		return 0;
	if (error == -ENXIO)
		return fail_unassigned(dev, access->space);
	if (bar->kind == BARIO_KIND_NONE)
		return fail(EINVAL, BARIO_CAUSE_BAR,
			    "the function has no such BAR");
	if (access->width == 8 && bar->kind == BARIO_KIND_PORT)
		return fail(EINVAL, BARIO_CAUSE_WIDTH,
			    "a port BAR has no accesses of 8 bytes");
	if (access->width == 8 && sizeof(long) < 8)
		return fail(EINVAL, BARIO_CAUSE_WIDTH,
			    "this CPU has no accesses of 8 bytes");
	if (access->offset > bar->size ||
	    access->width > bar->size - access->offset)
		return fail(EINVAL, BARIO_CAUSE_RANGE,
			    "past the end: the BAR has %#llx bytes",
			    (unsigned long long)bar->size);
	return fail(EINVAL, BARIO_CAUSE_ALIGNMENT,
		    "in a %s BAR the offset is a multiple of the width", what);
}

int fail_driver(const struct bario *dev, const char *driver)
{
	const int error = fail(EBUSY, BARIO_CAUSE_DRIVER,
			       "the driver %s has this function to itself",
			       driver);

	return dev->backend->hint_driver(dev, error, driver);
}

int check_driver(const struct bario *dev, const char *driver)
{
	return !driver[0] || system_is_stub(driver) ? 0 : fail_driver(dev, driver);
}

int fail_claimed(const struct bario_held *held)
{
	switch (held->by) {
	case BARIO_HELD_DRIVER:
		return fail(EBUSY, BARIO_CAUSE_DRIVER,
			    "a driver is being bound to this function");
	case BARIO_HELD_FILES:
		return error_hint(fail(EBUSY, BARIO_CAUSE_CLAIMED,
				       "the BAR is claimed by files of bario.ko"),
				  "use it through the module, where they share it");
	default:
		break;
	}
	if (held->name[0])
		return fail(EBUSY, BARIO_CAUSE_CLAIMED,
			    "the BAR is claimed by another part of the kernel: %s",
			    held->name);
	return error_hint(fail(EBUSY, BARIO_CAUSE_CLAIMED,
			       "the BAR is claimed by another part of the kernel"),
			  "bario info tells root which");
}

int check_decoded(const struct bario *dev, const struct bario_bar_info *bar)
{
	const bool port = bar->kind == BARIO_KIND_PORT;
	int error;

	if (bar->decoded)
		return 0;
	error = fail(EIO, BARIO_CAUSE_DECODE,
		     "the function does not decode its %s BARs: bit %d of its command register is 0",
		     port ? "port" : "memory", port ? 0 : 1);
	return dev->backend->hint_decode(dev, error, bar->kind);
}

int check_silent(struct bario *dev, const struct access *access,
		 uint64_t value)
{
	/* Not the vendor ID: a virtual function has all ones there. */
	const struct access status = {
		.space = BARIO_SPACE_CONFIG, .width = 4, .offset = 4,
	};
	uint32_t registers = 0;
	int error;

	if (value != bario_all_ones(access->width))
		return 0;
	error = dev->backend->config(dev, &status, &registers);
	if (error)
		return error;
	if (registers != 0xffffffff)
		return 0;
	return fail(EIO, BARIO_CAUSE_NO_RESPONSE,
		    "all ones, because the function no longer answers");
}
