// SPDX-License-Identifier: GPL-2.0
/* Places, their names and their values; capabilities and blocks beside them. */
#include "check.h"

#define DEVICE	"id 1234:11e8\nbar 0 mem 4K\nram 0 0x100 16\nreg 0 0x20 4 w1c 0\n" \
		"capabilities 0x40\nconfig 0x40 4 0x00024809\n"			\
		"config 0x48 4 0x11225009\nconfig 0x50 4 0x00000001\n"		\
		"config 0x54 2 0x8103\n"

#define MAP	"bar 0\nreg CTRL 0x100 4\nfield MODE 5:4\nfield GO 0\n"		\
		"reg PORT 0x104 2 times 3 2\nfield SPEED 3:0\n"			\
		"reg STATUS 0x20 4 w1c\nfield RX 0\nreg IN 0x10 1 ro\n"		\
		"reg OUT 0x10 1 wo\nfield LOW 3:0\nreg FIFO 0x14 4 side\n"	\
		"reg ONLY 0x18 4 wo\nbar config\ncapability CAP_PM\n"		\
		"reg PM 4 2\nheader 1\nreg SECONDARY 0x19 1\n"

static struct bario *dev;
static struct bario_regmap *map;

static int open_both(void **state)
{
	(void)state;
	dev = make(DEVICE);
	return bario_regmap_open_text(dev, MAP, "text", 0, &map);
}

static int close_both(void **state)
{
	(void)state;
	bario_regmap_close(map);
	bario_close(dev);
	return 0;
}

static struct bario_place place(const char *text, uint32_t flags)
{
	struct bario_place found;

	memset(&found, 0xaa, sizeof(found));
	if (bario_place_parse(dev, map, text, flags, &found))
		fail_msg("%s: %s", text, bario_last_error()->message);
	return found;
}

/* What comes out goes in again. */
static void texts(void **state)
{
	static const struct {
		const char	*text;
		uint32_t	flags;
		const char	*place;
		const char	*name;
	} places[] = {
		{ "0+0x40.4", 0, "0+0x40.4", NULL },
		{ "5+16.8", 0, "5+0x10.8", NULL },
		{ "0+4K.1", 0, "0+0x1000.1", NULL },
		{ "config+4.2", 0, "config+0x4.2", NULL },
		{ "config+0xfff.1", 0, "config+0xfff.1", NULL },
		{ "4.2", BARIO_PLACE_CONFIG, "config+0x4.2", NULL },
		{ "config+4.2", BARIO_PLACE_CONFIG, "config+0x4.2", NULL },
		{ "CAP_VNDR+2.1", 0, "config+0x42.1", NULL },
		{ "CAP_VNDR@0+2.1", 0, "config+0x42.1", NULL },
		{ "CAP_VNDR@1+2.2", BARIO_PLACE_CONFIG, "config+0x4a.2", NULL },
		{ "0.4", BARIO_PLACE_ANY_WIDTH, "0+0.4", NULL },
		{ "0+8", BARIO_PLACE_ANY_WIDTH, "0+0x8", NULL },
		{ "0", BARIO_PLACE_ANY_WIDTH, "0+0", NULL },
		{ "CTRL", 0, "0+0x100.4", "CTRL" },
		{ "CTRL.MODE", 0, "0+0x100.4", "CTRL.MODE" },
		{ "PORT[2]", 0, "0+0x108.2", "PORT[2]" },
		{ "PORT[0x1].SPEED", 0, "0+0x106.2", "PORT[1].SPEED" },
		{ "PM", 0, "config+0x54.2", "PM" },
	};
	char text[BARIO_PLACE_TEXT];
	struct bario_place found;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(places); i++) {
		found = place(places[i].text, places[i].flags);
		bario_place_text(&found, 0, text);
		assert_string_equal(text, places[i].place);
		bario_place_text(&found, BARIO_PLACE_NAME, text);
		assert_string_equal(text, places[i].name ? places[i].name :
				    places[i].place);
		assert_int_equal(found.reserved[0] | found.reserved[1], 0);
		if (!found.width)
			continue;
		found = place(text, 0);
		bario_place_text(&found, 0, text);
		assert_string_equal(text, places[i].place);
	}
}

