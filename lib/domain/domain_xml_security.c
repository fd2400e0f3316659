/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* <seclabel>, <keywrap>, <launchSecurity>, <resource>, <metadata>. */
#include <ctype.h>
#include <string.h>

#include "domain_xml_parts.h"
#include "../number.h"

#define LABEL_MAX 4096 /* bytes of a security label */
#define MODEL_MAX 256  /* and of its model's name */
#define APPID_MAX 128

static const char *const label_types[] = {
    "default",
    "none",
    "dynamic",
    "static",
    NULL,
};
static const char *const ciphers[] = {"aes", "dea", NULL};
static const char *const launch_types[] = {"", "sev", "s390-pv", NULL};

static const struct rule_attr label_attrs[] = {
    {
	.name = "type",
	.kind = VALUE_ENUM,
	.values = label_types,
	.flags = VALUE_NONZERO,
    },
    {.name = "model"},
    {.name = "relabel", .kind = VALUE_YES_NO},
    {.name = NULL},
};

static const struct rule label_children[] = {
    {.name = "label", .flags = RULE_TEXT | RULE_DROP_NO_TEXT},
    {.name = "imagelabel", .flags = RULE_TEXT | RULE_DROP_NO_TEXT},
    {.name = "baselabel", .flags = RULE_TEXT | RULE_DROP_NO_TEXT},
    {.name = NULL},
};

static void
drop_child(struct node *node, const char *name)
{
	struct node *c = node_child(node, name);

	if (c != NULL)
		node_unlink(c);
}

/* A label that must be there. */
static int
need_label(struct rule_ctx *ctx, const struct node *node, const char *name,
    const char *words)
{
	const char *text = node_text(node_child(node, name));

	if (text == NULL || strlen(text) > LABEL_MAX)
		return refuse_xml(ctx, "%s", words);
	return 0;
}

/* A running domain has labels; a stored one only those that are static. */
static int
read_labels(
    struct rule_ctx *ctx, struct node *node, const char *type, bool relabel)
{
	bool live = (ctx->flags & DOMAIN_XML_PARSE_INACTIVE) == 0;
	const char *base;

	if (strcmp(type, "static") == 0 || live) {
		if (need_label(
			ctx, node, "label", "security label is missing") != 0)
			return -1;
	} else {
		drop_child(node, "label");
	}
	if (relabel && live) {
		if (need_label(ctx, node, "imagelabel",
			"security imagelabel is missing") != 0)
			return -1;
	} else {
		drop_child(node, "imagelabel");
	}
	base = node_text(node_child(node, "baselabel"));
	if (strcmp(type, "dynamic") != 0 ||
	    (base != NULL && strlen(base) > LABEL_MAX))
		drop_child(node, "baselabel");
	return 0;
}

static void
make_none(struct node *node)
{
	node_set_attr(node, "type", "none");
	node_set_attr(node, "relabel", NULL);
	drop_child(node, "label");
	drop_child(node, "imagelabel");
	drop_child(node, "baselabel");
}

static int
read_seclabel(struct rule_ctx *ctx, struct node *node)
{
	const char *type, *model, *text;
	bool relabel;

	if (rule_apply_attrs(ctx, node, label_attrs) != 0 ||
	    rule_apply_children(ctx, node, label_children) != 0)
		return -1;
	model = node_attr(node, "model");
	if (model != NULL && strlen(model) > MODEL_MAX) {
		node_set_attr(node, "model", NULL);
		model = NULL;
	}
	type = node_attr(node, "type");
	if (type == NULL)
		type = "default";
	text = node_attr(node, "relabel");
	relabel = text != NULL ? strcmp(text, "yes") == 0
			       : strcmp(type, "static") != 0 &&
				     strcmp(type, "none") != 0;
	if (strcmp(type, "dynamic") == 0 && !relabel)
		return refuse_config(
		    ctx, "dynamic label type must use resource relabeling");
	if (strcmp(type, "none") == 0 && relabel)
		return refuse_config(ctx, "resource relabeling is not "
					  "compatible with 'none' label type");
	if (model != NULL && strcmp(model, "none") == 0 &&
	    strcmp(type, "none") != 0 &&
	    (ctx->flags & DOMAIN_XML_PARSE_INACTIVE) == 0)
		return refuse_config(ctx,
		    "unsupported type='%s' to model "
		    "'none'",
		    type);
	if (strcmp(type, "none") == 0 ||
	    (model != NULL && strcmp(model, "none") == 0)) {
		make_none(node);
		return 0;
	}
	rule_set_attr(node, label_attrs, "relabel", relabel ? "yes" : "no");
	return read_labels(ctx, node, type, relabel);
}

