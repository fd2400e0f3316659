/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is below <devices> in canonical form: the kinds of devices, the walk
 * over them, and what concerns all of them.
 */
#include "domain_devices.h"

#include <stdlib.h>
#include <string.h>

#include "../xml.h"

static const struct rule emulator_rule = {
    .name = "emulator",
    .flags = RULE_TEXT | RULE_DROP_NO_TEXT,
};

#define ANY .max = 0
#define ONE(c, w) .max = 1, .code = (c), .words = (w)

/* In the order in which they are written. */
static const struct device_type device_types[DEVICE_KINDS] = {
    [DEVICE_EMULATOR] = {"emulator", &emulator_rule, ANY},
    [DEVICE_DISK] = {"disk", &disk_rule, disk_fill, disk_check, ANY},
    [DEVICE_CONTROLLER] = {"controller", &controller_rule, controller_fill,
	controller_check, ANY},
    [DEVICE_LEASE] = {"lease", &lease_rule, ANY},
    [DEVICE_FILESYSTEM] = {"filesystem", &filesystem_rule, filesystem_fill,
	filesystem_check, ANY},
    [DEVICE_INTERFACE] = {"interface", &interface_rule, NULL, interface_check,
	ANY},
    [DEVICE_SMARTCARD] = {"smartcard", &smartcard_rule, NULL, smartcard_check,
	ANY},
    [DEVICE_SERIAL] = {"serial", &serial_rule, char_fill, char_check, ANY},
    [DEVICE_PARALLEL] = {"parallel", &parallel_rule, char_fill, char_check,
	ANY},
    [DEVICE_CONSOLE] = {"console", &console_rule, NULL, char_check, ANY},
    [DEVICE_CHANNEL] = {"channel", &channel_rule, NULL, char_check, ANY},
    [DEVICE_INPUT] = {"input", &input_rule, NULL, input_check, ANY},
    [DEVICE_TPM] = {"tpm", &tpm_rule, NULL, tpm_check, .max = 2,
	.code = XVM_ERR_XML_ERROR,
	.words = "a maximum of two TPM devices is supported, one of them "
		 "being a TPM Proxy device"},
    [DEVICE_GRAPHICS] = {"graphics", &graphics_rule, NULL, graphics_check, ANY},
    [DEVICE_SOUND] = {"sound", &sound_rule, NULL, sound_check, ANY},
    [DEVICE_AUDIO] = {"audio", &audio_rule, NULL, audio_check, ANY},
    [DEVICE_VIDEO] = {"video", &video_rule, video_fill, video_check, ANY},
    [DEVICE_HOSTDEV] = {"hostdev", &hostdev_rule, hostdev_fill, hostdev_check,
	ANY},
    [DEVICE_REDIRDEV] = {"redirdev", &redirdev_rule, NULL, redirdev_check, ANY},
    [DEVICE_REDIRFILTER] = {"redirfilter", &redirfilter_rule,
	ONE(XVM_ERR_INTERNAL_ERROR,
	    "only one set of redirection filter rule is supported")},
    [DEVICE_HUB] = {"hub", &hub_rule, ANY},
    [DEVICE_WATCHDOG] = {"watchdog", &watchdog_rule,
	ONE(XVM_ERR_INTERNAL_ERROR,
	    "only a single watchdog device is supported")},
    [DEVICE_MEMBALLOON] = {"memballoon", &memballoon_rule,
	ONE(XVM_ERR_INTERNAL_ERROR,
	    "only a single memory balloon device is supported")},
    [DEVICE_RNG] = {"rng", &rng_rule, NULL, rng_check, ANY},
    [DEVICE_NVRAM] = {"nvram", &nvram_rule,
	ONE(XVM_ERR_INTERNAL_ERROR, "only a single nvram device is supported")},
    [DEVICE_PANIC] = {"panic", &panic_rule, panic_fill, NULL, ANY},
    [DEVICE_SHMEM] = {"shmem", &shmem_rule, NULL, shmem_check, ANY},
    [DEVICE_MEMORY] = {"memory", &memory_rule, memory_fill, memory_check, ANY},
    [DEVICE_IOMMU] = {"iommu", &iommu_rule, NULL, iommu_check,
	ONE(XVM_ERR_XML_ERROR, "only a single IOMMU device is supported")},
    [DEVICE_VSOCK] = {"vsock", &vsock_rule, vsock_fill, vsock_check,
	ONE(XVM_ERR_XML_ERROR, "only a single vsock device is supported")},
};

