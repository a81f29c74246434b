// SPDX-License-Identifier: GPL-2.0
/*
 * Programs on a function. Accesses are made in bursts, during which the lock of each
 * claim that the program uses is held: so no other access comes in between, and the
 * claims can't end. Between two bursts everything may change.
 */
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/sched/signal.h>
#include "access.h"
#include "bar.h"
#include "counter.h"
#include "program.h"
#include "request.h"
#include "trace.h"

/* Operations in a burst, during which the task is not preempted. */
#define BURST	BARIOC_ATOMIC_MAX

/* Shorter waits are not worth sleeping. */
#define SHORT_NS	20000

/**
 * struct program_ctx - a program under way
 * @claim: the request for claims, if it uses BARs that the file has not claimed
 * @att: the file and the function
 * @claims: the function's
 * @run: the request
 * @ops: its operations
 * @bad: the index of the one that is at fault
 * @used: BARs that the program uses, a bit each
 * @left: operations left in this burst; 0: the next operation begins another
 * @held: the locks of the claims in @used are held
 * @guarded: configuration space is guarded, too
 * @bars: the BARs as they were when the program was checked
 * @numbers: the numbers of the claims on them
 */
struct program_ctx {
	struct bario_claim_request claim;
	struct bario_attachment	*att;
	struct bario_claim	*claims;
	const struct barioc_run	*run;
	struct barioc_op	*ops;
	u32			bad;
	u32			used;
	u32			left;
	bool			held;
	bool			guarded;
	struct bario_bar	bars[BARIO_BARS];
	unsigned int		numbers[BARIO_BARS];
};

static void burst_end(struct program_ctx *ctx)
{
	u32 used = ctx->used;
	unsigned int i;

	if (!ctx->held)
		return;
	if (ctx->guarded)
		bario_slot_unguard(ctx->att->function);
	ctx->guarded = false;
	for (; used; used &= ~BIT(i)) {
		i = __fls(used);
		spin_unlock(&ctx->claims[i].lock);
		/* For sparse, which does not count locks in a loop. */
		__acquire(&ctx->claims[i].lock);
	}
	ctx->held = false;
	ctx->left = 0;
}

/* Is this still the claim that the program was checked against? */
static bool same_claim(const struct program_ctx *ctx, unsigned int i)
{
	const struct bario_bar *bar = &ctx->claims[i].bar;

	return (ctx->att->bars & BIT(i)) &&
	       ctx->claims[i].number == ctx->numbers[i] &&
	       bar->kind == ctx->bars[i].kind &&
	       bar->size == ctx->bars[i].size;
}

/* After a read of all ones, the reads that follow are guarded. */
static bool burst_guard(struct program_ctx *ctx)
{
	bool careful = false;
	u32 used = ctx->used;
	unsigned int i;

	for (; used; used &= ~BIT(i)) {
		i = __ffs(used);
		careful |= ctx->claims[i].careful;
	}
	if (!careful)
		return true;
	if (!bario_slot_guard(ctx->att->function))
		return false;
	ctx->guarded = true;
	for (used = ctx->used; used; used &= ~BIT(i)) {
		i = __ffs(used);
		ctx->claims[i].careful = false;
	}
	return true;
}

static noinline int next_burst(struct program_ctx *ctx)
{
	u32 used = ctx->used;
	bool same = true;
	unsigned int i;

	if (ctx->held) {
		burst_end(ctx);
		cond_resched();
		if (signal_pending(current))
			return -EINTR;
	}
	for (; used; used &= ~BIT(i)) {
		i = __ffs(used);
		spin_lock_nested(&ctx->claims[i].lock, i);
		__release(&ctx->claims[i].lock);
		same = same && same_claim(ctx, i);
	}
	ctx->held = true;
	if (!same || bario_function_stub_acted(ctx->att->function)) {
		burst_end(ctx);
		return bario_attachment_error(ctx->att, -EBUSY);
	}
	if (!bario_slot_awake(ctx->att->function->pdev) || !burst_guard(ctx)) {
		burst_end(ctx);
		return bario_attachment_error(ctx->att, -EIO);
	}
	ctx->left = BURST;
	return 0;
}

/* Limits @count to what is left of the burst, at least 1. */
static __always_inline int burst_limit(struct program_ctx *ctx, u32 *count)
{
	if (unlikely(!ctx->left)) {
		int ret = next_burst(ctx);

		if (ret)
			return ret;
	}
	*count = min(*count, ctx->left);
	return 0;
}

/*
 * A read returned all ones, perhaps after the long time that a device which does not
 * respond takes. Unless the program is atomic, other accesses come before the next.
 */
