// SPDX-License-Identifier: GPL-2.0
/* Tests bario(4): TRACEPOINTS. Also SYSFS ATTRIBUTES: the counters. */
#define _GNU_SOURCE
#include <stdarg.h>
#include <sys/mman.h>
#include "hold.h"
#include "record.h"

/* ---- counters ---- */
static const char * const counters[] = {
	"accesses", "claims", "denied_grant", "denied_busy", "denied_io",
	"denied_invalid",
};

static unsigned long counted[ARRAY_SIZE(counters)];

static void count_from(struct pcisel sel)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(counters); i++)
		counted[i] = counter(sel, counters[i]);
}

/* By how much each has grown, as one string. */
static const char *grown(struct pcisel sel)
{
	static char text[128];
	size_t i, at = 0;

	for (i = 0; i < ARRAY_SIZE(counters); i++)
		at += snprintf(text + at, sizeof(text) - at, "%s%lu",
			       i ? " " : "",
			       counter(sel, counters[i]) - counted[i]);
	return text;
}

static void counts(void)
{
	int pci = open_pci(O_RDWR), node = open_node(testdev, O_RDWR);
	int derived = derive_bar(node, testdev, 0, R), i;
	struct pci_io io = { testdev, 4, 2, 0 };
	unsigned long other = counter(edu, "accesses");

	about("counters");
	count_from(testdev);
	is_str(grown(testdev), "0 0 0 0 0 0",
	       "open and BARIOC_DERIVE count nothing");
	for (i = 0; i < 7; i++)
		get(node, testdev, 0, 0, 4);
	is_str(grown(testdev), "7 1 0 0 0 0", "7 reads: 7 accesses, 1 claim");
	put(pci, testdev, 1, 0, 1, 0);
	is_str(grown(testdev), "8 2 0 0 0 0", "a write to another BAR: 1 access, 1 claim");
	errno_is(try_write(derived, testdev, 0, 0, 4, 0), EACCES,
		 "PCIOCBARIO: a write that is not granted");
	is_str(grown(testdev), "8 2 1 0 0 0", "the failed request is counted");
	refused(node, PCIOCWRITE, &io, EACCES, "a register that is not granted");
	is_str(grown(testdev), "8 2 2 0 0 0", "the failed request is counted");
	errno_is(read_errno(node, testdev, 5), EINVAL, "PCIOCBARIO: no such BAR");
	errno_is(try_write(pci, testdev, 0, 2, 4, 0), EINVAL,
		 "PCIOCBARIO: a misaligned write");
	is_str(grown(testdev), "8 2 2 0 0 2", "the failed requests are counted");
	is(counter(edu, "accesses"), other, "another function has counted nothing");
	close(derived);
	close(node);
	close(pci);
	is_str(grown(testdev), "8 2 2 0 0 2", "claims that ended stay counted");
	node = open_node(serial, O_RDWR);
	count_from(serial);
	errno_is(try_write(node, serial, 0, 0, 1, 0), EBUSY, "PCIOCBARIO: a bound driver");
	is_str(grown(serial), "0 0 0 1 0 0", "the failed request is counted");
	close(node);
}

/* ---- tracepoints ---- */
#define TRACING		"/sys/kernel/tracing/"

static char *trace;

static void trace_begin(const char *event)
{
	char path[128];

	write_file(TRACING "events/bario/enable", "0");
	write_file(TRACING "trace", "");
	snprintf(path, sizeof(path), TRACING "events/bario/%senable", event);
	if (close(open(TRACING "trace", O_WRONLY | O_TRUNC | O_CLOEXEC)) ||
	    !write_file(path, "1"))
		bail("%s", path);
}

/* What was recorded since; events of this process alone. */
static void trace_end(void)
{
	static char buffer[1 << 16];
	int fd = open(TRACING "trace", O_RDONLY | O_CLOEXEC);
	ssize_t len, at = 0;

	while ((len = read(fd, buffer + at, sizeof(buffer) - 1 - at)) > 0)
		at += len;
	close(fd);
	buffer[at] = '\0';
	write_file(TRACING "events/bario/enable", "0");
	trace = buffer;
}

static void traced(const char *format, ...) PRINTF(1, 2);

