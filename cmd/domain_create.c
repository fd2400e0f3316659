/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands that bring domains to life: define, create, start. */
#include "../lib/number.h"
#include "domain_console.h"
#include "domain_options.h"
#include "input.h"

static const struct option define_options[] = {
	OPTION_WORD("file", "XML description of the domain", complete_file),
	OPTION_SWITCH("validate", "check the XML against the schema"),
	{ 0 }
};

static int
define_run(struct cmd *cmd)
{
	struct xvm_domain_define_xml_args args;
	struct xvm_domain_define_xml_flags_args with_flags = {
		.flags = XVM_DOMAIN_DEFINE_VALIDATE,
	};
	const struct xvm_domain *dom;	/* the first member of both results */
	const char *file;

	if (cmd_string(cmd, "file", &file) != 0 ||
	    (args.xml = with_flags.xml = cmd_read_file(cmd, file)) == NULL)
		return -1;
	if (cmd_has(cmd, "validate"))
		dom = cmd_call(cmd, XVM_CALL_DOMAIN_DEFINE_XML_FLAGS,
		    &with_flags);
	else
		dom = cmd_call(cmd, XVM_CALL_DOMAIN_DEFINE_XML, &args);
	if (dom == NULL)
		return cmd_error(cmd, "Failed to define domain from %s", file);
	cmd_extra(cmd, "Domain '%s' defined from %s\n", dom->name, file);
	return 0;
}

const struct command command_define = {
	.name = "define",
	.summary = "add a domain from an XML file, without starting it",
	.description = "Add a domain, or replace the configuration of one that "
	    "has the same name and UUID.",
	.options = define_options,
	.run = define_run,
};


/*
 * Are the descriptors of --pass-fds numbers? 1: yes, and given; 0: not given;
 * -1: no (said).
 */
static int
check_pass_fds(struct cmd *cmd)
{
	const char *list = cmd_word(cmd, "pass-fds");
	int32_t fd;

	if (list == NULL || list[0] == '\0')
		return 0;
	for (char **w = cmd_split_commas(cmd, list); *w != NULL; w++) {
		if (number_i32(*w, 10, &fd) != 0)
			return cmd_error(cmd,
			    "Unable to parse FD number '%s'", *w);
	}
	return 1;
}

/*
 * Calls carry no descriptors, so none can reach another host: refuse before
 * anything is started there without them.
 */
static const void *
call_with_files(struct cmd *cmd, int number, const void *args)
{
	struct error err = ERROR_INIT;

	if (!conn_is_remote(cmd_conn(cmd)))
		return cmd_call(cmd, number, args);
	(void)error_unsupported(&err, call_type(number)->api);
	(void)cmd_set_error(cmd, &err);
	return NULL;
}

static const struct option create_options[] = {
	OPTION_WORD("file", "XML description of the domain", complete_file),
	OPTION_SWITCH("console", "attach to its console when it runs"),
	OPTION_SWITCH("paused", "create it, but do not let it run yet"),
	OPTION_SWITCH("autodestroy", "destroy it when this program ends"),
	OPTION_TEXT("pass-fds", "file descriptors N,M,... for the guest",
	    NULL),
	OPTION_SWITCH("validate", "check the XML against the schema"),
	OPTION_SWITCH("reset-nvram", "begin with a fresh NVRAM"),
	{ 0 }
};

static const struct flag_option create_flags[] = {
	{ "paused", XVM_DOMAIN_START_PAUSED },
	{ "autodestroy", XVM_DOMAIN_START_AUTODESTROY },
	{ "validate", XVM_DOMAIN_START_VALIDATE },
	{ "reset-nvram", XVM_DOMAIN_START_RESET_NVRAM },
};

static int
create_run(struct cmd *cmd)
{
	struct xvm_domain_create_xml_args args;
	struct xvm_domain_create_xml_with_files_args with_files;
	const struct xvm_domain *dom;	/* the first member of both results */
	const char *file;
	int fds;

	if (cmd_string(cmd, "file", &file) != 0 ||
	    (args.xml_desc = cmd_read_file(cmd, file)) == NULL ||
	    (fds = check_pass_fds(cmd)) < 0)
		return -1;
	args.flags = FLAGS_OF(cmd, create_flags);
	with_files.xml_desc = args.xml_desc;
	with_files.flags = args.flags;
	if (fds > 0)
		dom = call_with_files(cmd, XVM_CALL_DOMAIN_CREATE_XML_WITH_FILES,
		    &with_files);
	else
		dom = cmd_call(cmd, XVM_CALL_DOMAIN_CREATE_XML, &args);
	if (dom == NULL)
		return cmd_error(cmd, "Failed to create domain from %s", file);
	cmd_extra(cmd, "Domain '%s' created from %s\n", dom->name, file);
	/* It runs, whatever comes of this. */
	if (cmd_has(cmd, "console"))
		(void)domain_console(cmd, dom, NULL, 0);
	return 0;
}

