/* SPDX-License-Identifier: GPL-2.0 */
/* Grants derived, asked for and revoked. */
#ifndef BARIO_DERIVE_H
#define BARIO_DERIVE_H

#include "barioc.h"
#include "guest.h"

#define R	BARIOC_RIGHT_READ
#define W	BARIOC_RIGHT_WRITE
#define M	BARIOC_RIGHT_MAP
#define CONFIG	BARIOC_SPACE_CONFIG
#define TO_END	BARIOC_TO_END

struct barioc_rule rule(struct pcisel sel, unsigned int space,
			unsigned int rights, uint64_t offset, uint64_t length);

/* A new descriptor, or -1 with errno; @id may be NULL. */
int derive(int fd, const struct barioc_rule *rules, unsigned int count,
	   uint32_t *id);

/* What BARIOC_DERIVE takes, with marks where the answers go. */
struct barioc_derive asking_for(const void *rules, uint32_t count);

/* With one rule; must succeed. */
int derive_one(int fd, struct pcisel sel, unsigned int space,
	       unsigned int rights, uint64_t offset, uint64_t length);

/* All of BAR 0, with these rights; must succeed. */
int derive_id(int fd, struct pcisel sel, unsigned int rights, uint32_t *id);

/* BARIOC_GRANT with that capacity, which must succeed; returns the number of rules. */
unsigned int ask_grant(int fd, struct barioc_rule *rules, unsigned int capacity);

/* One test: is the grant exactly these rules, in this order? */
bool grant_is(int fd, const struct barioc_rule *want, unsigned int count,
	      const char *name, ...) PRINTF(4, 5);
#define GRANT_IS(fd, want, ...)	grant_is(fd, want, ARRAY_SIZE(want), __VA_ARGS__)

/* 0 or an errno. */
int revoke_id(int fd, uint32_t id);

/* mmap(2) of @pages pages, from @first on, of a BAR; NULL with errno. */
void *map_pages(int fd, unsigned int bar, unsigned long first,
		unsigned long pages, int prot);
int try_map(int fd, unsigned int bar, unsigned long first, unsigned long pages,
	    int prot);

/* Does fdinfo of a descriptor have that line? */
bool fdinfo_has(int fd, const char *line);
unsigned int fdinfo_lines(int fd, const char *begin);

/* Descriptors over a socket. */
void send_fd(int sock, int fd);
int receive_fd(int sock);

/* How many functions does GETCONF list? And is it this one that is @index? */
int listed(int fd, struct pci_conf *found, unsigned int capacity);

/*
 * A stretch of ivshmem's memory, which shows each byte that was written: filled
 * at first, and looked at through sysfs once all files are closed.
 */
#define AREA		0x80000u	/* of its BAR2 */
#define AREA_SIZE	0x1000u
#define PATTERN		0xa5u

void fill_area(unsigned int value);

/* One test: is it as fill_area() with the pattern has left it? */
void area_untouched(void);

/* One test: what does reading 4 bytes at this offset of BAR2 give? */
void may_read(int fd, uint32_t offset, int want, const char *name);

#endif /* BARIO_DERIVE_H */
