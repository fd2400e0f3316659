/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Memory of domains, running and defined. */
#include "edit.h"

static int
set_live(struct side *side, int id, uint64_t kib, bool maximum,
    struct error *err)
{
	if (maximum && libxl_domain_setmaxmem(side->ctx, (uint32_t)id,
	    kib) != 0)
		return side_failed(side, err, "Failed to set maximum memory "
		    "for domain '%d' with libxenlight", id);
	if (!maximum && libxl_set_memory_target(side->ctx, (uint32_t)id,
	    (int64_t)kib, 0, 1) != 0)
		return side_failed(side, err, "Failed to set memory for "
		    "domain '%d' with libxenlight", id);
	return 0;
}

static void
set_doc(struct node *root, uint64_t kib, bool maximum)
{
	if (maximum)
		element_set_kib(edit_need(root, "memory"), kib);
	if (!maximum || edit_get_u64(root, "currentMemory") > kib)
		element_set_kib(edit_need(root, "currentMemory"), kib);
}

static int
set_memory(struct side *side, struct side_edit *edit, uint64_t kib,
    bool maximum, struct error *err)
{
	const struct doc *now = edit->live != NULL ? edit->live :
	    edit->config;

	if (!maximum && kib > edit_get_u64(now->root, "memory"))
		return error_set(err, XVM_FROM_LIBXL, XVM_ERR_INVALID_ARG,
		    "cannot set memory higher than max memory");
	if (edit->live != NULL) {
		if (set_live(side, edit->dom.id, kib, maximum, err) != 0)
			return -1;
		set_doc(edit->live->root, kib, maximum);
	}
	if (edit->config != NULL)
		set_doc(edit->config->root, kib, maximum);
	return side_edit_end(side, edit, err);
}

static int
change(struct side *side, const struct xvm_domain *ref, uint64_t kib,
    unsigned int flags, struct error *err)
{
	struct side_edit edit;
	int rc = side_edit_begin(side, ref, flags, &edit, err);

	if (rc == 0)
		rc = set_memory(side, &edit, kib,
		    (flags & XVM_DOMAIN_MEM_MAXIMUM) != 0, err);
	side_edit_release(&edit);
	return rc;
}

int
side_domain_set_memory_flags(struct side *side, struct call *call)
{
	const struct xvm_domain_set_memory_flags_args *args = call->args;

	if (xen_check_flags(args->flags, XVM_DOMAIN_AFFECT_LIVE |
	    XVM_DOMAIN_AFFECT_CONFIG | XVM_DOMAIN_MEM_MAXIMUM,
	    "libxlDomainSetMemoryFlags", &call->err) != 0)
		return -1;
	return change(side, &args->dom, args->memory, args->flags,
	    &call->err);
}

int
side_domain_set_max_memory(struct side *side, struct call *call)
{
	const struct xvm_domain_set_max_memory_args *args = call->args;

	return change(side, &args->dom, args->memory, XVM_DOMAIN_MEM_MAXIMUM,
	    &call->err);
}
