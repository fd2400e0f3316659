/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* <controller>, and those that a domain gets because others need them. */
#include <string.h>

#include "domain_devices.h"
#include "../number.h"

const char *const controller_types[] = {"ide", "fdc", "scsi", "sata",
    "virtio-serial", "ccid", "usb", "pci", "xenbus", "isa", NULL};

static const char *const ide_models[] = {"piix3", "piix4", "ich6", NULL};
static const char *const scsi_models[] = {"auto", "buslogic", "lsilogic",
    "lsisas1068", "vmpvscsi", "ibmvscsi", "virtio-scsi", "lsisas1078",
    "virtio-transitional", "virtio-non-transitional", "ncr53c90", "dc390",
    "am53c974", NULL};
static const char *const virtio_models[] = {
    "virtio", "virtio-transitional", "virtio-non-transitional", NULL};
static const char *const usb_models[] = {"piix3-uhci", "piix4-uhci", "ehci",
    "ich9-ehci1", "ich9-uhci1", "ich9-uhci2", "ich9-uhci3", "vt82c686b-uhci",
    "pci-ohci", "nec-xhci", "qusb1", "qusb2", "qemu-xhci", "none", NULL};
static const char *const pci_models[] = {"pci-root", "pcie-root", "pci-bridge",
    "dmi-to-pci-bridge", "pcie-to-pci-bridge", "pcie-root-port",
    "pcie-switch-upstream-port", "pcie-switch-downstream-port",
    "pci-expander-bus", "pcie-expander-bus", NULL};
static const char *const no_models[] = {NULL};

static const char *const pci_model_names[] = {"none", "pci-bridge",
    "i82801b11-bridge", "ioh3420", "x3130-upstream", "xio3130-downstream",
    "pxb", "pxb-pcie", "pcie-root-port", "spapr-pci-host-bridge",
    "pcie-pci-bridge", NULL};

/* By type. */
static const char *const *const models[] = {ide_models, no_models, scsi_models,
    no_models, virtio_models, no_models, usb_models, pci_models, no_models,
    no_models};

const struct rule_attr controller_attrs[] = {
    ATTR_ENUM("type", 0, controller_types),
    ATTR("index", VALUE_INT, VALUE_NONNEGATIVE),
    ATTR("model", VALUE_ANY, 0),
    ATTR("ports", VALUE_INT, VALUE_NONNEGATIVE),
    ATTR("vectors", VALUE_INT, VALUE_NONNEGATIVE),
    ATTR("maxGrantFrames", VALUE_INT, VALUE_NONNEGATIVE),
    ATTR("maxEventChannels", VALUE_INT, VALUE_NONNEGATIVE),
    ATTR_END,
};
static const struct rule_attr driver_attrs[] = {
    ATTR("queues", VALUE_UINT, VALUE_DROP_ZERO),
    ATTR("cmd_per_lun", VALUE_UINT, VALUE_DROP_ZERO),
    ATTR("max_sectors", VALUE_UINT, VALUE_DROP_ZERO),
    ATTR("ioeventfd", VALUE_ON_OFF, 0),
    ATTR("iothread", VALUE_UINT, VALUE_DROP_ZERO),
    ATTRS_VIRTIO,
    ATTR_END,
};
static const struct rule_attr pci_model_attrs[] = {
    ATTR_ENUM("name", VALUE_DROP_ZERO, pci_model_names),
    ATTR_END,
};
static const struct rule_attr target_attrs[] = {
    ATTR("chassisNr", VALUE_INT, VALUE_BASE0 | VALUE_NONNEGATIVE),
    ATTR("chassis", VALUE_INT, VALUE_BASE0 | VALUE_NONNEGATIVE),
    ATTR_HEX("port", VALUE_INT, VALUE_BASE0 | VALUE_NONNEGATIVE, 1),
    ATTR("busNr", VALUE_INT, VALUE_BASE0 | VALUE_NONNEGATIVE),
    ATTR("index", VALUE_INT, VALUE_BASE0 | VALUE_NONNEGATIVE),
    ATTR("hotplug", VALUE_ON_OFF, 0),
    ATTR_END,
};
static const struct rule_attr node_text_rule[] = {
    ATTR_SAYS("node", VALUE_INT, VALUE_NONNEGATIVE, NULL, 0,
	"invalid NUMA node in target"),
};
static const struct rule target_children[] = {
    {
	.name = "node",
	.flags = RULE_TEXT | RULE_DROP_NO_TEXT,
	.text = node_text_rule,
    },
    RULE_END,
};

