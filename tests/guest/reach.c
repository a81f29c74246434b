// SPDX-License-Identifier: GPL-2.0
/*
 * Tests bario(4): CLAIMS. An access reaches the register, or an error says that it did
 * not: while the function is reset, after it has lost its addresses, behind a bridge
 * that does not decode.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include "program.h"

#define ONES		0xffffffff
#define BRIDGE_CONTROL	0x3e
#define BUS_RESET	0x40
#define RESETS		100

/* Shared with the children. */
static struct {
	unsigned int	rounds;
	bool		end;
} volatile *shared;

static void child(pid_t *pid, void (*run)(void))
{
	shared->rounds = 0;
	shared->end = false;
	fflush(stdout);
	*pid = fork();
	if (*pid)
		return;
	while (!shared->end)
		run();
	_exit(0);
}

static void end(pid_t pid)
{
	int status;

	shared->end = true;
	waitpid(pid, &status, 0);
}

/* ---- while it is reset ---- */
static void reset(void)
{
	if (!attribute(e1000e, "reset", "1"))
		abort();
	shared->rounds++;
}

static void read_configuration(void)
{
	static int fd = -1;
	uint32_t value;

	if (fd < 0)
		fd = open_pci(O_RDWR);
	config_read(fd, e1000e, 0, 4, &value);
}

/* Its ports give all ones while the device is away; the register never holds them. */
static void while_reset(void)
{
	struct barioc_op op = OP(READ, 0, 4, .bar = 2);
	unsigned int all_ones = 0, refused = 0, other = 0, turn = 0;
	int fd = open_node(e1000e, O_RDWR);
	pid_t resetter, reader;

	about("while a function is reset");
	if (!attribute(e1000e, "reset_method", "pm"))
		bail("no reset method");
	if (get(fd, e1000e, 2, 0, 4) == ONES)
		bail("the register holds all ones");
	child(&reader, read_configuration);
	child(&resetter, reset);
	while (shared->rounds < RESETS) {
		uint32_t value = 0;
		int error;

		if (turn++ % 2) {
			struct barioc_run run = a_run(e1000e, &op, 1, 0);

			error = ioctl(fd, BARIOC_RUN, &run) ? errno : run.error;
			value = op.result;
		} else {
			error = try_read(fd, e1000e, 2, 0, 4, &value);
		}
		all_ones += !error && value == ONES;
		refused += error == EIO;
		other += error && error != EIO;
	}
	end(resetter);
	end(reader);
	close(fd);
	is(all_ones, 0, "%u resets: all ones of no device are never a value",
	   RESETS);
	ok(refused > 0, "PCIOCBARIO and BARIOC_RUN: all ones of no device: EIO");
	is(other, 0, "there is no other error");
	attribute(e1000e, "reset_method", "default");
}

/* A claim that begins during a reset waits for its end. */
static void claims_while_reset(void)
{
	unsigned int wrong = 0, claims = 0;
	pid_t resetter;
	uint32_t value;
	int fd, error;

	about("while a function is reset");
	attribute(e1000e, "reset_method", "pm");
	child(&resetter, reset);
	while (shared->rounds < 40) {
		fd = open_node(e1000e, O_RDWR);
		error = try_read(fd, e1000e, 2, 0, 4, &value);
		wrong += error && error != EIO;
		claims++;
		close(fd);
	}
	end(resetter);
	is(wrong, 0, "%u claims: a value, or EIO",
	   claims);
	attribute(e1000e, "reset_method", "default");
}

/* ---- what only looks like a reset ---- */
static void share(void)
{
	int fd = open_node(ivshmem, O_RDWR);

	get(fd, ivshmem, 2, 0x7200, 4);
	close(fd);
	shared->rounds++;
}

