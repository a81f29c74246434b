// SPDX-License-Identifier: GPL-2.0
/* The simulated device: what its registers do, and the record of it. */
#include "check.h"

static void behaviours(void **state)
{
	struct bario *dev = make("bar 0 mem 4K\n"
				 "reg 0 0x00 4 ro 0x010000ed\n"
				 "reg 0 0x04 4 rw 7\n"
				 "reg 0 0x08 1 rc 0x81\n"
				 "reg 0 0x0a 2 w1c 0xff0f\n"
				 "reg 0 0x0c 1 fifo 1 2 3\n"
				 "reg 0 0x10 4 busy 2 0x80 0x1\n"
				 "reg 0 0x14 4 ones\n"
				 "reg 0 0x18 8 rw 0x8877665544332211\n");

	(void)state;
	put(dev, 0, 0, 4, 5);
	assert_int_equal(get(dev, 0, 0, 4), 0x010000ed);
	assert_int_equal(get(dev, 0, 4, 4), 7);
	put(dev, 0, 4, 4, 0xffffffff);
	assert_int_equal(get(dev, 0, 4, 4), 0xffffffff);

	assert_int_equal(get(dev, 0, 8, 1), 0x81);
	assert_int_equal(get(dev, 0, 8, 1), 0);
	put(dev, 0, 8, 1, 0xff);
	assert_int_equal(get(dev, 0, 8, 1), 0);

	put(dev, 0, 0xa, 2, 0x0f05);
	assert_int_equal(get(dev, 0, 0xa, 2), 0xf00a);

	assert_int_equal(get(dev, 0, 0xc, 1), 1);
	assert_int_equal(get(dev, 0, 0xc, 1), 2);
	put(dev, 0, 0xc, 1, 9);
	assert_int_equal(get(dev, 0, 0xc, 1), 3);
	assert_int_equal(get(dev, 0, 0xc, 1), 9);
	assert_int_equal(get(dev, 0, 0xc, 1), 0);

	assert_int_equal(get(dev, 0, 0x10, 4), 0x80);
	assert_int_equal(get(dev, 0, 0x10, 4), 0x80);
	assert_int_equal(get(dev, 0, 0x10, 4), 1);
	assert_int_equal(get(dev, 0, 0x10, 4), 1);
	put(dev, 0, 0x10, 4, 0);
	assert_int_equal(get(dev, 0, 0x10, 4), 0x80);

	assert_int_equal(get(dev, 0, 0x14, 4), 0xffffffff);
	assert_true(get(dev, 0, 0x18, 8) == 0x8877665544332211);
	bario_close(dev);
}

/* What fails has left no trace, and what succeeds is there as it was. */
static void record(void **state)
{
	struct bario *dev = make("bar 0 mem 4K\n"
				 "bar 2 port 32\n"
				 "reg 0 8 1 rc 0x81\n"
				 "reg 0 9 1 fail\n"
				 "reg 2 3 1 rw 0\n");
	const struct bario_access *all;
	uint64_t value = 42;
	uint32_t config;
	size_t count;

	(void)state;
	assert_null(recorded(dev, &count));
	assert_int_equal(count, 0);
	assert_int_equal(get(dev, 0, 8, 1), 0x81);
	assert_fails(bario_read(dev, 0, 9, 1, &value), EIO, BARIO_CAUSE_NO_RESPONSE);
	assert_fails(bario_read(dev, 0, 8, 2, &value), EIO, BARIO_CAUSE_NO_RESPONSE);
	assert_fails(bario_read(dev, 0, 9, 2, &value), EINVAL,
		     BARIO_CAUSE_ALIGNMENT);
	assert_int_equal(value, 42);
	put(dev, 2, 3, 1, 0x55);
	assert_int_equal(bario_config_read(dev, 4, 2, &config), 0);
	assert_int_equal(config, 3);

	all = recorded(dev, &count);
	assert_int_equal(count, 3);
	assert_false(all[0].write);
	assert_int_equal(all[0].space, 0);
	assert_int_equal(all[0].offset, 8);
	assert_int_equal(all[0].width, 1);
	assert_int_equal(all[0].value, 0x81);
	assert_true(all[1].write);
	assert_int_equal(all[1].space, 2);
	assert_int_equal(all[1].offset, 3);
	assert_int_equal(all[1].value, 0x55);
	assert_int_equal(all[2].space, BARIO_SPACE_CONFIG);
	assert_int_equal(all[2].offset, 4);
	assert_int_equal(all[2].value, 3);

	bario_sim_forget(dev);
	assert_null(recorded(dev, &count));
	/* More than the initial capacity of the record */
	for (count = 0; count < 1000; count++)
		put(dev, 2, 3, 1, count & 0xff);
	all = recorded(dev, &count);
	assert_int_equal(count, 1000);
	assert_int_equal(all[999].value, 999 & 0xff);
	bario_close(dev);
}

