/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* I/O threads of test domains. */
#include <stdlib.h>
#include <string.h>

#include "../cpumap.h"
#include "edit.h"
#include "runtime.h"

#define INFO_MAX 16384		/* threads that fit into the result */
#define MAP_MAX 2048		/* bytes of one's CPU map */

static const struct param_rule rules[] = {
	{ XVM_DOMAIN_IOTHREAD_POLL_MAX_NS, XVM_TYPED_ULLONG, false },
	{ XVM_DOMAIN_IOTHREAD_POLL_GROW, XVM_TYPED_UINT, false },
	{ XVM_DOMAIN_IOTHREAD_POLL_SHRINK, XVM_TYPED_UINT, false },
	{ NULL, 0, false },
};

int
test_domain_get_iothread_info(void *state, struct call *call)
{
	const struct xvm_domain_get_iothread_info_args *args = call->args;
	struct xvm_domain_get_iothread_info_ret *ret = call->ret;
	struct iothread_ids ids;
	struct test_domain *dom;
	struct cpuset set;
	struct doc *doc;
	int rc = 0;

	dom = test_enter(state, &args->dom, args->flags, TEST_AFFECT,
	    "testDomainGetIOThreadInfo", &call->err);
	if (dom == NULL || (doc = test_domain_target(dom, args->flags,
	    &call->err)) == NULL ||
	    iothread_ids_read(doc->root, &ids, &call->err) != 0)
		return -1;
	if (ids.n > INFO_MAX)
		ids.n = INFO_MAX;
	ret->info.info_val = calloc(ids.n + 1, sizeof(*ret->info.info_val));
	if (ret->info.info_val == NULL)
		rc = error_nomem(&call->err);
	for (unsigned int i = 0; rc == 0 && i < ids.n; i++) {
		struct xvm_domain_iothread_info *info =
		    &ret->info.info_val[i];
		size_t n;

		/* libvirt counts virtual CPUs here, not those of the host. */
		cpumap_effective(doc->root, cpumap_find_pin(doc->root,
		    "iothreadpin", "iothread", ids.id[i]),
		    edit_vcpus(doc->root), &set);
		n = (set.end + 7) / 8;
		if (n > MAP_MAX)
			n = MAP_MAX;
		info->iothread_id = ids.id[i];
		info->cpumap.cpumap_val = malloc(n + 1);
		if (info->cpumap.cpumap_val == NULL) {
			rc = error_nomem(&call->err);
			break;
		}
		info->cpumap.cpumap_len = (unsigned int)n;
		cpumap_write(&set, info->cpumap.cpumap_val, n);
		ret->info.info_len = i + 1;
	}
	ret->ret = ids.n;
	iothread_ids_release(&ids);
	return rc;
}

/* Their number, "iothreads" gone when there are none. */
static void
write_count(struct node *root, unsigned int n)
{
	struct node *count = edit_need(root, "iothreads");
	char *text = doc_printf(root->doc, "%u", n);

	if (n == 0 && count != NULL)
		node_unlink(count);
	else if (text != NULL)
		node_set_text(count, text);
}

/* The list of ids and their number as the tree has it. */
static void
write_ids(struct node *root, const struct iothread_ids *ids)
{
	struct node *list = edit_need(root, "iothreadids"), *t, *next;

	if (list == NULL)
		return;
	write_count(root, ids->n);
	for (t = node_child(list, "iothread"); t != NULL; t = next) {
		next = node_next(t, "iothread");
		if (!iothread_ids_has(ids,
		    (unsigned int)edit_attr_u64(t, "id")))
			node_unlink(t);
	}
	/* Those that are there keep what else they say. */
	for (unsigned int i = 0; i < ids->n; i++) {
		t = node_child(list, "iothread");
		while (t != NULL && edit_attr_u64(t, "id") != ids->id[i])
			t = node_next(t, "iothread");
		if (t == NULL)
			t = node_new(root->doc, "iothread");
		else
			node_unlink(t);
		if (t == NULL)
			return;
		node_set_attr_fmt(t, "id", "%u", ids->id[i]);
		node_append(list, t);
	}
	edit_drop_empty(list);
}

