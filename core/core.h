/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The rules of bario: which requests are valid, for which BAR, and what the result
 * is. Plain C without allocations, locks or user memory, so that the kernel module, the
 * library and the tests compile the same files.
 * Functions return 0 or a negative errno.
 */
#ifndef BARIO_CORE_H
#define BARIO_CORE_H

#ifdef __KERNEL__
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/string.h>
#include <linux/nospec.h>
#include <linux/types.h>
#define UINT64_MAX	U64_MAX
/* An index that was checked, also under speculation. */
#define bario_index(index, size)	array_index_nospec(index, size)
#define bario_unlikely(condition)	unlikely(condition)
#else
#define bario_index(index, size)	(index)
#define bario_unlikely(condition)	(condition)
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#endif
#include "barioc.h"
#ifdef __FreeBSD__
#include <sys/types.h>
#include <sys/pciio.h>
/* The limit is bario's own: pciio.h has it. */
#define PCI_GETCONF_PATTERNS_MAX	4096
#else
#include "pciio.h"
#endif

/* x86 allows misaligned accesses to ports; other platforms may not. */
#if defined(__x86_64__) || defined(__i386__)
#define BARIO_PORTS_ANY_OFFSET	true
#else
#define BARIO_PORTS_ANY_OFFSET	false
#endif

/* No header type has more BARs. */
#define BARIO_BARS	6

enum bario_bar_kind {
	BARIO_BAR_NONE,		/* not implemented, or the upper half of one */
	BARIO_BAR_MEM,
	BARIO_BAR_PORT,
};

/**
 * struct bario_bar - what the checks need to know of a BAR
 * @kind: memory, port or none
 * @assigned: it has an address
 * @size: in bytes
 */
struct bario_bar {
	enum bario_bar_kind	kind;
	bool			assigned;
	uint64_t		size;
};

/**
 * bario_bar_index() - which BAR a configuration register belongs to
 * @hdr_type: header type of the function, 0, 1 or 2
 * @reg: offset in configuration space
 *
 * Return: the index, or -EINVAL where that header type has no BAR register.
 */
int bario_bar_index(unsigned int hdr_type, int reg);

/**
 * bario_bar_count() - how many BAR registers a header type has
 * @hdr_type: header type of the function, 0, 1 or 2
 */
unsigned int bario_bar_count(unsigned int hdr_type);

/**
 * bario_bar_decode() - what kind of BAR a register describes
 * @regs: the BAR registers as they are in configuration space
 * @index: which of them
 *
 * Return: the kind. A register of 0 counts as none: without writing to it, a
 * 32-bit memory BAR that has no address looks the same.
 */
enum bario_bar_kind bario_bar_decode(const uint32_t *regs, unsigned int index);

/**
 * struct bario_offsets - where in a BAR accesses of one width can be made
 * @end: the first offset that is too high; 0: the BAR has fewer bytes
 * @misaligned: bits that are 0 in each offset
 */
struct bario_offsets {
	uint64_t	end;
	uint64_t	misaligned;
};

/**
 * bario_offsets() - where in a BAR accesses of a width can be made
 * @bar: the BAR
 * @width: in bytes, 1, 2, 4 or 8
 */
static inline struct bario_offsets bario_offsets(const struct bario_bar *bar,
						 uint32_t width)
{
	const bool any = bar->kind == BARIO_BAR_PORT && BARIO_PORTS_ANY_OFFSET;

	/* Not offset + width > size: that sum can wrap. */
	return (struct bario_offsets){
		.end = bar->size < width ? 0 : bar->size - width + 1,
		.misaligned = any ? 0 : width - 1,
	};
}

static inline bool bario_offset_good(const struct bario_offsets *offsets,
				     uint64_t offset)
{
	return offset < offsets->end && !(offset & offsets->misaligned);
}

/**
 * bario_check_args() - are operation and width valid, whatever the place?
 * @op: PCIBARIO_READ or PCIBARIO_WRITE
 * @width: in bytes
 *
 * Return: 0 or -EINVAL.
 */
static inline int bario_check_args(int op, uint32_t width)
{
	/* A width is a power of 2, 8 at most. */
	return bario_unlikely((op != PCIBARIO_READ && op != PCIBARIO_WRITE) ||
			      width - 1 > 7 || (width & (width - 1))) ?
		-EINVAL : 0;
}

/**
 * bario_check_place() - can the access be made there?
 * @bar: a BAR that has an address
 * @width: in bytes; bario_check_args() has passed it
 * @offset: in bytes from the BAR's beginning
 *
 * Return: 0; -EINVAL: width, end or alignment.
 */
static inline int bario_check_place(const struct bario_bar *bar, uint32_t width,
				    uint64_t offset)
{
	const struct bario_offsets offsets = bario_offsets(bar, width);

	if (bario_unlikely(width == 8) &&
	    (bar->kind == BARIO_BAR_PORT || sizeof(long) < 8))
		return -EINVAL;
	return bario_unlikely(!bario_offset_good(&offsets, offset)) ?
		-EINVAL : 0;
}

