/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR BSD-2-Clause */
/*
 * bario's own requests: what FreeBSD's pci(4) interface (pciio.h) has not.
 *
 * These are strict: reserved fields must be 0, and what is not defined here is
 * EINVAL. EFAULT: memory of the caller could not be read or written. A request
 * that fails has changed nothing.
 *
 * A grant is what an open file may do: a list of rules. A file gets it when it
 * is made, and it never changes:
 *  - /dev/pci: everything;
 *  - a node in /dev/bario: one function, all BARs, but nothing by which the
 *    device could be made to reach memory (DMA): configuration space, the MSI-X
 *    table and its pending bits only to be read;
 *  - a published name in /dev/bario (BARIOC_PUBLISH): what the administrator
 *    wrote down under it;
 *  - a derived file (BARIOC_DERIVE): what the caller's rules and the grant of
 *    the file that it was derived from both allow.
 * Of configuration space, a file with any rule for a function reads the standard
 * header and the ID and next pointer of each capability; the rest takes a rule with
 * BARIOC_RIGHT_READ for it.
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
 * interrupt; these and all others are EINVAL.
 */
#define BARIOC_SPACE_CONFIG	7

/* barioc_rule.rights */
#define BARIOC_RIGHT_READ	0x1	/* read, and a mapping that reads */
#define BARIOC_RIGHT_WRITE	0x2	/* write, and a mapping that writes */
#define BARIOC_RIGHT_MAP	0x4	/* map: whole pages, with READ or both */

/* barioc_rule.length: all that follows the offset. */
#define BARIOC_TO_END		(~(__u64)0)

/* The most rules that one grant has. */
#define BARIOC_RULES_MAX	1024

/**
 * struct barioc_rule - what may be done with a stretch of a function
 * @domain: PCI domain of the function
 * @bus: its bus
 * @dev: its device number, 0 to 31
 * @func: its function number, 0 to 7
 * @space: which BAR, or BARIOC_SPACE_CONFIG
 * @rights: BARIOC_RIGHT_*, at least one; MAP is for BARs only
 * @reserved: 0
 * @offset: where the stretch begins, in bytes
 * @length: its length in bytes, or BARIOC_TO_END; not 0, and not past 2^64
 *
 * Rules add up: what any of them allows is allowed, and an access may lie
 * across several. WRITE on the low byte of the command register (offset 4 of
 * configuration space) is what lets a device reach memory: a file without it
 * has bus mastering and INTx turned off when it claims a BAR, but not those of a
 * bridge, which are about what lies behind it. (Another file, with WRITE there, may
 * turn them on again.)
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
 * struct barioc_derive - BARIOC_DERIVE: a new file that may do less
 * @rules: in: address of the rules
 * @count: in: how many, 1 to BARIOC_RULES_MAX
 * @flags: in: 0 or BARIOC_DERIVE_SHARED
 * @fd: out: a new descriptor, close-on-exec, open as this file is
 * @id: out: what BARIOC_REVOKE takes
 *
 * What this file may not do, a rule can't give: it is left out, and so is a
 * function of which nothing is left. The new file stays with the functions that
 * there are now; what comes later to the same place is another. It can't be
 * opened again through /proc.
 *
 * BARIOC_DERIVE_SHARED: the new file, and what is derived from it, reaches BARs
 * while a driver is bound, beside that driver: without claiming addresses, and
 * with power alone seen to. For a caller with CAP_SYS_RAWIO, and where the
 * module parameter "allow_shared" allows it.
 *
 * EINVAL: a count, flag or rule that is not as described. ENODEV: a rule names a
 * function that this file doesn't see. EACCES: nothing at all is left. EPERM:
 * BARIOC_DERIVE_SHARED is not allowed. ENOSPC: 2^32 - 1 were derived before.
 * E2BIG: the new grant would have more than BARIOC_RULES_MAX rules. EMFILE,
 * ENFILE, ENOMEM.
 */
struct barioc_derive {
	__u64		rules;
	__u32		count;
	__u32		flags;
	__s32		fd;
	__u32		id;
};

#define BARIOC_DERIVE_SHARED	0x1

/**
 * struct barioc_grant - BARIOC_GRANT: what may this file do?
 * @rules: in: address of a buffer for rules
 * @capacity: in: how many fit there
 * @count: out: how many rules the grant has, whether they fitted or not
 * @flags: in: 0
 * @attributes: out: BARIOC_GRANT_ALL: everything, and so no rules;
 *	BARIOC_GRANT_SHARED: beside a driver, too
 *
 * Neighbours are put together and overlaps split: the rules come by ascending
 * function, space and offset, and don't overlap.
 */