static int
invalid_id(struct error *err)
{
	return error_set(err, XVM_FROM_TEST, XVM_ERR_INVALID_ARG,
	    "invalid value of 0 for iothread_id");
}

int
test_domain_add_iothread(void *state, struct call *call)
{
	const struct xvm_domain_add_iothread_args *args = call->args;
	struct iothread_ids ids;
	struct test_domain *dom;
	struct node *root;
	int rc;

	if (test_check_flags(args->flags, TEST_AFFECT,
	    "testDomainAddIOThread", &call->err) != 0)
		return -1;
	if (args->iothread_id == 0)
		return invalid_id(&call->err);
	dom = edit_enter(state, &args->dom, args->flags, &root, NULL,
	    &call->err);
	if (dom == NULL ||
	    iothread_ids_read(root, &ids, &call->err) != 0)
		return -1;
	if (iothread_ids_has(&ids, args->iothread_id))
		rc = error_set(&call->err, XVM_FROM_DOMAIN,
		    XVM_ERR_INVALID_ARG,
		    "an IOThread is already using iothread_id '%u'",
		    args->iothread_id);
	else
		rc = iothread_ids_add(&ids, args->iothread_id, &call->err);
	if (rc == 0) {
		write_ids(root, &ids);
		rc = test_runtime_add_iothread(dom, args->iothread_id,
		    &call->err);
	}
	iothread_ids_release(&ids);
	if (rc != 0)
		return -1;
	return edit_end(((struct test_conn *)state)->host, dom, &call->err);
}

/* Does a device use the thread? */
static int
check_unused(const struct node *root, unsigned int id, struct error *err)
{
	const struct node *devices = node_child(root, "devices"), *d;

	for (d = node_child(devices, "disk"); d != NULL;
	    d = node_next(d, "disk")) {
		if (edit_attr_u64(node_child(d, "driver"), "iothread") == id)
			return error_set(err, XVM_FROM_DOMAIN,
			    XVM_ERR_INVALID_ARG, "cannot remove IOThread %u "
			    "since it is being used by disk '%s'", id,
			    node_attr(node_child(d, "target"), "dev"));
	}
	for (d = node_child(devices, "controller"); d != NULL;
	    d = node_next(d, "controller")) {
		if (edit_attr_u64(node_child(d, "driver"), "iothread") == id)
			return error_set(err, XVM_FROM_DOMAIN,
			    XVM_ERR_INVALID_ARG, "cannot remove IOThread '%u' "
			    "since it is being used by controller", id);
	}
	return 0;
}

int
test_domain_del_iothread(void *state, struct call *call)
{
	const struct xvm_domain_del_iothread_args *args = call->args;
	unsigned int id = args->iothread_id;
	struct iothread_ids ids;
	struct test_domain *dom;
	struct node *root, *pin;
	bool named;
	int rc;

	if (test_check_flags(args->flags, TEST_AFFECT,
	    "testDomainDelIOThread", &call->err) != 0)
		return -1;
	if (id == 0)
		return invalid_id(&call->err);
	dom = edit_enter(state, &args->dom, args->flags, &root, NULL,
	    &call->err);
	if (dom == NULL ||
	    iothread_ids_read(root, &ids, &call->err) != 0)
		return -1;
	if (!iothread_ids_has(&ids, id))
		rc = error_set(&call->err, XVM_FROM_DOMAIN,
		    XVM_ERR_INVALID_ARG,
		    "cannot find IOThread '%u' in iothreadids list", id);
	else
		rc = check_unused(root, id, &call->err);
	if (rc == 0) {
		/* Without the last one, the others need no names. */
		named = node_child(root, "iothreadids") != NULL ||
		    id != ids.id[ids.n - 1];
		iothread_ids_del(&ids, id);
		if (named)
			write_ids(root, &ids);
		else
			write_count(root, ids.n);
		pin = cpumap_find_pin(root, "iothreadpin", "iothread", id);
		if (pin != NULL)
			node_unlink(pin);
		edit_drop_empty(node_child(root, "cputune"));
		test_runtime_del_iothread(dom, id);
	}
	iothread_ids_release(&ids);
	if (rc != 0)
		return -1;
	return edit_end(((struct test_conn *)state)->host, dom, &call->err);
}

