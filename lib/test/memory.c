/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Memory of test domains: sizes, limits, made-up statistics. */
#include <stdlib.h>
#include <string.h>

#include "../domain/domain_devices.h"
#include "../local_answers.h"
#include "edit.h"
#include "runtime.h"

#define LAST_UPDATE 627319920
#define N_LIMITS 3
#define PEEK_MAX 4194304	/* bytes that fit into the result */

/* In the order in which a query tells them. */
static const struct param_rule limit_rules[N_LIMITS + 1] = {
	{ XVM_DOMAIN_MEMORY_HARD_LIMIT, XVM_TYPED_ULLONG, false },
	{ XVM_DOMAIN_MEMORY_SOFT_LIMIT, XVM_TYPED_ULLONG, false },
	{ XVM_DOMAIN_MEMORY_SWAP_HARD_LIMIT, XVM_TYPED_ULLONG, false },
	{ NULL, 0, false },
};

/* The balloon, NULL when there is none. */
static struct node *
find_balloon(const struct node *root)
{
	struct node *balloon = node_find(root, "devices/memballoon");

	return node_attr_is(balloon, "model", "none") ? NULL : balloon;
}

/* A tree with other maximum; what it has now shrinks with it. */
static int
set_maximum(struct node *root, uint64_t kib, bool live, struct error *err)
{
	uint64_t limit = edit_get_u64(root, "maxMemory");

	if (live)
		return error_set(err, XVM_FROM_TEST, XVM_ERR_OPERATION_INVALID,
		    "cannot resize the maximum memory on an active domain");
	if (node_find(root, "cpu/numa/cell") != NULL)
		return error_set(err, XVM_FROM_TEST, XVM_ERR_OPERATION_INVALID,
		    "initial memory size of a domain with NUMA nodes cannot "
		    "be modified with this API");
	if (limit != 0 && limit < kib)
		return error_set(err, XVM_FROM_TEST, XVM_ERR_OPERATION_INVALID,
		    "cannot set initial memory size greater than the maximum "
		    "memory size");
	element_set_kib(edit_need(root, "memory"), kib);
	if (edit_get_u64(root, "currentMemory") > kib)
		element_set_kib(edit_need(root, "currentMemory"), kib);
	return 0;
}

static int
set_memory(struct test_conn *tc, const struct xvm_domain *ref, uint64_t kib,
    unsigned int flags, struct error *err)
{
	struct test_domain *dom;
	struct node *root;
	bool live;

	if (test_check_flags(flags, TEST_AFFECT | XVM_DOMAIN_MEM_MAXIMUM,
	    "testDomainSetMemoryFlags", err) != 0 ||
	    (dom = edit_enter(tc, ref, flags & TEST_AFFECT, &root, &live,
	    err)) == NULL)
		return -1;
	if ((flags & XVM_DOMAIN_MEM_MAXIMUM) != 0) {
		if (set_maximum(root, kib, live, err) != 0)
			return -1;
	} else {
		if (kib > edit_get_u64(root, "memory"))
			return error_set(err, XVM_FROM_TEST,
			    XVM_ERR_INVALID_ARG,
			    "cannot set memory higher than max memory");
		element_set_kib(edit_need(root, "currentMemory"), kib);
	}
	return edit_end(tc->host, dom, err);
}

int
test_domain_set_memory_flags(void *state, struct call *call)
{
	const struct xvm_domain_set_memory_flags_args *args = call->args;

	return set_memory(state, &args->dom, args->memory, args->flags,
	    &call->err);
}