/* The kind of the name, looked for from hint on; DEVICE_KINDS: unknown. */
static size_t
find_kind(const char *name, size_t hint)
{
	for (size_t i = 0; i < DEVICE_KINDS; i++) {
		size_t kind = (hint + i) % DEVICE_KINDS;

		if (device_types[kind].name[0] == name[0] &&
		    strcmp(device_types[kind].name, name) == 0)
			return kind;
	}
	return DEVICE_KINDS;
}

/* Where a kind's first one would stand. */
static struct node *
kind_place(const struct devices *devices, size_t kind)
{
	for (kind++; kind < DEVICE_KINDS; kind++) {
		if (devices->first[kind] != NULL)
			return devices->first[kind];
	}
	for (struct node *n = node_child(devices->node, NULL); n != NULL;
	     n = node_next(n, NULL)) {
		if (find_kind(n->name, 0) == DEVICE_KINDS)
			return n;
	}
	return NULL;
}

void
device_insert(struct devices *devices, enum device_kind kind,
    struct node *before, struct node *device)
{
	struct node *last = devices->first[kind];

	if (device == NULL)
		return;
	device->name = device_types[kind].name;
	while (last != NULL && device_next(last) != NULL)
		last = device_next(last);
	if (before == NULL && last != NULL) {
		node_insert_after(last, device);
		return;
	}
	if (before == NULL)
		before = kind_place(devices, kind);
	if (before != NULL)
		node_insert_before(before, device);
	else
		node_append(devices->node, device);
	if (before == devices->first[kind] || devices->first[kind] == NULL)
		devices->first[kind] = device;
}

struct node *
device_add(struct devices *devices, enum device_kind kind)
{
	struct node *device =
	    node_new(devices->ctx.doc, device_types[kind].name);

	device_insert(devices, kind, NULL, device);
	return device;
}

void
device_remove(
    struct devices *devices, enum device_kind kind, struct node *device)
{
	if (devices->first[kind] == device)
		devices->first[kind] = device_next(device);
	node_unlink(device);
}

/* Order the kinds, keep each kind's order. */
static int
sort_kinds(struct devices *devices)
{
	struct list {
		struct node *first, *last;
		unsigned int n;
	} lists[DEVICE_KINDS + 1] = {{NULL, NULL, 0}};
	struct node *next;
	size_t kind = 0;

	for (struct node *c = devices->node->first; c != NULL; c = next) {
		struct list *l;

		next = c->next;
		if (c->kind != NODE_ELEMENT)
			continue;
		kind = find_kind(c->name, kind % DEVICE_KINDS);
		l = &lists[kind];
		if (kind == DEVICE_EMULATOR && l->n > 0)
			continue;
		if (kind < DEVICE_KINDS)
			c->name = device_types[kind].name;
		c->prev = l->last;
		c->next = NULL;
		if (l->last != NULL)
			l->last->next = c;
		else
			l->first = c;
		l->last = c;
		l->n++;
	}
	devices->node->first = devices->node->last = NULL;
	for (kind = 0; kind <= DEVICE_KINDS; kind++) {
		for (struct node *c = lists[kind].first; c != NULL; c = next) {
			next = c->next;
			node_append(devices->node, c);
		}
		if (kind == DEVICE_KINDS)
			break;
		devices->first[kind] = lists[kind].first;
		if (device_types[kind].max != 0 &&
		    lists[kind].n > device_types[kind].max)
			return refuse(&devices->ctx, device_types[kind].code,
			    "%s", device_types[kind].words);
	}
	return 0;
}

