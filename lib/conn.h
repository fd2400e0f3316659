/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A connection: opened by URI, answers batches of calls. Used by one thread at
 * a time; several connections by several threads.
 */
#ifndef LIB_CONN_H
#define LIB_CONN_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "driver.h"

struct conn;

struct conn_options {
	bool readonly;
	bool eager;		/* wait until the other end has opened; else a
				 * refusal may come with the first batch */
	bool batch;		/* ask no questions: no password, no host key */
	bool attended;		/* conn_idle is called while nothing is asked,
				 * so that the other end may probe us; else
				 * there is no keepalive unless it is set */
	int keepalive_interval;	/* seconds, 0: no keepalive, -1: default */
	int keepalive_count;	/* unanswered before it is dead, -1: default */
	int timeout;		/* seconds for each batch and the opening, 0: none */
	int ssh_persist;	/* keep an ssh connection for others so many
				 * seconds after its last use, 0: do not */
	/* When set and not 0: give up waiting. A signal handler may set it. */
	const volatile sig_atomic_t *cancel;
	/* Told what was tried while connecting and is no error; NULL: nobody. */
	void (*told)(void *told_arg, const char *text);
	void *told_arg;
};

#define CONN_OPTIONS_INIT \
	{ false, false, false, false, -1, -1, 0, 0, NULL, NULL, NULL }

/*
 * Open by URI with one of the drivers, a table that ends with NULL. A local
 * driver is taken by its name when the URI has neither transport nor host;
 * else the one without a name. NULL on failure. The options are copied.
 */
struct conn	*conn_open(const char *uri, const struct conn_options *options,
		    const struct driver *const *drivers, struct error *err);
void	conn_close(struct conn *conn);

/* The URI that it was opened with, borrowed. */
const char	*conn_uri(const struct conn *conn);
bool	conn_is_local(const struct conn *conn);
bool	conn_is_readonly(const struct conn *conn);
/* Does another process answer? */
bool	conn_is_remote(const struct conn *conn);
/* Is the other end still there? Always so for a local driver. */
bool	conn_is_alive(const struct conn *conn);
/* Did the other end refuse to open? Then every call failed with its reason. */
bool	conn_was_refused(const struct conn *conn);
/* Why it is not alive, borrowed; NULL while it is. */
const struct error *conn_why(const struct conn *conn);

/* May the call block, here? */
bool	conn_is_slow(const struct conn *conn, const struct call_type *type);
/*
 * Answer n calls; each gets its own rc and err. A remote driver sends them in
 * one go. Returns the number of calls that failed.
 */
size_t	conn_submit(struct conn *conn, struct call *calls, size_t n);
/*
 * Do what is due while nothing is asked, without waiting: keepalive both ways,
 * and noticing that the other end is gone (then it is not alive). To be called
 * when conn_event_fd is readable, and after conn_wait milliseconds (-1: never)
 * though it is not. conn_event_next and the streams do the same.
 */
void	conn_idle(struct conn *conn);
int	conn_wait(struct conn *conn);
/*
 * From now on give up waiting for a batch after so many milliseconds, without
 * giving up the connection; 0: wait as the options say. Local: no effect.
 */
void	conn_set_patience(struct conn *conn, int ms);
/* One call. 0, or -1 with err set. */
int	conn_call(struct conn *conn, int number, const void *args, void *ret,
	    struct error *err);

/*
 * Events for which the connection registered callbacks by calls
 * (CONNECT_DOMAIN_EVENT_CALLBACK_REGISTER_ANY). The callback's id is the first
 * member of the event's message.
 */
int	conn_event_fd(struct conn *conn);	/* to poll for reading, or -1 */
/* 1: *out has one (event_release it); 0: none now; -1: the connection is lost */
int	conn_event_next(struct conn *conn, struct event *out,
	    struct error *err);

#endif
