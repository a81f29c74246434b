// SPDX-License-Identifier: GPL-2.0
/* Models: registers that are functions of the test. */
#include <pthread.h>
#include <stdlib.h>
#include "child.h"

#define DEVICE	"address 0000:00:05.0\nid 1234:11e8\n"	\
		"bar 0 mem 4K\nbar 1 port 16\nreg 0 0x20 4 ro 0x80\nram 0 0x800 16\n"

/* What the model's callbacks are to do, and what they were asked. */
struct state {
	struct bario	*dev;
	uint64_t	value;
	int		result;
	int		(*inside)(struct state *state);
	uint64_t	now;
	unsigned int	reads;
	unsigned int	writes;
	unsigned int	sleeps;
	unsigned int	ends;
	uint32_t	bar;
	uint64_t	offset;
	uint32_t	width;
};

static int model_read(void *user, uint32_t bar, uint64_t offset, uint32_t width,
		      uint64_t *value)
{
	struct state *state = user;

	state->reads++;
	state->bar = bar;
	state->offset = offset;
	state->width = width;
	*value = state->value;
	return state->inside ? state->inside(state) : state->result;
}

static int model_write(void *user, uint32_t bar, uint64_t offset, uint32_t width,
		       uint64_t value)
{
	struct state *state = user;

	state->writes++;
	state->bar = bar;
	state->offset = offset;
	state->width = width;
	state->value = value;
	return state->inside ? state->inside(state) : state->result;
}

static uint64_t model_now(void *user)
{
	return ((struct state *)user)->now;
}

static int model_sleep(void *user, uint64_t ns)
{
	struct state *state = user;

	state->sleeps++;
	state->now += ns;
	/* What takes 5 ms. */
	if (state->now >= 5000000)
		state->value = 1;
	return state->result;
}

static void model_end(void *user)
{
	((struct state *)user)->ends++;
}

static struct bario *open_model(const struct bario_model *model)
{
	struct bario *dev;

	if (bario_open_model(DEVICE, "model", model, sizeof(*model),
			     BARIO_OPEN_CONFIG, &dev))
		fail_msg("%s", bario_last_error()->message);
	((struct state *)model->user)->dev = dev;
	return dev;
}

static struct bario *open_state(struct state *state)
{
	const struct bario_model model = {
		.user = state, .read = model_read, .write = model_write,
		.end = model_end,
	};

	return open_model(&model);
}

/* ---- accesses ---- */

static void accesses(void **unused)
{
	struct state state = { .value = 0x11223344 };
	struct bario *dev = open_state(&state);
	struct bario_access all[8];
	uint64_t value = 42;
	size_t count;

	(void)unused;
	assert_int_equal(get(dev, 0, 0x10, 4), 0x11223344);
	assert_int_equal(state.bar, 0);
	assert_int_equal(state.offset, 0x10);
	assert_int_equal(state.width, 4);
	put(dev, 1, 3, 1, 0x55);
	assert_int_equal(state.bar, 1);
	assert_int_equal(state.offset, 3);
	assert_int_equal(state.width, 1);
	assert_int_equal(state.value, 0x55);
	/* A description does not reach the model. */
	assert_int_equal(get(dev, 0, 0x20, 4), 0x80);
	put(dev, 0, 0x800, 8, 1);
	assert_int_equal(state.reads + state.writes, 2);
	/* But the register has this width alone. */
	assert_int_equal(get(dev, 0, 0x20, 2), 0x55);
	assert_int_equal(state.reads, 2);
	/* What is no access does not come to it. */
	assert_fails(bario_read(dev, 0, 0x1000, 4, &value), EINVAL,
		     BARIO_CAUSE_RANGE);
	assert_fails(bario_read(dev, 0, 2, 4, &value), EINVAL,
		     BARIO_CAUSE_ALIGNMENT);
	assert_fails(bario_sim_peek(dev, 0, 0x10, 4, &value), EOPNOTSUPP,
		     BARIO_CAUSE_UNSUPPORTED);
	assert_int_equal(state.reads, 2);
	assert_int_equal(bario_sim_record(dev, all, 8, &count), 0);
	assert_int_equal(count, 5);
	assert_int_equal(all[0].value, 0x11223344);
	assert_true(all[1].write);
	assert_int_equal(all[1].space, 1);
	assert_int_equal(all[1].value, 0x55);
	bario_close(dev);
	assert_int_equal(state.ends, 1);
}

