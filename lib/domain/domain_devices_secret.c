/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What sources of several kinds of devices have: <auth>, <encryption>,
 * <seclabel>, <reconnect>.
 */
#include <string.h>

#include "domain_devices.h"

/* <auth>, <encryption> */
static const char *const auth_types[] = {"none", "chap", "ceph", NULL};
const struct rule_attr auth_attrs[] = {
    ATTR_SAYS("type", VALUE_ENUM, VALUE_DROP_ZERO | VALUE_DROP_EMPTY,
	auth_types, XVM_ERR_CONFIG_UNSUPPORTED, "unknown auth type '%s'"),
    ATTR("username", VALUE_ANY, 0),
    ATTR_END,
};
static const struct rule_attr secret_attrs[] = {
    ATTR("type", VALUE_ANY, 0),
    ATTR_SAYS("uuid", VALUE_UUID, 0, NULL, 0, "invalid secret uuid '%s'"),
    ATTR("usage", VALUE_ANY, 0),
    ATTR_END,
};

static int
secret_before(struct rule_ctx *ctx, struct node *secret)
{
	const char *uuid = node_attr(secret, "uuid");
	const char *usage = node_attr(secret, "usage");

	if (uuid == NULL && usage == NULL)
		return refuse_xml(
		    ctx, "missing secret uuid or usage attribute");
	if (uuid != NULL && usage != NULL)
		return refuse_xml(ctx, "either secret uuid or usage expected");
	return 0;
}

const struct rule auth_children[] = {
    {.name = "secret", .attrs = secret_attrs, .before = secret_before},
    RULE_END,
};

int
auth_before(struct rule_ctx *ctx, struct node *auth)
{
	const char *username = node_attr(auth, "username");
	const char *type = node_attr(auth, "type");

	if (username == NULL || username[0] == '\0')
		return refuse_xml(ctx, "missing username for auth");
	if (type != NULL && type[0] != '\0' && enum_index(auth_types, type) < 0)
		return refuse_config(ctx, "unknown auth type '%s'", type);
	if (node_child(auth, "secret") == NULL)
		return refuse_xml(ctx, "Missing <secret> element in auth");
	return 0;
}

static const char *const encryption_formats[] = {
    "default", "qcow", "luks", "luks2", NULL};
static const char *const encryption_engines[] = {
    "default", "qemu", "librbd", NULL};
const struct rule_attr encryption_attrs[] = {
    ATTR_SAYS("format", VALUE_ENUM, 0, encryption_formats,
	XVM_ERR_CONFIG_UNSUPPORTED, "unknown volume encryption format type %s"),
    ATTR_ENUM("engine", VALUE_NONZERO, encryption_engines),
    ATTR_END,
};

int
encryption_before(struct rule_ctx *ctx, struct node *encryption)
{
	const char *format = node_attr(encryption, "format");

	if (format == NULL || format[0] == '\0')
		return refuse_xml(ctx, "unknown volume encryption format");
	return 0;
}

static int
encryption_secret_before(struct rule_ctx *ctx, struct node *secret)
{
	const char *type = node_attr(secret, "type");

	if (type == NULL || type[0] == '\0')
		return refuse_xml(ctx, "unknown volume encryption secret type");
	if (strcmp(type, "passphrase") != 0)
		return refuse_config(
		    ctx, "unknown volume encryption secret type %s", type);
	return secret_before(ctx, secret);
}

static const struct rule_attr cipher_attrs[] = {
    ATTR("name", VALUE_ANY, 0),
    ATTR("size", VALUE_UINT, VALUE_REQUIRED | VALUE_WRAP),
    ATTR("mode", VALUE_ANY, 0),
    ATTR("hash", VALUE_ANY, 0),
    ATTR_END,
};
static const struct rule_attr ivgen_attrs[] = {
    ATTR("name", VALUE_ANY, 0),
    ATTR("hash", VALUE_ANY, 0),
    ATTR_END,
};

static int
cipher_before(struct rule_ctx *ctx, struct node *cipher)
{
	if (!node_attr_is(cipher->parent, "format", "luks"))
		node_unlink(cipher);
	else if (node_attr(cipher, "name") == NULL)
		return refuse_xml(ctx, "cipher info missing 'name' attribute");
	return 0;
}

