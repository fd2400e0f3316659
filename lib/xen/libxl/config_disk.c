/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* <disk>. */
#include <stdlib.h>
#include <string.h>

#include "config_parts.h"

static const libxl_enum_string_table formats[] = {
    {"raw", LIBXL_DISK_FORMAT_RAW},
    {"qcow", LIBXL_DISK_FORMAT_QCOW},
    {"qcow2", LIBXL_DISK_FORMAT_QCOW2},
    {"vhd", LIBXL_DISK_FORMAT_VHD},
    {"vpc", LIBXL_DISK_FORMAT_VHD},
    {"qed", LIBXL_DISK_FORMAT_QED},
    {NULL, 0},
};

#define BIT(format) (1u << LIBXL_DISK_FORMAT_##format)
#define RAW BIT(RAW)
#define ALL (RAW | BIT(QCOW) | BIT(QCOW2) | BIT(VHD) | BIT(QED))

/* What a driver can read, and who reads it. tap is what qemu cannot do. */
static const struct {
	const char *name; /* NULL: libxl chooses */
	unsigned int formats;
	libxl_disk_backend backend;
} drivers[] = {
    {NULL, ALL, LIBXL_DISK_BACKEND_UNKNOWN},
    {"qemu", ALL, LIBXL_DISK_BACKEND_QDISK},
    {"file", RAW, LIBXL_DISK_BACKEND_QDISK},
    {"phy", RAW, LIBXL_DISK_BACKEND_PHY},
    {"tap", RAW | BIT(VHD), LIBXL_DISK_BACKEND_TAP},
    {"tap2", RAW | BIT(VHD), LIBXL_DISK_BACKEND_TAP},
    {"tap", ALL, LIBXL_DISK_BACKEND_QDISK},
    {"tap2", ALL, LIBXL_DISK_BACKEND_QDISK},
};

static int
read_driver(
    const struct conv *conv, const struct node *disk, libxl_device_disk *out)
{
	const struct node *driver = node_child(disk, "driver");
	const char *name = node_attr(driver, "name");
	const char *type = node_attr(driver, "type");
	int format = conv_value(formats, type == NULL ? "raw" : type);
	bool known = false;

	for (size_t i = 0; i < sizeof(drivers) / sizeof(drivers[0]); i++) {
		if (name == NULL ? drivers[i].name != NULL
				 : drivers[i].name == NULL ||
				       strcmp(drivers[i].name, name) != 0)
			continue;
		known = true;
		if (format < 0 || (drivers[i].formats >> format & 1) == 0)
			continue;
		out->format = (libxl_disk_format)format;
		out->backend = drivers[i].backend;
		return 0;
	}
	if (known)
		return conv_refuse_code(conv, driver, XVM_ERR_INTERNAL_ERROR,
		    "libxenlight does not support disk format %s with disk "
		    "driver %s",
		    type, name == NULL ? "none" : name);
	return conv_refuse_code(conv, driver, XVM_ERR_INTERNAL_ERROR,
	    "libxenlight does not support disk driver %s", name);
}

static int
read_source(
    const struct conv *conv, const struct node *disk, libxl_device_disk *out)
{
	const struct node *source = node_child(disk, "source");
	const char *type = node_attr(disk, "type");

	if (type == NULL || strcmp(type, "file") == 0)
		return conv_string(
		    conv, &out->pdev_path, node_attr(source, "file"));
	if (strcmp(type, "block") == 0)
		return conv_string(
		    conv, &out->pdev_path, node_attr(source, "dev"));
	if (strcmp(type, "network") != 0)
		return conv_refuse(
		    conv, disk, "unsupported disk type '%s'", type);
	if (out->backend != LIBXL_DISK_BACKEND_QDISK)
		return conv_refuse_code(conv, disk, XVM_ERR_OPERATION_INVALID,
		    "only the 'qemu' driver can be used with network disks");
	return rbd_from_xml(conv, disk, &out->pdev_path);
}

