/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands that set single things of a domain. */
#include "domain_options.h"
#include "input.h"

static const struct option autostart_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_PERSISTENT),
	OPTION_SWITCH("disable", "do not start it with the host any more"),
	{ 0 }
};

static int
autostart_run(struct cmd *cmd)
{
	const struct xvm_domain *dom = cmd_domain(cmd);
	struct xvm_domain_set_autostart_args args;
	const char *mark, *name = cmd_word(cmd, "domain");

	if (dom == NULL)
		return -1;
	args.dom = *dom;
	args.autostart = !cmd_has(cmd, "disable");
	mark = args.autostart ? "mark" : "unmark";
	if (cmd_call(cmd, XVM_CALL_DOMAIN_SET_AUTOSTART, &args) == NULL)
		return cmd_error(cmd, "Failed to %s domain '%s' as autostarted",
		    mark, name);
	cmd_extra(cmd, "Domain '%s' %sed as autostarted\n", name, mark);
	return 0;
}

const struct command command_autostart = {
	.name = "autostart",
	.summary = "start a domain whenever the host boots, or no longer",
	.description = "Have the domain started whenever the host boots.",
	.options = autostart_options,
	.run = autostart_run,
};

static const struct option lifecycle_options[] = {
	OPTION_DOMAIN(0),
	OPTION_WORD("type", "what happens: poweroff, reboot or crash",
	    complete_lifecycle_type),
	OPTION_WORD("action", "what is done then", complete_lifecycle_action),
	OPTIONS_AFFECT,
	{ 0 }
};

/* By XVM_DOMAIN_LIFECYCLE_* and XVM_DOMAIN_LIFECYCLE_ACTION_*. */
static const char *const lifecycle_types[] = { "poweroff", "reboot", "crash" };
static const char *const lifecycle_actions[] = {
	"destroy", "restart", "rename-restart", "preserve",
	"coredump-destroy", "coredump-restart"
};

static int
lifecycle_run(struct cmd *cmd)
{
	struct xvm_domain_set_lifecycle_action_args args;
	const struct xvm_domain *dom;
	const char *type, *action;
	int type_number, action_number;

	if (cmd_affect_flags(cmd, &args.flags) != 0 ||
	    cmd_string(cmd, "type", &type) != 0 ||
	    cmd_string(cmd, "action", &action) != 0)
		return -1;
	type_number = NUMBER_OF(lifecycle_types, type);
	if (type_number < 0)
		return cmd_error(cmd, "Invalid lifecycle type '%s'.", type);
	action_number = NUMBER_OF(lifecycle_actions, action);
	if (action_number < 0)
		return cmd_error(cmd, "Invalid lifecycle action '%s'.", action);
	dom = cmd_domain(cmd);
	if (dom == NULL)
		return -1;
	args.dom = *dom;
	args.type = (unsigned int)type_number;
	args.action = (unsigned int)action_number;
	if (cmd_call(cmd, XVM_CALL_DOMAIN_SET_LIFECYCLE_ACTION, &args) == NULL)
		return cmd_error(cmd, "Unable to change lifecycle action.");
	return 0;
}

const struct command command_set_lifecycle_action = {
	.name = "set-lifecycle-action",
	.summary = "set what is done when a domain ends",
	.description = "Set what is done when the domain powers off, reboots "
	    "or crashes.",
	.options = lifecycle_options,
	.run = lifecycle_run,
};

static const struct option user_password_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_ACTIVE),
	OPTION_WORD("user", "name of the user in the guest", NULL),
	OPTION_WORD("password", "the password that the user gets", NULL),
	OPTION_SWITCH("encrypted", "the password is given encrypted"),
	{ 0 }
};

static int
user_password_run(struct cmd *cmd)
{
	struct xvm_domain_set_user_password_args args;
	const struct xvm_domain *dom;
	const char *user, *password;
	xvm_str user_text, password_text;

	if (cmd_string(cmd, "user", &user) != 0 ||
	    cmd_string(cmd, "password", &password) != 0 ||
	    (dom = cmd_domain(cmd)) == NULL)
		return -1;
	user_text = call_text(user);
	password_text = call_text(password);
	args.dom = *dom;
	args.user = &user_text;
	args.password = &password_text;
	args.flags = cmd_has(cmd, "encrypted") ?
	    XVM_DOMAIN_PASSWORD_ENCRYPTED : 0;
	if (cmd_call(cmd, XVM_CALL_DOMAIN_SET_USER_PASSWORD, &args) == NULL)
		return -1;
	cmd_extra(cmd, "Password set successfully for %s in %s", user,
	    cmd_word(cmd, "domain"));
	return 0;
}

const struct command command_set_user_password = {
	.name = "set-user-password",
	.summary = "set a user's password in a guest",
	.description = "Set a user's password in the guest, by its agent.",
	.options = user_password_options,
	.run = user_password_run,
};

static const struct option pmsuspend_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_RUNNING),
	OPTION_WORD("target", "mem (suspend to RAM), disk (suspend to disk) or "
	    "hybrid (both)", complete_suspend_target),
	{ .name = "duration", .type = OPTION_INT, .flags = OPTION_NAMED,
	    .help = "wake it up after so many seconds" },
	{ 0 }
};

/* By XVM_NODE_SUSPEND_TARGET_*. */
static const char *const suspend_targets[] = { "mem", "disk", "hybrid" };

static int
pmsuspend_run(struct cmd *cmd)
{
	const struct xvm_domain *dom = cmd_domain(cmd);
	struct xvm_domain_pm_suspend_for_duration_args args = { .flags = 0 };
	const char *target;
	int number;

	if (dom == NULL || cmd_u64(cmd, "duration", &args.duration) < 0 ||
	    cmd_string(cmd, "target", &target) != 0)
		return -1;
	number = NUMBER_OF(suspend_targets, target);
	if (number < 0)
		return cmd_error(cmd, "Invalid target");
	args.dom = *dom;
	args.target = (unsigned int)number;
	if (cmd_call(cmd, XVM_CALL_DOMAIN_PM_SUSPEND_FOR_DURATION,
	    &args) == NULL)
		return cmd_error(cmd, "Domain '%s' could not be suspended",
		    dom->name);
	cmd_extra(cmd, "Domain '%s' successfully suspended", dom->name);
	return 0;
}

const struct command command_dompmsuspend = {
	.name = "dompmsuspend",
	.summary = "have a guest suspend itself",
	.description = "Have the guest suspend itself by its own power "
	    "management; its agent must run.",
	.options = pmsuspend_options,
	.run = pmsuspend_run,
};

static const struct option pmwakeup_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_OTHER),
	{ 0 }
};

static int
pmwakeup_run(struct cmd *cmd)
{
	const struct xvm_domain *dom = cmd_domain(cmd);
	struct xvm_domain_pm_wakeup_args args = { .flags = 0 };

	if (dom == NULL)
		return -1;
	args.dom = *dom;
	if (cmd_call(cmd, XVM_CALL_DOMAIN_PM_WAKEUP, &args) == NULL)
		return cmd_error(cmd, "Domain '%s' could not be woken up",
		    dom->name);
	cmd_extra(cmd, "Domain '%s' successfully woken up", dom->name);
	return 0;
}

const struct command command_dompmwakeup = {
	.name = "dompmwakeup",
	.summary = "wake up a guest that suspended itself",
	.description = "Wake up a guest that its power management suspended.",
	.options = pmwakeup_options,
	.run = pmwakeup_run,
};
