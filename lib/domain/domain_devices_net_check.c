/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is wrong with an <interface> in the domain that it is in. */
#include <string.h>

#include "domain_devices.h"

static int
check_teaming(struct rule_ctx *ctx, const struct node *teaming)
{
	const char *persistent = node_attr(teaming, "persistent");

	if (teaming == NULL)
		return 0;
	if (node_attr_is(teaming, "type", "transient")) {
		if (persistent == NULL)
			return refuse_config(ctx,
			    "teaming persistent attribute must be set if "
			    "teaming type is 'transient'");
	} else if (persistent != NULL) {
		return refuse_config(ctx,
		    "teaming persistent attribute not allowed if teaming type "
		    "is '%s'",
		    node_attr(teaming, "type"));
	}
	return 0;
}

static int
check_port(struct rule_ctx *ctx, const struct node *interface, const char *type)
{
	const char *mac = node_attr(node_child(interface, "mac"), "address");
	const char *vport =
	    node_attr(node_child(interface, "virtualport"), "type");

	if (!node_attr_is(node_child(interface, "port"), "isolated", "yes"))
		return 0;
	if (strcmp(type, "network") != 0 && strcmp(type, "bridge") != 0)
		return refuse_config(ctx,
		    "interface %s - <port isolated='yes'/> is not supported "
		    "for network interfaces with type='%s'",
		    mac, type);
	if (vport != NULL)
		return refuse_config(ctx,
		    "interface %s - <port isolated='yes'/> is not supported "
		    "for network interfaces with virtualport type='%s'",
		    mac, vport);
	return 0;
}

static int
check_vhostuser(struct rule_ctx *ctx, const struct node *interface)
{
	const struct node *source = node_child(interface, "source");

	if (!is_virtio_model(node_attr(node_child(interface, "model"), "type")))
		return refuse_internal(ctx,
		    "Wrong or no <model> 'type' attribute specified with "
		    "<interface type='vhostuser'/>. vhostuser requires the "
		    "virtio-net* frontend");
	if (node_attr_is(source, "mode", "server") &&
	    node_attr_is(node_child(source, "reconnect"), "enabled", "yes"))
		return refuse_config(ctx,
		    "'reconnect' attribute unsupported 'server' mode for "
		    "<interface type='vhostuser'>");
	return 0;
}

int
interface_check(struct devices *devices, struct node *interface)
{
	struct rule_ctx *ctx = &devices->ctx;
	const struct node *source = node_child(interface, "source");
	const char *type = node_attr(interface, "type");

	if ((node_child(source, "ip") != NULL ||
		node_child(source, "route") != NULL) &&
	    strcmp(type, "ethernet") != 0)
		return refuse_config(ctx,
		    "Invalid attempt to set network interface host-side IP "
		    "route and/or address info on interface of type '%s'. This "
		    "is only supported on interfaces of type 'ethernet'",
		    type);
	if (node_attr_is(node_child(interface, "target"), "managed", "no") &&
	    strcmp(type, "ethernet") != 0)
		return refuse_config(ctx,
		    "unmanaged target dev is not supported on interfaces of "
		    "type '%s'",
		    type);
	if (check_teaming(ctx, node_child(interface, "teaming")) != 0 ||
	    check_port(ctx, interface, type) != 0)
		return -1;
	return strcmp(type, "vhostuser") == 0 ? check_vhostuser(ctx, interface)
					      : 0;
}
