// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Facts, as people and as JSON read them. */
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

static void add_number(struct json_object *object, const char *name,
		       unsigned int digits, unsigned int number)
{
	char text[16];

	snprintf(text, sizeof(text), "%0*x", (int)digits, number);
	json_object_object_add(object, name, json_object_new_string(text));
}

static struct json_object *json_bar(unsigned int index,
				    const struct bario_bar_info *bar)
{
	struct json_object *object = json_object_new_object();

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
	return object;
}

struct json_object *json_info(const struct bario_info *info)
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
	for (i = 0; i < BARIO_BARS_MAX; i++)
		if (info->bars[i].kind)
			json_object_array_add(bars, json_bar(i, &info->bars[i]));
	json_object_object_add(object, "bars", bars);
	return object;
}
