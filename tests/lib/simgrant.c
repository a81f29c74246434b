// SPDX-License-Identifier: GPL-2.0
/* Several handles of one simulated device, grants derived from it, and processes. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include "child.h"

#define DEVICE	"address 0000:00:05.0\nid 1234:11e8\n"		\
		"bar 0 mem 4K\nram 0 0 4K 0x11\n"		\
		"bar 1 port 16\nram 1 0 16 0x22\n"		\
		"capabilities 0x40\nconfig 0x40 4 0x00225005\nconfig 0x44 4 0x12345678\n"

static struct bario *open_descriptor(int fd, uint32_t flags)
{
	struct bario *dev = NULL;

	if (bario_open_fd(fd, NULL, flags, &dev))
		fail_msg("%s", bario_last_error()->message);
	return dev;
}

static struct bario_rule rule(unsigned int space, uint32_t rights,
			      uint64_t offset, uint64_t length)
{
	return (struct bario_rule){
		.dev = 5, .space = space, .rights = rights, .offset = offset,
		.length = length,
	};
}

/* A handle that may do what one rule says. */
static struct bario *derive(struct bario *dev, struct bario_rule one,
			    uint32_t *id)
{
	struct bario *less;
	int fd;

	if (bario_derive(dev, &one, 1, 0, &fd, id))
		fail_msg("%s", bario_last_error()->message);
	less = open_descriptor(fd, BARIO_OPEN_CONFIG);
	close(fd);
	return less;
}

#define READ	BARIO_RIGHT_READ
#define WRITE	BARIO_RIGHT_WRITE
#define TO_END	BARIO_TO_END
#define RULES_MAX 1024

/* ---- handles ---- */

static void handles(void **state)
{
	struct bario *dev = make(DEVICE), *second, *other = NULL;
	struct bario_info info;
	uint64_t value;
	size_t count;

	(void)state;
	second = open_descriptor(bario_fd(dev), 0);
	assert_string_equal(bario_name(second), "0000:00:05.0");
	assert_string_equal(bario_backend(second), "sim");
	put(dev, 0, 0, 4, 0x12345678);
	assert_int_equal(get(second, 0, 0, 4), 0x12345678);
	assert_int_equal(bario_sim_record(second, NULL, 0, &count), 0);
	assert_int_equal(count, 2);
	/* Its flags are its own. */
	assert_int_equal(bario_config_write(dev, 0x44, 4, 0), 0);
	assert_fails(bario_config_write(second, 0x44, 4, 0), EACCES,
		     BARIO_CAUSE_GRANT);
	assert_fails(bario_open_fd(bario_fd(dev), "0000:00:06.0", 0, &other),
		     ENODEV, BARIO_CAUSE_NO_DEVICE);
	assert_message("0000:00:06.0: there is no such function, or not for this file");
	assert_null(other);
	assert_int_equal(bario_open_fd(bario_fd(dev), "0000:00:05.0", 0, &other),
			 0);
	bario_close(other);
	/* The first to come need not be the last to go. */
	bario_close(dev);
	assert_int_equal(get(second, 0, 0, 4), 0x12345678);
	other = open_descriptor(bario_fd(second), 0);
	bario_sim_unplug(other);
	assert_fails(bario_read(second, 0, 0, 4, &value), ENODEV,
		     BARIO_CAUSE_REMOVED);
	assert_fails(bario_get_info(second, &info, sizeof(info)), ENODEV,
		     BARIO_CAUSE_REMOVED);
	assert_fails(bario_open_fd(bario_fd(second), NULL, 0, &dev), ENODEV,
		     BARIO_CAUSE_REMOVED);
	bario_close(other);
	bario_close(second);
	/* Another description is another device, as before. */
	dev = make(DEVICE);
	assert_int_equal(get(dev, 0, 0, 4), 0x11111111);
	bario_close(dev);
}

/* A descriptor alone keeps the device. */
static void descriptor(void **state)
{
	struct bario *dev = make(DEVICE);
	const int fd = dup(bario_fd(dev));

	(void)state;
	assert_true(fd >= 0);
	put(dev, 0, 0, 4, 5);
	bario_close(dev);
	dev = open_descriptor(fd, 0);
	close(fd);
	assert_int_equal(get(dev, 0, 0, 4), 5);
	bario_close(dev);
}

static int next_descriptor(void)
{
	const int fd = dup(0);

	assert_true(fd >= 0);
	close(fd);
	return fd;
}

