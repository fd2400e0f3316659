/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Between the files of the embedded ssh (ssh2*.c), which alone know libssh2:
 * its session, the bytes below it, and what a login needs.
 */
#ifndef TUNNEL_SSH2_SESSION_H
#define TUNNEL_SSH2_SESSION_H

#include <libssh2.h>
#include <stdbool.h>

#include "../lib/buf.h"
#include "../lib/stream.h"
#include "ssh_hosts.h"

struct ssh2 {
	struct stream stream;
	struct stream *io;	/* below */
	LIBSSH2_SESSION *session;
	LIBSSH2_CHANNEL *channel;
	int fd;			/* that the library knows io by */
	int epfd;		/* readable: there is something to do */
	int ready_fd;		/* always readable */
	bool ready_on, out_on;	/* watched by epfd? */
	bool dead;		/* nothing goes through io any more */
	struct buf out;		/* encrypted, for io */
	size_t accepted;	/* of the caller's bytes, not yet reported */
	struct buf said;	/* on its stderr, the end of it */
	struct buf seen;
	struct error why;	/* of io's end */
	struct ssh_wait wait;
	struct login *login;	/* while it is one */
};

/* What is needed until the channel stands. */
struct login {
	struct ssh2 *s;
	const struct uri *uri;
	const struct ssh_config *config;
	bool may_ask, rsa;	/* can the library use RSA keys? */
	struct buf notes;	/* what was tried */
	size_t usual;		/* of the notes: no more than that tells nothing */
	char *offered;		/* methods that the host accepts */
	bool partial;		/* one was accepted, the host wants others */
	struct error asked;	/* a question failed within a callback */
};

/* --- ssh2_session.c ------------------------------------------------------- */

/* The session over s->io. 0 or -1. */
int	ssh2_start(struct ssh2 *s, struct error *err);
/* Give io what waits for it. */
void	ssh2_flush(struct ssh2 *s);
/* Let epfd be readable when a read can do something. */
void	ssh2_update(struct ssh2 *s);
/* The reason of the last failure: of the bytes below, else the library's. */
const char	*ssh2_reason(struct ssh2 *s);
/* Does the library know keys of that type? */
bool	ssh2_knows(struct ssh2 *s, const char *type);
/* Until there is something to do; what is awaited stands in the error. */
int	ssh2_await(struct ssh2 *s, const char *what, struct error *err);

/* Ask the library until it has an answer; EAGAIN left over: err is set. */
#define UNTIL_DONE(rc, call, s, what, err)                                    \
	do {                                                                  \
		(rc) = (call);                                                \
	} while ((rc) == LIBSSH2_ERROR_EAGAIN && ssh2_await(s, what, err) == 0)

/* --- ssh2_handshake.c ----------------------------------------------------- */

int	ssh2_handshake(struct login *l, const struct ssh_hosts *hosts,
	    struct error *err);

/* --- ssh2_auth.c ---------------------------------------------------------- */

/* Until the host lets us in. 0 or -1, the error has all that was tried. */
int	ssh2_authenticate(struct login *l, struct error *err);
/* Add to what was tried. */
void	ssh2_note(struct login *l, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));
/*
 * What an answer of the library means, as a method's; who is the attempt. With
 * l->partial set there is nothing more to be tried by this method.
 */
int	ssh2_judge(struct login *l, int rc, const char *who,
	    struct error *err);
/* Ask; the time that the user takes is not the network's. */
int	ssh2_question(struct login *l, const char *prompt, bool echo,
	    struct buf *answer, struct error *err);

/* --- ssh2_auth_key.c ------------------------------------------------------ */

/* Each method: 1: the host let us in, 0: it did not, -1: it is over. */
int	ssh2_by_agent(struct login *l, struct error *err);
int	ssh2_by_key_files(struct login *l, struct error *err);

#endif
