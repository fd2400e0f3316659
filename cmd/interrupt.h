/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Ctrl-C while a command waits: it ends the wait and neither the program nor
 * the connection. Meanwhile it comes by a descriptor.
 */
#ifndef CMD_INTERRUPT_H
#define CMD_INTERRUPT_H

#include <signal.h>
#include <stdbool.h>

struct interrupt {
	int fd;			/* readable when Ctrl-C was pressed */
	sigset_t before;
};

/* 0, or -1 with errno set. */
int	interrupt_hold(struct interrupt *interrupt);
bool	interrupt_came(const struct interrupt *interrupt);	/* and forget */
void	interrupt_let_go(struct interrupt *interrupt);

#endif
