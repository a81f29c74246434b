/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR BSD-2-Clause */
/*
 * bario's own requests, in addition to those of FreeBSD's pci(4) in pciio.h.
 *
 * For every request:
 *  - Reserved fields are 0 and flags are known ones, or the request fails with
 *    EINVAL. Fields marked "out" may contain anything on entry.
 *  - Sizes, widths, lengths and offsets are in bytes.
 *  - A request that fails changes nothing, except as noted below.
 *  - "Errors" are in the order of the checks; barioc(4) says what each means.
 *    ENODEV for a descriptor that was revoked, ENOMEM and, for a number that is
 *    not defined here, ENOTTY are not listed.
 *
 * A "descriptor" is an open file description, and its grant is what it allows:
 * bario(4), GRANTS.
 */
#ifndef _UAPI_BARIOC_H
#define _UAPI_BARIOC_H

#ifdef __FreeBSD__
/* The structures alone, for what libbario does itself there. */
#include <stddef.h>
#include <sys/types.h>

typedef uint8_t		__u8;
typedef uint32_t	__u32;
typedef int32_t		__s32;
typedef uint64_t	__u64;
#else
#ifndef __KERNEL__
#include <stddef.h>
#endif
#include <linux/ioctl.h>
#include <linux/types.h>
#endif

/*
 * barioc_rule.space and barioc_holder.space: a BAR by its index, 0 to 5, or
 * configuration space. 6 is reserved for the expansion ROM and 8 for the
 * interrupt; these and all others fail with EINVAL.
 */
#define BARIOC_SPACE_CONFIG	7

/* barioc_rule.rights */
#define BARIOC_RIGHT_READ	0x1	/* read, and map for reading */
#define BARIOC_RIGHT_WRITE	0x2	/* write, and map for writing */
#define BARIOC_RIGHT_MAP	0x4	/* map whole pages, with READ or both */

/* barioc_rule.length: everything from the offset on. */
#define BARIOC_TO_END		(~(__u64)0)

/* Largest number of rules in a grant. */
#define BARIOC_RULES_MAX	1024

/**
 * struct barioc_rule - what a grant allows in a range of a function
 * @domain: PCI domain of the function
 * @bus: its bus
 * @dev: its device number, 0 to 31
 * @func: its function number, 0 to 7
 * @space: index of the BAR, or BARIOC_SPACE_CONFIG
 * @rights: BARIOC_RIGHT_*, at least one; MAP for BARs only
 * @reserved: 0
 * @offset: start of the range
 * @length: its length, not 0, or BARIOC_TO_END; the range ends at 2^64 at most
 *
 * Rules add up: a byte is covered if any rule covers it, and an access may span
 * several rules.
 */
struct barioc_rule {
	__u32		domain;
	__u8		bus;
	__u8		dev;
	__u8		func;
	__u8		space;
	__u32		rights;
	__u32		reserved;
	__u64		offset;
	__u64		length;
};

/**
 * struct barioc_derive - BARIOC_DERIVE: create a more restricted descriptor
 * @rules: in: address of the rules
 * @count: in: number of rules, 1 to BARIOC_RULES_MAX
 * @flags: in: 0 or BARIOC_DERIVE_SHARED
 * @fd: out: the new descriptor, close-on-exec, opened like this one for
 *	reading, writing or both
 * @id: out: for BARIOC_REVOKE
 *
 * The new grant is what both the rules and the grant of this descriptor allow.
 *
 * Errors of BARIOC_DERIVE: EFAULT, EINVAL, EPERM, EINVAL, EFAULT, EINVAL,
 * ENODEV, E2BIG, EACCES, ENOSPC, ENFILE, EMFILE, EFAULT.
 */
struct barioc_derive {
	__u64		rules;
	__u32		count;
	__u32		flags;
	__s32		fd;
	__u32		id;
};

/* barioc_derive.flags: access BARs while a driver is bound. */
#define BARIOC_DERIVE_SHARED	0x1

