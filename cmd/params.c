/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Typed parameters shown and set. */
#include "params.h"

#include <string.h>

#include "input.h"

static const struct param_view *
find_view(const struct param_view *views, const char *field)
{
	for (; views != NULL && views->field != NULL; views++) {
		if (strcmp(views->field, field) == 0)
			return views;
	}
	return NULL;
}

void
params_show(struct cmd *cmd, const struct xvm_typed_param *v, unsigned int n,
    const struct param_view *views)
{
	for (unsigned int i = 0; i < n; i++) {
		const struct param_view *view = find_view(views, v[i].field);
		struct value value = param_value(&v[i]);
		const char *key = v[i].field, *text;

		if (view != NULL && view->key != NULL)
			key = view->key;
		if (view == NULL || view->special == NULL ||
		    !view->special(&v[i], &text, &value))
			text = param_text(cmd, &v[i]);
		cmd_field(cmd, key, value, "%-15s: %s\n", v[i].field, text);
	}
}

static void
release(void *params)
{
	params_release(params);
}

struct params *
params_begin(struct cmd *cmd)
{
	return cmd_defer(cmd, release, cmd_alloc(cmd, sizeof(struct params)));
}

/* What a command was asked to do. */
struct request {
	const struct xvm_domain *dom;
	const char *target;
	unsigned int flags;
};

#define MEMBER(base, at, type) (*(type *)(void *)((char *)(base) + (at)))

/* The arguments of a call, zeroed but for what all have. */
static void *
make_args(struct cmd *cmd, const struct tune_args *a, const struct request *r,
    unsigned int flags)
{
	void *args = cmd_alloc(cmd, a->size);

	MEMBER(args, a->dom, struct xvm_domain) = *r->dom;
	MEMBER(args, a->flags, unsigned int) = r->flags | flags;
	if (a->target != 0 && a->target_optional) {
		xvm_str *text = cmd_alloc(cmd, sizeof(*text));

		*text = call_text(r->target);
		MEMBER(args, a->target, xvm_str *) = text;
	} else if (a->target != 0) {
		MEMBER(args, a->target, xvm_str) = call_text(r->target);
	}
	return args;
}

/*
 * Two questions in one round trip: how many there are, whose refusal has words
 * of its own, and all of them.
 */
static int
show(struct cmd *cmd, const struct tune *t, const struct request *r)
{
	void *count_args = make_args(cmd, &t->get, r,
	    XVM_TYPED_PARAM_STRING_OKAY);
	void *args = make_args(cmd, &t->get, r, XVM_TYPED_PARAM_STRING_OKAY);
	struct call *calls = cmd_batch(cmd, 2);

	/* No device is named to count. */
	if (t->get.target_optional)
		MEMBER(count_args, t->get.target, xvm_str *) = NULL;
	MEMBER(args, t->get.nparams, int) = t->max;
	cmd_batch_set(cmd, &calls[0], t->get.number, count_args);
	cmd_batch_set(cmd, &calls[1], t->get.number, args);
	(void)cmd_submit(cmd, calls, 2);
	if (calls[0].rc != 0) {
		cmd_take_error(cmd, &calls[0]);
		return cmd_error(cmd, "%s", t->cannot_count);
	}
	if (MEMBER(calls[0].ret, t->result.nparams, int) == 0)
		return 0;
	if (calls[1].rc != 0) {
		cmd_take_error(cmd, &calls[1]);
		return cmd_error(cmd, "%s", t->cannot_get);
	}
	params_show(cmd,
	    MEMBER(calls[1].ret, t->result.list, struct xvm_typed_param *),
	    MEMBER(calls[1].ret, t->result.list_len, unsigned int), t->views);
	return 0;
}

static int
set(struct cmd *cmd, const struct tune *t, const struct request *r,
    const struct params *params)
{
	void *args = make_args(cmd, &t->set, r, 0);

	MEMBER(args, t->set.list, struct xvm_typed_param *) = params->v;
	MEMBER(args, t->set.list_len, unsigned int) = params->n;
	if (cmd_call(cmd, t->set.number, args) == NULL)
		return cmd_error(cmd, "%s", t->cannot_set);
	return 0;
}

int
tune_run(struct cmd *cmd, const struct tune *t)
{
	struct params *params = params_begin(cmd);
	struct request r = { NULL, NULL, 0 };

	if (cmd_affect_flags(cmd, &r.flags) != 0 ||
	    (r.dom = cmd_domain(cmd)) == NULL ||
	    (t->target != NULL &&
	    cmd_string(cmd, t->target, &r.target) != 0))
		return -1;
	for (const struct param_option *o = t->options; o->option != NULL; o++) {
		if (o->read(cmd, o, params) != 0)
			return -1;
	}
	if (params->failed)
		return cmd_error(cmd, "out of memory");
	return params->n == 0 ? show(cmd, t, &r) : set(cmd, t, &r, params);
}
