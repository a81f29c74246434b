/* SPDX-License-Identifier: GPL-2.0 */
/* A debt is a reset that a function needs, kept while the function is gone. */
#ifndef BARIO_DEBT_H
#define BARIO_DEBT_H

struct bario_function;

int bario_debt_init(struct bario_function *function);
void bario_debt_park(struct bario_function *function);
void bario_debt_free(struct bario_function *function);
void bario_debt_exit(void);

#endif /* BARIO_DEBT_H */
