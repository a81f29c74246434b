// SPDX-License-Identifier: GPL-2.0
/*
 * Devices that come and go while files, claims, mappings and accesses are held:
 * hot-plugging, removal, drivers, resets, sleep, the module; and what the record
 * says of it. "plug native": what wants ports to have their own hot-plugging; without
 * it, qemu's tell of no link, and the kernel takes a reset to have failed.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include "derive.h"

#define EDU_ID		0x010000ed
#define ALL_RIGHTS	(R | W | M)
#define ROUNDS		20

static const struct pcisel isa = { .pc_dev = 0x1f };
static struct pcisel hot;	/* what is plugged into rp0 */

static int read_errno(int fd, struct pcisel sel, uint32_t bar)
{
	uint32_t value;

	return try_read(fd, sel, bar, 0, 4, &value);
}

/* The driver, from a module if it is not built in. */
static bool modprobe(const char *name)
{
	char command[64], path[64];

	snprintf(command, sizeof(command), "modprobe %s", name);
	snprintf(path, sizeof(path), "/sys/bus/pci/drivers/%s", name);
	return !access(path, F_OK) || system(command) == 0;
}

/* Not in this kernel as a module, and so not to be brought in or out. */
static bool skip_module(const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/lib/modules/%s.ko", name);
	if (!access(path, F_OK))
		return false;
	ok(true, "%s # SKIP the kernel has no module of that name", name);
	return true;
}

/* ---- bario's own requests ---- */
static int derive_bar(int fd, struct pcisel sel, unsigned int bar,
		      unsigned int rights)
{
	return derive_one(fd, sel, bar, rights, 0, TO_END);
}

static int publish(int fd, const char *name, struct pcisel sel,
		   unsigned int space)
{
	struct bario_rule one = rule(sel, space, ALL_RIGHTS, 0, TO_END);
	struct bario_publish publish = {
		.rules = (uintptr_t)&one, .count = 1,
	};

	strcpy(publish.name, name);
	return ioctl(fd, BARIOC_PUBLISH, &publish);
}

static int withdraw(int fd, const char *name)
{
	struct bario_publish publish = { 0 };

	strcpy(publish.name, name);
	return ioctl(fd, BARIOC_WITHDRAW, &publish);
}

/* "none", "files", "other" or the driver's name; or an errno's. */
static const char *holder(int fd, struct pcisel sel, unsigned int bar)
{
	static struct bario_holder holder;

	memset(&holder, 0, sizeof(holder));
	holder.domain = sel.pc_domain;
	holder.bus = sel.pc_bus;
	holder.dev = sel.pc_dev;
	holder.func = sel.pc_func;
	holder.bar = bar;
	if (ioctl(fd, BARIOC_HOLDER, &holder))
		return errno_name(errno);
	switch (holder.kind) {
	case BARIO_HOLDER_NONE:
		return "none";
	case BARIO_HOLDER_FILES:
		return "files";
	case BARIO_HOLDER_OTHER:
		return "other";
	}
	return holder.name;
}

/* How many functions does the file list at this place, and which is it? */
static unsigned int listed_as(int fd, struct pcisel sel, uint32_t *device)
{
	static struct pci_conf found[64];
	struct pci_conf_io io = {
		.match_buf_len = sizeof(found), .matches = found,
	};
	unsigned int i, count = 0;

	if (ioctl(fd, PCIOCGETCONF, &io))
		return 0;
	for (i = 0; i < io.num_matches; i++) {
		if (!same_sel(found[i].pc_sel, sel))
			continue;
		count++;
		if (device)
			*device = found[i].pc_device;
	}
	return count;
}

static void *plain_map(int fd, unsigned int bar, size_t size)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
			(off_t)bar << 41);

	return at == MAP_FAILED ? NULL : at;
}

/* ---- the record ---- */
static const char *class_path(struct pcisel sel, const char *name)
{
	static char path[96];

	snprintf(path, sizeof(path), "/sys/class/bario/%s/%s",
		 strrchr(node_path(sel), '/') + 1, name);
	return path;
}

static unsigned long counter(struct pcisel sel, const char *name)
{
	FILE *file = fopen(class_path(sel, name), "r");
	unsigned long value;

	if (!file || fscanf(file, "%lu", &value) != 1)
		bail("%s", class_path(sel, name));
	fclose(file);
	return value;
}

static int kernel_log;

static void log_begin(void)
{
	if (!kernel_log)
		kernel_log = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (kernel_log < 0 || lseek(kernel_log, 0, SEEK_END) < 0)
		bail("/dev/kmsg");
}

/* Has the kernel said both in one line since log_begin()? */
static bool logged(const char *one, const char *two)
{
	char line[2048];
	bool found = false;
	ssize_t len;

	while ((len = read(kernel_log, line, sizeof(line) - 1)) > 0 ||
	       (len < 0 && errno == EPIPE)) {
		if (len < 0)
			continue;
		line[len] = '\0';
		found = found || (strstr(line, one) && strstr(line, two));
	}
	return found;
}

