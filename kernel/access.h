/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One access, the short way: what a file needs for it is found without a lock,
 * a call or an allocation. What is not as usual is left to bario_access(), which
 * makes the checks in their order and says what is wrong.
 */
#ifndef BARIO_ACCESS_H
#define BARIO_ACCESS_H

#include <linux/hash.h>
#include <linux/io.h>
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
bario_attachment_find(struct bario_file *file, u64 sel)
{
	struct bario_attachment *att;

	/* Uses are added in front and never removed: no read section needed. */
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

/* All ones: nearly always told from the lowest byte. */
static __always_inline bool bario_possible_error(u64 value, u32 width)
{
	return unlikely((u8)value == U8_MAX) && value == bario_all_ones(width);
}

/**
 * bario_access_fast() - make an access, if it is one of the usual kind
 * @att: the file and the function
 * @op: PCIBARIO_READ or PCIBARIO_WRITE
 * @index: the BAR
 * @offset: in bytes; below 2^32, as FreeBSD's is
 * @width: in bytes
 * @value: to write, or what was read
 *
 * Return: whether it was made. If not, nothing has been done.
 */
static __always_inline bool
bario_access_fast(struct bario_attachment *att, int op, u32 index, u32 offset,
		  u32 width, u64 *value)
{
	struct bario_function *function = att->function;
	struct bario_claim *claim;

	/* A power of 2, 8 at most. */
	if (unlikely(index >= BARIO_BARS || width - 1 > 7 ||
		     (width & (width - 1))))
		return false;
	index = array_index_nospec(index, BARIO_BARS);
	claim = &function->claims[index];

	spin_lock(&claim->lock);
	if (unlikely(!(att->bars & BIT(index)) ||
		     (u64)offset + width > claim->bar.size ||
		     !bario_awake(function->pdev)))
		goto no;
	if (claim->bar.kind == BARIO_BAR_MEM || !BARIO_PORTS_ANY_OFFSET) {
		if (unlikely(offset & (width - 1)))
			goto no;
	}
	if (unlikely(width == 8) &&
	    (claim->bar.kind == BARIO_BAR_PORT || sizeof(long) < 8))
		goto no;
	if (unlikely(!(att->allowed.whole & BIT(index))) &&
	    !bario_allows(&att->allowed, index, offset,
			  (u64)offset + width - 1,
			  op == PCIBARIO_READ ? BARIOC_RIGHT_READ :
						BARIOC_RIGHT_WRITE))
		goto no;
	if (op == PCIBARIO_READ) {
		*value = bario_claim_read(claim, claim->bar.kind, offset,
					  width);
	} else {
		bario_claim_write(claim, claim->bar.kind, offset, width,
				  *value);
		bario_slot_written(att);
	}
	claim->accesses++;
	spin_unlock(&claim->lock);
	return true;
no:
	spin_unlock(&claim->lock);
	return false;
}

#endif /* BARIO_ACCESS_H */
