/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside the remote driver: remote.c and its parts. */
#ifndef TUNNEL_REMOTE_CONN_H
#define TUNNEL_REMOTE_CONN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../lib/conn.h"
#include "keepalive.h"
#include "message.h"
#include "remote_stream.h"

#define REMOTE_OUT_MAX (1u << 20)	/* bytes that wait to be written */

enum remote_state {
	REMOTE_OPENING,		/* asked, no answer yet */
	REMOTE_OPEN,
	REMOTE_REFUSED,		/* it did not open */
	REMOTE_LOST,		/* it was open */
};

/* A call whose reply is awaited. */
struct pending {
	uint32_t serial;
	int number;
	struct call *call;
};

struct queued_event {
	struct event event;
	size_t size;		/* what it counts for */
	struct queued_event *next;
};

struct remote {
	struct stream *io;
	struct buf in, out;
	struct conn_options options;
	enum remote_state state;
	struct error why;	/* of REFUSED and LOST */
	uint32_t serial;
	bool pipelines_writes;	/* our helper is at the other end */
	int patience_ms;	/* for a batch, 0: no limit */
	int64_t impatient;	/* when it ends for this batch, 0: never */
	struct keepalive keepalive;
	struct pending *pending;
	size_t n_pending, pending_size;
	struct queued_event *events, **events_tail;
	size_t events_size;
	struct remote_stream *streams;	/* that are open */
	/* The opening's own calls. */
	struct call opening[4];
	size_t n_opening;
	struct xvm_auth_list_ret auth;
	struct xvm_connect_open_args open_args;
	char *open_name;
	struct xvm_connect_supports_feature_args ask[2];
	struct xvm_connect_supports_feature_ret answer[2];
};

enum { OPENING_AUTH, OPENING_OPEN, OPENING_XVM, OPENING_KEEPALIVE };

/* remote_wire.c: messages to and from the other end. */
/* Send a call; its reply is awaited from now on. */
int	remote_send(struct remote *r, struct call *call);
/* Write what can be written. */
int	remote_flush(struct remote *r, struct error *err);
/*
 * One turn: write what can be written, read and handle what is there; wait for
 * at most wait_ms (-1: for ever) when there is neither. -1: it is lost.
 */
int	remote_turn(struct remote *r, int wait_ms);
/* The connection is gone: everyone who waits learns why (handed over). */
void	remote_lose(struct remote *r, struct error *why);
/* The same, as it was silent for longer than the options allow. */
void	remote_expire(struct remote *r);
void	remote_fail_call(struct call *call, const struct error *why);
bool	remote_is_cancelled(const struct remote *r);
/* The shorter of two waits, -1 standing for for ever. */
int	remote_shorter(int a, int b);

/* remote_open.c: opening and closing. */
int	remote_open(const struct uri *uri, const struct conn_options *options,
	    void **state_out, struct error *err);
void	remote_close(void *state);
/* The replies to the opening are there: is it open? */
void	remote_finish_opening(struct remote *r);

/* remote.c: waiting until at most n replies are awaited. */
void	remote_await(struct remote *r, size_t n, int64_t deadline);
/* When a batch that begins now has to end, 0: never. */
int64_t	remote_deadline(const struct remote *r);

#endif
