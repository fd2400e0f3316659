/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands about saved domains: managed saves, and the XML in saved files. */
#include "domain_options.h"
#include "domain_xml.h"
#include "input.h"
#include "progress.h"

#define RUNNING_OPTION OPTION_SWITCH("running", "have it run when it goes on")
#define PAUSED_OPTION OPTION_SWITCH("paused", "have it paused when it goes on")

static const struct flag_option state_flags[] = {
	{ "bypass-cache", XVM_DOMAIN_SAVE_BYPASS_CACHE },
	{ "running", XVM_DOMAIN_SAVE_RUNNING },
	{ "paused", XVM_DOMAIN_SAVE_PAUSED },
};

static const struct option managedsave_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_ACTIVE),
	OPTION_SWITCH("bypass-cache", "save around the file system's cache"),
	RUNNING_OPTION,
	PAUSED_OPTION,
	OPTION_SWITCH("verbose", "show the progress"),
	{ 0 }
};

static int
managedsave_run(struct cmd *cmd)
{
	const struct xvm_domain *dom = cmd_domain(cmd);
	struct xvm_domain_managed_save_args args;

	if (dom == NULL)
		return -1;
	args.dom = *dom;
	args.flags = FLAGS_OF(cmd, state_flags);
	if (progress_call(cmd, dom, "Managedsave", XVM_CALL_DOMAIN_MANAGED_SAVE,
	    &args) == NULL)
		return cmd_error(cmd, "Failed to save domain '%s' state",
		    cmd_word(cmd, "domain"));
	cmd_extra(cmd, "\nDomain '%s' state saved by libvirt\n",
	    cmd_word(cmd, "domain"));
	return 0;
}

const struct command command_managedsave = {
	.name = "managedsave",
	.summary = "save a domain where its next start finds it",
	.description = "Save the domain's memory and state and stop it; the "
	    "next start lets it go on from there.",
	.options = managedsave_options,
	.run = managedsave_run,
};

static const struct option remove_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_MANAGEDSAVE),
	{ 0 }
};

static int
remove_run(struct cmd *cmd)
{
	const struct xvm_domain *dom = cmd_domain(cmd);
	struct xvm_domain_has_managed_save_image_args has = { .flags = 0 };
	struct xvm_domain_managed_save_remove_args args = { .flags = 0 };
	const struct xvm_domain_has_managed_save_image_ret *ret;
	const char *name = cmd_word(cmd, "domain");

	if (dom == NULL)
		return -1;
	has.dom = args.dom = *dom;
	ret = cmd_call(cmd, XVM_CALL_DOMAIN_HAS_MANAGED_SAVE_IMAGE, &has);
	if (ret == NULL)
		return cmd_error(cmd,
		    "Failed to check for domain managed save image");
	if (ret->result == 0) {
		cmd_extra(cmd, "Domain '%s' has no manage save image; removal "
		    "skipped", name);
		return 0;
	}
	if (cmd_call(cmd, XVM_CALL_DOMAIN_MANAGED_SAVE_REMOVE, &args) == NULL)
		return cmd_error(cmd, "Failed to remove managed save image for "
		    "domain '%s'", name);
	cmd_extra(cmd, "Removed managedsave image for domain '%s'", name);
	return 0;
}

const struct command command_managedsave_remove = {
	.name = "managedsave-remove",
	.summary = "forget a domain's managed save",
	.description = "Forget the state that the next start would go on from.",
	.options = remove_options,
	.run = remove_run,
};

static const struct option dumpxml_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_MANAGEDSAVE),
	OPTION_SWITCH("security-info", "passwords and the like too"),
	OPTIONS_XPATH,
	{ 0 }
};

static int
dumpxml_run(struct cmd *cmd)
{
	const struct xvm_domain *dom = cmd_domain(cmd);
	struct xvm_domain_managed_save_get_xml_desc_args args;
	const struct xvm_domain_managed_save_get_xml_desc_ret *ret;
	const char *xpath;

	if (dom == NULL || cmd_xpath(cmd, &xpath) != 0)
		return -1;
	args.dom = *dom;
	args.flags = cmd_has(cmd, "security-info") ?
	    XVM_DOMAIN_SAVE_IMAGE_XML_SECURE : 0;
	ret = cmd_call(cmd, XVM_CALL_DOMAIN_MANAGED_SAVE_GET_XML_DESC, &args);
	return ret == NULL ? -1 : cmd_print_xml(cmd, ret->xml, xpath);
}

