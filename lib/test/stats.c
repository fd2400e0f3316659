/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Statistics of many test domains at once, of CPUs; messages about a domain. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../domain/domain_filter.h"
#include "../typed_param.h"
#include "runtime.h"

#define STATS (XVM_DOMAIN_STATS_STATE | XVM_DOMAIN_STATS_IOTHREAD)

#define TOTAL_CPU_TIME UINT64_C(48772617035)
#define USER_TIME UINT64_C(5540000000)
#define SYSTEM_TIME UINT64_C(6460000000)
#define HYPERVISOR_TIME UINT64_C(1234567890)	/* of a CPU's time */
#define N_TOTAL 3
#define N_PER_CPU 2
#define CPU_STATS_MAX 2048	/* that fit into the result */

static void
iothread_stats(const struct test_domain *dom, struct params *params)
{
	const struct test_runtime *rt = dom->runtime;
	char name[64];

	if (dom->id < 0 || rt == NULL || rt->n_iothreads == 0)
		return;
	params_add_uint(params, "iothread.count", rt->n_iothreads);
	for (unsigned int i = 0; i < rt->n_iothreads; i++) {
		const struct test_iothread *t = &rt->iothreads[i];

		(void)snprintf(name, sizeof(name), "iothread.%u.poll-max-ns",
		    t->id);
		params_add_ullong(params, name, t->poll_max_ns);
		(void)snprintf(name, sizeof(name), "iothread.%u.poll-grow",
		    t->id);
		params_add_uint(params, name, t->poll_grow);
		(void)snprintf(name, sizeof(name), "iothread.%u.poll-shrink",
		    t->id);
		params_add_uint(params, name, t->poll_shrink);
	}
}

static int
fill_record(const struct test_domain *dom, unsigned int stats,
    struct xvm_domain_stats_record *record, struct error *err)
{
	struct params params = PARAMS_INIT;

	if (test_domain_ref(dom, &record->dom, err) != 0)
		return -1;
	if ((stats & XVM_DOMAIN_STATS_STATE) != 0) {
		params_add_int(&params, "state.state", dom->state);
		params_add_int(&params, "state.reason", dom->reason);
	}
	if ((stats & XVM_DOMAIN_STATS_IOTHREAD) != 0)
		iothread_stats(dom, &params);
	return params_detach(&params, &record->params.params_len,
	    &record->params.params_val, err);
}

int
test_connect_get_all_domain_stats(void *state, struct call *call)
{
	const struct xvm_connect_get_all_domain_stats_args *args = call->args;
	struct xvm_connect_get_all_domain_stats_ret *ret = call->ret;
	struct test_host *host = ((struct test_conn *)state)->host;
	unsigned int stats = args->stats, n = args->doms.doms_len, i = 0;
	struct xvm_domain_stats_record *records;
	struct test_domain *dom = host->first;

	if (test_check_flags(args->flags, DOMAIN_FILTERS_STATS |
	    XVM_CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT |
	    XVM_CONNECT_GET_ALL_DOMAINS_STATS_BACKING |
	    XVM_CONNECT_GET_ALL_DOMAINS_STATS_ENFORCE_STATS,
	    "testConnectGetAllDomainStats", &call->err) != 0)
		return -1;
	if (stats == 0)
		stats = STATS;
	else if ((args->flags &
	    XVM_CONNECT_GET_ALL_DOMAINS_STATS_ENFORCE_STATS) != 0 &&
	    (stats & ~(unsigned int)STATS) != 0)
		return error_set(&call->err, XVM_FROM_TEST,
		    XVM_ERR_ARGUMENT_UNSUPPORTED, "Stats types bits 0x%x are "
		    "not supported by this daemon",
		    stats & ~(unsigned int)STATS);
	records = calloc((n > 0 ? n : host->n_domains) + 1, sizeof(*records));
	if (records == NULL)
		return error_nomem(&call->err);
	ret->ret_stats.ret_stats_val = records;
	/* Those that were named and have gone are left out. */
	for (i = 0; n > 0 ? i < n : dom != NULL; i++) {
		const struct test_domain *d = n == 0 ? dom :
		    test_find_uuid(host,
		    UUID_BYTES(args->doms.doms_val[i].uuid));

		if (d != NULL && test_domain_matches(d,
		    args->flags & DOMAIN_FILTERS_STATS) && fill_record(d, stats,
		    &records[ret->ret_stats.ret_stats_len++],
		    &call->err) != 0)
			return -1;
		if (n == 0)
			dom = dom->next;
	}
	return 0;
}

/* All CPUs together. */
static int
total_cpu_stats(unsigned int nparams,
    struct xvm_domain_get_cpu_stats_ret *ret, struct error *err)
{
	struct params params = PARAMS_INIT;

	ret->nparams = N_TOTAL;
	if (nparams == 0)
		return 0;
	params_add_ullong(&params, XVM_DOMAIN_CPU_STATS_CPUTIME,
	    TOTAL_CPU_TIME);
	params_add_ullong(&params, XVM_DOMAIN_CPU_STATS_USERTIME, USER_TIME);
	params_add_ullong(&params, XVM_DOMAIN_CPU_STATS_SYSTEMTIME,
	    SYSTEM_TIME);
	params_truncate(&params, nparams);
	if (params_detach(&params, &ret->params.params_len,
	    &ret->params.params_val, err) != 0)
		return -1;
	ret->nparams = (int)ret->params.params_len;
	return 0;
}

