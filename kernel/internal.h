/* SPDX-License-Identifier: GPL-2.0 */
/*
 * bario.ko: the nouns and who may touch what.
 *
 * A function is a PCI function that the system has. A claim is our hold on one
 * of its BARs: its addresses, a mapping of them, power and decoding. A file is
 * an open node. A use is what one file does with one function, above all which
 * claims it shares, and what its grant allows there.
 *
 * Locks, outermost first:
 *   pci_lock_rescan_remove, device_lock, mmap_lock (the kernel's)
 *   publish_lock	the published names, and their nodes
 *   minors_lock	the same, for those who open them
 *   function->lock	its claims, whether it is gone or a driver has it
 *   claim->lock	the claim itself; held across an access. A program holds
 *			those of several BARs, taken by ascending index
 *   slot.guard		held with pci_cfg_access_lock() by us: so that others who have
 *			that without this are told apart. They take nothing of ours
 * and, with none of ours inside:
 *   derivation_lock	which file was derived from which
 *   function->node_lock	the function's node
 *   function->vpd_lock	a cycle of its vital product data, for which a device may
 *			take its time
 *   functions_lock	the list of functions, names and units of drivers
 *   file->lock		the uses of one file
 *   debts_lock		resets owed to functions that have gone
 * mmap and page faults take function->lock, and only that, under mmap_lock. So
 * under function->lock user memory is never touched, nothing is mapped, no driver
 * is called (runtime power management does) and no node is made or destroyed
 * (devtmpfs does that in a thread, which takes locks of its own, and which others
 * can hold up).
 */
#ifndef BARIO_INTERNAL_H
#define BARIO_INTERNAL_H

#include <linux/fs.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/llist.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/seq_file.h>
#include <linux/spinlock.h>
#include <linux/uidgid.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include "compat.h"
#include "core.h"
#include "slot.h"

/**
 * struct bario_claim - our hold on one BAR, shared by all files that use it
 * @lock: held for each access, so that a claim ends between two, not in one;
 *	to write any of the rest takes function->lock, too
 * @users: files that share it; 0: there is no claim, the rest means nothing
 * @number: counts the claims on this BAR, so that another is not taken for this
 * @shared: the BAR is a driver's, and we are only beside it
 * @careful: a read has given all ones, and the next is guarded (@lock)
 * @bar: the BAR as it was when it was claimed (it can't change while it is)
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
 * @ref: one for the list while the function is there, one for each use
 * @pdev: the device, referenced
 * @parent: the bridge above, referenced, as the device's own reference goes with it
 * @linked: it can be found (functions_lock)
 * @exit_link: in the list of those to be left when the module goes
 * @sel: selector as one number, see bario_sel()
 * @minor: of its node; not given again while others are left, for a node bound
 *	into a container outlives the device
 * @node_lock: held while its node is made or taken away
 * @driver: name of the driver bound to it, whole, or empty (functions_lock)
 * @unit: its number among the functions whose driver has this name, as far as
 *	pd_name shows it (functions_lock)
 * @vpd_lock: held while a word of its vital product data is read
 * @capabilities: where it has a capability, see bario_may_read_config()
 * @lock: the rest
 * @gone: the device is no more
 * @binding: a driver is being bound or unbound
 * @slot: what bario has changed in the hardware, and owes
 * @has_driver: a driver is bound that is no stub
 * @has_stub: a stub is bound; does not change while there are claims
 * @stub_watch: while a stub is bound and there are claims, looks whether it has
 *	enabled the function
 * @driver_holds: the driver holds every BAR, or did when that was last looked at;
 *	all claims are beside it, or there are none
 * @attachments: the uses that share claims
 * @waitq: where programs let time pass; woken when claims end
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

/**
 * struct bario_attachment - what one file does with one function
 * @sel: the function's selector
 * @function: the function, referenced
 * @file: the file
 * @bars: claims that the file shares, a bit each; to write takes
 *	function->lock and the claim's lock, to read either
 * @link: in function->attachments, while @bars is not 0 (function->lock)
 * @hash: in file->attachments
 * @dead_link: in the list of those to be freed
 * @may_bus_master: may let the device reach memory; false: bus mastering is turned off
 * @allowed: what the file's grant allows here
 */
struct bario_attachment {
	u64				sel;
	struct bario_function		*function;
	struct bario_file		*file;
	unsigned long			bars;
	struct list_head		link;
	struct hlist_node		hash;
	struct llist_node		dead_link;
	bool				may_bus_master;
	struct bario_allowed		allowed;
};

/* A buffer for the operations of a program. */
struct bario_ops {
	u32		capacity;
	struct barioc_op	op[];
};

