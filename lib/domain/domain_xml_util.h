/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tables that say how an element looks in canonical form, and the one walk
 * that applies them: attributes checked, spelled canonically and ordered,
 * children ordered and walked in turn. What a table does not name stays,
 * behind what it names. Texts of errors are libvirt's.
 */
#ifndef LIB_DOMAIN_XML_UTIL_H
#define LIB_DOMAIN_XML_UTIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../cpuset.h"
#include "domain_xml.h"

/* What every function that works on a document needs. */
struct rule_ctx {
	struct doc *doc;
	const struct domain_caps *caps;
	unsigned int flags; /* DOMAIN_XML_* */
	int from;	    /* XVM_FROM_* of what refuse reports */
	struct domain_parts *parts;	/* domain_xml_parts.h; NULL: a device */
	struct error *err;
};

enum value_kind {
	VALUE_ANY,  /* a text, kept as it is */
	VALUE_ENUM, /* one of values */
	VALUE_YES_NO,
	VALUE_ON_OFF,
	VALUE_INT,
	VALUE_UINT,
	VALUE_LL,
	VALUE_ULL,
	VALUE_UUID,
};

enum value_flags {
	VALUE_REQUIRED = 1 << 0, /* missing: refused */
	VALUE_NONZERO = 1 << 1,	 /* 0 (the first of values): refused */
	VALUE_NONNEGATIVE = 1 << 2,
	VALUE_DROP_ZERO = 1 << 3,  /* 0 (first of values): not written */
	VALUE_DROP_EMPTY = 1 << 4, /* "": as if it were missing */
	VALUE_DROP = 1 << 5,	   /* known, checked, never written */
	VALUE_BASE0 = 1 << 6,	   /* 0x.. and 0.. are read too; else base 10 */
	VALUE_BASE16 = 1 << 7,	   /* read as hexadecimal */
	VALUE_WRAP = 1 << 8,	   /* UINT, ULL: "-1" is the maximum */
};

/* One attribute, or an element's text. A table ends with name NULL. */
struct rule_attr {
	const char *name;
	enum value_kind kind;
	unsigned int flags;	   /* VALUE_* */
	const char *const *values; /* VALUE_ENUM, NULL ends */
	/*
	 * The error when the value is refused, "%s" in it is the value; NULL:
	 * libvirt's common "Invalid value for attribute ...". code 0:
	 * XVM_ERR_XML_ERROR.
	 */
	const char *words;
	int code;
	/* How a number is written: NULL decimal, else digits of "0x%0*x". */
	unsigned int hex;
};

enum rule_flags {
	RULE_MANY = 1 << 0,	  /* may be repeated; else the first one counts
				   * and the others are removed */
	RULE_DROP = 1 << 1,	  /* known, never written */
	RULE_DROP_EMPTY = 1 << 2, /* removed when, in the end, it has no
				   * attributes and no children */
	RULE_TEXT = 1 << 3,	  /* has a text; else text is removed */
	RULE_OPAQUE = 1 << 4,	  /* kept as it is, not looked into */
	RULE_DROP_NO_TEXT = 1 << 5, /* removed when its text is "" */
	RULE_MIX = 1 << 6, /* this and the RULE_MIX rules beside it keep
			    * the order of the document among them */
	RULE_LAST = 1 << 7, /* may be repeated: the last one counts, but
			     * what is wrong in the others is refused */
};

/* One element. A table of children ends with name NULL. */
struct rule {
	const char *name;
	unsigned int flags;	       /* RULE_* */
	const struct rule_attr *attrs; /* in canonical order; NULL: none */
	const struct rule *children;   /* in canonical order; NULL: none */
	const struct rule_attr *text;  /* how to check the text; NULL: any */
	/*
	 * Run before attributes and children, and after them; may unlink the
	 * node. Of its siblings those are linked that come before it in
	 * canonical order.
	 */
	int (*before)(struct rule_ctx *ctx, struct node *node);
	int (*after)(struct rule_ctx *ctx, struct node *node);
};

/* Bring node and what is below it into the form that rule says. 0 or -1. */
int rule_apply(
    struct rule_ctx *ctx, struct node *node, const struct rule *rule);
/* Its two halves, for hooks that go on by what they read. */
int rule_apply_attrs(
    struct rule_ctx *ctx, struct node *node, const struct rule_attr *attrs);
int rule_apply_children(
    struct rule_ctx *ctx, struct node *node, const struct rule *children);

/*
 * Only order and thin out the children. When first is not NULL, first[i] is
 * the first child of children[i] or NULL (of several that may be mixed, all
 * are the first one's).
 */
int rule_order_children(struct rule_ctx *ctx, struct node *node,
    const struct rule *children, struct node **first);

/*
 * Put an unlinked element where the table has its name: behind all that come
 * before it or are equal.
 */
void rule_insert(
    struct node *parent, const struct rule *children, struct node *node);
/* The child with the name, made at its place when missing; NULL: no memory. */
struct node *rule_need(
    struct node *parent, const struct rule *children, const char *name);
/*
 * The same for an attribute of node: set (value NULL: removed) at its place
 * in the order of the table.
 */
void rule_set_attr(struct node *node, const struct rule_attr *attrs,
    const char *name, const char *value);
void rule_set_attr_u64(struct node *node, const struct rule_attr *attrs,
    const char *name, uint64_t value);

/*
 * Typed reading with libvirt's errors: 1 set, 0 missing, -1 refused (ctx->err
 * is filled). flags: VALUE_*.
 */
int attr_u64(struct rule_ctx *ctx, const struct node *node, const char *name,
    unsigned int flags, uint64_t *out);
int attr_u32(struct rule_ctx *ctx, const struct node *node, const char *name,
    unsigned int flags, uint32_t *out);
