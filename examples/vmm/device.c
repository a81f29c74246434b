// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * The passed function: its configuration space as the guest sees it, and its
 * BARs. Nothing here is about KVM or Linux: the requests are those of FreeBSD's
 * pci(4), and /dev/pci is the only way to the device.
 */
#include <sys/types.h>
#include <sys/ioctl.h>
#include <sys/pciio.h>
#include <dev/pci/pcireg.h>
#include <vm/vm.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "vmm.h"

#define FAILED		121
#define CONFIG_SIZE	256	/* what mechanism #1 reaches */
#define FIRST_CAPABILITY 0x40
#define CAPABILITIES_MAX 48	/* as many as fit */

/* Where the BARs are at first: what firmware would have chosen. */
#define FIRST_PORT	0x1000
#define FIRST_MEMORY	0xc0000000ULL
#define LAST_PORT	0xffffULL
#define LAST_MEMORY	0xffffffffULL

#define MSIX_ENTRY	16
#define MSIX_ENTRIES_MAX 2048

struct bar {
	uint64_t size;		/* 0: there is none */
	bool port;
	bool wide;		/* its address has 64 bits */
	uint8_t *memory;	/* where it is mapped here; NULL: access by access */
	bool decoded;		/* the guest's accesses at address are for it */
	uint64_t address;
	bool mapped;		/* memory is the guest's, too */
};

/* A stretch of a BAR. */
struct stretch {
	unsigned int bar;
	uint64_t offset, size;
};

static int pci;
static struct pcisel sel;
static char name[40];		/* of the function */
static bool gone;
static struct bar bars[BARS];

/*
 * Configuration space. The bits in "ours" are answered from "value", the others
 * by the device; the bits in "writable" of "value" are the guest's to write. No
 * write of the guest ever reaches the device's.
 */
static uint8_t ours[CONFIG_SIZE], writable[CONFIG_SIZE], value[CONFIG_SIZE];

/* MSI-X: the table is memory of the monitor's, the pending bits are the device's. */
static struct stretch msix_table, msix_pending;
static uint8_t msix_entries[MSIX_ENTRIES_MAX * MSIX_ENTRY];

/* It was removed. From now on there is nothing behind the guest's accesses. */
static void lose(void)
{
	gone = true;
	for (unsigned int i = 0; i < BARS; i++) {
		if (bars[i].mapped)
			machine_map(1 + i, 0, 0, NULL);
		bars[i].mapped = false;
	}
}

/* One request, by number and name; the text says what for, if it fails. */
static bool __attribute__((format(printf, 4, 5)))
ask(unsigned long number, const char *request, void *argument, const char *format, ...)
{
	char what[96];
	va_list args;
	int error;

	if (gone)
		return false;
	if (ioctl(pci, number, argument) == 0)
		return true;
	error = errno;
	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	log_failure(request, error, "%s: %s", name, what);
	if (error == ENODEV)
		lose();
	return false;
}
#define ASK(request, ...) ask(request, #request, __VA_ARGS__)

static uint32_t live(unsigned int offset, unsigned int width)
{
	struct pci_io io = { .pi_sel = sel, .pi_reg = offset, .pi_width = width };

	return ASK(PCIOCREAD, &io, "%u-byte read at %#x of its configuration", width, offset) ?
		io.pi_data : all_ones(width);
}

static uint32_t get(const uint8_t *bytes, unsigned int offset, unsigned int width)
{
	uint32_t result = 0;

	while (width-- > 0)
		result = result << 8 | bytes[offset + width];
	return result;
}

static void set(uint8_t *bytes, unsigned int offset, unsigned int width, uint32_t to)
{
	for (; width > 0; width--, offset++, to >>= 8)
		bytes[offset] = to;
}

/* This register is ours: what it holds, and which bits the guest may write. */
static void own(unsigned int offset, unsigned int width, uint32_t holds, uint32_t may)
{
	memset(ours + offset, 0xff, width);
	set(value, offset, width, holds);
	set(writable, offset, width, may);
}

/* ---- BARs: where the guest has put them ---- */
static bool overlaps(uint64_t a, uint64_t a_size, uint64_t b, uint64_t b_size)
{
	return a < b + b_size && b < a + a_size;
}

