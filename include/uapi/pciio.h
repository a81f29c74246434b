/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR BSD-2-Clause */
/*
 * FreeBSD's pci(4) userland interface, for Linux.
 *
 * The requests below are the ones that FreeBSD 13 and 14 define in
 * <sys/pciio.h>: same names, same numbers, same layout. A program written for
 * FreeBSD's /dev/pci builds against this file (through include/compat/) and
 * works on bario's nodes unchanged. Nothing here ever changes; what is new
 * is in barioc.h.
 *
 * FreeBSD 15 has a longer struct pci_conf, and for it another PCIOCGETCONF. A
 * program gets these two by those names if it defines PCIIO_FREEBSD15 before it
 * includes this file. bario answers both requests, whoever calls.
 *
 * Rules that hold for every request:
 *  - A structure is taken as clients fill it. Padding, and pattern fields whose
 *    flag is off, may hold anything.
 *  - Sizes, widths, lengths and offsets are in bytes.
 *  - A request that fails has changed neither the device nor the structure,
 *    but for what is said of it below; EFAULT: memory of the caller could not
 *    be read or written.
 *  - EPERM: the file is not open for writing. On a read-only file PCIOCGETCONF,
 *    PCIOCGETBAR and, for a caller with CAP_SYS_RAWIO, PCIOCLISTVPD work: it
 *    is a promise not to change the system, and a read may have side effects.
 *  - ENODEV: no such function, or not one of this file's.
 *  - ENOTTY: no such request.
 *
 * bario(4) describes the behaviour in full.
 */
#ifndef _UAPI_PCIIO_H
#define _UAPI_PCIIO_H

#include <linux/ioctl.h>
#include <linux/types.h>
#ifndef __KERNEL__
#include <stddef.h>
#endif

/* Longest driver name in pd_name, without its terminating NUL. */
#define PCI_MAXNAMELEN	16

/**
 * struct pcisel - the selector: which function
 * @pc_domain: PCI domain (segment)
 * @pc_bus: bus number
 * @pc_dev: device on that bus, 0 to 31
 * @pc_func: function of that device, 0 to 7
 */
struct pcisel {
	__u32		pc_domain;
	__u8		pc_bus;
	__u8		pc_dev;
	__u8		pc_func;
};

/* pci_conf_io.status: how the walk through the list of functions ended. */
typedef enum {
	PCI_GETCONF_LAST_DEVICE		= 0,	/* nothing more matches */
	PCI_GETCONF_LIST_CHANGED	= 1,	/* start again from offset 0 */
	PCI_GETCONF_MORE_DEVS		= 2,	/* the buffer is full, more match */
	PCI_GETCONF_ERROR		= 3	/* not returned: see the errno */
} pci_getconf_status;

/* pci_match_conf.flags: which fields of a pattern count. */
typedef enum {
	PCI_GETCONF_NO_MATCH		= 0x0000,	/* matches nothing */
	PCI_GETCONF_MATCH_DOMAIN	= 0x0001,
	PCI_GETCONF_MATCH_BUS		= 0x0002,
	PCI_GETCONF_MATCH_DEV		= 0x0004,
	PCI_GETCONF_MATCH_FUNC		= 0x0008,
	PCI_GETCONF_MATCH_NAME		= 0x0010,
	PCI_GETCONF_MATCH_UNIT		= 0x0020,
	PCI_GETCONF_MATCH_VENDOR	= 0x0040,
	PCI_GETCONF_MATCH_DEVICE	= 0x0080,
	PCI_GETCONF_MATCH_CLASS		= 0x0100
} pci_getconf_flags;

