/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is refused in a disk, and in the disks of a domain together. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "domain_devices.h"

#define VENDOR_MAX 8
#define PRODUCT_MAX 16

static const char *const secret_usages[] = {
    "none", "volume", "ceph", "iscsi", "tls", "vtpm", NULL};

/* What a vhostuser disk cannot have: an element, or an attribute of it. */
static const struct {
	const char *path, *attr, *what;
} vhostuser_lacks[] = {
    {"driver", "cache", "cache"},
    {"driver", "error_policy", "error_policy"},
    {"driver", "rerror_policy", "error_policy"},
    {"driver", "io", "io"},
    {"driver", "ioeventfd", "ioeventfd"},
    {"driver", "copy_on_read", "copy_on_read"},
    {"driver", "discard", "discard"},
    {"driver", "iothread", "iothread"},
    {"driver", "detect_zeroes", "detect_zeroes"},
    {"driver/metadata_cache", NULL, "metadata_cache"},
    {"iotune", NULL, "iotune"},
    {"backingStore", NULL, "backingStore"},
    {"encryption", NULL, "encryption"},
    {"source/encryption", NULL, "encryption"},
    {"readonly", NULL, "readonly"},
    {"shareable", NULL, "shareable"},
    {"transient", NULL, "transient"},
    {"serial", NULL, "serial"},
    {"wwn", NULL, "wwn"},
    {"vendor", NULL, "vendor"},
    {"product", NULL, "product"},
    {"auth", NULL, "auth"},
    {"source/auth", NULL, "auth"},
    {"geometry", NULL, "geometry"},
    {"blockio", NULL, "blockio"},
};

static bool
attr_in(const struct node *node, const char *name, const char *const *values)
{
	return enum_index(values, node_attr(node, name)) >= 0;
}

static int
check_vhostuser(struct rule_ctx *ctx, const struct node *disk)
{
	if (!node_attr_is(node_child(disk, "target"), "bus", "virtio"))
		return refuse_config(
		    ctx, "vhostuser disk supports only virtio bus");
	if (!node_attr_is(disk, "snapshot", "no"))
		return refuse_config(
		    ctx, "only snapshot=no is supported with vhostuser disk");
	for (size_t i = 0;
	     i < sizeof(vhostuser_lacks) / sizeof(vhostuser_lacks[0]); i++) {
		const struct node *n = node_find(disk, vhostuser_lacks[i].path);

		if (n != NULL &&
		    (vhostuser_lacks[i].attr == NULL ||
			node_attr(n, vhostuser_lacks[i].attr) != NULL))
			return refuse_config(ctx,
			    "%s is not supported with vhostuser disk",
			    vhostuser_lacks[i].what);
	}
	return 0;
}

/* One of the chain: type, source, and where its auth may stand. */
static int
check_source(
    struct rule_ctx *ctx, const struct node *owner, const struct node *source)
{
	static const char *const with_auth[] = {"none", "iscsi", "http",
	    "https", "ftp", "ftps", "ssh", "rbd", NULL};
	const char *protocol = node_attr(source, "protocol");
	const struct node *auth = node_child(owner, "auth");
	const struct node *encryption = node_child(owner, "encryption");

	if (auth == NULL)
		auth = node_child(source, "auth");
	if (encryption == NULL)
		encryption = node_child(source, "encryption");
	if (auth != NULL && protocol != NULL) {
		const char *type =
		    node_attr(node_child(auth, "secret"), "type");

		if (enum_index(with_auth, protocol) < 0)
			return refuse_config(ctx,
			    "authentication is not supported for protocol "
			    "'%s'",
			    protocol);
		if (enum_index(secret_usages, type) < 0)
			return refuse_config(ctx, "unknown secret type '%s'",
			    type == NULL ? "<null>" : type);
		if ((strcmp(protocol, "iscsi") == 0 &&
			strcmp(type, "iscsi") != 0) ||
		    (strcmp(protocol, "rbd") == 0 && strcmp(type, "ceph") != 0))
			return refuse_config(
			    ctx, "invalid secret type '%s'", type);
	}
	if (node_attr_is(encryption, "format", "luks") &&
	    node_child(encryption, "cipher") != NULL)
		return refuse_config(ctx,
		    "supplying <cipher> for domain disk definition is "
		    "unnecessary");
	return 0;
}