/**
 * struct barioc_grant - BARIOC_GRANT: return the grant of a descriptor
 * @rules: in: where to write the rules, in ascending order of function, space
 *	and offset, without overlaps
 * @capacity: in: how many rules fit there
 * @count: out: number of rules in the grant, even if not all of them fit
 * @flags: in: 0
 * @attributes: out: BARIOC_GRANT_*
 *
 * Errors of BARIOC_GRANT: EFAULT, EINVAL, EFAULT.
 */
struct barioc_grant {
	__u64		rules;
	__u32		capacity;
	__u32		count;
	__u32		flags;
	__u32		attributes;
};

/* barioc_grant.attributes */
#define BARIOC_GRANT_ALL	0x1	/* everything is allowed; no rules */
#define BARIOC_GRANT_SHARED	0x2	/* see BARIOC_DERIVE_SHARED */

/**
 * struct barioc_revoke - BARIOC_REVOKE: revoke derived descriptors
 * @id: in: from BARIOC_DERIVE, or 0 for all that were derived from this one
 * @reserved: 0
 *
 * A revoked descriptor, and everything derived from it, fails with ENODEV, and
 * has no claims; touching its mappings raises SIGBUS.
 *
 * Errors of BARIOC_REVOKE: EFAULT, EINVAL, ENOENT.
 */
struct barioc_revoke {
	__u32		id;
	__u32		reserved;
};

/* Length of the longest published name, without the terminating NUL. */
#define BARIOC_NAME_MAX	31

/**
 * struct barioc_publish - BARIOC_PUBLISH, BARIOC_UNPUBLISH: a node with a grant
 * @rules: in: address of the rules
 * @count: in: number of rules, 1 to BARIOC_RULES_MAX
 * @flags: in: 0 or BARIOC_PUBLISH_OWNER
 * @uid: in: with BARIOC_PUBLISH_OWNER, the node's owner; otherwise 0
 * @gid: in: with BARIOC_PUBLISH_OWNER, the node's group; otherwise 0
 * @mode: in: with BARIOC_PUBLISH_OWNER, the node's permissions, 0 to 0777;
 *	otherwise 0
 * @reserved: 0
 * @name: in: a letter, then letters, digits, '-' and '_'; NUL-terminated
 *
 * Each descriptor opened through the node /dev/bario/NAME has this grant.
 * Without BARIOC_PUBLISH_OWNER the node belongs to root, with mode 0600.
 * BARIOC_UNPUBLISH removes the node and revokes these descriptors; only @name
 * is set for it.
 *
 * Errors of BARIOC_PUBLISH: EPERM, EFAULT, EINVAL, EFAULT, EINVAL, ENODEV,
 * E2BIG, EACCES, EEXIST, ENOSPC.
 *
 * Errors of BARIOC_UNPUBLISH: EPERM, EFAULT, EINVAL, ENOENT.
 */
struct barioc_publish {
	__u64		rules;
	__u32		count;
	__u32		flags;
	__u32		uid;
	__u32		gid;
	__u32		mode;
	__u32		reserved[3];
	char		name[BARIOC_NAME_MAX + 1];
};

/* barioc_publish.flags: @uid, @gid and @mode are set. */
#define BARIOC_PUBLISH_OWNER	0x1

/* Length of the longest driver name, without the terminating NUL. */
#define BARIOC_DRIVER_MAX	63

/**
 * struct barioc_holder - BARIOC_HOLDER: tell who holds a BAR
 * @domain: in: PCI domain of the function
 * @bus: in: its bus
 * @dev: in: its device number
 * @func: in: its function number
 * @space: in: index of the BAR, or BARIOC_SPACE_CONFIG for the whole function
 * @kind: out: BARIOC_HOLDER_*; NONE or DRIVER for the whole function
 * @reserved: 0
 * @name: out: name of the bound driver, whatever @kind is; empty if there is
 *	none or while one is binding
 *
 * Errors of BARIOC_HOLDER: EFAULT, ENODEV, EINVAL, EFAULT.
 */
