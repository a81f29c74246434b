// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The back end of simulated devices. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "generic.h"
#include "sim.h"
#include "text.h"

/* ---- opening ---- */

static void put_config(uint8_t *config, unsigned int offset, uint32_t value,
		       unsigned int width)
{
	for (; width; width--, value >>= 8)
		config[offset++] = value;
}

/* What follows from the facts. */
static void fill_config(struct sim_description *from)
{
	const struct bario_info *info = &from->info;
	uint8_t *config = from->config;
	const struct bario_bar_info *bar;
	unsigned int i, command = 0;

	put_config(config, 0x00, info->vendor | (uint32_t)info->device << 16, 4);
	put_config(config, 0x08, info->revision | info->progif << 8 |
		   info->subclass << 16 | (uint32_t)info->base_class << 24, 4);
	put_config(config, 0x2c, info->subvendor |
		   (uint32_t)info->subdevice << 16, 4);
	for (i = 0; i < BARIO_BARS_MAX; i++) {
		bar = &info->bars[i];
		if (!bar->kind)
			continue;
		put_config(config, 0x10 + 4 * i, bar->address |
			   (bar->kind == BARIO_KIND_PORT) | bar->wide << 2, 4);
		if (bar->wide)
			put_config(config, 0x14 + 4 * i, bar->address >> 32, 4);
		if (!from->off[bar->kind])
			command |= bar->kind == BARIO_KIND_PORT ? 1 : 2;
	}
	put_config(config, SIM_COMMAND, command, 2);
	put_config(config, SIM_STATUS, config[SIM_CAPABILITIES] ? 0x10 : 0, 2);
}

/* A handle on the device, both of whose it ends where there is an error. */
static int open_handle(struct bario *dev, struct sim_device *device, int fd,
		       uint32_t grant)
{
	struct sim *sim = calloc(1, sizeof(*sim));

	if (!sim) {
		sim_memory_close(device);
		close(fd);
		return fail_memory();
	}
	sim->device = device;
	sim->grant = grant;
	sim->fd = fd;
	dev->state = sim;
	dev->address = device->memory->info.address;
	dev->can = BARIO_CAN_ATOMIC;
	if (sizeof(long) == 8)
		dev->can |= BARIO_CAN_WIDE;
	/* A derived file is the device's, opened once more. */
	if (!access("/proc/self/fd", F_OK))
		dev->can |= BARIO_CAN_DERIVE;
	return 0;
}

static int open_text(struct bario *dev, const char *chars, const char *name,
		     const struct bario_model *model)
{
	struct sim_description description = { 0 };
	struct sim_device *device;
	int fd, error = sim_parse(&description, chars, name);

	/* Any device could be at the address that it did not get. */
	if (!description.addressed)
		snprintf(dev->label, sizeof(dev->label), "sim:%s", name);
	if (!error) {
		fill_config(&description);
		error = sim_memory_create(&description, model, &device, &fd);
	}
	sim_description_free(&description);
	return error ? error : open_handle(dev, device, fd, 0);
}

/* The file has the description. */
static int sim_open_path(struct bario *dev, const char *path,
			 const struct bario_address *address)
{
	char *chars;
	int error = text_load(path, &chars);

	(void)address;
	if (error)
		return error;
	error = open_text(dev, chars, path, NULL);
	free(chars);
	return error;
}

static int open_new(const char *text, const char *name,
		    const struct bario_model *model, uint32_t flags,
		    struct bario **out)
{
	struct bario *dev = handle_new(&backend_sim, flags);

	if (!dev)
		return -ENOMEM;
	return handle_end(dev, open_text(dev, text, name ? name : "(text)", model),
			  out);
}

BARIO_API int bario_open_sim(const char *text, const char *name,
			     uint32_t flags, struct bario **out)
{
	const int error = handle_begin(flags, out);

	return error ? error : open_new(text, name, NULL, flags, out);
}

BARIO_API int bario_open_model(const char *text, const char *name,
			       const struct bario_model *model, size_t size,
			       uint32_t flags, struct bario **out)
{
	struct bario_model copy;
	int error = handle_begin(flags, out);

	if (!error)
		error = sim_model_copy(&copy, model, size);
	return error ? error : open_new(text, name, &copy, flags, out);
}

