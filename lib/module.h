/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * bario.ko's own requests, for the back end pci on Linux. Functions are as the members
 * of struct backend, unless they say otherwise.
 */
#ifndef BARIO_LIB_MODULE_H
#define BARIO_LIB_MODULE_H

#include "pci.h"

/* A file was opened: what bario.ko can do goes to dev->can. */
void module_begin(struct bario *dev);

/* The function has a node of its own, and this is its path. */
bool module_node(const struct bario_address *address,
		 char path[BARIO_NODE_TEXT]);

/* A pci_refine: the name of a driver whole, where the list of functions has it cut. */
void module_refine(int fd, struct bario_info *info);

/* The name is the driver's: others are not known. */
int module_holder(struct bario *dev, unsigned int bar, struct bario_held *held);

int module_access(struct bario *dev, const struct access *access,
		  uint64_t *value);
int module_run(struct bario *dev, struct barioc_run *run, struct barioc_op *ops,
	       uint32_t *at);
int module_rights(struct bario *dev, const struct access *access,
		  unsigned int rights);
int module_derive(struct bario *dev, struct barioc_derive *request);
int module_revoke(struct bario *dev, struct barioc_revoke *request);
int module_grant(struct bario *dev, struct barioc_grant *request);
int module_publish(struct barioc_publish *request);
int module_unpublish(struct barioc_publish *request);

#endif /* BARIO_LIB_MODULE_H */
