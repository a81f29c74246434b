// SPDX-License-Identifier: GPL-2.0
/*
 * In the manner of libpci's FreeBSD back end: the release decides what there
 * is, /dev/pci is opened for reading only where it must be.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <osreldate.h>
#include <stdint.h>

#if __FreeBSD_version < 700053
#error "no domains"
#endif
#include <sys/pciio.h>

typedef u_int8_t byte;
typedef u_long address;

struct libpci {
	int fd, rw;
};

int libpci_open(struct libpci *lib, const char *path)
{
	lib->fd = lib->rw = open(path, O_RDWR, 0);
	if (lib->fd < 0)
		lib->fd = open(path, O_RDONLY, 0);
	return lib->fd;
}

int libpci_scan(struct libpci *lib, void (*found)(struct pci_conf *))
{
	struct pci_conf conf[32];
	struct pci_conf_io list;
	u_int32_t i;

	memset(&list, 0, sizeof(list));
	list.match_buf_len = sizeof(conf);
	list.matches = conf;
	do {
		if (ioctl(lib->fd, PCIOCGETCONF, &list) < 0)
			return errno;
		if (list.status == PCI_GETCONF_LIST_CHANGED) {
			list.offset = 0;
			continue;
		}
		for (i = 0; i < list.num_matches; i++)
			found(&conf[i]);
	} while (list.status == PCI_GETCONF_MORE_DEVS);
	return 0;
}

address libpci_base(struct libpci *lib, struct pci_conf *conf, int index)
{
	struct pci_bar_io bar;

	bar.pbi_sel = conf->pc_sel;
	bar.pbi_reg = 0x10 + 4 * index;
	if (ioctl(lib->fd, PCIOCGETBAR, &bar) < 0)
		return 0;
	return bar.pbi_base;
}

int libpci_read(struct libpci *lib, struct pci_conf *conf, int pos, byte *buf,
		int len)
{
	struct pci_io io;

	if (lib->rw < 0)
		return 0;
	io.pi_sel.pc_domain = conf->pc_sel.pc_domain;
	io.pi_sel.pc_bus = conf->pc_sel.pc_bus;
	io.pi_sel.pc_dev = conf->pc_sel.pc_dev;
	io.pi_sel.pc_func = conf->pc_sel.pc_func;
	io.pi_reg = pos;
	io.pi_width = len;
	if (ioctl(lib->rw, PCIOCREAD, &io) < 0)
		return errno == ENODEV ? 0 : -1;
	memcpy(buf, &io.pi_data, len);
	return 1;
}

int libpci_write(struct libpci *lib, struct pci_conf *conf, int pos,
		 const byte *buf, int len)
{
	struct pci_io io;

	memset(&io, 0, sizeof(io));
	io.pi_sel = conf->pc_sel;
	io.pi_reg = pos;
	io.pi_width = len;
	memcpy(&io.pi_data, buf, len);
	return ioctl(lib->rw, PCIOCWRITE, &io) == 0;
}
