// SPDX-License-Identifier: GPL-2.0
/*
 * Tests pciio(4): PCIOCLISTVPD. Also what takes functions of a known configuration
 * space: drivers with long names, files without the right to read it, and functions
 * that do not respond. fakebus/fakebus.c is the hardware.
 */
#define _GNU_SOURCE
#include <limits.h>
#include <signal.h>
#include <sys/wait.h>
#include "derive.h"

#define LONG_NAME	"bario-test-driver-of-a-long-name"
#define OTHER_NAME	"bario-test-driver-two"
#define CUT_NAME	"bario-test-drive"
#define VPD_WORDS	44u
#define VPD_BYTES	(4 + 160 + 4 + 4)

static const struct pcisel fake = { .pc_domain = 0xfa };
static const struct pcisel other = { .pc_domain = 0xfa, .pc_func = 1 };
static int pci;

static unsigned int parameter(const char *name)
{
	char path[80];
	unsigned int value = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/sys/module/fakebus/parameters/%s", name);
	file = fopen(path, "r");
	if (!file || fscanf(file, "%u", &value) != 1)
		bail("%s", path);
	fclose(file);
	return value;
}

static uint32_t words(void)
{
	return parameter("vpd_words");
}

/* ---- names of drivers ---- */
static void driver_is(struct pcisel sel, unsigned int kind, const char *name)
{
	struct barioc_holder holder = {
		.domain = sel.pc_domain, .func = sel.pc_func,
		.space = BARIOC_SPACE_CONFIG,
	};

	memset(holder.name, 'x', sizeof(holder.name));
	is_errno(ioctl(pci, BARIOC_HOLDER, &holder), 0, "BARIOC_HOLDER of a function succeeds");
	is(holder.kind, kind, "BARIOC_HOLDER tells the kind of holder");
	is_str(holder.name, name, "BARIOC_HOLDER tells the whole name");
}

/* How many functions of the fake bus match? The unit of the last comes, too. */
static unsigned int matching(int flags, const char *name, unsigned long unit,
			     struct pci_conf *last)
{
	struct pci_match_conf pattern = {
		.pc_sel = fake, .flags = flags | PCI_GETCONF_MATCH_DOMAIN,
		.pd_unit = unit,
	};
	static struct pci_conf found[4];
	struct pci_conf_io io = {
		.pat_buf_len = sizeof(pattern), .num_patterns = 1,
		.patterns = &pattern, .match_buf_len = sizeof(found),
		.matches = found,
	};

	memcpy(pattern.pd_name, name, strnlen(name, sizeof(pattern.pd_name)));
	if (ioctl(pci, PCIOCGETCONF, &io) || io.num_matches > 4)
		bail("PCIOCGETCONF");
	if (io.num_matches)
		*last = found[io.num_matches - 1];
	return io.num_matches;
}

static void names(void)
{
	struct pci_conf conf;

	about("long names of drivers");
	driver_is(fake, BARIOC_HOLDER_NONE, "");
	ok(bind_driver(fake, LONG_NAME) && bind_driver(other, OTHER_NAME),
	   "two drivers of long names are bound");
	driver_is(fake, BARIOC_HOLDER_DRIVER, LONG_NAME);
	driver_is(other, BARIOC_HOLDER_DRIVER, OTHER_NAME);
	is(matching(PCI_GETCONF_MATCH_NAME, CUT_NAME, 0, &conf), 2,
	   "PCIOCGETCONF: both match the first 16 characters");
	is_str(conf.pd_name, CUT_NAME, "PCIOCGETCONF shows the first 16 characters");
	is(conf.pd_unit, 1, "PCIOCGETCONF: drivers with the same 16 characters share their units");
	is(matching(PCI_GETCONF_MATCH_NAME | PCI_GETCONF_MATCH_UNIT, CUT_NAME,
		    1, &conf), 1, "PCIOCGETCONF: a name and a unit match one function");
	ok(same_sel(conf.pc_sel, other), "PCIOCGETCONF: a name and a unit match the right function");
	is(matching(PCI_GETCONF_MATCH_NAME, LONG_NAME, 0, &conf), 0,
	   "PCIOCGETCONF: 17 characters match nothing");
	is(matching(PCI_GETCONF_MATCH_NAME, "bario-test-driv", 0, &conf), 0,
	   "PCIOCGETCONF: 15 characters match nothing");
	is(system("bario list | grep -q ' " LONG_NAME "'"), 0,
		 "the tool's list has the whole name");
	is(system("bario info 00fa:00:00.1 | grep -q ' " OTHER_NAME "'"), 0,
		 "the tool's info has the whole name");
	ok(unbind_driver(fake), "one driver can be unbound");
	driver_is(fake, BARIOC_HOLDER_NONE, "");
	is(matching(PCI_GETCONF_MATCH_NAME, CUT_NAME, 0, &conf), 1, "PCIOCGETCONF: one function is left with that name");
	is(conf.pd_unit, 1, "PCIOCGETCONF: it keeps its unit");
	ok(unbind_driver(other), "the other driver can be unbound");
}

