// SPDX-License-Identifier: GPL-2.0
/* The calls on a handle: what they refuse, and what they say then. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include "check.h"

#define DEVICE	"address 0000:00:05.0\n"	\
		"bar 0 mem 4K\n"		\
		"bar 1 port 32\n"		\
		"bar 2 mem 4K none\n"		\
		"bar 3 mem64 8K\n"		\
		"ram 0 0 4K\nram 1 0 32\nram 3 0 8K\n"

/* One access each, and what is said of it; whole messages, for people read them. */
static const struct {
	unsigned int		bar;
	uint64_t		offset;
	unsigned int		width;
	int			code;
	uint32_t	cause;
	const char		*message;
} refused[] = {
	{ 0, 0, 0, EINVAL, BARIO_CAUSE_WIDTH,
	  "0000:00:05.0 BAR 0+0.0: the width is 1, 2, 4 or 8" },
	{ 0, 0, 3, EINVAL, BARIO_CAUSE_WIDTH,
	  "0000:00:05.0 BAR 0+0.3: the width is 1, 2, 4 or 8" },
	{ 0, 0, 16, EINVAL, BARIO_CAUSE_WIDTH,
	  "0000:00:05.0 BAR 0+0.16: the width is 1, 2, 4 or 8" },
	{ 0, 4096, 1, EINVAL, BARIO_CAUSE_RANGE,
	  "0000:00:05.0 BAR 0+0x1000.1: past the end: the BAR has 0x1000 bytes" },
	{ 0, UINT64_MAX, 1, EINVAL, BARIO_CAUSE_RANGE,
	  "0000:00:05.0 BAR 0+0xffffffffffffffff.1: past the end: the BAR has 0x1000 bytes" },
	{ 0, 4094, 4, EINVAL, BARIO_CAUSE_RANGE,
	  "0000:00:05.0 BAR 0+0xffe.4: past the end: the BAR has 0x1000 bytes" },
	{ 0, 2, 4, EINVAL, BARIO_CAUSE_ALIGNMENT,
	  "0000:00:05.0 BAR 0+0x2.4: in a memory BAR the offset is a multiple of the width" },
	{ 1, 0, 8, EINVAL, BARIO_CAUSE_WIDTH,
	  "0000:00:05.0 BAR 1+0.8: a port BAR has no accesses of 8 bytes" },
	{ 1, 31, 2, EINVAL, BARIO_CAUSE_RANGE,
	  "0000:00:05.0 BAR 1+0x1f.2: past the end: the BAR has 0x20 bytes" },
	{ 2, 0, 4, ENXIO, BARIO_CAUSE_UNASSIGNED,
	  "0000:00:05.0 BAR 2+0.4: the system has given this BAR no address" },
	{ 4, 0, 4, EINVAL, BARIO_CAUSE_BAR,
	  "0000:00:05.0 BAR 4+0.4: the function has no such BAR" },
	{ 5, 0, 4, EINVAL, BARIO_CAUSE_BAR,
	  "0000:00:05.0 BAR 5+0.4: the function has no such BAR" },
	{ 6, 0, 4, EINVAL, BARIO_CAUSE_BAR,
	  "0000:00:05.0 BAR 6+0.4: a BAR is 0 to 5" },
	{ 8, 0, 4, EINVAL, BARIO_CAUSE_BAR,
	  "0000:00:05.0 BAR 8+0.4: a BAR is 0 to 5" },
};

static void checks(void **state)
{
	struct bario *dev = make(DEVICE);
	uint64_t value = 42;
	size_t i, count;

	(void)state;
	for (i = 0; i < COUNT(refused); i++) {
		assert_fails(bario_read(dev, refused[i].bar, refused[i].offset,
					refused[i].width, &value),
			     refused[i].code, refused[i].cause);
		assert_message(refused[i].message);
		assert_fails(bario_write(dev, refused[i].bar, refused[i].offset,
					 refused[i].width, 0),
			     refused[i].code, refused[i].cause);
	}
	assert_int_equal(value, 42);
	assert_fails(bario_write(dev, 0, 0, 1, 0x100), EINVAL,
		     BARIO_CAUSE_VALUE);
	assert_message("0000:00:05.0 BAR 0+0.1: the value 0x100 does not fit in 1 byte");
	assert_fails(bario_write(dev, 0, 0, 4, 1ULL << 32), EINVAL,
		     BARIO_CAUSE_VALUE);
	assert_null(recorded(dev, &count));
	/* The widest and last that can be done. */
	put(dev, 0, 4088, 8, UINT64_MAX);
	assert_true(get(dev, 0, 4088, 8) == UINT64_MAX);
	put(dev, 3, 8191, 1, 0xff);
	bario_close(dev);
}

