/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* schedinfo: how the host's scheduler treats a domain. */
#include <string.h>

#include "params.h"

#define PARAMS_MAX 16		/* in one call */

static const struct option schedinfo_options[] = {
	OPTION_DOMAIN(0),
	{ .name = "weight", .type = OPTION_INT, .flags = OPTION_NAMED,
	    .help = "the same as weight=NUMBER" },
	{ .name = "cap", .type = OPTION_INT, .flags = OPTION_NAMED,
	    .help = "the same as cap=NUMBER" },
	OPTION_SWITCH("current", "of the domain in its present state"),
	OPTION_SWITCH("config", "of the configuration for the next start"),
	OPTION_SWITCH("live", "of the running domain"),
	{ .name = "set", .type = OPTION_ARGV, .help = "NAME=VALUE to set" },
	{ 0 }
};

static const struct param_view views[] = {
	{ XVM_DOMAIN_SCHEDULER_VCPU_PERIOD, "vcpu_period_us", NULL },
	{ XVM_DOMAIN_SCHEDULER_VCPU_QUOTA, "vcpu_quota_us", NULL },
	{ XVM_DOMAIN_SCHEDULER_EMULATOR_PERIOD, "emulator_period_us", NULL },
	{ XVM_DOMAIN_SCHEDULER_EMULATOR_QUOTA, "emulator_quota_us", NULL },
	{ XVM_DOMAIN_SCHEDULER_GLOBAL_PERIOD, "global_period_us", NULL },
	{ XVM_DOMAIN_SCHEDULER_GLOBAL_QUOTA, "global_quota_us", NULL },
	{ XVM_DOMAIN_SCHEDULER_IOTHREAD_PERIOD, "iothread_period_us", NULL },
	{ XVM_DOMAIN_SCHEDULER_IOTHREAD_QUOTA, "iothread_quota_us", NULL },
	{ 0 }
};

/* The parameters that a scheduler has. */
struct scheduler {
	const struct xvm_domain *dom;
	bool with_flags;	/* by the calls that take flags */
	unsigned int get_flags, set_flags;
	const struct xvm_typed_param *v;
	unsigned int n;
};

/* Prepare the call that gets the parameters; args must be there for it. */
static void
set_get_call(struct cmd *cmd, struct call *call, const struct scheduler *s,
    struct xvm_domain_get_scheduler_parameters_args *args,
    struct xvm_domain_get_scheduler_parameters_flags_args *with_flags)
{
	args->dom = with_flags->dom = *s->dom;
	args->nparams = with_flags->nparams = PARAMS_MAX;
	with_flags->flags = s->get_flags | XVM_TYPED_PARAM_STRING_OKAY;
	if (s->with_flags)
		cmd_batch_set(cmd, call,
		    XVM_CALL_DOMAIN_GET_SCHEDULER_PARAMETERS_FLAGS, with_flags);
	else
		cmd_batch_set(cmd, call,
		    XVM_CALL_DOMAIN_GET_SCHEDULER_PARAMETERS, args);
}

static int
take_params(struct cmd *cmd, struct call *call, struct scheduler *s)
{
	/* Both results are the parameters alone. */
	const struct xvm_domain_get_scheduler_parameters_ret *ret = call->ret;

	if (call->rc != 0) {
		cmd_take_error(cmd, call);
		return -1;
	}
	s->v = ret->params.params_val;
	s->n = ret->params.params_len;
	return 0;
}

/* Print the scheduler's name, and get its parameters. */
static int
look(struct cmd *cmd, struct scheduler *s)
{
	struct xvm_domain_get_scheduler_type_args type_args = { *s->dom };
	struct xvm_domain_get_scheduler_parameters_args args;
	struct xvm_domain_get_scheduler_parameters_flags_args with_flags;
	const struct xvm_domain_get_scheduler_type_ret *type;
	struct call *calls = cmd_batch(cmd, 2);

	cmd_batch_set(cmd, &calls[0], XVM_CALL_DOMAIN_GET_SCHEDULER_TYPE,
	    &type_args);
	set_get_call(cmd, &calls[1], s, &args, &with_flags);
	(void)cmd_submit(cmd, calls, 2);
	type = calls[0].ret;
	if (calls[0].rc != 0) {
		cmd_text(cmd, "%-15s: %s\n", "Scheduler", "Unknown");
		cmd_take_error(cmd, &calls[0]);
		return -1;
	}
	cmd_field(cmd, "scheduler", value_string(type->type), "%-15s: %s\n",
	    "Scheduler", type->type);
	if (type->nparams == 0)
		return -1;
	return take_params(cmd, &calls[1], s);
}

