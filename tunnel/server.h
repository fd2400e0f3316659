/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The helper's side of the tunnel: clients whose messages are decoded, checked
 * against the call table and answered by a local connection. It knows no
 * single call but those about the connection itself.
 */
#ifndef TUNNEL_SERVER_H
#define TUNNEL_SERVER_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

#include "../lib/conn.h"
#include "../lib/stream.h"

struct server;
struct client;

struct server_options {
	const struct driver *const *drivers;	/* that a client may open */
	const char *uri;	/* the only one it may open; NULL: any of
				 * the drivers */
	bool readonly;		/* whatever the client asks for */
	int clients_max;	/* of a daemon */
	int keepalive_interval, keepalive_count;	/* 0: off */
};

/* One message to the log (never into a stream). */
enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO,
	LOG_LEVEL_DEBUG };
void	server_log(enum log_level level, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));	/* log.c */

struct server	*server_new(const struct server_options *options,
		    struct error *err);
/* Serve a client on io (handed over, also on failure). 0 or -1. */
int	server_add(struct server *server, struct stream *io,
	    struct error *err);
/* Accept clients of a listening socket, of which the peer must be root or
 * the server's own user. */
void	server_listen(struct server *server, int fd);
/*
 * Serve until there is no client and no listening socket left, or until stop
 * is not 0: then no more is read, what was read is answered, and who does not
 * take the answers is dropped after a while. When stop is more than 1 nothing
 * is waited for. The signals whose handler adds to stop are to be blocked;
 * waiting is the mask of while it waits. Returns how many slow calls are under
 * way: when there are any, server_free would wait for them.
 */
size_t	server_run(struct server *server,
	    const volatile sig_atomic_t *stop, const sigset_t *waiting);
void	server_free(struct server *server);

#endif
