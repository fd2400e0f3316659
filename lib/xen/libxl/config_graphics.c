/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * <graphics>: of an HVM domain one display of each type that its device model
 * has; of the others a virtual framebuffer each.
 */
#include <stdlib.h>
#include <string.h>

#include "config_parts.h"
#include "number.h"

#define VNC_PORT 5900

static int
refuse_type(const struct conv *conv, const struct node *graphics)
{
	return conv_refuse(conv, graphics, "unsupported graphics type '%s'",
	    node_attr(graphics, "type"));
}

/* The address to listen on, *out NULL: libxl's own. */
static int
read_listen(
    const struct conv *conv, const struct node *graphics, const char **out)
{
	const struct node *listen = node_child(graphics, "listen");
	const char *type = node_attr(listen, "type");

	*out = NULL;
	if (listen == NULL)
		return 0;
	if (node_next(listen, "listen") != NULL)
		return conv_refuse(conv, node_next(listen, "listen"),
		    "only one address to listen on is supported");
	if (type == NULL || strcmp(type, "address") != 0)
		return conv_refuse(
		    conv, listen, "unsupported listen type '%s'", type);
	*out = node_attr(listen, "address");
	return 0;
}

static int
read_vnc(
    const struct conv *conv, const struct node *graphics, libxl_vnc_info *out)
{
	const char *listen, *text = node_attr(graphics, "port");
	bool automatic = node_attr_is(graphics, "autoport", "yes");
	int32_t port = -1;

	if (read_listen(conv, graphics, &listen) != 0)
		return -1;
	if (node_attr(graphics, "websocket") != NULL)
		return conv_refuse(conv, graphics,
		    "VNC by websocket is not supported by libxl");
	if (text != NULL)
		(void)number_i32(text, 10, &port);
	libxl_defbool_set(&out->enable, true);
	libxl_defbool_set(&out->findunused, automatic || port == -1);
	if (!automatic && port != -1) {
		if (port < VNC_PORT)
			return conv_refuse(conv, graphics,
			    "VNC port %d is below %d", (int)port, VNC_PORT);
		out->display = port - VNC_PORT;
	}
	if (conv_string(conv, &out->passwd, node_attr(graphics, "passwd")) != 0)
		return -1;
	if (listen == NULL || strchr(listen, ':') == NULL)
		return conv_string(conv, &out->listen, listen);
	/* libxl gives qemu what has a colon as it is: "[ADDRESS]:DISPLAY". */
	port = out->display;
	out->display = 0;
	return conv_printf(conv, &out->listen, "[%s]:%d", listen, (int)port);
}

static int
read_sdl(
    const struct conv *conv, const struct node *graphics, libxl_sdl_info *out)
{
	libxl_defbool_set(&out->enable, true);
	libxl_defbool_set(&out->opengl,
	    node_attr_is(node_child(graphics, "gl"), "enable", "yes"));
	return conv_string(
		   conv, &out->display, node_attr(graphics, "display")) != 0
		   ? -1
		   : conv_string(
			 conv, &out->xauthority, node_attr(graphics, "xauth"));
}

static int
read_port(const struct conv *conv, const struct node *graphics,
    const char *name, int *out)
{
	const char *text = node_attr(graphics, name);
	int32_t port = 0;

	if (text == NULL || strcmp(text, "-1") == 0)
		return 0;
	if (number_i32(text, 10, &port) != 0 || port < 0 || port > UINT16_MAX)
		return conv_refuse(
		    conv, graphics, "unsupported %s '%s'", name, text);
	*out = port;
	return 0;
}

static int
read_spice(
    const struct conv *conv, const struct node *graphics, libxl_spice_info *out)
{
	const struct node *image = node_child(graphics, "image");
	const struct node *streaming = node_child(graphics, "streaming");
	const char *passwd = node_attr(graphics, "passwd"), *listen;
	bool copy =
	    node_attr_is(node_child(graphics, "clipboard"), "copypaste", "yes");

	if (read_listen(conv, graphics, &listen) != 0 ||
	    read_port(conv, graphics, "port", &out->port) != 0 ||
	    read_port(conv, graphics, "tlsPort", &out->tls_port) != 0 ||
	    conv_string(conv, &out->host, listen) != 0 ||
	    conv_string(conv, &out->passwd, passwd) != 0 ||
	    conv_string(conv, &out->image_compression,
		node_attr(image, "compression")) != 0 ||
	    conv_string(
		conv, &out->streaming_video, node_attr(streaming, "mode")) != 0)
		return -1;
	libxl_defbool_set(&out->enable, true);
	libxl_defbool_set(&out->disable_ticketing, passwd == NULL);
	libxl_defbool_set(&out->agent_mouse,
	    !node_attr_is(node_child(graphics, "mouse"), "mode", "server"));
	libxl_defbool_set(&out->vdagent, copy);
	libxl_defbool_set(&out->clipboard_sharing, copy);
	return 0;
}

