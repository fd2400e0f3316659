/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Questions to the user, on the terminal (/dev/tty) and never on stdin, which
 * may be a script.
 */
#ifndef TUNNEL_ASK_H
#define TUNNEL_ASK_H

#include <signal.h>
#include <stdbool.h>

#include "../lib/buf.h"
#include "../lib/error.h"

#define ASK_ANSWER_MAX 4096u

/* Is there a terminal, and do we have it? */
bool	ask_possible(void);
/*
 * Print the prompt, read a line; without echo what was typed is not shown.
 * Control characters of the prompt are made visible, line ends kept. The
 * answer replaces what is in *answer; the caller wipes it (ask_wipe). -1: no
 * terminal, or ended by Ctrl-C, Ctrl-D, a signal or cancel; the terminal is as
 * it was before in every case.
 */
int	ask(const char *prompt, bool echo, const volatile sig_atomic_t *cancel,
	    struct buf *answer, struct error *err);
/* Overwrite and release. */
void	ask_wipe(struct buf *answer);

#endif
