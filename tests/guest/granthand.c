// SPDX-License-Identifier: GPL-2.0
/*
 * A descriptor in the hands of nobody, who has nothing else: what was granted works,
 * and there is no way to more.
 */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include "derive.h"

static int pci;		/* /dev/pci, open for both */
static int handed;	/* socket */

static void keep_only(int sock)
{
	dup2(sock, 3);
	syscall(SYS_close_range, 4, ~0u, 0);
	handed = 3;
}

static void hostile(void *arg)
{
	const struct barioc_rule all[] = {
		rule(ivshmem, 2, R | W | M, 0, TO_END),
		rule(ivshmem, CONFIG, R | W, 0, TO_END),
	};
	struct barioc_rule other = rule(edu, 0, R, 0, 4);
	struct pci_bar_ioreq unlike = request(ivshmem, PCIBARIO_READ, 2, AREA, 4, 0);
	char path[64], buffer[64];
	uint32_t value;
	int fd, more, i;

	keep_only(*(int *)arg);
	fd = receive_fd(handed);
	is(get(fd, ivshmem, 2, AREA + 0x200, 4), PATTERN * 0x01010101,
	   "nobody, with a descriptor: what was granted");
	may_read(fd, AREA + 0x1fc, EACCES, "nobody: before");
	may_read(fd, AREA + 0x210, EACCES, "nobody: behind");
	errno_is(try_write(fd, ivshmem, 2, AREA + 0x204, 4, 0), EACCES,
		 "nobody: writing");
	errno_is(config_write(fd, ivshmem, COMMAND, 2, 7), EACCES,
		 "nobody: the command register");
	errno_is(config_write(fd, ivshmem, 0x10, 4, 0xfe000000), EACCES,
		 "nobody: moving a BAR onto another");
	errno_is(config_write(fd, ivshmem, 0x3c, 1, 7), EACCES,
		 "nobody: any register");
	errno_is(read_at(fd, edu, 0, 0, 4), ENODEV, "nobody: another function");
	errno_is(read_at(fd, ivshmem, 0, 0, 4), EACCES, "nobody: another BAR");
	errno_is(try_map(fd, 2, AREA / PAGE, 1, PROT_READ), EACCES,
		 "nobody: mapping the page");
	errno_is(try_map(fd, 2, 0, 256, PROT_READ), EACCES, "nobody: mapping all");
	/* The padding of a selector, and fields that the request has not. */
	memset((char *)&unlike.pbi_sel + 7, 0xff, 1);
	errno_is(ioctl(fd, PCIOCBARIO, &unlike) ? errno : 0, EACCES,
		 "nobody: garbage in a selector's padding");
	more = derive(fd, all, 2, NULL);
	ok(more >= 0, "nobody derives, asking for all");
	errno_is(try_write(more, ivshmem, 2, AREA + 0x204, 4, 0), EACCES,
		 "and may not write");
	may_read(more, AREA + 0x210, EACCES, "nor read behind");
	errno_is(config_write(more, ivshmem, COMMAND, 2, 7), EACCES,
		 "nor write the command register");
	errno_is(try_map(more, 2, AREA / PAGE, 1, PROT_READ), EACCES, "nor map");
	errno_is(derive(fd, &other, 1, NULL) < 0 ? errno : 0, ENODEV,
		 "nobody derives for another function");
	errno_is(revoke_id(fd, 0), 0, "nobody revokes all that is derived from it");
	may_read(fd, AREA + 0x200, 0, "which is not the file itself");
	/* Ways back to a file that may do more. */
	errno_is(open("/dev/pci", O_RDWR) < 0 ? errno : 0, EACCES,
		 "nobody opens /dev/pci");
	errno_is(open(node_path(ivshmem), O_RDONLY) < 0 ? errno : 0, EACCES,
		 "nobody opens its node");
	for (i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		ok(open(path, i) < 0 && (errno == ENXIO || errno == EACCES),
		   "nobody opens it again, mode %d", i);
	}
	snprintf(path, sizeof(path), "/proc/%d/fd/%d", getppid(), fd);
	ok(open(path, O_RDWR) < 0 && errno == EACCES,
	   "nobody opens a descriptor of root's");
	i = open("/proc/self/fd/4", O_PATH);
	errno_is(i < 0 ? EBADF : ioctl(i, PCIOCBARIO, &unlike) ? errno : 0, EBADF,
		 "nobody has a path to it");
	i = syscall(SYS_pidfd_open, getppid(), 0);
	errno_is(syscall(SYS_pidfd_getfd, i, 3, 0) < 0 ? errno : 0, EPERM,
		 "nobody takes a descriptor of root's");
	errno_is(fcntl(fd, F_SETFL, O_RDWR | O_APPEND) < 0 ? errno : 0, 0,
		 "nobody sets its flags");
	errno_is(try_write(fd, ivshmem, 2, AREA + 0x204, 4, 0), EACCES,
		 "which gives no right");
	errno_is(read(fd, buffer, 4) < 0 ? errno : 0, EINVAL, "nobody: read(2)");
	errno_is(write(fd, buffer, 4) < 0 ? errno : 0, EINVAL, "nobody: write(2)");
	ok(pread(fd, buffer, 4, AREA) < 0 && pwrite(fd, buffer, 4, AREA) < 0 &&
	   lseek(fd, 0, SEEK_SET) < 0, "nobody: pread(2), pwrite(2), lseek(2)");
	ok(ftruncate(fd, 0) < 0 && fchmod(fd, 0666) < 0 && fchown(fd, NOBODY, -1) < 0,
	   "nobody: ftruncate(2), fchmod(2), fchown(2)");
	errno_is(config_read(fd, ivshmem, 0, 4, &value), 0,
		 "nobody reads configuration space");
	ok(fdinfo_has(fd, "bario-grant:\t0000:00:07.0 bar2 0x80200-0x8020f r--"),
	   "nobody's fdinfo tells the grant");
}

