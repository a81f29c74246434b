// SPDX-License-Identifier: GPL-2.0
/*
 * Measures, in the guest that bench/run boots, what an access costs:
 *
 *	measure paths		every interface but VFIO, instructions
 *	measure vfio PORT MEMORY	VFIO, by the numbers of two groups
 *	measure list		/dev/pci by the functions in the machine
 *	measure threads		rates by the clock, for ratios
 *
 * Each result is a line of JSON. Each path runs in a process of its own, and is
 * shown to reach the device before its figure counts.
 */
#include <sys/types.h>
#include <sys/io.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/pciio.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "barioc.h"
#include "module/barebar.h"

#define BATCHES	15
#define RULES	64
#define LENGTH	(1 << 20)	/* of ivshmem's memory, BAR 2 */
/* The last of 64 rules that are eight bytes apart; a place that is at rest. */
#define MEMORY	(8 * (RULES - 1))
#define PORT	4		/* pci-testdev: where its test writes; to be read */

static const struct pci_bar_ioreq port_bar = {
	.pbi_sel = { .pc_dev = 3 }, .pbi_bar = 1, .pbi_offset = PORT, .pbi_width = 4,
};
static const struct pci_bar_ioreq memory_bar = {
	.pbi_sel = { .pc_dev = 7 }, .pbi_bar = 2, .pbi_offset = MEMORY, .pbi_width = 4,
};

static int fd;
static unsigned long request;
static off_t at;
static uint16_t port;
static volatile uint32_t *word;
static uint32_t value;
static struct pci_bar_ioreq req;
static struct barioc_op ops[512];
static struct barioc_run run = { .ops = 0 };

static inline uint64_t tsc(void)
{
	uint32_t low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high) : : "memory");
	return (uint64_t)high << 32 | low;
}

/* A loop of three instructions around one access. */
#define LOOP(name, access)						\
	static __attribute__((noinline)) bool name(unsigned int times)	\
	{								\
		volatile uint32_t *w = word;				\
		uint32_t v = value;					\
		uint16_t p = port;					\
									\
		for (unsigned int i = 0; i < times; i++) {		\
			access;						\
			__asm__ volatile("" : : : "memory");		\
		}							\
		(void)w, (void)p;					\
		value = v;						\
		return true;						\
	}
#define MUST(is) do { if (!(is)) return false; } while (0)

LOOP(nothing, )
LOOP(getppid_call, syscall(SYS_getppid))
LOOP(empty, MUST(ioctl(fd, BAREBAR_EMPTY) == 0))
LOOP(by_request, MUST(ioctl(fd, request, &req) == 0))
LOOP(by_run, MUST(ioctl(fd, BARIOC_RUN, &run) == 0))
LOOP(by_pread, MUST(pread(fd, &value, 4, at) == 4); v = value)
LOOP(by_pwrite, MUST(pwrite(fd, &value, 4, at) == 4))
LOOP(by_in, v = inl(p))
LOOP(by_out, outl(v, p))
LOOP(by_load, v = *w)
LOOP(by_store, *w = v)

/* Instructions of one round: the least of the batches, without the loop's. */
static double least(bool (*loop)(unsigned int), const char *what)
{
	double best = 1e18, one;
	unsigned int times = 16;

	for (int i = -1; i < BATCHES; i++) {
		uint64_t start = tsc(), end;

		if (!loop(times))
			err(1, "%s", what);
		end = tsc();
		one = (double)(end - start) / times;
		if (i >= 0 && one < best)
			best = one;
		/* A tick of the clock comes each four million. */
		else if (i < 0)
			times = one * 2000 > 2.5e6 ? 2.5e6 / one + 1 : 2000;
	}
	return best;
}

static void say(const char *path, const char *bar, const char *op, unsigned int count,
		bool (*loop)(unsigned int))
{
	double round = least(loop, path) - least(nothing, "loop");

	printf("{\"path\":\"%s\",\"bar\":\"%s\",\"op\":\"%s\",\"count\":%u,\"instructions\":%.2f}\n",
	       path, bar, op, count, round / (count ? count : 1));
}

static int must_open(const char *path)
{
	int got = open(path, O_RDWR | O_SYNC);

	if (got < 0)
		err(1, "%s", path);
	return got;
}

static volatile uint32_t *must_map(int file, off_t offset)
{
	void *p = mmap(NULL, LENGTH, PROT_READ | PROT_WRITE, MAP_SHARED, file, offset);

	if (p == MAP_FAILED)
		err(1, "mmap");
	return (volatile uint32_t *)((char *)p + MEMORY);
}