/* ---- plugging ---- */
static bool until(bool (*so)(void))
{
	int i;

	for (i = 0; i < 600; i++) {
		if (so())
			return true;
		usleep(50000);
	}
	return false;
}

static bool there(void)
{
	return !access(node_path(hot), F_OK);
}

/* The node comes first, and until there are addresses a BAR is ENXIO. */
static bool ready(void)
{
	const char *name = sysfs_name(hot);

	return there() && (held_by(hot, 0, name) || held_by(hot, 2, name));
}

static bool away(void)
{
	return access(node_path(hot), F_OK) && !present(hot);
}

/* qemu lets go of a name a while after the guest has let go of the device. */
static bool add(const char *device)
{
	int i;

	for (i = 0; i < 600; i++) {
		if (monitor("device_add %s,bus=rp0,id=hot", device))
			return true;
		usleep(100000);
	}
	return false;
}

static bool plug(const char *device)
{
	return add(device) && until(ready);
}

static bool unplug(void)
{
	return monitor("device_del hot") && until(away);
}

/* ---- a client that holds on to all that it can ---- */
struct client {
	struct pcisel	sel;
	unsigned int	bar;
	int		pci;
	int		node;
	int		derived;
	int		grandchild;
	uint32_t	value;		/* of the BAR's first register */
	size_t		size;
	volatile uint32_t *at[4]; /* BARMMAP and mmap(2), node and derived */
	char		bound[32];	/* the node, bound somewhere else */
};

static void bind_node(struct client *c)
{
	static unsigned int number;
	int fd;

	snprintf(c->bound, sizeof(c->bound), "/tmp/bound%u", number++);
	fd = open(c->bound, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	close(fd);
	if (mount(node_path(c->sel), c->bound, NULL, MS_BIND, NULL))
		bail("mount --bind");
}

static void hold(struct client *c, struct pcisel sel, unsigned int bar)
{
	size_t i;

	*c = (struct client) { .sel = sel, .bar = bar };
	c->pci = open_pci(O_RDWR);
	c->node = open_node(sel, O_RDWR);
	c->derived = derive_bar(c->node, sel, bar, ALL_RIGHTS);
	c->grandchild = derive_bar(c->derived, sel, bar, R);
	c->size = bar_range(sel, bar).size;
	c->value = get(c->pci, sel, bar, 0, 4);
	get(c->node, sel, bar, 0, 4);
	get(c->derived, sel, bar, 0, 4);
	get(c->grandchild, sel, bar, 0, 4);
	c->at[0] = map_bar(c->node, sel, bar, PCIIO_BAR_MMAP_RW, NULL);
	c->at[1] = plain_map(c->node, bar, c->size);
	c->at[2] = map_bar(c->derived, sel, bar, 0, NULL);
	c->at[3] = plain_map(c->derived, bar, c->size);
	for (i = 0; i < ARRAY_SIZE(c->at); i++) {
		if (!c->at[i])
			bail("mapping %zu of %s", i, sysfs_name(sel));
		is(*c->at[i], c->value, "%s: mapping %zu shows the register",
		   sysfs_name(sel), i);
	}
	bind_node(c);
}

/* All that is left of it is dead, whatever stands at its address now. */
static void dead(struct client *c, const char *when)
{
	struct bario_rule one = rule(c->sel, c->bar, R, 0, TO_END);
	struct pci_io io = { c->sel, 0, 4, 0 };
	struct pci_bar_io bar = { .pbi_sel = c->sel,
				  .pbi_reg = 0x10 + 4 * c->bar };
	struct pci_bar_mmap map = { .pbm_sel = c->sel,
				    .pbm_reg = 0x10 + 4 * c->bar };
	size_t i;

	errno_is(read_errno(c->node, c->sel, c->bar), ENODEV,
		 "%s: old node file, read", when);
	errno_is(try_write(c->node, c->sel, c->bar, 0, 4, 0), ENODEV,
		 "%s: old node file, write", when);
	errno_is(read_errno(c->derived, c->sel, c->bar), ENODEV,
		 "%s: file derived from it", when);
	errno_is(read_errno(c->grandchild, c->sel, c->bar), ENODEV,
		 "%s: file derived from that", when);
	refused(c->node, PCIOCREAD, &io, ENODEV, "%s: READ", when);
	refused(c->derived, PCIOCREAD, &io, ENODEV, "%s: READ, derived", when);
	refused(c->node, PCIOCATTACHED, &io, ENODEV, "%s: ATTACHED", when);
	refused(c->node, PCIOCGETBAR, &bar, ENODEV, "%s: GETBAR", when);
	refused(c->node, PCIOCBARMMAP, &map, ENODEV, "%s: BARMMAP", when);
	refused(c->derived, PCIOCBARMMAP, &map, ENODEV, "%s: BARMMAP, derived",
		when);
	ok(!plain_map(c->node, c->bar, c->size) && errno == ENODEV,
	   "%s: mmap(2): ENODEV", when);
	is_str(holder(c->node, c->sel, c->bar), "ENODEV", "%s: HOLDER", when);
	is(listed_as(c->node, c->sel, NULL) +
		   listed_as(c->derived, c->sel, NULL),
	   0, "%s: GETCONF lists nothing", when);
	ok(derive(c->node, &one, 1, NULL) == -1 && errno == ENODEV,
	   "%s: DERIVE: ENODEV", when);
	for (i = 0; i < ARRAY_SIZE(c->at); i++)
		is(faults(c->at[i], false), 1, "%s: mapping %zu gives SIGBUS",
		   when, i);
	is(faults(c->at[0], true), 1, "%s: a write there, too", when);
	ok(open(c->bound, O_RDWR | O_CLOEXEC) == -1 && errno == ENODEV,
	   "%s: the node, bound elsewhere, does not open: ENODEV", when);
}

static void let_go(struct client *c)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(c->at); i++)
		munmap((void *)((uintptr_t)c->at[i] & ~(PAGE - 1)), c->size);
	umount2(c->bound, MNT_DETACH);
	unlink(c->bound);
	close(c->grandchild);
	close(c->derived);
	close(c->node);
	close(c->pci);
}

