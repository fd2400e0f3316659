/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* domjobinfo, domjobabort: the long work that goes on in a domain. */
#include <inttypes.h>
#include <string.h>

#include "../lib/buf.h"
#include "domain_options.h"

enum figure_kind {
	FIGURE_MS,		/* milliseconds */
	FIGURE_SIZE,		/* bytes, for people with a unit */
	FIGURE_RATE,		/* bytes a second, not shown when 0 */
	FIGURE_PAGES_RATE,
	FIGURE_BYTES,
	FIGURE_COUNT,
	FIGURE_WIDE_COUNT,	/* the same, one place wider */
};

/* With which others a figure comes and goes. */
enum figure_group {
	ALWAYS_SHOWN,
	WITH_TIME_LEFT,
	WITH_DATA,
	WITH_MEMORY,
	WITH_FILE,
	N_GROUPS,
};

static const struct figure {
	const char *field;	/* of the typed parameter */
	const char *label;
	const char *key;
	enum figure_kind kind;
	enum figure_group group;
	bool always;		/* 0 when the server does not tell it */
} figures[] = {
	{ XVM_DOMAIN_JOB_TIME_ELAPSED, "Time elapsed:", "time_elapsed_ms",
	    FIGURE_MS, ALWAYS_SHOWN, true },
	{ XVM_DOMAIN_JOB_TIME_ELAPSED_NET, "Time elapsed w/o network:",
	    "time_elapsed_without_network_ms", FIGURE_MS, ALWAYS_SHOWN,
	    false },
	{ XVM_DOMAIN_JOB_TIME_REMAINING, "Time remaining:",
	    "time_remaining_ms", FIGURE_MS, WITH_TIME_LEFT, true },
	{ XVM_DOMAIN_JOB_DATA_PROCESSED, "Data processed:",
	    "data_processed_bytes", FIGURE_SIZE, WITH_DATA, true },
	{ XVM_DOMAIN_JOB_DATA_REMAINING, "Data remaining:",
	    "data_remaining_bytes", FIGURE_SIZE, WITH_DATA, true },
	{ XVM_DOMAIN_JOB_DATA_TOTAL, "Data total:", "data_total_bytes",
	    FIGURE_SIZE, WITH_DATA, true },
	{ XVM_DOMAIN_JOB_MEMORY_PROCESSED, "Memory processed:",
	    "memory_processed_bytes", FIGURE_SIZE, WITH_MEMORY, true },
	{ XVM_DOMAIN_JOB_MEMORY_REMAINING, "Memory remaining:",
	    "memory_remaining_bytes", FIGURE_SIZE, WITH_MEMORY, true },
	{ XVM_DOMAIN_JOB_MEMORY_TOTAL, "Memory total:", "memory_total_bytes",
	    FIGURE_SIZE, WITH_MEMORY, true },
	{ XVM_DOMAIN_JOB_MEMORY_BPS, "Memory bandwidth:",
	    "memory_bandwidth_bytes_per_s", FIGURE_RATE, WITH_MEMORY, false },
	{ XVM_DOMAIN_JOB_MEMORY_DIRTY_RATE, "Dirty rate:",
	    "dirty_rate_pages_per_s", FIGURE_PAGES_RATE, WITH_MEMORY, false },
	{ XVM_DOMAIN_JOB_MEMORY_PAGE_SIZE, "Page size:", "page_size_bytes",
	    FIGURE_BYTES, WITH_MEMORY, false },
	{ XVM_DOMAIN_JOB_MEMORY_ITERATION, "Iteration:", "iteration",
	    FIGURE_COUNT, WITH_MEMORY, false },
	{ XVM_DOMAIN_JOB_MEMORY_POSTCOPY_REQS, "Postcopy requests:",
	    "postcopy_requests", FIGURE_COUNT, WITH_MEMORY, false },
	{ XVM_DOMAIN_JOB_DISK_PROCESSED, "File processed:",
	    "file_processed_bytes", FIGURE_SIZE, WITH_FILE, true },
	{ XVM_DOMAIN_JOB_DISK_REMAINING, "File remaining:",
	    "file_remaining_bytes", FIGURE_SIZE, WITH_FILE, true },
	{ XVM_DOMAIN_JOB_DISK_TOTAL, "File total:", "file_total_bytes",
	    FIGURE_SIZE, WITH_FILE, true },
	{ XVM_DOMAIN_JOB_DISK_BPS, "File bandwidth:",
	    "file_bandwidth_bytes_per_s", FIGURE_RATE, WITH_FILE, false },
	{ XVM_DOMAIN_JOB_MEMORY_CONSTANT, "Constant pages:",
	    "constant_pages", FIGURE_COUNT, ALWAYS_SHOWN, false },
	{ XVM_DOMAIN_JOB_MEMORY_NORMAL, "Normal pages:", "normal_pages",
	    FIGURE_COUNT, ALWAYS_SHOWN, false },
	{ XVM_DOMAIN_JOB_MEMORY_NORMAL_BYTES, "Normal data:",
	    "normal_data_bytes", FIGURE_SIZE, ALWAYS_SHOWN, false },
	{ XVM_DOMAIN_JOB_DOWNTIME, NULL, "downtime_ms", FIGURE_MS,
	    ALWAYS_SHOWN, false },
	{ XVM_DOMAIN_JOB_DOWNTIME_NET, "Downtime w/o network:",
	    "downtime_without_network_ms", FIGURE_MS, ALWAYS_SHOWN, false },
	{ XVM_DOMAIN_JOB_SETUP_TIME, "Setup time:", "setup_time_ms",
	    FIGURE_MS, ALWAYS_SHOWN, false },
	{ XVM_DOMAIN_JOB_COMPRESSION_CACHE, "Compression cache:",
	    "compression_cache_bytes", FIGURE_SIZE, ALWAYS_SHOWN, false },
	{ XVM_DOMAIN_JOB_COMPRESSION_BYTES, "Compressed data:",
	    "compressed_data_bytes", FIGURE_SIZE, ALWAYS_SHOWN, false },
	{ XVM_DOMAIN_JOB_COMPRESSION_PAGES, "Compressed pages:",
	    "compressed_pages", FIGURE_WIDE_COUNT, ALWAYS_SHOWN, false },
	{ XVM_DOMAIN_JOB_COMPRESSION_CACHE_MISSES,
	    "Compression cache misses:", "compression_cache_misses",
	    FIGURE_WIDE_COUNT, ALWAYS_SHOWN, false },
	{ XVM_DOMAIN_JOB_COMPRESSION_OVERFLOW, "Compression overflows:",
	    "compression_overflows", FIGURE_WIDE_COUNT, ALWAYS_SHOWN, false },
	{ XVM_DOMAIN_JOB_AUTO_CONVERGE_THROTTLE, "Auto converge throttle:",
	    "auto_converge_throttle_percent", FIGURE_WIDE_COUNT, ALWAYS_SHOWN,
	    false },
	{ XVM_DOMAIN_JOB_DISK_TEMP_USED, "Temporary disk space use:",
	    "temporary_disk_used_bytes", FIGURE_SIZE, ALWAYS_SHOWN, false },
	{ XVM_DOMAIN_JOB_DISK_TEMP_TOTAL, "Temporary disk space total:",
	    "temporary_disk_total_bytes", FIGURE_SIZE, ALWAYS_SHOWN, false },
};

