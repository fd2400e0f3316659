/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* <cputune>: shares, bandwidth, pinning, scheduling. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "domain_xml_parts.h"
#include "../number.h"

static const char *const schedulers[] = {
    "none",
    "batch",
    "idle",
    "fifo",
    "rr",
    NULL,
};

static const struct rule_attr vcpupin_attrs[] = {
    {.name = "vcpu", .kind = VALUE_UINT, .flags = VALUE_REQUIRED},
    {.name = "cpuset"},
    {.name = NULL},
};

static const struct rule_attr iothreadpin_attrs[] = {
    {
	.name = "iothread",
	.kind = VALUE_UINT,
	.flags = VALUE_REQUIRED | VALUE_NONZERO,
    },
    {.name = "cpuset"},
    {.name = NULL},
};

static const struct rule_attr sched_attrs[] = {
    {.name = "vcpus"},
    {.name = "iothreads"},
    {
	.name = "scheduler",
	.kind = VALUE_ENUM,
	.values = schedulers,
	.flags = VALUE_REQUIRED | VALUE_NONZERO,
    },
    {.name = "priority"},
    {.name = NULL},
};

static int
canonical_cpuset(struct rule_ctx *ctx, struct node *node)
{
	if (node_attr(node, "cpuset") == NULL)
		return refuse_internal(
		    ctx, "missing cpuset for %s", node->name);
	return attr_cpuset(ctx, node, "cpuset");
}

/* A pin of a vcpu that does not exist is not kept. */
static int
vcpupin_after(struct rule_ctx *ctx, struct node *node)
{
	if (sort_by_attr(node, "vcpu") >= ctx->parts->vcpus_max) {
		node_unlink(node);
		return 0;
	}
	return canonical_cpuset(ctx, node);
}

static int
emulatorpin_after(struct rule_ctx *ctx, struct node *node)
{
	if (node_child(node->parent, "emulatorpin") != node)
		return refuse_xml(ctx, "only one emulatorpin is supported");
	return canonical_cpuset(ctx, node);
}

static int
no_iothread(struct rule_ctx *ctx, uint64_t id)
{
	return refuse_config(
	    ctx, "Cannot find 'iothread' : %llu", (unsigned long long)id);
}

static int
iothreadpin_after(struct rule_ctx *ctx, struct node *node)
{
	uint64_t id = sort_by_attr(node, "iothread");

	if (domain_iothread_place(ctx->parts, id) < 0)
		return no_iothread(ctx, id);
	return canonical_cpuset(ctx, node);
}

/* What all three kinds have: the policy, and the priority if it has one. */
static int
check_policy(struct rule_ctx *ctx, struct node *node)
{
	const char *policy;
	int32_t priority;

	if (rule_apply_attrs(ctx, node, sched_attrs) != 0)
		return -1;
	policy = node_attr(node, "scheduler");
	if (strcmp(policy, "fifo") != 0 && strcmp(policy, "rr") != 0) {
		node_set_attr(node, "priority", NULL);
		return 0;
	}
	if (attr_i32(ctx, node, "priority", VALUE_REQUIRED, &priority) < 0)
		return -1;
	node_set_attr_fmt(node, "priority", "%d", priority);
	return 0;
}

static int
emulatorsched_after(struct rule_ctx *ctx, struct node *node)
{
	if (node_child(node->parent, "emulatorsched") != node)
		return refuse_xml(ctx, "only one emulatorsched is supported");
	return check_policy(ctx, node);
}

static int
check_sched_target(struct rule_ctx *ctx, bool vcpu, unsigned int id)
{
	if (!vcpu)
		return domain_iothread_place(ctx->parts, id) < 0
			   ? no_iothread(ctx, id)
			   : 0;
	if (id >= ctx->parts->vcpus_max)
		return refuse_config(ctx,
		    "vCPU '%u' is not present in "
		    "domain definition",
		    id);
	return 0;
}

