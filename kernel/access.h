/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One access: take the claim's lock, check, access, judge all ones, release. The
 * fast path and the slow path of PCIOCBARIO are this; a program holds the locks
 * over a burst of accesses, each of which is made and judged the same way.
 */
#ifndef BARIO_ACCESS_H
#define BARIO_ACCESS_H

#include <linux/hash.h>
#include <linux/io.h>
#include <linux/jiffies.h>
#include <linux/nospec.h>
#include <linux/rculist.h>
#include "internal.h"
#include "trace.h"

static inline struct hlist_head *bario_attachment_bucket(struct bario_file *file,
							 u64 sel)
{
	return &file->attachments[hash_64(sel, BARIO_FILE_BITS)];
}

/* The use of a function, which may be gone; the newest comes first. */
static __always_inline struct bario_attachment *
bario_use_fast(struct bario_file *file, u64 sel)
{
	struct bario_attachment *att;

	/* Valid until the caller sleeps, see attachment.c. */
	hlist_for_each_entry_rcu(att, bario_attachment_bucket(file, sel), hash, true)
		if (att->sel == sel)
			return att;
	return NULL;
}

/* Power and link, as far as the kernel knows without asking. */
static __always_inline bool bario_awake(const struct pci_dev *pdev)
{
	/* Not == PCI_D0: what has no power capability stays PCI_UNKNOWN. */
	return (likely(pdev->current_state == PCI_D0) ||
		pdev->current_state == PCI_UNKNOWN) &&
	       pdev->error_state == pci_channel_io_normal;
}

/*
 * claim->lock is held, and the access was checked. @kind is the claim's: where
 * it and @width are constants, little is left of this.
 */
static __always_inline u64 bario_claim_read(const struct bario_claim *claim,
					    enum bario_bar_kind kind,
					    u64 offset, u32 width)
{
	if (kind == BARIO_BAR_PORT) {
		unsigned long port = claim->start + offset;

		if (width == 4)
			return inl(port);
		return width == 1 ? inb(port) : inw(port);
	}
	if (width == 4)
		return readl(claim->mem + offset);
	if (width == 1)
		return readb(claim->mem + offset);
	return width == 2 ? readw(claim->mem + offset) :
			    readq(claim->mem + offset);
}

static __always_inline void bario_claim_write(const struct bario_claim *claim,
					      enum bario_bar_kind kind,
					      u64 offset, u32 width, u64 value)
{
	if (kind == BARIO_BAR_PORT) {
		unsigned long port = claim->start + offset;

		if (width == 4)
			outl(value, port);
		else if (width == 1)
			outb(value, port);
		else
			outw(value, port);
		return;
	}
	if (width == 4)
		writel(value, claim->mem + offset);
	else if (width == 1)
		writeb(value, claim->mem + offset);
	else if (width == 2)
		writew(value, claim->mem + offset);
	else
		writeq(value, claim->mem + offset);
}

/* What it takes to make an access: the values are the same. */
static __always_inline u32 bario_right(int op)
{
	static_assert(PCIBARIO_READ == BARIOC_RIGHT_READ &&
		      PCIBARIO_WRITE == BARIOC_RIGHT_WRITE);
	return op;
}

/**
 * bario_read_locked() - read a register, and judge what came
 * @att: the file and the function
 * @claim: the claim, whose lock is held; the access was checked
 * @kind: the claim's
 * @offset: in bytes
 * @width: in bytes
 * @value: where to put what was read
 * @guarded: configuration space is guarded
 * @since: jiffies before the read, or before the first of a few
 *
 * Return: 0; 1: all ones, which is the register's value; -EIO or -ENODEV: all
 * ones, for nobody responded.
 */
static __always_inline int
bario_read_locked(struct bario_attachment *att, const struct bario_claim *claim,
		  enum bario_bar_kind kind, u64 offset, u32 width, u64 *value,
		  bool guarded, unsigned long since)
{
	*value = bario_claim_read(claim, kind, offset, width);
	if (!bario_possible_error(*value, width))
		return 0;
	return bario_judge_ones(att, claim - att->function->claims, guarded,
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
 * -EAGAIN: nothing has been done or decided, for the file has no claim on it, has
 * to lose it, or takes the slow path.
 */
static __always_inline int
bario_access_fast(struct bario_attachment *att, int op, u32 index, u64 offset,
		  u32 width, u64 *value, bool slow)
{
	struct bario_function *function = att->function;
	struct bario_claim *claim;
	int ret = -EAGAIN;

	/* What to say of it depends on the function, and on whether it is there. */
	if (unlikely(index >= BARIO_BARS || bario_check_shape(op, width)))
		return ret;
	index = array_index_nospec(index, BARIO_BARS);
	claim = &function->claims[index];

	spin_lock(&claim->lock);
	if (unlikely(!(att->bars & BIT(index)) || bario_stub_acted(function) ||
		     (!slow && claim->careful)))
		goto out;
	/* It has an address, or it would not be claimed. */
	ret = bario_check_place(&claim->bar, width, offset);
	if (unlikely(ret))
		goto out;
	ret = bario_check_right(&att->allowed, index, offset, width,
				bario_right(op));
	if (unlikely(ret))
		goto out;
	ret = -EIO;
	if (unlikely(!bario_awake(function->pdev)))
		goto out;
	if (op == PCIBARIO_READ) {
		bool guarded = slow && claim->careful;

		if (guarded && !bario_slot_guard(function))
			goto out;
		if (guarded)
			claim->careful = false;
		ret = bario_read_locked(att, claim, claim->bar.kind, offset,
					width, value, guarded, jiffies);
		if (unlikely(ret > 0))
			ret = 0;
		if (guarded)
			bario_slot_unguard(function);
	} else {
		ret = 0;
		bario_claim_write(claim, claim->bar.kind, offset, width,
				  *value);
		bario_slot_written(att);
	}
	claim->accesses++;
out:
	spin_unlock(&claim->lock);
	return ret;
}

#endif /* BARIO_ACCESS_H */
