/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A program with pipes to its stdin, stdout and stderr, as a stream. It is
 * started by argument vector, never through a shell, and ignores SIGINT and
 * SIGQUIT: Ctrl-C belongs to the shell.
 */
#ifndef TUNNEL_SPAWN_H
#define TUNNEL_SPAWN_H

#include "../lib/stream.h"

/*
 * Start argv[0] (looked up in the PATH). The stream's finish and abort end it
 * with SIGTERM and reap it; its last line on stderr becomes part of errors.
 */
struct stream	*spawn_stream(const char *const *argv, struct error *err);
/* Close the descriptor when the program has written something, or has ended. */
void	spawn_hold(struct stream *stream, int fd);

#endif
