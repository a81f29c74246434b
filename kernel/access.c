// SPDX-License-Identifier: GPL-2.0
#include <linux/pm_runtime.h>
#include "access.h"

/* All checks that don't need the claim, in their order. */
static int check(const struct bario_attachment *att, const struct bario_bar *bar,
		 u32 index, int op, u64 offset, u32 width)
{
	int ret = bario_check_access(bar, op, width, offset);

	if (!ret && unlikely(!(att->allowed.whole & BIT(index))) &&
	    !bario_allows(&att->allowed, index, offset, offset + width - 1,
			      op == PCIBARIO_READ ? BARIOC_RIGHT_READ :
						    BARIOC_RIGHT_WRITE))
		ret = -EACCES;
	return ret;
}

/* The slow way: the checks in their order, and then the claim. */
static int claim_locked(struct bario_attachment *att, int op, u32 index, u64 offset,
			u32 width, bool awake)
{
	struct bario_function *function = att->function;
	struct bario_bar bar;
	int ret;

	mutex_lock(&function->lock);
	if (!bario_attachment_alive(att)) {
		ret = -ENODEV;
		goto out;
	}
	bar = bario_bar(function, index);
	ret = check(att, &bar, index, op, offset, width);
	if (!ret)
		ret = bario_claim(att, index, awake);
out:
	mutex_unlock(&function->lock);
	return ret;
}

static int claim_for_access(struct bario_attachment *att, int op, u32 index,
			    u64 offset, u32 width)
{
	struct device *dev = &att->function->pdev->dev;
	int ret;

	ret = claim_locked(att, op, index, offset, width, false);
	if (ret != -EAGAIN)
		return ret;
	if (pm_runtime_resume_and_get(dev) < 0)
		return bario_attachment_error(att, -EIO);
	ret = claim_locked(att, op, index, offset, width, true);
	pm_runtime_put(dev);
	return ret;
}

/**
 * bario_check_answer() - a read gave all ones: was that an answer?
 * @att: the file and the function; none of our locks is held
 * @index: the BAR
 *
 * Return: 0, -ENODEV or -EIO.
 */
int bario_check_answer(struct bario_attachment *att, unsigned int index)
{
	struct bario_function *function = att->function;
	int ret = 0;

	mutex_lock(&function->lock);
	if (!bario_attachment_alive(att))
		ret = -ENODEV;
	else if (!bario_device_responds(function->pdev,
					function->claims[index].bar.kind))
		ret = -EIO;
	mutex_unlock(&function->lock);
	return ret;
}

static int access_bar(struct bario_attachment *att, int op, u32 index,
				      u64 offset, u32 width, u64 *value)
{
	struct bario_function *function = att->function;
	struct pci_dev *pdev = function->pdev;
	struct bario_claim *claim;
	int ret;

	if (index >= BARIO_BARS)
		return -EINVAL;
	index = array_index_nospec(index, BARIO_BARS);
	claim = &function->claims[index];

	spin_lock(&claim->lock);
	while (unlikely(!(att->bars & BIT(index)))) {
		spin_unlock(&claim->lock);
		ret = claim_for_access(att, op, index, offset, width);
		if (ret)
			return ret;
		spin_lock(&claim->lock);
	}
	ret = check(att, &claim->bar, index, op, offset, width);
	if (!ret && unlikely(!bario_awake(pdev)))
		ret = -EIO;
	if (!ret) {
		if (op == PCIBARIO_READ)
			*value = bario_claim_read(claim, claim->bar.kind,
						  offset, width);
		else
			bario_claim_write(claim, claim->bar.kind, offset,
					  width, *value);
		claim->accesses++;
	}
	if (!ret && op == PCIBARIO_WRITE)
		bario_slot_written(att);
	spin_unlock(&claim->lock);

	if (!ret && op == PCIBARIO_READ &&
	    bario_possible_error(*value, width))
		ret = bario_check_answer(att, index);
	return ret;
}

/**
 * bario_access() - read or write a register
 * @att: the file and the function
 * @op: PCIBARIO_READ or PCIBARIO_WRITE
 * @index: the BAR
 * @offset: in bytes
 * @width: in bytes
 * @value: to write, or where to put what was read
 *
 * Return: 0 or one of the errors of struct pci_bar_ioreq, from ENODEV on.
 */
int bario_access(struct bario_attachment *att, int op, u32 index, u64 offset,
		 u32 width, u64 *value)
{
	int ret = access_bar(att, op, index, offset, width, value);

	if (unlikely(ret))
		bario_deny(att->function, index, ret);
	trace_bario_access(att->function->sel, op, index, offset, width, *value,
			   ret);
	return ret;
}