static int
hole_before(struct rule_ctx *ctx, struct node *hole)
{
	uint64_t bytes = 0;
	int rc =
	    element_bytes(ctx, hole, "./pcihole64", 1024, UINT64_MAX, &bytes);

	if (rc < 0)
		return -1;
	if (rc == 0)
		node_unlink(hole);
	else
		element_set_kib(hole, bytes / 1024 + (bytes % 1024 != 0));
	return 0;
}

static const struct rule controller_children[] = {
    {.name = "model", .flags = RULE_DROP_EMPTY, .attrs = pci_model_attrs},
    {
	.name = "target",
	.flags = RULE_DROP_EMPTY,
	.attrs = target_attrs,
	.children = target_children,
    },
    {.name = "driver", .flags = RULE_DROP_EMPTY, .attrs = driver_attrs},
    RULES_INFO,
    {.name = "pcihole64", .flags = RULE_TEXT, .before = hole_before},
    RULE_END,
};

static int
check_parts(struct rule_ctx *ctx, struct node *controller, int type)
{
	const char *numa = child_text(node_child(controller, "target"), "node");
	int32_t n;

	if (node_count(controller, "model") > 1)
		return refuse_xml(ctx,
		    "Multiple <model> elements in controller definition not "
		    "allowed");
	if (node_count(controller, "target") > 1)
		return refuse_xml(ctx,
		    "Multiple <target> elements in controller definition not "
		    "allowed");
	if (numa != NULL && (number_i32(numa, 10, &n) != 0 || n < 0))
		return refuse_xml(ctx, "invalid NUMA node in target");
	if (type != CONTROLLER_PCI) {
		drop_children(controller, "model");
		drop_children(controller, "target");
	}
	return 0;
}

/* Attributes that only some types have. */
static void
drop_foreign(struct node *controller, int type)
{
	if (type != CONTROLLER_VIRTIO_SERIAL && type != CONTROLLER_USB)
		node_set_attr(controller, "ports", NULL);
	if (type != CONTROLLER_VIRTIO_SERIAL)
		node_set_attr(controller, "vectors", NULL);
	if (type != CONTROLLER_XENBUS) {
		node_set_attr(controller, "maxGrantFrames", NULL);
		node_set_attr(controller, "maxEventChannels", NULL);
	}
	if (type != CONTROLLER_PCI ||
	    (!node_attr_is(controller, "model", "pci-root") &&
		!node_attr_is(controller, "model", "pcie-root")))
		drop_children(controller, "pcihole64");
}

static int
controller_before(struct rule_ctx *ctx, struct node *controller)
{
	const char *model = node_attr(controller, "model");
	int type;
	int32_t ports;

	if (attr_enum(ctx, controller, "type", controller_types, 0, &type) < 0)
		return -1;
	if (type < 0) {
		type = CONTROLLER_IDE;
		node_set_attr(controller, "type", "ide");
	}
	if (model != NULL && enum_index(models[type], model) < 0)
		return refuse_config(ctx, "Unknown model type '%s'", model);
	if (attr_i32(ctx, controller, "ports", VALUE_NONNEGATIVE, &ports) < 0)
		return -1;
	if (check_parts(ctx, controller, type) != 0)
		return -1;
	drop_foreign(controller, type);
	if (type == CONTROLLER_USB && model != NULL &&
	    strcmp(model, "none") == 0) {
		drop_children(controller, "alias");
		drop_children(controller, "master");
		drop_children(controller, "acpi");
		drop_children(controller, "address");
	}
	return 0;
}

