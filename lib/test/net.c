/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Interfaces of test domains: addresses, bandwidth, made-up counters. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../mac.h"
#include "../number.h"
#include "../domain/domain_devices.h"
#include "edit.h"
#include "runtime.h"

#define N_BANDWIDTH 7

/* The parameters in the order in which a query tells them, and their place. */
static const struct {
	const char *name, *element, *attr;
} bandwidth[N_BANDWIDTH] = {
	{ XVM_DOMAIN_BANDWIDTH_IN_AVERAGE, "inbound", "average" },
	{ XVM_DOMAIN_BANDWIDTH_IN_PEAK, "inbound", "peak" },
	{ XVM_DOMAIN_BANDWIDTH_IN_BURST, "inbound", "burst" },
	{ XVM_DOMAIN_BANDWIDTH_IN_FLOOR, "inbound", "floor" },
	{ XVM_DOMAIN_BANDWIDTH_OUT_AVERAGE, "outbound", "average" },
	{ XVM_DOMAIN_BANDWIDTH_OUT_PEAK, "outbound", "peak" },
	{ XVM_DOMAIN_BANDWIDTH_OUT_BURST, "outbound", "burst" },
};

static const struct param_rule bandwidth_rules[] = {
	{ XVM_DOMAIN_BANDWIDTH_IN_AVERAGE, XVM_TYPED_UINT, false },
	{ XVM_DOMAIN_BANDWIDTH_IN_PEAK, XVM_TYPED_UINT, false },
	{ XVM_DOMAIN_BANDWIDTH_IN_BURST, XVM_TYPED_UINT, false },
	{ XVM_DOMAIN_BANDWIDTH_IN_FLOOR, XVM_TYPED_UINT, false },
	{ XVM_DOMAIN_BANDWIDTH_OUT_AVERAGE, XVM_TYPED_UINT, false },
	{ XVM_DOMAIN_BANDWIDTH_OUT_PEAK, XVM_TYPED_UINT, false },
	{ XVM_DOMAIN_BANDWIDTH_OUT_BURST, XVM_TYPED_UINT, false },
	{ NULL, 0, false },
};

/* An interface by its target's name or its address. */
static struct node *
find_interface(const struct node *root, const char *device, struct error *err)
{
	struct node *net = node_child(node_child(root, "devices"),
	    "interface");
	unsigned char wanted[MAC_SIZE], mac[MAC_SIZE];
	bool by_mac = mac_parse(device, wanted) == 0;

	for (; net != NULL; net = node_next(net, "interface")) {
		const char *text = by_mac ?
		    node_attr(node_child(net, "mac"), "address") :
		    node_attr(node_child(net, "target"), "dev");

		if (text == NULL)
			continue;
		if (by_mac ? mac_parse(text, mac) == 0 &&
		    memcmp(mac, wanted, sizeof(mac)) == 0 :
		    strcmp(text, device) == 0)
			return net;
	}
	error_set(err, XVM_FROM_DOMAIN, XVM_ERR_INVALID_ARG,
	    "'%s' is not a known interface", device);
	return NULL;
}

int
test_domain_interface_stats(void *state, struct call *call)
{
	const struct xvm_domain_interface_stats_args *args = call->args;
	struct xvm_domain_interface_stats_ret *ret = call->ret;
	struct test_domain *dom;
	struct doc *doc;
	int64_t base;

	dom = test_domain_get_active(state, &args->dom, &call->err);
	if (dom == NULL ||
	    (doc = test_domain_config(dom, &call->err)) == NULL ||
	    find_interface(doc->root, args->device, &call->err) == NULL)
		return -1;
	base = (int64_t)test_statbase();
	ret->rx_bytes = base / 10;
	ret->rx_packets = base / 100;
	ret->rx_errs = base / 1000000;
	ret->rx_drop = base / 2000000;
	ret->tx_bytes = base / 20;
	ret->tx_packets = base / 110;
	ret->tx_errs = base / 3000000;
	ret->tx_drop = base / 4000000;
	return 0;
}

int
test_domain_get_interface_parameters(void *state, struct call *call)
{
	const struct xvm_domain_get_interface_parameters_args *args =
	    call->args;
	struct xvm_domain_get_interface_parameters_ret *ret = call->ret;
	struct params params = PARAMS_INIT;
	const struct node *root, *net;

	if (test_check_flags(args->flags, TEST_AFFECT_QUERY,
	    "testDomainGetInterfaceParameters", &call->err) != 0)
		return -1;
	if (args->nparams == 0) {
		ret->nparams = N_BANDWIDTH;
		return 0;
	}
	root = edit_query(state, &args->dom, args->flags, &call->err);
	if (root == NULL || (net = find_interface(root, args->device,
	    &call->err)) == NULL)
		return -1;
	for (size_t i = 0; i < N_BANDWIDTH; i++)
		params_add_uint(&params, bandwidth[i].name, (unsigned int)
		    edit_attr_u64(node_child(node_child(net, "bandwidth"),
		    bandwidth[i].element), bandwidth[i].attr));
	return edit_give_params(&params, args->nparams,
	    &ret->params.params_len, &ret->params.params_val, &ret->nparams,
	    &call->err);
}

