/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A file that is written for long, and in its place only when it is whole:
 * without a name until then, so that nothing of it stays when its writer is
 * killed. A file system that has no such files (NFS, overlayfs of old) has it
 * as PATH.part, locked by flock as long as somebody writes to it; one that was
 * left is removed by whoever comes next.
 */
#ifndef LIB_XEN_PARTIAL_H
#define LIB_XEN_PARTIAL_H

#include <stdbool.h>

#include "../error.h"

struct partial {
	int fd;			/* to be written to; also by children */
	char *path, *beside;
	bool named;		/* it is beside already */
};

/* To be released, also after a failure. 0 or -1. */
int	partial_open(const char *path, struct partial *out, struct error *err);
/* Put it in its place, of which another may have been. 0 or -1. */
int	partial_keep(struct partial *p, struct error *err);
/* What was not kept is gone. */
void	partial_release(struct partial *p);
/* Remove what a killed writer left beside the path. */
void	partial_clear(const char *path);

#endif