int
test_domain_set_memory_stats_period(void *state, struct call *call)
{
	const struct xvm_domain_set_memory_stats_period_args *args =
	    call->args;
	struct node *root, *balloon, *stats;
	struct test_domain *dom;

	if (test_check_flags(args->flags, TEST_AFFECT,
	    "testDomainSetMemoryStatsPeriod", &call->err) != 0 ||
	    (dom = edit_enter(state, &args->dom, args->flags, &root, NULL,
	    &call->err)) == NULL)
		return -1;
	balloon = find_balloon(root);
	if (balloon == NULL)
		return error_set(&call->err, XVM_FROM_TEST,
		    XVM_ERR_INTERNAL_ERROR, "No memory balloon device "
		    "configured, can not set the collection period");
	stats = rule_need(balloon, memballoon_rule.children, "stats");
	if (args->period != 0)
		node_set_attr_fmt(stats, "period", "%d", args->period);
	else if (stats != NULL)
		node_unlink(stats);
	return edit_end(((struct test_conn *)state)->host, dom, &call->err);
}

int
test_domain_memory_stats(void *state, struct call *call)
{
	const struct xvm_domain_memory_stats_args *args = call->args;
	struct xvm_domain_memory_stats_ret *ret = call->ret;
	struct test_domain *dom;
	struct doc *config;
	uint64_t kib;

	dom = test_enter_active(state, &args->dom, args->flags, 0,
	    "testDomainMemoryStats", &call->err);
	if (dom == NULL || (config = test_domain_config(dom, &call->err)) ==
	    NULL)
		return -1;
	if (find_balloon(config->root) == NULL)
		return 0;
	kib = dom->memory_kib;
	const struct xvm_domain_memory_stat stats[] = {
		{ XVM_DOMAIN_MEMORY_STAT_ACTUAL_BALLOON, kib },
		{ XVM_DOMAIN_MEMORY_STAT_SWAP_IN, 0 },
		{ XVM_DOMAIN_MEMORY_STAT_SWAP_OUT, 0 },
		{ XVM_DOMAIN_MEMORY_STAT_MAJOR_FAULT, 0 },
		{ XVM_DOMAIN_MEMORY_STAT_MINOR_FAULT, 0 },
		{ XVM_DOMAIN_MEMORY_STAT_UNUSED, kib / 2 },
		{ XVM_DOMAIN_MEMORY_STAT_AVAILABLE, kib },
		{ XVM_DOMAIN_MEMORY_STAT_USABLE, kib / 2 },
		{ XVM_DOMAIN_MEMORY_STAT_LAST_UPDATE, LAST_UPDATE },
		{ XVM_DOMAIN_MEMORY_STAT_DISK_CACHES, kib / 8 },
		{ XVM_DOMAIN_MEMORY_STAT_HUGETLB_PGALLOC, 0 },
		{ XVM_DOMAIN_MEMORY_STAT_HUGETLB_PGFAIL, 0 },
		{ XVM_DOMAIN_MEMORY_STAT_RSS, kib / 2 },
	};

	return local_give_memory_stats(stats, sizeof(stats) / sizeof(stats[0]),
	    args->max_stats, ret, &call->err);
}

/* A limit of <memtune> in KiB. */
static uint64_t
get_limit(const struct node *root, const char *name)
{
	const struct node *memtune = node_child(root, "memtune");

	if (node_child(memtune, name) == NULL)
		return MEMORY_UNLIMITED;
	return edit_get_u64(memtune, name);
}

int
test_domain_get_memory_parameters(void *state, struct call *call)
{
	const struct xvm_domain_get_memory_parameters_args *args = call->args;
	struct xvm_domain_get_memory_parameters_ret *ret = call->ret;
	struct params params = PARAMS_INIT;
	const struct node *root;

	if (test_check_flags(args->flags, TEST_AFFECT_QUERY,
	    "testDomainGetMemoryParameters", &call->err) != 0)
		return -1;
	if (args->nparams == 0) {
		ret->nparams = N_LIMITS;
		return 0;
	}
	root = edit_query(state, &args->dom, args->flags, &call->err);
	if (root == NULL)
		return -1;
	for (size_t i = 0; i < N_LIMITS; i++)
		params_add_ullong(&params, limit_rules[i].name,
		    get_limit(root, limit_rules[i].name));
	return edit_give_params(&params, args->nparams,
	    &ret->params.params_len, &ret->params.params_val, &ret->nparams,
	    &call->err);
}

