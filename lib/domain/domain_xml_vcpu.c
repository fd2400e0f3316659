/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* <vcpu>, <vcpus>, and the I/O threads. */
#include <stdlib.h>
#include <string.h>

#include "domain_xml_parts.h"
#include "../number.h"

#define VCPUS_LIMIT 65536     /* of <vcpus>, which lists each one */
#define IOTHREADS_LIMIT 65536 /* of <iothreadids>, likewise */

static const char *const placements[] = {"static", "auto", NULL};

static const struct rule_attr vcpu_attrs[] = {
    {.name = "placement", .kind = VALUE_ENUM, .values = placements},
    {.name = "cpuset"},
    {.name = "current", .kind = VALUE_UINT},
    {.name = NULL},
};

static const struct rule_attr vcpus_vcpu_attrs[] = {
    {.name = "id", .kind = VALUE_UINT, .flags = VALUE_REQUIRED},
    {
	.name = "enabled",
	.kind = VALUE_YES_NO,
	.flags = VALUE_REQUIRED,
    },
    {.name = "hotpluggable", .kind = VALUE_YES_NO},
    {.name = "order", .kind = VALUE_UINT, .flags = VALUE_DROP_ZERO},
    {.name = NULL},
};

int
text_u64(const struct node *node, uint64_t *out)
{
	const char *text = node_text(node);

	if (text == NULL || text[0] == '\0')
		return 0;
	return number_u64(text, 10, out) != 0 ? -1 : 1;
}

int
text_i64(const struct node *node, int64_t *out)
{
	const char *text = node_text(node);

	if (text == NULL || text[0] == '\0')
		return 0;
	return number_i64(text, 10, out) != 0 ? -1 : 1;
}

/* "-1" is the largest number here, as libvirt reads it. */
static int
read_vcpus_max(const char *text, uint32_t *out)
{
	int64_t n;

	if (number_i64(text, 10, &n) != 0 || n > UINT32_MAX ||
	    n < -(int64_t)UINT32_MAX)
		return -1;
	*out = (uint32_t)n;
	return 0;
}

static int
read_cpuset(struct rule_ctx *ctx, struct node *vcpu)
{
	const char *text = node_attr(vcpu, "cpuset");
	struct cpuset set;

	if (ctx->parts->placement_auto)
		text = NULL;
	if (text == NULL) {
		node_set_attr(vcpu, "cpuset", NULL);
		return 0;
	}
	if (cpuset_read(ctx, text, &set) != 0)
		return -1;
	if (set.end == 0)
		return refuse_config(
		    ctx, "Invalid value of 'cpuset': %s", text);
	ctx->parts->cpuset = true;
	text = cpuset_format(ctx->doc, &set);
	/* All that there can be: says nothing. */
	if (text != NULL && strcmp(text, "0-16383") == 0)
		text = NULL;
	node_set_attr(vcpu, "cpuset", text);
	return 0;
}

/* The state of each vcpu, from <vcpus>; ids count, not places. */
static int
read_vcpus_list(struct rule_ctx *ctx, struct node *list)
{
	struct domain_parts *p = ctx->parts;
	struct node *c, *next, **nodes;
	uint32_t id, online = 0;

	nodes = p->vcpus_max > VCPUS_LIMIT
		    ? NULL
		    : doc_alloc(ctx->doc, p->vcpus_max * sizeof(*nodes));
	if (nodes == NULL)
		return error_nomem(ctx->err);
	for (c = node_child(list, "vcpu"); c != NULL; c = next) {
		next = node_next(c, "vcpu");
		if (attr_u32(ctx, c, "id", VALUE_REQUIRED, &id) < 0)
			return -1;
		if (id >= p->vcpus_max)
			return refuse_xml(ctx,
			    "vcpu id '%u' is out of range "
			    "of maximum vcpu count",
			    id);
		if (rule_apply_attrs(ctx, c, vcpus_vcpu_attrs) != 0)
			return -1;
		if (nodes[id] != NULL)
			node_unlink(nodes[id]);
		nodes[id] = c;
	}
	for (c = list->first; c != NULL; c = next) {
		next = c->next;
		if (c->kind != NODE_ELEMENT || strcmp(c->name, "vcpu") == 0)
			node_unlink(c);
	}
	for (id = p->vcpus_max; id > 0; id--) {
		c = nodes[id - 1];
		if (c == NULL) {
			c = node_new(ctx->doc, "vcpu");
			node_set_attr_fmt(c, "id", "%u", id - 1);
			node_set_attr(c, "enabled", "no");
		}
		if (c == NULL)
			return error_nomem(ctx->err);
		if (list->first != NULL)
			node_insert_before(list->first, c);
		else
			node_append(list, c);
		if (node_attr_is(c, "enabled", "yes"))
			online++;
	}
	p->vcpus = online;
	return 0;
}

