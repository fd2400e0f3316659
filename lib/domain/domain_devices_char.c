/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* <serial>, <parallel>, <console>, <channel>: character devices. */
#include <string.h>
#include <sys/socket.h>

#include "domain_devices.h"

#define ISA_PORTS 4

static const char *const serial_targets[] = {"none", "isa-serial", "usb-serial",
    "pci-serial", "spapr-vio-serial", "system-serial", "sclp-serial",
    "isa-debug", NULL};
static const char *const serial_models[] = {"none", "isa-serial", "usb-serial",
    "pci-serial", "spapr-vty", "pl011", "sclpconsole", "sclplmconsole",
    "16550a", "isa-debugcon", NULL};
static const char *const channel_targets[] = {
    "none", "guestfwd", "virtio", "xen", NULL};
static const char *const console_targets[] = {"none", "serial", "xen", "uml",
    "virtio", "lxc", "openvz", "sclp", "sclplm", NULL};
static const char *const states[] = {
    "default", "connected", "disconnected", NULL};

static const struct rule_attr device_attrs[] = {
    ATTR("type", VALUE_ANY, 0),
    ATTR_END,
};

#define NO_TARGET "unknown target type '%s' specified for character device"
#define ATTR_TARGET(values, flags)                                             \
	ATTR_SAYS("type", VALUE_ENUM, flags, values,                           \
	    XVM_ERR_CONFIG_UNSUPPORTED, NO_TARGET)
#define ATTR_PORT                                                              \
	ATTR_SAYS("port", VALUE_UINT, VALUE_WRAP, NULL, 0,                     \
	    "Invalid port number: %s")

static const struct rule_attr serial_target_attrs[] = {
    ATTR_TARGET(serial_targets, VALUE_DROP_ZERO),
    ATTR_PORT,
    ATTR_END,
};
static const struct rule_attr console_target_attrs[] = {
    ATTR_TARGET(console_targets, VALUE_DROP_ZERO),
    ATTR_PORT,
    ATTR_END,
};
static const struct rule_attr parallel_target_attrs[] = {
    ATTR_PORT,
    ATTR_END,
};
static const struct rule_attr channel_target_attrs[] = {
    ATTR_TARGET(channel_targets, 0),
    ATTR("address", VALUE_ANY, 0),
    ATTR("port", VALUE_UINT, 0),
    ATTR("name", VALUE_ANY, 0),
    ATTR_ENUM("state", VALUE_NONZERO, states),
    ATTR_END,
};
static const struct rule_attr model_attrs[] = {
    ATTR_SAYS("name", VALUE_ENUM, VALUE_DROP_ZERO | VALUE_DROP_EMPTY,
	serial_models, XVM_ERR_CONFIG_UNSUPPORTED,
	"unknown target model '%s' specified for character device"),
    ATTR_END,
};
static const struct rule serial_target_children[] = {
    {.name = "model", .flags = RULE_DROP_EMPTY, .attrs = model_attrs},
    RULE_END,
};

/* -1 as port is none, also where it is written as unsigned. */
static int
port_before(struct rule_ctx *ctx, struct node *target)
{
	(void)ctx;
	if (node_attr_is(target, "port", "-1") ||
	    node_attr_is(target, "port", "4294967295"))
		node_set_attr(target, "port", NULL);
	return 0;
}

static int
guestfwd_target(struct rule_ctx *ctx, struct node *target)
{
	const char *address = node_attr(target, "address");
	int family;

	if (address == NULL)
		return refuse_xml(
		    ctx, "guestfwd channel does not define a target address");
	family = canonical_ip(ctx, target, "address", 0);
	if (family < 0)
		return -1;
	if (family != AF_INET)
		return refuse_config(
		    ctx, "guestfwd channel only supports IPv4 addresses");
	if (node_attr(target, "port") == NULL)
		return refuse_missing(ctx, target, "port");
	return 0;
}

static int
channel_target_before(struct rule_ctx *ctx, struct node *target)
{
	const char *type = node_attr(target, "type");

	if (type == NULL)
		return refuse_config(ctx, NO_TARGET, "(null)");
	if (strcmp(type, "guestfwd") == 0) {
		if (guestfwd_target(ctx, target) != 0)
			return -1;
		node_set_attr(target, "name", NULL);
	} else {
		node_set_attr(target, "address", NULL);
		node_set_attr(target, "port", NULL);
		if (strcmp(type, "virtio") != 0 && strcmp(type, "xen") != 0)
			node_set_attr(target, "name", NULL);
	}
	if (strcmp(type, "virtio") != 0 ||
	    (ctx->flags & DOMAIN_XML_PARSE_INACTIVE) != 0)
		node_set_attr(target, "state", NULL);
	return 0;
}

