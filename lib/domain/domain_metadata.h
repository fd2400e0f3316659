/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A document's title, description and metadata elements. Of those a namespace
 * has one; callers see it without the namespace.
 */
#ifndef LIB_DOMAIN_METADATA_H
#define LIB_DOMAIN_METADATA_H

#include "../error.h"
#include "../tree.h"

/* Is it one of XVM_DOMAIN_METADATA_*? 0 or -1. */
int	domain_metadata_check(int type, struct error *err);
/*
 * The text of one, the caller's; uri: the element's namespace. -1: it is not
 * there, or memory ran out.
 */
int	domain_metadata_get(const struct node *root, int type,
	    const char *uri, char **out, struct error *err);
/* A user's element, brought into its namespace; NULL: refused. */
struct doc	*domain_metadata_parse(const char *text, const char *key,
		    const char *uri, struct error *err);
/*
 * Set one: text for a title or a description, element for an element; without
 * (NULL, "") it goes away. Want of memory is kept in the document.
 */
void	domain_metadata_set(struct node *root, int type, const char *uri,
	    const char *text, const struct doc *element);

#endif
