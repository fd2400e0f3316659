/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* cpu-stats: how long each CPU of the host has worked for a domain. */
#include <inttypes.h>
#include <string.h>

#include "domain_options.h"

#define CPUS_AT_ONCE 128	/* in one call */
#define ALL_CPUS (-1)		/* as start_cpu: of all together */

struct range {
	int start, count;	/* count < 0: all that there are */
	bool total, each;
};

static int
failed(struct cmd *cmd, const struct xvm_domain *dom)
{
	return cmd_error(cmd, "Failed to retrieve CPU statistics for domain "
	    "'%s'", dom->name);
}

static void
print_field(struct cmd *cmd, const struct xvm_typed_param *p)
{
	static const char *const times[] = {
		XVM_DOMAIN_CPU_STATS_CPUTIME, XVM_DOMAIN_CPU_STATS_VCPUTIME,
		XVM_DOMAIN_CPU_STATS_USERTIME,
		XVM_DOMAIN_CPU_STATS_SYSTEMTIME,
	};
	uint64_t ns = p->value.xvm_typed_value_u.ul;

	if (p->value.type == XVM_TYPED_ULLONG &&
	    NUMBER_OF(times, p->field) >= 0)
		cmd_field(cmd, cmd_printf(cmd, "%s_ns", p->field),
		    value_uint(ns), "\t%-12s %9" PRIu64 ".%09" PRIu64
		    " seconds\n", p->field, ns / 1000000000,
		    ns % 1000000000);
	else
		cmd_field(cmd, p->field, param_value(p), "\t%-12s %s\n",
		    p->field, param_text(cmd, p));
}

/* Some CPUs, whose figures are nparams each. */
static int
print_cpus(struct cmd *cmd, const struct xvm_domain *dom, int start,
    int count, int nparams)
{
	struct xvm_domain_get_cpu_stats_args args = {
		.dom = *dom,
		.nparams = (unsigned int)nparams,
		.start_cpu = start,
		.ncpus = (unsigned int)count,
	};
	const struct xvm_domain_get_cpu_stats_ret *ret;

	ret = cmd_call(cmd, XVM_CALL_DOMAIN_GET_CPU_STATS, &args);
	if (ret == NULL)
		return failed(cmd, dom);
	/* CPUs behind the last one with figures are left out. */
	for (unsigned int i = 0; ret->nparams > 0 && (i + 1) *
	    (unsigned int)ret->nparams <= ret->params.params_len; i++) {
		const struct xvm_typed_param *v =
		    &ret->params.params_val[i * (unsigned int)ret->nparams];

		cmd_object_begin(cmd, NULL);
		cmd_field(cmd, "cpu", value_int(start + (int)i), "CPU%d:\n",
		    start + (int)i);
		for (int j = 0; j < ret->nparams; j++)
			print_field(cmd, &v[j]);
		cmd_object_end(cmd);
	}
	return 0;
}

/* 1: go on with the total, 0: done, -1 after saying why. */
static int
print_each(struct cmd *cmd, const struct xvm_domain *dom,
    const struct range *range, int n_cpus, int nparams)
{
	int start = range->start, count = range->count;

	if (start >= n_cpus)
		return cmd_error(cmd, "Start CPU %d is out of range "
		    "(min: 0, max: %d)", start, n_cpus - 1);
	if (count > n_cpus)
		cmd_text(cmd, "Only %d CPUs available to show\n", n_cpus);
	if (count < 0 || count > n_cpus)
		count = n_cpus - start;
	if (nparams == 0) {
		cmd_text(cmd, "No per-CPU stats available");
		return range->total ? 1 : -1;
	}
	cmd_array_begin(cmd, "cpus");
	while (count > 0) {
		int n = count < CPUS_AT_ONCE ? count : CPUS_AT_ONCE;

		if (print_cpus(cmd, dom, start, n, nparams) != 0)
			return -1;
		start += n;
		count -= n;
	}
	cmd_array_end(cmd);
	return range->total ? 1 : 0;
}