static void ram(void **state)
{
	struct bario *dev = make("bar 0 mem 4K\n"
				 "ram 0 0x100 0x100 0x5a\n"
				 "ram 0 0x200 8\n"
				 "ram 0 0x180 1 1\n"
				 "ram 0 0x180 1 2\n"
				 "reg 0 0x104 4 ro 2\n"
				 "reg 0 0x104 4 ro 1\n");
	uint64_t value;

	(void)state;
	assert_int_equal(get(dev, 0, 0x100, 4), 0x5a5a5a5a);
	assert_int_equal(get(dev, 0, 0x200, 8), 0);
	put(dev, 0, 0x200, 8, 0x1122334455667788);
	assert_int_equal(get(dev, 0, 0x204, 1), 0x44);
	assert_int_equal(get(dev, 0, 0x206, 2), 0x1122);
	/* The last that was described counts. */
	assert_int_equal(get(dev, 0, 0x180, 1), 2);
	assert_int_equal(get(dev, 0, 0x180, 2), 0x5a5a);
	/* A register goes before memory, at its own width. */
	assert_int_equal(get(dev, 0, 0x104, 4), 1);
	assert_int_equal(get(dev, 0, 0x104, 2), 0x5a5a);
	assert_fails(bario_read(dev, 0, 0x208, 1, &value), EIO,
		     BARIO_CAUSE_NO_RESPONSE);
	assert_fails(bario_read(dev, 0, 0xf8, 8, &value), EIO,
		     BARIO_CAUSE_NO_RESPONSE);
	bario_close(dev);
}

static void unplugged(void **state)
{
	struct bario *dev = make("address 0000:00:05.0\n"
				 "bar 0 mem 4K\n"
				 "reg 0 0 4 rw 0\n"
				 "reg 0 4 4 unplug\n");
	struct bario_info info;
	uint64_t value;
	uint32_t config;

	(void)state;
	put(dev, 0, 0, 4, 1);
	assert_fails(bario_write(dev, 0, 4, 4, 1), ENODEV, BARIO_CAUSE_REMOVED);
	assert_message("0000:00:05.0 BAR 0+0x4.4: the function has been removed");
	assert_fails(bario_read(dev, 0, 0, 4, &value), ENODEV, BARIO_CAUSE_REMOVED);
	assert_fails(bario_config_read(dev, 0, 4, &config), ENODEV,
		     BARIO_CAUSE_REMOVED);
	assert_fails(bario_get_info(dev, &info, sizeof(info)), ENODEV, BARIO_CAUSE_REMOVED);
	bario_close(dev);

	dev = make("bar 0 mem 4K\nreg 0 0 4 rw 0\n");
	bario_sim_unplug(dev);
	assert_fails(bario_write(dev, 0, 0, 4, 1), ENODEV, BARIO_CAUSE_REMOVED);
	bario_close(dev);
}

static void facts(void **state)
{
	struct bario *dev = make("# edu, as QEMU has it\n"
				 "address 0001:02:1f.7\n"
				 "id 1234:11e8\n"
				 "subsystem 1af4:1100\n"
				 "class 00ff01\n"
				 "revision 0x10\n"
				 "bar 0 mem 1M\n"
				 "off mem\n"
				 "bar 1 mem64 4G\n"
				 "bar 3 port 0x20 none\n");
	struct bario_info info;
	uint32_t id;

	(void)state;
	assert_string_equal(bario_name(dev), "0001:02:1f.7");
	assert_string_equal(bario_backend(dev), "sim");
	assert_int_equal(bario_get_info(dev, &info, sizeof(info)), 0);
	assert_int_equal(info.address.domain, 1);
	assert_int_equal(info.address.bus, 2);
	assert_int_equal(info.address.dev, 31);
	assert_int_equal(info.address.func, 7);
	assert_int_equal(info.vendor, 0x1234);
	assert_int_equal(info.device, 0x11e8);
	assert_int_equal(info.subvendor, 0x1af4);
	assert_int_equal(info.subdevice, 0x1100);
	assert_int_equal(info.base_class, 0x00);
	assert_int_equal(info.subclass, 0xff);
	assert_int_equal(info.progif, 1);
	assert_int_equal(info.revision, 0x10);
	assert_string_equal(info.driver, "");
	assert_int_equal(info.bars[0].kind, BARIO_KIND_MEM);
	assert_int_equal(info.bars[0].size, 1 << 20);
	assert_true(info.bars[0].assigned);
	assert_false(info.bars[0].decoded);
	assert_true(info.bars[1].wide);
	assert_int_equal(info.bars[2].kind, BARIO_KIND_NONE);
	assert_int_equal(info.bars[3].kind, BARIO_KIND_PORT);
	assert_false(info.bars[3].assigned);
	assert_true(info.bars[3].decoded);
	assert_int_equal(bario_config_read(dev, 0, 4, &id), 0);
	assert_int_equal(id, 0x11e81234);
	assert_int_equal(bario_config_read(dev, 8, 4, &id), 0);
	assert_int_equal(id, 0x00ff0110);
	bario_close(dev);
}

