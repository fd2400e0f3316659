/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* NUMA memory, performance events and lifecycle actions of test domains. */
#include <stdlib.h>
#include <string.h>

#include "../local_answers.h"
#include "edit.h"
#include "runtime.h"

/* --- <numatune> ----------------------------------------------------------- */

#define N_NUMA 2

static const char *const numa_modes[] = {
	"strict", "preferred", "interleave", "restrictive", NULL,
};

#define N_MODES 4

static const struct param_rule numa_rules[] = {
	{ XVM_DOMAIN_NUMA_MODE, XVM_TYPED_INT, false },
	{ XVM_DOMAIN_NUMA_NODESET, XVM_TYPED_STRING, false },
	{ NULL, 0, false },
};

/* -1: nothing is said. */
static int
numa_mode(const struct node *root)
{
	const char *mode = node_attr(node_find(root, "numatune/memory"),
	    "mode");

	return mode != NULL ? enum_index(numa_modes, mode) : -1;
}

int
test_domain_get_numa_parameters(void *state, struct call *call)
{
	const struct xvm_domain_get_numa_parameters_args *args = call->args;
	struct xvm_domain_get_numa_parameters_ret *ret = call->ret;
	struct params params = PARAMS_INIT;
	const struct node *root;
	int mode;

	if (test_check_flags(args->flags, TEST_AFFECT_QUERY,
	    "testDomainGetNumaParameters", &call->err) != 0)
		return -1;
	if (args->nparams == 0) {
		ret->nparams = N_NUMA;
		return 0;
	}
	root = edit_query(state, &args->dom, args->flags, &call->err);
	if (root == NULL)
		return -1;
	mode = numa_mode(root);
	params_add_int(&params, XVM_DOMAIN_NUMA_MODE, mode < 0 ? 0 : mode);
	params_add_string(&params, XVM_DOMAIN_NUMA_NODESET,
	    node_attr(node_find(root, "numatune/memory"), "nodeset"));
	return edit_give_params(&params, args->nparams,
	    &ret->params.params_len, &ret->params.params_val, &ret->nparams,
	    &call->err);
}

/* What is asked for: mode -1 and nodeset NULL are left as they are. */
struct numa_wish {
	int mode;
	const char *text;
	struct cpuset set;
};

static int
read_wish(const struct xvm_typed_param *v, unsigned int n,
    struct numa_wish *wish, struct error *err)
{
	struct rule_ctx ctx = { .err = err };

	wish->mode = -1;
	wish->text = NULL;
	for (unsigned int i = 0; i < n; i++) {
		if (strcmp(v[i].field, XVM_DOMAIN_NUMA_MODE) == 0) {
			wish->mode = v[i].value.xvm_typed_value_u.i;
			if (wish->mode < 0 || wish->mode >= N_MODES)
				return error_set(err, XVM_FROM_TEST,
				    XVM_ERR_INVALID_ARG,
				    "unsupported numatune mode: '%d'",
				    wish->mode);
			continue;
		}
		wish->text = v[i].value.xvm_typed_value_u.s;
		if (cpuset_read(&ctx, wish->text, &wish->set) != 0)
			return -1;
		if (wish->set.end == 0)
			return error_set(err, XVM_FROM_TEST,
			    XVM_ERR_OPERATION_INVALID,
			    "Invalid nodeset of 'numatune': %s", wish->text);
	}
	return 0;
}

static int
set_numatune(struct node *root, const struct numa_wish *wish,
    struct error *err)
{
	bool is_static = node_attr_is(node_child(root, "vcpu"), "placement",
	    "static");
	struct node *memory = node_find(root, "numatune/memory");

	if (wish->mode < 0 && wish->text == NULL)
		return 0;
	if (memory == NULL) {
		if (wish->text == NULL && is_static)
			return error_set(err, XVM_FROM_DOMAIN,
			    XVM_ERR_CONFIG_UNSUPPORTED, "nodeset for NUMA "
			    "memory tuning must be set if 'placement' is "
			    "'static'");
		memory = rule_need(edit_need(root, "numatune"),
		    domain_numatune_children, "memory");
		node_set_attr(memory, "mode", numa_modes[0]);
		if (wish->text == NULL)
			node_set_attr(memory, "placement", "auto");
	}
	if (wish->mode >= 0)
		node_set_attr(memory, "mode", numa_modes[wish->mode]);
	if (wish->text != NULL) {
		node_set_attr(memory, "placement", NULL);
		node_set_attr(memory, "nodeset", cpuset_format(root->doc,
		    &wish->set));
	}
	return 0;
}

int
test_domain_set_numa_parameters(void *state, struct call *call)
{
	const struct xvm_domain_set_numa_parameters_args *args = call->args;
	const struct xvm_typed_param *v = args->params.params_val;
	unsigned int n = args->params.params_len;
	struct test_domain *dom;
	struct numa_wish wish;
	struct node *root;
	bool live;
	int mode;

	if (test_check_flags(args->flags, TEST_AFFECT,
	    "testDomainSetNumaParameters", &call->err) != 0 ||
	    params_validate(v, n, numa_rules, &call->err) != 0 ||
	    (dom = edit_enter(state, &args->dom, args->flags, &root, &live,
	    &call->err)) == NULL || read_wish(v, n, &wish, &call->err) != 0)
		return -1;
	mode = numa_mode(root);
	if (live && wish.mode >= 0 && mode >= 0 && mode != wish.mode)
		return error_set(&call->err, XVM_FROM_TEST,
		    XVM_ERR_OPERATION_INVALID,
		    "can't change numatune mode for running domain");
	if (set_numatune(root, &wish, &call->err) != 0)
		return -1;
	return edit_end(((struct test_conn *)state)->host, dom, &call->err);
}