/**
 * struct pci_conf - what PCIOCGETCONF tells of one function
 * @pc_sel: its selector
 * @pc_hdr: header type, without the multi-function bit
 * @pc_subvendor: subsystem vendor ID
 * @pc_subdevice: subsystem ID
 * @pc_vendor: vendor ID
 * @pc_device: device ID
 * @pc_class: base class
 * @pc_subclass: subclass
 * @pc_progif: programming interface
 * @pc_revid: revision
 * @pd_name: the driver's name, cut at PCI_MAXNAMELEN; empty where none is bound
 * @pd_unit: the function's number among those of its driver, from 0; on
 *	/dev/pci it is given when the driver binds and kept until it unbinds, on
 *	a file for some functions it counts those alone
 * @pd_numa_domain: FreeBSD 15's: NUMA node, 0 where none is known
 * @pc_reported_len: FreeBSD 15's: bytes of the record that were filled in, all
 *	before @pc_spare
 * @pc_secbus: FreeBSD 15's: a bridge's secondary bus number, read from the
 *	bridge; 0 for others, and where it did not answer
 * @pc_subbus: FreeBSD 15's: likewise the subordinate bus number
 * @pc_spare: FreeBSD 15's: zero
 */
struct pci_conf {
	struct pcisel	pc_sel;
	__u8		pc_hdr;
	__u16		pc_subvendor;
	__u16		pc_subdevice;
	__u16		pc_vendor;
	__u16		pc_device;
	__u8		pc_class;
	__u8		pc_subclass;
	__u8		pc_progif;
	__u8		pc_revid;
	char		pd_name[PCI_MAXNAMELEN + 1];
	unsigned long	pd_unit;
#ifdef PCIIO_FREEBSD15
	int		pd_numa_domain;
	size_t		pc_reported_len;
	__u8		pc_secbus;
	__u8		pc_subbus;
	char		pc_spare[62];
#endif
};

/**
 * struct pci_match_conf - one pattern for PCIOCGETCONF
 * @pc_sel: compared field by field, under the flags DOMAIN, BUS, DEV and FUNC
 * @pd_name: driver's name (NAME)
 * @pd_unit: its unit (UNIT)
 * @pc_vendor: vendor ID (VENDOR)
 * @pc_device: device ID (DEVICE)
 * @pc_class: base class (CLASS)
 * @flags: PCI_GETCONF_MATCH_*, all of which must match; NO_MATCH alone never does
 */
struct pci_match_conf {
	struct pcisel		pc_sel;
	char			pd_name[PCI_MAXNAMELEN + 1];
	unsigned long		pd_unit;
	__u16			pc_vendor;
	__u16			pc_device;
	__u8			pc_class;
	pci_getconf_flags	flags;
};

/**
 * struct pci_conf_io - PCIOCGETCONF: list functions
 * @pat_buf_len: in: bytes at @patterns; must be @num_patterns records exactly
 * @num_patterns: in: number of patterns; 0 matches every function
 * @patterns: in: a function is listed if any of them matches
 * @match_buf_len: in: bytes at @matches, rounded down to whole records
 * @num_matches: out: records written
 * @matches: out: the records, by ascending selector
 * @offset: in: where in the list to begin, 0 at first; out: where to go on
 * @generation: in: as the last call left it (not looked at where @offset is 0);
 *	out: changes whenever a function comes or goes; as given with LIST_CHANGED
 * @status: out: how it ended, a pci_getconf_status
 *
 * EINVAL: @pat_buf_len is not @num_patterns records, there are more than
 * PCI_GETCONF_PATTERNS_MAX, or they cannot be read.
 */
struct pci_conf_io {
	__u32			pat_buf_len;
	__u32			num_patterns;
	struct pci_match_conf	*patterns;
	__u32			match_buf_len;
	__u32			num_matches;
	struct pci_conf		*matches;
	__u32			offset;
	__u32			generation;
	pci_getconf_status	status;
};

/* The most patterns that one PCIOCGETCONF takes (a limit of bario's own). */
#define PCI_GETCONF_PATTERNS_MAX	4096

/**
 * struct pci_io - PCIOCREAD, PCIOCWRITE, PCIOCATTACHED
 * @pi_sel: in: which function
 * @pi_reg: in: offset in configuration space, a multiple of @pi_width
 * @pi_width: in: 1, 2 or 4
 * @pi_data: PCIOCREAD out: the value; PCIOCWRITE in: the value (bits above the
 *	width are ignored); PCIOCATTACHED out: 1 if a driver is bound, else 0
 *
 * EINVAL: a width or offset other than those (@pi_reg and @pi_width are not
 * looked at by PCIOCATTACHED), or a write past the end of configuration space.
 * A read past the end gives all ones. EACCES: PCIOCWRITE on a file that may not
 * write configuration space, as a function's own node. EIO: the function did
 * not answer.
 */
