// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* How people name a function, in text. */
#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include "internal.h"

BARIO_API void bario_address_text(const struct bario_address *address,
				  char text[BARIO_ADDRESS_TEXT])
{
	snprintf(text, BARIO_ADDRESS_TEXT, "%04x:%02x:%02x.%x",
		 address->domain, address->bus, address->dev & 0x1f,
		 address->func & 0x7);
}

/*
 * Digits of a base, from *text on, up to a character that stays. Not strtoul(),
 * which takes blanks and signs.
 */
static bool take_number(const char **text, unsigned int base, size_t digits,
			unsigned long max, unsigned long *number)
{
	static const char all[] = "0123456789abcdef";
	unsigned long value = 0;
	const char *at = *text, *digit;

	for (; *at; at++) {
		digit = memchr(all, tolower((unsigned char)*at), base);
		if (!digit)
			break;
		value = value * base + (digit - all);
	}
	if (at == *text || (size_t)(at - *text) > digits || value > max)
		return false;
	/* Of numbers in decimal, 010 may be meant as 16. */
	if (base == 10 && **text == '0' && at - *text > 1)
		return false;
	*text = at;
	*number = value;
	return true;
}

static bool take(const char **text, char what)
{
	if (**text != what)
		return false;
	(*text)++;
	return true;
}

bool address_parse(const char *text, struct bario_address *address)
{
	unsigned long domain = 0, bus, dev, func;

	if (!strncmp(text, "pci", 3)) {
		text += 3;
		if (!take_number(&text, 10, 10, UINT32_MAX, &domain) ||
		    !take(&text, ':') ||
		    !take_number(&text, 10, 3, 255, &bus) ||
		    !take(&text, ':') ||
		    !take_number(&text, 10, 2, 31, &dev) ||
		    !take(&text, ':') ||
		    !take_number(&text, 10, 1, 7, &func) || *text)
			return false;
	} else {
		if (!take_number(&text, 16, 8, UINT32_MAX, &bus) ||
		    !take(&text, ':') ||
		    !take_number(&text, 16, 2, 255, &dev))
			return false;
		if (take(&text, ':')) {
			domain = bus;
			bus = dev;
			if (!take_number(&text, 16, 2, 31, &dev))
				return false;
		}
		if (bus > 255 || dev > 31 || !take(&text, '.') ||
		    !take_number(&text, 16, 1, 7, &func) || *text)
			return false;
	}
	*address = (struct bario_address){
		.domain = domain, .bus = bus, .dev = dev, .func = func,
	};
	return true;
}

/* VVVV:DDDD, and which of them. */
static bool id_parse(const char *text, struct target *target)
{
	unsigned long vendor, device, index;

	if (strcspn(text, ":") != 4 || !take_number(&text, 16, 4, 0xffff, &vendor) ||
	    !take(&text, ':') || strcspn(text, "#") != 4 ||
	    !take_number(&text, 16, 4, 0xffff, &device))
		return false;
	target->index = -1;
	if (take(&text, '#')) {
		if (!take_number(&text, 10, 5, 99999, &index))
			return false;
		target->index = index;
	}
	target->vendor = vendor;
	target->device = device;
	return !*text;
}

static int fail_name(const char *name)
{
	return error_hint(fail(EINVAL, BARIO_CAUSE_NAME,
			       "'%.100s' names no device", name),
			  "as 0000:03:00.0, 8086:100e, /dev/bario/NAME, fd:3 or sim:FILE; bario list shows the devices");
}

/* A path or a number, and what stands behind an "@". */
static int take_address(const char *name, const char *text,
			struct target *target)
{
	const char *at = strrchr(text, '@');
	const size_t len = at ? (size_t)(at - text) : strlen(text);

	if (!len || len >= sizeof(target->path))
		return fail_name(name);
	memcpy(target->path, text, len);
	target->path[len] = '\0';
	target->has_address = at;
	if (at && !address_parse(at + 1, &target->address))
		return fail_name(name);
	return 0;
}

int target_parse(const char *name, struct target *target)
{
	const char *text = name, *colon;
	unsigned long number;
	int error;

	*target = (struct target){ 0 };
	if (!strncmp(name, "sim:", 4)) {
		if (!name[4] || strlen(name + 4) >= sizeof(target->path))
			return fail_name(name);
		strcpy(target->path, name + 4);
		target->backend = &backend_sim;
		target->kind = TARGET_SIM;
		return 0;
	}
	if (!strncmp(name, "fd:", 3)) {
		error = take_address(name, name + 3, target);
		if (error)
			return error;
		text = target->path;
		if (!take_number(&text, 10, 10, INT_MAX, &number) || *text)
			return fail_name(name);
		target->fd = number;
		target->backend = &backend_pci;
		target->kind = TARGET_FD;
		return 0;
	}
	if (strchr(name, '/')) {
		target->backend = &backend_pci;
		target->kind = TARGET_PATH;
		return take_address(name, name, target);
	}
	colon = strchr(name, ':');
	if (colon)
		target->backend = backend_named(name, colon - name);
	if (target->backend)
		text = colon + 1;
	if (address_parse(text, &target->address))
		target->kind = TARGET_ADDRESS;
	else if (id_parse(text, target))
		target->kind = TARGET_ID;
	else
		return fail_name(name);
	return 0;
}

const struct backend *backend_named(const char *text, size_t len)
{
	const struct backend *const *at;

	for (at = backends; *at; at++)
		if (strlen((*at)->name) == len && !strncmp((*at)->name, text, len))
			break;
	return *at;
}

struct search {
	struct target	*target;
	long		found;
	struct bario_address last;
};

static int match(const struct bario_info *info, void *arg)
{
	struct search *search = arg;
	const struct target *target = search->target;

	if (info->vendor != target->vendor || info->device != target->device)
		return 0;
	if (target->index < 0 || search->found == target->index)
		search->last = info->address;
	search->found++;
	return 0;
}

int target_find(const struct backend *backend, struct target *target)
{
	struct search search = { .target = target };
	int error = backend->list(match, &search);

	error_at_nothing();
	if (error)
		return error;
	if (!search.found)
		return error_hint(fail(ENODEV, BARIO_CAUSE_NO_DEVICE,
				       "no function has the ID %04x:%04x",
				       target->vendor, target->device),
				  "bario list shows those that there are");
	if (search.found <= target->index)
		return error_hint(fail(ENODEV, BARIO_CAUSE_NO_DEVICE,
				       "there are %ld functions with ID %04x:%04x",
				       search.found, target->vendor, target->device),
				  "bario list shows those that there are");
	if (target->index < 0 && search.found > 1)
		return error_hint(fail(EEXIST, BARIO_CAUSE_AMBIGUOUS,
				       "there are %ld functions with ID %04x:%04x",
				       search.found, target->vendor, target->device),
				  "say which: %04x:%04x#0 is the first",
				  target->vendor, target->device);
	target->address = search.last;
	return 0;
}
