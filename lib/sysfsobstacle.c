// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * What is in the way of an access to a BAR, as /sys shows it: the checks before each
 * access by the sysfs back end, and the reason where the module refused one.
 */
#include <endian.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
#include "capability.h"
#include "sysfs.h"

#define BAR_REG(index)	(0x10 + 4 * (index))

/* Power management. */
#define PM_CONTROL	4
#define PM_STATE	0x3

/* SR-IOV: virtual functions, which decode as their physical function says. */
#define SRIOV_CONTROL	0x08
#define SRIOV_ON	0x9	/* virtual functions, and their memory */
#define SRIOV_BARS	0x24

/* Of the file "resource": where the BARs of all virtual functions begin. */
#define RESOURCE_SRIOV	7

static int read_register(void *arg, unsigned int offset, unsigned int width,
			 uint32_t *value)
{
	uint32_t data = 0;
	const int error = sysfs_read_config(arg, offset, &data, width);

	*value = le32toh(data);
	return error;
}

static const char *kind_name(uint32_t kind)
{
	return kind == BARIO_KIND_PORT ? "port" : "memory";
}

static unsigned int decode_bit(uint32_t kind)
{
	return kind == BARIO_KIND_PORT ? COMMAND_PORT : COMMAND_MEM;
}

/* ---- virtual functions ---- */

/* Where the SR-IOV capability is; 0 where that is not shown. */
static unsigned int find_sriov(struct sysfs *fn)
{
	unsigned int at, size;

	if (sysfs_config_size(fn, &size) ||
	    capability_find(read_register, fn, size, CAPABILITY_SRIOV, 0,
			    &at))
		return 0;
	return at;
}

/* A virtual function's own command register has no bit for it. */
static bool virtual_decoded(struct sysfs *physical)
{
	const unsigned int sriov = find_sriov(physical);
	uint32_t control;

	return !sriov ||
		read_register(physical, sriov + SRIOV_CONTROL, 2, &control) ||
		(control & SRIOV_ON) == SRIOV_ON;
}

bool sysfs_decoded(struct sysfs *fn, uint32_t command, uint32_t kind)
{
	struct error_copy before;
	bool decoded;

	sysfs_look(fn);
	if (!fn->physical)
		return command & decode_bit(kind);
	error_save(&before);
	decoded = virtual_decoded(fn->physical);
	error_restore(&before);
	return decoded;
}

/* ---- the address ---- */

static int fail_lost(const struct bario *dev, uint64_t got, uint64_t want)
{
	return error_hint(fail(ENXIO, BARIO_CAUSE_UNASSIGNED,
			       "the BAR's register has the address %#llx, and the system gave it %#llx: the device lost its configuration",
			       (unsigned long long)got, (unsigned long long)want),
			  "remove and rescan: echo 1 >" SYSFS_DEVICES "/%s/remove; echo 1 >/sys/bus/pci/rescan",
			  dev->name);
}

/*
 * The system shows addresses as the CPU has them and not as the bus. They are the same
 * on x86, except behind a VMD controller, whose domains are above 0xffff. Elsewhere only
 * a register without any address can be told from one that is well.
 */
static bool is_lost(const struct bario *dev, uint64_t got, uint64_t want)
{
#if defined(__x86_64__) || defined(__i386__)
	if (dev->address.domain <= 0xffff)
		return got != want;
#endif
	(void)dev;
	return !got && want;
}

/* Compare the register at that place with that line of the file "resource". */
static int compare_bar(const struct bario *dev, struct sysfs *fn,
		       const struct sysfs_resources *resources, unsigned int line,
		       unsigned int reg)
{
	struct sysfs_resource res;
	uint32_t low, high = 0;
	uint64_t got;

	if (!sysfs_resource(resources, line, &res))
		return 0;
	/* Some have an address that no register gives: those of old IDE controllers. */
	if (!res.start || (res.flags & RESOURCE_FIXED))
		return 0;
	if (read_register(fn, reg, 4, &low) || low == UINT32_MAX)
		return 0;	/* another check's concern */
	if ((res.flags & RESOURCE_MEM_64) &&
	    read_register(fn, reg + 4, 4, &high))
		return 0;
	got = (uint64_t)high << 32 |
		(low & (res.flags & RESOURCE_PORT ? ~3U : ~15U));
	return is_lost(dev, got, res.start) ? fail_lost(dev, got, res.start) : 0;
}

static int check_address(const struct bario *dev, struct sysfs *fn,
			 const struct sysfs_resources *resources,
			 unsigned int index)
{
	struct sysfs_resources all;
	unsigned int sriov;

	sysfs_look(fn);
	if (!fn->physical)
		return compare_bar(dev, fn, resources, index, BAR_REG(index));
	sriov = find_sriov(fn->physical);
	if (!sriov || sysfs_read_resources(fn->physical, &all))
		return 0;
	return compare_bar(dev, fn->physical, &all, RESOURCE_SRIOV + index,
			   sriov + SRIOV_BARS + 4 * index);
}

/* ---- power ---- */

static int fail_asleep(const char *state)
{
	return fail(EIO, BARIO_CAUSE_ASLEEP, "the function is asleep, in %s",
		    state);
}

/* It stays where it is; 1: there is none, or it is not shown. */
static unsigned int find_power(struct sysfs *fn)
{
	unsigned int at;

	if (!fn->power) {
		if (capability_find(read_register, fn, 256, CAPABILITY_POWER,
				    0, &at))
			at = 0;
		fn->power = at ? at : 1;
	}
	return fn->power;
}