static void states(void **state)
{
	struct bario *dev = make("address 0000:00:06.0\ndriver e1000\n"
				 "bar 0 mem 4K\nram 0 0 4K\n");
	uint64_t value;

	(void)state;
	assert_fails(bario_read(dev, 0, 0, 4, &value), EBUSY,
		     BARIO_CAUSE_DRIVER);
	assert_message("0000:00:06.0 BAR 0+0.4: the driver e1000 has this function to itself");
	/* No command for the machine, whose 00:06.0 is another device. */
	assert_non_null(strstr(bario_last_error()->hint, ": driver e1000"));
	assert_null(strstr(bario_last_error()->hint, "/sys"));
	bario_close(dev);

	dev = make("driver vfio-pci\nbar 0 mem 4K\nram 0 0 4K\n");
	assert_int_equal(get(dev, 0, 0, 4), 0);
	bario_close(dev);

	dev = make("off mem\nbar 0 mem 4K\nbar 1 port 4\nram 0 0 4K\nram 1 0 4\n");
	assert_fails(bario_read(dev, 0, 0, 4, &value), EIO, BARIO_CAUSE_DECODE);
	assert_int_equal(get(dev, 1, 0, 4), 0);
	/* The command register turns it on, and off. */
	assert_int_equal(bario_config_write(dev, 4, 2, 2), 0);
	assert_int_equal(get(dev, 0, 0, 4), 0);
	assert_fails(bario_read(dev, 1, 0, 4, &value), EIO, BARIO_CAUSE_DECODE);
	bario_close(dev);

	dev = make("asleep\nbar 0 mem 4K\nram 0 0 4K\n");
	assert_fails(bario_read(dev, 0, 0, 4, &value), EIO, BARIO_CAUSE_ASLEEP);
	bario_close(dev);
}

static void config(void **state)
{
	struct bario *dev = make("id 1234:11e8\nconfig 0x40 4 0x12345678\n");
	uint32_t value = 42;

	(void)state;
	assert_int_equal(bario_config_read(dev, 0x40, 4, &value), 0);
	assert_int_equal(value, 0x12345678);
	assert_int_equal(bario_config_write(dev, 0x41, 1, 0xff), 0);
	assert_int_equal(bario_config_read(dev, 0x40, 2, &value), 0);
	assert_int_equal(value, 0xff78);
	/* Its identification does not change. */
	assert_int_equal(bario_config_write(dev, 0, 4, 0), 0);
	assert_int_equal(bario_config_read(dev, 2, 2, &value), 0);
	assert_int_equal(value, 0x11e8);

	value = 42;
	assert_fails(bario_config_read(dev, 0, 8, &value), EINVAL,
		     BARIO_CAUSE_WIDTH);
	assert_message("sim:text config+0.8: the width is 1, 2 or 4");
	assert_fails(bario_config_read(dev, 2, 4, &value), EINVAL,
		     BARIO_CAUSE_ALIGNMENT);
	assert_fails(bario_config_read(dev, 256, 1, &value), EINVAL,
		     BARIO_CAUSE_RANGE);
	assert_fails(bario_config_write(dev, 4, 2, 0x10000), EINVAL,
		     BARIO_CAUSE_VALUE);
	assert_int_equal(value, 42);
	bario_close(dev);
}

