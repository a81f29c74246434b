/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Members of struct backend for back ends without anything better. */
#ifndef BARIO_LIB_GENERIC_H
#define BARIO_LIB_GENERIC_H

#include "internal.h"

bool generic_absent(void);
int generic_list(list_each *each, void *arg);
bool generic_owns_fd(int fd);
int generic_publish(struct barioc_publish *request);
int generic_open_address(struct bario *dev);
int generic_open_path(struct bario *dev, const char *path,
		      const struct bario_address *address);
int generic_open_fd(struct bario *dev, int fd,
		    const struct bario_address *address);
int generic_info_only(const struct bario *dev);

/* The driver that is bound has all BARs, and else nobody has one. */
int generic_holder(struct bario *dev, const struct bario_info *info,
		   unsigned int bar, struct bario_held *held);

/* By the back end's holder. */
int generic_busy(struct bario *dev, unsigned int bar);
int generic_map(struct bario *dev, unsigned int bar, bool write,
		struct mapping *map, uint64_t *length);
int generic_fd(struct bario *dev);
int generic_derive(struct bario *dev, struct barioc_derive *request);
int generic_revoke(struct bario *dev, struct barioc_revoke *request);
int generic_grant(struct bario *dev, struct barioc_grant *request);

/* ---- genericrun.c: a program by single accesses, and time ---- */

int generic_run(struct bario *dev, struct barioc_run *run, struct barioc_op *ops,
		uint32_t *at);
int generic_wait(struct bario *dev, uint64_t ns);
uint64_t generic_now(struct bario *dev);
void generic_lock(struct bario *dev);
void generic_unlock(struct bario *dev);
bool generic_allowed(const struct bario *dev, struct bario_allowed *allowed);

#endif /* BARIO_LIB_GENERIC_H */
