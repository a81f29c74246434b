// SPDX-License-Identifier: GPL-2.0
#include <signal.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include "hold.h"

bool modprobe(const char *name)
{
	char command[64], path[64];

	snprintf(command, sizeof(command), "modprobe %s", name);
	snprintf(path, sizeof(path), "/sys/bus/pci/drivers/%s", name);
	return !access(path, F_OK) || system(command) == 0;
}

int derive_bar(int fd, struct pcisel sel, unsigned int bar,
	       unsigned int rights)
{
	return derive_one(fd, sel, bar, rights, 0, TO_END);
}

int publish(int fd, const char *name, struct pcisel sel, unsigned int space)
{
	struct barioc_rule one = rule(sel, space, ALL_RIGHTS, 0, TO_END);
	struct barioc_publish publish = {
		.rules = (uintptr_t)&one, .count = 1,
	};

	strcpy(publish.name, name);
	return ioctl(fd, BARIOC_PUBLISH, &publish);
}

int unpublish(int fd, const char *name)
{
	struct barioc_publish publish = { 0 };

	strcpy(publish.name, name);
	return ioctl(fd, BARIOC_UNPUBLISH, &publish);
}

const char *holder(int fd, struct pcisel sel, unsigned int bar)
{
	static struct barioc_holder holder;

	memset(&holder, 0, sizeof(holder));
	holder.domain = sel.pc_domain;
	holder.bus = sel.pc_bus;
	holder.dev = sel.pc_dev;
	holder.func = sel.pc_func;
	holder.space = bar;
	if (ioctl(fd, BARIOC_HOLDER, &holder))
		return errno_name(errno);
	switch (holder.kind) {
	case BARIOC_HOLDER_NONE:
		return "none";
	case BARIOC_HOLDER_FILES:
		return "files";
	case BARIOC_HOLDER_OTHER:
		return "other";
	}
	return holder.name;
}

unsigned int listed_as(int fd, struct pcisel sel, uint32_t *device)
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
			BARIOC_MMAP_OFFSET(bar, 0));

	return at == MAP_FAILED ? NULL : at;
}

void bind_node(struct client *c)
{
	static unsigned int number;
	int fd;

	snprintf(c->bound, sizeof(c->bound), "/tmp/bound%u", number++);
	fd = open(c->bound, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	close(fd);
	if (mount(node_path(c->sel), c->bound, NULL, MS_BIND, NULL))
		bail("mount --bind");
}

void hold(struct client *c, struct pcisel sel, unsigned int bar)
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

void dead(struct client *c, const char *when)
{
	struct barioc_rule one = rule(c->sel, c->bar, R, 0, TO_END);
	struct pci_io io = { c->sel, 0, 4, 0 };
	struct pci_bar_io bar = { .pbi_sel = c->sel,
				  .pbi_reg = 0x10 + 4 * c->bar };
	struct pci_bar_mmap map = { .pbm_sel = c->sel,
				    .pbm_reg = 0x10 + 4 * c->bar };
	size_t i;

	errno_is(read_errno(c->node, c->sel, c->bar), ENODEV,
		 "%s: PCIOCBARIO of the node's file, a read", when);
	errno_is(try_write(c->node, c->sel, c->bar, 0, 4, 0), ENODEV,
		 "%s: PCIOCBARIO of the node's file, a write", when);
	errno_is(read_errno(c->derived, c->sel, c->bar), ENODEV,
		 "%s: PCIOCBARIO of a derived file", when);
	errno_is(read_errno(c->grandchild, c->sel, c->bar), ENODEV,
		 "%s: PCIOCBARIO of a file derived from that", when);
	refused(c->node, PCIOCREAD, &io, ENODEV, "%s: the node's file", when);
	refused(c->derived, PCIOCREAD, &io, ENODEV, "%s: a derived file", when);
	refused(c->node, PCIOCATTACHED, &io, ENODEV, "%s: the node's file", when);
	refused(c->node, PCIOCGETBAR, &bar, ENODEV, "%s: the node's file", when);
	refused(c->node, PCIOCBARMMAP, &map, ENODEV, "%s: the node's file", when);
	refused(c->derived, PCIOCBARMMAP, &map, ENODEV, "%s: a derived file",
		when);
	ok(!plain_map(c->node, c->bar, c->size) && errno == ENODEV,
	   "%s: mmap(2): ENODEV", when);
	is_str(holder(c->node, c->sel, c->bar), "ENODEV", "%s: BARIOC_HOLDER of the node's file", when);
	is(listed_as(c->node, c->sel, NULL) +
		   listed_as(c->derived, c->sel, NULL),
	   0, "%s: PCIOCGETCONF lists nothing", when);
	ok(derive(c->node, &one, 1, NULL) == -1 && errno == ENODEV,
	   "%s: DERIVE: ENODEV", when);
	for (i = 0; i < ARRAY_SIZE(c->at); i++)
		is(faults(c->at[i], false), 1, "%s: mapping %zu gives SIGBUS",
		   when, i);
	is(faults(c->at[0], true), 1, "%s: a write through the mapping gives SIGBUS", when);
	is_errno(open(c->bound, O_RDWR | O_CLOEXEC), ENODEV,
		 "%s: open of the node where it is bound elsewhere", when);
}

void let_go(struct client *c)
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

/* A child tells once that it is in the middle of what it does. */
static void tell(int *begun)
{
	if (*begun < 0)
		return;
	if (write(*begun, "", 1) != 1)
		_exit(9);
	close(*begun);
	*begun = -1;
}

/* Reads until the device has gone: the right value each time, then ENODEV. */
static void read_on(int fd, struct client *c, int begun)
{
	uint32_t value;
	int error;

	do {
		error = try_read(fd, c->sel, c->bar, 0, 4, &value);
		if (!error)
			tell(&begun);
	} while (!error && value == c->value);
	if (error != ENODEV)
		note("%s, value %#x", errno_name(error), value);
	_exit(error != ENODEV);
}

/* Reads through a mapping until it faults. */
static void look_on(volatile uint32_t *at, int begun)
{
	int fault;

	do {
		fault = faults(at, false);
		if (!fault)
			tell(&begun);
	} while (!fault);
	_exit(fault != 1);
}

/* Maps and unmaps until that is refused. */
static void map_on(int fd, struct client *c, int begun)
{
	struct pci_bar_mmap map;

	for (;;) {
		volatile uint32_t *at = map_bar(fd, c->sel, c->bar, 0, &map);

		if (!at)
			_exit(errno != ENODEV);
		faults(at, false);
		tell(&begun);
		munmap(map.pbm_map_base, map.pbm_map_length);
	}
}

void start(struct busy *busy, struct client *c)
{
	int begun[2];
	char byte;
	size_t i;

	if (pipe(begun))
		bail("pipe");
	fflush(stdout);
	for (i = 0; i < ARRAY_SIZE(busy->pid); i++) {
		busy->pid[i] = fork();
		if (busy->pid[i])
			continue;
		close(begun[0]);
		switch (i) {
		case 0:
			read_on(c->node, c, begun[1]);
			break;
		case 1:
			read_on(c->derived, c, begun[1]);
			break;
		case 2:
			map_on(c->pci, c, begun[1]);
			break;
		default:
			look_on(c->at[1], begun[1]);
		}
	}
	close(begun[1]);
	/* All have told, or died. */
	while (read(begun[0], &byte, 1) == 1)
		;
	close(begun[0]);
}

void ended(struct busy *busy, const char *when)
{
	unsigned int good = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(busy->pid); i++) {
		int status, tries;
		pid_t got = 0;

		for (tries = 0; tries < 6000 && !got; tries++) {
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
