/* SPDX-License-Identifier: GPL-2.0 */
/* Processes that tests fork. */
#ifndef BARIO_TESTS_LIB_CHILD_H
#define BARIO_TESTS_LIB_CHILD_H

#include <sys/wait.h>
#include <unistd.h>
#include "check.h"

/*
 * Ends a child by another program: what the parent still has open is not a leak of the
 * child's, and valgrind does not look for any.
 */
static inline void end_child(int status)
{
	char command[16];

	snprintf(command, sizeof(command), "exit %d", status);
	execl("/bin/sh", "sh", "-c", command, NULL);
	_exit(127);
}

/* In a child: what does not hold is the number that it ends with. */
#define CHILD(condition, number)					\
	do {								\
		if (!(condition))					\
			end_child(number);				\
	} while (0)

/* The child has found all as it should be. */
static inline void assert_ended(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

#endif /* BARIO_TESTS_LIB_CHILD_H */