int
domain_vcpu_read(struct rule_ctx *ctx)
{
	struct domain_parts *p = ctx->parts;
	struct node *vcpu = p->at[PART_VCPU], *list = p->at[PART_VCPUS];
	int rc = 0;

	p->vcpus_max = p->vcpus = 1;
	if (vcpu != NULL) {
		if (read_vcpus_max(node_text(vcpu), &p->vcpus_max) != 0)
			return refuse_xml(ctx, "maximum vcpus count must be "
					       "an integer");
		rc = attr_u32(ctx, vcpu, "current", 0, &p->vcpus);
		if (rc < 0 || rule_apply_attrs(ctx, vcpu, vcpu_attrs) != 0)
			return -1;
		if (rc == 0)
			p->vcpus = p->vcpus_max;
		p->placement_auto = node_attr_is(vcpu, "placement", "auto");
		if (read_cpuset(ctx, vcpu) != 0)
			return -1;
	}
	if (list != NULL && node_child(list, "vcpu") != NULL)
		return read_vcpus_list(ctx, list);
	if (list != NULL && list->attrs == NULL &&
	    node_child(list, NULL) == NULL)
		part_drop(ctx, PART_VCPUS);
	if (p->vcpus > p->vcpus_max)
		return refuse_config(ctx, "maximum vCPU count must not be "
					  "less than current vCPU count");
	return 0;
}

/* Write <vcpu>, and what can be plugged. */
int
domain_vcpu_finish(struct rule_ctx *ctx)
{
	struct domain_parts *p = ctx->parts;
	struct node *vcpu = part_need(ctx, PART_VCPU), *c;

	if (p->os == OS_EXE && node_find(p->at[PART_OS], "init") == NULL)
		return refuse_xml(ctx, "init binary must be specified");
	for (c = node_child(p->at[PART_VCPUS], "vcpu"); c != NULL;
	     c = node_next(c, "vcpu")) {
		bool online = node_attr_is(c, "enabled", "yes");

		if (node_attr(c, "hotpluggable") == NULL)
			rule_set_attr(c, vcpus_vcpu_attrs, "hotpluggable",
			    online ? "no" : "yes");
		else if (!online && node_attr_is(c, "hotpluggable", "no"))
			return refuse_config(ctx,
			    "vcpu '%s' is both offline "
			    "and not hotpluggable",
			    node_attr(c, "id"));
	}
	if (vcpu == NULL)
		return error_nomem(ctx->err);
	rule_set_attr(vcpu, vcpu_attrs, "placement",
	    p->placement_auto ? "auto" : "static");
	if (p->vcpus < p->vcpus_max)
		rule_set_attr_u64(vcpu, vcpu_attrs, "current", p->vcpus);
	else
		node_set_attr(vcpu, "current", NULL);
	element_set_u64(vcpu, p->vcpus_max);
	return 0;
}

/* --- I/O threads ---------------------------------------------------------- */

static const struct rule_attr iothread_attrs[] = {
    {
	.name = "id",
	.kind = VALUE_UINT,
	.flags = VALUE_REQUIRED | VALUE_NONZERO,
    },
    {
	.name = "thread_pool_min",
	.kind = VALUE_INT,
	.flags = VALUE_NONNEGATIVE,
    },
    {
	.name = "thread_pool_max",
	.kind = VALUE_INT,
	.flags = VALUE_NONNEGATIVE,
    },
    {.name = NULL},
};

static const struct rule iothreadids_children[] = {
    {.name = "iothread", .flags = RULE_MANY, .attrs = iothread_attrs},
    {.name = NULL},
};

static const struct rule iothreadids_rule = {
    .name = "iothreadids",
    .flags = RULE_DROP_EMPTY,
    .children = iothreadids_children,
};

static const struct rule default_iothread_rule = {
    .name = "defaultiothread",
    .flags = RULE_DROP_EMPTY,
    .attrs = &iothread_attrs[1],
};

static int
compare_ids(const void *a, const void *b)
{
	const struct iothread_id *x = a, *y = b;

	return x->id < y->id ? -1 : x->id > y->id;
}

