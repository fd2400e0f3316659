/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* <cachetune> and <memorytune>: shares of caches and memory bandwidth. */
#include <stdlib.h>
#include <string.h>

#include "domain_xml_parts.h"

static const char *const cache_types[] = {"both", "code", "data", NULL};

static const struct rule_attr tune_attrs[] = {
    {.name = "vcpus"},
    {.name = "id"},
    {.name = NULL},
};
static const struct rule_attr cache_attrs[] = {
    {.name = "id", .kind = VALUE_UINT, .flags = VALUE_REQUIRED},
    {.name = "level", .kind = VALUE_UINT, .flags = VALUE_REQUIRED},
    {
	.name = "type",
	.kind = VALUE_ENUM,
	.values = cache_types,
	.flags = VALUE_REQUIRED,
    },
    {.name = "size"},
    {.name = "unit"},
    {.name = NULL},
};
static const struct rule_attr node_attrs[] = {
    {.name = "id", .kind = VALUE_UINT, .flags = VALUE_REQUIRED},
    {.name = "bandwidth", .kind = VALUE_UINT, .flags = VALUE_REQUIRED},
    {.name = NULL},
};
static const struct rule_attr monitor_attrs[] = {
    {.name = "level"},
    {.name = "vcpus"},
    {.name = NULL},
};

/* One set of vcpus, and the elements that say something about it. */
struct group {
	struct cpuset vcpus;
	struct node *cachetune, *memorytune;
};

struct groups {
	struct group *all;
	size_t n;
};

/* The vcpus attribute, cut to those that exist. */
static int
read_vcpus(struct rule_ctx *ctx, struct node *node, struct cpuset *out)
{
	const char *text = node_attr(node, "vcpus");
	struct cpuset all;

	if (text == NULL)
		return refuse_xml(
		    ctx, "Missing %s attribute 'vcpus'", node->name);
	if (cpuset_parse(text, &all) != 0)
		return refuse_xml(ctx,
		    "Invalid %s attribute 'vcpus' value "
		    "'%s'",
		    node->name, text);
	memset(out, 0, sizeof(*out));
	for (unsigned int i = 0; i < all.end && i < ctx->parts->vcpus_max;
	     i++) {
		if (cpuset_has(&all, i))
			cpuset_add(out, i);
	}
	node_set_attr(node, "vcpus", cpuset_format(ctx->doc, out));
	return 0;
}

static bool
same_set(const struct cpuset *a, const struct cpuset *b)
{
	return memcmp(a->bits, b->bits, sizeof(a->bits)) == 0;
}

/* The group with these vcpus; -1 when another one shares some of them. */
static int
find_group(struct rule_ctx *ctx, const struct groups *groups,
    const struct cpuset *vcpus, struct group **out)
{
	*out = NULL;
	for (size_t i = 0; i < groups->n && *out == NULL; i++) {
		if (same_set(&groups->all[i].vcpus, vcpus))
			*out = &groups->all[i];
		else if (cpuset_overlaps(&groups->all[i].vcpus, vcpus))
			return refuse_xml(ctx, "Overlapping vcpus in resctrls");
	}
	return 0;
}

static uint64_t
cache_key(const struct node *c, const void *arg)
{
	uint64_t type = (uint64_t)enum_index(cache_types, node_attr(c, "type"));

	(void)arg;
	return sort_by_attr(c, "level") << 34 | type << 32 |
	       sort_by_attr(c, "id");
}

static int
cache_after(struct rule_ctx *ctx, struct node *node)
{
	const char *unit;
	uint64_t bytes, n;

	if (attr_bytes(ctx, node, "size", "unit", "./@size", 1024, UINT64_MAX,
		&bytes) != 0)
		return -1;
	unit = size_pretty(bytes, &n);
	rule_set_attr_u64(node, cache_attrs, "size", n);
	rule_set_attr(node, cache_attrs, "unit", unit);
	return 0;
}

/* No two for the same cache, unless one is for code and one for data. */
static int
check_caches(struct rule_ctx *ctx, const struct node *cachetune)
{
	const struct node *a, *b;

	for (b = node_child(cachetune, "cache"); b != NULL;
	     b = node_next(b, "cache")) {
		for (a = node_child(cachetune, "cache"); a != b;
		     a = node_next(a, "cache")) {
			const char *x = node_attr(a, "type");
			const char *y = node_attr(b, "type");

			if (!node_attr_is(a, "level", node_attr(b, "level")) ||
			    !node_attr_is(a, "id", node_attr(b, "id")) ||
			    (strcmp(x, y) != 0 && strcmp(x, "both") != 0 &&
				strcmp(y, "both") != 0))
				continue;
			return refuse_xml(ctx,
			    "Colliding cache allocations "
			    "for cache level '%s' id '%s', type '%s'",
			    node_attr(b, "level"), node_attr(b, "id"), y);
		}
	}
	return 0;
}

