/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Title, description and metadata elements of domains. */
#include <string.h>

#include "../../domain/domain_metadata.h"
#include "../posted.h"
#include "edit.h"

/* All who listen; that it cannot be told undoes nothing. */
static void
tell(const struct side_domain *dom,
    const struct xvm_domain_set_metadata_args *args)
{
	struct xvm_domain_event_callback_metadata_change_msg msg = { 0 };
	struct error ignored = ERROR_INIT;

	msg.dom.name = dom->name;
	memcpy(msg.dom.uuid, dom->uuid, UUID_SIZE);
	msg.dom.id = dom->id;
	msg.type = args->type;
	msg.nsuri = args->uri;
	(void)posted_put(XVM_CALL_DOMAIN_EVENT_CALLBACK_METADATA_CHANGE, &msg,
	    &ignored);
	error_release(&ignored);
}

static int
set_metadata(struct side *side, struct side_edit *edit,
    const struct xvm_domain_set_metadata_args *args, struct error *err)
{
	const char *uri = args->uri != NULL ? *args->uri : NULL;
	const char *text = args->metadata != NULL ? *args->metadata : NULL;
	struct doc *element = NULL;

	if (domain_metadata_check(args->type, err) != 0)
		return -1;
	if (args->type == XVM_DOMAIN_METADATA_ELEMENT && text != NULL) {
		element = domain_metadata_parse(text, *args->key, uri, err);
		if (element == NULL)
			return -1;
	}
	if (edit->live != NULL)
		domain_metadata_set(edit->live->root, args->type, uri, text,
		    element);
	if (edit->config != NULL)
		domain_metadata_set(edit->config->root, args->type, uri, text,
		    element);
	doc_free(element);
	/* libxl has no place for it: from now on the domain has a document. */
	edit->derived = false;
	return side_edit_end(side, edit, err);
}

int
side_domain_set_metadata(struct side *side, struct call *call)
{
	const struct xvm_domain_set_metadata_args *args = call->args;
	struct side_edit edit;
	int rc;

	if (xen_check_flags(args->flags, XVM_DOMAIN_AFFECT_LIVE |
	    XVM_DOMAIN_AFFECT_CONFIG, "libxlDomainSetMetadata",
	    &call->err) != 0)
		return -1;
	rc = side_edit_begin(side, &args->dom, args->flags, &edit,
	    &call->err);
	if (rc == 0)
		rc = set_metadata(side, &edit, args, &call->err);
	if (rc == 0)
		tell(&edit.dom, args);
	side_edit_release(&edit);
	return rc;
}
