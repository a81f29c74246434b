// SPDX-License-Identifier: GPL-2.0
/*
 * Tests bario(4): NODES. Real users, capabilities, user namespaces, a jail, descriptors
 * that are handed over, and a kernel that is locked down.
 */
#define _GNU_SOURCE
#include <limits.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include "guest.h"

static int readonly;

static uint32_t count(void)
{
	return testdev_count(testdev);
}

/* Opens and closes; 0 or an errno. */
static int try_open(const char *path, int flags)
{
	int fd = open(path, flags), error = fd < 0 ? errno : 0;

	if (fd >= 0)
		close(fd);
	return error;
}

static void opens(const char *path, int flags, int want, const char *name)
{
	int got = try_open(path, flags);

	ok(got == want, "%s: %s", name, errno_name(want));
	if (got != want)
		note("got %s", errno_name(got));
}

static bool may_list(int fd, unsigned int want)
{
	static struct pci_conf found[64];
	struct pci_conf_io io = { .matches = found,
				  .match_buf_len = sizeof(found) };

	return !ioctl(fd, PCIOCGETCONF, &io) && io.num_matches == want;
}

static unsigned int total(void)
{
	struct pcisel all[64];

	return all_functions(all, ARRAY_SIZE(all));
}

/* ---- the nodes' modes ---- */
static void modes(void)
{
	struct pcisel all[64];
	unsigned int i, n = all_functions(all, ARRAY_SIZE(all)), bad = 0;
	struct stat st;

	about("nodes");
	ok(!stat("/dev/pci", &st) && S_ISCHR(st.st_mode) &&
	   (st.st_mode & 07777) == 0644 && !st.st_uid && !st.st_gid,
	   "/dev/pci is root's, mode 0644");
	for (i = 0; i < n; i++)
		bad += stat(node_path(all[i]), &st) || !S_ISCHR(st.st_mode) ||
		       (st.st_mode & 07777) != 0600 || st.st_uid || st.st_gid;
	is(bad, 0, "each of %u functions has a node of root's, mode 0600", n);
	ok(!stat("/dev/bario", &st) && (st.st_mode & 0777) == 0755,
	   "/dev/bario can be looked into by everybody");
	opens(node_path(absent), O_RDONLY, ENOENT, "open of a node of no function");
}

/* ---- what a file that is open for reading only may ask ---- */
static void all_requests(int fd, struct pcisel sel, int vpd, const char *who)
{
	struct pci_bar_ioreq bar = request(sel, PCIBARIO_READ, 0, 0, 1, 0);
	struct pci_bar_io base = { .pbi_sel = sel, .pbi_reg = 0x10 };
	struct pci_list_vpd_io list = { .plvi_sel = sel };
	struct pci_bar_mmap map = { .pbm_sel = sel, .pbm_reg = 0x10 };
	struct pci_io io = { sel, 0, 4, 0x77 };

	ok(may_list(fd, fd == readonly ? total() : 1), "%s: PCIOCGETCONF succeeds", who);
	is_errno(ioctl(fd, PCIOCGETBAR, &base), 0, "%s: PCIOCGETBAR succeeds", who);
	refused(fd, PCIOCLISTVPD, &list, vpd, "%s", who);
	refused(fd, PCIOCREAD, &io, EPERM, "%s", who);
	refused(fd, PCIOCWRITE, &io, EPERM, "%s", who);
	refused(fd, PCIOCATTACHED, &io, EPERM, "%s", who);
	refused(fd, PCIOCBARMMAP, &map, EPERM, "%s", who);
	refused(fd, PCIOCBARIO, &bar, EPERM, "%s", who);
	refused(fd, _IOWR('p', 99, struct pci_io), &io, ENOTTY,
		"%s: an unknown request", who);
}

