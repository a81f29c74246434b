// SPDX-License-Identifier: GPL-2.0
/* Tests barioc(4): BARIOC_REVOKE. Under load, and by two at once. */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <sys/wait.h>
#include "derive.h"

#define EDU_ID	0x010000edu

static int pci;

static volatile struct {
	unsigned int	stop;
	unsigned int	wrong;
	unsigned int	begun;
	unsigned int	ended;
	unsigned int	late;
} *shared;

static void client(int fd, unsigned int which)
{
	bool dead = false, begun = false;
	int error;

	while (!shared->stop && !dead) {
		uint32_t value = 0;
		uint32_t *at;

		error = try_read(fd, edu, 0, 0, 4, &value);
		if (error == ENODEV)
			dead = true;
		else if (error || value != EDU_ID)
			__atomic_add_fetch(&shared->wrong, 1, __ATOMIC_RELAXED);
		at = map_pages(fd, 0, 0, 1, PROT_READ);
		if (!at && errno != ENODEV)
			__atomic_add_fetch(&shared->wrong, 1, __ATOMIC_RELAXED);
		if (at && which % 2 && faults(at, false) < 0)
			__atomic_add_fetch(&shared->wrong, 1, __ATOMIC_RELAXED);
		if (at && dead && !faults(at, false))
			__atomic_add_fetch(&shared->late, 1, __ATOMIC_RELAXED);
		if (at)
			munmap(at, PAGE);
		if (which % 4 == 3) {
			struct barioc_rule one = rule(edu, 0, R | M, 0, TO_END);
			int more = derive(fd, &one, 1, NULL);

			if (more < 0 && errno != ENODEV)
				__atomic_add_fetch(&shared->wrong, 1, __ATOMIC_RELAXED);
			if (dead && more >= 0 && !try_read(more, edu, 0, 0, 4, &value))
				__atomic_add_fetch(&shared->late, 1, __ATOMIC_RELAXED);
			if (more >= 0)
				close(more);
		}
		if (!dead && !begun)
			__atomic_add_fetch(&shared->begun, 1, __ATOMIC_RELAXED);
		begun = true;
	}
	__atomic_add_fetch(&shared->ended, 1, __ATOMIC_RELAXED);
}

static void racing(void)
{
	unsigned int round, i, fine = 0;
	pid_t pid[8];
	uint32_t id;

	about("BARIOC_REVOKE under load");
	shared = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	for (round = 0; round < 12; round++) {
		int fd = derive_id(pci, edu, R | M, &id), status;
		unsigned int done = 0, tries;

		for (i = 0; i < 8; i++) {
			pid[i] = fork();
			if (!pid[i]) {
				client(fd, i);
				_exit(0);
			}
		}
		close(fd);
		/* On a busy host they may take a while to begin. */
		for (tries = 0; tries < 60000 && shared->begun < 8 * (round + 1); tries++)
			usleep(1000);
		usleep(7000 * round);
		revoke_id(pci, id);
		for (i = 0; i < 8; i++)
			done += waitpid(pid[i], &status, 0) == pid[i] && !status;
		fine += done == 8;
	}
	is(fine, 12, "12 times under 8 processes: each of them ends");
	is(shared->begun, 12 * 8, "each process was served before");
	is(shared->ended, 12 * 8, "each process ends with ENODEV");
	is(shared->wrong, 0, "no process has seen a wrong value");
	is(shared->late, 0, "no process was served after ENODEV");
	is(claims(), 0, "nothing is claimed");
}

/* Give and take at once, in a file that many share. */
static void racing_givers(void)
{
	struct barioc_rule one = rule(edu, 0, R, 0, 4);
	unsigned int i, good = 0;
	pid_t pid[8];
	int status;

	about("BARIOC_REVOKE under load");
	for (i = 0; i < 8; i++) {
		pid[i] = fork();
		if (!pid[i]) {
			unsigned int n, bad = 0;
			uint32_t id, value;

			for (n = 0; n < 300; n++) {
				int fd = derive(pci, &one, 1, &id), error;

				if (fd < 0)
					_exit(1);
				error = try_read(fd, edu, 0, 0, 4, &value);
				bad += error && error != ENODEV;
				if (i % 2)
					revoke_id(pci, n % 16 ? id : 0);
				close(fd);
			}
			_exit(bad != 0);
		}
	}
	for (i = 0; i < 8; i++)
		good += waitpid(pid[i], &status, 0) == pid[i] && !status;
	is(good, 8, "8 processes that derive from one file and revoke on it end well");
	is(claims(), 0, "nothing is claimed");
}

/* Asks nothing of the device: does it still say what it may do? */
static bool alive(int fd)
{
	struct barioc_grant grant = { 0 };

	return !ioctl(fd, BARIOC_GRANT, &grant);
}

/*
 * Two processes revoke at once: the second has to wait as well. The first is busy for a
 * while, for there are many files, and has reached half of them when it is at ours.
 */
static void two_revokers(void)
{
	static int fds[4000];
	int node = open_node(edu, O_RDWR), ours = -1, status, error;
	unsigned int i, dead = 0;
	volatile uint32_t *at;
	uint32_t id, our_id = 0;
	pid_t pid;

	about("BARIOC_REVOKE by two");
	many_descriptors(ARRAY_SIZE(fds) + 100);
	for (i = 0; i < ARRAY_SIZE(fds); i++) {
		fds[i] = derive_id(node, edu, R | M, &id);
		if (read_errno(fds[i], edu, 0))
			bail("edu can't be read");
		if (i == ARRAY_SIZE(fds) / 2) {
			ours = fds[i];
			our_id = id;
		}
	}
	at = map_pages(ours, 0, 0, 1, PROT_READ);
	if (!at || *at != EDU_ID)
		bail("edu can't be mapped");
	fflush(stdout);
	pid = fork();
	if (!pid)
		_exit(revoke_id(node, 0) != 0);
	while (alive(ours))
		;
	error = revoke_id(node, our_id);
	is(read_errno(ours, edu, 0), ENODEV,
	   "after the second request there is no access");
	is(faults(at, false), 1, "after the second request there is no access through a mapping");
	ok(!error || error == ENOENT, "the file learns that it was revoked");
	ok(waitpid(pid, &status, 0) == pid && !status, "the first request succeeds");
	for (i = 0; i < ARRAY_SIZE(fds); i++) {
		dead += read_errno(fds[i], edu, 0) == ENODEV;
		close(fds[i]);
	}
	is(dead, ARRAY_SIZE(fds), "the first request revokes all other files");
	munmap((void *)at, PAGE);
	close(node);
}

int main(void)
{
	tap_begin();
	pci = open_pci(O_RDWR);
	racing();
	racing_givers();
	two_revokers();
	close(pci);
	is(claims(), 0, "nothing is claimed in the end");
	return tap_end();
}
