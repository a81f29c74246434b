// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The checks of an access. The core decides; this says in words what it found. */
#include "internal.h"

/* Before anything is known of the device: what no back end can do. */
int check_args(const struct bario *dev, const struct access *access,
	       uint64_t value)
{
	const unsigned int width = access->width;
	const bool config = access->space == BARIO_SPACE_CONFIG;

	if (dev->flags & BARIO_OPEN_INFO)
		return fail(EPERM, BARIO_CAUSE_PERMISSION,
			    "this handle was opened for facts alone");
	if (width != 1 && width != 2 && width != 4 && (width != 8 || config))
		return fail(EINVAL, BARIO_CAUSE_WIDTH, "the width is 1, 2%s",
			    config ? " or 4" : ", 4 or 8");
	if (access->space > BARIO_SPACE_CONFIG)
		return fail(EINVAL, BARIO_CAUSE_BAR, "a BAR is 0 to 5");
	if (access->write && value & ~bario_all_ones(width))
		return fail(EINVAL, BARIO_CAUSE_VALUE,
			    "the value %#llx does not fit in %u byte%s",
			    (unsigned long long)value, width,
			    width > 1 ? "s" : "");
	if (config && bario_check_config(access->offset, width))
		return fail(EINVAL, BARIO_CAUSE_ALIGNMENT,
			    "the offset is not a multiple of the width");
	if (config && access->write && !(dev->flags & BARIO_OPEN_CONFIG))
		return fail(EACCES, BARIO_CAUSE_GRANT,
			    "this handle was not opened to write configuration space");
	return 0;
}

/* Bars of the library are those of the core but for what only people want. */
static struct bario_bar to_core(const struct bario_bar_info *bar)
{
	return (struct bario_bar){
		.kind = bar->kind == BARIO_KIND_MEM ? BARIO_BAR_MEM :
			bar->kind == BARIO_KIND_PORT ? BARIO_BAR_PORT :
			BARIO_BAR_NONE,
		.assigned = bar->assigned,
		.size = bar->size,
	};
}

int check_bar(const struct access *access, const struct bario_bar_info *bar)
{
	const struct bario_bar core = to_core(bar);
	const int op = access->write ? PCIBARIO_WRITE : PCIBARIO_READ;
	const char *what = bar->kind == BARIO_KIND_PORT ? "port" : "memory";
	const int error = bario_check_access(&core, op, access->width,
					     access->offset);

	if (!error)
		return 0;
	if (error == -ENXIO)
		return help_unassigned(fail(ENXIO, BARIO_CAUSE_UNASSIGNED,
					    "the system has given this BAR no address"),
				       access->space);
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

int check_driver(const struct bario_address *address, const char *driver)
{
	if (!driver[0] || is_stub(driver))
		return 0;
	return help_driver(fail(EBUSY, BARIO_CAUSE_DRIVER,
				"the driver %s has this function to itself",
				driver), address, driver);
}

int check_decoded(const struct bario_address *address,
		  const struct bario_bar_info *bar)
{
	if (bar->decoded)
		return 0;
	return help_decode(fail(EIO, BARIO_CAUSE_DECODE,
				"the function does not decode its %s BARs: bit %d of its command register is 0",
				bar->kind == BARIO_KIND_PORT ? "port" : "memory",
				bar->kind == BARIO_KIND_PORT ? 0 : 1),
			   address, bar->kind);
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
		    "all ones, for the function does not answer any more");
}
