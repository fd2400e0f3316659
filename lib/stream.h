/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Something that moves bytes: the pipe to ssh, a socket, the data of a call
 * with a stream. One of the project's two vtables.
 */
#ifndef LIB_STREAM_H
#define LIB_STREAM_H

#include <stddef.h>
#include <sys/types.h>

#include "error.h"

struct stream;

struct stream_ops {
	/*
	 * Read at most n bytes. More than 0: so many; 0: the other end is at
	 * its end; -1: an error; -2: nothing there now, wait for fd.
	 */
	ssize_t (*read)(struct stream *, void *buf, size_t n, struct error *);
	/* Write at most n bytes: how many, -1 or -2 as above. */
	ssize_t (*write)(struct stream *, const void *buf, size_t n,
	    struct error *);
	/* All was written and read: end in good order. 0 or -1. */
	int (*finish)(struct stream *, struct error *);
	/* End at once, what is under way is lost. */
	void (*abort)(struct stream *);
	/*
	 * A descriptor to poll for the direction; -1: none, ask again.
	 * POLLPRI: one that read wants to look at too, or that of POLLIN.
	 */
	int (*fd)(struct stream *, short events);
	void (*free)(struct stream *);
};

/* The first member of each implementation's own struct. */
struct stream {
	const struct stream_ops *ops;
};

#endif