struct barioc_holder {
	__u32		domain;
	__u8		bus;
	__u8		dev;
	__u8		func;
	__u8		space;
	__u32		kind;
	__u32		reserved;
	char		name[BARIOC_DRIVER_MAX + 1];
};

#define BARIOC_HOLDER_NONE	0	/* nobody */
#define BARIOC_HOLDER_FILES	1	/* descriptors of bario, which share it */
#define BARIOC_HOLDER_DRIVER	2	/* a driver, bound, binding or leaving */
#define BARIOC_HOLDER_OTHER	3	/* another part of the kernel */

/* barioc_op.op: "register" is @width bytes at @offset of BAR @bar. */
#define BARIOC_OP_READ		1	/* read it */
#define BARIOC_OP_WRITE		2	/* write @value to it */
#define BARIOC_OP_AND		3	/* register & @value */
#define BARIOC_OP_OR		4	/* register | @value */
#define BARIOC_OP_XOR		5	/* register ^ @value */
#define BARIOC_OP_REPLACE	6	/* (register & ~@mask) | @value */
#define BARIOC_OP_POLL		7	/* read until (register & @mask) == @value */
#define BARIOC_OP_DELAY		8	/* wait */
#define BARIOC_OP_EXPECT	9	/* stop unless (register & @mask) == @value */

/**
 * struct barioc_op - BARIOC_RUN: one operation
 * @op: in: BARIOC_OP_*
 * @bar: in: index of the BAR
 * @width: in: width of the register: 1, 2, 4 or, in a memory BAR, 8
 * @reserved: 0
 * @reserved2: 0
 * @offset: in: offset of the register in the BAR
 * @value: in: for all but READ and DELAY
 * @mask: in: for REPLACE, POLL and EXPECT; @value has no bits outside it
 * @timeout: in: for POLL and DELAY, in nanoseconds
 * @result: out: the value that was read: for AND, OR, XOR and REPLACE before
 *	the change, for POLL the last one; unchanged for WRITE and DELAY
 *
 * Fields that an operation does not use are 0, except @result; DELAY does not
 * use
 * @bar, @width and @offset. @value and @mask have no bits above the width.
 */
struct barioc_op {
	__u8		op;
	__u8		bar;
	__u8		width;
	__u8		reserved;
	__u32		reserved2;
	__u64		offset;
	__u64		value;
	__u64		mask;
	__u64		timeout;
	__u64		result;
};

/**
 * struct barioc_run - BARIOC_RUN: run a program
 * @domain: in: PCI domain of the function
 * @bus: in: its bus
 * @dev: in: its device number
 * @func: in: its function number
 * @reserved: 0
 * @count: in: number of operations, 1 to BARIOC_OPS_MAX
 * @flags: in: 0 or BARIOC_RUN_ATOMIC
 * @ops: in: address of the operations, into which the results are written
 * @ran: out: number of operations that completed
 * @stop: out: BARIOC_STOP_*
 * @error: out: errno of the next operation with BARIOC_STOP_ERROR, otherwise 0
 * @refused_op: out: if the request fails: index of the operation at fault, or
 *	@count if no single operation is at fault
 * @left: out: nanoseconds left of the POLL or DELAY that a signal or an error
 *	ended, otherwise 0
 * @reserved2: 0
 *
 * All operations are checked before the first one runs. A program that was
 * started succeeds as a request, and ends with the first operation that does
 * not complete. Timeouts add up to BARIOC_TIME_MAX at most.
 *
 * If the request fails, no operation has run, except with EFAULT for results
 * that cannot be stored after the program has run: then @ran, @stop, @error and
 * @left are valid.
 *
 * Errors of BARIOC_RUN: EPERM, EFAULT, ENODEV, EINVAL, EFAULT, EINVAL, ENXIO,
 * EACCES, EBUSY, EIO.
 */
