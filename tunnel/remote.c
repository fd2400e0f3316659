/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The driver that answers calls by sending them to another host. It knows no
 * single call but those that open a connection; the rest goes by the table.
 *
 * Opening takes no round trip: AUTH_LIST, CONNECT_OPEN and two questions about
 * features are written together with the first batch when that only reads.
 */
#include "remote.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/number.h"
#include "keepalive.h"
#include "message.h"
#include "remote_stream.h"
#include "transport.h"
#include "visible.h"

#define READ_CHUNK 65536u
#define PIPELINE_MAX 256	/* calls under way to a libvirtd at once */
#define OUT_MAX (1u << 20)	/* bytes that wait to be written */
#define EVENTS_MAX 100000	/* that wait to be taken */
#define KEEPALIVE_INTERVAL 5
#define KEEPALIVE_COUNT 6

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
	size_t n_events;
	struct remote_stream *streams;	/* that are open */
	/* The opening's own calls. */
	struct call opening[4];
	struct xvm_auth_list_ret auth;
	struct xvm_connect_open_args open_args;
	char *open_name;
	struct xvm_connect_supports_feature_args ask[2];
	struct xvm_connect_supports_feature_ret answer[2];
};

enum { OPENING_AUTH, OPENING_OPEN, OPENING_XVM, OPENING_KEEPALIVE };

/* --- losing it ------------------------------------------------------------ */

static void
fail_call(struct call *call, const struct error *why)
{
	call->rc = -1;
	(void)error_copy(&call->err, why);
}

/* The connection is gone: everyone who waits learns why. */
static void
lose(struct remote *r, struct error *why)
{
	r->state = r->state == REMOTE_OPENING ? REMOTE_REFUSED : REMOTE_LOST;
	error_move(&r->why, why);
	for (size_t i = 0; i < r->n_pending; i++)
		fail_call(r->pending[i].call, &r->why);
	r->n_pending = 0;
	remote_streams_fail(r->streams, &r->why);
	if (r->io != NULL)
		r->io->ops->abort(r->io);
}

/* --- sending -------------------------------------------------------------- */

static int
send_call(struct remote *r, struct call *call)
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
		    r->io, r->serial, call->number, remote_stream_pump, r,
		    &call->err);
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

	if (type == NULL || !type->is_event || r->n_events >= EVENTS_MAX)
		return 0;
	q = calloc(1, sizeof(*q));
	if (q == NULL)
		return error_nomem(err);
	q->event.number = type->number;
	q->event.msg = calloc(1, type->part[CALL_ARGS].size);
	if (q->event.msg == NULL || call_decode(type, CALL_ARGS, m->payload,
	    m->n, q->event.msg, err) != 0) {
		free(q->event.msg);
		free(q);
		return -1;
	}
	*r->events_tail = q;
	r->events_tail = &q->next;
	r->n_events++;
	return 0;
}

static int
take_message(struct remote *r, const struct message *m, struct error *err)
{
	if (m->program == PROGRAM_KEEPALIVE) {
		if (m->procedure == KEEPALIVE_PING)
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

static int
flush_out(struct remote *r, struct error *err)
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

/* The shorter of two waits, -1 standing for for ever. */
static int
shorter(int a, int b)
{
	return a < 0 ? b : b < 0 || a < b ? a : b;
}

/*
 * One turn: write what can be written, read and handle what is there; wait for
 * at most wait_ms (-1: for ever) when there is neither. -1: it is lost.
 */
static int
turn(struct remote *r, int wait_ms)
{
	struct error err = ERROR_INIT;
	struct pollfd p[3];
	int rc;

	if (check_keepalive(r, &err) != 0 || flush_out(r, &err) != 0)
		goto lost;
	p[0].fd = r->io->ops->fd(r->io, POLLIN);
	/* Stream data that nobody reads must not pile up. */
	p[0].events = r->n_pending == 0 && remote_streams_full(r->streams) ?
	    0 : POLLIN;
	p[0].revents = 0;
	p[1].fd = r->out.len > 0 ? r->io->ops->fd(r->io, POLLOUT) : -1;
	p[1].events = POLLOUT;
	wait_ms = shorter(wait_ms, keepalive_wait(&r->keepalive));
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
	lose(r, &err);
	return -1;
}

static bool
is_cancelled(const struct remote *r)
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
			(void)flush_out(r, &err);
		error_release(&err);
		return 0;
	}
	if (wait_ms != 0 && is_cancelled(r))
		return 1;
	return turn(r, wait_ms);
}