struct pci_io {
	struct pcisel	pi_sel;
	int		pi_reg;
	int		pi_width;
	__u32		pi_data;
};

/**
 * struct pci_bar_io - PCIOCGETBAR: what a BAR is
 * @pbi_sel: in: which function
 * @pbi_reg: in: offset of the BAR register in configuration space
 *	(0x10 + 4 * index)
 * @pbi_enabled: out: 1 if the function decodes this kind of BAR now, else 0
 * @pbi_base: out: the register's value, with its flag bits (both halves of a
 *	64-bit BAR)
 * @pbi_length: out: size of the BAR in bytes; 0 where the kernel found no room
 *	for it and has forgotten its size
 *
 * EINVAL: there is no BAR at that register (or it is the upper half of one).
 */
struct pci_bar_io {
	struct pcisel	pbi_sel;
	int		pbi_reg;
	int		pbi_enabled;
	__u64		pbi_base;
	__u64		pbi_length;
};

/**
 * struct pci_vpd_element - one element of a PCIOCLISTVPD answer
 * @pve_keyword: the two characters of the keyword; zero for the identifier
 * @pve_flags: PVE_FLAG_*
 * @pve_datalen: bytes of data that follow this header
 * @pve_data: the data, with no terminator; the next element stands right behind
 */
struct pci_vpd_element {
	char		pve_keyword[2];
	__u8		pve_flags;
	__u8		pve_datalen;
	__u8		pve_data[];
};

#define PVE_FLAG_IDENT		0x01	/* the identifier string */
#define PVE_FLAG_RW		0x02	/* from the writable part */

/* The element behind this one. */
#define PVE_NEXT(pve)							\
	((struct pci_vpd_element *)((pve)->pve_data + (pve)->pve_datalen))

/**
 * struct pci_list_vpd_io - PCIOCLISTVPD: vital product data
 * @plvi_sel: in: which function
 * @plvi_len: in: bytes at @plvi_data, 0 to ask; out: bytes needed
 * @plvi_data: out: the elements, one behind the other
 *
 * EACCES: the file may not read all of configuration space. ENXIO: no vital
 * product data, or none that is well formed. ENOMEM: @plvi_len is neither 0 nor
 * enough; it then tells what is. EINTR: a signal came.
 */
struct pci_list_vpd_io {
	struct pcisel		plvi_sel;
	size_t			plvi_len;
	struct pci_vpd_element	*plvi_data;
};

/**
 * struct pci_bar_mmap - PCIOCBARMMAP: map a memory BAR
 * @pbm_map_base: in: where to map, with PCIIO_BAR_MMAP_FIXED only; out: where
 *	the mapping begins
 * @pbm_map_length: out: length of the mapping, whole pages
 * @pbm_bar_length: out: size of the BAR in bytes
 * @pbm_bar_off: out: where in the first page the BAR begins
 * @pbm_sel: in: which function
 * @pbm_reg: in: offset of the BAR register in configuration space
 * @pbm_flags: in: PCIIO_BAR_MMAP_*
 * @pbm_memattr: in: a VM_MEMATTR_* of <vm/vm.h>: UNCACHEABLE, DEVICE or
 *	WEAK_UNCACHEABLE
 *
 * EINVAL: no BAR at that register, unknown flags, EXCL or an address that is no
 * multiple of the page size with FIXED, or another memory
 * attribute. EIO: a port BAR.
 * ENXIO: the BAR has no address. EACCES: the file is open for writing only, or
 * the pages of the BAR hold something that this file may not reach.
 * EBUSY: the BAR cannot be claimed.
 * EEXIST: EXCL, and something is mapped there. ENOMEM: no room.
 */
struct pci_bar_mmap {
	void		*pbm_map_base;
	size_t		pbm_map_length;
	__u64		pbm_bar_length;
	int		pbm_bar_off;
	struct pcisel	pbm_sel;
	int		pbm_reg;
	int		pbm_flags;
	int		pbm_memattr;
};