#define N_JOB_FIGURES (sizeof(figures) / sizeof(figures[0]))

/* A job, with its figures in the order of the table. */
struct job {
	int type;		/* XVM_DOMAIN_JOB_* */
	const struct xvm_typed_param *params;
	unsigned int n_params;
	uint64_t value[N_JOB_FIGURES];
	bool present[N_JOB_FIGURES];
};

/* The one figure that is an int. */
static int
read_figure(const struct job *job, const struct figure *f, uint64_t *out,
    struct error *err)
{
	const struct xvm_typed_param *p =
	    params_find(job->params, job->n_params, f->field);
	int number, rc;

	if (p == NULL || p->value.type != XVM_TYPED_INT)
		return params_get_ullong(job->params, job->n_params, f->field,
		    out, err);
	rc = params_get_int(job->params, job->n_params, f->field, &number,
	    err);
	if (rc == 1)
		*out = (uint64_t)(int64_t)number;
	return rc;
}

static int
read_figures(struct cmd *cmd, struct job *job)
{
	struct error err = ERROR_INIT;

	for (size_t i = 0; i < N_JOB_FIGURES; i++) {
		int rc = read_figure(job, &figures[i], &job->value[i], &err);

		if (rc < 0)
			return cmd_set_error(cmd, &err);
		job->present[i] = rc > 0;
	}
	return 0;
}

