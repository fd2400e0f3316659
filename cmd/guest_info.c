/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* domhostname, domfsinfo, guestinfo, domlaunchsecinfo: about the guest. */
#include "../lib/buf.h"
#include "domain_options.h"

static int
domhostname_run(struct cmd *cmd)
{
	static const char *const sources[] = { "agent", "lease" };
	static const unsigned int flags[] = {
		XVM_DOMAIN_GET_HOSTNAME_AGENT, XVM_DOMAIN_GET_HOSTNAME_LEASE,
	};
	const struct xvm_domain *dom = cmd_domain(cmd);
	struct xvm_domain_get_hostname_args args = { 0 };
	const struct xvm_domain_get_hostname_ret *ret;
	const char *source;

	if (dom == NULL || cmd_string(cmd, "source", &source) != 0)
		return -1;
	args.dom = *dom;
	if (source != NULL) {
		int number = NUMBER_OF(sources, source);

		if (number < 0)
			return cmd_error(cmd, "Unknown data source '%s'",
			    source);
		args.flags = flags[number];
	}
	ret = cmd_call(cmd, XVM_CALL_DOMAIN_GET_HOSTNAME, &args);
	if (ret == NULL)
		return cmd_error(cmd, "failed to get hostname");
	cmd_field(cmd, "hostname", value_string(ret->hostname), "%s\n",
	    ret->hostname);
	return 0;
}

static const struct option domhostname_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_ACTIVE),
	OPTION_TEXT("source", "who is asked: 'lease' or 'agent'",
	    complete_hostname_source),
	{ 0 },
};

const struct command command_domhostname = {
	.name = "domhostname",
	.summary = "print the host name that a domain has",
	.options = domhostname_options,
	.run = domhostname_run,
};

/* "vda,vdb" */
static const char *
aliases_text(struct cmd *cmd, const struct xvm_domain_fsinfo *fs)
{
	struct buf text = BUF_INIT;

	buf_puts(&text, "");
	for (unsigned int i = 0; i < fs->dev_aliases.dev_aliases_len; i++) {
		if (i > 0)
			buf_putc(&text, ',');
		buf_puts(&text, fs->dev_aliases.dev_aliases_val[i]);
	}
	return cmd_own(cmd, buf_detach(&text));
}

static int
domfsinfo_run(struct cmd *cmd)
{
	static const struct column columns[] = {
		{ "Mountpoint", "mountpoint" }, { "Name", "name" },
		{ "Type", "type" }, { "Target", "target" },
	};
	const struct xvm_domain *dom = cmd_domain(cmd);
	struct xvm_domain_get_fsinfo_args args = { 0 };
	const struct xvm_domain_get_fsinfo_ret *ret;
	struct table *table;

	if (dom == NULL)
		return -1;
	args.dom = *dom;
	ret = cmd_call(cmd, XVM_CALL_DOMAIN_GET_FSINFO, &args);
	if (ret == NULL)
		return cmd_error(cmd, "Unable to get filesystem information");
	if (ret->info.info_len == 0 && !cmd_json(cmd)) {
		cmd_extra(cmd, "No filesystems are mounted in the domain");
		return 0;
	}
	table = table_new(cmd, columns, sizeof(columns) / sizeof(columns[0]));
	for (unsigned int i = 0; i < ret->info.info_len; i++) {
		const struct xvm_domain_fsinfo *fs = &ret->info.info_val[i];

		table_cell(table, value_string(fs->mountpoint), NULL);
		table_cell(table, value_string(fs->name), NULL);
		table_cell(table, value_string(fs->fstype), NULL);
		table_cell(table, value_string(aliases_text(cmd, fs)), NULL);
	}
	table_print(table, NULL);
	return 0;
}

static const struct option domfsinfo_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_ACTIVE),
	{ 0 },
};

