// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * publish NAME DOMAIN:BUS:DEV.FUNC BAR RIGHTS [OFFSET LENGTH]
 * publish -w NAME
 *
 * Makes /dev/bario/NAME, a node that reaches one BAR, or a range of it, and
 * nothing else; RIGHTS are of r (read), w (write) and m (map). With -w: takes
 * it away again, from those who have it open, too. To be run by root.
 *
 * A rule may name a BAR that is not there, or more than there is of it, and then
 * gives nothing; this program asks first.
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
#include "barioc.h"
#include "pciio.h"

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
			set |= BARIOC_RIGHT_READ;
		else if (*text == 'w')
			set |= BARIOC_RIGHT_WRITE;
		else if (*text == 'm')
			set |= BARIOC_RIGHT_MAP;
		else
			errx(2, "'%c' is not one of the rights r, w, m", *text);
	}
	return set;
}

static struct barioc_rule parse(int argc, char *argv[])
{
	unsigned int domain, bus, dev, func;
	int end = 0;
	struct barioc_rule rule = {
		.rights = rights(argv[4]),
		.length = BARIOC_TO_END,
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

/* Ends the program unless the rule is for bytes that a BAR has. */
static void check(int fd, const char *function, const struct barioc_rule *rule)
{
	struct pci_bar_io bar = {
		.pbi_sel = { rule->domain, rule->bus, rule->dev, rule->func },
		.pbi_reg = 0x10 + 4 * rule->space,
	};

	if (ioctl(fd, PCIOCGETBAR, &bar)) {
		if (errno == EINVAL)
			errx(1, "%s has no BAR %u: see its entry in lspci -v",
			     function, rule->space);
		if (errno == ENODEV)
			errx(1, "there is no function %s: lspci -D lists them", function);
		err(1, "%s: BAR %u", function, rule->space);
	}
	if (bar.pbi_length == 0)
		errx(1, "%s: BAR %u has no address: the kernel found no space for it",
		     function, rule->space);
	if (rule->length == BARIOC_TO_END ? rule->offset >= bar.pbi_length :
	    rule->offset > bar.pbi_length ||
	    rule->length > bar.pbi_length - rule->offset)
		errx(1, "%s: BAR %u has %#llx bytes, less than that range needs",
		     function, rule->space, (unsigned long long)bar.pbi_length);
	if ((bar.pbi_base & 1) && (rule->rights & BARIOC_RIGHT_MAP))
		errx(1, "%s: BAR %u has I/O ports, which can't be mapped: leave m out",
		     function, rule->space);
}

/* Ends the program, and says why in words that go with what was asked for. */
static void failed(const char *name, bool unpublish)
{
	switch (errno) {
	case EINVAL:
		errx(1, "%s can't be published: a name is of letters, digits, - and _, and begins with a letter; a range has 1 byte or more",
		     name);
	case EEXIST:
		errx(1, "%s can't be published: there is such a name; publish -w %s unpublishes it",
		     name, name);
	case ENOENT:
		errx(1, "%s can't be unpublished: there is no such name in /dev/bario", name);
	case EPERM:
		errx(1, "%s: that takes /dev/pci itself, not a node of a function, and CAP_SYS_RAWIO: be root",
		     name);
	default:
		err(1, unpublish ? "%s can't be unpublished" : "%s can't be published", name);
	}
}

int main(int argc, char *argv[])
{
	struct barioc_publish publish = { .count = 1 };
	struct barioc_rule rule;
	const char *name;
	bool unpublish;
	int fd;

	unpublish = argc == 3 && !strcmp(argv[1], "-w");
	if (!unpublish && argc != 5 && argc != 7)
		errx(2, "usage: publish NAME DOMAIN:BUS:DEV.FUNC BAR RIGHTS [OFFSET LENGTH] | publish -w NAME");
	name = argv[unpublish ? 2 : 1];
	if (strlen(name) > BARIOC_NAME_MAX)
		errx(2, "%s is longer than %d letters", name, BARIOC_NAME_MAX);
	strcpy(publish.name, name);
	if (unpublish) {
		publish.count = 0;
	} else {
		rule = parse(argc, argv);
		publish.rules = (uintptr_t)&rule;
	}

	fd = open("/dev/pci", O_RDWR | O_CLOEXEC);
	if (fd < 0)
		err(1, "/dev/pci can't be opened for writing, which takes root and the module bario");
	if (!unpublish)
		check(fd, argv[2], &rule);
	if (ioctl(fd, unpublish ? BARIOC_UNPUBLISH : BARIOC_PUBLISH, &publish))
		failed(name, unpublish);
	return 0;
}