/* ---- configuration space ---- */
static int config_errno(int fd, int reg, int width)
{
	uint32_t value = 0x5ca1ab1e;
	int error = config_read(fd, fake, reg, width, &value);

	if (!error && reg < 256)
		is(value, cfg(fake, reg, width), "%#x.%d, as sysfs has it", reg,
		   width);
	return error;
}

static uint32_t config_reads(void)
{
	return parameter("config_reads");
}

static bool shown(int byte)
{
	static const int heads[] = { 0x40, 0x50, 0x58 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(heads); i++)
		if (byte == heads[i] || byte == heads[i] + 1)
			return true;
	return byte < 0x40;
}

static void config_without_right(void)
{
	int fd = derive_one(pci, fake, CONFIG, W, 0x3c, 1), width, reg, i, bad = 0;
	static const int past[] = { 0x100, 0xffc, 0x1000, 0x7ffffffc };
	struct pci_bar_io bar = { .pbi_sel = fake, .pbi_reg = 0x10 };
	struct pci_conf found[2];
	struct pci_io io = { fake, 0x44, 4, 0 };

	about("the right to read configuration space");
	for (width = 1; width <= 4; width *= 2)
		for (reg = 0; reg < 256; reg += width) {
			bool all = true;

			for (i = 0; i < width; i++)
				all = all && shown(reg + i);
			if (config_errno(fd, reg, width) != (all ? 0 : EACCES)) {
				note("%#x.%d", reg, width);
				bad++;
			}
		}
	is(bad, 0, "without it, the header and the heads of the capabilities can be read");
	watch(config_reads);
	refused(fd, PCIOCREAD, &io, EACCES, "a register of a capability");
	for (i = 0; i < (int)ARRAY_SIZE(past); i++) {
		io.pi_reg = past[i];
		refused(fd, PCIOCREAD, &io, EACCES, "%#x, past the header",
			past[i]);
	}
	io = (struct pci_io){ fake, INT_MAX, 1, 0 };
	refused(fd, PCIOCREAD, &io, EACCES, "the highest offset");
	io = (struct pci_io){ fake, 0x44, 3, 0 };
	refused(fd, PCIOCREAD, &io, EINVAL, "a bad width goes before EACCES");
	io = (struct pci_io){ fake, 0x46, 4, 0 };
	refused(fd, PCIOCREAD, &io, EINVAL, "a misaligned offset goes before EACCES");
	io = (struct pci_io){ other, 0x44, 4, 0 };
	refused(fd, PCIOCREAD, &io, ENODEV, "another function");
	watch(NULL);
	is_errno(ioctl(fd, PCIOCGETBAR, &bar), EINVAL,
		 "PCIOCGETBAR: without it, no BAR");
	is(listed(fd, found, 2), 1, "PCIOCGETCONF lists the function without it");
	is(found[0].pc_vendor, 0x1af5, "PCIOCGETCONF tells the IDs without it");
	close(fd);
}

/* Bytes that a rule allows and bytes that all may read make one access. */
static void config_with_some_right(void)
{
	int fd = derive_one(pci, fake, CONFIG, R, 0x42, 2);

	about("the right to read configuration space");
	errno_is(config_errno(fd, 0x40, 4), 0, "the head of a capability and two granted bytes are one access");
	errno_is(config_errno(fd, 0x42, 2), 0, "two granted bytes can be read");
	errno_is(config_errno(fd, 0x44, 1), EACCES, "PCIOCREAD: the byte after the granted ones");
	errno_is(config_errno(fd, 0x44, 4), EACCES, "PCIOCREAD: the word after the granted bytes");
	close(fd);
	fd = derive_one(pci, fake, CONFIG, R, 0, 256);
	errno_is(config_errno(fd, 0xfc, 4), 0, "256 granted bytes: the last word can be read");
	errno_is(config_errno(fd, 0x100, 4), EACCES, "PCIOCREAD: the word after 256 granted bytes");
	close(fd);
	fd = open_node(fake, O_RDWR);
	errno_is(config_errno(fd, 0xfc, 4), 0, "a node reads all of it");
	errno_is(config_errno(fd, 0x100, 4), 0, "a node reads past its end");
	close(fd);
}

