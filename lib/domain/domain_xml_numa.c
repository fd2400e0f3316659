/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* <cpu><numa>: the guest's NUMA cells. */
#include <string.h>

#include "domain_xml_parts.h"
#include "../number.h"

#define CELLS_LIMIT 4096 /* their distances are a square table */
#define LOCAL_DISTANCE 10
#define UNREACHABLE 255

static const char *const accesses[] = {
    "default",
    "shared",
    "private",
    NULL,
};
static const char *const associativities[] = {
    "none",
    "direct",
    "full",
    NULL,
};
static const char *const policies[] = {
    "none",
    "writeback",
    "writethrough",
    NULL,
};
static const char *const latencies[] = {
    "none",
    "access",
    "read",
    "write",
    NULL,
};

static const struct rule_attr cell_attrs[] = {
    {.name = "id", .kind = VALUE_UINT},
    {.name = "cpus"},
    {.name = "memory"},
    {.name = "unit"},
    {
	.name = "memAccess",
	.kind = VALUE_ENUM,
	.values = accesses,
	.flags = VALUE_NONZERO,
    },
    {.name = "discard", .kind = VALUE_YES_NO},
    {.name = NULL},
};

static const struct rule_attr cache_attrs[] = {
    {.name = "level"},
    {.name = "associativity"},
    {.name = "policy"},
    {.name = NULL},
};

static const struct rule_attr size_attrs[] = {
    {.name = "value"},
    {.name = "unit"},
    {.name = NULL},
};

static const struct rule_attr link_attrs[] = {
    {.name = "initiator", .kind = VALUE_UINT, .flags = VALUE_REQUIRED},
    {.name = "target", .kind = VALUE_UINT, .flags = VALUE_REQUIRED},
    {.name = "cache", .kind = VALUE_UINT, .flags = VALUE_DROP_ZERO},
    {
	.name = "type",
	.kind = VALUE_ENUM,
	.values = latencies,
	.flags = VALUE_REQUIRED | VALUE_NONZERO,
    },
    {.name = "value"},
    {.name = "unit"},
    {.name = NULL},
};

static const struct rule_attr sibling_attrs[] = {
    {.name = "id", .kind = VALUE_UINT, .flags = VALUE_REQUIRED},
    {.name = "value", .kind = VALUE_UINT, .flags = VALUE_REQUIRED},
    {.name = NULL},
};

static const struct rule cell_children[] = {
    {.name = "distances"},
    {.name = "cache", .flags = RULE_MANY},
    {.name = NULL},
};

static const struct rule distances_children[] = {
    {.name = "sibling", .flags = RULE_MANY},
    {.name = NULL},
};

static const struct rule numa_children[] = {
    {.name = "cell", .flags = RULE_MANY},
    {.name = "interconnects", .flags = RULE_DROP_EMPTY},
    {.name = NULL},
};

/* One cell while the table is read. */
struct cell {
	struct node *node;
	uint64_t kib;
	uint32_t *distances; /* to each cell, 0: not given; NULL: none */
};

/* --- caches --------------------------------------------------------------- */

/* libvirt looks for an element <unit> here: the attribute does not count. */
static int
read_cache_sizes(struct rule_ctx *ctx, struct node *cache)
{
	struct node *size = node_child(cache, "size");
	struct node *line = node_child(cache, "line");
	uint64_t kib, bytes;

	if (attr_kib(ctx, size, "value", NULL, "./size/@value", &kib) != 0 ||
	    attr_bytes(ctx, line, "value", NULL, "./line/@value", 1, UINT64_MAX,
		&bytes) != 0)
		return -1;
	rule_set_attr_u64(size, size_attrs, "value", kib);
	rule_set_attr(size, size_attrs, "unit", "KiB");
	if (bytes == 0) {
		node_unlink(line);
		return 0;
	}
	rule_set_attr_u64(line, size_attrs, "value", (uint32_t)bytes);
	rule_set_attr(line, size_attrs, "unit", "B");
	return 0;
}

