/* SPDX-License-Identifier: GPL-2.0 */
/* A node is /dev/pci, or that of a function or a published name in /dev/bario. */
#ifndef BARIO_NODE_H
#define BARIO_NODE_H

#include <linux/types.h>
#include <linux/uidgid.h>

struct bario_function;

/*
 * Minors: /dev/pci is 0, then functions, then names; as many as fit into an offset
 * of mmap(2).
 */
#define BARIO_MINORS	(1 << 19)
#define BARIO_MINOR_NAMES	(1 << 18)

/* Owner, group and mode of the node of a published name. */
struct bario_owner {
	kuid_t	uid;
	kgid_t	gid;
	umode_t	mode;
};

int bario_node_init(void);
void bario_node_exit(void);
dev_t bario_node_devt(u32 minor);
int bario_node_add(struct bario_function *function);
int bario_node_add_name(u32 minor, const char *name,
			const struct bario_owner *owner);
void bario_node_remove(u32 minor);

#endif /* BARIO_NODE_H */
