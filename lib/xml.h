/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * XML text to a tree, and XPath. libxml2 does both; it is loaded on first use
 * (the module xvm-xml.so), since it alone costs more than a whole `list`.
 * No network, no DTD, no external entities, bounded size and depth.
 */
#ifndef LIB_XML_H
#define LIB_XML_H

#include <stdbool.h>
#include <stddef.h>

#include "error.h"
#include "tree.h"

#define XML_SIZE_MAX (64u << 20)	/* bytes of a document */

/*
 * Parse n bytes. name stands for the source in errors: "(domain_definition)",
 * a file's name. Errors say name, line, libxml2's reason and the place.
 * domain is the error domain, XVM_FROM_*.
 */
struct doc	*xml_parse(const char *text, size_t n, const char *name,
		    int domain, struct error *err);
/* xml_parse with everything kept as inside <metadata>. */
struct doc	*xml_parse_verbatim(const char *text, size_t n,
		    const char *name, int domain, struct error *err);
/* xml_parse for a file, read as a whole. */
struct doc	*xml_parse_file(const char *path, int domain,
		    struct error *err);

/*
 * Evaluate an XPath expression on a document's text and write each node found
 * as XML, a line feed behind each, or all within <nodes> when wrap is set.
 * Returns the number of nodes found, -1 on failure.
 */
int	xml_xpath(const char *text, size_t n, const char *expression,
	    bool wrap, struct buf *out, struct error *err);

#endif
