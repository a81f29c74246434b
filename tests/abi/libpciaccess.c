// SPDX-License-Identifier: GPL-2.0
/*
 * In the manner of libpciaccess: config space through /dev/pci, memory BARs
 * through /dev/mem with an MTRR, ports by the CPU's own instructions.
 */
#include <string.h>
#include <unistd.h>
#include <fcntl.h>
#include <errno.h>
#if defined(__i386__) || defined(__amd64__)
#include <machine/cpufunc.h>
#else
#include <dev/io/iodev.h>
#endif
#include <sys/types.h>
#include <sys/param.h>
#include <sys/pciio.h>
#include <sys/mman.h>
#include <sys/memrange.h>

/* It has the names of <dev/pci/pcireg.h> that it needs itself. */
#define PCIR_BARS	0x10
#define PCIR_BAR(x)	(PCIR_BARS + (x) * 4)

int pciaccess_combine(uint64_t base, uint64_t size)
{
	struct mem_range_desc range;
	struct mem_range_op op;
	int fd, ret;

	fd = open("/dev/mem", O_RDWR | O_CLOEXEC);
	range.mr_base = base;
	range.mr_len = size;
	memcpy(range.mr_owner, "example", sizeof(range.mr_owner));
	range.mr_flags = MDF_WRITECOMBINE;
	op.mo_desc = &range;
	op.mo_arg[0] = MEMRANGE_SET_UPDATE;
	ret = ioctl(fd, MEMRANGE_SET, &op);
	close(fd);
	return ret;
}

uint64_t pciaccess_size(int fd, struct pcisel *sel, int index)
{
	struct pci_bar_io bar;

	bar.pbi_sel = *sel;
	bar.pbi_reg = PCIR_BAR(index);
	return ioctl(fd, PCIOCGETBAR, &bar) < 0 ? 0 : bar.pbi_length;
}

uint32_t pciaccess_port(int fd, uint32_t port, uint32_t value)
{
#if defined(__i386__) || defined(__amd64__)
	(void)fd;
	outb(port, value);
	outw(port, value);
	outl(port, value);
	return inb(port) + inw(port) + inl(port);
#else
	struct iodev_pio_req req = { IODEV_PIO_WRITE, port, 4, value };

	ioctl(fd, IODEV_PIO, &req);
	return req.val;
#endif
}
