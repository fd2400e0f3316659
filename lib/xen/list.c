/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which domains there are: lists by what they are, and look-ups. */
#include <stdlib.h>
#include <string.h>

#include "defined.h"
#include "domains.h"

/* The bit of its state in the filter's group of states. */
static unsigned int
state_bit(int state)
{
	switch (state) {
	case XVM_DOMAIN_RUNNING:
		return XVM_CONNECT_LIST_DOMAINS_RUNNING;
	case XVM_DOMAIN_PAUSED:
		return XVM_CONNECT_LIST_DOMAINS_PAUSED;
	case XVM_DOMAIN_SHUTOFF:
		return XVM_CONNECT_LIST_DOMAINS_SHUTOFF;
	default:
		return XVM_CONNECT_LIST_DOMAINS_OTHER;
	}
}

/* Is one of the two bits of a group wanted, and not the one that it is? */
static bool
fails(unsigned int flags, unsigned int yes, unsigned int no, bool is)
{
	return (flags & (yes | no)) != 0 && (flags & (is ? yes : no)) == 0;
}

bool
xen_domain_matches(const struct xen_domain *dom, unsigned int flags)
{
	const unsigned int states = XVM_CONNECT_LIST_DOMAINS_RUNNING |
	    XVM_CONNECT_LIST_DOMAINS_PAUSED |
	    XVM_CONNECT_LIST_DOMAINS_SHUTOFF |
	    XVM_CONNECT_LIST_DOMAINS_OTHER;
	const unsigned int saves = XVM_CONNECT_LIST_DOMAINS_MANAGEDSAVE |
	    XVM_CONNECT_LIST_DOMAINS_NO_MANAGEDSAVE;

	if ((flags & states) != 0 && (flags & state_bit(dom->state)) == 0)
		return false;
	if (fails(flags, XVM_CONNECT_LIST_DOMAINS_ACTIVE,
	    XVM_CONNECT_LIST_DOMAINS_INACTIVE, dom->id >= 0) ||
	    fails(flags, XVM_CONNECT_LIST_DOMAINS_PERSISTENT,
	    XVM_CONNECT_LIST_DOMAINS_TRANSIENT, dom->persistent) ||
	    fails(flags, XVM_CONNECT_LIST_DOMAINS_AUTOSTART,
	    XVM_CONNECT_LIST_DOMAINS_NO_AUTOSTART, dom->autostart) ||
	    fails(flags, XVM_CONNECT_LIST_DOMAINS_HAS_SNAPSHOT,
	    XVM_CONNECT_LIST_DOMAINS_NO_SNAPSHOT, false) ||
	    fails(flags, XVM_CONNECT_LIST_DOMAINS_HAS_CHECKPOINT,
	    XVM_CONNECT_LIST_DOMAINS_NO_CHECKPOINT, false))
		return false;
	return (flags & saves) == 0 ||
	    !fails(flags, XVM_CONNECT_LIST_DOMAINS_MANAGEDSAVE,
	    XVM_CONNECT_LIST_DOMAINS_NO_MANAGEDSAVE,
	    dom->name != NULL && !dom->nameless && defined_has_save(dom->name));
}

unsigned int
xen_filter_load(unsigned int flags)
{
	const unsigned int defined = XVM_CONNECT_LIST_DOMAINS_PERSISTENT |
	    XVM_CONNECT_LIST_DOMAINS_TRANSIENT |
	    XVM_CONNECT_LIST_DOMAINS_AUTOSTART |
	    XVM_CONNECT_LIST_DOMAINS_NO_AUTOSTART;
	const unsigned int activity = XVM_CONNECT_LIST_DOMAINS_ACTIVE |
	    XVM_CONNECT_LIST_DOMAINS_INACTIVE;

	if ((flags & defined) == 0 && ((flags & activity) ==
	    XVM_CONNECT_LIST_DOMAINS_ACTIVE))
		return XEN_LOAD_NAMES;
	return XEN_LOAD_NAMES | XEN_LOAD_DEFINED;
}