struct barioc_grant {
	__u64		rules;
	__u32		capacity;
	__u32		count;
	__u32		flags;
	__u32		attributes;
};

/* bario_grant.attributes */
#define BARIOC_GRANT_ALL	0x1
#define BARIOC_GRANT_SHARED	0x2

/**
 * struct barioc_revoke - BARIOC_REVOKE: end what was derived from this file
 * @id: in: of BARIOC_DERIVE, or 0: all
 * @reserved: 0
 *
 * The derived file, and all that was derived from it, is as if its functions
 * were gone: ENODEV for every request, SIGBUS in its mappings, no claims. What a
 * file has derived can't be revoked any more once it is closed, but for by the
 * file that it was derived from itself.
 *
 * ENOENT: nothing with that id (any more).
 */
struct barioc_revoke {
	__u32		id;
	__u32		reserved;
};

/* Longest published name, without its terminating NUL. */
#define BARIOC_NAME_MAX	31

/**
 * struct barioc_publish - BARIOC_PUBLISH, BARIOC_UNPUBLISH: a grant with a name
 * @rules: in: address of the rules
 * @count: in: how many, 1 to BARIOC_RULES_MAX
 * @flags: in: 0 or BARIOC_PUBLISH_OWNER
 * @uid: in: with BARIOC_PUBLISH_OWNER: the user that owns the node
 * @gid: in: with BARIOC_PUBLISH_OWNER: the node's group
 * @mode: in: with BARIOC_PUBLISH_OWNER: the node's permissions, 0 to 0777
 * @reserved: 0
 * @name: in: letters, digits, '-' and '_', first a letter; NUL-terminated
 *
 * BARIOC_PUBLISH makes a node /dev/bario/NAME: each file opened there has this
 * grant. Like a derived file it stays with the functions that there are now.
 *
 * With BARIOC_PUBLISH_OWNER the kernel makes the node with that owner, group and
 * mode; mode 0 is for nobody but root. @uid and @gid are those of the caller's user
 * namespace. Without the flag these three are 0, and the node belongs to root, with
 * mode 0600.
 *
 * BARIOC_UNPUBLISH, for which all but the name is 0, takes the node away and revokes
 * every file that was opened there.
 *
 * EPERM: not on /dev/pci, open for writing, by a caller with CAP_SYS_RAWIO.
 * EINVAL: a name, count, flag, owner, mode or rule that is not as described. ENODEV:
 * a rule names a function that does not exist. EEXIST: the name is already
 * published. ENOENT: the name is not published. ENOSPC: no minor number left.
 * E2BIG, ENOMEM: as for BARIOC_DERIVE.
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

#define BARIOC_PUBLISH_OWNER	0x1

/* Longest name of a driver, without its terminating NUL. */
#define BARIOC_DRIVER_MAX	63

/**
 * struct barioc_holder - BARIOC_HOLDER: who has a BAR?
 * @domain: in: PCI domain of the function
 * @bus: in: its bus
 * @dev: in: its device number
 * @func: in: its function number
 * @space: in: index of the BAR, or BARIOC_SPACE_CONFIG for the function as a whole
 * @kind: out: BARIOC_HOLDER_*; of the whole function NONE or DRIVER
 * @reserved: in: 0
 * @name: out: the name of the driver that is bound, whatever @kind is, so that a
 *	stub has its name here, too; empty where no driver is bound, and while one
 *	is being bound
 *
 * ENODEV: no such function, or not one of this file's. EINVAL: no such BAR.
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
#define BARIOC_HOLDER_FILES	1	/* files of ours; they share */
#define BARIOC_HOLDER_DRIVER	2	/* the driver that is bound, or gets bound */
#define BARIOC_HOLDER_OTHER	3	/* another part of the kernel: /proc/iomem */

