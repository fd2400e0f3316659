/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* <graphics>. */
#include <stdio.h>
#include <string.h>

#include "domain_devices.h"
#include "../number.h"

static const char *const types[] = {
    "sdl", "vnc", "rdp", "desktop", "spice", "egl-headless", "dbus", NULL};
enum {
	TYPE_SDL,
	TYPE_VNC,
	TYPE_RDP,
	TYPE_DESKTOP,
	TYPE_SPICE,
	TYPE_EGL,
	TYPE_DBUS,
};
static const char *const connecteds[] = {
    "default", "fail", "disconnect", "keep", NULL};
static const char *const share_policies[] = {
    "default", "allow-exclusive", "force-shared", "ignore", NULL};
static const char *const channels[] = {"main", "display", "inputs", "cursor",
    "playback", "record", "smartcard", "usbredir", NULL};
static const char *const channel_modes[] = {"any", "secure", "insecure", NULL};
static const char *const image_compressions[] = {
    "default", "auto_glz", "auto_lz", "quic", "glz", "lz", "off", NULL};
static const char *const compressions[] = {
    "default", "auto", "never", "always", NULL};
static const char *const streaming_modes[] = {
    "default", "filter", "all", "off", NULL};
static const char *const mouse_modes[] = {"default", "server", "client", NULL};

#define ATTR_TYPE ATTR_ENUM("type", 0, types)
#define ATTRS_PASSWORD                                                         \
	ATTR("passwd", VALUE_ANY, 0), ATTR("passwdValidTo", VALUE_ANY, 0),     \
	    ATTR_SAYS("connected", VALUE_ENUM, VALUE_NONZERO, connecteds,      \
		XVM_ERR_CONFIG_UNSUPPORTED, "unknown connected value %s")

static const struct rule_attr vnc_attrs[] = {
    ATTR_TYPE,
    ATTR("socket", VALUE_ANY, 0),
    ATTR("port", VALUE_INT, 0),
    ATTR("autoport", VALUE_ANY, 0),
    ATTR("websocket", VALUE_INT, VALUE_DROP_ZERO),
    ATTR("listen", VALUE_ANY, 0),
    ATTR("keymap", VALUE_ANY, 0),
    ATTR_ENUM("sharePolicy", VALUE_DROP_ZERO, share_policies),
    ATTR("powerControl", VALUE_YES_NO, 0),
    ATTRS_PASSWORD,
    ATTR_END,
};
static const struct rule_attr sdl_attrs[] = {
    ATTR_TYPE,
    ATTR("display", VALUE_ANY, 0),
    ATTR("xauth", VALUE_ANY, 0),
    ATTR("fullscreen", VALUE_YES_NO, 0),
    ATTR_END,
};
static const struct rule_attr rdp_attrs[] = {
    ATTR_TYPE,
    ATTR("port", VALUE_INT, 0),
    ATTR("autoport", VALUE_ANY, 0),
    ATTR("replaceUser", VALUE_ANY, 0),
    ATTR("multiUser", VALUE_ANY, 0),
    ATTR("listen", VALUE_ANY, 0),
    ATTR_END,
};
static const struct rule_attr desktop_attrs[] = {
    ATTR_TYPE,
    ATTR("display", VALUE_ANY, 0),
    ATTR("fullscreen", VALUE_YES_NO, 0),
    ATTR_END,
};
static const struct rule_attr spice_attrs[] = {
    ATTR_TYPE,
    ATTR("port", VALUE_INT, VALUE_DROP_ZERO),
    ATTR("tlsPort", VALUE_INT, VALUE_DROP_ZERO),
    ATTR("autoport", VALUE_YES_NO, 0),
    ATTR("listen", VALUE_ANY, 0),
    ATTR("keymap", VALUE_ANY, 0),
    ATTR_ENUM("defaultMode", VALUE_DROP_ZERO, channel_modes),
    ATTRS_PASSWORD,
    ATTR_END,
};
static const struct rule_attr egl_attrs[] = {ATTR_TYPE, ATTR_END};
static const struct rule_attr dbus_attrs[] = {
    ATTR_TYPE,
    ATTR("p2p", VALUE_YES_NO, 0),
    ATTR("address", VALUE_ANY, 0),
    ATTR_END,
};
static const char *const graphics_names[] = {"socket", "port", "autoport",
    "tlsPort", "websocket", "websocketGenerated", "listen", "keymap",
    "sharePolicy", "powerControl", "passwd", "passwdValidTo", "connected",
    "display", "xauth", "fullscreen", "replaceUser", "multiUser", "defaultMode",
    "p2p", "address", NULL};

