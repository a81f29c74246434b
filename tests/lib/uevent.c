// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's events as the monitor reads them: events cut anywhere, and of other
 * devices, are ignored. tests/guest/libmonitor.t has those of a kernel.
 */
#include "check.h"
#include <poll.h>
#include <stdlib.h>
#include "../../lib/uevent.c"

/* Lines of an event; the kernel has a NUL after each. */
static size_t parse(const char *lines, struct bario_monitor_event *event)
{
	const size_t len = strlen(lines);
	/* Just as long, so that a sanitizer sees what is past it. */
	char *text = malloc(len);
	bool is_event;
	size_t i;

	assert_non_null(text);
	for (i = 0; i < len; i++)
		text[i] = lines[i] == '\n' ? '\0' : lines[i];
	is_event = uevent_parse(text, len, event);
	free(text);
	return is_event;
}

#define HEAD	"add@/devices/pci0000:00/0000:00:05.0\n"
#define ADD	HEAD "ACTION=add\nDEVPATH=/devices/pci0000:00/0000:00:05.0\n"	\
		"SUBSYSTEM=pci\nPCI_CLASS=FF00\nPCI_SLOT_NAME=0001:a0:05.3\nSEQNUM=1\n"

static void events(void **state)
{
	static const char *const others[] = {
		"", "\n", "add", HEAD,
		HEAD "ACTION=change\nSUBSYSTEM=pci\nPCI_SLOT_NAME=0000:00:05.0\n",
		HEAD "ACTION=bind\nSUBSYSTEM=pci\nPCI_SLOT_NAME=0000:00:05.0\n",
		HEAD "ACTION=add\nSUBSYSTEM=pci_bus\nPCI_SLOT_NAME=0000:00:05.0\n",
		HEAD "ACTION=add\nSUBSYSTEM=net\nPCI_SLOT_NAME=0000:00:05.0\n",
		HEAD "ACTION=add\nSUBSYSTEM=pci\n",
		HEAD "ACTION=add\nSUBSYSTEM=pci\nPCI_SLOT_NAME=foo\n",
		HEAD "ACTION=add\nSUBSYSTEM=pci\nPCI_SLOT_NAME=0000:00:05.0",
		ADD "SYNTH_UUID=0\n",
		HEAD "XACTION=add\nSUBSYSTEM=pci\nPCI_SLOT_NAME=0000:00:05.0\n",
	};
	struct bario_monitor_event event;
	char text[BARIO_ADDRESS_TEXT];
	size_t i;

	(void)state;
	assert_true(parse(ADD, &event));
	assert_int_equal(event.what, BARIO_MONITOR_ADDED);
	bario_address_text(&event.address, text);
	assert_string_equal(text, "0001:a0:05.3");
	assert_true(parse("remove@/x\nACTION=remove\nSUBSYSTEM=pci\nPCI_SLOT_NAME=0000:00:05.0\n",
			  &event));
	assert_int_equal(event.what, BARIO_MONITOR_REMOVED);
	for (i = 0; i < COUNT(others); i++)
		assert_false(parse(others[i], &event));
}

/* Cut anywhere: an event, or none, and nothing past the end is looked at. */
static void cut(void **state)
{
	struct bario_monitor_event event;
	char text[sizeof(ADD)];
	size_t len;

	(void)state;
	for (len = 0; len < sizeof(ADD); len++) {
		memcpy(text, ADD, len);
		text[len] = '\0';
		if (parse(text, &event))
			assert_int_equal(event.what, BARIO_MONITOR_ADDED);
	}
}

static void opened(void **state)
{
	struct bario_monitor_event event = { .what = 42 };
	struct bario_monitor *monitor;
	int got;

	(void)state;
	assert_fails(bario_monitor_open(1, &monitor), EINVAL,
		     BARIO_CAUSE_OPERATION);
	assert_null(monitor);
	assert_int_equal(bario_monitor_open(0, &monitor), 0);
	assert_true(bario_monitor_fd(monitor) >= 0);
	/* This machine may have events of its own. */
	got = bario_monitor_read(monitor, &event, sizeof(event));
	assert_true(got == 0 || got == 1);
	if (!got)
		assert_int_equal(event.what, 42);
	bario_monitor_close(monitor);
	bario_monitor_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(events),
		cmocka_unit_test(cut),
		cmocka_unit_test(opened),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
