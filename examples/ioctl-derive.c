// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Runs a command whose standard input can read the first 256 bytes of BAR 0, and
 * nothing else: BARIOC_DERIVE, as barioc(4) describes it.
 *
 *	cc -I/usr/local/include/bario/compat -I/usr/local/include/bario/uapi \
 *		-o ioctl-derive ioctl-derive.c
 *	./ioctl-derive /dev/bario/0000-00-05.0 grep ^bario-grant /proc/self/fdinfo/0
 */
#include <sys/ioctl.h>
#include <sys/pciio.h>
#include <barioc.h>
#include <err.h>
#include <fcntl.h>
#include <stdint.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct pci_conf conf;
	struct pci_conf_io list = {
		.matches = &conf,
		.match_buf_len = sizeof(conf),
	};
	struct barioc_rule rule = {
		.space = 0,
		.rights = BARIOC_RIGHT_READ,
		.offset = 0,
		.length = 256,
	};
	struct barioc_derive derive = {
		.rules = (uintptr_t)&rule,
		.count = 1,
	};
	int fd;

	if (argc < 3)
		errx(2, "usage: %s node command [argument]...", argv[0]);
	fd = open(argv[1], O_RDWR | O_CLOEXEC);
	if (fd < 0)
		err(1, "%s", argv[1]);
	if (ioctl(fd, PCIOCGETCONF, &list))
		err(1, "PCIOCGETCONF");
	if (list.num_matches == 0)
		errx(1, "%s: the function has gone", argv[1]);
	if (list.status == PCI_GETCONF_MORE_DEVS)
		errx(1, "%s is for more than one function", argv[1]);
	rule.domain = conf.pc_sel.pc_domain;
	rule.bus = conf.pc_sel.pc_bus;
	rule.dev = conf.pc_sel.pc_dev;
	rule.func = conf.pc_sel.pc_func;
	if (ioctl(fd, BARIOC_DERIVE, &derive))
		err(1, "BARIOC_DERIVE");
	if (dup2(derive.fd, 0) < 0)
		err(1, "dup2");
	execvp(argv[2], argv + 2);
	err(1, "%s", argv[2]);
}
