// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Facts, as people and as JSON read them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "tool.h"

void size_text(uint64_t size, char text[SIZE_TEXT])
{
	static const char units[] = "KMGTPE";
	char unit[2] = "";
	size_t i;

	for (i = 0; size && size % 1024 == 0 && i < sizeof(units) - 1; i++) {
		size /= 1024;
		unit[0] = units[i];
	}
	snprintf(text, SIZE_TEXT, "%llu%s", (unsigned long long)size, unit);
}

struct bario_held get_holder(struct bario *dev, unsigned int bar)
{
	struct bario_held held = { 0 };

	bario_get_holder(dev, bar, &held, sizeof(held));
	return held;
}

/* All bridges, as they were when the first parent was asked for. */
static struct bario_info *bridges;
static size_t bridge_count;

static int add_bridge(const struct bario_info *info, void *arg)
{
	struct bario_info *more;

	(void)arg;
	if (!info->secondary_bus)
		return 0;
	more = realloc(bridges, (bridge_count + 1) * sizeof(*bridges));
	if (!more)
		return -ENOMEM;
	bridges = more;
	bridges[bridge_count++] = *info;
	return 0;
}

/* Of the bridges that lead to the bus, the one next to it. */
void parent_text(struct bario *dev, const struct bario_info *info,
		 char text[BARIO_ADDRESS_TEXT])
{
	const struct bario_info *bridge, *parent = NULL;
	static bool listed;

	text[0] = '\0';
	if (!strcmp(bario_backend(dev), "sim"))
		return;
	/* Where the list cannot be had, no parent is known. */
	if (!listed)
		bario_list(bario_backend(dev), 0, add_bridge, NULL,
			   sizeof(struct bario_info));
	listed = true;
	for (bridge = bridges; bridge < bridges + bridge_count; bridge++)
		if (bridge->address.domain == info->address.domain &&
		    bridge->secondary_bus <= info->address.bus &&
		    bridge->subordinate_bus >= info->address.bus &&
		    (!parent || bridge->secondary_bus > parent->secondary_bus))
			parent = bridge;
	if (parent)
		bario_address_text(&parent->address, text);
}

static void add_number(struct json_object *object, const char *name,
		       unsigned int digits, unsigned int number)
{
	char text[16];

	snprintf(text, sizeof(text), "%0*x", (int)digits, number);
	json_object_object_add(object, name, json_object_new_string(text));
}

static struct json_object *json_bar(struct bario *dev, unsigned int index,
				    const struct bario_bar_info *bar)
{
	static const char *const holders[] = {
		[BARIO_HELD_UNKNOWN] = "unknown", [BARIO_HELD_NONE] = "none",
		[BARIO_HELD_FILES] = "files", [BARIO_HELD_DRIVER] = "driver",
		[BARIO_HELD_OTHER] = "other",
	};
	struct json_object *object = json_object_new_object();
	const struct bario_held held = get_holder(dev, index);

	json_object_object_add(object, "bar", json_object_new_int(index));
	json_object_object_add(object, "kind", json_object_new_string(
		bar->kind == BARIO_KIND_PORT ? "port" : "memory"));
	json_object_object_add(object, "size", json_hex(bar->size));
	json_object_object_add(object, "address", bar->assigned ?
			       json_hex(bar->address) : NULL);
	json_object_object_add(object, "decoded",
			       json_object_new_boolean(bar->decoded));
	json_object_object_add(object, "64-bit",
			       json_object_new_boolean(bar->wide));
	json_object_object_add(object, "prefetchable",
			       json_object_new_boolean(bar->prefetch));
	json_object_object_add(object, "holder",
			       json_object_new_string(holders[held.by]));
	json_object_object_add(object, "holder_name", held.name[0] ?
			       json_object_new_string(held.name) : NULL);
	return object;
}

struct json_object *json_info(struct bario *dev, const struct bario_info *info)
{
	struct json_object *object = json_object_new_object();
	struct json_object *bars = json_object_new_array();
	char text[BARIO_ADDRESS_TEXT];
	unsigned int i;

	bario_address_text(&info->address, text);
	json_object_object_add(object, "device", json_object_new_string(text));
	add_number(object, "vendor_id", 4, info->vendor);
	add_number(object, "device_id", 4, info->device);
	add_number(object, "subvendor_id", 4, info->subvendor);
	add_number(object, "subdevice_id", 4, info->subdevice);
	add_number(object, "class", 6, info->base_class << 16 |
		   info->subclass << 8 | info->progif);
	add_number(object, "revision", 2, info->revision);
	json_object_object_add(object, "header",
			       json_object_new_int(info->header));
	json_object_object_add(object, "driver", info->driver[0] ?
			       json_object_new_string(info->driver) : NULL);
	json_object_object_add(object, "name",
			       json_object_new_string(device_name(info)));
	json_object_object_add(object, "class_name",
			       json_object_new_string(class_name(info)));
	parent_text(dev, info, text);
	json_object_object_add(object, "parent", text[0] ?
			       json_object_new_string(text) : NULL);
	for (i = 0; i < BARIO_BARS_MAX; i++)
		if (info->bars[i].kind)
			json_object_array_add(bars, json_bar(dev, i, &info->bars[i]));
	json_object_object_add(object, "bars", bars);
	return object;
}
