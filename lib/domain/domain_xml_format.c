/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A domain's document as text: with or without secrets, live or stored. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../buf.h"
#include "domain_xml_parts.h"

#define TEST_URI "http://libvirt.org/schemas/domain/test/1.0"

/* The test driver reads these and does not write them. */
static bool
is_test_child(const struct node *node)
{
	return node->kind == NODE_ELEMENT &&
	       strncmp(node->name, "test:", 5) == 0;
}

static bool
is_test_attr(const struct attr *a)
{
	return strcmp(a->name, "xmlns:test") == 0 &&
	       strcmp(a->value, TEST_URI) == 0;
}

static void
format_attr(const struct attr *a, struct buf *out)
{
	buf_printf(out, " %s='", a->name);
	xml_escape(a->value, out);
	buf_putc(out, '\'');
}

static void
format_start(const struct node *root, int id, struct buf *out)
{
	const char *type = node_attr(root, "type");

	buf_puts(out, "<domain");
	if (type != NULL)
		buf_printf(out, " type='%s'", type);
	if (id != -1)
		buf_printf(out, " id='%d'", id);
	for (const struct attr *a = root->attrs; a != NULL; a = a->next) {
		if (strcmp(a->name, "type") != 0 &&
		    strcmp(a->name, "id") != 0 && !is_test_attr(a))
			format_attr(a, out);
	}
	buf_puts(out, ">\n");
}

/* A running domain's resource groups have names. */
static void
format_cputune(const struct node *cputune, struct buf *out)
{
	buf_puts(out, "  <cputune>\n");
	for (const struct node *c = node_child(cputune, NULL); c != NULL;
	     c = node_next(c, NULL)) {
		struct attr vcpus, id;
		struct node copy = *c;
		char name[512];

		if ((strcmp(c->name, "cachetune") == 0 ||
			strcmp(c->name, "memorytune") == 0) &&
		    c->attrs != NULL && node_attr(c, "vcpus") != NULL) {
			(void)snprintf(name, sizeof(name), "vcpus_%s",
			    node_attr(c, "vcpus"));
			vcpus = *c->attrs;
			id = (struct attr){"id", name, vcpus.next};
			vcpus.next = &id;
			copy.attrs = &vcpus;
		}
		node_format(&copy, 4, out);
	}
	buf_puts(out, "  </cputune>\n");
}

char *
domain_xml_format(
    const struct doc *doc, int id, unsigned int flags, struct error *err)
{
	struct buf out = BUF_INIT;
	bool live = id != -1 && (flags & XVM_DOMAIN_XML_INACTIVE) == 0;
	char *text;

	format_start(doc->root, live ? id : -1, &out);
	for (const struct node *c = node_child(doc->root, NULL); c != NULL;
	     c = node_next(c, NULL)) {
		if (is_test_child(c))
			continue;
		if (strcmp(c->name, "devices") == 0)
			domain_devices_format(c, flags, &out);
		else if (live && strcmp(c->name, "cputune") == 0 &&
			 c->attrs == NULL)
			format_cputune(c, &out);
		else
			node_format(c, 2, &out);
	}
	buf_puts(&out, "</domain>\n");
	text = buf_detach(&out);
	if (text == NULL)
		error_nomem(err);
	return text;
}
