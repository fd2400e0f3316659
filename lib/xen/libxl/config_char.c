/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Serial ports, consoles, channels. */
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "config_parts.h"
#include "domain/domain_xml_util.h"

static const char *
text_or(const char *text, const char *fallback)
{
	return text == NULL ? fallback : text;
}

static bool
listens(const struct node *source)
{
	return node_attr_is(source, "mode", "bind");
}

static const struct node *
source_of(const struct node *device, const char *mode)
{
	const struct node *s = node_child(device, "source");

	while (s != NULL && !node_attr_is(s, "mode", mode))
		s = node_next(s, "source");
	return s;
}

/* A character device as qemu's -serial has it. */
static int
serial_text(const struct conv *conv, const struct node *device, struct buf *out)
{
	static const char *const plain[] = {"null", "stdio", "vc", "pty", NULL};
	const struct node *source = node_child(device, "source");
	const struct node *there = source_of(device, "connect");
	const struct node *here = source_of(device, "bind");
	const char *type = node_attr(device, "type");
	const char *path = node_attr(source, "path");

	if (enum_index(plain, type) >= 0)
		buf_puts(out, type);
	else if (strcmp(type, "file") == 0 || strcmp(type, "pipe") == 0)
		buf_printf(out, "%s:%s", type, text_or(path, ""));
	else if (strcmp(type, "dev") == 0)
		buf_puts(out, text_or(path, ""));
	else if (strcmp(type, "unix") == 0)
		buf_printf(out, "unix:%s%s", text_or(path, ""),
		    listens(source) ? ",server,nowait" : "");
	else if (strcmp(type, "tcp") == 0)
		buf_printf(out, "%s:%s:%s%s",
		    node_attr_is(
			node_child(device, "protocol"), "type", "telnet")
			? "telnet"
			: "tcp",
		    text_or(node_attr(source, "host"), ""),
		    text_or(node_attr(source, "service"), ""),
		    listens(source) ? ",server,nowait" : "");
	else if (strcmp(type, "udp") == 0)
		buf_printf(out, "udp:%s:%s@%s:%s",
		    text_or(node_attr(there, "host"), ""),
		    text_or(node_attr(there, "service"), ""),
		    text_or(node_attr(here, "host"), ""),
		    text_or(node_attr(here, "service"), "0"));
	else
		return conv_refuse(
		    conv, device, "unsupported chardev '%s'", type);
	return 0;
}

/* Ports are numbered: those that are missing are "none". */
static int
read_serials(struct conv *conv, const struct node *devices)
{
	libxl_domain_build_info *info = &conv->config->b_info;
	const struct node *first = node_child(devices, "serial");
	uint64_t port = 0;

	if (first == NULL)
		return 0;
	if (conv->type != LIBXL_DOMAIN_TYPE_HVM)
		return conv_refuse(conv, first,
		    "serial ports are only supported for HVM domains");
	for (const struct node *s = first; s != NULL;
	     s = node_next(s, "serial"), port++) {
		uint64_t at =
		    conv_number(node_child(s, "target"), "port", port);
		struct buf text = BUF_INIT;
		int rc;

		if (at < port || at > 3)
			return conv_refuse(conv, s,
			    "unsupported serial port %llu",
			    (unsigned long long)at);
		rc = serial_text(conv, s, &text);
		if (rc == 0 && at == 0 && node_next(s, "serial") == NULL) {
			rc = conv_string(
			    conv, &info->u.hvm.serial, buf_str(&text));
			buf_release(&text);
			return rc;
		}
		for (; rc == 0 && port < at; port++)
			rc = conv_string_add(
			    conv, &info->u.hvm.serial_list, "none");
		if (rc == 0)
			rc = conv_string_add(
			    conv, &info->u.hvm.serial_list, buf_str(&text));
		buf_release(&text);
		if (rc != 0)
			return -1;
	}
	return 0;
}

