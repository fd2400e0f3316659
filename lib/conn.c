/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A connection: picks the driver, guards it, and keeps event callbacks. */
#include "conn.h"

#include <stdlib.h>
#include <string.h>

#include "call_check.h"
#include "module.h"
#include "uri.h"
#include "uuid.h"

#define CALLBACKS_MAX 4096

/* One registration of a local driver's connection. */
struct callback {
	int id;
	int event;
	bool all;		/* of every domain, else of: */
	unsigned char uuid[16];
};

/* Events that wait to be taken. */
struct queued {
	struct event event;
	struct queued *next;
};

struct conn {
	const struct driver *driver;
	void *state;
	char *uri;
	struct conn_options options;
	struct callback *callbacks;
	size_t n_callbacks;
	int last_callback_id;
	struct queued *queue, **queue_tail;
};

static const struct driver *
find_driver(const struct driver *const *drivers, const struct uri *uri)
{
	const struct driver *any = NULL;

	for (; *drivers != NULL; drivers++) {
		const struct driver *d = *drivers;

		if (d->name == NULL)
			any = d;
		else if (!uri_is_remote(uri) &&
		    strcmp(d->name, uri->driver) == 0)
			return d;
	}
	/* A hypervisor that is not ours is libvirt's, on this machine. */
	return any;
}

struct conn *
conn_open(const char *text, const struct conn_options *options,
    const struct driver *const *drivers, struct error *err)
{
	struct conn *conn = calloc(1, sizeof(*conn));
	struct uri uri;

	if (conn == NULL) {
		error_nomem(err);
		return NULL;
	}
	conn->queue_tail = &conn->queue;
	conn->options = *options;
	if (uri_parse(text, &uri, err) != 0) {
		free(conn);
		return NULL;
	}
	conn->uri = strdup(text);
	if (conn->uri == NULL) {
		error_nomem(err);
		goto fail;
	}
	conn->driver = find_driver(drivers, &uri);
	if (conn->driver == NULL) {
		error_set(err, XVM_FROM_NONE, XVM_ERR_NO_CONNECT, "%s", text);
		goto fail;
	}
	if (conn->driver->module != NULL) {
		conn->driver = module_load(conn->driver->module,
		    "driver_module", err);
		if (conn->driver == NULL)
			goto fail;
	}
	if (conn->driver->open(&uri, &conn->options, &conn->state, err) != 0)
		goto fail;
	uri_release(&uri);
	return conn;
fail:
	free(conn->uri);
	free(conn);
	uri_release(&uri);
	return NULL;
}

static void
drop_queue(struct conn *conn)
{
	while (conn->queue != NULL) {
		struct queued *q = conn->queue;

		conn->queue = q->next;
		event_release(&q->event);
		free(q);
	}
	conn->queue_tail = &conn->queue;
}

void
conn_close(struct conn *conn)
{
	if (conn == NULL)
		return;
	conn->driver->close(conn->state);
	drop_queue(conn);
	free(conn->callbacks);
	free(conn->uri);
	free(conn);
}

const char *
conn_uri(const struct conn *conn)
{
	return conn->uri;
}

bool
conn_is_local(const struct conn *conn)
{
	return conn->driver->local;
}

bool
conn_is_readonly(const struct conn *conn)
{
	return conn->options.readonly;
}

bool
conn_is_slow(const struct conn *conn, const struct call_type *type)
{
	return type->slow || (conn->driver->is_slow != NULL &&
	    conn->driver->is_slow(type->number));
}

bool
conn_is_remote(const struct conn *conn)
{
	return !conn->driver->local;
}

static enum driver_health
health(const struct conn *conn)
{
	return conn->driver->health == NULL ? DRIVER_ALIVE :
	    conn->driver->health(conn->state);
}

bool
conn_is_alive(const struct conn *conn)
{
	return health(conn) == DRIVER_ALIVE;
}

bool
conn_was_refused(const struct conn *conn)
{
	return health(conn) == DRIVER_REFUSED;
}

const struct error *
conn_why(const struct conn *conn)
{
	return conn_is_alive(conn) || conn->driver->why == NULL ? NULL :
	    conn->driver->why(conn->state);
}

static int
callback_register(struct conn *conn, struct call *call)
{
	const struct xvm_connect_domain_event_callback_register_any_args *args =
	    call->args;
	struct xvm_connect_domain_event_callback_register_any_ret *ret =
	    call->ret;
	struct callback *cb;

	if (args->event_id < 0 ||
	    args->event_id > XVM_DOMAIN_EVENT_ID_MEMORY_DEVICE_SIZE_CHANGE)
		return error_set(&call->err, XVM_FROM_RPC,
		    XVM_ERR_INTERNAL_ERROR, "unsupported event ID %d",
		    args->event_id);
	if (conn->driver->event_enable == NULL)
		return error_unsupported(&call->err,
		    "virConnectDomainEventRegisterAny");
	if (conn->n_callbacks == CALLBACKS_MAX)
		return error_set(&call->err, XVM_FROM_NONE,
		    XVM_ERR_OPERATION_FAILED, "too many event callbacks");
	if (conn->n_callbacks == 0 &&
	    conn->driver->event_enable(conn->state, true, &call->err) != 0)
		return -1;
	cb = reallocarray(conn->callbacks, conn->n_callbacks + 1, sizeof(*cb));
	if (cb == NULL)
		return error_nomem(&call->err);
	conn->callbacks = cb;
	cb += conn->n_callbacks++;
	memset(cb, 0, sizeof(*cb));
	cb->id = conn->last_callback_id++;
	cb->event = args->event_id;
	cb->all = args->dom == NULL;
	if (args->dom != NULL)
		memcpy(cb->uuid, args->dom->uuid, sizeof(cb->uuid));
	ret->callback_id = cb->id;
	return 0;
}

