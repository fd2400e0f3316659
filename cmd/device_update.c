/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands that change a device: by a file, its memory, its link. */
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "device.h"
#include "domain_doc.h"

static const struct option update_device_options[] = {
	OPTION_DOMAIN(0),
	OPTION_WORD("file", "file with the device's XML", complete_file),
	OPTIONS_DEVICE,
	OPTION_SWITCH("force", "even if the domain is using it"),
	{ 0 }
};

static int
update_device_run(struct cmd *cmd)
{
	return device_from_file(cmd, device_update, cmd_has(cmd, "force") ?
	    XVM_DOMAIN_DEVICE_MODIFY_FORCE : 0, "update", "updated");
}

const struct command command_update_device = {
	.name = "update-device",
	.summary = "change a device as a file describes it",
	.description = "Change one of the domain's devices so that it is as "
	    "the XML in a file has it.",
	.options = update_device_options,
	.run = update_device_run,
};

/* <domain> from a call's answer. NULL after saying. */
static struct node *
domain_of(struct cmd *cmd, struct call *call)
{
	const struct xvm_domain_get_xml_desc_ret *ret = call->ret;
	struct node *root;

	if (call->rc != 0) {
		cmd_take_error(cmd, call);
		(void)cmd_error(cmd, "Failed to get domain description xml");
		return NULL;
	}
	root = device_doc(cmd, ret->xml);
	if (root == NULL)
		(void)cmd_error(cmd, "Failed to parse domain description xml");
	return root;
}

/* --- update-memory-device ------------------------------------------------- */

static bool
is_on_node(const struct node *memory, unsigned int number)
{
	const struct node *target, *n;

	for (target = node_child(memory, "target"); target != NULL;
	    target = node_next(target, "target")) {
		for (n = node_child(target, "node"); n != NULL;
		    n = node_next(n, "node")) {
			char text[16];

			(void)snprintf(text, sizeof(text), "%u", number);
			if (strcmp(node_text(n), text) == 0)
				return true;
		}
	}
	return false;
}

static bool
has_alias(const struct node *memory, const char *alias)
{
	const struct node *n = node_child(memory, "alias");

	while (n != NULL && !node_attr_is(n, "name", alias))
		n = node_next(n, "alias");
	return n != NULL;
}

/* The one that the options select. NULL after saying. */
static struct node *
find_memory(struct cmd *cmd, const struct node *root)
{
	struct node *found = NULL, *n;
	const char *alias;
	unsigned int number;
	size_t count = 0;
	int by_node;

	if (cmd_string(cmd, "alias", &alias) != 0 ||
	    (by_node = cmd_uint(cmd, "node", &number)) < 0)
		return NULL;
	for (n = node_child(node_child(root, "devices"), "memory"); n != NULL;
	    n = node_next(n, "memory")) {
		if (by_node > 0 ? !is_on_node(n, number) :
		    alias != NULL && !has_alias(n, alias))
			continue;
		found = n;
		count++;
	}
	if (count == 1)
		return found;
	(void)cmd_error(cmd, "%s", count == 0 ? "no memory device found" :
	    "multiple memory devices found, use --alias or --node to select "
	    "one");
	return NULL;
}

/* <requested>, of the first <target> that has it. */
static struct node *
find_requested(const struct node *memory)
{
	const struct node *target = node_child(memory, "target");

	while (target != NULL && node_child(target, "requested") == NULL)
		target = node_next(target, "target");
	return node_child(target, "requested");
}

static int
set_requested(struct cmd *cmd, const struct node *memory)
{
	struct node *requested;
	uint64_t bytes;

	if (!cmd_has(cmd, "requested-size"))
		return 0;
	if (cmd_scaled(cmd, "requested-size", &bytes, 1024, UINT64_MAX) < 0)
		return -1;
	requested = find_requested(memory);
	if (requested == NULL)
		return cmd_error(cmd,
		    "virtio-mem device is missing <requested/>");
	node_set_text(requested, cmd_printf(cmd, "%" PRIu64,
	    bytes / 1024 + (bytes % 1024 != 0)));
	return 0;
}

static int
update_memory_device_run(struct cmd *cmd)
{
	struct xvm_domain_get_xml_desc_args args;
	struct call *call = cmd_batch(cmd, 1);
	const struct xvm_domain *dom;
	const struct node *root, *memory;
	const char *xml;
	unsigned int flags;

	if (cmd_affect_flags(cmd, &flags) != 0 ||
	    cmd_exclusive(cmd, "node", "alias") != 0 ||
	    (dom = cmd_domain(cmd)) == NULL)
		return -1;
	args.dom = *dom;
	args.flags = (flags & XVM_DOMAIN_AFFECT_CONFIG) != 0 ?
	    XVM_DOMAIN_XML_INACTIVE : 0;
	cmd_batch_set(cmd, call, XVM_CALL_DOMAIN_GET_XML_DESC, &args);
	(void)cmd_submit(cmd, call, 1);
	if ((root = domain_of(cmd, call)) == NULL ||
	    (memory = find_memory(cmd, root)) == NULL ||
	    set_requested(cmd, memory) != 0)
		return -1;
	xml = device_xml(cmd, memory);
	if (cmd_has(cmd, "print-xml")) {
		cmd_document(cmd, "xml", xml);
		return 0;
	}
	return device_update(cmd, dom, xml, flags) == NULL ? -1 : 0;
}