int attr_i32(struct rule_ctx *ctx, const struct node *node, const char *name,
    unsigned int flags, int32_t *out);
/* The index in values (NULL ends); -1 refused, *out = -1 when missing. */
int attr_enum(struct rule_ctx *ctx, const struct node *node, const char *name,
    const char *const *values, unsigned int flags, int *out);
/* The place of value in values, -1: not there. */
int enum_index(const char *const *values, const char *value);

/*
 * A size as "<memory unit='MiB'>4</memory>": the text times the attribute unit
 * (default: scale bytes). xpath names the place in errors; max is the largest
 * number of bytes. 1, 0 missing (node NULL or no text), -1.
 */
int element_bytes(struct rule_ctx *ctx, const struct node *node,
    const char *xpath, uint64_t scale, uint64_t max, uint64_t *bytes_out);
/* The same in KiB, rounded up, the default unit KiB, as memory is given. */
int element_kib(struct rule_ctx *ctx, const struct node *node,
    const char *xpath, bool required, uint64_t *kib_out);
/* Write it so; remove the element when it is 0 or missing. 0 or -1. */
int element_kib_or_none(
    struct rule_ctx *ctx, struct node *node, const char *xpath);
/* A memory limit in KiB, MEMORY_UNLIMITED when missing. 0 or -1. */
#define MEMORY_UNLIMITED ((uint64_t)INT64_MAX >> 10)
int element_limit(struct rule_ctx *ctx, const struct node *node,
    const char *xpath, uint64_t *kib_out);
/*
 * A size in an attribute, its unit in another one (NULL: no unit), in bytes.
 * Missing: refused in the words for xpath.
 */
int attr_bytes(struct rule_ctx *ctx, const struct node *node, const char *name,
    const char *unit, const char *xpath, uint64_t scale, uint64_t max,
    uint64_t *bytes_out);
/* The same in KiB, rounded up, the default unit KiB. */
int attr_kib(struct rule_ctx *ctx, const struct node *node, const char *name,
    const char *unit, const char *xpath, uint64_t *kib_out);
/* The largest unit that divides bytes ("B" .. "PiB"), and how often. */
const char *size_pretty(uint64_t bytes, uint64_t *n_out);
/* A number as decimal text, from the document's memory; NULL: no memory. */
const char *doc_u64(struct doc *doc, uint64_t n);
/*
 * A new element, not linked; name must be a constant. With node_put_text
 * whose text must be constant too: elements that are defaults are made
 * often.
 */
struct node *node_make(struct doc *doc, const char *name);
void node_put_text(struct node *node, const char *text);
/* Make a number the text of an element. */
void element_set_u64(struct node *node, uint64_t n);
/* Write a size: unit='KiB' as first attribute, and the number. */
void element_set_kib(struct node *node, uint64_t kib);

/* Set ctx->err; always -1. */
int refuse(struct rule_ctx *ctx, int code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
#define refuse_xml(ctx, ...) refuse(ctx, XVM_ERR_XML_ERROR, __VA_ARGS__)
#define refuse_config(ctx, ...)                                                \
	refuse(ctx, XVM_ERR_CONFIG_UNSUPPORTED, __VA_ARGS__)
#define refuse_internal(ctx, ...)                                              \
	refuse(ctx, XVM_ERR_INTERNAL_ERROR, __VA_ARGS__)
/* With "line N: " of a node that came from a source; CONFIG_UNSUPPORTED. */
int refuse_at(struct rule_ctx *ctx, const struct node *node, const char *fmt,
    ...) __attribute__((format(printf, 3, 4)));
/* For what libvirt refuses without saying why. */
int refuse_silently(struct rule_ctx *ctx);
/* "Missing required attribute 'name' in element '...'" */
int refuse_missing(
    struct rule_ctx *ctx, const struct node *node, const char *name);
/* "Invalid value for attribute 'name' in element '...': 'value'.tail" */
int refuse_value(struct rule_ctx *ctx, const struct node *node,
    const char *name, const char *tail);

/*
 * Sort the children with the name (which are side by side) by key, stable.
 * They stay where they are among the others.
 */
int children_sort(struct rule_ctx *ctx, struct node *parent, const char *name,
    uint64_t (*key)(const struct node *child, const void *arg),
    const void *arg);
/* A key for it: the number in the attribute that arg names. */
uint64_t sort_by_attr(const struct node *child, const void *arg);
/* Another: the place of the attribute "name" in the list (NULL ends) arg. */
uint64_t sort_by_name(const struct node *child, const void *arg);
/* Has a sibling of the same name, before this one, the same value there? */
bool node_is_repeated(const struct node *node, const char *attr);
/*
 * An empty element is to be written with an end tag, on a line of its own, as
 * libvirt does for some.
 */
void node_keep_open(struct node *node);
/* The URI of an element's namespace, NULL: it has none. */
const char *node_namespace(const struct node *node);

/*
 * A path with single slashes and none at the end, as libvirt keeps them;
 * NULL: no memory.
 */
const char *path_clean(struct doc *doc, const char *path);

/* Names that must not come twice; zeroed before use, freed with the doc. */
struct name_set {
	const char **slots;
	size_t n, size;
};
/* 1 added, 0 was there, -1 no memory. name must outlive the set. */
int name_set_add(struct rule_ctx *ctx, struct name_set *set, const char *name);

/* Parse with libvirt's error: 0, or -1 with ctx->err filled. */
int cpuset_read(struct rule_ctx *ctx, const char *text, struct cpuset *out);
/* Write an attribute's set canonically, if there is one; it must have members. */
int attr_cpuset(struct rule_ctx *ctx, struct node *node, const char *name);

#endif