static int
read_cache_attrs(struct rule_ctx *ctx, struct node *cache, uint32_t cell)
{
	const char *level = node_attr(cache, "level");
	const char *associativity = node_attr(cache, "associativity");
	const char *policy = node_attr(cache, "policy");
	uint32_t n;

	if (level == NULL)
		return refuse_xml(ctx,
		    "Missing 'level' attribute in cache "
		    "element for NUMA node %d",
		    (int)cell);
	if (number_u32(level, 10, &n) != 0 || n == 0)
		return refuse_xml(ctx,
		    "Invalid 'level' attribute in cache "
		    "element for NUMA node %d",
		    (int)cell);
	if (associativity == NULL)
		return refuse_xml(ctx,
		    "Missing 'associativity' attribute "
		    "in cache element for NUMA node %d",
		    (int)cell);
	if (enum_index(associativities, associativity) < 0)
		return refuse_xml(
		    ctx, "Invalid cache associativity '%s'", associativity);
	if (policy == NULL || enum_index(policies, policy) < 0)
		return refuse_xml(ctx, "Invalid cache policy '%s'",
		    policy == NULL ? "(null)" : policy);
	node_set_attr_fmt(cache, "level", "%u", n);
	if (strcmp(associativity, "none") == 0)
		node_set_attr(cache, "associativity", NULL);
	if (strcmp(policy, "none") == 0)
		node_set_attr(cache, "policy", NULL);
	return 0;
}

static int
read_caches(struct rule_ctx *ctx, struct node *node, uint32_t cell)
{
	static const struct rule children[] = {
	    {.name = "size"},
	    {.name = "line"},
	    {.name = NULL},
	};
	struct node *c;

	for (c = node_child(node, "cache"); c != NULL;
	     c = node_next(c, "cache")) {
		if (rule_apply_attrs(ctx, c, cache_attrs) != 0 ||
		    rule_apply_children(ctx, c, children) != 0 ||
		    read_cache_attrs(ctx, c, cell) != 0 ||
		    read_cache_sizes(ctx, c) != 0)
			return -1;
	}
	return 0;
}

/* --- distances ------------------------------------------------------------ */

/* The row of a cell, made with its distance to itself when missing. */
static uint32_t *
distances_of(struct rule_ctx *ctx, struct cell *cells, uint32_t i)
{
	if (cells[i].distances != NULL)
		return cells[i].distances;
	cells[i].distances =
	    doc_alloc(ctx->doc, ctx->parts->numa_cells * sizeof(uint32_t));
	if (cells[i].distances != NULL)
		cells[i].distances[i] = LOCAL_DISTANCE;
	return cells[i].distances;
}

static int
read_sibling(struct rule_ctx *ctx, struct cell *cells, uint32_t cell,
    struct node *sibling)
{
	uint32_t id, value, *there, *back;

	if (attr_u32(ctx, sibling, "id", VALUE_REQUIRED, &id) < 0)
		return -1;
	if (id >= ctx->parts->numa_cells)
		return refuse_xml(ctx,
		    "'sibling_id %d' does not refer to a "
		    "valid cell within NUMA 'cell id %d'",
		    (int)id, (int)cell);
	if (attr_u32(ctx, sibling, "value", VALUE_REQUIRED, &value) < 0)
		return -1;
	if (value < LOCAL_DISTANCE || value > UNREACHABLE ||
	    (id == cell) != (value == LOCAL_DISTANCE))
		return refuse_xml(ctx,
		    "'value %d' is invalid for 'sibling "
		    "id %d' under NUMA 'cell id %d'",
		    (int)value, (int)id, (int)cell);
	there = distances_of(ctx, cells, cell);
	back = distances_of(ctx, cells, id);
	if (there == NULL || back == NULL)
		return error_nomem(ctx->err);
	there[id] = value;
	if (back[cell] == 0)
		back[cell] = value;
	return rule_apply_attrs(ctx, sibling, sibling_attrs);
}

