/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* domfsfreeze, domfsthaw, domfstrim: the guest's file systems. */
#include "domain_options.h"
#include "input.h"

#define OPTION_MOUNTPOINTS(help_) \
	{ .name = "mountpoint", .type = OPTION_ARGV, .help = (help_), \
	    .complete = complete_mountpoint }

static void
complete_mountpoint(struct cmd *cmd, unsigned int flags, struct words *words)
{
	struct xvm_domain_get_fsinfo_args args = { .flags = flags };
	const struct xvm_domain_get_fsinfo_ret *ret;
	const struct xvm_domain *dom;

	if (cmd_conn(cmd) == NULL || !cmd_has(cmd, "domain") ||
	    (dom = cmd_domain(cmd)) == NULL)
		return;
	args.dom = *dom;
	ret = cmd_call(cmd, XVM_CALL_DOMAIN_GET_FSINFO, &args);
	for (unsigned int i = 0; ret != NULL && i < ret->info.info_len; i++)
		words_add(words, "%s", ret->info.info_val[i].mountpoint);
}

/* The domain and the mount points that are given, as the calls take them. */
static int
read_target(struct cmd *cmd, struct xvm_domain *dom_out, unsigned int *n_out,
    xvm_str **list_out)
{
	const struct xvm_domain *dom = cmd_domain(cmd);
	size_t n = 0;

	if (dom == NULL)
		return -1;
	*dom_out = *dom;
	while (cmd_argv(cmd, n) != NULL)
		n++;
	*list_out = cmd_alloc(cmd, (n + 1) * sizeof(**list_out));
	for (size_t i = 0; i < n; i++)
		(*list_out)[i] = call_text(cmd_argv(cmd, i));
	*n_out = (unsigned int)n;
	return 0;
}

static int
say_count(struct cmd *cmd, const char *key, const char *done, int count)
{
	cmd_datum(cmd, key, value_int(count));
	cmd_extra(cmd, "%s %d filesystem(s)\n", done, count);
	return 0;
}

static const struct option domfsfreeze_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_ACTIVE),
	OPTION_MOUNTPOINTS("where a file system to freeze is mounted"),
	{ 0 }
};

static int
domfsfreeze_run(struct cmd *cmd)
{
	struct xvm_domain_fsfreeze_args args = { 0 };
	const struct xvm_domain_fsfreeze_ret *ret;

	if (read_target(cmd, &args.dom, &args.mountpoints.mountpoints_len,
	    &args.mountpoints.mountpoints_val) != 0)
		return -1;
	ret = cmd_call(cmd, XVM_CALL_DOMAIN_FSFREEZE, &args);
	if (ret == NULL)
		return cmd_error(cmd, "Unable to freeze filesystems");
	return say_count(cmd, "frozen", "Froze", ret->filesystems);
}

const struct command command_domfsfreeze = {
	.name = "domfsfreeze",
	.summary = "freeze the file systems of a guest",
	.description = "Let the guest write out its file systems and hold all "
	    "further writes; those that are given, else all.",
	.options = domfsfreeze_options,
	.run = domfsfreeze_run,
};

static const struct option domfsthaw_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_ACTIVE),
	OPTION_MOUNTPOINTS("where a file system to thaw is mounted"),
	{ 0 }
};

static int
domfsthaw_run(struct cmd *cmd)
{
	struct xvm_domain_fsthaw_args args = { 0 };
	const struct xvm_domain_fsthaw_ret *ret;

	if (read_target(cmd, &args.dom, &args.mountpoints.mountpoints_len,
	    &args.mountpoints.mountpoints_val) != 0)
		return -1;
	ret = cmd_call(cmd, XVM_CALL_DOMAIN_FSTHAW, &args);
	if (ret == NULL)
		return cmd_error(cmd, "Unable to thaw filesystems");
	return say_count(cmd, "thawed", "Thawed", ret->filesystems);
}

const struct command command_domfsthaw = {
	.name = "domfsthaw",
	.summary = "let a guest write to frozen file systems again",
	.description = "Let the guest write again to file systems that "
	    "domfsfreeze froze; those that are given, else all.",
	.options = domfsthaw_options,
	.run = domfsthaw_run,
};

static const struct option domfstrim_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_ACTIVE),
	OPTION_NUMBER("minimum",
	    "free ranges of fewer bytes may be left alone"),
	OPTION_TEXT("mountpoint", "where the one file system is mounted",
	    complete_mountpoint),
	{ 0 }
};

static int
domfstrim_run(struct cmd *cmd)
{
	struct xvm_domain_fstrim_args args = { 0 };
	const struct xvm_domain *dom = cmd_domain(cmd);
	const char *where;

	if (dom == NULL || cmd_u64(cmd, "minimum", &args.minimum) < 0 ||
	    cmd_string(cmd, "mountpoint", &where) != 0)
		return -1;
	args.dom = *dom;
	args.mount_point = opt_str(&where);
	if (cmd_call(cmd, XVM_CALL_DOMAIN_FSTRIM, &args) == NULL)
		return cmd_error(cmd, "Unable to invoke fstrim");
	return 0;
}

const struct command command_domfstrim = {
	.name = "domfstrim",
	.summary = "let a guest give up unused blocks",
	.description = "Let the guest tell its disks which blocks its file "
	    "systems do not use.",
	.options = domfstrim_options,
	.run = domfstrim_run,
};
