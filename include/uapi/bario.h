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
 * Configuration space of a function of which a file has any rule can be read.
 */
#ifndef _UAPI_BARIO_H
#define _UAPI_BARIO_H

#ifdef __FreeBSD__
/* The structures alone, for what libbario does itself there. */
#include <sys/types.h>

typedef uint8_t		__u8;
typedef uint32_t	__u32;
typedef int32_t		__s32;
typedef uint64_t	__u64;
#else
#include <linux/ioctl.h>
#include <linux/types.h>
#endif

/* bario_rule.space: a BAR by its index, 0 to 5, or configuration space. */
#define BARIO_SPACE_CONFIG	6

/* bario_rule.rights */
#define BARIO_RIGHT_READ	0x1	/* read, and a mapping that reads */
#define BARIO_RIGHT_WRITE	0x2	/* write, and a mapping that writes */
#define BARIO_RIGHT_MAP		0x4	/* map: whole pages, with READ or both */

/* bario_rule.length: all that follows the offset. */
#define BARIO_TO_END		(~(__u64)0)

/* The most rules that one grant has. */
#define BARIO_RULES_MAX		1024

/**
 * struct bario_rule - what may be done with a stretch of a function
 * @domain: PCI domain of the function
 * @bus: its bus
 * @dev: its device number, 0 to 31
 * @func: its function number, 0 to 7
 * @space: which BAR, or BARIO_SPACE_CONFIG
 * @rights: BARIO_RIGHT_*, at least one; MAP is for BARs only
 * @reserved: 0
 * @offset: where the stretch begins, in bytes
 * @length: its length in bytes, or BARIO_TO_END; not 0, and not past 2^64
 *
 * Rules add up: what any of them allows is allowed, and an access may lie
 * across several. WRITE on the low byte of the command register (offset 4 of
 * configuration space) is what lets a device reach memory: a file without it
 * has bus mastering and INTx turned off when it claims a BAR, but not those of a
 * bridge, which are about what lies behind it. (Another file, with WRITE there, may
 * turn them on again.)
 */
