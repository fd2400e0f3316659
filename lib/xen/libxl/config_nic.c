/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* <interface>. */
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "config_parts.h"
#include "mac.h"
#include "number.h"

#define OPENVSWITCH "vif-openvswitch"
#define INTERVAL 50000u /* us: xl's own when none is said */

static int
read_mac(const struct conv *conv, const struct node *interface,
    libxl_device_nic *out)
{
	const char *text = node_attr(node_child(interface, "mac"), "address");

	if (text == NULL || mac_parse(text, out->mac) == 0)
		return 0;
	return conv_refuse(conv, interface, "unable to parse mac address '%s'",
	    text);
}

/* What libxl calls a bridge of Open vSwitch: NAME, NAME.TAG, NAME:TAG:TAG. */
static int
read_bridge(const struct conv *conv, const struct node *interface,
    libxl_device_nic *out)
{
	const struct node *source = node_child(interface, "source");
	const struct node *port = node_child(interface, "virtualport");
	const struct node *vlan = node_child(interface, "vlan");
	bool openvswitch = node_attr_is(port, "type", "openvswitch");
	bool trunk =
	    node_attr_is(vlan, "trunk", "yes") || node_count(vlan, "tag") > 1;
	struct buf name = BUF_INIT;

	if (port != NULL && !openvswitch)
		return conv_refuse(conv, port,
		    "unsupported virtualport type '%s'",
		    node_attr(port, "type"));
	if (vlan != NULL && !openvswitch)
		return conv_refuse(conv, vlan,
		    "VLAN tags need a virtualport of type openvswitch");
	buf_puts(&name, node_attr(source, "bridge"));
	for (const struct node *t = node_child(vlan, "tag"); t != NULL;
	     t = node_next(t, "tag"))
		buf_printf(
		    &name, "%c%s", trunk ? ':' : '.', node_attr(t, "id"));
	free(out->bridge);
	out->bridge = buf_detach(&name);
	if (out->bridge == NULL)
		return error_nomem(conv->err);
	return openvswitch ? conv_string(conv, &out->script, OPENVSWITCH) : 0;
}

static int
read_model(const struct conv *conv, const struct node *interface, bool attach,
    libxl_device_nic *out)
{
	const struct node *node = node_child(interface, "model");
	const char *model = node_attr(node, "type");
	bool hvm = conv->type == LIBXL_DOMAIN_TYPE_HVM;

	out->nictype = LIBXL_NIC_TYPE_VIF;
	if (model == NULL) {
		/* What is attached later is not emulated. */
		if (hvm && !attach)
			out->nictype = LIBXL_NIC_TYPE_VIF_IOEMU;
		return 0;
	}
	if (!hvm && strcmp(model, "netfront") != 0)
		return conv_refuse(conv, node,
		    "only model 'netfront' is supported for Xen PV(H) "
		    "domains");
	if (strcmp(model, "netfront") != 0)
		out->nictype = LIBXL_NIC_TYPE_VIF_IOEMU;
	return conv_string(conv, &out->model, model);
}

static int
read_addresses(const struct conv *conv, const struct node *interface,
    libxl_device_nic *out)
{
	struct buf list = BUF_INIT;

	for (const struct node *ip = node_child(interface, "ip"); ip != NULL;
	     ip = node_next(ip, "ip")) {
		if (node_attr(ip, "address") != NULL)
			buf_printf(&list, "%s%s", list.len > 0 ? " " : "",
			    node_attr(ip, "address"));
	}
	if (list.len == 0)
		return 0;
	free(out->ip);
	out->ip = buf_detach(&list);
	return out->ip == NULL ? error_nomem(conv->err) : 0;
}

/* KiB a second to bytes in each interval. Only what the guest sends is bound.
 */