static int
read_seclabels(struct rule_ctx *ctx)
{
	struct node *first = ctx->parts->at[PART_SECLABEL], *s, *other;

	for (s = first; s != NULL; s = node_next(s, "seclabel")) {
		const char *model;

		if (read_seclabel(ctx, s) != 0)
			return -1;
		model = node_attr(s, "model");
		for (other = first; other != s;
		     other = node_next(other, "seclabel")) {
			const char *m = node_attr(other, "model");

			if ((m == NULL) != (model == NULL) ||
			    (m != NULL && strcmp(m, model) != 0))
				continue;
			return refuse(ctx, XVM_ERR_XML_DETAIL,
			    "seclabel for "
			    "model %s is already provided",
			    model == NULL ? "(null)" : model);
		}
	}
	if (first == NULL || node_next(first, "seclabel") == NULL)
		return 0;
	for (s = first; s != NULL; s = node_next(s, "seclabel")) {
		if (node_attr(s, "model") == NULL)
			return refuse_xml(ctx, "missing security model when "
					       "using multiple labels");
	}
	return 0;
}

/* One without a type says nothing: libvirt reads it, and does not write it. */
static void
drop_untyped(struct rule_ctx *ctx)
{
	struct node **at = &ctx->parts->at[PART_SECLABEL], *s, *next;

	for (s = *at; s != NULL; s = next) {
		next = node_next(s, "seclabel");
		if (node_attr(s, "type") != NULL)
			continue;
		if (s == *at)
			*at = next;
		node_unlink(s);
	}
}

int
domain_seclabel_read(struct rule_ctx *ctx)
{
	if (read_seclabels(ctx) != 0)
		return -1;
	drop_untyped(ctx);
	return 0;
}

/* --- <keywrap> ------------------------------------------------------------ */

static const struct rule_attr cipher_attrs[] = {
    {
	.name = "name",
	.kind = VALUE_ENUM,
	.values = ciphers,
	.flags = VALUE_REQUIRED,
    },
    {.name = "state", .kind = VALUE_ON_OFF, .flags = VALUE_REQUIRED},
    {.name = NULL},
};

static int
cipher_after(struct rule_ctx *ctx, struct node *node)
{
	if (node_is_repeated(node, "name"))
		return refuse_internal(ctx,
		    "A domain definition can have no more than one cipher node "
		    "with name %s",
		    node_attr(node, "name"));
	return 0;
}

static int
keywrap_after(struct rule_ctx *ctx, struct node *node)
{
	return children_sort(ctx, node, "cipher", sort_by_name, ciphers);
}

static const struct rule keywrap_children[] = {
    {
	.name = "cipher",
	.flags = RULE_MANY,
	.attrs = cipher_attrs,
	.after = cipher_after,
    },
    {.name = NULL},
};

static const struct rule keywrap_rule = {
    .name = "keywrap",
    .flags = RULE_DROP_EMPTY,
    .children = keywrap_children,
    .after = keywrap_after,
};

int
domain_keywrap_read(struct rule_ctx *ctx)
{
	return part_apply(ctx, PART_KEYWRAP, &keywrap_rule);
}

/* --- <launchSecurity> ----------------------------------------------------- */

static const struct rule_attr launch_attrs[] = {
    {
	.name = "type",
	.kind = VALUE_ENUM,
	.values = launch_types,
	.flags = VALUE_REQUIRED | VALUE_NONZERO,
    },
    {.name = "kernelHashes"},
    {.name = NULL},
};

static const struct rule_attr cbitpos_text = {
    .name = "cbitpos",
    .kind = VALUE_UINT,
    .words = "Invalid format for launch security cbitpos",
};
static const struct rule_attr bits_text = {
    .name = "reducedPhysBits",
    .kind = VALUE_UINT,
    .words = "Invalid format for launch security reduced-phys-bits",
};
static const struct rule_attr policy_text = {
    .name = "policy",
    .kind = VALUE_UINT,
    .flags = VALUE_BASE16,
    .words = "failed to get launch security policy",
    .hex = 4,
};