static int
read_distances(struct rule_ctx *ctx, struct cell *cells, uint32_t cell)
{
	struct node *list = node_child(cells[cell].node, "distances");
	struct node *s;

	if (list == NULL)
		return 0;
	s = node_child(list, "sibling");
	if (s == NULL)
		return refuse_xml(
		    ctx, "NUMA distances defined without siblings");
	if (rule_apply_children(ctx, list, distances_children) != 0)
		return -1;
	for (s = node_child(list, "sibling"); s != NULL;
	     s = node_next(s, "sibling")) {
		if (read_sibling(ctx, cells, cell, s) != 0)
			return -1;
	}
	return 0;
}

/* One <sibling> for each distance that is known, in the order of the ids. */
static int
write_distances(struct rule_ctx *ctx, const struct cell *cell)
{
	struct node *list, *s, *next;

	if (cell->distances == NULL)
		return 0;
	list = rule_need(cell->node, cell_children, "distances");
	if (list == NULL)
		return error_nomem(ctx->err);
	for (s = node_child(list, "sibling"); s != NULL; s = next) {
		next = node_next(s, "sibling");
		node_unlink(s);
	}
	for (uint32_t i = 0; i < ctx->parts->numa_cells; i++) {
		if (cell->distances[i] == 0)
			continue;
		s = node_new(ctx->doc, "sibling");
		node_set_attr_fmt(s, "id", "%u", i);
		node_set_attr_fmt(s, "value", "%u", cell->distances[i]);
		rule_insert(list, distances_children, s);
	}
	return 0;
}

/* --- cells ---------------------------------------------------------------- */

/* The other cell that has some of the CPUs. */
static int
refuse_overlap(struct rule_ctx *ctx, const struct cell *cells, uint32_t id,
    const struct cpuset *cpus)
{
	struct cpuset other;

	for (uint32_t i = 0; i < ctx->parts->numa_cells; i++) {
		const char *text = node_attr(cells[i].node, "cpus");

		if (i != id && text != NULL &&
		    cpuset_parse(text, &other) == 0 &&
		    cpuset_overlaps(&other, cpus))
			return refuse_config(ctx,
			    "NUMA cells %u and %u have "
			    "overlapping vCPU ids",
			    id, i);
	}
	return 0;
}

static int
read_cpus(struct rule_ctx *ctx, const struct cell *cells, uint32_t id,
    struct cpuset *seen)
{
	struct domain_parts *p = ctx->parts;
	struct node *node = cells[id].node;
	const char *text = node_attr(node, "cpus");
	struct cpuset cpus;

	if (text == NULL)
		return 0;
	if (cpuset_read(ctx, text, &cpus) != 0)
		return -1;
	if (cpuset_overlaps(seen, &cpus) &&
	    refuse_overlap(ctx, cells, id, &cpus) != 0)
		return -1;
	for (unsigned int i = 0; i < cpus.end; i++) {
		if (!cpuset_has(&cpus, i))
			continue;
		p->numa_cpus++;
		cpuset_add(seen, i);
	}
	if (cpus.end > p->numa_cpu_end)
		p->numa_cpu_end = cpus.end;
	node_set_attr(node, "cpus",
	    cpus.end == 0 ? NULL : cpuset_format(ctx->doc, &cpus));
	return 0;
}

