// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* bario.ko's own requests: who holds a BAR, and grants. */
#include <ctype.h>
#include <fcntl.h>
#include <stdlib.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "module.h"

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
	static const enum bario_held_by by[] = {
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

	error_at_function(&dev->address);
	if (dev->denied)
		return pci_fail_denied(dev);
	if (dev->can & BARIO_CAN_DERIVE)
		return 0;
	error = fail(EOPNOTSUPP, BARIO_CAUSE_UNSUPPORTED,
		     "grants need bario.ko, but the back end is %s", dev->backend->name);
	return error_hint(error, dev->sim ?
			  "a simulated device has no file that could be handed over" :
			  "load the module: modprobe bario");
}

static struct barioc_rule *to_rules(const struct bario_rule *allow,
				    size_t count)
{
	struct barioc_rule *rules = calloc(count ? count : 1, sizeof(*rules));
	size_t i;

	for (i = 0; rules && i < count; i++)
		rules[i] = (struct barioc_rule){
			.domain = allow[i].address.domain,
			.bus = allow[i].address.bus,
			.dev = allow[i].address.dev,
			.func = allow[i].address.func,
			/* What does not fit stays what it is: no space. */
			.space = allow[i].space > UINT8_MAX ? UINT8_MAX :
				 allow[i].space,
			.rights = allow[i].rights,
			.offset = allow[i].offset,
			.length = allow[i].length,
		};
	return rules;
}

/* @name: what was to be published or unpublished, or NULL. */
static int fail_rules(int code, const char *name)
{
	switch (code) {
	case EINVAL:
		return fail(EINVAL, BARIO_CAUSE_OPERATION,
			    "a rule is malformed, or there are none or more than %d",
			    BARIOC_RULES_MAX);
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

BARIO_API int bario_derive(struct bario *dev, const struct bario_rule *allow,
			   size_t count, int *fd, uint32_t *id)
{
	struct barioc_derive request = { 0 };
	struct barioc_rule *rules;
	int error = need_module(dev);

	if (error)
		return error;
	if (count > BARIOC_RULES_MAX)
		return fail_rules(EINVAL, NULL);
	rules = to_rules(allow, count);
	if (!rules)
		return fail_memory();
	request.rules = (uintptr_t)rules;
	request.count = count;
	if (ioctl(dev->fd, BARIOC_DERIVE, &request))
		error = fail_rules(errno, NULL);
	free(rules);
	if (error)
		return error;
	*fd = request.fd;
	if (id)
		*id = request.id;
	return 0;
}

BARIO_API int bario_revoke(struct bario *dev, uint32_t id)
{
	struct barioc_revoke request = { .id = id };
	const int error = need_module(dev);

	if (error)
		return error;
	if (ioctl(dev->fd, BARIOC_REVOKE, &request))
		return fail_system("nothing was revoked with number %u", id);
	return 0;
}

BARIO_API int bario_grant(struct bario *dev, struct bario_rule *allow,
			  size_t room, size_t *count, bool *all)
{
	struct barioc_rule *rules = NULL;
	struct barioc_grant request = {
		.capacity = room > BARIOC_RULES_MAX ? BARIOC_RULES_MAX : room,
	};
	int error = need_module(dev);
	size_t i;

	if (error)
		return error;
	rules = calloc(request.capacity ? request.capacity : 1, sizeof(*rules));
	if (!rules)
		return fail_memory();
	request.rules = (uintptr_t)rules;
	if (ioctl(dev->fd, BARIOC_GRANT, &request)) {
		error = fail_system("BARIOC_GRANT");
		free(rules);
		return error;
	}
	for (i = 0; i < request.count && i < request.capacity; i++)
		allow[i] = (struct bario_rule){
			.address = {
				.domain = rules[i].domain,
				.bus = rules[i].bus,
				.dev = rules[i].dev,
				.func = rules[i].func,
			},
			.space = rules[i].space,
			.rights = rules[i].rights,
			.offset = rules[i].offset,
			.length = rules[i].length,
		};
	free(rules);
	*count = request.count;
	*all = request.attributes & BARIOC_GRANT_ALL;
	return 0;
}

static bool is_of(const struct bario_rule *rule, const struct bario *dev,
		  unsigned int space, unsigned int right)
{
	return rule->address.domain == dev->address.domain &&
		rule->address.bus == dev->address.bus &&
		rule->address.dev == dev->address.dev &&
		rule->address.func == dev->address.func &&
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
	size_t count = 0;
	unsigned int i;
	int error;

	*allowed = true;
	if (!module_checks(dev))
		return 0;
	rules = calloc(BARIOC_RULES_MAX, sizeof(*rules));
	if (!rules)
		return fail_memory();
	error = bario_grant(dev, rules, BARIOC_RULES_MAX, &count, allowed);
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

BARIO_API int bario_publish(const char *name, const struct bario_rule *allow,
			    size_t count)
{
	struct barioc_publish request = { 0 };
	struct barioc_rule *rules;
	int error;

	error_at_nothing();
	if (count > BARIOC_RULES_MAX)
		return fail_rules(EINVAL, NULL);
	rules = to_rules(allow, count);
	if (!rules)
		return fail_memory();
	request.rules = (uintptr_t)rules;
	request.count = count;
	error = publish_ioctl(BARIOC_PUBLISH, &request, name);
	free(rules);
	return error;
}

BARIO_API int bario_unpublish(const char *name)
{
	struct barioc_publish request = { 0 };

	error_at_nothing();
	return publish_ioctl(BARIOC_UNPUBLISH, &request, name);
}
