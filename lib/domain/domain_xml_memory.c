/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* <memory> and its kin, <memoryBacking>, <memtune>, <blkiotune>. */
#include <stdio.h>
#include <string.h>

#include "domain_xml_parts.h"
#include "../number.h"

static const char *const sources[] = {
    "none",
    "file",
    "anonymous",
    "memfd",
    NULL,
};
static const char *const accesses[] = {
    "default",
    "shared",
    "private",
    NULL,
};
static const char *const allocations[] = {
    "none",
    "immediate",
    "ondemand",
    NULL,
};

static const struct rule_attr memory_attrs[] = {
    {.name = "dumpCore", .kind = VALUE_ON_OFF},
    {.name = "unit"},
    {.name = NULL},
};

static const struct rule_attr max_memory_attrs[] = {
    {
	.name = "slots",
	.kind = VALUE_UINT,
	.flags = VALUE_DROP_EMPTY,
	.words = "Failed to parse memory slot count",
    },
    {.name = "unit"},
    {.name = NULL},
};

static const struct rule_attr page_attrs[] = {
    {.name = "size"},
    {.name = "unit"},
    {.name = "nodeset"},
    {.name = NULL},
};

static int
page_after(struct rule_ctx *ctx, struct node *node)
{
	uint64_t kib;

	if (attr_kib(ctx, node, "size", "unit", "./@size", &kib) != 0)
		return -1;
	if (kib == 0)
		return refuse(
		    ctx, XVM_ERR_XML_DETAIL, "hugepage size can't be zero");
	rule_set_attr_u64(node, page_attrs, "size", kib);
	rule_set_attr(node, page_attrs, "unit", "KiB");
	return attr_cpuset(ctx, node, "nodeset");
}

static const struct rule hugepages_children[] = {
    {
	.name = "page",
	.flags = RULE_MANY,
	.attrs = page_attrs,
	.after = page_after,
    },
    {.name = NULL},
};

static const struct rule_attr source_attrs[] = {
    {
	.name = "type",
	.kind = VALUE_ENUM,
	.values = sources,
	.flags = VALUE_NONZERO | VALUE_DROP_EMPTY,
	.words = "unknown memoryBacking/source/type '%s'",
	.code = XVM_ERR_CONFIG_UNSUPPORTED,
    },
    {.name = NULL},
};

static const struct rule_attr access_attrs[] = {
    {
	.name = "mode",
	.kind = VALUE_ENUM,
	.values = accesses,
	.flags = VALUE_NONZERO | VALUE_DROP_EMPTY,
	.words = "unknown memoryBacking/access/mode '%s'",
	.code = XVM_ERR_CONFIG_UNSUPPORTED,
    },
    {.name = NULL},
};

static const struct rule_attr allocation_attrs[] = {
    {
	.name = "mode",
	.kind = VALUE_ENUM,
	.values = allocations,
	.flags = VALUE_NONZERO | VALUE_DROP_EMPTY,
	.words = "unknown memoryBacking/allocation/mode '%s'",
	.code = XVM_ERR_CONFIG_UNSUPPORTED,
    },
    {
	.name = "threads",
	.kind = VALUE_UINT,
	.flags = VALUE_DROP_ZERO | VALUE_DROP_EMPTY,
	.words = "Failed to parse memory allocation threads",
    },
    {.name = NULL},
};

static const struct rule backing_children[] = {
    {.name = "hugepages", .flags = RULE_OPAQUE},
    {.name = "nosharepages"},
    {.name = "locked"},
    {
	.name = "source",
	.flags = RULE_DROP_EMPTY,
	.attrs = source_attrs,
    },
    {
	.name = "access",
	.flags = RULE_DROP_EMPTY,
	.attrs = access_attrs,
    },
    {
	.name = "allocation",
	.flags = RULE_DROP_EMPTY,
	.attrs = allocation_attrs,
    },
    {.name = "discard"},
    {.name = NULL},
};

/* libvirt reads the pages last. */
static int
backing_after(struct rule_ctx *ctx, struct node *node)
{
	struct node *hugepages = node_child(node, "hugepages");

	return hugepages == NULL
		   ? 0
		   : rule_apply_children(ctx, hugepages, hugepages_children);
}

static const struct rule backing_rule = {
    .name = "memoryBacking",
    .flags = RULE_DROP_EMPTY,
    .children = backing_children,
    .after = backing_after,
};