/* What could not be opened has left no descriptor. */
static void closed(void **state)
{
	struct bario *dev = make(DEVICE), *other;
	const int free = next_descriptor();

	(void)state;
	assert_fails(bario_open_fd(bario_fd(dev), "0000:00:06.0", 0, &other),
		     ENODEV, BARIO_CAUSE_NO_DEVICE);
	bario_sim_unplug(dev);
	assert_fails(bario_open_fd(bario_fd(dev), NULL, 0, &other), ENODEV,
		     BARIO_CAUSE_REMOVED);
	assert_fails(bario_open_sim("foo", "text", 0, &other), EINVAL,
		     BARIO_CAUSE_TEXT);
	assert_int_equal(next_descriptor(), free);
	bario_close(dev);
}

static void foreign(void **state)
{
	char path[] = "/tmp/bario-sim-test.XXXXXX";
	const int file = mkstemp(path);
	struct bario *dev;
	int ends[2];

	(void)state;
	assert_true(file >= 0);
	assert_int_equal(pipe(ends), 0);
	assert_fails(bario_open_fd(file, NULL, 0, &dev), ENOTTY,
		     BARIO_CAUSE_BACKEND);
	assert_fails(bario_open_fd(ends[0], NULL, 0, &dev), ENOTTY,
		     BARIO_CAUSE_BACKEND);
	close(ends[0]);
	close(ends[1]);
	close(file);
	unlink(path);
}

/* ---- grants ---- */

static void derived(void **state)
{
	struct bario *dev = make(DEVICE), *less;
	const struct bario_rule rules[] = {
		rule(0, READ, 0, 8), rule(0, READ | WRITE, 0x100, 0x100),
		rule(1, WRITE, 4, TO_END),
	};
	struct bario_op ops[] = {
		{ .op = BARIO_OP_READ, .width = 4 },
		{ .op = BARIO_OP_OR, .width = 4, .offset = 4, .value = 1 },
	};
	struct bario_info info;
	uint64_t value = 42;
	uint32_t id;
	size_t count;
	int fd;

	(void)state;
	assert_true(bario_can(dev) & BARIO_CAN_DERIVE);
	assert_int_equal(bario_derive(dev, rules, COUNT(rules), 0, &fd, &id), 0);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	less = open_descriptor(fd, 0);
	close(fd);
	assert_int_equal(bario_get_info(less, &info, sizeof(info)), 0);
	assert_int_equal(info.vendor, 0x1234);

	assert_int_equal(get(less, 0, 4, 4), 0x11111111);
	put(less, 0, 0x1fc, 4, 7);
	assert_int_equal(get(dev, 0, 0x1fc, 4), 7);
	put(less, 1, 4, 4, 7);
	bario_sim_forget(dev);
	assert_fails(bario_read(less, 0, 8, 4, &value), EACCES,
		     BARIO_CAUSE_GRANT);
	assert_message("0000:00:05.0 BAR 0+0x8.4: the grant of this file does not cover it");
	assert_fails(bario_write(less, 0, 0, 4, 0), EACCES, BARIO_CAUSE_GRANT);
	assert_fails(bario_read(less, 0, 0xfc, 8, &value), EINVAL,
		     BARIO_CAUSE_ALIGNMENT);
	assert_fails(bario_write(less, 0, 0x200, 1, 0), EACCES,
		     BARIO_CAUSE_GRANT);
	assert_fails(bario_read(less, 1, 4, 4, &value), EACCES,
		     BARIO_CAUSE_GRANT);
	assert_fails(bario_write(less, 1, 0, 1, 0), EACCES, BARIO_CAUSE_GRANT);
	assert_fails(bario_run(less, ops, 2, 0, NULL, 0), EACCES,
		     BARIO_CAUSE_GRANT);
	assert_int_equal(bario_last_error()->index, 1);
	assert_fails(bario_or(less, 0, 4, 4, 1, NULL), EACCES,
		     BARIO_CAUSE_GRANT);
	assert_int_equal(bario_or(less, 0, 0x100, 4, 2, NULL), 0);
	assert_int_equal(bario_check(less, 0, 0, 4, READ), 0);
	assert_fails(bario_check(less, 0, 0, 4, READ | WRITE), EACCES,
		     BARIO_CAUSE_GRANT);
	assert_int_equal(value, 42);
	/* Of what was refused nothing has come to the device. */
	assert_int_equal(bario_sim_record(dev, NULL, 0, &count), 0);
	assert_int_equal(count, 2);
	bario_close(less);
	bario_close(dev);
}

