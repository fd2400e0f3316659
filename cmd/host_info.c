/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the host and its hypervisor are: names, versions, capabilities. */
#include <inttypes.h>

#include "../lib/number.h"
#include "domain_doc.h"
#include "domain_options.h"
#include "hypervisor_uri.h"

static int
hostname_run(struct cmd *cmd)
{
	const struct xvm_connect_get_hostname_ret *ret;

	ret = cmd_call(cmd, XVM_CALL_CONNECT_GET_HOSTNAME, NULL);
	if (ret == NULL)
		return cmd_error(cmd, "failed to get hostname");
	cmd_field(cmd, "hostname", value_string(ret->hostname), "%s\n",
	    ret->hostname);
	return 0;
}

const struct command command_hostname = {
	.name = "hostname",
	.summary = "print the name of the host",
	.run = hostname_run,
};

static int
uri_run(struct cmd *cmd)
{
	const char *uri = hypervisor_uri(cmd);

	if (uri == NULL)
		return cmd_error(cmd, "failed to get URI");
	cmd_field(cmd, "uri", value_string(uri), "%s\n", uri);
	return 0;
}

const struct command command_uri = {
	.name = "uri",
	.summary = "print the canonical URI of the hypervisor",
	.run = uri_run,
};

static int
sysinfo_run(struct cmd *cmd)
{
	struct xvm_connect_get_sysinfo_args args = { 0 };
	const struct xvm_connect_get_sysinfo_ret *ret;

	ret = cmd_call(cmd, XVM_CALL_CONNECT_GET_SYSINFO, &args);
	if (ret == NULL)
		return cmd_error(cmd, "failed to get sysinfo");
	cmd_document(cmd, "xml", ret->sysinfo);
	return 0;
}

const struct command command_sysinfo = {
	.name = "sysinfo",
	.summary = "print what the firmware tells about the host",
	.description = "Prints the host's system information as XML, where "
	    "there is any.",
	.run = sysinfo_run,
};

static int
capabilities_run(struct cmd *cmd)
{
	const struct xvm_connect_get_capabilities_ret *ret;

	ret = cmd_call(cmd, XVM_CALL_CONNECT_GET_CAPABILITIES, NULL);
	if (ret == NULL)
		return cmd_error(cmd, "failed to get capabilities");
	cmd_document(cmd, "xml", ret->capabilities);
	cmd_text(cmd, "\n");
	return 0;
}

const struct command command_capabilities = {
	.name = "capabilities",
	.summary = "print what host and hypervisor can do",
	.description = "Prints the capabilities of host and hypervisor as "
	    "XML.",
	.run = capabilities_run,
};

static int
domcapabilities_run(struct cmd *cmd)
{
	struct xvm_connect_get_domain_capabilities_args args = { 0 };
	const struct xvm_connect_get_domain_capabilities_ret *ret;
	const char *virttype, *emulator, *arch, *machine;

	if (cmd_string(cmd, "virttype", &virttype) != 0 ||
	    cmd_string(cmd, "emulatorbin", &emulator) != 0 ||
	    cmd_string(cmd, "arch", &arch) != 0 ||
	    cmd_string(cmd, "machine", &machine) != 0)
		return -1;
	args.virttype = opt_str(&virttype);
	args.emulatorbin = opt_str(&emulator);
	args.arch = opt_str(&arch);
	args.machine = opt_str(&machine);
	ret = cmd_call(cmd, XVM_CALL_CONNECT_GET_DOMAIN_CAPABILITIES, &args);
	if (ret == NULL)
		return cmd_error(cmd, "failed to get emulator capabilities");
	cmd_document(cmd, "xml", ret->capabilities);
	cmd_text(cmd, "\n");
	return 0;
}

static const struct option domcapabilities_options[] = {
	OPTION_TEXT("virttype", "kind of virtualization, a domain's type",
	    NULL),
	OPTION_TEXT("emulatorbin", "path of the emulator", NULL),
	OPTION_TEXT("arch", "architecture of the domain", complete_arch),
	OPTION_TEXT("machine", "machine type of the domain", NULL),
	{ 0 },
};

const struct command command_domcapabilities = {
	.name = "domcapabilities",
	.summary = "print what a domain can have",
	.description = "Prints as XML what the hypervisor offers to a domain "
	    "of the given kind.",
	.options = domcapabilities_options,
	.run = domcapabilities_run,
};

static int
nodeinfo_run(struct cmd *cmd)
{
	const struct xvm_node_get_info_ret *ret;
	const char *model;

	ret = cmd_call(cmd, XVM_CALL_NODE_GET_INFO, NULL);
	if (ret == NULL)
		return cmd_error(cmd, "failed to get node information");
	model = cmd_printf(cmd, "%.*s", (int)sizeof(ret->model), ret->model);
	cmd_field(cmd, "cpu_model", value_string(model), "%-20s %s\n",
	    "CPU model:", model);
	cmd_field(cmd, "cpus", value_int(ret->cpus), "%-20s %d\n", "CPU(s):",
	    ret->cpus);
	cmd_datum(cmd, "cpu_frequency_mhz", value_int(ret->mhz));
	if (ret->mhz != 0)
		cmd_text(cmd, "%-20s %d MHz\n", "CPU frequency:", ret->mhz);
	cmd_field(cmd, "cpu_sockets", value_int(ret->sockets), "%-20s %d\n",
	    "CPU socket(s):", ret->sockets);
	cmd_field(cmd, "cores_per_socket", value_int(ret->cores),
	    "%-20s %d\n", "Core(s) per socket:", ret->cores);
	cmd_field(cmd, "threads_per_core", value_int(ret->threads),
	    "%-20s %d\n", "Thread(s) per core:", ret->threads);
	cmd_field(cmd, "numa_cells", value_int(ret->nodes), "%-20s %d\n",
	    "NUMA cell(s):", ret->nodes);
	cmd_field(cmd, "memory_kib", value_uint(ret->memory),
	    "%-20s %" PRIu64 " KiB\n", "Memory size:", ret->memory);
	return 0;
}

