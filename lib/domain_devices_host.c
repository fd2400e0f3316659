/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Devices of the host: <hostdev>, also as <interface type='hostdev'>. */
#include <string.h>

#include "domain_devices.h"
#include "uuid.h"

const char *const hostdev_types[] = {
    "usb", "pci", "scsi", "scsi_host", "mdev", NULL};
static const char *const caps_types[] = {"storage", "misc", "net", NULL};
static const char *const modes[] = {"subsystem", "capabilities", NULL};
static const char *const sgio[] = {"default", "filtered", "unfiltered", NULL};
static const char *const mdev_models[] = {
    "vfio-pci", "vfio-ccw", "vfio-ap", NULL};
static const char *const vhost_models[] = {"default", "virtio",
    "virtio-transitional", "virtio-non-transitional", NULL};
static const char *const resets[] = {
    "default", "off", "uninitialized", "on", NULL};
static const char *const scsi_protocols[] = {"adapter", "iscsi", NULL};
static const char *const scsi_host_protocols[] = {"none", "vhost", NULL};
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

/* <source> by type. */
static const struct rule_attr no_attrs[] = {ATTR_END};
static const struct rule_attr usb_source_attrs[] = {
    ATTR_ENUM("startupPolicy", VALUE_NONZERO, startup_policies),
    ATTR("autoAddress", VALUE_YES_NO, VALUE_DROP),
    ATTR_ENUM("guestReset", VALUE_NONZERO, resets),
    ATTR_END,
};
static const struct rule_attr pci_source_attrs[] = {
    ATTR("writeFiltering", VALUE_YES_NO, 0),
    ATTR_END,
};
static const struct rule_attr scsi_source_attrs[] = {
    ATTR_SAYS("protocol", VALUE_ENUM, VALUE_DROP_ZERO, scsi_protocols,
	XVM_ERR_CONFIG_UNSUPPORTED, "Unknown SCSI subsystem protocol '%s'"),
    ATTR_END,
};
static const struct rule_attr iscsi_source_attrs[] = {
    ATTR("protocol", VALUE_ANY, 0),
    ATTR("name", VALUE_ANY, 0),
    ATTR_END,
};
static const struct rule_attr scsi_host_source_attrs[] = {
    ATTR_SAYS("protocol", VALUE_ENUM, VALUE_NONZERO, scsi_host_protocols,
	XVM_ERR_CONFIG_UNSUPPORTED,
	"Unknown scsi_host subsystem protocol '%s'"),
    ATTR("wwpn", VALUE_ANY, 0),
    ATTR_END,
};
static const char *const source_names[] = {"startupPolicy", "autoAddress",
    "guestReset", "missing", "writeFiltering", "protocol", "name", "wwpn",
    NULL};

static const struct rule_attr vendor_attrs[] = {
    ATTR_HEX("id", VALUE_UINT, VALUE_REQUIRED | VALUE_NONZERO | VALUE_BASE0, 4),
    ATTR_END,
};
static const struct rule_attr product_attrs[] = {
    ATTR_HEX("id", VALUE_UINT, VALUE_REQUIRED | VALUE_BASE0, 4),
    ATTR_END,
};
static const struct rule_attr usb_address_attrs[] = {
    ATTR("type", VALUE_ANY, 0),
    ATTR("bus", VALUE_UINT, VALUE_REQUIRED | VALUE_BASE0),
    ATTR("device", VALUE_UINT, VALUE_REQUIRED | VALUE_BASE0),
    ATTR_END,
};
static const struct rule_attr scsi_address_attrs[] = {
    ATTR("type", VALUE_ANY, 0),
    ATTR("bus", VALUE_UINT, VALUE_REQUIRED | VALUE_BASE0),
    ATTR("target", VALUE_UINT, VALUE_REQUIRED | VALUE_BASE0),
    ATTR("unit", VALUE_ULL, VALUE_REQUIRED | VALUE_BASE0),
    ATTR_END,
};
static const struct rule_attr name_attrs[] = {
    ATTR("name", VALUE_ANY, 0),
    ATTR_END,
};
static const struct rule_attr mdev_address_attrs[] = {
    ATTR_SAYS("uuid", VALUE_UUID, 0, NULL, XVM_ERR_INTERNAL_ERROR,
	"Cannot parse uuid attribute of element <address>"),
    ATTR_END,
};

