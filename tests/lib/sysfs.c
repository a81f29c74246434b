// SPDX-License-Identifier: GPL-2.0
/*
 * The back end sysfs, on functions that are files of this test: a library that looks
 * for them in DEVICES.
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "check.h"
#include "child.h"

#define DEVICE	"0000:01:00.0"
#define BRIDGE	"0000:00:01.0"
#define FILES	DEVICES "/../tree/" BRIDGE "/" DEVICE
#define UPPER	DEVICES "/../tree/" BRIDGE

#define ASSIGNED	"0x00000000fe000000 0x00000000fe000fff 0x0000000000040200\n"
#define MOVED		"0x00000000fd000000 0x00000000fd000fff 0x0000000000040200\n"
#define UNASSIGNED	"0x0000000000000000 0x0000000000000fff 0x0000000020040200\n"

static void put_file(const char *directory, const char *name, const char *text,
		     size_t len)
{
	char path[400];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, text, len, 0), len);
	assert_int_equal(ftruncate(fd, len), 0);
	close(fd);
}

static void put_text(const char *name, const char *text)
{
	put_file(FILES, name, text, strlen(text));
}

/* Configuration space, with memory decoded, of which BAR 0 has that address. */
static void put_config(const char *directory, uint32_t bar, uint8_t command)
{
	char config[256] = {
		[0] = 0x34, [1] = 0x12, [2] = (char)0xe8, [3] = 0x11,
		[4] = (char)command,
	};

	memcpy(config + 0x10, &bar, sizeof(bar));
	put_file(directory, "config", config, sizeof(config));
}

static void put_resource(const char *line)
{
	char text[800] = "";
	unsigned int i;

	strcpy(text, line);
	for (i = 1; i < 7; i++)
		strcat(text, "0x0000000000000000 0x0000000000000000 0x0000000000000000\n");
	put_text("resource", text);
}

static void make_directory(const char *path)
{
	assert_true(!mkdir(path, 0755) || errno == EEXIST);
}

static int set_up(void **state)
{
	static const char memory[4096] = { [4] = 0x78, [5] = 0x56, [6] = 0x34, [7] = 0x12 };

	(void)state;
	make_directory(DEVICES);
	make_directory(DEVICES "/../tree");
	make_directory(UPPER);
	make_directory(FILES);
	assert_true(!symlink("../tree/" BRIDGE "/" DEVICE, DEVICES "/" DEVICE) ||
		    errno == EEXIST);
	unlink(FILES "/driver");
	put_text("vendor", "0x1234\n");
	put_text("device", "0x11e8\n");
	put_text("subsystem_vendor", "0x1af4\n");
	put_text("subsystem_device", "0x1100\n");
	put_text("class", "0x00ff00\n");
	put_text("revision", "0x10\n");
	put_text("power_state", "D0\n");
	put_text("uevent", "DRIVER=x\nPCI_SLOT_NAME=" DEVICE "\n");
	put_file(FILES, "resource0", memory, sizeof(memory));
	put_resource(ASSIGNED);
	put_config(FILES, 0xfe000000, 2);
	put_config(UPPER, 0, 2);
	put_file(UPPER, "uevent", "PCI_SLOT_NAME=" BRIDGE "\n", 27);
	put_file(UPPER, "vendor", "0x1234\n", 7);
	return 0;
}

static struct bario *need(uint32_t flags)
{
	struct bario *dev;

	if (bario_open("sysfs:" DEVICE, flags, &dev))
		fail_msg("%s", bario_last_error()->message);
	return dev;
}

static void accesses(void **state)
{
	struct bario *dev = need(BARIO_OPEN_CONFIG);
	volatile uint32_t *words;
	struct bario_info info;
	uint64_t length;
	uint32_t value;

	(void)state;
	assert_int_equal(bario_get_info(dev, &info, sizeof(info)), 0);
	assert_int_equal(info.vendor, 0x1234);
	assert_true(info.bars[0].assigned && info.bars[0].decoded);
	assert_int_equal(info.bars[0].address, 0xfe000000);
	assert_int_equal(get(dev, 0, 4, 4), 0x12345678);
	put(dev, 0, 8, 2, 0xabcd);
	assert_int_equal(get(dev, 0, 8, 4), 0xabcd);
	words = bario_map(dev, 0, 0, &length);
	assert_non_null(words);
	assert_int_equal(length, 4096);
	assert_int_equal(words[2], 0xabcd);
	assert_int_equal(bario_config_write(dev, 0x40, 1, 0x5a), 0);
	assert_int_equal(bario_config_read(dev, 0x40, 4, &value), 0);
	assert_int_equal(value, 0x5a);
	assert_fails(bario_config_read(dev, 256, 1, &value), EINVAL,
		     BARIO_CAUSE_RANGE);
	assert_fails(bario_fd(dev), EOPNOTSUPP, BARIO_CAUSE_UNSUPPORTED);
	bario_close(dev);
}

