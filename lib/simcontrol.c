// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* What a test does with a simulated device from outside: its record, and its state. */
#include "sim.h"

static int check_sim(struct bario *dev)
{
	error_at_function(dev);
	return dev->backend == &backend_sim ? 0 : fail(EOPNOTSUPP, BARIO_CAUSE_UNSUPPORTED,
				   "this is not a simulated device");
}

BARIO_API int bario_sim_record(struct bario *dev, struct bario_access *record,
			       size_t capacity, size_t *count)
{
	const int error = check_sim(dev);
	struct sim_memory *memory;
	size_t kept;

	if (error)
		return error;
	memory = sim_memory(dev);
	sim_lock(sim_of(dev)->device);
	*count = memory->recorded;
	kept = *count < BARIO_SIM_RECORD_MAX ? *count : BARIO_SIM_RECORD_MAX;
	if (kept > capacity)
		kept = capacity;
	if (kept)
		memcpy(record, memory->record, kept * sizeof(*record));
	sim_unlock(sim_of(dev)->device);
	return 0;
}

BARIO_API void bario_sim_forget(struct bario *dev)
{
	if (check_sim(dev))
		return;
	sim_lock(sim_of(dev)->device);
	sim_memory(dev)->recorded = 0;
	sim_unlock(sim_of(dev)->device);
}

BARIO_API void bario_sim_unplug(struct bario *dev)
{
	if (check_sim(dev))
		return;
	sim_lock(sim_of(dev)->device);
	sim_memory(dev)->unplugged = true;
	sim_unlock(sim_of(dev)->device);
}

/* Any byte of configuration space, and of a BAR what the description has. */
static int look_up(struct bario *dev, const struct access *access, uint64_t *value)
{
	int error = check_sim(dev);

	if (error)
		return error;
	error_at_access(dev, access);
	error = check_numbers(access, *value);
	if (error)
		return error;
	if (access->space != BARIO_SPACE_CONFIG) {
		sim_lock(sim_of(dev)->device);
		error = sim_register_look(dev, access, value);
		sim_unlock(sim_of(dev)->device);
		return error;
	}
	if (access->offset > SIM_CONFIG - access->width)
		return fail(EINVAL, BARIO_CAUSE_RANGE,
			    "past the end: configuration space has %d bytes",
			    SIM_CONFIG);
	sim_lock(sim_of(dev)->device);
	sim_bytes_access(sim_memory(dev)->config + access->offset, access, value);
	sim_unlock(sim_of(dev)->device);
	return 0;
}

BARIO_API int bario_sim_peek(struct bario *dev, uint32_t space, uint64_t offset,
			     uint32_t width, uint64_t *value)
{
	const struct access access = {
		.space = space, .width = width, .offset = offset,
	};
	uint64_t got = 0;
	const int error = look_up(dev, &access, &got);

	if (!error)
		*value = got;
	return error;
}

BARIO_API int bario_sim_poke(struct bario *dev, uint32_t space, uint64_t offset,
			     uint32_t width, uint64_t value)
{
	const struct access access = {
		.write = true, .space = space, .width = width, .offset = offset,
	};

	return look_up(dev, &access, &value);
}