/* ---- the second channel ---- */
static uint32_t peek_memory(const uint32_t *set)
{
	int file = must_open("/sys/bus/pci/devices/0000:00:07.0/resource2");
	volatile uint32_t *p = must_map(file, 0);
	uint32_t was = *p;

	if (set)
		*p = *set;
	munmap((char *)(uintptr_t)p - MEMORY, LENGTH);
	close(file);
	return was;
}

static uint16_t port_base(void)
{
	FILE *file = fopen("/sys/bus/pci/devices/0000:00:03.0/resource", "r");
	unsigned long long base = 0;

	if (!file || fscanf(file, "%*x %*x %*x %llx", &base) != 1 || !base)
		errx(1, "0000:00:03.0: BAR 1 has no address");
	fclose(file);
	return base;
}

static void port_do(unsigned int offset, void *data, size_t size, bool out)
{
	int file = must_open("/dev/port");
	off_t where = port_base() + offset;
	ssize_t done = out ? pwrite(file, data, size, where) : pread(file, data, size, where);

	if (done != (ssize_t)size)
		err(1, "/dev/port");
	close(file);
}

struct path {
	const char *name;
	bool memory, ports;
	bool (*read)(unsigned int), (*write)(unsigned int);
	void (*set_up)(bool memory);
};

static void take(const struct path *path, bool memory)
{
	const char *bar = memory ? "memory" : "port";
	uint32_t known = 0x600d0000 + getpid(), seen;
	uint8_t zero = 0;

	if (memory)
		peek_memory(&known);
	else {
		port_do(0, &zero, 1, true);	/* selects a test */
		port_do(PORT, &known, 4, false);
	}
	path->set_up(memory);
	value = 0;
	req.pbi_op = PCIBARIO_READ;
	if (!path->read(1))
		err(1, "%s, %s", path->name, bar);
	seen = path->read == by_request ? req.pbi_value : value;
	if (seen != known)
		errx(1, "%s, %s: read %#x, not %#x", path->name, bar, seen, known);
	say(path->name, bar, "read", 0, path->read);
	req.pbi_op = PCIBARIO_WRITE;
	value = req.pbi_value = ~known;
	if (!path->write(1))
		err(1, "%s, %s", path->name, bar);
	say(path->name, bar, "write", 0, path->write);
}

/* In a process of its own, as iopl makes each later call dearer. */
static void apart(const struct path *path, bool memory)
{
	int status;
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child == 0) {
		take(path, memory);
		fflush(stdout);
		_exit(0);
	}
	if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
		errx(1, "%s: no figure", path->name);
	if (memory && peek_memory(NULL) != ~(0x600d0000 + (uint32_t)child))
		errx(1, "%s: its write did not arrive", path->name);
}

/* ---- the paths ---- */
static void set_request(bool memory, unsigned long number)
{
	req = memory ? memory_bar : port_bar;
	request = number;
}

static void set_node(bool memory)
{
	fd = must_open(memory ? "/dev/bario/0000-00-07.0" : "/dev/bario/0000-00-03.0");
	set_request(memory, PCIOCBARIO);
}

static void set_pci(bool memory)
{
	fd = must_open("/dev/pci");
	set_request(memory, PCIOCBARIO);
}

static void derive(unsigned int count)
{
	struct barioc_rule rules[RULES];
	struct barioc_derive derived = { .rules = (uintptr_t)rules, .count = count };

	for (unsigned int i = 0; i < count; i++)
		rules[i] = (struct barioc_rule){
			.dev = 7, .space = 2, .rights = BARIOC_RIGHT_READ | BARIOC_RIGHT_WRITE,
			.offset = MEMORY - 8 * i, .length = 4,
		};
	set_node(true);
	if (ioctl(fd, BARIOC_DERIVE, &derived))
		err(1, "BARIOC_DERIVE");
	fd = derived.fd;
}

static void set_derived_1(bool memory)
{
	(void)memory;
	derive(1);
}

static void set_derived_64(bool memory)
{
	(void)memory;
	derive(RULES);
}

static void set_mapped(bool memory)
{
	struct pci_bar_mmap map = {
		.pbm_sel = memory_bar.pbi_sel, .pbm_reg = 0x18, .pbm_flags = PCIIO_BAR_MMAP_RW,
	};

	set_node(memory);
	if (ioctl(fd, PCIOCBARMMAP, &map))
		err(1, "PCIOCBARMMAP");
	word = (volatile uint32_t *)((char *)map.pbm_map_base + map.pbm_bar_off + MEMORY);
}

