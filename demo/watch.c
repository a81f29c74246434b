// SPDX-License-Identifier: GPL-2.0
/*
 * watch DOMAIN:BUS:DEV.FUNC BAR OFFSET
 *
 * Has a file of bario's as standard input, and no other. Reads a register, tries
 * to write it and to read the next, and then reads it until that fails. Exits
 * with 0 when what ended it was ENODEV: the file was revoked.
 */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "pciio.h"

/* Once revoked: within so many tenths of a second. */
#define PATIENCE	300

static int attempt(struct pci_bar_ioreq *req, int op, unsigned int offset)
{
	req->pbi_op = op;
	req->pbi_offset = offset;
	return ioctl(STDIN_FILENO, PCIOCBARIO, req) ? errno : 0;
}

static void tell(const char *what, int error)
{
	printf("%s: %s\n", what, error ? strerrorname_np(error) : "done");
}

int main(int argc, char *argv[])
{
	struct pci_bar_ioreq req = { .pbi_width = 4 };
	unsigned int domain, bus, dev, func, offset, i;
	int error;

	if (argc != 4 ||
	    sscanf(argv[1], "%x:%x:%x.%x", &domain, &bus, &dev, &func) != 4)
		errx(2, "usage: watch DOMAIN:BUS:DEV.FUNC BAR OFFSET");
	req.pbi_sel.pc_domain = domain;
	req.pbi_sel.pc_bus = bus;
	req.pbi_sel.pc_dev = dev;
	req.pbi_sel.pc_func = func;
	req.pbi_bar = strtoul(argv[2], NULL, 0);
	offset = strtoul(argv[3], NULL, 0);

	error = attempt(&req, PCIBARIO_READ, offset);
	if (error)
		tell("the register", error);
	else
		printf("the register: %#010x\n", req.pbi_value);
	tell("to write it", attempt(&req, PCIBARIO_WRITE, offset));
	tell("to read the next", attempt(&req, PCIBARIO_READ, offset + 4));
	fflush(stdout);
	for (i = 0; i < PATIENCE; i++) {
		error = attempt(&req, PCIBARIO_READ, offset);
		if (error)
			break;
		usleep(100000);
	}
	tell(i ? "then it reads, until" : "at once", error);
	return error != ENODEV;
}
