/* SPDX-License-Identifier: GPL-2.0 */
/* Published names: nodes that have a grant of their own. */
#ifndef BARIO_PUBLISH_H
#define BARIO_PUBLISH_H

#include "file.h"
#include "node.h"

int bario_publish_add(struct bario_file *parent, const char *name,
		      const struct bario_owner *owner,
		      struct barioc_rule *rules, u32 count);
int bario_publish_remove(const char *name);
void bario_publish_exit(void);
struct bario_file *bario_publish_open(u32 minor);

#endif /* BARIO_PUBLISH_H */