/* Where the server has the call of old alone. */
static int
ask_old(struct cmd *cmd, const struct xvm_domain *dom, struct job *job)
{
	struct xvm_domain_get_job_info_args args = { *dom };
	const struct xvm_domain_get_job_info_ret *ret;

	cmd_forget_error(cmd);
	ret = cmd_call(cmd, XVM_CALL_DOMAIN_GET_JOB_INFO, &args);
	if (ret == NULL)
		return -1;

	const struct {
		const char *field;
		uint64_t value;
	} old[] = {
		{ XVM_DOMAIN_JOB_TIME_ELAPSED, ret->time_elapsed },
		{ XVM_DOMAIN_JOB_TIME_REMAINING, ret->time_remaining },
		{ XVM_DOMAIN_JOB_DATA_TOTAL, ret->data_total },
		{ XVM_DOMAIN_JOB_DATA_PROCESSED, ret->data_processed },
		{ XVM_DOMAIN_JOB_DATA_REMAINING, ret->data_remaining },
		{ XVM_DOMAIN_JOB_MEMORY_TOTAL, ret->mem_total },
		{ XVM_DOMAIN_JOB_MEMORY_PROCESSED, ret->mem_processed },
		{ XVM_DOMAIN_JOB_MEMORY_REMAINING, ret->mem_remaining },
		{ XVM_DOMAIN_JOB_DISK_TOTAL, ret->file_total },
		{ XVM_DOMAIN_JOB_DISK_PROCESSED, ret->file_processed },
		{ XVM_DOMAIN_JOB_DISK_REMAINING, ret->file_remaining },
	};

	job->type = ret->type;
	for (size_t i = 0; i < N_JOB_FIGURES; i++) {
		for (size_t j = 0; j < sizeof(old) / sizeof(old[0]); j++) {
			if (strcmp(figures[i].field, old[j].field) == 0)
				job->value[i] = old[j].value;
		}
	}
	return 0;
}

/* 0, or -1 after saying why. */
static int
ask(struct cmd *cmd, const struct xvm_domain *dom, unsigned int flags,
    struct job *job)
{
	struct xvm_domain_get_job_stats_args args = { *dom, flags };
	const struct xvm_domain_get_job_stats_ret *ret;

	ret = cmd_call(cmd, XVM_CALL_DOMAIN_GET_JOB_STATS, &args);
	if (ret != NULL) {
		job->type = ret->type;
		job->params = ret->params.params_val;
		job->n_params = ret->params.params_len;
		return read_figures(cmd, job);
	}
	if (cmd_last_error(cmd)->code != XVM_ERR_NO_SUPPORT)
		return -1;
	if (flags != 0 || cmd_has(cmd, "rawstats"))
		return cmd_error(cmd, "Optional flags or --rawstats are not "
		    "supported by the daemon");
	cmd_debug(cmd, SESSION_DEBUG, "detailed statistics not supported\n");
	return ask_old(cmd, dom, job);
}

static void
print_raw(struct cmd *cmd, const struct job *job)
{
	struct buf text = BUF_INIT;

	cmd_field(cmd, "type", value_int(job->type), "Job type: %d\n\n",
	    job->type);
	for (unsigned int i = 0; i < job->n_params; i++) {
		const struct xvm_typed_param *p = &job->params[i];

		buf_clear(&text);
		param_format_raw(p, &text);
		cmd_field(cmd, p->field, param_value(p), "%s: %s\n",
		    p->field, buf_str(&text));
	}
	buf_release(&text);
}