const struct command command_domfsinfo = {
	.name = "domfsinfo",
	.summary = "list the file systems that a domain has mounted",
	.description = "Lists the file systems that are mounted in a running "
	    "domain.",
	.options = domfsinfo_options,
	.run = domfsinfo_run,
};

static int
guestinfo_run(struct cmd *cmd)
{
	static const struct flag_option types[] = {
		{ "user", XVM_DOMAIN_GUEST_INFO_USERS },
		{ "os", XVM_DOMAIN_GUEST_INFO_OS },
		{ "timezone", XVM_DOMAIN_GUEST_INFO_TIMEZONE },
		{ "hostname", XVM_DOMAIN_GUEST_INFO_HOSTNAME },
		{ "filesystem", XVM_DOMAIN_GUEST_INFO_FILESYSTEM },
		{ "disk", XVM_DOMAIN_GUEST_INFO_DISKS },
		{ "interface", XVM_DOMAIN_GUEST_INFO_INTERFACES },
	};
	const struct xvm_domain *dom = cmd_domain(cmd);
	struct xvm_domain_get_guest_info_args args = { 0 };
	const struct xvm_domain_get_guest_info_ret *ret;

	if (dom == NULL)
		return -1;
	args.dom = *dom;
	args.types = cmd_flags(cmd, types, sizeof(types) / sizeof(types[0]));
	ret = cmd_call(cmd, XVM_CALL_DOMAIN_GET_GUEST_INFO, &args);
	if (ret == NULL)
		return -1;
	cmd_object_begin(cmd, NULL);
	for (unsigned int i = 0; i < ret->params.params_len; i++) {
		const struct xvm_typed_param *p = &ret->params.params_val[i];

		cmd_field(cmd, p->field, param_value(p), "%-20s: %s\n",
		    p->field, param_text(cmd, p));
	}
	cmd_object_end(cmd);
	return 0;
}

static const struct option guestinfo_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_ACTIVE),
	OPTION_SWITCH("user", "tell who is logged in"),
	OPTION_SWITCH("os", "tell about the operating system"),
	OPTION_SWITCH("timezone", "tell the time zone"),
	OPTION_SWITCH("hostname", "tell the host name"),
	OPTION_SWITCH("filesystem", "tell about file systems"),
	OPTION_SWITCH("disk", "tell about disks"),
	OPTION_SWITCH("interface", "tell about network interfaces"),
	{ 0 },
};

const struct command command_guestinfo = {
	.name = "guestinfo",
	.summary = "ask the agent in a domain about the system there",
	.description = "Shows what the guest agent of a running domain tells "
	    "about the system in it.",
	.options = guestinfo_options,
	.run = guestinfo_run,
};

static int
domlaunchsecinfo_run(struct cmd *cmd)
{
	const struct xvm_domain *dom = cmd_domain(cmd);
	struct xvm_domain_get_launch_security_info_args args = { 0 };
	const struct xvm_domain_get_launch_security_info_ret *ret;

	if (dom == NULL)
		return -1;
	args.dom = *dom;
	ret = cmd_call(cmd, XVM_CALL_DOMAIN_GET_LAUNCH_SECURITY_INFO, &args);
	if (ret == NULL)
		return cmd_error(cmd,
		    "Unable to get launch security parameters");
	cmd_object_begin(cmd, NULL);
	for (unsigned int i = 0; i < ret->params.params_len; i++) {
		const struct xvm_typed_param *p = &ret->params.params_val[i];

		cmd_field(cmd, p->field, param_value(p), "%-15s: %s\n",
		    p->field, param_text(cmd, p));
	}
	cmd_object_end(cmd);
	return 0;
}

static const struct option domlaunchsecinfo_options[] = {
	OPTION_DOMAIN(0),
	{ 0 },
};

const struct command command_domlaunchsecinfo = {
	.name = "domlaunchsecinfo",
	.summary = "show how the start of a domain is secured",
	.description = "Shows the launch security parameters of a domain.",
	.options = domlaunchsecinfo_options,
	.run = domlaunchsecinfo_run,
};