int
domain_memory_read(struct rule_ctx *ctx)
{
	struct domain_parts *p = ctx->parts;
	struct node *max = p->at[PART_MAX_MEMORY];

	if (element_kib(ctx, p->at[PART_MEMORY], "./memory[1]", false,
		&p->memory) < 0 ||
	    element_kib(ctx, p->at[PART_CURRENT_MEMORY], "./currentMemory[1]",
		false, &p->current_memory) < 0 ||
	    element_kib(ctx, max, "./maxMemory[1]", false, &p->max_memory) < 0)
		return -1;
	if (max != NULL) {
		if (rule_apply_attrs(ctx, max, max_memory_attrs) != 0 ||
		    attr_u32(ctx, max, "slots", 0, &p->memory_slots) < 0)
			return -1;
	}
	if (p->at[PART_MEMORY] != NULL &&
	    rule_apply_attrs(ctx, p->at[PART_MEMORY], memory_attrs) != 0)
		return -1;
	return part_apply(ctx, PART_MEMORY_BACKING, &backing_rule);
}

/* KiB of all <memory> devices. */
static uint64_t
hotplug_memory(const struct rule_ctx *ctx)
{
	const struct node *m;
	uint64_t sum = 0, kib;

	for (m = node_child(ctx->parts->at[PART_DEVICES], "memory"); m != NULL;
	     m = node_next(m, "memory")) {
		if (text_u64(node_find(m, "target/size"), &kib) == 1)
			sum += kib;
	}
	return sum;
}

/* Without guest NUMA nodes, "nodeset='0'" says nothing. */
static void
drop_node_zero(struct rule_ctx *ctx)
{
	struct node *page =
	    node_find(ctx->parts->at[PART_MEMORY_BACKING], "hugepages/page");

	if (ctx->parts->numa_cells > 0)
		return;
	for (; page != NULL; page = node_next(page, "page")) {
		if (node_attr_is(page, "nodeset", "0"))
			node_set_attr(page, "nodeset", NULL);
	}
}

/* A size in KiB, its unit in its place among other attributes. */
static void
set_size(struct node *node, const struct rule_attr *attrs, uint64_t kib)
{
	if (!node_attr_is(node, "unit", "KiB"))
		rule_set_attr(node, attrs, "unit", "KiB");
	element_set_u64(node, kib);
}

int
domain_memory_finish(struct rule_ctx *ctx)
{
	struct domain_parts *p = ctx->parts;
	uint64_t hotplug = hotplug_memory(ctx);

	if (p->memory == 0 && p->numa_memory != 0)
		p->memory = p->numa_memory + hotplug;
	else if (hotplug > p->memory)
		return refuse_xml(ctx, "Total size of memory devices exceeds "
				       "the total memory size");
	if (p->memory - hotplug == 0)
		return refuse_xml(ctx,
		    "Memory size must be specified via "
		    "<memory> or in the <numa> configuration");
	if (p->current_memory > p->memory || p->current_memory == 0)
		p->current_memory = p->memory;
	if ((p->max_memory == 0) != (p->memory_slots == 0))
		return refuse_xml(ctx, "both maximum memory size and memory "
				       "slot count must be specified");
	if (p->max_memory != 0 && p->max_memory < p->memory)
		return refuse_xml(ctx, "maximum memory size must be equal or "
				       "greater than the actual memory size");
	element_set_kib(part_need(ctx, PART_CURRENT_MEMORY), p->current_memory);
	set_size(part_need(ctx, PART_MEMORY), memory_attrs, p->memory);
	if (p->max_memory == 0)
		part_drop(ctx, PART_MAX_MEMORY);
	else
		set_size(
		    p->at[PART_MAX_MEMORY], max_memory_attrs, p->max_memory);
	drop_node_zero(ctx);
	return 0;
}

/* Two <page>s must not be for the same nodes, nor both for all. */
static int
check_pages(struct rule_ctx *ctx, const struct node *a, const struct node *b)
{
	const char *x = node_attr(a, "nodeset"), *y = node_attr(b, "nodeset");
	struct cpuset set_x, set_y;

	if (x == NULL && y == NULL)
		return refuse(ctx, XVM_ERR_XML_DETAIL,
		    "two master hugepages detected: %s and %s",
		    node_attr(a, "size"), node_attr(b, "size"));
	if (x == NULL || y == NULL || cpuset_parse(x, &set_x) != 0 ||
	    cpuset_parse(y, &set_y) != 0 || !cpuset_overlaps(&set_x, &set_y))
		return 0;
	return refuse(ctx, XVM_ERR_XML_DETAIL,
	    "nodeset attribute of "
	    "hugepages of sizes %s and %s intersect",
	    node_attr(a, "size"), node_attr(b, "size"));
}

int
domain_memory_check(struct rule_ctx *ctx)
{
	const struct node *first, *page, *other;
	struct cpuset set;

	first =
	    node_find(ctx->parts->at[PART_MEMORY_BACKING], "hugepages/page");
	for (page = first; page != NULL; page = node_next(page, "page")) {
		const char *nodeset = node_attr(page, "nodeset");

		for (other = first; other != page;
		     other = node_next(other, "page")) {
			if (check_pages(ctx, page, other) != 0)
				return -1;
		}
		if (nodeset == NULL || cpuset_parse(nodeset, &set) != 0)
			continue;
		for (uint32_t i = ctx->parts->numa_cells; i < set.end; i++) {
			if (cpuset_has(&set, i))
				return refuse(ctx, XVM_ERR_XML_DETAIL,
				    "hugepages: node %u not found", i);
		}
	}
	return 0;
}

