// SPDX-License-Identifier: GPL-2.0
/*
 * Tests bario(4): Drivers. Drivers that bind over busy clients, the reset before one
 * binds, and resets under load.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include "hold.h"
#include "record.h"

#define ROUNDS		20

static const struct pcisel isa = { .pc_dev = 0x1f };

/* Not in this kernel as a module, and so not to be brought in or out. */
static bool skip_module(const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/lib/modules/%s.ko", name);
	if (!access(path, F_OK))
		return false;
	ok(true, "%s # SKIP the kernel has no module of that name", name);
	return true;
}

/* ---- drivers ---- */
/* The BAR is in constant use, and a driver that binds gets it all the same. */
static void busy_client(struct pcisel sel, const char *driver, unsigned int bar)
{
	int fd = open_node(sel, O_RDWR), i, k, status;
	unsigned int won = 0, told = 0, back = 0, after = 0;
	pid_t pid[3];

	fflush(stdout);
	unbind_driver(sel);
	for (i = 0; i < 3; i++) {
		pid[i] = fork();
		for (k = 0; !pid[i]; k++) {
			int error = i || bar_range(sel, bar).flags & RANGE_IO ?
				read_errno(fd, sel, bar) : 0;
			struct pci_bar_mmap map;
			volatile uint32_t *at;

			if (error && error != EBUSY)
				_exit(1);
			if (i || bar_range(sel, bar).flags & RANGE_IO)
				continue;
			at = map_bar(fd, sel, bar, 0, &map);
			if (!at && errno != EBUSY)
				_exit(2);
			if (!at)
				continue;
			if (faults(at, false) < 0)
				_exit(3);
			munmap(map.pbm_map_base, map.pbm_map_length);
		}
	}
	for (i = 0; i < ROUNDS; i++) {
		usleep(5000);
		won += bind_driver(sel, driver) && held_by(sel, bar, driver);
		told += !strcmp(holder(fd, sel, bar), driver);
		after += read_errno(fd, sel, bar) == EBUSY;
		unbind_driver(sel);
		back += read_errno(fd, sel, bar) == 0;
	}
	status = 0;
	for (i = 0; i < 3; i++) {
		int one;

		if (waitpid(pid[i], &one, WNOHANG)) {
			status |= one;
			continue;
		}
		kill(pid[i], SIGKILL);
		waitpid(pid[i], NULL, 0);
	}
	is(won, ROUNDS, "%s binds over a busy client and has its BAR", driver);
	is(told, ROUNDS, "that is bound: BARIOC_HOLDER tells its name");
	is(after, ROUNDS, "that is bound: the client gets EBUSY");
	is(back, ROUNDS, "that left: the client has the BAR again");
	is(status, 0, "that binds often: clients get their access or EBUSY");
	close(fd);
	is(claims(), 0, "nothing is claimed");
}

static void drivers(void)
{
	int pci = open_pci(O_RDWR), fd;

	about("a driver");
	busy_client(serial2, "serial", 0);
	if (!skip_module("e1000")) {
		if (!modprobe("e1000"))
			bail("modprobe e1000");
		busy_client(e1000, "e1000", 0);
		if (system("rmmod e1000"))
			bail("rmmod e1000");
	}
	if (!modprobe("pci-stub"))
		bail("modprobe pci-stub");
	/* A stub leaves the BAR to files, however often it is bound and unbound. */
	fd = open_node(edu2, O_RDWR);
	get(fd, edu2, 0, 0, 4);
	ok(bind_driver(edu2, "pci-stub"), "pci-stub can be bound");
	is_str(holder(pci, edu2, 0), "none",
	       "pci-stub ends the claim, and makes none");
	get(fd, edu2, 0, 0, 4);
	is_str(holder(pci, edu2, 0), "files",
	       "pci-stub leaves the BAR to files");
	unbind_driver(edu2);
	is_str(holder(pci, serial, 0), "serial",
	       "BARIOC_HOLDER tells the serial driver's name");
	is_str(holder(pci, isa, 0), "EINVAL", "BARIOC_HOLDER of a function without BARs tells nobody");
	is_str(holder(pci, absent, 0), "ENODEV", "BARIOC_HOLDER of no function");
	close(fd);
	close(pci);
}

/* ---- what a client leaves in the device ---- */
#define RDBAL		0x2800 /* e1000e: where it would write packets */
#define LEFT		0x12345670u

static void reset_one(int fd, bool told_to, const char *who)
{
	int pci = open_pci(O_RDWR);

	log_begin();
	ok(bind_driver(e1000e, "pci-stub"), "%s: a driver is bound", who);
	is(get(pci, e1000e, 0, RDBAL, 4), told_to ? 0 : LEFT, "%s: %s", who,
	   told_to ? "what was written has gone" : "the register is as it was");
	is(logged("0000:03:00.0", "bario: reset"), told_to, "%s: %s", who,
	   told_to ? "the kernel log says why" : "no word of a reset");
	unbind_driver(e1000e);
	close(pci);
	if (fd >= 0)
		close(fd);
	is(claims(), 0, "%s: nothing is claimed", who);
}