/* One display of the device model. */
static int
read_hvm(const struct conv *conv, const struct node *graphics)
{
	libxl_domain_build_info *info = &conv->config->b_info;
	const char *type = node_attr(graphics, "type");
	libxl_defbool *used = strcmp(type, "vnc") == 0 ? &info->u.hvm.vnc.enable
			      : strcmp(type, "sdl") == 0
				  ? &info->u.hvm.sdl.enable
				  : &info->u.hvm.spice.enable;

	if (strcmp(type, "vnc") != 0 && strcmp(type, "sdl") != 0 &&
	    strcmp(type, "spice") != 0)
		return refuse_type(conv, graphics);
	if (!libxl_defbool_is_default(*used) && libxl_defbool_val(*used))
		return conv_refuse(conv, graphics,
		    "only one graphics device of type '%s' is supported", type);
	if (conv_string(
		conv, &info->u.hvm.keymap, node_attr(graphics, "keymap")) != 0)
		return -1;
	if (strcmp(type, "vnc") == 0)
		return read_vnc(conv, graphics, &info->u.hvm.vnc);
	if (strcmp(type, "sdl") == 0)
		return read_sdl(conv, graphics, &info->u.hvm.sdl);
	return read_spice(conv, graphics, &info->u.hvm.spice);
}

/* A framebuffer, with the keyboard and pointer that go with it. */
static int
read_vfb(const struct conv *conv, const struct node *graphics)
{
	libxl_domain_config *c = conv->config;
	libxl_device_vfb *vfb =
	    conv_array_add(conv, &c->vfbs, &c->num_vfbs, sizeof(*vfb));
	libxl_device_vkb *vkb;

	if (vfb == NULL)
		return -1;
	libxl_device_vfb_init(vfb);
	vfb->devid = c->num_vfbs - 1;
	vkb = conv_array_add(conv, &c->vkbs, &c->num_vkbs, sizeof(*vkb));
	if (vkb == NULL)
		return -1;
	libxl_device_vkb_init(vkb);
	vkb->devid = c->num_vkbs - 1;
	if (conv_string(conv, &vfb->keymap, node_attr(graphics, "keymap")) != 0)
		return -1;
	if (node_attr_is(graphics, "type", "vnc")) {
		libxl_defbool_set(&vfb->sdl.enable, false);
		return read_vnc(conv, graphics, &vfb->vnc);
	}
	if (!node_attr_is(graphics, "type", "sdl"))
		return refuse_type(conv, graphics);
	libxl_defbool_set(&vfb->vnc.enable, false);
	return read_sdl(conv, graphics, &vfb->sdl);
}

int
graphics_from_xml(struct conv *conv, const struct node *devices)
{
	libxl_domain_build_info *info = &conv->config->b_info;
	bool hvm = conv->type == LIBXL_DOMAIN_TYPE_HVM;

	for (const struct node *g = node_child(devices, "graphics"); g != NULL;
	     g = node_next(g, "graphics")) {
		if ((hvm ? read_hvm(conv, g) : read_vfb(conv, g)) != 0)
			return -1;
	}
	if (!hvm)
		return 0;
	/* libxl's default would be VNC. */
	if (libxl_defbool_is_default(info->u.hvm.vnc.enable))
		libxl_defbool_set(&info->u.hvm.vnc.enable, false);
	if (libxl_defbool_is_default(info->u.hvm.sdl.enable))
		libxl_defbool_set(&info->u.hvm.sdl.enable, false);
	return 0;
}

static void
listen_to_xml(const char *address, struct node *node)
{
	struct node *listen = node_add(node, "listen");

	node_set_attr(listen, "type", "address");
	node_set_attr(listen, "address", address);
}

