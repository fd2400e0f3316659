/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Devices of running domains, by libxl. */
#include <stdlib.h>
#include <string.h>

#include "../../tree.h"
#include "config.h"
#include "device.h"
#include "pci.h"

static int
failed(struct side *side, const char *what, const struct node *device,
    struct error *err)
{
	char words[DEVICE_WORDS_SIZE];

	return side_failed(side, err, "libxenlight failed to %s %s", what,
	    device_words(device, words));
}

/* --- attaching -------------------------------------------------------------- */

typedef int live_fn(struct side *side, int id, const struct node *domain,
    const struct node *device, struct error *err);

/*
 * What libxl had begun with when it failed stays there, half a device: away
 * with it. Not what somebody else has added meanwhile.
 */
static void
forget_disk(struct side *side, uint32_t domid, const libxl_device_disk *disk,
    bool was_there)
{
	libxl_device_disk found;

	libxl_device_disk_init(&found);
	if (!was_there && libxl_vdev_to_device_disk(side->ctx, domid,
	    disk->vdev, &found) == 0)
		(void)libxl_device_disk_destroy(side->ctx, domid, &found,
		    NULL);
	libxl_device_disk_dispose(&found);
}

static bool
has_disk(struct side *side, uint32_t domid, const char *vdev)
{
	libxl_device_disk found;
	bool there;

	libxl_device_disk_init(&found);
	there = libxl_vdev_to_device_disk(side->ctx, domid, vdev,
	    &found) == 0;
	libxl_device_disk_dispose(&found);
	side_log_forget(&side->log);
	return there;
}

static int
attach_disk(struct side *side, int id, const struct node *domain,
    const struct node *device, struct error *err)
{
	uint32_t domid = (uint32_t)id;
	libxl_device_disk disk;
	bool was_there;
	int rc;

	if (config_disk(side->ctx, domain, device, &disk, err) != 0)
		return -1;
	was_there = has_disk(side, domid, disk.vdev);
	rc = libxl_device_disk_add(side->ctx, domid, &disk, NULL);
	if (rc != 0) {
		(void)failed(side, "attach", device, err);
		forget_disk(side, domid, &disk, was_there);
	}
	libxl_device_disk_dispose(&disk);
	return rc == 0 ? 0 : -1;
}

static int
attach_nic(struct side *side, int id, const struct node *domain,
    const struct node *device, struct error *err)
{
	uint32_t domid = (uint32_t)id;
	libxl_device_nic nic;
	int rc;

	if (config_nic(side->ctx, domain, device, &nic, err) != 0)
		return -1;
	nic.devid = -1;		/* the next one: libxl says which */
	rc = libxl_device_nic_add(side->ctx, domid, &nic, NULL);
	if (rc != 0) {
		(void)failed(side, "attach", device, err);
		if (nic.devid >= 0)
			(void)libxl_device_nic_destroy(side->ctx, domid, &nic,
			    NULL);
	}
	libxl_device_nic_dispose(&nic);
	return rc == 0 ? 0 : -1;
}

/* Other kinds as config.h and libxl call them: from the element, and added. */
#define ATTACH(kind)							\
static int								\
attach_##kind(struct side *side, int id, const struct node *domain,	\
    const struct node *device, struct error *err)			\
{									\
	libxl_device_##kind it;						\
	int rc;								\
									\
	if (config_##kind(side->ctx, domain, device, &it, err) != 0)	\
		return -1;						\
	rc = libxl_device_##kind##_add(side->ctx, (uint32_t)id, &it,	\
	    NULL);							\
	libxl_device_##kind##_dispose(&it);				\
	return rc == 0 ? 0 : failed(side, "attach", device, err);	\
}

ATTACH(usbdev)
ATTACH(usbctrl)
ATTACH(vkb)

static int
attach_pci(struct side *side, int id, const struct node *domain,
    const struct node *device, struct error *err)
{
	libxl_device_pci pci;
	int rc = -1;

	if (config_pci(side->ctx, domain, device, &pci, err) != 0)
		return -1;
	if (side_pci_check(side, &pci, err) != 0)
		goto out;
	rc = libxl_device_pci_add(side->ctx, (uint32_t)id, &pci, NULL);
	if (rc != 0) {
		(void)failed(side, "attach", device, err);
		side_pci_return(side, &pci);
	}
out:
	libxl_device_pci_dispose(&pci);
	return rc == 0 ? 0 : -1;
}

