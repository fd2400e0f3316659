/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands about a domain's name, id and UUID. */
#include "../lib/uuid.h"
#include "domain_options.h"
#include "input.h"

static const struct option domid_options[] = {
	{ .name = "domain", .type = OPTION_DATA, .flags = OPTION_REQUIRED,
	    .help = "name or UUID of the domain",
	    .complete = complete_domain,
	    .complete_flags = XVM_CONNECT_LIST_DOMAINS_ACTIVE },
	{ 0 }
};

static int
domid_run(struct cmd *cmd)
{
	const struct xvm_domain *dom =
	    cmd_domain_by(cmd, CMD_BY_NAME | CMD_BY_UUID);

	if (dom == NULL)
		return -1;
	if (dom->id == -1)
		cmd_field(cmd, "id", value_null(), "-\n");
	else
		cmd_field(cmd, "id", value_int(dom->id), "%d\n", dom->id);
	return 0;
}

const struct command command_domid = {
	.name = "domid",
	.summary = "show the id of a domain by its name or UUID",
	.options = domid_options,
	.run = domid_run,
};

static const struct option domname_options[] = {
	OPTION_WORD("domain", "id or UUID of the domain",
	    complete_domain_uuid),
	{ 0 }
};

static int
domname_run(struct cmd *cmd)
{
	const struct xvm_domain *dom =
	    cmd_domain_by(cmd, CMD_BY_ID | CMD_BY_UUID);

	if (dom == NULL)
		return -1;
	cmd_field(cmd, "name", value_string(dom->name), "%s\n", dom->name);
	return 0;
}

const struct command command_domname = {
	.name = "domname",
	.summary = "show the name of a domain by its id or UUID",
	.options = domname_options,
	.run = domname_run,
};

static const struct option domuuid_options[] = {
	{ .name = "domain", .type = OPTION_DATA, .flags = OPTION_REQUIRED,
	    .help = "id or name of the domain",
	    .complete = complete_domain },
	{ 0 }
};

static int
domuuid_run(struct cmd *cmd)
{
	const struct xvm_domain *dom =
	    cmd_domain_by(cmd, CMD_BY_NAME | CMD_BY_ID);
	char uuid[UUID_TEXT_SIZE];

	if (dom == NULL)
		return -1;
	(void)uuid_format(UUID_BYTES(dom->uuid), uuid);
	cmd_field(cmd, "uuid", value_string(uuid), "%s\n", uuid);
	return 0;
}

const struct command command_domuuid = {
	.name = "domuuid",
	.summary = "show the UUID of a domain by its name or id",
	.options = domuuid_options,
	.run = domuuid_run,
};

static const struct option domrename_options[] = {
	{ .name = "domain", .type = OPTION_DATA, .flags = OPTION_REQUIRED,
	    .help = "name or UUID of the domain",
	    .complete = complete_domain,
	    .complete_flags = XVM_CONNECT_LIST_DOMAINS_INACTIVE },
	OPTION_WORD("new-name", "the name that it gets", NULL),
	{ 0 }
};

static int
domrename_run(struct cmd *cmd)
{
	const struct xvm_domain *dom = cmd_domain(cmd);
	struct xvm_domain_rename_args args = { .flags = 0 };
	const char *name;
	xvm_str text;

	if (dom == NULL || cmd_string(cmd, "new-name", &name) != 0)
		return -1;
	args.dom = *dom;
	text = call_text(name);
	args.new_name = &text;
	if (cmd_call(cmd, XVM_CALL_DOMAIN_RENAME, &args) == NULL)
		return -1;
	cmd_extra(cmd, "Domain successfully renamed\n");
	return 0;
}

const struct command command_domrename = {
	.name = "domrename",
	.summary = "rename a domain",
	.description = "Give an inactive domain another name.",
	.options = domrename_options,
	.run = domrename_run,
};
