/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The host's end of a character device: <source>, <protocol>, <log>. */
#include <string.h>

#include "domain_devices.h"

const char *const char_types[] = {"null", "vc", "pty", "dev", "file", "pipe",
    "stdio", "udp", "tcp", "unix", "spicevmc", "spiceport", "nmdm",
    "qemu-vdagent", "dbus", NULL};
enum {
	CHAR_NULL,
	CHAR_VC,
	CHAR_PTY,
	CHAR_DEV,
	CHAR_FILE,
	CHAR_PIPE,
	CHAR_STDIO,
	CHAR_UDP,
	CHAR_TCP,
	CHAR_UNIX,
	CHAR_SPICEVMC,
	CHAR_SPICEPORT,
	CHAR_NMDM,
	CHAR_VDAGENT,
	CHAR_DBUS,
};

static const char *const modes[] = {"connect", "bind", NULL};
static const char *const mouse_modes[] = {"default", "server", "client", NULL};
static const char *const tcp_protocols[] = {
    "raw", "telnet", "telnets", "tls", NULL};

static const struct rule_attr no_attrs[] = {ATTR_END};
static const struct rule_attr path_attrs[] = {
    ATTR("path", VALUE_ANY, 0),
    ATTR_END,
};
static const struct rule_attr file_attrs[] = {
    ATTR("path", VALUE_ANY, 0),
    ATTR("append", VALUE_ON_OFF, 0),
    ATTR_END,
};
static const struct rule_attr unix_attrs[] = {
    ATTR_ENUM("mode", 0, modes),
    ATTR("path", VALUE_ANY, 0),
    ATTR_END,
};
static const struct rule_attr udp_attrs[] = {
    ATTR_ENUM("mode", 0, modes),
    ATTR("host", VALUE_ANY, 0),
    ATTR("service", VALUE_ANY, 0),
    ATTR_END,
};
static const struct rule_attr tcp_attrs[] = {
    ATTR_ENUM("mode", 0, modes),
    ATTR("host", VALUE_ANY, 0),
    ATTR("service", VALUE_ANY, 0),
    ATTR("tls", VALUE_YES_NO, 0),
    ATTR_END,
};
static const struct rule_attr spice_attrs[] = {
    ATTR("channel", VALUE_ANY, 0),
    ATTR_END,
};
static const struct rule_attr nmdm_attrs[] = {
    ATTR("master", VALUE_ANY, 0),
    ATTR("slave", VALUE_ANY, 0),
    ATTR_END,
};

/* By type. */
static const struct rule_attr *const source_attrs[] = {
    [CHAR_NULL] = no_attrs,
    [CHAR_VC] = no_attrs,
    [CHAR_PTY] = path_attrs,
    [CHAR_DEV] = path_attrs,
    [CHAR_FILE] = file_attrs,
    [CHAR_PIPE] = path_attrs,
    [CHAR_STDIO] = no_attrs,
    [CHAR_UDP] = udp_attrs,
    [CHAR_TCP] = tcp_attrs,
    [CHAR_UNIX] = unix_attrs,
    [CHAR_SPICEVMC] = no_attrs,
    [CHAR_SPICEPORT] = spice_attrs,
    [CHAR_NMDM] = nmdm_attrs,
    [CHAR_VDAGENT] = no_attrs,
    [CHAR_DBUS] = spice_attrs,
};
static const char *const source_names[] = {"path", "append", "mode", "host",
    "service", "tls", "channel", "master", "slave", NULL};

static const struct rule_attr copypaste_attrs[] = {
    ATTR("copypaste", VALUE_YES_NO, VALUE_REQUIRED),
    ATTR_END,
};
static const struct rule_attr mouse_attrs[] = {
    ATTR_ENUM("mode", VALUE_REQUIRED | VALUE_NONZERO, mouse_modes),
    ATTR_END,
};

static int
reconnect_before(struct rule_ctx *ctx, struct node *reconnect)
{
	return rule_apply(ctx, reconnect, &reconnect_rule);
}

static const struct rule source_children[] = {
    RULE_SECLABEL,
    {.name = "clipboard", .attrs = copypaste_attrs},
    {.name = "mouse", .attrs = mouse_attrs},
    {.name = "reconnect", .before = reconnect_before},
    RULE_END,
};

const struct rule_attr char_log_attrs[] = {
    ATTR("file", VALUE_ANY, 0),
    ATTR("append", VALUE_ON_OFF, 0),
    ATTR_END,
};
static const struct rule_attr protocol_attrs[] = {
    ATTR_SAYS("type", VALUE_ENUM, 0, tcp_protocols, XVM_ERR_CONFIG_UNSUPPORTED,
	"Unknown protocol '%s'"),
    ATTR_END,
};

int
char_protocol_before(struct rule_ctx *ctx, struct node *protocol)
{
	(void)node_default_attr(protocol, "type", "raw");
	return rule_apply_attrs(ctx, protocol, protocol_attrs);
}

/* Whether the device is one of <serial>, <parallel>, <console>, <channel>. */
static bool
has_seclabels(const struct node *device, int type)
{
	static const char *const names[] = {
	    "serial", "parallel", "console", "channel", NULL};

	return enum_index(names, device->name) >= 0 &&
	       ((type >= CHAR_PTY && type <= CHAR_PIPE) || type == CHAR_UNIX);
}

