// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Derived grants of a simulated device. A derived descriptor is the device's file,
 * opened once more: where it is in the file is the id of its grant.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "sim.h"

static struct sim_grant *find_grant(struct sim_memory *memory, uint32_t id)
{
	unsigned int i;

	for (i = 0; i < SIM_GRANTS; i++)
		if (memory->grants[i].id == id)
			return &memory->grants[i];
	return NULL;
}

const struct sim_grant *sim_grant_find(const struct bario *dev)
{
	return find_grant(sim_memory(dev), sim_of(dev)->grant);
}

int sim_check_there(const struct bario *dev)
{
	if (sim_memory(dev)->unplugged)
		return fail(ENODEV, BARIO_CAUSE_REMOVED,
			    "the function has been removed");
	if (sim_of(dev)->grant && !sim_grant_find(dev))
		return fail(ENODEV, BARIO_CAUSE_REMOVED,
			    "the right to the function has been revoked");
	return 0;
}

bool sim_grant_allowed(const struct bario *dev, struct bario_allowed *allowed)
{
	const struct sim_grant *grant;

	if (!sim_of(dev)->grant)
		return false;
	grant = sim_grant_find(dev);
	if (!grant) {
		/* It was revoked: nothing is left. */
		static const struct bario_range none;

		*allowed = (struct bario_allowed){ .ranges = &none };
		return true;
	}
	allowed->ranges = grant->ranges;
	allowed->whole = grant->whole;
	memcpy(allowed->begin, grant->begin, sizeof(allowed->begin));
	return true;
}

/* Where the list of capabilities has some, a bit for each 4 bytes. */
static uint64_t find_capabilities(const struct sim_memory *memory)
{
	unsigned int at = memory->config[SIM_CAPABILITIES] & ~3U;
	uint64_t found = 0;

	while (at >= 0x40 && !(found & 1ULL << at / 4)) {
		found |= 1ULL << at / 4;
		at = memory->config[at + 1] & ~3U;
	}
	return found;
}

static int fail_config(const struct access *access)
{
	if (access->write)
		return error_hint(fail(EACCES, BARIO_CAUSE_GRANT,
				       "this file may not write it"),
				  "derive it with a rule for configuration space, to write");
	return error_hint(fail(EACCES, BARIO_CAUSE_GRANT,
			       "without the right to read it, a file has the header and the list of capabilities alone"),
			  "derive it with a rule for configuration space, to read");
}

int sim_grant_check(const struct bario *dev, const struct access *access,
		    uint32_t rights)
{
	const uint64_t last = access->offset + access->width - 1;
	struct bario_allowed allowed;

	if (!sim_grant_allowed(dev, &allowed))
		return 0;
	if (access->space != BARIO_SPACE_CONFIG) {
		if (!bario_check_right(&allowed, access->space, access->offset,
				       access->width, rights))
			return 0;
		return error_hint(fail(EACCES, BARIO_CAUSE_GRANT,
				       "the grant of this file does not cover it"),
				  "derive it with a rule that does");
	}
	if (rights & BARIO_RIGHT_WRITE ?
	    bario_allows(&allowed, BARIOC_SPACE_CONFIG, access->offset, last,
			 BARIOC_RIGHT_WRITE) :
	    bario_may_read_config(&allowed, 0,
				  find_capabilities(sim_memory(dev)),
				  access->offset, access->width))
		return 0;
	return fail_config(access);
}

/* ---- deriving ---- */

static bool is_of(const struct bario_rule *rule, const struct bario *dev)
{
	return rule->domain == dev->address.domain &&
		rule->bus == dev->address.bus && rule->dev == dev->address.dev &&
		rule->func == dev->address.func;
}

static int check_rules(const struct bario *dev, const struct bario_rule *rules,
		       size_t count)
{
	size_t i;
	int error = 0;

	for (i = 0; i < count && !error; i++)
		if (!is_of(&rules[i], dev))
			error = fail(ENODEV, BARIO_CAUSE_NO_DEVICE,
				     "the rule names another function");
	return error ? error_at_index(error, "rules", i - 1, count == 1) : 0;
}

/*
 * What the rules and the handle's own grant both allow: ranges in order, that the
 * caller frees; maybe more than a grant may have. NULL: no memory.
 */
static struct bario_range *intersect_rules(const struct bario *dev,
					   const struct bario_rule *rules,
					   size_t count, uint32_t *range_count)
{
	const size_t capacity = 2 * count + BARIOC_RULES_MAX;
	struct bario_range *asked = calloc(2 * capacity, sizeof(*asked));
	struct bario_range *both;
	struct bario_allowed own;
	size_t i;

	if (!asked)
		return NULL;
	both = asked + capacity;
	for (i = 0; i < count; i++)
		asked[i] = bario_rule_range((const struct barioc_rule *)&rules[i]);
	*range_count = bario_ranges_normalize(asked, count, both);
	if (sim_grant_allowed(dev, &own)) {
		memcpy(asked, both, *range_count * sizeof(*both));
		*range_count = bario_ranges_intersect(asked, *range_count,
						      own.ranges,
						      own.begin[BARIO_SPACES],
						      both);
	}
	memmove(asked, both, *range_count * sizeof(*both));
	return asked;
}

static void set_ranges(struct sim_grant *grant, const struct bario_range *ranges,
		       uint32_t count)
{
	const struct bario_allowed all = { .ranges = grant->ranges };
	struct bario_allowed allowed = all;
	uint32_t space, i = 0;

	memcpy(grant->ranges, ranges, count * sizeof(*ranges));
	for (space = 0; space < BARIO_SPACES; space++) {
		allowed.begin[space] = i;
		while (i < count && ranges[i].space == space)
			i++;
	}
	allowed.begin[BARIO_SPACES] = i;
	memcpy(grant->begin, allowed.begin, sizeof(grant->begin));
	grant->whole = 0;
	for (space = 0; space < BARIO_BARS; space++)
		if (bario_allows(&allowed, space, 0, UINT64_MAX,
				 BARIO_RIGHT_READ | BARIO_RIGHT_WRITE))
			grant->whole |= 1U << space;
}

