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
 * For a document whose root has more children of one name than a tree of all
 * should hold: each of them comes as a document of its own, complete, and
 * stays out of the one that is returned. Its root has the other's root as its
 * parent meanwhile (for name spaces). source is its text within the whole,
 * NULL when that cannot be told. The document is handed over. False stops it
 * for want of memory.
 */
typedef bool xml_child(void *arg, struct doc *child, const char *source,
    size_t n);
struct doc	*xml_parse_children(const char *text, size_t n,
		    const char *name, int domain, const char *child,
		    xml_child *fn, void *arg, struct error *err);

/*
 * Evaluate an XPath expression on a document's text and write each node found
 * as XML, a line feed behind each, or all within <nodes> when wrap is set.
 * Returns the number of nodes found, -1 on failure.
 */
int	xml_xpath(const char *text, size_t n, const char *expression,
	    bool wrap, struct buf *out, struct error *err);

#endif
