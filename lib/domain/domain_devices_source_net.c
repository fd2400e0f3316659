/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A disk's <source> in the network: protocols, hosts, cookies. */
#include <string.h>

#include "domain_devices.h"
#include "../number.h"

const char *const storage_protocols[] = {"none", "nbd", "rbd", "sheepdog",
    "gluster", "iscsi", "http", "https", "ftp", "ftps", "tftp", "ssh", "vxhs",
    "nfs", NULL};
enum {
	NET_NBD = 1,
	NET_RBD,
	NET_GLUSTER = 4,
	NET_HTTP = 6,
	NET_HTTPS,
	NET_FTP,
	NET_FTPS,
	NET_NFS = 13,
};
/* The port of a host that has none, 0: none. */
static const unsigned short default_ports[] = {
    0, 10809, 0, 7000, 24007, 3260, 80, 443, 21, 990, 69, 22, 9999, 0};

/* <host> */
static const char *const transports[] = {"tcp", "unix", "rdma", NULL};
const struct rule_attr storage_host_attrs[] = {
    ATTR("name", VALUE_ANY, 0),
    ATTR("port", VALUE_UINT, VALUE_WRAP),
    ATTR_SAYS("transport", VALUE_ENUM, VALUE_DROP_ZERO, transports,
	XVM_ERR_CONFIG_UNSUPPORTED, "unknown protocol transport type '%s'"),
    ATTR("socket", VALUE_ANY, 0),
    ATTR_END,
};

int
storage_host_before(struct rule_ctx *ctx, struct node *host)
{
	const char *transport = node_attr(host, "transport");
	const char *socket = node_attr(host, "socket");
	const char *port = node_attr(host, "port");
	bool unix_socket = transport != NULL && strcmp(transport, "unix") == 0;
	uint32_t n;

	if (transport != NULL && enum_index(transports, transport) < 0)
		return refuse_config(
		    ctx, "unknown protocol transport type '%s'", transport);
	if (unix_socket && socket == NULL)
		return refuse_xml(ctx, "missing socket for unix transport");
	if (!unix_socket && socket != NULL)
		return refuse_xml(ctx,
		    "transport '%s' does not support socket attribute",
		    transport == NULL ? "(null)" : transport);
	if (unix_socket) {
		node_set_attr(host, "name", NULL);
		node_set_attr(host, "port", NULL);
		return 0;
	}
	if (node_attr(host, "name") == NULL)
		return refuse_xml(ctx, "missing name for host");
	if (port == NULL)
		return 0;
	if (number_u32(port, 10, &n) != 0)
		return refuse(ctx, XVM_ERR_INVALID_ARG,
		    "failed to parse port number '%s'", port);
	if (n > UINT16_MAX)
		return refuse(
		    ctx, XVM_ERR_INVALID_ARG, "port '%s' out of range", port);
	return 0;
}

static void
set_port(struct node *host, unsigned int port)
{
	if (attr_number(host, "port", 0) != 0)
		return;
	if (port != 0 && node_attr(host, "transport") == NULL)
		rule_set_attr_u64(host, storage_host_attrs, "port", port);
	else
		node_set_attr(host, "port", NULL);
}

/* <cookies> */
static int
cookie_before(struct rule_ctx *ctx, struct node *cookie)
{
	static const char bad[] =
	    "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10"
	    "\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f"
	    " \",;\\";
	const char *name = node_attr(cookie, "name");
	const char *value = node_text(cookie);
	size_t n = strlen(value);

	if (name == NULL || name[0] == '\0')
		return refuse_xml(ctx, "missing cookie name");
	if (n == 0)
		return refuse_xml(ctx, "missing value for cookie '%s'", name);
	if (strpbrk(name, bad) != NULL ||
	    strpbrk(name, "()<>@:/[]?={}") != NULL)
		return refuse_xml(
		    ctx, "cookie name '%s' contains invalid characters", name);
	if (value[0] == '"') {
		if (value[n - 1] != '"' || n == 1)
			return refuse_xml(ctx,
			    "value of cookie '%s' contains invalid characters",
			    name);
		value++;
		n -= 2;
	}
	if (strcspn(value, bad) < n)
		return refuse_xml(ctx,
		    "value of cookie '%s' contains invalid characters", name);
	if (node_is_repeated(cookie, "name"))
		return refuse_xml(ctx, "duplicate cookie '%s'", name);
	return 0;
}

static const struct rule_attr cookie_attrs[] = {
    ATTR("name", VALUE_ANY, 0),
    ATTR_END,
};
const struct rule cookies_children[] = {
    {
	.name = "cookie",
	.flags = RULE_MANY | RULE_TEXT,
	.attrs = cookie_attrs,
	.before = cookie_before,
    },
    RULE_END,
};

/* Children that only some protocols have (bits), the others know none. */
static const struct {
	const char *name;
	unsigned int protocols;
} network_children[] = {
    {"host", ~0u},
    {"identity", 1u << NET_NFS},
    {"snapshot", ~0u},
    {"config", ~0u},
    {"initiator", ~0u},
    {"ssl", 1u << NET_HTTPS | 1u << NET_FTPS},
    {"cookies", 1u << NET_HTTP | 1u << NET_HTTPS},
    {"readahead",
	1u << NET_HTTP | 1u << NET_HTTPS | 1u << NET_FTP | 1u << NET_FTPS},
    {"timeout",
	1u << NET_HTTP | 1u << NET_HTTPS | 1u << NET_FTP | 1u << NET_FTPS},
};

void
storage_network_drop(struct node *source, int protocol)
{
	unsigned int bit = protocol < 0 ? 0 : 1u << protocol;

	for (size_t i = 0;
	     i < sizeof(network_children) / sizeof(network_children[0]); i++) {
		if ((network_children[i].protocols & bit) == 0)
			drop_children(source, network_children[i].name);
	}
}

int
storage_network_before(
    struct rule_ctx *ctx, struct node *source, int *protocol_out)
{
	const char *name = node_attr(source, "name"), *slash;
	int protocol;

	if (attr_enum(ctx, source, "protocol", storage_protocols,
		VALUE_REQUIRED, &protocol) < 0)
		return -1;
	if (name == NULL && protocol != NET_NBD)
		return refuse_xml(ctx, "missing name for disk source");
	if (name != NULL && (protocol == NET_GLUSTER || protocol == NET_RBD)) {
		slash = strchr(name, '/');
		if (slash == NULL || slash == name)
			return refuse_xml(ctx,
			    "can't split path '%s' into pool name and image "
			    "name",
			    name);
	}
	if (protocol != NET_HTTP && protocol != NET_HTTPS)
		node_set_attr(source, "query", NULL);
	*protocol_out = protocol;
	return 0;
}

void
storage_network_ports(struct node *source, int protocol)
{
	for (struct node *h = node_child(source, "host"); h != NULL;
	     h = node_next(h, "host"))
		set_port(h, default_ports[protocol]);
}
