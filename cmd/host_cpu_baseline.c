/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* cpu-baseline and hypervisor-cpu-baseline: what CPUs have in common. */
#include "host_cpu.h"

static const struct flag_option baseline_flags[] = {
	{ "features", XVM_CONNECT_BASELINE_CPU_EXPAND_FEATURES },
	{ "migratable", XVM_CONNECT_BASELINE_CPU_MIGRATABLE },
};

#define OPTIONS_BASELINE \
	OPTION_SWITCH("features", "name what belongs to the model as well"), \
	OPTION_SWITCH("migratable", "leave out what cannot be migrated")

static int
cpu_baseline_run(struct cmd *cmd)
{
	struct xvm_connect_baseline_cpu_args args = { 0 };
	const struct xvm_connect_baseline_cpu_ret *ret;
	struct cpus cpus;
	const char *path;

	args.flags = cmd_flags(cmd, baseline_flags, 2);
	if (cmd_string(cmd, "file", &path) != 0 ||
	    host_read_cpus(cmd, path, &cpus) != 0)
		return -1;
	args.xmlcp_us.xmlcp_us_val = cpus.list;
	args.xmlcp_us.xmlcp_us_len = cpus.n;
	ret = cmd_call(cmd, XVM_CALL_CONNECT_BASELINE_CPU, &args);
	if (ret == NULL)
		return -1;
	cmd_document(cmd, "xml", ret->cpu);
	return 0;
}

static const struct option cpu_baseline_options[] = {
	OPTION_WORD("file", "file with descriptions of CPUs, as XML",
	    complete_file),
	OPTIONS_BASELINE,
	{ 0 },
};

const struct command command_cpu_baseline = {
	.name = "cpu-baseline",
	.summary = "find the CPU that several CPUs can be",
	.description = "Prints the CPU that has what all CPUs in a file have "
	    "in common.",
	.options = cpu_baseline_options,
	.run = cpu_baseline_run,
};

static int
hypervisor_cpu_baseline_run(struct cmd *cmd)
{
	struct xvm_connect_baseline_hypervisor_cpu_args args = { 0 };
	const struct xvm_connect_baseline_hypervisor_cpu_ret *ret;
	struct emulator emulator;
	const char *path, *model;
	struct cpus cpus;

	args.flags = cmd_flags(cmd, baseline_flags, 2);
	if (cmd_string(cmd, "file", &path) != 0 ||
	    host_read_emulator(cmd, &emulator) != 0 ||
	    cmd_string(cmd, "model", &model) != 0 ||
	    cmd_exclusive_if(cmd, path != NULL, "file", model != NULL,
	    "model") != 0)
		return -1;
	if (path == NULL && model == NULL)
		return cmd_error(cmd,
		    "Either --%s or --%s must be provided", "file", "model");
	if (path == NULL) {
		cpus.list[0] = cmd_printf(cmd,
		    "<cpu><model>%s</model></cpu>", model);
		cpus.n = 1;
	} else if (host_read_cpus(cmd, path, &cpus) != 0) {
		return -1;
	}
	args.emulator = opt_str(&emulator.path);
	args.arch = opt_str(&emulator.arch);
	args.machine = opt_str(&emulator.machine);
	args.virttype = opt_str(&emulator.virttype);
	args.xmlcp_us.xmlcp_us_val = cpus.list;
	args.xmlcp_us.xmlcp_us_len = cpus.n;
	ret = cmd_call(cmd, XVM_CALL_CONNECT_BASELINE_HYPERVISOR_CPU, &args);
	if (ret == NULL)
		return -1;
	cmd_document(cmd, "xml", ret->cpu);
	return 0;
}

static const struct option hypervisor_cpu_baseline_options[] = {
	OPTION_TEXT("file", "file with descriptions of CPUs, as XML",
	    complete_file),
	OPTIONS_EMULATOR,
	OPTIONS_BASELINE,
	OPTION_TEXT("model", "this model alone instead of a file",
	    complete_domain_cpumodel),
	{ 0 },
};

const struct command command_hypervisor_cpu_baseline = {
	.name = "hypervisor-cpu-baseline",
	.summary = "find the CPU that domains can have on several hosts",
	.description = "Prints the CPU that the hypervisor can give to "
	    "domains on all hosts whose CPUs a file describes.",
	.options = hypervisor_cpu_baseline_options,
	.run = hypervisor_cpu_baseline_run,
};
