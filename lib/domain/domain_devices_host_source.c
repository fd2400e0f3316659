/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The <source> of a host device of each type. */
#include <string.h>

#include "domain_devices.h"

static const char *const resets[] = {
    "default", "off", "uninitialized", "on", NULL};
static const char *const scsi_protocols[] = {"adapter", "iscsi", NULL};
static const char *const scsi_host_protocols[] = {"none", "vhost", NULL};

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
	if (storage_host_before(ctx, host) != 0)
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
	const struct rule_attr *attrs;
	const struct rule *children;
	int (*check)(struct rule_ctx *ctx, struct node *source);
} source_kinds[] = {
    [HOSTDEV_USB] = {usb_source_attrs, usb_children, usb_source},
    [HOSTDEV_PCI] = {pci_source_attrs, pci_children, pci_source},
    [HOSTDEV_SCSI] = {scsi_source_attrs, scsi_children, scsi_source},
    [HOSTDEV_SCSI_HOST] = {scsi_host_source_attrs, NULL, scsi_host_source},
    [HOSTDEV_MDEV] = {no_attrs, mdev_children, mdev_source},
    {iscsi_source_attrs, iscsi_children, iscsi_source},
};
#define KIND_ISCSI (HOSTDEV_MDEV + 1)

int
hostdev_source(struct rule_ctx *ctx, struct node *source, int type)
{
	const struct source_kind *kind = &source_kinds[type];

	if (type == HOSTDEV_SCSI && node_attr_is(source, "protocol", "iscsi"))
		kind = &source_kinds[KIND_ISCSI];
	drop_attrs(source, kind->attrs, source_names);
	if (rule_apply_attrs(ctx, source, kind->attrs) != 0 ||
	    kind->check(ctx, source) != 0)
		return -1;
	return kind->children == NULL
		   ? 0
		   : rule_apply_children(ctx, source, kind->children);
}
