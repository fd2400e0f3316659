/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Old procedures reshaped into today's: event registration without callback
 * ids, whose events carry no id either.
 */
#include <string.h>

#include "client.h"

static int
register_event(struct client *c, int event, struct error *err)
{
	struct xvm_connect_domain_event_callback_register_any_args args = {
		.event_id = event,
	};
	struct xvm_connect_domain_event_callback_register_any_ret ret = { 0 };

	if (event < 0 || event >= 32)
		return error_set(err, XVM_FROM_RPC, XVM_ERR_INTERNAL_ERROR,
		    "unsupported event ID %d", event);
	if (c->legacy_callback[event] >= 0)
		return error_set(err, XVM_FROM_RPC, XVM_ERR_INTERNAL_ERROR,
		    "domain event %d already registered", event);
	if (conn_call(c->conn,
	    XVM_CALL_CONNECT_DOMAIN_EVENT_CALLBACK_REGISTER_ANY, &args, &ret,
	    err) != 0)
		return -1;
	c->legacy_callback[event] = ret.callback_id;
	return 0;
}

static int
deregister_event(struct client *c, int event, struct error *err)
{
	struct xvm_connect_domain_event_callback_deregister_any_args args;

	if (event < 0 || event >= 32 || c->legacy_callback[event] < 0)
		return error_set(err, XVM_FROM_RPC, XVM_ERR_INTERNAL_ERROR,
		    "domain event %d not registered", event);
	args.callback_id = c->legacy_callback[event];
	c->legacy_callback[event] = -1;
	return conn_call(c->conn,
	    XVM_CALL_CONNECT_DOMAIN_EVENT_CALLBACK_DEREGISTER_ANY, &args,
	    NULL, err);
}

bool
legacy_is(int number)
{
	switch (number) {
	case XVM_CALL_CONNECT_DOMAIN_EVENT_REGISTER:
	case XVM_CALL_CONNECT_DOMAIN_EVENT_DEREGISTER:
	case XVM_CALL_CONNECT_DOMAIN_EVENT_REGISTER_ANY:
	case XVM_CALL_CONNECT_DOMAIN_EVENT_DEREGISTER_ANY:
		return true;
	default:
		return false;
	}
}

/* The one argument, or -1: this payload was decoded before. */
static int
event_of(const struct message *m)
{
	const unsigned char *p = (const unsigned char *)m->payload;

	return m->n < 4 ? -1 : (int)((uint32_t)p[0] << 24 |
	    (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3]);
}

void
legacy_answer(struct client *c, const struct message *m)
{
	/* Both results are one int, 0. */
	struct xvm_connect_domain_event_register_ret ret = { 0 };
	struct call call = { .number = (int)m->procedure };

	switch (call.number) {
	case XVM_CALL_CONNECT_DOMAIN_EVENT_REGISTER:
		call.ret = &ret;
		call.rc = register_event(c, XVM_DOMAIN_EVENT_ID_LIFECYCLE,
		    &call.err);
		break;
	case XVM_CALL_CONNECT_DOMAIN_EVENT_DEREGISTER:
		call.ret = &ret;
		call.rc = deregister_event(c, XVM_DOMAIN_EVENT_ID_LIFECYCLE,
		    &call.err);
		break;
	case XVM_CALL_CONNECT_DOMAIN_EVENT_REGISTER_ANY:
		call.rc = register_event(c, event_of(m), &call.err);
		break;
	default:
		call.rc = deregister_event(c, event_of(m), &call.err);
		break;
	}
	client_reply(c, m, &call);
	error_release(&call.err);
}

/* Today's message of an event, and the old one without the id. */
static int
old_number(int number)
{
	switch (number) {
#define SAME(NAME) \
	case XVM_CALL_DOMAIN_EVENT_CALLBACK_##NAME: \
		return XVM_CALL_DOMAIN_EVENT_##NAME;
	SAME(LIFECYCLE)
	SAME(REBOOT)
	SAME(RTC_CHANGE)
	SAME(WATCHDOG)
	SAME(IO_ERROR)
	SAME(GRAPHICS)
	SAME(IO_ERROR_REASON)
	SAME(CONTROL_ERROR)
	SAME(BLOCK_JOB)
	SAME(DISK_CHANGE)
	SAME(TRAY_CHANGE)
	SAME(BALLOON_CHANGE)
	SAME(DEVICE_REMOVED)
#undef SAME
	default:
		return -1;
	}
}

bool
legacy_event(struct client *c, const struct event *ev)
{
	struct message m = {
		.program = PROGRAM_REMOTE,
		.version = PROGRAM_VERSION,
		.type = MESSAGE_EVENT,
		.serial = 1,
	};
	struct error err = ERROR_INIT;
	struct buf body = BUF_INIT;
	int old = old_number(ev->number), event, id;

	event = call_type(ev->number)->event;
	memcpy(&id, ev->msg, sizeof(id));
	if (event < 0 || event >= 32 || c->legacy_callback[event] != id ||
	    old < 0)
		return false;
	/* The old message is today's without its first member, the id. */
	if (call_encode(call_type(ev->number), CALL_ARGS, ev->msg, &body,
	    &err) == 0 && body.len >= 4) {
		m.procedure = (uint32_t)old;
		m.payload = body.data + 4;
		m.n = body.len - 4;
		message_add(&c->out, &m);
	}
	error_release(&err);
	buf_release(&body);
	return true;
}