static int
read_rate(const struct conv *conv, const struct node *interface,
    libxl_device_nic *out)
{
	const struct node *bandwidth = node_child(interface, "bandwidth");
	const struct node *sent = node_child(bandwidth, "outbound");
	uint64_t rate = conv_number(sent, "average", 0) * 1024;

	if (node_child(bandwidth, "inbound") != NULL)
		return conv_refuse(conv, node_child(bandwidth, "inbound"),
		    "inbound bandwidth cannot be limited");
	if (rate > UINT32_MAX)
		return conv_refuse(conv, sent,
		    "outbound bandwidth of %s KiB/s is too much",
		    node_attr(sent, "average"));
	if (rate == 0)
		return 0;
	out->rate_interval_usecs = INTERVAL;
	out->rate_bytes_per_interval = rate * INTERVAL / 1000000;
	return 0;
}

static int
read_source(const struct conv *conv, const struct node *interface,
    libxl_device_nic *out)
{
	const struct node *script = node_child(interface, "script");
	const struct node *source = node_child(interface, "source");
	const char *type = node_attr(interface, "type");
	bool bridge = type != NULL && strcmp(type, "bridge") == 0;
	bool ethernet = type != NULL && strcmp(type, "ethernet") == 0;
	bool network = type != NULL && strcmp(type, "network") == 0;

	if (script != NULL && !bridge && !ethernet)
		return conv_refuse(conv, script,
		    "specifying a script is only supported with interface "
		    "types bridge and ethernet");
	if (!bridge && !ethernet && !network)
		return conv_refuse(
		    conv, interface, "unsupported interface type %s", type);
	/* There is no network driver here that knows a network's bridge. */
	if (network && node_attr(source, "bridge") == NULL)
		return conv_refuse(conv, source == NULL ? interface : source,
		    "unsupported interface type network: name the bridge of "
		    "network '%s' with type='bridge'",
		    source == NULL ? "" : node_attr(source, "network"));
	if (!ethernet && read_bridge(conv, interface, out) != 0)
		return -1;
	return conv_string(conv, &out->script, node_attr(script, "path"));
}

static int
read_nic(const struct conv *conv, const struct node *interface, bool attach,
    libxl_device_nic *out)
{
	const struct node *filter = node_child(interface, "filterref");
	uint64_t mtu = conv_number(node_child(interface, "mtu"), "size", 0);

	if (filter != NULL)
		return conv_refuse(
		    conv, filter, "network filters are not supported by libxl");
	if (read_source(conv, interface, out) != 0 ||
	    read_mac(conv, interface, out) != 0 ||
	    read_model(conv, interface, attach, out) != 0 ||
	    read_addresses(conv, interface, out) != 0 ||
	    read_rate(conv, interface, out) != 0 ||
	    conv_string(conv, &out->ifname,
		node_attr(node_child(interface, "target"), "dev")) != 0 ||
	    conv_string(conv, &out->backend_domname,
		node_attr(node_child(interface, "backenddomain"), "name")) != 0)
		return -1;
	if (mtu > 0 && mtu <= INT32_MAX)
		out->mtu = (int)mtu;
	return 0;
}

int
config_nic(libxl_ctx *ctx, const struct node *domain,
    const struct node *interface, libxl_device_nic *out, struct error *err)
{
	struct conv conv = conv_of(ctx, domain, err);
	int rc;

	libxl_device_nic_init(out);
	rc = read_nic(&conv, interface, true, out);
	if (rc != 0)
		libxl_device_nic_dispose(out);
	return rc;
}

int
nics_from_xml(struct conv *conv, const struct node *devices)
{
	libxl_domain_config *c = conv->config;

	for (const struct node *i = node_child(devices, "interface"); i != NULL;
	     i = node_next(i, "interface")) {
		libxl_device_nic *nic;

		if (node_attr_is(i, "type", "hostdev"))
			continue;
		nic =
		    conv_array_add(conv, &c->nics, &c->num_nics, sizeof(*nic));
		if (nic == NULL)
			return -1;
		libxl_device_nic_init(nic);
		nic->devid = c->num_nics - 1;
		if (read_nic(conv, i, false, nic) != 0)
			return -1;
	}
	return 0;
}