/* The header and the list of capabilities everybody may read. */
static void configuration(void **state)
{
	struct bario *dev = make(DEVICE), *less;
	uint32_t value = 42;

	(void)state;
	less = derive(dev, rule(0, READ, 0, 8), NULL);
	assert_int_equal(bario_config_read(less, 0, 4, &value), 0);
	assert_int_equal(value, 0x11e81234);
	assert_int_equal(bario_config_read(less, 0x40, 2, &value), 0);
	assert_int_equal(value, 0x5005);
	assert_fails(bario_config_read(less, 0x40, 4, &value), EACCES,
		     BARIO_CAUSE_GRANT);
	assert_fails(bario_config_write(less, 4, 2, 0), EACCES,
		     BARIO_CAUSE_GRANT);
	assert_message("0000:00:05.0 config+0x4.2: this file may not write it");
	bario_close(less);
	less = derive(dev, rule(BARIO_SPACE_CONFIG, READ | WRITE, 0x44, 4), NULL);
	assert_int_equal(bario_config_read(less, 0x44, 4, &value), 0);
	assert_int_equal(value, 0x12345678);
	assert_int_equal(bario_config_write(less, 0x44, 4, 1), 0);
	assert_fails(bario_config_write(less, 0x48, 4, 1), EACCES,
		     BARIO_CAUSE_GRANT);
	bario_close(less);
	bario_close(dev);
}

static void asked(void **state)
{
	struct bario *dev = make(DEVICE), *less, *least;
	struct bario_rule seen[4] = { 0 };
	uint32_t attributes = 42;
	size_t count = 42;

	(void)state;
	assert_int_equal(bario_get_grant(dev, 0, seen, 4, &count, &attributes), 0);
	assert_int_equal(count, 0);
	assert_int_equal(attributes, BARIO_GRANT_ALL);
	less = derive(dev, rule(0, READ | WRITE, 0x10, TO_END), NULL);
	assert_int_equal(bario_get_grant(less, 0, seen, 4, &count, &attributes),
			 0);
	assert_int_equal(attributes, 0);
	assert_int_equal(count, 1);
	assert_int_equal(seen[0].dev, 5);
	assert_int_equal(seen[0].space, 0);
	assert_int_equal(seen[0].rights, READ | WRITE);
	assert_int_equal(seen[0].offset, 0x10);
	assert_true(seen[0].length == TO_END);
	/* No more than the one that it is derived from. */
	least = derive(less, rule(0, READ, 0, 0x20), NULL);
	assert_int_equal(bario_get_grant(least, 0, NULL, 0, &count, NULL), 0);
	assert_int_equal(count, 1);
	assert_int_equal(bario_get_grant(least, 0, seen, 1, &count, NULL), 0);
	assert_int_equal(seen[0].rights, READ);
	assert_int_equal(seen[0].offset, 0x10);
	assert_int_equal(seen[0].length, 0x10);
	bario_close(least);
	bario_close(less);
	bario_close(dev);
}

static void refused(void **state)
{
	struct bario *dev = make(DEVICE), *less = NULL;
	struct bario_rule many[RULES_MAX];
	struct bario_rule two[2] = { rule(0, READ, 0, 8), rule(0, READ, 0, 0) };
	uint32_t id = 42;
	int fd = 42, i;

	(void)state;
	assert_fails(bario_derive(dev, two, 0, 0, &fd, &id), EINVAL,
		     BARIO_CAUSE_OPERATION);
	assert_fails(bario_derive(dev, two, 1, 1, &fd, &id), EINVAL,
		     BARIO_CAUSE_OPERATION);
	assert_fails(bario_derive(dev, two, 2, 0, &fd, &id), EINVAL,
		     BARIO_CAUSE_OPERATION);
	assert_int_equal(bario_last_error()->index, 1);
	two[1] = two[0];
	two[1].dev = 6;
	assert_fails(bario_derive(dev, two, 2, 0, &fd, &id), ENODEV,
		     BARIO_CAUSE_NO_DEVICE);
	assert_int_equal(bario_last_error()->index, 1);
	less = derive(dev, two[0], NULL);
	two[0] = rule(1, READ, 0, 8);
	assert_fails(bario_derive(less, two, 1, 0, &fd, &id), EACCES,
		     BARIO_CAUSE_GRANT);
	bario_close(less);
	/* They overlap by halves, with other rights: about twice as many ranges. */
	for (i = 0; i < RULES_MAX; i++)
		many[i] = rule(0, i % 2 ? READ : WRITE, 8 * i, 12);
	assert_fails(bario_derive(dev, many, RULES_MAX, 0, &fd, &id), E2BIG,
		     BARIO_CAUSE_SYSTEM);
	bario_close(dev);
}

