/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How Xen's scheduler treats a domain: weight and cap, credit and credit2. */
#include "../typed_param.h"
#include "domains.h"
#include "figures.h"

#define N_PARAMS 2

static const struct param_rule rules[] = {
	{ XVM_DOMAIN_SCHEDULER_WEIGHT, XVM_TYPED_UINT, false },
	{ XVM_DOMAIN_SCHEDULER_CAP, XVM_TYPED_UINT, false },
	{ NULL, 0, false },
};

struct values {
	int scheduler;		/* XEN_SCHEDULER_CREDIT or _CREDIT2 */
	uint16_t weight, cap;
};

int
xen_domain_get_scheduler_type(void *state, struct call *call)
{
	static const struct {
		int id;
		const char *name;
		int n;
	} schedulers[] = {
		{ XEN_SCHEDULER_CREDIT, "credit", N_PARAMS },
		{ XEN_SCHEDULER_CREDIT2, "credit2", N_PARAMS },
		{ XEN_SCHEDULER_ARINC653, "arinc653", 0 },
		{ XEN_SCHEDULER_RTDS, "rtds", 0 },
		{ XEN_SCHEDULER_NULL, "null", 0 },
	};
	const struct xvm_domain_get_scheduler_type_args *args = call->args;
	struct xvm_domain_get_scheduler_type_ret *ret = call->ret;
	struct xen_conn *xen = state;
	struct xen_domain dom;
	int id;

	if (xen_domain_find_active(xen, &args->dom, &dom, &call->err) != 0)
		return -1;
	id = hyper_scheduler(xen->xc, &dom.info, &call->err);
	xen_domain_release(&dom);
	if (id < 0)
		return -1;
	for (size_t i = 0; i < sizeof(schedulers) / sizeof(schedulers[0]);
	    i++) {
		if (schedulers[i].id != id)
			continue;
		ret->nparams = schedulers[i].n;
		return xen_text(schedulers[i].name, &ret->type, &call->err);
	}
	return error_set(&call->err, XVM_FROM_LIBXL, XVM_ERR_INTERNAL_ERROR,
	    "Failed to get scheduler id for domain '%d' with libxenlight",
	    dom.id);
}

static int
get_values(struct xen_conn *xen, const struct xen_domain *dom,
    struct values *out, struct error *err)
{
	uint32_t id = (uint32_t)dom->id;
	struct xen_domctl_sched_credit credit;
	struct xen_domctl_sched_credit2 credit2;
	int rc;

	out->scheduler = hyper_scheduler(xen->xc, &dom->info, err);
	if (out->scheduler < 0)
		return -1;
	switch (out->scheduler) {
	case XEN_SCHEDULER_CREDIT:
		rc = xc_sched_credit_domain_get(xen->xc, id, &credit);
		out->weight = credit.weight;
		out->cap = credit.cap;
		break;
	case XEN_SCHEDULER_CREDIT2:
		rc = xc_sched_credit2_domain_get(xen->xc, id, &credit2);
		out->weight = credit2.weight;
		out->cap = credit2.cap;
		break;
	default:
		return error_set(err, XVM_FROM_LIBXL, XVM_ERR_INTERNAL_ERROR,
		    "Only 'credit' and 'credit2' schedulers are supported");
	}
	if (rc == 0)
		return 0;
	return error_set(err, XVM_FROM_LIBXL, XVM_ERR_INTERNAL_ERROR,
	    "Failed to get scheduler parameters for domain '%d' with "
	    "libxenlight", dom->id);
}

static int
set_values(struct xen_conn *xen, int id, const struct values *v)
{
	struct xen_domctl_sched_credit credit = {
		.weight = v->weight,
		.cap = v->cap,
	};
	struct xen_domctl_sched_credit2 credit2 = {
		.weight = v->weight,
		.cap = v->cap,
	};

	return v->scheduler == XEN_SCHEDULER_CREDIT ?
	    xc_sched_credit_domain_set(xen->xc, (uint32_t)id, &credit) :
	    xc_sched_credit2_domain_set(xen->xc, (uint32_t)id, &credit2);
}

static int
get_parameters(struct xen_conn *xen, const struct xvm_domain *ref,
    int nparams, unsigned int *n_out, struct xvm_typed_param **v_out,
    struct error *err)
{
	struct params params = PARAMS_INIT;
	struct xen_domain dom;
	struct values values;
	int rc;

