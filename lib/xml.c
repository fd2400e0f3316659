/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XML text to a tree, by the module that holds libxml2. */
#include "xml.h"

#include <stdint.h>
#include <string.h>

#include "buf.h"
#include "file.h"
#include "module.h"
#include "xml_module.h"

struct builder {
	struct doc *doc;
	struct node *at;	/* the open element */
	int metadata;		/* open <metadata> and what is in it */
	bool verbatim;		/* keep white space even there */
	/* Children of the root that come one by one. */
	const char *child;	/* their name, NULL: none do */
	xml_child *fn;
	void *arg;
	const char *text;
	struct doc *whole;	/* the root's document while in one */
	size_t begin;		/* where it begins, SIZE_MAX: not known */
};

static bool
all_blank(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (strchr(" \t\r\n", s[i]) == NULL)
			return false;
	}
	return true;
}

/* White space before or between elements is layout, not content. */
static void
drop_blank(struct node *node)
{
	struct node *last = node->last;

	if (last != NULL && last->kind == NODE_TEXT &&
	    all_blank(last->text, strlen(last->text)))
		node_unlink(last);
}

/*
 * What libxml2 takes for layout in a user's element: blanks, not beside text,
 * and not all that an element has. The latter shows with what comes next.
 */
static bool
is_layout(const struct builder *b, const char *s, size_t n)
{
	const struct node *at = b->at;

	return b->metadata > 0 && !b->verbatim && all_blank(s, n) &&
	    at->first != NULL && at->first->kind != NODE_TEXT &&
	    at->last->kind != NODE_TEXT;
}

/* Something that is not text follows. */
static void
drop_layout(struct builder *b)
{
	if (b->metadata > 0 && !b->verbatim && b->at->first == b->at->last)
		drop_blank(b->at);
}

/* Are we at the root of a document whose children come one by one? */
static bool
at_split(const struct builder *b)
{
	return b->child != NULL && b->whole == NULL && b->at != NULL &&
	    b->at == b->doc->root;
}

/* What is read from here on is a document of its own. */
static bool
begin_child(struct builder *b, size_t at)
{
	b->whole = b->doc;
	b->doc = doc_new();
	if (b->doc == NULL) {
		b->doc = b->whole;
		b->whole = NULL;
		return false;
	}
	/* The parser stands in the tag, where a '<' can only begin it. */
	while (at != SIZE_MAX && at > 0 && b->text[at - 1] != '<')
		at--;
	b->begin = at == 0 || at == SIZE_MAX ? SIZE_MAX : at - 1;
	return true;
}

static bool
end_child(struct builder *b, size_t at)
{
	struct doc *child = b->doc;
	bool known = b->begin != SIZE_MAX && at != SIZE_MAX && at > b->begin;

	b->doc = b->whole;
	b->whole = NULL;
	return b->fn(b->arg, child, known ? b->text + b->begin : NULL,
	    known ? at - b->begin : 0);
}

static bool
sink_start(void *arg, const char *name, const char *const *attrs,
    unsigned int line, size_t at)
{
	struct builder *b = arg;
	struct node *node;
	struct attr **tail;

	if (at_split(b) && strcmp(name, b->child) == 0 && !begin_child(b, at))
		return false;
	node = node_new(b->doc, name);
	if (node == NULL)
		return false;
	node->line = line;
	tail = &node->attrs;
	for (; *attrs != NULL; attrs += 2) {
		struct attr *a = doc_alloc(b->doc, sizeof(*a));

		if (a == NULL ||
		    (a->name = doc_strdup(b->doc, attrs[0])) == NULL ||
		    (a->value = doc_strdup(b->doc, attrs[1])) == NULL)
			return false;
		*tail = a;
		tail = &a->next;
	}
	if (b->doc->root == NULL) {
		b->doc->root = node;
		node->parent = b->at;
	} else {
		if (b->metadata == 0)
			drop_blank(b->at);
		drop_layout(b);
		node_append(b->at, node);
	}
	if (b->metadata > 0 || strcmp(name, "metadata") == 0)
		b->metadata++;
	b->at = node;
	return true;
}

static bool
sink_end(void *arg, size_t at)
{
	struct builder *b = arg;
	struct node *node = b->at;

	if (b->metadata > 0)
		b->metadata--;
	else if (node->first != node->last)
		drop_blank(node);
	b->at = node->parent;
	if (b->whole != NULL && node == b->doc->root)
		return end_child(b, at);
	return true;
}

