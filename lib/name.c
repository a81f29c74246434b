// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* How people name a function, in text. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include "name.h"

BARIO_API int bario_address_parse(const char *text,
				  struct bario_address *address)
{
	if (address_parse(text, address))
		return 0;
	error_at_nothing();
	return fail(EINVAL, BARIO_CAUSE_NAME,
		    "'%.100s' is not an address, as 0000:03:00.0 is", text);
}

/* VVVV:DDDD, and which of them. */
static bool id_parse(const char *text, struct target *target)
{
	unsigned long vendor, device, index;

	if (strcspn(text, ":") != 4 || !take_number(&text, 16, 4, 0xffff, &vendor) ||
	    !take_character(&text, ':') || strcspn(text, "#") != 4 ||
	    !take_number(&text, 16, 4, 0xffff, &device))
		return false;
	target->index = -1;
	if (take_character(&text, '#')) {
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

/* A path or a number, and what follows an "@". */
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

/* NAME:FILE, of a back end whose functions are files. */
static bool file_parse(const char *name, struct target *target)
{
	const char *colon = strchr(name, ':');
	const struct backend *backend;

	backend = colon ? backend_named(name, colon - name) : NULL;
	if (!backend || !backend->takes_file)
		return false;
	target->backend = backend;
	target->kind = TARGET_PATH;
	return true;
}

int target_parse(const char *name, struct target *target)
{
	const char *text = name, *colon;
	unsigned long number;
	int error;

	*target = (struct target){ 0 };
	if (file_parse(name, target)) {
		text = strchr(name, ':') + 1;
		if (!*text || strlen(text) >= sizeof(target->path))
			return fail_name(name);
		strcpy(target->path, text);
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
		target->kind = TARGET_FD;
		return 0;
	}
	/* A node is the first back end's. */
	if (strchr(name, '/')) {
		target->backend = backends[0];
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

struct search {
	struct target	*target;
	long		found;
	struct bario_address last;
};

static int match_name(const struct bario_info *info, void *arg)
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
	int error = backend->list(match_name, &search);

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
				       "no function #%ld has the ID %04x:%04x: the last is #%ld",
				       target->index, target->vendor,
				       target->device, search.found - 1),
				  "bario list shows those that there are");
	if (target->index < 0 && search.found > 1)
		return error_hint(fail(EEXIST, BARIO_CAUSE_AMBIGUOUS,
				       "%ld functions have the ID %04x:%04x",
				       search.found, target->vendor, target->device),
				  "say which: %04x:%04x#0 is the first",
				  target->vendor, target->device);
	target->address = search.last;
	return 0;
}