static int
callback_deregister(struct conn *conn, struct call *call)
{
	const struct xvm_connect_domain_event_callback_deregister_any_args
	    *args = call->args;

	for (size_t i = 0; i < conn->n_callbacks; i++) {
		if (conn->callbacks[i].id != args->callback_id)
			continue;
		conn->n_callbacks--;
		memmove(&conn->callbacks[i], &conn->callbacks[i + 1],
		    (conn->n_callbacks - i) * sizeof(conn->callbacks[0]));
		if (conn->n_callbacks == 0)
			return conn->driver->event_enable(conn->state, false,
			    &call->err);
		return 0;
	}
	return error_set(&call->err, XVM_FROM_RPC, XVM_ERR_INTERNAL_ERROR,
	    "domain event callback %d not registered", args->callback_id);
}

/* What is the connection's to answer, and what must not reach the driver. */
static void
prepare(struct conn *conn, struct call *call)
{
	const struct call_type *type = call_type(call->number);

	call->rc = -1;
	call->stream = NULL;
	if (type == NULL || type->is_event) {
		error_set(&call->err, XVM_FROM_RPC, XVM_ERR_RPC,
		    "unknown procedure: %d", call->number);
		return;
	}
	if (conn->options.readonly &&
	    call_check_readonly(type, call->args, &call->err) != 0)
		return;
	if (!conn->driver->local) {
		call->rc = CALL_PENDING;
		return;
	}
	switch (call->number) {
	case XVM_CALL_CONNECT_DOMAIN_EVENT_CALLBACK_REGISTER_ANY:
		call->rc = callback_register(conn, call);
		break;
	case XVM_CALL_CONNECT_DOMAIN_EVENT_CALLBACK_DEREGISTER_ANY:
		call->rc = callback_deregister(conn, call);
		break;
	case XVM_CALL_CONNECT_REGISTER_CLOSE_CALLBACK:
	case XVM_CALL_CONNECT_UNREGISTER_CLOSE_CALLBACK:
		call->rc = 0;	/* a local driver never goes away */
		break;
	default:
		if (call_check_args(type, call->args, &call->err) == 0)
			call->rc = CALL_PENDING;
		break;
	}
}

size_t
conn_submit(struct conn *conn, struct call *calls, size_t n)
{
	size_t failed = 0;
	bool pending = false;

	for (size_t i = 0; i < n; i++) {
		prepare(conn, &calls[i]);
		pending |= calls[i].rc == CALL_PENDING;
	}
	if (pending)
		conn->driver->submit(conn->state, calls, n);
	for (size_t i = 0; i < n; i++)
		failed += calls[i].rc != 0;
	return failed;
}

void
conn_idle(struct conn *conn)
{
	if (conn->driver->idle != NULL)
		conn->driver->idle(conn->state);
}

int
conn_wait(struct conn *conn)
{
	return conn->driver->wait == NULL ? -1 :
	    conn->driver->wait(conn->state);
}

void
conn_set_patience(struct conn *conn, int ms)
{
	if (conn->driver->set_patience != NULL)
		conn->driver->set_patience(conn->state, ms);
}

int
conn_call(struct conn *conn, int number, const void *args, void *ret,
    struct error *err)
{
	struct call call = { .number = number, .args = args, .ret = ret };

	if (conn_submit(conn, &call, 1) == 0)
		return 0;
	error_move(err, &call.err);
	return -1;
}

int
conn_event_fd(struct conn *conn)
{
	if (conn->driver->event_fd == NULL)
		return -1;
	return conn->driver->event_fd(conn->state);
}

/* Queue a driver's event once for each callback that wants it. */
static int
fan_out(struct conn *conn, const struct event *ev, struct error *err)
{
	int event = call_type(ev->number)->event;
	const struct xvm_domain *dom = event_domain(ev);

	for (size_t i = 0; i < conn->n_callbacks; i++) {
		const struct callback *cb = &conn->callbacks[i];
		struct queued *q;

		if (cb->event != event || (!cb->all && (dom == NULL ||
		    memcmp(cb->uuid, dom->uuid, sizeof(cb->uuid)) != 0)))
			continue;
		q = calloc(1, sizeof(*q));
		if (q == NULL)
			return error_nomem(err);
		if (event_copy(ev, &q->event, err) != 0) {
			free(q);
			return -1;
		}
		memcpy(q->event.msg, &cb->id, sizeof(cb->id));
		*conn->queue_tail = q;
		conn->queue_tail = &q->next;
	}
	return 0;
}

int
conn_event_next(struct conn *conn, struct event *out, struct error *err)
{
	struct event ev = { 0, NULL };
	struct queued *q;
	int rc;

	if (conn->driver->event_next == NULL)
		return 0;
	if (!conn->driver->local)
		return conn->driver->event_next(conn->state, out, err);
	while (conn->queue == NULL) {
		rc = conn->driver->event_next(conn->state, &ev, err);
		if (rc != 1)
			return rc;
		rc = fan_out(conn, &ev, err);
		event_release(&ev);
		if (rc != 0)
			return rc;
	}
	q = conn->queue;
	conn->queue = q->next;
	if (conn->queue == NULL)
		conn->queue_tail = &conn->queue;
	*out = q->event;
	free(q);
	return 1;
}