struct barioc_run {
	__u32		domain;
	__u8		bus;
	__u8		dev;
	__u8		func;
	__u8		reserved;
	__u32		count;
	__u32		flags;
	__u64		ops;
	__u32		ran;
	__u32		stop;
	__s32		error;
	__u32		refused_op;
	__u64		left;
	__u64		reserved2[2];
};

/*
 * barioc_run.flags: no other access through bario to any BAR of the program
 * takes place between its operations. At most BARIOC_ATOMIC_MAX operations,
 * without POLL and DELAY.
 */
#define BARIOC_RUN_ATOMIC	0x1

/* barioc_run.stop */
#define BARIOC_STOP_END		0	/* all operations completed */
#define BARIOC_STOP_EXPECT	1	/* read another value: see @result */
#define BARIOC_STOP_TIMEOUT	2	/* timed out; @result is the last value */
#define BARIOC_STOP_SIGNAL	3	/* a signal was received */
#define BARIOC_STOP_ERROR	4	/* failed: see @error */

#define BARIOC_OPS_MAX		1024
#define BARIOC_ATOMIC_MAX	64
#define BARIOC_TIME_MAX		10000000000ULL	/* ns: 10 seconds */

/**
 * struct barioc_limits - BARIOC_LIMITS: return limits and features of the
 * module
 * @rules: out: BARIOC_RULES_MAX
 * @ops: out: BARIOC_OPS_MAX
 * @atomic: out: BARIOC_ATOMIC_MAX
 * @reserved: out: 0
 * @time: out: BARIOC_TIME_MAX, in nanoseconds
 * @features: out: BARIOC_FEATURE_*
 *
 * These are the module's; they may exceed those of this header.
 *
 * Errors of BARIOC_LIMITS: EFAULT.
 */
struct barioc_limits {
	__u32		rules;
	__u32		ops;
	__u32		atomic;
	__u32		reserved;
	__u64		time;
	__u64		features;
};

/* barioc_limits.features: operations, requests, and flags of requests. */
#define BARIOC_FEATURE_OP(op)		((__u64)1 << (op))
#define BARIOC_FEATURE_REQUEST(request)	((__u64)1 << (32 + ((request) & 0xff)))
#define BARIOC_FEATURE_RUN_ATOMIC	((__u64)1 << 56)
/* only if the module parameter allow_shared is set */
#define BARIOC_FEATURE_DERIVE_SHARED	((__u64)1 << 57)
#define BARIOC_FEATURE_PUBLISH_OWNER	((__u64)1 << 58)

/*
 * Offsets for mmap(2). @offset, a multiple of the page size, counts from the
 * start of the page in which BAR @bar begins. BARIOC_MMAP_OFFSET() is for
 * descriptors for one function, BARIOC_MMAP_NODE_OFFSET() with the minor number
 * of the function's node for all others.
 */
#define BARIOC_MMAP_BAR_SHIFT	41
#define BARIOC_MMAP_NODE_SHIFT	44
#define BARIOC_MMAP_OFFSET(bar, offset) \
	((__u64)(bar) << BARIOC_MMAP_BAR_SHIFT | (__u64)(offset))
#define BARIOC_MMAP_NODE_OFFSET(minor, bar, offset) \
	((__u64)(minor) << BARIOC_MMAP_NODE_SHIFT | \
	 BARIOC_MMAP_OFFSET(bar, offset))

#define BARIOC_IOC_TYPE	0xBA

#define BARIOC_DERIVE	_IOWR(BARIOC_IOC_TYPE, 1, struct barioc_derive)
#define BARIOC_GRANT	_IOWR(BARIOC_IOC_TYPE, 2, struct barioc_grant)
#define BARIOC_REVOKE	_IOW(BARIOC_IOC_TYPE, 3, struct barioc_revoke)
#define BARIOC_PUBLISH	_IOW(BARIOC_IOC_TYPE, 4, struct barioc_publish)
#define BARIOC_UNPUBLISH	_IOW(BARIOC_IOC_TYPE, 5, struct barioc_publish)
#define BARIOC_HOLDER	_IOWR(BARIOC_IOC_TYPE, 6, struct barioc_holder)
#define BARIOC_RUN	_IOWR(BARIOC_IOC_TYPE, 7, struct barioc_run)
#define BARIOC_LIMITS	_IOR(BARIOC_IOC_TYPE, 8, struct barioc_limits)