/* --- waiting for replies -------------------------------------------------- */

/*
 * Nobody waits for these any more; a reply whose serial is not known is
 * dropped. The opening itself goes on.
 */
static void
abandon(struct remote *r, int code, const char *why)
{
	size_t kept = 0;

	for (size_t i = 0; i < r->n_pending; i++) {
		struct call *call = r->pending[i].call;

		if (call >= r->opening && call < r->opening + 4) {
			r->pending[kept++] = r->pending[i];
			continue;
		}
		call->rc = -1;
		if (call->stream != NULL) {
			call->stream->ops->free(call->stream);
			call->stream = NULL;
		}
		error_set(&call->err, XVM_FROM_RPC, code, "%s", why);
	}
	r->n_pending = kept;
}

static void finish_opening(struct remote *r);

/* Until at most n replies are awaited. */
static void
await(struct remote *r, size_t n, int64_t deadline)
{
	while (r->n_pending > n && (r->state == REMOTE_OPENING ||
	    r->state == REMOTE_OPEN)) {
		int64_t left = deadline == 0 ? -1 : deadline - clock_ms();

		if (is_cancelled(r)) {
			abandon(r, XVM_ERR_OPERATION_ABORTED, "interrupted");
			return;
		}
		if (r->impatient != 0 && r->impatient <= clock_ms()) {
			abandon(r, XVM_ERR_OPERATION_TIMEOUT, "no answer yet");
			return;
		}
		if (deadline != 0 && left <= 0) {
			struct error err = ERROR_INIT;

			error_set(&err, XVM_FROM_RPC,
			    XVM_ERR_OPERATION_TIMEOUT,
			    "no answer within %d seconds",
			    r->options.timeout);
			lose(r, &err);
			return;
		}
		if (r->impatient != 0)
			left = shorter((int)left,
			    (int)(r->impatient - clock_ms()) + 1);
		if (turn(r, left > 3600000 ? 3600000 : (int)left) == 0)
			finish_opening(r);
	}
}

/* --- opening -------------------------------------------------------------- */

static void
send_opening(struct remote *r)
{
	static const int numbers[] = {
		XVM_CALL_AUTH_LIST, XVM_CALL_CONNECT_OPEN,
		XVM_CALL_CONNECT_SUPPORTS_FEATURE,
		XVM_CALL_CONNECT_SUPPORTS_FEATURE,
	};

	for (size_t i = 0; i < 4; i++) {
		r->opening[i].number = numbers[i];
		r->opening[i].rc = CALL_PENDING;
	}
	r->opening[OPENING_AUTH].ret = &r->auth;
	r->opening[OPENING_OPEN].args = &r->open_args;
	r->ask[0].feature = FEATURE_XVM;
	r->ask[1].feature = FEATURE_KEEPALIVE;
	for (int i = 0; i < 2; i++) {
		r->opening[OPENING_XVM + i].args = &r->ask[i];
		r->opening[OPENING_XVM + i].ret = &r->answer[i];
	}
	for (size_t i = 0; i < 4; i++) {
		if (send_call(r, &r->opening[i]) != 0) {
			lose(r, &r->opening[i].err);
			return;
		}
	}
}

static bool
wants_authentication(const struct remote *r)
{
	for (unsigned int i = 0; i < r->auth.types.types_len; i++) {
		if (r->auth.types.types_val[i] == 0)
			return false;
	}
	return r->auth.types.types_len > 0;
}

/* The replies to the opening are there: is it open? */
static void
finish_opening(struct remote *r)
{
	struct error err = ERROR_INIT;

	if (r->state != REMOTE_OPENING)
		return;
	for (size_t i = 0; i < 4; i++) {
		if (r->opening[i].rc == CALL_PENDING)
			return;
	}
	if (r->opening[OPENING_AUTH].rc != 0) {
		lose(r, &r->opening[OPENING_AUTH].err);
		return;
	}
	if (wants_authentication(r)) {
		error_set(&err, XVM_FROM_RPC, XVM_ERR_AUTH_FAILED,
		    "the server wants an authentication that is not offered "
		    "here (%d): connect through ssh",
		    r->auth.types.types_val[0]);
		lose(r, &err);
		return;
	}
	if (r->opening[OPENING_OPEN].rc != 0) {
		lose(r, &r->opening[OPENING_OPEN].err);
		return;
	}
	r->state = REMOTE_OPEN;
	r->pipelines_writes = r->opening[OPENING_XVM].rc == 0 &&
	    r->answer[0].supported == 1;
	if (r->opening[OPENING_KEEPALIVE].rc == 0 &&
	    r->answer[1].supported == 1)
		keepalive_start(&r->keepalive,
		    r->options.keepalive_interval,
		    r->options.keepalive_count);
}