/* --- detaching -------------------------------------------------------------- */

/* What libxl knows of it, found by FIND, removed. */
#define DETACH(kind, FIND)						\
static int								\
detach_##kind(struct side *side, int id, const struct node *domain,	\
    const struct node *device, struct error *err)			\
{									\
	uint32_t domid = (uint32_t)id;					\
	libxl_device_##kind it;						\
	int rc;								\
									\
	(void)domain;							\
	libxl_device_##kind##_init(&it);				\
	rc = FIND;							\
	if (rc == 0)							\
		rc = libxl_device_##kind##_remove(side->ctx, domid, &it, \
		    NULL);						\
	libxl_device_##kind##_dispose(&it);				\
	return rc == 0 ? 0 : failed(side, "detach", device, err);	\
}

static const char *
attr_of(const struct node *device, const char *child, const char *name)
{
	const char *value = node_attr(node_child(device, child), name);

	return value != NULL ? value : "";
}

/* The host's USB device of an element, as the domain has it. */
static int
find_usbdev(struct side *side, uint32_t domid, const struct node *domain,
    const struct node *device, libxl_device_usbdev *out)
{
	struct error ignored = ERROR_INIT;
	libxl_device_usbdev wanted, *list;
	int n = 0, rc = -1;

	if (config_usbdev(side->ctx, domain, device, &wanted,
	    &ignored) != 0) {
		error_release(&ignored);
		return -1;
	}
	list = libxl_device_usbdev_list(side->ctx, domid, &n);
	for (int i = 0; i < n && rc != 0; i++) {
		if (list[i].u.hostdev.hostbus != wanted.u.hostdev.hostbus ||
		    list[i].u.hostdev.hostaddr != wanted.u.hostdev.hostaddr)
			continue;
		libxl_device_usbdev_copy(side->ctx, out, &list[i]);
		rc = 0;
	}
	libxl_device_usbdev_list_free(list, n);
	libxl_device_usbdev_dispose(&wanted);
	return rc;
}

/* The one virtual keyboard that a domain has. */
static int
find_vkb(struct side *side, uint32_t domid, libxl_device_vkb *out)
{
	int n = 0;
	libxl_device_vkb *list = libxl_device_vkb_list(side->ctx, domid, &n);

	if (n > 0)
		libxl_device_vkb_copy(side->ctx, out, &list[0]);
	libxl_device_vkb_list_free(list, n);
	return n > 0 ? 0 : -1;
}

static int
number_attr(const struct node *device, const char *name)
{
	const char *text = node_attr(device, name);

	return text != NULL ? atoi(text) : 0;
}

DETACH(disk, libxl_vdev_to_device_disk(side->ctx, domid,
    attr_of(device, "target", "dev"), &it))
DETACH(nic, libxl_mac_to_device_nic(side->ctx, domid,
    attr_of(device, "mac", "address"), &it))
DETACH(usbdev, find_usbdev(side, domid, domain, device, &it))
DETACH(usbctrl, libxl_devid_to_device_usbctrl(side->ctx, domid,
    number_attr(device, "index"), &it))
DETACH(vkb, find_vkb(side, domid, &it))

static int
detach_pci(struct side *side, int id, const struct node *domain,
    const struct node *device, struct error *err)
{
	libxl_device_pci it;
	int rc;

	if (config_pci(side->ctx, domain, device, &it, err) != 0)
		return -1;
	rc = libxl_device_pci_remove(side->ctx, (uint32_t)id, &it, NULL);
	if (rc == 0)
		side_pci_return(side, &it);
	else
		(void)failed(side, "detach", device, err);
	libxl_device_pci_dispose(&it);
	return rc == 0 ? 0 : -1;
}

/* --- which kind is it ------------------------------------------------------- */

static const struct kind {
	const char *element, *attr, *value;	/* attr NULL: any */
	live_fn *attach, *detach;
} kinds[] = {
	{ "disk", NULL, NULL, attach_disk, detach_disk },
	{ "interface", "type", "hostdev", attach_pci, detach_pci },
	{ "interface", NULL, NULL, attach_nic, detach_nic },
	{ "hostdev", "type", "pci", attach_pci, detach_pci },
	{ "hostdev", "type", "usb", attach_usbdev, detach_usbdev },
	{ "controller", "type", "usb", attach_usbctrl, detach_usbctrl },
	{ "input", "bus", "xen", attach_vkb, detach_vkb },
};

