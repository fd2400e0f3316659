/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parsed description of a domain, and look-ups in XML. */
#include "domain_doc.h"

#include <string.h>

#include "../lib/xml.h"

static void
release_doc(void *doc)
{
	doc_free(doc);
}

struct node *
cmd_xml(struct cmd *cmd, const char *text, const char *name)
{
	struct error err = ERROR_INIT;
	struct doc *doc;

	doc = xml_parse(text, strlen(text), name, XVM_FROM_NONE, &err);
	if (doc == NULL) {
		(void)cmd_set_error(cmd, &err);
		return NULL;
	}
	(void)cmd_defer(cmd, release_doc, doc);
	return doc->root;
}

static struct node *
parse_domain(struct cmd *cmd, const struct xvm_domain_get_xml_desc_ret *ret)
{
	struct node *root;

	if (ret == NULL) {
		(void)cmd_error(cmd, "Failed to get domain description xml");
		return NULL;
	}
	root = cmd_xml(cmd, ret->xml, "(domain_definition)");
	if (root == NULL)
		(void)cmd_error(cmd, "Failed to parse domain description xml");
	return root;
}

struct node *
cmd_domain_doc(struct cmd *cmd, const struct xvm_domain *dom,
    unsigned int flags)
{
	struct xvm_domain_get_xml_desc_args args = { *dom, flags };

	return parse_domain(cmd, cmd_call(cmd, XVM_CALL_DOMAIN_GET_XML_DESC,
	    &args));
}

struct node *
cmd_domain_doc_of(struct cmd *cmd, struct call *call)
{
	if (call->rc == 0)
		return parse_domain(cmd, call->ret);
	cmd_take_error(cmd, call);
	return parse_domain(cmd, NULL);
}

const char *
text_or_null(const char *s)
{
	return s == NULL || s[0] == '\0' ? NULL : s;
}

static bool
listed(const char *const *names, const char *name)
{
	for (; *names != NULL; names++) {
		if (strcmp(*names, name) == 0)
			return true;
	}
	return false;
}

const char *
child_attr_of(const struct node *parent, const char *child,
    const char *const *names)
{
	for (const struct node *n = node_child(parent, child); n != NULL;
	    n = node_next(n, child)) {
		for (const struct attr *a = n->attrs; a != NULL; a = a->next) {
			if (listed(names, a->name))
				return text_or_null(a->value);
		}
	}
	return NULL;
}

const char *
child_attr(const struct node *parent, const char *child, const char *name)
{
	const char *const names[] = { name, NULL };

	return child_attr_of(parent, child, names);
}
