// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The notation of rules: BAR[+OFFSET[/LENGTH]]:RIGHTS, as 0+0x40/8:rw. */
#include <string.h>
#include "tool.h"

static const struct {
	char		letter;
	uint32_t	right;
} rights[] = {
	{ 'r', BARIO_RIGHT_READ },
	{ 'w', BARIO_RIGHT_WRITE },
	{ 'm', BARIO_RIGHT_MAP },
};

/* "rw", each at most once. */
static bool take_rights(const char *text, uint32_t *all)
{
	size_t i;

	*all = 0;
	for (; *text; text++) {
		for (i = 0; i < COUNT(rights); i++)
			if (*text == rights[i].letter)
				break;
		if (i == COUNT(rights) || (*all & rights[i].right))
			return false;
		*all |= rights[i].right;
	}
	return *all;
}

bool is_rule(const char *text)
{
	const size_t len = strcspn(text, "+:");

	/* A single digit before a colon, which no address, nor ID, begins with. */
	if (strchr(text, '.') || !text[len])
		return false;
	return (len == 1 && text[0] >= '0' && text[0] <= '9') ||
		(len == 6 && !memcmp(text, "config", 6));
}

struct bario_rule rule_or_die(const char *text,
			      const struct bario_address *address)
{
	struct bario_rule rule = {
		.domain = address->domain, .bus = address->bus,
		.dev = address->dev, .func = address->func,
		.length = BARIO_TO_END,
	};
	char word[80], *colon, *plus, *slash = NULL;

	if (strlen(text) >= sizeof(word))
		usage("'%.100s' is not a rule, as 0:rw or 0+0x40/8:r", text);
	strcpy(word, text);
	colon = strrchr(word, ':');
	if (!colon || !take_rights(colon + 1, &rule.rights))
		usage("'%s' has no rights: one or more of r, w and m after a colon", text);
	*colon = '\0';
	plus = strchr(word, '+');
	if (plus) {
		*plus++ = '\0';
		slash = strchr(plus, '/');
	}
	if (slash)
		*slash++ = '\0';
	if (!strcmp(word, "config"))
		rule.space = BARIO_SPACE_CONFIG;
	else if (word[0] >= '0' && word[0] < '0' + BARIO_BARS_MAX && !word[1])
		rule.space = word[0] - '0';
	else
		usage("'%s': '%s' is neither a BAR, 0 to 5, nor config", text,
		      word);
	if (plus)
		rule.offset = number_or_die(plus, "the offset");
	if (slash)
		rule.length = number_or_die(slash, "the length");
	return rule;
}

struct bario_address rule_address(const struct bario_rule *rule)
{
	return (struct bario_address){
		.domain = rule->domain, .bus = rule->bus, .dev = rule->dev,
		.func = rule->func,
	};
}

void rule_text(const struct bario_rule *rule, char text[RULE_TEXT])
{
	char length[24] = "", space[8] = "config", letters[COUNT(rights) + 1];
	size_t i, n = 0;

	if (rule->space != BARIO_SPACE_CONFIG)
		snprintf(space, sizeof(space), "%u", rule->space);
	if (rule->length != BARIO_TO_END)
		snprintf(length, sizeof(length), "/0x%llx",
			 (unsigned long long)rule->length);
	for (i = 0; i < COUNT(rights); i++)
		if (rule->rights & rights[i].right)
			letters[n++] = rights[i].letter;
	letters[n] = '\0';
	snprintf(text, RULE_TEXT, "%s+0x%llx%s:%s", space,
		 (unsigned long long)rule->offset, length, letters);
}