static void burst_cut(struct program_ctx *ctx)
{
	if (!(ctx->run->flags & BARIOC_RUN_ATOMIC))
		ctx->left = 0;
}

/* Not inlined: the interpreter stays small. */
static noinline void record_run(const struct program_ctx *ctx, int how,
				const struct barioc_op *op, u32 count)
{
	for (; count--; op++)
		trace_bario_access(ctx->att->sel, how, op->bar, op->offset,
				   op->width, how == PCIBARIO_READ ?
				   op->result : op->value, 0);
}

/* Operation number @done read all ones: the register holds them, or @ret is an error. */
static noinline int read_ones(struct program_ctx *ctx, struct barioc_op *op,
			      u32 *done, int ret)
{
	op += *done;
	ret = min(ret, 0);
	ctx->claims[op->bar].accesses++;
	trace_bario_access(ctx->att->sel, PCIBARIO_READ, op->bar, op->offset,
			   op->width, op->result, ret);
	if (ret)
		return ret;
	++*done;
	ctx->left--;
	burst_cut(ctx);
	return 0;
}

/* @done: how many were read before the first that gave all ones. */
static __always_inline int read_run(struct program_ctx *ctx,
				    const struct bario_claim *claim,
				    enum bario_bar_kind kind, u32 width,
				    struct barioc_op *op, u32 count, u32 *done)
{
	struct barioc_op *end = op + count, *at;
	/* In registers: the stores to results could alias ctx. */
	struct bario_attachment *att = ctx->att;
	const bool guarded = ctx->guarded;
	const unsigned long since = jiffies;
	int ret = 0;

	for (at = op; at < end; at++) {
		ret = bario_access_read(att, claim, kind, at->offset, width,
					&at->result, guarded, since);
		if (unlikely(ret))
			break;
	}
	*done = at - op;
	return ret;
}

static __always_inline void write_run(const struct bario_claim *claim,
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
	struct program_ctx *ctx = device;
	/* op->bar was checked to be below BARIO_BARS. */
	struct bario_claim *claim = &ctx->claims[op->bar];
	int ret;

	*done = 0;
	ret = burst_limit(ctx, &count);
	if (unlikely(ret))
		return ret;
	/* Specialise the common 32-bit case. */
	if (op->width != 4)
		ret = read_run(ctx, claim, claim->bar.kind, op->width, op,
			       count, done);
	else if (claim->bar.kind == BARIO_BAR_MEM)
		ret = read_run(ctx, claim, BARIO_BAR_MEM, 4, op, count, done);
	else
		ret = read_run(ctx, claim, BARIO_BAR_PORT, 4, op, count, done);
	/* Count what was done: a burst may be all of an atomic program. */
	ctx->left -= *done;
	claim->accesses += *done;
	if (trace_bario_access_enabled())
		record_run(ctx, PCIBARIO_READ, op, *done);
	return unlikely(ret) ? read_ones(ctx, op, done, ret) : 0;
}

static __always_inline int run_write(void *device, struct barioc_op *op,
				     u32 count, u32 *done)
{
	struct program_ctx *ctx = device;
	struct bario_claim *claim = &ctx->claims[op->bar];
	int ret;

	*done = 0;
	ret = burst_limit(ctx, &count);
	if (unlikely(ret))
		return ret;
	if (op->width != 4)
		write_run(claim, claim->bar.kind, op->width, op, count);
	else if (claim->bar.kind == BARIO_BAR_MEM)
		write_run(claim, BARIO_BAR_MEM, 4, op, count);
	else
		write_run(claim, BARIO_BAR_PORT, 4, op, count);
	ctx->left -= count;
	claim->accesses += count;
	bario_attachment_written(ctx->att);
	if (trace_bario_access_enabled())
		record_run(ctx, PCIBARIO_WRITE, op, count);
	*done = count;
	return 0;
}

static int run_update(void *device, struct barioc_op *op)
{
	struct program_ctx *ctx = device;
	struct bario_claim *claim;
	u32 count = 1;
	int ret, ones;
	u64 new;

	ret = burst_limit(ctx, &count);
	if (ret)
		return ret;
	claim = &ctx->claims[op->bar];
	ctx->left--;
	ones = bario_access_read(ctx->att, claim, claim->bar.kind, op->offset,
				 op->width, &op->result, ctx->guarded,
				 jiffies);
	ret = min(ones, 0);
	claim->accesses++;
	trace_bario_access(ctx->att->sel, PCIBARIO_READ, op->bar, op->offset,
			   op->width, op->result, ret);
	if (ret)
		return ret;
	new = bario_op_update(op, op->result);
	bario_claim_write(claim, claim->bar.kind, op->offset, op->width, new);
	claim->accesses++;
	bario_attachment_written(ctx->att);
	trace_bario_access(ctx->att->sel, PCIBARIO_WRITE, op->bar, op->offset,
			   op->width, new, 0);
	if (ones)
		burst_cut(ctx);
	return 0;
}

