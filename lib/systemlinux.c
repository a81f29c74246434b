// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Linux: its stub drivers, and the commands that help there. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "system.h"

/* As the module's parameter "stubs" unless set. */
bool system_is_stub(const char *driver)
{
	return !strcmp(driver, "pci-stub") || !strcmp(driver, "vfio-pci");
}

static bool locked_down(void)
{
	const int fd = open("/sys/kernel/security/lockdown", O_RDONLY | O_CLOEXEC);
	char text[80] = "";
	ssize_t got;

	if (fd < 0)
		return false;
	got = read(fd, text, sizeof(text) - 1);
	close(fd);
	return got > 0 && !strstr(text, "[none]");
}

static int fail_lockdown(void)
{
	return error_hint(fail(EPERM, BARIO_CAUSE_LOCKDOWN,
			       "the kernel is locked down and gives no program access to devices"),
			  "Secure Boot does this; it is turned off in the firmware, or by mokutil --disable-validation");
}

int obstacle_lockdown(void)
{
	error_at_nothing();
	return locked_down() ? fail_lockdown() : 0;
}

int system_hint_rights(int error)
{
	return error_hint(error, !access(PCI_NODE, F_OK) ?
			  "run it as root, or be given the function's node by a rule for udev: bario(4), NODES" :
			  "run it as root, or load the module and be given the function's node: modprobe bario");
}

int system_fail_denied(const char *path, int code)
{
	int error;

	if (code == EACCES) {
		error = fail(EACCES, BARIO_CAUSE_PERMISSION,
			     "no permission to open %s", path);
		/* What it is asked for, no function's node gives. */
		if (!strcmp(path, PCI_NODE))
			return error_hint(error, "run it as root; in a container, in the group of /dev/pci");
		return system_hint_rights(error);
	}
	if (locked_down())
		return fail_lockdown();
	return error_hint(fail(EPERM, BARIO_CAUSE_PERMISSION,
			       "%s: to write takes CAP_SYS_RAWIO", path),
			  "run it as root, or use the function's own node in /dev/bario");
}

int system_hint_backend(int error)
{
	return error_hint(error, "load the module: modprobe bario");
}

int system_hint_unassigned(const struct bario *dev, int error, unsigned int bar)
{
	(void)dev;
	return error_hint(error, "the kernel log says why: dmesg | grep 'BAR %u'",
			  bar);
}

int system_hint_driver(const struct bario *dev, int error, const char *driver)
{
	return error_hint(error, "take it from the driver, and so from all that uses it: echo %s >/sys/bus/pci/drivers/%s/unbind",
			  dev->name, driver);
}

/* The system has enabled the function already, so its file does nothing more. */
static bool is_enabled(const struct bario *dev)
{
	char path[80], text[16] = "";
	ssize_t got;
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/enable",
		 dev->name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	got = read(fd, text, sizeof(text) - 1);
	close(fd);
	return got > 0 && atoi(text) > 0;
}

int system_hint_decode(const struct bario *dev, int error, uint32_t kind)
{
	if (is_enabled(dev))
		return error_hint(error, "turn it on: bario config %s COMMAND.%s=1",
				  dev->name, kind == BARIO_KIND_PORT ? "IO" :
				  "MEMORY");
	return error_hint(error, "turn it on: echo 1 >/sys/bus/pci/devices/%s/enable",
			  dev->name);
}

int system_hint_power(const struct bario *dev, int error)
{
	return error_hint(error, "its power state: cat /sys/bus/pci/devices/%s/power_state",
			  dev->name);
}
