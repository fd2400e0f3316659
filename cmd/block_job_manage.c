/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* blockjob, blockresize, domblkthreshold: a disk of a running domain. */
#include <inttypes.h>

#include "block_job.h"
#include "event_words.h"
#include "input.h"
#include "progress.h"

/* --- blockjob ------------------------------------------------------------- */

/* Bytes or, when they are too many or not asked for, MiB. NULL: failed. */
static const struct xvm_domain_get_block_job_info_ret *
ask_job(struct cmd *cmd, struct xvm_domain_get_block_job_info_args *args)
{
	const struct xvm_domain_get_block_job_info_ret *ret;
	bool bytes = cmd_has(cmd, "bytes");
	int code;

	if (bytes || !cmd_has(cmd, "raw")) {
		args->flags = XVM_DOMAIN_BLOCK_JOB_INFO_BANDWIDTH_BYTES;
		ret = cmd_call(cmd, XVM_CALL_DOMAIN_GET_BLOCK_JOB_INFO, args);
		if (ret != NULL || bytes)
			return ret;
		code = cmd_last_error(cmd)->code;
		if (code != XVM_ERR_INVALID_ARG && code != XVM_ERR_OVERFLOW)
			return NULL;
		cmd_forget_error(cmd);
	}
	args->flags = 0;
	return cmd_call(cmd, XVM_CALL_DOMAIN_GET_BLOCK_JOB_INFO, args);
}

static void
show_raw(struct cmd *cmd, const struct xvm_domain_get_block_job_info_ret *job)
{
	const char *type = event_word(WORD_BLOCK_JOB, job->type);

	cmd_field(cmd, "type", value_string(type), " type=%s\n", type);
	cmd_field(cmd, cmd_has(cmd, "bytes") ? "bandwidth_bytes_per_s" :
	    "bandwidth_mib_per_s", value_uint(job->bandwidth),
	    " bandwidth=%" PRIu64 "\n", job->bandwidth);
	cmd_field(cmd, "current", value_uint(job->cur), " cur=%" PRIu64 "\n",
	    job->cur);
	cmd_field(cmd, "end", value_uint(job->end), " end=%" PRIu64 "\n",
	    job->end);
}

static void
show_job(struct cmd *cmd, const struct xvm_domain_get_block_job_info_ret *job,
    uint64_t speed)
{
	const char *unit, *type = event_word(WORD_BLOCK_JOB, job->type);
	double value = pretty_size(speed, &unit);

	if (!cmd_json(cmd))
		progress_show(type, job->end - job->cur, job->end);
	cmd_datum(cmd, "type", value_string(type));
	if (speed != 0)
		cmd_text(cmd, "    Bandwidth limit: %" PRIu64 " bytes/s "
		    "(%-.3f %s/s)", speed, value, unit);
	cmd_datum(cmd, "bandwidth_bytes_per_s", value_uint(speed));
	cmd_datum(cmd, "current", value_uint(job->cur));
	cmd_datum(cmd, "end", value_uint(job->end));
	cmd_text(cmd, "\n");
}

static int
job_info(struct cmd *cmd, const struct xvm_domain *dom, const char *path)
{
	struct xvm_domain_get_block_job_info_args args = {
		*dom, call_text(path), 0
	};
	const struct xvm_domain_get_block_job_info_ret *job;
	uint64_t speed;

	job = ask_job(cmd, &args);
	if (job == NULL)
		return -1;
	speed = job->bandwidth;
	if (args.flags == 0 && !cmd_has(cmd, "raw")) {
		speed <<= 20;
		if (speed >> 20 != job->bandwidth)
			return cmd_error(cmd, "overflow in converting %" PRIu64
			    " MiB/s to bytes\n", job->bandwidth);
	}
	if (job->found == 0) {
		cmd_datum(cmd, "type", value_null());
		if (!cmd_has(cmd, "raw"))
			cmd_extra(cmd, "No current block job for %s", path);
	} else if (cmd_has(cmd, "raw")) {
		show_raw(cmd, job);
	} else {
		show_job(cmd, job, speed);
	}
	return 0;
}

static int
job_set_speed(struct cmd *cmd, const struct xvm_domain *dom, const char *path)
{
	struct xvm_domain_block_job_set_speed_args args = {
		*dom, call_text(path), 0, 0
	};

	if (cmd_has(cmd, "bytes"))
		args.flags = XVM_DOMAIN_BLOCK_JOB_SPEED_BANDWIDTH_BYTES;
	if (block_job_bandwidth(cmd, &args.bandwidth) != 0)
		return -1;
	return cmd_call(cmd, XVM_CALL_DOMAIN_BLOCK_JOB_SET_SPEED,
	    &args) == NULL ? -1 : 0;
}

static const struct flag_option abort_flags[] = {
	{ "async", XVM_DOMAIN_BLOCK_JOB_ABORT_ASYNC },
	{ "pivot", XVM_DOMAIN_BLOCK_JOB_ABORT_PIVOT },
};

