/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Threads that answer slow calls, so that the I/O thread need not wait. They
 * are started when there is work and end when there is none for a while. What
 * one client asks for may take WORKERS_MAX threads; a client none of whose
 * calls runs gets one at once, however many others run.
 */
#ifndef TUNNEL_WORKER_H
#define TUNNEL_WORKER_H

#include "../lib/conn.h"

#define WORKERS_MAX 8

struct workers;

/* A client's part of the threads; it begins as { 0 }. */
struct worker_share {
	unsigned int running;	/* its jobs that have a thread */
};

/* One call under way; the caller's own struct begins with it. */
struct job {
	struct conn *conn;
	struct call call;
	struct worker_share *share;	/* its client's */
	struct job *next;
};

struct workers	*workers_new(struct error *err);
/*
 * Start a job when its turn comes, that of one client in their order; it comes
 * back from workers_done.
 */
int	workers_start(struct workers *w, struct job *job, struct error *err);
/* Readable when a job is done. */
int	workers_fd(const struct workers *w);
/* A job that is done, NULL: none now. */
struct job	*workers_done(struct workers *w);
/* Wait for all that run; what is done must have been taken. */
void	workers_free(struct workers *w);

#endif
