/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Files of test domains.
 *
 * A saved domain is the bytes "TestGuestMagic" with a NUL, the length of its
 * XML as a 32-bit integer of the host, and the XML: libvirt's test driver and
 * this one read each other's files. A core dump is the first 15 bytes alone.
 */
#ifndef LIB_TEST_IMAGE_H
#define LIB_TEST_IMAGE_H

#include <stdbool.h>

#include "../error.h"
#include "../tree.h"

struct buf;

#define IMAGE_MAGIC "TestGuestMagic"	/* and its NUL */

/* A path as seen from where the process is; NULL when out of memory. */
char	*image_path(const char *path);
/*
 * The file becomes the data, all or nothing; a device or a pipe is written to
 * as it is. -1: errno says why, *opened_out whether it got as far as writing.
 */
int	image_write_file(const char *path, const struct buf *data,
	    bool *opened_out);
/* Append a domain's saved image. */
int	image_format(const struct doc *config, int id, struct buf *out,
	    struct error *err);
/* Write one; name is for the errors. */
int	image_write(const char *path, const char *name,
	    const struct buf *data, struct error *err);
/* The configuration in a saved domain's file. */
struct doc	*image_read(const char *path, struct error *err);

#endif