static int
job_abort(struct cmd *cmd, const struct xvm_domain *dom, const char *path)
{
	struct xvm_domain_block_job_abort_args args = {
		*dom, call_text(path), FLAGS_OF(cmd, abort_flags)
	};

	return cmd_call(cmd, XVM_CALL_DOMAIN_BLOCK_JOB_ABORT,
	    &args) == NULL ? -1 : 0;
}

static int
blockjob_run(struct cmd *cmd)
{
	static const char *const apart[][2] = {
		{ "raw", "abort" }, { "raw", "pivot" }, { "raw", "async" },
		{ "raw", "bandwidth" }, { "info", "abort" },
		{ "info", "pivot" }, { "info", "async" },
		{ "info", "bandwidth" }, { "bytes", "abort" },
		{ "bytes", "pivot" }, { "bytes", "async" },
	};
	const struct xvm_domain *dom;
	const char *path;

	for (size_t i = 0; i < sizeof(apart) / sizeof(apart[0]); i++) {
		if (cmd_exclusive(cmd, apart[i][0], apart[i][1]) != 0)
			return -1;
	}
	dom = cmd_domain(cmd);
	if (dom == NULL || cmd_string(cmd, "path", &path) != 0)
		return -1;
	if (cmd_has(cmd, "bandwidth"))
		return job_set_speed(cmd, dom, path);
	if (cmd_has(cmd, "abort") || cmd_has(cmd, "pivot") ||
	    cmd_has(cmd, "async"))
		return job_abort(cmd, dom, path);
	return job_info(cmd, dom, path);
}

static const struct option blockjob_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_ACTIVE),
	OPTION_JOB_PATH,
	OPTION_SWITCH("abort", "give the job up"),
	OPTION_SWITCH("async", "give it up without waiting for its end"),
	OPTION_SWITCH("pivot", "end a copy or commit and use its target"),
	OPTION_SWITCH("info", "show the job"),
	OPTION_SWITCH("bytes", "bandwidths are in bytes a second"),
	OPTION_SWITCH("raw", "show the plain figures"),
	OPTION_JOB_BANDWIDTH,
	{ 0 }
};

const struct command command_blockjob = {
	.name = "blockjob",
	.summary = "show, slow or end work on a disk",
	.description = "Show the work that goes on with a disk, set how fast "
	    "it may be, or end it.",
	.options = blockjob_options,
	.run = blockjob_run,
};

/* --- blockresize ---------------------------------------------------------- */

static int
blockresize_run(struct cmd *cmd)
{
	struct xvm_domain_block_resize_args args = { 0 };
	const struct xvm_domain *dom;
	const char *path;

	if (cmd_string(cmd, "path", &path) != 0 ||
	    cmd_scaled(cmd, "size", &args.size, 1024, UINT64_MAX) < 0 ||
	    (dom = cmd_domain(cmd)) == NULL)
		return -1;
	/* Without the flag it is in KiB, which every server knows. */
	if (args.size % 1024 == 0)
		args.size /= 1024;
	else
		args.flags = XVM_DOMAIN_BLOCK_RESIZE_BYTES;
	args.dom = *dom;
	args.disk = call_text(path);
	if (cmd_call(cmd, XVM_CALL_DOMAIN_BLOCK_RESIZE, &args) == NULL)
		return cmd_error(cmd, "Failed to resize block device '%s'",
		    path);
	cmd_extra(cmd, "Block device '%s' is resized", path);
	return 0;
}

static const struct option blockresize_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_ACTIVE),
	OPTION_JOB_PATH,
	{ .name = "size", .type = OPTION_INT, .flags = OPTION_REQUIRED,
	    .help = "its new size, in KiB or with a unit" },
	{ 0 }
};

const struct command command_blockresize = {
	.name = "blockresize",
	.summary = "change the size of a disk",
	.description = "Change the size of one of the disks of a running "
	    "domain.",
	.options = blockresize_options,
	.run = blockresize_run,
};

/* --- domblkthreshold ------------------------------------------------------ */

static int
domblkthreshold_run(struct cmd *cmd)
{
	struct xvm_domain_set_block_threshold_args args = { 0 };
	const struct xvm_domain *dom;
	const char *dev;

	if (cmd_string(cmd, "dev", &dev) != 0 ||
	    cmd_scaled(cmd, "threshold", &args.threshold, 1, UINT64_MAX) < 0 ||
	    (dom = cmd_domain(cmd)) == NULL)
		return -1;
	args.dom = *dom;
	args.dev = call_text(dev);
	return cmd_call(cmd, XVM_CALL_DOMAIN_SET_BLOCK_THRESHOLD,
	    &args) == NULL ? -1 : 0;
}

static const struct option domblkthreshold_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_ACTIVE),
	OPTION_WORD("dev", "target of the disk, or of an image behind it",
	    complete_disk_target),
	{ .name = "threshold", .type = OPTION_INT, .flags = OPTION_REQUIRED,
	    .help = "bytes, or a number with a unit" },
	{ 0 }
};

const struct command command_domblkthreshold = {
	.name = "domblkthreshold",
	.summary = "be told when a disk has grown",
	.description = "Set how much must be written to a disk until an event "
	    "(block-threshold) tells it.",
	.options = domblkthreshold_options,
	.run = domblkthreshold_run,
};