/* ---- revoking ---- */

static void revoked(void **state)
{
	struct bario *dev = make(DEVICE), *one, *two, *child;
	struct bario_info info;
	uint64_t value;
	uint32_t first, second, config;
	size_t count;
	int fd;

	(void)state;
	one = derive(dev, rule(0, READ, 0, 8), &first);
	two = derive(dev, rule(0, READ, 0, 8), &second);
	child = derive(one, rule(0, READ, 0, 4), NULL);
	assert_int_not_equal(first, second);
	/* Only what was derived through the handle. */
	assert_fails(bario_revoke(one, second, 0), ENOENT, BARIO_CAUSE_SYSTEM);
	assert_fails(bario_revoke(dev, 99, 0), ENOENT, BARIO_CAUSE_SYSTEM);
	assert_int_equal(get(two, 0, 0, 4), 0x11111111);
	assert_int_equal(get(child, 0, 0, 4), 0x11111111);
	fd = dup(bario_fd(one));
	assert_int_equal(bario_revoke(dev, first, 0), 0);
	assert_fails(bario_read(one, 0, 0, 4, &value), ENODEV,
		     BARIO_CAUSE_REMOVED);
	assert_message("0000:00:05.0 BAR 0+0.4: the right to the function has been revoked");
	assert_fails(bario_read(child, 0, 0, 4, &value), ENODEV,
		     BARIO_CAUSE_REMOVED);
	assert_fails(bario_get_info(one, &info, sizeof(info)), ENODEV,
		     BARIO_CAUSE_REMOVED);
	assert_fails(bario_config_read(one, 0, 4, &config), ENODEV,
		     BARIO_CAUSE_REMOVED);
	assert_fails(bario_get_grant(one, 0, NULL, 0, &count, NULL), ENODEV,
		     BARIO_CAUSE_REMOVED);
	assert_fails(bario_revoke(one, 0, 0), ENODEV, BARIO_CAUSE_REMOVED);
	assert_fails(bario_check(one, 0, 0, 4, READ), ENODEV,
		     BARIO_CAUSE_REMOVED);
	bario_close(child);
	assert_fails(bario_open_fd(fd, NULL, 0, &child), ENODEV,
		     BARIO_CAUSE_REMOVED);
	close(fd);
	assert_int_equal(get(two, 0, 0, 4), 0x11111111);
	assert_fails(bario_revoke(dev, first, 0), ENOENT, BARIO_CAUSE_SYSTEM);
	/* All, if there are any. */
	assert_int_equal(bario_revoke(dev, 0, 0), 0);
	assert_fails(bario_read(two, 0, 0, 4, &value), ENODEV,
		     BARIO_CAUSE_REMOVED);
	assert_int_equal(bario_revoke(dev, 0, 0), 0);
	assert_int_equal(get(dev, 0, 0, 4), 0x11111111);
	bario_close(one);
	bario_close(two);
	bario_close(dev);
}

/* There are 256 at a time; an id is never given again. */
static void many(void **state)
{
	struct bario *dev = make(DEVICE), *old;
	const struct bario_rule one = rule(0, READ, 0, 8);
	uint64_t value;
	uint32_t first, id;
	int fd, i;

	(void)state;
	old = derive(dev, one, &first);
	for (i = 1; i < 256; i++) {
		assert_int_equal(bario_derive(dev, &one, 1, 0, &fd, &id), 0);
		close(fd);
		assert_int_equal(id, first + i);
	}
	assert_fails(bario_derive(dev, &one, 1, 0, &fd, &id), ENOSPC,
		     BARIO_CAUSE_SYSTEM);
	assert_int_equal(bario_revoke(dev, first, 0), 0);
	assert_int_equal(bario_derive(dev, &one, 1, 0, &fd, &id), 0);
	close(fd);
	assert_int_equal(id, first + 256);
	assert_fails(bario_read(old, 0, 0, 4, &value), ENODEV,
		     BARIO_CAUSE_REMOVED);
	bario_close(old);
	bario_close(dev);
}