/* A companion has a port on its master. */
static int
controller_after(struct rule_ctx *ctx, struct node *controller)
{
	static const char *const companions[] = {
	    "ich9-uhci1", "ich9-uhci2", "ich9-uhci3", NULL};
	int i = enum_index(companions, node_attr(controller, "model"));

	(void)ctx;
	if (i >= 0 && node_child(controller, "master") == NULL)
		node_set_attr_fmt(
		    rule_need(controller, controller_children, "master"),
		    "startport", "%d", 2 * i);
	return 0;
}

const struct rule controller_rule = {
    .name = "controller",
    .flags = RULE_MANY,
    .attrs = controller_attrs,
    .children = controller_children,
    .before = controller_before,
    .after = controller_after,
};

int
controller_type(const struct node *controller)
{
	return enum_index(controller_types, node_attr(controller, "type"));
}

int64_t
controller_index(const struct node *controller)
{
	return (int64_t)attr_number(controller, "index", UINT64_MAX);
}

int
controller_fill(struct devices *devices, struct node *controller)
{
	static const char *const with_iothreads[] = {"virtio-scsi",
	    "virtio-transitional", "virtio-non-transitional", NULL};

	/* By the number that libvirt has for a model, whatever the type. */
	if (node_attr(node_child(controller, "driver"), "iothread") != NULL &&
	    enum_index(with_iothreads, node_attr(controller, "model")) < 0)
		return refuse_xml(&devices->ctx,
		    "'iothread' attribute only supported for virtio scsi "
		    "controllers");
	return 0;
}

int
controller_check(struct devices *devices, struct node *controller)
{
	static const struct {
		const char *name;
		unsigned int min, max;
	} ranges[] = {
	    {"chassisNr", 1, 255},
	    {"chassis", 0, 255},
	    {"port", 0, 255},
	    {"busNr", 1, 254},
	};
	struct rule_ctx *ctx = &devices->ctx;
	const struct node *target = node_child(controller, "target");
	const char *model = node_attr(controller, "model");
	uint64_t n;

	if (controller_type(controller) != CONTROLLER_PCI)
		return 0;
	if (model != NULL &&
	    (strcmp(model, "pci-root") == 0 ||
		strcmp(model, "pcie-root") == 0) &&
	    node_child(controller, "address") != NULL)
		return refuse_config(ctx,
		    "pci-root and pcie-root controllers should not have an "
		    "address");
	if (controller_index(controller) > 255)
		return refuse_config(ctx,
		    "PCI controller index %d too high, maximum is 255",
		    (int)controller_index(controller));
	if (node_attr(target, "index") != NULL) {
		n = attr_number(target, "index", 0);
		if (n > 30)
			return refuse_config(ctx,
			    "PCI controller target index '%d' out of range - "
			    "must be 0-30",
			    (int)n);
		if ((controller_index(controller) == 0) != (n == 0))
			return refuse_config(ctx,
			    "Only the PCI controller with index 0 can have "
			    "target index 0, and vice versa");
	}
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		n = attr_number(target, ranges[i].name, UINT64_MAX);
		if (n != UINT64_MAX && (n < ranges[i].min || n > ranges[i].max))
			return refuse_config(ctx,
			    "PCI controller %s '%d' out of range - must be "
			    "%u-%u",
			    ranges[i].name, (int)n, ranges[i].min,
			    ranges[i].max);
	}
	if (node_child(target, "node") != NULL &&
	    controller_index(controller) == 0)
		return refuse_config(ctx,
		    "The PCI controller with index=0 can't be associated with "
		    "a NUMA node");
	return 0;
}