/* The device's file once more, where the grant's id is. */
static int open_again(const struct bario *dev, uint32_t id)
{
	char path[40];
	int fd;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", sim_of(dev)->fd);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0 || lseek(fd, id, SEEK_SET) != (off_t)id)
		return fail_system("%s", path);
	return fd;
}

static int add_grant(const struct bario *dev, const struct bario_range *ranges,
		     uint32_t count, int *fd, uint32_t *id)
{
	struct sim_memory *memory = sim_memory(dev);
	struct sim_grant *grant = find_grant(memory, 0);

	if (!count)
		return fail(EACCES, BARIO_CAUSE_GRANT,
			    "this file may do nothing of what the rules say");
	if (count > BARIOC_RULES_MAX)
		return fail(E2BIG, BARIO_CAUSE_SYSTEM,
			    "the grant would have more than %d rules",
			    BARIOC_RULES_MAX);
	if (!grant || memory->last_id == UINT32_MAX)
		return fail(ENOSPC, BARIO_CAUSE_SYSTEM,
			    "a simulated device has at most %d grants at a time",
			    SIM_GRANTS);
	*fd = open_again(dev, memory->last_id + 1);
	if (*fd < 0)
		return *fd;
	set_ranges(grant, ranges, count);
	grant->parent = sim_of(dev)->grant;
	grant->id = ++memory->last_id;
	if (id)
		*id = grant->id;
	return 0;
}

static int derive_grant(const struct bario *dev, const struct bario_rule *rules,
		  size_t count, int *fd, uint32_t *id)
{
	struct bario_range *ranges;
	uint32_t range_count;
	int error = sim_check_there(dev);

	if (error)
		return error;
	ranges = intersect_rules(dev, rules, count, &range_count);
	if (!ranges)
		return fail_memory();
	error = add_grant(dev, ranges, range_count, fd, id);
	free(ranges);
	return error;
}

int sim_derive(struct bario *dev, struct barioc_derive *request)
{
	const struct bario_rule *rules =
		(const struct bario_rule *)(uintptr_t)request->rules;
	int error;

	if (!(dev->can & BARIO_CAN_DERIVE))
		return fail(EOPNOTSUPP, BARIO_CAUSE_UNSUPPORTED,
			    "this system has no /proc/self/fd, by which a simulated device is opened once more");
	error = check_rules(dev, rules, request->count);
	if (error)
		return error;
	sim_lock(sim_of(dev)->device);
	error = derive_grant(dev, rules, request->count, &request->fd,
			     &request->id);
	sim_unlock(sim_of(dev)->device);
	return error;
}

/* ---- revoking ---- */

/* What was derived from a grant that has ended, ends. */
static void end_orphans(struct sim_memory *memory)
{
	bool again = true;
	unsigned int i;

	while (again) {
		again = false;
		for (i = 0; i < SIM_GRANTS; i++) {
			struct sim_grant *grant = &memory->grants[i];

			if (!grant->id || !grant->parent ||
			    find_grant(memory, grant->parent))
				continue;
			grant->id = 0;
			again = true;
		}
	}
}

static int revoke_grants(const struct bario *dev, uint32_t id)
{
	struct sim_memory *memory = sim_memory(dev);
	const int error = sim_check_there(dev);
	bool found = false;
	unsigned int i;

	if (error)
		return error;
	for (i = 0; i < SIM_GRANTS; i++) {
		struct sim_grant *grant = &memory->grants[i];

		if (!grant->id || grant->parent != sim_of(dev)->grant ||
		    (id && grant->id != id))
			continue;
		grant->id = 0;
		found = true;
	}
	end_orphans(memory);
	if (found || !id)
		return 0;
	errno = ENOENT;
	return fail_system("nothing was revoked with number %u", id);
}

int sim_revoke(struct bario *dev, struct barioc_revoke *request)
{
	int error;

	sim_lock(sim_of(dev)->device);
	error = revoke_grants(dev, request->id);
	sim_unlock(sim_of(dev)->device);
	return error;
}

/* ---- asking ---- */

static struct bario_rule to_rule(const struct bario *dev,
				 const struct bario_range *range)
{
	const uint64_t length = range->last - range->first + 1;

	return (struct bario_rule){
		.domain = dev->address.domain, .bus = dev->address.bus,
		.dev = dev->address.dev, .func = dev->address.func,
		.space = range->space, .rights = range->rights,
		.offset = range->first,
		.length = range->last == UINT64_MAX ? BARIO_TO_END : length,
	};
}

int sim_get_grant(struct bario *dev, struct barioc_grant *request)
{
	struct bario_rule *rules =
		(struct bario_rule *)(uintptr_t)request->rules;
	struct bario_allowed allowed;
	bool limited;
	uint32_t i;
	int error;

	sim_lock(sim_of(dev)->device);
	error = sim_check_there(dev);
	if (!error) {
		limited = sim_grant_allowed(dev, &allowed);
		request->count = limited ? allowed.begin[BARIO_SPACES] : 0;
		request->attributes = limited ? 0 : BARIO_GRANT_ALL;
		for (i = 0; i < request->count && i < request->capacity; i++)
			rules[i] = to_rule(dev, &allowed.ranges[i]);
	}
	sim_unlock(sim_of(dev)->device);
	return error;
}
