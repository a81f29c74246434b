// SPDX-License-Identifier: GPL-2.0
/*
 * Tests bario(4): NODES. Hot-plugging and removal, with clients that hold all that they
 * can have of the function, and others in the middle of a request.
 */
#define _GNU_SOURCE
#include "hold.h"
#include "hot.h"
#include "record.h"

/* ---- hot-plugging ---- */
static const struct {
	const char	*device;
	unsigned int	bar;
	uint32_t	id;
} wares[] = {
	{ "edu", 0, 0x11e8 },
	{ "pci-testdev,membar=64K", 0, 0x0005 },
	{ "ivshmem-plain,memdev=hotmem", 2, 0x1110 },
	{ "edu", 0, 0x11e8 },
};

static void hotplugged(void)
{
	struct client clients[ARRAY_SIZE(wares)];
	int pci = open_pci(O_RDWR), name;
	struct busy busy;
	char when[64];
	uint32_t id;
	size_t i, k;

	about("hot-plugging");
	if (!monitor("object_add memory-backend-ram,id=hotmem,size=1M"))
		bail("object_add");
	for (i = 0; i < ARRAY_SIZE(wares); i++) {
		struct client *c = &clients[i];

		if (!ok(plug(wares[i].device), "plugged in: %s", wares[i].device))
			bail("can't go on");
		snprintf(when, sizeof(when), "%zu, plugged in", i);
		for (k = 0; k < i; k++)
			dead(&clients[k], when);
		is(listed_as(pci, hot, &id), 1,
		   "an open file of /dev/pci lists the new device");
		is(id, wares[i].id, "an open file of /dev/pci lists its IDs");
		is(counter(hot, "accesses") + counter(hot, "claims"), 0,
		   "the counters of the new device begin with 0");
		is_str(holder(pci, hot, wares[i].bar), "none",
		       "the BAR of the new device is not claimed");
		hold(c, hot, wares[i].bar);
		if (id == 0x11e8)
			is(c->value, EDU_ID, "the new device is an edu");
		is(claims(), 1, "all files of the new device have one claim");
		is_str(holder(pci, hot, wares[i].bar), "files",
		       "BARIOC_HOLDER says that files hold its BAR");
		if (!i)
			is(publish(pci, "hot", hot, 0), 0, "a name can be published");
		start(&busy, c);
		if (!ok(unplug(), "the node of an unplugged device disappears"))
			bail("can't go on");
		snprintf(when, sizeof(when), "%zu, unplugged", i);
		ended(&busy, when);
		is(claims(), 0, "%s: nothing is claimed", when);
		ok(access(class_path(hot, "accesses"), F_OK),
		   "%s: its counters have gone", when);
		errno_is(read_errno(pci, hot, wares[i].bar), ENODEV,
			 "%s: /dev/pci", when);
		is(listed_as(pci, hot, NULL), 0,
		   "%s: /dev/pci does not list it", when);
		dead(c, when);
	}
	name = open("/dev/bario/hot", O_RDWR | O_CLOEXEC);
	ok(name >= 0 ? read_errno(name, hot, 0) == ENODEV : errno == ENODEV,
	   "a name stays with the device that it was published for: ENODEV");
	close(name);
	is(unpublish(pci, "hot"), 0, "the name can be unpublished");
	for (i = 0; i < ARRAY_SIZE(wares); i++)
		let_go(&clients[i]);
	close(pci);
	is(claims(), 0, "nothing is claimed in the end");
}

/*
 * Switching a slot off through its port's registers takes the device away with
 * no warning: what it was is found out by reading.
 */
#define SLOT_CONTROL	0x18
#define SLOT_EVENTS	0x0020		/* interrupts */
#define SLOT_MASK	0x0700		/* power, and its indicator */
#define SLOT_ON		0x0100
#define SLOT_OFF	0x0700

static int express_cap(struct pcisel sel)
{
	int at = cfg(sel, 0x34, 1);

	while (at && cfg(sel, at, 1) != 0x10)
		at = cfg(sel, at + 1, 1);
	if (!at)
		bail("no PCI Express capability");
	return at;
}

/*
 * Returns what puts the slot on again. The port's interrupt is off meanwhile: to
 * the kernel it is then a card that has gone from a slot that is on.
 */
