/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands about the threads that do a domain's I/O. */
#include "domain_options.h"
#include "params.h"
#include "vcpu.h"

static const struct option iothreadinfo_options[] = {
	OPTION_DOMAIN(0),
	OPTIONS_AFFECT,
	{ 0 }
};

static int
iothreadinfo_run(struct cmd *cmd)
{
	static const struct column columns[] = {
		{ "IOThread ID", "iothread_id" },
		{ "CPU Affinity", "cpu_affinity" },
	};
	struct xvm_domain_get_iothread_info_args args;
	const struct xvm_domain_get_iothread_info_ret *ret;
	const struct xvm_domain *dom;
	struct table *table;

	if (cmd_affect_flags(cmd, &args.flags) != 0 ||
	    (dom = cmd_domain(cmd)) == NULL)
		return -1;
	args.dom = *dom;
	ret = cmd_call(cmd, XVM_CALL_DOMAIN_GET_IOTHREAD_INFO, &args);
	if (ret == NULL)
		return cmd_error(cmd,
		    "Unable to get domain IOThreads information");
	if (ret->info.info_len == 0) {
		cmd_array_begin(cmd, NULL);
		cmd_extra(cmd, "No IOThreads found for the domain");
		cmd_array_end(cmd);
		return 0;
	}
	table = table_new(cmd, columns, 2);
	for (unsigned int i = 0; i < ret->info.info_len; i++) {
		const struct xvm_domain_iothread_info *info =
		    &ret->info.info_val[i];

		table_cell(table, value_uint(info->iothread_id), NULL);
		table_cell(table, value_string(bits_text(cmd,
		    (unsigned char *)info->cpumap.cpumap_val,
		    (size_t)info->cpumap.cpumap_len * 8)), NULL);
	}
	table_print(table, NULL);
	return 0;
}

const struct command command_iothreadinfo = {
	.name = "iothreadinfo",
	.summary = "list the I/O threads of a domain",
	.description = "List the domain's I/O threads and on which CPUs of the "
	    "host they may run.",
	.options = iothreadinfo_options,
	.run = iothreadinfo_run,
};

static const struct option iothreadpin_options[] = {
	OPTION_DOMAIN(0),
	{ .name = "iothread", .type = OPTION_INT, .flags = OPTION_REQUIRED,
	    .help = "number of the I/O thread",
	    .complete = complete_iothread },
	OPTION_WORD("cpulist", "CPUs of the host, as 0-3,^2, or r for all",
	    complete_cpu),
	OPTIONS_AFFECT,
	{ 0 }
};

static int
iothreadpin_run(struct cmd *cmd)
{
	struct xvm_domain_pin_iothread_args args = { 0 };
	const struct xvm_domain *dom;
	const char *cpulist;
	int n_cpus;

	if (cmd_affect_flags(cmd, &args.flags) != 0 ||
	    (dom = cmd_domain(cmd)) == NULL ||
	    cmd_uint(cmd, "iothread", &args.iothreads_id) < 0 ||
	    cmd_string(cmd, "cpulist", &cpulist) != 0 ||
	    (n_cpus = host_cpu_count(cmd)) < 0 ||
	    (args.cpumap.cpumap_val = read_cpulist(cmd, cpulist, n_cpus,
	    &args.cpumap.cpumap_len)) == NULL)
		return -1;
	args.dom = *dom;
	return cmd_call(cmd, XVM_CALL_DOMAIN_PIN_IOTHREAD, &args) == NULL ?
	    -1 : 0;
}

const struct command command_iothreadpin = {
	.name = "iothreadpin",
	.summary = "set on which CPUs an I/O thread runs",
	.description = "Set on which CPUs of the host one of the domain's I/O "
	    "threads may run.",
	.options = iothreadpin_options,
	.run = iothreadpin_run,
};

/* What the commands below begin with: the flags, the domain, --id. */
static int
read_thread(struct cmd *cmd, const struct xvm_domain **dom_out,
    unsigned int *id_out, unsigned int *flags_out)
{
	int id = 0;

	if (cmd_affect_flags(cmd, flags_out) != 0 ||
	    (*dom_out = cmd_domain(cmd)) == NULL ||
	    cmd_int(cmd, "id", &id) < 0)
		return -1;
	if (id <= 0)
		return cmd_error(cmd, "Invalid IOThread id value: '%d'", id);
	*id_out = (unsigned int)id;
	return 0;
}

#define OPTION_THREAD(help_, complete_) \
	{ .name = "id", .type = OPTION_INT, .flags = OPTION_REQUIRED, \
	    .help = (help_), .complete = (complete_) }

static const struct option iothreadadd_options[] = {
	OPTION_DOMAIN(0),
	OPTION_THREAD("number that the new I/O thread gets", NULL),
	OPTIONS_AFFECT,
	{ 0 }
};

