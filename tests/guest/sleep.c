// SPDX-License-Identifier: GPL-2.0
/* The machine sleeps while a function is in use. */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <sys/wait.h>
#include "hold.h"
#include "record.h"

static void slept(void)
{
	int fd = open_node(edu, O_RDWR), status = -1;
	volatile uint32_t *at = map_bar(fd, edu, 0, PCIIO_BAR_MMAP_RW, NULL);
	unsigned long before;
	pid_t pid;

	if (!write_file("/sys/power/pm_test", "devices")) {
		ok(true, "sleep # SKIP this kernel has no /sys/power/pm_test");
		close(fd);
		return;
	}
	write_file("/sys/module/suspend/parameters/pm_test_delay", "1");
	if (!at)
		bail("edu can't be mapped");
	get(fd, edu, 0, 0, 4);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		uint32_t value;
		int i;

		for (i = 0; i < 2000; i++) {
			if (try_read(fd, edu, 0, 0, 4, &value) ||
			    value != EDU_ID || faults(at, false) || *at != EDU_ID)
				_exit(1);
			usleep(1000);
		}
		_exit(0);
	}
	before = counter(edu, "accesses");
	ok(write_file("/sys/power/state", "freeze"), "devices sleep and wake up");
	write_file("/sys/power/pm_test", "none");
	is(*at, EDU_ID, "a mapping made before works after");
	is(get(fd, edu, 0, 0, 4), EDU_ID, "and so does a file");
	ok(claimed(edu, 0), "the claim was kept");
	is_str(holder(fd, edu, 0), "files", "as HOLDER says");
	ok(counter(edu, "accesses") > before, "and the counters go on");
	waitpid(pid, &status, 0);
	is(status, 0, "who read on all the while saw the right value each time");
	munmap((void *)at, bar_range(edu, 0).size);
	close(fd);
	is(claims(), 0, "nothing is claimed");
}

int main(void)
{
	tap_begin();
	slept();
	return tap_end();
}
