/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* <ip> and <route> of an interface or a host device. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "domain_devices.h"
#include "../number.h"

const struct rule_attr ip_attrs[] = {
    ATTR("address", VALUE_ANY, 0),
    ATTR("family", VALUE_ANY, 0),
    ATTR("prefix", VALUE_UINT, VALUE_DROP_ZERO),
    ATTR("peer", VALUE_ANY, 0),
    ATTR_END,
};
const struct rule_attr route_attrs[] = {
    ATTR("family", VALUE_ANY, 0),
    ATTR("address", VALUE_ANY, 0),
    ATTR("netmask", VALUE_ANY, 0),
    ATTR("prefix", VALUE_UINT, VALUE_WRAP),
    ATTR("gateway", VALUE_ANY, 0),
    ATTR("metric", VALUE_UINT, VALUE_NONZERO),
    ATTR_END,
};

/* Whether the text is a numeric address of the family (0: any). */
static bool
is_address(const char *text, int family)
{
	int f = numeric_family(text);

	return f >= 0 && (family == 0 || f == family);
}

int
ip_before(struct rule_ctx *ctx, struct node *ip)
{
	const char *address = node_attr(ip, "address");
	const char *prefix = node_attr(ip, "prefix");
	const char *peer = node_attr(ip, "peer");
	int family;
	uint32_t n;

	if (address == NULL)
		return refuse_xml(ctx, "Missing required address in <ip>");
	if (node_attr_is(ip, "family", "ipv4"))
		family = AF_INET;
	else if (node_attr_is(ip, "family", "ipv6"))
		family = AF_INET6;
	else
		family = numeric_family(address);
	if (family < 0 || !is_address(address, family))
		return refuse_xml(ctx, "Invalid address '%s' in <ip>", address);
	if (prefix != NULL && (number_u32(prefix, 10, &n) != 0 ||
				  n > (family == AF_INET6 ? 128 : 32)))
		return refuse_xml(
		    ctx, "Invalid prefix value '%s' in <ip>", prefix);
	if (peer != NULL && !is_address(peer, family))
		return refuse(ctx, XVM_ERR_INVALID_ARG,
		    "Invalid peer '%s' in <ip>", peer);
	if (canonical_ip(ctx, ip, "address", family) < 0 ||
	    (peer != NULL && canonical_ip(ctx, ip, "peer", family) < 0))
		return -1;
	node_set_attr(ip, "family", family == AF_INET6 ? "ipv6" : "ipv4");
	return 0;
}

/* Whether a has no bit set behind prefix, or that mask lacks. */
static bool
is_network(const char *address, const char *mask, unsigned int prefix)
{
	unsigned char a[16] = {0}, m[16] = {0};
	int family = numeric_family(address);

	if (inet_pton(family, address, a) != 1)
		return false;
	if (mask != NULL) {
		if (inet_pton(family, mask, m) != 1)
			return false;
	} else {
		for (unsigned int i = 0; i < prefix && i < 128; i++)
			m[i / 8] |= (unsigned char)(0x80 >> i % 8);
	}
	for (size_t i = 0; i < (family == AF_INET ? 4 : 16); i++) {
		if ((a[i] & ~m[i]) != 0)
			return false;
	}
	return true;
}

