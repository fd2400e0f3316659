/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* <disk>. */
#include <string.h>

#include "domain_devices.h"

static const char *const device_types[] = {
    "disk", "cdrom", "floppy", "lun", NULL};
static const char *const buses[] = {"none", "ide", "fdc", "scsi", "virtio",
    "xen", "usb", "uml", "sata", "sd", NULL};
static const char *const models[] = {"default", "virtio", "virtio-transitional",
    "virtio-non-transitional", NULL};
static const char *const snapshots[] = {
    "default", "no", "internal", "external", "manual", NULL};
static const char *const sgio[] = {"default", "filtered", "unfiltered", NULL};
static const char *const trays[] = {"closed", "open", NULL};
static const char *const translations[] = {
    "default", "none", "auto", "lba", NULL};
static const char *const caches[] = {"default", "none", "writethrough",
    "writeback", "directsync", "unsafe", NULL};
static const char *const policies[] = {
    "default", "stop", "report", "ignore", "enospace", NULL};
static const char *const ios[] = {
    "default", "native", "threads", "io_uring", NULL};
static const char *const discards[] = {"default", "unmap", "ignore", NULL};
static const char *const detects[] = {"default", "off", "on", "unmap", NULL};

static const struct rule_attr disk_attrs[] = {
    ATTR_ENUM("type", VALUE_NONZERO, storage_types),
    ATTR_ENUM("device", 0, device_types),
    ATTR_ENUM("model", VALUE_DROP_ZERO, models),
    ATTR("rawio", VALUE_YES_NO, 0),
    ATTR_ENUM("sgio", VALUE_NONZERO, sgio),
    ATTR_ENUM("snapshot", VALUE_NONZERO, snapshots),
    ATTR_END,
};
static const struct rule_attr driver_attrs[] = {
    ATTR("name", VALUE_ANY, 0),
    ATTR_SAYS("type", VALUE_ENUM, VALUE_NONZERO, storage_formats,
	XVM_ERR_CONFIG_UNSUPPORTED, "unknown driver format value '%s'"),
    ATTR_ENUM("cache", VALUE_DROP_ZERO, caches),
    ATTR_ENUM("error_policy", VALUE_NONZERO, policies),
    ATTR_ENUM("rerror_policy", VALUE_NONZERO, policies),
    ATTR_ENUM("io", VALUE_NONZERO, ios),
    ATTR("ioeventfd", VALUE_ON_OFF, 0),
    ATTR("event_idx", VALUE_ON_OFF, 0),
    ATTR("copy_on_read", VALUE_ON_OFF, 0),
    ATTR_ENUM("discard", VALUE_NONZERO, discards),
    ATTR("iothread", VALUE_UINT, VALUE_NONZERO),
    ATTR_ENUM("detect_zeroes", VALUE_NONZERO, detects),
    ATTR("queues", VALUE_UINT, VALUE_DROP_ZERO),
    ATTR("queue_size", VALUE_UINT, VALUE_DROP_ZERO),
    ATTRS_VIRTIO,
    ATTR_END,
};
static const struct rule_attr geometry_attrs[] = {
    ATTR("cyls", VALUE_UINT, 0),
    ATTR("heads", VALUE_UINT, 0),
    ATTR("secs", VALUE_UINT, 0),
    ATTR_ENUM("trans", VALUE_NONZERO, translations),
    ATTR_END,
};
static const struct rule_attr blockio_attrs[] = {
    ATTR("logical_block_size", VALUE_UINT, VALUE_DROP_ZERO),
    ATTR("physical_block_size", VALUE_UINT, VALUE_DROP_ZERO),
    ATTR_END,
};
static const struct rule_attr target_attrs[] = {
    ATTR("dev", VALUE_ANY, 0),
    ATTR_ENUM("bus", VALUE_NONZERO, buses),
    ATTR_ENUM("tray", VALUE_DROP_ZERO, trays),
    ATTR("removable", VALUE_ON_OFF, 0),
    ATTR("rotation_rate", VALUE_UINT, VALUE_DROP_ZERO),
    ATTR_END,
};
static const struct rule_attr name_attrs[] = {
    ATTR("name", VALUE_ANY, VALUE_DROP_EMPTY),
    ATTR_END,
};
static const struct rule_attr transient_attrs[] = {
    ATTR("shareBacking", VALUE_YES_NO, 0),
    ATTR_END,
};

