/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The remote driver's messages: written, read, matched by serial. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "remote_conn.h"
#include "visible.h"

#define READ_CHUNK 65536u
#define EVENTS_MAX (64u << 20)	/* bytes of those that wait to be taken */

/* --- losing it ------------------------------------------------------------ */

void
remote_fail_call(struct call *call, const struct error *why)
{
	call->rc = -1;
	(void)error_copy(&call->err, why);
}

void
remote_lose(struct remote *r, struct error *why)
{
	r->state = r->state == REMOTE_OPENING ? REMOTE_REFUSED : REMOTE_LOST;
	error_move(&r->why, why);
	for (size_t i = 0; i < r->n_pending; i++)
		remote_fail_call(r->pending[i].call, &r->why);
	r->n_pending = 0;
	remote_streams_fail(r->streams, &r->why);
	if (r->io != NULL)
		r->io->ops->abort(r->io);
}

void
remote_expire(struct remote *r)
{
	struct error err = ERROR_INIT;

	error_set(&err, XVM_FROM_RPC, XVM_ERR_OPERATION_TIMEOUT,
	    "no answer within %d seconds", r->options.timeout);
	remote_lose(r, &err);
}

/* --- sending -------------------------------------------------------------- */

int
remote_send(struct remote *r, struct call *call)
{
	const struct call_type *type = call_type(call->number);
	const struct message m = {
		.program = PROGRAM_REMOTE,
		.version = PROGRAM_VERSION,
		.procedure = (uint32_t)call->number,
		.type = MESSAGE_CALL,
		.serial = r->serial,
	};
	struct pending *p;

	if (r->n_pending == r->pending_size) {
		size_t n = r->pending_size ? 2 * r->pending_size : 16;

		p = reallocarray(r->pending, n, sizeof(*p));
		if (p == NULL)
			return error_nomem(&call->err);
		r->pending = p;
		r->pending_size = n;
	}
	if (message_add_value(&r->out, &m, type, CALL_ARGS, call->args,
	    &call->err) != 0)
		return -1;
	if (type->stream != CALL_STREAM_NO) {
		call->stream = remote_stream_new(&r->streams, &r->out,
		    r->io, r->serial, call->number, r->options.timeout,
		    remote_stream_pump, r, &call->err);
		if (call->stream == NULL)
			return -1;
	}
	p = &r->pending[r->n_pending++];
	p->serial = r->serial++;
	p->number = call->number;
	p->call = call;
	return 0;
}

/* --- receiving ------------------------------------------------------------ */

static int
take_reply(struct remote *r, const struct message *m, struct error *err)
{
	const struct call_type *type;
	struct xvm_error wire;
	struct pending *p = r->pending;
	struct call *call;
	size_t i = 0;

	while (i < r->n_pending && p[i].serial != m->serial)
		i++;
	if (i == r->n_pending)
		return 0;
	/* What is read into the caller's struct must be its call's. */
	if (p[i].number != (int)m->procedure)
		return error_set(err, XVM_FROM_RPC, XVM_ERR_RPC,
		    "got a reply to procedure %u with the serial of %d",
		    m->procedure, p[i].number);
	type = call_type(p[i].number);
	call = p[i].call;
	r->n_pending--;
	memmove(&p[i], &p[i + 1], (r->n_pending - i) * sizeof(*p));
	if (m->status == MESSAGE_ERROR) {
		memset(&wire, 0, sizeof(wire));
		call->rc = -1;
		if (call_error_decode(m->payload, m->n, &wire,
		    &call->err) == 0) {
			error_from_wire(&call->err, &wire);
			visible_error(&call->err);
			call_error_free(&wire);
		}
	} else if (call->ret == NULL) {
		call->rc = 0;
	} else {
		call->rc = call_decode(type, CALL_RET, m->payload, m->n,
		    call->ret, &call->err);
	}
	if (call->rc != 0 && call->stream != NULL) {
		/* It never began at the other end. */
		remote_stream_end(call->stream);
		call->stream->ops->free(call->stream);
		call->stream = NULL;
	}
	return 0;
}

static int
take_event(struct remote *r, const struct message *m, struct error *err)
{
	const struct call_type *type = call_type((int)m->procedure);
	struct queued_event *q;

	if (type == NULL || !type->is_event || r->events_size >= EVENTS_MAX)
		return 0;
	q = calloc(1, sizeof(*q));
	if (q == NULL)
		return error_nomem(err);
	q->event.number = type->number;
	q->size = m->size + sizeof(*q) + type->part[CALL_ARGS].size;
	q->event.msg = calloc(1, type->part[CALL_ARGS].size);
	if (q->event.msg == NULL || call_decode(type, CALL_ARGS, m->payload,
	    m->n, q->event.msg, err) != 0) {
		free(q->event.msg);
		free(q);
		return -1;
	}
	*r->events_tail = q;
	r->events_tail = &q->next;
	r->events_size += q->size;
	return 0;
}

