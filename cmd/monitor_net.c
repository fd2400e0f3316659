/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* domiflist, domif-getlink, domifstat, domifaddr: interfaces of a domain. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "domain_doc.h"
#include "domain_options.h"
#include "mac.h"


static const struct node *
first_interface(const struct node *root)
{
	return node_child(node_child(root, "devices"), "interface");
}

static int
domiflist_run(struct cmd *cmd)
{
	static const struct column columns[] = {
		{ "Interface", "interface" }, { "Type", "type" },
		{ "Source", "source" }, { "Model", "model" },
		{ "MAC", "mac" },
	};
	static const char *const sources[] = {
		"bridge", "dev", "network", "name", "path", NULL,
	};
	const struct xvm_domain *dom = cmd_domain(cmd);
	const struct node *root, *n;
	struct table *table;

	if (dom == NULL)
		return -1;
	root = cmd_domain_doc(cmd, dom, cmd_has(cmd, "inactive") ?
	    XVM_DOMAIN_XML_INACTIVE : 0);
	if (root == NULL)
		return -1;
	table = table_new(cmd, columns, sizeof(columns) / sizeof(columns[0]));
	for (n = first_interface(root); n != NULL;
	    n = node_next(n, "interface")) {
		table_cell(table, value_string(child_attr(n, "target",
		    "dev")), NULL);
		table_cell(table, value_string(text_or_null(node_attr(n,
		    "type"))), NULL);
		table_cell(table, value_string(child_attr_of(n, "source",
		    sources)), NULL);
		table_cell(table, value_string(child_attr(n, "model",
		    "type")), NULL);
		table_cell(table, value_string(child_attr(n, "mac",
		    "address")), NULL);
	}
	table_print(table, NULL);
	return 0;
}

static const struct option domiflist_options[] = {
	OPTION_DOMAIN(0),
	OPTION_SWITCH("inactive", "of its definition, not as it runs"),
	{ 0 },
};

const struct command command_domiflist = {
	.name = "domiflist",
	.summary = "list the network interfaces of a domain",
	.description = "Lists the virtual network interfaces of a domain.",
	.options = domiflist_options,
	.run = domiflist_run,
};

/* "52:54:0:1:2:3" as "52:54:00:01:02:03"; "" when it is no such address. */
static void
normal_mac(const char *text, char out[MAC_TEXT_SIZE])
{
	unsigned char mac[MAC_SIZE];

	out[0] = '\0';
	if (mac_parse(text, mac) == 0)
		(void)mac_format(mac, out);
}

/* Has one of the children with the name an attribute of that value? */
static bool
any_child_is(const struct node *node, const char *child, const char *name,
    const char *value)
{
	for (node = node_child(node, child); node != NULL;
	    node = node_next(node, child)) {
		if (node_attr_is(node, name, value))
			return true;
	}
	return false;
}

static int
getlink_run(struct cmd *cmd)
{
	const struct node *found = NULL, *n;
	const struct xvm_domain *dom;
	const char *wanted, *state;
	char mac[MAC_TEXT_SIZE];
	size_t count = 0;

	if (cmd_string(cmd, "interface", &wanted) != 0)
		return -1;
	dom = cmd_domain(cmd);
	if (dom == NULL)
		return -1;
	n = cmd_domain_doc(cmd, dom, cmd_has(cmd, "config") ?
	    XVM_DOMAIN_XML_INACTIVE : 0);
	if (n == NULL)
		return -1;
	normal_mac(wanted, mac);
	for (n = first_interface(n); n != NULL;
	    n = node_next(n, "interface")) {
		if (any_child_is(n, "mac", "address", mac) ||
		    any_child_is(n, "target", "dev", wanted)) {
			found = n;
			count++;
		}
	}
	if (count > 1)
		return cmd_error(cmd, "multiple matching interfaces found");
	if (count == 0 && mac[0] != '\0')
		return cmd_error(cmd, "Interface (mac: %s) not found.", mac);
	if (count == 0)
		return cmd_error(cmd, "Interface (dev: %s) not found.",
		    wanted);
	state = child_attr(found, "link", "state");
	if (state == NULL)
		state = "up";
	cmd_field(cmd, "interface", value_string(wanted), "%s ", wanted);
	cmd_field(cmd, "link_state", value_string(state), "%s", state);
	return 0;
}

static const struct option getlink_options[] = {
	OPTION_DOMAIN(0),
	OPTION_WORD("interface", "device or MAC address of the interface",
	    complete_interface),
	OPTION_OLD_NAME("persistent", "config"),
	OPTION_SWITCH("config", "of its definition, not as it runs"),
	{ 0 },
};

const struct command command_domif_getlink = {
	.name = "domif-getlink",
	.summary = "show whether a domain's interface has a link",
	.description = "Shows the link state of a network interface of a "
	    "domain.",
	.options = getlink_options,
	.run = getlink_run,
};

static int
domifstat_run(struct cmd *cmd)
{
	const struct xvm_domain *dom = cmd_domain(cmd);
	struct xvm_domain_interface_stats_args args = { 0 };
	const struct xvm_domain_interface_stats_ret *ret;
	const char *device;

	if (dom == NULL || cmd_string(cmd, "interface", &device) != 0)
		return -1;
	args.dom = *dom;
	args.device = (char *)(size_t)device;
	ret = cmd_call(cmd, XVM_CALL_DOMAIN_INTERFACE_STATS, &args);
	if (ret == NULL)
		return cmd_error(cmd, "Failed to get interface stats %s %s",
		    cmd_word(cmd, "domain"), device);

	const struct {
		const char *name;
		int64_t value;	/* below 0: not known */
	} figures[] = {
		{ "rx_bytes", ret->rx_bytes },
		{ "rx_packets", ret->rx_packets },
		{ "rx_errs", ret->rx_errs },
		{ "rx_drop", ret->rx_drop },
		{ "tx_bytes", ret->tx_bytes },
		{ "tx_packets", ret->tx_packets },
		{ "tx_errs", ret->tx_errs },
		{ "tx_drop", ret->tx_drop },
	};

	cmd_object_begin(cmd, NULL);
	for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++) {
		if (figures[i].value >= 0)
			cmd_field(cmd, figures[i].name,
			    value_int(figures[i].value), "%s %s %" PRId64 "\n",
			    device, figures[i].name, figures[i].value);
	}
	cmd_object_end(cmd);
	return 0;
}

