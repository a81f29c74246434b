/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Trace events. They identify functions by number, not by pointer, because an event
 * outlives its device.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM bario

#if !defined(BARIO_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define BARIO_TRACE_H

#include <linux/tracepoint.h>

#define bario_sel_format	"%04x:%02x:%02x.%x"
#define bario_sel_domain(sel)	((u32)((sel) >> 32))
#define bario_sel_bus(sel)	((u32)((sel) >> 24) & 0xff)
#define bario_sel_dev(sel)	((u32)((sel) >> 16) & 0xff)
#define bario_sel_func(sel)	((u32)((sel) >> 8) & 0xff)

TRACE_EVENT(bario_access,
	TP_PROTO(u64 sel, int op, u32 bar, u64 offset, u32 width, u64 value,
		 int result),
	TP_ARGS(sel, op, bar, offset, width, value, result),
	TP_STRUCT__entry(
		__field(u64, sel)
		__field(u64, offset)
		__field(u64, value)
		__field(int, op)
		__field(u32, bar)
		__field(u32, width)
		__field(int, result)
	),
	TP_fast_assign(
		__entry->sel = sel;
		__entry->offset = offset;
		__entry->value = value;
		__entry->op = op;
		__entry->bar = bar;
		__entry->width = width;
		__entry->result = result;
	),
	TP_printk(bario_sel_format " %s bar%u+0x%llx.%u value=0x%llx result=%d",
		  bario_sel_domain(__entry->sel), bario_sel_bus(__entry->sel),
		  bario_sel_dev(__entry->sel), bario_sel_func(__entry->sel),
		  __print_symbolic(__entry->op, { 1, "read" }, { 2, "write" }),
		  __entry->bar, __entry->offset, __entry->width,
		  __entry->value, __entry->result)
);

TRACE_EVENT(bario_config,
	TP_PROTO(u64 sel, bool write, int reg, int width, u32 value,
		 int result),
	TP_ARGS(sel, write, reg, width, value, result),
	TP_STRUCT__entry(
		__field(u64, sel)
		__field(bool, write)
		__field(int, reg)
		__field(int, width)
		__field(u32, value)
		__field(int, result)
	),
	TP_fast_assign(
		__entry->sel = sel;
		__entry->write = write;
		__entry->reg = reg;
		__entry->width = width;
		__entry->value = value;
		__entry->result = result;
	),
	TP_printk(bario_sel_format " %s config+0x%x.%d value=0x%x result=%d",
		  bario_sel_domain(__entry->sel), bario_sel_bus(__entry->sel),
		  bario_sel_dev(__entry->sel), bario_sel_func(__entry->sel),
		  __entry->write ? "write" : "read", __entry->reg,
		  __entry->width, __entry->value, __entry->result)
);

DECLARE_EVENT_CLASS(bario_bar_event,
	TP_PROTO(u64 sel, u32 bar, int result),
	TP_ARGS(sel, bar, result),
	TP_STRUCT__entry(
		__field(u64, sel)
		__field(u32, bar)
		__field(int, result)
	),
	TP_fast_assign(
		__entry->sel = sel;
		__entry->bar = bar;
		__entry->result = result;
	),
	TP_printk(bario_sel_format " %s result=%d",
		  bario_sel_domain(__entry->sel), bario_sel_bus(__entry->sel),
		  bario_sel_dev(__entry->sel), bario_sel_func(__entry->sel),
		  __print_symbolic(__entry->bar, { 0, "bar0" }, { 1, "bar1" },
				   { 2, "bar2" }, { 3, "bar3" }, { 4, "bar4" },
				   { 5, "bar5" }, { 6, "bar6" }, { 7, "bar7" },
				   { U32_MAX, "config" }),
		  __entry->result)
);

/* A file shares the claim on a BAR from now on; the result is 0. */
DEFINE_EVENT(bario_bar_event, bario_claim,
	TP_PROTO(u64 sel, u32 bar, int result), TP_ARGS(sel, bar, result));

/* A file no longer shares it; the result is 0. */
DEFINE_EVENT(bario_bar_event, bario_release,
	TP_PROTO(u64 sel, u32 bar, int result), TP_ARGS(sel, bar, result));

/* A BAR is about to be mapped, or that was refused. */
DEFINE_EVENT(bario_bar_event, bario_map,
	TP_PROTO(u64 sel, u32 bar, int result), TP_ARGS(sel, bar, result));

/* Something was refused: an access, a mapping or a configuration access. */
DEFINE_EVENT(bario_bar_event, bario_deny,
	TP_PROTO(u64 sel, u32 bar, int result), TP_ARGS(sel, bar, result));

TRACE_EVENT(bario_derive,
	TP_PROTO(u32 rules, u32 id),
	TP_ARGS(rules, id),
	TP_STRUCT__entry(
		__field(u32, rules)
		__field(u32, id)
	),
	TP_fast_assign(
		__entry->rules = rules;
		__entry->id = id;
	),
	TP_printk("rules=%u id=%u", __entry->rules, __entry->id)
);

TRACE_EVENT(bario_revoke,
	TP_PROTO(u32 id, int result),
	TP_ARGS(id, result),
	TP_STRUCT__entry(
		__field(u32, id)
		__field(int, result)
	),
	TP_fast_assign(
		__entry->id = id;
		__entry->result = result;
	),
	TP_printk("id=%u result=%d", __entry->id, __entry->result)
);

#endif /* BARIO_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
