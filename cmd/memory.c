/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands that set a domain's memory. */
#include "domain_options.h"

#define KIB 1024u

static const struct option setmem_options[] = {
	OPTION_DOMAIN(0),
	OPTION_OLD_NAME("kilobytes", "size"),
	{ .name = "size", .type = OPTION_INT, .flags = OPTION_REQUIRED,
	    .help = "the new size, in KiB unless a unit is given" },
	OPTIONS_AFFECT,
	{ 0 }
};

/*
 * Set the memory of the command's domain to its --size. 0; -1: said; -2: the
 * hypervisor refused.
 */
static int
set_memory(struct cmd *cmd, unsigned int flags)
{
	const struct xvm_domain *dom = cmd_domain(cmd);
	struct xvm_domain_set_memory_flags_args args = { .flags = flags };
	uint64_t bytes;

	if (dom == NULL ||
	    cmd_scaled(cmd, "size", &bytes, KIB, UINT64_MAX) < 0)
		return -1;
	args.dom = *dom;
	args.memory = bytes / KIB + (bytes % KIB != 0);
	return cmd_call(cmd, XVM_CALL_DOMAIN_SET_MEMORY_FLAGS, &args) == NULL ?
	    -2 : 0;
}

static int
setmem_run(struct cmd *cmd)
{
	unsigned int flags;

	if (cmd_affect_flags(cmd, &flags) != 0)
		return -1;
	if (flags == 0 && !cmd_has(cmd, "current"))
		flags = XVM_DOMAIN_AFFECT_LIVE;
	return set_memory(cmd, flags) == 0 ? 0 : -1;
}

const struct command command_setmem = {
	.name = "setmem",
	.summary = "set how much memory a domain has",
	.description = "Set how much memory the domain has now, within its "
	    "maximum.",
	.options = setmem_options,
	.run = setmem_run,
};

static int
setmaxmem_run(struct cmd *cmd)
{
	unsigned int flags;
	int rc;

	if (cmd_affect_flags(cmd, &flags) != 0)
		return -1;
	rc = set_memory(cmd, flags | XVM_DOMAIN_MEM_MAXIMUM);
	if (rc == -2)
		return cmd_error(cmd, "Unable to change MaxMemorySize");
	return rc;
}

const struct command command_setmaxmem = {
	.name = "setmaxmem",
	.summary = "set how much memory a domain can have",
	.description = "Set the most memory that the domain can have.",
	.options = setmem_options,
	.run = setmaxmem_run,
};
