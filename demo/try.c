// SPDX-License-Identifier: GPL-2.0
/*
 * Tries one thing, and says what the kernel answered:
 *
 *	try read DEVICE BAR OFFSET WIDTH	PCIOCBARIO
 *	try write DEVICE BAR OFFSET WIDTH VALUE
 *	try config-read DEVICE REGISTER WIDTH	PCIOCREAD
 *	try config-write DEVICE REGISTER WIDTH VALUE
 *	try open PATH
 *
 * It succeeds if there was an answer; what it should be is the caller's to know.
 */
#include <sys/types.h>
#include <sys/ioctl.h>
#include <sys/pciio.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t number(const char *text)
{
	char *end;
	unsigned long value = strtoul(text, &end, 0);

	if (!*text || *end || value > UINT32_MAX)
		errx(2, "'%s' is not a number of 32 bits", text);
	return value;
}

static struct pcisel selector(const char *text)
{
	unsigned int domain, bus, dev, func;
	char end;

	if (sscanf(text, "%x:%x:%x.%x%c", &domain, &bus, &dev, &func, &end) != 4 ||
	    bus > 255 || dev > 31 || func > 7)
		errx(2, "'%s' is not DOMAIN:BUS:DEVICE.FUNCTION", text);
	return (struct pcisel){ domain, bus, dev, func };
}

static int open_pci(void)
{
	int pci = open("/dev/pci", O_RDWR);

	if (pci < 0)
		err(1, "/dev/pci can't be opened for reading and writing");
	return pci;
}

static int answer(int failed)
{
	if (failed)
		printf("%s (%s)\n", strerrorname_np(errno), strerror(errno));
	return 0;
}

static int try_bar(bool write, char *arg[])
{
	struct pci_bar_ioreq req = {
		.pbi_sel = selector(arg[0]),
		.pbi_op = write ? PCIBARIO_WRITE : PCIBARIO_READ,
		.pbi_bar = number(arg[1]),
		.pbi_offset = number(arg[2]),
		.pbi_width = number(arg[3]),
		.pbi_value = write ? number(arg[4]) : 0,
	};
	int failed = ioctl(open_pci(), PCIOCBARIO, &req);

	if (!failed)
		printf("0x%0*x\n", (int)(2 * req.pbi_width), req.pbi_value);
	return answer(failed);
}

static int try_config(bool write, char *arg[])
{
	struct pci_io io = {
		.pi_sel = selector(arg[0]),
		.pi_reg = number(arg[1]),
		.pi_width = number(arg[2]),
		.pi_data = write ? number(arg[3]) : 0,
	};
	int failed = ioctl(open_pci(), write ? PCIOCWRITE : PCIOCREAD, &io);

	if (!failed)
		printf("0x%0*x\n", 2 * io.pi_width, io.pi_data);
	return answer(failed);
}

static int try_open(const char *path)
{
	int fd = open(path, O_RDONLY);

	if (fd >= 0)
		printf("opened\n");
	return answer(fd < 0);
}

int main(int argc, char *argv[])
{
	const char *what = argc > 1 ? argv[1] : "";

	if (!strcmp(what, "read") && argc == 6)
		return try_bar(false, argv + 2);
	if (!strcmp(what, "write") && argc == 7)
		return try_bar(true, argv + 2);
	if (!strcmp(what, "config-read") && argc == 5)
		return try_config(false, argv + 2);
	if (!strcmp(what, "config-write") && argc == 6)
		return try_config(true, argv + 2);
	if (!strcmp(what, "open") && argc == 3)
		return try_open(argv[2]);
	errx(2, "usage: try read DEVICE BAR OFFSET WIDTH\n"
		"       try write DEVICE BAR OFFSET WIDTH VALUE\n"
		"       try config-read DEVICE REGISTER WIDTH\n"
		"       try config-write DEVICE REGISTER WIDTH VALUE\n"
		"       try open PATH");
}