static int
check_ipv4_route(struct rule_ctx *ctx, const struct node *route,
    const char *where, const char *family, uint32_t prefix)
{
	const char *address = node_attr(route, "address");
	const char *netmask = node_attr(route, "netmask");

	if (!is_address(address, AF_INET))
		return refuse_xml(ctx,
		    family == NULL ? "%s: No family specified for non-IPv4 "
				     "address '%s' in route definition"
				   : "%s: IPv4 family specified for non-IPv4 "
				     "address '%s' in route definition",
		    where, address);
	if (!is_address(node_attr(route, "gateway"), AF_INET))
		return refuse_xml(ctx,
		    family == NULL ? "%s: No family specified for non-IPv4 "
				     "gateway '%s' in route definition"
				   : "%s: IPv4 family specified for non-IPv4 "
				     "gateway '%s' in route definition",
		    where, address);
	if (netmask != NULL) {
		if (numeric_family(netmask) < 0)
			return refuse_xml(ctx,
			    "%s: Bad netmask address '%s' in route definition",
			    where, netmask);
		if (!is_address(netmask, AF_INET))
			return refuse_xml(ctx,
			    "%s: Invalid netmask '%s' for address '%s' (both "
			    "must be IPv4)",
			    where, netmask, address);
		if (node_attr(route, "prefix") != NULL)
			return refuse_xml(ctx,
			    "%s: Route definition cannot have both a prefix "
			    "and a netmask",
			    where);
	}
	if (prefix > 32)
		return refuse_xml(ctx,
		    "%s: Invalid prefix %u specified in route definition, "
		    "must be 0 - 32",
		    where, prefix);
	return 0;
}

static int
check_ipv6_route(struct rule_ctx *ctx, const struct node *route,
    const char *where, uint32_t prefix)
{
	const char *address = node_attr(route, "address");
	const char *gateway = node_attr(route, "gateway");

	if (!is_address(address, AF_INET6))
		return refuse_xml(ctx,
		    "%s: ipv6 family specified for non-IPv6 address '%s' in "
		    "route definition",
		    where, address);
	if (node_attr(route, "netmask") != NULL)
		return refuse_xml(ctx,
		    "%s: Specifying netmask invalid for IPv6 address '%s' in "
		    "route definition",
		    where, address);
	if (!is_address(gateway, AF_INET6))
		return refuse_xml(ctx,
		    "%s: ipv6 specified for non-IPv6 gateway address '%s' in "
		    "route definition",
		    where, gateway);
	if (prefix > 128)
		return refuse_xml(ctx,
		    "%s: Invalid prefix %u specified in route definition, "
		    "must be 0 - 128",
		    where, prefix);
	return 0;
}

int
route_before(struct rule_ctx *ctx, struct node *route)
{
	const char *where = "guest interface";
	const char *family = node_attr(route, "family");
	const char *address = node_attr(route, "address");
	const char *gateway = node_attr(route, "gateway");
	const char *netmask = node_attr(route, "netmask");
	uint32_t prefix = 0, metric;
	int rc;

	if (node_is(route->parent, "source"))
		where = "interface host IP";
	else if (node_is(route->parent, "hostdev"))
		where = "Domain hostdev device";
	if (attr_u32(ctx, route, "prefix", VALUE_WRAP, &prefix) < 0 ||
	    attr_u32(ctx, route, "metric", VALUE_NONZERO, &metric) < 0)
		return -1;
	if (address == NULL)
		return refuse_xml(ctx,
		    "%s: Missing required address attribute in route "
		    "definition",
		    where);
	if (gateway == NULL)
		return refuse_xml(ctx,
		    "%s: Missing required gateway attribute in route "
		    "definition",
		    where);
	if (numeric_family(address) < 0)
		return refuse_xml(ctx,
		    "%s: Bad network address '%s' in route definition", where,
		    address);
	if (numeric_family(gateway) < 0)
		return refuse_xml(ctx,
		    "%s: Bad gateway address '%s' in route definition", where,
		    gateway);
	if (family == NULL || strcmp(family, "ipv4") == 0)
		rc = check_ipv4_route(ctx, route, where, family, prefix);
	else if (strcmp(family, "ipv6") == 0)
		rc = check_ipv6_route(ctx, route, where, prefix);
	else
		rc = refuse_xml(ctx,
		    "%s: Unrecognized family '%s' in route definition", where,
		    family);
	if (rc != 0)
		return -1;
	if (!is_network(address, netmask, prefix))
		return refuse_xml(ctx,
		    "%s: Address '%s' in route definition is not a network "
		    "address",
		    where, address);
	if (canonical_ip(ctx, route, "address", 0) < 0 ||
	    canonical_ip(ctx, route, "gateway", 0) < 0 ||
	    (netmask != NULL && canonical_ip(ctx, route, "netmask", 0) < 0))
		return -1;
	return 0;
}
