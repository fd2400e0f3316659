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
escape_raw(const char *text, struct buf *out)
{
	for (; *text != '\0'; text++) {
		if (*text == '<')
			buf_puts(out, "&lt;");
		else if (*text == '>')
			buf_puts(out, "&gt;");
		else if (*text == '&')
			buf_puts(out, "&amp;");
		else if (*text == '\r')
			buf_puts(out, "&#13;");
		else
			buf_putc(out, *text);
	}
}

/* The code point that begins at *text, which is moved behind it. */
static unsigned int
take_utf8(const char **text)
{
	const unsigned char *p = (const unsigned char *)*text;
	int more = *p >= 0xf0 ? 3 : *p >= 0xe0 ? 2 : *p >= 0xc0 ? 1 : 0;
	unsigned int c = more == 0 ? *p : *p & (0x3fu >> more);

	for (p++; more > 0 && (*p & 0xc0) == 0x80; p++, more--)
		c = c << 6 | (*p & 0x3fu);
	*text = (const char *)p;
	return c;
}

/* An attribute's value as libxml2 writes it: in ASCII. */
static void
escape_raw_attr(const char *text, struct buf *out)
{
	while (*text != '\0') {
		if (*text == '"') {
			buf_puts(out, "&quot;");
			text++;
		} else if (*text == '<') {
			buf_puts(out, "&lt;");
			text++;
		} else if (*text == '>') {
			buf_puts(out, "&gt;");
			text++;
		} else if (*text == '&') {
			buf_puts(out, "&amp;");
			text++;
		} else if (strchr("\n\r\t", *text) != NULL) {
			buf_printf(out, "&#%d;", *text++);
		} else if ((unsigned char)*text >= 0x80) {
			buf_printf(out, "&#x%X;", take_utf8(&text));
		} else {
			buf_putc(out, *text++);
		}
	}
}

/* Do its children stand in lines of their own? Not beside text. */
static bool
is_layout(const struct node *node)
{
	for (const struct node *c = node->first; c != NULL; c = c->next) {
		if (c->kind == NODE_TEXT || c->kind == NODE_CDATA)
			return false;
	}
	return true;
}

static void
format_raw(const struct node *node, int indent, bool layout, struct buf *out)
{
	switch (node->kind) {
	case NODE_TEXT:
		escape_raw(node->text, out);
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
		escape_raw_attr(a->value, out);
		buf_putc(out, '"');
	}
	if (node->first == NULL) {
		buf_puts(out, "/>");
		return;
	}
	buf_putc(out, '>');
	layout = layout && is_layout(node);
	for (const struct node *c = node->first; c != NULL; c = c->next) {
		if (layout) {
			buf_putc(out, '\n');
			buf_fill(out, ' ', (size_t)indent + 2);
		}
		format_raw(c, indent + 2, layout, out);
	}
	if (layout) {
		buf_putc(out, '\n');
		buf_fill(out, ' ', (size_t)indent);
	}
	buf_printf(out, "</%s>", node->name);
}

void
node_format_raw(const struct node *node, int indent, struct buf *out)
{
	format_raw(node, indent, true, out);
}

static void
format_metadata(const struct node *node, int indent, struct buf *out)
{
	for (const struct node *c = node_child(node, NULL); c != NULL;
	    c = node_next(c, NULL)) {
		buf_fill(out, ' ', (size_t)indent);
		node_format_raw(c, indent, out);
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
		const char *text = node_text(node);

		xml_escape(text, out);
		if (strcmp(text, "\n") == 0)
			buf_fill(out, ' ', (size_t)indent);
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
