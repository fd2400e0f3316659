/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* <clock>, what happens on poweroff and the like, <pm>, <perf>. */
#include <string.h>

#include "domain_xml_parts.h"
#include "../number.h"

static const char *const offsets[] = {
    "utc",
    "localtime",
    "variable",
    "timezone",
    "absolute",
    NULL,
};
static const char *const bases[] = {"utc", "localtime", NULL};
static const char *const timers[] = {
    "platform",
    "pit",
    "rtc",
    "hpet",
    "tsc",
    "kvmclock",
    "hypervclock",
    "armvtimer",
    NULL,
};
static const char *const tickpolicies[] = {
    "none",
    "delay",
    "catchup",
    "merge",
    "discard",
    NULL,
};
static const char *const tracks[] = {
    "none",
    "boot",
    "guest",
    "wall",
    "realtime",
    NULL,
};
static const char *const timer_modes[] = {
    "none",
    "auto",
    "native",
    "emulate",
    "paravirt",
    "smpsafe",
    NULL,
};
static const char *const actions[] = {
    "destroy",
    "restart",
    "rename-restart",
    "preserve",
    "coredump-destroy",
    "coredump-restart",
    NULL,
};
static const char *const lock_actions[] = {
    "default",
    "poweroff",
    "restart",
    "pause",
    "ignore",
    NULL,
};
static const char *const events[] = {
    "cmt",
    "mbmt",
    "mbml",
    "cpu_cycles",
    "instructions",
    "cache_references",
    "cache_misses",
    "branch_instructions",
    "branch_misses",
    "bus_cycles",
    "stalled_cycles_frontend",
    "stalled_cycles_backend",
    "ref_cpu_cycles",
    "cpu_clock",
    "task_clock",
    "page_faults",
    "context_switches",
    "cpu_migrations",
    "page_faults_min",
    "page_faults_maj",
    "alignment_faults",
    "emulation_faults",
    NULL,
};

static const struct rule_attr timer_attrs[] = {
    {
	.name = "name",
	.kind = VALUE_ENUM,
	.values = timers,
	.flags = VALUE_REQUIRED,
    },
    {.name = "present", .kind = VALUE_YES_NO},
    {
	.name = "tickpolicy",
	.kind = VALUE_ENUM,
	.values = tickpolicies,
	.flags = VALUE_NONZERO,
    },
    {
	.name = "track",
	.kind = VALUE_ENUM,
	.values = tracks,
	.flags = VALUE_NONZERO,
    },
    {
	.name = "frequency",
	.kind = VALUE_ULL,
	.flags = VALUE_DROP_ZERO,
    },
    {
	.name = "mode",
	.kind = VALUE_ENUM,
	.values = timer_modes,
	.flags = VALUE_NONZERO,
    },
    {.name = NULL},
};

static const struct rule_attr catchup_attrs[] = {
    {
	.name = "threshold",
	.kind = VALUE_ULL,
	.flags = VALUE_DROP_ZERO,
    },
    {.name = "slew", .kind = VALUE_ULL, .flags = VALUE_DROP_ZERO},
    {.name = "limit", .kind = VALUE_ULL, .flags = VALUE_DROP_ZERO},
    {.name = NULL},
};

static const struct rule timer_children[] = {
    {
	.name = "catchup",
	.flags = RULE_DROP_EMPTY,
	.attrs = catchup_attrs,
    },
    {.name = NULL},
};

static const struct rule_attr clock_attrs[] = {
    {
	.name = "offset",
	.kind = VALUE_ENUM,
	.values = offsets,
	.flags = VALUE_DROP_EMPTY,
	.words = "unknown clock offset '%s'",
	.code = XVM_ERR_CONFIG_UNSUPPORTED,
    },
    {.name = "adjustment", .flags = VALUE_DROP_EMPTY},
    {.name = "basis", .flags = VALUE_DROP_EMPTY},
    {.name = "timezone", .flags = VALUE_DROP_EMPTY},
    {.name = "start", .flags = VALUE_DROP_EMPTY},
    {.name = "adjustment0", .flags = VALUE_DROP},
    {.name = NULL},
};

