/* SPDX-License-Identifier: GPL-2.0 */
/* The character device: nodes are opened through it. */
#ifndef BARIO_CHARDEV_H
#define BARIO_CHARDEV_H

int bario_chardev_init(void);
void bario_chardev_exit(void);

#endif /* BARIO_CHARDEV_H */
