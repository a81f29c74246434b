// SPDX-License-Identifier: GPL-2.0
/*
 * Vital product data: PCIOCLISTVPD. Fields that have no meaning are not checked.
 */
#include <linux/capability.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include "config.h"
#include "counter.h"
#include "request.h"
#include "trace.h"
#include "vpd.h"

/* The size limit of vital product data: an address has 15 bits. */
#define VPD_SIZE	(1 << 15)

/**
 * bario_vpd_wait() - wait for the word of vital product data that is being read
 * @function: the function, which was removed, or of which a file was revoked
 */
void bario_vpd_wait(struct bario_function *function)
{
	mutex_lock(&function->vpd_lock);
	mutex_unlock(&function->vpd_lock);
}

/*
 * Without function->lock: some devices take 100 ms for a word, and longer if another
 * reader in the kernel comes first. A removal or revocation therefore calls
 * bario_vpd_wait().
 */
static int read_vpd_word(struct bario_attachment *att, size_t at, u8 *word)
{
	struct bario_function *function = att->function;
	ssize_t got = -ENODEV;

	if (mutex_lock_interruptible(&function->vpd_lock))
		return -EINTR;
	if (!bario_attachment_error(att, 0))
		got = pci_read_vpd_any(function->pdev, at, 4, word);
	mutex_unlock(&function->vpd_lock);
	if (got == -EINTR || signal_pending(current))
		return -EINTR;
	return got == 4 ? 0 : bario_attachment_error(att, -ENXIO);
}

/*
 * Reads vital product data as the device has it into @size bytes, a multiple of 4.
 * Each word writes the address register of the VPD capability. Returns bytes read,
 * or -ENODEV; -EACCES: the file may not read all of configuration space; -EINTR: a
 * signal arrived; -ENXIO: the function has no vital product data.
 */
static int read_vpd(struct bario_attachment *att, u8 *buf, size_t size)
{
	struct bario_function *function = att->function;
	size_t done, wanted;
	int ret = 0;

	if (!bario_allows(&att->allowed, BARIOC_SPACE_CONFIG, 0,
			  function->pdev->cfg_size - 1, BARIOC_RIGHT_READ)) {
		bario_counter_deny(function, BARIO_COUNTER_CONFIG, -EACCES);
		return -EACCES;
	}
	bario_config_pm_get(function);
	for (done = 0; !ret; done += 4) {
		wanted = bario_vpd_wanted(buf, done);
		if (wanted <= done)
			break;
		ret = wanted > size ? -ENXIO :
				      read_vpd_word(att, done, buf + done);
	}
	bario_config_pm_put(function);
	return ret ? ret : done;
}

/* Fills in plvi_len: on -ENOMEM, too. */
static int list_vpd(struct file *filp, struct pci_list_vpd_io *io)
{
	struct bario_attachment *att;
	u8 *vpd, *out = NULL;
	size_t need;
	int len, ret;

	if (!bario_file_writable(filp) && !capable(CAP_SYS_RAWIO))
		return -EPERM;
	att = bario_request_attachment(filp, &io->plvi_sel);
	if (IS_ERR(att))
		return PTR_ERR(att);
	vpd = kvmalloc(VPD_SIZE, GFP_KERNEL_ACCOUNT);
	if (!vpd)
		return -ENOMEM;
	len = read_vpd(att, vpd, VPD_SIZE);
	ret = len < 0 ? len : bario_vpd_list(vpd, len, NULL, 0, &need);
	if (ret || !io->plvi_len) {
		if (!ret)
			io->plvi_len = need;
		goto out;
	}
	if (io->plvi_len < need) {
		io->plvi_len = need;
		ret = -ENOMEM;
		goto out;
	}
	out = kvmalloc(need, GFP_KERNEL_ACCOUNT);
	if (!out) {
		ret = -ENOMEM;
		goto out;
	}
	ret = bario_vpd_list(vpd, len, out, need, &need);
	if (!ret && copy_to_user((void __user *)io->plvi_data, out, need))
		ret = -EFAULT;
	if (!ret)
		io->plvi_len = need;
out:
	kvfree(out);
	kvfree(vpd);
	return ret;
}

/**
 * bario_vpd_ioctl() - PCIOCLISTVPD
 * @filp: the file
 * @arg: its structure
 */
long bario_vpd_ioctl(struct file *filp, struct pci_list_vpd_io __user *arg)
{
	struct pci_list_vpd_io io;
	int ret;

	if (copy_from_user(&io, arg, sizeof(io)))
		return -EFAULT;
	ret = list_vpd(filp, &io);
	if (ret && ret != -ENOMEM)
		return ret;
	return put_user(io.plvi_len, &arg->plvi_len) ? -EFAULT : ret;
}

#ifdef CONFIG_COMPAT
/**
 * bario_vpd_ioctl32() - PCIOCLISTVPD of a 32-bit caller
 * @filp: the file
 * @arg: its structure
 */
long bario_vpd_ioctl32(struct file *filp, struct pci_list_vpd_io32 __user *arg)
{
	struct pci_list_vpd_io32 io32;
	struct pci_list_vpd_io io;
	int ret;

	if (copy_from_user(&io32, arg, sizeof(io32)))
		return -EFAULT;
	io = (struct pci_list_vpd_io) {
		.plvi_sel = io32.plvi_sel,
		.plvi_len = io32.plvi_len,
		.plvi_data = (void __force *)compat_ptr(io32.plvi_data),
	};
	ret = list_vpd(filp, &io);
	if (ret && ret != -ENOMEM)
		return ret;
	return put_user((u32)io.plvi_len, &arg->plvi_len) ? -EFAULT : ret;
}
#endif /* CONFIG_COMPAT */
