// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Names of vendors, devices and classes, from libpci. Of it nothing else is used:
 * without pci_init() it looks at no device, and the network is asked only by those
 * who tell it to.
 */
#include <pci/pci.h>
#include <setjmp.h>
#include <stdarg.h>
#include "tool.h"

static jmp_buf broken;

static void give_up(char *format, ...) PRINTS(1) __attribute__((noreturn));
static void say_nothing(char *format, ...) PRINTS(1);

/* A list that makes no sense. libpci wants no return from here. */
static void give_up(char *format, ...)
{
	va_list args;

	fputs("bario: names may be missing: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	longjmp(broken, 1);
}

static void say_nothing(char *format, ...)
{
	(void)format;
}

/* The list is read once; of one that makes no sense, what is before that stays. */
static struct pci_access *load_names(void)
{
	static struct pci_access *pci;

	if (pci)
		return pci;
	pci = pci_alloc();
	pci->error = give_up;
	pci->warning = say_nothing;
	pci->debug = say_nothing;
	pci->id_lookup_mode = 0;	/* nor answers that the network gave once */
	if (!setjmp(broken))
		pci_load_name_list(pci);
	return pci;
}

/* PCI_LOOKUP_* of these IDs; "" if there is no name. */
static void look_up(char *name, size_t size, int what, int first, int second)
{
	struct pci_access *pci = load_names();

	name[0] = '\0';
	if (!setjmp(broken) &&
	    !pci_lookup_name(pci, name, size, what | PCI_LOOKUP_NO_NUMBERS,
			     first, second))
		name[0] = '\0';
}

const char *device_name(const struct bario_info *info)
{
	static char name[512];
	char vendor[200], device[200];

	look_up(vendor, sizeof(vendor), PCI_LOOKUP_VENDOR, info->vendor, 0);
	look_up(device, sizeof(device), PCI_LOOKUP_DEVICE, info->vendor,
		info->device);
	snprintf(name, sizeof(name), "%s%s%s", vendor, device[0] ? " " : "",
		 device);
	return name;
}

const char *class_name(const struct bario_info *info)
{
	static char name[200];

	look_up(name, sizeof(name), PCI_LOOKUP_CLASS,
		info->base_class << 8 | info->subclass, 0);
	return name;
}