static uint32_t tear_out(void)
{
	int at = express_cap(rootport) + SLOT_CONTROL;
	uint32_t was = cfg(rootport, at, 2),
		 quiet = was & ~(SLOT_MASK | SLOT_EVENTS);

	set_cfg(rootport, at, 2, quiet | SLOT_ON);
	set_cfg(rootport, at, 2, quiet | SLOT_OFF);
	return was;
}

static void put_on(uint32_t was)
{
	set_cfg(rootport, express_cap(rootport) + SLOT_CONTROL, 2, was);
}

static bool no_answer(void)
{
	return !present(hot) || cfg(hot, 0, 4) == 0xffffffff;
}

/*
 * Its ports give all ones, because no device responds. (Memory, in qemu, gives 0: that
 * can't be told from a value.)
 */
static void unnoticed(struct client *c)
{
	unsigned long before = counter(hot, "denied_io");
	uint32_t value;

	about("a device that was torn out");
	errno_is(try_read(c->node, hot, 1, 0, 4, &value), EIO,
		 "PCIOCBARIO before the kernel notices: all ones");
	is(value, 0x5ca1ab1e, "all ones do not come as a value");
	errno_is(read_errno(c->pci, hot, 1), EIO, "PCIOCBARIO of /dev/pci before the kernel notices");
	is(counter(hot, "denied_io") - before, 2, "both accesses are counted");
	ok(faults(c->at[0], false) >= 0, "a mapping reads what the bus returns");
	remove_function(hot);
}

static void torn_out(bool kernel_is_told)
{
	struct client c;
	uint32_t was;

	about("a device that was torn out");
	if (!ok(plug("pci-testdev,membar=64K"), "the device is plugged in"))
		bail("can't go on");
	hold(&c, hot, 0);
	get(c.node, hot, 1, 0, 4);
	is(claims(), 2, "its memory and its ports are claimed before");
	was = tear_out();
	if (kernel_is_told)
		put_on(was);
	if (!ok(until(kernel_is_told ? away : no_answer), "the device is gone"))
		bail("can't go on");
	if (!kernel_is_told)
		unnoticed(&c);
	is(claims(), 0, "nothing is claimed");
	dead(&c, "torn out");
	let_go(&c);
	monitor("device_del hot");
	put_on(was);
}

/* ---- sysfs ---- */
static void removed(struct pcisel parent, struct pcisel sel, const char *how)
{
	struct client c, again;
	struct busy busy;
	uint32_t id;

	hold(&c, sel, 0);
	start(&busy, &c);
	remove_function(parent);
	ok(!present(sel), "%s: it is away", how);
	ended(&busy, how);
	is(claims(), 0, "%s: nothing is claimed", how);
	dead(&c, how);
	rescan();
	ok(present(sel) && !access(node_path(sel), F_OK),
	   "%s: rescanned, it is back", how);
	dead(&c, "rescanned");
	is(listed_as(c.pci, sel, &id), 1, "%s: /dev/pci finds the new one", how);
	is(get(c.pci, sel, 0, 0, 4), c.value, "%s: which works", how);
	hold(&again, sel, 0);
	let_go(&again);
	let_go(&c);
	is(claims(), 0, "%s: nothing is claimed in the end", how);
}

/* ---- the port's own hot-plugging ---- */
static void native(void)
{
	struct client c;
	struct busy busy;

	about("native hot-plugging");
	if (!access("/proc/lockdep_stats", F_OK)) {
		ok(true,
		   "native # SKIP lockdep finds fault with pciehp itself and turns itself off");
		return;
	}
	if (access("/sys/bus/pci_express/drivers/pciehp", F_OK) ||
	    access("/sys/bus/pci/slots", F_OK)) {
		ok(true, "native # SKIP this kernel has no pciehp");
		return;
	}
	log_begin();
	if (!ok(plug("edu"), "the device is plugged in"))
		bail("can't go on");
	ok(logged("pciehp", "Slot"), "pciehp has plugged it in");
	hold(&c, hot, 0);
	start(&busy, &c);
	ok(unplug(), "the button makes the node disappear");
	ended(&busy, "native");
	is(claims(), 0, "nothing is claimed in the end");
	dead(&c, "native");
	let_go(&c);
	torn_out(true);
}

int main(int argc, char **argv)
{
	tap_begin();
	hot_begin();
	if (argc > 1 && !strcmp(argv[1], "native")) {
		native();
		return tap_end();
	}
	hotplugged();
	torn_out(false);
	removed(behind, behind, "removed");
	removed(bridge, behind, "removed with its bridge");
	return tap_end();
}