static void errors(void **unused)
{
	static const struct {
		int		code;
		uint32_t	cause;
	} codes[] = {
		{ EIO, BARIO_CAUSE_NO_RESPONSE }, { ENODEV, BARIO_CAUSE_REMOVED },
		{ EACCES, BARIO_CAUSE_GRANT }, { EBUSY, BARIO_CAUSE_CLAIMED },
		{ ENOSPC, BARIO_CAUSE_SYSTEM },
	};
	struct state state = { .value = 5 };
	struct bario *dev = open_state(&state);
	struct bario_op ops[2] = {
		{ .op = BARIO_OP_READ, .width = 4, .offset = 0x20 },
		{ .op = BARIO_OP_READ, .width = 4, .offset = 0x10 },
	};
	uint64_t value = 42;
	size_t count, i;

	(void)unused;
	for (i = 0; i < COUNT(codes); i++) {
		state.result = -codes[i].code;
		assert_fails(bario_read(dev, 0, 0x10, 4, &value), codes[i].code,
			     codes[i].cause);
		assert_fails(bario_write(dev, 0, 0x10, 4, 0), codes[i].code,
			     codes[i].cause);
	}
	assert_message("0000:00:05.0 BAR 0+0x10.4: the model's write failed: No space left on device");
	assert_fails(bario_run(dev, ops, 2, 0, NULL, 0), ENOSPC,
		     BARIO_CAUSE_SYSTEM);
	assert_int_equal(bario_last_error()->index, 1);
	state.result = 3;
	assert_fails(bario_read(dev, 0, 0x10, 4, &value), EINVAL,
		     BARIO_CAUSE_OPERATION);
	assert_message("0000:00:05.0 BAR 0+0x10.4: the model's read returned 3, which is neither 0 nor a negative errno");
	state.result = 0;
	state.value = 0x100;
	assert_fails(bario_read(dev, 0, 0x10, 1, &value), EINVAL,
		     BARIO_CAUSE_VALUE);
	assert_message("0000:00:05.0 BAR 0+0x10.1: the model's read gave 0x100, which does not fit in 1 byte");
	assert_int_equal(value, 42);
	/* No record of what failed; and the device is still there. */
	assert_int_equal(bario_sim_record(dev, NULL, 0, &count), 0);
	assert_int_equal(count, 1);
	assert_int_equal(get(dev, 0, 0x10, 2), 0x100);
	bario_close(dev);
}

/* ---- opening ---- */

