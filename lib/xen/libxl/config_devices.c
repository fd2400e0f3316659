/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* <devices> as a whole: the topics, and kinds that Xen has nothing for. */
#include <string.h>

#include "config_parts.h"
#include "domain/domain_xml_util.h"

/* Kinds of devices that are refused where they are in a document. */
static const char *const refused[] = {"lease", "filesystem", "smartcard",
    "parallel", "tpm", "redirdev", "hub", "watchdog", "rng", "nvram", "panic",
    "shmem", "memory", "iommu", "vsock", NULL};

static int
refuse_kinds(const struct conv *conv, const struct node *devices)
{
	for (const struct node *d = node_child(devices, NULL); d != NULL;
	     d = node_next(d, NULL)) {
		if (strcmp(d->name, "parallel") == 0)
			return conv_refuse(conv, d,
			    "Parallel devices are not supported by libxl");
		if (enum_index(refused, d->name) >= 0)
			return conv_refuse(conv, d,
			    "%s devices are not supported by libxl", d->name);
	}
	return 0;
}

static int
read_balloon(const struct conv *conv, const struct node *devices)
{
	const struct node *balloon = node_child(devices, "memballoon");
	const char *model = node_attr(balloon, "model");

	if (model == NULL || strcmp(model, "xen") == 0)
		return 0;
	if (strcmp(model, "none") == 0)
		return conv_refuse(
		    conv, balloon, "balloon device cannot be disabled");
	return conv_refuse(
	    conv, balloon, "unsupported balloon device model '%s'", model);
}

/* Controllers that are but places of disks need nothing; virtio is not there.
 */
static int
read_controllers(struct conv *conv, const struct node *devices)
{
	static const char *const known[] = {
	    "ide", "sata", "scsi", "fdc", "usb", "pci", "isa", "xenbus", NULL};
	libxl_domain_build_info *info = &conv->config->b_info;

	for (const struct node *c = node_child(devices, "controller");
	     c != NULL; c = node_next(c, "controller")) {
		const char *type = node_attr(c, "type");
		uint64_t channels, frames;

		if (enum_index(known, type) < 0)
			return conv_refuse(
			    conv, c, "unsupported controller type '%s'", type);
		if (strcmp(type, "xenbus") != 0)
			continue;
		channels = conv_number(c, "maxEventChannels", 0);
		frames = conv_number(c, "maxGrantFrames", 0);
		if (channels > 0 && channels <= UINT32_MAX)
			info->event_channels = (uint32_t)channels;
		if (frames > 0 && frames <= INT32_MAX)
			info->max_grant_frames = (uint32_t)frames;
	}
	return 0;
}

int
devices_from_xml(struct conv *conv, const struct node *devices)
{
	typedef int part(struct conv *, const struct node *);
	/* Controllers last: those of a device that is refused have no line. */
	static part *const parts[] = {disks_from_xml, nics_from_xml,
	    graphics_from_xml, video_from_xml, sound_from_xml, inputs_from_xml,
	    chars_from_xml, pcis_from_xml, usb_from_xml, read_controllers};

	if (refuse_kinds(conv, devices) != 0 ||
	    read_balloon(conv, devices) != 0)
		return -1;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (parts[i](conv, devices) != 0)
			return -1;
	}
	return 0;
}

static void
xenbus_to_xml(const libxl_domain_build_info *info, struct node *devices)
{
	bool frames =
	    info->max_grant_frames != 0 &&
	    info->max_grant_frames != (uint32_t)LIBXL_MAX_GRANT_DEFAULT;
	struct node *bus;

	if (!frames && info->event_channels == 0)
		return;
	bus = node_add(devices, "controller");
	node_set_attr(bus, "type", "xenbus");
	node_set_attr(bus, "index", "0");
	if (frames)
		node_set_attr_fmt(
		    bus, "maxGrantFrames", "%u", info->max_grant_frames);
	if (info->event_channels != 0)
		node_set_attr_fmt(
		    bus, "maxEventChannels", "%u", info->event_channels);
}

void
devices_to_xml(const libxl_domain_config *config, struct node *domain)
{
	struct node *devices = node_need(domain, "devices");
	libxl_domain_type type = config->c_info.type;

	if (devices == NULL)
		return;
	for (int i = 0; i < config->num_disks; i++)
		disk_to_xml(&config->disks[i], config, devices);
	xenbus_to_xml(&config->b_info, devices);
	for (int i = 0; i < config->num_nics; i++)
		nic_to_xml(&config->nics[i], type, devices);
	chars_to_xml(config, devices);
	inputs_to_xml(config, devices);
	graphics_to_xml(config, devices);
	sound_to_xml(config, devices);
	video_to_xml(config, devices);
	for (int i = 0; i < config->num_pcidevs; i++)
		pci_to_xml(&config->pcidevs[i], devices);
	usb_to_xml(config, devices);
}
