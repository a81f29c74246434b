// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The simulated device: registers that do what their description says. */
#include <stdlib.h>
#include "sim.h"
#include "text.h"

void sim_free(struct sim *sim)
{
	size_t i;

	for (i = 0; i < sim->register_count; i++)
		free(sim->registers[i].values);
	for (i = 0; i < sim->ram_count; i++)
		free(sim->rams[i].bytes);
	free(sim->registers);
	free(sim->rams);
	free(sim->steps);
	free(sim->record);
	free(sim);
}

static void put_config(struct sim *sim, unsigned int offset, uint32_t value,
		       unsigned int width)
{
	for (; width; width--, value >>= 8)
		sim->config[offset++] = value;
}

/* What follows from the facts. */
static void fill_config(struct sim *sim)
{
	const struct bario_info *info = &sim->info;
	const struct bario_bar_info *bar;
	unsigned int i, command = 0;

	put_config(sim, 0x00, info->vendor | (uint32_t)info->device << 16, 4);
	put_config(sim, 0x08, info->revision | info->progif << 8 |
		   info->subclass << 16 | (uint32_t)info->base_class << 24, 4);
	put_config(sim, 0x2c, info->subvendor |
		   (uint32_t)info->subdevice << 16, 4);
	for (i = 0; i < BARIO_BARS_MAX; i++) {
		bar = &info->bars[i];
		if (!bar->kind)
			continue;
		put_config(sim, 0x10 + 4 * i, bar->address |
			   (bar->kind == BARIO_KIND_PORT) | bar->wide << 2, 4);
		if (bar->wide)
			put_config(sim, 0x14 + 4 * i, bar->address >> 32, 4);
		if (!sim->off[bar->kind])
			command |= bar->kind == BARIO_KIND_PORT ? 1 : 2;
	}
	put_config(sim, SIM_COMMAND, command, 2);
	put_config(sim, SIM_STATUS, sim->config[SIM_CAPABILITIES] ? 0x10 : 0, 2);
}

int sim_open_text(struct bario *dev, const char *chars, const char *name)
{
	struct sim *sim = calloc(1, sizeof(*sim));
	int error;

	if (!sim)
		return fail_memory();
	error = sim_parse(sim, chars, name);
	if (error) {
		sim_free(sim);
		return error;
	}
	fill_config(sim);
	dev->sim = sim;
	dev->address = sim->info.address;
	dev->can = BARIO_CAN_ATOMIC;
	if (sizeof(long) == 8)
		dev->can |= BARIO_CAN_WIDE;
	return 0;
}

int sim_open_file(struct bario *dev, const char *path)
{
	char *chars;
	int error = text_load(path, &chars);

	if (error)
		return error;
	error = sim_open_text(dev, chars, path);
	free(chars);
	return error;
}

static void sim_close(struct bario *dev)
{
	sim_free(dev->sim);
}

static int check_there(const struct sim *sim)
{
	return sim->unplugged ? fail(ENODEV, BARIO_CAUSE_REMOVED,
				     "the function has gone") : 0;
}

static int sim_info(struct bario *dev, struct bario_info *info)
{
	const struct sim *sim = dev->sim;
	unsigned int i;
	const int error = check_there(sim);

	if (error)
		return error;
	*info = sim->info;
	for (i = 0; i < BARIO_BARS_MAX; i++)
		if (info->bars[i].kind)
			info->bars[i].decoded = sim->config[SIM_COMMAND] &
				(info->bars[i].kind == BARIO_KIND_PORT ? 1 : 2);
	return 0;
}

/* ---- accesses ---- */

/* Before it happens: then want of memory is an access that did not. */
static int make_room(struct sim *sim)
{
	const size_t room = sim->record_room ? 2 * sim->record_room : 256;
	struct bario_access *more;

	if (sim->record_count < sim->record_room)
		return 0;
	more = realloc(sim->record, room * sizeof(*more));
	if (!more)
		return fail_memory();
	sim->record = more;
	sim->record_room = room;
	return 0;
}

