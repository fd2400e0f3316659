/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A client's messages: calls and their replies. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/uri.h"
#include "absent.h"
#include "call_limits.h"
#include "client.h"

#define FDS_MAX 32		/* descriptors with one call, as libvirt has it */

/* A slow call under way. */
struct client_job {
	struct job job;		/* first */
	struct client *client;
	struct message m;	/* its header; no payload */
	void *args;
};

/* --- replies -------------------------------------------------------------- */

static struct message
answer_to(const struct message *m, enum message_status status)
{
	struct message a = *m;

	a.type = MESSAGE_REPLY;
	a.status = status;
	a.payload = NULL;
	a.n = 0;
	return a;
}

void
client_reply_error(struct client *c, const struct message *m,
    const struct error *err)
{
	struct message a = answer_to(m, MESSAGE_ERROR);

	message_add_error(&c->out, &a, err);
}

void
client_reply(struct client *c, const struct message *m,
    const struct call *call)
{
	const struct call_type *type = call_type(call->number);
	struct message a = answer_to(m, MESSAGE_OK);
	struct error err = ERROR_INIT;

	if (call->rc != 0) {
		client_reply_error(c, m, &call->err);
		return;
	}
	if (message_add_value(&c->out, &a, type, CALL_RET, call->ret,
	    &err) != 0) {
		client_reply_error(c, m, &err);
		error_release(&err);
	}
}

static void __attribute__((format(printf, 4, 5)))
refuse(struct client *c, const struct message *m, int code, const char *fmt,
    ...)
{
	struct error err = ERROR_INIT;
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	error_set(&err, XVM_FROM_RPC, code, "%s", text);
	client_reply_error(c, m, &err);
	error_release(&err);
}

/* A procedure that we do not have. */
static void
refuse_absent(struct client *c, const struct message *m)
{
	const char *api = absent_api(m->procedure);
	struct error err = ERROR_INIT;

	if (api == NULL) {
		refuse(c, m, XVM_ERR_NO_SUPPORT, "procedure %u",
		    m->procedure);
		return;
	}
	(void)error_unsupported(&err, api);
	client_reply_error(c, m, &err);
	error_release(&err);
}

/* --- calls about the connection itself ------------------------------------ */

/* Is it a URI whose path is a file to read (the test driver's)? */
static bool
names_a_file(const char *text)
{
	struct error err = ERROR_INIT;
	struct uri uri;
	bool file;

	if (uri_parse(text, &uri, &err) != 0) {
		error_release(&err);
		return false;	/* opening it will say what is wrong */
	}
	file = strcmp(uri.driver, "test") == 0 &&
	    strcmp(uri.path, "/default") != 0;
	uri_release(&uri);
	return file;
}

static int
open_connection(struct client *c, const struct xvm_connect_open_args *args,
    struct error *err)
{
	struct conn_options options = CONN_OPTIONS_INIT;
	const char *name = args->name == NULL ? NULL : *args->name;

	if (c->conn != NULL)
		return error_set(err, XVM_FROM_RPC, XVM_ERR_INTERNAL_ERROR,
		    "connection already open");
	if ((args->flags & ~1u) != 0)
		return error_set(err, XVM_FROM_RPC, XVM_ERR_INVALID_ARG,
		    "unsupported flags (0x%x) in function CONNECT_OPEN",
		    args->flags & ~1u);
	options.readonly = c->options->readonly || (args->flags & 1) != 0;
	if (c->options->uri != NULL) {
		/* Told on our command line: the client's must not differ in
		 * its hypervisor. */
		if (name != NULL && name[0] != '\0' &&
		    strcmp(name, c->options->uri) != 0)
			server_log(LOG_LEVEL_INFO, "client asks for %s, "
			    "serving %s", name, c->options->uri);
		name = c->options->uri;
	}
	if (name == NULL || name[0] == '\0')
		name = "xen:///";
	/* Who may only look must not make us open a file of his choice. */
	if (c->options->readonly && c->options->uri == NULL &&
	    names_a_file(name))
		return error_set(err, XVM_FROM_RPC, XVM_ERR_OPERATION_DENIED,
		    "read only access prevents opening the file of %s", name);
	c->conn = conn_open(name, &options, c->options->drivers, err);
	return c->conn == NULL ? -1 : 0;
}

/* Features that are this server's own to answer; -1: the driver's. */
static int
own_feature(int feature)
{
	switch (feature) {
	case 2:			/* calls are carried */
	case FEATURE_KEEPALIVE:
	case 14:		/* event callback ids */
	case 15:		/* close callback */
	case 16:		/* argument order of NETWORK_UPDATE */
	case FEATURE_XVM:
		return 1;
	default:
		return -1;
	}
}

/* true: answered here. */
static bool
answer_own(struct client *c, const struct message *m, struct call *call)
{
	struct xvm_auth_list_ret *auth = call->ret;
	const struct xvm_connect_supports_feature_args *ask = call->args;
	struct xvm_connect_supports_feature_ret *answer = call->ret;

	switch (call->number) {
	case XVM_CALL_AUTH_LIST:
		auth->types.types_val = calloc(1, sizeof(int));
		if (auth->types.types_val != NULL)
			auth->types.types_len = 1;
		call->rc = 0;
		break;
	case XVM_CALL_CONNECT_OPEN:
		call->rc = open_connection(c, call->args, &call->err);
		break;
	case XVM_CALL_CONNECT_CLOSE:
		call->rc = 0;
		c->at_end = true;
		break;
	case XVM_CALL_CONNECT_SUPPORTS_FEATURE:
		if (own_feature(ask->feature) < 0)
			return false;
		answer->supported = own_feature(ask->feature);
		/* It answers probes: from now on it gets some. */
		if (ask->feature == FEATURE_KEEPALIVE)
			keepalive_start(&c->keepalive,
			    c->options->keepalive_interval,
			    c->options->keepalive_count);
		call->rc = 0;
		break;
	case XVM_CALL_CONNECT_SET_IDENTITY:
		call->rc = 0;
		break;
	default:
		return false;
	}
	client_reply(c, m, call);
	return true;
}

