/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* <numatune>: which NUMA nodes of the host memory comes from. */
#include <stdlib.h>
#include <string.h>

#include "domain_xml_parts.h"

static const char *const modes[] = {
    "strict",
    "preferred",
    "interleave",
    "restrictive",
    NULL,
};
static const char *const placements[] = {
    "default",
    "static",
    "auto",
    NULL,
};

static const struct rule_attr memory_attrs[] = {
    {
	.name = "mode",
	.kind = VALUE_ENUM,
	.values = modes,
	.words = "Unsupported NUMA memory tuning mode '%s'",
	.code = XVM_ERR_CONFIG_UNSUPPORTED,
    },
    {
	.name = "placement",
	.kind = VALUE_ENUM,
	.values = placements,
	.words = "Unsupported NUMA memory placement mode '%s'",
	.code = XVM_ERR_CONFIG_UNSUPPORTED,
    },
    {.name = "nodeset"},
    {.name = NULL},
};

static const struct rule_attr memnode_attrs[] = {
    {.name = "cellid", .kind = VALUE_UINT, .flags = VALUE_REQUIRED},
    {.name = "mode", .kind = VALUE_ENUM, .values = modes},
    {.name = "nodeset"},
    {.name = NULL},
};

const struct rule domain_numatune_children[] = {
    {.name = "memory"},
    {.name = "memnode", .flags = RULE_MANY},
    {.name = NULL},
};

/* Where memory comes from: "static" with a node set, or "auto". */
static int
read_placement(struct rule_ctx *ctx, struct node *memory)
{
	const char *placement = node_attr(memory, "placement");
	bool nodeset = node_attr(memory, "nodeset") != NULL;

	if (node_attr(memory, "mode") == NULL)
		rule_set_attr(memory, memory_attrs, "mode", "strict");
	if (placement == NULL || strcmp(placement, "default") == 0)
		placement =
		    nodeset || !ctx->parts->placement_auto ? "static" : "auto";
	if (strcmp(placement, "static") == 0) {
		if (!nodeset)
			return refuse_config(ctx,
			    "nodeset for NUMA memory "
			    "tuning must be set if 'placement' is 'static'");
		node_set_attr(memory, "placement", NULL);
		return 0;
	}
	node_set_attr(memory, "nodeset", NULL);
	rule_set_attr(memory, memory_attrs, "placement", "auto");
	return 0;
}

static int
read_memory(struct rule_ctx *ctx, struct node *numatune)
{
	struct node *memory = node_child(numatune, "memory");

	if (memory == NULL && !ctx->parts->placement_auto)
		return 0;
	if (memory == NULL) {
		if (numatune == NULL)
			numatune = part_need(ctx, PART_NUMATUNE);
		memory = rule_need(numatune, domain_numatune_children, "memory");
		if (memory == NULL)
			return error_nomem(ctx->err);
		node_set_attr(memory, "placement", "auto");
	}
	if (rule_apply_attrs(ctx, memory, memory_attrs) != 0 ||
	    attr_cpuset(ctx, memory, "nodeset") != 0)
		return -1;
	if (node_attr(memory, "mode") == NULL &&
	    node_attr(memory, "placement") == NULL &&
	    node_attr(memory, "nodeset") == NULL) {
		if (memory->attrs == NULL)
			node_unlink(memory);
		return 0;
	}
	return read_placement(ctx, memory);
}

static int
read_memnode(struct rule_ctx *ctx, const struct node *memory, struct node *node)
{
	if (node_attr(node, "cellid") == NULL)
		return refuse_missing(ctx, node, "cellid");
	if (rule_apply_attrs(ctx, node, memnode_attrs) != 0)
		return -1;
	if (sort_by_attr(node, "cellid") >= ctx->parts->numa_cells)
		return refuse_xml(ctx,
		    "Argument 'cellid' in memnode element "
		    "must correspond to existing guest's NUMA cell");
	if (node_attr(node, "mode") == NULL)
		rule_set_attr(node, memnode_attrs, "mode", "strict");
	if (node_attr_is(memory, "mode", "restrictive") &&
	    !node_attr_is(node, "mode", "restrictive"))
		return refuse_xml(ctx,
		    "'restrictive' mode is required in "
		    "memnode element when mode is 'restrictive' in memory "
		    "element");
	if (node_attr(node, "nodeset") == NULL)
		return refuse_xml(ctx, "Missing required nodeset attribute "
				       "in memnode element");
	return attr_cpuset(ctx, node, "nodeset");
}

static int
read_memnodes(struct rule_ctx *ctx, struct node *numatune)
{
	const struct node *memory = node_child(numatune, "memory");
	struct node *m = node_child(numatune, "memnode"), *next;

	if (m == NULL)
		return 0;
	if (node_attr_is(memory, "placement", "auto"))
		return refuse_config(ctx,
		    "Per-node binding is not "
		    "compatible with automatic NUMA placement.");
	if (ctx->parts->numa_cells == 0)
		return refuse_xml(ctx, "Element 'memnode' is invalid without "
				       "any guest NUMA cells");
	for (; m != NULL; m = node_next(m, "memnode")) {
		if (read_memnode(ctx, memory, m) != 0)
			return -1;
	}
	if (children_sort(ctx, numatune, "memnode", sort_by_attr, "cellid") !=
	    0)
		return -1;
	for (m = node_child(numatune, "memnode"); m != NULL; m = next) {
		next = node_next(m, "memnode");
		if (next != NULL &&
		    node_attr_is(next, "cellid", node_attr(m, "cellid")))
			return refuse_xml(ctx,
			    "Multiple memnode elements "
			    "with cellid %s",
			    node_attr(m, "cellid"));
	}
	return 0;
}

int
domain_numatune_read(struct rule_ctx *ctx)
{
	struct domain_parts *p = ctx->parts;
	struct node *numatune = p->at[PART_NUMATUNE];
	bool pinned;

	if (numatune != NULL && node_next(numatune, "numatune") != NULL)
		return refuse_xml(ctx, "only one numatune is supported");
	if (numatune != NULL &&
	    rule_order_children(ctx, numatune, domain_numatune_children, NULL) != 0)
		return -1;
	if (read_memory(ctx, numatune) != 0)
		return -1;
	numatune = p->at[PART_NUMATUNE];
	if (numatune == NULL)
		return 0;
	if (read_memnodes(ctx, numatune) != 0)
		return -1;
	pinned = p->cpuset ||
		 node_find(p->at[PART_CPUTUNE], "vcpupin") != NULL ||
		 node_find(p->at[PART_CPUTUNE], "emulatorpin") != NULL ||
		 node_find(p->at[PART_CPUTUNE], "iothreadpin") != NULL;
	if (node_attr_is(node_child(numatune, "memory"), "placement", "auto") &&
	    !pinned)
		p->placement_auto = true;
	if (numatune->attrs == NULL && node_child(numatune, NULL) == NULL)
		part_drop(ctx, PART_NUMATUNE);
	return 0;
}
