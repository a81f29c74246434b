// SPDX-License-Identifier: GPL-2.0
/*
 * Tests bario(4): NODES. Eight clients at work while a device is plugged in and out, as
 * often as the argument says. In the end everything is released.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include "derive.h"

#define EDU_ID		0x010000ed

static struct pcisel hot;	/* what is plugged into rp0 */

static struct {
	volatile int	stop;
	volatile int	bound;		/* how often its driver got serial2's BAR */
	volatile int	ready;		/* clients that have begun */
	struct {
		volatile unsigned long	rounds;
		volatile unsigned long	worked;	/* of these, how many did */
		volatile unsigned long	wrong;	/* gave what can't be */
		volatile int		error;	/* the last of these */
	} client[8];
} *shared;

static unsigned int self;	/* which client */

/*
 * What came of one round: 0, or why not, which may be what a device gives that
 * is not there, not yet there, or somebody else's.
 */
static void count(int error)
{
	shared->client[self].rounds++;
	switch (error) {
	case 0:
		shared->client[self].worked++;
		break;
	case ENODEV:
	case ENXIO:
	case ENOENT:
	case EBUSY:
		break;
	default:
		shared->client[self].wrong++;
		shared->client[self].error = error;
	}
}

static int read_edu(int fd)
{
	uint32_t value;
	int error = try_read(fd, hot, 0, 0, 4, &value);

	return error || value == EDU_ID ? error : ERANGE;
}

static int open_hot(void)
{
	return open(node_path(hot), O_RDWR | O_CLOEXEC);
}

/* ---- what the clients do ---- */
static void access_node(void)
{
	int fd = open_hot(), error = fd < 0 ? errno : 0;

	while (!error && !shared->stop) {
		error = read_edu(fd);
		count(error);
		if (error != ENODEV)
			error = 0;
	}
	if (fd >= 0)
		close(fd);
	else
		count(error);
}

static void access_pci(void)
{
	int fd = open_pci(O_RDWR), i;

	for (i = 0; i < 1000 && !shared->stop; i++)
		count(read_edu(fd));
	close(fd);
}

static void map_and_touch(void)
{
	int fd = open_pci(O_RDWR), i, k;
	struct pci_bar_mmap map;

	for (i = 0; i < 50 && !shared->stop; i++) {
		volatile uint32_t *at = map_bar(fd, hot, 0, 0, &map);
		int fault = 0;

		if (!at) {
			count(errno);
			continue;
		}
		for (k = 0; k < 100 && !fault; k++)
			fault = faults(at + k * 1024, false);
		count(fault < 0 ? EFAULT : fault ? ENODEV : 0);
		munmap(map.pbm_map_base, map.pbm_map_length);
	}
	close(fd);
}

static void derive_and_revoke(void)
{
	struct barioc_rule one = rule(hot, 0, R | M, 0, TO_END);
	int pci = open_pci(O_RDWR), i;

	for (i = 0; i < 20 && !shared->stop; i++) {
		volatile uint32_t *at;
		struct pci_bar_mmap map;
		uint32_t id;
		int fd = derive(pci, &one, 1, &id), error;

		if (fd < 0) {
			count(errno);
			continue;
		}
		error = read_edu(fd);
		at = map_bar(fd, hot, 0, 0, &map);
		if (at && faults(at, false) < 0)
			error = EFAULT;
		if (!error)
			error = revoke_id(pci, id);
		else
			revoke_id(pci, id);
		if (!error && read_edu(fd) != ENODEV)
			error = EILSEQ;
		if (at) {
			if (faults(at, false) != 1)
				error = EFAULT;
			munmap(map.pbm_map_base, map.pbm_map_length);
		}
		count(error);
		close(fd);
	}
	close(pci);
}

static void open_and_close(void)
{
	int fd = open_hot(), again;

	if (fd < 0) {
		count(errno);
		return;
	}
	count(read_edu(fd));
	again = open_hot();
	close(fd);
	if (again >= 0)
		close(again);
}

static void list(void)
{
	static struct pci_conf found[64];
	struct pci_conf_io io = { 0 };
	int fd = open_pci(O_RDONLY), i;
	unsigned int total = 0;

	for (i = 0; i < 200 && !shared->stop; i++) {
		io.match_buf_len = (1 + i % 4) * sizeof(found[0]);
		io.matches = found + total;
		if (ioctl(fd, PCIOCGETCONF, &io)) {
			count(errno);
			break;
		}
		total += io.num_matches;
		if (io.status == PCI_GETCONF_MORE_DEVS && total < 56)
			continue;
		/* The guest has 15 functions and more. */
		count(io.status == PCI_GETCONF_LIST_CHANGED ? ENODEV :
		      total < 10 || total > 40 ? ERANGE : 0);
		memset(&io, 0, sizeof(io));
		total = 0;
	}
	close(fd);
}

/* A driver comes and goes on a function that is in use, and on the hot one. */
static void bind_and_unbind(void)
{
	int fd = open_node(serial2, O_RDWR);
	uint32_t value;

	unbind_driver(serial2);
	count(try_read(fd, serial2, 0, 0, 1, &value));
	if (bind_driver(serial2, "serial") && held_by(serial2, 0, "serial"))
		shared->bound++;
	else
		count(EILSEQ);
	close(fd);
	/* pci-stub on what is just coming or going: it may fail, no more. */
	attribute(hot, "driver_override", "pci-stub");
	write_file("/sys/bus/pci/drivers/pci-stub/bind", sysfs_name(hot));
	write_file("/sys/bus/pci/drivers/pci-stub/unbind", sysfs_name(hot));
}