static void opening(void **unused)
{
	struct {
		struct bario_model	model;
		void			(*later)(void);
	} longer = { .model = { .read = model_read } };
	struct bario_model model = { .read = model_read, .end = model_end };
	struct state state = { .value = 7 };
	struct bario *dev = (struct bario *)&model;
	uint64_t value;

	(void)unused;
	model.user = &state;
	longer.model.user = &state;
	assert_fails(bario_open_model(DEVICE, "model", &model, 0, 0, &dev),
		     EINVAL, BARIO_CAUSE_OPERATION);
	assert_null(dev);
	assert_fails(bario_open_model(DEVICE, "model", &model, sizeof(model), 8,
				      &dev), EINVAL, BARIO_CAUSE_OPERATION);
	assert_fails(bario_open_model("foo", "model", &model, sizeof(model), 0,
				      &dev), EINVAL, BARIO_CAUSE_TEXT);
	model.now = model_now;
	assert_fails(bario_open_model(DEVICE, "model", &model, sizeof(model), 0,
				      &dev), EINVAL, BARIO_CAUSE_OPERATION);
	assert_message("a model has both now and sleep, or neither");
	assert_int_equal(state.ends, 0);
	/* A program of a later library; then one of an earlier. */
	assert_int_equal(bario_open_model(DEVICE, "model", &longer.model,
					  sizeof(longer), 0, &dev), 0);
	assert_int_equal(get(dev, 0, 0x10, 4), 7);
	/* What a model lacks is not there. */
	assert_fails(bario_write(dev, 0, 0x10, 4, 0), EIO,
		     BARIO_CAUSE_NO_RESPONSE);
	bario_close(dev);
	longer.later = abort;
	assert_fails(bario_open_model(DEVICE, "model", &longer.model,
				      sizeof(longer), 0, &dev), EINVAL,
		     BARIO_CAUSE_OPERATION);
	model.now = NULL;
	assert_int_equal(bario_open_model(DEVICE, "model", &model,
					  offsetof(struct bario_model, end), 0,
					  &dev), 0);
	assert_int_equal(get(dev, 0, 0x10, 4), 7);
	bario_close(dev);
	assert_int_equal(state.ends, 0);
	assert_int_equal(bario_open_model(DEVICE, "model", &model, sizeof(model),
					  BARIO_OPEN_INFO, &dev), 0);
	assert_fails(bario_read(dev, 0, 0x10, 4, &value), EPERM,
		     BARIO_CAUSE_PERMISSION);
	bario_close(dev);
	assert_int_equal(state.ends, 1);
}

/* The last handle ends it, however many there were. */
static void handles(void **unused)
{
	struct state state = { .value = 3 };
	struct bario *dev = open_state(&state), *second, *less;
	const struct bario_rule rule = {
		.dev = 5, .rights = BARIO_RIGHT_READ, .offset = 0x10, .length = 4,
	};
	uint64_t value;
	int fd;

	(void)unused;
	assert_int_equal(bario_open_fd(bario_fd(dev), NULL, 0, &second), 0);
	assert_int_equal(bario_derive(dev, &rule, 1, 0, &fd, NULL), 0);
	assert_int_equal(bario_open_fd(fd, NULL, 0, &less), 0);
	bario_close(dev);
	assert_int_equal(get(second, 0, 0x14, 4), 3);
	assert_int_equal(get(less, 0, 0x10, 4), 3);
	assert_fails(bario_read(less, 0, 0x14, 4, &value), EACCES,
		     BARIO_CAUSE_GRANT);
	assert_int_equal(state.reads, 2);
	bario_close(second);
	assert_int_equal(state.ends, 0);
	bario_close(less);
	assert_int_equal(state.ends, 1);
	/* A descriptor is left, but not the model. */
	assert_fails(bario_open_fd(fd, NULL, 0, &dev), EOPNOTSUPP,
		     BARIO_CAUSE_UNSUPPORTED);
	close(fd);
}

/* ---- what callbacks may do ---- */

static int look_around(struct state *state)
{
	struct bario_info info;
	uint64_t status = 0;
	size_t count = 42;

	assert_int_equal(bario_sim_peek(state->dev, 0, 0x20, 4, &status), 0);
	assert_int_equal(bario_sim_poke(state->dev, 0, 0x20, 4, status + 1), 0);
	assert_int_equal(bario_get_info(state->dev, &info, sizeof(info)), 0);
	assert_int_equal(bario_sim_record(state->dev, NULL, 0, &count), 0);
	return 0;
}

static int access_itself(struct state *state)
{
	struct bario_op delay = { .op = BARIO_OP_DELAY, .timeout = 1 };
	uint64_t value;
	uint32_t config;

	state->inside = NULL;
	assert_fails(bario_read(state->dev, 0, 0x20, 4, &value), EDEADLK,
		     BARIO_CAUSE_OPERATION);
	assert_message("0000:00:05.0 BAR 0+0x20.4: a callback of a model can't access its own device");
	assert_fails(bario_write(state->dev, 0, 0x10, 4, 0), EDEADLK,
		     BARIO_CAUSE_OPERATION);
	assert_fails(bario_config_read(state->dev, 0, 4, &config), EDEADLK,
		     BARIO_CAUSE_OPERATION);
	bario_run(state->dev, &delay, 1, 0, NULL, 0);
	assert_fails(bario_or(state->dev, 0, 0x10, 4, 1, NULL), EDEADLK,
		     BARIO_CAUSE_OPERATION);
	return 0;
}

