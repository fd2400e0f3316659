/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands that show virtual CPUs one by one. */
#include <string.h>

#include "../lib/number.h"
#include "../lib/typed_param.h"
#include "domain_doc.h"
#include "domain_options.h"
#include "input.h"
#include "params.h"
#include "vcpu.h"

static const struct option vcpuinfo_options[] = {
	OPTION_DOMAIN(0),
	OPTION_SWITCH("pretty", "show sets of CPUs as lists"),
	{ 0 }
};

#define VCPUS_MAX 16384		/* in one call */

/* By XVM_VCPU_*. */
static const char *const vcpu_states[] = { "offline", "running", "blocked" };

/* Some virtual CPUs' maps of the host's CPUs, one after the other. */
struct maps {
	const unsigned char *bytes;
	size_t n;		/* bytes in all */
	size_t len;		/* bytes of one map */
	int n_cpus;		/* of the host */
};

static void
show_affinity(struct cmd *cmd, const struct maps *maps, size_t vcpu)
{
	unsigned char *map = cmd_alloc(cmd, maps->len + 1);
	const char *list;

	if ((vcpu + 1) * maps->len <= maps->n)
		memcpy(map, maps->bytes + vcpu * maps->len, maps->len);
	list = bits_text(cmd, map, maps->len * 8);
	cmd_datum(cmd, "cpu_affinity", value_string(list));
	cmd_text(cmd, "%-15s ", "CPU Affinity:");
	if (cmd_has(cmd, "pretty")) {
		cmd_text(cmd, "%s (out of %d)", list, maps->n_cpus);
	} else {
		for (int i = 0; i < maps->n_cpus; i++)
			cmd_text(cmd, bit_is_set(map, maps->len, (size_t)i) ?
			    "y" : "-");
	}
	cmd_text(cmd, "\n");
}

/* The virtual CPUs that the description turns on; *n_out: of so many. */
static bool *
enabled_vcpus(struct cmd *cmd, const struct xvm_domain *dom, uint32_t *n_out)
{
	const struct node *domain =
	    cmd_domain_doc(cmd, dom, XVM_DOMAIN_XML_INACTIVE);
	const struct node *vcpu, *list;
	const char *current;
	uint32_t max, on = 0, found = 0, id;
	bool *enabled;

	if (domain == NULL)
		return NULL;
	vcpu = node_child(domain, "vcpu");
	if (vcpu == NULL || number_u32(node_text(vcpu), 10, &max) != 0) {
		(void)cmd_error(cmd, "Failed to retrieve maximum vcpu count");
		return NULL;
	}
	current = node_attr(vcpu, "current");
	if (current == NULL || number_u32(current, 10, &on) != 0 || on == 0)
		on = max;
	if (max > VCPUS_MAX) {
		(void)cmd_error(cmd, "Failed to retrieve maximum vcpu count");
		return NULL;
	}
	enabled = cmd_alloc(cmd, max + 1);
	*n_out = max;
	list = node_child(domain, "vcpus");
	if (node_child(list, "vcpu") == NULL) {
		for (uint32_t i = 0; i < on && i < max; i++)
			enabled[i] = true;
		return enabled;
	}
	for (const struct node *v = node_child(list, "vcpu"); v != NULL;
	    v = node_next(v, "vcpu")) {
		const char *text = node_attr(v, "id");

		if (text == NULL || number_u32(text, 10, &id) != 0 ||
		    id >= max || !node_attr_is(v, "enabled", "yes"))
			continue;
		found += !enabled[id];
		enabled[id] = true;
	}
	if (found != on) {
		(void)cmd_error(cmd, "Failed to retrieve vcpu state bitmap");
		return NULL;
	}
	return enabled;
}

/* What is known of virtual CPUs that do not run: where they may. */
static int
show_inactive(struct cmd *cmd, const struct xvm_domain *dom, int n_cpus)
{
	struct xvm_domain_get_vcpu_pin_info_args args;
	const struct xvm_domain_get_vcpu_pin_info_ret *ret;
	struct maps maps = { .n_cpus = n_cpus };
	uint32_t n;
	const bool *enabled = enabled_vcpus(cmd, dom, &n);
	bool first = true;

	if (enabled == NULL)
		return -1;
	maps.len = ((size_t)n_cpus + 7) / 8;
	args.dom = *dom;
	args.ncpumaps = (int)n;
	args.maplen = (int)maps.len;
	args.flags = XVM_DOMAIN_AFFECT_CONFIG;
	ret = cmd_call(cmd, XVM_CALL_DOMAIN_GET_VCPU_PIN_INFO, &args);
	if (ret == NULL)
		return -1;
	maps.bytes = (unsigned char *)ret->cpumaps.cpumaps_val;
	maps.n = ret->cpumaps.cpumaps_len;
	for (uint32_t i = 0; i < n; i++) {
		if (!enabled[i])
			continue;
		cmd_text(cmd, first ? "" : "\n");
		first = false;
		cmd_object_begin(cmd, NULL);
		cmd_field(cmd, "vcpu", value_uint(i), "%-15s %u\n", "VCPU:", i);
		cmd_field(cmd, "cpu", value_null(), "%-15s N/A\n", "CPU:");
		cmd_field(cmd, "state", value_null(), "%-15s N/A\n", "State:");
		cmd_field(cmd, "cpu_time_ns", value_null(), "%-15s N/A\n",
		    "CPU time");
		show_affinity(cmd, &maps, i);
		cmd_object_end(cmd);
	}
	return 0;
}

