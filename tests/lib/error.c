// SPDX-License-Identifier: GPL-2.0
/* What errors say, whatever comes from outside, and the log. */
#include <stdlib.h>
#include <unistd.h>
#include "check.h"

static void no_control(const char *text)
{
	for (; *text; text++)
		assert_true((unsigned char)*text >= ' ' && *text != 0x7f);
}

/* A name may not forge a line of a log, nor move a terminal's cursor. */
static void controls(void **state)
{
	struct bario *dev;

	(void)state;
	assert_fails(bario_open("foo\nroot: \033[31mall is well\r", 0, &dev), EINVAL,
		     BARIO_CAUSE_NAME);
	assert_message("'foo\\x0aroot: \\x1b[31mall is well\\x0d' names no device");
	assert_fails(bario_open("/dev/\xc2\x9bnode\xff", 0, &dev), ENODEV,
		     BARIO_CAUSE_BACKEND);
	no_control(bario_last_error()->message);
	assert_message("/dev/\\xc2\\x9bnode\\xff: No such file or directory");
	/* What is not a control character stays as it is. */
	assert_fails(bario_open("/dev/g\xc3\xa4rtchen", 0, &dev), ENODEV,
		     BARIO_CAUSE_BACKEND);
	assert_message("/dev/g\xc3\xa4rtchen: No such file or directory");
	assert_fails(bario_open_sim("bar 0 mem 3", "a\nb", 0, &dev), EINVAL,
		     BARIO_CAUSE_TEXT);
	assert_memory_equal(bario_last_error()->message, "a\\x0ab:1:", 9);
	assert_fails(bario_open_sim("bar 0 mem 3", NULL, 0, &dev), EINVAL,
		     BARIO_CAUSE_TEXT);
	assert_memory_equal(bario_last_error()->message, "(text):1:", 9);
}

/* However long a path is, the reason is there. */
static void long_path(void **state)
{
	const size_t length = 3000;
	char *path = malloc(length + 1);
	const char *message;
	struct bario *dev;
	size_t i;

	(void)state;
	assert_non_null(path);
	memcpy(path, "sim:/no", 7);
	for (i = 7; i < length; i++)
		path[i] = i % 100 ? 'x' : '/';
	path[length] = '\0';
	assert_fails(bario_open(path, 0, &dev), ENOENT, BARIO_CAUSE_SYSTEM);
	message = bario_last_error()->message;
	assert_memory_equal(message, "/noxxx", 6);
	assert_string_equal(message + strlen(message) - 27,
			    ": No such file or directory");
	assert_true(strlen(message) < 700);
	free(path);
}

/* The place as members, for programs that sort errors. */
static void place(void **state)
{
	struct bario *dev = make("address 0000:00:05.0\nbar 0 mem 4K\nram 0 0 4K\n");
	const struct bario_error *error = bario_last_error();
	uint64_t value;

	(void)state;
	assert_fails(bario_read(dev, 0, 0x1001, 4, &value), EINVAL,
		     BARIO_CAUSE_RANGE);
	assert_string_equal(error->backend, "sim");
	assert_string_equal(error->device, "0000:00:05.0");
	assert_int_equal(error->space, 0);
	assert_int_equal(error->offset, 0x1001);
	assert_int_equal(error->width, 4);
	assert_int_equal(error->index, BARIO_NONE);
	assert_fails(bario_unmap(dev, &value), EINVAL, BARIO_CAUSE_OPERATION);
	assert_int_equal(error->space, BARIO_NONE);
	assert_int_equal(error->width, 0);
	bario_close(dev);
	assert_fails(bario_open("foo", 0, &dev), EINVAL, BARIO_CAUSE_NAME);
	assert_string_equal(error->backend, "");
	assert_string_equal(error->device, "");
}

/* One that was given no address is not called by one. */
static void label(void **state)
{
	struct bario *dev;
	uint64_t value;

	(void)state;
	assert_int_equal(bario_open_sim("bar 0 mem 4K\n", "adc", 0, &dev), 0);
	assert_fails(bario_read(dev, 1, 0, 4, &value), EINVAL, BARIO_CAUSE_BAR);
	assert_message("sim:adc BAR 1+0.4: the function has no such BAR");
	assert_string_equal(bario_last_error()->device, "sim:adc");
	bario_close(dev);
}