/* Reads serial2, which the one above has bound and unbound. */
static void access_serial(void)
{
	int fd = open_node(serial2, O_RDWR), i;
	uint32_t value;

	for (i = 0; i < 1000 && !shared->stop; i++)
		count(try_read(fd, serial2, 0, 7, 1, &value));
	close(fd);
}

static const struct {
	const char	*name;
	void		(*round)(void);
} clients[] = {
	{ "reads through the node", access_node },
	{ "reads through /dev/pci", access_pci },
	{ "maps and touches", map_and_touch },
	{ "derives and revokes", derive_and_revoke },
	{ "opens and closes", open_and_close },
	{ "lists", list },
	{ "binds and unbinds", bind_and_unbind },
	{ "reads what a driver wants", access_serial },
};

/* ---- plugging ---- */
static bool there(void)
{
	return !access(node_path(hot), F_OK);
}

static bool away(void)
{
	return !there() && !present(hot);
}

static bool until(bool (*so)(void))
{
	int i;

	for (i = 0; i < 60000; i++) {
		if (so())
			return true;
		usleep(5000);
	}
	return false;
}

static bool plug_round(void)
{
	int i;

	/* qemu releases a name some time after the guest has. */
	for (i = 0; i < 15000; i++) {
		if (monitor("device_add edu,bus=rp0,id=hot"))
			break;
		usleep(20000);
	}
	if (i == 15000 || !until(there))
		return false;
	usleep(rand() % 100000);
	return monitor("device_del hot") && until(away);
}

/* ---- what there is in the end ---- */
static unsigned long number(const char *path, const char *name)
{
	FILE *file = fopen(path, "r");
	unsigned long value = 0;
	char line[256];

	if (!file)
		return 0;
	while (fgets(line, sizeof(line), file))
		if (!strncmp(line, name, strlen(name)))
			value = strtoul(line + strlen(name), NULL, 10);
	fclose(file);
	return value;
}

static unsigned long unreclaimable(void)
{
	write_file("/proc/sys/vm/drop_caches", "3");
	sleep(1);
	return number("/proc/meminfo", "SUnreclaim:");
}

static void warm_up(void)
{
	int i;

	for (i = 0; i < 3; i++)
		if (!plug_round())
			bail("the device can't be plugged in and out");
}

int main(int argc, char **argv)
{
	unsigned int rounds = argc > 1 ? atoi(argv[1]) : 20, done, i, good = 0;
	unsigned long before, after;
	pid_t pid[ARRAY_SIZE(clients)];

	tap_begin();
	shared = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	hot.pc_bus = cfg(rootport, 0x19, 1);
	if (access("/sys/bus/pci/drivers/pci-stub", F_OK) &&
	    system("modprobe pci-stub"))
		bail("modprobe pci-stub");
	warm_up();
	before = unreclaimable();
	fflush(stdout);
	for (i = 0; i < ARRAY_SIZE(clients); i++) {
		pid[i] = fork();
		if (pid[i])
			continue;
		self = i;
		while (!shared->stop)
			clients[i].round();
		fflush(stdout);
		_exit(0);
	}
	for (done = 0; done < rounds && plug_round(); done++)
		;
	is(done, rounds, "hot-plugging under load: a device is plugged in and out, that many times");
	shared->stop = 1;
	for (i = 0; i < ARRAY_SIZE(clients); i++) {
		int status, tries;
		pid_t got = 0;

		for (tries = 0; tries < 6000 && !got; tries++) {
			got = waitpid(pid[i], &status, WNOHANG);
			if (!got)
				usleep(50000);
		}
		if (!got)
			kill(pid[i], SIGKILL);
		good += got && !status;
		if (!got || status)
			note("client %u (%s): status %#x", i, clients[i].name,
			     status);
	}
	is(good, ARRAY_SIZE(clients), "hot-plugging under load: all clients end well");
	for (i = 0; i < ARRAY_SIZE(clients); i++) {
		note("%s: %lu times, %lu with success", clients[i].name,
		     shared->client[i].rounds, shared->client[i].worked);
		ok(shared->client[i].worked && !shared->client[i].wrong,
		   "hot-plugging under load: a client that %s gets what it should, or ENODEV and its like",
		   clients[i].name);
		if (shared->client[i].wrong)
			note("%lu times something else, last %s",
			     shared->client[i].wrong,
			     errno_name(shared->client[i].error));
	}
	ok(shared->bound > 0, "hot-plugging under load: the serial driver gets its BAR each of %d times",
	   shared->bound);
	is(claims(), 0, "hot-plugging under load: nothing is claimed in the end");
	ok(away(), "hot-plugging under load: no node is left");
	after = unreclaimable();
	for (i = 0; i < 30 && after >= before + 1024; i++)
		after = unreclaimable();
	note("unreclaimable slabs: %lu kB before, %lu kB after", before, after);
	/* Where KASAN holds back what was freed, kmemleak looks for the rest. */
	if (access("/sys/kernel/debug/kmemleak", F_OK))
		ok(after < before + 1024, "hot-plugging under load: no memory is missing");
	else
		ok(true, "no memory is missing # SKIP kmemleak looks itself");
	return tap_end();
}
