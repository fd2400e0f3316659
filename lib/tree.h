/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An XML document as a plain tree. libxml2 parses it (xml.h), everything else
 * walks, changes and writes it here, without libxml2. All memory of a document
 * comes from the document and is freed with it: nodes are unlinked, never
 * freed, and a text that is set is copied into the document.
 *
 * Names are as written, with their prefix. White space between elements is
 * not kept, except inside <metadata>.
 */
#ifndef LIB_TREE_H
#define LIB_TREE_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

enum node_kind {
	NODE_ELEMENT,
	NODE_TEXT,
	NODE_CDATA,
	NODE_COMMENT,
	NODE_PI,		/* name and text */
};

struct attr {
	const char *name;
	const char *value;	/* entities resolved */
	struct attr *next;
};

struct node {
	enum node_kind kind;
	unsigned int line;	/* in the source, 0: made by us */
	const char *name;	/* element, PI */
	const char *text;	/* the other kinds, and PI */
	struct attr *attrs;	/* in the order of the source */
	struct doc *doc;
	struct node *parent, *first, *last, *prev, *next;
};

struct doc {
	struct node *root;	/* NULL in a new one */
	struct chunk *chunks;
	bool failed;		/* out of memory: some write was lost */
};

struct doc	*doc_new(void);		/* NULL when out of memory */
void	doc_free(struct doc *doc);	/* NULL is fine */
/* Memory of the document, zeroed; NULL when out of memory. */
void	*doc_alloc(struct doc *doc, size_t n);
char	*doc_strndup(struct doc *doc, const char *s, size_t n);
char	*doc_strdup(struct doc *doc, const char *s);
char	*doc_printf(struct doc *doc, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));

/*
 * Reading. NULL as node is allowed and gives NULL (0, false), so that look-ups
 * can be nested.
 */
/* The first child element with the name; NULL as name: any. */
struct node	*node_child(const struct node *node, const char *name);
/* The next sibling element with the name (NULL: any). */
struct node	*node_next(const struct node *node, const char *name);
/* A descendant by "a/b/c", each the first of its name. */
struct node	*node_find(const struct node *node, const char *path);
size_t	node_count(const struct node *node, const char *name);
bool	node_is(const struct node *node, const char *name);
const char	*node_attr(const struct node *node, const char *name);
bool	node_attr_is(const struct node *node, const char *name,
	    const char *value);
/* All text directly in the element, "" when there is none; NULL for NULL. */
const char	*node_text(const struct node *node);
/* Text of node_find, NULL when there is no such element. */
const char	*node_find_text(const struct node *node, const char *path);

/* Changing. Out of memory is kept in doc->failed; NULL then. */
/* A new element, not linked anywhere. */
struct node	*node_new(struct doc *doc, const char *name);
/* A new last child. */
struct node	*node_add(struct node *parent, const char *name);
struct node	*node_add_text(struct node *parent, const char *name,
		    const char *text);
struct node	*node_add_kind(struct node *parent, enum node_kind kind,
		    const char *text, size_t n);
/* The child with the name, made as the last one when missing. */
struct node	*node_need(struct node *parent, const char *name);
void	node_set_text(struct node *node, const char *text);
/* Set or replace; NULL removes the attribute. */
void	node_set_attr(struct node *node, const char *name, const char *value);
void	node_set_attr_fmt(struct node *node, const char *name,
	    const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* Set unless it is there; true when it was set. */
bool	node_default_attr(struct node *node, const char *name,
	    const char *value);
/* Put the named attributes first, in the order of names (NULL ends). */
void	node_order_attrs(struct node *node, const char *const *names);
void	node_unlink(struct node *node);
void	node_append(struct node *parent, struct node *child);
/* Put an unlinked node beside another. */
void	node_insert_before(struct node *where, struct node *node);
void	node_insert_after(struct node *where, struct node *node);
/* A deep copy in doc, not linked. */
struct node	*node_clone(struct doc *doc, const struct node *node);
struct doc	*doc_clone(const struct doc *doc);

/*
 * Writing: two blanks a level, single quotes, < > & ' " escaped, an element
 * without children as <name/>, one whose text is a line feed (which no source
 * has) as two tags on two lines; what is inside <metadata> as it was, with
 * double quotes. Ends with a line feed.
 */
void	node_format(const struct node *node, int indent, struct buf *out);
/*
 * One node as a user wrote it, as inside <metadata>: only elements without
 * text among their children are laid out in lines. No line feed at the end.
 */
void	node_format_raw(const struct node *node, int indent, struct buf *out);
/* A text with the five characters escaped. */
void	xml_escape(const char *text, struct buf *out);

#endif
