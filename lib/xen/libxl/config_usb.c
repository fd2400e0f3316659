/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* USB devices of the host and the controllers that they are on. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "config_parts.h"
#include "file.h"
#include "number.h"

#define SYSFS "/sys/bus/usb/devices"
#define PORTS 8 /* of a controller that does not say */

static const struct {
	const char *model; /* NULL: none is said */
	int version;
	libxl_usbctrl_type type;
} models[] = {
    {"qusb1", 1, LIBXL_USBCTRL_TYPE_QUSB},
    {"qusb2", 2, LIBXL_USBCTRL_TYPE_QUSB},
    {NULL, 2, LIBXL_USBCTRL_TYPE_QUSB},
    {"piix3-uhci", 1, LIBXL_USBCTRL_TYPE_DEVICEMODEL},
    {"ehci", 2, LIBXL_USBCTRL_TYPE_DEVICEMODEL},
    {"nec-xhci", 3, LIBXL_USBCTRL_TYPE_DEVICEMODEL},
};
#define MODELS (sizeof(models) / sizeof(models[0]))

static int
read_controller(const struct conv *conv, const struct node *controller,
    libxl_device_usbctrl *out)
{
	const char *model = node_attr(controller, "model");

	for (size_t i = 0; i < MODELS; i++) {
		if (model == NULL ? models[i].model != NULL
				  : models[i].model == NULL ||
					strcmp(models[i].model, model) != 0)
			continue;
		if (models[i].type == LIBXL_USBCTRL_TYPE_DEVICEMODEL &&
		    conv->type != LIBXL_DOMAIN_TYPE_HVM)
			break;
		out->version = models[i].version;
		out->type = models[i].type;
		out->ports = (int)conv_number(controller, "ports", PORTS);
		return 0;
	}
	return conv_refuse(
	    conv, controller, "unsupported usb model '%s'", model);
}

int
config_usbctrl(libxl_ctx *ctx, const struct node *domain,
    const struct node *controller, libxl_device_usbctrl *out, struct error *err)
{
	struct conv conv = conv_of(ctx, domain, err);
	int rc;

	libxl_device_usbctrl_init(out);
	rc = read_controller(&conv, controller, out);
	if (rc == 0)
		out->devid = (int)conv_number(controller, "index", 0);
	else
		libxl_device_usbctrl_dispose(out);
	return rc;
}

/* A number in a file of the device, -1: it has none. */
static int
sysfs_number(const char *device, const char *file, int base)
{
	struct error ignored = ERROR_INIT;
	struct buf path = BUF_INIT, text = BUF_INIT;
	int32_t n = -1;

	buf_printf(&path, SYSFS "/%s/%s", device, file);
	if (file_read(buf_str(&path), 64, &text, &ignored) == 0) {
		while (text.len > 0 && text.data[text.len - 1] == '\n')
			text.data[--text.len] = '\0';
		if (number_i32(buf_str(&text), base, &n) != 0)
			n = -1;
	}
	error_release(&ignored);
	buf_release(&path);
	buf_release(&text);
	return n;
}

/* The only device of a vendor and product. 1 found, 0 none, -1 several. */
static int
find_device(uint64_t vendor, uint64_t product, libxl_device_usbdev *out)
{
	DIR *dir = opendir(SYSFS);
	struct dirent *e;
	int found = 0;

	while (dir != NULL && (e = readdir(dir)) != NULL) {
		if ((uint64_t)sysfs_number(e->d_name, "idVendor", 16) !=
			vendor ||
		    (uint64_t)sysfs_number(e->d_name, "idProduct", 16) !=
			product)
			continue;
		found++;
		out->u.hostdev.hostbus =
		    (uint8_t)sysfs_number(e->d_name, "busnum", 10);
		out->u.hostdev.hostaddr =
		    (uint8_t)sysfs_number(e->d_name, "devnum", 10);
	}
	if (dir != NULL)
		(void)closedir(dir);
	return found > 1 ? -1 : found;
}

