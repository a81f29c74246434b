// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Configuration space by blocks. */
#include "internal.h"

/* The widest access that begins at @offset and does not reach past @length bytes. */
static unsigned int block_width(uint32_t offset, size_t length)
{
	if (offset % 2 || length < 2)
		return 1;
	return offset % 4 || length < 4 ? 2 : 4;
}

/* As it is in the device: the lowest byte first. */
static void put_bytes(uint8_t *bytes, uint32_t value, unsigned int width)
{
	while (width--) {
		*bytes++ = value;
		value >>= 8;
	}
}

BARIO_API int bario_config_read_block(struct bario *dev, uint32_t offset,
				      void *data, size_t length)
{
	const struct access whole = {
		.space = BARIO_SPACE_CONFIG, .width = 1, .offset = offset,
	};
	uint8_t *bytes = data;
	unsigned int size, width;
	uint32_t value;
	int error = bario_config_size(dev, &size);

	if (error)
		return error;
	error_at_access(dev, &whole);
	if (offset > size || length > size - offset)
		return fail(EINVAL, BARIO_CAUSE_RANGE,
			    "%zu bytes are past the end: configuration space has %u bytes",
			    length, size);
	for (; length; length -= width) {
		width = block_width(offset, length);
		error = bario_config_read(dev, offset, width, &value);
		if (error)
			return error;
		put_bytes(bytes, value, width);
		bytes += width;
		offset += width;
	}
	return 0;
}
