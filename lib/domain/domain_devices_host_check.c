/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Host devices among each other and beside disks: addresses, doubles. */
#include <string.h>

#include "domain_devices.h"

/* Units that controllers of a model have, and one that they keep. */
static const struct {
	const char *model;
	int max, reserved;
} scsi_limits[] = {
    {"virtio-scsi", 16383, -1},
    {"virtio-transitional", 16383, -1},
    {"virtio-non-transitional", 16383, -1},
    {"ibmvscsi", 31, 7},
    {"lsisas1068", 1, -1},
    {"lsisas1078", 255, -1},
    {"lsilogic", -1, 7},
    {"vmpvscsi", -1, 7},
    {"buslogic", -1, 7},
    {"ncr53c90", 6, -1},
    {"dc390", 6, -1},
    {"am53c974", 6, -1},
};

static bool
limits_allow(struct devices *devices, const struct drive_address *a)
{
	FOR_DEVICES (devices, DEVICE_CONTROLLER, c) {
		const char *model = node_attr(c, "model");

		if (!node_attr_is(c, "type", "scsi") ||
		    attr_number(c, "index", UINT64_MAX) != a->controller)
			continue;
		for (size_t i = 0;
		     i < sizeof(scsi_limits) / sizeof(scsi_limits[0]); i++) {
			if (model != NULL &&
			    strcmp(scsi_limits[i].model, model) == 0)
				return (scsi_limits[i].max < 0 ||
					   (int)a->unit <=
					       scsi_limits[i].max) &&
				       (int)a->unit != scsi_limits[i].reserved;
		}
		return true;
	}
	return true;
}

static bool
used_by_disk(struct devices *devices, const struct drive_address *a)
{
	struct drive_address b;

	FOR_DEVICES (devices, DEVICE_DISK, d) {
		if (node_attr_is(node_child(d, "target"), "bus", "scsi") &&
		    drive_address(d, &b) && drive_address_equal(a, &b))
			return true;
	}
	return false;
}

static bool
used_by_hostdev(struct devices *devices, const struct drive_address *a)
{
	struct drive_address b;

	FOR_DEVICES (devices, DEVICE_HOSTDEV, h) {
		if (node_attr_is(h, "type", "scsi") && drive_address(h, &b) &&
		    drive_address_equal(a, &b))
			return true;
	}
	return false;
}

static void
assign_address(struct devices *devices, struct node *hostdev)
{
	struct drive_address a = {0};

	for (;; a.controller++) {
		for (a.unit = 0; a.unit < 7; a.unit++) {
			if (!limits_allow(devices, &a) ||
			    used_by_disk(devices, &a) ||
			    used_by_hostdev(devices, &a))
				continue;
			drive_address_set(hostdev, &hostdev_rule, &a);
			return;
		}
	}
}

int
hostdev_fill(struct devices *devices, struct node *hostdev)
{
	const char *address, *model = node_attr(hostdev, "model");
	struct drive_address a;

	if (node_attr_is(hostdev, "mode", "capabilities"))
		return 0;
	address = address_type(hostdev);
	if (node_attr_is(hostdev, "type", "scsi")) {
		storage_fill(node_child(hostdev, "source"));
		if (address == NULL)
			assign_address(devices, hostdev);
		if (drive_address(hostdev, &a) && used_by_disk(devices, &a))
			return refuse_xml(&devices->ctx,
			    "SCSI host address controller='%u' bus='%u' "
			    "target='%u' unit='%u' in use by a SCSI disk",
			    a.controller, a.bus, a.target, a.unit);
	} else if (node_attr_is(hostdev, "type", "mdev") && address != NULL) {
		if ((strcmp(model, "vfio-pci") == 0 &&
			strcmp(address, "pci") != 0) ||
		    (strcmp(model, "vfio-ccw") == 0 &&
			strcmp(address, "ccw") != 0))
			return refuse_xml(&devices->ctx,
			    "Unsupported address type '%s' with mediated "
			    "device model '%s'",
			    address, model);
	}
	return 0;
}