static int unplug_itself(struct state *state)
{
	bario_sim_unplug(state->dev);
	return -ENODEV;
}

static void inside(void **unused)
{
	struct state state = { .inside = look_around };
	struct bario *dev = open_state(&state);
	uint64_t value;

	(void)unused;
	get(dev, 0, 0x10, 4);
	put(dev, 0, 0x10, 4, 1);
	assert_int_equal(get(dev, 0, 0x20, 4), 0x82);
	state.inside = access_itself;
	get(dev, 0, 0x10, 4);
	assert_int_equal(state.reads + state.writes, 3);
	state.inside = unplug_itself;
	assert_fails(bario_read(dev, 0, 0x10, 4, &value), ENODEV,
		     BARIO_CAUSE_REMOVED);
	assert_fails(bario_read(dev, 0, 0x20, 4, &value), ENODEV,
		     BARIO_CAUSE_REMOVED);
	bario_close(dev);
}

/* As by an assertion that fails in it. */
static jmp_buf left;

static int leave(struct state *state)
{
	(void)state;
	longjmp(left, 1);
}

static void leaving(void **unused)
{
	static struct state state = { .inside = leave };
	static struct state others = { .value = 9 };
	struct bario *volatile dev = open_state(&state);
	struct bario *volatile other = open_state(&others);
	uint64_t value;

	(void)unused;
	if (!setjmp(left)) {
		bario_read(dev, 0, 0x10, 4, &value);
		fail();
	}
	bario_close(dev);
	assert_int_equal(state.ends, 1);
	/* Its lock has gone with it. */
	assert_int_equal(get(other, 0, 0x10, 4), 9);
	bario_close(other);
}

/* ---- time ---- */

static void timing(void **unused)
{
	struct state state = { 0 };
	const struct bario_model model = {
		.user = &state, .read = model_read, .write = model_write,
		.now = model_now, .sleep = model_sleep,
	};
	struct bario *dev = open_model(&model);
	struct bario_op poll = {
		.op = BARIO_OP_POLL, .width = 4, .offset = 0x10, .mask = 1,
		.value = 1, .timeout = 1000000000,
	};
	struct bario_op delay = { .op = BARIO_OP_DELAY, .timeout = 7000000 };

	(void)unused;
	assert_int_equal(bario_run(dev, &poll, 1, 0, NULL, 0), 0);
	assert_true(state.now >= 5000000 && state.now < 10000000);
	assert_int_equal(state.sleeps + 1, state.reads);
	state.now = 0;
	assert_int_equal(bario_run(dev, &delay, 1, 0, NULL, 0), 0);
	assert_int_equal(state.now, 7000000);
	/* A signal, as sleep(3) may have it; and what else may go wrong. */
	state.result = -EINTR;
	assert_fails(bario_run(dev, &delay, 1, 0, NULL, 0), EINTR,
		     BARIO_CAUSE_SIGNAL);
	state.result = -EIO;
	assert_fails(bario_run(dev, &delay, 1, 0, NULL, 0), EIO,
		     BARIO_CAUSE_NO_RESPONSE);
	bario_close(dev);
}

/* Without functions for time, its own clock moves when a program waits. */
static void own_time(void **unused)
{
	struct state state = { 0 };
	struct bario *dev = open_state(&state);
	struct bario_op poll = {
		.op = BARIO_OP_POLL, .width = 4, .offset = 0x10, .mask = 1,
		.value = 1, .timeout = 10000000000,
	};

	(void)unused;
	assert_fails(bario_run(dev, &poll, 1, 0, NULL, 0), ETIMEDOUT,
		     BARIO_CAUSE_TIMEOUT);
	/* It waits at most 1 ms at a time. */
	assert_true(state.reads > 10000);
	bario_close(dev);
}

