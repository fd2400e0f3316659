/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands that open a domain's XML in an editor. */
#include "domain_options.h"
#include "edit.h"
#include "input.h"

/* What is edited: a domain, or a file with a saved one. */
struct target {
	const struct xvm_domain *dom;
	const char *file;
	char *path;		/* of the file, for the other end */
	unsigned int flags;	/* of the call that sets */
	const char *name;	/* of the domain as defined anew */
};

static const struct option edit_options[] = {
	OPTION_DOMAIN(0),
	OPTION_SWITCH("skip-validate", "do not check against the schema"),
	{ 0 }
};

static const char *
domain_get(struct cmd *cmd, void *arg)
{
	const struct target *t = arg;
	struct xvm_domain_get_xml_desc_args args = {
		*t->dom, XVM_DOMAIN_XML_SECURE | XVM_DOMAIN_XML_INACTIVE
	};
	const struct xvm_domain_get_xml_desc_ret *ret =
	    cmd_call(cmd, XVM_CALL_DOMAIN_GET_XML_DESC, &args);

	return ret == NULL ? NULL : ret->xml;
}

static int
domain_set(struct cmd *cmd, void *arg, const char *text)
{
	struct target *t = arg;
	struct xvm_domain_define_xml_args args = { call_text(text) };
	struct xvm_domain_define_xml_flags_args with_flags = {
		call_text(text), t->flags
	};
	const struct xvm_domain *dom;	/* the first member of both results */

	if (t->flags != 0)
		dom = cmd_call(cmd, XVM_CALL_DOMAIN_DEFINE_XML_FLAGS,
		    &with_flags);
	else
		dom = cmd_call(cmd, XVM_CALL_DOMAIN_DEFINE_XML, &args);
	if (dom == NULL)
		return -1;
	t->name = dom->name;
	return 0;
}

static void
domain_relax(void *arg)
{
	struct target *t = arg;

	t->flags &= ~(unsigned int)XVM_DOMAIN_DEFINE_VALIDATE;
}

static int
edit_run(struct cmd *cmd)
{
	struct target t = {
		.dom = cmd_domain(cmd),
		.flags = cmd_has(cmd, "skip-validate") ? 0 :
		    XVM_DOMAIN_DEFINE_VALIDATE,
	};
	struct edit_document document = {
		domain_get, domain_set, domain_relax, &t
	};

	if (t.dom == NULL)
		return -1;
	switch (edit_document(cmd, &document)) {
	case EDIT_UNCHANGED:
		cmd_extra(cmd, "Domain '%s' XML configuration not changed.\n",
		    t.dom->name);
		return 0;
	case EDIT_CHANGED:
		cmd_extra(cmd, "Domain '%s' XML configuration edited.\n",
		    t.name);
		return 0;
	default:
		return -1;
	}
}

const struct command command_edit = {
	.name = "edit",
	.summary = "edit a domain's XML in an editor",
	.description = "Open the domain's XML in $VISUAL, $EDITOR or vi, and "
	    "define what was made of it.",
	.options = edit_options,
	.run = edit_run,
};

static const struct flag_option state_flags[] = {
	{ "running", XVM_DOMAIN_SAVE_RUNNING },
	{ "paused", XVM_DOMAIN_SAVE_PAUSED },
};

#define STATE_OPTIONS \
	OPTION_SWITCH("running", "have it run when it goes on"), \
	OPTION_SWITCH("paused", "have it paused when it goes on")

static const struct option image_edit_options[] = {
	OPTION_WORD("file", "file that the domain was saved to", NULL),
	STATE_OPTIONS,
	{ 0 }
};

static const char *
image_get(struct cmd *cmd, void *arg)
{
	const struct target *t = arg;
	struct xvm_domain_save_image_get_xml_desc_args args = {
		t->path, XVM_DOMAIN_SAVE_IMAGE_XML_SECURE
	};
	const struct xvm_domain_save_image_get_xml_desc_ret *ret =
	    cmd_call(cmd, XVM_CALL_DOMAIN_SAVE_IMAGE_GET_XML_DESC, &args);

	return ret == NULL ? NULL : ret->xml;
}