static void
print_figure(struct cmd *cmd, const struct job *job, size_t i)
{
	const struct figure *f = &figures[i];
	const char *label = f->label, *unit;
	uint64_t value = job->value[i];
	double size = pretty_size(value, &unit);

	if (label == NULL)
		label = job->type == XVM_DOMAIN_JOB_COMPLETED ?
		    "Total downtime:" : "Expected downtime:";
	cmd_datum(cmd, f->key, value_uint(value));
	switch (f->kind) {
	case FIGURE_MS:
		cmd_text(cmd, "%-17s %-12" PRIu64 " ms\n", label, value);
		break;
	case FIGURE_SIZE:
		cmd_text(cmd, "%-17s %-.3f %s\n", label, size, unit);
		break;
	case FIGURE_RATE:
		if (value != 0)
			cmd_text(cmd, "%-17s %-.3f %s/s\n", label, size,
			    unit);
		break;
	case FIGURE_PAGES_RATE:
		cmd_text(cmd, "%-17s %-12" PRIu64 " pages/s\n", label, value);
		break;
	case FIGURE_BYTES:
		cmd_text(cmd, "%-17s %-12" PRIu64 " bytes\n", label, value);
		break;
	case FIGURE_COUNT:
		cmd_text(cmd, "%-17s %-12" PRIu64 "\n", label, value);
		break;
	case FIGURE_WIDE_COUNT:
		cmd_text(cmd, "%-17s %-13" PRId64 "\n", label,
		    (int64_t)value);
		break;
	}
}

static int
print_figures(struct cmd *cmd, const struct job *job)
{
	bool shown[N_GROUPS] = { [ALWAYS_SHOWN] = true };
	struct error err = ERROR_INIT;
	const char *text;
	int rc;

	/* Of data, memory and file: all of it when some of it is not 0. */
	for (size_t i = 0; i < N_JOB_FIGURES; i++) {
		if (figures[i].always && job->value[i] != 0)
			shown[figures[i].group] = true;
	}
	shown[WITH_TIME_LEFT] = job->type == XVM_DOMAIN_JOB_BOUNDED;
	for (size_t i = 0; i < N_JOB_FIGURES; i++) {
		if (shown[figures[i].group] &&
		    (figures[i].always || job->present[i]))
			print_figure(cmd, job, i);
	}
	rc = params_get_string(job->params, job->n_params,
	    XVM_DOMAIN_JOB_ERRMSG, &text, &err);
	if (rc < 0)
		return cmd_set_error(cmd, &err);
	if (rc > 0)
		cmd_field(cmd, "error_message", value_string(text),
		    "%-17s %s\n", "Error message:", text);
	return 0;
}

