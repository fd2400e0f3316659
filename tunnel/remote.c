/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The driver that answers calls by sending them to another host. It knows no
 * single call but those that open a connection (remote_open.c); the rest goes
 * by the table.
 */
#include "remote.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "remote_conn.h"

#define PIPELINE_MAX 256	/* calls under way to a libvirtd at once */
#define WRITE_RETRY_MS 100	/* when not all could be written */

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

/* Until at most n replies are awaited. */
void
remote_await(struct remote *r, size_t n, int64_t deadline)
{
	while (r->n_pending > n && (r->state == REMOTE_OPENING ||
	    r->state == REMOTE_OPEN)) {
		int64_t left = deadline == 0 ? -1 : deadline - clock_ms();

		if (remote_is_cancelled(r)) {
			abandon(r, XVM_ERR_OPERATION_ABORTED, "interrupted");
			return;
		}
		if (r->impatient != 0 && r->impatient <= clock_ms()) {
			abandon(r, XVM_ERR_OPERATION_TIMEOUT, "no answer yet");
			return;
		}
		if (deadline != 0 && left <= 0) {
			remote_expire(r);
			return;
		}
		if (r->impatient != 0)
			left = remote_shorter((int)left,
			    (int)(r->impatient - clock_ms()) + 1);
		if (remote_turn(r, left > 3600000 ? 3600000 : (int)left) == 0)
			remote_finish_opening(r);
	}
}

/* --- batches -------------------------------------------------------------- */

int64_t
remote_deadline(const struct remote *r)
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
			remote_await(r, 0, deadline);
		else
			remote_await(r, PIPELINE_MAX - 1, deadline);
		if (r->state == REMOTE_REFUSED || r->state == REMOTE_LOST) {
			remote_fail_call(call, &r->why);
			continue;
		}
		if (remote_is_cancelled(r) || (alone && r->n_pending > 0)) {
			call->rc = error_set(&call->err, XVM_FROM_RPC,
			    XVM_ERR_OPERATION_ABORTED, "%s", remote_is_cancelled(r) ?
			    "interrupted" : "no answer yet");
			continue;
		}
		if (remote_send(r, call) != 0) {
			call->rc = -1;
			continue;
		}
		if (alone)
			remote_await(r, 0, deadline);
		else if (r->out.len >= REMOTE_OUT_MAX)
			(void)remote_turn(r, 0);
	}
	remote_await(r, 0, deadline);
}

static void
remote_submit(void *state, struct call *calls, size_t n)
{
	struct remote *r = state;
	int64_t deadline = remote_deadline(r);
	bool early = r->state == REMOTE_OPENING && only_reads(calls, n);
	bool again = false;

	r->impatient = r->patience_ms == 0 ? 0 : clock_ms() + r->patience_ms;
	if (r->state == REMOTE_OPENING && !early)
		remote_await(r, 0, deadline);
	send_batch(r, calls, n, deadline);
	if (!early)
		return;
	for (size_t i = 0; i < n; i++) {
		struct call *call = &calls[i];

		if (r->state == REMOTE_REFUSED) {
			/* Its own answer is only a consequence. */
			error_release(&call->err);
			remote_fail_call(call, &r->why);
		} else if (r->state == REMOTE_OPEN && was_too_early(call)) {
			error_release(&call->err);
			call->rc = CALL_PENDING;
			again = true;
		}
	}
	if (again)
		send_batch(r, calls, n, deadline);
}

/* --- the driver ----------------------------------------------------------- */

static void
remote_idle(void *state)
{
	struct remote *r = state;

	if ((r->state == REMOTE_OPENING || r->state == REMOTE_OPEN) &&
	    remote_turn(r, 0) == 0)
		remote_finish_opening(r);
}

static int
remote_wait(void *state)
{
	const struct remote *r = state;

	if (r->state != REMOTE_OPENING && r->state != REMOTE_OPEN)
		return -1;
	return r->out.len > 0 ? WRITE_RETRY_MS :
	    keepalive_wait(&r->keepalive);
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
		(void)remote_turn(r, 0);
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
	r->events_size -= q->size;
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
	.idle = remote_idle,
	.wait = remote_wait,
	.set_patience = remote_set_patience,
	.close = remote_close,
};
