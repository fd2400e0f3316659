/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whole files: read with a bound, replaced atomically. */
#ifndef LIB_FILE_H
#define LIB_FILE_H

#include <stddef.h>
#include <sys/types.h>

#include "error.h"

struct buf;

/* Append the file's content, at most max bytes (more is an error). */
int	file_read(const char *path, size_t max, struct buf *out,
	    struct error *err);
/*
 * Replace the file by n bytes: written beside it, synced, renamed. On failure
 * the old file is untouched and nothing is left over.
 */
int	file_replace(const char *path, const void *data, size_t n, mode_t mode,
	    struct error *err);
/* All n bytes to a descriptor, through short writes and signals. 0 or -1. */
int	fd_write(int fd, const void *data, size_t n);

#endif