static void nobody_reads(void *unused)
{
	about("a user");
	(void)unused;
	opens("/dev/pci", O_RDONLY, 0, "open of /dev/pci for reading");
	opens("/dev/pci", O_RDWR, EACCES, "open of /dev/pci for writing");
	opens(node_path(testdev), O_RDONLY, EACCES, "open of a node for reading");
	opens(node_path(testdev), O_RDWR, EACCES, "open of a node for writing");
	all_requests(readonly, testdev, EPERM, "/dev/pci open for reading");
}

static void without_rawio(void *unused)
{
	about("root without CAP_SYS_RAWIO");
	(void)unused;
	opens("/dev/pci", O_RDONLY, 0, "open of /dev/pci for reading");
	opens("/dev/pci", O_RDWR, EPERM, "open of /dev/pci for reading and writing");
	opens("/dev/pci", O_WRONLY, EPERM, "open of /dev/pci for writing");
	opens(node_path(testdev), O_RDWR, 0, "open of a node");
	all_requests(readonly, testdev, EPERM, "/dev/pci open for reading");
}

static void in_writable_pci(void *unused)
{
	about("a user, with /dev/pci of mode 0666");
	(void)unused;
	opens("/dev/pci", O_RDWR, EPERM, "open of /dev/pci");
}

/* The user nobody with CAP_SYS_RAWIO as the only capability */
static void with_rawio_only(void *unused)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2] = {
		{ 1u << CAP_SYS_RAWIO, 1u << CAP_SYS_RAWIO, 0 },
	};

	about("a user with CAP_SYS_RAWIO, with /dev/pci of mode 0666");
	(void)unused;
	if (prctl(PR_SET_KEEPCAPS, 1) || setresgid(NOBODY, NOBODY, NOBODY) ||
	    setresuid(NOBODY, NOBODY, NOBODY) || syscall(SYS_capset, &head, data))
		bail("can't keep the capability");
	opens("/dev/pci", O_RDWR, 0, "open of /dev/pci");
	opens(node_path(testdev), O_RDWR, EACCES,
	      "open of a node");
}

/* Root of a user namespace has all capabilities, but only there. */
static void root_of_namespace(void *unused)
{
	about("open of /dev/pci for writing");
	(void)unused;
	if (unshare(CLONE_NEWUSER))
		bail("unshare");
	opens("/dev/pci", O_RDWR, EPERM, "open of /dev/pci for writing");
	opens("/dev/pci", O_RDONLY, 0, "open of /dev/pci for reading");
}

static void users(void)
{
	about("root");
	as_nobody(nobody_reads, NULL);
	without_capability(CAP_SYS_RAWIO, without_rawio, NULL);
	all_requests(readonly, testdev, ENXIO, "/dev/pci open for reading");
	if (chmod("/dev/pci", 0666))
		bail("chmod");
	as_nobody(in_writable_pci, NULL);
	as_nobody(root_of_namespace, NULL);
	in_child(with_rawio_only, NULL);
	chmod("/dev/pci", 0644);
}

/* ---- a node that its mode gives to a user ---- */
static void owner(void *unused)
{
	struct pci_io io = { testdev, COMMAND, 2, 7 };
	uint32_t value;
	int fd = open(node_path(testdev), O_RDWR), only;

	about("a user with a node of its own");
	(void)unused;
	if (fd < 0)
		bail("nobody can't open the node that is its own");
	ok(true, "it opens the node without a capability");
	is(try_read(fd, testdev, 1, TESTDEV_OFFSET, 4, &value), 0,
	   "it reads a register");
	is(value, PORT_TARGET, "the right one");
	is(try_write(fd, testdev, 1, PORT_TARGET, 1, TARGET_DATA), 0,
	   "it writes a register");
	is(config_read(fd, testdev, 0, 4, &value), 0, "it reads configuration space");
	ok(map_bar(fd, testdev, 0, PCIIO_BAR_MMAP_RW, NULL), "it maps a BAR");
	refused(fd, PCIOCWRITE, &io, EACCES, "a register of configuration space");
	io.pi_sel = behind;
	refused(fd, PCIOCREAD, &io, ENODEV, "another function");
	bario_refused(fd, request(behind, PCIBARIO_READ, 0, 0, 1, 0), ENODEV,
		      "another function");
	bario_refused(fd, request(absent, PCIBARIO_READ, 0, 0, 1, 0), ENODEV,
		      "no function");
	ok(may_list(fd, 1), "PCIOCGETCONF lists its function alone");
	only = open(node_path(testdev), O_RDONLY);
	all_requests(only, testdev, EPERM, "the node open for reading");
	opens(node_path(edu), O_RDWR, EACCES, "open of another node");
}