/* Each device by its table, and what a kind is about as a whole. */
static int
read_devices(struct devices *devices)
{
	struct node *next;

	for (size_t kind = 0; kind < DEVICE_KINDS; kind++) {
		struct node *d = devices->first[kind];

		if (d == NULL)
			continue;
		devices->first[kind] = NULL;
		for (; d != NULL; d = next) {
			next = device_next(d);
			if (rule_apply(
				&devices->ctx, d, device_types[kind].rule) != 0)
				return -1;
			if (d->parent != NULL && devices->first[kind] == NULL)
				devices->first[kind] = d;
		}
		if (kind == DEVICE_DISK)
			disks_order(devices);
		else if (kind == DEVICE_CONTROLLER &&
			 controllers_read(devices) != 0)
			return -1;
		else if (kind == DEVICE_VIDEO)
			videos_order(devices);
		else if (kind == DEVICE_HOSTDEV &&
			 controllers_add_for_hostdevs(devices) != 0)
			return -1;
	}
	return 0;
}

static int
fill_devices(struct devices *devices)
{
	if (devices->ctx.caps->xen && xen_devices_fill(devices) != 0)
		return -1;
	if (serials_ports(devices) != 0)
		return -1;
	for (size_t kind = 0; kind < DEVICE_KINDS; kind++) {
		if (device_types[kind].fill == NULL)
			continue;
		FOR_DEVICES (devices, kind, d) {
			if (device_types[kind].fill(devices, d) != 0)
				return -1;
		}
	}
	if (controllers_unique(devices) != 0 || consoles_add(devices) != 0 ||
	    controllers_add(devices) != 0)
		return -1;
	return videos_add(devices);
}

static const char *
boot_order(const struct node *device)
{
	return node_attr(node_child(device, "boot"), "order");
}

static const char *
user_alias(const struct node *device)
{
	const char *alias = node_attr(node_child(device, "alias"), "name");

	return alias != NULL && strncmp(alias, "ua-", 3) == 0 ? alias : NULL;
}

/* What is said by more than one device: value_of reads it. */
static const char *
find_twice(const struct devices *devices,
    const char *(*value_of)(const struct node *device))
{
	for (const struct node *d = node_child(devices->node, NULL); d != NULL;
	     d = node_next(d, NULL)) {
		const char *value = value_of(d);

		if (value == NULL)
			continue;
		for (const struct node *e = node_next(d, NULL); e != NULL;
		     e = node_next(e, NULL)) {
			const char *other = value_of(e);

			/* The first console may be the first serial port. */
			if (other != NULL && strcmp(value, other) == 0 &&
			    !(d == devices->first[DEVICE_SERIAL] &&
				e == devices->first[DEVICE_CONSOLE]))
				return value;
		}
	}
	return NULL;
}

static int
check_unassigned(struct devices *devices)
{
	for (size_t kind = 0; kind < DEVICE_KINDS; kind++) {
		if (kind == DEVICE_HOSTDEV)
			continue;
		FOR_DEVICES (devices, kind, d) {
			const char *type = address_type(d);

			if (type != NULL && strcmp(type, "unassigned") == 0)
				return refuse_config(&devices->ctx,
				    "address of type '%s' is supported only "
				    "for hostdevs",
				    type);
		}
	}
	return 0;
}

static int
check_devices(struct devices *devices)
{
	const char *twice;

	if (devices->hvm && (twice = find_twice(devices, boot_order)) != NULL)
		return refuse_config(&devices->ctx,
		    "boot order '%s' used for more than one device", twice);
	if (check_unassigned(devices) != 0 ||
	    (devices->ctx.caps->xen && xen_devices_check(devices) != 0))
		return -1;
	for (size_t kind = 0; kind < DEVICE_KINDS; kind++) {
		if (device_types[kind].check == NULL)
			continue;
		FOR_DEVICES (devices, kind, d) {
			if (device_types[kind].check(devices, d) != 0)
				return -1;
		}
	}
	if (disks_check(devices) != 0 || hostdevs_check(devices) != 0)
		return -1;
	if ((twice = find_twice(devices, user_alias)) != NULL)
		return refuse_config(
		    &devices->ctx, "non unique alias detected: %s", twice);
	return videos_check(devices);
}

