/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Jobs of domains. Saving and dumping are calls of their callers, who see how
 * they go on; nobody else can be told of them, nor end them.
 */
#include "domains.h"

static int
find(struct xen_conn *xen, const struct xvm_domain *ref, struct error *err)
{
	struct xen_domain dom;

	if (xen_domain_find(xen, ref, &dom, err) != 0)
		return -1;
	xen_domain_release(&dom);
	return 0;
}

int
xen_domain_get_job_info(void *state, struct call *call)
{
	const struct xvm_domain_get_job_info_args *args = call->args;
	struct xvm_domain_get_job_info_ret *ret = call->ret;

	ret->type = XVM_DOMAIN_JOB_NONE;
	return find(state, &args->dom, &call->err);
}

int
xen_domain_get_job_stats(void *state, struct call *call)
{
	const struct xvm_domain_get_job_stats_args *args = call->args;
	struct xvm_domain_get_job_stats_ret *ret = call->ret;

	if (xen_check_flags(args->flags, 0, "libxlDomainGetJobStats",
	    &call->err) != 0)
		return -1;
	ret->type = XVM_DOMAIN_JOB_NONE;
	return find(state, &args->dom, &call->err);
}