/* libxl has one kind of controller for all of a domain's hard disks. */
static int
read_sata(const struct conv *conv, const struct node *disk, const char *dev)
{
	const struct node *d =
	    node_child(node_child(conv->domain, "devices"), "disk");

	if (dev == NULL || strncmp(dev, "hd", 2) != 0)
		return conv_refuse(conv, disk,
		    "libxenlight has disks on the bus 'sata' as targets hda, "
		    "hdb, ... only");
	for (; d != NULL; d = node_next(d, "disk")) {
		if (node_attr_is(node_child(d, "target"), "bus", "ide") &&
		    !node_attr_is(d, "device", "cdrom"))
			return conv_refuse(conv, d,
			    "libxenlight cannot have disks on 'ide' and on "
			    "'sata' in one domain");
	}
	conv->config->b_info.u.hvm.hdtype = LIBXL_HDTYPE_AHCI;
	return 0;
}

static int
read_target(
    const struct conv *conv, const struct node *disk, libxl_device_disk *out)
{
	static const char *const prefixes[] = {"xvd", "hd", "sd", "d"};
	const struct node *target = node_child(disk, "target");
	const char *dev = node_attr(target, "dev");
	const char *bus = node_attr(target, "bus");

	bool sata = bus != NULL && strcmp(bus, "sata") == 0 &&
	    conv->type == LIBXL_DOMAIN_TYPE_HVM;

	if (bus != NULL && strcmp(bus, "xen") != 0 && strcmp(bus, "ide") != 0 &&
	    strcmp(bus, "scsi") != 0 && !sata)
		return conv_refuse(
		    conv, target, "unsupported disk bus '%s'", bus);
	if (bus != NULL && strcmp(bus, "xen") != 0 &&
	    conv->type == LIBXL_DOMAIN_TYPE_PVH)
		return conv_refuse(conv, target,
		    "disk bus '%s' is not supported for PVH domains", bus);
	if (sata && read_sata(conv, disk, dev) != 0)
		return -1;
	for (size_t i = 0; dev != NULL && i < 4; i++) {
		if (strncmp(dev, prefixes[i], strlen(prefixes[i])) == 0)
			return conv_string(conv, &out->vdev, dev);
	}
	return conv_refuse(conv, target, "unsupported disk target '%s'",
	    dev == NULL ? "" : dev);
}

/* What is asked of a disk, and no disk of Xen does. */
static int
refuse_parts(const struct conv *conv, const struct node *disk)
{
	static const struct {
		const char *path, *words;
	} all[] = {
	    {"transient", "libxenlight does not support transient disks"},
	    {"iotune", "libxenlight does not support I/O throttling"},
	    {"encryption", "libxenlight does not support disk encryption"},
	    {"source/encryption",
		"libxenlight does not support disk encryption"},
	};
	const char *device = node_attr(disk, "device");

	if (device != NULL && strcmp(device, "disk") != 0 &&
	    strcmp(device, "cdrom") != 0)
		return conv_refuse(
		    conv, disk, "unsupported disk device '%s'", device);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		const struct node *part = node_find(disk, all[i].path);

		if (part != NULL)
			return conv_refuse(conv, part, "%s", all[i].words);
	}
	return 0;
}

static int
read_disk(
    const struct conv *conv, const struct node *disk, libxl_device_disk *out)
{
	const struct node *driver = node_child(disk, "driver");
	const char *discard = node_attr(driver, "discard");

	if (refuse_parts(conv, disk) != 0 ||
	    read_driver(conv, disk, out) != 0 ||
	    read_source(conv, disk, out) != 0 ||
	    read_target(conv, disk, out) != 0 ||
	    conv_string(conv, &out->backend_domname,
		node_attr(node_child(disk, "backenddomain"), "name")) != 0)
		return -1;
	out->is_cdrom = node_attr_is(disk, "device", "cdrom");
	out->removable = out->is_cdrom;
	out->readwrite = !out->is_cdrom && node_child(disk, "readonly") == NULL;
	if (out->readwrite && discard != NULL)
		libxl_defbool_set(
		    &out->discard_enable, strcmp(discard, "unmap") == 0);
	if (out->pdev_path == NULL && !out->is_cdrom)
		return conv_refuse(
		    conv, disk, "disk '%s' has no source", out->vdev);
	if (out->pdev_path == NULL)
		out->format = LIBXL_DISK_FORMAT_EMPTY;
	return 0;
}