/* The layout, which is the same for 32-bit and 64-bit programs. */
#if defined(__cplusplus) ? __cplusplus >= 201103L : \
	defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
#ifdef __cplusplus
#define BARIOC_ASSERT(cond)	static_assert(cond, #cond)
#else
#define BARIOC_ASSERT(cond)	_Static_assert(cond, #cond)
#endif
BARIOC_ASSERT(sizeof(struct barioc_rule) == 32);
BARIOC_ASSERT(offsetof(struct barioc_rule, domain) == 0);
BARIOC_ASSERT(offsetof(struct barioc_rule, bus) == 4);
BARIOC_ASSERT(offsetof(struct barioc_rule, dev) == 5);
BARIOC_ASSERT(offsetof(struct barioc_rule, func) == 6);
BARIOC_ASSERT(offsetof(struct barioc_rule, space) == 7);
BARIOC_ASSERT(offsetof(struct barioc_rule, rights) == 8);
BARIOC_ASSERT(offsetof(struct barioc_rule, reserved) == 12);
BARIOC_ASSERT(offsetof(struct barioc_rule, offset) == 16);
BARIOC_ASSERT(offsetof(struct barioc_rule, length) == 24);

BARIOC_ASSERT(sizeof(struct barioc_derive) == 24);
BARIOC_ASSERT(offsetof(struct barioc_derive, rules) == 0);
BARIOC_ASSERT(offsetof(struct barioc_derive, count) == 8);
BARIOC_ASSERT(offsetof(struct barioc_derive, flags) == 12);
BARIOC_ASSERT(offsetof(struct barioc_derive, fd) == 16);
BARIOC_ASSERT(offsetof(struct barioc_derive, id) == 20);

BARIOC_ASSERT(sizeof(struct barioc_grant) == 24);
BARIOC_ASSERT(offsetof(struct barioc_grant, rules) == 0);
BARIOC_ASSERT(offsetof(struct barioc_grant, capacity) == 8);
BARIOC_ASSERT(offsetof(struct barioc_grant, count) == 12);
BARIOC_ASSERT(offsetof(struct barioc_grant, flags) == 16);
BARIOC_ASSERT(offsetof(struct barioc_grant, attributes) == 20);

BARIOC_ASSERT(sizeof(struct barioc_revoke) == 8);
BARIOC_ASSERT(offsetof(struct barioc_revoke, id) == 0);
BARIOC_ASSERT(offsetof(struct barioc_revoke, reserved) == 4);

BARIOC_ASSERT(sizeof(struct barioc_publish) == 72);
BARIOC_ASSERT(offsetof(struct barioc_publish, rules) == 0);
BARIOC_ASSERT(offsetof(struct barioc_publish, count) == 8);
BARIOC_ASSERT(offsetof(struct barioc_publish, flags) == 12);
BARIOC_ASSERT(offsetof(struct barioc_publish, uid) == 16);
BARIOC_ASSERT(offsetof(struct barioc_publish, gid) == 20);
BARIOC_ASSERT(offsetof(struct barioc_publish, mode) == 24);
BARIOC_ASSERT(offsetof(struct barioc_publish, reserved) == 28);
BARIOC_ASSERT(offsetof(struct barioc_publish, name) == 40);

BARIOC_ASSERT(sizeof(struct barioc_holder) == 80);
BARIOC_ASSERT(offsetof(struct barioc_holder, domain) == 0);
BARIOC_ASSERT(offsetof(struct barioc_holder, bus) == 4);
BARIOC_ASSERT(offsetof(struct barioc_holder, dev) == 5);
BARIOC_ASSERT(offsetof(struct barioc_holder, func) == 6);
BARIOC_ASSERT(offsetof(struct barioc_holder, space) == 7);
BARIOC_ASSERT(offsetof(struct barioc_holder, kind) == 8);
BARIOC_ASSERT(offsetof(struct barioc_holder, reserved) == 12);
BARIOC_ASSERT(offsetof(struct barioc_holder, name) == 16);

