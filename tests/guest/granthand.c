// SPDX-License-Identifier: GPL-2.0
/*
 * Tests bario(4): GRANTS. A descriptor in the hands of nobody, a user who has nothing
 * else: what was granted works, and there is no way to more.
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
	   "it reads what was granted");
	may_read(fd, AREA + 0x1fc, EACCES, "PCIOCBARIO: a read before what was granted");
	may_read(fd, AREA + 0x210, EACCES, "PCIOCBARIO: a read after what was granted");
	errno_is(try_write(fd, ivshmem, 2, AREA + 0x204, 4, 0), EACCES,
		 "PCIOCBARIO: a write");
	errno_is(config_write(fd, ivshmem, COMMAND, 2, 7), EACCES,
		 "PCIOCWRITE: the command register");
	errno_is(config_write(fd, ivshmem, 0x10, 4, 0xfe000000), EACCES,
		 "PCIOCWRITE: a BAR register");
	errno_is(config_write(fd, ivshmem, 0x3c, 1, 7), EACCES,
		 "PCIOCWRITE: any other register");
	errno_is(read_at(fd, edu, 0, 0, 4), ENODEV, "PCIOCBARIO: another function");
	errno_is(read_at(fd, ivshmem, 0, 0, 4), EACCES, "PCIOCBARIO: another BAR");
	errno_is(try_map(fd, 2, AREA / PAGE, 1, PROT_READ), EACCES,
		 "mmap of the page");
	errno_is(try_map(fd, 2, 0, 256, PROT_READ), EACCES, "mmap of the BAR");
	/* The padding of a selector is ignored. */
	memset((char *)&unlike.pbi_sel + 7, 0xff, 1);
	errno_is(ioctl(fd, PCIOCBARIO, &unlike) ? errno : 0, EACCES,
		 "PCIOCBARIO: with padding that is not 0");
	more = derive(fd, all, 2, NULL);
	ok(more >= 0, "BARIOC_DERIVE with rules for everything succeeds");
	errno_is(try_write(more, ivshmem, 2, AREA + 0x204, 4, 0), EACCES,
		 "PCIOCBARIO: a write by a file derived for everything");
	may_read(more, AREA + 0x210, EACCES, "PCIOCBARIO: a read by a file derived for everything");
	errno_is(config_write(more, ivshmem, COMMAND, 2, 7), EACCES,
		 "PCIOCWRITE by a file derived for everything");
	errno_is(try_map(more, 2, AREA / PAGE, 1, PROT_READ), EACCES, "mmap of a file derived for everything");
	errno_is(derive(fd, &other, 1, NULL) < 0 ? errno : 0, ENODEV,
		 "BARIOC_DERIVE for another function");
	errno_is(revoke_id(fd, 0), 0, "BARIOC_REVOKE of all that was derived succeeds");
	may_read(fd, AREA + 0x200, 0, "BARIOC_REVOKE leaves the file itself");
	/* Ways back to a file that may do more. */
	errno_is(open("/dev/pci", O_RDWR) < 0 ? errno : 0, EACCES,
		 "open of /dev/pci");
	errno_is(open(node_path(ivshmem), O_RDONLY) < 0 ? errno : 0, EACCES,
		 "open of the node");
	for (i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		ok(open(path, i) < 0 && (errno == ENXIO || errno == EACCES),
		   "open of the descriptor fails, mode %d", i);
	}
	snprintf(path, sizeof(path), "/proc/%d/fd/%d", getppid(), fd);
	ok(open(path, O_RDWR) < 0 && errno == EACCES,
	   "open of root's descriptor fails");
	i = open("/proc/self/fd/4", O_PATH);
	errno_is(i < 0 ? EBADF : ioctl(i, PCIOCBARIO, &unlike) ? errno : 0, EBADF,
		 "PCIOCBARIO through O_PATH");
	i = syscall(SYS_pidfd_open, getppid(), 0);
	errno_is(syscall(SYS_pidfd_getfd, i, 3, 0) < 0 ? errno : 0, EPERM,
		 "pidfd_getfd(2) of root's descriptor");
	errno_is(fcntl(fd, F_SETFL, O_RDWR | O_APPEND) < 0 ? errno : 0, 0,
		 "F_SETFL succeeds");
	errno_is(try_write(fd, ivshmem, 2, AREA + 0x204, 4, 0), EACCES,
		 "PCIOCBARIO: a write after F_SETFL");
	errno_is(read(fd, buffer, 4) < 0 ? errno : 0, EINVAL, "read(2)");
	errno_is(write(fd, buffer, 4) < 0 ? errno : 0, EINVAL, "write(2)");
	ok(pread(fd, buffer, 4, AREA) < 0 && pwrite(fd, buffer, 4, AREA) < 0 &&
	   lseek(fd, 0, SEEK_SET) < 0, "pread(2), pwrite(2) and lseek(2) fail");
	ok(ftruncate(fd, 0) < 0 && fchmod(fd, 0666) < 0 && fchown(fd, NOBODY, -1) < 0,
	   "ftruncate(2), fchmod(2) and fchown(2) fail");
	errno_is(config_read(fd, ivshmem, 0, 4, &value), 0,
		 "PCIOCREAD of the header succeeds");
	ok(fdinfo_has(fd, "bario-grant:\t0000:00:07.0 bar2 0x80200-0x8020f r--"),
	   "fdinfo shows the grant");
}

static void given_away(void)
{
	int pair[2], fd = derive_one(pci, ivshmem, 2, R, AREA + 0x200, 0x10);

	about("nobody, with a descriptor");
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
	GRANT_IS(more, want, "BARIOC_DERIVE with rules for everything gives the node's grant");
	put(more, edu2, 0, 4, 4, 5);
	is(get(fd, edu2, 0, 4, 4), ~5u, "the derived file and the node work");
	ok(fork() || (_exit(read_at(more, edu2, 0, 0, 4)), 0), "it forks");
	wait(&handed);
	is(handed, 0, "its child reads through the derived file");
}

static void node_given_away(void)
{
	int pair[2], fd = open_node(edu2, O_RDWR);

	about("nobody, with a node");
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
	is(claims(), 0, "nothing is claimed in the end");
	area_untouched();
	return tap_end();
}
