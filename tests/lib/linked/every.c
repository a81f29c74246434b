// SPDX-License-Identifier: GPL-2.0
/*
 * Every function of the library and every structure, in what is both C11 and C++17:
 * compiled as each, with the compiler's strictest warnings, linked and run.
 */
#include <bario.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEVICE	"address 0000:00:05.0\ncapabilities 0x40\nconfig 0x40 4 0x00020001\n" \
		"bar 0 mem 4K\nram 0 0 4K\n"

static unsigned int failures;

static void check(bool right, const char *what)
{
	if (right)
		return;
	failures++;
	printf("%s: %s\n", what, bario_last_error()->message);
}

#define CHECK(condition)	check(condition, #condition)

/* The cause and the errno that belong together. */
static void refused(int result, int code, uint32_t cause, const char *what)
{
	const struct bario_error *error = bario_last_error();

	check(result == -code && error->code == code && error->cause == cause, what);
}

#define REFUSED(call, code, cause)	refused(call, code, cause, #call)

static int count_one(const struct bario_info *info, void *arg)
{
	size_t *count = (size_t *)arg;

	(void)info;
	++*count;
	return 0;
}

static void log_line(uint32_t level, const char *text, void *arg)
{
	size_t *lines = (size_t *)arg;

	CHECK(level >= BARIO_LOG_WARNING && text[0]);
	++*lines;
}

static void opening(void)
{
	struct bario *dev;
	size_t lines = 0;

	CHECK(bario_version() == BARIO_VERSION);
	CHECK(!bario_set_log(log_line, &lines, 0));
	REFUSED(bario_open("sim:/nonexistent/file", 0, &dev), ENOENT,
		BARIO_CAUSE_SYSTEM);
	CHECK(!dev);
	REFUSED(bario_open_fd(-1, NULL, 0, &dev), EBADF, BARIO_CAUSE_SYSTEM);
	CHECK(!bario_set_log(NULL, NULL, 0));
	CHECK(!strcmp(bario_cause_name(BARIO_CAUSE_DRIVER), "driver"));
	CHECK(!strcmp(bario_cause_name(999), "unknown"));
}

static void information(struct bario *dev)
{
	char text[BARIO_ADDRESS_TEXT], node[BARIO_NODE_TEXT];
	struct bario_info info;
	struct bario_held held;
	uint32_t value, size;
	size_t count = 0;

	CHECK(!bario_get_info(dev, &info, sizeof(info)));
	CHECK(info.bars[0].kind == BARIO_KIND_MEM && info.bars[0].assigned);
	bario_address_text(&info.address, text);
	CHECK(!strcmp(text, bario_name(dev)));
	bario_node_text(&info.address, node);
	CHECK(!strcmp(node, "/dev/bario/0000-00-05.0"));
	CHECK(!strcmp(bario_backend(dev), "sim"));
	CHECK(bario_can(dev) & BARIO_CAN_ATOMIC);
	CHECK(!bario_get_holder(dev, 0, &held, sizeof(held)));
	CHECK(held.by == BARIO_HELD_NONE);
	REFUSED(bario_list("sim", 0, count_one, &count, sizeof(info)), ENODEV,
		BARIO_CAUSE_BACKEND);
	CHECK(!bario_config_read(dev, 0x40, 4, &value) && value == 0x00020001);
	CHECK(!bario_config_write(dev, 0x44, 4, 3));
	CHECK(!bario_config_size(dev, &size) && size == 256);
	CHECK(!bario_capability(dev, 1, 0, &value) && value == 0x40);
	CHECK(!bario_config_read_block(dev, 0x40, &value, 4) && value == 0x00020001);
	CHECK(!bario_capability_id("CAP_PM", &value) && value == 1);
	CHECK(!strcmp(bario_capability_name(1), "CAP_PM"));
	CHECK(!bario_address_parse("00:05.0", &info.address) &&
	      info.address.dev == 5);
}

/* ---- maps and places ---- */

#define MAP	"bar 0\nreg ID 0 4 ro\nreg STATUS 4 4\nfield BUSY 0\nvalue 0 idle\n"

static void registers(const struct bario_regmap *map)
{
	const struct bario_reg *reg = bario_regmap_next(map, NULL);
	const struct bario_field *field;
	const struct bario_field_value *value;
	uint64_t number;

	CHECK(!strcmp(bario_regmap_name(map), "every"));
	CHECK(!strcmp(reg->name, "ID") && !bario_regmap_next_field(reg, NULL));
	reg = bario_regmap_next(map, reg);
	field = bario_regmap_next_field(reg, NULL);
	value = bario_regmap_next_value(field, NULL);
	CHECK(!strcmp(field->name, "BUSY") && !strcmp(value->name, "idle"));
	CHECK(!strcmp(bario_regmap_decode(field, 0, &number), "idle") && !number);
	CHECK(!bario_regmap_next(map, reg));
}

