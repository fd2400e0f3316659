/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The server's one loop: clients, a listening socket, workers. */
#include "server.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client.h"
#include "fd_stream.h"

#define POLLED_EVENTS 2		/* of a client's entries to poll */
#define ASK_MS 20		/* a stream that has no descriptor */
#define DRAIN_MS 10000		/* for clients to take their last answers */

struct server {
	struct server_options options;
	struct workers *workers;
	struct client *clients;
	size_t n_clients;
	int listen_fd;		/* -1: none */
	bool no_room;		/* for another client, until one has gone */
	int64_t drained;	/* clock_ms when a stop ends, 0: no stop yet */
	struct pollfd *poll;
	size_t poll_size;
};

struct server *
server_new(const struct server_options *options, struct error *err)
{
	struct server *s = calloc(1, sizeof(*s));

	if (s == NULL) {
		error_nomem(err);
		return NULL;
	}
	s->options = *options;
	s->listen_fd = -1;
	s->workers = workers_new(err);
	if (s->workers == NULL) {
		free(s);
		return NULL;
	}
	return s;
}

int
server_add(struct server *s, struct stream *io, struct error *err)
{
	struct client *c = client_new(s, &s->options, s->workers, io, err);

	if (c == NULL) {
		io->ops->free(io);
		return -1;
	}
	c->next = s->clients;
	s->clients = c;
	s->n_clients++;
	return 0;
}

void
server_listen(struct server *s, int fd)
{
	s->listen_fd = fd;
}

/* Only root, and whom the server runs as, may speak to it. */
static bool
peer_is_allowed(int fd)
{
	struct ucred peer;
	socklen_t n = sizeof(peer);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &n) != 0)
		return false;
	if (peer.uid == 0 || peer.uid == geteuid())
		return true;
	server_log(LOG_LEVEL_WARNING, "refused a client of user %u",
	    (unsigned int)peer.uid);
	return false;
}

