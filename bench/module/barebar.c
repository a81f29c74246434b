// SPDX-License-Identifier: GPL-2.0
/*
 * What an access costs at least, and what it costs when the BAR is mapped for it
 * alone, as FreeBSD does. For measuring only: nothing here outlasts an unplug.
 */
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "barebar.h"

struct mapped {
	struct pci_dev *dev;	/* NULL: nothing is mapped */
	resource_size_t start;
	resource_size_t length;
	void __iomem *memory;	/* NULL for a port BAR */
};

static int map_bar(struct mapped *m, const struct pci_bar_ioreq *req)
{
	struct resource *got;
	int ret = -EBUSY;

	if (req->pbi_bar >= PCI_STD_NUM_BARS)
		return -EINVAL;
	m->dev = pci_get_domain_bus_and_slot(req->pbi_sel.pc_domain, req->pbi_sel.pc_bus,
					     PCI_DEVFN(req->pbi_sel.pc_dev, req->pbi_sel.pc_func));
	if (!m->dev)
		return -ENODEV;
	m->start = pci_resource_start(m->dev, req->pbi_bar);
	m->length = pci_resource_len(m->dev, req->pbi_bar);
	m->memory = NULL;
	if (pci_resource_flags(m->dev, req->pbi_bar) & IORESOURCE_IO) {
		got = request_region(m->start, m->length, "barebar");
		if (!got)
			goto put;
		return 0;
	}
	got = request_mem_region(m->start, m->length, "barebar");
	if (!got)
		goto put;
	m->memory = ioremap(m->start, m->length);
	if (m->memory)
		return 0;
	release_mem_region(m->start, m->length);
	ret = -ENOMEM;
put:
	pci_dev_put(m->dev);
	m->dev = NULL;
	return ret;
}

static void unmap_bar(struct mapped *m)
{
	if (m->memory) {
		iounmap(m->memory);
		release_mem_region(m->start, m->length);
	} else {
		release_region(m->start, m->length);
	}
	pci_dev_put(m->dev);
}

static __always_inline int access_bar(const struct mapped *m, struct pci_bar_ioreq *req)
{
	bool in = req->pbi_op == PCIBARIO_READ;
	unsigned long port = m->start + req->pbi_offset;
	void __iomem *p = m->memory + req->pbi_offset;

	if (req->pbi_op != PCIBARIO_READ && req->pbi_op != PCIBARIO_WRITE)
		return -EINVAL;
	if (req->pbi_width != 4 || req->pbi_offset & 3 || req->pbi_offset >= m->length ||
	    m->length - req->pbi_offset < 4)
		return -EINVAL;
	if (m->memory) {
		if (in)
			req->pbi_value = readl(p);
		else
			writel(req->pbi_value, p);
	} else {
		if (in)
			req->pbi_value = inl(port);
		else
			outl(req->pbi_value, port);
	}
	return 0;
}

static long barebar_ioctl(struct file *file, unsigned int request, unsigned long address)
{
	struct mapped *kept = file->private_data, once;
	void __user *arg = (void __user *)address;
	struct pci_bar_ioreq req;
	int ret;

	if (request == BAREBAR_EMPTY)
		return 0;
	if (copy_from_user(&req, arg, sizeof(req)))
		return -EFAULT;
	switch (request) {
	case BAREBAR_KEPT:
		if (!kept->dev)
			return -ENXIO;
		ret = access_bar(kept, &req);
		break;
	case BAREBAR_EACH:
		ret = map_bar(&once, &req);
		if (ret)
			return ret;
		ret = access_bar(&once, &req);
		unmap_bar(&once);
		break;
	case BAREBAR_ATTACH:
		return kept->dev ? -EBUSY : map_bar(kept, &req);
	default:
		return -ENOTTY;
	}
	if (ret)
		return ret;
	return copy_to_user(arg, &req, sizeof(req)) ? -EFAULT : 0;
}

static int barebar_open(struct inode *inode, struct file *file)
{
	file->private_data = kzalloc(sizeof(struct mapped), GFP_KERNEL);
	return file->private_data ? 0 : -ENOMEM;
}

static int barebar_release(struct inode *inode, struct file *file)
{
	struct mapped *kept = file->private_data;

	if (kept->dev)
		unmap_bar(kept);
	kfree(kept);
	return 0;
}

static const struct file_operations barebar_fops = {
	.owner = THIS_MODULE,
	.open = barebar_open,
	.release = barebar_release,
	.unlocked_ioctl = barebar_ioctl,
};

static struct miscdevice barebar = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "barebar",
	.fops = &barebar_fops,
};
module_misc_device(barebar);

MODULE_DESCRIPTION("What an access to a PCI BAR costs at least");
MODULE_LICENSE("GPL");
