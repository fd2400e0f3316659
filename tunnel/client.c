/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One client of the server: its bytes, its events, whether it is there. */
#include "client.h"

#include <stdlib.h>

#define READ_CHUNK 65536u

struct client *
client_new(struct server *server, const struct server_options *options,
    struct workers *workers, struct stream *io, struct error *err)
{
	struct client *c = calloc(1, sizeof(*c));

	if (c == NULL) {
		error_nomem(err);
		return NULL;
	}
	c->server = server;
	c->options = options;
	c->workers = workers;
	c->io = io;
	for (size_t i = 0; i < 32; i++)
		c->legacy_callback[i] = -1;
	return c;
}

void
client_free(struct client *c)
{
	server_streams_free(c);
	conn_close(c->conn);
	c->io->ops->free(c->io);
	buf_release(&c->in);
	buf_release(&c->out);
	free(c);
}

bool
client_wants_read(const struct client *c)
{
	return !c->at_end && !c->dead && c->out.len < CLIENT_OUT_FULL &&
	    (c->busy < CLIENT_BUSY_MAX || c->in.len < CLIENT_HELD_FULL) &&
	    !server_streams_full(c);
}

/* Go on behind n bytes of a view. */
static void
move_on(struct buf *rest, size_t n)
{
	if (n > 0)
		rest->data += n;
	rest->len -= n;
}

/* Calls have to wait, its probes need not: answer those behind them. */
static void
answer_probes(struct client *c)
{
	struct error err = ERROR_INIT;
	struct buf rest = c->in;
	struct message m;

	move_on(&rest, c->looked);
	while (c->skip == 0 && message_parse(&rest, &m, &err) == 1 &&
	    m.type != MESSAGE_CALL_WITH_FDS) {
		if (m.program == PROGRAM_KEEPALIVE)
			client_take(c, &m);
		c->looked += m.size;
		move_on(&rest, m.size);
	}
	error_release(&err);
}

/* Behind a message with descriptors comes a byte for each. */
static size_t
skip_some(struct client *c, struct buf *rest)
{
	size_t n = c->skip < rest->len ? c->skip : rest->len;

	c->skip -= n;
	move_on(rest, n);
	return n;
}

/* Answer what has come, until it must wait. */
static void
take_all(struct client *c)
{
	struct error err = ERROR_INIT;
	struct buf rest = c->in;
	struct message m;
	size_t used = skip_some(c, &rest);
	int rc = 0;

	while (!c->dead && c->out.len < CLIENT_OUT_FULL &&
	    c->busy < CLIENT_BUSY_MAX &&
	    (rc = message_parse(&rest, &m, &err)) == 1) {
		if (m.program != PROGRAM_KEEPALIVE || used >= c->looked)
			client_take(c, &m);
		used += m.size;
		move_on(&rest, m.size);
		used += skip_some(c, &rest);
	}
	if (used > 0)
		buf_consume(&c->in, used);
	c->looked -= used < c->looked ? used : c->looked;
	if (c->busy >= CLIENT_BUSY_MAX)
		answer_probes(c);
	if (rc < 0) {
		server_log(LOG_LEVEL_WARNING, "client dropped: %s",
		    err.message);
		c->at_end = true;
		buf_clear(&c->in);
		c->looked = 0;
	}
	error_release(&err);
}

void
client_readable(struct client *c)
{
	struct error err = ERROR_INIT;
	ssize_t n = -2;

	if (client_wants_read(c)) {
		char *room = buf_reserve(&c->in, READ_CHUNK);

		n = room == NULL ? -1 : c->io->ops->read(c->io, room,
		    READ_CHUNK, &err);
		if (n > 0) {
			c->in.len += (size_t)n;
			keepalive_heard(&c->keepalive);
		} else if (n != -2) {
			c->at_end = true;
		}
		error_release(&err);
	}
	take_all(c);
	client_flush(c);
}

void
client_flush(struct client *c)
{
	struct error err = ERROR_INIT;
	size_t done = 0;
	ssize_t n = 0;

	if (c->out.failed) {
		server_log(LOG_LEVEL_ERROR, "client dropped: out of memory");
		c->dead = true;
	}
	while (!c->dead && done < c->out.len) {
		n = c->io->ops->write(c->io, c->out.data + done,
		    c->out.len - done, &err);
		if (n == -2)
			break;
		if (n < 0) {
			c->dead = true;
			error_release(&err);
			break;
		}
		done += (size_t)n;
	}
	if (done > 0) {
		buf_consume(&c->out, done);
		if (c->out.len >= CLIENT_OUT_FULL)
			keepalive_heard(&c->keepalive);	/* it reads */
	}
}

void
client_events(struct client *c)
{
	struct message m = {
		.program = PROGRAM_REMOTE,
		.version = PROGRAM_VERSION,
		.type = MESSAGE_EVENT,
		.serial = 1,
	};
	struct error err = ERROR_INIT;
	struct event ev;

	c->more_events = c->out.len >= CLIENT_OUT_FULL;
	while (c->conn != NULL && !c->more_events &&
	    conn_event_next(c->conn, &ev, &err) == 1) {
		m.procedure = (uint32_t)ev.number;
		if (!legacy_event(c, &ev) && message_add_value(&c->out, &m,
		    call_type(ev.number), CALL_ARGS, ev.msg, &err) != 0)
			server_log(LOG_LEVEL_WARNING, "event lost: %s",
			    err.message);
		event_release(&ev);
		c->more_events = c->out.len >= CLIENT_OUT_FULL;
	}
	error_release(&err);
}

/*
 * Can it be heard? One that sends no more, or that is not read from until the
 * hypervisor has done more of its calls, is not to be taken for dead.
 */
static bool
is_probed(const struct client *c)
{
	return client_wants_read(c) ||
	    (!c->at_end && c->out.len >= CLIENT_OUT_FULL);
}

int
client_wait(const struct client *c)
{
	if (client_has_work(c))
		return 0;
	return is_probed(c) ? keepalive_wait(&c->keepalive) : -1;
}

void
client_tick(struct client *c)
{
	if (!is_probed(c))
		return;
	switch (keepalive_due(&c->keepalive)) {
	case 1:
		message_add_keepalive(&c->out, KEEPALIVE_PING);
		break;
	case -1:
		server_log(LOG_LEVEL_WARNING,
		    "client dropped: it no longer answers");
		c->dead = true;
		break;
	default:
		break;
	}
}

bool
client_has_work(const struct client *c)
{
	struct error err = ERROR_INIT;
	struct message m;
	int rc;

	if (c->dead || c->out.len >= CLIENT_OUT_FULL ||
	    c->busy >= CLIENT_BUSY_MAX || c->skip > 0)
		return false;
	rc = message_parse(&c->in, &m, &err);
	error_release(&err);
	return rc == 1;
}

bool
client_is_done(const struct client *c)
{
	if (c->busy > 0)
		return false;
	if (c->dead)
		return true;
	return c->at_end && c->out.len == 0 && !client_has_work(c);
}
