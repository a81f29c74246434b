// SPDX-License-Identifier: GPL-2.0
/* PCIOCGETCONF's questions, for freebsd.c. */
#include "freebsd.h"

#define ROOM		64
#define PCIOCGETCONF14	_IOWR('p', 5, struct pci_conf_io)
#define CONF14_SIZE	offsetof(struct pci_conf, pd_numa_domain)

static struct pcisel all[ROOM];
static unsigned int total;	/* "n" in the answers */
static uint32_t generation;	/* "g" */

static const struct {
	const char		*name;
	struct pci_match_conf	pattern;
} kinds[] = {
	{ "vendor", { .flags = PCI_GETCONF_MATCH_VENDOR, .pc_vendor = 0x8086 } },
	{ "class", { .flags = PCI_GETCONF_MATCH_CLASS, .pc_class = 2 } },
	{ "name", { .flags = PCI_GETCONF_MATCH_NAME } },
	{ "selector", { .flags = 0xf, .pc_sel = { .pc_dev = 5 } } },
	{ "selector-unknown", { .flags = 0x800f, .pc_sel = { .pc_dev = 5 } } },
	{ "unknown", { .flags = 0x8000 } },
	{ "nothing", { .flags = PCI_GETCONF_NO_MATCH } },
};

/* By sysfs: does the function match the first three? */
static bool matches(const char *kind, struct pcisel sel)
{
	if (!strcmp(kind, "vendor"))
		return attribute_value(sel, "vendor") == 0x8086;
	if (!strcmp(kind, "class"))
		return attribute_value(sel, "class") >> 16 == 2;
	return !strcmp(kind, "name") && !*driver_of(sel);
}

/* What depends on the machine's number of functions is printed in its terms. */
static void say_count(const char *what, uint32_t count, const char *kind)
{
	unsigned int i, first = 0, second = 0, matching = 0;

	for (i = 0; i < total && kind; i++) {
		if (!matches(kind, all[i]))
			continue;
		matching++;
		if (matching == 1)
			first = i;
		else if (matching == 2)
			second = i;
	}
	say(" %s ", what);
	if (count < 2)
		say("%u", count);
	else if (count == total)
		say("n");
	else if (count == total - 1)
		say("n-1");
	else if (!strcmp(what, "matches") && count == matching)
		say("m");
	else if (second > first && count == second)
		say("second");
	else
		say("%u", count);
}

/* "n", "n-1", or a number */
static uint32_t count_of(const char *word)
{
	return *word == 'n' ? total - (word[1] == '-') : number(word);
}

/* Where the word is KEY=VALUE, its value. */
static const char *value_of(char **word, const char *key)
{
	const size_t len = strlen(key);

	for (; *word; word++)
		if (!strncmp(*word, key, len) && (*word)[len] == '=')
			return *word + len + 1;
	return NULL;
}

static void get_conf(int fd, char **word, unsigned long cmd, size_t record)
{
	static const char *const statuses[] = {
		"LAST_DEVICE", "LIST_CHANGED", "MORE_DEVS", "ERROR",
	};
	static struct pci_match_conf patterns[ROOM];
	static struct pci_conf found[ROOM];
	const char *kind = value_of(word, "pattern"), *value;
	struct pci_conf_io io = {
		.match_buf_len = sizeof(found), .matches = found,
		.generation = generation, .num_matches = 77,
		.status = (pci_getconf_status)99,
	}, was;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds) && kind; i++)
		if (!strcmp(kinds[i].name, kind))
			patterns[0] = kinds[i].pattern;
	io.num_patterns = !!kind;
	io.patterns = kind ? patterns : NULL;
	if ((value = value_of(word, "patterns")))
		io.num_patterns = count_of(value);
	io.pat_buf_len = io.num_patterns * sizeof(patterns[0]);
	if ((value = value_of(word, "bytes")))
		io.pat_buf_len = *value == '+' ? io.pat_buf_len + 1 : number(value);
	if ((value = value_of(word, "at")))
		io.patterns = (void *)(uintptr_t)number(value);
	if ((value = value_of(word, "records")))
		io.match_buf_len = count_of(value) * record;
	if ((value = value_of(word, "more")))
		io.match_buf_len += number(value);
	if ((value = value_of(word, "to")))
		io.matches = (void *)(uintptr_t)number(value);
	if ((value = value_of(word, "offset")))
		io.offset = count_of(value);
	if (value_of(word, "stale"))
		io.generation++;
	was = io;
	if (!succeeded(ioctl(fd, cmd, &io), &io, &was, sizeof(io)))
		return;
	say(" %s", io.status < ARRAY_SIZE(statuses) ? statuses[io.status] : "?");
	say_count("matches", io.num_matches, kind);
	say_count("offset", io.offset, kind);
	say(" generation %s", io.generation == generation ? "g" :
	    io.generation == generation + 1 ? "g+1" : "?");
}

void ask_getconf(int fd, char **word)
{
	get_conf(fd, word, PCIOCGETCONF, sizeof(struct pci_conf));
}

void ask_getconf14(int fd, char **word)
{
	get_conf(fd, word, PCIOCGETCONF14, CONF14_SIZE);
}

/* DEVICE: its record, except for numbers that the system chooses */
void ask_record(int fd, char **word)
{
	struct pci_match_conf pattern = { .pc_sel = device(word[0]), .flags = 0xf };
	struct pci_conf c;
	struct pci_conf_io io = {
		.num_patterns = 1, .patterns = &pattern,
		.pat_buf_len = sizeof(pattern), .matches = &c,
		.match_buf_len = sizeof(c),
	};
	struct pci_io attached = { .pi_sel = pattern.pc_sel };

	if (ioctl(fd, PCIOCGETCONF, &io) || io.num_matches != 1 ||
	    ioctl(fd, PCIOCATTACHED, &attached)) {
		say("not found");
		return;
	}
	say("hdr %x %04x:%04x sub %04x:%04x class %02x%02x%02x name '%s' attached %u len %zu",
	    c.pc_hdr, c.pc_vendor, c.pc_device, c.pc_subvendor, c.pc_subdevice,
	    c.pc_class, c.pc_subclass, c.pc_progif, c.pd_name, attached.pi_data,
	    (size_t)c.pc_reported_len);
}

void list_begin(int fd)
{
	struct pci_conf_io io = { 0 };

	if (ioctl(fd, PCIOCGETCONF, &io))
		bail("PCIOCGETCONF");
	generation = io.generation;
	total = all_functions(all, ROOM);
}