static void not_places(void **state)
{
	static const struct {
		const char	*text;
		uint32_t	flags;
		int		code;
		uint32_t	cause;
		const char	*message;
		const char	*hint;
	} texts[] = {
		{ "", 0, EINVAL, BARIO_CAUSE_TEXT, "'' is not a place: BAR+OFFSET.WIDTH, as 0+0x40.4, or config+0x4.2", "" },
		{ "0.4", 0, EINVAL, BARIO_CAUSE_TEXT, "'0.4' is not a place: BAR+OFFSET.WIDTH, as 0+0x40.4, or config+0x4.2", "" },
		{ "0+2", 0, EINVAL, BARIO_CAUSE_TEXT, "'0+2' has no width: 0+2.2 is a 2-byte access there", "" },
		{ "6+0.4", 0, EINVAL, BARIO_CAUSE_TEXT, "'6+0.4': a BAR is 0 to 5", "" },
		{ "0+010.4", 0, EINVAL, BARIO_CAUSE_TEXT, "the offset '010' is ambiguous: 0x10 or 10?", "" },
		{ "0+0.9", 0, EINVAL, BARIO_CAUSE_TEXT, "'0+0.9' is not a place: BAR+OFFSET.WIDTH, as 0+0x40.4, or config+0x4.2", "" },
		{ "config+4K.4", 0, EINVAL, BARIO_CAUSE_TEXT, "'config+4K.4': configuration space has 4096 bytes at most", "" },
		{ "0x100000004.2", BARIO_PLACE_CONFIG, EINVAL, BARIO_CAUSE_TEXT, "'0x100000004.2': configuration space has 4096 bytes at most", "" },
		{ "CAP_VNDR+0xfff.1", 0, EINVAL, BARIO_CAUSE_TEXT, "'CAP_VNDR+0xfff.1': configuration space has 4096 bytes at most", "" },
		{ "CAP_VNDR", BARIO_PLACE_CONFIG, EINVAL, BARIO_CAUSE_TEXT, "'CAP_VNDR' has no offset: CAP_VNDR+2.2 is the two bytes at 2 of it", "" },
		{ "CAP_FOO+2.2", 0, EINVAL, BARIO_CAUSE_TEXT, "'CAP_FOO' is not the name of a capability, as CAP_EXP or ECAP_AER", "" },
		{ "CAP_VNDR@2+2.2", 0, ENOENT, BARIO_CAUSE_CAPABILITY, "0000:00:00.0 has no capability CAP_VNDR@2", "" },
		{ "CAP_VNDR@99999999999+2.2", 0, ENOENT, BARIO_CAUSE_CAPABILITY, "0000:00:00.0 has no capability CAP_VNDR@99999999999", "" },
		{ "FOO", 0, EINVAL, BARIO_CAUSE_TEXT, "'FOO' is neither a place nor a register of the map text",
		  "it has CTRL, PORT[0], STATUS, IN, OUT, FIFO, ONLY, PM" },
		{ "CTRL.FOO", 0, EINVAL, BARIO_CAUSE_TEXT, "CTRL has no field 'FOO'", "its fields are MODE, GO" },
		{ "IN.FOO", 0, EINVAL, BARIO_CAUSE_TEXT, "IN has no field 'FOO'", "it has no fields" },
		{ "PORT", 0, EINVAL, BARIO_CAUSE_TEXT, "there are several registers PORT: PORT[0] to PORT[2]", "" },
		{ "PORT[3]", 0, EINVAL, BARIO_CAUSE_TEXT, "there are several registers PORT: PORT[0] to PORT[2]", "" },
		{ "CTRL[0]", 0, EINVAL, BARIO_CAUSE_TEXT, "there is one register CTRL, which has no index", "" },
		{ "SECONDARY", 0, EINVAL, BARIO_CAUSE_TEXT, "SECONDARY: a function with header type 0 has no such register", "" },
		{ "0+0.4", 8, EINVAL, BARIO_CAUSE_OPERATION, "0x8 is not a set of flags to parse", "" },
	};
	struct bario_place found = { .space = 42 };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(texts); i++) {
		assert_fails(bario_place_parse(dev, map, texts[i].text,
					       texts[i].flags, &found),
			     texts[i].code, texts[i].cause);
		assert_message(texts[i].message);
		assert_string_equal(bario_last_error()->hint, texts[i].hint);
	}
	assert_int_equal(found.space, 42);
	assert_fails(bario_place_parse(dev, NULL, "CTRL", 0, &found), EINVAL,
		     BARIO_CAUSE_TEXT);
	assert_message("'CTRL' is not a place, and there is no map of this device's registers");
	assert_fails(bario_place_parse(NULL, map, "PM", 0, &found), EINVAL,
		     BARIO_CAUSE_OPERATION);
	assert_message("where CAP_PM begins is not known without a device");
	assert_int_equal(bario_place_parse(NULL, NULL, "0+8.4", 0, &found), 0);
}

