/* SPDX-License-Identifier: GPL-2.0 */
/* The derivation tree: which file was derived from which. */
#ifndef BARIO_DERIVATION_H
#define BARIO_DERIVATION_H

#include "file.h"

int bario_derivation_adopt(struct bario_file *parent, struct bario_file *file,
			   bool named);
int bario_derivation_revoke(struct bario_file *parent, u32 id);
void bario_derivation_close(struct bario_file *file);

#endif /* BARIO_DERIVATION_H */
