/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The walk that brings an element into the form that its table says. */
#include <string.h>

#include "domain_xml_util.h"
#include "domain_xml_value.h"

#define RULES_MAX 72

/* Most names differ in their first letter: that is cheap to see. */
static inline bool
same(const char *a, const char *b)
{
	return a[0] == b[0] && strcmp(a, b) == 0;
}

int
rule_apply_attrs(
    struct rule_ctx *ctx, struct node *node, const struct rule_attr *attrs)
{
	struct attr *ordered = NULL, **tail = &ordered;

	for (; attrs->name != NULL; attrs++) {
		struct attr **p = &node->attrs, *a;
		int rc;

		while (*p != NULL && !same((*p)->name, attrs->name))
			p = &(*p)->next;
		a = *p;
		if (a == NULL) {
			if ((attrs->flags & VALUE_REQUIRED) != 0)
				return refuse_missing(ctx, node, attrs->name);
			continue;
		}
		rc = value_check(ctx, node, attrs, &a->value);
		if (rc < 0)
			return -1;
		*p = a->next;
		if (rc == 0)
			continue;
		*tail = a;
		tail = &a->next;
	}
	*tail = node->attrs;
	node->attrs = ordered;
	return 0;
}

/* The rule with the name, looked for from hint on; n: there is none. */
static size_t
find_rule(const struct rule *rules, size_t n, const char *name, size_t hint)
{
	for (size_t i = hint; i < n; i++) {
		if (same(rules[i].name, name))
			return i;
	}
	for (size_t i = 0; i < hint; i++) {
		if (same(rules[i].name, name))
			return i;
	}
	return n;
}

/* Neighbours that may be mixed share the place of the first one. */
static size_t
place_of(const struct rule *rules, size_t i)
{
	while (i > 0 && (rules[i].flags & rules[i - 1].flags & RULE_MIX) != 0)
		i--;
	return i;
}

static size_t
count_rules(const struct rule *rules)
{
	size_t n = 0;

	while (rules[n].name != NULL)
		n++;
	return n;
}

struct list {
	struct node *first, *last;
};

/* Spread the children over the rules' lists; lists[n]: those without one. */
static void
spread(struct node *node, const struct rule *children, size_t n,
    struct list *lists)
{
	size_t hint = 0;
	struct node *c, *next;

	memset(lists, 0, (n + 1) * sizeof(lists[0]));
	for (c = node->first; c != NULL; c = next) {
		size_t i;
		struct list *l;

		next = c->next;
		if (c->kind != NODE_ELEMENT)
			continue;
		i = find_rule(children, n, c->name, hint);
		if (i < n)
			hint = i;
		l = &lists[i < n ? place_of(children, i) : n];
		if (l->first != NULL && i < n &&
		    (children[i].flags & (RULE_MANY | RULE_MIX | RULE_LAST)) ==
			0)
			continue;
		c->prev = l->last;
		c->next = NULL;
		if (l->last != NULL)
			l->last->next = c;
		else
			l->first = c;
		l->last = c;
	}
	node->first = node->last = NULL;
}

static int
too_long(struct rule_ctx *ctx, const struct node *node)
{
	return refuse_internal(ctx, "table of <%s> is too long", node->name);
}

int
rule_order_children(struct rule_ctx *ctx, struct node *node,
    const struct rule *children, struct node **first)
{
	struct list lists[RULES_MAX + 1];
	size_t n = count_rules(children);
	struct node *c, *next;

	if (n > RULES_MAX)
		return too_long(ctx, node);
	spread(node, children, n, lists);
	for (size_t i = 0; i <= n; i++) {
		if (first != NULL && i < n)
			first[i] = lists[i].first;
		for (c = lists[i].first; c != NULL; c = next) {
			next = c->next;
			node_append(node, c);
		}
	}
	return 0;
}

int
rule_apply_children(
    struct rule_ctx *ctx, struct node *node, const struct rule *children)
{
	struct list lists[RULES_MAX + 1];
	size_t n = count_rules(children);
	struct node *c, *next;

	if (node->first == NULL)
		return 0;
	if (n > RULES_MAX)
		return too_long(ctx, node);
	spread(node, children, n, lists);
	for (size_t i = 0; i <= n; i++) {
		for (c = lists[i].first; c != NULL; c = next) {
			size_t at =
			    i == n ? n : find_rule(children, n, c->name, i);

			next = c->next;
			if (at < n && (children[at].flags & RULE_LAST) != 0 &&
			    node_is(node->last, c->name))
				node_unlink(node->last);
			node_append(node, c);
			if (at < n && rule_apply(ctx, c, &children[at]) != 0)
				return -1;
		}
	}
	return 0;
}

static void
drop_text(struct node *node)
{
	struct node *next;

	for (struct node *c = node->first; c != NULL; c = next) {
		next = c->next;
		if (c->kind != NODE_ELEMENT)
			node_unlink(c);
	}
}