static int
ivgen_before(struct rule_ctx *ctx, struct node *ivgen)
{
	if (!node_attr_is(ivgen->parent, "format", "luks"))
		node_unlink(ivgen);
	else if (node_child(ivgen->parent, "cipher") == NULL)
		return refuse_xml(
		    ctx, "ivgen element found, but cipher is missing");
	else if (node_attr(ivgen, "name") == NULL)
		return refuse_xml(ctx, "missing ivgen info name string");
	return 0;
}

const struct rule encryption_children[] = {
    {
	.name = "secret",
	.flags = RULE_MANY,
	.attrs = secret_attrs,
	.before = encryption_secret_before,
    },
    {.name = "cipher", .attrs = cipher_attrs, .before = cipher_before},
    {.name = "ivgen", .attrs = ivgen_attrs, .before = ivgen_before},
    RULE_END,
};

int
encryption_after(struct rule_ctx *ctx, struct node *encryption)
{
	(void)ctx;
	node_keep_open(encryption);
	return 0;
}

/* <seclabel> of a source */
const struct rule_attr device_seclabel_attrs[] = {
    ATTR("model", VALUE_ANY, 0),
    ATTR("labelskip", VALUE_YES_NO, 0),
    ATTR("relabel", VALUE_YES_NO, 0),
    ATTR_END,
};
const struct rule device_seclabel_children[] = {
    {.name = "label", .flags = RULE_TEXT | RULE_DROP_NO_TEXT},
    RULE_END,
};

int
device_seclabel_before(struct rule_ctx *ctx, struct node *seclabel)
{
	const char *model = node_attr(seclabel, "model");

	for (const struct node *s = node_child(seclabel->parent, "seclabel");
	     model != NULL && s != NULL && s != seclabel;
	     s = node_next(s, "seclabel")) {
		if (node_attr_is(s, "model", model))
			return refuse(ctx, XVM_ERR_XML_DETAIL,
			    "seclabel for model %s is already provided", model);
	}
	if ((ctx->flags & DOMAIN_XML_PARSE_INACTIVE) != 0)
		node_set_attr(seclabel, "labelskip", NULL);
	if (node_attr_is(seclabel, "labelskip", "no"))
		node_set_attr(seclabel, "labelskip", NULL);
	if (node_attr_is(seclabel, "relabel", "no") &&
	    child_text(seclabel, "label") != NULL)
		return refuse_xml(ctx,
		    "Cannot specify a label if relabelling is turned off. "
		    "model=%s",
		    model == NULL ? "<null>" : model);
	if (node_attr_is(seclabel, "labelskip", "yes"))
		node_set_attr(seclabel, "relabel", NULL);
	else
		(void)node_default_attr(seclabel, "relabel", "yes");
	return 0;
}

int
seclabels_check(struct rule_ctx *ctx, const struct node *source)
{
	const struct node *domain = devices_of(ctx)->domain;

	for (const struct node *s = node_child(source, "seclabel"); s != NULL;
	     s = node_next(s, "seclabel")) {
		const char *model = node_attr(s, "model");

		for (const struct node *d = node_child(domain, "seclabel");
		     d != NULL; d = node_next(d, "seclabel")) {
			const char *m = node_attr(d, "model");

			if ((m == NULL) != (model == NULL) ||
			    (m != NULL && strcmp(m, model) != 0))
				continue;
			if (node_attr_is(d, "relabel", "no") ||
			    node_attr_is(d, "type", "none"))
				return refuse_config(ctx,
				    "label overrides require relabeling to be "
				    "enabled at the domain level");
		}
	}
	return 0;
}

/* <reconnect> */
static const struct rule_attr reconnect_attrs[] = {
    ATTR("enabled", VALUE_YES_NO, 0),
    ATTR("timeout", VALUE_UINT, VALUE_WRAP),
    ATTR_END,
};

static int
reconnect_before(struct rule_ctx *ctx, struct node *reconnect)
{
	if (node_attr_is(reconnect, "enabled", "yes")) {
		if (node_attr(reconnect, "timeout") == NULL)
			return refuse_missing(ctx, reconnect, "timeout");
	} else {
		node_set_attr(reconnect, "timeout", NULL);
	}
	if (node_attr(reconnect, "enabled") == NULL)
		node_unlink(reconnect);
	return 0;
}

const struct rule reconnect_rule = {
    .name = "reconnect",
    .attrs = reconnect_attrs,
    .before = reconnect_before,
};