/* ---- children in the middle of something ---- */
struct busy {
	pid_t		pid[4];
	int		pipe[2];
};

/* Reads until the device has gone: the right value each time, then ENODEV. */
static void read_on(int fd, struct client *c)
{
	uint32_t value;
	int error;

	do {
		error = try_read(fd, c->sel, c->bar, 0, 4, &value);
	} while (!error && value == c->value);
	if (error != ENODEV)
		note("%s, value %#x", errno_name(error), value);
	_exit(error != ENODEV);
}

/* Reads through a mapping until it faults. */
static void look_on(volatile uint32_t *at)
{
	int fault;

	do {
		fault = faults(at, false);
	} while (!fault);
	_exit(fault != 1);
}

/* Maps and unmaps until that is refused. */
static void map_on(int fd, struct client *c)
{
	struct pci_bar_mmap map;

	for (;;) {
		volatile uint32_t *at = map_bar(fd, c->sel, c->bar, 0, &map);

		if (!at)
			_exit(errno != ENODEV);
		faults(at, false);
		munmap(map.pbm_map_base, map.pbm_map_length);
	}
}

static void start(struct busy *busy, struct client *c)
{
	size_t i;

	fflush(stdout);
	for (i = 0; i < ARRAY_SIZE(busy->pid); i++) {
		busy->pid[i] = fork();
		if (busy->pid[i])
			continue;
		switch (i) {
		case 0:
			read_on(c->node, c);
			break;
		case 1:
			read_on(c->derived, c);
			break;
		case 2:
			map_on(c->pci, c);
			break;
		default:
			look_on(c->at[1]);
		}
	}
	usleep(100000);
}