/* Smaller elements. */
#define ATTR_NEEDED(n, v) ATTR_ENUM(n, VALUE_REQUIRED | VALUE_NONZERO, v)
static const struct rule_attr channel_attrs[] = {
    ATTR_ENUM("name", VALUE_REQUIRED, channels),
    ATTR_ENUM("mode", VALUE_REQUIRED, channel_modes),
    ATTR_END,
};
static const struct rule_attr image_attrs[] = {
    ATTR_NEEDED("compression", image_compressions),
    ATTR_END,
};
static const struct rule_attr compression_attrs[] = {
    ATTR_NEEDED("compression", compressions),
    ATTR_END,
};
static const struct rule_attr playback_attrs[] = {
    ATTR("compression", VALUE_ON_OFF, VALUE_REQUIRED),
    ATTR_END,
};
static const struct rule_attr streaming_attrs[] = {
    ATTR_NEEDED("mode", streaming_modes),
    ATTR_END,
};
static const struct rule_attr mouse_attrs[] = {
    ATTR_NEEDED("mode", mouse_modes),
    ATTR_END,
};
static const struct rule_attr clipboard_attrs[] = {
    ATTR("copypaste", VALUE_YES_NO, VALUE_REQUIRED),
    ATTR_END,
};
static const struct rule_attr filetransfer_attrs[] = {
    ATTR("enable", VALUE_YES_NO, VALUE_REQUIRED),
    ATTR_END,
};
static const struct rule_attr gl_attrs[] = {
    ATTR("enable", VALUE_YES_NO, VALUE_REQUIRED),
    ATTR("rendernode", VALUE_ANY, 0),
    ATTR_END,
};
static const struct rule_attr rendernode_attrs[] = {
    ATTR("rendernode", VALUE_ANY, 0),
    ATTR_END,
};
static const struct rule_attr audio_attrs[] = {
    ATTR("id", VALUE_UINT, VALUE_REQUIRED | VALUE_NONZERO),
    ATTR_END,
};

/* Only one <channel> of a name counts, the last one. */
static int
channel_after(struct rule_ctx *ctx, struct node *channel)
{
	const char *name = node_attr(channel, "name");

	(void)ctx;
	for (struct node *c = node_child(channel->parent, "channel");
	     c != NULL && c != channel; c = node_next(c, "channel")) {
		if (!node_attr_is(c, "name", name))
			continue;
		node_unlink(c);
		break;
	}
	return 0;
}

/* In the order of their names' numbers, those for any mode left out. */
static void
order_channels(struct node *graphics)
{
	struct node *next;

	for (struct node *c = node_child(graphics, "channel"); c != NULL;
	     c = next) {
		struct node *before = node_child(graphics, "channel");
		int n = enum_index(channels, node_attr(c, "name"));

		next = node_next(c, "channel");
		if (node_attr_is(c, "mode", "any")) {
			node_unlink(c);
			continue;
		}
		while (before != c &&
		       enum_index(channels, node_attr(before, "name")) < n)
			before = node_next(before, "channel");
		if (before == c)
			continue;
		node_unlink(c);
		node_insert_before(before, c);
	}
}

static const struct rule vnc_children[] = {
    RULE_LISTEN,
    {.name = "audio", .attrs = audio_attrs},
    RULE_END,
};
static const struct rule rdp_children[] = {
    RULE_LISTEN,
    RULE_END,
};
static const struct rule sdl_children[] = {
    {.name = "gl", .attrs = gl_attrs},
    RULE_END,
};
static const struct rule no_children[] = {RULE_END};
static const struct rule egl_children[] = {
    {.name = "gl", .flags = RULE_DROP_EMPTY, .attrs = rendernode_attrs},
    RULE_END,
};
static const struct rule dbus_children[] = {
    {.name = "gl", .attrs = gl_attrs},
    {.name = "audio", .attrs = audio_attrs},
    RULE_END,
};
static const struct rule spice_children[] = {
    RULE_LISTEN,
    {
	.name = "channel",
	.flags = RULE_MANY,
	.attrs = channel_attrs,
	.after = channel_after,
    },
    {.name = "image", .attrs = image_attrs},
    {.name = "jpeg", .attrs = compression_attrs},
    {.name = "zlib", .attrs = compression_attrs},
    {.name = "playback", .attrs = playback_attrs},
    {.name = "streaming", .attrs = streaming_attrs},
    {.name = "mouse", .attrs = mouse_attrs},
    {.name = "clipboard", .attrs = clipboard_attrs},
    {.name = "filetransfer", .attrs = filetransfer_attrs},
    {.name = "gl", .attrs = gl_attrs},
    RULE_END,
};

