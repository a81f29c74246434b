/* SPDX-License-Identifier: GPL-2.0 */
/* The address space that all mappings of BARs are in. */
#ifndef BARIO_MAPPING_H
#define BARIO_MAPPING_H

#include <linux/fs.h>

struct bario_function;

int bario_mapping_init(void);
void bario_mapping_exit(void);
void bario_mapping_file(struct file *filp);
loff_t bario_mapping_place(const struct bario_function *function,
			   unsigned int index);
void bario_mapping_remove(struct bario_function *function, unsigned int index);

#endif /* BARIO_MAPPING_H */