#define BARIO_FILE_BITS	6

/**
 * struct bario_file - an open file, with its grant
 * @ref: one for whoever has it open, which stays while the file is needed in its
 *	line of descent; one for a revocation under way
 * @all: may do everything; false: has @own
 * @revoked: may do nothing any more
 * @closed: nobody has it open any more (derivation_lock)
 * @shared: may reach BARs beside a driver
 * @lock: to change @attachments
 * @attachments: by selector; found without a lock, see attachment.c
 * @parent: file that it was derived from, or NULL (derivation_lock)
 * @children: derived from this (derivation_lock)
 * @sibling: in @parent's children (derivation_lock)
 * @id: what @parent knows it by (derivation_lock)
 * @last_id: given to the last child (derivation_lock)
 * @spare: a buffer that no program under way has, or NULL
 * @count: uses in @own
 * @own: the functions that the grant names, by ascending selector: all uses of a
 *	file that may not do everything
 */
struct bario_file {
	struct kref		ref;
	bool			all;
	bool			revoked;
	bool			closed;
	bool			shared;
	struct mutex		lock;
	struct hlist_head	attachments[1 << BARIO_FILE_BITS];
	struct bario_file	*parent;
	struct list_head	children;
	struct list_head	sibling;
	u32			id;
	u32			last_id;
	struct bario_ops	*spare;
	u32			count;
	struct bario_attachment	own[];
};

/*
 * Has a stub enabled the function, or given it up, and the claims don't know yet?
 * function->lock or that of a claim which the file has is held.
 */
static __always_inline bool bario_stub_acted(const struct bario_function *function)
{
	return unlikely(function->has_stub) &&
	       pci_is_enabled(function->pdev) != function->driver_holds;
}

/* How long a mapping can outlive that, in jiffies: it asks nobody. */
#define BARIO_STUB_WATCH	(HZ / 10)

/*
 * The file has written to the function: addresses for interrupts, say, or a
 * window into a BAR.
 */
static __always_inline void bario_slot_written(const struct bario_attachment *att)
{
	if (!att->may_bus_master)
		WRITE_ONCE(att->function->slot.needs_reset, true);
}

/* A selector as one number, which sorts as the list does. */
static inline u64 bario_sel(const struct pcisel *sel)
{
	return (u64)sel->pc_domain << 32 | (u32)sel->pc_bus << 24 |
	       sel->pc_dev << 16 | sel->pc_func << 8;
}

/*
 * Minors: /dev/pci is 0, then functions, then names; as many as mmap.c has room
 * for in an offset.
 */
#define BARIO_MINORS	(1 << 19)
#define BARIO_MINOR_NAMES	(1 << 18)

/* Who may open the node of a published name. */
struct bario_owner {
	kuid_t	uid;
	kgid_t	gid;
	umode_t	mode;
};

/* chardev.c: the nodes, and what is open */
int bario_chardev_init(void);
int bario_chardev_start(void);
void bario_chardev_exit(void);
int bario_chardev_add(struct bario_function *function);
int bario_chardev_add_name(u32 minor, const char *name,
			   const struct bario_owner *owner);
void bario_chardev_remove(u32 minor);
struct bario_file *bario_file_new(u32 count);
void bario_file_put(struct bario_file *file);
void bario_file_free(struct bario_file *file);
struct file *bario_file_open(struct bario_file *file, unsigned int flags);
void bario_file_index(struct bario_file *file);

/* Not open for writing: a promise to change nothing, not even by reading. */
static inline bool bario_writable(const struct file *filp)
{
	return filp->f_mode & FMODE_WRITE;
}

/* attachment.c: what a file for everything does with each function */
int bario_attachments_enter(struct bario_file *file);
void bario_attachments_leave(struct bario_file *file, int index);
void bario_attachments_exit(void);
struct bario_attachment *bario_attachment_get(struct bario_file *file, u64 sel);
struct bario_attachment *bario_attachment_by_minor(struct bario_file *file,
						   u32 minor);
void bario_attachment_free(struct bario_attachment *att);

/* dispatch.c, pciio.c: requests, and the only places that touch user memory */
long bario_ioctl(struct file *filp, unsigned int cmd, unsigned long arg);
long bario_compat_ioctl(struct file *filp, unsigned int cmd,
			unsigned long arg);
long bario_pciio(struct file *filp, unsigned int cmd, void __user *arg);
long bario_pciio32(struct file *filp, unsigned int cmd, void __user *arg);

/* bus.c: functions and drivers that come and go */
int bario_bus_init(void);
void bario_bus_scan(void);
void bario_bus_exit(void);

/* function.c: which functions there are, and which drivers */
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