/* By type. */
static const struct graphics_type {
	const struct rule_attr *attrs;
	const struct rule *children;
	bool listens;
} graphics_types[] = {
    [TYPE_SDL] = {sdl_attrs, sdl_children, false},
    [TYPE_VNC] = {vnc_attrs, vnc_children, true},
    [TYPE_RDP] = {rdp_attrs, rdp_children, true},
    [TYPE_DESKTOP] = {desktop_attrs, no_children, false},
    [TYPE_SPICE] = {spice_attrs, spice_children, true},
    [TYPE_EGL] = {egl_attrs, egl_children, false},
    [TYPE_DBUS] = {dbus_attrs, dbus_children, false},
};

static int
read_port(struct rule_ctx *ctx, const struct node *graphics, int32_t *port_out)
{
	const char *port = node_attr(graphics, "port");

	*port_out = 0;
	if (port != NULL && number_i32(port, 10, port_out) != 0)
		return refuse_internal(ctx, "cannot parse %s port %s",
		    node_attr(graphics, "type"), port);
	return 0;
}

static void
set_yes(struct node *node, const char *name, bool yes)
{
	node_set_attr(node, name, yes ? "yes" : "no");
}

static void
keep_yes(struct node *node, const char *name)
{
	if (!node_attr_is(node, name, "yes"))
		node_set_attr(node, name, NULL);
}

static int
read_vnc(struct rule_ctx *ctx, struct node *graphics)
{
	bool inactive = (ctx->flags & DOMAIN_XML_PARSE_INACTIVE) != 0;
	const char *port = node_attr(graphics, "port");
	bool autoport = port == NULL;
	int32_t n;

	if (read_port(ctx, graphics, &n) != 0)
		return -1;
	if (n == -1)
		autoport = true;
	if (node_attr_is(graphics, "autoport", "yes"))
		autoport = true;
	else if (node_attr_is(graphics, "autoport", "no"))
		autoport = false;
	if ((autoport || n == -1) && inactive)
		n = 0;
	if (n != 0)
		node_set_attr_fmt(graphics, "port", "%d", n);
	else
		node_set_attr(graphics, "port", autoport ? "-1" : NULL);
	set_yes(graphics, "autoport", autoport);
	if (node_attr_is(graphics, "websocketGenerated", "yes") && inactive)
		node_set_attr(graphics, "websocket", "-1");
	return 0;
}

static int
read_rdp(struct rule_ctx *ctx, struct node *graphics)
{
	bool inactive = (ctx->flags & DOMAIN_XML_PARSE_INACTIVE) != 0;
	bool autoport = node_attr(graphics, "port") == NULL;
	int32_t n;

	if (read_port(ctx, graphics, &n) != 0)
		return -1;
	if (n == -1 || node_attr_is(graphics, "autoport", "yes"))
		autoport = true;
	if (autoport && inactive)
		n = 0;
	if (n != 0 || autoport)
		node_set_attr_fmt(graphics, "port", "%d", n);
	else
		node_set_attr(graphics, "port", NULL);
	node_set_attr(graphics, "autoport", autoport ? "yes" : NULL);
	keep_yes(graphics, "replaceUser");
	keep_yes(graphics, "multiUser");
	return 0;
}

static int
read_spice(struct rule_ctx *ctx, struct node *graphics)
{
	bool inactive = (ctx->flags & DOMAIN_XML_PARSE_INACTIVE) != 0;
	bool autoport = node_attr_is(graphics, "autoport", "yes");
	int32_t port = 0, tls = 0;

	if (attr_i32(ctx, graphics, "port", 0, &port) < 0 ||
	    attr_i32(ctx, graphics, "tlsPort", 0, &tls) < 0)
		return -1;
	if (port == -1 && tls == -1) {
		autoport = true;
		set_yes(graphics, "autoport", true);
	}
	if (autoport && inactive) {
		node_set_attr(graphics, "port", NULL);
		node_set_attr(graphics, "tlsPort", NULL);
	}
	if (node_attr(graphics, "autoport") == NULL)
		set_yes(graphics, "autoport", false);
	return 0;
}

