/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What the files of the library share. */
#ifndef BARIO_LIB_INTERNAL_H
#define BARIO_LIB_INTERNAL_H

#include "backend.h"

/* ---- error.c ---- */

/* Longest line of an error, with its NUL; and of what it is made from. */
#define ERROR_TEXT	640
#define ERROR_LONG	(4096 + ERROR_TEXT)


struct error_texts {
	char	message[ERROR_TEXT];
	char	hint[ERROR_TEXT];
	char	device[ERROR_DEVICE];
};

struct error_copy {
	struct bario_error	error;
	struct error_texts	texts;
};

/* What messages begin with: set by the public functions, for this thread. */
void error_at_nothing(void);
void error_at_address(const char *backend, const struct bario_address *address);
void error_at_function(const struct bario *dev);
void error_at_access(const struct bario *dev, const struct access *access);
void error_at_bar(const struct bario *dev, unsigned int bar);

/**
 * fail() - note an error
 * @code: errno, positive
 * @cause: why, BARIO_CAUSE_*
 * @format: the rest of the message, as for printf()
 *
 * Return: -@code.
 */
int fail(int code, uint32_t cause, const char *format, ...) PRINTS(3);

/**
 * error_hint() - add to the error that fail() has just noted what would help
 * @error: what fail() returned
 * @format: as for printf()
 *
 * Return: @error.
 */
int error_hint(int error, const char *format, ...) PRINTS(2);

/* A text as one line, with what is not printable escaped. */
void error_line(char line[ERROR_TEXT], const char *text);

/* What an errno of a system call means, or one of an access to a device. */
uint32_t error_cause(int code, bool of_access);

/* fail() for a system call: its cause, and what errno says. */
int fail_system(const char *format, ...) PRINTS(1);

/* Around what may fail without being a failure: the error stays as it was. */
void error_save(struct error_copy *copy);
void error_restore(const struct error_copy *copy);

/* fail() for want of memory. */
int fail_memory(void);

/*
 * The error that fail() has just noted is about that element of @array, counted from
 * 0: puts "ARRAY[INDEX]: " before it, unless the array has only one (@alone). Returns
 * @error.
 */
int error_at_index(int error, const char *array, size_t index, bool alone);

/* ---- address.c ---- */

/* "0000:03:00.0", "03:00.0" or "pci0:3:0:0", and nothing after it. */
bool address_parse(const char *text, struct bario_address *address);

/*
 * Digits of a base, from *text on, at most so many, and the number at most @max: then
 * *text is after them.
 */
bool take_number(const char **text, unsigned int base, size_t digits,
		 unsigned long max, unsigned long *number);

/* That character, likewise. */
bool take_character(const char **text, char what);

/* ---- check.c ---- */

/* Are these the numbers of an access, as far as can be told without the device? */
int check_numbers(const struct access *access, uint64_t value);

/* The same, and may this handle make it? */
int check_args(const struct bario *dev, const struct access *access,
	       uint64_t value);

/* A BAR as the core has it. */
struct bario_bar core_bar(const struct bario_bar_info *bar);

/* May it be made of that BAR? The core decides; this tells why not. */
int check_bar(const struct bario *dev, const struct access *access,
	      const struct bario_bar_info *bar);

/* The BAR has no address. */
int fail_unassigned(const struct bario *dev, unsigned int bar);

/* This driver, if any, leaves BARs to others, or EBUSY. */
int check_driver(const struct bario *dev, const char *driver);

/* The driver has the function to itself. */
int fail_driver(const struct bario *dev, const char *driver);

/* Somebody other than a driver has the BAR. */
int fail_claimed(const struct bario_held *held);

/* The function decodes the BAR, or EIO. */
int check_decoded(const struct bario *dev, const struct bario_bar_info *bar);

/* Configuration space says what a read of all ones means. */
int check_silent(struct bario *dev, const struct access *access,
		 uint64_t value);

/* The flags are some of @known, or the error: @what they are for. */
int check_flags(uint32_t flags, uint32_t known, const char *what);

/*
 * Gives the caller's structure of @size bytes what ours of @known bytes has: its
 * beginning, or the whole and then zeros. @size is not 0.
 */
void copy_out(void *to, size_t size, const void *from, size_t known);

/* A structure has a size, or the error. */
int check_size(size_t size);

/* ---- checkop.c ---- */

bool op_writes(const struct barioc_op *op);
struct access op_access(const struct barioc_op *op, bool write);

/* The operation that the core does not take, and its errno: why? */
int fail_op(struct bario *dev, const struct bario_info *info,
	    const struct barioc_op *op, bool atomic, int code);

/* What is wrong with a program as a whole. */
int fail_program(struct bario *dev);

/* ---- holder.c ---- */

/* A driver or another part of the kernel has the BAR: EBUSY, and who. */
int check_holder(struct bario *dev, const struct bario_info *info,
		 unsigned int bar);

/* ---- handle.c ---- */

/*
 * What each way to open begins and ends with: a handle that is the caller's if there
 * was no error, and else nobody's and NULL.
 */
int handle_begin(uint32_t flags, struct bario **out);
struct bario *handle_new(const struct backend *backend, uint32_t flags);
int handle_end(struct bario *dev, int error, struct bario **out);

#endif /* BARIO_LIB_INTERNAL_H */
