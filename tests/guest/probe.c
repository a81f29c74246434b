// SPDX-License-Identifier: GPL-2.0
/*
 * Tests bario(4): NODES. A driver whose probe does not return does not keep the module
 * from being loaded or unloaded. The driver is bario-test, see tests/guest/module.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include "hold.h"

static int unload(const char *name)
{
	return syscall(SYS_delete_module, name, O_NONBLOCK) ? errno : 0;
}

static void load(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	_exit(syscall(SYS_finit_module, fd, "", 0) ? errno : 0);
}

static pid_t start_load(const char *path)
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid)
		load(path);
	return pid;
}

/* Its exit status within five minutes, or -1. */
static int exit_of(pid_t pid)
{
	int i, status;

	for (i = 0; i < 6000; i++) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			return WEXITSTATUS(status);
		usleep(50000);
	}
	return -1;
}

static bool has_node(struct pcisel sel)
{
	return !access(node_path(sel), F_OK);
}

static bool probing(struct pcisel sel)
{
	return !strcmp(driver_of(sel), "bario-test");
}

static void act(const char *what)
{
	if (!write_file("/sys/module/bario_test/parameters/act", what))
		bail("bario-test: %s", what);
}

/* From now on edu2's probe hangs, until "go". */
static pid_t hang(void)
{
	pid_t pid;

	act("hang");
	fflush(stdout);
	pid = fork();
	if (!pid) {
		bind_driver(edu2, "bario-test");
		_exit(0);
	}
	/* The kernel shows the driver as soon as it begins to probe. */
	if (!wait_for(probing, edu2))
		bail("no probe");
	return pid;
}

int main(void)
{
	pid_t pid, probe;
	int fd;

	tap_begin();
	if (unload("bario") || exit_of(start_load("/lib/modules/bario-test.ko")))
		bail("modules");
	probe = hang();
	pid = start_load("/lib/modules/bario.ko");
	if (!is(exit_of(pid), 0, "the module can be loaded while a probe hangs")) {
		act("go");
		waitpid(pid, NULL, 0);
	}
	ok(has_node(edu) && has_node(e1000e), "a probe that hangs: other functions have nodes");
	ok(!has_node(edu2), "a probe that hangs: its function has no node");
	is(unload("bario"), 0, "the module can be unloaded while a probe hangs");
	is(exit_of(start_load("/lib/modules/bario.ko")), 0, "the module can be loaded again while a probe hangs");
	act("go");
	is(exit_of(probe), 0, "a probe that hung can end");
	ok(wait_for(has_node, edu2), "a probe that ended: its function gets its node");
	fd = open_pci(O_RDWR);
	errno_is(read_errno(fd, edu2, 0), EBUSY, "a probe that ended: its driver is bound");
	is_str(holder(fd, edu2, 0), "bario-test", "a probe that ended: BARIOC_HOLDER tells the driver");
	ok(unbind_driver(edu2), "a probe that ended: its driver can be unbound");
	is(get(fd, edu2, 0, 0, 4), EDU_ID, "a probe that ended: its function can be read without a driver");
	close(fd);
	if (unload("bario_test"))
		bail("bario-test can't be unloaded");
	return tap_end();
}