/* ---- processes ---- */

static void send_descriptor(int socket, int fd)
{
	struct iovec data = { .iov_base = &(char){ 0 }, .iov_len = 1 };
	union {
		struct cmsghdr	head;
		char		size[CMSG_SPACE(sizeof(fd))];
	} with = { .head = {
		.cmsg_len = CMSG_LEN(sizeof(fd)),
		.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS,
	} };
	struct msghdr message = {
		.msg_iov = &data, .msg_iovlen = 1,
		.msg_control = &with, .msg_controllen = sizeof(with),
	};

	memcpy(CMSG_DATA(&with.head), &fd, sizeof(fd));
	assert_int_equal(sendmsg(socket, &message, 0), 1);
}

static int receive_descriptor(int socket)
{
	char byte;
	struct iovec data = { .iov_base = &byte, .iov_len = 1 };
	union {
		struct cmsghdr	head;
		char		size[CMSG_SPACE(sizeof(int))];
	} with;
	struct msghdr message = {
		.msg_iov = &data, .msg_iovlen = 1,
		.msg_control = &with, .msg_controllen = sizeof(with),
	};
	int fd = -1;

	if (recvmsg(socket, &message, MSG_CMSG_CLOEXEC) == 1 &&
	    message.msg_controllen)
		memcpy(&fd, CMSG_DATA(&with.head), sizeof(fd));
	return fd;
}

static void worker(int socket)
{
	const int fd = receive_descriptor(socket);
	struct bario *dev;
	uint64_t value = 0;
	char byte;

	CHILD(!bario_open_fd(fd, NULL, 0, &dev), 1);
	CHILD(!bario_read(dev, 0, 0, 4, &value) && value == 0x12345678, 2);
	CHILD(!bario_write(dev, 0, 4, 4, 0x9abcdef0), 3);
	CHILD(bario_read(dev, 0, 8, 4, &value) == -EACCES, 4);
	CHILD(write(socket, "", 1) == 1 && read(socket, &byte, 1) == 1, 5);
	CHILD(bario_read(dev, 0, 0, 4, &value) == -ENODEV, 6);
	CHILD(bario_last_error()->cause == BARIO_CAUSE_REMOVED, 7);
	bario_close(dev);
	end_child(0);
}

/* A supervisor and its worker, which had nothing of the device before. */
static void handed_over(void **state)
{
	const struct bario_rule one = rule(0, READ | WRITE, 0, 8);
	struct bario *dev;
	int ends[2], fd;
	uint32_t id;
	pid_t pid;
	char byte;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		close(ends[0]);
		worker(ends[1]);
	}
	close(ends[1]);
	dev = make(DEVICE);
	put(dev, 0, 0, 4, 0x12345678);
	assert_int_equal(bario_derive(dev, &one, 1, 0, &fd, &id), 0);
	send_descriptor(ends[0], fd);
	close(fd);
	assert_int_equal(read(ends[0], &byte, 1), 1);
	assert_int_equal(get(dev, 0, 4, 4), 0x9abcdef0);
	assert_int_equal(bario_revoke(dev, id, 0), 0);
	assert_int_equal(write(ends[0], "", 1), 1);
	assert_ended(pid);
	close(ends[0]);
	bario_close(dev);
}

/* A handle goes on in a process that is forked. */
static void inherited(void **state)
{
	struct bario *dev = make(DEVICE);
	size_t count;
	pid_t pid;

	(void)state;
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		CHILD(!bario_write(dev, 0, 0, 4, 5), 1);
		bario_close(dev);
		end_child(0);
	}
	assert_ended(pid);
	assert_int_equal(get(dev, 0, 0, 4), 5);
	assert_int_equal(bario_sim_record(dev, NULL, 0, &count), 0);
	assert_int_equal(count, 2);
	bario_close(dev);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(handles),
		cmocka_unit_test(descriptor),
		cmocka_unit_test(closed),
		cmocka_unit_test(foreign),
		cmocka_unit_test(derived),
		cmocka_unit_test(configuration),
		cmocka_unit_test(asked),
		cmocka_unit_test(refused),
		cmocka_unit_test(revoked),
		cmocka_unit_test(many),
		cmocka_unit_test(handed_over),
		cmocka_unit_test(inherited),
	};

	return cmocka_run_group_tests_name("simgrant", tests, NULL, NULL);
}
