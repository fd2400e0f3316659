/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* <memory> devices, <memballoon>, <nvram>. */
#include <stdio.h>
#include <string.h>

#include "domain_devices.h"
#include "../number.h"

#define THP_KIB 2048 /* of most processors */
#define LABEL_KIB_MIN 128

static const char *const models[] = {
    "", "dimm", "nvdimm", "virtio-pmem", "virtio-mem", "sgx-epc", NULL};
enum {
	MODEL_DIMM = 1,
	MODEL_NVDIMM,
	MODEL_PMEM,
	MODEL_MEM,
	MODEL_SGX,
};
static const char *const accesses[] = {"default", "shared", "private", NULL};

static const struct rule_attr memory_attrs[] = {
    ATTR_ENUM("model", VALUE_REQUIRED | VALUE_NONZERO, models),
    ATTR_ENUM("access", VALUE_NONZERO, accesses),
    ATTR("discard", VALUE_YES_NO, 0),
    ATTR_END,
};

/* Children of <source> and <target>, and the models (bits) that have them. */
static const struct part {
	const char *name;
	unsigned int models;
} source_parts[] =
    {
	{"nodemask", 1u << MODEL_DIMM | 1u << MODEL_MEM | 1u << MODEL_SGX},
	{"pagesize", 1u << MODEL_DIMM | 1u << MODEL_MEM},
	{"path", 1u << MODEL_NVDIMM | 1u << MODEL_PMEM},
	{"alignsize", 1u << MODEL_NVDIMM},
	{"pmem", 1u << MODEL_NVDIMM},
	{NULL, 0},
},
  target_parts[] = {
      {"label", 1u << MODEL_NVDIMM},
      {"readonly", 1u << MODEL_NVDIMM},
      {"block", 1u << MODEL_MEM},
      {"requested", 1u << MODEL_MEM},
      {NULL, 0},
};

static int
model_of(const struct node *memory)
{
	return enum_index(models, node_attr(memory, "model"));
}

static void
drop_parts(struct node *node, const struct part *parts, int model)
{
	for (; node != NULL && parts->name != NULL; parts++) {
		if ((parts->models & 1u << model) == 0)
			drop_children(node, parts->name);
	}
}

/* A size in KiB; none when it is 0, unless it is what is asked for. */
static int
size_before(struct rule_ctx *ctx, struct node *size)
{
	char xpath[32];
	uint64_t kib = 0;

	(void)snprintf(xpath, sizeof(xpath), "./%s%s",
	    node_is(size->parent, "label") ? "label/" : "", size->name);
	if (strcmp(size->name, "requested") != 0)
		return element_kib_or_none(ctx, size, xpath);
	if (element_kib(ctx, size, xpath, false, &kib) < 0)
		return -1;
	element_set_kib(size, kib);
	return 0;
}

static int
total_before(struct rule_ctx *ctx, struct node *size)
{
	uint64_t kib;

	if (element_kib(ctx, size, "./size", true, &kib) < 0)
		return -1;
	element_set_kib(size, kib);
	return 0;
}

static int
nodemask_before(struct rule_ctx *ctx, struct node *nodemask)
{
	const char *text = node_text(nodemask);
	struct cpuset set;

	if (text[0] == '\0') {
		node_unlink(nodemask);
		return 0;
	}
	if (cpuset_read(ctx, text, &set) != 0)
		return -1;
	if (set.end == 0)
		return refuse_config(
		    ctx, "Invalid value of 'nodemask': %s", text);
	node_set_text(nodemask, cpuset_format(ctx->doc, &set));
	return 0;
}

static const struct rule source_children[] = {
    {.name = "nodemask", .flags = RULE_TEXT, .before = nodemask_before},
    {.name = "pagesize", .flags = RULE_TEXT, .before = size_before},
    {.name = "path", .flags = RULE_TEXT | RULE_DROP_NO_TEXT},
    {.name = "alignsize", .flags = RULE_TEXT, .before = size_before},
    {.name = "pmem"},
    RULE_END,
};
static const struct rule label_children[] = {
    {.name = "size", .flags = RULE_TEXT, .before = size_before},
    RULE_END,
};
static const struct rule_attr node_text_rule[] = {
    ATTR_SAYS("node", VALUE_INT, VALUE_NONNEGATIVE, NULL, 0,
	"invalid value of memory device node"),
};
static const struct rule target_children[] = {
    {.name = "size", .flags = RULE_TEXT, .before = total_before},
    {
	.name = "node",
	.flags = RULE_TEXT | RULE_DROP_NO_TEXT,
	.text = node_text_rule,
    },
    {
	.name = "label",
	.flags = RULE_DROP_EMPTY,
	.children = label_children,
    },
    {.name = "readonly"},
    {.name = "block", .flags = RULE_TEXT, .before = size_before},
    {.name = "requested", .flags = RULE_TEXT, .before = size_before},
    {.name = "current", .flags = RULE_DROP},
    RULE_END,
};

