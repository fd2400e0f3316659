/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* <video>, <sound>, <input>: what an HVM domain's device model shows. */
#include <stdlib.h>
#include <string.h>

#include "config_parts.h"
#include "domain/domain_xml_util.h"

#define MIB 1024u /* KiB */

/* Video cards, the first of a kind as it is written. */
static const struct {
	const char *type, *name;
	libxl_vga_interface_type kind;
	unsigned int least, least_traditional; /* MiB of memory */
} cards[] = {
    {"vga", "VGA", LIBXL_VGA_INTERFACE_TYPE_STD, 16, 8},
    {"xen", "VGA", LIBXL_VGA_INTERFACE_TYPE_STD, 16, 8},
    {"cirrus", "CIRRUS", LIBXL_VGA_INTERFACE_TYPE_CIRRUS, 8, 4},
    {"qxl", "QXL", LIBXL_VGA_INTERFACE_TYPE_QXL, 128, 128},
};

static const libxl_enum_string_table sounds[] = {
    {"ich6", 0},
    {"es1370", 1},
    {"ac97", 2},
    {"sb16", 3},
    {NULL, 0},
};
static const char *const hardware[] = {"hda", "es1370", "ac97", "sb16"};

static int
read_video(struct conv *conv, const struct node *video)
{
	libxl_domain_build_info *info = &conv->config->b_info;
	const struct node *model = node_child(video, "model");
	const char *type = node_attr(model, "type");
	uint64_t kib = conv_number(model, "vram", 0);

	for (size_t i = 0; type != NULL && i < sizeof(cards) / sizeof(cards[0]);
	     i++) {
		unsigned int least =
		    info->device_model_version ==
			    LIBXL_DEVICE_MODEL_VERSION_QEMU_XEN_TRADITIONAL
			? cards[i].least_traditional
			: cards[i].least;

		if (strcmp(cards[i].type, type) != 0)
			continue;
		if (kib < least * MIB)
			return conv_refuse(conv, model,
			    "videoram must be at least %uMB for %s", least,
			    cards[i].name);
		info->u.hvm.vga.kind = cards[i].kind;
		info->video_memkb = kib + (MIB - kib % MIB) % MIB;
		return 0;
	}
	return conv_refuse(
	    conv, model, "video type %s is not supported by libxl", type);
}

int
video_from_xml(struct conv *conv, const struct node *devices)
{
	libxl_domain_build_info *info = &conv->config->b_info;
	const struct node *video = node_child(devices, "video");

	/* A framebuffer of the other types is said by <graphics>. */
	if (conv->type != LIBXL_DOMAIN_TYPE_HVM)
		return 0;
	if (video == NULL ||
	    node_attr_is(node_child(video, "model"), "type", "none")) {
		libxl_defbool_set(&info->u.hvm.nographic, true);
		info->u.hvm.vga.kind = LIBXL_VGA_INTERFACE_TYPE_NONE;
		return 0;
	}
	if (node_next(video, "video") != NULL)
		return conv_refuse(conv, node_next(video, "video"),
		    "only one video device is supported by libxl");
	return read_video(conv, video);
}

void
video_to_xml(const libxl_domain_config *config, struct node *devices)
{
	const libxl_domain_build_info *info = &config->b_info;
	const char *type = "cirrus";
	struct node *model;

	if (config->c_info.type != LIBXL_DOMAIN_TYPE_HVM ||
	    info->u.hvm.vga.kind == LIBXL_VGA_INTERFACE_TYPE_NONE ||
	    (info->u.hvm.vga.kind == LIBXL_VGA_INTERFACE_TYPE_UNKNOWN &&
		node_child(devices, "graphics") == NULL))
		return;
	for (size_t i = sizeof(cards) / sizeof(cards[0]); i-- > 0;) {
		if (cards[i].kind == info->u.hvm.vga.kind)
			type = cards[i].type;
	}
	model = node_add(node_add(devices, "video"), "model");
	node_set_attr(model, "type", type);
	if (info->video_memkb != LIBXL_MEMKB_DEFAULT)
		node_set_attr_fmt(model, "vram", "%llu",
		    (unsigned long long)info->video_memkb);
	node_set_attr(model, "heads", "1");
}

