/* SPDX-License-Identifier: GPL-2.0 */
/* What the two files that put freebsd.txt's questions share. */
#ifndef BARIO_FREEBSD_H
#define BARIO_FREEBSD_H

/* FreeBSD 15's request and record. This comes before any other header. */
#define PCIIO_FREEBSD15
#include "guest.h"

/* Adds to the answer. */
void say(const char *format, ...) PRINTF(1, 2);

/* Adds "ok", or the errno and whether the structure was changed nevertheless. */
bool succeeded(int rc, const void *now, const void *was, size_t size);

/* What a word of a question names. */
struct pcisel device(const char *name);
uint32_t number(const char *word);

/* freebsdlist.c: PCIOCGETCONF, and what it counts from */
void list_begin(int fd);
void ask_getconf(int fd, char **word);
void ask_getconf14(int fd, char **word);
void ask_record(int fd, char **word);

#endif /* BARIO_FREEBSD_H */
