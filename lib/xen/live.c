/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What changes in a document while its domain runs. */
#include "live.h"

#include <string.h>

#include "../domain/domain_devices.h"
#include "../domain/domain_edit.h"
#include "../number.h"
#include "devices.h"
#include "store.h"
#include "vcpu.h"

/* The questions, in the order in which they are asked. */
enum question {
	ASK_TARGET,
	ASK_VIDEO,
	ASK_MAXIMUM,
	ASK_CONSOLE,
	ASK_SERIAL,
	ASK_VNC,
	N_QUESTIONS
};

static const char *const paths[N_QUESTIONS] = {
	[ASK_TARGET] = "memory/target",
	[ASK_VIDEO] = "memory/videoram",
	[ASK_MAXIMUM] = "memory/static-max",
	[ASK_CONSOLE] = "console/tty",
	[ASK_SERIAL] = "serial/0/tty",
	[ASK_VNC] = "console/vnc-port",
};

static uint64_t
number_of(const struct store_batch *batch, enum question q)
{
	const char *text = store_value(batch, q, NULL);
	uint64_t value;

	return text == NULL || number_u64(text, 10, &value) != 0 ? 0 : value;
}

static void
update_memory(struct node *root, const struct store_batch *batch)
{
	uint64_t video = number_of(batch, ASK_VIDEO);
	uint64_t target = number_of(batch, ASK_TARGET);
	uint64_t max = number_of(batch, ASK_MAXIMUM);

	/* The balloon's target is without the video memory, the rest with. */
	if (max > 0)
		element_set_kib(edit_need(root, "memory"), max);
	else
		max = edit_get_u64(root, "memory");
	if (target == 0)
		return;
	if (target + video <= max)
		target += video;
	element_set_kib(edit_need(root, "currentMemory"), target);
}

static void
update_vcpus(struct node *root, unsigned int wanted)
{
	struct node *vcpu = node_child(root, "vcpu");

	if (vcpu == NULL || wanted == 0)
		return;
	if (wanted >= edit_vcpus_max(root))
		node_set_attr(vcpu, "current", NULL);
	else
		node_set_attr_fmt(vcpu, "current", "%u", wanted);
}

/* A character device on a terminal: <source path='/dev/pts/3'/>. */
static void
update_terminal(struct node *device, const char *tty, bool attr)
{
	struct node *source = node_child(device, "source");

	if (device == NULL || tty == NULL || *tty == '\0' ||
	    !node_attr_is(device, "type", "pty"))
		return;
	if (attr)
		node_set_attr(device, "tty", tty);
	if (source == NULL) {
		source = node_new(device->doc, "source");
		if (source == NULL)
			return;
		if (device->first != NULL)
			node_insert_before(device->first, source);
		else
			node_append(device, source);
	}
	node_set_attr(source, "path", tty);
}

static void
update_vnc(struct node *devices, const char *port)
{
	struct node *g = node_child(devices, "graphics");

	while (g != NULL && !node_attr_is(g, "type", "vnc"))
		g = node_next(g, "graphics");
	if (g != NULL && port != NULL)
		node_set_attr(g, "port", port);
}

/* Each interface has a name on the host: found by its address. */
static void
update_interfaces(struct node *devices, const struct xen_devices *list)
{
	struct node *net = node_child(devices, "interface");

	for (; net != NULL; net = node_next(net, "interface")) {
		const char *mac = node_attr(node_child(net, "mac"),
		    "address");
		struct node *target = node_child(net, "target");

		if (mac == NULL || node_attr(target, "dev") != NULL)
			continue;
		for (size_t i = 0; i < list->n; i++) {
			if (list->v[i].kind != XEN_NET ||
			    list->v[i].mac == NULL ||
			    strcasecmp(list->v[i].mac, mac) != 0)
				continue;
			if (target == NULL)
				target = rule_need(net, interface_children,
				    "target");
			if (target != NULL)
				node_set_attr(target, "dev", list->v[i].name);
			break;
		}
	}
}

/* The one of a kind with a name: a disk's target, an interface's address. */
static const struct xen_device *
find_device(const struct xen_devices *list, enum xen_device_kind kind,
    const char *name)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct xen_device *d = &list->v[i];
		const char *own = kind == XEN_DISK ? d->name : d->mac;

		if (d->kind == kind && own != NULL && name != NULL &&
		    strcasecmp(own, name) == 0)
			return d;
	}
	return NULL;
}

static bool
has_medium(const struct node *disk, const struct xen_device *dev)
{
	const struct node *source = node_child(disk, "source");
	const char *file = node_attr(source, "file");

	if (!node_attr_is(disk, "device", "cdrom"))
		return true;
	if (file == NULL)
		file = node_attr(source, "dev");
	if (file == NULL || dev->source == NULL)
		return (file == NULL) == (dev->source == NULL ||
		    dev->source[0] == '\0');
	return strcmp(file, dev->source) == 0;
}

/* Those of one kind: how many there are, -1 when one is not there. */
static int
count_devices(const struct node *devices, const struct xen_devices *list,
    enum xen_device_kind kind)
{
	bool disk = kind == XEN_DISK;
	const char *element = disk ? "disk" : "interface";
	int n = 0;

	for (const struct node *d = node_child(devices, element); d != NULL;
	    d = node_next(d, element)) {
		const struct xen_device *dev;

		if (node_child(d, "backenddomain") != NULL ||
		    node_attr_is(d, "type", "hostdev"))
			continue;
		dev = find_device(list, kind, disk ?
		    node_attr(node_child(d, "target"), "dev") :
		    node_attr(node_child(d, "mac"), "address"));
		if (dev == NULL || (disk && !has_medium(d, dev)))
			return -1;
		n++;
	}
	return n;
}

bool
live_has_devices(const struct node *devices, const struct xen_devices *list)
{
	int disks = count_devices(devices, list, XEN_DISK);
	int nets = count_devices(devices, list, XEN_NET);

	return disks >= 0 && nets >= 0 &&
	    (size_t)disks + (size_t)nets == list->n;
}

int
live_update(struct xen_conn *xen, const struct xen_domain *dom,
    const struct xen_devices *list, struct doc *doc, struct error *err)
{
	struct store_batch batch = STORE_BATCH_INIT;
	struct node *root = doc->root;
	struct node *devices = node_child(root, "devices"), *console;
	int rc;

	for (int i = 0; i < N_QUESTIONS; i++)
		(void)store_add(&batch, STORE_READ, "/local/domain/%d/%s",
		    dom->id, paths[i]);
	rc = xen_store_run(xen, &batch, err);
	if (rc == 0) {
		update_memory(root, &batch);
		update_vcpus(root, xen_vcpus_wanted(xen, dom, err));
		console = node_child(devices, "console");
		update_terminal(node_child(devices, "serial"),
		    store_value(&batch, ASK_SERIAL, NULL), false);
		update_terminal(console, store_value(&batch,
		    node_attr_is(node_child(console, "target"), "type",
		    "serial") ? ASK_SERIAL : ASK_CONSOLE, NULL), true);
		update_vnc(devices, store_value(&batch, ASK_VNC, NULL));
		update_interfaces(devices, list);
		if (doc->failed)
			rc = error_nomem(err);
	}
	store_batch_release(&batch);
	return rc;
}