int
test_domain_pin_iothread(void *state, struct call *call)
{
	const struct xvm_domain_pin_iothread_args *args = call->args;
	struct iothread_ids ids;
	struct test_domain *dom;
	struct cpuset set;
	struct node *root;

	if (test_check_flags(args->flags, TEST_AFFECT,
	    "testDomainPinIOThread", &call->err) != 0 ||
	    (dom = edit_enter(state, &args->dom, args->flags, &root, NULL,
	    &call->err)) == NULL)
		return -1;
	cpumap_read(args->cpumap.cpumap_val, args->cpumap.cpumap_len, &set);
	if (set.end == 0)
		return error_set(&call->err, XVM_FROM_TEST,
		    XVM_ERR_INVALID_ARG,
		    "Empty iothread cpumap list for pinning");
	if (iothread_ids_read(root, &ids, &call->err) != 0)
		return -1;
	if (!iothread_ids_has(&ids, args->iothreads_id)) {
		iothread_ids_release(&ids);
		return error_set(&call->err, XVM_FROM_TEST,
		    XVM_ERR_INVALID_ARG, "iothreadid %d not found",
		    (int)args->iothreads_id);
	}
	/* It counts as named from now on, and with it they all are. */
	write_ids(root, &ids);
	cpumap_pin(root, "iothreadpin", "iothread", args->iothreads_id, &set);
	cpumap_sort_pins(root, "iothreadpin", "iothread", ids.id, ids.n);
	iothread_ids_release(&ids);
	return edit_end(((struct test_conn *)state)->host, dom, &call->err);
}

/* libvirt fails without saying why, and then says this. */
static int
fail_without_cause(struct error *err)
{
	error_release(err);
	err->code = XVM_ERR_INTERNAL_ERROR;
	err->domain = XVM_FROM_NONE;
	err->level = XVM_ERR_ERROR;
	err->message = strdup("An error occurred, but the cause is unknown");
	return err->message != NULL ? -1 : error_nomem(err);
}

int
test_domain_set_iothread_params(void *state, struct call *call)
{
	const struct xvm_domain_set_iothread_params_args *args = call->args;
	const struct xvm_typed_param *v = args->params.params_val;
	unsigned int n = args->params.params_len;
	struct iothread_ids ids;
	struct test_domain *dom;
	struct doc *doc;
	bool there;

	if (test_check_flags(args->flags, XVM_DOMAIN_AFFECT_LIVE,
	    "testDomainSetIOThreadParams", &call->err) != 0)
		return -1;
	if (args->iothread_id == 0)
		return invalid_id(&call->err);
	dom = test_domain_get(state, &args->dom, &call->err);
	if (dom == NULL || (doc = test_domain_target(dom, args->flags,
	    &call->err)) == NULL ||
	    iothread_ids_read(doc->root, &ids, &call->err) != 0)
		return -1;
	there = iothread_ids_has(&ids, args->iothread_id);
	iothread_ids_release(&ids);
	if (!there)
		return error_set(&call->err, XVM_FROM_TEST,
		    XVM_ERR_INVALID_ARG,
		    "cannot find IOThread '%u' in iothreadids",
		    args->iothread_id);
	for (unsigned int i = 0; dom->runtime != NULL &&
	    i < dom->runtime->n_iothreads; i++) {
		struct test_iothread *t = &dom->runtime->iothreads[i];

		if (t->id != args->iothread_id)
			continue;
		if (params_validate(v, n, rules, &call->err) != 0 ||
		    params_get_ullong(v, n, rules[0].name, &t->poll_max_ns,
		    &call->err) < 0 ||
		    params_get_uint(v, n, rules[1].name, &t->poll_grow,
		    &call->err) < 0 ||
		    params_get_uint(v, n, rules[2].name, &t->poll_shrink,
		    &call->err) < 0)
			return -1;
		return 0;
	}
	return fail_without_cause(&call->err);
}