/* On a device of PCI Express: each capability is found, and nothing else read. */
static void config_express(void)
{
	int fd = derive_one(pci, e1000e, 0, R, 0, 4);
	unsigned int at, count = 0, wrong = 0;
	uint32_t head = 0, value;

	about("the right to read configuration space");
	config_read(fd, e1000e, 0x34, 1, &at);
	for (; at >= 0x40 && count < 48; at = head >> 8) {
		wrong += config_read(fd, e1000e, at, 2, &head) != 0 ||
			 head != cfg(e1000e, at, 2) ||
			 config_read(fd, e1000e, at + 2, 2, &value) != EACCES;
		count++;
	}
	ok(count > 3 && !wrong, "e1000e: the heads of %u capabilities can be read", count);
	errno_is(config_read(fd, e1000e, 0x100, 4, &value), EACCES,
		 "e1000e: PCIOCREAD: extended capabilities");
	close(fd);
}

/* ---- vital product data ---- */
static int list_vpd(int fd, struct pcisel sel, unsigned char *data, size_t *len)
{
	struct pci_list_vpd_io io = {
		.plvi_sel = sel, .plvi_len = *len, .plvi_data = (void *)data,
	};
	int error = ioctl(fd, PCIOCLISTVPD, &io) ? errno : 0;

	*len = io.plvi_len;
	return error;
}

static void vpd_reads(int fd, const char *who)
{
	unsigned char data[512] = "";
	size_t len = 0;
	uint32_t before = words();

	errno_is(list_vpd(fd, fake, NULL, &len), 0, "%s: the length can be asked", who);
	is(len, VPD_BYTES, "%s: the length is that of all elements", who);
	is(words() - before, VPD_WORDS, "%s: each word is read once", who);
	len = sizeof(data);
	errno_is(list_vpd(fd, fake, data, &len), 0, "%s: the elements can be read", who);
	len = VPD_BYTES - 1;
	errno_is(list_vpd(fd, fake, data, &len), ENOMEM, "%s: a byte is lacking", who);
	is(len, VPD_BYTES, "%s: the result is the length that is needed", who);
	len = sizeof(data);
	errno_is(list_vpd(fd, fake, (void *)-PAGE, &len), EFAULT,
		 "%s: elements at an address of the kernel", who);
	ok(data[2] == PVE_FLAG_IDENT && data[3] == 160 && data[4] == 'a' &&
	   !memcmp(data + 164, "SN\0\4" "1234", 8),
	   "%s: the identifier and the serial number", who);
}

static void vpd_refused(int fd, struct pcisel sel, int want, const char *who)
{
	struct pci_list_vpd_io io = { .plvi_sel = sel };

	refused(fd, PCIOCLISTVPD, &io, want, "%s", who);
}

static void vpd_rights(void)
{
	struct barioc_rule all = rule(fake, CONFIG, R, 0, 256);
	int fd;

	about("PCIOCLISTVPD");
	vpd_reads(pci, "/dev/pci");
	fd = open_node(fake, O_RDWR);
	vpd_reads(fd, "a node");
	close(fd);
	fd = derive(pci, &all, 1, NULL);
	vpd_reads(fd, "all of configuration space");
	vpd_refused(fd, other, ENODEV, "of another function");
	close(fd);
	is(parameter("vpd_past"), 0, "nothing past the end is read");
	watch(words);
	fd = derive_one(pci, fake, CONFIG, R, 0, 255);
	vpd_refused(fd, fake, EACCES, "all but the last byte");
	close(fd);
	fd = derive_one(pci, fake, CONFIG, R, 4, TO_END);
	vpd_refused(fd, fake, EACCES, "all but the first bytes");
	close(fd);
	fd = derive_one(pci, fake, CONFIG, W, 0, TO_END);
	vpd_refused(fd, fake, EACCES, "to write, and not to read");
	close(fd);
	fd = derive_one(pci, fake, 0, R | W, 0, TO_END);
	vpd_refused(fd, fake, EACCES, "a BAR");
	vpd_refused(fd, absent, ENODEV, "ENODEV goes before EACCES");
	close(fd);
	fd = derive_one(pci, edu, 0, R, 0, 4);
	vpd_refused(fd, edu, EACCES, "EACCES goes before ENXIO");
	close(fd);
	watch(NULL);
}

