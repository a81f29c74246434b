// SPDX-License-Identifier: GPL-2.0
/* Says who it is, what it may do and what it can see. */
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <linux/capability.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static void print_caps(void)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct caps[2];
	int cap, bounding = 0;

	if (syscall(SYS_capget, &head, caps))
		err(1, "capget");
	for (cap = 0; prctl(PR_CAPBSET_READ, cap) >= 0; cap++)
		bounding += prctl(PR_CAPBSET_READ, cap);
	printf("capabilities: permitted %x%08x, inheritable %x%08x, bounding set: %d of %d\n",
	       caps[1].permitted, caps[0].permitted, caps[1].inheritable,
	       caps[0].inheritable, bounding, cap);
	printf("new privileges by exec: %s\n",
	       prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? "none" : "possible");
}

static void print_interfaces(void)
{
	struct if_nameindex *all = if_nameindex(), *one;

	if (!all)
		err(1, "if_nameindex");
	printf("network:");
	for (one = all; one->if_index; one++)
		printf(" %s", one->if_name);
	printf("\n");
	if_freenameindex(all);
}

static void print_open_files(void)
{
	int fd;

	printf("open files:");
	for (fd = 0; fd < 1024; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			printf(" %d", fd);
	printf("\n");
}

static int print_file(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)type;
	(void)ftw;
	printf("file: %s%s\n", path,
	       S_ISDIR(st->st_mode) && path[1] ? "/" : S_ISCHR(st->st_mode) ? " (device)" : "");
	return 0;
}

static void print_missing(const char *path)
{
	if (access(path, F_OK) == 0)
		printf("%s: is there\n", path);
	else
		printf("%s: %s\n", path, strerror(errno));
}

int main(void)
{
	printf("process %d of its namespace, user %d, group %d, %d more groups\n",
	       getpid(), getuid(), getgid(), getgroups(0, NULL));
	print_caps();
	print_interfaces();
	print_open_files();
	if (nftw("/", print_file, 16, FTW_PHYS))
		err(1, "/");
	print_missing("/dev/port");
	print_missing("/dev/mem");
	print_missing("/proc");
	print_missing("/sys");
	return 0;
}
