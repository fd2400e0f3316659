/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reading and changing a document's title, description and metadata: whose
 * elements are found by their namespace.
 */
#include "domain_metadata.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "../buf.h"
#include "domain_edit.h"
#include "../xml.h"

/* --- namespaces ----------------------------------------------------------- */

/* Is it a declaration, of which prefix ("": the default)? NULL: it is not. */
static const char *
declared_prefix(const struct attr *a)
{
	if (strcmp(a->name, "xmlns") == 0)
		return "";
	return strncmp(a->name, "xmlns:", 6) == 0 ? a->name + 6 : NULL;
}

/* The namespace of a prefix of n bytes, as seen from node; NULL: none. */
static const char *
find_namespace(const struct node *node, const char *prefix, size_t n)
{
	for (; node != NULL; node = node->parent) {
		for (const struct attr *a = node->attrs; a != NULL;
		    a = a->next) {
			const char *p = declared_prefix(a);

			if (p != NULL && strlen(p) == n &&
			    strncmp(p, prefix, n) == 0)
				return a->value;
		}
	}
	return NULL;
}

/* The namespace that an element is in, NULL: none. */
static const char *
namespace_of(const struct node *node)
{
	const char *colon = strchr(node->name, ':');

	return find_namespace(node, node->name,
	    colon != NULL ? (size_t)(colon - node->name) : 0);
}

static bool
is_in(const struct node *node, const char *uri)
{
	const char *own;

	if (node->kind != NODE_ELEMENT)
		return false;
	own = namespace_of(node);
	return own != NULL && strcmp(own, uri) == 0;
}

/* May it stand before a colon? Blanks around it do no harm. */
static bool
is_prefix(const char *s)
{
	const unsigned char *p = (const unsigned char *)s;

	while (isspace(*p))
		p++;
	if (!isalpha(*p) && *p != '_' && *p < 0x80)
		return false;
	while (isalnum(*p) || (*p != '\0' && strchr("._-", *p) != NULL) ||
	    *p >= 0x80)
		p++;
	while (isspace(*p))
		p++;
	return *p == '\0';
}

/* Put what is in no namespace into that of the prefix. */
static void
add_prefix(struct node *node, const char *prefix)
{
	for (struct node *c = node->first; c != NULL; c = c->next) {
		if (c->kind == NODE_ELEMENT)
			add_prefix(c, prefix);
	}
	if (namespace_of(node) == NULL)
		node->name = doc_printf(node->doc, "%s:%s", prefix,
		    node->name);
}

static int
no_namespace(struct error *err)
{
	return error_set(err, XVM_FROM_XML, XVM_ERR_INTERNAL_ERROR,
	    "failed to create a new XML namespace");
}

/*
 * Does something come before the element? libvirt takes the first thing in a
 * document for its element, and fails when it is a comment.
 */
static bool
has_prolog(const char *text)
{
	if (strncmp(text, "<?xml", 5) == 0 && strstr(text, "?>") != NULL)
		text = strstr(text, "?>") + 2;
	while (isspace((unsigned char)*text))
		text++;
	return text[0] == '<' && (text[1] == '!' || text[1] == '?');
}

/* Declare uri on the element, behind what is declared there already. */
static int
declare(struct node *node, const char *prefix, const char *uri,
    struct error *err)
{
	struct attr **p = &node->attrs, *a;
	const char *other;

	for (; *p != NULL && (other = declared_prefix(*p)) != NULL;
	    p = &(*p)->next) {
		if (strcmp(other, prefix) == 0)
			return no_namespace(err);
	}
	a = doc_alloc(node->doc, sizeof(*a));
	if (a == NULL ||
	    (a->name = doc_printf(node->doc, "xmlns:%s", prefix)) == NULL ||
	    (a->value = doc_strdup(node->doc, uri)) == NULL)
		return error_nomem(err);
	a->next = *p;
	*p = a;
	return 0;
}

/* The local name, wherever the element is in the namespace. */
static void
strip_prefix(struct node *node, const char *uri)
{
	const char *colon = strchr(node->name, ':');

	for (struct node *c = node->first; c != NULL; c = c->next) {
		if (c->kind == NODE_ELEMENT)
			strip_prefix(c, uri);
	}
	if (colon != NULL && is_in(node, uri))
		node->name = colon + 1;
}