static void while_shared(void)
{
	struct barioc_op ops[] = {
		OP(READ, 0x7200, 4, .bar = 2), OP(XOR, 0x7200, 4, .bar = 2),
	};
	unsigned int i, wrong = 0;
	pid_t pid[2];
	int fd;

	about("while others share a BAR");
	poke(ivshmem, 2, 0x7200, ONES);
	fd = open_node(ivshmem, O_RDWR);
	get(fd, ivshmem, 2, 0x7200, 4);
	child(&pid[0], share);
	child(&pid[1], share);
	for (i = 0; i < 30000 || shared->rounds < 1000; i++) {
		struct barioc_run run = a_run(ivshmem, ops, 2, 0);
		uint64_t since = now_ns();
		uint32_t value = ONES;
		int error;

		if (i % 2)
			error = ioctl(fd, BARIOC_RUN, &run) ? errno : run.error;
		else
			error = try_read(fd, ivshmem, 2, 0x7200, 4, &value);
		if (stalled(error, since))
			continue;
		wrong += error || value != ONES ||
			 (i % 2 && (run.ran != 2 || ops[0].result != ONES));
	}
	end(pid[0]);
	end(pid[1]);
	close(fd);
	is(wrong, 0, "a register of all ones can be read each time");
}

/* ---- addresses that are lost ---- */
static void nowhere(struct pcisel sel, unsigned int bar, int want,
		    const char *what)
{
	struct barioc_op op = OP(READ, 0, 4, .bar = bar);
	struct barioc_run run = a_run(sel, &op, 1, 0);
	struct pci_bar_mmap map = { .pbm_sel = sel, .pbm_reg = 0x10 + 4 * bar };
	uint32_t command = cfg(sel, COMMAND, 2);
	bool ports = bar_range(sel, bar).flags & RANGE_IO;
	int pci = open_pci(O_RDWR), node = open_node(sel, O_RDWR);

	bario_refused(pci, request(sel, PCIBARIO_READ, bar, 0, 4, 7), want,
		      "%s: a read", what);
	bario_refused(node, request(sel, PCIBARIO_WRITE, bar, 0, 4, 7), want,
		      "%s: a write, through the node", what);
	bario_refused(pci, request(sel, PCIBARIO_READ, bar, -4, 4, 7),
		      want == ENXIO ? ENXIO : EINVAL,
		      "%s: a read past the end", what);
	refused(pci, BARIOC_RUN, &run, want, "%s: a program", what);
	refused(pci, PCIOCBARMMAP, &map, ports ? EIO : want, "%s", what);
	if (!ports)
		errno_is(try_map(node, bar, 0, 1, PROT_READ), want, "%s: mmap", what);
	is(claims(), 0, "%s: nothing is claimed", what);
	is(cfg(sel, COMMAND, 2), command, "%s: decoding is as it was", what);
	close(node);
	close(pci);
}

static void moved(struct pcisel sel, unsigned int bar, int reg, uint32_t value,
		  const char *what)
{
	uint32_t was = cfg(sel, reg, 4), command = cfg(sel, COMMAND, 2), low;
	struct pci_bar_io io = { .pbi_sel = sel, .pbi_reg = 0x10 + 4 * bar };
	int pci = open_pci(O_RDWR);

	set_cfg(sel, COMMAND, 2, 0);
	set_cfg(sel, reg, 4, value);
	nowhere(sel, bar, ENXIO, what);
	low = cfg(sel, 0x10 + 4 * bar, 4);
	is_errno(ioctl(pci, PCIOCGETBAR, &io), 0, "%s: PCIOCGETBAR succeeds", what);
	is((uint32_t)io.pbi_base, low, "%s: PCIOCGETBAR tells what the register holds", what);
	set_cfg(sel, reg, 4, was);
	is(read_errno(pci, sel, bar), 0, "%s: a read after it was moved back succeeds", what);
	close(pci);
	set_cfg(sel, COMMAND, 2, command);
}

/* Whoever does it by the bridge's register does not tell the kernel. */
static void bus_reset(void)
{
	uint32_t was = cfg(rootport1, BRIDGE_CONTROL, 2);

	set_cfg(rootport1, BRIDGE_CONTROL, 2, was | BUS_RESET);
	set_cfg(rootport1, BRIDGE_CONTROL, 2, was);
	if (cfg(e1000e, 0x10, 4))
		bail("the bus reset has not reset e1000e");
}