static const struct rule serial_children[] = {
    RULES_CHAR,
    {
	.name = "target",
	.attrs = serial_target_attrs,
	.children = serial_target_children,
	.before = port_before,
    },
    RULES_INFO,
    RULE_END,
};
static const struct rule parallel_children[] = {
    RULES_CHAR,
    {
	.name = "target",
	.attrs = parallel_target_attrs,
	.before = port_before,
    },
    RULES_INFO,
    RULE_END,
};
static const struct rule console_children[] = {
    RULES_CHAR,
    {
	.name = "target",
	.attrs = console_target_attrs,
	.before = port_before,
    },
    RULES_INFO,
    RULE_END,
};
static const struct rule channel_children[] = {
    RULES_CHAR,
    {
	.name = "target",
	.attrs = channel_target_attrs,
	.before = channel_target_before,
    },
    RULES_INFO,
    RULE_END,
};

static int
char_before(struct rule_ctx *ctx, struct node *device)
{
	const char *type = node_attr(device, "type");

	if (type == NULL) {
		type = "pty";
		node_set_attr(device, "type", type);
	}
	if (enum_index(char_types, type) < 0)
		return refuse_config(ctx,
		    "unknown type presented to host for character device: %s",
		    type);
	if ((ctx->flags & DOMAIN_XML_PARSE_INACTIVE) != 0)
		node_set_attr(device, "tty", NULL);
	if (node_child(device, "target") == NULL) {
		if (strcmp(device->name, "channel") == 0)
			return refuse_xml(ctx,
			    "target type must be specified for %s device",
			    device->name);
		(void)node_add(device, "target");
	}
	return char_source(ctx, device, type);
}

static int
char_after(struct rule_ctx *ctx, struct node *device)
{
	const struct node *target = node_child(device, "target");
	const char *address = address_type(device);

	if (node_attr_is(device, "type", "spicevmc") &&
	    !node_attr_is(target, "type", "virtio"))
		return refuse_config(
		    ctx, "spicevmc device type only supports virtio");
	if (node_attr_is(target, "type", "usb-serial") && address != NULL &&
	    strcmp(address, "usb") != 0)
		return refuse_config(
		    ctx, "usb-serial requires address of usb type");
	return 0;
}

/* Consoles are numbered. */
static int
console_after(struct rule_ctx *ctx, struct node *console)
{
	struct node *target = node_child(console, "target");
	bool xen = ctx->caps->xen && !devices_of(ctx)->hvm;

	if (node_attr(target, "type") == NULL)
		rule_set_attr(target, console_target_attrs, "type",
		    xen ? "xen" : "serial");
	rule_set_attr_u64(
	    target, console_target_attrs, "port", devices_of(ctx)->consoles++);
	return char_after(ctx, console);
}

#define CHAR_RULE(n, children_table, after_hook)                               \
	{                                                                      \
		.name = (n), .flags = RULE_MANY, .attrs = device_attrs,        \
		.children = (children_table), .before = char_before,           \
		.after = (after_hook)                                          \
	}
const struct rule serial_rule =
    CHAR_RULE("serial", serial_children, char_after);
const struct rule parallel_rule =
    CHAR_RULE("parallel", parallel_children, char_after);
const struct rule console_rule =
    CHAR_RULE("console", console_children, console_after);
const struct rule channel_rule =
    CHAR_RULE("channel", channel_children, char_after);

/* -1: none. */
static int64_t
port_of(const struct node *device)
{
	return (int64_t)attr_number(
	    node_child(device, "target"), "port", UINT64_MAX);
}

static void
set_port(struct node *device, int64_t port)
{
	rule_set_attr_u64(node_child(device, "target"), serial_target_attrs,
	    "port", (uint64_t)port);
}

static bool
is_isa(const struct node *serial)
{
	return node_attr_is(node_child(serial, "target"), "type", "isa-serial");
}