/* --- <memtune> ------------------------------------------------------------ */

static int
limit_after(struct rule_ctx *ctx, struct node *node)
{
	char xpath[64];
	uint64_t kib;

	(void)snprintf(xpath, sizeof(xpath), "./memtune/%s[1]", node->name);
	if (element_limit(ctx, node, xpath, &kib) != 0)
		return -1;
	if (kib == MEMORY_UNLIMITED)
		node_unlink(node);
	else
		element_set_kib(node, kib);
	return 0;
}

static int
guarantee_after(struct rule_ctx *ctx, struct node *node)
{
	return element_kib_or_none(ctx, node, "./memtune/min_guarantee[1]");
}

const struct rule domain_memtune_children[] = {
    {.name = "hard_limit", .flags = RULE_TEXT, .after = limit_after},
    {.name = "soft_limit", .flags = RULE_TEXT, .after = limit_after},
    {
	.name = "min_guarantee",
	.flags = RULE_TEXT,
	.after = guarantee_after,
    },
    {
	.name = "swap_hard_limit",
	.flags = RULE_TEXT,
	.after = limit_after,
    },
    {.name = NULL},
};

static const struct rule memtune_rule = {
    .name = "memtune",
    .flags = RULE_DROP_EMPTY,
    .children = domain_memtune_children,
};

/* --- <blkiotune> ---------------------------------------------------------- */

#define IO_NUMBER(what, number, called)                                        \
	{                                                                      \
		.name = what, .flags = RULE_TEXT | RULE_DROP_NO_TEXT,          \
		.text = &(const struct rule_attr)                              \
		{                                                              \
			.name = what, .kind = number,                          \
			.flags = VALUE_DROP_ZERO | VALUE_WRAP,                 \
			.words = "could not parse " called " %s",              \
			.code = XVM_ERR_CONFIG_UNSUPPORTED,                    \
		}                                                              \
	}

const struct rule domain_blkio_device_children[] = {
    {.name = "path", .flags = RULE_TEXT},
    IO_NUMBER("weight", VALUE_UINT, "weight"),
    IO_NUMBER("read_iops_sec", VALUE_UINT, "read iops sec"),
    IO_NUMBER("write_iops_sec", VALUE_UINT, "write iops sec"),
    IO_NUMBER("read_bytes_sec", VALUE_ULL, "read bytes sec"),
    IO_NUMBER("write_bytes_sec", VALUE_ULL, "write bytes sec"),
    {.name = NULL},
};

static int
io_device_before(struct rule_ctx *ctx, struct node *node)
{
	const char *path = node_find_text(node, "path");

	if (path == NULL || path[0] == '\0')
		return refuse_config(ctx, "missing per-device path");
	return 0;
}

/* A weight that is no number counts as none. */
static int
weight_before(struct rule_ctx *ctx, struct node *node)
{
	uint64_t n;

	(void)ctx;
	if (text_u64(node, &n) != 1 || n == 0 || n > UINT32_MAX)
		node_unlink(node);
	return 0;
}

/* Paths come once; a device that sets nothing but its path is dropped. */
static int
blkiotune_after(struct rule_ctx *ctx, struct node *node)
{
	struct name_set paths = {0};
	struct node *device, *next;

	for (device = node_child(node, "device"); device != NULL;
	     device = next) {
		const char *path = node_find_text(device, "path");
		int rc = name_set_add(ctx, &paths, path);

		next = node_next(device, "device");
		if (rc < 0)
			return -1;
		if (rc == 0)
			return refuse_config(
			    ctx, "duplicate blkio device path '%s'", path);
		if (device->first == device->last)
			node_unlink(device);
	}
	return 0;
}

const struct rule domain_blkiotune_children[] = {
    {
	.name = "weight",
	.flags = RULE_TEXT,
	.text = &(const struct rule_attr){.name = "weight", .kind = VALUE_UINT},
	.before = weight_before,
    },
    {
	.name = "device",
	.flags = RULE_MANY,
	.children = domain_blkio_device_children,
	.before = io_device_before,
    },
    {.name = NULL},
};

static const struct rule blkiotune_rule = {
    .name = "blkiotune",
    .flags = RULE_DROP_EMPTY,
    .children = domain_blkiotune_children,
    .after = blkiotune_after,
};

int
domain_memory_tune(struct rule_ctx *ctx)
{
	return part_apply(ctx, PART_BLKIOTUNE, &blkiotune_rule) != 0
		   ? -1
		   : part_apply(ctx, PART_MEMTUNE, &memtune_rule);
}
