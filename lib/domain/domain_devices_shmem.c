/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* <shmem>: memory that domains share. */
#include <string.h>

#include "domain_devices.h"

static const char *const shmem_models[] = {
    "ivshmem", "ivshmem-plain", "ivshmem-doorbell", NULL};
static const char *const roles[] = {"default", "master", "peer", NULL};

static const struct rule_attr shmem_attrs[] = {
    ATTR("name", VALUE_ANY, 0),
    ATTR_ENUM("role", VALUE_NONZERO, roles),
    ATTR_END,
};
static const struct rule_attr shmem_model_attrs[] = {
    ATTR_ENUM("type", 0, shmem_models),
    ATTR_END,
};
static const struct rule_attr server_attrs[] = {
    ATTR("path", VALUE_ANY, 0),
    ATTR_END,
};
static const struct rule_attr msi_attrs[] = {
    ATTR("vectors", VALUE_UINT, VALUE_BASE0 | VALUE_DROP_ZERO),
    ATTR("ioeventfd", VALUE_ON_OFF, 0),
    ATTR_END,
};

static int
shmem_size_before(struct rule_ctx *ctx, struct node *size)
{
	static const char *const order[] = {"unit", NULL};
	uint64_t bytes = 0;

	if (element_bytes(ctx, size, "./size[1]", 1, UINT64_MAX, &bytes) < 0)
		return -1;
	if (bytes == 0) {
		node_unlink(size);
		return 0;
	}
	node_set_attr(size, "unit", "M");
	node_order_attrs(size, order);
	node_set_text(size,
	    doc_printf(ctx->doc, "%llu", (unsigned long long)bytes >> 20));
	return 0;
}

static int
server_before(struct rule_ctx *ctx, struct node *server)
{
	return sanitise_path(ctx, server, "path");
}

static const struct rule shmem_children[] = {
    {.name = "model", .attrs = shmem_model_attrs},
    {.name = "size", .flags = RULE_TEXT, .before = shmem_size_before},
    {.name = "server", .attrs = server_attrs, .before = server_before},
    {.name = "msi", .attrs = msi_attrs},
    RULES_INFO,
    RULE_END,
};

static int
shmem_before(struct rule_ctx *ctx, struct node *shmem)
{
	struct node *model = node_need(shmem, "model");

	(void)node_default_attr(model, "type", "ivshmem");
	if (rule_apply_attrs(ctx, model, shmem_model_attrs) != 0)
		return -1;
	if (node_attr(shmem, "name") == NULL)
		return refuse_xml(
		    ctx, "shmem element must contain 'name' attribute");
	if (node_attr_is(model, "type", "ivshmem"))
		node_set_attr(shmem, "role", NULL);
	if (node_child(shmem, "msi") != NULL &&
	    node_child(shmem, "server") == NULL)
		return refuse_xml(
		    ctx, "msi option is only supported with a server");
	return 0;
}

const struct rule shmem_rule = {
    .name = "shmem",
    .flags = RULE_MANY,
    .attrs = shmem_attrs,
    .children = shmem_children,
    .before = shmem_before,
};

int
shmem_check(struct devices *devices, struct node *shmem)
{
	const char *name = node_attr(shmem, "name");

	if (strchr(name, '/') != NULL)
		return refuse_config(
		    &devices->ctx, "shmem name cannot include '/' character");
	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return refuse_config(
		    &devices->ctx, "shmem name cannot be equal to '%s'", name);
	return 0;
}
