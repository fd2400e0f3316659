/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which domains there are: lists by what they are, and look-ups. */
#include <stdlib.h>
#include <string.h>

#include "../domain/domain_filter.h"
#include "defined.h"
#include "domains.h"

bool
xen_domain_matches(const struct xen_domain *dom, unsigned int flags)
{
	const struct domain_traits is = {
		.active = dom->id >= 0,
		.persistent = dom->persistent,
		/* That asks the disk. */
		.managed_save = (flags & DOMAIN_FILTERS_SAVE) != 0 &&
		    dom->name != NULL && !dom->nameless &&
		    defined_has_save(dom->name),
		.autostart = dom->autostart,
		.state = dom->state,
	};

	return domain_filter_matches(&is, flags);
}

unsigned int
xen_filter_load(unsigned int flags)
{
	const unsigned int defined = DOMAIN_FILTERS_PERSISTENCE |
	    DOMAIN_FILTERS_AUTOSTART;

	if ((flags & defined) == 0 && (flags & DOMAIN_FILTERS_ACTIVITY) ==
	    XVM_CONNECT_LIST_DOMAINS_ACTIVE)
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

	if (xen_check_flags(args->flags, DOMAIN_FILTERS_LIST,
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