const struct command command_managedsave_dumpxml = {
	.name = "managedsave-dumpxml",
	.summary = "show the XML in a domain's managed save",
	.description = "Print the description that the domain's managed save "
	    "holds.",
	.options = dumpxml_options,
	.run = dumpxml_run,
};

static const struct option define_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_MANAGEDSAVE),
	OPTION_WORD("xml", "file with the XML", complete_file),
	RUNNING_OPTION,
	PAUSED_OPTION,
	{ 0 }
};

static int
define_run(struct cmd *cmd)
{
	struct xvm_domain_managed_save_define_xml_args args;
	const struct xvm_domain *dom;
	const char *file;
	xvm_str xml;

	args.flags = FLAGS_OF(cmd, state_flags);
	if (cmd_exclusive(cmd, "running", "paused") != 0 ||
	    cmd_string(cmd, "xml", &file) != 0 ||
	    (xml = cmd_read_file(cmd, file)) == NULL ||
	    (dom = cmd_domain(cmd)) == NULL)
		return -1;
	args.dom = *dom;
	args.dxml = &xml;
	if (cmd_call(cmd, XVM_CALL_DOMAIN_MANAGED_SAVE_DEFINE_XML,
	    &args) == NULL)
		return cmd_error(cmd, "Failed to update %s XML configuration",
		    dom->name);
	cmd_extra(cmd, "Managed save state file of domain '%s' updated.\n",
	    dom->name);
	return 0;
}

const struct command command_managedsave_define = {
	.name = "managedsave-define",
	.summary = "replace the XML in a domain's managed save",
	.description = "Replace the description that the domain's managed save "
	    "holds.",
	.options = define_options,
	.run = define_run,
};

static const struct option image_dumpxml_options[] = {
	OPTION_WORD("file", "file that the domain was saved to", NULL),
	OPTION_SWITCH("security-info", "passwords and the like too"),
	OPTIONS_XPATH,
	{ 0 }
};

static int
image_dumpxml_run(struct cmd *cmd)
{
	struct xvm_domain_save_image_get_xml_desc_args args;
	const struct xvm_domain_save_image_get_xml_desc_ret *ret;
	const char *file, *xpath;

	if (cmd_string(cmd, "file", &file) != 0 ||
	    cmd_xpath(cmd, &xpath) != 0 ||
	    (args.file = cmd_call_path(cmd, file)) == NULL)
		return -1;
	args.flags = cmd_has(cmd, "security-info") ?
	    XVM_DOMAIN_SAVE_IMAGE_XML_SECURE : 0;
	ret = cmd_call(cmd, XVM_CALL_DOMAIN_SAVE_IMAGE_GET_XML_DESC, &args);
	return ret == NULL ? -1 : cmd_print_xml(cmd, ret->xml, xpath);
}

const struct command command_save_image_dumpxml = {
	.name = "save-image-dumpxml",
	.summary = "show the XML in a saved file",
	.description = "Print the description that a saved file holds.",
	.options = image_dumpxml_options,
	.run = image_dumpxml_run,
};

static const struct option image_define_options[] = {
	OPTION_WORD("file", "file that the domain was saved to", NULL),
	OPTION_WORD("xml", "file with the XML", complete_file),
	RUNNING_OPTION,
	PAUSED_OPTION,
	{ 0 }
};

static int
image_define_run(struct cmd *cmd)
{
	struct xvm_domain_save_image_define_xml_args args;
	const char *file, *xml;

	args.flags = FLAGS_OF(cmd, state_flags);
	if (cmd_string(cmd, "file", &file) != 0 ||
	    cmd_string(cmd, "xml", &xml) != 0 ||
	    (args.dxml = cmd_read_file(cmd, xml)) == NULL ||
	    (args.file = cmd_call_path(cmd, file)) == NULL)
		return -1;
	if (cmd_call(cmd, XVM_CALL_DOMAIN_SAVE_IMAGE_DEFINE_XML,
	    &args) == NULL)
		return cmd_error(cmd, "Failed to update %s", file);
	cmd_extra(cmd, "State file %s updated.\n", file);
	return 0;
}

const struct command command_save_image_define = {
	.name = "save-image-define",
	.summary = "replace the XML in a saved file",
	.description = "Replace the description that a saved file holds.",
	.options = image_define_options,
	.run = image_define_run,
};
