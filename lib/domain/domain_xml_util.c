/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sizes with units, sorting, sets of names, as domain XML needs them. */
#include "domain_xml_util.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../number.h"

/* Times the unit, as libvirt's messages have it. 0 or -1. */
static int
scale_number(struct rule_ctx *ctx, uint64_t n, const char *unit, uint64_t scale,
    uint64_t max, uint64_t *out)
{
	char one[64];
	uint64_t factor = scale;

	if (unit == NULL)
		unit = "";
	if (strcmp(unit, "KiB") == 0) {
		factor = 1024;
	} else if (unit[0] != '\0') {
		one[0] = '1';
		one[1] = '\0';
		strncat(one, unit, sizeof(one) - 2);
		if (isspace((unsigned char)unit[0]) ||
		    isdigit((unsigned char)unit[0]) || strlen(unit) > 8 ||
		    number_scaled(one, 1, UINT64_MAX, &factor) != 0)
			return error_set(ctx->err, XVM_FROM_NONE,
			    XVM_ERR_INVALID_ARG, "unknown suffix '%s'", unit);
	}
	if (n != 0 && n > max / factor)
		return error_set(ctx->err, XVM_FROM_NONE, XVM_ERR_OVERFLOW,
		    "value too large: %llu%s", (unsigned long long)n, unit);
	*out = n * factor;
	return 0;
}

/* A number in a text, and its unit. */
static int
read_bytes(struct rule_ctx *ctx, const char *text, const char *unit,
    const char *xpath, uint64_t scale, uint64_t max, uint64_t *bytes_out)
{
	uint64_t n;

	if (number_u64(text, 10, &n) != 0)
		return error_set(ctx->err, XVM_FROM_XML, XVM_ERR_XML_ERROR,
		    "Invalid value '%s' for element or attribute '%s'", text,
		    xpath);
	return scale_number(ctx, n, unit, scale, max, bytes_out);
}

static int
missing_size(struct rule_ctx *ctx, const char *xpath)
{
	return error_set(ctx->err, XVM_FROM_XML, XVM_ERR_XML_ERROR,
	    "missing element or attribute '%s'", xpath);
}

int
element_bytes(struct rule_ctx *ctx, const struct node *node, const char *xpath,
    uint64_t scale, uint64_t max, uint64_t *bytes_out)
{
	const char *text = node_text(node);

	if (text == NULL || text[0] == '\0')
		return 0;
	return read_bytes(ctx, text, node_attr(node, "unit"), xpath, scale, max,
		   bytes_out) != 0
		   ? -1
		   : 1;
}

int
attr_bytes(struct rule_ctx *ctx, const struct node *node, const char *name,
    const char *unit, const char *xpath, uint64_t scale, uint64_t max,
    uint64_t *bytes_out)
{
	const char *text = node_attr(node, name);

	if (text == NULL || text[0] == '\0')
		return missing_size(ctx, xpath);
	return read_bytes(ctx, text,
	    unit == NULL ? NULL : node_attr(node, unit), xpath, scale, max,
	    bytes_out);
}

static uint64_t
div_up(uint64_t n, uint64_t d)
{
	return n / d + (n % d != 0);
}

static int
to_kib(struct rule_ctx *ctx, uint64_t bytes, uint64_t *kib_out)
{
	*kib_out = div_up(bytes, 1024);
	if (*kib_out >= div_up(INT64_MAX, 1024))
		return refuse(ctx, XVM_ERR_OVERFLOW, "size value too large");
	return 0;
}

int
element_kib(struct rule_ctx *ctx, const struct node *node, const char *xpath,
    bool required, uint64_t *kib_out)
{
	uint64_t bytes = 0;
	int rc = element_bytes(ctx, node, xpath, 1024, INT64_MAX, &bytes);

	if (rc < 0)
		return -1;
	if (rc == 0 && required)
		return missing_size(ctx, xpath);
	return to_kib(ctx, bytes, kib_out) != 0 ? -1 : rc;
}

int
attr_kib(struct rule_ctx *ctx, const struct node *node, const char *name,
    const char *unit, const char *xpath, uint64_t *kib_out)
{
	uint64_t bytes = 0;

	if (attr_bytes(ctx, node, name, unit, xpath, 1024, INT64_MAX, &bytes) !=
	    0)
		return -1;
	return to_kib(ctx, bytes, kib_out);
}

