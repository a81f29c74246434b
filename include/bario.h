/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * libbario: the registers of one PCI function, for programs.
 *
 * The same calls work on
 *  - "pci": /dev/pci and the nodes of bario.ko, or FreeBSD's /dev/pci;
 *  - "sysfs": /sys of a Linux machine without the module;
 *  - "sim": a simulated device, described in a text: bario-sim(5).
 * These are the back ends. What each can't do is an error that says so, and
 * bario_can() tells it beforehand.
 *
 * One access is one bus cycle of exactly the width asked for, or an error, and
 * then the device has not been touched (except as noted below). Nothing is
 * split, widened, retried or read back.
 *
 * Functions that return int return 0, or a negative errno. bario_last_error()
 * then has the cause in words, and what to do. Sizes, widths, lengths and offsets
 * are in bytes; registers are taken as little-endian. A handle is for one thread at
 * a time; different threads may have different handles, of one function too.
 *
 * No pointer that is passed may be NULL, unless the function says what NULL means.
 * Flags and reserved members are 0, or what is defined here: anything else is
 * -EINVAL, OPERATION. Out arguments are as they were if a function fails, except
 * handles, which become NULL.
 *
 * What may be added, and what never changes, is in docs/stability.md: a structure
 * whose size is passed can get members at its end; numbers keep their meaning; new
 * causes, kinds, flags and operations may come.
 *
 * This header needs none of the kernel's, and does not clash with
 * include/uapi/barioc.h, which has the requests of the module.
 */
#ifndef LIBBARIO_H
#define LIBBARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Version ---- */

#define BARIO_VERSION_MAJOR	0
#define BARIO_VERSION_MINOR	1
#define BARIO_VERSION_PATCH	0

/* A version as one number, to be compared. */
#define BARIO_VERSION_NUMBER(major, minor, patch) \
	((uint32_t)(major) << 24 | (uint32_t)(minor) << 16 | (uint32_t)(patch))

/* The version of this header. */
#define BARIO_VERSION	BARIO_VERSION_NUMBER(BARIO_VERSION_MAJOR, \
			BARIO_VERSION_MINOR, BARIO_VERSION_PATCH)

/**
 * bario_version() - the version of the library that the program runs with
 *
 * It is the library's own, not that of the module.
 *
 * Return: as BARIO_VERSION.
 */
uint32_t bario_version(void);

/* A handle: one PCI function, opened through one back end. */
struct bario;

/* Where a function is. */
struct bario_address {
	uint32_t	domain;
	uint8_t		bus;
	uint8_t		dev;		/* 0 to 31 */
	uint8_t		func;		/* 0 to 7 */
	uint8_t		reserved;	/* 0 */
};

/* Size of an address in text, "0000:03:00.0", with its NUL. */
#define BARIO_ADDRESS_TEXT	20

/* ---- Errors ---- */

/* Why a call failed. Numbers stay; new ones may come. */
#define BARIO_CAUSE_NONE	0
#define BARIO_CAUSE_SYSTEM	1	/* a system call failed: the code */
#define BARIO_CAUSE_NAME	2	/* the device name cannot be parsed */
#define BARIO_CAUSE_NO_DEVICE	3	/* no such function */
#define BARIO_CAUSE_AMBIGUOUS	4	/* more than one function by that name */
#define BARIO_CAUSE_BACKEND	5	/* no such interface on this machine */
#define BARIO_CAUSE_PERMISSION	6	/* of a node or file */
#define BARIO_CAUSE_LOCKDOWN	7	/* the kernel is locked down */
#define BARIO_CAUSE_UNSUPPORTED	8	/* this back end can't */
#define BARIO_CAUSE_OPERATION	9	/* no such operation, flag or rule */
#define BARIO_CAUSE_WIDTH	10	/* no such width, or not for this BAR */
#define BARIO_CAUSE_BAR		11	/* no such BAR */
#define BARIO_CAUSE_UNASSIGNED	12	/* the BAR has no address, or lost it */
#define BARIO_CAUSE_RANGE	13	/* past the end */
#define BARIO_CAUSE_ALIGNMENT	14	/* offset no multiple of the width */
#define BARIO_CAUSE_VALUE	15	/* bits above the width or outside the mask */
#define BARIO_CAUSE_GRANT	16	/* the file may not */
#define BARIO_CAUSE_DRIVER	17	/* a driver has the function */
#define BARIO_CAUSE_CLAIMED	18	/* something else has the BAR */
#define BARIO_CAUSE_DECODE	19	/* the function does not decode the BAR */
#define BARIO_CAUSE_ASLEEP	20	/* the function has no power */
#define BARIO_CAUSE_NO_RESPONSE	21	/* the function does not answer */
#define BARIO_CAUSE_REMOVED	22	/* the function, or the right to it, is no more */
#define BARIO_CAUSE_TEXT	23	/* a place, a map or the description of a
					 * simulated device cannot be parsed
					 */
#define BARIO_CAUSE_REPLAY	24	/* not the access that the record has next */
#define BARIO_CAUSE_TIMEOUT	25	/* what was polled for did not come */
#define BARIO_CAUSE_EXPECT	26	/* the register is not as expected */
#define BARIO_CAUSE_SIGNAL	27	/* a signal came */
#define BARIO_CAUSE_CAPABILITY	28	/* the device has no such capability */
#define BARIO_CAUSE_OVERFLOW	29	/* events are lost */

/* bario_error.space and .index: the error is about none. */
#define BARIO_NONE		0xffffffffU

/**
 * struct bario_error - the last failure in this thread
 * @code: the errno, positive; 0 if nothing has failed yet
 * @cause: why, BARIO_CAUSE_*
 * @message: one line: what failed, on which device and BAR, and why. Control
 *	characters, such as newlines in a file's name, are shown as \x and two digits
 * @hint: one line: what to do, often a command; empty where nothing is known
 * @backend: of the device, as from bario_backend(); empty without a device
 * @device: as from bario_name(); empty without a device
 * @space: the space that was to be accessed, or BARIO_NONE
 * @width: in bytes; 0 where the error is about no access
 * @offset: from the beginning of the space
 * @index: of the operation (bario_run()) or the rule (bario_derive() and
 *	bario_publish()) that failed or was refused, from 0; or BARIO_NONE
 * @reserved: 0
 *
 * Where there are several operations or rules the message begins with the index, as
 * in "ops[1]: " or "rules[1]: ".
 */
struct bario_error {
	int32_t			code;
	uint32_t		cause;
	const char		*message;
	const char		*hint;
	const char		*backend;
	const char		*device;
	uint32_t		space;
	uint32_t		width;
	uint64_t		offset;
	uint32_t		index;
	uint32_t		reserved[7];
};

/**
 * bario_last_error() - what failed last in this thread
 *
 * Return: never NULL. The structure and its texts belong to the library and are as
 * they are until the next call that fails in this thread.
 */
const struct bario_error *bario_last_error(void);

/**
 * bario_cause_name() - a cause in a word, such as "driver"
 * @cause: BARIO_CAUSE_*
 *
 * Return: a text of the library's; "unknown" for a number that this library does
 * not know.
 */
