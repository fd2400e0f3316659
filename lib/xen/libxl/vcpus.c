/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How many virtual CPUs domains have, running and defined. */
#include "edit.h"

static int
set_live(struct side *side, int id, unsigned int n, unsigned int max,
    struct error *err)
{
	libxl_bitmap map;
	int rc;

	libxl_bitmap_init(&map);
	if (libxl_cpu_bitmap_alloc(side->ctx, &map, (int)max) != 0)
		return error_nomem(err);
	for (unsigned int i = 0; i < n; i++)
		libxl_bitmap_set(&map, (int)i);
	rc = libxl_set_vcpuonline(side->ctx, (uint32_t)id, &map, NULL);
	libxl_bitmap_dispose(&map);
	if (rc != 0)
		return side_failed(side, err, "Failed to set vcpus for domain "
		    "'%d' with libxenlight", id);
	return 0;
}

static int
set_vcpus(struct side *side, struct side_edit *edit, unsigned int n,
    bool maximum, struct error *err)
{
	const struct doc *now = edit->live != NULL ? edit->live :
	    edit->config;
	int host = libxl_get_max_cpus(side->ctx);
	unsigned int max = edit_vcpus_max(now->root);

	if (maximum && host > 0)
		max = (unsigned int)host;
	if (n > max)
		return error_set(err, XVM_FROM_LIBXL, XVM_ERR_INVALID_ARG,
		    "requested vcpus is greater than max allowable vcpus for "
		    "the domain: %u > %u", n, max);
	if (edit->live != NULL) {
		if (set_live(side, edit->dom.id, n, max, err) != 0)
			return -1;
		edit_set_vcpus(edit->live->root, n);
	}
	if (edit->config != NULL && maximum)
		edit_set_vcpus_max(edit->config->root, n);
	else if (edit->config != NULL)
		edit_set_vcpus(edit->config->root, n);
	return side_edit_end(side, edit, err);
}

int
side_domain_set_vcpus_flags(struct side *side, struct call *call)
{
	const struct xvm_domain_set_vcpus_flags_args *args = call->args;
	bool maximum = (args->flags & XVM_DOMAIN_VCPU_MAXIMUM) != 0;
	struct side_edit edit;
	int rc;

	if (xen_check_flags(args->flags, XVM_DOMAIN_AFFECT_LIVE |
	    XVM_DOMAIN_AFFECT_CONFIG | XVM_DOMAIN_VCPU_MAXIMUM,
	    "libxlDomainSetVcpusFlags", &call->err) != 0)
		return -1;
	if (maximum && (args->flags & XVM_DOMAIN_AFFECT_LIVE) != 0)
		return error_set(&call->err, XVM_FROM_LIBXL,
		    XVM_ERR_INVALID_ARG, "invalid flag combination: (0x%x)",
		    args->flags);
	rc = side_edit_begin(side, &args->dom, args->flags, &edit,
	    &call->err);
	if (rc == 0)
		rc = set_vcpus(side, &edit, args->nvcpus, maximum,
		    &call->err);
	side_edit_release(&edit);
	return rc;
}
