// SPDX-License-Identifier: GPL-2.0
/* Register maps: which one a device gets, what is in it, and what is wrong with one. */
#include "check.h"
#include <stdlib.h>
#include <unistd.h>

#define EDU	"id 1234:11e8\nclass 00ff00\nbar 0 mem 4K\n"

#define MAP	"bar 0\nreg ID 0 4 ro\nfield MAJOR 31:24\nfield KIND 7:0\n"	\
		"value 0xed edu\nvalue 0 none\nreg PORT 0x40 2 side times 3 0x10\n" \
		"reg CLEAR 0x10 4 w1c\nreg GO 0x14 1 wo\n"			\
		"reg MIX 0x18 4\nfield ERR 31:30 w1c\n"				\
		"bar config\nheader 0\ncapability CAP_PM\nreg PM 4 2\n"

static struct bario_regmap *open_text(struct bario *dev, const char *text)
{
	struct bario_regmap *map;

	if (bario_regmap_open_text(dev, text, "text", 0, &map))
		fail_msg("%s", bario_last_error()->message);
	return map;
}

static const struct bario_reg *named(const struct bario_regmap *map,
				     const char *name)
{
	const struct bario_reg *reg = NULL;

	while ((reg = bario_regmap_next(map, reg)))
		if (!strcmp(reg->name, name))
			return reg;
	fail_msg("no register %s", name);
	return NULL;
}

static void registers(void **state)
{
	static const char *const names[] = {
		"ID", "PORT", "CLEAR", "GO", "MIX", "PM",
	};
	struct bario *dev = make(EDU);
	struct bario_regmap *map = open_text(dev, MAP);
	const struct bario_reg *reg = NULL;
	size_t i = 0;

	(void)state;
	/* A map lives on without its device. */
	bario_close(dev);
	assert_string_equal(bario_regmap_name(map), "text");
	while ((reg = bario_regmap_next(map, reg)))
		assert_string_equal(reg->name, names[i++]);
	assert_int_equal(i, COUNT(names));
	reg = named(map, "ID");
	assert_int_equal(reg->flags, BARIO_REG_READ);
	assert_int_equal(reg->width, 4);
	assert_int_equal(reg->count, 1);
	assert_int_equal(reg->stride, 0);
	assert_int_equal(reg->header, BARIO_HEADER_ANY);
	assert_null(reg->capability);
	reg = named(map, "PORT");
	assert_int_equal(reg->flags, BARIO_REG_READ | BARIO_REG_WRITE |
			 BARIO_REG_SIDE_EFFECT);
	assert_int_equal(reg->offset, 0x40);
	assert_int_equal(reg->count, 3);
	assert_int_equal(reg->stride, 0x10);
	assert_null(bario_regmap_next_field(reg, NULL));
	assert_int_equal(named(map, "CLEAR")->w1c, 0xffffffff);
	assert_int_equal(named(map, "MIX")->w1c, 0xc0000000);
	assert_int_equal(named(map, "GO")->flags, BARIO_REG_WRITE);
	reg = named(map, "PM");
	assert_int_equal(reg->space, BARIO_SPACE_CONFIG);
	assert_int_equal(reg->header, 0);
	assert_string_equal(reg->capability, "CAP_PM");
	bario_regmap_close(map);
	bario_regmap_close(NULL);
}

static void fields(void **state)
{
	struct bario *dev = make(EDU);
	struct bario_regmap *map = open_text(dev, MAP);
	const struct bario_field_value *value;
	const struct bario_field *field;
	uint64_t number;

	(void)state;
	field = bario_regmap_next_field(named(map, "ID"), NULL);
	assert_string_equal(field->name, "MAJOR");
	assert_int_equal(field->low, 24);
	assert_int_equal(field->high, 31);
	assert_null(bario_regmap_decode(field, 0x010000ed, &number));
	assert_int_equal(number, 1);
	assert_null(bario_regmap_next_value(field, NULL));
	field = bario_regmap_next_field(named(map, "ID"), field);
	assert_string_equal(bario_regmap_decode(field, 0x010000ed, &number),
			    "edu");
	assert_int_equal(number, 0xed);
	assert_string_equal(bario_regmap_decode(field, 0, NULL), "none");
	value = bario_regmap_next_value(field, NULL);
	assert_int_equal(value->number, 0xed);
	value = bario_regmap_next_value(field, value);
	assert_string_equal(value->name, "none");
	assert_null(bario_regmap_next_value(field, value));
	assert_null(bario_regmap_next_field(named(map, "ID"), field));
	bario_regmap_close(map);
	bario_close(dev);
}