/* --- <perf> --------------------------------------------------------------- */

/* In libvirt's order. */
static const char *const perf_events[] = {
	XVM_PERF_PARAM_CMT,
	XVM_PERF_PARAM_MBMT,
	XVM_PERF_PARAM_MBML,
	XVM_PERF_PARAM_CPU_CYCLES,
	XVM_PERF_PARAM_INSTRUCTIONS,
	XVM_PERF_PARAM_CACHE_REFERENCES,
	XVM_PERF_PARAM_CACHE_MISSES,
	XVM_PERF_PARAM_BRANCH_INSTRUCTIONS,
	XVM_PERF_PARAM_BRANCH_MISSES,
	XVM_PERF_PARAM_BUS_CYCLES,
	XVM_PERF_PARAM_STALLED_CYCLES_FRONTEND,
	XVM_PERF_PARAM_STALLED_CYCLES_BACKEND,
	XVM_PERF_PARAM_REF_CPU_CYCLES,
	XVM_PERF_PARAM_CPU_CLOCK,
	XVM_PERF_PARAM_TASK_CLOCK,
	XVM_PERF_PARAM_PAGE_FAULTS,
	XVM_PERF_PARAM_CONTEXT_SWITCHES,
	XVM_PERF_PARAM_CPU_MIGRATIONS,
	XVM_PERF_PARAM_PAGE_FAULTS_MIN,
	XVM_PERF_PARAM_PAGE_FAULTS_MAJ,
	XVM_PERF_PARAM_ALIGNMENT_FAULTS,
	XVM_PERF_PARAM_EMULATION_FAULTS,
};

#define N_EVENTS (sizeof(perf_events) / sizeof(perf_events[0]))

static struct node *
find_event(const struct node *root, const char *name)
{
	struct node *event = node_find(root, "perf/event");

	while (event != NULL && !node_attr_is(event, "name", name))
		event = node_next(event, "event");
	return event;
}

static size_t
event_index(const char *name)
{
	size_t i = 0;

	while (i < N_EVENTS && strcmp(perf_events[i], name) != 0)
		i++;
	return i;
}

int
test_domain_get_perf_events(void *state, struct call *call)
{
	const struct xvm_domain_get_perf_events_args *args = call->args;
	struct xvm_domain_get_perf_events_ret *ret = call->ret;
	struct params params = PARAMS_INIT;
	const struct node *root;

	if (test_check_flags(args->flags, TEST_AFFECT_QUERY,
	    "testDomainGetPerfEvents", &call->err) != 0 ||
	    (root = edit_query(state, &args->dom, args->flags,
	    &call->err)) == NULL)
		return -1;
	for (size_t i = 0; i < N_EVENTS; i++)
		params_add_boolean(&params, perf_events[i], node_attr_is(
		    find_event(root, perf_events[i]), "enabled", "yes"));
	return params_detach(&params, &ret->params.params_len,
	    &ret->params.params_val, &call->err);
}

static void
set_event(struct node *root, const char *name, bool enabled)
{
	struct node *perf = edit_need(root, "perf"), *next;
	struct node *event = find_event(root, name);

	if (perf == NULL)
		return;
	if (event == NULL) {
		event = node_new(root->doc, "event");
		if (event == NULL)
			return;
		node_set_attr(event, "name", name);
		next = node_child(perf, "event");
		while (next != NULL && event_index(node_attr(next, "name")) <
		    event_index(name))
			next = node_next(next, "event");
		if (next != NULL)
			node_insert_before(next, event);
		else
			node_append(perf, event);
	}
	node_set_attr(event, "enabled", enabled ? "yes" : "no");
}

int
test_domain_set_perf_events(void *state, struct call *call)
{
	const struct xvm_domain_set_perf_events_args *args = call->args;
	const struct xvm_typed_param *v = args->params.params_val;
	unsigned int n = args->params.params_len;
	struct param_rule rules[N_EVENTS + 1] = { 0 };
	struct test_domain *dom;
	struct node *root;

	for (size_t i = 0; i < N_EVENTS; i++)
		rules[i] = (struct param_rule) {
			perf_events[i], XVM_TYPED_BOOLEAN, false,
		};
	if (test_check_flags(args->flags, TEST_AFFECT,
	    "testDomainSetPerfEvents", &call->err) != 0 ||
	    params_validate(v, n, rules, &call->err) != 0 ||
	    (dom = edit_enter(state, &args->dom, args->flags, &root, NULL,
	    &call->err)) == NULL)
		return -1;
	for (unsigned int i = 0; i < n; i++)
		set_event(root, v[i].field, v[i].value.xvm_typed_value_u.b !=
		    0);
	return edit_end(((struct test_conn *)state)->host, dom, &call->err);
}

/* --- <on_poweroff>, <on_reboot>, <on_crash> ------------------------------- */

int
test_domain_set_lifecycle_action(void *state, struct call *call)
{
	const struct xvm_domain_set_lifecycle_action_args *args = call->args;
	const char *element, *action;
	struct doc *live, *config;
	struct test_domain *dom;

	if (test_check_flags(args->flags, TEST_AFFECT,
	    "testDomainSetLifecycleAction", &call->err) != 0 ||
	    local_lifecycle(args->type, args->action, &element, &action,
	    &call->err) != 0)
		return -1;
	dom = test_domain_get(state, &args->dom, &call->err);
	if (dom == NULL || test_domain_targets(dom, args->flags, &live,
	    &config, &call->err) != 0)
		return -1;
	if (live != NULL)
		node_set_text(edit_need(live->root, element), action);
	if (config != NULL)
		node_set_text(edit_need(config->root, element), action);
	return edit_end(((struct test_conn *)state)->host, dom, &call->err);
}