/**
 * bario_check_access() - may this access be made at all?
 * @bar: the BAR
 * @op: PCIBARIO_READ or PCIBARIO_WRITE
 * @width: in bytes
 * @offset: in bytes from the BAR's beginning
 *
 * The two checks above, and between them those of a BAR that is not claimed. Checks
 * the access, not the rights of the caller: that is bario_check_right().
 *
 * Return: 0; -EINVAL: operation, width, BAR, end or alignment; -ENXIO: the BAR
 * has no address. pciio.h (struct pci_bar_ioreq) has the order.
 */
int bario_check_access(const struct bario_bar *bar, int op, uint32_t width,
		       uint64_t offset);

/**
 * bario_check_config() - may this access to configuration space be made?
 * @reg: offset
 * @width: in bytes
 *
 * Return: 0, or -EINVAL: not 1, 2 or 4 bytes, not aligned, or negative.
 */
int bario_check_config(int reg, int width);

/**
 * bario_all_ones() - what a read returns when no device responds
 * @width: in bytes, 1, 2, 4 or 8
 */
static inline uint64_t bario_all_ones(uint32_t width)
{
	return ~0ULL >> (64 - 8 * width);
}

/**
 * bario_possible_error() - may this be a read that no device responded to?
 * @value: what was read
 * @width: in bytes, 1, 2, 4 or 8
 */
static inline bool bario_possible_error(uint64_t value, uint32_t width)
{
	/* The lowest byte nearly always decides. */
	return bario_unlikely((uint8_t)value == 0xff) &&
	       value == bario_all_ones(width);
}

/**
 * bario_match() - does a function match one of the patterns?
 * @conf: the function
 * @patterns: @count patterns; may be NULL where @count is 0
 * @count: how many; 0 matches every function
 */
bool bario_match(const struct pci_conf *conf,
		 const struct pci_match_conf *patterns, uint32_t count);

/**
 * bario_check_patterns() - does a pattern buffer have the size that it should?
 * @count: number of patterns
 * @bytes: bytes in the buffer
 * @record: size of one pattern in the caller's layout
 *
 * Return: 0 or -EINVAL.
 */
int bario_check_patterns(uint32_t count, uint32_t bytes, uint32_t record);

/**
 * struct bario_walk - a walk through the list of functions for PCIOCGETCONF
 * @patterns: what to look for
 * @num_patterns: how many
 * @capacity: records that fit
 * @offset: where to begin; while walking, where to go on
 * @found: records taken
 * @full: something more matched, but did not fit
 */
struct bario_walk {
	const struct pci_match_conf	*patterns;
	uint32_t			num_patterns;
	uint32_t			capacity;
	uint32_t			offset;
	uint32_t			found;
	bool				full;
};

/**
 * bario_walk_offer() - handle the next function of the list
 * @walk: the walk
 * @position: the function's place in the list, counted from 0, ascending
 * @conf: the function
 *
 * Return: whether to store @conf as the record @walk->found - 1. The walk is
 * over once @walk->full is set.
 */
bool bario_walk_offer(struct bario_walk *walk, uint32_t position,
		      const struct pci_conf *conf);

/**
 * bario_vpd_list() - turn vital product data into PCIOCLISTVPD's elements
 * @vpd: the data as the device has it
 * @len: bytes of it
 * @out: buffer for the elements, or NULL to count only
 * @out_len: bytes at @out
 * @need: where to put the bytes that the elements take
 *
 * Return: 0; -ENXIO: it is not well formed (nothing was written, *@need is 0);
 * -ENOMEM: more is needed than @out_len (nothing was written, unless @out is
 * NULL: then 0).
 */
int bario_vpd_list(const uint8_t *vpd, size_t len, uint8_t *out,
		   size_t out_len, size_t *need);

/**
 * bario_vpd_wanted() - how far does vital product data have to be read?
 * @vpd: what was read of it so far, from its beginning
 * @len: bytes of it
 *
 * Some devices hang when they are read past the end of the data, so they are read no
 * further than needed.
 *
 * Return: bytes that are needed to know more; @len or less: no more, because the end
 * tag was read, or the data is malformed.
 */
size_t bario_vpd_wanted(const uint8_t *vpd, size_t len);

/* BARs and configuration space: what a range can lie in. */
#define BARIO_SPACES	(BARIOC_SPACE_CONFIG + 1)

/* The numbers between the BARs and configuration space are reserved. */
static inline bool bario_space_valid(unsigned int space)
{
	return space < BARIO_BARS || space == BARIOC_SPACE_CONFIG;
}

/**
 * struct bario_range - a stretch of one function, and what may be done with it
 * @space: which BAR, or BARIOC_SPACE_CONFIG
 * @rights: BARIOC_RIGHT_*
 * @first: its first byte
 * @last: its last byte
 *
 * A grant for one function is an array of these that is in order: by space and
 * place, without overlaps, each with some right.
 */