static void
set_limit(struct node *memtune, const char *name, uint64_t kib)
{
	/* libvirt takes any large number as "no limit". */
	if (kib >= MEMORY_UNLIMITED) {
		edit_set_text(memtune, domain_memtune_children, name, NULL);
		return;
	}
	element_set_kib(rule_need(memtune, domain_memtune_children, name), kib);
}

int
test_domain_set_memory_parameters(void *state, struct call *call)
{
	const struct xvm_domain_set_memory_parameters_args *args = call->args;
	const struct xvm_typed_param *v = args->params.params_val;
	unsigned int n = args->params.params_len;
	struct node *root, *memtune;
	struct test_domain *dom;
	uint64_t hard, swap, value;
	int has_hard, has_swap;

	if (test_check_flags(args->flags, TEST_AFFECT,
	    "testDomainSetMemoryParameters", &call->err) != 0 ||
	    params_validate(v, n, limit_rules, &call->err) != 0 ||
	    (dom = edit_enter(state, &args->dom, args->flags, &root, NULL,
	    &call->err)) == NULL)
		return -1;
	/* What is not given counts as it is in force now. */
	hard = get_limit(dom->config->root, XVM_DOMAIN_MEMORY_HARD_LIMIT);
	swap = get_limit(dom->config->root, XVM_DOMAIN_MEMORY_SWAP_HARD_LIMIT);
	has_swap = params_get_ullong(v, n, XVM_DOMAIN_MEMORY_SWAP_HARD_LIMIT,
	    &swap, &call->err);
	has_hard = params_get_ullong(v, n, XVM_DOMAIN_MEMORY_HARD_LIMIT, &hard,
	    &call->err);
	if ((has_swap == 1 || has_hard == 1) && hard > swap)
		return error_set(&call->err, XVM_FROM_TEST,
		    XVM_ERR_INVALID_ARG, "memory hard_limit tunable value must "
		    "be lower than or equal to swap_hard_limit");
	memtune = edit_need(root, "memtune");
	for (size_t i = 0; i < N_LIMITS; i++) {
		if (params_get_ullong(v, n, limit_rules[i].name, &value,
		    &call->err) == 1)
			set_limit(memtune, limit_rules[i].name, value);
	}
	edit_drop_empty(memtune);
	return edit_end(((struct test_conn *)state)->host, dom, &call->err);
}

int
test_domain_memory_peek(void *state, struct call *call)
{
	const struct xvm_domain_memory_peek_args *args = call->args;
	struct xvm_domain_memory_peek_ret *ret = call->ret;
	unsigned char byte = (unsigned char)args->offset;

	if (test_check_flags(args->flags,
	    XVM_MEMORY_VIRTUAL | XVM_MEMORY_PHYSICAL, "testDomainMemoryPeek",
	    &call->err) != 0)
		return -1;
	if (args->flags != XVM_MEMORY_VIRTUAL &&
	    args->flags != XVM_MEMORY_PHYSICAL)
		return error_set(&call->err, XVM_FROM_TEST,
		    XVM_ERR_INVALID_ARG, "flags parameter must be "
		    "VIR_MEMORY_VIRTUAL or VIR_MEMORY_PHYSICAL");
	if (test_domain_get_active(state, &args->dom, &call->err) == NULL)
		return -1;
	if (args->size > PEEK_MAX)
		return error_set(&call->err, XVM_FROM_RPC,
		    XVM_ERR_INTERNAL_ERROR, "size > maximum buffer size");
	ret->buffer.buffer_val = malloc(args->size > 0 ? args->size : 1);
	if (ret->buffer.buffer_val == NULL)
		return error_nomem(&call->err);
	for (unsigned int i = 0; i < args->size; i++)
		ret->buffer.buffer_val[i] = (char)byte++;
	ret->buffer.buffer_len = args->size;
	return 0;
}