static char reopened[64];

static void reopen(void *unused)
{
	about("a user with a node's descriptor");
	(void)unused;
	opens(reopened, O_RDWR, EACCES,
	      "open of the descriptor against the node's mode");
}

static void owners(void)
{
	uint32_t before;
	int fd;

	about("a user with a node of its own");
	count_in_ports(testdev);
	if (chown(node_path(testdev), NOBODY, NOBODY))
		bail("chown");
	before = count();
	as_nobody(owner, NULL);
	is(count() - before, 1, "its write reaches the device once");
	chown(node_path(testdev), 0, 0);
	fd = open(node_path(testdev), O_RDWR);
	snprintf(reopened, sizeof(reopened), "/proc/self/fd/%d", fd);
	as_nobody(reopen, NULL);
	close(fd);
}

/* ---- files handed over ---- */
static void holder(void *arg)
{
	uint32_t value;
	int fd = *(int *)arg;

	about("a user that inherits a descriptor");
	is(try_read(fd, testdev, 1, TESTDEV_OFFSET, 4, &value), 0,
	   "it reads a register");
}

static void receiver(void *arg)
{
	char control[CMSG_SPACE(sizeof(int))], byte;
	struct iovec data = { &byte, 1 };
	struct msghdr message = { .msg_iov = &data, .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	uint32_t value;
	int fd;

	about("a user that receives a descriptor");
	if (recvmsg(*(int *)arg, &message, 0) != 1 || !CMSG_FIRSTHDR(&message))
		bail("recvmsg");
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(fd));
	is(try_read(fd, testdev, 1, TESTDEV_OFFSET, 4, &value), 0,
	   "it reads a register");
	is(value, PORT_TARGET, "it reads the right value");
	is(try_read(fd, edu, 0, 0, 4, &value), ENODEV, "it cannot read another function");
}

static void hand_over(void)
{
	char control[CMSG_SPACE(sizeof(int))] = { 0 };
	struct iovec data = { "x", 1 };
	struct msghdr message = { .msg_iov = &data, .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	struct cmsghdr *head = CMSG_FIRSTHDR(&message);
	int node = open_node(testdev, O_RDWR), ends[2];

	as_nobody(holder, &node);
	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(head), &node, sizeof(node));
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) ||
	    sendmsg(ends[0], &message, 0) != 1)
		bail("sendmsg");
	close(node);
	as_nobody(receiver, &ends[1]);
	close(ends[0]);
	close(ends[1]);
}

/* ---- how a file was opened ---- */
static void open_modes(void)
{
	struct pci_bar_ioreq req = request(testdev, PCIBARIO_READ, 1,
					   TESTDEV_OFFSET, 4, 0);
	int fd = open("/dev/pci", O_WRONLY);

	about("open of /dev/pci");
	is_errno(ioctl(fd, PCIOCBARIO, &req), 0, "for writing only: PCIOCBARIO reads");
	is(req.pbi_value, PORT_TARGET, "it reads the right value");
	ok(may_list(fd, total()), "for writing only: PCIOCGETCONF succeeds");
	close(fd);
	fd = open("/dev/pci", O_ACCMODE);
	bario_refused(fd, req, EPERM, "with access mode 3");
	close(fd);
	fd = open("/dev/pci", O_PATH);
	bario_refused(fd, req, EBADF, "with O_PATH");
	close(fd);
}