static int
apply_text(struct rule_ctx *ctx, struct node *node, const struct rule *rule)
{
	const char *text = node_text(node), *old = text;
	int rc;

	if (rule->text != NULL && text[0] != '\0') {
		rc = value_check(ctx, node, rule->text, &text);
		if (rc < 0)
			return -1;
		if (rc == 0)
			text = "";
	}
	if ((rule->flags & RULE_DROP_NO_TEXT) != 0 && text[0] == '\0')
		node_unlink(node);
	else if (text != old)
		node_set_text(node, text);
	return 0;
}

int
rule_apply(struct rule_ctx *ctx, struct node *node, const struct rule *rule)
{
	struct node *parent = node->parent;

	if ((rule->flags & RULE_OPAQUE) != 0)
		return 0;
	if (rule->before != NULL) {
		if (rule->before(ctx, node) != 0)
			return -1;
		if (node->parent != parent)
			return 0;
	}
	if (rule->attrs != NULL &&
	    rule_apply_attrs(ctx, node, rule->attrs) != 0)
		return -1;
	if ((rule->flags & RULE_TEXT) != 0) {
		if (apply_text(ctx, node, rule) != 0)
			return -1;
		if (node->parent != parent)
			return 0;
	} else if (rule->children == NULL) {
		drop_text(node);
	}
	if (rule->children != NULL &&
	    rule_apply_children(ctx, node, rule->children) != 0)
		return -1;
	if (rule->after != NULL && rule->after(ctx, node) != 0)
		return -1;
	if (node->parent != parent || parent == NULL)
		return 0;
	if ((rule->flags & RULE_DROP) != 0 ||
	    ((rule->flags & RULE_DROP_EMPTY) != 0 && node->attrs == NULL &&
		node->first == NULL))
		node_unlink(node);
	return 0;
}

void
rule_insert(struct node *parent, const struct rule *children, struct node *node)
{
	size_t n = count_rules(children), mine;
	struct node *c;

	if (node == NULL)
		return;
	mine = find_rule(children, n, node->name, 0);
	if (mine < n)
		mine = place_of(children, mine);
	/* From behind: what is added is most often the last so far. */
	for (c = parent->last; c != NULL; c = c->prev) {
		size_t i = c->kind != NODE_ELEMENT
			       ? 0
			       : find_rule(children, n, c->name, 0);

		if (i < n ? place_of(children, i) <= mine : mine == n)
			break;
	}
	if (c != NULL)
		node_insert_after(c, node);
	else if (parent->first != NULL)
		node_insert_before(parent->first, node);
	else
		node_append(parent, node);
}

struct node *
rule_need(struct node *parent, const struct rule *children, const char *name)
{
	struct node *node;
	size_t n;

	if (parent == NULL || (node = node_child(parent, name)) != NULL)
		return parent == NULL ? NULL : node;
	n = count_rules(children);
	n = find_rule(children, n, name, 0);
	node = children[n].name == NULL
		   ? node_new(parent->doc, name)
		   : node_make(parent->doc, children[n].name);
	rule_insert(parent, children, node);
	return node;
}

/* Where an attribute is or, in an ordered list, belongs. */
static struct attr **
attr_place(struct node *node, const struct rule_attr *attrs, const char **name)
{
	struct attr **place = &node->attrs;

	for (struct attr **p = place; *p != NULL; p = &(*p)->next) {
		if (same((*p)->name, *name))
			return p;
	}
	for (; attrs->name != NULL; attrs++) {
		if (same(attrs->name, *name)) {
			*name = attrs->name;
			return place;
		}
		if (*place != NULL && same((*place)->name, attrs->name))
			place = &(*place)->next;
	}
	while (*place != NULL)
		place = &(*place)->next;
	return place;
}

/* value is the document's own, or constant. */
static void
put_attr(struct node *node, const struct rule_attr *attrs, const char *name,
    const char *value)
{
	const char *known = name;
	struct attr **p = attr_place(node, attrs, &known), *a = *p;

	if (value == NULL)
		return;
	if (a == NULL || !same(a->name, name)) {
		a = doc_alloc(node->doc, sizeof(*a));
		if (a == NULL)
			return;
		a->name = known != name ? known : doc_strdup(node->doc, name);
		if (a->name == NULL)
			return;
		a->next = *p;
		*p = a;
	}
	a->value = value;
}

void
rule_set_attr(struct node *node, const struct rule_attr *attrs,
    const char *name, const char *value)
{
	if (node == NULL)
		return;
	if (value == NULL)
		node_set_attr(node, name, NULL);
	else
		put_attr(node, attrs, name, doc_strdup(node->doc, value));
}

void
rule_set_attr_u64(struct node *node, const struct rule_attr *attrs,
    const char *name, uint64_t value)
{
	if (node != NULL)
		put_attr(node, attrs, name, doc_u64(node->doc, value));
}
