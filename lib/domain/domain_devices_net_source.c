/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an <interface> is connected to: its type, and the <source> of each. */
#include <string.h>

#include "domain_devices.h"

const char *const interface_types[] = {"user", "ethernet", "vhostuser",
    "server", "client", "mcast", "network", "bridge", "internal", "direct",
    "hostdev", "udp", "vdpa", "null", "vds", NULL};
static const char *const direct_modes[] = {
    "vepa", "private", "bridge", "passthrough", NULL};
static const char *const vhostuser_modes[] = {"", "client", "server", NULL};

/* <source> by type. */
static const struct rule_attr no_attrs[] = {ATTR_END};
static const struct rule_attr network_attrs[] = {
    ATTR("network", VALUE_ANY, VALUE_REQUIRED),
    ATTR("portgroup", VALUE_ANY, 0),
    ATTR("portid", VALUE_UUID, 0),
    ATTR_END,
};
static const struct rule_attr bridge_attrs[] = {
    ATTR("bridge", VALUE_ANY, VALUE_REQUIRED),
    ATTR_END,
};
static const struct rule_attr direct_attrs[] = {
    ATTR("dev", VALUE_ANY, VALUE_REQUIRED),
    ATTR_ENUM("mode", 0, direct_modes),
    ATTR_END,
};
static const struct rule_attr vhostuser_attrs[] = {
    ATTR("type", VALUE_ANY, VALUE_REQUIRED),
    ATTR("path", VALUE_ANY, VALUE_REQUIRED),
    ATTR_ENUM("mode", VALUE_REQUIRED | VALUE_NONZERO, vhostuser_modes),
    ATTR_END,
};
static const struct rule_attr socket_attrs[] = {
    ATTR("address", VALUE_ANY, VALUE_REQUIRED),
    ATTR("port", VALUE_INT, VALUE_REQUIRED),
    ATTR_END,
};
static const struct rule_attr server_attrs[] = {
    ATTR("address", VALUE_ANY, 0),
    ATTR("port", VALUE_INT, VALUE_REQUIRED),
    ATTR_END,
};
static const struct rule_attr internal_attrs[] = {
    ATTR("name", VALUE_ANY, VALUE_REQUIRED),
    ATTR_END,
};
static const struct rule_attr vdpa_attrs[] = {
    ATTR("dev", VALUE_ANY, VALUE_REQUIRED),
    ATTR_END,
};
static const struct rule_attr vds_attrs[] = {
    ATTR("switchid", VALUE_UUID, VALUE_REQUIRED),
    ATTR("portid", VALUE_LL, VALUE_REQUIRED | VALUE_BASE0),
    ATTR("portgroupid", VALUE_ANY, VALUE_REQUIRED),
    ATTR("connectionid", VALUE_LL, VALUE_REQUIRED | VALUE_BASE0),
    ATTR_END,
};

static const char *const source_names[] = {"network", "portgroup", "portid",
    "bridge", "macTableManager", "dev", "mode", "type", "path", "address",
    "port", "name", "switchid", "portgroupid", "connectionid", NULL};

/* In the order of the types. */
static const struct interface_type meanings[] = {
    /* user */ {no_attrs, false, false},
    /* ethernet */ {no_attrs, false, true},
    /* vhostuser */ {vhostuser_attrs, true, false},
    /* server */ {server_attrs, true, false},
    /* client */ {socket_attrs, true, false},
    /* mcast */ {socket_attrs, true, false},
    /* network */ {network_attrs, true, true},
    /* bridge */ {bridge_attrs, true, true},
    /* internal */ {internal_attrs, true, false},
    /* direct */ {direct_attrs, true, false},
    /* hostdev */ {NULL, false, false},
    /* udp */ {socket_attrs, true, false},
    /* vdpa */ {vdpa_attrs, true, false},
    /* null */ {no_attrs, false, false},
    /* vds */ {vds_attrs, true, false},
};

const struct interface_type *
interface_type(const struct node *interface)
{
	return &meanings[enum_index(
	    interface_types, node_attr(interface, "type"))];
}

static const struct rule source_children[] = {
    {.name = "local", .attrs = socket_attrs},
    {.name = "reconnect", .flags = RULE_OPAQUE},
    RULES_IP,
    RULE_END,
};

int
interface_source_before(struct rule_ctx *ctx, struct node *source)
{
	const char *type = node_attr(source->parent, "type");
	const struct rule_attr *attrs = interface_type(source->parent)->source;
	bool vhostuser = strcmp(type, "vhostuser") == 0;
	bool udp = strcmp(type, "udp") == 0;
	const char *kind = node_attr(source, "type");
	struct node *reconnect;

	if (attrs == network_attrs &&
	    (ctx->flags & DOMAIN_XML_PARSE_INACTIVE) != 0)
		node_set_attr(source, "portid", NULL);
	if (vhostuser && kind != NULL && strcmp(kind, "unix") != 0)
		return refuse_config(ctx,
		    "Type='%s' unsupported for <interface type='vhostuser'>",
		    kind);
	drop_attrs(source, attrs, source_names);
	if (attrs == direct_attrs)
		(void)node_default_attr(source, "mode", "vepa");
	if (rule_apply_attrs(ctx, source, attrs) != 0)
		return -1;
	if (udp && node_child(source, "local") == NULL)
		return refuse_xml(ctx,
		    "'<local>' element missing for 'udp' socket interface");
	if (!udp)
		drop_children(source, "local");
	if (!vhostuser)
		drop_children(source, "reconnect");
	reconnect = node_child(source, "reconnect");
	if (reconnect != NULL &&
	    rule_apply(ctx, reconnect, &reconnect_rule) != 0)
		return -1;
	return rule_apply_children(ctx, source, source_children);
}
