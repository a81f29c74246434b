// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* bario.ko's own requests: programs, who holds a BAR, and grants. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "module.h"
#include "system.h"

void module_begin(struct bario *dev)
{
	dev->can |= BARIO_CAN_CLAIM | BARIO_CAN_WAKE | BARIO_CAN_DECODE |
		BARIO_CAN_DERIVE | BARIO_CAN_ATOMIC | BARIO_CAN_WIDE;
}

bool module_node(const struct bario_address *address,
		 char path[BARIO_NODE_TEXT])
{
	bario_node_text(address, path);
	return !access(path, F_OK);
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
	const int error = get_holder(pci_of(dev)->fd, &dev->address, bar, &holder);

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

void module_refine(int fd, struct bario_info *info)
{
	struct barioc_holder holder;

	/* The record's name was not cut, or nobody can tell more. */
	if (strlen(info->driver) < PCI_MAXNAMELEN ||
	    get_holder(fd, &info->address, BARIOC_SPACE_CONFIG, &holder) ||
	    strncmp(info->driver, holder.name, PCI_MAXNAMELEN))
		return;
	strcpy(info->driver, holder.name);
}

/* ---- programs ---- */

/* The module has refused all of it, and says for which operation. */
static int fail_refused(struct bario *dev, const struct barioc_run *run,
			const struct barioc_op *ops, int code, uint32_t *at)
{
	const bool whole = run->refused_op >= run->count;
	const struct barioc_op *op = &ops[whole ? 0 : run->refused_op];
	const struct access access = op_access(op, op_writes(op));
	struct bario_info info;
	int error;

	*at = whole ? BARIO_NONE : run->refused_op;
	if (code == EINVAL && whole)
		return fail_program(dev);
	if (code == EINVAL) {
		error = dev->backend->info(dev, &info);
		return error ? error : fail_op(dev, &info, op, run->flags &
					       BARIOC_RUN_ATOMIC, -code);
	}
	if (whole)
		error_at_function(dev);
	else
		error_at_access(dev, &access);
	return pci_fail(dev, &access, code);
}

/* Returns an errno. */
static int run_errno(struct bario *dev, struct barioc_run *run,
		     struct barioc_op *ops)
{
	run->domain = dev->address.domain;
	run->bus = dev->address.bus;
	run->dev = dev->address.dev;
	run->func = dev->address.func;
	run->ops = (uintptr_t)ops;
	run->refused_op = run->count;
	return ioctl(pci_of(dev)->fd, BARIOC_RUN, run) ? errno : 0;
}

int module_run(struct bario *dev, struct barioc_run *run, struct barioc_op *ops,
	       uint32_t *at)
{
	const int code = run_errno(dev, run, ops);
	struct access access;

	if (code)
		return fail_refused(dev, run, ops, code, at);
	if (run->stop != BARIOC_STOP_ERROR)
		return 0;
	*at = run->ran;
	access = op_access(&ops[run->ran], false);
	error_at_access(dev, &access);
	return pci_fail(dev, &access, run->error);
}

/* What does not fit into struct pci_bar_ioreq, as a program. */
static int access_wide(struct bario *dev, const struct access *access,
		       uint64_t *value)
{
	struct barioc_op op = {
		.op = access->write ? BARIOC_OP_WRITE : BARIOC_OP_READ,
		.bar = access->space,
		.width = access->width,
		.offset = access->offset,
		.value = access->write ? *value : 0,
	};
	struct barioc_run run = { .count = 1 };
	int code = run_errno(dev, &run, &op);

	if (!code && run.stop == BARIOC_STOP_ERROR)
		code = run.error;
	if (!code && run.stop == BARIOC_STOP_SIGNAL)
		code = EINTR;
	if (code)
		return pci_fail(dev, access, code);
	if (!access->write)
		*value = op.result;
	return 0;
}

/* The module makes all the checks itself. */
int module_access(struct bario *dev, const struct access *access,
		  uint64_t *value)
{
	if (access->width == 8 || access->offset > UINT32_MAX - access->width)
		return access_wide(dev, access, value);
	return pci_access(dev, access, value);
}

/* ---- grants ---- */

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

/* ENODEV may be about the file itself as well as about a rule. */
static int check_there(struct bario *dev)
{
	struct bario_info info;

	return dev->backend->info(dev, &info);
}

int module_derive(struct bario *dev, struct barioc_derive *request)
{
	int error, code;

	if (!ioctl(pci_of(dev)->fd, BARIOC_DERIVE, request))
		return 0;
	code = errno;
	error = code == ENODEV ? check_there(dev) : 0;
	return error ? error : fail_rules(code, NULL);
}

int module_revoke(struct bario *dev, struct barioc_revoke *request)
{
	if (!ioctl(pci_of(dev)->fd, BARIOC_REVOKE, request))
		return 0;
	return errno == ENODEV ? pci_fail_gone() :
		fail_system("nothing was revoked with number %u", request->id);
}

int module_grant(struct bario *dev, struct barioc_grant *request)
{
	if (!ioctl(pci_of(dev)->fd, BARIOC_GRANT, request))
		return 0;
	return errno == ENODEV ? pci_fail_gone() : fail_system("BARIOC_GRANT");
}

static bool is_of(const struct barioc_rule *rule, const struct bario *dev,
		  unsigned int space, unsigned int right)
{
	return rule->domain == dev->address.domain &&
		rule->bus == dev->address.bus &&
		rule->dev == dev->address.dev &&
		rule->func == dev->address.func &&
		rule->space == space && (rule->rights & right);
}

/* One right; what one rule no longer covers, another may. */
static bool rules_cover(const struct barioc_rule *rules, size_t count,
			const struct bario *dev, const struct access *access,
			unsigned int right)
{
	const uint64_t last = access->offset + access->width - 1;
	const struct barioc_rule *rule;
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

/* The file's grant, if it has one, covers the access. */
static int grant_covers(struct bario *dev, const struct access *access,
			unsigned int rights, bool *covered)
{
	struct barioc_grant request = { .capacity = BARIOC_RULES_MAX };
	struct barioc_rule *rules;
	unsigned int i;
	int error;

	rules = calloc(BARIOC_RULES_MAX, sizeof(*rules));
	if (!rules)
		return fail_memory();
	request.rules = (uintptr_t)rules;
	error = module_grant(dev, &request);
	*covered = true;
	for (i = BARIO_RIGHT_READ; !error && i <= BARIO_RIGHT_WRITE; i <<= 1)
		if ((rights & i) && !(request.attributes & BARIOC_GRANT_ALL) &&
		    !rules_cover(rules, request.count, dev, access, i))
			*covered = false;
	free(rules);
	return error;
}

int module_rights(struct bario *dev, const struct access *access,
		  unsigned int rights)
{
	const bool config = access->space == BARIO_SPACE_CONFIG;
	bool covered = false;
	int error;

	/* What a file shows of configuration space is more than its rules say. */
	if (config && !access->write)
		return 0;
	error = pci_check_writable(dev, access);
	if (!error)
		error = grant_covers(dev, access, rights, &covered);
	if (error || covered)
		return error;
	return config ? pci_fail_config(dev, access, EACCES) :
		pci_fail(dev, access, EACCES);
}

static int publish_ioctl(unsigned long number, struct barioc_publish *request)
{
	int fd, error = 0;

	fd = open(PCI_NODE, O_RDWR | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return system_hint_backend(fail(ENODEV, BARIO_CAUSE_BACKEND,
						"there is no /dev/pci"));
	if (fd < 0)
		return fail_rules(errno == EACCES ? EPERM : errno, request->name);
	if (ioctl(fd, number, request))
		error = fail_rules(errno, request->name);
	close(fd);
	return error;
}

int module_publish(struct barioc_publish *request)
{
	return publish_ioctl(BARIOC_PUBLISH, request);
}

int module_unpublish(struct barioc_publish *request)
{
	return publish_ioctl(BARIOC_UNPUBLISH, request);
}
