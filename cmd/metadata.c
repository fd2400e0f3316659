/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands about a domain's title, description and custom metadata. */
#include <string.h>

#include "domain_options.h"
#include "edit.h"
#include "input.h"

#define OPTIONS_WHICH \
	OPTION_SWITCH("live", "of the running domain"), \
	OPTION_SWITCH("config", "of the configuration for the next start"), \
	OPTION_SWITCH("current", "of the domain in its present state")

/* A piece of metadata. */
struct piece {
	const struct xvm_domain *dom;
	int type;		/* XVM_DOMAIN_METADATA_* */
	const char *uri, *key;	/* of an element, else NULL */
	unsigned int flags;	/* XVM_DOMAIN_AFFECT_* */
};

/* NULL: the reason is the command's. */
static const char *
metadata_get(struct cmd *cmd, const struct piece *p)
{
	xvm_str uri = call_text(p->uri);
	struct xvm_domain_get_metadata_args args = {
		*p->dom, p->type, uri == NULL ? NULL : &uri, p->flags
	};
	const struct xvm_domain_get_metadata_ret *ret =
	    cmd_call(cmd, XVM_CALL_DOMAIN_GET_METADATA, &args);

	return ret == NULL ? NULL : ret->metadata;
}

/* text NULL removes it. 0, or -1: the reason is the command's. */
static int
metadata_set(struct cmd *cmd, const struct piece *p, const char *text)
{
	xvm_str uri = call_text(p->uri), key = call_text(p->key);
	xvm_str metadata = call_text(text);
	struct xvm_domain_set_metadata_args args = {
		*p->dom, p->type, metadata == NULL ? NULL : &metadata,
		key == NULL ? NULL : &key, uri == NULL ? NULL : &uri, p->flags
	};

	return cmd_call(cmd, XVM_CALL_DOMAIN_SET_METADATA, &args) == NULL ?
	    -1 : 0;
}

static const struct option desc_options[] = {
	OPTION_DOMAIN(0),
	OPTIONS_WHICH,
	OPTION_SWITCH("title", "the title instead of the description"),
	OPTION_SWITCH("edit", "open it in an editor"),
	{ .name = "new-desc", .type = OPTION_ARGV, .help = "the new text" },
	{ 0 }
};

/* The words of the new text with blanks between; NULL: none were given. */
static const char *
new_text(struct cmd *cmd)
{
	const char *word, *text = NULL;

	for (size_t i = 0; (word = cmd_argv(cmd, i)) != NULL; i++)
		text = text == NULL ? word : cmd_printf(cmd, "%s %s", text,
		    word);
	return text;
}

/* The text as it is, "" when there is none. NULL: the command's reason. */
static const char *
present_text(struct cmd *cmd, const struct piece *p)
{
	struct piece wanted = *p;
	const char *text;

	/* virsh asks for the live one by no flag. */
	wanted.flags &= XVM_DOMAIN_AFFECT_CONFIG;
	text = metadata_get(cmd, &wanted);
	if (text == NULL &&
	    cmd_last_error(cmd)->code == XVM_ERR_NO_DOMAIN_METADATA) {
		cmd_forget_error(cmd);
		return "";
	}
	return text;
}

static int
set_text(struct cmd *cmd, const struct piece *p, const char *what,
    const char *text)
{
	if (metadata_set(cmd, p, text) != 0)
		return cmd_error(cmd, "Failed to set new domain %s", what);
	cmd_extra(cmd, "Domain %s updated successfully", what);
	return 0;
}

static int
edit_text(struct cmd *cmd, const struct piece *p, const char *what,
    const char *present, const char *proposal)
{
	struct edit_file file;
	char *text;
	int rc = -1;

	if (edit_file_make(cmd, &file, proposal) != 0)
		return -1;
	text = edit_file_run(cmd, &file);
	if (text != NULL) {
		size_t n = strlen(text);

		/* Many editors end the last line, a title has just one. */
		if (p->type == XVM_DOMAIN_METADATA_TITLE && n > 0 &&
		    text[n - 1] == '\n')
			text[n - 1] = '\0';
		if (strcmp(text, present) != 0) {
			rc = set_text(cmd, p, what, text);
		} else {
			cmd_extra(cmd, "Domain %s not changed\n", what);
			rc = 0;
		}
	}
	edit_file_end(cmd, &file, rc == 0);
	return rc;
}