static void set_kept(bool memory)
{
	fd = must_open("/dev/barebar");
	set_request(memory, BAREBAR_KEPT);
	if (ioctl(fd, BAREBAR_ATTACH, &req))
		err(1, "BAREBAR_ATTACH");
}

static void set_each(bool memory)
{
	fd = must_open("/dev/barebar");
	set_request(memory, BAREBAR_EACH);
}

static void set_sysfs(bool memory)
{
	(void)memory;
	fd = must_open("/sys/bus/pci/devices/0000:00:03.0/resource1");
	at = PORT;
}

static void set_sysfs_map(bool memory)
{
	(void)memory;
	word = must_map(must_open("/sys/bus/pci/devices/0000:00:07.0/resource2"), 0);
}

static void set_dev_port(bool memory)
{
	(void)memory;
	fd = must_open("/dev/port");
	at = port_base() + PORT;
}

static void set_iopl(bool memory)
{
	(void)memory;
	port = port_base() + PORT;
	if (iopl(3))
		err(1, "iopl");
}

static const char *groups[2];

static off_t vfio_region(bool memory)
{
	struct vfio_region_info info = { .argsz = sizeof(info), .index = memory ? 2 : 1 };
	int container = must_open("/dev/vfio/vfio"), group, device;
	char path[64];

	snprintf(path, sizeof(path), "/dev/vfio/%s", groups[memory]);
	group = must_open(path);
	if (ioctl(group, VFIO_GROUP_SET_CONTAINER, &container) ||
	    ioctl(container, VFIO_SET_IOMMU, VFIO_TYPE1_IOMMU))
		err(1, "%s", path);
	device = ioctl(group, VFIO_GROUP_GET_DEVICE_FD, memory ? "0000:00:07.0" : "0000:00:03.0");
	if (device < 0 || ioctl(device, VFIO_DEVICE_GET_REGION_INFO, &info))
		err(1, "%s: its device", path);
	fd = device;
	return info.offset;
}

static void set_vfio(bool memory)
{
	at = vfio_region(memory) + (memory ? MEMORY : PORT);
}

static void set_vfio_map(bool memory)
{
	off_t offset = vfio_region(memory);

	word = must_map(fd, offset);
}

static const struct path paths[] = {
	{ "bario, node", true, true, by_request, by_request, set_node },
	{ "bario, /dev/pci", true, true, by_request, by_request, set_pci },
	{ "bario, derived, 1 rule", true, false, by_request, by_request, set_derived_1 },
	{ "bario, derived, 64 rules", true, false, by_request, by_request, set_derived_64 },
	{ "bario, mapped", true, false, by_load, by_store, set_mapped },
	{ "plainest ioctl (floor)", true, true, by_request, by_request, set_kept },
	{ "mapped for each call", true, true, by_request, by_request, set_each },
	{ "sysfs resource1", false, true, by_pread, by_pwrite, set_sysfs },
	{ "sysfs resource2, mapped", true, false, by_load, by_store, set_sysfs_map },
	{ "/dev/port, four bytes", false, true, by_pread, by_pwrite, set_dev_port },
	{ "iopl, in and out", false, true, by_in, by_out, set_iopl },
};

static const struct path vfio[] = {
	{ "VFIO", true, true, by_pread, by_pwrite, set_vfio },
	{ "VFIO, mapped", true, false, by_load, by_store, set_vfio_map },
};

static void all(const struct path *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (list[i].memory)
			apart(&list[i], true);
		if (list[i].ports)
			apart(&list[i], false);
	}
}

static void programs(bool memory)
{
	static const char * const kinds[] = { "read", "write", "mixed" };

	set_node(memory);
	for (int kind = 0; kind < 3; kind++) {
		for (int i = 0; i < 512; i++) {
			bool write = kind == 1 || (kind == 2 && i % 2);

			ops[i] = (struct barioc_op){
				.op = write ? BARIOC_OP_WRITE : BARIOC_OP_READ,
				.bar = req.pbi_bar, .width = 4, .offset = req.pbi_offset,
			};
		}
		run = (struct barioc_run){ .dev = req.pbi_sel.pc_dev, .ops = (uintptr_t)ops };
		for (run.count = 1; run.count <= 512; run.count *= 8) {
			say("bario, program", memory ? "memory" : "port", kinds[kind], run.count, by_run);
			if (run.ran != run.count || run.stop != BARIOC_STOP_END)
				errx(1, "a program of %u: %u ran", run.count, run.ran);
		}
	}
	close(fd);
}

