/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A slot is a place on the bus, as in lspci's "Slot:". It records what bario has
 * changed in the hardware there and has to undo. Only slot.c writes the command
 * register or the power state, and only slot.c resets a function.
 */
#ifndef BARIO_SLOT_H
#define BARIO_SLOT_H

#include <linux/pci.h>
#include <linux/spinlock.h>
#include "core.h"

struct bario_function;

struct bario_debt;

/**
 * struct bario_slot - the hardware state of a function
 * @guard: held while bario locks configuration space
 * @needs_reset: a file that may not let the function reach memory has written to it,
 *	and may have left addresses there, to which it has access once a driver turns
 *	bus mastering on
 * @debt: keeps @needs_reset when the function is removed
 * @quiet: bus mastering and INTx were turned off for a claim, and no driver has
 *	been bound since
 * @bridge_tried: the bridge above can't be enabled
 * @decoding: bits of the command register that were turned on for claims
 * @slept: the command register when the system began to suspend
 * @power: the state to return to after the last claim
 * @command: the command register in that state
 * @enabled: the function was enabled then
 *
 * All fields are under function->lock, except that @needs_reset is set under a claim's.
 */
struct bario_slot {
	spinlock_t	guard;
	bool		needs_reset;
	struct bario_debt *debt;
	bool		quiet;
	bool		bridge_tried;
	u16		decoding;
	u16		slept;
	pci_power_t	power;
	u16		command;
	bool		enabled;
};

static inline u16 bario_decode_bit(enum bario_bar_kind kind)
{
	return kind == BARIO_BAR_PORT ? PCI_COMMAND_IO : PCI_COMMAND_MEMORY;
}

/* Power and link, as far as the kernel knows without asking the device. */
static __always_inline bool bario_slot_awake(const struct pci_dev *pdev)
{
	/* Not == PCI_D0: without a power capability it stays PCI_UNKNOWN. */
	return (likely(pdev->current_state == PCI_D0) ||
		pdev->current_state == PCI_UNKNOWN) &&
	       pdev->error_state == pci_channel_io_normal;
}

bool bario_slot_guard(struct bario_function *function);
void bario_slot_unguard(struct bario_function *function);
int bario_slot_command(struct bario_function *function, u16 clear, u16 set,
		       u16 *old);
void bario_slot_note_power(struct bario_function *function);
int bario_slot_power_on(struct bario_function *function);
int bario_slot_decode(struct bario_function *function,
		      enum bario_bar_kind kind);
int bario_slot_quiesce(struct bario_function *function);
void bario_slot_restore(struct bario_function *function);
void bario_slot_reset(struct bario_function *function);
void bario_slot_reset_last(struct bario_function *function);

#endif /* BARIO_SLOT_H */
