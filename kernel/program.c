// SPDX-License-Identifier: GPL-2.0
/*
 * Programs on a function. Accesses are made in bursts, with the lock of each
 * claim held that the program uses: so nobody else's come in between, and the
 * claims can't end. Between two bursts everything may have changed.
 */
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/pm_runtime.h>
#include <linux/sched/signal.h>
#include "access.h"
#include "program.h"

/* Operations in a burst, in which the processor does nothing else. */
#define BURST	BARIOC_ATOMIC_MAX

/* Time that is not worth sleeping for. */
#define SHORT_NS	20000

/**
 * struct runner - a program under way
 * @att: the file and the function
 * @claims: the function's
 * @used: BARs that the program uses, a bit each
 * @left: operations left in this burst; 0: no lock need be held
 * @held: the locks of the claims in @used are held
 * @bars: the BARs as they were when the program was checked
 * @numbers: and which claims on them
 */
struct runner {
	struct bario_attachment	*att;
	struct bario_claim	*claims;
	u32			used;
	unsigned int		left;
	bool			held;
	struct bario_bar	bars[BARIO_BARS];
	unsigned int		numbers[BARIO_BARS];
};

static void rest(struct runner *runner)
{
	u32 used = runner->used;
	unsigned int i;

	if (!runner->held)
		return;
	for (; used; used &= ~BIT(i)) {
		i = __fls(used);
		spin_unlock(&runner->claims[i].lock);
		/* For sparse, which does not count locks in a loop. */
		__acquire(&runner->claims[i].lock);
	}
	runner->held = false;
	runner->left = 0;
}

/* The claim that the program was checked against, or another, or none? */
static bool same_claim(const struct runner *runner, unsigned int i)
{
	const struct bario_bar *bar = &runner->claims[i].bar;

	return (runner->att->bars & BIT(i)) &&
	       runner->claims[i].number == runner->numbers[i] &&
	       bar->kind == runner->bars[i].kind &&
	       bar->size == runner->bars[i].size;
}

static noinline int next_burst(struct runner *runner)
{
	u32 used = runner->used;
	bool same = true;
	unsigned int i;

	if (runner->held) {
		rest(runner);
		cond_resched();
		if (signal_pending(current))
			return -EINTR;
	}
	for (; used; used &= ~BIT(i)) {
		i = __ffs(used);
		spin_lock_nested(&runner->claims[i].lock, i);
		__release(&runner->claims[i].lock);
		same = same && same_claim(runner, i);
	}
	runner->held = true;
	if (!same) {
		rest(runner);
		return bario_attachment_error(runner->att, -EBUSY);
	}
	if (!bario_awake(runner->att->function->pdev)) {
		rest(runner);
		return -EIO;
	}
	runner->left = BURST;
	return 0;
}

static noinline int check_ones(struct runner *runner, const struct barioc_op *op)
{
	/* The locks stay held: nothing of others' comes in between. */
	if (bario_device_responds(runner->att->function->pdev,
				  runner->claims[op->bar].bar.kind))
		return 0;
	return bario_attachment_error(runner->att, -EIO);
}

/* Not where it would be compiled into the interpreter. */
static noinline void record(const struct runner *runner, int how,
			    const struct barioc_op *op, u32 count)
{
	for (; count--; op++)
		trace_bario_access(runner->att->sel, how, op->bar, op->offset,
				   op->width, how == PCIBARIO_READ ?
				   op->result : op->value, 0);
}

/* Operation number @done of these read all ones. */
static noinline int read_ones(struct runner *runner, struct barioc_op *op,
			      u32 *done)
{
	int ret;

	op += *done;
	runner->claims[op->bar].accesses++;
	ret = check_ones(runner, op);
	trace_bario_access(runner->att->sel, PCIBARIO_READ, op->bar, op->offset,
			   op->width, op->result, ret);
	*done += !ret;
	return ret;
}

/* How many of @count operations can be done now; more than 0, or an error. */
static __always_inline int begin(struct runner *runner, u32 count)
{
	int ret;

	if (unlikely(!runner->left)) {
		ret = next_burst(runner);
		if (ret)
			return ret;
	}
	count = min(count, runner->left);
	runner->left -= count;
	return count;
}