/* What an access would be refused for, without making it. */
static void looks(void **state)
{
	struct bario *dev = make("bar 0 mem 4K\nreg 0 0 4 rc 5\nbar 1 port 8\nbar 2 mem 4K none\n");
	const unsigned int both = BARIO_RIGHT_READ | BARIO_RIGHT_WRITE;
	size_t count;

	(void)state;
	assert_int_equal(bario_check(dev, 0, 0, 4, both), 0);
	assert_int_equal(bario_check(dev, 0, 0xff8, 8, BARIO_RIGHT_READ), 0);
	assert_int_equal(bario_check(dev, 1, 7, 1, BARIO_RIGHT_WRITE), 0);
	assert_int_equal(bario_check(dev, BARIO_SPACE_CONFIG, 4, 4, both), 0);
	assert_fails(bario_check(dev, 0, 0, 4, 0), EINVAL,
		     BARIO_CAUSE_OPERATION);
	assert_fails(bario_check(dev, 0, 0, 4, BARIO_RIGHT_MAP), EINVAL,
		     BARIO_CAUSE_OPERATION);
	assert_fails(bario_check(dev, 0, 0, 3, both), EINVAL,
		     BARIO_CAUSE_WIDTH);
	assert_fails(bario_check(dev, BARIO_SPACE_ROM, 0, 4, both), EINVAL,
		     BARIO_CAUSE_BAR);
	assert_fails(bario_check(dev, BARIO_SPACE_INTERRUPT, 0, 4, both), EINVAL,
		     BARIO_CAUSE_BAR);
	assert_fails(bario_check(dev, 9, 0, 4, both), EINVAL, BARIO_CAUSE_BAR);
	assert_fails(bario_check(dev, 3, 0, 4, both), EINVAL, BARIO_CAUSE_BAR);
	assert_fails(bario_check(dev, 2, 0, 4, both), ENXIO,
		     BARIO_CAUSE_UNASSIGNED);
	assert_fails(bario_check(dev, 0, 0x1000, 1, both), EINVAL,
		     BARIO_CAUSE_RANGE);
	assert_fails(bario_check(dev, 0, UINT64_MAX, 4, both), EINVAL,
		     BARIO_CAUSE_RANGE);
	assert_message("sim:text BAR 0+0xffffffffffffffff.4: past the end: the BAR has 0x1000 bytes");
	assert_fails(bario_check(dev, 0, 2, 4, BARIO_RIGHT_READ), EINVAL,
		     BARIO_CAUSE_ALIGNMENT);
	assert_fails(bario_check(dev, 1, 0, 8, both), EINVAL,
		     BARIO_CAUSE_WIDTH);
	assert_fails(bario_check(dev, BARIO_SPACE_CONFIG, 4, 8, both), EINVAL,
		     BARIO_CAUSE_WIDTH);
	assert_fails(bario_check(dev, BARIO_SPACE_CONFIG, 3, 2, both), EINVAL,
		     BARIO_CAUSE_ALIGNMENT);
	/* Nothing has touched the device. */
	recorded(dev, &count);
	assert_int_equal(count, 0);
	assert_int_equal(get(dev, 0, 0, 4), 5);
	bario_sim_unplug(dev);
	assert_fails(bario_check(dev, 0, 0, 4, both), ENODEV,
		     BARIO_CAUSE_REMOVED);
	bario_close(dev);
}

/* Malformed names, and names of what does not exist: none opens a device. */
static void names(void **state)
{
	static const char *const none[] = {
		"", "foo", "00:05", "00:05.8", "00:20.0", "100:00.0",
		"0000:00:05.0 ", " 0000:00:05.0", "-1:00.0", "+0:00.0",
		"0000:00:05.0x", "000000000:00:00.0", "pci0:0:5", "pci0:0:32:0",
		"pci0:256:0:0", "pci0:0:5:8", "pci:0:0:5:0", "8086:100e#",
		"8086:100e#x", "8086:100", "8086:100e0", "sim:", "fd:", "fd:x",
		"fd:-1", "fd:3@", "fd:3@foo", "/dev/pci@foo", "pci:", "sysfs:",
		"sysfs:sim:x", "x:00:05.0", "fd:99999999999",
	};
	struct bario *dev;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(none); i++) {
		dev = (struct bario *)&i;
		assert_fails(bario_open(none[i], 0, &dev), EINVAL,
			     BARIO_CAUSE_NAME);
		assert_null(dev);
		assert_string_not_equal(bario_last_error()->hint, "");
	}
	assert_fails(bario_open("sysfs:ffff:ff:1f.7", 0, &dev), ENODEV,
		     BARIO_CAUSE_NO_DEVICE);
	assert_message("ffff:ff:1f.7: there is no such function");
	assert_fails(bario_open("sysfs:pci65535:255:31:7", 0, &dev), ENODEV,
		     BARIO_CAUSE_NO_DEVICE);
	assert_message("ffff:ff:1f.7: there is no such function");
	assert_fails(bario_open("sysfs:ff:1f.7", 0, &dev), ENODEV,
		     BARIO_CAUSE_NO_DEVICE);
	assert_message("0000:ff:1f.7: there is no such function");
	assert_fails(bario_open("sysfs:0bad:0bad", 0, &dev), ENODEV,
		     BARIO_CAUSE_NO_DEVICE);
	assert_fails(bario_open("fd:1000", 0, &dev), EBADF, BARIO_CAUSE_SYSTEM);
	assert_fails(bario_open("/dev/null", 0, &dev), ENOTTY,
		     BARIO_CAUSE_BACKEND);
	assert_fails(bario_open("/nonexistent/node", 0, &dev), ENODEV,
		     BARIO_CAUSE_BACKEND);
	assert_fails(bario_open("sim:/nonexistent/file", 0, &dev), ENOENT,
		     BARIO_CAUSE_SYSTEM);
	assert_fails(bario_open("sysfs:00:05.0", 4, &dev), EINVAL,
		     BARIO_CAUSE_OPERATION);
	assert_fails(bario_open("sysfs:00:05.0", 3, &dev), EINVAL,
		     BARIO_CAUSE_OPERATION);
	assert_fails(bario_open_fd(0, "foo", 0, &dev), EINVAL, BARIO_CAUSE_NAME);
}

