/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The data of calls with a stream, at the helper's end. */
#include <stdlib.h>
#include <string.h>

#include "client.h"

#define UNWRITTEN_FULL (1u << 20)	/* then nothing more is read */

struct server_stream {
	struct server_stream *next;
	struct message m;	/* program, procedure and serial to send with */
	struct stream *stream;
	struct buf unwritten;	/* from the client, for the driver */
	bool sent_end;		/* our data ended */
	bool finishing;		/* the client has finished */
};

static void
send_part(struct client *c, const struct server_stream *s,
    enum message_status status, const void *data, size_t n)
{
	struct message m = s->m;

	m.status = status;
	m.payload = data;
	m.n = n;
	message_add(&c->out, &m);
}

static void
drop(struct client *c, struct server_stream *s)
{
	struct server_stream **p = &c->streams;

	while (*p != s)
		p = &(*p)->next;
	*p = s->next;
	c->n_streams--;
	s->stream->ops->free(s->stream);
	buf_release(&s->unwritten);
	free(s);
}

static void
fail(struct client *c, struct server_stream *s, struct error *err)
{
	struct message m = s->m;

	m.status = MESSAGE_ERROR;
	message_add_error(&c->out, &m, err);
	error_release(err);
	drop(c, s);
}

int
server_stream_add(struct client *c, const struct message *m,
    struct stream *stream, struct error *err)
{
	struct server_stream *s;

	if (c->n_streams >= CLIENT_STREAMS_MAX ||
	    (s = calloc(1, sizeof(*s))) == NULL) {
		stream->ops->free(stream);
		return error_set(err, XVM_FROM_STREAMS,
		    XVM_ERR_OPERATION_FAILED, "too many streams");
	}
	s->m = *m;
	s->m.type = MESSAGE_STREAM;
	s->m.payload = NULL;
	s->m.n = 0;
	s->stream = stream;
	s->next = c->streams;
	c->streams = s;
	c->n_streams++;
	return 0;
}

/* From the client to the driver. false: the stream is gone. */
static bool
write_on(struct client *c, struct server_stream *s)
{
	struct error err = ERROR_INIT;

	while (s->unwritten.len > 0) {
		ssize_t n = s->stream->ops->write(s->stream,
		    s->unwritten.data, s->unwritten.len, &err);

		if (n == -2)
			return true;
		if (n < 0) {
			fail(c, s, &err);
			return false;
		}
		buf_consume(&s->unwritten, (size_t)n);
	}
	if (!s->finishing)
		return true;
	if (s->stream->ops->finish(s->stream, &err) != 0) {
		fail(c, s, &err);
		return false;
	}
	send_part(c, s, MESSAGE_OK, NULL, 0);
	drop(c, s);
	return false;
}

/* From the driver to the client. */
static void
read_on(struct client *c, struct server_stream *s)
{
	struct error err = ERROR_INIT;
	char part[16384];

	while (!s->sent_end && c->out.len < CLIENT_OUT_FULL) {
		ssize_t n = s->stream->ops->read(s->stream, part,
		    sizeof(part), &err);

		if (n == -2)
			return;
		if (n < 0) {
			fail(c, s, &err);
			return;
		}
		/* No bytes: the end of the data. */
		send_part(c, s, MESSAGE_CONTINUE, part, (size_t)n);
		s->sent_end = n == 0;
	}
}

void
server_streams_pump(struct client *c)
{
	struct server_stream *s, *next;

	for (s = c->streams; s != NULL; s = next) {
		next = s->next;
		if (write_on(c, s))
			read_on(c, s);
	}
}

void
server_stream_take(struct client *c, const struct message *m)
{
	struct server_stream *s = c->streams;
	struct error err = ERROR_INIT;

	while (s != NULL && s->m.serial != m->serial)
		s = s->next;
	if (s == NULL)
		return;		/* it ended here meanwhile */
	if (m->type == MESSAGE_STREAM_HOLE) {
		error_set(&err, XVM_FROM_STREAMS, XVM_ERR_NO_SUPPORT,
		    "holes in a stream");
		fail(c, s, &err);
		return;
	}
	switch (m->status) {
	case MESSAGE_CONTINUE:
		buf_add(&s->unwritten, m->payload, m->n);
		if (s->unwritten.failed) {
			error_nomem(&err);
			fail(c, s, &err);
			return;
		}
		(void)write_on(c, s);
		break;
	case MESSAGE_OK:
		s->finishing = true;
		(void)write_on(c, s);
		break;
	default:
		s->stream->ops->abort(s->stream);
		send_part(c, s, MESSAGE_OK, NULL, 0);
		drop(c, s);
		break;
	}
}

/* Is data wanted from it now, and has it data to take? */
static bool
wants_read(const struct client *c, const struct server_stream *s)
{
	return !s->sent_end && c->out.len < CLIENT_OUT_FULL;
}

bool
server_streams_ask(const struct client *c)
{
	for (struct server_stream *s = c->streams; s != NULL; s = s->next) {
		if ((wants_read(c, s) &&
		    s->stream->ops->fd(s->stream, POLLIN) < 0) ||
		    (s->unwritten.len > 0 &&
		    s->stream->ops->fd(s->stream, POLLOUT) < 0))
			return true;
	}
	return false;
}

size_t
server_streams_poll(const struct client *c, struct pollfd *p, size_t n)
{
	size_t used = 0;

	for (struct server_stream *s = c->streams; s != NULL; s = s->next) {
		if (wants_read(c, s) && used < n) {
			p[used].fd = s->stream->ops->fd(s->stream, POLLIN);
			p[used++].events = POLLIN;
		}
		if (s->unwritten.len > 0 && used < n) {
			p[used].fd = s->stream->ops->fd(s->stream, POLLOUT);
			p[used++].events = POLLOUT;
		}
	}
	return used;
}

bool
server_streams_full(const struct client *c)
{
	for (const struct server_stream *s = c->streams; s != NULL;
	    s = s->next) {
		if (s->unwritten.len >= UNWRITTEN_FULL)
			return true;
	}
	return false;
}

void
server_streams_free(struct client *c)
{
	while (c->streams != NULL) {
		c->streams->stream->ops->abort(c->streams->stream);
		drop(c, c->streams);
	}
}
