/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* dommemstat, domtime: memory and clock as the guest has them. */
#include <inttypes.h>
#include <time.h>

#include "domain_options.h"

/* What dommemstat tells, by XVM_DOMAIN_MEMORY_STAT_*. */
static const struct stat_name {
	const char *text;
	const char *key;
} stat_names[] = {
	[XVM_DOMAIN_MEMORY_STAT_SWAP_IN] = { "swap_in", "swap_in_kib" },
	[XVM_DOMAIN_MEMORY_STAT_SWAP_OUT] = { "swap_out", "swap_out_kib" },
	[XVM_DOMAIN_MEMORY_STAT_MAJOR_FAULT] =
	    { "major_fault", "major_fault" },
	[XVM_DOMAIN_MEMORY_STAT_MINOR_FAULT] =
	    { "minor_fault", "minor_fault" },
	[XVM_DOMAIN_MEMORY_STAT_UNUSED] = { "unused", "unused_kib" },
	[XVM_DOMAIN_MEMORY_STAT_AVAILABLE] = { "available", "available_kib" },
	[XVM_DOMAIN_MEMORY_STAT_ACTUAL_BALLOON] = { "actual", "actual_kib" },
	[XVM_DOMAIN_MEMORY_STAT_RSS] = { "rss", "rss_kib" },
	[XVM_DOMAIN_MEMORY_STAT_USABLE] = { "usable", "usable_kib" },
	[XVM_DOMAIN_MEMORY_STAT_LAST_UPDATE] =
	    { "last_update", "last_update_s" },
	[XVM_DOMAIN_MEMORY_STAT_DISK_CACHES] =
	    { "disk_caches", "disk_caches_kib" },
	[XVM_DOMAIN_MEMORY_STAT_HUGETLB_PGALLOC] =
	    { "hugetlb_pgalloc", "hugetlb_pgalloc" },
	[XVM_DOMAIN_MEMORY_STAT_HUGETLB_PGFAIL] =
	    { "hugetlb_pgfail", "hugetlb_pgfail" },
};

#define N_STATS (sizeof(stat_names) / sizeof(stat_names[0]))

/* Without a word about it, a domain that runs is changed as it runs. */
static int
set_period(struct cmd *cmd, const struct xvm_domain *dom, int period,
    unsigned int flags)
{
	struct xvm_domain_set_memory_stats_period_args args = {
		*dom, period, flags,
	};
	struct xvm_domain_is_active_args ask = { *dom };
	const struct xvm_domain_is_active_ret *active;

	if (period < 0)
		return cmd_error(cmd, "Invalid collection period value '%d'",
		    period);
	if (flags == 0 && !cmd_has(cmd, "current")) {
		active = cmd_call(cmd, XVM_CALL_DOMAIN_IS_ACTIVE, &ask);
		if (active != NULL && active->active == 1)
			args.flags |= XVM_DOMAIN_AFFECT_LIVE;
	}
	if (cmd_call(cmd, XVM_CALL_DOMAIN_SET_MEMORY_STATS_PERIOD, &args) ==
	    NULL)
		return cmd_error(cmd,
		    "Unable to change balloon collection period.");
	return 0;
}

static int
dommemstat_run(struct cmd *cmd)
{
	struct xvm_domain_memory_stats_args args = { 0 };
	const struct xvm_domain_memory_stats_ret *ret;
	const struct xvm_domain *dom;
	unsigned int flags;
	int period, given;

	if (cmd_affect_flags(cmd, &flags) != 0)
		return -1;
	dom = cmd_domain(cmd);
	if (dom == NULL)
		return -1;
	given = cmd_int(cmd, "period", &period);
	if (given < 0)
		return -1;
	if (given > 0)
		return set_period(cmd, dom, period, flags);
	args.dom = *dom;
	args.max_stats = XVM_DOMAIN_MEMORY_STAT_NR;
	ret = cmd_call(cmd, XVM_CALL_DOMAIN_MEMORY_STATS, &args);
	if (ret == NULL)
		return cmd_error(cmd,
		    "Failed to get memory statistics for domain %s",
		    cmd_word(cmd, "domain"));
	cmd_object_begin(cmd, NULL);
	for (unsigned int i = 0; i < ret->stats.stats_len; i++) {
		const struct xvm_domain_memory_stat *s =
		    &ret->stats.stats_val[i];

		if (s->tag < 0 || (size_t)s->tag >= N_STATS)
			continue;
		cmd_field(cmd, stat_names[s->tag].key, value_uint(s->val),
		    "%s %" PRIu64 "\n", stat_names[s->tag].text, s->val);
	}
	cmd_object_end(cmd);
	return 0;
}

static const struct option dommemstat_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_ACTIVE),
	{ .name = "period", .type = OPTION_INT, .flags = OPTION_NAMED,
	    .help = "set how many seconds lie between two collections" },
	OPTIONS_AFFECT,
	{ 0 },
};

const struct command command_dommemstat = {
	.name = "dommemstat",
	.summary = "show how a domain uses its memory",
	.description = "Shows memory statistics of a running domain, or sets "
	    "how often they are collected.",
	.options = dommemstat_options,
	.run = dommemstat_run,
};

static int
print_time(struct cmd *cmd, const struct xvm_domain *dom)
{
	struct xvm_domain_get_time_args args = { *dom, 0 };
	const struct xvm_domain_get_time_ret *ret;
	char text[64] = "";
	struct tm tm;
	time_t t;

	ret = cmd_call(cmd, XVM_CALL_DOMAIN_GET_TIME, &args);
	if (ret == NULL)
		return -1;
	cmd_datum(cmd, "time_s", value_int(ret->seconds));
	if (!cmd_has(cmd, "pretty")) {
		cmd_text(cmd, "Time: %" PRId64, ret->seconds);
		return 0;
	}
	t = (time_t)ret->seconds;
	if (gmtime_r(&t, &tm) != NULL)
		(void)strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &tm);
	cmd_field(cmd, "time", value_string(text), "Time: %s", text);
	return 0;
}

static int
domtime_run(struct cmd *cmd)
{
	struct xvm_domain_set_time_args args = { 0 };
	const struct xvm_domain *dom;
	int given;

	if (cmd_exclusive(cmd, "time", "now") != 0 ||
	    cmd_exclusive(cmd, "time", "sync") != 0 ||
	    cmd_exclusive(cmd, "now", "sync") != 0)
		return -1;
	dom = cmd_domain(cmd);
	if (dom == NULL)
		return -1;
	given = cmd_i64(cmd, "time", &args.seconds);
	if (given < 0)
		return -1;
	if (given == 0 && !cmd_has(cmd, "now") && !cmd_has(cmd, "sync"))
		return print_time(cmd, dom);
	args.dom = *dom;
	if (cmd_has(cmd, "now"))
		args.seconds = time(NULL);
	if (cmd_has(cmd, "sync"))
		args.flags |= XVM_DOMAIN_TIME_SYNC;
	return cmd_call(cmd, XVM_CALL_DOMAIN_SET_TIME, &args) == NULL ? -1 : 0;
}

static const struct option domtime_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_ACTIVE),
	OPTION_SWITCH("now", "set it to the time of this host"),
	OPTION_SWITCH("pretty", "print date and time instead of seconds"),
	OPTION_SWITCH("sync", "set it from the domain's clock device"),
	OPTION_NUMBER("time", "set it to so many seconds since 1970"),
	{ 0 },
};

const struct command command_domtime = {
	.name = "domtime",
	.summary = "show or set the clock of a domain",
	.description = "Shows or sets the time that the system in a domain "
	    "has.",
	.options = domtime_options,
	.run = domtime_run,
};
