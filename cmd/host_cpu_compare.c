/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* cpu-compare and hypervisor-cpu-compare: does a CPU fit? */
#include "host_cpu.h"

static const struct flag_option compare_flags[] = {
	{ "error", XVM_CONNECT_COMPARE_CPU_FAIL_INCOMPATIBLE },
	{ "validate", XVM_CONNECT_COMPARE_CPU_VALIDATE_XML },
};

#define OPTIONS_COMPARE \
	OPTION_SWITCH("error", "fail with a reason when they do not fit"), \
	OPTION_SWITCH("validate", "check the file against the schema first")

/* Texts have the file's name in them. */
struct verdicts {
	const char *incompatible, *identical, *superset;
};

static int
print_verdict(struct cmd *cmd, int result, const struct verdicts *texts,
    const char *path)
{
	const char *before, *after = "\n", *word;

	switch (result) {
	case XVM_CPU_COMPARE_INCOMPATIBLE:
		word = "incompatible";
		before = "CPU described in ";
		after = texts->incompatible;
		break;
	case XVM_CPU_COMPARE_IDENTICAL:
		word = "identical";
		before = "CPU described in ";
		after = texts->identical;
		break;
	default:
		word = "superset";
		before = texts->superset;
		break;
	}
	cmd_field(cmd, "result", value_string(word), "%s%s%s", before, path,
	    after);
	if (result != XVM_CPU_COMPARE_INCOMPATIBLE)
		return 0;
	/* It is an answer, and the status says that they do not fit. */
	cmd_json_flush(cmd);
	return -1;
}

static bool
is_verdict(int result)
{
	return result == XVM_CPU_COMPARE_INCOMPATIBLE ||
	    result == XVM_CPU_COMPARE_IDENTICAL ||
	    result == XVM_CPU_COMPARE_SUPERSET;
}

static int
cpu_compare_run(struct cmd *cmd)
{
	static const struct verdicts texts = {
		" is incompatible with host CPU\n",
		" is identical to host CPU\n",
		"Host CPU is a superset of CPU described in ",
	};
	struct xvm_connect_compare_cpu_args args = { 0 };
	const struct xvm_connect_compare_cpu_ret *ret;
	struct cpus cpus;
	const char *path;

	args.flags = cmd_flags(cmd, compare_flags, 2);
	if (cmd_string(cmd, "file", &path) != 0 ||
	    host_read_cpus(cmd, path, &cpus) != 0)
		return -1;
	args.xml = cpus.list[0];
	ret = cmd_call(cmd, XVM_CALL_CONNECT_COMPARE_CPU, &args);
	if (ret == NULL || !is_verdict(ret->result))
		return cmd_error(cmd, "Failed to compare host CPU with %s",
		    path);
	return print_verdict(cmd, ret->result, &texts, path);
}

static const struct option cpu_compare_options[] = {
	OPTION_WORD("file", "file with the description of a CPU, as XML",
	    complete_file),
	OPTIONS_COMPARE,
	{ 0 },
};

const struct command command_cpu_compare = {
	.name = "cpu-compare",
	.summary = "compare a CPU with the host's",
	.description = "Tells whether the host's CPU can do what the one in a "
	    "file can.",
	.options = cpu_compare_options,
	.run = cpu_compare_run,
};

static int
hypervisor_cpu_compare_run(struct cmd *cmd)
{
	static const struct verdicts texts = {
		" is incompatible with the CPU provided by hypervisor on the "
		    "host\n",
		" is identical to the CPU provided by hypervisor on the "
		    "host\n",
		"The CPU provided by hypervisor on the host is a superset of "
		    "CPU described in ",
	};
	struct xvm_connect_compare_hypervisor_cpu_args args = { 0 };
	const struct xvm_connect_compare_hypervisor_cpu_ret *ret;
	struct emulator emulator;
	struct cpus cpus;
	const char *path;

	args.flags = cmd_flags(cmd, compare_flags, 2);
	if (cmd_string(cmd, "file", &path) != 0 ||
	    host_read_emulator(cmd, &emulator) != 0 ||
	    host_read_cpus(cmd, path, &cpus) != 0)
		return -1;
	args.emulator = opt_str(&emulator.path);
	args.arch = opt_str(&emulator.arch);
	args.machine = opt_str(&emulator.machine);
	args.virttype = opt_str(&emulator.virttype);
	args.xmlcpu = cpus.list[0];
	ret = cmd_call(cmd, XVM_CALL_CONNECT_COMPARE_HYPERVISOR_CPU, &args);
	if (ret == NULL || !is_verdict(ret->result))
		return cmd_error(cmd,
		    "Failed to compare hypervisor CPU with %s", path);
	return print_verdict(cmd, ret->result, &texts, path);
}

static const struct option hypervisor_cpu_compare_options[] = {
	OPTION_WORD("file", "file with the description of a CPU, as XML",
	    complete_file),
	OPTIONS_EMULATOR,
	OPTIONS_COMPARE,
	{ 0 },
};

const struct command command_hypervisor_cpu_compare = {
	.name = "hypervisor-cpu-compare",
	.summary = "compare a CPU with the one that domains can have",
	.description = "Tells whether the CPU that the hypervisor gives to "
	    "domains can do what the one in a file can.",
	.options = hypervisor_cpu_compare_options,
	.run = hypervisor_cpu_compare_run,
};