static int
image_set(struct cmd *cmd, void *arg, const char *text)
{
	const struct target *t = arg;
	struct xvm_domain_save_image_define_xml_args args = {
		t->path, call_text(text), t->flags
	};

	return cmd_call(cmd, XVM_CALL_DOMAIN_SAVE_IMAGE_DEFINE_XML,
	    &args) == NULL ? -1 : 0;
}

static int
image_edit_run(struct cmd *cmd)
{
	struct target t = { .flags = FLAGS_OF(cmd, state_flags) };
	struct edit_document document = { image_get, image_set, NULL, &t };

	if (cmd_exclusive(cmd, "running", "paused") != 0 ||
	    cmd_string(cmd, "file", &t.file) != 0 ||
	    (t.path = cmd_call_path(cmd, t.file)) == NULL)
		return -1;
	switch (edit_document(cmd, &document)) {
	case EDIT_UNCHANGED:
		cmd_extra(cmd, "Saved image %s XML configuration not "
		    "changed.\n", t.file);
		return 0;
	case EDIT_CHANGED:
		cmd_extra(cmd, "State file %s edited.\n", t.file);
		return 0;
	default:
		return -1;
	}
}

const struct command command_save_image_edit = {
	.name = "save-image-edit",
	.summary = "edit the XML in a saved file",
	.description = "Open the description that a saved file holds in an "
	    "editor.",
	.options = image_edit_options,
	.run = image_edit_run,
};

static const struct option managedsave_edit_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_MANAGEDSAVE),
	STATE_OPTIONS,
	{ 0 }
};

static const char *
managedsave_get(struct cmd *cmd, void *arg)
{
	const struct target *t = arg;
	struct xvm_domain_managed_save_get_xml_desc_args args = {
		*t->dom, XVM_DOMAIN_SAVE_IMAGE_XML_SECURE
	};
	const struct xvm_domain_managed_save_get_xml_desc_ret *ret =
	    cmd_call(cmd, XVM_CALL_DOMAIN_MANAGED_SAVE_GET_XML_DESC, &args);

	return ret == NULL ? NULL : ret->xml;
}

static int
managedsave_set(struct cmd *cmd, void *arg, const char *text)
{
	const struct target *t = arg;
	xvm_str xml = call_text(text);
	struct xvm_domain_managed_save_define_xml_args args = {
		*t->dom, &xml, t->flags
	};

	return cmd_call(cmd, XVM_CALL_DOMAIN_MANAGED_SAVE_DEFINE_XML,
	    &args) == NULL ? -1 : 0;
}

static int
managedsave_edit_run(struct cmd *cmd)
{
	struct target t = { .flags = FLAGS_OF(cmd, state_flags) };
	struct edit_document document = {
		managedsave_get, managedsave_set, NULL, &t
	};

	if (cmd_exclusive(cmd, "running", "paused") != 0 ||
	    (t.dom = cmd_domain(cmd)) == NULL)
		return -1;
	switch (edit_document(cmd, &document)) {
	case EDIT_UNCHANGED:
		cmd_extra(cmd, "Managed save image of domain '%s' XML "
		    "configuration not changed.\n", t.dom->name);
		return 0;
	case EDIT_CHANGED:
		cmd_extra(cmd, "Managed save image of Domain '%s' XML "
		    "configuration edited.\n", t.dom->name);
		return 0;
	default:
		return -1;
	}
}

const struct command command_managedsave_edit = {
	.name = "managedsave-edit",
	.summary = "edit the XML in a domain's managed save",
	.description = "Open the description that the domain's managed save "
	    "holds in an editor.",
	.options = managedsave_edit_options,
	.run = managedsave_edit_run,
};
