// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * publish NAME DOMAIN:BUS:DEV.FUNC BAR RIGHTS [OFFSET LENGTH]
 * publish -w NAME
 *
 * Makes /dev/bario/NAME, a node that reaches one BAR, or a range of it, and
 * nothing else; RIGHTS are of r (read), w (write) and m (map). With -w: takes
 * it away again, from those who have it open, too. To be run by root.
 *
 *	publish adc-status 0000:03:00.0 0 r 0x40 8
 *	chgrp lab /dev/bario/adc-status && chmod 660 /dev/bario/adc-status
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include "bario.h"

static uint64_t number(const char *what, const char *text)
{
	char *end;
	uint64_t value;

	errno = 0;
	value = strtoull(text, &end, 0);
	if (errno || end == text || *end || *text == '-')
		errx(2, "%s is not %s", text, what);
	return value;
}

static uint32_t rights(const char *text)
{
	uint32_t set = 0;

	for (; *text; text++) {
		if (*text == 'r')
			set |= BARIO_RIGHT_READ;
		else if (*text == 'w')
			set |= BARIO_RIGHT_WRITE;
		else if (*text == 'm')
			set |= BARIO_RIGHT_MAP;
		else
			errx(2, "'%c' is not one of the rights r, w, m", *text);
	}
	return set;
}

static struct bario_rule parse(int argc, char *argv[])
{
	unsigned int domain, bus, dev, func;
	int end = 0;
	struct bario_rule rule = {
		.rights = rights(argv[4]),
		.length = BARIO_TO_END,
	};

	if (sscanf(argv[2], "%x:%x:%x.%x%n", &domain, &bus, &dev, &func, &end) != 4 ||
	    argv[2][end] || bus > 0xff || dev > 31 || func > 7)
		errx(2, "%s is not DOMAIN:BUS:DEV.FUNC, as 0000:03:00.0", argv[2]);
	rule.domain = domain;
	rule.bus = bus;
	rule.dev = dev;
	rule.func = func;
	if (number("a BAR, 0 to 5", argv[3]) > 5)
		errx(2, "%s is not a BAR, 0 to 5", argv[3]);
	rule.space = number("a BAR, 0 to 5", argv[3]);
	if (argc == 7) {
		rule.offset = number("an offset", argv[5]);
		rule.length = number("a length", argv[6]);
	}
	return rule;
}

int main(int argc, char *argv[])
{
	struct bario_publish publish = { .count = 1 };
	struct bario_rule rule;
	const char *name;
	bool withdraw;
	int fd;

	withdraw = argc == 3 && !strcmp(argv[1], "-w");
	if (!withdraw && argc != 5 && argc != 7)
		errx(2, "usage: publish NAME DOMAIN:BUS:DEV.FUNC BAR RIGHTS [OFFSET LENGTH] | publish -w NAME");
	name = argv[withdraw ? 2 : 1];
	if (strlen(name) > BARIO_NAME_MAX)
		errx(2, "%s is longer than %d letters", name, BARIO_NAME_MAX);
	strcpy(publish.name, name);
	if (withdraw) {
		publish.count = 0;
	} else {
		rule = parse(argc, argv);
		publish.rules = (uintptr_t)&rule;
	}

	fd = open("/dev/pci", O_RDWR | O_CLOEXEC);
	if (fd < 0)
		err(1, "/dev/pci can't be opened for writing");
	if (ioctl(fd, withdraw ? BARIOC_WITHDRAW : BARIOC_PUBLISH, &publish))
		err(1, withdraw ? "%s can't be withdrawn" : "%s can't be published", name);
	return 0;
}
