// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The memory of simulated devices, which is a file, and what this process has of it. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include "sim.h"

/* Libraries with another layout of the memory don't open it. */
#define SIM_MAGIC	(0x6d69732d6f697262ULL ^ (uint64_t)sizeof(struct sim_memory) << 16)

#define FIFO_SIZE	(BARIO_SIM_FIFO_MAX * sizeof(uint64_t))

/* Linux from 6.3 on asks for it, and earlier kernels don't know it. */
#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL	0x8U
#endif

/* The simulated devices of this process, which those that are derived share. */
static pthread_mutex_t devices_lock = PTHREAD_MUTEX_INITIALIZER;
static struct sim_device *devices;

bool sim_is_ours(int fd)
{
	uint64_t magic;

	/* Only such files have seals: nothing else is read from. */
	return fcntl(fd, F_GET_SEALS) >= 0 &&
		pread(fd, &magic, sizeof(magic), 0) == sizeof(magic) &&
		magic == SIM_MAGIC;
}

static int create_file(uint64_t size)
{
	int fd = memfd_create("bario-sim", MFD_CLOEXEC | MFD_NOEXEC_SEAL);
	int error;

	if (fd < 0 && errno == EINVAL)
		fd = memfd_create("bario-sim", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0)
		return fail_system("memory for a simulated device");
	/* Its size stays, so that no mapping loses its end. */
	if (!ftruncate(fd, size) &&
	    !fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL))
		return fd;
	error = fail_system("memory for a simulated device");
	close(fd);
	return error;
}

static int map_file(int fd, struct sim_memory **memory)
{
	struct stat status;
	void *at;

	if (fstat(fd, &status))
		return fail_system("descriptor %d", fd);
	at = mmap(NULL, status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		  0);
	if (at == MAP_FAILED)
		return fail_system("memory of a simulated device");
	*memory = at;
	return 0;
}

/* Shared by processes; and one that has ended has not taken the lock with it. */
static int init_lock(pthread_mutex_t *lock)
{
	pthread_mutexattr_t attributes;
	int code = pthread_mutexattr_init(&attributes);

	if (!code) {
		pthread_mutexattr_setpshared(&attributes,
					     PTHREAD_PROCESS_SHARED);
		pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
		pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
		code = pthread_mutex_init(lock, &attributes);
		pthread_mutexattr_destroy(&attributes);
	}
	errno = code;
	return code ? fail_system("the lock of a simulated device") : 0;
}

void sim_lock(struct sim_device *device)
{
	if (pthread_mutex_lock(&device->memory->lock) == EOWNERDEAD)
		pthread_mutex_consistent(&device->memory->lock);
	device->depth++;
}

void sim_unlock(struct sim_device *device)
{
	device->depth--;
	pthread_mutex_unlock(&device->memory->lock);
}

/* Where everything begins, and how much it is. */
static struct sim_layout lay_out(const struct sim_description *from)
{
	struct sim_layout layout;
	uint64_t at = sizeof(struct sim_memory);
	size_t i;

	layout.registers = sim_align(at);
	at = layout.registers + from->register_count * sizeof(*from->registers);
	layout.rams = sim_align(at);
	at = layout.rams + from->ram_count * sizeof(*from->rams);
	layout.steps = sim_align(at);
	at = layout.steps + from->step_count * sizeof(*from->steps);
	layout.data = sim_align(at);
	at = layout.data;
	for (i = 0; i < from->ram_count; i++)
		at += sim_align(from->rams[i].length);
	for (i = 0; i < from->register_count; i++)
		if (from->registers[i].behaviour == SIM_FIFO)
			at += FIFO_SIZE;
	layout.size = at;
	return layout;
}

/* What is 0 stays a hole in the file. */
static void fill_rams(struct sim_memory *memory,
		      const struct sim_description *from, uint64_t *at)
{
	struct sim_ram *rams = sim_at(memory, memory->layout.rams);
	size_t i;

	for (i = 0; i < from->ram_count; i++) {
		rams[i] = from->rams[i];
		rams[i].first = *at;
		*at += sim_align(rams[i].length);
		if (rams[i].byte)
			memset(sim_at(memory, rams[i].first), rams[i].byte,
			       rams[i].length);
	}
}

