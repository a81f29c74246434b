// SPDX-License-Identifier: GPL-2.0
#include <linux/pm_runtime.h>
#include "bar.h"
#include "config.h"
#include "counter.h"
#include "trace.h"

/**
 * bario_config_pm_get() - make configuration space respond
 * @function: the function, which may be gone; none of our locks is held, because
 *	drivers may be called
 *
 * It responds in every power state except D3cold, below a bridge that is active.
 */
void bario_config_pm_get(struct bario_function *function)
{
	struct device *dev = &function->pdev->dev;

	pm_runtime_get_noresume(dev);
	if (function->parent)
		pm_runtime_get_sync(function->parent);
	pm_runtime_barrier(dev);
	if (function->pdev->current_state == PCI_D3cold)
		pm_runtime_resume(dev);
}

/**
 * bario_config_pm_put() - undo bario_config_pm_get()
 * @function: the function; none of our locks is held
 */
void bario_config_pm_put(struct bario_function *function)
{
	pm_runtime_put(&function->pdev->dev);
	if (function->parent)
		pm_runtime_put_sync(function->parent);
}

/* The user-safe accessors wait while the function is being reset. */
static int config_get(struct pci_dev *pdev, int reg, int width, u32 *value)
{
	u16 word;
	u8 byte;
	int ret;

	switch (width) {
	case 1:
		ret = pci_user_read_config_byte(pdev, reg, &byte);
		*value = byte;
		break;
	case 2:
		ret = pci_user_read_config_word(pdev, reg, &word);
		*value = word;
		break;
	default:
		ret = pci_user_read_config_dword(pdev, reg, value);
		break;
	}
	return ret ? -EIO : 0;
}

static int config_set(struct pci_dev *pdev, int reg, int width, u32 value)
{
	int ret;

	switch (width) {
	case 1:
		ret = pci_user_write_config_byte(pdev, reg, value);
		break;
	case 2:
		ret = pci_user_write_config_word(pdev, reg, value);
		break;
	default:
		ret = pci_user_write_config_dword(pdev, reg, value);
		break;
	}
	return ret ? -EIO : 0;
}

/*
 * function->lock is held during each access to configuration space: once the device
 * is removed, another one may appear at its address.
 */
static int config_begin(struct bario_attachment *att)
{
	struct bario_function *function = att->function;

	bario_config_pm_get(function);
	mutex_lock(&function->lock);
	if (bario_attachment_alive(att))
		return 0;
	mutex_unlock(&function->lock);
	bario_config_pm_put(function);
	return -ENODEV;
}

static void config_end(struct bario_function *function)
{
	mutex_unlock(&function->lock);
	bario_config_pm_put(function);
}

static int read_config(struct bario_attachment *att, int reg, int width, u32 *value)
{
	struct bario_function *function = att->function;
	int ret;

	if (!bario_may_read_config(&att->allowed, function->pdev->hdr_type,
				   function->capabilities, reg, width))
		return -EACCES;
	/* As FreeBSD, which does not ask the device beyond PCI Express's registers. */
	*value = reg < PCI_CFG_SPACE_EXP_SIZE ? bario_all_ones(width) : U32_MAX;
	if (reg >= function->pdev->cfg_size)
		return 0;
	ret = config_begin(att);
	if (ret)
		return ret;
	ret = config_get(function->pdev, reg, width, value);
	config_end(function);
	return ret;
}

/**
 * bario_config_read() - read a configuration register
 * @att: the file and the function
 * @reg: offset, which bario_check_config() has passed with @width
 * @width: in bytes
 * @value: where to put it; all ones past the end
 *
 * Return: 0, -ENODEV, -EACCES (past the end, too) or -EIO.
 */
int bario_config_read(struct bario_attachment *att, int reg, int width, u32 *value)
{
	struct bario_function *function = att->function;
	int ret;

	*value = 0;
	ret = read_config(att, reg, width, value);
	if (ret)
		bario_counter_deny(function, BARIO_COUNTER_CONFIG, ret);
	trace_bario_config(function->sel, false, reg, width, *value, ret);
	return ret;
}

