/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* <interface>: its parts and their order. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

#include "domain_devices.h"
#include "../mac.h"
#include "../number.h"

#define TESTNET_MAX 1024

static const char *const models[] = {"unknown", "netfront", "rtl8139", "virtio",
    "e1000", "e1000e", "virtio-transitional", "virtio-non-transitional",
    "usb-net", "spapr-vlan", "lan9118", "scm91c111", "vlance", "vmxnet",
    "vmxnet2", "vmxnet3", "Am79C970A", "Am79C973", "82540EM", "82545EM",
    "82543GC", NULL};
static const char *const mac_types[] = {"", "generated", "static", NULL};
static const char *const drivers[] = {"default", "qemu", "vhost", NULL};
static const char *const txmodes[] = {"default", "iothread", "timer", NULL};
/* There is passt too, but not in the libvirt that Debian 12 has. */
static const char *const backends[] = {"default", NULL};
static const char *const link_states[] = {"default", "up", "down", NULL};
static const char *const pci_backends[] = {
    "default", "kvm", "vfio", "xen", NULL};

static const struct rule_attr interface_attrs[] = {
    ATTR_ENUM("type", 0, interface_types),
    ATTR("managed", VALUE_ANY, 0),
    ATTR("trustGuestRxFilters", VALUE_YES_NO, 0),
    ATTR_END,
};

/* <mac> */
static const struct rule_attr mac_attrs[] = {
    ATTR("address", VALUE_ANY, 0),
    ATTR_ENUM("type", VALUE_NONZERO, mac_types),
    ATTR("check", VALUE_YES_NO, 0),
    ATTR_END,
};

static void
set_mac(struct node *mac, const unsigned char m[MAC_SIZE])
{
	char text[MAC_TEXT_SIZE];

	(void)mac_format(m, text);
	if (!node_attr_is(mac, "address", text))
		rule_set_attr(mac, mac_attrs, "address", text);
}

static int
mac_before(struct rule_ctx *ctx, struct node *mac)
{
	const char *address = node_attr(mac, "address");
	unsigned char m[MAC_SIZE];
	const char *end;

	if (address == NULL) {
		memcpy(m, ctx->caps->mac_prefix, 3);
		if (getrandom(m + 3, 3, 0) != 3)
			return refuse_internal(
			    ctx, "cannot get random bytes for a mac address");
	} else if ((end = mac_scan(address, m)) == NULL ||
	    (unsigned char)*end > ' ') {	/* a blank may follow */
		return refuse_xml(
		    ctx, "unable to parse mac address '%s'", address);
	} else if ((m[0] & 1) != 0) {
		return refuse_xml(ctx,
		    "expected unicast mac address, found multicast '%s'",
		    address);
	}
	set_mac(mac, m);
	return 0;
}

/* <model>, <driver>, <backend> */
static const struct rule_attr model_attrs[] = {
    ATTR("type", VALUE_ANY, VALUE_DROP_EMPTY),
    ATTR_END,
};
static const struct rule_attr driver_attrs[] = {
    ATTR_ENUM("name", VALUE_NONZERO, drivers),
    ATTR_ENUM("txmode", VALUE_NONZERO, txmodes),
    ATTR("ioeventfd", VALUE_ON_OFF, 0),
    ATTR("event_idx", VALUE_ON_OFF, 0),
    ATTR("queues", VALUE_UINT, VALUE_DROP_ZERO),
    ATTR("rx_queue_size", VALUE_UINT, VALUE_DROP_ZERO),
    ATTR("tx_queue_size", VALUE_UINT, VALUE_DROP_ZERO),
    ATTR("rss", VALUE_ON_OFF, 0),
    ATTR("rss_hash_report", VALUE_ON_OFF, 0),
    ATTRS_VIRTIO,
    ATTR_END,
};
static const char *const driver_names[] = {"name", "txmode", "ioeventfd",
    "event_idx", "queues", "rx_queue_size", "tx_queue_size", "rss",
    "rss_hash_report", "iommu", "ats", "packed", "page_per_vq", NULL};