/* Returns how many were read before one that is all ones: the next, or none. */
static __always_inline u32 read_alike(const struct bario_claim *claim,
				      enum bario_bar_kind kind, u32 width,
				      struct barioc_op *op, u32 count)
{
	struct barioc_op *end = op + count, *at;
	u64 value;

	for (at = op; at < end; at++) {
		value = bario_claim_read(claim, kind, at->offset, width);
		at->result = value;
		if (bario_possible_error(value, width))
			break;
	}
	return at - op;
}

static __always_inline void write_alike(const struct bario_claim *claim,
					enum bario_bar_kind kind, u32 width,
					const struct barioc_op *op, u32 count)
{
	const struct barioc_op *end = op + count;

	for (; op < end; op++)
		bario_claim_write(claim, kind, op->offset, width, op->value);
}

static __always_inline int run_read(void *device, struct barioc_op *op,
				    u32 count, u32 *done)
{
	struct runner *runner = device;
	/* One of the 6: op->bar was checked. */
	struct bario_claim *claim = &runner->claims[op->bar];
	int ret;

	*done = 0;
	ret = begin(runner, count);
	if (unlikely(ret < 0))
		return ret;
	/* What most registers are is compiled for itself. */
	if (op->width != 4)
		*done = read_alike(claim, claim->bar.kind, op->width, op, ret);
	else if (claim->bar.kind == BARIO_BAR_MEM)
		*done = read_alike(claim, BARIO_BAR_MEM, 4, op, ret);
	else
		*done = read_alike(claim, BARIO_BAR_PORT, 4, op, ret);
	claim->accesses += *done;
	if (trace_bario_access_enabled())
		record(runner, PCIBARIO_READ, op, *done);
	return unlikely(*done < ret) ? read_ones(runner, op, done) : 0;
}

static __always_inline int run_write(void *device, struct barioc_op *op,
				     u32 count, u32 *done)
{
	struct runner *runner = device;
	struct bario_claim *claim = &runner->claims[op->bar];
	int ret;

	*done = 0;
	ret = begin(runner, count);
	if (unlikely(ret < 0))
		return ret;
	if (op->width != 4)
		write_alike(claim, claim->bar.kind, op->width, op, ret);
	else if (claim->bar.kind == BARIO_BAR_MEM)
		write_alike(claim, BARIO_BAR_MEM, 4, op, ret);
	else
		write_alike(claim, BARIO_BAR_PORT, 4, op, ret);
	claim->accesses += ret;
	bario_slot_written(runner->att);
	if (trace_bario_access_enabled())
		record(runner, PCIBARIO_WRITE, op, ret);
	*done = ret;
	return 0;
}

static int run_update(void *device, struct barioc_op *op)
{
	struct runner *runner = device;
	struct bario_claim *claim;
	u64 old, new;
	int ret;

	ret = begin(runner, 1);
	if (ret < 0)
		return ret;
	claim = &runner->claims[op->bar];
	old = bario_claim_read(claim, claim->bar.kind, op->offset, op->width);
	claim->accesses++;
	op->result = old;
	ret = bario_possible_error(old, op->width) ? check_ones(runner, op) : 0;
	trace_bario_access(runner->att->sel, PCIBARIO_READ, op->bar, op->offset,
			   op->width, old, ret);
	if (ret)
		return ret;
	new = bario_op_update(op, old);
	bario_claim_write(claim, claim->bar.kind, op->offset, op->width, new);
	claim->accesses++;
	bario_slot_written(runner->att);
	trace_bario_access(runner->att->sel, PCIBARIO_WRITE, op->bar,
			   op->offset, op->width, new, 0);
	return 0;
}

static bool lost(const struct runner *runner)
{
	u32 used = runner->used;
	unsigned int i;

	if (READ_ONCE(runner->att->function->gone) ||
	    READ_ONCE(runner->att->file->revoked) ||
	    (READ_ONCE(runner->att->bars) & used) != used)
		return true;
	for (; used; used &= ~BIT(i)) {
		i = __ffs(used);
		if (READ_ONCE(runner->claims[i].number) != runner->numbers[i])
			return true;
	}
	return false;
}