/* Power management at 0xc8, PCI Express at 0xe0, and then in a circle. */
static void capabilities(void **state)
{
	struct bario *dev = make("address 0000:02:00.0\ncapabilities 0xc8\n"
				 "config 0xc8 4 0x0022e001\n"
				 "config 0xe0 4 0x0002c810\n");
	unsigned int at = 99, size;
	uint32_t value = 42;

	(void)state;
	assert_int_equal(bario_capability(dev, 0x01, 0, &at), 0);
	assert_int_equal(at, 0xc8);
	assert_int_equal(bario_capability(dev, 0x10, 0, &at), 0);
	assert_int_equal(at, 0xe0);
	assert_fails(bario_capability(dev, 0x11, 0, &at), ENOENT,
		     BARIO_CAUSE_CAPABILITY);
	assert_message("0000:02:00.0: the device has no capability 0x11");
	assert_fails(bario_capability(dev, BARIO_CAPABILITY_EXTENDED | 1, 0,
				      &at),
		     ENOENT, BARIO_CAUSE_CAPABILITY);
	assert_message("0000:02:00.0: the device has no extended capability 0x1");
	assert_fails(bario_capability(dev, 0x10, 1, &at), ENOENT,
		     BARIO_CAUSE_CAPABILITY);
	assert_message("0000:02:00.0: the device has no capability 0x10 with index 1");
	assert_fails(bario_capability(dev, 0x100, 0, &at), EINVAL,
		     BARIO_CAUSE_OPERATION);
	assert_int_equal(at, 0xe0);
	assert_int_equal(bario_config_size(dev, &size), 0);
	assert_int_equal(size, 256);
	assert_int_equal(bario_config_read(dev, 0xfc, 4, &value), 0);
	value = 42;
	assert_fails(bario_config_read(dev, 0x100, 1, &value), EINVAL,
		     BARIO_CAUSE_RANGE);
	assert_message("0000:02:00.0 config+0x100.1: past the end: configuration space has 256 bytes");
	assert_fails(bario_config_read(dev, 0x80000000, 4, &value), EINVAL,
		     BARIO_CAUSE_RANGE);
	assert_fails(bario_config_write(dev, 0x100, 4, 0), EINVAL,
		     BARIO_CAUSE_RANGE);
	assert_int_equal(value, 42);
	bario_sim_unplug(dev);
	assert_fails(bario_config_size(dev, &size), ENODEV, BARIO_CAUSE_REMOVED);
	assert_fails(bario_capability(dev, 1, 0, &at), ENODEV, BARIO_CAUSE_REMOVED);
	bario_close(dev);
}

static void files(void **state)
{
	char path[] = "/tmp/bario-lib-test.XXXXXX", name[64];
	const int fd = mkstemp(path);
	struct bario *dev;
	uint32_t config;
	uint64_t value;

	(void)state;
	assert_true(fd >= 0);
	snprintf(name, sizeof(name), "sim:%s", path);
	assert_int_equal(write(fd, DEVICE, strlen(DEVICE)), strlen(DEVICE));
	assert_int_equal(bario_open(name, 0, &dev), 0);
	assert_int_equal(get(dev, 0, 0, 4), 0);
	assert_int_equal(bario_config_read(dev, 0, 4, &config), 0);
	assert_fails(bario_config_write(dev, 4, 2, 0), EACCES,
		     BARIO_CAUSE_GRANT);
	assert_fails(bario_check(dev, BARIO_SPACE_CONFIG, 4, 2,
				 BARIO_RIGHT_WRITE), EACCES, BARIO_CAUSE_GRANT);
	bario_close(dev);
	assert_int_equal(bario_open(name, BARIO_OPEN_INFO, &dev), 0);
	assert_int_equal(bario_config_read(dev, 0, 4, &config), 0);
	assert_fails(bario_config_write(dev, 4, 2, 0), EPERM,
		     BARIO_CAUSE_PERMISSION);
	assert_fails(bario_read(dev, 0, 0, 4, &value), EPERM,
		     BARIO_CAUSE_PERMISSION);
	/* It looks at places, but at no rights. */
	assert_int_equal(bario_check(dev, 0, 0, 4, BARIO_RIGHT_READ), 0);
	assert_fails(bario_check(dev, 0, 2, 4, BARIO_RIGHT_READ), EINVAL,
		     BARIO_CAUSE_ALIGNMENT);
	bario_close(dev);
	/* No text. */
	assert_int_equal(write(fd, "\0", 1), 1);
	assert_fails(bario_open(name, 0, &dev), EINVAL, BARIO_CAUSE_TEXT);
	close(fd);
	unlink(path);
}

