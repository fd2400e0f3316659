/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One client of the server: its bytes, its connection, its calls. */
#ifndef TUNNEL_CLIENT_H
#define TUNNEL_CLIENT_H

#include <poll.h>

#include "keepalive.h"
#include "message.h"
#include "server.h"
#include "worker.h"

#define CLIENT_OUT_FULL (4u << 20)	/* then nothing more is read from it */
#define CLIENT_STREAMS_MAX 64
#define CLIENT_BUSY_MAX 64		/* slow calls of one client */
#define CLIENT_HELD_FULL (256u << 10)	/* bytes of calls that wait for those */

struct server_stream;

struct client {
	struct server *server;
	const struct server_options *options;
	struct workers *workers;
	struct client *next;
	struct stream *io;
	struct buf in, out;
	size_t skip;		/* bytes of in that carried descriptors */
	size_t looked;		/* bytes of in whose probes are answered */
	struct conn *conn;	/* NULL until CONNECT_OPEN */
	unsigned int busy;	/* slow calls under way */
	struct worker_share share;
	struct server_stream *streams;
	size_t n_streams;
	struct keepalive keepalive;
	const struct pollfd *polled;	/* its entries of this turn, NULL: none */
	size_t n_polled;
	bool more_events;	/* that had to wait for room in out */
	bool at_end;		/* it sends no more */
	bool dead;		/* nothing can be sent to it */
	/* Events registered the old way, by legacy.c: the callback of each
	 * event id, -1: none. */
	int legacy_callback[32];
	bool legacy_plain;	/* lifecycle by CONNECT_DOMAIN_EVENT_REGISTER */
};

struct client	*client_new(struct server *server,
		    const struct server_options *options,
		    struct workers *workers, struct stream *io,
		    struct error *err);
void	client_free(struct client *c);	/* nothing may be under way */

/* Read what is there and answer it. */
void	client_readable(struct client *c);
/* Write what can be written. */
void	client_flush(struct client *c);
/* Send the events that its connection has. */
void	client_events(struct client *c);
/* Is a byte to be read from it now? */
bool	client_wants_read(const struct client *c);
/* Is a message there that waited for others and need not any more? */
bool	client_has_work(const struct client *c);
/* Has all been answered and sent, or is nobody there to send it to? */
bool	client_is_done(const struct client *c);
/* Milliseconds until it needs a turn though nothing comes, -1: never. */
int	client_wait(const struct client *c);
/* Keepalive: probe it, or drop it. */
void	client_tick(struct client *c);

/* server_stream.c: the data of calls with a stream. */
int	server_stream_add(struct client *c, const struct message *m,
	    struct stream *stream, struct error *err);
void	server_stream_take(struct client *c, const struct message *m);
/* Move what can be moved both ways. */
void	server_streams_pump(struct client *c);
/* Has one no descriptor to wait for, so that it is to be asked again? */
bool	server_streams_ask(const struct client *c);
/* Fill at most n entries to poll; returns how many. */
size_t	server_streams_poll(const struct client *c, struct pollfd *p,
	    size_t n);
void	server_streams_free(struct client *c);
/* Is so much waiting for a driver that no more should come? */
bool	server_streams_full(const struct client *c);

/*
 * legacy.c: old procedures that today's calls replace. true: it was one and
 * the call's number, args and ret were set to today's (client_free_call frees).
 */
bool	legacy_is(int number);
void	legacy_answer(struct client *c, const struct message *m);
/* Send an event to one that registered the old way. false: not one. */
bool	legacy_event(struct client *c, const struct event *ev);

/* client_call.c: answer a message, at once or by a job. */
void	client_take(struct client *c, const struct message *m);
/* A slow call of it has been answered. */
void	client_job_done(struct client *c, struct job *job);
struct client	*client_of_job(struct job *job);
/* Reply to a call. */
void	client_reply(struct client *c, const struct message *m,
	    const struct call *call);
void	client_reply_error(struct client *c, const struct message *m,
	    const struct error *err);

#endif
