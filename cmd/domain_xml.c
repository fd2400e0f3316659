/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands that print a domain's XML or convert it. */
#include "domain_xml.h"

#include <string.h>

#include "../lib/buf.h"
#include "../lib/xml.h"
#include "domain_options.h"
#include "input.h"

int
cmd_xpath(struct cmd *cmd, const char **xpath_out)
{
	*xpath_out = cmd_word(cmd, "xpath");
	return *xpath_out != NULL && (*xpath_out)[0] == '\0' ? -1 : 0;
}

int
cmd_print_xml(struct cmd *cmd, const char *xml, const char *xpath)
{
	struct error err = ERROR_INIT;
	struct buf found = BUF_INIT;
	int rc = 0;

	if (xpath == NULL) {
		cmd_document(cmd, "xml", xml);
		return 0;
	}
	if (xml_xpath(xml, strlen(xml), xpath, cmd_has(cmd, "wrap"), &found,
	    &err) < 0)
		rc = cmd_set_error(cmd, &err);
	else
		cmd_document(cmd, "xml", buf_str(&found));
	buf_release(&found);
	return rc;
}

static const struct option dumpxml_options[] = {
	OPTION_DOMAIN(0),
	OPTION_SWITCH("inactive", "the configuration for the next start"),
	OPTION_SWITCH("security-info", "passwords and the like too"),
	OPTION_SWITCH("update-cpu", "complete the guest's CPU by the host's"),
	OPTION_SWITCH("migratable", "as another host takes it"),
	OPTIONS_XPATH,
	{ 0 }
};

static const struct flag_option dumpxml_flags[] = {
	{ "inactive", XVM_DOMAIN_XML_INACTIVE },
	{ "security-info", XVM_DOMAIN_XML_SECURE },
	{ "update-cpu", XVM_DOMAIN_XML_UPDATE_CPU },
	{ "migratable", XVM_DOMAIN_XML_MIGRATABLE },
};

static int
dumpxml_run(struct cmd *cmd)
{
	const struct xvm_domain *dom = cmd_domain(cmd);
	struct xvm_domain_get_xml_desc_args args;
	const struct xvm_domain_get_xml_desc_ret *ret;
	const char *xpath;

	if (dom == NULL || cmd_xpath(cmd, &xpath) != 0)
		return -1;
	args.dom = *dom;
	args.flags = FLAGS_OF(cmd, dumpxml_flags);
	ret = cmd_call(cmd, XVM_CALL_DOMAIN_GET_XML_DESC, &args);
	if (ret == NULL)
		return -1;
	return cmd_print_xml(cmd, ret->xml, xpath);
}

const struct command command_dumpxml = {
	.name = "dumpxml",
	.summary = "show a domain's description in XML",
	.description = "Print the domain's description in XML, as define and "
	    "create take it.",
	.options = dumpxml_options,
	.run = dumpxml_run,
};

static const struct option from_native_options[] = {
	OPTION_WORD("format", "the format of the configuration", NULL),
	OPTION_WORD("config", "file with the configuration", complete_file),
	{ 0 }
};

static int
from_native_run(struct cmd *cmd)
{
	struct xvm_connect_domain_xml_from_native_args args = { .flags = 0 };
	const struct xvm_connect_domain_xml_from_native_ret *ret;
	const char *format, *file;

	if (cmd_string(cmd, "format", &format) != 0 ||
	    cmd_string(cmd, "config", &file) != 0 ||
	    (args.native_config = cmd_read_file(cmd, file)) == NULL)
		return -1;
	args.native_format = call_text(format);
	ret = cmd_call(cmd, XVM_CALL_CONNECT_DOMAIN_XML_FROM_NATIVE, &args);
	if (ret == NULL)
		return -1;
	cmd_document(cmd, "xml", ret->domain_xml);
	return 0;
}

const struct command command_domxml_from_native = {
	.name = "domxml-from-native",
	.summary = "convert a native configuration to XML",
	.description = "Print as XML what a file in the hypervisor's own "
	    "format describes.",
	.options = from_native_options,
	.run = from_native_run,
};

static const struct option to_native_options[] = {
	OPTION_WORD("format", "the format to convert to", NULL),
	{ .name = "domain", .type = OPTION_STRING, .flags = OPTION_NAMED,
	    .help = "name, id or UUID of the domain",
	    .complete = complete_domain },
	OPTION_TEXT("xml", "file with the XML", complete_file),
	{ 0 }
};

/* The XML of the domain or of the file, whichever is given. NULL: said. */
static char *
xml_to_convert(struct cmd *cmd, const char *file)
{
	struct xvm_domain_get_xml_desc_args args = { .flags = 0 };
	const struct xvm_domain_get_xml_desc_ret *ret;
	const struct xvm_domain *dom;

	if (cmd_has(cmd, "domain")) {
		dom = cmd_domain(cmd);
		if (dom == NULL)
			return NULL;
		args.dom = *dom;
		ret = cmd_call(cmd, XVM_CALL_DOMAIN_GET_XML_DESC, &args);
		if (ret != NULL)
			return ret->xml;
		(void)cmd_error(cmd, "failed to retrieve XML");
		return NULL;
	}
	if (file != NULL)
		return cmd_read_file(cmd, file);
	(void)cmd_error(cmd, "need either domain or domain XML");
	return NULL;
}

static int
to_native_run(struct cmd *cmd)
{
	struct xvm_connect_domain_xml_to_native_args args = { .flags = 0 };
	const struct xvm_connect_domain_xml_to_native_ret *ret;
	const char *format, *file;

	if (cmd_string(cmd, "format", &format) != 0 ||
	    cmd_string(cmd, "xml", &file) != 0 ||
	    cmd_exclusive(cmd, "domain", "xml") != 0 ||
	    (args.domain_xml = xml_to_convert(cmd, file)) == NULL)
		return -1;
	args.native_format = call_text(format);
	ret = cmd_call(cmd, XVM_CALL_CONNECT_DOMAIN_XML_TO_NATIVE, &args);
	if (ret == NULL)
		return -1;
	cmd_document(cmd, "config", ret->native_config);
	return 0;
}

const struct command command_domxml_to_native = {
	.name = "domxml-to-native",
	.summary = "convert XML to a native configuration",
	.description = "Print a domain's description in the hypervisor's own "
	    "format.",
	.options = to_native_options,
	.run = to_native_run,
};
