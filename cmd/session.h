/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What lasts from one command to the next: the connection, and what the
 * program's options and environment set. Made by the shell.
 */
#ifndef CMD_SESSION_H
#define CMD_SESSION_H

#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

#include "../lib/conn.h"

enum session_level {		/* of -d and the log */
	SESSION_DEBUG,
	SESSION_INFO,
	SESSION_NOTICE,
	SESSION_WARNING,
	SESSION_ERROR,
	SESSION_DEBUG_DEFAULT = SESSION_ERROR,
};

struct session {
	struct conn *conn;	/* NULL: not connected yet */
	char *uri;		/* of -c or connect; NULL: the default */
	bool readonly;
	bool disconnected;	/* the connection broke; the next command
				 * connects again */
	int keepalive_interval, keepalive_count;	/* -1: default */
	int timeout;		/* seconds for a command, 0: none */
	int ssh_persist;	/* of the last connection, see conn.h */
	int debug;		/* enum session_level */
	bool quiet, timing, json;
	bool completing;	/* ask no questions, do not wait for long */
	bool interactive;	/* commands are typed at a prompt */
	bool quit;		/* exit or quit was run */
	const char *escape;	/* of a console, "^]" */
	FILE *log;		/* NULL: none */
	const volatile sig_atomic_t *interrupted;	/* Ctrl-C was pressed */
	/* The drivers that this program links (conn_open). */
	const struct driver *const *drivers;
};

/*
 * Connect, as `connect` does: name NULL means the session's own URI. With
 * force nothing is said about a connection that was there before. -1 after
 * saying "failed to connect to the hypervisor"; *err has the reason.
 */
int	session_connect(struct session *session, const char *name,
	    bool readonly, bool force, struct error *err);
/* Connect unless there is a connection that works. 0 or -1 as above. */
int	session_need_connection(struct session *session, struct error *err);
void	session_release(struct session *session);

/* "error: ..." on stderr and in the log (stdout is flushed first). */
void	session_error(struct session *session, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));
/* The same for a reason, with its code where JSON is printed. */
void	session_fail(struct session *session, const struct error *err);
/* For -d, on stdout, and for the log; level 0 (debug) to 4. */
void	session_debug(struct session *session, enum session_level level,
	    const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void	session_vdebug(struct session *session, enum session_level level,
	    const char *fmt, va_list ap) __attribute__((format(printf, 3, 0)));
void	session_log(struct session *session, enum session_level level,
	    const char *fmt, va_list ap) __attribute__((format(printf, 3, 0)));

/*
 * Parse what was typed: commands separated by ; or line feeds, or the words of
 * an argument vector. All are parsed before the first is run; -1 after saying
 * what is wrong. *out (args_free) may be NULL: nothing to run.
 */
struct line;
int	session_parse_text(struct session *session, const char *text,
	    struct line **out);
int	session_parse_argv(struct session *session, int argc,
	    char *const *argv, struct line **out);
/*
 * Run them and free them. Returns 0 when the last one succeeded (virsh's
 * rule), else -1.
 */
int	session_run(struct session *session, struct line *line);
void	session_discard(struct line *line);	/* free what was not run */

#endif
