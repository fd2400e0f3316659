/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The scheduler of test domains: "fair", with one weight nobody can change. */
#include "../typed_param.h"
#include "runtime.h"

#define WEIGHT 50

static const struct param_rule rules[] = {
	{ XVM_DOMAIN_SCHEDULER_WEIGHT, XVM_TYPED_UINT, false },
	{ NULL, 0, false },
};

int
test_domain_get_scheduler_type(void *state, struct call *call)
{
	struct xvm_domain_get_scheduler_type_ret *ret = call->ret;

	(void)state;
	ret->nparams = 1;
	return test_text("fair", &ret->type, &call->err);
}

int
test_domain_get_scheduler_parameters(void *state, struct call *call)
{
	const struct xvm_domain_get_scheduler_parameters_args *args =
	    call->args;
	struct xvm_domain_get_scheduler_parameters_ret *ret = call->ret;
	struct params params = PARAMS_INIT;

	if (test_domain_get(state, &args->dom, &call->err) == NULL)
		return -1;
	params_add_uint(&params, XVM_DOMAIN_SCHEDULER_WEIGHT, WEIGHT);
	return params_detach(&params, &ret->params.params_len,
	    &ret->params.params_val, &call->err);
}

/*
 * libvirt's API adds a flag here that its test driver then refuses, so that
 * this one always fails. Programs go on with the call without flags.
 */
int
test_domain_get_scheduler_parameters_flags(void *state, struct call *call)
{
	const struct xvm_domain_get_scheduler_parameters_flags_args *args =
	    call->args;

	(void)state;
	return test_check_flags(args->flags | XVM_TYPED_PARAM_STRING_OKAY, 0,
	    "testDomainGetSchedulerParametersFlags", &call->err);
}

int
test_domain_set_scheduler_parameters_flags(void *state, struct call *call)
{
	const struct xvm_domain_set_scheduler_parameters_flags_args *args =
	    call->args;

	if (test_check_flags(args->flags, 0,
	    "testDomainSetSchedulerParametersFlags", &call->err) != 0 ||
	    params_validate(args->params.params_val, args->params.params_len,
	    rules, &call->err) != 0)
		return -1;
	return test_domain_get(state, &args->dom, &call->err) == NULL ? -1 : 0;
}
