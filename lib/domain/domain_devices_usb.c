/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* <redirdev>, <redirfilter>, <hub>, <input>. */
#include <stdlib.h>
#include <string.h>

#include "domain_devices.h"

static const char *const buses[] = {"usb", NULL};

/* <redirdev> */
static const struct rule_attr redirdev_attrs[] = {
    ATTR_SAYS("bus", VALUE_ENUM, 0, buses, XVM_ERR_CONFIG_UNSUPPORTED,
	"unknown redirdev bus '%s'"),
    ATTR("type", VALUE_ANY, 0),
    ATTR_END,
};
static const struct rule redirdev_children[] = {
    RULES_CHAR,
    RULE_BOOT,
    RULES_INFO,
    RULE_END,
};

static int
redirdev_before(struct rule_ctx *ctx, struct node *redirdev)
{
	const char *bus = node_attr(redirdev, "bus");
	const char *type = node_attr(redirdev, "type");
	struct node *source;

	if (bus != NULL && enum_index(buses, bus) < 0)
		return refuse_config(ctx, "unknown redirdev bus '%s'", bus);
	(void)node_default_attr(redirdev, "bus", "usb");
	if (type == NULL)
		return refuse_internal(ctx, "missing type in redirdev");
	if (enum_index(char_types, type) < 0)
		return refuse_config(
		    ctx, "unknown redirdev character device type '%s'", type);
	if (strcmp(type, "dbus") == 0) {
		source = node_need(redirdev, "source");
		(void)node_default_attr(source, "channel", "org.qemu.usbredir");
	}
	return char_source(ctx, redirdev, type);
}

static int
usb_address_after(struct rule_ctx *ctx, struct node *device)
{
	const char *address = address_type(device);

	if (node_attr_is(device, "bus", "usb") && address != NULL &&
	    strcmp(address, "usb") != 0)
		return refuse_xml(ctx, "Invalid address for a USB device");
	return 0;
}

static int
redirdev_after(struct rule_ctx *ctx, struct node *redirdev)
{
	node_keep_open(redirdev);
	return usb_address_after(ctx, redirdev);
}

const struct rule redirdev_rule = {
    .name = "redirdev",
    .flags = RULE_MANY,
    .attrs = redirdev_attrs,
    .children = redirdev_children,
    .before = redirdev_before,
    .after = redirdev_after,
};

int
redirdev_check(struct devices *devices, struct node *redirdev)
{
	if (!controllers_have_usb(devices))
		return refuse_config(&devices->ctx,
		    "cannot add redirected USB device: USB is disabled for "
		    "this domain");
	return char_source_check(
	    devices, redirdev, node_attr(redirdev, "type"), false);
}

/* <redirfilter> */
static const struct rule_attr usbdev_attrs[] = {
    ATTR("class", VALUE_ANY, 0),
    ATTR("vendor", VALUE_ANY, 0),
    ATTR("product", VALUE_ANY, 0),
    ATTR("version", VALUE_ANY, 0),
    ATTR("allow", VALUE_YES_NO, VALUE_REQUIRED),
    ATTR_END,
};

/* A number as hexadecimal, -1 is none. */
static int
set_hex(struct rule_ctx *ctx, struct node *usbdev, const char *name, int digits,
    int32_t max)
{
	int32_t n = -1;

	if (attr_i32(ctx, usbdev, name, VALUE_BASE0, &n) < 0)
		return -1;
	if (n != -1 && (n & ~max) != 0)
		return refuse_internal(
		    ctx, "Invalid USB Class code 0x%x", (unsigned int)n);
	if (n < 0)
		node_set_attr(usbdev, name, NULL);
	else
		node_set_attr_fmt(
		    usbdev, name, "0x%0*X", digits, (unsigned int)n);
	return 0;
}

/* "2.0", "4.07"; one digit behind the dot stands for tenths. */
static int
set_version(struct rule_ctx *ctx, struct node *usbdev)
{
	const char *version = node_attr(usbdev, "version");
	char *end;
	unsigned long major, minor;

	if (version == NULL)
		return 0;
	if (strcmp(version, "-1") == 0) {
		node_set_attr(usbdev, "version", NULL);
		return 0;
	}
	major = strtoul(version, &end, 10);
	if (end == version || *end != '.')
		goto bad;
	version = end + 1;
	minor = strtoul(version, &end, 10);
	if (end == version || *end != '\0' || major >= 100 || minor >= 100)
		goto bad;
	if (strlen(version) == 1)
		minor *= 10;
	node_set_attr_fmt(usbdev, "version", "%lu.%02lu", major, minor);
	return 0;
bad:
	return refuse_xml(ctx, "Cannot parse USB device version %s",
	    node_attr(usbdev, "version"));
}

