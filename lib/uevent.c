// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* What an event of Linux says of a PCI function. */
#include <string.h>
#include "uevent.h"

/* The value of NAME=VALUE, if the line is of that name. */
static const char *line_value(const char *line, const char *name)
{
	const size_t len = strlen(name);

	return strncmp(line, name, len) || line[len] != '=' ? NULL :
		line + len + 1;
}

static uint32_t action_code(const char *action)
{
	if (!strcmp(action, "add"))
		return BARIO_MONITOR_ADDED;
	if (!strcmp(action, "remove"))
		return BARIO_MONITOR_REMOVED;
	return 0;
}

/*
 * "ACTION@PATH" and then lines "NAME=VALUE", each with a NUL. What a program has
 * asked for by writing to a file "uevent", as udevadm trigger does, has a SYNTH_UUID:
 * nothing has happened then.
 */
bool uevent_parse(const char *text, size_t length,
		  struct bario_monitor_event *event)
{
	const char *line, *value, *slot = NULL;
	bool pci = false, happened = true;

	if (!length || text[length - 1])
		return false;
	*event = (struct bario_monitor_event){ 0 };
	for (line = text; line < text + length; line += strlen(line) + 1) {
		value = line_value(line, "ACTION");
		if (value)
			event->what = action_code(value);
		value = line_value(line, "SUBSYSTEM");
		if (value)
			pci = !strcmp(value, "pci");
		value = line_value(line, "PCI_SLOT_NAME");
		if (value)
			slot = value;
		if (line_value(line, "SYNTH_UUID"))
			happened = false;
	}
	return pci && happened && event->what && slot &&
		!bario_address_parse(slot, &event->address);
}
