// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* FreeBSD: its events about devices are devd(8)'s. */
#include "internal.h"
#include "uevent.h"

int uevent_open(void)
{
	return fail(EOPNOTSUPP, BARIO_CAUSE_UNSUPPORTED,
		    "functions that arrive and go are watched on Linux only");
}

int uevent_read(int fd, struct bario_monitor_event *event)
{
	(void)fd;
	(void)event;
	return 0;
}
