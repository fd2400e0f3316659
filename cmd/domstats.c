/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* domstats: the figures of many domains in one call. */
#include "../lib/buf.h"
#include "../lib/uuid.h"
#include "domain_options.h"

static const struct flag_option groups[] = {
	{ "state", XVM_DOMAIN_STATS_STATE },
	{ "cpu-total", XVM_DOMAIN_STATS_CPU_TOTAL },
	{ "balloon", XVM_DOMAIN_STATS_BALLOON },
	{ "vcpu", XVM_DOMAIN_STATS_VCPU },
	{ "interface", XVM_DOMAIN_STATS_INTERFACE },
	{ "block", XVM_DOMAIN_STATS_BLOCK },
	{ "perf", XVM_DOMAIN_STATS_PERF },
	{ "iothread", XVM_DOMAIN_STATS_IOTHREAD },
	{ "memory", XVM_DOMAIN_STATS_MEMORY },
	{ "dirtyrate", XVM_DOMAIN_STATS_DIRTYRATE },
	{ "vm", XVM_DOMAIN_STATS_VM },
};

static const struct flag_option flags[] = {
	{ "list-active", XVM_CONNECT_GET_ALL_DOMAINS_STATS_ACTIVE },
	{ "list-inactive", XVM_CONNECT_GET_ALL_DOMAINS_STATS_INACTIVE },
	{ "list-persistent", XVM_CONNECT_GET_ALL_DOMAINS_STATS_PERSISTENT },
	{ "list-transient", XVM_CONNECT_GET_ALL_DOMAINS_STATS_TRANSIENT },
	{ "list-running", XVM_CONNECT_GET_ALL_DOMAINS_STATS_RUNNING },
	{ "list-paused", XVM_CONNECT_GET_ALL_DOMAINS_STATS_PAUSED },
	{ "list-shutoff", XVM_CONNECT_GET_ALL_DOMAINS_STATS_SHUTOFF },
	{ "list-other", XVM_CONNECT_GET_ALL_DOMAINS_STATS_OTHER },
	{ "enforce", XVM_CONNECT_GET_ALL_DOMAINS_STATS_ENFORCE_STATS },
	{ "backing", XVM_CONNECT_GET_ALL_DOMAINS_STATS_BACKING },
	{ "nowait", XVM_CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT },
};

/* The domains that are named; 0, or -1 after saying which is not there. */
static int
find_named(struct cmd *cmd, struct xvm_connect_get_all_domain_stats_args *args)
{
	unsigned int n = 0;

	while (cmd_argv(cmd, n) != NULL)
		n++;
	args->doms.doms_val = cmd_alloc(cmd, n * sizeof(struct xvm_domain));
	for (unsigned int i = 0; i < n; i++) {
		const struct xvm_domain *dom = cmd_domain_named(cmd,
		    cmd_argv(cmd, i), CMD_BY_ID | CMD_BY_UUID | CMD_BY_NAME);

		if (dom == NULL)
			return -1;
		args->doms.doms_val[i] = *dom;
	}
	args->doms.doms_len = n;
	return 0;
}

static void
print_json(struct cmd *cmd, const struct xvm_domain_stats_record *r)
{
	char uuid[UUID_TEXT_SIZE];

	(void)uuid_format(UUID_BYTES(r->dom.uuid), uuid);
	cmd_object_begin(cmd, NULL);
	cmd_datum(cmd, "name", value_string(r->dom.name));
	cmd_datum(cmd, "uuid", value_string(uuid));
	cmd_object_begin(cmd, "stats");
	for (unsigned int i = 0; i < r->params.params_len; i++) {
		const struct xvm_typed_param *p = &r->params.params_val[i];

		cmd_datum(cmd, p->field, param_value(p));
	}
	cmd_object_end(cmd);
	cmd_object_end(cmd);
}

static void
format_text(const struct xvm_domain_stats_record *r, struct buf *out)
{
	buf_puts(out, "Domain: '");
	buf_puts(out, r->dom.name);
	buf_puts(out, "'\n");
	for (unsigned int i = 0; i < r->params.params_len; i++) {
		const struct xvm_typed_param *p = &r->params.params_val[i];

		buf_puts(out, "  ");
		buf_puts(out, p->field);
		buf_putc(out, '=');
		param_format(p, out);
		buf_putc(out, '\n');
	}
}

static int
domstats_run(struct cmd *cmd)
{
	struct xvm_connect_get_all_domain_stats_args args = { 0 };
	const struct xvm_connect_get_all_domain_stats_ret *ret;
	struct buf text = BUF_INIT;

	args.stats = cmd_flags(cmd, groups,
	    sizeof(groups) / sizeof(groups[0]));
	args.flags = cmd_flags(cmd, flags, sizeof(flags) / sizeof(flags[0]));
	if (find_named(cmd, &args) != 0)
		return -1;
	ret = cmd_call(cmd, XVM_CALL_CONNECT_GET_ALL_DOMAIN_STATS, &args);
	if (ret == NULL)
		return -1;
	cmd_array_begin(cmd, NULL);
	for (unsigned int i = 0; i < ret->ret_stats.ret_stats_len; i++) {
		const struct xvm_domain_stats_record *r =
		    &ret->ret_stats.ret_stats_val[i];

		if (cmd_json(cmd)) {
			print_json(cmd, r);
			continue;
		}
		/* Ten thousand domains: one write each. */
		buf_clear(&text);
		if (i > 0)
			buf_putc(&text, '\n');
		format_text(r, &text);
		cmd_text(cmd, "%s", buf_str(&text));
	}
	cmd_array_end(cmd);
	buf_release(&text);
	return 0;
}

static const struct option domstats_options[] = {
	OPTION_SWITCH("state", "tell the state"),
	OPTION_SWITCH("cpu-total", "tell the use of physical CPUs"),
	OPTION_SWITCH("balloon", "tell the balloon's figures"),
	OPTION_SWITCH("vcpu", "tell about virtual CPUs"),
	OPTION_SWITCH("interface", "tell about network interfaces"),
	OPTION_SWITCH("block", "tell about block devices"),
	OPTION_SWITCH("perf", "tell the counts of perf events"),
	OPTION_SWITCH("iothread", "tell about I/O threads"),
	OPTION_SWITCH("memory", "tell the use of memory"),
	OPTION_SWITCH("dirtyrate", "tell how fast memory changes"),
	OPTION_SWITCH("vm", "tell what is peculiar to the hypervisor"),
	OPTION_SWITCH("list-active", "only active domains"),
	OPTION_SWITCH("list-inactive", "only domains that are not active"),
	OPTION_SWITCH("list-persistent", "only domains that are defined"),
	OPTION_SWITCH("list-transient", "only domains without a definition"),
	OPTION_SWITCH("list-running", "only domains that run"),
	OPTION_SWITCH("list-paused", "only domains that are paused"),
	OPTION_SWITCH("list-shutoff", "only domains that are shut off"),
	OPTION_SWITCH("list-other", "only domains in any other state"),
	OPTION_SWITCH("raw", "print values without making them pretty"),
	OPTION_SWITCH("enforce", "fail when a group of figures is not known"),
	OPTION_SWITCH("backing", "tell about backing files of disks as well"),
	OPTION_SWITCH("nowait", "only what can be told at once"),
	{ .name = "domain", .type = OPTION_ARGV,
	    .help = "the domains to tell about; all when none is given",
	    .complete = complete_domain },
	{ 0 },
};

const struct command command_domstats = {
	.name = "domstats",
	.summary = "show figures of domains",
	.description = "Shows statistics of the named domains, or of all.",
	.options = domstats_options,
	.run = domstats_run,
};