/*
 * One direction: the rates given replace all of it when there is an average
 * (or a floor); an average of 0 given removes it; other rates alone do nothing.
 */
static void
set_direction(struct node *parent, const char *element,
    const struct xvm_typed_param *v, unsigned int n)
{
	struct node *node = node_child(parent, element);
	struct error err = ERROR_INIT;
	bool named = false, wanted = false;
	unsigned int value;

	for (size_t i = 0; i < N_BANDWIDTH; i++) {
		if (strcmp(bandwidth[i].element, element) != 0 ||
		    (strcmp(bandwidth[i].attr, "average") != 0 &&
		    strcmp(bandwidth[i].attr, "floor") != 0))
			continue;
		if (params_get_uint(v, n, bandwidth[i].name, &value,
		    &err) == 1) {
			named = true;
			wanted |= value != 0;
		}
	}
	if (!named)
		return;
	if (node != NULL)
		node_unlink(node);
	if (!wanted)
		return;
	node = rule_need(parent, bandwidth_children, element);
	for (size_t i = 0; i < N_BANDWIDTH; i++) {
		if (strcmp(bandwidth[i].element, element) == 0 &&
		    params_get_uint(v, n, bandwidth[i].name, &value,
		    &err) == 1 && value != 0)
			rule_set_attr_u64(node, bandwidth_rate_attrs, bandwidth[i].attr,
			    value);
	}
}

int
test_domain_set_interface_parameters(void *state, struct call *call)
{
	const struct xvm_domain_set_interface_parameters_args *args =
	    call->args;
	const struct xvm_typed_param *v = args->params.params_val;
	unsigned int n = args->params.params_len;
	struct node *root, *net, *node;
	struct test_domain *dom;

	if (test_check_flags(args->flags, TEST_AFFECT,
	    "testDomainSetInterfaceParameters", &call->err) != 0 ||
	    params_validate(v, n, bandwidth_rules, &call->err) != 0 ||
	    (dom = edit_enter(state, &args->dom, args->flags, &root, NULL,
	    &call->err)) == NULL || (net = find_interface(root, args->device,
	    &call->err)) == NULL)
		return -1;
	/* It stays, with its end tag, even when nothing is left in it. */
	node = rule_need(net, interface_children, "bandwidth");
	if (node != NULL && node->first != NULL &&
	    node->first->kind == NODE_TEXT)
		node_unlink(node->first);
	set_direction(node, "inbound", v, n);
	set_direction(node, "outbound", v, n);
	node_keep_open(node);
	return edit_end(((struct test_conn *)state)->host, dom, &call->err);
}

/* --- addresses ------------------------------------------------------------ */

/* A network's first <ip>: an address for the offset-th one in it. */
static int
address_from(const struct node *ip, unsigned int offset,
    struct xvm_domain_ip_addr *out, struct error *err)
{
	const char *start = node_attr(node_find(ip, "dhcp/range"), "start");
	const char *netmask = node_attr(ip, "netmask");
	char text[INET6_ADDRSTRLEN];
	struct in6_addr six;
	struct in_addr four, mask;

	if (start == NULL)
		start = node_attr(ip, "address");
	out->prefix = (unsigned int)edit_attr_u64(ip, "prefix");
	if (node_attr_is(ip, "family", "ipv6")) {
		if (start == NULL || inet_pton(AF_INET6, start, &six) != 1)
			goto none;
		if (node_attr(ip, "prefix") == NULL)
			out->prefix = 64;
		six.s6_addr[15] = (uint8_t)(six.s6_addr[15] + offset);
		out->type = XVM_IP_ADDR_TYPE_IPV6;
		(void)inet_ntop(AF_INET6, &six, text, sizeof(text));
	} else {
		if (start == NULL || inet_pton(AF_INET, start, &four) != 1)
			goto none;
		if (netmask != NULL && inet_pton(AF_INET, netmask, &mask) == 1)
			out->prefix = (unsigned int)
			    __builtin_popcount(mask.s_addr);
		four.s_addr = htonl(ntohl(four.s_addr) + offset);
		out->type = XVM_IP_ADDR_TYPE_IPV4;
		(void)inet_ntop(AF_INET, &four, text, sizeof(text));
	}
	return test_text(text, &out->addr, err);
none:
	return error_set(err, XVM_FROM_TEST, XVM_ERR_INTERNAL_ERROR,
	    "network has no address");
}