static int
bandwidth_after(struct rule_ctx *ctx, struct node *node)
{
	if (sort_by_attr(node, "bandwidth") > 100)
		return refuse_xml(ctx, "Memory Bandwidth value exceeding 100 "
				       "is invalid.");
	if (node_is_repeated(node, "id"))
		return refuse_xml(ctx,
		    "Memory Bandwidth already defined for node %s",
		    node_attr(node, "id"));
	return 0;
}

/* A monitor against one that came before it in the same group. */
struct overlap {
	bool any, no_group;
};

static int
compare_monitor(struct rule_ctx *ctx, const struct group *group,
    const struct cpuset *vcpus, const struct node *other, bool same_kind,
    struct overlap *out)
{
	struct cpuset set;

	if (cpuset_parse(node_attr(other, "vcpus"), &set) != 0)
		return 0;
	if (same_set(&set, vcpus)) {
		if (same_kind)
			return refuse(ctx, XVM_ERR_INVALID_ARG,
			    "Identical "
			    "vcpus found in same type monitors");
		return 0;
	}
	if (!cpuset_overlaps(&set, vcpus))
		return 0;
	out->any = true;
	if (!same_set(vcpus, &group->vcpus) && !same_set(&set, &group->vcpus))
		out->no_group = true;
	return 0;
}

static bool
covers(const struct cpuset *a, const struct cpuset *b)
{
	for (size_t i = 0; i < CPUSET_BITS / 64; i++) {
		if ((b->bits[i] & ~a->bits[i]) != 0)
			return false;
	}
	return true;
}

static int
check_monitor(
    struct rule_ctx *ctx, const struct group *group, struct node *monitor)
{
	struct node *const tunes[] = {group->cachetune, group->memorytune};
	struct overlap overlap = {0};
	struct cpuset vcpus;
	bool empty;

	if (read_vcpus(ctx, monitor, &vcpus) != 0)
		return -1;
	if (vcpus.end == 0)
		return refuse(ctx, XVM_ERR_INVALID_ARG, "vcpus is empty");
	if (!covers(&group->vcpus, &vcpus))
		return refuse(ctx, XVM_ERR_INVALID_ARG,
		    "Monitor vcpus "
		    "conflicts with allocation");
	for (size_t i = 0; i < 2; i++) {
		const struct node *m = node_child(tunes[i], "monitor");

		for (; m != NULL && m != monitor; m = node_next(m, "monitor"))
			if (compare_monitor(ctx, group, &vcpus, m,
				tunes[i] == monitor->parent, &overlap) != 0)
				return -1;
		if (m == monitor)
			break;
	}
	empty = node_child(group->cachetune, "cache") == NULL &&
		node_child(group->memorytune, "node") == NULL;
	if (overlap.no_group || (empty && overlap.any))
		return refuse(ctx, XVM_ERR_INVALID_ARG,
		    "vcpus overlaps in resctrl groups");
	return 0;
}

static int
read_monitors(
    struct rule_ctx *ctx, const struct group *group, struct node *tune)
{
	struct node *m;
	uint32_t level;

	for (m = node_child(tune, "monitor"); m != NULL;
	     m = node_next(m, "monitor")) {
		if (tune == group->memorytune) {
			node_set_attr(m, "level", NULL);
		} else if (attr_u32(ctx, m, "level", VALUE_REQUIRED, &level) <
			   0) {
			return -1;
		} else if (level != 3) {
			return refuse_xml(ctx,
			    "Invalid monitor cache level '%d'", (int)level);
		} else {
			node_set_attr(m, "level", "3");
		}
		if (check_monitor(ctx, group, m) != 0 ||
		    rule_apply_attrs(ctx, m, monitor_attrs) != 0)
			return -1;
	}
	return 0;
}

static const struct rule cachetune_children[] = {
    {
	.name = "cache",
	.flags = RULE_MANY,
	.attrs = cache_attrs,
	.after = cache_after,
    },
    {.name = "monitor", .flags = RULE_MANY},
    {.name = NULL},
};

static const struct rule memorytune_children[] = {
    {
	.name = "node",
	.flags = RULE_MANY,
	.attrs = node_attrs,
	.after = bandwidth_after,
    },
    {.name = "monitor", .flags = RULE_MANY},
    {.name = NULL},
};