/* "0-2" becomes three elements. */
static int
sched_after(struct rule_ctx *ctx, struct node *node)
{
	bool vcpu = strcmp(node->name, "vcpusched") == 0;
	const char *name = vcpu ? "vcpus" : "iothreads";
	const char *text = node_attr(node, name);
	struct cpuset set, **done = &ctx->parts->scheduled[vcpu ? 0 : 1];
	struct node *copy;

	if (text == NULL)
		return refuse_xml(ctx,
		    "Missing attribute '%s' in element "
		    "'%s'",
		    name, node->name);
	if (cpuset_read(ctx, text, &set) != 0)
		return -1;
	if (set.end == 0)
		return refuse_config(ctx,
		    "'%s' scheduler bitmap '%s' is "
		    "empty",
		    name, text);
	if (check_policy(ctx, node) != 0)
		return -1;
	if (*done == NULL &&
	    (*done = doc_alloc(ctx->doc, sizeof(**done))) == NULL)
		return error_nomem(ctx->err);
	for (unsigned int i = 0; i < set.end; i++) {
		if (!cpuset_has(&set, i))
			continue;
		if (cpuset_has(*done, i))
			return refuse(ctx, XVM_ERR_XML_DETAIL,
			    "'%s' "
			    "attributes '%s' must not overlap",
			    node->name, name);
		cpuset_add(*done, i);
		if (check_sched_target(ctx, vcpu, i) != 0)
			return -1;
		if (i + 1 == set.end) {
			node_set_attr_fmt(node, name, "%u", i);
			break;
		}
		copy = node_clone(ctx->doc, node);
		if (copy == NULL)
			return error_nomem(ctx->err);
		node_set_attr_fmt(copy, name, "%u", i);
		node_insert_before(node, copy);
	}
	return 0;
}

#define TUNE_NUMBER(what, number, drop, called)                                \
	{                                                                      \
		.name = what, .flags = RULE_TEXT | RULE_DROP_NO_TEXT,          \
		.text = &(const struct rule_attr)                              \
		{                                                              \
			.name = what, .kind = number, .flags = drop,           \
			.words = "can't parse cputune " called " value",       \
		}                                                              \
	}
#define TUNE_PERIOD(what, called)                                              \
	TUNE_NUMBER(what, VALUE_ULL, VALUE_DROP_ZERO, called)
#define TUNE_QUOTA(what, called)                                               \
	TUNE_NUMBER(what, VALUE_LL, VALUE_DROP_ZERO, called)

static const struct rule cputune_children[] = {
    TUNE_NUMBER("shares", VALUE_ULL, 0, "shares"),
    TUNE_PERIOD("period", "period"),
    TUNE_QUOTA("quota", "quota"),
    TUNE_PERIOD("global_period", "global period"),
    TUNE_QUOTA("global_quota", "global quota"),
    TUNE_PERIOD("emulator_period", "emulator period"),
    TUNE_QUOTA("emulator_quota", "emulator quota"),
    TUNE_PERIOD("iothread_period", "iothread period"),
    TUNE_QUOTA("iothread_quota", "iothread quota"),
    {
	.name = "vcpupin",
	.flags = RULE_MANY,
	.attrs = vcpupin_attrs,
	.after = vcpupin_after,
    },
    {
	.name = "emulatorpin",
	.flags = RULE_MANY,
	.after = emulatorpin_after,
    },
    {
	.name = "iothreadpin",
	.flags = RULE_MANY,
	.attrs = iothreadpin_attrs,
	.after = iothreadpin_after,
    },
    {
	.name = "emulatorsched",
	.flags = RULE_MANY,
	.after = emulatorsched_after,
    },
    {.name = "vcpusched", .flags = RULE_MANY, .after = sched_after},
    {
	.name = "iothreadsched",
	.flags = RULE_MANY,
	.after = sched_after,
    },
    {.name = "cachetune", .flags = RULE_MANY | RULE_OPAQUE},
    {.name = "memorytune", .flags = RULE_MANY | RULE_OPAQUE},
    {.name = NULL},
};

