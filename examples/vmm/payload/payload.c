// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* What all payloads share. */
#include <stdarg.h>
#include <stddef.h>
#include "payload.h"

#define WHERE	0x80000800	/* configuration space of bus 0, device 1, function 0 */

static void print_character(char c)
{
	outb(0xe9, c);
}

static void print_number(uint32_t value, unsigned int base)
{
	if (value >= base)
		print_number(value / base, base);
	print_character("0123456789abcdef"[value % base]);
}

static void print_string(const char *text)
{
	while (*text)
		print_character(*text++);
}

void print(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	for (; *format; format++) {
		if (*format != '%')
			print_character(*format);
		else if (*++format == 's')
			print_string(va_arg(args, const char *));
		else
			print_number(va_arg(args, uint32_t), *format == 'x' ? 16 : 10);
	}
	va_end(args);
}

const char *argument(unsigned int number)
{
	const char *text = ARGUMENTS;

	for (; *text && number > 0; number--)
		while (*text++)
			;
	return *text ? text : NULL;
}

uint32_t number(unsigned int which, uint32_t otherwise)
{
	const char *text = argument(which);
	uint32_t value = 0;

	for (; text && *text >= '0' && *text <= '9'; text++)
		value = 10 * value + *text - '0';
	return text ? value : otherwise;
}

uint32_t config_read(unsigned int reg)
{
	outl(0xcf8, WHERE | reg);
	return inl(0xcfc);
}

void config_write(unsigned int reg, uint32_t value)
{
	outl(0xcf8, WHERE | reg);
	outl(0xcfc, value);
}

uint32_t bar_address(unsigned int bar, uint32_t *size)
{
	uint32_t value = config_read(PCIR_BAR(bar)), mask, flags;

	config_write(PCIR_BAR(bar), NOTHING);
	mask = config_read(PCIR_BAR(bar));
	config_write(PCIR_BAR(bar), value);
	if (!mask)
		return NOTHING;
	flags = mask & 1 ? 3 : 15;
	*size = -(mask & ~flags);
	return value & ~flags;
}