const char *bario_cause_name(uint32_t cause);

/* ---- Log ---- */

/* Levels. Numbers stay; new ones may come. */
#define BARIO_LOG_WARNING	1	/* it works, but maybe not as it was meant */
#define BARIO_LOG_INFO		2	/* what was opened, and how */
#define BARIO_LOG_DEBUG		3	/* what went on in between */

/**
 * bario_log_function - a program's function for the log
 * @level: BARIO_LOG_*
 * @text: one line, without a newline, and without control characters
 * @arg: as in bario_set_log()
 *
 * Called in whichever thread something happens; it does not call the library.
 */
typedef void (*bario_log_function)(uint32_t level, const char *text, void *arg);

/**
 * bario_set_log() - have the library tell what it does
 * @log: the function; NULL: no messages, as at first
 * @arg: passed to @log; may be NULL
 * @flags: 0
 *
 * For the whole process: set it before other threads use the library. Errors are not
 * logged: they are the caller's to report.
 *
 * Return: 0; -EINVAL: OPERATION (flags).
 */
int bario_set_log(bario_log_function log, void *arg, uint32_t flags);

/* ---- Opening ---- */

/* bario_open() and bario_open_fd(): flags */
#define BARIO_OPEN_INFO		0x1	/* to look, not to touch: takes no rights */
#define BARIO_OPEN_CONFIG	0x2	/* configuration space to be written, too */

/**
 * bario_open() - open a function
 * @device: which one; see below
 * @flags: 0, BARIO_OPEN_INFO or BARIO_OPEN_CONFIG
 * @dev: out: the handle, for bario_close(); NULL if opening failed
 *
 * Opening changes nothing in the device. @device is one of
 *	0000:03:00.0 or 03:00.0		an address
 *	pci0:3:0:0			the same in FreeBSD's way, in decimal
 *	8086:100e or 8086:100e#1	vendor and device ID; which, from 0, if
 *					there are several
 *	/dev/bario/NAME			a node, by a path that has a slash
 *	fd:3				an open file, as for bario_open_fd()
 *	sim:FILE			a simulated device
 * A node or file that has several functions takes one by "@" and its address:
 * "/dev/pci@0000:03:00.0". The first three may begin with "pci:" or "sysfs:",
 * for that back end and no other; otherwise it is pci where /dev/pci is there,
 * and else sysfs.
 *
 * The pci back end takes the function's own node, /dev/bario/0000-03-00.0, if
 * there is one, and /dev/pci for BARIO_OPEN_CONFIG or where there is none. What
 * a node changes once a BAR is used is in bario(4), CLAIMS. A user who may not open
 * it, and named neither back end nor node, gets a handle for facts and for what
 * /sys shows of configuration space; for all else the error is what opening it gave.
 *
 * Return: 0; -EINVAL: NAME, OPERATION (flags), TEXT; -ENODEV: NO_DEVICE, BACKEND;
 * -EEXIST: AMBIGUOUS; -EACCES or -EPERM: PERMISSION, LOCKDOWN; -ENOMEM; what open(2)
 * returns.
 */
int bario_open(const char *device, uint32_t flags, struct bario **dev);

/**
 * bario_open_fd() - use a descriptor that somebody handed over
 * @fd: of /dev/pci, of a node of bario.ko, of a simulated device or derived; the library duplicates it,
 *	and the caller's stays the caller's
 * @address: which of its functions, as text; NULL: the only one
 * @flags: as for bario_open(); what the descriptor may do counts
 * @dev: out: the handle, for bario_close(); NULL if opening failed
 *
 * Return: as bario_open(); -ENOTTY: it is not such a descriptor.
 */
int bario_open_fd(int fd, const char *address, uint32_t flags,
		  struct bario **dev);

/**
 * bario_open_sim() - open a simulated device
 * @text: its description, see bario-sim(5); not needed after the call
 * @name: what errors call the text, such as its file's name; NULL: nothing
 * @flags: as for bario_open()
 * @dev: out: the handle, for bario_close(); NULL if opening failed
 *
 * Each call makes a device of its own. bario_open_fd() opens further handles of it, by
 * what bario_fd() returns or bario_derive() gives, in this process and in others.
 *
 * Return: 0; -EINVAL: TEXT, with line and column, OPERATION (flags); -EMFILE, -ENFILE,
 * -ENOMEM.
 */
int bario_open_sim(const char *text, const char *name, uint32_t flags,
		   struct bario **dev);

/**
 * bario_close() - end a handle
 * @dev: the handle, or NULL
 *
 * Its mappings go with it. What was derived through it goes on.
 */
void bario_close(struct bario *dev);

/**
 * bario_fd() - the descriptor of a handle
 * @dev: the handle
 *
 * It is the handle's: not to be closed, and gone with it. To hand it over is to
 * hand over what the handle may do; bario_derive() makes one that may do less.
 *
 * Return: the descriptor; -EOPNOTSUPP: UNSUPPORTED (the sysfs back end has none that
 * others can use).
 */
int bario_fd(struct bario *dev);

/* ---- Facts ---- */

/* No header type has more BARs. */
#define BARIO_BARS_MAX	6

/*
 * The spaces of a function: a BAR by its index, 0 to 5, or one of these. Nothing
 * accesses ROM and INTERRUPT yet: the numbers are reserved.
 */
#define BARIO_SPACE_ROM		6
#define BARIO_SPACE_CONFIG	7
#define BARIO_SPACE_INTERRUPT	8

/* bario_bar_info.kind */
#define BARIO_KIND_NONE		0	/* no BAR, or the upper half of one */
#define BARIO_KIND_MEM		1
#define BARIO_KIND_PORT		2

/**
 * struct bario_bar_info - what a BAR is
 * @kind: BARIO_KIND_*; for NONE all else is 0
 * @assigned: it has an address
 * @decoded: the function answers to this kind of address now
 * @wide: a 64-bit BAR, which takes two registers
 * @prefetch: prefetchable memory
 * @address: on the bus (pci) or in the CPU's view (sysfs); 0 if not @assigned
 * @size: in bytes; 0 if the system has forgotten
 * @reserved: 0
 */
struct bario_bar_info {
	uint32_t	kind;
	bool		assigned;
	bool		decoded;
	bool		wide;
	bool		prefetch;
	uint64_t	address;
	uint64_t	size;
	uint64_t	reserved[2];
};

/**
 * struct bario_info - what a function is
 * @address: where it is
 * @vendor: vendor ID
 * @device: device ID
 * @subvendor: subsystem vendor ID, 0 if there is none
 * @subdevice: subsystem ID, 0 if there is none
 * @base_class: base class
 * @subclass: subclass
 * @progif: programming interface
 * @revision: revision ID
 * @header: header type, without the multi-function bit
 * @secondary_bus: a bridge's: the bus behind it, 0 for others or if not known
 * @subordinate_bus: and the highest bus that it leads to
 * @reserved: 0
 * @driver: name of the driver that is bound, or empty
 * @bars: its BARs by their index
 */