static int
iothreadadd_run(struct cmd *cmd)
{
	struct xvm_domain_add_iothread_args args;
	const struct xvm_domain *dom;

	if (read_thread(cmd, &dom, &args.iothread_id, &args.flags) != 0)
		return -1;
	args.dom = *dom;
	return cmd_call(cmd, XVM_CALL_DOMAIN_ADD_IOTHREAD, &args) == NULL ?
	    -1 : 0;
}

const struct command command_iothreadadd = {
	.name = "iothreadadd",
	.summary = "add an I/O thread to a domain",
	.description = "Give the domain one more I/O thread.",
	.options = iothreadadd_options,
	.run = iothreadadd_run,
};

static const struct option iothreadset_options[] = {
	OPTION_DOMAIN(0),
	OPTION_THREAD("number of the I/O thread", complete_iothread),
	OPTION_NUMBER("poll-max-ns", "the longest time to poll, in ns"),
	OPTION_NUMBER("poll-grow", "how the polling time grows"),
	OPTION_NUMBER("poll-shrink", "how the polling time shrinks"),
	OPTION_NUMBER("thread-pool-min", "the least threads that work for it"),
	OPTION_NUMBER("thread-pool-max", "the most threads that work for it"),
	OPTIONS_AFFECT,
	{ 0 }
};

/* The parameters that are given. 0, or -1 after saying what is wrong. */
static int
read_params(struct cmd *cmd, struct params *params)
{
	static const char *const uints[][2] = {
		{ "poll-grow", XVM_DOMAIN_IOTHREAD_POLL_GROW },
		{ "poll-shrink", XVM_DOMAIN_IOTHREAD_POLL_SHRINK },
	};
	static const char *const ints[][2] = {
		{ "thread-pool-min", XVM_DOMAIN_IOTHREAD_THREAD_POOL_MIN },
		{ "thread-pool-max", XVM_DOMAIN_IOTHREAD_THREAD_POOL_MAX },
	};
	uint64_t big;
	unsigned int u;
	int i, rc;

	if ((rc = cmd_u64(cmd, "poll-max-ns", &big)) < 0)
		return -1;
	if (rc > 0)
		params_add_ullong(params, XVM_DOMAIN_IOTHREAD_POLL_MAX_NS, big);
	for (size_t k = 0; k < 2; k++) {
		if ((rc = cmd_uint(cmd, uints[k][0], &u)) < 0)
			return -1;
		if (rc > 0)
			params_add_uint(params, uints[k][1], u);
	}
	for (size_t k = 0; k < 2; k++) {
		if ((rc = cmd_int(cmd, ints[k][0], &i)) < 0)
			return -1;
		if (rc > 0)
			params_add_int(params, ints[k][1], i);
	}
	return 0;
}

static int
iothreadset_run(struct cmd *cmd)
{
	struct xvm_domain_set_iothread_params_args args;
	struct params *params = params_begin(cmd);
	const struct xvm_domain *dom;

	if (read_thread(cmd, &dom, &args.iothread_id, &args.flags) != 0 ||
	    read_params(cmd, params) != 0)
		return -1;
	if (params->n == 0)
		return cmd_error(cmd,
		    "Not enough arguments passed, nothing to set");
	args.dom = *dom;
	args.params.params_val = params->v;
	args.params.params_len = params->n;
	return cmd_call(cmd, XVM_CALL_DOMAIN_SET_IOTHREAD_PARAMS,
	    &args) == NULL ? -1 : 0;
}

const struct command command_iothreadset = {
	.name = "iothreadset",
	.summary = "change how an I/O thread works",
	.description = "Change how one of the domain's I/O threads polls, and "
	    "how many threads work for it.",
	.options = iothreadset_options,
	.run = iothreadset_run,
};

static const struct option iothreaddel_options[] = {
	OPTION_DOMAIN(0),
	OPTION_THREAD("number of the I/O thread", complete_iothread),
	OPTIONS_AFFECT,
	{ 0 }
};

static int
iothreaddel_run(struct cmd *cmd)
{
	struct xvm_domain_del_iothread_args args;
	const struct xvm_domain *dom;

	if (read_thread(cmd, &dom, &args.iothread_id, &args.flags) != 0)
		return -1;
	args.dom = *dom;
	return cmd_call(cmd, XVM_CALL_DOMAIN_DEL_IOTHREAD, &args) == NULL ?
	    -1 : 0;
}

const struct command command_iothreaddel = {
	.name = "iothreaddel",
	.summary = "take an I/O thread from a domain",
	.description = "Take one of the domain's I/O threads away.",
	.options = iothreaddel_options,
	.run = iothreaddel_run,
};
