// SPDX-License-Identifier: GPL-2.0
#include "record.h"

const char *class_path(struct pcisel sel, const char *name)
{
	static char path[96];

	snprintf(path, sizeof(path), "/sys/class/bario/%s/%s",
		 strrchr(node_path(sel), '/') + 1, name);
	return path;
}

unsigned long counter(struct pcisel sel, const char *name)
{
	FILE *file = fopen(class_path(sel, name), "r");
	unsigned long value;

	if (!file || fscanf(file, "%lu", &value) != 1)
		bail("%s", class_path(sel, name));
	fclose(file);
	return value;
}

void wait_for_access(struct pcisel sel, unsigned long before)
{
	int i;

	for (i = 0; i < 30000 && counter(sel, "accesses") == before; i++)
		usleep(10000);
	if (i == 30000)
		bail("%s: nobody has an access", sysfs_name(sel));
}

static int kernel_log;

void log_begin(void)
{
	if (!kernel_log)
		kernel_log = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (kernel_log < 0 || lseek(kernel_log, 0, SEEK_END) < 0)
		bail("/dev/kmsg");
}

bool logged(const char *one, const char *two)
{
	char line[2048];
	bool found = false;
	ssize_t len;

	while ((len = read(kernel_log, line, sizeof(line) - 1)) > 0 ||
	       (len < 0 && errno == EPIPE)) {
		if (len < 0)
			continue;
		line[len] = '\0';
		found = found || (strstr(line, one) && strstr(line, two));
	}
	return found;
}
