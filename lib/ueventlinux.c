// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Linux's events about devices, from the kernel itself: netlink(7),
 * NETLINK_KOBJECT_UEVENT.
 */
#include <linux/netlink.h>
#include <sys/socket.h>
#include <unistd.h>
#include "internal.h"
#include "uevent.h"

#define KERNEL_GROUP	1	/* the other one is udev's */
#define EVENT_MAX	8192	/* the kernel's own limit is 2048 bytes and a header */

int uevent_open(void)
{
	const struct sockaddr_nl address = {
		.nl_family = AF_NETLINK, .nl_groups = KERNEL_GROUP,
	};
	const int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC |
			      SOCK_NONBLOCK, NETLINK_KOBJECT_UEVENT);
	int error;

	if (fd < 0)
		return fail_system("the kernel's events");
	if (!bind(fd, (const struct sockaddr *)&address, sizeof(address)))
		return fd;
	error = fail_system("the kernel's events");
	close(fd);
	return error;
}

/* The kernel has had no capacity left for an event. */
static int fail_overflow(void)
{
	return error_hint(fail(ENOBUFS, BARIO_CAUSE_OVERFLOW,
			       "events came faster than they were read, and some are lost"),
			  "list the functions again");
}

int uevent_read(int fd, struct bario_monitor_event *event)
{
	char text[EVENT_MAX];
	struct sockaddr_nl from;
	socklen_t size;
	ssize_t got;

	for (;;) {
		size = sizeof(from);
		got = recvfrom(fd, text, sizeof(text), 0,
			       (struct sockaddr *)&from, &size);
		if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return 0;
		if (got < 0 && errno == ENOBUFS)
			return fail_overflow();
		if (got < 0 && errno != EINTR)
			return fail_system("the kernel's events");
		/* Root's programs can send to the group, too. */
		if (got > 0 && size == sizeof(from) && !from.nl_pid &&
		    uevent_parse(text, got, event))
			return 1;
	}
}