/* list.c: PCIOCGETCONF */
struct pci_conf *bario_list_copy(struct bario_file *file, u32 *count,
				 u32 *generation);

/* grant.c: what a file may do */
void bario_grant_init(struct bario_function *function);
struct bario_file *bario_grant_node(struct bario_function *function);
struct bario_file *bario_grant_derive(struct bario_file *parent,
				      struct barioc_rule *rules, u32 count,
				      bool shared);
struct bario_file *bario_grant_copy(struct bario_file *from);
u32 bario_grant_rules(const struct bario_file *file, struct barioc_rule *rules,
		      u32 capacity);
void bario_grant_show(struct seq_file *m, struct bario_file *file);

/* Is there anything left to do it with? function->lock is held. */
static inline bool bario_attachment_alive(const struct bario_attachment *att)
{
	lockdep_assert_held(&att->function->lock);
	return !att->function->gone && !att->file->revoked;
}

/* derivation.c: who gave a file, and takes it back */
int bario_grant_adopt(struct bario_file *parent, struct bario_file *file,
		      bool named);
int bario_grant_revoke(struct bario_file *parent, u32 id);
void bario_grant_close(struct bario_file *file);

/* publish.c: grants with names */
int bario_publish(struct bario_file *parent, const char *name,
		  const struct bario_owner *owner, struct barioc_rule *rules, u32 count);
int bario_unpublish(const char *name);
void bario_unpublish_all(void);
struct bario_file *bario_publish_open(u32 minor);

/* Why something was not to be had of a function: it went, or else @error. */
static inline int bario_attachment_error(const struct bario_attachment *att, int error)
{
	return READ_ONCE(att->function->gone) || READ_ONCE(att->file->revoked) ?
		-ENODEV : error;
}

/* bar.c: BARs, as the kernel has them and as the device says */
void bario_bars_init(struct bario_function *function);
struct bario_bar bario_bar(const struct bario_function *function,
			   unsigned int index);
struct bario_bar bario_bar_ask(const struct bario_function *function,
			       unsigned int index);
int bario_bar_reach(const struct bario_function *function, unsigned int index);
bool bario_device_responds(struct bario_function *function, unsigned int index,
			   bool guarded, unsigned long since);

/* claim.c: BARs taken and given back */

/**
 * struct bario_claim_request - BARs that a file is to claim
 * @check: is what they are for right and allowed? Called before each attempt, with
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
void bario_claims_undo(struct bario_attachment *att, unsigned long bars);
void bario_claims_put(struct bario_attachment *att);
void bario_claims_revoke(struct bario_attachment *att);
int bario_holder(struct bario_attachment *att, unsigned int index,
		 struct barioc_holder *holder);
void bario_claims_drop(struct bario_function *function);
void bario_claims_recheck(struct bario_function *function);
u16 bario_claims_decoding(struct bario_function *function);
bool bario_claims_quiet(struct bario_function *function);

/* access.c: one access, the slow path */
int bario_access(struct bario_attachment *att, int op, u32 index, u64 offset,
		 u32 width, u64 *value);
int bario_access_failed(struct bario_attachment *att, int op, u32 index, u64 offset,
			u32 width, u64 value, int ret);
int bario_judge_ones(struct bario_attachment *att, unsigned int index,
		     bool guarded, unsigned long since);

/* program.c: many accesses, one call */
int bario_program(struct bario_attachment *att, struct barioc_run *run,
		  struct barioc_op *ops);

/* config.c: configuration space */
void bario_config_pm_get(struct bario_function *function);
void bario_config_pm_put(struct bario_function *function);
int bario_config_read(struct bario_attachment *att, int reg, int width, u32 *value);
int bario_config_write(struct bario_attachment *att, int reg, int width, u32 value);
int bario_get_bar(struct bario_attachment *att, struct pci_bar_io *io);
int bario_read_vpd(struct bario_attachment *att, u8 *buf, size_t size);
void bario_vpd_wait(struct bario_function *function);

/* trace.c: the record */
#define BARIO_DENY_CONFIG	U32_MAX
void bario_deny(struct bario_function *function, unsigned int index, int error);
extern const struct attribute_group *bario_function_groups[];

/* mmap.c: BARs mapped */
int bario_mmap_init(void);
void bario_mmap_exit(void);
void bario_mmap_file(struct file *filp);
int bario_mmap(struct file *filp, struct vm_area_struct *vma);
int bario_map_bar(struct file *filp, struct bario_attachment *att,
		  struct pci_bar_mmap *map);
void bario_unmap_claim(struct bario_function *function, unsigned int index);

#endif /* BARIO_INTERNAL_H */
