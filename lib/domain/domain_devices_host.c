/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Devices of the host: <hostdev>, also as <interface type='hostdev'>. */
#include <string.h>

#include "domain_devices.h"
#include "../uuid.h"

const char *const hostdev_types[] = {
    "usb", "pci", "scsi", "scsi_host", "mdev", NULL};
static const char *const caps_types[] = {"storage", "misc", "net", NULL};
static const char *const modes[] = {"subsystem", "capabilities", NULL};
static const char *const sgio[] = {"default", "filtered", "unfiltered", NULL};
static const char *const mdev_models[] = {
    "vfio-pci", "vfio-ccw", "vfio-ap", NULL};
static const char *const vhost_models[] = {"default", "virtio",
    "virtio-transitional", "virtio-non-transitional", NULL};
static const char *const pci_backends[] = {
    "default", "kvm", "vfio", "xen", NULL};

#define ATTRS_HOSTDEV                                                          \
	ATTR_ENUM("mode", 0, modes), ATTR("type", VALUE_ANY, 0),               \
	    ATTR("managed", VALUE_ANY, 0)
static const struct rule_attr plain_attrs[] = {ATTRS_HOSTDEV, ATTR_END};
static const struct rule_attr caps_attrs[] = {
    ATTR_ENUM("mode", 0, modes),
    ATTR("type", VALUE_ANY, 0),
    ATTR_END,
};
static const struct rule_attr scsi_attrs[] = {
    ATTRS_HOSTDEV,
    ATTR_ENUM("sgio", VALUE_NONZERO, sgio),
    ATTR("rawio", VALUE_YES_NO, 0),
    ATTR_END,
};
static const struct rule_attr rawio_attrs[] = {
    ATTR("rawio", VALUE_YES_NO, 0),
    ATTR_END,
};
static const struct rule_attr scsi_host_attrs[] = {
    ATTRS_HOSTDEV,
    ATTR_ENUM("model", VALUE_DROP_ZERO, vhost_models),
    ATTR_END,
};
static const struct rule_attr mdev_attrs[] = {
    ATTRS_HOSTDEV,
    ATTR_ENUM("model", VALUE_REQUIRED, mdev_models),
    ATTR("display", VALUE_ON_OFF, 0),
    ATTR("ramfb", VALUE_ON_OFF, 0),
    ATTR_END,
};
static const char *const hostdev_names[] = {
    "managed", "sgio", "rawio", "model", "display", "ramfb", NULL};

static const struct rule_attr *const attrs_by_type[] = {
    [HOSTDEV_USB] = plain_attrs,
    [HOSTDEV_PCI] = plain_attrs,
    [HOSTDEV_SCSI] = scsi_attrs,
    [HOSTDEV_SCSI_HOST] = scsi_host_attrs,
    [HOSTDEV_MDEV] = mdev_attrs,
};

/* Attributes that belong to one type only. */
static int
check_device_attrs(struct rule_ctx *ctx, struct node *device, int type)
{
	int n;

	if (type != HOSTDEV_USB &&
	    node_attr(node_child(device, "source"), "startupPolicy") != NULL)
		return refuse_config(ctx,
		    "Setting startupPolicy is only allowed for USB devices");
	if (attr_enum(ctx, device, "sgio", sgio, VALUE_NONZERO, &n) < 0)
		return -1;
	if (n >= 0 && type != HOSTDEV_SCSI)
		return refuse_xml(
		    ctx, "sgio is only supported for scsi host device");
	if (rule_apply_attrs(ctx, device, rawio_attrs) != 0)
		return -1;
	if (node_attr(device, "rawio") != NULL && type != HOSTDEV_SCSI)
		return refuse_xml(
		    ctx, "rawio is only supported for scsi host device");
	if (type != HOSTDEV_MDEV && type != HOSTDEV_SCSI_HOST &&
	    node_attr(device, "model") != NULL)
		return refuse_xml(ctx,
		    "'model' attribute in <hostdev> is only supported when "
		    "type='%s'",
		    hostdev_types[type]);
	return 0;
}