static void fill_registers(struct sim_memory *memory,
			   const struct sim_description *from, uint64_t *at)
{
	struct sim_register *regs = sim_at(memory, memory->layout.registers);
	size_t i;

	for (i = 0; i < from->register_count; i++) {
		regs[i] = from->registers[i];
		if (regs[i].behaviour != SIM_FIFO)
			continue;
		if (regs[i].count)
			memcpy(sim_at(memory, *at),
			       from->values + regs[i].first,
			       regs[i].count * sizeof(*from->values));
		regs[i].first = *at;
		*at += FIFO_SIZE;
	}
}

static void fill_memory(struct sim_memory *memory,
			const struct sim_description *from,
			const struct sim_layout *layout, bool model)
{
	uint64_t at = layout->data;

	memory->magic = SIM_MAGIC;
	memory->layout = *layout;
	memory->info = from->info;
	memory->asleep = from->asleep;
	memory->model = model;
	memory->register_count = from->register_count;
	memory->ram_count = from->ram_count;
	memory->step_count = from->step_count;
	memcpy(memory->config, from->config, sizeof(memory->config));
	if (from->step_count)
		memcpy(sim_at(memory, layout->steps), from->steps,
		       from->step_count * sizeof(*from->steps));
	fill_rams(memory, from, &at);
	fill_registers(memory, from, &at);
}

/* ---- what this process has of it ---- */

static int add_device(int fd, struct sim_memory *memory,
		      struct sim_device **device)
{
	struct sim_device *new = calloc(1, sizeof(*new));
	struct stat status;

	if (!new)
		return fail_memory();
	if (fstat(fd, &status)) {
		free(new);
		return fail_system("descriptor %d", fd);
	}
	new->handles = 1;
	new->device = status.st_dev;
	new->inode = status.st_ino;
	new->memory = memory;
	new->next = devices;
	devices = new;
	*device = new;
	return 0;
}

int sim_memory_create(const struct sim_description *description,
		      const struct bario_model *model,
		      struct sim_device **device, int *fd)
{
	const struct sim_layout layout = lay_out(description);
	struct sim_memory *memory;
	int error;

	*fd = create_file(layout.size);
	if (*fd < 0)
		return *fd;
	error = map_file(*fd, &memory);
	if (!error) {
		fill_memory(memory, description, &layout, model);
		error = init_lock(&memory->lock);
		pthread_mutex_lock(&devices_lock);
		if (!error)
			error = add_device(*fd, memory, device);
		pthread_mutex_unlock(&devices_lock);
		if (error)
			munmap(memory, layout.size);
	}
	if (error)
		close(*fd);
	else if (model)
		(*device)->model = *model;
	return error;
}

static struct sim_device *find_device(int fd)
{
	struct sim_device *device;
	struct stat status;

	if (fstat(fd, &status))
		return NULL;
	for (device = devices; device; device = device->next)
		if (device->device == status.st_dev &&
		    device->inode == status.st_ino)
			break;
	return device;
}

/* A process that has not opened the device, nor its parent before the fork. */
static int add_foreign(int fd, struct sim_device **device)
{
	struct sim_memory *memory;
	int error = map_file(fd, &memory);

	if (error)
		return error;
	if (memory->model)
		error = fail(EOPNOTSUPP, BARIO_CAUSE_UNSUPPORTED,
			     "this process lacks the callbacks of the model: only the process that opened it and those that it forks after that have them");
	else
		error = add_device(fd, memory, device);
	if (error)
		munmap(memory, memory->layout.size);
	return error;
}

int sim_memory_open(int fd, struct sim_device **device)
{
	int error = 0;

	pthread_mutex_lock(&devices_lock);
	*device = find_device(fd);
	if (*device)
		(*device)->handles++;
	else
		error = add_foreign(fd, device);
	pthread_mutex_unlock(&devices_lock);
	return error;
}

void sim_memory_close(struct sim_device *device)
{
	struct sim_device **at = &devices;
	bool last;

	pthread_mutex_lock(&devices_lock);
	last = !--device->handles;
	if (last) {
		while (*at != device)
			at = &(*at)->next;
		*at = device->next;
	}
	pthread_mutex_unlock(&devices_lock);
	if (!last)
		return;
	/* A callback that was left by longjmp(), as by a failed assertion. */
	while (device->depth)
		sim_unlock(device);
	if (device->model.end)
		device->model.end(device->model.user);
	munmap(device->memory, device->memory->layout.size);
	free(device);
}
