/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Changing the trees of test domains. */
#include "edit.h"

#include "runtime.h"

/* A tree only grows; after so many changes it is made anew. */
#define EDITS_MAX 1000

static struct node *
target(struct test_domain *dom, unsigned int flags, bool *live_out,
    struct error *err)
{
	struct doc *live, *config;

	if (test_domain_target(dom, flags, err) == NULL ||
	    test_domain_targets(dom, flags, &live, &config, err) != 0)
		return NULL;
	if (live_out != NULL)
		*live_out = live != NULL;
	return live != NULL ? live->root : config->root;
}

struct test_domain *
edit_enter(void *state, const struct xvm_domain *ref, unsigned int flags,
    struct node **root_out, bool *live_out, struct error *err)
{
	struct test_domain *dom = test_domain_get(state, ref, err);

	*root_out = NULL;
	if (dom != NULL)
		*root_out = target(dom, flags, live_out, err);
	return *root_out != NULL ? dom : NULL;
}

struct node *
edit_query(void *state, const struct xvm_domain *ref, unsigned int flags,
    struct error *err)
{
	struct test_domain *dom = test_domain_get(state, ref, err);
	struct doc *doc = NULL;

	if (dom != NULL)
		doc = test_domain_target(dom, flags & TEST_AFFECT, err);
	return doc != NULL ? doc->root : NULL;
}

/* A compact copy in place of a tree. Nothing changes when memory is short. */
static void
compact(struct doc **p)
{
	struct doc *copy = *p != NULL ? doc_clone(*p) : NULL;

	if (copy == NULL)
		return;
	doc_free(*p);
	*p = copy;
}

int
edit_end(struct test_host *host, struct test_domain *dom, struct error *err)
{
	if (dom->config->root->doc->failed || (dom->next_config != NULL &&
	    dom->next_config->root->doc->failed))
		return error_nomem(err);
	if (test_domain_refresh(host, dom, err) != 0)
		return -1;
	if (++dom->n_edits % EDITS_MAX == 0) {
		compact(&dom->config);
		compact(&dom->next_config);
	}
	return 0;
}

int
edit_give_params(struct params *p, int wanted, unsigned int *n_out,
    struct xvm_typed_param **v_out, int *nparams_out, struct error *err)
{
	params_truncate(p, wanted > 0 ? (unsigned int)wanted : 0);
	if (params_detach(p, n_out, v_out, err) != 0)
		return -1;
	*nparams_out = (int)*n_out;
	return 0;
}
