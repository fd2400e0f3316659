/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * XML that a command looks into: the description of a domain, parsed, and
 * what XPath's string() would find there. All of it lives until the command's
 * end.
 */
#ifndef CMD_DOMAIN_DOC_H
#define CMD_DOMAIN_DOC_H

#include "../lib/tree.h"
#include "command.h"

/* The root of a parsed text; NULL: the reason is the command's. */
struct node	*cmd_xml(struct cmd *cmd, const char *text, const char *name);

/* <domain>, as the flags (XVM_DOMAIN_XML_*) ask for it. NULL after saying. */
struct node	*cmd_domain_doc(struct cmd *cmd,
		    const struct xvm_domain *dom, unsigned int flags);
/* The same from a call's result, or its error; with cmd_batch. */
struct node	*cmd_domain_doc_of(struct cmd *cmd, struct call *call);

/* NULL instead of "", as virsh takes an empty text for none. */
const char	*text_or_null(const char *s);
/*
 * The first attribute that a list of names (NULL ends it) allows, in the order
 * of the document, of the children with that name. NULL: none, or empty.
 */
const char	*child_attr_of(const struct node *parent, const char *child,
		    const char *const *names);
/* The attribute of the first child that has it. NULL: none, or empty. */
const char	*child_attr(const struct node *parent, const char *child,
		    const char *name);

#endif
