/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The remote driver's opening. It takes no round trip: AUTH_LIST, CONNECT_OPEN
 * and two questions about features are written together with the first batch
 * when that only reads.
 */
#include <stdlib.h>
#include <string.h>

#include "../lib/number.h"
#include "../lib/uri.h"
#include "remote_conn.h"
#include "transport.h"

#define KEEPALIVE_INTERVAL 5
#define KEEPALIVE_COUNT 6

static void
remote_send_opening(struct remote *r)
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
	/*
	 * Asking for keepalive makes the other end probe us, and drop us when
	 * nobody answers.
	 */
	r->n_opening = r->options.keepalive_interval > 0 ? 4 : 3;
	for (size_t i = 0; i < r->n_opening; i++) {
		if (remote_send(r, &r->opening[i]) != 0) {
			remote_lose(r, &r->opening[i].err);
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

void
remote_finish_opening(struct remote *r)
{
	struct error err = ERROR_INIT;

	if (r->state != REMOTE_OPENING)
		return;
	for (size_t i = 0; i < r->n_opening; i++) {
		if (r->opening[i].rc == CALL_PENDING)
			return;
	}
	if (r->opening[OPENING_AUTH].rc != 0) {
		remote_lose(r, &r->opening[OPENING_AUTH].err);
		return;
	}
	if (wants_authentication(r)) {
		error_set(&err, XVM_FROM_RPC, XVM_ERR_AUTH_FAILED,
		    "the server wants an authentication that is not offered "
		    "here (%d): connect through ssh",
		    r->auth.types.types_val[0]);
		remote_lose(r, &err);
		return;
	}
	if (r->opening[OPENING_OPEN].rc != 0) {
		remote_lose(r, &r->opening[OPENING_OPEN].err);
		return;
	}
	r->state = REMOTE_OPEN;
	r->pipelines_writes = r->opening[OPENING_XVM].rc == 0 &&
	    r->answer[0].supported == 1;
	if (r->n_opening == 4 && r->opening[OPENING_KEEPALIVE].rc == 0 &&
	    r->answer[1].supported == 1)
		keepalive_start(&r->keepalive,
		    r->options.keepalive_interval,
		    r->options.keepalive_count);
}

static void
param_number(const struct uri *uri, const char *name, int *out)
{
	const char *s = uri_param(uri, name);
	int n;

	if (s != NULL && number_i32(s, 10, &n) == 0 && n >= 0)
		*out = n;
}

static int
remote_eager(struct remote *r, struct error *err)
{
	remote_await(r, 0, remote_deadline(r));
	if (r->state == REMOTE_OPEN)
		return 0;
	if (r->state == REMOTE_OPENING)
		return error_set(err, XVM_FROM_RPC, XVM_ERR_OPERATION_ABORTED,
		    "interrupted");
	(void)error_copy(err, &r->why);
	return -1;
}

int
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
		r->options.keepalive_interval = options->attended ?
		    KEEPALIVE_INTERVAL : 0;
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
	r->io = transport_open(uri, &r->options, err);
	if (r->io == NULL)
		goto out;
	remote_send_opening(r);
	rc = options->eager ? remote_eager(r, err) : 0;
out:
	if (rc != 0) {
		remote_close(r);
		return -1;
	}
	*state_out = r;
	return 0;
}

void
remote_close(void *state)
{
	struct remote *r = state;

	if (r->state == REMOTE_OPEN && r->io != NULL) {
		/* Say goodbye, but do not wait for the answer. */
		struct call bye = { .number = XVM_CALL_CONNECT_CLOSE };
		struct error err = ERROR_INIT;

		if (remote_send(r, &bye) == 0)
			(void)remote_flush(r, &err);
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
