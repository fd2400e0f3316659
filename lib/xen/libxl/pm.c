/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Domains that are put to sleep by their own system, and woken. */
#include "side.h"

int
side_domain_pm_suspend_for_duration(struct side *side, struct call *call)
{
	const struct xvm_domain_pm_suspend_for_duration_args *args =
	    call->args;
	struct side_domain dom;
	int rc = 0;

	if (xen_check_flags(args->flags, 0, "libxlDomainPMSuspendForDuration",
	    &call->err) != 0)
		return -1;
	if (args->target != XVM_NODE_SUSPEND_TARGET_MEM)
		return error_set(&call->err, XVM_FROM_LIBXL,
		    XVM_ERR_ARGUMENT_UNSUPPORTED,
		    "PMSuspend type %u not supported by libxenlight driver",
		    args->target);
	if (args->duration != 0)
		return error_set(&call->err, XVM_FROM_LIBXL,
		    XVM_ERR_ARGUMENT_UNSUPPORTED,
		    "Duration not supported. Use 0 for now");
	if (side_find_active(side, &args->dom, &dom, &call->err) != 0)
		return -1;
	if (libxl_domain_suspend_only(side->ctx, (uint32_t)dom.id, NULL) != 0)
		rc = side_failed(side, &call->err,
		    "Failed to suspend domain '%d'", dom.id);
	side_domain_release(&dom);
	return rc;
}

int
side_domain_pm_wakeup(struct side *side, struct call *call)
{
	const struct xvm_domain_pm_wakeup_args *args = call->args;
	struct side_domain dom;
	int rc = 0;

	if (xen_check_flags(args->flags, 0, "libxlDomainPMWakeup",
	    &call->err) != 0 ||
	    side_find_active(side, &args->dom, &dom, &call->err) != 0)
		return -1;
	if (!dom.info.shutdown ||
	    dom.info.shutdown_reason != LIBXL_SHUTDOWN_REASON_SUSPEND)
		rc = error_set(&call->err, XVM_FROM_LIBXL,
		    XVM_ERR_OPERATION_INVALID, "Domain is not suspended");
	else if (libxl_domain_resume(side->ctx, (uint32_t)dom.id, 1,
	    NULL) != 0)
		rc = side_failed(side, &call->err,
		    "Failed to resume domain '%d'", dom.id);
	side_domain_release(&dom);
	return rc;
}
