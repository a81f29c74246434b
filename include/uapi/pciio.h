/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR BSD-2-Clause */
/*
 * FreeBSD's pci(4) requests, for Linux.
 *
 * The names, numbers and layouts are those of <sys/pciio.h> in FreeBSD 13 and
 * 14. A program written for FreeBSD's /dev/pci builds against this file
 * (through include/compat/) and works on bario's nodes unchanged. Nothing here
 * ever changes; bario's own requests are in barioc.h.
 *
 * FreeBSD 15 has a longer struct pci_conf, and a PCIOCGETCONF with another
 * number. A program that defines PCIIO_FREEBSD15 before including this file
 * gets these two. bario answers both requests.
 *
 * For every request:
 *  - Padding, fields marked "out", and pattern fields whose flag is not set may
 *    contain anything on entry.
 *  - Sizes, widths, lengths and offsets are in bytes.
 *  - A request that fails changes neither the device nor the structure, except
 *    as noted below.
 *  - "Errors" are in the order of the checks; pciio(4) says what each means.
 *    ENOMEM and, for a number that is not defined here, ENOTTY are not listed.
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
 * struct pcisel - selects a function
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

/* pci_conf_io.status: why the list ended. */
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
 * struct pci_conf - PCIOCGETCONF: one function
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
 * @pd_name: name of the bound driver, truncated to PCI_MAXNAMELEN characters,
 *	or empty
 * @pd_unit: number of the function among those of its driver, from 0. On
 *	/dev/pci it is assigned when the driver binds and kept until the driver
 *	unbinds; other descriptors count only the functions visible to them
 * @pd_numa_domain: FreeBSD 15: NUMA node, 0 if unknown
 * @pc_reported_len: FreeBSD 15: bytes of the record that are filled in: those
 *	before @pc_spare
 * @pc_secbus: FreeBSD 15: secondary bus number, read from the bridge; 0 for
 *	other functions, and for a bridge that did not respond
 * @pc_subbus: FreeBSD 15: subordinate bus number, likewise
 * @pc_spare: FreeBSD 15: zero
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
 * @pc_sel: selector, compared field by field (DOMAIN, BUS, DEV, FUNC)
 * @pd_name: driver's name, as in struct pci_conf (NAME)
 * @pd_unit: unit (UNIT)
 * @pc_vendor: vendor ID (VENDOR)
 * @pc_device: device ID (DEVICE)
 * @pc_class: base class (CLASS)
 * @flags: PCI_GETCONF_MATCH_*: the fields to compare, all of which must match
 *	(their names are in parentheses above); without a flag nothing matches
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
 * @pat_buf_len: in: size of @patterns, exactly @num_patterns elements
 * @num_patterns: in: number of patterns, at most PCI_GETCONF_PATTERNS_MAX; with
 *	0 every function is listed
 * @patterns: in: a function is listed if it matches at least one
 * @match_buf_len: in: size of @matches, rounded down to whole records
 * @num_matches: out: number of records written
 * @matches: out: the records, in ascending order of the selector
 * @offset: in: 0 to start at the beginning of the list; out: where to continue
 * @generation: in: what the previous call returned, ignored if @offset is 0;
 *	out: changes when a function is added or removed; unchanged with
 *	LIST_CHANGED
 * @status: out: a pci_getconf_status
 *
 * Errors of PCIOCGETCONF: EFAULT, ENODEV, EINVAL, EFAULT.
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

/* Largest number of patterns in one PCIOCGETCONF (bario's limit). */
#define PCI_GETCONF_PATTERNS_MAX	4096

/**
 * struct pci_io - PCIOCREAD, PCIOCWRITE, PCIOCATTACHED
 * @pi_sel: in: which function
 * @pi_reg: in: offset in configuration space, a multiple of @pi_width
 * @pi_width: in: 1, 2 or 4
 * @pi_data: PCIOCREAD: out: the value; PCIOCWRITE: in: the value, whose bits
 *	above the width are ignored; PCIOCATTACHED: out: 1 if a driver is bound,
 *	else 0
 *
 * PCIOCATTACHED ignores @pi_reg and @pi_width. A read past the end of
 * configuration space returns all ones.
 *
 * Errors of PCIOCREAD: EFAULT, EPERM, EINVAL, ENODEV, EFAULT, EACCES, EIO.
 *
 * Errors of PCIOCWRITE: EFAULT, EPERM, EINVAL, ENODEV, EINVAL, EACCES, EBUSY,
 * EIO.
 *
 * Errors of PCIOCATTACHED: EFAULT, EPERM, ENODEV, EFAULT.
 */
struct pci_io {
	struct pcisel	pi_sel;
	int		pi_reg;
	int		pi_width;
	__u32		pi_data;
};

