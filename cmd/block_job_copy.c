/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* blockcopy: copy a disk while the domain uses it. */
#include <inttypes.h>
#include <string.h>

#include "../lib/buf.h"
#include "../lib/tree.h"
#include "block_job.h"
#include "input.h"
#include "params.h"

struct copy {
	struct block_job job;
	const char *dest, *file, *format;	/* NULL: not given */
	uint64_t bandwidth, buf_size;		/* 0: not given */
	unsigned int granularity;
};

static int
read_copy(struct cmd *cmd, struct copy *copy)
{
	if (cmd_string(cmd, "path", &copy->job.path) != 0 ||
	    cmd_string(cmd, "dest", &copy->dest) != 0 ||
	    cmd_string(cmd, "xml", &copy->file) != 0 ||
	    cmd_string(cmd, "format", &copy->format) != 0 ||
	    block_job_bandwidth(cmd, &copy->bandwidth) != 0 ||
	    cmd_uint(cmd, "granularity", &copy->granularity) < 0 ||
	    cmd_u64(cmd, "buf-size", &copy->buf_size) < 0 ||
	    cmd_timeout(cmd, &copy->job.timeout) < 0 ||
	    cmd_exclusive(cmd, "dest", "xml") != 0 ||
	    cmd_exclusive(cmd, "format", "xml") != 0 ||
	    cmd_exclusive(cmd, "blockdev", "xml") != 0 ||
	    cmd_exclusive(cmd, "pivot", "finish") != 0)
		return -1;
	if (copy->dest == NULL && copy->file == NULL)
		return cmd_error(cmd, "need either --dest or --xml");
	if (cmd_has(cmd, "pivot")) {
		copy->job.end_verb = "pivot";
		copy->job.end_flags = XVM_DOMAIN_BLOCK_JOB_ABORT_PIVOT;
		copy->job.ended = "Successfully pivoted";
	} else if (cmd_has(cmd, "finish")) {
		copy->job.end_verb = "finish";
		copy->job.ended = "Successfully copied";
	}
	copy->job.wait = cmd_has(cmd, "wait") ||
	    copy->job.end_verb != NULL || copy->job.timeout != 0;
	return block_job_check_wait(cmd, &copy->job, "finish");
}

/* <disk> that says where the copy goes. */
static const char *
dest_xml(struct cmd *cmd, const struct copy *copy)
{
	bool block = cmd_has(cmd, "blockdev");
	struct buf out = BUF_INIT;
	const char *xml;

	buf_printf(&out, "<disk type='%s'>\n  <source %s='",
	    block ? "block" : "file", block ? "dev" : "file");
	xml_escape(copy->dest, &out);
	buf_puts(&out, "'/>\n");
	if (copy->format != NULL) {
		buf_puts(&out, "  <driver type='");
		xml_escape(copy->format, &out);
		buf_puts(&out, "'/>\n");
	}
	buf_puts(&out, "</disk>\n");
	xml = cmd_strdup(cmd, buf_str(&out));
	buf_release(&out);
	return xml;
}

/* Bandwidths of this call are in bytes. */
static int
add_params(struct cmd *cmd, const struct copy *copy, struct params *params)
{
	uint64_t bandwidth = copy->bandwidth;

	if (!cmd_has(cmd, "bytes")) {
		if (bandwidth > UINT64_MAX >> 20)
			return cmd_error(cmd, "bandwidth must be less than "
			    "%" PRIu64, UINT64_MAX >> 20);
		bandwidth <<= 20;
	}
	if (bandwidth != 0)
		params_add_ullong(params, XVM_DOMAIN_BLOCK_COPY_BANDWIDTH,
		    bandwidth);
	if (copy->granularity != 0)
		params_add_uint(params, XVM_DOMAIN_BLOCK_COPY_GRANULARITY,
		    copy->granularity);
	if (copy->buf_size != 0)
		params_add_ullong(params, XVM_DOMAIN_BLOCK_COPY_BUF_SIZE,
		    copy->buf_size);
	return 0;
}

static const struct flag_option copy_flags[] = {
	{ "shallow", XVM_DOMAIN_BLOCK_COPY_SHALLOW },
	{ "reuse-external", XVM_DOMAIN_BLOCK_COPY_REUSE_EXT },
	{ "transient-job", XVM_DOMAIN_BLOCK_COPY_TRANSIENT_JOB },
	{ "synchronous-writes", XVM_DOMAIN_BLOCK_COPY_SYNCHRONOUS_WRITES },
};