/* The register that fits what the access does, and its width. */
static void names(void **state)
{
	struct bario_place at = { .offset = 0x10, .width = 1 };

	(void)state;
	assert_true(bario_place_find(map, BARIO_REG_READ, &at));
	assert_string_equal(at.reg->name, "IN");
	assert_true(bario_place_find(map, BARIO_REG_WRITE, &at));
	assert_string_equal(at.reg->name, "OUT");
	at.width = 2;
	assert_false(bario_place_find(map, BARIO_REG_READ, &at));
	assert_null(at.reg);
	at = (struct bario_place){ .offset = 0x108, .width = 2 };
	assert_true(bario_place_find(map, BARIO_REG_READ, &at));
	assert_int_equal(at.index, 2);
	at = (struct bario_place){ .offset = 0x18, .width = 4 };
	assert_true(bario_place_find(map, BARIO_REG_READ, &at));
	assert_string_equal(at.reg->name, "ONLY");
	assert_false(bario_place_find(NULL, BARIO_REG_READ, &at));
	at = place("0+0x100.4", 0);
	assert_true(bario_place_safe(map, &at));
	at = place("0+0x14.2", 0);
	assert_false(bario_place_safe(map, &at));
	assert_true(bario_place_safe(NULL, &at));
	at = place("0+0x18.1", 0);
	assert_false(bario_place_safe(map, &at));
	at = place("0+0x10.1", 0);
	assert_true(bario_place_safe(map, &at));
}