static void nothing(int number)
{
	(void)number;
}

/*
 * A child that lists it again and again until the request fails, which will be its
 * status; the kernel itself gives up, ENXIO, on a word that takes too long. The
 * function's first word was read when this returns.
 */
static pid_t lister(int fd)
{
	struct sigaction action = { .sa_handler = nothing };
	uint32_t before = words();
	pid_t child;

	fflush(stdout);
	child = fork();
	if (!child) {
		size_t len;
		int error;

		sigaction(SIGUSR1, &action, NULL);
		do {
			len = 0;
			error = list_vpd(fd, fake, NULL, &len);
		} while (!error || error == ENXIO);
		_exit(error);
	}
	while (words() == before)
		usleep(1000);
	return child;
}

static int result(pid_t child)
{
	int status;

	if (waitpid(child, &status, 0) != child || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

/* A signal between two requests does not count, so it is sent until one ends. */
static int interrupt(pid_t child)
{
	int status;

	do {
		kill(child, SIGUSR1);
		usleep(1000);
	} while (!waitpid(child, &status, WNOHANG));
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Is configuration space read, once at least, before the words of one request? */
static bool reads_meanwhile(int fd)
{
	unsigned int tries;

	for (tries = 0; tries < 50; tries++) {
		uint32_t before = words(), value;
		pid_t child = lister(fd);
		bool good;

		good = !config_read(pci, fake, 0, 4, &value) &&
		       words() - before < VPD_WORDS;
		interrupt(child);
		if (good)
			return true;
	}
	return false;
}

static void vpd_slow(void)
{
	struct barioc_rule all = rule(fake, CONFIG, R, 0, TO_END);
	int fd = open_node(fake, O_RDWR), derived;
	uint32_t id, value;
	pid_t child;

	about("PCIOCLISTVPD");
	if (!write_file("/sys/module/fakebus/parameters/vpd_ms", "20"))
		bail("vpd_ms");
	ok(reads_meanwhile(fd),
	   "meanwhile, another file can read configuration space");
	errno_is(interrupt(lister(fd)), EINTR, "a signal");

	derived = derive(fd, &all, 1, &id);
	child = lister(derived);
	errno_is(revoke_id(fd, id), 0, "meanwhile, its file can be revoked");
	value = words();
	errno_is(result(child), ENODEV, "its file is revoked");
	is(words(), value, "no word is read after a revocation");
	close(derived);

	child = lister(fd);
	remove_function(fake);
	value = words();
	errno_is(result(child), ENODEV, "its function is removed");
	is(words(), value, "no word is read after a removal");
	close(fd);
}

/* ---- functions that do not respond ---- */
static void no_response(void)
{
	struct pci_io io = { other, 0x3c, 1, 0x5a };
	struct pci_bar_io bar = { .pbi_sel = other, .pbi_reg = 0x10 };

	about("a function that does not respond");
	if (!write_file("/sys/module/fakebus/parameters/silent", "1"))
		bail("silent");
	refused(pci, PCIOCREAD, &io, EIO, "a register");
	refused(pci, PCIOCWRITE, &io, EIO, "a register");
	refused(pci, PCIOCGETBAR, &bar, EIO, "a BAR");
	if (!write_file("/sys/module/fakebus/parameters/silent", "0"))
		bail("silent");
	is_errno(ioctl(pci, PCIOCGETBAR, &bar), 0,
		 "PCIOCGETBAR of a function that responds again succeeds");
}

int main(void)
{
	tap_begin();
	if (system("insmod /lib/modules/fakebus.ko"))
		bail("fakebus.ko");
	pci = open_pci(O_RDWR);
	names();
	config_without_right();
	config_with_some_right();
	config_express();
	vpd_rights();
	no_response();
	vpd_slow();
	close(pci);
	if (system("rmmod fakebus"))
		bail("rmmod fakebus");
	return tap_end();
}
