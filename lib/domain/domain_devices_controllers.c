/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* All controllers of a domain: order, indexes, those that others need. */
#include "domain_devices.h"

#define CONTROLLERS_MAX 1024 /* that one address may make */

static struct node *
find(const struct devices *devices, int type, int64_t index)
{
	FOR_DEVICES (devices, DEVICE_CONTROLLER, c) {
		if (controller_index(c) == index && controller_type(c) == type)
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

		if (controller_type(c) != CONTROLLER_USB)
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
		int type = controller_type(c);
		int64_t index = controller_index(c);

		next = device_next(c);
		for (;; d = d->prev) {
			if (controller_type(d) != type)
				goto further;
			if (index < 0) {
				where = device_next(d);
				placed = true;
				break;
			}
			if (controller_index(d) > index ||
			    (!slave && controller_index(d) == index &&
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

	return controller_type(controller) == CONTROLLER_USB &&
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
		if (controller_type(c) == CONTROLLER_USB)
			before = c;
	}
	if (before == NULL || !is_usb2(before))
		return -1;
	FOR_DEVICES (devices, DEVICE_CONTROLLER, d) {
		if (controller_type(d) == CONTROLLER_USB &&
		    controller_index(d) == controller_index(before) &&
		    node_attr_is(d, "model", model))
			return -1;
	}
	return controller_index(before);
}

int
controllers_read(struct devices *devices)
{
	if (check_usb(devices) != 0)
		return -1;
	order(devices);
	FOR_DEVICES (devices, DEVICE_CONTROLLER, c) {
		int64_t index = -1;

		if (controller_index(c) >= 0)
			continue;
		if (is_usb2(c))
			index = companion_index(devices, c);
		if (index < 0)
			index = unused_index(devices, controller_type(c));
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
			if (controller_type(c) != CONTROLLER_USB &&
			    controller_type(c) == controller_type(d) &&
			    controller_index(c) == controller_index(d))
				return refuse_xml(&devices->ctx,
				    "Multiple '%s' controllers with index "
				    "'%d'",
				    controller_types[controller_type(c)],
				    (int)controller_index(c));
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
	node_set_attr(c, "type", controller_types[type]);
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
		    controller_types[type]);
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
		if (need(devices, CONTROLLER_VIRTIO_SERIAL, (uint32_t)i,
			NULL) != 0)
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
		if (need(devices, CONTROLLER_CCID, index, NULL) != 0)
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
		c = find(devices, CONTROLLER_SCSI, last);
		if (node_attr(c, "model") != NULL)
			model = node_attr(c, "model");
	}
	return need_up_to(devices, CONTROLLER_SCSI, last, model);
}

int
controllers_add(struct devices *devices)
{
	if (add_for_disks(devices, CONTROLLER_SCSI, "scsi") != 0 ||
	    add_for_disks(devices, CONTROLLER_FDC, "fdc") != 0 ||
	    add_for_disks(devices, CONTROLLER_IDE, "ide") != 0 ||
	    add_for_disks(devices, CONTROLLER_SATA, "sata") != 0 ||
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
		if (controller_type(c) == CONTROLLER_USB &&
		    !node_attr_is(c, "model", "none"))
			return true;
	}
	return false;
}
