/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An XML document as a plain tree: memory, reading, changing. */
#include "tree.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"

#define CHUNK_SIZE 4064

/* Memory of a document, taken from the front. */
struct chunk {
	struct chunk *next;
	size_t used, size;
	_Alignas(16) char data[];
};

struct doc *
doc_new(void)
{
	return calloc(1, sizeof(struct doc));
}

void
doc_free(struct doc *doc)
{
	if (doc == NULL)
		return;
	while (doc->chunks != NULL) {
		struct chunk *c = doc->chunks;

		doc->chunks = c->next;
		free(c);
	}
	free(doc);
}

/* n bytes aligned to align, not cleared. */
static char *
take(struct doc *doc, size_t n, size_t align)
{
	struct chunk *c = doc->chunks;
	size_t at = c == NULL ? 0 : (c->used + align - 1) & ~(align - 1);

	if (c == NULL || at > c->size || n > c->size - at) {
		size_t size = n > CHUNK_SIZE / 4 ? n : CHUNK_SIZE;

		c = malloc(sizeof(*c) + size);
		if (c == NULL) {
			doc->failed = true;
			return NULL;
		}
		c->size = size;
		at = 0;
		/* One that is full at once goes behind the one in use. */
		if (size == n && doc->chunks != NULL) {
			c->next = doc->chunks->next;
			doc->chunks->next = c;
		} else {
			c->next = doc->chunks;
			doc->chunks = c;
		}
	}
	c->used = at + n;
	return c->data + at;
}

void *
doc_alloc(struct doc *doc, size_t n)
{
	char *p = take(doc, n, 16);

	return p == NULL ? NULL : memset(p, 0, n);
}

char *
doc_strndup(struct doc *doc, const char *s, size_t n)
{
	char *p = take(doc, n + 1, 1);

	if (p == NULL)
		return NULL;
	memcpy(p, s, n);
	p[n] = '\0';
	return p;
}

char *
doc_strdup(struct doc *doc, const char *s)
{
	return doc_strndup(doc, s, strlen(s));
}

static char * __attribute__((format(printf, 2, 0)))
doc_vprintf(struct doc *doc, const char *fmt, va_list ap)
{
	va_list again;
	char *p = NULL;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n >= 0)
		p = take(doc, (size_t)n + 1, 1);
	if (p != NULL)
		(void)vsnprintf(p, (size_t)n + 1, fmt, ap);
	return p;
}

char *
doc_printf(struct doc *doc, const char *fmt, ...)
{
	va_list ap;
	char *p;

	va_start(ap, fmt);
	p = doc_vprintf(doc, fmt, ap);
	va_end(ap);
	return p;
}

/* Most names differ in their first letter: that is cheap to see. */
static inline bool
same(const char *a, const char *b)
{
	return a[0] == b[0] && strcmp(a, b) == 0;
}

static struct node *
element_from(struct node *node, const char *name)
{
	for (; node != NULL; node = node->next) {
		if (node->kind == NODE_ELEMENT &&
		    (name == NULL || same(node->name, name)))
			return node;
	}
	return NULL;
}

struct node *
node_child(const struct node *node, const char *name)
{
	return node == NULL ? NULL : element_from(node->first, name);
}

struct node *
node_next(const struct node *node, const char *name)
{
	return node == NULL ? NULL : element_from(node->next, name);
}

struct node *
node_find(const struct node *node, const char *path)
{
	char name[128];

	while (node != NULL && *path != '\0') {
		size_t n = strcspn(path, "/");

		if (n >= sizeof(name))
			return NULL;
		memcpy(name, path, n);
		name[n] = '\0';
		node = node_child(node, name);
		path += n;
		if (*path == '/')
			path++;
	}
	return (struct node *)(size_t)node;
}

size_t
node_count(const struct node *node, const char *name)
{
	size_t n = 0;

	for (node = node_child(node, name); node != NULL;
	    node = node_next(node, name))
		n++;
	return n;
}

bool
node_is(const struct node *node, const char *name)
{
	return node != NULL && node->kind == NODE_ELEMENT &&
	    same(node->name, name);
}

const char *
node_attr(const struct node *node, const char *name)
{
	if (node == NULL)
		return NULL;
	for (const struct attr *a = node->attrs; a != NULL; a = a->next) {
		if (same(a->name, name))
			return a->value;
	}
	return NULL;
}

bool
node_attr_is(const struct node *node, const char *name, const char *value)
{
	const char *v = node_attr(node, name);

	return v != NULL && same(v, value);
}

static bool
is_text(const struct node *node)
{
	return node->kind == NODE_TEXT || node->kind == NODE_CDATA;
}

const char *
node_text(const struct node *node)
{
	const struct node *only = NULL;
	struct buf buf = BUF_INIT;
	char *s;

	if (node == NULL)
		return NULL;
	for (const struct node *c = node->first; c != NULL; c = c->next) {
		if (!is_text(c))
			continue;
		if (only != NULL) {
			for (c = node->first; c != NULL; c = c->next) {
				if (is_text(c))
					buf_puts(&buf, c->text);
			}
			s = doc_strdup(node->doc, buf_str(&buf));
			buf_release(&buf);
			return s == NULL ? "" : s;
		}
		only = c;
	}
	return only == NULL ? "" : only->text;
}

const char *
node_find_text(const struct node *node, const char *path)
{
	return node_text(node_find(node, path));
}

static struct node *
new_node(struct doc *doc, enum node_kind kind)
{
	struct node *node = doc_alloc(doc, sizeof(*node));

	if (node == NULL)
		return NULL;
	node->kind = kind;
	node->doc = doc;
	return node;
}

