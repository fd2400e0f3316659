/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands that detach a device: one in a file, by alias, disk, interface. */
#include <ctype.h>
#include <string.h>

#include "device.h"
#include "domain_doc.h"
#include "input.h"

static const struct option detach_device_options[] = {
	OPTION_DOMAIN(0),
	OPTION_WORD("file", "file with the device's XML", complete_file),
	OPTIONS_DEVICE,
	{ 0 }
};

static int
detach_device_run(struct cmd *cmd)
{
	return device_from_file(cmd, device_detach, 0, "detach", "detached");
}

const struct command command_detach_device = {
	.name = "detach-device",
	.summary = "detach a device that a file describes",
	.description = "Detach the device whose XML is in a file from a "
	    "domain.",
	.options = detach_device_options,
	.run = detach_device_run,
};

static const struct option detach_device_alias_options[] = {
	OPTION_DOMAIN(0),
	OPTION_WORD("alias", "alias of the device", complete_device_alias),
	OPTIONS_AFFECT,
	{ 0 }
};

static int
detach_device_alias_run(struct cmd *cmd)
{
	struct xvm_domain_detach_device_alias_args args;
	const struct xvm_domain *dom;
	const char *alias;

	if (cmd_affect_flags(cmd, &args.flags) != 0 ||
	    (dom = cmd_domain(cmd)) == NULL ||
	    cmd_string(cmd, "alias", &alias) != 0)
		return -1;
	args.dom = *dom;
	args.alias = call_text(alias);
	if (cmd_call(cmd, XVM_CALL_DOMAIN_DETACH_DEVICE_ALIAS, &args) == NULL)
		return cmd_error(cmd,
		    "Failed to detach device with alias %s", alias);
	cmd_extra(cmd, "Device detach request sent successfully\n");
	return 0;
}

const struct command command_detach_device_alias = {
	.name = "detach-device-alias",
	.summary = "ask a domain to give up a device",
	.description = "Ask a domain to give up the device with an alias; it "
	    "may do so later.",
	.options = detach_device_alias_options,
	.run = detach_device_alias_run,
};

/* --- detach-disk ---------------------------------------------------------- */

static const struct option detach_disk_options[] = {
	OPTION_DOMAIN(0),
	OPTION_WORD("target", "target or source of the disk",
	    complete_disk_target),
	OPTIONS_DEVICE,
	OPTION_SWITCH("print-xml", "print the device's XML, detach nothing"),
	{ 0 }
};

static int
detach_disk_run(struct cmd *cmd)
{
	struct xvm_domain_get_xml_desc_args args;
	const struct xvm_domain_get_xml_desc_ret *ret;
	const struct xvm_domain *dom;
	const struct node *disk;
	struct call *calls = cmd_batch(cmd, 2);
	const char *target, *xml;
	unsigned int flags;

	if (device_flags(cmd, &flags) != 0 ||
	    (dom = cmd_domain(cmd)) == NULL ||
	    cmd_string(cmd, "target", &target) != 0)
		return -1;
	args.dom = *dom;
	args.flags = flags == XVM_DOMAIN_AFFECT_CONFIG ?
	    XVM_DOMAIN_XML_INACTIVE : 0;
	cmd_batch_set(cmd, &calls[0], XVM_CALL_DOMAIN_GET_XML_DESC, &args);
	cmd_batch_set(cmd, &calls[1], XVM_CALL_DOMAIN_IS_ACTIVE, &args);
	(void)cmd_submit(cmd, calls, cmd_has(cmd, "persistent") ? 2 : 1);
	if (calls[0].rc != 0) {
		cmd_take_error(cmd, &calls[0]);
		return -1;
	}
	ret = calls[0].ret;
	if (cmd_has(cmd, "persistent"))
		device_add_live_of(cmd, &calls[1], &flags);
	disk = device_disk(cmd, ret->xml, target, false);
	if (disk == NULL)
		return -1;
	xml = device_xml(cmd, disk);
	if (cmd_has(cmd, "print-xml")) {
		cmd_document(cmd, "xml", xml);
		return 0;
	}
	if (device_detach(cmd, dom, xml, flags) == NULL)
		return cmd_error(cmd, "Failed to detach disk");
	cmd_extra(cmd, "Disk detached successfully\n");
	return 0;
}

const struct command command_detach_disk = {
	.name = "detach-disk",
	.summary = "detach a disk",
	.description = "Detach one of the domain's disks.",
	.options = detach_disk_options,
	.run = detach_disk_run,
};

/* --- detach-interface ----------------------------------------------------- */

/* Zeros in front of a digit do not count, nor does case. */
static bool
same_mac(const char *a, const char *b)
{
	do {
		while (a[0] == '0' && isxdigit((unsigned char)a[1]))
			a++;
		while (b[0] == '0' && isxdigit((unsigned char)b[1]))
			b++;
		if (tolower((unsigned char)*a) != tolower((unsigned char)*b))
			return false;
		b++;
	} while (*a++ != '\0');
	return true;
}

/* The next interface of a type, the first one for NULL. */
static struct node *
next_interface(const struct node *devices, const struct node *before,
    const char *type)
{
	struct node *n = before == NULL ? node_child(devices, "interface") :
	    node_next(before, "interface");

	while (n != NULL && !node_attr_is(n, "type", type))
		n = node_next(n, "interface");
	return n;
}

