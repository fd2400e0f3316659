/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* nodecpumap, nodecpustats, nodesuspend: the host's CPUs, and its sleep. */
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "complete.h"
#include "domain_options.h"

static int
nodecpumap_run(struct cmd *cmd)
{
	struct xvm_node_get_cpu_map_args args = { 1, 1, 0 };
	const struct xvm_node_get_cpu_map_ret *ret;
	const unsigned char *map;
	const char *text;
	size_t n_bytes, n;
	char *flags;

	ret = cmd_call(cmd, XVM_CALL_NODE_GET_CPU_MAP, &args);
	if (ret == NULL || ret->ret < 0)
		return cmd_error(cmd, "Unable to get cpu map");
	n = (size_t)ret->ret;
	map = (const unsigned char *)ret->cpumap.cpumap_val;
	n_bytes = ret->cpumap.cpumap_len;
	cmd_field(cmd, "cpus_present", value_int(ret->ret), "%-15s %d\n",
	    "CPUs present:", ret->ret);
	cmd_field(cmd, "cpus_online", value_uint(ret->online), "%-15s %d\n",
	    "CPUs online:", (int)ret->online);
	if (n > 8 * n_bytes)
		n = 8 * n_bytes;
	text = bits_text(cmd, map, n);
	cmd_datum(cmd, "online_cpus", value_string(text));
	if (!cmd_has(cmd, "pretty")) {
		flags = cmd_alloc(cmd, n + 1);
		for (size_t i = 0; i < n; i++)
			flags[i] = bit_is_set(map, n_bytes, i) ? 'y' : '-';
		text = flags;
	}
	cmd_text(cmd, "%-15s %s\n", "CPU map:", text);
	return 0;
}

static const struct option nodecpumap_options[] = {
	OPTION_SWITCH("pretty", "print ranges of numbers instead of a map"),
	{ 0 },
};

const struct command command_nodecpumap = {
	.name = "nodecpumap",
	.summary = "show which CPUs of the host are online",
	.description = "Shows how many CPUs the host has and which of them "
	    "are online.",
	.options = nodecpumap_options,
	.run = nodecpumap_run,
};

/* --- nodecpustats --------------------------------------------------------- */

enum {
	CPU_USER,
	CPU_SYSTEM,
	CPU_IDLE,
	CPU_IOWAIT,
	CPU_INTR,
	N_TIMES,
	CPU_USAGE = N_TIMES,
	N_FIGURES,
};

static const struct figure {
	const char *field;	/* in the call's result */
	const char *label;
	const char *ns, *percent;	/* keys */
} figures[N_FIGURES] = {
	[CPU_USER] = { XVM_NODE_CPU_STATS_USER, "user:", "user_ns",
	    "user_percent" },
	[CPU_SYSTEM] = { XVM_NODE_CPU_STATS_KERNEL, "system:", "system_ns",
	    "system_percent" },
	[CPU_IDLE] = { XVM_NODE_CPU_STATS_IDLE, "idle:", "idle_ns",
	    "idle_percent" },
	[CPU_IOWAIT] = { XVM_NODE_CPU_STATS_IOWAIT, "iowait:", "iowait_ns",
	    "iowait_percent" },
	[CPU_INTR] = { XVM_NODE_CPU_STATS_INTR, "intr:", "intr_ns",
	    "intr_percent" },
	[CPU_USAGE] = { XVM_NODE_CPU_STATS_UTILIZATION, "usage:", NULL,
	    "usage_percent" },
};

struct sample {
	uint64_t value[N_FIGURES];
	bool present[N_FIGURES];
};

static int
take_sample(struct cmd *cmd, const struct xvm_node_get_cpu_stats_args *args,
    struct sample *out)
{
	const struct xvm_node_get_cpu_stats_ret *ret;

	memset(out, 0, sizeof(*out));
	ret = cmd_call(cmd, XVM_CALL_NODE_GET_CPU_STATS, args);
	if (ret == NULL)
		return cmd_error(cmd, "Unable to get node cpu stats");
	for (unsigned int i = 0; i < ret->params.params_len; i++) {
		const struct xvm_node_get_cpu_stats *s =
		    &ret->params.params_val[i];

		for (size_t j = 0; j < N_FIGURES; j++) {
			if (strcmp(figures[j].field, s->field) != 0)
				continue;
			out->value[j] = s->value;
			out->present[j] = true;
		}
	}
	return 0;
}

static void
print_times(struct cmd *cmd, const struct sample *s)
{
	for (size_t i = 0; i < N_TIMES; i++) {
		if (s->present[i])
			cmd_field(cmd, figures[i].ns, value_uint(s->value[i]),
			    "%-15s %20" PRIu64 "\n", figures[i].label,
			    s->value[i]);
	}
}

static void
print_percent(struct cmd *cmd, size_t i, double percent)
{
	/* A host whose counters stand still: JSON has no word for 0/0. */
	cmd_field(cmd, figures[i].percent, percent != percent ?
	    value_null() : value_double(percent), "%-15s %5.1f%%\n",
	    figures[i].label, percent);
}

