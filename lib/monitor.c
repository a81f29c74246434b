// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Functions that arrive and go, as events. */
#include <stdlib.h>
#include <unistd.h>
#include "internal.h"
#include "uevent.h"

struct bario_monitor {
	int	fd;
};

BARIO_API int bario_monitor_open(uint32_t flags, struct bario_monitor **out)
{
	struct bario_monitor *monitor;
	int error;

	*out = NULL;
	error_at_nothing();
	error = check_flags(flags, 0, "watch");
	if (error)
		return error;
	monitor = calloc(1, sizeof(*monitor));
	if (!monitor)
		return fail_memory();
	monitor->fd = uevent_open();
	if (monitor->fd < 0) {
		error = monitor->fd;
		free(monitor);
		return error;
	}
	*out = monitor;
	return 0;
}

BARIO_API void bario_monitor_close(struct bario_monitor *monitor)
{
	if (!monitor)
		return;
	close(monitor->fd);
	free(monitor);
}

BARIO_API int bario_monitor_fd(const struct bario_monitor *monitor)
{
	return monitor->fd;
}

BARIO_API int bario_monitor_read(struct bario_monitor *monitor,
				 struct bario_monitor_event *event, size_t size)
{
	struct bario_monitor_event found = { 0 };
	int got;

	error_at_nothing();
	got = check_size(size);
	if (!got)
		got = uevent_read(monitor->fd, &found);
	if (got > 0)
		copy_out(event, size, &found, sizeof(found));
	return got;
}