static int
usbdev_before(struct rule_ctx *ctx, struct node *usbdev)
{
	if (set_hex(ctx, usbdev, "class", 2, 0xff) != 0 ||
	    set_hex(ctx, usbdev, "vendor", 4, INT32_MAX) != 0 ||
	    set_hex(ctx, usbdev, "product", 4, INT32_MAX) != 0)
		return -1;
	return set_version(ctx, usbdev);
}

static const struct rule redirfilter_children[] = {
    {
	.name = "usbdev",
	.flags = RULE_MANY,
	.attrs = usbdev_attrs,
	.before = usbdev_before,
    },
    RULE_END,
};
const struct rule redirfilter_rule = {
    .name = "redirfilter",
    .flags = RULE_DROP_EMPTY,
    .children = redirfilter_children,
};

/* <hub> */
static const struct rule_attr hub_attrs[] = {
    ATTR_SAYS("type", VALUE_ENUM, 0, buses, XVM_ERR_CONFIG_UNSUPPORTED,
	"unknown hub device type '%s'"),
    ATTR_END,
};
static const struct rule info_children[] = {RULES_INFO, RULE_END};

static int
hub_before(struct rule_ctx *ctx, struct node *hub)
{
	if (node_attr(hub, "type") == NULL)
		return refuse_internal(ctx, "missing hub device type");
	if (devices_of(ctx)->usb_none && node_attr_is(hub, "type", "usb"))
		return refuse_config(
		    ctx, "Can't add USB hub: USB is disabled for this domain");
	return 0;
}

const struct rule hub_rule = {
    .name = "hub",
    .flags = RULE_MANY,
    .attrs = hub_attrs,
    .children = info_children,
    .before = hub_before,
};

/* <input> */
static const char *const input_types[] = {
    "mouse", "tablet", "keyboard", "passthrough", "evdev", NULL};
static const char *const input_buses[] = {
    "ps2", "usb", "xen", "parallels", "virtio", "none", NULL};
static const char *const input_models[] = {"default", "virtio",
    "virtio-transitional", "virtio-non-transitional", NULL};
static const char *const grabs[] = {"default", "all", NULL};
static const char *const toggles[] = {"default", "ctrl-ctrl", "alt-alt",
    "shift-shift", "meta-meta", "scrolllock", "ctrl-scrolllock", NULL};

static const struct rule_attr input_attrs[] = {
    ATTR("type", VALUE_ANY, 0),
    ATTR("bus", VALUE_ANY, 0),
    ATTR("model", VALUE_ANY, 0),
    ATTR_END,
};
static const struct rule_attr passthrough_attrs[] = {
    ATTR("evdev", VALUE_ANY, 0),
    ATTR_END,
};
static const struct rule_attr evdev_attrs[] = {
    ATTR("dev", VALUE_ANY, 0),
    ATTR_ENUM("grab", VALUE_NONZERO, grabs),
    ATTR_ENUM("grabToggle", VALUE_NONZERO, toggles),
    ATTR("repeat", VALUE_ON_OFF, 0),
    ATTR_END,
};
static const struct rule_attr no_attrs[] = {ATTR_END};
static const char *const input_source_names[] = {
    "evdev", "dev", "grab", "grabToggle", "repeat", NULL};

static int
input_source_before(struct rule_ctx *ctx, struct node *source)
{
	bool passthrough = node_attr_is(source->parent, "type", "passthrough");
	bool evdev = node_attr_is(source->parent, "type", "evdev");
	const struct rule_attr *attrs = passthrough ? passthrough_attrs
					: evdev	    ? evdev_attrs
						    : no_attrs;

	drop_attrs(source, attrs, input_source_names);
	if (attrs != no_attrs && node_attr(source, attrs[0].name) == NULL)
		return refuse_xml(ctx, "Missing evdev path for input device");
	if (attrs != no_attrs && sanitise_path(ctx, source, attrs[0].name) != 0)
		return -1;
	return rule_apply_attrs(ctx, source, attrs);
}