/* What the system does to a BAR after the handle was opened has its effect. */
static void placed_later(void **state)
{
	struct bario *dev;
	uint64_t value = 42;

	(void)state;
	put_resource(UNASSIGNED);
	put_config(FILES, 0, 2);
	dev = need(0);
	assert_fails(bario_read(dev, 0, 4, 4, &value), ENXIO,
		     BARIO_CAUSE_UNASSIGNED);
	put_resource(ASSIGNED);
	put_config(FILES, 0xfe000000, 2);
	assert_int_equal(get(dev, 0, 4, 4), 0x12345678);
	put_resource(MOVED);
	assert_fails(bario_read(dev, 0, 4, 4, &value), ENXIO,
		     BARIO_CAUSE_UNASSIGNED);
	put_config(FILES, 0xfd000000, 2);
	assert_int_equal(get(dev, 0, 4, 4), 0x12345678);
	assert_int_equal(value, 42);
	bario_close(dev);
}

/* And so is everything else that may be in the way. */
static void obstacles(void **state)
{
	struct bario *dev = need(0);
	uint64_t value;

	(void)state;
	assert_int_equal(symlink("../../drivers/e1000", FILES "/driver"), 0);
	assert_fails(bario_read(dev, 0, 4, 4, &value), EBUSY, BARIO_CAUSE_DRIVER);
	assert_int_equal(unlink(FILES "/driver"), 0);
	assert_int_equal(get(dev, 0, 4, 4), 0x12345678);
	put_text("power_state", "D3hot\n");
	assert_fails(bario_read(dev, 0, 4, 4, &value), EIO, BARIO_CAUSE_ASLEEP);
	put_text("power_state", "D0\n");
	put_config(FILES, 0xfe000000, 0);
	assert_fails(bario_read(dev, 0, 4, 4, &value), EIO, BARIO_CAUSE_DECODE);
	put_config(FILES, 0xfe000000, 2);
	put_config(UPPER, 0, 0);
	assert_fails(bario_read(dev, 0, 4, 4, &value), EIO, BARIO_CAUSE_DECODE);
	assert_non_null(strstr(bario_last_error()->message, "bridge " BRIDGE));
	put_config(UPPER, 0, 2);
	assert_int_equal(get(dev, 0, 4, 4), 0x12345678);
	bario_close(dev);
}

static void remove_files(void)
{
	assert_int_equal(unlink(FILES "/config"), 0);
	assert_int_equal(unlink(FILES "/resource"), 0);
	assert_int_equal(unlink(FILES "/resource0"), 0);
	assert_int_equal(unlink(FILES "/power_state"), 0);
	assert_int_equal(unlink(UPPER "/config"), 0);
}

/* What a handle takes was opened with it: nobody need be able to open it again. */
static void stays_open(void **state)
{
	struct bario *dev = need(BARIO_OPEN_CONFIG);
	volatile uint32_t *words;
	uint32_t value;

	(void)state;
	remove_files();
	assert_int_equal(get(dev, 0, 4, 4), 0x12345678);
	put(dev, 0, 4, 4, 1);
	words = bario_map(dev, 0, BARIO_MAP_WRITE, NULL);
	assert_non_null(words);
	assert_int_equal(words[1], 1);
	assert_int_equal(bario_config_read(dev, 0x10, 4, &value), 0);
	assert_int_equal(value, 0xfe000000);
	assert_int_equal(bario_config_write(dev, 0x40, 1, 1), 0);
	bario_close(dev);
}

/* So that a program may give up its privileges. */
static void privileges(void **state)
{
	struct bario *dev;
	uint64_t value = 0;
	pid_t pid;

	(void)state;
	if (geteuid())
		skip();
	assert_int_equal(chmod(FILES "/config", 0600), 0);
	assert_int_equal(chmod(FILES "/resource0", 0600), 0);
	dev = need(0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		CHILD(!setgid(65534) && !setuid(65534), 1);
		CHILD(open(FILES "/resource0", O_RDONLY) < 0, 2);
		CHILD(!bario_read(dev, 0, 4, 4, &value), 3);
		CHILD(value == 0x12345678, 4);
		end_child(0);
	}
	assert_ended(pid);
	bario_close(dev);
}

/* A descriptor that somebody closed is not a device that was removed. */
static void closed(void **state)
{
	const int first = dup(0);
	struct bario *dev;
	uint64_t value;
	int fd;

	(void)state;
	close(first);
	dev = need(0);
	for (fd = first; fd < first + 16; fd++)
		close(fd);
	assert_fails(bario_read(dev, 0, 4, 4, &value), EBADF, BARIO_CAUSE_SYSTEM);
	bario_close(dev);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(accesses, set_up),
		cmocka_unit_test_setup(placed_later, set_up),
		cmocka_unit_test_setup(obstacles, set_up),
		cmocka_unit_test_setup(stays_open, set_up),
		cmocka_unit_test_setup(privileges, set_up),
		cmocka_unit_test_setup(closed, set_up),
	};

	return cmocka_run_group_tests_name("sysfs", tests, NULL, NULL);
}
