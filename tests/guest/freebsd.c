// SPDX-License-Identifier: GPL-2.0
/*
 * Tests pciio(4): COMPATIBILITY. The requests that a FreeBSD kernel has answered.
 * freebsd.txt has the requests, the answers and the intended differences, and says how
 * to read them.
 */
#define _GNU_SOURCE
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include "freebsd.h"

#define WORDS		12
#define FIXED_AT	0x10000000UL

static const struct {
	const char	*name;
	struct pcisel	sel;
} devices[] = {
	{ "hostbridge", { .pc_dev = 0 } },
	{ "testdev", { .pc_dev = 0x03 } },
	{ "edu", { .pc_dev = 0x05 } },
	{ "em0", { .pc_dev = 0x06 } },
	{ "rootport", { .pc_dev = 0x0a } },
	{ "em1", { .pc_dev = 0x10 } },
	{ "nvme", { .pc_dev = 0x11 } },
	{ "testdev2", { .pc_dev = 0x12 } },
	{ "isab", { .pc_dev = 0x1f } },
	{ "ahci", { .pc_dev = 0x1f, .pc_func = 2 } },
	{ "smbus", { .pc_dev = 0x1f, .pc_func = 3 } },
	{ "e1000e", { .pc_bus = 3 } },
	{ "none", { .pc_domain = 7, .pc_bus = 6, .pc_dev = 5, .pc_func = 4 } },
};

static int files[3];		/* for reading, for writing, for both */
static char answer[200];

void say(const char *format, ...)
{
	const size_t used = strlen(answer);
	va_list args;

	va_start(args, format);
	vsnprintf(answer + used, sizeof(answer) - used, format, args);
	va_end(args);
}

bool succeeded(int rc, const void *now, const void *was, size_t size)
{
	const int error = errno;

	say("%s", rc ? errno_name(error) : "ok");
	if (rc && size && memcmp(now, was, size))
		say(", changed");
	return !rc;
}

struct pcisel device(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(devices); i++)
		if (!strcmp(devices[i].name, name))
			return devices[i].sel;
	bail("no device '%s'", name);
}

uint32_t number(const char *word)
{
	return word ? strtoul(word, NULL, 0) : 0;
}

/* ---- BARs and configuration space ---- */

static int operation(const char *word)
{
	return !strcmp(word, "read") ? PCIBARIO_READ :
	       !strcmp(word, "write") ? PCIBARIO_WRITE : (int)number(word);
}

/* DEVICE read|write|OP BAR OFFSET WIDTH [VALUE] */
static void ask_bario(int fd, char **word)
{
	struct pci_bar_ioreq req = request(device(word[0]), operation(word[1]),
		number(word[2]), number(word[3]), number(word[4]),
		word[5] ? number(word[5]) : 0xffffffff), was = req;

	if (succeeded(ioctl(fd, PCIOCBARIO, &req), &req, &was, sizeof(req)) &&
	    req.pbi_op == PCIBARIO_READ)
		say(" 0x%08x", req.pbi_value);
}

/* DEVICE BAR OFFSET WIDTH: the value has no place to go to */
static void ask_read_only(int fd, char **word)
{
	struct pci_bar_ioreq *req = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
					 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	*req = request(device(word[0]), PCIBARIO_READ, number(word[1]),
		       number(word[2]), number(word[3]), 0);
	mprotect(req, PAGE, PROT_READ);
	succeeded(ioctl(fd, PCIOCBARIO, req), req, req, sizeof(*req));
	munmap(req, PAGE);
}

/* DEVICE read|write REGISTER WIDTH [VALUE]; "place" is where the BAR was put */
static void ask_config(int fd, char **word)
{
	struct pci_io io = { device(word[0]), number(word[2]), number(word[3]),
			     word[4] ? number(word[4]) : 0xffffffff }, was;
	const bool write = !strcmp(word[1], "write");

	if (word[4] && !strcmp(word[4], "place"))
		io.pi_data = bar_range(io.pi_sel, (io.pi_reg - 0x10) / 4).start;
	was = io;
	if (succeeded(ioctl(fd, write ? PCIOCWRITE : PCIOCREAD, &io), &io, &was,
		      sizeof(io)) && !write)
		say(" 0x%08x", io.pi_data);
}

/* DEVICE [REGISTER WIDTH] */
static void ask_attached(int fd, char **word)
{
	struct pci_io io = { device(word[0]), 0, 0, 0x11 }, was;

	if (word[1]) {
		io.pi_reg = number(word[1]);
		io.pi_width = number(word[2]);
	}
	was = io;
	if (succeeded(ioctl(fd, PCIOCATTACHED, &io), &io, &was, sizeof(io)))
		say(" %u", io.pi_data);
}

