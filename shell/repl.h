/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The prompt: commands typed by a person, or lines of a script on stdin. */
#ifndef SHELL_REPL_H
#define SHELL_REPL_H

struct session;

/* Until exit or the end of input. Always 0, as virsh. */
int	repl_run(struct session *session);

#endif