static void given_away(void)
{
	int pair[2], fd = derive_one(pci, ivshmem, 2, R, AREA + 0x200, 0x10);

	socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
	send_fd(pair[0], fd);
	close(fd);
	as_nobody(hostile, &pair[1]);
	close(pair[0]);
	close(pair[1]);
}

static void node_in_hand(void *arg)
{
	const struct barioc_rule all[] = {
		rule(edu2, 0, R | W | M, 0, TO_END),
		rule(edu2, CONFIG, R | W, 0, TO_END),
	};
	const struct barioc_rule want[] = {
		rule(edu2, 0, R | W | M, 0, TO_END), rule(edu2, CONFIG, R, 0, TO_END),
	};
	int fd, more;

	keep_only(*(int *)arg);
	fd = receive_fd(handed);
	more = derive(fd, all, 2, NULL);
	GRANT_IS(more, want, "nobody with a node derives: configuration space to be read");
	put(more, edu2, 0, 4, 4, 5);
	is(get(fd, edu2, 0, 4, 4), ~5u, "nobody: it works");
	ok(fork() || (_exit(read_at(more, edu2, 0, 0, 4)), 0), "nobody forks");
	wait(&handed);
	is(handed, 0, "and the child reads");
}

static void node_given_away(void)
{
	int pair[2], fd = open_node(edu2, O_RDWR);

	socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
	send_fd(pair[0], fd);
	close(fd);
	as_nobody(node_in_hand, &pair[1]);
	close(pair[0]);
	close(pair[1]);
}

int main(void)
{
	tap_begin();
	fill_area(PATTERN);
	pci = open_pci(O_RDWR);
	given_away();
	node_given_away();
	close(pci);
	is(claims(), 0, "nothing stays claimed");
	area_untouched();
	return tap_end();
}
