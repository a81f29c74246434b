// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Where a capability begins in configuration space, by the PCI Local Bus
 * Specification 3.0 (6.7) and the PCI Express Base Specification 3.0 (7.9).
 */
#include "capability.h"
#include "internal.h"

#define HEADER_TYPE	0x0e
#define STATUS		0x06
#define STATUS_CAP_LIST	0x10
#define FIRST		0x34
#define FIRST_CARDBUS	0x14
#define EXTENDED	0x100

/* Offsets that the walk has been at, by fours: a list can be a circle. */
struct visited {
	uint32_t	bits[4096 / 4 / 32];
};

/* Marks the offset. Returns false if it is marked already. */
static bool visit_capability(struct visited *visited, uint32_t at)
{
	uint32_t *word = &visited->bits[at / 4 / 32];
	const uint32_t bit = 1u << at / 4 % 32;

	if (*word & bit)
		return false;
	*word |= bit;
	return true;
}

static int find_first(config_reader *read, void *arg, uint32_t *at)
{
	uint32_t status, header;
	int error;

	*at = 0;
	error = read(arg, STATUS, 2, &status);
	if (error || !(status & STATUS_CAP_LIST))
		return error;
	error = read(arg, HEADER_TYPE, 1, &header);
	if (error)
		return error;
	return read(arg, (header & 0x7f) == 2 ? FIRST_CARDBUS : FIRST, 1, at);
}

static int find_standard(config_reader *read, void *arg, unsigned int id,
			 unsigned int index, unsigned int *offset)
{
	struct visited visited = { 0 };
	uint32_t at, header;
	int error = find_first(read, arg, &at);

	while (!error && (at &= ~3U) >= 0x40 && visit_capability(&visited, at)) {
		/* The ID, and after it the next one's place. */
		error = read(arg, at, 2, &header);
		if (error)
			break;
		if ((header & 0xff) == id && !index--) {
			*offset = at;
			break;
		}
		at = header >> 8;
	}
	return error;
}

static int find_extended(config_reader *read, void *arg, unsigned int id,
			 unsigned int index, unsigned int *offset)
{
	struct visited visited = { 0 };
	unsigned int at = EXTENDED;
	uint32_t header;
	int error;

	while (at >= EXTENDED && visit_capability(&visited, at)) {
		error = read(arg, at, 4, &header);
		if (error)
			return error;
		if (!header || header == UINT32_MAX)
			break;
		if ((header & 0xffff) == id && !index--) {
			*offset = at;
			break;
		}
		at = header >> 20 & ~3U;
	}
	return 0;
}

int capability_find(config_reader *read, void *arg, unsigned int size,
		    unsigned int id, unsigned int index, unsigned int *offset)
{
	*offset = 0;
	if (!(id & BARIO_CAPABILITY_EXTENDED))
		return find_standard(read, arg, id, index, offset);
	if (size <= EXTENDED)
		return 0;
	return find_extended(read, arg, id & ~BARIO_CAPABILITY_EXTENDED, index,
			     offset);
}

static int read_device(void *arg, unsigned int offset, unsigned int width,
		       uint32_t *value)
{
	return bario_config_read(arg, offset, width, value);
}

/* What the device has of that capability is fewer than @index + 1. */
static int fail_missing(unsigned int id, unsigned int index)
{
	const char *kind = id & BARIO_CAPABILITY_EXTENDED ? " extended" : "";

	if (index)
		return fail(ENOENT, BARIO_CAUSE_CAPABILITY,
			    "the device has no%s capability %#x with index %u",
			    kind, id & ~BARIO_CAPABILITY_EXTENDED, index);
	return fail(ENOENT, BARIO_CAUSE_CAPABILITY,
		    "the device has no%s capability %#x", kind,
		    id & ~BARIO_CAPABILITY_EXTENDED);
}

BARIO_API int bario_capability(struct bario *dev, uint32_t id, uint32_t index,
			       uint32_t *offset)
{
	const bool extended = id & BARIO_CAPABILITY_EXTENDED;
	unsigned int size = EXTENDED, at;
	int error = 0;

	error_at_function(dev);
	if ((id & ~BARIO_CAPABILITY_EXTENDED) > (extended ? 0xffff : 0xff))
		return fail(EINVAL, BARIO_CAUSE_OPERATION,
			    "%#x is not the ID of a capability", id);
	/* The rest of configuration space may be hidden, and the list not. */
	if (extended)
		error = bario_config_size(dev, &size);
	if (!error)
		error = capability_find(read_device, dev, size, id, index, &at);
	if (error)
		return error;
	error_at_function(dev);
	if (!at)
		return fail_missing(id, index);
	*offset = at;
	return 0;
}