static bool claims_lost(const struct program_ctx *ctx)
{
	u32 used = ctx->used;
	unsigned int i;

	if (READ_ONCE(ctx->att->function->gone) ||
	    READ_ONCE(ctx->att->file->revoked) ||
	    (READ_ONCE(ctx->att->bars) & used) != used)
		return true;
	for (; used; used &= ~BIT(i)) {
		i = __ffs(used);
		if (READ_ONCE(ctx->claims[i].number) != ctx->numbers[i])
			return true;
	}
	return false;
}

static int run_wait(void *device, u64 ns)
{
	struct program_ctx *ctx = device;
	int ret;

	burst_end(ctx);
	if (ns <= SHORT_NS) {
		udelay(DIV_ROUND_UP((unsigned int)ns, NSEC_PER_USEC));
		cond_resched();
		return signal_pending(current) ? -EINTR : 0;
	}
	ret = wait_event_interruptible_hrtimeout(ctx->att->function->waitq,
						 claims_lost(ctx),
						 ns_to_ktime(ns));
	if (!ret)
		return bario_attachment_error(ctx->att, -EBUSY);
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

static int check_ops(struct program_ctx *ctx)
{
	return bario_program_check(ctx->run, ctx->ops, ctx->bars,
				   &ctx->att->allowed, &ctx->used, &ctx->bad);
}

static int check_program(struct bario_claim_request *request,
			 struct bario_attachment *att)
{
	struct program_ctx *ctx =
		container_of(request, struct program_ctx, claim);
	unsigned int i;
	int ret;

	/* The first check may have left run lengths in them. */
	for (i = 0; request->bars && i < ctx->run->count; i++)
		ctx->ops[i].reserved2 = 0;
	request->bars = 0;
	for (i = 0; i < BARIO_BARS; i++)
		ctx->bars[i] = bario_bar_ask(att->function, i);
	ret = check_ops(ctx);
	if (!ret)
		request->bars = ctx->used;
	return ret;
}

/* If all BARs are claimed, the program can be checked without function->lock. */
static int program_prepare(struct program_ctx *ctx)
{
	unsigned long bars = READ_ONCE(ctx->att->bars);
	unsigned int i;
	int ret;

	/* The claims are about to end: treat them as ended. */
	if (bario_function_stub_acted(ctx->att->function))
		bars = 0;
	for (; bars; bars &= ~BIT(i)) {
		i = __ffs(bars);
		ctx->numbers[i] = READ_ONCE(ctx->claims[i].number);
		/* If it changes meanwhile, the first burst notices. */
		ctx->bars[i] = data_race(ctx->claims[i].bar);
	}
	if (!check_ops(ctx))
		return 0;
	/* If the file was revoked, no operation is at fault. */
	ctx->bad = ctx->run->count;
	ctx->claim.check = check_program;
	ret = bario_claims_get(ctx->att, &ctx->claim);
	if (ret) {
		for (i = 0; ctx->claim.failed < BARIO_BARS &&
		     i < ctx->run->count; i++)
			if (ctx->ops[i].op != BARIOC_OP_DELAY &&
			    ctx->ops[i].bar == ctx->claim.failed) {
				ctx->bad = i;
				break;
			}
		return ret;
	}
	for (i = 0; i < BARIO_BARS; i++)
		ctx->numbers[i] = READ_ONCE(ctx->claims[i].number);
	return 0;
}

/**
 * bario_program() - run a program
 * @att: the file and the function
 * @run: the request; ran, stop, error and left are filled in, or refused_op
 * @ops: its operations; results are filled in
 *
 * Return: 0, or one of the errors of struct barioc_run; then nothing ran.
 */
int bario_program(struct bario_attachment *att, struct barioc_run *run,
		  struct barioc_op *ops)
{
	struct program_ctx ctx = {
		.att = att,
		.claims = att->function->claims,
		.run = run,
		.ops = ops,
	};
	int ret;

	ret = program_prepare(&ctx);
	if (ret) {
		run->refused_op = ctx.bad;
		bario_counter_deny(att->function,
				   ctx.bad < run->count ? ops[ctx.bad].bar : 0, ret);
		return ret;
	}
	bario_program_run(&target, &ctx, run, ops);
	burst_end(&ctx);
	if (run->stop == BARIOC_STOP_ERROR)
		bario_counter_deny(att->function, ops[run->ran].bar, -run->error);
	return 0;
}