static void
show_vcpu(struct cmd *cmd, const struct xvm_vcpu_info *info)
{
	const char *state = NAME_OF(vcpu_states, info->state, "no state");

	cmd_field(cmd, "vcpu", value_uint(info->number), "%-15s %d\n", "VCPU:",
	    (int)info->number);
	cmd_field(cmd, "cpu", value_int(info->cpu), "%-15s %d\n", "CPU:",
	    info->cpu);
	cmd_field(cmd, "state", value_string(state), "%-15s %s\n", "State:",
	    state);
	cmd_datum(cmd, "cpu_time_ns", value_uint(info->cpu_time));
	if (info->cpu_time != 0)
		cmd_text(cmd, "%-15s %.1lfs\n", "CPU time:",
		    (double)info->cpu_time / 1e9);
}

/* The host's number of CPUs and the domain's information, together. */
static int
vcpuinfo_facts(struct cmd *cmd, const struct xvm_domain *dom, int *n_cpus_out,
    const struct xvm_domain_get_info_ret **info_out)
{
	struct xvm_node_get_cpu_map_args map = { 0, 0, 0 };
	struct xvm_domain_get_info_args info = { *dom };
	struct call *calls = cmd_batch(cmd, 2);

	cmd_batch_set(cmd, &calls[0], XVM_CALL_NODE_GET_CPU_MAP, &map);
	cmd_batch_set(cmd, &calls[1], XVM_CALL_DOMAIN_GET_INFO, &info);
	(void)cmd_submit(cmd, calls, 2);
	for (size_t i = 0; i < 2; i++) {
		if (calls[i].rc != 0) {
			cmd_take_error(cmd, &calls[i]);
			return -1;
		}
	}
	*n_cpus_out = ((struct xvm_node_get_cpu_map_ret *)calls[0].ret)->ret;
	*info_out = calls[1].ret;
	return 0;
}

static int
vcpuinfo_run(struct cmd *cmd)
{
	const struct xvm_domain *dom = cmd_domain(cmd);
	const struct xvm_domain_get_info_ret *info;
	struct xvm_domain_get_vcpus_args args;
	const struct xvm_domain_get_vcpus_ret *ret;
	struct maps maps;
	unsigned int n;

	if (dom == NULL ||
	    vcpuinfo_facts(cmd, dom, &maps.n_cpus, &info) != 0)
		return -1;
	maps.len = ((size_t)maps.n_cpus + 7) / 8;
	args.dom = *dom;
	args.maxinfo = info->nr_virt_cpu;
	args.maplen = (int)maps.len;
	ret = cmd_call(cmd, XVM_CALL_DOMAIN_GET_VCPUS, &args);
	if (ret == NULL && info->state != XVM_DOMAIN_SHUTOFF)
		return -1;
	cmd_array_begin(cmd, NULL);
	if (ret == NULL) {
		cmd_forget_error(cmd);
		return show_inactive(cmd, dom, maps.n_cpus);
	}
	maps.bytes = (unsigned char *)ret->cpumaps.cpumaps_val;
	maps.n = ret->cpumaps.cpumaps_len;
	n = ret->info.info_len;
	for (unsigned int i = 0; i < n; i++) {
		cmd_object_begin(cmd, NULL);
		show_vcpu(cmd, &ret->info.info_val[i]);
		show_affinity(cmd, &maps, i);
		cmd_object_end(cmd);
		if (i + 1 < n)
			cmd_text(cmd, "\n");
	}
	cmd_array_end(cmd);
	return 0;
}

const struct command command_vcpuinfo = {
	.name = "vcpuinfo",
	.summary = "show a domain's virtual CPUs",
	.description = "Show of each virtual CPU where it runs, its state, the "
	    "time it had and where it may run.",
	.options = vcpuinfo_options,
	.run = vcpuinfo_run,
};

static const struct option guestvcpus_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_ACTIVE),
	OPTION_TEXT("cpulist", "the CPUs to turn on or off", complete_vcpu),
	OPTION_SWITCH("enable", "turn those of --cpulist on"),
	OPTION_SWITCH("disable", "turn those of --cpulist off"),
	{ 0 }
};

static int
guestvcpus_run(struct cmd *cmd)
{
	struct xvm_domain_get_guest_vcpus_args args = { .flags = 0 };
	struct xvm_domain_set_guest_vcpus_args set = { .flags = 0 };
	const struct xvm_domain_get_guest_vcpus_ret *ret;
	const struct xvm_domain *dom;
	bool enable = cmd_has(cmd, "enable"), disable = cmd_has(cmd, "disable");
	const char *list;

	if (cmd_exclusive(cmd, "enable", "disable") != 0 ||
	    cmd_requires(cmd, "enable", "cpulist") != 0 ||
	    cmd_requires(cmd, "disable", "cpulist") != 0 ||
	    cmd_string(cmd, "cpulist", &list) != 0)
		return -1;
	if (list != NULL && !enable && !disable)
		return cmd_error(cmd, "One of options --enable or --disable is "
		    "required by option --cpulist");
	dom = cmd_domain(cmd);
	if (dom == NULL)
		return -1;
	args.dom = set.dom = *dom;
	if (list != NULL) {
		set.cpumap = call_text(list);
		set.state = enable;
		return cmd_call(cmd, XVM_CALL_DOMAIN_SET_GUEST_VCPUS,
		    &set) == NULL ? -1 : 0;
	}
	ret = cmd_call(cmd, XVM_CALL_DOMAIN_GET_GUEST_VCPUS, &args);
	if (ret == NULL)
		return -1;
	params_show(cmd, ret->params.params_val, ret->params.params_len, NULL);
	return 0;
}

const struct command command_guestvcpus = {
	.name = "guestvcpus",
	.summary = "show or set virtual CPUs as the guest sees them",
	.description = "Ask the guest's agent for its CPUs, or have it turn "
	    "some on or off.",
	.options = guestvcpus_options,
	.run = guestvcpus_run,
};