static int not_hidden(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* The first with a port BAR, and the last that the kernel lists: rp1's e1000e. */
static void list(void)
{
	static const char * const which[] = { "first", "last" };
	struct dirent **entries;
	int functions = scandir("/sys/bus/pci/devices", &entries, not_hidden, NULL);

	fd = must_open("/dev/pci");
	set_request(false, PCIOCBARIO);
	req.pbi_op = PCIBARIO_READ;
	for (int i = 0; i < 2; i++) {
		if (i) {
			req.pbi_sel = (struct pcisel){ .pc_bus = 3 };
			req.pbi_bar = 2;
			req.pbi_offset = 0;
		}
		printf("{\"functions\":%d,\"accessed\":\"%s\",\"instructions\":%.2f}\n",
		       functions, which[i], least(by_request, "/dev/pci") - least(nothing, "loop"));
	}
}

/* ---- threads ---- */
#define ROUNDS	40000
static pthread_barrier_t gate;

struct worker {
	const char *node;
	unsigned int dev;
};

static void *work(void *data)
{
	const struct worker *w = data;
	struct pci_bar_ioreq mine = {
		.pbi_sel = { .pc_dev = w->dev }, .pbi_op = PCIBARIO_READ, .pbi_bar = 0, .pbi_width = 4,
	};
	int file = w->node ? must_open(w->node) : -1;

	if (w->node && ioctl(file, PCIOCBARIO, &mine))
		err(1, "%s", w->node);
	pthread_barrier_wait(&gate);
	for (int i = 0; i < ROUNDS; i++) {
		if (!w->node)
			syscall(SYS_getppid);
		else if (ioctl(file, PCIOCBARIO, &mine))
			err(1, "%s", w->node);
	}
	pthread_barrier_wait(&gate);
	if (w->node)
		close(file);
	return NULL;
}

/* Accesses in a second, of all threads together. */
static double rate(const struct worker *workers, unsigned int count)
{
	struct timespec start, end;
	pthread_t threads[2];

	pthread_barrier_init(&gate, NULL, count + 1);
	for (unsigned int i = 0; i < count; i++)
		if (pthread_create(&threads[i], NULL, work, (void *)(uintptr_t)&workers[i]))
			errx(1, "no thread");
	pthread_barrier_wait(&gate);
	clock_gettime(CLOCK_MONOTONIC, &start);
	pthread_barrier_wait(&gate);
	clock_gettime(CLOCK_MONOTONIC, &end);
	for (unsigned int i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	pthread_barrier_destroy(&gate);
	return count * (double)ROUNDS /
	       (end.tv_sec - start.tv_sec + (end.tv_nsec - start.tv_nsec) / 1e9);
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void compare(const char *what, const struct worker *pair)
{
	double ratios[9];

	for (int i = 0; i < 9; i++) {
		double one = rate(pair, 1);

		ratios[i] = rate(pair, 2) / one;
	}
	qsort(ratios, 9, sizeof(ratios[0]), ascending);
	printf("{\"threads\":\"%s\",\"ratio\":%.2f,\"least\":%.2f,\"most\":%.2f}\n",
	       what, ratios[4], ratios[0], ratios[8]);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!strcmp(what, "paths")) {
		say("getppid", "none", "call", 0, getppid_call);
		fd = must_open("/dev/barebar");
		say("empty ioctl", "none", "call", 0, empty);
		close(fd);
		all(paths, sizeof(paths) / sizeof(paths[0]));
		programs(true);
		programs(false);
	} else if (!strcmp(what, "vfio") && argc == 4) {
		groups[0] = argv[2];
		groups[1] = argv[3];
		all(vfio, sizeof(vfio) / sizeof(vfio[0]));
	} else if (!strcmp(what, "list")) {
		list();
	} else if (!strcmp(what, "threads")) {
		static const struct worker none[2], same[2] = {
			{ "/dev/bario/0000-00-10.0", 16 }, { "/dev/bario/0000-00-10.0", 16 },
		}, two[2] = {
			{ "/dev/bario/0000-00-10.0", 16 }, { "/dev/bario/0000-00-11.0", 17 },
		};

		compare("getppid", none);
		compare("one device", same);
		compare("two devices", two);
	} else {
		errx(2, "usage: measure paths | vfio PORT MEMORY | list | threads");
	}
	return 0;
}