/* ---- a jail: nothing but the program and a node called /dev/pci ---- */
static void in_jail(void *arg)
{
	int fd = open("/dev/pci", O_RDWR);
	struct pci_io io = { serial2, COMMAND, 2, 7 };
	uint32_t value;

	about("a jail");
	(void)arg;
	if (fd < 0)
		bail("the jail can't open its /dev/pci");
	ok(true, "it opens its /dev/pci");
	ok(may_list(fd, 1), "PCIOCGETCONF lists one function");
	is(try_write(fd, testdev, 1, PORT_TARGET, 1, TARGET_DATA), 0,
	   "it writes a register");
	io.pi_sel = testdev;
	refused(fd, PCIOCWRITE, &io, EACCES, "a register of configuration space");
	is(try_read(fd, edu, 0, 0, 4, &value), ENODEV, "it cannot read another function");
	opens("/dev/bario", O_RDONLY, ENOENT, "open of /dev/bario");
	opens("/proc/self", O_RDONLY, ENOENT, "open of /proc");
	opens("/sys", O_RDONLY, ENOENT, "open of /sys");
	is(getuid(), NOBODY, "it runs as nobody");
	is_errno(setuid(0), EPERM, "setuid(2) to root");
}

static void jail(void *unused)
{
	int status;

	(void)unused;
	if (unshare(CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC) ||
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mkdir("/tmp/jail", 0755) ||
	    mount("jail", "/tmp/jail", "tmpfs", 0, "mode=0755") ||
	    mkdir("/tmp/jail/dev", 0755) ||
	    close(open("/tmp/jail/dev/pci", O_CREAT | O_WRONLY, 0600)) ||
	    mount(node_path(testdev), "/tmp/jail/dev/pci", NULL, MS_BIND, NULL) ||
	    chown("/tmp/jail/dev/pci", NOBODY, NOBODY) ||
	    chdir("/tmp/jail") || chroot("."))
		bail("the jail can't be built");
	as_nobody(in_jail, NULL);
	while (wait(&status) > 0)
		;
}

static void jails(void)
{
	uint32_t before;

	about("a jail");
	count_in_ports(testdev);
	before = count();
	in_child(jail, NULL);
	is(count() - before, 1, "its write reaches the device once");
	chown(node_path(testdev), 0, 0);
}

/* ---- lockdown; the last, as there is no way back ---- */
static void lockdown(void)
{
	int pci = open_pci(O_RDWR), node = open_node(testdev, O_RDWR);
	uint32_t before, value;

	about("a kernel that is locked down");
	count_in_ports(testdev);
	before = count();
	if (!write_file("/sys/kernel/security/lockdown", "integrity"))
		bail("the kernel can't be locked down");
	opens("/dev/pci", O_RDWR, EPERM, "open of /dev/pci for reading and writing");
	opens("/dev/pci", O_WRONLY, EPERM, "open of /dev/pci for writing");
	opens(node_path(testdev), O_RDWR, EPERM, "open of a node for reading and writing");
	opens(node_path(testdev), O_WRONLY, EPERM,
	      "open of a node for writing");
	opens("/dev/pci", O_RDONLY, 0, "open of /dev/pci for reading");
	opens(node_path(testdev), O_RDONLY, 0, "open of a node for reading");
	ok(may_list(readonly, total()), "PCIOCGETCONF succeeds");
	is(try_read(pci, testdev, 1, TESTDEV_OFFSET, 4, &value), 0,
	   "a file that was open reads");
	is(value, PORT_TARGET, "it reads the right value");
	is(try_write(node, testdev, 1, PORT_TARGET, 1, TARGET_DATA), 0,
	   "a node that was open writes");
	is(count() - before, 1, "its write reaches the device once");
	close(pci);
	close(node);
}

int main(void)
{
	tap_begin();
	count_in_ports(testdev);
	readonly = open_pci(O_RDONLY);
	watch(count);
	modes();
	users();
	watch(NULL);
	open_modes();
	owners();
	hand_over();
	jails();
	lockdown();
	return tap_end();
}