int
hostdev_subsystem(struct rule_ctx *ctx, struct node *device,
    const char *type_name, bool interface)
{
	struct node *source = node_child(device, "source");
	int type = enum_index(hostdev_types, type_name);

	if (!node_attr_is(device, "managed", "yes"))
		node_set_attr(device, "managed", "no");
	if (type_name == NULL)
		return refuse_xml(ctx, "missing source address type");
	if (type < 0)
		return refuse_config(ctx,
		    "unknown host device source address type '%s'", type_name);
	if (source == NULL)
		return refuse_xml(
		    ctx, "Missing <source> element in hostdev device");
	if (check_device_attrs(ctx, device, type) != 0)
		return -1;
	if (!interface) {
		drop_attrs(device, attrs_by_type[type], hostdev_names);
		if (rule_apply_attrs(ctx, device, attrs_by_type[type]) != 0)
			return -1;
	}
	if (hostdev_source(ctx, source, type) != 0)
		return -1;
	if (type != HOSTDEV_PCI)
		drop_children(device, "driver");
	return 0;
}

static const struct rule_attr driver_attrs[] = {
    ATTR_ENUM("name", VALUE_NONZERO, pci_backends),
    ATTR_END,
};
static const struct rule hostdev_children[] = {
    {.name = "driver", .flags = RULE_DROP_EMPTY, .attrs = driver_attrs},
    {.name = "source", .flags = RULE_DROP_EMPTY},
    RULES_IP,
    RULE_TEAMING,
    {.name = "readonly"},
    {.name = "shareable"},
    RULES_INFO_ROM,
    RULE_END,
};

/* Capabilities: one device node or interface of the host. */
static const struct rule caps_children[] = {
    {.name = "block", .flags = RULE_TEXT},
    {.name = "char", .flags = RULE_TEXT},
    {.name = "interface", .flags = RULE_TEXT},
    RULE_END,
};
static const struct {
	const char *element, *words;
} caps_needs[] = {
    {"block", "Missing <block> element in hostdev storage device"},
    {"char", "Missing <char> element in hostdev character device"},
    {"interface", "Missing <interface> element in hostdev net device"},
};

static int
capabilities(struct rule_ctx *ctx, struct node *device, const char *name)
{
	struct node *source = node_child(device, "source");
	int type = enum_index(caps_types, name);

	if (name == NULL)
		return refuse_xml(ctx, "missing source address type");
	if (type < 0)
		return refuse_config(
		    ctx, "unknown host device source address type '%s'", name);
	if (source == NULL)
		return refuse_xml(
		    ctx, "Missing <source> element in hostdev device");
	if (child_text(source, caps_needs[type].element) == NULL)
		return refuse_xml(ctx, "%s", caps_needs[type].words);
	for (int i = 0; i < 3; i++) {
		if (i != type)
			drop_children(source, caps_needs[i].element);
	}
	drop_attrs(device, caps_attrs, hostdev_names);
	return rule_apply_attrs(ctx, device, caps_attrs) != 0
		   ? -1
		   : rule_apply_children(ctx, source, caps_children);
}

static int
hostdev_before(struct rule_ctx *ctx, struct node *hostdev)
{
	const char *mode = node_attr(hostdev, "mode");
	const char *type = node_attr(hostdev, "type");
	bool subsystem = mode == NULL || strcmp(mode, "subsystem") == 0;

	if (mode != NULL && enum_index(modes, mode) < 0)
		return refuse_config(ctx, "unknown hostdev mode '%s'", mode);
	if (mode == NULL)
		node_set_attr(hostdev, "mode", "subsystem");
	if ((subsystem ? hostdev_subsystem(ctx, hostdev, type, false)
		       : capabilities(ctx, hostdev, type)) != 0)
		return -1;
	if (!subsystem)
		drop_children(hostdev, "driver");
	if (!subsystem || strcmp(type, "scsi") != 0) {
		drop_children(hostdev, "readonly");
		drop_children(hostdev, "shareable");
	}
	if (subsystem || strcmp(type, "net") != 0) {
		drop_children(hostdev, "ip");
		drop_children(hostdev, "route");
	}
	if (devices_of(ctx)->usb_none &&
	    (strcmp(type, "usb") == 0 || strcmp(type, "storage") == 0))
		return refuse_config(ctx,
		    "Can't add host USB device: USB is disabled in this host");
	return 0;
}

static int
hostdev_after(struct rule_ctx *ctx, struct node *hostdev)
{
	(void)ctx;
	node_keep_open(hostdev);
	return 0;
}

const struct rule hostdev_rule = {
    .name = "hostdev",
    .flags = RULE_MANY,
    .children = hostdev_children,
    .before = hostdev_before,
    .after = hostdev_after,
};