int
sound_from_xml(struct conv *conv, const struct node *devices)
{
	const struct node *sound = node_child(devices, "sound");
	int i = conv_value(sounds, node_attr(sound, "model"));

	if (sound == NULL)
		return 0;
	if (conv->type != LIBXL_DOMAIN_TYPE_HVM)
		return conv_refuse(conv, sound,
		    "sound devices are only supported for HVM domains");
	if (i < 0)
		return conv_refuse(conv, sound, "unsupported audio model %s",
		    node_attr(sound, "model"));
	if (node_next(sound, "sound") != NULL)
		return conv_refuse(conv, node_next(sound, "sound"),
		    "only one sound device is supported by libxl");
	return conv_string(
	    conv, &conv->config->b_info.u.hvm.soundhw, hardware[i]);
}

void
sound_to_xml(const libxl_domain_config *config, struct node *devices)
{
	const char *name = config->c_info.type == LIBXL_DOMAIN_TYPE_HVM
			       ? config->b_info.u.hvm.soundhw
			       : NULL;

	for (int i = 0; name != NULL && i < 4; i++) {
		if (strcmp(hardware[i], name) == 0)
			node_set_attr(node_add(devices, "sound"), "model",
			    conv_name(sounds, i));
	}
}

static const char *const usb_inputs[] = {"mouse", "tablet", "keyboard", NULL};

int
inputs_from_xml(struct conv *conv, const struct node *devices)
{
	bool hvm = conv->type == LIBXL_DOMAIN_TYPE_HVM;

	for (const struct node *i = node_child(devices, "input"); i != NULL;
	     i = node_next(i, "input")) {
		const char *type = node_attr(i, "type");
		const char *bus = node_attr(i, "bus");

		/* These are there anyway. */
		if (bus != NULL && strcmp(bus, hvm ? "ps2" : "xen") == 0)
			continue;
		if (!hvm || bus == NULL || strcmp(bus, "usb") != 0)
			return conv_refuse(conv, i, "unsupported input bus %s",
			    bus == NULL ? "none" : bus);
		if (enum_index(usb_inputs, type) < 0)
			return conv_refuse(
			    conv, i, "Unknown input device type");
		if (conv_string_add(conv,
			&conv->config->b_info.u.hvm.usbdevice_list, type) != 0)
			return -1;
	}
	return 0;
}

static void
input_to_xml(const char *name, struct node *devices)
{
	struct node *input;

	if (enum_index(usb_inputs, name) < 0)
		return;
	input = node_add(devices, "input");
	node_set_attr(input, "type", name);
	node_set_attr(input, "bus", "usb");
}

void
inputs_to_xml(const libxl_domain_config *config, struct node *devices)
{
	libxl_string_list list = config->b_info.u.hvm.usbdevice_list;

	if (config->c_info.type != LIBXL_DOMAIN_TYPE_HVM)
		return;
	if (config->b_info.u.hvm.usbdevice != NULL)
		input_to_xml(config->b_info.u.hvm.usbdevice, devices);
	for (; list != NULL && *list != NULL; list++)
		input_to_xml(*list, devices);
}

int
config_vkb(libxl_ctx *ctx, const struct node *domain, const struct node *input,
    libxl_device_vkb *out, struct error *err)
{
	struct conv conv = conv_of(ctx, domain, err);

	if (!node_attr_is(input, "bus", "xen"))
		return conv_refuse(&conv, input, "unsupported input bus %s",
		    node_attr(input, "bus"));
	libxl_device_vkb_init(out);
	return 0;
}