static const struct rule_attr host_attrs[] = {
    ATTR("csum", VALUE_ON_OFF, 0),
    ATTR("gso", VALUE_ON_OFF, 0),
    ATTR("tso4", VALUE_ON_OFF, 0),
    ATTR("tso6", VALUE_ON_OFF, 0),
    ATTR("ecn", VALUE_ON_OFF, 0),
    ATTR("ufo", VALUE_ON_OFF, 0),
    ATTR("mrg_rxbuf", VALUE_ON_OFF, 0),
    ATTR_END,
};
static const struct rule_attr guest_attrs[] = {
    ATTR("csum", VALUE_ON_OFF, 0),
    ATTR("tso4", VALUE_ON_OFF, 0),
    ATTR("tso6", VALUE_ON_OFF, 0),
    ATTR("ecn", VALUE_ON_OFF, 0),
    ATTR("ufo", VALUE_ON_OFF, 0),
    ATTR_END,
};
static const struct rule driver_children[] = {
    {.name = "host", .flags = RULE_DROP_EMPTY, .attrs = host_attrs},
    {.name = "guest", .flags = RULE_DROP_EMPTY, .attrs = guest_attrs},
    RULE_END,
};
static const struct rule_attr pci_driver_attrs[] = {
    ATTR_ENUM("name", VALUE_NONZERO, pci_backends),
    ATTR_END,
};
static const struct rule_attr backend_attrs[] = {
    ATTR_ENUM("type", VALUE_NONZERO, backends),
    ATTR("tap", VALUE_ANY, VALUE_DROP_EMPTY),
    ATTR("vhost", VALUE_ANY, VALUE_DROP_EMPTY),
    ATTR("logFile", VALUE_ANY, 0),
    ATTR_END,
};

static bool
is_virtio(const struct node *interface)
{
	return is_virtio_model(
	    node_attr(node_child(interface, "model"), "type"));
}

/* Only virtio has driver options; the rest of them means nothing then. */
static int
driver_before(struct rule_ctx *ctx, struct node *driver)
{
	if (node_attr_is(driver, "queues", "1"))
		node_set_attr(driver, "queues", NULL);
	if (rule_apply_attrs(ctx, driver, virtio_attrs) != 0)
		return -1;
	if (is_virtio(driver->parent))
		return 0;
	if (check_no_virtio(ctx, driver) != 0)
		return -1;
	drop_attrs(driver, NULL, driver_names);
	drop_children(driver, "host");
	drop_children(driver, "guest");
	return 0;
}

/* How the host's device is bound, before <source>. */
static int
pci_driver_before(struct rule_ctx *ctx, struct node *driver)
{
	if (rule_apply_attrs(ctx, driver, virtio_attrs) != 0 ||
	    check_no_virtio(ctx, driver) != 0)
		return -1;
	drop_attrs(driver, pci_driver_attrs, driver_names);
	drop_children(driver, "host");
	drop_children(driver, "guest");
	return 0;
}

static int
backend_before(struct rule_ctx *ctx, struct node *backend)
{
	if (!is_virtio(backend->parent) ||
	    node_attr_is(backend->parent, "type", "hostdev"))
		node_set_attr(backend, "vhost", NULL);
	if (sanitise_path(ctx, backend, "tap") != 0)
		return -1;
	return sanitise_path(ctx, backend, "vhost");
}

/* The smaller ones. */
static const struct rule_attr path_attrs[] = {
    ATTR("path", VALUE_ANY, VALUE_DROP_EMPTY),
    ATTR_END,
};
static const struct rule_attr name_attrs[] = {
    ATTR("name", VALUE_ANY, VALUE_DROP_EMPTY),
    ATTR_END,
};
static const struct rule_attr target_attrs[] = {
    ATTR("dev", VALUE_ANY, 0),
    ATTR("managed", VALUE_YES_NO, 0),
    ATTR_END,
};
static const struct rule_attr guest_dev_attrs[] = {
    ATTR("dev", VALUE_ANY, VALUE_DROP_EMPTY),
    ATTR("actual", VALUE_ANY, VALUE_DROP_EMPTY),
    ATTR_END,
};
static const struct rule_attr port_attrs[] = {
    ATTR("isolated", VALUE_YES_NO, 0),
    ATTR_END,
};
static const struct rule_attr link_attrs[] = {
    ATTR_SAYS("state", VALUE_ENUM, VALUE_NONZERO | VALUE_DROP_EMPTY,
	link_states, XVM_ERR_CONFIG_UNSUPPORTED,
	"unknown interface link state '%s'"),
    ATTR_END,
};
static const struct rule_attr mtu_attrs[] = {
    ATTR_SAYS("size", VALUE_UINT, VALUE_DROP_ZERO | VALUE_DROP_EMPTY, NULL, 0,
	"malformed mtu size"),
    ATTR_END,
};
static const struct rule_attr sndbuf_text[] = {
    ATTR_SAYS(
	"sndbuf", VALUE_ULL, 0, NULL, 0, "sndbuf must be a positive integer"),
};
static const struct rule tune_children[] = {
    {
	.name = "sndbuf",
	.flags = RULE_TEXT | RULE_DROP_NO_TEXT,
	.text = sndbuf_text,
    },
    RULE_END,
};