/* A size as it is written; 0 when there is none. */
static uint64_t
kib_of(const struct node *node, const char *path)
{
	const char *text = node_find_text(node, path);
	uint64_t n;

	return text == NULL || number_u64(text, 10, &n) != 0 ? 0 : n;
}

static int
target_before(struct rule_ctx *ctx, struct node *target)
{
	int model = model_of(target->parent);
	uint64_t label, kib;

	drop_parts(target, target_parts, model);
	if (node_child(target, "size") == NULL) {
		uint64_t none;

		return element_kib(ctx, NULL, "./size", true, &none);
	}
	if (rule_apply_children(ctx, target, target_children) != 0)
		return -1;
	kib = kib_of(target, "size");
	label = kib_of(target, "label/size");
	if (model == MODEL_NVDIMM && label != 0 && label < LABEL_KIB_MIN)
		return refuse_xml(ctx, "nvdimm label must be at least 128KiB");
	if (model == MODEL_NVDIMM && label >= kib)
		return refuse_xml(
		    ctx, "label size must be smaller than NVDIMM size");
	if (node_child(target, "block") == NULL)
		drop_children(target, "requested");
	else if (node_child(target, "requested") == NULL)
		element_set_kib(
		    rule_need(target, target_children, "requested"), 0);
	return 0;
}

static const struct rule_attr uuid_text[] = {
    ATTR_SAYS("uuid", VALUE_UUID, 0, NULL, XVM_ERR_INTERNAL_ERROR,
	"malformed uuid element"),
};
static const struct rule memory_children[] = {
    {
	.name = "uuid",
	.flags = RULE_TEXT | RULE_DROP_NO_TEXT,
	.text = uuid_text,
    },
    {
	.name = "source",
	.flags = RULE_DROP_EMPTY,
	.children = source_children,
    },
    {.name = "target", .before = target_before},
    RULES_INFO,
    RULE_END,
};

static int
memory_before(struct rule_ctx *ctx, struct node *memory)
{
	int model;

	if (attr_enum(ctx, memory, "model", models,
		VALUE_REQUIRED | VALUE_NONZERO, &model) < 0)
		return -1;
	if (model != MODEL_NVDIMM)
		drop_children(memory, "uuid");
	drop_parts(node_child(memory, "source"), source_parts, model);
	if (node_child(memory, "target") == NULL)
		return refuse_xml(
		    ctx, "missing <target> element for <memory> device");
	return 0;
}

const struct rule memory_rule = {
    .name = "memory",
    .flags = RULE_MANY,
    .attrs = memory_attrs,
    .children = memory_children,
    .before = memory_before,
};

int
memory_fill(struct devices *devices, struct node *memory)
{
	(void)devices;
	if (model_of(memory) == MODEL_PMEM &&
	    node_attr(memory, "access") == NULL)
		rule_set_attr(memory, memory_attrs, "access", "shared");
	return 0;
}

/* The kernel's huge page, which a block must fill. */
static uint64_t
thp_kib(void)
{
	FILE *f =
	    fopen("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size", "re");
	unsigned long long bytes = 0;

	if (f != NULL) {
		if (fscanf(f, "%llu", &bytes) != 1)
			bytes = 0;
		(void)fclose(f);
	}
	return bytes < 1024 ? THP_KIB : bytes / 1024;
}

static int
check_virtio_mem(struct rule_ctx *ctx, const struct node *memory)
{
	uint64_t size = kib_of(memory, "target/size");
	uint64_t block = kib_of(memory, "target/block");
	uint64_t requested = kib_of(memory, "target/requested");

	if (requested > size)
		return refuse(ctx, XVM_ERR_XML_DETAIL,
		    "requested size must be smaller than or equal to @size "
		    "(%lluKiB)",
		    (unsigned long long)size);
	if (block == 0 || (block & (block - 1)) != 0)
		return refuse(ctx, XVM_ERR_XML_DETAIL,
		    "block size must be a power of two");
	if (block < thp_kib())
		return refuse(ctx, XVM_ERR_XML_DETAIL,
		    "block size too small, must be at least %lluKiB",
		    (unsigned long long)thp_kib());
	if (requested % block != 0)
		return refuse(ctx, XVM_ERR_XML_DETAIL,
		    "requested size must be an integer multiple of block "
		    "size");
	return 0;
}

