/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Waiting for something else than the connection: a key, an editor that ends,
 * whoever reads the output.
 * Meanwhile the other end's probes are answered and it is probed itself, so
 * that neither takes the other for dead.
 */
#ifndef CMD_IDLE_H
#define CMD_IDLE_H

#include "session.h"

/* Until fd is readable: 0; -1 with errno: EINTR, a signal came. */
int	idle_until(struct session *session, int fd);
/* The same until it can be written to. */
int	idle_until_writable(struct session *session, int fd);

#endif