static int run_wait(void *device, u64 ns)
{
	struct runner *runner = device;
	int ret;

	rest(runner);
	if (ns <= SHORT_NS) {
		udelay(DIV_ROUND_UP((unsigned int)ns, NSEC_PER_USEC));
		return signal_pending(current) ? -EINTR : 0;
	}
	ret = wait_event_interruptible_hrtimeout(runner->att->function->waitq,
						 lost(runner), ns_to_ktime(ns));
	if (!ret)
		return bario_attachment_error(runner->att, -EBUSY);
	return ret == -ETIME ? 0 : -EINTR;
}

static u64 run_now(void *device)
{
	return ktime_get_ns();
}

static const struct bario_target target = {
	.read = run_read,
	.write = run_write,
	.update = run_update,
	.wait = run_wait,
	.now = run_now,
};

static int check(struct runner *runner, const struct barioc_run *run,
		 struct barioc_op *ops, u32 *bad)
{
	return bario_program_check(run, ops, runner->bars,
				   &runner->att->allowed, &runner->used, bad);
}

/* All checks in their order, and then the claims. */
static int claim_locked(struct runner *runner, const struct barioc_run *run,
			struct barioc_op *ops, u32 *bad, bool awake)
{
	struct bario_function *function = runner->att->function;
	unsigned long before;
	unsigned int i;
	int ret = -ENODEV;

	mutex_lock(&function->lock);
	if (!bario_attachment_alive(runner->att))
		goto out;
	for (i = 0; i < BARIO_BARS; i++)
		runner->bars[i] = bario_bar(function, i);
	ret = check(runner, run, ops, bad);
	if (ret)
		goto out;
	before = runner->att->bars;
	for (i = 0; i < BARIO_BARS && !ret; i++) {
		if (!(runner->used & BIT(i)))
			continue;
		ret = bario_claim(runner->att, i, awake);
		runner->numbers[i] = runner->claims[i].number;
		for (*bad = 0; ret && ops[*bad].bar != i; ++*bad)
			;
	}
	if (ret) {
		bario_claims_undo(runner->att, runner->att->bars & ~before);
		/* To be checked again. */
		for (i = 0; i < run->count; i++)
			ops[i].reserved2 = 0;
	}
out:
	mutex_unlock(&function->lock);
	return ret;
}

/* What the file has claimed can be checked without function->lock. */
static int prepare(struct runner *runner, const struct barioc_run *run,
		   struct barioc_op *ops, u32 *bad)
{
	struct device *dev = &runner->att->function->pdev->dev;
	unsigned long bars = READ_ONCE(runner->att->bars);
	unsigned int i;
	int ret;

	for (; bars; bars &= ~BIT(i)) {
		i = __ffs(bars);
		runner->numbers[i] = READ_ONCE(runner->claims[i].number);
		/* If it changes meanwhile, the first burst sees it. */
		runner->bars[i] = data_race(runner->claims[i].bar);
	}
	if (!check(runner, run, ops, bad))
		return 0;
	/* Nobody is woken for what will be refused. */
	ret = claim_locked(runner, run, ops, bad, false);
	if (ret != -EAGAIN)
		return ret;
	if (pm_runtime_resume_and_get(dev) < 0)
		return bario_attachment_error(runner->att, -EIO);
	ret = claim_locked(runner, run, ops, bad, true);
	pm_runtime_put(dev);
	return ret;
}

/**
 * bario_program() - run a program
 * @att: the file and the function
 * @run: the request; ran, stop and error are filled in
 * @ops: its operations; results are filled in
 *
 * Return: 0, or one of the errors of struct barioc_run, and then nothing ran.
 */
int bario_program(struct bario_attachment *att, struct barioc_run *run,
		  struct barioc_op *ops)
{
	struct runner runner = {
		.att = att,
		.claims = att->function->claims,
	};
	u32 bad;
	int ret;

	ret = prepare(&runner, run, ops, &bad);
	if (ret) {
		bario_deny(att->function, bad < run->count ? ops[bad].bar : 0,
			   ret);
		return ret;
	}
	bario_program_run(&target, &runner, run, ops);
	rest(&runner);
	if (run->stop == BARIOC_STOP_ERROR)
		bario_deny(att->function, ops[run->ran].bar, -run->error);
	return 0;
}