/* Is there a next line of ours that says just this? */
static void traced(const char *format, ...)
{
	char text[256], who[32], line[512] = "";
	va_list args;
	char *end;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	snprintf(who, sizeof(who), "-%d", getpid());
	for (; *trace; trace = end) {
		end = strchrnul(trace, '\n');
		snprintf(line, sizeof(line), "%.*s", (int)(end - trace), trace);
		end += *end == '\n';
		if (line[0] != '#' && strstr(line, who) && strstr(line, "bario_"))
			break;
		line[0] = '\0';
	}
	if (*trace)
		trace = end;
	is_str(line[0] ? strstr(line, "bario_") : "no line", text, "traced");
}

static void traces(void)
{
	int pci = open_pci(O_RDWR), node = open_node(edu, O_RDWR), derived;
	struct barioc_rule one = rule(edu, 0, R | M, 0, TO_END);
	uint32_t value, id = 0;
	volatile uint32_t *at;
	int i;

	about("tracepoints");
	if (access(TRACING "events/bario", F_OK)) {
		ok(true, "tracepoints # SKIP this kernel has none");
		return;
	}
	close(open_pci(O_RDWR));
	trace_begin("");
	get(node, edu, 0, 0, 4);
	put(node, edu, 0, 4, 4, 0xdeadbeef);
	try_read(node, edu, 0, 2, 4, &value);
	try_write(node, edu, 6, 0x7fff, 2, 0x1234);
	config_read(node, edu, 0, 4, &value);
	config_write(node, edu, 4, 2, 7);
	config_write(pci, edu, 0x3c, 1, cfg(edu, 0x3c, 1));
	derived = derive(node, &one, 1, &id);
	get(derived, edu, 0, 0, 4);
	at = map_bar(derived, edu, 0, 0, NULL);
	revoke_id(node, id);
	revoke_id(node, id);
	close(node);
	try_read(pci, serial, 0, 0, 1, &value);
	trace_end();
	traced("bario_claim: 0000:00:05.0 bar0 result=0");
	traced("bario_access: 0000:00:05.0 read bar0+0x0.4 value=0x10000ed result=0");
	traced("bario_access: 0000:00:05.0 write bar0+0x4.4 value=0xdeadbeef result=0");
	traced("bario_deny: 0000:00:05.0 bar0 result=%d", -EINVAL);
	traced("bario_access: 0000:00:05.0 read bar0+0x2.4 value=0x5ca1ab1e result=%d",
	       -EINVAL);
	traced("bario_deny: 0000:00:05.0 bar6 result=%d", -EINVAL);
	traced("bario_access: 0000:00:05.0 write bar6+0x7fff.2 value=0x1234 result=%d",
	       -EINVAL);
	traced("bario_config: 0000:00:05.0 read config+0x0.4 value=0x11e81234 result=0");
	traced("bario_deny: 0000:00:05.0 config result=%d", -EACCES);
	traced("bario_config: 0000:00:05.0 write config+0x4.2 value=0x7 result=%d",
	       -EACCES);
	traced("bario_config: 0000:00:05.0 write config+0x3c.1 value=%#x result=0",
	       cfg(edu, 0x3c, 1));
	traced("bario_derive: rules=1 id=%u", id);
	traced("bario_claim: 0000:00:05.0 bar0 result=0");
	traced("bario_access: 0000:00:05.0 read bar0+0x0.4 value=0x10000ed result=0");
	traced("bario_map: 0000:00:05.0 bar0 result=0");
	traced("bario_map: 0000:00:05.0 bar0 result=0");
	traced("bario_release: 0000:00:05.0 bar0 result=0");
	traced("bario_revoke: id=%u result=0", id);
	traced("bario_revoke: id=%u result=%d", id, -ENOENT);
	traced("bario_release: 0000:00:05.0 bar0 result=0");
	traced("bario_deny: 0000:00:04.0 bar0 result=%d", -EBUSY);
	traced("bario_access: 0000:00:04.0 read bar0+0x0.1 value=0x5ca1ab1e result=%d",
	       -EBUSY);
	is(*trace ? !!strstr(trace, "bario_") : 0, 0, "nothing else is traced");
	munmap((void *)at, bar_range(edu, 0).size);
	close(derived);

	/* One event alone; and a device that goes. */
	node = open_node(testdev, O_RDWR);
	get(node, testdev, 1, 0, 1);
	trace_begin("bario_release/");
	remove_function(testdev);
	trace_end();
	traced("bario_release: 0000:00:03.0 bar1 result=0");
	rescan();
	close(node);
	for (i = 0; i < 3; i++)
		get(pci, edu, 0, 0, 4);
	trace_end();
	is(!!strstr(trace, "bario_access"), 0, "what is off is not traced");
	close(pci);
}

int main(void)
{
	tap_begin();
	counts();
	traces();
	return tap_end();
}