int
config_disk(libxl_ctx *ctx, const struct node *domain, const struct node *disk,
    libxl_device_disk *out, struct error *err)
{
	struct conv conv = conv_of(ctx, domain, err);
	int rc;

	libxl_device_disk_init(out);
	rc = read_disk(&conv, disk, out);
	if (rc != 0)
		libxl_device_disk_dispose(out);
	return rc;
}

int
disks_from_xml(struct conv *conv, const struct node *devices)
{
	libxl_domain_config *c = conv->config;

	for (const struct node *d = node_child(devices, "disk"); d != NULL;
	     d = node_next(d, "disk")) {
		libxl_device_disk *disk = conv_array_add(
		    conv, &c->disks, &c->num_disks, sizeof(*disk));

		if (disk == NULL)
			return -1;
		libxl_device_disk_init(disk);
		if (read_disk(conv, d, disk) != 0)
			return -1;
	}
	return 0;
}

static void
source_to_xml(const libxl_device_disk *disk, struct node *node)
{
	const char *path = disk->pdev_path;
	bool block = path != NULL && strncmp(path, "/dev/", 5) == 0;

	node_set_attr(node, "type", block ? "block" : "file");
	if (path == NULL || path[0] == '\0')
		return;
	if (strncmp(path, "rbd:", 4) == 0)
		rbd_to_xml(path, node);
	else
		node_set_attr(
		    node_add(node, "source"), block ? "dev" : "file", path);
}

static const char *
bus_of(const libxl_device_disk *disk, const char *vdev,
    const libxl_domain_config *config)
{
	if (strncmp(vdev, "xvd", 3) == 0 ||
	    config->c_info.type != LIBXL_DOMAIN_TYPE_HVM)
		return "xen";
	if (strncmp(vdev, "sd", 2) == 0)
		return "scsi";
	return !disk->is_cdrom &&
		config->b_info.u.hvm.hdtype == LIBXL_HDTYPE_AHCI
	    ? "sata"
	    : "ide";
}

void
disk_to_xml(const libxl_device_disk *disk, const libxl_domain_config *config,
    struct node *devices)
{
	struct node *node = node_add(devices, "disk"), *driver, *target;
	const char *format = conv_name(formats, (int)disk->format);
	const char *name = NULL, *vdev = disk->vdev == NULL ? "" : disk->vdev;

	for (size_t i = 0; i < 5; i++) {
		if (drivers[i].backend == disk->backend && name == NULL)
			name = drivers[i].name;
	}
	source_to_xml(disk, node);
	node_set_attr(node, "device", disk->is_cdrom ? "cdrom" : "disk");
	driver = node_add(node, "driver");
	node_set_attr(driver, "name", name);
	node_set_attr(driver, "type", format == NULL ? "raw" : format);
	if (!libxl_defbool_is_default(disk->discard_enable))
		node_set_attr(driver, "discard",
		    libxl_defbool_val(disk->discard_enable) ? "unmap"
							    : "ignore");
	target = node_add(node, "target");
	node_set_attr(target, "dev", vdev);
	node_set_attr(target, "bus", bus_of(disk, vdev, config));
	if (!disk->readwrite)
		(void)node_add(node, "readonly");
	if (disk->backend_domname != NULL)
		node_set_attr(node_add(node, "backenddomain"), "name",
		    disk->backend_domname);
}