static int64_t
deadline_of(const struct remote *r)
{
	return r->options.timeout == 0 ? 0 :
	    clock_ms() + (int64_t)r->options.timeout * 1000;
}

static bool
only_reads(const struct call *calls, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct call_type *type = call_type(calls[i].number);

		if (calls[i].rc == CALL_PENDING &&
		    (type->access == CALL_ACCESS_WRITE ||
		    type->stream != CALL_STREAM_NO))
			return false;
	}
	return true;
}

/* libvirtd looked at a call before it had opened. */
static bool
was_too_early(const struct call *call)
{
	return call->rc == -1 && call->err.code == XVM_ERR_INTERNAL_ERROR &&
	    call->err.message != NULL &&
	    strstr(call->err.message, "connection not open") != NULL;
}

/* --- the driver ----------------------------------------------------------- */

static void
param_number(const struct uri *uri, const char *name, int *out)
{
	const char *s = uri_param(uri, name);
	int n;

	if (s != NULL && number_i32(s, 10, &n) == 0 && n >= 0)
		*out = n;
}

static int remote_eager(struct remote *r, struct error *err);

static void
remote_close(void *state)
{
	struct remote *r = state;

	if (r->state == REMOTE_OPEN && r->io != NULL) {
		/* Say goodbye, but do not wait for the answer. */
		struct call bye = { .number = XVM_CALL_CONNECT_CLOSE };
		struct error err = ERROR_INIT;

		if (send_call(r, &bye) == 0)
			(void)flush_out(r, &err);
		error_release(&err);
		error_release(&bye.err);
	}
	remote_streams_orphan(r->streams);
	if (r->io != NULL)
		r->io->ops->free(r->io);
	while (r->events != NULL) {
		struct queued_event *q = r->events;

		r->events = q->next;
		event_release(&q->event);
		free(q);
	}
	for (size_t i = 0; i < 4; i++)
		error_release(&r->opening[i].err);
	call_value_free(call_type(XVM_CALL_AUTH_LIST), CALL_RET, &r->auth);
	error_release(&r->why);
	buf_release(&r->in);
	buf_release(&r->out);
	free(r->pending);
	free(r->open_name);
	free(r);
}

static int
remote_open(const struct uri *uri, const struct conn_options *options,
    void **state_out, struct error *err)
{
	struct remote *r = calloc(1, sizeof(*r));
	int rc = -1;

	*state_out = NULL;
	if (r == NULL)
		return error_nomem(err);
	r->events_tail = &r->events;
	r->options = *options;
	if (r->options.keepalive_interval < 0) {
		r->options.keepalive_interval = KEEPALIVE_INTERVAL;
		param_number(uri, "keepalive_interval",
		    &r->options.keepalive_interval);
	}
	if (r->options.keepalive_count < 0) {
		r->options.keepalive_count = KEEPALIVE_COUNT;
		param_number(uri, "keepalive_count",
		    &r->options.keepalive_count);
	}
	r->open_name = transport_remote_uri(uri);
	if (r->open_name == NULL) {
		rc = error_nomem(err);
		goto out;
	}
	r->open_args.name = &r->open_name;
	r->open_args.flags = options->readonly ? 1 : 0;
	r->io = transport_open(uri, options, err);
	if (r->io == NULL)
		goto out;
	send_opening(r);
	rc = options->eager ? remote_eager(r, err) : 0;
out:
	if (rc != 0) {
		remote_close(r);
		return -1;
	}
	*state_out = r;
	return 0;
}