/* Forget the first declaration of the namespace on the element. */
static void
undeclare(struct node *node, const char *uri)
{
	for (struct attr **p = &node->attrs; *p != NULL; p = &(*p)->next) {
		if (declared_prefix(*p) != NULL &&
		    strcmp((*p)->value, uri) == 0) {
			*p = (*p)->next;
			return;
		}
	}
}

/* --- what callers ask for -------------------------------------------------- */

int
domain_metadata_check(int type, struct error *err)
{
	if (type >= 0 && type <= XVM_DOMAIN_METADATA_ELEMENT)
		return 0;
	return error_set(err, XVM_FROM_DOMAIN, XVM_ERR_INVALID_ARG,
	    "unknown metadata type '%d'", type);
}

static const char *
text_element(int type)
{
	return type == XVM_DOMAIN_METADATA_TITLE ? "title" : "description";
}

/* The element of a namespace as text, without the namespace. */
static int
extract(const struct node *root, const char *uri, char **out,
    struct error *err)
{
	struct node *metadata = node_child(root, "metadata"), *copy;
	struct buf text = BUF_INIT;
	struct doc *doc;
	const struct node *c;

	c = node_child(metadata, NULL);
	while (c != NULL && !is_in(c, uri))
		c = node_next(c, NULL);
	if (c == NULL)
		return 0;
	doc = doc_new();
	copy = doc != NULL ? node_clone(doc, c) : NULL;
	if (copy == NULL) {
		doc_free(doc);
		return error_nomem(err);
	}
	strip_prefix(copy, uri);
	undeclare(copy, uri);
	node_format_raw(copy, 0, &text);
	doc_free(doc);
	*out = buf_detach(&text);
	return *out != NULL ? 0 : error_nomem(err);
}

int
domain_metadata_get(const struct node *root, int type, const char *uri,
    char **out, struct error *err)
{
	const char *text;
	int rc = 0;

	*out = NULL;
	if (type == XVM_DOMAIN_METADATA_ELEMENT) {
		rc = extract(root, uri, out, err);
	} else {
		text = node_find_text(root, text_element(type));
		if (text != NULL && (*out = strdup(text)) == NULL)
			rc = error_nomem(err);
	}
	if (rc == 0 && *out == NULL)
		return error_set(err, XVM_FROM_DOMAIN,
		    XVM_ERR_NO_DOMAIN_METADATA,
		    "Requested metadata element is not present");
	return rc;
}

struct doc *
domain_metadata_parse(const char *text, const char *key, const char *uri,
    struct error *err)
{
	struct doc *doc = xml_parse_verbatim(text, strlen(text),
	    "(metadata_xml)", XVM_FROM_DOMAIN, err);

	if (doc == NULL)
		return NULL;
	if (!is_prefix(key)) {
		error_set(err, XVM_FROM_XML, XVM_ERR_INTERNAL_ERROR,
		    "failed to validate prefix for a new XML namespace");
	} else if (has_prolog(text)) {
		no_namespace(err);
	} else if (declare(doc->root, key, uri, err) == 0) {
		add_prefix(doc->root, key);
		if (!doc->failed)
			return doc;
		error_nomem(err);
	}
	doc_free(doc);
	return NULL;
}

/* element NULL: the namespace's element only goes. */
static void
set_element(struct node *root, const char *uri, const struct node *element)
{
	struct node *metadata, *next, *copy;

	metadata = element != NULL ? edit_need(root, "metadata") :
	    node_child(root, "metadata");
	if (metadata == NULL)
		return;
	for (struct node *c = metadata->first; c != NULL; c = next) {
		next = c->next;
		if (is_in(c, uri))
			node_unlink(c);
	}
	if (element == NULL)
		return;
	copy = node_clone(root->doc, element);
	if (copy != NULL)
		node_append(metadata, copy);
}

void
domain_metadata_set(struct node *root, int type, const char *uri,
    const char *text, const struct doc *element)
{
	struct node *node;

	if (type == XVM_DOMAIN_METADATA_ELEMENT) {
		set_element(root, uri, element != NULL ? element->root : NULL);
		return;
	}
	node = node_child(root, text_element(type));
	if (text != NULL && text[0] != '\0')
		node_set_text(edit_need(root, text_element(type)), text);
	else if (node != NULL)
		node_unlink(node);
}
