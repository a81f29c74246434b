// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* bario grant: what a file may do, and nodes for less than a device. */
#include <stdlib.h>
#include <string.h>
#include "tool.h"

#define RULES_MAX	1024	/* of the module */

static struct bario_rule rules[RULES_MAX];

static struct json_object *json_rule(const struct bario_rule *rule)
{
	struct json_object *object = json_object_new_object();
	char address[BARIO_ADDRESS_TEXT], text[RULE_TEXT];
	const struct bario_address function = rule_address(rule);

	bario_address_text(&function, address);
	rule_text(rule, text);
	json_object_object_add(object, "device", json_object_new_string(address));
	json_object_object_add(object, "rule", json_object_new_string(text));
	return object;
}

static int show_grant(const char *name, bool json)
{
	struct bario *dev = device_or_die(name, 0);
	char address[BARIO_ADDRESS_TEXT], text[RULE_TEXT];
	struct json_object *all, *list;
	size_t i, count;
	struct bario_address function;
	uint32_t attributes;
	bool everything;

	if (bario_get_grant(dev, 0, rules, RULES_MAX, &count, &attributes)) {
		bario_close(dev);
		return failed();
	}
	everything = attributes & BARIO_GRANT_ALL;
	all = json_object_new_object();
	list = json_object_new_array();
	json_object_object_add(all, "all", json_object_new_boolean(everything));
	json_object_object_add(all, "rules", list);
	if (everything && !json)
		puts("everything");
	for (i = 0; i < count; i++) {
		json_object_array_add(list, json_rule(&rules[i]));
		function = rule_address(&rules[i]);
		bario_address_text(&function, address);
		rule_text(&rules[i], text);
		if (!json)
			printf("%s %s\n", address, text);
	}
	if (json)
		put_json(all);
	else
		json_object_put(all);
	bario_close(dev);
	return 0;
}

/* DEVICE RULE... [DEVICE RULE...]... */
static size_t rules_or_die(char **args)
{
	struct bario_info info;
	struct bario *dev;
	bool used = true;
	size_t count = 0;

	if (!*args || is_rule(*args))
		usage("a device comes before its rules");
	for (; *args; args++) {
		if (is_rule(*args)) {
			if (count == RULES_MAX)
				usage("there are more than %d rules", RULES_MAX);
			rules[count++] = rule_or_die(*args, &info.address);
			used = true;
			continue;
		}
		if (!used)
			break;
		dev = device_or_die(*args, BARIO_OPEN_INFO);
		if (bario_get_info(dev, &info, sizeof(info)))
			exit(failed());
		bario_close(dev);
		used = false;
	}
	if (!used)
		usage("a device has no rules: all of BAR 0, to read and write, is 0:rw");
	return count;
}

int run_grant(int argc, char **argv)
{
	struct options opt;
	size_t count;
	char **args;

	args = options(argc, argv, OPTION_JSON | OPTION_CDI, 0, -1, &opt);
	if (opt.cdi)
		return show_cdi(args);
	if (!args[0])
		usage("one of show, publish and unpublish is missing");
	if (strcmp(args[0], "show") && strcmp(args[0], "publish") &&
	    strcmp(args[0], "unpublish"))
		usage("'%s' is not one of show, publish and unpublish", args[0]);
	if (!args[1])
		usage("%s of what? A device or a name is missing", args[0]);
	if (!strcmp(args[0], "show")) {
		if (args[2])
			usage("'%s' is one argument too many", args[2]);
		return show_grant(args[1], opt.json);
	}
	if (!strcmp(args[0], "publish")) {
		count = rules_or_die(args + 2);
		return bario_publish(args[1], rules, count, 0, 0, 0, 0600) ?
			failed() : 0;
	}
	if (args[2])
		usage("'%s' is one argument too many", args[2]);
	return bario_unpublish(args[1], 0) ? failed() : 0;
}