static int
remote_eager(struct remote *r, struct error *err)
{
	await(r, 0, deadline_of(r));
	if (r->state == REMOTE_OPEN)
		return 0;
	if (r->state == REMOTE_OPENING)
		return error_set(err, XVM_FROM_RPC, XVM_ERR_OPERATION_ABORTED,
		    "interrupted");
	(void)error_copy(err, &r->why);
	return -1;
}

/*
 * Send the calls that are to be sent. Reads go out one behind the other; a
 * write waits for what is before it, unless our helper keeps the order; what
 * may be slow there is waited for, so that the next one sees its effect.
 */
static void
send_batch(struct remote *r, struct call *calls, size_t n, int64_t deadline)
{
	for (size_t i = 0; i < n; i++) {
		struct call *call = &calls[i];
		const struct call_type *type = call_type(call->number);
		bool write = type->access == CALL_ACCESS_WRITE ||
		    type->stream != CALL_STREAM_NO;
		bool alone = write && (!r->pipelines_writes || type->slow);

		if (call->rc != CALL_PENDING)
			continue;
		if (alone)
			await(r, 0, deadline);
		else
			await(r, PIPELINE_MAX - 1, deadline);
		if (r->state == REMOTE_REFUSED || r->state == REMOTE_LOST) {
			fail_call(call, &r->why);
			continue;
		}
		if (is_cancelled(r) || (alone && r->n_pending > 0)) {
			call->rc = error_set(&call->err, XVM_FROM_RPC,
			    XVM_ERR_OPERATION_ABORTED, "%s", is_cancelled(r) ?
			    "interrupted" : "no answer yet");
			continue;
		}
		if (send_call(r, call) != 0) {
			call->rc = -1;
			continue;
		}
		if (alone)
			await(r, 0, deadline);
		else if (r->out.len >= OUT_MAX)
			(void)turn(r, 0);
	}
	await(r, 0, deadline);
}

static void
remote_submit(void *state, struct call *calls, size_t n)
{
	struct remote *r = state;
	int64_t deadline = deadline_of(r);
	bool early = r->state == REMOTE_OPENING && only_reads(calls, n);
	bool again = false;

	r->impatient = r->patience_ms == 0 ? 0 : clock_ms() + r->patience_ms;
	if (r->state == REMOTE_OPENING && !early)
		await(r, 0, deadline);
	send_batch(r, calls, n, deadline);
	if (!early)
		return;
	for (size_t i = 0; i < n; i++) {
		struct call *call = &calls[i];

		if (r->state == REMOTE_REFUSED) {
			/* Its own answer is only a consequence. */
			error_release(&call->err);
			fail_call(call, &r->why);
		} else if (r->state == REMOTE_OPEN && was_too_early(call)) {
			error_release(&call->err);
			call->rc = CALL_PENDING;
			again = true;
		}
	}
	if (again)
		send_batch(r, calls, n, deadline);
}

static int
remote_event_fd(void *state)
{
	struct remote *r = state;

	return r->io->ops->fd(r->io, POLLIN);
}

static int
remote_event_next(void *state, struct event *out, struct error *err)
{
	struct remote *r = state;
	struct queued_event *q;

	if (r->events == NULL && r->state == REMOTE_OPEN)
		(void)turn(r, 0);
	if (r->events == NULL) {
		if (r->state == REMOTE_OPEN)
			return 0;
		(void)error_copy(err, &r->why);
		return -1;
	}
	q = r->events;
	r->events = q->next;
	if (r->events == NULL)
		r->events_tail = &r->events;
	r->n_events--;
	*out = q->event;
	free(q);
	return 1;
}

static enum driver_health
remote_health(void *state)
{
	switch (((struct remote *)state)->state) {
	case REMOTE_OPENING:
	case REMOTE_OPEN:
		return DRIVER_ALIVE;
	case REMOTE_REFUSED:
		return DRIVER_REFUSED;
	case REMOTE_LOST:
		break;
	}
	return DRIVER_LOST;
}

static const struct error *
remote_why(void *state)
{
	return &((struct remote *)state)->why;
}

static void
remote_set_patience(void *state, int ms)
{
	((struct remote *)state)->patience_ms = ms;
}

const struct driver remote_driver = {
	.open = remote_open,
	.submit = remote_submit,
	.event_fd = remote_event_fd,
	.event_next = remote_event_next,
	.health = remote_health,
	.why = remote_why,
	.set_patience = remote_set_patience,
	.close = remote_close,
};