static void
show_text(struct cmd *cmd, const struct piece *p, const char *what,
    const char *text)
{
	if (text[0] != '\0') {
		cmd_field(cmd, what, value_string(text), "%s", text);
		return;
	}
	cmd_datum(cmd, what, value_null());
	cmd_extra(cmd, "No %s for domain: %s", what, p->dom->name);
}

static int
desc_run(struct cmd *cmd)
{
	bool title = cmd_has(cmd, "title"), edit = cmd_has(cmd, "edit");
	struct piece p = {
		.type = title ? XVM_DOMAIN_METADATA_TITLE :
		    XVM_DOMAIN_METADATA_DESCRIPTION,
	};
	const char *what = title ? "title" : "description";
	const char *given = new_text(cmd), *present;

	if (cmd_affect_flags(cmd, &p.flags) != 0 ||
	    (p.dom = cmd_domain(cmd)) == NULL ||
	    (present = present_text(cmd, &p)) == NULL)
		return -1;
	if (edit)
		return edit_text(cmd, &p, what, present,
		    given == NULL ? present : given);
	if (given != NULL)
		return set_text(cmd, &p, what, given);
	show_text(cmd, &p, what, present);
	return 0;
}

const struct command command_desc = {
	.name = "desc",
	.summary = "show or set a domain's description or title",
	.description = "Show the domain's description or title, or set it to "
	    "the words that are given.",
	.options = desc_options,
	.run = desc_run,
};

static const struct option metadata_options[] = {
	OPTION_DOMAIN(0),
	OPTION_WORD("uri", "URI of the metadata's namespace",
	    complete_metadata_uri),
	OPTIONS_WHICH,
	OPTION_SWITCH("edit", "open it in an editor"),
	OPTION_TEXT("key", "prefix for the namespace", NULL),
	OPTION_TEXT("set", "the new metadata, an XML element", NULL),
	OPTION_SWITCH("remove", "remove what belongs to the URI"),
	{ 0 }
};

static const char *
element_get(struct cmd *cmd, void *arg)
{
	const char *text = metadata_get(cmd, arg);

	if (text == NULL) {
		/* Something to begin with. */
		cmd_forget_error(cmd);
		return "\n";
	}
	return text;
}

static int
element_set(struct cmd *cmd, void *arg, const char *text)
{
	return metadata_set(cmd, arg, text);
}

static int
edit_element(struct cmd *cmd, struct piece *p)
{
	struct edit_document document = { element_get, element_set, NULL, p };

	switch (edit_document(cmd, &document)) {
	case EDIT_UNCHANGED:
		cmd_extra(cmd, "Metadata not changed");
		return 0;
	case EDIT_CHANGED:
		cmd_extra(cmd, "Metadata modified\n");
		return 0;
	default:
		return -1;
	}
}

static int
metadata_run(struct cmd *cmd)
{
	bool edit = cmd_has(cmd, "edit"), drop = cmd_has(cmd, "remove");
	struct piece p = { .type = XVM_DOMAIN_METADATA_ELEMENT };
	const char *set, *text;

	if (cmd_affect_flags(cmd, &p.flags) != 0 ||
	    cmd_exclusive(cmd, "edit", "set") != 0 ||
	    cmd_exclusive(cmd, "remove", "set") != 0 ||
	    cmd_exclusive(cmd, "remove", "edit") != 0 ||
	    (p.dom = cmd_domain(cmd)) == NULL ||
	    cmd_string(cmd, "uri", &p.uri) != 0 ||
	    cmd_string(cmd, "key", &p.key) != 0 ||
	    cmd_string(cmd, "set", &set) != 0)
		return -1;
	if ((set != NULL || edit) && p.key == NULL)
		return cmd_error(cmd,
		    "namespace key is required when modifying metadata");
	if (edit)
		return edit_element(cmd, &p);
	if (set != NULL || drop) {
		if (metadata_set(cmd, &p, set) != 0)
			return -1;
		cmd_extra(cmd, "Metadata %s\n", drop ? "removed" : "modified");
		return 0;
	}
	text = metadata_get(cmd, &p);
	if (text == NULL)
		return -1;
	cmd_field(cmd, "xml", value_string(text), "%s\n", text);
	return 0;
}

const struct command command_metadata = {
	.name = "metadata",
	.summary = "show or set a domain's custom metadata",
	.description = "Show, set or remove the element of a namespace in the "
	    "domain's metadata.",
	.options = metadata_options,
	.run = metadata_run,
};
