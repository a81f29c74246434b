/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A client that holds on to all that it can have of a function, children that are
 * in the middle of something with it, and what others learn of it meanwhile.
 */
#ifndef BARIO_HOLD_H
#define BARIO_HOLD_H

#include "derive.h"

#define EDU_ID		0x010000ed
#define ALL_RIGHTS	(R | W | M)

int derive_bar(int fd, struct pcisel sel, unsigned int bar,
	       unsigned int rights);

/* BARIOC_PUBLISH of one space, whole, and BARIOC_UNPUBLISH. */
int publish(int fd, const char *name, struct pcisel sel, unsigned int space);
int unpublish(int fd, const char *name);

/* "none", "files", "other" or the driver's name; or an errno's. */
const char *holder(int fd, struct pcisel sel, unsigned int bar);

/* How many functions does the file list at this place, and which is it? */
unsigned int listed_as(int fd, struct pcisel sel, uint32_t *device);

struct client {
	struct pcisel	sel;
	unsigned int	bar;
	int		pci;
	int		node;
	int		derived;
	int		grandchild;
	uint32_t	value;		/* of the BAR's first register */
	size_t		size;
	volatile uint32_t *at[4]; /* BARMMAP and mmap(2), node and derived */
	char		bound[32];	/* the node, bound somewhere else */
};

void bind_node(struct client *c);
void hold(struct client *c, struct pcisel sel, unsigned int bar);
void let_go(struct client *c);

/* Tests: all of it is dead, whichever function has its address now. */
void dead(struct client *c, const char *when);

struct busy {
	pid_t		pid[4];
};

/* Children read, map and look on; a test: they saw the right values, then the end. */
void start(struct busy *busy, struct client *c);
void ended(struct busy *busy, const char *when);

/* The driver, from a module if it is not built in. */
bool modprobe(const char *name);

#endif /* BARIO_HOLD_H */
