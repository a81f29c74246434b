// SPDX-License-Identifier: GPL-2.0
/*
 * The module goes, and comes back to other devices: what holds it, and what is left
 * of nodes and names.
 */
#define _GNU_SOURCE
#include <sys/mount.h>
#include <sys/syscall.h>
#include "hold.h"
#include "hot.h"

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
	if (!wait_for(present, hot))
		bail("the device does not come");
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

int main(void)
{
	tap_begin();
	hot_begin();
	unloaded();
	return tap_end();
}