/* ---- threads and processes ---- */

/* Counts reads and writes that come in turn. */
static int take_turns(struct state *state)
{
	if (state->reads - state->writes > 1)
		state->result = -EIO;
	return state->result;
}

static void *modify(void *arg)
{
	struct bario *dev = arg;
	int i;

	for (i = 0; i < 2000; i++)
		if (bario_xor(dev, 0, 0x10, 4, 1, NULL))
			return dev;
	return NULL;
}

static void *modify_both(void *arg)
{
	struct bario_op ops[] = {
		{ .op = BARIO_OP_READ, .width = 4, .offset = 0x10 },
		{ .op = BARIO_OP_WRITE, .width = 4, .offset = 0x14, .value = 1 },
	};
	struct bario *dev = arg;
	int i;

	for (i = 0; i < 2000; i++)
		if (bario_run(dev, ops, 2, BARIO_RUN_ATOMIC, NULL, 0))
			return dev;
	return NULL;
}

/* Of two threads with a handle each, nothing comes between a read and its write. */
static void threads(void **unused)
{
	struct state state = { .inside = take_turns };
	struct bario *dev = open_state(&state), *second;
	pthread_t thread;
	void *bad;

	(void)unused;
	assert_int_equal(bario_open_fd(bario_fd(dev), NULL, 0, &second), 0);
	assert_int_equal(pthread_create(&thread, NULL, modify, second), 0);
	assert_null(modify_both(dev));
	assert_int_equal(pthread_join(thread, &bad), 0);
	assert_null(bad);
	assert_int_equal(state.reads, 4000);
	assert_int_equal(state.writes, 4000);
	bario_close(second);
	bario_close(dev);
}

/* A child has a copy of the model. */
static void forked(void **unused)
{
	struct state state = { .value = 3 };
	struct bario *dev = open_state(&state), *second;
	size_t count;
	pid_t pid;

	(void)unused;
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		CHILD(!bario_open_fd(bario_fd(dev), NULL, 0, &second), 1);
		CHILD(!bario_write(second, 0, 0x10, 4, 5), 2);
		CHILD(state.value == 5 && state.writes == 1, 3);
		bario_close(dev);
		CHILD(state.ends == 0, 4);
		bario_close(second);
		CHILD(state.ends == 1, 5);
		end_child(0);
	}
	assert_ended(pid);
	assert_int_equal(state.writes, 0);
	assert_int_equal(get(dev, 0, 0x10, 4), 3);
	assert_int_equal(bario_sim_record(dev, NULL, 0, &count), 0);
	assert_int_equal(count, 2);
	assert_int_equal(state.ends, 0);
	bario_close(dev);
	assert_int_equal(state.ends, 1);
}

static int end_process(struct state *state)
{
	end_child(0);
	return state->result;
}

/* A process that ends in the middle of an access does not keep others from theirs. */
static void died(void **unused)
{
	struct state state = { .value = 3 };
	struct bario *dev = open_state(&state);
	uint64_t value;
	pid_t pid;

	(void)unused;
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		state.inside = end_process;
		bario_read(dev, 0, 0x10, 4, &value);
		end_child(1);
	}
	assert_ended(pid);
	assert_int_equal(get(dev, 0, 0x10, 4), 3);
	bario_close(dev);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accesses),
		cmocka_unit_test(errors),
		cmocka_unit_test(opening),
		cmocka_unit_test(handles),
		cmocka_unit_test(inside),
		cmocka_unit_test(leaving),
		cmocka_unit_test(timing),
		cmocka_unit_test(own_time),
		cmocka_unit_test(threads),
		cmocka_unit_test(forked),
		cmocka_unit_test(died),
	};

	return cmocka_run_group_tests_name("simmodel", tests, NULL, NULL);
}
