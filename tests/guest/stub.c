// SPDX-License-Identifier: GPL-2.0
/* Tests bario(4): Drivers. Stubs that enable the function, as vfio-pci does. */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <sys/syscall.h>
#include "hold.h"

static void load(const char *path, const char *parameters)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (syscall(SYS_finit_module, fd, parameters, 0))
		bail("%s does not load", path);
	close(fd);
}

static void act(const char *what)
{
	if (!write_file("/sys/module/bario_test/parameters/act", what))
		bail("bario-test: %s", what);
}

static uint32_t command(struct pcisel sel)
{
	return cfg(sel, COMMAND, 2);
}

/* A file that may write the line of the interrupt, and nothing else. */
static int config_file(int pci)
{
	return derive_one(pci, edu, BARIOC_SPACE_CONFIG, BARIOC_RIGHT_WRITE,
			  0x3c, 1);
}

static volatile uint32_t *mapping;

static bool mapping_gone(struct pcisel sel)
{
	(void)sel;
	return faults(mapping, false) == 1;
}

/* A program of one read; 0 or an errno. */
static int run_read(int fd)
{
	struct barioc_op op = { .op = BARIOC_OP_READ, .width = 4 };
	struct barioc_run run = {
		.bus = edu.pc_bus,
		.dev = edu.pc_dev,
		.func = edu.pc_func,
		.count = 1,
		.ops = (uintptr_t)&op,
	};

	return ioctl(fd, BARIOC_RUN, &run) ? errno : 0;
}

static void enabled(void)
{
	int pci = open_pci(O_RDWR), node = open_node(edu, O_RDWR);
	int config = config_file(pci);
	uint32_t line = cfg(edu, 0x3c, 1);
	volatile uint32_t *at;

	about("a stub");
	ok(bind_driver(edu, "bario-test"), "can be bound");
	is(get(node, edu, 0, 0, 4), EDU_ID, "that is bound has not enabled the function");
	is(config_write(config, edu, 0x3c, 1, line), 0,
	   "that is bound: configuration space can be written");
	at = map_bar(node, edu, 0, PCIIO_BAR_MMAP_RW, NULL);
	if (!at)
		bail("edu can't be mapped");
	is(*at, EDU_ID, "that is bound: its BAR can be mapped");

	act("enable");
	act("master");
	errno_is(config_write(config, edu, 0x3c, 1, line), EBUSY,
		 "PCIOCWRITE without the command register, enabled by the stub");
	ok(!claimed(edu, 0), "that enables ends the claim");
	is(faults(at, false), 1, "that enables ends the mapping");
	errno_is(read_errno(node, edu, 0), EBUSY, "that enables: PCIOCBARIO of the node");
	errno_is(read_errno(pci, edu, 0), EBUSY, "that enables: PCIOCBARIO of /dev/pci");
	ok(!map_bar(node, edu, 0, 0, NULL) && errno == EBUSY, "mapping: EBUSY");
	is_str(holder(node, edu, 0), "bario-test", "that enables: BARIOC_HOLDER tells its name");
	is(command(edu) & (COMMAND_MASTER | COMMAND_MEMORY),
	   COMMAND_MASTER | COMMAND_MEMORY,
	   "that enables has bus mastering and decoding as it wants them");

	act("disable");
	is(get(node, edu, 0, 0, 4), EDU_ID, "that disables: the node reads");
	is(*at, EDU_ID, "that enables ends the mapping");
	act("enable");
	errno_is(read_errno(node, edu, 0), EBUSY,
		 "that enables: the next PCIOCBARIO");
	ok(!claimed(edu, 0), "that enables: the next access ends the claim");
	is(faults(at, false), 1, "that enables: the next access ends the mapping");

	act("disable");
	is(get(node, edu, 0, 0, 4), EDU_ID, "that disables: the node reads");
	is(*at, EDU_ID, "that enables ends the mapping");
	act("enable");
	mapping = at;
	ok(wait_for(mapping_gone, edu),
	   "that enables ends a mapping without an access");
	ok(!claimed(edu, 0), "that enables ends a claim without an access");

	act("disable");
	errno_is(run_read(node), 0, "that disables: BARIOC_RUN runs");
	act("enable");
	errno_is(run_read(node), EBUSY, "that enables: BARIOC_RUN");
	act("disable");
	munmap((void *)at, bar_range(edu, 0).size);
	unbind_driver(edu);
	is(get(node, edu, 0, 0, 4), EDU_ID, "that was unbound: the node reads");
	close(config);
	close(node);
	close(pci);
	is(claims(), 0, "nothing is claimed in the end");
}

/* Enabled while it has a claim, which ends with the claim's close. */
static void restored(void)
{
	uint32_t was = command(edu);
	int pci = open_pci(O_RDWR);

	about("decoding");
	if (!bind_driver(edu, "bario-test"))
		bail("bario-test");
	set_cfg(edu, COMMAND, 2, 0);
	get(pci, edu, 0, 0, 4);
	act("enable");
	close(pci);
	is(command(edu) & COMMAND_MEMORY, COMMAND_MEMORY,
	   "that a stub relies on stays on after the claim");
	act("disable");
	unbind_driver(edu);
	set_cfg(edu, COMMAND, 2, was);
}

/* The kernel knows: no access is tried, not even one that would be answered. */
static void unreachable(void)
{
	static const struct {
		const char	*begin, *end, *name;
	} how[] = {
		{ "sleep", "wake", "asleep" },
		{ "error", "recover", "in error" },
	};
	int node = open_node(e1000e, O_RDWR);
	unsigned int mta = 0x5200, i;

	about("PCIOCBARIO");
	if (!bind_driver(e1000e, "bario-test"))
		bail("bario-test");
	put(node, e1000e, 0, mta, 4, 0x12345678);
	for (i = 0; i < ARRAY_SIZE(how); i++) {
		act(how[i].begin);
		errno_is(read_at(node, e1000e, 0, mta, 4), EIO,
			 "%s: a read", how[i].name);
		errno_is(try_write(node, e1000e, 0, mta, 4, 0), EIO,
			 "%s: a write", how[i].name);
		act(how[i].end);
		is(get(node, e1000e, 0, mta, 4), 0x12345678,
		   "no longer %s: nothing was written", how[i].name);
	}
	put(node, e1000e, 0, mta, 4, 0);
	close(node);
	unbind_driver(e1000e);
}

int main(void)
{
	tap_begin();
	if (syscall(SYS_delete_module, "bario", O_NONBLOCK))
		bail("bario can't be unloaded");
	load("/lib/modules/bario.ko", "stubs=bario-test,pci-stub");
	load("/lib/modules/bario-test.ko", "");
	enabled();
	restored();
	unreachable();
	if (syscall(SYS_delete_module, "bario_test", O_NONBLOCK))
		bail("bario-test can't be unloaded");
	return tap_end();
}
