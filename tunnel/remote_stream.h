/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The data of a call with a stream, at the client's end. */
#ifndef TUNNEL_REMOTE_STREAM_H
#define TUNNEL_REMOTE_STREAM_H

#include "../lib/stream.h"
#include "message.h"

struct remote_stream;

/*
 * Let the connection do one turn, waiting for at most wait_ms (-1: for ever);
 * REMOTE_PUMP_WRITE: only write what can be written; REMOTE_PUMP_EXPIRED: give
 * it up, the other end was silent for too long. 1: Ctrl-C, -1: lost.
 */
#define REMOTE_PUMP_WRITE (-2)
#define REMOTE_PUMP_EXPIRED (-3)
typedef int remote_pump(void *arg, int wait_ms);
remote_pump remote_stream_pump;		/* remote.c */

/*
 * A stream of the call with the serial, in the list of its connection. What
 * it sends is appended to out. io is what carries it, for polling. Its data
 * may stay away for timeout seconds (0: as long as it likes; so may that of
 * one that goes both ways), and so may the answer to its end.
 */
struct stream	*remote_stream_new(struct remote_stream **list,
		    struct buf *out, struct stream *io, uint32_t serial,
		    int procedure, int timeout, remote_pump *pump, void *arg,
		    struct error *err);
/* A message for one of them. -1: no memory, or too much of it. */
int	remote_stream_take(struct remote_stream *list,
	    const struct message *m, struct error *err);
/* The other end knows nothing of it (any more). */
void	remote_stream_end(struct stream *stream);
/* Is so much waiting to be read that no more should come? */
bool	remote_streams_full(const struct remote_stream *list);
/* The connection is lost: every stream fails with the reason. */
void	remote_streams_fail(struct remote_stream *list,
	    const struct error *why);
/* The connection is closed; the streams are still their owners' to free. */
void	remote_streams_orphan(struct remote_stream *list);

#endif