static int
frames_before(struct rule_ctx *ctx, struct node *frames)
{
	const char *max = node_attr(frames, "max");
	uint64_t n;

	if (max == NULL || max[0] == '\0')
		return 0;
	if (number_u64(max, 10, &n) != 0)
		return refuse(ctx, XVM_ERR_XML_DETAIL,
		    "cannot parse value '%s' for coalesce parameter", max);
	if (n > UINT32_MAX)
		return refuse(ctx, XVM_ERR_OVERFLOW,
		    "value '%llu' is too big for coalesce parameter, maximum "
		    "is '%lu'",
		    (unsigned long long)n, (unsigned long)UINT32_MAX);
	return 0;
}

static const struct rule_attr frames_attrs[] = {
    ATTR("max", VALUE_UINT, VALUE_DROP_ZERO | VALUE_DROP_EMPTY),
    ATTR_END,
};
static const struct rule frames_children[] = {
    {
	.name = "frames",
	.flags = RULE_DROP_EMPTY,
	.attrs = frames_attrs,
	.before = frames_before,
    },
    RULE_END,
};
static const struct rule coalesce_children[] = {
    {.name = "rx", .flags = RULE_DROP_EMPTY, .children = frames_children},
    RULE_END,
};

/* A name that the hypervisor makes is not kept. */
static int
target_before(struct rule_ctx *ctx, struct node *target)
{
	if ((ctx->flags & DOMAIN_XML_PARSE_INACTIVE) != 0 &&
	    !node_attr_is(target, "managed", "no") &&
	    (attr_starts(target, "dev", "vnet") ||
		attr_starts(target, "dev", "macvtap") ||
		attr_starts(target, "dev", "macvlan")))
		node_set_attr(target, "dev", NULL);
	return 0;
}

#define RULES_AFTER_SOURCE                                                     \
	{.name = "vlan",                                                       \
	    .attrs = vlan_attrs,                                               \
	    .children = vlan_children,                                         \
	    .before = vlan_before},                                            \
	    {.name = "virtualport",                                            \
		.attrs = vport_attrs,                                          \
		.children = vport_children,                                    \
		.before = vport_before,                                        \
		.after = vport_after},                                         \
	    {.name = "bandwidth",                                              \
		.children = bandwidth_children,                                \
		.before = bandwidth_before,                                    \
		.after = bandwidth_after},                                     \
	    {.name = "port", .flags = RULE_DROP_EMPTY, .attrs = port_attrs},   \
	    RULES_IP,                                                          \
	    {.name = "portForward",                                            \
		.flags = RULE_MANY,                                            \
		.attrs = port_forward_attrs,                                   \
		.children = port_forward_children,                             \
		.before = port_forward_before},                                \
	    {.name = "script", .flags = RULE_DROP_EMPTY, .attrs = path_attrs}, \
	    {.name = "downscript",                                             \
		.flags = RULE_DROP_EMPTY,                                      \
		.attrs = path_attrs},                                          \
	    {.name = "backenddomain",                                          \
		.flags = RULE_DROP_EMPTY,                                      \
		.attrs = name_attrs},                                          \
	    {.name = "target",                                                 \
		.flags = RULE_DROP_EMPTY,                                      \
		.attrs = target_attrs,                                         \
		.before = target_before},                                      \
	    {.name = "guest",                                                  \
		.flags = RULE_DROP_EMPTY,                                      \
		.attrs = guest_dev_attrs},                                     \
	{                                                                      \
		.name = "model", .flags = RULE_DROP_EMPTY,                     \
		.attrs = model_attrs                                           \
	}
#define RULES_AFTER_DRIVER                                                     \
	{.name = "backend",                                                    \
	    .flags = RULE_DROP_EMPTY,                                          \
	    .attrs = backend_attrs,                                            \
	    .before = backend_before},                                         \
	    {.name = "filterref", .before = filterref_before},                 \
	    {.name = "tune",                                                   \
		.flags = RULE_DROP_EMPTY,                                      \
		.children = tune_children},                                    \
	    RULE_TEAMING,                                                      \
	    {.name = "link", .flags = RULE_DROP_EMPTY, .attrs = link_attrs},   \
	    {.name = "mtu", .flags = RULE_DROP_EMPTY, .attrs = mtu_attrs},     \
	    {.name = "coalesce",                                               \
		.flags = RULE_DROP_EMPTY,                                      \
		.children = coalesce_children},                                \
	    RULES_INFO_ROM, RULE_END