static int
check_nvdimm(struct devices *devices, const struct node *memory)
{
	struct rule_ctx *ctx = &devices->ctx;
	const char *arch =
	    node_attr(node_find(devices->domain, "os/type"), "arch");

	if (child_text(node_child(memory, "source"), "path") == NULL)
		return refuse(ctx, XVM_ERR_XML_DETAIL,
		    "path is required for model 'nvdimm'");
	if (node_attr_is(memory, "discard", "yes"))
		return refuse_config(
		    ctx, "discard is not supported for nvdimms");
	if (arch != NULL && strncmp(arch, "ppc64", 5) == 0) {
		if (kib_of(memory, "target/label/size") == 0)
			return refuse_config(
			    ctx, "label size is required for NVDIMM device");
	} else if (node_child(memory, "uuid") != NULL) {
		return refuse_config(
		    ctx, "UUID is not supported for NVDIMM device");
	}
	return 0;
}

static int
check_pmem(struct rule_ctx *ctx, const struct node *memory)
{
	if (child_text(node_child(memory, "source"), "path") == NULL)
		return refuse(ctx, XVM_ERR_XML_DETAIL,
		    "path is required for model 'virtio-pmem'");
	if (node_attr_is(memory, "discard", "yes"))
		return refuse_config(
		    ctx, "discard is not supported for model 'virtio-pmem'");
	if (!node_attr_is(memory, "access", "shared"))
		return refuse_config(
		    ctx, "shared access mode required for virtio-pmem device");
	if (node_find(memory, "target/node") != NULL)
		return refuse_config(
		    ctx, "virtio-pmem does not support NUMA nodes");
	return 0;
}

int
memory_check(struct devices *devices, struct node *memory)
{
	struct rule_ctx *ctx = &devices->ctx;
	const struct node *node = node_find(memory, "target/node");
	size_t nodes =
	    node_count(node_find(devices->domain, "cpu/numa"), "cell");

	if (node != NULL && nodes == 0)
		return refuse(ctx, XVM_ERR_XML_DETAIL,
		    "can't add memory backend as guest has no NUMA nodes "
		    "configured");
	if (node != NULL && kib_of(memory, "target/node") >= nodes)
		return refuse(ctx, XVM_ERR_XML_DETAIL,
		    "can't add memory backend for guest node '%s' as the guest "
		    "has only '%zu' NUMA nodes configured",
		    node_text(node), nodes);
	switch (model_of(memory)) {
	case MODEL_NVDIMM:
		return check_nvdimm(devices, memory);
	case MODEL_PMEM:
		return check_pmem(ctx, memory);
	case MODEL_MEM:
		return check_virtio_mem(ctx, memory);
	case MODEL_SGX:
		if (node_child(memory, "address") != NULL)
			return refuse_config(ctx,
			    "memory device address is not supported for model "
			    "'sgx-epc'");
		return 0;
	default:
		return 0;
	}
}

/* <memballoon> */
static const char *const balloon_models[] = {"virtio", "xen", "none",
    "virtio-transitional", "virtio-non-transitional", NULL};
static const struct rule_attr balloon_attrs[] = {
    ATTR_ENUM("model", VALUE_REQUIRED, balloon_models),
    ATTR("autodeflate", VALUE_ON_OFF, 0),
    ATTR("freePageReporting", VALUE_ON_OFF, 0),
    ATTR_END,
};
static const struct rule_attr stats_attrs[] = {
    ATTR("period", VALUE_INT, VALUE_BASE0 | VALUE_DROP_ZERO),
    ATTR_END,
};

static int
stats_after(struct rule_ctx *ctx, struct node *stats)
{
	(void)ctx;
	if (attr_starts(stats, "period", "-"))
		node_set_attr(stats, "period", NULL);
	return 0;
}

static const struct rule balloon_children[] = {
    {
	.name = "stats",
	.flags = RULE_DROP_EMPTY,
	.attrs = stats_attrs,
	.after = stats_after,
    },
    RULES_INFO,
    RULE_VIRTIO,
    RULE_END,
};

static int
balloon_before(struct rule_ctx *ctx, struct node *balloon)
{
	(void)ctx;
	if (!node_attr_is(balloon, "model", "none"))
		return 0;
	drop_children(balloon, "alias");
	drop_children(balloon, "master");
	drop_children(balloon, "acpi");
	drop_children(balloon, "address");
	return 0;
}

const struct rule memballoon_rule = {
    .name = "memballoon",
    .attrs = balloon_attrs,
    .children = balloon_children,
    .before = balloon_before,
};

/* <nvram> */
static const struct rule info_children[] = {RULES_INFO, RULE_END};

static int
nvram_after(struct rule_ctx *ctx, struct node *nvram)
{
	(void)ctx;
	node_keep_open(nvram);
	return 0;
}

const struct rule nvram_rule = {
    .name = "nvram",
    .children = info_children,
    .after = nvram_after,
};