const struct rule domain_cputune_rule = {
    .name = "cputune",
    .children = cputune_children,
};

struct place_arg {
	const struct domain_parts *parts;
	const char *attr;
};

static uint64_t
iothread_place(const struct node *child, const void *arg)
{
	const struct place_arg *a = arg;

	return (uint64_t)domain_iothread_place(
	    a->parts, sort_by_attr(child, a->attr));
}

/* Two neighbours (sorted) with the same id: that id, else NULL. */
static const char *
find_twice(const struct node *cputune, const char *name, const char *attr)
{
	const struct node *c, *next;

	for (c = node_child(cputune, name); c != NULL; c = next) {
		next = node_next(c, name);
		if (next != NULL &&
		    node_attr_is(next, attr, node_attr(c, attr)))
			return node_attr(c, attr);
	}
	return NULL;
}

static int
sort_and_check(struct rule_ctx *ctx, struct node *cputune)
{
	const struct place_arg pins = {ctx->parts, "iothread"};
	const struct place_arg scheds = {ctx->parts, "iothreads"};
	const char *id;

	if (children_sort(ctx, cputune, "vcpupin", sort_by_attr, "vcpu") != 0 ||
	    children_sort(ctx, cputune, "iothreadpin", iothread_place, &pins) !=
		0 ||
	    children_sort(ctx, cputune, "vcpusched", sort_by_attr, "vcpus") !=
		0 ||
	    children_sort(
		ctx, cputune, "iothreadsched", iothread_place, &scheds) != 0)
		return -1;
	if ((id = find_twice(cputune, "vcpupin", "vcpu")) != NULL)
		return refuse_internal(
		    ctx, "duplicate vcpupin for vcpu '%s'", id);
	id = find_twice(cputune, "iothreadpin", "iothread");
	if (id != NULL)
		return refuse_internal(ctx,
		    "duplicate iothreadpin for same "
		    "iothread '%s'",
		    id);
	return 0;
}

int
domain_cputune_read(struct rule_ctx *ctx)
{
	struct node *cputune = ctx->parts->at[PART_CPUTUNE];

	if (cputune == NULL)
		return 0;
	if (part_apply(ctx, PART_CPUTUNE, &domain_cputune_rule) != 0)
		return -1;
	return sort_and_check(ctx, cputune);
}

static int
out_of_range(
    struct rule_ctx *ctx, const char *name, long long min, long long max)
{
	return refuse_config(ctx,
	    "Value of cputune '%s' must be in range "
	    "[%lld, %lld]",
	    name, min, max);
}

int
domain_cputune_check(struct rule_ctx *ctx)
{
	static const char *const periods[] = {
	    "period",
	    "global_period",
	    "emulator_period",
	    "iothread_period",
	};
	static const char *const quotas[] = {
	    "quota",
	    "global_quota",
	    "emulator_quota",
	    "iothread_quota",
	};
	const struct node *cputune = ctx->parts->at[PART_CPUTUNE];
	uint64_t n;
	int64_t q;

	if (cputune == NULL)
		return 0;
	if (text_u64(node_child(cputune, "shares"), &n) == 1 && n > 0 &&
	    (n < 2 || n > 262144))
		return out_of_range(ctx, "shares", 2, 262144);
	for (size_t i = 0; i < 4; i++) {
		if (text_u64(node_child(cputune, periods[i]), &n) == 1 &&
		    (n < 1000 || n > 1000000))
			return out_of_range(ctx, periods[i], 1000, 1000000);
	}
	for (size_t i = 0; i < 4; i++) {
		if (text_i64(node_child(cputune, quotas[i]), &q) == 1 &&
		    q > 0 && (q < 1000 || q > 17592186044415))
			return out_of_range(
			    ctx, quotas[i], 1000, 17592186044415);
	}
	return 0;
}
