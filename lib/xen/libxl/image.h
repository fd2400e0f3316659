/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A saved domain in a file: a header and the domain's document before libxl's
 * stream, as libvirt's Xen driver writes them, so that each restores what the
 * other saved. Source: libvirt's libxl_conf.h, the save file's header.
 */
#ifndef LIB_XEN_LIBXL_IMAGE_H
#define LIB_XEN_LIBXL_IMAGE_H

#include "side.h"

/* Write what comes before the stream. */
int	image_write_head(int fd, const struct doc *doc, struct error *err);
/*
 * Open a file and read it up to the stream; its document is the caller's.
 * Returns the descriptor or -1.
 */
int	image_open(const char *path, struct doc **doc_out, struct error *err);
/*
 * Another document for the memory of the domain that old describes, parsed;
 * NULL: it is one of another domain, or wrong.
 */
struct doc	*image_doc_instead(const struct doc *old, const char *xml,
		    struct error *err);

#endif