	if (xen_domain_find_active(xen, ref, &dom, err) != 0)
		return -1;
	rc = get_values(xen, &dom, &values, err);
	xen_domain_release(&dom);
	if (rc != 0)
		return -1;
	params_add_uint(&params, XVM_DOMAIN_SCHEDULER_WEIGHT, values.weight);
	params_add_uint(&params, XVM_DOMAIN_SCHEDULER_CAP, values.cap);
	params_truncate(&params, nparams > 0 ? (unsigned int)nparams : 0);
	return params_detach(&params, n_out, v_out, err);
}

int
xen_domain_get_scheduler_parameters_flags(void *state, struct call *call)
{
	const struct xvm_domain_get_scheduler_parameters_flags_args *args =
	    call->args;
	struct xvm_domain_get_scheduler_parameters_flags_ret *ret = call->ret;
	struct xen_domain dom;
	bool live, config;
	int rc;

	if (xen_check_flags(args->flags, XVM_TYPED_PARAM_STRING_OKAY |
	    XVM_DOMAIN_AFFECT_LIVE, "libxlDomainGetSchedulerParametersFlags",
	    &call->err) != 0)
		return -1;
	if ((args->flags & XVM_DOMAIN_AFFECT_LIVE) != 0) {
		if (xen_domain_find(state, &args->dom, &dom, &call->err) != 0)
			return -1;
		rc = xen_domain_impact(state, &dom, XVM_DOMAIN_AFFECT_LIVE,
		    &live, &config, &call->err);
		xen_domain_release(&dom);
		if (rc != 0)
			return -1;
	}
	return get_parameters(state, &args->dom, args->nparams,
	    &ret->params.params_len, &ret->params.params_val, &call->err);
}

static int
set_parameters(struct xen_conn *xen, const struct xvm_domain *ref,
    const struct xvm_typed_param *v, unsigned int n, struct error *err)
{
	unsigned int weight, cap, cap_max;
	struct xen_domain dom;
	struct values values;
	int rc, id;

	if (params_validate(v, n, rules, err) != 0 ||
	    xen_domain_find_active(xen, ref, &dom, err) != 0)
		return -1;
	id = dom.id;
	/* In percent of a CPU. */
	cap_max = 100 * xen_vcpus_max(&dom);
	rc = xen_check_built(&dom, err);
	if (rc == 0)
		rc = get_values(xen, &dom, &values, err);
	xen_domain_release(&dom);
	if (rc != 0)
		return -1;
	weight = values.weight;
	cap = values.cap;
	if (params_get_uint(v, n, XVM_DOMAIN_SCHEDULER_WEIGHT, &weight,
	    err) < 0 ||
	    params_get_uint(v, n, XVM_DOMAIN_SCHEDULER_CAP, &cap, err) < 0)
		return -1;
	if (weight < 1 || weight > UINT16_MAX)
		return error_set(err, XVM_FROM_LIBXL, XVM_ERR_INVALID_ARG,
		    "weight %u is not within 1 to %u", weight, UINT16_MAX);
	/* The highest number would be one that credit does not look at. */
	if (cap > cap_max || cap >= UINT16_MAX)
		return error_set(err, XVM_FROM_LIBXL, XVM_ERR_INVALID_ARG,
		    "cap %u is over %u, all of the domain's vcpus", cap,
		    cap_max);
	values.weight = (uint16_t)weight;
	values.cap = (uint16_t)cap;
	if (set_values(xen, id, &values) == 0)
		return 0;
	return error_set(err, XVM_FROM_LIBXL, XVM_ERR_INTERNAL_ERROR,
	    "Failed to set scheduler parameters for domain '%d' with "
	    "libxenlight", id);
}

int
xen_domain_set_scheduler_parameters_flags(void *state, struct call *call)
{
	const struct xvm_domain_set_scheduler_parameters_flags_args *args =
	    call->args;

	if (xen_check_flags(args->flags, XVM_DOMAIN_AFFECT_LIVE,
	    "libxlDomainSetSchedulerParametersFlags", &call->err) != 0)
		return -1;
	return set_parameters(state, &args->dom, args->params.params_val,
	    args->params.params_len, &call->err);
}
