/* SPDX-License-Identifier: GPL-2.0 */
/* A function is a PCI function that the system has, or had while it was in use. */
#ifndef BARIO_FUNCTION_H
#define BARIO_FUNCTION_H

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include "claim.h"
#include "core.h"
#include "slot.h"

struct bario_file;

/* Why something was refused, for the counters in sysfs. */
enum bario_denial {
	BARIO_DENIED_GRANT,
	BARIO_DENIED_BUSY,
	BARIO_DENIED_IO,
	BARIO_DENIED_INVALID,
	BARIO_DENIALS,
};

/**
 * struct bario_function - a PCI function
 * @ref: one for the list while the function exists, one for each attachment
 * @pdev: the device, referenced
 * @parent: the bridge above, referenced, as the device's own reference is dropped
 *	when the device is removed
 * @linked: it can be found (functions_lock)
 * @exit_link: in the list of those that are left when the module is unloaded
 * @sel: selector as one number, see bario_sel()
 * @minor: of its node; not reused while other numbers are free, because a node that
 *	is bound into a container outlives the device
 * @node_lock: held while its node is made or taken away
 * @driver: name of the driver bound to it, whole, or empty (functions_lock)
 * @unit: its number among the functions whose driver has this name, as far as
 *	pd_name shows it (functions_lock)
 * @vpd_lock: held while a word of its vital product data is read
 * @capabilities: where it has a capability, see bario_may_read_config()
 * @lock: for all that follows
 * @gone: the device was removed
 * @binding: a driver is being bound or unbound
 * @slot: what bario has changed in the hardware and has to undo
 * @has_driver: a driver is bound that is not a stub
 * @has_stub: a stub is bound; does not change while there are claims
 * @stub_watch: while a stub is bound and there are claims, looks whether it has
 *	enabled the function
 * @driver_holds: the driver holds every BAR, or did when that was last checked;
 *	then all claims are shared with it
 * @attachments: the attachments that share claims
 * @waitq: where programs sleep; woken when claims end
 * @claimed: number of claims
 * @kinds: what its BAR registers say that they are
 * @sriov_cap: of a virtual function: where its physical function has the BARs
 * @claims: one for each BAR
 * @claims_made: how often a file came to share a claim
 * @denied: how often something was refused, by cause
 * @safe_count: ranges in @safe
 * @safe: what may be done with it without letting it reach memory
 */
struct bario_function {
	struct kref		ref;
	struct pci_dev		*pdev;
	struct device		*parent;
	bool			linked;
	struct list_head	exit_link;
	u64			sel;
	u32			minor;
	struct mutex		node_lock;
	char			driver[BARIOC_DRIVER_MAX + 1];
	unsigned int		unit;

	struct mutex		vpd_lock;
	u64			capabilities;

	struct mutex		lock;
	bool			gone;
	bool			binding;
	bool			has_driver;
	bool			has_stub;
	struct delayed_work	stub_watch;
	bool			driver_holds;
	struct bario_slot	slot;
	struct list_head	attachments;
	wait_queue_head_t	waitq;
	unsigned int		claimed;
	enum bario_bar_kind	kinds[BARIO_BARS];
	u16			sriov_cap;
	struct bario_claim	claims[BARIO_BARS];

	atomic64_t		claims_made;
	atomic64_t		denied[BARIO_DENIALS];

	u32			safe_count;
	struct bario_range	safe[BARIO_SPACES + 4 * BARIO_BARS];
};

/*
 * Has a stub enabled the function, or given it up, since the claims were checked?
 * function->lock or that of a claim which the file has is held.
 */
static __always_inline bool
bario_function_stub_acted(const struct bario_function *function)
{
	return unlikely(function->has_stub) &&
	       pci_is_enabled(function->pdev) != function->driver_holds;
}

/* How long a mapping can outlive that, in jiffies: it checks nothing. */
#define BARIO_STUB_WATCH	(HZ / 10)

/* A selector as one number, which sorts as the list does. */
static inline u64 bario_sel(const struct pcisel *sel)
{
	return (u64)sel->pc_domain << 32 | (u32)sel->pc_bus << 24 |
	       sel->pc_dev << 16 | sel->pc_func << 8;
}

void bario_functions_init(void);
struct bario_function *bario_functions_close(void);
int bario_function_link(struct bario_function *function);
bool bario_function_unlink(struct bario_function *function);
struct bario_function *bario_function_of(struct pci_dev *pdev);
void bario_function_set_driver(struct bario_function *function,
			       const char *name);
void bario_function_driver(struct bario_function *function, char *name,
			   size_t size);
struct bario_function *bario_function_find(u64 sel);
struct bario_function *bario_function_by_minor(u32 minor);
void bario_function_put(struct bario_function *function);
u32 bario_functions_count(struct bario_file *file);
int bario_functions_copy(struct bario_file *file, struct pci_conf *all,
			 u32 capacity, u32 *current_generation);

#endif /* BARIO_FUNCTION_H */
