// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Addresses as text. */
#include <ctype.h>
#include <stdio.h>
#include "internal.h"

BARIO_API void bario_address_text(const struct bario_address *address,
				  char text[BARIO_ADDRESS_TEXT])
{
	snprintf(text, BARIO_ADDRESS_TEXT, "%04x:%02x:%02x.%x",
		 address->domain, address->bus, address->dev & 0x1f,
		 address->func & 0x7);
}

BARIO_API void bario_node_text(const struct bario_address *address,
			       char text[BARIO_NODE_TEXT])
{
	snprintf(text, BARIO_NODE_TEXT, "/dev/bario/%04x-%02x-%02x.%x",
		 address->domain, address->bus, address->dev & 0x1f,
		 address->func & 0x7);
}

/*
 * Digits of a base, from *text on, up to a character that stays. Not strtoul(),
 * which takes blanks and signs.
 */
bool take_number(const char **text, unsigned int base, size_t digits,
			unsigned long max, unsigned long *number)
{
	static const char all[] = "0123456789abcdef";
	unsigned long value = 0;
	const char *at = *text, *digit;

	for (; *at; at++) {
		digit = memchr(all, tolower((unsigned char)*at), base);
		if (!digit)
			break;
		value = value * base + (digit - all);
	}
	if (at == *text || (size_t)(at - *text) > digits || value > max)
		return false;
	/* Of numbers in decimal, 010 may be meant as 16. */
	if (base == 10 && **text == '0' && at - *text > 1)
		return false;
	*text = at;
	*number = value;
	return true;
}

bool take_character(const char **text, char what)
{
	if (**text != what)
		return false;
	(*text)++;
	return true;
}

bool address_parse(const char *text, struct bario_address *address)
{
	unsigned long domain = 0, bus, dev, func;

	if (!strncmp(text, "pci", 3)) {
		text += 3;
		if (!take_number(&text, 10, 10, UINT32_MAX, &domain) ||
		    !take_character(&text, ':') ||
		    !take_number(&text, 10, 3, 255, &bus) ||
		    !take_character(&text, ':') ||
		    !take_number(&text, 10, 2, 31, &dev) ||
		    !take_character(&text, ':') ||
		    !take_number(&text, 10, 1, 7, &func) || *text)
			return false;
	} else {
		if (!take_number(&text, 16, 8, UINT32_MAX, &bus) ||
		    !take_character(&text, ':') ||
		    !take_number(&text, 16, 2, 255, &dev))
			return false;
		if (take_character(&text, ':')) {
			domain = bus;
			bus = dev;
			if (!take_number(&text, 16, 2, 31, &dev))
				return false;
		}
		if (bus > 255 || dev > 31 || !take_character(&text, '.') ||
		    !take_number(&text, 16, 1, 7, &func) || *text)
			return false;
	}
	*address = (struct bario_address){
		.domain = domain, .bus = bus, .dev = dev, .func = func,
	};
	return true;
}
