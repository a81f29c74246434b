// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* bario.ko's own requests: who holds a BAR, and grants. */
#include <ctype.h>
#include <fcntl.h>
#include <stdlib.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "module.h"
#include "sim.h"

static int module_run(struct bario *dev, struct barioc_run *run,
		      struct barioc_op *ops)
{
	run->domain = dev->address.domain;
	run->bus = dev->address.bus;
	run->dev = dev->address.dev;
	run->func = dev->address.func;
	run->ops = (uintptr_t)ops;
	run->refused_op = run->count;
	return ioctl(dev->fd, BARIOC_RUN, run) ? -errno : 0;
}

void module_begin(struct bario *dev)
{
	struct barioc_limits limits;

	if (ioctl(dev->fd, BARIOC_LIMITS, &limits))
		return;
	dev->can |= BARIO_CAN_CLAIM | BARIO_CAN_WAKE | BARIO_CAN_DECODE |
		BARIO_CAN_DERIVE | BARIO_CAN_ATOMIC | BARIO_CAN_WIDE;
	dev->run = module_run;
}

bool module_node(const struct bario_address *address, char *path, size_t room)
{
	snprintf(path, room, "/dev/bario/%04x-%02x-%02x.%x", address->domain,
		 address->bus, address->dev, address->func);
	return !access(path, F_OK);
}

/* It is named while it is bound. */
bool module_attached(int fd, const struct pcisel *sel)
{
	(void)fd;
	(void)sel;
	return true;
}

/* One claim serves accesses and mappings. */
int module_claimable(struct bario *dev, unsigned int bar)
{
	(void)dev;
	(void)bar;
	return 0;
}

static int get_holder(int fd, const struct bario_address *address,
		      unsigned int bar, struct barioc_holder *holder)
{
	*holder = (struct barioc_holder){
		.domain = address->domain,
		.bus = address->bus,
		.dev = address->dev,
		.func = address->func,
		.space = bar,
	};
	return ioctl(fd, BARIOC_HOLDER, holder) ? -errno : 0;
}

_Static_assert(sizeof(((struct bario_info *)0)->driver) > BARIOC_DRIVER_MAX &&
	       sizeof(((struct bario_held *)0)->name) > BARIOC_DRIVER_MAX,
	       "a driver's name fits");

int module_holder(struct bario *dev, unsigned int bar, struct bario_held *held)
{
	static const uint32_t by[] = {
		[BARIOC_HOLDER_NONE] = BARIO_HELD_NONE,
		[BARIOC_HOLDER_FILES] = BARIO_HELD_FILES,
		[BARIOC_HOLDER_DRIVER] = BARIO_HELD_DRIVER,
		[BARIOC_HOLDER_OTHER] = BARIO_HELD_OTHER,
	};
	struct barioc_holder holder;
	const int error = get_holder(dev->fd, &dev->address, bar, &holder);

	if (error == -ENODEV)
		return pci_fail_gone();
	if (error)
		return fail_system("BARIOC_HOLDER");
	if (holder.kind < COUNT(by))
		held->by = by[holder.kind];
	/* Other names are of a stub, which need not be the one that has it. */
	if (held->by == BARIO_HELD_DRIVER)
		strcpy(held->name, holder.name);
	return 0;
}

void module_driver(int fd, struct bario_info *info)
{
	struct barioc_holder holder;

	/* The record's name was not cut, or nobody can tell more. */
	if (strlen(info->driver) < PCI_MAXNAMELEN ||
	    get_holder(fd, &info->address, BARIOC_SPACE_CONFIG, &holder) ||
	    strncmp(info->driver, holder.name, PCI_MAXNAMELEN))
		return;
	strcpy(info->driver, holder.name);
}

int module_fail_busy(struct bario *dev, unsigned int bar)
{
	const struct bario_held unknown = { 0 };
	struct bario_info info;
	int error = dev->backend->info(dev, &info);

	if (!error)
		error = check_holder(dev, &info, bar);
	return error ? error : fail_claimed(&unknown);
}

/* ---- grants ---- */

static int need_module(struct bario *dev)
{
	int error;

	error_at_function(dev);
	if (dev->denied)
		return pci_fail_denied(dev);
	if (dev->can & BARIO_CAN_DERIVE)
		return 0;
	error = fail(EOPNOTSUPP, BARIO_CAUSE_UNSUPPORTED,
		     "grants need bario.ko, but the back end is %s", dev->backend->name);
	return error_hint(error, "load the module: modprobe bario");
}