static void ended(struct busy *busy, const char *when)
{
	unsigned int good = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(busy->pid); i++) {
		int status, tries;
		pid_t got = 0;

		for (tries = 0; tries < 1200 && !got; tries++) {
			got = waitpid(busy->pid[i], &status, WNOHANG);
			if (!got)
				usleep(50000);
		}
		if (!got) {
			kill(busy->pid[i], SIGKILL);
			waitpid(busy->pid[i], &status, 0);
		}
		if (got && !status)
			good++;
		else
			note("child %zu: status %#x", i, status);
	}
	is(good, ARRAY_SIZE(busy->pid),
	   "%s: whoever read, mapped or looked on saw the right value, then the end",
	   when);
}

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
		   "an old file on /dev/pci lists it");
		is(id, wares[i].id, "as what it is");
		is(counter(hot, "accesses") + counter(hot, "claims"), 0,
		   "its counters begin with 0");
		is_str(holder(pci, hot, wares[i].bar), "none",
		       "nobody has its BAR");
		hold(c, hot, wares[i].bar);
		if (id == 0x11e8)
			is(c->value, EDU_ID, "it is an edu");
		is(claims(), 1, "one claim for all of its files");
		is_str(holder(pci, hot, wares[i].bar), "files",
		       "files have its BAR");
		if (!i)
			is(publish(pci, "hot", hot, 0), 0, "a name is published");
		start(&busy, c);
		if (!ok(unplug(), "unplugged: its node disappears"))
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
	is(withdraw(pci, "hot"), 0, "it is withdrawn");
	for (i = 0; i < ARRAY_SIZE(wares); i++)
		let_go(&clients[i]);
	close(pci);
	is(claims(), 0, "nothing is claimed");
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
 * Its ports give all ones, as nobody answers. (Memory, in qemu, gives 0: that
 * can't be told from a value.)
 */
static void unnoticed(struct client *c)
{
	unsigned long before = counter(hot, "denied_io");
	uint32_t value;

	errno_is(try_read(c->node, hot, 1, 0, 4, &value), EIO,
		 "torn out, and the kernel does not know: all ones are no value");
	is(value, 0x5ca1ab1e, "nothing was read");
	errno_is(read_errno(c->pci, hot, 1), EIO, "through /dev/pci");
	is(counter(hot, "denied_io") - before, 2, "both are counted");
	ok(faults(c->at[0], false) >= 0, "a mapping reads what the bus says");
	remove_function(hot);
}

static void torn_out(bool kernel_is_told)
{
	struct client c;
	uint32_t was;

	if (!ok(plug("pci-testdev,membar=64K"), "plugged in, to be torn out"))
		bail("can't go on");
	hold(&c, hot, 0);
	get(c.node, hot, 1, 0, 4);
	is(claims(), 2, "its memory and its ports are claimed");
	was = tear_out();
	if (kernel_is_told)
		put_on(was);
	if (!ok(until(kernel_is_told ? away : no_answer), "torn out: it is away"))
		bail("can't go on");
	if (!kernel_is_told)
		unnoticed(&c);
	is(claims(), 0, "torn out: nothing is claimed");
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

/* ---- drivers ---- */
/* In constant use; when a driver comes it has the BAR, whoever wanted it. */
static void busy_client(struct pcisel sel, const char *driver, unsigned int bar)
{
	int fd = open_node(sel, O_RDWR), i, k, status;
	unsigned int won = 0, told = 0, back = 0, after = 0;
	pid_t pid[3];

	fflush(stdout);
	unbind_driver(sel);
	for (i = 0; i < 3; i++) {
		pid[i] = fork();
		for (k = 0; !pid[i]; k++) {
			int error = i || bar_range(sel, bar).flags & RANGE_IO ?
				read_errno(fd, sel, bar) : 0;
			struct pci_bar_mmap map;
			volatile uint32_t *at;

			if (error && error != EBUSY)
				_exit(1);
			if (i || bar_range(sel, bar).flags & RANGE_IO)
				continue;
			at = map_bar(fd, sel, bar, 0, &map);
			if (!at && errno != EBUSY)
				_exit(2);
			if (!at)
				continue;
			if (faults(at, false) < 0)
				_exit(3);
			munmap(map.pbm_map_base, map.pbm_map_length);
		}
	}
	for (i = 0; i < ROUNDS; i++) {
		usleep(5000);
		won += bind_driver(sel, driver) && held_by(sel, bar, driver);
		told += !strcmp(holder(fd, sel, bar), driver);
		after += read_errno(fd, sel, bar) == EBUSY;
		unbind_driver(sel);
		back += read_errno(fd, sel, bar) == 0;
	}
	status = 0;
	for (i = 0; i < 3; i++) {
		int one;

		if (waitpid(pid[i], &one, WNOHANG)) {
			status |= one;
			continue;
		}
		kill(pid[i], SIGKILL);
		waitpid(pid[i], NULL, 0);
	}
	is(won, ROUNDS, "%s binds over a busy client and has its BAR", driver);
	is(told, ROUNDS, "HOLDER tells its name");
	is(after, ROUNDS, "the client gets EBUSY from then on");
	is(back, ROUNDS, "and has the BAR again when the driver has left");
	is(status, 0, "in between the clients got their access or EBUSY");
	close(fd);
	is(claims(), 0, "nothing is claimed");
}

static void drivers(void)
{
	int pci = open_pci(O_RDWR), fd;

	busy_client(serial2, "serial", 0);
	if (!skip_module("e1000")) {
		if (!modprobe("e1000"))
			bail("modprobe e1000");
		busy_client(e1000, "e1000", 0);
		if (system("rmmod e1000"))
			bail("rmmod e1000");
	}
	if (!modprobe("pci-stub"))
		bail("modprobe pci-stub");
	/* A stub is in nobody's way, nor is what comes and goes below it. */
	fd = open_node(edu2, O_RDWR);
	get(fd, edu2, 0, 0, 4);
	ok(bind_driver(edu2, "pci-stub"), "pci-stub is bound");
	is_str(holder(pci, edu2, 0), "none",
	       "it dropped the claim, and holds none");
	get(fd, edu2, 0, 0, 4);
	is_str(holder(pci, edu2, 0), "files",
	       "files have the BAR beside pci-stub");
	unbind_driver(edu2);
	is_str(holder(pci, serial, 0), "serial",
	       "the serial driver is told by name");
	is_str(holder(pci, isa, 0), "EINVAL", "what has no BAR: no holder");
	is_str(holder(pci, absent, 0), "ENODEV", "no function: no holder");
	close(fd);
	close(pci);
}

/* ---- what a client leaves in the device ---- */
#define RDBAL		0x2800 /* e1000e: where it would write packets */
#define LEFT		0x12345670u

static void reset_one(int fd, bool told_to, const char *who)
{
	int pci = open_pci(O_RDWR);

	log_begin();
	ok(bind_driver(e1000e, "pci-stub"), "%s: a driver is bound", who);
	is(get(pci, e1000e, 0, RDBAL, 4), told_to ? 0 : LEFT, "%s: %s", who,
	   told_to ? "what was written has gone" : "the register is as it was");
	is(logged("0000:03:00.0", "bario: reset"), told_to, "%s: %s", who,
	   told_to ? "the kernel log says why" : "no word of a reset");
	unbind_driver(e1000e);
	close(pci);
	if (fd >= 0)
		close(fd);
	is(claims(), 0, "%s: nothing is claimed", who);
}

static void reset_before_driver(void)
{
	const struct bario_rule with_command[] = {
		rule(e1000e, 0, ALL_RIGHTS, 0, TO_END),
		rule(e1000e, CONFIG, W, COMMAND, 2),
	};
	int pci = open_pci(O_RDWR), fd;
	volatile uint32_t *at;

	if (!modprobe("pci-stub"))
		bail("modprobe pci-stub");
	unbind_driver(e1000e);
	/* The other method, pm, leaves qemu's registers as they were. */
	attribute(e1000e, "reset_method", "bus");
	fd = open_node(e1000e, O_RDWR);
	put(fd, e1000e, 0, RDBAL, 4, LEFT);
	is(get(fd, e1000e, 0, RDBAL, 4), LEFT,
	   "a node's client writes an address");
	close(fd);
	reset_one(-1, true, "a node's client that has written and left");

	fd = open_node(e1000e, O_RDWR);
	put(fd, e1000e, 0, RDBAL, 4, LEFT);
	reset_one(fd, true, "one that is still there");

	put(pci, e1000e, 0, RDBAL, 4, LEFT);
	reset_one(-1, false, "who may let it reach memory anyway");

	fd = open_node(e1000e, O_RDWR);
	get(fd, e1000e, 0, RDBAL, 4);
	reset_one(fd, false, "a node's client that has only read");

	fd = open_node(e1000e, O_RDWR);
	at = map_bar(fd, e1000e, 0, 0, NULL);
	if (!at)
		bail("e1000e can't be mapped");
	is(at[RDBAL / 4], LEFT, "and one that maps to read");
	reset_one(fd, false, "one that could only read");
	munmap((void *)at, bar_range(e1000e, 0).size);

	fd = open_node(e1000e, O_RDWR);
	at = map_bar(fd, e1000e, 0, PCIIO_BAR_MMAP_RW, NULL);
	if (!at)
		bail("e1000e can't be mapped");
	at[RDBAL / 4] = LEFT;
	reset_one(fd, true, "one that has mapped it to write");
	munmap((void *)at, bar_range(e1000e, 0).size);

	fd = derive_bar(pci, e1000e, 0, R | W);
	put(fd, e1000e, 0, RDBAL, 4, LEFT);
	reset_one(fd, true, "a derived file without the command register");

	fd = derive(pci, with_command, ARRAY_SIZE(with_command), NULL);
	if (fd < 0)
		bail("BARIOC_DERIVE");
	put(fd, e1000e, 0, RDBAL, 4, LEFT);
	reset_one(fd, false, "a derived file with it");

	/* edu has no way to be reset. */
	fd = open_node(edu, O_RDWR);
	put(fd, edu, 0, 4, 4, 0x55);
	log_begin();
	ok(bind_driver(edu, "pci-stub"), "edu: a driver is bound all the same");
	ok(logged("0000:00:05.0", "can't be reset"),
	   "edu: the kernel log says that it was not reset");
	unbind_driver(edu);
	close(fd);
	close(pci);
}

/* ---- function reset ---- */
static void reset_under_load(void)
{
	int fd = open_node(e1000e, O_RDWR), i, status, good = 0, resets = 0;
	pid_t pid[3];

	fflush(stdout);
	for (i = 0; i < 3; i++) {
		pid[i] = fork();
		if (!pid[i]) {
			volatile uint32_t *at = map_bar(fd, e1000e, 0, 0, NULL);
			int k, error = 0;

			for (k = 0; k < 20000 && !error; k++) {
				if (i == 2) {
					if (!at || faults(at + 2, false))
						_exit(2);
					continue;
				}
				error = read_errno(fd, e1000e, 0);
				if (error == EIO)
					error = 0;
			}
			_exit(error != 0);
		}
	}
	for (i = 0; i < 5; i++) {
		resets += attribute(e1000e, "reset", "1");
		usleep(20000);
	}
	for (i = 0; i < 3; i++)
		good += waitpid(pid[i], &status, 0) == pid[i] && !status;
	is(resets, 5, "a function in use is reset through sysfs");
	is(good, 3, "meanwhile: a value or EIO, and no SIGBUS");
	errno_is(read_errno(fd, e1000e, 0), 0, "after it: the same file works");
	ok(claimed(e1000e, 0), "and its claim is still there");
	is(cfg(e1000e, COMMAND, 2) & COMMAND_MASTER, 0,
	   "bus mastering is still off");
	close(fd);
	is(claims(), 0, "nothing is claimed");
}

/* ---- sleep ---- */
static void slept(void)
{
	int fd = open_node(edu, O_RDWR), status = -1;
	volatile uint32_t *at = map_bar(fd, edu, 0, PCIIO_BAR_MMAP_RW, NULL);
	unsigned long before;
	pid_t pid;

	if (!write_file("/sys/power/pm_test", "devices")) {
		ok(true, "sleep # SKIP this kernel has no /sys/power/pm_test");
		close(fd);
		return;
	}
	write_file("/sys/module/suspend/parameters/pm_test_delay", "1");
	if (!at)
		bail("edu can't be mapped");
	get(fd, edu, 0, 0, 4);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		uint32_t value;
		int i;

		for (i = 0; i < 2000; i++) {
			if (try_read(fd, edu, 0, 0, 4, &value) ||
			    value != EDU_ID || faults(at, false) || *at != EDU_ID)
				_exit(1);
			usleep(1000);
		}
		_exit(0);
	}
	before = counter(edu, "accesses");
	ok(write_file("/sys/power/state", "freeze"), "devices sleep and wake up");
	write_file("/sys/power/pm_test", "none");
	is(*at, EDU_ID, "a mapping made before works after");
	is(get(fd, edu, 0, 0, 4), EDU_ID, "and so does a file");
	ok(claimed(edu, 0), "the claim was kept");
	is_str(holder(fd, edu, 0), "files", "as HOLDER says");
	ok(counter(edu, "accesses") > before, "and the counters go on");
	waitpid(pid, &status, 0);
	is(status, 0, "who read on all the while saw the right value each time");
	munmap((void *)at, bar_range(edu, 0).size);
	close(fd);
	is(claims(), 0, "nothing is claimed");
}

/* ---- the module ---- */
static int delete_module(void)
{
	return syscall(SYS_delete_module, "bario", O_NONBLOCK);
}

static int load_module(void)
{
	int fd = open("/lib/modules/bario.ko", O_RDONLY | O_CLOEXEC);
	int ret = syscall(SYS_finit_module, fd, "", 0);

	close(fd);
	return ret;
}

static void unloaded(void)
{
	struct client c = { .sel = edu2 };
	int pci = open_pci(O_RDWR), fd, file, tries;
	unsigned int wrong = 0;
	uint32_t id;

	fd = derive_bar(pci, edu, 0, ALL_RIGHTS);
	is(publish(pci, "kept", edu, 0), 0, "a name is published");
	close(pci);
	is_errno(delete_module(), EWOULDBLOCK,
		 "unloading with a derived file alone");
	is(get(fd, edu, 0, 0, 4), EDU_ID, "which works on");
	close(fd);
	file = open("/dev/bario/kept", O_RDWR | O_CLOEXEC);
	is_errno(delete_module(), EWOULDBLOCK, "unloading with a name open");
	close(file);
	bind_node(&c);
	is_errno(delete_module(), 0,
		 "unloading with a name that nobody has open");
	ok(access("/dev/bario/kept", F_OK), "the name has gone");
	ok(access("/sys/class/bario", F_OK), "the class has gone");
	ok(access("/sys/kernel/tracing/events/bario", F_OK),
	   "the events have gone");
	ok(open(c.bound, O_RDWR | O_CLOEXEC) == -1,
	   "a node bound elsewhere does not open");
	/* Devices change while nobody looks. */
	remove_function(testdev);
	if (!add("edu"))
		bail("device_add");
	for (tries = 0; tries < 600 && !present(hot); tries++)
		usleep(50000);
	is_errno(load_module(), 0, "the module is loaded again");
	ok(there(), "what came meanwhile has a node");
	ok(access(node_path(testdev), F_OK), "what went has none");
	ok(access("/dev/bario/kept", F_OK), "the name is not back");
	/* Numbers begin somewhere else, so that old nodes hit no new one. */
	for (tries = 0; tries < 3; tries++) {
		fd = open(c.bound, O_RDWR | O_CLOEXEC);
		wrong += fd >= 0;
		if (fd >= 0)
			close(fd);
		is_errno(delete_module(), 0, "unloaded");
		is_errno(load_module(), 0, "and loaded");
	}
	is(wrong, 0, "a node that was bound before opens no other device");
	umount2(c.bound, MNT_DETACH);
	unlink(c.bound);
	rescan();
	pci = open_pci(O_RDWR);
	is(listed_as(pci, testdev, &id), 1, "rescanned: it is listed again");
	is(get(pci, hot, 0, 0, 4), EDU_ID, "what came works");
	close(pci);
	ok(unplug(), "and can be unplugged");
	is(claims(), 0, "nothing is claimed");
}

/* ---- counters ---- */
static const char * const counters[] = {
	"accesses", "claims", "denied_grant", "denied_busy", "denied_io",
	"denied_invalid",
};

static unsigned long counted[ARRAY_SIZE(counters)];

static void count_from(struct pcisel sel)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(counters); i++)
		counted[i] = counter(sel, counters[i]);
}