static const struct option domifstat_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_ACTIVE),
	OPTION_WORD("interface", "device or MAC address of the interface",
	    complete_interface),
	{ 0 },
};

const struct command command_domifstat = {
	.name = "domifstat",
	.summary = "show what a domain's interface has sent and received",
	.description = "Shows statistics of a network interface of a running "
	    "domain.",
	.options = domifstat_options,
	.run = domifstat_run,
};

/* --- domifaddr ------------------------------------------------------------ */

static void
print_address(struct cmd *cmd, const struct xvm_domain_interface *iface,
    unsigned int i, bool full)
{
	const struct xvm_domain_ip_addr *a = &iface->addrs.addrs_val[i];
	const char *type = a->type == 0 ? "ipv4" : "ipv6";
	const char *hwaddr = iface->hwaddr == NULL ? "" : *iface->hwaddr;
	bool named = full || i == 0;

	cmd_text(cmd, " %-10s %-17s    ", named ? iface->name : "-",
	    named ? hwaddr : "-");
	cmd_object_begin(cmd, NULL);
	cmd_field(cmd, "protocol", value_string(type), "%-12s ", type);
	cmd_field(cmd, "address", value_string(a->addr), "%s", a->addr);
	cmd_field(cmd, "prefix", value_uint(a->prefix), "/%d\n",
	    (int)a->prefix);
	cmd_object_end(cmd);
}

static void
print_interface(struct cmd *cmd, const struct xvm_domain_interface *iface)
{
	const char *hwaddr = iface->hwaddr == NULL ? NULL : *iface->hwaddr;

	cmd_object_begin(cmd, NULL);
	cmd_datum(cmd, "interface", value_string(iface->name));
	cmd_datum(cmd, "mac", value_string(hwaddr));
	if (iface->addrs.addrs_len == 0)
		cmd_text(cmd, " %-10s %-17s    %-12s %s\n", iface->name,
		    hwaddr == NULL ? "N/A" : hwaddr, "N/A", "N/A");
	cmd_array_begin(cmd, "addresses");
	for (unsigned int i = 0; i < iface->addrs.addrs_len; i++)
		print_address(cmd, iface, i, cmd_has(cmd, "full"));
	cmd_array_end(cmd);
	cmd_object_end(cmd);
}

static int
domifaddr_run(struct cmd *cmd)
{
	static const char *const sources[] = {
		[XVM_DOMAIN_INTERFACE_ADDRESSES_SRC_LEASE] = "lease",
		[XVM_DOMAIN_INTERFACE_ADDRESSES_SRC_AGENT] = "agent",
		[XVM_DOMAIN_INTERFACE_ADDRESSES_SRC_ARP] = "arp",
	};
	struct xvm_domain_interface_addresses_args args = { 0 };
	const struct xvm_domain_interface_addresses_ret *ret;
	const struct xvm_domain *dom;
	const char *wanted, *source;
	int number = XVM_DOMAIN_INTERFACE_ADDRESSES_SRC_LEASE;

	if (cmd_string(cmd, "interface", &wanted) != 0 ||
	    cmd_string(cmd, "source", &source) != 0)
		return -1;
	if (source != NULL)
		number = NUMBER_OF(sources, source);
	if (number < 0)
		return cmd_error(cmd, "Unknown data source '%s'", source);
	dom = cmd_domain(cmd);
	if (dom == NULL)
		return -1;
	args.dom = *dom;
	args.source = (unsigned int)number;
	ret = cmd_call(cmd, XVM_CALL_DOMAIN_INTERFACE_ADDRESSES, &args);
	if (ret == NULL)
		return cmd_error(cmd,
		    "Failed to query for interfaces addresses");
	cmd_extra(cmd, " %-10s %-20s %-8s     %s\n", "Name", "MAC address",
	    "Protocol", "Address");
	cmd_extra(cmd, "----------------------------------------"
	    "---------------------------------------\n");
	cmd_array_begin(cmd, NULL);
	for (unsigned int i = 0; i < ret->ifaces.ifaces_len; i++) {
		const struct xvm_domain_interface *iface =
		    &ret->ifaces.ifaces_val[i];

		if (wanted == NULL || strcmp(wanted, iface->name) == 0)
			print_interface(cmd, iface);
	}
	cmd_array_end(cmd);
	return 0;
}

static const struct option domifaddr_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_ACTIVE),
	OPTION_TEXT("interface", "only this interface", complete_interface),
	OPTION_SWITCH("full", "repeat name and MAC for every address"),
	OPTION_TEXT("source", "who is asked: 'lease', 'agent' or 'arp'",
	    complete_interface_source),
	{ 0 },
};

const struct command command_domifaddr = {
	.name = "domifaddr",
	.summary = "show the addresses of a domain's interfaces",
	.description = "Shows which IP addresses the interfaces of a running "
	    "domain have.",
	.options = domifaddr_options,
	.run = domifaddr_run,
};