/* There is one console, and it is a pty. */
static int
read_consoles(const struct conv *conv, const struct node *devices)
{
	bool seen = false;

	for (const struct node *c = node_child(devices, "console"); c != NULL;
	     c = node_next(c, "console")) {
		const char *target = node_attr(node_child(c, "target"), "type");
		const char *type = node_attr(c, "type");

		if (target != NULL && strcmp(target, "serial") == 0 &&
		    conv->type == LIBXL_DOMAIN_TYPE_HVM)
			continue;
		if (target != NULL && strcmp(target, "xen") != 0 &&
		    strcmp(target, "serial") != 0)
			return conv_refuse(conv, c,
			    "unsupported console target type '%s'", target);
		if (type != NULL && strcmp(type, "pty") != 0)
			return conv_refuse(
			    conv, c, "unsupported console type '%s'", type);
		if (seen)
			return conv_refuse(
			    conv, c, "only one Xen console is supported");
		seen = true;
	}
	return 0;
}

static int
read_channel(const struct conv *conv, const struct node *channel,
    libxl_device_channel *out)
{
	const struct node *target = node_child(channel, "target");
	const char *type = node_attr(target, "type");
	const char *name = node_attr(target, "name");
	const char *path = node_attr(node_child(channel, "source"), "path");

	if (type == NULL || strcmp(type, "xen") != 0)
		return conv_refuse(conv, channel,
		    "channel target type '%s' not supported",
		    text_or(type, "none"));
	if (name == NULL)
		return conv_refuse_code(conv, target, XVM_ERR_OPERATION_INVALID,
		    "channel target name missing");
	if (conv_string(conv, &out->name, name) != 0)
		return -1;
	if (node_attr_is(channel, "type", "pty")) {
		libxl_device_channel_init_connection(
		    out, LIBXL_CHANNEL_CONNECTION_PTY);
		return 0;
	}
	if (!node_attr_is(channel, "type", "unix"))
		return conv_refuse(
		    conv, channel, "channel source type not supported");
	libxl_device_channel_init_connection(
	    out, LIBXL_CHANNEL_CONNECTION_SOCKET);
	if (path != NULL)
		return conv_string(conv, &out->u.socket.path, path);
	return conv_printf(conv, &out->u.socket.path, CONFIG_CHANNELS "/%s-%s",
	    node_find_text(conv->domain, "name"), name);
}

int
config_channel(libxl_ctx *ctx, const struct node *domain,
    const struct node *channel, libxl_device_channel *out, struct error *err)
{
	struct conv conv = conv_of(ctx, domain, err);
	int rc;

	libxl_device_channel_init(out);
	rc = read_channel(&conv, channel, out);
	if (rc != 0)
		libxl_device_channel_dispose(out);
	return rc;
}

int
chars_from_xml(struct conv *conv, const struct node *devices)
{
	libxl_domain_config *c = conv->config;

	if (read_serials(conv, devices) != 0 ||
	    read_consoles(conv, devices) != 0)
		return -1;
	for (const struct node *n = node_child(devices, "channel"); n != NULL;
	     n = node_next(n, "channel")) {
		libxl_device_channel *channel = conv_array_add(
		    conv, &c->channels, &c->num_channels, sizeof(*channel));

		if (channel == NULL)
			return -1;
		libxl_device_channel_init(channel);
		channel->devid = c->num_channels - 1;
		if (read_channel(conv, n, channel) != 0)
			return -1;
	}
	return 0;
}

/* "HOST:SERVICE" to a <source>, as far as stop. */
static void
address_to_xml(
    const char *text, size_t n, const char *mode, struct node *device)
{
	struct doc *doc = device->doc;
	const char *colon = memrchr(text, ':', n);
	size_t host = colon == NULL ? n : (size_t)(colon - text);
	struct node *source = node_add(device, "source");

	node_set_attr(source, "mode", mode);
	if (host > 0)
		node_set_attr(source, "host", doc_strndup(doc, text, host));
	if (colon != NULL)
		node_set_attr(source, "service",
		    doc_strndup(doc, colon + 1, n - host - 1));
}