static void places(struct bario *dev)
{
	char text[BARIO_PLACE_TEXT];
	struct bario_regmap *map;
	struct bario_place place;
	uint64_t value, mask;

	CHECK(!bario_regmap_open(dev, NULL, 0, &map));
	bario_regmap_close(map);
	CHECK(!bario_regmap_open_text(dev, MAP, "every", 0, &map));
	registers(map);
	CHECK(!bario_place_parse(dev, map, "STATUS.BUSY", 0, &place));
	CHECK(place.offset == 4 && place.width == 4 && place.field);
	bario_place_text(&place, 0, text);
	CHECK(!strcmp(text, "0+0x4.4"));
	CHECK(bario_place_safe(map, &place));
	CHECK(!bario_place_allows(&place, BARIO_REG_READ));
	CHECK(!bario_place_encode(&place, 1, BARIO_TO_END, BARIO_PLACE_WRITE, &value,
				  &mask) && value == 1 && mask == 1);
	CHECK(!bario_place_parse_value(&place, "1", 0, &value, &mask));
	CHECK(!bario_place_write(dev, &place, value, mask));
	CHECK(!bario_place_read(dev, &place, &value) && value == 1);
	place.reg = NULL;
	CHECK(bario_place_find(map, BARIO_REG_READ, &place));
	bario_regmap_close(map);
}

/* A container may have no events. */
static void monitoring(void)
{
	struct bario_monitor_event event;
	struct bario_monitor *monitor;

	if (bario_monitor_open(0, &monitor)) {
		CHECK(!monitor && bario_last_error()->code);
		return;
	}
	CHECK(bario_monitor_fd(monitor) >= 0);
	REFUSED(bario_monitor_read(monitor, &event, 0), EINVAL,
		BARIO_CAUSE_OPERATION);
	bario_monitor_close(monitor);
}

static void accesses(struct bario *dev)
{
	struct bario_run_result result;
	struct bario_op ops[2];
	uint64_t value, was;

	CHECK(!bario_check(dev, 0, 0, 4, BARIO_RIGHT_READ | BARIO_RIGHT_WRITE));
	CHECK(!bario_write(dev, 0, 0, 4, 0xf0));
	CHECK(!bario_or(dev, 0, 0, 4, 0x0f, &was) && was == 0xf0);
	CHECK(!bario_and(dev, 0, 0, 4, 0xfe, NULL));
	CHECK(!bario_xor(dev, 0, 0, 4, 0x01, NULL));
	CHECK(!bario_update_bits(dev, 0, 0, 4, 0xf0, 0x10, NULL));
	CHECK(!bario_read(dev, 0, 0, 4, &value) && value == 0x1f);
	memset(ops, 0, sizeof(ops));
	ops[0].op = BARIO_OP_READ;
	ops[0].width = 4;
	ops[1].op = BARIO_OP_DELAY;
	ops[1].timeout = 1000;
	CHECK(!bario_run(dev, ops, 2, BARIO_RUN_CONTINUE, &result, sizeof(result)));
	CHECK(result.ran == 2 && !result.failed && ops[0].result == 0x1f);
	CHECK(!bario_map(dev, 0, BARIO_MAP_WRITE, NULL));
	CHECK(bario_last_error()->cause == BARIO_CAUSE_UNSUPPORTED);
	REFUSED(bario_unmap(dev, &value), EINVAL, BARIO_CAUSE_OPERATION);
}

static void grants(struct bario *dev)
{
	struct bario_rule rule, seen[2];
	uint32_t id, attributes;
	size_t count = 0;
	int fd;

	memset(&rule, 0, sizeof(rule));
	rule.dev = 5;
	rule.rights = BARIO_RIGHT_READ;
	rule.length = BARIO_TO_END;
	CHECK(bario_fd(dev) >= 0);
	CHECK(!bario_get_grant(dev, 0, seen, 2, &count, &attributes));
	CHECK(!count && attributes == BARIO_GRANT_ALL);
	rule.rights = 0;
	REFUSED(bario_derive(dev, &rule, 1, 0, &fd, &id), EINVAL,
		BARIO_CAUSE_OPERATION);
	REFUSED(bario_revoke(dev, 77, 0), ENOENT, BARIO_CAUSE_SYSTEM);
	REFUSED(bario_publish("1", &rule, 1, 0, 0, 0, 0600), EINVAL,
		BARIO_CAUSE_OPERATION);
	REFUSED(bario_unpublish("1", 0), EINVAL, BARIO_CAUSE_OPERATION);
}

static void simulated(struct bario *dev)
{
	struct bario_access record[4];
	struct bario_model model;
	struct bario *other;
	size_t count;
	uint64_t value;

	bario_sim_forget(dev);
	CHECK(!bario_sim_poke(dev, 0, 8, 4, 7));
	CHECK(!bario_sim_peek(dev, 0, 8, 4, &value) && value == 7);
	CHECK(!bario_read(dev, 0, 8, 4, &value));
	CHECK(!bario_sim_record(dev, record, 4, &count) && count == 1);
	CHECK(record[0].offset == 8 && !record[0].write && record[0].value == 7);
	memset(&model, 0, sizeof(model));
	CHECK(!bario_open_model("bar 0 mem 4K\n", "model", &model, sizeof(model), 0,
				&other));
	REFUSED(bario_read(other, 0, 0, 4, &value), EIO, BARIO_CAUSE_NO_RESPONSE);
	bario_close(other);
	bario_sim_unplug(dev);
	REFUSED(bario_read(dev, 0, 0, 4, &value), ENODEV, BARIO_CAUSE_REMOVED);
}

int main(void)
{
	struct bario *dev;

	opening();
	if (bario_open_sim(DEVICE, NULL, BARIO_OPEN_CONFIG, &dev)) {
		puts(bario_last_error()->message);
		return 1;
	}
	information(dev);
	places(dev);
	monitoring();
	accesses(dev);
	grants(dev);
	simulated(dev);
	bario_close(dev);
	return failures != 0;
}
