/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * calls URI one|batch N: ask N times for the information of the domain test,
 * one call after the other or in one batch; print calls a second.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../lib/xvm.h"

static double
now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int
ask_one_by_one(struct xvm *xvm,
    const struct xvm_domain_get_info_args *args, size_t n)
{
	struct xvm_domain_get_info_ret ret;

	for (size_t i = 0; i < n; i++) {
		memset(&ret, 0, sizeof(ret));
		if (xvm_call(xvm, XVM_CALL_DOMAIN_GET_INFO, args, &ret,
		    NULL) != 0)
			return -1;
	}
	return 0;
}

static int
ask_at_once(struct xvm *xvm, const struct xvm_domain_get_info_args *args,
    size_t n)
{
	struct xvm_domain_get_info_ret *rets = calloc(n, sizeof(*rets));
	struct xvm_batch_call *calls = calloc(n, sizeof(*calls));
	size_t failed = n;

	for (size_t i = 0; calls != NULL && rets != NULL && i < n; i++) {
		calls[i].number = XVM_CALL_DOMAIN_GET_INFO;
		calls[i].args = args;
		calls[i].ret = &rets[i];
	}
	if (calls != NULL && rets != NULL)
		failed = xvm_batch(xvm, calls, n);
	free(calls);
	free(rets);
	return failed == 0 ? 0 : -1;
}

int
main(int argc, char **argv)
{
	char name[] = "test";
	struct xvm_domain_lookup_by_name_args find = { name };
	struct xvm_domain_lookup_by_name_ret found = { 0 };
	struct xvm_domain_get_info_args args;
	struct xvm_reason why = { 0 };
	struct xvm *xvm;
	double start;
	size_t n;
	int rc;

	if (argc != 4)
		return 2;
	n = strtoul(argv[3], NULL, 10);
	xvm = xvm_open(argv[1], 0, 60, &why);
	if (xvm == NULL || xvm_call(xvm, XVM_CALL_DOMAIN_LOOKUP_BY_NAME,
	    &find, &found, &why) != 0) {
		(void)fprintf(stderr, "%s\n", why.message);
		return 1;
	}
	args.dom = found.dom;
	start = now();
	rc = strcmp(argv[2], "batch") == 0 ? ask_at_once(xvm, &args, n) :
	    ask_one_by_one(xvm, &args, n);
	if (rc != 0)
		return 1;
	(void)printf("%.0f\n", (double)n / (now() - start));
	xvm_ret_free(XVM_CALL_DOMAIN_LOOKUP_BY_NAME, &found);
	xvm_close(xvm);
	return 0;
}
