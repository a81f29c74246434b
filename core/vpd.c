// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Vital product data is a chain of resources: an identifier string, a
 * read-only and a writable list of keywords, an end tag. A device may hold
 * anything, so nothing is used before a check that it fits.
 */
#include "core.h"

#define TAG_IDENT	0x82
#define TAG_READ_ONLY	0x90
#define TAG_WRITABLE	0x91
#define TAG_END		0x78

/* Bytes of a resource's header: tag and length; of a keyword's: two + length */
#define HEADER		3

struct sink {
	uint8_t		*out;
	size_t		used;
};

/* The data of one element is at most 255 bytes; a longer identifier is cut. */
static void put_element(struct sink *sink, const char *keyword, uint8_t flags,
			const uint8_t *data, size_t len)
{
	if (len > 255)
		len = 255;
	if (sink->out) {
		uint8_t *to = sink->out + sink->used;

		to[0] = keyword[0];
		to[1] = keyword[1];
		to[2] = flags;
		to[3] = len;
		memcpy(to + 4, data, len);
	}
	sink->used += 4 + len;
}

static int walk_keywords(struct sink *sink, uint8_t flags, const uint8_t *at,
			 size_t left)
{
	while (left) {
		size_t len;

		if (left < HEADER)
			return -ENXIO;
		len = at[2];
		if (len > left - HEADER)
			return -ENXIO;
		put_element(sink, (const char *)at, flags, at + HEADER, len);
		at += HEADER + len;
		left -= HEADER + len;
	}
	return 0;
}

static int walk_tags(struct sink *sink, const uint8_t *at, size_t left)
{
	int ret = 0;

	while (left && at[0] != TAG_END) {
		size_t len;

		if (left < HEADER)
			return -ENXIO;
		len = at[1] | at[2] << 8;
		if (len > left - HEADER)
			return -ENXIO;
		switch (at[0]) {
		case TAG_IDENT:
			put_element(sink, "\0", PVE_FLAG_IDENT, at + HEADER, len);
			break;
		case TAG_READ_ONLY:
			ret = walk_keywords(sink, 0, at + HEADER, len);
			break;
		case TAG_WRITABLE:
			ret = walk_keywords(sink, PVE_FLAG_RW, at + HEADER, len);
			break;
		default:
			return -ENXIO;
		}
		if (ret)
			return ret;
		at += HEADER + len;
		left -= HEADER + len;
	}
	/* Without an end tag the list was cut off, or there was none at all. */
	return left ? 0 : -ENXIO;
}

int bario_vpd_list(const uint8_t *vpd, size_t len, uint8_t *out,
		   size_t out_len, size_t *need)
{
	struct sink sink = { NULL, 0 };
	int ret;

	*need = 0;
	ret = walk_tags(&sink, vpd, len);
	if (ret)
		return ret;
	*need = sink.used;
	if (!out)
		return 0;
	if (sink.used > out_len)
		return -ENOMEM;
	sink.out = out;
	sink.used = 0;
	return walk_tags(&sink, vpd, len);
}

size_t bario_vpd_wanted(const uint8_t *vpd, size_t len)
{
	size_t at = 0;

	for (;;) {
		if (at >= len)
			return at + 1;
		if (vpd[at] != TAG_IDENT && vpd[at] != TAG_READ_ONLY &&
		    vpd[at] != TAG_WRITABLE)
			return at + 1;
		if (len - at < HEADER)
			return at + HEADER;
		at += HEADER + (vpd[at + 1] | vpd[at + 2] << 8);
	}
}
