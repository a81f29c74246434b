/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The checks of a program once more, as bario.h has them in words: a table of
 * what each operation has, one line for each rule, and one byte at a time.
 */
#ifndef BARIO_PROGRAM_MODEL_H
#define BARIO_PROGRAM_MODEL_H

#include "access_model.h"
#include "program.h"

struct model_kind {
	bool	value;
	bool	mask;
	bool	timeout;
	bool	reads;
	bool	writes;
};

static inline const struct model_kind *model_op_kind(unsigned int op)
{
	static const struct model_kind kinds[] = {
		{ .reads = true },
		{ .value = true, .writes = true },
		{ .value = true, .reads = true, .writes = true },
		{ .value = true, .reads = true, .writes = true },
		{ .value = true, .reads = true, .writes = true },
		{ .value = true, .mask = true, .reads = true, .writes = true },
		{ .value = true, .mask = true, .timeout = true, .reads = true },
		{ .timeout = true },
		{ .value = true, .mask = true, .reads = true },
	};

	return op >= 1 && op <= 9 ? &kinds[op - 1] : NULL;
}

static inline bool model_granted(const struct bario_allowed *allowed,
				 unsigned int bar, wide at, uint32_t rights)
{
	uint32_t i;

	for (i = allowed->begin[bar]; i < allowed->begin[bar + 1]; i++)
		if (at >= allowed->ranges[i].first &&
		    at <= allowed->ranges[i].last)
			return (allowed->ranges[i].rights & rights) == rights;
	return false;
}

/* @before: the time of all operations before this one, which are right. */
static inline int model_op(const struct barioc_op *op, bool atomic, wide before,
			   const struct bario_bar *bars,
			   const struct bario_allowed *allowed)
{
	const struct model_kind *kind = model_op_kind(op->op);
	unsigned int bit;
	uint32_t i;
	int ret;

	if (!kind || op->reserved || op->reserved2)
		return -EINVAL;
	if ((op->value && !kind->value) || (op->mask && !kind->mask) ||
	    (op->timeout && !kind->timeout))
		return -EINVAL;
	if (before + op->timeout > 10000000000ULL)
		return -EINVAL;
	if (atomic && kind->timeout)
		return -EINVAL;
	if (!kind->reads && !kind->writes)
		return op->bar || op->width || op->offset ? -EINVAL : 0;
	if (op->bar > 5)
		return -EINVAL;
	ret = model_access(&bars[op->bar], 1, op->width, op->offset);
	if (ret)
		return ret;
	for (bit = 0; bit < 64; bit++) {
		bool value = op->value >> bit & 1, mask = op->mask >> bit & 1;

		if (bit >= 8u * op->width && (value || mask))
			return -EINVAL;
		if (kind->mask && value && !mask)
			return -EINVAL;
	}
	for (i = 0; allowed && i < op->width; i++)
		if (!model_granted(allowed, op->bar, (wide)op->offset + i,
				   (kind->reads ? BARIOC_RIGHT_READ : 0) |
				   (kind->writes ? BARIOC_RIGHT_WRITE : 0)))
			return -EACCES;
	return 0;
}

static inline int model_program(const struct barioc_run *run,
				const struct barioc_op *ops,
				const struct bario_bar *bars,
				const struct bario_allowed *allowed,
				uint32_t *used, uint32_t *bad)
{
	bool atomic = run->flags == BARIOC_RUN_ATOMIC;
	wide time = 0;
	uint32_t i;
	int ret;

	*used = 0;
	*bad = run->count;
	if (run->count < 1 || run->count > 1024 || run->flags > 1 ||
	    (atomic && run->count > 64))
		return -EINVAL;
	for (i = 0; i < run->count; i++) {
		ret = model_op(&ops[i], atomic, time, bars, allowed);
		if (ret) {
			*bad = i;
			return ret;
		}
		time += ops[i].timeout;
		if (ops[i].op != BARIOC_OP_DELAY)
			*used |= 1u << ops[i].bar;
	}
	return 0;
}

/* What a register becomes, bit by bit. */
static inline uint64_t model_update(const struct barioc_op *op, uint64_t old)
{
	uint64_t new = 0;
	unsigned int bit;

	for (bit = 0; bit < 8u * op->width; bit++) {
		bool was = old >> bit & 1, value = op->value >> bit & 1, is;

		switch (op->op) {
		case BARIOC_OP_AND:
			is = was && value;
			break;
		case BARIOC_OP_OR:
			is = was || value;
			break;
		case BARIOC_OP_XOR:
			is = was != value;
			break;
		default:
			is = op->mask >> bit & 1 ? value : was;
		}
		new |= (uint64_t)is << bit;
	}
	return new;
}

/*
 * May the interpreter rely on how many operations are said to follow that are
 * alike? @most: where nothing is said to follow, nothing alike does.
 */
static inline bool model_alike(const struct barioc_op *ops, uint32_t count,
			       bool most)
{
	uint32_t i, j;

	for (i = 0; i < count; i = j) {
		const struct barioc_op *first = &ops[i];
		bool plain = first->op == BARIOC_OP_READ ||
			     first->op == BARIOC_OP_WRITE;

		if (first->reserved2 >= count - i ||
		    (first->reserved2 && !plain))
			return false;
		for (j = i + 1; j < count; j++) {
			bool alike = plain && ops[j].op == first->op &&
				     ops[j].bar == first->bar &&
				     ops[j].width == first->width;

			if (j - i <= first->reserved2) {
				if (!alike || ops[j].reserved2)
					return false;
			} else {
				if (alike && most)
					return false;
				break;
			}
		}
	}
	return true;
}

#endif /* BARIO_PROGRAM_MODEL_H */