static int
driver_before(struct rule_ctx *ctx, struct node *driver)
{
	if (node_attr_is(driver, "type", "aio"))
		node_set_attr(driver, "type", "raw");
	if (node_attr_is(driver, "rerror_policy", "enospace"))
		return refuse_config(
		    ctx, "Invalid disk read error policy: '%s'", "enospace");
	return 0;
}

static int
max_size_before(struct rule_ctx *ctx, struct node *size)
{
	return bytes_child(ctx, size, "./metadata_cache/max_size");
}

static const struct rule max_size_children[] = {
    {.name = "max_size", .flags = RULE_TEXT, .before = max_size_before},
    RULE_END,
};
static const struct rule driver_children[] = {
    {
	.name = "metadata_cache",
	.flags = RULE_DROP_EMPTY,
	.children = max_size_children,
    },
    RULE_END,
};

static int
source_before(struct rule_ctx *ctx, struct node *source)
{
	const char *type = node_attr(source->parent, "type");

	return storage_source(ctx, source, enum_index(storage_types, type));
}

/* Written when it says all three. */
static int
geometry_after(struct rule_ctx *ctx, struct node *geometry)
{
	(void)ctx;
	if (attr_number(geometry, "cyls", 0) == 0 ||
	    attr_number(geometry, "heads", 0) == 0 ||
	    attr_number(geometry, "secs", 0) == 0)
		node_unlink(geometry);
	return 0;
}

static int
mirror_before(struct rule_ctx *ctx, struct node *mirror)
{
	if ((ctx->flags & DOMAIN_XML_PARSE_INACTIVE) != 0)
		node_unlink(mirror);
	return 0;
}

static int
transient_after(struct rule_ctx *ctx, struct node *transient)
{
	(void)ctx;
	if (node_attr_is(transient, "shareBacking", "no"))
		node_set_attr(transient, "shareBacking", NULL);
	return 0;
}

#define TUNE(n)                                                                \
	{                                                                      \
		.name = (n), .flags = RULE_TEXT | RULE_DROP_NO_TEXT,           \
		.text = (const struct rule_attr[]){                            \
		    ATTR_SAYS((n), VALUE_ULL, VALUE_DROP_ZERO, NULL, 0,        \
			"disk iotune field '" n "' must be an integer"),       \
		},                                                             \
	}
const struct rule iotune_children[] = {
    TUNE("total_bytes_sec"),
    TUNE("read_bytes_sec"),
    TUNE("write_bytes_sec"),
    TUNE("total_iops_sec"),
    TUNE("read_iops_sec"),
    TUNE("write_iops_sec"),
    TUNE("total_bytes_sec_max"),
    TUNE("read_bytes_sec_max"),
    TUNE("write_bytes_sec_max"),
    TUNE("total_iops_sec_max"),
    TUNE("read_iops_sec_max"),
    TUNE("write_iops_sec_max"),
    TUNE("size_iops_sec"),
    {.name = "group_name", .flags = RULE_TEXT | RULE_DROP_NO_TEXT},
    TUNE("total_bytes_sec_max_length"),
    TUNE("read_bytes_sec_max_length"),
    TUNE("write_bytes_sec_max_length"),
    TUNE("total_iops_sec_max_length"),
    TUNE("read_iops_sec_max_length"),
    TUNE("write_iops_sec_max_length"),
    RULE_END,
};