static int
print_job(struct cmd *cmd, const struct job *job, bool completed)
{
	static const char *const types[] = {
		[XVM_DOMAIN_JOB_NONE] = "None",
		[XVM_DOMAIN_JOB_BOUNDED] = "Bounded",
		[XVM_DOMAIN_JOB_UNBOUNDED] = "Unbounded",
		[XVM_DOMAIN_JOB_COMPLETED] = "Completed",
		[XVM_DOMAIN_JOB_FAILED] = "Failed",
		[XVM_DOMAIN_JOB_CANCELLED] = "Cancelled",
	};
	static const char *const operations[] = {
		[XVM_DOMAIN_JOB_OPERATION_UNKNOWN] = "Unknown",
		[XVM_DOMAIN_JOB_OPERATION_START] = "Start",
		[XVM_DOMAIN_JOB_OPERATION_SAVE] = "Save",
		[XVM_DOMAIN_JOB_OPERATION_RESTORE] = "Restore",
		[XVM_DOMAIN_JOB_OPERATION_MIGRATION_IN] =
		    "Incoming migration",
		[XVM_DOMAIN_JOB_OPERATION_MIGRATION_OUT] =
		    "Outgoing migration",
		[XVM_DOMAIN_JOB_OPERATION_SNAPSHOT] = "Snapshot",
		[XVM_DOMAIN_JOB_OPERATION_SNAPSHOT_REVERT] =
		    "Snapshot revert",
		[XVM_DOMAIN_JOB_OPERATION_DUMP] = "Dump",
		[XVM_DOMAIN_JOB_OPERATION_BACKUP] = "Backup",
		[XVM_DOMAIN_JOB_OPERATION_SNAPSHOT_DELETE] =
		    "Snapshot delete",
	};
	const char *type = NAME_OF(types, job->type, "unknown"), *operation;
	int number = XVM_DOMAIN_JOB_OPERATION_UNKNOWN;
	struct error err = ERROR_INIT;

	cmd_field(cmd, "type", value_string(type), "%-17s %-12s\n",
	    "Job type:", type);
	if (job->type == XVM_DOMAIN_JOB_NONE)
		return 0;
	if (params_get_int(job->params, job->n_params,
	    XVM_DOMAIN_JOB_OPERATION, &number, &err) < 0)
		return cmd_set_error(cmd, &err);
	operation = NAME_OF(operations, number, "unknown");
	cmd_field(cmd, "operation", value_string(operation),
	    "%-17s %-12s\n", "Operation:", operation);
	if (!cmd_has(cmd, "anystats") &&
	    job->type != XVM_DOMAIN_JOB_BOUNDED &&
	    job->type != XVM_DOMAIN_JOB_UNBOUNDED &&
	    !(completed && job->type == XVM_DOMAIN_JOB_COMPLETED))
		return 0;
	return print_figures(cmd, job);
}

static int
domjobinfo_run(struct cmd *cmd)
{
	static const struct flag_option flag_options[] = {
		{ "completed", XVM_DOMAIN_JOB_STATS_COMPLETED },
		{ "keep-completed", XVM_DOMAIN_JOB_STATS_KEEP_COMPLETED },
	};
	const struct xvm_domain *dom;
	struct job job = { 0 };

	if (cmd_requires(cmd, "keep-completed", "completed") != 0)
		return -1;
	dom = cmd_domain(cmd);
	if (dom == NULL ||
	    ask(cmd, dom, cmd_flags(cmd, flag_options, 2), &job) != 0)
		return -1;
	if (!cmd_has(cmd, "rawstats"))
		return print_job(cmd, &job, cmd_has(cmd, "completed"));
	print_raw(cmd, &job);
	return 0;
}

static const struct option domjobinfo_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_ACTIVE),
	OPTION_SWITCH("completed", "of the last job that has ended"),
	OPTION_SWITCH("keep-completed", "so that it can be asked again"),
	OPTION_SWITCH("anystats", "figures of any job, failed ones too"),
	OPTION_SWITCH("rawstats", "print the figures as they come"),
	{ 0 },
};

const struct command command_domjobinfo = {
	.name = "domjobinfo",
	.summary = "show the job of a domain",
	.description = "Shows what is known of the long work that goes on in "
	    "a domain.",
	.options = domjobinfo_options,
	.run = domjobinfo_run,
};

static int
domjobabort_run(struct cmd *cmd)
{
	const struct xvm_domain *dom = cmd_domain(cmd);
	struct xvm_domain_abort_job_flags_args args = { 0 };
	int number = XVM_CALL_DOMAIN_ABORT_JOB;

	if (dom == NULL)
		return -1;
	args.dom = *dom;
	if (cmd_has(cmd, "postcopy")) {
		args.flags = XVM_DOMAIN_ABORT_JOB_POSTCOPY;
		number = XVM_CALL_DOMAIN_ABORT_JOB_FLAGS;
	}
	/* The one without flags takes the domain alone, which comes first. */
	return cmd_call(cmd, number, &args) == NULL ? -1 : 0;
}

static const struct option domjobabort_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_ACTIVE),
	OPTION_SWITCH("postcopy", "interrupt a post-copy migration"),
	{ 0 },
};

const struct command command_domjobabort = {
	.name = "domjobabort",
	.summary = "stop the job of a domain",
	.description = "Stops the long work that goes on in a domain.",
	.options = domjobabort_options,
	.run = domjobabort_run,
};
