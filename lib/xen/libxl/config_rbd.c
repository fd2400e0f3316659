/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A disk on a Ceph cluster as qemu's text: "rbd:POOL/IMAGE" and options
 * ":NAME=VALUE", in which '\' stands before ':' and ';' that are no separators.
 */
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "config_parts.h"

static void
add_escaped(struct buf *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == ':')
			buf_putc(out, '\\');
		buf_putc(out, *text);
	}
}

static void
add_host(struct buf *out, const struct node *host)
{
	const char *name = node_attr(host, "name");
	const char *port = node_attr(host, "port");

	if (name == NULL)
		return;
	if (strchr(name, ':') != NULL) { /* IPv6 */
		buf_putc(out, '[');
		add_escaped(out, name);
		buf_putc(out, ']');
	} else {
		buf_puts(out, name);
	}
	if (port != NULL)
		buf_printf(out, "\\:%s", port);
}

int
rbd_from_xml(const struct conv *conv, const struct node *disk, char **path_out)
{
	const struct node *source = node_child(disk, "source");
	const struct node *auth = node_child(source, "auth");
	const struct node *host = node_child(source, "host");
	const char *protocol = node_attr(source, "protocol");
	const char *name = node_attr(source, "name");
	const char *config = node_attr(node_child(source, "config"), "file");
	struct buf out = BUF_INIT;

	if (protocol == NULL || strcmp(protocol, "rbd") != 0)
		return conv_refuse(conv, source,
		    "Unsupported network block protocol '%s'",
		    protocol == NULL ? "none" : protocol);
	if (auth == NULL)
		auth = node_child(disk, "auth");
	if (auth != NULL)
		return conv_refuse(conv, auth,
		    "there are no stored secrets to authenticate with");
	if (name == NULL || strchr(name, ':') != NULL)
		return conv_refuse(conv, source,
		    "':' not allowed in RBD source volume name '%s'",
		    name == NULL ? "" : name);
	buf_printf(&out, "rbd:%s:auth_supported=none", name);
	if (host != NULL)
		buf_puts(&out, ":mon_host=");
	for (; host != NULL; host = node_next(host, "host")) {
		add_host(&out, host);
		if (node_next(host, "host") != NULL)
			buf_puts(&out, "\\;");
	}
	if (config != NULL) {
		buf_puts(&out, ":conf=");
		add_escaped(&out, config);
	}
	free(*path_out);
	*path_out = buf_detach(&out);
	return *path_out == NULL ? error_nomem(conv->err) : 0;
}

/* The text up to a separator that is not escaped, without its '\'. */
static char *
token(struct doc *doc, const char **p, char separator)
{
	char *out = doc_alloc(doc, strlen(*p) + 1), *o = out;

	for (; **p != '\0' && **p != separator; (*p)++) {
		if (**p == '\\' && (*p)[1] != '\0')
			(*p)++;
		if (out != NULL)
			*o++ = **p;
	}
	if (**p != '\0')
		(*p)++;
	return out;
}

/* HOST, HOST:PORT, [IPv6], [IPv6]:PORT. */
static void
host_to_xml(struct doc *doc, const char *text, struct node *source)
{
	const char *end = text[0] == '[' ? strchr(text, ']') : NULL;
	const char *colon = strchr(end != NULL ? end : text, ':');
	struct node *host = node_add(source, "host");

	if (end != NULL)
		node_set_attr(host, "name",
		    doc_strndup(doc, text + 1, (size_t)(end - text - 1)));
	else
		node_set_attr(host, "name",
		    colon == NULL
			? text
			: doc_strndup(doc, text, (size_t)(colon - text)));
	if (colon != NULL)
		node_set_attr(host, "port", colon + 1);
}

void
rbd_to_xml(const char *path, struct node *disk)
{
	struct doc *doc = disk->doc;
	const char *p = path + strlen("rbd:"), *text;
	struct node *source = node_add(disk, "source");

	node_set_attr(disk, "type", "network");
	node_set_attr(source, "protocol", "rbd");
	node_set_attr(source, "name", token(doc, &p, ':'));
	while (*p != '\0') {
		char *value = token(doc, &p, ':');

		if (value == NULL)
			return;
		if (strncmp(value, "conf=", 5) == 0)
			node_set_attr(
			    node_add(source, "config"), "file", value + 5);
		if (strncmp(value, "mon_host=", 9) != 0)
			continue;
		/* Hosts are told apart by ';', as token leaves it. */
		for (text = value + 9; *text != '\0';) {
			const char *host = token(doc, &text, ';');

			if (host != NULL && host[0] != '\0')
				host_to_xml(doc, host, source);
		}
	}
}