int
char_source_before(struct rule_ctx *ctx, struct node *source)
{
	int type = enum_index(char_types, node_attr(source->parent, "type"));
	const struct rule_attr *attrs = source_attrs[type];
	bool inactive = (ctx->flags & DOMAIN_XML_PARSE_INACTIVE) != 0;

	drop_attrs(source, attrs, source_names);
	if (attrs[0].values == modes)
		(void)node_default_attr(source, "mode", "connect");
	if (rule_apply_attrs(ctx, source, attrs) != 0)
		return -1;
	if (!has_seclabels(source->parent, type))
		drop_children(source, "seclabel");
	if (type != CHAR_VDAGENT) {
		drop_children(source, "clipboard");
		drop_children(source, "mouse");
	}
	if (type != CHAR_TCP && type != CHAR_UNIX)
		drop_children(source, "reconnect");
	if (rule_apply_children(ctx, source, source_children) != 0)
		return -1;
	/* A path that a start finds is not kept; the label goes with it. */
	if (type == CHAR_PTY && inactive) {
		node_set_attr(source, "path", NULL);
		drop_children(source, "seclabel");
	}
	if ((type == CHAR_UNIX && node_attr(source, "path") == NULL) ||
	    (type == CHAR_UDP && node_attr(source, "host") == NULL &&
		node_attr(source, "service") == NULL) ||
	    (source->attrs == NULL && source->first == NULL))
		node_unlink(source);
	return 0;
}

/* Two <source>: one that binds, then one that connects; else the first. */
static void
order_udp(struct node *device)
{
	struct node *first = node_child(device, "source");
	struct node *second = node_next(first, "source");

	if (second == NULL)
		return;
	if (node_attr_is(first, "mode", "bind") ==
	    node_attr_is(second, "mode", "bind")) {
		node_unlink(second);
	} else if (node_attr_is(second, "mode", "bind")) {
		node_unlink(second);
		node_insert_before(first, second);
	}
}

int
char_source(struct rule_ctx *ctx, struct node *node, const char *type)
{
	size_t sources = node_count(node, "source");

	if (sources > 1 && strcmp(type, "udp") != 0)
		return refuse_xml(ctx,
		    "only one source element is allowed for character device");
	if (sources > 2)
		return refuse_xml(ctx,
		    "only two source elements are allowed for character "
		    "device");
	if (node_count(node, "log") > 1)
		return refuse_xml(ctx,
		    "only one log element is allowed for character device");
	if (node_count(node, "protocol") > 1)
		return refuse_xml(ctx,
		    "only one protocol element is allowed for character "
		    "device");
	if (node_attr(node_child(node, "log"), "file") == NULL)
		drop_children(node, "log");
	if (strcmp(type, "tcp") == 0)
		(void)node_need(node, "protocol");
	else
		drop_children(node, "protocol");
	if (sources == 2)
		order_udp(node);
	return 0;
}

static int
check_channel(struct rule_ctx *ctx, const char *name)
{
	if (name == NULL)
		return refuse_config(
		    ctx, "Missing source channel attribute for char device");
	if (name[strspn(name,
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"0123456789_-.")] != '\0')
		return refuse(ctx, XVM_ERR_INVALID_ARG,
		    "Invalid character in source channel for char device");
	return 0;
}

static int
check_reconnect(struct rule_ctx *ctx, const struct node *source)
{
	if (node_attr_is(source, "mode", "bind") &&
	    node_child(source, "reconnect") != NULL)
		return refuse_internal(
		    ctx, "chardev reconnect is possible only for connect mode");
	return 0;
}

int
char_source_check(struct devices *devices, const struct node *node,
    const char *type, bool path_optional)
{
	static const char no_path[] =
	    "Missing source path attribute for char device";
	struct rule_ctx *ctx = &devices->ctx;
	const struct node *source = node_child(node, "source");
	int rc = 0;

	switch (enum_index(char_types, type)) {
	case CHAR_DEV:
	case CHAR_FILE:
	case CHAR_PIPE:
		if (node_attr(source, "path") == NULL)
			return refuse_internal(ctx, no_path);
		break;
	case CHAR_NMDM:
		if ((node_attr(source, "master") == NULL) !=
		    (node_attr(source, "slave") == NULL))
			return refuse_internal(ctx,
			    "Should define both master and slave path "
			    "attributes for nmdm device");
		break;
	case CHAR_TCP:
		if (node_attr(source, "host") == NULL)
			return refuse_internal(ctx,
			    "Missing source host attribute for char device");
		if (node_attr(source, "service") == NULL)
			return refuse_internal(ctx,
			    "Missing source service attribute for char "
			    "device");
		rc = check_reconnect(ctx, source);
		break;
	case CHAR_UDP:
		if (!node_attr_is(source, "mode", "connect"))
			source = node_next(source, "source");
		if (node_attr(source, "service") == NULL)
			return refuse_internal(ctx,
			    "Missing source service attribute for char "
			    "device");
		break;
	case CHAR_UNIX:
		if (node_attr(source, "path") == NULL && !path_optional)
			return refuse_internal(ctx, no_path);
		rc = check_reconnect(ctx, source);
		break;
	case CHAR_SPICEPORT:
	case CHAR_DBUS:
		rc = check_channel(ctx, node_attr(source, "channel"));
		break;
	default:
		break;
	}
	return rc != 0 ? -1 : seclabels_check(ctx, source);
}
