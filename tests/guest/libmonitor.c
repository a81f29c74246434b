// SPDX-License-Identifier: GPL-2.0
/*
 * Tests libbario(3): Arrival and removal. Functions are plugged in and pulled out,
 * removed and found again while a monitor that an ordinary user opened watches.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <sys/socket.h>
#include "../../include/bario.h"
#include "hot.h"

#define MANY	1000	/* events, of half a kilobyte at least */
#define CAPACITY 32768	/* of the socket, in bytes: far less */

static struct bario_monitor *monitor_of_nobody(void)
{
	struct bario_monitor *monitor = NULL;
	int error;

	if (seteuid(NOBODY))
		bail("seteuid");
	error = bario_monitor_open(0, &monitor);
	if (seteuid(0))
		bail("seteuid back");
	if (!is(-error, 0, "a monitor opens without any rights"))
		bail("%s", bario_last_error()->message);
	return monitor;
}

/* The next event: 1; none within a minute: 0; or the error. */
static int next_event(struct bario_monitor *monitor, void *event, size_t size)
{
	struct pollfd wait = {
		.fd = bario_monitor_fd(monitor), .events = POLLIN,
	};
	int got;

	do {
		got = bario_monitor_read(monitor, event, size);
	} while (!got && poll(&wait, 1, 60000) > 0);
	return got;
}

static void expect_event(struct bario_monitor *monitor, uint32_t what,
			 struct pcisel sel, const char *name)
{
	struct bario_monitor_event event = { 0 };
	char got[80], want[80], address[BARIO_ADDRESS_TEXT];
	const int error = next_event(monitor, &event, sizeof(event));

	bario_address_text(&event.address, address);
	snprintf(got, sizeof(got), "%d: %u %s", error, event.what, address);
	snprintf(want, sizeof(want), "1: %u %s", what, sysfs_name(sel));
	is_str(got, want, "%s", name);
}

static void expect_none(struct bario_monitor *monitor, const char *name)
{
	struct bario_monitor_event event = { .what = 42 };

	is(bario_monitor_read(monitor, &event, sizeof(event)), 0, "%s", name);
	is(event.what, 42, "%s: the event is as it was", name);
}

static void plugged(struct bario_monitor *monitor)
{
	if (!ok(plug("edu"), "hot-plugging: edu is plugged in"))
		bail("can't go on");
	expect_event(monitor, BARIO_MONITOR_ADDED, hot,
		     "hot-plugging: the function is added");
	expect_none(monitor, "hot-plugging: one event for one function");
	if (!ok(unplug(), "hot-plugging: edu is pulled out"))
		bail("can't go on");
	expect_event(monitor, BARIO_MONITOR_REMOVED, hot,
		     "hot-plugging: the function is removed");
	expect_none(monitor, "hot-plugging: one event for its removal");
}

static void removed(struct bario_monitor *monitor)
{
	remove_function(bridge);
	expect_event(monitor, BARIO_MONITOR_REMOVED, behind,
		     "sysfs: the function behind a bridge is removed with it");
	expect_event(monitor, BARIO_MONITOR_REMOVED, bridge,
		     "sysfs: the bridge is removed after it");
	rescan();
	expect_event(monitor, BARIO_MONITOR_ADDED, bridge,
		     "sysfs: a rescan adds the bridge");
	expect_event(monitor, BARIO_MONITOR_ADDED, behind,
		     "sysfs: a rescan adds the function behind it");
	expect_none(monitor, "sysfs: an event for each function and no more");
}

/* What "udevadm trigger" does; it is done when the write is. */
static void trigger(void)
{
	if (!attribute(behind, "uevent", "add"))
		bail("uevent");
}

static void sizes(struct bario_monitor *monitor)
{
	struct {
		struct bario_monitor_event	event;
		uint64_t			later;
	} large = { .later = 42 };
	struct bario_monitor_event small = { .address.domain = 42 };
	int got;

	is(-bario_monitor_read(monitor, &small, 0), EINVAL,
	   "bario_monitor_read(): a size of 0: EINVAL");
	remove_function(behind);
	rescan();
	got = next_event(monitor, &small, sizeof(small.what));
	ok(got == 1 && small.what == BARIO_MONITOR_REMOVED &&
	   small.address.domain == 42,
	   "bario_monitor_read(): of a smaller structure only what fits is filled in");
	got = next_event(monitor, &large, sizeof(large));
	ok(got == 1 && large.event.what == BARIO_MONITOR_ADDED && !large.later,
	   "bario_monitor_read(): of a larger structure the rest becomes 0");
}

static void overflown(struct bario_monitor *monitor)
{
	const int fd = bario_monitor_fd(monitor), capacity = CAPACITY;
	struct bario_monitor_event event;
	int i, got;

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &capacity,
		       sizeof(capacity)))
		bail("SO_RCVBUF");
	for (i = 0; i < MANY; i++)
		trigger();
	got = next_event(monitor, &event, sizeof(event));
	is(-got, ENOBUFS, "events that are lost: ENOBUFS");
	is_str(bario_cause_name(bario_last_error()->cause), "overflow",
	       "events that are lost: the cause is overflow");
	is_str(bario_last_error()->hint, "list the functions again",
	       "events that are lost: the hint says what to do");
	expect_none(monitor, "events that are lost: the rest is read");
	remove_function(behind);
	expect_event(monitor, BARIO_MONITOR_REMOVED, behind,
		     "events that are lost: the monitor goes on");
	rescan();
	expect_event(monitor, BARIO_MONITOR_ADDED, behind,
		     "events that are lost: and goes on");
}

int main(void)
{
	struct bario_monitor *monitor;

	tap_begin();
	hot_begin();
	monitor = monitor_of_nobody();
	ok(fcntl(bario_monitor_fd(monitor), F_GETFD) & FD_CLOEXEC,
	   "bario_monitor_fd(): the descriptor is closed by exec");
	expect_none(monitor, "a monitor begins with no event");
	plugged(monitor);
	removed(monitor);
	trigger();
	expect_none(monitor, "an event that udevadm trigger makes is none");
	sizes(monitor);
	overflown(monitor);
	bario_monitor_close(monitor);
	return tap_end();
}
