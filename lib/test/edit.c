/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Changing the trees of test domains. */
#include "edit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../domain_xml_parts.h"
#include "../number.h"

/* A tree only grows; after so many changes it is made anew. */
#define EDITS_MAX 1000

struct node *
edit_begin(struct test_domain *dom, unsigned int flags, bool *live_out,
    struct error *err)
{
	struct doc *live, *config;

	if (test_domain_target(dom, flags, err) == NULL ||
	    test_domain_targets(dom, flags, &live, &config, err) != 0)
		return NULL;
	*live_out = live != NULL;
	return live != NULL ? live->root : config->root;
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

struct node *
edit_need(struct node *root, const char *name)
{
	return rule_need(root, domain_part_rules, name);
}

void
edit_set_text(struct node *parent, const struct rule *order,
    const char *name, const char *text)
{
	struct node *child;

	if (text == NULL || strcmp(text, "0") == 0) {
		child = node_child(parent, name);
		if (child != NULL)
			node_unlink(child);
		return;
	}
	node_set_text(rule_need(parent, order, name), text);
}

void
edit_set_u64(struct node *parent, const struct rule *order, const char *name,
    uint64_t value)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%" PRIu64, value);
	edit_set_text(parent, order, name, text);
}

void
edit_drop_empty(struct node *node)
{
	if (node != NULL && node->attrs == NULL && node->first == NULL)
		node_unlink(node);
}

uint64_t
edit_get_u64(const struct node *parent, const char *name)
{
	const char *text = node_find_text(parent, name);
	uint64_t value;

	return text != NULL && number_u64(text, 10, &value) == 0 ? value : 0;
}

uint64_t
edit_attr_u64(const struct node *node, const char *name)
{
	const char *text = node_attr(node, name);
	uint64_t value;

	return text != NULL && number_u64(text, 10, &value) == 0 ? value : 0;
}

unsigned int
edit_vcpus_max(const struct node *root)
{
	return (unsigned int)edit_get_u64(root, "vcpu");
}

unsigned int
edit_vcpus(const struct node *root)
{
	const struct node *vcpu = node_child(root, "vcpu");

	return node_attr(vcpu, "current") == NULL ? edit_vcpus_max(root) :
	    (unsigned int)edit_attr_u64(vcpu, "current");
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