int
element_kib_or_none(struct rule_ctx *ctx, struct node *node, const char *xpath)
{
	uint64_t kib = 0;

	if (element_kib(ctx, node, xpath, false, &kib) < 0)
		return -1;
	if (kib == 0)
		node_unlink(node);
	else
		element_set_kib(node, kib);
	return 0;
}

int
element_limit(struct rule_ctx *ctx, const struct node *node, const char *xpath,
    uint64_t *kib_out)
{
	uint64_t bytes;
	int rc = element_bytes(
	    ctx, node, xpath, 1024, MEMORY_UNLIMITED << 10, &bytes);

	if (rc < 0)
		return -1;
	*kib_out = rc == 0 ? MEMORY_UNLIMITED : div_up(bytes, 1024);
	return 0;
}

/* Decimal text at the end of room; returns where it begins. */
static const char *
put_u64(char room[24], uint64_t n)
{
	char *p = room + 23;

	*p = '\0';
	do
		*--p = (char)('0' + n % 10);
	while ((n /= 10) != 0);
	return p;
}

const char *
doc_u64(struct doc *doc, uint64_t n)
{
	char room[24];

	return doc_strdup(doc, put_u64(room, n));
}

struct node *
node_make(struct doc *doc, const char *name)
{
	struct node *node = doc_alloc(doc, sizeof(*node));

	if (node == NULL)
		return NULL;
	node->kind = NODE_ELEMENT;
	node->doc = doc;
	node->name = name;
	return node;
}

void
node_put_text(struct node *node, const char *text)
{
	struct node *child;

	if (node == NULL || (child = node_make(node->doc, NULL)) == NULL)
		return;
	child->kind = NODE_TEXT;
	child->text = text;
	node->first = node->last = NULL;
	node_append(node, child);
}

void
element_set_u64(struct node *node, uint64_t n)
{
	const char *text;
	char room[24];

	if (node == NULL)
		return;
	text = put_u64(room, n);
	if (strcmp(node_text(node), text) == 0)
		return;
	text = doc_strdup(node->doc, text);
	if (text != NULL)
		node_put_text(node, text);
}

void
element_set_kib(struct node *node, uint64_t kib)
{
	static const struct rule_attr attrs[] = {
	    {.name = "unit"},
	    {.name = NULL},
	};

	if (node == NULL)
		return;
	if (!node_attr_is(node, "unit", "KiB"))
		rule_set_attr(node, attrs, "unit", "KiB");
	element_set_u64(node, kib);
}

const char *
size_pretty(uint64_t bytes, uint64_t *n_out)
{
	static const char *const units[] = {
	    "B",
	    "KiB",
	    "MiB",
	    "GiB",
	    "TiB",
	    "PiB",
	};
	size_t i = 0;

	for (; i < 5 && bytes != 0 && bytes % 1024 == 0; i++)
		bytes /= 1024;
	*n_out = bytes;
	return units[i];
}

struct sort_entry {
	uint64_t key;
	size_t place;
	struct node *node;
};

static int
compare_entries(const void *a, const void *b)
{
	const struct sort_entry *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->place < y->place ? -1 : x->place > y->place;
}

uint64_t
sort_by_attr(const struct node *child, const void *arg)
{
	const char *value = node_attr(child, arg);

	return value == NULL ? 0 : strtoull(value, NULL, 10);
}

uint64_t
sort_by_name(const struct node *child, const void *arg)
{
	return (uint64_t)enum_index(arg, node_attr(child, "name"));
}

bool
node_is_repeated(const struct node *node, const char *attr)
{
	const char *value = node_attr(node, attr);
	const struct node *n = node_child(node->parent, node->name);

	while (n != NULL && n != node && !node_attr_is(n, attr, value))
		n = node_next(n, node->name);
	return n != NULL && n != node;
}