struct bario_info {
	struct bario_address	address;
	uint16_t		vendor;
	uint16_t		device;
	uint16_t		subvendor;
	uint16_t		subdevice;
	uint8_t			base_class;
	uint8_t			subclass;
	uint8_t			progif;
	uint8_t			revision;
	uint8_t			header;
	uint8_t			secondary_bus;
	uint8_t			subordinate_bus;
	uint8_t			reserved;
	char			driver[64];
	struct bario_bar_info	bars[BARIO_BARS_MAX];
};

/**
 * bario_get_info() - what the function is now
 * @dev: the handle
 * @info: out
 * @size: of @info: sizeof(*info). Of a larger structure than this library knows, the
 *	rest becomes 0; of a smaller one only what fits is filled in.
 *
 * Return: 0; -EINVAL: OPERATION (a size of 0); -ENODEV: REMOVED; what the system
 * returns.
 */
int bario_get_info(struct bario *dev, struct bario_info *info, size_t size);

/* bario_held.by: who has a BAR. Numbers stay; new ones may come. */
#define BARIO_HELD_UNKNOWN	0	/* this user isn't told, or nobody can tell */
#define BARIO_HELD_NONE		1	/* nobody */
#define BARIO_HELD_FILES	2	/* files of bario.ko, which share it */
#define BARIO_HELD_DRIVER	3	/* the driver that is bound, or gets bound */
#define BARIO_HELD_OTHER	4	/* another part of the kernel */

/**
 * struct bario_held - who has a BAR
 * @by: BARIO_HELD_*
 * @name: DRIVER: its name; OTHER: as it calls itself in the kernel's list of
 *	addresses, which only root is shown; empty where it is not known, and else
 */
struct bario_held {
	uint32_t	by;
	char		name[64];
};

/**
 * bario_get_holder() - who has a BAR now?
 * @dev: the handle
 * @bar: index of the BAR
 * @held: out
 * @size: of @held: sizeof(*held), as for bario_get_info()
 *
 * A driver has all BARs of its function. Takes no rights where bario.ko can be
 * asked. Elsewhere the system tells which driver is bound, and the kernel's list
 * of addresses, /proc/iomem or /proc/ioports, who else: UNKNOWN where that isn't
 * shown. A stub driver, such as vfio-pci, is OTHER, for what it has claimed.
 *
 * Return: 0; -EINVAL: BAR, OPERATION (a size of 0); -ENODEV: REMOVED; what the
 * system returns.
 */
int bario_get_holder(struct bario *dev, uint32_t bar, struct bario_held *held,
		     size_t size);

/**
 * bario_list() - go through all functions, by ascending address
 * @backend: "pci" or "sysfs"; NULL: as bario_open() chooses
 * @flags: 0
 * @each: called for each; returns 0 to go on, anything else to end the walk. @info
 *	is valid until it returns
 * @arg: passed to @each; may be NULL
 * @size: of what @each gets: sizeof(struct bario_info), as for bario_get_info()
 *
 * Takes no rights. @each may use the library.
 *
 * Return: 0: through all; 1: @each ended the walk; -EINVAL: OPERATION (flags, size);
 * -ENODEV: BACKEND; what the system returns. After an error @each may have been called
 * already.
 */
int bario_list(const char *backend, uint32_t flags,
	       int (*each)(const struct bario_info *info, void *arg), void *arg,
	       size_t size);

/**
 * bario_address_text() - an address as text
 * @address: the address
 * @text: out: "0000:03:00.0"
 */
void bario_address_text(const struct bario_address *address,
			char text[BARIO_ADDRESS_TEXT]);

/**
 * bario_address_parse() - an address from its text
 * @text: "0000:03:00.0", "03:00.0" or "pci0:3:0:0"
 * @address: out: the address
 *
 * Return: 0; -EINVAL: NAME.
 */
int bario_address_parse(const char *text, struct bario_address *address);

/* Size of the path of a function's node, with its NUL. */
#define BARIO_NODE_TEXT	40

/**
 * bario_node_text() - the path of a function's own node
 * @address: the function's address
 * @text: out: "/dev/bario/0000-03-00.0"
 *
 * The node is there while the module has the function: bario(4), NODES.
 */
void bario_node_text(const struct bario_address *address,
		     char text[BARIO_NODE_TEXT]);

/**
 * bario_name() - the function's address as text
 * @dev: the handle
 *
 * Return: the handle's; valid as long as it is.
 */
const char *bario_name(const struct bario *dev);

/**
 * bario_backend() - "pci", "sysfs" or "sim"
 * @dev: the handle
 */
const char *bario_backend(const struct bario *dev);

/* bario_can(): what can be done, and what is guaranteed */
#define BARIO_CAN_WIDE		0x001	/* 8-byte accesses of 64-bit values */
#define BARIO_CAN_ATOMIC	0x002	/* nobody gets in between, of those who
					 * go through the same back end
					 */
#define BARIO_CAN_CLAIM		0x004	/* a driver that comes is noticed in time */
#define BARIO_CAN_WAKE		0x008	/* the function is woken up for an access */
#define BARIO_CAN_DECODE	0x010	/* decoding is turned on for an access */
#define BARIO_CAN_MAP		0x020	/* bario_map() */
#define BARIO_CAN_DERIVE	0x040	/* bario_derive() and its kin */

/**
 * bario_can() - what this handle's back end can do and guarantees
 * @dev: the handle
 *
 * All can read and write BARs of both kinds, at 1, 2 and 4 bytes, and read
 * configuration space.
 *
 * Return: BARIO_CAN_*.
 */
uint32_t bario_can(const struct bario *dev);

/* ---- One access ---- */

/**
 * bario_read() - read a register
 * @dev: the handle
 * @bar: index of the BAR
 * @offset: from the beginning of the BAR
 * @width: 1, 2, 4 or 8
 * @value: out: what was read
 *
 * These hold for all accesses to BARs. In a memory BAR the offset is a multiple
 * of the width; in a port BAR, too, on CPUs other than x86.
 *
 * Return: 0; -EPERM: PERMISSION (the handle is for facts alone, or its file not
 * open for writing), LOCKDOWN; -EINVAL: WIDTH, BAR, RANGE, ALIGNMENT, VALUE;
 * -ENODEV: REMOVED; -ENXIO: UNASSIGNED; -EOPNOTSUPP: UNSUPPORTED; -EACCES: GRANT,
 * PERMISSION; -EBUSY: DRIVER, CLAIMED; -EIO: DECODE, ASLEEP, NO_RESPONSE, REPLAY. A
 * read that gives all ones is NO_RESPONSE where the function does not answer in
 * configuration space either; only then has the device been touched.
 */
int bario_read(struct bario *dev, uint32_t bar, uint64_t offset,
	       uint32_t width, uint64_t *value);

/**
 * bario_write() - write a register
 * @dev: the handle
 * @bar: index of the BAR
 * @offset: from the beginning of the BAR
 * @width: 1, 2, 4 or 8
 * @value: what to write; no bit above the width
 *
 * Return: as bario_read().
 */