/* By how much each has grown, as one string. */
static const char *grown(struct pcisel sel)
{
	static char text[128];
	size_t i, at = 0;

	for (i = 0; i < ARRAY_SIZE(counters); i++)
		at += snprintf(text + at, sizeof(text) - at, "%s%lu",
			       i ? " " : "",
			       counter(sel, counters[i]) - counted[i]);
	return text;
}

static void counts(void)
{
	int pci = open_pci(O_RDWR), node = open_node(testdev, O_RDWR);
	int derived = derive_bar(node, testdev, 0, R), i;
	struct pci_io io = { testdev, 4, 2, 0 };
	unsigned long other = counter(edu, "accesses");

	count_from(testdev);
	is_str(grown(testdev), "0 0 0 0 0 0",
	       "opening and deriving counts nothing");
	for (i = 0; i < 7; i++)
		get(node, testdev, 0, 0, 4);
	is_str(grown(testdev), "7 1 0 0 0 0", "7 reads: 7 accesses, 1 claim");
	put(pci, testdev, 1, 0, 1, 0);
	is_str(grown(testdev), "8 2 0 0 0 0", "a write to another BAR: 1 and 1");
	errno_is(try_write(derived, testdev, 0, 0, 4, 0), EACCES,
		 "a write not granted");
	is_str(grown(testdev), "8 2 1 0 0 0", "is counted");
	refused(node, PCIOCWRITE, &io, EACCES, "configuration not granted");
	is_str(grown(testdev), "8 2 2 0 0 0", "is counted");
	errno_is(read_errno(node, testdev, 5), EINVAL, "no such BAR");
	errno_is(try_write(pci, testdev, 0, 2, 4, 0), EINVAL,
		 "a misaligned write");
	is_str(grown(testdev), "8 2 2 0 0 2", "are counted");
	is(counter(edu, "accesses"), other, "and all this at the right function");
	close(derived);
	close(node);
	close(pci);
	is_str(grown(testdev), "8 2 2 0 0 2", "claims made are not taken back");
	node = open_node(serial, O_RDWR);
	count_from(serial);
	errno_is(try_write(node, serial, 0, 0, 1, 0), EBUSY, "a driver's BAR");
	is_str(grown(serial), "0 0 0 1 0 0", "is counted");
	close(node);
}