static void
init(struct devices *devices, struct node *domain,
    const struct domain_caps *caps, unsigned int flags, struct error *err)
{
	const struct node *type = node_find(domain, "os/type");
	const char *os = node_text(type), *arch = node_attr(type, "arch");

	/* Xen's paravirtual guests are written as "linux". */
	if (os != NULL && strcmp(os, "linux") == 0 &&
	    node_attr_is(domain, "type", "xen"))
		os = "xen";
	*devices = (struct devices){
	    .ctx =
		{
		    .doc = domain->doc,
		    .caps = caps,
		    .flags = flags,
		    .from = XVM_FROM_DOMAIN,
		    .err = err,
		},
	    .domain = domain,
	    .hvm = os != NULL && strcmp(os, "hvm") == 0,
	    .pv = os != NULL &&
		  (strcmp(os, "xen") == 0 || strcmp(os, "xenpvh") == 0),
	    .x86 = arch == NULL || strcmp(arch, "i686") == 0 ||
		   strcmp(arch, "x86_64") == 0,
	};
}

int
domain_devices_normalise(struct node *domain, const struct domain_caps *caps,
    unsigned int flags, struct error *err)
{
	struct devices devices;

	init(&devices, domain, caps, flags, err);
	devices.node = node_need(domain, "devices");
	if (devices.node == NULL)
		return error_nomem(err);
	if (sort_kinds(&devices) != 0 || read_devices(&devices) != 0 ||
	    fill_devices(&devices) != 0 || check_devices(&devices) != 0 ||
	    (!caps->xen && interfaces_name(&devices) != 0))
		return -1;
	panics_drop(&devices);
	if (domain->doc->failed)
		return error_nomem(err);
	node_keep_open(devices.node);
	return 0;
}

/* The devices that the domain has, to look at. */
static void
index_devices(struct devices *devices)
{
	size_t kind = 0;

	for (struct node *c = node_child(devices->node, NULL); c != NULL;
	     c = node_next(c, NULL)) {
		kind = find_kind(c->name, kind % DEVICE_KINDS);
		if (kind == DEVICE_KINDS)
			continue;
		c->name = device_types[kind].name;
		if (devices->first[kind] == NULL)
			devices->first[kind] = c;
	}
	FOR_DEVICES (devices, DEVICE_CONTROLLER, c) {
		if (node_attr_is(c, "type", "usb") &&
		    node_attr_is(c, "model", "none"))
			devices->usb_none = true;
	}
}

static int
read_one(struct devices *devices, struct node *device)
{
	size_t kind = find_kind(device->name, DEVICE_DISK);
	const struct device_type *type = &device_types[kind];

	if (kind == DEVICE_KINDS || kind == DEVICE_EMULATOR ||
	    kind == DEVICE_REDIRFILTER)
		return refuse_config(
		    &devices->ctx, "unknown device type '%s'", device->name);
	device_insert(devices, kind, NULL, device);
	if (rule_apply(&devices->ctx, device, type->rule) != 0 ||
	    (devices->ctx.caps->xen && xen_device_fill(devices, device) != 0) ||
	    (type->fill != NULL && type->fill(devices, device) != 0) ||
	    (type->check != NULL && type->check(devices, device) != 0))
		return -1;
	return 0;
}

struct node *
domain_device_parse(struct doc *doc, const char *text, size_t n,
    const struct domain_caps *caps, struct error *err)
{
	struct devices devices;
	struct doc *one =
	    xml_parse(text, n, "(device_definition)", XVM_FROM_DOMAIN, err);
	struct node *device;
	int rc = -1;

	if (one == NULL)
		return NULL;
	device = node_clone(doc, one->root);
	doc_free(one);
	init(&devices, doc->root, caps, DOMAIN_XML_PARSE_INACTIVE, err);
	devices.node = node_need(doc->root, "devices");
	if (device == NULL || devices.node == NULL) {
		error_nomem(err);
		return NULL;
	}
	index_devices(&devices);
	rc = read_one(&devices, device);
	if (device->parent != NULL)
		node_unlink(device);
	if (rc == 0 && doc->failed)
		rc = error_nomem(err);
	return rc == 0 ? device : NULL;
}