static const struct rule input_children[] = {
    RULE_VIRTIO,
    {
	.name = "source",
	.flags = RULE_DROP_EMPTY,
	.before = input_source_before,
    },
    RULES_INFO,
    RULE_END,
};

/* What a device is connected to when the document does not say. */
static const char *
default_bus(const struct devices *devices, const char *type)
{
	const char *arch =
	    node_attr(node_find(devices->domain, "os/type"), "arch");

	if (devices->pv)
		return "xen";
	if (!devices->hvm)
		return "ps2";
	if (devices->x86 &&
	    (strcmp(type, "mouse") == 0 || strcmp(type, "keyboard") == 0))
		return "ps2";
	if ((arch != NULL && strncmp(arch, "s390", 4) == 0) ||
	    strcmp(type, "passthrough") == 0)
		return "virtio";
	return strcmp(type, "evdev") == 0 ? "none" : "usb";
}

static int
input_before(struct rule_ctx *ctx, struct node *input)
{
	const struct devices *devices = devices_of(ctx);
	const char *type = node_attr(input, "type");
	const char *bus = node_attr(input, "bus");
	const char *model = node_attr(input, "model");

	if (type == NULL)
		return refuse_internal(ctx, "missing input device type");
	if (enum_index(input_types, type) < 0)
		return refuse_config(
		    ctx, "unknown input device type '%s'", type);
	if (model != NULL && enum_index(input_models, model) <= 0)
		return refuse_config(ctx, "unknown input model '%s'", model);
	if (bus != NULL && enum_index(input_buses, bus) < 0)
		return refuse_config(ctx, "unknown input bus type '%s'", bus);
	if (bus == NULL)
		bus = default_bus(devices, type);
	if (devices->usb_none && strcmp(bus, "usb") == 0)
		return refuse_config(
		    ctx, "Can't add USB input device. USB bus is disabled");
	node_set_attr(input, "bus", strcmp(bus, "none") == 0 ? NULL : bus);
	return 0;
}

const struct rule input_rule = {
    .name = "input",
    .flags = RULE_MANY,
    .attrs = input_attrs,
    .children = input_children,
    .before = input_before,
    .after = usb_address_after,
};

/* Only mice and keyboards are on the buses of old. */
static int
check_bus(const struct devices *devices, struct rule_ctx *ctx, const char *type,
    const char *bus)
{
	bool plain =
	    strcmp(type, "mouse") == 0 || strcmp(type, "keyboard") == 0;

	if (devices->hvm) {
		if (strcmp(bus, "ps2") == 0 && !plain)
			return refuse_internal(ctx,
			    "ps2 bus does not support %s input device", type);
		if (strcmp(bus, "xen") == 0)
			return refuse_internal(
			    ctx, "unsupported input bus %s", bus);
		return 0;
	}
	if (!devices->pv)
		return refuse_internal(ctx,
		    "Input devices are not supported by this virtualization "
		    "driver.");
	if (strcmp(bus, "xen") != 0)
		return refuse_internal(ctx, "unsupported input bus %s", bus);
	if (!plain)
		return refuse_internal(
		    ctx, "xen bus does not support %s input device", type);
	return 0;
}

int
input_check(struct devices *devices, struct node *input)
{
	struct rule_ctx *ctx = &devices->ctx;
	const char *type = node_attr(input, "type");
	const char *bus = node_attr(input, "bus");
	const char *model = node_attr(input, "model");

	if (bus == NULL)
		bus = "none";
	if (check_bus(devices, ctx, type, bus) != 0)
		return -1;
	if (strcmp(type, "passthrough") == 0 && strcmp(bus, "virtio") != 0)
		return refuse_config(ctx,
		    "only bus 'virtio' is supported for 'passthrough' input "
		    "devices");
	if (strcmp(type, "evdev") == 0 && strcmp(bus, "none") != 0)
		return refuse_config(
		    ctx, "input evdev doesn't support bus element");
	if (model != NULL && strcmp(bus, "virtio") != 0)
		return refuse_config(ctx,
		    "only bus 'virtio' is supported for input model '%s'",
		    model);
	return 0;
}