/* ---- tracepoints ---- */
#define TRACING		"/sys/kernel/tracing/"

static char *trace;

static void trace_begin(const char *event)
{
	char path[128];

	write_file(TRACING "events/bario/enable", "0");
	write_file(TRACING "trace", "");
	snprintf(path, sizeof(path), TRACING "events/bario/%senable", event);
	if (close(open(TRACING "trace", O_WRONLY | O_TRUNC | O_CLOEXEC)) ||
	    !write_file(path, "1"))
		bail("%s", path);
}

/* What was recorded since; events of this process alone. */
static void trace_end(void)
{
	static char buffer[1 << 16];
	int fd = open(TRACING "trace", O_RDONLY | O_CLOEXEC);
	ssize_t len, at = 0;

	while ((len = read(fd, buffer + at, sizeof(buffer) - 1 - at)) > 0)
		at += len;
	close(fd);
	buffer[at] = '\0';
	write_file(TRACING "events/bario/enable", "0");
	trace = buffer;
}

static void traced(const char *format, ...) PRINTF(1, 2);

/* Is there a next line of ours that says just this? */
static void traced(const char *format, ...)
{
	char text[256], who[32], line[512] = "";
	va_list args;
	char *end;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	snprintf(who, sizeof(who), "-%d", getpid());
	for (; *trace; trace = end) {
		end = strchrnul(trace, '\n');
		snprintf(line, sizeof(line), "%.*s", (int)(end - trace), trace);
		end += *end == '\n';
		if (line[0] != '#' && strstr(line, who) && strstr(line, "bario_"))
			break;
		line[0] = '\0';
	}
	if (*trace)
		trace = end;
	is_str(line[0] ? strstr(line, "bario_") : "no line", text, "traced");
}

