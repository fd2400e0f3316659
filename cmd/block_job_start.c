/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* blockcommit, blockpull: work on the chain of images behind a disk. */
#include "block_job.h"
#include "input.h"

/* --- blockcommit ---------------------------------------------------------- */

static const struct flag_option commit_flags[] = {
	{ "bytes", XVM_DOMAIN_BLOCK_COMMIT_BANDWIDTH_BYTES },
	{ "shallow", XVM_DOMAIN_BLOCK_COMMIT_SHALLOW },
	{ "delete", XVM_DOMAIN_BLOCK_COMMIT_DELETE },
	{ "active", XVM_DOMAIN_BLOCK_COMMIT_ACTIVE },
	{ "pivot", XVM_DOMAIN_BLOCK_COMMIT_ACTIVE },
	{ "keep-overlay", XVM_DOMAIN_BLOCK_COMMIT_ACTIVE },
	{ "keep-relative", XVM_DOMAIN_BLOCK_COMMIT_RELATIVE },
};

static int
blockcommit_run(struct cmd *cmd)
{
	struct xvm_domain_block_commit_args args = { 0 };
	struct block_job job = { .label = "Block commit", .noun = "Commit" };
	const char *base, *top;
	bool active;

	if (cmd_exclusive(cmd, "pivot", "keep-overlay") != 0 ||
	    cmd_string(cmd, "path", &job.path) != 0 ||
	    cmd_string(cmd, "base", &base) != 0 ||
	    cmd_string(cmd, "top", &top) != 0 ||
	    block_job_bandwidth(cmd, &args.bandwidth) != 0 ||
	    cmd_timeout(cmd, &job.timeout) < 0)
		return -1;
	args.flags = FLAGS_OF(cmd, commit_flags);
	active = (args.flags & XVM_DOMAIN_BLOCK_COMMIT_ACTIVE) != 0;
	job.started = active ? "Active Block Commit started" :
	    "Block Commit started";
	job.done = active ? "Now in synchronized phase" : "Commit complete";
	if (cmd_has(cmd, "pivot")) {
		job.end_verb = "pivot";
		job.end_flags = XVM_DOMAIN_BLOCK_JOB_ABORT_PIVOT;
		job.ended = "Successfully pivoted";
	} else if (cmd_has(cmd, "keep-overlay")) {
		job.end_verb = "finish";
		job.ended = "Commit complete, overlay image kept";
	}
	job.wait = cmd_has(cmd, "wait") || job.end_verb != NULL ||
	    job.timeout != 0;
	if (block_job_check_wait(cmd, &job, "keep-overlay") != 0 ||
	    (job.dom = cmd_domain(cmd)) == NULL)
		return -1;
	args.dom = *job.dom;
	args.disk = call_text(job.path);
	args.base = opt_str(&base);
	args.top = opt_str(&top);
	return block_job_start(cmd, &job, XVM_CALL_DOMAIN_BLOCK_COMMIT,
	    &args);
}

static const struct option blockcommit_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_ACTIVE),
	OPTION_JOB_PATH,
	OPTION_JOB_BANDWIDTH,
	OPTION_TEXT("base", "image that takes the data, else the last one",
	    NULL),
	OPTION_SWITCH("shallow", "into the image right behind the top one"),
	OPTION_TEXT("top", "image whose data is moved, else the first one",
	    NULL),
	OPTION_SWITCH("active", "of the image that the domain writes to"),
	OPTION_SWITCH("delete", "delete the images that are not needed then"),
	OPTIONS_JOB_WAIT("wait, and give it up after so many seconds"),
	OPTION_SWITCH("pivot", "wait, then use the base image alone"),
	OPTION_SWITCH("keep-overlay", "wait, then keep the images as they are"),
	OPTION_SWITCH("async", "when it is given up, do not wait for that"),
	OPTION_SWITCH("keep-relative", "keep names of images relative"),
	OPTION_JOB_BYTES,
	{ 0 }
};

const struct command command_blockcommit = {
	.name = "blockcommit",
	.summary = "move a disk's data into the images behind it",
	.description = "Move data of a disk's images down into those that "
	    "they are based on.",
	.options = blockcommit_options,
	.run = blockcommit_run,
};

/* --- blockpull ------------------------------------------------------------ */

static int
blockpull_run(struct cmd *cmd)
{
	struct xvm_domain_block_pull_args pull = { 0 };
	struct xvm_domain_block_rebase_args rebase = { 0 };
	struct block_job job = {
		.label = "Block Pull", .noun = "Pull",
		.started = "Block Pull started", .done = "Pull complete",
	};
	const char *base;

	if (cmd_requires(cmd, "verbose", "wait") != 0 ||
	    cmd_requires(cmd, "async", "wait") != 0 ||
	    cmd_string(cmd, "path", &job.path) != 0 ||
	    cmd_string(cmd, "base", &base) != 0 ||
	    block_job_bandwidth(cmd, &pull.bandwidth) != 0 ||
	    cmd_timeout(cmd, &job.timeout) < 0 ||
	    (job.dom = cmd_domain(cmd)) == NULL)
		return -1;
	job.wait = cmd_has(cmd, "wait");
	if (base == NULL && !cmd_has(cmd, "keep-relative")) {
		pull.dom = *job.dom;
		pull.path = call_text(job.path);
		if (cmd_has(cmd, "bytes"))
			pull.flags = XVM_DOMAIN_BLOCK_PULL_BANDWIDTH_BYTES;
		return block_job_start(cmd, &job, XVM_CALL_DOMAIN_BLOCK_PULL,
		    &pull);
	}
	rebase.dom = *job.dom;
	rebase.path = call_text(job.path);
	rebase.base = opt_str(&base);
	rebase.bandwidth = pull.bandwidth;
	if (cmd_has(cmd, "keep-relative"))
		rebase.flags |= XVM_DOMAIN_BLOCK_REBASE_RELATIVE;
	if (cmd_has(cmd, "bytes"))
		rebase.flags |= XVM_DOMAIN_BLOCK_REBASE_BANDWIDTH_BYTES;
	return block_job_start(cmd, &job, XVM_CALL_DOMAIN_BLOCK_REBASE,
	    &rebase);
}

static const struct option blockpull_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_ACTIVE),
	OPTION_JOB_PATH,
	OPTION_JOB_BANDWIDTH,
	OPTION_TEXT("base", "image that stays behind the disk, else none",
	    NULL),
	OPTIONS_JOB_WAIT("with --wait, give it up after so many seconds"),
	OPTION_SWITCH("async", "when it is given up, do not wait for that"),
	OPTION_SWITCH("keep-relative", "keep names of images relative"),
	OPTION_JOB_BYTES,
	{ 0 }
};

const struct command command_blockpull = {
	.name = "blockpull",
	.summary = "fill a disk from the images behind it",
	.description = "Copy into a disk's image what it has only in those "
	    "that it is based on.",
	.options = blockpull_options,
	.run = blockpull_run,
};
