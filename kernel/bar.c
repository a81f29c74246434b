// SPDX-License-Identifier: GPL-2.0
/*
 * BARs: what the kernel assigns to a function, what its registers say, and whether
 * the device responds. The device is asked, not the PCI core's records, because only
 * the device knows that a bus reset, or a reload of an FPGA, has erased its addresses.
 */
#include <linux/jiffies.h>
#include <linux/nospec.h>
#include "bar.h"

/* The shortest reset takes twice as long. */
#define RESET_MS	10

/**
 * bario_bars_init() - find out which BARs a function has
 * @function: a new function, whose configuration space responds if it can
 *
 * The kernel forgets a BAR that it could not place; the register shows it.
 */
void bario_bars_init(struct bario_function *function)
{
	struct pci_dev *pdev = function->pdev;
	u32 regs[BARIO_BARS];
	unsigned int i;

	if (pdev->is_virtfn)
		function->sriov_cap =
			pci_find_ext_capability(pci_physfn(pdev),
						PCI_EXT_CAP_ID_SRIOV);
	for (i = 0; i < bario_bar_count(pdev->hdr_type); i++) {
		if (pci_user_read_config_dword(pdev, PCI_BASE_ADDRESS_0 + 4 * i,
					       &regs[i]) ||
		    regs[i] == U32_MAX)
			return;
		function->kinds[i] = bario_bar_decode(regs, i);
	}
}

/**
 * bario_bar() - look at a BAR as the kernel knows it
 * @function: the function
 * @index: the BAR's index; for one out of range the kind is BARIO_BAR_NONE
 *
 * Do not keep the result: the kernel may move or resize a BAR that is not claimed.
 */
struct bario_bar bario_bar(const struct bario_function *function,
			   unsigned int index)
{
	struct bario_bar bar = { .kind = BARIO_BAR_NONE };
	struct pci_dev *pdev = function->pdev;
	const struct resource *res;

	if (index >= bario_bar_count(pdev->hdr_type))
		return bar;
	index = array_index_nospec(index, BARIO_BARS);
	res = &pdev->resource[index];
	if (resource_type(res) == IORESOURCE_MEM)
		bar.kind = BARIO_BAR_MEM;
	else if (resource_type(res) == IORESOURCE_IO)
		bar.kind = BARIO_BAR_PORT;
	else
		bar.kind = function->kinds[index];
	if (!resource_type(res))
		return bar;
	bar.size = resource_size(res);
	/* The start is only planned until the resource has a parent. */
	bar.assigned = res->parent && !(res->flags & IORESOURCE_UNSET);
	return bar;
}

/* @wait: until a reset under way has ended. Returns all ones on an error. */
static u32 read_dword(struct pci_dev *pdev, int reg, bool wait)
{
	u32 value;

	if (wait ? pci_user_read_config_dword(pdev, reg, &value) :
		   pci_read_config_dword(pdev, reg, &value))
		return U32_MAX;
	return value;
}

enum address { ADDRESS_SAME, ADDRESS_OTHER, ADDRESS_UNKNOWN };

/* Does a BAR register have the address that the kernel assigned? */
static enum address compare_address(struct pci_dev *pdev, int reg,
				    struct resource *res, bool wait)
{
	u64 mask = (u32)PCI_BASE_ADDRESS_MEM_MASK;
	struct pci_bus_region region;
	u64 value;

	/* The kernel does not use the register, which may not exist. */
	if (res->flags & IORESOURCE_PCI_FIXED)
		return ADDRESS_SAME;
	value = read_dword(pdev, reg, wait);
	if (value == U32_MAX)
		return ADDRESS_UNKNOWN;
	if (res->flags & IORESOURCE_IO) {
		/* Some implement only the bits that can be set. */
		mask = (u32)PCI_BASE_ADDRESS_IO_MASK & IO_SPACE_LIMIT;
	} else if (res->flags & IORESOURCE_MEM_64) {
		value |= (u64)read_dword(pdev, reg + 4, wait) << 32;
		mask |= (u64)U32_MAX << 32;
	}
	pcibios_resource_to_bus(pdev->bus, &region, res);
	return (value & mask) == (region.start & mask) ? ADDRESS_SAME :
							 ADDRESS_OTHER;
}

/* The BARs of virtual functions are slices of those of the physical function. */
static enum address ask_address(const struct bario_function *function,
				unsigned int index, bool wait)
{
	struct pci_dev *pdev = function->pdev;

	if (!pdev->is_virtfn)
		return compare_address(pdev, PCI_BASE_ADDRESS_0 + 4 * index,
				       &pdev->resource[index], wait);
#ifdef CONFIG_PCI_IOV
	if (function->sriov_cap) {
		struct pci_dev *physfn = pci_physfn(pdev);

		return compare_address(physfn, function->sriov_cap +
				       PCI_SRIOV_BAR + 4 * index,
				       &physfn->resource[PCI_IOV_RESOURCES + index],
				       wait);
	}
#endif
	return ADDRESS_SAME;
}