/* A time in the form that is written; what is no time is refused. */
static int
read_valid_to(struct rule_ctx *ctx, struct node *graphics)
{
	const char *text = node_attr(graphics, "passwdValidTo");
	int year, month, day, hour, minute, second, end = 0;

	if (text == NULL)
		return 0;
	if (sscanf(text, "%d-%d-%dT%d:%d:%d%n", &year, &month, &day, &hour,
		&minute, &second, &end) != 6 ||
	    text[end] != '\0' || year < 1 || year > 9999 || month < 1 ||
	    month > 12 || day < 1 || day > 31 || hour < 0 || hour > 23 ||
	    minute < 0 || minute > 59 || second < 0 || second > 59)
		return refuse_internal(ctx,
		    "cannot parse password validity time '%s', expect "
		    "YYYY-MM-DDTHH:MM:SS",
		    text);
	node_set_attr_fmt(graphics, "passwdValidTo",
	    "%d-%02d-%02dT%02d:%02d:%02d", year, month, day, hour, minute,
	    second);
	return 0;
}

static int
read_password(struct rule_ctx *ctx, struct node *graphics, int type)
{
	const char *connected = node_attr(graphics, "connected");

	if (node_attr(graphics, "passwd") == NULL) {
		node_set_attr(graphics, "passwdValidTo", NULL);
		node_set_attr(graphics, "connected", NULL);
		return 0;
	}
	if (read_valid_to(ctx, graphics) != 0)
		return -1;
	if (type == TYPE_VNC && enum_index(connecteds, connected) > 0 &&
	    strcmp(connected, "keep") != 0)
		return refuse_config(ctx, "VNC supports connected='keep' only");
	return 0;
}

static int
graphics_before(struct rule_ctx *ctx, struct node *graphics)
{
	const struct graphics_type *t;
	int type, rc = 0;

	if (attr_enum(ctx, graphics, "type", types, VALUE_REQUIRED, &type) < 0)
		return -1;
	t = &graphics_types[type];
	if (!t->listens)
		drop_children(graphics, "listen");
	/* The listens first: they are compared with attributes. */
	if (rule_apply_children(ctx, graphics, t->children) != 0)
		return -1;
	if (t->listens)
		listen_need(graphics);
	if (type == TYPE_VNC)
		rc = read_vnc(ctx, graphics);
	else if (type == TYPE_RDP)
		rc = read_rdp(ctx, graphics);
	else if (type == TYPE_SPICE)
		rc = read_spice(ctx, graphics);
	if (rc != 0)
		return -1;
	if ((type == TYPE_VNC || type == TYPE_SPICE) &&
	    read_password(ctx, graphics, type) != 0)
		return -1;
	drop_attrs(graphics, t->attrs, graphics_names);
	if (rule_apply_attrs(ctx, graphics, t->attrs) != 0)
		return -1;
	keep_yes(graphics, "fullscreen");
	keep_yes(graphics, "p2p");
	if (t->listens) {
		listen_follow(graphics);
		if (rule_apply_attrs(ctx, graphics, t->attrs) != 0)
			return -1;
	}
	if (type == TYPE_SPICE)
		order_channels(graphics);
	if (type == TYPE_SDL)
		node_set_attr(node_child(graphics, "gl"), "rendernode", NULL);
	return 0;
}

const struct rule graphics_rule = {
    .name = "graphics",
    .flags = RULE_MANY,
    .before = graphics_before,
};

/* Whether there is <audio> with the id that audio (NULL: none) asks for. */
static int
check_audio(struct devices *devices, const struct node *audio)
{
	const char *id = node_attr(audio, "id");

	if (id == NULL)
		return 0;
	FOR_DEVICES (devices, DEVICE_AUDIO, a) {
		if (node_attr_is(a, "id", id))
			return 0;
	}
	return refuse_xml(&devices->ctx, "no audio device with ID %s", id);
}

int
graphics_check(struct devices *devices, struct node *graphics)
{
	for (const struct node *l = node_child(graphics, "listen"); l != NULL;
	     l = node_next(l, "listen")) {
		if (node_attr_is(l, "type", "network") &&
		    node_attr(l, "network") == NULL)
			return refuse_xml(&devices->ctx,
			    "'network' attribute is required for listen type "
			    "'network'");
	}
	if (node_attr_is(graphics, "type", "vnc"))
		return check_audio(devices, node_child(graphics, "audio"));
	if (node_attr_is(graphics, "type", "dbus") &&
	    node_attr(graphics, "p2p") != NULL &&
	    node_attr(graphics, "address") != NULL)
		return refuse_xml(&devices->ctx,
		    "D-Bus p2p with an address is not supported");
	return 0;
}

int
sound_check(struct devices *devices, struct node *sound)
{
	return check_audio(devices, node_child(sound, "audio"));
}
