// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#include "program.h"

/* Which fields an operation has, and what it does. */
#define VALUE	0x1
#define MASK	0x2
#define TIME	0x4
#define READS	0x8
#define WRITES	0x10

static const uint8_t kinds[] = {
	[BARIOC_OP_READ] = READS,
	[BARIOC_OP_WRITE] = VALUE | WRITES,
	[BARIOC_OP_AND] = VALUE | READS | WRITES,
	[BARIOC_OP_OR] = VALUE | READS | WRITES,
	[BARIOC_OP_XOR] = VALUE | READS | WRITES,
	[BARIOC_OP_REPLACE] = VALUE | MASK | READS | WRITES,
	[BARIOC_OP_POLL] = VALUE | MASK | TIME | READS,
	[BARIOC_OP_DELAY] = TIME,
	[BARIOC_OP_EXPECT] = VALUE | MASK | READS,
};

/* Checks one operation, and subtracts its timeout from @time. */
static int check_op(const struct barioc_op *op, bool atomic,
		    const struct bario_bar *bars,
		    const struct bario_allowed *allowed, uint64_t *time)
{
	uint64_t ones;
	uint8_t kind;
	uint32_t bar;
	int ret;

	if (op->op >= sizeof(kinds) || op->reserved || op->reserved2)
		return -EINVAL;
	kind = kinds[bario_index(op->op, sizeof(kinds))];
	if (!kind)
		return -EINVAL;
	if ((!(kind & VALUE) && op->value) || (!(kind & MASK) && op->mask) ||
	    (!(kind & TIME) && op->timeout) || op->timeout > *time)
		return -EINVAL;
	*time -= op->timeout;
	if (atomic && (kind & TIME))
		return -EINVAL;
	if (op->op == BARIOC_OP_DELAY)
		return op->bar || op->width || op->offset ? -EINVAL : 0;

	if (op->bar >= BARIO_BARS)
		return -EINVAL;
	bar = bario_index(op->bar, BARIO_BARS);
	ret = bario_check_access(&bars[bar], PCIBARIO_READ, op->width,
				 op->offset);
	/* In the order of a single access: first the access, then the rights. */
	if (ret)
		return ret;
	ones = bario_all_ones(op->width);
	if ((op->value & ~ones) || (op->mask & ~ones))
		return -EINVAL;
	if ((kind & MASK) && (op->value & ~op->mask))
		return -EINVAL;
	if (!allowed)
		return 0;
	return bario_check_right(allowed, bar, op->offset, op->width,
				 (kind & READS ? BARIOC_RIGHT_READ : 0) |
				 (kind & WRITES ? BARIOC_RIGHT_WRITE : 0));
}

/*
 * Most registers are read and written many times in a row. An operation that
 * differs from an earlier one, which was checked, only in offset and value needs
 * only those two checked.
 */
struct op_template {
	uint64_t		key;
	uint64_t		not_value;
	struct bario_offsets	offsets;	/* .end 0: nothing matches */
};

/* The fields before the offset: operation, BAR, width, and the reserved ones. */
static uint64_t op_key(const struct barioc_op *op)
{
	uint64_t key;

	memcpy(&key, op, sizeof(key));
	return key;
}

static void template_set(struct op_template *template,
			 const struct barioc_op *op,
			 const struct bario_bar *bars,
			 const struct bario_allowed *allowed)
{
	template->offsets.end = 0;
	if (allowed && !(allowed->whole & (1u << op->bar)))
		return;
	template->key = op_key(op);
	template->not_value = op->op == BARIOC_OP_READ ?
		~0ULL : ~bario_all_ones(op->width);
	template->offsets = bario_offsets(&bars[op->bar], op->width);
}

static __always_inline bool template_matches(const struct op_template *template,
					     const struct barioc_op *op)
{
	return op_key(op) == template->key &&
	       !((op->value & template->not_value) | op->mask | op->timeout) &&
	       bario_offset_good(&template->offsets, op->offset);
}

uint32_t bario_program_ops(void)
{
	uint32_t i, known = 0;

	for (i = 0; i < sizeof(kinds); i++)
		if (kinds[i])
			known |= 1u << i;
	return known;
}

int bario_program_check(const struct barioc_run *run, struct barioc_op *ops,
			const struct bario_bar *bars,
			const struct bario_allowed *allowed, uint32_t *used,
			uint32_t *bad)
{
	struct op_template reads = { 0 }, writes = { 0 }, none = { 0 };
	struct op_template *last = &none, *other = &none;
	struct barioc_op *op, *first = ops, *end = ops + run->count;
	bool atomic = run->flags & BARIOC_RUN_ATOMIC;
	uint64_t time = BARIOC_TIME_MAX;
	int ret;

	*used = 0;
	*bad = run->count;
	if (!run->count || run->count > BARIOC_OPS_MAX ||
	    (run->flags & ~BARIOC_RUN_ATOMIC) ||
	    (atomic && run->count > BARIOC_ATOMIC_MAX))
		return -EINVAL;
	for (op = ops; op < end; op++) {
		if (template_matches(last, op)) {
			first->reserved2++;
			continue;
		}
		first = op;
		if (template_matches(other, op)) {
			last = other;
			other = last == &reads ? &writes : &reads;
			continue;
		}
		ret = check_op(op, atomic, bars, allowed, &time);
		if (ret) {
			*bad = op - ops;
			/* Without run lengths, to be checked again. */
			while (op-- > ops)
				op->reserved2 = 0;
			return ret;
		}
		if (op->op != BARIOC_OP_DELAY)
			*used |= 1u << op->bar;
		if (op->op != BARIOC_OP_READ && op->op != BARIOC_OP_WRITE) {
			last = &none;
			continue;
		}
		last = op->op == BARIOC_OP_READ ? &reads : &writes;
		other = last == &reads ? &writes : &reads;
		template_set(last, op, bars, allowed);
	}
	return 0;
}
