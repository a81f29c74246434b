// SPDX-License-Identifier: GPL-2.0
/*
 * jail USER NODE[,NODE] PROGRAM [ARGUMENT]...
 *
 * Runs a static program as USER in a jail that has one device node, NODE, by
 * the name of /dev/pci (or none, where NODE is "-"), a second one, if it is
 * given, by its own name in /dev, the program itself, and nothing else:
 * namespaces of its own, a root with no other file, no capabilities and no way
 * to get any.
 * It has the standard input, output and error of the caller, and no
 * environment. To be run as root.
 *
 * Exits with the program's status (128 + n: signal n ended it); 125: the jail
 * could not be made, and nothing ran.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <libgen.h>
#include <linux/capability.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define FAILED	125
#define ROOT	"/tmp"	/* the new root is mounted there; any directory would do */

/* Not getpwnam(): a static program can't use the libraries that it loads. */
static struct passwd *find_user(const char *name)
{
	FILE *file = fopen("/etc/passwd", "re");
	struct passwd *user;

	if (!file)
		err(FAILED, "/etc/passwd");
	do {
		user = fgetpwent(file);
	} while (user && strcmp(user->pw_name, name));
	fclose(file);
	if (!user)
		errx(FAILED, "%s: no such user in /etc/passwd", name);
	if (user->pw_uid == 0 || user->pw_gid == 0)
		errx(FAILED, "%s: the program must not run as root", name);
	return user;
}

/* A mount of one file alone that is attached nowhere yet; nobody can change it. */
static int pick(const char *path, mode_t type, unsigned long attributes)
{
	struct mount_attr attr = { .attr_set = attributes | MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID };
	struct stat st;
	int fd = open_tree(AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);

	if (fd < 0 || fstat(fd, &st))
		err(FAILED, "%s", path);
	if ((st.st_mode & S_IFMT) != type)
		errx(FAILED, "%s is not a %s", path, type == S_IFCHR ? "device node" : "file");
	if (mount_setattr(fd, "", AT_EMPTY_PATH, &attr, sizeof(attr)))
		err(FAILED, "%s: mount_setattr", path);
	return fd;
}

/* Puts it there; the file under it is but a place to mount on. */
static void place(int mount, const char *path)
{
	int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0);

	if (fd < 0)
		err(FAILED, "%s in the new root", path);
	close(fd);
	if (move_mount(mount, "", AT_FDCWD, path, MOVE_MOUNT_F_EMPTY_PATH))
		err(FAILED, "%s in the new root: move_mount", path);
	close(mount);
}

static void make_root(const char *node, const char *second, const char *program,
		      const char *name)
{
	const unsigned long flags = MS_NOSUID | MS_NODEV | MS_NOEXEC;
	int node_fd = -1, second_fd = -1, program_fd;
	char path[256];

	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		err(FAILED, "/: can't be made private");
	if (strcmp(node, "-"))
		node_fd = pick(node, S_IFCHR, MOUNT_ATTR_NOEXEC);
	if (second)
		second_fd = pick(second, S_IFCHR, MOUNT_ATTR_NOEXEC);
	program_fd = pick(program, S_IFREG, MOUNT_ATTR_NODEV);
	if (mount("tmpfs", ROOT, "tmpfs", flags, "mode=0755,size=64k") || chdir(ROOT))
		err(FAILED, "%s: no tmpfs on it", ROOT);
	if (mkdir("dev", 0755))
		err(FAILED, "dev in the new root");
	if (node_fd >= 0)
		place(node_fd, "dev/pci");
	if (second) {
		snprintf(path, sizeof(path), "dev/%s", strrchr(second, '/') + 1);
		place(second_fd, path);
	}
	place(program_fd, name);

	/* The old root comes to stand on the new one, and goes with all below it. */
	if (syscall(SYS_pivot_root, ".", "."))
		err(FAILED, "pivot_root (an initramfs can't be left by it)");
	if (umount2(".", MNT_DETACH))
		err(FAILED, "the old root can't be detached");
	if (chdir("/") || mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | flags, NULL))
		err(FAILED, "the new root can't be made read-only");
}

static void drop_privileges(const struct passwd *user)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[2] = {};
	int cap;

	for (cap = 0; prctl(PR_CAPBSET_READ, cap) >= 0; cap++)
		if (prctl(PR_CAPBSET_DROP, cap))
			err(FAILED, "capability %d stays in the bounding set", cap);
	if (setgroups(0, NULL) || setresgid(user->pw_gid, user->pw_gid, user->pw_gid) ||
	    setresuid(user->pw_uid, user->pw_uid, user->pw_uid))
		err(FAILED, "can't become user %s", user->pw_name);
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) ||
	    syscall(SYS_capset, &head, none))
		err(FAILED, "capabilities can't be dropped");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		err(FAILED, "no_new_privs");
}

int main(int argc, char *argv[])
{
	const struct passwd *user;
	char path[256], *second;
	int status;
	pid_t pid;

	if (argc < 4)
		errx(FAILED, "usage: jail USER NODE[,NODE] PROGRAM [ARGUMENT]...");
	if (close_range(3, ~0U, 0))
		err(FAILED, "close_range");
	user = find_user(argv[1]);
	second = strchr(argv[2], ',');
	if (second)
		*second++ = '\0';
	if (second && !strchr(second, '/'))
		errx(FAILED, "%s: name it by its whole path", second);
	if (snprintf(path, sizeof(path), "/%s", basename(argv[3])) >= (int)sizeof(path))
		errx(FAILED, "%s: too long a name", argv[3]);
	if (unshare(CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS))
		err(FAILED, "no new namespaces");
	make_root(argv[2], second, argv[3], path + 1);

	/* The first child is the first process of the new pid namespace. */
	pid = fork();
	if (pid < 0)
		err(FAILED, "fork");
	if (pid == 0) {
		drop_privileges(user);
		/* Away from the caller's terminal, and to end when jail does. */
		if (setsid() < 0 || prctl(PR_SET_PDEATHSIG, SIGKILL))
			err(FAILED, "no session of its own");
		execve(path, argv + 3, (char *[]){ NULL });
		err(FAILED, "%s: can't be run in the jail", argv[3]);
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			err(FAILED, "waitpid");
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	warnx("%s: ended by signal %d (%s)", argv[3], WTERMSIG(status),
	      strsignal(WTERMSIG(status)));
	return 128 + WTERMSIG(status);
}