int
xen_connect_list_all_domains(void *state, struct call *call)
{
	const struct xvm_connect_list_all_domains_args *args = call->args;
	struct xvm_connect_list_all_domains_ret *ret = call->ret;
	struct xvm_domain *result = NULL;
	struct xen_domains list;
	int rc;

	if (xen_check_flags(args->flags, XEN_FILTERS_ALL,
	    "libxlConnectListAllDomains", &call->err) != 0)
		return -1;
	rc = xen_domains_load(state, xen_filter_load(args->flags), &list,
	    &call->err);
	if (rc == 0 && args->need_results != 0) {
		result = calloc(list.n + 1, sizeof(*result));
		ret->domains.domains_val = result;
		if (result == NULL)
			rc = error_nomem(&call->err);
	}
	for (size_t i = 0; i < list.n && rc == 0; i++) {
		if (!xen_domain_matches(&list.v[i], args->flags))
			continue;
		ret->ret++;
		if (result != NULL)
			rc = xen_domain_ref(&list.v[i],
			    &result[ret->domains.domains_len++], &call->err);
	}
	xen_domains_release(&list);
	return rc;
}

/* A look-up's result. */
static int
give(struct xen_conn *xen, struct xen_domain *dom, struct xvm_domain *out,
    struct error *err)
{
	int rc = xen_domain_load(xen, dom, XEN_LOAD_NAMES, err);

	if (rc == 0)
		rc = xen_domain_ref(dom, out, err);
	xen_domain_release(dom);
	return rc;
}

static int
none(struct error *err)
{
	return error_set(err, XVM_FROM_LIBXL, XVM_ERR_NO_DOMAIN, NULL);
}

int
xen_domain_lookup_by_id(void *state, struct call *call)
{
	const struct xvm_domain_lookup_by_id_args *args = call->args;
	struct xvm_domain_lookup_by_id_ret *ret = call->ret;
	struct xen_conn *xen = state;
	struct xen_domain dom = { 0 };
	int rc;

	rc = hyper_get(xen->xc, args->id, &dom.info, &call->err);
	if (rc < 0)
		return -1;
	if (rc == 0)
		return none(&call->err);
	dom.id = args->id;
	memcpy(dom.uuid, dom.info.handle, UUID_SIZE);
	return give(xen, &dom, &ret->dom, &call->err);
}

int
xen_domain_lookup_by_uuid(void *state, struct call *call)
{
	const struct xvm_domain_lookup_by_uuid_args *args = call->args;
	struct xvm_domain_lookup_by_uuid_ret *ret = call->ret;
	struct xvm_domain ref = { .name = (char *)"", .id = -1 };
	struct xen_domain dom;

	memcpy(ref.uuid, args->uuid, UUID_SIZE);
	if (xen_domain_find(state, &ref, &dom, &call->err) != 0)
		return call->err.code == XVM_ERR_NO_DOMAIN ?
		    none(&call->err) : -1;
	return give(state, &dom, &ret->dom, &call->err);
}

int
xen_domain_lookup_by_name(void *state, struct call *call)
{
	const struct xvm_domain_lookup_by_name_args *args = call->args;
	struct xvm_domain_lookup_by_name_ret *ret = call->ret;
	const struct xen_domain *found = NULL;
	struct xen_domains list;
	struct defined defined;
	int rc;

	rc = xen_domains_load(state, XEN_LOAD_NAMES, &list, &call->err);
	for (size_t i = 0; i < list.n && rc == 0 && found == NULL; i++) {
		if (!list.v[i].nameless &&
		    strcmp(list.v[i].name, args->name) == 0)
			found = &list.v[i];
	}
	if (found != NULL)
		rc = xen_domain_ref(found, &ret->dom, &call->err);
	xen_domains_release(&list);
	if (rc != 0 || found != NULL)
		return rc;
	rc = defined_find(args->name, NULL, &defined, &call->err);
	if (rc < 0)
		return -1;
	if (rc == 0)
		return none(&call->err);
	memcpy(ret->dom.uuid, defined.uuid, UUID_SIZE);
	ret->dom.id = -1;
	rc = xen_text(defined.name, &ret->dom.name, &call->err);
	defined_release(&defined);
	return rc;
}