int bario_write(struct bario *dev, uint32_t bar, uint64_t offset,
		uint32_t width, uint64_t value);

/**
 * bario_config_read() - read configuration space
 * @dev: the handle
 * @offset: from its beginning, a multiple of the width
 * @width: 1, 2 or 4
 * @value: out: what was read
 *
 * A handle that was opened with BARIO_OPEN_INFO reads it, too, where the system
 * shows it to this user: on Linux the first 64 bytes to everybody, by /sys.
 *
 * Return: 0; -EINVAL: WIDTH, ALIGNMENT, RANGE (past bario_config_size()); -EACCES:
 * PERMISSION (sysfs: past the first 64 bytes it takes CAP_SYS_ADMIN), GRANT
 * (bario(4), GRANTS: what a file may read); -EPERM: PERMISSION; -ENODEV: REMOVED;
 * -EIO: NO_RESPONSE.
 */
int bario_config_read(struct bario *dev, uint32_t offset,
		      uint32_t width, uint32_t *value);

/**
 * bario_config_write() - write configuration space
 * @dev: a handle with BARIO_OPEN_CONFIG
 * @offset: from its beginning, a multiple of the width
 * @width: 1, 2 or 4
 * @value: what to write; no bit above the width
 *
 * Return: as bario_config_read(); -EINVAL: VALUE; -EACCES: GRANT (the handle is
 * without BARIO_OPEN_CONFIG, or its file may not).
 */
int bario_config_write(struct bario *dev, uint32_t offset,
		       uint32_t width, uint32_t value);

/**
 * bario_config_size() - size of configuration space
 * @dev: the handle
 * @size: out: 256, or 4096 where the device and the way to it have extended
 *	configuration space
 *
 * A register past the size is RANGE, through every back end. How much of it this
 * user may read is another question.
 *
 * Return: 0; -ENODEV: REMOVED; and as bario_config_read().
 */
int bario_config_size(struct bario *dev, uint32_t *size);

/* bario_capability(): or'ed into the ID of an extended capability */
#define BARIO_CAPABILITY_EXTENDED	0x10000

/**
 * bario_capability() - where a capability begins in configuration space
 * @dev: the handle
 * @id: its ID, such as 0x10 for PCI Express; of an extended one with
 *	BARIO_CAPABILITY_EXTENDED
 * @index: which of those with that ID, from 0; a device may have several, such as
 *	vendor-specific ones
 * @offset: out: where it begins
 *
 * Return: 0; -ENOENT: CAPABILITY (the device has none, or no more); -EINVAL:
 * OPERATION (not an ID); and as bario_config_read().
 */
int bario_capability(struct bario *dev, uint32_t id, uint32_t index,
		     uint32_t *offset);

/**
 * bario_capability_name() - the name of a capability
 * @id: its ID, as for bario_capability()
 *
 * Return: the name that setpci(8) has for it, such as "CAP_EXP" or "ECAP_AER"; it
 * belongs to the library. NULL where it has none.
 */
const char *bario_capability_name(uint32_t id);

/**
 * bario_capability_id() - the ID of a capability, by that name
 * @name: the name
 * @id: out: the ID, as for bario_capability()
 *
 * Return: 0; -EINVAL: TEXT.
 */
int bario_capability_id(const char *name, uint32_t *id);

/**
 * bario_config_read_block() - read a block of configuration space
 * @dev: the handle
 * @offset: where it begins
 * @data: out: its bytes
 * @length: how many
 *
 * Reads 4 bytes at a time, and fewer only where the block begins or ends between
 * multiples of 4. Of a block that reaches past the end nothing is read.
 *
 * Return: as bario_config_read(); after an error @data has what was read before it.
 */
int bario_config_read_block(struct bario *dev, uint32_t offset, void *data,
			    size_t length);

/**
 * bario_check() - ask whether an access would be refused
 * @dev: the handle
 * @space: index of the BAR, or BARIO_SPACE_CONFIG
 * @offset: from the beginning of the space
 * @width: in bytes
 * @rights: BARIO_RIGHT_READ, BARIO_RIGHT_WRITE or both: what it would do
 *
 * Looks at what is asked for, and at what this handle may do; the device is not
 * touched, and nothing is claimed. With BARIO_OPEN_INFO the rights are not looked at.
 * Whether something else is in the way, such as a driver, only the access tells.
 *
 * Return: 0; -EINVAL: OPERATION (rights); and as that access.
 */
int bario_check(struct bario *dev, uint32_t space, uint64_t offset,
		uint32_t width, uint32_t rights);

/* ---- Read-modify-write, and programs ---- */

/**
 * bario_and() - register &= value
 * @dev: the handle
 * @bar: index of the BAR
 * @offset: from the beginning of the BAR
 * @width: 1, 2, 4 or 8
 * @value: no bit above the width
 * @was: out: what the register was before; NULL if nobody asks
 *
 * One read and one write, even if that changes nothing. With BARIO_CAN_ATOMIC
 * no other access to the BAR comes in between.
 *
 * Return: as bario_read().
 */
int bario_and(struct bario *dev, uint32_t bar, uint64_t offset,
	      uint32_t width, uint64_t value, uint64_t *was);

/** bario_or() - register |= value; as bario_and() */
int bario_or(struct bario *dev, uint32_t bar, uint64_t offset,
	     uint32_t width, uint64_t value, uint64_t *was);

/** bario_xor() - register ^= value; as bario_and() */
int bario_xor(struct bario *dev, uint32_t bar, uint64_t offset,
	      uint32_t width, uint64_t value, uint64_t *was);

/**
 * bario_update_bits() - register = (register & ~mask) | value; as bario_and()
 * @mask: which bits to change; @value has no others
 *
 * Bits outside @mask are written as they were read. Those that are cleared by writing
 * 1 are cleared then, unless they are part of @mask, with 0 in @value.
 */
int bario_update_bits(struct bario *dev, uint32_t bar, uint64_t offset,
		      uint32_t width, uint64_t mask, uint64_t value,
		      uint64_t *was);

/* bario_op.op; "register" is @width bytes at @offset of BAR @bar. */
#define BARIO_OP_READ		1	/* read it */
#define BARIO_OP_WRITE		2	/* write @value */
#define BARIO_OP_AND		3	/* register &= @value */
#define BARIO_OP_OR		4	/* register |= @value */
#define BARIO_OP_XOR		5	/* register ^= @value */
#define BARIO_OP_REPLACE	6	/* register = (register & ~@mask) | @value */
#define BARIO_OP_POLL		7	/* read until (register & @mask) == @value */
#define BARIO_OP_DELAY		8	/* wait */
#define BARIO_OP_EXPECT		9	/* stop unless (register & @mask) == @value */

