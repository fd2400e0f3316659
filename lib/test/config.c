/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The trees of a test domain: the configuration in force and the one for the
 * next start, and which of them a call means.
 */
#include <stdlib.h>

#include "../xml.h"
#include "directives.h"
#include "test.h"

/* The tree of a plain domain, from its place in the node file. */
static struct doc *
config_from_source(const struct test_domain *dom, struct error *err)
{
	struct test_directives done;	/* they were followed long ago */
	char text[UUID_TEXT_SIZE];
	struct doc *doc = xml_parse(dom->source, dom->source_len,
	    "(domain_definition)", XVM_FROM_DOMAIN, err);

	if (doc == NULL)
		return NULL;
	if (node_child(doc->root, "uuid") == NULL)
		(void)node_add_text(doc->root, "uuid",
		    uuid_format(dom->uuid, text));
	if (test_directives_take(doc->root, &done, err) != 0 ||
	    test_normalise_config(doc, err) != 0) {
		doc_free(doc);
		return NULL;
	}
	return doc;
}

struct doc *
test_domain_config(struct test_domain *dom, struct error *err)
{
	if (dom->config == NULL && dom->builtin)
		dom->config = test_default_config(err);
	else if (dom->config == NULL && dom->source != NULL)
		dom->config = config_from_source(dom, err);
	return dom->config;
}

int
test_domain_set_config(struct test_host *host, struct test_domain *dom,
    struct doc *config, struct error *err)
{
	doc_free(dom->config);
	dom->config = config;
	return test_domain_refresh(host, dom, err);
}

/* A tree of its own for the next start: the two begin to differ. */
static struct doc *
split_config(struct test_domain *dom, struct error *err)
{
	struct doc *config = test_domain_config(dom, err);

	if (config == NULL || dom->next_config != NULL)
		return dom->next_config;
	dom->next_config = doc_clone(config);
	if (dom->next_config == NULL)
		error_nomem(err);
	return dom->next_config;
}

/* Say what AFFECT_CURRENT means, and refuse what there is not. */
static int
resolve_flags(const struct test_domain *dom, unsigned int *flags,
    struct error *err)
{
	bool active = dom->id >= 0;

	if ((*flags & (XVM_DOMAIN_AFFECT_LIVE | XVM_DOMAIN_AFFECT_CONFIG)) == 0)
		*flags |= active ? XVM_DOMAIN_AFFECT_LIVE :
		    XVM_DOMAIN_AFFECT_CONFIG;
	if (!active && (*flags & XVM_DOMAIN_AFFECT_LIVE) != 0)
		return test_check_active(dom, err);
	if (!dom->persistent && (*flags & XVM_DOMAIN_AFFECT_CONFIG) != 0)
		return error_set(err, XVM_FROM_DOMAIN,
		    XVM_ERR_OPERATION_INVALID,
		    "transient domains do not have any persistent config");
	return 0;
}

int
test_domain_targets(struct test_domain *dom, unsigned int flags,
    struct doc **live_out, struct doc **config_out, struct error *err)
{
	*live_out = *config_out = NULL;
	if (resolve_flags(dom, &flags, err) != 0 ||
	    test_domain_config(dom, err) == NULL)
		return -1;
	if (dom->id < 0) {
		*config_out = dom->config;
		return 0;
	}
	if (dom->keeps_next && split_config(dom, err) == NULL)
		return -1;
	if ((flags & XVM_DOMAIN_AFFECT_LIVE) != 0)
		*live_out = dom->config;
	if ((flags & XVM_DOMAIN_AFFECT_CONFIG) != 0)
		*config_out = dom->next_config;
	return 0;
}

struct doc *
test_domain_target(struct test_domain *dom, unsigned int flags,
    struct error *err)
{
	const unsigned int both = XVM_DOMAIN_AFFECT_LIVE |
	    XVM_DOMAIN_AFFECT_CONFIG;

	if ((flags & both) == both) {
		error_argument(err, XVM_FROM_DOMAIN,
		    "virDomainObjGetOneDefState", "flags",
		    "Flags 'VIR_DOMAIN_AFFECT_LIVE' and "
		    "'VIR_DOMAIN_AFFECT_CONFIG' are mutually exclusive");
		return NULL;
	}
	if (resolve_flags(dom, &flags, err) != 0)
		return NULL;
	if (dom->id >= 0 && (flags & XVM_DOMAIN_AFFECT_CONFIG) != 0 &&
	    dom->next_config != NULL)
		return dom->next_config;
	return test_domain_config(dom, err);
}
