/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* <video>. */
#include <string.h>

#include "domain_devices.h"

static const char *const types[] = {"default", "vga", "cirrus", "vmvga", "xen",
    "vbox", "qxl", "parallels", "virtio", "gop", "none", "bochs", "ramfb",
    NULL};
static const char *const backends[] = {"default", "qemu", "vhostuser", NULL};
static const char *const vgaconfs[] = {"io", "on", "off", NULL};

#define NO_NUMBER(n) "cannot parse video " n " '%s'"
#define ATTR_SIZE(n)                                                           \
	ATTR_SAYS(n, VALUE_UINT, VALUE_DROP_ZERO | VALUE_DROP_EMPTY, NULL, 0,  \
	    NO_NUMBER(n))
static const struct rule_attr model_attrs[] = {
    ATTR_SAYS("type", VALUE_ENUM, VALUE_DROP_ZERO | VALUE_DROP_EMPTY, types,
	XVM_ERR_CONFIG_UNSUPPORTED, "unknown video model '%s'"),
    ATTR_SIZE("ram"),
    ATTR_SIZE("vram"),
    ATTR_SIZE("vram64"),
    ATTR_SIZE("vgamem"),
    ATTR_SAYS("heads", VALUE_UINT, VALUE_DROP_ZERO | VALUE_DROP_EMPTY, NULL,
	XVM_ERR_INTERNAL_ERROR, NO_NUMBER("heads")),
    ATTR("primary", VALUE_ANY, 0),
    ATTR_END,
};
static const struct rule_attr driver_attrs[] = {
    ATTRS_VIRTIO,
    ATTR("vgaconf", VALUE_ANY, 0),
    ATTR_ENUM("name", VALUE_NONZERO, backends),
    ATTR_END,
};
static const struct rule_attr acceleration_attrs[] = {
    ATTR("accel3d", VALUE_YES_NO, 0),
    ATTR("accel2d", VALUE_YES_NO, 0),
    ATTR("rendernode", VALUE_ANY, 0),
    ATTR_END,
};
static const struct rule_attr resolution_attrs[] = {
    ATTR("x", VALUE_UINT, VALUE_REQUIRED),
    ATTR("y", VALUE_UINT, VALUE_REQUIRED),
    ATTR_END,
};

static int
acceleration_after(struct rule_ctx *ctx, struct node *acceleration)
{
	if (node_attr(acceleration, "accel3d") == NULL &&
	    node_attr(acceleration, "accel2d") == NULL &&
	    node_attr(acceleration, "rendernode") == NULL)
		return refuse_config(ctx, "missing values for acceleration");
	return sanitise_path(ctx, acceleration, "rendernode");
}

static const struct rule model_children[] = {
    {
	.name = "acceleration",
	.attrs = acceleration_attrs,
	.after = acceleration_after,
    },
    {.name = "resolution", .attrs = resolution_attrs},
    RULE_END,
};

static int
driver_before(struct rule_ctx *ctx, struct node *driver)
{
	(void)ctx;
	/* A value that is none is not refused. */
	if (enum_index(vgaconfs, node_attr(driver, "vgaconf")) <= 0)
		node_set_attr(driver, "vgaconf", NULL);
	return 0;
}

static int
model_before(struct rule_ctx *ctx, struct node *model)
{
	(void)ctx;
	if (!node_attr_is(model, "primary", "yes"))
		node_set_attr(model, "primary", NULL);
	if (node_attr(model, "heads") == NULL)
		node_set_attr(model, "heads", "1");
	return 0;
}

static const struct rule video_children[] = {
    {
	.name = "driver",
	.flags = RULE_DROP_EMPTY,
	.attrs = driver_attrs,
	.before = driver_before,
    },
    {
	.name = "model",
	.attrs = model_attrs,
	.children = model_children,
	.before = model_before,
    },
    RULES_INFO,
    RULE_END,
};

static int
video_before(struct rule_ctx *ctx, struct node *video)
{
	(void)ctx;
	(void)node_need(video, "model");
	return 0;
}

const struct rule video_rule = {
    .name = "video",
    .flags = RULE_MANY,
    .children = video_children,
    .before = video_before,
};

static struct node *
model_of(const struct node *video)
{
	return node_child(video, "model");
}

void
videos_order(struct devices *devices)
{
	struct node *next;

	for (struct node *v = devices->first[DEVICE_VIDEO]; v != NULL;
	     v = next) {
		next = device_next(v);
		if (v == devices->first[DEVICE_VIDEO] ||
		    node_attr(model_of(v), "primary") == NULL)
			continue;
		device_remove(devices, DEVICE_VIDEO, v);
		device_insert(
		    devices, DEVICE_VIDEO, devices->first[DEVICE_VIDEO], v);
	}
}

struct vram {
	const char *type;
	unsigned int kib;
};

static const struct vram vram_sizes[] = {
    {"vga", 16 * 1024},
    {"cirrus", 16 * 1024},
    {"vmvga", 16 * 1024},
    {"bochs", 16 * 1024},
    {"xen", 4 * 1024},
    {"qxl", 64 * 1024},
    {NULL, 0},
};
/* What Xen's device model wants at least. */
static const struct vram xen_vram_sizes[] = {
    {"vga", 16 * 1024},
    {"xen", 16 * 1024},
    {"cirrus", 8 * 1024},
    {"qxl", 128 * 1024},
    {NULL, 0},
};