/**
 * struct bario_op - one operation of a program
 * @op: BARIO_OP_*
 * @bar: index of the BAR
 * @width: of the register; 1, 2, 4 or 8
 * @error: out: with BARIO_RUN_CONTINUE, the errno of a READ that failed; else 0
 * @reserved: 0
 * @offset: of the register, from the beginning of the BAR
 * @value: for all but READ and DELAY; no bit above the width
 * @mask: for REPLACE, POLL and EXPECT; @value has no bit outside it
 * @timeout: for POLL and DELAY, in nanoseconds
 * @result: out: what was read, for all but WRITE and DELAY; for the four that change
 *	a register what it was before; for POLL, what was read last
 *
 * What an operation does not use is 0, except @result and @error. POLL reads at least once, then
 * again, further and further apart but at least once a millisecond, and once more when
 * the time is over. The layout is that of the module's struct barioc_op: an array goes
 * to the module as it is.
 */
struct bario_op {
	uint8_t		op;
	uint8_t		bar;
	uint8_t		width;
	uint8_t		error;
	uint32_t	reserved;
	uint64_t	offset;
	uint64_t	value;
	uint64_t	mask;
	uint64_t	timeout;
	uint64_t	result;
};

/* bario_run(): flags; the most operations, and nanoseconds of timeouts together */
#define BARIO_RUN_ATOMIC	0x1
#define BARIO_RUN_CONTINUE	0x2
#define BARIO_OPS_MAX		1024
#define BARIO_ATOMIC_MAX	64
#define BARIO_TIME_MAX		10000000000ULL

/**
 * struct bario_run_result - how far a program came
 * @ran: how many operations ran; 0 where the program was refused
 * @failed: of these, how many were a READ that failed, with BARIO_RUN_CONTINUE
 * @left: nanoseconds that were left of the POLL or DELAY that a signal or an error
 *	ended; else 0
 */
struct bario_run_result {
	uint32_t	ran;
	uint32_t	failed;
	uint64_t	left;
};

/**
 * bario_run() - run a program: its operations in order, until one does not succeed
 * @dev: the handle
 * @ops: the program; the results are put there
 * @count: how many operations, 1 to BARIO_OPS_MAX
 * @flags: 0; BARIO_RUN_ATOMIC: nobody else's access to its BARs comes in
 *	between; at most BARIO_ATOMIC_MAX operations, and neither POLL nor DELAY; for
 *	back ends with BARIO_CAN_ATOMIC. Or BARIO_RUN_CONTINUE: a READ that the
 *	device does not answer (EIO) does not end the program; its @error says so
 * @result: out, also where the program fails; NULL: not wanted
 * @size: of @result: sizeof(*result), as for bario_get_info(); 0 for NULL
 *
 * All operations are checked before the first one runs. What follows one that did
 * not succeed has not run. bario_last_error()->index says which it was.
 *
 * Return: 0: all ran. -ECANCELED: EXPECT (its result is there); -ETIMEDOUT: TIMEOUT
 * (likewise); -EINTR: SIGNAL; -EINVAL: OPERATION (not an operation, flags, or the
 * size); and as bario_read(), of an operation.
 */
int bario_run(struct bario *dev, struct bario_op *ops, size_t count,
	      uint32_t flags, struct bario_run_result *result, size_t size);

/* ---- Mapping ---- */

#define BARIO_MAP_WRITE	0x1	/* for writing, too */

/**
 * bario_map() - map a memory BAR
 * @dev: the handle
 * @bar: index of the BAR
 * @flags: 0 or BARIO_MAP_WRITE
 * @length: out: size of the BAR; what follows it is not to be touched; NULL: not
 *	wanted
 *
 * Accesses to the mapping are the CPU's: nothing checks them, and SIGBUS is
 * raised where the BAR is taken away. bario_unmap() or bario_close() ends it.
 *
 * Return: where the BAR begins; NULL if it could not be mapped, and then
 * bario_last_error()->code is EINVAL: OPERATION (flags), BAR; EOPNOTSUPP:
 * UNSUPPORTED, also for a port BAR; and as for bario_read().
 */
volatile void *bario_map(struct bario *dev, uint32_t bar, uint32_t flags,
			 uint64_t *length);

/**
 * bario_unmap() - end a mapping
 * @dev: the handle
 * @base: what bario_map() returned
 *
 * Return: 0; -EINVAL: OPERATION (this handle has no such mapping).
 */
int bario_unmap(struct bario *dev, volatile void *base);

/* ---- Register maps: names for registers, bits and values, bario-map(5) ---- */

/* A map. It does not need the handle that it was opened with any longer. */
struct bario_regmap;

/* bario_reg.flags */
#define BARIO_REG_READ		0x1	/* it has a meaning when it is read */
#define BARIO_REG_WRITE		0x2	/* it has one when it is written */
#define BARIO_REG_SIDE_EFFECT	0x8	/* reading it changes something */

/* bario_reg.header: functions of any header type have it */
#define BARIO_HEADER_ANY	(-1)

/**
 * struct bario_reg - a register of a map, or several that are evenly spaced
 * @name: its name
 * @capability: the capability that @offset counts from, such as "CAP_EXP"; NULL: it
 *	counts from the beginning of the space
 * @offset: where it begins, or the first of several
 * @count: how many there are, at least 1; those of several are NAME[0], NAME[1] ...
 * @stride: bytes from one to the next; 0 where there is one
 * @w1c: bits that are cleared by writing 1, and left alone by writing 0
 * @space: a BAR's index, or BARIO_SPACE_CONFIG
 * @width: 1, 2, 4 or 8
 * @flags: BARIO_REG_*
 * @header: the header type of the functions that have it, or BARIO_HEADER_ANY
 *
 * The map owns it, until bario_regmap_close(). Only the library makes such
 * structures, so members may be added at the end. This holds for fields and values,
 * too.
 */
struct bario_reg {
	const char	*name;
	const char	*capability;
	uint64_t	offset;
	uint64_t	count;
	uint64_t	stride;
	uint64_t	w1c;
	uint32_t	space;
	uint32_t	width;
	uint32_t	flags;
	int32_t		header;
};

/**
 * struct bario_field - some bits of a register
 * @name: its name
 * @low: its lowest bit, from 0
 * @high: its highest bit
 */
struct bario_field {
	const char	*name;
	uint32_t	low;
	uint32_t	high;
};

/**
 * struct bario_field_value - a value of a field that has a name
 * @name: the name
 * @number: the value, as a number that begins with the field's lowest bit
 */
struct bario_field_value {
	const char	*name;
	uint64_t	number;
};

/* bario_regmap_open(), bario_regmap_open_text(): flags */
#define BARIO_REGMAP_CONFIG	0x1	/* the registers of configuration space */

/**
 * bario_regmap_open() - the map for a device
 * @dev: the device
 * @path: a file in the format of bario-map(5); NULL: of those that the library has,
 *	the one for this device, by its ID or its class
 * @flags: 0; or BARIO_REGMAP_CONFIG, with @path NULL: the map of configuration space,
 *	which all devices have
 * @map: out: the map, for bario_regmap_close(); NULL after an error
 *
 * Where the library has no map for the device, the map is empty.
 *
 * Return: 0; -EINVAL: TEXT (not a map, with file, line and column; or one for other
 * devices), OPERATION (flags); -ENOMEM; what open(2) returns; and as bario_get_info().
 */