static const struct kind *
find_kind(const struct node *device)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kinds[i].element, device->name) == 0 &&
		    (kinds[i].attr == NULL || node_attr_is(device,
		    kinds[i].attr, kinds[i].value)))
			return &kinds[i];
	}
	return NULL;
}

static bool
is_hvm(const struct node *domain)
{
	const char *type = node_text(node_find(domain, "os/type"));

	return type != NULL && strcmp(type, "hvm") == 0;
}

/* Disks that the device model emulates are there from the start or never. */
static int
check_bus(const struct node *domain, const struct node *device,
    const char *verb, struct error *err)
{
	const char *bus = attr_of(device, "target", "bus");

	if (strcmp(device->name, "disk") != 0 || !is_hvm(domain) ||
	    strcmp(bus, "xen") == 0)
		return 0;
	return error_set(err, XVM_FROM_LIBXL, XVM_ERR_CONFIG_UNSUPPORTED,
	    "disk bus '%s' cannot be %s.", bus, verb);
}

static int
refuse_kind(const struct node *device, const char *verb, struct error *err)
{
	if (strcmp(device->name, "hostdev") == 0)
		return error_set(err, XVM_FROM_LIBXL,
		    XVM_ERR_CONFIG_UNSUPPORTED,
		    "hostdev subsys type '%s' not supported",
		    node_attr(device, "type"));
	if (strcmp(device->name, "controller") == 0)
		return error_set(err, XVM_FROM_LIBXL,
		    XVM_ERR_OPERATION_UNSUPPORTED,
		    "'%s' controller cannot be hot plugged.",
		    node_attr(device, "type"));
	return error_set(err, XVM_FROM_LIBXL, XVM_ERR_CONFIG_UNSUPPORTED,
	    "device type '%s' cannot be %s", device->name, verb);
}

int
device_live_attach(struct side *side, int id, const struct node *domain,
    const struct node *device, struct error *err)
{
	const struct kind *kind = find_kind(device);

	if (kind == NULL)
		return refuse_kind(device, "attached", err);
	if (check_bus(domain, device, "hotplugged", err) != 0)
		return -1;
	return kind->attach(side, id, domain, device, err);
}

int
device_live_detach(struct side *side, int id, const struct node *domain,
    const struct node *device, struct error *err)
{
	const struct kind *kind = find_kind(device);

	if (kind == NULL)
		return refuse_kind(device, "detached", err);
	if (node_attr_is(device, "device", "cdrom"))
		return error_set(err, XVM_FROM_LIBXL,
		    XVM_ERR_CONFIG_UNSUPPORTED,
		    "device type 'cdrom' cannot hot unplugged");
	if (check_bus(domain, device, "hot unplugged", err) != 0)
		return -1;
	return kind->detach(side, id, domain, device, err);
}

int
device_live_update(struct side *side, int id, const struct node *domain,
    const struct node *old, const struct node *device, struct error *err)
{
	libxl_device_disk disk;
	int rc;

	if (strcmp(device->name, "disk") != 0)
		return refuse_kind(device, "updated", err);
	if (!node_attr_is(device, "device", "cdrom"))
		return error_set(err, XVM_FROM_LIBXL,
		    XVM_ERR_CONFIG_UNSUPPORTED,
		    "disk bus '%s' cannot be updated.",
		    attr_of(device, "target", "bus"));
	if (!node_attr_is(old, "device", "cdrom"))
		return error_set(err, XVM_FROM_LIBXL, XVM_ERR_INTERNAL_ERROR,
		    "Removable media not supported for %s device",
		    node_attr(old, "device"));
	if (config_disk(side->ctx, domain, device, &disk, err) != 0)
		return -1;
	rc = libxl_cdrom_insert(side->ctx, (uint32_t)id, &disk, NULL);
	libxl_device_disk_dispose(&disk);
	if (rc == 0)
		return 0;
	return side_failed(side, err, "libxenlight failed to change media for "
	    "disk '%s'", attr_of(device, "target", "dev"));
}