static void lost(void)
{
	int pci = open_pci(O_RDWR), later = open_node(e1000e, O_RDWR);
	uint32_t value = 7;

	about("after a bus reset");
	bus_reset();
	nowhere(e1000e, 0, ENXIO, "after a bus reset");
	nowhere(e1000e, 2, ENXIO, "after a bus reset, ports");
	is(cfg(e1000e, 0x10, 4), 0, "its BAR register is still 0");
	remove_function(e1000e);
	rescan();
	if (!wait_for(present, e1000e))
		bail("e1000e does not come back");
	close(later);
	is(read_errno(pci, e1000e, 0), 0, "a read after removing and rescanning succeeds");
	get(pci, e1000e, 2, 0, 4);
	bus_reset();
	errno_is(try_read(pci, e1000e, 2, 0, 4, &value), EIO,
		 "PCIOCBARIO: all ones through a claim from before it");
	is(value, (uint32_t)UNTOUCHED, "all ones do not come as a value");
	later = open_node(e1000e, O_RDWR);
	errno_is(read_errno(later, e1000e, 2), ENXIO,
		 "PCIOCBARIO: another file does not share that claim");
	is(cfg(e1000e, COMMAND, 2), 0, "another file does not turn decoding on");
	close(later);
	close(pci);
	remove_function(e1000e);
	rescan();
	if (!wait_for(present, e1000e))
		bail("e1000e does not come back");
}

/* ---- a bridge that does not pass it on ---- */
static void behind_bridge(void)
{
	uint32_t was = cfg(bridge, COMMAND, 2), value = 7, before;
	int pci = open_pci(O_RDWR), node;

	about("behind a bridge");
	/* That enables the bridge: it is not enabled again. */
	get(pci, behind, 1, 0, 4);
	count_in_memory(behind);
	before = get(pci, behind, 1, TESTDEV_COUNT, 4);
	close(pci);
	set_cfg(bridge, COMMAND, 2, was & ~COMMAND_MEMORY);
	nowhere(behind, 0, EIO, "a bridge without memory decoding");
	pci = open_pci(O_RDWR);
	is(get(pci, behind, 1, TESTDEV_COUNT, 4), before,
	   "ports work without memory decoding, and nothing was written");
	errno_is(read_errno(pci, behind, 0), EIO,
		 "PCIOCBARIO: memory, beside ports that work");
	set_cfg(bridge, COMMAND, 2, was & ~COMMAND_IO);
	errno_is(try_read(pci, behind, 1, 0, 4, &value), EIO,
		 "PCIOCBARIO: all ones of claimed ports without port decoding");
	is(value, (uint32_t)UNTOUCHED, "all ones do not come as a value");
	node = open_node(behind, O_RDWR);
	errno_is(read_errno(node, behind, 1), EIO,
		 "PCIOCBARIO: another file does not share those ports");
	is(read_errno(node, behind, 0), 0, "memory works without port decoding");
	close(node);
	close(pci);
	nowhere(behind, 1, EIO, "a bridge without port decoding");
	set_cfg(bridge, COMMAND, 2, was);
	pci = open_pci(O_RDWR);
	is(read_errno(pci, behind, 1), 0, "ports work with port decoding");
	close(pci);
}

int main(void)
{
	uint32_t upper;

	tap_begin();
	shared = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		bail("no memory");
	while_shared();
	while_reset();
	claims_while_reset();
	about("a BAR that lost its address");
	moved(edu2, 0, 0x10, 0xdead0000, "a memory BAR that was moved");
	moved(testdev, 1, 0x14, 0x4001, "a port BAR that was moved");
	upper = cfg(ivshmem, 0x1c, 4);
	moved(ivshmem, 2, 0x1c, upper ^ 0x80, "the upper half of one");
	behind_bridge();
	lost();
	is(claims(), 0, "nothing is claimed in the end");
	return tap_end();
}
