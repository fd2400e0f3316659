/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Descriptions of CPUs in a file, the emulator, and cpu-models. */
#include "host_cpu.h"

#include <string.h>

#include "../lib/buf.h"
#include "../lib/file.h"
#include "domain_doc.h"

#define FILE_MAX (10u * 1024 * 1024)

static int
add_cpu(struct cmd *cmd, struct cpus *cpus, struct node *cpu)
{
	struct buf text = BUF_INIT;

	if (cpus->n == CPUS_MAX)
		return cmd_error(cmd, "more than %d CPUs in one file",
		    CPUS_MAX);
	node_format(cpu, 0, &text);
	cpus->list[cpus->n++] = cmd_own(cmd, buf_detach(&text));
	return 0;
}

/* The mode that tells the host's model, as if it were a <cpu>. */
static int
add_host_models(struct cmd *cmd, struct cpus *cpus, struct node *cpu)
{
	struct node *mode = node_child(cpu, "mode");

	for (; mode != NULL; mode = node_next(mode, "mode")) {
		if (!node_attr_is(mode, "name", "host-model") ||
		    !node_attr_is(mode, "supported", "yes"))
			continue;
		mode->name = "cpu";
		mode->attrs = NULL;
		if (add_cpu(cmd, cpus, mode) != 0)
			return -1;
	}
	return 0;
}

static int
add_all(struct cmd *cmd, struct cpus *cpus, struct node *parent,
    int (*add)(struct cmd *, struct cpus *, struct node *))
{
	struct node *cpu = node_child(parent, "cpu");

	for (; cpu != NULL; cpu = node_next(cpu, "cpu")) {
		if (add(cmd, cpus, cpu) != 0)
			return -1;
	}
	return 0;
}

/* <cpu> itself, or in a domain, capabilities or domain capabilities. */
static int
add_from(struct cmd *cmd, struct cpus *cpus, struct node *node)
{
	struct node *host;

	if (node_is(node, "cpu"))
		return add_cpu(cmd, cpus, node);
	if (node_is(node, "domain"))
		return add_all(cmd, cpus, node, add_cpu);
	if (node_is(node, "domainCapabilities"))
		return add_all(cmd, cpus, node, add_host_models);
	if (!node_is(node, "capabilities"))
		return 0;
	for (host = node_child(node, "host"); host != NULL;
	    host = node_next(host, "host")) {
		if (add_all(cmd, cpus, host, add_cpu) != 0)
			return -1;
	}
	return 0;
}

int
host_read_cpus(struct cmd *cmd, const char *path, struct cpus *cpus)
{
	struct error err = ERROR_INIT;
	struct buf file = BUF_INIT;
	const char *text, *end;
	struct node *node;

	cpus->n = 0;
	if (file_read(path, FILE_MAX, &file, &err) != 0) {
		buf_release(&file);
		return cmd_set_error(cmd, &err);
	}
	buf_puts(&file, "");
	text = cmd_own(cmd, buf_detach(&file));
	/* Several documents may follow each other: one root for all. */
	end = strncmp(text, "<?xml", 5) == 0 ? strstr(text, "?>") : NULL;
	if (end != NULL)
		text = end + 2;
	node = cmd_xml(cmd, cmd_printf(cmd, "<container>%s</container>",
	    text), path);
	if (node == NULL)
		return -1;
	for (node = node_child(node, NULL); node != NULL;
	    node = node_next(node, NULL)) {
		if (add_from(cmd, cpus, node) != 0)
			return -1;
	}
	if (cpus->n == 0)
		return cmd_error(cmd, "File '%s' does not contain any <cpu> "
		    "element or valid domain XML, host capabilities XML, or "
		    "domain capabilities XML", path);
	return 0;
}

int
host_read_emulator(struct cmd *cmd, struct emulator *out)
{
	return cmd_string(cmd, "virttype", &out->virttype) != 0 ||
	    cmd_string(cmd, "emulator", &out->path) != 0 ||
	    cmd_string(cmd, "arch", &out->arch) != 0 ||
	    cmd_string(cmd, "machine", &out->machine) != 0 ? -1 : 0;
}

static int
cpu_models_run(struct cmd *cmd)
{
	struct xvm_connect_get_cpu_model_names_args args = {
		.need_results = 1,
	};
	const struct xvm_connect_get_cpu_model_names_ret *ret;
	const char *arch;

	if (cmd_string(cmd, "arch", &arch) != 0)
		return -1;
	args.arch = (char *)(size_t)arch;
	ret = cmd_call(cmd, XVM_CALL_CONNECT_GET_CPU_MODEL_NAMES, &args);
	if (ret == NULL)
		return cmd_error(cmd, "failed to get CPU model names");
	if (ret->models.models_len == 0)
		cmd_extra(cmd, "all CPU models are accepted\n");
	cmd_array_begin(cmd, NULL);
	for (unsigned int i = 0; i < ret->models.models_len; i++)
		cmd_field(cmd, NULL, value_string(ret->models.models_val[i]),
		    "%s\n", ret->models.models_val[i]);
	cmd_array_end(cmd);
	return 0;
}

static const struct option cpu_models_options[] = {
	OPTION_WORD("arch", "the architecture", complete_arch),
	{ 0 },
};

const struct command command_cpu_models = {
	.name = "cpu-models",
	.summary = "list the CPU models of an architecture",
	.description = "Lists the CPU models that a domain of an architecture "
	    "can have.",
	.options = cpu_models_options,
	.run = cpu_models_run,
};
