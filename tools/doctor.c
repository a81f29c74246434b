// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* bario doctor: what is in the way, and the command that mends it. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../lib/obstacle.h"
#include "tool.h"

static struct json_object *findings;
static bool json, in_the_way;

static void add_finding(bool good, const char *help, const char *format, ...) PRINTS(3);

/* One finding: @help is what to do, or empty. */
static void add_finding(bool good, const char *help, const char *format, ...)
{
	struct json_object *object;
	char text[400];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	in_the_way |= !good;
	if (!json) {
		printf("%s%s%s  %s\n", colour(good ? GREEN : RED),
		       good ? "ok" : "NO", colour(PLAIN), text);
		if (help[0])
			printf("      %s\n", help);
		return;
	}
	object = json_object_new_object();
	json_object_object_add(object, "ok", json_object_new_boolean(good));
	json_object_object_add(object, "what", json_object_new_string(text));
	json_object_object_add(object, "hint", json_object_new_string(help));
	json_object_array_add(findings, object);
}

static void found_error(void)
{
	add_finding(false, bario_last_error()->hint, "%s", bario_last_error()->message);
}

/* The same, of one BAR. */
static void found_in_bar(unsigned int bar)
{
	add_finding(false, bario_last_error()->hint, "BAR %u: %s", bar,
		    bario_last_error()->message);
}

#ifdef __linux__
static void look_at_machine(void)
{
	if (!access("/dev/pci", F_OK))
		add_finding(true, "", "the module is loaded: /dev/pci is there");
	else
		add_finding(true, "modprobe bario", "the module is not loaded; /sys is used in its place");
	if (obstacle_lockdown())
		found_error();
	else
		add_finding(true, "", "the kernel is not locked down");
}

/* A driver that keeps no BAR from others. */
static void look_at_driver(const struct bario_info *info)
{
	add_finding(true, "", "%s is bound, which leaves BARs that it has not claimed to others",
		    info->driver);
}

static void look_at_placed(unsigned int bar, const struct bario_bar_info *info)
{
	add_finding(true, "", "BAR %u has an address%s", bar, info->decoded ?
		    " and is decoded" : "; its decoding is turned on when it is used");
}
#else
static void look_at_driver(const struct bario_info *info)
{
	char hint[120];

	snprintf(hint, sizeof(hint), "take them from all that uses it: devctl detach pci%u:%u:%u:%u",
		 info->address.domain, info->address.bus, info->address.dev,
		 info->address.func);
	add_finding(true, hint, "the driver %s is attached; BARs that it has allocated cannot be accessed",
		    info->driver);
}

/* A BAR that the system could not place looks the same in pci(4). */
static void look_at_placed(unsigned int bar, const struct bario_bar_info *info)
{
	add_finding(true, "an access fails if the system could not place it",
		    "BAR %u has the address %#llx in its register%s", bar,
		    (unsigned long long)info->address, info->decoded ? "" :
		    "; its decoding is turned on when it is used");
}

static void look_at_machine(void)
{
	if (!access("/dev/pci", F_OK))
		add_finding(true, "", "pci(4) is there: /dev/pci");
	else
		add_finding(false, "in a jail, show it: devfs -m JAIL/dev rule apply path pci unhide",
			    "there is no /dev/pci");
}
#endif

/* A driver has all BARs, and is named once. */
static void look_at_holders(struct bario *dev, const struct bario_info *info)
{
	bool driver = false;
	unsigned int i;

	for (i = 0; i < BARIO_BARS_MAX; i++) {
		if (!info->bars[i].kind ||
		    !obstacle_check(dev, i, OBSTACLE_HOLDER))
			continue;
		if (bario_last_error()->cause != BARIO_CAUSE_DRIVER)
			found_in_bar(i);
		else if (!driver)
			found_error();
		driver |= bario_last_error()->cause == BARIO_CAUSE_DRIVER;
	}
	if (!info->driver[0])
		add_finding(true, "", "no driver is bound");
	else if (!driver)
		look_at_driver(info);
}

static void look_at_bar(struct bario *dev, unsigned int bar,
			const struct bario_bar_info *info)
{
	const bool turned_on = bario_can(dev) & BARIO_CAN_DECODE;

	if (obstacle_check(dev, bar, OBSTACLE_ADDRESS) ||
	    (obstacle_check(dev, bar, OBSTACLE_DECODE) &&
	     (!turned_on || bario_last_error()->cause != BARIO_CAUSE_DECODE)) ||
	    obstacle_check(dev, bar, OBSTACLE_BRIDGE))
		found_in_bar(bar);
	else
		look_at_placed(bar, info);
}

static void look_at_power(struct bario *dev, unsigned int bar)
{
	const bool wakes = bario_can(dev) & BARIO_CAN_WAKE;

	if (obstacle_check(dev, bar, OBSTACLE_POWER))
		add_finding(wakes, bario_last_error()->hint, "%s%s",
			    bario_last_error()->message,
			    wakes ? "; it is woken up when it is used" : "");
}

static void look_at_bars(struct bario *dev, const struct bario_info *info)
{
	bool any = false;
	unsigned int i;

	for (i = 0; i < BARIO_BARS_MAX; i++) {
		if (!info->bars[i].kind)
			continue;
		if (!any)
			look_at_power(dev, i);
		any = true;
		look_at_bar(dev, i, &info->bars[i]);
	}
	if (!any)
		add_finding(false, "", "the function has no BARs");
}

static void look_at_rights(const char *name, const struct bario_info *info)
{
	struct bario *dev;
	bool denied = false;
	unsigned int i;

	if (bario_open(name, 0, &dev)) {
		found_error();
		return;
	}
	for (i = 0; i < BARIO_BARS_MAX && !denied; i++) {
		denied = info->bars[i].kind &&
			obstacle_check(dev, i, OBSTACLE_RIGHTS);
		if (denied)
			found_error();
	}
	if (!denied)
		add_finding(true, "", "you may open it to read and write registers");
	bario_close(dev);
}

static void look_at_device(const char *name)
{
	struct bario_info info;
	struct bario *dev;

	if (bario_open(name, BARIO_OPEN_INFO, &dev)) {
		found_error();
		return;
	}
	if (bario_get_info(dev, &info, sizeof(info))) {
		found_error();
	} else {
		add_finding(true, "", "%s is there, by %s", bario_name(dev),
			    bario_backend(dev));
		look_at_holders(dev, &info);
		look_at_bars(dev, &info);
		look_at_rights(name, &info);
	}
	bario_close(dev);
}

int run_doctor(int argc, char **argv)
{
	struct options opt;
	char **args;

	args = options(argc, argv, OPTION_JSON, 0, 1, &opt);
	json = opt.json;
	findings = json_object_new_array();
	/* For what is simulated no machine matters. */
	if (!args[0] || strncmp(args[0], "sim:", 4))
		look_at_machine();
	if (args[0])
		look_at_device(args[0]);
	if (json)
		put_json(findings);
	else
		json_object_put(findings);
	return in_the_way ? EXIT_MISMATCH : 0;
}