struct bario_range {
	uint32_t	space;
	uint32_t	rights;
	uint64_t	first;
	uint64_t	last;
};

/**
 * bario_check_rule() - is a rule valid, as described in barioc.h?
 * @rule: the rule
 *
 * Return: 0 or -EINVAL.
 */
int bario_check_rule(const struct barioc_rule *rule);

/**
 * bario_rule_range() - the range of a rule, without its function
 * @rule: a rule that bario_check_rule() has passed
 */
struct bario_range bario_rule_range(const struct barioc_rule *rule);

/**
 * bario_ranges_normalize() - put ranges in order
 * @ranges: @count ranges in any order, with any overlaps; they get sorted
 * @count: how many
 * @out: has capacity for 2 * @count
 *
 * Return: how many are in @out. Together they allow what @ranges allow.
 */
uint32_t bario_ranges_normalize(struct bario_range *ranges, uint32_t count,
				struct bario_range *out);

/**
 * bario_grant_safe() - everything that does not let a function reach memory
 * @guarded: @count ranges in order that may be read only
 * @count: how many
 * @out: has capacity for BARIO_SPACES + 2 * @count
 *
 * Return: how many are in @out, in order: all of every space, except that of
 * @guarded only reading is allowed.
 */
uint32_t bario_grant_safe(const struct bario_range *guarded, uint32_t count,
			  struct bario_range *out);

/**
 * bario_ranges_intersect() - what two grants both allow
 * @a: @a_count ranges in order
 * @a_count: how many
 * @b: @b_count ranges in order
 * @b_count: how many
 * @out: has capacity for @a_count + @b_count
 *
 * Return: how many are in @out, in order.
 */
uint32_t bario_ranges_intersect(const struct bario_range *a, uint32_t a_count,
				const struct bario_range *b, uint32_t b_count,
				struct bario_range *out);

/**
 * bario_grant_allows() - does a grant allow an operation?
 * @ranges: @count ranges in order, all of one space
 * @count: how many
 * @first: first byte
 * @last: last byte
 * @rights: what is to be done, all of it on each byte
 */
bool bario_grant_allows(const struct bario_range *ranges, uint32_t count,
			uint64_t first, uint64_t last, uint32_t rights);

/**
 * struct bario_allowed - what may be done with a function
 * @ranges: in order; NULL: everything
 * @begin: where in @ranges each space begins, and where the last ends
 * @whole: BARs that may be read and written as a whole, a bit each, which is all that
 *	most accesses check
 */
struct bario_allowed {
	const struct bario_range	*ranges;
	uint16_t			begin[BARIO_SPACES + 1];
	uint8_t				whole;
};

/**
 * bario_allows() - is an operation allowed, in one space?
 * @allowed: what may be done
 * @space: which BAR, or BARIOC_SPACE_CONFIG
 * @first: first byte
 * @last: last byte
 * @rights: what is to be done, all of it on each byte
 */
static inline bool bario_allows(const struct bario_allowed *allowed,
				unsigned int space, uint64_t first,
				uint64_t last, uint32_t rights)
{
	const uint16_t *begin = allowed->begin + space;

	return !allowed->ranges ||
	       bario_grant_allows(allowed->ranges + begin[0],
				  begin[1] - begin[0], first, last, rights);
}

/**
 * bario_check_right() - is an access allowed?
 * @allowed: what may be done
 * @bar: the BAR's index
 * @offset: in bytes from the BAR's beginning
 * @width: in bytes; bario_check_access() has passed the access
 * @rights: BARIOC_RIGHT_READ, BARIOC_RIGHT_WRITE or both
 *
 * Return: 0 or -EACCES.
 */
static inline int bario_check_right(const struct bario_allowed *allowed,
				    uint32_t bar, uint64_t offset,
				    uint32_t width, uint32_t rights)
{
	/* Most files may read and write the whole BAR. */
	if (bario_unlikely(!(allowed->whole & (1u << bar))) &&
	    !bario_allows(allowed, bar, offset, offset + width - 1, rights))
		return -EACCES;
	return 0;
}

/**
 * bario_may_read_config() - may a file read these bytes of configuration space?
 * @allowed: what it may do with the function
 * @hdr_type: header type of the function, 0, 1 or 2
 * @capabilities: where the function has a capability of the list below 256: bit N
 *	is offset 4 * N
 * @reg: offset, at least 0
 * @width: in bytes
 *
 * Whatever its grant, a file may read the standard header, which has 64 bytes, or
 * 128 for header type 2, and the ID and the next pointer of each capability. Each
 * byte of the access is one of these, or one that the grant allows to read.
 */
bool bario_may_read_config(const struct bario_allowed *allowed,
			   unsigned int hdr_type, uint64_t capabilities,
			   int reg, int width);

#endif /* BARIO_CORE_H */