#define PCIIO_BAR_MMAP_FIXED	0x01	/* map at pbm_map_base exactly */
#define PCIIO_BAR_MMAP_EXCL	0x02	/* with FIXED: fail if it is taken */
#define PCIIO_BAR_MMAP_RW	0x04	/* writable */
#define PCIIO_BAR_MMAP_ACTIVATE	0x08	/* accepted; a mapping always activates */

/**
 * struct pci_bar_ioreq - PCIOCBARIO: one access to a BAR
 * @pbi_sel: in: which function
 * @pbi_op: in: PCIBARIO_READ or PCIBARIO_WRITE
 * @pbi_bar: in: index of the BAR, 0 to 5
 * @pbi_offset: in: bytes from the BAR's beginning
 * @pbi_width: in: 1, 2, 4 or 8
 * @pbi_value: READ out: the value; WRITE in: the value (bits above the width
 *	are ignored; the upper half of an 8-byte write is zero)
 *
 * One bus cycle of exactly that width at exactly that offset, or an error, and
 * then the device has not been touched. The first of these that applies:
 * EPERM, ENODEV: as for every request.
 * EINVAL: another operation; another width; no such BAR, or the upper half of a
 *	64-bit one.
 * ENXIO: the BAR was given no address, or the device has lost it: its register
 *	has another one than the kernel.
 * EINVAL: width 8 on a port BAR or on a CPU without 64-bit accesses; offset +
 *	width past the BAR's end; an offset that is no multiple of the width in a
 *	memory BAR (in a port BAR, too, on CPUs other than x86).
 * EACCES: the file's grant does not cover it.
 * EBUSY: a driver is bound, or somebody else holds the BAR's addresses.
 * EIO: the function cannot be reached (it is asleep or being reset, or a bridge
 *	above it does not decode), or a read gave all ones that are nobody's.
 * EOVERFLOW: an 8-byte read gave a value that 32 bits do not hold; the read has
 *	happened.
 */
struct pci_bar_ioreq {
	struct pcisel	pbi_sel;
#define PCIBARIO_READ		0x1
#define PCIBARIO_WRITE		0x2
	int		pbi_op;
	__u32		pbi_bar;
	__u32		pbi_offset;
	__u32		pbi_width;
	__u32		pbi_value;
};

#define PCIOCREAD	_IOWR('p', 2, struct pci_io)
#define PCIOCWRITE	_IOWR('p', 3, struct pci_io)
#define PCIOCATTACHED	_IOWR('p', 4, struct pci_io)
#ifdef PCIIO_FREEBSD15
#define PCIOCGETCONF	_IOWR('p', 10, struct pci_conf_io)
#else
#define PCIOCGETCONF	_IOWR('p', 5, struct pci_conf_io)
#endif
#define PCIOCGETBAR	_IOWR('p', 6, struct pci_bar_io)
#define PCIOCLISTVPD	_IOWR('p', 7, struct pci_list_vpd_io)
#define PCIOCBARMMAP	_IOWR('p', 8, struct pci_bar_mmap)
#define PCIOCBARIO	_IOWR('p', 9, struct pci_bar_ioreq)

/*
 * The layout, pinned: sizes, every field's offset and the requests' numbers.
 * First what LP64 gives, then what 32-bit systems give; __u64 stands on a
 * multiple of 8 everywhere, so they agree among themselves.
 */