static void reset_before_driver(void)
{
	const struct barioc_rule with_command[] = {
		rule(e1000e, 0, ALL_RIGHTS, 0, TO_END),
		rule(e1000e, CONFIG, W, COMMAND, 2),
	};
	int pci = open_pci(O_RDWR), fd;
	volatile uint32_t *at;

	about("a reset before a driver");
	if (!modprobe("pci-stub"))
		bail("modprobe pci-stub");
	unbind_driver(e1000e);
	/* The other method, pm, leaves qemu's registers as they were. */
	attribute(e1000e, "reset_method", "bus");
	fd = open_node(e1000e, O_RDWR);
	put(fd, e1000e, 0, RDBAL, 4, LEFT);
	is(get(fd, e1000e, 0, RDBAL, 4), LEFT,
	   "a node's client writes an address");
	close(fd);
	reset_one(-1, true, "a node's client that has written and left");

	fd = open_node(e1000e, O_RDWR);
	put(fd, e1000e, 0, RDBAL, 4, LEFT);
	reset_one(fd, true, "one that is still there");

	put(pci, e1000e, 0, RDBAL, 4, LEFT);
	reset_one(-1, false, "a client that may write the command register");

	fd = open_node(e1000e, O_RDWR);
	get(fd, e1000e, 0, RDBAL, 4);
	reset_one(fd, false, "a node's client that has only read");

	fd = open_node(e1000e, O_RDWR);
	at = map_bar(fd, e1000e, 0, 0, NULL);
	if (!at)
		bail("e1000e can't be mapped");
	is(at[RDBAL / 4], LEFT, "a node's client that maps for reading");
	reset_one(fd, false, "one that could only read");
	munmap((void *)at, bar_range(e1000e, 0).size);

	fd = open_node(e1000e, O_RDWR);
	at = map_bar(fd, e1000e, 0, PCIIO_BAR_MMAP_RW, NULL);
	if (!at)
		bail("e1000e can't be mapped");
	at[RDBAL / 4] = LEFT;
	reset_one(fd, true, "one that has mapped it to write");
	munmap((void *)at, bar_range(e1000e, 0).size);

	fd = derive_bar(pci, e1000e, 0, R | W);
	put(fd, e1000e, 0, RDBAL, 4, LEFT);
	reset_one(fd, true, "a derived file without the command register");

	fd = derive(pci, with_command, ARRAY_SIZE(with_command), NULL);
	if (fd < 0)
		bail("BARIOC_DERIVE");
	put(fd, e1000e, 0, RDBAL, 4, LEFT);
	reset_one(fd, false, "a derived file with it");

	/* edu has no way to be reset. */
	fd = open_node(edu, O_RDWR);
	put(fd, edu, 0, 4, 4, 0x55);
	log_begin();
	ok(bind_driver(edu, "pci-stub"), "edu, which cannot be reset: a driver is bound");
	ok(logged("0000:00:05.0", "can't be reset"),
	   "edu, which cannot be reset: the kernel log says so");
	unbind_driver(edu);
	close(fd);
	close(pci);
}

/* ---- function reset ---- */
static void reset_under_load(void)
{
	int fd = open_node(e1000e, O_RDWR), i, status, good = 0, resets = 0;
	pid_t pid[3];

	about("a reset under load");
	fflush(stdout);
	for (i = 0; i < 3; i++) {
		pid[i] = fork();
		if (!pid[i]) {
			volatile uint32_t *at = map_bar(fd, e1000e, 0, 0, NULL);
			int k, error = 0;

			for (k = 0; k < 20000 && !error; k++) {
				if (i == 2) {
					if (!at || faults(at + 2, false))
						_exit(2);
					continue;
				}
				error = read_errno(fd, e1000e, 0);
				if (error == EIO)
					error = 0;
			}
			_exit(error != 0);
		}
	}
	for (i = 0; i < 5; i++) {
		resets += attribute(e1000e, "reset", "1");
		usleep(20000);
	}
	for (i = 0; i < 3; i++)
		good += waitpid(pid[i], &status, 0) == pid[i] && !status;
	is(resets, 5, "sysfs resets the function");
	is(good, 3, "meanwhile accesses give a value or EIO, and mappings no SIGBUS");
	errno_is(read_errno(fd, e1000e, 0), 0, "the file works after it");
	ok(claimed(e1000e, 0), "the claim stays after it");
	is(cfg(e1000e, COMMAND, 2) & COMMAND_MASTER, 0,
	   "bus mastering stays off after it");
	close(fd);
	is(claims(), 0, "nothing is claimed");
}

int main(int argc, char **argv)
{
	tap_begin();
	if (argc > 1 && !strcmp(argv[1], "native")) {
		reset_before_driver();
		reset_under_load();
		return tap_end();
	}
	drivers();
	return tap_end();
}