static bool
in_interface(const struct node *source)
{
	return node_is(source->parent, "interface");
}

/* The attribute type of an address: only below <interface>. */
static void
set_address_type(struct node *address, const char *type)
{
	if (in_interface(address->parent))
		node_set_attr(address, "type", type);
	else
		node_set_attr(address, "type", NULL);
}

static int
usb_address_before(struct rule_ctx *ctx, struct node *address)
{
	set_address_type(address, "usb");
	if (rule_apply_attrs(ctx, address, usb_address_attrs) != 0)
		return -1;
	if (node_attr_is(address, "bus", "0") &&
	    node_attr_is(address, "device", "0"))
		node_unlink(address);
	return 0;
}

static int
pci_address_before(struct rule_ctx *ctx, struct node *address)
{
	return pci_source_address(ctx, address, in_interface(address->parent));
}

static int
scsi_address_before(struct rule_ctx *ctx, struct node *address)
{
	(void)ctx;
	set_address_type(address, "scsi");
	return 0;
}

static const struct rule usb_children[] = {
    {.name = "vendor", .attrs = vendor_attrs},
    {.name = "product", .attrs = product_attrs},
    {.name = "address", .before = usb_address_before},
    RULE_END,
};
static const struct rule pci_children[] = {
    {.name = "address", .before = pci_address_before},
    {.name = "origstates", .flags = RULE_DROP},
    RULE_END,
};
static const struct rule scsi_children[] = {
    {.name = "adapter", .attrs = name_attrs},
    {
	.name = "address",
	.attrs = scsi_address_attrs,
	.before = scsi_address_before,
    },
    RULE_END,
};
static const struct rule mdev_children[] = {
    {.name = "address", .attrs = mdev_address_attrs},
    RULE_END,
};

static int
usb_source(struct rule_ctx *ctx, struct node *source)
{
	const struct node *vendor = node_child(source, "vendor");
	const struct node *product = node_child(source, "product");

	if (vendor != NULL && product == NULL)
		return refuse_internal(ctx, "missing product");
	if (vendor == NULL && product != NULL)
		return refuse_internal(ctx, "missing vendor");
	return 0;
}

static int
pci_source(struct rule_ctx *ctx, struct node *source)
{
	(void)ctx;
	(void)node_need(source, "address");
	return 0;
}

static int
scsi_source(struct rule_ctx *ctx, struct node *source)
{
	const char *adapter = node_attr(node_child(source, "adapter"), "name");

	if (node_child(source, "address") == NULL)
		return refuse_xml(
		    ctx, "'address' must be specified for scsi hostdev source");
	if (adapter == NULL || adapter[0] == '\0')
		return refuse_xml(ctx,
		    "'adapter' name must be specified for scsi hostdev "
		    "source");
	return 0;
}

static int
check_iscsi_auth(struct rule_ctx *ctx, const struct node *auth)
{
	static const char *const usages[] = {
	    "none", "volume", "ceph", "iscsi", "tls", "vtpm", NULL};
	const char *type = node_attr(node_child(auth, "secret"), "type");

	if (auth == NULL)
		return 0;
	if (enum_index(usages, type) < 0)
		return refuse_config(ctx, "invalid secret type %s",
		    type == NULL ? "(null)" : type);
	if (strcmp(type, "iscsi") != 0)
		return refuse_internal(
		    ctx, "hostdev invalid secret type '%s'", type);
	return 0;
}

static const struct rule_attr iscsi_host_attrs[] = {
    ATTR("name", VALUE_ANY, 0),
    ATTR("port", VALUE_UINT, VALUE_DROP_ZERO),
    ATTR_END,
};

static int
iscsi_host_before(struct rule_ctx *ctx, struct node *host)
{
	if (storage_host_rule.before(ctx, host) != 0)
		return -1;
	node_set_attr(host, "transport", NULL);
	node_set_attr(host, "socket", NULL);
	return 0;
}