/* Of "PLACE VALUE": what comes out, or the message. */
static void values(void **state)
{
	static const struct {
		const char	*place;
		const char	*text;
		uint32_t	flags;
		uint64_t	value;
		uint64_t	mask;
		const char	*message;
	} rows[] = {
		{ "0+0.4", "5", 0, 5, 0xffffffff, NULL },
		{ "0+0.8", "5", 0, 5, UINT64_MAX, NULL },
		{ "0+0.1", "0xff", 0, 0xff, 0xff, NULL },
		{ "0+0.1", "0x100", 0, 0, 0, "0x100 does not fit: the largest value is 0xff" },
		{ "0+0.1", "0:0x100", 0, 0, 0, "0x100 does not fit: the largest value is 0xff" },
		{ "0+0.4", "0:0xffffffffffffffff", 0, 0, 0, "0xffffffffffffffff does not fit: the largest value is 0xffffffff" },
		{ "0+0.1", "2:1", 0, 0, 0, "the value 0x2 has bits outside the mask 0x1" },
		{ "0+0.1", "x", 0, 0, 0, "'x' is not a number for the value, as 0x1f, 31 or 4K is" },
		{ "0+0.1", "1:x", 0, 0, 0, "'x' is not a number for the mask, as 0x1f, 31 or 4K is" },
		{ "0+0.1", "00000000000000000000000000000000000000000000000001", 0, 0, 0, "'00000000000000000000000000000000000000000000000001' is not a value" },
		{ "CTRL.MODE", "2", 0, 0x20, 0x30, NULL },
		{ "CTRL.MODE", "2:2", BARIO_PLACE_WRITE, 0x20, 0x20, NULL },
		{ "CTRL.MODE", "4", 0, 0, 0, "0x4 does not fit: the largest value is 0x3" },
		{ "STATUS", "1", BARIO_PLACE_WRITE, 1, 0xffffffff, NULL },
		{ "STATUS.RX", "1", BARIO_PLACE_WRITE, 1, 0xffffffff, NULL },
		{ "STATUS.RX", "1", 0, 1, 1, NULL },
		{ "0+0x20.4", "1:1", BARIO_PLACE_WRITE, 1, 0xffffffff, NULL },
		{ "0+0x20.2", "1:1", BARIO_PLACE_WRITE, 1, 0xffff, NULL },
		{ "CAP_PM+4.2", "3:3", BARIO_PLACE_WRITE, 3, 0x8003, NULL },
		{ "PM", "3:3", BARIO_PLACE_WRITE, 3, 0x8003, NULL },
		{ "OUT", "1", BARIO_PLACE_WRITE, 1, 0xff, NULL },
		{ "OUT.LOW", "1", BARIO_PLACE_WRITE, 0, 0, "OUT.LOW: the map says that OUT can't be read, so it can only be written as a whole" },
		{ "IN", "1", BARIO_PLACE_WRITE, 0, 0, "the map says that IN can't be written" },
		{ "0+0.1", "1", 2, 0, 0, "0x2 is not a set of flags to encode" },
	};
	struct bario_place at;
	uint64_t value, mask;
	size_t i;
	int got;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		at = place(rows[i].place, 0);
		value = 42;
		got = bario_place_parse_value(&at, rows[i].text, rows[i].flags,
					      &value, &mask);
		assert_int_equal(got, rows[i].message ? -EINVAL : 0);
		if (got) {
			assert_message(rows[i].message);
			assert_int_equal(value, 42);
			continue;
		}
		assert_int_equal(value, rows[i].value);
		assert_int_equal(mask, rows[i].mask);
	}
	at = place("CTRL.MODE", 0);
	assert_int_equal(bario_place_encode(&at, 1, BARIO_TO_END, 0, &value,
					    &mask), 0);
	assert_int_equal(value, 0x10);
	assert_int_equal(mask, 0x30);
	assert_fails(bario_place_encode(&at, 4, BARIO_TO_END, 0, &value, &mask),
		     EINVAL, BARIO_CAUSE_VALUE);
	at = place("ONLY", 0);
	assert_fails(bario_place_allows(&at, BARIO_REG_READ), EINVAL,
		     BARIO_CAUSE_OPERATION);
	assert_int_equal(bario_place_allows(&at, BARIO_REG_WRITE), 0);
}

static void accesses(void **state)
{
	struct bario_place at = place("CTRL.MODE", 0);
	uint64_t value, mask, got = 42;

	(void)state;
	put(dev, 0, 0x100, 4, 0xff);
	assert_int_equal(bario_place_encode(&at, 1, BARIO_TO_END,
					    BARIO_PLACE_WRITE, &value, &mask), 0);
	assert_int_equal(bario_place_write(dev, &at, value, mask), 0);
	assert_int_equal(bario_place_read(dev, &at, &got), 0);
	assert_int_equal(got, 0xdf);
	at = place("PM", 0);
	assert_int_equal(bario_place_parse_value(&at, "2:3", BARIO_PLACE_WRITE,
						 &value, &mask), 0);
	assert_int_equal(bario_place_write(dev, &at, value, mask), 0);
	assert_int_equal(bario_place_read(dev, &at, &got), 0);
	assert_int_equal(got, 0x0102);
	at.offset = 0x100000004;
	assert_fails(bario_place_read(dev, &at, &got), EINVAL,
		     BARIO_CAUSE_RANGE);
	assert_fails(bario_place_write(dev, &at, 0, 0xffff), EINVAL,
		     BARIO_CAUSE_RANGE);
	at = place("config+0.2", 0);
	assert_fails(bario_place_write(dev, &at, 0x10000, 0xffff), EINVAL,
		     BARIO_CAUSE_VALUE);
	assert_int_equal(got, 0x0102);
}