static bool
sink_text(void *arg, const char *text, size_t n, bool cdata)
{
	struct builder *b = arg;

	if (b->at == NULL || (at_split(b) && all_blank(text, n)))
		return true;
	if (!cdata && b->metadata == 0 && b->at->last != NULL &&
	    b->at->last->kind == NODE_ELEMENT && all_blank(text, n))
		return true;
	if (!cdata && is_layout(b, text, n))
		return true;
	return node_add_kind(b->at, cdata ? NODE_CDATA : NODE_TEXT, text,
	    n) != NULL;
}

static bool
sink_comment(void *arg, const char *text)
{
	struct builder *b = arg;

	if (b->metadata == 0 || b->at == NULL)
		return true;
	drop_layout(b);
	return node_add_kind(b->at, NODE_COMMENT, text, strlen(text)) != NULL;
}

static bool
sink_pi(void *arg, const char *name, const char *text)
{
	struct builder *b = arg;
	struct node *node;

	if (b->metadata == 0 || b->at == NULL)
		return true;
	drop_layout(b);
	node = node_add_kind(b->at, NODE_PI, text, strlen(text));
	return node != NULL &&
	    (node->name = doc_strdup(b->doc, name)) != NULL;
}

static const struct xml_sink sink = {
	.start = sink_start,
	.end = sink_end,
	.text = sink_text,
	.comment = sink_comment,
	.pi = sink_pi,
};

static const struct xml_module *
load(struct error *err)
{
	return module_load(XML_MODULE_FILE, "xml_module", err);
}

static int
report(struct error *err, int domain, const char *name,
    const struct xml_problem *p)
{
	if (p->message[0] == '\0')
		return error_nomem(err);
	if (p->context[0] == '\0' && p->pointer[0] == '\0')
		return error_set(err, domain, XVM_ERR_XML_DETAIL, "%s:%d: %s",
		    name, p->line, p->message);
	return error_set(err, domain, XVM_ERR_XML_DETAIL, "%s:%d: %s\n%s\n%s",
	    name, p->line, p->message, p->context, p->pointer);
}

/* Run the parser for a builder, which has no document yet. */
static struct doc *
parse(struct builder *b, size_t n, bool piecewise, const char *name,
    int domain, struct error *err)
{
	const struct xml_module *module;
	struct xml_problem problem;

	if (n > XML_SIZE_MAX) {
		error_set(err, domain, XVM_ERR_XML_ERROR,
		    "%s: document of %zu bytes is larger than %u", name, n,
		    XML_SIZE_MAX);
		return NULL;
	}
	module = load(err);
	if (module == NULL)
		return NULL;
	b->doc = doc_new();
	if (b->doc == NULL) {
		error_nomem(err);
		return NULL;
	}
	if (module->parse(b->text, n, piecewise, &sink, b, &problem) != 0) {
		report(err, domain, name, &problem);
		doc_free(b->doc);
		doc_free(b->whole);
		return NULL;
	}
	return b->doc;
}

struct doc *
xml_parse(const char *text, size_t n, const char *name, int domain,
    struct error *err)
{
	struct builder b = { .text = text };

	return parse(&b, n, false, name, domain, err);
}

struct doc *
xml_parse_verbatim(const char *text, size_t n, const char *name, int domain,
    struct error *err)
{
	struct builder b = { .text = text, .metadata = 1, .verbatim = true };

	return parse(&b, n, false, name, domain, err);
}

struct doc *
xml_parse_children(const char *text, size_t n, const char *name, int domain,
    const char *child, xml_child *fn, void *arg, struct error *err)
{
	struct builder b = {
		.text = text, .child = child, .fn = fn, .arg = arg,
	};

	return parse(&b, n, true, name, domain, err);
}

struct doc *
xml_parse_file(const char *path, int domain, struct error *err)
{
	struct buf text = BUF_INIT;
	struct builder b = { 0 };
	struct doc *doc = NULL;

	if (file_read(path, XML_SIZE_MAX, &text, err) == 0) {
		b.text = buf_str(&text);
		doc = parse(&b, text.len, true, path, domain, err);
	}
	buf_release(&text);
	return doc;
}

static bool
write_buf(void *arg, const char *text, size_t n)
{
	struct buf *out = arg;

	buf_add(out, text, n);
	return !out->failed;
}

int
xml_xpath(const char *text, size_t n, const char *expression, bool wrap,
    struct buf *out, struct error *err)
{
	const struct xml_module *module = load(err);
	struct xml_problem problem;
	int found;

	if (module == NULL)
		return -1;
	found = module->xpath(text, n, expression, wrap, write_buf, out,
	    &problem);
	if (found == -1)
		return report(err, XVM_FROM_XML, "(document)", &problem);
	if (found < 0)
		return error_set(err, XVM_FROM_XML, XVM_ERR_INTERNAL_ERROR,
		    "%s", problem.message);
	return found;
}