/* Is it decoded at this address? Not over RAM, nor where an earlier BAR is. */
static bool decodes(const struct bar *bar, uint64_t address)
{
	uint32_t command = get(value, PCIR_COMMAND, 2);
	uint64_t last = bar->port ? LAST_PORT : LAST_MEMORY;
	const struct bar *other;

	if (!bar->size || !(command & (bar->port ? PCIM_CMD_PORTEN : PCIM_CMD_MEMEN)) ||
	    address > last || bar->size - 1 > last - address ||
	    (!bar->port && address < RAM_SIZE))
		return false;
	for (other = bars; other < bar; other++)
		if (other->decoded && other->port == bar->port &&
		    overlaps(address, bar->size, other->address, other->size))
			return false;
	return true;
}

static uint64_t bar_address(unsigned int i)
{
	uint64_t address = get(value, PCIR_BAR(i), 4);

	if (bars[i].wide)
		address |= (uint64_t)get(value, PCIR_BAR(i + 1), 4) << 32;
	return address & ~(bars[i].size - 1);
}

/* After each write to COMMAND or a BAR. What moves goes before anything comes. */
static void place_bars(void)
{
	struct bar *bar;
	unsigned int i;
	bool decoded;

	for (i = 0; i < BARS; i++) {
		bar = &bars[i];
		decoded = decodes(bar, bar_address(i));
		if (bar->mapped && (!decoded || bar->address != bar_address(i))) {
			machine_map(1 + i, 0, 0, NULL);
			bar->mapped = false;
		}
		bar->decoded = decoded;
		bar->address = bar_address(i);
	}
	for (i = 0; i < BARS; i++) {
		bar = &bars[i];
		if (bar->decoded && bar->memory && !bar->mapped)
			bar->mapped = machine_map(1 + i, bar->address, bar->size, bar->memory);
	}
}

/* ---- configuration space ---- */
uint32_t device_config_read(unsigned int offset, unsigned int width)
{
	uint32_t mask = get(ours, offset, width), result = 0;

	if (mask != all_ones(width))
		result = live(offset, width);
	if (gone)
		return all_ones(width);
	return (result & ~mask) | (get(value, offset, width) & mask);
}

void device_config_write(unsigned int offset, unsigned int width, uint32_t to)
{
	uint32_t may = get(writable, offset, width);

	if (gone || !may)
		return;
	set(value, offset, width, (get(value, offset, width) & ~may) | (to & may));
	if (overlaps(offset, width, PCIR_COMMAND, 2) ||
	    overlaps(offset, width, PCIR_BARS, 4 * BARS))
		place_bars();
}

/* ---- accesses to BARs ---- */
static bool touches(const struct stretch *stretch, unsigned int bar, uint64_t offset,
		    unsigned int width)
{
	return stretch->size && stretch->bar == bar &&
	       overlaps(offset, width, stretch->offset, stretch->size);
}

/* The table alone is reached; what lies across its end is dropped. */
static void access_msix_table(bool write, uint64_t offset, unsigned int width, uint64_t *data)
{
	if (offset < msix_table.offset || offset + width > msix_table.offset + msix_table.size)
		*data = all_ones(width);
	else if (write)
		memcpy(msix_entries + offset - msix_table.offset, data, width);
	else
		memcpy(data, msix_entries + offset - msix_table.offset, width);
}

/* One access of the guest's is one request, of the same width. */
static void forward(bool write, unsigned int bar, uint64_t offset, unsigned int width,
		    uint64_t *data)
{
	struct pci_bar_ioreq req = {
		.pbi_sel = sel,
		.pbi_op = write ? PCIBARIO_WRITE : PCIBARIO_READ,
		.pbi_bar = bar,
		.pbi_offset = offset,
		.pbi_width = width,
		.pbi_value = write ? *data : 0,
	};
	const char *op = write ? "write" : "read";

	/* The fields have 32 bits: what they can't say must not be said wrongly. */
	if (offset > UINT32_MAX || (write && *data > UINT32_MAX))
		log_failure("PCIOCBARIO", EOVERFLOW, "%s: %u-byte %s at %#llx in BAR %u", name,
			    width, op, (unsigned long long)offset, bar);
	else if (ASK(PCIOCBARIO, &req, "%u-byte %s at %#llx in BAR %u", width, op,
		     (unsigned long long)offset, bar) && !write)
		*data = req.pbi_value;
}

bool device_access(bool port, bool write, uint64_t address, unsigned int width, uint64_t *data)
{
	uint64_t offset;
	struct bar *bar;

	for (bar = bars; bar < bars + BARS; bar++) {
		offset = address - bar->address;
		if (bar->decoded && bar->port == port && address >= bar->address &&
		    offset < bar->size && width <= bar->size - offset)
			break;
	}
	if (bar == bars + BARS)
		return false;
	if (!write)
		*data = all_ones(width);
	if (gone)
		return true;
	if (touches(&msix_table, bar - bars, offset, width))
		access_msix_table(write, offset, width, data);
	else if (!write || !touches(&msix_pending, bar - bars, offset, width))
		forward(write, bar - bars, offset, width, data);
	return true;
}