static const struct option update_memory_device_options[] = {
	OPTION_DOMAIN(0),
	OPTIONS_AFFECT,
	OPTION_SWITCH("print-xml", "print the device's XML, change nothing"),
	OPTION_TEXT("alias", "alias of the device", complete_device_alias),
	OPTION_NUMBER("node", "the domain's NUMA node that it belongs to"),
	OPTION_NUMBER("requested-size",
	    "memory that the domain shall have of it, in KiB or with a unit"),
	{ 0 }
};

const struct command command_update_memory_device = {
	.name = "update-memory-device",
	.summary = "change a memory device",
	.description = "Change one of the domain's memory devices.",
	.options = update_memory_device_options,
	.run = update_memory_device_run,
};

/* --- domif-setlink -------------------------------------------------------- */

static struct node *
find_interface(const struct node *root, const char *name)
{
	struct node *n = node_child(node_child(root, "devices"), "interface");

	for (; n != NULL; n = node_next(n, "interface")) {
		const char *mac = child_attr(n, "mac", "address");
		const char *target = child_attr(n, "target", "dev");

		if ((mac != NULL && strcasecmp(mac, name) == 0) ||
		    (target != NULL && strcasecmp(target, name) == 0))
			break;
	}
	return n;
}

/* What an inactive domain is told is about its configuration. */
static unsigned int
link_flags(struct cmd *cmd, const struct call *is_active)
{
	const struct xvm_domain_is_active_ret *ret = is_active->ret;

	if (cmd_has(cmd, "config") ||
	    (is_active->rc == 0 && ret->active == 0))
		return XVM_DOMAIN_AFFECT_CONFIG;
	return XVM_DOMAIN_AFFECT_LIVE;
}

static int
domif_setlink_run(struct cmd *cmd)
{
	struct xvm_domain_get_xml_desc_args args;
	struct call *calls = cmd_batch(cmd, 2);
	const struct xvm_domain *dom = cmd_domain(cmd);
	const char *name, *state, *xml;
	struct node *root, *found;

	if (dom == NULL || cmd_string(cmd, "interface", &name) != 0 ||
	    cmd_string(cmd, "state", &state) != 0)
		return -1;
	if (strcmp(state, "up") != 0 && strcmp(state, "down") != 0)
		return cmd_error(cmd, "invalid link state '%s'", state);
	args.dom = *dom;
	args.flags = cmd_has(cmd, "config") ? XVM_DOMAIN_XML_INACTIVE : 0;
	cmd_batch_set(cmd, &calls[0], XVM_CALL_DOMAIN_IS_ACTIVE, &args);
	cmd_batch_set(cmd, &calls[1], XVM_CALL_DOMAIN_GET_XML_DESC, &args);
	(void)cmd_submit(cmd, calls, 2);
	root = domain_of(cmd, &calls[1]);
	if (root == NULL)
		return -1;
	if (node_child(node_child(root, "devices"), "interface") == NULL)
		return cmd_error(cmd, "Failed to extract interface "
		    "information or no interfaces found");
	found = find_interface(root, name);
	if (found == NULL)
		return cmd_error(cmd, "interface '%s' not found", name);
	node_set_attr(node_need(found, "link"), "state", state);
	xml = device_xml(cmd, found);
	if (cmd_has(cmd, "print-xml")) {
		cmd_document(cmd, "xml", xml);
		return 0;
	}
	if (device_update(cmd, dom, xml, link_flags(cmd, &calls[0])) == NULL)
		return cmd_error(cmd, "Failed to update interface link state");
	cmd_extra(cmd, "Device updated successfully\n");
	return 0;
}

static const struct option domif_setlink_options[] = {
	OPTION_DOMAIN(0),
	OPTION_WORD("interface", "device or MAC address of the interface",
	    complete_interface),
	OPTION_WORD("state", "up or down", complete_link_state),
	OPTION_OLD_NAME("persistent", "config"),
	OPTION_CONFIG,
	OPTION_SWITCH("print-xml", "print the device's XML, change nothing"),
	{ 0 }
};

const struct command command_domif_setlink = {
	.name = "domif-setlink",
	.summary = "set the link of a network interface up or down",
	.description = "Plug the cable of one of the domain's network "
	    "interfaces in, or pull it out.",
	.options = domif_setlink_options,
	.run = domif_setlink_run,
};
