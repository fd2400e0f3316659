/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Domains that are put to sleep by their own system, and woken. */
#include "side.h"

static bool
is_asleep(const libxl_dominfo *info)
{
	return info->shutdown &&
	    info->shutdown_reason == LIBXL_SHUTDOWN_REASON_SUSPEND;
}

/* A guest that never answers is no failure to libxl. */
static int
put_to_sleep(struct side *side, const struct side_domain *dom,
    struct error *err)
{
	libxl_dominfo info;
	int rc = 0;

	if (dom->info.paused || dom->info.shutdown)
		return error_set(err, XVM_FROM_LIBXL,
		    XVM_ERR_OPERATION_INVALID, "Domain '%d' has to be running "
		    "because it suspends itself", dom->id);
	if (libxl_domain_suspend_only(side->ctx, (uint32_t)dom->id, NULL) != 0)
		return side_failed(side, err, "Failed to suspend domain '%d'",
		    dom->id);
	libxl_dominfo_init(&info);
	if (side_find_uuid(side, dom->uuid, &info) != dom->id ||
	    !is_asleep(&info))
		rc = side_failed(side, err, "Failed to suspend domain '%d'",
		    dom->id);
	libxl_dominfo_dispose(&info);
	return rc;
}

int
side_domain_pm_suspend_for_duration(struct side *side, struct call *call)
{
	const struct xvm_domain_pm_suspend_for_duration_args *args =
	    call->args;
	struct side_domain dom;
	int rc;

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
	rc = put_to_sleep(side, &dom, &call->err);
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
	if (!is_asleep(&dom.info))
		rc = error_set(&call->err, XVM_FROM_LIBXL,
		    XVM_ERR_OPERATION_INVALID, "Domain is not suspended");
	else if (libxl_domain_resume(side->ctx, (uint32_t)dom.id, 1,
	    NULL) != 0)
		rc = side_failed(side, &call->err,
		    "Failed to resume domain '%d'", dom.id);
	side_domain_release(&dom);
	return rc;
}