int64_t
domain_iothread_place(const struct domain_parts *p, uint64_t id)
{
	const struct iothread_id key = {(uint32_t)id, 0}, *found;

	if (id == 0 || id > UINT32_MAX || p->iothreads == 0)
		return -1;
	if (p->iothread_ids == NULL)
		return id <= p->iothreads ? (int64_t)id - 1 : -1;
	found = bsearch(
	    &key, p->iothread_ids, p->iothreads, sizeof(key), compare_ids);
	return found == NULL ? -1 : (int64_t)found->place;
}

/* The numbers that no id has, from 1 on, for the rest of ids. */
static int
fill_iothreads(struct rule_ctx *ctx, struct node *list, struct iothread_id *ids,
    uint32_t n)
{
	uint32_t total = ctx->parts->iothreads, next = 0, id = 1;
	struct node *c;

	for (uint32_t i = n; i < total; i++, id++) {
		while (next < n && ids[next].id <= id) {
			if (ids[next++].id == id)
				id++;
		}
		c = node_new(ctx->doc, "iothread");
		if (c == NULL)
			return error_nomem(ctx->err);
		node_set_attr_fmt(c, "id", "%u", id);
		rule_insert(list, iothreadids_children, c);
		ids[i] = (struct iothread_id){id, i};
	}
	qsort(ids, total, sizeof(*ids), compare_ids);
	return 0;
}

/* Ids must not come twice; the ones that are missing are added. */
static int
complete_iothreads(struct rule_ctx *ctx, struct node *list, uint32_t n)
{
	struct domain_parts *p = ctx->parts;
	struct iothread_id *ids;
	struct node *c;
	uint32_t i = 0;

	if (p->iothreads > IOTHREADS_LIMIT)
		return refuse_internal(ctx, "failed to populate iothreadids");
	ids = doc_alloc(ctx->doc, p->iothreads * sizeof(*ids));
	if (ids == NULL)
		return error_nomem(ctx->err);
	for (c = node_child(list, "iothread"); c != NULL;
	     c = node_next(c, "iothread"), i++)
		ids[i] =
		    (struct iothread_id){(uint32_t)sort_by_attr(c, "id"), i};
	qsort(ids, n, sizeof(*ids), compare_ids);
	for (i = 1; i < n; i++) {
		if (ids[i].id == ids[i - 1].id)
			return refuse_xml(
			    ctx, "duplicate iothread id '%u' found", ids[i].id);
	}
	p->iothread_ids = ids;
	return fill_iothreads(ctx, list, ids, n);
}

int
domain_iothreads_read(struct rule_ctx *ctx)
{
	struct domain_parts *p = ctx->parts;
	const char *text = part_text(ctx, PART_IOTHREADS);
	uint32_t n;

	if (text != NULL && number_u32(text, 10, &p->iothreads) != 0)
		return refuse_xml(ctx, "invalid iothreads count '%s'", text);
	if (part_apply(ctx, PART_DEFAULTIOTHREAD, &default_iothread_rule) !=
		0 ||
	    part_apply(ctx, PART_IOTHREADIDS, &iothreadids_rule) != 0)
		return -1;
	n = (uint32_t)node_count(p->at[PART_IOTHREADIDS], "iothread");
	if (n > p->iothreads)
		p->iothreads = n;
	if (n > 0 && complete_iothreads(ctx, p->at[PART_IOTHREADIDS], n) != 0)
		return -1;
	if (p->iothreads == 0)
		part_drop(ctx, PART_IOTHREADS);
	else
		element_set_u64(part_need(ctx, PART_IOTHREADS), p->iothreads);
	return 0;
}

static int
check_pool(struct rule_ctx *ctx, const struct node *node)
{
	int32_t min = -1, max = -1;

	if (attr_i32(ctx, node, "thread_pool_min", 0, &min) < 0 ||
	    attr_i32(ctx, node, "thread_pool_max", 0, &max) < 0)
		return -1;
	if (max == 0)
		return refuse_config(
		    ctx, "thread_pool_max must be a positive integer");
	if (min > max)
		return refuse_config(ctx, "thread_pool_min must be smaller "
					  "or equal to thread_pool_max");
	return 0;
}

int
domain_iothreads_check(struct rule_ctx *ctx)
{
	const struct domain_parts *p = ctx->parts;
	const struct node *c;

	for (c = node_child(p->at[PART_IOTHREADIDS], "iothread"); c != NULL;
	     c = node_next(c, "iothread")) {
		if (check_pool(ctx, c) != 0)
			return -1;
	}
	return check_pool(ctx, p->at[PART_DEFAULTIOTHREAD]);
}