static bool is_same(const struct bario_address *a, const struct bario_address *b)
{
	return a->domain == b->domain && a->bus == b->bus && a->dev == b->dev &&
		a->func == b->func;
}

static void sim_close(struct bario *dev)
{
	struct sim *sim = sim_of(dev);

	sim_memory_close(sim->device);
	close(sim->fd);
	free(sim);
}

/* A further handle. */
static int sim_open_fd(struct bario *dev, int fd,
		       const struct bario_address *address)
{
	/* Where the file is: bario_derive() has put the grant's id there. */
	const off_t grant = lseek(fd, 0, SEEK_CUR);
	struct sim_device *device;
	int error = 0;

	if (grant < 0 || grant > UINT32_MAX)
		error = fail_system("descriptor %d", fd);
	if (!error)
		error = sim_memory_open(fd, &device);
	if (error) {
		close(fd);
		return error;
	}
	if (address && !is_same(address, &device->memory->info.address)) {
		sim_memory_close(device);
		close(fd);
		error_at_address("sim", address);
		return fail(ENODEV, BARIO_CAUSE_NO_DEVICE,
			    "there is no such function, or not for this file");
	}
	error = open_handle(dev, device, fd, grant);
	if (error)
		return error;
	error_at_address("sim", &dev->address);
	sim_lock(device);
	error = sim_check_there(dev);
	sim_unlock(device);
	if (error)
		sim_close(dev);
	return error;
}

/* ---- facts ---- */

/* With the lock. */
static int get_info(const struct bario *dev, struct bario_info *info)
{
	const struct sim_memory *memory = sim_memory(dev);
	const int error = sim_check_there(dev);
	unsigned int i;

	if (error)
		return error;
	*info = memory->info;
	for (i = 0; i < BARIO_BARS_MAX; i++)
		if (info->bars[i].kind)
			info->bars[i].decoded = memory->config[SIM_COMMAND] &
				(info->bars[i].kind == BARIO_KIND_PORT ? 1 : 2);
	return 0;
}

static int sim_info(struct bario *dev, struct bario_info *info)
{
	int error;

	sim_lock(sim_of(dev)->device);
	error = get_info(dev, info);
	sim_unlock(sim_of(dev)->device);
	return error;
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
		return sim_memory(dev)->asleep ?
			fail(EIO, BARIO_CAUSE_ASLEEP, "the function is asleep") : 0;
	case OBSTACLE_DECODE:
		return check_decoded(dev, &info->bars[bar]);
	case OBSTACLE_BRIDGE:
	case OBSTACLE_RIGHTS:
		break;
	}
	return 0;
}

/* ---- accesses ---- */

static void note_access(struct sim_memory *memory, const struct access *access,
			uint64_t value)
{
	const uint64_t at = memory->recorded++;

	if (at < BARIO_SIM_RECORD_MAX)
		memory->record[at] = (struct bario_access){
			.write = access->write, .space = access->space,
			.width = access->width, .offset = access->offset,
			.value = value,
		};
}

static int access_bar(struct bario *dev, const struct access *access,
		      uint64_t *value)
{
	struct bario_info info;
	int error = sim_model_check(dev);

	if (!error)
		error = get_info(dev, &info);
	if (!error)
		error = check_bar(dev, access, &info.bars[access->space]);
	if (!error)
		error = sim_grant_check(dev, access, access->write ?
					BARIO_RIGHT_WRITE : BARIO_RIGHT_READ);
	if (!error)
		error = sim_obstacle(dev, &info, access->space, OBSTACLE_HOLDER);
	if (!error)
		error = sim_obstacle(dev, &info, access->space, OBSTACLE_POWER);
	if (!error)
		error = sim_obstacle(dev, &info, access->space, OBSTACLE_DECODE);
	if (!error)
		error = sim_register_access(dev, access, value);
	if (!error)
		note_access(sim_memory(dev), access, *value);
	return error;
}

