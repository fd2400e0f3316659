/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands that show and set on which CPUs of the host a domain runs. */
#include <string.h>

#include "../lib/cpuset.h"
#include "domain_options.h"
#include "input.h"
#include "vcpu.h"

#define CPULIST_OPTION \
	{ .name = "cpulist", .type = OPTION_STRING, .flags = OPTION_EMPTY_OK, \
	    .help = "CPUs of the host, as 0-3,^2, or r for all; without it " \
	    "they are shown", .complete = complete_cpu }

char *
read_cpulist(struct cmd *cmd, const char *list, int n, unsigned int *len_out)
{
	struct error err = ERROR_INIT;
	struct cpuset set;
	char *map;

	memset(&set, 0, sizeof(set));
	if (list[0] == 'r') {
		set.end = (unsigned int)n;
	} else if (cpuset_parse(list, &set) != 0) {
		(void)cmd_error(cmd, "Invalid cpulist '%s'", list);
		(void)error_set(&err, XVM_FROM_NONE, XVM_ERR_INVALID_ARG,
		    "Failed to parse bitmap '%s'", list);
		(void)cmd_set_error(cmd, &err);
		return NULL;
	} else if (set.end == 0) {
		(void)cmd_error(cmd, "Invalid cpulist '%s'", list);
		return NULL;
	} else if (set.end > (unsigned int)n) {
		(void)cmd_error(cmd, "CPU %u in cpulist '%s' exceed the maxcpu "
		    "%d", set.end - 1, list, n);
		return NULL;
	}
	*len_out = (set.end + 7) / 8;
	map = cmd_alloc(cmd, *len_out);
	for (unsigned int i = 0; i < set.end; i++) {
		if (list[0] == 'r' || cpuset_has(&set, i))
			map[i / 8] |= (char)(1 << i % 8);
	}
	return map;
}

static const struct option vcpupin_options[] = {
	OPTION_DOMAIN(0),
	{ .name = "vcpu", .type = OPTION_INT,
	    .help = "number of the virtual CPU", .complete = complete_vcpu },
	CPULIST_OPTION,
	OPTIONS_AFFECT,
	{ 0 }
};

/* How many virtual CPUs have a pin to show? -1: said. */
static int
count_pins(struct cmd *cmd, const struct xvm_domain *dom, unsigned int flags)
{
	int n;

	flags |= XVM_DOMAIN_VCPU_MAXIMUM;
	if (vcpu_counts(cmd, dom, &flags, &n, 1) != 0)
		return -1;
	if (n >= 0)
		return n;
	return cmd_error(cmd, "cannot get vcpupin for %s domain",
	    (flags & XVM_DOMAIN_AFFECT_LIVE) != 0 ? "offline" : "transient");
}

static int
out_of_range(struct cmd *cmd, const struct xvm_domain *dom,
    unsigned int flags, unsigned int vcpu, int n)
{
	struct xvm_domain_is_active_args args = { *dom };
	const struct xvm_domain_is_active_ret *ret;
	bool live = (flags & XVM_DOMAIN_AFFECT_LIVE) != 0;

	if (!live && (flags & XVM_DOMAIN_AFFECT_CONFIG) == 0) {
		ret = cmd_call(cmd, XVM_CALL_DOMAIN_IS_ACTIVE, &args);
		live = ret != NULL && ret->active == 1;
	}
	return cmd_error(cmd, "vcpu %d is out of range of %s cpu count %d",
	    (int)vcpu, live ? "live" : "persistent", n);
}

/* only: the virtual CPU to show, NULL: all. */
static int
show_pins(struct cmd *cmd, const struct xvm_domain *dom, unsigned int flags,
    const unsigned int *only, int n_cpus)
{
	static const struct column columns[] = {
		{ "VCPU", "vcpu" },
		{ "CPU Affinity", "cpu_affinity" },
	};
	struct xvm_domain_get_vcpu_pin_info_args args;
	const struct xvm_domain_get_vcpu_pin_info_ret *ret;
	size_t len = ((size_t)n_cpus + 7) / 8;
	struct table *table;
	int n = count_pins(cmd, dom, flags);

	if (n < 0)
		return -1;
	if (only != NULL && *only >= (unsigned int)n)
		return out_of_range(cmd, dom, flags, *only, n);
	args.dom = *dom;
	args.ncpumaps = n;
	args.maplen = (int)len;
	args.flags = flags;
	ret = cmd_call(cmd, XVM_CALL_DOMAIN_GET_VCPU_PIN_INFO, &args);
	if (ret == NULL)
		return -1;
	table = table_new(cmd, columns, 2);
	for (int i = 0; i < ret->num; i++) {
		const unsigned char *map =
		    (unsigned char *)ret->cpumaps.cpumaps_val + (size_t)i * len;

		if (only != NULL && *only != (unsigned int)i)
			continue;
		if ((size_t)(i + 1) * len > ret->cpumaps.cpumaps_len)
			break;
		table_cell(table, value_int(i), NULL);
		table_cell(table, value_string(bits_text(cmd, map, len * 8)),
		    NULL);
	}
	table_print(table, NULL);
	return 0;
}

