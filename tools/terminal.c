// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* What is different on a terminal: colours, and progress. */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "tool.h"

#define EVERY_NS	200000000	/* how often progress is shown */

static bool is_terminal(int fd)
{
	const char *kind = getenv("TERM");

	return isatty(fd) && kind && strcmp(kind, "dumb");
}

const char *colour(enum colour which)
{
	static const char *const codes[] = {
		[PLAIN] = "\033[0m", [RED] = "\033[31m", [GREEN] = "\033[32m",
	};
	const char *no = getenv("NO_COLOR");

	return is_terminal(STDOUT_FILENO) && !(no && no[0]) ? codes[which] : "";
}

static uint64_t now_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000ull + time.tv_nsec;
}

void progress(uint64_t done, uint64_t all)
{
	static uint64_t next;
	static bool shown;

	if (!is_terminal(STDERR_FILENO))
		return;
	if (done < all && now_ns() >= next) {
		/* The first time comes late: what is quick shows none. */
		if (next)
			fprintf(stderr, "\r%3u%%",
				(unsigned int)(done * 100.0 / all));
		shown = next;
		next = now_ns() + EVERY_NS;
	} else if (done == all && shown) {
		fputs("\r    \r", stderr);
		shown = false;
	}
}
