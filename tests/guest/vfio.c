// SPDX-License-Identifier: GPL-2.0
/*
 * Tests bario(4): CLAIMS. A process has a function open through VFIO, others have its
 * node open: the function belongs to the VFIO user alone, whichever came first, and
 * neither changes what the other has set. The machine has an IOMMU.
 */
#define _GNU_SOURCE
#include <linux/vfio.h>
#include <sys/mman.h>
#include "hold.h"

/* edu's DMA: from there to its buffer, or back. */
#define EDU_SOURCE	0x80
#define EDU_TARGET	0x88
#define EDU_COUNT	0x90
#define EDU_DMA		0x98
#define EDU_START	1u
#define EDU_TO_MEMORY	2u
#define EDU_BUFFER	0x40000

#define IOVA		0x100000	/* edu has 28 bits of address */
#define SIZE		256

struct user {
	int		container, group, device;
	uint64_t	bar, config;	/* where the regions are */
};

static uint64_t region(struct user *user, unsigned int index)
{
	struct vfio_region_info info = {
		.argsz = sizeof(info), .index = index,
	};

	if (ioctl(user->device, VFIO_DEVICE_GET_REGION_INFO, &info))
		bail("VFIO: region %u", index);
	return info.offset;
}

/* Through VFIO; enables the function. */
static struct user vfio_open(struct pcisel sel)
{
	char link[128], path[64], *number;
	struct user user;
	ssize_t length;

	length = readlink(attribute_path(sel, "iommu_group"), link,
			  sizeof(link) - 1);
	if (length < 0)
		bail("%s has no IOMMU group", sysfs_name(sel));
	link[length] = '\0';
	number = strrchr(link, '/');
	snprintf(path, sizeof(path), "/dev/vfio%s", number);
	user.container = open("/dev/vfio/vfio", O_RDWR | O_CLOEXEC);
	user.group = open(path, O_RDWR | O_CLOEXEC);
	if (user.container < 0 || user.group < 0 ||
	    ioctl(user.group, VFIO_GROUP_SET_CONTAINER, &user.container) ||
	    ioctl(user.container, VFIO_SET_IOMMU, VFIO_TYPE1_IOMMU))
		bail("%s: %s", path, errno_name(errno));
	user.device = ioctl(user.group, VFIO_GROUP_GET_DEVICE_FD,
			    sysfs_name(sel));
	if (user.device < 0)
		bail("VFIO does not open %s: %s", sysfs_name(sel),
		     errno_name(errno));
	user.bar = region(&user, VFIO_PCI_BAR0_REGION_INDEX);
	user.config = region(&user, VFIO_PCI_CONFIG_REGION_INDEX);
	return user;
}

static void vfio_close(struct user *user)
{
	close(user->device);
	close(user->group);
	close(user->container);
}

/* 0 or an errno. */
static int vfio_read(struct user *user, unsigned int offset, uint32_t *value)
{
	return pread(user->device, value, 4, user->bar + offset) == 4 ? 0 :
								       errno;
}

static uint32_t vfio_get(struct user *user, unsigned int offset)
{
	uint32_t value = 0;
	int error = vfio_read(user, offset, &value);

	if (error)
		bail("VFIO: reading %#x: %s", offset, errno_name(error));
	return value;
}

static void vfio_put(struct user *user, unsigned int offset, uint32_t value)
{
	if (pwrite(user->device, &value, 4, user->bar + offset) != 4)
		bail("VFIO: writing %#x", offset);
}

static uint32_t command(void)
{
	return cfg(edu, COMMAND, 2);
}

static void vfio_master(struct user *user)
{
	uint16_t value = COMMAND_MEMORY | COMMAND_MASTER;

	if (pwrite(user->device, &value, 2, user->config + COMMAND) != 2)
		bail("VFIO: COMMAND");
}

static struct user *mover;

static bool dma_ended(struct pcisel sel)
{
	(void)sel;
	return !(vfio_get(mover, EDU_DMA) & EDU_START);
}

static bool move(struct user *user, uint32_t from, uint32_t to, uint32_t how)
{
	vfio_put(user, EDU_SOURCE, from);
	vfio_put(user, EDU_TARGET, to);
	vfio_put(user, EDU_COUNT, SIZE);
	vfio_put(user, EDU_DMA, how | EDU_START);
	mover = user;
	return wait_for(dma_ended, edu);
}

/* The device copies the first half of the page to its buffer, and that to the second. */
static bool dma_works(struct user *user, unsigned char *page, unsigned char fill)
{
	memset(page, fill, PAGE / 2);
	memset(page + PAGE / 2, 0, PAGE / 2);
	return move(user, IOVA, EDU_BUFFER, 0) &&
	       move(user, EDU_BUFFER, IOVA + PAGE / 2, EDU_TO_MEMORY) &&
	       !memcmp(page, page + PAGE / 2, SIZE);
}