/**
 * struct pci_bar_io - PCIOCGETBAR: describe a BAR
 * @pbi_sel: in: which function
 * @pbi_reg: in: offset of the BAR's register in configuration space, 0x10 + 4 *
 *	index
 * @pbi_enabled: out: 1 if the function currently decodes this kind of BAR, else
 *	0
 * @pbi_base: out: contents of the register, with the flag bits; for a 64-bit
 *	BAR both halves
 * @pbi_length: out: size of the BAR; 0 if the kernel found no address for the
 *	BAR and did not keep its size
 *
 * Errors of PCIOCGETBAR: EFAULT, ENODEV, EINVAL, EIO, EFAULT.
 */
struct pci_bar_io {
	struct pcisel	pbi_sel;
	int		pbi_reg;
	int		pbi_enabled;
	__u64		pbi_base;
	__u64		pbi_length;
};

/**
 * struct pci_vpd_element - PCIOCLISTVPD: one element
 * @pve_keyword: the keyword, two characters; zero for the identifier string
 * @pve_flags: PVE_FLAG_*
 * @pve_datalen: number of bytes in @pve_data
 * @pve_data: the data, without a terminator; the next element follows directly
 */
struct pci_vpd_element {
	char		pve_keyword[2];
	__u8		pve_flags;
	__u8		pve_datalen;
	__u8		pve_data[];
};

#define PVE_FLAG_IDENT		0x01	/* the identifier string */
#define PVE_FLAG_RW		0x02	/* from the writable part */

/* The element after this one. */
#define PVE_NEXT(pve)							\
	((struct pci_vpd_element *)((pve)->pve_data + (pve)->pve_datalen))

/**
 * struct pci_list_vpd_io - PCIOCLISTVPD: vital product data
 * @plvi_sel: in: which function
 * @plvi_len: in: size of @plvi_data, or 0 to query; out: size of the data, with
 *	ENOMEM too
 * @plvi_data: out: the elements, one after another
 *
 * Errors of PCIOCLISTVPD: EFAULT, EPERM, ENODEV, EACCES, ENXIO, EINTR, ENOMEM,
 * EFAULT.
 */
struct pci_list_vpd_io {
	struct pcisel		plvi_sel;
	size_t			plvi_len;
	struct pci_vpd_element	*plvi_data;
};

/**
 * struct pci_bar_mmap - PCIOCBARMMAP: map a memory BAR
 * @pbm_map_base: in: with PCIIO_BAR_MMAP_FIXED, the address to map at; out:
 *	start of the mapping
 * @pbm_map_length: out: length of the mapping, whole pages
 * @pbm_bar_length: out: size of the BAR
 * @pbm_bar_off: out: offset of the BAR in the first page
 * @pbm_sel: in: which function
 * @pbm_reg: in: offset of the BAR's register in configuration space
 * @pbm_flags: in: PCIIO_BAR_MMAP_*
 * @pbm_memattr: in: VM_MEMATTR_UNCACHEABLE, VM_MEMATTR_DEVICE or
 *	VM_MEMATTR_WEAK_UNCACHEABLE of <vm/vm.h>
 *
 * Errors of PCIOCBARMMAP: EFAULT, EPERM, ENODEV, EINVAL, EIO, ENXIO, EACCES,
 * EBUSY, EIO, EEXIST, ENOMEM, EFAULT.
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

#define PCIIO_BAR_MMAP_FIXED	0x01	/* map at pbm_map_base */
#define PCIIO_BAR_MMAP_EXCL	0x02	/* with FIXED: fail if something is there */
#define PCIIO_BAR_MMAP_RW	0x04	/* writable */
#define PCIIO_BAR_MMAP_ACTIVATE	0x08	/* no effect: always done */

/**
 * struct pci_bar_ioreq - PCIOCBARIO: one access to a BAR
 * @pbi_sel: in: which function
 * @pbi_op: in: PCIBARIO_READ or PCIBARIO_WRITE
 * @pbi_bar: in: index of the BAR, 0 to 5
 * @pbi_offset: in: offset from the beginning of the BAR
 * @pbi_width: in: 1, 2, 4 or 8
 * @pbi_value: READ: out: the value; WRITE: in: the value, whose bits above the
 *	width are ignored; the upper half of an 8-byte write is zero
 *
 * Performs one bus cycle of exactly this width at exactly this offset, or
 * fails.
 *
 * Errors of PCIOCBARIO: EFAULT, EPERM, EFAULT, ENODEV, EINVAL, ENXIO, EINVAL,
 * EACCES, EBUSY, EIO, EOVERFLOW.
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
 * The layout: sizes, offsets of all fields and numbers of the requests, for
 * LP64 and for 32-bit systems. The latter agree with each other, because __u64
 * is aligned to 8 bytes everywhere.
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
