/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The document of a running domain that has none of ours, or whose devices were
 * changed by others: from libxl's.
 */
#include <stdlib.h>

#include "../../domain/domain_xml.h"
#include "side.h"

int
side_domain_get_xml_desc(struct side *side, struct call *call)
{
	const struct xvm_domain_get_xml_desc_args *args = call->args;
	struct xvm_domain_get_xml_desc_ret *ret = call->ret;
	struct side_domain dom;
	struct doc *doc;

	if (side_find_active(side, &args->dom, &dom, &call->err) != 0)
		return -1;
	doc = side_current_doc(side, dom.id, &call->err);
	if (doc != NULL)
		ret->xml = domain_xml_format(doc, dom.id, args->flags,
		    &call->err);
	doc_free(doc);
	side_domain_release(&dom);
	return ret->xml != NULL ? 0 : -1;
}