const struct rule interface_children[] = {
    {.name = "mac", .attrs = mac_attrs, .before = mac_before},
    {.name = "source",
	.flags = RULE_DROP_EMPTY,
	.before = interface_source_before},
    RULES_AFTER_SOURCE,
    {
	.name = "driver",
	.flags = RULE_DROP_EMPTY,
	.attrs = driver_attrs,
	.children = driver_children,
	.before = driver_before,
    },
    RULES_AFTER_DRIVER,
};
static const struct rule hostdev_children[] = {
    {.name = "mac", .attrs = mac_attrs, .before = mac_before},
    {
	.name = "driver",
	.flags = RULE_DROP_EMPTY,
	.attrs = pci_driver_attrs,
	.before = pci_driver_before,
    },
    {.name = "source"},
    RULES_AFTER_SOURCE,
    RULES_AFTER_DRIVER,
};

/* The model in its usual spelling; "unknown" is none. */
static int
read_model(struct rule_ctx *ctx, struct node *model)
{
	const char *type = node_attr(model, "type");

	if (type == NULL || type[0] == '\0')
		return 0;
	for (size_t i = 0; models[i] != NULL; i++) {
		if (strcasecmp(models[i], type) != 0)
			continue;
		if (i == 0)
			node_set_attr(model, "type", NULL);
		else if (strcmp(models[i], type) != 0)
			node_set_attr(model, "type", models[i]);
		return 0;
	}
	if (type[strspn(type,
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"0123456789_-")] != '\0')
		return refuse(ctx, XVM_ERR_INVALID_ARG,
		    "Model name contains invalid characters");
	return 0;
}

static int
interface_before(struct rule_ctx *ctx, struct node *interface)
{
	const struct node *source = node_child(interface, "source");
	const struct interface_type *type;
	const char *address;
	struct node *mac;

	if (node_attr(interface, "type") == NULL)
		node_set_attr(interface, "type", "user");
	if (rule_apply_attrs(ctx, interface, interface_attrs) != 0 ||
	    read_model(ctx, node_child(interface, "model")) != 0)
		return -1;
	type = interface_type(interface);
	if (type->needs_source && source == NULL)
		return refuse_xml(ctx,
		    "interface type='%s' requires a 'source' element",
		    node_attr(interface, "type"));
	if (!type->filters)
		drop_children(interface, "filterref");
	mac = node_child(interface, "mac");
	if (mac == NULL && (mac = node_new(ctx->doc, "mac")) != NULL) {
		if (interface->first != NULL)
			node_insert_before(interface->first, mac);
		else
			node_append(interface, mac);
	}
	if (type->source != NULL) {
		node_set_attr(interface, "managed", NULL);
		return rule_apply_children(ctx, interface, interface_children);
	}
	address = node_attr(node_child(source, "address"), "type");
	if (address == NULL && node_child(source, "vendor") != NULL)
		address = "usb";
	if (hostdev_subsystem(ctx, interface, address, true) != 0)
		return -1;
	if (node_attr_is(interface, "managed", "no"))
		node_set_attr(interface, "managed", NULL);
	return rule_apply_children(ctx, interface, hostdev_children);
}

const struct rule interface_rule = {
    .name = "interface",
    .flags = RULE_MANY,
    .before = interface_before,
};

/* The test driver names what has no name yet testnet0, testnet1, ... */
int
interfaces_name(struct devices *devices)
{
	char name[24];
	int n = 0;

	FOR_DEVICES (devices, DEVICE_INTERFACE, i) {
		if (node_attr(node_child(i, "target"), "dev") != NULL)
			continue;
		/* Those below n are in use. */
		for (bool used = true; used; n++) {
			if (n == TESTNET_MAX)
				return refuse_internal(&devices->ctx,
				    "Exceeded max iface limit %d", n);
			(void)snprintf(name, sizeof(name), "testnet%d", n);
			used = false;
			FOR_DEVICES (devices, DEVICE_INTERFACE, j) {
				if (node_attr_is(
					node_child(j, "target"), "dev", name))
					used = true;
			}
		}
		rule_set_attr(rule_need(i, interface_children, "target"),
		    target_attrs, "dev", name);
	}
	return 0;
}
