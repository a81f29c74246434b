/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One access: take the claim's lock, check, access, judge all ones, release. Both
 * the fast path and the slow path of PCIOCBARIO do this; a program holds the locks
 * during a burst of accesses, each of which is made and judged in the same way.
 */
#ifndef BARIO_ACCESS_H
#define BARIO_ACCESS_H

#include <linux/jiffies.h>
#include <linux/nospec.h>
#include "file.h"

int bario_access(struct bario_attachment *att, int op, u32 index, u64 offset,
		 u32 width, u64 *value);
int bario_access_failed(struct bario_attachment *att, int op, u32 index, u64 offset,
			u32 width, u64 value, int ret);
int bario_access_judge(struct bario_attachment *att, unsigned int index,
		       bool guarded, unsigned long since);

/* The right that an access needs: the values are the same. */
static __always_inline u32 bario_access_right(int op)
{
	static_assert(PCIBARIO_READ == BARIOC_RIGHT_READ &&
		      PCIBARIO_WRITE == BARIOC_RIGHT_WRITE);
	return op;
}

/**
 * bario_access_read() - read a register, and judge the value
 * @att: the file and the function
 * @claim: the claim, whose lock is held; the access was checked
 * @kind: the claim's
 * @offset: in bytes
 * @width: in bytes
 * @value: where to put what was read
 * @guarded: configuration space is guarded
 * @since: jiffies before the read, or before the first of a few
 *
 * Return: 0; 1: all ones, which the register holds; -EIO or -ENODEV: all ones,
 * because the device did not respond.
 */
static __always_inline int
bario_access_read(struct bario_attachment *att, const struct bario_claim *claim,
		  enum bario_bar_kind kind, u64 offset, u32 width, u64 *value,
		  bool guarded, unsigned long since)
{
	*value = bario_claim_read(claim, kind, offset, width);
	if (!bario_possible_error(*value, width))
		return 0;
	return bario_access_judge(att, claim - att->function->claims, guarded,
				since);
}

/**
 * bario_access_fast() - make an access to a BAR that the file has claimed
 * @att: the file and the function
 * @op: PCIBARIO_READ or PCIBARIO_WRITE
 * @index: the BAR
 * @offset: in bytes
 * @width: in bytes
 * @value: to write, or what was read
 * @slow: this is the slow path
 *
 * Return: 0 or one of the errors of struct pci_bar_ioreq, from ENODEV on;
 * -EAGAIN: nothing was done or decided, because the file has no claim on the BAR,
 * has to lose it, or takes the slow path.
 */
static __always_inline int
bario_access_fast(struct bario_attachment *att, int op, u32 index, u64 offset,
		  u32 width, u64 *value, bool slow)
{
	struct bario_function *function = att->function;
	struct bario_claim *claim;
	int ret = -EAGAIN;

	/* The error depends on the function, and on whether it still exists. */
	if (unlikely(index >= BARIO_BARS || bario_check_args(op, width)))
		return ret;
	index = array_index_nospec(index, BARIO_BARS);
	claim = &function->claims[index];

	spin_lock(&claim->lock);
	if (unlikely(!(att->bars & BIT(index)) || bario_function_stub_acted(function) ||
		     (!slow && claim->careful)))
		goto out;
	/* A BAR that is claimed has an address. */
	ret = bario_check_place(&claim->bar, width, offset);
	if (unlikely(ret))
		goto out;
	ret = bario_check_right(&att->allowed, index, offset, width,
				bario_access_right(op));
	if (unlikely(ret))
		goto out;
	ret = -EIO;
	if (unlikely(!bario_slot_awake(function->pdev)))
		goto out;
	if (op == PCIBARIO_READ) {
		bool guarded = slow && claim->careful;

		if (guarded && !bario_slot_guard(function))
			goto out;
		if (guarded)
			claim->careful = false;
		ret = bario_access_read(att, claim, claim->bar.kind, offset,
					width, value, guarded, jiffies);
		if (unlikely(ret > 0))
			ret = 0;
		if (guarded)
			bario_slot_unguard(function);
	} else {
		ret = 0;
		bario_claim_write(claim, claim->bar.kind, offset, width,
				  *value);
		bario_attachment_written(att);
	}
	claim->accesses++;
out:
	spin_unlock(&claim->lock);
	return ret;
}

#endif /* BARIO_ACCESS_H */
