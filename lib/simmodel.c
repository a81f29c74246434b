// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Models: registers of a simulated device that a program's own functions are. */
#include "sim.h"

int sim_model_check(const struct bario *dev)
{
	const struct sim_device *device = sim_of(dev)->device;

	if (!device->calling || !pthread_equal(device->caller, pthread_self()))
		return 0;
	return fail(EDEADLK, BARIO_CAUSE_OPERATION,
		    "a callback of a model can't access its own device");
}

static void begin_call(struct sim_device *device)
{
	device->caller = pthread_self();
	device->calling = true;
}

/* What a callback has returned; a positive number is a mistake. */
static int end_call(struct sim_device *device, const char *name, int result)
{
	device->calling = false;
	if (!result)
		return 0;
	if (result > 0)
		return fail(EINVAL, BARIO_CAUSE_OPERATION,
			    "the model's %s returned %d, which is neither 0 nor a negative errno",
			    name, result);
	return fail(-result, error_cause(-result, true),
		    "the model's %s failed: %s", name, strerror(-result));
}

static int call_read(struct bario *dev, const struct access *access,
		     uint64_t *value)
{
	struct sim_device *device = sim_of(dev)->device;
	const struct bario_model *model = &device->model;
	uint64_t read = 0;
	int error, result;

	begin_call(device);
	result = model->read(model->user, access->space, access->offset,
			     access->width, &read);
	/* What it called may have left another place. */
	error_at_access(dev, access);
	error = end_call(device, "read", result);
	if (!error && read & ~bario_all_ones(access->width))
		error = fail(EINVAL, BARIO_CAUSE_VALUE,
			     "the model's read gave %#llx, which does not fit in %u byte%s",
			     (unsigned long long)read, access->width,
			     access->width > 1 ? "s" : "");
	if (!error)
		*value = read;
	return error;
}

int sim_model_access(struct bario *dev, const struct access *access,
		     uint64_t *value)
{
	struct sim_device *device = sim_of(dev)->device;
	int error;

	if (access->write ? !device->model.write : !device->model.read)
		return fail(EIO, BARIO_CAUSE_NO_RESPONSE,
			    "the model has no %s", access->write ? "write" :
			    "read");
	if (!access->write)
		return call_read(dev, access, value);
	begin_call(device);
	error = device->model.write(device->model.user, access->space,
				    access->offset, access->width, *value);
	error_at_access(dev, access);
	return end_call(device, "write", error);
}

/* ---- time ---- */

uint64_t sim_now(struct bario *dev)
{
	struct sim_device *device = sim_of(dev)->device;
	uint64_t now;

	sim_lock(device);
	if (device->model.now && !sim_model_check(dev)) {
		begin_call(device);
		now = device->model.now(device->model.user);
		end_call(device, "now", 0);
	} else {
		now = device->memory->clock;
	}
	sim_unlock(device);
	return now;
}

int sim_wait(struct bario *dev, uint64_t ns)
{
	struct sim_device *device = sim_of(dev)->device;
	int error = 0;

	sim_lock(device);
	if (device->model.sleep) {
		error = sim_model_check(dev);
		if (error)
			goto out;
		begin_call(device);
		error = device->model.sleep(device->model.user, ns);
		error_at_function(dev);
		error = end_call(device, "sleep", error);
	} else {
		device->memory->clock += ns;
	}
out:
	sim_unlock(device);
	return error;
}

/* ---- what was asked for ---- */

int sim_model_copy(struct bario_model *copy, const struct bario_model *model,
		   size_t size)
{
	const unsigned char *bytes = (const unsigned char *)model;
	size_t i;

	*copy = (struct bario_model){ 0 };
	if (!size)
		return fail(EINVAL, BARIO_CAUSE_OPERATION,
			    "the model has a size of 0");
	for (i = sizeof(*copy); i < size; i++)
		if (bytes[i])
			return fail(EINVAL, BARIO_CAUSE_OPERATION,
				    "the model has a callback that this library does not know");
	memcpy(copy, model, size < sizeof(*copy) ? size : sizeof(*copy));
	if (!copy->now != !copy->sleep)
		return fail(EINVAL, BARIO_CAUSE_OPERATION,
			    "a model has both now and sleep, or neither");
	return 0;
}
