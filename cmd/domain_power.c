/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands that change what a running domain does. */
#include <string.h>

#include "domain_options.h"
#include "input.h"

static const struct option suspend_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_RUNNING),
	{ 0 }
};

static int
suspend_run(struct cmd *cmd)
{
	const struct xvm_domain *dom = cmd_domain(cmd);
	struct xvm_domain_suspend_args args;

	if (dom == NULL)
		return -1;
	args.dom = *dom;
	if (cmd_call(cmd, XVM_CALL_DOMAIN_SUSPEND, &args) == NULL)
		return cmd_error(cmd, "Failed to suspend domain '%s'",
		    cmd_word(cmd, "domain"));
	cmd_extra(cmd, "Domain '%s' suspended\n", cmd_word(cmd, "domain"));
	return 0;
}

const struct command command_suspend = {
	.name = "suspend",
	.summary = "pause a running domain",
	.description = "Stop the domain's virtual CPUs; its memory stays.",
	.options = suspend_options,
	.run = suspend_run,
};

static const struct option resume_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_PAUSED),
	{ 0 }
};

static int
resume_run(struct cmd *cmd)
{
	const struct xvm_domain *dom = cmd_domain(cmd);
	struct xvm_domain_resume_args args;

	if (dom == NULL)
		return -1;
	args.dom = *dom;
	if (cmd_call(cmd, XVM_CALL_DOMAIN_RESUME, &args) == NULL)
		return cmd_error(cmd, "Failed to resume domain '%s'",
		    cmd_word(cmd, "domain"));
	cmd_extra(cmd, "Domain '%s' resumed\n", cmd_word(cmd, "domain"));
	return 0;
}

const struct command command_resume = {
	.name = "resume",
	.summary = "let a paused domain run again",
	.description = "Let a domain that was paused by suspend run again.",
	.options = resume_options,
	.run = resume_run,
};

/* Ways to ask a guest to stop; shutdown's and reboot's bits are the same. */
static const struct flag_option modes[] = {
	{ "acpi", XVM_DOMAIN_SHUTDOWN_ACPI_POWER_BTN },
	{ "agent", XVM_DOMAIN_SHUTDOWN_GUEST_AGENT },
	{ "initctl", XVM_DOMAIN_SHUTDOWN_INITCTL },
	{ "signal", XVM_DOMAIN_SHUTDOWN_SIGNAL },
	{ "paravirt", XVM_DOMAIN_SHUTDOWN_PARAVIRT },
};

#define N_MODES (sizeof(modes) / sizeof(modes[0]))

_Static_assert((int)XVM_DOMAIN_SHUTDOWN_ACPI_POWER_BTN ==
    (int)XVM_DOMAIN_REBOOT_ACPI_POWER_BTN &&
    (int)XVM_DOMAIN_SHUTDOWN_PARAVIRT == (int)XVM_DOMAIN_REBOOT_PARAVIRT,
    "one table serves both");

/* The flags of --mode; before_or: what stands before the last "or". */
static int
read_modes(struct cmd *cmd, const char *before_or, unsigned int *flags_out)
{
	const char *mode;

	*flags_out = 0;
	if (cmd_string(cmd, "mode", &mode) != 0)
		return -1;
	if (mode == NULL)
		return 0;
	for (char **w = cmd_split_commas(cmd, mode); *w != NULL; w++) {
		size_t i = 0;

		while (i < N_MODES && strcmp(*w, modes[i].name) != 0)
			i++;
		if (i == N_MODES)
			return cmd_error(cmd, "Unknown mode %s value, expecting "
			    "'acpi', 'agent', 'initctl', 'signal'%sor "
			    "'paravirt'", *w, before_or);
		*flags_out |= modes[i].bit;
	}
	return 0;
}

static const char mode_help[] =
    "how to ask: acpi|agent|initctl|signal|paravirt";

static const struct option shutdown_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_ACTIVE),
	OPTION_TEXT("mode", mode_help, complete_shutdown_mode),
	{ 0 }
};

static int
shutdown_run(struct cmd *cmd)
{
	struct xvm_domain_shutdown_args args;
	struct xvm_domain_shutdown_flags_args with_flags;
	const struct xvm_domain *dom;
	const void *done;

	if (read_modes(cmd, ", ", &with_flags.flags) != 0 ||
	    (dom = cmd_domain(cmd)) == NULL)
		return -1;
	args.dom = with_flags.dom = *dom;
	if (with_flags.flags != 0)
		done = cmd_call(cmd, XVM_CALL_DOMAIN_SHUTDOWN_FLAGS,
		    &with_flags);
	else
		done = cmd_call(cmd, XVM_CALL_DOMAIN_SHUTDOWN, &args);
	if (done == NULL)
		return cmd_error(cmd, "Failed to shutdown domain '%s'",
		    cmd_word(cmd, "domain"));
	cmd_extra(cmd, "Domain '%s' is being shutdown\n",
	    cmd_word(cmd, "domain"));
	return 0;
}