/* One CPU after the other. */
static int
per_cpu_stats(const struct xvm_domain_get_cpu_stats_args *args, int n_cpus,
    struct xvm_domain_get_cpu_stats_ret *ret, struct error *err)
{
	uint64_t base = TOTAL_CPU_TIME / (uint64_t)(n_cpus > 0 ? n_cpus : 1);
	struct params params = PARAMS_INIT;
	int64_t end;

	if (args->ncpus == 0) {
		ret->nparams = n_cpus;
		return 0;
	}
	ret->nparams = N_PER_CPU;
	if (args->nparams == 0)
		return 0;
	if (args->start_cpu >= n_cpus)
		return error_set(err, XVM_FROM_TEST, XVM_ERR_INVALID_ARG,
		    "start_cpu %d larger than maximum of %d", args->start_cpu,
		    n_cpus - 1);
	end = (int64_t)args->start_cpu + args->ncpus;
	if (end > n_cpus)
		end = n_cpus;
	if ((end - args->start_cpu) * N_PER_CPU > CPU_STATS_MAX)
		end = args->start_cpu + CPU_STATS_MAX / N_PER_CPU;
	for (int64_t i = args->start_cpu; i < end; i++) {
		params_add_ullong(&params, XVM_DOMAIN_CPU_STATS_CPUTIME,
		    base + (uint64_t)i);
		if (args->nparams >= N_PER_CPU)
			params_add_ullong(&params,
			    XVM_DOMAIN_CPU_STATS_VCPUTIME,
			    base + (uint64_t)i - HYPERVISOR_TIME);
	}
	if (args->nparams < N_PER_CPU)
		ret->nparams = 1;
	return params_detach(&params, &ret->params.params_len,
	    &ret->params.params_val, err);
}

int
test_domain_get_cpu_stats(void *state, struct call *call)
{
	const struct xvm_domain_get_cpu_stats_args *args = call->args;
	const struct test_host *host = ((struct test_conn *)state)->host;

	if (test_enter_active(state, &args->dom, args->flags,
	    XVM_TYPED_PARAM_STRING_OKAY, "testDomainGetCPUStats",
	    &call->err) == NULL)
		return -1;
	if (args->start_cpu == -1)
		return total_cpu_stats(args->nparams, call->ret, &call->err);
	return per_cpu_stats(args, host->cores, call->ret, &call->err);
}

int
test_domain_get_messages(void *state, struct call *call)
{
	static const struct {
		unsigned int taint;
		unsigned int flag;
		const char *text;
	} messages[] = {
		{ TEST_TAINT_HIGH_PRIVILEGES, XVM_DOMAIN_MESSAGE_TAINTING,
		    "tainted: running with undesirable elevated privileges" },
		{ TEST_TAINT_SHELL_SCRIPTS, XVM_DOMAIN_MESSAGE_TAINTING,
		    "tainted: network configuration using opaque shell "
		    "scripts" },
		{ TEST_TAINT_CDROM_PASSTHROUGH, XVM_DOMAIN_MESSAGE_TAINTING,
		    "tainted: use of host cdrom passthrough" },
		{ TEST_TAINT_CUSTOM_DTB, XVM_DOMAIN_MESSAGE_TAINTING,
		    "tainted: custom device tree blob used" },
		{ TEST_TAINT_DEPRECATED_CONFIG, XVM_DOMAIN_MESSAGE_TAINTING,
		    "tainted: use of deprecated configuration settings" },
		{ TEST_TAINT_DEPRECATED_CONFIG,
		    XVM_DOMAIN_MESSAGE_DEPRECATION,
		    "deprecated configuration: CPU model Deprecated-Test" },
	};
	const size_t n_messages = sizeof(messages) / sizeof(messages[0]);
	const unsigned int both = XVM_DOMAIN_MESSAGE_TAINTING |
	    XVM_DOMAIN_MESSAGE_DEPRECATION;
	const struct xvm_domain_get_messages_args *args = call->args;
	struct xvm_domain_get_messages_ret *ret = call->ret;
	unsigned int wanted = args->flags != 0 ? args->flags : both, taint;
	struct test_domain *dom;

	dom = test_enter(state, &args->dom, args->flags, both,
	    "testDomainGetMessages", &call->err);
	if (dom == NULL)
		return -1;
	taint = dom->runtime != NULL ? dom->runtime->taint : 0;
	ret->msgs.msgs_val = calloc(n_messages, sizeof(char *));
	if (ret->msgs.msgs_val == NULL)
		return error_nomem(&call->err);
	for (size_t i = 0; i < n_messages; i++) {
		if ((messages[i].taint & taint) == 0 ||
		    (messages[i].flag & wanted) == 0)
			continue;
		if (test_text(messages[i].text,
		    &ret->msgs.msgs_val[ret->msgs.msgs_len++],
		    &call->err) != 0)
			return -1;
	}
	return 0;
}