int
storage_check(struct rule_ctx *ctx, const struct node *disk)
{
	for (const struct node *n = disk; n != NULL;
	     n = node_child(n, "backingStore")) {
		if (check_source(ctx, n, node_child(n, "source")) != 0)
			return -1;
	}
	return 0;
}

static int
check_lun(struct rule_ctx *ctx, const struct node *disk)
{
	const struct node *source = node_child(disk, "source");
	const char *protocol = node_attr(source, "protocol");
	const char *format = node_attr(node_child(disk, "driver"), "type");
	const struct node *encryption = node_child(disk, "encryption");

	if (encryption == NULL)
		encryption = node_child(source, "encryption");
	if (protocol != NULL) {
		if (strcmp(protocol, "iscsi") != 0)
			return refuse_config(ctx,
			    "disk device='lun' is not supported for "
			    "protocol='%s'",
			    protocol);
	} else if (!node_attr_is(disk, "type", "block") &&
		   !node_attr_is(disk, "type", "volume")) {
		return refuse_config(ctx,
		    "disk device='lun' is only valid for block type disk "
		    "source");
	}
	if (format != NULL && strcmp(format, "raw") != 0)
		return refuse_config(
		    ctx, "disk device 'lun' must use 'raw' format");
	if (node_find(source, "slices/slice") != NULL)
		return refuse_config(
		    ctx, "disk device 'lun' doesn't support storage slice");
	if (encryption != NULL &&
	    !node_attr_is(encryption, "format", "default"))
		return refuse_config(
		    ctx, "disk device 'lun' doesn't support encryption");
	return 0;
}

static int
check_no_lun(struct rule_ctx *ctx, const struct node *disk)
{
	if (node_find(disk, "source/reservations") != NULL)
		return refuse_config(
		    ctx, "<reservations/> allowed only for lun devices");
	if (node_attr(disk, "rawio") != NULL)
		return refuse_config(
		    ctx, "rawio can be used only with device='lun'");
	if (node_attr(disk, "sgio") != NULL)
		return refuse_config(
		    ctx, "sgio can be used only with device='lun'");
	return 0;
}

/* total_x excludes read_x and write_x. */
static int
check_iotune(struct rule_ctx *ctx, const struct node *disk)
{
	static const char *const what[] = {
	    "bytes_sec", "iops_sec", "bytes_sec_max", "iops_sec_max"};
	const struct node *tune = node_child(disk, "iotune");

	for (size_t i = 0; tune != NULL && i < 4; i++) {
		char total[32], read[32], write[32];

		(void)snprintf(total, sizeof(total), "total_%s", what[i]);
		(void)snprintf(read, sizeof(read), "read_%s", what[i]);
		(void)snprintf(write, sizeof(write), "write_%s", what[i]);
		if (node_child(tune, total) != NULL &&
		    (node_child(tune, read) != NULL ||
			node_child(tune, write) != NULL))
			return refuse_xml(ctx,
			    "total and read/write %s cannot be set at the "
			    "same time",
			    what[i]);
	}
	return 0;
}

static int
check_bus(struct rule_ctx *ctx, const struct node *disk, const char *dev,
    const char *bus)
{
	static const char *const with_drives[] = {
	    "ide", "fdc", "scsi", "sata", NULL};
	const struct node *driver = node_child(disk, "driver");
	const char *address = address_type(disk);
	const char *model = node_attr(disk, "model");

	if (address != NULL && strcmp(address, "drive") != 0 &&
	    enum_index(with_drives, bus) >= 0)
		return refuse_config(ctx,
		    "Invalid address type '%s' for the disk '%s' with the bus "
		    "type '%s'",
		    address, dev, bus);
	if (strcmp(bus, "virtio") == 0)
		return 0;
	if (model != NULL)
		return refuse_config(ctx,
		    "disk model '%s' not supported for bus '%s'", model, bus);
	if (node_attr(driver, "queues") != NULL)
		return refuse_config(ctx,
		    "queues attribute in disk driver element is only "
		    "supported by virtio-blk");
	if (node_attr(driver, "event_idx") != NULL)
		return refuse_config(
		    ctx, "disk event_idx mode supported only for virtio bus");
	if (node_attr(driver, "ioeventfd") != NULL)
		return refuse_config(
		    ctx, "disk ioeventfd mode supported only for virtio bus");
	return check_no_virtio(ctx, driver);
}

