// SPDX-License-Identifier: GPL-2.0
/* bario_get_holder() on simulated devices: a driver, or none. */
#include "check.h"

static void nobody(void **state)
{
	struct bario *dev = make("bar 0 mem 4K\nbar 1 port 32\nbar 2 mem 4K none\n");
	struct bario_held held = { .by = 99, .name = "x" };
	unsigned int bar;

	(void)state;
	for (bar = 0; bar < 3; bar++) {
		assert_int_equal(bario_get_holder(dev, bar, &held, sizeof(held)), 0);
		assert_int_equal(held.by, BARIO_HELD_NONE);
		assert_string_equal(held.name, "");
	}
	bario_close(dev);
}

static void driver(void **state)
{
	struct bario *dev = make("driver e1000\nbar 0 mem 4K\nbar 2 mem 4K none\n");
	struct bario_held held;

	(void)state;
	assert_int_equal(bario_get_holder(dev, 0, &held, sizeof(held)), 0);
	assert_int_equal(held.by, BARIO_HELD_DRIVER);
	assert_string_equal(held.name, "e1000");
	assert_int_equal(bario_get_holder(dev, 2, &held, sizeof(held)), 0);
	assert_int_equal(held.by, BARIO_HELD_DRIVER);
	bario_close(dev);
}

/* One that leaves BARs to others has claimed nothing of what is simulated. */
static void stub(void **state)
{
	struct bario *dev = make("driver vfio-pci\nbar 0 mem 4K\n");
	struct bario_held held;

	(void)state;
	assert_int_equal(bario_get_holder(dev, 0, &held, sizeof(held)), 0);
	assert_int_equal(held.by, BARIO_HELD_NONE);
	bario_close(dev);
}

static void no_bar(void **state)
{
	struct bario *dev = make("address 0000:00:05.0\nbar 0 mem64 8K\n");
	struct bario_held held = { .by = 99 };

	(void)state;
	assert_fails(bario_get_holder(dev, 1, &held, sizeof(held)), EINVAL, BARIO_CAUSE_BAR);
	assert_message("0000:00:05.0 BAR 1: the function has no such BAR");
	assert_fails(bario_get_holder(dev, 6, &held, sizeof(held)), EINVAL, BARIO_CAUSE_BAR);
	assert_message("0000:00:05.0 BAR 6: a BAR is 0 to 5");
	assert_int_equal(held.by, 99);
	bario_sim_unplug(dev);
	assert_fails(bario_get_holder(dev, 0, &held, sizeof(held)), ENODEV, BARIO_CAUSE_REMOVED);
	assert_int_equal(held.by, 99);
	bario_close(dev);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nobody),
		cmocka_unit_test(driver),
		cmocka_unit_test(stub),
		cmocka_unit_test(no_bar),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