/* What is recorded is what the next device must be asked. */
static void replay(void **state)
{
	struct bario *dev = make("bar 0 port 32\n"
				 "replay write 0 3 1 0x83\n"
				 "replay read 0 5 1 0x60\n"
				 "replay read 0 5 1 0x61\n");
	uint64_t value = 42;

	(void)state;
	assert_fails(bario_read(dev, 0, 5, 1, &value), EIO, BARIO_CAUSE_REPLAY);
	assert_message("sim:text BAR 0+0x5.1: line 2 of the record has another access next: write 0+0x3.1 0x83");
	assert_fails(bario_write(dev, 0, 3, 1, 0x80), EIO, BARIO_CAUSE_REPLAY);
	put(dev, 0, 3, 1, 0x83);
	assert_fails(bario_read(dev, 0, 4, 1, &value), EIO, BARIO_CAUSE_REPLAY);
	assert_int_equal(value, 42);
	assert_int_equal(get(dev, 0, 5, 1), 0x60);
	assert_int_equal(get(dev, 0, 5, 1), 0x61);
	assert_fails(bario_read(dev, 0, 5, 1, &value), EIO, BARIO_CAUSE_REPLAY);
	bario_close(dev);
}

/* Each line is wrong in one way, and the error says where. */
static const struct {
	const char	*text;
	const char	*message;
} wrong[] = {
	{ "foo 1\n",
	  "text:1:1: 'foo' is nothing that a device is described by" },
	{ "\n# nothing\n  bar 6 mem 4K\n",
	  "text:3:7: the BAR's index is at most 0x5" },
	{ "bar 0 mem\n", "text:1:10: the BAR's size is missing" },
	{ "bar 0 memory 4K\n",
	  "text:1:7: 'memory' is not one of mem, mem64 and port" },
	{ "bar 0 mem 3\n",
	  "text:1:11: a BAR's size is a power of 2, from 4 on" },
	{ "bar 0 mem 6\n",
	  "text:1:11: a BAR's size is a power of 2, from 4 on" },
	{ "bar 0 mem 18446744073709551616\n",
	  "text:1:11: '18446744073709551616' is not a number for the BAR's size, as 0x1f, 31 or 4K is" },
	{ "bar 0 mem 17179869184G\n",
	  "text:1:11: '17179869184G' is not a number for the BAR's size, as 0x1f, 31 or 4K is" },
	{ "bar 0 mem -4\n",
	  "text:1:11: '-4' is not a number for the BAR's size, as 0x1f, 31 or 4K is" },
	{ "bar 0 mem 4K\nbar 0 mem 4K\n", "text:2:5: BAR 0 is here twice" },
	{ "bar 0 mem 4K on\n",
	  "text:1:14: 'on' is not none, for no address" },
	{ "bar 0 mem 4K none none\n",
	  "text:1:19: 'none' is one word too many" },
	{ "capabilities\n", "text:1:13: the first one's place is missing" },
	{ "capabilities 0x3c\n",
	  "text:1:14: capabilities are at multiples of 4 from 0x40 on" },
	{ "capabilities 0x42\n",
	  "text:1:14: capabilities are at multiples of 4 from 0x40 on" },
	{ "capabilities 0x100\n",
	  "text:1:14: the first one's place is at most 0xfc" },
	{ "off both\n", "text:1:5: 'both' is not one of mem and port" },
	{ "bar 5 mem64 4K\n",
	  "text:1:7: BAR 5 has no register behind it for 64 bits" },
	{ "bar 0 mem64 4K\nbar 1 port 4\n",
	  "text:2:5: BAR 1 is the upper half of BAR 0" },
	{ "bar 1 port 4\nbar 0 mem64 4K\n",
	  "text:2:7: BAR 1 is the upper half of BAR 0" },
	{ "bar 0 mem 0200\n",
	  "text:1:11: the BAR's size '0200' is ambiguous: 0x200 or 200?" },
	{ "reg 0 0 4 rw 0\n", "text:1:5: BAR 0 was not described before" },
	{ "bar 0 mem 4K\nreg 0 4096 1 rw 0\n",
	  "text:2:7: past the end of BAR 0" },
	{ "bar 0 mem 4K\nreg 0 4095 2 rw 0\n",
	  "text:2:12: no access of 2 bytes can be made there" },
	{ "bar 0 mem 4K\nreg 0 0 3 rw 0\n",
	  "text:2:9: no access of 3 bytes can be made there" },
	{ "bar 0 mem 4K\nreg 0 0 1 rw 0x100\n",
	  "text:2:14: '0x100' is not a value of 1 byte" },
	{ "bar 0 mem 4K\nreg 0 0 1 rw\n", "text:2:13: rw takes 1 value" },
	{ "bar 0 mem 4K\nreg 0 0 1 busy 1 2\n",
	  "text:2:19: busy takes 3 values" },
	{ "bar 0 mem 4K\nreg 0 0 1 xx 1 2\n",
	  "text:2:11: 'xx' is not one of rw, ro, rc, w1c, fifo, busy, ones, fail and unplug" },
	{ "bar 0 mem 4K\nram 0 4095 2\n",
	  "text:2:12: past the end of BAR 0, or nothing" },
	{ "bar 0 mem 4K\nram 0 0 0\n",
	  "text:2:9: past the end of BAR 0, or nothing" },
	{ "bar 0 mem 4K\nram 0 0 4 256\n", "text:2:11: '256' is not a byte" },
	{ "id 12345:11e8\n",
	  "text:1:4: an ID is two numbers of four hexadecimal digits, as 1234:11e8" },
	{ "class 20000\n",
	  "text:1:7: a class is six hexadecimal digits, as 020000" },
	{ "address 0:0:0\n",
	  "text:1:9: '0:0:0' is not an address, as 0000:00:05.0 is" },
	{ "driver 0123456789012345678901234567890123456789012345678901234567890123\n",
	  "text:1:8: a driver's name has at most 63 characters" },
	{ "config 0x10 4 0\n",
	  "text:1:13: the width is 1, 2 or 4, and the offset a multiple of it from 0x40 on" },
	{ "replay look 0 0 1 0\n",
	  "text:1:8: 'look' is not one of read and write" },
	{ "revision \x01\n",
	  "text:1:10: there is a character of code 1 in this word" },
};

