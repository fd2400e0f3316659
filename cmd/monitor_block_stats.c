/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* domblkstat: what a disk of a domain has read and written. */
#include <inttypes.h>
#include <string.h>

#include "domain_options.h"

/* The order of the output; what is not here comes behind it. */
static const struct figure {
	const char *field;	/* of the typed parameter */
	const char *text;	/* in the output; NULL: as the field */
	const char *human;	/* for people */
} figures[] = {
	{ XVM_DOMAIN_BLOCK_STATS_READ_REQ, "rd_req",
	    "number of read operations:" },
	{ XVM_DOMAIN_BLOCK_STATS_READ_BYTES, "rd_bytes",
	    "number of bytes read:" },
	{ XVM_DOMAIN_BLOCK_STATS_WRITE_REQ, "wr_req",
	    "number of write operations:" },
	{ XVM_DOMAIN_BLOCK_STATS_WRITE_BYTES, "wr_bytes",
	    "number of bytes written:" },
	{ XVM_DOMAIN_BLOCK_STATS_ERRS, "errs", "error count:" },
	{ XVM_DOMAIN_BLOCK_STATS_FLUSH_REQ, NULL,
	    "number of flush operations:" },
	{ XVM_DOMAIN_BLOCK_STATS_READ_TOTAL_TIMES, NULL,
	    "total duration of reads (ns):" },
	{ XVM_DOMAIN_BLOCK_STATS_WRITE_TOTAL_TIMES, NULL,
	    "total duration of writes (ns):" },
	{ XVM_DOMAIN_BLOCK_STATS_FLUSH_TOTAL_TIMES, NULL,
	    "total duration of flushes (ns):" },
};

#define N_FIGURES (sizeof(figures) / sizeof(figures[0]))
#define N_OLD 5		/* those that DOMAIN_BLOCK_STATS has as well */

static void
print_figure(struct cmd *cmd, const char *device, const struct figure *f,
    struct value value, const char *text)
{
	const char *name = f->text != NULL ? f->text : f->field;

	if (cmd_has(cmd, "human"))
		cmd_field(cmd, name, value, " %-31s %s\n", f->human, text);
	else
		cmd_field(cmd, name, value, "%s %s %s\n", device, name, text);
}

/* Where the hypervisor has the call of old alone. */
static int
print_old(struct cmd *cmd, const struct xvm_domain *dom, const char *device)
{
	struct xvm_domain_block_stats_args args = {
		.dom = *dom,
		.path = (char *)(size_t)device,
	};
	const struct xvm_domain_block_stats_ret *ret;
	int64_t value[N_OLD];

	cmd_forget_error(cmd);
	ret = cmd_call(cmd, XVM_CALL_DOMAIN_BLOCK_STATS, &args);
	if (ret == NULL)
		return cmd_error(cmd, "Failed to get block stats %s %s",
		    cmd_word(cmd, "domain"), device);
	value[0] = ret->rd_req;
	value[1] = ret->rd_bytes;
	value[2] = ret->wr_req;
	value[3] = ret->wr_bytes;
	value[4] = ret->errs;
	cmd_object_begin(cmd, NULL);
	if (cmd_has(cmd, "human"))
		cmd_text(cmd, "Device: %s\n", device);
	for (size_t i = 0; i < N_OLD; i++) {
		if (value[i] >= 0)
			print_figure(cmd, device, &figures[i],
			    value_int(value[i]), cmd_printf(cmd, "%" PRId64,
			    value[i]));
	}
	cmd_object_end(cmd);
	return 0;
}

static bool
is_figure(const char *field)
{
	for (size_t i = 0; i < N_FIGURES; i++) {
		if (strcmp(figures[i].field, field) == 0)
			return true;
	}
	return false;
}

static void
print_params(struct cmd *cmd, const struct xvm_typed_param *v, unsigned int n,
    const char *device)
{
	const struct xvm_typed_param *p;

	cmd_object_begin(cmd, NULL);
	if (cmd_has(cmd, "human")) {
		cmd_text(cmd, "Device: %s\n", device);
		device = "";
	}
	for (size_t i = 0; i < N_FIGURES; i++) {
		p = params_find(v, n, figures[i].field);
		if (p != NULL)
			print_figure(cmd, device, &figures[i], param_value(p),
			    param_text(cmd, p));
	}
	for (p = v; p < v + n; p++) {
		if (!is_figure(p->field))
			cmd_field(cmd, p->field, param_value(p), "%s %s %s\n",
			    device, p->field, param_text(cmd, p));
	}
	cmd_object_end(cmd);
}

static int
domblkstat_run(struct cmd *cmd)
{
	const struct xvm_domain *dom = cmd_domain(cmd);
	struct xvm_domain_block_stats_flags_args args = { 0 };
	const struct xvm_domain_block_stats_flags_ret *ret;
	const char *device;

	if (dom == NULL || cmd_string(cmd, "device", &device) != 0)
		return -1;
	if (device == NULL)
		device = "";	/* all devices together */
	args.dom = *dom;
	args.path = (char *)(size_t)device;
	ret = cmd_call(cmd, XVM_CALL_DOMAIN_BLOCK_STATS_FLAGS, &args);
	if (ret == NULL && cmd_last_error(cmd)->code == XVM_ERR_NO_SUPPORT)
		return print_old(cmd, dom, device);
	if (ret == NULL)
		return -1;
	args.nparams = ret->nparams;
	ret = cmd_call(cmd, XVM_CALL_DOMAIN_BLOCK_STATS_FLAGS, &args);
	if (ret == NULL)
		return cmd_error(cmd, "Failed to get block stats for domain "
		    "'%s' device '%s'", cmd_word(cmd, "domain"), device);
	print_params(cmd, ret->params.params_val, ret->params.params_len,
	    device);
	return 0;
}

static const struct option domblkstat_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_ACTIVE),
	{ .name = "device", .type = OPTION_STRING, .flags = OPTION_EMPTY_OK,
	    .help = "target or path of the disk; all together without it",
	    .complete = complete_disk_target },
	OPTION_SWITCH("human", "explain the figures"),
	{ 0 },
};

const struct command command_domblkstat = {
	.name = "domblkstat",
	.summary = "show what a disk of a domain has read and written",
	.description = "Shows statistics of a block device of a running "
	    "domain; --human tells what the figures mean.",
	.options = domblkstat_options,
	.run = domblkstat_run,
};