static void note(struct sim *sim, const struct access *access, uint64_t value)
{
	sim->record[sim->record_count++] = (struct bario_access){
		.write = access->write, .space = access->space,
		.width = access->width, .offset = access->offset,
		.value = value,
	};
}

static int fail_silent(void)
{
	return fail(EIO, BARIO_CAUSE_NO_RESPONSE,
		    "the function does not answer here");
}

static int add_value(struct sim_register *reg, uint64_t value)
{
	uint64_t *more = realloc(reg->values,
				 (reg->count + 1) * sizeof(*more));

	if (!more)
		return fail_memory();
	reg->values = more;
	more[reg->count++] = value;
	return 0;
}

static int write_register(struct sim *sim, struct sim_register *reg,
			  uint64_t value)
{
	switch (reg->behaviour) {
	case SIM_RW:
		reg->values[0] = value;
		return 0;
	case SIM_W1C:
		reg->values[0] &= ~value;
		return 0;
	case SIM_FIFO:
		return add_value(reg, value);
	case SIM_BUSY:
		reg->next = 0;
		return 0;
	case SIM_RO:
	case SIM_RC:
	case SIM_ONES:
		return 0;
	case SIM_UNPLUG:
		sim->unplugged = true;
		return check_there(sim);
	case SIM_FAIL:
		break;
	}
	return fail_silent();
}

static int read_register(struct sim *sim, struct sim_register *reg,
			 uint64_t *value)
{
	switch (reg->behaviour) {
	case SIM_RW:
	case SIM_RO:
	case SIM_W1C:
		*value = reg->values[0];
		return 0;
	case SIM_RC:
		*value = reg->values[0];
		reg->values[0] = 0;
		return 0;
	case SIM_FIFO:
		*value = reg->next < reg->count ? reg->values[reg->next++] : 0;
		return 0;
	case SIM_BUSY:
		*value = reg->values[reg->next < reg->values[0] ? 1 : 2];
		if (reg->next < reg->values[0])
			reg->next++;
		return 0;
	case SIM_ONES:
		*value = bario_all_ones(reg->width);
		return 0;
	case SIM_UNPLUG:
		sim->unplugged = true;
		return check_there(sim);
	case SIM_FAIL:
		break;
	}
	return fail_silent();
}

static void touch_ram(uint8_t *bytes, const struct access *access,
		      uint64_t *value)
{
	unsigned int i;

	if (!access->write)
		*value = 0;
	for (i = 0; i < access->width; i++) {
		if (access->write)
			bytes[i] = *value >> 8 * i;
		else
			*value |= (uint64_t)bytes[i] << 8 * i;
	}
}

static int touch(struct sim *sim, const struct access *access, uint64_t *value)
{
	struct sim_register *reg;
	struct sim_ram *ram;
	size_t i;

	/* Of what overlaps, the last that was described. */
	for (i = sim->register_count; i-- > 0;) {
		reg = &sim->registers[i];
		if (reg->bar == access->space && reg->offset == access->offset &&
		    reg->width == access->width)
			return access->write ?
				write_register(sim, reg, *value) :
				read_register(sim, reg, value);
	}
	for (i = sim->ram_count; i-- > 0;) {
		ram = &sim->rams[i];
		if (ram->bar != access->space || access->offset < ram->offset ||
		    access->offset - ram->offset >= ram->length ||
		    access->width > ram->length -
		    (access->offset - ram->offset))
			continue;
		touch_ram(ram->bytes + (access->offset - ram->offset), access,
			  value);
		return 0;
	}
	return fail(EIO, BARIO_CAUSE_NO_RESPONSE,
		    "nothing of this width is described there");
}

