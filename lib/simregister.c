// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The registers and the memory of a simulated device do what its description says. */
#include "sim.h"

static int fail_silent(void)
{
	return fail(EIO, BARIO_CAUSE_NO_RESPONSE,
		    "the function does not answer here");
}

static int unplug_device(struct bario *dev)
{
	sim_memory(dev)->unplugged = true;
	return sim_check_there(dev);
}

/* ---- FIFOs ---- */

static uint64_t *fifo_slot(struct sim_memory *memory,
			   const struct sim_register *reg, uint64_t index)
{
	uint64_t *values = sim_at(memory, reg->first);

	return &values[(reg->next + index) % BARIO_SIM_FIFO_MAX];
}

static int add_value(struct sim_memory *memory, struct sim_register *reg,
		     uint64_t value)
{
	if (reg->count == BARIO_SIM_FIFO_MAX)
		return fail(EIO, BARIO_CAUSE_NO_RESPONSE,
			    "the FIFO is full: it has %d values",
			    BARIO_SIM_FIFO_MAX);
	*fifo_slot(memory, reg, reg->count++) = value;
	return 0;
}

static uint64_t first_value(struct sim_memory *memory,
			    const struct sim_register *reg)
{
	return reg->count ? *fifo_slot(memory, reg, 0) : 0;
}

static void drop_value(struct sim_register *reg)
{
	if (!reg->count)
		return;
	reg->next = (reg->next + 1) % BARIO_SIM_FIFO_MAX;
	reg->count--;
}

/* ---- registers ---- */

static int write_register(struct bario *dev, struct sim_register *reg,
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
		return add_value(sim_memory(dev), reg, value);
	case SIM_BUSY:
		if (!reg->starts)
			reg->next = 0;
		return 0;
	case SIM_RO:
	case SIM_RC:
	case SIM_ONES:
		return 0;
	case SIM_UNPLUG:
		return unplug_device(dev);
	case SIM_FAIL:
		break;
	}
	return fail_silent();
}

/* What it reads as; of FAIL and UNPLUG there is no such value. */
static uint64_t register_value(struct sim_memory *memory,
			       const struct sim_register *reg)
{
	switch (reg->behaviour) {
	case SIM_FIFO:
		return first_value(memory, reg);
	case SIM_BUSY:
		return reg->values[reg->next < reg->values[0] ? 1 : 2];
	case SIM_ONES:
		return bario_all_ones(reg->width);
	default:
		return reg->values[0];
	}
}

static int read_register(struct bario *dev, struct sim_register *reg,
			 uint64_t *value)
{
	if (reg->behaviour == SIM_UNPLUG)
		return unplug_device(dev);
	if (reg->behaviour == SIM_FAIL)
		return fail_silent();
	*value = register_value(sim_memory(dev), reg);
	/* What a read changes. */
	if (reg->behaviour == SIM_RC)
		reg->values[0] = 0;
	else if (reg->behaviour == SIM_FIFO)
		drop_value(reg);
	else if (reg->behaviour == SIM_BUSY && reg->next < reg->values[0])
		reg->next++;
	return 0;
}

/* It reads so from now on. */
static int set_register(struct bario *dev, struct sim_register *reg,
			uint64_t value)
{
	switch (reg->behaviour) {
	case SIM_FIFO:
		return add_value(sim_memory(dev), reg, value);
	case SIM_BUSY:
		reg->values[2] = value;
		reg->next = reg->values[0];
		return 0;
	default:
		reg->values[0] = value;
		return 0;
	}
}

/* Of what overlaps, the last that was described. */
static struct sim_register *find_register(struct sim_memory *memory,
					  const struct access *access)
{
	struct sim_register *regs = sim_at(memory, memory->layout.registers);
	uint64_t i;

	for (i = memory->register_count; i-- > 0;)
		if (regs[i].bar == access->space &&
		    regs[i].offset == access->offset &&
		    regs[i].width == access->width)
			return &regs[i];
	return NULL;
}

/* A write has reached the device: what is busy from then on. */
static void start_registers(struct sim_memory *memory,
			    const struct access *access)
{
	struct sim_register *regs = sim_at(memory, memory->layout.registers);
	uint64_t i;

	for (i = 0; i < memory->register_count; i++)
		if (regs[i].starts && regs[i].start_bar == access->space &&
		    regs[i].start_offset >= access->offset &&
		    regs[i].start_offset - access->offset < access->width)
			regs[i].next = 0;
}

/* ---- memory ---- */

static uint8_t *find_ram(struct sim_memory *memory, const struct access *access)
{
	const struct sim_ram *rams = sim_at(memory, memory->layout.rams);
	const struct sim_ram *ram;
	uint64_t i;

	for (i = memory->ram_count; i-- > 0;) {
		ram = &rams[i];
		if (ram->bar == access->space && access->offset >= ram->offset &&
		    access->offset - ram->offset < ram->length &&
		    access->width <= ram->length - (access->offset - ram->offset))
			return sim_at(memory, ram->first + access->offset -
				      ram->offset);
	}
	return NULL;
}

void sim_bytes_access(uint8_t *bytes, const struct access *access,
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

/* ---- a record ---- */

/* The record says what comes next, and nothing else may. */
static int replay_access(struct sim_memory *memory, const struct access *access,
			 uint64_t *value)
{
	const struct sim_step *steps = sim_at(memory, memory->layout.steps);
	const struct sim_step *step = &steps[memory->next_step];
	const struct bario_access *want = &step->access;

	if (memory->next_step == memory->step_count)
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
	memory->next_step++;
	*value = want->value;
	return 0;
}

/* ---- what all of these are for ---- */

static int touch_register(struct bario *dev, const struct access *access, uint64_t *value)
{
	struct sim_memory *memory = sim_memory(dev);
	struct sim_register *reg = find_register(memory, access);
	uint8_t *bytes;

	if (reg)
		return access->write ? write_register(dev, reg, *value) :
			read_register(dev, reg, value);
	bytes = find_ram(memory, access);
	if (bytes) {
		sim_bytes_access(bytes, access, value);
		return 0;
	}
	if (memory->model)
		return sim_model_access(dev, access, value);
	return fail(EIO, BARIO_CAUSE_NO_RESPONSE,
		    "nothing of this width is described there");
}

int sim_register_access(struct bario *dev, const struct access *access,
			uint64_t *value)
{
	int error;

	if (sim_memory(dev)->step_count)
		return replay_access(sim_memory(dev), access, value);
	error = touch_register(dev, access, value);
	if (!error && access->write)
		start_registers(sim_memory(dev), access);
	return error;
}

int sim_register_look(struct bario *dev, const struct access *access,
		      uint64_t *value)
{
	struct sim_memory *memory = sim_memory(dev);
	struct sim_register *reg = find_register(memory, access);
	uint8_t *bytes = find_ram(memory, access);

	if (reg && (reg->behaviour == SIM_FAIL || reg->behaviour == SIM_UNPLUG ||
		    (reg->behaviour == SIM_ONES && access->write)))
		return fail(EOPNOTSUPP, BARIO_CAUSE_UNSUPPORTED,
			    "this register keeps no value");
	if (reg && access->write)
		return set_register(dev, reg, *value);
	if (reg)
		*value = register_value(memory, reg);
	else if (bytes)
		sim_bytes_access(bytes, access, value);
	else
		return fail(EOPNOTSUPP, BARIO_CAUSE_UNSUPPORTED,
			    "the description has no register or memory of this width there");
	return 0;
}
