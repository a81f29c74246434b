// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * uart DOMAIN:BUS:DEVICE.FUNCTION [TEXT]
 *
 * Sends TEXT, or its standard input, through a 16550 serial port in BAR 0 of a
 * PCI device. All it needs is a /dev/pci that lets it reach that device. It looks
 * before it writes: the class has to say serial port, and BAR 0 has to have ports.
 * The same source builds on FreeBSD; on Linux add -Iinclude/compat.
 */
#include <sys/types.h>
#include <sys/ioctl.h>
#include <sys/pciio.h>
#include <dev/pci/pcireg.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define UART_BAR	0
/* The 16550's registers: offsets in that BAR, each a byte wide. */
#define UART_THR	0	/* the next byte to send */
#define UART_DLL	0	/* with LCR_DLAB: divisor, low byte */
#define UART_IER	1	/* which interrupts to raise */
#define UART_DLM	1	/* with LCR_DLAB: divisor, high byte */
#define UART_IIR	2	/* read: what it is */
#define UART_FCR	2	/* written: FIFO control */
#define UART_LCR	3	/* line control */
#define UART_MCR	4	/* modem control */
#define UART_LSR	5	/* line status */

#define IIR_FIFO	0xc0	/* both bits: a FIFO, and it is on */
#define FCR_ON_CLEAR	0x07	/* FIFO on, both directions emptied */
#define LCR_8N1		0x03	/* 8 data bits, no parity, 1 stop bit */
#define LCR_DLAB	0x80	/* 0 and 1 are the divisor now */
#define MCR_DTR_RTS	0x03	/* say that we are here */
#define LSR_THRE	0x20	/* can take a byte */
#define LSR_TEMT	0x40	/* everything has left */

#define CLOCK		115200	/* bits per second at divisor 1 */
#define SPEED		115200	/* what we want */
#define POLLS_MAX	1000000	/* half a second at least; a byte takes 87 us */

static int pci;
static struct pcisel device;
static char name[40];	/* the device's */
static unsigned long sent, polls;

/* One bus cycle, one byte wide, at that register; or the end of the program. */
static uint8_t access_register(int op, unsigned int offset, uint8_t value)
{
	struct pci_bar_ioreq req = {
		.pbi_sel = device,
		.pbi_op = op,
		.pbi_bar = UART_BAR,
		.pbi_offset = offset,
		.pbi_width = 1,
		.pbi_value = value,
	};
	int error;

	if (ioctl(pci, PCIOCBARIO, &req) == 0)
		return req.pbi_value;

	error = errno;
	warn("%s: %s of register %u in BAR %d", name,
	     op == PCIBARIO_READ ? "read" : "write", offset, UART_BAR);
	if (error == EBUSY)
		warnx("a driver is bound: unbind it with "
		      "echo %s > /sys/bus/pci/devices/%s/driver/unbind", name, name);
	else if (error == ENODEV)
		warnx("the device has gone, or was taken away");
	else if (error == EINVAL)
		warnx("that BAR is too small: is it a 16550?");
	exit(1);
}

static uint8_t get(unsigned int offset)
{
	return access_register(PCIBARIO_READ, offset, 0);
}

static void put(unsigned int offset, uint8_t value)
{
	access_register(PCIBARIO_WRITE, offset, value);
}

static void wait_for(uint8_t bit)
{
	uint8_t status;

	for (int i = 0; i < POLLS_MAX; i++) {
		status = get(UART_LSR);
		polls++;
		if (status == 0xff)
			errx(1, "%s: BAR %d: all ones, so no 16550 is there", name, UART_BAR);
		if (status & bit)
			return;
	}
	errx(1, "%s: BAR %d: it does not send, line status 0x%02x", name, UART_BAR, status);
}

static void send_text(const char *text, size_t length)
{
	for (; length > 0; text++, length--, sent++) {
		wait_for(LSR_THRE);
		put(UART_THR, *text);
	}
}

/* Ends the program unless this is a serial port with a port BAR for it. */
static void check_device(void)
{
	struct pci_conf conf;
	struct pci_match_conf this = {
		.pc_sel = device,
		.flags = PCI_GETCONF_MATCH_DOMAIN | PCI_GETCONF_MATCH_BUS |
			 PCI_GETCONF_MATCH_DEV | PCI_GETCONF_MATCH_FUNC,
	};
	struct pci_conf_io list = {
		.pat_buf_len = sizeof(this),
		.num_patterns = 1,
		.patterns = &this,
		.match_buf_len = sizeof(conf),
		.matches = &conf,
	};
	struct pci_bar_io bar = { .pbi_sel = device, .pbi_reg = PCIR_BAR(UART_BAR) };

	if (ioctl(pci, PCIOCGETCONF, &list))
		err(1, "%s: PCIOCGETCONF", name);
	if (list.num_matches != 1)
		errx(1, "%s: there is no such device, or this /dev/pci does not reach it", name);
	if (conf.pc_class != PCIC_SIMPLECOMM || conf.pc_subclass != PCIS_SIMPLECOMM_UART)
		errx(1, "%s: class %02x%02x, not 0700: no serial port, nothing was written",
		     name, conf.pc_class, conf.pc_subclass);
	if (ioctl(pci, PCIOCGETBAR, &bar))
		err(1, "%s: BAR %d", name, UART_BAR);
	if (!PCI_BAR_IO(bar.pbi_base))
		errx(1, "%s: BAR %d has memory, not ports: nothing was written", name, UART_BAR);
}

int main(int argc, char *argv[])
{
	unsigned int domain, bus, dev, func;
	char text[256], end;
	ssize_t got;

	if (argc < 2 || argc > 3 ||
	    sscanf(argv[1], "%x:%x:%x.%x%c", &domain, &bus, &dev, &func, &end) != 4 ||
	    bus > 255 || dev > 31 || func > 7)
		errx(2, "usage: uart DOMAIN:BUS:DEVICE.FUNCTION [TEXT], as in 0000:00:04.0");
	snprintf(name, sizeof(name), "%04x:%02x:%02x.%x", domain, bus, dev, func);
	device = (struct pcisel){ domain, bus, dev, func };
	pci = open("/dev/pci", O_RDWR);
	if (pci < 0)
		err(1, "/dev/pci can't be opened for reading and writing");

	check_device();
	put(UART_IER, 0);		/* we poll */
	put(UART_LCR, LCR_8N1 | LCR_DLAB);
	put(UART_DLL, CLOCK / SPEED & 0xff);
	put(UART_DLM, CLOCK / SPEED >> 8);
	put(UART_LCR, LCR_8N1);
	put(UART_FCR, FCR_ON_CLEAR);
	put(UART_MCR, MCR_DTR_RTS);
	printf("uart: %s: %d 8N1, FIFO %s\n", name, SPEED,
	       (get(UART_IIR) & IIR_FIFO) == IIR_FIFO ? "on" : "missing");
	if (argc == 3) {
		send_text(argv[2], strlen(argv[2]));
		send_text("\n", 1);
	} else {
		while ((got = read(STDIN_FILENO, text, sizeof(text))) > 0)
			send_text(text, got);
		if (got < 0)
			err(1, "standard input");
	}
	wait_for(LSR_TEMT);
	printf("uart: %s: %lu bytes sent, line status polled %lu times\n", name, sent, polls);
	return 0;
}
