/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The data of a call with a stream, at the client's end. */
#include "remote_stream.h"

#include <stdlib.h>
#include <string.h>

#include "keepalive.h"
#include "visible.h"

#define UNREAD_FULL (1u << 20)	/* then nothing more is read off the wire ... */
#define UNREAD_MAX (64u << 20)	/* ... unless a reply is awaited: the end */
#define UNSENT_MAX (1u << 20)

struct remote_stream {
	struct stream stream;
	struct remote_stream **list, *next;
	struct buf *out;
	struct stream *io;
	uint32_t serial;
	int procedure;
	int timeout;		/* seconds, 0: none */
	int64_t moved;		/* clock_ms when data moved last */
	remote_pump *pump;
	void *arg;
	struct buf unread;
	bool at_end;		/* the other end sends no more */
	bool finished;		/* it answered our finish or abort */
	struct error why;	/* it failed, when a code is set */
};

static struct remote_stream *
self(struct stream *s)
{
	return (struct remote_stream *)s;
}

static void
send_part(struct remote_stream *s, enum message_status status,
    const void *data, size_t n)
{
	const struct message m = {
		.program = PROGRAM_REMOTE,
		.version = PROGRAM_VERSION,
		.procedure = (uint32_t)s->procedure,
		.type = MESSAGE_STREAM,
		.serial = s->serial,
		.status = status,
		.payload = data,
		.n = n,
	};

	message_add(s->out, &m);
}

static int
failed(const struct remote_stream *s, struct error *err)
{
	if (s->why.code == XVM_ERR_OK)
		return 0;
	(void)error_copy(err, &s->why);
	return -1;
}

/* Nothing can be moved now; for too long? Then the connection is given up. */
static ssize_t
nothing_now(struct remote_stream *s, struct error *err)
{
	if (s->timeout == 0 ||
	    call_type(s->procedure)->stream == CALL_STREAM_BOTH ||
	    clock_ms() < s->moved + (int64_t)s->timeout * 1000)
		return -2;
	(void)s->pump(s->arg, REMOTE_PUMP_EXPIRED);
	return failed(s, err);
}

static ssize_t
stream_read(struct stream *stream, void *buf, size_t n, struct error *err)
{
	struct remote_stream *s = self(stream);

	if (s->unread.len == 0 && !s->at_end && s->why.code == XVM_ERR_OK)
		(void)s->pump(s->arg, 0);
	if (s->unread.len > 0) {
		if (n > s->unread.len)
			n = s->unread.len;
		memcpy(buf, s->unread.data, n);
		buf_consume(&s->unread, n);
		s->moved = clock_ms();
		return (ssize_t)n;
	}
	if (failed(s, err) != 0)
		return -1;
	return s->at_end || s->finished ? 0 : nothing_now(s, err);
}

static ssize_t
stream_write(struct stream *stream, const void *buf, size_t n,
    struct error *err)
{
	struct remote_stream *s = self(stream);

	if (failed(s, err) != 0)
		return -1;
	if (s->out->len >= UNSENT_MAX) {
		if (s->pump(s->arg, 0) != 0)
			return failed(s, err);
		if (s->out->len >= UNSENT_MAX)
			return nothing_now(s, err);
	}
	s->moved = clock_ms();
	if (n > MESSAGE_STREAM_CHUNK)
		n = MESSAGE_STREAM_CHUNK;
	if (n > 0)
		send_part(s, MESSAGE_CONTINUE, buf, n);
	if (s->pump(s->arg, 0) != 0)
		return failed(s, err);
	return (ssize_t)n;
}

static int
stream_finish(struct stream *stream, struct error *err)
{
	struct remote_stream *s = self(stream);
	int64_t end = clock_ms() + (int64_t)s->timeout * 1000;

	if (failed(s, err) != 0)
		return -1;
	if (!s->finished)
		send_part(s, MESSAGE_OK, NULL, 0);
	while (!s->finished && s->why.code == XVM_ERR_OK) {
		int64_t left = s->timeout == 0 ? -1 : end - clock_ms();

		if (s->timeout > 0 && left <= 0)
			left = REMOTE_PUMP_EXPIRED;
		if (s->pump(s->arg, (int)left) > 0)
			return error_set(err, XVM_FROM_STREAMS,
			    XVM_ERR_OPERATION_ABORTED, "interrupted");
	}
	return failed(s, err);
}