/* DEVICE REGISTER: the flags of pbi_base, the length, and whether enabled */
static void ask_getbar(int fd, char **word)
{
	struct pci_bar_io io = { .pbi_sel = device(word[0]),
				 .pbi_reg = number(word[1]) }, was = io;

	if (succeeded(ioctl(fd, PCIOCGETBAR, &io), &io, &was, sizeof(io)))
		say(" flags %#x length %#llx enabled %d",
		    (unsigned int)io.pbi_base & (io.pbi_base & 1 ? 3 : 15),
		    (unsigned long long)io.pbi_length, io.pbi_enabled);
}

/* DEVICE REGISTER: does pbi_base name the place that the system gave to the BAR? */
static void ask_base(int fd, char **word)
{
	struct pci_bar_io io = { .pbi_sel = device(word[0]),
				 .pbi_reg = number(word[1]) }, was = io;

	if (succeeded(ioctl(fd, PCIOCGETBAR, &io), &io, &was, sizeof(io)))
		say(" %s", (io.pbi_base & ~15ULL) ==
		    bar_range(io.pbi_sel, (io.pbi_reg - 0x10) / 4).start ?
		    "in its place" : "elsewhere");
}

/* DEVICE REGISTER FLAGS ATTRIBUTE [fixed|odd|kernel]; a fixed one stays */
static void ask_map(int fd, char **word)
{
	struct pci_bar_mmap map = {
		.pbm_map_length = 0x1234,
		.pbm_sel = device(word[0]),
		.pbm_reg = number(word[1]),
		.pbm_flags = number(word[2]),
		.pbm_memattr = number(word[3]),
	}, was;

	if (word[4])
		map.pbm_map_base = (void *)(!strcmp(word[4], "fixed") ? FIXED_AT :
			!strcmp(word[4], "odd") ? FIXED_AT + 1 : -0x80000000UL);
	was = map;
	if (!succeeded(ioctl(fd, PCIOCBARMMAP, &map), &map, &was, sizeof(map)))
		return;
	say(" length %#zx BAR %#llx at %d", (size_t)map.pbm_map_length,
	    (unsigned long long)map.pbm_bar_length, map.pbm_bar_off);
	if (!(map.pbm_flags & PCIIO_BAR_MMAP_FIXED))
		munmap(map.pbm_map_base, map.pbm_map_length);
}

/* DEVICE REGISTER OFFSET: what a mapping reads */
static void ask_peek(int fd, char **word)
{
	struct pci_bar_mmap map = { .pbm_sel = device(word[0]),
				    .pbm_reg = number(word[1]) }, was = map;

	if (!succeeded(ioctl(fd, PCIOCBARMMAP, &map), &map, &was, sizeof(map)))
		return;
	say(" 0x%08x", *(volatile uint32_t *)((char *)map.pbm_map_base +
					      map.pbm_bar_off + number(word[2])));
	munmap(map.pbm_map_base, map.pbm_map_length);
}

/* DEVICE LENGTH */
static void ask_vpd(int fd, char **word)
{
	char data[256];
	struct pci_list_vpd_io io = {
		.plvi_sel = device(word[0]), .plvi_len = number(word[1]),
		.plvi_data = (struct pci_vpd_element *)data,
	}, was = io;

	succeeded(ioctl(fd, PCIOCLISTVPD, &io), &io, &was, sizeof(io));
}

/* ---- the file itself ---- */

static void ask_unreadable(int fd, char **word)
{
	succeeded(ioctl(fd, !strcmp(word[0], "bario") ? PCIOCBARIO : PCIOCREAD,
			8), NULL, NULL, 0);
}

static void ask_unknown(int fd, char **word)
{
	int number = 0;

	(void)word;
	succeeded(ioctl(fd, _IOWR('p', 99, int), &number), NULL, NULL, 0);
}

/* The number of PCIOCBARIO alone. */
static void ask_unsized(int fd, char **word)
{
	(void)word;
	succeeded(ioctl(fd, _IO('p', 9), 0), NULL, NULL, 0);
}

static void ask_mode(int fd, char **word)
{
	struct stat st;

	(void)fd;
	(void)word;
	if (succeeded(stat("/dev/pci", &st), NULL, NULL, 0))
		say(" %04o %u %u", st.st_mode & 07777, st.st_uid, st.st_gid);
}

static void ask_open(int fd, char **word)
{
	fd = open("/dev/pci", strcmp(word[0], "rw") ? O_RDONLY : O_RDWR);
	succeeded(fd < 0 ? -1 : 0, NULL, NULL, 0);
	if (fd >= 0)
		close(fd);
}