/* NULL after saying that there is none, or which one is not clear. */
static const struct node *
find_interface(struct cmd *cmd, const struct node *root, const char *type,
    const char *mac)
{
	const struct node *devices = node_child(root, "devices");
	const struct node *found = NULL, *n;
	size_t count = 0, matches = 0;

	for (n = next_interface(devices, NULL, type); n != NULL;
	    n = next_interface(devices, n, type)) {
		const char *address = child_attr(n, "mac", "address");

		count++;
		if (mac != NULL && (address == NULL ||
		    !same_mac(address, mac)))
			continue;
		matches++;
		found = n;
	}
	if (count == 0)
		(void)cmd_error(cmd, "No interface found whose type is %s",
		    type);
	else if (matches == 0)
		(void)cmd_error(cmd,
		    "No interface with MAC address %s was found", mac);
	else if (matches > 1 && mac != NULL)
		(void)cmd_error(cmd, "Domain has multiple interfaces matching "
		    "MAC address %s. You must use detach-device and specify "
		    "the device pci address to remove it.", mac);
	else if (matches > 1)
		(void)cmd_error(cmd, "Domain has %zu interfaces. Please "
		    "specify which one to detach using --mac", matches);
	return matches == 1 ? found : NULL;
}

/* From the configuration that the call's answer has. */
static int
detach_one(struct cmd *cmd, const struct xvm_domain *dom, struct call *call,
    unsigned int flags, const char *type, const char *mac)
{
	const struct xvm_domain_get_xml_desc_ret *ret = call->ret;
	const struct node *root, *found;
	const char *xml;

	if (call->rc != 0) {
		cmd_take_error(cmd, call);
		return -1;
	}
	root = device_doc(cmd, ret->xml);
	if (root == NULL)
		return cmd_error(cmd, "Failed to get interface information");
	found = find_interface(cmd, root, type, mac);
	if (found == NULL)
		return -1;
	xml = device_xml(cmd, found);
	if (cmd_has(cmd, "print-xml")) {
		cmd_document(cmd, (flags & XVM_DOMAIN_AFFECT_CONFIG) != 0 ?
		    "config_xml" : "xml", xml);
		return 0;
	}
	return device_detach(cmd, dom, xml, flags) == NULL ? -1 : 0;
}

static int
detach_net(struct cmd *cmd, const struct xvm_domain *dom, const char *type,
    const char *mac)
{
	struct xvm_domain_get_xml_desc_args config_args = {
		*dom, XVM_DOMAIN_XML_INACTIVE
	}, live_args = { *dom, 0 };
	bool persistent = cmd_has(cmd, "persistent");
	bool config = persistent || cmd_has(cmd, "config");
	bool live_too = persistent || cmd_has(cmd, "live") || !config;
	unsigned int live = cmd_has(cmd, "live") ? XVM_DOMAIN_AFFECT_LIVE : 0;
	struct call *calls = cmd_batch(cmd, 3);
	size_t n = 0;
	int rc;

	if (config)
		cmd_batch_set(cmd, &calls[n++], XVM_CALL_DOMAIN_GET_XML_DESC,
		    &config_args);
	if (live_too)
		cmd_batch_set(cmd, &calls[n++], XVM_CALL_DOMAIN_GET_XML_DESC,
		    &live_args);
	if (persistent)
		cmd_batch_set(cmd, &calls[n++], XVM_CALL_DOMAIN_IS_ACTIVE,
		    &live_args);
	(void)cmd_submit(cmd, calls, n);
	if (config && detach_one(cmd, dom, &calls[0],
	    XVM_DOMAIN_AFFECT_CONFIG, type, mac) != 0)
		return cmd_error(cmd, "Failed to detach interface");
	if (persistent)
		device_add_live_of(cmd, &calls[n - 1], &live);
	if (live == 0 && config)
		return 0;
	rc = detach_one(cmd, dom, &calls[config ? 1 : 0], live, type, mac);
	if (rc != 0 && !cmd_has(cmd, "print-xml"))
		return cmd_error(cmd, "Failed to detach interface");
	return rc;
}

static const struct option detach_interface_options[] = {
	OPTION_DOMAIN(0),
	OPTION_WORD("type", "type of the interface: network, bridge", NULL),
	OPTION_TEXT("mac", "MAC address of the interface",
	    complete_interface),
	OPTIONS_DEVICE,
	OPTION_SWITCH("print-xml", "print the device's XML, detach nothing"),
	{ 0 }
};

static int
detach_interface_run(struct cmd *cmd)
{
	const struct xvm_domain *dom;
	const char *type, *mac;
	unsigned int flags;

	if (device_flags(cmd, &flags) != 0 || (dom = cmd_domain(cmd)) == NULL)
		return -1;
	if (cmd_string(cmd, "type", &type) != 0 ||
	    cmd_string(cmd, "mac", &mac) != 0)
		return cmd_error(cmd, "Failed to detach interface");
	if (detach_net(cmd, dom, type, mac) != 0)
		return -1;
	if (!cmd_has(cmd, "print-xml"))
		cmd_extra(cmd, "Interface detached successfully\n");
	return 0;
}

const struct command command_detach_interface = {
	.name = "detach-interface",
	.summary = "detach a network interface",
	.description = "Detach one of the domain's network interfaces.",
	.options = detach_interface_options,
	.run = detach_interface_run,
};
