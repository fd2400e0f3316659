/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Running domains paused, shut down, rebooted, ended. */
#include <errno.h>
#include <unistd.h>

#include <xenctrl.h>

#include "side.h"

/* So long a guest has for what it is asked gracefully. */
#define GRACE_SECONDS 15

int
side_domain_suspend(struct side *side, struct call *call)
{
	const struct xvm_domain_suspend_args *args = call->args;
	struct side_domain dom;
	int rc = 0;

	if (side_find_active(side, &args->dom, &dom, &call->err) != 0)
		return -1;
	if (!dom.info.paused &&
	    libxl_domain_pause(side->ctx, (uint32_t)dom.id, NULL) != 0)
		rc = side_failed(side, &call->err, "Failed to suspend domain "
		    "'%d' with libxenlight", dom.id);
	side_domain_release(&dom);
	return rc;
}

int
side_domain_resume(struct side *side, struct call *call)
{
	const struct xvm_domain_resume_args *args = call->args;
	struct side_domain dom;
	int rc = 0;

	if (side_find_active(side, &args->dom, &dom, &call->err) != 0)
		return -1;
	if (dom.info.paused &&
	    libxl_domain_unpause(side->ctx, (uint32_t)dom.id, NULL) != 0)
		rc = side_failed(side, &call->err, "Failed to resume domain "
		    "'%d' with libxenlight", dom.id);
	side_domain_release(&dom);
	return rc;
}

/* Ask the guest by what PV drivers listen to, or by its power button. */
static int
shut_down(struct side *side, int id, unsigned int flags, struct error *err)
{
	const unsigned int both = XVM_DOMAIN_SHUTDOWN_PARAVIRT |
	    XVM_DOMAIN_SHUTDOWN_ACPI_POWER_BTN;
	int rc = ERROR_NOPARAVIRT;

	if ((flags & both) == 0)
		flags |= both;
	if ((flags & XVM_DOMAIN_SHUTDOWN_PARAVIRT) != 0)
		rc = libxl_domain_shutdown(side->ctx, (uint32_t)id, NULL);
	if (rc == ERROR_NOPARAVIRT &&
	    (flags & XVM_DOMAIN_SHUTDOWN_ACPI_POWER_BTN) != 0) {
		side_log_forget(&side->log);
		rc = libxl_send_trigger(side->ctx, (uint32_t)id,
		    LIBXL_TRIGGER_POWER, 0, NULL);
	}
	if (rc != 0)
		return side_failed(side, err, "Failed to shutdown domain "
		    "'%d' with libxenlight", id);
	return 0;
}

int
side_domain_shutdown_flags(struct side *side, struct call *call)
{
	const struct xvm_domain_shutdown_flags_args *args = call->args;
	struct side_domain dom;
	int rc;

	if (xen_check_flags(args->flags, XVM_DOMAIN_SHUTDOWN_PARAVIRT |
	    XVM_DOMAIN_SHUTDOWN_ACPI_POWER_BTN, "libxlDomainShutdownFlags",
	    &call->err) != 0 ||
	    side_find_active(side, &args->dom, &dom, &call->err) != 0)
		return -1;
	rc = shut_down(side, dom.id, args->flags, &call->err);
	side_domain_release(&dom);
	return rc;
}

int
side_domain_reboot(struct side *side, struct call *call)
{
	const struct xvm_domain_reboot_args *args = call->args;
	struct side_domain dom;
	int rc = 0;

	if (xen_check_flags(args->flags, XVM_DOMAIN_REBOOT_PARAVIRT,
	    "libxlDomainReboot", &call->err) != 0 ||
	    side_find_active(side, &args->dom, &dom, &call->err) != 0)
		return -1;
	if (libxl_domain_reboot(side->ctx, (uint32_t)dom.id, NULL) != 0)
		rc = side_failed(side, &call->err, "Failed to reboot domain "
		    "'%d' with libxenlight", dom.id);
	side_domain_release(&dom);
	return rc;
}

/*
 * Xen has no reset button (the trigger of that name is not implemented): the
 * domain ends at once as if it had asked to be rebooted, and whoever minds it
 * carries out its on_reboot.
 */
static int
reset(const struct side_domain *dom, struct error *err)
{
	xc_interface *xc = xc_interface_open(NULL, NULL, 0);
	int rc;

	if (xc == NULL)
		return error_system(err, XVM_FROM_LIBXL, errno,
		    "cannot open the hypervisor");
	rc = xc_domain_shutdown(xc, (uint32_t)dom->id, SHUTDOWN_reboot);
	if (rc != 0)
		rc = error_system(err, XVM_FROM_LIBXL, errno,
		    "Failed to reset domain '%d'", dom->id);
	(void)xc_interface_close(xc);
	return rc;
}

int
side_domain_reset(struct side *side, struct call *call)
{
	const struct xvm_domain_reset_args *args = call->args;
	struct side_domain dom;
	int rc;

	if (xen_check_flags(args->flags, 0, "libxlDomainReset",
	    &call->err) != 0 ||
	    side_find_active(side, &args->dom, &dom, &call->err) != 0)
		return -1;
	rc = reset(&dom, &call->err);
	side_domain_release(&dom);
	return rc;
}

/* Wait until it has shut down by itself. */
static bool
has_ended(struct side *side, const struct side_domain *dom)
{
	libxl_dominfo info;
	bool ended = false;

	for (int i = 0; i < 10 * GRACE_SECONDS && !ended; i++) {
		libxl_dominfo_init(&info);
		ended = side_find_uuid(side, dom->uuid, &info) != dom->id ||
		    info.shutdown;
		libxl_dominfo_dispose(&info);
		if (!ended)
			(void)usleep(100000);
	}
	return ended;
}

int
side_domain_destroy_flags(struct side *side, struct call *call)
{
	const struct xvm_domain_destroy_flags_args *args = call->args;
	struct side_domain dom;
	int rc = 0;

	if (xen_check_flags(args->flags, XVM_DOMAIN_DESTROY_GRACEFUL,
	    "libxlDomainDestroyFlags", &call->err) != 0 ||
	    side_find_to_end(side, &args->dom, &dom, &call->err) != 0)
		return -1;
	if ((args->flags & XVM_DOMAIN_DESTROY_GRACEFUL) != 0) {
		rc = shut_down(side, dom.id, 0, &call->err);
		if (rc == 0 && !has_ended(side, &dom))
			rc = error_set(&call->err, XVM_FROM_LIBXL,
			    XVM_ERR_RESOURCE_BUSY,
			    "domain '%d' does not shut down", dom.id);
	}
	if (rc == 0)
		rc = side_destroy(side, dom.id, dom.uuid, &call->err);
	side_domain_release(&dom);
	return rc;
}

int
side_domain_inject_nmi(struct side *side, struct call *call)
{
	const struct xvm_domain_inject_nmi_args *args = call->args;
	struct side_domain dom;
	int rc = 0;

	if (xen_check_flags(args->flags, 0, "libxlDomainInjectNMI",
	    &call->err) != 0 ||
	    side_find_active(side, &args->dom, &dom, &call->err) != 0)
		return -1;
	if (libxl_send_trigger(side->ctx, (uint32_t)dom.id, LIBXL_TRIGGER_NMI,
	    0, NULL) != 0)
		rc = side_failed(side, &call->err, "Failed to send an NMI to "
		    "domain '%d' with libxenlight", dom.id);
	side_domain_release(&dom);
	return rc;
}
