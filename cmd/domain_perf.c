/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* perf: which events of a domain are counted. */
#include "input.h"
#include "params.h"

static const struct option perf_options[] = {
	OPTION_DOMAIN(0),
	OPTION_TEXT("enable", "count these events, named between commas",
	    complete_perf_event),
	OPTION_TEXT("disable", "no longer count these events",
	    complete_perf_event),
	OPTIONS_AFFECT,
	{ 0 }
};

static void
add_events(struct cmd *cmd, struct params *params, const char *list, bool on)
{
	if (list == NULL)
		return;
	for (char **w = cmd_split_commas(cmd, list); *w != NULL; w++) {
		if ((*w)[0] != '\0')
			params_add_boolean(params, *w, on);
	}
}

static void
show_events(struct cmd *cmd, const struct xvm_typed_param *v, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		bool on = v[i].value.type == XVM_TYPED_BOOLEAN &&
		    v[i].value.xvm_typed_value_u.b != 0;

		cmd_datum(cmd, v[i].field, value_bool(on));
		cmd_extra(cmd, "%-15s: %s\n", v[i].field,
		    on ? "enabled" : "disabled");
	}
}

static int
perf_run(struct cmd *cmd)
{
	struct params *params = params_begin(cmd);
	struct xvm_domain_get_perf_events_args get;
	struct xvm_domain_set_perf_events_args set;
	const struct xvm_domain_get_perf_events_ret *ret;
	const struct xvm_domain *dom;
	const char *enable, *disable;

	if (cmd_affect_flags(cmd, &get.flags) != 0 ||
	    cmd_string(cmd, "enable", &enable) != 0 ||
	    cmd_string(cmd, "disable", &disable) != 0 ||
	    (dom = cmd_domain(cmd)) == NULL)
		return -1;
	add_events(cmd, params, enable, true);
	add_events(cmd, params, disable, false);
	if (params->failed)
		return cmd_error(cmd, "out of memory");
	get.dom = set.dom = *dom;
	if (params->n == 0) {
		ret = cmd_call(cmd, XVM_CALL_DOMAIN_GET_PERF_EVENTS, &get);
		if (ret == NULL)
			return cmd_error(cmd, "Unable to get perf events");
		show_events(cmd, ret->params.params_val,
		    ret->params.params_len);
		return 0;
	}
	set.params.params_val = params->v;
	set.params.params_len = params->n;
	set.flags = get.flags;
	if (cmd_call(cmd, XVM_CALL_DOMAIN_SET_PERF_EVENTS, &set) == NULL)
		return cmd_error(cmd, "Unable to enable/disable perf events");
	show_events(cmd, params->v, params->n);
	return 0;
}

const struct command command_perf = {
	.name = "perf",
	.summary = "show or set which events of a domain are counted",
	.description = "Show which performance events of the domain are "
	    "counted, or turn some on or off.",
	.options = perf_options,
	.run = perf_run,
};
