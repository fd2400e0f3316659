/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A test domain's title, description and metadata elements. */
#include <string.h>

#include "../domain/domain_metadata.h"
#include "edit.h"
#include "runtime.h"

int
test_domain_get_metadata(void *state, struct call *call)
{
	const struct xvm_domain_get_metadata_args *args = call->args;
	struct xvm_domain_get_metadata_ret *ret = call->ret;
	struct test_domain *dom;
	struct doc *doc;

	dom = test_enter(state, &args->dom, args->flags, TEST_AFFECT,
	    "testDomainGetMetadata", &call->err);
	if (dom == NULL ||
	    domain_metadata_check(args->type, &call->err) != 0)
		return -1;
	doc = test_domain_target(dom, args->flags, &call->err);
	if (doc == NULL)
		return -1;
	return domain_metadata_get(doc->root, args->type,
	    args->uri != NULL ? *args->uri : NULL, &ret->metadata,
	    &call->err);
}

static void
tell(struct test_host *host, const struct test_domain *dom, int type,
    xvm_opt_str uri)
{
	struct xvm_domain_event_callback_metadata_change_msg msg = { 0 };

	msg.dom.name = dom->name;
	memcpy(msg.dom.uuid, dom->uuid, UUID_SIZE);
	msg.dom.id = dom->id;
	msg.type = type;
	msg.nsuri = uri;
	test_event_send(host, XVM_CALL_DOMAIN_EVENT_CALLBACK_METADATA_CHANGE,
	    &msg);
}

int
test_domain_set_metadata(void *state, struct call *call)
{
	const struct xvm_domain_set_metadata_args *args = call->args;
	const char *text = args->metadata != NULL ? *args->metadata : NULL;
	const char *uri = args->uri != NULL ? *args->uri : NULL;
	struct test_host *host = ((struct test_conn *)state)->host;
	struct doc *live, *config, *element = NULL;
	struct test_domain *dom;
	int rc;

	dom = test_enter(state, &args->dom, args->flags, TEST_AFFECT,
	    "testDomainSetMetadata", &call->err);
	if (dom == NULL || test_domain_targets(dom, args->flags, &live,
	    &config, &call->err) != 0 ||
	    domain_metadata_check(args->type, &call->err) != 0)
		return -1;
	if (args->type == XVM_DOMAIN_METADATA_ELEMENT && text != NULL) {
		element = domain_metadata_parse(text, *args->key, uri,
		    &call->err);
		if (element == NULL)
			return -1;
	}
	if (live != NULL)
		domain_metadata_set(live->root, args->type, uri, text,
		    element);
	if (config != NULL)
		domain_metadata_set(config->root, args->type, uri, text,
		    element);
	doc_free(element);
	rc = edit_end(host, dom, &call->err);
	if (rc == 0)
		tell(host, dom, args->type, args->uri);
	return rc;
}
