// SPDX-License-Identifier: GPL-2.0
/*
 * A driver that does with its function what a test tells it to, by writing a
 * word to the module's parameter "act". It binds by driver_override alone.
 */
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/string.h>
#include <linux/wait.h>

static DECLARE_WAIT_QUEUE_HEAD(waitq);
static struct pci_dev *bound;
static bool hang;

static int probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	/* As a driver that waits for its device, and can't be killed. */
	wait_event(waitq, !READ_ONCE(hang));
	bound = pdev;
	return 0;
}

static void remove(struct pci_dev *pdev)
{
	bound = NULL;
}

static struct pci_driver test_driver = {
	.name = "bario-test",
	.probe = probe,
	.remove = remove,
};

static int set_act(const char *text, const struct kernel_param *param)
{
	if (sysfs_streq(text, "hang")) {
		WRITE_ONCE(hang, true);
		return 0;
	}
	if (sysfs_streq(text, "go")) {
		WRITE_ONCE(hang, false);
		wake_up_all(&waitq);
		return 0;
	}
	if (!bound)
		return -ENODEV;
	if (sysfs_streq(text, "enable"))
		return pci_enable_device(bound);
	if (sysfs_streq(text, "master"))
		pci_set_master(bound);
	else if (sysfs_streq(text, "disable"))
		pci_disable_device(bound);
	else if (sysfs_streq(text, "sleep"))
		return pci_set_power_state(bound, PCI_D3hot);
	else if (sysfs_streq(text, "wake"))
		return pci_set_power_state(bound, PCI_D0);
	else if (sysfs_streq(text, "lock"))
		pci_cfg_access_lock(bound);
	else if (sysfs_streq(text, "unlock"))
		pci_cfg_access_unlock(bound);
	else if (sysfs_streq(text, "error"))
		bound->error_state = pci_channel_io_frozen;
	else if (sysfs_streq(text, "recover"))
		bound->error_state = pci_channel_io_normal;
	else
		return -EINVAL;
	return 0;
}

static const struct kernel_param_ops act_ops = {
	.set = set_act,
};
module_param_cb(act, &act_ops, NULL, 0200);

module_pci_driver(test_driver);

MODULE_DESCRIPTION("A driver for bario's tests");
MODULE_LICENSE("GPL");
