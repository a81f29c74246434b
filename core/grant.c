// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#include "core.h"
#ifdef __KERNEL__
#include <linux/sort.h>
#define sort_ranges(ranges, count, order)	\
	sort(ranges, count, sizeof(*(ranges)), order, NULL)
#else
#include <stdlib.h>
#define sort_ranges(ranges, count, order)	\
	qsort(ranges, count, sizeof(*(ranges)), order)
#endif

#define ALL_RIGHTS	(BARIOC_RIGHT_READ | BARIOC_RIGHT_WRITE | BARIOC_RIGHT_MAP)

int bario_check_rule(const struct barioc_rule *rule)
{
	if (rule->dev > 31 || rule->func > 7 || rule->reserved)
		return -EINVAL;
	if (!bario_space_valid(rule->space))
		return -EINVAL;
	if (!rule->rights || (rule->rights & ~(uint32_t)ALL_RIGHTS))
		return -EINVAL;
	if (rule->space == BARIOC_SPACE_CONFIG &&
	    (rule->rights & BARIOC_RIGHT_MAP))
		return -EINVAL;
	if (!rule->length)
		return -EINVAL;
	/* The last byte, not the end: that may be 2^64. */
	if (rule->length != BARIOC_TO_END &&
	    rule->length - 1 > UINT64_MAX - rule->offset)
		return -EINVAL;
	return 0;
}

struct bario_range bario_rule_range(const struct barioc_rule *rule)
{
	struct bario_range range = {
		.space = rule->space,
		.rights = rule->rights,
		.first = rule->offset,
		.last = UINT64_MAX,
	};

	if (rule->length != BARIOC_TO_END)
		range.last = rule->offset + (rule->length - 1);
	return range;
}

static int by_place(const void *left, const void *right)
{
	const struct bario_range *a = left, *b = right;

	if (a->space != b->space)
		return a->space < b->space ? -1 : 1;
	if (a->first != b->first)
		return a->first < b->first ? -1 : 1;
	return 0;
}

/* Appends a range, or extends the last one if it continues that. */
static uint32_t append_range(struct bario_range *out, uint32_t count,
			     struct bario_range range)
{
	struct bario_range *last = count ? &out[count - 1] : NULL;

	if (last && last->space == range.space &&
	    last->rights == range.rights && last->last + 1 == range.first) {
		last->last = range.last;
		return count;
	}
	out[count] = range;
	return count + 1;
}

/* The rights that sorted ranges of one space give at a byte, and up to which byte. */
static uint32_t rights_at(const struct bario_range *ranges, uint32_t count,
			  uint64_t at, uint64_t *last)
{
	uint32_t rights = 0;
	uint32_t i;

	*last = UINT64_MAX;
	for (i = 0; i < count; i++) {
		if (ranges[i].last < at)
			continue;
		if (ranges[i].first > at) {
			if (ranges[i].first - 1 < *last)
				*last = ranges[i].first - 1;
			break;
		}
		rights |= ranges[i].rights;
		if (ranges[i].last < *last)
			*last = ranges[i].last;
	}
	return rights;
}

uint32_t bario_ranges_normalize(struct bario_range *ranges, uint32_t count,
				struct bario_range *out)
{
	uint32_t n = 0, i, end;

	sort_ranges(ranges, count, by_place);
	for (i = 0; i < count; i = end) {
		struct bario_range stretch = ranges[i];

		for (end = i; end < count; end++)
			if (ranges[end].space != stretch.space)
				break;
		for (;;) {
			stretch.rights = rights_at(&ranges[i], end - i,
						   stretch.first,
						   &stretch.last);
			if (stretch.rights)
				n = append_range(out, n, stretch);
			if (stretch.last == UINT64_MAX)
				break;
			stretch.first = stretch.last + 1;
		}
	}
	return n;
}

uint32_t bario_grant_safe(const struct bario_range *guarded, uint32_t count,
			  struct bario_range *out)
{
	uint32_t n = 0, space;

	for (space = 0; space < BARIO_SPACES; space++) {
		struct bario_range rest = {
			.space = space,
			.rights = ALL_RIGHTS,
			.last = UINT64_MAX,
		};
		bool left = true;

		if (!bario_space_valid(space))
			continue;
		if (space == BARIOC_SPACE_CONFIG)
			rest.rights &= ~BARIOC_RIGHT_MAP;
		for (; count && guarded->space == space; guarded++, count--) {
			struct bario_range guard = *guarded;

			guard.rights = BARIOC_RIGHT_READ;
			if (guard.first > rest.first) {
				rest.last = guard.first - 1;
				n = append_range(out, n, rest);
				rest.last = UINT64_MAX;
			}
			n = append_range(out, n, guard);
			left = guard.last != UINT64_MAX;
			rest.first = guard.last + 1;
		}
		if (left)
			n = append_range(out, n, rest);
	}
	return n;
}

uint32_t bario_ranges_intersect(const struct bario_range *a, uint32_t a_count,
				const struct bario_range *b, uint32_t b_count,
				struct bario_range *out)
{
	uint32_t n = 0, i = 0, j = 0;

	while (i < a_count && j < b_count) {
		struct bario_range both = a[i];

		if (a[i].space != b[j].space) {
			if (a[i].space < b[j].space)
				i++;
			else
				j++;
			continue;
		}
		both.rights = a[i].rights & b[j].rights;
		if (b[j].first > both.first)
			both.first = b[j].first;
		if (b[j].last < both.last)
			both.last = b[j].last;
		if (both.rights && both.first <= both.last)
			n = append_range(out, n, both);
		if (a[i].last < b[j].last)
			i++;
		else
			j++;
	}
	return n;
}

bool bario_grant_allows(const struct bario_range *ranges, uint32_t count,
			uint64_t first, uint64_t last, uint32_t rights)
{
	uint32_t low = 0, high = count;

	/* The first range that does not end before the first byte. */
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (ranges[middle].last < first)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < count; low++) {
		if (ranges[low].first > first ||
		    (ranges[low].rights & rights) != rights)
			return false;
		if (ranges[low].last >= last)
			return true;
		first = ranges[low].last + 1;
	}
	return false;
}

static bool config_shown(unsigned int hdr_type, uint64_t capabilities,
			 unsigned int byte)
{
	if (byte < (hdr_type == 2 ? 128 : 64))
		return true;
	return byte < 256 && byte % 4 < 2 && (capabilities >> byte / 4 & 1);
}

bool bario_may_read_config(const struct bario_allowed *allowed,
			   unsigned int hdr_type, uint64_t capabilities,
			   int reg, int width)
{
	unsigned int byte, end = (unsigned int)reg + width;

	for (byte = reg; byte < end; byte++)
		if (!config_shown(hdr_type, capabilities, byte) &&
		    !bario_allows(allowed, BARIOC_SPACE_CONFIG, byte, byte,
				  BARIOC_RIGHT_READ))
			return false;
	return true;
}