/* What a simulated device refuses */
static void unsupported(void **state)
{
	struct bario *dev = make(DEVICE);
	uint64_t length = 42;

	(void)state;
	assert_int_equal(bario_can(dev) & BARIO_CAN_MAP, 0);
	assert_not_mapped(bario_map(dev, 0, 0, &length), EOPNOTSUPP,
			  BARIO_CAUSE_UNSUPPORTED);
	assert_not_mapped(bario_map(dev, 0, 2, &length), EINVAL,
			  BARIO_CAUSE_OPERATION);
	assert_not_mapped(bario_map(dev, 6, 0, NULL), EINVAL, BARIO_CAUSE_BAR);
	assert_int_equal(length, 42);
	assert_fails(bario_unmap(dev, &length), EINVAL, BARIO_CAUSE_OPERATION);
	bario_close(dev);
	bario_close(NULL);
}

/* A number in a function's directory in sysfs, as the kernel shows it */
static unsigned long shown(const char *function, const char *file)
{
	unsigned long number;
	char path[128];
	FILE *in;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/%s", function,
		 file);
	in = fopen(path, "r");
	assert_non_null(in);
	assert_int_equal(fscanf(in, "%lx", &number), 1);
	fclose(in);
	return number;
}

static int stop(const struct bario_info *info, void *arg)
{
	(void)info;
	++*(int *)arg;
	return -ENODEV;
}

static int count_all(const struct bario_info *info, void *arg)
{
	char text[BARIO_ADDRESS_TEXT], name[40];
	struct bario_info again;
	struct bario *dev;

	/* Each can be opened by what the list says of it, and is the same. */
	bario_address_text(&info->address, text);
	snprintf(name, sizeof(name), "sysfs:%s", text);
	assert_int_equal(bario_open(name, BARIO_OPEN_INFO, &dev), 0);
	assert_string_equal(bario_name(dev), text);
	assert_int_equal(bario_get_info(dev, &again, sizeof(again)), 0);
	assert_int_equal(info->vendor, shown(text, "vendor"));
	assert_int_equal(info->device, shown(text, "device"));
	assert_int_equal(info->subvendor, shown(text, "subsystem_vendor"));
	assert_int_equal(info->subdevice, shown(text, "subsystem_device"));
	assert_int_equal(info->base_class << 16 | info->subclass << 8 |
			 info->progif, shown(text, "class"));
	assert_int_equal(info->revision, shown(text, "revision"));
	if (info->bars[0].assigned)
		assert_int_equal(info->bars[0].address,
				 shown(text, "resource"));
	assert_int_equal(again.vendor, info->vendor);
	assert_int_equal(again.bars[0].size, info->bars[0].size);
	bario_close(dev);
	++*(int *)arg;
	return 0;
}

static void list(void **state)
{
	const size_t size = sizeof(struct bario_info);
	int count = 0, one = 0;

	(void)state;
	assert_fails(bario_list("vfio", 0, stop, &count, size), ENODEV,
		     BARIO_CAUSE_BACKEND);
	assert_fails(bario_list("sysfs", 1, stop, &count, size), EINVAL,
		     BARIO_CAUSE_OPERATION);
	assert_fails(bario_list("sysfs", 0, stop, &count, 0), EINVAL,
		     BARIO_CAUSE_OPERATION);
	if (access("/sys/bus/pci/devices", F_OK))
		skip();
	assert_int_equal(bario_list("sysfs", 0, count_all, &count, size), 0);
	/* An end by the caller is not an error of the library. */
	assert_int_equal(bario_list("sysfs", 0, stop, &one, size), count ? 1 : 0);
	assert_int_equal(one, count ? 1 : 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(checks),
		cmocka_unit_test(states),
		cmocka_unit_test(config),
		cmocka_unit_test(looks),
		cmocka_unit_test(names),
		cmocka_unit_test(capabilities),
		cmocka_unit_test(files),
		cmocka_unit_test(unsupported),
		cmocka_unit_test(list),
	};

	return cmocka_run_group_tests_name("handle", tests, NULL, NULL);
}