/* utc and localtime with a number are in fact "variable". */
static int
read_adjustment(struct rule_ctx *ctx, struct node *clock, const char *basis)
{
	const char *text = node_attr(clock, "adjustment");
	int64_t n;

	if (text == NULL || strcmp(text, "reset") == 0)
		return 0;
	if (number_i64(text, 10, &n) != 0)
		return refuse_xml(ctx, "unknown clock adjustment '%s'", text);
	node_set_attr_fmt(clock, "adjustment", "%lld", (long long)n);
	node_set_attr(clock, "offset", "variable");
	node_set_attr(clock, "basis", basis);
	return 0;
}

static int
read_variable(struct rule_ctx *ctx, struct node *clock)
{
	const char *text = node_attr(clock, "adjustment");
	const char *basis = node_attr(clock, "basis");
	int64_t n;

	if (text == NULL || number_i64(text, 10, &n) != 0)
		n = 0;
	node_set_attr_fmt(clock, "adjustment", "%lld", (long long)n);
	if (basis == NULL)
		node_set_attr(clock, "basis", "utc");
	else if (enum_index(bases, basis) < 0)
		return refuse_config(ctx, "unknown clock basis '%s'", basis);
	return 0;
}

static int
read_offset(struct rule_ctx *ctx, struct node *clock)
{
	const char *offset = node_attr(clock, "offset");
	bool variable = strcmp(offset, "variable") == 0;
	uint64_t start;

	if (!variable)
		node_set_attr(clock, "basis", NULL);
	if (!variable && strcmp(offset, "utc") != 0 &&
	    strcmp(offset, "localtime") != 0)
		node_set_attr(clock, "adjustment", NULL);
	if (strcmp(offset, "timezone") != 0)
		node_set_attr(clock, "timezone", NULL);
	else if (node_attr(clock, "timezone") == NULL)
		return refuse_internal(ctx, "missing 'timezone' attribute "
					    "for clock with offset='timezone'");
	if (strcmp(offset, "absolute") != 0) {
		node_set_attr(clock, "start", NULL);
	} else {
		const char *text = node_attr(clock, "start");

		if (text == NULL || number_u64(text, 10, &start) != 0)
			return refuse_internal(ctx,
			    "missing 'start' "
			    "attribute for clock with offset='absolute'");
		node_set_attr_fmt(
		    clock, "start", "%llu", (unsigned long long)start);
	}
	return variable ? read_variable(ctx, clock)
			: read_adjustment(ctx, clock, offset);
}

static int
clock_before(struct rule_ctx *ctx, struct node *node)
{
	if (rule_apply_attrs(ctx, node, clock_attrs) != 0)
		return -1;
	if (node_attr(node, "offset") == NULL)
		node_set_attr(node, "offset", "utc");
	return read_offset(ctx, node);
}

static const struct rule clock_children[] = {
    {
	.name = "timer",
	.flags = RULE_MANY,
	.attrs = timer_attrs,
	.children = timer_children,
    },
    {.name = NULL},
};

static const struct rule clock_rule = {
    .name = "clock",
    .attrs = clock_attrs,
    .children = clock_children,
    .before = clock_before,
};

int
domain_clock_read(struct rule_ctx *ctx)
{
	if (part_need(ctx, PART_CLOCK) == NULL)
		return error_nomem(ctx->err);
	return part_apply(ctx, PART_CLOCK, &clock_rule);
}

static int
not_for_timer(struct rule_ctx *ctx, const char *name, const char *what)
{
	return refuse_config(ctx,
	    "timer %s doesn't support setting of timer "
	    "%s",
	    name, what);
}

static int
check_timer(struct rule_ctx *ctx, const struct node *timer)
{
	const char *name = node_attr(timer, "name");
	const struct node *catchup = node_child(timer, "catchup");

	if ((strcmp(name, "kvmclock") == 0 ||
		strcmp(name, "hypervclock") == 0) &&
	    node_attr(timer, "tickpolicy") != NULL)
		return not_for_timer(ctx, name, "tickpolicy");
	if (!node_attr_is(timer, "tickpolicy", "catchup") &&
	    (node_attr(catchup, "threshold") != NULL ||
		node_attr(catchup, "slew") != NULL ||
		node_attr(catchup, "limit") != NULL))
		return refuse_xml(ctx,
		    "setting of timer catchup policies is "
		    "only supported with tickpolicy='catchup'");
	if (strcmp(name, "tsc") != 0) {
		if (node_attr(timer, "frequency") != NULL)
			return not_for_timer(ctx, name, "frequency");
		if (node_attr(timer, "mode") != NULL)
			return not_for_timer(ctx, name, "mode");
	}
	if (strcmp(name, "platform") != 0 && strcmp(name, "rtc") != 0 &&
	    node_attr(timer, "track") != NULL)
		return not_for_timer(ctx, name, "track");
	return 0;
}