static int
check_address(struct rule_ctx *ctx, const struct node *hostdev)
{
	static const struct {
		const char *type, *allowed[3], *words;
		int code;
	} rules[] = {
	    {"pci", {"pci", "unassigned", NULL},
		"PCI host devices must use 'pci' or 'unassigned' address type",
		XVM_ERR_INTERNAL_ERROR},
	    {"scsi", {"drive", NULL},
		"SCSI host device must use 'drive' address type",
		XVM_ERR_CONFIG_UNSUPPORTED},
	    {"scsi_host", {"pci", "ccw", NULL},
		"SCSI_host host device must use 'pci' or 'ccw' address type",
		XVM_ERR_CONFIG_UNSUPPORTED},
	    {"usb", {"usb", NULL},
		"USB host device must use 'usb' address type",
		XVM_ERR_CONFIG_UNSUPPORTED},
	};
	const char *address = address_type(hostdev);

	for (size_t i = 0; address != NULL && i < 4; i++) {
		if (node_attr_is(hostdev, "type", rules[i].type) &&
		    enum_index(rules[i].allowed, address) < 0)
			return refuse(ctx, rules[i].code, "%s", rules[i].words);
	}
	return 0;
}

int
hostdev_check(struct devices *devices, struct node *hostdev)
{
	struct rule_ctx *ctx = &devices->ctx;
	const struct node *teaming = node_child(hostdev, "teaming");
	bool subsystem = node_attr_is(hostdev, "mode", "subsystem");

	if (subsystem && check_address(ctx, hostdev) != 0)
		return -1;
	if (node_attr_is(hostdev, "sgio", "unfiltered"))
		return refuse_config(
		    ctx, "unfiltered sgio is no longer supported");
	if (teaming == NULL)
		return 0;
	if (!node_attr_is(teaming, "type", "transient"))
		return refuse_config(
		    ctx, "teaming hostdev devices must have type='transient'");
	if (node_attr(teaming, "persistent") == NULL)
		return refuse_config(ctx,
		    "missing required persistent attribute in hostdev teaming "
		    "element");
	if (!subsystem || !node_attr_is(hostdev, "type", "pci"))
		return refuse_config(
		    ctx, "teaming is only supported for pci hostdev devices");
	return 0;
}

/* A host device: of its own, or what an interface is. */
static const char *
subsystem_type(const struct node *device)
{
	const struct node *source = node_child(device, "source");
	const char *type;

	if (node_is(device, "hostdev"))
		return node_attr_is(device, "mode", "subsystem")
			   ? node_attr(device, "type")
			   : NULL;
	if (!node_attr_is(device, "type", "hostdev"))
		return NULL;
	type = node_attr(node_child(source, "address"), "type");
	return type == NULL ? "usb" : type;
}

static bool
same_attrs(const struct node *a, const struct node *b, const char *const *names)
{
	for (; *names != NULL; names++) {
		const char *x = node_attr(a, *names);
		const char *y = node_attr(b, *names);

		if ((x == NULL) != (y == NULL) ||
		    (x != NULL && strcmp(x, y) != 0))
			return false;
	}
	return true;
}

static bool
same_text(const struct node *a, const struct node *b, const char *path)
{
	const char *x = node_find_text(a, path);
	const char *y = node_find_text(b, path);

	return x != NULL && y != NULL && strcmp(x, y) == 0;
}

static bool
same_usb(const struct node *a, const struct node *b)
{
	static const char *const place[] = {"bus", "device", NULL};
	static const char *const id[] = {"id", NULL};
	const struct node *address = node_child(a, "address");

	if (attr_number(address, "bus", 0) != 0 &&
	    attr_number(address, "device", 0) != 0)
		return same_attrs(address, node_child(b, "address"), place);
	return same_attrs(
		   node_child(a, "vendor"), node_child(b, "vendor"), id) &&
	       same_attrs(
		   node_child(a, "product"), node_child(b, "product"), id);
}

