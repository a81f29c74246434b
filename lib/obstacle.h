/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * What may be in the way of an access to a BAR: questions that back ends without the
 * module ask before each access, the pci back end after one that failed, and bario
 * doctor without any access.
 */
#ifndef BARIO_LIB_OBSTACLE_H
#define BARIO_LIB_OBSTACLE_H

#include "../include/bario.h"

enum obstacle {
	OBSTACLE_ADDRESS,	/* it has no address, or its register lost it */
	OBSTACLE_HOLDER,	/* a driver or another part of the kernel has it */
	OBSTACLE_POWER,		/* the function is asleep */
	OBSTACLE_DECODE,	/* it does not decode such BARs, or not answer */
	OBSTACLE_BRIDGE,	/* a bridge above it does not decode them */
	OBSTACLE_RIGHTS,	/* the user may not */
};

/**
 * obstacle_check() - ask one of these questions
 * @dev: the handle
 * @bar: index of a BAR that the function has
 * @which: the question
 *
 * Touches no BAR and takes no rights; what this user is not shown is taken to be well.
 *
 * Return: 0, or an error as an access fails with, in whose message neither function
 * nor BAR are named. Where bario_can() has WAKE or DECODE, POWER and DECODE are no
 * obstacle to an access.
 */
int obstacle_check(struct bario *dev, unsigned int bar, enum obstacle which);

/* Does the kernel keep all programs from devices? Returns 0, or the error. */
int obstacle_lockdown(void);

#endif /* BARIO_LIB_OBSTACLE_H */