static void
accept_client(struct server *s)
{
	int fd = accept4(s->listen_fd, NULL, NULL,
	    SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct error err = ERROR_INIT;
	struct stream *io;

	if (fd < 0) {
		/* It would be ready again at once. */
		s->no_room = errno == EMFILE || errno == ENFILE ||
		    errno == ENOMEM || errno == ENOBUFS;
		if (s->no_room)
			server_log(LOG_LEVEL_ERROR,
			    "client refused: %m");
		return;
	}
	if (!peer_is_allowed(fd)) {
		(void)close(fd);
		return;
	}
	io = fd_stream(fd, fd, &err);
	if (io == NULL)
		(void)close(fd);
	else if (server_add(s, io, &err) == 0)
		return;
	server_log(LOG_LEVEL_ERROR, "client refused: %s", err.message);
	error_release(&err);
}

static void
take_done(struct server *s)
{
	struct job *job;

	while ((job = workers_done(s->workers)) != NULL) {
		struct client *c = client_of_job(job);

		client_job_done(c, job);
		/* What had to wait for this may go on. */
		client_readable(c);
	}
}

static void
drop_done(struct server *s)
{
	struct client **p = &s->clients, *c;

	while ((c = *p) != NULL) {
		if (!client_is_done(c)) {
			p = &c->next;
			continue;
		}
		*p = c->next;
		s->n_clients--;
		s->no_room = false;
		client_free(c);
	}
}

/* The shorter wait of two, -1 standing for for ever. */
static void
wait_at_most(int *wait_ms, int ms)
{
	if (ms >= 0 && (*wait_ms < 0 || ms < *wait_ms))
		*wait_ms = ms;
}

/* Entries for everything; at most 2 + 3 a client and 2 a stream. */
static size_t
fill_poll(struct server *s, int *wait_ms)
{
	size_t need = 2, n = 0;

	for (struct client *c = s->clients; c != NULL; c = c->next)
		need += 3 + 2 * c->n_streams;
	if (need > s->poll_size) {
		struct pollfd *p = reallocarray(s->poll, need, sizeof(*p));

		if (p == NULL)
			return 0;
		s->poll = p;
		s->poll_size = need;
	}
	*wait_ms = s->drained != 0 ? DRAIN_MS : -1;
	s->poll[n].fd = workers_fd(s->workers);
	s->poll[n++].events = POLLIN;
	s->poll[n].fd = s->n_clients < (size_t)s->options.clients_max &&
	    (!s->no_room || s->n_clients == 0) ? s->listen_fd : -1;
	s->poll[n++].events = POLLIN;
	for (struct client *c = s->clients; c != NULL; c = c->next) {
		c->polled = s->poll + n;
		wait_at_most(wait_ms, client_wait(c));
		if (server_streams_ask(c))
			wait_at_most(wait_ms, ASK_MS);
		s->poll[n].fd = client_wants_read(c) ?
		    c->io->ops->fd(c->io, POLLIN) : -1;
		s->poll[n++].events = POLLIN;
		s->poll[n].fd = c->out.len > 0 ?
		    c->io->ops->fd(c->io, POLLOUT) : -1;
		s->poll[n++].events = POLLOUT;
		s->poll[n].fd = c->conn != NULL &&
		    c->out.len < CLIENT_OUT_FULL ? conn_event_fd(c->conn) : -1;
		s->poll[n++].events = POLLIN;
		n += server_streams_poll(c, s->poll + n, need - n);
		c->n_polled = (size_t)(s->poll + n - c->polled);
	}
	return n;
}

/* A driver may be busy with a long call: not to be asked without need. */
static bool
has_events(const struct client *c)
{
	return c->conn != NULL && ((c->polled != NULL &&
	    c->polled[POLLED_EVENTS].fd >= 0 &&
	    c->polled[POLLED_EVENTS].revents != 0) || c->more_events);
}

static bool
is_ready(const struct client *c)
{
	for (size_t i = 0; c->polled != NULL && i < c->n_polled; i++) {
		if (c->polled[i].fd >= 0 && c->polled[i].revents != 0)
			return true;
	}
	return false;
}

static void
serve_ready(struct server *s)
{
	if (s->poll[0].revents != 0)
		take_done(s);
	for (struct client *c = s->clients; c != NULL; c = c->next) {
		client_tick(c);
		if (is_ready(c) || client_has_work(c) ||
		    server_streams_ask(c)) {
			client_readable(c);
			if (has_events(c))
				client_events(c);
			server_streams_pump(c);
		}
		if (c->out.len > 0)
			client_flush(c);
		c->polled = NULL;
	}
	if (s->poll[1].fd >= 0 && s->poll[1].revents != 0)
		accept_client(s);
}

/* Read no more, and end with those that have their answers. */
static void
drain(struct server *s)
{
	if (s->drained == 0)
		s->drained = clock_ms() + DRAIN_MS;
	if (s->listen_fd >= 0)
		(void)close(s->listen_fd);
	s->listen_fd = -1;
	for (struct client *c = s->clients; c != NULL; c = c->next) {
		c->at_end = true;
		if (clock_ms() >= s->drained)
			c->dead = true;
	}
	drop_done(s);
}

/* poll, with the signals let in. 0 or -1. */
static int
wait_ready(struct server *s, const sigset_t *waiting)
{
	struct timespec limit;
	int wait_ms, rc;
	size_t n;

	n = fill_poll(s, &wait_ms);
	if (n == 0)
		return -1;
	limit.tv_sec = wait_ms / 1000;
	limit.tv_nsec = wait_ms % 1000 * 1000000L;
	rc = ppoll(s->poll, (nfds_t)n, wait_ms < 0 ? NULL : &limit, waiting);
	if (rc >= 0)
		return 0;
	if (errno != EINTR)
		return -1;
	for (size_t i = 0; i < n; i++)
		s->poll[i].revents = 0;
	return 0;
}

size_t
server_run(struct server *s, const volatile sig_atomic_t *stop,
    const sigset_t *waiting)
{
	size_t busy = 0;

	while (*stop < 2 && (s->clients != NULL || s->listen_fd >= 0)) {
		if (*stop != 0) {
			drain(s);
			if (s->clients == NULL)
				break;
		}
		if (wait_ready(s, waiting) != 0)
			break;
		serve_ready(s);
		drop_done(s);
	}
	for (const struct client *c = s->clients; c != NULL; c = c->next)
		busy += c->busy;
	return busy;
}

void
server_free(struct server *s)
{
	if (s == NULL)
		return;
	/* First no call may be under way. */
	workers_free(s->workers);
	while (s->clients != NULL) {
		struct client *c = s->clients;

		s->clients = c->next;
		client_free(c);
	}
	if (s->listen_fd >= 0)
		(void)close(s->listen_fd);
	free(s->poll);
	free(s);
}