static void addresses(void **state)
{
	static const char *const wrong[] = {
		"", "foo", "0000:03:00", "03:00.8", "03:20.0", "pci0:3:0",
		" 03:00.0", "03:00.0 ",
	};
	struct bario_address address;
	char text[BARIO_ADDRESS_TEXT];
	size_t i;

	(void)state;
	assert_int_equal(bario_address_parse("0001:a3:1f.7", &address), 0);
	bario_address_text(&address, text);
	assert_string_equal(text, "0001:a3:1f.7");
	assert_int_equal(bario_address_parse("pci0:3:16:0", &address), 0);
	bario_address_text(&address, text);
	assert_string_equal(text, "0000:03:10.0");
	for (i = 0; i < COUNT(wrong); i++)
		assert_fails(bario_address_parse(wrong[i], &address), EINVAL,
			     BARIO_CAUSE_NAME);
	assert_message("'03:00.0 ' is not an address, as 0000:03:00.0 is");
}

static void capabilities(void **state)
{
	uint32_t id, offset = 42;

	(void)state;
	assert_string_equal(bario_capability_name(0x10), "CAP_EXP");
	assert_string_equal(bario_capability_name(BARIO_CAPABILITY_EXTENDED | 1),
			    "ECAP_AER");
	assert_null(bario_capability_name(0xff));
	assert_int_equal(bario_capability_id("ECAP_DVSEC", &id), 0);
	assert_int_equal(id, BARIO_CAPABILITY_EXTENDED | 0x23);
	assert_fails(bario_capability_id("CAP_FOO", &id), EINVAL,
		     BARIO_CAUSE_TEXT);
	assert_int_equal(bario_capability(dev, 9, 0, &offset), 0);
	assert_int_equal(offset, 0x40);
	assert_int_equal(bario_capability(dev, 9, 1, &offset), 0);
	assert_int_equal(offset, 0x48);
	assert_fails(bario_capability(dev, 9, 2, &offset), ENOENT,
		     BARIO_CAUSE_CAPABILITY);
	assert_int_equal(offset, 0x48);
}

static void blocks(void **state)
{
	static const uint8_t want[] = {
		0x12, 0xe8, 0x11, 0x02, 0x00, 0x10, 0x00,
	};
	uint8_t got[256];

	(void)state;
	memset(got, 0xaa, sizeof(got));
	assert_int_equal(bario_config_read_block(dev, 1, got, 7), 0);
	assert_memory_equal(got, want, sizeof(want));
	assert_int_equal(got[7], 0xaa);
	assert_int_equal(bario_config_read_block(dev, 0, got, 256), 0);
	assert_int_equal(got[0x40], 0x09);
	assert_int_equal(got[0x4b], 0x11);
	assert_int_equal(bario_config_read_block(dev, 256, got, 0), 0);
	memset(got, 0xaa, sizeof(got));
	assert_fails(bario_config_read_block(dev, 0xf0, got, 17), EINVAL,
		     BARIO_CAUSE_RANGE);
	assert_message("sim:text config+0xf0.1: 17 bytes are past the end: configuration space has 256 bytes");
	assert_fails(bario_config_read_block(dev, UINT32_MAX, got, 2), EINVAL,
		     BARIO_CAUSE_RANGE);
	assert_int_equal(got[0], 0xaa);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(texts, open_both, close_both),
		cmocka_unit_test_setup_teardown(not_places, open_both, close_both),
		cmocka_unit_test_setup_teardown(names, open_both, close_both),
		cmocka_unit_test_setup_teardown(values, open_both, close_both),
		cmocka_unit_test_setup_teardown(accesses, open_both, close_both),
		cmocka_unit_test_setup_teardown(capabilities, open_both, close_both),
		cmocka_unit_test_setup_teardown(blocks, open_both, close_both),
		cmocka_unit_test(addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
