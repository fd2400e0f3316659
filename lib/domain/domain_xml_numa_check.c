/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Last checks of <cpu><numa>: caches, and the links between cells. */
#include <string.h>

#include "domain_xml_parts.h"

static int
check_levels(struct rule_ctx *ctx, const struct node *cell)
{
	const struct node *c;
	bool seen[4] = {false};

	for (c = node_child(cell, "cache"); c != NULL;
	     c = node_next(c, "cache")) {
		uint64_t level = sort_by_attr(c, "level");

		if (level > 3)
			return refuse_xml(
			    ctx, "Ain't nobody heard of that much cache level");
		if (seen[level])
			return refuse_xml(ctx,
			    "Cache level '%u' already "
			    "defined",
			    (unsigned int)level);
		seen[level] = true;
	}
	return 0;
}

static const struct node *
cell_by_id(const struct node *numa, uint64_t id)
{
	const struct node *c = node_child(numa, "cell");

	while (c != NULL && id-- > 0)
		c = node_next(c, "cell");
	return c;
}

static bool
same_attr(
    const struct node *a, const struct node *b, const char *x, const char *y)
{
	return sort_by_attr(a, x) == sort_by_attr(b, y);
}

static int
check_link_pair(
    struct rule_ctx *ctx, const struct node *a, const struct node *b)
{
	if (strcmp(a->name, b->name) == 0 &&
	    same_attr(a, b, "initiator", "initiator") &&
	    same_attr(a, b, "target", "target") &&
	    same_attr(a, b, "cache", "cache") &&
	    node_attr_is(a, "type", node_attr(b, "type")))
		return refuse_xml(ctx, "Duplicate info for NUMA latencies");
	if (!same_attr(a, a, "initiator", "target") &&
	    same_attr(a, b, "initiator", "target") &&
	    same_attr(a, b, "target", "initiator"))
		return refuse_xml(ctx, "Link already defined");
	return 0;
}

static int
check_link(struct rule_ctx *ctx, const struct node *numa, const struct node *l)
{
	const struct node *initiator, *target, *c;
	uint64_t level = sort_by_attr(l, "cache");

	initiator = cell_by_id(numa, sort_by_attr(l, "initiator"));
	target = cell_by_id(numa, sort_by_attr(l, "target"));
	if (initiator == NULL)
		return refuse_xml(ctx, "'initiator' refers to a non-existent "
				       "NUMA node");
	if (target == NULL)
		return refuse_xml(ctx, "'target' refers to a non-existent "
				       "NUMA node");
	if (node_attr(initiator, "cpus") == NULL)
		return refuse_xml(
		    ctx, "NUMA nodes without CPUs can't be initiator");
	c = level == 0 ? NULL : node_child(target, "cache");
	while (c != NULL && sort_by_attr(c, "level") != level)
		c = node_next(c, "cache");
	if (level != 0 && c == NULL)
		return refuse_xml(ctx, "'cache' refers to a non-existent "
				       "NUMA node cache");
	for (c = l->prev; c != NULL; c = c->prev) {
		if (check_link_pair(ctx, l, c) != 0)
			return -1;
	}
	return 0;
}

int
domain_numa_check(struct rule_ctx *ctx)
{
	const struct node *numa = node_child(ctx->parts->at[PART_CPU], "numa");
	const struct node *c;

	for (c = node_child(numa, "cell"); c != NULL;
	     c = node_next(c, "cell")) {
		if (check_levels(ctx, c) != 0)
			return -1;
	}
	for (c = node_child(node_child(numa, "interconnects"), NULL); c != NULL;
	     c = node_next(c, NULL)) {
		if ((strcmp(c->name, "latency") == 0 ||
			strcmp(c->name, "bandwidth") == 0) &&
		    check_link(ctx, numa, c) != 0)
			return -1;
	}
	return 0;
}
