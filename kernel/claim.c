// SPDX-License-Identifier: GPL-2.0
#include <linux/ioport.h>
#include <linux/pm_runtime.h>
#include "bar.h"
#include "file.h"
#include "mapping.h"
#include "trace.h"

/*
 * Not pci_request_region(), which logs a warning each time it is refused. The reason
 * has to be found out: if neither the BAR nor a resource around it is busy, memory
 * was short.
 */
static int region_take(const struct resource *bar, enum bario_bar_kind kind,
		       resource_size_t start, u64 size)
{
	if (kind == BARIO_BAR_PORT ? request_region(start, size, "bario") :
				     request_mem_region(start, size, "bario"))
		return 0;
	if (READ_ONCE(bar->child))
		return -EBUSY;
	for (; bar; bar = bar->parent)
		if (bar->flags & IORESOURCE_BUSY)
			return -EBUSY;
	return -ENOMEM;
}

static void region_release(enum bario_bar_kind kind, resource_size_t start,
			   u64 size)
{
	if (kind == BARIO_BAR_PORT)
		release_region(start, size);
	else
		release_mem_region(start, size);
}

/* Takes a BAR that is free: its addresses, power and decoding. */
static int claim_take(struct bario_function *function, unsigned int index,
		      const struct bario_claim *new)
{
	int ret;

	ret = region_take(&function->pdev->resource[index], new->bar.kind,
			  new->start, new->bar.size);
	if (ret)
		return ret;
	if (!function->claimed) {
		ret = bario_slot_power_on(function);
		if (ret)
			goto err_region;
	}
	/* Decoding stays off if the BAR's address is not its own. */
	ret = bario_bar_reach(function, index);
	if (ret)
		goto err_restore;
	ret = bario_slot_decode(function, new->bar.kind);
	if (ret)
		goto err_restore;
	function->claimed++;
	return 0;

err_restore:
	if (!function->claimed)
		bario_slot_restore(function);
err_region:
	region_release(new->bar.kind, new->start, new->bar.size);
	return ret;
}

static void claim_give_back(struct bario_function *function,
			    const struct bario_claim *claim)
{
	if (!claim->shared) {
		region_release(claim->bar.kind, claim->start, claim->bar.size);
		if (!--function->claimed)
			bario_slot_restore(function);
	}
	/* Asynchronously, as it may call a driver. */
	pm_runtime_put(&function->pdev->dev);
}

static int claim_begin(struct bario_function *function, unsigned int index,
		       bool shared)
{
	struct bario_claim *claim = &function->claims[index];
	struct pci_dev *pdev = function->pdev;
	struct bario_claim new = {
		.shared = shared,
		.bar = bario_bar(function, index),
		.start = pci_resource_start(pdev, index),
	};
	int ret;

	/* A driver's device is left as it is. */
	ret = shared ? bario_bar_reach(function, index) :
		       claim_take(function, index, &new);
	if (ret)
		return ret;
	pm_runtime_get_noresume(&pdev->dev);
	if (new.bar.kind == BARIO_BAR_MEM) {
		new.mem = ioremap(new.start, new.bar.size);
		if (!new.mem) {
			claim_give_back(function, &new);
			return -ENOMEM;
		}
	}

	spin_lock(&claim->lock);
	claim->number++;
	claim->shared = new.shared;
	claim->bar = new.bar;
	claim->start = new.start;
	claim->mem = new.mem;
	spin_unlock(&claim->lock);
	return 0;
}

/* The claim has no users left, so no access is under way. */
static void claim_end(struct bario_function *function, unsigned int index)
{
	struct bario_claim *claim = &function->claims[index];

	if (claim->mem) {
		bario_mapping_remove(function, index);
		iounmap(claim->mem);
	}
	claim_give_back(function, claim);
}

/*
 * Shares the claim on a BAR, and makes it if there is none. -EAGAIN: the function is
 * not @awake, and the caller has to resume it and keep it so.
 */