/* 1: of no use, to be removed. */
static int
read_cachetune(struct rule_ctx *ctx, struct groups *groups, struct node *node)
{
	struct group *group, fresh = {.cachetune = node};

	if (read_vcpus(ctx, node, &fresh.vcpus) != 0)
		return -1;
	if (fresh.vcpus.end == 0)
		return 1;
	if (find_group(ctx, groups, &fresh.vcpus, &group) != 0)
		return -1;
	if (group != NULL)
		return refuse_xml(ctx, "Identical vcpus in cachetunes found");
	if (rule_apply_attrs(ctx, node, tune_attrs) != 0 ||
	    rule_apply_children(ctx, node, cachetune_children) != 0 ||
	    check_caches(ctx, node) != 0 ||
	    children_sort(ctx, node, "cache", cache_key, NULL) != 0 ||
	    read_monitors(ctx, &fresh, node) != 0)
		return -1;
	node_set_attr(node, "id", NULL);
	/* One that sets nothing is no group. */
	if (node_child(node, "cache") == NULL &&
	    node_child(node, "monitor") == NULL)
		return node->first == NULL;
	groups->all[groups->n++] = fresh;
	return 0;
}

static int
read_memorytune(struct rule_ctx *ctx, struct groups *groups, struct node *node)
{
	struct group *group, *old;
	struct node *c, *next;
	int gone = 0;

	group = &groups->all[groups->n];
	memset(group, 0, sizeof(*group));
	if (read_vcpus(ctx, node, &group->vcpus) != 0)
		return -1;
	if (group->vcpus.end == 0)
		return 1;
	if (find_group(ctx, groups, &group->vcpus, &old) != 0)
		return -1;
	if (old != NULL)
		group = old;
	if (group->memorytune == NULL) {
		group->memorytune = node;
	} else {
		/* A second one for the same vcpus adds to the first. */
		for (c = node->first; c != NULL; c = next) {
			next = c->next;
			node_unlink(c);
			node_append(group->memorytune, c);
		}
		node = group->memorytune;
		gone = 1;
	}
	if (rule_apply_attrs(ctx, node, tune_attrs) != 0 ||
	    rule_apply_children(ctx, node, memorytune_children) != 0 ||
	    children_sort(ctx, node, "node", sort_by_attr, "id") != 0 ||
	    read_monitors(ctx, group, node) != 0)
		return -1;
	node_set_attr(node, "id", NULL);
	if (node_child(node, "node") == NULL &&
	    node_child(node, "monitor") == NULL) {
		group->memorytune = NULL;
		return node->first == NULL;
	}
	if (group == &groups->all[groups->n])
		groups->n++;
	return gone;
}

/* Run read on each element of the name. */
static int
read_all(struct rule_ctx *ctx, struct groups *groups, const char *name,
    int (*read)(struct rule_ctx *, struct groups *, struct node *))
{
	struct node *cputune = ctx->parts->at[PART_CPUTUNE], *c, *next;

	for (c = node_child(cputune, name); c != NULL; c = next) {
		int rc = read(ctx, groups, c);

		next = node_next(c, name);
		if (rc < 0)
			return -1;
		if (rc > 0)
			node_unlink(c);
	}
	return 0;
}

/* <memorytune>s come in the order of their groups. */
static void
order_memorytunes(const struct groups *groups)
{
	for (size_t i = 0; i < groups->n; i++) {
		struct node *m = groups->all[i].memorytune, *parent, *last;

		if (m == NULL)
			continue;
		parent = m->parent;
		node_unlink(m);
		for (last = parent->last; last != NULL; last = last->prev) {
			if (node_is(last, "memorytune") ||
			    node_is(last, "cachetune"))
				break;
		}
		if (last != NULL)
			node_insert_after(last, m);
		else
			rule_insert(parent, domain_cputune_rule.children, m);
	}
}

int
domain_resctrl_read(struct rule_ctx *ctx)
{
	struct node *cputune = ctx->parts->at[PART_CPUTUNE];
	struct groups groups = {0};
	size_t n;
	int rc;

	if (cputune == NULL)
		return 0;
	n = node_count(cputune, "cachetune") +
	    node_count(cputune, "memorytune");
	if (n > 0) {
		groups.all = calloc(n + 1, sizeof(*groups.all));
		if (groups.all == NULL)
			return error_nomem(ctx->err);
		rc = read_all(ctx, &groups, "cachetune", read_cachetune);
		if (rc == 0)
			rc = read_all(
			    ctx, &groups, "memorytune", read_memorytune);
		if (rc == 0)
			order_memorytunes(&groups);
		free(groups.all);
		if (rc != 0)
			return -1;
	}
	if (cputune->attrs == NULL && cputune->first == NULL)
		part_drop(ctx, PART_CPUTUNE);
	return 0;
}
