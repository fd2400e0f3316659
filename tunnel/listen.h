/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The daemon's socket, in a directory that only its owner can enter. */
#ifndef TUNNEL_LISTEN_H
#define TUNNEL_LISTEN_H

#include "../lib/error.h"

/*
 * Make the directory (mode 0700, our own) and the socket in it; one that a
 * dead daemon left is replaced, one that answers is an error. A socket that
 * systemd passed is taken instead. The descriptor, or -1.
 */
int	listen_open(const char *path, struct error *err);
/* Remove it, unless it was systemd's. */
void	listen_close(const char *path);

#endif