/* What the host itself tells in percent. */
static void
print_usage(struct cmd *cmd, const struct sample *s)
{
	uint64_t usage = s->value[CPU_USAGE];

	cmd_field(cmd, figures[CPU_USAGE].percent, value_uint(usage),
	    "%-15s %5" PRIu64 "%%\n", "usage:", usage);
	cmd_field(cmd, figures[CPU_IDLE].percent, value_uint(100 - usage),
	    "%-15s %5" PRIu64 "%%\n", "idle:", 100 - usage);
}

/* What happened between two samples, a second apart. */
static void
print_change(struct cmd *cmd, const struct sample *a, const struct sample *b)
{
	uint64_t change[N_TIMES];
	double total = 0;

	for (size_t i = 0; i < N_TIMES; i++) {
		change[i] = b->value[i] - a->value[i];
		total += (double)change[i];
	}
	print_percent(cmd, CPU_USAGE, (double)(change[CPU_USER] +
	    change[CPU_SYSTEM]) / total * 100);
	for (size_t i = 0; i < N_TIMES; i++) {
		if (a->present[i])
			print_percent(cmd, i,
			    (double)change[i] / total * 100);
	}
}

static int
nodecpustats_run(struct cmd *cmd)
{
	struct xvm_node_get_cpu_stats_args args = {
		.cpu_num = XVM_NODE_CPU_STATS_ALL_CPUS,
	};
	const struct xvm_node_get_cpu_stats_ret *ret;
	const struct timespec second = { 1, 0 };
	struct sample first, then;

	if (cmd_int(cmd, "cpu", &args.cpu_num) < 0)
		return -1;
	/* First how many there are: another number is refused. */
	ret = cmd_call(cmd, XVM_CALL_NODE_GET_CPU_STATS, &args);
	if (ret == NULL)
		return cmd_error(cmd, "Unable to get number of cpu stats");
	cmd_object_begin(cmd, NULL);
	if (ret->nparams == 0)
		return 0;
	args.nparams = ret->nparams;
	if (take_sample(cmd, &args, &first) != 0)
		return -1;
	if (!cmd_has(cmd, "percent")) {
		print_times(cmd, &first);
		return 0;
	}
	if (first.present[CPU_USAGE]) {
		print_usage(cmd, &first);
		return 0;
	}
	(void)nanosleep(&second, NULL);
	if (cmd_interrupted(cmd) || take_sample(cmd, &args, &then) != 0)
		return -1;
	print_change(cmd, &first, &then);
	return 0;
}

static const struct option nodecpustats_options[] = {
	{ .name = "cpu", .type = OPTION_INT, .help = "of this CPU alone",
	    .complete = complete_cpu },
	OPTION_SWITCH("percent", "print shares of one second from now"),
	{ 0 },
};

const struct command command_nodecpustats = {
	.name = "nodecpustats",
	.summary = "show what the host's CPUs have done",
	.description = "Shows CPU statistics of the host, in nanoseconds.",
	.options = nodecpustats_options,
	.run = nodecpustats_run,
};

/* --- nodesuspend ---------------------------------------------------------- */

static int
nodesuspend_run(struct cmd *cmd)
{
	static const char *const targets[] = {
		[XVM_NODE_SUSPEND_TARGET_MEM] = "mem",
		[XVM_NODE_SUSPEND_TARGET_DISK] = "disk",
		[XVM_NODE_SUSPEND_TARGET_HYBRID] = "hybrid",
	};
	struct xvm_node_suspend_for_duration_args args = { 0 };
	const char *target;
	int64_t duration = 0;
	int number;

	if (cmd_string(cmd, "target", &target) != 0 ||
	    cmd_i64(cmd, "duration", &duration) < 0)
		return -1;
	number = NUMBER_OF(targets, target);
	if (number < 0)
		return cmd_error(cmd, "Invalid target");
	if (duration < 0)
		return cmd_error(cmd, "Invalid duration");
	args.target = (unsigned int)number;
	args.duration = (uint64_t)duration;
	if (cmd_call(cmd, XVM_CALL_NODE_SUSPEND_FOR_DURATION, &args) == NULL)
		return cmd_error(cmd, "The host was not suspended");
	return 0;
}

static const struct option nodesuspend_options[] = {
	OPTION_WORD("target", "mem (to RAM), disk or hybrid (both)",
	    complete_suspend_target),
	{ .name = "duration", .type = OPTION_INT, .flags = OPTION_REQUIRED,
	    .help = "seconds until it wakes, at least 60" },
	{ 0 },
};

const struct command command_nodesuspend = {
	.name = "nodesuspend",
	.summary = "send the host to sleep for a time",
	.description = "Suspends the host and wakes it when the time is over.",
	.options = nodesuspend_options,
	.run = nodesuspend_run,
};