static int
vcpupin_run(struct cmd *cmd)
{
	struct xvm_domain_pin_vcpu_args args;
	struct xvm_domain_pin_vcpu_flags_args with_flags;
	const struct xvm_domain *dom;
	const char *cpulist;
	unsigned int flags, vcpu = 0, len;
	int got_vcpu, n_cpus;
	char *map;

	if (cmd_affect_flags(cmd, &flags) != 0 ||
	    cmd_string(cmd, "cpulist", &cpulist) != 0 ||
	    (cpulist == NULL && cmd_exclusive(cmd, "live", "config") != 0) ||
	    (got_vcpu = cmd_uint(cmd, "vcpu", &vcpu)) < 0)
		return -1;
	if (cpulist != NULL && got_vcpu == 0)
		return cmd_error(cmd,
		    "vcpupin: Missing vCPU number in pin mode.");
	if ((n_cpus = host_cpu_count(cmd)) < 0 ||
	    (dom = cmd_domain(cmd)) == NULL)
		return -1;
	if (cpulist == NULL)
		return show_pins(cmd, dom, flags, got_vcpu ? &vcpu : NULL,
		    n_cpus);
	map = read_cpulist(cmd, cpulist, n_cpus, &len);
	if (map == NULL)
		return -1;
	args.dom = with_flags.dom = *dom;
	args.vcpu = with_flags.vcpu = vcpu;
	args.cpumap.cpumap_val = with_flags.cpumap.cpumap_val = map;
	args.cpumap.cpumap_len = with_flags.cpumap.cpumap_len = len;
	with_flags.flags = flags;
	if (flags == 0 && !cmd_has(cmd, "current"))
		return cmd_call(cmd, XVM_CALL_DOMAIN_PIN_VCPU, &args) == NULL ?
		    -1 : 0;
	return cmd_call(cmd, XVM_CALL_DOMAIN_PIN_VCPU_FLAGS,
	    &with_flags) == NULL ? -1 : 0;
}

const struct command command_vcpupin = {
	.name = "vcpupin",
	.summary = "show or set on which CPUs virtual CPUs run",
	.description = "Show on which CPUs of the host the domain's virtual "
	    "CPUs may run, or set it for one of them.",
	.options = vcpupin_options,
	.run = vcpupin_run,
};

static const struct option emulatorpin_options[] = {
	OPTION_DOMAIN(0),
	CPULIST_OPTION,
	OPTIONS_AFFECT,
	{ 0 }
};

static int
show_emulator_pin(struct cmd *cmd, const struct xvm_domain *dom,
    unsigned int flags, int n_cpus)
{
	struct xvm_domain_get_emulator_pin_info_args args = {
		*dom, (n_cpus + 7) / 8, flags
	};
	const struct xvm_domain_get_emulator_pin_info_ret *ret =
	    cmd_call(cmd, XVM_CALL_DOMAIN_GET_EMULATOR_PIN_INFO, &args);
	const char *list;

	if (ret == NULL)
		return -1;
	list = bits_text(cmd, (unsigned char *)ret->cpumaps.cpumaps_val,
	    (size_t)ret->cpumaps.cpumaps_len * 8);
	cmd_extra(cmd, "emulator: CPU Affinity\n"
	    "----------------------------------\n"
	    "       *: ");
	cmd_field(cmd, "cpu_affinity", value_string(list), "%s\n", list);
	return 0;
}

static int
emulatorpin_run(struct cmd *cmd)
{
	struct xvm_domain_pin_emulator_args args;
	const struct xvm_domain *dom;
	const char *cpulist;
	unsigned int flags, len;
	int n_cpus;
	char *map;

	if (cmd_affect_flags(cmd, &flags) != 0 ||
	    (dom = cmd_domain(cmd)) == NULL ||
	    cmd_string(cmd, "cpulist", &cpulist) != 0 ||
	    (n_cpus = host_cpu_count(cmd)) < 0)
		return -1;
	if (cpulist == NULL)
		return show_emulator_pin(cmd, dom, flags, n_cpus);
	map = read_cpulist(cmd, cpulist, n_cpus, &len);
	if (map == NULL)
		return -1;
	if (flags == 0 && !cmd_has(cmd, "current"))
		flags = XVM_DOMAIN_AFFECT_LIVE;
	args.dom = *dom;
	args.cpumap.cpumap_val = map;
	args.cpumap.cpumap_len = len;
	args.flags = flags;
	return cmd_call(cmd, XVM_CALL_DOMAIN_PIN_EMULATOR, &args) == NULL ?
	    -1 : 0;
}

const struct command command_emulatorpin = {
	.name = "emulatorpin",
	.summary = "show or set on which CPUs a domain's emulator runs",
	.description = "Show or set on which CPUs of the host the threads of "
	    "the domain's emulator may run.",
	.options = emulatorpin_options,
	.run = emulatorpin_run,
};