static int claim_share(struct bario_attachment *att, unsigned int index, bool awake)
{
	struct bario_function *function = att->function;
	bool shared;
	struct bario_claim *claim = &function->claims[index];
	int ret;

	lockdep_assert_held(&function->lock);
	bario_claims_recheck(function);
	shared = function->driver_holds;
	if (att->bars & BIT(index))
		return 0;
	if (function->binding || (shared && !att->file->shared))
		return -EBUSY;
	if (!awake) {
		if (!function->claimed)
			bario_slot_note_power(function);
		return -EAGAIN;
	}
	/* A BAR that is claimed may have lost its address since. */
	ret = claim->users ? bario_bar_reach(function, index) :
			     claim_begin(function, index, shared);
	if (ret)
		return ret;
	if (!att->may_bus_master && !shared) {
		ret = bario_slot_quiesce(function);
		if (ret)
			goto err_claim;
	}
	spin_lock(&claim->lock);
	claim->users++;
	att->bars |= BIT(index);
	spin_unlock(&claim->lock);
	if (list_empty(&att->link))
		list_add(&att->link, &function->attachments);
	if (function->has_stub)
		queue_delayed_work(system_freezable_wq, &function->stub_watch,
				   BARIO_STUB_WATCH);
	atomic64_inc(&function->claims_made);
	trace_bario_claim(function->sel, index, 0);
	return 0;

err_claim:
	if (!claim->users)
		claim_end(function, index);
	return ret;
}

static void claim_put(struct bario_attachment *att, unsigned int index)
{
	struct bario_function *function = att->function;
	struct bario_claim *claim = &function->claims[index];

	spin_lock(&claim->lock);
	att->bars &= ~BIT(index);
	claim->users--;
	spin_unlock(&claim->lock);
	trace_bario_release(function->sel, index, 0);
	if (!claim->users)
		claim_end(function, index);
}

/* Gives back some of what a file has claimed; function->lock is held. */
static void claims_undo(struct bario_attachment *att, unsigned long bars)
{
	unsigned int i;

	for_each_set_bit(i, &bars, BARIO_BARS)
		claim_put(att, i);
	if (!att->bars)
		list_del_init(&att->link);
}

static void attachment_end(struct bario_attachment *att)
{
	claims_undo(att, att->bars);
}

static int claims_try(struct bario_attachment *att,
		      struct bario_claim_request *request, bool awake)
{
	struct bario_function *function = att->function;
	unsigned long before;
	unsigned int i;
	int ret;

	request->failed = BARIO_BARS;
	mutex_lock(&function->lock);
	ret = bario_attachment_alive(att) ? request->check(request, att) : -ENODEV;
	if (ret)
		goto out;
	before = att->bars;
	for_each_set_bit(i, &request->bars, BARIO_BARS) {
		ret = claim_share(att, i, awake);
		if (ret) {
			request->failed = i;
			claims_undo(att, att->bars & ~before);
			break;
		}
	}
out:
	mutex_unlock(&function->lock);
	return ret;
}

/*
 * A driver is not called under mmap_lock, which may be inside its locks. Once the
 * function is counted as in use, it is not suspended.
 */
static int claims_resume(struct bario_attachment *att, bool mmap_locked)
{
	struct device *dev = &att->function->pdev->dev;
	int ret;

	if (!mmap_locked || !READ_ONCE(att->function->driver[0])) {
		ret = pm_runtime_resume_and_get(dev);
		/*
		 * Since Linux 6.16 the PCI core enables runtime power management
		 * last when it adds a function: until then the BAR's address is
		 * only planned.
		 */
		if (ret == -EACCES)
			return bario_attachment_error(att, -ENXIO);
		return ret < 0 ? bario_attachment_error(att, -EIO) : 0;
	}
	pm_runtime_get_noresume(dev);
	if (pm_runtime_active(dev))
		return 0;
	pm_runtime_put(dev);
	return -EBUSY;
}

/**
 * bario_claims_get() - check a request, and claim the BARs that it is for
 * @att: the file and the function; none of our locks is held
 * @request: the check; the BARs that it allows are claimed, all or none
 *
 * The check comes before the function is resumed, so that a request which will be
 * refused does not resume it, and is repeated afterwards.
 *
 * Return: 0; an error of @request->check; -ENODEV; -EBUSY: a driver is or gets
 * bound, or the addresses are taken; -EIO: the function can't be reached;
 * -ENXIO: its BAR has lost its address; -ENOMEM.
 */
int bario_claims_get(struct bario_attachment *att,
		     struct bario_claim_request *request)
{
	int ret = claims_try(att, request, false);

	if (ret != -EAGAIN)
		return ret;
	ret = claims_resume(att, request->mmap_locked);
	if (ret)
		return ret;
	ret = claims_try(att, request, true);
	pm_runtime_put(&att->function->pdev->dev);
	return ret;
}

/**
 * bario_claims_put() - give back everything that a file has claimed of a function
 * @att: the file and the function
 */