int bario_regmap_open(struct bario *dev, const char *path, uint32_t flags,
		      struct bario_regmap **map);

/**
 * bario_regmap_open_text() - a map from its text
 * @dev: the device
 * @text: the text; not needed after the call
 * @name: what errors call it
 * @flags: 0
 * @map: out: the map, for bario_regmap_close(); NULL after an error
 *
 * Return: as bario_regmap_open().
 */
int bario_regmap_open_text(struct bario *dev, const char *text,
			   const char *name, uint32_t flags,
			   struct bario_regmap **map);

/**
 * bario_regmap_close() - end a map
 * @map: the map, or NULL
 */
void bario_regmap_close(struct bario_regmap *map);

/**
 * bario_regmap_name() - the file's name, or the text's
 * @map: the map
 *
 * Return: the map's own; such as "e1000.map" for one that the library has; "" for
 * the empty map.
 */
const char *bario_regmap_name(const struct bario_regmap *map);

/**
 * bario_regmap_next() - go through the registers of a map, in its order
 * @map: the map
 * @reg: the register before; NULL: none
 *
 * Return: the next one; NULL after the last.
 */
const struct bario_reg *bario_regmap_next(const struct bario_regmap *map,
					  const struct bario_reg *reg);

/** bario_regmap_next_field() - and through the fields of a register, likewise */
const struct bario_field *
bario_regmap_next_field(const struct bario_reg *reg,
			const struct bario_field *field);

/** bario_regmap_next_value() - and through the named values of a field, likewise */
const struct bario_field_value *
bario_regmap_next_value(const struct bario_field *field,
			const struct bario_field_value *value);

/**
 * bario_regmap_decode() - the value of a field
 * @field: the field
 * @value: the register's value
 * @number: out: the field's value, as a number; NULL if it is not needed
 *
 * Return: the name of that value; NULL if it has none.
 */
const char *bario_regmap_decode(const struct bario_field *field, uint64_t value,
				uint64_t *number);

/* ---- Places: registers by their offsets and by their names ---- */

/**
 * struct bario_place - a register, or a field of one
 * @space: a BAR's index, or BARIO_SPACE_CONFIG
 * @width: in bytes; 0 if none was given
 * @offset: from the beginning of the space
 * @reg: the register by that name; NULL for a place without a name
 * @field: the field by that name; NULL for all of the register
 * @index: which of several registers
 * @w1c: which bits there are cleared by writing 1, as far as the map says
 * @reserved: 0
 *
 * A place with names is valid as long as the map.
 */
struct bario_place {
	uint32_t			space;
	uint32_t			width;
	uint64_t			offset;
	const struct bario_reg		*reg;
	const struct bario_field	*field;
	uint64_t			index;
	uint64_t			w1c;
	uint64_t			reserved[2];
};

/* bario_place_parse(): flags */
#define BARIO_PLACE_CONFIG	0x1	/* "4.2" is a place of configuration space */
#define BARIO_PLACE_ANY_WIDTH	0x2	/* width and offset may be missing */

/**
 * bario_place_parse() - a place from its text
 * @dev: the device that has it; NULL: no device, and so no capabilities
 * @map: the map that has its name; NULL: no names
 * @text: see below
 * @flags: BARIO_PLACE_*
 * @place: out: the place
 *
 * @text is one of
 *	0+0x40.4			BAR 0, offset 0x40, 4 bytes
 *	config+0x4.2			configuration space
 *	CAP_EXP+8.2, ECAP_AER+4.4	from where the device has that capability
 *	CAP_VNDR@1+2.2			from the second one, @0 being the first
 *	CTRL, PORT[3]			a register of @map
 *	CTRL.MODE, PORT[3].SPEED	a field of it
 *
 * Return: 0; -EINVAL: TEXT (the hint has the names that there are), OPERATION
 * (flags); -ENOENT: CAPABILITY (the device has no such capability); and as
 * bario_config_read(), which looks for the capability.
 */
int bario_place_parse(struct bario *dev, const struct bario_regmap *map,
		      const char *text, uint32_t flags,
		      struct bario_place *place);

/**
 * bario_place_find() - name the place of an access
 * @map: the map; NULL: no names
 * @rights: BARIO_REG_READ or BARIO_REG_WRITE: what the access does
 * @place: space, offset and width of an access; in and out: its register and index
 *
 * Of several registers at one place it is one that can be read, or written; if
 * there is none, another. Registers of capabilities are not found.
 *
 * Return: whether the map has a register of that width there.
 */
bool bario_place_find(const struct bario_regmap *map, uint32_t rights,
		      struct bario_place *place);

/**
 * bario_place_safe() - can a place be read without changing something?
 * @map: the map; NULL: the answer is true
 * @place: the place
 *
 * Return: false where a register is there of which reading changes something, or
 * only registers that cannot be read.
 */
bool bario_place_safe(const struct bario_regmap *map,
		      const struct bario_place *place);

/* Size of a place as text, with its NUL. */
#define BARIO_PLACE_TEXT	160

/* bario_place_text(): flags */
#define BARIO_PLACE_NAME	0x1	/* by its name, if it has one */

/**
 * bario_place_text() - a place as text
 * @place: the place
 * @flags: 0; or BARIO_PLACE_NAME
 * @text: out: as bario_place_parse() takes it
 */
void bario_place_text(const struct bario_place *place, uint32_t flags,
		      char text[BARIO_PLACE_TEXT]);

/**
 * bario_place_allows() - does the map allow an access?
 * @place: the place
 * @rights: BARIO_REG_READ, BARIO_REG_WRITE or both: what the access does
 *
 * Without a name all accesses are allowed.
 *
 * Return: 0; -EINVAL: OPERATION.
 */
int bario_place_allows(const struct bario_place *place, uint32_t rights);

/* bario_place_encode(), bario_place_parse_value(): flags */
#define BARIO_PLACE_WRITE	0x1	/* the value is to be written */

/**
 * bario_place_encode() - a value of a place as bits of its register
 * @place: the place
 * @number: the value of the register, or of the field
 * @bits: which bits of @number count; BARIO_TO_END: all that the place has
 * @flags: 0; or BARIO_PLACE_WRITE
 * @value: out: the value, of the register
 * @mask: out: which bits of the register count
 *
 * This is what bario_place_write(), bario_update_bits() and BARIO_OP_POLL take.
 * For a value that is to be written, and is not all of the register, bits that are
 * cleared by writing 1 are added to the mask, with 0 in the value, so that they are
 * left alone. The map has to allow the write, and the read that the other bits take.
 *
 * Return: 0; -EINVAL: VALUE (it does not fit), OPERATION (the map does not allow
 * it, or flags).
 */
int bario_place_encode(const struct bario_place *place, uint64_t number,
		       uint64_t bits, uint32_t flags, uint64_t *value,
		       uint64_t *mask);

/**
 * bario_place_parse_value() - the same, from "VALUE" or "VALUE:MASK"
 * @place: the place
 * @text: numbers, decimal or with 0x
 * @flags: as for bario_place_encode()
 * @value: out: likewise
 * @mask: out: likewise
 *
 * Return: as bario_place_encode(); -EINVAL: TEXT.
 */