/* barioc_op.op; "register" is @width bytes at @offset of BAR @bar. */
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
 * struct barioc_op - one operation of a program
 * @op: in: BARIOC_OP_*
 * @bar: in: index of the BAR
 * @width: in: of the register, in bytes: 1, 2, 4, or 8
 * @reserved: 0
 * @reserved2: 0
 * @offset: in: of the register, in bytes from the BAR's beginning
 * @value: in: for all but READ and DELAY
 * @mask: in: for REPLACE, POLL and BARIOC_OP_EXPECT; @value has no bit outside it
 * @timeout: in: for POLL and DELAY, in nanoseconds
 * @result: out: for all but WRITE and DELAY, once it ran: what was read, which for
 *	the four that change a register is what it was before; for POLL, what was
 *	read last
 *
 * What an operation does not use is 0, but for @result, and for DELAY that goes
 * for @bar, @width and @offset, too. @value and @mask have no bit above the width.
 *
 * Reads and writes are those of PCIOCBARIO, one access each, and the four that
 * change a register are one read and one write, with no other access of bario's
 * to that BAR in between. POLL reads at least once, and again now and then, more
 * and more rarely, at least each millisecond; the last time when the time is over.
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
 * @count: in: how many operations, 1 to BARIOC_OPS_MAX
 * @flags: in: 0 or BARIOC_RUN_ATOMIC
 * @ops: in: address of the operations; out: their results
 * @ran: out: how many ran to their end
 * @stop: out: BARIOC_STOP_*, why no more did
 * @error: out: for BARIOC_STOP_ERROR: the errno of the operation after these
 * @refused_op: out: the index of the operation for which the request fails, or
 *	@count where no single operation is the cause
 * @left: out: nanoseconds that were left of the POLL or DELAY that a signal or an
 *	error ended; 0 if neither did
 * @reserved2: 0
 *
 * All operations are checked before the first one runs; one that PCIOCBARIO would
 * refuse makes the whole request fail, with that errno. They run in order, on
 * one function. The first that does not succeed ends the program: then the request
 * is a success, and @stop tells. The timeouts come to BARIOC_TIME_MAX at most.
 *
 * BARIOC_RUN_ATOMIC: no other access of bario's to any BAR of the program comes in
 * between its operations, of which there are BARIOC_ATOMIC_MAX at most, and
 * neither POLL nor DELAY.
 *
 * Errors: EPERM: not open for writing. EFAULT: the operations can't be read, or
 * their results not written. (It was seen that they can before the first ran. If
 * that changes while the program runs, @ran, @stop, @error and @left are right.)
 * EINVAL: a count, flag, reserved field or operation that is not as described.
 * ENODEV. And for
 * an operation, as for struct pci_bar_ioreq: EINVAL, ENXIO, EACCES, EBUSY, EIO.
 * ENOMEM.
 *
 * A request that fails changes nothing but @refused_op, and that neither where
 * the function is not found (ENODEV), nor with EPERM.
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

#define BARIOC_RUN_ATOMIC	0x1

#define BARIOC_STOP_END		0	/* all operations ran */
#define BARIOC_STOP_EXPECT	1	/* its @result is not as expected */
#define BARIOC_STOP_TIMEOUT	2	/* nor in time: @result is what was read last */
#define BARIOC_STOP_SIGNAL	3	/* a signal came first */
#define BARIOC_STOP_ERROR	4	/* it failed: EBUSY, EIO or ENODEV */

#define BARIOC_OPS_MAX		1024
#define BARIOC_ATOMIC_MAX	64
#define BARIOC_TIME_MAX		10000000000ULL	/* ns: 10 seconds */

/**
 * struct barioc_limits - BARIOC_LIMITS: what does this bario take?
 * @rules: out: BARIOC_RULES_MAX
 * @ops: out: BARIOC_OPS_MAX
 * @atomic: out: BARIOC_ATOMIC_MAX
 * @reserved: out: 0
 * @time: out: BARIOC_TIME_MAX, in nanoseconds
 * @features: out: BARIOC_FEATURE_*: operations, requests and flags that it knows
 *
 * A later module may take more than the header that a program was built with says.
 */
struct barioc_limits {
	__u32		rules;
	__u32		ops;
	__u32		atomic;
	__u32		reserved;
	__u64		time;
	__u64		features;
};

/* bario_limits.features: a BARIOC_OP_*; a BARIOC_*; and flags of requests. */
#define BARIOC_FEATURE_OP(op)		((__u64)1 << (op))
#define BARIOC_FEATURE_REQUEST(request)	((__u64)1 << (32 + ((request) & 0xff)))
#define BARIOC_FEATURE_RUN_ATOMIC	((__u64)1 << 56)
/* BARIOC_DERIVE_SHARED, as far as the module's parameter allows it */
#define BARIOC_FEATURE_DERIVE_SHARED	((__u64)1 << 57)
#define BARIOC_FEATURE_PUBLISH_OWNER	((__u64)1 << 58)

/*
 * The offset of mmap(2): @offset, a multiple of the page size, counts from the
 * beginning of the page in which BAR @bar begins. A node for one function, and
 * what was derived from it, takes BARIOC_MMAP_OFFSET(). Any other file takes
 * BARIOC_MMAP_NODE_OFFSET(), with the minor number of the function's node.
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

/* The layout, pinned; it is the same for 32-bit and 64-bit programs. */
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