bool device_unmapped(void)
{
	bool any = false;

	for (unsigned int i = 0; i < BARS; i++) {
		if (bars[i].mapped)
			machine_map(1 + i, 0, 0, NULL);
		any |= bars[i].mapped;
		bars[i].mapped = false;
		bars[i].memory = NULL;
	}
	/* If the device has gone, this says so; if not, it is for a driver. */
	if (any)
		live(PCIR_DEVVENDOR, 4);
	if (any && !gone)
		warnx("%s: its mappings were taken away, as for a driver: "
		      "each access is a PCIOCBARIO now", name);
	return any;
}

/* ---- at the start ---- */
static void find_function(void)
{
	struct pci_conf conf[2];
	struct pci_conf_io list = { .matches = conf, .match_buf_len = sizeof(conf) };

	if (ioctl(pci, PCIOCGETCONF, &list))
		err(FAILED, "/dev/pci: PCIOCGETCONF");
	if (list.num_matches != 1)
		errx(FAILED, "/dev/pci shows %s: give it the node of one function",
		     list.num_matches ? "more than one function" : "no function");
	sel = conf[0].pc_sel;
	snprintf(name, sizeof(name), "%04x:%02x:%02x.%x", sel.pc_domain, sel.pc_bus,
		 sel.pc_dev, sel.pc_func);
	if (conf[0].pc_hdr != PCIM_HDRTYPE_NORMAL)
		errx(FAILED, "%s is a bridge: that can't be passed", name);
	if (conf[0].pd_name[0])
		warnx("%s: driver %s is bound: what it holds is refused; unbind it", name,
		      conf[0].pd_name);
}

/* Mapped if it may be: not what holds MSI-X's table, nor less than a page. */
static void map_bar(unsigned int i)
{
	struct pci_bar_mmap map = {
		.pbm_sel = sel,
		.pbm_reg = PCIR_BAR(i),
		.pbm_flags = PCIIO_BAR_MMAP_RW,
		.pbm_memattr = VM_MEMATTR_UNCACHEABLE,
	};

	if (touches(&msix_table, i, 0, ~0U) || touches(&msix_pending, i, 0, ~0U))
		return;
	if (!ASK(PCIOCBARMMAP, &map, "mapping of BAR %u (each access is a PCIOCBARIO instead)", i))
		return;
	if (map.pbm_bar_off == 0 && map.pbm_map_length == bars[i].size)
		bars[i].memory = map.pbm_map_base;
}

/* The next address that is free, for what is aligned to its size. */
static uint64_t assign(uint64_t *next, uint64_t size, uint64_t last)
{
	uint64_t address = (*next + size - 1) & ~(size - 1);

	if (address < *next || address > last || size - 1 > last - address)
		return 0;
	*next = address + size;
	return address;
}

static void make_bars(void)
{
	uint64_t port = FIRST_PORT, memory = FIRST_MEMORY, address, may;
	struct bar *bar;

	for (unsigned int i = 0; i < BARS; i++)
		own(PCIR_BAR(i), 4, 0, 0);
	for (unsigned int i = 0; i < BARS; i += bars[i].wide ? 2 : 1) {
		struct pci_bar_io io = { .pbi_sel = sel, .pbi_reg = PCIR_BAR(i) };

		if (ioctl(pci, PCIOCGETBAR, &io)) {
			if (errno == EINVAL)	/* there is none */
				continue;
			err(FAILED, "%s: PCIOCGETBAR, BAR %u", name, i);
		}
		bar = &bars[i];
		bar->size = io.pbi_length;
		bar->port = PCI_BAR_IO(io.pbi_base);
		bar->wide = !bar->port && i + 1 < BARS &&
			    (io.pbi_base & PCIM_BAR_MEM_TYPE) == PCIM_BAR_MEM_64;
		if (!bar->size)
			continue;
		address = bar->port ? assign(&port, bar->size, LAST_PORT) :
				      assign(&memory, bar->size, LAST_MEMORY);
		if (!address)
			warnx("%s: BAR %u: no space for %#llx bytes: the guest has to place it",
			      name, i, (unsigned long long)bar->size);
		may = ~(bar->size - 1);
		own(PCIR_BAR(i), 4, address | (io.pbi_base & (bar->port ? 3 : 15)),
		    may & (bar->port ? PCIM_BAR_IO_BASE : PCIM_BAR_MEM_BASE));
		if (bar->wide)
			own(PCIR_BAR(i + 1), 4, address >> 32, may >> 32);
		if (!bar->port)
			map_bar(i);
	}
}