int
children_sort(struct rule_ctx *ctx, struct node *parent, const char *name,
    uint64_t (*key)(const struct node *child, const void *arg), const void *arg)
{
	struct sort_entry *entries;
	struct node *before, *c;
	size_t n = node_count(parent, name), i = 0;
	bool sorted = true;

	if (n < 2)
		return 0;
	entries = malloc(n * sizeof(*entries));
	if (entries == NULL)
		return error_nomem(ctx->err);
	for (c = node_child(parent, name); c != NULL;
	     c = node_next(c, name), i++) {
		entries[i] = (struct sort_entry){key(c, arg), i, c};
		if (i > 0 && entries[i].key < entries[i - 1].key)
			sorted = false;
	}
	if (!sorted) {
		qsort(entries, n, sizeof(*entries), compare_entries);
		before = entries[0].node;
		for (i = 0; i < n; i++) {
			if (entries[i].place == 0)
				before = entries[i].node;
		}
		/* What stands before the first one; NULL: the parent's start.
		 */
		before = before->prev;
		for (i = 0; i < n; i++)
			node_unlink(entries[i].node);
		for (i = 0; i < n; i++) {
			c = entries[i].node;
			if (before != NULL)
				node_insert_after(before, c);
			else if (parent->first != NULL)
				node_insert_before(parent->first, c);
			else
				node_append(parent, c);
			before = c;
		}
	}
	free(entries);
	return 0;
}

void
node_keep_open(struct node *node)
{
	if (node != NULL && node->first == NULL)
		node_set_text(node, "\n");
}

const char *
node_namespace(const struct node *node)
{
	const char *colon, *uri = NULL;
	char name[128] = "xmlns";

	if (node == NULL || node->kind != NODE_ELEMENT)
		return NULL;
	colon = strchr(node->name, ':');
	if (colon != NULL)
		(void)snprintf(name, sizeof(name), "xmlns:%.*s",
		    (int)(colon - node->name), node->name);
	for (; node != NULL && uri == NULL; node = node->parent)
		uri = node_attr(node, name);
	return uri == NULL || uri[0] == '\0' ? NULL : uri;
}

const char *
path_clean(struct doc *doc, const char *path)
{
	const char *scheme = strstr(path, "://"), *slash = strchr(path, '/');
	char *clean = doc_strdup(doc, path), *out = clean;

	/* What looks like a URI keeps its slashes. */
	if (clean == NULL || (scheme != NULL && slash > scheme))
		return clean;
	/* Two slashes alone at the front mean something to POSIX. */
	if (path[0] == '/' && path[1] == '/' && path[2] != '/')
		*out++ = *path++;
	for (; *path != '\0'; path++) {
		if (path[0] != '/' || path[1] != '/')
			*out++ = *path;
	}
	if (out > clean + 1 && out[-1] == '/' &&
	    !(out == clean + 2 && clean[0] == '/'))
		out--;
	*out = '\0';
	return clean;
}

static uint32_t
hash_name(const char *s)
{
	uint32_t h = 2166136261u;

	for (; *s != '\0'; s++)
		h = (h ^ (unsigned char)*s) * 16777619u;
	return h;
}

/* Where the name is, or belongs. */
static const char **
name_slot(const struct name_set *set, const char *name)
{
	size_t i = hash_name(name) & (set->size - 1);

	while (set->slots[i] != NULL && strcmp(set->slots[i], name) != 0)
		i = (i + 1) & (set->size - 1);
	return &set->slots[i];
}

static int
name_set_grow(struct rule_ctx *ctx, struct name_set *set)
{
	struct name_set bigger = {
	    NULL, set->n, set->size == 0 ? 16 : 2 * set->size};

	bigger.slots =
	    doc_alloc(ctx->doc, bigger.size * sizeof(bigger.slots[0]));
	if (bigger.slots == NULL)
		return error_nomem(ctx->err);
	for (size_t i = 0; i < set->size; i++) {
		if (set->slots[i] != NULL)
			*name_slot(&bigger, set->slots[i]) = set->slots[i];
	}
	*set = bigger;
	return 0;
}

int
name_set_add(struct rule_ctx *ctx, struct name_set *set, const char *name)
{
	const char **slot;

	if (2 * set->n >= set->size && name_set_grow(ctx, set) != 0)
		return -1;
	slot = name_slot(set, name);
	if (*slot != NULL)
		return 0;
	*slot = name;
	set->n++;
	return 1;
}