/* 0, 1: not there, and that is allowed; -1. */
static int
read_device(const struct conv *conv, const struct node *hostdev,
    libxl_device_usbdev *out)
{
	const struct node *source = node_child(hostdev, "source");
	const struct node *address = node_child(source, "address");
	uint64_t vendor = conv_number(node_child(source, "vendor"), "id", 0);
	uint64_t product = conv_number(node_child(source, "product"), "id", 0);
	uint64_t bus = conv_number(address, "bus", 0);
	uint64_t device = conv_number(address, "device", 0);

	libxl_device_usbdev_init_type(out, LIBXL_USBDEV_TYPE_HOSTDEV);
	if (bus > UINT8_MAX || device > UINT8_MAX)
		return conv_refuse(
		    conv, address, "USB bus or device is out of range");
	if (bus > 0 && device > 0) {
		out->u.hostdev.hostbus = (uint8_t)bus;
		out->u.hostdev.hostaddr = (uint8_t)device;
		return 0;
	}
	switch (find_device(vendor, product, out)) {
	case 1:
		return 0;
	case -1:
		return conv_refuse_code(conv, source, XVM_ERR_OPERATION_FAILED,
		    "multiple USB devices for %x:%x, use <address> to specify "
		    "one",
		    (unsigned int)vendor, (unsigned int)product);
	default:
		if (node_attr_is(source, "startupPolicy", "optional"))
			return 1;
		return conv_refuse_code(conv, source, XVM_ERR_OPERATION_FAILED,
		    "failed to find USB device busnum:devnum for %x:%x",
		    (unsigned int)vendor, (unsigned int)product);
	}
}

int
config_usbdev(libxl_ctx *ctx, const struct node *domain,
    const struct node *hostdev, libxl_device_usbdev *out, struct error *err)
{
	struct conv conv = conv_of(ctx, domain, err);
	int rc;

	libxl_device_usbdev_init(out);
	rc = read_device(&conv, hostdev, out);
	if (rc == 1)
		rc = conv_refuse_code(&conv, hostdev, XVM_ERR_OPERATION_FAILED,
		    "the USB device is not there");
	if (rc != 0)
		libxl_device_usbdev_dispose(out);
	return rc;
}

static int
add_device(struct conv *conv, const struct node *hostdev)
{
	libxl_domain_config *c = conv->config;
	libxl_device_usbdev *device =
	    conv_array_add(conv, &c->usbdevs, &c->num_usbdevs, sizeof(*device));
	int rc;

	if (device == NULL)
		return -1;
	libxl_device_usbdev_init(device);
	rc = read_device(conv, hostdev, device);
	if (rc == 1) {
		libxl_device_usbdev_dispose(device);
		c->num_usbdevs--;
	}
	return rc < 0 ? -1 : 0;
}

int
usb_from_xml(struct conv *conv, const struct node *devices)
{
	libxl_domain_config *c = conv->config;

	for (const struct node *n = node_child(devices, "controller");
	     n != NULL; n = node_next(n, "controller")) {
		libxl_device_usbctrl *controller;

		if (!node_attr_is(n, "type", "usb") ||
		    node_attr_is(n, "model", "none"))
			continue;
		controller = conv_array_add(
		    conv, &c->usbctrls, &c->num_usbctrls, sizeof(*controller));
		if (controller == NULL)
			return -1;
		libxl_device_usbctrl_init(controller);
		controller->devid = c->num_usbctrls - 1;
		if (read_controller(conv, n, controller) != 0)
			return -1;
	}
	for (const struct node *h = node_child(devices, "hostdev"); h != NULL;
	     h = node_next(h, "hostdev")) {
		if (node_attr_is(h, "type", "usb") && add_device(conv, h) != 0)
			return -1;
	}
	return 0;
}

static void
controller_to_xml(
    const libxl_device_usbctrl *usb, int index, struct node *devices)
{
	struct node *node = node_add(devices, "controller");
	bool emulated = usb->type == LIBXL_USBCTRL_TYPE_DEVICEMODEL;
	const char *model = NULL;

	for (size_t i = 0; i < MODELS; i++) {
		if ((models[i].type == LIBXL_USBCTRL_TYPE_DEVICEMODEL) ==
			emulated &&
		    models[i].version == usb->version && model == NULL)
			model = models[i].model;
	}
	node_set_attr(node, "type", "usb");
	node_set_attr_fmt(node, "index", "%d", index);
	node_set_attr(node, "model", model);
	if (usb->ports > 0)
		node_set_attr_fmt(node, "ports", "%d", usb->ports);
}

void
usb_to_xml(const libxl_domain_config *config, struct node *devices)
{
	for (int i = 0; i < config->num_usbctrls; i++)
		controller_to_xml(&config->usbctrls[i], i, devices);
	for (int i = 0; i < config->num_usbdevs; i++) {
		const libxl_device_usbdev *usb = &config->usbdevs[i];
		struct node *device = node_add(devices, "hostdev"), *address;

		node_set_attr(device, "mode", "subsystem");
		node_set_attr(device, "type", "usb");
		node_set_attr(device, "managed", "no");
		address = node_add(node_add(device, "source"), "address");
		node_set_attr_fmt(address, "bus", "%u", usb->u.hostdev.hostbus);
		node_set_attr_fmt(
		    address, "device", "%u", usb->u.hostdev.hostaddr);
	}
}
