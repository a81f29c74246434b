// SPDX-License-Identifier: GPL-2.0
/*
 * Tests bario(4): NODES. A file that names functions which come and go does not keep the
 * memory of those that are gone, while others use the same file all the time.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include "hold.h"

#define ROUNDS		150

/*
 * What a removed function keeps as long as it is referenced: the kernel's struct
 * pci_dev is an object of this slab. 0: this kernel does not tell.
 */
static unsigned long objects(void)
{
	FILE *file = fopen("/proc/slabinfo", "re");
	unsigned long active = 0, total = 0;
	char line[256];

	while (file && fgets(line, sizeof(line), file)) {
		unsigned long one;

		if (sscanf(line, "kmalloc-4k %lu", &one) == 1 ||
		    sscanf(line, "kmalloc-rnd-%*u-4k %lu", &one) == 1)
			total += one;
		active += total != 0;
	}
	if (file)
		fclose(file);
	return active ? total : 0;
}

static unsigned long before;

static bool few(struct pcisel sel)
{
	(void)sel;
	return objects() < before + ROUNDS / 2;
}

/* Reads on through the file that all share: the right value, or none. */
static pid_t start_reading(int pci)
{
	uint32_t value;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	while (!pid) {
		int error = try_read(pci, edu2, 0, 0, 4, &value);

		if (error ? error != ENODEV && error != ENXIO :
			    value != EDU_ID)
			_exit(1);
	}
	return pid;
}

int main(void)
{
	struct pci_bar_mmap map;
	volatile uint32_t *at, *stays;
	unsigned int i, good = 0;
	int pci, status, fd;
	pid_t pid[2];

	tap_begin();
	if (!objects()) {
		ok(true, "pinned # SKIP this kernel has no /proc/slabinfo");
		return tap_end();
	}
	pci = open_pci(O_RDWR);
	stays = map_bar(pci, edu, 0, 0, NULL);
	at = map_bar(pci, edu2, 0, 0, &map);
	if (!stays || !at)
		bail("edu can't be mapped");
	for (i = 0; i < ARRAY_SIZE(pid); i++)
		pid[i] = start_reading(pci);
	before = objects();
	for (i = 0; i < ROUNDS; i++) {
		uint32_t value;

		remove_function(edu2);
		rescan();
		good += !try_read(pci, edu2, 0, 0, 4, &value) &&
			value == EDU_ID;
	}
	is(good, ROUNDS, "a function that comes and goes is found each time");
	ok(wait_for(few, edu2), "memory of functions that are gone is freed");
	note("%lu objects before, %lu after", before, objects());
	is(faults(at, false), 1, "a mapping of a function that is gone gives SIGBUS");
	is(*stays, EDU_ID, "a mapping of a function that stayed can be read");
	fd = derive_bar(pci, edu2, 0, R);
	is(get(fd, edu2, 0, 0, 4), EDU_ID, "a derived file of a function that stayed can be read");
	close(fd);
	is(fdinfo_lines(pci, "bario-claim:"), 2, "fdinfo shows two claims");
	for (i = 0; i < ARRAY_SIZE(pid); i++) {
		is(waitpid(pid[i], &status, WNOHANG), 0,
		   "processes that read see the right value or none");
		kill(pid[i], SIGKILL);
		waitpid(pid[i], &status, 0);
	}
	munmap((void *)stays, bar_range(edu, 0).size);
	munmap(map.pbm_map_base, map.pbm_map_length);
	close(pci);
	is(claims(), 0, "nothing is claimed in the end");
	return tap_end();
}