static void make_msix(unsigned int at)
{
	uint32_t control = live(at + PCIR_MSIX_CTRL, 2);
	uint32_t table = live(at + PCIR_MSIX_TABLE, 4), pending = live(at + PCIR_MSIX_PBA, 4);
	unsigned int entries = (control & PCIM_MSIXCTRL_TABLE_SIZE) + 1;

	own(at + PCIR_MSIX_CTRL, 2, control & PCIM_MSIXCTRL_TABLE_SIZE,
	    PCIM_MSIXCTRL_MSIX_ENABLE | PCIM_MSIXCTRL_FUNCTION_MASK);
	msix_table = (struct stretch){ table & PCIM_MSIX_BIR_MASK,
				       table & ~PCIM_MSIX_BIR_MASK, entries * MSIX_ENTRY };
	msix_pending = (struct stretch){ pending & PCIM_MSIX_BIR_MASK,
					 pending & ~PCIM_MSIX_BIR_MASK,
					 (entries + 63) / 64 * 8 };
	for (unsigned int i = 0; i < entries; i++)
		msix_entries[i * MSIX_ENTRY + 12] = PCIM_MSIX_VCTRL_MASK;
}

/*
 * How long a capability is, of those that are known and so known to be harmless
 * to read; 0: the guest does not see it.
 */
static unsigned int capability_size(unsigned int at)
{
	unsigned int size;

	switch (live(at + PCICAP_ID, 1)) {
	case PCIY_PMG:
		size = 8;
		break;
	case PCIY_MSIX:
		size = PCIR_MSIX_PBA + 4;
		break;
	case PCIY_EXPRESS:
		size = (live(at + PCIER_FLAGS, 2) & PCIEM_FLAGS_VERSION) < 2 ?
			PCIER_LINK_STA + 2 : PCIER_LINK_STA2 + 2;
		break;
	default:
		return 0;
	}
	return at + size <= CONFIG_SIZE ? size : 0;
}

/* The guest's list of capabilities. All else behind the header reads as zeros. */
static void make_capabilities(void)
{
	unsigned int at = live(PCIR_CAP_PTR, 1) & ~3U, link = PCIR_CAP_PTR, size;

	memset(ours + FIRST_CAPABILITY, 0xff, CONFIG_SIZE - FIRST_CAPABILITY);
	own(PCIR_CAP_PTR, 1, 0, 0);
	if (!(live(PCIR_STATUS, 2) & PCIM_STATUS_CAPPRESENT))
		return;
	for (int i = 0; at >= FIRST_CAPABILITY && i < CAPABILITIES_MAX; i++) {
		size = capability_size(at);
		if (size) {
			memset(ours + at, 0, size);
			set(value, link, 1, at);
			link = at + PCICAP_NEXTPTR;
			own(link, 1, 0, 0);
			if (live(at + PCICAP_ID, 1) == PCIY_PMG)	/* D0, and stays */
				own(at + PCIR_POWER_STATUS, 2, 0, 0);
			else if (live(at + PCICAP_ID, 1) == PCIY_MSIX)
				make_msix(at);
		}
		at = live(at + PCICAP_NEXTPTR, 1) & ~3U;
	}
}

void device_open(void)
{
	pci = open("/dev/pci", O_RDWR | O_CLOEXEC);
	if (pci < 0)
		err(FAILED, "/dev/pci can't be opened for reading and writing");
	find_function();
	/*
	 * The guest's COMMAND is never the device's. Bus mastering can be written and
	 * read back, and does nothing; decoding is about the guest's addresses.
	 */
	own(PCIR_COMMAND, 2, 0, PCIM_CMD_PORTEN | PCIM_CMD_MEMEN | PCIM_CMD_BUSMASTEREN |
	    PCIM_CMD_PERRESPEN | PCIM_CMD_SERRESPEN | PCIM_CMD_INTxDIS);
	own(PCIR_HDRTYPE, 1, PCIM_HDRTYPE_NORMAL, 0);	/* one function, not several */
	own(PCIR_BIST, 1, 0, 0);
	own(PCIR_CIS, 4, 0, 0);
	own(PCIR_BIOS, 4, 0, 0);
	own(PCIR_INTLINE, 1, 0xff, 0xff);
	own(PCIR_INTPIN, 1, 0, 0);		/* no interrupts: see README.md */
	make_capabilities();
	make_bars();
	if (gone)
		errx(FAILED, "%s can't be passed", name);
}