static const struct rule launch_children[] = {
    {
	.name = "cbitpos",
	.flags = RULE_TEXT | RULE_DROP_NO_TEXT,
	.text = &cbitpos_text,
    },
    {
	.name = "reducedPhysBits",
	.flags = RULE_TEXT | RULE_DROP_NO_TEXT,
	.text = &bits_text,
    },
    {
	.name = "policy",
	.flags = RULE_TEXT | RULE_DROP_NO_TEXT,
	.text = &policy_text,
    },
    {.name = "dhCert", .flags = RULE_TEXT | RULE_DROP_NO_TEXT},
    {.name = "session", .flags = RULE_TEXT | RULE_DROP_NO_TEXT},
    {.name = NULL},
};

int
domain_launch_security_read(struct rule_ctx *ctx)
{
	static const struct rule_attr hashes[] = {
	    {.name = "type"},
	    {.name = "kernelHashes", .kind = VALUE_YES_NO},
	    {.name = NULL},
	};
	struct node *node = ctx->parts->at[PART_LAUNCH_SECURITY];

	if (node == NULL)
		return 0;
	if (rule_apply_attrs(ctx, node, launch_attrs) != 0)
		return -1;
	if (!node_attr_is(node, "type", "sev")) {
		node_set_attr(node, "kernelHashes", NULL);
		for (const struct rule *r = launch_children; r->name != NULL;
		     r++)
			drop_child(node, r->name);
		return 0;
	}
	if (rule_apply_attrs(ctx, node, hashes) != 0 ||
	    rule_apply_children(ctx, node, launch_children) != 0)
		return -1;
	if (node_child(node, "policy") == NULL)
		return refuse_xml(ctx, "%s", policy_text.words);
	return 0;
}

/* --- <resource> ----------------------------------------------------------- */

static const struct rule_attr channel_attrs[] = {
    {.name = "appid", .flags = VALUE_DROP_EMPTY},
    {.name = NULL},
};

static const struct rule resource_children[] = {
    {.name = "partition", .flags = RULE_TEXT | RULE_DROP_NO_TEXT},
    {
	.name = "fibrechannel",
	.flags = RULE_DROP_EMPTY,
	.attrs = channel_attrs,
    },
    {.name = NULL},
};

int
domain_resource_read(struct rule_ctx *ctx)
{
	struct node *node = ctx->parts->at[PART_RESOURCE];

	if (node != NULL && node_next(node, "resource") != NULL)
		return refuse_xml(
		    ctx, "only one resource element is supported");
	if (node == NULL)
		return 0;
	if (rule_apply_children(ctx, node, resource_children) != 0)
		return -1;
	return node_child(node, "partition") == NULL &&
		       node_child(node, "fibrechannel") == NULL
		   ? refuse_silently(ctx)
		   : 0;
}

int
domain_resource_check(struct rule_ctx *ctx)
{
	const char *appid = node_attr(
	    node_child(ctx->parts->at[PART_RESOURCE], "fibrechannel"), "appid");

	if (appid == NULL)
		return 0;
	for (const char *p = appid; *p != '\0'; p++) {
		if (!isprint((unsigned char)*p))
			return refuse_xml(ctx, "Fibre Channel 'appid' is not "
					       "a printable string");
	}
	if (strlen(appid) > APPID_MAX)
		return refuse(ctx, XVM_ERR_INVALID_ARG,
		    "Fibre Channel "
		    "'appid' string length must be between [%d, %d]",
		    1, APPID_MAX);
	return 0;
}

/* --- <metadata> ----------------------------------------------------------- */

/* Only elements of a namespace stay, one for each. */
int
domain_metadata_read(struct rule_ctx *ctx)
{
	struct node *metadata = ctx->parts->at[PART_METADATA], *c, *next;
	struct name_set uris = {0};

	if (metadata == NULL)
		return 0;
	for (c = metadata->first; c != NULL; c = next) {
		const char *uri = node_namespace(c);
		int rc = uri == NULL ? 0 : name_set_add(ctx, &uris, uri);

		next = c->next;
		if (rc < 0)
			return -1;
		if (rc == 0)
			node_unlink(c);
	}
	return 0;
}
