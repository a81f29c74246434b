// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Grants: what every back end checks of them before its own does the rest. */
#include <ctype.h>
#include "internal.h"

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

/* A handle that may derive, and flags that there are. */
static int begin_grant(struct bario *dev, uint32_t flags, const char *what)
{
	const bool refused = dev->flags & ~dev->asked & BARIO_OPEN_INFO;

	error_at_function(dev);
	return refused ? dev->backend->info_only(dev) :
		check_flags(flags, 0, what);
}

BARIO_API int bario_derive(struct bario *dev, const struct bario_rule *rules,
			   size_t count, uint32_t flags, int *fd, uint32_t *id)
{
	struct barioc_derive request = {
		.rules = (uintptr_t)rules, .count = count,
	};
	int error = begin_grant(dev, flags, "derive");

	/* A back end without grants says so, whatever the rules. */
	if (!error && (dev->can & BARIO_CAN_DERIVE))
		error = check_rules(rules, count);
	if (!error)
		error = dev->backend->derive(dev, &request);
	if (error)
		return error;
	*fd = request.fd;
	if (id)
		*id = request.id;
	return 0;
}

BARIO_API int bario_revoke(struct bario *dev, uint32_t id, uint32_t flags)
{
	struct barioc_revoke request = { .id = id };
	const int error = begin_grant(dev, flags, "revoke");

	return error ? error : dev->backend->revoke(dev, &request);
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
	int error = begin_grant(dev, flags, "get a grant");

	if (!error)
		error = dev->backend->grant(dev, &request);
	if (error)
		return error;
	*count = request.count;
	if (attributes)
		*attributes = request.attributes;
	return 0;
}

/* ---- published names ---- */

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

static int set_name(struct barioc_publish *request, const char *name)
{
	const size_t len = strlen(name);

	if (len > BARIO_NAME_MAX || !is_name(name))
		return fail(EINVAL, BARIO_CAUSE_OPERATION,
			    "'%.100s' is not a name: letters, digits, - and _, a letter first, at most %d, and not pci",
			    name, BARIO_NAME_MAX);
	memcpy(request->name, name, len + 1);
	return 0;
}

/* Names are the first back end's. */
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
	if (!error)
		error = set_name(&request, name);
	return error ? error : backends[0]->publish(&request);
}

BARIO_API int bario_unpublish(const char *name, uint32_t flags)
{
	struct barioc_publish request = { 0 };
	int error;

	error_at_nothing();
	error = check_flags(flags, 0, "unpublish");
	if (!error)
		error = set_name(&request, name);
	return error ? error : backends[0]->unpublish(&request);
}