static int
print_total(struct cmd *cmd, const struct xvm_domain *dom, int nparams)
{
	struct xvm_domain_get_cpu_stats_args args = {
		.dom = *dom,
		.nparams = (unsigned int)nparams,
		.start_cpu = ALL_CPUS,
		.ncpus = 1,
	};
	const struct xvm_domain_get_cpu_stats_ret *ret;

	if (nparams == 0) {
		cmd_text(cmd, "No total stats available");
		return -1;
	}
	ret = cmd_call(cmd, XVM_CALL_DOMAIN_GET_CPU_STATS, &args);
	if (ret == NULL)
		return failed(cmd, dom);
	cmd_text(cmd, "Total:\n");
	cmd_object_begin(cmd, "total");
	for (unsigned int i = 0; i < ret->params.params_len; i++)
		print_field(cmd, &ret->params.params_val[i]);
	cmd_object_end(cmd);
	return 0;
}

/* 0, or -1 after saying what is wrong with the options. */
static int
read_range(struct cmd *cmd, struct range *out)
{
	int given;

	out->start = 0;
	out->count = -1;
	out->total = cmd_has(cmd, "total");
	given = cmd_int(cmd, "start", &out->start);
	if (given < 0)
		return -1;
	if (given > 0 && out->start < 0)
		return cmd_error(cmd, "Invalid value for start CPU");
	out->each = given > 0;
	given = cmd_int(cmd, "count", &out->count);
	if (given < 0)
		return -1;
	if (given > 0 && out->count < 0)
		return cmd_error(cmd,
		    "Invalid value for number of CPUs to show");
	out->each |= given > 0;
	if (!out->each && !out->total)
		out->each = out->total = true;
	return 0;
}

/* How many CPUs there are, figures of each, and figures of all together. */
enum {
	HOW_MANY_CPUS,
	HOW_MANY_EACH,
	HOW_MANY_TOTAL,
	N_QUESTIONS,
};

static int
cpu_stats_run(struct cmd *cmd)
{
	struct xvm_domain_get_cpu_stats_args args[N_QUESTIONS] = {
		[HOW_MANY_EACH] = { .ncpus = 1 },
		[HOW_MANY_TOTAL] = { .start_cpu = ALL_CPUS, .ncpus = 1 },
	};
	const struct xvm_domain *dom = cmd_domain(cmd);
	struct call *calls = cmd_batch(cmd, N_QUESTIONS);
	int number[N_QUESTIONS] = { 0 }, rc;
	size_t first, n;
	struct range range;

	if (dom == NULL || read_range(cmd, &range) != 0)
		return -1;
	for (size_t i = 0; i < N_QUESTIONS; i++) {
		args[i].dom = *dom;
		cmd_batch_set(cmd, &calls[i], XVM_CALL_DOMAIN_GET_CPU_STATS,
		    &args[i]);
	}
	first = range.each ? HOW_MANY_CPUS : HOW_MANY_TOTAL;
	n = (range.total ? N_QUESTIONS : HOW_MANY_TOTAL) - first;
	(void)cmd_submit(cmd, &calls[first], n);
	for (size_t i = first; i < first + n; i++) {
		const struct xvm_domain_get_cpu_stats_ret *ret = calls[i].ret;

		if (calls[i].rc != 0) {
			cmd_take_error(cmd, &calls[i]);
			return failed(cmd, dom);
		}
		number[i] = ret->nparams;
	}
	if (range.each) {
		rc = print_each(cmd, dom, &range, number[HOW_MANY_CPUS],
		    number[HOW_MANY_EACH]);
		if (rc <= 0)
			return rc;
	}
	return print_total(cmd, dom, number[HOW_MANY_TOTAL]);
}

static const struct option cpu_stats_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_ACTIVE),
	OPTION_SWITCH("total", "of all CPUs together"),
	OPTION_NUMBER("start", "from this CPU on"),
	OPTION_NUMBER("count", "of so many CPUs at most"),
	{ 0 },
};

const struct command command_cpu_stats = {
	.name = "cpu-stats",
	.summary = "show how CPUs have worked for a domain",
	.description = "Shows how long each CPU of the host, and all of them, "
	    "have worked for a running domain.",
	.options = cpu_stats_options,
	.run = cpu_stats_run,
};
