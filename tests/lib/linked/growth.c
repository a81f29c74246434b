// SPDX-License-Identifier: GPL-2.0
/*
 * A program for each structure of the library whose size is passed. GROWN: built with a
 * header in which each has one member more. Its argument: "grown" for a library that
 * was built with that header, and sets the member of struct bario_info to 42.
 */
#include <bario.h>
#include <stdio.h>
#include <string.h>

#define CANARY	0x0123456789abcdefULL

/* What follows a structure must stay as it is. */
#define GUARDED(type, name)	struct { struct type it; uint64_t canary; } name

#define SET(name)							\
	do {								\
		memset(&(name).it, 0xa5, sizeof((name).it));		\
		(name).canary = CANARY;					\
	} while (0)

static int failures;

static void check(int right, const char *what)
{
	if (right)
		return;
	failures++;
	printf("%s\n", what);
}

#define CHECK(condition)	check(condition, #condition)

int main(int argc, char **argv)
{
	const int grown = argc == 2 && !strcmp(argv[1], "grown");
	const struct bario_model model = { .user = NULL };
	struct bario_op op = { .op = BARIO_OP_READ, .width = 4 };
	GUARDED(bario_info, info);
	GUARDED(bario_held, held);
	GUARDED(bario_run_result, result);
	GUARDED(bario_access, access);
	struct bario *dev, *other;
	uint64_t value;
	size_t count;

	SET(info);
	SET(held);
	SET(result);
	SET(access);
	if (bario_open_sim("id 1234:11e8\nbar 0 mem 4K\nreg 0 0 4 ro 0x1234\n"
			   "driver vfio-pci\n", "growth", 0, &dev)) {
		puts(bario_last_error()->message);
		return 1;
	}
	CHECK(!bario_get_info(dev, &info.it, sizeof(info.it)));
	CHECK(info.it.vendor == 0x1234 && info.it.bars[0].size == 4096);
	CHECK(!strcmp(info.it.driver, "vfio-pci"));
	CHECK(!bario_get_holder(dev, 0, &held.it, sizeof(held.it)));
	CHECK(held.it.by == BARIO_HELD_NONE && !held.it.name[0]);
	CHECK(!bario_run(dev, &op, 1, 0, &result.it, sizeof(result.it)));
	CHECK(result.it.ran == 1 && op.result == 0x1234);
	CHECK(!bario_sim_record(dev, &access.it, 1, &count) && count == 1);
	CHECK(access.it.value == 0x1234);
	CHECK(!bario_open_model("bar 0 mem 4K\n", "model", &model, sizeof(model), 0,
				&other));
	CHECK(bario_read(other, 0, 0, 4, &value) && bario_last_error()->space == 0);
	CHECK(!strcmp(bario_last_error()->backend, "sim"));
#ifdef GROWN
	CHECK(info.it.grown == (grown ? 42 : 0));
	CHECK(!held.it.grown && !result.it.grown && !access.it.grown);
	CHECK(!info.it.bars[0].grown && !bario_last_error()->grown);
#else
	(void)grown;
#endif
	CHECK(info.canary == CANARY && held.canary == CANARY &&
	      result.canary == CANARY && access.canary == CANARY);
	bario_close(other);
	bario_close(dev);
	return failures;
}