/*
 * A file that may not let the function reach memory is about to write, perhaps the
 * address of its interrupt messages. So bus mastering must be off, and no driver may
 * be bound that could turn it on.
 */
static int quiesce_for_write(struct bario_attachment *att)
{
	struct bario_function *function = att->function;

	bario_claims_recheck(function);
	if (att->may_bus_master)
		return 0;
	if (function->binding || function->driver_holds)
		return att->file->shared ? 0 : -EBUSY;
	return bario_slot_quiesce(function);
}

static int write_config(struct bario_attachment *att, int reg, int width, u32 value)
{
	struct bario_function *function = att->function;
	int ret;

	if (reg >= function->pdev->cfg_size)
		return -EINVAL;
	if (!bario_allows(&att->allowed, BARIOC_SPACE_CONFIG, reg, reg + width - 1,
			  BARIOC_RIGHT_WRITE))
		return -EACCES;
	ret = config_begin(att);
	if (ret)
		return ret;
	ret = quiesce_for_write(att);
	if (!ret)
		ret = config_set(function->pdev, reg, width, value);
	if (!ret)
		bario_attachment_written(att);
	/* An explicit write wins: the last release does not undo it. */
	if (!ret && (reg & ~3) == PCI_COMMAND && reg < PCI_STATUS)
		function->slot.decoding = 0;
	config_end(function);
	return ret;
}

/**
 * bario_config_write() - write a configuration register
 * @att: the file and the function
 * @reg: offset, which bario_check_config() has passed with @width
 * @width: in bytes
 * @value: the value
 *
 * Return: 0, -ENODEV, -EINVAL (past the end), -EACCES or -EIO.
 */
int bario_config_write(struct bario_attachment *att, int reg, int width, u32 value)
{
	struct bario_function *function = att->function;
	int ret = write_config(att, reg, width, value);

	if (ret)
		bario_counter_deny(function, BARIO_COUNTER_CONFIG, ret);
	trace_bario_config(function->sel, true, reg, width, value, ret);
	return ret;
}

static int bar_value(struct pci_dev *pdev, unsigned int index, u64 *value)
{
	const struct resource *res = &pdev->resource[index];
	struct pci_bus_region region;
	u32 low, high = 0;
	int reg = PCI_BASE_ADDRESS_0 + 4 * index;
	int ret;

	/* The registers of a virtual function are empty; the address is not. */
	if (pdev->is_virtfn) {
		pcibios_resource_to_bus(pdev->bus, &region,
					(struct resource *)res);
		*value = region.start | (res->flags & 0xf);
		return 0;
	}
	ret = config_get(pdev, reg, 4, &low);
	if (!ret && (low & 0x7) == PCI_BASE_ADDRESS_MEM_TYPE_64)
		ret = config_get(pdev, reg + 4, 4, &high);
	*value = (u64)high << 32 | low;
	return ret;
}

/**
 * bario_config_get_bar() - describe a BAR
 * @att: the file and the function
 * @io: the request; everything except pbi_sel and pbi_reg is filled in
 *
 * Return: 0, -ENODEV, -EINVAL or -EIO.
 */
int bario_config_get_bar(struct bario_attachment *att, struct pci_bar_io *io)
{
	struct bario_function *function = att->function;
	struct pci_dev *pdev = function->pdev;
	int index = bario_bar_index(pdev->hdr_type, io->pbi_reg);
	struct bario_bar bar;
	u32 command;
	int ret;

	if (index < 0)
		return index;
	ret = config_begin(att);
	if (ret)
		return ret;
	bar = bario_bar(function, index);
	if (bar.kind == BARIO_BAR_NONE) {
		ret = -EINVAL;
		goto out;
	}
	ret = bar_value(pdev, index, &io->pbi_base);
	if (!ret)
		ret = config_get(pdev, PCI_COMMAND, 2, &command);
	if (ret)
		goto out;
	io->pbi_length = bar.size;
	if (pdev->is_virtfn)
		io->pbi_enabled = 1;
	else if (bar.kind == BARIO_BAR_PORT)
		io->pbi_enabled = !!(command & PCI_COMMAND_IO);
	else
		io->pbi_enabled = !!(command & PCI_COMMAND_MEMORY);
out:
	config_end(function);
	return ret;
}