/* "ADDRESS:DISPLAY", "[ADDRESS]:DISPLAY", or an address alone. */
static const char *
split_listen(struct doc *doc, const char *listen, int *display)
{
	const char *colon = listen == NULL ? NULL : strrchr(listen, ':');
	size_t n;
	int32_t number;

	if (colon == NULL || number_i32(colon + 1, 10, &number) != 0)
		return listen;
	*display = (int)number;
	n = (size_t)(colon - listen);
	if (listen[0] == '[' && n > 2 && listen[n - 1] == ']')
		return doc_strndup(doc, listen + 1, n - 2);
	return doc_strndup(doc, listen, n);
}

static void
vnc_to_xml(const libxl_vnc_info *vnc, const char *keymap, struct node *devices)
{
	struct node *node = node_add(devices, "graphics");
	int display = vnc->display;
	const char *listen = split_listen(node->doc, vnc->listen, &display);
	bool automatic = libxl_defbool_is_default(vnc->findunused) ||
			 libxl_defbool_val(vnc->findunused);

	node_set_attr(node, "type", "vnc");
	if (!automatic)
		node_set_attr_fmt(node, "port", "%d", VNC_PORT + display);
	node_set_attr(node, "autoport", automatic ? "yes" : "no");
	node_set_attr(node, "keymap", keymap);
	node_set_attr(node, "passwd", vnc->passwd);
	listen_to_xml(listen, node);
}

static void
sdl_to_xml(const libxl_sdl_info *sdl, struct node *devices)
{
	struct node *node = node_add(devices, "graphics");

	node_set_attr(node, "type", "sdl");
	node_set_attr(node, "display", sdl->display);
	node_set_attr(node, "xauth", sdl->xauthority);
	if (!libxl_defbool_is_default(sdl->opengl) &&
	    libxl_defbool_val(sdl->opengl))
		node_set_attr(node_add(node, "gl"), "enable", "yes");
}

static bool
is_on(libxl_defbool value)
{
	return !libxl_defbool_is_default(value) && libxl_defbool_val(value);
}

static void
spice_to_xml(
    const libxl_spice_info *spice, const char *keymap, struct node *devices)
{
	struct node *node = node_add(devices, "graphics");

	node_set_attr(node, "type", "spice");
	if (spice->port != 0)
		node_set_attr_fmt(node, "port", "%d", spice->port);
	if (spice->tls_port != 0)
		node_set_attr_fmt(node, "tlsPort", "%d", spice->tls_port);
	node_set_attr(node, "autoport",
	    spice->port == 0 && spice->tls_port == 0 ? "yes" : "no");
	node_set_attr(node, "keymap", keymap);
	if (!is_on(spice->disable_ticketing))
		node_set_attr(node, "passwd", spice->passwd);
	listen_to_xml(spice->host, node);
	if (spice->image_compression != NULL)
		node_set_attr(node_add(node, "image"), "compression",
		    spice->image_compression);
	if (spice->streaming_video != NULL)
		node_set_attr(node_add(node, "streaming"), "mode",
		    spice->streaming_video);
	if (!libxl_defbool_is_default(spice->clipboard_sharing))
		node_set_attr(node_add(node, "clipboard"), "copypaste",
		    is_on(spice->clipboard_sharing) ? "yes" : "no");
	if (!libxl_defbool_is_default(spice->agent_mouse))
		node_set_attr(node_add(node, "mouse"), "mode",
		    is_on(spice->agent_mouse) ? "client" : "server");
}

void
graphics_to_xml(const libxl_domain_config *config, struct node *devices)
{
	const libxl_domain_build_info *info = &config->b_info;

	if (config->c_info.type == LIBXL_DOMAIN_TYPE_HVM) {
		if (libxl_defbool_is_default(info->u.hvm.vnc.enable) ||
		    is_on(info->u.hvm.vnc.enable))
			vnc_to_xml(
			    &info->u.hvm.vnc, info->u.hvm.keymap, devices);
		if (is_on(info->u.hvm.sdl.enable))
			sdl_to_xml(&info->u.hvm.sdl, devices);
		if (is_on(info->u.hvm.spice.enable))
			spice_to_xml(
			    &info->u.hvm.spice, info->u.hvm.keymap, devices);
		return;
	}
	for (int i = 0; i < config->num_vfbs; i++) {
		const libxl_device_vfb *vfb = &config->vfbs[i];

		if (is_on(vfb->sdl.enable))
			sdl_to_xml(&vfb->sdl, devices);
		else
			vnc_to_xml(&vfb->vnc, vfb->keymap, devices);
	}
}