static int
read_cell(struct rule_ctx *ctx, struct cell *cells, struct node *node,
    uint32_t place, struct cpuset *seen)
{
	struct domain_parts *p = ctx->parts;
	uint32_t id = place;
	struct cell *cell;

	if (attr_u32(ctx, node, "id", 0, &id) < 0)
		return -1;
	if (id >= p->numa_cells)
		return refuse_xml(ctx,
		    "Exactly one 'cell' element per guest "
		    "NUMA cell allowed, non-contiguous ranges or ranges not "
		    "starting from 0 are not allowed");
	cell = &cells[id];
	if (cell->kib != 0)
		return refuse_xml(ctx,
		    "Duplicate NUMA cell info for cell id "
		    "'%u'",
		    id);
	cell->node = node;
	if (read_cpus(ctx, cells, id, seen) != 0 ||
	    attr_kib(ctx, node, "memory", "unit", "./@memory", &cell->kib) != 0)
		return -1;
	p->numa_memory += cell->kib;
	rule_set_attr_u64(node, cell_attrs, "id", id);
	rule_set_attr_u64(node, cell_attrs, "memory", cell->kib);
	rule_set_attr(node, cell_attrs, "unit", "KiB");
	if (rule_apply_attrs(ctx, node, cell_attrs) != 0 ||
	    rule_order_children(ctx, node, cell_children, NULL) != 0 ||
	    read_distances(ctx, cells, id) != 0)
		return -1;
	return read_caches(ctx, node, id);
}

static int
link_before(struct rule_ctx *ctx, struct node *node)
{
	uint64_t n;

	if (strcmp(node->name, "bandwidth") == 0) {
		if (attr_kib(ctx, node, "value", "unit", "./@value", &n) != 0)
			return -1;
		node_set_attr(node, "unit", "KiB");
	} else if (attr_u64(ctx, node, "value", VALUE_REQUIRED, &n) < 0) {
		return -1;
	}
	node_set_attr_fmt(node, "value", "%llu", (unsigned long long)n);
	return 0;
}

static const struct rule link_children[] = {
    {
	.name = "latency",
	.flags = RULE_MANY | RULE_MIX,
	.attrs = link_attrs,
	.before = link_before,
    },
    {
	.name = "bandwidth",
	.flags = RULE_MANY | RULE_MIX,
	.attrs = link_attrs,
	.before = link_before,
    },
    {.name = NULL},
};

static int
check_cpus(struct rule_ctx *ctx)
{
	const struct domain_parts *p = ctx->parts;

	if (p->numa_cpus > p->vcpus_max)
		return refuse_internal(ctx, "Number of CPUs in <numa> "
					    "exceeds the <vcpu> count");
	/* Also without cells, as libvirt has it: no CPU is number 0 too. */
	if ((p->numa_cpu_end == 0 ? 0 : p->numa_cpu_end - 1) >= p->vcpus_max)
		return refuse_internal(ctx, "CPU IDs in <numa> exceed the "
					    "<vcpu> count");
	return 0;
}

int
domain_numa_read(struct rule_ctx *ctx)
{
	struct domain_parts *p = ctx->parts;
	struct node *numa = node_child(p->at[PART_CPU], "numa"), *c, *links;
	struct cpuset *seen;
	struct cell *cells;
	uint32_t i = 0;

	if (numa == NULL)
		return check_cpus(ctx);
	if (rule_apply_children(ctx, numa, numa_children) != 0)
		return -1;
	p->numa_cells = (uint32_t)node_count(numa, "cell");
	if (p->numa_cells == 0)
		return refuse_xml(
		    ctx, "NUMA topology defined without NUMA cells");
	if (p->numa_cells > CELLS_LIMIT)
		return refuse_xml(ctx, "more than %d NUMA cells", CELLS_LIMIT);
	cells = doc_alloc(ctx->doc, p->numa_cells * sizeof(*cells));
	seen = doc_alloc(ctx->doc, sizeof(*seen));
	if (cells == NULL || seen == NULL)
		return error_nomem(ctx->err);
	for (c = node_child(numa, "cell"); c != NULL;
	     c = node_next(c, "cell")) {
		if (read_cell(ctx, cells, c, i++, seen) != 0)
			return -1;
	}
	for (i = 0; i < p->numa_cells; i++) {
		if (cells[i].node != NULL &&
		    write_distances(ctx, &cells[i]) != 0)
			return -1;
	}
	if (children_sort(ctx, numa, "cell", sort_by_attr, "id") != 0)
		return -1;
	links = node_child(numa, "interconnects");
	if (links != NULL &&
	    rule_apply_children(ctx, links, link_children) != 0)
		return -1;
	return check_cpus(ctx);
}