const struct command command_create = {
	.name = "create",
	.summary = "start a domain from an XML file",
	.description = "Start a domain that lasts until it is shut down.",
	.options = create_options,
	.run = create_run,
};

static const struct option start_options[] = {
	{ .name = "domain", .type = OPTION_DATA, .flags = OPTION_REQUIRED,
	    .help = "name or UUID of the inactive domain",
	    .complete = complete_domain,
	    .complete_flags = XVM_CONNECT_LIST_DOMAINS_SHUTOFF },
	OPTION_SWITCH("console", "attach to its console when it runs"),
	OPTION_SWITCH("paused", "create it, but do not let it run yet"),
	OPTION_SWITCH("autodestroy", "destroy it when this program ends"),
	OPTION_SWITCH("bypass-cache", "load around the file system's cache"),
	OPTION_SWITCH("force-boot", "discard a managed save and boot"),
	OPTION_TEXT("pass-fds", "file descriptors N,M,... for the guest",
	    NULL),
	OPTION_SWITCH("reset-nvram", "begin with a fresh NVRAM"),
	{ 0 }
};

static const struct flag_option start_flags[] = {
	{ "paused", XVM_DOMAIN_START_PAUSED },
	{ "autodestroy", XVM_DOMAIN_START_AUTODESTROY },
	{ "bypass-cache", XVM_DOMAIN_START_BYPASS_CACHE },
	{ "force-boot", XVM_DOMAIN_START_FORCE_BOOT },
	{ "reset-nvram", XVM_DOMAIN_START_RESET_NVRAM },
};

static const void *
start_call(struct cmd *cmd, const struct xvm_domain *dom, bool files,
    unsigned int flags)
{
	struct xvm_domain_create_with_files_args with_files = { *dom, flags };
	struct xvm_domain_create_with_flags_args with_flags = { *dom, flags };
	struct xvm_domain_create_args args = { *dom };

	if (files)
		return call_with_files(cmd, XVM_CALL_DOMAIN_CREATE_WITH_FILES,
		    &with_files);
	if (flags != 0)
		return cmd_call(cmd, XVM_CALL_DOMAIN_CREATE_WITH_FLAGS,
		    &with_flags);
	return cmd_call(cmd, XVM_CALL_DOMAIN_CREATE, &args);
}

/*
 * Boot where the driver does not know how to ignore a managed save: remove it
 * first. 0, or -1 and the reason is the command's.
 */
static int
forget_managed_save(struct cmd *cmd, const struct xvm_domain *dom)
{
	struct xvm_domain_has_managed_save_image_args has = { *dom, 0 };
	struct xvm_domain_managed_save_remove_args args = { *dom, 0 };
	const struct xvm_domain_has_managed_save_image_ret *ret;

	cmd_forget_error(cmd);
	ret = cmd_call(cmd, XVM_CALL_DOMAIN_HAS_MANAGED_SAVE_IMAGE, &has);
	if (ret == NULL)
		cmd_forget_error(cmd);
	else if (ret->result > 0 && cmd_call(cmd,
	    XVM_CALL_DOMAIN_MANAGED_SAVE_REMOVE, &args) == NULL)
		return -1;
	return 0;
}

static int
start_run(struct cmd *cmd)
{
	const struct xvm_domain *dom =
	    cmd_domain_by(cmd, CMD_BY_NAME | CMD_BY_UUID);
	unsigned int flags = FLAGS_OF(cmd, start_flags);
	const void *done;
	int fds;

	if (dom == NULL)
		return -1;
	if (dom->id != -1)
		return cmd_error(cmd, "Domain is already active");
	fds = check_pass_fds(cmd);
	if (fds < 0)
		return -1;
	done = start_call(cmd, dom, fds > 0, flags);
	if (done == NULL && (flags & XVM_DOMAIN_START_FORCE_BOOT) != 0) {
		int code = cmd_last_error(cmd)->code;

		if ((code != XVM_ERR_NO_SUPPORT &&
		    code != XVM_ERR_INVALID_ARG) ||
		    forget_managed_save(cmd, dom) != 0)
			return -1;
		done = start_call(cmd, dom, fds > 0,
		    flags & ~(unsigned int)XVM_DOMAIN_START_FORCE_BOOT);
	}
	if (done == NULL)
		return cmd_error(cmd, "Failed to start domain '%s'", dom->name);
	cmd_extra(cmd, "Domain '%s' started\n", dom->name);
	if (cmd_has(cmd, "console"))
		return domain_console(cmd, dom, NULL, 0);
	return 0;
}

const struct command command_start = {
	.name = "start",
	.summary = "start a domain that is defined",
	.description = "Start a domain: from its managed save when there is "
	    "one, else it boots.",
	.options = start_options,
	.run = start_run,
};