_Static_assert(sizeof(struct bario_rule) == sizeof(struct barioc_rule) &&
	       offsetof(struct bario_rule, domain) ==
	       offsetof(struct barioc_rule, domain) &&
	       offsetof(struct bario_rule, bus) ==
	       offsetof(struct barioc_rule, bus) &&
	       offsetof(struct bario_rule, dev) ==
	       offsetof(struct barioc_rule, dev) &&
	       offsetof(struct bario_rule, func) ==
	       offsetof(struct barioc_rule, func) &&
	       offsetof(struct bario_rule, space) ==
	       offsetof(struct barioc_rule, space) &&
	       offsetof(struct bario_rule, rights) ==
	       offsetof(struct barioc_rule, rights) &&
	       offsetof(struct bario_rule, reserved) ==
	       offsetof(struct barioc_rule, reserved) &&
	       offsetof(struct bario_rule, offset) ==
	       offsetof(struct barioc_rule, offset) &&
	       offsetof(struct bario_rule, length) ==
	       offsetof(struct barioc_rule, length) &&
	       BARIO_SPACE_CONFIG == BARIOC_SPACE_CONFIG &&
	       BARIO_RIGHT_READ == BARIOC_RIGHT_READ &&
	       BARIO_RIGHT_WRITE == BARIOC_RIGHT_WRITE &&
	       BARIO_RIGHT_MAP == BARIOC_RIGHT_MAP &&
	       BARIO_TO_END == BARIOC_TO_END &&
	       BARIO_GRANT_ALL == BARIOC_GRANT_ALL &&
	       BARIO_GRANT_SHARED == BARIOC_GRANT_SHARED,
	       "rules are the module's");

/* What is wrong with a rule by itself, or NULL. */
static const char *rule_fault(const struct bario_rule *rule)
{
	const uint32_t rights = BARIO_RIGHT_READ | BARIO_RIGHT_WRITE |
		BARIO_RIGHT_MAP;
	const bool config = rule->space == BARIO_SPACE_CONFIG;

	if (rule->dev > 31 || rule->func > 7)
		return "there is no function with such an address";
	if (rule->space >= BARIO_BARS_MAX && !config)
		return "there is no such space: a BAR is 0 to 5";
	if (!rule->rights)
		return "it has no rights";
	if (rule->rights & ~rights)
		return "there is no such right";
	if (config && (rule->rights & BARIO_RIGHT_MAP))
		return "configuration space cannot be mapped";
	if (!rule->length)
		return "its length is 0";
	if (rule->length != BARIO_TO_END &&
	    rule->length - 1 > UINT64_MAX - rule->offset)
		return "its end is past 2^64";
	if (rule->reserved)
		return "a reserved member is not 0";
	return NULL;
}

static int check_rules(const struct bario_rule *rules, size_t count)
{
	const char *fault;
	size_t i;

	if (!count || count > BARIOC_RULES_MAX)
		return fail(EINVAL, BARIO_CAUSE_OPERATION,
			    "%zu rules: a grant has 1 to %d", count,
			    BARIOC_RULES_MAX);
	for (i = 0; i < count; i++) {
		fault = rule_fault(&rules[i]);
		if (fault)
			return error_at_index(fail(EINVAL, BARIO_CAUSE_OPERATION,
						   "%s", fault),
					      "rules", i, count == 1);
	}
	return 0;
}

/* @name: what was to be published or unpublished, or NULL. */
static int fail_rules(int code, const char *name)
{
	switch (code) {
	case ENODEV:
		return fail(ENODEV, BARIO_CAUSE_NO_DEVICE,
			    "a rule names a function that is not there, or not for this file");
	case EACCES:
		return fail(EACCES, BARIO_CAUSE_GRANT,
			    "this file may do nothing of what the rules say");
	case EEXIST:
		return error_hint(fail(EEXIST, BARIO_CAUSE_AMBIGUOUS,
				       "/dev/bario/%s is published already", name),
				  "bario grant unpublish %s", name);
	case ENOENT:
		return fail(ENOENT, BARIO_CAUSE_NO_DEVICE,
			    "/dev/bario/%s is not published", name);
	case EPERM:
		return error_hint(fail(EPERM, BARIO_CAUSE_PERMISSION,
				       "only root can publish and unpublish"),
				  "run it as root");
	}
	errno = code;
	return fail_system("the module refused it");
}

BARIO_API int bario_derive(struct bario *dev, const struct bario_rule *rules,
			   size_t count, uint32_t flags, int *fd, uint32_t *id)
{
	struct barioc_derive request = {
		.rules = (uintptr_t)rules, .count = count,
	};
	int error;

	if (dev->sim)
		return sim_derive(dev, rules, count, flags, fd, id);
	error = need_module(dev);
	if (!error)
		error = check_flags(flags, 0, "derive");
	if (!error)
		error = check_rules(rules, count);
	if (error)
		return error;
	if (ioctl(dev->fd, BARIOC_DERIVE, &request))
		return fail_rules(errno, NULL);
	*fd = request.fd;
	if (id)
		*id = request.id;
	return 0;
}

BARIO_API int bario_revoke(struct bario *dev, uint32_t id, uint32_t flags)
{
	struct barioc_revoke request = { .id = id };
	int error;

	if (dev->sim)
		return sim_revoke(dev, id, flags);
	error = need_module(dev);
	if (!error)
		error = check_flags(flags, 0, "revoke");
	if (error)
		return error;
	if (ioctl(dev->fd, BARIOC_REVOKE, &request))
		return fail_system("nothing was revoked with number %u", id);
	return 0;
}