const struct command command_shutdown = {
	.name = "shutdown",
	.summary = "ask a domain to shut down",
	.description = "Ask the domain's operating system to shut down.",
	.options = shutdown_options,
	.run = shutdown_run,
};

static const struct option reboot_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_ACTIVE),
	OPTION_TEXT("mode", mode_help, complete_reboot_mode),
	{ 0 }
};

static int
reboot_run(struct cmd *cmd)
{
	struct xvm_domain_reboot_args args;
	const struct xvm_domain *dom;

	if (read_modes(cmd, " ", &args.flags) != 0 ||
	    (dom = cmd_domain(cmd)) == NULL)
		return -1;
	args.dom = *dom;
	if (cmd_call(cmd, XVM_CALL_DOMAIN_REBOOT, &args) == NULL)
		return cmd_error(cmd, "Failed to reboot domain '%s'",
		    cmd_word(cmd, "domain"));
	cmd_extra(cmd, "Domain '%s' is being rebooted\n",
	    cmd_word(cmd, "domain"));
	return 0;
}

const struct command command_reboot = {
	.name = "reboot",
	.summary = "ask a domain to reboot",
	.description = "Ask the domain's operating system to reboot.",
	.options = reboot_options,
	.run = reboot_run,
};

static const struct option reset_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_ACTIVE),
	{ 0 }
};

static int
reset_run(struct cmd *cmd)
{
	const struct xvm_domain *dom = cmd_domain(cmd);
	struct xvm_domain_reset_args args = { .flags = 0 };

	if (dom == NULL)
		return -1;
	args.dom = *dom;
	if (cmd_call(cmd, XVM_CALL_DOMAIN_RESET, &args) == NULL)
		return cmd_error(cmd, "Failed to reset domain '%s'",
		    cmd_word(cmd, "domain"));
	cmd_extra(cmd, "Domain '%s' was reset\n", cmd_word(cmd, "domain"));
	return 0;
}

const struct command command_reset = {
	.name = "reset",
	.summary = "reset a domain at once",
	.description = "Reset the domain as its reset button would, without "
	    "asking its operating system.",
	.options = reset_options,
	.run = reset_run,
};

static const struct option destroy_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_ACTIVE),
	OPTION_SWITCH("graceful", "only if it ends without being forced"),
	OPTION_SWITCH("remove-logs", "remove the domain's logs"),
	{ 0 }
};

static const struct flag_option destroy_flags[] = {
	{ "graceful", XVM_DOMAIN_DESTROY_GRACEFUL },
	{ "remove-logs", XVM_DOMAIN_DESTROY_REMOVE_LOGS },
};

static int
destroy_run(struct cmd *cmd)
{
	const struct xvm_domain *dom = cmd_domain(cmd);
	struct xvm_domain_destroy_args args;
	struct xvm_domain_destroy_flags_args with_flags;
	const void *done;

	if (dom == NULL)
		return -1;
	args.dom = with_flags.dom = *dom;
	with_flags.flags = FLAGS_OF(cmd, destroy_flags);
	if (with_flags.flags != 0)
		done = cmd_call(cmd, XVM_CALL_DOMAIN_DESTROY_FLAGS,
		    &with_flags);
	else
		done = cmd_call(cmd, XVM_CALL_DOMAIN_DESTROY, &args);
	if (done == NULL)
		return cmd_error(cmd, "Failed to destroy domain '%s'",
		    cmd_word(cmd, "domain"));
	cmd_extra(cmd, "Domain '%s' destroyed\n", cmd_word(cmd, "domain"));
	return 0;
}

const struct command command_destroy = {
	.name = "destroy",
	.summary = "stop a domain at once",
	.description = "Stop the domain as if its power was cut; its "
	    "configuration and its disks stay.",
	.options = destroy_options,
	.run = destroy_run,
};

static const struct option inject_nmi_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_ACTIVE),
	{ 0 }
};

static int
inject_nmi_run(struct cmd *cmd)
{
	const struct xvm_domain *dom = cmd_domain(cmd);
	struct xvm_domain_inject_nmi_args args = { .flags = 0 };

	if (dom == NULL)
		return -1;
	args.dom = *dom;
	return cmd_call(cmd, XVM_CALL_DOMAIN_INJECT_NMI, &args) == NULL ?
	    -1 : 0;
}

const struct command command_inject_nmi = {
	.name = "inject-nmi",
	.summary = "send a non-maskable interrupt to a domain",
	.description = "Send a non-maskable interrupt to the domain.",
	.options = inject_nmi_options,
	.run = inject_nmi_run,
};