/**
 * bario_bar_ask() - look at a BAR, and ask the device for its address
 * @function: the function, which is not gone; function->lock is held
 * @index: the BAR's index; for one out of range the kind is BARIO_BAR_NONE
 *
 * If the register has another address than the kernel, the BAR is not assigned. If
 * configuration space does not respond, as while the function is suspended, the
 * kernel's word counts for now.
 */
struct bario_bar bario_bar_ask(const struct bario_function *function,
			       unsigned int index)
{
	struct bario_bar bar = bario_bar(function, index);

	if (bar.assigned && ask_address(function, index, true) == ADDRESS_OTHER)
		bar.assigned = false;
	return bar;
}

/* Do all bridges above forward accesses to BARs of this kind? */
static bool bridges_decode(struct pci_dev *pdev, enum bario_bar_kind kind)
{
	struct pci_dev *bridge = pdev;
	u16 command;

	while ((bridge = pci_upstream_bridge(bridge)))
		if (pci_read_config_word(bridge, PCI_COMMAND, &command) ||
		    command == U16_MAX || !(command & bario_decode_bit(kind)))
			return false;
	return true;
}

/**
 * bario_bar_reach() - can accesses to a BAR reach it?
 * @function: the function, which is awake; function->lock is held
 * @index: the BAR
 *
 * Return: 0; -ENXIO: the device has lost its address; -EIO: a bridge above it does
 * not forward them.
 */
int bario_bar_reach(const struct bario_function *function, unsigned int index)
{
	struct bario_bar bar = bario_bar_ask(function, index);

	if (!bar.assigned)
		return -ENXIO;
	return bridges_decode(function->pdev, bar.kind) ? 0 : -EIO;
}

/* A virtual function decodes memory if its physical function says so. */
static bool function_decodes(const struct bario_function *function,
			     enum bario_bar_kind kind)
{
	struct pci_dev *pdev = function->pdev;
	const u16 virtual = PCI_SRIOV_CTRL_VFE | PCI_SRIOV_CTRL_MSE;
	u16 bits;

	if (pci_read_config_word(pdev, PCI_COMMAND, &bits) || bits == U16_MAX)
		return false;
	if (!pdev->is_virtfn)
		return bits & bario_decode_bit(kind);
	if (!function->sriov_cap)
		return true;
	return !pci_read_config_word(pci_physfn(pdev),
				     function->sriov_cap + PCI_SRIOV_CTRL,
				     &bits) && (bits & virtual) == virtual;
}

static bool function_powered(struct pci_dev *pdev)
{
	u16 control;

	if (!pdev->pm_cap)
		return true;
	return !pci_read_config_word(pdev, pdev->pm_cap + PCI_PM_CTRL,
				     &control) &&
	       (control & PCI_PM_CTRL_STATE_MASK) == 0;
}

/**
 * bario_bar_responds() - a read returned all ones: does the register hold them?
 * @function: the function
 * @index: the BAR, whose claim's lock has been held since before the read
 * @guarded: configuration space is, too, by bario_slot_guard()
 * @since: otherwise: jiffies before the read
 *
 * If not, the device did not respond. A reset may be in progress, which does not
 * wait for us: it locks configuration space, turns decoding off, restores the BARs,
 * then the command register, and unlocks. Other events that erase the configuration,
 * such as a bus reset through the bridge's registers, take no lock, and leave the
 * command register and the BARs at 0.
 *
 * Either can end between a read and this check. After the first read of all ones,
 * only the time tells: if it was long enough for a reset, as on a virtual processor
 * that did not run, the answer is no. From then on reads are guarded, so that nothing
 * changes between the read and the check, until the first that returns another
 * value. As all reads during a reset return all ones, they are guarded when it ends.
 *
 * Configuration space is read only after all ones, and reading it has no side effects.
 */
bool bario_bar_responds(struct bario_function *function, unsigned int index,
			bool guarded, unsigned long since)
{
	struct bario_claim *claim = &function->claims[index];
	enum bario_bar_kind kind = claim->bar.kind;
	struct pci_dev *pdev = function->pdev;

	claim->careful = true;
	if (!guarded) {
		if (!bario_slot_guard(function))
			return false;
		bario_slot_unguard(function);
		if (time_after(jiffies, since + msecs_to_jiffies(RESET_MS)))
			return false;
	}
	return function_decodes(function, kind) && function_powered(pdev) &&
	       ask_address(function, index, false) == ADDRESS_SAME &&
	       bridges_decode(pdev, kind);
}
