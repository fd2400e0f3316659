/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands that count virtual CPUs and set their number. */
#include "vcpu.h"

#include "domain_options.h"
#include "input.h"

int
host_cpu_count(struct cmd *cmd)
{
	struct xvm_node_get_cpu_map_args args = { 0, 0, 0 };
	const struct xvm_node_get_cpu_map_ret *ret =
	    cmd_call(cmd, XVM_CALL_NODE_GET_CPU_MAP, &args);

	return ret == NULL ? -1 : ret->ret;
}

int
vcpu_counts(struct cmd *cmd, const struct xvm_domain *dom,
    const unsigned int *flags, int *counts_out, size_t n)
{
	struct xvm_domain_is_active_args is_active = { *dom };
	struct xvm_domain_is_persistent_args is_persistent = { *dom };
	struct xvm_domain_get_vcpus_flags_args *args =
	    cmd_alloc(cmd, n * sizeof(*args));
	const struct xvm_domain_is_active_ret *active;
	const struct xvm_domain_is_persistent_ret *persistent;
	struct call *calls = cmd_batch(cmd, n + 2);
	bool live, config;
	int rc = 0;

	for (size_t i = 0; i < n; i++) {
		args[i].dom = *dom;
		args[i].flags = flags[i];
		cmd_batch_set(cmd, &calls[i], XVM_CALL_DOMAIN_GET_VCPUS_FLAGS,
		    &args[i]);
	}
	cmd_batch_set(cmd, &calls[n], XVM_CALL_DOMAIN_IS_ACTIVE, &is_active);
	cmd_batch_set(cmd, &calls[n + 1], XVM_CALL_DOMAIN_IS_PERSISTENT,
	    &is_persistent);
	(void)cmd_submit(cmd, calls, n + 2);
	active = calls[n].ret;
	persistent = calls[n + 1].ret;
	live = calls[n].rc == 0 && active->active == 1;
	config = calls[n + 1].rc == 0 && persistent->persistent == 1;
	for (size_t i = 0; i < n; i++) {
		const struct xvm_domain_get_vcpus_flags_ret *ret =
		    calls[i].ret;

		counts_out[i] = -1;
		if (((flags[i] & XVM_DOMAIN_AFFECT_LIVE) != 0 && !live) ||
		    ((flags[i] & XVM_DOMAIN_AFFECT_CONFIG) != 0 && !config))
			continue;
		if (calls[i].rc == 0) {
			counts_out[i] = ret->num;
		} else {
			cmd_take_error(cmd, &calls[i]);
			rc = -1;
		}
	}
	return rc;
}

static const struct option vcpucount_options[] = {
	OPTION_DOMAIN(0),
	OPTION_SWITCH("maximum", "how many it can have"),
	OPTION_SWITCH("active", "how many it has"),
	OPTION_SWITCH("live", "of the running domain"),
	OPTION_SWITCH("config", "of the configuration for the next start"),
	OPTION_SWITCH("current", "of the domain in its present state"),
	OPTION_SWITCH("guest", "as the guest itself sees it"),
	{ 0 }
};

/* Every count that applies. */
static int
show_counts(struct cmd *cmd, const struct xvm_domain *dom)
{
	static const struct {
		const char *what, *when, *key;
		unsigned int flags;
	} rows[] = {
		{ "maximum", "config", "maximum_config",
		    XVM_DOMAIN_AFFECT_CONFIG | XVM_DOMAIN_VCPU_MAXIMUM },
		{ "maximum", "live", "maximum_live",
		    XVM_DOMAIN_AFFECT_LIVE | XVM_DOMAIN_VCPU_MAXIMUM },
		{ "current", "config", "current_config",
		    XVM_DOMAIN_AFFECT_CONFIG },
		{ "current", "live", "current_live", XVM_DOMAIN_AFFECT_LIVE },
	};
	enum { N = sizeof(rows) / sizeof(rows[0]) };
	unsigned int flags[N];
	int counts[N];

	for (size_t i = 0; i < N; i++)
		flags[i] = rows[i].flags;
	if (vcpu_counts(cmd, dom, flags, counts, N) != 0)
		return -1;
	for (size_t i = 0; i < N; i++) {
		if (counts[i] > 0)
			cmd_field(cmd, rows[i].key, value_int(counts[i]),
			    "%-12s %-12s %3d\n", rows[i].what, rows[i].when,
			    counts[i]);
	}
	return 0;
}