static void
udp_to_xml(const char *text, struct node *device)
{
	const char *at = strchr(text, '@');

	if (at == NULL) {
		address_to_xml(text, strlen(text), "connect", device);
		return;
	}
	if (strcmp(at, "@:0") != 0)
		address_to_xml(at + 1, strlen(at + 1), "bind", device);
	address_to_xml(text, (size_t)(at - text), "connect", device);
}

/* tcp:, telnet:, unix: with what is behind the colon. */
static void
socket_to_xml(const char *kind, const char *text, struct node *device)
{
	size_t n = strcspn(text, ",");
	const char *mode =
	    strstr(text + n, ",server") != NULL ? "bind" : "connect";
	struct node *source;

	if (strcmp(kind, "unix") == 0) {
		source = node_add(device, "source");
		node_set_attr(source, "mode", mode);
		node_set_attr(
		    source, "path", doc_strndup(device->doc, text, n));
		return;
	}
	address_to_xml(text, n, mode, device);
	node_set_attr(node_add(device, "protocol"), "type",
	    strcmp(kind, "telnet") == 0 ? "telnet" : "raw");
}

static void
serial_to_xml(const char *text, int port, struct node *devices)
{
	static const char *const known[] = {"null", "stdio", "vc", "pty",
	    "file", "pipe", "unix", "tcp", "telnet", "udp", NULL};
	size_t n = strcspn(text, ":");
	struct node *device;
	const char *kind, *rest = text[n] == ':' ? text + n + 1 : "";

	if (strcmp(text, "none") == 0)
		return;
	kind = doc_strndup(devices->doc, text, n);
	if (kind == NULL || (text[0] != '/' && enum_index(known, kind) < 0))
		return;
	device = node_add(devices, "serial");
	node_set_attr(device, "type",
	    text[0] == '/'		  ? "dev"
	    : strcmp(kind, "telnet") == 0 ? "tcp"
					  : kind);
	if (text[0] == '/')
		node_set_attr(node_add(device, "source"), "path", text);
	else if (strcmp(kind, "file") == 0 || strcmp(kind, "pipe") == 0)
		node_set_attr(node_add(device, "source"), "path", rest);
	else if (strcmp(kind, "udp") == 0)
		udp_to_xml(rest, device);
	else if (enum_index(known, kind) >= 6)
		socket_to_xml(kind, rest, device);
	node_set_attr_fmt(node_add(device, "target"), "port", "%d", port);
}

static void
channel_to_xml(const libxl_device_channel *channel, struct node *devices)
{
	struct node *node = node_add(devices, "channel"), *target, *source;
	bool pty = channel->connection != LIBXL_CHANNEL_CONNECTION_SOCKET;

	node_set_attr(node, "type", pty ? "pty" : "unix");
	if (!pty) {
		source = node_add(node, "source");
		node_set_attr(source, "mode", "bind");
		node_set_attr(source, "path", channel->u.socket.path);
	}
	target = node_add(node, "target");
	node_set_attr(target, "type", "xen");
	node_set_attr(target, "name", channel->name);
}

void
chars_to_xml(const libxl_domain_config *config, struct node *devices)
{
	const libxl_domain_build_info *info = &config->b_info;

	if (config->c_info.type == LIBXL_DOMAIN_TYPE_HVM) {
		libxl_string_list list = info->u.hvm.serial_list;

		if (info->u.hvm.serial != NULL)
			serial_to_xml(info->u.hvm.serial, 0, devices);
		for (int i = 0; list != NULL && list[i] != NULL; i++)
			serial_to_xml(list[i], i, devices);
	}
	for (int i = 0; i < config->num_channels; i++)
		channel_to_xml(&config->channels[i], devices);
}