/* Other files, without what the last ones have claimed. */
static void reopen(void)
{
	int i;

	munmap((void *)FIXED_AT, 1 << 20);
	for (i = 0; i < 3; i++) {
		if (files[i])
			close(files[i]);
		files[i] = open_pci(i);
	}
}

static const struct {
	const char	*name;
	void		(*ask)(int fd, char **word);
} questions[] = {
	{ "bario", ask_bario }, { "read-only-memory", ask_read_only },
	{ "config", ask_config }, { "attached", ask_attached },
	{ "getbar", ask_getbar }, { "base", ask_base },
	{ "map", ask_map }, { "peek", ask_peek }, { "vpd", ask_vpd },
	{ "getconf", ask_getconf }, { "getconf14", ask_getconf14 },
	{ "record", ask_record }, { "unreadable", ask_unreadable },
	{ "unknown", ask_unknown }, { "unsized", ask_unsized },
	{ "mode", ask_mode }, { "open", ask_open },
};

static void ask(int fd, char **word)
{
	size_t i;

	answer[0] = '\0';
	for (i = 0; i < ARRAY_SIZE(questions); i++) {
		if (strcmp(questions[i].name, word[0]))
			continue;
		questions[i].ask(fd, word + 1);
		return;
	}
	bail("no question '%s'", word[0]);
}

/* A user's answers come back through a pipe. */
static void ask_as_nobody(char **word)
{
	int ends[2], fd;
	ssize_t got;
	pid_t pid;

	if (pipe(ends))
		bail("pipe");
	pid = fork();
	if (!pid) {
		if (setresgid(NOBODY, NOBODY, NOBODY) ||
		    setresuid(NOBODY, NOBODY, NOBODY))
			_exit(1);
		fd = open("/dev/pci", O_RDONLY);
		ask(fd, word);
		_exit(write(ends[1], answer, sizeof(answer)) < 0);
	}
	close(ends[1]);
	got = read(ends[0], answer, sizeof(answer));
	close(ends[0]);
	waitpid(pid, NULL, 0);
	if (got != sizeof(answer))
		bail("the user's process died");
}

static char *trimmed(char *text)
{
	size_t len;

	text += strspn(text, " \t\n");
	for (len = strlen(text); len && strchr(" \t\n", text[len - 1]); len--)
		text[len - 1] = '\0';
	return text;
}

/* QUESTION | FreeBSD's answer [| REASON: bario's answer] */
static void one_line(char *line)
{
	char *word[WORDS + 1] = { NULL }, *theirs, *ours, *colon, name[120];
	unsigned int n = 0, skip = 0;
	int fd = files[O_RDWR];

	theirs = strchr(line, '|');
	if (!theirs)
		bail("no answer: %s", line);
	*theirs++ = '\0';
	ours = strchr(theirs, '|');
	if (ours)
		*ours++ = '\0';
	theirs = trimmed(theirs);
	snprintf(name, sizeof(name), "%s", trimmed(line));
	for (line = strtok(line, " \t"); line && n < WORDS;
	     line = strtok(NULL, " \t"))
		word[n++] = line;
	if (!strcmp(word[0], "ro") || !strcmp(word[0], "wo")) {
		fd = files[*word[0] == 'r' ? O_RDONLY : O_WRONLY];
		skip = 1;
	}
	if (!strcmp(word[0], "nobody"))
		ask_as_nobody(word + 1);
	else
		ask(fd, word + skip);
	if (!ours) {
		is_str(answer, theirs, "%s: answered as by FreeBSD", name);
		return;
	}
	colon = strchr(ours, ':');
	if (!colon)
		bail("a difference without a reason: %s", name);
	*colon = '\0';
	ours = trimmed(colon + 1);
	if (!strcmp(answer, theirs))
		note("bario does as FreeBSD: the difference is to be taken out");
	is_str(answer, ours, "%s: not answered as by FreeBSD", name);
	ok(strcmp(ours, theirs), "%s: the answer is the difference that is listed", name);
}

int main(int argc, char **argv)
{
	char line[400], section[60] = "";
	FILE *in = fopen("/freebsd.txt", "r");

	tap_begin();
	if (argc != 2 || !in)
		bail("usage: freebsd SECTION, of /freebsd.txt");
	reopen();
	list_begin(files[O_RDONLY]);
	while (fgets(line, sizeof(line), in)) {
		if (line[0] == '#' || !*trimmed(line))
			continue;
		if (sscanf(line, "[%59[^]]]", section) == 1)
			continue;
		if (strcmp(section, argv[1]))
			continue;
		if (!strcmp(trimmed(line), "reopen"))
			reopen();
		else
			one_line(line);
	}
	fclose(in);
	return tap_end();
}