static const struct {
	struct bario_rule	rule;
	const char		*message;
} rules[] = {
	{ { .space = 6, .rights = 1, .length = 1 },
	  "there is no such space: a BAR is 0 to 5" },
	{ { .space = BARIO_SPACE_INTERRUPT, .rights = 1, .length = 1 },
	  "there is no such space: a BAR is 0 to 5" },
	{ { .dev = 32, .rights = 1, .length = 1 },
	  "there is no function with such an address" },
	{ { .length = 1 }, "it has no rights" },
	{ { .rights = 8, .length = 1 }, "there is no such right" },
	{ { .space = BARIO_SPACE_CONFIG, .rights = BARIO_RIGHT_MAP, .length = 1 },
	  "configuration space cannot be mapped" },
	{ { .rights = 1 }, "its length is 0" },
	{ { .rights = 1, .offset = 3, .length = UINT64_MAX - 1 },
	  "its end is past 2^64" },
	{ { .rights = 1, .length = 1, .reserved = 1 },
	  "a reserved member is not 0" },
};

/* Each is wrong in its own way, and the index says which. */
static void wrong_rules(void **state)
{
	struct bario *dev = make("bar 0 mem 4K\nram 0 0 4K\n");
	struct bario_rule two[2] = { { .rights = 1, .length = 1 } };
	char message[120];
	int fd = -7;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rules); i++) {
		two[1] = rules[i].rule;
		assert_fails(bario_derive(dev, two, 2, 0, &fd, NULL), EINVAL,
			     BARIO_CAUSE_OPERATION);
		snprintf(message, sizeof(message), "rules[1]: sim:text: %s",
			 rules[i].message);
		assert_message(message);
		assert_int_equal(bario_last_error()->index, 1);
		assert_fails(bario_derive(dev, two + 1, 1, 0, &fd, NULL), EINVAL,
			     BARIO_CAUSE_OPERATION);
		assert_int_equal(bario_last_error()->index, 0);
		assert_fails(bario_publish("name", two, 2, 0, 0, 0, 0600), EINVAL,
			     BARIO_CAUSE_OPERATION);
		assert_int_equal(bario_last_error()->index, 1);
	}
	assert_fails(bario_derive(dev, two, 0, 0, &fd, NULL), EINVAL,
		     BARIO_CAUSE_OPERATION);
	assert_fails(bario_derive(dev, two, 2, 1, &fd, NULL), EINVAL,
		     BARIO_CAUSE_OPERATION);
	assert_fails(bario_publish("name", two, 1, 0, 0, 0, 01000), EINVAL,
		     BARIO_CAUSE_OPERATION);
	assert_fails(bario_unpublish("name", 1), EINVAL, BARIO_CAUSE_OPERATION);
	assert_int_equal(fd, -7);
	bario_close(dev);
}

/* ---- the log ---- */

static char logged[400];

static void note_line(uint32_t level, const char *text, void *arg)
{
	assert_ptr_equal(arg, &logged);
	snprintf(logged + strlen(logged), sizeof(logged) - strlen(logged),
		 "%u %s\n", (unsigned int)level, text);
}

static void log_lines(void **state)
{
	char path[] = "/tmp/bario-lib-test.XXXXXX", name[64], line[160];
	const int fd = mkstemp(path);
	struct bario *dev;

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	snprintf(name, sizeof(name), "sim:%s", path);
	assert_fails(bario_set_log(note_line, &logged, 1), EINVAL,
		     BARIO_CAUSE_OPERATION);
	assert_int_equal(bario_set_log(note_line, &logged, 0), 0);
	assert_int_equal(bario_open(name, 0, &dev), 0);
	bario_close(dev);
	snprintf(line, sizeof(line), "2 %s: opened as 0000:00:00.0 through sim\n",
		 name);
	assert_string_equal(logged, line);
	assert_int_equal(bario_set_log(NULL, NULL, 0), 0);
	assert_int_equal(bario_open(name, 0, &dev), 0);
	bario_close(dev);
	assert_string_equal(logged, line);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(controls),
		cmocka_unit_test(long_path),
		cmocka_unit_test(place),
		cmocka_unit_test(label),
		cmocka_unit_test(wrong_rules),
		cmocka_unit_test(log_lines),
	};

	return cmocka_run_group_tests_name("error", tests, NULL, NULL);
}