static int
initiator_before(struct rule_ctx *ctx, struct node *initiator)
{
	return rule_apply(ctx, initiator, &initiator_rule);
}

static const struct rule iscsi_children[] = {
    {.name = "host", .attrs = iscsi_host_attrs, .before = iscsi_host_before},
    RULE_AUTH,
    {.name = "initiator", .before = initiator_before},
    RULE_END,
};

static int
iscsi_source(struct rule_ctx *ctx, struct node *source)
{
	size_t hosts = node_count(source, "host");

	if (node_attr(source, "name") == NULL)
		return refuse_xml(
		    ctx, "missing iSCSI hostdev source path name");
	if (hosts < 1)
		return refuse_xml(
		    ctx, "missing the host address for the iSCSI hostdev");
	if (hosts > 1)
		return refuse_xml(ctx,
		    "only one source host address may be specified for the "
		    "iSCSI hostdev");
	return check_iscsi_auth(ctx, node_child(source, "auth"));
}

static int
scsi_host_source(struct rule_ctx *ctx, struct node *source)
{
	const char *protocol = node_attr(source, "protocol");
	const char *wwpn = node_attr(source, "wwpn");

	if (protocol == NULL)
		return refuse_xml(ctx, "Missing scsi_host subsystem protocol");
	if (enum_index(scsi_host_protocols, protocol) <= 0)
		return refuse_config(
		    ctx, "Unknown scsi_host subsystem protocol '%s'", protocol);
	if (wwpn == NULL)
		return refuse_xml(
		    ctx, "missing vhost-scsi hostdev source wwpn");
	if (strncmp(wwpn, "naa.", 4) != 0 ||
	    strspn(wwpn + 4, "0123456789abcdefABCDEF") != 16 ||
	    wwpn[20] != '\0')
		return refuse_xml(ctx, "malformed 'wwpn' value");
	return 0;
}

static int
mdev_source(struct rule_ctx *ctx, struct node *source)
{
	const struct node *address = node_child(source, "address");

	if (address == NULL)
		return refuse_config(ctx, "Missing <address> element");
	if (node_attr(address, "uuid") == NULL)
		return refuse_config(
		    ctx, "Missing 'uuid' attribute for element <address>");
	return 0;
}

/* By type; the second of SCSI is iSCSI. */
static const struct source_kind {
	const struct rule_attr *device, *attrs;
	const struct rule *children;
	int (*check)(struct rule_ctx *ctx, struct node *source);
} source_kinds[] = {
    [HOSTDEV_USB] = {plain_attrs, usb_source_attrs, usb_children, usb_source},
    [HOSTDEV_PCI] = {plain_attrs, pci_source_attrs, pci_children, pci_source},
    [HOSTDEV_SCSI] = {scsi_attrs, scsi_source_attrs, scsi_children,
	scsi_source},
    [HOSTDEV_SCSI_HOST] = {scsi_host_attrs, scsi_host_source_attrs, NULL,
	scsi_host_source},
    [HOSTDEV_MDEV] = {mdev_attrs, no_attrs, mdev_children, mdev_source},
    {scsi_attrs, iscsi_source_attrs, iscsi_children, iscsi_source},
};
#define KIND_ISCSI (HOSTDEV_MDEV + 1)

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
	const struct source_kind *kind;

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
	kind = &source_kinds[type];
	if (type == HOSTDEV_SCSI && node_attr_is(source, "protocol", "iscsi"))
		kind = &source_kinds[KIND_ISCSI];
	if (!interface) {
		drop_attrs(device, kind->device, hostdev_names);
		if (rule_apply_attrs(ctx, device, kind->device) != 0)
			return -1;
	}
	drop_attrs(source, kind->attrs, source_names);
	if (rule_apply_attrs(ctx, source, kind->attrs) != 0 ||
	    kind->check(ctx, source) != 0)
		return -1;
	if (kind->children != NULL &&
	    rule_apply_children(ctx, source, kind->children) != 0)
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
