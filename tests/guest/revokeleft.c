// SPDX-License-Identifier: GPL-2.0
/* Tests barioc(4): BARIOC_DERIVE. Derived files leave nothing allocated. */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <sys/syscall.h>
#include "derive.h"

#define EDU_ID	0x010000edu

static int pci;

/* ---- counts ---- */
static unsigned long memory_kb(const char *what)
{
	FILE *file = fopen("/proc/meminfo", "r");
	unsigned long value = 0;
	char line[128];

	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, what, strlen(what)))
			value = strtoul(line + strlen(what), NULL, 10);
	if (file)
		fclose(file);
	return value;
}

static unsigned long open_files(void)
{
	FILE *file = fopen("/proc/sys/fs/file-nr", "r");
	unsigned long n = 0;

	if (!file || fscanf(file, "%lu", &n) != 1)
		bail("file-nr");
	fclose(file);
	return n;
}

static void cycle(unsigned int how)
{
	static struct barioc_rule many[512];
	unsigned int i, n = how % 3 == 2 ? 512 : 1;
	uint32_t id;
	int fd;

	for (i = 0; i < n; i++)
		many[i] = rule(edu, 0, R, 8 * i, 4);
	fd = derive(pci, many, n, &id);
	if (fd < 0)
		bail("derive");
	if (how % 2)
		get(fd, edu, 0, 0, 4);
	if (how % 5 == 1)
		revoke_id(pci, id);
	close(fd);
}

/* What was freed is given back when all processors have passed by. */
static bool within(unsigned long kb, unsigned long files)
{
	int i;

	for (i = 0; i < 600; i++) {
		if (memory_kb("SUnreclaim:") + memory_kb("VmallocUsed:") < kb &&
		    open_files() < files)
			return true;
		usleep(50000);
	}
	return false;
}

static void cycles(void)
{
	unsigned long slab, files;
	unsigned int i;

	about("deriving and closing");
	for (i = 0; i < 200; i++)
		cycle(i);
	usleep(200000);
	files = open_files();
	slab = memory_kb("SUnreclaim:") + memory_kb("VmallocUsed:");
	for (i = 0; i < 3000; i++)
		cycle(i);
	/* 3000 files lost would be more than 3 MB. */
	ok(within(slab + 1500, files + 200),
	   "3000 times leaves memory and open files level (%ld kB, %ld)",
	   (long)(memory_kb("SUnreclaim:") + memory_kb("VmallocUsed:") - slab),
	   (long)(open_files() - files));
	close(pci);
	is(claims(), 0, "3000 times leaves no claim");
	pci = open_pci(O_RDWR);
}

/* What was refused leaves no trace: the driver need not fear for its device. */
static unsigned int kernel_says(const char *text)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK);
	unsigned int found = 0;
	char line[1024];
	ssize_t n;

	while (fd >= 0 && (n = read(fd, line, sizeof(line) - 1)) > 0) {
		line[n] = '\0';
		found += !!strstr(line, text);
	}
	close(fd);
	return found;
}

static void refused_writes(void)
{
	static const char says[] = "0000:03:00.0: bario: ";
	unsigned int before;
	int fd;

	about("a refused write");
	/* What earlier clients have left in it is gone then: it can be reset. */
	if (system("modprobe pci-stub") || !bind_driver(e1000e, "pci-stub") ||
	    !unbind_driver(e1000e))
		bail("pci-stub");
	before = kernel_says(says);
	fd = derive_one(pci, e1000e, 0, R, 0, 8);
	get(fd, e1000e, 0, 0, 4);
	errno_is(try_write(fd, e1000e, 0, 4, 4, 1), EACCES,
		 "PCIOCBARIO: a write that the grant does not cover");
	errno_is(try_write(fd, e1000e, 0, 5, 4, 1), EINVAL,
		 "PCIOCBARIO: a misaligned write");
	close(fd);
	if (!bind_driver(e1000e, "pci-stub"))
		bail("pci-stub");
	is(kernel_says(says), before,
	   "does not cause a reset of the function before its driver");
	unbind_driver(e1000e);
}

/* ---- the module ---- */
static int unload(void)
{
	return syscall(SYS_delete_module, "bario", O_NONBLOCK) ? errno : 0;
}

static void load(void)
{
	int fd = open("/lib/modules/bario.ko", O_RDONLY);

	if (syscall(SYS_finit_module, fd, "", 0))
		bail("the module does not load");
	close(fd);
}

static void unloading(void)
{
	int fd = derive_one(pci, edu, 0, R | M, 0, TO_END);
	volatile uint32_t *at;

	about("unloading the module");
	close(pci);
	errno_is(unload(), EWOULDBLOCK, "with a derived file alone");
	is(get(fd, edu, 0, 0, 4), EDU_ID, "a derived file works although its parent is closed");
	at = map_pages(fd, 0, 0, 1, PROT_READ);
	close(fd);
	errno_is(unload(), EWOULDBLOCK, "with a mapping alone");
	is(at[0], EDU_ID, "a mapping alone works");
	munmap((void *)at, PAGE);
	is(claims(), 0, "nothing is claimed when nothing is mapped");
	errno_is(unload(), 0, "with nothing open succeeds");
	load();
	pci = open_pci(O_RDWR);
}

/*
 * The module comes while a function does not answer, as one without power: its
 * MSI-X table can't be found, and must not be open to all for that.
 */
static void added_unseen(void)
{
	uint32_t buses = cfg(rootport1, 0x18, 4);
	int fd;

	about("a function that did not respond when it was added");
	close(pci);
	errno_is(unload(), 0, "the module is unloaded");
	set_cfg(rootport1, 0x18, 4, buses & 0xff0000ff);
	is(cfg(e1000e, 0, 4), 0xffffffff, "it does not respond");
	load();
	set_cfg(rootport1, 0x18, 4, buses);
	ok(cfg(e1000e, 0, 4) != 0xffffffff, "it responds");
	fd = open_node(e1000e, O_RDWR);
	errno_is(read_errno(fd, e1000e, 3), 0, "its node reads the MSI-X table");
	errno_is(try_write(fd, e1000e, 3, 0, 4, 0xfee00000), EACCES,
		 "PCIOCBARIO: its node writes the MSI-X table");
	errno_is(try_map(fd, 3, 0, 1, PROT_READ), EACCES, "mmap: its node maps the MSI-X table");
	close(fd);
	pci = open_pci(O_RDWR);
	fd = derive_one(pci, e1000e, 3, R | W | M, 0, TO_END);
	errno_is(try_write(fd, e1000e, 3, 0, 4, 0xfee00000), EACCES,
		 "PCIOCBARIO: a file derived from /dev/pci writes the MSI-X table");
	close(fd);
	close(pci);
	/* The driver is bound again, for the tests that follow. */
	unload();
	load();
	pci = open_pci(O_RDWR);
}

int main(void)
{
	tap_begin();
	pci = open_pci(O_RDWR);
	cycles();
	refused_writes();
	unloading();
	added_unseen();
	close(pci);
	is(claims(), 0, "nothing is claimed in the end");
	return tap_end();
}
