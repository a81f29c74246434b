/* SPDX-License-Identifier: GPL-2.0 */
/* Configuration space of a function. */
#ifndef BARIO_CONFIG_H
#define BARIO_CONFIG_H

#include "file.h"

void bario_config_pm_get(struct bario_function *function);
void bario_config_pm_put(struct bario_function *function);
int bario_config_read(struct bario_attachment *att, int reg, int width, u32 *value);
int bario_config_write(struct bario_attachment *att, int reg, int width, u32 value);
int bario_config_get_bar(struct bario_attachment *att, struct pci_bar_io *io);

#endif /* BARIO_CONFIG_H */
