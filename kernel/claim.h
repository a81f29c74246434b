/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A claim is our hold on one BAR of a function, shared by all files that use the
 * BAR: its addresses, a mapping of them, power and decoding.
 */
#ifndef BARIO_CLAIM_H
#define BARIO_CLAIM_H

#include <linux/cache.h>
#include <linux/io.h>
#include <linux/spinlock.h>
#include "core.h"

struct bario_attachment;
struct bario_function;

/**
 * struct bario_claim - our hold on one BAR, shared by all files that use it
 * @lock: held for each access, so that a claim ends between two accesses and not
 *	during one; writing any of the other fields takes function->lock, too
 * @users: files that share it; 0: there is no claim, and the rest means nothing
 * @number: counts the claims on this BAR, so that a later one differs from this
 * @shared: the BAR belongs to a driver, with which bario shares it
 * @careful: a read returned all ones, and the next one is guarded (@lock)
 * @bar: the BAR as it was when it was claimed; it can't change while it is
 * @start: first address, as the CPU sees it
 * @mem: memory BAR: its mapping
 * @accesses: how many were made, through this claim and those before it
 */
struct bario_claim {
	spinlock_t		lock;
	unsigned int		users;
	unsigned int		number;
	bool			shared;
	bool			careful;
	struct bario_bar	bar;
	resource_size_t		start;
	void __iomem		*mem;
	u64			accesses;
} ____cacheline_aligned_in_smp;

/**
 * struct bario_claim_request - BARs that a file is to claim
 * @check: is what they are for valid and allowed? Called before each attempt, with
 *	function->lock held, for a file that is alive; fills in @bars. Return: 0
 *	or a negative errno
 * @mmap_locked: the caller holds mmap_lock
 * @bars: which, a bit each
 * @failed: out: the one that could not be claimed; BARIO_BARS: none was tried
 */
struct bario_claim_request {
	int		(*check)(struct bario_claim_request *request,
				 struct bario_attachment *att);
	bool		mmap_locked;
	unsigned long	bars;
	unsigned int	failed;
};

int bario_claims_get(struct bario_attachment *att,
		     struct bario_claim_request *request);
void bario_claims_put(struct bario_attachment *att);
void bario_claims_revoke(struct bario_attachment *att);
void bario_claims_drop(struct bario_function *function);
void bario_claims_recheck(struct bario_function *function);
u16 bario_claims_decoding(struct bario_function *function);
bool bario_claims_quiet(struct bario_function *function);
int bario_claim_holder(struct bario_attachment *att, unsigned int index,
		       struct barioc_holder *holder);

/*
 * claim->lock is held, and the access was checked. @kind is the claim's: where
 * @kind and @width are constants, little is left of this.
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

#endif /* BARIO_CLAIM_H */