static int
copy_by_xml(struct cmd *cmd, const struct copy *copy, const char *xml)
{
	struct xvm_domain_block_copy_args args = { 0 };
	struct params *params = params_begin(cmd);

	if (add_params(cmd, copy, params) != 0)
		return -1;
	if (xml == NULL)
		xml = dest_xml(cmd, copy);
	if (cmd_has(cmd, "print-xml")) {
		cmd_document(cmd, "xml", xml);
		return 0;
	}
	args.dom = *copy->job.dom;
	args.path = call_text(copy->job.path);
	args.destxml = call_text(xml);
	args.params.params_val = params->v;
	args.params.params_len = params->n;
	args.flags = FLAGS_OF(cmd, copy_flags);
	return block_job_start(cmd, &copy->job, XVM_CALL_DOMAIN_BLOCK_COPY,
	    &args);
}

static const struct flag_option rebase_flags[] = {
	{ "shallow", XVM_DOMAIN_BLOCK_REBASE_SHALLOW },
	{ "reuse-external", XVM_DOMAIN_BLOCK_REBASE_REUSE_EXT },
	{ "blockdev", XVM_DOMAIN_BLOCK_REBASE_COPY_DEV },
	{ "bytes", XVM_DOMAIN_BLOCK_REBASE_BANDWIDTH_BYTES },
};

/* The older call, which every server knows. */
static int
copy_by_path(struct cmd *cmd, const struct copy *copy)
{
	struct xvm_domain_block_rebase_args args = {
		.dom = *copy->job.dom,
		.path = call_text(copy->job.path),
		.bandwidth = copy->bandwidth,
		.flags = XVM_DOMAIN_BLOCK_REBASE_COPY,
	};
	const char *dest = copy->dest;

	args.base = opt_str(&dest);
	args.flags |= FLAGS_OF(cmd, rebase_flags);
	if (copy->format != NULL)	/* "raw" */
		args.flags |= XVM_DOMAIN_BLOCK_REBASE_COPY_RAW;
	return block_job_start(cmd, &copy->job, XVM_CALL_DOMAIN_BLOCK_REBASE,
	    &args);
}

static int
blockcopy_run(struct cmd *cmd)
{
	struct copy copy = { .job = {
		.label = "Block Copy", .noun = "Copy",
		.started = "Block Copy started",
		.done = "Now in mirroring phase",
	} };
	const char *xml = NULL;

	if (read_copy(cmd, &copy) != 0 ||
	    (copy.job.dom = cmd_domain(cmd)) == NULL)
		return -1;
	if (copy.file != NULL &&
	    (xml = cmd_read_file(cmd, copy.file)) == NULL)
		return -1;
	if (copy.granularity != 0 || copy.buf_size != 0 || xml != NULL ||
	    (copy.format != NULL && strcmp(copy.format, "raw") != 0) ||
	    cmd_has(cmd, "transient-job") ||
	    cmd_has(cmd, "synchronous-writes") || cmd_has(cmd, "print-xml"))
		return copy_by_xml(cmd, &copy, xml);
	return copy_by_path(cmd, &copy);
}

static const struct option blockcopy_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_ACTIVE),
	OPTION_JOB_PATH,
	OPTION_TEXT("dest", "path of the copy", complete_file),
	OPTION_JOB_BANDWIDTH,
	OPTION_SWITCH("shallow", "copy only what is not in images behind it"),
	OPTION_SWITCH("reuse-external", "the copy's file is there already"),
	OPTION_OLD_NAME("raw", "format=raw"),
	OPTION_SWITCH("blockdev", "the copy goes to a block device"),
	OPTIONS_JOB_WAIT("wait, and give it up after so many seconds"),
	OPTION_SWITCH("pivot", "wait, then use the copy"),
	OPTION_SWITCH("finish", "wait, then leave the copy as it is"),
	OPTION_SWITCH("async", "when it is given up, do not wait for that"),
	OPTION_TEXT("xml", "file with XML that describes the copy",
	    complete_file),
	OPTION_TEXT("format", "format of the copy", NULL),
	OPTION_NUMBER("granularity",
	    "bytes that are copied at once, a power of two"),
	OPTION_NUMBER("buf-size", "the most bytes that are on their way"),
	OPTION_JOB_BYTES,
	OPTION_SWITCH("transient-job", "it ends with the domain"),
	OPTION_SWITCH("synchronous-writes",
	    "the domain's writes wait for the copy"),
	OPTION_SWITCH("print-xml", "print the copy's XML, copy nothing"),
	{ 0 }
};

const struct command command_blockcopy = {
	.name = "blockcopy",
	.summary = "copy a disk while it is in use",
	.description = "Copy a disk of a running domain and keep the copy up "
	    "to date until the job is ended.",
	.options = blockcopy_options,
	.run = blockcopy_run,
};
