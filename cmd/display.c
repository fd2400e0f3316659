/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* domdisplay, vncdisplay, ttyconsole: where a domain's screen is. */
#include <arpa/inet.h>
#include <string.h>

#include "../lib/buf.h"
#include "../lib/number.h"
#include "../lib/uri.h"
#include "domain_doc.h"
#include "domain_options.h"
#include "hypervisor_uri.h"

#define VNC_FIRST_PORT 5900

/* The number of a VNC display, whatever port the XML names. */
static int
vnc_number(int port)
{
	return (int)((unsigned int)port - VNC_FIRST_PORT);
}

/*
 * The first <graphics> of a type that has the attribute, or the attribute of
 * a <listen> in it. NULL: none, or empty.
 */
static const char *
graphics_attr(const struct node *devices, const char *type, const char *child,
    const char *name)
{
	const struct node *g = node_child(devices, "graphics"), *n;

	for (; g != NULL; g = node_next(g, "graphics")) {
		if (!node_attr_is(g, "type", type))
			continue;
		if (child == NULL) {
			if (node_attr(g, name) != NULL)
				return text_or_null(node_attr(g, name));
			continue;
		}
		for (n = node_child(g, child); n != NULL;
		    n = node_next(n, child)) {
			if (node_attr(n, name) != NULL)
				return text_or_null(node_attr(n, name));
		}
	}
	return NULL;
}

/* 0 when there is none. */
static int
graphics_port(const struct node *devices, const char *type, const char *name)
{
	const char *text = graphics_attr(devices, type, NULL, name);
	int32_t port;

	return text == NULL || number_i32(text, 10, &port) != 0 ? 0 : port;
}

static bool
is_wildcard(const char *address)
{
	struct in6_addr v6;
	struct in_addr v4;

	if (inet_aton(address, &v4) != 0)
		return v4.s_addr == INADDR_ANY;
	return inet_pton(AF_INET6, address, &v6) == 1 &&
	    IN6_IS_ADDR_UNSPECIFIED(&v6);
}

/* "Any address" is no address: the host's, as the connection names it. */
static const char *
connected_host(struct cmd *cmd)
{
	struct error err = ERROR_INIT;
	const char *text = hypervisor_uri(cmd), *host = NULL;
	struct uri uri;

	if (text == NULL)
		return NULL;
	if (uri_parse(text, &uri, &err) != 0) {
		error_release(&err);
		return NULL;
	}
	if (uri.host != NULL)
		host = cmd_strdup(cmd, uri.host);
	uri_release(&uri);
	return host;
}

/* The screen on D-Bus; NULL: none, or said that it is not to be reached. */
static const char *
dbus_display(struct cmd *cmd, const struct node *devices)
{
	static const char unix_path[] = "unix:path=";
	const char *address = graphics_attr(devices, "dbus", NULL, "address");

	if (address == NULL)
		return NULL;
	if (strncmp(address, unix_path, sizeof(unix_path) - 1) == 0)
		return cmd_printf(cmd, "dbus+unix://%s",
		    address + sizeof(unix_path) - 1);
	(void)cmd_error(cmd, "'%s' D-Bus address is not handled", address);
	return NULL;
}

/* The URI of one kind of screen; NULL: the domain has none. */
static const char *
display_uri(struct cmd *cmd, const struct node *devices, const char *scheme)
{
	const char *listen, *kind, *socket = NULL, *password, *sep = "?";
	bool vnc = strcmp(scheme, "vnc") == 0;
	struct buf uri = BUF_INIT;
	int port, tls_port;

	if (strcmp(scheme, "dbus") == 0)
		return dbus_display(cmd, devices);
	port = graphics_port(devices, scheme, "port");
	tls_port = graphics_port(devices, scheme, "tlsPort");
	listen = graphics_attr(devices, scheme, NULL, "listen");
	kind = graphics_attr(devices, scheme, "listen", "type");
	if (kind != NULL && strcmp(kind, "socket") == 0)
		socket = graphics_attr(devices, scheme, "listen", "socket");
	if (port == 0 && tls_port == 0 && socket == NULL)
		return NULL;
	if (listen == NULL)
		listen = graphics_attr(devices, scheme, "listen", "address");
	else if (is_wildcard(listen))
		listen = connected_host(cmd);
	password = graphics_attr(devices, scheme, NULL, "passwd");

	buf_printf(&uri, "%s%s://", scheme, socket != NULL ? "+unix" : "");
	if (vnc && password != NULL)
		buf_printf(&uri, ":%s@", password);
	if (socket != NULL)
		buf_puts(&uri, socket);
	else if (listen == NULL)
		buf_puts(&uri, "localhost");
	else if (strchr(listen, ':') != NULL)
		buf_printf(&uri, "[%s]", listen);
	else
		buf_puts(&uri, listen);
	if (port != 0)
		buf_printf(&uri, ":%d", vnc ? vnc_number(port) : port);
	if (tls_port != 0) {
		buf_printf(&uri, "%stls-port=%d", sep, tls_port);
		sep = "&";
	}
	if (strcmp(scheme, "spice") == 0 && password != NULL)
		buf_printf(&uri, "%spassword=%s", sep, password);
	return cmd_own(cmd, buf_detach(&uri));
}