static int
check_text(
    struct rule_ctx *ctx, const struct node *disk, const char *name, size_t max)
{
	const char *text = child_text(disk, name);

	if (text == NULL)
		return 0;
	for (const char *p = text; *p != '\0'; p++) {
		if (!isprint((unsigned char)*p))
			return refuse_xml(
			    ctx, "disk %s is not printable string", name);
	}
	if (strlen(text) > max)
		return refuse_config(
		    ctx, "disk %s is more than %zu characters", name, max);
	return 0;
}

static int
check_startup(struct rule_ctx *ctx, const struct node *disk, const char *device)
{
	static const char *const types[] = {
	    "file", "block", "dir", "volume", NULL};
	const char *policy =
	    node_attr(node_child(disk, "source"), "startupPolicy");

	if (policy == NULL)
		return 0;
	if (!attr_in(disk, "type", types))
		return refuse_xml(ctx,
		    "disk startupPolicy '%s' is not allowed for disk of '%s' "
		    "type",
		    policy, node_attr(disk, "type"));
	if (strcmp(policy, "requisite") == 0 && strcmp(device, "cdrom") != 0 &&
	    strcmp(device, "floppy") != 0)
		return refuse_xml(ctx,
		    "disk startupPolicy 'requisite' is allowed only for cdrom "
		    "or floppy");
	return 0;
}

static int
check_wwn(struct rule_ctx *ctx, const char *wwn)
{
	const char *digits;

	if (wwn == NULL)
		return 0;
	digits = strncmp(wwn, "0x", 2) == 0 ? wwn + 2 : wwn;
	if (strspn(digits, "0123456789abcdefABCDEF") != 16 ||
	    digits[16] != '\0')
		return refuse_internal(ctx, "Malformed wwn: %s", wwn);
	return 0;
}

static int
check_name(struct rule_ctx *ctx, const char *device, const char *dev)
{
	static const char *const prefixes[] = {"hd", "sd", "vd", "xvd", "ubd"};

	if (strcmp(device, "floppy") == 0)
		return strncmp(dev, "fd", 2) == 0
			   ? 0
			   : refuse_internal(
				 ctx, "Invalid floppy device name: %s", dev);
	if (strcmp(device, "cdrom") == 0)
		return 0;
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		if (strncmp(dev, prefixes[i], strlen(prefixes[i])) == 0)
			return 0;
	}
	return refuse_internal(ctx, "Invalid harddisk device name: %s", dev);
}

/* What a local source names; NULL: none, or it is not local. */
static const char *
local_path(const struct node *source)
{
	const char *path = node_attr(source, "file");

	if (path == NULL)
		path = node_attr(source, "dev");
	return path == NULL ? node_attr(source, "dir") : path;
}

/* What a source names; of a pool and an image it is the image. */
static const char *
any_path(const struct node *source)
{
	const char *path = local_path(source);

	if (path != NULL)
		return path;
	path = node_attr(source, "name");
	if (path != NULL && strchr(path, '/') != NULL &&
	    (node_attr_is(source, "protocol", "rbd") ||
		node_attr_is(source, "protocol", "gluster")))
		return strchr(path, '/') + 1;
	return path;
}

static int
refuse_no_target(struct rule_ctx *ctx, const struct node *source)
{
	const char *path = any_path(source);

	if (node_attr(source, "pool") != NULL)
		return refuse(ctx, XVM_ERR_NO_TARGET,
		    "pool = '%s', volume = '%s'", node_attr(source, "pool"),
		    node_attr(source, "volume"));
	if (path == NULL)
		return error_set(ctx->err, ctx->from, XVM_ERR_NO_TARGET, NULL);
	return refuse(ctx, XVM_ERR_NO_TARGET, "%s", path);
}