static bool
same_device(const struct node *a, const struct node *b)
{
	static const char *const pci[] = {
	    "domain", "bus", "slot", "function", NULL};
	static const char *const scsi[] = {"bus", "target", "unit", NULL};
	static const char *const name[] = {"name", NULL};
	static const char *const host[] = {"name", "port", NULL};
	static const char *const wwpn[] = {"protocol", "wwpn", NULL};
	static const char *const uuid[] = {"uuid", NULL};
	const char *x = subsystem_type(a), *y = subsystem_type(b);
	const struct node *s = node_child(a, "source");
	const struct node *t = node_child(b, "source");

	if ((x == NULL) != (y == NULL))
		return false;
	if (x == NULL)
		return node_is(a, "hostdev") && node_is(b, "hostdev") &&
		       (same_text(s, t, "block") || same_text(s, t, "char") ||
			   same_text(s, t, "interface"));
	if (strcmp(x, y) != 0)
		return false;
	switch (enum_index(hostdev_types, x)) {
	case HOSTDEV_USB:
		return same_usb(s, t);
	case HOSTDEV_PCI:
		return same_attrs(
		    node_child(s, "address"), node_child(t, "address"), pci);
	case HOSTDEV_SCSI:
		if (node_attr(s, "protocol") != NULL)
			return same_attrs(s, t, name) &&
			       same_attrs(node_child(s, "host"),
				   node_child(t, "host"), host);
		return same_attrs(node_child(s, "adapter"),
			   node_child(t, "adapter"), name) &&
		       same_attrs(node_child(s, "address"),
			   node_child(t, "address"), scsi);
	case HOSTDEV_SCSI_HOST:
		return same_attrs(s, t, wwpn);
	default:
		return same_attrs(
		    node_child(s, "address"), node_child(t, "address"), uuid);
	}
}

static int
check_scsi_addresses(struct devices *devices)
{
	struct drive_address x, y;

	FOR_DEVICES (devices, DEVICE_HOSTDEV, a) {
		const char *other = NULL;

		if (!node_attr_is(a, "type", "scsi") || !drive_address(a, &x))
			continue;
		for (struct node *b = device_next(a); b != NULL;
		     b = device_next(b)) {
			if (node_attr_is(b, "type", "scsi") &&
			    drive_address(b, &y) && drive_address_equal(&x, &y))
				other = "host device";
		}
		if (other == NULL && used_by_disk(devices, &x))
			other = "disk";
		/* Controller and bus are named the other way round. */
		if (other != NULL)
			return refuse_config(&devices->ctx,
			    "SCSI host address controller='%u' bus='%u' "
			    "target='%u' unit='%u' in use by another SCSI %s",
			    x.bus, x.controller, x.target, x.unit, other);
	}
	return 0;
}

int
hostdevs_check(struct devices *devices)
{
	bool ramfb = false;

	FOR_DEVICES (devices, DEVICE_INTERFACE, a) {
		if (!node_attr_is(a, "type", "hostdev"))
			continue;
		for (struct node *b = device_next(a); b != NULL;
		     b = device_next(b)) {
			if (node_attr_is(b, "type", "hostdev") &&
			    same_device(a, b))
				goto twice;
		}
		FOR_DEVICES (devices, DEVICE_HOSTDEV, h) {
			if (same_device(a, h))
				goto twice;
		}
	}
	FOR_DEVICES (devices, DEVICE_HOSTDEV, a) {
		for (struct node *b = device_next(a); b != NULL;
		     b = device_next(b)) {
			if (same_device(a, b))
				goto twice;
		}
		if (!node_attr_is(a, "ramfb", "on"))
			continue;
		if (ramfb)
			return refuse_config(&devices->ctx,
			    "Only one vgpu device can have 'ramfb' enabled");
		ramfb = true;
	}
	return check_scsi_addresses(devices);
twice:
	return refuse_xml(&devices->ctx,
	    "Hostdev already exists in the domain configuration");
}