static unsigned char *give_memory(struct user *user)
{
	unsigned char *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE,
				   -1, 0);
	struct vfio_iommu_type1_dma_map map = {
		.argsz = sizeof(map),
		.flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE,
		.vaddr = (uintptr_t)page, .iova = IOVA, .size = PAGE,
	};

	if (page == MAP_FAILED ||
	    ioctl(user->container, VFIO_IOMMU_MAP_DMA, &map))
		bail("VFIO: memory for DMA");
	return page;
}

static volatile uint32_t *mapping;

static bool mapping_gone(struct pcisel sel)
{
	(void)sel;
	return faults(mapping, false) == 1;
}

/* All that a node, or /dev/pci, can be asked for. */
static void refused_all(int fd, const char *name)
{
	struct barioc_op op = { .op = BARIOC_OP_READ, .width = 4 };
	struct barioc_run run = {
		.bus = edu.pc_bus, .dev = edu.pc_dev, .func = edu.pc_func,
		.count = 1, .ops = (uintptr_t)&op,
	};

	errno_is(read_errno(fd, edu, 0), EBUSY, "%s: a read", name);
	errno_is(try_write(fd, edu, 0, 4, 4, 1), EBUSY, "%s: a write", name);
	errno_is(ioctl(fd, BARIOC_RUN, &run) ? errno : 0, EBUSY,
		 "%s: a program", name);
	ok(!map_bar(fd, edu, 0, PCIIO_BAR_MMAP_RW, NULL) && errno == EBUSY,
	   "%s: a mapping", name);
	is_str(holder(fd, edu, 0), "vfio-pci", "%s: HOLDER", name);
}

/* VFIO came first; files of ours are opened before and after. */
static void opened_first(void)
{
	int pci = open_pci(O_RDWR), before = open_node(edu, O_RDWR), node;
	struct user user = vfio_open(edu);
	unsigned char *page = give_memory(&user);
	uint32_t line = cfg(edu, 0x3c, 1), was;
	int config = derive_one(pci, edu, BARIOC_SPACE_CONFIG,
				BARIOC_RIGHT_WRITE, 0x3c, 1);

	is(vfio_get(&user, 0), EDU_ID, "VFIO opened first: its user reads the BAR");
	vfio_master(&user);
	was = command();
	is(was & (COMMAND_MASTER | COMMAND_MEMORY),
	   COMMAND_MASTER | COMMAND_MEMORY, "VFIO opened first: its user turns bus mastering on");
	ok(dma_works(&user, page, 0x5a), "VFIO: the device copies memory");
	node = open_node(edu, O_RDWR);
	refused_all(before, "a node opened before");
	refused_all(node, "a node opened meanwhile");
	refused_all(pci, "/dev/pci");
	errno_is(config_write(config, edu, 0x3c, 1, line), EBUSY,
		 "VFIO opened first: PCIOCWRITE by a derived file");
	close(before);
	close(node);
	is(command(), was, "VFIO opened first: the command register is as its user set it");
	ok(!claimed(edu, 0), "VFIO opened first: nothing is claimed");
	ok(dma_works(&user, page, 0xa5), "VFIO: the device goes on copying memory");
	vfio_close(&user);
	munmap(page, PAGE);
	node = open_node(edu, O_RDWR);
	is(get(node, edu, 0, 0, 4), EDU_ID, "VFIO closed: the node reads the BAR");
	is(command() & COMMAND_MASTER, 0, "VFIO closed: bus mastering is off");
	close(node);
	close(config);
	close(pci);
}

/* The node came first, with a claim and a mapping. */
static void opened_second(void)
{
	int node = open_node(edu, O_RDWR);
	struct user user;
	unsigned char *page;
	uint32_t was;

	mapping = map_bar(node, edu, 0, PCIIO_BAR_MMAP_RW, NULL);
	if (!mapping)
		bail("edu can't be mapped");
	is(*mapping, EDU_ID, "before VFIO: a node has mapped the BAR");
	ok(claimed(edu, 0), "before VFIO: the node has claimed the BAR");
	user = vfio_open(edu);
	page = give_memory(&user);
	ok(wait_for(mapping_gone, edu), "VFIO opened second: the mapping is taken away");
	ok(!claimed(edu, 0), "VFIO opened second: the claim is taken away");
	is(vfio_get(&user, 0), EDU_ID, "VFIO opened second: its user reads the BAR");
	vfio_master(&user);
	was = command();
	ok(dma_works(&user, page, 0x3c), "VFIO: the device copies memory");
	refused_all(node, "the node");
	munmap((void *)mapping, bar_range(edu, 0).size);
	close(node);
	is(command(), was,
	   "VFIO opened second: closing the node leaves the command register");
	ok(dma_works(&user, page, 0xc3), "VFIO: the device goes on copying memory");
	vfio_close(&user);
	munmap(page, PAGE);
}

int main(void)
{
	tap_begin();
	if (system("modprobe vfio_iommu_type1 allow_unsafe_interrupts=1") ||
	    !modprobe("vfio-pci"))
		bail("this kernel has no VFIO");
	ok(bind_driver(edu, "vfio-pci"), "vfio-pci is bound");
	opened_first();
	opened_second();
	ok(unbind_driver(edu), "vfio-pci is unbound");
	is(claims(), 0, "nothing is claimed");
	return tap_end();
}