int bario_place_parse_value(const struct bario_place *place, const char *text,
			    uint32_t flags, uint64_t *value, uint64_t *mask);

/**
 * bario_place_read() - read the register of a place
 * @dev: the handle
 * @place: the place
 * @value: out: what was read; bario_regmap_decode() has a field's value
 *
 * Return: as bario_read() or bario_config_read().
 */
int bario_place_read(struct bario *dev, const struct bario_place *place,
		     uint64_t *value);

/**
 * bario_place_write() - write the register of a place
 * @dev: the handle
 * @place: the place
 * @value: what to write, from bario_place_encode()
 * @mask: which bits
 *
 * One write; or, where @mask has not all bits of the register, one read and one
 * write, as bario_update_bits(). In configuration space others may access the
 * register between the two.
 *
 * Return: as bario_update_bits() or bario_config_write().
 */
int bario_place_write(struct bario *dev, const struct bario_place *place,
		      uint64_t value, uint64_t mask);

/* ---- Arrival and removal of functions: Linux only, elsewhere UNSUPPORTED ---- */

/* A monitor. */
struct bario_monitor;

/* bario_monitor_event.what; new ones may come */
#define BARIO_MONITOR_ADDED	1	/* the system has found a function */
#define BARIO_MONITOR_REMOVED	2	/* a function is gone */

/**
 * struct bario_monitor_event - what has happened to a function
 * @what: BARIO_MONITOR_*
 * @address: where the function is, or was
 */
struct bario_monitor_event {
	uint32_t		what;
	struct bario_address	address;
};

/**
 * bario_monitor_open() - watch for functions that arrive and go
 * @flags: 0
 * @monitor: out: the monitor, for bario_monitor_close(); NULL after an error
 *
 * Takes no rights. A program that also lists the functions opens the monitor first,
 * so that no event between the two is lost. The kernel sends these events to the
 * network namespaces of its first user namespace: in a container with users of its
 * own there are none.
 *
 * Return: 0; -EINVAL: OPERATION (flags); -EOPNOTSUPP: UNSUPPORTED; -ENOMEM; what
 * socket(2) returns.
 */
int bario_monitor_open(uint32_t flags, struct bario_monitor **monitor);

/** bario_monitor_close() - end a monitor; @monitor may be NULL */
void bario_monitor_close(struct bario_monitor *monitor);

/**
 * bario_monitor_fd() - the descriptor to wait for
 * @monitor: the monitor
 *
 * Return: a descriptor that is the monitor's, for poll(2): it is readable when
 * bario_monitor_read() has something to do.
 */
int bario_monitor_fd(const struct bario_monitor *monitor);

/**
 * bario_monitor_read() - the next event
 * @monitor: the monitor
 * @event: out: the event
 * @size: of @event: sizeof(*event), as for bario_get_info()
 *
 * Never waits. The function's node in /dev/bario, the addresses of its BARs and its
 * driver may come a moment after ADDED.
 *
 * Return: 1: an event is in *@event; 0: there is none now; -ENOBUFS: OVERFLOW: the
 * program was too slow and events are lost, so it has to list the functions again,
 * and can then go on; -EINVAL: OPERATION (a size of 0); what recvmsg(2) returns.
 */
int bario_monitor_read(struct bario_monitor *monitor,
		       struct bario_monitor_event *event, size_t size);

/*
 * ---- Grants: of bario.ko, and of simulated devices on Linux; elsewhere
 * -EOPNOTSUPP, UNSUPPORTED ----
 */

/* bario_rule.rights */
#define BARIO_RIGHT_READ	0x1
#define BARIO_RIGHT_WRITE	0x2
#define BARIO_RIGHT_MAP		0x4

/* bario_rule.length: all that follows the offset */
#define BARIO_TO_END		(~(uint64_t)0)

/**
 * struct bario_rule - a rule: what may be done with a stretch of a function
 * @domain: of the function's address
 * @bus: likewise
 * @dev: likewise
 * @func: likewise
 * @space: a BAR's index, or BARIO_SPACE_CONFIG
 * @rights: BARIO_RIGHT_*, at least one; MAP is for BARs
 * @reserved: 0
 * @offset: where the stretch begins
 * @length: its length, not 0, or BARIO_TO_END
 *
 * bario(4), GRANTS, has what rules add up to. The layout is that of the module's
 * struct barioc_rule: an array goes to the module as it is.
 */
struct bario_rule {
	uint32_t	domain;
	uint8_t		bus;
	uint8_t		dev;
	uint8_t		func;
	uint8_t		space;
	uint32_t	rights;
	uint32_t	reserved;
	uint64_t	offset;
	uint64_t	length;
};

/**
 * bario_derive() - a new file that may do less
 * @dev: the handle
 * @rules: what it may do, as far as @dev may
 * @count: how many rules
 * @flags: 0
 * @fd: out: a descriptor, close-on-exec; the caller's, to close or to hand over
 * @id: out: for bario_revoke(); NULL: not wanted
 *
 * Return: 0; -EINVAL: OPERATION (flags, or not a rule); -ENODEV: NO_DEVICE, REMOVED;
 * -EACCES: GRANT (nothing would be left); -E2BIG, -EMFILE, -ENFILE, -ENOSPC, -ENOMEM.
 */
int bario_derive(struct bario *dev, const struct bario_rule *rules,
		 size_t count, uint32_t flags, int *fd, uint32_t *id);

/**
 * bario_revoke() - end what was derived through this handle
 * @dev: the handle
 * @id: from bario_derive(), or 0: all
 * @flags: 0
 *
 * Return: 0; -EINVAL: OPERATION (flags); -ENOENT: SYSTEM (nothing has that id now);
 * -ENODEV: REMOVED.
 */
int bario_revoke(struct bario *dev, uint32_t id, uint32_t flags);

/* bario_get_grant(): attributes */
#define BARIO_GRANT_ALL		0x1	/* everything, and so no rules */
#define BARIO_GRANT_SHARED	0x2	/* BARs while a driver is bound, too */

/**
 * bario_get_grant() - what may this handle do?
 * @dev: the handle
 * @flags: 0
 * @rules: out: an array of @capacity rules; NULL for a capacity of 0
 * @capacity: how many rules fit there; 0 to ask
 * @count: out: how many there are, whether they fitted or not
 * @attributes: out: BARIO_GRANT_*; NULL: not wanted
 *
 * Return: 0; -EINVAL: OPERATION (flags); -ENODEV: REMOVED; what the system returns.
 */
int bario_get_grant(struct bario *dev, uint32_t flags, struct bario_rule *rules,
		    size_t capacity, size_t *count, uint32_t *attributes);

/* Longest name for bario_publish(), without its NUL. */
#define BARIO_NAME_MAX		31