BARIO_API int bario_get_grant(struct bario *dev, uint32_t flags,
			      struct bario_rule *rules, size_t capacity,
			      size_t *count, uint32_t *attributes)
{
	struct barioc_grant request = {
		.rules = (uintptr_t)rules,
		.capacity = capacity > BARIOC_RULES_MAX ? BARIOC_RULES_MAX :
			    capacity,
	};
	int error;

	if (dev->sim)
		return sim_get_grant(dev, flags, rules, capacity, count,
				     attributes);
	error = need_module(dev);
	if (!error)
		error = check_flags(flags, 0, "get a grant");
	if (error)
		return error;
	if (ioctl(dev->fd, BARIOC_GRANT, &request))
		return fail_system("BARIOC_GRANT");
	*count = request.count;
	if (attributes)
		*attributes = request.attributes;
	return 0;
}

static bool is_of(const struct bario_rule *rule, const struct bario *dev,
		  unsigned int space, unsigned int right)
{
	return rule->domain == dev->address.domain &&
		rule->bus == dev->address.bus &&
		rule->dev == dev->address.dev &&
		rule->func == dev->address.func &&
		rule->space == space && (rule->rights & right);
}

/* One right; what a rule does not cover any more, another may. */
static bool rules_cover(const struct bario_rule *rules, size_t count,
			const struct bario *dev, const struct access *access,
			unsigned int right)
{
	const uint64_t last = access->offset + access->width - 1;
	const struct bario_rule *rule;
	uint64_t at = access->offset;
	size_t i = 0;

	while (i < count) {
		rule = &rules[i++];
		if (!is_of(rule, dev, access->space, right) ||
		    at < rule->offset || at - rule->offset >= rule->length)
			continue;
		if (last - rule->offset < rule->length)
			return true;
		at = rule->offset + rule->length;
		i = 0;
	}
	return false;
}

int module_allows(struct bario *dev, const struct access *access,
		  unsigned int rights, bool *allowed)
{
	struct bario_rule *rules;
	uint32_t attributes = 0;
	size_t count = 0;
	unsigned int i;
	int error;

	*allowed = true;
	if (!module_checks(dev))
		return 0;
	rules = calloc(BARIOC_RULES_MAX, sizeof(*rules));
	if (!rules)
		return fail_memory();
	error = bario_get_grant(dev, 0, rules, BARIOC_RULES_MAX, &count,
				&attributes);
	*allowed = attributes & BARIO_GRANT_ALL;
	for (i = BARIO_RIGHT_READ; !error && !*allowed && i <= BARIO_RIGHT_WRITE;
	     i <<= 1)
		if ((rights & i) &&
		    !rules_cover(rules, count, dev, access, i))
			goto out;
	*allowed = true;
out:
	free(rules);
	error_at_access(dev, access);
	return error;
}

static bool is_name(const char *name)
{
	const char *at;

	for (at = name; *at; at++)
		if (!isalpha((unsigned char)*at) &&
		    (at == name || (!isdigit((unsigned char)*at) &&
				    *at != '-' && *at != '_')))
			return false;
	return at != name && strcmp(name, "pci");
}

static int publish_ioctl(unsigned long number, struct barioc_publish *request,
			 const char *name)
{
	const size_t len = strlen(name);
	int fd, error = 0;

	if (len > BARIOC_NAME_MAX || !is_name(name))
		return fail(EINVAL, BARIO_CAUSE_OPERATION,
			    "'%.100s' is no name: letters, digits, - and _, a letter first, at most %d, and not pci",
			    name, BARIOC_NAME_MAX);
	memcpy(request->name, name, len + 1);
	fd = open("/dev/pci", O_RDWR | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return error_hint(fail(ENODEV, BARIO_CAUSE_BACKEND,
				       "there is no /dev/pci"),
				  "load the module: modprobe bario");
	if (fd < 0)
		return fail_rules(errno == EACCES ? EPERM : errno, name);
	if (ioctl(fd, number, request))
		error = fail_rules(errno, name);
	close(fd);
	return error;
}

BARIO_API int bario_publish(const char *name, const struct bario_rule *rules,
			    size_t count, uint32_t flags, uint32_t uid,
			    uint32_t gid, uint32_t mode)
{
	struct barioc_publish request = {
		.rules = (uintptr_t)rules, .count = count,
		.flags = BARIOC_PUBLISH_OWNER,
		.uid = uid, .gid = gid, .mode = mode,
	};
	int error;

	error_at_nothing();
	error = check_flags(flags, 0, "publish");
	if (!error && mode & ~0777U)
		error = fail(EINVAL, BARIO_CAUSE_OPERATION,
			     "%#o is not a mode of a node, 0 to 0777", mode);
	if (!error)
		error = check_rules(rules, count);
	if (error)
		return error;
	return publish_ioctl(BARIOC_PUBLISH, &request, name);
}

BARIO_API int bario_unpublish(const char *name, uint32_t flags)
{
	struct barioc_publish request = { 0 };
	int error;

	error_at_nothing();
	error = check_flags(flags, 0, "unpublish");
	return error ? error : publish_ioctl(BARIOC_UNPUBLISH, &request, name);
}
