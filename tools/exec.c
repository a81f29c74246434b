// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* bario exec: a command without privileges, and with one device. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "tool.h"

#define HANDED	3	/* the descriptor that the command gets */

static void die_errno(const char *what) __attribute__((noreturn));

static void die_errno(const char *what)
{
	exit(failed_system(what));
}

/* Not getpwnam(): it loads libraries, which a static program does not have. */
static void user_or_die(const char *name, uid_t *uid, gid_t *gid)
{
	FILE *file = fopen("/etc/passwd", "re");
	const struct passwd *user;

	if (!file)
		die_errno("/etc/passwd");
	do {
		user = fgetpwent(file);
	} while (user && strcmp(user->pw_name, name));
	if (!user)
		usage("there is no user %s in /etc/passwd", name);
	*uid = user->pw_uid;
	*gid = user->pw_gid;
	fclose(file);
	if (!*uid || !*gid)
		usage("%s has root's rights; name an ordinary user", name);
}

/* No way is left to get any privilege, by the file that is executed either. */
static void drop_privileges(uid_t uid, gid_t gid)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct none[2] = { 0 };
	int cap;

	for (cap = 0; cap < 64; cap++)
		if (prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) && errno != EINVAL)
			die_errno("the capability bounding set");
	if (setgroups(0, NULL) || setresgid(gid, gid, gid) ||
	    setresuid(uid, uid, uid))
		die_errno("another user");
	if (syscall(SYS_capset, &header, none))
		die_errno("capabilities");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		die_errno("no new privileges");
}

static void hand_over(int fd)
{
	if (fd == HANDED ? fcntl(fd, F_SETFD, 0) : dup2(fd, HANDED) < 0)
		die_errno("the descriptor");
}

/* What is open is a right, too. */
static void close_others(int first)
{
	if (syscall(SYS_close_range, first, ~0U, 0))
		die_errno("the other descriptors");
}

static int open_node(const char *path)
{
	const int fd = open(path, O_PATH | O_CLOEXEC);

	if (fd < 0)
		die_errno(path);
	return fd;
}

static void bind_node(int fd, const char *path)
{
	char source[40];
	const int file = open(path, O_CREAT | O_CLOEXEC, 0644);

	if (file < 0)
		die_errno(path);
	close(file);
	snprintf(source, sizeof(source), "/proc/self/fd/%d", fd);
	if (mount(source, path, NULL, MS_BIND, NULL))
		die_errno(path);
}

/*
 * A node of the same device that is the user's alone: root gives it, so the mode of the
 * node itself does not matter.
 */
static void give_node(int fd, const char *path, uid_t uid, gid_t gid)
{
	struct stat st;

	if (fstat(fd, &st) || mknod(path, S_IFCHR | 0600, st.st_rdev) ||
	    chown(path, uid, gid))
		die_errno(path);
}

/*
 * The node of what was named: a published one may do less than the function's. That of
 * all functions is for its users' capability alone.
 */
static void find_node(const char *name, const char *address, char *node,
		      size_t size)
{
	const char *end = strrchr(name, '@');
	struct bario_address function;
	char own[BARIO_NODE_TEXT];

	if (!strncmp(name, "fd:", 3))
		usage("--mount takes a device or a node, and %s is neither", name);
	if (strchr(name, '/') && strncmp(name, "/dev/pci", strlen("/dev/pci"))) {
		snprintf(node, size, "%.*s", end ? (int)(end - name) :
			 (int)strlen(name), name);
		return;
	}
	if (bario_address_parse(address, &function))
		exit(failed());
	bario_node_text(&function, own);
	snprintf(node, size, "%s", own);
}

/* A /dev of its own, with null, zero, and that node as pci. */
static void make_dev(const char *node, uid_t uid, gid_t gid)
{
	int pci, null, zero;

	if (unshare(CLONE_NEWNS) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		die_errno("a /dev of its own");
	/* In this namespace, before /dev is out of sight. */
	pci = open_node(node);
	null = open_node("/dev/null");
	zero = open_node("/dev/zero");
	if (mount("dev", "/dev", "tmpfs", MS_NOSUID | MS_NOEXEC,
		  "mode=755,size=64k"))
		die_errno("a /dev of its own");
	give_node(pci, "/dev/pci", uid, gid);
	bind_node(null, "/dev/null");
	bind_node(zero, "/dev/zero");
	if (mount(NULL, "/dev", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY |
		  MS_NOSUID | MS_NOEXEC, NULL))
		die_errno("a /dev of its own");
}

/* What the rules say, or without any all BARs. */
static int derive_file(struct bario *dev, char **args)
{
	struct bario_rule rules[64];
	struct bario_info info;
	size_t count = 0;
	unsigned int i;
	int fd;

	if (bario_get_info(dev, &info, sizeof(info)))
		exit(failed());
	for (; *args; args++) {
		if (count == COUNT(rules))
			usage("there are more than %zu rules", COUNT(rules));
		rules[count++] = rule_or_die(*args, &info.address);
	}
	for (i = 0; !count && i < BARIO_BARS_MAX; i++)
		rules[i] = (struct bario_rule){
			.domain = info.address.domain,
			.bus = info.address.bus, .dev = info.address.dev,
			.func = info.address.func, .space = i,
			.rights = BARIO_RIGHT_READ | BARIO_RIGHT_WRITE |
				  BARIO_RIGHT_MAP,
			.length = BARIO_TO_END,
		};
	if (bario_derive(dev, rules, count ? count : BARIO_BARS_MAX, 0, &fd,
			 NULL))
		exit(failed());
	return fd;
}

int run_exec(int argc, char **argv)
{
	struct options opt;
	struct bario *dev;
	char **args, **command, node[4096];
	uid_t uid;
	gid_t gid;

	args = options(argc, argv, OPTION_USER | OPTION_MOUNT |
		       OPTION_COMMAND, 0, -1, &opt);
	for (command = args; *command && strcmp(*command, "--"); command++)
		;
	if (!*command || !command[1] || command == args)
		usage("the device is followed by -- and a command");
	*command++ = NULL;
	if (geteuid())
		exit(failed_as(BARIO_CAUSE_PERMISSION, EPERM, "run it as root",
			       "only root has privileges to drop"));
	user_or_die(opt.user ? opt.user : "nobody", &uid, &gid);
	dev = device_or_die(args[0], 0);
	if (!opt.mount) {
		hand_over(derive_file(dev, args + 1));
		close_others(HANDED + 1);
	} else {
		if (args[1])
			usage("--mount is for all of a device; publish a name for less");
		find_node(args[0], bario_name(dev), node, sizeof(node));
		make_dev(node, uid, gid);
		close_others(HANDED);
	}
	drop_privileges(uid, gid);
	execvp(command[0], command);
	die_errno(command[0]);
}