static int
vcpucount_run(struct cmd *cmd)
{
	bool maximum = cmd_has(cmd, "maximum"), active = cmd_has(cmd, "active");
	bool live = cmd_has(cmd, "live"), config = cmd_has(cmd, "config");
	bool current = cmd_has(cmd, "current"), guest = cmd_has(cmd, "guest");
	bool all = !maximum && !active && !live && !config && !current &&
	    !guest;
	struct xvm_domain_get_vcpus_flags_args args = { .flags = 0 };
	const struct xvm_domain_get_vcpus_flags_ret *ret;
	const struct xvm_domain *dom;

	/* Alone, and before --live or --config, it once meant --active. */
	if (!maximum && !active)
		current = false;
	if (cmd_exclusive_if(cmd, live, "live", config, "config") != 0 ||
	    cmd_exclusive_if(cmd, current, "current", live, "live") != 0 ||
	    cmd_exclusive_if(cmd, current, "current", config, "config") != 0 ||
	    cmd_exclusive_if(cmd, active, "active", maximum, "maximum") != 0 ||
	    cmd_exclusive_if(cmd, guest, "guest", config, "config") != 0 ||
	    (dom = cmd_domain(cmd)) == NULL)
		return -1;
	if (all)
		return show_counts(cmd, dom);
	args.dom = *dom;
	args.flags = (live ? XVM_DOMAIN_AFFECT_LIVE : 0) |
	    (config ? XVM_DOMAIN_AFFECT_CONFIG : 0) |
	    (maximum ? XVM_DOMAIN_VCPU_MAXIMUM : 0) |
	    (guest ? XVM_DOMAIN_VCPU_GUEST : 0);
	ret = cmd_call(cmd, XVM_CALL_DOMAIN_GET_VCPUS_FLAGS, &args);
	if (ret == NULL) {
		int code = cmd_last_error(cmd)->code;

		if (guest && (code == XVM_ERR_NO_SUPPORT ||
		    code == XVM_ERR_INVALID_ARG))
			(void)cmd_error(cmd, "Failed to retrieve vCPU count "
			    "from the guest");
		return -1;
	}
	cmd_field(cmd, "vcpus", value_int(ret->num), "%d\n", ret->num);
	return 0;
}

const struct command command_vcpucount = {
	.name = "vcpucount",
	.summary = "show how many virtual CPUs a domain has",
	.description = "Show how many virtual CPUs the domain has and can "
	    "have, now and when it starts next.",
	.options = vcpucount_options,
	.run = vcpucount_run,
};

static const struct option setvcpus_options[] = {
	OPTION_DOMAIN(0),
	{ .name = "count", .type = OPTION_INT, .flags = OPTION_REQUIRED,
	    .help = "how many" },
	OPTION_SWITCH("maximum", "how many it can have from the next start"),
	OPTIONS_AFFECT,
	OPTION_SWITCH("guest", "have the guest itself do it"),
	OPTION_SWITCH("hotpluggable", "let those that come be removed again"),
	{ 0 }
};

static int
setvcpus_run(struct cmd *cmd)
{
	struct xvm_domain_set_vcpus_args args;
	struct xvm_domain_set_vcpus_flags_args with_flags;
	const struct xvm_domain *dom;
	unsigned int count = 0, flags;

	if (cmd_affect_flags(cmd, &flags) != 0 ||
	    cmd_exclusive(cmd, "guest", "config") != 0 ||
	    cmd_requires(cmd, "maximum", "config") != 0 ||
	    (dom = cmd_domain(cmd)) == NULL ||
	    cmd_uint(cmd, "count", &count) < 0)
		return -1;
	if (count == 0)
		return cmd_error(cmd, "Can't set 0 processors for a VM");
	if (cmd_has(cmd, "guest"))
		flags |= XVM_DOMAIN_VCPU_GUEST;
	if (cmd_has(cmd, "maximum"))
		flags |= XVM_DOMAIN_VCPU_MAXIMUM;
	if (cmd_has(cmd, "hotpluggable"))
		flags |= XVM_DOMAIN_VCPU_HOTPLUGGABLE;
	args.dom = with_flags.dom = *dom;
	args.nvcpus = with_flags.nvcpus = count;
	with_flags.flags = flags;
	if (flags == 0 && !cmd_has(cmd, "current"))
		return cmd_call(cmd, XVM_CALL_DOMAIN_SET_VCPUS, &args) == NULL ?
		    -1 : 0;
	return cmd_call(cmd, XVM_CALL_DOMAIN_SET_VCPUS_FLAGS,
	    &with_flags) == NULL ? -1 : 0;
}

const struct command command_setvcpus = {
	.name = "setvcpus",
	.summary = "set how many virtual CPUs a domain has",
	.description = "Set how many virtual CPUs the domain has, or can have.",
	.options = setvcpus_options,
	.run = setvcpus_run,
};

static const struct option setvcpu_options[] = {
	OPTION_DOMAIN(0),
	OPTION_WORD("vcpulist", "the virtual CPUs, as 0-3,^2", complete_vcpu),
	OPTION_SWITCH("enable", "turn them on"),
	OPTION_SWITCH("disable", "turn them off"),
	OPTIONS_AFFECT,
	{ 0 }
};

static int
setvcpu_run(struct cmd *cmd)
{
	struct xvm_domain_set_vcpu_args args;
	const struct xvm_domain *dom;
	const char *list;

	if (cmd_exclusive(cmd, "enable", "disable") != 0 ||
	    cmd_affect_flags(cmd, &args.flags) != 0)
		return -1;
	if (!cmd_has(cmd, "enable") && !cmd_has(cmd, "disable"))
		return cmd_error(cmd,
		    "one of --enable, --disable is required");
	if (cmd_string(cmd, "vcpulist", &list) != 0 ||
	    (dom = cmd_domain(cmd)) == NULL)
		return -1;
	args.dom = *dom;
	args.cpumap = call_text(list);
	args.state = cmd_has(cmd, "enable");
	return cmd_call(cmd, XVM_CALL_DOMAIN_SET_VCPU, &args) == NULL ? -1 : 0;
}

const struct command command_setvcpu = {
	.name = "setvcpu",
	.summary = "turn virtual CPUs on or off",
	.description = "Add virtual CPUs to the domain, or take them away.",
	.options = setvcpu_options,
	.run = setvcpu_run,
};
