/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The life of a test domain: started, paused, rebooted, stopped. */
#include <stdlib.h>
#include <string.h>

#include "test.h"

void
test_domain_start(struct test_host *host, struct test_domain *dom, int reason)
{
	dom->state = XVM_DOMAIN_RUNNING;
	dom->reason = reason;
	test_domain_set_id(host, dom, ++host->last_id);
	dom->keeps_next |= dom->persistent;
	dom->managed_save = false;
}

/* The configuration kept for the next start comes into force. */
static void
take_next_config(struct test_host *host, struct test_domain *dom)
{
	struct error err = ERROR_INIT;

	dom->keeps_next = false;
	if (dom->next_config == NULL)
		return;
	doc_free(dom->config);
	dom->config = dom->next_config;
	dom->next_config = NULL;
	/* Its name and the tree are there already: nothing can fail. */
	(void)test_domain_refresh(host, dom, &err);
	error_release(&err);
}

void
test_domain_stop(struct test_host *host, struct test_domain *dom, int reason,
    int detail)
{
	dom->state = XVM_DOMAIN_SHUTOFF;
	dom->reason = reason;
	if (dom->keeps_next) {
		test_domain_set_id(host, dom, -1);
		take_next_config(host, dom);
	}
	/* One that keeps nothing leaves with the id that it had. */
	test_event_lifecycle(host, dom, XVM_DOMAIN_EVENT_STOPPED, detail);
	if (!dom->persistent)
		test_domain_remove(host, dom);
}

static int
refuse_state(const struct xvm_domain *ref, const char *what,
    struct error *err)
{
	return error_set(err, XVM_FROM_TEST, XVM_ERR_INTERNAL_ERROR,
	    "domain '%s' not %s", ref->name, what);
}

static struct test_domain *
start(struct test_conn *tc, const struct xvm_domain *ref, unsigned int flags,
    struct error *err)
{
	struct test_domain *dom;

	if (test_check_flags(flags, 0, "testDomainCreateWithFlags", err) != 0)
		return NULL;
	dom = test_domain_get(tc, ref, err);
	if (dom == NULL)
		return NULL;
	if (dom->state != XVM_DOMAIN_SHUTOFF) {
		error_set(err, XVM_FROM_TEST, XVM_ERR_INTERNAL_ERROR,
		    "Domain '%s' is already running", ref->name);
		return NULL;
	}
	test_domain_start(tc->host, dom, XVM_DOMAIN_RUNNING_BOOTED);
	test_event_lifecycle(tc->host, dom, XVM_DOMAIN_EVENT_STARTED,
	    XVM_DOMAIN_EVENT_STARTED_BOOTED);
	return dom;
}

int
test_domain_create_with_flags(void *state, struct call *call)
{
	const struct xvm_domain_create_with_flags_args *args = call->args;
	struct xvm_domain_create_with_flags_ret *ret = call->ret;
	struct test_domain *dom = start(state, &args->dom, args->flags,
	    &call->err);

	if (dom == NULL)
		return -1;
	return test_domain_ref(dom, &ret->dom, &call->err);
}

int
test_domain_suspend(void *state, struct call *call)
{
	struct test_conn *tc = state;
	const struct xvm_domain_suspend_args *args = call->args;
	struct test_domain *dom = test_domain_get(tc, &args->dom, &call->err);

	if (dom == NULL)
		return -1;
	if (dom->state == XVM_DOMAIN_SHUTOFF || dom->state == XVM_DOMAIN_PAUSED)
		return refuse_state(&args->dom, "running", &call->err);
	dom->state = XVM_DOMAIN_PAUSED;
	dom->reason = XVM_DOMAIN_PAUSED_USER;
	test_event_lifecycle(tc->host, dom, XVM_DOMAIN_EVENT_SUSPENDED,
	    XVM_DOMAIN_EVENT_SUSPENDED_PAUSED);
	return 0;
}