int
domain_clock_finish(struct rule_ctx *ctx)
{
	const struct node *t;

	for (t = node_child(ctx->parts->at[PART_CLOCK], "timer"); t != NULL;
	     t = node_next(t, "timer")) {
		if (check_timer(ctx, t) != 0)
			return -1;
	}
	return 0;
}

/* --- lifecycle ------------------------------------------------------------ */

static int
read_action(struct rule_ctx *ctx, enum domain_part part,
    const char *const *values, const char *usual)
{
	const char *text = part_text(ctx, part);
	struct node *node;

	if (text != NULL && enum_index(values, text) < 0)
		return refuse_config(ctx, "unknown %s action: %s",
		    domain_part_rules[part].name, text);
	if (text == NULL && usual == NULL) {
		part_drop(ctx, part);
		return 0;
	}
	node = part_need(ctx, part);
	if (node == NULL)
		return error_nomem(ctx->err);
	if (text == NULL)
		node_put_text(node, usual);
	return 0;
}

static const struct rule_attr enabled_attrs[] = {
    {.name = "enabled", .kind = VALUE_YES_NO},
    {.name = NULL},
};

static const struct rule pm_children[] = {
    {
	.name = "suspend-to-mem",
	.flags = RULE_DROP_EMPTY,
	.attrs = enabled_attrs,
    },
    {
	.name = "suspend-to-disk",
	.flags = RULE_DROP_EMPTY,
	.attrs = enabled_attrs,
    },
    {.name = NULL},
};

static const struct rule pm_rule = {
    .name = "pm",
    .flags = RULE_DROP_EMPTY,
    .children = pm_children,
};

int
domain_lifecycle_read(struct rule_ctx *ctx)
{
	const char *text;

	if (read_action(ctx, PART_ON_REBOOT, actions, "restart") != 0 ||
	    read_action(ctx, PART_ON_POWEROFF, actions, "destroy") != 0 ||
	    read_action(ctx, PART_ON_CRASH, actions, "destroy") != 0 ||
	    read_action(ctx, PART_ON_LOCKFAILURE, lock_actions, NULL) != 0)
		return -1;
	text = part_text(ctx, PART_ON_LOCKFAILURE);
	if (text != NULL && strcmp(text, "default") == 0)
		part_drop(ctx, PART_ON_LOCKFAILURE);
	return part_apply(ctx, PART_PM, &pm_rule);
}

int
domain_lifecycle_check(struct rule_ctx *ctx)
{
	static const struct {
		enum domain_part part;
		const char *event;
	} all[] = {
	    {PART_ON_POWEROFF, "poweroff"},
	    {PART_ON_REBOOT, "reboot"},
	};

	for (size_t i = 0; i < 2; i++) {
		const char *text = part_text(ctx, all[i].part);

		if (strncmp(text, "coredump-", 9) == 0)
			return refuse_config(ctx,
			    "Lifecycle event '%s' "
			    "doesn't support '%s' action",
			    all[i].event, text);
	}
	return 0;
}

/* --- <perf> --------------------------------------------------------------- */

static const struct rule_attr event_attrs[] = {
    {
	.name = "name",
	.kind = VALUE_ENUM,
	.values = events,
	.flags = VALUE_REQUIRED,
    },
    {.name = "enabled", .kind = VALUE_YES_NO, .flags = VALUE_REQUIRED},
    {.name = NULL},
};

static int
event_after(struct rule_ctx *ctx, struct node *node)
{
	if (node_is_repeated(node, "name"))
		return refuse_xml(ctx,
		    "perf event '%s' was already specified",
		    node_attr(node, "name"));
	return 0;
}

static int
perf_after(struct rule_ctx *ctx, struct node *node)
{
	return children_sort(ctx, node, "event", sort_by_name, events);
}

static const struct rule perf_children[] = {
    {
	.name = "event",
	.flags = RULE_MANY,
	.attrs = event_attrs,
	.after = event_after,
    },
    {.name = NULL},
};

static const struct rule perf_rule = {
    .name = "perf",
    .flags = RULE_DROP_EMPTY,
    .children = perf_children,
    .after = perf_after,
};

int
domain_perf_read(struct rule_ctx *ctx)
{
	return part_apply(ctx, PART_PERF, &perf_rule);
}