/* The record says what comes next, and nothing else may. */
static int replay(struct sim *sim, const struct access *access, uint64_t *value)
{
	const struct sim_step *step = &sim->steps[sim->next_step];
	const struct bario_access *want = &step->access;

	if (sim->next_step == sim->step_count)
		return fail(EIO, BARIO_CAUSE_REPLAY,
			    "the record has ended, and this access is one more");
	if (want->write != access->write || want->space != access->space ||
	    want->offset != access->offset || want->width != access->width ||
	    (want->write && want->value != *value))
		return fail(EIO, BARIO_CAUSE_REPLAY,
			    "line %u of the record has another access next: %s %u+%#llx.%u %#llx",
			    step->line, want->write ? "write" : "read",
			    want->space, (unsigned long long)want->offset,
			    want->width, (unsigned long long)want->value);
	sim->next_step++;
	*value = want->value;
	return 0;
}

static int sim_obstacle(struct bario *dev, const struct bario_info *info,
			unsigned int bar, enum obstacle which)
{
	switch (which) {
	case OBSTACLE_ADDRESS:
		return info->bars[bar].assigned ? 0 : fail_unassigned(dev, bar);
	case OBSTACLE_HOLDER:
		return check_driver(dev, info->driver);
	case OBSTACLE_POWER:
		return dev->sim->asleep ?
			fail(EIO, BARIO_CAUSE_ASLEEP, "the function is asleep") : 0;
	case OBSTACLE_DECODE:
		return check_decoded(dev, &info->bars[bar]);
	case OBSTACLE_BRIDGE:
	case OBSTACLE_RIGHTS:
		break;
	}
	return 0;
}

static int sim_access(struct bario *dev, const struct access *access,
		      uint64_t *value)
{
	struct sim *sim = dev->sim;
	struct bario_info info;
	int error;

	error = sim_info(dev, &info);
	if (!error)
		error = check_bar(dev, access, &info.bars[access->space]);
	if (!error)
		error = sim_obstacle(dev, &info, access->space, OBSTACLE_HOLDER);
	if (!error)
		error = sim_obstacle(dev, &info, access->space, OBSTACLE_POWER);
	if (!error)
		error = sim_obstacle(dev, &info, access->space, OBSTACLE_DECODE);
	if (!error)
		error = make_room(sim);
	if (!error)
		error = sim->step_count ? replay(sim, access, value) :
			touch(sim, access, value);
	if (!error)
		note(sim, access, *value);
	return error;
}

static int sim_config(struct bario *dev, const struct access *access,
		      uint32_t *value)
{
	struct sim *sim = dev->sim;
	uint64_t data = *value;
	int error = check_there(sim);

	if (!error)
		error = make_room(sim);
	if (error)
		return error;
	/* Of the header, only the command register takes what is written. */
	if (!access->write || access->offset >= 0x40 ||
	    (access->offset == SIM_COMMAND && access->width <= 2))
		touch_ram(sim->config + access->offset, access, &data);
	*value = data;
	note(sim, access, data);
	return 0;
}

static int sim_config_size(struct bario *dev, unsigned int *size)
{
	*size = SIM_CONFIG;
	return check_there(dev->sim);
}

const struct backend backend_sim = {
	.name = "sim",
	.close = sim_close,
	.info = sim_info,
	.access = sim_access,
	.config = sim_config,
	.config_size = sim_config_size,
	.obstacle = sim_obstacle,
};

/* ---- the record ---- */

BARIO_API int bario_sim_record(struct bario *dev, struct bario_access *record,
			       size_t capacity, size_t *count)
{
	const struct sim *sim = dev->sim;

	error_at_function(dev);
	if (!sim)
		return fail(EOPNOTSUPP, BARIO_CAUSE_UNSUPPORTED,
			    "%s is not a simulated device, which has a record",
			    dev->name);
	if (capacity > sim->record_count)
		capacity = sim->record_count;
	if (capacity)
		memcpy(record, sim->record, capacity * sizeof(*record));
	*count = sim->record_count;
	return 0;
}

BARIO_API void bario_sim_forget(struct bario *dev)
{
	if (dev->sim)
		dev->sim->record_count = 0;
}

BARIO_API void bario_sim_unplug(struct bario *dev)
{
	if (dev->sim)
		dev->sim->unplugged = true;
}
