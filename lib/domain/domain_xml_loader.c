/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Last checks of <os>: firmware, loader, nvram; and <idmap>. */
#include <string.h>

#include "domain_xml_parts.h"
#include "../number.h"

static int
refuse_detail(struct rule_ctx *ctx, const char *words)
{
	return refuse(ctx, XVM_ERR_XML_DETAIL, "%s", words);
}

static bool
has_text(const struct node *node)
{
	return node != NULL && node_text(node)[0] != '\0';
}

/* What firmware='...' chooses must not be given as well. */
static int
check_autoselection(struct rule_ctx *ctx, const struct node *os,
    const struct node *loader, const struct node *nvram)
{
	static const char attribute[] =
	    "loader attribute '%s' cannot be "
	    "specified when firmware autoselection is enabled";
	const char *firmware = node_attr(os, "firmware");

	if (node_attr(loader, "readonly") != NULL)
		return refuse(ctx, XVM_ERR_XML_DETAIL, attribute, "readonly");
	if (node_attr(loader, "type") != NULL)
		return refuse(ctx, XVM_ERR_XML_DETAIL, attribute, "type");
	if (has_text(loader))
		return refuse_detail(ctx,
		    "loader path cannot be specified "
		    "when firmware autoselection is enabled");
	if (node_attr(nvram, "template") != NULL)
		return refuse_detail(ctx,
		    "nvram attribute 'template' cannot "
		    "be specified when firmware autoselection is enabled");
	if (node_attr_is(loader, "secure", "no"))
		return refuse(ctx, XVM_ERR_XML_DETAIL, attribute, "secure");
	if (nvram != NULL && nvram->first != NULL &&
	    strcmp(firmware, "efi") != 0)
		return refuse(ctx, XVM_ERR_XML_DETAIL,
		    "firmware type '%s' "
		    "does not support nvram",
		    firmware);
	return 0;
}

static int
check_stateless(struct rule_ctx *ctx, const struct node *os,
    const struct node *loader, const struct node *nvram)
{
	const char *stateless = node_attr(loader, "stateless");
	const char *firmware = node_attr(os, "firmware");

	if (stateless == NULL)
		return 0;
	if (strcmp(stateless, "yes") == 0) {
		if (node_attr(nvram, "template") != NULL)
			return refuse_detail(ctx,
			    "NVRAM template is not "
			    "permitted when loader is stateless");
		if (nvram != NULL && nvram->first != NULL)
			return refuse_detail(ctx, "NVRAM is not permitted "
						  "when loader is stateless");
		return 0;
	}
	if (firmware == NULL && !node_attr_is(loader, "type", "pflash"))
		return refuse_detail(
		    ctx, "Only pflash loader type permits NVRAM");
	if (firmware != NULL && strcmp(firmware, "efi") != 0)
		return refuse_detail(ctx, "Only EFI firmware permits NVRAM");
	return 0;
}

int
domain_os_check(struct rule_ctx *ctx)
{
	const struct node *os = ctx->parts->at[PART_OS];
	const struct node *loader = node_child(os, "loader");
	const struct node *nvram = node_child(os, "nvram");
	bool any = loader != NULL || nvram != NULL || ctx->parts->loader;

	if (node_attr(os, "firmware") != NULL) {
		if (any && check_autoselection(ctx, os, loader, nvram) != 0)
			return -1;
	} else {
		if (any && !has_text(loader))
			return refuse_detail(ctx,
			    "no loader path specified "
			    "and firmware auto selection disabled");
	}
	return check_stateless(ctx, os, loader, nvram);
}

/* --- <idmap> -------------------------------------------------------------- */

static const struct rule_attr map_attrs[] = {
    {.name = "start"},
    {.name = "target"},
    {.name = "count"},
    {.name = NULL},
};

static int
map_after(struct rule_ctx *ctx, struct node *node)
{
	for (const struct rule_attr *a = map_attrs; a->name != NULL; a++) {
		const char *text = node_attr(node, a->name);
		uint32_t n;

		if (text == NULL || number_u32(text, 10, &n) != 0)
			return refuse_xml(ctx, "invalid idmap "
					       "start/target/count settings");
		node_set_attr_fmt(node, a->name, "%u", n);
	}
	return 0;
}

static int
idmap_after(struct rule_ctx *ctx, struct node *node)
{
	return children_sort(ctx, node, "uid", sort_by_attr, "start") != 0
		   ? -1
		   : children_sort(ctx, node, "gid", sort_by_attr, "start");
}

static const struct rule idmap_children[] = {
    {
	.name = "uid",
	.flags = RULE_MANY,
	.attrs = map_attrs,
	.after = map_after,
    },
    {
	.name = "gid",
	.flags = RULE_MANY,
	.attrs = map_attrs,
	.after = map_after,
    },
    {.name = NULL},
};

static const struct rule idmap_rule = {
    .name = "idmap",
    .flags = RULE_DROP_EMPTY,
    .children = idmap_children,
    .after = idmap_after,
};

int
domain_idmap_read(struct rule_ctx *ctx)
{
	return part_apply(ctx, PART_IDMAP, &idmap_rule);
}

int
domain_idmap_check(struct rule_ctx *ctx)
{
	const struct node *idmap = ctx->parts->at[PART_IDMAP];
	const struct node *uid = node_child(idmap, "uid");
	const struct node *gid = node_child(idmap, "gid");

	if ((uid == NULL) != (gid == NULL))
		return refuse_config(ctx, "uid and gid should be mapped both");
	if (sort_by_attr(uid, "start") != 0 || sort_by_attr(gid, "start") != 0)
		return refuse_config(
		    ctx, "You must map the root user of container");
	return 0;
}