/* NAME.TAG and NAME:TAG:TAG; a name alone may have a '.' before letters. */
static void
bridge_to_xml(const char *bridge, struct node *node)
{
	struct doc *doc = node->doc;
	const char *mark = strchr(bridge, ':');
	const char *dot = strrchr(bridge, '.');
	struct node *vlan = NULL, *source = node_add(node, "source");

	if (mark == NULL && dot != NULL && dot[1] != '\0' &&
	    dot[1 + strspn(dot + 1, "0123456789")] == '\0')
		mark = dot;
	node_set_attr(source, "bridge",
	    mark == NULL ? bridge
			 : doc_strndup(doc, bridge, (size_t)(mark - bridge)));
	if (mark == NULL)
		return;
	vlan = node_add(node, "vlan");
	if (*mark == ':')
		node_set_attr(vlan, "trunk", "yes");
	while (*mark != '\0') {
		size_t n = strcspn(mark + 1, ":.");

		node_set_attr(
		    node_add(vlan, "tag"), "id", doc_strndup(doc, mark + 1, n));
		mark += n + 1;
	}
	node_set_attr(node_add(node, "virtualport"), "type", "openvswitch");
}

static bool
names_script(const char *path, const char *name)
{
	const char *slash = path == NULL ? NULL : strrchr(path, '/');

	return path != NULL &&
	       strcmp(slash == NULL ? path : slash + 1, name) == 0;
}

static void
addresses_to_xml(const char *list, struct node *node)
{
	while (list != NULL && *(list += strspn(list, " ")) != '\0') {
		size_t n = strcspn(list, " ");
		const char *text = doc_strndup(node->doc, list, n);
		struct node *ip = node_add(node, "ip");

		node_set_attr(ip, "address", text);
		node_set_attr(ip, "family",
		    text != NULL && strchr(text, ':') != NULL ? "ipv6"
							      : "ipv4");
		list += n;
	}
}

static void
rate_to_xml(const libxl_device_nic *nic, struct node *node)
{
	uint64_t bytes, usecs = nic->rate_interval_usecs;
	struct node *outbound;

	if (nic->rate_bytes_per_interval == 0 || usecs == 0)
		return;
	/* What rounding down had lost comes back by rounding up. */
	bytes = (nic->rate_bytes_per_interval * 1000000 + usecs - 1) / usecs;
	outbound = node_add(node_add(node, "bandwidth"), "outbound");
	node_set_attr_fmt(outbound, "average", "%llu",
	    (unsigned long long)(bytes + 1023) / 1024);
}

void
nic_to_xml(
    const libxl_device_nic *nic, libxl_domain_type type, struct node *devices)
{
	struct node *node = node_add(devices, "interface");
	const uint8_t *m = nic->mac;
	bool bridge =
	    nic->bridge != NULL || names_script(nic->script, "vif-bridge");
	bool openvswitch = bridge && names_script(nic->script, OPENVSWITCH);
	const char *model = nic->model;
	char text[MAC_TEXT_SIZE];

	node_set_attr(node, "type", bridge ? "bridge" : "ethernet");
	if ((m[0] | m[1] | m[2] | m[3] | m[4] | m[5]) != 0)
		node_set_attr(node_add(node, "mac"), "address",
		    mac_format(m, text));
	if (nic->bridge != NULL)
		bridge_to_xml(nic->bridge, node);
	if (openvswitch)
		node_set_attr(
		    node_need(node, "virtualport"), "type", "openvswitch");
	if (nic->script != NULL && !openvswitch)
		node_set_attr(node_add(node, "script"), "path", nic->script);
	addresses_to_xml(nic->ip, node);
	rate_to_xml(nic, node);
	if (nic->ifname != NULL)
		node_set_attr(node_add(node, "target"), "dev", nic->ifname);
	if (nic->backend_domname != NULL)
		node_set_attr(node_add(node, "backenddomain"), "name",
		    nic->backend_domname);
	if (model == NULL && nic->nictype == LIBXL_NIC_TYPE_VIF &&
	    type == LIBXL_DOMAIN_TYPE_HVM)
		model = "netfront";
	if (model != NULL)
		node_set_attr(node_add(node, "model"), "type", model);
	if (nic->mtu > 0)
		node_set_attr_fmt(
		    node_add(node, "mtu"), "size", "%d", nic->mtu);
}