BARIOC_ASSERT(sizeof(struct barioc_op) == 48);
BARIOC_ASSERT(offsetof(struct barioc_op, op) == 0);
BARIOC_ASSERT(offsetof(struct barioc_op, bar) == 1);
BARIOC_ASSERT(offsetof(struct barioc_op, width) == 2);
BARIOC_ASSERT(offsetof(struct barioc_op, reserved) == 3);
BARIOC_ASSERT(offsetof(struct barioc_op, reserved2) == 4);
BARIOC_ASSERT(offsetof(struct barioc_op, offset) == 8);
BARIOC_ASSERT(offsetof(struct barioc_op, value) == 16);
BARIOC_ASSERT(offsetof(struct barioc_op, mask) == 24);
BARIOC_ASSERT(offsetof(struct barioc_op, timeout) == 32);
BARIOC_ASSERT(offsetof(struct barioc_op, result) == 40);

BARIOC_ASSERT(sizeof(struct barioc_run) == 64);
BARIOC_ASSERT(offsetof(struct barioc_run, domain) == 0);
BARIOC_ASSERT(offsetof(struct barioc_run, bus) == 4);
BARIOC_ASSERT(offsetof(struct barioc_run, dev) == 5);
BARIOC_ASSERT(offsetof(struct barioc_run, func) == 6);
BARIOC_ASSERT(offsetof(struct barioc_run, reserved) == 7);
BARIOC_ASSERT(offsetof(struct barioc_run, count) == 8);
BARIOC_ASSERT(offsetof(struct barioc_run, flags) == 12);
BARIOC_ASSERT(offsetof(struct barioc_run, ops) == 16);
BARIOC_ASSERT(offsetof(struct barioc_run, ran) == 24);
BARIOC_ASSERT(offsetof(struct barioc_run, stop) == 28);
BARIOC_ASSERT(offsetof(struct barioc_run, error) == 32);
BARIOC_ASSERT(offsetof(struct barioc_run, refused_op) == 36);
BARIOC_ASSERT(offsetof(struct barioc_run, left) == 40);
BARIOC_ASSERT(offsetof(struct barioc_run, reserved2) == 48);

BARIOC_ASSERT(sizeof(struct barioc_limits) == 32);
BARIOC_ASSERT(offsetof(struct barioc_limits, rules) == 0);
BARIOC_ASSERT(offsetof(struct barioc_limits, ops) == 4);
BARIOC_ASSERT(offsetof(struct barioc_limits, atomic) == 8);
BARIOC_ASSERT(offsetof(struct barioc_limits, reserved) == 12);
BARIOC_ASSERT(offsetof(struct barioc_limits, time) == 16);
BARIOC_ASSERT(offsetof(struct barioc_limits, features) == 24);

#ifndef __FreeBSD__
BARIOC_ASSERT(BARIOC_DERIVE == 0xc018ba01);
BARIOC_ASSERT(BARIOC_GRANT == 0xc018ba02);
BARIOC_ASSERT(BARIOC_REVOKE == 0x4008ba03);
BARIOC_ASSERT(BARIOC_PUBLISH == 0x4048ba04);
BARIOC_ASSERT(BARIOC_UNPUBLISH == 0x4048ba05);
BARIOC_ASSERT(BARIOC_HOLDER == 0xc050ba06);
BARIOC_ASSERT(BARIOC_RUN == 0xc040ba07);
BARIOC_ASSERT(BARIOC_LIMITS == 0x8020ba08);
#endif
BARIOC_ASSERT(BARIOC_MMAP_NODE_OFFSET(1, 1, 4096) == 0x120000001000);
#undef BARIOC_ASSERT
#endif

#endif /* _UAPI_BARIOC_H */
