/* SPDX-License-Identifier: GPL-2.0 */
/* A grant is what a file may do. It is decided when the file is made. */
#ifndef BARIO_GRANT_H
#define BARIO_GRANT_H

#include <linux/seq_file.h>
#include "file.h"

void bario_grant_init(struct bario_function *function);
struct bario_file *bario_grant_node(struct bario_function *function);
struct bario_file *bario_grant_derive(struct bario_file *parent,
				      struct barioc_rule *rules, u32 count,
				      bool shared);
struct bario_file *bario_grant_copy(struct bario_file *from);
u32 bario_grant_rules(const struct bario_file *file, struct barioc_rule *rules,
		      u32 capacity);
void bario_grant_show(struct seq_file *m, struct bario_file *file);

#endif /* BARIO_GRANT_H */
