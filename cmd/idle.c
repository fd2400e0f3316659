/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The connection while nothing is asked. */
#include "idle.h"

#include <poll.h>

/* What of the connection is to be waited for, -1: nothing (any more). */
static int
watched_fd(struct session *session, int *wait_ms)
{
	struct conn *conn = session->conn;

	*wait_ms = -1;
	if (conn == NULL || !conn_is_remote(conn) || !conn_is_alive(conn))
		return -1;
	conn_idle(conn);
	if (!conn_is_alive(conn))
		return -1;
	*wait_ms = conn_wait(conn);
	return conn_event_fd(conn);
}

static int
idle_until_ready(struct session *session, int fd, short events)
{
	struct pollfd p[2] = { { .fd = fd, .events = events } };
	int wait_ms;

	do {
		p[1].fd = watched_fd(session, &wait_ms);
		p[1].events = POLLIN;
		if (poll(p, 2, wait_ms) < 0)
			return -1;
	} while (p[0].revents == 0);
	return 0;
}

int
idle_until(struct session *session, int fd)
{
	return idle_until_ready(session, fd, POLLIN);
}

int
idle_until_writable(struct session *session, int fd)
{
	return idle_until_ready(session, fd, POLLOUT);
}
