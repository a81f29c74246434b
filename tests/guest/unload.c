// SPDX-License-Identifier: GPL-2.0
/* Tests bario(4): NODES. Unloading the module, and loading it again. */
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

	about("unloading the module");
	fd = derive_bar(pci, edu, 0, ALL_RIGHTS);
	is(publish(pci, "kept", edu, 0), 0, "a name is published before");
	close(pci);
	is_errno(delete_module(), EWOULDBLOCK,
		 "with a derived file alone");
	is(get(fd, edu, 0, 0, 4), EDU_ID, "with a derived file alone: the file works");
	close(fd);
	file = open("/dev/bario/kept", O_RDWR | O_CLOEXEC);
	is_errno(delete_module(), EWOULDBLOCK, "with a published name open");
	close(file);
	bind_node(&c);
	is_errno(delete_module(), 0,
		 "with a published name that is not open succeeds");
	ok(access("/dev/bario/kept", F_OK), "removes the name");
	ok(access("/sys/class/bario", F_OK), "removes the class");
	ok(access("/sys/kernel/tracing/events/bario", F_OK),
	   "removes the tracepoints");
	ok(open(c.bound, O_RDWR | O_CLOEXEC) == -1,
	   "leaves nodes that cannot be opened");
	/* Devices change while the module is not loaded. */
	remove_function(testdev);
	if (!add("edu"))
		bail("device_add");
	if (!wait_for(present, hot))
		bail("the device does not come");
	is_errno(load_module(), 0, "and loading it succeeds");
	ok(there(), "and loading it: a function that came meanwhile has a node");
	ok(access(node_path(testdev), F_OK), "and loading it: a function that went has none");
	ok(access("/dev/bario/kept", F_OK), "and loading it: the name is gone");
	/* Numbers begin somewhere else, so that old nodes hit no new one. */
	for (tries = 0; tries < 3; tries++) {
		fd = open(c.bound, O_RDWR | O_CLOEXEC);
		wrong += fd >= 0;
		if (fd >= 0)
			close(fd);
		is_errno(delete_module(), 0, "a second time succeeds");
		is_errno(load_module(), 0, "and loading it a second time succeeds");
	}
	is(wrong, 0, "and loading it: an old node opens no other device");
	umount2(c.bound, MNT_DETACH);
	unlink(c.bound);
	rescan();
	pci = open_pci(O_RDWR);
	is(listed_as(pci, testdev, &id), 1, "and loading it: a rescanned function is listed");
	is(get(pci, hot, 0, 0, 4), EDU_ID, "and loading it: a function that came works");
	close(pci);
	ok(unplug(), "and loading it: a function can be unplugged");
	is(claims(), 0, "leaves nothing claimed");
}

int main(void)
{
	tap_begin();
	hot_begin();
	unloaded();
	return tap_end();
}