void bario_claims_put(struct bario_attachment *att)
{
	mutex_lock(&att->function->lock);
	attachment_end(att);
	mutex_unlock(&att->function->lock);
}

/**
 * bario_claims_revoke() - end a file's claims on a function, and its mappings, while
 *	it is open
 * @att: the file and the function; function->lock is held
 */
void bario_claims_revoke(struct bario_attachment *att)
{
	unsigned long bars = att->bars;
	unsigned int i;

	lockdep_assert_held(&att->function->lock);
	attachment_end(att);
	wake_up_all(&att->function->waitq);
	/* Other files that share the claim get their pages back with a fault. */
	for (i = 0; i < BARIO_BARS; i++)
		if (bars & BIT(i))
			bario_mapping_remove(att->function, i);
}

/**
 * bario_claims_drop() - end all claims on a function
 * @function: the function; function->lock is held
 *
 * Waits for accesses under way, for at most a bus cycle. No mapping is left.
 */
void bario_claims_drop(struct bario_function *function)
{
	struct bario_attachment *att, *next;

	lockdep_assert_held(&function->lock);
	list_for_each_entry_safe(att, next, &function->attachments, link)
		attachment_end(att);
	wake_up_all(&function->waitq);
}

/**
 * bario_claims_recheck() - does the driver hold every BAR, and is that new?
 * @function: the function; function->lock is held
 *
 * A stub that has enabled the function has it to itself, as VFIO's does for a
 * process that has it open. There is no notification of that, so each access checks:
 * claims that were made before end then. So all claims are of one kind.
 */
void bario_claims_recheck(struct bario_function *function)
{
	bool holds;

	lockdep_assert_held(&function->lock);
	holds = function->has_driver ||
		(function->has_stub && pci_is_enabled(function->pdev));
	if (holds != function->driver_holds)
		bario_claims_drop(function);
	function->driver_holds = holds;
}

/**
 * bario_claims_decoding() - which kinds of BAR claims need decoded
 * @function: the function; function->lock is held
 *
 * Return: bits of the command register; none for claims that a driver shares.
 */
u16 bario_claims_decoding(struct bario_function *function)
{
	const struct bario_claim *claim;
	u16 bits = 0;

	lockdep_assert_held(&function->lock);
	for (claim = function->claims;
	     claim < function->claims + BARIO_BARS; claim++)
		if (claim->users && !claim->shared)
			bits |= bario_decode_bit(claim->bar.kind);
	return bits;
}

/**
 * bario_claims_quiet() - does a file that may not turn bus mastering on have a
 *	claim?
 * @function: the function; function->lock is held
 */
bool bario_claims_quiet(struct bario_function *function)
{
	const struct bario_attachment *att;

	lockdep_assert_held(&function->lock);
	list_for_each_entry(att, &function->attachments, link)
		if (!att->may_bus_master)
			return true;
	return false;
}

/**
 * bario_claim_holder() - find out what holds a BAR
 * @att: the file and the function
 * @index: the BAR, or BARIOC_SPACE_CONFIG
 * @holder: where to put kind and name
 *
 * Return: 0, -ENODEV or -EINVAL.
 */
int bario_claim_holder(struct bario_attachment *att, unsigned int index,
		       struct barioc_holder *holder)
{
	struct bario_function *function = att->function;
	bool whole = index == BARIOC_SPACE_CONFIG;
	int ret = 0;

	if (!bario_space_valid(index))
		return -EINVAL;
	index = array_index_nospec(index, BARIO_SPACES);
	mutex_lock(&function->lock);
	bario_claims_recheck(function);
	bario_function_driver(function, holder->name, sizeof(holder->name));
	if (!bario_attachment_alive(att)) {
		ret = -ENODEV;
	} else if (!whole && bario_bar(function, index).kind == BARIO_BAR_NONE) {
		ret = -EINVAL;
	} else if (function->binding || function->driver_holds) {
		holder->kind = BARIOC_HOLDER_DRIVER;
	} else if (whole) {
		holder->kind = BARIOC_HOLDER_NONE;
	} else if (function->claims[index].users) {
		holder->kind = BARIOC_HOLDER_FILES;
	} else if (READ_ONCE(function->pdev->resource[index].child)) {
		/* Its name can't be read: the resource may go at any time. */
		holder->kind = BARIOC_HOLDER_OTHER;
	} else {
		holder->kind = BARIOC_HOLDER_NONE;
	}
	mutex_unlock(&function->lock);
	return ret;
}