static void
stream_abort(struct stream *stream)
{
	struct remote_stream *s = self(stream);

	if (s->finished || s->why.code != XVM_ERR_OK)
		return;
	send_part(s, MESSAGE_ERROR, NULL, 0);
	s->finished = true;
	(void)s->pump(s->arg, REMOTE_PUMP_WRITE);
}

void
remote_stream_end(struct stream *stream)
{
	self(stream)->finished = true;
}

static int
stream_fd(struct stream *stream, short events)
{
	struct remote_stream *s = self(stream);

	return s->io == NULL ? -1 : s->io->ops->fd(s->io, events);
}

static void
stream_free(struct stream *stream)
{
	struct remote_stream *s = self(stream), **p;

	stream_abort(stream);
	if (s->list != NULL) {
		for (p = s->list; *p != s; p = &(*p)->next)
			continue;
		*p = s->next;
	}
	buf_release(&s->unread);
	error_release(&s->why);
	free(s);
}

static const struct stream_ops stream_ops = {
	.read = stream_read,
	.write = stream_write,
	.finish = stream_finish,
	.abort = stream_abort,
	.fd = stream_fd,
	.free = stream_free,
};

struct stream *
remote_stream_new(struct remote_stream **list, struct buf *out,
    struct stream *io, uint32_t serial, int procedure, int timeout,
    remote_pump *pump, void *arg, struct error *err)
{
	struct remote_stream *s = calloc(1, sizeof(*s));

	if (s == NULL) {
		error_nomem(err);
		return NULL;
	}
	s->stream.ops = &stream_ops;
	s->list = list;
	s->next = *list;
	*list = s;
	s->out = out;
	s->io = io;
	s->serial = serial;
	s->procedure = procedure;
	s->timeout = timeout;
	s->moved = clock_ms();
	s->pump = pump;
	s->arg = arg;
	return &s->stream;
}

int
remote_stream_take(struct remote_stream *s, const struct message *m,
    struct error *err)
{
	struct xvm_error wire;

	while (s != NULL && s->serial != m->serial)
		s = s->next;
	if (s == NULL || m->type == MESSAGE_STREAM_HOLE)
		return 0;
	switch (m->status) {
	case MESSAGE_OK:
		s->finished = s->at_end = true;
		return 0;
	case MESSAGE_CONTINUE:
		if (m->n == 0)
			s->at_end = true;
		if (s->unread.len + m->n > UNREAD_MAX)
			return error_set(err, XVM_FROM_RPC,
			    XVM_ERR_INTERNAL_ERROR,
			    "too much stream data that nobody reads");
		buf_add(&s->unread, m->payload, m->n);
		return s->unread.failed ? error_nomem(err) : 0;
	default:
		s->finished = s->at_end = true;
		memset(&wire, 0, sizeof(wire));
		if (m->n == 0) {
			error_set(&s->why, XVM_FROM_STREAMS,
			    XVM_ERR_OPERATION_ABORTED, "stream aborted");
		} else if (call_error_decode(m->payload, m->n, &wire,
		    &s->why) == 0) {
			error_from_wire(&s->why, &wire);
			visible_error(&s->why);
			call_error_free(&wire);
		}
		return 0;
	}
}

bool
remote_streams_full(const struct remote_stream *list)
{
	for (; list != NULL; list = list->next) {
		if (list->unread.len >= UNREAD_FULL)
			return true;
	}
	return false;
}

void
remote_streams_fail(struct remote_stream *list, const struct error *why)
{
	for (; list != NULL; list = list->next) {
		if (list->why.code == XVM_ERR_OK && !list->finished)
			(void)error_copy(&list->why, why);
	}
}

void
remote_streams_orphan(struct remote_stream *list)
{
	while (list != NULL) {
		struct remote_stream *next = list->next;

		if (list->why.code == XVM_ERR_OK)
			error_set(&list->why, XVM_FROM_STREAMS,
			    XVM_ERR_INVALID_CONN, "connection is closed");
		list->list = NULL;
		list->next = NULL;
		list->io = NULL;
		list = next;
	}
}