/* ISA ports are few and are given out first. */
int
serials_ports(struct devices *devices)
{
	bool used[ISA_PORTS] = {false};
	int n = 0;

	FOR_DEVICES (devices, DEVICE_SERIAL, s) {
		int64_t port = port_of(s);

		if (!is_isa(s))
			continue;
		if (n++ >= ISA_PORTS || port >= ISA_PORTS)
			return refuse_internal(&devices->ctx,
			    "Maximum supported number of ISA serial ports is "
			    "'%d'",
			    ISA_PORTS);
		if (port < 0)
			continue;
		if (used[port])
			return refuse_internal(&devices->ctx,
			    "target port '%d' already allocated", (int)port);
		used[port] = true;
	}
	FOR_DEVICES (devices, DEVICE_SERIAL, s) {
		for (int i = 0; is_isa(s) && port_of(s) < 0 && i < ISA_PORTS;
		     i++) {
			if (!used[i]) {
				set_port(s, i);
				used[i] = true;
			}
		}
	}
	return 0;
}

int
char_fill(struct devices *devices, struct node *device)
{
	enum device_kind kind = strcmp(device->name, "serial") == 0
				    ? DEVICE_SERIAL
				    : DEVICE_PARALLEL;
	int64_t max = -1;

	if (node_attr_is(node_child(device, "target"), "type", "isa-debug") &&
	    !devices->x86)
		return refuse_config(&devices->ctx,
		    "isa-debug serial type only valid on x86 architecture");
	if (port_of(device) >= 0)
		return 0;
	FOR_DEVICES (devices, kind, d) {
		/* Parallel ports are numbered as they are read. */
		if (kind == DEVICE_PARALLEL && d == device)
			break;
		if (port_of(d) > max)
			max = port_of(d);
	}
	set_port(device, max + 1);
	return 0;
}

int
char_check(struct devices *devices, struct node *device)
{
	const char *target = node_attr(node_child(device, "target"), "type");
	bool optional =
	    strcmp(device->name, "channel") == 0 &&
	    (strcmp(target, "xen") == 0 || strcmp(target, "virtio") == 0);

	return char_source_check(
	    devices, device, node_attr(device, "type"), optional);
}

/* A copy of from as the other kind, unlinked, with that target. */
static struct node *
copy_as(struct devices *devices, const struct node *from,
    const char *target_type, const char *port)
{
	struct node *copy = node_clone(devices->ctx.doc, from);
	struct node *target = node_child(copy, "target");

	if (target == NULL)
		return NULL;
	target->attrs = NULL;
	target->first = target->last = NULL;
	if (target_type != NULL)
		node_set_attr(target, "type", target_type);
	node_set_attr(target, "port", port);
	return copy;
}

static bool
shows_as_console(const struct node *serial)
{
	static const char *const types[] = {"isa-serial", "spapr-vio-serial",
	    "system-serial", "sclp-serial", NULL};
	const char *type = node_attr(node_child(serial, "target"), "type");

	return type == NULL || enum_index(types, type) >= 0;
}

/*
 * In a fully virtualised domain the first console of type serial is the first
 * serial port: written twice, with the serial's data.
 */
int
consoles_add(struct devices *devices)
{
	struct node *console = devices->first[DEVICE_CONSOLE];
	struct node *serial = devices->first[DEVICE_SERIAL];
	bool first = true, alias = false;
	struct node *copy;

	FOR_DEVICES (devices, DEVICE_CONSOLE, c) {
		if (!first &&
		    node_attr_is(node_child(c, "target"), "type", "serial"))
			return refuse_config(&devices->ctx,
			    "Only the first console can be a serial port");
		first = false;
	}
	if (!devices->hvm)
		return 0;
	if (console != NULL)
		alias = node_attr_is(
		    node_child(console, "target"), "type", "serial");
	if (alias && serial == NULL) {
		serial = copy_as(devices, console, NULL, "0");
		if (serial == NULL)
			return error_nomem(devices->ctx.err);
		device_insert(devices, DEVICE_SERIAL, NULL, serial);
	} else if (!alias && (serial == NULL || !shows_as_console(serial))) {
		return 0;
	}
	copy = copy_as(devices, serial, "serial",
	    node_attr(node_child(serial, "target"), "port"));
	if (copy == NULL)
		return error_nomem(devices->ctx.err);
	device_insert(devices, DEVICE_CONSOLE, console, copy);
	if (alias)
		device_remove(devices, DEVICE_CONSOLE, console);
	return 0;
}