int
disk_check(struct devices *devices, struct node *disk)
{
	static const char *const local[] = {"file", "block", "dir", NULL};
	struct rule_ctx *ctx = &devices->ctx;
	const struct node *source = node_child(disk, "source");
	const struct node *target = node_child(disk, "target");
	const char *dev = node_attr(target, "dev");
	const char *bus = node_attr(target, "bus");
	const char *device = node_attr(disk, "device");
	bool removable =
	    strcmp(device, "floppy") == 0 || strcmp(device, "cdrom") == 0;

	if (dev == NULL)
		return refuse_no_target(ctx, source);
	if (storage_check(ctx, disk) != 0)
		return -1;
	if (node_attr_is(disk, "sgio", "unfiltered"))
		return refuse_config(
		    ctx, "unfiltered sgio is no longer supported");
	if ((strcmp(device, "lun") == 0 ? check_lun(ctx, disk)
					: check_no_lun(ctx, disk)) != 0 ||
	    check_iotune(ctx, disk) != 0 || check_bus(ctx, disk, dev, bus) != 0)
		return -1;
	if (node_attr_is(disk, "type", "nvme") &&
	    attr_number(source, "namespace", 1) == 0)
		return refuse_config(ctx, "NVMe namespace can't be zero");
	if (node_attr_is(disk, "type", "vhostuser") &&
	    check_vhostuser(ctx, disk) != 0)
		return -1;
	for (const struct node *n = disk; n != NULL;
	     n = node_child(n, "backingStore")) {
		if (seclabels_check(ctx, node_child(n, "source")) != 0)
			return -1;
	}
	if (node_attr_is(target, "tray", "open") && !removable)
		return refuse_config(
		    ctx, "tray is only valid for cdrom and floppy");
	if (check_text(ctx, disk, "vendor", VENDOR_MAX) != 0 ||
	    check_text(ctx, disk, "product", PRODUCT_MAX) != 0)
		return -1;
	if ((strcmp(device, "floppy") == 0) != (strcmp(bus, "fdc") == 0))
		return refuse_internal(ctx,
		    strcmp(bus, "fdc") == 0
			? "Invalid bus type '%s' for disk"
			: "Invalid bus type '%s' for floppy disk",
		    bus);
	if (node_attr(target, "removable") != NULL && strcmp(bus, "usb") != 0)
		return refuse_xml(ctx, "removable is only valid for usb disks");
	if (check_startup(ctx, disk, device) != 0 ||
	    check_wwn(ctx, child_text(disk, "wwn")) != 0 ||
	    check_name(ctx, device, dev) != 0)
		return -1;
	if (strcmp(device, "disk") == 0 && attr_in(disk, "type", local) &&
	    local_path(source) == NULL)
		return refuse(ctx, XVM_ERR_NO_SOURCE, "%s", dev);
	return 0;
}

static const char *
source_or_null(const struct node *disk)
{
	const char *path = any_path(node_child(disk, "source"));

	return path == NULL ? "<null>" : path;
}

static int
check_targets(struct devices *devices)
{
	FOR_DEVICES (devices, DEVICE_DISK, a) {
		const char *dev = node_attr(node_child(a, "target"), "dev");

		for (struct node *b = device_next(a); b != NULL;
		     b = device_next(b)) {
			if (node_attr_is(node_child(b, "target"), "dev", dev))
				return refuse_xml(&devices->ctx,
				    "target '%s' duplicated for disk sources "
				    "'%s' and '%s'",
				    dev, source_or_null(a), source_or_null(b));
		}
	}
	return 0;
}

static int
check_addresses(struct devices *devices)
{
	struct drive_address x, y;

	FOR_DEVICES (devices, DEVICE_DISK, a) {
		const struct node *target = node_child(a, "target");
		const char *bus = node_attr(target, "bus");

		if (!drive_address(a, &x))
			continue;
		for (struct node *b = device_next(a); b != NULL;
		     b = device_next(b)) {
			if (!node_attr_is(node_child(b, "target"), "bus", bus))
				continue;
			if (drive_address(b, &y) && drive_address_equal(&x, &y))
				return refuse_config(&devices->ctx,
				    "Found duplicate drive address for disk "
				    "with target name '%s' controller='%u' "
				    "bus='%u' target='%u' unit='%u'",
				    node_attr(target, "dev"), x.controller,
				    x.bus, x.target, x.unit);
		}
	}
	return 0;
}

int
disks_check(struct devices *devices)
{
	return check_targets(devices) != 0 ? -1 : check_addresses(devices);
}
