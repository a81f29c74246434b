// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* bario doctor: what is in the way, and the command that mends it. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../lib/text.h"
#include "tool.h"

static struct json_object *findings;
static bool json, in_the_way;

static void found(bool good, const char *help, const char *format, ...) PRINTS(3);

/* One finding: @help is what to do, or empty. */
static void found(bool good, const char *help, const char *format, ...)
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
	found(false, bario_error()->hint, "%s", bario_error()->message);
}

static bool file_says(const char *path, const char *what)
{
	char *chars;
	bool says;

	if (text_load(path, &chars))
		return false;
	says = strstr(chars, what);
	free(chars);
	return says;
}

/* The commands that help, which are the system's. */
#ifdef __linux__
static void unassigned_help(char *help, size_t room, unsigned int bar)
{
	snprintf(help, room, "dmesg | grep 'BAR %u'", bar);
}

static void decode_help(char *help, size_t room, const char *device,
			enum bario_kind kind)
{
	(void)kind;
	snprintf(help, room, "echo 1 >/sys/bus/pci/devices/%s/enable", device);
}

static void look_at_driver(const struct bario_info *info)
{
	char device[BARIO_ADDRESS_TEXT], help[200];

	if (!strcmp(info->driver, "pci-stub") ||
	    !strcmp(info->driver, "vfio-pci")) {
		found(true, "", "%s is bound, which leaves BARs that it has not claimed to others",
		      info->driver);
		return;
	}
	bario_address_text(&info->address, device);
	snprintf(help, sizeof(help), "take it from all that uses it: echo %s >/sys/bus/pci/drivers/%s/unbind",
		 device, info->driver);
	found(false, help, "the driver %s has this function to itself",
	      info->driver);
}

static void look_at_placed(unsigned int bar, const struct bario_bar_info *info)
{
	found(true, "", "BAR %u has an address%s", bar, info->decoded ?
	      " and is decoded" : "; its decoding is turned on when it is used");
}

static void look_at_machine(void)
{
	if (!access("/dev/pci", F_OK))
		found(true, "", "the module is loaded: /dev/pci is there");
	else
		found(true, "modprobe bario", "the module is not loaded; /sys is used in its place");
	if (access("/sys/kernel/security/lockdown", F_OK) ||
	    file_says("/sys/kernel/security/lockdown", "[none]"))
		found(true, "", "the kernel is not locked down");
	else
		found(false, "Secure Boot does this; it is turned off in the firmware, or by mokutil --disable-validation",
		      "the kernel is locked down and gives no program access to devices");
}
#else
static void unassigned_help(char *help, size_t room, unsigned int bar)
{
	(void)bar;
	snprintf(help, room, "pciconf -lb");
}

static void decode_help(char *help, size_t room, const char *device,
			enum bario_kind kind)
{
	const int bit = kind == BARIO_KIND_PORT ? 1 : 2;

	snprintf(help, room, "bario config %s 4.2=%d:%d", device, bit, bit);
}

static void look_at_driver(const struct bario_info *info)
{
	char help[120];

	snprintf(help, sizeof(help), "take them from all that uses it: devctl detach pci%u:%u:%u:%u",
		 info->address.domain, info->address.bus, info->address.dev,
		 info->address.func);
	found(true, help, "the driver %s is attached; BARs that it has allocated cannot be accessed",
	      info->driver);
}

/* A BAR that the system found no room for looks the same in pci(4). */
static void look_at_placed(unsigned int bar, const struct bario_bar_info *info)
{
	found(true, "an access fails if the system found no room for it",
	      "BAR %u has the address %#llx in its register%s", bar,
	      (unsigned long long)info->address, info->decoded ? "" :
	      "; its decoding is turned on when it is used");
}

static void look_at_machine(void)
{
	if (!access("/dev/pci", F_OK))
		found(true, "", "pci(4) is there: /dev/pci");
	else
		found(false, "in a jail, show it: devfs -m JAIL/dev rule apply path pci unhide",
		      "there is no /dev/pci");
}
#endif

static void look_at_bars(struct bario *dev, const struct bario_info *info)
{
	const struct bario_bar_info *bar;
	char help[200] = "";
	unsigned int i, bars = 0;

	for (i = 0; i < BARIO_BARS_MAX; i++) {
		bar = &info->bars[i];
		if (!bar->kind)
			continue;
		bars++;
		if (!bar->assigned) {
			unassigned_help(help, sizeof(help), i);
			found(false, help, "BAR %u has no address", i);
		} else if (!bar->decoded && !(bario_can(dev) & BARIO_CAN_DECODE)) {
			decode_help(help, sizeof(help), bario_name(dev),
				    bar->kind);
			found(false, help, "BAR %u is not decoded", i);
		} else {
			look_at_placed(i, bar);
		}
	}
	if (!bars)
		found(false, "", "the function has no BARs");
}

static void look_at_power(struct bario *dev)
{
	char path[80], help[120];
	static const char *const low[] = { "D1", "D2", "D3hot", "D3cold" };
	size_t i;

	if (!strcmp(bario_backend(dev), "sim"))
		return;
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/power_state",
		 bario_name(dev));
	/* Older kernels have no such file, nor has FreeBSD. */
	if (access(path, F_OK))
		return;
	for (i = 0; i < COUNT(low); i++) {
		if (!file_says(path, low[i]))
			continue;
		snprintf(help, sizeof(help), "echo on >/sys/bus/pci/devices/%s/power/control",
			 bario_name(dev));
		found(bario_can(dev) & BARIO_CAN_WAKE, help,
		      "the function is asleep, in %s%s", low[i],
		      bario_can(dev) & BARIO_CAN_WAKE ?
		      "; it is woken up when it is used" : "");
		return;
	}
	found(true, "", "the function is awake");
}

/* The files that an access by /sys opens. */
static void look_at_files(const char *device, const struct bario_info *info)
{
	char path[80];
	unsigned int i;

	for (i = 0; i < BARIO_BARS_MAX; i++) {
		if (!info->bars[i].kind)
			continue;
		snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/resource%u",
			 device, i);
		if (access(path, F_OK))
			found(false, "modprobe bario", "this kernel gives no access to BAR %u in /sys: there is no %s",
			      i, path);
		else if (access(path, R_OK | W_OK))
			found(false, "run it as root, or load the module and be given the function's node",
			      "%s is not yours to open", path);
		else
			found(true, "", "%s is yours to open", path);
	}
}

static void look_at_device(const char *name)
{
	struct bario *dev, *full;
	struct bario_info info;

	if (bario_open(name, BARIO_OPEN_INFO, &dev)) {
		found_error();
		return;
	}
	if (bario_info(dev, &info)) {
		found_error();
		bario_close(dev);
		return;
	}
	found(true, "", "%s is there, by %s", bario_name(dev),
	      bario_backend(dev));
	if (info.driver[0])
		look_at_driver(&info);
	else
		found(true, "", "no driver is bound");
	look_at_bars(dev, &info);
	look_at_power(dev);
	if (!strcmp(bario_backend(dev), "sysfs")) {
		look_at_files(bario_name(dev), &info);
	} else if (bario_open(name, 0, &full)) {
		found_error();
	} else {
		found(true, "", "you may open it to read and write registers");
		bario_close(full);
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
	look_at_machine();
	if (args[0])
		look_at_device(args[0]);
	if (json)
		put_json(findings);
	else
		json_object_put(findings);
	return in_the_way ? EXIT_MISMATCH : 0;
}