/* --- calls ---------------------------------------------------------------- */

static void
free_call(const struct call_type *type, struct call *call, void *args)
{
	if (args != NULL) {
		call_value_free(type, CALL_ARGS, args);
		free(args);
	}
	if (call->ret != NULL) {
		call_value_free(type, CALL_RET, call->ret);
		free(call->ret);
	}
	error_release(&call->err);
}

static void
finish_call(struct client *c, const struct message *m, struct call *call)
{
	if (call->rc == 0 && call->stream != NULL &&
	    server_stream_add(c, m, call->stream, &call->err) != 0)
		call->rc = -1;
	client_reply(c, m, call);
}

static void
start_job(struct client *c, const struct message *m, struct call *call,
    void *args)
{
	struct client_job *j = calloc(1, sizeof(*j));
	struct error err = ERROR_INIT;

	if (j == NULL) {
		call->rc = error_nomem(&call->err);
	} else {
		j->job.conn = c->conn;
		j->job.call = *call;
		j->job.share = &c->share;
		j->client = c;
		j->m = *m;
		j->m.payload = NULL;
		j->m.n = 0;
		j->args = args;
		if (workers_start(c->workers, &j->job, &err) == 0) {
			c->busy++;
			return;
		}
		free(j);
		call->rc = -1;
		error_move(&call->err, &err);
	}
	client_reply(c, m, call);
	free_call(call_type(call->number), call, args);
}

struct client *
client_of_job(struct job *job)
{
	return ((struct client_job *)job)->client;
}

void
client_job_done(struct client *c, struct job *job)
{
	struct client_job *j = (struct client_job *)job;

	c->busy--;
	if (!c->dead)
		finish_call(c, &j->m, &job->call);
	else if (job->call.stream != NULL)
		job->call.stream->ops->free(job->call.stream);
	free_call(call_type(job->call.number), &job->call, j->args);
	free(j);
}

/* Room for a struct of the call's; *out NULL when it has none. */
static int
new_part(const struct call_type *type, enum call_part part, void **out,
    struct error *err)
{
	size_t n = type->part[part].size;

	*out = NULL;
	if (n == 0)
		return 0;
	*out = calloc(1, n);
	return *out == NULL ? error_nomem(err) : 0;
}

static void
take_call(struct client *c, const struct message *m)
{
	const struct call_type *type = call_type((int)m->procedure);
	struct call call = { .number = (int)m->procedure };
	void *args = NULL;

	if (type == NULL || type->is_event) {
		refuse_absent(c, m);
		return;
	}
	if (m->status != MESSAGE_OK) {
		refuse(c, m, XVM_ERR_RPC, "Unexpected message status %u",
		    m->status);
		return;
	}
	if (new_part(type, CALL_ARGS, &args, &call.err) != 0 ||
	    new_part(type, CALL_RET, &call.ret, &call.err) != 0 ||
	    call_decode(type, CALL_ARGS, m->payload, m->n, args,
	    &call.err) != 0) {
		client_reply_error(c, m, &call.err);
		goto out;
	}
	call.args = args;
	if (answer_own(c, m, &call))
		goto out;
	if (c->conn == NULL) {
		refuse(c, m, XVM_ERR_INTERNAL_ERROR, "connection not open");
		goto out;
	}
	if (call_limits_check(type, args, &call.err) != 0) {
		client_reply_error(c, m, &call.err);
		goto out;
	}
	if (legacy_is(call.number)) {
		legacy_answer(c, m);
		goto out;
	}
	if (conn_is_slow(c->conn, type)) {
		start_job(c, m, &call, args);
		return;
	}
	(void)conn_submit(c->conn, &call, 1);
	finish_call(c, m, &call);
out:
	free_call(type, &call, args);
}

/* Calls that bring descriptors: none of them is answered here. */
static void
refuse_descriptors(struct client *c, const struct message *m)
{
	const struct call_type *type = call_type((int)m->procedure);
	struct error err = ERROR_INIT;

	if (m->n < sizeof(uint32_t) || message_u32(m->payload) > FDS_MAX) {
		server_log(LOG_LEVEL_WARNING,
		    "client dropped: too many descriptors");
		c->dead = true;
		return;
	}
	c->skip = message_u32(m->payload);
	if (type == NULL || type->api == NULL) {
		refuse_absent(c, m);
		return;
	}
	(void)error_unsupported(&err, type->api);
	client_reply_error(c, m, &err);
	error_release(&err);
}

void
client_take(struct client *c, const struct message *m)
{
	if (m->program == PROGRAM_KEEPALIVE) {
		if (m->procedure == KEEPALIVE_PING)
			message_add_keepalive(&c->out, KEEPALIVE_PONG);
		return;
	}
	if (m->program != PROGRAM_REMOTE || m->version != PROGRAM_VERSION) {
		refuse(c, m, XVM_ERR_RPC,
		    "Cannot find program %u version %u", m->program,
		    m->version);
		return;
	}
	switch (m->type) {
	case MESSAGE_CALL:
		take_call(c, m);
		break;
	case MESSAGE_CALL_WITH_FDS:
		refuse_descriptors(c, m);
		break;
	case MESSAGE_STREAM:
	case MESSAGE_STREAM_HOLE:
		server_stream_take(c, m);
		break;
	default:
		refuse(c, m, XVM_ERR_RPC, "Unexpected message type %u",
		    m->type);
		break;
	}
}