/* "unknown" for those that have no power states; older kernels: no file. */
static bool is_asleep(struct sysfs *fn, char *state, size_t size)
{
	const int fd = sysfs_open_file(fn, SYSFS_POWER_STATE, false);
	const ssize_t got = fd < 0 ? -1 : pread(fd, state, size - 1, 0);

	if (got <= 0)
		return false;
	state[got] = '\0';
	state[strcspn(state, "\n")] = '\0';
	return state[0] == 'D' && strncmp(state, "D0", 2);
}

/* As the system has it, and as the device has it, which somebody may have set. */
static int check_power(const struct bario *dev, struct sysfs *fn)
{
	static const char *const names[] = { "D0", "D1", "D2", "D3hot" };
	const unsigned int at = find_power(fn);
	uint32_t control;
	char state[32];

	if (is_asleep(fn, state, sizeof(state)))
		return error_hint(fail_asleep(state),
				  "wake it up: echo on >" SYSFS_DEVICES "/%s/power/control",
				  dev->name);
	if (at == 1 || read_register(fn, at + PM_CONTROL, 2, &control) ||
	    control == 0xffff || !(control & PM_STATE))
		return 0;
	return error_hint(fail_asleep(names[control & PM_STATE]),
			  "wake it up: bario config %s CAP_PM+4.2=0:3", dev->name);
}

/* ---- decoding ---- */

/* What decodes in place of the virtual function is named. */
static int fail_physical(const struct sysfs *physical)
{
	char name[BARIO_ADDRESS_TEXT];

	bario_address_text(&physical->address, name);
	return error_hint(fail(EIO, BARIO_CAUSE_DECODE,
			       "the physical function %s does not decode the BARs of its virtual functions",
			       name),
			  "turn it on: bario config %s ECAP_SRIOV+8.2=9:9", name);
}

static int check_decode(const struct bario *dev, struct sysfs *fn, uint32_t kind)
{
	struct bario_bar_info bar = { .kind = kind };
	uint32_t command;
	const int error = read_register(fn, COMMAND, 2, &command);

	if (error)
		return error;
	if (command == 0xffff)
		return fail(EIO, BARIO_CAUSE_NO_RESPONSE,
			    "the function does not answer");
	bar.decoded = sysfs_decoded(fn, command, kind);
	if (!bar.decoded && fn->physical)
		return fail_physical(fn->physical);
	return check_decoded(dev, &bar);
}

/* The module enables a bridge that the system has not enabled yet. */
static bool is_enabled(const struct sysfs *fn)
{
	char text[16];

	return sysfs_text(fn, "enable", text, sizeof(text)) <= 0 ||
		text[0] != '0';
}

static int check_bridge(const struct bario *dev, struct sysfs *bridge,
			uint32_t kind)
{
	char name[BARIO_ADDRESS_TEXT];
	uint32_t command;

	if (read_register(bridge, COMMAND, 2, &command) ||
	    (command & decode_bit(kind) && command != 0xffff))
		return 0;
	bario_address_text(&bridge->address, name);
	if (command != 0xffff && (dev->can & BARIO_CAN_DECODE) &&
	    !is_enabled(bridge))
		return 0;
	if (command == 0xffff)
		return fail(EIO, BARIO_CAUSE_NO_RESPONSE,
			    "the bridge %s above the function does not answer",
			    name);
	return error_hint(fail(EIO, BARIO_CAUSE_DECODE,
			       "the bridge %s above the function passes no %s accesses on: bit %d of its command register is 0",
			       name, kind_name(kind),
			       kind == BARIO_KIND_PORT ? 0 : 1),
			  "turn it on: bario config %s 4.2=%u:%u", name,
			  decode_bit(kind), decode_bit(kind));
}

/* From the function up. */
static int check_bridges(const struct bario *dev, struct sysfs *fn, uint32_t kind)
{
	int error = 0;

	for (sysfs_look(fn); fn->above && !error; sysfs_look(fn)) {
		fn = fn->above;
		error = check_bridge(dev, fn, kind);
	}
	return error;
}

/* ---- rights ---- */

static int check_rights(const struct sysfs *fn, unsigned int index)
{
	char file[16];

	snprintf(file, sizeof(file), "resource%u", index);
	if (!faccessat(fn->directory, file, R_OK | W_OK, AT_EACCESS))
		return 0;
	return sysfs_fail_open(fn, file, errno);
}

static int ask_device(const struct bario *dev, struct sysfs *fn,
		      const struct sysfs_resources *resources, unsigned int index,
		      uint32_t kind, enum obstacle which)
{
	char driver[64];
	int error;

	switch (which) {
	case OBSTACLE_ADDRESS:
		return check_address(dev, fn, resources, index);
	case OBSTACLE_HOLDER:
		error = sysfs_driver(fn, driver, sizeof(driver));
		return error ? error : check_driver(dev, driver);
	case OBSTACLE_POWER:
		return check_power(dev, fn);
	case OBSTACLE_DECODE:
		return check_decode(dev, fn, kind);
	case OBSTACLE_BRIDGE:
		return check_bridges(dev, fn, kind);
	case OBSTACLE_RIGHTS:
		return check_rights(fn, index);
	}
	return 0;
}

int sysfs_obstacle(struct bario *dev, struct sysfs *fn,
		   const struct sysfs_resources *resources, unsigned int index,
		   uint32_t kind, enum obstacle which)
{
	struct error_copy before;
	int error;

	error_save(&before);
	error = ask_device(dev, fn, resources, index, kind, which);
	/* What this user cannot see is not a failure. */
	if (!error)
		error_restore(&before);
	return error;
}
