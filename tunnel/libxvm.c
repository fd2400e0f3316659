/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libxvm's functions, over a connection of lib's. */
#include "../lib/xvm.h"

#include <stdlib.h>
#include <string.h>

#include "../lib/conn.h"
#include "../lib/stream.h"
#include "drivers.h"

/* The public connection is lib's own. */
static struct conn *
inside(struct xvm *xvm)
{
	return (struct conn *)xvm;
}

/* Hand an error over as a reason; why may be NULL. Returns -1. */
static int
give_reason(struct error *err, struct xvm_reason *why)
{
	if (why != NULL) {
		xvm_reason_clear(why);
		why->code = err->code;
		why->domain = err->domain;
		why->message = strdup(err->message);
	}
	error_release(err);
	return -1;
}

const char *
xvm_version(void)
{
	return XVSH_VERSION;
}

struct xvm *
xvm_open(const char *uri, unsigned int flags, int timeout,
    struct xvm_reason *why)
{
	struct conn_options options = CONN_OPTIONS_INIT;
	struct error err = ERROR_INIT;
	struct conn *conn;

	options.readonly = (flags & XVM_OPEN_READONLY) != 0;
	options.eager = true;
	options.timeout = timeout < 0 ? 0 : timeout;
	conn = conn_open(uri, &options, client_drivers, &err);
	if (conn == NULL)
		(void)give_reason(&err, why);
	return (struct xvm *)conn;
}

void
xvm_close(struct xvm *xvm)
{
	conn_close(inside(xvm));
}

/* A call with a stream has nowhere to give it. */
static void
drop_stream(struct call *call)
{
	if (call->stream == NULL)
		return;
	call->stream->ops->free(call->stream);
	call->stream = NULL;
	call->rc = error_unsupported(&call->err, call_type(call->number)->api);
}

int
xvm_call(struct xvm *xvm, int number, const void *args, void *ret,
    struct xvm_reason *why)
{
	struct call call = { .number = number, .args = args, .ret = ret };

	(void)conn_submit(inside(xvm), &call, 1);
	drop_stream(&call);
	return call.rc == 0 ? 0 : give_reason(&call.err, why);
}

void
xvm_ret_free(int number, void *ret)
{
	const struct call_type *type = call_type(number);

	if (type != NULL && ret != NULL)
		call_value_free(type, CALL_RET, ret);
}

size_t
xvm_batch(struct xvm *xvm, struct xvm_batch_call *calls, size_t n)
{
	struct call *inner = calloc(n == 0 ? 1 : n, sizeof(*inner));
	struct error err = ERROR_INIT;
	size_t failed = 0;

	for (size_t i = 0; i < n; i++) {
		calls[i].rc = -1;
		if (inner == NULL) {
			error_nomem(&err);
			(void)give_reason(&err, &calls[i].why);
			continue;
		}
		inner[i].number = calls[i].number;
		inner[i].args = calls[i].args;
		inner[i].ret = calls[i].ret;
	}
	if (inner == NULL)
		return n;
	(void)conn_submit(inside(xvm), inner, n);
	for (size_t i = 0; i < n; i++) {
		drop_stream(&inner[i]);
		calls[i].rc = inner[i].rc;
		if (inner[i].rc == 0)
			continue;
		failed++;
		(void)give_reason(&inner[i].err, &calls[i].why);
	}
	free(inner);
	return failed;
}

int
xvm_event_fd(struct xvm *xvm)
{
	return conn_event_fd(inside(xvm));
}

int
xvm_event_next(struct xvm *xvm, struct xvm_event *event,
    struct xvm_reason *why)
{
	struct error err = ERROR_INIT;
	struct event ev = { 0, NULL };
	int rc = conn_event_next(inside(xvm), &ev, &err);

	event->number = ev.number;
	event->msg = ev.msg;
	return rc < 0 ? give_reason(&err, why) : rc;
}

void
xvm_event_free(struct xvm_event *event)
{
	struct event ev = { event->number, event->msg };

	event_release(&ev);
	event->msg = NULL;
}

void
xvm_reason_clear(struct xvm_reason *why)
{
	free(why->message);
	memset(why, 0, sizeof(*why));
}