/* Is it active? The answer to that and the XML come in one batch. */
static struct call *
ask(struct cmd *cmd, const struct xvm_domain *dom, unsigned int flags)
{
	struct xvm_domain_get_xml_desc_args *args =
	    cmd_alloc(cmd, sizeof(*args));
	struct call *calls = cmd_batch(cmd, 2);
	const struct xvm_domain_is_active_ret *ret;

	args->dom = *dom;
	args->flags = flags;
	cmd_batch_set(cmd, &calls[0], XVM_CALL_DOMAIN_IS_ACTIVE, args);
	cmd_batch_set(cmd, &calls[1], XVM_CALL_DOMAIN_GET_XML_DESC, args);
	(void)cmd_submit(cmd, calls, 2);
	ret = calls[0].ret;
	if (calls[0].rc == 0 && ret->active == 0) {
		(void)cmd_error(cmd, "Domain is not running");
		return NULL;
	}
	return &calls[1];
}

static int
print_displays(struct cmd *cmd, const struct node *devices, const char *type)
{
	static const char *const schemes[] = { "vnc", "spice", "rdp", "dbus" };
	bool all = cmd_has(cmd, "all"), found = false;

	if (all)
		cmd_array_begin(cmd, "displays");
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		const char *uri;

		if (!all && type != NULL && strcmp(type, schemes[i]) != 0)
			continue;
		uri = display_uri(cmd, devices, schemes[i]);
		if (uri == NULL)
			continue;
		found = true;
		cmd_field(cmd, all ? NULL : "display", value_string(uri),
		    all ? "%s\n" : "%s", uri);
		if (!all)
			break;
	}
	if (all)
		cmd_array_end(cmd);
	if (found)
		return 0;
	if (type != NULL)
		return cmd_error(cmd,
		    "No graphical display with type '%s' found", type);
	return cmd_error(cmd, "No graphical display found");
}

static int
domdisplay_run(struct cmd *cmd)
{
	const struct xvm_domain *dom;
	const struct node *root;
	struct call *call;
	const char *type;

	if (cmd_exclusive(cmd, "all", "type") != 0)
		return -1;
	dom = cmd_domain(cmd);
	if (dom == NULL)
		return -1;
	call = ask(cmd, dom, cmd_has(cmd, "include-password") ?
	    XVM_DOMAIN_XML_SECURE : 0);
	if (call == NULL || cmd_string(cmd, "type", &type) != 0)
		return -1;
	root = cmd_domain_doc_of(cmd, call);
	if (root == NULL)
		return -1;
	return print_displays(cmd, node_child(root, "devices"), type);
}

static const struct option domdisplay_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_ACTIVE),
	OPTION_SWITCH("include-password", "put the password into the URI"),
	OPTION_TEXT("type", "of this kind: vnc, spice, rdp or dbus", NULL),
	OPTION_SWITCH("all", "every screen, a line each"),
	{ 0 },
};

const struct command command_domdisplay = {
	.name = "domdisplay",
	.summary = "print the URI of a domain's screen",
	.description = "Prints how to reach the graphical screen of a running "
	    "domain.",
	.options = domdisplay_options,
	.run = domdisplay_run,
};

static int
vncdisplay_run(struct cmd *cmd)
{
	const struct xvm_domain *dom = cmd_domain(cmd);
	const struct node *devices;
	const char *text, *listen;
	struct call *call;
	int32_t port;

	if (dom == NULL || (call = ask(cmd, dom, 0)) == NULL)
		return -1;
	devices = cmd_domain_doc_of(cmd, call);
	if (devices == NULL)
		return -1;
	devices = node_child(devices, "devices");
	text = graphics_attr(devices, "vnc", NULL, "port");
	if (text == NULL || number_i32(text, 10, &port) != 0)
		return cmd_error(cmd,
		    "Failed to get VNC port. Is this domain using VNC?");
	listen = graphics_attr(devices, "vnc", NULL, "listen");
	if (listen == NULL)
		listen = graphics_attr(devices, "vnc", "listen", "address");
	if (listen == NULL || strcmp(listen, "0.0.0.0") == 0)
		listen = "";
	text = cmd_printf(cmd, "%s:%d", listen, vnc_number(port));
	cmd_field(cmd, "display", value_string(text), "%s\n", text);
	return 0;
}

static const struct option vncdisplay_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_ACTIVE),
	{ 0 },
};

const struct command command_vncdisplay = {
	.name = "vncdisplay",
	.summary = "print the VNC display of a domain",
	.description = "Prints address and number of the VNC display of a "
	    "running domain.",
	.options = vncdisplay_options,
	.run = vncdisplay_run,
};

static int
ttyconsole_run(struct cmd *cmd)
{
	const struct xvm_domain *dom = cmd_domain(cmd);
	const struct node *root;
	const char *tty;

	if (dom == NULL || (root = cmd_domain_doc(cmd, dom, 0)) == NULL)
		return -1;
	tty = child_attr(node_child(root, "devices"), "console", "tty");
	if (tty == NULL)
		return -1;
	cmd_field(cmd, "tty", value_string(tty), "%s\n", tty);
	return 0;
}

static const struct option ttyconsole_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_ACTIVE),
	{ 0 },
};

const struct command command_ttyconsole = {
	.name = "ttyconsole",
	.summary = "print the device of a domain's console",
	.description = "Prints which terminal device of the host the console "
	    "of a domain is on.",
	.options = ttyconsole_options,
	.run = ttyconsole_run,
};