static void descriptions(void **state)
{
	struct bario *dev;
	char longest[400];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(wrong); i++) {
		assert_fails(bario_open_sim(wrong[i].text, "text", 0, &dev),
			     EINVAL, BARIO_CAUSE_TEXT);
		assert_message(wrong[i].message);
	}
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	assert_fails(bario_open_sim(longest, "text", 0, &dev), EINVAL,
		     BARIO_CAUSE_TEXT);
	assert_message("text:1:1: this word is longer than 255 characters");
}

/* Cut anywhere, and with any character in any place: an error or a device. */
static void garbage(void **state)
{
	static const char good[] = "address 0000:00:05.0\nid 1234:11e8\n"
		"class 00ff00\nbar 0 mem 4K none\noff port\nram 0 0 64 0x5a # memory\n"
		"reg 0 0x40 4 busy 2 0x80 0x1\nreg 0 0x44 1 fifo 1 2 3\n"
		"config 0x40 4 0x12345678\nreplay read 0 0x40 4 0x80\n";
	static const char odd[] = "\n #0x-:.~\x80\xff\t";
	char text[sizeof(good)];
	struct bario *dev;
	size_t i, j;

	(void)state;
	for (i = 0; i < sizeof(good); i++) {
		memcpy(text, good, sizeof(good));
		text[i] = '\0';
		if (!bario_open_sim(text, "text", 0, &dev))
			bario_close(dev);
		for (j = 0; j < sizeof(odd); j++) {
			memcpy(text, good, sizeof(good) - 1);
			text[sizeof(good) - 1] = '\0';
			text[i] = odd[j];
			text[sizeof(good) - 1] = '\0';
			if (!bario_open_sim(text, "text", 0, &dev))
				bario_close(dev);
			else
				assert_int_equal(bario_last_error()->cause,
						 BARIO_CAUSE_TEXT);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(behaviours),
		cmocka_unit_test(record),
		cmocka_unit_test(ram),
		cmocka_unit_test(unplugged),
		cmocka_unit_test(facts),
		cmocka_unit_test(replay),
		cmocka_unit_test(descriptions),
		cmocka_unit_test(garbage),
	};

	return cmocka_run_group_tests_name("sim", tests, NULL, NULL);
}
