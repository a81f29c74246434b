// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Reads a register with PCIOCBARIO, as pciio(4) describes it. A function's node
 * lists only that function, so the program need not be told which one it is.
 *
 *	cc -I/usr/local/include/bario/compat -o ioctl-read ioctl-read.c
 *	./ioctl-read /dev/bario/0000-00-05.0 0 0 4
 */
#include <sys/ioctl.h>
#include <sys/pciio.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static uint32_t number(const char *text)
{
	unsigned long value;
	char *end;

	errno = 0;
	value = strtoul(text, &end, 0);
	if (errno || *text < '0' || *text > '9' || *end || value > UINT32_MAX)
		errx(2, "%s is not a number of 32 bits", text);
	return value;
}

int main(int argc, char **argv)
{
	struct pci_conf conf;
	struct pci_conf_io list = {
		.matches = &conf,
		.match_buf_len = sizeof(conf),
	};
	struct pci_bar_ioreq req = { .pbi_op = PCIBARIO_READ };
	int fd;

	if (argc != 5)
		errx(2, "usage: %s node bar offset width", argv[0]);
	fd = open(argv[1], O_RDWR);
	if (fd < 0)
		err(1, "%s", argv[1]);
	if (ioctl(fd, PCIOCGETCONF, &list))
		err(1, "PCIOCGETCONF");
	if (list.num_matches == 0)
		errx(1, "%s: the function has gone", argv[1]);
	if (list.status == PCI_GETCONF_MORE_DEVS)
		errx(1, "%s is for more than one function", argv[1]);

	req.pbi_sel = conf.pc_sel;
	req.pbi_bar = number(argv[2]);
	req.pbi_offset = number(argv[3]);
	req.pbi_width = number(argv[4]);
	if (ioctl(fd, PCIOCBARIO, &req))
		err(1, "%s BAR %s+%s", argv[1], argv[2], argv[3]);
	printf("%#x\n", req.pbi_value);
	return 0;
}