/* Those that the library has: by ID, by class, and one for all. */
static void search(void **state)
{
	static const struct {
		const char	*device;
		const char	*map;
		const char	*reg;
	} devices[] = {
		{ EDU, "edu.map", "FACTORIAL" },
		{ "id 8086:100e\nbar 0 mem 4K\n", "e1000.map", "CTRL" },
		{ "class 070002\nbar 0 port 8\n", "16550.map", "LCR" },
		{ "class 010601\nbar 5 mem 4K\n", "ahci.map", "GHC" },
		{ "bar 0 mem 4K\n", "", NULL },
	};
	struct bario_regmap *map;
	struct bario *dev;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(devices); i++) {
		dev = make(devices[i].device);
		assert_int_equal(bario_regmap_open(dev, NULL, 0, &map), 0);
		assert_string_equal(bario_regmap_name(map), devices[i].map);
		if (devices[i].reg)
			named(map, devices[i].reg);
		else
			assert_null(bario_regmap_next(map, NULL));
		bario_regmap_close(map);
		assert_int_equal(bario_regmap_open(dev, NULL,
						   BARIO_REGMAP_CONFIG, &map), 0);
		assert_string_equal(bario_regmap_name(map), "config.map");
		assert_int_equal(named(map, "COMMAND")->offset, 4);
		bario_regmap_close(map);
		bario_close(dev);
	}
}

static void files(void **state)
{
	char path[] = "/tmp/bario-regmap-test.XXXXXX", message[200];
	const int fd = mkstemp(path);
	struct bario *dev = make(EDU);
	struct bario_regmap *map;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "bar 0\nreg A 0 3\n", 16), 16);
	close(fd);
	map = (void *)dev;
	assert_fails(bario_regmap_open(dev, path, 0, &map), EINVAL,
		     BARIO_CAUSE_TEXT);
	assert_null(map);
	snprintf(message, sizeof(message), "%s:2:9: the width is 1, 2, 4 or 8",
		 path);
	assert_message(message);
	unlink(path);
	assert_fails(bario_regmap_open(dev, path, 0, &map), ENOENT,
		     BARIO_CAUSE_SYSTEM);
	assert_fails(bario_regmap_open(dev, path, BARIO_REGMAP_CONFIG, &map),
		     EINVAL, BARIO_CAUSE_OPERATION);
	assert_fails(bario_regmap_open(dev, NULL, 2, &map), EINVAL,
		     BARIO_CAUSE_OPERATION);
	bario_close(dev);
}

static void refused(void **state)
{
	static const struct {
		const char	*text;
		const char	*message;
	} maps[] = {
		{ "foo", "text:1:1: 'foo' is not one of device, class, bar, header, capability, reg, field and value" },
		{ "reg A 0 4", "text:1:1: which BAR these registers are in comes first: bar INDEX" },
		{ "bar 6", "text:1:5: '6' is not a BAR: 0 to 5, or config" },
		{ "bar 0\nreg 1A 0 4", "text:2:5: a name has letters, digits and _, and does not begin with a digit" },
		{ "bar 0\nreg config 0 4", "text:2:5: a name has letters, digits and _, and does not begin with a digit" },
		{ "bar 0\nreg A 0 4\nreg A 4 4", "text:3:5: the register A is here twice" },
		{ "bar 0\nreg A 0 4 times 0 4", "text:2:17: none is not a number of registers" },
		{ "bar 0\nfield A 0", "text:2:1: there is no register before this field" },
		{ "bar 0\nreg A 0 4\nvalue 0 x", "text:3:1: there is no field before this value" },
		{ "bar 0\nreg A 0 4\nfield B 32", "text:3:9: bits are as 7:4 or 3, the higher first, below 32" },
		{ "bar 0\nreg A 0 4\nfield B 3:4", "text:3:9: bits are as 7:4 or 3, the higher first, below 32" },
		{ "bar 0\nreg A 0 4\nfield B 1:0\nvalue 4 x", "text:4:7: the value is at most 0x3" },
		{ "bar config\nreg A 0xffe 4", "text:2:14: configuration space has 4096 bytes at most" },
		{ "bar config\nreg A 0 8", "text:2:10: in configuration space the width is 1, 2 or 4" },
		{ "device 8086:100e", "text: the map is for other devices, and 0000:00:00.0 is 1234:11e8 of class 00ff00" },
		{ "class 0106", "text: the map is for other devices, and 0000:00:00.0 is 1234:11e8 of class 00ff00" },
	};
	struct bario *dev = make(EDU);
	struct bario_regmap *map;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(maps); i++) {
		map = (void *)dev;
		assert_fails(bario_regmap_open_text(dev, maps[i].text, "text",
						    0, &map), EINVAL,
			     BARIO_CAUSE_TEXT);
		assert_message(maps[i].message);
		assert_null(map);
	}
	assert_fails(bario_regmap_open_text(dev, "", "text", 1, &map), EINVAL,
		     BARIO_CAUSE_OPERATION);
	bario_sim_unplug(dev);
	assert_fails(bario_regmap_open(dev, NULL, 0, &map), ENODEV,
		     BARIO_CAUSE_REMOVED);
	bario_close(dev);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(registers),
		cmocka_unit_test(fields),
		cmocka_unit_test(search),
		cmocka_unit_test(files),
		cmocka_unit_test(refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