struct node *
node_new(struct doc *doc, const char *name)
{
	struct node *node = new_node(doc, NODE_ELEMENT);

	if (node == NULL || (node->name = doc_strdup(doc, name)) == NULL)
		return NULL;
	return node;
}

void
node_append(struct node *parent, struct node *child)
{
	child->parent = parent;
	child->prev = parent->last;
	child->next = NULL;
	if (parent->last != NULL)
		parent->last->next = child;
	else
		parent->first = child;
	parent->last = child;
}

struct node *
node_add(struct node *parent, const char *name)
{
	struct node *node;

	if (parent == NULL || (node = node_new(parent->doc, name)) == NULL)
		return NULL;
	node_append(parent, node);
	return node;
}

struct node *
node_add_kind(struct node *parent, enum node_kind kind, const char *text,
    size_t n)
{
	struct node *node;

	if (parent == NULL || (node = new_node(parent->doc, kind)) == NULL ||
	    (node->text = doc_strndup(parent->doc, text, n)) == NULL)
		return NULL;
	node_append(parent, node);
	return node;
}

struct node *
node_add_text(struct node *parent, const char *name, const char *text)
{
	struct node *node = node_add(parent, name);

	node_set_text(node, text);
	return node;
}

struct node *
node_need(struct node *parent, const char *name)
{
	struct node *node = node_child(parent, name);

	return node != NULL ? node : node_add(parent, name);
}

void
node_set_text(struct node *node, const char *text)
{
	if (node == NULL)
		return;
	node->first = node->last = NULL;
	(void)node_add_kind(node, NODE_TEXT, text, strlen(text));
}

void
node_set_attr(struct node *node, const char *name, const char *value)
{
	struct attr **p, *a;

	if (node == NULL)
		return;
	for (p = &node->attrs; *p != NULL; p = &(*p)->next) {
		if (same((*p)->name, name))
			break;
	}
	if (value == NULL) {
		if (*p != NULL)
			*p = (*p)->next;
		return;
	}
	if (*p == NULL) {
		a = doc_alloc(node->doc, sizeof(*a));
		if (a == NULL ||
		    (a->name = doc_strdup(node->doc, name)) == NULL)
			return;
		a->value = "";
		*p = a;
	}
	value = doc_strdup(node->doc, value);
	if (value != NULL)
		(*p)->value = value;
}

void
node_set_attr_fmt(struct node *node, const char *name, const char *fmt, ...)
{
	va_list ap;
	char *value;

	if (node == NULL)
		return;
	va_start(ap, fmt);
	value = doc_vprintf(node->doc, fmt, ap);
	va_end(ap);
	if (value != NULL)
		node_set_attr(node, name, value);
}

bool
node_default_attr(struct node *node, const char *name, const char *value)
{
	if (node == NULL || node_attr(node, name) != NULL)
		return false;
	node_set_attr(node, name, value);
	return true;
}

void
node_order_attrs(struct node *node, const char *const *names)
{
	struct attr *ordered = NULL, **tail = &ordered;

	for (; *names != NULL; names++) {
		for (struct attr **p = &node->attrs; *p != NULL;
		    p = &(*p)->next) {
			struct attr *a = *p;

			if (!same(a->name, *names))
				continue;
			*p = a->next;
			*tail = a;
			tail = &a->next;
			break;
		}
	}
	*tail = node->attrs;
	node->attrs = ordered;
}

void
node_unlink(struct node *node)
{
	struct node *parent = node->parent;

	if (node->prev != NULL)
		node->prev->next = node->next;
	else if (parent != NULL)
		parent->first = node->next;
	if (node->next != NULL)
		node->next->prev = node->prev;
	else if (parent != NULL)
		parent->last = node->prev;
	node->parent = node->prev = node->next = NULL;
}

void
node_insert_before(struct node *where, struct node *node)
{
	node->parent = where->parent;
	node->prev = where->prev;
	node->next = where;
	if (where->prev != NULL)
		where->prev->next = node;
	else if (where->parent != NULL)
		where->parent->first = node;
	where->prev = node;
}

void
node_insert_after(struct node *where, struct node *node)
{
	if (where->next != NULL)
		node_insert_before(where->next, node);
	else
		node_append(where->parent, node);
}

struct node *
node_clone(struct doc *doc, const struct node *node)
{
	struct node *copy = new_node(doc, node->kind);
	struct attr **tail;

	if (copy == NULL)
		return NULL;
	copy->line = node->line;
	if (node->name != NULL)
		copy->name = doc_strdup(doc, node->name);
	if (node->text != NULL)
		copy->text = doc_strdup(doc, node->text);
	tail = &copy->attrs;
	for (const struct attr *a = node->attrs; a != NULL; a = a->next) {
		struct attr *b = doc_alloc(doc, sizeof(*b));

		if (b == NULL)
			return NULL;
		b->name = doc_strdup(doc, a->name);
		b->value = doc_strdup(doc, a->value);
		*tail = b;
		tail = &b->next;
	}
	for (const struct node *c = node->first; c != NULL; c = c->next) {
		struct node *child = node_clone(doc, c);

		if (child == NULL)
			return NULL;
		node_append(copy, child);
	}
	return doc->failed ? NULL : copy;
}

struct doc *
doc_clone(const struct doc *doc)
{
	struct doc *copy = doc_new();

	if (copy == NULL)
		return NULL;
	copy->root = node_clone(copy, doc->root);
	if (copy->root == NULL) {
		doc_free(copy);
		return NULL;
	}
	return copy;
}
