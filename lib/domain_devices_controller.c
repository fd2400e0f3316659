/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* <controller>, and those that a domain gets because others need them. */
#include <string.h>

#include "domain_devices.h"
#include "number.h"

#define CONTROLLERS_MAX 1024 /* that one address may make */

static const char *const types[] = {"ide", "fdc", "scsi", "sata",
    "virtio-serial", "ccid", "usb", "pci", "xenbus", "isa", NULL};
enum {
	TYPE_IDE,
	TYPE_FDC,
	TYPE_SCSI,
	TYPE_SATA,
	TYPE_VIRTIO_SERIAL,
	TYPE_CCID,
	TYPE_USB,
	TYPE_PCI,
	TYPE_XENBUS,
	TYPE_ISA,
};

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

static const struct rule_attr controller_attrs[] = {
    ATTR_ENUM("type", 0, types),
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
	if (type != TYPE_PCI) {
		drop_children(controller, "model");
		drop_children(controller, "target");
	}
	return 0;
}

/* Attributes that only some types have. */
static void
drop_foreign(struct node *controller, int type)
{
	if (type != TYPE_VIRTIO_SERIAL && type != TYPE_USB)
		node_set_attr(controller, "ports", NULL);
	if (type != TYPE_VIRTIO_SERIAL)
		node_set_attr(controller, "vectors", NULL);
	if (type != TYPE_XENBUS) {
		node_set_attr(controller, "maxGrantFrames", NULL);
		node_set_attr(controller, "maxEventChannels", NULL);
	}
	if (type != TYPE_PCI ||
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

	if (attr_enum(ctx, controller, "type", types, 0, &type) < 0)
		return -1;
	if (type < 0) {
		type = TYPE_IDE;
		node_set_attr(controller, "type", "ide");
	}
	if (model != NULL && enum_index(models[type], model) < 0)
		return refuse_config(ctx, "Unknown model type '%s'", model);
	if (attr_i32(ctx, controller, "ports", VALUE_NONNEGATIVE, &ports) < 0)
		return -1;
	if (check_parts(ctx, controller, type) != 0)
		return -1;
	drop_foreign(controller, type);
	if (type == TYPE_USB && model != NULL && strcmp(model, "none") == 0) {
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

static int
type_of(const struct node *controller)
{
	return enum_index(types, node_attr(controller, "type"));
}

/* -1: not known yet. */
static int64_t
index_of(const struct node *controller)
{
	return (int64_t)attr_number(controller, "index", UINT64_MAX);
}

static struct node *
find(const struct devices *devices, int type, int64_t index)
{
	FOR_DEVICES (devices, DEVICE_CONTROLLER, c) {
		if (index_of(c) == index && type_of(c) == type)
			return c;
	}
	return NULL;
}

static int
check_usb(struct devices *devices)
{
	bool other = false, master = false;

	FOR_DEVICES (devices, DEVICE_CONTROLLER, c) {
		bool none = node_attr_is(c, "model", "none");

		if (type_of(c) != TYPE_USB)
			continue;
		if (devices->usb_none || (none && other))
			return refuse(&devices->ctx, XVM_ERR_XML_DETAIL,
			    "Can't add another USB controller: USB is "
			    "disabled for this domain");
		if (none)
			devices->usb_none = true;
		else
			other = true;
		if (node_child(c, "master") == NULL)
			master = true;
	}
	if (other && !master)
		return refuse(&devices->ctx, XVM_ERR_XML_DETAIL,
		    "No master USB controller specified");
	return 0;
}

/* Each one beside those of its type, by index, masters first. */
static void
order(struct devices *devices)
{
	struct node *next, *first = devices->first[DEVICE_CONTROLLER];

	if (first == NULL)
		return;
	for (struct node *c = device_next(first); c != NULL; c = next) {
		struct node *where = NULL, *d = c->prev;
		bool placed = false, slave = node_child(c, "master") != NULL;
		int type = type_of(c);
		int64_t index = index_of(c);

		next = device_next(c);
		for (;; d = d->prev) {
			if (type_of(d) != type)
				goto further;
			if (index < 0) {
				where = device_next(d);
				placed = true;
				break;
			}
			if (index_of(d) > index ||
			    (!slave && index_of(d) == index &&
				node_child(d, "master") != NULL)) {
				where = d;
				placed = true;
			} else if (!placed) {
				where = device_next(d);
				placed = true;
			}
		further:
			if (d == devices->first[DEVICE_CONTROLLER])
				break;
		}
		if (!placed || where == c)
			continue;
		device_remove(devices, DEVICE_CONTROLLER, c);
		device_insert(devices, DEVICE_CONTROLLER, where, c);
	}
}

static bool
is_usb2(const struct node *controller)
{
	static const char *const usb2[] = {
	    "ich9-ehci1", "ich9-uhci1", "ich9-uhci2", "ich9-uhci3", NULL};

	return type_of(controller) == TYPE_USB &&
	       enum_index(usb2, node_attr(controller, "model")) >= 0;
}

static int64_t
unused_index(struct devices *devices, int type)
{
	int64_t index = 0;

	while (find(devices, type, index) != NULL)
		index++;
	return index;
}

/* The index of the USB2 controller before, where this one completes it. */
static int64_t
companion_index(struct devices *devices, const struct node *controller)
{
	const struct node *before = NULL;
	const char *model = node_attr(controller, "model");

	FOR_DEVICES (devices, DEVICE_CONTROLLER, c) {
		if (c == controller)
			break;
		if (type_of(c) == TYPE_USB)
			before = c;
	}
	if (before == NULL || !is_usb2(before))
		return -1;
	FOR_DEVICES (devices, DEVICE_CONTROLLER, d) {
		if (type_of(d) == TYPE_USB && index_of(d) == index_of(before) &&
		    node_attr_is(d, "model", model))
			return -1;
	}
	return index_of(before);
}

int
controllers_read(struct devices *devices)
{
	if (check_usb(devices) != 0)
		return -1;
	order(devices);
	FOR_DEVICES (devices, DEVICE_CONTROLLER, c) {
		int64_t index = -1;

		if (index_of(c) >= 0)
			continue;
		if (is_usb2(c))
			index = companion_index(devices, c);
		if (index < 0)
			index = unused_index(devices, type_of(c));
		rule_set_attr_u64(
		    c, controller_attrs, "index", (uint64_t)index);
	}
	return 0;
}

int
controllers_unique(struct devices *devices)
{
	FOR_DEVICES (devices, DEVICE_CONTROLLER, c) {
		for (struct node *d = device_next(c); d != NULL;
		     d = device_next(d)) {
			if (type_of(c) != TYPE_USB &&
			    type_of(c) == type_of(d) &&
			    index_of(c) == index_of(d))
				return refuse_xml(&devices->ctx,
				    "Multiple '%s' controllers with index "
				    "'%d'",
				    types[type_of(c)], (int)index_of(c));
		}
	}
	return 0;
}

static int
need(struct devices *devices, int type, uint32_t index, const char *model)
{
	struct node *c;

	if (find(devices, type, index) != NULL)
		return 0;
	c = device_add(devices, DEVICE_CONTROLLER);
	if (c == NULL)
		return error_nomem(devices->ctx.err);
	node_set_attr(c, "type", types[type]);
	node_set_attr_fmt(c, "index", "%u", index);
	if (model != NULL)
		node_set_attr(c, "model", model);
	return 0;
}

static int
need_up_to(struct devices *devices, int type, int64_t last, const char *model)
{
	if (last >= CONTROLLERS_MAX)
		return refuse_config(&devices->ctx,
		    "more than %d controllers of type '%s'", CONTROLLERS_MAX,
		    types[type]);
	for (int64_t i = 0; i <= last; i++) {
		if (need(devices, type, (uint32_t)i, model) != 0)
			return -1;
	}
	return 0;
}

static int
add_for_disks(struct devices *devices, int type, const char *bus)
{
	struct drive_address a;
	int64_t last = -1;

	FOR_DEVICES (devices, DEVICE_DISK, d) {
		if (node_attr_is(node_child(d, "target"), "bus", bus) &&
		    drive_address(d, &a) && (int32_t)a.controller > last)
			last = a.controller;
	}
	return need_up_to(devices, type, last, NULL);
}

static int
add_for_chars(struct devices *devices, enum device_kind kind)
{
	FOR_DEVICES (devices, kind, c) {
		const struct node *address = node_child(c, "address");
		uint64_t i = 0;

		if (!node_attr_is(node_child(c, "target"), "type", "virtio"))
			continue;
		if (node_attr_is(address, "type", "virtio-serial"))
			i = attr_number(address, "controller", 0);
		if (need(devices, TYPE_VIRTIO_SERIAL, (uint32_t)i, NULL) != 0)
			return -1;
	}
	return 0;
}

/* A card without an address gets the next slot of the first reader. */
static int
add_for_smartcards(struct devices *devices)
{
	FOR_DEVICES (devices, DEVICE_SMARTCARD, s) {
		struct node *address = node_child(s, "address");
		uint32_t index = 0, slot = 0;

		if (node_attr_is(address, "type", "ccid"))
			index = (uint32_t)attr_number(address, "controller", 0);
		FOR_DEVICES (devices, DEVICE_SMARTCARD, t) {
			const struct node *a = node_child(t, "address");

			if (node_attr_is(a, "type", "ccid") &&
			    attr_number(a, "controller", 1) == 0 &&
			    attr_number(a, "slot", 0) >= slot)
				slot = (uint32_t)attr_number(a, "slot", 0) + 1;
		}
		if (address == NULL) {
			address =
			    rule_need(s, smartcard_rule.children, "address");
			node_set_attr(address, "type", "ccid");
			node_set_attr(address, "controller", "0");
			node_set_attr_fmt(address, "slot", "%u", slot);
		}
		if (need(devices, TYPE_CCID, index, NULL) != 0)
			return -1;
	}
	return 0;
}

int
controllers_add_for_hostdevs(struct devices *devices)
{
	struct drive_address a;
	const char *model = NULL;
	int64_t last = -1;

	FOR_DEVICES (devices, DEVICE_HOSTDEV, h) {
		const struct node *c;

		if (!node_attr_is(h, "type", "scsi"))
			continue;
		if (!drive_address(h, &a))
			a.controller = 0;
		if ((int32_t)a.controller <= last)
			continue;
		last = a.controller;
		c = find(devices, TYPE_SCSI, last);
		if (node_attr(c, "model") != NULL)
			model = node_attr(c, "model");
	}
	return need_up_to(devices, TYPE_SCSI, last, model);
}

int
controllers_add(struct devices *devices)
{
	if (add_for_disks(devices, TYPE_SCSI, "scsi") != 0 ||
	    add_for_disks(devices, TYPE_FDC, "fdc") != 0 ||
	    add_for_disks(devices, TYPE_IDE, "ide") != 0 ||
	    add_for_disks(devices, TYPE_SATA, "sata") != 0 ||
	    add_for_chars(devices, DEVICE_CHANNEL) != 0 ||
	    add_for_chars(devices, DEVICE_CONSOLE) != 0 ||
	    add_for_smartcards(devices) != 0)
		return -1;
	return controllers_add_for_hostdevs(devices);
}

bool
controllers_have_usb(const struct devices *devices)
{
	FOR_DEVICES (devices, DEVICE_CONTROLLER, c) {
		if (type_of(c) == TYPE_USB && !node_attr_is(c, "model", "none"))
			return true;
	}
	return false;
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

	if (type_of(controller) != TYPE_PCI)
		return 0;
	if (model != NULL &&
	    (strcmp(model, "pci-root") == 0 ||
		strcmp(model, "pcie-root") == 0) &&
	    node_child(controller, "address") != NULL)
		return refuse_config(ctx,
		    "pci-root and pcie-root controllers should not have an "
		    "address");
	if (index_of(controller) > 255)
		return refuse_config(ctx,
		    "PCI controller index %d too high, maximum is 255",
		    (int)index_of(controller));
	if (node_attr(target, "index") != NULL) {
		n = attr_number(target, "index", 0);
		if (n > 30)
			return refuse_config(ctx,
			    "PCI controller target index '%d' out of range - "
			    "must be 0-30",
			    (int)n);
		if ((index_of(controller) == 0) != (n == 0))
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
	if (node_child(target, "node") != NULL && index_of(controller) == 0)
		return refuse_config(ctx,
		    "The PCI controller with index=0 can't be associated with "
		    "a NUMA node");
	return 0;
}
