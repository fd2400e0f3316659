/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writing an XML tree in libvirt's canonical form. */
#include <string.h>

#include "buf.h"
#include "tree.h"

void
xml_escape(const char *text, struct buf *out)
{
	for (;;) {
		size_t n = strcspn(text, "<>&'\"");

		buf_add(out, text, n);
		text += n;
		switch (*text++) {
		case '<':
			buf_puts(out, "&lt;");
			break;
		case '>':
			buf_puts(out, "&gt;");
			break;
		case '&':
			buf_puts(out, "&amp;");
			break;
		case '\'':
			buf_puts(out, "&apos;");
			break;
		case '"':
			buf_puts(out, "&quot;");
			break;
		default:
			return;
		}
	}
}

/* Text as libxml2 writes it: the characters of markup alone. */
static void
escape_raw(const char *text, bool quotes, struct buf *out)
{
	for (; *text != '\0'; text++) {
		if (*text == '<')
			buf_puts(out, "&lt;");
		else if (*text == '>')
			buf_puts(out, "&gt;");
		else if (*text == '&')
			buf_puts(out, "&amp;");
		else if (quotes && *text == '"')
			buf_puts(out, "&quot;");
		else
			buf_putc(out, *text);
	}
}

/* A user's own element, as it was written. */
static void
format_raw(const struct node *node, struct buf *out)
{
	switch (node->kind) {
	case NODE_TEXT:
		escape_raw(node->text, false, out);
		return;
	case NODE_CDATA:
		buf_printf(out, "<![CDATA[%s]]>", node->text);
		return;
	case NODE_COMMENT:
		buf_printf(out, "<!--%s-->", node->text);
		return;
	case NODE_PI:
		buf_printf(out, "<?%s %s?>", node->name, node->text);
		return;
	case NODE_ELEMENT:
		break;
	}
	buf_printf(out, "<%s", node->name);
	for (const struct attr *a = node->attrs; a != NULL; a = a->next) {
		buf_printf(out, " %s=\"", a->name);
		escape_raw(a->value, true, out);
		buf_putc(out, '"');
	}
	if (node->first == NULL) {
		buf_puts(out, "/>");
		return;
	}
	buf_putc(out, '>');
	for (const struct node *c = node->first; c != NULL; c = c->next)
		format_raw(c, out);
	buf_printf(out, "</%s>", node->name);
}

static void
format_metadata(const struct node *node, int indent, struct buf *out)
{
	for (const struct node *c = node_child(node, NULL); c != NULL;
	    c = node_next(c, NULL)) {
		buf_fill(out, ' ', (size_t)indent);
		format_raw(c, out);
		buf_putc(out, '\n');
	}
}

void
node_format(const struct node *node, int indent, struct buf *out)
{
	buf_fill(out, ' ', (size_t)indent);
	buf_putc(out, '<');
	buf_puts(out, node->name);
	for (const struct attr *a = node->attrs; a != NULL; a = a->next) {
		buf_putc(out, ' ');
		buf_puts(out, a->name);
		buf_puts(out, "='");
		xml_escape(a->value, out);
		buf_putc(out, '\'');
	}
	if (node->first == NULL) {
		buf_puts(out, "/>\n");
		return;
	}
	buf_putc(out, '>');
	if (node_child(node, NULL) == NULL) {
		xml_escape(node_text(node), out);
	} else {
		buf_putc(out, '\n');
		if (strcmp(node->name, "metadata") == 0) {
			format_metadata(node, indent + 2, out);
		} else {
			for (const struct node *c = node_child(node, NULL);
			    c != NULL; c = node_next(c, NULL))
				node_format(c, indent + 2, out);
		}
		buf_fill(out, ' ', (size_t)indent);
	}
	buf_puts(out, "</");
	buf_puts(out, node->name);
	buf_puts(out, ">\n");
}