static int
look_again(struct cmd *cmd, struct scheduler *s)
{
	struct xvm_domain_get_scheduler_parameters_args args;
	struct xvm_domain_get_scheduler_parameters_flags_args with_flags;
	struct call *call = cmd_batch(cmd, 1);

	set_get_call(cmd, call, s, &args, &with_flags);
	(void)cmd_submit(cmd, call, 1);
	return take_params(cmd, call, s);
}

/* Add a value for one of the scheduler's parameters. */
static int
add(struct cmd *cmd, const struct scheduler *s, struct params *params,
    const char *field, const char *value)
{
	const struct xvm_typed_param *known = params_find(s->v, s->n, field);
	struct error err = ERROR_INIT;

	if (known == NULL)
		return cmd_error(cmd, "invalid scheduler option: %s", field);
	if (params_add_text(params, field, known->value.type, value,
	    &err) != 0)
		return cmd_set_error(cmd, &err);
	return 0;
}

/* An option that is named as the parameter. */
static int
add_option(struct cmd *cmd, const struct scheduler *s, struct params *params,
    const char *name)
{
	const char *value;

	if (cmd_string(cmd, name, &value) != 0)
		return -1;
	return value == NULL ? 0 : add(cmd, s, params, name, value);
}

static int
read_updates(struct cmd *cmd, const struct scheduler *s, struct params *params)
{
	const char *word;

	for (size_t i = 0; (word = cmd_argv(cmd, i)) != NULL; i++) {
		char *field = cmd_strdup(cmd, word);
		char *value = strchr(field, '=');

		if (value == NULL)
			return cmd_error(cmd, "Invalid syntax for --set, "
			    "expecting name=value");
		*value++ = '\0';
		if (add(cmd, s, params, field, value) != 0)
			return -1;
	}
	if (add_option(cmd, s, params, "cap") != 0 ||
	    add_option(cmd, s, params, "weight") != 0)
		return -1;
	return 0;
}

static int
update(struct cmd *cmd, const struct scheduler *s, const struct params *params)
{
	struct xvm_domain_set_scheduler_parameters_args args;
	struct xvm_domain_set_scheduler_parameters_flags_args with_flags;

	args.dom = with_flags.dom = *s->dom;
	args.params.params_len = with_flags.params.params_len = params->n;
	args.params.params_val = with_flags.params.params_val = params->v;
	with_flags.flags = s->set_flags;
	if (s->with_flags)
		return cmd_call(cmd,
		    XVM_CALL_DOMAIN_SET_SCHEDULER_PARAMETERS_FLAGS,
		    &with_flags) == NULL ? -1 : 0;
	return cmd_call(cmd, XVM_CALL_DOMAIN_SET_SCHEDULER_PARAMETERS,
	    &args) == NULL ? -1 : 0;
}

static int
schedinfo_run(struct cmd *cmd)
{
	bool both = cmd_has(cmd, "live") && cmd_has(cmd, "config");
	struct params *updates = params_begin(cmd);
	struct scheduler s = { 0 };

	if (cmd_affect_flags(cmd, &s.set_flags) != 0 ||
	    (s.dom = cmd_domain(cmd)) == NULL)
		return -1;
	s.with_flags = s.set_flags != 0 || cmd_has(cmd, "current");
	/* Both at once can be set, not shown. */
	s.get_flags = both ? 0 : s.set_flags;
	if (look(cmd, &s) != 0 || read_updates(cmd, &s, updates) != 0)
		return -1;
	if (updates->n > 0) {
		if (update(cmd, &s, updates) != 0 || look_again(cmd, &s) != 0)
			return -1;
	} else if (both) {
		return cmd_error(cmd,
		    "cannot query both live and config at once");
	}
	params_show(cmd, s.v, s.n, views);
	return 0;
}

const struct command command_schedinfo = {
	.name = "schedinfo",
	.summary = "show or set how a domain is scheduled",
	.description = "Show the parameters that the host's scheduler has for "
	    "the domain, or set some.",
	.options = schedinfo_options,
	.run = schedinfo_run,
};
