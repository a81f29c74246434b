// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * supervisor DEVICE: lends the first 4 bytes of BAR 0, to be read, to a worker without
 * rights of its own, and takes them back. For root: bario.ko, or a simulated device.
 *
 *	cc supervisor.c $(pkg-config --cflags --libs bario) -o supervisor
 *	./supervisor 0000:00:05.0
 */
#include <bario.h>
#include <err.h>
#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* Ends the program if a call of the library ended otherwise than expected. */
static void check(int error, int expected)
{
	if (error != expected)
		errx(1, "%s\nsupervisor: %s", error ? bario_last_error()->message :
		     "the worker may do too much", error ? bario_last_error()->hint : "");
	if (error)
		printf("worker: %s\n", bario_last_error()->message);
}

/* Sends a byte, and a descriptor with it; or receives them, if fd is -1. */
static int pass(int socket, int fd)
{
	union { struct cmsghdr head; char buffer[CMSG_SPACE(sizeof(fd))]; } with = {
		.head.cmsg_len = CMSG_LEN(sizeof(fd)),
		.head.cmsg_level = SOL_SOCKET, .head.cmsg_type = SCM_RIGHTS,
	};
	struct msghdr message = { .msg_iov = &(struct iovec){ &(char){ 0 }, 1 }, .msg_iovlen = 1,
		.msg_control = &with, .msg_controllen = sizeof(with) };

	memcpy(CMSG_DATA(&with.head), &fd, sizeof(fd));
	if (fd >= 0)
		return sendmsg(socket, &message, 0) == 1 ? fd : -1;
	if (recvmsg(socket, &message, MSG_CMSG_CLOEXEC) == 1 && message.msg_controllen)
		memcpy(&fd, CMSG_DATA(&with.head), sizeof(fd));
	return fd;
}

static int work(int socket, const char *device)
{
	struct bario *dev, *other;
	uint64_t value;
	int fd = pass(socket, -1);

	if (fd < 0)
		return 1;	/* the supervisor says why */
	/* It becomes nobody; in earnest, a user that nothing else runs as. */
	if (setgroups(0, NULL) || setgid(65534) || setuid(65534))
		err(1, "the worker can't drop its privileges");
	check(bario_open_fd(fd, NULL, 0, &dev), 0);
	check(bario_read(dev, 0, 0, 4, &value), 0);
	printf("worker: the register is %#x\n", (unsigned int)value);
	check(bario_read(dev, 0, 4, 4, &value), -EACCES);
	if (strcmp(bario_backend(dev), "sim"))	/* each of whose openings makes a device */
		check(bario_open(device, BARIO_OPEN_CONFIG, &other), -EACCES);
	/* A byte says so far, and the end of the socket that the loan has ended. */
	if (write(socket, "", 1) != 1 || read(socket, &value, 1) != 0)
		err(1, "the worker's socket");
	check(bario_read(dev, 0, 0, 4, &value), -ENODEV);
	bario_close(dev);
	return 0;
}

int main(int argc, char *argv[])
{
	struct bario_info info;
	struct bario *dev;
	int ends[2], fd, pid, status;
	uint32_t id;

	if (argc != 2)
		errx(2, "usage: supervisor DEVICE, as in: supervisor 0000:00:05.0");
	/* Before anything is opened: the worker inherits a socket, and nothing else. */
	pid = socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) ? -1 : fork();
	if (pid < 0)
		err(1, "no worker");
	if (pid == 0)
		return close(ends[0]) || work(ends[1], argv[1]);
	close(ends[1]);
	check(bario_open(argv[1], 0, &dev), 0);
	check(bario_get_info(dev, &info, sizeof(info)), 0);
	const struct bario_rule rule = { .rights = BARIO_RIGHT_READ, .length = 4,
		.domain = info.address.domain, .bus = info.address.bus,
		.dev = info.address.dev, .func = info.address.func };
	check(bario_derive(dev, &rule, 1, 0, &fd, &id), 0);
	if (pass(ends[0], fd) < 0 || read(ends[0], &status, 1) != 1)
		errx(1, "the worker has ended early");
	check(bario_revoke(dev, id, 0), 0);
	bario_close(dev);
	return close(ends[0]) || waitpid(pid, &status, 0) != pid || status;
}