static int
take_message(struct remote *r, const struct message *m, struct error *err)
{
	if (m->program == PROGRAM_KEEPALIVE) {
		/* One that probes and does not read gets no more answers. */
		if (m->procedure == KEEPALIVE_PING &&
		    r->out.len < REMOTE_OUT_MAX)
			message_add_keepalive(&r->out, KEEPALIVE_PONG);
		return 0;
	}
	if (m->program != PROGRAM_REMOTE)
		return 0;
	switch (m->type) {
	case MESSAGE_REPLY:
		return take_reply(r, m, err);
	case MESSAGE_EVENT:
		return take_event(r, m, err);
	case MESSAGE_STREAM:
	case MESSAGE_STREAM_HOLE:
		return remote_stream_take(r->streams, m, err);
	default:
		return error_set(err, XVM_FROM_RPC, XVM_ERR_RPC,
		    "got unexpected RPC call prog %x vers %u proc %u type %u",
		    m->program, m->version, m->procedure, m->type);
	}
}

/* All messages that are there. */
static int
take_all(struct remote *r, struct error *err)
{
	struct message m;
	struct buf rest;
	size_t used = 0;
	int rc;

	/* A view that moves on, so that the buffer is shifted once. */
	rest = r->in;
	while ((rc = message_parse(&rest, &m, err)) == 1) {
		if (take_message(r, &m, err) != 0)
			return -1;
		used += m.size;
		rest.data += m.size;
		rest.len -= m.size;
	}
	if (used > 0)
		buf_consume(&r->in, used);
	return rc;
}

int
remote_flush(struct remote *r, struct error *err)
{
	size_t done = 0;
	ssize_t n = 0;

	if (r->out.failed)
		return error_nomem(err);
	while (done < r->out.len) {
		n = r->io->ops->write(r->io, r->out.data + done,
		    r->out.len - done, err);
		if (n < 0)
			break;
		done += (size_t)n;
	}
	if (done > 0)
		buf_consume(&r->out, done);
	return n == -1 ? -1 : 0;
}

/* Read what is there. 1: something came, 0: nothing, -1: it is over. */
static int
fill_in(struct remote *r, struct error *err)
{
	char *room = buf_reserve(&r->in, READ_CHUNK);
	ssize_t n;

	if (room == NULL)
		return error_nomem(err);
	n = r->io->ops->read(r->io, room, READ_CHUNK, err);
	if (n == -2)
		return 0;
	if (n == 0)
		return error_set(err, XVM_FROM_RPC, XVM_ERR_INTERNAL_ERROR,
		    "client socket is closed");
	if (n < 0)
		return -1;
	r->in.len += (size_t)n;
	keepalive_heard(&r->keepalive);
	return 1;
}

static int
check_keepalive(struct remote *r, struct error *err)
{
	switch (keepalive_due(&r->keepalive)) {
	case 1:
		message_add_keepalive(&r->out, KEEPALIVE_PING);
		return 0;
	case -1:
		return error_set(err, XVM_FROM_RPC, XVM_ERR_INTERNAL_ERROR,
		    "connection closed due to keepalive timeout");
	default:
		return 0;
	}
}

int
remote_shorter(int a, int b)
{
	return a < 0 ? b : b < 0 || a < b ? a : b;
}

int
remote_turn(struct remote *r, int wait_ms)
{
	struct error err = ERROR_INIT;
	struct pollfd p[3];
	int rc;

	if (check_keepalive(r, &err) != 0 || remote_flush(r, &err) != 0)
		goto lost;
	p[0].fd = r->io->ops->fd(r->io, POLLIN);
	/* Stream data that nobody reads must not pile up. */
	p[0].events = r->n_pending == 0 && remote_streams_full(r->streams) ?
	    0 : POLLIN;
	p[0].revents = 0;
	p[1].fd = r->out.len > 0 ? r->io->ops->fd(r->io, POLLOUT) : -1;
	p[1].events = POLLOUT;
	wait_ms = remote_shorter(wait_ms, keepalive_wait(&r->keepalive));
	/* One descriptor for both ways is polled once. */
	if (p[1].fd == p[0].fd) {
		p[0].events |= p[1].fd >= 0 ? POLLOUT : 0;
		p[1].fd = -1;
	}
	/* What a program says on stderr is taken, or it would wait for that. */
	p[2].fd = r->io->ops->fd(r->io, POLLPRI);
	if (p[2].fd == p[0].fd)
		p[2].fd = -1;
	p[2].events = POLLIN;
	rc = poll(p, 3, wait_ms);
	if (rc < 0 && errno != EINTR) {
		error_system(&err, XVM_FROM_RPC, errno, "poll on socket failed");
		goto lost;
	}
	if (rc > 0 && ((p[0].revents & ~POLLOUT) != 0 ||
	    (p[2].fd >= 0 && p[2].revents != 0))) {
		rc = fill_in(r, &err);
		if (take_all(r, &err) != 0 || rc < 0)
			goto lost;
	}
	return 0;
lost:
	remote_lose(r, &err);
	return -1;
}

bool
remote_is_cancelled(const struct remote *r)
{
	return r->options.cancel != NULL && *r->options.cancel != 0;
}

int
remote_stream_pump(void *arg, int wait_ms)
{
	struct remote *r = arg;
	struct error err = ERROR_INIT;

	if (wait_ms == REMOTE_PUMP_WRITE) {
		/* Why it fails is found by the next turn. */
		if (r->state == REMOTE_OPENING || r->state == REMOTE_OPEN)
			(void)remote_flush(r, &err);
		error_release(&err);
		return 0;
	}
	if (wait_ms == REMOTE_PUMP_EXPIRED) {
		remote_expire(r);
		return -1;
	}
	if (wait_ms != 0 && remote_is_cancelled(r))
		return 1;
	return remote_turn(r, wait_ms);
}
