// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Names of vendors, devices and classes, from the list pci.ids that
 * distributions install. Read here and not by libpci, which Debian has as a
 * shared library only: this program is one file that runs in any jail.
 */
#include <stdlib.h>
#include <string.h>
#include "tool.h"

static const char *const places[] = {
	"/usr/share/misc/pci.ids",
	"/usr/share/hwdata/pci.ids",
	"/usr/local/share/pciids/pci.ids",
};

static FILE *open_list(void)
{
	FILE *file;
	size_t i;

	for (i = 0; i < COUNT(places); i++) {
		file = fopen(places[i], "re");
		if (file)
			return file;
	}
	return NULL;
}

/*
 * The list is a tree by tabs: vendors at its left, their devices behind one tab;
 * classes begin with "C ". Looks for @first there and for @second below it.
 */
static void look_up(const char *first, const char *second, char *outer,
		    char *inner, size_t room)
{
	static FILE *file;
	static bool tried;
	char line[512];
	bool below = false;

	outer[0] = '\0';
	inner[0] = '\0';
	if (!tried)
		file = open_list();
	tried = true;
	if (!file)
		return;
	rewind(file);
	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (below && line[0] == '\t' && line[1] != '\t' &&
		    !strncmp(line + 1, second, strlen(second))) {
			snprintf(inner, room, "%s", line + 1 + strlen(second));
			return;
		}
		if (line[0] == '\t' || line[0] == '#' || !line[0])
			continue;
		if (below)
			return;
		if (!strncmp(line, first, strlen(first))) {
			snprintf(outer, room, "%s", line + strlen(first));
			below = true;
		}
	}
}

const char *device_name(const struct bario_info *info)
{
	static char name[512];
	char vendor[200], device[200], first[8], second[8];

	snprintf(first, sizeof(first), "%04x  ", info->vendor);
	snprintf(second, sizeof(second), "%04x  ", info->device);
	look_up(first, second, vendor, device, sizeof(vendor));
	snprintf(name, sizeof(name), "%s%s%s", vendor, device[0] ? " " : "",
		 device);
	return name;
}

const char *class_name(const struct bario_info *info)
{
	static char name[200];
	char base[200], first[8], second[8];

	snprintf(first, sizeof(first), "C %02x  ", info->base_class);
	snprintf(second, sizeof(second), "%02x  ", info->subclass);
	look_up(first, second, base, name, sizeof(base));
	if (!name[0])
		memcpy(name, base, sizeof(base));
	return name;
}