#ifdef __cplusplus
#if __cplusplus >= 201103L
#define _PCIIO_IS(what, lp64, ilp32)					\
	static_assert((what) == (sizeof(long) == 8 ? (lp64) : (ilp32)), #what)
#endif
#else
#define _PCIIO_IS(what, lp64, ilp32)					\
	_Static_assert((what) == (sizeof(long) == 8 ? (lp64) : (ilp32)), #what)
#endif

#ifdef _PCIIO_IS
_PCIIO_IS(sizeof(pci_getconf_status), 4, 4);
_PCIIO_IS(sizeof(pci_getconf_flags), 4, 4);

_PCIIO_IS(sizeof(struct pcisel), 8, 8);
_PCIIO_IS(offsetof(struct pcisel, pc_domain), 0, 0);
_PCIIO_IS(offsetof(struct pcisel, pc_bus), 4, 4);
_PCIIO_IS(offsetof(struct pcisel, pc_dev), 5, 5);
_PCIIO_IS(offsetof(struct pcisel, pc_func), 6, 6);

#ifdef PCIIO_FREEBSD15
_PCIIO_IS(PCIOCGETCONF, 0xc030700a, 0xc024700a);
_PCIIO_IS(sizeof(struct pci_conf), 128, 116);
_PCIIO_IS(offsetof(struct pci_conf, pd_numa_domain), 48, 44);
_PCIIO_IS(offsetof(struct pci_conf, pc_reported_len), 56, 48);
_PCIIO_IS(offsetof(struct pci_conf, pc_secbus), 64, 52);
_PCIIO_IS(offsetof(struct pci_conf, pc_subbus), 65, 53);
_PCIIO_IS(offsetof(struct pci_conf, pc_spare), 66, 54);
#else
_PCIIO_IS(PCIOCGETCONF, 0xc0307005, 0xc0247005);
_PCIIO_IS(sizeof(struct pci_conf), 48, 44);
#endif
_PCIIO_IS(offsetof(struct pci_conf, pc_sel), 0, 0);
_PCIIO_IS(offsetof(struct pci_conf, pc_hdr), 8, 8);
_PCIIO_IS(offsetof(struct pci_conf, pc_subvendor), 10, 10);
_PCIIO_IS(offsetof(struct pci_conf, pc_subdevice), 12, 12);
_PCIIO_IS(offsetof(struct pci_conf, pc_vendor), 14, 14);
_PCIIO_IS(offsetof(struct pci_conf, pc_device), 16, 16);
_PCIIO_IS(offsetof(struct pci_conf, pc_class), 18, 18);
_PCIIO_IS(offsetof(struct pci_conf, pc_subclass), 19, 19);
_PCIIO_IS(offsetof(struct pci_conf, pc_progif), 20, 20);
_PCIIO_IS(offsetof(struct pci_conf, pc_revid), 21, 21);
_PCIIO_IS(offsetof(struct pci_conf, pd_name), 22, 22);
_PCIIO_IS(offsetof(struct pci_conf, pd_unit), 40, 40);

_PCIIO_IS(sizeof(struct pci_match_conf), 56, 44);
_PCIIO_IS(offsetof(struct pci_match_conf, pc_sel), 0, 0);
_PCIIO_IS(offsetof(struct pci_match_conf, pd_name), 8, 8);
_PCIIO_IS(offsetof(struct pci_match_conf, pd_unit), 32, 28);
_PCIIO_IS(offsetof(struct pci_match_conf, pc_vendor), 40, 32);
_PCIIO_IS(offsetof(struct pci_match_conf, pc_device), 42, 34);
_PCIIO_IS(offsetof(struct pci_match_conf, pc_class), 44, 36);
_PCIIO_IS(offsetof(struct pci_match_conf, flags), 48, 40);

_PCIIO_IS(sizeof(struct pci_conf_io), 48, 36);
_PCIIO_IS(offsetof(struct pci_conf_io, pat_buf_len), 0, 0);
_PCIIO_IS(offsetof(struct pci_conf_io, num_patterns), 4, 4);
_PCIIO_IS(offsetof(struct pci_conf_io, patterns), 8, 8);
_PCIIO_IS(offsetof(struct pci_conf_io, match_buf_len), 16, 12);
_PCIIO_IS(offsetof(struct pci_conf_io, num_matches), 20, 16);
_PCIIO_IS(offsetof(struct pci_conf_io, matches), 24, 20);
_PCIIO_IS(offsetof(struct pci_conf_io, offset), 32, 24);
_PCIIO_IS(offsetof(struct pci_conf_io, generation), 36, 28);
_PCIIO_IS(offsetof(struct pci_conf_io, status), 40, 32);

_PCIIO_IS(sizeof(struct pci_io), 20, 20);
_PCIIO_IS(offsetof(struct pci_io, pi_sel), 0, 0);
_PCIIO_IS(offsetof(struct pci_io, pi_reg), 8, 8);
_PCIIO_IS(offsetof(struct pci_io, pi_width), 12, 12);
_PCIIO_IS(offsetof(struct pci_io, pi_data), 16, 16);

_PCIIO_IS(sizeof(struct pci_bar_io), 32, 32);
_PCIIO_IS(offsetof(struct pci_bar_io, pbi_sel), 0, 0);
_PCIIO_IS(offsetof(struct pci_bar_io, pbi_reg), 8, 8);
_PCIIO_IS(offsetof(struct pci_bar_io, pbi_enabled), 12, 12);
_PCIIO_IS(offsetof(struct pci_bar_io, pbi_base), 16, 16);
_PCIIO_IS(offsetof(struct pci_bar_io, pbi_length), 24, 24);

_PCIIO_IS(sizeof(struct pci_vpd_element), 4, 4);
_PCIIO_IS(offsetof(struct pci_vpd_element, pve_keyword), 0, 0);
_PCIIO_IS(offsetof(struct pci_vpd_element, pve_flags), 2, 2);
_PCIIO_IS(offsetof(struct pci_vpd_element, pve_datalen), 3, 3);
_PCIIO_IS(offsetof(struct pci_vpd_element, pve_data), 4, 4);

_PCIIO_IS(sizeof(struct pci_list_vpd_io), 24, 16);
_PCIIO_IS(offsetof(struct pci_list_vpd_io, plvi_sel), 0, 0);
_PCIIO_IS(offsetof(struct pci_list_vpd_io, plvi_len), 8, 8);
_PCIIO_IS(offsetof(struct pci_list_vpd_io, plvi_data), 16, 12);

_PCIIO_IS(sizeof(struct pci_bar_mmap), 48, 40);
_PCIIO_IS(offsetof(struct pci_bar_mmap, pbm_map_base), 0, 0);
_PCIIO_IS(offsetof(struct pci_bar_mmap, pbm_map_length), 8, 4);
_PCIIO_IS(offsetof(struct pci_bar_mmap, pbm_bar_length), 16, 8);
_PCIIO_IS(offsetof(struct pci_bar_mmap, pbm_bar_off), 24, 16);
_PCIIO_IS(offsetof(struct pci_bar_mmap, pbm_sel), 28, 20);
_PCIIO_IS(offsetof(struct pci_bar_mmap, pbm_reg), 36, 28);
_PCIIO_IS(offsetof(struct pci_bar_mmap, pbm_flags), 40, 32);
_PCIIO_IS(offsetof(struct pci_bar_mmap, pbm_memattr), 44, 36);

_PCIIO_IS(sizeof(struct pci_bar_ioreq), 28, 28);
_PCIIO_IS(offsetof(struct pci_bar_ioreq, pbi_sel), 0, 0);
_PCIIO_IS(offsetof(struct pci_bar_ioreq, pbi_op), 8, 8);
_PCIIO_IS(offsetof(struct pci_bar_ioreq, pbi_bar), 12, 12);
_PCIIO_IS(offsetof(struct pci_bar_ioreq, pbi_offset), 16, 16);
_PCIIO_IS(offsetof(struct pci_bar_ioreq, pbi_width), 20, 20);
_PCIIO_IS(offsetof(struct pci_bar_ioreq, pbi_value), 24, 24);

_PCIIO_IS(PCIOCREAD, 0xc0147002, 0xc0147002);
_PCIIO_IS(PCIOCWRITE, 0xc0147003, 0xc0147003);
_PCIIO_IS(PCIOCATTACHED, 0xc0147004, 0xc0147004);
_PCIIO_IS(PCIOCGETBAR, 0xc0207006, 0xc0207006);
_PCIIO_IS(PCIOCLISTVPD, 0xc0187007, 0xc0107007);
_PCIIO_IS(PCIOCBARMMAP, 0xc0307008, 0xc0287008);
_PCIIO_IS(PCIOCBARIO, 0xc01c7009, 0xc01c7009);

#undef _PCIIO_IS
#endif

#endif /* _UAPI_PCIIO_H */