/* The built-in host has this one network. */
#define DEFAULT_NETWORK "default"
#define DEFAULT_START "192.168.122.2"
#define DEFAULT_PREFIX 24

static int
address_in_network(const struct test_host *host, const char *name,
    unsigned int offset, struct xvm_domain_ip_addr *out, struct error *err)
{
	const struct node *net = NULL;
	struct in_addr four;
	char text[INET_ADDRSTRLEN];

	if (host->is_default && strcmp(name, DEFAULT_NETWORK) == 0) {
		(void)inet_pton(AF_INET, DEFAULT_START, &four);
		four.s_addr = htonl(ntohl(four.s_addr) + offset);
		out->type = XVM_IP_ADDR_TYPE_IPV4;
		out->prefix = DEFAULT_PREFIX;
		(void)inet_ntop(AF_INET, &four, text, sizeof(text));
		return test_text(text, &out->addr, err);
	}
	if (host->file != NULL)
		net = node_child(host->file->root, "network");
	while (net != NULL && (node_find_text(net, "name") == NULL ||
	    strcmp(node_find_text(net, "name"), name) != 0))
		net = node_next(net, "network");
	if (net == NULL)
		return error_set(err, XVM_FROM_TEST, XVM_ERR_NO_NETWORK,
		    "no network with matching name '%s'", name);
	return address_from(node_child(net, "ip"), offset, out, err);
}

static int
fill_interface(const struct test_host *host, const struct test_domain *dom,
    const struct node *net, unsigned int i, struct xvm_domain_interface *out,
    struct error *err)
{
	const char *target = node_attr(node_child(net, "target"), "dev");
	const char *mac = node_attr(node_child(net, "mac"), "address");
	const char *network = node_attr(node_child(net, "source"), "network");
	struct xvm_domain_ip_addr *addr;
	char text[INET_ADDRSTRLEN];

	if (test_text(target != NULL ? target : "", &out->name, err) != 0)
		return -1;
	out->hwaddr = calloc(1, sizeof(*out->hwaddr));
	if (out->hwaddr == NULL)
		return error_nomem(err);
	if (test_text(mac != NULL ? mac : "", out->hwaddr, err) != 0)
		return -1;
	addr = out->addrs.addrs_val = calloc(1, sizeof(*addr));
	if (addr == NULL)
		return error_nomem(err);
	out->addrs.addrs_len = 1;
	/* Not the same for two interfaces of two domains. */
	if (node_attr_is(net, "type", "network"))
		return address_in_network(host, network != NULL ? network : "",
		    20 * ((unsigned int)dom->id - 1) + i + 1, addr, err);
	addr->type = XVM_IP_ADDR_TYPE_IPV4;
	addr->prefix = 24;
	(void)snprintf(text, sizeof(text), "192.168.0.%u", (i + 1) % 1000);
	return test_text(text, &addr->addr, err);
}

int
test_domain_interface_addresses(void *state, struct call *call)
{
	const struct xvm_domain_interface_addresses_args *args = call->args;
	struct xvm_domain_interface_addresses_ret *ret = call->ret;
	const struct test_host *host = ((struct test_conn *)state)->host;
	const struct node *devices, *net;
	struct test_domain *dom;
	struct doc *doc;
	unsigned int i = 0;

	if (test_check_flags(args->flags, 0, "testDomainInterfaceAddresses",
	    &call->err) != 0)
		return -1;
	if (args->source > XVM_DOMAIN_INTERFACE_ADDRESSES_SRC_ARP)
		return error_set(&call->err, XVM_FROM_TEST,
		    XVM_ERR_ARGUMENT_UNSUPPORTED,
		    "Unknown IP address data source %d", (int)args->source);
	dom = test_domain_get_active(state, &args->dom, &call->err);
	if (dom == NULL || (doc = test_domain_config(dom, &call->err)) == NULL)
		return -1;
	devices = node_child(doc->root, "devices");
	ret->ifaces.ifaces_val = calloc(node_count(devices, "interface") + 1,
	    sizeof(*ret->ifaces.ifaces_val));
	if (ret->ifaces.ifaces_val == NULL)
		return error_nomem(&call->err);
	for (net = node_child(devices, "interface"); net != NULL;
	    net = node_next(net, "interface"), i++) {
		ret->ifaces.ifaces_len++;
		if (fill_interface(host, dom, net, i,
		    &ret->ifaces.ifaces_val[i], &call->err) != 0)
			return -1;
	}
	return 0;
}