static void traces(void)
{
	int pci = open_pci(O_RDWR), node = open_node(edu, O_RDWR), derived;
	struct bario_rule one = rule(edu, 0, R | M, 0, TO_END);
	uint32_t value, id = 0;
	volatile uint32_t *at;
	int i;

	if (access(TRACING "events/bario", F_OK)) {
		ok(true, "tracepoints # SKIP this kernel has none");
		return;
	}
	close(open_pci(O_RDWR));
	trace_begin("");
	get(node, edu, 0, 0, 4);
	put(node, edu, 0, 4, 4, 0xdeadbeef);
	try_read(node, edu, 0, 2, 4, &value);
	try_write(node, edu, 6, 0x7fff, 2, 0x1234);
	config_read(node, edu, 0, 4, &value);
	config_write(node, edu, 4, 2, 7);
	config_write(pci, edu, 0x3c, 1, cfg(edu, 0x3c, 1));
	derived = derive(node, &one, 1, &id);
	get(derived, edu, 0, 0, 4);
	at = map_bar(derived, edu, 0, 0, NULL);
	revoke_id(node, id);
	revoke_id(node, id);
	close(node);
	try_read(pci, serial, 0, 0, 1, &value);
	trace_end();
	traced("bario_claim: 0000:00:05.0 bar0 result=0");
	traced("bario_access: 0000:00:05.0 read bar0+0x0.4 value=0x10000ed result=0");
	traced("bario_access: 0000:00:05.0 write bar0+0x4.4 value=0xdeadbeef result=0");
	traced("bario_deny: 0000:00:05.0 bar0 result=%d", -EINVAL);
	traced("bario_access: 0000:00:05.0 read bar0+0x2.4 value=0x5ca1ab1e result=%d",
	       -EINVAL);
	traced("bario_deny: 0000:00:05.0 bar6 result=%d", -EINVAL);
	traced("bario_access: 0000:00:05.0 write bar6+0x7fff.2 value=0x1234 result=%d",
	       -EINVAL);
	traced("bario_config: 0000:00:05.0 read config+0x0.4 value=0x11e81234 result=0");
	traced("bario_deny: 0000:00:05.0 config result=%d", -EACCES);
	traced("bario_config: 0000:00:05.0 write config+0x4.2 value=0x7 result=%d",
	       -EACCES);
	traced("bario_config: 0000:00:05.0 write config+0x3c.1 value=%#x result=0",
	       cfg(edu, 0x3c, 1));
	traced("bario_derive: rules=1 id=%u", id);
	traced("bario_claim: 0000:00:05.0 bar0 result=0");
	traced("bario_access: 0000:00:05.0 read bar0+0x0.4 value=0x10000ed result=0");
	traced("bario_map: 0000:00:05.0 bar0 result=0");
	traced("bario_map: 0000:00:05.0 bar0 result=0");
	traced("bario_release: 0000:00:05.0 bar0 result=0");
	traced("bario_revoke: id=%u result=0", id);
	traced("bario_revoke: id=%u result=%d", id, -ENOENT);
	traced("bario_release: 0000:00:05.0 bar0 result=0");
	traced("bario_deny: 0000:00:04.0 bar0 result=%d", -EBUSY);
	traced("bario_access: 0000:00:04.0 read bar0+0x0.1 value=0x5ca1ab1e result=%d",
	       -EBUSY);
	is(*trace ? !!strstr(trace, "bario_") : 0, 0, "and nothing else");
	munmap((void *)at, bar_range(edu, 0).size);
	close(derived);

	/* One event alone; and a device that goes. */
	node = open_node(testdev, O_RDWR);
	get(node, testdev, 1, 0, 1);
	trace_begin("bario_release/");
	remove_function(testdev);
	trace_end();
	traced("bario_release: 0000:00:03.0 bar1 result=0");
	rescan();
	close(node);
	for (i = 0; i < 3; i++)
		get(pci, edu, 0, 0, 4);
	trace_end();
	is(!!strstr(trace, "bario_access"), 0, "what is off is not recorded");
	close(pci);
}

/* ---- the port's own hot-plugging ---- */
static void native(void)
{
	struct client c;
	struct busy busy;

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
	if (!ok(plug("edu"), "the port has it plugged in"))
		bail("can't go on");
	ok(logged("pciehp", "Slot"), "by pciehp");
	hold(&c, hot, 0);
	start(&busy, &c);
	ok(unplug(), "its button is pressed: its node disappears");
	ended(&busy, "native");
	is(claims(), 0, "nothing is claimed");
	dead(&c, "native");
	let_go(&c);
	torn_out(true);
}

int main(int argc, char **argv)
{
	tap_begin();
	hot.pc_bus = cfg(rootport, 0x19, 1);
	if (argc > 1 && !strcmp(argv[1], "native")) {
		reset_before_driver();
		reset_under_load();
		native();
		return tap_end();
	}
	counts();
	traces();
	hotplugged();
	torn_out(false);
	removed(behind, behind, "removed");
	removed(bridge, behind, "removed with its bridge");
	drivers();
	slept();
	unloaded();
	return tap_end();
}
