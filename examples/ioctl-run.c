// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Has QEMU's edu device compute a factorial with one BARIOC_RUN, as barioc(4)
 * describes it: writes the number, waits until the device is idle, and reads the
 * result.
 *
 *	cc -I/usr/local/include/bario/compat -I/usr/local/include/bario/uapi \
 *		-o ioctl-run ioctl-run.c
 *	./ioctl-run /dev/bario/0000-00-05.0
 */
#include <sys/ioctl.h>
#include <sys/pciio.h>
#include <barioc.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	struct pci_conf conf;
	struct pci_conf_io list = {
		.matches = &conf,
		.match_buf_len = sizeof(conf),
	};
	struct barioc_op ops[] = {
		{ .op = BARIOC_OP_WRITE, .width = 4, .offset = 0x08, .value = 10 },
		{ .op = BARIOC_OP_POLL, .width = 4, .offset = 0x20,
		  .mask = 1, .value = 0, .timeout = 1000000000 },
		{ .op = BARIOC_OP_READ, .width = 4, .offset = 0x08 },
	};
	struct barioc_run run = { .ops = (uintptr_t)ops, .count = 3 };
	int fd;

	if (argc != 2)
		errx(2, "usage: %s node", argv[0]);
	fd = open(argv[1], O_RDWR);
	if (fd < 0)
		err(1, "%s", argv[1]);
	if (ioctl(fd, PCIOCGETCONF, &list))
		err(1, "PCIOCGETCONF");
	if (list.num_matches != 1 || list.status == PCI_GETCONF_MORE_DEVS)
		errx(1, "%s is not for one function", argv[1]);
	if (conf.pc_vendor != 0x1234 || conf.pc_device != 0x11e8)
		errx(1, "%s is not an edu device", argv[1]);

	run.domain = conf.pc_sel.pc_domain;
	run.bus = conf.pc_sel.pc_bus;
	run.dev = conf.pc_sel.pc_dev;
	run.func = conf.pc_sel.pc_func;
	if (ioctl(fd, BARIOC_RUN, &run))
		err(1, "%s", argv[1]);
	if (run.stop == BARIOC_STOP_ERROR) {
		errno = run.error;
		err(1, "operation %u", run.ran);
	}
	if (run.stop != BARIOC_STOP_END)
		errx(1, "operation %u did not end in time", run.ran);
	printf("10! is %llu\n", (unsigned long long)ops[2].result);
	return 0;
}
