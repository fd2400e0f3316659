/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which domains a test host has: lists, counts, look-ups. */
#include <stdlib.h>
#include <string.h>

#include "../domain/domain_filter.h"
#include "test.h"

bool
test_domain_matches(const struct test_domain *dom, unsigned int flags)
{
	const struct domain_traits is = {
		.active = dom->id >= 0,
		.persistent = dom->persistent,
		.managed_save = dom->managed_save,
		.autostart = dom->autostart,
		.snapshots = dom->n_snapshots > 0,
		.state = dom->state,
	};

	return domain_filter_matches(&is, flags);
}

int
test_connect_list_all_domains(void *state, struct call *call)
{
	const struct test_host *host = ((struct test_conn *)state)->host;
	const struct xvm_connect_list_all_domains_args *args = call->args;
	struct xvm_connect_list_all_domains_ret *ret = call->ret;
	struct xvm_domain *list = NULL;

	if (test_check_flags(args->flags, DOMAIN_FILTERS_LIST,
	    "testConnectListAllDomains", &call->err) != 0)
		return -1;
	if (args->need_results != 0) {
		list = calloc(host->n_domains + 1, sizeof(*list));
		if (list == NULL)
			return error_nomem(&call->err);
		ret->domains.domains_val = list;
	}
	for (struct test_domain *d = host->first; d != NULL; d = d->next) {
		if (!test_domain_matches(d, args->flags))
			continue;
		ret->ret++;
		if (list == NULL)
			continue;
		if (test_domain_ref(d, &list[ret->domains.domains_len++],
		    &call->err) != 0)
			return -1;
	}
	return 0;
}

/* A look-up's result, or that there is none. */
static int
found(const struct test_domain *dom, struct xvm_domain *out,
    struct error *err)
{
	if (dom == NULL)
		return error_set(err, XVM_FROM_TEST, XVM_ERR_NO_DOMAIN, NULL);
	return test_domain_ref(dom, out, err);
}

int
test_domain_lookup_by_id(void *state, struct call *call)
{
	const struct xvm_domain_lookup_by_id_args *args = call->args;
	struct xvm_domain_lookup_by_id_ret *ret = call->ret;

	return found(test_find_id(((struct test_conn *)state)->host, args->id),
	    &ret->dom, &call->err);
}

int
test_domain_lookup_by_name(void *state, struct call *call)
{
	const struct xvm_domain_lookup_by_name_args *args = call->args;
	struct xvm_domain_lookup_by_name_ret *ret = call->ret;

	return found(test_find_name(((struct test_conn *)state)->host,
	    args->name), &ret->dom, &call->err);
}

int
test_domain_lookup_by_uuid(void *state, struct call *call)
{
	const struct xvm_domain_lookup_by_uuid_args *args = call->args;
	struct xvm_domain_lookup_by_uuid_ret *ret = call->ret;

	return found(test_find_uuid(((struct test_conn *)state)->host,
	    UUID_BYTES(args->uuid)), &ret->dom, &call->err);
}