int
test_domain_resume(void *state, struct call *call)
{
	struct test_conn *tc = state;
	const struct xvm_domain_resume_args *args = call->args;
	struct test_domain *dom = test_domain_get(tc, &args->dom, &call->err);

	if (dom == NULL)
		return -1;
	if (dom->state != XVM_DOMAIN_PAUSED)
		return refuse_state(&args->dom, "paused", &call->err);
	dom->state = XVM_DOMAIN_RUNNING;
	dom->reason = XVM_DOMAIN_RUNNING_UNPAUSED;
	test_event_lifecycle(tc->host, dom, XVM_DOMAIN_EVENT_RESUMED,
	    XVM_DOMAIN_EVENT_RESUMED_UNPAUSED);
	return 0;
}

/*
 * The guest ended in a way for which the configuration says what follows:
 * <on_poweroff> or <on_reboot>.
 */
static int
carry_out(struct test_host *host, struct test_domain *dom,
    const char *element, struct error *err)
{
	const struct doc *config = test_domain_config(dom, err);
	const char *action;

	if (config == NULL)
		return -1;
	action = node_find_text(config->root, element);
	if (action != NULL && (strcmp(action, "restart") == 0 ||
	    strcmp(action, "rename-restart") == 0)) {
		dom->state = XVM_DOMAIN_RUNNING;
		dom->reason = XVM_DOMAIN_RUNNING_BOOTED;
		return 0;
	}
	test_domain_stop(host, dom, XVM_DOMAIN_SHUTOFF_SHUTDOWN,
	    XVM_DOMAIN_EVENT_STOPPED_SHUTDOWN);
	return 0;
}

static int
shut_down(struct test_conn *tc, const struct xvm_domain *ref,
    unsigned int flags, struct error *err)
{
	struct test_domain *dom;

	if (test_check_flags(flags, 0, "testDomainShutdownFlags", err) != 0)
		return -1;
	dom = test_domain_get(tc, ref, err);
	if (dom == NULL)
		return -1;
	if (dom->state == XVM_DOMAIN_SHUTOFF)
		return refuse_state(ref, "running", err);
	return carry_out(tc->host, dom, "on_poweroff", err);
}

int
test_domain_shutdown_flags(void *state, struct call *call)
{
	const struct xvm_domain_shutdown_flags_args *args = call->args;

	return shut_down(state, &args->dom, args->flags, &call->err);
}

int
test_domain_reboot(void *state, struct call *call)
{
	const unsigned int ways = XVM_DOMAIN_REBOOT_ACPI_POWER_BTN |
	    XVM_DOMAIN_REBOOT_GUEST_AGENT | XVM_DOMAIN_REBOOT_INITCTL |
	    XVM_DOMAIN_REBOOT_SIGNAL | XVM_DOMAIN_REBOOT_PARAVIRT;
	struct test_conn *tc = state;
	const struct xvm_domain_reboot_args *args = call->args;
	struct test_domain *dom;

	if (test_check_flags(args->flags, ways, "testDomainReboot",
	    &call->err) != 0)
		return -1;
	dom = test_domain_get_active(tc, &args->dom, &call->err);
	if (dom == NULL)
		return -1;
	return carry_out(tc->host, dom, "on_reboot", &call->err);
}

int
test_domain_reset(void *state, struct call *call)
{
	const struct xvm_domain_reset_args *args = call->args;

	if (test_check_flags(args->flags, 0, "testDomainReset",
	    &call->err) != 0 ||
	    test_domain_get_active(state, &args->dom, &call->err) == NULL)
		return -1;
	return 0;
}

static int
destroy(struct test_conn *tc, const struct xvm_domain *ref,
    unsigned int flags, struct error *err)
{
	struct test_domain *dom;

	if (test_check_flags(flags, XVM_DOMAIN_DESTROY_GRACEFUL,
	    "testDomainDestroyFlags", err) != 0)
		return -1;
	dom = test_domain_get_active(tc, ref, err);
	if (dom == NULL)
		return -1;
	test_domain_stop(tc->host, dom, XVM_DOMAIN_SHUTOFF_DESTROYED,
	    XVM_DOMAIN_EVENT_STOPPED_DESTROYED);
	return 0;
}

int
test_domain_destroy_flags(void *state, struct call *call)
{
	const struct xvm_domain_destroy_flags_args *args = call->args;

	return destroy(state, &args->dom, args->flags, &call->err);
}
