/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Waiting for a descriptor with a deadline, given up when the user says so. */
#ifndef TUNNEL_SSH_WAIT_H
#define TUNNEL_SSH_WAIT_H

#include <signal.h>
#include <stdint.h>

#include "../lib/error.h"

struct ssh_wait {
	const volatile sig_atomic_t *cancel;	/* or NULL */
	int seconds;		/* for each phase */
	int64_t deadline;	/* of this phase, by clock_ms */
};

/* A phase begins: the network has all its seconds again. */
void	ssh_wait_start(struct ssh_wait *w);
/*
 * Until poll's events come on the descriptor. 0, or -1: too late or given up;
 * what was awaited ("the host's greeting") stands in the error.
 */
int	ssh_wait_for(const struct ssh_wait *w, int fd, short events,
	    const char *what, struct error *err);

#endif
