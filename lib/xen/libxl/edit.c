/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A domain's documents, read, changed, written back. */
#include "edit.h"

#include <string.h>
#include <unistd.h>

#include "../../domain/domain_xml.h"
#include "../defined.h"
#include "../domain_caps.h"

int
side_edit_begin(struct side *side, const struct xvm_domain *ref,
    unsigned int flags, struct side_edit *out, struct error *err)
{
	bool live, config;

	memset(out, 0, sizeof(*out));
	out->lock = -1;
	if (side_find(side, ref, &out->dom, err) != 0)
		return -1;
	if (side_targets(&out->dom, flags, &live, &config, err) != 0)
		return -1;
	if (live && out->dom.id == 0)
		return error_set(err, XVM_FROM_LIBXL,
		    XVM_ERR_OPERATION_INVALID,
		    "Domain-0 does not support requested operation");
	if (live && side_check_built(side, &out->dom, err) != 0)
		return -1;
	out->lock = defined_lock(err);
	if (out->lock < 0)
		return -1;
	if (live) {
		out->derived = !side_has_doc(side, out->dom.id);
		out->live = side_current_doc(side, out->dom.id, err);
		if (out->live == NULL)
			return -1;
	}
	if (config) {
		out->config = defined_load(out->dom.name, &xen_domain_caps,
		    err);
		if (out->config == NULL)
			return -1;
	}
	return 0;
}

int
side_edit_end(struct side *side, struct side_edit *edit, struct error *err)
{
	if ((edit->live != NULL && edit->live->failed) ||
	    (edit->config != NULL && edit->config->failed))
		return error_nomem(err);
	if (edit->live != NULL && !edit->derived &&
	    side_store_live(side, edit->dom.id, edit->live, err) != 0)
		return -1;
	return edit->config == NULL ? 0 : defined_store(edit->config, err);
}

void
side_edit_release(struct side_edit *edit)
{
	doc_free(edit->live);
	doc_free(edit->config);
	if (edit->lock >= 0)
		(void)close(edit->lock);
	side_domain_release(&edit->dom);
	edit->live = edit->config = NULL;
	edit->lock = -1;
}
