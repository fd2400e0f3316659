/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A client of xenstore's wire that libxenstore cannot be: it asks for many
 * nodes at once, in one exchange with xenstored, and matches the answers by
 * their request's id. Reading and watching only.
 *
 * Source: xen/io/xs_wire.h, Xen's docs/misc/xenstore.txt.
 */
#ifndef LIB_XEN_STORE_H
#define LIB_XEN_STORE_H

#include <stdbool.h>
#include <stddef.h>

#include "../buf.h"
#include "../error.h"

struct store;

enum store_op {
	STORE_READ,
	STORE_DIRECTORY,	/* names, a NUL behind each */
};

/* Questions, and in their place the answers. */
struct store_batch {
	struct store_question {
		enum store_op op;
		size_t path;		/* within paths */
		size_t value, len;	/* within values */
		int errnum;		/* 0: answered, ENOENT ... */
	} *v;
	unsigned int n, size;
	struct buf paths, values;
	bool failed;			/* out of memory */
};

#define STORE_BATCH_INIT { 0 }

/* Questions for one exchange at most, and bytes of all their answers. */
#define STORE_QUESTIONS_MAX 1000000
#define STORE_VALUES_MAX (256u << 20)

void	store_batch_release(struct store_batch *b);
/* Append a question; returns its place. What fails is told by store_run. */
unsigned int	store_add(struct store_batch *b, enum store_op op,
		    const char *fmt, ...)
		    __attribute__((format(printf, 3, 4)));
/*
 * A node's value, borrowed until the batch is released, with a NUL behind it;
 * NULL: there is none, or it may not be read. len_out may be NULL.
 */
const char	*store_value(const struct store_batch *b, unsigned int i,
		    size_t *len_out);
/* The next name of a directory's value: NULL to begin with, NULL at the end. */
const char	*store_next_name(const struct store_batch *b, unsigned int i,
		    const char *name);

/*
 * Connect to this host's xenstored: by its socket, else by the kernel's
 * device. Two seconds at most. NULL with the reason.
 */
struct store	*store_open(struct error *err);
/* On a connected socket, handed over (tests). */
struct store	*store_open_fd(int fd, struct error *err);
void	store_close(struct store *s);	/* NULL is fine */
/* To poll for reading; -1 once the connection was lost. */
int	store_fd(const struct store *s);

/*
 * Ask all questions in one exchange. -1: xenstored could not be asked, or did
 * not answer for STORE_PATIENCE_MS; a node that is not there is no failure.
 * After a failure the store can only be closed.
 */
int	store_run(struct store *s, struct store_batch *b, struct error *err);
#define STORE_PATIENCE_MS 20000

/* Tell when the node or one below it changes; told at once for the first time. */
int	store_watch(struct store *s, const char *path, const char *token,
	    struct error *err);
/*
 * Take what watches told and arrived, without waiting: 1: something changed
 * since last asked; 0: nothing; -1: the connection is lost.
 */
int	store_changed(struct store *s, struct error *err);

#endif