struct bario_rule {
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
 * struct bario_derive - BARIOC_DERIVE: a new file that may do less
 * @rules: in: address of the rules
 * @count: in: how many, 1 to BARIO_RULES_MAX
 * @flags: in: 0 or BARIO_DERIVE_BESIDE
 * @fd: out: a new descriptor, close-on-exec, open as this file is
 * @id: out: what BARIOC_REVOKE takes
 *
 * What this file may not do, a rule can't give: it is left out, and so is a
 * function of which nothing is left. The new file stays with the functions that
 * there are now; what comes later to the same place is another. It can't be
 * opened again through /proc.
 *
 * BARIO_DERIVE_BESIDE: the new file, and what is derived from it, reaches BARs
 * while a driver is bound, beside that driver: without claiming addresses, and
 * with power alone seen to. For a caller with CAP_SYS_RAWIO, and where the
 * module parameter "beside" allows it.
 *
 * EINVAL: a count, flag or rule that is not as described. ENODEV: a rule names a
 * function that this file doesn't see. EACCES: nothing at all is left. EPERM:
 * BARIO_DERIVE_BESIDE is not allowed. ENOSPC: 2^32 - 1 were derived before.
 * E2BIG: the new grant would have more than BARIO_RULES_MAX rules. EMFILE,
 * ENFILE, ENOMEM.
 */
struct bario_derive {
	__u64		rules;
	__u32		count;
	__u32		flags;
	__s32		fd;
	__u32		id;
};

#define BARIO_DERIVE_BESIDE	0x1

/**
 * struct bario_grant - BARIOC_GRANT: what may this file do?
 * @rules: in: address of room for rules
 * @room: in: how many fit there
 * @count: out: how many rules the grant has, whether they fitted or not
 * @flags: in: 0; out: BARIO_GRANT_ALL: everything, and so no rules;
 *	BARIO_GRANT_BESIDE: beside a driver, too
 * @reserved: 0
 *
 * Neighbours are put together and overlaps split: the rules come by ascending
 * function, space and offset, and don't overlap.
 */
struct bario_grant {
	__u64		rules;
	__u32		room;
	__u32		count;
	__u32		flags;
	__u32		reserved;
};

#define BARIO_GRANT_ALL		0x1
#define BARIO_GRANT_BESIDE	0x2

/**
 * struct bario_revoke - BARIOC_REVOKE: end what was derived from this file
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
struct bario_revoke {
	__u32		id;
	__u32		reserved;
};

/* Longest published name, without its terminating NUL. */
#define BARIO_NAME_MAX	31

/**
 * struct bario_publish - BARIOC_PUBLISH, BARIOC_WITHDRAW: a grant with a name
 * @rules: in: address of the rules
 * @count: in: how many, 1 to BARIO_RULES_MAX
 * @flags: in: 0
 * @name: in: letters, digits, '-' and '_', first a letter; NUL-terminated
 *
 * BARIOC_PUBLISH makes a node /dev/bario/NAME, mode 0600: each file opened there
 * has this grant. Like a derived file it stays with the functions that there
 * are now. BARIOC_WITHDRAW, for which rules, count and flags are 0, takes the
 * node away and revokes every file that was opened there.
 *
 * EPERM: not on /dev/pci, open for writing, by a caller with CAP_SYS_RAWIO.
 * EINVAL: a name, count, flag or rule that is not as described. ENODEV: a rule
 * names a function that there is not. EEXIST: there is such a name. ENOENT: there
 * is none to withdraw. ENOSPC: no minor number left. E2BIG, ENOMEM: as for
 * BARIOC_DERIVE.
 */
struct bario_publish {
	__u64		rules;
	__u32		count;
	__u32		flags;
	char		name[BARIO_NAME_MAX + 1];
};

/**
 * struct bario_holder - BARIOC_HOLDER: who has a BAR?
 * @domain: in: PCI domain of the function
 * @bus: in: its bus
 * @dev: in: its device number
 * @func: in: its function number
 * @bar: in: index of the BAR
 * @kind: out: BARIO_HOLDER_*
 * @reserved: 0
 * @name: out: the driver's name, for BARIO_HOLDER_DRIVER; else empty, and empty
 *	while a driver is just being bound
 *
 * ENODEV: no such function, or not one of this file's. EINVAL: no such BAR.
 */
struct bario_holder {
	__u32		domain;
	__u8		bus;
	__u8		dev;
	__u8		func;
	__u8		bar;
	__u32		kind;
	__u32		reserved;
	char		name[BARIO_NAME_MAX + 1];
};

#define BARIO_HOLDER_NONE	0	/* nobody */
#define BARIO_HOLDER_FILES	1	/* files of ours; they share */
#define BARIO_HOLDER_DRIVER	2	/* the driver that is bound, or gets bound */
#define BARIO_HOLDER_OTHER	3	/* another part of the kernel: /proc/iomem */

/* bario_op.op; "register" is @width bytes at @offset of BAR @bar. */
#define BARIO_OP_READ		1	/* read it */
#define BARIO_OP_WRITE		2	/* write @value to it */
#define BARIO_OP_AND		3	/* register & @value */
#define BARIO_OP_OR		4	/* register | @value */
#define BARIO_OP_XOR		5	/* register ^ @value */
#define BARIO_OP_REPLACE	6	/* (register & ~@mask) | @value */
#define BARIO_OP_POLL		7	/* read until (register & @mask) == @value */
#define BARIO_OP_DELAY		8	/* wait */
#define BARIO_OP_EXPECT		9	/* stop unless (register & @mask) == @value */

/**
 * struct bario_op - one operation of a program
 * @op: in: BARIO_OP_*
 * @bar: in: index of the BAR
 * @width: in: of the register, in bytes: 1, 2, 4, or 8
 * @reserved: 0
 * @reserved2: 0
 * @offset: in: of the register, in bytes from the BAR's beginning
 * @value: in: for all but READ and DELAY
 * @mask: in: for REPLACE, POLL and BARIO_OP_EXPECT; @value has no bit outside it
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
struct bario_op {
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
 * struct bario_run - BARIOC_RUN: run a program
 * @domain: in: PCI domain of the function
 * @bus: in: its bus
 * @dev: in: its device number
 * @func: in: its function number
 * @reserved: 0
 * @count: in: how many operations, 1 to BARIO_OPS_MAX
 * @flags: in: 0 or BARIO_RUN_ATOMIC
 * @ops: in: address of the operations; out: their results
 * @ran: out: how many ran to their end
 * @stop: out: BARIO_STOP_*, why no more did
 * @error: out: for BARIO_STOP_ERROR: the errno of the operation after these
 * @reserved2: 0
 *
 * All operations are checked before the first one runs; one that PCIOCBARIO would
 * refuse makes the whole request fail, with that errno. They run in order, on
 * one function. The first that does not succeed ends the program: then the request
 * is a success, and @stop tells. The timeouts come to BARIO_TIME_MAX at most.
 *
 * BARIO_RUN_ATOMIC: no other access of bario's to any BAR of the program comes in
 * between its operations, of which there are BARIO_ATOMIC_MAX at most, and
 * neither POLL nor DELAY.
 *
 * Errors: EPERM: not open for writing. EFAULT: the operations can't be read, or
 * their results not written. (It was seen that they can before the first ran. If
 * that changes while the program runs, @ran, @stop and @error are right.)
 * EINVAL: a count, flag or operation that is not as described. ENODEV. And for
 * an operation, as for struct pci_bar_ioreq: EINVAL, ENXIO, EACCES, EBUSY, EIO.
 * ENOMEM.
 */
struct bario_run {
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
	__u32		reserved2;
};

#define BARIO_RUN_ATOMIC	0x1

#define BARIO_STOP_END		0	/* all operations ran */
#define BARIO_STOP_EXPECT	1	/* its @result is not as expected */
#define BARIO_STOP_TIMEOUT	2	/* nor in time: @result is what was read last */
#define BARIO_STOP_SIGNAL	3	/* a signal came first */
#define BARIO_STOP_ERROR	4	/* it failed: EBUSY, EIO or ENODEV */

#define BARIO_OPS_MAX		1024
#define BARIO_ATOMIC_MAX	64
#define BARIO_TIME_MAX		10000000000ULL	/* ns: 10 seconds */

/**
 * struct bario_limits - BARIOC_LIMITS: what does this bario take?
 * @rules: out: BARIO_RULES_MAX
 * @ops: out: BARIO_OPS_MAX
 * @atomic: out: BARIO_ATOMIC_MAX
 * @reserved: out: 0
 * @time: out: BARIO_TIME_MAX, in nanoseconds
 *
 * A later module may take more than the header that a program was built with says.
 */
struct bario_limits {
	__u32		rules;
	__u32		ops;
	__u32		atomic;
	__u32		reserved;
	__u64		time;
};

#define BARIO_IOC_TYPE	0xBA

#define BARIOC_DERIVE	_IOWR(BARIO_IOC_TYPE, 1, struct bario_derive)
#define BARIOC_GRANT	_IOWR(BARIO_IOC_TYPE, 2, struct bario_grant)
#define BARIOC_REVOKE	_IOW(BARIO_IOC_TYPE, 3, struct bario_revoke)
#define BARIOC_PUBLISH	_IOW(BARIO_IOC_TYPE, 4, struct bario_publish)
#define BARIOC_WITHDRAW	_IOW(BARIO_IOC_TYPE, 5, struct bario_publish)
#define BARIOC_HOLDER	_IOWR(BARIO_IOC_TYPE, 6, struct bario_holder)
#define BARIOC_RUN	_IOWR(BARIO_IOC_TYPE, 7, struct bario_run)
#define BARIOC_LIMITS	_IOR(BARIO_IOC_TYPE, 8, struct bario_limits)

#if defined(__cplusplus) ? __cplusplus >= 201103L : \
	defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
#ifdef __cplusplus
#define BARIO_ASSERT(cond)	static_assert(cond, #cond)
#else
#define BARIO_ASSERT(cond)	_Static_assert(cond, #cond)
#endif
BARIO_ASSERT(sizeof(struct bario_rule) == 32);
BARIO_ASSERT(sizeof(struct bario_derive) == 24);
BARIO_ASSERT(sizeof(struct bario_grant) == 24);
BARIO_ASSERT(sizeof(struct bario_revoke) == 8);
BARIO_ASSERT(sizeof(struct bario_publish) == 48);
BARIO_ASSERT(sizeof(struct bario_holder) == 48);
BARIO_ASSERT(sizeof(struct bario_op) == 48);
BARIO_ASSERT(sizeof(struct bario_run) == 40);
BARIO_ASSERT(sizeof(struct bario_limits) == 24);
#undef BARIO_ASSERT
#endif

#endif /* _UAPI_BARIO_H */