/**
 * bario_publish() - a node /dev/bario/NAME for a grant
 * @name: letters, digits, '-' and '_', first a letter
 * @rules: what files opened there may do
 * @count: how many rules
 * @flags: 0
 * @uid: the node's owner
 * @gid: the node's group
 * @mode: who may open it, of 0777, as for chmod(2)
 *
 * For a caller with CAP_SYS_RAWIO. No moment passes in which the node has another
 * owner or mode.
 *
 * Return: 0; -EINVAL: OPERATION (name, rule, flags or mode); -ENODEV: NO_DEVICE,
 * BACKEND; -EEXIST: AMBIGUOUS (there is that name); -EPERM: PERMISSION; -E2BIG,
 * -ENOSPC.
 */
int bario_publish(const char *name, const struct bario_rule *rules,
		  size_t count, uint32_t flags, uint32_t uid, uint32_t gid,
		  uint32_t mode);

/**
 * bario_unpublish() - take that node away, and its files' rights
 * @name: the name
 * @flags: 0
 *
 * Return: 0; -ENOENT: NO_DEVICE; -EINVAL, -ENODEV, -EPERM: as bario_publish().
 */
int bario_unpublish(const char *name, uint32_t flags);

/* ---- Simulated devices: tests of programs ---- */

/* The most values of a simulated FIFO, and the most accesses that a record keeps. */
#define BARIO_SIM_FIFO_MAX	262144
#define BARIO_SIM_RECORD_MAX	131072

/**
 * struct bario_model - registers that are functions of the program
 * @user: passed to each of them; may be NULL
 * @read: a register is read: sets *@value, which has no bit above the width, and
 *	returns 0; NULL: as if nothing were there
 * @write: a register is written; returns 0; NULL: likewise
 * @now: the time in nanoseconds, by which operations poll
 * @sleep: lets @ns nanoseconds pass, for an operation that waits or polls; returns 0
 * @end: the last handle of this process is closed; NULL: nothing to do
 *
 * @now and @sleep are both there, or both NULL: then a clock of the device's own
 * begins at 0, and moves on by itself only when an operation waits.
 *
 * A callback returns 0 or a negative errno, which becomes the error of the access or
 * of the operation that waits. For one device they are called one at a time, in the
 * thread and the process that makes the access. They may call bario_sim_peek(),
 * bario_sim_poke() and the other functions for simulated devices, bario_get_info() and
 * what needs no handle; an access to their own device is -EDEADLK: OPERATION. Closing
 * its handles there is not allowed. With other devices they may do anything.
 */
struct bario_model {
	void		*user;
	int		(*read)(void *user, uint32_t bar, uint64_t offset,
				uint32_t width, uint64_t *value);
	int		(*write)(void *user, uint32_t bar, uint64_t offset,
				 uint32_t width, uint64_t value);
	uint64_t	(*now)(void *user);
	int		(*sleep)(void *user, uint64_t ns);
	void		(*end)(void *user);
};

/**
 * bario_open_model() - open a simulated device that has logic
 * @text: the function, its BARs and its configuration space: bario-sim(5). Registers and
 *	memory that it describes are as described, and all other accesses to BARs are the
 *	model's
 * @name: as for bario_open_sim()
 * @model: the callbacks, which are copied
 * @size: of @model: sizeof(*model). What a smaller structure lacks is NULL
 * @flags: as for bario_open()
 * @dev: out: the handle, for bario_close(); NULL if opening failed
 *
 * A process that is forked has the model, too, with a copy of what @user points to.
 * Another one that gets a descriptor of the device does not: there bario_open_fd() is
 * -EOPNOTSUPP: UNSUPPORTED. If opening fails, @end is not called.
 *
 * Return: as bario_open_sim(); -EINVAL: OPERATION (size, a callback that this library
 * does not know, or one of @now and @sleep alone).
 */
int bario_open_model(const char *text, const char *name,
		     const struct bario_model *model, size_t size, uint32_t flags,
		     struct bario **dev);

/**
 * bario_sim_peek() - read what a register of a simulated device has, from outside
 * @dev: a handle of the sim back end
 * @space: index of the BAR, or BARIO_SPACE_CONFIG
 * @offset: from the beginning of the space
 * @width: 1, 2, 4 or 8; in configuration space not 8
 * @value: out: what a read would give
 *
 * This is no access: it has no side effect, is not in the record, and neither a grant
 * nor the state of the device is in its way. Of a FIFO it is the next value, or 0.
 *
 * Return: 0; -EOPNOTSUPP: UNSUPPORTED (not a simulated device; nothing of this width is
 * described there, as where a model has its registers; a register that fails or
 * unplugs); -EINVAL: WIDTH, BAR, ALIGNMENT, RANGE.
 */
int bario_sim_peek(struct bario *dev, uint32_t space, uint64_t offset,
		   uint32_t width, uint64_t *value);

/**
 * bario_sim_poke() - set what a register of a simulated device has, from outside
 * @dev: a handle of the sim back end
 * @space: index of the BAR, or BARIO_SPACE_CONFIG, where all bytes can be set
 * @offset: from the beginning of the space
 * @width: 1, 2, 4 or 8; in configuration space not 8
 * @value: what it reads as from now on; no bit above the width
 *
 * It is no access either. A register that programs can't write gets the value, too; one
 * that is busy is no more; a FIFO gets one value more.
 *
 * Return: as bario_sim_peek(); -EINVAL: VALUE; -EIO: NO_RESPONSE (the FIFO is full).
 */
int bario_sim_poke(struct bario *dev, uint32_t space, uint64_t offset,
		   uint32_t width, uint64_t value);

/**
 * struct bario_access - one access to a simulated device, as it happened
 * @write: it was a write
 * @space: a BAR's index, or BARIO_SPACE_CONFIG
 * @width: bytes
 * @reserved: 0
 * @offset: from the beginning of the space
 * @value: what was written or read
 * @reserved2: 0
 */
struct bario_access {
	bool		write;
	uint8_t		space;
	uint8_t		width;
	uint8_t		reserved[5];
	uint64_t	offset;
	uint64_t	value;
	uint64_t	reserved2;
};

/**
 * bario_sim_record() - all accesses that reached a simulated device
 * @dev: a handle of the sim back end
 * @record: out: copies of the first @capacity of them, in order; NULL for a
 *	capacity of 0
 * @capacity: how many fit there; 0 to ask
 * @count: out: how many there were, whether they fitted or not
 *
 * All handles of a device have one record. It keeps the first BARIO_SIM_RECORD_MAX
 * accesses, and counts the others.
 *
 * Return: 0; -EOPNOTSUPP: UNSUPPORTED (it is not a simulated device).
 */
int bario_sim_record(struct bario *dev, struct bario_access *record,
		     size_t capacity, size_t *count);

/**
 * bario_sim_forget() - begin a new record
 * @dev: a handle of the sim back end
 */
void bario_sim_forget(struct bario *dev);

/**
 * bario_sim_unplug() - take the simulated device away: -ENODEV from now on
 * @dev: a handle of the sim back end
 */
void bario_sim_unplug(struct bario *dev);

#ifdef __cplusplus
}
#endif

#endif /* LIBBARIO_H */