static int sim_access(struct bario *dev, const struct access *access,
		      uint64_t *value)
{
	int error;

	sim_lock(sim_of(dev)->device);
	error = access_bar(dev, access, value);
	sim_unlock(sim_of(dev)->device);
	return error;
}

/* Of the header, only the command register takes what is written. */
static bool takes_write(const struct access *access)
{
	return access->offset >= 0x40 ||
		(access->offset == SIM_COMMAND && access->width <= 2);
}

static int access_config(struct bario *dev, const struct access *access,
			 uint32_t *value)
{
	struct sim_memory *memory = sim_memory(dev);
	uint64_t data = *value;
	int error = sim_model_check(dev);

	if (!error)
		error = sim_check_there(dev);
	if (!error)
		error = sim_grant_check(dev, access, access->write ?
					BARIO_RIGHT_WRITE : BARIO_RIGHT_READ);
	if (error)
		return error;
	if (!access->write || takes_write(access))
		sim_bytes_access(memory->config + access->offset, access, &data);
	*value = data;
	note_access(memory, access, data);
	return 0;
}

static int sim_config(struct bario *dev, const struct access *access,
		      uint32_t *value)
{
	int error;

	sim_lock(sim_of(dev)->device);
	error = access_config(dev, access, value);
	sim_unlock(sim_of(dev)->device);
	return error;
}

static int sim_config_size(struct bario *dev, unsigned int *size)
{
	int error;

	*size = SIM_CONFIG;
	sim_lock(sim_of(dev)->device);
	error = sim_check_there(dev);
	sim_unlock(sim_of(dev)->device);
	return error;
}

static int sim_rights(struct bario *dev, const struct access *access,
		      unsigned int rights)
{
	int error;

	sim_lock(sim_of(dev)->device);
	error = sim_check_there(dev);
	if (!error)
		error = sim_grant_check(dev, access, rights);
	sim_unlock(sim_of(dev)->device);
	return error;
}

static int sim_fd(struct bario *dev)
{
	return sim_of(dev)->fd;
}

static void lock_device(struct bario *dev)
{
	sim_lock(sim_of(dev)->device);
}

static void unlock_device(struct bario *dev)
{
	sim_unlock(sim_of(dev)->device);
}

/* ---- hints: no commands for the machine, of which nothing is simulated ---- */

#define DESCRIBED	"its description says so, see bario-sim(5): "

static int hint_unassigned(const struct bario *dev, int error, unsigned int bar)
{
	(void)dev;
	return error_hint(error, DESCRIBED "bar %u ... none", bar);
}

static int hint_driver(const struct bario *dev, int error, const char *driver)
{
	(void)dev;
	return error_hint(error, DESCRIBED "driver %s", driver);
}

static int hint_decode(const struct bario *dev, int error, uint32_t kind)
{
	(void)dev;
	return error_hint(error, DESCRIBED "off %s",
			  kind == BARIO_KIND_PORT ? "port" : "mem");
}

const struct backend backend_sim = {
	.name = "sim",
	.takes_file = true,
	.present = generic_absent,
	.list = generic_list,
	.owns_fd = sim_is_ours,
	.publish = generic_publish,
	.unpublish = generic_publish,
	.open_address = generic_open_address,
	.open_path = sim_open_path,
	.open_fd = sim_open_fd,
	.close = sim_close,
	.info = sim_info,
	.info_only = generic_info_only,
	.rights = sim_rights,
	.obstacle = sim_obstacle,
	.holder = generic_holder,
	.busy = generic_busy,
	.access = sim_access,
	.config = sim_config,
	.config_size = sim_config_size,
	.run = generic_run,
	.wait = sim_wait,
	.now = sim_now,
	.lock = lock_device,
	.unlock = unlock_device,
	.allowed = sim_grant_allowed,
	.map = generic_map,
	.fd = sim_fd,
	.derive = sim_derive,
	.revoke = sim_revoke,
	.grant = sim_get_grant,
	.hint_unassigned = hint_unassigned,
	.hint_driver = hint_driver,
	.hint_decode = hint_decode,
};