static const struct rule disk_children[] = {
    {
	.name = "driver",
	.flags = RULE_DROP_EMPTY,
	.attrs = driver_attrs,
	.children = driver_children,
	.before = driver_before,
    },
    RULE_AUTH,
    {.name = "source", .flags = RULE_DROP_EMPTY, .before = source_before},
    {.name = "backingStore", .before = backing_store},
    {
	.name = "backenddomain",
	.flags = RULE_DROP_EMPTY,
	.attrs = name_attrs,
    },
    {
	.name = "geometry",
	.attrs = geometry_attrs,
	.after = geometry_after,
    },
    {.name = "blockio", .flags = RULE_DROP_EMPTY, .attrs = blockio_attrs},
    {.name = "mirror", .flags = RULE_OPAQUE, .before = mirror_before},
    {.name = "target", .attrs = target_attrs},
    {
	.name = "iotune",
	.flags = RULE_DROP_EMPTY,
	.children = iotune_children,
    },
    {.name = "readonly"},
    {.name = "shareable"},
    {
	.name = "transient",
	.attrs = transient_attrs,
	.after = transient_after,
    },
    {.name = "serial", .flags = RULE_TEXT | RULE_DROP_NO_TEXT},
    {.name = "wwn", .flags = RULE_TEXT | RULE_DROP_NO_TEXT},
    {.name = "vendor", .flags = RULE_TEXT | RULE_DROP_NO_TEXT},
    {.name = "product", .flags = RULE_TEXT | RULE_DROP_NO_TEXT},
    RULE_ENCRYPTION,
    RULE_BOOT,
    RULES_INFO,
    RULE_END,
};

static int
disk_before(struct rule_ctx *ctx, struct node *disk)
{
	const struct node *source = node_child(disk, "source");

	if ((ctx->flags & DOMAIN_XML_PARSE_INACTIVE) != 0)
		drop_children(disk, "mirror");
	if (source == NULL && node_attr(disk, "type") != NULL &&
	    enum_index(storage_types, node_attr(disk, "type")) > 0)
		node_set_attr(disk, "type", "file");
	rule_set_attr(disk, disk_attrs, "type",
	    node_attr(disk, "type") == NULL ? "file" : node_attr(disk, "type"));
	(void)node_default_attr(disk, "device", "disk");
	if (node_child(disk, "auth") != NULL &&
	    node_child(source, "auth") != NULL)
		return refuse_config(
		    ctx, "an <auth> definition already found for disk source");
	if (node_child(disk, "encryption") != NULL &&
	    node_child(source, "encryption") != NULL)
		return refuse_config(ctx,
		    "an <encryption> definition already found for disk "
		    "source");
	return 0;
}

const struct rule disk_rule = {
    .name = "disk",
    .flags = RULE_MANY,
    .attrs = disk_attrs,
    .children = disk_children,
    .before = disk_before,
};

/* libvirt keeps the disks of a bus together, by their names' numbers. */
void
disks_order(struct devices *devices)
{
	struct node *next, *rest = devices->first[DEVICE_DISK];

	if (rest == NULL || device_next(rest) == NULL)
		return;
	for (struct node *disk = device_next(rest); disk != NULL; disk = next) {
		const struct node *target = node_child(disk, "target");
		const char *bus = node_attr(target, "bus");
		const char *dev = node_attr(target, "dev");
		struct node *where = NULL, *d = disk->prev;
		bool placed = false;

		next = device_next(disk);
		for (;; d = d->prev) {
			const struct node *t = node_child(d, "target");
			const char *b = node_attr(t, "bus");
			const char *n = node_attr(t, "dev");

			if ((b == NULL) == (bus == NULL) &&
			    (b == NULL || strcmp(b, bus) == 0)) {
				if (n != NULL && dev != NULL &&
				    disk_index(n) > disk_index(dev)) {
					where = d;
					placed = true;
				} else if (!placed) {
					where = device_next(d);
					placed = true;
				}
			}
			if (d == devices->first[DEVICE_DISK])
				break;
		}
		if (!placed || where == disk)
			continue;
		device_remove(devices, DEVICE_DISK, disk);
		device_insert(devices, DEVICE_DISK, where, disk);
	}
}

static const char *
bus_by_name(const char *device, const char *dev)
{
	static const char *const names[][2] = {
	    {"sd", "scsi"}, {"vd", "virtio"}, {"xvd", "xen"}, {"ubd", "uml"}};

	if (strcmp(device, "floppy") == 0)
		return "fdc";
	for (size_t i = 0; dev != NULL && i < 4; i++) {
		if (strncmp(dev, names[i][0], strlen(names[i][0])) == 0)
			return names[i][1];
	}
	return "ide";
}