const struct command command_nodeinfo = {
	.name = "nodeinfo",
	.summary = "show CPUs and memory of the host",
	.description = "Shows which CPUs and how much memory the host has.",
	.run = nodeinfo_run,
};

/* The digits of a version number: 1002003 is 1.2.3. */
static const char *
version_text(struct cmd *cmd, uint64_t version)
{
	return cmd_printf(cmd, "%d.%d.%d", (int)(version / 1000000),
	    (int)(version / 1000 % 1000), (int)(version % 1000));
}

static int
version_run(struct cmd *cmd)
{
	bool daemon = cmd_has(cmd, "daemon");
	struct call *calls = cmd_batch(cmd, 3);
	const struct xvm_connect_get_type_ret *type;
	const struct xvm_connect_get_version_ret *running;
	const struct xvm_connect_get_lib_version_ret *far;
	const char *ours = "libxvm " XVSH_VERSION, *text;

	cmd_batch_set(cmd, &calls[0], XVM_CALL_CONNECT_GET_TYPE, NULL);
	cmd_batch_set(cmd, &calls[1], XVM_CALL_CONNECT_GET_VERSION, NULL);
	cmd_batch_set(cmd, &calls[2], XVM_CALL_CONNECT_GET_LIB_VERSION, NULL);
	(void)cmd_submit(cmd, calls, daemon ? 3 : 2);
	type = calls[0].ret;
	running = calls[1].ret;
	far = calls[2].ret;

	if (calls[0].rc != 0) {
		cmd_take_error(cmd, &calls[0]);
		return cmd_error(cmd, "failed to get hypervisor type");
	}
	cmd_field(cmd, "compiled_against", value_string(ours),
	    "Compiled against library: %s\n", ours);
	cmd_field(cmd, "library", value_string(ours), "Using library: %s\n",
	    ours);
	cmd_datum(cmd, "hypervisor", value_string(type->type));
	cmd_field(cmd, "api_version", value_string(XVSH_VERSION),
	    "Using API: %s %s\n", type->type, XVSH_VERSION);
	if (calls[1].rc != 0) {
		cmd_take_error(cmd, &calls[1]);
		return cmd_error(cmd,
		    "failed to get the hypervisor version");
	}
	text = version_text(cmd, running->hv_ver);
	if (running->hv_ver == 0)
		cmd_field(cmd, "hypervisor_version", value_null(),
		    "Cannot extract running %s hypervisor version\n",
		    type->type);
	else
		cmd_field(cmd, "hypervisor_version", value_string(text),
		    "Running hypervisor: %s %s\n", type->type, text);
	if (!daemon)
		return 0;
	if (calls[2].rc != 0) {
		/* virsh takes this for a success all the same. */
		(void)cmd_error(cmd, "failed to get the daemon version");
		return 0;
	}
	text = version_text(cmd, far->lib_ver);
	cmd_field(cmd, "daemon_version", value_string(text),
	    "Running against daemon: %s\n", text);
	return 0;
}

static const struct option version_options[] = {
	OPTION_SWITCH("daemon", "tell the version at the other end as well"),
	{ 0 },
};

const struct command command_version = {
	.name = "version",
	.summary = "show versions",
	.description = "Shows the versions of library and hypervisor.",
	.options = version_options,
	.run = version_run,
};

static int
maxvcpus_run(struct cmd *cmd)
{
	struct xvm_connect_get_domain_capabilities_args caps_args = { 0 };
	struct xvm_connect_get_max_vcpus_args args;
	struct call *calls = cmd_batch(cmd, 2);
	const struct xvm_connect_get_domain_capabilities_ret *caps;
	const struct xvm_connect_get_max_vcpus_ret *ret;
	const struct node *root;
	const char *type, *max;
	int32_t n = -1;

	if (cmd_string(cmd, "type", &type) != 0)
		return -1;
	caps_args.virttype = opt_str(&type);
	args.type = opt_str(&type);
	cmd_batch_set(cmd, &calls[0],
	    XVM_CALL_CONNECT_GET_DOMAIN_CAPABILITIES, &caps_args);
	cmd_batch_set(cmd, &calls[1], XVM_CALL_CONNECT_GET_MAX_VCPUS, &args);
	(void)cmd_submit(cmd, calls, 2);
	caps = calls[0].ret;
	ret = calls[1].ret;
	if (calls[0].rc == 0) {
		root = cmd_xml(cmd, caps->capabilities,
		    "(domainCapabilities)");
		if (root == NULL)
			return -1;
		max = node_attr(node_child(root, "vcpu"), "max");
		if (max != NULL && number_i32(max, 10, &n) != 0)
			n = -1;
	}
	if (n < 0 && calls[1].rc != 0) {
		cmd_take_error(cmd, &calls[1]);
		return -1;
	}
	if (n < 0)
		n = ret->max_vcpus;
	cmd_field(cmd, "max_vcpus", value_int(n), "%d\n", n);
	return 0;
}

static const struct option maxvcpus_options[] = {
	OPTION_TEXT("type", "type of the domain", NULL),
	{ 0 },
};

const struct command command_maxvcpus = {
	.name = "maxvcpus",
	.summary = "print how many virtual CPUs a domain can have",
	.description = "Prints how many virtual CPUs a domain can have with "
	    "this hypervisor.",
	.options = maxvcpus_options,
	.run = maxvcpus_run,
};
