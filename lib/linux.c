// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Linux: its ways to functions, and the commands that help there. */
#include <endian.h>
#include <fcntl.h>
#include <unistd.h>
#include "module.h"
#include "sysfs.h"

const struct backend *const backends[] = { &backend_pci, &backend_sysfs, NULL };

/* As the module's parameter "stubs" unless set. */
bool is_stub(const char *driver)
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

int help_rights(int error)
{
	return error_hint(error, backend_pci.present() ?
			  "run it as root, or be given the function's node by a rule for udev: bario(4), NODES" :
			  "run it as root, or load the module and be given the function's node: modprobe bario");
}

int fail_denied(const char *path, int code)
{
	int error;

	if (code == EACCES) {
		error = fail(EACCES, BARIO_CAUSE_PERMISSION,
			     "no permission to open %s", path);
		/* What it is asked for, no function's node gives. */
		if (!strcmp(path, PCI_NODE))
			return error_hint(error, "run it as root; in a container, in the group of /dev/pci");
		return help_rights(error);
	}
	if (locked_down())
		return error_hint(fail(EPERM, BARIO_CAUSE_LOCKDOWN,
				       "the kernel is locked down and gives no program access to devices"),
				  "Secure Boot does this; it is turned off in the firmware, or by mokutil --disable-validation");
	return error_hint(fail(EPERM, BARIO_CAUSE_PERMISSION,
			       "%s: to write takes CAP_SYS_RAWIO", path),
			  "run it as root, or use the function's own node in /dev/bario");
}

int help_backend(int error)
{
	return error_hint(error, "load the module: modprobe bario");
}

int help_unassigned(int error, unsigned int bar)
{
	return error_hint(error, "the kernel log says why: dmesg | grep 'BAR %u'",
			  bar);
}

int help_driver(int error, const struct bario_address *address,
		const char *driver)
{
	char name[BARIO_ADDRESS_TEXT];

	bario_address_text(address, name);
	return error_hint(error, "take it from the driver, and so from all that uses it: echo %s >/sys/bus/pci/drivers/%s/unbind",
			  name, driver);
}

int help_decode(int error, const struct bario_address *address,
		uint32_t kind)
{
	char name[BARIO_ADDRESS_TEXT];

	(void)kind;
	bario_address_text(address, name);
	return error_hint(error, "turn it on: echo 1 >/sys/bus/pci/devices/%s/enable",
			  name);
}

int help_power(int error, const struct bario_address *address)
{
	char name[BARIO_ADDRESS_TEXT];

	bario_address_text(address, name);
	return error_hint(error, "its power state: cat /sys/bus/pci/devices/%s/power_state",
			  name);
}

/* ---- what /sys shows of the pci back end's functions ---- */

/* None in a container without /sys, say; then -EPERM. */
static int shown_folder(const struct bario *dev)
{
	const int folder = sysfs_folder(&dev->address);

	return folder < 0 ? fail(EPERM, BARIO_CAUSE_PERMISSION,
				 "the file is not open for writing") : folder;
}

int shown_config(const struct bario *dev, const struct access *access,
		 uint32_t *value)
{
	const int folder = shown_folder(dev);
	uint32_t data = 0;
	int error;

	if (folder < 0)
		return folder;
	error = sysfs_read_config(folder, access->offset, &data, access->width);
	*value = le32toh(data);
	close(folder);
	return error;
}

int shown_config_size(const struct bario *dev, unsigned int *size)
{
	const int folder = shown_folder(dev);
	int error;

	if (folder < 0)
		return folder;
	error = sysfs_config_size(folder, size);
	close(folder);
	return error;
}

int shown_obstacle(struct bario *dev, unsigned int bar, uint32_t kind,
		   enum obstacle which)
{
	struct error_copy before;
	int folder, error;

	error_save(&before);
	folder = shown_folder(dev);
	if (folder < 0) {
		error_restore(&before);
		return 0;
	}
	error = sysfs_obstacle(dev, folder, bar, kind, which);
	close(folder);
	return error;
}