/* KiB of video memory that a type has when nothing else is said. */
static uint64_t
default_vram(const struct devices *devices, const char *type)
{
	const struct vram *v = vram_sizes;

	if (devices->ctx.caps->xen && devices->hvm) {
		for (v = xen_vram_sizes; v->type != NULL; v++) {
			if (strcmp(v->type, type) == 0)
				return v->kib;
		}
		v = vram_sizes;
	}
	while (v->type != NULL && strcmp(v->type, type) != 0)
		v++;
	return v->kib;
}

static void
set_size(struct node *model, const char *name, uint64_t fallback)
{
	uint64_t n = attr_number(model, name, fallback), power = 1;

	while (power < n)
		power <<= 1;
	if (n != 0)
		rule_set_attr_u64(model, model_attrs, name, power & UINT32_MAX);
}

static const char *
default_type(const struct devices *devices)
{
	const struct node *type = node_find(devices->domain, "os/type");
	const char *os = node_text(type), *arch = node_attr(type, "arch");

	if (os != NULL && (strcmp(os, "xen") == 0 || strcmp(os, "linux") == 0))
		return "xen";
	return arch != NULL && strncmp(arch, "ppc64", 5) == 0 ? "vga"
							      : "cirrus";
}

int
video_fill(struct devices *devices, struct node *video)
{
	struct node *model = model_of(video);
	const char *type = node_attr(model, "type");

	if (type == NULL) {
		type = default_type(devices);
		rule_set_attr(model, model_attrs, "type", type);
	}
	if (strcmp(type, "qxl") == 0 || node_attr(model, "ram") != NULL)
		set_size(model, "ram", 64 * 1024);
	set_size(model, "vram", default_vram(devices, type));
	return 0;
}

/* One that is none has nothing but perhaps a name. */
static void
clear(struct node *video)
{
	struct node *next, *model = model_of(video);

	for (struct node *c = video->first; c != NULL; c = next) {
		next = c->next;
		if (c != model && !node_is(c, "alias"))
			node_unlink(c);
	}
	model->attrs = NULL;
	model->first = model->last = NULL;
	node_set_attr(model, "type", "none");
}

int
videos_add(struct devices *devices)
{
	struct node *video = devices->first[DEVICE_VIDEO];
	struct node *model;

	if (video == NULL) {
		if (devices->first[DEVICE_GRAPHICS] == NULL)
			return 0;
		video = device_add(devices, DEVICE_VIDEO);
		model = node_add(video, "model");
		if (model == NULL)
			return error_nomem(devices->ctx.err);
		node_set_attr(model, "heads", "1");
	}
	if (node_attr_is(model_of(video), "type", "none")) {
		clear(video);
		return 0;
	}
	rule_set_attr(model_of(video), model_attrs, "primary", "yes");
	return video_fill(devices, video);
}

int
videos_check(struct devices *devices)
{
	FOR_DEVICES (devices, DEVICE_VIDEO, v) {
		if (v != devices->first[DEVICE_VIDEO] &&
		    node_attr(model_of(v), "primary") != NULL)
			return refuse_config(&devices->ctx,
			    "Only one primary video device is supported");
	}
	return 0;
}

int
video_check(struct devices *devices, struct node *video)
{
	static const char *const only_qxl[] = {"ram", "vram64", "vgamem"};
	struct rule_ctx *ctx = &devices->ctx;
	const struct node *model = model_of(video);
	const struct node *driver = node_child(video, "driver");
	const struct node *resolution = node_child(model, "resolution");
	const char *type = node_attr(model, "type");
	const struct node *first = devices->first[DEVICE_VIDEO];

	if (first != NULL && device_next(first) != NULL) {
		FOR_DEVICES (devices, DEVICE_VIDEO, v) {
			if (node_attr_is(model_of(v), "type", "none"))
				return refuse_config(ctx,
				    "a 'none' video type must be the only "
				    "video device defined for the domain");
		}
	}
	if (node_attr_is(driver, "name", "vhostuser")) {
		if (strcmp(type, "virtio") != 0)
			return refuse_config(ctx,
			    "'vhostuser' driver is only supported with "
			    "'virtio' device");
	} else if (node_attr(node_child(model, "acceleration"), "rendernode") !=
		   NULL) {
		return refuse_config(ctx,
		    "unsupported rendernode accel attribute without "
		    "'vhostuser'");
	}
	if (resolution != NULL && (node_attr_is(resolution, "x", "0") ||
				      node_attr_is(resolution, "y", "0")))
		return refuse_config(
		    ctx, "video resolution values must be greater than 0");
	for (size_t i = 0; strcmp(type, "qxl") != 0 && i < 3; i++) {
		if (node_attr(model, only_qxl[i]) != NULL)
			return refuse_config(ctx,
			    "%s attribute only supported for video type qxl",
			    only_qxl[i]);
	}
	if (strcmp(type, "ramfb") == 0 && node_child(video, "address") != NULL)
		return refuse_config(
		    ctx, "address not supported for video type ramfb");
	return strcmp(type, "virtio") == 0 ? 0 : check_no_virtio(ctx, driver);
}