/* The address that a disk of the name has on its bus. */
static int
assign_address(
    struct devices *devices, struct node *disk, const struct node *target)
{
	const char *dev = node_attr(target, "dev");
	const char *bus = node_attr(target, "bus");
	struct drive_address a = {0}, other;
	int n = disk_index(dev);
	unsigned int i = (unsigned int)n;

	if (n < 0)
		return refuse_xml(&devices->ctx,
		    "Unknown disk name '%s' and no address specified", dev);
	if (strcmp(bus, "scsi") == 0) {
		a.controller = i / 7;
		a.unit = i % 7;
		FOR_DEVICES (devices, DEVICE_HOSTDEV, h) {
			if (node_attr_is(h, "type", "scsi") &&
			    drive_address(h, &other) &&
			    drive_address_equal(&a, &other))
				return refuse_config(&devices->ctx,
				    "using disk target name '%s' conflicts "
				    "with SCSI host device address "
				    "controller='%u' bus='%u' target='%u' "
				    "unit='%u",
				    dev, a.controller, 0, 0, a.unit);
		}
	} else if (strcmp(bus, "ide") == 0) {
		a.controller = i / 4;
		a.bus = i % 4 / 2;
		a.unit = i % 2;
	} else if (strcmp(bus, "sata") == 0) {
		a.controller = i / 6;
		a.unit = i % 6;
	} else if (strcmp(bus, "fdc") == 0) {
		a.controller = i / 2;
		a.unit = i % 2;
	} else {
		return 0;
	}
	drive_address_set(disk, &disk_rule, &a);
	return 0;
}

/* The first disk of the same throttling group that has values lends them. */
static void
share_iotune(struct devices *devices, struct node *disk)
{
	struct node *tune = node_child(disk, "iotune"), *copy;
	const char *group = child_text(tune, "group_name");

	if (group == NULL || node_next(tune->first, NULL) != NULL)
		return;
	FOR_DEVICES (devices, DEVICE_DISK, d) {
		const struct node *t = node_child(d, "iotune");
		const char *g = child_text(t, "group_name");

		if (g == NULL || strcmp(g, group) != 0 ||
		    node_next(t->first, NULL) == NULL)
			continue;
		copy = node_clone(devices->ctx.doc, t);
		if (copy != NULL) {
			node_insert_before(tune, copy);
			node_unlink(tune);
		}
		return;
	}
}

int
disk_fill(struct devices *devices, struct node *disk)
{
	struct node *target = node_child(disk, "target");
	struct node *source = node_child(disk, "source");
	const char *dev = node_attr(target, "dev");
	const char *device = node_attr(disk, "device");
	const char *snapshot = node_attr(disk, "snapshot");
	bool vhostuser = node_attr_is(disk, "type", "vhostuser");

	if (dev != NULL && strncmp(dev, "ioemu:", 6) == 0) {
		dev += 6;
		node_set_attr(target, "dev", dev);
	}
	if (strcmp(device, "cdrom") == 0)
		(void)rule_need(disk, disk_children, "readonly");
	if (target != NULL && node_attr(target, "bus") == NULL)
		rule_set_attr(
		    target, target_attrs, "bus", bus_by_name(device, dev));
	if (snapshot != NULL && strcmp(snapshot, "no") == 0 &&
	    node_child(disk, "readonly") != NULL)
		node_set_attr(disk, "snapshot", NULL);
	else if (snapshot == NULL && vhostuser &&
		 node_child(disk, "readonly") == NULL)
		rule_set_attr(disk, disk_attrs, "snapshot", "no");
	storage_fill(source);
	if (dev != NULL && node_child(disk, "address") == NULL &&
	    assign_address(devices, disk, target) != 0)
		return -1;
	share_iotune(devices, disk);
	if (node_attr(source, "fdgroup") != NULL)
		return refuse_config(&devices->ctx,
		    "driver does not support FD passing for disk '%s'",
		    dev == NULL ? "(null)" : dev);
	return 0;
}
