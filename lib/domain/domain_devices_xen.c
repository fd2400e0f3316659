/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Devices in the documents of Xen's domains: those that every domain has, and
 * defaults that are Xen's alone.
 */
#include <string.h>

#include "domain_devices.h"

/* An attribute of a child, made at its place where the rule has it. */
static void
default_attr(struct node *device, const struct rule *rule, const char *child,
    const char *name, const char *value)
{
	const struct rule *r = rule->children;
	struct node *node = rule_need(device, rule->children, child);

	while (strcmp(r->name, child) != 0)
		r++;
	if (node != NULL && node_attr(node, name) == NULL)
		rule_set_attr(node, r->attrs, name, value);
}

static int
fill_hostdev(struct devices *devices, struct node *hostdev)
{
	if (node_attr_is(hostdev, "mode", "capabilities"))
		return refuse_at(&devices->ctx, hostdev,
		    "hostdev mode 'capabilities' is not supported in xen");
	if (node_attr_is(hostdev, "type", "pci"))
		default_attr(hostdev, &hostdev_rule, "driver", "name", "xen");
	return 0;
}

static void
fill_disk(struct node *disk)
{
	if (node_attr_is(disk, "type", "network"))
		default_attr(disk, &disk_rule, "driver", "name", "qemu");
	default_attr(disk, &disk_rule, "driver", "type", "raw");
}

/* vifDOMID.DEVID: the name that Xen gives, which the next start changes. */
static bool
is_generated(const char *name)
{
	size_t n;

	if (name == NULL || strncmp(name, "vif", 3) != 0)
		return false;
	name += 3;
	n = strspn(name, "0123456789");
	if (n == 0 || name[n] != '.')
		return false;
	name += n + 1;
	n = strspn(name, "0123456789");
	return n > 0 && (name[n] == '\0' || strcmp(name + n, "-emu") == 0);
}

/* A host device as an interface has its <driver> behind <mac>. */
static void
default_driver(struct node *interface)
{
	struct node *driver = node_child(interface, "driver");

	if (driver == NULL) {
		driver = node_new(interface->doc, "driver");
		if (driver == NULL)
			return;
		node_insert_after(node_child(interface, "mac"), driver);
	}
	(void)node_default_attr(driver, "name", "xen");
}

static void
fill_interface(struct devices *devices, struct node *interface)
{
	struct node *target = node_child(interface, "target");

	if (node_attr_is(interface, "type", "hostdev"))
		default_driver(interface);
	if ((devices->ctx.flags & DOMAIN_XML_PARSE_INACTIVE) == 0 ||
	    node_attr_is(target, "managed", "no") ||
	    !is_generated(node_attr(target, "dev")))
		return;
	node_set_attr(target, "dev", NULL);
	if (target->attrs == NULL && target->first == NULL)
		node_unlink(target);
}

int
xen_device_fill(struct devices *devices, struct node *device)
{
	if (strcmp(device->name, "hostdev") == 0)
		return fill_hostdev(devices, device);
	if (strcmp(device->name, "disk") == 0)
		fill_disk(device);
	else if (strcmp(device->name, "interface") == 0)
		fill_interface(devices, device);
	return 0;
}

static void
need_input(struct devices *devices, const char *type)
{
	const char *bus = devices->hvm ? "ps2" : "xen";
	struct node *input;

	FOR_DEVICES (devices, DEVICE_INPUT, i) {
		if (node_attr_is(i, "type", type) &&
		    node_attr_is(i, "bus", bus))
			return;
	}
	input = device_add(devices, DEVICE_INPUT);
	node_set_attr(input, "type", type);
	node_set_attr(input, "bus", bus);
}

static void
need_console(struct devices *devices)
{
	struct node *console, *target;

	if (devices->hvm || devices->first[DEVICE_CONSOLE] != NULL)
		return;
	console = device_add(devices, DEVICE_CONSOLE);
	node_set_attr(console, "type", "pty");
	target = node_add(console, "target");
	node_set_attr(target, "type", "xen");
	node_set_attr(target, "port", "0");
}

static void
need_xenbus(struct devices *devices)
{
	struct node *bus;

	FOR_DEVICES (devices, DEVICE_CONTROLLER, c) {
		if (node_attr_is(c, "type", "xenbus"))
			return;
	}
	bus = device_add(devices, DEVICE_CONTROLLER);
	node_set_attr(bus, "type", "xenbus");
	node_set_attr(bus, "index", "0");
}

int
xen_devices_fill(struct devices *devices)
{
	static const enum device_kind kinds[] = {
	    DEVICE_HOSTDEV, DEVICE_DISK, DEVICE_INTERFACE};

	need_console(devices);
	need_input(devices, "mouse");
	need_input(devices, "keyboard");
	if (devices->first[DEVICE_MEMBALLOON] == NULL)
		node_set_attr(
		    device_add(devices, DEVICE_MEMBALLOON), "model", "xen");
	need_xenbus(devices);
	if (devices->ctx.doc->failed)
		return error_nomem(devices->ctx.err);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		FOR_DEVICES (devices, kinds[i], d) {
			if (xen_device_fill(devices, d) != 0)
				return -1;
		}
	}
	return 0;
}

int
xen_devices_check(struct devices *devices)
{
	static const char *const sounds[] = {
	    "ich6", "es1370", "ac97", "sb16", NULL};
	const struct node *sound = devices->first[DEVICE_SOUND];

	if (devices->first[DEVICE_MEMORY] != NULL)
		return refuse_at(&devices->ctx, devices->first[DEVICE_MEMORY],
		    "memory devices are not supported by this driver");
	if (sound != NULL && enum_index(sounds, node_attr(sound, "model")) < 0)
		return refuse_at(&devices->ctx, sound,
		    "unsupported audio model %s", node_attr(sound, "model"));
	return 0;
}
